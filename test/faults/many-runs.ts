import { linkSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { beginJournal } from '../../src/tracking/server/open-journal.ts';
import { type Ended, Rig, digitsPipeline, eventsOf } from '../rig.ts';
import type { Fault } from './fault.ts';
import { runsIn, statusOf } from './runs-in.ts';

/** One run in so many waits for a server where nobody listens. */
const undelivered = 20;
const deadServer = 'http://127.0.0.1:9';
const rounds = 3;

/** A store in which everything that a command does for each run would be felt. */
export const manyRuns: Fault = {
  title:
    `so many runs in the store, one in ${undelivered} waiting for a server that is gone, one whose process ` +
    'was killed: run, run unchanged, sync, status and clean beside the same in a store without them; ' +
    "outcomes, what is there afterwards, and the processor's time (at most a half and 0.3 s more)",
  tries: { full: 10_000, reduced: 300 },
  async run(count, tell) {
    const rig = new Rig();
    rig.writeDigits(400, 100);
    rig.write('digits.yaml', digitsPipeline({ epochs: 5, layers: '[flatten, dense 10]' }));
    const preload = { NODE_OPTIONS: `--require ${rig.write('cpu-time.cjs', cpuTime)}` };
    for (const store of ['few/runs', 'many/runs']) await rig.run(['run', 'digits.yaml', '--json', '--runs', store]);
    const { child, ended } = rig.start([
      'run',
      'digits.yaml',
      '--json',
      '--fresh',
      '--runs',
      'many/runs',
      '--set',
      'train.epochs=100000',
    ]);
    child.stdout.on('data', (text: string) => text.includes('epoch-finished') && child.kill('SIGKILL'));
    await ended;
    const model = runsIn(join(rig.folder, 'many/runs')).find((path) => statusOf(path) === '3')!;
    const waiting = Math.ceil(count / undelivered);
    for (let i = 0; i < count; i++) {
      const copy = copyRun(model, i.toString(16).padStart(32, '0'));
      if (i % undelivered === 0) beginJournal(copy, deadServer).close();
      if ((i + 1) % 1000 === 0) tell(`${i + 1} runs made`);
    }
    const before = runsIn(join(rig.folder, 'many/runs')).length;
    const times = new Map<string, number[]>();
    const wrong: string[] = [];
    for (let round = 0; round < rounds; round++) {
      for (const [name, { args, codes }] of Object.entries(commands)) {
        const ends = [];
        for (const [i, store] of ['few', 'many'].entries()) {
          ends.push(await rig.run([...args, '--runs', `${store}/runs`], preload));
          times.set(`${name} ${store}`, [...(times.get(`${name} ${store}`) ?? []), Number(rig.read('cpu-ms'))]);
          if (ends[i]!.code !== codes[i]) wrong.push(`${name}: exit code ${ends[i]!.code}: ${ends[i]!.stderr}`);
        }
        if (name.startsWith('run') && weightsOf(ends[0]!) !== weightsOf(ends[1]!))
          wrong.push(`${name}: other weights than without the other runs`);
        const told = /^warning not-delivered: (\d+) runs \(/m.exec(ends[1]!.stderr)?.[1];
        if (name === 'sync' && Number(told) !== waiting)
          wrong.push(`sync tells of ${told} runs that wait, where ${waiting} do`);
      }
    }
    for (const name of Object.keys(commands)) {
      const [few, many] = ['few', 'many'].map(
        (store) => times.get(`${name} ${store}`)!.toSorted((a, b) => a - b)[rounds >> 1]!,
      ) as [number, number];
      tell(`${name}: ${many} ms of the processor, ${few} without the other runs`);
      if (many > few * 1.5 + 300)
        wrong.push(`${name} takes ${many} ms of the processor, ${few} without the other runs`);
    }
    wrong.push(...problemsOf(join(rig.folder, 'many/runs'), before + 2 * rounds, waiting));
    if (wrong.length === 0) rig.remove();
    return wrong;
  },
};

/** A command, and how it ends in a store with few runs and with many. */
interface Timed {
  readonly args: readonly string[];
  readonly codes: readonly [number, number];
}

const commands: Readonly<Record<string, Timed>> = {
  run: { args: ['run', 'digits.yaml', '--json', '--force', '--fresh'], codes: [0, 0] },
  'run unchanged': { args: ['run', 'digits.yaml', '--json'], codes: [0, 0] },
  sync: { args: ['sync', '--to', deadServer], codes: [0, 1] },
  status: { args: ['status', 'digits.yaml'], codes: [0, 0] },
  clean: { args: ['clean', '--max-age', '30d'], codes: [0, 0] },
};

const cpuTime = `
process.on('exit', () => {
  const { user, system } = process.cpuUsage();
  require('node:fs').writeFileSync('cpu-ms', String(Math.round((user + system) / 1000)));
});
`;

/** A run under another id, its files but for the one that names it linked: no one writes into a finished run's. */
function copyRun(model: string, id: string): string {
  const copy = join(dirname(model), id);
  mkdirSync(copy);
  writeFileSync(
    join(copy, 'meta.yaml'),
    readFileSync(join(model, 'meta.yaml'), 'utf8').replaceAll(basename(model), id),
  );
  for (const folder of ['metrics', 'tags', 'params', 'artifacts']) {
    mkdirSync(join(copy, folder));
    const files = readdirSync(join(model, folder), { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .slice(0, 3);
    for (const { name } of files) linkSync(join(model, folder, name), join(copy, folder, name));
  }
  return copy;
}

const weightsOf = ({ stdout }: Ended) => eventsOf(stdout).at(-1)!['weightsSha256'];

/**
 * Each run is there once and has ended; the one that was killed is KILLED; what waits still does, and no claim is left.
 */
function problemsOf(store: string, expected: number, waiting: number): string[] {
  const statuses = runsIn(store).map(statusOf);
  const beside = readdirSync(dirname(runsIn(store)[0]!));
  const [killed, journals, claims] = [
    statuses.filter((status) => status === '5'),
    beside.filter((name) => name.endsWith('.journal')),
    beside.filter((name) => name.includes('.owner.')),
  ];
  return [
    ...(statuses.length === expected ? [] : [`${statuses.length} runs are there, not ${expected}`]),
    ...(statuses.every((status) => status === '3' || status === '5') && killed.length === 1
      ? []
      : ['the run whose process was killed is not closed, or others are']),
    ...(journals.length === waiting ? [] : [`${journals.length} journals wait, not ${waiting}`]),
    ...claims.map((name) => `${name} is left`),
  ];
}
