export type { Diagnostic, Range, Source } from './base/diagnostics.ts';
export { UserError } from './base/diagnostics.ts';
export type { Emit, RunEvent, RunFinished, RunStatus } from './base/events.ts';
export { loadModel } from './layers/load-model.ts';
export { type CheckedPipeline, checkFile, checkSource } from './plan/check-pipeline.ts';
export { type RunOutcome, type RunRequest, runPipeline } from './run/run-pipeline.ts';
export { chooseTracker } from './tracking/choose-tracker.ts';
export type { TrackedRun, Tracker } from './tracking/tracker.ts';
