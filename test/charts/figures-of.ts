import type { Chart, ChartInput, Figure } from '../../src/charts/chart.ts';

/** The figures that a chart draws of an input: none where it does not fit, one for each output that it fits. */
export async function figuresOf(chart: Chart, input: ChartInput): Promise<Figure[]> {
  if (chart.of === 'run') return chart.fits(input) ? [await chart.draw(input)] : [];
  return Promise.all(
    input.evaluation.outputs.filter((result) => chart.fits(input, result)).map((result) => chart.draw(input, result)),
  );
}
