import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { benchGrowth } from './growth.ts';
import { printMachine, watchLoad } from './machine.ts';
import { benchOverhead } from './overhead.ts';
import { ensurePeers } from './peers-environment.ts';
import { benchProfile } from './profile.ts';
import { benchReference } from './reference.ts';
import type { Settings } from './settings.ts';
import { benchStartUp } from './start-up.ts';
import { print } from './table.ts';
import { benchThroughput } from './throughput.ts';
import { benchWasm } from './wasm.ts';
import { works } from './works.ts';

const parts = {
  throughput: benchThroughput,
  profile: benchProfile,
  overhead: benchOverhead,
  reference: benchReference,
  growth: benchGrowth,
  startup: benchStartUp,
  wasm: benchWasm,
} as const;

/** Reads a list such as `mnist,mlp`. */
function readNames<Name extends string>(option: string, given: string | undefined, known: readonly Name[]): Name[] {
  if (given === undefined) return [...known];
  return given.split(',').map((name) => {
    const found = known.find((one) => one === name);
    if (found === undefined) throw new Error(`--${option} takes ${known.join(', ')}, not ${name}`);
    return found;
  });
}

/** Reads the command line. @throws Error on what it does not know */
function readSettings(): { settings: Omit<Settings, 'scratch' | 'python'>; chosen: readonly (keyof typeof parts)[] } {
  const { values } = parseArgs({
    options: {
      work: { type: 'string' },
      part: { type: 'string' },
      rounds: { type: 'string' },
      quick: { type: 'boolean', default: false },
    },
  });
  const rounds = Number(values.rounds ?? (values.quick ? 1 : 3));
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new Error(`--rounds takes a number of rounds, not ${values.rounds}`);
  const chosen = readNames('part', values.part, Object.keys(parts) as (keyof typeof parts)[]);
  return {
    settings: { works: readNames('work', values.work, Object.keys(works)), rounds, quick: values.quick },
    chosen,
  };
}

async function main(): Promise<void> {
  const { settings, chosen } = readSettings();
  const python = ensurePeers();
  const scratch = mkdtempSync(join(tmpdir(), 'layerline-bench-'));
  process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
  process.on('SIGINT', () => process.exit(130));
  printMachine();
  const printLoad = watchLoad();
  if (settings.quick) print('QUICK     proves that every part runs; the figures mean nothing\n');
  for (const part of chosen) await parts[part]({ ...settings, scratch, python });
  printLoad();
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
