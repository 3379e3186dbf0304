import type { Rank, Tensor } from '@tensorflow/tfjs';
import type { Tf } from '../tensorflow.ts';
import { Frame } from './frame.ts';
import type { Recorder } from './recorder.ts';
import { activeRecorder } from './trace.ts';

/** What each step adds to what it makes of a left factor and a weight, as a product with a matrix or a convolution. */
export interface Product {
  /** [steps, batch, ...]. */
  readonly addends: Tensor;
  /** The same for all steps. */
  readonly weight: Tensor;
  /** A left factor, [batch, ...], times the weight. */
  times(left: Tensor): Tensor;
  /** The gradient in the weight, of left factors and gradients in their products, [steps * batch, ...]. */
  inWeight(lefts: Tensor, inProducts: Tensor): Tensor;
}

/** A sequence of equal steps, each of which gets the state that the one before left. */
export interface Loop {
  readonly steps: number;
  /** Before the first step; without gradients. The first one is the output. */
  readonly state: readonly Tensor[];
  readonly products: readonly Product[];
  /** Of [steps, ...] each step gets its slice; without gradients. */
  readonly slices: readonly Tensor[];
  /** Whether to give the outputs of all steps, [steps, ...], or that of the last one. */
  readonly all: boolean;
  /** Computes the next state. Of each term it takes the addend plus a left factor times the weight, once. */
  step(
    state: readonly Tensor[],
    terms: readonly ((left: Tensor) => Tensor)[],
    slices: readonly Tensor[],
  ): readonly Tensor[];
}

/**
 * So many steps are one iteration, as far as the number of steps can be divided: an iteration has a dozen nodes beside
 * them.
 */
const STEPS_AT_ONCE = [8, 7, 6, 5, 4, 3, 2, 1] as const;

/** Some steps with their gradients, as names of the recorder's. */
interface RecordedSteps {
  readonly state: readonly string[];
  readonly addends: readonly string[];
  readonly slices: readonly string[];
  readonly next: readonly string[];
  /** Outputs of all steps, where they are wanted. */
  readonly outputs: readonly string[];
  /** Left factors of the products. */
  readonly lefts: readonly string[];
  /** Gradients in the next state and in the outputs, as parameters. */
  readonly later: readonly string[];
  readonly outside: readonly string[];
  readonly stateGradients: readonly string[];
  readonly addendGradients: readonly string[];
}

/**
 * Runs the steps as a loop of the graph, whose nodes are the same however many steps there are, and so are those of its
 * gradient, a second loop that goes back. The gradient in a weight is computed once, for all steps.
 * To be called where `isCompiled` says so.
 */
