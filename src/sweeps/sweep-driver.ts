import { existsSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Bell } from '../base/bell.ts';
import { failure } from '../base/diagnostics.ts';
import { duration } from '../base/quantities.ts';
import { shorten } from '../base/shorten.ts';
import type { TrialRecord } from '../base/sweep-results.ts';
import { sweepTags } from '../tracking/sweep-tags.ts';
import type { TrackedRun } from '../tracking/tracker.ts';
import { endSweep } from './end-sweep.ts';
import type { Executor, Job, JobState } from './executor.ts';
import { type EndedEpoch, lastEpoch } from './last-epoch.ts';
import { type OpenedSweep, jobsOf } from './open-sweep.ts';
import { openParent } from './parent-run.ts';
import { takeBackPruning } from './prune-trials.ts';
import type { SweepOutcome, SweepRequest } from './sweep-request.ts';
import type { SweepEnding } from './sweep-events.ts';
import type { SweepLine } from './sweep-journal.ts';
import { bestSoFar, hasFinished, trialRecord } from './sweep-record.ts';
import { type TrialProgress, follow, progressOf, reasonToRetry } from './trial-progress.ts';
import {
  type TrialFacts,
  type TrialPlace,
  closeFailed,
  createTrialRun,
  foundRuns,
  lastEpochIn,
  readTrial,
} from './trial-runs.ts';
import { whyFailed } from './why-failed.ts';

/** The file by which another process asks the driver to stop. */
export const stopFile = (folder: string) => join(folder, 'stop');

/**
 * Milliseconds between two looks at the epochs of trials that run; more where a look takes more than its share of them:
 * a hundredth, as it computes, and a tenth where a cluster is asked, which is waiting.
 */
const lookAtEpochs = { atLeast: 1000, here: 100, elsewhere: 10 };

/** One process's work at a sweep. */
export class SweepDriver {
  readonly #request: SweepRequest;
  readonly #opened: OpenedSweep;
  readonly #executor: Executor;
  readonly #place: TrialPlace;
  readonly #trials: TrialProgress[];
  readonly #facts = new Map<number, TrialFacts>();
  readonly #start = performance.now();
  /** Seconds that drivers before this one were at work. */
  readonly #before: number;
  #parent: TrackedRun | undefined;
  /** Runs that earlier drivers made and did not note. */
  #found: ReadonlyMap<string, string> | undefined;
  #isExhausted = false;
  #nextLook = 0;
  #noted = performance.now();
  #told = new Map<number, number>();
  readonly #bell = new Bell();

