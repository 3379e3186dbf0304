import { type Diagnostic, UserError, failure } from '../base/diagnostics.ts';
import { nearest } from '../base/did-you-mean.ts';
import { shorten } from '../base/shorten.ts';
import { formatShape, sizeOf } from '../base/tensor-shape.ts';
import { missingTexts } from './tables/csv-cells.ts';
import { type Several, isYes, labelsOfCell, labelsOfList, markWanted } from './several-labels.ts';
import type { AskedRow, InputSpec, TargetSpec, TargetValues, Values } from './dataset.ts';
import { isWholeText, numbersOfText } from './texts/whole-texts.ts';

/** Numbers of any kind, one after the other. */
export type Numbers =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** Numbers with their shape, as a .npy file has them. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly values: Numbers;
}

/** Whether something has names: what `{...}` is in JSON. */
export function isNamed(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

/** Whether something is numbers with their shape. */
export function isTensor(value: unknown): value is Tensor {
  return isNamed(value) && Array.isArray(value['shape']) && ArrayBuffer.isView(value['values']);
}

/** What something is, for messages. */
export function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (isTensor(value)) return `an array of ${formatShape(value.shape)}`;
  if (ArrayBuffer.isView(value)) return `an array of ${value.byteLength} bytes`;
  return (
    { string: 'a text', number: 'a number', boolean: 'true or false', object: 'an object' }[typeof value as string] ??
    'nothing'
  );
}

/**
 * What a row has of the names that it must have.
 *
 * @throws UserError when some lack
 */
export function proveNames(row: Readonly<Record<string, unknown>>, wanted: readonly string[], where: string): void {
  proveGiven(Object.keys(row), wanted, where);
}

/** As proveNames. @param given the names that a row, or all of a table, has */
export function proveGiven(given: readonly string[], wanted: readonly string[], where: string): void {
  const there = new Set(given);
  const missing = wanted.filter((name) => !there.has(name));
  if (missing.length === 0) return;
  const known = new Set(wanted);
  throw lacking(missing, given, { known, where });
}

function lacking(
  missing: readonly string[],
  given: readonly string[],
  { known, where }: { readonly known: ReadonlySet<string>; readonly where: string },
): UserError {
  const others = given.filter((name) => !known.has(name));
  const slips = missing.flatMap((name) => {
    const other = nearest(name, others);
    return other === undefined ? [] : [`Is \`${shorten(other)}\` the \`${shorten(name)}\`? `];
  });
  const named = missing
    .slice(0, 10)
    .map((name) => `\`${shorten(name)}\``)
    .join(', ');
  const more = missing.length > 10 ? ` and ${missing.length - 10} more` : '';
  const has =
    given.length === 0
      ? 'nothing'
      : given
          .slice(0, 30)
          .map((name) => shorten(name))
          .join(', ');
  return failure(
    'missing-input',
    `${where} has no ${named}${more}, which the model takes`,
    `${slips[0] ?? ''}It has ${has}.`,
  );
}

/** A value as a cell would have it; what it is, where none could. */
export function writtenOf(value: unknown): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? kindOf(value) : String(value as string | number | boolean).trim();
}

/** A row, or why it is none. */
export function asked(place: AskedRow['place'], read: () => Omit<AskedRow, 'place'>): AskedRow {
  try {
    return { place, ...read() };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { place, fault: error.diagnostics[0]! };
  }
}

/** What a row says is right, for each target of which it says something. */
export function labelsIn(
  row: Readonly<Record<string, unknown>>,
  targets: readonly TargetSpec[],
  where: string,
): Pick<AskedRow, 'actual' | 'fault'> {
  const given = targets.map((target) => saidOf(target, row));
  if (given.every((one) => one === undefined)) return {};
  let fault: Diagnostic | undefined;
  const actual = targets.map((target, k) => {
    try {
      return given[k] === undefined ? undefined : labelOf(target, given[k].said, where);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      fault ??= error.diagnostics[0]!;
      return undefined;
    }
  });
  return { actual, ...(fault && { fault }) };
}

