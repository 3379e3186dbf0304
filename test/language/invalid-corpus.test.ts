import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { type DiagnosticJson, diagnosticToJson } from '../../src/base/print-diagnostics.ts';
import { checkSource } from '../../src/plan/check-pipeline.ts';

// Each wrong file has beside it what is said of it; `npx vitest run test/language/invalid-corpus.test.ts -u` writes
// that anew.
const folder = new URL('../fixtures/invalid/', import.meta.url);
const path = fileURLToPath(folder);
const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
const unsaid = files.filter((file) => !existsSync(expectationOf(file)));

function expectationOf(file: string): string {
  return path + file.replace('.yaml', '.expect');
}

/**
 * Its severity where it is a warning, its code, the file where it is another, first and last place; below it what it
 * says.
 */
function show(file: string, { severity, code, message, hint, ...at }: DiagnosticJson): string {
  const place = `${at.line}:${at.column}-${at.endLine}:${at.endColumn}`;
  const other = at.file === path + file ? '' : `${at.file!.slice(path.length)} `;
  const said = [
    message,
    ...(hint === null ? [] : [`help: ${hint}`]),
    ...at.related.map((one) => `see: ${one.message}`),
  ];
  const lines = said.map((line) => `  ${asAnywhere(line)}\n`).join('');
  return `${severity === 'warning' ? 'warning ' : ''}${code} ${other}${place}\n${lines}`;
}

/** The same wherever the project lies, and however many files the folder has. */
function asAnywhere(text: string): string {
  const root = fileURLToPath(new URL('../../', import.meta.url));
  return text
    .replaceAll(path, '')
    .replaceAll(path.slice(0, -1), '.')
    .replaceAll(root, '')
    .replaceAll(/\d+ (\.\w+ files)/g, 'N $1');
}

test('the corpus is there', () => {
  expect(files.length).toBeGreaterThanOrEqual(160);
  expect(unsaid).toEqual([]);
});

test.each(files)('%s', async (file) => {
  const found = checkSource({ name: path + file, text: readFileSync(new URL(file, folder), 'utf8') }).diagnostics.map(
    diagnosticToJson,
  );
  expect(found).not.toEqual([]);
  await expect(found.map((one) => show(file, one)).join('')).toMatchFileSnapshot(expectationOf(file));
  for (const { message, hint } of found) {
    expect(message).not.toMatch(/undefined|\[object|NaN items/);
    expect(hint ?? '').not.toMatch(/undefined|\[object/);
  }
});
