import type { Diagnostic, Range } from '../base/diagnostics.ts';
import { isMisfit } from '../base/row.ts';
import { validationCount } from '../datasets/batches.ts';
import type { DatasetSpec } from '../datasets/dataset.ts';
import { datasetRow } from '../datasets/datasets.ts';
import { formatShape, sizeOf, type Shape } from '../layers/layer.ts';
import { layerRow } from '../layers/layers.ts';
import { lossRow } from '../training/losses.ts';
import { checkConstraints } from './check-constraints.ts';
import { checkGradients } from './check-gradients.ts';
import { type JoinedLayer, connectLayers } from './connect-layers.ts';
import { oncePerPlace } from './once.ts';
import type { PlacedLayer, ShapeParts } from './pipeline.ts';
import type { PlannedLayer, RangeOf } from './plan.ts';

/** What shapes tell, as far as the parts they need are right. */
export interface ShapeCheck {
  readonly dataset?: DatasetSpec;
  /** Training samples held back to validate. */
  readonly validation?: number;
  /** Left out when one does not fit. */
  readonly layers?: readonly PlannedLayer[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Works out every shape, and checks what only shapes and the data set's facts can tell. Where a part is missing, what
 * depends on it is left unchecked.
 *
 * @param folder the folder that paths in the file count from
 */
export function checkShapes(parts: ShapeParts, folder: string, rangeOf: RangeOf): ShapeCheck {
  const { layers: joined, diagnostics: wrongJoins } = connectLayers(parts, rangeOf);
  const { source } = parts;
  if (source === undefined) return { diagnostics: oncePerPlace(wrongJoins) };
  const dataset = datasetRow(source.type).describe(source.options, folder);
  if (isMisfit(dataset)) return { diagnostics: [mistake('unknown-data', dataset.problem, rangeOf(['data', 'source']), dataset.hint), ...wrongJoins] };
  const split = checkSplit(parts, dataset, rangeOf);
  const { layers, diagnostics: misshapen } = planLayers(joined, parts.layers, dataset.inputShape);
  const whole = parts.complete && wrongJoins.length === 0 && misshapen.length === 0 ? (layers as readonly PlannedLayer[]) : undefined;
  const loss = whole === undefined ? [] : [...checkGradients(whole, parts.layers), ...checkLoss(parts, whole, dataset, rangeOf)];
  const diagnostics = oncePerPlace([...split.diagnostics, ...wrongJoins, ...misshapen, ...checkConstraints(parts.layers, rangeOf), ...loss]);
  return { dataset, validation: split.validation, ...(whole === undefined ? {} : { layers: whole }), diagnostics };
}

function checkSplit({ split }: ShapeParts, { count }: DatasetSpec, rangeOf: RangeOf): { readonly validation: number; readonly diagnostics: readonly Diagnostic[] } {
  if (split === undefined || count === undefined) return { validation: 0, diagnostics: [] };
  const validation = validationCount(split.validation, count.train);
  if (validation < count.train) return { validation, diagnostics: [] };
  const problem = `validation takes ${validation} of ${count.train} training samples: none is left to train on`;
  return { validation, diagnostics: [mistake('split-too-large', problem, rangeOf(['data', 'split', 'validation']), 'Use a smaller number, or a fraction such as 0.1.')] };
}

/** A layer whose shapes are not known, because one above it is wrong, is passed over. */
function planLayers(layers: readonly JoinedLayer[], placed: readonly PlacedLayer[], inputShape: Shape): { readonly layers: readonly (PlannedLayer | undefined)[]; readonly diagnostics: readonly Diagnostic[] } {
  const planned: (PlannedLayer | undefined)[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const [index, layer] of layers.entries()) {
    const inputs = layer.inputs?.map((from) => (from === -1 ? inputShape : planned[from]?.outputShape));
    const known = inputs?.every((shape) => shape !== undefined) === true ? inputs : undefined;
    planned.push(undefined);
    if (layer.inputs === undefined || known === undefined) continue;
    const row = layerRow(layer.type);
    const outputShape = row.outputShape(known[0]!, layer.options, known);
    if (isMisfit(outputShape)) {
      const related = pathTo(index, layers).map((at) => ({ message: `${layers[at]!.name} gives ${formatShape(planned[at]!.outputShape)}`, range: placed[at]!.range }));
      diagnostics.push({ ...mistake('shape-mismatch', outputShape.problem, placed[index]!.range, outputShape.hint), related: [...related, ...(placed[index]!.uses ?? [])] });
      continue;
    }
    planned[index] = {
      ...layer,
      inputs: layer.inputs,
      outputShape,
      parameters: row.parameters?.(known[0]!, layer.options, known) ?? { trainable: 0, nonTrainable: 0 },
      flops: row.flops?.(known[0]!, outputShape, layer.options) ?? sizeOf(outputShape),
      activations: 4 * (row.activations?.(known[0]!, outputShape, layer.options) ?? sizeOf(outputShape)),
    };
  }
  return { layers: planned, diagnostics };
}

/** The layers that the values pass on their way to a layer, in order. */
function pathTo(index: number, layers: readonly JoinedLayer[]): number[] {
  const path = new Set<number>();
  const visit = (at: number) => {
    for (const from of layers[at]!.inputs ?? []) {
      if (from === -1 || path.has(from)) continue;
      visit(from);
      path.add(from);
    }
  };
  visit(index);
  return [...path];
}

function checkLoss({ loss, layers: placed }: ShapeParts, layers: readonly PlannedLayer[], dataset: DatasetSpec, rangeOf: RangeOf): readonly Diagnostic[] {
  const last = layers.at(-1);
  if (loss === undefined || last === undefined) return [];
  const misfit = lossRow(loss.type).misfit({
    shape: last.outputShape,
    classes: dataset.labels.classes.length,
    probabilities: layerRow(last.type).probabilities?.(last.options) ?? false,
    ...(typeof last.options['activation'] === 'string' ? { activation: last.options['activation'] } : {}),
  });
  if (misfit === undefined) return [];
  const related = [{ message: `the last layer gives ${formatShape(last.outputShape)}`, range: placed.at(-1)!.range }];
  return [{ ...mistake('loss-misfit', misfit.problem, rangeOf(['train', 'loss']), misfit.hint), related }];
}

function mistake(code: string, message: string, range: Range, hint: string | undefined): Diagnostic {
  return { code, severity: 'error', message, range, ...(hint === undefined ? {} : { hint }) };
}
