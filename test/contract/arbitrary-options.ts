import fc from 'fast-check';
import type { TSchema } from 'typebox';
import { largestWhole } from '../../src/base/numbers.ts';
import { CHOICE, RANK } from '../../src/base/row.ts';

interface JsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly not?: { readonly const: unknown };
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly examples?: readonly unknown[];
  readonly [CHOICE]?: string;
  readonly [RANK]?: number;
}

/** Random values that a row's schema allows: small, since what is built from them is run. */
export function arbitraryOptions(schema: TSchema): fc.Arbitrary<Record<string, unknown>> {
  return arbitrary(schema as unknown as JsonSchema) as fc.Arbitrary<Record<string, unknown>>;
}

/** @param rank axes of the weight that a constraint is for */
function arbitrary(schema: JsonSchema, rank = 1): fc.Arbitrary<unknown> {
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum !== undefined) return fc.constantFrom(...schema.enum);
  if (schema.anyOf !== undefined)
    return fc.oneof(...schema.anyOf.map((branch) => arbitrary(branch, schema[RANK] ?? 1)));
  switch (schema.type) {
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'integer': {
      const minimum = own(schema.minimum);
      return fc
        .integer({
          min: minimum ?? -4,
          max: Math.min(own(schema.maximum) ?? Infinity, Math.max(5, (minimum ?? 0) + 3)),
        })
        .filter((value) => value !== schema.not?.const);
    }
    case 'number':
      return fc.double({
        min: own(schema.minimum) ?? schema.exclusiveMinimum ?? -2,
        max: own(schema.maximum) ?? schema.exclusiveMaximum ?? 2,
        noNaN: true,
        minExcluded: schema.exclusiveMinimum !== undefined,
        maxExcluded: schema.exclusiveMaximum !== undefined,
      });
    case 'string':
      return schema.examples === undefined ? fc.string() : fc.constantFrom(...schema.examples);
    case 'array':
      return fc.array(arbitrary(schema.items!), {
        minLength: schema.minItems ?? 0,
        maxLength: Math.min(schema.maxItems ?? 3, 3),
      });
    default: {
      const members = Object.entries(schema.properties ?? {});
      if (schema[CHOICE] === undefined)
        return fc.record(Object.fromEntries(members.map(([name, option]) => [name, arbitrary(option)])));
      const chosen = fc.oneof(...members.map(([name, options]) => fc.record({ [name]: arbitrary(options) })));
      return schema[CHOICE] === 'constraint' ? chosen.map((one) => fittingConstraint(one, rank)) : chosen;
    }
  }
}

/** A bound of an option's own: not that of every number. */
const own = (bound: number | undefined) => (bound !== undefined && Math.abs(bound) < largestWhole ? bound : undefined);

/** Along an axis that the weight has, the smaller limit first. */
function fittingConstraint(chosen: Record<string, unknown>, rank: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(chosen as Record<string, Record<string, number>>).map(([name, options]) => {
      const { minValue = 0, maxValue = 0 } = options;
      const limits =
        'minValue' in options ? { minValue: Math.min(minValue, maxValue), maxValue: Math.max(minValue, maxValue) } : {};
      return [name, { ...options, ...limits, ...('axis' in options ? { axis: options['axis']! % rank } : {}) }];
    }),
  );
}
