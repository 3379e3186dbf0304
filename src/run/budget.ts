import { failure, type UserError, warning } from '../base/diagnostics.ts';
import type { RunEvent, SampleNoun } from '../base/events.ts';
import { writeFileAtomic } from '../base/files.ts';
import { byteSize, duration, showDuration, showMemory, showPace } from '../base/quantities.ts';
import { type CalibrateRequest, calibrate } from './calibrate.ts';
import type { Calibration } from '../stages/stage.ts';
import { calibrationFile, findCalibration } from './calibrations.ts';
import type { CheckedPipeline } from '../plan/check-pipeline.ts';
import { type Forecast, forecastRun } from './forecast.ts';
import type { Pipeline } from '../language/pipeline.ts';

/** What a run may take: the `budget` section of a pipeline, as written. */
export type Budget = NonNullable<Pipeline['budget']>;

/** Measures a pipeline and keeps that in the user's cache; where it cannot be kept, says so and goes on. */
export async function calibrateAndKeep(request: CalibrateRequest): Promise<Calibration> {
  const file = calibrationFile(request.checked);
  const calibration = await calibrate(request);
  try {
    writeFileAtomic(file, JSON.stringify(calibration));
  } catch (error) {
    request.emit({
      type: 'diagnostic',
      diagnostic: warning('calibration-not-kept', `what was measured cannot be kept: ${(error as Error).message}`),
    });
  }
  return calibration;
}

/**
 * Lets a run start if its forecast is within its budget; measures the pace of the machine first where that was not
 * done.
 *
 * @throws UserError when the forecast is above the budget
 */
export async function checkForecast(budget: Budget, request: CalibrateRequest): Promise<void> {
  const { checked } = request;
  const refusal = forecastRefusal(
    budget,
    checked,
    forecastRun(checked, findCalibration(checked) ?? (await calibrateAndKeep(request))),
  );
  if (refusal !== undefined) throw refusal;
}

/** Why a run is not to start; undefined where its forecast is within the budget. */
export function forecastRefusal(
  budget: Budget,
  { pipeline, plan }: CheckedPipeline,
  forecast: Forecast,
): UserError | undefined {
  const time = duration.read(budget.time ?? '');
  if (forecast.total > time) {
    const { epochs } = pipeline.train;
    const fit = Math.floor((time - forecast.total) / forecast.epoch) + epochs;
    const message =
      `the run would take about ${showDuration(forecast.total)}, more than its budget.time of ${budget.time}: ` +
      `${epochs} epochs of ${showDuration(forecast.epoch)}, ` +
      `${showDuration(forecast.total - epochs * forecast.epoch)} for the rest`;
    const way =
      fit >= 1
        ? `${fit} ${fit === 1 ? 'epoch fits' : 'epochs fit'}: train.epochs: ${fit}. Or raise the budget.`
        : 'Not one epoch fits: raise the budget, or train a smaller model or less data.';
    return failure('over-budget', message, way);
  }
  const memory = byteSize.read(budget.memory ?? '');
  if (forecast.memory > memory) {
    const { batchSize } = pipeline.train;
    const fit = Math.floor(batchSize * (1 - (forecast.memory - memory) / plan.memory.activations));
    const message =
      `the run would take about ${showMemory(forecast.memory)}, ` + `more than its budget.memory of ${budget.memory}`;
    return failure(
      'over-budget',
      message,
      fit >= 1
        ? `Batches of ${fit} should fit: train.batchSize: ${fit}. Or raise the budget.`
        : 'No batch is small enough: TensorFlow, the data and the weights alone take about ' +
            `${showMemory(forecast.memory - plan.memory.activations)}. Raise the budget.`,
    );
  }
  return undefined;
}

/**
 * Share of the training after which its own pace counts for more than the forecast, and how far above the budget it may
 * point.
 */
const [telling, tolerance] = [0.1, 1.1];

/**
 * Watches a run's events; gives what breaks the budget, from the first progress on that does. Time is counted from
 * `start`.
 *
 * @param start as performance.now() has it
 */
export function watchBudget(budget: Budget, start: number): (event: RunEvent) => UserError | undefined {
  const [time, memory] = [duration.read(budget.time ?? ''), byteSize.read(budget.memory ?? '')];
  const goesOn = 'Raise the budget and run the file again: it goes on from its last checkpoint.';
  let samples: SampleNoun = 'samples';
  return (event) => {
    if (event.type === 'run-started') samples = event.samples;
    if (event.type !== 'progress') return undefined;
    const resident = process.memoryUsage.rss();
    const where = `in epoch ${event.epoch} of ${event.epochs}`;
    if (resident > memory)
      return failure(
        'budget-exceeded',
        `training was stopped ${where}: it takes ${showMemory(resident)} of memory, ` +
          `more than its budget.memory of ${budget.memory}`,
        goesOn,
      );
    const elapsed = (performance.now() - start) / 1000;
    if (elapsed > time)
      return failure(
        'budget-exceeded',
        `training was stopped ${where}: ${showDuration(elapsed)} have passed, its budget.time is ${budget.time}`,
        goesOn,
      );
    const share = (event.epoch - 1 + event.batch / event.batches) / event.epochs;
    if (share < telling || elapsed + event.etaSeconds <= tolerance * time) return undefined;
    return failure(
      'budget-exceeded',
      `training was stopped ${where}: at its pace of ${showPace(event.samplesPerSecond, samples)} the run would ` +
        `take about ${showDuration(elapsed + event.etaSeconds)}, more than its budget.time of ${budget.time}`,
      goesOn,
    );
  };
}
