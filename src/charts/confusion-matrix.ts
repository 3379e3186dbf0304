import { type Confusion, occurs } from '../base/class-scores.ts';
import type { ClassResult } from '../base/results.ts';
import { defineClassChart, placeNoun } from './chart.ts';
import { drawFigure, titleFor } from './figure.ts';
import { palette } from './palette.ts';
import { fitTexts, textWidth } from './fit-text.ts';
import { drawVega } from './vega.ts';

const { ink, paper, grid, blue, vermilion } = palette;

/** Which class is taken for which. */
export const confusionMatrix = defineClassChart({
  needs: 'two to 256 classes, one of them for each sample',
  // Of several labels at once it would be that of "no" and "yes", of all together.
  fits: (_, { classes, several, confusion }) =>
    several === undefined && classes.length > 1 && confusion?.flat().some((count) => count > 0) === true,
  async draw(input, given) {
    const result = given.tokens === undefined ? given : ofThoseThere(given);
    const { classes, confusion = [] } = result;
    const step = Math.max(12, Math.min(96, Math.floor(530 / classes.length)));
    const fontSize = Math.min(13, step * 0.36);
    const names = fitTexts(classes, 110, Math.min(12, step - 2));
    const upright = names.every((name) => textWidth(name, 12) < step - 4);
    const axis = {
      labelExpr: 'names[datum.value]',
      labelOverlap: false,
      labelFontSize: Math.min(12, step - 2),
      labelLimit: 0,
      domain: false,
      grid: false,
    } as const;
    const drawing = await drawVega({
      params: [{ name: 'names', value: names }],
      data: { values: cells(confusion) },
      width: { step },
      height: { step },
      encoding: {
        x: {
          field: 'predicted',
          type: 'ordinal',
          axis: { ...axis, title: 'predicted', labelAngle: upright ? 0 : -50, orient: 'bottom' },
        },
        y: { field: 'actual', type: 'ordinal', axis: { ...axis, title: 'actual', titlePadding: 22 } },
      },
      layer: [
        {
          mark: { type: 'rect', stroke: paper.light, strokeWidth: 1.5, cornerRadius: 2 },
          encoding: {
            color: { field: 'color', type: 'nominal', scale: null },
            fillOpacity: { field: 'opacity', type: 'quantitative', scale: null },
          },
        },
        {
          mark: { type: 'text', fontSize },
          transform: [{ filter: 'datum.count > 0' }],
          encoding: {
            text: { field: 'count', type: 'quantitative' },
            color: { field: 'textColor', type: 'nominal', scale: null },
          },
        },
      ],
    });
    return drawFigure(titleFor('Confusion matrix', input, result), caption(result), drawing);
  },
});

/** A result of tokens without those that are nowhere: a vocabulary has room for more than its texts have. */
function ofThoseThere(result: ClassResult): ClassResult {
  const { classes, confusion = [] } = result;
  const there = [...classes.keys()].filter((k) => occurs(confusion, k));
  return {
    ...result,
    classes: there.map((k) => classes[k]!),
    confusion: there.map((actual) => there.map((predicted) => confusion[actual]![predicted]!)),
  };
}

function cells(confusion: Confusion) {
  return confusion.flatMap((row, actual) => {
    const total = row.reduce((sum, count) => sum + count, 0);
    return row.map((count, predicted) => {
      const share = total === 0 ? 0 : count / total;
      // The square root keeps a mistake of half a per cent visible beside a diagonal near one.
      const opacity = count === 0 ? 0.4 : 0.04 + 0.96 * Math.sqrt(share);
      const filled = actual === predicted ? blue : vermilion;
      const color = count === 0 ? grid : filled;
      return { actual, predicted, count, opacity, color: color.light, textColor: (opacity > 0.75 ? paper : ink).light };
    });
  });
}

function caption(result: ClassResult): string {
  const { classes, confusion = [] } = result;
  const mistakes = confusion.flatMap((row, actual) =>
    row.map((count, predicted) => ({ count: actual === predicted ? 0 : count, actual, predicted })),
  );
  const worst = mistakes.reduce((a, b) => (b.count > a.count ? b : a));
  const total = mistakes.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return `All test ${placeNoun(result)} lie on the blue diagonal: no mistakes.`;
  const noun = placeNoun(result);
  const orange =
    total === 1
      ? `the one test ${noun.slice(0, -1)} that is mistaken: ` +
        `${classes[worst.actual]} is taken for ${classes[worst.predicted]}`
      : `one of the ${total} test ${noun} that are mistaken`;
  const most =
    worst.count === 1
      ? ''
      : `; most often (${worst.count} times) ${classes[worst.actual]} is taken for ${classes[worst.predicted]}`;
  const stronger = total === 1 ? '' : `, and stronger is a larger share of the row${most}`;
  return `Blue is right, orange is ${orange}${stronger}.`;
}
