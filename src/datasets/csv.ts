import { type InParts, atOnce, inTurns } from '../base/turns.ts';
import { columnsBeside } from './columns-beside.ts';
import { columnOf, placeIn } from './csv-cells.ts';
import { type Feature, sidesOf, targetsOf, inputsOf, codeOf } from './csv-columns.ts';
import { pathsOf, readTables, takeKept } from './csv-files.ts';
import { type CsvOptions, type WrittenCsvOptions, csvFace, formOf, namedIn, standardizedIn } from './csv-options.ts';
import type { Part, Parts } from './csv-rows.ts';
import { parseCsv, readCsv } from './csv-table.ts';
import { nameOf } from './data-file.ts';
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
} from './dataset.ts';
import { type OptionPath, WrongOption } from './wrong-option.ts';
import { divideTables } from './divide-csv.ts';
import { type Glance, wholeFor } from './glance.ts';
import { glanceAt, whyWhole } from './glance-table.ts';
import { leavesList, settled } from './from-data.ts';
import { headOfLines } from './head-of-lines.ts';
import { namesOfFiles, placesAmong } from './listed-sources.ts';
import { prepareColumn } from './prepare-cells.ts';
import { encodeTexts } from './prepare-texts.ts';
import { readNumbers } from './read-numbers.ts';
import { RowFiller } from './row-filler.ts';
import { type SweptColumn, areAscending, sweep } from './row-sweep.ts';
import { fitScale, unscaled } from './scale.ts';
import type { SourceCells, SourceColumn } from './source-columns.ts';
import type { SplitOptions } from './split.ts';
import { survey } from './survey-csv.ts';
import type { TableFormat } from './table.ts';
import { tableRows } from './table-rows.ts';
import { columnsOfTargets, isTextOption, rowsOfTarget, saysOneThing, valuesOfTarget } from './table-targets.ts';
import { encodeTextTarget } from './text-targets.ts';

/** CSV as a format of tables. */
export const csvFormat: TableFormat = {
  name: 'csv',
  *read(place, given) {
    const form = formOf(given, nameOf(place));
    return (yield* readNumbers(place, form)) ?? (yield* readCsv(place, form));
  },
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
        orMisfit(() => atOnce(surveySettled(given, folder, division, format)), {
          inputs: Object.keys(given.features).length === 0 ? ['input'] : Object.keys(given.features),
          ...outlined(given),
        }),
      ),
    settle: (given: WrittenCsvOptions, folder: string, split?: SplitOptions) =>
      atOnce(placing(format.name, settled(given, folder, format, split))),
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
  const { table, counts, other } = tables;
  const { split } = division;
  const sides = sidesOf(given, table, split);
  const parts = yield* divideTables(given, tables, division);
  const preparation: Record<string, object[]> = {};
  const origins: SourceColumn[][] = [];
  const [inputs, targets]: [PairOf<Values>[], PairOf<TargetValues>[]] = [[], []];
  for (const { name, features } of inputsOf(given, table, split)) {
    const { prepared, columns, ...values } = yield* inputValues(given, features, parts);
    preparation[name] = prepared;
    origins.push(columns);
    inputs.push(values);
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
  const coded = inputsOf(given, table, split).map(({ features }) =>
    codeOf(features).some((categories) => categories > 0) ? codeOf(features) : undefined,
  );
  const samples = (part: 'train' | 'test'): Samples => ({
    inputs: inputs.map((values) => values[part]),
    targets: targets.map((values) => values[part]),
    count: parts[part].rows.length,
    coded,
  });
  const used = [...columnsOfTargets(given.targets), ...origins.flat().map(({ column }) => column)];
  const count = { train: parts.train.rows.length, test: parts.test.rows.length };
  const spec: DatasetSpec = { ...sides, targets: specs, count };
  return {
    name: format.name,
    spec,
    train: samples('train'),
    test: samples('test'),
    split: parts.split,
    ...(counts.length > 1 && {
      sources: {
        names: namesOfFiles(given.file),
        train: placesAmong(parts.train.rows, counts),
        test:
          parts.test.table === table
            ? placesAmong(parts.test.rows, counts)
            : new Uint32Array(parts.test.rows.length).fill(counts.length),
      },
    }),
    preparation,
    ...columnsBeside(table, [...used, ...Object.keys(given.cross ?? {})]),
    origin: {
      place: (part, row) => {
        const { table: of, rows } = parts[part];
        return of.sampleAt(rows[row]!);
      },
      columns: origins,
      cells: cellsOf(parts.train, used),
    },
    files: [table, ...(other === undefined ? [] : [other])].flatMap(({ files }) => files),
  };
}

