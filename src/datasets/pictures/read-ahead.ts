import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { UserError } from '../../base/diagnostics.ts';
import { sizeOf } from '../../base/tensor-shape.ts';
import type { Values } from '../dataset.ts';
import type { TakenPictures } from './picture-file.ts';
import type { DecodedChunk, PictureChunk, ThreadOrder } from './picture-thread.ts';

/** Files that are read in a thread of their own, while the one that computes is held by it. */
export interface ReadAhead {
  /** The values of the file at a place. @throws UserError where it cannot be used */
  values(place: number): Promise<Values>;
  /** Ends the thread. */
  close(): void;
}

/** Files from which on a thread is worth its start, of some 50 ms. */
const leastFiles = 1000;
/** Files that are asked for at once, and bytes of their values. */
const [mostFiles, mostBytes] = [256, 16e6];
/** Chunks that are read ahead: more files than a batch of most nets has. */
const ahead = 4;

/**
 * Reads many pictures ahead of who asks for them, in the order of their paths.
 *
 * @returns undefined where they are few, or there is no second file to start a thread from: a program that was bundled
 * into one has none
 */
export function readAhead(paths: readonly string[], { input, preparation }: TakenPictures): ReadAhead | undefined {
  const thread = new URL('picture-thread.cjs', import.meta.url);
  if (paths.length < leastFiles || !existsSync(fileURLToPath(thread))) return undefined;
  const each = sizeOf(input.shape);
  const size = Math.max(1, Math.min(mostFiles, Math.floor(mostBytes / each)));
  const workerData: ThreadOrder = { paths, input, preparation };
  const worker = new Worker(thread, { workerData });
  const chunks = new Map<number, Promise<DecodedChunk>>();
  const asked: { readonly answer: (chunk: DecodedChunk) => void; readonly fail: (error: unknown) => void }[] = [];
  worker.on('message', (chunk: DecodedChunk) => asked.shift()!.answer(chunk));
  worker.on('error', (error) => asked.forEach(({ fail }) => fail(error)));
  const ask = (from: number) => {
    const chunk = new Promise<DecodedChunk>((answer, fail) => asked.push({ answer, fail }));
    // Who reads may have left when it fails.
    chunk.catch(() => undefined);
    chunks.set(from, chunk);
    const order: PictureChunk = { from, count: Math.min(size, paths.length - from) };
    worker.postMessage(order, []);
  };
  return {
    async values(place) {
      const from = place - (place % size);
      for (const known of chunks.keys()) if (known < from) chunks.delete(known);
      for (let next = from; next <= from + ahead * size && next < paths.length; next += size)
        if (!chunks.has(next)) ask(next);
      const { values, faults } = await chunks.get(from)!;
      const fault = faults.get(place - from);
      if (fault !== undefined) throw new UserError([fault], 1);
      return values.subarray((place - from) * each, (place - from + 1) * each);
    },
    close: () => void worker.terminate(),
  };
}
