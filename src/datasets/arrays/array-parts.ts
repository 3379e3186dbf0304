import { failure } from '../../base/diagnostics.ts';
import { formatShape, sizeOf } from '../../base/tensor-shape.ts';
import type { ArrayFile } from './array-files.ts';
import type { DatasetSpec, InputSpec, TargetSpec } from '../dataset.ts';
import { type OptionPath, WrongOption, atOption } from '../wrong-option.ts';
import type { NpyHead } from './npy.ts';
import { saidBeforeFolds } from '../splits/folds.ts';
import { type Fold, type PartName, testSize } from '../splits/split.ts';

/** Classes that are listed; `fromData`: those of the array. */
type ArrayClasses = 'fromData' | readonly string[];

/** What is predicted of an array of labels: numbers, or one of some classes, which may have an order. */
export type ArrayTarget = 'number' | ArrayClasses | { readonly ordinal: ArrayClasses };

/** What a pipeline says of its arrays. */
export interface ArrayOptions {
  readonly inputs: readonly string[];
  readonly targets: Readonly<Record<string, ArrayTarget>>;
  readonly images: boolean;
  readonly test: number;
  readonly parts: Readonly<Record<PartName, string>>;
}

/** Leads to an option. */
export type At = (...path: OptionPath) => OptionPath;

/** The arrays that hold one thing: one for each part, or one that the parts are taken from. */
export type PartsOf = Readonly<Partial<Record<PartName | 'all', string>>>;

/** The arrays of all parts, one after the other. */
export const arraysOf = ({ all, train, validation, test }: PartsOf): readonly string[] =>
  [all, train, validation, test].filter((array) => array !== undefined);

/** The arrays of all inputs and targets, with what they hold together. */
export interface FoundArrays {
  readonly inputs: readonly (PartsOf & { readonly name: string })[];
  readonly targets: readonly (PartsOf & { readonly name: string })[];
  /** Samples of each part that has arrays of its own, or all of them. */
  readonly counts: Readonly<Partial<Record<PartName | 'all', number>>>;
}

const partNames = ['train', 'validation', 'test'] as const;

/** The arrays that a name stands for: those of the parts where there are any, otherwise the one that is called so. */
export function partsOf(name: string, names: readonly string[], parts: ArrayOptions['parts']): PartsOf {
  const found = partNames.flatMap((part) => {
    const array = arrayOf(name, parts[part]);
    return array !== name && names.includes(array) ? [[part, array] as const] : [];
  });
  return found.length === 0 ? { all: name } : Object.fromEntries(found);
}

/** @param pattern of the names of a part, in which `*` stands for that of the array */
export const arrayOf = (name: string, pattern: string) => pattern.replace('*', () => name);

/**
 * Finds the arrays, and proves by their heads that they belong together.
 *
 * @throws WrongOption where one is missing, or they have different numbers of samples
 */
