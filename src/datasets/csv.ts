import { type Static, Type } from 'typebox';
import { failure } from '../base/diagnostics.ts';
import { permutation, seedFor } from '../base/seeds.ts';
import { type CsvRow, type CsvTable, readCsv } from './csv-table.ts';
import { dataFileOption, locate } from './data-file.ts';
import { type DatasetSpec, type Samples, type TargetSpec, type Values, defineDataset, orMisfit } from './dataset.ts';

const column = Type.String({ minLength: 1, maxLength: 100 });
const values = (description: string) => Type.Array(Type.String({ maxLength: 100 }), { description, minItems: 2, maxItems: 256, uniqueItems: true });

const options = Type.Object({
  file: dataFileOption('The file, whose first line names the columns'),
  targets: Type.Record(column, Type.Union([Type.Literal('number'), values('Its classes, as they stand in the column.')]), { description: 'The columns to predict: each `number`, or the list of its classes.', minProperties: 1, examples: [{ body_mass_g: 'number' }, { species: ['Adelie', 'Chinstrap', 'Gentoo'] }] }),
  features: Type.Record(column, Type.Array(column, { minItems: 1, uniqueItems: true }), { description: 'The inputs of the model, by name, each with its columns. Without it: one, `input`, of all columns that are not predicted.', default: {} }),
  categories: Type.Record(column, values('Its values.'), { description: 'Columns of texts, each with its values: such a column becomes a 0 or 1 for each value. All other columns must be numbers.', default: {}, examples: [{ sex: ['female', 'male'] }] }),
  test: Type.Union([Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1 }), ...dataFileOption('').anyOf], { description: 'The test samples: another file with the same columns, or the share of the rows that is taken out for them.', default: 0.2 }),
  standardize: Type.Boolean({ description: 'Take the mean of the training rows from each column of numbers, and divide it by their standard deviation: nets learn from numbers around 0. Both are saved with the model.', default: true }),
  delimiter: Type.String({ description: 'What stands between two cells.', default: ',', minLength: 1, maxLength: 1 }),
});

type Options = Static<typeof options>;

/** What one column gives an input: itself, or a 0 or 1 for each of its values. */
interface Feature {
  readonly column: string;
  readonly at: number;
  readonly categories?: readonly string[];
}

/** Numbers and classes from a table. */
export const csv = defineDataset({
  doc: 'A table in a CSV file: columns of numbers (or of categories) to learn from, columns of numbers or classes to predict.',
  example: 'source: { csv: { file: data/penguins.csv, targets: { body_mass_g: number }, categories: { sex: [female, male] } } }',
  options,
  describe: (given, folder) => orMisfit(() => {
    const { table, other } = read(given, folder);
    const sides = sidesOf(given, table);
    for (const one of other === undefined ? [table] : [table, other]) checkCells(given, one);
    const test = other?.rows.length ?? testCount(given, table);
    return { ...sides, count: { train: table.rows.length - (other === undefined ? test : 0), test } };
  }, { inputs: Object.keys(given.features).length === 0 ? ['input'] : Object.keys(given.features), targets: targetsOf(given) }),
  files: ({ file, test }, folder) => [file, ...(typeof test === 'number' ? [] : [test])].map((one) => locate(one, folder).path),
  load: async (given, folder, seed) => {
    const { table, other } = read(given, folder);
    const sides = sidesOf(given, table);
    const { train, test } = other === undefined ? takeTest(table.rows, testCount(given, table), seed) : { train: table.rows, test: other.rows };
    const inputs = inputsOf(given, table);
    const scales = inputs.map(({ features }) => features.map((feature) => scaleOf(given, table.name, train, feature)));
    const samples = (rows: readonly CsvRow[], name: string): Samples => ({
      inputs: inputs.map(({ features }, k) => Float32Array.from(rows.flatMap((row) => features.flatMap((feature, i) => featureValues(name, row, feature, scales[k]![i]!))))),
      targets: Object.entries(given.targets).map(([target, kind]) => targetValues(name, rows, placeOf(table, target), kind)),
      count: rows.length,
    });
    const spec: DatasetSpec = { ...sides, count: { train: train.length, test: test.length } };
    return {
      name: 'csv', spec, train: samples(train, table.name), test: samples(test, other?.name ?? table.name),
      preparation: Object.fromEntries(inputs.map(({ name, features }, k) => [name, features.map((feature, i) => ({ column: feature.column, ...(feature.categories === undefined ? scales[k]![i]! : { categories: feature.categories }) }))])),
      files: [table.file, ...(other === undefined ? [] : [other.file])],
    };
  },
});

function read({ file, test, delimiter }: Options, folder: string): { readonly table: CsvTable; readonly other: CsvTable | undefined } {
  const table = readCsv(locate(file, folder), delimiter);
  const other = typeof test === 'number' ? undefined : readCsv(locate(test, folder), delimiter);
  if (other !== undefined && String(other.columns) !== String(table.columns)) throw failure('data-mismatch', `${other.name} has other columns than ${table.name}`, 'Both need the same, in the same order.');
  return { table, other };
}

