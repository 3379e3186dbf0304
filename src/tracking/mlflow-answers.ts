import { type Static, type TSchema, Type } from 'typebox';
import { Check, Errors } from 'typebox/schema';
import type { Calls } from './mlflow-protocol.ts';

/** The id of a run on a server: 32 hexadecimal digits; GitLab's server writes them with dashes. */
export const serverRunId = Type.String({ pattern: '^([0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$' });
/** The id of an experiment on a server: digits for MLflow's own stores, which take what fits this. */
export const serverExperimentId = Type.String({ pattern: '^[a-zA-Z0-9][\\w-]{0,63}$' });
/** A double in protobuf's JSON. */
export const double = Type.Union([Type.Number(), Type.Literal('NaN'), Type.Literal('Infinity'), Type.Literal('-Infinity')]);

const tags = Type.Optional(Type.Array(Type.Object({ key: Type.String(), value: Type.Optional(Type.String()) })));
const experiment = Type.Object({ experiment_id: serverExperimentId, lifecycle_stage: Type.Optional(Type.String()), tags });
const info = Type.Object({ run_id: serverRunId, artifact_uri: Type.String() });
const nothing = Type.Object({});

type IsPart<Read, Said> = [keyof Read] extends [never] ? true : Read extends Said ? true : false;

/** What is read of the answer to each call, and no more: a part of what MLflow's protocol says of it. */
const answers = partOfProtocol({
  getExperiment: Type.Object({ experiment: Type.Object({ name: Type.String({ minLength: 1 }) }) }),
  getExperimentByName: Type.Object({ experiment }),
  createExperiment: Type.Object({ experiment_id: serverExperimentId }),
  restoreExperiment: nothing,
  setExperimentTag: nothing,
  createRun: Type.Object({ run: Type.Object({ info }) }),
  searchRuns: Type.Object({ runs: Type.Optional(Type.Array(Type.Object({ info, data: Type.Optional(Type.Object({ tags })) }))) }),
  getRun: Type.Object({
    run: Type.Object({
      info: Type.Object({ run_id: serverRunId, run_name: Type.Optional(Type.String()), lifecycle_stage: Type.Optional(Type.String()) }),
      data: Type.Optional(Type.Object({ metrics: Type.Optional(Type.Array(Type.Object({ key: Type.String() }))), tags })),
    }),
  }),
  updateRun: nothing,
  logBatch: nothing,
  logInputs: nothing,
  getMetricHistory: Type.Object({
    metrics: Type.Optional(Type.Array(Type.Object({ value: Type.Optional(double), timestamp: Type.Optional(Type.Number()), step: Type.Optional(Type.Number()) }))),
    next_page_token: Type.Optional(Type.String()),
  }),
});

function partOfProtocol<Table extends { readonly [Name in keyof Calls]: TSchema }>(
  table: Table & { readonly [Name in keyof Calls]: IsPart<Static<Table[Name]>, Calls[Name]['response']> extends true ? unknown : never },
): Table {
  return table;
}

/** What is read of the answer to a call. */
export type Answer<Name extends keyof Calls> = Static<(typeof answers)[Name]>;

/** Whether something is an answer to a call. */
export function isAnswer<Name extends keyof Calls>(name: Name, value: unknown): value is Answer<Name> {
  return Check<TSchema>(answers[name], value);
}

/** What is wrong with an answer, such as `without a proper run.info.run_id`. */
export function faultOf(name: keyof Calls, value: unknown): string {
  const [, [fault]] = Errors(answers[name], value);
  const missing = fault?.keyword === 'required' ? fault.params.requiredProperties.slice(0, 1) : [];
  const place = [...(fault?.instancePath ?? '').split('/').slice(1), ...missing].join('.');
  return place === '' ? 'with something that is not an object' : `without a proper ${place}`;
}
