import type { WriteStream } from 'node:tty';
import { diagnosticToJson, printDiagnostics } from '../base/print-diagnostics.ts';
import { showDuration, showMeasure } from '../base/quantities.ts';
import { hideSecretsIn } from '../base/secrets.ts';
import { shorten } from '../base/shorten.ts';
import type { TrialValues } from '../base/sweep-results.ts';
import { canRedraw } from '../base/terminal.ts';
import { cutToWidth, displayWidth, makeVisible } from '../base/visible-text.ts';
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
  return canRedraw(process.stdout) ? liveTable(process.stdout) : { emit: lines(write), close: async () => {} };
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

/** Trials that run of which a table has rows: more would leave the log no room. */
const mostRows = 20;

/** One of the table's rows, in parts. */
interface LiveRow {
  readonly values: string;
  readonly state: string;
}

/**
 * Rows of trials that run, written anew below the lines of what happened. The cursor waits at their beginning: a
 * terminal that is made narrower breaks the rows, some do and some do not, and none has to be counted to be cleared.
 */
function liveTable(stream: WriteStream): SweepView {
  const running = new Map<number, LiveRow>();
  const write = (text: string) => void stream.write(text);
  const log = lines(write);
  let metric = '';
  const clear = () => write('\r\u001B[0J');
  const draw = () => {
    const rows = tableOf(running, Math.min(mostRows, stream.rows - 2)).map((row) => cutToWidth(row, stream.columns));
    if (rows.length === 0) return;
    const up = rows.length === 1 ? '' : `\u001B[${rows.length - 1}A`;
    // Without line breaks of the terminal's own: it may count some characters as wider.
    write(`\u001B[?7l${rows.join('\r\n')}\u001B[?7h\r${up}`);
  };
  const redraw = () => {
    clear();
    draw();
  };
  stream.on('resize', redraw);
  return {
    emit: (event) => {
      clear();
      if (event.type === 'sweep-started') ({ metric } = event);
      if (event.type === 'trial-started')
        running.set(event.trial, { values: describeValues(event.values), state: 'starts' });
      if (event.type === 'trial-ended') running.delete(event.trial);
      if (event.type === 'trial-progress') {
        const { trial, epoch, score } = event;
        const state = `epoch ${epoch}  ${metric} ${showMeasure(score)}`;
        running.set(trial, { values: running.get(trial)?.values ?? '', state });
      }
      if (event.type !== 'trial-started') log(event);
      draw();
    },
    close: async () => {
      stream.off('resize', redraw);
      if (running.size > 0) clear();
      running.clear();
    },
  };
}

/** Rows of the trials that run, the first ones where there are more than `most`, without control characters. */
function tableOf(running: ReadonlyMap<number, LiveRow>, most: number): readonly string[] {
  const shown = [...running].slice(0, Math.max(1, running.size > most ? most - 1 : most));
  const states = shown.map(([, { state }]) => makeVisible(state));
  const [ofNumber, ofState] = [
    Math.max(...shown.map(([trial]) => String(trial).length)),
    Math.max(...states.map(displayWidth)),
  ];
  const rows = shown.map(([trial, { values }], i) => {
    const state = states[i]! + ' '.repeat(ofState - displayWidth(states[i]!));
    return `  ${String(trial).padStart(ofNumber)}  ${state}  ${makeVisible(values)}`;
  });
  const left = running.size - shown.length;
  return left === 0 ? rows : [...rows, `  and ${left} more`];
}
