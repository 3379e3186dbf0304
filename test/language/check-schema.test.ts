import { Ajv, type ErrorObject } from 'ajv';
import fc from 'fast-check';
import { Type } from 'typebox';
import { expect, test } from 'vitest';
import { CHOICE, EXPECTED, RANK } from '../../src/base/row.ts';
import { type Fault, faultsIn, fits } from '../../src/language/check/find-faults.ts';
import { tables } from '../../src/language/schema/pipeline-schema.ts';
import { ALSO, IN_BLOCK, view } from '../../src/language/schema/schema-view.ts';
import { arbitraryOptions } from '../contract/arbitrary-options.ts';

/** A fault, by its keyword and place: those of one place in the order in which they are told. */
const placed = (faults: readonly Pick<Fault, 'keyword' | 'path' | 'key' | 'item'>[]) =>
  faults
    .map(({ keyword, path, key, item }) => ({ at: path.join('/'), text: [keyword, key ?? '', item ?? ''].join(' ') }))
    .toSorted((a, b) => Number(a.at > b.at) - Number(a.at < b.at))
    .map(({ at, text }) => `${at}: ${text}`);

const byAjv = ({ keyword, instancePath, params }: ErrorObject) => ({
  keyword,
  path: instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~')),
  ...(keyword === 'required' && { key: String(params.missingProperty) }),
  ...(keyword === 'additionalProperties' && { key: String(params.additionalProperty) }),
  ...(keyword === 'uniqueItems' && { item: Math.max(Number(params.i), Number(params.j)) }),
});

const rows = Object.entries(tables).flatMap(([kind, table]) =>
  Object.entries(table).map(([name, row]) => ({ kind, name, row })),
);

test.each(rows)('finds the faults that ajv finds in $kind $name', ({ row }) => {
  const schema = Type.Object(row.options.properties, { additionalProperties: false });
  const ajv = new Ajv({
    strict: true,
    allErrors: true,
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
      expect(fits(view(schema), given)).toBe(validate(given));
      expect(placed([...faultsIn(view(schema), given)])).toEqual(placed((validate.errors ?? []).map(byAjv)));
    }),
    { numRuns: 40 },
  );
});
