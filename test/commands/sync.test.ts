import { chownSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { asUser, noOtherUser, stranger } from '../other-user.ts';
import { eventsOf, Rig } from '../rig.ts';
import { plantRuns, StandIn, waitFor, warningsIn } from './planted-runs.ts';

let rig: Rig;
beforeEach(() => (rig = new Rig()));
afterEach(() => rig.remove());

const tiny = 'name: tiny\ndata: { source: { csv: { file: tiny.csv, targets: { y: number }, test: 0.2 } }, split: { validation: 5 } }\nmodel: { layers: [dense 1] }\ntrain: { optimizer: sgd, loss: meanSquaredError, batchSize: 10, epochs: 1 }\n';

/** Gives a folder to a user who has no name. */
function give(folder: string): void {
  for (const path of [folder, ...readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((entry) => join(folder, entry))]) chownSync(path, stranger, stranger);
}

test.skipIf(noOtherUser !== undefined)('runs of another user are told of once, and those of this one are delivered', async () => {
  const { address, runs } = await new StandIn().start();
  // Whichever is listed first.
  const others = [...await plantRuns(rig, 2, waitFor(address), 'a'), ...await plantRuns(rig, 2, waitFor(address), 'z')];
  const [mine] = await plantRuns(rig, 1, waitFor(address), 'mine');
  chownSync(rig.folder, stranger, stranger);
  chownSync(join(rig.folder, 'runs'), stranger, stranger);
  give(dirname(mine!));
  const sync = await rig.run(['sync', '--to', address], {}, asUser(stranger));
  expect([sync.code, sync.stdout]).toEqual([1, expect.stringMatching(new RegExp(`^run ${basename(mine!)}: [1-9]\\d* things delivered to ${address} as run \\S+\n$`))]);
  expect(warningsIn(sync)).toEqual([expect.stringMatching(/^warning not-writable: 4 runs \(.* and 1 more\): left as they are in runs: you may not write there$/)]);
  expect(runs.size).toBe(1);
  const again = await rig.run(['sync', '--again', basename(others[0]!), '--to', address], {}, asUser(stranger));
  expect([again.code, again.stderr]).toEqual([1, expect.stringMatching(/^error not-writable: the run [0-9a-f]{32} is left as it is: runs\/\d+: you may not write there\n.*help: .*run `pipeline sync` as a user who may write there\n$/)]);
  // What a run does beside its own work.
  waitFor(address)(mine!);
  give(dirname(mine!));
  rig.write('tiny.csv', `x,y\n${Array.from({ length: 50 }, (_, i) => `${i},${i * 2}`).join('\n')}\n`);
  rig.write('tiny.yaml', tiny);
  const run = await rig.run(['run', 'tiny.yaml', '--json', '--tracking-uri', address], { PIPELINE_ENGINE: 'wasm' }, asUser(stranger));
  expect(run.code, run.stderr).toBe(0);
  const told = eventsOf(run.stdout).filter(({ type }) => type === 'diagnostic').map(({ diagnostic }) => (diagnostic as { message: string }).message);
  expect(told.filter((message) => /earlier|left as/.test(message))).toEqual([expect.stringMatching(/^4 runs .*: left as they are in \S*runs: you may not write there$/)]);
  expect(readdirSync(dirname(mine!)).filter((name) => name.endsWith('.journal'))).toEqual([]);
}, 90_000);
