import { type Ended, eventsOf } from '../rig.ts';

/** The last event of a run, which says how it ended. */
export const last = ({ stdout }: Ended) => eventsOf(stdout).at(-1)!;

/** The stages of a run that ended so. */
export const stagesOf = ({ stdout }: Ended, type: 'stage-finished' | 'stage-skipped') =>
  eventsOf(stdout)
    .filter((event) => event['type'] === type)
    .map((event) => event['stage']);

/** The stages that a run computed. */
export const ran = (ended: Ended) => stagesOf(ended, 'stage-finished');
