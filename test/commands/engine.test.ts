import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { engineCommand } from '../../src/commands/engine.ts';
import { findEntry } from '../../src/engine/install/engine-entry.ts';
import { engineSite } from '../../src/engine/install/engine-site.ts';
import { copyProgram } from '../engine/project.ts';

let cache: string;
let program: string | undefined;
beforeEach(() => void (cache = mkdtempSync(join(tmpdir(), 'layerline-cache-'))));
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  for (const folder of [cache, program]) if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  program = undefined;
});

async function outputOf(...args: string[]): Promise<string> {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  await engineCommand().parseAsync(args, { from: 'user' });
  return write.mock.calls.map(([text]) => text as string).join('');
}

/** What a freshly installed copy of the program says, with a cache of its own. */
function outputOfCopy(options: Parameters<typeof copyProgram>[0], ...args: string[]): string {
  program = copyProgram(options);
  return spawnSync(process.execPath, [join(program, 'dist/cli.js'), 'engine', ...args], {
    env: { ...process.env, XDG_CACHE_HOME: cache },
    encoding: 'utf8',
  }).stdout;
}

test('status tells a missing engine, and where it would be', () => {
  const status: unknown = JSON.parse(outputOfCopy({ ownEngine: true }, 'status', '--json'));
  const folder = expect.stringContaining(join(cache, 'layerline/engine/tensorflow-2.21.0')) as string;
  expect(status).toEqual({
    kind: 'native',
    state: 'missing',
    versions: { tensorflow: '2.21.0', tfjsNode: '4.22.0-own', node: process.versions.node },
    folder,
    bytes: 0,
  });
});

test('status tells an engine in the cache that node_modules does not lead to', () => {
  const real = findEntry(engineSite())!;
  const entry = join(cache, 'layerline/engine', basename(real));
  mkdirSync(entry, { recursive: true });
  for (const name of readdirSync(real)) symlinkSync(join(real, name), join(entry, name));
  const told = outputOfCopy({}, 'status');
  expect(told).toMatch(/^engine +native, not linked\nTensorFlow +2\.21\.0\n(.*\n)*size +8\d\d MB\n$/);
  expect(told).toContain(entry);
});

test('install has nothing to do where the engine is there, and says what there is', async () => {
  const before = performance.now();
  expect(await outputOf('install')).toMatch(/^engine +native, ready\n/);
  expect(performance.now() - before).toBeLessThan(3_000);
});

test('status of a stock install', async () => {
  vi.stubEnv('PIPELINE_ENGINE', 'stock');
  expect(JSON.parse(await outputOf('status', '--json'))).toMatchObject({
    kind: 'stock',
    state: 'ready',
    versions: { tensorflow: null },
  });
});
