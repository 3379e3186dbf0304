import { expect, test } from 'vitest';
import type { Diagnostic } from '../../src/base/diagnostics.ts';
import { diagnosticToJson, printDiagnostics } from '../../src/base/print-diagnostics.ts';

const at = (text: string, marked: string, extra: Partial<Diagnostic> = {}): Diagnostic => {
  const start = text.indexOf(marked);
  return {
    code: 'unknown-key',
    severity: 'error',
    message: 'There is no such key.',
    range: { source: { name: '/home/p/x.yaml', text }, start, end: start + marked.length },
    ...extra,
  };
};
const print = (...diagnostics: Diagnostic[]) => printDiagnostics(diagnostics, { color: false, cwd: '/home' });

test('place, message, line, mark, help', () => {
  expect(print(at('name: a\r\ntrain:\r\n  epoch: 3\r\n', 'epoch', { hint: 'Did you mean `epochs`?' }))).toBe(
    [
      'p/x.yaml:3:3 error unknown-key: There is no such key.',
      '   3 |   epoch: 3',
      '     |   ^~~~~',
      '  help: Did you mean `epochs`?',
      '',
    ].join('\n'),
  );
});

test.each([
  ['a tab counts four', '\tkey: 1', 'key', '     |     ^~~'],
  ['wide characters count two', '名前: 数 bad', 'bad', '     |          ^~~'],
  ['a mark under wide characters', 'a: 数字', '数字', '     |    ^~~~'],
  ['combining marks and emoji', 'e\u0301 👩 bad', 'bad', '     |      ^~~'],
  ['nothing to mark', 'a:', '', '     | ^'],
  ['a byte order mark has no column', '\ufeffbad: 1', 'bad', '     | ^~~'],
  ['a range over lines is marked on its first', 'a:\n  b: 1\n  c: 2', 'b: 1\n  c: 2', '     |   ^~~~'],
])('%s', (_, text, marked, mark) => {
  expect(print(at(text, marked)).split('\n')[2]).toBe(mark);
});

test('control characters are shown, never sent', () => {
  const text = 'a: \u001b[31mred\u0007\u202e\u200b bad';
  const shown = print(at(text, 'bad', { message: text, hint: text }));
  expect(shown).not.toMatch(/[\u001b\u0007\u202e\u200b]/);
  expect(shown.split('\n')[1]).toBe('   1 | a: ␛[31mred␇<U+202E><U+200B> bad');
});

test('a long line is cut around the mark', () => {
  const [, line, mark] = print(at(`${'x'.repeat(500)} bad ${'y'.repeat(500)}`, 'bad')).split('\n');
  expect(line!.length).toBeLessThan(140);
  expect(line!.slice(mark!.indexOf('^'), mark!.lastIndexOf('~') + 1)).toBe('bad');
});

test('related places, order, colour, no file', () => {
  const text = 'a: 1\nb: 2\na: 3';
  const first = at(text, 'a: 1');
  const second = at(text, 'a: 3', { related: [{ message: 'the first one', range: first.range! }] });
  const places = print(second, first, { code: 'no-file', severity: 'warning', message: 'None.' }).match(
    /^\S*(error|warning|:\d+:\d+).*$/gm,
  );
  expect(places).toEqual([
    'p/x.yaml:1:1 error unknown-key: There is no such key.',
    'p/x.yaml:3:1 error unknown-key: There is no such key.',
    'warning no-file: None.',
  ]);
  expect(print(second)).toContain('  p/x.yaml:1:1 the first one\n   1 | a: 1\n     | ^~~~');
  expect(printDiagnostics([first], { color: true, cwd: '/' })).toContain('\u001b[31merror unknown-key\u001b[0m');
});

test('JSON counts lines and columns from 1, in UTF-16 units, the end exclusive', () => {
  expect(diagnosticToJson(at('a: 1\n👩: bad', 'bad'))).toEqual({
    code: 'unknown-key',
    severity: 'error',
    message: 'There is no such key.',
    file: '/home/p/x.yaml',
    line: 2,
    column: 5,
    endLine: 2,
    endColumn: 8,
    hint: null,
    related: [],
  });
  expect(diagnosticToJson({ code: 'no-runs', severity: 'error', message: 'y', hint: 'z' })).toMatchObject({
    file: null,
    line: null,
    hint: 'z',
  });
});
