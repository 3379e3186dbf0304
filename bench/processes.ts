import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

/** A line of JSON that a process printed, and when (performance.now()). */
export interface Line {
  readonly at: number;
  readonly event: { readonly type: string } & Readonly<Record<string, unknown>>;
}

/** What a process printed, and what it took as the system counts it. */
export interface Measured {
  readonly lines: readonly Line[];
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Largest resident set, in MB (10^6 bytes). */
  readonly peakMegabytes: number;
}

let cpuSeconds = 0;
/** What all processes run so far have taken. */
export const cpuSecondsOfChildren = (): number => cpuSeconds;

/**
 * Runs a command to its end.
 *
 * @param scratch a folder for the measurements
 * @param folder that it runs in; left out: this process's own
 * @throws Error with the end of its stderr, when it fails
 */
export async function measure(
  scratch: string,
  command: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  folder = '.',
): Promise<Measured> {
  const out = join(scratch, 'measured.json');
  const { MLFLOW_TRACKING_URI: _, ...inherited } = process.env;
  const child = spawn('python3', [resolve('bench/peers/measure.py'), out, ...command], {
    cwd: folder,
    env: { ...inherited, PYTHONDONTWRITEBYTECODE: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-4000);
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  const lines: Line[] = [];
  createInterface(child.stdout).on('line', (text) => {
    if (text.startsWith('{')) lines.push({ at: performance.now(), event: JSON.parse(text) as Line['event'] });
  });
  const code = await ended;
  if (code !== 0)
    throw new Error(
      `${command.join(' ')}\nended with ${code}:\n${stderr}${lines
        .slice(-3)
        .map(({ event }) => `${JSON.stringify(event)}\n`)
        .join('')}`,
    );
  const measured = JSON.parse(readFileSync(out, 'utf8')) as Omit<Measured, 'lines'>;
  cpuSeconds += measured.cpuSeconds;
  return { lines, ...measured };
}

/** The lines of one type. */
export function eventsOf({ lines }: Measured, type: string): readonly Line['event'][] {
  return lines.map(({ event }) => event).filter((event) => event.type === type);
}

/**
 * Runs commands in turn, each time in the other direction (A B, B A, A B): what slows the machine for a while, and what
 * one leaves to the next, falls on all alike.
 *
 * @param folder that they run in; left out: this process's own
 * @returns what each command's runs took; those of one index ran one after the other
 */
export async function inTurn<Name extends string>(
  scratch: string,
  times: number,
  commands: Readonly<Record<Name, readonly string[]>>,
  folder = '.',
): Promise<Readonly<Record<Name, readonly Measured[]>>> {
  const names = Object.keys(commands) as Name[];
  const runs = Object.fromEntries(names.map((name): [string, Measured[]] => [name, []])) as Record<Name, Measured[]>;
  for (let i = 0; i < times; i++) {
    for (const name of i % 2 === 0 ? names : names.toReversed())
      runs[name].push(await measure(scratch, commands[name], {}, folder));
  }
  return runs;
}

/**
 * Throughput of a process: its best epoch, but never the first, which compiles and warms up.
 *
 * @param field of its epochs, in samples per second
 * @throws Error when no epoch after the first tells it
 */
export function bestThroughput(measured: Measured, field = 'samplesPerSecond'): number {
  const best = Math.max(
    ...eventsOf(measured, 'epoch-finished')
      .slice(1)
      .map((event) => event[field] as number),
  );
  if (!Number.isFinite(best)) throw new Error(`no epoch after the first tells ${field}`);
  return best;
}

/** The command of `pipeline run`: the program as users run it. @param dist the folder of the build */
export function pipelineRun(file: string, scratch: string, dist = 'dist'): readonly string[] {
  return [process.execPath, join(dist, 'cli.js'), 'run', file, '--force', '--json', '--runs', join(scratch, 'runs')];
}

/** The command of the bare loop; the pipeline file follows. */
export const bareLoop: readonly string[] = [
  process.execPath,
  join('node_modules', '.cache', 'layerline-bench', 'bare-loop.js'),
];
