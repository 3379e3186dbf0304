import type { Expansion } from '../expand/expansion.ts';
import { CHOICE } from '../../base/row.ts';
import { ALSO, EITHER, type SchemaView, mapParts } from '../schema/schema-view.ts';

/**
 * The schema without the rows that the file does not choose; where asked, also without what it says of keys that are
 * not written.
 */
export function keepUsed(schema: SchemaView, state: Expansion, writtenOnly: boolean): SchemaView {
  const kind = schema[CHOICE];
  // Forms that are written out by now.
  const { [ALSO]: _, [EITHER]: __, properties, ...rest } = schema;
  const inside = (part: SchemaView) => keepUsed(part, state, writtenOnly);
  if (properties === undefined) return mapParts(rest, inside);
  const isRow = (key: string) => kind !== undefined && Object.hasOwn(state.tables[kind]!, key);
  const isMissing = (key: string, part: SchemaView) =>
    part.default === undefined && schema.required?.includes(key) === true;
  const isWritten = (key: string, part: SchemaView) =>
    kind !== undefined || state.written.get(schema)?.has(key) === true || isMissing(key, part);
  const kept = Object.entries(properties).filter(([key]) => !isRow(key) || state.used.has(`${kind}/${key}`));
  return mapParts(
    {
      ...rest,
      properties: Object.fromEntries(
        kept.map(([key, part]) => [key, !writtenOnly || isWritten(key, part) ? part : {}]),
      ),
    },
    inside,
  );
}
