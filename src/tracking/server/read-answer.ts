import type { IncomingMessage } from 'node:http';

/** The whole text of an answer. @param longest bytes that it may have @throws Error where it has more */
export async function readText(response: IncomingMessage, longest: number): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of piecesOf(response, longest)) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** An answer piece by piece. @param longest bytes that it may have @throws Error where it has more */
export async function* piecesOf(response: IncomingMessage, longest: number): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const chunk of response) {
    length += (chunk as Buffer).length;
    if (length > longest) throw new Error(`its answer is longer than ${Math.floor(longest / 1024)} kB`);
    yield chunk as Buffer;
  }
}
