import { isDeepStrictEqual } from 'node:util';
import type { RangeOf } from '../language/read-pipeline.ts';
import { type Diagnostic, mistake } from '../base/diagnostics.ts';
import type { NamedLayer } from '../layers/build-model.ts';
import { layerRow } from '../layers/layers.ts';
import { listNames, nearest } from '../base/did-you-mean.ts';
import { mistakeLimit } from '../language/check/mistake-limit.ts';
import { type PlacedLayer, type ShapeParts, modelInput } from '../language/pipeline.ts';
import { shorten } from '../base/shorten.ts';

/** A layer and where its inputs come from, where that is right. */
export interface JoinedLayer extends NamedLayer {
  /** Indices of earlier layers; -1 is the model's first input, -2 its second. Left out where `from` is wrong. */
  readonly inputs?: readonly number[];
  /** Index of the layer whose weights it takes. */
  readonly shares?: number;
}

type Parts = Pick<ShapeParts, 'layers' | 'complete' | 'outputs' | 'allOutputs'>;

/**
 * Finds each layer's inputs: what its `from` names, else the layer above it. Layers stand in the order they are
 * computed in, so a `from` that names a later one would close a circle.
 *
 * @param given names of the data's inputs; undefined where they are not known
 */
export function connectLayers(
  parts: Parts,
  given: readonly string[] | undefined,
  rangeOf: RangeOf,
): { readonly layers: readonly JoinedLayer[]; readonly diagnostics: readonly Diagnostic[] } {
  const { layers } = parts;
  const diagnostics: Diagnostic[] = [];
  const names = layers.map(({ name }) => name);
  const dataInputs = given ?? [modelInput];
  const connected = layers.map(({ type, name, options, from, share }, index): JoinedLayer => {
    const inputs =
      from === undefined
        ? [index - 1]
        : from.map((source, k) => {
            const at = names.indexOf(source);
            const input = dataInputs.indexOf(source);
            if (input >= 0) return -1 - input;
            if (at >= 0 && at < index) return at;
            // Without the data it may be one of its inputs.
            if (
              given === undefined &&
              at < 0 &&
              !name.includes('.') &&
              nearest(source, names.slice(0, index)) === undefined
            )
              return undefined;
            if (diagnostics.length <= mistakeLimit)
              diagnostics.push(
                wrongSource(
                  { source, layer: name, layers, names, index, dataInputs },
                  rangeOf(['model', 'layers', index, 'from', k]),
                ),
              );
            return undefined;
          });
    if (from === undefined && index === 0 && dataInputs.length > 1) {
      diagnostics.push(
        mistake(
          'inputs-unsaid',
          `The data has several inputs, and \`${name}\` does not say which it takes.`,
          layers[index]!.range,
          `Name it: \`from: ${dataInputs[0]}\`. There are ${listNames(dataInputs)}.`,
        ),
      );
    }
    const shares = share === undefined ? undefined : names.indexOf(share);
    const wrongShare = shares === undefined ? undefined : shareMisfit(layers[index]!, layers[shares], shares < index);
    if (wrongShare !== undefined)
      diagnostics.push({ ...wrongShare, range: rangeOf(['model', 'layers', index, 'share']) });
    const shared = shares === undefined || wrongShare !== undefined ? {} : { shares };
    const found = inputs.filter((input) => input !== undefined);
    const { merges = false } = layerRow(type);
    if (found.length === inputs.length && merges !== 'optional' && merges !== inputs.length > 1) {
      const message = merges
        ? `\`${name}\` makes one of several inputs, but gets one.`
        : `\`${name}\` takes one input, but gets ${inputs.length}.`;
      const hint = merges
        ? `Name its inputs: \`from: [a, b]\`. Here: ${listNames([...names.slice(0, index), ...dataInputs])}.`
        : 'Put `add` or `concatenate` in between.';
      diagnostics.push({
        ...mistake('wrong-inputs', message, layers[index]!.range, hint),
        related: layers[index]!.uses ?? [],
      });
      return { type, name, options, ...shared };
    }
    return found.length < inputs.length
      ? { type, name, options, ...shared }
      : { type, name, options, ...shared, inputs: found };
  });
  // A `from` that is wrong, or a layer that could not be read, may be what takes an output.
  return {
    layers: connected,
    diagnostics:
      diagnostics.length > 0 || !parts.complete || !parts.allOutputs
        ? diagnostics
        : unused(parts, connected, given ?? [], rangeOf),
  };
}

/** Two uses of one layer must be the same but for what they take. */
function shareMisfit(
  layer: PlacedLayer,
  original: PlacedLayer | undefined,
  above: boolean,
): Omit<Diagnostic, 'range'> | undefined {
  if (original === undefined || !above)
    return mistake('unknown-layer-name', `No layer above \`${layer.name}\` is named \`${shorten(layer.share!)}\`.`);
  if (layer.type === original.type && isDeepStrictEqual(layer.options, original.options)) return undefined;
  const hint = `Write \`share: ${original.name}\` by itself, without a type.`;
  return mistake(
    'share-mismatch',
    `\`${layer.name}\` cannot take the weights of \`${original.name}\`, which is another layer.`,
    undefined,
    hint,
  );
}

