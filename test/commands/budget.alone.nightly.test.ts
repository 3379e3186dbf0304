import { mkdirSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Calibration } from '../../src/stages/stage.ts';
import { Rig, convolutional, digitsPipeline, eventsOf } from '../rig.ts';

const rig = new Rig();
const cache = join(rig.folder, 'cache');
const env = { XDG_CACHE_HOME: cache };

beforeAll(() => {
  rig.writeDigits(2_000, 500);
  // A cache without calibrations, but with the engine that is set up.
  mkdirSync(join(cache, 'layerline'), { recursive: true });
  symlinkSync(
    join(process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'layerline/engine'),
    join(cache, 'layerline/engine'),
  );
});
afterAll(() => rig.remove());

const lstm = '[reshape 28x28, lstm 16, dense 10]';
const write = (name: string, budget: string, options: Parameters<typeof digitsPipeline>[0] = {}) =>
  rig.write(name, `${digitsPipeline(options)}${budget === '' ? '' : `budget: ${budget}\n`}`);

interface Planned {
  readonly forecast: {
    readonly total: number;
    readonly epoch: number;
    readonly memory: number;
    readonly stages: Readonly<Record<string, number>>;
  } | null;
}

async function planned(...args: string[]): Promise<Planned> {
  const { code, stdout, stderr } = await rig.run(['plan', '--json', ...args], env);
  expect(code, stderr).toBe(0);
  return JSON.parse(stdout) as Planned;
}

/** Makes the kept calibrations say something else. */
function alterCalibrations(change: (calibration: Calibration) => Calibration): void {
  const folder = join(cache, 'layerline/calibrations');
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify(change(JSON.parse(readFileSync(path, 'utf8')) as Calibration)));
  }
}

describe.each([
  ['a convolutional net', convolutional],
  ['an LSTM', lstm],
])('the forecast of %s', (_, layers) => {
  // What else goes on on the machine may spoil one measurement, hardly three.
  test('comes near to the run, and is kept for other numbers of epochs', { retry: 2, timeout: 120_000 }, async () => {
    rmSync(join(cache, 'layerline/calibrations'), { recursive: true, force: true });
    write('net.yaml', '', { epochs: 2, layers });
    expect((await planned('net.yaml')).forecast).toBeNull();
    const { forecast } = await planned('net.yaml', '--calibrate', '--set', 'train.epochs=12');
    const run = await rig.run(['run', 'net.yaml', '--json', '--force', '--set', 'train.epochs=12'], env);
    const took = eventsOf(run.stdout)
      .filter(({ type }) => type === 'stage-finished')
      .map(({ stage, seconds }) => [stage, seconds] as const);
    expect(took.map(([stage]) => stage)).toEqual(Object.keys(forecast!.stages));
    // Within a quarter of each other on a quiet machine; others may be at work on this one.
    const ratio = run.ms / 1000 / forecast!.total;
    expect(ratio).toBeGreaterThan(1 / 4);
    expect(ratio).toBeLessThan(4);
    const shorter = (await planned('net.yaml')).forecast!;
    expect(forecast!.total - shorter.total).toBeCloseTo(10 * forecast!.epoch, 6);
  });
});

describe('a budget', () => {
  test('refuses a run that would take longer, with the number of epochs that fit', async () => {
    write('long.yaml', '{ time: 10m }', { epochs: 1_000_000 });
    const { code, stdout, stderr } = await rig.run(['run', 'long.yaml', '--runs', 'refused'], env);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /error over-budget: the run would take about \d+ h \d+ min, more than its budget.time of 10m: 1000000 epochs of \S+ s, \S+ s for the rest\n/,
    );
    const epochs = Number(/help: \d+ epochs fit: train\.epochs: (\d+)\. Or raise the budget/.exec(stderr)![1]);
    expect(readdirSync(rig.folder)).not.toContain('refused');
    expect(stdout).not.toContain('run ');
    const { forecast } = await planned('long.yaml', '--set', `train.epochs=${epochs}`);
    expect(forecast!.total).toBeLessThanOrEqual(600);
    expect(forecast!.total + forecast!.epoch).toBeGreaterThan(600);
  }, 60_000);

  test('refuses a run that would take more memory', async () => {
    write('large.yaml', '{ memory: 90MB }', { layers: convolutional });
    const { code, stderr } = await rig.run(['run', 'large.yaml'], env);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /over-budget: the run would take about \d+ MB, more than its budget.memory of 90MB\n {2}help: No batch is small enough/,
    );
  }, 60_000);

  test('lets a run within it go on to its end', async () => {
    write('fits.yaml', '{ time: 1h, memory: 8GB }');
    expect((await rig.run(['run', 'fits.yaml', '--runs', 'fits'], env)).code).toBe(0);
  }, 60_000);

  test.each([
    [
      'slower',
      '{ time: 8s }',
      /training was stopped in epoch \d+ of 600: (at its pace of \d+ images\/s the run would take about .*, more than its budget\.time of 8s|\S+ s have passed, its budget\.time is 8s)/,
    ],
    [
      'larger',
      '{ memory: 150MB }',
      /training was stopped in epoch \d+ of 600: it takes \d+ MB of memory, more than its budget\.memory of 150MB/,
    ],
  ])(
    'stops a run that turns out %s than its forecast; raised, the run goes on',
    async (what, budget, message) => {
      const options = { epochs: 600, layers: convolutional };
      const checkpoints = '  checkpoint: { everySteps: 20 }\n';
      rig.write('worse.yaml', `${digitsPipeline(options)}${checkpoints}budget: ${budget}\n`);
      await planned('worse.yaml', '--calibrate');
      alterCalibrations((calibration) => ({
        ...calibration,
        memory: 1,
        seconds: { ...calibration.seconds, step: 1e-9, evaluation: 1e-9 },
      }));
      const stopped = await rig.run(['run', 'worse.yaml', '--json', '--runs', what], env);
      expect(stopped.code).toBe(1);
      expect(stopped.stderr).toMatch(message);
      const { status, runId, experimentId } = eventsOf(stopped.stdout).at(-1) as {
        status: string;
        runId: string;
        experimentId: string;
      };
      expect(status).toBe('FAILED');
      expect(readFileSync(join(rig.folder, what, experimentId, runId, 'tags/pipeline.error'), 'utf8')).toMatch(message);

      rig.write('worse.yaml', `${digitsPipeline(options)}${checkpoints}budget: { time: 1h, memory: 8GB }\n`);
      const { child, ended } = rig.start(['run', 'worse.yaml', '--json', '--runs', what], env);
      child.stdout.on('data', (text: string) => text.includes('"progress"') && child.kill('SIGINT'));
      const events = eventsOf((await ended).stdout);
      expect(events.find(({ type }) => type === 'run-started')).toMatchObject({ runId });
      expect(events.map(({ type }) => type)).toContain('training-resumed');
      expect(readFileSync(join(rig.folder, what, experimentId, runId, 'tags/pipeline.error'), 'utf8')).toBe('');
    },
    60_000,
  );
});
