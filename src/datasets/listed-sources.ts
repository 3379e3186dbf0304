import { type DataFilesOption, listOfFiles } from './tables/find-tables.ts';
import type { Split } from './splits/split.ts';

/** The files or folders that a data set is read from, where its options list several. */
export interface ListedSources {
  /** As the options name them. */
  readonly names: readonly string[];
  /** Of each training sample, the place of its source among the names; where it is of none, as many as there are. */
  readonly train: Uint32Array;
  /** The same of each test sample. */
  readonly test: Uint32Array;
}

/** How many samples of a source each part has. */
export interface SourceCounts {
  readonly name: string;
  readonly training: number;
  readonly validation: number;
  readonly test: number;
}

/** What the options call files; an address, or a pattern that several fit, is one. */
export function namesOfFiles(files: DataFilesOption): readonly string[] {
  return listOfFiles(files).map((file) => (typeof file === 'string' ? file : file.url));
}

/**
 * Which source rows are of.
 *
 * @param rows of samples that stand source after source @param counts how many each source has
 * @returns for each row the place of its source, as many as there are for one behind all
 */
export function placesAmong(rows: Uint32Array, counts: readonly number[]): Uint32Array {
  let sum = 0;
  const ends = counts.map((count) => (sum += count));
  return rows.map((row) => {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (row < ends[middle]!) high = middle;
      else low = middle + 1;
    }
    return low;
  });
}

/** How many samples of each source train, validate and test. */
export function countSources({ names, train, test }: ListedSources, split: Split): readonly SourceCounts[] {
  const count = (places: Uint32Array) => {
    const counts = names.map(() => 0);
    for (const place of places) if (place < counts.length) counts[place]!++;
    return counts;
  };
  const of = (rows: Uint32Array) => count(rows.map((row) => train[row]!));
  const [training, validation, tested] = [of(split.train), of(split.validation), count(test)];
  return names.map((name, k) => ({
    name,
    training: training[k]!,
    validation: validation[k]!,
    test: tested[k]!,
  }));
}
