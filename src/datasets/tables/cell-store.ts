import { createHash } from 'node:crypto';
import { closeSync, fstatSync, fsyncSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { codeHash } from '../../base/code-hash.ts';
import { UserError, failure } from '../../base/diagnostics.ts';
import { besideName, makeFolder, touch } from '../../base/files.ts';
import { type Form, hasForm } from '../../base/json-form.ts';
import { ownFolder } from '../../base/own-folder.ts';
import { openFile } from '../../base/read-file.ts';

/*
 * Cells of a table on the disk, KEY.cells: segments of bytes, one for the cells of a column in some rows; where each
 * begins; what proves each; facts as JSON; then the sizes of these and what proves all but the segments. It is renamed
 * to its name once it is whole.
 */

/** Bytes of a SHA-256 that prove a segment: chance has no part in it. */
const proofBytes = 16;

/** Three sizes and a SHA-256. */
const tailBytes = 3 * 8 + 32;

/** Bytes of facts: names of columns, and how many rows there are in each block. */
const mostFacts = 256e6;

/** Bytes that are written at a time. */
const chunk = 1 << 20;

/** Where cells are kept, below the folder one works in. @throws UserError where it would lead elsewhere */
export const cellsFolder = (): string => ownFolder('.', '.layerline', 'packed');

const cellsPath = (folder: string, key: string) => join(folder, `${key}.cells`);

/** What stands for the cells of a file. @param made what they are made of and how, as JSON has it */
export function keyOfCells(made: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify(['cells', made, codeHash()]))
    .digest('hex');
}

/** Writes cells, segment by segment. */
export class CellWriter {
  private readonly folder: string;
  private readonly key: string;
  private readonly aside: string;
  private readonly file: number;
  private readonly ends: number[] = [];
  private readonly proofs: Uint8Array[] = [];
  private waiting: Uint8Array[] = [];
  private bytes = 0;
  private length = 0;

  /** @throws UserError where nothing can be written there */
  constructor(folder: string, key: string) {
    [this.folder, this.key, this.aside] = [folder, key, join(folder, besideName(key))];
    this.file = this.inFolder(() => {
      makeFolder(folder);
      return openSync(this.aside, 'wx');
    });
  }

  /** Segments that were added. */
  get count(): number {
    return this.ends.length;
  }

  /** @param segment is its own until the file ends @throws UserError where the disk is full */
  add(segment: Uint8Array): void {
    this.length += segment.length;
    this.ends.push(this.length);
    this.proofs.push(proofOf(segment));
    this.waiting.push(segment);
    this.bytes += segment.length;
    if (this.bytes >= chunk) this.flush();
  }

  /** Nothing follows. @throws UserError as add */
  end(facts: unknown): void {
    const parts = [
      bytesOf(Float64Array.from(this.ends)),
      Buffer.concat(this.proofs),
      Buffer.from(JSON.stringify(facts)),
    ];
    const tail = Buffer.concat([...parts, bytesOf(Float64Array.from(parts, ({ length }) => length))]);
    this.waiting.push(tail, createHash('sha256').update(tail).digest());
    this.flush();
    this.inFolder(() => {
      fsyncSync(this.file);
      renameSync(this.aside, cellsPath(this.folder, this.key));
    });
  }

  /** Whether it ended or not: takes away what was written aside. */
  close(): void {
    closeSync(this.file);
    rmSync(this.aside, { force: true });
  }

  private flush(): void {
    const bytes = Buffer.concat(this.waiting);
    [this.waiting, this.bytes] = [[], 0];
    this.inFolder(() => {
      for (let done = 0; done < bytes.length;) done += writeSync(this.file, bytes, done);
    });
  }

  private inFolder<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (error instanceof UserError || (error as NodeJS.ErrnoException).code === undefined) throw error;
      throw failure(
        'data-not-packed',
        `a table is larger than \`data.memory\` allows, and its cells cannot be kept in ${this.folder}: ` +
          (error as Error).message,
        'Make room there (`pipeline clean` removes what can be made again), or raise `data.memory`.',
        error,
      );
    }
  }
}

/** A file stays open as long as anything reads of it: what `pipeline clean` removes can be read to its end then. */
const unused = new FinalizationRegistry<number>(closeSync);

