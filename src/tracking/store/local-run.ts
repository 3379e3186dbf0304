import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Claim, isMine } from '../../base/claim.ts';
import { type Diagnostic, failure, warning } from '../../base/diagnostics.ts';
import type { RunStatus } from '../../base/events.ts';
import { besideName, flushFiles, writeFileAtomic, writeFileUnflushed } from '../../base/files.ts';
import { silence } from '../../base/heartbeat.ts';
import { hideSecrets } from '../../base/secrets.ts';
import { AllowedKeys } from './allowed-keys.ts';
import type { Items, Kind } from '../server/journal.ts';
import { editMeta, writeMeta } from './meta-yaml.ts';
import { MetricFiles } from './metric-files.ts';
import { double } from '../server/mlflow-client.ts';
import { readKeys } from './read-run.ts';
import type { DatasetInput, Metric, TrackedRun, Undelivered } from '../tracker.ts';
import { reasonOf } from './write-reason.ts';

/** Who else is told of what a run records, after it is on the disk and with keys and values that MLflow takes. */
export interface Recorder {
  /** The id that they have the run under, once they have it. */
  readonly runId?: string | undefined;
  record<K extends Kind>(kind: K, items: readonly Items[K][]): void;
  /** Called once, last of all. @param signal aborted to wait no longer for a server */
  finish(status: RunStatus, signal?: AbortSignal): Promise<Undelivered>;
}

/** Where a local run lies, and what it reports to. */
export interface LocalRunPlace {
  readonly runId: string;
  /** The id that users look for: the server's where there is one. */
  readonly experimentId: string;
  /** `<runs>/<experiment>/<run>`; exists, with its `meta.yaml`. */
  readonly directory: string;
  /** This process's right to write there; given back at the end. */
  readonly claim: Claim;
  readonly recorder: Recorder;
  /** Whether an earlier process has recorded a part of it. */
  readonly resumed?: boolean;
  readonly warn: (warning: Diagnostic) => void;
}

// MLflow's limits (`mlflow/utils/validation.py`); a server cuts longer values without a word.
const longestParam = 6000;
const longestTag = 8000;
const longestDigest = 36;
const longestDatasetName = 500;
/** How a `meta.yaml` spells a status; the protobuf numbers of MLflow's `RunStatus`. */
export const statusNumber = { RUNNING: 1, FINISHED: 3, FAILED: 4, KILLED: 5 } as const satisfies Record<
  RunStatus | 'RUNNING',
  number
>;

/** The state that a `meta.yaml` spells, as a number; of what spells none, that nothing is known to have ended it. */
export function stateOf(status: unknown): keyof typeof statusNumber | 'SCHEDULED' {
  if (status === 2) return 'SCHEDULED';
  const known = Object.entries(statusNumber).find(([, number]) => number === status);
  return (known?.[0] ?? 'RUNNING') as keyof typeof statusNumber;
}

/** A run in a local store, laid out as MLflow's file store has it. */
export class LocalRun implements TrackedRun {
  readonly runId: string;
  readonly experimentId: string;
  readonly directory: string;
  readonly artifactDirectory: string;
  readonly #recorder: Recorder;
  readonly #warn: (warning: Diagnostic) => void;
  readonly #metricFiles: MetricFiles;
  readonly #claim: Claim;
  readonly #keys: { readonly params: AllowedKeys; readonly metrics: AllowedKeys; readonly tags: AllowedKeys };
  /** Steps that an earlier process has recorded a value of, by key. */
  readonly #recorded: ReadonlyMap<string, ReadonlySet<number>>;
  readonly #aside: string;
  /** Writes that failed: tried again before the next one, and at the end. */
  readonly #waiting: { readonly count: number; readonly what: string; readonly write: () => void }[] = [];
  /** Why the first of them failed last. */
  #reason = '';
  #hasWarned = false;
  /** Files on their way to the disk. */
  readonly #flushing = new Set<Promise<void>>();

