import { join } from 'node:path';
import type { Emit } from '../base/events.ts';
import { writeFileAtomic } from '../base/files.ts';
import type { ChartInput, Figure } from '../charts/chart.ts';
import { charts } from '../charts/charts.ts';
import { rasterize } from '../charts/rasterize.ts';
import { type ReportInput, renderReport } from '../charts/report.ts';

/** What the visualize stage is told. */
export interface VisualizeInput {
  readonly chartInput: ChartInput;
  /** Names of charts, as in the file; left out: all that fit. */
  readonly figures: readonly string[] | undefined;
  readonly report: Omit<ReportInput, 'figures'>;
  /** Where the files go: figures/NAME.png and report.html. */
  readonly artifactDirectory: string;
  readonly emit: Emit;
}

/** Draws the figures and the report. */
export async function visualize({ chartInput, figures, report, artifactDirectory, emit }: VisualizeInput): Promise<readonly Figure[]> {
  const write = (path: string, data: string | Uint8Array) => {
    writeFileAtomic(join(artifactDirectory, path), data);
    emit({ type: 'artifact', path });
  };
  const drawn: Figure[] = [];
  for (const [name, chart] of Object.entries(charts)) {
    if (figures !== undefined && !figures.includes(name)) continue;
    if (!chart.fits(chartInput)) continue;
    const figure = await chart.draw(chartInput);
    write(`figures/${name}.png`, await rasterize(figure.svg));
    drawn.push(figure);
  }
  write('report.html', renderReport({ ...report, figures: drawn }));
  return drawn;
}
