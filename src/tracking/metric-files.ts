import { closeSync, openSync, readdirSync, rmSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { appendWhole, writeFileAtomic } from '../base/files.ts';
import { longFile, readOwnFile } from './run-folder.ts';
import type { Metric } from './tracker.ts';

/** Not by a split into all lines: of a file from elsewhere they may be hundreds of millions, more than an array has room for. */
const wholeLine = /(?<![^\n])\d+ \S+ -?\d+\n/g;

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
   * Takes up what an earlier process wrote; a line that a loss of power cut or emptied is dropped. To be called before anything is appended.
   *
   * @returns the steps that each key has a value of
   * @throws UserError where a file is too large to be one of metrics; the file system's own error
   */
  recover(): ReadonlyMap<string, ReadonlySet<number>> {
    const steps = new Map<string, ReadonlySet<number>>();
    for (const entry of readdirSync(this.#directory, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      const text = readOwnFile(path, longFile);
      const lines = text.match(wholeLine) ?? [];
      if (lines.length === 0) rmSync(path);
      else if (lines.join('') !== text) this.#create(path, lines.join(''));
      if (lines.length === 0) continue;
      const key = relative(this.#directory, path).split(sep).join('/');
      const timestamp = Math.max(...lines.map((line) => Number.parseInt(line)));
      this.#newest.set(key, { timestamp, lines: new Set(lines.filter((line) => Number.parseInt(line) === timestamp)) });
      steps.set(key, new Set(lines.map((line) => Number(line.trim().split(' ')[2]))));
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
    const latest = Math.max(newest?.timestamp ?? -Infinity, ...byLine.values());
    if (newest !== undefined) {
      const isOlder = [...byLine.values()].some((timestamp) => timestamp < newest.timestamp);
      for (const line of isOlder ? (readOwnFile(path, longFile).match(wholeLine) ?? []) : newest.lines) byLine.delete(line);
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
