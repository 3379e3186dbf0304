import { CHOICE, type Table } from '../base/row.ts';
import { findRow } from './expand-choice.ts';
import { type SchemaView, type Tables, branchesFor, propertySchema, rowsOf } from './schema-view.ts';
import { isNull } from './expand.ts';
import type { Entry, MapNode, Node } from './source-tree.ts';

/**
 * A tree with another laid over it: maps merge key by key, everything else replaces what is there. Where a row is
 * chosen (an optimizer, say), another row replaces the first with its options. Null replaces too: it takes away what is there,
 * but for a section that there has to be: below its name nothing is written yet.
 */
export function mergeTrees(base: Node, over: Node, schema: SchemaView | undefined, tables: Tables): Node {
  if (base.kind !== 'map' || over.kind !== 'map') return over;
  const branch = schema === undefined ? undefined : branchesFor(schema, over)[0];
  if (branch?.[CHOICE] !== undefined && choosesAnother(base, over, rowsOf(branch, tables))) return over;
  const merged = base.entries.map((entry) => {
    const above = over.entries.find(({ key }) => key === entry.key);
    return above === undefined || (isNull(above.value) && isNeededSection(branch, entry)) ? entry : { ...above, value: mergeTrees(entry.value, above.value, branch === undefined ? undefined : propertySchema(branch, entry.key), tables) };
  });
  const added = over.entries.filter(({ key }) => !base.entries.some((entry) => entry.key === key));
  return { ...over, entries: [...merged, ...added] };
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
