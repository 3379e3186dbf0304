import { seedFor } from '../base/seeds.ts';
import type { Chart } from './chart.ts';
import { drawFigure } from './figure.ts';
import { areImages, drawImage, verdict } from './image-tile.ts';
import { palette } from './palette.ts';
import { escape, fitText } from './text.ts';

const SIZE = 308;

/** One test image picked by the seed, large, with its label and the model's prediction. */
export const sampleImage: Chart = {
  doc: 'One test image picked by the seed, with its label and the prediction.',
  fits: areImages,
  async draw(input) {
    const sample = (seedFor(input.seed, 'sampleImage') - 1) % input.test.count;
    const { label, prediction, percent, right } = verdict(input, sample);
    const { ink, grid, blue, vermilion } = palette;
    const body = (await drawImage(input, sample, { x: 0, y: 0, size: SIZE }))
      + `<rect width="${SIZE}" height="${SIZE}" fill="none" stroke="${grid.light}"/>`
      + `<text y="${SIZE + 28}" font-size="14" fill="${ink.light}">Label: <tspan font-weight="600">${escape(fitText(label, 230, 14))}</tspan></text>`
      + `<text y="${SIZE + 50}" font-size="14" fill="${ink.light}">Prediction: <tspan font-weight="600" fill="${(right ? blue : vermilion).light}">${escape(fitText(prediction, 150, 14))}</tspan> (${percent})</text>`;
    const caption = `Test image ${sample} of ${input.test.count}, picked at random: it is labelled ${label}, and the model ${right ? 'agrees' : `says ${prediction}`}.`;
    return drawFigure('One test image', caption, { width: SIZE, height: SIZE + 56, body });
  },
};
