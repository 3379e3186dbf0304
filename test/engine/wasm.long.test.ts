import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Rig, convolutional, digitsPipeline, eventsOf } from '../rig.ts';
import { copyProgram } from './project.ts';

const rig = new Rig();
beforeAll(() => {
  rig.writeDigits();
  rig.write('digits.yaml', digitsPipeline({ layers: convolutional, figures: '[confusionMatrix]' }));
});
afterAll(() => rig.remove());

/** No engine in the cache, and no program to make one with. */
const bare = () => ({ PIPELINE_ENGINE: 'wasm', XDG_CACHE_HOME: rig.folder, PATH: rig.folder, CXX: 'none' });
const last = (stdout: string) => eventsOf(stdout).at(-1)!;

describe('PIPELINE_ENGINE=wasm', () => {
  test('trains without TensorFlow, says so, and learns what the native engine learns', async () => {
    const [wasm, native] = [
      await rig.run(['run', 'digits.yaml', '--json'], bare()),
      await rig.run(['run', 'digits.yaml', '--json']),
    ];
    expect([wasm.code, wasm.stderr]).toEqual([0, '']);
    expect(last(wasm.stdout)).toMatchObject({ status: 'FINISHED', step: 'eager (the wasm engine has no graphs)' });
    const metrics = (stdout: string) => last(stdout)['metrics'] as Record<string, number>;
    for (const name of ['loss', 'val_loss', 'test_loss'])
      expect(metrics(wasm.stdout)[name], name).toBeCloseTo(metrics(native.stdout)[name]!, 3);
    for (const name of ['accuracy', 'test_accuracy'])
      expect(metrics(wasm.stdout)[name], name).toBeCloseTo(metrics(native.stdout)[name]!, 2);
    const again = await rig.run(['run', 'digits.yaml', '--force', '--json'], bare());
    expect(last(again.stdout)['weightsSha256']).toBe(last(wasm.stdout)['weightsSha256']);
  }, 60_000);

  test('trains recurrent nets over sequences as long as are a loop in a graph', async () => {
    const layers =
      '[reshape 98x8, { lstm: { units: 4, returnSequences: true } }, reshape 98x2x2x1, ' +
      'convLstm2d 2x2x2, flatten, dense 10]';
    rig.write('long.yaml', digitsPipeline({ layers, epochs: 1 }));
    const [wasm, native] = [
      await rig.run(['run', 'long.yaml', '--json'], bare()),
      await rig.run(['run', 'long.yaml', '--json']),
    ];
    expect([wasm.code, wasm.stderr]).toEqual([0, '']);
    expect([last(wasm.stdout)['step'], last(native.stdout)['step']]).toEqual([
      'eager (the wasm engine has no graphs)',
      'compiled',
    ]);
    const metrics = (stdout: string) => last(stdout)['metrics'] as Record<string, number>;
    for (const name of ['loss', 'val_loss', 'test_loss'])
      expect(metrics(wasm.stdout)[name], name).toBeCloseTo(metrics(native.stdout)[name]!, 3);
  }, 120_000);

  test('has nothing to set up, and status shows it', async () => {
    expect((await rig.run(['engine', 'install'], bare())).stdout).toMatch(
      /^engine +wasm, ready\nwasm backend +4\.22\.0\n/,
    );
    const { code, stdout } = await rig.run(['engine', 'status', '--json'], bare());
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      kind: 'wasm',
      state: 'ready',
      versions: { tfjsBackendWasm: '4.22.0', node: process.versions.node },
    });
  });

  test('has no compiled steps', async () => {
    rig.write('compiled.yaml', `${digitsPipeline()}  step: compiled\n`);
    const { code, stderr } = await rig.run(['run', 'compiled.yaml'], bare());
    expect(code).toBe(1);
    expect(stderr).toContain('the step cannot be compiled: the wasm engine has no graphs');
  });

  test('is offered, not taken, where the native engine cannot be set up', () => {
    const program = copyProgram({ ownEngine: true });
    const { PIPELINE_ENGINE: _, ...native } = bare();
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(program, 'dist/cli.js'), 'run', 'digits.yaml', '--force'],
      { cwd: rig.folder, env: native, encoding: 'utf8' },
    );
    rmSync(program, { recursive: true });
    expect(status).toBe(1);
    expect(stderr).toContain('PIPELINE_ENGINE=wasm');
    expect(stdout).not.toContain('epoch');
  });
});
