import type { RunEvent, SampleNoun } from '../base/events.ts';
import { printDiagnostics } from '../base/print-diagnostics.ts';
import { showDuration } from '../base/quantities.ts';
import { makeVisible } from '../base/visible-text.ts';
import { type RunView, describeEpoch, describeResumed, describeSkipped, describeStart } from './run-view.ts';

/** A plain log, one line per thing that is worth keeping: no progress within an epoch. */
export function showLines(write: (text: string) => void): RunView {
  let phase = '';
  let samples: SampleNoun = 'samples';
  const describe = (event: Exclude<RunEvent, { type: 'diagnostic' }>): string | undefined => {
    switch (event.type) {
      case 'engine-progress': {
        if (event.phase === phase) return undefined;
        phase = event.phase;
        return `engine: ${phase}`;
      }
      case 'fetch-progress':
        return event.fraction === 0 ? `fetching ${event.url}` : undefined;
      case 'run-started':
        samples = event.samples;
        return describeStart(event);
      case 'step-chosen':
        return `step: ${event.step}`;
      case 'training-resumed':
        return describeResumed(event);
      case 'stage-started':
        return `${event.stage} ...`;
      case 'stage-finished':
        return `${event.stage}: ${event.summary} (${showDuration(event.seconds)})`;
      case 'stage-skipped':
        return `${event.stage}: ${describeSkipped(event)}`;
      case 'epoch-finished':
        return `  ${describeEpoch(event, samples)}`;
      case 'progress':
      case 'validation-progress':
      case 'checkpoint-written':
      case 'artifact':
      case 'run-finished':
        return undefined;
    }
  };
  return {
    emit: (event) => {
      if (event.type === 'diagnostic')
        return write(printDiagnostics([event.diagnostic], { color: false, cwd: process.cwd() }));
      const line = describe(event);
      // Columns of the data name outputs and metrics.
      if (line !== undefined) write(`${makeVisible(line)}\n`);
    },
    close: async () => {},
  };
}
