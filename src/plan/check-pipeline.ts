import { dirname } from 'node:path';
import type { Plan } from './planned-model.ts';
import { type Diagnostic, type Source, UserError } from '../base/diagnostics.ts';
import type { Emit } from '../base/events.ts';
import { rememberSecrets } from '../base/secrets.ts';
import { addressesIn } from '../datasets/files/data-file.ts';
import { datasetRow, readyDataset } from '../datasets/datasets.ts';
import { type Glance, isLarge } from '../datasets/glance.ts';
import { checkShapes } from './check-shapes.ts';
import { explainOdd } from '../language/syntax/odd-characters.ts';
import type { Pipeline } from '../language/pipeline.ts';
import { planPipeline } from './plan-pipeline.ts';
import { type ReadResult, inOrder, limit, readPipeline } from '../language/read-pipeline.ts';
import { readSource } from '../language/read-source.ts';
import type { PlacedSetting } from '../language/expand/placed-setting.ts';
import { isOfSetting } from '../language/expand/settings.ts';
import { settleSource } from './settle-source.ts';

/** A pipeline in which no mistake was found, and all that is known of it before it runs. */
export interface CheckedPipeline {
  readonly source: Source;
  /** What was laid over the file, such as `train.epochs=3`. */
  readonly settings: readonly string[];
  readonly pipeline: Pipeline;
  /**
   * Whether a setting names the server that the run is recorded on, and not the file: the word of who gave the command.
   */
  readonly setsTracking: boolean;
  /** The same of the place where kept outcomes are shared. */
  readonly setsCache: boolean;
  /** The full form with every default: reading it again gives the same pipeline. */
  readonly resolved: unknown;
  /** What was written of that, in the file, its bases and settings. */
  readonly given: unknown;
  readonly plan: Plan;
  readonly warnings: readonly Diagnostic[];
}

