import { seedFor } from '../base/seeds.ts';
import { defineClassChart } from './chart.ts';
import { drawFigure, titleFor } from './figure.ts';
import { classedImages, drawImage, verdict } from './image-tile.ts';
import { palette } from './palette.ts';
import { escape, fitText } from './fit-text.ts';

const SIZE = 308;

/** One test sample picked by the seed, large, with its label and the model's prediction. */
export const sampleImage = defineClassChart({
  ...classedImages,
  async draw(input, result) {
    const { pictures, seed } = input;
    const { noun } = pictures!;
    const sample = (seedFor(seed, 'sampleImage') - 1) % result.actual.length;
    const { label, prediction, percent, right } = verdict(result, sample);
    const { ink, grid, blue, vermilion } = palette;
    const body =
      (await drawImage(pictures!, sample, { x: 0, y: 0, size: SIZE })) +
      `<rect width="${SIZE}" height="${SIZE}" fill="none" stroke="${grid.light}"/>` +
      `<text y="${SIZE + 28}" font-size="14" fill="${ink.light}">Label: <tspan font-weight="600">` +
      `${escape(fitText(label, 230, 14))}</tspan></text>` +
      `<text y="${SIZE + 50}" font-size="14" fill="${ink.light}">Prediction: ` +
      `<tspan font-weight="600" fill="${(right ? blue : vermilion).light}">` +
      `${escape(fitText(prediction, 150, 14))}</tspan> (${percent})</text>`;
    const caption =
      `Test ${noun} ${sample} of ${result.actual.length}, picked at random: ` +
      `it is labelled ${label}, and the model ${right ? 'agrees' : `says ${prediction}`}.`;
    return drawFigure(titleFor(`One test ${noun}`, input, result), caption, { width: SIZE, height: SIZE + 56, body });
  },
});
