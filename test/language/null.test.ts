import { join } from 'node:path';
import type { TSchema } from 'typebox';
import { Check } from 'typebox/schema';
import { afterAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import type { Expansion } from '../../src/language/expand/expansion.ts';
import { choice } from '../../src/base/row.ts';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { check } from '../../src/language/check/check-schema.ts';
import { expand } from '../../src/language/expand/expand-short-forms.ts';
import { parseYaml } from '../../src/language/syntax/parse-yaml.ts';
import { readSource } from '../../src/language/read-source.ts';
import { pipelineSchema, tables } from '../../src/language/schema/pipeline-schema.ts';
import { type SchemaView, view } from '../../src/language/schema/schema-view.ts';
import { toValue } from '../../src/language/syntax/source-tree.ts';
import { Rig } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

type Json = Record<string, unknown>;

const plain = `name: p
seed: 1
data: { source: mnist, split: { validation: 5000 } }
model: { layers: [flatten, dense 10] }
train: { optimizer: adam, loss: softmaxCrossEntropy, epochs: 40 }
`;
const resolvedOf = (text: string, settings: readonly string[] = []) => {
  const { checked, diagnostics } = checkSource(readSource(rig.write('file.yaml', text)), settings);
  expect(diagnostics.map(({ message }) => message)).toEqual([]);
  return checked!.resolved;
};
const without = resolvedOf(plain);

/** An example with a key at a path. */
const withKey = ([first, ...rest]: readonly string[], value: unknown, map: Json = parse(plain) as Json): Json => ({
  ...map,
  [first!]: rest.length === 0 ? value : withKey(rest, value, (map[first!] ?? {}) as Json),
});

/** Every setting that may be left out and has no default, by its path; a list or a choice ends it. */
function settingsIn(
  schema: SchemaView,
  path: readonly string[] = [],
): { readonly path: readonly string[]; readonly schema: SchemaView }[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, part]) => {
    const here = [...path, key];
    const inside =
      part.type === 'object' && !('x-choice' in part) && part.patternProperties === undefined
        ? settingsIn(part, here)
        : [];
    return schema.required?.includes(key) === true
      ? inside
      : [{ path: here, schema: part }, ...(path.length < 1 ? inside : [])];
  });
}

const settings = settingsIn(view(pipelineSchema));

test('the settings are there', () => {
  expect(settings.map(({ path }) => path.join('.'))).toEqual(
    expect.arrayContaining([
      'extends',
      'budget',
      'budget.time',
      'train.schedule',
      'train.ema',
      'train.earlyStopping',
      'train.clipNorm',
      'train.outputs',
      'train.classWeights',
      'evaluate.metrics',
      'visualize.figures',
      'visualize.reference',
      'tracking.uri',
      'train.checkpoint.everySteps',
    ]),
  );
});

test.each(
  settings
    .filter(({ path }) => path.join('.') !== 'train.loss')
    .map(({ path, schema }) => [path.join('.'), path, schema] as const),
)('null for %s is none: in a file, over a base, by --set', (name, path, { examples = [] }) => {
  expect(resolvedOf(stringify(withKey(path, null)))).toEqual(
    path.length > 1 && path[0] === 'budget' ? { ...(without as Json), budget: {} } : without,
  );
  // A fold is one of several, which are another key.
  if (['extends', 'train.outputs', 'model.blocks', 'data.fold'].includes(name) || path[0] === 'budget') return;
  const given = stringify(withKey(path, examples[0]));
  // The data of the example stands in no order, and is no table.
  const isOfOthers = /^(train\.classWeights|data\.split\.(order|group|column|parts))$/.test(name);
  if (!isOfOthers) expect(resolvedOf(given)).not.toEqual(without);
  rig.write('base.yaml', given);
  expect(
    resolvedOf(`extends: base.yaml\n${stringify(path.reduceRight<unknown>((value, key) => ({ [key]: value }), null))}`),
  ).toEqual(without);
  expect(resolvedOf(given, [`${name}=null`])).toEqual(without);
});

const rows = Object.entries(tables).flatMap(([kind, table]) =>
  Object.entries(table).map(([name, row]) => [kind, name, row, table] as const),
);