/** Rows that are taken out for the test. */
function testCount({ test }: Options, { rows, name }: CsvTable): number {
  const count = Math.floor(Number(test) * rows.length);
  if (count === 0) throw failure('data-mismatch', `${name} leaves no row for the test`, 'Raise `test`, or name a file.');
  return count;
}

/** Reads each cell that will be used, so that a wrong one is found before anything starts. */
function checkCells(given: Options, table: CsvTable): void {
  const features = inputsOf(given, table).flatMap((input) => input.features);
  for (const row of table.rows) for (const feature of features) featureValues(table.name, row, feature, unscaled);
  for (const [target, kind] of Object.entries(given.targets)) targetValues(table.name, table.rows, placeOf(table, target), kind);
}

const placeOf = ({ columns }: CsvTable, column: string) => ({ column, at: columns.indexOf(column) });

function targetsOf({ targets }: Options): readonly TargetSpec[] {
  return Object.entries(targets).map(([name, kind]) => (kind === 'number' ? { kind: 'number', name, shape: [1] } : { kind: 'class', name, classes: kind, shape: [] }));
}

function sidesOf(given: Options, table: CsvTable): Pick<DatasetSpec, 'inputs' | 'targets'> {
  const targets = targetsOf(given);
  for (const { name } of targets) indexOf(table, name);
  const inputs = inputsOf(given, table).map(({ name, features }) => ({ name, shape: [features.reduce((sum, { categories }) => sum + (categories?.length ?? 1), 0)], dtype: 'float32' as const, scale: 1 }));
  return { inputs, targets };
}

function inputsOf({ features, categories, targets }: Options, table: CsvTable): readonly { readonly name: string; readonly features: readonly Feature[] }[] {
  for (const name of Object.keys(categories)) indexOf(table, name);
  const others = table.columns.filter((name) => !Object.hasOwn(targets, name));
  if (others.length === 0) throw failure('data-mismatch', `${table.name} has no column to learn from`);
  const chosen = Object.keys(features).length === 0 ? { input: others } : features;
  return Object.entries(chosen).map(([name, columns]) => ({
    name,
    features: columns.map((one) => ({ column: one, at: indexOf(table, one), ...(Object.hasOwn(categories, one) ? { categories: categories[one]! } : {}) })),
  }));
}

function indexOf({ columns, name }: CsvTable, column: string): number {
  const at = columns.indexOf(column);
  if (at < 0) throw failure('data-mismatch', `${name} has no column \`${column}\``, `It has ${columns.slice(0, 30).join(', ')}.${columns.length === 1 ? ' Is `delimiter` right?' : ''}`);
  return at;
}

function takeTest(rows: readonly CsvRow[], count: number, seed: number): { readonly train: readonly CsvRow[]; readonly test: readonly CsvRow[] } {
  const taken = new Set(permutation(rows.length, seedFor(seed, 'data', 'test')).subarray(0, count));
  return { train: rows.filter((_, row) => !taken.has(row)), test: rows.filter((_, row) => taken.has(row)) };
}

interface Scale {
  readonly mean: number;
  readonly deviation: number;
}

const unscaled: Scale = { mean: 0, deviation: 1 };

function scaleOf({ standardize }: Options, name: string, rows: readonly CsvRow[], feature: Feature): Scale {
  if (!standardize || feature.categories !== undefined) return unscaled;
  const numbers = rows.map((row) => numberIn(name, row, feature));
  const mean = numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
  const deviation = Math.sqrt(numbers.reduce((sum, value) => sum + (value - mean) ** 2, 0) / numbers.length);
  return { mean, deviation: deviation === 0 ? 1 : deviation };
}

function featureValues(name: string, row: CsvRow, feature: Feature, { mean, deviation }: Scale): number[] {
  if (feature.categories === undefined) return [(numberIn(name, row, feature) - mean) / deviation];
  const index = memberIn(name, row, feature, feature.categories);
  return feature.categories.map((_, k) => Number(k === index));
}

function targetValues(name: string, rows: readonly CsvRow[], place: Omit<Feature, 'categories'>, kind: 'number' | readonly string[]): Values {
  if (kind === 'number') return Float32Array.from(rows, (row) => numberIn(name, row, place));
  return Uint8Array.from(rows, (row) => memberIn(name, row, place, kind));
}

function numberIn(name: string, { cells, line }: CsvRow, { column: of, at }: Feature): number {
  const cell = cells[at]!.trim();
  const value = Number(cell);
  if (cell === '' || !Number.isFinite(value)) throw failure('data-mismatch', `${name}, line ${line}: ${of} is ${cell === '' ? 'empty' : `'${cell.slice(0, 40)}'`}, not a number`, 'Remove the row or fill the cell; a column of texts belongs in `categories`.');
  return value;
}

function memberIn(name: string, { cells, line }: CsvRow, { column: of, at }: Feature, members: readonly string[]): number {
  const index = members.indexOf(cells[at]!.trim());
  if (index < 0) throw failure('data-mismatch', `${name}, line ${line}: ${of} is '${cells[at]!.slice(0, 40)}', which is none of ${members.slice(0, 20).join(', ')}`, 'Name every value.');
  return index;
}
