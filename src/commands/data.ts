import { dirname } from 'node:path';
import { Command } from 'commander';
import { type Diagnostic, UserError, misuse, warning } from '../base/diagnostics.ts';
import { audioMistakes } from '../base/mistakes/audio-mistakes.ts';
import { dataMistakes } from '../base/mistakes/data-mistakes.ts';
import { pictureMistakes } from '../base/mistakes/picture-mistakes.ts';
import { tableMistakes } from '../base/mistakes/table-mistakes.ts';
import { diagnosticToJson, printDiagnostics } from '../base/print-diagnostics.ts';
import { showBytes, showCount } from '../base/quantities.ts';
import { hideSecrets, hideSecretsIn } from '../base/secrets.ts';
import { formatShape } from '../base/tensor-shape.ts';
import { showsColors } from '../base/terminal.ts';
import { displayWidth, makeVisible } from '../base/visible-text.ts';
import type { DataFacts, PartCounts } from '../datasets/findings/examine-data.ts';
import { defaultFile } from '../language/default-file.ts';
import { findRun } from '../models/find-run.ts';
import { type CheckedPipeline, checkFile } from '../plan/check-pipeline.ts';
import { type Finding, findingsOfCheck, findingsOfReading } from '../stages/data-findings.ts';
import { type DataRecord, describeData } from '../stages/data-record.ts';
import { load } from '../stages/load.ts';
import { jsonOption, pipelineArgument, runsOption, setOption, trackingUriOption } from './shared-options.ts';
import { proveSheet, writeSheet } from './sample-sheet.ts';
import { showSuspects } from './show-suspects.ts';
import { tellProgress } from './tell-progress.ts';
import { untilInterrupted } from './until-interrupted.ts';

interface DataOptions {
  readonly json?: boolean;
  readonly set: readonly string[];
  readonly run?: string;
  readonly sheet?: string;
  readonly trackingUri?: string;
  readonly runs: string;
}

/** `pipeline data`: what a pipeline's data holds, and what is wrong or strange about it. */
export function dataCommand(): Command {
  return new Command('data')
    .description(
      'Show what the data of a pipeline holds and what is strange about it: classes of each part, ranges, ' +
        'copies, rows on both sides of the split, and more',
    )
    .addArgument(pipelineArgument())
    .addOption(setOption())
    .option('--run <run>', 'which labels a run found likely wrong, and nothing else; the run as other commands take it')
    .option('--sheet <file>', 'draw some samples of each class into an .svg or .png file')
    .addOption(jsonOption())
    .addOption(trackingUriOption('MLflow server that has the run (also MLFLOW_TRACKING_URI; default: the local store)'))
    .addOption(runsOption())
    .action((file: string | undefined, options: DataOptions) =>
      options.run === undefined ? data(file ?? defaultFile(), options) : labels(file, options.run, options),
    );
}

/** @throws UserError where there is no such run, or a file is named too */
async function labels(
  file: string | undefined,
  reference: string,
  { json, set, sheet, runs, trackingUri = process.env['MLFLOW_TRACKING_URI'] }: DataOptions,
): Promise<void> {
  if (file !== undefined || set.length > 0 || sheet !== undefined)
    throw misuse('data-of-run', '--run tells of a run, and a file, --set or --sheet of one to come', 'Keep one.');
  const warn = (diagnostic: Diagnostic) =>
    process.stderr.write(printDiagnostics([diagnostic], { color: showsColors(process.stderr), cwd: process.cwd() }));
  const told = await untilInterrupted(async (signal) =>
    showSuspects(await findRun(reference, { runs, trackingUri }, { warn, signal }), json === true),
  );
  process.stdout.write(told);
}

/** @throws UserError with exit code 1 where a run would refuse the data, 2 where it would refuse the file */
async function data(file: string, { json, set, sheet }: DataOptions): Promise<void> {
  if (sheet !== undefined) proveSheet(sheet);
  try {
    const checked = await checkFile(file, set, { emit: tellProgress(), untilInterrupted });
    const { pipeline, source } = checked;
    const loaded = await untilInterrupted((signal) =>
      load({ ...pipeline.data, seed: pipeline.seed, folder: dirname(source.name), signal }),
    );
    const findings = [...findingsOfCheck(checked), ...findingsOfReading(checked, loaded)];
    const record = describeData(loaded, findings);
    if (sheet !== undefined) await writeSheet(sheet, loaded);
    const told = findingsForPrograms(checked, findings);
    process.stdout.write(
      json === true
        ? `${JSON.stringify({ ...record.examined, files: record.files, findings: told })}\n`
        : describe(record, loaded.facts) + describeFindings(checked, findings),
    );
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { diagnostics } = error;
    if (!diagnostics.every(({ severity, code }) => severity === 'warning' || isOfData(code))) throw error;
    if (json === true)
      process.stdout.write(
        `${JSON.stringify({ findings: diagnostics.map((one) => ({ ...diagnosticToJson(one), places: [] })) })}\n`,
      );
    throw new UserError(json === true ? [] : diagnostics, 1);
  }
}

