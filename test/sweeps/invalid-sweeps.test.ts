import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { type DiagnosticJson, diagnosticToJson } from '../../src/base/print-diagnostics.ts';
import { glanceAtSweep } from '../../src/sweeps/check-sweep.ts';

// As test/language/invalid-corpus: each wrong file has beside it what is said of it; `-u` writes that anew.
const folder = new URL('../fixtures/invalid-sweeps/', import.meta.url);
const path = fileURLToPath(folder);
const files = readdirSync(folder).filter((file) => file.endsWith('.yaml'));
const expectationOf = (file: string) => path + file.replace('.yaml', '.expect');

function show(file: string, { severity, code, message, hint, ...at }: DiagnosticJson): string {
  const other = at.file === path + file ? '' : `${at.file!.slice(path.length)} `;
  const said = [
    message,
    ...(hint === null ? [] : [`help: ${hint}`]),
    ...at.related.map((one) => `see: ${one.message} ${one.line}:${one.column}`),
  ];
  const lines = said.map((line) => `  ${line.replaceAll(path, '')}\n`).join('');
  const place = `${at.line}:${at.column}-${at.endLine}:${at.endColumn}`;
  return `${severity === 'warning' ? 'warning ' : ''}${code} ${other}${place}\n${lines}`;
}

test('the corpus is there', () => {
  expect(files.length).toBeGreaterThanOrEqual(40);
  expect(files.filter((file) => !existsSync(expectationOf(file)))).toEqual([]);
});

test.each(files)('%s', async (file) => {
  const source = { name: path + file, text: readFileSync(new URL(file, folder), 'utf8') };
  const found = (await glanceAtSweep(source)).diagnostics.map(diagnosticToJson);
  expect(found).not.toEqual([]);
  await expect(found.map((one) => show(file, one)).join('')).toMatchFileSnapshot(expectationOf(file));
  for (const { message, hint } of found) expect(`${message} ${hint}`).not.toMatch(/undefined|\[object|NaN/);
});
