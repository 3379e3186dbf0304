import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readSource } from '../../src/language/read-source.ts';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { Rig } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

const table = `x,y\n${Array.from({ length: 20 }, (_, i) => `${i % 7},${(i * 3) % 5}`).join('\n')}\n`;
for (const path of ['d.csv', 'a/b/d.csv', 'name:1', '~x/d.csv', ' e.csv', 'c:d.csv', '$HOME/d.csv', 'a\\b.csv'])
  rig.write(path, table);

/** What `validate` says of a table at a path. */
function told(source: string): readonly string[] {
  const text =
    `name: t\ndata: { source: { ${source} } }\nmodel: { layers: [dense 1] }\n` +
    'train: { optimizer: adam, loss: meanSquaredError, batchSize: 4, epochs: 1 }\n';
  return checkSource({ name: join(rig.folder, 'p.yaml'), text })
    .diagnostics.filter(({ severity }) => severity === 'error')
    .map(({ message, hint }) => `${message.replaceAll(`${rig.folder}/`, '')}: ${hint}`);
}

const ofFile = (path: string) => told(`csv: { file: ${JSON.stringify(path)}, targets: { y: number } }`);

test.each([
  'd.csv',
  './d.csv',
  'a//b/d.csv',
  'a/./b/../b/d.csv',
  'name:1',
  '~x/d.csv',
  ' e.csv',
  'c:d.csv',
  '$HOME/d.csv',
  'a\\b.csv',
])('%j is the path that it is', (path) => {
  expect(ofFile(path)).toEqual([]);
});

test.each([
  ['~/d.csv', /No shell replaces `~` in a file: write the path in full\.$/],
  ['$DATA/d.csv', /No shell replaces `\$DATA`/],
  ['d.csv ', /the data file d\.csv {2}does not exist: Did you mean `d\.csv`\?$/],
  ['D.csv', /Did you mean `d\.csv`\?$/],
  ['A/b/d.csv', /Did you mean `a`\?$/],
  ['a/b/d.cvs', /Did you mean `d\.csv`\?$/],
  ['a\\b\\d.csv', /Write \/ between the parts of a path\.$/],
  ['https:/example.org/d.csv', /It looks like an address: of one, write `\{ url: \.\.\., sha256: \.\.\. \}`\.$/],
  ['https://example.org/d.csv', /is an address, and stands where a path would/],
  ['nowhere/else/d.csv', /Check the path; it counts from the folder of the pipeline file\.$/],
])('of %j it is said what to write', (path, said) => {
  expect(ofFile(path)).toEqual([expect.stringMatching(said)]);
});

test('folders of pictures too', () => {
  expect(told('images: { folder: "~/pictures" }')).toEqual([
    expect.stringMatching(/does not exist: No shell replaces `~`/),
  ]);
  expect(told('masks: { images: A, masks: a, classes: { a: 0, b: 1 } }')).toEqual([
    expect.stringMatching(/the folder A does not exist: Did you mean `a`\?$/),
  ]);
});

test('links that lead in a circle are named, on the way to files, folders and pipelines', () => {
  symlinkSync('back', join(rig.folder, 'forth'));
  symlinkSync('forth', join(rig.folder, 'back'));
  const circle = ['the link forth leads in a circle: Mend or remove it.'];
  expect(ofFile('forth')).toEqual(circle);
  expect(ofFile('forth/d.csv')).toEqual(circle);
  expect(told('images: { folder: forth/pictures }')).toEqual(circle);
  expect(() => readSource(join(rig.folder, 'forth/p.yaml'))).toThrow('links on the way to the file lead in a circle');
});
