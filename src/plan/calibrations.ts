import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { realPath } from '../base/files.ts';
import { userCache } from '../base/user-cache.ts';
import { thisMachine } from '../cache/machine-identity.ts';
import { countTowers, threadsPerOp } from '../training/split-batch.ts';
import type { CheckedPipeline } from './check-pipeline.ts';
import { version } from '../base/version.ts';

/** What a pipeline's stages took on a machine when that was measured. */
export interface Calibration {
  readonly measuredAt: string;
  readonly seconds: {
    /** Loading TensorFlow. */
    readonly start: number;
    readonly load: number;
    /** Building the model and compiling its steps. */
    readonly prepare: number;
    /** One training step. */
    readonly step: number;
    /** Evaluating one sample. */
    readonly evaluation: number;
    readonly visualize: number;
  };
  readonly samples: { readonly train: number; readonly test: number };
  /** Largest resident memory of the process, in bytes. */
  readonly memory: number;
}

/** The calibration of a pipeline on this machine, if one is kept. */
export function findCalibration(checked: CheckedPipeline): Calibration | undefined {
  try {
    return JSON.parse(readFileSync(calibrationFile(checked), 'utf8')) as Calibration;
  } catch {
    // Nothing is kept, or something damaged: both are mended by measuring.
    return undefined;
  }
}

/**
 * Where the calibration of a pipeline on this machine is kept: in the user's cache. How many epochs it trains and how it
 * splits its samples does not matter. To be asked for before TensorFlow is loaded, which changes the environment.
 */
export function calibrationFile({ resolved, source, pipeline, plan }: CheckedPipeline): string {
  const machine = thisMachine(version, threadsPerOp(countTowers({ ...pipeline.train, graph: plan })));
  const { data, model, train, evaluate, visualize } = resolved as Readonly<
    Record<string, Readonly<Record<string, unknown>>>
  >;
  const { epochs: _, earlyStopping: __, schedule: ___, checkpoint: ____, ...steps } = train!;
  const { source: files } = data!;
  const key = JSON.stringify([machine, realPath(dirname(source.name)), files, model, steps, evaluate, visualize]);
  return join(userCache(), 'calibrations', `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.json`);
}
