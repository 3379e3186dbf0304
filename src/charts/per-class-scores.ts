import { isThere } from '../base/results.ts';
import { defineClassChart } from './chart.ts';
import { drawFigure, titleFor } from './figure.ts';
import { palette } from './palette.ts';
import { fitTexts } from './fit-text.ts';
import { drawVega } from './vega.ts';

const { ink, muted, grid, blue, vermilion } = palette;

/** Precision, recall and F1 of each class. */
export const perClassScores = defineClassChart({
  needs: 'classes, 256 at most',
  fits: (_, result) => result.confusion !== undefined && result.perClass.some((__, k) => isThere(result, k)),
  async draw(input, result) {
    const { perClass } = result;
    const all = perClass.map((scores, index) => ({ ...scores, index }));
    const present = all.filter(({ index }) => isThere(result, index));
    // A vocabulary has room for more than its texts have.
    const shown = result.tokens === undefined ? all : present;
    const step = Math.max(16, Math.min(52, Math.floor(520 / shown.length)));
    const scores = present.flatMap(({ precision, recall, f1, index }) =>
      Object.entries({ precision, recall, F1: f1 }).map(([score, value]) => ({ index, score, value })),
    );
    const low = Math.min(...scores.map((s) => s.value));
    const domain = ['precision', 'recall', 'F1'];
    const legend = { title: null, orient: 'top' } as const;
    const y = {
      field: 'index',
      type: 'ordinal',
      axis: {
        title: null,
        labelExpr: 'names[datum.value]',
        labelOverlap: false,
        labelLimit: 0,
        domain: false,
        grid: true,
      },
    } as const;
    // Points, not bars: a bar has to start at 0, where classes between 0.98 and 1 all look the same.
    const x = {
      field: 'value',
      type: 'quantitative',
      scale: { domain: [low - (1 - low) * 0.1 - 0.002, 1] as number[], nice: false },
      axis: { title: null, tickCount: 6, format: '~g' },
    } as const;
    const drawing = await drawVega({
      params: [
        {
          name: 'names',
          value: fitTexts(
            perClass.map(({ name }) => name),
            120,
            12,
          ),
        },
      ],
      width: 400,
      height: { step },
      layer: [
        {
          data: {
            values: present.map(({ precision, recall, index }) => ({
              index,
              value: Math.min(precision, recall),
              high: Math.max(precision, recall),
            })),
          },
          mark: { type: 'rule', strokeWidth: 3, color: grid.light },
          encoding: { x, x2: { field: 'high' }, y },
        },
        {
          data: { values: scores },
          mark: { type: 'point', filled: true, opacity: 1, size: 75 },
          encoding: {
            x,
            y,
            color: {
              field: 'score',
              type: 'nominal',
              scale: { domain, range: [blue.light, vermilion.light, ink.light] },
              legend,
            },
            shape: {
              field: 'score',
              type: 'nominal',
              scale: { domain, range: ['circle', 'triangle-up', 'diamond'] },
              legend,
            },
          },
        },
        {
          data: {
            values: shown.map(({ f1, index }) => ({
              index,
              f1: isThere(result, index) ? f1.toFixed(4) : '–',
            })),
          },
          mark: { type: 'text', align: 'left', dx: 14, fontSize: 12, color: muted.light },
          encoding: { x: { value: 400 }, y, text: { field: 'f1', type: 'nominal' } },
        },
        {
          data: { values: [{}] },
          mark: { type: 'text', text: 'F1', align: 'left', dx: 14, fontSize: 12, color: muted.light, x: 400, y: -6 },
        },
      ],
    });
    return drawFigure(
      titleFor(`Scores per ${result.several === undefined ? 'class' : 'label'}`, input, result),
      caption(present),
      drawing,
    );
  },
});

function caption(perClass: readonly { name: string; f1: number }[]): string {
  const [worst, best] = [
    perClass.reduce((a, b) => (b.f1 < a.f1 ? b : a)),
    perClass.reduce((a, b) => (b.f1 > a.f1 ? b : a)),
  ];
  if (best.f1 === worst.f1)
    return `The number is F1${perClass.length === 1 ? '' : `, and that of all classes is ${best.f1.toFixed(4)}`}.`;
  return (
    `The number is F1; best is ${best.name} (${best.f1.toFixed(4)}), ` +
    `hardest is ${worst.name} (${worst.f1.toFixed(4)}).`
  );
}
