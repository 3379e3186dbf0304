import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { benchAgainst } from './against.ts';
import { benchLabels } from './labels.ts';
import { benchData } from './data-part.ts';
import { leastPairs } from './estimate.ts';
import { benchGolden } from './golden.ts';
import { benchGrowth } from './growth.ts';
import { printMachine, watchLoad } from './machine.ts';
import { benchOverhead } from './overhead.ts';
import { benchPredict } from './predict.ts';
import { ensurePeers, ensureTables } from './peers-environment.ts';
import { benchProfile } from './profile.ts';
import { benchReference } from './reference.ts';
import { benchServe } from './serve.ts';
import type { Settings } from './settings.ts';
import { benchStartUp } from './start-up.ts';
import { benchSweep } from './sweep.ts';
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
  predict: benchPredict,
  serve: benchServe,
  sweep: benchSweep,
  golden: benchGolden,
  data: benchData,
  labels: benchLabels,
} as const;
type Part = keyof typeof parts;

/** Those that need the peers' Python. */
const withPeers: ReadonlySet<Part> = new Set(['throughput', 'profile', 'reference']);

/** Reads a list such as `mnist,mlp`. */
function readNames<Name extends string>(option: string, given: string | undefined, known: readonly Name[]): Name[] {
  if (given === undefined) return [...known];
  return given.split(',').map((name) => {
    const found = known.find((one) => one === name);
    if (found === undefined) throw new Error(`--${option} takes ${known.join(', ')}, not ${name}`);
    return found;
  });
}

interface Asked {
  readonly settings: Omit<Settings, 'scratch'>;
  readonly chosen: readonly Part[];
  /** Folder of a build to be compared with this one, instead of all parts. */
  readonly against: string | undefined;
}

/** Reads the command line. @throws Error on what it does not know */
function readCommandLine(): Asked {
  const { values } = parseArgs({
    options: {
      work: { type: 'string' },
      part: { type: 'string' },
      against: { type: 'string' },
      pairs: { type: 'string' },
      share: { type: 'string' },
      quick: { type: 'boolean', default: false },
    },
  });
  const pairs = Number(values.pairs ?? (values.quick ? 1 : leastPairs));
  if (!Number.isInteger(pairs) || pairs < 1) throw new Error(`--pairs takes a number of pairs, not ${values.pairs}`);
  const share = Number(values.share ?? (values.quick ? 0.02 : 1));
  if (!(share > 0 && share <= 1)) throw new Error(`--share takes a number above 0, at most 1, not ${values.share}`);
  const against = values.against === undefined ? undefined : resolve(values.against);
  if (against !== undefined && values.part !== undefined) throw new Error('--against is a part of its own: no --part');
  if (against !== undefined && !existsSync(join(against, 'cli.js')))
    throw new Error(`--against takes the dist folder of a build: there is no cli.js in ${against}`);
  return {
    settings: { works: readNames('work', values.work, Object.keys(works)), pairs, quick: values.quick, share },
    chosen: against === undefined ? readNames('part', values.part, Object.keys(parts) as Part[]) : [],
    against,
  };
}

async function main(): Promise<void> {
  const { settings: asked, chosen, against } = readCommandLine();
  const peers = chosen.some((part) => withPeers.has(part));
  if (peers) ensurePeers();
  if (chosen.includes('data')) ensureTables();
  const scratch = mkdtempSync(join(tmpdir(), 'layerline-bench-'));
  process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
  process.on('SIGINT', () => process.exit(130));
  printMachine(peers);
  const printLoad = watchLoad();
  if (asked.quick) print('QUICK     proves that every part runs; the figures mean nothing\n');
  print(
    'Medians with their 95 % intervals. An aim is kept or MISSED where the whole interval is on one side of it; ' +
      `open: it cannot be told, as always of fewer than ${leastPairs} pairs.\n`,
  );
  const settings = { ...asked, scratch };
  if (against !== undefined) await benchAgainst(settings, against);
  for (const part of chosen) await parts[part](settings);
  printLoad();
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
