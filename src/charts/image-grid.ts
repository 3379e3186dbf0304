import { permutation, seedFor } from '../base/seeds.ts';
import { defineClassChart } from './chart.ts';
import { drawFigure, titleFor } from './figure.ts';
import { classedImages, drawTiles, verdict } from './image-tile.ts';

const COLUMNS = 8;

/** Test samples picked by the seed, each with its label and the model's prediction. */
export const imageGrid = defineClassChart({
  ...classedImages,
  async draw(input, result) {
    const { pictures, seed } = input;
    const { noun } = pictures!;
    const order = permutation(result.actual.length, seedFor(seed, 'imageGrid')).filter(
      (sample) => result.there?.[sample] !== 0,
    );
    const samples = [...order.subarray(0, 4 * COLUMNS)];
    const right = samples.filter((sample) => verdict(result, sample).right).length;
    const caption =
      `${samples.length} test ${noun}s picked at random: ` +
      `the model has ${right} right and ${samples.length - right} wrong (framed and crossed).`;
    return drawFigure(
      titleFor(`Test ${noun}s and predictions`, input, result),
      caption,
      await drawTiles(pictures!, result, samples, COLUMNS),
    );
  },
});
