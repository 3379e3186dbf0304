import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { failure } from '../../base/diagnostics.ts';
import { readFileWithin } from '../../base/read-file.ts';
import type { FetchedRun, ListedRun, RecordedRuns, RunState } from '../recorded-runs.ts';
import type { VersionName } from '../registered-model.ts';
import { noArtifact, noModel, unknownRun } from '../run-failures.ts';
import { stateWith, sweepTags } from '../sweep-tags.ts';
import { listExperiments } from './local-experiments.ts';
import { LocalRegistry } from './local-registry.ts';
import { stateOf } from './local-run.ts';
import { type Meta, metaText, readMeta } from './meta-yaml.ts';
import { readKeys, readRun, readTexts, valueAt } from './read-run.ts';
import { artifactFile, foldersIn, isRunId, plainPath, proveWhole, readOwnFile, runFolder } from './run-folder.ts';

// The file of a run and what it comes to are read, no weights.
const longestArtifact = 10_000_000;

/** The runs of a local store, ours and those that MLflow wrote there. */
export class LocalRuns implements RecordedRuns {
  readonly where: string;

  constructor(runsDirectory: string) {
    this.where = runsDirectory;
  }

  async *newestFirst(): AsyncGenerator<ListedRun> {
    const runs = listExperiments(this.where).flatMap(({ id, directory }) =>
      foldersIn(directory)
        .filter(isRunId)
        .flatMap((runId) => StoredRun.in(join(directory, runId), runId, id)),
    );
    yield* runs.sort((one, other) => other.startTime - one.startTime || (one.runId < other.runId ? 1 : -1));
  }

  async registered(name: string, version: VersionName): Promise<string> {
    return new LocalRegistry(this.where).runOf(name, version);
  }

  async register(runId: string, name: string, alias: string | undefined): Promise<string> {
    const { modelFolder } = await this.fetch(runId);
    const source = pathToFileURL(resolve(await modelFolder())).href;
    try {
      return new LocalRegistry(this.where).register(name, runId, source, alias);
    } catch (error) {
      if (!(error instanceof Error) || !('syscall' in error)) throw error;
      throw failure(
        'not-registered',
        `the model cannot be registered in ${this.where}: ${error.message}`,
        'Make it writable and make room there.',
        error,
      );
    }
  }

  async fetch(runId: string): Promise<FetchedRun> {
    const found = (isRunId(runId) ? listExperiments(this.where) : [])
      .map((experiment) => ({ experiment: experiment.name, directory: runFolder(experiment.directory, runId) }))
      .find(({ directory }) => readMeta(join(directory, 'meta.yaml')) !== undefined);
    if (found === undefined) throw unknownRun(runId, this.where);
    const { experiment, directory } = found;
    proveWhole(directory);
    const meta = readMeta(join(directory, 'meta.yaml'))!;
    const artifacts = join(directory, 'artifacts');
    const tags = readTexts(join(directory, 'tags'));
    const state = stateWith(stateOf(meta['status']), tags[sweepTags.pruned]);
    return {
      runId,
      where: this.where,
      name: metaText(meta['run_name']),
      state,
      experiment,
      tags,
      metrics: async () => readRun(directory).metrics,
      artifact: async (path) => {
        try {
          return new TextDecoder().decode(readFileWithin(artifactFile(artifacts, path), longestArtifact));
        } catch (error) {
          throw noArtifact(runId, path, error as Error);
        }
      },
      modelFolder: async () => {
        if (!existsSync(join(artifacts, 'model/model.json'))) throw noModel(runId, state, tags['mlflow.source.name']);
        return join(artifacts, 'model');
      },
    };
  }
}

/** A run whose files are read one by one: a list of ten thousand runs asks for few of them. */
class StoredRun implements ListedRun {
  readonly runId: string;
  readonly name: string;
  readonly experimentId: string;
  readonly startTime: number;
  readonly endTime: number | undefined;
  readonly #directory: string;
  readonly #status: RunState;
  #parts: readonly string[] | undefined;
  /** The epoch whose weights it kept; NaN: the last. */
  #best: number | undefined;
  #metrics: Readonly<Record<string, number>> | undefined;
  #params: Readonly<Record<string, string>> | undefined;

  /** The run of a folder, or none where it holds none, or one that is deleted. */
  static in(directory: string, runId: string, experimentId: string): readonly StoredRun[] {
    const meta = readMeta(join(directory, 'meta.yaml'));
    if (meta === undefined || meta['lifecycle_stage'] === 'deleted') return [];
    return [new StoredRun(directory, runId, experimentId, meta)];
  }

  private constructor(directory: string, runId: string, experimentId: string, meta: Meta) {
    [this.#directory, this.runId, this.experimentId] = [directory, runId, experimentId];
    this.name = metaText(meta['run_name']);
    this.#status = stateOf(meta['status']);
    this.startTime = timeIn(meta['start_time']) ?? 0;
    this.endTime = timeIn(meta['end_time']);
  }

  get state(): RunState {
    return this.#status === 'FINISHED' ? stateWith(this.#status, this.tag(sweepTags.pruned)) : this.#status;
  }

  get metrics(): Readonly<Record<string, number>> {
    return (this.#metrics ??= this.#all('metrics', this.#value));
  }

  /** Of the weights that the run kept: another value would be told for the model than for its predictions. */
  readonly #value = (folder: string, key: string): number | undefined => {
    this.#best ??= Number(this.tag('best_epoch') ?? Number.NaN);
    return valueAt(folder, key, this.#best);
  };

  get params(): Readonly<Record<string, string>> {
    return (this.#params ??= this.#all('params', (folder, key) => readOwnFile(join(folder, key))));
  }

  metric(key: string): number | undefined {
    return this.#metrics === undefined ? this.#one('metrics', key, this.#value) : this.#metrics[key];
  }

  param(key: string): string | undefined {
    return this.#one('params', key, (folder) => readOwnFile(join(folder, key)));
  }

  tag(key: string): string | undefined {
    return this.#one('tags', key, (folder) => readOwnFile(join(folder, key)));
  }

  #all<T>(part: string, read: (folder: string, key: string) => T | undefined): Readonly<Record<string, T>> {
    const folder = this.#folder(part);
    if (folder === undefined) return {};
    return Object.fromEntries(
      readKeys(folder).flatMap((key) => {
        const value = read(folder, key);
        return value === undefined ? [] : [[key, value]];
      }),
    );
  }

  #one<T>(part: string, key: string, read: (folder: string, key: string) => T | undefined): T | undefined {
    const folder = this.#folder(part);
    if (folder === undefined || !plainPath.test(key)) return undefined;
    // The folder that a part of the key names may be a link.
    if (key.includes('/') && !readKeys(folder).includes(key)) return undefined;
    try {
      return read(folder, key);
    } catch (error) {
      if (['ENOENT', 'ENAMETOOLONG'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
      throw error;
    }
  }

  /** The folder of a part, where it is one and no link. */
  #folder(part: string): string | undefined {
    this.#parts ??= foldersIn(this.#directory);
    return this.#parts.includes(part) ? join(this.#directory, part) : undefined;
  }
}

function timeIn(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && Math.abs(value) <= 8.64e15 ? value : undefined;
}
