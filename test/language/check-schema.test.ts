import { Ajv } from 'ajv';
import fc from 'fast-check';
import { Type } from 'typebox';
import { Check } from 'typebox/schema';
import { expect, test } from 'vitest';
import { CHOICE, EXPECTED, RANK } from '../../src/base/row.ts';
import { tables } from '../../src/language/schema/pipeline-schema.ts';
import { ALSO, IN_BLOCK } from '../../src/language/schema/schema-view.ts';
import { arbitraryOptions } from '../contract/arbitrary-options.ts';

// The check takes typebox' word for it that a file is right, and ajv's for what is wrong.
const rows = Object.entries(tables).flatMap(([kind, table]) =>
  Object.entries(table).map(([name, row]) => ({ kind, name, row })),
);

test.each(rows)('typebox and ajv agree about $kind $name', ({ row }) => {
  const schema = Type.Object(row.options.properties, { additionalProperties: false });
  const ajv = new Ajv({
    strict: true,
    allowUnionTypes: true,
    validateSchema: false,
    meta: false,
    inlineRefs: false,
    code: { optimize: false },
  });
  ajv.addVocabulary([CHOICE, EXPECTED, IN_BLOCK, ALSO, RANK]);
  const validate = ajv.compile(schema);
  const anything = fc.oneof(
    fc.jsonValue({ maxDepth: 1 }),
    fc.constantFrom(0, -1, 1.5, 1e300, Infinity, Number.NaN, '', 'same', [1, 1], {}),
  );
  const key = fc.constantFrom(...Object.keys(row.options.properties), 'anothe');
  fc.assert(
    fc.property(arbitraryOptions(schema), key, anything, fc.boolean(), (options, name, value, wrong) => {
      const given = wrong ? { ...options, [name]: value } : options;
      expect(Check(schema, given)).toBe(validate(given));
    }),
    { numRuns: 40 },
  );
});
