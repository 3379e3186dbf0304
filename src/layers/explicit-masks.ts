import { chosenFrom } from '../base/row.ts';
import { averageOfPresent } from './average-present.ts';
import type { ModelGraph } from './build-model.ts';
import type { OwnLayer } from './custom-layer.ts';
import { layers as rows } from './layers.ts';
import { maskOrigins } from './lost-masks.ts';
import { maskedMerge } from './masked-merge.ts';
import { allPresent, maskOfInput, onlyHere, zeroAbsent } from './mask-layers.ts';

/** An output of a use of a layer, as a saved topology has it. */
export type Place = readonly [layer: string, use: number, output: number, ...rest: unknown[]];

/** A layer as a saved topology has it. */
export interface SavedLayer {
  readonly name: string;
  readonly class_name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly inbound_nodes: readonly (readonly Place[])[];
}

/** The net in a saved topology. */
export interface SavedNet {
  readonly layers: readonly SavedLayer[];
  readonly output_layers: readonly Place[];
}

/** A layer that plain TensorFlow.js computes otherwise below a mask. */
export interface MaskMisfit {
  /** Index of the layer. */
  readonly layer: number;
  /** The end of `cannot be exported, as`. */
  readonly reason: string;
}

const merges: ReadonlySet<string> = new Set(['add', 'multiply', 'average', 'maximum', 'minimum', 'concatenate']);
const recurrent: ReadonlySet<string> = new Set(['simpleRNN', 'gru', 'lstm', 'rnn', 'bidirectional']);
/** What of each step's layer asks for a mask. */
const readsWithin: ReadonlySet<string> = new Set([
  ...recurrent,
  'softmax',
  'convLstm2d',
  'globalAveragePooling1d',
  'multiHeadAttention',
  'timeDistributed',
]);

/** The first layer of a net that a saved model cannot hold such that plain TensorFlow.js computes the same. */
export function maskMisfit({ layers }: Pick<ModelGraph, 'layers'>): MaskMisfit | undefined {
  const origins = maskOrigins(layers);
  if (origins.every(({ length }) => length === 0)) return undefined;
  for (const [layer, { type, options, inputs }] of layers.entries()) {
    const isMasked = inputs.some((from) => (origins[from] ?? []).length > 0);
    if (type === 'convLstm2d')
      return { layer, reason: 'TensorFlow.js takes the mask of a net with convLstm2d for one of each place' };
    if (type === 'batchNormalization' && isMasked && options['axis'] !== -1)
      return { layer, reason: 'below a mask TensorFlow.js normalizes along the last axis alone, written as -1' };
    if (type !== 'timeDistributed') continue;
    const inner = chosenFrom(rows, options['layer'] as Readonly<Record<string, unknown>>).type;
    if (readsWithin.has(inner))
      return { layer, reason: `TensorFlow.js hands the mask of all steps to the ${inner} of each` };
  }
  return undefined;
}

/**
 * The net such that plain TensorFlow.js (4.22.0) computes below masks what it computes here. Its models hand a layer
 * the mask of its first input alone, and one without a mask that of whatever had one before it. So what reads masks
 * takes them as inputs of its own, and what is no class of ours gets one of ones where there is none. A net with a
 * misfit is loaded by none, as it would compute something else in silence.
 *
 * @param graph what the net was made of
 */
