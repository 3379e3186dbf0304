import fc from 'fast-check';
import { Value } from 'typebox/value';
import { describe, expect, test } from 'vitest';
import { type ScheduleFacts, scheduleRow, schedules } from '../../src/training/schedules.ts';
import { arbitraryOptions } from '../contract/arbitrary-options.ts';

const facts: ScheduleFacts = { learningRate: 0.1, epochs: 10, stepsPerEpoch: 20 };
const ratesOf = (type: string, options: Record<string, unknown>, of: ScheduleFacts = facts) =>
  scheduleRow(type).rates({ warmUp: 0, ...options }, of, []);

describe('values worked out by hand', () => {
  test('step: a tenth every 3 epochs', () => {
    const rates = ratesOf('step', { every: 3, factor: 0.1 });
    expect([0, 59, 60, 119, 120].map((step) => rates(step))).toEqual([
      0.1,
      0.1,
      0.1 * 0.1,
      0.1 * 0.1,
      expect.closeTo(0.001, 12),
    ]);
  });

  test('exponential: the factor after `every` epochs, its root after half of them', () => {
    const rates = ratesOf('exponential', { every: 2, factor: 0.25 });
    expect(rates(40)).toBeCloseTo(0.025, 12);
    expect(rates(20)).toBeCloseTo(0.05, 12);
  });

  test('cosine: half way down in the middle, as keras.optimizers.schedules.CosineDecay', () => {
    const rates = ratesOf('cosine', { endLearningRate: 0.02 });
    expect([0, 100, 200, 500].map((step) => rates(step))).toEqual([
      expect.closeTo(0.1, 12),
      expect.closeTo(0.06, 12),
      expect.closeTo(0.02, 12),
      expect.closeTo(0.02, 12),
    ]);
    expect(ratesOf('cosine', { endLearningRate: 0, epochs: 5 })(50)).toBeCloseTo(0.05, 12);
  });

  test('polynomial: (1 - share)^power, as keras.optimizers.schedules.PolynomialDecay', () => {
    expect(ratesOf('polynomial', { power: 2, endLearningRate: 0.01 })(100)).toBeCloseTo(0.01 + 0.09 * 0.25, 12);
    expect(ratesOf('polynomial', { power: 1, endLearningRate: 0, epochs: 5 })(100)).toBe(0);
  });

  test('oneCycle: the numbers of torch.optim.lr_scheduler.OneCycleLR(max_lr=0.1, total_steps=200)', () => {
    const rates = ratesOf('oneCycle', { warmUp: 3, divFactor: 25, finalDivFactor: 1e4 });
    expect(rates(0)).toBeCloseTo(0.004, 12);
    expect(rates(59)).toBeCloseTo(0.1, 12);
    expect(rates(199)).toBeCloseTo(4e-7, 12);
    expect(rates(29)).toBeCloseTo(0.1 + ((0.004 - 0.1) / 2) * (1 + Math.cos((Math.PI * 29) / 59)), 12);
  });

  test('a warm-up rises in a straight line to the first rate; the fall begins after it', () => {
    const rates = ratesOf('cosine', { endLearningRate: 0, warmUp: 2 });
    expect([0, 9, 19, 39, 40].map((step) => rates(step))).toEqual(
      [0.0025, 0.025, 0.05, 0.1, 0.1].map((rate) => expect.closeTo(rate, 12) as number),
    );
    // Of one step and a half, the first has two thirds of the rate, and the second all of it.
    expect([0, 1, 2].map((step) => ratesOf('step', { every: 3, factor: 0.1, warmUp: 0.075 })(step))).toEqual(
      [0.1 / 1.5, 0.1, 0.1].map((rate) => expect.closeTo(rate, 12) as number),
    );
    expect(rates(200)).toBeCloseTo(0, 12);
  });
});

