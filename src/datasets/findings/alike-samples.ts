import type { InParts } from '../../base/turns.ts';
import type { Samples, Values } from '../dataset.ts';

/** Bytes for each sample that looking at the data takes beside it: the table of hashes, and a column at a time. */
export const bytesToExamine = 44;

/** The inputs of all samples as whole numbers with the same bits, those for training first. */
export interface SampleCells {
  readonly count: number;
  /** Values of a sample, of all its inputs. */
  readonly width: number;
  /** Which samples are the same, bit for bit. */
  areEqual(one: number, other: number): boolean;
  /** How many values of two samples differ; no more than `most` are counted. */
  differences(one: number, other: number, most: number): number;
  hash(sample: number): number;
}

/** See SampleCells. @param test with the same inputs as `train` */
export function cellsOf(train: Samples, test: Samples): SampleCells {
  const inputs = train.inputs.map((values, k) => {
    const other = test.inputs[k]!;
    const width = train.count > 0 ? values.length / train.count : other.length / test.count;
    const inWords = fitsWords(values, width) && fitsWords(other, width);
    return {
      width: inWords && values instanceof Uint8Array ? width / 4 : width,
      train: inWords ? wordsOf(values) : values,
      test: inWords ? wordsOf(other) : other,
    };
  });
  const from = (input: (typeof inputs)[number], sample: number) =>
    sample < train.count
      ? ([input.train, sample * input.width] as const)
      : ([input.test, (sample - train.count) * input.width] as const);
  const differences = (one: number, other: number, most: number) => {
    let found = 0;
    for (const input of inputs) {
      const [mine, at] = from(input, one);
      const [others, to] = from(input, other);
      for (let k = 0; k < input.width; k++) if (mine[at + k] !== others[to + k] && ++found === most) return found;
    }
    return found;
  };
  return {
    count: train.count + test.count,
    width: inputs.reduce((sum, { width }) => sum + width, 0),
    areEqual: (one, other) => differences(one, other, 1) === 0,
    differences,
    hash(sample) {
      let hash = 0;
      for (const input of inputs) {
        const [cells, at] = from(input, sample);
        for (let k = at; k < at + input.width; k++) {
          hash = Math.imul(hash ^ cells[k]!, 0x9e_37_79_b1);
          hash ^= hash >>> 15;
        }
      }
      return hash >>> 0;
    },
  };
}

/** Four bytes at a time take a quarter of the time. */
function fitsWords(values: Values, width: number): boolean {
  return values instanceof Float32Array || (values.byteOffset % 4 === 0 && width % 4 === 0);
}

function wordsOf({ buffer, byteOffset, byteLength }: Values): Uint32Array {
  return new Uint32Array(buffer, byteOffset, byteLength / 4);
}

/** So many steps of the search for each sample: data made to have one hash would take their square. */
const mostProbes = 64;

/**
 * For each sample the first one, in an order, whose inputs are the same: itself where there is none.
 *
 * @returns undefined where that would take too long, which only data that is made for it does
 */
export function* findAlike(cells: SampleCells, order: Uint32Array): InParts<Uint32Array | undefined> {
  const { count } = cells;
  const size = 2 ** Math.ceil(Math.log2(2 * count + 1));
  const slots = new Uint32Array(size);
  const hashes = new Uint32Array(count);
  const firsts = new Uint32Array(count);
  const together = Math.ceil(2 ** 18 / (cells.width + 1));
  let probes = mostProbes * count;
  for (let k = 0; k < order.length; k++) {
    if (k % together === 0) yield;
    const sample = order[k]!;
    const hash = cells.hash(sample);
    hashes[sample] = hash;
    let slot = hash & (size - 1);
    for (; slots[slot] !== 0; slot = (slot + 1) & (size - 1)) {
      if (--probes < 0) return undefined;
      const other = slots[slot]! - 1;
      if (hashes[other] === hash && cells.areEqual(other, sample)) break;
    }
    if (slots[slot] === 0) slots[slot] = sample + 1;
    firsts[sample] = slots[slot]! - 1;
  }
  return firsts;
}

/** Values of a sample up to which two may be alike by chance. */
const mostByChance = 64;

/** Comparisons of two samples that are made to judge of it. */
const mostComparisons = 2 ** 21;

/**
 * Whether samples are alike as values are coarse: not more than three times as many as pairs that differ in one value,
 * and in two, let expect. What was copied has no such neighbours. Iris has one such pair, where half of one is
 * expected.
 *
 * @param alike how many are like another
 */
export function* areAlikeByChance(cells: SampleCells, alike: number): InParts<boolean> {
  const { count, width } = cells;
  if (width > mostByChance) return false;
  if (width === 1) return true;
  const looks = Math.min(count, Math.ceil(mostComparisons / count));
  const pairs = [0, 0, 0, 0];
  for (let k = 0; k < looks; k++) {
    const sample = Math.floor((k * count) / looks);
    for (let other = 0; other < count; other++) {
      if (other % (1 << 16) === 0) yield;
      pairs[cells.differences(sample, other, 3)]!++;
    }
  }
  const [, one, two] = pairs as [number, number, number, number];
  // As if each value differed with one chance, whatever the others do; each pair is met from both its ends.
  const expected = ((one * one) / Math.max(two, 1)) * ((width - 1) / (2 * width)) * (count / looks / 2);
  return alike <= 3 * expected;
}
