import { type Expansion, report } from './expansion.ts';
import type { Node, ScalarNode } from '../syntax/source-tree.ts';

/** A value that stands in another file, such as one of a sweep, and the path that it is laid at. */
export interface PlacedSetting {
  /** The path as a text, at its place. */
  readonly path: ScalarNode;
  readonly value: Node;
}

/** Of values in other files none may take another's place: which of them counted would be the order's matter. */
export function reportReplaced(set: Node, settings: readonly PlacedSetting[], state: Expansion): void {
  if (settings.length === 0) return;
  const there = new Set<Node>();
  const visit = (node: Node): void => {
    there.add(node);
    if (node.kind === 'list') node.items.forEach(visit);
    if (node.kind === 'map') node.entries.forEach(({ value }) => visit(value));
  };
  visit(set);
  for (const { path, value } of settings)
    if (!there.has(value)) {
      const message = `\`${String(path.value)}\` is part of what another path sets, or the other way about.`;
      const hint = 'Keep one of the two, or give whole values as a list that holds both.';
      report(state, path, 'overlapping-paths', message, path.range, hint);
    }
}
