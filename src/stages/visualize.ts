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
}

/** A figure under its name, for the report and as a file. */
export interface DrawnFigure extends Figure {
  readonly name: string;
  readonly png: Uint8Array;
}

/** Draws the figures. */
export async function visualize({ chartInput, figures }: VisualizeInput): Promise<readonly DrawnFigure[]> {
  const drawn: DrawnFigure[] = [];
  for (const [name, chart] of Object.entries(charts)) {
    if (figures !== undefined && !figures.includes(name)) continue;
    if (!chart.fits(chartInput)) continue;
    const figure = await chart.draw(chartInput);
    drawn.push({ ...figure, name, png: await rasterize(figure.svg) });
  }
  return drawn;
}

/** Writes figures/NAME.png and report.html: for each run anew, as the report names the run. */
export function writeReport(figures: readonly DrawnFigure[], report: Omit<ReportInput, 'figures'>, artifactDirectory: string, emit: Emit): void {
  const write = (path: string, data: string | Uint8Array) => {
    writeFileAtomic(join(artifactDirectory, path), data);
    emit({ type: 'artifact', path });
  };
  for (const { name, png } of figures) write(`figures/${name}.png`, png);
  write('report.html', renderReport({ ...report, figures }));
}
