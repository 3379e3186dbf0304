import { type Form, type Formed, hasForm, list, object, oneOf, optional, text, whole } from '../../base/json-form.ts';
import { double, serverExperimentId, serverRunId } from './mlflow-answers.ts';
import { plainPath } from '../store/run-folder.ts';

const pair = object({ key: text(), value: text() });

/** A data set that a run read. */
export const input = object({
  name: text(),
  digest: text(),
  sourceType: text(),
  source: text(),
  schema: text(),
  profile: text(),
  context: oneOf('training', 'validation', 'test'),
});

/** Kind of things -> one of them. */
const items = {
  params: pair,
  tags: pair,
  inputs: input,
  metrics: object({ key: text(), value: double, step: whole, timestamp: whole }),
  artifacts: text(plainPath),
  status: object({ status: oneOf('RUNNING', 'FINISHED', 'FAILED', 'KILLED'), end_time: optional(whole) }),
} as const;

type Kind = keyof typeof items;
type EntryOf<K extends Kind> = {
  readonly n: number;
  readonly kind: K;
  readonly items: readonly Formed<(typeof items)[K]>[];
};
type EntryLine = { readonly [K in Kind]: EntryOf<K> }[Kind];

type RefusalOf<K extends Kind> = {
  readonly kind: K;
  readonly items: readonly Formed<(typeof items)[K]>[];
  readonly reason: string;
  readonly cause: string;
};
type RefusalLine = { readonly [K in Kind]: RefusalOf<K> }[Kind];

const entryOf = (item: Form<unknown>) => object({ n: whole, items: list(item) });
const entries: ReadonlyMap<unknown, Form<unknown>> = new Map(
  Object.entries(items).map(([kind, item]) => [kind, entryOf(item)]),
);

const refusals: ReadonlyMap<unknown, Form<unknown>> = new Map(
  Object.entries(items).map(([kind, item]) => [
    kind,
    object({ items: list<unknown>(item), reason: text(), cause: text() }),
  ]),
);

/** What a server did not take, and why. */
const refusal: Form<RefusalLine> = (value) => {
  const form = typeof value === 'object' && value !== null && 'kind' in value ? refusals.get(value.kind) : undefined;
  return form === undefined ? 'kind' : form(value);
};

const others = {
  done: object({ done: list(whole), refused: optional(list(refusal)) }),
  server: object({ server: object({ runId: serverRunId, experimentId: serverExperimentId, artifactUri: text() }) }),
  destination: object({
    destination: object({
      address: text(),
      experiment: object({ name: text(), id: optional(serverExperimentId) }),
      run: object({ run_name: text(), user_id: text(), start_time: whole }),
      // It becomes part of a filter that a server reads.
      key: text(/^[\w-]{1,64}$/),
    }),
  }),
} as const;

type OtherLine = Formed<(typeof others)[keyof typeof others]>;

/**
 * Whether something is what a line of a journal says. A journal may come from elsewhere: its checksums prove nothing of
 * who wrote it.
 */
export function isLine(value: unknown): value is EntryLine | OtherLine {
  const entry = typeof value === 'object' && value !== null && 'kind' in value ? entries.get(value.kind) : undefined;
  if (entry !== undefined) return hasForm(entry, value);
  return Object.values(others).some((form) => hasForm<unknown>(form, value));
}
