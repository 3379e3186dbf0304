import type { MistakeTable } from './mistake-table.ts';

/** Mistakes in folders of recordings. */
export const audioMistakes = {
  'no-recordings': {
    means: 'A folder holds no WAV file.',
    fix: 'Put recordings right into it, or name another folder.',
  },
  'foreign-recordings': {
    means: 'A folder holds recordings in formats that cannot be read.',
    fix: 'Convert all into a new folder; the hint has the command.',
  },
  'recordings-left-out': {
    means: 'Folders below a folder of recordings, hidden files or links that lead nowhere are left out.',
    fix: 'Move recordings right into their folder, or the rest out of it.',
    severity: 'warning',
  },
  'not-a-recording': {
    means: 'A file whose name ends as that of a WAV file is none.',
    fix: 'Convert or remove it.',
  },
  'recording-encoding': {
    means: 'A WAV file is compressed, or has samples of a kind that cannot be read.',
    fix: 'Convert it to PCM; the hint has the command.',
  },
  'damaged-recording': {
    means: 'A recording is cut short, or its contents are damaged.',
    fix: 'Get or save it again.',
  },
  'empty-recording': {
    means: 'A recording has no samples.',
    fix: 'Get it again, or remove it.',
  },
  'recording-rate': {
    means: 'Recordings have other rates than `sampleRate`.',
    fix: 'Name their rate, or convert them; the hint has the command.',
  },
  'recording-lengths': {
    means: 'Recordings are longer than `seconds`, and cut off, or shorter, and filled up with silence.',
    fix: 'Nothing, where that is meant; otherwise another `seconds`.',
    severity: 'warning',
  },
  'recording-in-two-classes': {
    means: 'The same recording is in two classes.',
    fix: 'Keep it in the one that is right.',
    severity: 'warning',
  },
  'copied-recordings': {
    means: 'Recordings are copies of others, so that the test may hold what was trained on.',
    fix: 'Keep one of each.',
    severity: 'warning',
  },
  'recordings-sampled': {
    means: 'Of many recordings, the heads of some were looked at before the run, which reads all.',
    fix: 'Nothing.',
    severity: 'warning',
  },
  'recordings-to-skip': {
    means: 'Recordings cannot be used, and `onError: skip` leaves them out.',
    fix: 'Mend or remove them.',
    severity: 'warning',
  },
  'recordings-skipped': {
    means: 'Recordings were left out by `onError: skip`: reading all found them unusable.',
    fix: 'Mend or remove them.',
    severity: 'warning',
  },
  'spectrogram-misfit': {
    means: 'No spectrogram can be made as the options of `audio` say.',
    fix: 'Change the option that is named.',
  },
} as const satisfies MistakeTable;
