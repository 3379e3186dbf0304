import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from 'fast-png';
import { mnistPictures } from './data.ts';
import { estimate } from './estimate.ts';
import { inTurn } from './processes.ts';
import type { Settings } from './settings.ts';
import { aimCell, fixed, print, printTable, whole, withInterval } from './table.ts';
import { trainReference } from './trained.ts';

/** What `pipeline predict` takes: of one picture, cold, and of the test pictures of MNIST as PNG files. */
export async function benchPredict({ quick, pairs, scratch }: Settings): Promise<void> {
  const { runId } = await trainReference(scratch);
  const count = quick ? 500 : 10_000;
  const folder = join(scratch, 'pictures');
  mkdirSync(folder);
  for (const [i, data] of mnistPictures(count).entries())
    writeFileSync(
      join(folder, `${String(i).padStart(5, '0')}.png`),
      encode({ width: 28, height: 28, channels: 1, data }),
    );
  const predict = (input: string) => [
    process.execPath,
    'dist/cli.js',
    'predict',
    runId,
    input,
    '--runs',
    join(scratch, 'runs'),
    '--out',
    join(scratch, 'predicted.jsonl'),
  ];
  const { one, all } = await inTurn(scratch, pairs, { one: predict(join(folder, '00000.png')), all: predict(folder) });
  const cold = estimate(one.map(({ seconds }) => seconds));
  const speed = estimate(all.map(({ seconds }, pair) => (count - 1) / (seconds - one[pair]!.seconds)));
  print(`## pipeline predict: the reference net, ${whole(count)} PNG files of MNIST, ${pairs} pairs\n`);
  printTable(
    ['', 'median', 'aim'],
    [
      ['one picture, cold, s', withInterval(cold, fixed), aimCell(cold, '<=', 1.5, ' s')],
      ['pictures/s beyond that', withInterval(speed, whole), aimCell(speed, '>=', 5000)],
    ],
  );
}
