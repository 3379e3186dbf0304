import { readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { describeCircle, findCircles } from './find-circles.ts';

const root = join(import.meta.dirname, '..');
const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
  file.endsWith('.ts'),
);

/** Folders from the outside in: a file imports from its own folder or from one further in. The order is strict. */
const order = [
  'cli',
  'program',
  'index',
  'commands',
  'sweeps',
  'run',
  'models',
  'stages',
  'plan',
  'language',
  'training',
  'layers',
  'charts',
  'tracking',
  'cache',
  'checkpoints',
  'datasets',
  'engine',
  'base',
];
const rank = (file: string) => order.indexOf(folderOf(file));
const folderOf = (file: string) => file.split('/')[0]!.replace(/\.ts$/, '');

function importsOf(file: string, folder = 'src'): string[] {
  const text = readFileSync(join(root, folder, file), 'utf8');
  return [...text.matchAll(/(?:from|import|require)\s*\(?\s*'([^']+)'/g)].map((match) => match[1]!);
}

describe.each(sources)('%s', (file) => {
  test('imports inwards only', () => {
    for (const imported of importsOf(file).filter((name) => name.startsWith('.'))) {
      const target = relative('.', join(dirname(file), imported));
      expect(rank(target), `${file} imports ${target}: against the order`).toBeGreaterThanOrEqual(rank(file));
    }
  });

  test('has at most 400 lines', () => {
    expect(readFileSync(join(root, 'src', file), 'utf8').split('\n').length - 1).toBeLessThanOrEqual(400);
  });

  test('does not carry a forbidden name', () => {
    expect(file).not.toMatch(/(^|\/)(utils?|helpers?|common|types|constants)(\/|\.ts$)/);
    expect(
      file.split('/').every((part) => /^[a-z0-9-]+(\.ts|\.py)?$/.test(part)),
      'kebab-case',
    ).toBe(true);
    if (file !== 'index.ts') expect(file).not.toMatch(/index\.ts$/);
  });
});

test('every folder of src has a place in the order', () => {
  for (const file of sources) expect(order, file).toContain(folderOf(file));
});

function filesBelow(...folders: readonly string[]): readonly string[] {
  return folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts'))
      .map((file) => join(folder, file)),
  );
}

/** What the formatter cannot wrap. A regular expression on a line of its own has no place to be broken at. */
test('no line has more than 120 characters: comments are wrapped, and long texts joined by +', () => {
  const long = filesBelow('src', 'bench', 'test', 'docs').flatMap((file) =>
    readFileSync(join(root, file), 'utf8')
      .split('\n')
      .map((line, index) => ({ line, place: `${file}:${index + 1}` }))
      .filter(({ line }) => line.length > 120 && !/^\s*\/(?![/*]).+\/[a-z]*[,;]?$/.test(line)),
  );
  expect(long.map(({ place }) => place)).toEqual([]);
});

/** What each file below src, bench and test imports of them; types count. */
function allImports(): ReadonlyMap<string, readonly string[]> {
  const files = filesBelow('src', 'bench', 'test');
  return new Map(
    files.map((file) => [
      file,
      importsOf(file, '.')
        .filter((name) => name.startsWith('.'))
        .map((name) => join(dirname(file), name))
        .filter((name) => files.includes(name)),
    ]),
  );
}

test('no files import each other in a circle', () => {
  expect(findCircles(allImports()).map(describeCircle)).toEqual([]);
});

test.each([
  ['none', { a: ['b', 'c'], b: ['c'], c: [] }, []],
  ['two that import each other', { a: ['b'], b: ['a'], c: ['a'] }, ['a -> b -> a']],
  [
    'one through others, beside a way out of it',
    { x: ['a'], a: ['b', 'x2'], b: ['c'], c: ['a'], x2: [] },
    ['a -> b -> c -> a'],
  ],
  ['two apart', { a: ['b'], b: ['a', 'c'], c: ['d'], d: ['c'] }, ['a -> b -> a', 'c -> d -> c']],
  ['itself', { a: ['a'] }, ['a -> a']],
])('a circle is named by its files: %s', (_, graph: Readonly<Record<string, readonly string[]>>, circles) => {
  expect(findCircles(new Map(Object.entries(graph))).map(describeCircle)).toEqual(circles);
});

test('no two files of src have one name', () => {
  const names = sources.map((file) => basename(file));
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});

test('only the engine loads TensorFlow for Node', () => {
  const importers = sources.filter((file) => importsOf(file).some((name) => name.startsWith('@tensorflow/tfjs-node')));
  expect(importers.every((file) => file.startsWith('engine/'))).toBe(true);
  expect(importers).not.toEqual([]);
});

test('TensorFlow.js is imported for its types alone outside the engine', () => {
  for (const file of sources.filter((name) => !name.startsWith('engine/'))) {
    const lines = readFileSync(join(root, 'src', file), 'utf8')
      .split('\n')
      .filter((line) => /from '@tensorflow/.test(line));
    for (const line of lines) expect(line, file).toMatch(/^import type /);
  }
});

test('one file starts programs', () => {
  expect(
    sources.filter((file) => importsOf(file).some((name) => /^(node:)?(child_process|cluster)$/.test(name))),
  ).toEqual(['base/start-program.ts']);
});

test('a path in .layerline/ is made by ownFolder: a project from elsewhere may have a link there', () => {
  const places = sources.flatMap((file) =>
    readFileSync(join(root, 'src', file), 'utf8')
      .split('\n')
      .filter((line) => /['/]\.layerline\b/.test(line)),
  );
  expect(places).not.toEqual([]);
  for (const line of places) expect(line).toContain('ownFolder(');
});

/** Where a folder is removed with all that is in it, and why nothing of anyone else's can be in there. */
const recursiveRemovals: Readonly<Record<string, string>> = {
  'base/files.ts': 'leftovers, by names that this program gives what it has not finished, in a folder of its own',
  'base/temporary-folder.ts':
    'temporary folders of this user, by names that this program gives, a month after anybody worked there',
  'commands/work.ts': 'a temporary folder that the same call made',
  'engine/graph/loaded-graph.ts': 'a temporary folder that the same call made',
  'engine/install/download-engine.ts': 'a temporary folder that the same call made',
  'engine/install/engine-entry.ts': "the engine's own link, or what npm makes again",
  'engine/install/install-engine.ts': "folders of the engine's own in the user's cache, named after process and host",
  'models/export-model.ts': 'a folder that the same call made beside the one that it is to be',
  'run/prove-resume.ts': 'a temporary folder that the same call made',
  'sweeps/transport/held-files.ts': 'a temporary folder that the same call made',
  'sweeps/transport/job-sender.ts': 'a temporary folder that the same call made',
  'sweeps/transport/take-in.ts': 'a temporary folder that the same call made',
  'tracking/server/fetch-model.ts':
    "a run's folder in .layerline/models, which is fetched anew, and what it is made of",
};

test('nothing is removed recursively that this program did not make', () => {
  const removals = sources.filter((file) =>
    /\brm(?:Sync|dirSync)?\([^;]*recursive/.test(readFileSync(join(root, 'src', file), 'utf8')),
  );
  expect(removals.toSorted()).toEqual(Object.keys(recursiveRemovals));
});