interface WrongSource {
  readonly source: string;
  readonly layer: string;
  readonly layers: readonly PlacedLayer[];
  readonly names: readonly string[];
  readonly index: number;
  readonly dataInputs: readonly string[];
}

function wrongSource(
  { source, layer, layers, names, index, dataInputs }: WrongSource,
  range: ReturnType<RangeOf>,
): Diagnostic {
  // In a block people write, and see, the names without that of the use.
  const prefix = /^.*\.(?=[^.]*$)/.exec(layer)?.[0] ?? '';
  const written = (name: string) => (name.startsWith(prefix) ? name.slice(prefix.length) : name);
  const known = [
    ...names
      .slice(0, index)
      .filter((name) => name.startsWith(prefix))
      .map(written),
    ...(prefix === '' ? dataInputs : [modelInput]),
  ];
  if (source === layer)
    return mistake(
      'layer-cycle',
      `\`${written(layer)}\` takes its own output as input.`,
      range,
      `Name a layer above it: ${listNames(known)}.`,
    );
  const circle = wayBetween(layers, names, index, names.indexOf(source));
  if (circle !== undefined) {
    const way = [...circle, index].map((at) => `\`${written(names[at]!)}\``).join(' -> ');
    return mistake(
      'layer-cycle',
      `\`${written(layer)}\` takes \`${written(source)}\` as input, ` +
        `which is made from \`${written(layer)}\` itself: ${way}.`,
      range,
      `A net has no loops: name a layer above it. Recurrent layers, such as \`lstm\`, have theirs inside.`,
    );
  }
  if (names.includes(source))
    return mistake(
      'layer-comes-later',
      `\`${written(layer)}\` takes \`${written(source)}\` as input, which comes later.`,
      range,
      `Put \`${written(source)}\` above \`${written(layer)}\`.`,
    );
  const several = source.split(',').map((one) => one.trim());
  if (several.length > 1 && several.every((one) => known.includes(one)))
    return mistake(
      'names-in-one-text',
      `\`${shorten(source)}\` is one name here.`,
      range,
      `Write a list: \`[${shorten(several.join(', '))}]\`.`,
    );
  const guess = nearest(written(source), known);
  if (prefix !== '' && [...names, ...dataInputs].includes(written(source)))
    return mistake(
      'layer-outside-block',
      `\`${written(source)}\` stands outside the block.`,
      range,
      `A block sees only its own layers and \`${modelInput}\`, which is what its use takes.`,
    );
  return mistake(
    'unknown-layer-name',
    `No layer above \`${written(layer)}\` is named \`${shorten(written(source))}\`.`,
    range,
    guess === undefined ? `Known above it: ${listNames(known)}.` : `Did you mean \`${guess}\`?`,
  );
}

/** The layers that a value passes from one to another, both included; undefined where there is no way. */
function wayBetween(
  layers: readonly PlacedLayer[],
  names: readonly string[],
  start: number,
  end: number,
  seen = new Set<number>(),
): readonly number[] | undefined {
  if (start === end) return [end];
  if (end < 0 || seen.has(end)) return undefined;
  seen.add(end);
  const sources = layers[end]!.from?.map((source) => names.indexOf(source)) ?? [end - 1];
  for (const source of sources) {
    const way = wayBetween(layers, names, start, source, seen);
    if (way !== undefined) return [...way, end];
  }
  return undefined;
}

/**
 * Layers whose output nothing takes, and inputs that no layer takes: a branch that ends, or begins, nowhere is a
 * mistake.
 */
function unused(
  { layers: placed, outputs }: Parts,
  layers: readonly JoinedLayer[],
  dataInputs: readonly string[],
  rangeOf: RangeOf,
): Diagnostic[] {
  const taken = new Set(layers.flatMap(({ inputs = [] }) => inputs));
  const given = new Set(outputs.map(({ layer }) => layer ?? layers.at(-1)!.name));
  const ends = layers.flatMap(({ name }, index) =>
    taken.has(index) || given.has(name)
      ? []
      : [
          mistake(
            'unused-layer',
            `Nothing takes the output of \`${name}\`.`,
            placed[index]!.range,
            'Name it in a `from` below, or remove it.',
          ),
        ],
  );
  const left = dataInputs.filter((_, k) => !taken.has(-1 - k));
  return [
    ...ends,
    ...left.map((name) =>
      mistake(
        'unused-input',
        `No layer takes the data's input \`${name}\`.`,
        rangeOf(['data', 'source']),
        `Name it in a \`from\`: \`from: ${name}\`.`,
      ),
    ),
  ];
}
