import fc from 'fast-check';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { MetricFiles } from '../../src/tracking/store/metric-files.ts';

const directory = mkdtempSync(join(tmpdir(), 'layerline-metrics-'));
afterAll(() => rmSync(directory, { recursive: true }));

const metric = fc.record({
  key: fc.constantFrom('loss', 'val/loss'),
  value: fc.oneof(fc.double(), fc.constantFrom(NaN, Infinity, -0, 1, 1e21, 5e-324)),
  step: fc.integer({ min: 0, max: 3 }),
  timestamp: fc.integer({ min: 1, max: 4 }),
});

let count = 0;

test('whatever is appended in whatever order, each value is there once, as a whole line that reads back', () => {
  fc.assert(
    fc.property(fc.array(fc.array(metric, { maxLength: 8 }), { maxLength: 6 }), (batches) => {
      const folder = join(directory, String(count++));
      const files = new MetricFiles(join(folder, 'metrics'), join(folder, 'aside'));
      for (const batch of batches) files.append(batch);
      for (const key of ['loss', 'val/loss']) {
        const expected = new Set(
          batches
            .flat()
            .filter((m) => m.key === key)
            .map((m) => JSON.stringify([m.timestamp, Object.is(m.value, -0) ? 0 : String(m.value), m.step])),
        );
        if (expected.size === 0) continue;
        const text = readFileSync(join(folder, 'metrics', key), 'utf8');
        expect(text).toMatch(/\n$/);
        const read = text
          .trimEnd()
          .split('\n')
          .map((line) => line.split(' '));
        for (const parts of read) expect(parts).toHaveLength(3);
        const lines = read.map(([timestamp, value, step]) => `${timestamp} ${value} ${step}`);
        expect(new Set(lines).size).toBe(lines.length);
        const values = new Set(
          read.map(([timestamp, value, step]) =>
            JSON.stringify([Number(timestamp), value === '0' ? 0 : value, Number(step)]),
          ),
        );
        expect(values).toEqual(new Set([...expected].map((e) => e.replace('"0"', '0'))));
      }
    }),
    { numRuns: 60 },
  );
});
