import { existsSync } from 'node:fs';
import { Command, Option } from 'commander';
import { type Diagnostic, failure, warning } from '../base/diagnostics.ts';
import { untilSecondLook } from '../base/claim.ts';
import { printDiagnostics } from '../base/print-diagnostics.ts';
import { showDuration } from '../base/quantities.ts';
import { showsColors } from '../base/terminal.ts';
import { makeVisible } from '../base/visible-text.ts';
import { warnOfClearText } from '../tracking/choose-tracker.ts';
import { deliverAgain } from '../tracking/server/deliver-again.ts';
import {
  type Backlog,
  type Busy,
  type Delivered,
  countBusy,
  deliverBacklog,
  surveyBacklog,
} from '../tracking/server/deliver-backlog.ts';
import type { Refusal } from '../tracking/server/journal.ts';
import { closeOrphans, listSilences } from '../tracking/server/orphans.ts';
import { plainAddress, type ServerAddress, serverAddress } from '../tracking/server/server-address.ts';
import { trackingPlace } from '../tracking/tracking-place.ts';
import { again, tellOfRefusals } from '../tracking/server/undelivered.ts';
import { countWaiting, describeWaiting } from './earlier-runs.ts';
import { runsOption, trackingUriOption } from './shared-options.ts';
import { type OfRun, tellAlike } from './tell-alike.ts';
import { untilInterrupted } from './until-interrupted.ts';

interface SyncOptions {
  readonly to?: string;
  readonly trackingUri?: string;
  readonly again?: string;
  readonly runs: string;
}

/** `pipeline sync`: delivers what tracking servers have missed. */
export function syncCommand(): Command {
  return new Command('sync')
    .description(
      'Deliver runs to an MLflow server that was down, close those that were killed, and tell what waits for others',
    )
    .addOption(
      new Option('--to <uri>', 'the server to deliver to what waits for it (also MLFLOW_TRACKING_URI)').conflicts(
        'trackingUri',
      ),
    )
    .addOption(trackingUriOption('deliver what waits to this server, whichever it was for'))
    .option(
      '--again <run>',
      'send a run anew, all of it: what was refused, or is gone from the server (an id, or the beginning of one)',
    )
    .addOption(runsOption())
    .action((options: SyncOptions) => untilInterrupted((signal) => sync(options, signal)));
}

async function sync({ to, trackingUri, again: run, runs }: SyncOptions, signal: AbortSignal): Promise<void> {
  const server = namedServer(trackingUri ?? to);
  let isInClear = false;
  if (server !== undefined) {
    warnOfClearText(server, (warning) => {
      isInClear = true;
      warn(warning);
    });
  }
  // Without a word of the user, it need not be there yet.
  if (runs !== 'runs' && !existsSync(runs))
    throw failure(
      'no-runs-folder',
      `there is no folder ${runs}`,
      'name the one that holds the runs: `pipeline sync --runs FOLDER`',
    );
  const found: OfRun[] = [];
  const note = (warning: Diagnostic): void => {
    found.push({ warning });
    if (['not-closed', 'not-writable'].includes(warning.code)) process.exitCode ??= 1;
  };
  const told = new Set<string>();
  // Of many runs that a server did not take anything of, the warning says enough.
  const withoutAny: Delivered[] = [];
  const tell = (done: Delivered): void => {
    told.add(done.runId);
    if (done.delivered === 0 && done.waiting > 0) withoutAny.push(done);
    else write(describe(done, plainAddress(server!.uri)));
    found.push(...done.undelivered.map((warning) => ({ warning, runId: done.runId })));
    if (done.waiting > 0) process.exitCode ??= 1;
  };
  try {
    const close = (): void =>
      closeOrphans(runs, note).forEach((directory) => write(`${directory}: its process is gone; marked KILLED`));
    close();
    if (await untilSecondLook(signal)) close();
    if (server !== undefined) {
      const backlog: Backlog = { runsDirectory: runs, server, env: process.env, warn: note, signal };
      if (run !== undefined) tell(await deliverAgain(run, backlog));
      else for await (const done of deliverBacklog(backlog, trackingUri !== undefined)) tell(done);
    } else if (run !== undefined) {
      throw failure(
        'no-server',
        `no server is named that ${run} is to be sent to`,
        'name it: `pipeline sync --again RUN --to ADDRESS`, or set MLFLOW_TRACKING_URI',
      );
    }
    if (run === undefined && !signal.aborted) found.push(...(await findRest(runs, told, server)));
  } finally {
    if (withoutAny.length === 1) write(describe(withoutAny[0]!, plainAddress(server!.uri)));
    tellAlike(found).forEach(warn);
  }
  if (run === undefined && !signal.aborted) await tellOfRest(runs, told, server, found.length === 0 && !isInClear);
}

