import { Check } from 'typebox/schema';
import type { Diagnostic, Range } from '../base/diagnostics.ts';
import { type Chosen, type Table, chosenFrom } from '../base/row.ts';
import type { SplitOptions } from '../datasets/batches.ts';
import { datasets } from '../datasets/datasets.ts';
import { layers } from '../layers/layers.ts';
import { losses } from '../training/losses.ts';
import { type NamedForm, type ShapeParts, toLayer } from './pipeline.ts';
import { pipelineSchema } from './schema.ts';
import { type SchemaView, view } from './schema-view.ts';
import { type Entry, type MapNode, type Node, entryOf, toValue } from './source-tree.ts';

/**
 * The parts of a file with mistakes that hold none themselves, so that what shapes tell of them comes in the same report.
 *
 * @param root an expanded tree with all layers named @param errors every mistake found in it
 */
export function findRightParts(root: Node, errors: readonly Diagnostic[], placeOf: (layer: MapNode) => Range): ShapeParts {
  const isRight = (range: Range) => !errors.some((error) => error.range === undefined || touches(error.range, range));
  const chosen = (entry: Entry | undefined, table: Table, schema: SchemaView): Chosen | undefined => (entry !== undefined && namesOne(entry.value, table, schema) && isRight(entry.keyRange) && isRight(entry.value.range) ? chosenFrom(table, toValue(entry.value) as Record<string, unknown>) : undefined);
  const data = entryOf(root, 'data')?.value;
  const source = chosen(entryOf(data, 'source'), datasets, schemas.source);
  const split = entryOf(data, 'split');
  const outputs = rightOutputs(entryOf(root, 'train')?.value, (entry) => chosen(entry, losses, schemas.loss));
  const list = entryOf(entryOf(root, 'model')?.value, 'layers');
  const items = list?.value.kind === 'list' && isRight(list.keyRange) ? list.value.items : [];
  const firstWrong = items.findIndex((layer) => !namesOne(layer, layers, schemas.layer) || !isRight(layer.range));
  const right = (firstWrong < 0 ? items : items.slice(0, firstWrong)) as readonly MapNode[];
  return {
    ...(source === undefined ? {} : { source }),
    ...(split === undefined || !Check(schemas.split, toValue(split.value)) || !isRight(split.keyRange) || !isRight(split.value.range) ? {} : { split: toValue(split.value) as SplitOptions }),
    layers: right.map((layer) => toLayer(toValue(layer) as NamedForm, placeOf(layer))),
    complete: items.length > 0 && firstWrong < 0,
    outputs: outputs.right,
    allOutputs: outputs.all,
  };
}

/** The outputs that are right, and whether these are all; one without a loss that is right tells nothing. */
function rightOutputs(train: Node | undefined, lossIn: (entry: Entry | undefined) => Chosen | undefined): { readonly right: ShapeParts['outputs']; readonly all: boolean } {
  const several = entryOf(train, 'outputs')?.value;
  if (several === undefined) {
    const loss = lossIn(entryOf(train, 'loss'));
    return { right: loss === undefined ? [] : [{ loss }], all: loss !== undefined };
  }
  const entries = several.kind === 'map' ? several.entries : [];
  const right = entries.flatMap(({ key, value }) => {
    const loss = lossIn(entryOf(value, 'loss'));
    const layer = entryOf(value, 'layer')?.value;
    const named = layer === undefined ? key : layer.kind === 'scalar' && typeof layer.value === 'string' ? layer.value : undefined;
    return loss === undefined || named === undefined ? [] : [{ target: key, layer: named, loss }];
  });
  return { right, all: entries.length > 0 && right.length === entries.length };
}

/** Whether a choice is made, and rightly: a mistake in it may lie in another text, a base file or a setting, than the choice itself. */
function namesOne(node: Node, table: Table, schema: SchemaView): boolean {
  return node.kind === 'map' && node.entries.some(({ key, value }) => Object.hasOwn(table, key) && value.kind === 'map') && Check(schema, toValue(node));
}

const { data: dataSchema, model, train } = view(pipelineSchema).properties!;

const schemas = { source: dataSchema!.properties!['source']!, split: dataSchema!.properties!['split']!, layer: model!.properties!['layers']!.items as SchemaView, loss: train!.properties!['loss']! };

function touches(a: Range, b: Range): boolean {
  if (a.source !== b.source) return false;
  return a.start === a.end ? a.start >= b.start && a.start <= b.end : a.start < b.end && a.end > b.start;
}
