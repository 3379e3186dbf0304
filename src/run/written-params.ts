import { hideSecretsIn } from '../base/secrets.ts';
import type { CheckedPipeline } from '../plan/check-pipeline.ts';

type Form = Readonly<Record<string, unknown>>;

/** What was written of a pipeline, in full form, where each part may be missing. */
interface Given {
  readonly data?: { readonly source?: Form; readonly split?: object };
  readonly model: { readonly layers: readonly Form[] };
  readonly train: Form & { readonly outputs?: Readonly<Record<string, Form>> };
  readonly budget?: object;
}

/**
 * The params of a run: what was set, and the few values that always tell. All others are at their defaults, and stand
 * in `config/resolved.yaml`: among fifty of them nobody sees what two runs differ in.
 */
export function paramsOf({ pipeline, given, plan }: CheckedPipeline): Readonly<Record<string, string>> {
  const { data, model, train, budget } = given as Given;
  const {
    seed,
    data: { source, split },
    train: { optimizer, outputs, schedule, epochs, batchSize },
  } = pipeline;
  const { parameters } = plan;
  const training = Object.entries(train).filter(
    ([key]) => !apart.has(key) && (key in pipeline.train || !leftOutByTrials.has(key)),
  );
  const { learningRate } = optimizer.options;
  return {
    seed: String(seed),
    'data.source': source.type,
    ...Object.fromEntries(
      Object.entries(optionsOf(data?.source, source.type)).map(([key, value]) => [`data.${key}`, textOf(value)]),
    ),
    ...flatten('data.split', { ...data?.split, validation: split.validation }),
    ...(split.fold && { 'data.folds': String(split.fold.of), 'data.fold': String(split.fold.number) }),
    optimizer: optimizer.type,
    ...flatten('', optionsOf(train['optimizer'], optimizer.type)),
    ...(learningRate === undefined ? {} : flatten('', { learningRate })),
    ...Object.assign(
      {},
      ...outputs.map(({ target, loss }) => {
        const { loss: form = train['loss'], ...rest } = target === undefined ? {} : (train.outputs?.[target] ?? {});
        const prefix = target === undefined ? 'loss' : `outputs.${target}.loss`;
        return {
          [prefix]: loss.type,
          ...flatten(prefix, optionsOf(form, loss.type)),
          ...flatten(`outputs.${target}`, rest),
        };
      }),
    ),
    ...(schedule === undefined
      ? {}
      : { schedule: schedule.type, ...flatten('schedule', optionsOf(train['schedule'], schedule.type)) }),
    ...flatten('', { ...Object.fromEntries(training), epochs, batchSize }),
    ...flatten('budget', budget ?? {}),
    layers: String(plan.layers.length),
    parameters: String(parameters.trainable + parameters.nonTrainable),
    ...Object.assign(
      {},
      ...pipeline.layers.map(({ name, type }, i) => ({
        [`model.${name}`]: type,
        ...flatten(`model.${name}`, optionsOf(model.layers[i], type)),
      })),
    ),
  };
}

/**
 * What is told otherwise; and checkpoints, which change nothing of what comes out and may be others when a run goes on:
 * a param may not.
 */
const apart: ReadonlySet<string> = new Set(['optimizer', 'loss', 'outputs', 'schedule', 'checkpoint']);

const leftOutByTrials: ReadonlySet<string> = new Set(['earlyStopping', 'ema', 'augment', 'sampling']);

/** The options of a choice in full form: `{ adam: { learningRate: 0.1 } }`. */
function optionsOf(form: unknown, type: string): Form {
  return ((form as Form | undefined)?.[type] ?? {}) as Form;
}

/** `{ a: { b: 1 } }` -> `a.b: 1`. */
function flatten(prefix: string, value: object): Record<string, string> {
  const entries = Object.entries(value as Form).map(([key, inner]) => {
    const name = prefix === '' ? key : `${prefix}.${key}`;
    const isMap = typeof inner === 'object' && inner !== null && !Array.isArray(inner);
    return isMap && Object.keys(inner).length > 0 ? flatten(name, inner) : { [name]: textOf(inner) };
  });
  return Object.assign({}, ...entries) as Record<string, string>;
}

function textOf(value: unknown): string {
  return typeof value === 'object' && value !== null ? JSON.stringify(hideSecretsIn(value)) : String(value);
}
