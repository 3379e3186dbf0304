import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Ended, Rig, eventsOf } from '../rig.ts';

const rig = new Rig();
beforeAll(() => {
  rig.write('large.csv', `x,y\n${'3,4\n'.repeat(15e6)}`);
  rig.write('less.csv', `x,y\n${'3,4\n'.repeat(3e6)}`);
  for (const name of ['large', 'less'])
    rig.write(
      `${name}.yaml`,
      `name: ${name}
data: { source: { csv: { file: ${name}.csv, targets: { y: number } } } }
model: { layers: [dense 1] }
train: { optimizer: adam, loss: meanSquaredError, epochs: 1 }
`,
    );
});
afterAll(() => rig.remove());

// What is said of signals is true of Linux and macOS; a process that nobody asks to end in order is ended by the signal
// itself.
test.each([['plan'], ['run']])('%s ends at once while it checks a file of 60 MB', async (command) => {
  expect(await interrupt([command, 'large.yaml'])).toMatchObject({ code: null, stdout: '' });
});

test('replay too', async () => {
  rig.write('grown.csv', `x,y\n${'3,4\n'.repeat(20)}`);
  rig.write('grown.yaml', readFileSync(join(rig.folder, 'large.yaml'), 'utf8').replaceAll('large', 'grown'));
  const { stdout, stderr } = await rig.run(['run', 'grown.yaml', '--json']);
  expect(stderr).toBe('');
  copyFileSync(join(rig.folder, 'large.csv'), join(rig.folder, 'grown.csv'));
  expect(await interrupt(['replay', String(eventsOf(stdout).at(-1)!['runId'])])).toMatchObject({
    code: null,
    stderr: '',
  });
});

/** Sends Ctrl-C to a command that checks a large file, which has to end in a second. */
async function interrupt(args: readonly string[]): Promise<Ended> {
  const { child, ended } = rig.start(args);
  await setTimeout(700);
  const interrupted = performance.now();
  child.kill('SIGINT');
  const end = await ended;
  expect(performance.now() - interrupted).toBeLessThan(1000);
  return end;
}

test('run ends in order while it loads the file', async () => {
  const { child, ended } = rig.start(['run', 'less.yaml', '--smoke', '--json']);
  let isInterrupted = false;
  child.stdout.on('data', (line: string) => {
    if (!line.includes('"stage-started"') || isInterrupted) return;
    isInterrupted = child.kill('SIGINT');
  });
  const { code, stdout, stderr } = await ended;
  expect(code).toBe(130);
  expect(stderr).toContain('the trial was interrupted');
  expect(stdout).not.toContain('"stage-finished"');
}, 120_000);
