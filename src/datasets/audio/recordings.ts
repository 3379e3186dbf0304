import { closeSync, fstatSync, readSync } from 'node:fs';
import { relative } from 'node:path';
import { crc32 } from 'node:zlib';
import { UserError, failure } from '../../base/diagnostics.ts';
import { showCount } from '../../base/quantities.ts';
import { openFile } from '../../base/read-file.ts';
import { shellWord } from '../../base/shell-word.ts';
import { type AudioOptions, at } from './audio-options.ts';
import { type Unusable, listPaths } from '../pictures/check-pictures.ts';
import type { DataWarning } from '../dataset.ts';
import { WrongOption } from '../wrong-option.ts';
import type { FileSort } from '../pictures/list-pictures.ts';
import { recordingNames, wrongRate } from './encode-recording.ts';
import { lengthOf } from './mel-spectrogram.ts';
import { dataFileLimit, explainUnread } from '../files/read-bytes.ts';
import { type WavHead, readWavHead } from './read-wav.ts';

/** Recordings of all formats that can be read. */
export const recordingFiles: FileSort = {
  dataset: 'audio',
  wanted: recordingNames,
  all: /\.(wav|wave|mp3|flac|ogg|oga|opus|m4a|aac|aiff?|aifc|wma|au|snd|amr|caf|w64|rf64|webm)$/i,
  called: 'WAV file',
  noun: ['recording', 'recordings'],
  formats: 'WAV',
  codes: { none: 'no-recordings', foreign: 'foreign-recordings', leftOut: 'recordings-left-out' },
  convert: (folder, made) =>
    `such as with ffmpeg: \`mkdir -p ${made} && for f in ${shellWord(folder)}/*; do ffmpeg -i "$f" ` +
    `${made}/"$(basename "$f")".wav; done\``,
};

/** The head of a recording. */
export interface Heard {
  readonly path: string;
  readonly head: WavHead;
  /** Equal in files that are equal, and seldom in others. */
  readonly mark: string;
}

/** What the heads of recordings tell. */
export interface CheckedRecordings {
  /** Those that cannot be used, where they are to be skipped. */
  readonly skipped: ReadonlySet<string>;
  readonly warnings: readonly DataWarning[];
  readonly heard: readonly Heard[];
  /** Bytes of the largest file that was looked at. */
  readonly largest: number;
}

/** Recordings whose heads are looked at before a run, as check-pictures.ts does. */
const mostHeads = 4000;

/**
 * Looks at the heads of recordings.
 *
 * @param from the folder that paths in messages count from
 * @throws UserError where some have another rate, or cannot be used and are not to be skipped
 */
export function checkRecordings(paths: readonly string[], from: string, given: AudioOptions): CheckedRecordings {
  const step = Math.ceil(paths.length / mostHeads);
  const seen = paths.filter((_, index) => index % step === 0);
  const heard: Heard[] = [];
  const failed: Unusable[] = [];
  let largest = 0;
  for (const path of seen) {
    try {
      const { size, ...head } = headOf(path);
      heard.push({ path, ...head });
      largest = Math.max(largest, size);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      failed.push({ path, error });
    }
  }
  const [first, ...more] = failed;
  if (first !== undefined && (given.onError === 'fail' || heard.length === 0)) {
    const { code, message, hint } = first.error.diagnostics[0]!;
    const others = listPaths(
      more.map(({ path }) => path),
      from,
    );
    throw failure(
      code,
      more.length === 0 ? message : `${message}; ${more.length} more cannot be used either: ${others}`,
      hint,
      first.error,
    );
  }
  const differing = heard.filter(({ head }) => head.rate !== given.sampleRate);
  if (differing.length > 0)
    throw new WrongOption(
      at('sampleRate'),
      wrongRate(
        differing.map(({ path, head }) => ({ name: relative(from, path), head })),
        given,
        heard.length,
      ),
    );
  return {
    skipped: new Set(failed.map(({ path }) => path)),
    heard,
    largest,
    warnings: [
      ...warnOfLengths(heard, given),
      ...warnOfSkipped('recordings-to-skip', failed, { from, total: seen.length }),
      ...(step === 1 ? [] : [sampled(seen.length, paths.length)]),
    ],
  };
}

/** Bytes of a file, in its middle, that are compared with others. */
const block = 4096;

/** Reads the head of a recording. @throws UserError where it is none that can be read */
export function headOf(path: string): Omit<Heard, 'path'> & { readonly size: number } {
  try {
    const file = openFile(path);
    try {
      const { size } = fstatSync(file);
      if (size > dataFileLimit) throw Object.assign(new Error('it is too large'), { code: 'EFBIG' });
      const read = (offset: number, length: number) => {
        const bytes = Buffer.alloc(length);
        return bytes.subarray(0, readSync(file, bytes, 0, length, offset));
      };
      // Many begin with silence.
      const mark = `${size} ${crc32(read(Math.floor(size / 2), block))}`;
      return { head: readWavHead(path, read, size), size, mark };
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw explainUnread({ path }, error);
  }
}

/** What is cut off or filled up is told, as the file does not show it. */
function warnOfLengths(heard: readonly Heard[], given: AudioOptions): readonly DataWarning[] {
  const length = lengthOf(given);
  // Rounded up: so much reads all of it.
  const seconds = ({ head: { count, rate } }: Heard) => Math.ceil((count / rate) * 1e4) / 1e4;
  const sorted = heard.toSorted((a, b) => a.head.count - b.head.count);
  const [shortest, longest] = [sorted[0]!, sorted.at(-1)!];
  const [shorter, longer] = [
    // Half a second at 11,025 Hz is no whole number of samples.
    heard.filter(({ head }) => head.count < length - 1).length,
    heard.filter(({ head }) => head.count > length).length,
  ];
  const parts = [
    ...(longer === 0 ? [] : [`${longer} are longer and cut off (up to ${seconds(longest)} s)`]),
    ...(shorter === 0 ? [] : [`${shorter} are shorter and filled up with silence (down to ${seconds(shortest)} s)`]),
  ];
  if (parts.length === 0) return [];
  return [
    {
      code: 'recording-lengths',
      problem: `of ${heard.length} recordings, ${given.seconds} s of each are read: ${parts.join(', ')}`,
      hint:
        longer === 0
          ? '`seconds` says how much of each is read.'
          : `\`seconds: ${seconds(longest)}\` reads all of the longest.`,
      path: at('seconds'),
    },
  ];
}

const sampled = (seen: number, all: number): DataWarning => ({
  code: 'recordings-sampled',
  problem: `the heads of ${showCount(seen)} of ${showCount(all)} recordings were looked at, spread over all of them`,
  hint: 'The run reads all, and tells what is wrong with the others.',
});

/** Counts and names recordings that are left out. */
export function warnOfSkipped(
  code: 'recordings-to-skip' | 'recordings-skipped',
  skipped: readonly Unusable[],
  { from, total }: { readonly from: string; readonly total: number },
): readonly DataWarning[] {
  if (skipped.length === 0) return [];
  const was = skipped.length === 1 ? 'was' : 'were';
  const [{ path, error }] = skipped as [Unusable];
  const reason = error.diagnostics[0]!.message.replace(path, 'it').slice(0, 120);
  const paths = skipped.map((one) => one.path);
  return [
    {
      code,
      problem:
        `${skipped.length} of ${total} recordings ${code === 'recordings-skipped' ? was : 'will be'} skipped: ` +
        `${listPaths(paths, from)} (${reason})`,
      hint: 'Mend or remove them; `onError: fail` ends the run instead.',
    },
  ];
}
