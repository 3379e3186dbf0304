import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadCheckpoint, saveCheckpoint } from '../../src/checkpoints/checkpoint-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'layerline-checkpoint-'));
const path = join(folder, 'one.ckpt');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('the state of the longest training comes back', () => {
  const finished = Array.from({ length: 1_000_000 }, (_, i) => ({
    epoch: i + 1,
    metrics: { loss: 0.5 },
    samplesPerSecond: 1,
    seconds: 1,
  }));
  saveCheckpoint(path, { state: { finished }, arrays: [] });
  expect(loadCheckpoint<{ readonly finished: unknown[] }>(path).state.finished.at(-1)).toEqual(finished.at(-1));
}, 120_000);
