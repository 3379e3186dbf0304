import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { EngineStatus } from '../../src/engine/install/engine-status.ts';
import { createProject, placeTfjsNode, start } from './project.ts';

// One story: the real download, twice (the first is killed), into a cache of its own.
test('killed half-way, then two at once, then again after `npm ci`', { timeout: 300_000 }, async () => {
  const project = await createProject({ ownEngine: true });
  const cache = mkdtempSync(join(tmpdir(), 'layerline-cache-'));
  const env = { XDG_CACHE_HOME: cache };
  const engines = join(cache, 'layerline/engine');
  const finishedEngines = (): string[] =>
    readdirSync(engines).filter((name) => /^tensorflow-[\w.-]+-[0-9a-f]{8}$/.test(name));
  try {
    const killed = start(project, 'set-up.mjs', env);
    killed.onOutput = (output) => void (output.includes('extract') && setTimeout(killed.kill, 500));
    expect((await killed.end).exitCode).toBeNull();
    expect(finishedEngines()).toEqual([]);
    expect(readdirSync(engines)).toHaveLength(2); // its folder and its lock

    const both = [start(project, 'set-up.mjs', env), start(project, 'set-up.mjs', env)];
    const ends = await Promise.all(both.map((worker) => worker.end));
    expect(ends.map(({ exitCode, stderr }) => ({ exitCode, stderr }))).toEqual([
      { exitCode: 0, stderr: '' },
      { exitCode: 0, stderr: '' },
    ]);
    expect(ends.filter(({ stdout }) => stdout.includes('download'))).toHaveLength(1);
    expect(ends.filter(({ stdout }) => stdout.startsWith('wait\n'))).toHaveLength(1);
    expect(readdirSync(engines)).toEqual(finishedEngines());
    const status = JSON.parse(ends[0]!.stdout.split('\n').at(-1)!) as EngineStatus;
    expect(status).toMatchObject({ kind: 'native', state: 'ready' });
    expect(status.bytes).toBeGreaterThan(700e6);

    rmSync(join(project, 'node_modules/@tensorflow/tfjs-node'), { recursive: true });
    placeTfjsNode(project, { ownEngine: true });
    const before = performance.now();
    const again = await start(project, 'set-up.mjs', env).end;
    expect(performance.now() - before).toBeLessThan(3_000);
    expect(again.stdout.split('\n').slice(0, -1)).toEqual(['link']);
    expect(existsSync(join(project, 'node_modules/@tensorflow/tfjs-node/deps/lib'))).toBe(true);

    expect(await start(project, 'compute.mjs', env).end).toEqual({
      exitCode: 0,
      stdout: 'TensorFlow 2.21.0, tfjs-node 4.22.0: 3,3,3,3',
      stderr: '',
    });
  } finally {
    rmSync(cache, { recursive: true, force: true });
    rmSync(project, { recursive: true, force: true });
  }
});
