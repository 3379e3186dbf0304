import { Command } from 'commander';
import type { Diagnostic } from '../base/diagnostics.ts';
import { printDiagnostics } from '../base/print-diagnostics.ts';
import { showsColors } from '../base/terminal.ts';
import { makeVisible } from '../base/visible-text.ts';
import { connectTo } from '../tracking/choose-tracker.ts';
import { type Delivered, deliverBacklog } from '../tracking/deliver-backlog.ts';
import { closeOrphans } from '../tracking/orphans.ts';

interface SyncOptions {
  readonly trackingUri?: string;
  readonly runs: string;
}

/** `pipeline sync`: delivers what tracking servers have missed. */
export function syncCommand(): Command {
  return new Command('sync')
    .description('Deliver runs to the MLflow servers that were down, or close those that were killed')
    .option('--tracking-uri <uri>', 'deliver all of them to this server (default: each to the one it was for)')
    .option('--runs <folder>', 'the local store', 'runs')
    .action(sync);
}

async function sync({ trackingUri, runs }: SyncOptions): Promise<void> {
  const warn = (warning: Diagnostic) => process.stderr.write(printDiagnostics([warning], { color: showsColors(process.stderr), cwd: process.cwd() }));
  const connect = (address: string) => (trackingUri === undefined ? connectTo(address, process.env['MLFLOW_TRACKING_URI']) : connectTo(trackingUri, trackingUri));
  if (trackingUri !== undefined) connect(trackingUri).close();
  const stop = new AbortController();
  process.once('SIGINT', () => {
    process.exitCode = 130;
    stop.abort();
  });
  for (const directory of closeOrphans(runs, warn)) process.stdout.write(`${directory}: its process is gone; marked KILLED\n`);
  let count = 0;
  for await (const done of deliverBacklog({ runsDirectory: runs, connect, warn, signal: stop.signal })) {
    count++;
    process.stdout.write(`${makeVisible(describe(done))}\n`);
    done.undelivered.forEach(warn);
    if (done.waiting > 0) process.exitCode ??= 1;
  }
  if (count === 0) process.stdout.write(`nothing in ${runs} waits for a server\n`);
}

function describe({ runId, serverRunId, address, delivered, waiting }: Delivered): string {
  const as = serverRunId === undefined || serverRunId === runId ? '' : ` as run ${serverRunId}`;
  return `run ${runId}: ${delivered} things delivered to ${address}${as}${waiting === 0 ? '' : `; ${waiting} wait`}`;
}
