import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { bestThroughput, inTurn, measure } from '../../bench/processes.ts';

const scratch = mkdtempSync(join(tmpdir(), 'layerline-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/** A program that tells epochs of these speeds. */
const telling = (field: string, ...speeds: readonly number[]) => [
  process.execPath,
  '-e',
  `for (const speed of ${JSON.stringify(speeds)}) ` +
    `console.log(JSON.stringify({ type: 'epoch-finished', ${field}: speed }))`,
];

test('what is compared runs in turn, each time in the other direction', async () => {
  const runs = await inTurn(scratch, 3, { a: telling('samplesPerSecond', 1), b: telling('samplesPerSecond', 2) });
  const order = Object.entries(runs)
    .flatMap(([name, measured]) => measured.map(({ lines }) => ({ name, at: lines[0]!.at })))
    .toSorted((one, other) => one.at - other.at);
  expect(order.map(({ name }) => name).join('')).toBe('abbaab');
});

test('a process is as fast as its best epoch after the first', async () => {
  expect(bestThroughput(await measure(scratch, telling('samplesPerSecond', 9, 3, 5, 4)))).toBe(5);
});

test.each([
  ['an epoch after the first', telling('samplesPerSecond', 9)],
  ['the speed that is asked for', telling('itemsPerSecond', 9, 3, 5)],
])('a process without %s is no measurement', async (_, command) => {
  const measured = await measure(scratch, command);
  expect(() => bestThroughput(measured)).toThrow('no epoch after the first tells samplesPerSecond');
});
