import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UserError } from '../../src/base/diagnostics.ts';
import { memorySource, npzArrays } from '../../src/datasets/arrays/array-files.ts';
import { npyValues } from '../../src/datasets/arrays/npy.ts';

/** Archives that NumPy wrote: see arrays.py. */
const { archives } = JSON.parse(readFileSync(new URL('arrays.json', import.meta.url), 'utf8')) as {
  readonly archives: Readonly<Record<string, string>>;
};

/** The arrays of an archive, of which none is read as a whole. */
async function streamed(bytes: Uint8Array) {
  const file = npzArrays(memorySource('a.npz', bytes));
  const found: Record<string, unknown> = {};
  for (const name of file.names) {
    const some: Uint8Array[] = [];
    for await (const part of file.stream(name)) some.push(part);
    const head = file.head(name);
    found[name] = [head.shape, ...npyValues(name, { ...head, start: 0 }, Uint8Array.from(Buffer.concat(some)))];
  }
  return found;
}

test.each(Object.entries(archives))('an archive that is %s gives part by part what it gives', async (_, written) => {
  const bytes = new Uint8Array(Buffer.from(written, 'base64'));
  const file = npzArrays(memorySource('a.npz', bytes));
  const whole = Object.fromEntries(file.names.map((name) => [name, [file.head(name).shape, ...file.values(name)]]));
  expect(await streamed(bytes)).toEqual(whole);
  await fc.assert(
    fc.asyncProperty(
      fc.nat({ max: bytes.length - 1 }),
      fc.integer({ min: 1, max: 255 }),
      fc.boolean(),
      async (at, by, cut) => {
        const other = cut ? bytes.slice(0, at) : bytes.slice();
        if (!cut) other[at]! ^= by;
        try {
          const read = await streamed(other);
          // Names, times and versions are not in the checksum.
          if ('x' in read && 'y' in read) expect(read).toEqual(whole);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      },
    ),
    { numRuns: 100 },
  );
});
