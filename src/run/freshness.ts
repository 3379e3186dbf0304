import type { Diagnostic } from '../base/diagnostics.ts';
import { type Change, changesBetween, nearestTo } from '../cache/explain-changes.ts';
import { type DataHashes, type Fingerprint, type Origin, dependencyOf, fingerprintsOf } from '../cache/fingerprints.ts';
import { thisMachine } from '../cache/machine-identity.ts';
import { type EntryFacts, StageCache } from '../cache/stage-cache.ts';
import { expectedStep } from '../engine/install/engine-site.ts';
import type { SharedOutcomes } from './shared-outcomes.ts';
import { countTowers, threadsPerOp } from '../training/split-batch.ts';
import type { CheckedPipeline } from '../plan/check-pipeline.ts';
import { hashData } from '../stages/load-stage.ts';
import type { Stage } from '../stages/stage.ts';
import { stages as allStages } from '../stages/stages.ts';
import { version } from '../base/version.ts';

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

/** A part that differs, and why it matters; no reason for the stage before, which has reasons of its own. */
export interface ReasonedChange extends Change {
  readonly reason: string | undefined;
}

/** Whether a stage would run, and why. */
export interface StageStatus {
  readonly stage: string;
  readonly fresh: boolean;
  readonly fingerprint: string;
  /** The run whose outcome would be used; of a stage that is not fresh, the one with the fewest differences. */
  readonly run?: { readonly runId: string; readonly createdAt: string };
  /** What differs from that run. */
  readonly changes: readonly ReasonedChange[];
  /** What is wrong with the kept outcome, where there is one. */
  readonly problem?: string;
  /** Where another machine keeps its outcome, which a run fetches and proves. */
  readonly keptIn?: string;
  /** Epochs that need not be trained again. */
  readonly epochsKept?: number;
}

/**
 * Says for each stage whether its kept outcome can be used, and what stands against it.
 *
 * @param shared what other machines keep is asked for too
 */
export async function stageStatus(
  checked: CheckedPipeline,
  folder: string,
  stages: readonly Stage[] = allStages,
  shared?: SharedOutcomes,
): Promise<readonly StageStatus[]> {
  const fingerprints = fingerprintsOf(stages, originOf(checked, await hashData(checked)));
  const found = statusHere(checked, folder, stages, fingerprints);
  if (shared === undefined) return found;
  const all: StageStatus[] = [];
  for (const one of found) {
    const isThere = !one.fresh && (await shared.has(fingerprints.get(one.stage)!));
    all.push(isThere ? { ...one, keptIn: shared.address } : one);
  }
  return all;
}

function statusHere(
  checked: CheckedPipeline,
  folder: string,
  stages: readonly Stage[],
  fingerprints: ReadonlyMap<string, Fingerprint>,
): readonly StageStatus[] {
  const own = ownEntries(stages, new StageCache(folder, () => undefined, checked.source.name));
  // What the stage before is compared with: an outcome that came of it tells more than another.
  let above: string | undefined;
  return stages.map((stage): StageStatus => {
    let problem: Diagnostic | undefined;
    const cache = new StageCache(folder, (warning) => (problem = warning));
    const fingerprint = fingerprints.get(stage.name)!;
    const common = { stage: stage.name, fingerprint: fingerprint.hash } as const;
    const kept = cache.find(fingerprint, stage.form(checked));
    const entries = own.get(stage)!;
    const related = entries.filter((entry) => entry.fingerprint.parts.some(([, value]) => value === above));
    const beginning = stage.beginning?.(checked, fingerprint, cache.list(stage.name));
    const nearest = kept ?? beginning?.entry ?? nearestTo(fingerprint, related.length > 0 ? related : entries)?.entry;
    above = nearest?.fingerprint.hash;
    if (kept !== undefined) return { ...common, fresh: true, run: runOf(kept), changes: [] };
    const changes = nearest === undefined ? [] : changesBetween(nearest.fingerprint.parts, fingerprint.parts);
    return {
      ...common,
      fresh: false,
      ...(nearest === undefined ? {} : { run: runOf(nearest) }),
      changes: changes.map((change) => ({ ...change, reason: dependencyOf(stages, change.name)?.reason })),
      ...(problem === undefined ? {} : { problem: problem.message }),
      ...(beginning === undefined ? {} : { epochsKept: beginning.epochs }),
    };
  });
}

/** What is kept of each stage that the pipeline file was run with: of its runs, and what these took of others. */
function ownEntries(stages: readonly Stage[], cache: StageCache): ReadonlyMap<Stage, readonly EntryFacts[]> {
  const own = new Map<Stage, readonly EntryFacts[]>();
  let above = new Set<string>();
  for (const stage of stages.toReversed()) {
    const entries = cache.list(stage.name).filter((entry) => cache.isOwn(entry) || above.has(entry.fingerprint.hash));
    own.set(stage, entries);
    above = new Set(entries.flatMap(({ fingerprint: { parts } }) => parts[0]?.[1] ?? []));
  }
  return own;
}

const runOf = ({ runId, createdAt }: EntryFacts) => ({ runId, createdAt: new Date(createdAt).toISOString() });