export function withExplicitMasks<Net extends SavedNet>(net: Net, graph: ModelGraph): Net {
  const origins = maskOrigins(graph.layers);
  if (origins.every(({ length }) => length === 0)) return net;
  const uses = usesOf(graph);
  const misfit = maskMisfit(graph);
  if (misfit !== undefined) return withMisfit(net, graph.layers[misfit.layer]!.type, misfit, uses);
  const names = new Set(net.layers.map(({ name }) => name));
  const free = (name: string): string => (names.has(name) ? free(`${name}_`) : name);
  const made = (base: string, layer: OwnLayer<never>, options: object, inbound: SavedLayer['inbound_nodes']) => {
    const name = free(base);
    names.add(name);
    const config = { name, trainable: true, options };
    return { name, class_name: layer.className, config, inbound_nodes: inbound };
  };
  /** What others take in place of a layer. */
  const ends = new Map<string, string>();
  const written = net.layers.flatMap((layer): readonly SavedLayer[] => {
    const places = uses.get(layer.name) ?? [];
    if (places.length === 0) return [layer];
    const { type, options } = graph.layers[places[0]!]!;
    const given = places.map((place) => graph.layers[place]!.inputs.map((from) => (origins[from] ?? []).length > 0));
    const isMasked = given.flat().includes(true);
    const masks = () =>
      layer.inbound_nodes.map((inputs, use) =>
        inputs.map((input, k) =>
          made(`${layer.name}_mask_${use}_${k}`, maskOfInput, { isThere: given[use]![k]! }, [[input]]),
        ),
      );
    const asking = (class_name: string, own: object): readonly SavedLayer[] => {
      const asked = masks();
      return [
        ...asked.flat(),
        {
          ...layer,
          class_name,
          config: { name: layer.name, trainable: layer.config['trainable'], ...own, masks: given[0]!.length },
          inbound_nodes: layer.inbound_nodes.map((inputs, use) => [...inputs, ...asked[use]!.map(outputOf)]),
        },
      ];
    };
    if (isMasked && merges.has(type)) {
      const axis = type === 'concatenate' ? { axis: layer.config['axis'] } : {};
      return asking(maskedMerge.className, { options: { merge: type, ...axis } });
    }
    if (isMasked && type === 'globalAveragePooling1d') return asking(averageOfPresent.className, { options: {} });
    if (type === 'multiHeadAttention')
      return isMasked
        ? asking(layer.class_name, { options: layer.config['options'] })
        : [{ ...layer, config: { ...layer.config, masks: 0 } }];
    if (!recurrent.has(type)) return [layer];
    const below = layer.inbound_nodes.map(([input], use) =>
      given[use]![0] ? undefined : made(`${layer.name}_steps_${use}`, allPresent, {}, [[input!]]),
    );
    const ran = {
      ...layer,
      inbound_nodes: layer.inbound_nodes.map((inputs, use) => (below[use] ? [outputOf(below[use])] : inputs)),
    };
    const before = below.filter((one) => one !== undefined);
    const inner = type === 'bidirectional' ? chosenFrom(rows, options['layer'] as SavedLayer['config']) : undefined;
    if (!isMasked || inner?.options['returnSequences'] !== true) return [...before, ran];
    const asked = masks().map(([mask]) => mask!);
    const zeroed = made(
      `${layer.name}_present`,
      zeroAbsent,
      { isBackwards: inner.options['goBackwards'] === true },
      asked.map((mask, use) => [[layer.name, use, 0, {}], outputOf(mask)]),
    );
    ends.set(layer.name, zeroed.name);
    return [...before, ran, ...asked, zeroed];
  });
  const placed = (user: string, [from, ...rest]: Place): Place =>
    ends.get(from) === user ? [from, ...rest] : [ends.get(from) ?? from, ...rest];
  return {
    ...net,
    layers: written.map((layer) => ({
      ...layer,
      inbound_nodes: layer.inbound_nodes.map((inputs) => inputs.map((input) => placed(layer.name, input))),
    })),
    output_layers: net.output_layers.map((output) => placed('', output)),
  };
}

function withMisfit<Net extends SavedNet>(
  net: Net,
  type: string,
  { layer: place, reason }: MaskMisfit,
  uses: ReadonlyMap<string, readonly number[]>,
): Net {
  const layers = net.layers.map((layer): SavedLayer => {
    if (uses.get(layer.name)?.includes(place) !== true) return layer;
    const { class_name, config } = layer;
    const { name, trainable } = config;
    return {
      ...layer,
      class_name: onlyHere.className,
      config: { name, trainable, options: { reason: `(${type}) ${reason}`, class_name, config } },
    };
  });
  return { ...net, layers };
}

const outputOf = ({ name }: SavedLayer): Place => [name, 0, 0, {}];

/** Of each layer of TensorFlow.js, the places of the graph where it is used, in their order. */
function usesOf({ layers }: ModelGraph): ReadonlyMap<string, readonly number[]> {
  const uses = new Map<string, number[]>();
  const nameOf = (place: number): string => {
    const { name, shares } = layers[place]!;
    return shares === undefined ? name : nameOf(shares);
  };
  for (const place of layers.keys()) uses.set(nameOf(place), [...(uses.get(nameOf(place)) ?? []), place]);
  return uses;
}

const classOf: Readonly<Record<string, string>> = {
  add: 'Add',
  multiply: 'Multiply',
  average: 'Average',
  maximum: 'Maximum',
  minimum: 'Minimum',
  concatenate: 'Concatenate',
};

/** The net as it was before, for programs whose layers read masks as ours do. */
export function withoutExplicitMasks<Net extends SavedNet>(net: Net): Net {
  const helpers = new Map(
    net.layers
      .filter(({ class_name }) => [allPresent, zeroAbsent].some(({ className }) => className === class_name))
      .map((layer) => [layer.name, layer]),
  );
  const source = (place: Place): Place => {
    const helper = helpers.get(place[0]);
    return helper === undefined ? place : source(helper.inbound_nodes[place[1]]![0]!);
  };
  const layers = net.layers.flatMap((layer): readonly SavedLayer[] => {
    if (helpers.has(layer.name) || layer.class_name === maskOfInput.className) return [];
    const { masks = 0, ...config } = layer.config as { readonly masks?: number };
    const inbound = layer.inbound_nodes.map((all) => all.slice(0, all.length - masks).map(source));
    return [{ ...layer, ...original({ ...layer, config }), inbound_nodes: inbound }];
  });
  return { ...net, layers, output_layers: net.output_layers.map(source) };
}

function original({ class_name, config }: SavedLayer): Pick<SavedLayer, 'class_name' | 'config'> {
  const { options, ...rest } = config;
  if (class_name === onlyHere.className) return options as SavedLayer;
  if (class_name === averageOfPresent.className) return { class_name: 'GlobalAveragePooling1D', config: rest };
  if (class_name !== maskedMerge.className) return { class_name, config };
  const { merge, ...own } = options as { readonly merge: string };
  return { class_name: classOf[merge]!, config: { ...rest, ...own } };
}
