import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { estimate } from './estimate.ts';
import { inTurn } from './processes.ts';
import type { Settings } from './settings.ts';
import { aimCell, print, printTable, whole, withInterval } from './table.ts';

/** What `pipeline validate` takes, cold, beyond Node itself: of a right file and of wrong ones. */
export async function benchStartUp({ quick, scratch }: Settings): Promise<void> {
  const times = quick ? 3 : 20;
  const file = 'pipelines/mnist.yaml';
  const wrong = (name: string, right: string, mistake: string) => {
    const path = join(scratch, name);
    writeFileSync(path, readFileSync(file, 'utf8').replace(right, mistake));
    // A mistake ends with 2; the shell around it takes a millisecond.
    return ['sh', '-c', '"$0" dist/cli.js validate "$1"; test $? = 2', process.execPath, path];
  };
  const runs = await inTurn(scratch, times, {
    node: [process.execPath, '-e', '0'],
    right: [process.execPath, 'dist/cli.js', 'validate', file],
    misspelt: wrong('misspelt.yaml', '- conv ', '- convv '),
    // Such a mistake is told by ajv.
    mistyped: wrong('mistyped.yaml', 'batchSize: 100', 'batchSize: many'),
  });
  const beyond = (name: 'right' | 'misspelt' | 'mistyped') =>
    estimate(runs[name].map(({ seconds }, pair) => (seconds - runs.node[pair]!.seconds) * 1000));
  const row = (what: string, name: Parameters<typeof beyond>[0]) => [
    what,
    withInterval(beyond(name), whole),
    aimCell(beyond(name), '<=', 150, ' ms'),
  ];
  print(`## Start-up: ${times} pairs\n`);
  printTable(
    ['ms', 'median', 'aim'],
    [
      ['`node -e 0`', withInterval(estimate(runs.node.map(({ seconds }) => seconds * 1000)), whole), ''],
      row('`pipeline validate`, beyond it', 'right'),
      row('the same, of a misspelt layer', 'misspelt'),
      row('of a text for a number', 'mistyped'),
    ],
  );
}
