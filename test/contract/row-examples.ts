import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { parse, stringify } from 'yaml';
import { CHOICE, type Chosen, type Row } from '../../src/base/row.ts';
import type { Pipeline } from '../../src/language/pipeline.ts';
import { readPipeline } from '../../src/language/read-pipeline.ts';
import { tables } from '../../src/language/schema/pipeline-schema.ts';
import { arbitraryOptions } from './arbitrary-options.ts';

type Options = Readonly<Record<string, unknown>>;

/** A choice of a row with all its options, and what is special about them. */
export interface Variant {
  readonly title: string;
  readonly chosen: Chosen;
}

/** The example of a layer's row, then with other values of its options; see variantsOf. */
export function layerVariants(row: Row): readonly Variant[] {
  return variantsOf('layer', row, (options) => exampleLayer(row, options));
}

/** The example of an optimizer's row, then with other values of its options; see variantsOf. */
export function optimizerVariants(row: Row): readonly Variant[] {
  return variantsOf('optimizer', row, (options) => exampleTraining(row, options).optimizer);
}

/** The example of a loss's row, then with other values of its options; see variantsOf. */
export function lossVariants(row: Row): readonly Variant[] {
  return variantsOf('loss', row, (options) => exampleTraining(row, options).outputs[0]!.loss);
}

/**
 * The example of a layer's row with all defaults, as a file that holds it is read.
 *
 * @param changed options written otherwise
 */
export function exampleLayer(row: Row, changed: Options = {}): Chosen {
  const sources = ['a', 'b'].map((name) => ({ dense: { units: 2 }, name }));
  const { from = 'a', ...layer } = parse(row.example) as { from?: unknown };
  return read({ layers: [...sources, { ...change(layer, changed), from }] }).layers[2]!;
}

/** The example of a loss's or an optimizer's row, with all defaults. */
export function exampleTraining(row: Row, changed: Options = {}): Pipeline['train'] {
  const train = parse(row.example) as Record<string, unknown>;
  return read({
    train: Object.fromEntries(
      Object.entries(train).map(([key, chosen]) => [
        key,
        change(typeof chosen === 'string' ? { [chosen]: {} } : (chosen as Options), changed),
      ]),
    ),
  }).train;
}

function change(chosen: Options, changed: Options): Options {
  return Object.fromEntries(
    Object.entries(chosen).map(([type, options]) => [type, { ...(options as object), ...changed }]),
  );
}

function read({
  layers = [{ dense: { units: 10 } }],
  train = {},
}: {
  layers?: readonly object[];
  train?: object;
}): Pipeline {
  const text = stringify({
    name: 'example',
    seed: 1,
    data: { source: 'mnist' },
    model: { layers },
    train: { optimizer: 'sgd', loss: 'softmaxCrossEntropy', batchSize: 1, epochs: 1, ...train },
  });
  const { pipeline, diagnostics } = readPipeline({ name: 'example.yaml', text });
  if (pipeline === undefined) throw new Error(`${diagnostics.map(({ message }) => message).join('\n')}\n${text}`);
  return pipeline;
}

interface OptionSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly OptionSchema[];
  readonly [CHOICE]?: string;
}

/** Options that some row of a kind was tried with value by value: rows share most of theirs. */
const tried = { layer: new Set<string>(), optimizer: new Set<string>(), loss: new Set<string>() };
/** What was made for each row: it depends on the rows before, and several files of one process may ask for it. */
const made = new Map<Row, readonly Variant[]>();

/**
 * The example; with each value of each switch that no row before had (names, booleans, regularizers, one value of each
 * alternative); and with all other switches changed at once.
 */
function variantsOf(kind: keyof typeof tried, row: Row, complete: (options: Options) => Chosen): readonly Variant[] {
  const known = made.get(row);
  if (known !== undefined) return known;
  const example = complete({});
  const variants: Variant[] = [{ title: 'its example', chosen: example }];
  const others: Record<string, unknown> = {};
  for (const [name, schema] of Object.entries(row.options.properties)) {
    const values = valuesOf(name, schema as OptionSchema).filter(
      (value) => !isDeepStrictEqual(value, example.options[name]),
    );
    if (values.length === 0) continue;
    const key = JSON.stringify(schema, (field, value: unknown) =>
      ['description', 'default', 'examples'].includes(field) ? undefined : value,
    );
    if (tried[kind].has(key)) others[name] = values[0];
    else
      variants.push(
        ...values.map((value) => ({ title: `${name}: ${JSON.stringify(value)}`, chosen: complete({ [name]: value }) })),
      );
    tried[kind].add(key);
  }
  if (Object.keys(others).length > 0) variants.push({ title: JSON.stringify(others), chosen: complete(others) });
  made.set(row, variants);
  return variants;
}

/** Choices that change a step; an initializer does not, and other ones have their own tests. */
const changing: ReadonlySet<string> = new Set(['regularizer', 'constraint']);

function valuesOf(name: string, schema: OptionSchema): readonly unknown[] {
  const branches = schema.anyOf ?? [schema];
  const table = branches.map((branch) => branch[CHOICE]).find((choice) => choice !== undefined);
  if (table !== undefined)
    return (changing.has(table) ? Object.values(tables[table]!) : []).map(
      ({ example }) => Object.values(parse(example) as object)[0] as unknown,
    );
  if (schema.enum !== undefined) return schema.enum;
  if (schema.type === 'boolean') return [true, false];
  const samples = (branch: OptionSchema) =>
    fc
      .sample(arbitraryOptions({ properties: { [name]: branch } } as never), { seed: 3, numRuns: 50 })
      .map((options) => options[name]);
  // A number next to 0, as fast-check likes them, leaves nothing to compare.
  return (schema.anyOf ?? []).map((branch) =>
    samples(branch).find((value) => typeof value !== 'number' || Math.abs(value) > 0.1),
  );
}
