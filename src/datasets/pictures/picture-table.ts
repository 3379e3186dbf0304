import { existsSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';
import { nearest } from '../../base/did-you-mean.ts';
import { failure } from '../../base/diagnostics.ts';
import { shorten } from '../../base/shorten.ts';
import { atOnce } from '../../base/turns.ts';
import type { FoundPictures } from './class-folders.ts';
import { formOf } from '../tables/csv-options.ts';
import { type CsvTable, readCsv } from '../tables/csv-table.ts';
import { type OptionPath, WrongOption, atOption } from '../wrong-option.ts';
import { type FileSort, pictureFiles } from './list-pictures.ts';

/** What says which files a table names. */
export interface PathsOptions {
  /** The column with their paths. */
  readonly path: string;
  /** A column that each line has to fill, too. */
  readonly label?: string;
  /** The folder that paths in the table count from; left out: that of the table. */
  readonly folder?: string;
}

/** What names a table of files. */
export interface TableOptions extends PathsOptions {
  readonly table: string;
  readonly label: string;
  readonly classes: readonly string[];
  readonly test: number | string;
}

/** The folder that paths in a table count from, as the options name it. */
export function folderOfTable(table: string, folder: string | undefined): string {
  return folder ?? dirname(table);
}

/** The folder that paths in a table count from. @throws WrongOption where the options list several */
export function folderOfPaths(
  folder: string | readonly string[] | undefined,
  { dataset }: Pick<FileSort, 'dataset'>,
): string | undefined {
  if (folder === undefined || typeof folder === 'string') return folder;
  throw new WrongOption(
    ['source', dataset, 'folder'],
    failure(
      'classes-and-table',
      'paths in a `table` count from one folder, and `folder` is a list',
      'Name the one that all files are below; several can be learnt from by their sub-folders, without a table.',
    ),
  );
}

/**
 * Lists the files that a table names, by their labels.
 *
 * @throws UserError where the table cannot be read, names a file outside its folder, or has too few classes
 */
export function listTable(given: TableOptions, folder: string, sort: FileSort = pictureFiles): FoundPictures {
  const { classes: chosen, test } = given;
  const at = (option: string): OptionPath => ['source', sort.dataset, option];
  const tableRows = (name: string) => rowsOf(given, name, { folder, sort });
  const trained = atOption(at('table'), () => tableRows(given.table));
  const classes =
    chosen.length > 0 ? chosen : [...new Set(trained.map(({ label }) => label))].sort((a, b) => (a < b ? -1 : 1));
  if (classes.length < 2 || classes.length > 256)
    throw new WrongOption(
      at('label'),
      failure(
        'class-count',
        `${given.table} has ${classes.length} ${classes.length === 1 ? 'class' : 'classes'} in its column ` +
          `\`${shorten(given.label)}\`; 2 to 256 can be learnt`,
        classes.length > 256 ? 'Name those to be learnt in `classes`.' : `Each ${sort.noun[0]} has a label.`,
      ),
    );
  const absent = classes.find((name) => trained.every(({ label }) => label !== name));
  if (absent !== undefined)
    throw new WrongOption(
      at('classes'),
      failure(
        'unknown-class-folder',
        `classes: no ${sort.noun[0]} of ${given.table} has the label \`${shorten(absent)}\``,
        'Name labels that are in its column.',
      ),
    );
  const byClass = (rows: typeof trained) =>
    classes.map((name) => rows.filter(({ label }) => label === name).map(({ path }) => path));
  const found = { classes, train: byClass(trained), tables: [resolve(folder, given.table)] };
  const leftOut = (table: string, rows: typeof trained) => {
    const others = rows.filter(({ label }) => !classes.includes(label)).length;
    return {
      folder: resolve(folder, table),
      pictures: [],
      leftOut: others === 0 ? [] : [`${others} of other classes`],
    };
  };
  const listings = [leftOut(given.table, trained)];
  if (typeof test === 'number') return { ...found, test, listings };
  return atOption(at('test'), () => {
    const tested = tableRows(test);
    const unknown = chosen.length > 0 ? undefined : tested.find(({ label }) => !classes.includes(label));
    if (unknown !== undefined)
      throw failure(
        'class-folders-differ',
        `${test} has the label \`${shorten(unknown.label)}\`, but there is none in ${given.table}`,
        'Both tables need the same classes.',
      );
    return {
      ...found,
      test: byClass(tested),
      listings: [...listings, leftOut(test, tested)],
      tables: [...found.tables, resolve(folder, test)],
    };
  });
}

/** The files of a table, in its order, each with its label. */
function rowsOf(
  given: TableOptions,
  name: string,
  { folder, sort }: { readonly folder: string; readonly sort: FileSort },
): readonly { path: string; label: string }[] {
  const { table, paths } = readPaths(given, name, { folder, sort });
  const labels = table.placeOf(given.label)!;
  return paths.map((path, row) => ({ path, label: table.cell(row, labels).trim() }));
}

/**
 * The file that a table names.
 *
 * @param written what stands in the table @param base the folder that it counts from
 * @param where names the line, for messages
 * @throws UserError where it is not below that folder
 */
export function pathBelow(base: string, written: string, where: () => string): string {
  const path = resolve(base, written);
  const way = relative(base, path);
  // A table may come with a project: it chooses no file elsewhere.
  if (written.includes('\0') || way === '' || way.split(sep)[0] === '..' || resolve(base, way) !== path)
    throw failure(
      'picture-path-outside',
      `${where()} names ${shorten(written)}, which is not below ${base}`,
      'Paths count from the folder of the table; `folder` names another one.',
    );
  return path;
}

/**
 * Reads a table, and the paths of its files, row after row.
 *
 * @param name its path @param place.folder the folder that this counts from
 * @throws UserError where it cannot be read, leaves a path out, or names a file twice, or one that is not there or is
 * outside its folder
 */
export function readPaths(
  given: PathsOptions,
  name: string,
  { folder, sort: { dataset, noun } }: { readonly folder: string; readonly sort: FileSort },
): { readonly table: CsvTable; readonly paths: readonly string[] } {
  const table = atOnce(readCsv({ path: resolve(folder, name) }, formOf({}, name)));
  const place = columnIn(table, given.path, ['source', dataset, 'path']);
  const label = given.label === undefined ? place : columnIn(table, given.label, ['source', dataset, 'label']);
  const base = resolve(folder, folderOfTable(name, given.folder));
  const seen = new Map<string, number>();
  const paths = Array.from({ length: table.count }, (_, row) => {
    const written = table.cell(row, place).trim();
    // Counted only where it is told: lines are counted from the first one.
    const where = () => `${name}, ${table.spotOf(row)}`;
    if (written === '' || table.cell(row, label).trim() === '')
      throw failure(
        'missing-label',
        `${where()} has no ${written === '' ? 'path' : 'label'}`,
        'Fill it, or remove the line.',
      );
    const path = pathBelow(base, written, where);
    const first = seen.get(path);
    if (first !== undefined)
      throw failure(
        'repeated-picture',
        `${where()} names ${shorten(written)} again, as ${table.spotOf(first)} does`,
        `Keep one line for each ${noun[0]}.`,
      );
    seen.set(path, row);
    if (!existsSync(path))
      throw failure(
        'data-file-missing',
        `${where()} names ${shorten(written)}, which does not exist below ${base}`,
        'Paths count from the folder of the table; `folder` names another one.',
      );
    return path;
  });
  return { table, paths };
}

function columnIn(table: CsvTable, name: string, option: OptionPath): number {
  const place = table.placeOf(name);
  if (place !== undefined) return place;
  const guess = nearest(name, table.columns);
  throw new WrongOption(
    option,
    failure(
      'unknown-column',
      `${table.name} has no column \`${shorten(name)}\``,
      guess === undefined ? `It has ${shorten(table.columns.join(', '), 200)}.` : `Did you mean \`${guess}\`?`,
    ),
  );
}
