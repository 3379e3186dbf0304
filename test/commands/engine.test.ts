import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { engineCommand } from '../../src/commands/engine.ts';
import { engineSite } from '../../src/engine/site.ts';

let cache: string;
beforeEach(() => void (cache = mkdtempSync(join(tmpdir(), 'layerline-cache-'))));
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  rmSync(cache, { recursive: true, force: true });
});

async function outputOf(...args: string[]): Promise<string> {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  await engineCommand().parseAsync(args, { from: 'user' });
  return write.mock.calls.map(([text]) => text as string).join('');
}

test('status tells a missing engine, and where it would be', async () => {
  vi.stubEnv('XDG_CACHE_HOME', cache);
  const status: unknown = JSON.parse(await outputOf('status', '--json'));
  expect(status).toEqual({ kind: 'native', state: 'missing', versions: { tensorflow: '2.21.0', tfjsNode: '4.22.0', node: process.versions.node }, folder: engineSite().entry, bytes: 0 });
  expect(engineSite().entry).toContain(join(cache, 'layerline/engine/tensorflow-2.21.0'));
});

test('status tells an engine in the cache that node_modules does not lead to', async () => {
  const { entry: real } = engineSite();
  vi.stubEnv('XDG_CACHE_HOME', cache);
  const { entry } = engineSite();
  mkdirSync(entry, { recursive: true });
  for (const name of readdirSync(real)) symlinkSync(join(real, name), join(entry, name));
  expect(await outputOf('status')).toMatch(/^engine +native, not linked\nTensorFlow +2\.21\.0\n(.*\n)*size +8\d\d MB\n$/);
});

test('install has nothing to do where the engine is there, and says what there is', async () => {
  const before = performance.now();
  expect(await outputOf('install')).toMatch(/^engine +native, ready\n/);
  expect(performance.now() - before).toBeLessThan(3_000);
});

test('status of a stock install', async () => {
  vi.stubEnv('PIPELINE_ENGINE', 'stock');
  expect(JSON.parse(await outputOf('status', '--json'))).toMatchObject({ kind: 'stock', state: 'ready', versions: { tensorflow: null } });
});
