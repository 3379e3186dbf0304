import type { Evaluation, History } from '../base/results.ts';
import type { SampleNoun } from '../base/events.ts';
import { showCount, showDuration, showMeasure } from '../base/quantities.ts';
import { sampleIntervals } from '../base/sample-intervals.ts';
import type { DataFile } from '../datasets/files/data-file.ts';
import { showSamplePlace } from '../datasets/findings/examine-data.ts';
import type { Scale } from '../datasets/scale.ts';
import type { SuspectLabels } from '../datasets/findings/suspect-labels.ts';
import type { Figure, Reference } from './chart.ts';
import { classTables } from './report-classes.ts';
import { renderFigures, renderPage, renderTiles } from './report-page.ts';
import { renderTable, scroll, section } from './report-table.ts';
import { escape } from './fit-text.ts';

/** All that the report says about a run. Texts are plain: they are escaped on the way into the page. */
export interface ReportInput {
  /** The pipeline's name. */
  readonly name: string;
  readonly run: {
    readonly name: string;
    /** What was tried, where it was no run in earnest. */
    readonly trial?: string;
    /** In words for people, such as `2026-11-24 09:10 UTC`. */
    readonly startedAt: string;
    readonly durationSeconds: number;
    /** Throughput of training. */
    readonly pace: { readonly perSecond: number; readonly samples: SampleNoun };
    readonly seed: number;
    /** Stages whose outcome an earlier run made. */
    readonly kept: readonly { readonly stage: string; readonly runId: string }[];
  };
  readonly history: History;
  /** See ChartInput. */
  readonly best?: number;
  readonly evaluation: Evaluation;
  /** How the targets that are numbers were standardized for training, component by component, or why they were not. */
  readonly numbers?: readonly {
    readonly name: string;
    readonly scales: readonly Scale[] | null;
    readonly why: string | null;
  }[];
  /** What the training tells of labels that it watched. */
  readonly suspects?: readonly SuspectLabels[];
  readonly reference?: Reference;
  readonly figures: readonly Figure[];
  /** Figures that do not apply, and what they would need. */
  readonly leftOut: readonly { readonly name: string; readonly needs: string }[];
  readonly layers: readonly LayerLine[];
  /** Trainable and fixed parameters of the whole model. */
  readonly parameters: number;
  readonly pipeline: {
    readonly file: string;
    /** As it was read. */
    readonly text: string;
    /** What was set over it, such as `train.epochs=3`. */
    readonly settings: readonly string[];
    /** What ran, with every default; left out: the file as it was read says it. */
    readonly resolved?: string;
  };
  readonly weightsSha256: string;
  readonly dataFiles: readonly DataFile[];
  /** Name -> version of what took part: layerline, TensorFlow, Node, ... */
  readonly versions: Readonly<Record<string, string>>;
  readonly tracking: {
    /** The store's folder, or the server's address without credentials. */
    readonly where: string;
    readonly experimentId: string;
    readonly runId: string;
    /** The command or the address that opens it. */
    readonly open: string;
  };
}

/** One line of the layer table. */
export interface LayerLine {
  readonly name: string;
  readonly type: string;
  /** Without the batch. */
  readonly outputShape: readonly number[];
  readonly parameters: number;
}

/** The whole run as one HTML page that needs nothing else: no script, no address, no file. */
export function renderReport(input: ReportInput): string {
  const about =
    `<p class="about">Run ${escape(input.run.name)}, started ${escape(input.run.startedAt)}</p>` +
    `${keptStages(input)}${trialNote(input)}`;
  return renderPage(
    input.name,
    about,
    parts.map((part) => part(input)),
  );
}

const parts = [
  tiles,
  figures,
  metricsTable,
  intervals,
  numbers,
  labels,
  comparison,
  ({ evaluation }: ReportInput) => classTables(evaluation),
  epochs,
  layers,
  pipeline,
  provenance,
  tracking,
];

function keptStages({ run: { kept } }: ReportInput): string {
  return kept
    .map(({ stage, runId }) => `\n<p class="about">${stage}: kept from run <code>${escape(runId)}</code></p>`)
    .join('');
}

function trialNote({ run: { trial } }: ReportInput): string {
  return trial === undefined ? '' : `\n<p class="trial">A trial with ${escape(trial)}.</p>`;
}

function tiles({ history, best, evaluation: { metrics }, parameters, run }: ReportInput): string {
  const facts: readonly (readonly [string, string])[] = [
    ...testMetrics(metrics)
      .slice(0, tileLimit)
      .map(([name, value]) => [tileName(name), measure(value)] as const),
    ['Test loss', measure(metrics['test_loss'])],
    ['Epochs', showCount(history.length)],
    ...(best === undefined ? [] : [['Best epoch', showCount(best)] as const]),
    ['Parameters', showCount(parameters)],
    [`${tileName(run.pace.samples)}/s`, showCount(run.pace.perSecond)],
    ['Duration', showDuration(run.durationSeconds)],
    ['Seed', String(run.seed)],
  ];
  return renderTiles(facts);
}

