import { closeSync, existsSync, fdatasyncSync, openSync, readFileSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { failure } from '../base/diagnostics.ts';
import { appendWhole, makeFolder, syncFolder } from '../base/files.ts';
import {
  anything,
  type Form,
  type Formed,
  hasForm,
  list,
  number,
  object,
  oneOf,
  optional,
  record,
  text,
  whole,
} from '../base/json-form.ts';

const trial = whole;
const step = { trial, rung: whole, attempt: whole };

/** What a sweep's first line says. */
const sweepLine = object({
  type: oneOf('sweep'),
  /** 12 hexadecimal digits. */
  id: text(/^[0-9a-f]{12}$/),
  name: text(),
  /** The sweep file, from the folder of the runs. */
  file: text(),
  /** Counted from 1: how many sweeps of this file there were. */
  generation: whole,
  /** All that decides what is suggested and trained; an edited file is seen by it. */
  identity: record(anything),
  /** Cores of each trial, the same for all: the bits depend on them. */
  cpu: number,
  /** Milliseconds since 1970. */
  startTime: number,
});

const kinds = {
  sweep: sweepLine,
  /** The run that all others are below, as `EXPERIMENT/RUN`. */
  parent: object({ type: oneOf('parent'), run: text() }),
  suggested: object({ type: oneOf('suggested'), trial, values: record(anything), at: number }),
  created: object({ type: oneOf('created'), trial, run: text() }),
  promoted: object({ type: oneOf('promoted'), trial, rung: whole, at: number }),
  /** Written before it is done: a job of that name is known, or is still to be started. */
  submitted: object({ type: oneOf('submitted'), ...step, at: number }),
  ended: object({
    type: oneOf('ended'),
    ...step,
    state: oneOf('done', 'failed', 'stopped', 'lost'),
    exitCode: optional(whole),
    reason: optional(text()),
    /** Why it is tried again; left out: it is not. */
    again: optional(oneOf('lost', 'memory', 'stopped')),
    seconds: number,
    at: number,
  }),
  /** Failed trials that the user gave another attempt. */
  retried: object({ type: oneOf('retried'), trials: list(trial), at: number }),
  /** The driver ended; it may go on. `at` is in seconds that drivers were at work so far, as everywhere here. */
  ending: object({
    type: oneOf('ending'),
    why: oneOf('done', 'failures', 'budget', 'stopped', 'interrupted'),
    endTime: number,
    at: number,
  }),
} satisfies Record<string, Form<unknown>>;

/** A decision of a sweep, or what became of one. */
export type SweepLine = { [K in keyof typeof kinds]: Formed<(typeof kinds)[K]> }[keyof typeof kinds];

/** The first line of a journal. */
export type SweepHead = Formed<typeof sweepLine>;

/** The journal of a sweep: every decision is in it before anything comes of it. */
export class SweepJournal {
  readonly #path: string;
  readonly #file: number;
  readonly #lines: SweepLine[];

  private constructor(path: string, lines: SweepLine[]) {
    this.#path = path;
    this.#file = openSync(path, 'a');
    this.#lines = lines;
  }

  /**
   * Begins a journal, where there is none, or one without a whole first line.
   *
   * @throws the file system's own error
   */
  static begin(path: string, head: SweepHead): SweepJournal {
    makeFolder(dirname(path));
    if (existsSync(path)) truncateSync(path);
    const journal = new SweepJournal(path, []);
    journal.add(head);
    syncFolder(dirname(path));
    return journal;
  }

  /**
   * Opens a journal to go on with it. What a kill left of a last line is cut off.
   *
   * @throws UserError where a line is damaged; the file system's own error
   */
  static open(path: string): SweepJournal {
    const { lines, wholeBytes } = readJournal(path);
    truncateSync(path, wholeBytes);
    return new SweepJournal(path, [...lines]);
  }

  get lines(): readonly SweepLine[] {
    return this.#lines;
  }

  /** Adds a line; it is on the disk when this returns. @throws UserError where it cannot be written */
  add(line: SweepLine): void {
    const json = JSON.stringify(line);
    try {
      appendWhole(this.#file, `${checksum(json)} ${json}\n`);
      fdatasyncSync(this.#file);
    } catch (error) {
      throw failure(
        'sweep-not-written',
        `${this.#path} cannot be written: ${(error as Error).message}`,
        'Make room there, and give the same command again: the sweep goes on.',
        error,
      );
    }
    this.#lines.push(line);
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** Bytes that a journal may have: hundred thousands of trials. */
const longest = 500_000_000;

/** Bytes of the first line: it holds the pipeline. */
const longestHead = 20_000_000;

/**
 * Reads a journal, which another process may write.
 *
 * @returns wholeBytes without what a kill left of a last line
 * @throws UserError that names the line where one is damaged; the file system's own error
 */
export function readJournal(path: string): { readonly lines: readonly SweepLine[]; readonly wholeBytes: number } {
  const bytes = readFileSync(path);
  if (bytes.length > longest) throw damaged(path, 1, 'it is longer than any journal');
  const wholeBytes = bytes.lastIndexOf(0x0a) + 1;
  const texts = bytes.subarray(0, wholeBytes).toString().split('\n').slice(0, -1);
  const lines = texts.map((line, index) => {
    const read = readLine(line);
    if (read === undefined) throw damaged(path, index + 1, 'it is not as it was written');
    return read;
  });
  lines.forEach(({ type }, index) => {
    if ((type === 'sweep') !== (index === 0)) throw damaged(path, index + 1, 'it stands in the wrong place');
  });
  return { lines, wholeBytes };
}

/** What a journal begins with, whatever is behind; undefined: that is damaged. */
export function readHead(path: string): SweepHead | undefined {
  const text = readFileSync(path).subarray(0, longestHead).toString();
  const head = readLine(text.slice(0, Math.max(0, text.indexOf('\n'))));
  return head?.type === 'sweep' ? head : undefined;
}

/** As readHead. @throws UserError where that is damaged */
export function expectHead(path: string): SweepHead {
  const head = readHead(path);
  if (head === undefined) throw damaged(path, 1, 'it is not as it was written');
  return head;
}

function damaged(path: string, line: number, why: string) {
  return failure(
    'sweep-journal-damaged',
    `line ${line} of ${path} is damaged: ${why}`,
    'Put the file back from a copy; or begin anew with `pipeline sweep FILE --fresh`, where what trials have trained ' +
      'is kept and taken without training it again.',
  );
}

function readLine(line: string): SweepLine | undefined {
  const json = line.slice(9);
  if (line[8] !== ' ' || line.slice(0, 8) !== checksum(json)) return undefined;
  try {
    const value: unknown = JSON.parse(json);
    return isLine(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const typed = object({ type: oneOf(...(Object.keys(kinds) as (keyof typeof kinds)[])) });

function isLine(value: unknown): value is SweepLine {
  return hasForm(typed, value) && hasForm<unknown>(kinds[value.type], value);
}

function checksum(json: string): string {
  return crc32(json).toString(16).padStart(8, '0');
}
