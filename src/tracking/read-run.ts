import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readMeta } from './meta-yaml.ts';
import type { DatasetInput, Metric } from './tracker.ts';

/** A run as the local store has it. */
export interface RecordedRun {
  readonly params: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly metrics: readonly Metric[];
}

/** Reads a run of the local store, ours or one that MLflow wrote. @throws the file system's own error */
export function readRun(directory: string): RecordedRun {
  return { params: readTexts(join(directory, 'params')), tags: readTexts(join(directory, 'tags')), metrics: readMetrics(join(directory, 'metrics')) };
}

/** The keys in a folder of keys; what one holds is in the file of its name. */
export function readKeys(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name).slice(directory.length + 1));
}

/** The data sets that a run read. */
export function readInputs(directory: string, experimentDirectory: string): DatasetInput[] {
  const inputs = join(directory, 'inputs');
  return (existsSync(inputs) ? readdirSync(inputs) : []).flatMap((id) => {
    const input = readMeta(join(inputs, id, 'meta.yaml'));
    const dataset = readMeta(join(experimentDirectory, 'datasets', String(input?.source_id), 'meta.yaml'));
    if (input === undefined || dataset === undefined) return [];
    const { name, digest, source_type: sourceType, source, schema, profile } = dataset as Record<string, string>;
    const context = (input.tags as Record<string, string>)['mlflow.data.context'] as DatasetInput['context'];
    return [{ name: name!, digest: digest!, sourceType: sourceType!, source: source!, schema: schema!, profile: profile!, context }];
  });
}

function readTexts(directory: string): Record<string, string> {
  return Object.fromEntries(readKeys(directory).map((key) => [key, readFileSync(join(directory, key), 'utf8')]));
}

function readMetrics(directory: string): Metric[] {
  return readKeys(directory).flatMap((key) => readFileSync(join(directory, key), 'utf8').split('\n').filter((line) => line !== '').map((line) => {
    const [timestamp, value, step] = line.split(' ').map(Number);
    return { key, value: value!, step: step!, timestamp: timestamp! };
  }));
}
