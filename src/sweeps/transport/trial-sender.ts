import { basename, join } from 'node:path';
import type { TrialValues } from '../../base/sweep-results.ts';
import { cacheFolder } from '../../cache/stage-cache.ts';
import { type CheckedPipeline, checkAndFetch } from '../../plan/check-pipeline.ts';
import { recordConfiguration } from '../../run/record-run.ts';
import { readMeta } from '../../tracking/store/meta-yaml.ts';
import { readTexts } from '../../tracking/store/read-run.ts';
import { runFolderAt } from '../../tracking/store/run-folder.ts';
import type { Tracker } from '../../tracking/tracker.ts';
import type { CheckedSweep } from '../checked-sweep.ts';
import type { Job, Resources } from '../executor.ts';
import type { JobSender } from './job-sender.ts';
import { type Portable, makePortable } from './make-manifest.ts';
import { takeIn } from './take-in.ts';

/** The job whose state the run of a trial goes on from. */
const stateTag = 'layerline.job';

/** A trial, as far as sending it needs it. */
export interface SentTrial {
  readonly number: number;
  readonly values: TrialValues;
  /** Where its run is recorded here, `EXPERIMENT/RUN`. */
  readonly run?: string;
}

/** What trials are sent with. */
export interface TrialSenderRequest {
  readonly checked: CheckedSweep;
  readonly sender: JobSender;
  readonly tracker: Tracker;
  readonly settingsOf: (values: TrialValues) => readonly string[];
}

/** The pipeline with the values of a trial, as it is here and as it goes away. */
interface Ready {
  readonly checked: CheckedPipeline;
  readonly portable: Portable;
}

/** Sends trials of a sweep to machines that reach nothing of this one, and records here what they did. */
export class TrialSender {
  readonly #request: TrialSenderRequest;
  readonly #ready = new Map<number, Promise<Ready>>();

  constructor(request: TrialSenderRequest) {
    this.#request = request;
  }

  /**
   * Brings the job of a trial to where its machine finds it.
   *
   * @param untilEpoch the epoch at whose end it pauses; left out: the whole training
   * @throws UserError where it cannot be sent
   */
  async jobOf(
    trial: SentTrial,
    { id, need, untilEpoch }: { readonly id: string; readonly need: Resources; readonly untilEpoch?: number },
  ): Promise<Job> {
    const { checked, portable } = await this.#readyFor(trial);
    const directory = this.#directoryOf(trial);
    const after = readTexts(join(directory, 'tags'))[stateTag];
    const { pipeline } = checked;
    const runName = readMeta(join(directory, 'meta.yaml'))?.['run_name'];
    const part = {
      run: {
        id: basename(directory),
        name: typeof runName === 'string' ? runName : pipeline.name,
        experiment: pipeline.tracking.experiment ?? pipeline.name,
      },
      ...(untilEpoch !== undefined && { untilEpoch }),
      json: true,
      ...(after !== undefined && { after }),
    };
    return this.#request.sender.send(portable, part, { id, need });
  }

  /**
   * Records what a job of a trial did, if it came to leave anything; once taken, it changes nothing.
   *
   * @throws UserError where the store cannot be read, or what is there is not what it has to be
   */
  async takeIn(trial: SentTrial, id: string): Promise<void> {
    const { sender, tracker } = this.#request;
    const result = await sender.resultOf(id);
    const run = result && (await tracker.reopen(this.#directoryOf(trial)));
    if (run === undefined) return;
    recordConfiguration(run, (await this.#readyFor(trial)).checked);
    await takeIn(result!, { store: sender.store, run, cache: cacheFolder(tracker.runsDirectory) });
    run.tags({ [stateTag]: id });
    const { status } = result!;
    await run.finish(status === 'FINISHED' || status === 'KILLED' ? status : 'FAILED', Date.now());
  }

  close(): Promise<void> {
    return this.#request.sender.close();
  }

  #directoryOf({ run }: SentTrial): string {
    return runFolderAt(this.#request.tracker.runsDirectory, run!);
  }

  #readyFor({ number, values }: SentTrial): Promise<Ready> {
    const known = this.#ready.get(number) ?? this.#prepare(values);
    this.#ready.set(number, known);
    return known;
  }

  async #prepare(values: TrialValues): Promise<Ready> {
    const { checked, settingsOf } = this.#request;
    const { source, settings } = checked.base;
    const one = await checkAndFetch(source, [...settings, ...settingsOf(values)]);
    return { checked: one, portable: await makePortable(one) };
  }
}
