import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { layout } from '../../src/engine/install/engine-entry.ts';
import { asUser, makeUserFolder, noOtherCache, noOtherUser, stranger, withMachineCache } from '../other-user.ts';
import { Rig, digitsPipeline } from '../rig.ts';
import { copyEngine, copyProgram } from './project.ts';

// As in the usual image: root installs and sets up, another user trains.
describe.skipIf(noOtherCache !== undefined)('an engine that root set up, used by a user without a home', () => {
  const rig = new Rig();
  let program: string;
  let cache: string;
  /** An engine that root set up for all is not to be found in the place of the one that is meant. */
  let nothing: string;
  let entry: string;
  beforeAll(() => {
    program = copyProgram();
    cache = mkdtempSync(join(tmpdir(), 'layerline-cache-'));
    nothing = mkdtempSync(join(tmpdir(), 'layerline-nothing-'));
    for (const folder of [cache, nothing]) chmodSync(folder, 0o755);
    entry = copyEngine(cache);
    rig.writeDigits();
    rig.write('pipeline.yaml', digitsPipeline({ figures: true }));
    chmodSync(rig.folder, 0o755);
  });
  afterAll(() => {
    for (const folder of [program, cache, nothing]) rmSync(folder, { recursive: true, force: true });
    rig.remove();
  });

  /** Runs `pipeline ARGS`, as the stranger in a folder of his own unless root is named. */
  function pipeline(
    args: readonly string[],
    { env = {}, user = stranger, bound = false }: { env?: Record<string, string>; user?: number; bound?: boolean } = {},
  ) {
    const home = makeUserFolder(rig.folder, user);
    const command = [
      ...withMachineCache(bound ? cache : nothing),
      ...(user === 0 ? [] : asUser(user)),
      process.execPath,
      join(program, 'dist/cli.js'),
      ...args,
    ];
    const clean = { PATH: process.env['PATH']!, HOME: join(home, 'read-only'), TMPDIR: '/tmp', ...env };
    const { status, stdout, stderr } = spawnSync(command[0]!, command.slice(1), {
      cwd: home,
      env: clean,
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  }
  const run = ['run', '../pipeline.yaml', '--smoke'];

  test('in the cache of the machine: found there, with node_modules and home read-only', () => {
    const ran = pipeline(run, { bound: true });
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    expect(pipeline(['engine', 'status'], { bound: true }).stdout).toMatch(
      /native, not linked\n(.*\n)*folder +\/var\/cache\/layerline\/engine\//,
    );
  });

  test('anywhere that node_modules leads to', () => {
    expect(pipeline(['engine', 'install'], { user: 0, env: { XDG_CACHE_HOME: cache } }).stdout).toContain(
      'native, ready',
    );
    expect(pipeline(run, { env: { HOME: '/nonexistent' } })).toMatchObject({ status: 0, stderr: '' });
    expect(pipeline(['engine', 'status'], {}).stdout).toContain(cache);
  });

  test('where only root can look: says who set it up, where, and how both can read it', () => {
    const hidden = join(cache, 'layerline/engine');
    chmodSync(hidden, 0o700);
    const { status, stderr } = pipeline(run);
    chmodSync(hidden, 0o755);
    expect(status).toBe(1);
    expect(stderr).toContain('error engine-not-readable: root set the engine up in');
    expect(stderr).toContain(entry);
    expect(stderr).toContain('ENV XDG_CACHE_HOME=/opt/cache');
    expect(stderr).not.toContain('    at ');
  });

  test('whose files have other times, as in a copy: it is read, not doubted', () => {
    utimesSync(join(entry, layout.quietLoad), new Date(), new Date(Date.now() + 5_000));
    expect(pipeline(['engine', 'install'])).toMatchObject({
      status: 0,
      stderr: '',
      stdout: expect.stringContaining('native, ready'),
    });
  });

  test('with a flipped bit: it is named and not loaded, by its owner set up again', () => {
    const addon = join(entry, layout.addon);
    const bytes = readFileSync(addon);
    bytes[bytes.length >> 1]! ^= 1;
    // The file may be the real engine's too, under another name.
    rmSync(addon);
    writeFileSync(addon, bytes);
    const env = { PIP_NO_INDEX: '1', PIP_FIND_LINKS: '/nonexistent', XDG_CACHE_HOME: cache };
    for (const user of [0, stranger]) {
      const { status, stdout, stderr } = pipeline(run, { env, user });
      expect(status).toBe(1);
      expect(stdout).toContain(`engine-damaged: the engine is damaged: ${addon} is not the file that was set up`);
      expect(stderr).toMatch(/error engine-(wheel-refused|not-writable)/);
    }
  });
});

test.skipIf(noOtherUser !== undefined)(
  'root sets an engine up where all users of the machine can read it, unless a cache is named',
  () => {
    const program = copyProgram({ ownEngine: true });
    const { XDG_CACHE_HOME: _, ...env } = process.env;
    const status = (more: Record<string, string>) =>
      JSON.parse(
        spawnSync(process.execPath, [join(program, 'dist/cli.js'), 'engine', 'status', '--json'], {
          env: { ...env, ...more },
          encoding: 'utf8',
        }).stdout,
      ) as { folder: string; state: string };
    expect(status({})).toMatchObject({
      state: 'missing',
      folder: expect.stringMatching(/^\/var\/cache\/layerline\/engine\//),
    });
    expect(status({ XDG_CACHE_HOME: '/opt/cache' })).toMatchObject({
      folder: expect.stringMatching(/^\/opt\/cache\/layerline\/engine\//),
    });
    rmSync(program, { recursive: true });
  },
);
