import { existsSync } from 'node:fs';
import { type Shape, formatShape, sizeOf } from '../base/tensor-shape.ts';
import { allowedMemory } from '../datasets/files/data-memory.ts';
import type { Glance } from '../datasets/glance.ts';
import type { RangeOf } from '../language/read-pipeline.ts';
import type { PlannedLayer } from './planned-model.ts';
import { type Diagnostic, type Range, asWarning, mistake } from '../base/diagnostics.ts';
import { largestWhole } from '../base/numbers.ts';
import { type Chosen, type Misfit, isMisfit } from '../base/row.ts';
import { addressesIn, locate } from '../datasets/files/data-file.ts';
import { type DatasetSpec, type TargetSpec, type UnfetchedDataset, isUnfetched } from '../datasets/dataset.ts';
import { datasetRow } from '../datasets/datasets.ts';
import { notFetched } from '../datasets/files/read-bytes.ts';
import type { LayerRow, ParameterCount } from '../layers/layer.ts';
import { layerRow } from '../layers/layers.ts';
import { checkConstraints } from './check-constraints.ts';
import { checkIndices } from './check-indices.ts';
import { checkMasks } from './check-masks.ts';
import { checkOutputs } from './check-outputs.ts';
import { checkDivision, checkSplit } from './check-split.ts';
import { type JoinedLayer, connectLayers } from './connect-layers.ts';
import { isLayerName } from '../language/expand/layer-name.ts';
import { oncePerPlace } from '../language/check/once-per-place.ts';
import type { PlacedLayer, ShapeParts } from '../language/pipeline.ts';
import { shorten } from '../base/shorten.ts';
import { showCount } from '../base/quantities.ts';

