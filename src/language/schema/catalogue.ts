import { findRow, namesOf } from '../expand/find-row.ts';
import { type Row, unknownIn } from '../../base/row.ts';
import type { Code } from '../../base/mistakes/mistakes.ts';
import { chartDocs } from '../../charts/chart-docs.ts';
import { describeSchema } from '../check/describe-schema.ts';
import { nearest } from '../../base/did-you-mean.ts';
import { tables } from './pipeline-schema.ts';
import { type SchemaView, view } from './schema-view.ts';

/** One option of a row, in words. */
export interface OptionDoc {
  readonly name: string;
  /** What it must be: `a whole number >= 1`. */
  readonly type: string;
  /** Left out: the option must be given, where it is not optional. */
  readonly default?: unknown;
  /** Means something where it is given, and stands for nothing where it is not. */
  readonly optional?: true;
  readonly description: string;
}

/** Everything there is to say of a thing that a pipeline file can name. */
export interface RowDoc {
  readonly kind: string;
  readonly name: string;
  readonly doc: string;
  /** Other names, each with the options it stands for. */
  readonly aliases: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** The compact form, where there is one beside the name alone. */
  readonly usage?: string;
  readonly options: readonly OptionDoc[];
  readonly example: string;
}

/** What can be listed, as one word each: `layer`, `optimizer`, `dataset`, ... */
export const kinds: readonly string[] = [...Object.keys(tables).map((kind) => kind.replaceAll(' ', '')), 'figure'];

/** All members of a kind, in the order of the documentation. */
export function membersOf(kind: string): readonly RowDoc[] {
  if (kind === 'figure')
    return Object.entries(chartDocs).map(([name, doc]) => ({
      kind,
      name,
      doc,
      aliases: {},
      options: [],
      example: `visualize: { figures: [${name}] }`,
    }));
  return Object.entries(tableOf(kind)).map(([name, row]) => describeRow(kind, name, row));
}

/** The member that a name or an alias stands for. */
export function memberOf(kind: string, name: string): RowDoc | undefined {
  if (kind === 'figure') return membersOf(kind).find((member) => member.name === name);
  const found = findRow(tableOf(kind), name);
  return found === undefined ? undefined : describeRow(kind, found.type, found.row);
}

/** The nearest name of a kind. */
export function nearestMember(kind: string, name: string): string | undefined {
  return nearest(name, kind === 'figure' ? Object.keys(chartDocs) : namesOf(tableOf(kind)));
}

/** The code of a name that no member of a kind has. */
export function unknownMember(kind: string): Code {
  return unknownIn(Object.keys(tables).find((name) => name.replaceAll(' ', '') === kind) ?? kind);
}

function tableOf(kind: string): Readonly<Record<string, Row>> {
  return Object.entries(tables).find(([name]) => name.replaceAll(' ', '') === kind)![1];
}

function describeRow(kind: string, name: string, row: Row): RowDoc {
  const { properties = {}, required = [] } = view(row.options);
  const options = Object.entries(properties).map(([option, schema]) =>
    describeOption(option, schema, required.includes(option)),
  );
  return {
    kind,
    name,
    doc: row.doc,
    aliases: row.aliases ?? {},
    ...(row.text === undefined ? {} : { usage: row.text.usage }),
    options,
    example: row.example,
  };
}

function describeOption(name: string, schema: SchemaView, required: boolean): OptionDoc {
  const without = required ? {} : { optional: true as const };
  return {
    name,
    type: describeSchema(schema),
    ...(schema.default === undefined ? without : { default: schema.default }),
    description: schema.description ?? '',
  };
}
