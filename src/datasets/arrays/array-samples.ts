import { type UserError, failure } from '../../base/diagnostics.ts';
import { largestReal } from '../../base/numbers.ts';
import { showCount } from '../../base/quantities.ts';
import { shorten } from '../../base/shorten.ts';
import { sizeOf } from '../../base/tensor-shape.ts';
import type { ArrayFile } from './array-files.ts';
import { type At, type FoundArrays, type PartsOf, arraysOf, isBytes } from './array-parts.ts';
import type { ClassTarget, DatasetSpec, TargetValues, Values } from '../dataset.ts';
import { atOption } from '../wrong-option.ts';
import type { Numbers } from '../given-values.ts';
import { isTexts } from './npy.ts';

/** Labels of as many classes fit a byte. */
const mostClasses = 256;

/** As long as a name of a class may be. */
const longestName = 100;

/**
 * The classes that arrays of labels hold: whole numbers by their size, texts by their code points.
 *
 * @throws UserError where they are no list of classes
 */
export function classesIn(file: ArrayFile, { name, ...parts }: PartsOf & { readonly name: string }): readonly string[] {
  const numbers = new Set<number>();
  const texts = new Set<string>();
  for (const array of arraysOf(parts)) {
    for (const { values } of file.parts(array))
      if (isTexts(values)) for (const text of values) texts.add(text);
      else for (const value of values) if (numbers.size <= mostClasses) numbers.add(value);
    // Of larger ones the last digits are lost, so that two labels may look alike.
    const broken = [...numbers].find((value) => !Number.isSafeInteger(value));
    const long = [...texts].find((text) => text.length > longestName || text === '');
    const count = numbers.size + texts.size;
    if (broken === undefined && long === undefined && count <= mostClasses) continue;
    throw noList(
      broken === undefined && long === undefined
        ? `${file.called(array)} has more than ${mostClasses} values`
        : `${file.called(array)} holds ${broken ?? (long === '' ? 'an empty text' : 'a long text')}`,
      texts.size > 0 ? 'Labels are short texts, of few classes.' : `Predict it as such: \`${name}: number\`.`,
    );
  }
  if (numbers.size + texts.size < 2)
    throw noList(`\`${name}\` has one value alone`, 'There is nothing to tell apart: look at how it was made.');
  return [...[...numbers].sort((a, b) => a - b).map(String), ...[...texts].sort((a, b) => (a < b ? -1 : 1))];
}

const noList = (what: string, hint: string): UserError =>
  failure('no-list-in-array', `${what}, so it is no list of classes`, hint);

/** Gives the place of a label among the classes; undefined where it has none. */
export function finderOf(classes: readonly string[]): (label: string | number) => number | undefined {
  const places = new Map(classes.map((name, place) => [name, place]));
  // Names that are numbers are the labels themselves, so that 1 to 5 need no class 0.
  const areNumbers = classes.every((name) => name.trim() !== '' && Number.isFinite(Number(name)));
  // An array of float32 has the nearest number of it.
  const numbers = new Map(
    classes.flatMap((name, place) => [Number(name), Math.fround(Number(name))].map((number) => [number, place])),
  );
  return (label) => {
    if (typeof label === 'string') return places.get(label);
    if (areNumbers) return numbers.get(label);
    return Number.isInteger(label) && label >= 0 && label < classes.length ? label : undefined;
  };
}

/**
 * Labels as indices of classes.
 *
 * @param called what messages call the array @param before samples that come before these
 * @throws UserError where one is no class
 */
export function labelsOf(
  called: string,
  values: Numbers | readonly string[],
  { classes, shape }: ClassTarget,
  before = 0,
): Uint8Array {
  const find = finderOf(classes);
  const labels = new Uint8Array(values.length);
  const size = sizeOf(shape);
  for (let i = 0; i < labels.length; i++) {
    const label = find(values[i]!);
    if (label === undefined) {
      const [said, names] = [shorten(String(values[i])), shorten(classes.join(', '), 200)];
      let more = 0;
      for (let j = i + 1; j < values.length; j++) if (find(values[j]!) === undefined) more++;
      throw failure(
        'label-without-class',
        `${called}, sample ${before + Math.floor(i / size) + 1}: the label ${said} is none of the ` +
          `${classes.length} classes${more === 0 ? '' : `, and ${showCount(more)} more labels are none`}`,
        `Name every class: ${names} are known. Numbers count from 0 on, unless all names are numbers.`,
      );
    }
    labels[i] = label;
  }
  return labels;
}

