import { type Static, type TObject, type TSchema, Type } from 'typebox';
import type { Code } from './mistakes/mistakes.ts';

/**
 * A row of a table: one thing that users can name in a pipeline file (a layer, an optimizer, an initializer, ...).
 * It carries its own schema, doc and short text; schema, docs, completion and did-you-mean follow from it.
 */
export interface Row<O extends TObject = TObject> {
  /** One or two sentences for the editor's hover and `pipeline list`. */
  readonly doc: string;
  /** YAML of one use in full form. */
  readonly example: string;
  /** Every option, with description and default. An option without default is required. */
  readonly options: O;
  /** Other names that users expect, each with the options it stands for: `tanh` -> activation: tanh. */
  readonly aliases?: Readonly<Record<string, Partial<Static<O>>>>;
  /** The compact form: what each word after the name says. Left out: the name alone, where no option is required. */
  readonly text?: CompactText;
}

/** A table of rows: the key is the name users write. */
export type Table = Readonly<Record<string, Row>>;

/** Reads the compact form (`conv 3x3x32 same`, `normal(0.01)`) one word at a time. */
export interface CompactText {
  /** For messages: `conv HxWxFILTERS[/STRIDE] [same|valid] [nobias]`. */
  readonly usage: string;
  /**
   * The options that a word stands for, or undefined when it means nothing here.
   * @param word one word, or one argument of the call form @param position counted from 0
   */
  readonly word: (word: string, position: number) => Readonly<Record<string, unknown>> | undefined;
}

/** Why something does not fit, as data: the caller knows the position. */
export interface Misfit {
  readonly problem: string;
  readonly hint?: string;
  /** What of the section is wrong; left out: all that was asked about. */
  readonly path?: readonly (string | number)[];
}

/** Tells a misfit from a result. */
export function isMisfit(value: unknown): value is Misfit {
  return typeof value === 'object' && value !== null && 'problem' in value;
}

/**
 * The keyword that marks, in our schemas, a place where one row of a table is chosen. The value is the table's name.
 */
export const CHOICE = 'x-choice';

/** The keyword that tells, of the constraint of a weight, how many axes the weight has. */
export const RANK = 'x-rank';

/** Keyword with which a schema says in words what it expects: `a name of ...`. */
export const EXPECTED = 'x-expected';

/**
 * Schema of a place where exactly one row is chosen, in full form: `{ adam: { learningRate: 0.001 } }`.
 * Compact texts (`adam`) are expanded to it before the check.
 *
 * @param tableName what messages call a member, such as `optimizer`
 * @param beside keys allowed beside the row's name, such as a layer's `name`
 */
export function choice(
  tableName: string,
  table: Table,
  about: { description: string; default?: unknown; examples?: readonly unknown[] },
  beside: Record<string, TSchema> = {},
): TObject {
  return Type.Object({ ...beside, ...schemasOf(table) }, { ...closed, ...about, [CHOICE]: tableName });
}

const rowSchemas = new WeakMap<Table, Record<string, TSchema>>();

/** The schema of each row, made once: hundreds of options choose an initializer. */
function schemasOf(table: Table): Record<string, TSchema> {
  const known = rowSchemas.get(table);
  if (known !== undefined) return known;
  const made = Object.fromEntries(
    Object.entries(table).map(([name, row]) => [
      name,
      Type.Optional(
        Type.Object(row.options.properties, { ...closed, description: `${row.doc}\n\nExample: ${row.example}` }),
      ),
    ]),
  );
  rowSchemas.set(table, made);
  return made;
}

/** Whether a compact text names a row of the table, or one of its aliases: `normal(0.01)`, `xavier`. */
export function isNamedIn(table: Table, text: string): boolean {
  const name = text.replace(/\(.*$/, '');
  return Object.entries(table).some(([key, row]) => key === name || Object.hasOwn(row.aliases ?? {}, name));
}

/**
 * Takes a choice in full form apart: `{ adam: { learningRate: 0.001 } }`. The keys beside the row's name are not part
 * of it.
 */
export function chosenFrom(table: Table, value: Readonly<Record<string, unknown>>): Chosen {
  const type = Object.keys(value).find((key) => Object.hasOwn(table, key));
  if (type === undefined) throw new Error(`no row is chosen in ${JSON.stringify(value)}`);
  return { type, options: value[type] as Readonly<Record<string, unknown>> };
}

/** What a choice is once expanded and completed: its name and every option. */
export interface Chosen<Name extends string = string> {
  readonly type: Name;
  readonly options: Readonly<Record<string, unknown>>;
}

const closed = { additionalProperties: false } as const;

/**
 * The code of a name that no row of a table has.
 *
 * @param tableName as `choice` has it; each has its code in the catalogue
 */
export function unknownIn(tableName: string): Code {
  return `unknown-${tableName.replaceAll(' ', '-')}` as Code;
}
