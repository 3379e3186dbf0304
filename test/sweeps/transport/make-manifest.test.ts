import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { hasForm } from '../../../src/base/json-form.ts';
import { checkFile } from '../../../src/plan/check-pipeline.ts';
import { jobManifest } from '../../../src/sweeps/transport/job-manifest.ts';
import { makePortable, programOf } from '../../../src/sweeps/transport/make-manifest.ts';
import { Rig } from '../../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

const rows = Array.from({ length: 40 }, (_, i) => `${i},${i % 7},${(3 * i) % 5}`).join('\n');
rig.write('data/t.csv', `a,b,c\n${rows}\n`);
rig.write('p/data/t.csv', `a,b,c\n${rows}\n`);

const pipeline = (file: string, more = '') => `name: t
data: { source: { csv: { file: ${file}, targets: { c: number }, test: 0.2 } }, split: { validation: 5 } }
model: { layers: [dense 1] }
train: { optimizer: adam, loss: meanSquaredError, batchSize: 8, epochs: 1 }
${more}`;

async function portable(file: string, more?: string) {
  return makePortable(await checkFile(rig.write('p/t.yaml', pipeline(file, more))));
}

const fileIn = (resolved: object) =>
  (resolved as { data: { source: { csv: { file: unknown } } } }).data.source.csv.file;

test.each([
  ['beside the file', 'data/t.csv', 't.yaml', 'data/t.csv', 'data/t.csv'],
  ['above it', '../data/t.csv', 'above/t.yaml', 'data/t.csv', '../data/t.csv'],
  ['in a roundabout way', '../p/data/t.csv', 't.yaml', 'data/t.csv', 'data/t.csv'],
  ['by its whole path', join(rig.folder, 'data/t.csv'), 't.yaml', 'outside/1/t.csv', 'outside/1/t.csv'],
])('data named %s lies in the job where the file finds it', async (_, written, file, path, read) => {
  const { part, sources } = await portable(written);
  expect(part.file).toBe(file);
  expect(part.data.map((held) => held.path)).toEqual([path]);
  expect(readFileSync(sources.get(path)!, 'utf8')).toContain('a,b,c');
  expect(fileIn(part.resolved)).toBe(read);
  expect(JSON.stringify(part)).not.toContain(rig.folder);
  const run = { id: '0'.repeat(32), name: 't', experiment: 't' };
  const whole: unknown = JSON.parse(JSON.stringify({ ...part, run, json: false, program: programOf('0'.repeat(64)) }));
  expect(hasForm(jobManifest, whole)).toBe(true);
});

test('a file: address is one of this machine, and stays here', async () => {
  const sha256 = (await portable('data/t.csv')).part.data[0]!.sha256;
  const url = pathToFileURL(join(rig.folder, 'data/t.csv')).href;
  const { part } = await portable(`{ url: "${url}", sha256: ${sha256} }`);
  expect(fileIn(part.resolved)).toBe('outside/1/t.csv');
  expect(JSON.stringify(part)).not.toContain(rig.folder);
});

test('no server goes along, whatever the file says', async () => {
  const { part } = await portable(
    'data/t.csv',
    'tracking: { uri: "https://me:secret-word@host.invalid", experiment: x }',
  );
  expect(part.resolved['tracking']).toEqual({ experiment: 'x' });
  expect(JSON.stringify(part)).not.toContain('secret-word');
});
