import { relative, resolve } from 'node:path';
import { UserError, failure } from '../../base/diagnostics.ts';
import { shorten } from '../../base/shorten.ts';
import { sizeOf } from '../../base/tensor-shape.ts';
import { type InParts, atOnce } from '../../base/turns.ts';
import { joinedValues } from '../arrays/array-samples.ts';
import { type CheckedPictures, type Treatment, checkPictures } from './check-pictures.ts';
import { at } from './class-folders.ts';
import { type MissingCells, placeIn, provePoints } from '../tables/csv-cells.ts';
import type { CsvOptions, WrittenCsvOptions } from '../tables/csv-options.ts';
import type { CsvTable } from '../tables/csv-table.ts';
import { placing } from '../tables/csv.ts';
import { classWarnings, constantTargets } from '../findings/data-warnings.ts';
import type { DataWarning, DatasetSpec, Division, TargetSpec, TargetValues } from '../dataset.ts';
import { WrongOption, atOption, inOption } from '../wrong-option.ts';
import { warnOfCopies } from '../findings/find-copies.ts';
import { settledTargets } from '../tables/from-data.ts';
import { labelledImages } from './labelled-images.ts';
import { pictureFiles } from './list-pictures.ts';
import { type PathsOptions, folderOfPaths, readPaths } from './picture-table.ts';
import type { PieceParts, Pieces } from '../pieces.ts';
import { folderFile, fromPictures, readPrepared, withWarnings } from './png-files.ts';
import { fitScale } from '../scale.ts';
import { type Fold, type SplitOptions, afterTest, testSize, validationCount } from '../splits/split.ts';
import { chooseRows, splitSamples, stratifiedBy } from '../splits/split-samples.ts';
import {
  columnsOfTarget,
  isTextOption,
  proveTargets,
  rowsOfTarget,
  targetSpec,
  valuesOfTarget,
} from '../tables/table-targets.ts';

/** Pictures in a table that has columns to predict. */
export interface TargetedOptions extends Treatment {
  readonly table: string;
  readonly path?: string;
  readonly folder?: string | readonly string[];
  readonly targets: WrittenCsvOptions['targets'];
  readonly test: number | string;
}

/** What tables say of pictures. */
interface Listed {
  readonly tables: readonly CsvTable[];
  /** Of the table, then of that of the test. */
  readonly paths: readonly string[];
  /** How many are of the table. */
  readonly trained: number;
  readonly targets: CsvOptions['targets'];
  readonly specs: readonly TargetSpec[];
  /** For each target the values of all paths. */
  readonly values: readonly TargetValues[];
}

/** The options with every list that is left to the table. @throws WrongOption where it cannot be read, or has none */
export function settledTargeted<O extends TargetedOptions>(given: O, folder: string): O {
  return { ...given, targets: listed(given, folder).targets };
}

/** Paths of the tables, and of all pictures that they name. @throws WrongOption as settledTargeted */
export function filesOfTargeted(given: TargetedOptions, folder: string): readonly string[] {
  const { table, test } = given;
  const tables = [table, ...(typeof test === 'number' ? [] : [test])].map((name) => resolve(folder, name));
  return [...tables, ...listed(given, folder).paths];
}

function listed(given: TargetedOptions, folder: string): Listed {
  return atOnce(placing('images', list(given, folder)));
}

function* list(given: TargetedOptions, folder: string): InParts<Listed> {
  proveTargets(given.targets);
  const { path = 'file', table, test } = given;
  const base = folderOfPaths(given.folder, pictureFiles);
  const options: PathsOptions = { path, ...(base !== undefined && { folder: base }) };
  const open = (option: string, name: string) =>
    atOption(at(option), () => readPaths(options, name, { folder, sort: pictureFiles }));
  const parts = [open('table', table), ...(typeof test === 'number' ? [] : [open('test', test)])];
  const tables = parts.map((one) => one.table);
  const targets = yield* settledTargets(tables, given.targets);
  const kinds = Object.entries(targets);
  const values: TargetValues[] = [];
  for (const [name, kind] of kinds) {
    const ofTables: TargetValues[] = [];
    for (const one of tables) ofTables.push(yield* placing('images', valuesIn(one, name, kind)));
    values.push(ofTables.reduce((all, more) => joinedValues(all, more)));
  }
  const numbers = kinds.filter(([, kind]) => kind === 'number').map(([name]) => name);
  for (const [k, one] of tables.entries())
    yield* inOption(at(k === 0 ? 'table' : 'test'), () => provePoints(one, tables, numbers));
  return {
    tables,
    paths: parts.flatMap((one) => one.paths),
    trained: tables[0]!.count,
    targets,
    specs: kinds.map(([name, kind]) => targetSpec(name, kind, undefined)),
    values,
  };
}

