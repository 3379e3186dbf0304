import { type Glance, wholeFor } from '../glance.ts';
import { headsOf, whyWhole } from '../tables/glance-table.ts';
import { type InParts, atOnce, inTurns } from '../../base/turns.ts';
import { failure } from '../../base/diagnostics.ts';
import { isMisfit } from '../../base/row.ts';
import { shorten } from '../../base/shorten.ts';
import { type MissingCells, columnOf, missingValues, placeIn, provePoints } from '../tables/csv-cells.ts';
import { columnsBeside } from '../tables/columns-beside.ts';
import { codeOf, inputsOf, sidesOf } from '../tables/csv-columns.ts';
import { placedIn, placing } from '../tables/csv.ts';
import { type CsvTables, pathsOf, readAndKeep, readTables, takeKept } from '../tables/csv-files.ts';
import { type Finding, findInCategories, findInNumbers, warningsOf } from '../tables/csv-findings.ts';
import { type CsvOptions, at, namedIn } from '../tables/csv-options.ts';
import { csvFormat } from '../tables/csv.ts';
import {
  type DataMisfit,
  type DataWarning,
  type Dataset,
  type DatasetSpec,
  type Division,
  type Samples,
  bytesOf,
  defineDataset,
  orMisfit,
} from '../dataset.ts';
import { WrongOption, inOption } from '../wrong-option.ts';
import { type DataPlace, nameOf } from '../files/data-file.ts';
import { isSettled, settledIn } from '../tables/from-data.ts';
import { inputValues } from '../tables/input-values.ts';
import { withinMemory } from '../generated.ts';
import { jsonlFormat } from '../tables/jsonl.ts';
import { parquetFormat } from '../tables/parquet.ts';
import type { FittedColumn } from '../preparations/prepared-column.ts';
import { type SeriesOptions, seriesFace } from './series-options.ts';
import { seriesRows } from './series-rows.ts';
import { type OrderedRows, orderRows } from './series-time.ts';
import { type DividedSeries, divideSeries, naiveForecasts } from './series-windows.ts';
import type { SplitOptions } from '../splits/split.ts';
import { findInPrepared, surveyPrepared } from '../tables/survey-prepared.ts';
import type { Table, TableFormat } from '../tables/table.ts';

/** The tables of a series: of any format, by the names of their files. */
const format: TableFormat = {
  name: 'series',
  read: (place, given, room) => formatOf(place).read(place, given, room),
  sizeOf: (place) => formatOf(place).sizeOf(place),
  readHead: (place, bytes, given) => formatOf(place).readHead(place, bytes, given),
};

function formatOf(place: DataPlace): TableFormat {
  const name = nameOf(place);
  if (/\.parquet$/i.test(name)) return parquetFormat;
  return /\.(jsonl|ndjson)(\.gz)?$/i.test(name) ? jsonlFormat : csvFormat;
}

/** Windows of a table whose rows come one after the other in time. */
export const series = defineDataset({
  ...seriesFace,
  describe: (given, folder, division = {}) =>
    placedIn(
      format.name,
      orMisfit(() => atOnce(survey(given, folder, division)), {
        inputs: Object.keys(given.features).length === 0 ? ['input'] : Object.keys(given.features),
        targets: targetsOf(given),
      }),
    ),
  settle: (given, folder) => atOnce(placing(format.name, settle(given, folder))),
  named: namedIn,
  files: pathsOf,
  load: (given, folder, _, signal, split) => inTurns(placing(format.name, loadSeries(given, folder, split)), signal),
  rows: seriesRows,
});

function* settle(given: SeriesOptions, folder: string): InParts<SeriesOptions> {
  if (isSettled(given)) return given;
  const tables = yield* readAndKeep(given, folder, format);
  const { categories } = yield* settledIn(withFeatures(given, tables.table), tables);
  return { ...given, categories };
}

/** The options with the columns that each input is made of. */
function withFeatures(given: SeriesOptions, table: Table): SeriesOptions {
  const { features, time, entity, prepare = {}, targets } = given;
  placeIn(table, time, ...at('time'));
  if (entity !== undefined) placeIn(table, entity, ...at('entity'));
  for (const [option, column] of Object.entries({ time, entity }))
    if (column !== undefined && (Object.hasOwn(targets, column) || (option === 'entity' && column === time)))
      throw new WrongOption(
        at(option),
        failure(
          'column-of-the-series',
          `\`${shorten(column)}\` is the column of ${option === 'time' ? 'times' : 'entities'}, and ` +
            (column === time && option === 'entity' ? 'that of times' : 'a target'),
          'Name another column here.',
        ),
      );
  if (Object.keys(features).length > 0) return given;
  const input = table.columns.filter((name) => name !== entity && (name !== time || Object.hasOwn(prepare, name)));
  return { ...given, features: { input } };
}

const targetsOf = ({ targets, horizon }: SeriesOptions): DatasetSpec['targets'] =>
  Object.keys(targets).map((name) => ({ kind: 'number', name, shape: [horizon] }));

