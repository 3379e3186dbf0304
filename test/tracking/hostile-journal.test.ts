import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { chooseTracker } from '../../src/tracking/choose-tracker.ts';
import { Journal } from '../../src/tracking/server/journal.ts';
import { Rig } from '../rig.ts';

let rig: Rig;
beforeEach(() => void (rig = new Rig()));
afterEach(() => rig.remove());

const address = 'http://127.0.0.1:1';

/** A run whose journal waits for a server. @returns its folder */
async function plantRun(): Promise<string> {
  const run = await chooseTracker({
    uri: address,
    runsDirectory: join(rig.folder, 'runs'),
    warn: () => undefined,
    env: {},
  }).start({ experiment: 'e', runName: 'r', startTime: 1, tags: {} });
  await run.finish('FINISHED', 5);
  return run.directory;
}

const lineOf = (json: string): string => `${crc32(json).toString(16).padStart(8, '0')} ${json}\n`;

test('a journal of millions of line ends is told of, and the run beside it goes to its server', async () => {
  const [run, other] = [await plantRun(), await plantRun()];
  writeFileSync(`${run}.journal`, Buffer.alloc(250e6, '\n'));
  const { stdout, stderr, code } = await rig.run(['sync', '--to', address]);
  expect(stderr).toMatch(/warning journal-too-long: .*\.journal has more than 5,000,000 lines: it is left alone/);
  expect(stdout + stderr).toContain(other.slice(-32));
  expect(code).toBe(1);
}, 60_000);

test.each<[string, (length: number) => string]>([
  ['empty objects', (length) => `{"n":9,"kind":"tags","items":[],"more":[{}${',{}'.repeat(length / 3)}]}`],
  ['numbers', (length) => `{"n":9,"kind":"tags","items":[],"more":[0${',0'.repeat(length / 2)}]}`],
  [
    'lists in each other',
    (length) => `{"n":9,"kind":"tags","items":[],"more":${'['.repeat(length / 2)}${']'.repeat(length / 2)}}`,
  ],
  ['one text', (length) => `{"n":9,"kind":"tags","items":[],"more":"${'x'.repeat(length)}"}`],
])(
  'a line of many %s is a damaged one, which nobody unpacks',
  async (many, json) => {
    const path = `${await plantRun()}.journal`;
    const waiting = Journal.peek(path).pending.length;
    writeFileSync(path, lineOf(json(60e6)), { flag: 'a' });
    const before = process.memoryUsage().rss;
    expect(Journal.peek(path).pending).toHaveLength(waiting);
    const journal = Journal.open(path);
    journal.close();
    expect(journal.damaged).toBe(1);
    expect(process.memoryUsage().rss - before).toBeLessThan(500e6);
    writeFileSync(path, lineOf(json(300_000)), { flag: 'a' });
    expect(Journal.peek(path).pending).toHaveLength(waiting + (many === 'one text' ? 1 : 0));
  },
  60_000,
);

test('what this program writes is never too dense', () => {
  const path = join(rig.folder, 'x.journal');
  const journal = Journal.begin(path, {
    address,
    experiment: { name: 'e' },
    run: { run_name: 'r', user_id: 'u', start_time: 1 },
    key: 'k',
  });
  for (let i = 0; i < 1200; i++) journal.append('artifacts', ['a']);
  for (const count of [1, 9, 30, 99, 400]) journal.noteDone(journal.pending.slice(0, count));
  journal.append(
    'tags',
    Array.from({ length: 500 }, () => ({ key: 'a', value: '' })),
  );
  journal.append(
    'params',
    Array.from({ length: 500 }, () => ({ key: 'a', value: '"{[,\\' })),
  );
  journal.append(
    'metrics',
    Array.from({ length: 500 }, () => ({ key: 'a', value: 1, step: 1, timestamp: 1 })),
  );
  journal.append('status', [{ status: 'FINISHED' }]);
  journal.noteDone(journal.pending.slice(-1), [
    { kind: 'artifacts', items: Array.from({ length: 100 }, () => 'a'), reason: '', cause: '' },
  ]);
  journal.close();
  const again = Journal.open(path);
  again.close();
  expect([again.damaged, again.pending.length, again.refused.length]).toEqual([0, journal.pending.length, 1]);
  expect(statSync(path).size).toBeGreaterThan(50_000);
});
