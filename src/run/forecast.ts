import type { CheckedPipeline } from '../plan/check-pipeline.ts';
import type { Calibration } from '../stages/stage.ts';
import { stages } from '../stages/stages.ts';
import { epochSeconds } from '../stages/train-stage.ts';

/** What a run will take, told from a calibration. Early stopping is not foreseen: all epochs count. */
export interface Forecast {
  /** Wall time of each stage, in seconds. */
  readonly stages: Readonly<Record<string, number>>;
  /** One epoch, with its validation. */
  readonly epoch: number;
  /** The whole run, from the start of the program. */
  readonly total: number;
  /** Largest resident memory, in bytes. */
  readonly memory: number;
  readonly measuredAt: string;
}

/** Works out what a run takes. */
export function forecastRun(checked: CheckedPipeline, calibration: Calibration): Forecast {
  const { seconds, memory, measuredAt } = calibration;
  const estimates = stages.map((stage) => [stage.name, stage.estimate(calibration, checked)] as const);
  // What was measured trained for seconds, and kept nothing.
  return {
    stages: Object.fromEntries(estimates),
    epoch: epochSeconds(calibration, checked),
    total: estimates.reduce((sum, [, estimate]) => sum + estimate, seconds.start),
    memory: memory + checked.plan.memory.checkpoints,
    measuredAt,
  };
}