/** What is known of a series once its table is read. */
interface Known {
  readonly given: CsvOptions & SeriesOptions;
  readonly table: Table;
  readonly ordered: OrderedRows;
  readonly divided: DividedSeries;
  readonly spec: DatasetSpec;
}

function* divide(written: SeriesOptions, tables: CsvTables, split: SplitOptions | undefined): InParts<Known> {
  const { table } = tables;
  if (split?.fold !== undefined)
    throw new WrongOption(
      ['folds'],
      failure(
        'split-conflict',
        'a series is divided at points in time, and folds would train on what comes after their test',
        'Leave `folds` out; `repeat: 5` tells what the seed is worth.',
      ),
    );
  const full = withFeatures(written, table);
  const { categories } = yield* settledIn(full, tables);
  const given = { ...full, categories };
  const { window, horizon, season } = given;
  if (season !== undefined && season > window)
    throw new WrongOption(
      at('season'),
      failure(
        'season-beyond-window',
        `a season of ${season} rows is longer than a window of ${window}`,
        `What was one season before is not among its rows: take a \`window\` of ${season} at least, or no \`season\`.`,
      ),
    );
  const sides = sidesOf(given, table, {});
  const ordered = yield* orderRows(table, given);
  const divided = divideSeries(ordered, given, { validation: split?.validation ?? 0, name: table.name });
  const { train, validation, test } = divided.windows;
  const held = inputsOf(given, table, {}).reduce((sum, { features }) => sum + codeOf(features).length, 0);
  const targets = sides.targets.map((target) => ({ ...target, shape: [horizon] }));
  return {
    given,
    table,
    ordered,
    divided,
    spec: {
      inputs: sides.inputs.map((input) => ({ ...input, shape: [window, ...input.shape] })),
      targets,
      held: bytesOf({
        inputs: [{ name: '', shape: [window, held], dtype: 'float32', scale: 1 }],
        targets,
        count: { train: 1, test: 0 },
      }),
      count: {
        train: train.length + validation.length,
        test: test.length,
        ...(split !== undefined && { validation: validation.length }),
      },
    },
  };
}

/** Reads each cell that will be used, so that a wrong one is found before anything starts. */
function* survey(
  given: SeriesOptions,
  folder: string,
  { split, glance = false }: Partial<Division> & Glance,
): InParts<DatasetSpec | DataMisfit> {
  const heads = glance ? yield* headsOf(given, folder, format) : undefined;
  const glanced = heads && (yield* surveyRows(given, heads.tables, split));
  if (heads !== undefined && glanced !== undefined && !isMisfit(glanced)) {
    const { warnings: _, count, ...spec } = glanced;
    return { ...spec, count: mapCounts(count!, heads.inAll) };
  }
  const described = yield* surveyRows(given, yield* readAndKeep(given, folder, format), split);
  return wholeFor(described, { glance }, whyWhole(given));
}

function mapCounts(
  { train, test, validation }: NonNullable<DatasetSpec['count']>,
  change: (count: number) => number,
): NonNullable<DatasetSpec['count']> {
  return {
    train: change(train),
    test: change(test),
    ...(validation !== undefined && { validation: change(validation) }),
  };
}

function* surveyRows(
  written: SeriesOptions,
  tables: CsvTables,
  split: SplitOptions | undefined,
): InParts<DatasetSpec | DataMisfit> {
  const { table } = tables;
  const { given, ordered, divided, spec } = yield* divide(written, tables, split);
  const inputs = inputsOf(given, table, {});
  const used = new Map(inputs.flatMap(({ features }) => features).map((feature) => [feature.column, feature]));
  // The values of all columns and targets, once as doubles and once as they are held.
  const reading = table.memory + table.count * 12 * (used.size + Object.keys(given.targets).length);
  const fitting = withinMemory({ ...spec, reading });
  if (isMisfit(fitting)) return fitting;
  const { trained, left } = divided;
  const missing: MissingCells = new Map();
  const findings: Finding[] = [];
  const fitted = new Map<string, FittedColumn>();
  const isOnly = used.size === 1;
  for (const { column, categories, prepared, texts } of used.values()) {
    if (texts !== undefined)
      throw new WrongOption(
        texts.path,
        failure(
          'wrong-preparation',
          `\`${shorten(column)}\`: a series is of numbers and categories, not of words and characters`,
          'Leave the column out of `features`, or take a table (`csv`) to learn from texts.',
        ),
      );
    if (prepared !== undefined) {
      const seen = yield* surveyPrepared(table, prepared, { missing, trained, fitted });
      findings.push(...findInPrepared(table, prepared.plan, { ...seen, trained, isOnly }));
      continue;
    }
    const numbers = yield* inOption(categories === undefined ? at('file') : at('categories', column), () =>
      columnOf(table, column, categories, missing),
    );
    findings.push(
      ...(categories === undefined
        ? findInNumbers(table, column, { numbers, trained, isOnly })
        : findInCategories(table, { column, categories }, { indices: numbers, trained })),
    );
  }
  for (const target of Object.keys(given.targets))
    yield* inOption(at('file'), () => columnOf(table, target, undefined, missing));
  if (missing.size > 0) throw new WrongOption(at('file'), missingValues(table, missing));
  const ofNumbers = [...used.values()].flatMap(({ column, categories, prepared }) =>
    categories === undefined && (prepared?.plan.reads ?? 'numbers') === 'numbers' ? [column] : [],
  );
  yield* inOption(at('file'), () => provePoints(table, [table], [...ofNumbers, ...Object.keys(given.targets)]));
  if (split === undefined) return fitting;
  return {
    ...fitting,
    warnings: [
      ...ordered.warnings,
      ...(left.count === 0 ? [] : [shortEntities(given, table, { count: left.count, row: ordered.rows[left.first]! })]),
      ...warningsOf(findings, trained.length),
    ],
  };
}

