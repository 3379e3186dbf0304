/**
 * What JSON from elsewhere has to look like, where it is read in quantities: typebox's interpreter takes 50 times as
 * long, and its compiler longer than most of what there is to read.
 *
 * @returns undefined where a value has the form, else the place of the first part that has not, such as
 *   `run.info.run_id`; '' for the value itself
 */
export interface Form<T> {
  (value: unknown): string | undefined;
  /** For the compiler alone. */
  readonly of?: T;
}

/** What a value of a form is. */
export type Formed<F> = F extends Form<infer T> ? T : never;

/** Whether a value has a form. */
export function hasForm<T>(form: Form<T>, value: unknown): value is T {
  return form(value) === undefined;
}

/** A text. @param pattern all of which it has to match */
export function text(pattern?: RegExp): Form<string> {
  return (value) => (typeof value === 'string' && pattern?.test(value) !== false ? undefined : '');
}

/** A number; JSON has no others than finite ones, but for those that are too large for one. */
export const number: Form<number> = (value) => (Number.isFinite(value) ? undefined : '');

/** A whole number that is exact. */
export const whole: Form<number> = (value) => (Number.isSafeInteger(value) ? undefined : '');

/** True or false. */
export const flag: Form<boolean> = (value) => (typeof value === 'boolean' ? undefined : '');

/** One of some texts. */
export function oneOf<const T extends string>(...texts: readonly T[]): Form<T> {
  return (value) => (texts.includes(value as T) ? undefined : '');
}

/** Of one form or another. */
export function either<A, B>(one: Form<A>, other: Form<B>): Form<A | B> {
  return (value) => (one(value) === undefined ? undefined : other(value));
}

/** May be left out. */
export function optional<T>(form: Form<T>): Form<T | undefined> {
  return (value) => (value === undefined ? undefined : form(value));
}

/** Any number: also those that JSON has not, such as NaN, where they were written in another way. */
export const anyNumber: Form<number> = (value) => (typeof value === 'number' ? undefined : '');

/** Null. */
export const nothing: Form<null> = (value) => (value === null ? undefined : '');

/** Anything. */
export const anything: Form<unknown> = () => undefined;

/** Numbers in an array of a kind, which are none of JSON's but may stand beside it. */
export function array<T extends object>(kind: new () => T): Form<T> {
  return (value) => (value instanceof kind ? undefined : '');
}

/** Of a form, and such that more is true of it. */
export function such<T>(form: Form<T>, holds: (value: T) => boolean): Form<T> {
  return (value) => form(value) ?? (holds(value as T) ? undefined : '');
}

/** An object of any names, whose values are of one form. */
export function record<T>(form: Form<T>): Form<Readonly<Record<string, T>>> {
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return '';
    for (const [key, inner] of Object.entries(value)) {
      const fault = form(inner);
      if (fault !== undefined) return below(key, fault);
    }
    return undefined;
  };
}

/** A list. */
export function list<T>(item: Form<T>): Form<readonly T[]> {
  return (value) => {
    if (!Array.isArray(value)) return '';
    for (let i = 0; i < value.length; i++) {
      const fault = item(value[i]);
      if (fault !== undefined) return below(String(i), fault);
    }
    return undefined;
  };
}

type Parts = Readonly<Record<string, Form<unknown>>>;
type Optional<P extends Parts> = { [K in keyof P]: undefined extends Formed<P[K]> ? K : never }[keyof P];
type Whole<P extends Parts> = { readonly [K in Exclude<keyof P, Optional<P>>]: Formed<P[K]> } & {
  readonly [K in Optional<P>]?: Exclude<Formed<P[K]>, undefined>;
};

/** An object, which may have other parts besides. */
export function object<P extends Parts>(parts: P): Form<Whole<P>> {
  const forms = Object.entries(parts);
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return '';
    for (const [key, form] of forms) {
      const fault = form((value as Record<string, unknown>)[key]);
      if (fault !== undefined) return below(key, fault);
    }
    return undefined;
  };
}

function below(key: string, place: string): string {
  return place === '' ? key : `${key}.${place}`;
}
