import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { draws } from '../draws.ts';
import { explainJson, jsonFault } from '../../src/base/json-fault.ts';

/** What V8 says of a text, which tells the place of some faults. */
function judge(json: string): { readonly isJson: boolean; readonly at?: number } {
  try {
    JSON.parse(json);
    return { isJson: true };
  } catch (error) {
    const { message } = error as Error;
    const [, place] = /at position (\d+)/.exec(message) ?? [];
    if (place !== undefined) return { isJson: false, at: Number(place) };
    return message.includes('Unexpected end') ? { isJson: false, at: json.length } : { isJson: false };
  }
}

function hold(json: string): void {
  const { isJson, at } = judge(json);
  const fault = jsonFault(json);
  expect(fault === undefined, json).toBe(isJson);
  if (at !== undefined) expect(fault, json).toBe(at);
}

test('a text that is JSON, or is not, is where V8 says so', () => {
  const marks = ['{', '}', '[', ']', ',', ':', '"', '\\', 'u', '0', '1', '-', '.', 'e', '+', ' ', '\n', '\t', 'a'];
  const words = ['true', 'false', 'null', 'NaN', 'Infinity', '\\u00e4', '"a"', '"a":', '\u0001', '\u2028', '\ud83d'];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...marks, ...words), { maxLength: 12 }), (parts) => hold(parts.join(''))),
    { numRuns: draws(5000) },
  );
  fc.assert(
    fc.property(
      fc.json({ maxDepth: 4 }),
      fc.nat(),
      fc.nat({ max: 2 }),
      fc.constantFrom('', ...marks, ...words),
      (json, place, removed, put) => {
        const at = place % (json.length + 1);
        hold(json);
        hold(json.slice(0, at));
        hold(json.slice(0, at) + put + json.slice(at + removed));
      },
    ),
    { numRuns: draws(3000) },
  );
});

test('the fault behind a million values and a long text is found', () => {
  const json = `{"inputs": ["${'\u00e9x'.repeat(1e6)}", [${'1,'.repeat(1e6)}NaN]]}`;
  expect(jsonFault(json)).toBe(json.indexOf('NaN'));
});

describe('a fault is told with its place', () => {
  test.each([
    ['{"a": [NaN]}', 'column 8 has `NaN]}`', /no NaN/],
    ['[1, -Infinity]', 'column 6 has `Infinity]`', /no Infinity/],
    ['{"a": 1,\n "b": nul}', 'line 2, column 10 has `}`', undefined],
    ['{"a": 1,\n', 'it ends too early, at line 2, column 1', undefined],
    ['', 'it ends too early, at column 1', undefined],
    ["{'a': 1}", "column 2 has `'a': 1}`", undefined],
    [`[${'x'.repeat(50)}]`, 'column 2 has `xxxxxxxxxxxxxxxxx...`', undefined],
    ['[NaNa]', 'column 2 has `NaNa]`', undefined],
  ])('%j', (json, message, hint) => {
    const said = explainJson(json);
    expect(said.message).toBe(message);
    if (hint === undefined) expect(said.hint).toBeUndefined();
    else expect(said.hint).toMatch(hint);
  });
});
