import { expect, test } from 'vitest';
import { displayWidth } from '../../src/base/visible-text.ts';
import { progressLine } from '../../src/commands/progress-line.ts';

/** What a terminal of any width shows in the end. */
function shown(text: string): readonly string[] {
  return text.split('\n').map((line) => line.split('\r\u001b[K').at(-1)!);
}

test('one line for each thing: it moves, ends once, and what never ends gives its line to the next', () => {
  let written = '';
  const progress = progressLine((text) => (written += text));
  for (const [what, fraction] of [
    ['wait', 0],
    ['download', 0],
    ['download', 0.5],
    ['download', 1],
    ['extract', 0.99],
    ['extract', 1],
    ['extract', 1],
    ['bad\u001b[2Jname', 1.2],
  ] as const)
    progress(what, fraction);
  const full = '█'.repeat(30);
  expect(shown(written)).toEqual([
    `download ${full} 100 %`,
    `extract ${full} 100 %`,
    expect.stringMatching(new RegExp(`^bad(?!\u001b).*name ${full} 100 %$`)),
    '',
  ]);
  expect(written).toContain(`download ${'█'.repeat(15)}${'░'.repeat(15)}  50 %`);
});

test('the same thing may come again', () => {
  let written = '';
  const progress = progressLine((text) => (written += text));
  for (const fraction of [1, 0, 1]) progress('x', fraction);
  expect(shown(written)).toHaveLength(3);
});

test.each([20, 40, 60, 80, 120])('a line is never broken by a terminal of %i columns', (columns) => {
  let written = '';
  const progress = progressLine(
    (text) => (written += text),
    () => columns,
  );
  const names = [
    'https://host/a/long/way/to/a/file/of/many/megabytes/train.csv.gz',
    '学習率を下げる'.repeat(9),
    'short',
  ];
  for (const what of names) for (const fraction of [0, 0.5, 1]) progress(what, fraction);
  const lines = shown(written).slice(0, -1);
  expect(lines).toHaveLength(names.length);
  for (const line of lines) {
    expect(displayWidth(line)).toBeLessThan(columns);
    expect(line).toMatch(/█ 100 %$/);
  }
});