describe('reduceOnPlateau counts as keras.callbacks.ReduceLROnPlateau', () => {
  const options = {
    monitor: 'val_loss',
    patience: 2,
    minDelta: 0.01,
    mode: 'auto',
    factor: 0.1,
    cooldown: 0,
    minLearningRate: 0.0005,
    warmUp: 0,
  };
  const rateAfter = (values: readonly number[], more: object = {}) =>
    scheduleRow('reduceOnPlateau').rates(
      { ...options, ...more },
      facts,
      values.map((value) => ({ val_loss: value, val_accuracy: value })),
    )(0);

  test('patience, the smallest change, the floor', () => {
    expect(rateAfter([1, 0.995])).toBe(0.1);
    expect(rateAfter([1, 0.995, 0.991])).toBeCloseTo(0.01, 12);
    expect(rateAfter([1, 0.995, 0.98, 0.98, 0.5])).toBe(0.1);
    expect(rateAfter([1, 1, 1, 1, 1, 1, 1, 1, 1])).toBe(0.0005);
  });

  test('after a reduction, `cooldown` epochs are not counted', () => {
    expect(rateAfter([1, 1, 1, 1, 1], { cooldown: 2 })).toBeCloseTo(0.01, 12);
    expect(rateAfter([1, 1, 1, 1, 1, 1], { cooldown: 2 })).toBeCloseTo(0.001, 12);
  });

  test('more is better for an accuracy; a value that is no number says nothing', () => {
    expect(rateAfter([0.5, 0.6, 0.7], { monitor: 'val_accuracy' })).toBe(0.1);
    expect(rateAfter([0.7, 0.6, 0.5], { monitor: 'val_accuracy' })).toBeCloseTo(0.01, 12);
    expect(rateAfter([Number.NaN, Number.NaN])).toBeCloseTo(0.1, 12);
  });
});

const anyFacts = fc.record({
  learningRate: fc.double({ min: 1e-6, max: 1, noNaN: true }),
  epochs: fc.integer({ min: 2, max: 30 }),
  stepsPerEpoch: fc.integer({ min: 1, max: 50 }),
});

describe.each(Object.entries(schedules))('%s', (type, row) => {
  const ratesOver = (options: Record<string, unknown>, epochs: number) => {
    const rates = scheduleRow(type).rates(options, { ...facts, epochs }, [
      { val_loss: 1, loss: 1, accuracy: 0, val_accuracy: 0 },
    ]);
    return Array.from({ length: 3 * facts.stepsPerEpoch }, (_, step) => rates(step));
  };

  test('says whether its rates change with the number of epochs', () => {
    fc.assert(
      fc.property(arbitraryOptions(row.options), fc.integer({ min: 7, max: 30 }), (options, epochs) => {
        if (!scheduleRow(type).dependsOnEpochs(options))
          expect(ratesOver(options, epochs)).toEqual(ratesOver(options, 6));
      }),
      { numRuns: 50 },
    );
    const defaults = Value.Create(row.options) as Record<string, unknown>;
    expect(String(ratesOver(defaults, 6)) === String(ratesOver(defaults, 12))).toBe(
      !scheduleRow(type).dependsOnEpochs(defaults),
    );
  });
});

