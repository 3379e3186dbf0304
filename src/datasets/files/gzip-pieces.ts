import { readSync } from 'node:fs';
import { createRequire } from 'node:module';
import { crc32 } from 'node:zlib';
import type { Gunzip } from 'fflate';
import { type UserError, failure } from '../../base/diagnostics.ts';

/** Packed bytes that are unpacked together: of zeros gzip makes a thousandth, so that they may become 16 MB. */
const together = 1 << 14;

/** CRC-32 and length, behind each member of a file (RFC 1952). */
const tailBytes = 8;

/** How many bytes may come out of one that went in, beyond what a file of data may have. Texts come to 50. */
const mostGain = 200;

/** Loads fflate, which takes 10 ms, where a file is packed. */
const loadFflate = (): typeof import('fflate') => createRequire(import.meta.url)('fflate');

/** What a file holds that is packed with gzip, from its beginning on, some megabytes in memory at a time. */
export class GzipPieces {
  readonly #name: string;
  readonly #file: number;
  readonly #limit: number;
  readonly #gunzip: Gunzip;
  readonly #ready: Uint8Array[] = [];
  /** The last bytes that were read, and how many there were before them. */
  #recent = Buffer.alloc(0);
  #before = 0;
  /** Of the member that is being read. */
  #sum = 0;
  #length = 0;
  #total = 0;
  #isOver = false;

  /**
   * @param file open
   * @param limit bytes that may come out of it in any case
   */
  constructor(name: string, file: number, limit: number) {
    [this.#name, this.#file, this.#limit] = [name, file, limit];
    const { Gunzip: Unpacker } = loadFflate();
    this.#gunzip = new Unpacker((piece) => this.#take(piece));
    this.#gunzip.onmember = (offset) => this.#prove(offset);
  }

  /**
   * @param packed is shown what is read of the file
   * @returns the next bytes; undefined where none are left
   * @throws UserError where the file is damaged, or is far more than it looks
   */
  next(packed: (bytes: Uint8Array) => void = () => undefined): Uint8Array | undefined {
    while (this.#ready.length === 0 && !this.#isOver) {
      const bytes = Buffer.allocUnsafe(together);
      const read = readSync(this.#file, bytes, 0, together, this.#before + this.#recent.length);
      const part = bytes.subarray(0, read);
      packed(part);
      const kept = this.#recent.subarray(-tailBytes);
      this.#before += this.#recent.length - kept.length;
      this.#recent = Buffer.concat([kept, part]);
      this.#isOver = read === 0;
      this.#unpack(part);
      if (this.#isOver) this.#prove(this.#before + this.#recent.length);
    }
    return this.#ready.shift();
  }

  #unpack(part: Uint8Array): void {
    try {
      this.#gunzip.push(part, this.#isOver);
    } catch (error) {
      if (!(error instanceof Error) || !('code' in error)) throw error;
      // fflate's number for an end that is missing.
      throw error.code === 0 ? endsTooEarly(this.#name, error) : damagedGzip(this.#name, error.message, error);
    }
  }

  #take(piece: Uint8Array): void {
    if (piece.length === 0) return;
    this.#sum = crc32(piece, this.#sum);
    this.#length += piece.length;
    this.#total += piece.length;
    if (this.#total > Math.max(this.#limit, mostGain * (this.#before + this.#recent.length)))
      throw failure(
        'data-file-too-large',
        `${this.#name} unpacks to more than ${mostGain} times its bytes, as no table does`,
        'Where it is one, unpack it.',
      );
    this.#ready.push(piece);
  }

  /** @param end bytes of the file up to the end of a member */
  #prove(end: number): void {
    const from = end - this.#before - tailBytes;
    if (from < 0) throw endsTooEarly(this.#name);
    const [sum, length] = [this.#recent.readUInt32LE(from), this.#recent.readUInt32LE(from + 4)];
    if (sum !== this.#sum || length !== this.#length % 2 ** 32)
      throw damagedGzip(this.#name, 'what it holds is not what was packed');
    [this.#sum, this.#length] = [0, 0];
  }
}

/** That a packed file is cut off. */
export const endsTooEarly = (name: string, cause?: unknown): UserError =>
  failure('damaged-gzip', `${name} ends in the middle of what gzip has packed`, wayOut, cause);

/** That a packed file cannot be unpacked. */
export const damagedGzip = (name: string, problem: string, cause?: unknown): UserError =>
  failure('damaged-gzip', `${name}: ${problem}`, wayOut, cause);

const wayOut = 'Get or pack the file again; `gzip -t` says whether it is whole.';
