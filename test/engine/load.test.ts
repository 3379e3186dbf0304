import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createProject, start } from './project.ts';

vi.setConfig({ testTimeout: 60_000 }); // starts real programs: pip, compilers, Node

let project: string;
beforeAll(async () => void (project = await createProject()), 60_000);
afterAll(() => rmSync(project, { recursive: true, force: true }));

const native = { PIPELINE_ENGINE: undefined, TF_CPP_MIN_LOG_LEVEL: undefined };

const computed = { exitCode: 0, stdout: 'TensorFlow 2.21.0, tfjs-node 4.22.0: 3,3,3,3', stderr: '' };

// In this order: the project's own tfjs-node starts without an engine.
test('an engine that is not linked is loaded all the same', async () => {
  expect(await start(project, 'compute.mjs', native).end).toEqual(computed);
});

test('an engine that is set up nowhere is not loaded, and the way out is named', async () => {
  const manifest = join(project, 'node_modules/@tensorflow/tfjs-node/package.json');
  const installed = readFileSync(manifest, 'utf8');
  writeFileSync(manifest, installed.replace('"version": "4.22.0"', '"version": "4.22.0-own"'));
  const { exitCode, stderr } = await start(project, 'compute.mjs', native).end;
  writeFileSync(manifest, installed);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('The engine is not set up');
  expect(stderr).toContain('pipeline engine install');
});

test('PIPELINE_ENGINE=stock without a stock install is refused', async () => {
  const { exitCode, stderr } = await start(project, 'set-up.mjs', { PIPELINE_ENGINE: 'stock' }).end;
  expect(exitCode).toBe(1);
  expect(stderr).toContain('PIPELINE_ENGINE=stock, but the installed @tensorflow/tfjs-node does not load');
});

test('once linked, native and stock alike compute, and print nothing', async () => {
  expect((await start(project, 'set-up.mjs', native).end).stdout).toMatch(/^link\n/);
  expect(await start(project, 'compute.mjs', native).end).toEqual(computed);
  // A stock install logs as it likes: here it is our own libraries, loaded the stock way.
  expect(await start(project, 'compute.mjs', { ...native, PIPELINE_ENGINE: 'stock' }).end).toMatchObject({
    exitCode: 0,
    stdout: computed.stdout,
  });
});
