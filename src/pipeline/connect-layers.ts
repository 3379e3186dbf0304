import type { Diagnostic } from '../base/diagnostics.ts';
import type { NamedLayer } from '../layers/build-model.ts';
import { layerRow } from '../layers/layers.ts';
import { listNames, nearest } from './did-you-mean.ts';
import type { PlacedLayer, ShapeParts } from './pipeline.ts';
import type { RangeOf } from './plan.ts';

/** A layer and where its inputs come from, where that is right. */
export interface JoinedLayer extends NamedLayer {
  /** Indices of earlier layers; -1 is the model's input. Left out where `from` is wrong. */
  readonly inputs?: readonly number[];
}

/** What the model's input is called in `from`. */
const modelInput = 'input';

/**
 * Finds each layer's inputs: what its `from` names, else the layer above it. Layers stand in the order they are
 * computed in, so a `from` that names a later one would close a circle.
 */
export function connectLayers({ layers, complete }: Pick<ShapeParts, 'layers' | 'complete'>, rangeOf: RangeOf): { readonly layers: readonly JoinedLayer[]; readonly diagnostics: readonly Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const names = layers.map(({ name }) => name);
  const connected = layers.map(({ type, name, options, from }, index) => {
    const inputs = from === undefined ? [index - 1] : from.map((source, k) => {
      const at = source === modelInput ? -1 : names.indexOf(source);
      if (at < index && (at >= 0 || source === modelInput)) return at;
      diagnostics.push(wrongSource(source, name, names, index, rangeOf(['model', 'layers', index, 'from', k])));
      return undefined;
    });
    const found = inputs.filter((input) => input !== undefined);
    const { merges = false } = layerRow(type);
    if (found.length === inputs.length && merges !== 'optional' && merges !== inputs.length > 1) {
      const message = merges ? `${name} makes one of several inputs, but gets one` : `${name} takes one input, but gets ${inputs.length}`;
      const hint = merges ? `Name its inputs: \`from: [a, b]\`. Here: ${listNames([...names.slice(0, index), modelInput])}.` : 'Put `add` or `concatenate` in between.';
      diagnostics.push({ code: 'wrong-inputs', severity: 'error', message, range: layers[index]!.range, hint });
      return { type, name, options };
    }
    return found.length < inputs.length ? { type, name, options } : { type, name, options, inputs: found };
  });
  // A `from` that is wrong, or a layer that could not be read, may be what takes an output.
  return { layers: connected, diagnostics: diagnostics.length > 0 || !complete ? diagnostics : unused(layers, connected) };
}

function wrongSource(source: string, layer: string, names: readonly string[], index: number, range: ReturnType<RangeOf>): Diagnostic {
  const known = [...names.slice(0, index), modelInput];
  if (source === layer) return { code: 'cycle', severity: 'error', message: `${layer} takes its own output as input`, range, hint: `Name a layer above it: ${listNames(known)}.` };
  if (names.includes(source)) {
    return { code: 'cycle', severity: 'error', message: `${layer} takes ${source} as input, which comes later`, range, hint: `Put ${source} above ${layer}.` };
  }
  const guess = nearest(source, known);
  return { code: 'unknown-layer', severity: 'error', message: `no layer above ${layer} is named ${source}`, range, hint: guess === undefined ? `Above it are ${listNames(known)}.` : `Did you mean ${guess}?` };
}

/** Layers whose output nothing takes, other than the last: a branch that ends nowhere is a mistake. */
function unused(placed: readonly PlacedLayer[], layers: readonly JoinedLayer[]): Diagnostic[] {
  const taken = new Set(layers.flatMap(({ inputs = [] }) => inputs));
  return layers.slice(0, -1).flatMap(({ name }, index) =>
    taken.has(index) ? [] : [{ code: 'unused-layer', severity: 'error' as const, message: `nothing takes the output of ${name}`, range: placed[index]!.range, hint: `Name it in a \`from\` below, or remove it.` }],
  );
}
