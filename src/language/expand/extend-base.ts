import { dirname, extname, isAbsolute, join, resolve } from 'node:path';
import { type Expansion, isNull } from './expansion.ts';
import { type Diagnostic, type Range, type Source, UserError, mistake } from '../../base/diagnostics.ts';
import type { Code } from '../../base/mistakes/mistakes.ts';
import { nearest } from '../../base/did-you-mean.ts';
import { mergeTrees } from './merge-trees.ts';
import { parseYaml } from '../syntax/parse-yaml.ts';
import { readSource } from '../read-source.ts';
import type { SchemaView } from '../schema/schema-view.ts';
import { shorten } from '../../base/shorten.ts';
import { type Node, entryOf, withoutEntry } from '../syntax/source-tree.ts';

/** Files that may extend each other in a row. */
const chainLimit = 8;

/** A tree with its base below it; `whole` is false when a base could not be read, so that what it gives is missing. */
export interface Extended {
  readonly root: Node;
  readonly whole: boolean;
}

/**
 * Lays a file over the one its `extends` names, and that over its own base. Every part keeps its place in the file it
 * comes from. A base is read as text alone, and only a YAML file is one.
 *
 * @param above paths of the files that led here, this one last
 */
export function extendBase(
  root: Node,
  source: Source,
  schema: SchemaView,
  state: Expansion,
  above: readonly string[] = [resolve(source.name)],
): Extended {
  const entry = entryOf(root, 'extends');
  // `extend`, misspelt, is complained about; what it would have given is not missing.
  if (entry === undefined || root.kind !== 'map')
    return {
      root,
      whole:
        root.kind !== 'map' ||
        !root.entries.some(({ key }) => nearest(key, Object.keys(schema.properties ?? {})) === 'extends'),
    };
  const own = withoutEntry(root, 'extends');
  if (isNull(entry.value)) return { root: own, whole: true };
  const { range } = entry.value;
  const refuse = (code: Code, message: string, hint?: string): Extended => {
    state.diagnostics.push(mistake(code, message, range, hint));
    return { root: own, whole: false };
  };
  const path = entry.value.kind === 'scalar' ? entry.value.value : undefined;
  if (typeof path !== 'string')
    return refuse('wrong-type', '`extends` must be the path of a pipeline file.', 'Example: `extends: ./base.yaml`.');
  const target = resolve(dirname(source.name), path);
  if (above.at(-1) === target)
    return refuse('extends-cycle', 'This file extends itself.', 'Name another file, or remove `extends`.');
  if (above.includes(target))
    return refuse('extends-cycle', `\`${shorten(path)}\` extends this file in turn.`, 'Remove one of the two.');
  if (above.length > chainLimit)
    return refuse('extends-too-deep', `More than ${chainLimit} files extend each other.`, 'Merge some of them.');
  const base = readBase(isAbsolute(path) ? path : join(dirname(source.name), path), path, range);
  if ('code' in base) {
    state.diagnostics.push(base);
    return { root: own, whole: false };
  }
  const parsed = parseYaml(base);
  state.diagnostics.push(...parsed.diagnostics);
  for (const node of parsed.reported) state.reported.add(node);
  if (parsed.root === undefined) return { root: own, whole: false };
  if (parsed.root.kind !== 'map') {
    state.diagnostics.push(mistake('wrong-type', 'A base file must be a map of sections.', parsed.root.range));
    return { root: own, whole: false };
  }
  const below = extendBase(parsed.root, base, schema, state, [...above, target]);
  return { root: mergeTrees(below.root, own, schema, state), whole: below.whole };
}

/**
 * Reads a pipeline file that another file names.
 *
 * @param path as it is written at `range` @returns the mistake where it cannot be read
 */
export function readBase(file: string, path: string, range: Range): Source | Diagnostic {
  if (!['.yaml', '.yml'].includes(extname(file)))
    return mistake(
      'not-a-pipeline-file',
      `\`${shorten(path)}\` is not the name of a YAML file.`,
      range,
      'A base file ends in .yaml or .yml.',
    );
  try {
    return readSource(file);
  } catch (error) {
    if (!(error instanceof UserError)) return mistake('unreadable-file', `\`${shorten(path)}\` cannot be read.`, range);
    const { code, message, hint } = error.diagnostics[0]!;
    return mistake(
      code,
      `\`${shorten(path)}\`: ${message}`,
      range,
      code === 'no-file' && hint?.startsWith('The path') === true
        ? 'The path counts from the folder of this file.'
        : hint,
    );
  }
}
