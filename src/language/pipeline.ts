import type { SplitOptions } from '../datasets/splits/split.ts';
import type { Range, RelatedRange } from '../base/diagnostics.ts';
import { type Chosen, chosenFrom } from '../base/row.ts';
import type { Reference } from '../charts/chart.ts';
import { augmentations } from '../datasets/augment/augmentations.ts';
import { datasets } from '../datasets/datasets.ts';
import type { NamedLayer } from '../layers/build-model.ts';
import { layers } from '../layers/layers.ts';
import type { ClassWeights, OutputOptions, TrainOptions } from '../training/training-options.ts';
import type { ClassValues } from '../training/loss.ts';
import { losses } from '../training/losses.ts';
import { defaultMetrics, metrics, neededValues } from '../training/metrics.ts';
import { measuredAs, monitoredMetrics } from '../training/monitor.ts';
import { optimizers } from '../training/optimizers.ts';
import { schedules } from '../training/schedules.ts';

/** A checked pipeline: every value is there and is what the schema says. */
export interface Pipeline {
  readonly name: string;
  /** 0..2^32-1 */
  readonly seed: number;
  /** How often it is trained, each time with a seed of its own; left out: once. */
  readonly repeat?: number;
  readonly data: DataOptions;
  readonly layers: readonly PlacedLayer[];
  readonly train: TrainOptions;
  /** No `metrics`: accuracy of classes, meanAbsoluteError of numbers. */
  readonly evaluate: { readonly metrics?: readonly Chosen[]; readonly require?: Readonly<Record<string, string>> };
  /** No `figures`: all that fit the data. */
  readonly visualize: { readonly figures?: readonly string[]; readonly reference?: Reference };
  readonly tracking: { readonly uri?: string; readonly experiment?: string };
  /** Where other machines keep outcomes of stages, and find those of this one. */
  readonly cache?: { readonly remote: string };
  /** As written: `10m`, `2GB`. */
  readonly budget?: { readonly time?: string; readonly memory?: string };
}

/** What is learnt from. */
interface DataOptions {
  readonly source: Chosen;
  /** With the fold that is held back, where there are folds: the first, where none is chosen. */
  readonly split: SplitOptions;
  /** Parts that are held back in turn, and the one of them whose turn it is; without that, there is a run of each. */
  readonly folds?: number;
  readonly fold?: number;
  /** As written: `512MB`. */
  readonly memory?: string;
}

/** What the test samples are measured by. */
export function metricsOf({ evaluate: { metrics: given } }: Pipeline): readonly Chosen[] {
  return given ?? defaultMetrics;
}

/** What evaluation, or what waits for a metric in training, asks for of all classes. */
export function wantedValues(pipeline: Pipeline): readonly ClassValues[] {
  return [
    ...new Set(
      [...metricsOf(pipeline), ...monitoredMetrics(pipeline.train, []).map(({ metric }) => metric)].flatMap(
        ({ type }) => neededValues(type) ?? [],
      ),
    ),
  ];
}

/** What the model's input is called in `from`, where it is the only one. */
export const modelInput = 'input';

/** A layer and where it is written. */
export interface PlacedLayer extends NamedLayer {
  /** Names of the layers it takes its inputs from; left out: the layer above. */
  readonly from?: readonly string[];
  /** Name of the layer above whose weights it takes. */
  readonly share?: string;
  readonly range: Range;
  /** Options with a mistake: what they are to be is not known. */
  readonly unsure?: readonly string[];
  /** Where the blocks and repetitions that it is in are used, from the outside in. */
  readonly uses?: readonly RelatedRange[];
}

/** The parts of a pipeline that shapes depend on, as far as they are right. */
export interface ShapeParts {
  readonly source?: Chosen;
  readonly split?: SplitOptions;
  readonly seed?: number;
  /** What `data.memory` says. */
  readonly memory?: string | undefined;
  /** Up to the first that is wrong. */
  readonly layers: readonly PlacedLayer[];
  /** Whether these are all layers. */
  readonly complete: boolean;
  /** Whether these are all outputs. */
  readonly allOutputs: boolean;
  /** Those that are right. */
  readonly outputs: readonly Pick<OutputOptions, 'target' | 'layer' | 'loss'>[];
}