/** Metrics that have a tile of their own, beside the loss. */
const tileLimit = 3;

/** All but the loss: first what was asked for, then the loss of each output. */
function testMetrics(metrics: Evaluation['metrics']): readonly (readonly [string, number])[] {
  const all = Object.entries(metrics).filter(([name]) => name !== 'test_loss');
  return [...all.filter(([name]) => !name.endsWith('_loss')), ...all.filter(([name]) => name.endsWith('_loss'))];
}

/** A table of all, where not each has a tile. */
function metricsTable({ evaluation: { metrics } }: ReportInput): string {
  const all = testMetrics(metrics);
  if (all.length <= tileLimit) return '';
  return section(
    'Test metrics',
    renderTable(
      'Metrics of the test samples',
      [{ title: 'Metric' }, { title: 'Value', number: true }],
      all.map(([name, value]) => [name, measure(value)]),
    ),
  );
}

/** Where single metrics would lie on other test samples. */
function intervals({ evaluation }: ReportInput): string {
  const found = Object.entries(sampleIntervals(evaluation));
  if (found.length === 0) return '';
  const rows = found.map(([name, { low, high }]) => [
    name,
    measure(evaluation.metrics[name]),
    `${measure(low)} to ${measure(high)}`,
  ]);
  const numeric = ['Value', '95 % interval'].map((title) => ({ title, number: true as const }));
  const told =
    'By the bootstrap of the test samples: in 95 of 100 cases other samples like them would give a value between. ' +
    'What another training would give, `repeat` and `folds` tell.';
  return section(
    'How sure',
    renderTable('Intervals of test metrics', [{ title: 'Metric' }, ...numeric], rows) +
      `<p class="note">${escape(told)}</p>`,
  );
}

/** What the numbers to be predicted were for training. */
function numbers({ numbers: targets = [] }: ReportInput): string {
  if (targets.length === 0) return '';
  const asTheyAre = (why: string | null) => `as they are${why === null ? '' : `: ${why}`}`;
  const rows = targets.flatMap(({ name, scales, why }) =>
    (scales ?? [null]).map((scale) => {
      return [name, scale === null ? asTheyAre(why) : 'standardized', measure(scale?.mean), measure(scale?.deviation)];
    }),
  );
  const numeric = ['Mean', 'Deviation'].map((title) => ({ title, number: true as const }));
  const columns = [{ title: 'Target' }, { title: 'Trained on' }, ...numeric];
  const told =
    'The loss of a standardized target is of its standardized numbers: ' +
    'less the mean, divided by the standard deviation of the rows trained on. ' +
    'All else is in the unit of the data, what the saved model predicts too.';
  const note = targets.some(({ scales }) => scales !== null) ? `<p class="note">${told}</p>` : '';
  const table = renderTable('How numbers were standardized for training', columns, rows);
  return section('Numbers to predict', `${table}${note}`);
}

/** Suspect labels that the report shows of a target. */
const mostLabels = 20;

/** Labels that are likely wrong; nothing where none is. */
function labels({ suspects: all = [] }: ReportInput): string {
  return all
    .filter(({ suspects }) => suspects > 0)
    .map(({ target, samples, suspects, ranking }) => {
      const rows = ranking
        .slice(0, Math.min(suspects, mostLabels))
        .map(({ place, label, predicted, margin }, i) => [
          showCount(i + 1),
          showSamplePlace(place),
          label,
          predicted,
          measure(margin),
        ]);
      const columns = [
        { title: 'Rank', number: true as const },
        ...['Sample', 'Label', 'Model says'].map((title) => ({ title })),
        { title: 'Margin', number: true as const },
      ];
      const told =
        `${showCount(suspects)} of ${showCount(samples)} labels of ${target} are likely wrong: ` +
        'over the epochs, other classes had more of the model than the label. ' +
        'The margin is the logit of the label less the largest of the others, on average. ' +
        'All are in the artifact data/suspect-labels.csv.';
      return section(
        'Labels to look at',
        `<p class="note">${escape(told)}</p>${renderTable(`Suspect labels of ${target}`, columns, rows)}`,
      );
    })
    .join('\n');
}

