import { failure } from '../../base/diagnostics.ts';
import { statOf } from '../../base/files.ts';
import { sizeOf } from '../../base/tensor-shape.ts';
import { inTurns } from '../../base/turns.ts';
import type { ArrayFile, ArrayPart } from './array-files.ts';
import { type At, type FoundArrays, arraysOf, isBytes } from './array-parts.ts';
import { asNumbers, inputOf, labelsOf, numbersOf } from './array-samples.ts';
import { type DataFile, type DataPlace, nameOf } from '../files/data-file.ts';
import type { DatasetSpec, TargetValues, Values } from '../dataset.ts';
import { WrongOption, atOption } from '../wrong-option.ts';
import { withinMemory } from '../generated.ts';
import { countIn, filesAmong, filesOf, spotIn } from './joined-arrays.ts';
import type { ListedSources } from '../listed-sources.ts';
import { headOfSome, isScattered, npyValues } from './npy.ts';
import type { Piece, PieceParts, Pieces } from '../pieces.ts';
import { explainUnread, hashFile, proveHash } from '../files/read-bytes.ts';
import { firstRows } from '../batch-source.ts';
import type { Split } from '../splits/split.ts';

/** Arrays that were found in their files, and what they hold. */
export interface OpenedArrays {
  readonly file: ArrayFile;
  readonly spec: DatasetSpec;
  readonly found: FoundArrays;
  readonly at: At;
}

/** The arrays of all that is learnt or predicted, one after the other. */
const arraysIn = ({ inputs, targets }: FoundArrays) => [...inputs, ...targets].flatMap(arraysOf);

/**
 * What arrays hold, with whether they are packed where memory does not hold them.
 *
 * @throws WrongOption where they would have to be, and cannot
 */
export function packable({ file, spec, found, at }: OpenedArrays): DatasetSpec {
  const scattered = (array: string) => filesOf(file).find((one) => isScattered(one.head(array)));
  const of = [...found.inputs, ...found.targets].findIndex((one) => arraysOf(one).some(scattered));
  if (of < 0) return { ...spec, packs: 'rows', ...(file.isLong && { isLong: true as const }) };
  if (!file.isLong && !('code' in withinMemory(spec))) return spec;
  const array = arraysIn(found).find(scattered)!;
  const { inputs, targets } = found;
  throw new WrongOption(
    of < inputs.length ? at('inputs', of) : at('targets', targets[of - inputs.length]!.name),
    failure(
      'data-not-packable',
      `${scattered(array)!.called(array)} is too large to be read as a whole, and lies in Fortran's order, ` +
        'so that no sample can be read by itself',
      'Save it sample by sample: `numpy.ascontiguousarray(a)`.',
    ),
  );
}

/** Samples that lie one after the other in the arrays of a part. */
interface Chunk {
  /** How many samples come before them, those of other parts among them. */
  readonly first: number;
  readonly count: number;
  readonly inputs: readonly Values[];
  readonly targets: readonly TargetValues[];
}

/** Bytes of the files that are made samples at a time. */
const together = 4e6;

/** As they follow each other. */
const partNames = ['all', 'train', 'validation', 'test'] as const;

/** All samples in their order. @throws UserError where a value cannot be used, or an array is damaged */
async function* chunksOf({ file: all, spec, found, at }: OpenedArrays): AsyncGenerator<Chunk, void> {
  let before = 0;
  for (const [part, file] of partNames.flatMap((name) => filesOf(all).map((one) => [name, one] as const))) {
    if (found.counts[part] === undefined) continue;
    const count = countIn(file, found.inputs[0]![part]!);
    const arraysOfPart = (some: FoundArrays['inputs']) => some.map((one) => one[part]!);
    const [inputs, targets] = [arraysOfPart(found.inputs), arraysOfPart(found.targets)];
    const each = [...inputs, ...targets].reduce((sum, array) => sum + file.head(array).length / count, 0);
    const samples = Math.max(1, Math.floor(together / each));
    const x = inputs.map((array, k) =>
      converted(valuesIn(file, array, samples), (values, first) =>
        atOption(at('inputs', k), () => {
          const called = file.called(array);
          const size = sizeOf(spec.inputs[k]!.shape);
          return inputOf(called, asNumbers(called, values), { size, bytes: isBytes(file.head(array)), before: first });
        }),
      ),
    );
    const y = targets.map((array, k) =>
      converted(valuesIn(file, array, samples), (values, first) => {
        const [called, target] = [file.called(array), spec.targets[k]!];
        return atOption(at('targets', target.name), () =>
          target.kind === 'class'
            ? labelsOf(called, values, target, first)
            : numbersOf(called, asNumbers(called, values), sizeOf(target.shape), first),
        );
      }),
    );
    for (let from = 0; from < count; from += samples)
      yield {
        first: before + from,
        count: Math.min(samples, count - from),
        inputs: await nextOf(x),
        targets: await nextOf(y),
      };
    before += count;
  }
}

/** The next of each, one after the other, so that the first that cannot be used is told. */
async function nextOf<T>(all: readonly AsyncGenerator<T, void>[]): Promise<readonly T[]> {
  const found: T[] = [];
  for (const one of all) {
    const { done, value } = await one.next();
    if (done !== true) found.push(value);
  }
  return found;
}

/** What becomes of values. @param convert is told how many samples come before */
async function* converted<T>(
  all: AsyncIterable<ArrayPart>,
  convert: (values: ArrayPart['values'], before: number) => T,
): AsyncGenerator<T, void> {
  for await (const { values, before } of all) yield convert(values, before);
}

