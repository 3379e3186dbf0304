import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { writePictures } from './data-pictures.ts';
import { estimate } from './estimate.ts';
import { tablesPython } from './peers-environment.ts';
import { inTurn, measure } from './processes.ts';
import type { Settings } from './settings.ts';
import { readSourceCommand, readTold } from './source-to-read.ts';
import { aimCell, fixed, print, printTable, whole, withInterval } from './table.ts';

/** Pictures that take more than a megabyte. */
const pictures = 1500;

/** A source of each kind in a folder that peers/write_sources.py has filled, with a net that fits. */
const sources: Readonly<
  Record<string, { readonly source: object; readonly layers: readonly unknown[]; readonly loss: string }>
> = {
  csv: table({ csv: { file: 'table.csv', targets: { c9: 'number' } } }),
  jsonl: table({ jsonl: { file: 'table.jsonl', targets: { c9: 'number' } } }),
  parquet: table({ parquet: { file: 'table.parquet', targets: { c9: 'number' } } }),
  images: classes({ images: { folder: 'pictures' } }, ['flatten', 'dense 10']),
  npz: classes(
    {
      npz: {
        file: 'pictures.npz',
        inputs: ['x'],
        targets: { y: Array.from({ length: 10 }, (_, k) => String(k)) },
        images: true,
      },
    },
    ['flatten', 'dense 10'],
  ),
  series: {
    source: { series: { file: 'series.csv', time: 'time', targets: { load: 'number' }, window: 24, horizon: 4 } },
    layers: ['flatten', 'dense 4'],
    loss: 'meanSquaredError',
  },
  text: classes({ text: { file: 'letters.txt', steps: 20 } }, ['embedding 14x8', 'lstm 8 sequences', 'dense 14']),
  audio: classes({ audio: { folder: 'sounds', seconds: 1, sampleRate: 16_000 } }, ['flatten', 'dense 2']),
};

function table(source: object) {
  return { source, layers: ['dense 1'], loss: 'meanSquaredError' };
}

function classes(source: object, layers: readonly unknown[]) {
  return { source, layers, loss: 'softmaxCrossEntropy' };
}

/** What a check of each kind of source takes, and the load stage of MNIST. */
export async function benchChecks(settings: Settings): Promise<void> {
  await benchMnist(settings);
  await benchValidate(settings);
}

/** The load stage of MNIST, whose files were read before. */
async function benchMnist({ pairs, scratch }: Settings): Promise<void> {
  const command = readSourceCommand({ type: 'mnist', options: {}, stage: true });
  await measure(scratch, command);
  const { warm } = await inTurn(scratch, pairs, { warm: command });
  const told = warm.map(readTold);
  const seconds = estimate(told.map((read) => read.seconds));
  const cpuSeconds = estimate(told.map((read) => read.cpuSeconds));
  print(`## MNIST's load stage, warm, ${pairs} times\n`);
  printTable(
    ['', 'median', 'aim'],
    [
      ['seconds', withInterval(seconds, fixed), aimCell(seconds, '<=', 0.5, ' s')],
      ['of the processor', withInterval(cpuSeconds, fixed), ''],
    ],
  );
}

async function benchValidate({ quick, scratch }: Settings): Promise<void> {
  const times = quick ? 3 : 20;
  const folder = join(scratch, 'sources');
  mkdirSync(folder);
  await measure(scratch, [tablesPython, 'bench/peers/write_sources.py', folder]);
  await writePictures(join(folder, 'pictures'), pictures);
  const rows: string[][] = [];
  for (const [kind, { source, layers, loss }] of Object.entries(sources)) {
    const file = join(folder, `${kind}.yaml`);
    writeFileSync(
      file,
      stringify({
        name: kind,
        seed: 1,
        data: { source, split: { validation: 0.1 } },
        model: { layers },
        train: { optimizer: 'adam', loss, epochs: 1 },
      }),
    );
    const { node, validate } = await inTurn(scratch, times, {
      node: [process.execPath, '-e', '0'],
      validate: [process.execPath, 'dist/cli.js', 'validate', file],
    });
    const beyond = estimate(validate.map(({ seconds }, pair) => 1000 * (seconds - node[pair]!.seconds)));
    rows.push([kind, withInterval(beyond, whole), aimCell(beyond, '<=', 150, ' ms')]);
  }
  print(`## \`pipeline validate\` less \`node -e 0\`, sources of more than 1 MB, ${times} pairs each\n`);
  printTable(['source', 'ms', 'aim'], rows);
}
