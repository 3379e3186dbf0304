import type { Misfit } from '../base/row.ts';
import { isOfPictures } from '../datasets/augment/augment-batches.ts';
import { augmentationRow } from '../datasets/augment/augmentations.ts';
import type { InputSpec, TargetSpec } from '../datasets/dataset.ts';
import { formatShape } from '../base/tensor-shape.ts';
import { lossRow } from '../training/losses.ts';
import type { TrainOptions } from '../training/training-options.ts';

/** What augmentations have to fit. */
interface AugmentedData {
  /** Left out where they are not known before they are fetched. */
  readonly inputs?: readonly InputSpec[];
  readonly targets: readonly TargetSpec[];
}

/** What does not fit of `train.augment`, each with its path below that. */
export function augmentationMisfits(
  { augment = [], outputs }: Pick<TrainOptions, 'augment' | 'outputs'>,
  { inputs, targets }: AugmentedData,
): readonly (Misfit & { readonly path: readonly (string | number)[] })[] {
  return augment.flatMap(({ type, options }, i) => {
    const { changes, misfit } = augmentationRow(type);
    const found =
      timingMisfit(options) ??
      misfit?.(options) ??
      inputMisfit(type, inputs) ??
      (changes === 'places' ? placesMisfit(type, targets) : undefined) ??
      (changes === 'labels' ? mixingMisfit(type, outputs, { targets, ...(inputs && { inputs }) }) : undefined);
    return found === undefined
      ? []
      : [{ ...found, path: [i, ...(found.path === undefined ? [] : [type, ...found.path])] }];
  });
}

function timingMisfit({ from, until }: Readonly<Record<string, unknown>>): Misfit | undefined {
  return typeof from === 'number' && typeof until === 'number' && from > until
    ? {
        problem: `it would act from epoch ${from} until epoch ${until}, which is before`,
        hint: 'Raise `until`, or lower `from`.',
        path: ['until'],
      }
    : undefined;
}

function inputMisfit(type: string, inputs: readonly InputSpec[] | undefined): Misfit | undefined {
  if (inputs === undefined || inputs.some(isOfPictures)) return undefined;
  return {
    problem:
      `${type} is of pictures [height, width, channels], ` +
      `but the data has ${inputs.map(({ shape }) => formatShape(shape)).join(' and ')}`,
    hint: 'Remove it.',
  };
}

function placesMisfit(type: string, targets: readonly TargetSpec[]): Misfit | undefined {
  const placed = targets.find(({ shape }) => shape.length > 1);
  return placed === undefined
    ? undefined
    : {
        problem: `${type} moves what is in the picture, but not \`${placed.name}\`, which stands for its places`,
        hint: 'Remove it; brightness, contrast and noise change values alone.',
      };
}

function mixingMisfit(
  type: string,
  outputs: TrainOptions['outputs'],
  { inputs = [], targets }: AugmentedData,
): Misfit | undefined {
  const alone = `${type} mixes two samples with one picture and one class each`;
  if (inputs.length > 1 || targets.length > 1)
    return {
      problem: `${alone}, but the data has ${inputs.length > 1 ? 'several inputs' : 'several targets'}`,
      hint: 'Remove it.',
    };
  const [target] = targets;
  if (target?.kind !== 'class' || target.shape.length > 0)
    return {
      problem:
        `${alone}, but \`${target?.name}\` is ` + (target?.kind === 'class' ? 'a class for each place' : 'a number'),
      hint: 'Remove it.',
    };
  const loss = outputs[0]!.loss.type;
  return ['softmaxLogits', 'distribution'].includes(lossRow(loss).takes)
    ? undefined
    : {
        problem: `${type} makes labels of two classes in shares, which ${loss} does not take`,
        hint: 'Use `loss: softmaxCrossEntropy`, on an output for each class.',
      };
}
