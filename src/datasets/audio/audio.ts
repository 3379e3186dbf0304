import { basename, relative } from 'node:path';
import { UserError, failure } from '../../base/diagnostics.ts';
import { isMisfit } from '../../base/row.ts';
import { sizeOf } from '../../base/tensor-shape.ts';
import { type InParts, inTurns } from '../../base/turns.ts';
import { type AudioOptions, at, audioFace, proveSpectrogram } from './audio-options.ts';
import { audioRows } from './audio-rows.ts';
import type { Unusable } from '../pictures/check-pictures.ts';
import { type FoundPictures, warnOfAlikeNames } from '../pictures/class-folders.ts';
import { classesOf, countsOf, labelsOf, seedOf, takeFold, takeShare } from '../pictures/class-shares.ts';
import type { DataFile } from '../files/data-file.ts';
import { withClassWarnings } from '../findings/data-warnings.ts';
import { type Dataset, type DatasetSpec, type Samples, bytesOf, defineDataset, orMisfit } from '../dataset.ts';
import { WrongOption, atOption } from '../wrong-option.ts';
import { spectrogramReader } from './encode-recording.ts';
import { warnOfCopies } from '../findings/find-copies.ts';
import { withinMemory } from '../generated.ts';
import { listClassed } from '../pictures/list-classed.ts';
import { warnOfLeftOut } from '../pictures/list-pictures.ts';
import { bytesOfMaking, spectrogramShape } from './mel-spectrogram.ts';
import { folderOfTable } from '../pictures/picture-table.ts';
import { folderFile, withWarnings } from '../pictures/png-files.ts';
import { readBytes } from '../files/read-bytes.ts';
import { type CheckedRecordings, checkRecordings, recordingFiles, warnOfSkipped } from './recordings.ts';
import type { Fold, SplitOptions } from '../splits/split.ts';

/** Recordings of the user's with a class each. */
export const audio = defineDataset({
  ...audioFace,
  describe: (given, folder, division = {}) =>
    orMisfit(() => {
      proveSpectrogram(given);
      return atOption(at(given.table === undefined ? 'folder' : 'table'), () => {
        const { found, checked } = look(given, folder);
        const spec = withinMemory(specOf(given, found, checked, division.split?.fold));
        if (isMisfit(spec)) return spec;
        const trained = new Set(found.train.flat());
        const told = withWarnings({ ...spec, labels: () => labelsOf(found, division) }, [
          ...warnOfLeftOut(found.listings, folder, recordingFiles),
          ...warnOfAlikeNames(found.classes),
          ...checked.warnings,
          ...warnOfCopies(
            checked.heard.filter(({ path }) => trained.has(path)),
            checked.heard.filter(({ path }) => !trained.has(path)),
            { from: folder, classOf: classesOf(found) },
            {
              nouns: recordingFiles.noun,
              codes: { inTwo: 'recording-in-two-classes', copied: 'copied-recordings' },
            },
          ),
        ]);
        return withClassWarnings(told, division, { train: at('folder'), test: at('test') });
      });
    }),
  named: ({ folder, table, test }) => [
    ...(table === undefined ? [] : [table]),
    ...[folder ?? folderOfTable(table ?? '.', undefined)].flat(),
    ...(typeof test === 'number' ? [] : [test]),
  ],
  files: (given, folder) => {
    const found = listClassed(given, folder, recordingFiles);
    return [...found.tables, ...pathsOf(found)];
  },
  load: async (given, folder, seed, signal, split) => inTurns(read(given, folder, seed, split), signal),
  rows: audioRows,
});

/** The recordings that the options name, and what their heads tell; without those that are to be skipped. */
function look(
  given: AudioOptions,
  folder: string,
): { readonly found: FoundPictures; readonly checked: CheckedRecordings; readonly listed: number } {
  const listed = listClassed(given, folder, recordingFiles);
  const all = pathsOf(listed);
  const checked = checkRecordings(all, folder, given);
  const usable = (classes: readonly (readonly string[])[]) =>
    classes.map((paths) => paths.filter((path) => !checked.skipped.has(path)));
  const { train, test } = listed;
  const found = { ...listed, train: usable(train), test: typeof test === 'number' ? test : usable(test) };
  return { found, checked, listed: all.length };
}

function pathsOf({ train, test }: FoundPictures): readonly string[] {
  return [...train, ...(typeof test === 'number' ? [] : test)].flat();
}

