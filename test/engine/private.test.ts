import { expect, test } from 'vitest';
import type { Tf } from '../../src/engine/tensorflow.ts';
import { privateParts } from '../../src/engine/private-parts.ts';
import { nativeTf } from './graph/rig.ts';

const tf = await nativeTf();
type Backend = Record<string, unknown> & { binding: Record<string, unknown> };
const backend = tf.backend() as unknown as Backend;

/** tfjs whose backend has some parts replaced. */
function withBackend(parts: Record<string, unknown>): Tf {
  const changed = Object.create(backend, Object.getOwnPropertyDescriptors(parts)) as unknown;
  return { ...tf, backend: () => changed } as Tf;
}

function withBinding(parts: Record<string, unknown>): Tf {
  return withBackend({ binding: Object.create(backend.binding, Object.getOwnPropertyDescriptors(parts)) });
}

test('this tfjs-node has the parts, and trying them out leaves no tensor', () => {
  const before = tf.memory().numTensors;
  privateParts(tf);
  expect(tf.memory().numTensors).toBe(before);
});

test.each<[string, Tf, RegExp]>([
  ['another backend', withBackend({ binding: undefined }), /its backend has no binding/],
  ['no sessions', withBinding({ runSavedModel: undefined }), /the addon has no runSavedModel/],
  ['other numbers', withBinding({ TF_BOOL: 11 }), /TF_BOOL is 11, not 10/],
  ['a method renamed', withBackend({ createOutputTensor: undefined }), /its backend has no createOutputTensor/],
  [
    'ids of another kind',
    withBackend({
      getInputTensorIds: () => [
        backend.binding['createTensor'] &&
          (backend.binding['createTensor'] as (...given: unknown[]) => number)([], 1, Float32Array.of(7)),
      ],
    }),
    /tensor ids do not lead to the values/,
  ],
  ['ops that go elsewhere', withBackend({ binding: backend.binding }), /ops do not pass through its binding/],
])('%s: said by name', (_, changed, message) => {
  expect(() => privateParts(changed)).toThrow(message);
});

test('a cover of the addon is taken off again, also when the body throws', () => {
  const parts = privateParts(tf);
  const original = backend.binding;
  expect(() =>
    parts.intercept({}, () => {
      throw new RangeError('inside');
    }),
  ).toThrow(new RangeError('inside'));
  expect(backend.binding).toBe(original);
});
