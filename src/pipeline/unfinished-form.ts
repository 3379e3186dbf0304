import { anything, either, type Formed, hasForm, list, nothing, object, optional, record, text } from '../base/json-form.ts';

const form = object({
  directory: text(),
  file: optional(text()),
  server: optional(either(text(), nothing)),
  training: record(anything),
  data: record(text()),
  machine: object({ program: text(), node: text(), engine: text(), processor: text(), threads: text(), environment: record(text()), drawing: text() }),
  mixture: optional(list(text())),
});

/** Whether something is the record of an unfinished run: its hash is no secret, and it may come from elsewhere. */
export function isUnfinishedRun(value: unknown): value is Formed<typeof form> {
  return hasForm(form, value);
}
