import { spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { packProgram } from '../../../src/sweeps/transport/pack-program.ts';
import { workerCommand } from '../../../src/sweeps/transport/worker-script.ts';

const folder = mkdtempSync(join(tmpdir(), 'layerline-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A program that prints its arguments, and what stands for npm: it notes that it was called. */
mkdirSync(join(folder, 'p/dist'), { recursive: true });
writeFileSync(join(folder, 'p/package.json'), '{ "type": "module" }');
writeFileSync(join(folder, 'p/dist/cli.js'), 'console.log("args", process.argv.slice(2).join(" "));\n');
const { tar, sha256 } = packProgram(join(folder, 'p/dist/cli.js'));
const archive = join(folder, 'program');
writeFileSync(archive, tar);

function tool(name: string, text: string): string {
  const path = join(folder, `tools-${readdirSync(folder).length}`, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${text}\n`);
  chmodSync(path, 0o755);
  return dirname(path);
}

const calls = join(folder, 'calls');
const npm = tool('npm', `echo "$*" >>${calls}; sleep 0.2`);

function work(cache: string, first: string, of = sha256): Promise<{ readonly code: number; readonly out: string }> {
  const [program, ...args] = workerCommand({ sha256: of, archive }, ['work', 'a b', "it's"]);
  const env = { PATH: [first, dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter), XDG_CACHE_HOME: cache };
  const child = spawn(program!, args, { env, cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (out += text));
  return new Promise((done) => child.on('close', (code) => done({ code: code!, out })));
}

test('three jobs at once set the program up once, and each runs it', async () => {
  const cache = join(folder, 'cache');
  const ended = await Promise.all([work(cache, npm), work(cache, npm), work(cache, npm)]);
  expect(ended.map(({ code }) => code)).toEqual([0, 0, 0]);
  for (const { out } of ended) expect(out).toContain("args work a b it's\n");
  expect(readFileSync(calls, 'utf8').trim().split('\n')).toHaveLength(1);
  expect(readFileSync(calls, 'utf8')).toMatch(/^install --omit=dev --ignore-scripts /);
  expect(readdirSync(join(cache, 'layerline/engines'))).toEqual([sha256]);
});

test.each([
  ['no Node', () => tool('node', 'exit 1'), sha256, /^error worker-without-node: .+ has no Node of 20\.19 or later/],
  [
    'no room',
    () => tool('npm', 'echo "npm error ENOSPC: no space left on device, write" >&2; exit 1'),
    sha256,
    /error worker-without-room: .+ make room in /,
  ],
  [
    'an npm that fails',
    () => tool('npm', 'echo "npm error network request failed" >&2; exit 1'),
    sha256,
    /error worker-not-set-up: .+: npm error network request failed/,
  ],
  ['another archive', () => npm, '0'.repeat(64), /error worker-not-set-up: .+: its archive did not arrive whole/],
])('a machine with %s says so, ends with 64, and leaves nothing', async (name, tools, of, told) => {
  const cache = join(folder, name.replaceAll(' ', '-'));
  const { code, out } = await work(cache, tools(), of);
  expect(code).toBe(64);
  expect(out).toMatch(told);
  const engines = join(cache, 'layerline/engines');
  expect(existsSync(engines) ? readdirSync(engines) : []).toEqual([]);
});

test('the same files are packed into the same bytes, whenever they were written', () => {
  writeFileSync(join(folder, 'p/dist/cli.js'), readFileSync(join(folder, 'p/dist/cli.js')));
  expect(packProgram(join(folder, 'p/dist/cli.js')).sha256).toBe(sha256);
});

test('what is not built is not packed', () => {
  expect(() => packProgram(join(folder, 'cli.ts'))).toThrow(/no built Layerline/);
});
