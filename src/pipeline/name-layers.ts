import type { Range } from '../base/diagnostics.ts';
import type { Expansion } from './expand.ts';
import { type MapNode, type Node, entryOf } from './source-tree.ts';

/**
 * Gives each layer without a name the next `<type>_<n>` that is free, counted per type, so that an edit leaves the names
 * of the layers of other types alone. Two layers of one name are a diagnostic.
 *
 * @param root an expanded tree: each layer a map whose first key is its type
 */
export function nameLayers(root: Node, { diagnostics, reported }: Expansion): Node {
  const layers = entryOf(entryOf(root, 'model')?.value, 'layers')?.value;
  if (layers?.kind !== 'list') return root;
  const taken = new Map<string, Range>();
  for (const layer of layers.items) {
    const name = entryOf(layer, 'name')?.value;
    if (name?.kind !== 'scalar' || typeof name.value !== 'string') continue;
    const earlier = taken.get(name.value);
    if (earlier === undefined) taken.set(name.value, name.range);
    else {
      const message = `Two layers have the name \`${name.value}\`.`;
      diagnostics.push({ code: 'duplicate-name', severity: 'error', message, range: name.range, hint: 'The name of a layer must be its own.', related: [{ message: 'the first one', range: earlier }] });
    }
  }
  const counts = new Map<string, number>();
  const named = layers.items.map((layer) => {
    const type = layer.kind === 'map' ? layer.entries[0] : undefined;
    if (layer.kind !== 'map' || type === undefined || reported.has(layer) || entryOf(layer, 'name') !== undefined) return layer;
    let n = (counts.get(type.key) ?? 0) + 1;
    while (taken.has(`${type.key}_${n}`)) n++;
    counts.set(type.key, n);
    return withEntry(layer, 'name', { kind: 'scalar', value: `${type.key}_${n}`, range: type.keyRange });
  });
  return replaceAt(root, ['model', 'layers'], { ...layers, items: named });
}

function withEntry(map: MapNode, key: string, value: Node): MapNode {
  return { ...map, entries: [...map.entries, { key, keyRange: value.range, value }] };
}

function replaceAt(node: Node, [key, ...rest]: readonly string[], value: Node): Node {
  if (key === undefined) return value;
  if (node.kind !== 'map') return node;
  return { ...node, entries: node.entries.map((entry) => (entry.key === key ? { ...entry, value: replaceAt(entry.value, rest, value) } : entry)) };
}
