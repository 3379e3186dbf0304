import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { roomForIndices } from '../base/class-indices.ts';
import { type Diagnostic, UserError, failure, warning } from '../base/diagnostics.ts';
import type { Chosen } from '../base/row.ts';
import { shorten } from '../base/shorten.ts';
import type { WithBaselines } from '../datasets/findings/baseline.ts';
import type { DataFile } from '../datasets/files/data-file.ts';
import {
  type AskedRow,
  type RowReader,
  type Samples,
  type TargetSpec,
  type TargetValues,
  type TrainedOn,
  type Values,
  decoded,
} from '../datasets/dataset.ts';
import { datasetRow, readyDataset } from '../datasets/datasets.ts';
import { readWhole } from '../datasets/files/read-bytes.ts';
import { isReconstruction } from '../datasets/reconstruction.ts';
import { isWholeText } from '../datasets/texts/whole-texts.ts';
import { namesIn } from '../training/metrics.ts';
import { type Input, findInputs, proveKinds, rowsOf } from './read-inputs.ts';
import { RowFaults } from './row-faults.ts';

/** Samples with what is right of them, that no training has seen. */
export interface HeldOut {
  readonly samples: Samples;
  readonly files: readonly DataFile[];
  /** What is strange, and what was left out. */
  readonly warnings: readonly Diagnostic[];
}

/** Kinds of wrong rows that are told of. */
const shown = 10;
/** Rows that are read in one go. */
const turn = 1000;

/**
 * Reads samples from another file or folder than those of a training, and prepares them as that was: nothing is fitted
 * to them.
 *
 * @param source the data set of the training
 * @throws UserError where a row cannot be read, or does not say what is right; the signal's reason when it is aborted
 */
export async function readHeldOut(
  { type, options }: Chosen,
  path: string,
  trained: Omit<TrainedOn, 'options'>,
  signal: AbortSignal,
): Promise<HeldOut> {
  await readyDataset(type, 'rows');
  const reader = datasetRow(type).rows({ options, ...trained });
  const found = await findInputs([path], signal);
  proveKinds(reader, found);
  const asked: AskedRow[] = [];
  for (const row of rowsOf(reader, found)) {
    if (asked.push(await decoded(row)) % turn !== 0) continue;
    await setImmediate();
    signal.throwIfAborted();
  }
  const { rows, warnings } =
    reader.kind === 'series'
      ? measurable(asked, path, trained)
      : { rows: reader.kind === 'text' ? followed(asked) : asked, warnings: [] };
  const faults = new RowFaults(shown, 'Correct what is said of it, or leave the row out.');
  for (const row of rows) faults.add(row);
  if (faults.count > 0) throw new UserError(faults.diagnostics(), 1);
  for (const [k, target] of trained.targets.entries())
    if (!isReconstruction(target)) proveLabels(reader, rows, k, target);
  const samples: Samples = {
    inputs: trained.inputs.map(({ dtype }, k) =>
      dtype === 'uint8'
        ? joined(new Uint8Array(sizeIn(rows, (row) => row.x![k]!)), rows, (row) => row.x![k]!)
        : joined(new Float32Array(sizeIn(rows, (row) => row.x![k]!)), rows, (row) => row.x![k]!),
    ),
    targets: trained.targets.map((target, k) => {
      if (isReconstruction(target)) return new Float64Array();
      const size = sizeIn(rows, (row) => row.actual![k]!);
      const all = target.kind === 'class' ? roomForIndices(target.classes.length, size) : new Float64Array(size);
      return joined(all, rows, (row) => row.actual![k]!);
    }),
    count: rows.length,
    ...baselinesOf(rows),
  };
  return {
    samples,
    files: found.map((input) => fileOf(input, samples)),
    warnings: [...asked.flatMap(({ warning: strange }) => strange ?? []), ...warnings],
  };
}

/**
 * The windows of a series that can be measured: not those whose forecast comes after the last row, and none of an
 * entity that is shorter than a window.
 *
 * @throws UserError where there is none
 */
