import { type Static, Type } from 'typebox';
import { type SplitOptions, validationCount } from './split.ts';
import { failure } from '../base/diagnostics.ts';
import { realNumber, shareOf } from '../base/numbers.ts';
import { EXPECTED, type Misfit, isMisfit } from '../base/row.ts';
import { type InParts, atOnce, inTurns } from '../base/turns.ts';
import { stratifiedBy, widthOf } from './batches.ts';
import { type MissingCells, columnOf, missingValues, placeIn, provePoints } from './csv-cells.ts';
import {
  type Finding,
  findInCategories,
  findInNumbers,
  targetsAmong,
  timeAtRandom,
  timeEvidence,
  warningsOf,
  wrongOrder,
} from './csv-findings.ts';
import { type Extremes, extremesOf, indexFacts } from './csv-indices.ts';
import { type Part, type Parts, divideRows, firstValue, holdsDates, orderColumn } from './csv-rows.ts';
import { type CsvTable, columnsTogether, readCsv } from './csv-table.ts';
import { type DataFileOption, dataFileOption, locate } from './data-file.ts';
import { classWarnings, constantTargets, testIsTrain } from './data-warnings.ts';
import {
  type ClassTarget,
  type DataWarning,
  type Dataset,
  type DatasetSpec,
  type Division,
  type OptionPath,
  type Samples,
  type TargetSpec,
  type TargetValues,
  type Values,
  bytesOf,
  defineDataset,
  inOption,
  orMisfit,
  WrongOption,
} from './dataset.ts';
import { withinMemory } from './generated.ts';
import { hashFile } from './read-bytes.ts';
import { type Fitted, fitScale, unscaled } from './scale.ts';
import { isDate } from './time.ts';

const column = Type.String({ minLength: 1, maxLength: 100 });
const values = (description: string) =>
  Type.Array(Type.String({ maxLength: 100 }), { description, minItems: 2, maxItems: 256, uniqueItems: true });

const options = Type.Object({
  file: dataFileOption('The file, whose first line names the columns'),
  targets: Type.Record(
    column,
    Type.Union([Type.Literal('number'), values('Its classes, as they stand in the column.')]),
    {
      description: 'The columns to predict: each `number`, or the list of its classes.',
      minProperties: 1,
      examples: [{ body_mass_g: 'number' }, { species: ['Adelie', 'Chinstrap', 'Gentoo'] }],
    },
  ),
  features: Type.Record(column, Type.Array(column, { minItems: 1, uniqueItems: true }), {
    description:
      'The inputs of the model, by name, each with its columns. Without it: one, `input`, of all columns that are not predicted.',
    default: {},
  }),
  categories: Type.Record(column, values('Its values.'), {
    description:
      'Columns of texts, each with its values: such a column becomes a 0 or 1 for each value. All other columns must be numbers.',
    default: {},
    examples: [{ sex: ['female', 'male'] }],
  }),
  test: Type.Union([realNumber({ exclusiveMinimum: 0, exclusiveMaximum: 1 }), ...dataFileOption('').anyOf], {
    description:
      'The test samples: another file with the same columns, or the share of the rows that is taken out for them.',
    default: 0.2,
  }),
  standardize: Type.Union([Type.Boolean(), Type.Array(column, { minItems: 1, uniqueItems: true })], {
    description:
      'Whether to standardize the columns of numbers, or which of them: take the mean of the rows trained on from each column of numbers, and divide it by their standard deviation: nets learn from numbers around 0. Both are saved with the model. What an `embedding` reads is never standardized: list the other columns. Targets are among them: they are standardized for training alone, where loss and last layer allow it (`pipeline plan` says so), and all that is told is in their own unit, but for the loss. A list without a target leaves it as it is.',
    default: true,
    examples: [true, ['age', 'income']],
  }),
  delimiter: Type.String({
    description: 'What stands between two cells.',
    default: ',',
    pattern: '^[\\t !#-\\uffff]$',
    [EXPECTED]: 'one character, such as `;` or `\\t`, and no quote',
  }),
  decimal: Type.Optional(
    Type.Enum(['.', ','], {
      description:
        'What stands before the decimals of numbers; the other one may group their digits. Without it, a comma is understood in columns that show what it means, as `0,5` does.',
    }),
  ),
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
  example:
    'source: { csv: { file: data/penguins.csv, targets: { body_mass_g: number }, categories: { sex: [female, male] } } }',
  options,
  order: 'column',
  describe: (given, folder, division = {}) =>
    orMisfit(() => atOnce(survey(given, folder, division)), {
      inputs: Object.keys(given.features).length === 0 ? ['input'] : Object.keys(given.features),
      targets: targetsOf(given),
    }),
  named: namedIn,
  files: (given, folder) => namedIn(given).map((one) => locate(one, folder).path),
  load: (given, folder, seed, signal, split = { validation: 0, stratified: true }) =>
    inTurns(loadTable(given, folder, { split, seed }), signal),
});