/** The values of an array, so many samples at a time. */
async function* valuesIn(file: ArrayFile, array: string, samples: number): AsyncGenerator<ArrayPart, void> {
  const head = file.head(array);
  const each = headOfSome(head, 1).length;
  let before = 0;
  for await (const bytes of ofSize(file.stream(array), samples * each)) {
    const some = bytes.length / each;
    yield { before, values: npyValues(file.called(array), headOfSome(head, some), bytes) };
    before += some;
  }
}

/** Bytes in parts of one size, the last one smaller: it is given once all came to a good end. */
async function* ofSize(bytes: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array> {
  let whole: Uint8Array | undefined;
  let [next, filled] = [new Uint8Array(size), 0];
  for await (const some of bytes)
    for (let from = 0; from < some.length;) {
      const taken = some.subarray(from, from + size - filled);
      next.set(taken, filled);
      filled += taken.length;
      from += taken.length;
      if (filled < size) continue;
      if (whole !== undefined) yield whole;
      [whole, next, filled] = [next, new Uint8Array(size), 0];
    }
  if (whole !== undefined) yield whole;
  if (filled > 0) yield next.subarray(0, filled);
}

/** Finds the samples that are asked for one after the other; of one before them, it begins anew. */
function inOrder(chunks: () => AsyncGenerator<Chunk, void>): (sample: number) => Promise<Chunk> {
  let turn: Promise<Chunk | undefined> = Promise.resolve(undefined);
  let left: AsyncGenerator<Chunk, void> | undefined;
  const find = async (current: Chunk | undefined, sample: number): Promise<Chunk> => {
    if (current !== undefined && sample < current.first) {
      await left?.return();
      left = undefined;
    } else if (current !== undefined && sample < current.first + current.count) return current;
    left ??= chunks();
    for (let next = await left.next(); next.done !== true; next = await left.next())
      if (sample < next.value.first + next.value.count) return next.value;
    throw new Error(`no array has sample ${sample}`);
  };
  return (sample) => {
    const found = turn.then((current) => find(current, sample));
    turn = found;
    return found;
  };
}

/** What samples of arrays are read and told of by, beside the arrays. */
interface Reading {
  readonly name: string;
  readonly folder: string;
  readonly places: readonly { readonly array: string; readonly place: DataPlace }[];
  /** Where several are listed: what they are called there, and for each file its place among them. */
  readonly listed?: Pick<ListedSources, 'names'> & { readonly places: readonly number[] };
  /** What the options say of the values. */
  readonly madeBy: unknown;
  /** Which samples of arrays that are not divided train, and which test. */
  readonly divide: () => PieceParts;
  readonly whole: NonNullable<Pieces['whole']>;
}

/** The samples of arrays, one by one, in the order that they lie in: those for training, validation, the test. */
export function openArrays(
  opened: OpenedArrays,
  { name, folder, places, listed, madeBy, divide, whole }: Reading,
): Pieces {
  const { file, found } = opened;
  const spec = packable(opened);
  const { all, train = 0, validation, test = 0 } = found.counts;
  const total = all ?? train + (validation ?? 0) + test;
  const own = places.map(({ place }) => place.path);
  const [input] = found.inputs;
  const chunkOf = inOrder(() => chunksOf({ ...opened, spec }));
  const trained = train + (validation ?? 0);
  const sources = partNames.flatMap((part) => {
    const count = found.counts[part];
    if (count === undefined || listed === undefined) return [];
    return [...filesAmong(file, input![part]!, { rows: firstRows(count), places: listed.places })];
  });
  return {
    name,
    spec,
    folder,
    paths: Array.from({ length: total }, () => own),
    listed: total,
    madeBy: [madeBy, places.map(({ array, place }) => [array, place.sha256 ?? null])],
    ...(listed && { sources: { names: listed.names, placeOf: (sample) => sources[sample]! } }),
    place: (sample) => {
      if (all !== undefined) return spotIn(file, input!.all!, sample);
      if (sample >= trained) return spotIn(file, input!.test!, sample - trained);
      const isSecond = sample >= train;
      return spotIn(file, input![isSecond ? 'validation' : 'train']!, isSecond ? sample - train : sample);
    },
    read: async (sample): Promise<Piece> => {
      const { first, count, inputs, targets } = await chunkOf(sample);
      const values = [...inputs, ...targets].map(({ buffer, byteOffset, byteLength }) => {
        const bytes = new Uint8Array(buffer, byteOffset, byteLength);
        const each = bytes.length / count;
        return bytes.subarray((sample - first) * each, (sample - first + 1) * each);
      });
      // What was read of a file that changed meanwhile is thrown away.
      return { values, files: sample === total - 1 ? await proveFiles(places.map(({ place }) => place)) : [] };
    },
    divide: () =>
      all !== undefined ? divide() : { train: firstRows(trained), test: firstRows(test).map((row) => row + trained) },
    describeFiles: (usable, files) => files(usable.at(-1)!),
    ...(validation !== undefined && { split: splitAt(train, trained) }),
    whole,
  };
}

/** The first of so many rows train, the others validate. */
export function splitAt(trained: number, count: number): Split {
  const rows = firstRows(count);
  return { train: rows.slice(0, trained), validation: rows.slice(trained) };
}

/** What proves which files are there. @throws UserError where one is not what it must be, or cannot be read */
async function proveFiles(places: readonly DataPlace[]): Promise<readonly DataFile[]> {
  const files: DataFile[] = [];
  for (const place of places) {
    try {
      const sha256 = await inTurns(hashFile(place.path));
      proveHash(place, sha256);
      files.push({ name: nameOf(place), sha256, bytes: Number(statOf(place.path)?.size ?? 0) });
    } catch (error) {
      throw explainUnread(place, error);
    }
  }
  return files;
}
