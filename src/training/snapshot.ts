import type { Tensor, Variable } from '@tensorflow/tfjs';
import type { Tf } from '../engine/tensorflow.ts';

/** The values that variables had at some time. Costs memory only for those that have changed since. */
export interface Snapshot {
  /** One for each variable, in their order; none where no values are kept. */
  readonly values: readonly Tensor[];
  /** Keeps the present values in place of those kept before. */
  take(): void;
  /** Keeps these values in place of those kept before; they are the snapshot's to dispose of then. */
  put(values: readonly Tensor[]): void;
  /** Sets the variables back; does nothing where no values are kept. */
  restore(): void;
  dispose(): void;
}

/** Keeps the values of these variables, once it is told to. */
export function createSnapshot(tf: Tf, variables: readonly Variable[]): Snapshot {
  let kept: readonly Tensor[] = [];
  const dispose = (): void => {
    for (const tensor of kept) tensor.dispose();
    kept = [];
  };
  const put = (values: readonly Tensor[]): void => {
    dispose();
    kept = values;
  };
  return {
    get values() {
      return kept;
    },
    put,
    take: () => put(variables.map((variable) => tf.clone(variable as Tensor))),
    restore: () => kept.forEach((tensor, i) => variables[i]!.assign(tensor)),
    dispose,
  };
}
