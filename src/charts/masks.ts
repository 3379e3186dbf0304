import { permutation, seedFor } from '../base/seeds.ts';
import { type ClassResult, defineClassChart, whereThere } from './chart.ts';
import { drawFigure, titleFor } from './figure.ts';
import { drawImage } from './image-tile.ts';
import { palette } from './palette.ts';
import { escape, fitTexts } from './text.ts';

const SAMPLES = 6;
const SIZE = 120;
const GAP = 14;
const ROW_TITLE = 56;

/** What the classes are painted in; the first one is mostly the background. */
const paints = [palette.grid, palette.blue, palette.vermilion, palette.ink, palette.muted, palette.paper].map(({ light }) => [1, 3, 5].map((at) => parseInt(light.slice(at, at + 2), 16)));

/** Pictures beside their masks, as they are and as the model says. */
export const masks = defineClassChart({
  doc: 'Test pictures picked by the seed, each with its mask and the one that the model gives.',
  needs: 'pictures with a class at each pixel',
  fits: ({ pictures }, { shape, actual, there }) => pictures !== undefined && whereThere(actual, there).length > 0 && shape.length === 2 && String(shape) === String(pictures.shape.slice(0, 2)),
  async draw(input, result) {
    const { pictures, seed } = input;
    const samples = [...permutation(result.actual.length / placesOf(result), seedFor(seed, 'masks')).subarray(0, SAMPLES)];
    const columns = await Promise.all(samples.map(async (sample, i) => {
      const x = ROW_TITLE + i * (SIZE + GAP);
      const below = (row: number) => ({ x, y: row * (SIZE + GAP), size: SIZE });
      return (await drawImage(pictures!, sample, below(0))) + (await drawMask(result, result.actual, sample, below(1))) + (await drawMask(result, result.predicted, sample, below(2)));
    }));
    const titles = ['picture', 'label', 'model'].map((title, row) => `<text y="${row * (SIZE + GAP) + SIZE / 2}" font-size="13" fill="${palette.ink.light}">${title}</text>`);
    const [actual, predicted] = [whereThere(result.actual, result.there), whereThere(result.predicted, result.there)];
    const right = actual.reduce((sum, label, i) => sum + Number(label === predicted[i]), 0) / actual.length;
    const more = result.classes.length > paints.length ? ' Colours repeat after the sixth class.' : '';
    const caption = `${(100 * right).toFixed(2)} % of the pixels of all test pictures are right.${more}`;
    const width = ROW_TITLE + Math.max(samples.length, Math.min(result.classes.length, paints.length)) * (SIZE + GAP);
    return drawFigure(titleFor('Masks', input, result), caption, { width, height: 3 * (SIZE + GAP) + 20, body: titles.join('') + columns.join('') + drawLegend(result.classes) });
  },
});

const placesOf = ({ shape }: ClassResult): number => shape[0]! * shape[1]!;

/** A swatch and its class, side by side below the masks; the paint as rgb(), which no mode of the report changes, as in the masks. */
function drawLegend(classes: readonly string[]): string {
  const y = 3 * (SIZE + GAP);
  const names = fitTexts(classes, SIZE - 20, 13);
  return paints.slice(0, classes.length).map((paint, k) => {
    const x = ROW_TITLE + k * (SIZE + GAP);
    return `<rect x="${x}" y="${y}" width="14" height="14" fill="rgb(${paint.join(',')})" stroke="${palette.muted.light}"/><text x="${x + 20}" y="${y + 12}" font-size="13" fill="${palette.ink.light}">${escape(names[k]!)}</text>`;
  }).join('');
}

async function drawMask(result: ClassResult, classes: Uint8Array, sample: number, box: { x: number; y: number; size: number }): Promise<string> {
  const places = placesOf(result);
  const values = Uint8Array.from([...classes.subarray(sample * places, (sample + 1) * places)].flatMap((index) => paints[index % paints.length]!));
  return drawImage({ shape: [...result.shape, 3], values }, 0, box);
}
