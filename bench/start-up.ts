import { estimate } from './estimate.ts';
import { inTurn } from './processes.ts';
import type { Settings } from './settings.ts';
import { aimCell, print, printTable, whole, withInterval } from './table.ts';

/** What `pipeline validate` takes, cold, beyond Node itself. */
export async function benchStartUp({ quick, scratch }: Settings): Promise<void> {
  const times = quick ? 3 : 20;
  const { node, validate } = await inTurn(scratch, times, {
    node: [process.execPath, '-e', '0'],
    validate: [process.execPath, 'dist/cli.js', 'validate', 'pipelines/mnist.yaml'],
  });
  const milliseconds = (runs: typeof node) => runs.map(({ seconds }) => seconds * 1000);
  const alone = milliseconds(node);
  const beyond = estimate(milliseconds(validate).map((value, pair) => value - alone[pair]!));
  print(`## Start-up: ${times} pairs\n`);
  printTable(
    ['ms', 'median', 'aim'],
    [
      ['`node -e 0`', withInterval(estimate(alone), whole), ''],
      ['`pipeline validate`', withInterval(estimate(milliseconds(validate)), whole), ''],
      ['difference', withInterval(beyond, whole), aimCell(beyond, '<=', 150, ' ms')],
    ],
  );
}
