import { parentPort, workerData } from 'node:worker_threads';
import { type Diagnostic, UserError } from '../../base/diagnostics.ts';
import { sizeOf } from '../../base/tensor-shape.ts';
import { type TakenPictures, valuesOfFile } from './picture-file.ts';
import { readWhole } from '../files/read-bytes.ts';

/** What the thread is started with. */
export interface ThreadOrder extends TakenPictures {
  readonly paths: readonly string[];
}

/** Some of the pictures that are read: those from one on. */
export interface PictureChunk {
  readonly from: number;
  readonly count: number;
}

/** Their values one after the other, and why some cannot be used, by their place in the chunk. */
export interface DecodedChunk {
  readonly from: number;
  readonly values: Uint8Array<ArrayBuffer>;
  readonly faults: ReadonlyMap<number, Diagnostic>;
}

/** What read-ahead.ts starts: reads chunks in the order in which it is asked for them. */
const { paths, ...taken } = workerData as ThreadOrder;
let done = Promise.resolve();
parentPort!.on('message', (chunk: PictureChunk) => {
  done = done.then(async () => {
    const read = await readChunk(chunk);
    parentPort!.postMessage(read, [read.values.buffer]);
  });
});

async function readChunk({ from, count }: PictureChunk): Promise<DecodedChunk> {
  const each = sizeOf(taken.input.shape);
  const values = new Uint8Array(count * each);
  const faults = new Map<number, Diagnostic>();
  for (let at = 0; at < count; at++)
    try {
      const path = paths[from + at]!;
      const read = valuesOfFile(readWhole({ path }), path, taken);
      values.set(typeof read === 'function' ? await read() : read, at * each);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      faults.set(at, error.diagnostics[0]!);
    }
  return { from, values, faults };
}