/** @throws WrongOption where a cell is missing, or none that the target takes */
function* valuesIn(table: CsvTable, name: string, kind: CsvOptions['targets'][string]): InParts<TargetValues> {
  const path = at('targets', name);
  const missing: MissingCells = new Map();
  for (const column of columnsOfTarget(name, kind)) placeIn(table, column, ...path);
  if (isTextOption(kind))
    throw new WrongOption(
      path,
      failure(
        'wrong-target',
        `\`${shorten(name)}\` is a text, which is no target of pictures`,
        'Texts are answers to rows of a table: `csv`, `jsonl` or `parquet`.',
      ),
    );
  try {
    const values = yield* valuesOfTarget(table, name, kind, missing);
    const [first] = missing;
    if (first === undefined) return values;
    const [column, { count, row }] = first;
    throw failure(
      'missing-label',
      `${table.name} has ${count} ${count === 1 ? 'picture' : 'pictures'} without a value of \`${shorten(column)}\`, ` +
        `the first on ${table.spotOf(row)}`,
      'Fill it, or remove the line: nothing is learnt of a picture of which nobody says what is right.',
    );
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    const { code, message, hint } = error.diagnostics[0]!;
    // Nothing is prepared here.
    const isOfTables = hint?.includes('`prepare`') === true;
    throw new WrongOption(path, isOfTables ? failure(code, message, 'Correct the cell, or remove its line.') : error);
  }
}

/** Pictures whose heads were looked at, without those that are to be skipped. */
interface Usable {
  readonly checked: CheckedPictures;
  /** Places among all paths. */
  readonly rows: Uint32Array;
}

function check({ paths }: Listed, folder: string, given: TargetedOptions): Usable {
  const checked = atOption(at('table'), () => checkPictures(paths, folder, given));
  return { checked, rows: Uint32Array.from(paths.keys()).filter((row) => !checked.skipped.has(paths[row]!)) };
}

function specOf(
  { specs, trained }: Listed,
  { checked, rows }: Usable,
  { test }: TargetedOptions,
  fold: Fold | undefined,
): DatasetSpec {
  const drawsTest = typeof test === 'number';
  const tested = drawsTest ? testSize(test, rows.length, fold) : rows.filter((row) => row >= trained).length;
  if (tested === 0 || tested === rows.length)
    throw new WrongOption(
      at('test'),
      failure('no-test-samples', `${rows.length} pictures leave none for the test`, 'Raise `test`, or add pictures.'),
    );
  return fromPictures({
    ...labelledImages(checked.shape, []),
    targets: specs,
    ...(checked.decoder && { decoder: checked.decoder }),
    ...(drawsTest && { drawsTest: true as const }),
    count: { train: rows.length - tested, test: tested },
  });
}

/** What pictures of a table hold, before any of them is read. @throws UserError as settledTargeted, and of heads */
export function describeTargeted(
  given: TargetedOptions,
  folder: string,
  { split, seed }: Partial<Division>,
): DatasetSpec {
  const all = listed(given, folder);
  const usable = check(all, folder, given);
  const spec = specOf(all, usable, given, split?.fold);
  const { paths, trained, specs, values } = all;
  const { glances, warnings } = usable.checked;
  const ofTable = new Set(paths.slice(0, trained));
  const rowOf = new Map(paths.map((path, row) => [path, row]));
  const classes = specs.flatMap((target, k) => (target.kind === 'class' ? [{ target, all: values[k]! }] : []));
  const copies = warnOfCopies(
    glances.filter(({ path }) => ofTable.has(path)),
    glances.filter(({ path }) => !ofTable.has(path)),
    {
      from: folder,
      classOf: (path) =>
        classes.map((one) => rowsOfTarget(one.all, one.target, Uint32Array.of(rowOf.get(path)!)).join()).join(' '),
    },
  );
  const strange = split === undefined || seed === undefined ? [] : partWarnings(all, usable, given, { split, seed });
  return withWarnings(spec, [...warnings, ...copies, ...strange]);
}

