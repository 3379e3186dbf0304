import { existsSync } from 'node:fs';
import { Command, Option } from 'commander';
import { type Diagnostic, failure } from '../base/diagnostics.ts';
import { untilSecondLook } from '../base/claim.ts';
import { printDiagnostics } from '../base/print-diagnostics.ts';
import { showsColors } from '../base/terminal.ts';
import { makeVisible } from '../base/visible-text.ts';
import { warnOfClearText } from '../tracking/choose-tracker.ts';
import { type Backlog, type Delivered, deliverAgain, deliverBacklog, surveyBacklog } from '../tracking/deliver-backlog.ts';
import { closeOrphans, listSilences } from '../tracking/orphans.ts';
import { isServerUri, plainAddress, type ServerAddress, serverAddress } from '../tracking/server-address.ts';
import { again, tellOfRefusals } from '../tracking/undelivered.ts';
import { countWaiting, describeWaiting } from './earlier-runs.ts';

interface SyncOptions {
  readonly to?: string;
  readonly trackingUri?: string;
  readonly again?: string;
  readonly runs: string;
}

/** `pipeline sync`: delivers what tracking servers have missed. */
export function syncCommand(): Command {
  return new Command('sync')
    .description('Deliver runs to an MLflow server that was down, close those that were killed, and tell what waits for others')
    .addOption(new Option('--to <uri>', 'the server to deliver to what waits for it (also MLFLOW_TRACKING_URI)').conflicts('trackingUri'))
    .option('--tracking-uri <uri>', 'deliver what waits to this server, whichever it was for')
    .option('--again <run>', 'send a run anew, all of it: what was refused, or is gone from the server (an id, or the beginning of one)')
    .option('--runs <folder>', 'the local store', 'runs')
    .action(sync);
}

async function sync({ to, trackingUri, again: run, runs }: SyncOptions): Promise<void> {
  const server = namedServer(trackingUri ?? to);
  const stop = new AbortController();
  process.once('SIGINT', () => {
    process.exitCode = 130;
    stop.abort();
  });
  if (server !== undefined) warnOfClearText(server, warn);
  // Without a word of the user, it need not be there yet.
  if (runs !== 'runs' && !existsSync(runs)) throw failure('no-runs', `there is no folder ${runs}`, 'name the one that holds the runs: `pipeline sync --runs FOLDER`');
  const warned = new Set<string>();
  const warnOfRun = (warning: Diagnostic): void => {
    if (warned.has(warning.message)) return;
    warned.add(warning.message);
    warn(warning);
    if (warning.code === 'not-closed') process.exitCode ??= 1;
  };
  const close = (): void => closeOrphans(runs, warnOfRun).forEach((directory) => process.stdout.write(`${directory}: its process is gone; marked KILLED\n`));
  close();
  if (await untilSecondLook(stop.signal)) close();
  const told = new Set<string>();
  const tell = (done: Delivered): void => {
    told.add(done.runId);
    process.stdout.write(`${makeVisible(describe(done, plainAddress(server!.uri)))}\n`);
    done.undelivered.forEach(warn);
    if (done.waiting > 0) process.exitCode ??= 1;
  };
  if (server !== undefined) {
    const backlog: Backlog = { runsDirectory: runs, server, env: process.env, warn, signal: stop.signal };
    if (run !== undefined) tell(await deliverAgain(run, backlog));
    else for await (const done of deliverBacklog(backlog, trackingUri !== undefined)) tell(done);
  } else if (run !== undefined) {
    throw failure('no-server', `no server is named that ${run} is to be sent to`, 'name it: `pipeline sync --again RUN --to ADDRESS`, or set MLFLOW_TRACKING_URI');
  }
  if (run === undefined && !stop.signal.aborted) await tellOfRest(runs, told, server === undefined);
}

/** The server that the user names in this command; what a journal names is not enough. @throws UserError for an address of none */
function namedServer(flag: string | undefined): ServerAddress | undefined {
  if (flag !== undefined) return serverAddress(flag, true);
  const variable = process.env['MLFLOW_TRACKING_URI'] ?? '';
  return isServerUri(variable) ? serverAddress(variable, true) : undefined;
}

/** What is not delivered and was not told of yet. @param untried whether no journal was opened */
async function tellOfRest(runs: string, told: ReadonlySet<string>, untried: boolean): Promise<void> {
  let isNothing = told.size === 0;
  const silences = listSilences(runs);
  if (silences.length > 0) {
    isNothing = false;
    warn(describeSilences(silences));
    process.exitCode ??= 1;
  }
  for await (const { runId, address = 'ADDRESS', refused, problem } of surveyBacklog(runs)) {
    if (problem !== undefined && untried) warn(problem);
    if (refused.length === 0 || told.has(runId)) continue;
    isNothing = false;
    const [first] = tellOfRefusals(refused.map((refusal) => ({ ...refusal, cause: '' })), `\`${again(runId, address)}\` sends the run anew`);
    warn({ ...first!, message: `run ${runId}: ${first!.message}` });
  }
  for (const [address, count] of await countWaiting(runs, told)) {
    isNothing = false;
    warn(describeWaiting(address, count));
    process.exitCode ??= 1;
  }
  if (isNothing) process.stdout.write(`nothing in ${runs} waits for a server\n`);
}

function describeSilences(silences: readonly number[]): Diagnostic {
  const which = silences.length === 1 ? '1 run' : `${silences.length} runs`;
  const message = `${which} may still be at work in another container or on another host (last sign of life ${Math.round(Math.min(...silences) / 1000)} s ago): left alone`;
  return { code: 'may-be-at-work', severity: 'warning', message, hint: 'run `pipeline sync` again in 20 s' };
}

function warn(warning: Diagnostic): void {
  process.stderr.write(printDiagnostics([warning], { color: showsColors(process.stderr), cwd: process.cwd() }));
}

function describe({ runId, serverRunId, delivered, waiting }: Delivered, address: string): string {
  const as = serverRunId === undefined || serverRunId === runId ? '' : ` as run ${serverRunId}`;
  return `run ${runId}: ${delivered} things delivered to ${address}${as}${waiting === 0 ? '' : `; ${waiting} wait`}`;
}
