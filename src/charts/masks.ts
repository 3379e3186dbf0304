import type { ClassIndices } from '../base/class-indices.ts';
import { type ClassResult, whereThere } from '../base/results.ts';
import { permutation, seedFor } from '../base/seeds.ts';
import { defineClassChart } from './chart.ts';
import { type Drawing, drawFigure, titleFor } from './figure.ts';
import { drawImage } from './image-tile.ts';
import { classPaints, palette } from './palette.ts';
import { escape, fitTexts, textWidth } from './fit-text.ts';

const SAMPLES = 6;
const SIZE = 120;
const GAP = 14;
const ROW_TITLE = 56;

const paints = classPaints.map((paint) => [1, 3, 5].map((at) => parseInt(paint.slice(at, at + 2), 16)));

/** Pictures beside their masks, as they are and as the model says. */
export const masks = defineClassChart({
  needs: 'pictures with a class at each pixel',
  fits: ({ pictures }, { shape, actual, there }) =>
    pictures !== undefined &&
    whereThere(actual, there).length > 0 &&
    shape.length === 2 &&
    String(shape) === String(pictures.shape.slice(0, 2)),
  async draw(input, result) {
    const { pictures, seed } = input;
    const [height, width] = result.shape as readonly [number, number];
    const tall = Math.min(SIZE, Math.max(24, Math.ceil((SIZE * height) / width)));
    const top = (row: number) => row * (tall + GAP);
    const samples = [
      ...permutation(result.actual.length / placesOf(result), seedFor(seed, 'masks')).subarray(0, SAMPLES),
    ];
    const columns = await Promise.all(
      samples.map(async (sample, i) => {
        const x = ROW_TITLE + i * (SIZE + GAP);
        // Pictures stand in the middle of a square.
        const below = (row: number) => ({ x, y: top(row) - (SIZE - tall) / 2, size: SIZE });
        return (
          (await drawImage(pictures!, sample, below(0))) +
          (await drawMask(result, result.actual, sample, below(1))) +
          (await drawMask(result, result.predicted, sample, below(2)))
        );
      }),
    );
    const titles = ['picture', 'label', 'model'].map(
      (title, row) => `<text y="${top(row) + tall / 2}" font-size="13" fill="${palette.ink.light}">${title}</text>`,
    );
    const [actual, predicted] = [whereThere(result.actual, result.there), whereThere(result.predicted, result.there)];
    let right = 0;
    actual.forEach((label: number, i: number) => (right += Number(label === predicted[i])));
    const more = result.classes.length > paints.length ? ` Colours repeat after ${paints.length} classes.` : '';
    const share = ((100 * right) / actual.length).toFixed(2);
    const caption = `${share} % of the pixels of all test pictures are right.${more}`;
    const legend = drawLegend(result.classes, top(3));
    return drawFigure(titleFor('Masks', input, result), caption, {
      width: Math.max(ROW_TITLE + samples.length * (SIZE + GAP), legend.width),
      height: legend.bottom,
      body: titles.join('') + columns.join('') + legend.body,
    });
  },
});

const placesOf = ({ shape }: ClassResult): number => shape[0]! * shape[1]!;

/**
 * A swatch and its class, side by side below the masks, as many in a row as there are columns of pictures; the paint as
 * rgb(), which no mode of the report changes, as in the masks.
 */
function drawLegend(
  classes: readonly string[],
  first: number,
): Pick<Drawing, 'width' | 'body'> & { readonly bottom: number } {
  const shown = Math.min(classes.length, paints.length);
  const room = Math.max(SIZE + GAP, Math.floor((SAMPLES * (SIZE + GAP)) / shown)) - GAP - 20;
  let [x, y, width] = [ROW_TITLE, first, 0];
  const body = fitTexts(classes, room, 13)
    .slice(0, shown)
    .map((name, k) => {
      const swatch =
        `<rect x="${x}" y="${y}" width="14" height="14" fill="rgb(${paints[k]!.join(',')})" ` +
        `stroke="${palette.muted.light}"/>`;
      const text =
        `<text x="${x + 20}" y="${y + 12}" font-size="13" fill="${palette.ink.light}">` + `${escape(name)}</text>`;
      // Columns of pictures, where names are short.
      x += Math.max(SIZE + GAP, Math.ceil(20 + textWidth(name, 13) + GAP));
      width = Math.max(width, x);
      if ((k + 1) % SAMPLES === 0 && k + 1 < shown) [x, y] = [ROW_TITLE, y + 22];
      return swatch + text;
    })
    .join('');
  return { width, bottom: y + 20, body };
}

async function drawMask(
  result: ClassResult,
  classes: ClassIndices,
  sample: number,
  box: { x: number; y: number; size: number },
): Promise<string> {
  const places = placesOf(result);
  const values = Uint8Array.from(
    [...classes.subarray(sample * places, (sample + 1) * places)].flatMap((index) => paints[index % paints.length]!),
  );
  return drawImage({ shape: [...result.shape, 3], read: async () => values, areDrawings: async () => false }, 0, box);
}
