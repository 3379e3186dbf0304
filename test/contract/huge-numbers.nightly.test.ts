import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import type { Row } from '../../src/base/row.ts';
import { printDiagnostics } from '../../src/base/print-diagnostics.ts';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { tables } from '../../src/language/schema/pipeline-schema.ts';

interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
}

const published = JSON.parse(
  readFileSync(new URL('../../schemas/pipeline.schema.json', import.meta.url), 'utf8'),
) as unknown;

test('every number of the published schema has a limit on both sides', () => {
  const without: string[] = [];
  const walk = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) return;
    const { type, minimum, exclusiveMinimum, maximum, exclusiveMaximum } = value as JsonSchema;
    const isNumber =
      !Object.hasOwn(value, 'const') && [type].flat().some((one) => one === 'integer' || one === 'number');
    if (isNumber && ((minimum ?? exclusiveMinimum) === undefined || (maximum ?? exclusiveMaximum) === undefined))
      without.push(path);
    for (const [key, inner] of Object.entries(value))
      if (key !== 'examples' && key !== 'default') walk(inner, `${path}/${key}`);
  };
  walk(published, '');
  expect(without).toEqual([]);
});

/** The largest that the schema lets through, put in place of each number. */
const alone = '2147483647';
/** Put in place of all at once: too large for 32 bits, almost nothing, 0 that is not 0, and more. */
const together = ['1e12', '1.5e-320', '-0', '65536', alone];

/** A tree with each of its numbers replaced alone, and all of them at once. */
function changesOf(tree: unknown, isTried: (path: readonly string[]) => boolean): readonly unknown[] {
  const places: (readonly string[])[] = [];
  const walk = (value: unknown, path: readonly string[]): void => {
    if (typeof value === 'number' && isTried(path)) places.push(path);
    else if (typeof value === 'object' && value !== null)
      for (const [key, inner] of Object.entries(value)) walk(inner, [...path, key]);
  };
  walk(tree, []);
  const put = (chosen: readonly (readonly string[])[], number: string): unknown => {
    const copy = structuredClone({ tree });
    for (const path of chosen) {
      let parent = copy as unknown as Record<string, unknown>;
      for (const key of ['tree', ...path.slice(0, -1)]) parent = parent[key] as Record<string, unknown>;
      parent[path.at(-1)!] = `@${number}`;
    }
    return copy.tree;
  };
  return [...places.map((path) => put([path], alone)), ...together.map((number) => put(places, number))];
}

