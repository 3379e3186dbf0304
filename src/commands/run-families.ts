import { repetitionsTag } from '../models/find-run.ts';
import type { ListedRun } from '../tracking/recorded-runs.ts';
import { isSweep, isTrialOfSweep, sweepTags } from '../tracking/sweep-tags.ts';

/** A run, and those that it stands above: the trials of a sweep, repetitions, folds; in the order of their start. */
export interface Family {
  readonly head: ListedRun;
  readonly members: readonly ListedRun[];
}

/** A run as a table has it. */
export interface RunRow {
  readonly run: ListedRun;
  /** How many runs it stands above. */
  readonly count: number;
  /** Whether the one that it is below is listed before it. */
  readonly isIndented: boolean;
}

/** Runs by what they are below. One whose parent is not among them is a head, as an evaluation is. */
export function familiesOf(runs: readonly ListedRun[]): readonly Family[] {
  const heads = new Map(runs.flatMap((run) => keysOfHead(run).map((key) => [key, run.runId] as const)));
  const members = new Map<string, ListedRun[]>();
  const isMember = (run: ListedRun): boolean => {
    const head = heads.get(keyOfMember(run) ?? '');
    if (head === undefined || head === run.runId) return false;
    const known = members.get(head);
    if (known === undefined) members.set(head, [run]);
    else known.push(run);
    return true;
  };
  const alone = runs.filter((run) => !isMember(run));
  return alone.map((head) => ({
    head,
    members: (members.get(head.runId) ?? []).toSorted(
      (one, other) => one.startTime - other.startTime || numberOf(one) - numberOf(other),
    ),
  }));
}

/** The head before its members, where these are listed. */
export function rowsOf({ head, members }: Family, isOpen: boolean): readonly RunRow[] {
  const rows = isOpen ? members.map((run) => ({ run, count: 0, isIndented: true })) : [];
  return [{ run: head, count: members.length, isIndented: false }, ...rows];
}

/** What a run above others says of them all, by the name that it has with each: the best value, or the mean. */
export function summaryMetric(run: ListedRun, name: string): number | undefined {
  if (isSweep(run)) return run.metric(`best_${name}`);
  return isRepeated(run) ? run.metric(`${name}_mean`) : undefined;
}

/** The names that its metrics have with each of the runs below. */
export function summarizedNames(run: ListedRun): readonly string[] {
  const names = Object.keys(run.metrics);
  if (isSweep(run)) return names.map((name) => name.replace(/^best_/, ''));
  return isRepeated(run) ? names.filter((name) => name.endsWith('_mean')).map((name) => name.slice(0, -5)) : names;
}

/** Whether a run stands above others, and trains nothing by itself. */
export function isAbove(run: ListedRun): boolean {
  return isSweep(run) || isRepeated(run);
}

/** The metric that a sweep goes by. */
export function goalOf(run: ListedRun): string | undefined {
  return isSweep(run) ? /^(?:maximize|minimize) (.+)$/.exec(run.param('goal') ?? '')?.[1] : undefined;
}

const isRepeated = (run: ListedRun) => run.tag(repetitionsTag) !== undefined;

function keysOfHead(run: ListedRun): readonly string[] {
  if (isSweep(run)) return [`sweep ${run.tag(sweepTags.sweep)!}`];
  return isRepeated(run) ? [`run ${run.runId}`] : [];
}

function keyOfMember(run: ListedRun): string | undefined {
  if (isTrialOfSweep(run)) return `sweep ${run.tag(sweepTags.sweep) ?? ''}`;
  const parent = run.tag('mlflow.parentRunId');
  return parent === undefined ? undefined : `run ${parent}`;
}

const numberOf = (run: ListedRun) => Number(run.tag(sweepTags.trial) ?? 0);
