import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { Diagnostic } from '../../src/base/diagnostics.ts';
import { CheckpointFolder } from '../../src/checkpoints/checkpoint-folder.ts';

const root = mkdtempSync(join(tmpdir(), 'layerline-checkpoints-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let count = 0;
const newFolder = () => join(root, String(count++));

/** A folder, and what it warned of. */
function open(directory: string, keep = 2) {
  const warnings: Diagnostic[] = [];
  const folder = new CheckpointFolder<{ readonly at: number }>(directory, { keep, everySteps: 1 }, (warning) =>
    warnings.push(warning),
  );
  const write = (steps: number, isBest = false) =>
    folder.write(
      steps,
      () => ({ state: { at: steps }, arrays: [{ name: 'w', shape: [1], values: Float32Array.of(steps) }] }),
      isBest,
    );
  return { folder, warnings, write };
}
const stepsIn = (directory: string) =>
  readdirSync(directory).map((name) => Number(/^step-(\d{12})\.ckpt$/.exec(name)![1]));

test('the last ones and the best one stay, also after the process is another', () => {
  const directory = newFolder();
  const { write } = open(directory);
  for (const steps of [1, 2, 3]) write(steps, steps === 1);
  expect(stepsIn(directory)).toEqual([1, 2, 3]);
  const next = open(directory);
  expect(next.folder.newest()!.state).toEqual({ at: 3 });
  next.write(4);
  expect(stepsIn(directory)).toEqual([1, 3, 4]);
  next.write(5, true);
  next.write(6);
  next.write(7);
  expect(stepsIn(directory)).toEqual([5, 6, 7]);
  const { state, arrays } = open(directory).folder.newest()!;
  expect([state, ...arrays[0]!.values]).toEqual([{ at: 7 }, 7]);
});

test('damaged ones are told of and removed, until one is whole', () => {
  const directory = newFolder();
  const { write } = open(directory, 3);
  for (const steps of [1, 2, 3]) write(steps);
  for (const steps of [2, 3]) {
    const path = join(directory, `step-00000000000${steps}.ckpt`);
    writeFileSync(path, readFileSync(path).subarray(0, -1));
  }
  const { folder, warnings } = open(directory);
  expect(folder.newest()!.state).toEqual({ at: 1 });
  expect(warnings.map(({ code, severity }) => [code, severity])).toEqual([
    ['damaged-checkpoint', 'warning'],
    ['damaged-checkpoint', 'warning'],
  ]);
  expect(stepsIn(directory)).toEqual([1]);
  expect(open(newFolder()).folder.newest()).toBeUndefined();
});

test('a disk that takes nothing is told of once, and tried again', () => {
  const directory = newFolder();
  writeFileSync(directory, 'a file where the folder should be');
  const { folder, warnings, write } = open(directory);
  expect([write(1), write(2)]).toEqual([false, false]);
  expect(warnings.map(({ code }) => code)).toEqual(['no-checkpoint']);
  rmSync(directory);
  expect(write(3)).toBe(true);
  expect(folder.newest()!.state).toEqual({ at: 3 });
});

const full = newFolder();
mkdirSync(full);
/** Needs the right to mount: a disk of 256 kB. */
const canMount = (() => {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', full], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

test.runIf(canMount)('a disk that fills up keeps the ones before whole; there is room again, and they go on', () => {
  const directory = join(full, 'checkpoints');
  const { folder, warnings } = open(directory, 9);
  const write = (steps: number) =>
    folder.write(steps, () => ({
      state: { at: steps },
      arrays: [{ name: 'w', shape: [25_000], values: new Float32Array(25_000) }],
    }));
  try {
    expect([write(1), write(2), write(3), write(4)]).toEqual([true, true, false, false]);
    expect(warnings).toMatchObject([{ code: 'no-checkpoint', message: expect.stringContaining('no space left') }]);
    expect(stepsIn(directory)).toEqual([1, 2]);
    expect(open(directory).folder.newest()!.state).toEqual({ at: 2 });
    rmSync(join(directory, 'step-000000000001.ckpt'));
    expect(write(5)).toBe(true);
    expect(open(directory).folder.newest()!.state).toEqual({ at: 5 });
  } finally {
    execFileSync('umount', [full]);
  }
});
