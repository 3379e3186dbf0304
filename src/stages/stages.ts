import { evaluateStage } from './evaluate-stage.ts';
import { loadStage } from './load-stage.ts';
import type { Stage } from './stage.ts';
import { trainStage } from './train-stage.ts';
import { visualizeStage } from './visualize-stage.ts';

const table = [loadStage, trainStage, evaluateStage, visualizeStage] as const;

/** The name of a stage. */
export type StageName = (typeof table)[number]['name'];

/** All stages, in the order in which they run. */
export const stages: readonly Stage<StageName>[] = table;

/** Their names, in that order. */
export const stageNames: readonly StageName[] = stages.map(({ name }) => name);

/** The stages before one. */
export function stagesBefore(all: readonly Stage[], { name }: Stage): readonly Stage[] {
  return all.slice(
    0,
    all.findIndex((stage) => stage.name === name),
  );
}
