import { readyAtOnce } from './datasets/all-readers.ts';

export type { Diagnostic, Range, Source } from './base/diagnostics.ts';
export { UserError } from './base/diagnostics.ts';
export type { Emit, RunEvent, RunFinished, RunStatus } from './base/events.ts';
export { loadLayersModel } from './layers/load-model.ts';
export { type LoadModelOptions, type LoadedModel, loadModel } from './models/model-for-programs.ts';
export type { Prediction, Said } from './models/prediction.ts';
export { type CheckedPipeline, checkFile, checkSource } from './plan/check-pipeline.ts';
export { type RunOutcome, type RunRequest, runPipeline } from './run/run-pipeline.ts';
export { chooseTracker } from './tracking/choose-tracker.ts';
export type { TrackedRun, Tracker } from './tracking/tracker.ts';

// `checkSource` waits for nothing.
readyAtOnce();
