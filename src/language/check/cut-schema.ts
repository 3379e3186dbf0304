import { Check } from 'typebox/schema';
import type { Expansion } from '../expand/expansion.ts';
import { CHOICE } from '../../base/row.ts';
import { ALSO, EITHER, type SchemaView, mapParts } from '../schema/schema-view.ts';

/**
 * The part of the schema that can be wrong in a file. ajv takes over a second to compile all of it, and `validate` has
 * 150 ms; what one file writes, without the sections that are right and with each table's choice once, takes
 * milliseconds. Compiled when the product is built, the whole would be 2.3 MB of code to load.
 */
export function cutSchema(schema: SchemaView, value: unknown, state: Expansion): SchemaView {
  return shareChoices(withoutRightSections(keepUsed(schema, state, true), schema, value));
}

/** The schema of a file, without what it says of the sections that are right. @param whole the same with every row */
function withoutRightSections(used: SchemaView, whole: SchemaView, value: unknown): SchemaView {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return used;
  const sections = new Map(Object.entries(value));
  const isRight = (key: string) => sections.has(key) && Check(whole.properties![key]!, sections.get(key));
  return {
    ...used,
    properties: Object.fromEntries(
      Object.entries(used.properties ?? {}).map(([key, part]) => [key, isRight(key) ? {} : part]),
    ),
  };
}

/**
 * The schema without the rows that the file does not choose; where asked, also without what it says of keys that are
 * not written.
 */
export function keepUsed(schema: SchemaView, state: Expansion, writtenOnly: boolean): SchemaView {
  const kind = schema[CHOICE];
  // The forms that are written out by now hold whole tables, which ajv would walk through.
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

/**
 * The schema with each table's choice written once and referred to: a layer chooses several initializers, a net many.
 */
function shareChoices(schema: SchemaView): SchemaView {
  const definitions: Record<string, SchemaView> = {};
  const names = new Map<string, string>();
  const share = (part: SchemaView): SchemaView => {
    const kind = part[CHOICE];
    if (kind === undefined) return mapParts(part, share);
    // A place may take only some of a table's rows.
    const what = [kind, ...Object.keys(part.properties ?? {})].join();
    const name = names.get(what) ?? `${kind}${names.size}`;
    if (!names.has(what)) {
      names.set(what, name);
      definitions[name] = mapParts(part, share);
    }
    return {
      $ref: `#/definitions/${name}`,
      ...Object.fromEntries(
        Object.entries(part).filter(([key]) => key === CHOICE || key === 'examples' || key === 'default'),
      ),
    };
  };
  return { ...share(schema), definitions };
}
