import { measure } from './processes.ts';
import type { Settings } from './settings.ts';
import { print, median, printTable, range, verdict, whole } from './table.ts';

/** What `pipeline validate` takes, cold, beyond Node itself. */
export async function benchStartUp({ quick, scratch }: Settings): Promise<void> {
  const times = quick ? 3 : 20;
  const commands = {
    '`node -e 0`': ['-e', '0'],
    '`pipeline validate`': ['dist/cli.js', 'validate', 'pipelines/mnist.yaml'],
  };
  const milliseconds = Object.fromEntries(Object.keys(commands).map((name): [string, number[]] => [name, []]));
  for (let i = 0; i < times; i++) {
    for (const [name, args] of Object.entries(commands)) {
      milliseconds[name]!.push((await measure(scratch, [process.execPath, ...args])).seconds * 1000);
    }
  }
  const [node, validate] = Object.values(milliseconds).map(median) as [number, number];
  print(`## Start-up: ${times} times each, in turn\n`);
  printTable(
    ['ms', 'median', 'range', 'aim'],
    [
      ...Object.entries(milliseconds).map(([name, values]) => [name, whole(median(values)), range(values, whole), '']),
      ['difference', whole(validate - node), '', verdict(validate - node, '<=', 150)],
    ],
  );
}
