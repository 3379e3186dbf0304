import { expect, test } from 'vitest';
import { RequestError } from '../../src/tracking/server/mlflow-connection.ts';
import { RetryPolicy } from '../../src/tracking/server/retry.ts';

const busy = (retryAfter?: number) => new RequestError('busy', { status: 503, retryAfter });

test.each([undefined, 0, -5, 1e-9])('a server that asks to wait %s seconds is not asked without a pause', (seconds) => {
  const policy = new RetryPolicy({});
  for (const [failures, least] of [
    [1, 375],
    [2, 750],
    [4, 3000],
    [12, 22_500],
  ] as const) {
    expect(policy.delay(busy(seconds), failures)).toBeGreaterThanOrEqual(least);
    expect(policy.delay(busy(seconds), failures)).toBeLessThanOrEqual(least / 0.6);
  }
});

test('a server gets the time that it asks for, and no more than the longest', () => {
  const policy = new RetryPolicy({});
  expect(policy.delay(busy(7), 1)).toBe(7000);
  expect(policy.delay(busy(1e5), 1)).toBe(30_000);
  expect(policy.delay(busy(1e5), 1, 2000)).toBe(2000);
});
