import { findRow } from './find-row.ts';
import { expandMap } from './expand-short-forms.ts';
import { type Expansion, isNull } from './expansion.ts';
import { CHOICE, type Table } from '../../base/row.ts';
import { expandChoice } from './expand-choice.ts';
import { type SchemaView, branchesFor, propertySchema, rowsOf } from '../schema/schema-view.ts';
import type { Entry, MapNode, Node } from '../syntax/source-tree.ts';

/**
 * A tree with another laid over it: maps merge key by key, everything else replaces what is there. Where a row is
 * chosen (an optimizer, say), another row replaces the first with its options, and a map of options is laid over those
 * of a compact text. Null replaces too: it takes away what is there, but for a section that there has to be: below its
 * name nothing is written yet.
 */
export function mergeTrees(below: Node, over: Node, schema: SchemaView | undefined, state: Expansion): Node {
  if (over.kind !== 'map') return over;
  const branch = schema === undefined ? undefined : branchesFor(schema, over)[0];
  const base = branch?.[CHOICE] === undefined ? below : writtenOut(below, over, branch, state);
  if (base.kind !== 'map') return over;
  if (branch?.[CHOICE] !== undefined && choosesAnother(base, over, rowsOf(branch, state.tables))) return over;
  const merged = base.entries.map((entry) => {
    const above = over.entries.find(({ key }) => key === entry.key);
    return above === undefined || (isNull(above.value) && isNeededSection(branch, entry))
      ? entry
      : {
          ...above,
          value: mergeTrees(
            entry.value,
            above.value,
            branch === undefined ? undefined : propertySchema(branch, entry.key),
            state,
          ),
        };
  });
  const added = over.entries.filter(({ key }) => !base.entries.some((entry) => entry.key === key));
  return { ...over, entries: [...merged, ...added] };
}

/** A compact text below options of the same row, in full form; anything else as it is. */
function writtenOut(base: Node, over: MapNode, branch: SchemaView, state: Expansion): Node {
  const table = rowsOf(branch, state.tables);
  const wanted = over.entries.find(({ key }) => findRow(table, key) !== undefined);
  if (wanted?.value.kind !== 'map') return base;
  const chosen = base.kind === 'map' ? base.entries.find(({ key }) => findRow(table, key) !== undefined) : undefined;
  const text = chosen?.value ?? base;
  if (text.kind !== 'scalar' || isNull(text)) return base;
  const name = chosen?.key ?? String(text.value).trim().split(/[\s(]/)[0]!;
  return findRow(table, name)?.type === wanted.key ? expandChoice(base, branch, base.range, state, expandMap) : base;
}

function isNeededSection(branch: SchemaView | undefined, { key, value }: Entry): boolean {
  if (value.kind !== 'map' || branch?.required?.includes(key) !== true) return false;
  const section = propertySchema(branch, key);
  return section?.type === 'object' && section[CHOICE] === undefined && section.patternProperties === undefined;
}

function choosesAnother(base: MapNode, over: MapNode, table: Table): boolean {
  const rowKey = ({ entries }: MapNode) => entries.find(({ key }) => findRow(table, key) !== undefined)?.key;
  const wanted = rowKey(over);
  return wanted !== undefined && wanted !== rowKey(base);
}
