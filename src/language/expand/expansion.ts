import type { Code } from '../../base/mistakes/mistakes.ts';
import { nearest } from '../../base/did-you-mean.ts';
import { type Diagnostic, mistake, type Range } from '../../base/diagnostics.ts';
import { mistakeLimit } from '../check/mistake-limit.ts';
import { type SchemaView, type Tables, branchesFor, fitsKind, propertySchema } from '../schema/schema-view.ts';
import type { Parsed } from '../syntax/parse-yaml.ts';
import type { Entry, Node } from '../syntax/source-tree.ts';

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

/** The expansion of a file that was read: nothing is found but what its YAML has. */
export function newExpansion({ diagnostics, reported }: Parsed, tables: Tables): Expansion {
  return {
    tables,
    diagnostics: [...diagnostics],
    used: new Set(),
    written: new Map(),
    reported: new Set(reported),
    incomplete: new Map(),
    usages: new Map(),
  };
}

/** Expands a map and all below it, see expandMap. It is handed to what chooses a row, whose options are such a map. */
export type ExpandMap = (node: Node, schema: SchemaView, at: Range, state: Expansion) => Node;

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

/** Reports a fault of a node, and no other of it after that. @returns the node as it is */
export function report(state: Expansion, node: Node, code: Code, message: string, range: Range, hint?: string): Node {
  state.diagnostics.push(mistake(code, message, range, hint));
  state.reported.add(node);
  return node;
}
