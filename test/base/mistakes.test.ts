import { readFileSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { MistakeTable } from '../../src/base/mistakes/mistake-table.ts';
import { mistakes } from '../../src/base/mistakes/mistakes.ts';
import { unknownIn } from '../../src/base/row.ts';
import { kinds, unknownMember } from '../../src/language/schema/catalogue.ts';
import { tables } from '../../src/language/schema/pipeline-schema.ts';

const listed = Object.values<MistakeTable>(mistakes).flatMap((table) => Object.entries(table));
const codes = listed.map(([code]) => code);
const folder = new URL('../../src/', import.meta.url);
const program = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.startsWith('base/mistakes/'))
  .map((file) => readFileSync(new URL(file, folder), 'utf8'))
  .join('\n');

test('a code stands in one table', () => {
  expect(codes.filter((code, index) => codes.indexOf(code) !== index)).toEqual([]);
});

test('each code is told somewhere', () => {
  const ofTables = new Set<string>([
    ...[...Object.keys(tables), 'executor'].map(unknownIn),
    ...kinds.map(unknownMember),
  ]);
  expect(codes.filter((code) => !program.includes(`'${code}'`) && !ofTables.has(code))).toEqual([]);
});

test('each table has a code for a name that is not in it, one wherever it is asked for', () => {
  expect(codes).toEqual(expect.arrayContaining(Object.keys(tables).map(unknownIn)));
  expect(kinds.filter((kind) => kind !== 'figure').map(unknownMember)).toEqual(Object.keys(tables).map(unknownIn));
  expect(codes).toContain(unknownMember('figure'));
});

test('what is told as a warning alone is one in the catalogue, and what ends a command is none', () => {
  const severities = new Map(listed.map(([code, { severity }]) => [code, severity ?? 'error']));
  const toldBy = (makers: string) =>
    [...program.matchAll(new RegExp(`\\b(?:${makers})\\(\\s*'([a-z-]+)'`, 'g'))].map(([, code]) => code!);
  expect(toldBy('warning').filter((code) => severities.get(code) === 'error')).toEqual([]);
  expect(toldBy('failure|engineFailure|misuse').filter((code) => severities.get(code) === 'warning')).toEqual([]);
  expect(toldBy('warning').length).toBeGreaterThan(30);
});

test('texts are sentences', () => {
  for (const [code, { means, fix }] of listed) {
    for (const text of [means, fix]) expect(text, code).toMatch(/^[^\s].*[.?!`]$/s);
  }
});