/**
 * The server that the user names in this command; what a journal names is not enough.
 *
 * @throws UserError for an address of none
 */
function namedServer(flag: string | undefined): ServerAddress | undefined {
  if (flag !== undefined) return serverAddress(flag, true);
  const variable = process.env['MLFLOW_TRACKING_URI'] ?? '';
  const { server } = variable === '' ? {} : trackingPlace(variable);
  return server === undefined ? undefined : serverAddress(server, true);
}

/** What is refused, or cannot be read, and was not told of yet. @param server undefined: no journal was opened */
async function findRest(
  runs: string,
  told: ReadonlySet<string>,
  server: ServerAddress | undefined,
): Promise<readonly OfRun[]> {
  const found: OfRun[] = [];
  const named = server === undefined ? undefined : plainAddress(server.uri);
  for await (const { runId, address, refused, problem } of surveyBacklog(runs)) {
    if (problem !== undefined && server === undefined) found.push({ warning: problem, runId });
    if (refused.length === 0 || told.has(runId)) continue;
    const [{ cause }] = refused as readonly [Refusal];
    const warnings = tellOfRefusals(
      refused.map((refusal) => ({ ...refusal, cause })),
      `\`${again(runId, address === named ? address : undefined)}\` sends the run anew`,
      address === named ? undefined : address,
    );
    found.push(...warnings.map((warning) => ({ warning, runId })));
  }
  return found;
}

/** What waits, and was not told of yet. @param isNothing whether nothing was told of at all */
async function tellOfRest(
  runs: string,
  told: ReadonlySet<string>,
  server: ServerAddress | undefined,
  isNothing: boolean,
): Promise<void> {
  const [silences, busy] = [listSilences(runs), await countBusy(runs)];
  const rest = [
    ...(silences.length > 0 ? [describeSilences(silences)] : []),
    ...(busy.waiting > 0 ? [describeBusy(busy)] : []),
    ...describeWaiting(await countWaiting(runs, told), server),
  ];
  rest.forEach(warn);
  if (rest.length > 0) process.exitCode ??= 1;
  if (busy.runs > 0 && busy.waiting === 0) write(describeBusy(busy).message);
  else if (rest.length === 0 && isNothing && told.size === 0) write(`nothing in ${runs} waits for a server`);
}

function describeBusy({ runs, waiting }: Busy): Diagnostic {
  const [are, they] = runs === 1 ? ['is', 'it'] : ['are', 'them'];
  const wait = waiting === 0 ? '' : `; ${waiting} things of ${they} wait`;
  return warning(
    'at-work',
    `${countRuns(runs)} ${are} being recorded or delivered by another process${wait}`,
    'run `pipeline sync` again when it has ended',
  );
}

function countRuns(count: number): string {
  return count === 1 ? '1 run' : `${count} runs`;
}

function describeSilences(silences: readonly number[]): Diagnostic {
  const message =
    `${countRuns(silences.length)} may still be at work in another container ` +
    `or on another host (last sign of life ${showDuration(Math.min(...silences) / 1000)} ago): left alone`;
  return warning('may-be-at-work', message, 'run `pipeline sync` again in 20 s');
}

function write(line: string): void {
  process.stdout.write(`${makeVisible(line)}\n`);
}

function warn(warning: Diagnostic): void {
  process.stderr.write(printDiagnostics([warning], { color: showsColors(process.stderr), cwd: process.cwd() }));
}

function describe({ runId, serverRunId, delivered, waiting }: Delivered, address: string): string {
  const as = serverRunId === undefined || serverRunId === runId ? '' : ` as run ${serverRunId}`;
  return `run ${runId}: ${delivered} things delivered to ${address}${as}${waiting === 0 ? '' : `; ${waiting} wait`}`;
}