/** Numbers to predict. @param before see labelsOf @throws UserError where one is none */
export function numbersOf(called: string, values: Numbers, size: number, before = 0): Float64Array {
  proveFinite(called, values, size, before);
  return values instanceof Float64Array ? values : Float64Array.from(values);
}

/**
 * Values to learn from.
 *
 * @param before see labelsOf
 * @throws UserError where one is no number, or beyond what 32 bits hold
 */
export function inputOf(
  called: string,
  values: Numbers,
  { size, bytes, before = 0 }: { readonly size: number; readonly bytes: boolean; readonly before?: number },
): Values {
  if (bytes && values instanceof Uint8Array) return values;
  proveFinite(called, values, size, before);
  return values instanceof Float32Array ? values : Float32Array.from(values);
}

/**
 * Proves that values are numbers that 32 bits hold.
 *
 * @param called what messages call the array @param size values of a sample @param before see labelsOf
 * @throws UserError where one is none
 */
export function proveFinite(called: string, values: Numbers, size: number, before = 0): void {
  const wrong = (values as Float64Array).findIndex((value) => !(Math.abs(value) <= largestReal));
  if (wrong < 0) return;
  const value = values[wrong]!;
  throw failure(
    'unusable-number',
    `${called}, sample ${before + Math.floor(wrong / size) + 1}: one of its values is ${value}`,
    Number.isNaN(value)
      ? 'Fill it, as with `numpy.nan_to_num(a, nan=0)`, or leave the sample out.'
      : 'Weights are float32: divide by what is usual, or leave the sample out.',
  );
}

/** Values of all samples of a part, for each input and target. */
export interface PartValues {
  readonly inputs: readonly Values[];
  readonly targets: readonly TargetValues[];
}

/** The labels of one array. @throws WrongOption where one is no class */
export function readLabels(file: ArrayFile, array: string, target: ClassTarget, at: At): Uint8Array {
  return atOption(at('targets', target.name), () => labelsOf(file.called(array), file.values(array), target));
}

/**
 * The values of the arrays of a part.
 *
 * @throws WrongOption where one cannot be used
 */
export function* readPart(
  file: ArrayFile,
  { inputs, targets }: DatasetSpec,
  { found, part, at }: { readonly found: FoundArrays; readonly part: keyof PartsOf; readonly at: At },
): Generator<void, PartValues> {
  const x: Values[] = [];
  const y: TargetValues[] = [];
  for (const [k, one] of found.inputs.entries()) {
    yield;
    const array = one[part]!;
    const bytes = isBytes(file.head(array));
    x.push(
      atOption(at('inputs', k), () =>
        inputOf(file.called(array), numbersIn(file, array), { size: sizeOf(inputs[k]!.shape), bytes }),
      ),
    );
  }
  for (const [k, target] of targets.entries()) {
    yield;
    const array = found.targets[k]![part]!;
    y.push(
      target.kind === 'class'
        ? readLabels(file, array, target, at)
        : atOption(at('targets', target.name), () =>
            numbersOf(file.called(array), numbersIn(file, array), sizeOf(target.shape)),
          ),
    );
  }
  return { inputs: x, targets: y };
}

/** @throws UserError where an array holds texts */
export function numbersIn(file: ArrayFile, array: string): Numbers {
  return asNumbers(file.called(array), file.values(array));
}

/** @throws UserError where they are texts */
export function asNumbers(called: string, values: Numbers | readonly string[]): Numbers {
  if (isTexts(values)) throw failure('unusable-array', `${called} holds texts`, 'Save it as numbers.');
  return values;
}

/** Values of some rows, one after the other. */
export function rowsOf<V extends Values | TargetValues>(values: V, size: number, rows: Uint32Array): V {
  const some = values.slice(0, rows.length * size);
  rows.forEach((row, k) => some.set(values.subarray(row * size, (row + 1) * size), k * size));
  // Its kind is that of the values.
  return some as V;
}

/** The values of two parts, one after the other. */
export function joinedValues<V extends Values | TargetValues>(one: V, other: V): V {
  const all = new (one.constructor as new (length: number) => V)(one.length + other.length);
  all.set(one);
  all.set(other, one.length);
  return all;
}