function measurable(
  asked: readonly AskedRow[],
  path: string,
  { inputs, targets }: Pick<TrainedOn, 'inputs' | 'targets'>,
): { readonly rows: readonly AskedRow[]; readonly warnings: readonly Diagnostic[] } {
  const isShort = ({ fault }: AskedRow) => fault?.code === 'series-too-short';
  const rows = asked.filter((row) => row.actual?.length !== 0 && !isShort(row));
  const [window, horizon] = [inputs[0]!.shape[0]!, targets[0]!.shape[0]!];
  const takes = `a window of ${window} with its forecast of ${horizon} takes ${window + horizon} rows`;
  if (rows.length === 0)
    throw failure(
      'series-too-short',
      `${path} has nothing that a forecast could be measured by: ${takes} one after the other`,
      'Give it more rows; `pipeline predict` forecasts what comes after the last one.',
    );
  const kept = new Set(rows.map(({ place }) => place['entity']));
  const left = [...new Set(asked.map(({ place }) => place['entity']))].filter((entity) => !kept.has(entity));
  if (left.length === 0) return { rows, warnings: [] };
  const one = shorten(String(left[0]));
  return {
    rows,
    warnings: [
      warning(
        'short-entities',
        `${path}: ${left.length === 1 ? `\`${one}\` has` : `${left.length} entities, \`${one}\` the first, have`} ` +
          `too few rows, and ${left.length === 1 ? 'is' : 'are'} not measured: ${takes}`,
        'Give them more rows.',
      ),
    ],
  };
}

/** The sequences of a text without the last one where nothing comes after it, unless it is the only one. */
function followed(asked: readonly AskedRow[]): readonly AskedRow[] {
  const some = asked.filter(({ actual, fault }) => actual !== undefined || fault !== undefined);
  return some.length === 0 ? asked : some;
}

/** What would be said of rows without a model, where it is known of each. */
function baselinesOf(rows: readonly AskedRow[]): WithBaselines {
  const each = rows.flatMap(({ baselines }) => (baselines === undefined ? [] : [baselines]));
  if (each.length < rows.length || rows.length === 0) return {};
  return {
    baselines: each[0]!.map(({ name }, k) => ({
      name,
      values: (target) => Float64Array.from(each.flatMap((of) => [...of[k]!.values(target)])),
    })),
  };
}

function proveLabels(reader: RowReader, rows: readonly AskedRow[], k: number, target: TargetSpec): void {
  const [first, ...more] = rows.filter(({ actual }) => actual?.[k] === undefined);
  if (first === undefined) return;
  const where = Object.entries(first.place)
    .map(([key, value]) => (key === 'file' ? value : `${key} ${value}`))
    .join(', ');
  const others = more.length === 0 ? '' : `, and so in ${more.length} more rows`;
  const names = isWholeText(target) ? [] : namesIn(target);
  const classes = names.length > 0 ? `, one of ${shorten(names.join(', '), 200)}` : '';
  throw failure(
    'missing-label',
    `${where} does not say what \`${shorten(target.name)}\` is${others}`,
    `A model is measured by what is right${classes}: give it as ${labelPlaces(reader)}.`,
  );
}

/** Where what is right can stand, of what a model may be asked by. */
function labelPlaces({ kind, files, folder, lines }: RowReader): string {
  const isTable = kind === 'table' || kind === 'series';
  const places = [
    ...(isTable || 'csv' in files ? ['a column of that name'] : []),
    ...('npz' in files ? ['an array of that name'] : []),
    ...(folder === undefined ? [] : ['the name of the folder that a file lies in']),
    ...(kind === 'text' ? ['the text that comes next'] : []),
    ...(isTable || kind === 'text' || lines !== undefined ? [] : ['a value of that name in lines of JSON']),
  ];
  return places.join(', or ');
}

function sizeIn(rows: readonly AskedRow[], part: (row: AskedRow) => Values | TargetValues): number {
  return rows.reduce((sum, row) => sum + part(row).length, 0);
}

function joined<V extends Values | TargetValues>(
  all: V,
  rows: readonly AskedRow[],
  part: (row: AskedRow) => Values | TargetValues,
): V {
  let at = 0;
  for (const row of rows) {
    all.set(part(row), at);
    at += part(row).length;
  }
  return all;
}

/** A file by its bytes; a folder, which has none of its own, by what was read of it. */
function fileOf({ name, isFolder }: Input, { inputs, targets }: Samples): DataFile {
  const parts = isFolder
    ? [...inputs, ...targets].map(
        ({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength),
      )
    : [readWhole({ path: name })];
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return {
    name: basename(name),
    sha256: hash.digest('hex'),
    bytes: parts.reduce((sum, { length }) => sum + length, 0),
  };
}
