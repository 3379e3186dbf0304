import { expect, inject, test } from 'vitest';
import type { Row } from '../../src/base/row.ts';
import { layerRow, layers } from '../../src/layers/layers.ts';
import { lossRow, losses } from '../../src/training/losses.ts';
import { optimizerRow, optimizers } from '../../src/training/optimizers.ts';
import { exampleLayer, exampleTraining } from '../contract/row-examples.ts';
import { type KerasObject, answered, judge } from './judge.ts';
import { kerasLayer } from './keras-layers.ts';
import { kerasLoss, kerasOptimizer, snakeCase } from './keras-training.ts';
import { knownDefaults } from './known-differences.ts';

type Options = Readonly<Record<string, unknown>>;

interface Entry {
  readonly type: string;
  /** Values of its options that have one where nothing is said. */
  readonly defaults: Options;
  /** Made with all of them, and with none. */
  readonly full: KerasObject;
  readonly bare: KerasObject;
}

function entry(type: string, row: Row, options: Options, translate: (options: Options) => KerasObject): Entry {
  const schemas = Object.entries(row.options.properties as Record<string, { readonly default?: unknown }>);
  const defaults = Object.fromEntries(
    schemas.flatMap(([name, schema]) => ('default' in schema ? [[name, schema.default]] : [])),
  );
  const full = translate({
    ...options,
    ...Object.fromEntries(Object.entries(defaults).filter(([name]) => !name.endsWith('Initializer'))),
  });
  // Keras has no default for the size of a pool, the judge none for what it has in place of Keras' resizing.
  const said = Object.entries(full.options).filter(
    ([name]) =>
      name === 'pool_size' ||
      full.class === 'OldResizing' ||
      !Object.keys(defaults).some((own) => snakeCase(own) === name),
  );
  return { type, defaults, full, bare: { ...full, options: Object.fromEntries(said) } };
}

const entries = [
  // Keras itself has no positionEmbedding: the judge's is written for it.
  ...Object.keys(layers)
    .filter((type) => type !== 'positionEmbedding')
    .map((type) =>
      entry(type, layerRow(type), exampleLayer(layerRow(type)).options, (options) => kerasLayer({ type, options })),
    ),
  ...(Object.keys(optimizers) as (keyof typeof optimizers)[]).map((type) =>
    entry(type, optimizerRow(type), exampleTraining(optimizerRow(type)).optimizer.options, (options) =>
      kerasOptimizer(type, options),
    ),
  ),
  ...(Object.keys(losses) as (keyof typeof losses)[]).map((type) =>
    entry(type, lossRow(type), exampleTraining(lossRow(type)).outputs[0]!.loss.options, (options) =>
      kerasLoss(type, options),
    ),
  ),
];

/**
 * Whether Keras means the same: it writes sizes for each axis, the number that null stands for, and 0 for no decay or
 * none.
 */
function isSame(name: string, ours: unknown, keras: unknown): boolean {
  if (name.endsWith('Initializer')) return String(ours).toLowerCase() === String(keras).toLowerCase();
  if (ours === null && keras !== null) return typeof keras === 'number' || Array.isArray(keras);
  if (Array.isArray(keras)) return keras.flat(2).every((one) => [ours].flat(2).includes(one));
  return typeof ours === 'number' && typeof keras === 'number'
    ? Math.abs(ours - keras) < 1e-7
    : (ours ?? 0) === (keras ?? 0);
}

test.skipIf(inject('kerasMissing') !== '')('defaults are those of Keras, but for the known ones', async () => {
  const answers = await judge<{ readonly config: Options }>(
    entries.map(({ bare }) => ({ kind: 'defaults', object: bare })),
  );
  const different = entries.flatMap(({ type, defaults, full }, index) => {
    const { config } = answered(answers[index]);
    return Object.entries(defaults).flatMap(([name, value]) => {
      const key = snakeCase(name);
      const ours = name.endsWith('Initializer') ? value : full.options[key];
      return key in config && !isSame(name, ours, config[key])
        ? [{ where: `${type}.${name}`, ours: value, keras: config[key] }]
        : [];
    });
  });
  const known = ({ where }: { readonly where: string }) =>
    Object.entries(knownDefaults).find(([name]) => where === name || where.endsWith(`.${name}`));
  expect(different.filter((one) => JSON.stringify([one.ours, one.keras]) !== JSON.stringify(known(one)?.[1]))).toEqual(
    [],
  );
  expect(Object.keys(knownDefaults).filter((name) => !different.some((one) => known(one)?.[0] === name))).toEqual([]);
});
