import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { hashFiles } from '../../src/cache/hash-files.ts';
import { Rig, digitsPipeline } from '../rig.ts';

let rig: Rig;
beforeEach(() => {
  rig = new Rig();
  rig.writeDigits(200, 100);
  rig.write('digits.yaml', digitsPipeline());
});
afterEach(() => rig.remove());

/** What stands at a path that should be a file; each makes it. */
const special: Readonly<Record<string, (path: string) => void>> = {
  'a pipe': (path) => void execFileSync('mkfifo', [path]),
  'a device without end': (path) => symlinkSync('/dev/zero', path),
  'a folder': (path) => mkdirSync(path),
  'a file without end': (path) => symlinkSync('/proc/self/pagemap', path),
};

const sha256 = 'f'.repeat(64);

/** Sources by what they read at `x`. */
const sources: Readonly<Record<string, string>> = {
  idx:
    'idx: { trainImages: x, trainLabels: data/train-labels, testImages: data/t10k-images, ' +
    'testLabels: data/t10k-labels }',
  'labels of idx':
    'idx: { trainImages: data/train-images, trainLabels: x, testImages: data/t10k-images, ' +
    'testLabels: data/t10k-labels }',
  csv: 'csv: { file: x, targets: { a: number } }',
  'the test of csv': 'csv: { file: t.csv, targets: { a: number }, test: x }',
  'the file of an address': `csv: { file: { url: 'file:///FOLDER/x', sha256: ${sha256} }, targets: { a: number } }`,
  text: 'text: { file: x }',
  images: 'images: { folder: p }',
  masks: 'masks: { images: p/a, masks: p/b, classes: { a: 0, b: 1 } }',
  pairs:
    'pairs: { of: { idx: { trainImages: x, trainLabels: data/train-labels, testImages: data/t10k-images, ' +
    'testLabels: data/t10k-labels } }, train: 10, test: 4 }',
};

test.each(Object.keys(special))(
  '%s where data, a pipeline file or its base should be is refused at once',
  async (kind) => {
    const make = (path: string) => {
      rmSync(join(rig.folder, path), { force: true, recursive: true });
      special[kind]!(join(rig.folder, path));
    };
    rig.write('t.csv', 'a,b\n1,2\n3,4\n');
    for (const folder of ['a', 'b']) for (const i of [1, 2]) rig.write(`p/${folder}/${i}.png`, '');
    make('x');
    make('p/a/1.png');
    make('base.yaml');
    make('own.yaml');
    rig.write('child.yaml', 'extends: base.yaml\nname: x\n');
    const files = Object.entries(sources).map(([name, source]) => {
      rig.write(
        `${name}.yaml`,
        digitsPipeline().replace(/source: .*/, `source: { ${source.replace('/FOLDER', rig.folder)} }`),
      );
      return [name, `${name}.yaml`] as const;
    });
    for (const [name, file] of [...files, ['itself', 'own.yaml'], ['its base', 'child.yaml']] as const) {
      const { code, stderr, ms } = await rig.run(['validate', file]);
      expect(code, `${name}: ${stderr}`).toBe(2);
      expect(stderr, name).toMatch(
        /not a file|not a pipeline file|far too large|more than 256,000,000 bytes|cannot be read|not an idx file|not a PNG file/,
      );
      expect(stderr, name).not.toMatch(/ at .*\.js/);
      expect(ms, name).toBeLessThan(40_000);
    }
  },
  240_000,
);

test.each(Object.keys(special))('%s is not hashed', async (kind) => {
  special[kind]!(join(rig.folder, 'x'));
  await expect(hashFiles([join(rig.folder, 'x')], rig.folder)).rejects.toThrow(/x cannot be read/);
});

test('a socket is no file either, and a file of /proc is read as long as it is', async () => {
  const server = createServer().listen(join(rig.folder, 'x'));
  await new Promise((listening) => server.once('listening', listening));
  await expect(hashFiles([join(rig.folder, 'x')], rig.folder)).rejects.toThrow(/x cannot be read/);
  rig.write('s.yaml', digitsPipeline().replace(/source: .*/, 'source: { text: { file: x } }'));
  expect((await rig.run(['validate', 's.yaml'])).stderr).toContain('x is not a file');
  server.close();
  // Its size is said to be 0.
  rig.write(
    'p.yaml',
    digitsPipeline()
      .replace(/source: .*/, 'source: { text: { file: /proc/self/status, steps: 2 } }')
      .replace(/layers: .*/, 'layers: [embedding 200x4, lstm 4 sequences, dense 200]'),
  );
  expect((await rig.run(['validate', 'p.yaml'])).stderr).not.toContain('too short');
});

test('a pipe that package.json is, and one for the run store', async () => {
  execFileSync('mkfifo', [join(rig.folder, 'package.json'), join(rig.folder, 'store')]);
  expect(await rig.run(['validate'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('no pipeline file is given') as string,
  });
  const { code, stderr } = await rig.run(['run', 'digits.yaml', '--smoke', '--runs', 'store']);
  expect([1, 2]).toContain(code);
  expect(stderr).toContain('store');
  expect(stderr).not.toMatch(/ at .*\.js/);
}, 60_000);

test.each(['a pipe', 'a device without end', 'a folder'])(
  '%s in the place of what a store or its cache holds holds nobody up',
  async (kind) => {
    expect((await rig.run(['run', 'digits.yaml', '--set', 'train.epochs=1'])).code).toBe(0);
    const files = readdirSync(rig.folder, { recursive: true, encoding: 'utf8' });
    const record = `runs/.unfinished-${'a'.repeat(16)}-${'b'.repeat(32)}.json`;
    const run = dirname(files.find((file) => file.endsWith('/params'))!);
    const inRun = ['meta.yaml', 'params/seed', 'tags/pipeline.engine', 'metrics/loss'].map((file) => join(run, file));
    for (const file of [record, ...inRun, ...files.filter((name) => name.endsWith('.outcome'))]) {
      rmSync(join(rig.folder, file), { force: true });
      special[kind]!(join(rig.folder, file));
    }
    for (const command of [
      ['run', 'digits.yaml', '--set', 'train.epochs=1'],
      ['status', 'digits.yaml'],
      ['sync'],
      ['clean'],
      ['replay', basename(run)],
    ]) {
      const { child, ended } = rig.start(command);
      const limit = setTimeout(() => child.kill('SIGKILL'), 45_000);
      const { code, stdout, stderr } = await ended;
      clearTimeout(limit);
      expect(code, `${command[0]}: ${stderr}`).toBe(command[0] === 'replay' ? 1 : 0);
      expect(stdout + stderr).not.toMatch(/mistake in Layerline|\n +at /);
      if (command[0] === 'run') expect(stdout.match(/warning cache-damaged/g)).toHaveLength(4);
    }
  },
  240_000,
);
