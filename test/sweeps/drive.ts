import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { UserError } from '../../src/base/diagnostics.ts';
import { sweepCommand } from '../../src/commands/sweep.ts';
import { checkFile } from '../../src/plan/check-pipeline.ts';
import type { CheckedSweep, Sweep } from '../../src/sweeps/checked-sweep.ts';
import { openExecutor } from '../../src/sweeps/executors.ts';

/** What stands for a sweep file here, as JSON. */
interface Given extends Partial<Omit<Sweep, 'space'>> {
  readonly pipeline: string;
  /** The trials, one after the other. */
  readonly values: readonly Readonly<Record<string, unknown>>[];
}

const given = (text: string): Given => JSON.parse(text) as Given;

/** Takes a list of trials for a search. */
async function check(file: string): Promise<CheckedSweep> {
  const text = readFileSync(file, 'utf8');
  const { pipeline, values, ...rest } = given(text);
  const source = { name: file, text };
  const paths = [...new Set(values.flatMap(Object.keys))];
  const space = paths.map((path) => ({
    path,
    distribution: { kind: 'choice', choices: [...new Set(values.map((one) => one[path]))] } as const,
    range: { source, start: 0, end: 1 },
  }));
  const sweep: Sweep = {
    name: basename(file, '.json'),
    seed: 1,
    goal: { direction: 'maximize', metric: 'val_accuracy' },
    space,
    search: 'grid',
    trials: values.length,
    failures: values.length,
    parallel: 2,
    budget: {},
    on: { type: 'local', options: {} },
    ...rest,
  };
  return { source, sweep, base: await checkFile(pipeline), warnings: [] };
}

/** `tsx drive.ts FILE.json ...`: the command, with what is not under test in the least form. */
const [, , file = ''] = process.argv;
const command = sweepCommand({
  program: join(import.meta.dirname, '../../dist/cli.js'),
  check,
  onOf: () => ({ type: 'local', options: {} }),
  settingsOf: (values) => Object.entries(values).map(([path, value]) => `${path}=${JSON.stringify(value)}`),
  openSearch: async () => {
    const { values } = given(readFileSync(file, 'utf8'));
    return { suggest: async (number) => values[number - 1], close: async () => {} };
  },
  promotionsOf: () => undefined,
  openExecutor: (on, folder) => openExecutor(on, { folder }),
  needOf: () => ({ cpu: 1 }),
});
try {
  await command.parseAsync(process.argv.slice(2), { from: 'user' });
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  for (const { code, message, hint } of error.diagnostics) process.stderr.write(`${code}: ${message}\n${hint}\n`);
  process.exitCode ??= error.exitCode;
}
