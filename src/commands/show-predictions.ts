import { setImmediate } from 'node:timers/promises';
import type { WriteStream } from 'node:tty';
import { shorten } from '../base/shorten.ts';
import { displayWidth, makeVisible } from '../base/visible-text.ts';
import type { InputSpec, TargetSpec } from '../datasets/dataset.ts';
import { isReconstruction } from '../datasets/reconstruction.ts';
import { isWholeText } from '../datasets/texts/whole-texts.ts';
import type { PictureShape } from '../datasets/pictures/png-header.ts';
import type { Said } from '../models/prediction.ts';
import type { PredictedRow } from '../models/predictor.ts';
import { actualOf, lineOf } from '../models/write-predictions.ts';
import { drawPicture, drawShare } from './draw-picture.ts';

/** How predictions are shown while they come. */
export interface PredictionView {
  show(row: PredictedRow): Promise<void>;
  close(): Promise<void>;
  /** Whether nobody reads it any more. */
  isUnread(): boolean;
}

interface Signature {
  readonly inputs: readonly InputSpec[];
  readonly targets: readonly TargetSpec[];
}

/** Characters that are written at once. */
const block = 1 << 16;

/** A line of JSON for each row. */
export function showLinesOfJson({ targets }: Signature, stream: NodeJS.WritableStream): PredictionView {
  let text = '';
  let isUnread = false;
  stream.once('error', () => (isUnread = true));
  const flush = async () => {
    // A reader that is slower lets what it has not read yet grow; one that is gone is waited for by nobody.
    if (!stream.write(text)) await setImmediate();
    text = '';
  };
  return {
    show: async (row) => {
      text += `${lineOf(row, targets)}\n`;
      if (text.length > block) await flush();
    },
    close: flush,
    isUnread: () => isUnread,
  };
}

/** Rows that are aligned together. */
const together = 200;

/** Aligned rows for people; of a single picture, what it shows and the classes that it may be. */
export function showTable(
  { inputs, targets }: Signature,
  stream: Pick<WriteStream, 'write' | 'hasColors'>,
): PredictionView {
  let waiting: PredictedRow[] = [];
  let widths: readonly number[] = [];
  const print = (lines: readonly string[]) => void stream.write(lines.map((line) => `${line}\n`).join(''));
  const head = headOf(targets);
  const flush = () => {
    const rows = waiting.map((row) => cellsOf(row, targets));
    waiting = [];
    // A column of which nothing is known is not shown; the first time that something is, all are named anew.
    const isNew = head.some((_, k) => (widths[k] ?? 0) === 0 && rows.some((row) => row[k] !== ''));
    widths = head.map((name, k) => {
      const widest = Math.max(widths[k] ?? 0, ...rows.map((row) => displayWidth(row[k]!)));
      return widest === 0 ? 0 : Math.max(widest, displayWidth(name));
    });
    const lineOfCells = (row: readonly string[]) =>
      row
        .flatMap((cell, k) => (widths[k] === 0 ? [] : [padded(cell, widths[k]!)]))
        .join('  ')
        .trimEnd();
    print([...(isNew ? [head] : []), ...rows].map(lineOfCells));
  };
  return {
    show: async (row) => {
      waiting.push(row);
      if (waiting.length === together) flush();
    },
    close: async () => {
      const [only, ...more] = waiting;
      const picture = only === undefined || more.length > 0 || widths.length > 0 ? undefined : pictureOf(only, inputs);
      if (picture !== undefined)
        print([
          ...[picture, ...madeOf(only!, picture, targets)].flatMap((one) => [
            ...drawPicture(...one, stream.hasColors(2 ** 24)),
            '',
          ]),
          ...topClasses(only!, targets),
        ]);
      if (waiting.length > 0) flush();
    },
    isUnread: () => false,
  };
}

function padded(cell: string, width: number): string {
  return cell + ' '.repeat(width - displayWidth(cell));
}

const isOneOfMany = (target: TargetSpec) => target.kind === 'class' && target.shape.length === 0;

function headOf(targets: readonly TargetSpec[]): readonly string[] {
  return [
    'input',
    ...targets.flatMap((target) =>
      isReconstruction(target)
        ? [`error of ${target.name}`]
        : [makeVisible(target.name), ...(isOneOfMany(target) ? ['p', 'second', 'p'] : []), 'actual'],
    ),
  ];
}

