// What the bench puts in the place of src/training/label-margins.ts to measure steps that watch no labels.
export { addMargins, labelMargins, rankLabels } from '../src/training/label-margins.ts';

/** No labels are watched. */
export const isWatched = (): boolean => false;
