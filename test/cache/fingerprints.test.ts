import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dependencyOf, fingerprintsOf, sectionsWithoutEffect } from '../../src/cache/fingerprints.ts';
import type { Machine } from '../../src/cache/machine-identity.ts';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { type StageName, stageNames, stages } from '../../src/stages/stages.ts';
import { pipelineSchema } from '../../src/language/schema/pipeline-schema.ts';
import { draws } from '../draws.ts';
import { pipelinesFolder, readyPipelines } from '../shown-pipelines.ts';

type Tree = Record<string, unknown>;

/** The stages in whose fingerprints a part, or what follows from it, is. */
const from = (part: string) => {
  const first = stages.findIndex(({ dependsOn }) => Object.hasOwn(dependsOn, part));
  return first === -1 ? [] : stageNames.slice(first);
};
const withoutEffect = [
  ...Object.keys(sectionsWithoutEffect),
  ...stages.flatMap(({ dependsOn }) =>
    Object.entries(dependsOn).flatMap(([name, { section }]) =>
      Object.keys(section?.withoutEffect ?? {}).map((option) => `${name}.${option}`),
    ),
  ),
];

const machine: Machine = {
  program: '1',
  node: 'v20',
  engine: 'native',
  processor: 'x64',
  threads: '2',
  environment: { TF_ENABLE_ONEDNN_OPTS: '1' },
  drawing: 'vega 6',
};
const step = 'compiled';
const dataFiles = { 'data/images': 'a'.repeat(64), 'data/labels': 'b'.repeat(64) };

const everything = `name: all
seed: 7
data: { source: mnist, split: { validation: 0.2 } }
model: { layers: [conv 3x3x4 same relu, maxpool 2x2, { flatten: {}, name: flat }, \
{ dense: { units: 10, kernelRegularizer: { l2: { l2: 0.01 } } }, from: flat }] }
train: { optimizer: { adamW: { weightDecay: 0.1 } }, loss: softmaxCrossEntropy, batchSize: 64, epochs: 9, \
schedule: cosine, clipNorm: 1, classWeights: { "1": 2, "2": 3 }, ema: { decay: 0.9 }, \
earlyStopping: { monitor: loss } }
evaluate: { metrics: [accuracy, topK(5), f1] }
visualize: { figures: [learningCurves], reference: { label: x, epochs: { loss: { 1: 0.3 } }, \
metrics: { test_accuracy: 0.9 } } }
tracking: { experiment: digits }
`;
const files = readyPipelines.map(
  ({ file, settings }) => [file, readFileSync(join(pipelinesFolder, file), 'utf8'), settings] as const,
);
const resolve = (text: string, settings: readonly string[] = []) =>
  checkSource({ name: join(pipelinesFolder, 'x.yaml'), text }, settings).checked!.resolved as Tree;

/** The stages whose fingerprints differ. */
function changed(before: Tree, after: Tree): readonly StageName[] {
  const a = unchanged.get(before) ?? fingerprintsIn(before);
  unchanged.set(before, a);
  const b = fingerprintsIn(after);
  return stageNames.filter((stage) => a.get(stage)!.hash !== b.get(stage)!.hash);
}

const fingerprintsIn = (resolved: Tree) => fingerprintsOf(stages, { resolved, dataFiles, machine, step });
/** Those of what others are compared with, which nobody changes. */
const unchanged = new WeakMap<Tree, ReturnType<typeof fingerprintsIn>>();

/** The stage that a path of the full form enters at, and those after it. */
function expected(path: readonly string[]): readonly StageName[] {
  if (withoutEffect.some((name) => path.join('.') === name || path.join('.').startsWith(`${name}.`))) return [];
  return from(path[0]!);
}

function leavesOf(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, [...path, key]));
}

/** A copy in which the value at a path is another, or gone. */
function change(tree: Tree, path: readonly string[], edit: (holder: Tree, key: string) => void): Tree {
  const copy = structuredClone(tree);
  let holder = copy;
  for (const key of path.slice(0, -1)) holder = holder[key] as Tree;
  edit(holder, path.at(-1)!);
  return copy;
}