/** What shapes tell, as far as the parts they need are right. */
export interface ShapeCheck {
  readonly dataset?: DatasetSpec;
  /** Of data that is not fetched yet, where they are known. */
  readonly targets?: readonly TargetSpec[];
  /** Training samples held back to validate. */
  readonly validation?: number;
  /** Left out when one does not fit. */
  readonly layers?: readonly PlannedLayer[];
  /** For each target of the data, the index of the layer that predicts it; where the layers are there. */
  readonly outputs?: readonly number[];
  /** See Plan; together with `outputs`. */
  readonly asTheyAre?: readonly (string | null)[];
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Works out every shape, and checks what only shapes and the data set's facts can tell. Where a part is missing, what
 * depends on it is left unchecked.
 *
 * @param folder the folder that paths in the file count from
 * @param spec what the data set holds, where that is known without it
 */
export function checkShapes(
  parts: ShapeParts & Glance,
  folder: string,
  rangeOf: RangeOf,
  spec?: DatasetSpec,
): ShapeCheck {
  const { source, split: given, seed } = parts;
  const conflicts = checkDivision(parts, rangeOf);
  if (conflicts.length > 0) return { diagnostics: conflicts };
  const described =
    source === undefined
      ? spec
      : datasetRow(source.type).describe(source.options, folder, {
          ...(given === undefined ? {} : { split: given }),
          ...(seed === undefined ? {} : { seed }),
          glance: parts.glance ?? false,
          memory: allowedMemory(parts.memory),
        });
  if (described !== undefined && isUnfetched(described)) return checkOutline(parts, described, rangeOf);
  const known = described === undefined || isMisfit(described) ? undefined : described;
  const { layers: joined, diagnostics: wrongJoins } = connectLayers(
    parts,
    known?.inputs.map(({ name }) => name),
    rangeOf,
  );
  if (isMisfit(described))
    return {
      diagnostics: [
        mistake(described.code, described.problem, placeOf(described, rangeOf), described.hint),
        ...wrongJoins,
      ],
    };
  if (known === undefined) return { diagnostics: oncePerPlace(wrongJoins) };
  const split = checkSplit(parts, known, rangeOf);
  const { layers, diagnostics: misshapen } = planLayers(
    joined,
    parts.layers,
    known.inputs.map(({ shape }) => shape),
  );
  const whole =
    parts.complete &&
    parts.layers.every(({ unsure }) => unsure === undefined) &&
    wrongJoins.length === 0 &&
    misshapen.length === 0
      ? (layers as readonly PlannedLayer[])
      : undefined;
  const { outputs, asTheyAre, diagnostics: wrongOutputs } = checkOutputs(parts, whole, known, rangeOf);
  const diagnostics = oncePerPlace([
    ...split.diagnostics,
    ...checkNames(
      parts,
      known.inputs.map(({ name }) => name),
      rangeOf,
    ),
    ...wrongJoins,
    ...misshapen,
    ...checkIndices(layers, parts.layers, known),
    ...checkMasks(layers, parts.layers, known.inputs, rangeOf),
    ...checkConstraints(parts.layers, rangeOf),
    ...wrongOutputs,
  ]);
  // Indices and classes are checked: what is looked up for them, the whole data, is needed no longer.
  const { indexFacts: _, labels: __, ...dataset } = known;
  return {
    dataset,
    validation: split.validation,
    ...(whole === undefined || outputs === undefined || asTheyAre === undefined
      ? {}
      : { layers: whole, outputs, asTheyAre }),
    diagnostics: [...diagnostics, ...warningsAbout(known, rangeOf)],
  };
}

function warningsAbout({ warnings = [] }: DatasetSpec, rangeOf: RangeOf): readonly Diagnostic[] {
  return warnings.map((warning) =>
    asWarning(mistake(warning.code, `${warning.problem}.`, placeOf(warning, rangeOf), warning.hint)),
  );
}

/** Below an option, keys are the user's own words: names of columns. */
function placeOf({ path = ['source'] }: Misfit, rangeOf: RangeOf): Range {
  return rangeOf(['data', ...path], path.length > 3);
}

/** Says that the data has to be fetched before all can be checked: no mistake. */
function missingData({ problem, hint }: Misfit, { type, options }: Chosen, rangeOf: RangeOf): Diagnostic {
  const files = addressesIn(options);
  const missing = files.find(({ address }) => !existsSync(locate(address, '.').path)) ?? files[0];
  return asWarning(
    mistake(
      notFetched,
      `${problem}: what depends on its contents could not be checked.`,
      // A published set has an address that no file has to name.
      rangeOf(['data', 'source', ...(missing === undefined ? [] : [type, ...missing.path, 'url'])]),
      hint,
    ),
  );
}

/** Checks what can be told without shapes, as they come with data that is not fetched yet. */
function checkOutline(parts: ShapeParts, unfetched: UnfetchedDataset, rangeOf: RangeOf): ShapeCheck {
  const { inputs, targets } = unfetched.outline;
  const joins = connectLayers(parts, inputs, rangeOf).diagnostics;
  const outputs = targets === undefined ? [] : checkOutputs(parts, undefined, { targets }, rangeOf).diagnostics;
  const mistakes = oncePerPlace([
    ...checkNames(parts, inputs, rangeOf),
    ...joins,
    ...checkConstraints(parts.layers, rangeOf),
    ...outputs,
  ]);
  return {
    ...(targets === undefined ? {} : { targets }),
    diagnostics: [missingData(unfetched, parts.source!, rangeOf), ...mistakes],
  };
}

/** A name is a layer's or an input's; an input is a layer to TensorFlow.js, which takes no other characters. */
function checkNames({ layers }: ShapeParts, inputs: readonly string[], rangeOf: RangeOf): readonly Diagnostic[] {
  const wrong = inputs.filter((name) => !isLayerName(name));
  return [
    ...wrong.map((name) =>
      mistake(
        'bad-input-name',
        `An input of the data cannot be named \`${shorten(name)}\`.`,
        rangeOf(['data', 'source']),
        'Its name is up to 100 letters, digits, `_`, `.` or `-`, the first a letter, as that of a layer.',
      ),
    ),
    ...layers
      .filter(({ name }) => inputs.includes(name))
      .map(({ name, range }) =>
        mistake(
          'duplicate-name',
          `\`${name}\` is the name of an input of the data.`,
          range,
          'Give the layer another name.',
        ),
      ),
  ];
}

/** A layer whose shapes are not known, because one above it is wrong, is passed over. */
function planLayers(
  layers: readonly JoinedLayer[],
  placed: readonly PlacedLayer[],
  given: readonly Shape[],
): { readonly layers: readonly (PlannedLayer | undefined)[]; readonly diagnostics: readonly Diagnostic[] } {
  const planned: (PlannedLayer | undefined)[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const [index, layer] of layers.entries()) {
    const inputs = layer.inputs?.map((from) => (from < 0 ? given[-1 - from] : planned[from]?.outputShape));
    const known = inputs?.every((shape) => shape !== undefined) === true ? inputs : undefined;
    planned.push(undefined);
    if (layer.inputs === undefined || known === undefined) continue;
    const row = layerRow(layer.type);
    const original =
      layer.shares === undefined
        ? undefined
        : layers[layer.shares]!.inputs?.map((from) => (from < 0 ? given[-1 - from] : planned[from]?.outputShape));
    const fitting = original === undefined || String(original.map(String)) === String(known.map(String));
    const { unsure = [] } = placed[index]!;
    const outputShape = fitting
      ? shapeIfSure(row, layer.options, known, unsure)
      : wrongShare(layers[layer.shares!]!.name, original, known);
    if (outputShape === undefined) continue;
    if (isMisfit(outputShape)) {
      const related = pathTo(index, layers).map((at) => ({
        message: `${layers[at]!.name} gives ${formatShape(planned[at]!.outputShape)}`,
        range: placed[at]!.range,
      }));
      diagnostics.push({
        ...mistake('shape-mismatch', outputShape.problem, placed[index]!.range, outputShape.hint),
        related: [...related, ...(placed[index]!.uses ?? [])],
      });
      continue;
    }
    if (unsure.length > 0) {
      planned[index] = {
        ...layer,
        inputs: layer.inputs,
        outputShape,
        parameters: { trainable: 0, nonTrainable: 0 },
        flops: 0,
        activations: 0,
      };
      continue;
    }
    const parameters = (layer.shares === undefined ? row.parameters?.(known[0]!, layer.options, known) : undefined) ?? {
      trainable: 0,
      nonTrainable: 0,
    };
    const excess = tooLarge(outputShape, parameters);
    if (excess !== undefined) {
      diagnostics.push({
        ...mistake('layer-too-large', excess, placed[index]!.range, 'Make its sizes smaller.'),
        related: placed[index]!.uses ?? [],
      });
      continue;
    }
    planned[index] = {
      ...layer,
      inputs: layer.inputs,
      outputShape,
      parameters,
      flops: row.flops?.(known[0]!, outputShape, layer.options, known) ?? sizeOf(outputShape),
      activations: 4 * (row.activations?.(known[0]!, outputShape, layer.options, known) ?? sizeOf(outputShape)),
    };
  }
  return { layers: planned, diagnostics };
}

/** A layer's output, unless it depends on an option with a mistake: whichever it asks for. */
function shapeIfSure(
  row: LayerRow,
  options: JoinedLayer['options'],
  inputs: readonly Shape[],
  unsure: readonly string[],
): Shape | Misfit | undefined {
  const asked = new Error('an option with a mistake');
  const watched = new Proxy(options, {
    get: (target, key) => {
      if (unsure.includes(String(key))) throw asked;
      return target[String(key)];
    },
  });
  try {
    return row.outputShape(inputs[0]!, unsure.length === 0 ? options : watched, inputs);
  } catch (error) {
    if (error === asked) return undefined;
    throw error;
  }
}

/**
 * Sizes that each have their limit still multiply to what no memory holds, and layer by layer to more than a number
 * does.
 */
function tooLarge(output: Shape, { trainable, nonTrainable }: ParameterCount): string | undefined {
  const most = `${showCount(largestWhole)} are the most`;
  if (sizeOf(output) > largestWhole)
    return `it gives ${formatShape(output)}, ${showCount(sizeOf(output))} values for one sample; ${most}`;
  return trainable + nonTrainable > largestWhole
    ? `it has ${showCount(trainable + nonTrainable)} parameters; ${most}`
    : undefined;
}

function wrongShare(original: string, theirs: readonly (Shape | undefined)[], ours: readonly Shape[]): Misfit {
  const list = (shapes: readonly (Shape | undefined)[]) =>
    shapes.map((shape) => (shape === undefined ? '?' : formatShape(shape))).join(' and ');
  return {
    problem: `it takes ${list(ours)}, but \`${original}\`, whose weights it takes, has them for ${list(theirs)}`,
    hint: 'Shared layers need inputs of one shape.',
  };
}

/** The layers that the values pass on their way to a layer, in order. */
function pathTo(index: number, layers: readonly JoinedLayer[]): number[] {
  const path = new Set<number>();
  const visit = (at: number) => {
    for (const from of layers[at]!.inputs ?? []) {
      if (from < 0 || path.has(from)) continue;
      visit(from);
      path.add(from);
    }
  };
  visit(index);
  return [...path];
}
