import { type Static, Type } from 'typebox';
import { failure } from '../base/diagnostics.ts';
import { realNumber, shareOf } from '../base/numbers.ts';
import { EXPECTED, type Misfit, isMisfit } from '../base/row.ts';
import { permutation, seedFor } from '../base/seeds.ts';
import { type InParts, atOnce, inTurns } from '../base/turns.ts';
import { type MissingCells, columnOf, missingValues, placeIn } from './csv-cells.ts';
import { type CsvTable, readCsv } from './csv-table.ts';
import { type DataFileOption, dataFileOption, locate } from './data-file.ts';
import { type Dataset, type DatasetSpec, type OptionPath, type Samples, type TargetSpec, type Values, defineDataset, inOption, orMisfit, WrongOption } from './dataset.ts';
import { withinMemory } from './generated.ts';

const column = Type.String({ minLength: 1, maxLength: 100 });
const values = (description: string) => Type.Array(Type.String({ maxLength: 100 }), { description, minItems: 2, maxItems: 256, uniqueItems: true });

const options = Type.Object({
  file: dataFileOption('The file, whose first line names the columns'),
  targets: Type.Record(column, Type.Union([Type.Literal('number'), values('Its classes, as they stand in the column.')]), { description: 'The columns to predict: each `number`, or the list of its classes.', minProperties: 1, examples: [{ body_mass_g: 'number' }, { species: ['Adelie', 'Chinstrap', 'Gentoo'] }] }),
  features: Type.Record(column, Type.Array(column, { minItems: 1, uniqueItems: true }), { description: 'The inputs of the model, by name, each with its columns. Without it: one, `input`, of all columns that are not predicted.', default: {} }),
  categories: Type.Record(column, values('Its values.'), { description: 'Columns of texts, each with its values: such a column becomes a 0 or 1 for each value. All other columns must be numbers.', default: {}, examples: [{ sex: ['female', 'male'] }] }),
  test: Type.Union([realNumber({ exclusiveMinimum: 0, exclusiveMaximum: 1 }), ...dataFileOption('').anyOf], { description: 'The test samples: another file with the same columns, or the share of the rows that is taken out for them.', default: 0.2 }),
  standardize: Type.Boolean({ description: 'Take the mean of the training rows from each column of numbers, and divide it by their standard deviation: nets learn from numbers around 0. Both are saved with the model.', default: true }),
  delimiter: Type.String({ description: 'What stands between two cells.', default: ',', pattern: '^[\\t !#-\\uffff]$', [EXPECTED]: 'one character, such as `;` or `\\t`, and no quote' }),
  decimal: Type.Optional(Type.Enum(['.', ','], { description: 'What stands before the decimals of numbers; the other one may group their digits. Without it, a comma is understood in columns that show what it means, as `0,5` does.' })),
});

/** Leads to an option. */
const at = (...path: OptionPath): OptionPath => ['source', 'csv', ...path];

type Options = Static<typeof options>;

const namedIn = ({ file, test }: Options) => [file, ...(typeof test === 'number' ? [] : [test])];

/** What one column gives an input: itself, or a 0 or 1 for each of its values. */
interface Feature {
  readonly column: string;
  readonly categories?: readonly string[];
}

/** Numbers and classes from a table. */
export const csv = defineDataset({
  doc: 'A table in a CSV file: columns of numbers (or of categories) to learn from, columns of numbers or classes to predict.',
  example: 'source: { csv: { file: data/penguins.csv, targets: { body_mass_g: number }, categories: { sex: [female, male] } } }',
  options,
  describe: (given, folder) => orMisfit(() => atOnce(survey(given, folder)), { inputs: Object.keys(given.features).length === 0 ? ['input'] : Object.keys(given.features), targets: targetsOf(given) }),
  named: namedIn,
  files: (given, folder) => namedIn(given).map((one) => locate(one, folder).path),
  load: (given, folder, seed, signal) => inTurns(loadTable(given, folder, seed), signal),
});

