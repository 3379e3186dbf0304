import { copyFileSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { encode } from 'fast-png';
import { type Ended, Rig, digitsPipeline, eventsOf } from '../rig.ts';
import type { Fault } from './fault.ts';
import { runsIn } from './runs-in.ts';

/** Data of a user's, and a pipeline that learns from it. */
interface Example {
  readonly name: string;
  /** Its files, below the rig's folder. */
  readonly files: readonly string[];
  readonly reference: Outcome;
  /** How long a run takes. */
  readonly ms: number;
}

/** What a run came to, and from which data. */
interface Outcome {
  readonly weights: string;
  /** The hashes that the run recorded of its data. */
  readonly data: string;
}

/** One example, with one bit to flip. */
interface Try {
  readonly rig: Rig;
  readonly example: Example;
  readonly file: string;
  /** A store of its own; with it, a cache of its own. */
  readonly store: string;
  /** Flips the bit, or flips it back. */
  flip(): void;
}

/** When the bit is flipped. */
const moments: Readonly<Record<string, (one: Try) => Promise<readonly string[]>>> = {
  'between two runs': betweenRuns,
  'between a kill and the next run': afterKill,
  'at a random moment of a run': duringRun,
};

const train =
  'train: { optimizer: adam, loss: softmaxCrossEntropy, batchSize: 20, epochs: 30, checkpoint: { everySteps: 20 } }\n';

/**
 * Files of users: images and labels of idx, a table, pictures. A file that is still valid cannot be called wrong, but
 * it is other data.
 */
export const flippedDataBits: Fault = {
  title:
    `a flipped bit anywhere in a data file (idx, csv, png): ${Object.keys(moments).join('; ')}. What was kept is ` +
    'not taken, no run goes on with other data, each run has the weights of the data that it says it had',
  tries: { full: 200, reduced: 9 },
  run: async (count, tell) => {
    const rig = new Rig();
    const examples = [];
    for (const [name, write] of Object.entries(writers)) {
      const files = write(rig, name);
      const store = `${name}/runs`;
      const ended = await rig.run(['run', `${name}.yaml`, '--json', '--runs', store]);
      if (ended.code !== 0) throw new Error(ended.stderr);
      examples.push({ name, files, reference: outcomeOf({ rig, store }, ended), ms: ended.ms });
    }
    const wrong: string[] = [];
    for (let i = 0; i < count; i++) {
      const [moment, make] = Object.entries(moments)[i % 3]!;
      const one = prepare(rig, examples[Math.floor(i / 3) % 3]!, `try-${i}/runs`);
      const found = await make(one.one);
      wrong.push(...found.map((line) => `${one.what}, ${moment}: ${line}`));
      if (found.length === 0) rmSync(join(rig.folder, `try-${i}`), { recursive: true, force: true });
      if ((i + 1) % 6 === 0) tell(`${i + 1} of ${count} tried, ${wrong.length} wrong`);
    }
    if (wrong.length === 0) rig.remove();
    return wrong;
  },
};

/** Each writes data and `NAME.yaml`; gives the paths of the data. */
const writers: Readonly<Record<string, (rig: Rig, name: string) => string[]>> = {
  idx(rig, name) {
    rig.writeDigits(400, 100);
    rig.write(`${name}.yaml`, digitsPipeline({ layers: '[flatten, dense 10]' }).replace(/train:\n.*/s, train));
    return filesIn(rig, 'data');
  },
  csv(rig, name) {
    const table = join(import.meta.dirname, '../../pipelines/data/penguins.csv');
    copyFileSync(table, join(rig.folder, 'penguins.csv'));
    rig.write(
      `${name}.yaml`,
      'name: penguins\nseed: 3\ndata:\n  source: { csv: { file: penguins.csv, targets: { species: [Adelie, ' +
        'Chinstrap, Gentoo] }, categories: { island: [Biscoe, Dream, Torgersen], sex: [female, male] } } }\n' +
        `model: { layers: [dense 3] }\n${train}`,
    );
    return ['penguins.csv'];
  },
  png(rig, name) {
    const pixels = readFileSync(join(rig.folder, 'data/train-images')).subarray(16);
    for (let i = 0; i < 40; i++) {
      const data = pixels.subarray(i * 784, (i + 1) * 784);
      rig.write(`images/${i}.png`, encode({ width: 28, height: 28, channels: 1, data }));
      rig.write(
        `masks/${i}.png`,
        encode({ width: 28, height: 28, channels: 1, data: data.map((grey) => (grey > 127 ? 255 : 0)) }),
      );
    }
    rig.write(
      `${name}.yaml`,
      'name: ink\nseed: 3\ndata: { source: { masks: { images: images, masks: masks, ' +
        `classes: { paper: 0, ink: 255 } } } }\nmodel: { layers: [conv 1x1x2] }\n${train}`,
    );
    return [...filesIn(rig, 'images'), ...filesIn(rig, 'masks')];
  },
};

const filesIn = (rig: Rig, folder: string) => readdirSync(join(rig.folder, folder)).map((name) => `${folder}/${name}`);

function prepare(rig: Rig, example: Example, store: string): { readonly one: Try; readonly what: string } {
  const file = example.files[Math.floor(Math.random() * example.files.length)]!;
  const bits = readFileSync(join(rig.folder, file)).length * 8;
  const bit = Math.floor(Math.random() * bits);
  const flip = (): void => {
    const bytes = readFileSync(join(rig.folder, file));
    bytes[bit >> 3]! ^= 1 << (bit & 7);
    writeFileSync(join(rig.folder, file), bytes);
  };
  return { one: { rig, example, file, store, flip }, what: `${store}, bit ${bit} of ${bits} of ${file}` };
}

const start = ({ rig, example, store }: Try, ...more: readonly string[]) =>
  rig.start(['run', `${example.name}.yaml`, '--json', '--runs', store, ...more]);
const run = (one: Try, ...more: readonly string[]) => start(one, ...more).ended;

async function betweenRuns(one: Try): Promise<readonly string[]> {
  await run(one);
  one.flip();
  const flipped = await run(one);
  one.flip();
  const back = await run(one);
  const taken = stagesOf(flipped, 'stage-skipped');
  const problems = taken.length === 0 ? [] : [`${taken.join(', ')} is taken from the cache`];
  if (flipped.code === 0 && outcomeOf(one, flipped).data === one.example.reference.data)
    problems.push('the run does not tell of other data');
  if (stagesOf(back, 'stage-skipped').length !== 4)
    problems.push('with the data put back, not all stages are taken from the cache');
  return [...problems, ...refusal(one, flipped), ...asReference(one, back)];
}

async function afterKill(one: Try): Promise<readonly string[]> {
  const { child, ended } = start(one);
  let seen = '';
  const steps = Math.floor(Math.random() * 6);
  child.stdout.on('data', (more: string) => {
    seen += more;
    if (seen.includes('"run-started"') && seen.split('"checkpoint-written"').length > steps) child.kill('SIGKILL');
  });
  const killed = await ended;
  const killedId = runIdOf(killed);
  one.flip();
  const next = await run(one);
  one.flip();
  const back = await run(one);
  const problems = [...refusal(one, next), ...asReference(one, back)];
  if (next.code === 0 && runIdOf(next) === killedId) problems.push('the run that was killed goes on with other data');
  if (next.code === 0 && !/"(started-over|unfinished-record-damaged)"/.test(next.stdout))
    problems.push('nobody says that it starts over');
  if (next.stderr.includes('was interrupted') && runIdOf(back) !== killedId)
    problems.push('with the data put back, the run that was killed does not go on');
  return problems;
}

async function duringRun(one: Try): Promise<readonly string[]> {
  const { ended } = start(one);
  const [during] = await Promise.all([ended, sleep(Math.random() * one.example.ms).then(one.flip)]);
  const after = await run(one);
  const place = { ...one, store: one.store.replace('runs', 'honest') };
  const honest = await run(place, '--fresh');
  one.flip();
  const back = await run(one);
  const known = new Set(
    [one.example.reference, ...(honest.code === 0 ? [outcomeOf(place, honest)] : [])].map((outcome) =>
      JSON.stringify(outcome),
    ),
  );
  const strange = Object.entries({ during, after, back }).filter(
    ([, end]) => end.code === 0 && !known.has(JSON.stringify(outcomeOf(one, end))),
  );
  return [
    ...strange.map(([when]) => `the run ${when} has the weights of other data than it says`),
    ...[during, after, honest].flatMap((end) => refusal(one, end)),
    ...asReference(one, back),
  ];
}

/** A run that does not take the data says which, and why. */
function refusal({ file }: Try, { code, stderr }: Ended): string[] {
  if (code === 0) return [];
  const names = ['data-changed', basename(file), dirname(file), 'column'];
  return (code === 1 || code === 2) && names.some((name) => stderr.includes(name)) && !/\n\s+at .*:\d+:\d+/.test(stderr)
    ? []
    : [`exit code ${code}: ${stderr}`];
}

/** With the data as it was, the outcome is as it was. */
function asReference(one: Try, back: Ended): string[] {
  if (back.code !== 0) return [`with the data put back: exit code ${back.code}: ${back.stderr}`];
  const { weights, data } = outcomeOf(one, back);
  const { reference } = one.example;
  return [
    ...(weights === reference.weights ? [] : ['with the data put back, the weights are others']),
    ...(data === reference.data ? [] : ['with the data put back, its hashes are others']),
  ];
}

const runIdOf = ({ stdout }: Ended) => eventsOf(stdout).find(({ type }) => type === 'run-started')?.['runId'];
const stagesOf = ({ stdout }: Ended, type: string) =>
  stdout === ''
    ? []
    : eventsOf(stdout)
        .filter((event) => event['type'] === type)
        .map((event) => String(event['stage']));

/** Of a run that finished. */
function outcomeOf({ rig, store }: Pick<Try, 'rig' | 'store'>, { stdout }: Ended): Outcome {
  const { weightsSha256, runId } = eventsOf(stdout).at(-1)!;
  const tags = join(
    runsIn(join(rig.folder, store)).find((path) => path.endsWith(String(runId)))!,
    'tags',
  );
  const names = readdirSync(tags)
    .filter((name) => name.startsWith('data.sha256.'))
    .toSorted();
  return {
    weights: String(weightsSha256),
    data: names.map((name) => `${name} ${readFileSync(join(tags, name), 'utf8')}`).join('\n'),
  };
}
