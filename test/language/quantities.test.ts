import { describe, expect, test } from 'vitest';
import { byteSize, duration } from '../../src/base/quantities.ts';
import { quantityOf } from '../../src/commands/option-values.ts';
import { checkSource } from '../../src/plan/check-pipeline.ts';

const head =
  'name: x\ndata: { source: mnist }\nmodel: { layers: [flatten, dense 10] }\n' +
  'train: { optimizer: adam, loss: softmaxCrossEntropy, epochs: 1 }\n';

const check = (key: string, text: string) =>
  checkSource({ name: 'p.yaml', text: `${head}budget: { ${key}: ${text} }\n` }, []).diagnostics;

describe.each([
  ['time', duration, ['90s', '10m', '1h30m', '1 h 30 min', '500ms', '2w', '12H']],
  ['memory', byteSize, ['500KB', '2GB', '1 tb', '50.2 kB', '512MiB', '900B']],
] as const)('budget.%s and an option take the same', (key, quantity, texts) => {
  test.each(texts)('%s', (text) => {
    expect(check(key, text)).toEqual([]);
    expect(quantityOf(quantity)(text)).toBe(quantity.read(text));
  });
});

describe.each([
  ['time', duration, '90 seconds', 'Did you mean `90s`?'],
  ['time', duration, '1h, 30m', 'Did you mean `1h30m`?'],
  ['time', duration, 'soon', undefined],
  ['memory', byteSize, '2 gigs', 'Did you mean `2GB`?'],
  ['memory', byteSize, '2 parsecs', undefined],
] as const)('budget.%s and an option refuse', (key, quantity, text, hint) => {
  test(`${text}, for the same reason`, () => {
    const [mistake, ...others] = check(key, `'${text}'`);
    expect(others).toEqual([]);
    expect(mistake!.message).toContain(`must be ${quantity.expected}`);
    expect(mistake!.hint).toBe(hint);
    const start = head.length + `budget: { ${key}: `.length;
    expect(mistake!.range).toMatchObject({ start, end: start + text.length + 2 });
    const read = () => quantityOf(quantity)(text);
    expect(read).toThrow(`It must be ${quantity.expected}.${hint === undefined ? '' : ` ${hint}`}`);
  });
});
