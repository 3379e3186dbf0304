import type { Chart, ChartInput } from './chart.ts';
import { drawFigure } from './figure.ts';
import { areImages, drawTiles } from './image-tile.ts';

const COLUMNS = 5;

/** The mistakes that the model was most sure of. */
export const misclassified: Chart = {
  doc: 'The wrong predictions that the model was most sure of.',
  fits: (input) => areImages(input) && mistakes(input).length > 0,
  async draw(input) {
    const all = mistakes(input);
    const shown = all.slice(0, 3 * COLUMNS);
    const caption = `${shown.length} of ${all.length} mistakes, the surest first: hard to read, mislabelled, or worth a closer look.`;
    return drawFigure('Most confident mistakes', caption, await drawTiles(input, shown, COLUMNS));
  },
};

function mistakes({ evaluation: { predicted, confidence }, test: { labels } }: ChartInput): number[] {
  const wrong = [...labels.keys()].filter((sample) => labels[sample] !== predicted[sample]);
  return wrong.sort((a, b) => confidence[b]! - confidence[a]! || a - b);
}
