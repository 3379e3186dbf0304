import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type UserError, failure } from '../base/diagnostics.ts';
import { hasForm, list, number, object, record, such, text } from '../base/json-form.ts';
import { readFileWithin } from '../base/read-file.ts';
import { sizeOf } from '../base/tensor-shape.ts';
import { parseBytes } from '../checkpoints/checkpoint-file.ts';
import { modelFiles } from '../layers/save-model.ts';
import { type GoldenRow, type GoldenRows, goldenRowForm, isOfTest } from '../stages/golden-rows.ts';
import { readSafetensors, writeSafetensors } from './formats/safetensors.ts';
import type { Tensor } from './formats/tensor.ts';
import { scaleOf, tolerance } from './golden-distance.ts';

/** The folder beside a model, and its files: the one that names the others last. */
export const goldenFiles = ['inputs.safetensors', 'outputs.safetensors', 'golden.json'] as const;

/** Files of a model that a run tells the SHA-256 of; what MLflow reads beside them is people's to change. */
export const provenFiles = [...modelFiles, 'model.yaml', 'weights.safetensors', 'model.onnx'] as const;

/** Rows of a model's folder, with what else computes it has to make of them. */
export interface Golden {
  /** SHA-256 of files of the model. */
  readonly sha256: Readonly<Record<string, string>>;
  /** Why each row is there. */
  readonly rows: readonly GoldenRow[];
  /** In the order of the model's inputs, each [rows, ...shape] float32 and scaled. */
  readonly inputs: readonly Tensor[];
  /** In the order of its outputs, in the unit of the data. */
  readonly outputs: readonly Tensor[];
}

/**
 * Proves that files of a model are those that its run wrote.
 *
 * @param names of them; those that are not there, or that its golden rows do not tell of, are passed over
 * @throws UserError `model-damaged` where one is another
 */
export function proveHashes(
  folder: string,
  sha256: Golden['sha256'],
  names: readonly (typeof provenFiles)[number][] = provenFiles,
): void {
  for (const name of names) {
    const path = join(folder, name);
    if (sha256[name] === undefined || !existsSync(path)) continue;
    if (sha256[name] !== sha256Of(readFileWithin(path, 4e9)))
      throw failure(
        'model-damaged',
        `${path} does not have the SHA-256 that golden/golden.json says`,
        'Take the whole folder from the run again.',
      );
  }
}

/** What `golden.json` says of the files beside it; nothing where it is not there, or says nothing that can be read. */
export function hashesOf(folder: string): Golden['sha256'] {
  const path = join(folder, 'golden/golden.json');
  if (!existsSync(path)) return {};
  const said = parseGolden(readPart(join(folder, 'golden'), 'golden.json'));
  return hasForm(goldenForm, said) ? said.sha256 : {};
}

/** What is recorded beside golden rows. */
export interface GoldenFacts {
  /** Name and version of the engine that computed them. */
  readonly engine: string;
  /** SHA-256 of files of the model, by their names. */
  readonly sha256: Readonly<Record<string, string>>;
}

/** The content of the folder `golden`. */
export function writeGolden(golden: GoldenRows, { engine, sha256 }: GoldenFacts): Record<string, Uint8Array> {
  const { rows, labels } = golden;
  const tensors = (arrays: GoldenRows['inputs']): Tensor[] =>
    arrays.map(({ name, shape, values }) => ({ name, shape, dtype: 'float32', values: values as Float32Array }));
  const [inputs, outputs] = [tensors(golden.inputs), tensors(golden.outputs)];
  const files = { 'inputs.safetensors': writeSafetensors(inputs), 'outputs.safetensors': writeSafetensors(outputs) };
  const own = Object.entries(files).map(([name, bytes]) => [name, sha256Of(bytes)] as const);
  const tested = rows.filter(isOfTest).length;
  const about = {
    format: 1,
    engine,
    sha256: { ...sha256, ...Object.fromEntries(own) },
    rows,
    labels: Object.fromEntries(
      labels.map(({ name, shape: [, ...shape], values }) => [
        name,
        rows.map((_, row) =>
          row < tested ? labelOf(values.slice(row * sizeOf(shape), (row + 1) * sizeOf(shape)), shape) : null,
        ),
      ]),
    ),
    inputs: inputs.map(({ name, shape }) => ({ name, shape })),
    outputs: outputs.map(({ name, shape, values }) => ({ name, shape, scale: scaleOf(values) })),
    tolerance,
  };
  // A line for each: labels of masks would fill thousands.
  const lines = Object.entries(about).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  return { ...files, 'golden.json': Buffer.from(`{\n${lines.join(',\n')}\n}\n`) };
}

/** SHA-256 in hexadecimal digits. */
export function sha256Of(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

const labelOf = (values: ArrayLike<number>, shape: readonly number[]) =>
  shape.length === 0 ? values[0]! : Array.from(values);

const sha256 = text(/^[0-9a-f]{64}$/);
const tensorForm = object({ name: text(), shape: list(number) });
const goldenForm = object({
  format: such(number, (value) => value === 1),
  sha256: record(sha256),
  rows: list(goldenRowForm),
  inputs: list(tensorForm),
  outputs: list(tensorForm),
});

/**
 * The golden rows of a model's folder, proven by their SHA-256.
 *
 * @throws UserError `no-golden` where there are none, `golden-damaged` where they are not as they were written
 */
export function readGolden(folder: string): Golden {
  const path = join(folder, 'golden');
  const [inputs, outputs, about] = goldenFiles.map((name) => readPart(path, name)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const said = parseGolden(about);
  if (!hasForm(goldenForm, said)) throw damaged(path, 'golden.json is not as it was written');
  const tensors = (
    [
      ['inputs', inputs],
      ['outputs', outputs],
    ] as const
  ).map(([part, bytes]) => {
    const file = `${part}.safetensors`;
    if (said.sha256[file] !== sha256Of(bytes))
      throw damaged(path, `${file} does not have the SHA-256 that golden.json says`);
    const read = readSafetensors(bytes) ?? [];
    const fits =
      read.length === said[part].length &&
      read.every(({ name, shape, dtype }, k) => {
        const { name: called, shape: expected } = said[part][k]!;
        return (
          dtype === 'float32' && name === called && String(shape) === String(expected) && shape[0] === said.rows.length
        );
      });
    if (!fits) throw damaged(path, `${file} does not hold what golden.json says`);
    return read;
  }) as [readonly Tensor[], readonly Tensor[]];
  return { sha256: said.sha256, rows: said.rows, inputs: tensors[0], outputs: tensors[1] };
}

function readPart(folder: string, name: string): Uint8Array {
  const path = join(folder, name);
  try {
    return readFileWithin(path, 2e9);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT') throw damaged(folder, `${name} cannot be read: ${message}`);
    if (name !== 'inputs.safetensors') throw damaged(folder, `${name} is missing`);
    throw failure(
      'no-golden',
      `${folder} has no golden rows`,
      'Runs record them beside their model: run the pipeline again, or name the folder of one that has.',
    );
  }
}

function parseGolden(bytes: Uint8Array): unknown {
  try {
    return parseBytes(bytes, 500e6, { depth: 8, holders: 1e6, values: 5e7 });
  } catch {
    return undefined;
  }
}

const damaged = (folder: string, what: string): UserError =>
  failure('golden-damaged', `the golden rows in ${folder} are damaged: ${what}`, 'Take the folder from the run again.');
