import fc from 'fast-check';
import type { TSchema } from 'typebox';
import { CHOICE } from '../../src/base/row.ts';

interface JsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly [CHOICE]?: string;
}

/** Random values that a row's schema allows: small, since what is built from them is run. */
export function arbitraryOptions(schema: TSchema): fc.Arbitrary<Record<string, unknown>> {
  return arbitrary(schema as unknown as JsonSchema) as fc.Arbitrary<Record<string, unknown>>;
}

function arbitrary(schema: JsonSchema): fc.Arbitrary<unknown> {
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map(arbitrary));
  switch (schema.type) {
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'integer':
      return fc.integer({ min: schema.minimum ?? -4, max: Math.min(schema.maximum ?? 5, 5) });
    case 'number':
      return fc.double({ min: schema.minimum ?? schema.exclusiveMinimum ?? -2, max: schema.maximum ?? schema.exclusiveMaximum ?? 2, noNaN: true, minExcluded: schema.exclusiveMinimum !== undefined, maxExcluded: schema.exclusiveMaximum !== undefined });
    case 'array':
      return fc.array(arbitrary(schema.items!), { minLength: schema.minItems ?? 0, maxLength: schema.maxItems ?? 3 });
    default: {
      const members = Object.entries(schema.properties ?? {});
      if (schema[CHOICE] !== undefined) return fc.oneof(...members.map(([name, options]) => fc.record({ [name]: arbitrary(options) })));
      return fc.record(Object.fromEntries(members.map(([name, option]) => [name, arbitrary(option)])));
    }
  }
}
