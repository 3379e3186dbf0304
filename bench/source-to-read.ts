import { resolve } from 'node:path';
import { type Measured, eventsOf } from './processes.ts';

/** A source, and how it is read. */
export interface SourceToRead {
  readonly type: string;
  /** All of them, as nothing fills in defaults. */
  readonly options: Readonly<Record<string, unknown>>;
  /** `data.memory`. */
  readonly memory?: string;
  /** Whether by the load stage, with all that it looks at, or by the data set alone. Left out: alone. */
  readonly stage?: boolean;
}

/** The command that reads a source, in a process of its own. */
export function readSourceCommand(source: SourceToRead): readonly string[] {
  const program = resolve('node_modules', '.cache', 'layerline-bench', 'read-source.js');
  return [process.execPath, program, JSON.stringify(source)];
}

/** The options of a table of numbers, the last of which is predicted. */
export function tableOptions(file: string, columns: number): SourceToRead['options'] {
  const targets = { [`c${columns - 1}`]: 'number' };
  return { file, targets, features: {}, categories: {}, test: 0.2, standardize: true };
}

/** The options of a folder of pictures. */
export function folderOptions(folder: string): SourceToRead['options'] {
  return { folder, classes: [], test: 0.2 };
}

/** What a program that reads a source, or a peer, tells of it. */
export interface ReadTold {
  readonly count: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** What was told of a reading. */
export function readTold(measured: Measured): ReadTold {
  const [told] = eventsOf(measured, 'source-read');
  if (told === undefined) throw new Error('a program that reads a source told nothing');
  return { count: Number(told['count']), seconds: Number(told['seconds']), cpuSeconds: Number(told['cpuSeconds']) };
}
