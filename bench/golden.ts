import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Line, eventsOf, measure } from './processes.ts';
import type { Settings } from './settings.ts';
import { print, printTable } from './table.ts';

/** A line of `verify-export --json`. */
interface Verified {
  readonly runtime: string;
  readonly worst?: number;
  readonly tolerance?: number;
  readonly verdict: string;
}

/** Where Debian's package dataset-fashion-mnist puts what pipelines/fashion.yaml would fetch. */
const fashion = '/usr/share/datasets/fashion-mnist';

/**
 * What each program makes of the golden rows of each net in pipelines/, after one batch of training: the worst
 * difference as a share of what it may be. Python's are there where a virtual environment with them is active.
 */
export async function benchGolden({ quick, scratch }: Settings): Promise<void> {
  const names = readdirSync('pipelines')
    .filter((name) => name.endsWith('.yaml') && !name.endsWith('-sweep.yaml'))
    .filter((name) => name !== 'fashion.yaml' || existsSync(fashion));
  const table = new Map<string, ReadonlyMap<string, Verified>>();
  for (const name of quick ? names.slice(0, 1) : names) {
    const runs = join(scratch, 'golden');
    const cli = [process.execPath, 'dist/cli.js'];
    const data = name === 'fashion.yaml' ? ['--set', `data.source.fashionMnist.folder=${fashion}`] : [];
    const smoke = ['run', join('pipelines', name), ...data, '--smoke', '--json', '--runs', runs, '--force'];
    const trained = await measure(scratch, [...cli, ...smoke]);
    const { runId } = eventsOf(trained, 'run-finished')[0] as unknown as { readonly runId: string };
    const lines = await verified([...cli, 'verify-export', runId, '--json', '--runs', runs], scratch);
    const keras = join(scratch, `keras-${name}`);
    const isKeras = await measure(scratch, [...cli, 'export', runId, '--to', 'keras', '--out', keras, '--runs', runs])
      .then(() => true)
      .catch(() => false);
    const ofKeras = isKeras ? await verified([...cli, 'verify-export', keras, '--json'], scratch) : [];
    const found = [...lines, ...ofKeras].filter(({ verdict }) => verdict !== 'not there');
    table.set(name, new Map(found.map((row) => [row.runtime, row])));
  }
  const runtimes = [...new Set([...table.values()].flatMap((rows) => [...rows.keys()]))];
  print('## Golden rows of the nets in pipelines/: worst difference, as a share of the tolerance\n');
  printTable(
    ['', ...runtimes],
    [...table].map(([name, rows]) => [name, ...runtimes.map((runtime) => cellOf(rows.get(runtime)))]),
  );
}

async function verified(command: readonly string[], scratch: string): Promise<readonly Verified[]> {
  const { lines } = await measure(scratch, command);
  return lines.map(({ event }: Line) => event as unknown as Verified);
}

function cellOf(row: Verified | undefined): string {
  if (row === undefined) return '-';
  if (row.worst === undefined || row.tolerance === undefined) return row.verdict;
  return `${(row.worst / row.tolerance).toFixed(2)}${row.verdict === 'ok' ? '' : ` ${row.verdict}`}`;
}
