import type { Range, Source } from '../../base/diagnostics.ts';

/** A pipeline file as a tree that remembers where every part of it was written. */
export type Node = ScalarNode | ListNode | MapNode;

/** A text, number, true, false or null. */
export interface ScalarNode {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  readonly range: Range;
  /** Of a text with parameters filled in: where each part of it was written. */
  readonly pieces?: readonly Piece[];
}

/** The characters `start..end` of a text, and where they were written. */
export interface Piece {
  readonly start: number;
  readonly end: number;
  readonly range: Range;
}

/** A list of nodes. */
export interface ListNode {
  readonly kind: 'list';
  readonly items: readonly Node[];
  readonly range: Range;
}

/** Keys and their values, in the order of the file; a list, so that no key (`__proto__`) is special. */
export interface MapNode {
  readonly kind: 'map';
  readonly entries: readonly Entry[];
  readonly range: Range;
}

/** One key of a map with its value. */
export interface Entry {
  readonly key: string;
  readonly keyRange: Range;
  readonly value: Node;
  /** A default: nobody wrote it. */
  readonly isDefault?: true;
}

/** The way to a node from the root: keys and list positions. */
export type Path = readonly (string | number)[];

/** The entry of a key. */
export function entryOf(node: Node | undefined, key: string): Entry | undefined {
  return node?.kind === 'map' ? node.entries.find((entry) => entry.key === key) : undefined;
}

/** The texts that a node, and the keys of a map, stand in. */
export function sourcesOf(node: Node): readonly Source[] {
  return [node.range, ...(node.kind === 'map' ? node.entries.map(({ keyRange }) => keyRange) : [])].map(
    ({ source }) => source,
  );
}

/** A map without one of its keys. */
export function withoutEntry(map: MapNode, key: string): MapNode {
  return { ...map, entries: map.entries.filter((entry) => entry.key !== key) };
}

/** A tree with the value at a path replaced, if there is one. */
export function replaceAt(node: Node, [key, ...rest]: readonly string[], value: Node): Node {
  if (key === undefined) return value;
  if (node.kind !== 'map') return node;
  return {
    ...node,
    entries: node.entries.map((entry) =>
      entry.key === key ? { ...entry, value: replaceAt(entry.value, rest, value) } : entry,
    ),
  };
}

/** The plain value of a tree, as JSON has it. */
export function toValue(node: Node): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(toValue);
  return Object.fromEntries(node.entries.map(({ key, value }) => [key, toValue(value)]));
}

/** The plain value of what was written of a tree. */
export function toGiven(node: Node): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(toGiven);
  return Object.fromEntries(
    node.entries.filter(({ isDefault }) => isDefault !== true).map(({ key, value }) => [key, toGiven(value)]),
  );
}

/** A tree for a plain value that stands for something written at `range`. */
export function fromValue(value: unknown, range: Range): Node {
  if (Array.isArray(value)) return { kind: 'list', items: value.map((item) => fromValue(item, range)), range };
  if (typeof value === 'object' && value !== null) {
    return {
      kind: 'map',
      entries: Object.entries(value).map(([key, item]) => ({ key, keyRange: range, value: fromValue(item, range) })),
      range,
    };
  }
  return {
    kind: 'scalar',
    value: value as ScalarNode['value'],
    range: typeof value === 'string' ? rangeOfText(value, range) : range,
  };
}

/** What lies on the way to a path, from the root on; ends early where the tree does. */
export function nodesAlong(root: Node, path: Path): readonly { readonly node: Node; readonly entry?: Entry }[] {
  const found: { node: Node; entry?: Entry }[] = [{ node: root }];
  for (const step of path) {
    const parent = found.at(-1)!.node;
    const entry = entryOf(parent, String(step));
    const node = entry?.value ?? (parent.kind === 'list' ? parent.items[Number(step)] : undefined);
    if (node === undefined) break;
    found.push(entry === undefined ? { node } : { node, entry });
  }
  return found;
}

/** Where the value at a path was written; of a value that is not there, the nearest one around it. */
export function rangeAt(root: Node, path: Path): Range {
  return nodesAlong(root, path).at(-1)!.node.range;
}

/** Where the key that leads to a path was written; of a list item, the item. */
export function keyRangeAt(root: Node, path: Path): Range {
  const { node, entry } = nodesAlong(root, path).at(-1)!;
  if (entry !== undefined) return entry.keyRange;
  return path.length === 0 ? { ...node.range, end: node.range.start } : node.range;
}

/** The stretch of a text's characters `start..end`; the whole where escapes move them about. */
export function rangeInside(text: ScalarNode, start: number, end: number): Range {
  if (text.pieces !== undefined) return rangeInPieces(text, text.pieces, start, end);
  const { source, start: from, end: to } = text.range;
  const written = source.text.slice(from, to);
  if (written === text.value) return { source, start: from + start, end: from + end };
  const lead = /^['"]/.test(written) ? 1 : 0;
  // Texts of thousands of placeholders are asked for each.
  if (lead === 1 && written.length === String(text.value).length + 2 && written.slice(1, -1) === text.value)
    return { source, start: from + 1 + start, end: from + 1 + end };
  const value = String(text.value);
  // Folding over lines changes nothing but the spaces, so the characters between them can be counted.
  const dark = [...written.matchAll(/\S/g)].map(({ index }) => index).slice(lead);
  const darkBefore = (offset: number) => value.slice(0, offset).replaceAll(/\s/g, '').length;
  if (
    written.slice(lead, lead === 0 ? undefined : -1).replaceAll(/\s/g, '') !== value.replaceAll(/\s/g, '') ||
    start >= end
  )
    return text.range;
  return { source, start: from + dark[darkBefore(start)]!, end: from + dark[darkBefore(end) - 1]! + 1 };
}

/** From the place of the first character to that of the last; of a parameter's value, the parameter. */
function rangeInPieces(text: ScalarNode, pieces: readonly Piece[], start: number, end: number): Range {
  const [first, last] = [start, Math.max(start, end - 1)].map((at) => pieces.find((piece) => at < piece.end));
  if (first === undefined || last === undefined) return text.range;
  const exact = ({ range, start: from, end: to }: Piece) => range.end - range.start === to - from;
  const begin = exact(first) ? first.range.start + start - first.start : first.range.start;
  const finish = exact(last) ? last.range.start + end - last.start : last.range.end;
  return begin <= finish ? { source: text.range.source, start: begin, end: finish } : text.range;
}

function rangeOfText(text: string, around: Range): Range {
  const at = text === '' ? -1 : around.source.text.slice(around.start, around.end).indexOf(text);
  return at < 0 ? around : { source: around.source, start: around.start + at, end: around.start + at + text.length };
}
