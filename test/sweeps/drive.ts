import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { UserError } from '../../src/base/diagnostics.ts';
import { checkFile } from '../../src/plan/check-pipeline.ts';
import { runSweep } from '../../src/sweeps/run-sweep.ts';
import type { Sweep } from '../../src/sweeps/sweep.ts';
import { chooseTracker } from '../../src/tracking/choose-tracker.ts';
import { localJobs } from './local-jobs.ts';

/** What stands for a sweep file here, as JSON. */
export interface Given extends Partial<Omit<Sweep, 'space'>> {
  readonly pipeline: string;
  /** The trials, one after the other. */
  readonly values: readonly Readonly<Record<string, unknown>>[];
}

/** A driver of its own process: `tsx drive.ts FILE.json [fresh] [retry]` prints its events, and ends with its error. */
async function main([file = '', ...flags]: readonly string[]): Promise<void> {
  const text = readFileSync(file, 'utf8');
  const { pipeline, values, ...rest } = JSON.parse(text) as Given;
  const source = { name: file, text };
  const range = { source, start: 0, end: 1 };
  const paths = [...new Set(values.flatMap(Object.keys))];
  const space = paths.map((path) => ({
    path,
    distribution: { kind: 'choice', choices: [...new Set(values.map((one) => one[path]))] } as const,
    range,
  }));
  const sweep: Sweep = {
    name: basename(file, '.json'),
    seed: 1,
    goal: { direction: 'maximize', metric: 'val_accuracy' },
    space,
    search: 'grid',
    trials: values.length,
    failures: values.length,
    parallel: 2,
    budget: {},
    on: { type: 'local', options: {} },
    ...rest,
  };
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  const emit = (event: unknown): void => void process.stdout.write(`${JSON.stringify(event)}\n`);
  const warn = (diagnostic: unknown): void => emit({ type: 'diagnostic', diagnostic });
  try {
    await runSweep({
      checked: { source, sweep, base: await checkFile(pipeline), warnings: [] },
      settingsOf: (chosen) => Object.entries(chosen).map(([path, value]) => `${path}=${JSON.stringify(value)}`),
      searcher: { suggest: async (number) => values[number - 1], close: async () => {} },
      openExecutor: (folder) => localJobs(folder),
      need: { cpu: 1 },
      tracker: chooseTracker({ runsDirectory: 'runs', warn }),
      program: [process.execPath, join(import.meta.dirname, '../../dist/cli.js')],
      args: [],
      fresh: flags.includes('fresh'),
      retryFailed: flags.includes('retry'),
      pause: 50,
      emit,
      signal: stop.signal,
    });
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    emit({ type: 'error', codes: error.diagnostics.map(({ code }) => code), message: error.message });
    process.exitCode = error.exitCode;
  }
}

await main(process.argv.slice(2));
