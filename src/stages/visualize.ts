import type { Emit } from '../base/events.ts';
import { writeFileAtomic } from '../base/files.ts';
import { array, type Form, list, object, such, text, whole } from '../base/json-form.ts';
import { hideSecretsIn } from '../base/secrets.ts';
import type { Chart, ChartInput, Figure } from '../charts/chart.ts';
import { charts } from '../charts/charts.ts';
import { isOwnSvg } from '../charts/own-svg.ts';
import { rasterize } from '../charts/rasterize.ts';
import { type ReportInput, renderReport } from '../charts/report.ts';
import { artifactPath } from '../tracking/store/run-folder.ts';

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

/** What could be drawn, and what could not. */
export interface Drawn {
  readonly figures: readonly DrawnFigure[];
  readonly leftOut: ReportInput['leftOut'];
}

/** What is drawn has to be to be shown: a report is a page that runs in a browser. */
export const drawnForm: Form<Drawn> = object({
  figures: list(
    object({
      name: text(/^[\w-]+$/),
      title: text(),
      caption: text(),
      width: such(whole, (width) => width > 0),
      svg: such(text(), isOwnSvg),
      png: array(Uint8Array),
    }),
  ),
  leftOut: list(object({ name: text(), needs: text() })),
});

/** Draws the figures. */
export async function visualize({ chartInput, figures: wanted }: VisualizeInput): Promise<Drawn> {
  const figures: DrawnFigure[] = [];
  const leftOut: { readonly name: string; readonly needs: string }[] = [];
  const shown = hideSecretsIn(chartInput);
  for (const [name, chart] of Object.entries<Chart>(charts)) {
    if (wanted !== undefined && !wanted.includes(name)) continue;
    const drawn = await drawAll(name, chart, shown);
    if (drawn.length === 0) leftOut.push({ name, needs: chart.needs });
    figures.push(...drawn);
  }
  return { figures, leftOut };
}

/** The figure, or one for each output where there are several. */
async function drawAll(name: string, chart: Chart, input: ChartInput): Promise<readonly DrawnFigure[]> {
  const finished = async (figure: Figure, own: string) => ({ ...figure, name: own, png: await rasterize(figure.svg) });
  if (chart.of === 'run') return chart.fits(input) ? [await finished(await chart.draw(input), name)] : [];
  const { outputs } = input.evaluation;
  const drawn: DrawnFigure[] = [];
  for (const [k, result] of outputs.entries()) {
    if (!chart.fits(input, result)) continue;
    // A name out of the data never becomes a path.
    const own = outputs.length === 1 ? name : `${name}-${/^[\w-]+$/.test(result.name) ? result.name : k + 1}`;
    drawn.push(await finished(await chart.draw(input, result), own));
  }
  return drawn;
}

/** Writes figures/NAME.png. */
export function writeFigures({ figures }: Drawn, artifactDirectory: string, emit: Emit): void {
  for (const { name, png } of figures) write(`figures/${name}.png`, png, artifactDirectory, emit);
}

/** Writes figures/NAME.png and report.html: for each run anew, as the report names the run. */
export function writeReport(
  drawn: Drawn,
  report: Omit<ReportInput, 'figures' | 'leftOut'>,
  artifactDirectory: string,
  emit: Emit,
): void {
  writeFigures(drawn, artifactDirectory, emit);
  write('report.html', renderReport({ ...report, ...drawn }), artifactDirectory, emit);
}

function write(path: string, data: string | Uint8Array, artifactDirectory: string, emit: Emit): void {
  writeFileAtomic(artifactPath(artifactDirectory, path), data);
  emit({ type: 'artifact', path });
}
