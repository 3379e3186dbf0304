import { join, resolve } from 'node:path';
import { UserError } from '../../base/diagnostics.ts';
import { formatShape } from '../../base/tensor-shape.ts';
import { atOnce } from '../../base/turns.ts';
import type { AudioOptions } from './audio-options.ts';
import type { AskedRow, ClassTarget, InputSpec, RowReader, TrainedOn } from '../dataset.ts';
import { recordingEncoder, spectrogramReader } from './encode-recording.ts';
import { asked, labelOf, unknownLabel } from '../given-values.ts';
import { listFiles, listSubfolders } from '../pictures/list-pictures.ts';
import { spectrogramOf } from './mel-spectrogram.ts';
import { readWhole } from '../files/read-bytes.ts';
import { recordingFiles } from './recordings.ts';

/** What a model is asked by that learnt from recordings: WAV files of their rate, or spectrograms as numbers. */
export function audioRows(trained: TrainedOn<AudioOptions>): RowReader {
  const { options, inputs, targets } = trained;
  const [input] = inputs as [InputSpec];
  const [target] = targets as [ClassTarget];
  const spectrogram = spectrogramReader(options);
  const read = (name: string, bytes: Uint8Array) => atOnce(spectrogram(name, bytes));
  const encode = recordingEncoder(trained);
  const rowOf = (path: string, label: string | undefined): AskedRow =>
    asked({ file: path }, () => ({
      x: [read(path, readWhole({ path }))],
      ...(label !== undefined && actualOf(target, label, path)),
    }));
  return {
    kind: 'recordings',
    spectrogram: spectrogramOf(options),
    takes:
      `WAV files at ${options.sampleRate} Hz, of which ${options.seconds} s are read, ` +
      `or spectrograms of ${formatShape(input.shape)}`,
    encode: (row, where, folder) =>
      encode(row, where, folder === undefined ? undefined : (path) => readWhole({ path: resolve(folder, path) })),
    files: {
      *wav(name, bytes) {
        yield asked({ file: name }, () => ({ x: [read(name, bytes)] }));
      },
    },
    *folder(path) {
      const { names, beside } = listSubfolders(path, recordingFiles);
      // Folders of classes hold what is right.
      const areClasses = names.some((name) => target.classes.includes(name));
      let found = 0;
      for (const [folder, label] of [
        ...(beside.length > 0 || names.length === 0 ? [[path, undefined] as const] : []),
        ...names.map((name) => [join(path, name), areClasses ? name : undefined] as const),
      ])
        for (const file of recordingsIn(folder, folder === path)) {
          found++;
          yield rowOf(file, label);
        }
      if (found === 0) listFiles(path, recordingFiles);
    },
  };
}

function actualOf(target: ClassTarget, label: string, path: string): Pick<AskedRow, 'actual' | 'fault'> {
  return target.classes.includes(label)
    ? { actual: [labelOf(target, label, path)] }
    : { fault: unknownLabel(target, label, path).diagnostics[0]! };
}

/** @param isOnly whether it must have some */
function recordingsIn(folder: string, isOnly: boolean): readonly string[] {
  try {
    return listFiles(folder, recordingFiles).pictures;
  } catch (error) {
    if (!isOnly && error instanceof UserError && error.diagnostics[0]!.code === 'no-recordings') return [];
    throw error;
  }
}
