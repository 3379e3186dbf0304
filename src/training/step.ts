import type { Scalar, Tensor, Tensor1D, Tensor2D } from '@tensorflow/tfjs';
import type { InputSpec } from '../datasets/dataset.ts';
import type { Engine } from '../engine/tensorflow.ts';
import type { Rows } from '../layers/build-context.ts';
import type { Model } from '../layers/build-model.ts';
import type { ClassValues } from './loss.ts';
import { isWatched, labelMargins } from './label-margins.ts';
import type { Optimizer } from './optimizer.ts';
import { takenInput } from './taken-input.ts';
import { type MixedTargets, type Output, absentOf, predictions, rowsThere, sampleLosses, scoreOf } from './output.ts';

/** Named tensors in, named tensors out: a form that can be run as it is or compiled. Changes variables on the way. */
export type TensorFunction = (inputs: Readonly<Record<string, Tensor>>) => Record<string, Tensor>;

/** What evaluation is made of. */
export interface EvaluationParts {
  readonly engine: Engine;
  readonly model: Model;
  /** In the order of the model's inputs. */
  readonly inputs: readonly InputSpec[];
  /** In the order of the model's outputs; each has its target in the data. */
  readonly outputs: readonly Output[];
  /**
   * Parts of a batch that are computed side by side, where their samples do not depend on each other. Left out: one.
   */
  readonly towers?: number;
  /** Whether labels may be of two classes each; evaluation's never are. Left out: no. */
  readonly mixed?: boolean;
  /** What evaluation gives of all classes. */
  readonly wanted?: readonly ClassValues[];
}

/** What a training step is made of. */
export interface StepParts extends EvaluationParts {
  readonly optimizer: Optimizer;
}

/**
 * One step of training.
 *
 * In: `x0`, `x1`, ... [batch, ...shape of the input] raw values; `y0`, `y1`, ... [batch, ...shape of the target],
 * classes as int32; where they are mixed also `other0` int32 and `share0`, as MixedLabels has them; `learningRate`
 * scalar; `step` int32 scalar.
 * Out: `loss` scalar, the weighted sum over the outputs of the batch's mean, with the penalties of regularizers, as in
 * Keras; of each output `loss0`, its own mean, `score0`, as scoreOf has it, and under a mask `absent0`, as absentOf has
 * it: the mean is that of all places of the batch that are there, and 0 where none is; where isWatched, without a mask,
 * `margin0` [batch], as labelMargins has it.
 */
export function trainingStep({
  engine,
  model,
  inputs,
  outputs,
  optimizer,
  towers = 1,
  mixed,
}: StepParts): TensorFunction {
  const { tf } = engine;
  return (given) => {
    const total = given['x0']!.shape[0]!;
    const told: Record<string, Tensor[]> = {};
    const tell = (name: string, value: Tensor) => (told[name] ??= []).push(tf.keep(value));
    const sumsOf = ({ values, rows }: Part) => {
      const answers = model.answer(scaled(tf, inputs, values), { step: given['step'] as Scalar, rows });
      return outputs.map((output, k) => {
        const [{ values: predicted }, y, there] = [
          answers[k]!,
          values[`y${k}`]!,
          rowsThere(tf, answers[k]!, output.target, values[`y${k}`]!),
        ];
        tell(`score${k}`, scoreOf(tf, output, predicted, y, there));
        if (there !== undefined) tell(`absent${k}`, absentOf(tf, predicted, output, there));
        else if (output.target.kind === 'class' && isWatched(output, mixed))
          tell(
            `margin${k}`,
            labelMargins(tf, output.loss.row, predicted as Tensor2D, y as Tensor1D, output.target.classes.length),
          );
        const loss = tf.sum(sampleLosses(engine, output, predicted, y, true, there, mixedIn(values, k)));
        return { loss, ...(there && { there: tf.sum(there) }) };
      });
    };
    const lossOf = () => {
      // Sums, as the mean of all would have each part wait for the others before its gradients.
      const parts = split(tf, given, total, towers).map(sumsOf);
      const means = outputs.map((output, k) => {
        const there = parts.flatMap((part) => part[k]!.there ?? []);
        const divisor = there.length === 0 ? total : tf.maximum(tf.addN(there), 1);
        const mean = tf.div(tf.addN(parts.map((part) => part[k]!.loss)), divisor);
        if (outputs.length > 1) tell(`loss${k}`, mean);
        return weighted(tf, output, mean);
      });
      return penalized(
        tf,
        means.reduce((all, mean) => tf.add(all, mean)),
        model,
      ) as Scalar;
    };
    const { value, grads } = tf.variableGrads(lossOf, [...model.trainable]);
    optimizer.apply(
      model.trainable.map((variable) => grads[variable.name]!),
      given['learningRate'] as Scalar,
    );
    model.constrain();
    const all = Object.entries(told).map(
      ([name, parts]) => [name, name.startsWith('margin') ? tf.concat(parts) : tf.addN(parts)] as const,
    );
    tf.dispose(told);
    return { loss: value, ...Object.fromEntries(all) };
  };
}

