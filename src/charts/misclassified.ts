import type { ClassResult } from '../base/results.ts';
import { defineClassChart } from './chart.ts';
import { drawFigure, titleFor } from './figure.ts';
import { classedImages, drawTiles } from './image-tile.ts';

const COLUMNS = 5;

/** The mistakes that the model was most sure of. */
export const misclassified = defineClassChart({
  needs: `${classedImages.needs}, and mistakes`,
  fits: (input, result) => classedImages.fits(input, result) && mistakes(result).length > 0,
  async draw(input, result) {
    const all = mistakes(result);
    const shown = all.slice(0, 3 * COLUMNS);
    const caption =
      `${shown.length} of ${all.length} mistakes, the surest first: ` +
      'hard to read, mislabelled, or worth a closer look.';
    return drawFigure(
      titleFor('Most confident mistakes', input, result),
      caption,
      await drawTiles(input.pictures!, result, shown, COLUMNS),
    );
  },
});

function mistakes({ actual, predicted, confidence, there }: ClassResult): number[] {
  const wrong = [...actual.keys()].filter((sample) => actual[sample] !== predicted[sample] && there?.[sample] !== 0);
  return wrong.sort((a, b) => confidence[b]! - confidence[a]! || a - b);
}
