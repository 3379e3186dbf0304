import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { datasetRow } from '../../src/datasets/datasets.ts';

interface Judged {
  readonly type: string;
  readonly options: Readonly<Record<string, unknown>>;
  /** Of each column, what pandas reads. */
  readonly values: Readonly<Record<string, readonly (number | string)[]>>;
}

const folder = join(import.meta.dirname, 'tables');
const judged = JSON.parse(readFileSync(join(import.meta.dirname, 'tables.json'), 'utf8')) as readonly Judged[];

test.each(judged.map((one) => [String(one.options['file']), one] as const))(
  '%s is read as pandas reads it',
  async (_, { type, options, values }) => {
    const { y, ...others } = values;
    const columns = Object.keys(others);
    const categories = Object.fromEntries(
      columns
        .filter((column) => typeof values[column]![0] === 'string')
        .map((column) => [column, [...new Set(values[column] as readonly string[])]]),
    );
    const given = {
      ...options,
      targets: { y: 'number' },
      // Each an input of its own: columns of dates are left out of those that are not named.
      features: Object.fromEntries(columns.map((column) => [column, [column]])),
      categories,
      test: 0.25,
      standardize: false,
    };
    const order = { validation: 0, stratified: false, order: 'time' };
    const row = datasetRow(type);
    expect(row.describe(given, folder, { split: order, seed: 1 })).not.toHaveProperty('problem');
    const { train, test: tested, files } = await row.load(given, folder, 1, undefined, order);
    const whole = (part: 'inputs' | 'targets', k: number) => [...train[part][k]!, ...tested[part][k]!];
    expect(whole('targets', 0)).toEqual(y);
    for (const [k, column] of columns.entries())
      expect([column, ...whole('inputs', k)]).toEqual([
        column,
        ...values[column]!.map((value) =>
          typeof value === 'number' ? Math.fround(value) : categories[column]!.indexOf(value),
        ),
      ]);
    expect(files).toHaveLength(row.files(given, folder).length);
  },
);