/** The columns that say what a target is. */
export function columnsOf(target: TargetSpec): readonly string[] {
  return target.kind === 'class' && target.several?.columns === true ? target.several.labels : [target.name];
}

/** What a row says of a target; undefined where it has none of its columns, or not all. */
function saidOf(target: TargetSpec, row: Readonly<Record<string, unknown>>): { readonly said: unknown } | undefined {
  const columns = columnsOf(target);
  if (!columns.every((column) => Object.hasOwn(row, column))) return undefined;
  const [first, ...more] = columns.map((column) => row[column]);
  return { said: more.length === 0 ? first : [first, ...more] };
}

/** A 0 or 1 for each label that a row says something of. */
function labelMarks(
  name: string,
  { labels, separator, columns }: Several,
  given: unknown,
  where: string,
): Uint8Array | undefined {
  if (columns === true) {
    const marks = (given as readonly unknown[]).map((one, k) => {
      const cell = writtenOf(one);
      const mark = isYes(cell);
      if (mark === undefined && !missingTexts.has(cell))
        throw failure('no-labels', `${where}: ${shorten(labels[k]!)} is '${shorten(cell)}', not ${markWanted}`);
      return mark;
    });
    return marks.every((mark) => mark !== undefined) ? Uint8Array.from(marks) : undefined;
  }
  const cell = writtenOf(given);
  // Between separators nothing is no label; any other word for what is missing says nothing.
  if (
    !Array.isArray(given) &&
    missingTexts.has(cell) &&
    !labels.includes(cell) &&
    !(cell === '' && separator !== undefined)
  )
    return undefined;
  const found = Array.isArray(given) ? labelsOfList(given) : labelsOfCell(cell, separator);
  if (found === undefined)
    throw failure('no-labels', `${where}: ${shorten(name)} is '${shorten(cell)}', not a list of labels`);
  const strange = found.find((label) => !labels.includes(label));
  if (strange !== undefined) throw unknownLabel({ name, classes: labels }, strange, where);
  return Uint8Array.from(labels, (label) => Number(found.includes(label)));
}

/**
 * What a row, or its folder, says that a target is.
 *
 * @returns undefined where it says nothing, as an empty cell does; of targets with places a row's word does not count
 * @throws UserError where it is no class of the model's, or no number
 */
export function labelOf(target: TargetSpec, given: unknown, where: string): TargetValues | undefined {
  if (target.kind === 'class' && target.several !== undefined)
    return labelMarks(target.name, target.several, given, where);
  const said = writtenOf(given);
  if (isWholeText(target)) {
    if (missingTexts.has(said)) return undefined;
    if (typeof given === 'object')
      throw failure('wrong-shape', `${where}: ${shorten(target.name)} is ${kindOf(given)}, not a text`);
    return numbersOfText(target, said);
  }
  if (missingTexts.has(said) || sizeOf(target.shape) !== 1) return undefined;
  if (target.kind === 'class') {
    const label = target.classes.indexOf(said);
    if (label < 0) throw unknownLabel(target, said, where);
    return Uint8Array.of(label);
  }
  const value = Number(said);
  if (!Number.isFinite(value)) throw noNumber(target.name, said, where);
  return Float64Array.of(value);
}