/** Reads each cell that will be used, so that a wrong one is found before anything starts. */
function* survey(given: Options, folder: string, { split, seed }: Partial<Division>): InParts<DatasetSpec | Misfit> {
  kept = undefined;
  const { table, other } = yield* read(given, folder);
  kept = { source: sourceOf(given, folder), table, other };
  const order = split === undefined ? null : split.order;
  const sides = sidesOf(given, table, order);
  const test = other?.count ?? shareOf(Number(given.test), table.count);
  const counts = table.count + (other?.count ?? 0);
  // Some columns of doubles at a time, and those before are not collected yet; rows of each part, and their classes.
  const doubles = 2 * Math.min(columnsTogether, table.columns.length) * Float64Array.BYTES_PER_ELEMENT;
  const classes = 4 * Uint32Array.BYTES_PER_ELEMENT + Object.keys(given.targets).length;
  const reading = table.memory + (other?.memory ?? 0) + (doubles + classes) * counts;
  const train = table.count - (other === undefined ? test : 0);
  const spec = withinMemory({ ...sides, count: { train, test }, reading });
  if (isMisfit(spec)) return spec;
  const parts =
    split === undefined || seed === undefined || test === 0
      ? undefined
      : yield* divide(
          given,
          { table, other },
          {
            seed,
            split: { ...split, validation: validationCount(split.validation, train) < train ? split.validation : 0 },
          },
          new Map(),
        );
  const findings: Finding[] = [];
  const extremes = new Map<string, Extremes>();
  const inputs = inputsOf(given, table, order);
  // Each once, however many inputs it is in.
  const used = new Map(
    inputs.flatMap(({ features }) => features).map(({ column, categories }) => [column, categories]),
  );
  // Whether dates are wrong there, only the order can tell.
  if (order === null)
    for (const column of datesOf(table, order)) if (used.get(column) === undefined) used.delete(column);
  const labels: Uint8Array[][] = [];
  const fitted: (readonly Fitted[] | undefined)[] = [];
  for (const one of other === undefined ? [table] : [table, other]) {
    const missing: MissingCells = new Map();
    const file = at(one === table ? 'file' : 'test');
    for (const [column, categories] of used) {
      const numbers = yield* inOption(categories === undefined ? file : at('categories', column), () =>
        columnOf(one, column, categories, missing),
      );
      if (categories === undefined) extremes.set(column, extremesOf(one, numbers, extremes.get(column)));
      if (one === table && parts !== undefined)
        findings.push(
          ...(categories === undefined
            ? findInNumbers(table, column, { numbers, trained: parts.trained, isOnly: used.size === 1 })
            : findInCategories(table, { column, categories }, { indices: numbers, trained: parts.trained })),
        );
    }
    const ofTable: Uint8Array[] = [];
    for (const [target, kind] of Object.entries(given.targets)) {
      const column = yield* inOption(kind === 'number' ? file : at('targets', target), () =>
        columnOf(one, target, kind === 'number' ? undefined : kind, missing),
      );
      if (one === table && parts !== undefined)
        fitted.push(kind === 'number' ? [fitScale(column, parts.trained)] : undefined);
      ofTable.push(Uint8Array.from(column));
    }
    labels.push(ofTable);
    if (missing.size > 0) throw new WrongOption(file, missingValues(one, missing));
  }
  const ofNumbers = [...used].flatMap(([column, categories]) => (categories === undefined ? [column] : []));
  yield* inOption(at('file'), () =>
    provePoints(other === undefined ? [table] : [table, other], [
      ...ofNumbers,
      ...Object.keys(given.targets).filter((target) => given.targets[target] === 'number'),
    ]),
  );
  if (other === undefined) testCount(given, table);
  const indices = (input: string) =>
    indexFacts(inputs.find(({ name }) => name === input)!.features, extremes, standardizedIn(given));
  if (parts === undefined) return { ...spec, indexFacts: indices };
  const random = [
    ...(other === undefined ? ['the test'] : []),
    ...(parts.split.validation.length > 0 ? ['validation'] : []),
  ];
  const evidence =
    order === undefined && random.length > 0 ? timeEvidence(table, Object.keys(given.targets)) : undefined;
  const backwards =
    typeof order !== 'string' || orderColumn(table, order) !== undefined ? undefined : wrongOrder(table);
  const [trained, tested = trained] = labels as [Uint8Array[], Uint8Array[]?];
  const warnings: readonly DataWarning[] = [
    ...(other?.file.sha256 === table.file.sha256
      ? [
          {
            ...testIsTrain(`${other.name}, the test, holds the rows that are trained on`),
            path: ['source', 'csv', 'test'],
          },
        ]
      : []),
    ...(evidence === undefined ? [] : [timeAtRandom(evidence, random)]),
    ...(backwards === undefined ? [] : [backwards]),
    ...(yield* targetsAmong(table, [...used.keys()], Object.keys(given.targets))),
    ...warningsOf(findings, parts.trained.length),
    ...sides.targets.flatMap((target, k) =>
      constantTargets([target], [fitted[k]], parts.trained.length).map((warning) => ({
        ...warning,
        path: at('targets', target.name),
      })),
    ),
    ...classWarnings(sides.targets, [
      { name: 'training', targets: trained, rows: parts.trained },
      { name: 'validation', targets: trained, rows: parts.split.validation.map((place) => parts.train.rows[place]!) },
      { name: 'test', targets: tested, rows: parts.test.rows },
    ]).map((warning) => ({ ...warning, path: ['source', 'csv', 'targets'] })),
  ];
  return { ...spec, indexFacts: indices, warnings };
}

