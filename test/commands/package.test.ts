import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { crashScript } from '../faults/crash-points.ts';
import { Rig, digitsPipeline } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());
const at = (path: string) => join(rig.folder, path);

let [id, model] = ['', ''];
beforeAll(async () => {
  rig.writeDigits();
  const layers = '[{ resizing: { height: 7, width: 7 } }, flatten, dense 10]';
  rig.write('digits.yaml', digitsPipeline({ epochs: 1, layers }).replace('name: digits', "name: 'Ünder 10: digits!'"));
  ({ id, model } = await rig.train('digits.yaml'));
}, 60_000);

test('a run is a package, told with its files, and the same again', async () => {
  const { code, stdout, stderr } = await rig.run(['package', 'last']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const [folder] = readdirSync(rig.folder).filter((name) => name.endsWith('-package')) as [string];
  expect(stdout.split('\n')[0]).toMatch(new RegExp(`run ${id} packaged as under-10-digits in ${folder}$`));
  for (const file of readdirSync(at(folder)).filter((name) => name !== 'golden')) expect(stdout).toContain(file);
  expect(stdout).toMatch(/npm install '\.\//);
  expect((await rig.run(['package', model, '--out', folder, '--name', 'x'])).stderr).toMatch(/^error export-exists: /);
  expect((await rig.run(['package', id])).stdout).toContain('is packaged already, as under-10-digits');
  const { name, version, layerline } = JSON.parse(rig.read(`${folder}/package.json`)) as Record<string, unknown>;
  expect({ name, version, layerline }).toEqual({
    name: 'under-10-digits',
    version: '1.0.0',
    layerline: { version: expect.any(String), run: id, weightsSha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
  });
  const readme = rig.read(`${folder}/README.md`);
  expect(readme).toContain(`of the run ${id}`);
  expect(readme).toMatch(/\| `test_accuracy` \| [\d.]+ \|/);
  expect(readFileSync(at(`${folder}/index.d.ts`), 'utf8')).toContain("'0' | '1' | '2'");

  // As npm links it: nothing of Layerline is beside it, whose own layer the net has.
  mkdirSync(at('node_modules'));
  symlinkSync(join(import.meta.dirname, '../../node_modules/@tensorflow'), at('node_modules/@tensorflow'));
  const tested = await promisify(execFile)(process.execPath, ['--test', 'test.js'], { cwd: at(folder) });
  expect(tested.stdout).toMatch(/# pass 2\n/);
}, 60_000);

test('a damaged model, a name that npm does not take and a folder that is another are refused', async () => {
  const damages: Readonly<Record<string, (bytes: Buffer) => Uint8Array>> = {
    'weights.bin': (bytes) => bytes.fill(1, 8, 12),
    'model.json': (bytes) => Buffer.concat([bytes, Buffer.from(' ')]),
    'golden/golden.json': () => Buffer.from('{}'),
  };
  for (const [file, damage] of Object.entries(damages)) {
    cpSync(model, at('copy'), { recursive: true });
    writeFileSync(at(`copy/${file}`), damage(readFileSync(at(`copy/${file}`))));
    const { code, stdout, stderr } = await rig.run(['package', 'copy', '--out', 'damaged']);
    expect({ code, stdout }, file).toEqual({ code: 1, stdout: '' });
    expect(stderr, file).toMatch(/^error (model|golden)-damaged: /);
  }
  const named = await rig.run(['package', model, '--name', '../x', '--out', 'damaged']);
  expect(named.code).toBe(2);
  expect(named.stderr).toMatch(/^error bad-package-name: '\.\.\/x' /);
  rig.write('mine/notes.txt', 'mine');
  const { code, stderr } = await rig.run(['package', model, '--name', '@me/digits', '--out', 'mine']);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^error export-exists: mine /);
  expect(readdirSync(at('mine'))).toEqual(['notes.txt']);
  const onFile = await rig.run(['package', model, '--out', 'mine/notes.txt']);
  expect(onFile.code).toBe(1);
  expect(onFile.stderr).toMatch(/^error export-exists: \S+ is no folder, but a file/);
  expect(existsSync(at('damaged'))).toBe(false);
  expect(readdirSync(rig.folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
}, 60_000);

test('a model of another version is taken where its pipeline is known, and else refused by its version', async () => {
  cpSync(model, at('other'), { recursive: true });
  const text = rig.read('other/model.yaml').replace(/^layerline: .*$/m, 'layerline: 99.0.0');
  const recorded = (content: string) => {
    const golden = rig.read('other/golden/golden.json');
    const sha256 = createHash('sha256').update(content).digest('hex');
    rig.write('other/golden/golden.json', golden.replace(/"model.yaml":"\w+"/, `"model.yaml":"${sha256}"`));
    rig.write('other/model.yaml', content);
  };
  recorded(text);
  expect((await rig.run(['package', 'other', '--out', 'of-other'])).code).toBe(0);
  recorded(text.replace(/^ {2}seed: 7$/m, '  seed: 7\n  seeds: [1, 2]'));
  const { code, stdout, stderr } = await rig.run(['package', 'other', '--out', 'of-newer']);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^other\/model.yaml:\d+:1 error unknown-key: .*`seeds`[^]*Layerline 99\.0\.0 recorded it/);
  expect(existsSync(at('of-newer'))).toBe(false);
}, 60_000);

test('a kill before anything that is done to a file leaves nothing that looks whole', async () => {
  const script = rig.write('crash.cjs', crashScript);
  // What lies in `runs` is what the script counts.
  const made = (to: string, crashAt: number) =>
    rig.run(['package', model, '--out', `runs/made/${to}`], {
      NODE_OPTIONS: `--require ${JSON.stringify(script)}`,
      CRASH_AT: String(crashAt),
      CRASH_TORN: crashAt % 2 === 1 ? '1' : '',
    });
  const files = (folder: string) => readdirSync(at(folder), { recursive: true, encoding: 'utf8' }).sort();
  // The first one makes the folder above.
  for (const name of ['whole', 'counted']) expect((await made(name, Number.MAX_SAFE_INTEGER)).code).toBe(0);
  const points = Number(rig.read('crash-points'));
  expect(points).toBeGreaterThan(20);
  for (const crashAt of [0, Math.floor(points / 3), points - 4, points - 2, points - 1]) {
    const killed = `killed-${crashAt}`;
    expect((await made(killed, crashAt)).code, `point ${crashAt} of ${points}`).toBeNull();
    if (existsSync(at(`runs/made/${killed}`))) expect(files(`runs/made/${killed}`)).toEqual(files('runs/made/whole'));
  }
  // Half of a claim counts for five seconds, as its owner may be writing it. What is left goes when it is packaged
  // again.
  await setTimeout(5_200);
  const named = readdirSync(at('runs/made')).filter((name) => name.startsWith('killed'));
  for (const crashAt of [0, Math.floor(points / 3), points - 4, points - 2, points - 1])
    expect(await rig.run(['package', model, '--out', `runs/made/killed-${crashAt}`])).toMatchObject({
      code: 0,
      stderr: '',
    });
  expect(named.length).toBeLessThan(5);
  expect(readdirSync(at('runs/made')).filter((name) => name.startsWith('.'))).toEqual([]);
  expect(files('runs/made/killed-0')).toEqual(files('runs/made/whole'));
}, 60_000);

test('the code in a package needs nothing of Node', () => {
  const code = readFileSync(join(import.meta.dirname, '../../dist/packaged.js'), 'utf8');
  expect(code).not.toMatch(/\bBuffer\b|\bfrom ["']|\bimport\(|\brequire\(/);
});
