import { permutation, seedFor } from '../base/seeds.ts';
import type { Chart } from './chart.ts';
import { drawFigure } from './figure.ts';
import { areImages, drawTiles, verdict } from './image-tile.ts';

const COLUMNS = 8;

/** Test images picked by the seed, each with its label and the model's prediction. */
export const imageGrid: Chart = {
  doc: 'Test images picked by the seed, each with its label and the prediction.',
  fits: areImages,
  async draw(input) {
    const order = permutation(input.test.count, seedFor(input.seed, 'imageGrid'));
    const samples = [...order.subarray(0, 4 * COLUMNS)];
    const right = samples.filter((sample) => verdict(input, sample).right).length;
    const caption = `${samples.length} test images picked at random: the model has ${right} right and ${samples.length - right} wrong (framed and crossed).`;
    return drawFigure('Test images and predictions', caption, await drawTiles(input, samples, COLUMNS));
  },
};
