import { closeSync, openSync, readdirSync, rmSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { failure } from '../../base/diagnostics.ts';
import { appendWhole, writeFileAtomic } from '../../base/files.ts';
import { showCount } from '../../base/quantities.ts';
import { longFile, readOwnFile } from './run-folder.ts';
import type { Metric } from '../tracker.ts';

/** Of limited lengths: where one is endless, a pattern runs out of room. */
const wholeLine = /(?<![^\n])(\d{1,20}) \S{1,40} (-?\d{1,20})\n/g;

/** Values that a run may have in all: of sixteen metrics, one in each epoch of the longest training. */
export const mostValues = 16_000_000;

/** @throws UserError where a run has more values than any of this program, or of MLflow's that anyone compares */
export function proveCount(values: number, directory: string): void {
  if (values <= mostValues) return;
  const hint = 'a `runs/` from elsewhere may hold anything';
  throw failure(
    'too-many-values',
    `${directory} has more than ${showCount(mostValues)} values: it is left alone`,
    hint,
  );
}

/** The lines written for one key at the newest of its timestamps. */
interface Newest {
  readonly timestamp: number;
  readonly lines: ReadonlySet<string>;
}

/**
 * The `metrics/` folder of a run: one file per key, one line per value. A reader sees whole lines only, and the same
 * (key, timestamp, step, value) is written once: MLflow's own migration to SQLite fails on a second one.
 */
export class MetricFiles {
  readonly #directory: string;
  readonly #aside: string;
  readonly #newest = new Map<string, Newest>();

  /** @param aside path of a file outside `metrics/` to prepare new files in: each file inside is a key to MLflow */
  constructor(directory: string, aside: string) {
    this.#directory = directory;
    this.#aside = aside;
  }

  /**
   * Takes up what an earlier process wrote; a line that a loss of power cut or emptied is dropped. To be called before
   * anything is appended.
   *
   * @returns the steps that each key has a value of
   * @throws UserError where there is too much to be metrics of a run; the file system's own error
   */
  recover(): ReadonlyMap<string, ReadonlySet<number>> {
    const steps = new Map<string, ReadonlySet<number>>();
    let count = 0;
    for (const entry of readdirSync(this.#directory, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const text = readOwnFile(path, longFile);
      const ofKey = new Set<number>();
      let [length, timestamp, newest] = [0, -Infinity, new Set<string>()];
      // Not by a split into all lines: of a file from elsewhere they may be more than an array has room for.
      for (const [line, time, step] of text.matchAll(wholeLine)) {
        proveCount(++count, this.#directory);
        length += line.length;
        ofKey.add(Number(step));
        if (Number(time) > timestamp) [timestamp, newest] = [Number(time), new Set()];
        if (Number(time) === timestamp) newest.add(line);
      }
      if (length === 0) rmSync(path);
      else if (length < text.length) this.#create(path, text.match(wholeLine)!.join(''));
      if (length === 0) continue;
      const key = relative(this.#directory, path).split(sep).join('/');
      this.#newest.set(key, { timestamp, lines: newest });
      steps.set(key, ofKey);
    }
    return steps;
  }

  /**
   * Appends values, whose keys are MLflow's. May be called again with the same ones after it threw.
   *
   * @throws the file system's own error; no part of a line is left then
   */
  append(metrics: readonly Metric[]): void {
    const byKey = new Map<string, Metric[]>();
    for (const metric of metrics) {
      const sameKey = byKey.get(metric.key);
      if (sameKey === undefined) byKey.set(metric.key, [metric]);
      else sameKey.push(metric);
    }
    for (const [key, ofKey] of byKey) this.#appendOneKey(key, ofKey);
  }

  #appendOneKey(key: string, metrics: readonly Metric[]): void {
    const path = join(this.#directory, key);
    const newest = this.#newest.get(key);
    const byLine = new Map(metrics.map((metric) => [metricLine(metric), metric.timestamp]));
    const latest = metrics.reduce((most, { timestamp }) => Math.max(most, timestamp), newest?.timestamp ?? -Infinity);
    if (newest !== undefined) {
      const isOlder = metrics.some(({ timestamp }) => timestamp < newest.timestamp);
      for (const line of isOlder ? (readOwnFile(path, longFile).match(wholeLine) ?? []) : newest.lines)
        byLine.delete(line);
    }
    if (byLine.size === 0) return;
    const text = [...byLine.keys()].join('');
    if (newest === undefined) this.#create(path, text);
    else this.#append(path, text);
    const before = newest?.timestamp === latest ? newest.lines : [];
    const added = [...byLine].filter(([, timestamp]) => timestamp === latest).map(([line]) => line);
    this.#newest.set(key, { timestamp: latest, lines: new Set([...before, ...added]) });
  }

  #append(path: string, text: string): void {
    const file = openSync(path, 'a');
    try {
      appendWhole(file, text);
    } finally {
      closeSync(file);
    }
  }

  // An empty metric file, even for a moment, would break the list of the whole experiment.
  #create(path: string, text: string): void {
    writeFileAtomic(path, text, this.#aside);
  }
}

function metricLine({ timestamp, value, step }: Metric): string {
  return `${timestamp} ${value} ${step}\n`;
}
