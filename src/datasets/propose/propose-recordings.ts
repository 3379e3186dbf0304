import { UserError } from '../../base/diagnostics.ts';
import { showCount } from '../../base/quantities.ts';
import { deafBins, spectrogramShape } from '../audio/mel-spectrogram.ts';
import { wrongRate } from '../audio/encode-recording.ts';
import { type Heard, headOf } from '../audio/recordings.ts';
import { type ClassedFolders, type FailedFile, skipping, without } from './classed-folders.ts';
import { byCount, type Entry, type Proposal } from './proposal.ts';
import { spread } from './propose-pictures.ts';

/** Recordings whose heads are looked at, spread over all. */
const mostLookedAt = 400;

/** Seconds of a recording that a net is given at most: more takes long, and memory. */
const longest = 10;

/** Windows of a spectrogram, at most. */
const mostFrames = 400;

/**
 * What is learnt from sub-folders that hold recordings.
 *
 * @throws UserError where none of them can be used, or they differ in their rate
 */
export function proposeAudio(found: ClassedFolders): Proposal {
  const looked = spread(found.paths, mostLookedAt);
  const [heard, failed]: [Heard[], FailedFile[]] = [[], []];
  for (const path of looked) {
    try {
      heard.push({ path, ...headOf(path) });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      failed.push({ path, error });
    }
  }
  if (heard.length === 0) throw failed[0]!.error;
  const counts = new Map<string, number>();
  for (const { head } of heard) counts.set(String(head.rate), (counts.get(String(head.rate)) ?? 0) + 1);
  const rate = Number(byCount(counts)[0]!.name);
  const differing = heard.filter(({ head }) => head.rate !== rate);
  if (differing.length > 0)
    throw wrongRate(
      differing.map(({ path, head }) => ({ name: path, head })),
      { sampleRate: rate },
      heard.length,
    );
  const seconds = secondsOf(heard);
  const windows = windowsOf(rate, seconds.value);
  const [frames, mels] = spectrogramShape({ ...windows, sampleRate: rate, seconds: seconds.value, minFrequency });
  const all = looked.length === found.paths.length;
  const left = without(found, all ? failed.map(({ path }) => path) : []);
  return {
    source: 'audio',
    read: `the heads of ${all ? 'all' : `${showCount(looked.length)} of`} ${showCount(found.paths.length)} recordings`,
    options: [
      ...found.options,
      seconds,
      ...(rate === usual.rate ? [] : [{ key: 'sampleRate', value: rate, because: 'all have it' }]),
      ...windowEntries(windows, { frames, rate }),
      ...skipping(failed, looked.length),
      found.test,
    ],
    split: found.split,
    task: { kind: 'class', target: 'label', classes: left.classes },
    given: { kind: 'spectrogram', shape: [frames, mels] },
    samples: left.samples,
    notes: found.notes,
  };
}

/** As much as nine of ten recordings have, in tenths of a second. */
function secondsOf(heard: readonly Heard[]): Entry & { readonly value: number } {
  const lengths = heard.map(({ head }) => head.count / head.rate).sort((a, b) => a - b);
  // What a tenth is short of by rounding alone is no second more.
  const tenths = (seconds: number) => Math.max(1, Math.ceil(10 * seconds - 0.01)) / 10;
  const [shortest, most] = [tenths(lengths[0]!), tenths(lengths.at(-1)!)];
  const enough = tenths(lengths[Math.floor(0.9 * (lengths.length - 1))]!);
  const nine = enough < most ? `, nine of ten ${enough} at most` : '';
  const seen = shortest === most ? `all take ${most} at most` : `they take ${shortest} to ${most}${nine}`;
  return {
    key: 'seconds',
    value: Math.min(longest, enough),
    because: enough > longest ? `${seen}; more takes long to learn` : seen,
  };
}

/** Samples per second, and the windows of 25 ms, 10 ms apart, that there are where nothing is said. */
const usual = { rate: 16_000, windows: { fftLength: 512, frameLength: 400, frameStep: 160, numMelBins: 64 } };

/** Bins that the net halves twice. */
const fewestBins = 8;

/** Where the lowest bin begins, in Hz, as where nothing is said. */
const minFrequency = 20;

type Windows = typeof usual.windows;

/** Windows of 25 ms, as far apart as the usual ones, or so that they are not too many. */
function windowsOf(rate: number, seconds: number): Windows {
  const frameLength = 2 * Math.max(2, Math.round(rate / 80));
  const windows = {
    fftLength: 2 ** Math.ceil(Math.log2(frameLength)),
    frameLength,
    frameStep: Math.max(1, Math.round(rate / 100), Math.ceil((rate * seconds) / mostFrames)),
    numMelBins: rate < usual.rate ? 40 : usual.windows.numMelBins,
  };
  // A low rate leaves few frequencies below its half, and each bin has to hold one.
  while (windows.numMelBins > fewestBins && deafBins({ ...windows, sampleRate: rate, seconds, minFrequency }) > 0)
    windows.numMelBins--;
  return windows;
}

/** The options of windows that are not the usual ones. */
function windowEntries(
  windows: Windows,
  { frames, rate }: { readonly frames: number; readonly rate: number },
): readonly Entry[] {
  const reasons: Readonly<Record<keyof Windows, string>> = {
    fftLength: 'a power of two that holds a window',
    frameLength: '25 ms',
    frameStep: `${Math.round((1000 * windows.frameStep) / rate)} ms, so ${frames} windows`,
    numMelBins: 'fewer than usual, as there are no high frequencies',
  };
  return (Object.keys(reasons) as (keyof Windows)[])
    .filter((key) => windows[key] !== usual.windows[key])
    .map((key) => ({ key, value: windows[key], because: reasons[key] }));
}
