import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withDisk } from '../disk.ts';
import { copyEngine, copyProgram } from '../engine/project.ts';
import { addressesWithin, makeMemoryGroup } from '../memory-group.ts';
import { asUser, makeUserFolder, noOtherCache, stranger, withMachineCache } from '../other-user.ts';
import { type Ended, Rig, digitsPipeline } from '../rig.ts';
import { expectEnd } from './expect-end.ts';
import type { Fault } from './fault.ts';
import { runsIn, statusOf } from './runs-in.ts';
import { type Reference, problemsOf, runWhole } from './whole-run.ts';

/** Where a trouble is made: a folder of its own within the rig's, with the file and its data. */
interface Place {
  readonly rig: Rig;
  readonly folder: string;
  readonly reference: Reference;
}

/** One trouble with what is around a run. Gives what is wrong; throws what it needs and does not have. */
type Trouble = (place: Place) => Promise<readonly string[]>;

const layers = '[conv 3x3x8 same relu, batchNormalization, maxpool 2x2, flatten, dropout 0.3, dense 10]';
const text =
  `${digitsPipeline({ figures: '[confusionMatrix]', epochs: 6, batchSize: 25, layers })}  checkpoint: { ` +
  'everySteps: 5 }\n';

const troubles: Readonly<Record<string, Trouble>> = {
  'the file renamed after a kill': (place) =>
    goesOn(place, ({ folder }) => {
      renameSync(join(folder, 'digits.yaml'), join(folder, 'renamed.yaml'));
      return { folder, args: ['renamed.yaml'] };
    }),
  'the project moved': (place) =>
    goesOn(place, ({ folder }) => {
      renameSync(folder, `${folder}-moved`);
      return { folder: `${folder}-moved`, args: ['digits.yaml'] };
    }),
  'a link to the project': (place) =>
    goesOn(place, ({ rig, folder }) => {
      symlinkSync(folder, `${folder}-link`);
      return { folder: rig.folder, args: [`${folder}-link/digits.yaml`, '--runs', `${folder}-link/runs`] };
    }),
  'other words for file and runs': (place) =>
    goesOn(place, ({ folder }) => ({ folder, args: ['./data/../digits.yaml', '--runs', `${folder}/./runs/`] })),
  'no temporary folder': (place) => isRefused(place, join(place.folder, 'none'), /ENOENT/),
  'a full temporary folder': (place) => {
    const folder = join(place.folder, 'tmp');
    return withDisk(folder, 'size=64k', () => {
      writeFileSync(join(folder, 'filler'), Buffer.alloc(60 * 1024));
      return isRefused(place, folder, /ENOSPC/);
    });
  },
  'a read-only temporary folder': (place) =>
    withDisk(join(place.folder, 'tmp'), 'size=64k,ro', () => isRefused(place, join(place.folder, 'tmp'), /EROFS/)),
  'another user with a cache of his own, and nothing else that he may write to': async ({ rig, folder, reference }) => {
    if (noOtherCache !== undefined) throw new Error(noOtherCache);
    const program = copyProgram();
    const cache = mkdtempSync(join(tmpdir(), 'layerline-cache-'));
    for (const path of [cache, rig.folder]) chmodSync(path, 0o755);
    copyEngine(cache);
    const home = makeUserFolder(rig.folder, stranger);
    const env = { HOME: join(home, 'read-only'), XDG_CACHE_HOME: join(home, 'runs'), TMPDIR: '/tmp' };
    const ended = await rig.run(
      ['run', `${folder}/digits.yaml`, '--json', '--runs', 'runs'],
      env,
      [...withMachineCache(cache), ...asUser(stranger), 'env', '-C', home],
      join(program, 'dist/cli.js'),
    );
    for (const path of [program, cache]) rmSync(path, { recursive: true, force: true });
    return [...expectEnd(ended, [0]), ...(ended.code === 0 ? problemsOf(join(home, 'runs'), ended, reference) : [])];
  },
  'a control group of 800 MB': async (place) => {
    const group = makeMemoryGroup(800_000_000);
    if (typeof group === 'string') throw new Error(group);
    try {
      return await isTold(place, group.enter);
    } finally {
      group.remove();
    }
  },
  '`ulimit -v` of 3 GB': (place) => isTold(place, addressesWithin(3_000_000)),
  'another machine after a kill': async ({ rig, folder, reference }) => {
    const run = (env: Readonly<Record<string, string>> = {}) =>
      rig.start(['run', 'digits.yaml', '--json'], env, ['env', '-C', folder]);
    const first = run();
    let [written, count] = [0, 1 + Math.floor(Math.random() * 10)];
    first.child.stdout.on(
      'data',
      (events: string) =>
        (written += events.split('"checkpoint-written"').length - 1) >= count && first.child.kill('SIGKILL'),
    );
    const killed = await first.ended;
    const other = await run({ TF_ENABLE_ONEDNN_OPTS: '0' }).ended;
    const [directory] = runsIn(join(folder, 'runs'));
    const tag = readFileSync(join(directory!, 'tags/pipeline.machine_changes'), 'utf8');
    const { stages } = JSON.parse(
      (await rig.run(['status', 'digits.yaml', '--json'], {}, ['env', '-C', folder])).stdout,
    ) as { stages: { stage: string; fresh: boolean }[] };
    const kept = stages
      .filter(({ stage, fresh }) => fresh && stage !== 'load')
      .map(({ stage }) => `${stage} is kept as fresh`);
    const again = await run().ended;
    // It has a right to other bits.
    rmSync(directory!, { recursive: true });
    return [
      ...(killed.code === null ? [] : ['it was not killed']),
      ...expectEnd(other, [0], /"code":"other-machine"/),
      ...(/^from step \d+ on: environment\.TF_ENABLE_ONEDNN_OPTS none -> 0$/.test(tag) ? [] : [`the tag says ${tag}`]),
      ...kept,
      ...expectEnd(again, [0]),
      ...problemsOf(join(folder, 'runs'), again, reference),
    ];
  },
};

