import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { UserError, failure } from '../base/diagnostics.ts';
import type { Chosen } from '../base/row.ts';
import { shorten } from '../base/shorten.ts';
import type { DataFile } from '../datasets/data-file.ts';
import {
  type AskedRow,
  type Samples,
  type TargetSpec,
  type TargetValues,
  type TrainedOn,
  type Values,
  decoded,
} from '../datasets/dataset.ts';
import { datasetRow } from '../datasets/datasets.ts';
import { readWhole } from '../datasets/read-bytes.ts';
import { namesIn } from '../training/metrics.ts';
import { type Input, findInputs, proveKinds, rowsOf } from './read-inputs.ts';

/** Samples with what is right of them, that no training has seen. */
export interface HeldOut {
  readonly samples: Samples;
  readonly files: readonly DataFile[];
}

/** Wrong rows that are told of. */
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
  const reader = datasetRow(type).rows({ options, ...trained });
  const found = await findInputs([path], signal);
  proveKinds(reader, found);
  const rows: AskedRow[] = [];
  for (const row of rowsOf(reader, found)) {
    if (rows.push(await decoded(row)) % turn !== 0) continue;
    await setImmediate();
    signal.throwIfAborted();
  }
  // What comes after the end of a series is right nowhere.
  const past = rows.filter(({ actual }) => actual?.length !== 0);
  if (past.length > 0) rows.splice(0, rows.length, ...past);
  const faults = rows.flatMap(({ fault }) => fault ?? []);
  if (faults.length > 0) throw new UserError(faults.slice(0, shown), 1);
  for (const [k, target] of trained.targets.entries()) proveLabels(rows, k, target);
  const samples: Samples = {
    inputs: trained.inputs.map(({ dtype }, k) =>
      dtype === 'uint8'
        ? joined(new Uint8Array(sizeIn(rows, (row) => row.x![k]!)), rows, (row) => row.x![k]!)
        : joined(new Float32Array(sizeIn(rows, (row) => row.x![k]!)), rows, (row) => row.x![k]!),
    ),
    targets: trained.targets.map(({ kind }, k) =>
      kind === 'class'
        ? joined(new Uint8Array(sizeIn(rows, (row) => row.actual![k]!)), rows, (row) => row.actual![k]!)
        : joined(new Float64Array(sizeIn(rows, (row) => row.actual![k]!)), rows, (row) => row.actual![k]!),
    ),
    count: rows.length,
  };
  return { samples, files: found.map((input) => fileOf(input, samples)) };
}

function proveLabels(rows: readonly AskedRow[], k: number, target: TargetSpec): void {
  const [first, ...more] = rows.filter(({ actual }) => actual?.[k] === undefined);
  if (first === undefined) return;
  const where = Object.values(first.place).join(', line ');
  const others = more.length === 0 ? '' : `, and so in ${more.length} more rows`;
  const names = namesIn(target);
  const classes = names.length > 0 ? `, one of ${shorten(names.join(', '), 200)}` : '';
  throw failure(
    'missing-label',
    `${where} does not say what \`${shorten(target.name)}\` is${others}`,
    `A model is measured by what is right${classes}: in a table a column of that name, of pictures the folder.`,
  );
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
