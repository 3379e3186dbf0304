import type { RunEvent, SampleNoun } from '../base/events.ts';
import { printDiagnostics } from '../base/print-diagnostics.ts';
import { type RunView, describeEpoch, describeResumed, describeSkipped } from './run-view.ts';

/** A plain log, one line per thing that is worth keeping: no progress within an epoch. */
export function showLines(write: (text: string) => void): RunView {
  let phase = '';
  let samples: SampleNoun = 'samples';
  const describe = (event: RunEvent): string | undefined => {
    switch (event.type) {
      case 'engine-progress': {
        if (event.phase === phase) return undefined;
        phase = event.phase;
        return `engine: ${phase}\n`;
      }
      case 'fetch-progress':
        return event.fraction === 0 ? `fetching ${event.url}\n` : undefined;
      case 'run-started':
        samples = event.samples;
        return `run ${event.runId} of ${event.name}\n`;
      case 'step-chosen':
        return `step: ${event.step}\n`;
      case 'training-resumed':
        return `${describeResumed(event)}\n`;
      case 'stage-started':
        return `${event.stage} ...\n`;
      case 'stage-finished':
        return `${event.stage}: ${event.summary} (${event.seconds.toFixed(1)} s)\n`;
      case 'stage-skipped':
        return `${event.stage}: ${describeSkipped(event)}\n`;
      case 'epoch-finished':
        return `  ${describeEpoch(event, samples)}\n`;
      case 'diagnostic':
        return printDiagnostics([event.diagnostic], { color: false, cwd: process.cwd() });
      case 'progress':
      case 'checkpoint-written':
      case 'artifact':
      case 'run-finished':
        return undefined;
    }
  };
  return {
    emit: (event) => {
      const text = describe(event);
      if (text !== undefined) write(text);
    },
    close: async () => {},
  };
}
