import { type InParts, atOnce, inTurns } from '../../base/turns.ts';
import { csvInBlocks } from './cell-blocks.ts';
import { columnsBeside } from './columns-beside.ts';
import { heldCode, sidesOf, targetsOf, inputsOf } from './csv-columns.ts';
import { type CsvTables, pathsOf, readTables, takeKept } from './csv-files.ts';
import { type CsvOptions, type WrittenCsvOptions, csvFace, formOf, namedIn } from './csv-options.ts';
import type { Part, Parts } from './csv-rows.ts';
import { parseCsv, readCsv } from './csv-table.ts';
import { nameOf } from '../files/data-file.ts';
import {
  type DataMisfit,
  type Dataset,
  type DatasetRow,
  type DatasetSpec,
  type Division,
  type Samples,
  type TargetSpec,
  type TargetValues,
  type Values,
  defineDataset,
  orMisfit,
} from '../dataset.ts';
import { type OptionPath, WrongOption } from '../wrong-option.ts';
import { divideTables } from './divide-csv.ts';
import { type Glance, wholeFor } from '../glance.ts';
import { glanceAt, whyWhole } from './glance-table.ts';
import { sizeOfText } from '../files/file-blocks.ts';
import { leavesList, settled } from './from-data.ts';
import { headOfLines } from './head-of-lines.ts';
import { type PairOf, inputValues } from './input-values.ts';
import { namesOfFiles, placesAmong } from '../listed-sources.ts';
import { readNumbers } from './read-numbers.ts';
import type { SourceCells, SourceColumn } from './source-columns.ts';
import type { SplitOptions } from '../splits/split.ts';
import { survey } from './survey-csv.ts';
import type { TableFormat } from './table.ts';
import { tableRows } from './table-rows.ts';
import {
  columnsOfTargets,
  isPackable,
  isTextOption,
  rowsOfTarget,
  saysOneThing,
  valuesOfTarget,
} from './table-targets.ts';
import { encodeTextTarget } from './text-targets.ts';

/** CSV as a format of tables. */
export const csvFormat: TableFormat = {
  name: 'csv',
  *read(place, given, room) {
    const form = formOf(given, nameOf(place));
    if (room !== undefined) return yield* csvInBlocks(place, form, { room });
    return (yield* readNumbers(place, form)) ?? (yield* readCsv(place, form));
  },
  sizeOf: sizeOfText,
  readHead: (place, bytes, given) =>
    headOfLines(place, bytes, (lines) => parseCsv(lines, formOf(given, nameOf(place)))),
};

/** Numbers and classes from a table. */
export const csv = defineDataset({
  ...csvFace,
  ...rowOfTable(csvFormat),
});

/** What the row of a data set that is a table has beside its options. */
export function rowOfTable(format: TableFormat) {
  return {
    describe: (given: WrittenCsvOptions, folder: string, division: Partial<Division> & Glance = {}) =>
      placedIn(
        format.name,
        orMisfit(() => atOnce(surveySettled(given, folder, division, within(format, division.memory))), {
          inputs: Object.keys(given.features).length === 0 ? ['input'] : Object.keys(given.features),
          ...outlined(given),
        }),
      ),
    settle: (given: WrittenCsvOptions, folder: string, split?: SplitOptions, memory?: number) =>
      atOnce(placing(format.name, settled(given, folder, within(format, memory), split))),
    named: namedIn,
    files: pathsOf,
    load: (
      given: WrittenCsvOptions,
      folder: string,
      seed: number,
      signal?: AbortSignal,
      split: SplitOptions = { validation: 0, stratified: true },
    ) => inTurns(placing(format.name, loadSettled(given, folder, { split, seed }, format)), signal),
    rows: tableRows,
  };
}

/** A format whose tables may take so many bytes in memory. */
export const within = (format: TableFormat, memory: number | undefined): TableFormat =>
  memory === undefined ? format : { ...format, memory };

/** The targets, where no list of classes is left to the data. */
function outlined({ targets, standardize }: WrittenCsvOptions): { readonly targets?: readonly TargetSpec[] } {
  const known: CsvOptions['targets'] = {};
  for (const [name, kind] of Object.entries(targets)) {
    if (!saysOneThing(kind) || leavesList(kind)) return {};
    known[name] = kind;
  }
  return { targets: targetsOf({ targets: known, standardize }) };
}

function* surveySettled(
  given: WrittenCsvOptions,
  folder: string,
  { glance = false, ...division }: Partial<Division> & Glance,
  format: TableFormat,
): InParts<DatasetSpec | DataMisfit> {
  if (glance) {
    const glanced = yield* glanceAt(given, folder, division.split, format);
    if (glanced !== undefined) return glanced;
  }
  const settledOptions = yield* settled(given, folder, format, division.split);
  return wholeFor(yield* survey(settledOptions, folder, division, format), { glance }, whyWhole(given));
}

