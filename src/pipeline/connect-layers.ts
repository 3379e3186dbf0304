import type { Diagnostic } from '../base/diagnostics.ts';
import type { NamedLayer } from '../layers/build-model.ts';
import { layerRow } from '../layers/layers.ts';
import { listNames, nearest } from './did-you-mean.ts';
import { type PlacedLayer, type ShapeParts, modelInput } from './pipeline.ts';
import type { RangeOf } from './plan.ts';
import { shorten } from './shorten.ts';

/** A layer and where its inputs come from, where that is right. */
export interface JoinedLayer extends NamedLayer {
  /** Indices of earlier layers; -1 is the model's input. Left out where `from` is wrong. */
  readonly inputs?: readonly number[];
}

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
      const message = merges ? `\`${name}\` makes one of several inputs, but gets one.` : `\`${name}\` takes one input, but gets ${inputs.length}.`;
      const hint = merges ? `Name its inputs: \`from: [a, b]\`. Here: ${listNames([...names.slice(0, index), modelInput])}.` : 'Put `add` or `concatenate` in between.';
      diagnostics.push({ code: 'wrong-inputs', severity: 'error', message, range: layers[index]!.range, hint, related: layers[index]!.uses ?? [] });
      return { type, name, options };
    }
    return found.length < inputs.length ? { type, name, options } : { type, name, options, inputs: found };
  });
  // A `from` that is wrong, or a layer that could not be read, may be what takes an output.
  return { layers: connected, diagnostics: diagnostics.length > 0 || !complete ? diagnostics : unused(layers, connected) };
}

function wrongSource(source: string, layer: string, names: readonly string[], index: number, range: ReturnType<RangeOf>): Diagnostic {
  const mistake = (code: string, message: string, hint: string): Diagnostic => ({ code, severity: 'error', message, range, hint });
  // In a block people write, and see, the names without that of the use.
  const prefix = /^.*\.(?=[^.]*$)/.exec(layer)?.[0] ?? '';
  const written = (name: string) => (name.startsWith(prefix) ? name.slice(prefix.length) : name);
  const known = [...names.slice(0, index).filter((name) => name.startsWith(prefix)).map(written), modelInput];
  if (source === layer) return mistake('cycle', `\`${written(layer)}\` takes its own output as input.`, `Name a layer above it: ${listNames(known)}.`);
  if (names.includes(source)) return mistake('cycle', `\`${written(layer)}\` takes \`${written(source)}\` as input, which comes later.`, `Put \`${written(source)}\` above \`${written(layer)}\`.`);
  const guess = nearest(written(source), known);
  if (prefix !== '' && names.includes(written(source))) return mistake('unknown-layer', `\`${written(source)}\` stands outside the block.`, `A block sees only its own layers and \`${modelInput}\`, which is what its use takes.`);
  return mistake('unknown-layer', `No layer above \`${written(layer)}\` is named \`${shorten(written(source))}\`.`, guess === undefined ? `Known above it: ${listNames(known)}.` : `Did you mean \`${guess}\`?`);
}

/** Layers whose output nothing takes, other than the last: a branch that ends nowhere is a mistake. */
function unused(placed: readonly PlacedLayer[], layers: readonly JoinedLayer[]): Diagnostic[] {
  const taken = new Set(layers.flatMap(({ inputs = [] }) => inputs));
  return layers.slice(0, -1).flatMap(({ name }, index) =>
    taken.has(index) ? [] : [{ code: 'unused-layer', severity: 'error' as const, message: `Nothing takes the output of \`${name}\`.`, range: placed[index]!.range, hint: 'Name it in a `from` below, or remove it.' }],
  );
}
