import { basename, dirname, isAbsolute, join, normalize, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UserError, failure, mistake, misuse } from '../../base/diagnostics.ts';
import { hideSecretsIn } from '../../base/secrets.ts';
import { version } from '../../base/version.ts';
import type { DataFileOption } from '../../datasets/files/data-file.ts';
import { datasetRow } from '../../datasets/datasets.ts';
import { hideInFile } from '../../language/syntax/hide-in-file.ts';
import type { CheckedPipeline } from '../../plan/check-pipeline.ts';
import { type HeldFile, heldAs } from './held-files.ts';
import type { JobManifest } from './job-manifest.ts';

/** A pipeline as it goes to another machine, and where its files lie on this one. */
export interface Portable {
  readonly part: Pick<JobManifest, 'version' | 'folder' | 'file' | 'resolved' | 'text' | 'settings' | 'data'>;
  /** By their paths in `part.data`. */
  readonly sources: ReadonlyMap<string, string>;
}

/** Folders that paths may lead up from the one that the command is given in. */
const mostUp = 20;

/** What stands for a folder of this machine that relative paths lead up to. */
const above = 'above';

type Tree = Readonly<Record<string, unknown>>;

/**
 * Makes a pipeline one that runs elsewhere: files lie below one folder as they lie from here, what a whole path or a
 * `file:` address names lies in `outside/`, and what was fetched goes along.
 *
 * @throws UserError where an address of data holds a secret, paths lead too far up, or a file cannot be read
 */
export async function makePortable(checked: CheckedPipeline): Promise<Portable> {
  const { pipeline, source, settings } = checked;
  const { type, options } = pipeline.data.source;
  const { tracking, ...rest } = checked.resolved as Tree;
  expectNoSecrets(rest['data'], checked);
  const base = baseOf(source.name);
  const home = dirname(resolve(source.name));
  const named = datasetRow(type).named(options);
  // What comes with the program, as MNIST does, nobody names.
  const files = named.length === 0 ? [] : datasetRow(type).files(options, home);
  const outside = outsideOf(named);
  const ups = [resolve(source.name), ...files.filter((file) => aliasOf(file, outside) === undefined)].map(
    (file) => (relative(base, file).match(/^(?:\.\.[/\\])+/)?.[0].length ?? 0) / 3,
  );
  const up = Math.max(0, ...ups);
  if (up > mostUp || ups.some((one) => !Number.isInteger(one)))
    throw misuse('job-path-too-far', `a path of ${source.name} leads more than ${mostUp} folders up`);
  const folder = Array<string>(up).fill(above).join('/');
  const placed = (file: string) => aliasOf(file, outside) ?? slashed(join(folder, relative(base, file)));
  const file = placed(resolve(source.name));
  const whole = outside.map(({ option, alias }) => ({
    json: JSON.stringify(option),
    word: typeof option === 'string' ? option : option.url,
    way: slashed(relative(dirname(file), alias)),
  }));
  const withAliases = (text: string) => whole.reduce((all, { word, way }) => all.replaceAll(word, way), text);
  // `../PROJECT/data` goes by the name of a folder that the job has not.
  const roundabout = named.flatMap((option) => {
    if (typeof option !== 'string' || isAbsolute(option)) return [];
    const way = slashed(relative(dirname(file), placed(resolve(home, option))));
    return way === slashed(normalize(option)).replace(/\/$/, '') ? [] : [{ json: JSON.stringify(option), way }];
  });
  const data: HeldFile[] = [];
  const sources = new Map<string, string>();
  for (const path of files) {
    const held = await heldFrom(placed(path), path);
    if (sources.has(held.path)) continue;
    sources.set(held.path, path);
    data.push(held);
  }
  const { experiment } = (tracking ?? {}) as { readonly experiment?: string };
  return {
    part: {
      version: 1,
      ...(folder !== '' && { folder }),
      file,
      resolved: {
        ...rest,
        data: renameIn(rest['data'], [...whole, ...roundabout]),
        ...(experiment !== undefined && { tracking: { experiment } }),
      },
      text: withAliases(hideInFile(source.text)),
      settings: settings.map((setting) => withAliases(hideSecretsIn(setting))),
      data,
    },
    sources,
  };
}

async function heldFrom(place: string, path: string): Promise<HeldFile> {
  try {
    return await heldAs(place, path);
  } catch (error) {
    throw failure('data-file-unreadable', `the data file ${path} cannot be read: ${(error as Error).message}`);
  }
}

function expectNoSecrets(data: unknown, { source }: CheckedPipeline): void {
  if (JSON.stringify(hideSecretsIn(data)) === JSON.stringify(data)) return;
  throw new UserError(
    mistake(
      'job-with-secret',
      'An address of the data holds a password or a token, and no secret goes to another machine.',
      { source, start: 0, end: 0 },
      'Name the file that was fetched by its path: it goes along by its hash.',
    ),
    2,
  );
}

/** The folder that paths are told from: this one, but for a file elsewhere that is named by its whole path. */
function baseOf(file: string): string {
  const isInside = !relative('.', file).startsWith('..');
  return isAbsolute(file) && !isInside ? dirname(file) : resolve('.');
}

/** What is named by whole paths of this machine: as written, as a path, and what it is called in the job. */
interface Outside {
  readonly option: DataFileOption;
  readonly path: string;
  readonly alias: string;
}

function outsideOf(named: readonly DataFileOption[]): readonly Outside[] {
  return named.flatMap((option, index) => {
    const path = wholePath(option);
    return path === undefined ? [] : [{ option, path, alias: `outside/${index + 1}/${basename(path)}` }];
  });
}

function wholePath(option: DataFileOption): string | undefined {
  if (typeof option === 'string') return isAbsolute(option) ? resolve(option) : undefined;
  return option.url.startsWith('file:') ? fileURLToPath(option.url) : undefined;
}

function aliasOf(file: string, outside: readonly Outside[]): string | undefined {
  for (const { path, alias } of outside) {
    if (file === path) return alias;
    if (file.startsWith(join(path, sep))) return slashed(join(alias, relative(path, file)));
  }
  return undefined;
}

/** What stands for an option in the job. */
interface Renamed {
  readonly json: string;
  readonly way: string;
}

/** Puts the job's names in the place of options. */
function renameIn(value: unknown, renamed: readonly Renamed[]): unknown {
  const found = renamed.find(({ json }) => json === JSON.stringify(value));
  if (found !== undefined) return found.way;
  if (Array.isArray(value)) return value.map((item) => renameIn(item, renamed));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, renameIn(inner, renamed)]));
}

const slashed = (path: string) => path.split(sep).join('/');

/** The program that a job is run by. */
export function programOf(sha256: string): JobManifest['program'] {
  return { version, sha256 };
}