/** Reads each cell that will be used, so that a wrong one is found before anything starts. */
function* survey(given: Options, folder: string): InParts<DatasetSpec | Misfit> {
  const { table, other } = yield* read(given, folder);
  const sides = sidesOf(given, table);
  const test = other?.count ?? shareOf(Number(given.test), table.count);
  // Two columns of doubles at a time, and the one before is not collected yet.
  const reading = table.memory + (other?.memory ?? 0) + 2 * Float64Array.BYTES_PER_ELEMENT * (table.count + (other?.count ?? 0));
  const spec = withinMemory({ ...sides, count: { train: table.count - (other === undefined ? test : 0), test }, reading });
  if (isMisfit(spec)) return spec;
  // Each once, however many inputs it is in.
  const used = new Map(inputsOf(given, table).flatMap(({ features }) => features).map(({ column, categories }) => [column, categories]));
  for (const one of other === undefined ? [table] : [table, other]) {
    const missing: MissingCells = new Map();
    const file = at(one === table ? 'file' : 'test');
    for (const [column, categories] of used) yield* inOption(categories === undefined ? file : at('categories', column), () => columnOf(one, column, categories, missing));
    for (const [target, kind] of Object.entries(given.targets)) yield* inOption(kind === 'number' ? file : at('targets', target), () => columnOf(one, target, kind === 'number' ? undefined : kind, missing));
    if (missing.size > 0) throw new WrongOption(file, missingValues(one, missing));
  }
  if (other === undefined) testCount(given, table);
  return spec;
}

/** The rows of one part. */
interface Part {
  readonly table: CsvTable;
  readonly rows: Uint32Array;
}

function* loadTable(given: Options, folder: string, seed: number): InParts<Dataset> {
  const { table, other } = yield* read(given, folder);
  const sides = sidesOf(given, table);
  const parts = other === undefined ? takeTest(table, testCount(given, table), seed) : { train: wholeOf(table), test: wholeOf(other) };
  const preparation: Record<string, object[]> = {};
  const [inputs, targets]: [PairOf<Values>[], PairOf<Values>[]] = [[], []];
  for (const { name, features } of inputsOf(given, table)) {
    const { prepared, ...values } = yield* inputValues(given, features, parts);
    preparation[name] = prepared;
    inputs.push(values);
  }
  for (const [target, kind] of Object.entries(given.targets)) {
    const members = kind === 'number' ? undefined : kind;
    const pick = function* ({ table: of, rows }: Part): InParts<Values> {
      const column = yield* columnOf(of, target, members);
      return members === undefined ? Float32Array.from(rows, (row) => column[row]!) : Uint8Array.from(rows, (row) => column[row]!);
    };
    targets.push({ train: yield* pick(parts.train), test: yield* pick(parts.test) });
  }
  const samples = (part: 'train' | 'test'): Samples => ({ inputs: inputs.map((values) => values[part]), targets: targets.map((values) => values[part]), count: parts[part].rows.length });
  const spec: DatasetSpec = { ...sides, count: { train: parts.train.rows.length, test: parts.test.rows.length } };
  return { name: 'csv', spec, train: samples('train'), test: samples('test'), preparation, files: [table.file, ...(other === undefined ? [] : [other.file])] };
}

interface PairOf<T> {
  readonly train: T;
  readonly test: T;
}

/** The values of an input, and what was done to each of its columns. */
function* inputValues({ standardize }: Options, features: readonly Feature[], { train, test }: PairOf<Part>): InParts<PairOf<Float32Array> & { readonly prepared: object[] }> {
  const width = widthOf(features);
  const values = { train: new Float32Array(train.rows.length * width), test: new Float32Array(test.rows.length * width) };
  const prepared: object[] = [];
  let first = 0;
  for (const { column, categories } of features) {
    const numbers = yield* columnOf(train.table, column, categories);
    const others = test.table === train.table ? numbers : yield* columnOf(test.table, column, categories);
    const scale = standardize && categories === undefined ? scaleOf(numbers, train.rows) : unscaled;
    for (const [to, from, rows] of [[values.train, numbers, train.rows], [values.test, others, test.rows]] as const) {
      for (let k = 0; k < rows.length; k++) {
        const value = from[rows[k]!]!;
        if (categories === undefined) to[k * width + first] = (value - scale.mean) / scale.deviation;
        else to[k * width + first + value] = 1;
      }
    }
    prepared.push({ column, ...(categories === undefined ? scale : { categories }) });
    first += categories?.length ?? 1;
  }
  return { ...values, prepared };
}

