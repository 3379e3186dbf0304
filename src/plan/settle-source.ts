import { UserError } from '../base/diagnostics.ts';
import { allowedMemory } from '../datasets/files/data-memory.ts';
import { datasetRow } from '../datasets/datasets.ts';
import type { Pipeline } from '../language/pipeline.ts';

/** A pipeline, and its full form as JSON has it. */
interface Resolved {
  readonly pipeline: Pipeline;
  readonly resolved: unknown;
}

/**
 * Puts what the source leaves to its data, such as a list of classes, into the pipeline and its full form: so it is
 * recorded, and a value that comes later is a mistake. Where the data cannot be read, all stays as it is: the check of
 * shapes says why.
 *
 * @param folder the folder that paths in the file count from
 */
export function settleSource({ pipeline, resolved }: Resolved, folder: string): Resolved {
  const { type, options } = pipeline.data.source;
  const { split, memory } = pipeline.data;
  const settled = settledOptions(() => datasetRow(type).settle?.(options, folder, split, allowedMemory(memory)));
  const ordered = settled && inOrderOf(options, settled);
  if (ordered === undefined || JSON.stringify(ordered) === JSON.stringify(options)) return { pipeline, resolved };
  const source = { type, options: ordered };
  return {
    pipeline: { ...pipeline, data: { ...pipeline.data, source } },
    resolved: replaced(resolved, ['data', 'source', type], source.options),
  };
}

function settledOptions(settle: () => object | undefined): Readonly<Record<string, unknown>> | undefined {
  try {
    const settled = settle();
    return settled && Object.fromEntries(Object.entries(settled));
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** Keys stand where they stood, so that a file in full form gives itself. */
function inOrderOf(
  options: Readonly<Record<string, unknown>>,
  settled: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    [...new Set([...Object.keys(options), ...Object.keys(settled)])].map((key) => [key, settled[key]]),
  );
}

/** A tree with another part at a path that it has. */
function replaced(tree: unknown, [key, ...path]: readonly string[], part: unknown): unknown {
  if (key === undefined) return part;
  if (typeof tree !== 'object' || tree === null) return tree;
  return Object.fromEntries(
    Object.entries(tree).map(([name, value]) => [name, name === key ? replaced(value, path, part) : value]),
  );
}