type FullForm = Readonly<Record<string, unknown>>;

/** The full form of a layer. */
export type NamedForm = FullForm & {
  readonly name: string;
  readonly from?: string | readonly string[];
  readonly share?: string;
};

/** One loss, or the outputs with a loss each. */
interface ResolvedOutputs {
  readonly loss?: FullForm;
  readonly classWeights?: ClassWeights;
  readonly outputs?: Readonly<Record<string, Omit<OutputOptions, 'loss'> & { readonly loss: FullForm }>>;
}

/** The full form of a pipeline file, once checked. */
interface Resolved extends Omit<Pipeline, 'data' | 'layers' | 'train' | 'evaluate'> {
  readonly data: Omit<DataOptions, 'source'> & { readonly source: FullForm };
  readonly model: { readonly layers: readonly NamedForm[] };
  readonly train: Omit<TrainOptions, 'optimizer' | 'outputs' | 'schedule' | 'augment'> &
    ResolvedOutputs & {
      readonly optimizer: FullForm;
      readonly schedule?: FullForm;
      readonly augment?: readonly FullForm[];
    };
  readonly evaluate: Omit<Pipeline['evaluate'], 'metrics'> & { readonly metrics?: readonly FullForm[] };
}

/** Takes the choices of a checked full form apart. @param ranges where each layer is written */
export function toPipeline(resolved: unknown, ranges: readonly Range[]): Pipeline {
  const {
    data,
    model,
    train: { schedule, augment, earlyStopping, loss, classWeights, outputs, ...train },
    evaluate,
    ...rest
  } = resolved as Resolved;
  return {
    ...rest,
    data: { ...data, source: chosenFrom(datasets, data.source), split: toSplit(data) },
    layers: model.layers.map((layer, i) => toLayer(layer, ranges[i]!)),
    train: {
      ...train,
      optimizer: chosenFrom(optimizers, train.optimizer),
      outputs: toOutputs({ ...(loss && { loss }), ...(classWeights && { classWeights }), ...(outputs && { outputs }) }),
      ...(schedule === undefined ? {} : { schedule: toSchedule(chosenFrom(schedules, schedule)) }),
      ...(augment && { augment: augment.map((one) => chosenFrom(augmentations, one)) }),
      ...(earlyStopping && { earlyStopping: { ...earlyStopping, monitor: measuredAs(earlyStopping.monitor) } }),
    },
    evaluate: {
      ...(evaluate.metrics && { metrics: evaluate.metrics.map((metric) => chosenFrom(metrics, metric)) }),
      ...(evaluate.require && { require: evaluate.require }),
    },
  };
}

function toSplit({ split, folds, fold = 1 }: Resolved['data']): SplitOptions {
  return folds === undefined ? split : { ...split, fold: { number: fold, of: folds } };
}

function toSchedule({ type, options }: Chosen): Chosen {
  const { monitor } = options;
  return { type, options: typeof monitor === 'string' ? { ...options, monitor: measuredAs(monitor) } : options };
}

function toOutputs({ loss, classWeights, outputs }: ResolvedOutputs): readonly OutputOptions[] {
  if (outputs !== undefined)
    return Object.entries(outputs).map(([target, output]) => ({
      layer: target,
      ...output,
      target,
      loss: chosenFrom(losses, output.loss),
    }));
  return [{ loss: chosenFrom(losses, loss!), weight: 1, ...(classWeights === undefined ? {} : { classWeights }) }];
}

/** Takes the full form of a layer apart. @param range where it is written */
export function toLayer(layer: NamedForm, range: Range): PlacedLayer {
  return {
    ...chosenFrom(layers, layer),
    name: layer.name,
    ...(layer.from === undefined ? {} : { from: [layer.from].flat() }),
    ...(layer.share === undefined ? {} : { share: layer.share }),
    range,
  };
}
