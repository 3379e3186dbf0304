import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { checkSource, glanceAtSource } from '../../src/plan/check-pipeline.ts';
import { Rig } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

rig.write('file.txt', 'text');

const sources: Readonly<Record<string, (path: string) => string>> = {
  csv: (path) => `csv: { file: ${path}, targets: { y: [a, b] } }`,
  jsonl: (path) => `jsonl: { file: ${path}, targets: { y: [a, b] } }`,
  parquet: (path) => `parquet: { file: ${path}, targets: { y: [a, b] } }`,
  'a csv of the test': (path) => `csv: { file: file.txt, test: ${path}, targets: { y: [a, b] } }`,
  npz: (path) => `npz: { file: ${path} }`,
  npy: (path) => `npy: { files: { x: ${path}, y: ${path} } }`,
  text: (path) => `text: { file: ${path} }`,
  'a text by words': (path) => `text: { file: ${path}, words: {} }`,
  series: (path) => `series: { csv: { file: ${path} }, time: t, targets: [y], window: 3 }`,
  images: (path) => `images: { folder: ${path} }`,
  'a table of images': (path) => `images: { table: ${path}, targets: { y: number } }`,
  masks: (path) => `masks: { images: ${path}, masks: ${path}, classes: [a, b] }`,
  audio: (path) => `audio: { folder: ${path} }`,
  fashionMnist: (path) => `fashionMnist: { folder: ${path} }`,
  cifar10: (path) => `cifar10: { folder: ${path} }`,
};

test.each(
  Object.entries(sources).flatMap(([name, source]) =>
    [
      ['below a file', 'file.txt/x'],
      ['too long for a name', 'x'.repeat(5000)],
    ].map(([what, path]) => [name, what, source(path!)] as const),
  ),
)('%s whose path leads %s is told in the file', async (_, __, source) => {
  const text =
    `name: x\ndata: { source: { ${source} } }\nmodel: { layers: [dense 2] }\n` +
    'train: { optimizer: adam, loss: softmaxCrossEntropy, epochs: 1 }\n';
  for (const check of [checkSource, glanceAtSource]) {
    const { diagnostics } = await check({ name: join(rig.folder, 'x.yaml'), text });
    const errors = diagnostics.filter(({ severity }) => severity === 'error');
    expect(errors).not.toEqual([]);
    expect(errors.filter(({ range }) => range === undefined)).toEqual([]);
  }
});
