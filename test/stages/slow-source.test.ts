import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { RunEvent } from '../../src/base/events.ts';
import { CheckpointFolder } from '../../src/checkpoints/checkpoint-folder.ts';
import type { BatchSource } from '../../src/datasets/batch-source.ts';
import type { Engine } from '../../src/engine/tensorflow.ts';
import { loadEngine } from '../../src/engine/load-engine.ts';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { graphOf } from '../../src/plan/plan-pipeline.ts';
import { evaluate } from '../../src/stages/evaluate.ts';
import { load } from '../../src/stages/load.ts';
import { train } from '../../src/stages/train.ts';
import type { TrainingState } from '../../src/stages/training-state.ts';
import { Rig, digitsPipeline } from '../rig.ts';

const rig = new Rig();
let engine: Engine;
beforeAll(async () => {
  rig.writeDigits(400, 200);
  engine = await loadEngine();
});
afterAll(() => rig.remove());
afterEach(() => vi.restoreAllMocks());

/** How a source was asked for batches. */
interface Asked {
  /** Batches that were passed over, for each time that it was. */
  readonly from: number[];
  given: number;
  /** Iterations under way. */
  open: number;
}

/** A source whose batches take their time, in which other work is done. */
function slow(source: BatchSource, asked: Asked): BatchSource {
  return {
    count: source.count,
    labels: (target) => source.labels(target),
    async *batches(wanted) {
      asked.from.push(wanted.from ?? 0);
      asked.open++;
      try {
        for await (const batch of source.batches(wanted)) {
          await setImmediate();
          asked.given++;
          yield batch;
        }
      } finally {
        asked.open--;
      }
    },
  };
}

/** Trains and evaluates by the real stages. */
async function learn(asked?: Asked, folder?: string, stopAt = Infinity) {
  const text = digitsPipeline({ layers: '[flatten, dropout 0.2, dense 10]', epochs: 2, batchSize: 50 });
  const { pipeline, plan } = checkSource({ name: join(rig.folder, 'digits.yaml'), text }).checked!;
  const data = await load({ ...pipeline.data, seed: 7, folder: rig.folder });
  const { train: trained, test: tested } = data.dataset;
  const dataset = {
    ...data.dataset,
    ...(asked === undefined ? {} : { train: slow(trained, asked), test: slow(tested, asked) }),
  };
  const stop = new AbortController();
  const events: RunEvent[] = [];
  const checkpoints =
    folder && new CheckpointFolder<TrainingState>(join(rig.folder, folder), { everySteps: 1, keep: 1 }, () => {});
  const { evaluator, history, weightsSha256, dispose } = await train({
    engine,
    data: { ...data, dataset },
    graph: graphOf(plan),
    ...pipeline.train,
    ...(checkpoints && { checkpoints }),
    wanted: [],
    seed: 7,
    emit: (event) => {
      events.push(event);
      if (event.type === 'checkpoint-written' && event.step === stopAt) stop.abort(new Error('stopped'));
    },
    signal: stop.signal,
  });
  const metrics = pipeline.evaluate.metrics ?? [];
  const { msPerSample: _, ...evaluation } = await evaluate({ evaluator, dataset, metrics, signal: stop.signal });
  dispose();
  return { outcome: { history, weightsSha256, evaluation }, events: events.map(({ type }) => type) };
}

const nothingAsked = (): Asked => ({ from: [], given: 0, open: 0 });

test('samples that are not at hand at once are trained on and evaluated to the same bits', async () => {
  const asked = nothingAsked();
  const { outcome } = await learn(asked);
  expect(outcome).toEqual((await learn()).outcome);
  // Two epochs of six batches with one to validate each, and the test.
  expect(asked).toEqual({ from: [0, 0, 0, 0, 0], given: 2 * (6 + 1) + 1, open: 0 });
});

test('an interrupted training leaves its source, and goes on from the batch that is next', async () => {
  // A clock by which each step is followed by a look outside.
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => (now += 120));
  const [first, second] = [nothingAsked(), nothingAsked()];
  await expect(learn(first, 'kept', 8)).rejects.toThrow('stopped');
  expect(first).toEqual({ from: [0, 0, 0], given: 6 + 1 + 2, open: 0 });
  const { outcome, events } = await learn(second, 'kept');
  expect(events).toContain('training-resumed');
  expect(second).toEqual({ from: [2, 0, 0], given: 4 + 1 + 1, open: 0 });
  expect(outcome.weightsSha256).toBe((await learn()).outcome.weightsSha256);
});