interface Tables {
  readonly table: CsvTable;
  readonly other: CsvTable | undefined;
}

/** Which rows train, validate and test. @param missing see columnOf */
function* divide(
  given: Options,
  { table, other }: Tables,
  { split, seed }: Division,
  missing?: MissingCells,
): InParts<Parts> {
  const targets = targetsOf(given);
  const target = targets[stratifiedBy(targets)] as ClassTarget | undefined;
  const classes =
    target === undefined
      ? undefined
      : {
          target,
          labels: Uint8Array.from(
            yield* inOption(at('targets', target.name), () => columnOf(table, target.name, target.classes, missing)),
          ),
        };
  return yield* divideRows({
    table,
    other,
    test: other === undefined ? testCount(given, table) : 0,
    split,
    classes,
    seed,
  });
}

function* loadTable(given: Options, folder: string, division: Division): InParts<Dataset> {
  const { table, other } = (yield* takeKept(given, folder)) ?? (yield* read(given, folder));
  const { order } = division.split;
  const sides = sidesOf(given, table, order);
  const parts = yield* divide(given, { table, other }, division);
  const preparation: Record<string, object[]> = {};
  const [inputs, targets]: [PairOf<Values>[], PairOf<TargetValues>[]] = [[], []];
  for (const { name, features } of inputsOf(given, table, order)) {
    const { prepared, ...values } = yield* inputValues(given, features, parts);
    preparation[name] = prepared;
    inputs.push(values);
  }
  for (const [target, kind] of Object.entries(given.targets)) {
    const members = kind === 'number' ? undefined : kind;
    const pick = function* ({ table: of, rows }: Part): InParts<TargetValues> {
      const column = yield* columnOf(of, target, members);
      return members === undefined
        ? Float64Array.from(rows, (row) => column[row]!)
        : Uint8Array.from(rows, (row) => column[row]!);
    };
    targets.push({ train: yield* pick(parts.train), test: yield* pick(parts.test) });
  }
  const coded = inputsOf(given, table, order).map(({ features }) =>
    features.some(({ categories }) => categories !== undefined) ? codeOf(features) : undefined,
  );
  const samples = (part: 'train' | 'test'): Samples => ({
    inputs: inputs.map((values) => values[part]),
    targets: targets.map((values) => values[part]),
    count: parts[part].rows.length,
    coded,
  });
  const spec: DatasetSpec = { ...sides, count: { train: parts.train.rows.length, test: parts.test.rows.length } };
  return {
    name: 'csv',
    spec,
    train: samples('train'),
    test: samples('test'),
    split: parts.split,
    preparation,
    files: [table.file, ...(other === undefined ? [] : [other.file])],
  };
}

