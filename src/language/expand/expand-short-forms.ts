import type { Diagnostic, Range } from '../../base/diagnostics.ts';
import { CHOICE } from '../../base/row.ts';
import { nearest } from '../../base/did-you-mean.ts';
import { expandChoice } from './expand-choice.ts';
import { mistakeLimit } from '../check/mistake-limit.ts';
import {
  type SchemaView,
  type Tables,
  branchesFor,
  fitsKind,
  itemSchema,
  propertySchema,
} from '../schema/schema-view.ts';
import { type Entry, type MapNode, type Node, fromValue } from '../syntax/source-tree.ts';

/** What an expansion works with, and what it finds. */
export interface Expansion {
  readonly tables: Tables;
  readonly diagnostics: Diagnostic[];
  /** The rows that were chosen, as `table/row`. */
  readonly used: Set<string>;
  /** The keys that were written in the maps of each schema; the others are at their defaults. */
  readonly written: Map<SchemaView, Set<string>>;
  /** Nodes with a fault that is reported already: no second complaint about them or what they hold. */
  readonly reported: Set<Node>;
  /** Options of a compact text with a word that was not understood, and which options it may be; undefined for any. */
  readonly incomplete: Map<Node, readonly string[] | undefined>;
  /** How the compact text is used that options came from. */
  readonly usages: Map<Node, string>;
}

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
  if (branch[CHOICE] !== undefined) return expandChoice(node, branch, at, state);
  if (branch.type === 'object') return expandMap(node, branch, at, state);
  if (branch.type === 'array' && node.kind === 'list') {
    return { ...node, items: node.items.map((item, i) => expandKnown(item, itemSchema(branch, i), item.range, state)) };
  }
  return node;
}

/** A map with its values expanded, its missing keys filled in and without what is null; nothing at all counts as an empty map. */
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

/** The name that was meant. Nobody sees the hints beyond the limit, and thousands of them take seconds. */
export function nearestIn({ diagnostics }: Expansion, wrong: string, known: Iterable<string>): string | undefined {
  return diagnostics.length > mistakeLimit ? undefined : nearest(wrong, known);
}

/** Whether an entry is null where there may be nothing: then it is as if it were not there. */
export function isNone({ key, value }: Entry, schema: SchemaView, { reported }: Expansion): boolean {
  if (!isNull(value) || reported.has(value) || schema.required?.includes(key) === true) return false;
  const wanted = propertySchema(schema, key);
  return (
    wanted !== undefined &&
    wanted.default === undefined &&
    !branchesFor(wanted, value).some((branch) => fitsKind(branch, value))
  );
}

/** A map without those of some keys that are null. */
export function withoutNulls(node: Node, keys: readonly string[]): Node {
  const isOut = ({ key, value }: Entry) => keys.includes(key) && isNull(value);
  return node.kind === 'map' && node.entries.some(isOut)
    ? { ...node, entries: node.entries.filter((entry) => !isOut(entry)) }
    : node;
}

/** Whether nothing was written. */
export function isNull(node: Node): boolean {
  return node.kind === 'scalar' && node.value === null;
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
