import { failure } from '../../base/diagnostics.ts';

/** Milliseconds without a byte after which a server is given up. */
export const silence = 30_000;
/** Bytes a second: less, byte by byte, would be silence too. */
const slowest = 10_000;

/** What comes from a server, as long as it comes. @throws UserError where it hardly does; what the pieces throw */
export async function* atPace(pieces: AsyncIterable<Uint8Array>, address: string): AsyncGenerator<Uint8Array> {
  const begun = performance.now();
  let bytes = 0;
  for await (const piece of pieces) {
    bytes += piece.length;
    const taken = performance.now() - begun;
    if (taken > silence && bytes < (taken / 1000) * slowest)
      throw failure('remote-unreachable', `${address} sends less than 10 kB a second`, 'Look at the network.');
    yield piece;
  }
}
