import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { TrainInput } from '../../src/stages/train-input.ts';
import { newEpoch } from '../../src/stages/training-state.ts';
import type { RunEvent } from '../../src/base/events.ts';
import { describeValidation } from '../../src/commands/run-view.ts';
import { loadEngine } from '../../src/engine/load-engine.ts';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { graphOf } from '../../src/plan/plan-pipeline.ts';
import { load } from '../../src/stages/load.ts';
import { train } from '../../src/stages/train.ts';
import { secondsLeft } from '../../src/stages/training-progress.ts';
import { Rig, digitsPipeline } from '../rig.ts';

const rig = new Rig();
beforeAll(() => rig.writeDigits(400, 200));
afterAll(() => rig.remove());
afterEach(() => vi.restoreAllMocks());

const input = {
  data: { split: { train: new Uint32Array(1000), validation: new Uint32Array(500) } },
  epochs: 10,
} as unknown as TrainInput;
const epochs = (count: number, seconds: number) =>
  Array.from({ length: count }, (_, i) => ({ epoch: i + 1, metrics: { loss: 1 }, samplesPerSecond: 500, seconds }));

test('the time left has validation in it, as long as it took so far', () => {
  // Two epochs of 2 s of training and 3 s of validation each: eight are left.
  expect(secondsLeft(input, { finished: epochs(2, 5), trainingMs: 4000, ranAs: [], now: newEpoch() })).toBeCloseTo(
    8 * 5,
  );
  // Half of the third is trained.
  const half = { ...newEpoch(), ms: 1000, tally: { ...newEpoch().tally, seen: 500 } };
  expect(secondsLeft(input, { finished: epochs(2, 5), trainingMs: 4000, ranAs: [], now: half })).toBeCloseTo(8 * 5 - 1);
  // All of it, and a fifth of its validation, which took as long as the same part before.
  const whole = { ...newEpoch(), ms: 2000, tally: { ...newEpoch().tally, seen: 1000 } };
  expect(
    secondsLeft(input, { finished: epochs(2, 5), trainingMs: 4000, ranAs: [], now: whole }, { done: 100, ms: 600 }),
  ).toBeCloseTo(8 * 5 - 2 - 0.6);
});

test('before the first validation it is taken for the third of a step that it is', () => {
  const half = { ...newEpoch(), ms: 1000, tally: { ...newEpoch().tally, seen: 500 } };
  expect(secondsLeft(input, { finished: [], trainingMs: 0, ranAs: [], now: half })).toBeCloseTo(19 + 10 / 3);
  const without = {
    ...input,
    data: { split: { train: new Uint32Array(1000), validation: new Uint32Array(0) } },
  } as unknown as TrainInput;
  expect(secondsLeft(without, { finished: [], trainingMs: 0, ranAs: [], now: half })).toBeCloseTo(19);
});

test('a validation that takes its time is seen to go on', async () => {
  const { checked } = checkSource({
    name: join(rig.folder, 'digits.yaml'),
    text: digitsPipeline({ layers: '[flatten, dense 10]', epochs: 2 }),
  });
  const { pipeline, plan } = checked!;
  const data = await load({ ...pipeline.data, seed: pipeline.seed, folder: rig.folder });
  // A clock by which each look takes 120 ms.
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => (now += 120));
  const events: RunEvent[] = [];
  const trained = await train({
    engine: await loadEngine(),
    data,
    graph: graphOf(plan),
    ...pipeline.train,
    batchSize: 16,
    wanted: [],
    seed: 7,
    emit: (event) => events.push(event),
    signal: new AbortController().signal,
  });
  trained.dispose();
  vi.restoreAllMocks();
  const validating = events.flatMap((event) => (event.type === 'validation-progress' ? [event] : []));
  expect(new Set(validating.map(({ epoch }) => epoch))).toEqual(new Set([1, 2]));
  for (const { done, count, etaSeconds } of validating)
    expect([count, done > 0 && done <= 100, etaSeconds >= 0]).toEqual([100, true, true]);
  const [first] = validating;
  // It comes between the last step of its epoch and the epoch's end.
  const order = events.map((event) => event.type);
  expect(order.indexOf('validation-progress')).toBeLessThan(order.indexOf('epoch-finished'));
  expect(describeValidation(first!)).toMatch(/^epoch 1\/2 {2}validation \d+\/100 {2}\d.* left$/);
}, 60_000);