function cellsOf({ table, rows }: Part, columns: readonly string[]): SourceCells {
  const names = [...new Set(columns)];
  return {
    columns: names,
    of: (row, count) => names.slice(0, count).map((name) => table.cell(rows[row]!, table.placeOf(name)!).trim()),
  };
}

interface PairOf<T> {
  readonly train: T;
  readonly test: T;
}

/** The values of an input, and what was done to each of its columns. */
export function* inputValues(
  given: CsvOptions,
  features: readonly Feature[],
  { train, test, trained }: Parts,
): InParts<PairOf<Float32Array> & { readonly prepared: object[]; readonly columns: SourceColumn[] }> {
  const width = codeOf(features).length;
  const values = {
    train: new Float32Array(train.rows.length * width),
    test: new Float32Array(test.rows.length * width),
  };
  const prepared: object[] = [];
  const columns: SourceColumn[] = [];
  const isStandardized = standardizedIn(given);
  const crossOf = (column: string) =>
    given.cross !== undefined && Object.hasOwn(given.cross, column) ? { cross: given.cross[column] } : {};
  const fillers = {
    train: new RowFiller(values.train, width, train.rows),
    test: new RowFiller(values.test, width, test.rows),
  };
  const held = train.table.readWhole === undefined ? undefined : new Float64Array(train.table.count);
  const mayBeSwept =
    train.table.isSwept === true && test.table === train.table && [train, test].every(({ rows }) => areAscending(rows));
  const swept: SweptColumn[] = [];
  let place = 0;
  for (const feature of features) {
    const { column, categories, texts } = feature;
    if (texts !== undefined) {
      const fitted = yield* encodeTexts(texts, { train, test, trained }, { ...values, width, place });
      prepared.push(fitted);
      columns.push(...Array.from({ length: fitted.length }, () => ({ column })));
      place += fitted.length;
      continue;
    }
    if (feature.prepared !== undefined) {
      const {
        fitted,
        codes,
        at: valueAt,
        tables,
      } = yield* prepareColumn(feature.prepared, {
        tables: test.table === train.table ? [train.table] : [train.table, test.table],
        trained,
      });
      const [numbers, others = numbers] = tables as [Float64Array, Float64Array?];
      for (const [to, from, rows] of [
        [values.train, numbers, train.rows],
        [values.test, others, test.rows],
      ] as const)
        for (let k = 0; k < rows.length; k++)
          for (let part = 0; part < codes.length; part++) to[k * width + place + part] = valueAt(from[rows[k]!]!, part);
      place += codes.length;
      prepared.push({ ...fitted, ...crossOf(column) });
      columns.push(...codes.map(() => ({ column })));
      continue;
    }
    yield;
    // What stood there before may go.
    const isWhole =
      held !== undefined &&
      categories === undefined &&
      train.table.readWhole?.(held, placeIn(train.table, column)) === true;
    const numbers = isWhole ? held : yield* columnOf(train.table, column, categories);
    const scale = categories === undefined && isStandardized(column) ? fitScale(numbers, trained).scale : unscaled;
    if (isWhole && mayBeSwept) swept.push({ from: placeIn(train.table, column), place, scale });
    else {
      fillers.train.put(place, numbers, scale);
      const others = test.table === train.table ? numbers : yield* columnOf(test.table, column, categories);
      fillers.test.put(place, others, scale);
    }
    columns.push({ column, ...(categories === undefined && { scale }) });
    const hasCommas = train.table.commas.has(column);
    prepared.push({
      column,
      ...(categories === undefined ? scale : { categories }),
      ...(hasCommas && { decimal: ',' }),
      ...crossOf(column),
    });
    place++;
  }
  fillers.train.end();
  fillers.test.end();
  if (held !== undefined && swept.length > 0)
    yield* sweep(train.table, swept, {
      parts: [
        { to: values.train, rows: train.rows },
        { to: values.test, rows: test.rows },
      ],
      width,
      held,
    });
  return { ...values, prepared, columns };
}
