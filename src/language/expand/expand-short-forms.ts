import type { Range } from '../../base/diagnostics.ts';
import { CHOICE } from '../../base/row.ts';
import { expandChoice } from './expand-choice.ts';
import { type Expansion, isNone, isNull } from './expansion.ts';
import { type SchemaView, branchesFor, itemSchema, propertySchema } from '../schema/schema-view.ts';
import { type Entry, type MapNode, type Node, fromValue } from '../syntax/source-tree.ts';

/**
 * The full form of a tree: compact texts written out, aliases replaced by what they stand for, missing options filled
 * with the schema's defaults. Every new node keeps the position of what it came from. What does not fit the schema
 * stays as it is, for the check to complain about.
 *
 * @param at where the key that leads to the node is: the position of what is filled in below it
 */
export function expand(node: Node, schema: SchemaView, at: Range, state: Expansion): Node {
  if (state.reported.has(node)) return node;
  const branch = branchesFor(schema, node)[0] ?? emptyMapSchema(schema, node);
  if (branch === undefined) return node;
  if (branch[CHOICE] !== undefined) return expandChoice(node, branch, at, state, expandMap);
  if (branch.type === 'object')
    return expandMap(isNull(node) ? fromValue(branch.default ?? {}, at) : node, branch, at, state);
  if (branch.type === 'array' && node.kind === 'list') {
    return { ...node, items: node.items.map((item, i) => expandKnown(item, itemSchema(branch, i), item.range, state)) };
  }
  return node;
}

/**
 * A map with its values expanded, its missing keys filled in and without what is null; nothing at all counts as an
 * empty map.
 */
export function expandMap(node: Node, schema: SchemaView, at: Range, state: Expansion): Node {
  if (node.kind !== 'map' && !isNull(node)) return node;
  const map: MapNode = {
    kind: 'map',
    entries: node.kind === 'map' ? node.entries.filter((entry) => !isNone(entry, schema, state)) : [],
    range: node.range,
  };
  const present = new Set(map.entries.map(({ key }) => key));
  const written = state.written.get(schema);
  if (written === undefined) state.written.set(schema, new Set(present));
  else for (const key of present) written.add(key);
  const defaults = Object.entries(schema.properties ?? {}).filter(
    ([key, { default: value }]) => value !== undefined && !present.has(key),
  );
  const entries: Entry[] = [
    ...map.entries.map((entry) => ({
      ...entry,
      value: expandKnown(entry.value, propertySchema(schema, entry.key), entry.keyRange, state),
    })),
    ...defaults.map(([key, property]) => ({
      key,
      keyRange: at,
      value: expand(fromValue(property.default, at), property, at, state),
      isDefault: true as const,
    })),
  ];
  return { ...map, entries: inOrderOf(Object.keys(schema.properties ?? {}), entries) };
}

function expandKnown(node: Node, schema: SchemaView | undefined, at: Range, state: Expansion): Node {
  return schema === undefined ? node : expand(node, schema, at, state);
}

/** `train:` with nothing below it is an empty map, where the schema knows no other use of null. */
function emptyMapSchema(schema: SchemaView, node: Node): SchemaView | undefined {
  return isNull(node) && schema.type === 'object' && schema[CHOICE] === undefined ? schema : undefined;
}

function inOrderOf(keys: readonly string[], entries: readonly Entry[]): Entry[] {
  const rank = new Map(keys.map((key, i) => [key, i]));
  return [...entries].sort((a, b) => (rank.get(a.key) ?? keys.length) - (rank.get(b.key) ?? keys.length));
}
