import { rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { RunEvent } from '../../src/base/events.ts';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { runPipeline } from '../../src/run/run-pipeline.ts';
import { chooseTracker } from '../../src/tracking/choose-tracker.ts';
import { optimizers } from '../../src/training/optimizers.ts';
import { draws } from '../draws.ts';
import { Rig, digitsPipeline } from '../rig.ts';

const rig = new Rig();
beforeAll(() => rig.writeDigits(150, 100));
afterAll(() => rig.remove());

/** Runs a text in this process; gives its outcome, and the steps that it went on after. */
async function run(text: string, cache?: string) {
  const { checked } = checkSource({ name: join(rig.folder, 'digits.yaml'), text });
  let after: number | undefined;
  const emit = (event: RunEvent) => {
    if (event.type === 'training-resumed') after = event.step;
    if (event.type === 'diagnostic' && event.diagnostic.code !== 'nothing-learnt')
      throw new Error(event.diagnostic.message);
  };
  const tracker = chooseTracker({ runsDirectory: join(rig.folder, 'runs'), warn: () => {}, env: {} });
  const { status, weightsSha256, metrics } = await runPipeline({
    checked: checked!,
    tracker,
    emit,
    signal: new AbortController().signal,
    ...(cache === undefined ? {} : { cache }),
  });
  expect(status).toBe('FINISHED');
  return { after, outcome: { weightsSha256, metrics } };
}

const textOf = (options: Parameters<typeof digitsPipeline>[0], lines: readonly string[]) =>
  `${digitsPipeline({ ...options, batchSize: 25 }).replace('validation: 100', 'validation: 50')}${lines.join('')}`;
const optional = (...texts: readonly string[]) => fc.constantFrom('', ...texts.map((text) => `  ${text}\n`));
const cases = fc.record({
  layers: fc.constantFrom(
    '[flatten, dense 10]',
    '[conv 3x3x2 relu, batchNormalization, flatten, dropout 0.3, dense 10]',
  ),
  train: fc.constantFrom(...Object.keys(optimizers)),
  lines: fc.tuple(
    optional(
      'schedule: { step: { every: 1, factor: 0.5 } }',
      'schedule: exponential',
      'schedule: { cosine: { epochs: 3 } }',
      'schedule: { polynomial: { epochs: 2, warmUp: 0.5 } }',
      'schedule: { reduceOnPlateau: { patience: 1, minDelta: 1 } }',
    ),
    optional('ema: { decay: 0.9 }'),
    optional('clipNorm: 1'),
    optional('step: eager'),
  ),
  fewer: fc.integer({ min: 1, max: 3 }),
  more: fc.integer({ min: 1, max: 2 }),
});

test('more epochs go on from the kept training of fewer, and end with the bits of one from the start', async () => {
  await fc.assert(
    fc.asyncProperty(cases, async ({ lines, fewer, more, ...options }) => {
      const cache = join(rig.folder, 'cache');
      const short = textOf({ ...options, epochs: fewer }, lines);
      const long = textOf({ ...options, epochs: fewer + more }, lines);
      expect((await run(short, cache)).after).toBeUndefined();
      const { after, outcome } = await run(long, cache);
      expect(after).toBe(fewer * 4);
      expect(outcome).toEqual((await run(long)).outcome);
      rmSync(cache, { recursive: true });
    }),
    { numRuns: draws(10) },
  );
}, 120_000);

test.each(['schedule: cosine', 'schedule: linear', 'schedule: oneCycle', 'earlyStopping: { patience: 9 }'])(
  'with %s they begin again',
  async (line) => {
    const cache = join(rig.folder, line.replaceAll(/\W/g, ''));
    await run(textOf({ epochs: 2 }, [`  ${line}\n`]), cache);
    expect((await run(textOf({ epochs: 3 }, [`  ${line}\n`]), cache)).after).toBeUndefined();
  },
  30_000,
);
