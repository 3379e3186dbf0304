import { copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { TrainingState } from '../../src/stages/training-state.ts';
import type { RunEvent } from '../../src/base/events.ts';
import { CheckpointFolder } from '../../src/checkpoints/checkpoint-folder.ts';
import type { Engine } from '../../src/engine/tensorflow.ts';
import { loadEngine } from '../../src/engine/load-engine.ts';
import { mostStepsWrittenOut } from '../../src/layers/run-cells.ts';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { graphOf } from '../../src/plan/plan-pipeline.ts';
import { type LoadedData, load } from '../../src/stages/load.ts';
import { train } from '../../src/stages/train.ts';
import { optimizers } from '../../src/training/optimizers.ts';
import { schedules } from '../../src/training/schedules.ts';
import { draws } from '../draws.ts';
import { Rig, digitsPipeline } from '../rig.ts';

const rig = new Rig();
let engine: Engine;
beforeAll(async () => {
  rig.writeDigits(150, 50);
  engine = await loadEngine();
});
afterAll(() => rig.remove());

const layers = [
  'flatten, dense 10',
  'conv 3x3x2 same relu, maxpool 2x2, flatten, dropout 0.3, dense 10',
  'conv 3x3x2 relu, batchNormalization, flatten, dropout 0.3, dense 10',
  'flatten, { gaussianNoise: { stddev: 0.1 } }, dense 8 relu, { alphaDropout: { rate: 0.2 } }, dense 10',
  'flatten, dense 8 relu, { dropout: { rate: 0.3, noiseShape: [1, null] }, name: drop }, dense 8 relu, ' +
    '{ share: drop }, dense 10',
];
const optional = (...texts: readonly string[]) => fc.constantFrom('', ...texts.map((text) => `  ${text}\n`));
const texts = fc
  .record({
    layers: fc.constantFrom(...layers.map((list) => `[${list}]`)),
    train: fc.constantFrom(...Object.keys(optimizers)),
    epochs: fc.integer({ min: 1, max: 4 }),
    batchSize: fc.constantFrom(16, 25, 50),
  })
  .chain((options) =>
    fc
      .tuple(
        optional(
          ...Object.keys(schedules).map((name) => `schedule: ${name}`),
          'schedule: { reduceOnPlateau: { patience: 1, minDelta: 1 } }',
        ),
        optional('ema: { decay: 0.9 }'),
        optional(
          'earlyStopping: { patience: 1, minDelta: 0.05 }',
          'earlyStopping: { monitor: accuracy, patience: 0, restoreBestWeights: false }',
        ),
        optional('clipNorm: 1', 'clipValue: 0.01'),
        optional('classWeights: balanced', 'sampling: balanced'),
        optional('step: eager'),
        optional('augment: [shift(2), mixup, { cutout: { size: 6, probability: 0.5, from: 2 } }]'),
      )
      .map((lines) => `${digitsPipeline(options).replace('validation: 100', 'validation: 50')}${lines.join('')}`),
  );

interface Outcome {
  readonly weights: string;
  readonly epoch: number;
  readonly history: unknown;
  /** What the epochs told, resumed or not. */
  readonly told: unknown;
  readonly resumed: number | undefined;
  readonly ranAs: string;
  /** What was gathered of the labels. */
  readonly margins: unknown;
}

/** Trains by the real stage, with a checkpoint after every step in a folder. */
async function trainIn(folder: string, text: string, data: LoadedData, keep: number): Promise<Outcome> {
  const { pipeline, plan } = checkSource({ name: join(rig.folder, 'digits.yaml'), text }).checked!;
  const events: RunEvent[] = [];
  const checkpoints = new CheckpointFolder<TrainingState>(folder, { everySteps: 1, keep }, () => expect.unreachable());
  const before = engine.tf.memory().numTensors;
  const trained = await train({
    engine,
    data,
    graph: graphOf(plan),
    ...pipeline.train,
    checkpoints,
    wanted: [],
    seed: 7,
    emit: (event) => events.push(event),
    signal: new AbortController().signal,
  });
  const { weightsSha256: weights, epoch, history, ranAs, margins } = trained;
  trained.dispose();
  expect(engine.tf.memory().numTensors).toBe(before);
  const told = events.flatMap((event) =>
    event.type === 'epoch-finished' ? [{ epoch: event.epoch, metrics: event.metrics }] : [],
  );
  return {
    weights,
    epoch,
    history,
    told,
    ranAs,
    margins,
    resumed: events.find((event) => event.type === 'training-resumed')?.step,
  };
}

function loadDigits(): Promise<LoadedData> {
  const { pipeline } = checkSource({
    name: join(rig.folder, 'digits.yaml'),
    text: digitsPipeline().replace('validation: 100', 'validation: 50'),
  }).checked!;
  return load({ ...pipeline.data, seed: 7, folder: rig.folder });
}

/** Trained to the end, and from the checkpoint at this share of the steps: the same. @returns the outcome */
async function expectSameEnd(text: string, data: LoadedData, share: number): Promise<Omit<Outcome, 'resumed'>> {
  const [whole, cut] = [join(rig.folder, 'whole'), join(rig.folder, 'cut')];
  for (const folder of [whole, cut]) rmSync(folder, { recursive: true, force: true });
  const { resumed: none, ...expected } = await trainIn(whole, text, data, 1000);
  expect(none).toBeUndefined();
  const files = readdirSync(whole).toSorted();
  const last = files[Math.floor(share * (files.length - 1))]!;
  mkdirSync(cut);
  copyFileSync(join(whole, last), join(cut, last));
  const { resumed, ...outcome } = await trainIn(cut, text, data, 2);
  expect(last).toContain(String(resumed).padStart(12, '0'));
  expect(outcome).toEqual(expected);
  return expected;
}

test('a training that goes on from any of its steps ends with the same bits', async () => {
  const data = await loadDigits();
  await fc.assert(
    fc.asyncProperty(
      texts,
      fc.double({ min: 0, max: 1, noNaN: true }),
      async (text, share) => void (await expectSameEnd(text, data, share)),
    ),
    { numRuns: draws(12) },
  );
}, 240_000);

test.each([
  'reshape 98x8, masking, { lstm: { units: 6, dropout: 0.2, recurrentDropout: 0.2, returnSequences: true } }, ' +
    'bidirectional gru(3), dense 10',
  'reshape 98x2x2x2, { convLstm2d: { filters: 2, kernelSize: 2, padding: same, dropout: 0.2, ' +
    'recurrentDropout: 0.2 } }, flatten, dense 10',
])(
  'so does one with a loop in its graph: %s',
  async (list) => {
    expect(mostStepsWrittenOut).toBeLessThan(98);
    const text = digitsPipeline({ layers: `[${list}]`, epochs: 2, batchSize: 25 }).replace(
      'validation: 100',
      'validation: 50',
    );
    expect((await expectSameEnd(text, await loadDigits(), 0.4)).ranAs).toBe('compiled');
  },
  120_000,
);

test.each(['compiled', 'eager'])(
  'so does one in the middle of an epoch of augmented samples, %s',
  async (step) => {
    const text =
      digitsPipeline({ epochs: 2, batchSize: 16 }).replace('validation: 100', 'validation: 50') +
      `  step: ${step}\n  augment: [shift(2), rotate(10), { noise: { stddev: 10, until: 1 } }, mixup, cutmix(1)]\n`;
    const data = await loadDigits();
    const { weights, ranAs } = await expectSameEnd(text, data, 0.7);
    expect(ranAs).toBe(step);
    const plain = await trainIn(join(rig.folder, 'plain'), text.replace(/ {2}augment.*\n/, ''), data, 1);
    expect(plain.weights).not.toBe(weights);
  },
  120_000,
);

test('a training that goes on with the other kind of steps says so, and is known as made by both', async () => {
  const { pipeline, plan } = checkSource({
    name: join(rig.folder, 'digits.yaml'),
    text: digitsPipeline({ epochs: 2 }).replace('validation: 100', 'validation: 50'),
  }).checked!;
  const data = await loadDigits();
  const warnings: unknown[] = [];
  const trainFor = async (epochs: number, step: 'compiled' | 'eager') => {
    const checkpoints = new CheckpointFolder<TrainingState>(
      join(rig.folder, 'other-step'),
      { everySteps: 1, keep: 1 },
      () => expect.unreachable(),
    );
    const emit = (event: RunEvent) => void (event.type === 'diagnostic' && warnings.push(event.diagnostic));
    const trained = await train({
      engine,
      data,
      graph: graphOf(plan),
      ...pipeline.train,
      epochs,
      step,
      checkpoints,
      wanted: [],
      seed: 7,
      emit,
      signal: new AbortController().signal,
    });
    trained.dispose();
    return trained.ranAs;
  };
  expect(await trainFor(1, 'compiled')).toBe('compiled');
  expect(warnings).toEqual([]);
  expect(await trainFor(2, 'eager')).toBe('compiled and eager');
  expect(warnings).toEqual([
    {
      code: 'other-step',
      severity: 'warning',
      message: expect.stringMatching(/ran compiled, .* run eager \(as the file asks\): .* differ in its last bits/),
    },
  ]);
});