/** test_balancedAccuracy -> Test balanced accuracy. */
function tileName(metric: string): string {
  const words = metric
    .replaceAll('_', ' ')
    .replaceAll(/(?<=[a-z0-9])[A-Z](?=[a-z]{2})/g, (letter) => ` ${letter.toLowerCase()}`)
    .replace('IoU', ' IoU');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function figures({ figures, leftOut }: ReportInput): string {
  const missing =
    leftOut.length === 0
      ? ''
      : '\n<p class="note">Not drawn: ' +
        `${leftOut.map(({ name, needs }) => escape(`${name} (needs ${needs})`)).join(', ')}.</p>`;
  return `${renderFigures(figures)}${missing}`;
}

function comparison({ reference, history, evaluation }: ReportInput): string {
  if (reference === undefined) return '';
  const perEpoch = Object.entries(reference.epochs).flatMap(([metric, epochs]) =>
    Object.entries(epochs).map(([epoch, theirs]) => ({
      what: `${metric}, epoch ${epoch}`,
      ours: history[Number(epoch) - 1]?.[metric],
      theirs,
    })),
  );
  const single = Object.entries(reference.metrics).map(([metric, theirs]) => ({
    what: metric,
    ours: evaluation.metrics[metric],
    theirs,
  }));
  const rows = [...perEpoch, ...single].map(({ what, ours, theirs }) => [
    what,
    measure(ours),
    String(theirs),
    difference(ours, theirs),
  ]);
  const columns = [
    { title: 'Number' },
    { title: 'This run', number: true },
    { title: reference.label, number: true },
    { title: 'Difference', number: true },
  ] as const;
  return section('Beside published numbers', renderTable('This run beside published numbers', columns, rows));
}

function epochs({ history, best }: ReportInput): string {
  const metrics = [...new Set(history.flatMap((epoch) => Object.keys(epoch)))];
  const columns = [
    { title: 'Epoch', number: true as const },
    ...metrics.map((title) => ({ title, number: true as const })),
  ];
  const rows = history.map((epoch, i) => [
    `${i + 1}${i + 1 === best ? ' (best)' : ''}`,
    ...metrics.map((metric) => measure(epoch[metric])),
  ]);
  const weights = best === undefined ? '' : `; the model has the weights of epoch ${best}`;
  return section(
    'Epochs',
    `<details><summary>${history.length} ${history.length === 1 ? 'epoch' : 'epochs'} as numbers${weights}</summary>` +
      `${renderTable('Metrics of each epoch', columns, rows)}</details>`,
  );
}

function layers({ layers, parameters }: ReportInput): string {
  const columns = [
    { title: 'Layer' },
    { title: 'Type' },
    { title: 'Output shape' },
    { title: 'Parameters', number: true },
  ] as const;
  const rows = layers.map((layer) => [
    layer.name,
    layer.type,
    layer.outputShape.join('\u00a0×\u00a0'),
    showCount(layer.parameters),
  ]);
  return section(
    'Model',
    renderTable('Layers of the model', columns, [...rows, ['total', '', '', showCount(parameters)]]),
  );
}

function pipeline({ pipeline: { file, text, settings, resolved } }: ReportInput): string {
  const written = code('Pipeline file', text);
  if (resolved === undefined) return section('Pipeline file', `<p class="note">${escape(file)}</p>${written}`);
  const set = settings.map((setting) => `<p>Set: <code>${escape(setting)}</code></p>`).join('');
  return section(
    'Pipeline as it ran',
    `<p class="note">${escape(file)}, what it extends and what was set over it, with every default.</p>` +
      `${set}${code('Pipeline as it ran', resolved)}<details>` +
      `<summary>The file alone, as it is written</summary>${written}</details>`,
  );
}

function code(label: string, text: string): string {
  return scroll(label, `<pre><code>${escape(text)}</code></pre>`);
}

function provenance({ versions, dataFiles, weightsSha256 }: ReportInput): string {
  const rows = [
    ['weights', '', weightsSha256],
    ...dataFiles.map(({ name, bytes, sha256 }) => [name, `${showCount(bytes)} bytes`, sha256]),
  ];
  const hashes = renderTable(
    'SHA-256 of weights and data files',
    [{ title: 'File' }, { title: 'Size', number: true }, { title: 'SHA-256' }],
    rows,
  );
  const made = renderTable('Versions', [{ title: 'Software' }, { title: 'Version' }], Object.entries(versions));
  return section('Made from', `${hashes}<br>${made}`);
}

function tracking({ tracking: { where, experimentId, runId, open } }: ReportInput): string {
  return section(
    'See it in MLflow',
    `<p>Run <code>${escape(runId)}</code> of experiment <code>${escape(experimentId)}</code>, for <code>` +
      `${escape(where)}</code>.</p><p>Open it with <code>${escape(open)}</code></p>`,
  );
}

/** What is missing is a dash. */
const measure = (value: number | undefined): string => (value === undefined ? '–' : showMeasure(value));

function difference(ours: number | undefined, theirs: number): string {
  if (ours === undefined || !Number.isFinite(ours - theirs)) return '–';
  const apart = Number((ours - theirs).toPrecision(2));
  return apart === 0 ? '0' : `${apart < 0 ? '−' : '+'}${Math.abs(apart)}`;
}
