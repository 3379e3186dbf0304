// A driver that submits jobs, says so, and waits to be killed.
import { hasForm, anything, list, object, record, text } from '../../src/base/json-form.ts';
import { openExecutor } from '../../src/sweeps/executors.ts';

const given: unknown = JSON.parse(process.env['GIVEN']!);
const form = object({
  on: object({ type: text(), options: record(anything) }),
  folder: text(),
  jobs: list(object({ id: text(), argv: list(text()), env: record(text()) })),
});
if (!hasForm(form, given)) throw new Error('it is given in GIVEN what to do');
const executor = openExecutor(given.on, { folder: given.folder });
for (const job of given.jobs) await executor.submit({ ...job, need: { cpu: 1 } });
process.stdout.write('submitted\n');
setInterval(() => undefined, 1000);