function* read({ file, test, delimiter, decimal }: Options, folder: string): InParts<{ readonly table: CsvTable; readonly other: CsvTable | undefined }> {
  const open = function* (option: string, given: DataFileOption) {
    return yield* inOption(at(option), () => readCsv(locate(given, folder), delimiter, decimal));
  };
  const table = yield* open('file', file);
  const other = typeof test === 'number' ? undefined : yield* open('test', test);
  const same = other === undefined || (other.columns.length === table.columns.length && other.columns.every((column, at) => column === table.columns[at]));
  if (!same) throw new WrongOption(at('test'), failure('data-mismatch', `${other.name} has other columns than ${table.name}`, 'Both need the same, in the same order.'));
  return { table, other };
}

/** Rows that are taken out for the test. */
function testCount({ test }: Options, table: CsvTable): number {
  const taken = shareOf(Number(test), table.count);
  if (taken === 0) throw new WrongOption(at('test'), failure('data-mismatch', `${table.name} leaves no row for the test`, 'Raise `test`, or name a file.'));
  return taken;
}

function targetsOf({ targets }: Options): readonly TargetSpec[] {
  return Object.entries(targets).map(([name, kind]) => (kind === 'number' ? { kind: 'number', name, shape: [1] } : { kind: 'class', name, classes: kind, shape: [] }));
}

function sidesOf(given: Options, table: CsvTable): Pick<DatasetSpec, 'inputs' | 'targets'> {
  const targets = targetsOf(given);
  for (const { name } of targets) placeIn(table, name, ...at('targets', name));
  const inputs = inputsOf(given, table).map(({ name, features }) => ({ name, shape: [widthOf(features)], dtype: 'float32' as const, scale: 1 }));
  return { inputs, targets };
}

const widthOf = (features: readonly Feature[]) => features.reduce((sum, { categories }) => sum + (categories?.length ?? 1), 0);

function inputsOf({ features, categories, targets }: Options, table: CsvTable): readonly { readonly name: string; readonly features: readonly Feature[] }[] {
  for (const name of Object.keys(categories)) placeIn(table, name, ...at('categories', name));
  const others = table.columns.filter((name) => !Object.hasOwn(targets, name));
  const chosen = Object.keys(features).length === 0 ? { input: others } : features;
  if (Object.values(chosen).flat().length === 0) throw new WrongOption(at('targets'), failure('data-mismatch', `${table.name} has no column to learn from: all are targets`, 'Take one out of `targets`, or name the columns to learn from in `features`.'));
  for (const [name, columns] of Object.entries(features)) for (const [k, column] of columns.entries()) placeIn(table, column, ...at('features', name, k));
  const feature = (column: string): Feature => ({ column, ...(Object.hasOwn(categories, column) ? { categories: categories[column]! } : {}) });
  return Object.entries(chosen).map(([name, columns]) => ({ name, features: columns.map(feature) }));
}

function wholeOf(table: CsvTable): Part {
  return { table, rows: Uint32Array.from({ length: table.count }, (_, row) => row) };
}

function takeTest(table: CsvTable, count: number, seed: number): PairOf<Part> {
  const taken = new Uint8Array(table.count);
  for (const row of permutation(table.count, seedFor(seed, 'data', 'test')).subarray(0, count)) taken[row] = 1;
  const { rows } = wholeOf(table);
  return { train: { table, rows: rows.filter((row) => taken[row] === 0) }, test: { table, rows: rows.filter((row) => taken[row] === 1) } };
}

interface Scale {
  readonly mean: number;
  readonly deviation: number;
}

const unscaled: Scale = { mean: 0, deviation: 1 };

function scaleOf(numbers: Float64Array, rows: Uint32Array): Scale {
  const mean = rows.reduce((sum, row) => sum + numbers[row]!, 0) / rows.length;
  const deviation = Math.sqrt(rows.reduce((sum, row) => sum + (numbers[row]! - mean) ** 2, 0) / rows.length);
  return { mean, deviation: deviation === 0 ? 1 : deviation };
}
