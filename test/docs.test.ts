import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { encode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { madePages } from '../docs/generate.ts';
import { writeZip } from '../src/models/formats/npz.ts';
import { readSource } from '../src/language/read-source.ts';
import { checkSource } from '../src/plan/check-pipeline.ts';
import { glanceAtSweep } from '../src/sweeps/check-sweep.ts';
import { tone, writeWav } from './datasets/wav.ts';

const root = join(import.meta.dirname, '..');
const textOf = (file: string) => readFileSync(join(root, file), 'utf8');
const guides = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md'));
const reference = readdirSync(join(root, 'docs/reference'));

test('reference and errors are those of the tables: `npm run docs` writes them', async () => {
  const pages = await madePages();
  expect(['errors.md', ...reference.map((name) => `reference/${name}`)].toSorted()).toEqual(
    Object.keys(pages).toSorted(),
  );
  for (const [name, text] of Object.entries(pages)) expect(textOf(`docs/${name}`), name).toBe(text);
});

/** What a heading is called in an address, as GitHub makes it. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\- ]/gu, '')
    .replaceAll(' ', '-');

function anchorsOf(file: string): readonly string[] {
  return [...textOf(file).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading!));
}

test.each(['README.md', ...guides.map((name) => `docs/${name}`), ...reference.map((name) => `docs/reference/${name}`)])(
  'what %s links to is there',
  (file) => {
    const links = [...textOf(file).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)].map(([, link]) => link!);
    for (const link of links) {
      const [path, anchor] = link.split('#');
      const target = path === '' ? file : join(dirname(file), path!);
      expect(existsSync(join(root, target)), `${file} -> ${link}`).toBe(true);
      if (anchor !== undefined) expect(anchorsOf(target), `${file} -> ${link}`).toContain(anchor);
    }
  },
);

test('README fits two screens, and links every guide', () => {
  const readme = textOf('README.md');
  expect(readme.split('\n').length).toBeLessThanOrEqual(130);
  for (const name of guides) expect(readme, name).toContain(`docs/${name}`);
});

/** An archive of arrays as the guide's: 200 pictures of 28 x 28, and their labels. */
function digits(): Uint8Array {
  const npy = (shape: string, values: Uint8Array) => {
    const header = `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape}), }\n`;
    const length = String.fromCharCode(header.length, 0);
    return Buffer.concat([Buffer.from(`\x93NUMPY\x01\0${length}${header}`, 'latin1'), values]);
  };
  return writeZip({
    'x.npy': npy('200, 28, 28', new Uint8Array(200 * 784)),
    'y.npy': npy(
      '200,',
      Uint8Array.from({ length: 200 }, (_, i) => i % 10),
    ),
  });
}

describe('pieces of pipeline files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'layerline-docs-'));
  beforeAll(() => {
    cpSync(join(root, 'pipelines'), folder, { recursive: true });
    writeFileSync(join(folder, 'data/digits.npz'), digits());
    const dates = Array.from(
      { length: 40 },
      (_, k) => `${(k % 28) + 1} May ${2000 + k},${2000 + k}-5-${(k % 28) + 1}\n`,
    );
    writeFileSync(join(folder, 'data/dates.csv'), `date,iso\n${dates.join('')}`);
    for (const place of ['own', 'public'])
      for (let i = 0; i < 40; i++) {
        const path = join(folder, `photos/${place}/${i % 10}/${i}.png`);
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, encode({ width: 8, height: 8, channels: 1, data: new Uint8Array(64).fill(6 * i) }));
      }
    for (const [k, name] of ['no', 'stop', 'yes'].entries()) {
      mkdirSync(join(folder, 'data/words', name), { recursive: true });
      for (let i = 0; i < 10; i++)
        writeFileSync(join(folder, `data/words/${name}/${i}.wav`), writeWav(tone(300 * k + 10 * i + 200, 0.1)));
    }
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const pieces = ['README.md', ...guides.map((name) => `docs/${name}`)].flatMap((file) =>
    [...textOf(file).matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text], index) => [`${file} ${index + 1}`, text!]),
  );

  test.each(pieces)('%s is right', async (name, text) => {
    // Each is laid over a whole file that it fits.
    const base = text!.includes('csv:') ? 'mass.yaml' : 'mnist.yaml';
    const file = join(folder, `${name!.replaceAll(/\W/g, '-')}.yaml`);
    const isSweep = text!.startsWith('sweep:');
    writeFileSync(file, isSweep || text!.includes('name:') ? text! : `extends: ./${base}\n${text!}`);
    const { diagnostics } = isSweep ? await glanceAtSweep(readSource(file)) : checkSource(readSource(file));
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  });
});
