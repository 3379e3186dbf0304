import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { hasForm } from '../../base/json-form.ts';
import { input } from '../server/journal-lines.ts';
import { readMeta } from './meta-yaml.ts';
import { proveCount } from './metric-files.ts';
import { foldersIn, longFile, readOwnFile } from './run-folder.ts';
import type { DatasetInput, Metric } from '../tracker.ts';

/** A run as the local store has it. */
export interface RecordedRun {
  readonly params: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly metrics: readonly Metric[];
}

/** Reads a run of the local store, ours or one that MLflow wrote. @throws the file system's own error */
export function readRun(directory: string): RecordedRun {
  return {
    params: readTexts(join(directory, 'params')),
    tags: readTexts(join(directory, 'tags')),
    metrics: readMetrics(join(directory, 'metrics')),
  };
}

/** The keys in a folder of keys; what one holds is in the file of its name. */
export function readKeys(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(directory.length + 1));
}

/** The data sets that a run read, as far as its files tell all of one. @throws the file system's own error */
export function readInputs(directory: string, experimentDirectory: string): DatasetInput[] {
  const inputs = join(directory, 'inputs');
  return (existsSync(inputs) ? readdirSync(inputs) : []).flatMap((id) => {
    const link = readMeta(join(inputs, id, 'meta.yaml'));
    const datasets = join(experimentDirectory, 'datasets');
    const dataset = foldersIn(datasets).find((name) => name === link?.source_id);
    const {
      name,
      digest,
      source_type: sourceType,
      source,
      schema,
      profile,
    } = (dataset === undefined ? undefined : readMeta(join(datasets, dataset, 'meta.yaml'), 1e6)) ?? {};
    const context = (link?.tags as Partial<Record<string, unknown>> | null | undefined)?.['mlflow.data.context'];
    const read = { name, digest, sourceType, source, schema, profile, context };
    return hasForm(input, read) ? [read] : [];
  });
}

/** The texts of a folder of keys. @throws the file system's own error */
export function readTexts(directory: string): Record<string, string> {
  return Object.fromEntries(readKeys(directory).map((key) => [key, readOwnFile(join(directory, key))]));
}

// Old versions of MLflow wrote no step. Half a line is no value: `7 0.2` of `7 0.25 3`.
const anyLine = /(?<![^\n])(\d{1,20}) (\S{1,40})(?: (-?\d{1,20}))?(?=\n)/g;

function readMetrics(directory: string): Metric[] {
  const metrics: Metric[] = [];
  for (const key of readKeys(directory)) {
    for (const metric of valuesOf(directory, key)) {
      metrics.push(metric);
      proveCount(metrics.length, directory);
    }
  }
  return metrics;
}

function* valuesOf(directory: string, key: string): Generator<Metric> {
  for (const [, timestamp, value, step = 0] of readOwnFile(join(directory, key), longFile).matchAll(anyLine)) {
    const metric: Metric = { key, value: Number(value), step: Number(step), timestamp: Number(timestamp) };
    if (Number.isSafeInteger(metric.step) && Number.isSafeInteger(metric.timestamp)) yield metric;
  }
}

/**
 * The value of a metric at an epoch; at the last step, as MLflow shows it, where there is none at that epoch, or it is
 * left out.
 *
 * @throws the file system's own error
 */
export function valueAt(directory: string, key: string, epoch?: number): number | undefined {
  return newestOf(directory, key, epoch)?.value;
}

/** As valueAt, with its step. @throws the file system's own error */
export function newestOf(directory: string, key: string, epoch?: number): Metric | undefined {
  let newest: Metric | undefined;
  for (const metric of valuesOf(directory, key))
    if (newest === undefined || comesAfter(metric, newest, epoch)) newest = metric;
  return newest;
}

function comesAfter(one: Metric, other: Metric, epoch: number | undefined): boolean {
  if (one.step === other.step) return one.timestamp >= other.timestamp;
  return one.step === epoch || (other.step !== epoch && one.step > other.step);
}