describe.each([['all.yaml', everything, []] as const, ...files])('%s', (_, text, settings) => {
  const resolved = resolve(text, settings);
  const leaves = leavesOf(resolved);

  test('any change of any option changes the fingerprints of its stage and of those after it, and no other', () => {
    const value = fc.oneof(
      fc.integer(),
      fc.string(),
      fc.boolean(),
      fc.constant(null),
      fc.double({ noNaN: true }),
      fc.array(fc.integer()),
      fc.constant({}),
    );
    fc.assert(
      fc.property(fc.constantFrom(...leaves), value, (path, other) => {
        const copy = change(resolved, path, (holder, key) => (holder[key] = other));
        expect(changed(resolved, copy), path.join('.')).toEqual(
          JSON.stringify(copy) === JSON.stringify(resolved) ? [] : expected(path),
        );
      }),
      { numRuns: draws(300) },
    );
  });

  test('so does an option that goes, comes, or changes its name or type', () => {
    // Of nets with many layers, which have the same options, one of so many: each takes 40 ms.
    const few = leaves.filter((_one, index) => index % Math.ceil(leaves.length / draws(250)) === 0);
    for (const path of few) {
      const edits: readonly ((holder: Tree, key: string) => void)[] = [
        (holder, key) => (Array.isArray(holder) ? holder.splice(Number(key), 1) : delete holder[key]),
        (holder, key) => (Array.isArray(holder) ? holder.push(holder[Number(key)]) : (holder[`${key}2`] = holder[key])),
        (holder, key) => (holder[key] = typeof holder[key] === 'string' ? [holder[key]] : String(holder[key])),
      ];
      if (path.length > 1)
        for (const edit of edits)
          expect(changed(resolved, change(resolved, path, edit)), path.join('.')).toEqual(expected(path));
    }
  });

  test('no change leaves all equal: comments, another order of keys, the full form', () => {
    expect(changed(resolved, resolve(`# a comment\n${text}\n`, settings))).toEqual([]);
    expect(changed(resolved, resolve(JSON.stringify(resolved)))).toEqual([]);
    expect(
      changed(resolved, resolve(JSON.stringify(Object.fromEntries(Object.entries(resolved).toReversed())))),
    ).toEqual([]);
  });
});

test('what the machine brings changes the stage that it enters at, and those after it', () => {
  const resolved = resolve(everything);
  const origin = { resolved, dataFiles, machine, step };
  const before = fingerprintsOf(stages, origin);
  const since = (other: typeof origin) => {
    const after = fingerprintsOf(stages, other);
    return stageNames.filter((stage) => after.get(stage)!.hash !== before.get(stage)!.hash);
  };
  const enters: Record<keyof Machine, StageName> = {
    program: 'load',
    node: 'load',
    engine: 'train',
    processor: 'train',
    threads: 'train',
    environment: 'train',
    drawing: 'visualize',
  };
  for (const [key, stage] of Object.entries(enters)) {
    const value = key === 'environment' ? { OMP_NUM_THREADS: '1' } : 'other';
    expect(since({ ...origin, machine: { ...machine, [key]: value } }), key).toEqual(
      stageNames.slice(stageNames.indexOf(stage)),
    );
  }
  expect(since({ ...origin, step: 'eager' })).toEqual(['train', 'evaluate', 'visualize']);
  expect(since({ ...origin, dataFiles: { ...dataFiles, 'data/labels': 'c'.repeat(64) } })).toEqual(stageNames);
});

test('a password in an address is no part of a fingerprint, and is not kept', () => {
  const of = (password: string) =>
    fingerprintsOf(stages, {
      resolved: { ...resolve(everything), data: { url: `https://me:${password}@host/data.csv` } },
      dataFiles,
      machine,
      step,
    });
  expect(of('first')).toEqual(of('second'));
  expect(JSON.stringify([...of('first').values()])).not.toContain('first');
});

test('each part has a reason, and each option of a file is either an ingredient or has no effect', () => {
  for (const { parts } of fingerprintsOf(stages, {
    resolved: resolve(everything),
    dataFiles,
    machine,
    step,
  }).values()) {
    for (const [name] of parts)
      expect(
        dependencyOf(stages, name) !== undefined || stageNames.includes(name.replace('stage ', '') as StageName),
        name,
      ).toBe(true);
  }
  // What a base file says is in the full form.
  const keys = Object.keys(pipelineSchema.properties).filter((key) => key !== 'extends');
  for (const key of keys) expect(from(key).length > 0 || withoutEffect.includes(key), key).toBe(true);
});