/** That a label is none of the classes. @param more of how labels are written, with a blank before it */
export function unknownLabel(
  { name, classes }: Pick<Extract<TargetSpec, { kind: 'class' }>, 'name' | 'classes'>,
  said: string,
  where: string,
  more = '',
): UserError {
  // Another number is another class, however near.
  const guess = Number.isNaN(Number(said)) ? nearest(said, classes) : undefined;
  return failure(
    'unknown-label',
    `${where}: ${shorten(name)} is '${shorten(said)}', a label that training did not have`,
    `${guess === undefined ? '' : `Did you mean \`${guess}\`? `}The classes are ` +
      `${shorten(classes.join(', '), 300)}.${more}`,
  );
}

/** That a value is no number. */
export function noNumber(name: string, said: string, where: string, hint?: string): UserError {
  return failure('not-a-number', `${where}: ${shorten(name)} is '${shorten(said)}', not a number`, hint);
}

/** Whether values of a shape are those of another, of which a last axis of 1 may be left out. */
export function fits(found: readonly number[], shape: readonly number[]): boolean {
  const wanted = [shape, ...(shape.at(-1) === 1 ? [shape.slice(0, -1)] : [])];
  return wanted.some((one) => String(one) === String(found));
}

/**
 * The values of an input: lists within lists as JSON has them, an array of as many numbers, or numbers with their
 * shape. A last axis of 1 may be left out.
 *
 * @throws UserError when they are of another shape, or none that the input takes
 */
export function valuesOf(given: unknown, { shape, dtype, indices }: InputSpec, where: string): Values {
  const size = sizeOf(shape);
  const found = shapeIn(given, size);
  if (found !== size && !(typeof found === 'object' && fits(found, shape)))
    throw failure(
      'wrong-shape',
      `${where}: expected ${formatShape(shape)}, got ${typeof found === 'object' ? formatShape(found) : kindOf(given)}`,
      'Give it the shape of the rows that the model was trained on.',
    );
  const numbers = numbersIn(given);
  if (dtype === 'uint8' && indices === undefined && numbers instanceof Uint8Array) return numbers;
  const values = dtype === 'uint8' ? new Uint8Array(size) : new Float32Array(size);
  for (let i = 0; i < size; i++) {
    const value = numbers[i]!;
    const wrong =
      typeof value !== 'number' ||
      (dtype === 'uint8'
        ? !Number.isInteger(value) || value < 0 || value > 255
        : !Number.isFinite(Math.fround(value))) ||
      (indices !== undefined && value >= indices);
    if (wrong)
      throw failure(
        'wrong-value',
        `${where}: ${formatPlace(i, shape)} is ${shorten(writtenOf(value))}, ` +
          `and the model takes ${takenOf(dtype, indices)}`,
        dtype === 'uint8' && indices === undefined && typeof value === 'number' && value > 0 && value < 1
          ? 'Values of 0 to 1 are to be multiplied by 255: the model scales bytes itself.'
          : undefined,
      );
    values[i] = value;
  }
  return values;
}

function takenOf(dtype: InputSpec['dtype'], indices: number | undefined): string {
  if (indices !== undefined) return `whole numbers from 0 to ${indices - 1}`;
  return dtype === 'uint8' ? 'whole numbers from 0 to 255' : 'finite numbers';
}

function formatPlace(i: number, shape: readonly number[]): string {
  let rest = i;
  return shape
    .toReversed()
    .map((size) => {
      const at = rest % size;
      rest = Math.floor(rest / size);
      return `[${at}]`;
    })
    .toReversed()
    .join('');
}

/** The shape of what was given; as a number its size, where it shows none; undefined where it has none. */
function shapeIn(given: unknown, size: number): readonly number[] | number | undefined {
  if (isTensor(given)) return given.values.length === sizeOf(given.shape) ? given.shape : undefined;
  if (ArrayBuffer.isView(given))
    return 'length' in given && given.length === size ? size : [(given as Uint8Array).length];
  const shape: number[] = [];
  for (let level: unknown = given; Array.isArray(level); level = level[0]) shape.push(level.length);
  if (shape.length === 0) return undefined;
  const isEven = (list: readonly unknown[], depth: number): boolean =>
    list.length === shape[depth] &&
    (depth === shape.length - 1
      ? list.every((one) => !Array.isArray(one))
      : list.every((one) => Array.isArray(one) && isEven(one, depth + 1)));
  return isEven(given as readonly unknown[], 0) ? shape : undefined;
}

function numbersIn(given: unknown): ArrayLike<unknown> {
  if (isTensor(given)) return given.values;
  return Array.isArray(given) ? (given.flat(Infinity) as readonly unknown[]) : (given as ArrayLike<unknown>);
}
