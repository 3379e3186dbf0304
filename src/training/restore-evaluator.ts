import { failure } from '../base/diagnostics.ts';
import type { StepKind } from '../engine/install/engine-site.ts';
import { type Model, type ModelGraph, buildModel } from '../layers/build-model.ts';
import { type SavedModel, putWeights } from '../layers/save-model.ts';
import { type Evaluator, createEvaluator, evaluationSizes } from './evaluator.ts';
import { countTowers } from './split-batch.ts';
import type { EvaluationParts } from './step.ts';
import type { TrainOptions } from './training-options.ts';

/** A model as it was saved, and what its evaluation has to know of its training for the same bits. */
export interface Saved {
  readonly model: SavedModel;
  /** See Model.weightsSha256. */
  readonly weightsSha256: string;
  /** How its steps ran: `compiled`, or `eager (why)`. */
  readonly step: string;
}

/** What a saved model is evaluated by. */
export interface RestoreRequest
  extends Omit<EvaluationParts, 'model' | 'towers'>, Pick<TrainOptions, 'batchSize' | 'step'> {
  readonly graph: ModelGraph;
  readonly samples: { readonly validation: number; readonly test: number };
  /** Sizes of batches, the largest first; left out: those that its training evaluated in. */
  readonly batches?: readonly number[];
  /** What messages call that which it was saved in. */
  readonly from: string;
}

/** A trained model at work again. */
export interface RestoredModel {
  readonly model: Model;
  readonly evaluator: Evaluator;
  dispose(): void;
}

/**
 * Lets a saved model evaluate, to the bits that its training would: no more of it is built than that takes.
 *
 * @throws UserError `model-damaged` where what was saved does not give the weights that it says; else as
 * createEvaluator
 */
export function restoreEvaluator(
  { model: saved, weightsSha256, step: ran }: Saved,
  { graph, batchSize, step, samples: { validation, test }, batches, from, ...parts }: RestoreRequest,
): RestoredModel {
  const model = buildModel(parts.engine, graph);
  try {
    const scales = parts.outputs.map((output) => output.scales ?? null);
    if (!putWeights(parts.engine.tf, model, saved, scales) || model.weightsSha256() !== weightsSha256)
      throw failure(
        'model-damaged',
        `${from} does not give the weights that it says`,
        'Take `config` and `model` from the run again: they belong together.',
      );
    const evaluator = createEvaluator(
      { ...parts, model, towers: countTowers({ graph, batchSize, step }) },
      batches === undefined
        ? evaluationSizes(model, batchSize, [validation, test])
        : { evaluationBatch: batches[0]!, sizes: batches },
      batches === undefined ? test : batches[0]!,
      kindOf(ran),
    );
    return {
      model,
      evaluator,
      dispose: () => {
        evaluator.dispose();
        model.dispose();
      },
    };
  } catch (error) {
    model.dispose();
    throw error;
  }
}

function kindOf(step: string): StepKind {
  return step.startsWith('eager') ? 'eager' : 'compiled';
}