/** Some samples of a batch. */
interface Part {
  /** `x0`, ..., `y0`, ... */
  readonly values: Readonly<Record<string, Tensor>>;
  readonly rows: Rows;
}

/**
 * A batch in equal parts, but for one sample more in the first ones: one for each core, as one op in each of two
 * threads takes less time than two threads in each op.
 */
function split(tf: Engine['tf'], given: Readonly<Record<string, Tensor>>, total: number, towers: number): Part[] {
  const values = Object.entries(given).filter(([name]) => /^(x|y|other|share)\d+$/.test(name));
  const parts = Math.min(towers, total);
  if (parts === 1) return [{ values: Object.fromEntries(values), rows: { first: 0, count: total, total } }];
  return Array.from({ length: parts }, (_, part, first = Math.ceil((total * part) / parts)) => {
    const count = Math.ceil((total * (part + 1)) / parts) - first;
    return {
      values: Object.fromEntries(values.map(([name, tensor]) => [name, tf.slice(tensor, [first], [count])])),
      rows: { first, count, total },
    };
  });
}

/** The other classes of labels that are of two, and the shares of the first. */
function mixedIn(values: Readonly<Record<string, Tensor>>, output: number): MixedTargets | undefined {
  const [other, share] = [values[`other${output}`], values[`share${output}`]];
  return other === undefined || share === undefined
    ? undefined
    : { other: other as Tensor1D, share: share as Tensor1D };
}

/** What the model takes: raw values, scaled and standardized. */
export function scaled(
  tf: Engine['tf'],
  inputs: readonly InputSpec[],
  given: Readonly<Record<string, Tensor>>,
): Tensor[] {
  return inputs.map((input, k) => takenInput(tf, input, given[`x${k}`]!));
}

function weighted(tf: Engine['tf'], { weight }: Output, loss: Tensor): Tensor {
  return weight === 1 ? loss : tf.mul(loss, weight);
}

/** A loss with what the regularizers of the weights add to it. */
function penalized(tf: Engine['tf'], loss: Tensor, model: Model): Tensor {
  return model.penalties().reduce((sum, penalty) => tf.add(sum, penalty), loss);
}

/**
 * The model at work without training.
 *
 * In: `x0`, ..., `y0`, ... as for trainingStep. Out: `loss` [batch], the weighted sum over the outputs without a mask,
 * with the penalties of regularizers; of each output what `predictions` gives, as `predicted0`, and, where there are
 * several or it has a mask, `loss0` [batch], as sampleLosses has it; under a mask `there0` int32 [batch * places], as
 * rowsThere has it.
 */
export function evaluationStep({
  engine,
  model,
  inputs,
  outputs,
  towers = 1,
  wanted = [],
}: EvaluationParts): TensorFunction {
  const { tf } = engine;
  const evaluate = ({ values }: Part): Record<string, Tensor> => {
    const answers = model.answer(scaled(tf, inputs, values));
    const there = answers.map((answer, k) => rowsThere(tf, answer, outputs[k]!.target, values[`y${k}`]!));
    const losses = outputs.map((output, k) =>
      sampleLosses(engine, output, answers[k]!.values, values[`y${k}`]!, false, there[k]),
    );
    const whole = outputs.flatMap((output, k) => (there[k] === undefined ? [weighted(tf, output, losses[k]!)] : []));
    const sum = whole.length === 0 ? tf.zerosLike(losses[0]!) : whole.reduce((all, loss) => tf.add(all, loss));
    const told = outputs.flatMap((output, k) => [
      ...(outputs.length > 1 || there[k] !== undefined ? [[`loss${k}`, losses[k]!] as const] : []),
      ...(there[k] === undefined ? [] : [[`there${k}`, tf.cast(there[k], 'int32')] as const]),
      ...Object.entries(predictions(tf, output, answers[k]!.values, wanted)).map(
        ([name, value]) => [`${name}${k}`, value] as const,
      ),
    ]);
    return { loss: penalized(tf, sum, model), ...Object.fromEntries(told) };
  };
  return (given) => {
    const parts = split(tf, given, given['x0']!.shape[0]!, towers).map(evaluate);
    return Object.fromEntries(
      Object.keys(parts[0]!).map((name) => [name, tf.concat(parts.map((part) => part[name]!))]),
    );
  };
}
