import { Check } from 'typebox/schema';
import type { Expansion } from '../expand/expansion.ts';
import type { SplitOptions } from '../../datasets/splits/split.ts';
import type { Diagnostic, Range } from '../../base/diagnostics.ts';
import { type Chosen, type Table, chosenFrom } from '../../base/row.ts';
import { datasets } from '../../datasets/datasets.ts';
import { layers } from '../../layers/layers.ts';
import { leftOutReason } from '../../layers/unsupported.ts';
import { losses } from '../../training/losses.ts';
import { nearest } from '../../base/did-you-mean.ts';
import { type NamedForm, type ShapeParts, toLayer } from '../pipeline.ts';
import { pipelineSchema } from '../schema/pipeline-schema.ts';
import { type SchemaView, view } from '../schema/schema-view.ts';
import { type Entry, type MapNode, type Node, entryOf, toValue } from '../syntax/source-tree.ts';

/**
 * The parts of a file with mistakes that hold none themselves, so that what shapes tell of them comes in the same
 * report.
 *
 * @param root an expanded tree with all layers named
 * @param errors every mistake found in it
 * @param incomplete see Expansion
 */
export function findRightParts(
  root: Node,
  errors: readonly Diagnostic[],
  placeOf: (layer: MapNode) => Range,
  incomplete: Expansion['incomplete'],
): ShapeParts {
  const isRight = (range: Range) => !errors.some((error) => error.range === undefined || touches(error.range, range));
  const chosen = (entry: Entry | undefined, table: Table, schema: SchemaView): Chosen | undefined =>
    entry !== undefined && namesOne(entry.value, table, schema) && isRight(entry.keyRange) && isRight(entry.value.range)
      ? chosenFrom(table, toValue(entry.value) as Record<string, unknown>)
      : undefined;
  const data = entryOf(root, 'data')?.value;
  const split = entryOf(data, 'split');
  const rightSplit =
    split !== undefined &&
    Check(schemas.split, toValue(split.value)) &&
    isRight(split.keyRange) &&
    isRight(split.value.range)
      ? (toValue(split.value) as SplitOptions)
      : undefined;
  // Columns that rows are divided by are taken for those that are learnt from, where it is not known which they are.
  const isUnsure =
    rightSplit === undefined && ['group', 'column'].some((one) => entryOf(split?.value, one) !== undefined);
  const source = isUnsure ? undefined : chosen(entryOf(data, 'source'), datasets, schemas.source);
  const outputs = rightOutputs(entryOf(root, 'train')?.value, (entry) => chosen(entry, losses, schemas.loss));
  const list = entryOf(entryOf(root, 'model')?.value, 'layers');
  const items = list?.value.kind === 'list' && isRight(list.keyRange) ? list.value.items : [];
  const readable = items.map((layer) =>
    namesOne(layer, layers, schemas.layer) && isRight(layer.range)
      ? { layer: layer as MapNode }
      : withoutWrongOptions(layer, errors, incomplete),
  );
  const firstWrong = readable.indexOf(undefined);
  const right = (firstWrong < 0 ? readable : readable.slice(0, firstWrong)) as readonly NonNullable<
    (typeof readable)[number]
  >[];
  return {
    ...(source === undefined ? {} : { source }),
    ...(rightSplit === undefined ? {} : { split: rightSplit }),
    layers: right.map(({ layer, ...more }) => ({ ...toLayer(toValue(layer) as NamedForm, placeOf(layer)), ...more })),
    complete: items.length > 0 && firstWrong < 0,
    outputs: outputs.right,
    allOutputs: outputs.all,
  };
}

/**
 * A layer without the options that hold a mistake, and the options that these may be; undefined where more is wrong.
 */
