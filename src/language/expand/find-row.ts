import type { Range } from '../../base/diagnostics.ts';
import type { Row, Table } from '../../base/row.ts';
import { type SchemaView, rowsOf } from '../schema/schema-view.ts';
import type { Expansion } from './expansion.ts';

/** A row that a name stands for. */
export interface Named {
  readonly type: string;
  readonly row: Row;
  /** Options that an alias stands for. */
  readonly preset: Readonly<Record<string, unknown>>;
}

/** A name where a row is chosen, and where it was written. */
export interface WrittenName {
  readonly text: string;
  readonly range: Range;
}

/** An article and a noun for a member of a table: `an optimizer`. */
export function withArticle(noun: string): string {
  return `${/^[aeiou]/i.test(noun) ? 'an' : 'a'} ${noun}`;
}

/** The row that a name or an alias stands for. */
export function findRow(table: Table, name: string): Named | undefined {
  return indexOf(table).get(name);
}

/** All names and aliases of a table. */
export function namesOf(table: Table): readonly string[] {
  return [...indexOf(table).keys()];
}

const indices = new WeakMap<Table, ReadonlyMap<string, Named>>();

/** What each name and alias of a table stands for; names come before aliases. */
function indexOf(table: Table): ReadonlyMap<string, Named> {
  const known = indices.get(table);
  if (known !== undefined) return known;
  const index = new Map<string, Named>();
  for (const [type, row] of Object.entries(table)) {
    index.set(type, { type, row, preset: {} });
    for (const [alias, preset] of Object.entries(row.aliases ?? {}))
      if (!Object.hasOwn(table, alias) && !index.has(alias)) index.set(alias, { type, row, preset });
  }
  indices.set(table, index);
  return index;
}

/** A row under way: the name as written. */
export interface Use {
  readonly schema: SchemaView;
  readonly state: Expansion;
  readonly named: Named;
  readonly written: WrittenName;
}

/** Whether a key stands beside a row's name, such as a layer's `from`. */
export function isBesideRow(schema: SchemaView, state: Expansion, key: string): boolean {
  return (
    schema.properties !== undefined &&
    Object.hasOwn(schema.properties, key) &&
    !Object.hasOwn(rowsOf(schema, state.tables), key)
  );
}
