import type { Diagnostic } from '../base/diagnostics.ts';
import type { DatasetSpec, IndexFacts, InputSpec } from '../datasets/dataset.ts';
import { layerRow } from '../layers/layers.ts';
import type { PlacedLayer } from './pipeline.ts';
import type { PlannedLayer } from './plan.ts';

/**
 * Finds layers that read something else than indices, or not all that the data has: TensorFlow would cut fractions off, or stop
 * at the first index beyond.
 *
 * @param layers undefined where one does not fit
 */
export function checkIndices(layers: readonly (PlannedLayer | undefined)[], placed: readonly PlacedLayer[], { inputs, indexFacts }: DatasetSpec): readonly Diagnostic[] {
  return layers.flatMap((layer, index): Diagnostic[] => {
    const known = layer === undefined ? undefined : layerRow(layer.type).readsIndices?.(layer.options);
    if (known === undefined) return [];
    return [...sourcesOf(index, layers)].flatMap((source): Diagnostic[] => {
      const input = inputs[source]!;
      const problem = problemOf(input, known, indexFacts);
      if (problem === undefined) return [];
      return [{ severity: 'error', ...problem, message: `\`${layer!.name}\` reads ${problem.message}`, range: placed[index]!.range, related: placed[index]!.uses ?? [] }];
    });
  });
}

/** Layers whose output holds the values of their inputs, and zeros. */
const keepsValues: ReadonlySet<string> = new Set(['concatenate', 'cropping2D', 'flatten', 'masking', 'permute', 'repeatVector', 'reshape', 'zeroPadding2d']);

/** The inputs of the data whose values a layer reads as they are. */
function sourcesOf(index: number, layers: readonly (PlannedLayer | undefined)[]): ReadonlySet<number> {
  const [sources, open] = [new Set<number>(), new Set(layers[index]!.inputs)];
  for (const from of open) {
    if (from < 0) sources.add(-1 - from);
    else if (keepsValues.has(layers[from]?.type ?? '')) for (const one of layers[from]!.inputs) open.add(one);
  }
  return sources;
}

/** Why an input cannot be read as indices below a number. */
function problemOf({ name, indices, scale, dtype }: InputSpec, known: number, factsOf: ((input: string) => IndexFacts) | undefined): Pick<Diagnostic, 'code' | 'message' | 'hint'> | undefined {
  if (indices !== undefined) return known >= indices ? undefined : { code: 'index-out-of-range', message: `numbers below ${known}, but \`${name}\` has ${indices}: 0 to ${indices - 1}.`, hint: `Make it ${indices}.` };
  if (factsOf === undefined) return dtype === 'uint8' && scale === 1 ? undefined : { code: 'not-indices', message: `whole numbers, but the values of \`${name}\` are not: they go from 0 to 1.`, hint: 'Put it below a layer of data that holds indices, or remove it.' };
  const { misfit, largest } = factsOf(name);
  if (misfit !== undefined) return { code: 'not-indices', message: `whole numbers from 0 on, but ${misfit.problem}.`, ...(misfit.hint === undefined ? {} : { hint: misfit.hint }) };
  return largest === undefined || largest.value < known ? undefined : { code: 'index-out-of-range', message: `numbers below ${known}, but ${largest.place()}.`, hint: `Make it ${largest.value + 1}, or correct the cell.` };
}
