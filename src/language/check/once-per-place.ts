import type { Diagnostic } from '../../base/diagnostics.ts';

/** One diagnostic for each place and kind of mistake: what is wrong in a block is wrong in each of its uses. */
export function oncePerPlace(
  diagnostics: readonly Diagnostic[],
  detail: (diagnostic: Diagnostic) => string = () => '',
): readonly Diagnostic[] {
  const told = new Set<string>();
  return diagnostics.filter((diagnostic) => {
    const { code, range } = diagnostic;
    const id = JSON.stringify([code, range?.source.name, range?.start, range?.end, detail(diagnostic)]);
    return !told.has(id) && told.add(id);
  });
}
