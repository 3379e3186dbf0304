import { UserError, failure } from './diagnostics.ts';

/**
 * What TensorFlow, and TensorFlow.js' other backends, say of an index that a table does not have. Reading a table and
 * adding up its gradient run side by side, and the one that comes first is the one that speaks.
 */
const outside =
  /(?:indices|segment_ids)\[[^\]]*\] = (-?\d+) is (?:not in|out of range) \[0, (\d+)\)|the index value (-?\d+) is not in \[0, (-?\d+)\]/;

/**
 * Says of an error in which a layer read an index that it does not have that it was; anything else is returned as it
 * is.
 */
export function explainWrongIndex(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof UserError) return error;
  const [, index, count, other, last] = outside.exec(error.message) ?? [];
  const given = index ?? other;
  if (given === undefined) return error;
  const known = count ?? String(Number(last) + 1);
  return failure(
    'index-out-of-range',
    `a layer that reads indices, such as an embedding, was given ${given}, and knows those from 0 to below ${known}`,
    'Make its table larger (`inputDim`), or correct what it reads.',
    error,
  );
}
