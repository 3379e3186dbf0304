import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Rig } from '../rig.ts';

const rig = new Rig();
beforeAll(() => {
  rig.write('large.csv', `x,y\n${'3,4\n'.repeat(15e6)}`);
  rig.write('less.csv', `x,y\n${'3,4\n'.repeat(3e6)}`);
  for (const name of ['large', 'less']) rig.write(`${name}.yaml`, `name: ${name}
data: { source: { csv: { file: ${name}.csv, targets: { y: number } } } }
model: { layers: [dense 1] }
train: { optimizer: adam, loss: meanSquaredError, epochs: 1 }
`);
});
afterAll(() => rig.remove());

// What is said of signals is true of Linux and macOS; a process that nobody asks to end in order is ended by the signal itself.
test.each([['validate'], ['plan'], ['run']])('%s ends at once while it checks a file of 60 MB', async (command) => {
  const { child, ended } = rig.start([command, 'large.yaml']);
  await setTimeout(700);
  const interrupted = performance.now();
  child.kill('SIGINT');
  expect(await ended).toMatchObject({ code: null, stdout: '' });
  expect(performance.now() - interrupted).toBeLessThan(1000);
});

test('run ends in order while it loads the file', async () => {
  const { child, ended } = rig.start(['run', 'less.yaml', '--smoke', '--json']);
  let interrupted = Infinity;
  child.stdout.on('data', (line: string) => {
    if (!line.includes('"stage-started"') || interrupted < Infinity) return;
    interrupted = performance.now();
    child.kill('SIGINT');
  });
  const { code, stderr } = await ended;
  expect(code).toBe(130);
  expect(stderr).toContain('the trial was interrupted');
  expect(performance.now() - interrupted).toBeLessThan(5000);
}, 120_000);