function specOf(
  given: AudioOptions,
  found: FoundPictures,
  { largest }: CheckedRecordings,
  fold: Fold | undefined,
): DatasetSpec {
  const count = countsOf(found, fold);
  if (count.test === 0) throw noTest(count.train);
  const spec: DatasetSpec = {
    inputs: [{ name: 'input', shape: spectrogramShape(given), dtype: 'float32', scale: 1 }],
    targets: [{ kind: 'class', name: 'label', classes: found.classes, shape: [] }],
    count,
    isSpectrogram: true,
    ...(typeof found.test === 'number' && { drawsTest: true as const }),
  };
  // All as they were read, before they are divided; a file beside, and what is made of it.
  return { ...spec, reading: bytesOf(spec) + 2 * largest + bytesOfMaking(given) };
}

const noTest = (total: number) =>
  new WrongOption(
    at('test'),
    failure('no-test-samples', `${total} recordings leave none for the test`, 'Raise `test`, or add recordings.'),
  );

/** A recording, and where it belongs. */
interface Placed {
  readonly path: string;
  readonly label: number;
  /** Whether it is of the test's own. */
  readonly isTest: boolean;
  readonly file: DataFile;
}

/** Reads all recordings, class after class, those of a test of its own last. */
function* read(given: AudioOptions, folder: string, seed: number, split?: SplitOptions): InParts<Dataset> {
  proveSpectrogram(given);
  const { found, checked, listed } = look(given, folder);
  const { classes, sources } = found;
  const spectrogram = spectrogramReader(given);
  const size = sizeOf(spectrogramShape(given));
  const wanted = pathsOf(found).length;
  const values = new Float32Array(wanted * size);
  const placed: Placed[] = [];
  const failed: Unusable[] = [];
  for (const [second, part] of [found.train, typeof found.test === 'number' ? [] : found.test].entries())
    for (const [label, paths] of part.entries())
      for (const path of paths) {
        yield;
        try {
          const { bytes, file } = readBytes({ path });
          values.set(yield* spectrogram(path, bytes), placed.length * size);
          // Which class it is in is a part of what was learnt from.
          const name = sources === undefined ? `${classes[label]!}/${basename(path)}` : relative(folder, path);
          placed.push({ path, label, isTest: second === 1, file: { ...file, name } });
        } catch (error) {
          // Of another rate none is left out: whether `validate` came by it depends on how many there are.
          const isOfRate = error instanceof UserError && error.diagnostics[0]!.code === 'recording-rate';
          if (!(error instanceof UserError) || given.onError === 'fail' || isOfRate) throw error;
          failed.push({ path, error });
        }
      }
  const share = typeof found.test === 'number' ? found.test : undefined;
  const labels = placed.map(({ label }) => label);
  const takeTest = (taken: number) =>
    split?.fold === undefined
      ? takeShare(labels, classes, taken, seedOf(seed, 'audio'))
      : takeFold(Uint8Array.from(labels), split.fold, { split, seed });
  const isTest = share === undefined ? Uint8Array.from(placed, (one) => Number(one.isTest)) : takeTest(share);
  const rows = { train: rowsOf(isTest, 0), test: rowsOf(isTest, 1) };
  const count = { train: rows.train.length, test: rows.test.length };
  if (count.train === 0 || count.test === 0) throw failed[0]?.error ?? noTest(placed.length);
  const part = function* (wantedRows: Uint32Array): InParts<Samples> {
    const taken = new Float32Array(wantedRows.length * size);
    for (const [k, row] of wantedRows.entries()) {
      if (k % turn === 0) yield;
      taken.set(values.subarray(row * size, (row + 1) * size), k * size);
    }
    return { inputs: [taken], targets: [Uint8Array.from(wantedRows, (row) => labels[row]!)], count: wantedRows.length };
  };
  const placesOf = (some: Uint32Array) => some.map((row) => sources!.placeOf(placed[row]!.path));
  const filesOf = (rowsWanted: readonly Placed[]) => rowsWanted.map(({ file }) => file);
  const hasOwn = share === undefined;
  return {
    name: 'audio',
    spec: withWarnings(
      { ...specOf(given, found, checked, split?.fold), count },
      warnOfSkipped('recordings-skipped', failed, { from: folder, total: listed }),
    ),
    train: yield* part(rows.train),
    test: yield* part(rows.test),
    ...(sources && {
      sources: { names: sources.names, train: placesOf(rows.train), test: placesOf(rows.test) },
    }),
    files: [
      folderFile('recordings', filesOf(hasOwn ? placed.filter((one) => !one.isTest) : placed)),
      ...(hasOwn ? [folderFile('test recordings', filesOf(placed.filter((one) => one.isTest)))] : []),
    ],
    origin: { place: (name, row) => ({ file: placed[rows[name][row]!]!.file.name }) },
  };
}

/** Recordings that are copied without a pause. */
const turn = 256;

function rowsOf(isTest: Uint8Array, part: 0 | 1): Uint32Array {
  return Uint32Array.from(isTest.keys()).filter((row) => isTest[row] === part);
}