export function findArrays(file: ArrayFile, { inputs, targets, parts }: ArrayOptions, at: At): FoundArrays {
  const all = [
    ...inputs.map((name, k) => ({ name, path: at('inputs', k) })),
    ...Object.keys(targets).map((name) => ({ name, path: at('targets', name) })),
  ];
  const twice = all.find(({ name }, k) => all.findIndex((other) => other.name === name) < k);
  if (twice !== undefined)
    throw new WrongOption(
      twice.path,
      failure('unusable-array', `\`${twice.name}\` is learnt from, so it is not predicted`, 'Take it out of one.'),
    );
  const counts: Partial<Record<PartName | 'all', { readonly count: number; readonly array: string }>> = {};
  const [first] = all;
  let usual: string | undefined;
  const found = all.map(({ name, path }) => {
    const of = partsOf(name, file.names, parts);
    for (const [part, array] of Object.entries(of) as [PartName | 'all', string][]) {
      const [count, ...each] = atOption(path, () => file.head(array)).shape;
      if (count === undefined || count === 0 || each.includes(0))
        throw new WrongOption(
          path,
          failure(
            'unusable-array',
            `${file.called(array)} has no ${each.includes(0) ? 'values' : 'samples'}`,
            'The first axis of an array counts the samples, the others their values.',
          ),
        );
      const other = (counts[part] ??= { count, array });
      if (other.count !== count)
        throw new WrongOption(
          path,
          failure(
            'arrays-differ',
            `${file.called(other.array)} has ${other.count} samples, but ${file.called(array)} ${count}`,
            'The first axis of each counts the same samples.',
          ),
        );
    }
    const kinds = Object.keys(of).join(' and ');
    usual ??= kinds;
    if (kinds !== usual)
      throw new WrongOption(
        path,
        failure(
          'arrays-differ',
          `\`${first!.name}\` has arrays for ${wordsOf(usual)}, but \`${name}\` for ${wordsOf(kinds)}`,
          'All need the same parts: `parts` says how arrays of a part are called.',
        ),
      );
    return { name, ...of };
  });
  const [{ all: whole, train, test } = {}] = found;
  if (whole === undefined && (train === undefined || test === undefined))
    throw new WrongOption(
      at('parts'),
      failure(
        'unknown-array',
        `there is an array of \`${first!.name}\` for ${usual}, and none for ${train === undefined ? 'train' : 'test'}`,
        `It would be called \`${arrayOf(first!.name, parts[train === undefined ? 'train' : 'test'])}\`; ` +
          '`parts` says how arrays of a part are called.',
      ),
    );
  return {
    inputs: found.slice(0, inputs.length),
    targets: found.slice(inputs.length),
    counts: Object.fromEntries(Object.entries(counts).map(([part, { count }]) => [part, count])),
  };
}

const wordsOf = (kinds: string) => (kinds === 'all' ? 'all samples' : kinds);

/** The shape that all parts of an array have. @throws UserError where they differ */
function commonHead(file: ArrayFile, parts: PartsOf): NpyHead {
  const [first, ...others] = arraysOf(parts);
  const head = file.head(first!);
  for (const other of others) {
    const { shape, kind } = file.head(other);
    if (String(shape.slice(1)) !== String(head.shape.slice(1)) || heldAs(kind) !== heldAs(head.kind))
      throw failure(
        'arrays-differ',
        `${file.called(first!)} is ${head.kind.name} of ${formatShape(head.shape)}, but ` +
          `${file.called(other)} ${kind.name} of ${formatShape(shape)}`,
        'All parts need one kind, and the same sizes behind the first.',
      );
  }
  return head;
}

/** What values are held as: parts may differ in what is brought to one kind anyway, as texts of other lengths. */
export const heldAs = ({ name, numbers }: NpyHead['kind']) => {
  if (numbers === undefined) return 'texts';
  return name === 'uint8' || name === 'bool' ? 'bytes' : 'numbers';
};

/** What samples made of the arrays are. @throws WrongOption where an array cannot be what it is named for */
export function specOf(
  file: ArrayFile,
  given: ArrayOptions,
  found: FoundArrays,
  { at, fold }: { readonly at: At; readonly fold: Fold | undefined },
): DatasetSpec {
  const isPicture = found.inputs.map((one, k) => atOption(at('inputs', k), () => pictureShape(commonHead(file, one))));
  if (given.images && isPicture.every((shape) => shape === undefined))
    throw new WrongOption(
      at('images'),
      failure(
        'unusable-array',
        `no input is pictures: ${found.inputs.map((one) => describe(file, one)).join(', ')}`,
        'Pictures are uint8 of count x height x width, or with 1 or 3 channels behind. Leave `images` out of others.',
      ),
    );
  const inputs = found.inputs.map((one, k): InputSpec => {
    const head = commonHead(file, one);
    const name = found.inputs.length === 1 ? 'input' : one.name;
    const picture = given.images ? isPicture[k] : undefined;
    if (picture !== undefined) return { name, shape: picture, dtype: 'uint8', scale: 1 / 255 };
    if (head.kind.numbers === undefined)
      throw new WrongOption(
        at('inputs', k),
        failure(
          'unusable-array',
          `${file.called(first(one))} holds texts, and nothing is learnt from those`,
          'Number what they say: `numpy.unique(a, return_inverse=True)[1]`.',
        ),
      );
    const [, ...rest] = head.shape;
    const shape = rest.length === 0 ? [1] : rest;
    return { name, shape, dtype: isBytes(head) ? 'uint8' : 'float32', scale: 1 };
  });
  const targets = found.targets.map((one) =>
    atOption(at('targets', one.name), () => targetSpec(file, one, given.targets[one.name]!)),
  );
  if (fold !== undefined && found.counts.validation !== undefined) throw saidBeforeFolds();
  const drawsTest = found.counts.all === undefined ? {} : ({ drawsTest: true } as const);
  return { inputs, targets, count: countsOf(found, given.test, fold), ...drawsTest };
}

