import { type Static, Type } from 'typebox';
import { Check } from 'typebox/schema';
import { double, serverExperimentId, serverRunId } from './mlflow-answers.ts';
import { plainPath } from './run-folder.ts';

const pair = Type.Object({ key: Type.String(), value: Type.String() });
const whole = Type.Integer({ minimum: Number.MIN_SAFE_INTEGER, maximum: Number.MAX_SAFE_INTEGER });
const count = Type.Integer({ minimum: 1, maximum: 1e12 });

const input = Type.Object({
  name: Type.String(),
  digest: Type.String(),
  sourceType: Type.String(),
  source: Type.String(),
  schema: Type.String(),
  profile: Type.String(),
  context: Type.Union([Type.Literal('training'), Type.Literal('validation'), Type.Literal('test')]),
});

const metric = Type.Object({ key: Type.String(), value: double, step: whole, timestamp: whole });
const artifact = Type.String({ pattern: plainPath.source });
const status = Type.Object({
  status: Type.Union([Type.Literal('RUNNING'), Type.Literal('FINISHED'), Type.Literal('FAILED'), Type.Literal('KILLED')]),
  end_time: Type.Optional(whole),
});

const entries = [
  Type.Object({ kind: Type.Literal('params'), n: count, items: Type.Array(pair) }),
  Type.Object({ kind: Type.Literal('tags'), n: count, items: Type.Array(pair) }),
  Type.Object({ kind: Type.Literal('inputs'), n: count, items: Type.Array(input) }),
  Type.Object({ kind: Type.Literal('metrics'), n: count, items: Type.Array(metric) }),
  Type.Object({ kind: Type.Literal('artifacts'), n: count, items: Type.Array(artifact) }),
  Type.Object({ kind: Type.Literal('status'), n: count, items: Type.Array(status) }),
] as const;

const destination = Type.Object({
  address: Type.String(),
  experiment: Type.Object({ name: Type.String(), id: Type.Optional(serverExperimentId) }),
  run: Type.Object({ run_name: Type.String(), user_id: Type.String(), start_time: whole }),
  // It becomes part of a filter that a server reads.
  key: Type.String({ pattern: '^[\\w-]{1,64}$' }),
});

const line = Type.Union([
  ...entries,
  Type.Object({ done: Type.Array(count) }),
  Type.Object({ server: Type.Object({ runId: serverRunId, experimentId: serverExperimentId, artifactUri: Type.String() }) }),
  Type.Object({ destination }),
]);

/** What a line of a journal says. A journal may come from elsewhere: its checksums prove nothing of who wrote it. */
export function isLine(value: unknown): value is Static<typeof line> {
  return Check(line, value);
}

/** Whether something is a data set that a run read. */
export function isInput(value: unknown): value is Static<typeof input> {
  return Check(input, value);
}
