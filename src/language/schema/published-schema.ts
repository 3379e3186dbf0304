import { namesOf } from '../expand/find-row.ts';
import { largestReal } from '../../base/numbers.ts';
import { CHOICE, EXPECTED, RANK, type Row, type Table } from '../../base/row.ts';
import { ALSO, EITHER, IN_BLOCK, QUANTITY, type SchemaView, type Tables, rowsOf } from './schema-view.ts';

type Json = Readonly<Record<string, unknown>>;

/**
 * The schema for editors and other checkers: accepts what users may write (compact texts, aliases, nothing where a
 * default stands) where the full form's schema accepts only what that is expanded to. JSON Schema draft-07, without
 * keywords of our own.
 */
export function publishSchema(schema: SchemaView, tables: Tables): Json {
  const definitions: Record<string, Json> = {};
  const root = new Publisher(tables, definitions).publishSection(schema);
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    ...root,
    if: { required: ['extends'] },
    else: needs(schema),
    definitions,
  };
}

/** What a file without a base must say: the required keys of the sections. */
function needs({ properties = {}, required = [], [EITHER]: either }: SchemaView): Json {
  const needed = neededOf({ properties, required });
  const inside = Object.entries(properties)
    .filter(([, section]) => isSection(section))
    .map(([key, section]) => [key, needs(section)] as const)
    .filter(([, one]) => Object.keys(one).length > 0);
  return {
    ...(needed.length === 0 ? {} : { type: 'object', required: needed }),
    ...(either === undefined ? {} : { oneOf: either.map((key) => ({ required: [key] })) }),
    ...(inside.length === 0 ? {} : { properties: Object.fromEntries(inside) }),
  };
}

function neededOf({ properties, required = [] }: SchemaView): readonly string[] {
  return required.filter((key) => properties?.[key]?.default === undefined);
}

/** A map of keys of its own, part of which a base file may give. */
function isSection(schema: SchemaView): boolean {
  return (
    schema.type === 'object' &&
    schema[CHOICE] === undefined &&
    schema.properties !== undefined &&
    schema.patternProperties === undefined
  );
}

class Publisher {
  private readonly tables: Tables;
  private readonly definitions: Record<string, Json>;
  /** What may be chosen, for each definition of a table. */
  private readonly choices = new Map<string, readonly string[]>();

  constructor(tables: Tables, definitions: Record<string, Json>) {
    [this.tables, this.definitions] = [tables, definitions];
  }

  /** A section without what it needs. */
  publishSection(schema: SchemaView): Json {
    const { required: _, ...published } = this.publish({ ...schema, properties: {} }) as {
      readonly required?: unknown;
    };
    const sections = Object.entries(schema.properties ?? {}).map(([key, part]) => [
      key,
      isSection(part) ? this.publishSection(part) : this.publishAt(key, part, schema),
    ]);
    return { ...published, type: ['object', 'null'], properties: Object.fromEntries(sections) as Json };
  }

  publish(schema: SchemaView): Json {
    if (schema[CHOICE] !== undefined) return this.refer(schema, schema[CHOICE]);
    const {
      [EXPECTED]: _,
      [QUANTITY]: ___,
      [RANK]: ____,
      [EITHER]: _____,
      properties,
      required: __,
      patternProperties,
      anyOf,
      items,
      ...rest
    } = schema;
    const needed = neededOf(schema);
    return {
      ...rest,
      ...(schema.type === 'object' && needed.length === 0 ? { type: ['object', 'null'] } : {}),
      ...(properties === undefined ? {} : { properties: this.publishAll(properties, schema) }),
      ...(patternProperties === undefined ? {} : { patternProperties: this.publishAll(patternProperties, schema) }),
      ...(needed.length === 0 ? {} : { required: needed }),
      ...(anyOf === undefined ? {} : { anyOf: anyOf.map((branch) => this.publish(branch)) }),
      ...(items === undefined
        ? {}
        : {
            items: Array.isArray(items)
              ? items.map((item) => this.publish(item as SchemaView))
              : this.publish(items as SchemaView),
          }),
    };
  }

  private publishAll(schemas: Readonly<Record<string, SchemaView>>, owner: SchemaView): Json {
    return Object.fromEntries(
      Object.entries(schemas).map(([key, schema]) => [key, this.publishAt(key, schema, owner)]),
    );
  }

  private publishAt(key: string, schema: SchemaView, { required = [] }: SchemaView): Json {
    const published = this.publish(schema);
    return required.includes(key) ? published : orNull(published);
  }

  /** Each table is written out once; what differs from place to place is beside the reference. */
  private refer(schema: SchemaView, kind: string): Json {
    const name = this.nameOf(schema, kind);
    if (this.definitions[name] === undefined) {
      this.definitions[name] = {};
      this.definitions[name] = this.choice(schema, name);
    }
    const { description, examples, default: value } = schema;
    return {
      $ref: `#/definitions/${name}`,
      ...(description === undefined ? {} : { description }),
      ...(examples === undefined ? {} : { examples }),
      ...(value === undefined ? {} : { default: value }),
    };
  }

  /** The table's name, and a number where a place takes only some of its rows. */
  private nameOf(schema: SchemaView, kind: string): string {
    const plain = kind.replaceAll(/ (\w)/g, (_, letter: string) => letter.toUpperCase());
    const keys = Object.keys(schema.properties ?? {}).join();
    const known = this.choices.get(kind) ?? [];
    if (!known.includes(keys)) this.choices.set(kind, [...known, keys]);
    const index = this.choices.get(kind)!.indexOf(keys);
    return `${plain}${schema[IN_BLOCK] === true ? 'InBlock' : ''}${index === 0 ? '' : index + 1}`;
  }

