import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { estimate } from './estimate.ts';
import { inTurn } from './processes.ts';
import type { Settings } from './settings.ts';
import { aimCell, print, printTable, whole, withInterval } from './table.ts';

/** What `pipeline validate` takes, cold, beyond Node itself: of a right file and of a wrong one. */
export async function benchStartUp({ quick, scratch }: Settings): Promise<void> {
  const times = quick ? 3 : 20;
  const file = 'pipelines/mnist.yaml';
  const wrong = join(scratch, 'wrong.yaml');
  writeFileSync(wrong, readFileSync(file, 'utf8').replace('- conv ', '- convv '));
  const runs = await inTurn(scratch, times, {
    node: [process.execPath, '-e', '0'],
    right: [process.execPath, 'dist/cli.js', 'validate', file],
    // A mistake ends with 2; the shell around it takes a millisecond.
    wrong: ['sh', '-c', '"$0" dist/cli.js validate "$1"; test $? = 2', process.execPath, wrong],
  });
  const beyond = (name: 'right' | 'wrong') =>
    estimate(runs[name].map(({ seconds }, pair) => (seconds - runs.node[pair]!.seconds) * 1000));
  print(`## Start-up: ${times} pairs\n`);
  printTable(
    ['ms', 'median', 'aim'],
    [
      ['`node -e 0`', withInterval(estimate(runs.node.map(({ seconds }) => seconds * 1000)), whole), ''],
      [
        '`pipeline validate`, beyond it',
        withInterval(beyond('right'), whole),
        aimCell(beyond('right'), '<=', 150, ' ms'),
      ],
      ['the same, of a wrong file', withInterval(beyond('wrong'), whole), aimCell(beyond('wrong'), '<=', 150, ' ms')],
    ],
  );
}