/** The text of a file: the numbers stand in it as they are written here. */
const textOf = (tree: unknown) =>
  stringify(tree, { aliasDuplicateObjects: false }).replaceAll(/["']?@(-?[\d.e+-]+)["']?/g, '$1');

/** A diagnostic that can be printed, or a plan of finite numbers; and soon. */
function holds(text: string): void {
  const start = performance.now();
  const { checked, diagnostics } = checkSource({ name: 'x.yaml', text });
  const printed = printDiagnostics(diagnostics, { color: false, cwd: '/' });
  expect(printed, text).not.toMatch(/undefined|NaN|\[object/);
  if (checked === undefined)
    expect(
      diagnostics.some(({ severity }) => severity === 'error'),
      text,
    ).toBe(true);
  else for (const value of numbersIn(checked.plan)) expect(Number.isFinite(value), text).toBe(true);
  expect(performance.now() - start, text).toBeLessThan(5000);
}

function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}

const whole = {
  name: 'x',
  seed: 1,
  data: { source: { shapes: { size: 32, train: 100, test: 50 } }, split: { validation: 10 } },
  model: { layers: [{ conv2d: { filters: 4, kernelSize: 1 } }] },
  train: {
    optimizer: 'sgd',
    loss: 'softmaxCrossEntropy',
    batchSize: 8,
    epochs: 2,
    clipNorm: 1,
    ema: { decay: 0.9 },
    earlyStopping: { monitor: 'loss', patience: 2, minDelta: 0.1 },
    checkpoint: { everySteps: 5, everySeconds: 5, keep: 2 },
    classWeights: { background: 1 },
  },
  visualize: { reference: { label: 'x', epochs: { loss: { 1: 0.5 } }, metrics: { test_loss: 1 } } },
};

/** A file with an example of a row in it. */
const files: Readonly<Record<string, (row: Row) => unknown>> = {
  layer: ({ example }) => {
    const layer = parse(example) as Record<string, unknown>;
    const shapes = [[-1], [8, -1], [4, 4, -1], [2, 4, 4, -1]];
    const around = (targetShape: readonly number[]) => ({
      ...whole,
      data: { source: 'mnist' },
      train: { ...whole.train, classWeights: undefined },
      model: {
        layers: [
          'flatten',
          { dense: { units: 128 } },
          { reshape: { targetShape } },
          { reLU: {}, name: 'a' },
          { reLU: {}, name: 'b', from: 'a' },
          { ...layer, name: 'tried' },
          'flatten',
          'dense 10',
        ],
      },
    });
    // The first number of axes that the layer takes.
    return around(
      shapes.find((shape) =>
        checkSource({ name: 'x.yaml', text: stringify(around(shape)) }).diagnostics.every(
          ({ code }) => code !== 'shape-mismatch',
        ),
      ) ?? [-1],
    );
  },
  optimizer: ({ example }) => ({ ...whole, train: { ...whole.train, ...(parse(example) as object) } }),
  loss: ({ example }) => ({ ...whole, train: { ...whole.train, ...(parse(example) as object) } }),
  schedule: ({ example }) => ({ ...whole, train: { ...whole.train, ...(parse(example) as object) } }),
  metric: ({ example }) => ({ ...whole, evaluate: parse(example) as unknown }),
  'data set': ({ example }) => ({ ...whole, data: { ...(parse(example) as object), split: { validation: 10 } } }),
};

/** Options without a value in the example. */
function withDefaults(tree: unknown, name: string, { options }: Row): unknown {
  if (typeof tree !== 'object' || tree === null) return tree;
  if (Array.isArray(tree)) return tree.map((item: unknown) => withDefaults(item, name, { options } as Row));
  return Object.fromEntries(
    Object.entries(tree).map(([key, value]: [string, unknown]) => {
      if (key !== name || typeof value !== 'object') return [key, withDefaults(value, name, { options } as Row)];
      const numbers = Object.entries(
        options.properties as Record<string, { default?: unknown; anyOf?: { type?: string }[]; type?: string }>,
      ).flatMap(([option, about]) => {
        if (typeof about.default === 'number') return [[option, about.default]];
        return (about.anyOf ?? [about]).some(({ type }) => type === 'integer' || type === 'number')
          ? [[option, 1]]
          : [];
      });
      return [key, { ...(Object.fromEntries(numbers) as object), ...value }];
    }),
  );
}

describe.each(Object.keys(files))('a number of any size in a %s', (table) => {
  test.each(Object.entries(tables[table]!))(
    '%s',
    (name, row) => {
      const tree = withDefaults(files[table]!(row), name, row);
      for (const changed of changesOf(tree, (path) => path.includes(name))) holds(textOf(changed));
    },
    60_000,
  );
});

test('a number of any size anywhere in a file', () => {
  for (const changed of changesOf(whole, () => true)) holds(textOf(changed));
  // Too large for a double's whole numbers, for a float32, for a double.
  for (const number of ['9007199254740993', '1e308', '1e999'])
    for (const changed of changesOf(whole, () => true)) holds(textOf(changed).replaceAll(alone, number));
}, 60_000);

test('sizes that multiply layer by layer', () => {
  const layers = [
    ...Array.from({ length: 50 }, () => ({ upSampling2d: { size: 2_147_483_647 } })),
    'flatten',
    'dense 10',
  ];
  holds(
    textOf({
      ...whole,
      data: { source: 'mnist' },
      model: { layers },
      train: { ...whole.train, classWeights: undefined },
    }),
  );
  const { diagnostics } = checkSource({
    name: 'x.yaml',
    text: textOf({
      ...whole,
      data: { source: 'mnist' },
      model: { layers },
      train: { ...whole.train, classWeights: undefined },
    }),
  });
  expect(diagnostics.map(({ code }) => code)).toEqual(['layer-too-large']);
});

test('a batch larger than any data is one of all of it', () => {
  const { checked } = checkSource({
    name: 'x.yaml',
    text: textOf({ ...whole, train: { ...whole.train, batchSize: 2_147_483_647 } }),
  });
  expect(checked!.plan).toMatchObject({ stepsPerEpoch: 1 });
  expect(checked!.plan.memory.activations).toBeLessThan(1e9);
});
