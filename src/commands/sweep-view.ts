import { diagnosticToJson, printDiagnostics } from '../base/print-diagnostics.ts';
import { showDuration, showMeasure } from '../base/quantities.ts';
import { hideSecretsIn } from '../base/secrets.ts';
import { shorten } from '../base/shorten.ts';
import type { TrialValues } from '../base/sweep-results.ts';
import { canRedraw } from '../base/terminal.ts';
import { makeVisible } from '../base/visible-text.ts';
import type { SweepEvent } from '../sweeps/sweep-events.ts';

/** How a sweep is shown while it goes on. */
interface SweepView {
  readonly emit: (event: SweepEvent) => void;
  /** Leaves the terminal as it was. */
  close(): Promise<void>;
}

/** JSON where asked for; on a terminal lines of trials that ended over a table of those that run; else lines alone. */
export function chooseSweepView(json: boolean): SweepView {
  const write = (text: string) => void process.stdout.write(text);
  if (json) return { emit: (event) => write(`${JSON.stringify(toJson(event))}\n`), close: async () => {} };
  return canRedraw(process.stdout)
    ? liveTable(write, process.stdout.columns)
    : { emit: lines(write), close: async () => {} };
}

function toJson(event: SweepEvent): unknown {
  if (event.type !== 'diagnostic') return hideSecretsIn(event);
  return { type: 'diagnostic', diagnostic: diagnosticToJson(event.diagnostic) };
}

/** `train.batchSize 50, optimizer adam`: the last part of each path tells enough. */
const describeValues = (values: TrialValues) =>
  Object.entries(values)
    .map(([path, value]) => `${path.split('.').at(-1)} ${shorten(JSON.stringify(value), 40)}`)
    .join(', ');

function describe(event: SweepEvent, metric: string): string | undefined {
  switch (event.type) {
    case 'sweep-started': {
      const begun = event.begun === 0 ? '' : `, goes on after ${event.begun}`;
      return `sweep ${event.id} of ${event.name}: ${event.trials} trials${begun} (run ${event.runId})`;
    }
    case 'trial-started': {
      const attempt = event.attempt === 1 ? '' : `, attempt ${event.attempt}`;
      const rung = event.rung === 0 ? '' : `, rung ${event.rung}`;
      return `trial ${event.trial}${rung}${attempt}: ${describeValues(event.values)}`;
    }
    case 'trial-ended': {
      const score = event.score === undefined ? '' : `  ${metric} ${showMeasure(event.score)}`;
      const best =
        event.best === undefined ? '' : `  best ${showMeasure(event.best.score)} (trial ${event.best.trial})`;
      const reason = event.reason === undefined ? '' : `  ${event.reason}`;
      const state = event.again ? 'goes on in another attempt' : event.state;
      return `trial ${event.trial} ${state}${score}  ${showDuration(event.seconds)}${reason}${best}`;
    }
    case 'sweep-finished':
      return `${event.trials} trials, ${event.failed} failed`;
    default:
      return undefined;
  }
}

function lines(write: (text: string) => void): SweepView['emit'] {
  let metric = '';
  return (event) => {
    if (event.type === 'diagnostic')
      return write(printDiagnostics([event.diagnostic], { color: false, cwd: process.cwd() }));
    if (event.type === 'sweep-started') ({ metric } = event);
    const line = describe(event, metric);
    // Values and reasons come from files and runs.
    if (line !== undefined) write(`${makeVisible(line)}\n`);
  };
}

/** Rows of trials that run, written anew below the lines of what happened. */
function liveTable(write: (text: string) => void, columns: number): SweepView {
  const running = new Map<number, { readonly values: string; readonly epoch?: number; readonly score?: number }>();
  let drawn = 0;
  const log = lines(write);
  const clear = () => {
    if (drawn > 0) write(`\u001B[${drawn}A\u001B[0J`);
    drawn = 0;
  };
  const draw = () => {
    const rows = [...running].slice(0, 20).map(([trial, { values, epoch, score }]) => {
      const state = epoch === undefined ? 'starts' : `epoch ${epoch}  ${showMeasure(score!)}`;
      return makeVisible(`  ${String(trial).padStart(4)}  ${state.padEnd(20)}  ${values}`).slice(0, columns - 1);
    });
    if (rows.length > 0) write(`${rows.join('\n')}\n`);
    drawn = rows.length;
  };
  return {
    emit: (event) => {
      clear();
      if (event.type === 'trial-started') running.set(event.trial, { values: describeValues(event.values) });
      if (event.type === 'trial-ended') running.delete(event.trial);
      if (event.type === 'trial-progress') {
        const { epoch, score } = event;
        running.set(event.trial, { values: running.get(event.trial)?.values ?? '', epoch, score });
      }
      if (event.type !== 'trial-started') log(event);
      draw();
    },
    close: async () => {
      running.clear();
      clear();
    },
  };
}
