import { mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { estimate } from './estimate.ts';
import { tablesPython } from './peers-environment.ts';
import { type Measured, inTurn, measure } from './processes.ts';
import type { Settings } from './settings.ts';
import { readSourceCommand, readTold, tableOptions } from './source-to-read.ts';
import { aimCell, fixed, print, printTable, whole, withInterval } from './table.ts';

/** Of the whole size. */
const mostRows = 1_000_000;
const columns = 30;
/** Rows of the table whose reading shows what the process itself takes. */
const fewRows = 100;

const titles = { csv: 'CSV, C engine', 'csv-pyarrow': 'CSV, pyarrow engine', parquet: 'Parquet' };

/** A table as CSV and as Parquet, read as samples by ours, as a frame by pandas. */
export async function benchTables({ pairs, share, scratch }: Settings): Promise<void> {
  const rows = Math.round(share * mostRows);
  const [folder, bare] = [join(scratch, 'tables'), join(scratch, 'bare-tables')];
  await writeTables(scratch, folder, rows);
  await writeTables(scratch, bare, fewRows);
  const size = (file: string) => whole(statSync(join(folder, file)).size / 1e6);
  print(`## Tables of ${whole(rows)} rows x ${columns} numbers, ${pairs} pairs each\n`);
  print(
    `CSV ${size('table.csv')} MB, Parquet ${size('table.parquet')} MB; "beyond" is what a table of 100 rows takes.\n`,
  );
  const cells: string[][] = [];
  for (const [type, peer] of [
    ['csv', 'csv'],
    ['csv', 'csv-pyarrow'],
    ['parquet', 'parquet'],
  ] as const) {
    const file = `table.${type}`;
    const commands = (from: string) => ({
      ours: readSourceCommand({ type, options: tableOptions(join(from, file), columns) }),
      theirs: [tablesPython, 'bench/peers/read_table.py', peer, join(from, file)],
    });
    const { ours: ourBare, theirs: theirBare } = await inTurn(scratch, 3, commands(bare));
    const { ours, theirs } = await inTurn(scratch, pairs, commands(folder));
    const seconds = (runs: readonly Measured[]) => runs.map((run) => readTold(run).seconds);
    const proved = [...ours, ...theirs].every((run) => readTold(run).count === rows);
    if (!proved) throw new Error(`${file} was not read as ${rows} rows`);
    const ratio = estimate(seconds(ours).map((own, pair) => own / seconds(theirs)[pair]!));
    const data = (rows * columns * Float32Array.BYTES_PER_ELEMENT) / 1e6;
    const beyond = (runs: readonly Measured[], without: readonly Measured[]) => {
      const least = estimate(without.map(({ peakMegabytes }) => peakMegabytes)).median;
      return estimate(runs.map(({ peakMegabytes }) => (peakMegabytes - least) / data));
    };
    const memory = beyond(ours, ourBare);
    cells.push([
      titles[peer],
      withInterval(estimate(seconds(ours)), fixed),
      withInterval(estimate(seconds(theirs)), fixed),
      withInterval(ratio),
      withInterval(estimate(ours.map((run, pair) => readTold(run).cpuSeconds / readTold(theirs[pair]!).cpuSeconds))),
      // pyarrow's engine reads CSV on all cores: told, and no aim.
      peer === 'csv-pyarrow' ? '' : aimCell(ratio, '<=', 1.5),
      withInterval(memory),
      aimCell(memory, '<=', 2),
      withInterval(beyond(theirs, theirBare)),
    ]);
  }
  printTable(
    ['', 'ours, s', 'pandas, s', 'ratio', 'of the processor', 'aim', 'peak beyond / data as float32', 'aim', "pandas'"],
    cells,
  );
}

async function writeTables(scratch: string, folder: string, rows: number): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await measure(scratch, [tablesPython, 'bench/peers/write_tables.py', folder, String(rows), String(columns)]);
}
