import type { Range } from '../base/diagnostics.ts';
import type { Entry, Node, Piece, ScalarNode } from './source-tree.ts';
import { rangeInside } from './source-tree.ts';

/** A `$name` in a text. */
interface Reference {
  readonly name: string;
  readonly range: Range;
}

/** What filling in finds. */
interface Trouble {
  /** A list or map in the middle of a text. */
  readonly collection: (reference: Reference, value: Node) => void;
  /** A text with a name that no parameter has. */
  readonly unknown: (text: Node) => void;
}

const pattern = /\$([A-Za-z_]\w*)/g;

/** Every `$name` in the texts of a tree. */
export function referencesIn(node: Node): readonly Reference[] {
  if (node.kind === 'list') return node.items.flatMap(referencesIn);
  if (node.kind === 'map') return node.entries.flatMap(({ value }) => referencesIn(value));
  if (typeof node.value !== 'string') return [];
  return [...node.value.matchAll(pattern)].map(({ 0: text, 1: name, index }) => ({ name: name!, range: rangeInside(node, index, index + text.length) }));
}

/**
 * A tree with each `$name` replaced by its value. A value that is a text's whole is put in its place, whatever it is; in
 * the middle of a text (`conv 3x3x$filters`) it becomes a part of it. Unknown names stay.
 *
 * @param values of all parameters that are known @param trouble told of what cannot be filled in
 */
export function substitute(node: Node, values: ReadonlyMap<string, Node>, trouble: Trouble): Node {
  if (node.kind === 'list') return { ...node, items: node.items.map((item) => substitute(item, values, trouble)) };
  if (node.kind === 'map') return { ...node, entries: node.entries.map((entry): Entry => ({ ...entry, value: substitute(entry.value, values, trouble) })) };
  if (typeof node.value !== 'string' || !node.value.includes('$')) return node;
  const whole = /^\$([A-Za-z_]\w*)$/.exec(node.value);
  const value = whole === null ? undefined : values.get(whole[1]!);
  if (value !== undefined) return value;
  const filled = substituteInside(node, node.value, values, trouble);
  if (referencesIn(node).some(({ name }) => !values.has(name))) trouble.unknown(filled);
  return filled;
}

function substituteInside(node: ScalarNode, text: string, values: ReadonlyMap<string, Node>, { collection }: Trouble): Node {
  const pieces: Piece[] = [];
  let result = '';
  let done = 0;
  const add = (part: string, start: number, end: number) => {
    pieces.push({ start: result.length, end: result.length + part.length, range: rangeInside(node, start, end) });
    result += part;
  };
  for (const { 0: written, 1: name, index } of text.matchAll(pattern)) {
    const value = values.get(name!);
    if (value === undefined) continue;
    const range = rangeInside(node, index, index + written.length);
    if (value.kind !== 'scalar') collection({ name: name!, range }, value);
    if (index > done) add(text.slice(done, index), done, index);
    add(value.kind === 'scalar' ? String(value.value) : written, index, index + written.length);
    done = index + written.length;
  }
  if (done === 0) return node;
  if (done < text.length) add(text.slice(done), done, text.length);
  return { ...node, value: result, pieces };
}
