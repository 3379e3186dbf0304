import {
  either,
  flag,
  type Form,
  type Formed,
  list,
  number,
  object,
  oneOf,
  optional,
  such,
  text,
} from '../../base/json-form.ts';
import type { Calls, Double } from './mlflow-protocol.ts';

/** The id of a run on a server: 32 hexadecimal digits; GitLab's server writes them with dashes. */
export const serverRunId = text(/^([0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/);
/** The id of an experiment on a server: digits for MLflow's own stores, which take what fits this. */
export const serverExperimentId = text(/^[a-zA-Z0-9][\w-]{0,63}$/);
/** A double in protobuf's JSON. */
export const double: Form<Double> = either(number, oneOf('NaN', 'Infinity', '-Infinity'));

const tags = optional(list(object({ key: text(), value: optional(text()) })));
const info = object({ run_id: serverRunId, artifact_uri: text() });
const value = { value: optional(double), timestamp: optional(number), step: optional(number) };
const status = oneOf('RUNNING', 'SCHEDULED', 'FINISHED', 'FAILED', 'KILLED');
const dataset = object({ name: text(), digest: text(), source_type: text(), source: text() });
const version = object({ version: text(/^[1-9]\d{0,9}$/), run_id: optional(text()), source: optional(text()) });
/** Milliseconds since 1970, within what a date can be. */
const time = such(number, (value) => Math.abs(value) <= 8.64e15);
const nothing = object({});

/** What is read of the answer to each call, and no more: a part of what MLflow's protocol says of it. */
const answers = partOfProtocol({
  getExperiment: object({ experiment: object({ name: text(/./) }) }),
  getExperimentByName: object({
    experiment: object({ experiment_id: serverExperimentId, lifecycle_stage: optional(text()), tags }),
  }),
  createExperiment: object({ experiment_id: serverExperimentId }),
  restoreExperiment: nothing,
  setExperimentTag: nothing,
  createRun: object({ run: object({ info }) }),
  searchRuns: object({
    runs: optional(
      list(
        object({
          info: object({
            run_id: serverRunId,
            artifact_uri: text(),
            run_name: optional(text()),
            experiment_id: optional(serverExperimentId),
            status: optional(status),
            start_time: optional(time),
            end_time: optional(time),
          }),
          data: optional(object({ metrics: optional(list(object({ key: text(), ...value }))), params: tags, tags })),
        }),
      ),
    ),
    next_page_token: optional(text()),
  }),
  getRun: object({
    run: object({
      info: object({
        run_id: serverRunId,
        run_name: optional(text()),
        lifecycle_stage: optional(text()),
        experiment_id: optional(serverExperimentId),
        artifact_uri: optional(text()),
        status: optional(status),
      }),
      data: optional(object({ metrics: optional(list(object({ key: text(), ...value }))), params: tags, tags })),
      inputs: optional(object({ dataset_inputs: optional(list(object({ dataset }))) })),
    }),
  }),
  updateRun: nothing,
  logBatch: nothing,
  logInputs: nothing,
  getMetricHistory: object({ metrics: optional(list(object(value))), next_page_token: optional(text()) }),
  listArtifacts: object({
    root_uri: optional(text()),
    files: optional(list(object({ path: text(), is_dir: optional(flag), file_size: optional(number) }))),
    next_page_token: optional(text()),
  }),
  searchExperiments: object({
    experiments: optional(list(object({ experiment_id: serverExperimentId }))),
    next_page_token: optional(text()),
  }),
  createRegisteredModel: nothing,
  createModelVersion: object({ model_version: version }),
  getModelVersion: object({ model_version: version }),
  setRegisteredModelAlias: nothing,
  getModelVersionByAlias: object({ model_version: version }),
});

type IsPart<Read, Said> = [keyof Read] extends [never] ? true : Read extends Said ? true : false;

type Forms = { readonly [Name in keyof Calls]: Form<unknown> };
type Fits<Table extends Forms> = {
  readonly [Name in keyof Calls]: IsPart<Formed<Table[Name]>, Calls[Name]['response']> extends true ? unknown : never;
};

function partOfProtocol<Table extends Forms>(table: Table & Fits<Table>): Table {
  return table;
}

/** What is read of the answer to a call. */
export type Answer<Name extends keyof Calls> = Formed<(typeof answers)[Name]>;

/** What is wrong with an answer, such as `without a proper run.info.run_id`; undefined where it is one. */
export function faultOf(name: keyof Calls, answer: unknown): string | undefined {
  const place = answers[name](answer);
  return place === '' ? 'with something that is not an object' : place && `without a proper ${place}`;
}
