import { basename, extname, resolve } from 'node:path';
import { UserError, failure, misuse } from '../../base/diagnostics.ts';
import { listNames, nearest } from '../../base/did-you-mean.ts';
import { showCount } from '../../base/quantities.ts';
import { shorten } from '../../base/shorten.ts';
import { formatShape, sizeOf } from '../../base/tensor-shape.ts';
import { type ArrayFile, fileSource, npyArrays, npzArrays } from '../arrays/array-files.ts';
import { type PartsOf, arraysOf, partsOf } from '../arrays/array-parts.ts';
import { numbersIn, proveFinite } from '../arrays/array-samples.ts';
import { type NpyHead, isTexts } from '../arrays/npy.ts';
import { type NamedArrays, nameArrays, usualParts } from './array-names.ts';
import {
  type Entry,
  type Given,
  type Proposal,
  type Sizes,
  type Task,
  type Wanted,
  byCount,
  showCounts,
} from './proposal.ts';
import { spreadOf } from './spread.ts';

/** An array of all samples, or one for each part, that can be read. */
interface Found {
  readonly name: string;
  readonly parts: PartsOf;
  /** Of the first. */
  readonly head: NpyHead;
  readonly samples: number;
}

/** Arrays of NumPy in one file. @throws UserError where they cannot be read, or do not show what is to be predicted */
export function proposeNpz(wanted: Wanted): Proposal {
  const file = npzArrays(fileSource({ path: wanted.data }));
  return proposeArrays(wanted, file, 'npz', { key: 'file', value: wanted.written(wanted.data) });
}

/** Arrays of NumPy in a file each. @param paths of the files @throws UserError as proposeNpz */
export function proposeNpy(wanted: Wanted, paths: readonly string[]): Proposal {
  const named = paths.map((path) => [basename(path, extname(path)), path] as const);
  const file = npyArrays(new Map(named.map(([name, path]) => [name, fileSource({ path })])));
  return proposeArrays(wanted, file, 'npy', {
    key: 'files',
    entries: named.map(([key, path]) => ({ key, value: wanted.written(path) })),
  });
}

function proposeArrays({ data, targets }: Wanted, file: ArrayFile, source: string, place: Entry): Proposal {
  const named = nameArrays(file.names);
  const { found, left } = lookAt(file, named);
  const { target, because } = chooseTarget(basename(resolve(data)), found, targets);
  const input = chooseInput(file, found, target);
  const { task, entry } = taskOf(file, target, because);
  const { given, images, range } = givenOf(file, input);
  const { parts, isValidationTest } = named;
  const others = found
    .filter((one) => one !== target && one !== input)
    .map((one) => `\`${shorten(one.name)}\` is left out: ${whyLeft(one, target)}`);
  const unusual =
    parts === undefined ? [] : Object.entries(parts).filter(([part, name]) => usual[part] !== name && isThere(name));
  function isThere(name: string) {
    return file.names.includes(name.replace('*', () => target.name));
  }
  const hasValidation = target.parts.validation !== undefined;
  return {
    source,
    read: `all values of \`${shorten(input.name)}\` and \`${shorten(target.name)}\` in ${basename(resolve(data))}`,
    options: [
      place,
      {
        key: 'inputs',
        value: [input.name],
        because: `${input.head.kind.name} of ${formatShape(input.head.shape)}, ${range}`,
      },
      { key: 'targets', entries: [entry] },
      ...(images
        ? [{ key: 'images', value: true, because: 'uint8 of that shape are pictures: 0 to 255 become 0 to 1' }]
        : []),
      ...(unusual.length === 0
        ? []
        : [
            {
              key: 'parts',
              value: Object.fromEntries(unusual),
              because: isValidationTest ? 'no arrays are called test: those for validation are it' : 'by their names',
            },
          ]),
      ...(parts === undefined
        ? [{ key: 'test', value: 0.2, because: 'share of the samples that is taken out for the test' }]
        : []),
    ],
    split: hasValidation
      ? []
      : [{ key: 'validation', value: 0.15, because: 'share of the others that validates after each epoch' }],
    task,
    given,
    samples: target.samples,
    notes: [...left, ...others],
  };
}

const usual: Readonly<Record<string, string>> = usualParts;