  private choice(schema: SchemaView, definition: string): Json {
    const table = rowsOf(schema, this.tables);
    const properties: Record<string, Json> = {};
    for (const [name, row] of Object.entries(table)) {
      const published = orText(this.publish(schema.properties![name]!), row);
      const full = schema[IN_BLOCK] === true ? withoutTypes(published) : published;
      this.definitions[`${definition}.${name}`] = full;
      properties[name] = { $ref: `#/definitions/${definition}.${name}` };
      for (const [alias, preset] of Object.entries(row.aliases ?? {}))
        properties[alias] = withoutOptions(full, Object.keys(preset), properties[name]);
    }
    const beside = Object.fromEntries(
      Object.entries(schema.properties!)
        .filter(([key]) => !Object.hasOwn(table, key))
        .map(([key, one]) => [key, orNull(this.publish(one))]),
    );
    const exactlyOne =
      Object.keys(beside).length === 0
        ? { minProperties: 1, maxProperties: 1 }
        : { oneOf: Object.keys(properties).map((name) => ({ required: [name] })) };
    const map = {
      type: 'object',
      properties: { ...properties, ...beside },
      additionalProperties: false,
      ...exactlyOne,
    };
    // Where a value fits no form, the YAML language server tells what is wrong by the first; this order was tried out
    // with it.
    return { anyOf: [map, ...(schema[ALSO] ?? []).map((form) => this.publish(form)), ...texts(table)] };
  }
}

/** A schema that null fits too, which stands for nothing. */
function orNull(published: Json): Json {
  const {
    type,
    enum: values,
    anyOf,
    $ref,
    description,
    examples,
    ...rest
  } = published as Json & {
    readonly type?: string;
    readonly enum?: readonly unknown[];
    readonly anyOf?: readonly Json[];
  };
  const about = {
    ...(description === undefined ? {} : { description }),
    ...(examples === undefined ? {} : { examples }),
  };
  const nothing = { type: 'null' };
  if (anyOf !== undefined) return { ...published, anyOf: [...anyOf, nothing] };
  if ($ref !== undefined) return { ...rest, ...about, anyOf: [{ $ref }, nothing] };
  if (values !== undefined) return { ...published, enum: [...values, null] };
  return typeof type === 'string' ? { ...published, type: [type, 'null'] } : published;
}

/** A row whose options may be the words of its compact text. */
function orText(published: Json, { text }: Row): Json {
  return text === undefined
    ? published
    : {
        ...published,
        type: [published['type'], 'string', 'number'].flat(),
        minimum: -largestReal,
        maximum: largestReal,
      };
}

/** Options in a block, of which only the names are checked: each value may be a parameter. */
function withoutTypes(full: Json): Json {
  const bare = ({ description, examples, default: value }: Json): Json => ({
    ...(description === undefined ? {} : { description }),
    ...(examples === undefined ? {} : { examples }),
    ...(value === undefined ? {} : { default: value }),
  });
  return {
    ...full,
    properties: Object.fromEntries(
      Object.entries((full['properties'] ?? {}) as Readonly<Record<string, Json>>).map(([key, option]) => [
        key,
        bare(option),
      ]),
    ),
  };
}

/** The schema of an alias: what it stands for cannot be said again. */
function withoutOptions(full: Json, preset: readonly string[], same: Json): Json {
  if (preset.length === 0) return same;
  const { properties, required, ...rest } = full as {
    readonly type?: string | readonly string[];
    readonly properties?: Json;
    readonly required?: readonly string[];
  };
  const left = required?.filter((key) => !preset.includes(key)) ?? [];
  return {
    ...rest,
    type: [...[rest.type].flat().filter((kind) => kind !== 'null'), ...(left.length === 0 ? ['null'] : [])],
    properties: Object.fromEntries(Object.entries(properties ?? {}).filter(([key]) => !preset.includes(key))),
    ...(left.length === 0 ? {} : { required: left }),
  };
}

/** Names that may stand alone, for completion, and names that words may follow. */
function texts(table: Table): readonly Json[] {
  const alone = namesOf(table).filter((name) => needsNothing(table, name));
  const withWords = Object.entries(table).filter(([, row]) => row.text !== undefined);
  const names = withWords.flatMap(([name, row]) => [name, ...Object.keys(row.aliases ?? {})]);
  return [
    ...(alone.length === 0 ? [] : [{ enum: alone }]),
    ...(names.length === 0
      ? []
      : [
          {
            type: 'string',
            pattern: `^\\s*(${names.join('|')})[\\s(]`,
            description: withWords.map(([, row]) => row.text!.usage).join('\n'),
          },
        ]),
  ];
}

function needsNothing(table: Table, name: string): boolean {
  const row: Row =
    table[name] ?? Object.values(table).find(({ aliases }) => aliases !== undefined && Object.hasOwn(aliases, name))!;
  const preset = table[name] === undefined ? Object.keys(row.aliases![name]!) : [];
  const { properties, required } = row.options as SchemaView;
  return (required ?? []).every((key) => preset.includes(key) || properties?.[key]?.default !== undefined);
}
