import { Type } from 'typebox';
import { type Range, type Source, UserError } from '../base/diagnostics.ts';
import type { Chosen } from '../base/row.ts';
import { check } from '../language/check/check-schema.ts';
import { expand } from '../language/expand/expand-short-forms.ts';
import { newExpansion } from '../language/expand/expansion.ts';
import { readSource } from '../language/read-source.ts';
import { view } from '../language/schema/schema-view.ts';
import { parseYaml } from '../language/syntax/parse-yaml.ts';
import { toValue } from '../language/syntax/source-tree.ts';
import { chosenExecutor, executors, onSchema } from './executors.ts';

const schema = view(Type.Object({ on: onSchema }, { additionalProperties: false }));

/**
 * Reads what `--on` says: what `on` of a sweep file takes, as YAML of one line.
 *
 * @returns the executor, and where it stands for messages
 * @throws UserError with every mistake, at its place
 */
export function readOn(text: string): { readonly on: Chosen<keyof typeof executors>; readonly range: Range } {
  const source = { name: '--on', text: `on: ${text}\n` };
  return { on: onIn(source, () => true), range: { source, start: 4, end: 4 + text.length } };
}

/**
 * Where the trials of a sweep run, whatever else its file or its pipeline says by now.
 *
 * @throws UserError with every mistake of that, at its place
 */
export function readOnOf(file: string): Chosen<keyof typeof executors> {
  return onIn(readSource(file), (key) => key === 'on');
}

function onIn(source: Source, takes: (key: string) => boolean): Chosen<keyof typeof executors> {
  const parsed = parseYaml(source);
  const state = newExpansion(parsed, { executor: executors });
  const { root } = parsed;
  if (root === undefined) throw new UserError(parsed.diagnostics, 2);
  const own = root.kind === 'map' ? { ...root, entries: root.entries.filter(({ key }) => takes(key)) } : root;
  const full = expand(own, schema, root.range, state);
  const found = [...state.diagnostics, ...check(full, schema, state)];
  if (found.length > 0) throw new UserError(found, 2);
  const { on } = toValue(full) as { readonly on: Readonly<Record<string, unknown>> };
  return chosenExecutor(on);
}
