import type { Chosen } from '../../base/row.ts';
import type { AugmentationRow } from './augmentation.ts';
import { hidingAugmentations } from './hide-regions.ts';
import { mixingAugmentations } from './mix-samples.ts';
import { movingAugmentations } from './move-pictures.ts';
import { valueAugmentations } from './change-values.ts';

/** All augmentations. */
export const augmentations = {
  ...movingAugmentations,
  ...valueAugmentations,
  ...hidingAugmentations,
  ...mixingAugmentations,
} as const satisfies Record<string, AugmentationRow>;

/** The row of an augmentation that the check has let through. */
export function augmentationRow(type: string): AugmentationRow {
  return augmentations[type as keyof typeof augmentations];
}

/** Whether labels may be of two classes each. */
export function mixesLabels(augment: readonly Chosen[] = []): boolean {
  return augment.some(({ type }) => augmentationRow(type).changes === 'labels');
}