/** Cells that are kept. */
export class CellStore<Facts> {
  readonly facts: Facts;
  private readonly path: string;
  private readonly file: number;
  private readonly ends: Float64Array;
  private readonly proofs: Uint8Array;
  /** 1 for each segment that was proven: the file is this process' own view of it since. */
  private readonly proven: Uint8Array;

  private constructor(path: string, file: number, [ends, proofs, facts]: readonly [Float64Array, Uint8Array, Facts]) {
    [this.path, this.file, this.ends, this.proofs, this.facts] = [path, file, ends, proofs, facts];
    this.proven = new Uint8Array(ends.length);
    unused.register(this, file);
  }

  /** What is kept; undefined where there is nothing, or what there is, is damaged: it is made anew then. */
  static open<Facts>(folder: string, key: string, form: Form<Facts>): CellStore<Facts> | undefined {
    const path = cellsPath(folder, key);
    let file: number;
    try {
      file = openFile(path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      return undefined;
    }
    const found = indexOf(file, form);
    if (found === undefined) {
      closeSync(file);
      return undefined;
    }
    touch(path);
    return new CellStore(path, file, found);
  }

  /** Bytes that it takes in memory. */
  get memory(): number {
    return this.ends.byteLength + this.proofs.byteLength + this.proven.byteLength;
  }

  /** A segment, from byte 0 of its buffer. @throws UserError where it is not what was written */
  read(segment: number): Uint8Array<ArrayBuffer> {
    const from = segment === 0 ? 0 : this.ends[segment - 1]!;
    const bytes = readExactly(this.file, from, this.ends[segment]! - from);
    const proof = this.proofs.subarray(segment * proofBytes, (segment + 1) * proofBytes);
    if (bytes === undefined || (this.proven[segment] === 0 && proofOf(bytes).compare(proof) !== 0))
      throw this.damaged();
    this.proven[segment] = 1;
    return bytes;
  }

  private damaged(): UserError {
    try {
      rmSync(this.path, { force: true });
    } catch {
      // Read-only: `pipeline clean` by who may write there.
    }
    return failure(
      'packed-data-damaged',
      `a part of ${this.path} is not what was written`,
      'Run the file again: the table is read anew. Where that happens more than once, look at the disk.',
    );
  }
}

function indexOf<Facts>(file: number, form: Form<Facts>): readonly [Float64Array, Uint8Array, Facts] | undefined {
  const { size } = fstatSync(file);
  const tail = readExactly(file, size - tailBytes, tailBytes);
  if (tail === undefined) return undefined;
  const lengths = new Float64Array(tail.buffer, 0, 3);
  const total = lengths.reduce((sum, length) => sum + length, 0);
  const fits = lengths.every((length) => Number.isInteger(length) && length >= 0) && total <= size - tailBytes;
  const [ends = 0, proofs = 0, facts = 0] = lengths;
  if (!fits || facts > mostFacts || ends % 8 !== 0 || proofs !== (ends / 8) * proofBytes) return undefined;
  const bytes = readExactly(file, size - tailBytes - total, total);
  if (bytes === undefined) return undefined;
  const hash = createHash('sha256').update(bytes).update(tail.subarray(0, 24)).digest();
  if (hash.compare(tail.subarray(24)) !== 0) return undefined;
  const said: unknown = JSON.parse(Buffer.from(bytes.buffer, ends + proofs, facts).toString());
  const places = new Float64Array(bytes.buffer, 0, ends / 8);
  if (!hasForm(form, said) || (places.at(-1) ?? 0) !== size - tailBytes - total) return undefined;
  return [places, bytes.subarray(ends, ends + proofs), said];
}

/** Bytes from a place of a file on; undefined where it has not as many. */
function readExactly(file: number, from: number, length: number): Uint8Array<ArrayBuffer> | undefined {
  if (from < 0) return undefined;
  const bytes = new Uint8Array(length);
  for (let done = 0; done < length;) {
    const read = readSync(file, bytes, done, length - done, from + done);
    if (read === 0) return undefined;
    done += read;
  }
  return bytes;
}

const proofOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest().subarray(0, proofBytes);

const bytesOf = (values: Float64Array) => new Uint8Array(values.buffer);
