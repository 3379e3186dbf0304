import { dirname } from 'node:path';
import type { Diagnostic } from '../base/diagnostics.ts';
import { type StageName, stageNames } from '../base/events.ts';
import { type Change, changesBetween, nearestTo } from '../cache/explain-changes.ts';
import { type DataHashes, type Fingerprint, type Origin, fingerprintsOf } from '../cache/fingerprints.ts';
import { hashFiles } from '../cache/hash-files.ts';
import { thisMachine } from '../cache/machine-identity.ts';
import { type EntryFacts, StageCache } from '../cache/stage-cache.ts';
import { datasetRow } from '../datasets/datasets.ts';
import { expectedStep } from '../engine/install/engine-site.ts';
import { countTowers, threadsPerOp } from '../training/split-batch.ts';
import { scheduleRow } from '../training/schedules.ts';
import type { CheckedPipeline } from '../plan/check-pipeline.ts';
import { outcomeForms } from './outcomes.ts';
import type { Pipeline } from '../language/pipeline.ts';
import { version } from '../base/version.ts';

/** SHA-256 of each data file of a pipeline, by its path. @throws UserError when one of them cannot be read */
export async function hashData({ pipeline, source: { name } }: CheckedPipeline): Promise<DataHashes> {
  const { type, options } = pipeline.data.source;
  const folder = dirname(name);
  return hashFiles(datasetRow(type).files(options, folder), folder);
}

/** What a run of a pipeline is made from, if its steps run as they are expected to. */
export function originOf({ resolved, pipeline: { train }, plan }: CheckedPipeline, dataFiles: DataHashes): Origin {
  const machine = thisMachine(version, threadsPerOp(countTowers({ ...train, graph: plan })));
  return {
    resolved: resolved as Readonly<Record<string, unknown>>,
    dataFiles,
    machine,
    step: expectedStep(train.step),
  };
}

/** Whether a stage would run, and why. */
export interface StageStatus {
  readonly stage: StageName;
  readonly fresh: boolean;
  readonly fingerprint: string;
  /** The run whose outcome would be used; of a stage that is not fresh, the one with the fewest differences. */
  readonly run?: { readonly runId: string; readonly createdAt: string };
  /** What differs from that run. */
  readonly changes: readonly Change[];
  /** What is wrong with the kept outcome, where there is one. */
  readonly problem?: string;
  /** Epochs that need not be trained again. */
  readonly epochsKept?: number;
}

/** Says for each stage whether its kept outcome can be used, and what stands against it. */
export async function stageStatus(checked: CheckedPipeline, folder: string): Promise<readonly StageStatus[]> {
  const fingerprints = fingerprintsOf(originOf(checked, await hashData(checked)));
  const forms = outcomeForms(checked);
  const own = ownEntries(new StageCache(folder, () => undefined, checked.source.name));
  // What the stage before is compared with: an outcome that came of it tells more than another.
  let above: string | undefined;
  return stageNames.map((stage): StageStatus => {
    let problem: Diagnostic | undefined;
    const cache = new StageCache(folder, (warning) => (problem = warning));
    const fingerprint = fingerprints[stage];
    const common = { stage, fingerprint: fingerprint.hash } as const;
    const kept = cache.find<unknown>(fingerprint, forms[stage]);
    const entries = own[stage];
    const related = entries.filter((entry) => entry.fingerprint.parts.some(([, value]) => value === above));
    const shorter = stage === 'train' ? shorterTraining(checked.pipeline, fingerprint, cache.list(stage)) : undefined;
    const nearest = kept ?? shorter ?? nearestTo(fingerprint, related.length > 0 ? related : entries)?.entry;
    above = nearest?.fingerprint.hash;
    if (kept !== undefined) return { ...common, fresh: true, run: runOf(kept), changes: [] };
    return {
      ...common,
      fresh: false,
      ...(nearest === undefined ? {} : { run: runOf(nearest) }),
      changes: nearest === undefined ? [] : changesBetween(nearest.fingerprint.parts, fingerprint.parts),
      ...(problem === undefined ? {} : { problem: problem.message }),
      ...(shorter === undefined ? {} : { epochsKept: epochsOf(shorter) }),
    };
  });
}

/** What is kept of each stage that the pipeline file was run with: of its runs, and what these took of others. */
function ownEntries(cache: StageCache): Readonly<Record<StageName, readonly EntryFacts[]>> {
  const own: Partial<Record<StageName, readonly EntryFacts[]>> = {};
  let above = new Set<string>();
  for (const stage of stageNames.toReversed()) {
    const entries = cache.list(stage).filter((entry) => cache.isOwn(entry) || above.has(entry.fingerprint.hash));
    own[stage] = entries;
    above = new Set(entries.flatMap(({ fingerprint: { parts } }) => parts[0]?.[1] ?? []));
  }
  return own as Record<StageName, readonly EntryFacts[]>;
}

const runOf = ({ runId, createdAt }: EntryFacts) => ({ runId, createdAt: new Date(createdAt).toISOString() });

/**
 * The longest kept training that the pipeline's begins with: nothing differs but the number of epochs, and nothing in it
 * looks ahead to that number.
 */
export function shorterTraining(
  { train: { schedule, earlyStopping } }: Pipeline,
  { parts }: Fingerprint,
  entries: readonly EntryFacts[],
): EntryFacts | undefined {
  if (earlyStopping !== undefined) return undefined;
  if (schedule !== undefined && scheduleRow(schedule.type).dependsOnEpochs(schedule.options)) return undefined;
  const shorter = entries.filter(({ fingerprint }) => {
    const [change, ...others] = changesBetween(fingerprint.parts, parts);
    return change?.name === 'train.epochs' && others.length === 0 && Number(change.before) < Number(change.now);
  });
  return shorter.toSorted((a, b) => epochsOf(b) - epochsOf(a))[0];
}

const epochsOf = ({ fingerprint }: EntryFacts) => Number(new Map(fingerprint.parts).get('train.epochs'));