function standardizedIn({ standardize }: Options): (column: string) => boolean {
  if (typeof standardize === 'boolean') return () => standardize;
  const named = new Set(standardize);
  return (column) => named.has(column);
}

interface PairOf<T> {
  readonly train: T;
  readonly test: T;
}

/** The values of an input, and what was done to each of its columns. */
function* inputValues(
  given: Options,
  features: readonly Feature[],
  { train, test, trained }: Parts,
): InParts<PairOf<Float32Array> & { readonly prepared: object[] }> {
  const width = features.length;
  const values = {
    train: new Float32Array(train.rows.length * width),
    test: new Float32Array(test.rows.length * width),
  };
  const prepared: object[] = [];
  const isStandardized = standardizedIn(given);
  for (const [place, { column, categories }] of features.entries()) {
    const numbers = yield* columnOf(train.table, column, categories);
    const others = test.table === train.table ? numbers : yield* columnOf(test.table, column, categories);
    const scale = categories === undefined && isStandardized(column) ? fitScale(numbers, trained).scale : unscaled;
    for (const [to, from, rows] of [
      [values.train, numbers, train.rows],
      [values.test, others, test.rows],
    ] as const) {
      for (let k = 0; k < rows.length; k++) {
        const value = from[rows[k]!]!;
        to[k * width + place] = (value - scale.mean) / scale.deviation;
      }
    }
    prepared.push({ column, ...(categories === undefined ? scale : { categories }) });
  }
  return { ...values, prepared };
}

function* read({ file, test, delimiter, decimal }: Options, folder: string): InParts<Tables> {
  const open = function* (option: string, given: DataFileOption) {
    return yield* inOption(at(option), () => readCsv(locate(given, folder), delimiter, decimal));
  };
  const table = yield* open('file', file);
  const other = typeof test === 'number' ? undefined : yield* open('test', test);
  const same =
    other === undefined ||
    (other.columns.length === table.columns.length &&
      other.columns.every((column, at) => column === table.columns[at]));
  if (!same)
    throw new WrongOption(
      at('test'),
      failure(
        'data-mismatch',
        `${other.name} has other columns than ${table.name}`,
        'Both need the same, in the same order.',
      ),
    );
  return { table, other };
}

/** What the last check has read, until a run takes it or another check reads something else. */
let kept: (Tables & { readonly source: string }) | undefined;

/** What tables are read from, and how. */
function sourceOf(given: Options, folder: string): string {
  return JSON.stringify([given.delimiter, given.decimal, ...namedIn(given).map((one) => locate(one, folder).path)]);
}

/** What the check has read, where the files still hold it to the last byte. */
function* takeKept(given: Options, folder: string): InParts<Tables | undefined> {
  const taken = kept;
  kept = undefined;
  if (taken?.source !== sourceOf(given, folder)) return undefined;
  const tables = [taken.table, ...(taken.other === undefined ? [] : [taken.other])];
  try {
    for (const [k, one] of namedIn(given).entries())
      if ((yield* hashFile(locate(one, folder).path)) !== tables[k]!.file.sha256) return undefined;
  } catch {
    // Reading says what is wrong with it.
    return undefined;
  }
  return taken;
}