test.each(rows)(
  'null for an option of %s %s is none, its value, or a mistake that says the default',
  (kind, name, row, table) => {
    const schema = view(choice(kind, table, { description: '' }));
    const at = (options: Json) => {
      const state: Expansion = {
        tables,
        diagnostics: [],
        used: new Set(),
        written: new Map(),
        reported: new Set(),
        incomplete: new Map(),
        usages: new Map(),
      };
      const { root } = parseYaml({ name: 'x', text: stringify({ [name]: options }) });
      const full = expand(root!, schema, root!.range, state);
      return {
        value: toValue(full),
        messages: Check(schema as TSchema, toValue(full))
          ? []
          : check(full, schema, state).map(({ message, hint }) => `${message} ${hint ?? ''}`),
      };
    };
    const { properties = {}, required = [] } = view(row.options);
    const nothing = at({});
    for (const [option, part] of Object.entries(properties)) {
      const { value, messages } = at({ [option]: null });
      const own = messages.filter((message) => message.startsWith(`\`${option}\` `));
      if ([part, ...(part.anyOf ?? [])].some(({ type }) => type === 'null'))
        expect((value as Record<string, Json>)[name]![option], option).toBeNull();
      else if (
        !required.includes(option) ||
        (part.type === 'object' && part.default !== undefined && !('x-choice' in part))
      )
        expect(value, option).toEqual(nothing.value);
      else
        expect(own.join(), option).toMatch(
          part.default === undefined ? /has no value|not an empty map/ : /which it is by default/,
        );
    }
  },
);

test('null takes the key of a map away from a base', () => {
  const rows = Array.from({ length: 24 }, (_, i) => `${(i * 5) % 7},${(i * 3) % 8},${i % 2 === 0 ? 'no' : 'yes'}\n`);
  rig.write('data/d.csv', `a,b,k\n${rows.join('')}`);
  rig.write(
    'base.yaml',
    `name: p
data: { source: { csv: { file: data/d.csv, targets: { k: ['no', 'yes'] }, features: { all: [a, b] } } }, \
split: { validation: 6 } }
model: { layers: [dense 1] }
train: { optimizer: { adam: { learningRate: 0.5, beta1: 0.8 } }, loss: sigmoidCrossEntropy, epochs: 1, \
classWeights: { 'no': 2 } }
`,
  );
  const over = (text: string) =>
    resolvedOf(`extends: base.yaml\n${text}`) as {
      readonly data: { readonly source: { readonly csv: Json } };
      readonly train: Json;
    };
  expect(over('data: { source: { csv: { features: { all: null, x: [b] } } } }').data.source.csv['features']).toEqual({
    x: ['b'],
  });
  expect(over('data: { source: { csv: { features: null } } }').data.source.csv['features']).toEqual({});
  expect(over("train: { classWeights: { 'no': null } }").train['classWeights']).toEqual({});
  expect(over('train: { optimizer: { adam: } }').train['optimizer']).toEqual(
    over('train: { optimizer: adam }').train['optimizer'],
  );
});

test('a section of an overlay with nothing below its name is that of the base', () => {
  rig.write('base.yaml', plain);
  expect(resolvedOf('extends: base.yaml\ndata:\n  # source: { csv: ... }\nmodel:\ntrain: { epochs: 40 }\n')).toEqual(
    without,
  );
});

test('null takes the loss away for outputs, and what cannot be none is a mistake at its place', () => {
  rig.write('base.yaml', plain);
  const found = (text: string) =>
    checkSource(readSource(rig.write('child.yaml', text))).diagnostics.map(
      ({ code, message, hint, range }) =>
        [
          code,
          range!.source.name.slice(join(rig.folder, '/').length),
          range!.source.text.slice(range!.start, range!.end),
          `${message} ${hint ?? ''}`,
        ] as const,
    );
  const outputs = 'outputs: { label: { layer: dense_1, loss: softmaxCrossEntropy } }';
  expect(found(`extends: base.yaml\ntrain: { ${outputs} }\n`)).toEqual([
    ['unknown-key', 'base.yaml', 'loss', expect.stringContaining('`loss: null`')],
  ]);
  expect(found(`extends: base.yaml\ntrain: { loss: null, ${outputs} }\n`)).toEqual([]);
  expect(found('extends: base.yaml\ntrain: { epochs: null }\n')).toEqual([
    ['wrong-type', 'child.yaml', 'epochs', expect.stringContaining('`epochs` has no value; it must be a whole number')],
  ]);
  expect(found('extends: base.yaml\ntrain: { batchSize: null }\n')).toEqual([
    ['wrong-type', 'child.yaml', 'batchSize', expect.stringContaining('Write `32`, which it is by default')],
  ]);
});

test('a layer, a use and a repetition have no name and no source where these are null', () => {
  const layers = (text: string) =>
    (resolvedOf(plain.replace('[flatten, dense 10]', text)) as { readonly model: { readonly layers: unknown } }).model
      .layers;
  expect(
    layers(
      '[{ flatten: , name: null, from: null, share: null }, { repeat: { times: 2, layers: [relu] }, ' +
        'name: null, from: null }, dense 10]',
    ),
  ).toEqual(layers('[flatten, { repeat: { times: 2, layers: [relu] } }, dense 10]'));
});
