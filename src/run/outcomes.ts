import { sizeOf } from '../base/shapes.ts';
import { type DataRecord, dataRecordForm } from '../stages/data-record.ts';
import { type TrainingState, trainingStateForm } from '../stages/training-state.ts';
import { type Evaluation, evaluationForm, historyForm } from '../base/results.ts';
import type { StageName } from '../base/events.ts';
import {
  anyNumber,
  either,
  type Form,
  list,
  nothing,
  number,
  object,
  optional,
  such,
  text,
  whole,
} from '../base/json-form.ts';
import { type Checkpoint, namedArrayForm } from '../checkpoints/checkpoint-file.ts';
import { type SavedModel, savedModelForm } from '../layers/save-model.ts';
import type { TrainOutput } from '../stages/train.ts';
import { type Drawn, drawnForm } from '../stages/visualize.ts';
import type { CheckedPipeline } from '../plan/check-pipeline.ts';

/** What comes out of each stage, as it is kept. */
export interface Outcomes {
  /** The data itself is on the disk anyway. */
  readonly load: DataRecord;
  readonly train: TrainOutcome;
  readonly evaluate: Evaluation;
  readonly visualize: Drawn;
}

/** A trained model without TensorFlow, and how it came to be. */
export interface TrainOutcome extends Pick<
  TrainOutput,
  'history' | 'epoch' | 'weightsSha256' | 'scales' | 'samplesPerSecond' | 'ranAs'
> {
  /** `compiled`, or `eager (why)`. */
  readonly step: string;
  /** Kind and version of the engine that trained it. */
  readonly engine: string;
  readonly model: SavedModel;
  /** Where a longer training goes on; left out where it could not be kept. */
  readonly end?: Checkpoint<TrainingState>;
}

const trainOutcomeForm: Form<TrainOutcome> = such(
  object({
    history: historyForm,
    epoch: whole,
    weightsSha256: text(/^[0-9a-f]{64}$/),
    scales: list(either(nothing, list(object({ mean: number, deviation: number })))),
    samplesPerSecond: anyNumber,
    ranAs: text(),
    step: text(),
    engine: text(),
    model: savedModelForm,
    end: optional(object({ state: trainingStateForm, arrays: list(namedArrayForm) })),
  }),
  ({ history, epoch, end }) => {
    const isWithin = epoch >= 1 && epoch <= history.length;
    return isWithin && (end === undefined || end.state.progress.finished.length === history.length);
  },
);

/**
 * What is kept of each stage has to say, if it is of this pipeline: a folder of kept outcomes may come from elsewhere, and
 * hashes prove nothing of who wrote it.
 */
export function outcomeForms({ pipeline, plan }: CheckedPipeline): {
  readonly [Stage in StageName]: Form<Outcomes[Stage]>;
} {
  const {
    dataset: { targets },
    samples,
  } = plan;
  const isOfData = ({ outputs }: Evaluation) =>
    outputs.length === targets.length &&
    outputs.every((output, k) => {
      const { kind, name, shape } = targets[k]!;
      const isOfTarget = output.kind === kind && output.name === name && String(output.shape) === String(shape);
      return (
        isOfTarget &&
        output.actual.length === samples.test * sizeOf(shape) &&
        classesOf(output) === classesOf(targets[k]!)
      );
    });
  return {
    load: dataRecordForm,
    train: such(
      trainOutcomeForm,
      ({ history, scales }) => history.length <= pipeline.train.epochs && scales.length === targets.length,
    ),
    evaluate: such(evaluationForm, isOfData),
    visualize: drawnForm,
  };
}

const classesOf = (of: object) => ('classes' in of ? JSON.stringify(of.classes) : '');
