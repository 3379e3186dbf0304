import type { Expansion } from './expansion.ts';
import { type Range, mistake } from '../../base/diagnostics.ts';
import { modelInput } from '../pipeline.ts';
import { resolveOutputs, resolveSources } from './resolve-sources.ts';
import { type ListNode, type MapNode, type Node, entryOf, replaceAt } from '../syntax/source-tree.ts';
import type { Unfolded } from './write-out-blocks.ts';

/**
 * Gives each layer without a name the next `<type>_<n>` that is free, counted per type, so that an edit leaves the
 * names of the layers of other types alone. In a block all names begin with that of its use, and every `from`, and the
 * layer of every output, is turned into full names. Two layers of one name are a diagnostic.
 *
 * @param root an expanded tree: each layer a map whose first key is its type
 */
export function nameLayers(root: Node, unfolded: Unfolded, state: Expansion): Node {
  const list = entryOf(entryOf(root, 'model')?.value, 'layers')?.value;
  if (list?.kind !== 'list') return root;
  const named = nameAll(list, unfolded, state);
  const resolved = resolveSources(named, unfolded);
  const train = entryOf(root, 'train')?.value;
  const told = train === undefined ? root : replaceAt(root, ['train'], resolveOutputs(train, named, unfolded));
  return replaceAt(told, ['model', 'layers'], {
    ...list,
    items: resolved.map((layer, index) => withShare(layer, named[unfolded.shares.get(index) ?? -1])),
  });
}

function nameAll(list: ListNode, { scopes, uses }: Unfolded, { diagnostics, reported }: Expansion): readonly Node[] {
  const taken = new Map<string, Range>([...uses].map(([name, { range }]) => [name, range]));
  const prefixOf = (index: number) => scopes[index]?.prefix ?? '';
  const withGiven = list.items.map((layer, index) => {
    const name = entryOf(layer, 'name')?.value;
    if (layer.kind !== 'map' || name?.kind !== 'scalar' || typeof name.value !== 'string') return layer;
    const full = `${prefixOf(index)}${name.value}`;
    const earlier = taken.get(full);
    if (full === modelInput) {
      diagnostics.push(
        mistake(
          'duplicate-name',
          `\`${modelInput}\` is the data's own name.`,
          name.range,
          'Give the layer another name.',
        ),
      );
    } else if (earlier === undefined) taken.set(full, name.range);
    else {
      const message = `Two layers have the name \`${name.value}\`.`;
      diagnostics.push({
        ...mistake('duplicate-name', message, name.range, 'The name of a layer must be its own.'),
        related: [{ message: 'the first one', range: earlier }],
      });
    }
    return prefixOf(index) === '' ? layer : replaceAt(layer, ['name'], { ...name, value: full });
  });
  const counts = new Map<string, number>();
  return withGiven.map((layer, index) => {
    const type = layer.kind === 'map' ? layer.entries[0] : undefined;
    if (layer.kind !== 'map' || type === undefined || reported.has(layer) || entryOf(layer, 'name') !== undefined)
      return layer;
    const stem = `${prefixOf(index)}${type.key}`;
    let n = (counts.get(stem) ?? 0) + 1;
    while (taken.has(`${stem}_${n}`)) n++;
    counts.set(stem, n);
    return withName(layer, `${stem}_${n}`, type.keyRange);
  });
}

/** Tells a layer that `share` wrote out whose weights it takes. */
function withShare(layer: Node, original: Node | undefined): Node {
  const name = entryOf(original, 'name');
  return layer.kind !== 'map' || name === undefined
    ? layer
    : {
        ...layer,
        entries: [...layer.entries, { key: 'share', keyRange: entryOf(layer, 'name')!.value.range, value: name.value }],
      };
}

function withName(map: MapNode, name: string, range: Range): MapNode {
  return {
    ...map,
    entries: [...map.entries, { key: 'name', keyRange: range, value: { kind: 'scalar', value: name, range } }],
  };
}