export function recordLoop(tf: Tf, loop: Loop): Tensor {
  const recorder = activeRecorder();
  const { steps, all, products, state } = loop;
  const atOnce = STEPS_AT_ONCE.find((size) => steps % size === 0)!;
  const rounds = steps / atOnce;
  const inRounds = (tensor: Tensor) => tf.reshape(tensor, [rounds, atOnce, ...tensor.shape.slice(1)]);
  const { part, value: step } = recorder.apart((parameter) => recordSteps(tf, recorder, loop, atOnce, parameter));
  const ofAll = (frame: Frame, name: string) => {
    const { shape, dtype } = recorder.kindOf(name);
    return tf.reshape(recorder.standIn(frame.all(name), { shape: [rounds, ...shape], dtype }), [
      steps,
      ...shape.slice(1),
    ]);
  };
  const backward = (dy: Tensor, forward: Frame): Tensor[] => {
    const frame = new Frame(recorder, part, rounds, forward);
    step.later.forEach((name, k) =>
      frame.carry(name, recorder.nameOf(k === 0 && !all ? dy : tf.zeros(state[k]!.shape))),
    );
    for (const name of step.outside) frame.slice(name, recorder.nameOf(inRounds(dy)));
    step.later.forEach((name, k) => frame.leave(name, step.stateGradients[k]!));
    const inAddends = step.addendGradients.map((name) => ofAll(frame, name));
    const asBatch = (tensor: Tensor) => tf.reshape(tensor, [-1, ...tensor.shape.slice(2)]);
    const inWeights = products.map((product, k) =>
      product.inWeight(asBatch(ofAll(forward, step.lefts[k]!)), asBatch(inAddends[k]!)),
    );
    return [...inAddends, ...inWeights];
  };
  const run = tf.customGrad((...given) => {
    const frame = new Frame(recorder, part, rounds);
    step.state.forEach((name, k) => frame.carry(name, recorder.nameOf(state[k]!)));
    const sources = [...(given as Tensor[]).slice(0, products.length), ...loop.slices];
    [...step.addends, ...step.slices].forEach((name, k) => frame.slice(name, recorder.nameOf(inRounds(sources[k]!))));
    step.state.forEach((name, k) => frame.leave(name, step.next[k]!));
    const value = all
      ? ofAll(frame, step.outputs[0]!)
      : recorder.standIn(frame.last(step.state[0]!), recorder.kindOf(step.next[0]!));
    return { value, gradFunc: (dy: Tensor<Rank>) => backward(dy, frame) };
  });
  return run(...products.map(({ addends }) => addends), ...products.map(({ weight }) => weight));
}

/** Records so many steps, one after the other. @param parameter makes one of the shape */
function recordSteps(
  tf: Tf,
  recorder: Recorder,
  loop: Loop,
  count: number,
  parameter: (shape: readonly number[]) => Tensor,
): RecordedSteps {
  const ofEach = ({ shape }: Tensor) => parameter([count, ...shape.slice(1)]);
  const state = loop.state.map(({ shape }) => parameter(shape));
  const addends = loop.products.map((product) => ofEach(product.addends));
  const slices = loop.slices.map(ofEach);
  const later = loop.state.map(({ shape }) => parameter(shape));
  const outside = loop.all ? [parameter([count, ...loop.state[0]!.shape])] : [];
  const names = (tensors: readonly Tensor[]) => tensors.map((tensor) => recorder.nameOf(tensor));
  const lefts: Tensor[][] = loop.products.map(() => []);
  let results: Pick<RecordedSteps, 'next' | 'outputs' | 'lefts'> | undefined;
  const forward = () => {
    const [added, given] = [addends.map((one) => tf.unstack(one)), slices.map((one) => tf.unstack(one))];
    let before: readonly Tensor[] = state;
    const outputs = Array.from({ length: count }, (_, k) => {
      const terms = loop.products.map(({ times }, product) => (left: Tensor) => {
        lefts[product]!.push(left);
        return tf.add(added[product]![k]!, times(left));
      });
      before = loop.step(
        before,
        terms,
        given.map((one) => one[k]!),
      );
      return before[0]!;
    });
    const ends = [...before, ...(loop.all ? [tf.stack(outputs)] : [])];
    results = {
      next: names(before),
      outputs: names(ends.slice(before.length)),
      lefts: names(lefts.map((each) => tf.stack(each))),
    };
    // Stands for all that the steps give, each with a gradient of its own.
    return tf.customGrad(() => ({
      value: tf.clone(ends[0]!),
      gradFunc: () => [...later, ...outside].map((dy) => tf.clone(dy)),
    }))(...ends);
  };
  const { grads } = tf.engine().gradients(forward, [...state, ...addends], later[0]!, true);
  const gradients = names([...state, ...addends].map((tensor, k) => grads[k] ?? tf.zerosLike(tensor)));
  const parameters = {
    state: names(state),
    addends: names(addends),
    slices: names(slices),
    later: names(later),
    outside: names(outside),
  };
  return {
    ...parameters,
    ...results!,
    stateGradients: gradients.slice(0, state.length),
    addendGradients: gradients.slice(state.length),
  };
}