/** All arrays that can be read, and why others cannot. @throws UserError where none can */
function lookAt(
  file: ArrayFile,
  { names, parts }: NamedArrays,
): { readonly found: readonly Found[]; readonly left: readonly string[] } {
  const found: Found[] = [];
  const left: string[] = [];
  let trouble: UserError | undefined;
  for (const name of names) {
    try {
      const of = parts === undefined ? { all: name } : partsOf(name, file.names, parts);
      const heads = arraysOf(of).map((array) => file.head(array));
      const samples = heads.reduce((sum, { shape }) => sum + (shape[0] ?? 0), 0);
      if (samples > 0) found.push({ name, parts: of, head: heads[0]!, samples });
      else left.push(`\`${shorten(name)}\` is left out: it has no samples`);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      trouble ??= error;
      left.push(`${error.message}: it is left out`);
    }
  }
  if (found.length < 2 && trouble !== undefined) throw trouble;
  return { found, left };
}

const valuesOf = ({ head: { shape } }: Found) => sizeOf(shape.slice(1));

function chooseTarget(
  data: string,
  found: readonly Found[],
  [wanted, ...more]: readonly string[],
): { readonly target: Found; readonly because: string } {
  const names = found.map(({ name }) => name);
  if (more.length > 0)
    throw misuse('target-without-table', `--target names several columns, and ${data} is no table`, 'Name one array.');
  if (wanted !== undefined) {
    const target = found.find(({ name }) => name === wanted);
    if (target !== undefined) return { target, because: 'as --target says' };
    const guess = nearest(wanted, names);
    throw misuse(
      'unknown-array',
      `${data} has no array \`${wanted}\``,
      `${guess === undefined ? '' : `Did you mean \`${guess}\`? `}It has ${listNames(names)}.`,
    );
  }
  const called = found.find(({ name }) => /^(y|targets?|labels?|class(es)?)$/i.test(name));
  if (called !== undefined) return { target: called, because: 'by its name' };
  const single = found.filter((one) => valuesOf(one) === 1);
  if (single.length === 1 && found.length > 1)
    return { target: single[0]!, because: 'it alone has one value for each sample' };
  throw failure(
    'target-unclear',
    `${data} does not show which array is to be predicted: it has ${listNames(names)}`,
    found.length === 1
      ? 'Save what is right of each sample beside it, as `y`.'
      : `Name it: --target ${single[0]?.name ?? names.at(-1) ?? 'ARRAY'}.`,
  );
}

/** The array to learn from: by its name, else the largest. */
function chooseInput(file: ArrayFile, found: readonly Found[], target: Found): Found {
  const able = found.filter((one) => one !== target && isAble(one, target)).sort((a, b) => valuesOf(b) - valuesOf(a));
  const input = able.find(({ name }) => /^(x|data|images?|features?|inputs?|pictures?)$/i.test(name)) ?? able[0];
  if (input !== undefined) return input;
  throw failure(
    'no-features',
    `beside ${file.called(arraysOf(target.parts)[0]!)} there is no array of numbers with as many samples ` +
      `(${showCount(target.samples)})`,
    'Give an array of what is learnt from, whose first axis counts the same samples.',
  );
}

/** Whether an array holds numbers of the samples that another has. */
const isAble = ({ head, samples, parts }: Found, target: Found) =>
  head.kind.numbers !== undefined &&
  samples === target.samples &&
  Object.keys(parts).join() === Object.keys(target.parts).join();

function whyLeft(one: Found, target: Found): string {
  if (isAble(one, target)) return '`inputs` takes several arrays, and the net below has one';
  if (one.head.kind.numbers === undefined) return 'it holds texts';
  return `it has ${showCount(one.samples)} samples, and \`${shorten(target.name)}\` ${showCount(target.samples)}`;
}

/** Labels that whole numbers may be. */
const mostClasses = 256;

/** Of so few different whole numbers each is a class, where ten samples have it. */
const fewValues = 20;

function taskOf(
  file: ArrayFile,
  { name, parts, head }: Found,
  because: string,
): { readonly task: Task; readonly entry: Entry } {
  const arrays = arraysOf(parts);
  const [, ...shape] = head.shape;
  const width = sizeOf(shape);
  if (width !== 1 && shape.length > 1)
    throw failure(
      'unknown-data-kind',
      `${file.called(arrays[0]!)} has ${formatShape(shape)} values for each sample, for which no net is proposed`,
      'Write the file by hand: `npz` takes a label for each pixel, and any shape of numbers (docs/data.md).',
    );
  const counts = new Map<string, number>();
  const numbers: number[] = [];
  for (const array of arrays) {
    const values = file.values(array);
    if (!isTexts(values)) proveFinite(file.called(array), values, width);
    for (const value of values) {
      if (typeof value === 'number') numbers.push(value);
      if (counts.size <= mostClasses || counts.has(String(value)))
        counts.set(String(value), (counts.get(String(value)) ?? 0) + 1);
    }
  }
  if (counts.size < 2)
    throw failure(
      'one-value-to-predict',
      `${file.called(arrays[0]!)} has one value alone, ${shorten([...counts.keys()][0]!)}`,
      'Name an array that differs from sample to sample: --target ARRAY.',
    );
  if (width > 1 && counts.size === 2 && counts.has('0') && counts.has('1'))
    throw failure(
      'unknown-data-kind',
      `${file.called(arrays[0]!)} has ${width} values of 0 and 1 for each sample, and labels are one for each`,
      'Of a single 1 in each row make its label: `y.argmax(axis=1)`. Several labels at once are learnt from tables: ' +
        'save it as CSV with a column for each.',
    );
  const isText = numbers.length === 0;
  const isFew = counts.size <= fewValues && numbers.length >= 10 * counts.size;
  const isDense = head.kind.isWhole === true && counts.size <= mostClasses && isCounting(counts);
  const areClasses = width === 1 && numbers.every(Number.isInteger) && (isFew || isDense);
  if (!isText && !areClasses)
    return {
      task: { kind: 'number', target: name, units: width, ...spreadOf(numbers, width) },
      entry: { key: name, value: 'number', because: `${because}; ${rangeOf(numbers)}` },
    };
  const classes = byCount(counts);
  return {
    task: { kind: 'class', target: name, classes },
    entry: { key: name, value: 'fromData', because: `${because}; ${classes.length} classes: ${showCounts(classes)}` },
  };
}

/** Whether the numbers are all of those from 0 or 1 on, up to the last. */
function isCounting(counts: ReadonlyMap<string, number>): boolean {
  const first = counts.has('0') ? 0 : 1;
  return Array.from({ length: counts.size }, (_, k) => String(first + k)).every((label) => counts.has(label));
}

/** The least number that float32 holds with all its digits; engines take smaller ones for 0. */
const leastNormal = 2 ** -126;

function givenOf(
  file: ArrayFile,
  { parts, head }: Found,
): { readonly given: Given; readonly images: boolean; readonly range: string } {
  let [least, most] = [Infinity, -Infinity];
  const [, ...shape] = head.shape;
  const farthest = new Float64Array(sizeOf(shape));
  for (const array of arraysOf(parts)) {
    const values = numbersIn(file, array);
    proveFinite(file.called(array), values, farthest.length);
    let place = 0;
    for (const value of values) {
      [least, most] = [Math.min(least, value), Math.max(most, value)];
      farthest[place] = Math.max(farthest[place]!, Math.abs(value));
      if (++place === farthest.length) place = 0;
    }
  }
  const sizes = farthest.reduce((seen, size) => (size === 0 ? seen : farther(seen, size)), {
    most: 0,
    least: Infinity,
  });
  if (sizes.most > 0 && sizes.most < leastNormal)
    throw failure(
      'unusable-number',
      `${file.called(arraysOf(parts)[0]!)}: its largest value is ${Number(sizes.most.toPrecision(2))}, and below ` +
        `${leastNormal.toPrecision(2)} float32 has hardly any digits`,
      'Weights are float32: divide by what is usual.',
    );
  const [height = 1, width = 1, channels = 1] = shape;
  const isPicture = shape.length === 3 && [1, 3].includes(channels);
  const images = head.kind.name === 'uint8' && (shape.length === 2 ? most > 1 : isPicture);
  const range = rangeOf([least, most]);
  if (images || isPicture)
    return { images, range, given: { kind: 'picture', shape: [height, width, channels], ...(!images && { sizes }) } };
  return { images, range, given: { kind: 'array', shape, sizes } };
}

const farther = ({ most, least }: Sizes, size: number): Sizes => ({
  most: Math.max(most, size),
  least: Math.min(least, size),
});

function rangeOf(numbers: readonly number[]): string {
  const [least, most] = numbers.reduce(([low, high], one) => [Math.min(low, one), Math.max(high, one)], [
    Infinity,
    -Infinity,
  ] as [number, number]);
  return `${Number(least.toPrecision(6))} to ${Number(most.toPrecision(6))}`;
}