  constructor(request: SweepRequest, opened: OpenedSweep, executor: Executor) {
    const { checked, tracker } = request;
    [this.#request, this.#opened, this.#executor] = [request, opened, executor];
    const { name, id } = opened.head;
    const { name: file, text } = checked.source;
    this.#place = { tracker, base: checked.base, name, id, file, text };
    this.#trials = progressOf(opened.journal.lines);
    this.#before = opened.journal.lines.reduce((most, line) => Math.max(most, 'at' in line ? line.at : 0), 0);
  }

  /** Works until the sweep is done, or has to end. @throws UserError see runSweep */
  async run(): Promise<SweepOutcome> {
    const { checked, emit, retryFailed, signal } = this.#request;
    rmSync(stopFile(this.#opened.folder), { force: true });
    this.#executor.onEnd?.(() => this.#bell.ring());
    signal.addEventListener('abort', () => this.#bell.ring(), { once: true });
    const parent = await openParent(this.#place, this.#opened.journal, checked.sweep);
    this.#parent = parent;
    for (const { number } of this.#trials) this.#read(number);
    const failed = this.#trials.filter(({ phase }) => phase === 'failed').map(({ number }) => number);
    if (retryFailed === true && failed.length > 0) this.#note({ type: 'retried', trials: failed, at: this.#at });
    const { sweep } = checked;
    emit({
      type: 'sweep-started',
      name: this.#place.name,
      id: this.#place.id,
      runId: parent.runId,
      trials: sweep.trials,
      begun: this.#trials.length,
      metric: sweep.goal.metric,
    });
    let why: SweepEnding;
    try {
      why = await this.#work();
      if (why !== 'done') await this.#stopAll();
    } catch (error) {
      // Jobs run on: the next driver adopts them.
      await parent.finish('KILLED', Date.now());
      throw error;
    }
    const { head } = this.#opened;
    const ending = { why, head, parent, progress: this.#trials, records: this.#records, at: this.#at };
    return endSweep(this.#request, { ...ending, note: (line) => this.#note(line) });
  }

  get #at(): number {
    return this.#before + (performance.now() - this.#start) / 1000;
  }

  get #records(): TrialRecord[] {
    const { goal } = this.#request.checked.sweep;
    return this.#trials.map((trial) => trialRecord(trial, this.#facts.get(trial.number), goal));
  }

  get #atWork(): readonly TrialProgress[] {
    return this.#trials.filter(({ phase }) => phase === 'at-work');
  }

  #note(line: SweepLine): void {
    this.#opened.journal.add(line);
    follow(this.#trials, line);
    this.#noted = performance.now();
  }

  /** Milliseconds to the next look at the executor: trials of hours are looked at less often than those of seconds. */
  get #pause(): number {
    return Math.max(this.#request.pause, Math.min(0.005 * (performance.now() - this.#noted), 1000));
  }

  #read(number: number): TrialFacts | undefined {
    const { run } = this.#trials[number - 1]!;
    if (run === undefined) return undefined;
    const facts = readTrial(this.#place.tracker.runsDirectory, run, this.#request.checked.sweep.goal);
    this.#facts.set(number, facts);
    return facts;
  }

  async #foundRuns(): Promise<ReadonlyMap<string, string>> {
    this.#found ??= await foundRuns(this.#place);
    return this.#found;
  }

  /** Until nothing is left to do, or something ends it. */
  async #work(): Promise<SweepEnding> {
    const { signal, checked } = this.#request;
    const { failures, budget } = checked.sweep;
    const most = budget.time === undefined ? Infinity : duration.read(budget.time);
    for (;;) {
      await this.#collect();
      if (signal.aborted) return 'interrupted';
      if (existsSync(stopFile(this.#opened.folder))) return 'stopped';
      if (this.#trials.filter(({ phase }) => phase === 'failed').length > failures) return 'failures';
      if (this.#at >= most) return 'budget';
      if (!(await this.#startSome()) && this.#atWork.length === 0) return 'done';
      await this.#tellEpochs();
      await this.#bell.wait(this.#pause);
    }
  }

  /** Looks what became of the jobs. */
  async #collect(): Promise<void> {
    const open = this.#atWork;
    if (open.length === 0) return;
    const jobs = new Map((await this.#executor.list(this.#jobs)).map((job) => [job.id, job]));
    for (const trial of open) {
      const job = jobs.get(this.#idOf(trial));
      // Noted, and its driver killed before it was started.
      if (job === undefined) await this.#executor.submit(await this.#jobOf(trial));
      else if (job.state !== 'queued' && job.state !== 'running') await this.#ended(trial, job);
    }
  }

  get #jobs(): string {
    return jobsOf(this.#opened.head);
  }

  #idOf({ number, rung, attempts }: TrialProgress): string {
    return `${this.#jobs}-${number}-${rung}-${attempts}`;
  }

  async #jobOf(trial: TrialProgress): Promise<Job> {
    const { checked, settingsOf, program, args, need, promotions, tracker, sender } = this.#request;
    const { source, settings } = checked.base;
    const rungs = promotions?.rungs ?? [];
    // The last rung is the whole training.
    const untilEpoch = trial.rung < rungs.length - 1 ? rungs[trial.rung] : undefined;
    const until = untilEpoch === undefined ? [] : ['--until-epoch', String(untilEpoch)];
    const { cpu } = this.#opened.head;
    const own = { id: this.#idOf(trial), need: { ...need, cpu } };
    if (sender !== undefined) return sender.jobOf(trial, { ...own, ...(untilEpoch !== undefined && { untilEpoch }) });
    return {
      ...own,
      argv: [
        ...program,
        'run',
        source.name,
        ...[...settings, ...settingsOf(trial.values)].flatMap((setting) => ['--set', setting]),
        ...until,
        '--json',
        '--runs',
        tracker.runsDirectory,
        ...args,
        '--into',
        trial.run!,
      ],
      // The same for all rungs and all trials, whatever machine they come to: bits depend on it.
      env: {
        PIPELINE_CORES: String(Math.ceil(cpu)),
        TF_NUM_INTEROP_THREADS: String(Math.ceil(cpu)),
      },
      cwd: process.cwd(),
    };
  }

  async #ended(trial: TrialProgress, job: JobState): Promise<void> {
    const { number, rung, attempts: attempt, seconds: before } = trial;
    const { promotions, emit, sender } = this.#request;
    await sender?.takeIn(trial, this.#idOf(trial));
    const facts = this.#read(number)!;
    const wanted = promotions?.rungs[rung] ?? Infinity;
    const isDone = hasFinished(facts) || (job.state === 'done' && facts.epochs >= wanted);
    if (isDone) await this.#expectGoal(facts);
    const step = { type: 'ended', trial: number, rung, attempt } as const;
    const at = this.#at;
    const seconds = Math.max(0, at - this.#submittedAt(number));
    const { exitCode } = job;
    let again: ReturnType<typeof reasonToRetry>;
    if (isDone) this.#note({ ...step, state: 'done', seconds, at });
    else {
      const state = job.state === 'stopped' || job.state === 'lost' ? job.state : 'failed';
      again = reasonToRetry(trial, { state, ...(exitCode === undefined ? {} : { exitCode }) });
      const reason = await whyFailed(this.#executor, job, facts);
      const code = exitCode === undefined ? {} : { exitCode };
      this.#note({ ...step, state, ...code, reason, ...(again === undefined ? {} : { again }), seconds, at });
      if (again === undefined && facts.status !== 'FAILED') await closeFailed(this.#place, trial.run!, reason);
    }
    const { goal } = this.#request.checked.sweep;
    const record = trialRecord(this.#trials[number - 1]!, facts, goal);
    const best = bestSoFar(this.#records, this.#trials, promotions?.rungs ?? [], goal);
    if (isDone && best !== undefined) this.#tellBest(best);
    emit({
      type: 'trial-ended',
      trial: number,
      state: record.state,
      ...(record.score === undefined ? {} : { score: record.score }),
      seconds: before + seconds,
      ...(record.reason === undefined ? {} : { reason: record.reason }),
      again: again !== undefined,
      ...(best === undefined ? {} : { best: { trial: best.number, score: best.score! } }),
    });
  }

  #submittedAt(number: number): number {
    const line = this.#opened.journal.lines.findLast((one) => one.type === 'submitted' && one.trial === number);
    return line?.type === 'submitted' ? line.at : this.#at;
  }

  /** @throws UserError where a trial that is done has no value of the metric that the sweep goes by */
  async #expectGoal({ metrics, runId }: TrialFacts): Promise<void> {
    const { goal } = this.#request.checked.sweep;
    if (goal.metric in metrics) return;
    // Those at work would train for nothing.
    await this.#stopJobs(this.#atWork);
    const names = Object.keys(metrics).map((name) => `\`${name}\``);
    throw failure(
      'goal-not-reported',
      `the run ${runId} reports no \`${goal.metric}\`, by which the sweep is to choose`,
      `It reports ${shorten(names.join(', '), 300)}: name one of these in \`goal\`, and begin anew with --fresh.`,
    );
  }

  /** Starts what there is room for. @returns whether there is more: others may have all of a cluster for a while */
  async #startSome(): Promise<boolean> {
    const { checked, need, signal } = this.#request;
    while (this.#hasMore) {
      if (this.#atWork.length >= checked.sweep.parallel || signal.aborted) return true;
      if ((await this.#executor.slots({ ...need, cpu: this.#opened.head.cpu })) <= 0) return true;
      const next = await this.#next();
      if (next === undefined) return false;
      await this.#submit(next);
    }
    return false;
  }

  /** Whether something is to be started, as far as that is known without asking the search. */
  get #hasMore(): boolean {
    const { checked, promotions } = this.#request;
    const isOpen = !this.#isExhausted && this.#trials.length < checked.sweep.trials;
    if (isOpen || this.#trials.some(({ phase }) => phase === 'waiting')) return true;
    if (promotions?.next(this.#records) !== undefined) return true;
    return this.#atWork.length === 0 && promotions?.closing(this.#records) !== undefined;
  }

  /** The number of the trial whose job is started next. What is decided for it is noted. */
  async #next(): Promise<number | undefined> {
    const { checked, promotions, searcher } = this.#request;
    const waiting = this.#trials.find(({ phase }) => phase === 'waiting');
    if (waiting !== undefined) return waiting.number;
    const promoted = promotions?.next(this.#records);
    if (promoted !== undefined) return this.#promote(promoted);
    const number = this.#trials.length + 1;
    if (!this.#isExhausted && number <= checked.sweep.trials) {
      const values = await searcher.suggest(number, this.#records);
      if (values !== undefined) {
        this.#note({ type: 'suggested', trial: number, values, at: this.#at });
        return number;
      }
      this.#isExhausted = true;
    }
    if (this.#atWork.length > 0) return undefined;
    const last = promotions?.closing(this.#records);
    return last === undefined ? undefined : this.#promote(last);
  }

  #promote({ trial, rung }: { readonly trial: number; readonly rung: number }): number {
    this.#note({ type: 'promoted', trial, rung, at: this.#at });
    return trial;
  }

  async #submit(number: number): Promise<void> {
    const run = this.#trials[number - 1]!.run ?? (await this.#runOf(number));
    const { tracker, signal } = this.#request;
    if (this.#facts.get(number)?.isPruned === true) await takeBackPruning(tracker, run, signal);
    const attempt = this.#trials[number - 1]!.attempts + 1;
    const { rung, values } = this.#trials[number - 1]!;
    const step = { trial: number, rung, attempt, at: this.#at };
    this.#note({ type: 'submitted', ...step });
    const facts = this.#read(number)!;
    // An attempt that was taken for lost came to its end.
    if (hasFinished(facts)) return this.#ended(this.#trials[number - 1]!, { id: '', state: 'done' });
    this.#request.emit({ type: 'trial-started', trial: number, values, runId: basename(run), rung, attempt });
    await this.#executor.submit(await this.#jobOf(this.#trials[number - 1]!));
  }

  async #runOf(number: number): Promise<string> {
    const { values } = this.#trials[number - 1]!;
    const { checked, settingsOf } = this.#request;
    const settings = [...checked.base.settings, ...settingsOf(values)];
    // A driver that was killed may have made it; after the first one of its own, this one knows of all.
    const made = this.#trials.length === number ? (await this.#foundRuns()).get(String(number)) : undefined;
    const run = made ?? (await createTrialRun(this.#place, this.#parent!, { number, settings, values }));
    this.#note({ type: 'created', trial: number, run });
    return run;
  }

  /** Tells of epochs that ended, now and then. */
  async #tellEpochs(): Promise<void> {
    const { signal, sender } = this.#request;
    const start = performance.now();
    if (start < this.#nextLook) return;
    for (const trial of this.#atWork) {
      if (signal.aborted) return;
      const last = await this.#lastEpoch(trial);
      if (last === undefined || last.epoch <= (this.#told.get(trial.number) ?? 0)) continue;
      this.#told.set(trial.number, last.epoch);
      this.#request.emit({ type: 'trial-progress', trial: trial.number, ...last });
    }
    const times = sender === undefined ? lookAtEpochs.here : lookAtEpochs.elsewhere;
    this.#nextLook = performance.now() + Math.max(lookAtEpochs.atLeast, times * (performance.now() - start));
  }

  async #lastEpoch(trial: TrialProgress): Promise<EndedEpoch | undefined> {
    const { sender, checked, tracker } = this.#request;
    if (sender === undefined) return lastEpochIn(tracker.runsDirectory, trial.run!, checked.sweep.goal);
    // The run of one that was sent away has its values when its job ends: until then there is what it prints.
    const printed = await this.#executor.logs(this.#idOf(trial)).catch(() => undefined);
    return printed === undefined ? undefined : lastEpoch(printed, checked.sweep.goal.metric);
  }

  /** Records the best value so far with the parent run. */
  #tellBest({ number, score, runId }: TrialRecord): void {
    // One for each rung of a trial that was done: a step that has a value keeps it.
    const step = this.#opened.journal.lines.filter((line) => line.type === 'ended' && line.state === 'done').length;
    const key = `best_${this.#request.checked.sweep.goal.metric}`;
    this.#parent!.metrics([{ key, value: score!, step, timestamp: Date.now() }]);
    this.#parent!.tags({ [sweepTags.best]: runId!, [sweepTags.bestTrial]: String(number) });
  }

  async #stopJobs(trials: readonly TrialProgress[]): Promise<void> {
    await Promise.all(trials.map((trial) => this.#executor.stop(this.#idOf(trial))));
  }

  async #stopAll(): Promise<void> {
    const open = this.#atWork;
    await this.#stopJobs(open);
    const jobs = new Map((await this.#executor.list(this.#jobs)).map((job) => [job.id, job]));
    for (const trial of open) {
      const id = this.#idOf(trial);
      const job = jobs.get(id);
      const isOver = job !== undefined && job.state !== 'queued' && job.state !== 'running';
      await this.#ended(trial, isOver ? job : { id, state: 'stopped' });
    }
  }
}
