import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { diagnosticToJson } from '../../src/base/print-diagnostics.ts';
import { checkSource } from '../../src/plan/check-pipeline.ts';

// Each wrong file has its diagnostics beside it: code, the file where it is another, first and last place, one a line.
const folder = new URL('../fixtures/invalid/', import.meta.url);
const path = fileURLToPath(folder);
const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));

test('the corpus is there', () => {
  expect(files.length).toBeGreaterThanOrEqual(160);
});

test.each(files)('%s', (file) => {
  const found = checkSource({ name: path + file, text: readFileSync(new URL(file, folder), 'utf8') }).diagnostics.map(
    diagnosticToJson,
  );
  const lines = found.map(
    ({ code, file: at, line, column, endLine, endColumn }) =>
      `${code} ${at === path + file ? '' : `${at!.slice(path.length)} `}${line}:${column}-${endLine}:${endColumn}\n`,
  );
  expect(lines.join('')).toBe(readFileSync(new URL(file.replace('.yaml', '.expect'), folder), 'utf8'));
  expect(lines).not.toEqual([]);
  for (const { message, hint } of found) {
    expect(message).not.toMatch(/undefined|\[object|NaN items/);
    expect(hint ?? '').not.toMatch(/undefined|\[object/);
  }
});