function withoutWrongOptions(
  layer: Node,
  errors: readonly Diagnostic[],
  incomplete: Expansion['incomplete'],
): { readonly layer: MapNode; readonly unsure: readonly string[] } | undefined {
  const chosen = layer.kind === 'map' ? layer.entries.find(({ key }) => Object.hasOwn(layers, key)) : undefined;
  if (layer.kind !== 'map' || chosen?.value.kind !== 'map') return undefined;
  const { value: options, keyRange } = chosen;
  const row = schemas.layer.properties![chosen.key]!;
  // A default stands at the name; what is said of the name is not said of one option.
  const written = options.entries.filter((entry) => !touches(keyRange, entry.keyRange));
  const isIn = ({ range }: Diagnostic, { keyRange: key, value }: Entry) =>
    range === undefined || touches(range, key) || touches(range, value.range);
  const explains = (error: Diagnostic) =>
    error.code === 'unknown-word' ? incomplete.get(options) !== undefined : written.some((entry) => isIn(error, entry));
  if (!errors.every((error) => error.range !== undefined && (!touches(error.range, layer.range) || explains(error))))
    return undefined;
  const wrong = written.filter((entry) => errors.some((error) => isIn(error, entry)));
  const known = Object.keys(row.properties ?? {});
  const meant = wrong.map(({ key }) => {
    if (known.includes(key)) return key;
    return leftOutReason('option', key) === undefined ? nearest(key, known) : undefined;
  });
  if (meant.includes(undefined) || (incomplete.has(options) && incomplete.get(options) === undefined)) return undefined;
  const unsure = [...(meant as readonly string[]), ...(incomplete.get(options) ?? [])];
  const left = {
    ...layer,
    entries: layer.entries.map((entry) =>
      entry === chosen
        ? { ...entry, value: { ...options, entries: options.entries.filter((one) => !wrong.includes(one)) } }
        : entry,
    ),
  };
  const relaxed = { ...row, required: (row.required ?? []).filter((key) => !unsure.includes(key)) };
  return Check({ ...schemas.layer, properties: { ...schemas.layer.properties, [chosen.key]: relaxed } }, toValue(left))
    ? { layer: left, unsure }
    : undefined;
}

/** The outputs that are right, and whether these are all; one without a loss that is right tells nothing. */
function rightOutputs(
  train: Node | undefined,
  lossIn: (entry: Entry | undefined) => Chosen | undefined,
): { readonly right: ShapeParts['outputs']; readonly all: boolean } {
  const several = entryOf(train, 'outputs')?.value;
  if (several === undefined) {
    const loss = lossIn(entryOf(train, 'loss'));
    return { right: loss === undefined ? [] : [{ loss }], all: loss !== undefined };
  }
  const entries = several.kind === 'map' ? several.entries : [];
  const right = entries.flatMap(({ key, value }) => {
    const loss = lossIn(entryOf(value, 'loss'));
    const layer = entryOf(value, 'layer')?.value;
    const written = layer?.kind === 'scalar' && typeof layer.value === 'string' ? layer.value : undefined;
    const named = layer === undefined ? key : written;
    return loss === undefined || named === undefined ? [] : [{ target: key, layer: named, loss }];
  });
  return { right, all: entries.length > 0 && right.length === entries.length };
}

/**
 * Whether a choice is made, and rightly: a mistake in it may lie in another text, a base file or a setting, than the
 * choice itself.
 */
function namesOne(node: Node, table: Table, schema: SchemaView): boolean {
  return (
    node.kind === 'map' &&
    node.entries.some(({ key, value }) => Object.hasOwn(table, key) && value.kind === 'map') &&
    Check(schema, toValue(node))
  );
}

const { data: dataSchema, model, train } = view(pipelineSchema).properties!;

const schemas = {
  source: dataSchema!.properties!['source']!,
  split: dataSchema!.properties!['split']!,
  layer: model!.properties!['layers']!.items as SchemaView,
  loss: train!.properties!['loss']!,
};

function touches(a: Range, b: Range): boolean {
  if (a.source !== b.source) return false;
  return a.start === a.end ? a.start >= b.start && a.start <= b.end : a.start < b.end && a.end > b.start;
}