/** Whether a mistake is one of the data, not of the file that names it. */
function isOfData(code: string): boolean {
  return [dataMistakes, tableMistakes, pictureMistakes, audioMistakes].some((table) => Object.hasOwn(table, code));
}

/** Findings with the places in the pipeline's file that the check has told them at. */
function diagnosticsOf({ warnings }: CheckedPipeline, findings: readonly Finding[]): readonly Diagnostic[] {
  return findings.map(
    ({ code, message, hint }) =>
      warnings.find((one) => one.code === code && message.startsWith(one.message.replace(/\.$/, ''))) ??
      warning(code, message, hint),
  );
}

function findingsForPrograms(checked: CheckedPipeline, findings: readonly Finding[]): readonly object[] {
  return diagnosticsOf(checked, findings).map((one, k) => ({
    ...diagnosticToJson(one),
    places: hideSecretsIn(findings[k]!.places),
  }));
}

function describeFindings(checked: CheckedPipeline, findings: readonly Finding[]): string {
  if (findings.length === 0) return 'findings  none\n';
  const shown = diagnosticsOf(checked, findings);
  return (
    `findings  ${findings.length}\n\n` +
    printDiagnostics(shown, { color: showsColors(process.stdout), cwd: process.cwd() })
  );
}

/** Lines of one kind that people are shown. */
const mostLines = 40;

function describe({ files }: DataRecord, { samples, sources, inputs, targets, alike }: DataFacts): string {
  const numbers = [samples.training, samples.validation, samples.test].map(showCount);
  const lines = [
    ...files.map(({ name, bytes }, k) => `${k === 0 ? 'files' : ''}\t${name}, ${showBytes(bytes)}`),
    `samples\t${numbers[0]} training, ${numbers[1]} validation, ${numbers[2]} test`,
    ...(sources === undefined ? [] : [`sources\t${sources.length}`, ...inTable(asParts(sources))]),
    ...(alike === null ? [] : [`alike\t${alike === 0 ? 'no sample has ' : countOf(alike)}the inputs of another`]),
    ...inputs.flatMap(({ name, shape, columns, ...range }) => [
      `input\t${name} ${formatShape(shape)}: ${showRange(range)}`,
      ...inTable(columns.map((one) => [one.column, showRange(one)])),
    ]),
    ...targets.flatMap((target) =>
      'classes' in target
        ? [
            `target\t${target.name}: ${target.classes.length} ` +
              (target.several === true
                ? 'labels, several at once'
                : `classes${target.ordinal === true ? ', in order' : ''}`),
            ...inTable(asParts(target.classes)),
          ]
        : [`target\t${target.name}: ${showRange(target)}`],
    ),
  ];
  return lines
    .map((line) => {
      const [head, ...rest] = line.split('\t');
      return `${head!.padEnd(9)} ${makeVisible(hideSecrets(rest.join(' ')))}\n`;
    })
    .join('');
}

/** Counts of each part, by names. */
const asParts = (all: readonly (PartCounts & { readonly name: string })[]) => [
  ['', 'training', 'validation', 'test'],
  ...all.map((one) => [one.name, ...[one.training, one.validation, one.test].map(showCount)]),
];

const countOf = (alike: number) => (alike === 1 ? '1 sample has ' : `${showCount(alike)} samples have `);

function showRange({ smallest, largest, missing }: { smallest: number; largest: number; missing: number }): string {
  const short = (value: number) => String(Number(value.toPrecision(6)));
  return `${short(smallest)} to ${short(largest)}${missing === 0 ? '' : `, ${showCount(missing)} missing`}`;
}

/** Rows of words, each column as wide as its longest. */
function inTable(rows: readonly (readonly string[])[]): readonly string[] {
  const visible = rows.slice(0, mostLines).map((row) => row.map((word) => makeVisible(word.slice(0, 40))));
  const widths = (visible[0] ?? []).map((_, k) => Math.max(...visible.map((row) => displayWidth(row[k]!))));
  const padding = (word: string, k: number) => ' '.repeat(widths[k]! - displayWidth(word));
  return [
    ...visible.map(
      (row) => `\t  ${row.map((word, k) => (k === 0 ? word + padding(word, k) : padding(word, k) + word)).join('  ')}`,
    ),
    ...(rows.length > mostLines ? [`\t  and ${rows.length - mostLines} more`] : []),
  ];
}