  constructor({ runId, experimentId, directory, claim, recorder, resumed = false, warn }: LocalRunPlace) {
    this.runId = runId;
    this.experimentId = experimentId;
    this.directory = directory;
    this.artifactDirectory = join(directory, 'artifacts');
    this.#claim = claim;
    this.#recorder = recorder;
    this.#warn = warn;
    this.#aside = join(directory, besideName());
    this.#metricFiles = new MetricFiles(join(directory, 'metrics'), this.#aside);
    this.#recorded = resumed ? this.#metricFiles.recover() : new Map();
    this.#keys = {
      params: new AllowedKeys(readKeys(join(directory, 'params'))),
      metrics: new AllowedKeys([...this.#recorded.keys()]),
      tags: new AllowedKeys(readKeys(join(directory, 'tags'))),
    };
  }

  get serverRunId(): string | undefined {
    return this.#recorder.runId;
  }

  ensureOurs(): void {
    if (isMine(this.directory)) return;
    const why =
      `it gave no sign of life for ${silence / 1000} s, as when it is suspended, and another process took it over, ` +
      'to go on with it or to close it';
    const hint =
      'Nothing is lost up to the last checkpoint: where no other process goes on with it, run the file again.';
    throw failure('run-taken-over', `the run ${this.runId} is no longer this process's: ${why}`, hint);
  }

  params(params: Readonly<Record<string, string>>): void {
    this.#values('params', params, longestParam);
  }

  tags(tags: Readonly<Record<string, string>>): void {
    this.#values('tags', tags, longestTag);
  }

  metrics(metrics: readonly Metric[]): void {
    this.ensureOurs();
    // A fractional step or timestamp is stored as 0 by MLflow's server.
    const allowed = metrics
      .map((metric) => ({
        ...metric,
        key: this.#allow('metrics', metric.key),
        step: Math.round(metric.step),
        timestamp: Math.round(metric.timestamp),
      }))
      .filter(({ key, step }) => this.#recorded.get(key)?.has(step) !== true);
    if (allowed.length === 0) return;
    this.#write(allowed.length, 'metric values', () => this.#metricFiles.append(allowed));
    this.#recorder.record(
      'metrics',
      allowed.map((metric) => ({ ...metric, value: double(metric.value) })),
    );
  }

  inputs(datasets: readonly DatasetInput[]): void {
    this.ensureOurs();
    const allowed = datasets.map((dataset) => ({
      ...dataset,
      name: dataset.name.slice(0, longestDatasetName),
      digest: dataset.digest.slice(0, longestDigest),
      source: hideSecrets(dataset.source),
    }));
    this.#write(allowed.length, 'data set inputs', () => allowed.forEach((dataset) => this.#writeInput(dataset)));
    this.#recorder.record('inputs', allowed);
  }

  artifact(path: string): void {
    this.ensureOurs();
    this.#recorder.record('artifacts', [path]);
  }

  async finish(status: RunStatus, endTime: number, signal?: AbortSignal): Promise<Undelivered> {
    if (!isMine(this.directory)) {
      await this.#recorder.finish('KILLED');
      return [];
    }
    const end_time = Math.round(endTime);
    // A run that says it has finished is whole, whatever happens to the power next.
    if (status === 'FINISHED') await this.#flushMetrics();
    this.#write(0, 'the status', () =>
      editMeta(join(this.directory, 'meta.yaml'), { status: statusNumber[status], end_time }),
    );
    this.#recorder.record('status', [{ status, end_time }]);
    await Promise.all(this.#flushing);
    const undelivered = await this.#recorder.finish(status, signal);
    // A run whose status could not be written is closed like one that was killed: by whoever finds its claim.
    if (this.#waiting.length === 0) this.#claim.release();
    return [...this.#unwritten(), ...undelivered];
  }

  /** One warning of the cause, not one of each write. */
  #unwritten(): Diagnostic[] {
    if (this.#waiting.length === 0) return [];
    const counts = new Map<string, number>();
    for (const { count, what } of this.#waiting) counts.set(what, (counts.get(what) ?? 0) + count);
    const list = [...counts].map(([what, count]) => (count === 0 ? what : `${count} ${what}`));
    const all = [list.slice(0, -1).join(', '), list.at(-1)].filter(Boolean).join(' and ');
    return [warning('not-recorded', `${all} could not be written to ${this.directory}: ${this.#reason}`)];
  }

  #values(kind: 'params' | 'tags', values: Readonly<Record<string, string>>, longest: number): void {
    this.ensureOurs();
    const allowed = Object.entries(values).map(
      ([key, value]) => [this.#allow(kind, hideSecrets(key)), hideSecrets(value)] as const,
    );
    const cut = allowed.map(
      ([key, value]) => [key, value.length > longest ? this.#cut(kind, key, value, longest) : value] as const,
    );
    const files = cut.map(([key, value]) => ({ path: join(this.directory, kind, key), value }));
    // Prepared outside the folder: each file in it is a key to MLflow.
    this.#write(files.length, kind, () =>
      files.forEach(({ path, value }) => writeFileUnflushed(path, value, this.#aside)),
    );
    this.#flush(files.map(({ path }) => path));
    this.#recorder.record(
      kind,
      cut.map(([key, value]) => ({ key, value })),
    );
  }

  #allow(kind: 'params' | 'metrics' | 'tags', key: string): string {
    const isNew = !this.#keys[kind].has(key);
    const allowed = this.#keys[kind].allow(key);
    if (isNew && allowed !== key)
      this.#warn(
        warning('tracking-key', `MLflow does not take '${key}' as a key of ${kind}; it is recorded as '${allowed}'`),
      );
    return allowed;
  }

  #cut(kind: string, key: string, value: string, longest: number): string {
    const path = `${kind}/${key}.txt`;
    this.#write(0, `the whole of '${key}'`, () => writeFileAtomic(join(this.artifactDirectory, path), value));
    this.#recorder.record('artifacts', [path]);
    this.#warn(
      warning(
        'tracking-value',
        `'${key}' has ${value.length} characters, more than the ${longest} that MLflow keeps in ${kind}; ` +
          `the whole is the artifact ${path}`,
      ),
    );
    return value.slice(0, longest).replace(/[\ud800-\udbff]$/, '');
  }

  #writeInput({ context, sourceType, ...dataset }: DatasetInput): void {
    const id = md5(dataset.name + dataset.digest);
    const path = join(dirname(this.directory), 'datasets', id, 'meta.yaml');
    const { name, digest, source, schema, profile } = dataset;
    if (!existsSync(path))
      writeMeta(path, { name, digest, source_type: sourceType, source, schema, profile }, this.#aside);
    writeMeta(
      join(this.directory, 'inputs', md5(id + this.runId), 'meta.yaml'),
      {
        source_type: 'DATASET',
        source_id: id,
        destination_type: 'RUN',
        destination_id: this.runId,
        tags: { 'mlflow.data.context': context },
      },
      this.#aside,
    );
  }

  async #flushMetrics(): Promise<void> {
    const folder = join(this.directory, 'metrics');
    await Promise.all([
      ...this.#flushing,
      flushFiles(readKeys(folder).map((key) => join(folder, key))).catch((error: unknown) => this.#warnOnce(error)),
    ]);
  }

  #flush(paths: readonly string[]): void {
    const flushed = flushFiles(paths)
      .catch((error: unknown) => this.#warnOnce(error))
      .finally(() => this.#flushing.delete(flushed));
    this.#flushing.add(flushed);
  }

  /**
   * A disk that is full or gone must not end hours of training: what cannot be written waits.
   *
   * @param count of how many things, by the name of many; 0 for one that `what` names
   */
  #write(count: number, what: string, write: () => void): void {
    this.#waiting.push({ count, what, write });
    try {
      for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
        next.write();
        this.#waiting.shift();
      }
    } catch (error) {
      this.#reason = reasonOf(error);
      this.#warnOnce(error);
    }
  }

  #warnOnce(error: unknown): void {
    if (this.#hasWarned) return;
    this.#hasWarned = true;
    this.#warn(
      warning(
        'tracking-write',
        `the run cannot be recorded in ${this.directory}: ${(error as Error).message}`,
        'make room there; what is missing is written as soon as it can be',
      ),
    );
  }
}

function md5(text: string): string {
  return createHash('md5').update(text).digest('hex');
}
