import { closeSync, constants, fdatasync, openSync, renameSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { crc32 } from 'node:zlib';
import { failure, type UserError } from '../../base/diagnostics.ts';
import type { RunStatus } from '../../base/events.ts';
import { appendWhole, flushFiles } from '../../base/files.ts';
import { isWithin } from '../../base/json-limits.ts';
import { showCount } from '../../base/quantities.ts';
import { isLine } from './journal-lines.ts';
import type { Double } from './mlflow-protocol.ts';
import { longFile, openOwnFile, readOwnFile } from '../store/run-folder.ts';
import type { DatasetInput } from '../tracker.ts';

/** What a run can have for a server: kind -> one item of it. Keys and values are such that MLflow takes them. */
export interface Items {
  readonly params: { readonly key: string; readonly value: string };
  readonly tags: { readonly key: string; readonly value: string };
  readonly inputs: DatasetInput;
  readonly metrics: { readonly key: string; readonly value: Double; readonly step: number; readonly timestamp: number };
  /** A path below the run's artifacts. */
  readonly artifacts: string;
  readonly status: { readonly status: RunStatus | 'RUNNING'; readonly end_time?: number };
}

/** The kinds of things that a server is told. */
export type Kind = keyof Items;

/** Some things of one kind: one line of a journal, delivered as a whole. */
export interface Entry<K extends Kind = Kind> {
  /** Counts from 1. */
  readonly n: number;
  readonly kind: K;
  readonly items: readonly Items[K][];
}

/** Things that a server will not take, for what they are. */
export interface Refusal {
  readonly kind: Kind;
  readonly items: readonly Items[Kind][];
  readonly reason: string;
  /** The same for refusals of one cause, though each may name its own thing. */
  readonly cause: string;
}

/** The run that a server is to have. Holds no credentials. */
export interface Destination {
  /** Of the server, without credentials. */
  readonly address: string;
  /** `id` goes before `name`. */
  readonly experiment: { readonly name: string; readonly id?: string };
  readonly run: { readonly run_name: string; readonly user_id: string; readonly start_time: number };
  /**
   * By which the run is found again when the answer to its making was lost, and known for this journal's: its tag
   * `pipeline.run_key` is made of it.
   */
  readonly key: string;
}

/** The run that a server has. */
export interface ServerRun {
  readonly runId: string;
  readonly experimentId: string;
  readonly artifactUri: string;
}

/** One line of a journal. */
type Line =
  | { readonly destination: Destination }
  | { readonly server: ServerRun }
  | Entry
  | { readonly done: readonly number[]; readonly refused?: readonly Refusal[] };

/**
 * All that a run has for its server, in an append-only file: each line with its CRC-32, written before it is sent, and
 * a line for what the server has taken. One process at a time has it open.
 */
export class Journal {
  /** Whether an earlier process may have sent things without noting it. */
  readonly isReopened: boolean;
  /** How many lines are damaged, or say what no journal of ours would; what they held is not known. */
  readonly damaged: number;
  readonly #file: number;
  #path: string;
  #destination: Destination | undefined;
  #server: ServerRun | undefined;
  readonly #all: Entry[];
  #pending: Entry[];
  #refused: readonly Refusal[];
  #count: number;
  /** Lines that could not be written yet. */
  #unwritten: Line[] = [];
  #isDirty = false;
  /** Whether its name outlasts a loss of power. */
  #isPlaced = true;

  private constructor(
    path: string,
    { all, pending, refused, destination, server, damaged }: Contents,
    isReopened: boolean,
  ) {
    this.#path = path;
    this.#file = openOwnFile(path, constants.O_WRONLY | constants.O_APPEND);
    this.damaged = damaged;
    this.isReopened = isReopened;
    [this.#all, this.#pending, this.#refused, this.#destination, this.#server] = [
      all,
      pending,
      refused,
      destination,
      server,
    ];
    this.#count = all.reduce((most, { n }) => Math.max(most, n), 0);
  }

  /** Begins a journal. @throws the file system's own error */
  static begin(path: string, destination: Destination): Journal {
    closeSync(openSync(path, 'wx'));
    const journal = new Journal(
      path,
      { all: [], pending: [], refused: [], destination, server: undefined, damaged: 0 },
      false,
    );
    // Twice, with two line ends between: where a bit is flipped, one still says where all the rest is to go.
    writeLine(journal.#file, { destination });
    appendWhole(journal.#file, '\n');
    writeLine(journal.#file, { destination });
    [journal.#isDirty, journal.#isPlaced] = [true, false];
    return journal;
  }

  /** Opens a journal that another process left. @throws the file system's own error */
  static open(path: string): Journal {
    const text = readOwnFile(path, longFile);
    const journal = new Journal(path, readContents(path, text), true);
    if (text !== '' && !text.endsWith('\n')) appendWhole(journal.#file, '\n');
    return journal;
  }

  /** What a journal holds that another process may have open. @throws the file system's own error */
  static peek(path: string): Pick<Journal, 'destination' | 'server' | 'pending' | 'refused'> {
    return readContents(path, readOwnFile(path, longFile));
  }

  get path(): string {
    return this.#path;
  }

  /** undefined: its line is damaged. */
  get destination(): Destination | undefined {
    return this.#destination;
  }

  /** The server's run, once it is known. */
  get server(): ServerRun | undefined {
    return this.#server;
  }

  /** All that was added to it, in order. */
  get all(): readonly Entry[] {
    return this.#all;
  }

  /** What is not delivered yet, in order. */
  get pending(): readonly Entry[] {
    return this.#pending;
  }

  /** What the server will not take. */
  get refused(): readonly Refusal[] {
    return this.#refused;
  }

  /** What the server has taken, but for entries of which it refused something. */
  get taken(): readonly Entry[] {
    const open = new Set(this.#pending);
    const refused = new Set(
      this.#refused.flatMap(({ kind, items }) => items.map((item) => `${kind} ${JSON.stringify(item)}`)),
    );
    const isRefused = ({ kind, items }: Entry): boolean =>
      refused.size > 0 && items.some((item) => refused.has(`${kind} ${JSON.stringify(item)}`));
    return this.#all.filter((entry) => !open.has(entry) && !isRefused(entry));
  }

  /** What the server took is to be delivered again: it has lost it. */
  takeBack(entries: readonly Entry[]): void {
    const open = new Set([...this.#pending, ...entries]);
    this.#pending = this.#all.filter((entry) => open.has(entry));
  }

  /** Adds things to deliver. Never throws: what the disk does not take is kept in memory and tried again. */
  append<K extends Kind>(kind: K, items: readonly Items[K][]): void {
    const entry = { n: ++this.#count, kind, items } as Entry;
    this.#all.push(entry);
    this.#pending.push(entry);
    this.#write(entry);
  }

  /** Notes which run the server has made. */
  noteServer(server: ServerRun): void {
    this.#server = server;
    this.#write({ server });
  }

  /** Addresses all of it to another server. */
  redirect(destination: Destination): void {
    [this.#destination, this.#server, this.#pending, this.#refused] = [destination, undefined, [...this.#all], []];
    this.#write({ destination });
  }

  /** Notes that the server has taken what these entries hold, but for what it refused. */
  noteDone(entries: readonly Entry[], refused: readonly Refusal[] = []): void {
    const done = new Set(entries);
    this.#pending = this.#pending.filter((entry) => !done.has(entry));
    this.#refused = [...this.#refused, ...refused];
    this.#write({ done: entries.map(({ n }) => n), ...(refused.length === 0 ? {} : { refused }) });
  }

  /** Resolves when all that was added is on the disk, where the disk takes it. */
  async flush(): Promise<void> {
    if (!this.#isDirty) return;
    this.#isDirty = false;
    await promisify(fdatasync)(this.#file).catch(() => undefined);
    if (this.#isPlaced) return;
    this.#isPlaced = true;
    await flushFiles([dirname(this.#path)]).catch(() => undefined);
  }

  /** Moves the file. @throws the file system's own error */
  moveTo(path: string): void {
    renameSync(this.#path, path);
    [this.#path, this.#isPlaced] = [path, false];
  }

  close(): void {
    closeSync(this.#file);
  }

  #write(line: Line): void {
    this.#unwritten.push(line);
    try {
      for (let next = this.#unwritten[0]; next !== undefined; next = this.#unwritten[0]) {
        writeLine(this.#file, next);
        this.#unwritten.shift();
      }
      this.#isDirty = true;
    } catch {
      // The run's own record says so: it is on the same disk.
    }
  }
}

/** What the lines of a journal come to. */
interface Contents {
  readonly all: Entry[];
  readonly pending: Entry[];
  readonly refused: readonly Refusal[];
  readonly destination: Destination | undefined;
  readonly server: ServerRun | undefined;
  readonly damaged: number;
}

/** Lines that a journal may have: several of each epoch of the longest run. */
const mostLines = 5_000_000;

/** @throws UserError where it is too long: a journal may come from elsewhere */
function readContents(path: string, text: string): Contents {
  let [destination, server]: [Destination | undefined, ServerRun | undefined] = [undefined, undefined];
  const [all, done, refused] = [[] as Entry[], new Set<number>(), [] as Refusal[]];
  let damaged = text === '' || text.endsWith('\n') ? 0 : 1;
  let count = 0;
  for (let [start, end] = [0, text.indexOf('\n')]; end !== -1; [start, end] = [end + 1, text.indexOf('\n', end + 1)]) {
    if (++count > mostLines || done.size > mostLines) throw tooManyLines(path);
    if (end === start) continue;
    const line = end - start > longestLine ? undefined : readLine(text.slice(start, end));
    if (line === undefined) damaged++;
    else if ('n' in line) all.push(line);
    else if ('done' in line) {
      line.done.forEach((n) => done.add(n));
      for (const refusal of line.refused ?? []) refused.push(refusal);
    } else if ('server' in line) ({ server } = line);
    else {
      // Another server has nothing yet.
      [destination, server] = [line.destination, undefined];
      done.clear();
      refused.length = 0;
    }
  }
  return { all, pending: all.filter(({ n }) => !done.has(n)), refused, destination, server, damaged };
}

function tooManyLines(path: string): UserError {
  const hint = 'this program writes no journal of so many: a `runs/` from elsewhere may hold anything';
  return failure('journal-too-long', `${path} has more than ${showCount(mostLines)} lines: it is left alone`, hint);
}

function writeLine(file: number, line: Line): void {
  const json = JSON.stringify(line);
  appendWhole(file, `${checksum(json)} ${json}\n`);
}

/** Characters of a line: several times what one request may carry, with all of it refused. */
const longestLine = 4_000_000;

function readLine(text: string): Line | undefined {
  const json = text.slice(9);
  if (text[8] !== ' ' || text.slice(0, 8) !== checksum(json)) return undefined;
  // What is densest in one of ours: numbers of entries that are done, and tags of one character.
  if (!isWithin(json, { depth: 8, holders: 16 + json.length / 16, values: 64 + json.length / 4 })) return undefined;
  try {
    const line: unknown = JSON.parse(json);
    return isLine(line) ? line : undefined;
  } catch {
    return undefined;
  }
}

function checksum(json: string): string {
  return crc32(json).toString(16).padStart(8, '0');
}
