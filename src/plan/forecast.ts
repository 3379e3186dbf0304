import { validationCount } from '../datasets/split.ts';
import type { StageName } from '../base/events.ts';
import type { Calibration } from './calibrations.ts';
import type { CheckedPipeline } from './check-pipeline.ts';

/** What a run will take, told from a calibration. Early stopping is not foreseen: all epochs count. */
export interface Forecast {
  /** Wall time of each stage, in seconds. */
  readonly stages: Readonly<Record<StageName, number>>;
  /** One epoch, with its validation. */
  readonly epoch: number;
  /** The whole run, from the start of the program. */
  readonly total: number;
  /** Largest resident memory, in bytes. */
  readonly memory: number;
  readonly measuredAt: string;
}

/** Works out what a run takes. */
export function forecastRun(
  { pipeline: { data, train }, plan }: CheckedPipeline,
  { seconds, samples, memory, measuredAt }: Calibration,
): Forecast {
  const validation = validationCount(data.split.validation, samples.train);
  const epoch =
    Math.ceil((samples.train - validation) / train.batchSize) * seconds.step + validation * seconds.evaluation;
  const stages = {
    load: seconds.load,
    train: seconds.prepare + train.epochs * epoch,
    evaluate: samples.test * seconds.evaluation,
    visualize: seconds.visualize,
  };
  // What was measured trained for seconds, and kept nothing.
  return {
    stages,
    epoch,
    total: Object.values(stages).reduce((sum, stage) => sum + stage, seconds.start),
    memory: memory + plan.memory.checkpoints,
    measuredAt,
  };
}