function cellsOf(row: PredictedRow, targets: readonly TargetSpec[]): readonly string[] {
  const { predicted, probabilities, error } = row.prediction!;
  const right = actualOf(row, targets);
  return [
    placeOf(row),
    ...targets.flatMap((target) => {
      const { name } = target;
      // All of it would be the row again.
      if (isReconstruction(target)) return [showSaid(error![name]!)];
      const show = isWholeText(target) ? showText : showSaid;
      const actual = right === undefined || !Object.hasOwn(right, name) ? '' : show(right[name]!);
      if (!isOneOfMany(target)) return [show(predicted[name]!), actual];
      const [first, second] = ranked(probabilities[name]!);
      return [
        showSaid(predicted[name]!),
        percent(probabilities[name]![predicted[name] as string] ?? first![1]),
        ...(second === undefined ? ['', ''] : [makeVisible(second[0]), percent(second[1])]),
        actual,
      ];
    }),
  ];
}

/** `digits/7.png`, `penguins.csv:3`, `digits.npy[2]`. */
function placeOf({ place }: PredictedRow): string {
  const { file, ...within } = place;
  const more = Object.entries(within).map(([key, value]) => (key === 'index' ? `[${value}]` : `:${value}`));
  return makeVisible(`${file}${more.join('')}`);
}

function ranked(probabilities: Readonly<Record<string, number>>): readonly (readonly [string, number])[] {
  return Object.entries(probabilities).sort((a, b) => b[1] - a[1]);
}

const percent = (share: number) => `${(100 * share).toFixed(1)} %`.padStart(7);

function showSaid(said: Said): string {
  if (said === null) return '-';
  if (typeof said === 'number') return String(Number(said.toPrecision(6)));
  if (typeof said === 'string') return makeVisible(said);
  if (said.length === 0) return '-';
  const all = leavesOf(said);
  if (typeof said[0] !== 'object' || said[0] === null) return shorten(all.map((one) => showSaid(one)).join(' '), 60);
  return sharesOf(all);
}

/** A text as an answer, which may be long, and may be empty. */
const showText = (said: Said) => (said === '' ? '""' : shorten(showSaid(said), 60));

const leavesOf = (said: Said): readonly (string | number | null)[] =>
  Array.isArray(said) ? (said as readonly Said[]).flatMap(leavesOf) : [said as string | number | null];

/** Of classes at places in two directions or more, how much each takes. */
function sharesOf(all: readonly (string | number | null)[]): string {
  const counts = new Map<string, number>();
  for (const one of all) counts.set(String(one), (counts.get(String(one)) ?? 0) + 1);
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, 4)
    .map(([name, count]) => `${makeVisible(name)} ${percent(count / all.length).trim()}`)
    .join(', ');
}

/** The pixels of a row whose only input is a picture. */
function pictureOf(
  { x }: PredictedRow,
  [input, ...more]: readonly InputSpec[],
): readonly [Uint8Array, PictureShape] | undefined {
  const [values] = x!;
  const { shape } = input!;
  if (more.length > 0 || shape.length !== 3 || !(values instanceof Uint8Array)) return undefined;
  return [values, shape as PictureShape];
}

/** What the model makes of a picture that it is to give again. */
function madeOf(
  { values }: PredictedRow,
  [, shape]: readonly [Uint8Array, PictureShape],
  targets: readonly TargetSpec[],
): readonly (readonly [Uint8Array, PictureShape])[] {
  return targets.flatMap((target, k) =>
    isReconstruction(target)
      ? [[Uint8Array.from(Uint8ClampedArray.from(values![k]!.predicted, (value) => 255 * value)), shape] as const]
      : [],
  );
}

/** Classes that bars are drawn for. */
const mostBars = 5;

function topClasses({ prediction }: PredictedRow, targets: readonly TargetSpec[]): readonly string[] {
  return targets.filter(isOneOfMany).flatMap(({ name }) => {
    const top = ranked(prediction!.probabilities[name]!)
      .slice(0, mostBars)
      .map(([key, share]) => [makeVisible(key), share] as const);
    const width = Math.max(...top.map(([key]) => displayWidth(key)));
    return [...top.map(([key, share]) => `${padded(key, width)} ${percent(share)}  ${drawShare(share)}`.trimEnd()), ''];
  });
}
