import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createPace } from '../../src/checkpoints/checkpoint-schedule.ts';

test('without a setting, checkpoints take about 1 % of the time, whatever they and the steps cost', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1, max: 5000, noNaN: true }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      (cost, speed) => {
        let [time, spent, count, start] = [0, 0, 0, 0];
        const pace = createPace({}, () => time);
        const step = Math.max(1, cost * speed);
        for (let steps = 1; count < 40; steps++) {
          time += step;
          if (!pace.isDue(steps)) continue;
          time += cost;
          pace.took(cost);
          spent += cost;
          // The first few go by a guess.
          if (++count === 10) [start, spent] = [time, 0];
        }
        const share = spent / (time - start);
        expect(share).toBeGreaterThan(0.004);
        expect(share).toBeLessThan(0.0105);
      },
    ),
    { numRuns: 50 },
  );
});

test('a disk that becomes slow makes them rarer, one that recovers makes them frequent again', () => {
  let time = 0;
  const pace = createPace({}, () => time);
  const wait = (cost: number) => {
    const start = time;
    while (!pace.isDue(1)) time += 1;
    pace.took(cost);
    return time - start;
  };
  for (let i = 0; i < 10; i++) wait(2);
  expect(wait(2)).toBeLessThan(210);
  for (let i = 0; i < 10; i++) wait(100);
  expect(wait(100)).toBeGreaterThan(9900);
  for (let i = 0; i < 10; i++) wait(2);
  expect(wait(2)).toBeLessThan(310);
});

test('everySteps counts steps of the whole training, everySeconds the time; with both, whichever comes first', () => {
  let time = 0;
  const dueAt = (pace: ReturnType<typeof createPace>) =>
    Array.from({ length: 12 }, (_, i) => i + 1).filter((steps) => {
      time += 1000;
      const due = pace.isDue(steps);
      if (due) pace.took(0);
      return due;
    });
  expect(dueAt(createPace({ everySteps: 5 }, () => time))).toEqual([5, 10]);
  expect(dueAt(createPace({ everySeconds: 4 }, () => time))).toEqual([4, 8, 12]);
  expect(dueAt(createPace({ everySteps: 5, everySeconds: 4 }, () => time))).toEqual([4, 5, 9, 10]);
});