describe('for any training', () => {
  const falling: [string, fc.Arbitrary<Record<string, unknown>>][] = [
    [
      'step',
      fc.record({ every: fc.integer({ min: 1, max: 8 }), factor: fc.double({ min: 0.01, max: 0.99, noNaN: true }) }),
    ],
    [
      'exponential',
      fc.record({
        every: fc.double({ min: 0.5, max: 8, noNaN: true }),
        factor: fc.double({ min: 0.01, max: 0.99, noNaN: true }),
      }),
    ],
    ['cosine', fc.constant({ endLearningRate: 0 })],
    ['polynomial', fc.record({ endLearningRate: fc.constant(0), power: fc.double({ min: 0.5, max: 4, noNaN: true }) })],
  ];

  test.each(falling)(
    '%s starts at the rate, never rises after the warm-up, stays within 0 and the rate',
    (type, options) => {
      fc.assert(
        fc.property(anyFacts, options, fc.double({ min: 0, max: 1.5, noNaN: true }), (of, chosen, warmUp) => {
          const rates = ratesOf(type, { ...chosen, warmUp }, of);
          const values = Array.from({ length: of.epochs * of.stepsPerEpoch + 5 }, (_, step) => rates(step));
          const rising = warmUp * of.stepsPerEpoch;
          values.forEach((value, step) => {
            expect(value).toBeGreaterThanOrEqual(0);
            expect(value).toBeLessThanOrEqual(of.learningRate * (1 + 1e-12));
            if (step === 0) return;
            if (step - 1 >= rising) expect(value).toBeLessThanOrEqual(values[step - 1]! * (1 + 1e-12));
            else if (step <= rising - 1) expect(value).toBeGreaterThan(values[step - 1]!);
          });
          expect(rates(rising)).toBeCloseTo(of.learningRate, 10);
        }),
        { numRuns: 25 },
      );
    },
  );

  test.each(['cosine', 'polynomial'])('%s ends at endLearningRate, without a jump where the warm-up ends', (type) => {
    fc.assert(
      fc.property(
        anyFacts,
        fc.double({ min: 0.1, max: 1.5, noNaN: true }),
        fc.double({ min: 0, max: 1e-6, noNaN: true }),
        (of, warmUp, endLearningRate) => {
          const rates = ratesOf(type, { warmUp, endLearningRate, power: 1 }, of);
          expect(rates(of.epochs * of.stepsPerEpoch)).toBeCloseTo(endLearningRate, 10);
          const turn = warmUp * of.stepsPerEpoch;
          expect(rates(Math.max(0, turn - 1))).toBeCloseTo(rates(turn), 6);
        },
      ),
      { numRuns: 25 },
    );
  });

  test('oneCycle has one peak, the learning rate, and ends below its start', () => {
    fc.assert(
      fc.property(anyFacts, fc.double({ min: 0.1, max: 1.9, noNaN: true }), (of, warmUp) => {
        const rates = ratesOf('oneCycle', { warmUp, divFactor: 25, finalDivFactor: 1e4 }, of);
        const values = Array.from({ length: of.epochs * of.stepsPerEpoch }, (_, step) => rates(step));
        const top = values.indexOf(Math.max(...values));
        values.forEach((value, step) => {
          if (step > 0)
            expect(step <= top ? value >= values[step - 1]! : value <= values[step - 1]! * (1 + 1e-12)).toBe(true);
        });
        expect(Math.max(...values)).toBeLessThanOrEqual(of.learningRate * (1 + 1e-12));
        expect(values.at(-1)).toBeCloseTo(of.learningRate / 25e4, 9);
      }),
      { numRuns: 25 },
    );
  });
});

test.each(Object.entries(schedules))('%s: no step at the start has a rate of 0', (type, row) => {
  fc.assert(
    fc.property(
      anyFacts,
      arbitraryOptions(row.options),
      fc.double({ min: 0, max: 1.9, noNaN: true }),
      (of, options, warmUp) => {
        const rates = scheduleRow(type).rates({ ...options, warmUp }, of, []);
        for (let step = 0; step < Math.max(1, Math.ceil(warmUp * of.stepsPerEpoch)); step++)
          expect(rates(step)).toBeGreaterThan(0);
      },
    ),
    { numRuns: 50 },
  );
});

test('a warm-up that takes all of the training is a misfit', () => {
  for (const [type, row] of Object.entries(schedules)) {
    expect((row as ReturnType<typeof scheduleRow>).misfit!({ warmUp: 10 }, facts)?.problem, type).toMatch(
      /takes all 10/,
    );
    expect((row as ReturnType<typeof scheduleRow>).misfit!({ warmUp: 1 }, facts), type).toBeUndefined();
  }
});
