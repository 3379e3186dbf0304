import { createHash } from 'node:crypto';
import { dirname, join, relative, resolve } from 'node:path';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Diagnostic, UserError, failure, mistake, warning } from '../../base/diagnostics.ts';
import { claim } from '../../base/claim.ts';
import type { RunStatus } from '../../base/events.ts';
import { writeFileAtomic } from '../../base/files.ts';
import { hasForm, object, optional, text, whole } from '../../base/json-form.ts';
import { ownFolder } from '../../base/own-folder.ts';
import { readFileWithin } from '../../base/read-file.ts';
import { shorten } from '../../base/shorten.ts';
import { cacheFolder } from '../../cache/stage-cache.ts';
import type { CheckedPipeline } from '../../plan/check-pipeline.ts';
import { nameRun } from '../../run/name-run.ts';
import { recordConfiguration, runTags } from '../../run/record-run.ts';
import { runFolderAt } from '../../tracking/store/run-folder.ts';
import type { TrackedRun, Tracker } from '../../tracking/tracker.ts';
import type { Executor, JobState, Resources } from '../executor.ts';
import { reasonToRetry } from '../trial-progress.ts';
import { whyFailed } from '../why-failed.ts';
import type { JobSender } from './job-sender.ts';
import { type Portable, makePortable } from './make-manifest.ts';
import type { JobResult } from './job-manifest.ts';
import { takeIn } from './take-in.ts';

/** One run for another machine. */
export interface ElsewhereRequest {
  readonly checked: CheckedPipeline;
  readonly sender: JobSender;
  /** @param folder of the job's own, absolute */
  readonly openExecutor: (folder: string) => Executor;
  readonly need: Resources;
  readonly tracker: Tracker;
  /** What the run is called; left out: by what was set. */
  readonly name?: string;
  readonly untilEpoch?: number;
  /** Whether to begin anew where the same was sent before. */
  readonly fresh: boolean;
  /** Whether the job prints events as JSON. */
  readonly json: boolean;
  /** Shown what the job prints, as it comes. */
  readonly show: (text: string) => void;
  readonly warn: (warning: Diagnostic) => void;
  /** Aborted when the user wants it to end: the job is stopped in order, and goes on another time. */
  readonly signal: AbortSignal;
}

/** How it ended. */
export interface ElsewhereOutcome {
  readonly run: TrackedRun;
  readonly status: RunStatus;
  readonly pausedAfter?: number;
  /** As the job's command ended. */
  readonly exitCode: number;
  /** Why, where it did not finish. */
  readonly reason?: string;
}

/** What is noted of a run that was sent away, until it has ended. */
const note = object({ place: text(), attempt: whole, after: optional(text()), lost: whole, memory: whole });

interface Note {
  readonly place: string;
  /** Of the job that is, or is to be, at work. */
  readonly attempt: number;
  /** The last job that left a state. */
  readonly after?: string | undefined;
  readonly lost: number;
  readonly memory: number;
}

/** Milliseconds between two looks at a job. */
const look = 500;

/**
 * Runs a pipeline on another machine, and records here what it did, as the run that it is. The same command goes on
 * with a job that is at work, and with a run that was stopped.
 *
 * @throws UserError where it cannot be sent, or another process is at it; the job runs on then
 */
export async function runElsewhere(request: ElsewhereRequest): Promise<ElsewhereOutcome> {
  const { checked, tracker, openExecutor } = request;
  const portable = await makePortable(checked);
  const store = resolve(tracker.runsDirectory);
  const key = createHash('sha256')
    .update(JSON.stringify([resolve(checked.source.name), portable.part, request.need.cpu, tracker.server ?? null]))
    .digest('hex')
    .slice(0, 16);
  const folder = ownFolder(dirname(store), '.layerline', 'sent', store.slice(dirname(store).length + 1), key);
  const claimed = claim(folder);
  if (claimed === undefined)
    throw failure(
      'job-at-work',
      `another process waits for the job of ${checked.source.name}`,
      'Let it, or end it: the same command takes the job up again.',
    );
  const executor = openExecutor(folder);
  try {
    return await new Elsewhere(request, portable, { executor, folder, key }).work();
  } finally {
    await executor.close();
    claimed.release();
  }
}

