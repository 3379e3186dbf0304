import type { ReconstructionResult } from '../base/results.ts';
import { showMeasure } from '../base/quantities.ts';
import { sizeOf } from '../base/tensor-shape.ts';
import type { OutputChart, Pictures } from './chart.ts';
import { drawFigure, titleFor } from './figure.ts';
import { drawImage } from './image-tile.ts';
import { palette } from './palette.ts';

const SIZE = 96;
const GAP = 12;
const ROW_TITLE = 60;

/** Pictures above what the model makes of them. */
export const reconstructions: OutputChart = {
  of: 'output',
  needs: 'pictures that are to be learnt themselves (`targets: input`)',
  fits: ({ pictures }, result) =>
    pictures !== undefined && result.kind === 'reconstruction' && String(result.shape) === String(pictures.shape),
  async draw(input, given) {
    const result = given as ReconstructionResult;
    const pictures = input.pictures!;
    const [height, width] = pictures.shape as readonly [number, number];
    const tall = Math.min(SIZE, Math.max(24, Math.ceil((SIZE * height) / width)));
    const top = (row: number) => row * (tall + GAP);
    const columns = await Promise.all(
      result.rows.map(async (sample, i) => {
        const x = ROW_TITLE + i * (SIZE + GAP);
        // Pictures stand in the middle of a square.
        const below = (row: number) => ({ x, y: top(row) - (SIZE - tall) / 2, size: SIZE });
        const pair = pairOf(pictures, result, i);
        const error =
          `<text x="${x + SIZE / 2}" y="${top(2) + 8}" font-size="12" text-anchor="middle" ` +
          `fill="${palette.muted.light}">${showMeasure(result.errors[sample]!)}</text>`;
        return (await drawImage(pair, 0, below(0))) + (await drawImage(pair, 1, below(1))) + error;
      }),
    );
    const titles = ['picture', 'model'].map(
      (title, row) => `<text y="${top(row) + tall / 2}" font-size="13" fill="${palette.ink.light}">${title}</text>`,
    );
    const error = `<text y="${top(2) + 8}" font-size="13" fill="${palette.ink.light}">error</text>`;
    return drawFigure(titleFor('Pictures and their reconstructions', input, result), caption(result), {
      width: ROW_TITLE + result.rows.length * (SIZE + GAP) - GAP,
      height: top(2) + 14,
      body: `${titles.join('')}${error}${columns.join('')}`,
    });
  },
};

/** A test picture, and what the model makes of it. @param place among those that are shown */
function pairOf(pictures: Pictures, { shape, rows, predicted }: ReconstructionResult, place: number): Pictures {
  const size = sizeOf(shape);
  // What goes beyond black and white is shown as these.
  const made = Uint8Array.from(
    Uint8ClampedArray.from(predicted.subarray(place * size, (place + 1) * size), (v) => 255 * v),
  );
  return { ...pictures, shape, read: async (sample) => (sample === 0 ? pictures.read(rows[place]!) : made) };
}

function caption({ errors, rows }: ReconstructionResult): string {
  const sorted = errors.toSorted();
  const at = (share: number) => showMeasure(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!);
  return (
    `${rows.length} test pictures, and what is left of each behind the narrowest place of the model. ` +
    `The mean squared error of half of all is below ${at(0.5)}, that of 99 in 100 below ${at(0.99)}.`
  );
}