/** Each trouble with the real binary, in turn. */
export const surroundings: Fault = {
  title:
    "trouble with what is around a run, in turn, the weights' SHA-256 and each metric compared: " +
    Object.keys(troubles).join('; '),
  tries: { full: 5 * Object.keys(troubles).length, reduced: Object.keys(troubles).length },
  async run(count, tell) {
    const rig = new Rig();
    rig.writeDigits();
    rig.write('digits.yaml', text);
    const reference = await runWhole(rig, 'digits');
    const wrong: string[] = [];
    for (let i = 0; i < count; i++) {
      const [name, trouble] = Object.entries(troubles)[i % Object.keys(troubles).length]!;
      const folder = join(rig.folder, `try-${i}`);
      mkdirSync(folder);
      for (const path of ['digits.yaml', 'data'])
        cpSync(join(rig.folder, path), join(folder, path), { recursive: true });
      const found = await trouble({ rig, folder, reference }).catch((error: Error) => [error.message]);
      wrong.push(...found.map((line) => `${name}: ${line}`));
      tell(`${name}: ${found.length === 0 ? 'fine' : found.join('; ')}`);
    }
    if (wrong.length === 0) rig.remove();
    return wrong;
  },
};

/** A run that is killed at a random moment goes on after a change, and ends as if neither had been. */
async function goesOn(
  place: Place,
  change: (place: Place) => { readonly folder: string; readonly args: readonly string[] },
): Promise<readonly string[]> {
  const { rig, folder, reference } = place;
  const { child, ended } = rig.start(['run', 'digits.yaml', '--json'], {}, ['env', '-C', folder]);
  const moment = Math.round(Math.random() * reference.ms);
  const timer = setTimeout(() => child.kill('SIGKILL'), moment);
  const before = await ended;
  clearTimeout(timer);
  const isBegun =
    before.code === null &&
    before.stdout.includes('"run-started"') &&
    runsIn(join(folder, 'runs')).every((run) => statusOf(run) !== '3');
  const { folder: there, args } = change(place);
  const store = join(there === rig.folder ? folder : there, 'runs');
  const last = await rig.run(['run', ...args, '--json'], {}, ['env', '-C', there]);
  const isOne = !isBegun || runsIn(store).length === 1 ? [] : ['it starts over'];
  return [...expectEnd(last, [0]), ...(last.code === 0 ? problemsOf(store, last, reference) : []), ...isOne].map(
    (line) => `killed after ${moment} ms: ${line}`,
  );
}

/** The compiled step cannot be written: that is said before anything is trained, and with room all is as ever. */
async function isRefused(
  { rig, folder, reference }: Place,
  temporary: string,
  why: RegExp,
): Promise<readonly string[]> {
  const run = (env: Readonly<Record<string, string>>) =>
    rig.run(['run', 'digits.yaml', '--json'], env, ['env', '-C', folder]);
  const refused = await run({ TMPDIR: temporary });
  const trained = /"epoch-finished"|"eager"/.test(refused.stdout) ? ['it trains all the same'] : [];
  const after = await run({});
  return [
    ...expectEnd(refused, [1], why),
    ...trained,
    ...expectEnd(after, [0], /"step":"compiled"/),
    ...problemsOf(join(folder, 'runs'), after, reference),
  ];
}

/**
 * Within a limit of memory a net that fits trains as ever, one that does not is refused, and none ends without a word.
 */
async function isTold({ rig, folder, reference }: Place, within: readonly string[]): Promise<readonly string[]> {
  rig.write(
    'large.yaml',
    digitsPipeline({ epochs: 1, layers: '[flatten, dense 5000 relu, dense 2000 relu, dense 10]' }),
  );
  rig.write('huge.yaml', digitsPipeline({ layers: '[flatten, dense 30000 relu, dense 30000 relu, dense 10]' }));
  const run = (file: string, store: string) =>
    rig.run(['run', file, '--json', '--runs', `${folder}/${store}`], {}, within);
  const [small, large, huge] = [
    await run('digits.yaml', 'runs'),
    await run('large.yaml', 'large'),
    await run('huge.yaml', 'huge'),
  ];
  // Where the system kills it (-1), that was to be expected, and was said.
  const told = (ended: Ended) => [
    ...expectEnd(ended, [0, 1, -1]),
    ...(ended.code === 0 || /not-enough-memory|memory-may-not-suffice|out-of-memory/.test(ended.stdout + ended.stderr)
      ? []
      : ['it ends without a word']),
  ];
  const ofSmall = small.code === 0 ? problemsOf(join(folder, 'runs'), small, reference) : [];
  return [
    ...ofSmall,
    ...[small, large].flatMap(told),
    ...expectEnd(huge, [1], /not-enough-memory/),
    ...(huge.stdout.includes('"run-started"') ? ['the huge one starts'] : []),
  ];
}
