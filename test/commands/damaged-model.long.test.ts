import { cpSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Rig, digitsPipeline } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

let [id, model] = ['', ''];
beforeAll(async () => {
  rig.writeDigits();
  rig.write('digits.yaml', digitsPipeline({ epochs: 1 }));
  ({ id, model } = await rig.train('digits.yaml'));
}, 60_000);

const verbs: Readonly<Record<string, readonly string[]>> = {
  predict: ['data/t10k-images', '--out', 'made.jsonl'],
  evaluate: [],
  export: ['--to', 'safetensors', '--out', 'made'],
  package: ['--out', 'made'],
  'verify-export': [],
  register: ['--name', 'made'],
  serve: ['--port', '0'],
};
const [reading, all] = [['predict', 'evaluate', 'serve'], Object.keys(verbs)];
const giving = all.filter((verb) => !reading.includes(verb));

async function newestOf(store: string): Promise<string> {
  const { stdout } = await rig.run(['runs', '--json', '--runs', store]);
  return (JSON.parse(stdout) as { runs: { runId: string }[] }).runs[0]!.runId;
}

/** One byte of each in the middle. */
test.each<[string, readonly string[]]>([
  ['model.json', all],
  ['weights.bin', all],
  ['model.yaml', all],
  ['model.onnx', giving],
  ['weights.safetensors', giving],
  ['golden/golden.json', [...giving, 'serve']],
  ['golden/inputs.safetensors', [...giving, 'serve']],
  ['golden/outputs.safetensors', [...giving, 'serve']],
])(
  'one byte of %s is told by all that read it, and nothing is made',
  async (file, told) => {
    const [path, whole] = [join(model, file), readFileSync(join(model, file))];
    const bytes = Buffer.from(whole);
    bytes[bytes.length >> 1]! ^= 4;
    writeFileSync(path, bytes);
    const [before, runs] = [readdirSync(rig.folder), readdirSync(join(model, '../../..'))];
    try {
      for (const verb of told) {
        const { code, stderr } = await rig.run([verb, id, ...verbs[verb]!], { PATH: '/nowhere', VIRTUAL_ENV: '' });
        expect(code, verb).toBe(1);
        expect(stderr, verb).toMatch(/^error (model-damaged|golden-damaged|export-differs): /);
        if (!stderr.startsWith('error export-differs')) expect(stderr, verb).toContain('artifacts/model');
        expect(stderr, verb).not.toMatch(/\bat .*js:/);
        expect(readdirSync(rig.folder), verb).toEqual(before);
      }
      // No evaluation was begun.
      expect(readdirSync(join(model, '../../..'))).toEqual(runs);
    } finally {
      writeFileSync(path, whole);
    }
  },
  60_000,
);

test('a model of an earlier version, which told of fewer files, is taken as it is', async () => {
  const older = join(rig.folder, 'older');
  cpSync(model, older, { recursive: true });
  const about = JSON.parse(readFileSync(join(older, 'golden/golden.json'), 'utf8')) as {
    sha256: Record<string, string>;
  };
  for (const name of ['model.yaml', 'model.onnx', 'weights.safetensors']) {
    expect(about.sha256[name]).toMatch(/^[0-9a-f]{64}$/);
    delete about.sha256[name];
  }
  writeFileSync(join(older, 'golden/golden.json'), JSON.stringify(about));
  expect((await rig.run(['export', 'older', '--to', 'npz', '--out', 'of-older'])).code).toBe(0);
}, 60_000);

test('a run that is unfinished has no model, and is told with the way to go on', async () => {
  rig.write('long.yaml', digitsPipeline({ epochs: 5000 }).replace('name: digits', 'name: long'));
  const { child, ended } = rig.start(['run', 'long.yaml', '--json', '--runs', 'long']);
  const begun = new Promise<string>((resolve) => {
    let told = '';
    child.stdout.on('data', (text: string) => {
      told += text;
      if (told.includes('"epoch":3')) resolve(told);
    });
  });
  await begun;
  child.kill('SIGKILL');
  await ended;
  rig.write('paused.yaml', digitsPipeline({ epochs: 3 }).replace('name: digits', 'name: paused'));
  expect((await rig.run(['run', 'paused.yaml', '--runs', 'paused', '--until-epoch', '1'])).code).toBe(0);
  const before = readdirSync(rig.folder);
  for (const [runs, state] of [
    ['long', 'RUNNING'],
    ['paused', 'KILLED'],
  ] as const) {
    const run = await newestOf(runs);
    for (const verb of all) {
      const { code, stderr } = await rig.run([verb, run, ...verbs[verb]!, '--runs', runs]);
      expect([code, stderr], verb).toEqual([
        1,
        expect.stringMatching(
          new RegExp(`^error no-model: the run ${run} has no model: it is ${state}\n.*\`pipeline run ${runs}.yaml\``),
        ),
      ]);
    }
    expect(readdirSync(rig.folder)).toEqual(before);
  }
}, 120_000);

test('the model of a trial, or of a run that failed, is given with a warning', async () => {
  const gated = `${digitsPipeline({ epochs: 1 })}evaluate: { require: { test_accuracy: '>= 0.999' } }\n`;
  rig.write('gated.yaml', gated.replace('name: digits', 'name: gated'));
  for (const [args, code, said] of [
    [[], 1, 'has FAILED'],
    [['--smoke'], 0, 'is a trial (smoke), which'],
  ] as const) {
    const run = await rig.run(['run', 'gated.yaml', '--runs', 'doubtful', '--json', ...args]);
    expect(run.code).toBe(code);
    const newest = await newestOf('doubtful');
    for (const verb of ['export', 'register', 'predict']) {
      const made = verbs[verb]!.map((arg) => arg.replace('made', `made-${args.length}`));
      const given = await rig.run([verb, newest, ...made, '--runs', 'doubtful']);
      expect([given.code, given.stderr], verb).toEqual([
        0,
        expect.stringContaining(`warning doubtful-model: the run ${newest} ${said}`),
      ]);
    }
  }
}, 120_000);
