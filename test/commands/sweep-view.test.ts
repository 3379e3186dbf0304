import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { cutToWidth, displayWidth } from '../../src/base/visible-text.ts';
import type { SweepEvent } from '../../src/sweeps/sweep-events.ts';
import { Rig } from '../rig.ts';
import { until } from '../until.ts';

// tmux is the judge: a terminal that nobody here wrote. It breaks lines again where it is made narrower.
const hasTmux = spawnSync('tmux', ['-V']).status === 0;
const rig = new Rig();
const socket = join(rig.folder, 'tmux');
afterAll(() => {
  tmux('kill-server');
  rig.remove();
});

function tmux(...args: readonly string[]): string {
  const env = { ...process.env, LC_ALL: 'C.UTF-8', TERM: 'xterm-256color' };
  return spawnSync('tmux', ['-u', '-S', socket, '-f', '/dev/null', ...args], { encoding: 'utf8', env }).stdout;
}

/** All that the terminal shows, and what went out at its top, line by line; `joined`: those that it broke as one. */
const screen = (...joined: readonly '-J'[]) =>
  tmux('capture-pane', '-p', '-S', '-', ...joined, '-t', 'sweep')
    .trimEnd()
    .split('\n')
    .map((line) => line.trimEnd());

const long = { 'model.layers[0]': { conv2d: { filters: 32, kernel: [3, 3], padding: 'same', activation: 'relu' } } };
const values = [
  { ...long, 'train.batchSize': 50 },
  { note: '学習率を下げて長く訓練する実験の三番目、正則化は弱い、層は深い、幅は広い、種は七', 'train.batchSize': 100 },
  { note: '🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀🚀', name: 'e\u0301te\u0301 '.repeat(3) },
];
const started = (trial: number): SweepEvent => ({
  type: 'trial-started',
  trial,
  values: values[(trial - 1) % values.length]!,
  runId: 'r',
  rung: 0,
  attempt: 1,
});
const ended = (trial: number): SweepEvent => ({
  type: 'trial-ended',
  trial,
  state: 'finished',
  score: 0.9,
  seconds: 2,
  again: false,
  best: { trial: 1, score: 0.9 },
});
const begin: SweepEvent = {
  type: 'sweep-started',
  name: '長い名前の掃引',
  id: '0123456789ab',
  runId: '0123456789abcdef0123456789abcdef',
  trials: 60,
  begun: 0,
  metric: 'val_accuracy',
};
// As many as push the table to the end of the screen: on an emptier one, tmux moves the cursor away from it when it
// breaks lines again.
const earlier = Array.from({ length: 30 }, (_, i) => 101 + i);
const rounds: readonly (readonly SweepEvent[])[] = [
  [
    begin,
    ...earlier.map(ended),
    started(1),
    started(2),
    started(3),
    { type: 'trial-progress', trial: 2, epoch: 3, score: 0.5 },
  ],
  [ended(1), started(4), started(6)],
  Array.from({ length: 40 }, (_, i) => started(i + 7)),
];
const head = 'sweep 0123456789ab of 長い名前の掃引: 60 trials (run 0123456789abcdef0123456789abcdef)';
const told = (trial: number) => `trial ${trial} finished  val_accuracy 0.9000  2.0 s  best 0.9000 (trial 1)`;

/** The log whole, then exactly the rows of these trials, each as wide as there is room, and nothing left of others. */
function proveScreen(columns: number, log: readonly string[], trials: readonly number[]): void {
  const lines = screen();
  const rows = lines.slice(-trials.length);
  expect(rows.map((row) => Number(/^ {2}(?: \d|\d+)/.exec(row)?.[0]))).toEqual(trials);
  for (const row of rows) {
    expect(displayWidth(row)).toBeLessThanOrEqual(columns);
    if (columns <= 80) expect(row).toMatch(/[^.]\.\.\.$/);
    else if (row.endsWith('...')) expect(displayWidth(row)).toBeGreaterThan(columns - 2);
  }
  expect(
    screen('-J')
      .slice(0, -trials.length)
      .map((line) => line.replaceAll(/ +/g, ' ')),
  ).toEqual(log.map((line) => line.replaceAll(/ +/g, ' ')));
}

const settle = (what: string, holds: () => void) =>
  until(
    what,
    () => {
      try {
        holds();
        return true;
      } catch {
        return false;
      }
    },
    30,
  ).catch(() => holds());

describe.skipIf(!hasTmux)(`the table of a sweep on a terminal${hasTmux ? '' : ' (needs tmux)'}`, () => {
  test('holds at every width, and when it changes in the middle', async () => {
    const tsx = join(import.meta.dirname, '../../node_modules/tsx/dist/loader.mjs');
    const program = [process.execPath, '--import', tsx, join(import.meta.dirname, 'sweep-on-terminal.ts')];
    const size = ['-x', '80', '-y', '24'];
    tmux('new-session', '-d', '-s', 'sweep', ...size, ...program, JSON.stringify(rounds));
    tmux('set-option', '-g', 'status', 'off');
    tmux('set-option', '-t', 'sweep', 'window-size', 'manual');
    const resize = (columns: number, lines = 24) =>
      tmux('resize-window', '-t', 'sweep', '-x', String(columns), '-y', String(lines));
    for (const columns of [80, 40, 120, 60, 40]) {
      resize(columns);
      await settle(`the first trials, ${columns} columns`, () =>
        proveScreen(columns, [head, ...earlier.map(told)], [1, 2, 3]),
      );
    }
    tmux('send-keys', '-t', 'sweep', 'n');
    for (const columns of [40, 120, 60, 80]) {
      resize(columns);
      await settle(`others, ${columns} columns`, () =>
        proveScreen(columns, [head, ...[...earlier, 1].map(told)], [2, 3, 4, 6]),
      );
    }
    tmux('send-keys', '-t', 'sweep', 'n');
    await settle('many', () => expect(screen().at(-1)).toBe('  and 25 more'));
    resize(80, 12);
    await settle('many on few lines', () => expect(screen().at(-1)).toBe('  and 35 more'));
    tmux('send-keys', '-t', 'sweep', 'n');
    await settle('nothing', () => expect(screen('-J').at(-1)).toContain('trial 1 finished'));
  }, 120_000);
});

test('a text is cut by the columns that it takes', () => {
  expect(cutToWidth('plain', 5)).toBe('plain');
  expect(cutToWidth('plain text', 8)).toBe('plain...');
  expect(cutToWidth('漢字漢字漢字', 8)).toBe('漢字...');
  expect(cutToWidth('🚀🚀🚀', 6)).toBe('🚀🚀🚀');
  expect(cutToWidth('👩‍🚀👩‍🚀👩‍🚀', 5)).toBe('👩‍🚀...');
  expect(cutToWidth('e\u0301e\u0301e\u0301e\u0301e\u0301', 4)).toBe('e\u0301...');
  expect([0, 1, 2, 3].map((columns) => cutToWidth('漢字漢字', columns))).toEqual(['', '', '.', '..']);
});