interface Place {
  readonly executor: Executor;
  readonly folder: string;
  readonly key: string;
}

class Elsewhere {
  readonly #request: ElsewhereRequest;
  readonly #portable: Portable;
  readonly #place: Place;
  readonly #noted: string;
  #note: Note | undefined;
  /** The last line that was shown. */
  #shown: { readonly job: string; readonly text: string } | undefined;

  constructor(request: ElsewhereRequest, portable: Portable, place: Place) {
    [this.#request, this.#portable, this.#place] = [request, portable, place];
    this.#noted = join(place.folder, 'run.json');
  }

  async work(): Promise<ElsewhereOutcome> {
    if (this.#request.fresh) await this.#giveUp();
    const run = (await this.#former()) ?? (await this.#begin());
    try {
      for (;;) {
        await this.#submit(run);
        const state = await this.#follow();
        const ended = await this.#ended(run, state);
        if (ended !== undefined) return await this.#close(run, ended);
      }
    } catch (error) {
      // The job runs on: the same command takes it up.
      await run.finish('KILLED', Date.now());
      throw error;
    }
  }

  get #id(): string {
    return `run-${this.#place.key}-${this.#note!.attempt}`;
  }

  #write(change: Note): void {
    this.#note = change;
    writeFileAtomic(this.#noted, JSON.stringify(change));
  }

  /** Stops what is under way of the same run. */
  async #giveUp(): Promise<void> {
    const { executor, key } = this.#place;
    for (const { id } of (await executor.list(`run-${key}`)).filter(isOpen)) await executor.stop(id);
    const before = this.#read();
    if (before !== undefined) this.#write({ ...before, place: '' });
  }

  #read(): Note | undefined {
    if (!existsSync(this.#noted)) return undefined;
    try {
      const told: unknown = JSON.parse(Buffer.from(readFileWithin(this.#noted, 65_536)).toString());
      return hasForm(note, told) ? told : undefined;
    } catch {
      return undefined;
    }
  }

  /** The run that was begun before, where it has not ended. */
  async #former(): Promise<TrackedRun | undefined> {
    const { tracker } = this.#request;
    const before = this.#read();
    if (before === undefined || before.place === '') return undefined;
    const run = await tracker.reopen(runFolderAt(tracker.runsDirectory, before.place));
    this.#note = run && before;
    return run;
  }

  async #begin(): Promise<TrackedRun> {
    const { checked, tracker, name } = this.#request;
    const { pipeline, source } = checked;
    // What it is made with, the job says.
    const own = Object.entries(runTags(source.name, '')).filter(([key]) => key.startsWith('mlflow.'));
    const run = await tracker.start({
      experiment: pipeline.tracking.experiment ?? pipeline.name,
      runName: name ?? nameRun(checked, undefined, new Date()),
      startTime: Date.now(),
      tags: Object.fromEntries(own),
    });
    recordConfiguration(run, checked);
    // Names of jobs are used once: executors know those that ended.
    const attempt = (this.#read()?.attempt ?? 0) + 1;
    this.#write({ place: relative(tracker.runsDirectory, run.directory), attempt, lost: 0, memory: 0 });
    return run;
  }

  /** Starts the job of now, where it is not at work yet. */
  async #submit(run: TrackedRun): Promise<void> {
    const { checked, sender, need, untilEpoch, json, name, signal } = this.#request;
    const { executor, key } = this.#place;
    if ((await executor.list(`run-${key}`)).some(({ id }) => id === this.#id)) return;
    const { pipeline } = checked;
    // What waits at Ray is lost with the node that it waits at.
    while ((await executor.slots(need)) <= 0) {
      if (signal.aborted) return;
      await sleep(look, undefined, { signal }).catch(() => undefined);
    }
    const part = {
      run: {
        id: run.runId,
        name: name ?? nameRun(checked, undefined, new Date()),
        experiment: pipeline.tracking.experiment ?? pipeline.name,
      },
      ...(untilEpoch !== undefined && { untilEpoch }),
      json,
      ...(this.#note!.after !== undefined && { after: this.#note!.after }),
    };
    await executor.submit(await sender.send(this.#portable, part, { id: this.#id, need }));
  }

  /** Shows what the job prints until it has ended, or is stopped. */
  async #follow(): Promise<JobState> {
    const { signal } = this.#request;
    const { executor, key } = this.#place;
    for (;;) {
      if (signal.aborted) await executor.stop(this.#id);
      const state = (await executor.list(`run-${key}`)).find(({ id }) => id === this.#id);
      this.#show((await executor.logs(this.#id).catch(() => undefined)) ?? '');
      if (state !== undefined && !isOpen(state)) return state;
      if (signal.aborted) return { id: this.#id, state: 'stopped' };
      await sleep(look, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Shows what is new. Of a long output the beginning may be gone. */
  #show(log: string): void {
    const whole = log.slice(0, log.lastIndexOf('\n') + 1);
    const before = this.#shown?.job === this.#id ? this.#shown.text : '';
    const tail = before.slice(-500);
    const at = whole.startsWith(before) ? before.length : whole.lastIndexOf(tail) + tail.length;
    if (whole.length > at) this.#request.show(whole.slice(at));
    this.#shown = { job: this.#id, text: whole };
  }

  /** @returns undefined where it is tried again */
  async #ended(run: TrackedRun, state: JobState): Promise<Omit<ElsewhereOutcome, 'run'> | undefined> {
    const { sender, tracker, warn, signal } = this.#request;
    const result = await sender.resultOf(this.#id);
    if (result !== undefined) {
      await takeIn(result, { store: sender.store, run, cache: cacheFolder(tracker.runsDirectory) });
      return this.#afterResult(result);
    }
    const end = { state: state.state === 'failed' || state.state === 'lost' ? state.state : 'stopped' } as const;
    const { exitCode } = state;
    const again = signal.aborted
      ? 'stopped'
      : reasonToRetry(this.#note!, { ...end, ...(exitCode !== undefined && { exitCode }) });
    const reason = await whyFailed(this.#place.executor, state, {});
    const { attempt, lost, memory } = this.#note!;
    this.#write({
      ...this.#note!,
      attempt: attempt + 1,
      lost: lost + (again === 'lost' ? 1 : 0),
      memory: memory + (again === 'memory' ? 1 : 0),
    });
    if (again === undefined) return { status: 'FAILED', exitCode: exitCode ?? 1, reason };
    if (again === 'stopped') return { status: 'KILLED', exitCode: 130, reason };
    warn(warning('job-tried-again', `the job is sent once more: ${reason}`));
    return undefined;
  }

  #afterResult({ status, exitCode, pausedAfter, error }: JobResult): Omit<ElsewhereOutcome, 'run'> {
    const [after, attempt] = [this.#id, this.#note!.attempt + 1];
    const ended = status === 'FINISHED' || status === 'KILLED' ? status : 'FAILED';
    this.#write({ ...this.#note!, attempt, after });
    return {
      status: ended,
      exitCode,
      ...(pausedAfter !== undefined && { pausedAfter }),
      ...(error !== undefined && { reason: shorten(error.split('\n')[0]!, 300) }),
    };
  }

  async #close(run: TrackedRun, ended: Omit<ElsewhereOutcome, 'run'>): Promise<ElsewhereOutcome> {
    const { warn, signal } = this.#request;
    if (ended.status === 'FAILED' && ended.reason !== undefined) run.tags({ 'pipeline.error': ended.reason });
    for (const diagnostic of await run.finish(ended.status, Date.now(), signal)) warn(diagnostic);
    if (ended.status !== 'KILLED') this.#write({ ...this.#note!, place: '' });
    return { run, ...ended };
  }
}

const isOpen = ({ state }: JobState) => state === 'queued' || state === 'running';

/** What is thrown of a job that failed. */
export function jobFailed({ exitCode, reason }: Pick<ElsewhereOutcome, 'exitCode' | 'reason'>): UserError {
  const message = `the job failed: ${reason ?? `it ended with exit code ${exitCode}`}`;
  return new UserError(mistake('job-failed', message), exitCode === 2 ? 2 : 1);
}
