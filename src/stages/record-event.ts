import type { RunEvent } from '../base/events.ts';
import type { TrackedRun } from '../tracking/tracker.ts';

/** What the tracker keeps of the events; the rest is for whoever looks on. */
export function recordEvent(run: TrackedRun, event: RunEvent): void {
  const timestamp = Date.now();
  const metrics = (values: Readonly<Record<string, number>>, step: number) =>
    run.metrics(Object.entries(values).map(([key, value]) => ({ key, value, step, timestamp })));
  // Under `system/`, which MLflow shows in a tab of its own: what a run costs would stand before what it learns.
  switch (event.type) {
    case 'epoch-finished':
      metrics({ ...event.metrics, 'system/samples_per_second': event.samplesPerSecond }, event.epoch);
      break;
    case 'stage-finished':
      metrics({ [`system/seconds_${event.stage}`]: event.seconds }, 0);
      break;
    case 'stage-skipped':
      run.tags({ [`pipeline.cached.${event.stage}`]: event.runId });
      break;
    case 'step-chosen':
      run.tags({ 'pipeline.step': event.step });
      break;
    case 'training-resumed':
      run.tags({ 'pipeline.error': '' });
      break;
    case 'artifact':
      run.artifact(event.path);
      break;
    default:
  }
}
