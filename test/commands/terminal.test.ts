import { execFileSync, spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { RunEvent } from '../../src/base/events.ts';
import { showLines } from '../../src/commands/show-lines.ts';
import { showTasks } from '../../src/commands/show-tasks.ts';
import { Rig } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());
const program = resolve('dist/cli.js');

test('a reader that has read enough ends nothing', () => {
  const { stdout, stderr } = spawnSync(
    'bash',
    [
      '-c',
      'set -o pipefail; for command in "schema" "list layer --json" "run --help"; do "$NODE" "$PROGRAM" $command ' +
        '| head -n 1 > /dev/null; echo $?; done; "$NODE" "$PROGRAM" schema | true; echo $?',
    ],
    { encoding: 'utf8', env: { ...process.env, NODE: process.execPath, PROGRAM: program } },
  );
  expect([stdout, stderr]).toEqual(['0\n0\n0\n0\n', '']);
});

test('the command is the first word, whatever follows it', async () => {
  expect((await rig.run(['--help', 'run'])).stdout).toContain('validate [options]');
  expect((await rig.run(['statsu', 'run'])).stderr).toContain('Did you mean status?');
});

const escape = '\u001b]0;owned\u0007\u009b31m';
const events: readonly RunEvent[] = [
  { type: 'fetch-progress', url: `https://host/${escape}`, fraction: 0 },
  {
    type: 'run-started',
    name: `x${escape}`,
    file: 'x.yaml',
    runId: `1${escape}`,
    experimentId: '1',
    samples: 'samples',
  },
  { type: 'stage-finished', stage: 'load', seconds: 1, summary: `csv: ${escape}` },
  { type: 'stage-skipped', stage: 'train', runId: '1', summary: `${escape}_loss 1` },
  { type: 'epoch-finished', epoch: 1, epochs: 1, metrics: { [`${escape}_loss`]: 1 }, samplesPerSecond: 1, seconds: 1 },
];

test.each([
  ['lines', showLines],
  ['tasks', showTasks],
])('what a file or a server names commands no terminal, shown as %s', async (_, show) => {
  let shown = '';
  const view = show((text) => {
    shown += text;
  });
  for (const event of events) view.emit(event);
  await view.close();
  expect(shown).toContain(']0;owned');
  expect(shown).not.toContain('\u001b]');
  expect(shown).not.toMatch(/[\u0007\u009b]/);
});

test('a run and the status of a file with such names command none either', async () => {
  rig.write('data.csv', `b,c${escape},d\n${Array.from({ length: 40 }, (_, i) => `${i},2,${i % 3}\n`).join('')}`);
  const column = JSON.stringify(`c${escape}`).replaceAll('\u009b', '\\x9b');
  rig.write(
    'names.yaml',
    `name: x
data: { source: { csv: { file: data.csv, targets: { b: number, ${column}: number } } } }
model: { layers: [{ dense: { units: 1 }, name: p, from: input }, { dense: { units: 1 }, name: q, from: input }] }
train: { optimizer: adam, epochs: 1, outputs: { b: { layer: p, loss: meanSquaredError }, \
${column}: { layer: q, loss: meanSquaredError } } }
`,
  );
  const shown = [
    await rig.run(['run', 'names.yaml']),
    await rig.run(['status', 'names.yaml', '--set', `data.source.csv.categories={ d: ['0', '1', '2', ${column}] }`]),
  ];
  expect(shown.map(({ code }) => code)).toEqual([0, 0]);
  const text = shown.map(({ stdout, stderr }) => `${stdout}${stderr}`).join('');
  expect(text).toContain(']0;owned');
  expect(text).not.toMatch(/[\u0007\u001b\u009b]/);
});

test('bash completes a file with a blank in its name as one word', async () => {
  rig.write('my files.yaml', 'name: x\n');
  rig.write('completion.bash', (await rig.run(['completion', 'bash'])).stdout);
  const script =
    'source completion.bash; COMP_WORDS=(pipeline run my); COMP_CWORD=2; _pipeline; printf "%s\\n" "${COMPREPLY[@]}"';
  expect(execFileSync('bash', ['-c', script], { cwd: join(rig.folder), encoding: 'utf8' })).toBe('my files.yaml\n');
});

test.each(['true', 'null'])('pipeline init %s.yaml writes a name that is a text', async (word) => {
  expect((await rig.run(['init', `${word}.yaml`])).code).toBe(0);
  expect((await rig.run(['validate', `${word}.yaml`])).code).toBe(0);
});
