import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pack, unpack } from '../../src/cache/pack-outcome.ts';

test('any outcome comes back as it was, through JSON, to the bit', () => {
  const array = fc.oneof(fc.float32Array(), fc.float64Array(), fc.int32Array(), fc.uint8Array());
  const key = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'values', '0'));
  const { value } = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4 },
      fc.double(),
      fc.constantFrom(-0, Number.NaN, Infinity, -Infinity),
      fc.string(),
      fc.boolean(),
      fc.constant(null),
      array,
      fc.array(tie('value')),
      fc.dictionary(key, tie('value'), { noNullPrototype: true }),
    ),
  }));
  fc.assert(
    fc.property(value, (outcome) => {
      const { json, arrays } = pack(outcome);
      const back = unpack({ json: JSON.parse(JSON.stringify(json)) as unknown, arrays });
      expect(fc.stringify(back)).toBe(fc.stringify(outcome));
    }),
    { numRuns: 500 },
  );
});

test('what would come back as something else is refused', () => {
  for (const value of [new Map(), new Date(), new Uint32Array(1), { inside: [new Int16Array(1)] }])
    expect(() => pack(value)).toThrow('cannot be kept');
});
