import { statSync } from 'node:fs';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Command } from 'commander';
import { failure } from '../base/diagnostics.ts';
import { completeRuns } from '../tracking/store/complete-runs.ts';
import { listExperiments } from '../tracking/store/local-experiments.ts';
import { findMlflow, startMlflowServer } from '../tracking/server/mlflow-server.ts';
import { correctMovedStore } from '../tracking/store/moved-store.ts';
import { wholeNumberFrom } from './option-values.ts';
import { runsOption } from './shared-options.ts';
import { untilInterrupted } from './until-interrupted.ts';

interface UiOptions {
  readonly port?: number;
  readonly runs: string;
}

// MLflow's own default.
const usualPort = 5000;

/** `pipeline ui`: the real MLflow UI on the local store. */
export function uiCommand(): Command {
  return new Command('ui')
    .description('Open the MLflow UI on the local store (needs an installed MLflow; training does not)')
    .option('--port <number>', `port to serve on (default: ${usualPort}, or a free one)`, wholeNumberFrom(1, 65_535))
    .addOption(runsOption())
    .action((options: UiOptions) => untilInterrupted((signal) => ui(options, signal), { isItsEnd: true }));
}

async function ui({ runs, port }: UiOptions, signal: AbortSignal): Promise<void> {
  const newest = newestExperiment(runs);
  const program = findMlflow(process.env);
  if (correctMovedStore(runs) > 0) process.stdout.write(`${runs} was moved: its artifact addresses are corrected\n`);
  completeRuns(runs);
  const stop = once(signal, 'abort');
  const server = startMlflowServer(program, runs, await freePort(port));
  try {
    const isUp = await Promise.race([server.ready.then(() => true), stop.then(() => false)]);
    if (!isUp) return;
    process.stdout.write(
      `${server.address}/#/experiments/${newest}/runs?workflowType=machine_learning&compareRunsMode=CHART\n` +
        'Ctrl-C ends it\n',
    );
    const isStopped = await Promise.race([stop.then(() => true), server.ended.then(() => false)]);
    if (!isStopped)
      throw failure(
        'mlflow-ended',
        `the MLflow server at ${server.address} ended by itself`,
        `look at it with: ${program} server --help`,
      );
  } finally {
    await server.stop();
  }
}

/** The experiment that a run was last added to. */
function newestExperiment(runs: string): string {
  const experiments = listExperiments(runs).map(({ id, directory }) => ({ id, time: statSync(directory).mtimeMs }));
  const newest = experiments.sort((a, b) => b.time - a.time)[0];
  if (newest === undefined)
    throw failure(
      'no-runs',
      `there are no runs in ${join(runs, '/')} yet`,
      'train something first (`pipeline run`), or name the folder of the runs with --runs',
    );
  return newest.id;
}

async function freePort(wanted: number | undefined): Promise<number> {
  const taken = await listenOnce(wanted ?? usualPort);
  if (typeof taken === 'number') return taken;
  if (wanted !== undefined)
    throw failure('port-taken', `port ${wanted} cannot be used: ${taken.message}`, 'give another --port, or none');
  return (await listenOnce(0)) as number;
}

/** The port, once it was listened on, or why it cannot be. */
async function listenOnce(port: number): Promise<number | Error> {
  return new Promise((done) => {
    const server = createServer().once('error', done);
    server.listen(port, '127.0.0.1', () => {
      const { port: opened } = server.address() as { port: number };
      server.close(() => done(opened));
    });
  });
}
