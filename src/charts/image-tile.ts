import { type ClassResult, whereThere } from '../base/results.ts';
import type { ChartInput, Pictures } from './chart.ts';
import { palette } from './palette.ts';
import { escape, fitTexts } from './fit-text.ts';

const { ink, muted, grid, paper, vermilion } = palette;

/** Height of the three lines of text below a picture. */
const TEXT_HEIGHT = 54;
/** Where names begin in those, after what they are. */
const NAME_AT = 46;

/** What figures of pictures with one class each need. */
export const classedImages = {
  needs: 'pictures or recordings with one class each',
  fits: ({ pictures }: ChartInput, { shape, actual, there }: ClassResult): boolean =>
    pictures !== undefined && shape.length === 0 && whereThere(actual, there).length > 0,
};

/** What to call the actual and the predicted class of a test sample, and how sure the model was. */
export function verdict({ classes, actual, predicted, confidence }: ClassResult, sample: number) {
  const name = (index: number): string => classes[index] ?? String(index);
  const percent = `${(confidence[sample]! * 100).toFixed(1)} %`;
  return {
    label: name(actual[sample]!),
    prediction: name(predicted[sample]!),
    percent,
    right: actual[sample] === predicted[sample],
  };
}

/** One of some pictures as an SVG `<image>` element. */
export async function drawImage(
  pictures: Omit<Pictures, 'noun'>,
  sample: number,
  box: { x: number; y: number; size: number },
): Promise<string> {
  const { encode } = await import('fast-png');
  const [height, width, channels] = pictures.shape as [number, number, number];
  const pixels = await pictures.read(sample);
  // A drawing on an empty ground is shown as ink on paper, as matplotlib's "Greys" does; a photograph as it is.
  const drawing = channels === 1 && (await pictures.areDrawings());
  const png = encode({ width, height, channels, data: drawing ? pixels.map((value) => 255 - value) : pixels });
  return (
    `<image x="${box.x}" y="${box.y}" width="${box.size}" height="${box.size}" image-rendering="optimizeSpeed" ` +
    `style="image-rendering:pixelated" href="data:image/png;base64,${Buffer.from(png).toString('base64')}"/>`
  );
}

/** Test samples in rows, each with its label and the model's prediction; wrong ones are framed and crossed. */
export async function drawTiles(pictures: Pictures, result: ClassResult, samples: readonly number[], columns: number) {
  const size = 100;
  const [across, down] = [size + 18, size + TEXT_HEIGHT + 18];
  const named = { ...result, classes: fitTexts(result.classes, size - NAME_AT, 12) };
  const tiles = await Promise.all(
    samples.map((sample, i) =>
      drawTile(pictures, named, sample, { x: (i % columns) * across, y: Math.floor(i / columns) * down, size }),
    ),
  );
  return {
    width: Math.min(columns, samples.length) * across - 18,
    height: Math.ceil(samples.length / columns) * down - 18,
    body: tiles.join(''),
  };
}

async function drawTile(
  pictures: Pictures,
  result: ClassResult,
  sample: number,
  box: { x: number; y: number; size: number },
): Promise<string> {
  const { x, y, size } = box;
  const { label, prediction, percent, right } = verdict(result, sample);
  const frame =
    `<rect x="${x}" y="${y}" width="${size}" height="${size}" rx="2" fill="none" ` +
    `stroke="${right ? grid.light : vermilion.light}" stroke-width="${right ? 1 : 3}"/>`;
  const cross = right
    ? ''
    : `<circle cx="${x + size - 2}" cy="${y + 2}" r="9" fill="${vermilion.light}"/>` +
      `<path d="M${x + size - 6} ${y - 2}l8 8m0 -8l-8 8" ` +
      `stroke="${paper.light}" stroke-width="2" stroke-linecap="round"/>`;
  const color = (right ? ink : vermilion).light;
  return (
    (await drawImage(pictures, sample, box)) +
    frame +
    cross +
    line(box, 18, 'label', label, `font-weight="600" fill="${ink.light}"`) +
    line(box, 34, 'model', prediction, `font-weight="600" fill="${color}"`) +
    line(box, 50, 'sure', percent, `fill="${muted.light}"`)
  );
}

function line(
  { x, y, size }: { x: number; y: number; size: number },
  below: number,
  what: string,
  value: string,
  style: string,
): string {
  return (
    `<text x="${x}" y="${y + size + below}" font-size="12" fill="${muted.light}">${what}</text>` +
    `<text x="${x + NAME_AT}" y="${y + size + below}" font-size="12" ${style}>${escape(value)}</text>`
  );
}
