import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { copyProgram } from '../engine/project.ts';
import { Rig, digitsPipeline, eventsOf } from '../rig.ts';

const rig = new Rig();
const cache = mkdtempSync(join(tmpdir(), 'layerline-cache-'));
const canary = join(rig.folder, 'canary');
const git = (...args: string[]): string =>
  execFileSync('git', ['-C', rig.folder, '-c', 'user.name=A', '-c', 'user.email=a@example.org', ...args], {
    encoding: 'utf8',
  }).trim();

// A stranger's project: whatever a program of ours could take for its own code is there, and leaves a trace when it
// runs.
beforeAll(() => {
  rig.writeDigits();
  rig.write('pipeline.yaml', digitsPipeline({ figures: true }));
  git('init', '-q', '-b', 'trunk');
  git('add', '.');
  git('commit', '-q', '-m', 'one');
  const script = `#!/bin/sh\necho "$0 $*" >> '${canary}'\nexit 1\n`;
  const python = `open(${JSON.stringify(canary)}, 'a').write(__name__ + '\\n')\n`;
  for (const folder of ['', 'node_modules/.bin', '.venv/bin', 'venv/bin']) {
    for (const name of ['python3', 'git', 'c++', 'g++', 'clang++', 'node', 'npm', 'mlflow', 'ps', 'ld', 'as'])
      chmodSync(rig.write(join(folder, name), script), 0o755);
  }
  for (const name of [
    'pip',
    'mlflow',
    'sitecustomize',
    'usercustomize',
    'zipfile',
    'shutil',
    'os',
    'encodings',
    'gunicorn.conf',
  ])
    rig.write(`${name}.py`, python);
  rig.write('pip/__main__.py', python);
  rig.write(
    '.npmrc',
    `script-shell=${join(rig.folder, 'node')}\nnode-options=--require ${join(rig.folder, 'index.js')}\n`,
  );
  rig.write('.env', `NODE_OPTIONS=--require ${join(rig.folder, 'index.js')}\nPIPELINE_ENGINE=abacus\n`);
  const javascript = `require('node:fs').appendFileSync(${JSON.stringify(canary)}, __filename);\n`;
  for (const path of [
    'index.js',
    'node_modules/@mapbox/node-pre-gyp/index.js',
    'node_modules/@tensorflow/tfjs-node/index.js',
    'node_modules/canvas/index.js',
  ])
    rig.write(path, javascript);
  rig.write('package.json', JSON.stringify({ pipeline: 'pipeline.yaml', scripts: { preinstall: './node' } }));
  rig.write(
    '.git/config',
    `[core]\n\trepositoryformatversion = 0\n\tfsmonitor = ${join(rig.folder, 'git')}\n` +
      `\tsshCommand = ${join(rig.folder, 'git')}\n\tpager = ${join(rig.folder, 'git')}\n[alias]\n` +
      `\trev-parse = !${join(rig.folder, 'git')}\n`,
  );
  for (const hook of ['post-index-change', 'reference-transaction'])
    chmodSync(rig.write(`.git/hooks/${hook}`, script), 0o755);
});
afterAll(() => {
  rig.remove();
  rmSync(cache, { recursive: true, force: true });
});

// What an incautious profile says: the current folder in front, by all its names.
const path = [
  '.',
  '',
  rig.folder,
  'node_modules/.bin',
  join(rig.folder, 'node_modules/.bin'),
  process.env['PATH']!,
].join(':');
const env = { PATH: path, PYTHONPATH: `.:${rig.folder}`, PYTHONHOME: '', PYTHONSTARTUP: 'pip.py' };
const trace = (): string => (existsSync(canary) ? readFileSync(canary, 'utf8') : '');

test('setting the engine up runs nothing of the folder', () => {
  mkdirSync(join(cache, 'none'));
  const program = copyProgram({ ownEngine: true });
  const own = { ...process.env, ...env, XDG_CACHE_HOME: cache, PIP_NO_INDEX: '1', PIP_FIND_LINKS: join(cache, 'none') };
  const { status, stderr } = spawnSync(process.execPath, [join(program, 'dist/cli.js'), 'engine', 'install'], {
    cwd: rig.folder,
    env: own,
    encoding: 'utf8',
  });
  rmSync(program, { recursive: true });
  expect(trace()).toBe('');
  expect(status, stderr).toBe(1);
  expect(stderr).toContain('pip could not download');
}, 60_000);

test.each([['validate'], ['plan'], ['status'], ['sync'], ['list'], ['clean', '--dry-run'], ['engine', 'status']])(
  '%j: nothing of the folder runs',
  async (...args) => {
    const { code, stderr } = await rig.run(args, env);
    expect(trace()).toBe('');
    expect(code, stderr).toBe(0);
  },
);

test('a run runs nothing of the folder, and knows its commit all the same', async () => {
  const { code, stdout, stderr } = await rig.run(['run', '--smoke', '--json'], env);
  expect(trace()).toBe('');
  expect(code, stderr).toBe(0);
  expect(eventsOf(stdout).at(-1)).toMatchObject({ status: 'FINISHED' });
  const runs = join(rig.folder, 'runs');
  const tag = readdirSync(runs, { recursive: true, encoding: 'utf8' }).find((name) =>
    name.endsWith('tags/mlflow.source.git.commit'),
  )!;
  expect(readFileSync(join(runs, tag), 'utf8')).toMatch(/^[0-9a-f]{40}$/);
  expect(readFileSync(join(runs, tag.replace(/commit$/, 'branch')), 'utf8')).toBe('trunk');
}, 60_000);

test('ui starts no MLflow that the folder brings, and says how to name it', async () => {
  rig.write('runs/.keep', '');
  const { code, stderr } = await rig.run(['ui'], {
    ...env,
    PATH: path.slice(0, -process.env['PATH']!.length),
    XDG_CACHE_HOME: cache,
  });
  expect(trace()).toBe('');
  expect(code).toBe(1);
  expect(stderr).toContain('MLFLOW_BIN=.venv/bin/mlflow');
});