/** Rows that are taken out for the test. */
function testCount({ test }: Options, table: CsvTable): number {
  const taken = shareOf(Number(test), table.count);
  if (taken === 0)
    throw new WrongOption(
      at('test'),
      failure('data-mismatch', `${table.name} leaves no row for the test`, 'Raise `test`, or name a file.'),
    );
  return taken;
}

function targetsOf({ targets, standardize }: Options): readonly TargetSpec[] {
  const wanted = (name: string) =>
    standardize === true ? {} : { standardize: standardize !== false && standardize.includes(name) };
  return Object.entries(targets).map(([name, kind]) =>
    kind === 'number'
      ? { kind: 'number', name, shape: [1], ...wanted(name) }
      : { kind: 'class', name, classes: kind, shape: [] },
  );
}

function sidesOf(given: Options, table: CsvTable, order: Order): Pick<DatasetSpec, 'inputs' | 'targets' | 'held'> {
  const targets = targetsOf(given);
  for (const { name } of targets) placeIn(table, name, ...at('targets', name));
  const chosen = inputsOf(given, table, order);
  const inputs = chosen.map(({ name, features }) => ({
    name,
    shape: [widthOf(codeOf(features))],
    dtype: 'float32' as const,
    scale: 1,
  }));
  // Held as 0 and 1, categories would take many times the file.
  const indexed = chosen.map(({ name, features }) => ({
    name,
    shape: [features.length],
    dtype: 'float32' as const,
    scale: 1,
  }));
  return { inputs, targets, held: bytesOf({ inputs: indexed, targets, count: { train: 1, test: 0 } }) };
}

/** What the columns of an input become in a batch. */
const codeOf = (features: readonly Feature[]) => features.map(({ categories }) => categories?.length ?? 0);

function inputsOf(
  { features, categories, targets, standardize }: Options,
  table: CsvTable,
  order: Order,
): readonly { readonly name: string; readonly features: readonly Feature[] }[] {
  for (const name of Object.keys(categories)) placeIn(table, name, ...at('categories', name));
  const dates = datesOf(table, order);
  const others = table.columns.filter(
    (name) =>
      !Object.hasOwn(targets, name) && !(dates.has(name) && (order !== null || !Object.hasOwn(categories, name))),
  );
  const chosen = Object.keys(features).length === 0 ? { input: others } : features;
  const learnt = new Set(Object.values(chosen).flat());
  if (learnt.size === 0)
    throw new WrongOption(
      at('targets'),
      failure(
        'data-mismatch',
        `${table.name} has no column to learn from: all are targets${dates.size === 0 ? '' : ' or dates'}`,
        'Take one out of `targets`, or name the columns to learn from in `features`.',
      ),
    );
  for (const [name, columns] of Object.entries(features))
    for (const [k, column] of columns.entries()) placeIn(table, column, ...at('features', name, k));
  for (const [k, column] of typeof standardize === 'boolean' ? [] : standardize.entries()) {
    placeIn(table, column, ...at('standardize', k));
    const problem = Object.hasOwn(categories, column)
      ? 'is among `categories`'
      : learnt.has(column) || targets[column] === 'number'
        ? undefined
        : Object.hasOwn(targets, column)
          ? 'is a target of classes'
          : 'is neither learnt from nor predicted';
    if (problem !== undefined)
      throw new WrongOption(
        at('standardize', k),
        failure(
          'data-mismatch',
          `standardize: \`${column}\` ${problem}`,
          'Name columns of numbers that are in an input, or targets that are numbers.',
        ),
      );
  }
  const feature = (column: string): Feature => ({
    column,
    ...(Object.hasOwn(categories, column) ? { categories: categories[column]! } : {}),
  });
  return Object.entries(chosen).map(([name, columns]) => ({ name, features: columns.map(feature) }));
}

/** The column that gives the order of the rows; null where it is not known. */
type Order = SplitOptions['order'] | null;

/** The columns of dates, which nothing is learnt from: the one that gives the order of the rows, or each that may. */
function datesOf(table: CsvTable, order: Order): ReadonlySet<string> {
  if (order === null) return new Set(table.columns.filter((one) => isDate(firstValue(table, one) ?? '')));
  const column = orderColumn(table, order);
  return new Set(column !== undefined && holdsDates(table, column) ? [column] : []);
}
