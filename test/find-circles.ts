/**
 * Circles of a graph of imports, each as the way from file to file that closes it; one for each group of files that all
 * lead to each other. @param graph for each file, those that it imports
 */
export function findCircles(graph: ReadonlyMap<string, readonly string[]>): readonly (readonly string[])[] {
  const told = new Set<string>();
  const circles: (readonly string[])[] = [];
  for (const file of graph.keys()) {
    if (told.has(file)) continue;
    const circle = wayBack(graph, file);
    if (circle === undefined) continue;
    circles.push(circle);
    for (const one of groupOf(graph, file)) told.add(one);
  }
  return circles;
}

/** Says which arrow of a circle leads where, in one line. */
export function describeCircle(circle: readonly string[]): string {
  return [...circle, circle[0]].join(' -> ');
}

/** The shortest way from a file back to it. */
function wayBack(graph: ReadonlyMap<string, readonly string[]>, start: string): readonly string[] | undefined {
  const before = new Map<string, string>();
  const queue = [start];
  for (const file of queue) {
    for (const next of graph.get(file) ?? []) {
      if (next === start) {
        const way = [file];
        while (way[0] !== start) way.unshift(before.get(way[0]!)!);
        return way;
      }
      if (before.has(next)) continue;
      before.set(next, file);
      queue.push(next);
    }
  }
  return undefined;
}

/** All files that a file leads to and that lead back to it. */
function groupOf(graph: ReadonlyMap<string, readonly string[]>, file: string): readonly string[] {
  return [...reachable(graph, file)].filter((other) => reachable(graph, other).has(file));
}

function reachable(graph: ReadonlyMap<string, readonly string[]>, start: string): ReadonlySet<string> {
  const found = new Set<string>([start]);
  for (const file of found) for (const next of graph.get(file) ?? []) found.add(next);
  return found;
}