function* loadSettled(
  given: WrittenCsvOptions,
  folder: string,
  division: Division,
  format: TableFormat,
): InParts<Dataset> {
  return yield* loadTable(yield* settled(given, folder, format, division.split), folder, division, format);
}

type Described = ReturnType<DatasetRow['describe']>;

/** What is shared by tables names options by their paths in `csv`; in other formats they stand under another name. */
export function placedIn(name: string, described: Described): Described {
  const placed = <One extends { readonly path?: OptionPath }>(one: One): One =>
    one.path?.[1] === 'csv' ? { ...one, path: one.path.with(1, name) } : one;
  if ('code' in described) return placed(described);
  return described.warnings === undefined ? described : { ...described, warnings: described.warnings.map(placed) };
}

/** Work on a table, whose mistakes are placed in the same way. */
export function* placing<T>(name: string, work: InParts<T>): InParts<T> {
  try {
    return yield* work;
  } catch (error) {
    throw error instanceof WrongOption && error.path[1] === 'csv'
      ? new WrongOption(error.path.with(1, name), error)
      : error;
  }
}

function* loadTable(given: CsvOptions, folder: string, division: Division, format: TableFormat): InParts<Dataset> {
  const tables = (yield* takeKept(given, folder, format)) ?? (yield* readTables(given, folder, format));
  const { table, other } = tables;
  const { split } = division;
  const sides = sidesOf(given, table, split);
  const parts = yield* divideTables(given, tables, division);
  const preparation: Record<string, object[]> = {};
  const origins: SourceColumn[][] = [];
  const [inputs, targets]: [PairOf<Values>[], PairOf<TargetValues>[]] = [[], []];
  const ends: ((letsGo: boolean) => InParts<void>)[] = [];
  for (const { name, features } of inputsOf(given, table, split)) {
    const { fitted, end, ...values } = yield* inputValues(given, features, parts);
    preparation[name] = fitted.prepared;
    origins.push(fitted.columns);
    inputs.push(values);
    ends.push(end);
  }
  const specs: TargetSpec[] = [];
  for (const target of sides.targets) {
    const kind = given.targets[target.name]!;
    if (isTextOption(kind)) {
      const { spec: ofText, ...values } = yield* encodeTextTarget(target.name, kind, parts);
      specs.push(ofText);
      targets.push(values);
      continue;
    }
    const pick = function* ({ table: of, rows }: Part): InParts<TargetValues> {
      return rowsOfTarget(yield* valuesOfTarget(of, target.name, kind), target, rows);
    };
    specs.push(target);
    targets.push({ train: yield* pick(parts.train), test: yield* pick(parts.test) });
  }
  for (const [k, end] of ends.entries()) yield* end(k === ends.length - 1);
  const coded = inputsOf(given, table, split).map(({ features }) => heldCode(features));
  const samples = (part: 'train' | 'test'): Samples => ({
    inputs: inputs.map((values) => values[part]),
    targets: targets.map((values) => values[part]),
    count: parts[part].rows.length,
    coded,
  });
  const used = [...columnsOfTargets(given.targets), ...origins.flat().map(({ column }) => column)];
  const count = { train: parts.train.rows.length, test: parts.test.rows.length };
  const packs = isPackable(given) ? { packs: 'cells' as const } : {};
  // As what is told of it before says it.
  const draws = other === undefined && split.column === undefined ? { drawsTest: true as const } : {};
  const spec: DatasetSpec = { ...sides, ...packs, ...draws, targets: specs, count };
  return {
    name: format.name,
    spec,
    train: samples('train'),
    test: samples('test'),
    split: parts.split,
    ...sourcesOfTable(given, tables, parts),
    preparation,
    ...columnsBeside(table, [...used, ...Object.keys(given.cross ?? {})]),
    origin: {
      place: (part, row) => {
        const { table: of, rows } = parts[part];
        return of.sampleAt(rows[row]!);
      },
      columns: origins,
      cells: cellsOfTable(parts.train, used),
    },
    files: [table, ...(other === undefined ? [] : [other])].flatMap(({ files }) => files),
  };
}

/** Which of several listed files the rows are of. */
export function sourcesOfTable(
  { file }: CsvOptions,
  { table, counts }: CsvTables,
  { train, test }: Parts,
): Pick<Dataset, 'sources'> {
  if (counts.length === 1) return {};
  return {
    sources: {
      names: namesOfFiles(file),
      train: placesAmong(train.rows, counts),
      test:
        test.table === table ? placesAmong(test.rows, counts) : new Uint32Array(test.rows.length).fill(counts.length),
    },
  };
}

/** The cells of columns, each of them once. */
export function cellsOfTable({ table, rows }: Part, columns: readonly string[]): SourceCells {
  const names = [...new Set(columns)];
  return {
    columns: names,
    of: (row, count) => names.slice(0, count).map((name) => table.cell(rows[row]!, table.placeOf(name)!).trim()),
  };
}