function shortEntities(
  { entity, window, horizon }: SeriesOptions,
  table: Table,
  { count, row }: { readonly count: number; readonly row: number },
): DataWarning {
  const name = shorten(table.cell(row, table.placeOf(entity!)!).trim());
  return {
    code: 'short-entities',
    problem:
      `${count === 1 ? 'one entity has' : `${count} entities have`} no ${window + horizon} rows one after the other ` +
      `in any part, and no window: \`${name}\` (${table.spotOf(row)})${count === 1 ? '' : ' is the first'}`,
    hint: 'Nothing is learnt from them: take a smaller `window`, or give them more rows.',
    path: at('entity'),
  };
}

function* loadSeries(written: SeriesOptions, folder: string, split: SplitOptions | undefined): InParts<Dataset> {
  const tables = (yield* takeKept(written, folder, format)) ?? (yield* readTables(written, folder, format));
  const { table } = tables;
  const { given, ordered, divided, spec } = yield* divide(written, tables, split);
  const { windows, trained } = divided;
  const all = Uint32Array.from({ length: table.count }, (_, row) => row);
  const none = { train: new Uint32Array(), validation: new Uint32Array() };
  const parts = {
    train: { table, rows: all },
    test: { table, rows: new Uint32Array() },
    split: none,
    isValidationSaid: false,
    trained,
  };
  const preparation: Record<string, object[]> = {};
  const inputs: { readonly rows: Float32Array; readonly code: readonly number[] }[] = [];
  for (const { name, features } of inputsOf(given, table, {})) {
    const {
      fitted: { prepared },
      train,
      end,
    } = yield* inputValues(given, features, parts);
    yield* end(false);
    preparation[name] = prepared;
    inputs.push({ rows: train, code: codeOf(features) });
  }
  const columns: Float64Array[] = [];
  for (const target of Object.keys(given.targets)) columns.push(yield* columnOf(table, target, undefined));
  const { window, horizon, season } = given;
  const { rows } = ordered;
  const samples = function* (starts: Uint32Array): InParts<Samples> {
    const held: Float32Array[] = [];
    for (const { rows: values, code } of inputs)
      held.push(yield* windowsOf(values, code.length, { starts, rows, window }));
    const targets = columns.map((column) => {
      const behind = new Float64Array(starts.length * horizon);
      for (const [k, start] of starts.entries())
        for (let step = 0; step < horizon; step++) behind[k * horizon + step] = column[rows[start + window + step]!]!;
      return behind;
    });
    return {
      inputs: held,
      targets,
      count: starts.length,
      coded: inputs.map(({ code }) =>
        code.some((categories) => categories > 0) ? Array.from({ length: window }, () => code).flat() : undefined,
      ),
      baselines: naiveForecasts({ window, horizon, season, rows, columns, starts }),
    };
  };
  const { train, validation, test } = windows;
  return {
    name: format.name,
    spec,
    train: yield* samples(joinedRows(train, validation)),
    test: yield* samples(test),
    split: {
      train: Uint32Array.from(train.keys()),
      validation: Uint32Array.from(validation.keys(), (k) => train.length + k),
    },
    preparation,
    ...columnsBeside(table, [
      ...Object.keys(given.targets),
      ...inputsOf(given, table, {}).flatMap(({ features }) => features.map(({ column }) => column)),
    ]),
    files: table.files,
  };
}

/** Windows that are copied without a pause. */
const pause = 1 << 12;

/** The values of windows, one after the other. @param width values of a row */
function* windowsOf(
  values: Float32Array,
  width: number,
  { starts, rows, window }: { readonly starts: Uint32Array; readonly rows: Uint32Array; readonly window: number },
): InParts<Float32Array> {
  const copied = new Float32Array(starts.length * window * width);
  let to = 0;
  for (const [k, start] of starts.entries()) {
    if (k % pause === 0) yield;
    for (let place = start; place < start + window; place++) {
      const row = rows[place]!;
      copied.set(values.subarray(row * width, (row + 1) * width), to);
      to += width;
    }
  }
  return copied;
}

function joinedRows(one: Uint32Array, other: Uint32Array): Uint32Array {
  const all = new Uint32Array(one.length + other.length);
  all.set(one);
  all.set(other, one.length);
  return all;
}