/** What is strange about the values of the parts that the pictures will be divided into. */
function partWarnings(
  all: Listed,
  { rows }: Usable,
  given: TargetedOptions,
  { split, seed }: Division,
): readonly DataWarning[] {
  const { specs, values } = all;
  const { train, test } = divide(all, rows, given, { split, seed });
  const picked = { targets: specs.map((target, k) => rowsOfTarget(values[k]!, target, rowsAt(train))) };
  // A split that leaves none to train on is a mistake of its own.
  const left = afterTest(split, { ...(typeof given.test === 'number' && { drawsTest: true }) });
  const wanted = validationCount(left, train.length);
  const parted = splitSamples(
    { ...picked, count: train.length },
    specs,
    { ...left, validation: wanted < train.length ? wanted : 0 },
    seed,
  );
  const learnt = parted.train.map((place) => rowsAt(train)[place]!);
  const fitted = specs.map((_, k) => {
    const numbers = values[k]!;
    return numbers instanceof Float64Array ? [fitScale(numbers, learnt)] : undefined;
  });
  const told = [
    ...constantTargets(specs, fitted, learnt.length),
    ...classWarnings(specs, [
      { name: 'training', targets: values, rows: learnt },
      { name: 'validation', targets: values, rows: parted.validation.map((place) => rowsAt(train)[place]!) },
      { name: 'test', targets: values, rows: rowsAt(test) },
    ]),
  ];
  return told.map((warning) => ({ ...warning, path: at('targets') }));

  function rowsAt(places: Uint32Array): Uint32Array {
    return places.map((place) => rows[place]!);
  }
}

/** Which pictures train and which test, by their places among the usable ones. */
function divide(
  { specs, values, trained }: Listed,
  rows: Uint32Array,
  { test }: TargetedOptions,
  { split, seed }: Division,
): PieceParts {
  const labels = values[stratifiedBy(specs)];
  const isTest =
    typeof test === 'number'
      ? chooseRows({
          count: rows.length,
          wanted: testSize(test, rows.length, split.fold),
          labels: labels && Uint8Array.from(rows, (row) => labels[row]!),
          options: split,
          seed,
          purpose: 'test',
        })
      : Uint8Array.from(rows, (row) => Number(row >= trained));
  const places = Uint32Array.from(rows.keys());
  return { train: places.filter((place) => isTest[place] === 0), test: places.filter((place) => isTest[place] === 1) };
}

/** The pictures one by one, in the order of the tables. @throws UserError as describeTargeted */
export function openTargeted(
  given: TargetedOptions,
  folder: string,
  seed: number,
  split: SplitOptions = { validation: 0, stratified: true },
): Pieces {
  const all = listed(given, folder);
  const { checked, rows } = check(all, folder, given);
  const { specs, values, tables } = all;
  const paths = Array.from(rows, (row) => all.paths[row]!);
  const valuesOf = (sample: number) =>
    specs.map((target, k) => {
      const size = sizeOf(target.shape);
      const own = values[k]!.slice(rows[sample]! * size, (rows[sample]! + 1) * size);
      return own instanceof Uint8Array ? own : new Uint8Array(own.buffer);
    });
  return {
    name: 'images',
    spec: specOf(all, { checked, rows }, given, split.fold),
    folder,
    paths: paths.map((path) => [path]),
    listed: all.paths.length,
    madeBy: {
      resize: given.resize,
      channels: given.channels,
      // What was left out stays left out.
      onError: given.onError,
      shape: checked.shape,
      targets: specs,
      values: specs.map((target, k) => [...rowsOfTarget(values[k]!, target, rows)]),
    },
    place: (sample) => ({ file: relative(folder, paths[sample]!) }),
    read: async (sample) => {
      const path = paths[sample]!;
      try {
        const { values: picture, file } = await readPrepared(path, checked.shape, given);
        return { values: [picture, ...valuesOf(sample)], files: [{ ...file, name: relative(folder, path) }] };
      } catch (error) {
        if (!(error instanceof UserError) || given.onError !== 'skip') throw error;
        return { path, error };
      }
    },
    divide: (usable) =>
      divide(
        all,
        usable.map((sample) => rows[sample]!),
        given,
        { split, seed },
      ),
    describeFiles: (usable, files) => [
      ...tables.flatMap((table) => table.files),
      folderFile(
        'images',
        [...usable].flatMap((sample) => files(sample)),
      ),
    ],
  };
}
