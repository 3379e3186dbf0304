import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { realPath } from '../base/files.ts';
import { userCache } from '../base/user-cache.ts';
import { type Origin, sectionsFor } from '../cache/fingerprints.ts';
import { thisMachine } from '../cache/machine-identity.ts';
import { countTowers, threadsPerOp } from '../training/split-batch.ts';
import type { CheckedPipeline } from '../plan/check-pipeline.ts';
import type { Calibration } from '../stages/stage.ts';
import { stages } from '../stages/stages.ts';
import { version } from '../base/version.ts';

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
 * Where the calibration of a pipeline on this machine is kept: in the user's cache. How many epochs it trains and how
 * it splits its samples does not matter. To be asked for before TensorFlow is loaded, which changes the environment.
 */
export function calibrationFile({ resolved, source, pipeline, plan }: CheckedPipeline): string {
  const machine = thisMachine(version, threadsPerOp(countTowers({ ...pipeline.train, graph: plan })));
  const sections = sectionsFor(stages, resolved as Origin['resolved'], ({ withoutPace = [] }) => withoutPace);
  const key = JSON.stringify([machine, realPath(dirname(source.name)), sections]);
  return join(userCache(), 'calibrations', `${createHash('sha256').update(key).digest('hex').slice(0, 32)}.json`);
}
