import type { Tensor, Variable } from '@tensorflow/tfjs';
import type { Tf } from '../engine/engine.ts';

/** The values that variables had at some time. Costs memory only for those that have changed since. */
export interface Snapshot {
  /** Keeps the present values in place of those kept before. */
  take(): void;
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
  return {
    take: () => {
      dispose();
      kept = variables.map((variable) => tf.clone(variable as Tensor));
    },
    restore: () => kept.forEach((tensor, i) => variables[i]!.assign(tensor)),
    dispose,
  };
}
