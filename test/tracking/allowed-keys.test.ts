import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AllowedKeys } from '../../src/tracking/store/allowed-keys.ts';

// The rule of MLflow 3.17 (`mlflow/utils/validation.py`), and of file systems.
function isTaken(key: string): boolean {
  const segments = key.split('/');
  return (
    /^[/\p{L}\p{N}_.\- :]+$/u.test(key) &&
    !key.startsWith('..') &&
    key.length <= 250 &&
    segments.every((s) => s !== '' && s !== '.' && s !== '..' && Buffer.byteLength(s) <= 255)
  );
}

const anyKey = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: fc.constantFrom('a', '.', '/', ' ', ':', '#', '가', '-'), maxLength: 12 }),
  fc.string({ unit: fc.constantFrom('가', '𝒳', '/'), minLength: 80, maxLength: 300 }),
);

test('every key becomes one that MLflow takes', () => {
  fc.assert(fc.property(anyKey, (key) => isTaken(new AllowedKeys().allow(key))));
});

test('different keys stay different, and can be files and folders of one tree', () => {
  fc.assert(
    fc.property(fc.uniqueArray(anyKey, { maxLength: 20 }), (keys) => {
      const allowed = new AllowedKeys();
      const names = keys.map((key) => allowed.allow(key));
      expect(new Set(names).size).toBe(keys.length);
      for (const name of names)
        expect(
          names.some((other) => other.startsWith(`${name}/`)),
          name,
        ).toBe(false);
      expect(keys.map((key) => allowed.allow(key))).toEqual(names);
    }),
  );
});

test('a key that MLflow takes stays as it is', () => {
  for (const key of ['loss', 'val_loss', 'test/accuracy', 'lr: 0.1', '정확도', 'a.b.c', 'mlflow.note.content'])
    expect(new AllowedKeys().allow(key)).toBe(key);
});

test('another run gives the same names', () => {
  expect(new AllowedKeys().allow('a[0]')).toBe('a_0_-a2b5a4b9');
  expect(new AllowedKeys().allow('a(0)')).toMatch(/^a_0_-(?!a2b5a4b9)[0-9a-f]{8}$/);
});