/** What a check found. */
interface CheckResult {
  /** Left out where there is a mistake, or data that has to be fetched first. */
  readonly checked?: CheckedPipeline;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Checks a text: its form, its names and values, its shapes. Gives all mistakes at once, or the pipeline. Nothing is
 * fetched for it, and what reads its data has to be loaded (`readyAtOnce`).
 *
 * @param settings laid over the text, such as `train.epochs=3`
 */
export function checkSource(source: Source, settings: readonly string[] = []): CheckResult {
  return checkRead(readPipeline(source, settings), source, settings);
}

/** How much of large files of data was looked at. */
export interface DataSeen {
  /** The files, by their paths, and how many more there are. */
  readonly files: readonly string[];
  readonly more: number;
  /** Why all of them was read; left out: their heads alone were. */
  readonly wholeFor?: string;
}

/** What a glance found. */
export interface Glanced {
  /** Left out as in CheckResult. */
  readonly checked?: CheckedPipeline;
  readonly diagnostics: readonly Diagnostic[];
  /** Left out where no file of data is large. */
  readonly seen?: DataSeen;
}

/** Loads what reads the data of a file, wherever it names some rightly. */
async function readyFor({ pipeline, parts }: ReadResult): Promise<void> {
  const source = pipeline?.data.source ?? parts?.source;
  if (source !== undefined) await readyDataset(source.type);
}

/**
 * As checkSource, of data beyond 1 MB by heads where that will do: what a run reads is all of it. Where anything is
 * wrong, all is read, so that no mistake is told that is none.
 */
export async function glanceAtSource(source: Source, settings: readonly string[] = []): Promise<Glanced> {
  const read = readPipeline(source, settings);
  await readyFor(read);
  const { checked, diagnostics } = checkRead(read, source, settings, { glance: true });
  const large = largeFiles(read, source);
  if (large.length === 0) return { ...(checked && { checked }), diagnostics };
  const seen = { files: large.slice(0, 3), more: Math.max(0, large.length - 3) };
  if (checked === undefined) {
    const { checked: whole, diagnostics: all } = checkRead(read, source, settings);
    return {
      ...(whole && { checked: whole }),
      diagnostics: all,
      seen: { ...seen, wholeFor: 'its head alone seemed to be wrong' },
    };
  }
  const lists = 'classes or categories are taken from it; all else of it is checked when it is loaded';
  const wholeFor = checked.plan.dataset.wholeFor ?? (checked.pipeline === read.pipeline ? undefined : lists);
  return { checked, diagnostics, seen: { ...seen, ...(wholeFor !== undefined && { wholeFor }) } };
}

/**
 * What is wrong with a text that is right by itself, once values of another file are laid over it: read by heads of
 * large data where that will do. Nothing is fetched.
 */
export async function checkWith(source: Source, placed: readonly PlacedSetting[]): Promise<readonly Diagnostic[]> {
  const read = readPipeline(source, placed);
  await readyFor(read);
  const { checked, diagnostics } = checkRead(read, source, [], { glance: true });
  return checked === undefined ? checkRead(read, source, []).diagnostics : diagnostics;
}

/** Files whose sizes are looked at: of pictures there are more, and small ones. */
const mostFiles = 1000;

function largeFiles({ pipeline }: ReadResult, source: Source): readonly string[] {
  if (pipeline === undefined) return [];
  const { type, options } = pipeline.data.source;
  try {
    return datasetRow(type).files(options, dirname(source.name)).slice(0, mostFiles).filter(isLarge);
  } catch (error) {
    // What is not there, the check says.
    if (error instanceof UserError) return [];
    throw error;
  }
}

function checkRead(
  { pipeline, parts, resolved, given, diagnostics, rangeOf }: ReadResult,
  source: Source,
  settings: readonly string[],
  glance: Glance = {},
): CheckResult {
  if (pipeline === undefined) {
    return {
      diagnostics:
        parts === undefined
          ? diagnostics
          : limit(
              explainOdd(
                inOrder([...diagnostics, ...checkShapes(parts, dirname(source.name), rangeOf).diagnostics], source),
              ),
            ),
    };
  }
  const settled = settleSource({ pipeline, resolved }, dirname(source.name));
  const planned = planPipeline(settled.pipeline, dirname(source.name), rangeOf, glance);
  const all = limit(explainOdd(inOrder([...diagnostics, ...planned.diagnostics], source)));
  if (planned.plan === undefined) return { diagnostics: all };
  const setsTracking = pipeline.tracking.uri !== undefined && isOfSetting(rangeOf(['tracking', 'uri']), source);
  const setsCache = pipeline.cache !== undefined && isOfSetting(rangeOf(['cache', 'remote']), source);
  return {
    checked: { source, settings, ...settled, setsTracking, setsCache, given, plan: planned.plan, warnings: all },
    diagnostics: all,
  };
}

/** Who is told of what is fetched, and how it can be interrupted. */
export interface Waiting {
  readonly emit: Emit;
  /** Does work that whoever waits may end; left out: he may not. */
  readonly untilInterrupted?: <T>(work: (signal?: AbortSignal) => Promise<T>) => Promise<T>;
}

/** Checks a file; see checkAndFetch. */
export function checkFile(file: string, settings: readonly string[] = [], waiting?: Waiting): Promise<CheckedPipeline> {
  return checkAndFetch(readSource(file), settings, waiting);
}

/**
 * Checks a text, and fetches the data that it names by addresses.
 *
 * @param settings laid over it, such as `train.epochs=3`
 * @throws UserError with every mistake, exit code 2; or when data cannot be fetched, exit code 1
 */
export async function checkAndFetch(
  source: Source,
  settings: readonly string[] = [],
  { emit, untilInterrupted = (work) => work() }: Waiting = { emit: () => {} },
): Promise<CheckedPipeline> {
  const read = readPipeline(source, settings);
  rememberSecrets(read.resolved);
  await readyFor(read);
  const chosen = read.pipeline?.data.source;
  const files = chosen && datasetRow(chosen.type).named(chosen.options);
  // What TLS needs takes longer to load than all else that a check does.
  if (addressesIn(files).length > 0) {
    const { fetchFiles } = await import('../datasets/files/fetch-files.ts');
    await untilInterrupted((signal) => fetchFiles(files, { emit, ...(signal && { signal }) }));
  }
  const { checked, diagnostics } = checkRead(read, source, settings);
  if (checked === undefined) throw new UserError(diagnostics, 2);
  return checked;
}