const first = ({ all, train }: PartsOf) => (all ?? train)!;

/** Whether an array is held as bytes. */
export const isBytes = ({ kind }: NpyHead) => heldAs(kind) === 'bytes';

function describe(file: ArrayFile, one: PartsOf): string {
  const { kind, shape } = file.head(first(one));
  return `${file.called(first(one))} is ${kind.name} of ${formatShape(shape)}`;
}

function pictureShape({ kind, shape: [, height, width, channels = 1, ...more] }: NpyHead): number[] | undefined {
  const isOne = kind.name === 'uint8' && width !== undefined && more.length === 0 && [1, 3].includes(channels);
  return isOne ? [height!, width, channels] : undefined;
}

function targetSpec(file: ArrayFile, one: PartsOf & { readonly name: string }, target: ArrayTarget): TargetSpec {
  const { name } = one;
  const head = commonHead(file, one);
  const [, ...rest] = head.shape;
  if (target === 'number') {
    if (head.kind.numbers === undefined)
      throw failure(
        'unusable-array',
        `${file.called(first(one))} holds texts, not numbers`,
        `They may be classes: \`${name}: fromData\`.`,
      );
    return { kind: 'number', name, shape: rest.length === 0 ? [1] : rest };
  }
  const shape = rest.at(-1) === 1 ? rest.slice(0, -1) : rest;
  if (shape.length !== 0 && shape.length !== 2)
    throw failure(
      'unusable-array',
      `${file.called(first(one))} is ${formatShape(head.shape)}, and labels are one for each sample, or each pixel`,
      'Of a 0 or 1 for each class make one label: `a.argmax(axis=1)`. Several numbers are `number`.',
    );
  const isOrdered = typeof target === 'object' && 'ordinal' in target;
  if (isOrdered && shape.length > 0)
    throw failure(
      'unusable-array',
      `${file.called(first(one))} is ${formatShape(head.shape)}, and classes in order are one for each sample`,
      `Of one for each pixel no order is learnt: list them as such, \`${name}: fromData\`.`,
    );
  const classes = isOrdered ? target.ordinal : target;
  return {
    kind: 'class',
    name,
    classes: classes === 'fromData' ? [] : classes,
    shape,
    ...(isOrdered && { ordinal: true as const }),
  };
}

function countsOf({ counts }: FoundArrays, share: number, fold: Fold | undefined): NonNullable<DatasetSpec['count']> {
  const { all, train = 0, validation, test = 0 } = counts;
  if (all !== undefined) {
    const tested = testSize(share, all, fold);
    return { train: all - tested, test: tested };
  }
  return { train: train + (validation ?? 0), test, ...(validation === undefined ? {} : { validation }) };
}

/** Bytes of the values of all arrays, as they lie in the files. */
export function bytesIn(file: ArrayFile, { inputs, targets }: FoundArrays): number {
  return [...inputs, ...targets]
    .flatMap(arraysOf)
    .reduce((sum, array) => sum + sizeOf(file.head(array).shape) * file.head(array).kind.bytes, 0);
}

/** Values of all inputs. */
export function inputValues(file: ArrayFile, { inputs }: Pick<FoundArrays, 'inputs'>): number {
  return inputs.flatMap(arraysOf).reduce((sum, array) => sum + sizeOf(file.head(array).shape), 0);
}
