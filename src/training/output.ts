import type { Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs';
import { formatShape, sizeOf } from '../base/tensor-shape.ts';
import type { Misfit } from '../base/row.ts';
import type { ClassTarget, NumberTarget, TargetSpec } from '../datasets/dataset.ts';
import type { Scale } from '../datasets/scale.ts';
import { isWholeText } from '../datasets/texts/whole-texts.ts';
import type { Engine, Tf } from '../engine/tensorflow.ts';
import type { Answer } from '../layers/build-model.ts';
import { presence } from '../layers/padding-masks.ts';
import { classProbabilities, classRuleOf, confidenceOf, predictedClasses } from './class-rule.ts';
import { type ClassValues, type LossRow, beyondOf, classRanks, targetsOf } from './loss.ts';
import { wrongValues, type OutputFacts } from './output-values.ts';

/** One output of the model, and what it learns by. */
export interface Output {
  readonly target: TargetSpec;
  readonly loss: { readonly row: LossRow; readonly options: Readonly<Record<string, unknown>> };
  /** Of each component of numbers that are standardized for training; left out: they are taken as they are. */
  readonly scales?: readonly Scale[];
  /** What its loss is multiplied with in the sum over all outputs. */
  readonly weight: number;
  /**
   * What the loss of a training sample, or of one place in it, is multiplied with, by class; validation and test count
   * all alike, as in Keras.
   */
  readonly classWeights?: readonly number[];
}

/** Says why a loss does not fit a layer, or what the layer is to predict. `shape` is that of the layer's output. */
export function lossMisfit(
  loss: string,
  row: LossRow,
  target: TargetSpec,
  output: Omit<OutputFacts, 'classes'>,
): Misfit | undefined {
  const { layer, shape, values } = output;
  if (target.kind === 'number') {
    const areShares = target.reconstructs === 'shares';
    if (row.takesNumbers !== true && !(areShares && row.takesShares === true))
      return {
        problem:
          target.reconstructs === undefined
            ? `${loss} is for classes, but \`${target.name}\` is a number`
            : `${loss} is for classes, but \`${target.name}\` is the input, which is numbers`,
        hint: `Use \`loss: meanSquaredError\`, meanAbsoluteError or ${areShares ? 'binaryCrossentropy' : 'huberLoss'}.`,
      };
    if (loss === 'cosineProximity' && target.shape.at(-1) === 1)
      return {
        problem:
          `cosineProximity is of directions, and \`${target.name}\` is a single number, which has but a sign: ` +
          'nothing can be learned',
        hint: 'Use `loss: meanSquaredError`, meanAbsoluteError or huberLoss.',
      };
    if (String(shape) === String(target.shape)) return wrongValues(loss, row, output);
    const end =
      target.shape.length === 1
        ? `End with \`dense ${target.shape[0]}\`.`
        : `End with a layer of shape ${formatShape(target.shape)}${afterDense(target)}.`;
    return {
      problem:
        `\`${layer}\` gives ${formatShape(shape)} values per sample, ` +
        `but \`${target.name}\` is ${formatShape(target.shape)}`,
      hint: end,
    };
  }
  if (target.several !== undefined || target.ordinal === true) return yesOrNoMisfit(loss, row, unitsOf(target), output);
  const places = target.shape;
  const classes = target.classes.length;
  if (places.length === 0) return misfitOf(loss, row, { ...output, classes });
  if (shape.length !== places.length + 1 || places.some((size, axis) => shape[axis] !== size)) {
    return {
      problem:
        `\`${layer}\` gives values of shape ${formatShape(shape)}, ` +
        `but \`${target.name}\` is one of ${target.classes.length} classes ` +
        `at each of ${formatShape(places)} places`,
      hint: `End with a layer of shape ${formatShape([...places, target.classes.length])}.`,
    };
  }
  return misfitOf(loss, row, { layer, values, shape: shape.slice(places.length), classes });
}

/** How a net of dense layers comes to the shape of its input. */
function afterDense({ reconstructs, shape }: NumberTarget): string {
  return reconstructs === undefined
    ? ''
    : `, such as \`dense ${sizeOf(shape)}\` and \`reshape ${formatShape(shape).replaceAll(' ', '')}\``;
}

/** The units of an output of which each says yes or no by itself, in the words of its mistakes. */
interface YesOrNo {
  readonly count: number;
  /** To follow the name of a loss that does not take them. */
  readonly wrongLoss: string;
  /** How many there are to be, to follow "but". */
  readonly wanted: string;
  /** What the units are for, to follow "a unit for". */
  readonly each: string;
  /** What values that add up to 1 cannot say, to follow "but". */
  readonly apart: string;
}

function unitsOf({ name, classes, several }: ClassTarget): YesOrNo {
  if (several !== undefined) {
    const count = several.labels.length;
    return {
      count,
      wrongLoss: `takes one class of each sample, but \`${name}\` is several of ${count} labels at once`,
      wanted: `\`${name}\` has ${count} labels`,
      each: 'each label',
      apart: `a sample may have several labels of \`${name}\` at once, or none`,
    };
  }
  return {
    count: classes.length - 1,
    wrongLoss: `takes classes without an order, but those of \`${name}\` have one`,
    wanted: `the ${classes.length} classes in order of \`${name}\` take ${classes.length - 1}`,
    each: 'each class but the first, which says that it is reached',
    apart: `a sample that reaches a class of \`${name}\` has reached all below it`,
  };
}

/** Says why a loss does not fit an output of units that each say yes or no by themselves. */
function yesOrNoMisfit(
  loss: string,
  row: LossRow,
  { count, wrongLoss, wanted, each, apart }: YesOrNo,
  output: Omit<OutputFacts, 'classes'>,
): Misfit | undefined {
  const { layer, shape, values } = output;
  if (row.threshold === undefined)
    return {
      problem: `${loss} ${wrongLoss}`,
      hint: `Use \`loss: binaryCrossentropy\`, and end with \`dense ${count} sigmoid\`.`,
    };
  if (String(shape) !== String([count])) {
    const given = shape.length === 1 ? `${shape[0]} ${shape[0] === 1 ? 'value' : 'values'}` : formatShape(shape);
    return {
      problem: `\`${layer}\` gives ${given} per sample, but ${wanted}`,
      hint: `End with ${shape.length === 1 ? '' : '`flatten` and '}\`dense ${count}\`: a unit for ${each}.`,
    };
  }
  if (values.distribution === true)
    return {
      problem: `\`${layer}\` is a ${values.by ?? 'distribution'}, whose values add up to 1, but ${apart}`,
      hint: 'End with `sigmoid` and `loss: binaryCrossentropy`.',
    };
  return wrongValues(loss, row, output, 2);
}

/** Says why a loss does not fit the number of values of an output for classes, or the values. */
export function misfitOf(loss: string, row: LossRow, output: OutputFacts): Misfit | undefined {
  return row.misfit(output) ?? wrongValues(loss, row, output, output.classes);
}

/** The output as a table: one row for each place that has a target of its own, one column for each unit. */
function rowsOf(tf: Tf, target: TargetSpec, output: Tensor): Tensor2D {
  if (areSeveral(target)) return tf.reshape(output, [output.size, 1]);
  const units = output.shape.at(-1)!;
  return output.rank === 2 ? (output as Tensor2D) : tf.reshape(output, [output.size / units, units]);
}

/**
 * 1 for each row of an output that counts, 0 for those that a mask leaves out, or that are behind the end of a text:
 * [batch * places]; undefined where all count.
 *
 * @param y what is right, as sampleLosses takes it
 */
export function rowsThere(tf: Tf, { values, mask }: Answer, target: TargetSpec, y: Tensor): Tensor1D | undefined {
  const ofText = isWholeText(target) ? placesOfTexts(tf, y) : undefined;
  if (mask === null) return ofText;
  const there = presence(tf, mask, values.shape.slice(0, -1));
  // Each label is a row, and there with its sample.
  const rows = areSeveral(target) ? tf.tile(tf.reshape(there, [-1, 1]), [1, target.shape[0]!]) : there;
  const flat = tf.reshape(rows, [-1]) as Tensor1D;
  return ofText === undefined ? flat : tf.mul(flat, ofText);
}

/**
 * 1 for each token of texts and for the end of each, 0 behind it: what follows a token, or is the first.
 *
 * @param y numbers of tokens, int32 [batch, length]
 */
function placesOfTexts(tf: Tf, y: Tensor): Tensor1D {
  const before = tf.slice(
    tf.pad(
      y,
      [
        [0, 0],
        [1, 0],
      ],
      1,
    ),
    [0, 0],
    [y.shape[0]!, y.shape[1]!],
  );
  return tf.reshape(tf.cast(tf.greater(before, tf.scalar(0, 'int32')), 'float32'), [-1]);
}

const areSeveral = (target: TargetSpec): boolean => target.kind === 'class' && target.several !== undefined;

/**
 * Loss of each sample, [batch]: the mean over its places; under a mask the sum over those that are there, as their mean
 * is taken over the whole batch.
 *
 * @param output [batch, ...places, units] @param y classes, int32, or numbers: the target's shape for each sample
 * @param weighted whether class weights count: of mixed labels, that of the class of `y` @param there as rowsThere has
 * it @param mixed what labels of two classes are beside `y`
 */
export function sampleLosses(
  { tf, ops }: Engine,
  { target, loss, classWeights }: Output,
  output: Tensor,
  y: Tensor,
  weighted: boolean,
  there?: Tensor1D,
  mixed?: MixedTargets,
): Tensor1D {
  const rows = rowsOf(tf, target, output);
  const batch = output.shape[0]!;
  const labels = tf.reshape(y, [y.size]) as Tensor1D;
  const targets =
    target.kind === 'class'
      ? wantedOf(tf, target, { labels, units: rows.shape[1], mixed })
      : (tf.reshape(y, rows.shape) as Tensor2D);
  const losses = loss.row.compute(tf, ops, rows, targets, loss.options);
  const counted =
    weighted && classWeights !== undefined ? tf.mul(losses, tf.gather(tf.tensor1d([...classWeights]), labels)) : losses;
  if (there !== undefined) return tf.sum(tf.reshape(tf.mul(counted, there), [batch, rows.shape[0] / batch]), -1);
  return (
    rows.shape[0] === batch ? counted : tf.mean(tf.reshape(counted, [batch, rows.shape[0] / batch]), -1)
  ) as Tensor1D;
}

/** As MixedLabels, in the graph: [batch] each. */
export interface MixedTargets {
  readonly other: Tensor1D;
  readonly share: Tensor1D;
}

/** What an output for classes should be, [batch, units]. */
function wantedOf(
  tf: Tf,
  { classes: { length }, ordinal }: ClassTarget,
  {
    labels,
    units,
    mixed,
  }: { readonly labels: Tensor1D; readonly units: number; readonly mixed?: MixedTargets | undefined },
): Tensor2D {
  if (ordinal === true) return beyondOf(tf, labels, units);
  return shared(tf, targetsOf(tf, labels, length, units), length, mixed);
}

/** Targets, [batch, units], in shares of two classes each. */
function shared(tf: Tf, targets: Tensor2D, classes: number, mixed: MixedTargets | undefined): Tensor2D {
  if (mixed === undefined) return targets;
  const share = tf.expandDims(mixed.share, 1);
  const others = targetsOf(tf, mixed.other, classes, targets.shape[1]);
  return tf.add(tf.mul(targets, share), tf.mul(others, tf.sub(1, share)));
}

/**
 * What an epoch counts while it trains: of classes the places that are predicted right, int32; of numbers the sum of
 * the absolute errors of each component.
 */
export function scoreOf(tf: Tf, { target, loss }: Output, output: Tensor, y: Tensor, there?: Tensor1D): Tensor {
  const rows = rowsOf(tf, target, output);
  if (target.kind === 'number') {
    const errors = tf.abs(tf.sub(rows, tf.reshape(y, rows.shape)));
    return tf.sum(there === undefined ? errors : tf.mul(errors, tf.expandDims(there, -1)), 0);
  }
  const predicted = predictedClasses(tf, classRuleOf(target, loss.row), rows);
  const right = tf.cast(tf.equal(predicted, tf.reshape(y, [y.size])), 'int32');
  return tf.sum(there === undefined ? right : tf.mul(right, tf.cast(there, 'int32')));
}

/** How many of the classes or numbers of an output a mask leaves out. */
export function absentOf(tf: Tf, { size }: Tensor, { target }: Output, there: Tensor1D): Tensor {
  return tf.mul(tf.sub(there.size, tf.sum(there)), target.kind === 'class' ? 1 : size / there.size);
}

/**
 * What the model says, sample by sample and place by place: of classes `predicted` int32 and `confidence`, its
 * probability, and what is wanted of all classes, `probabilities` and `ranks`; of numbers `predicted`.
 */
export function predictions(
  tf: Tf,
  { target, loss }: Output,
  output: Tensor,
  wanted: readonly ClassValues[],
): Record<string, Tensor> {
  if (target.kind === 'number') return { predicted: output };
  const rows = rowsOf(tf, target, output);
  const rule = classRuleOf(target, loss.row);
  const probabilities = classProbabilities(tf, rule, rows);
  const predicted = predictedClasses(tf, rule, rows);
  return {
    predicted,
    confidence: confidenceOf(tf, rule, { predicted, probabilities }),
    ...(wanted.includes('probabilities') ? { probabilities } : {}),
    ...(wanted.includes('ranks')
      ? { ranks: target.ordinal === true ? probabilities : classRanks(tf, loss.row, rows) }
      : {}),
  };
}
