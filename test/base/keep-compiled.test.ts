import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'layerline-compiled-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let cache = '';
beforeEach(() => (cache = mkdtempSync(join(folder, 'cache-'))));

const compiled = () => join(cache, 'layerline/compiled');
const kept = () =>
  readdirSync(compiled())
    .map((name) => ({ name, bytes: readFileSync(join(compiled(), name)), ino: statSync(join(compiled(), name)).ino }))
    .toSorted((one, other) => other.bytes.length - one.bytes.length);

function validate(file = 'pipelines/mnist.yaml') {
  const env = { ...process.env, XDG_CACHE_HOME: cache };
  const { status, stdout, stderr } = spawnSync(process.execPath, [resolve('dist/cli.js'), 'validate', file], {
    env,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

const hasOwn = Number(process.versions.node.split('.')[0]) >= 22;

// From 22.8 on Node keeps it itself.
describe.skipIf(hasOwn)('what Node 20 compiles', () => {
  test('is kept, and taken by the next process', () => {
    const first = validate();
    expect(first).toMatchObject({ status: 0, stderr: '' });
    // All that commands need to check a file.
    const before = kept();
    expect(before[0]!.bytes.length).toBeGreaterThan(500_000);
    expect(validate()).toEqual(first);
    // What is not taken is written anew.
    expect(kept()).toEqual(before);
  });

  test('is what was compiled of that text: others with the same length are not taken for it', () => {
    const program = join(folder, 'program.mjs');
    const said = (text: string) => {
      writeFileSync(join(folder, 'part.cjs'), `process.stdout.write(String(${text}));\n`);
      const url = JSON.stringify(resolve('src/base/keep-compiled.ts'));
      writeFileSync(
        program,
        `import { keepCompiled } from ${url};
         keepCompiled(${JSON.stringify(compiled())}, ${JSON.stringify(folder)});
         await import('./part.cjs');`,
      );
      return spawnSync(process.execPath, ['--import', 'tsx', program], { encoding: 'utf8' });
    };
    expect(said('1 + 1')).toMatchObject({ stdout: '2', stderr: '' });
    expect(kept()).toHaveLength(1);
    expect(said('1 + 1')).toMatchObject({ stdout: '2', stderr: '' });
    expect(kept()).toHaveLength(1);
    expect(said('1 + 2')).toMatchObject({ stdout: '3', stderr: '' });
    expect(kept()).toHaveLength(2);
  });

  test('is not taken with a flipped bit, and made anew', () => {
    const first = validate();
    const [largest] = kept();
    const path = join(compiled(), largest!.name);
    for (const place of [0, 40, largest!.bytes.length >> 1, largest!.bytes.length - 1]) {
      const bytes = Buffer.from(largest!.bytes);
      bytes[place]! ^= 4;
      writeFileSync(path, bytes);
      expect(validate()).toEqual(first);
      expect(readFileSync(path).equals(bytes)).toBe(false);
    }
    writeFileSync(path, '');
    expect(validate()).toEqual(first);
    expect(readFileSync(path).length).toBeGreaterThan(500_000);
  });

  test('goes after a month, with what nothing takes any more', () => {
    validate();
    const old = join(compiled(), 'of-an-older-version');
    writeFileSync(old, 'x');
    const month = Date.now() / 1000 - 31 * 24 * 60 * 60;
    for (const { name } of kept()) utimesSync(join(compiled(), name), month, month);
    expect(validate().status).toBe(0);
    expect(existsSync(old)).toBe(false);
    expect(kept()[0]!.bytes.length).toBeGreaterThan(500_000);
  });

  test('is not kept where that cannot be, which nobody is told', () => {
    writeFileSync(join(cache, 'layerline'), 'a file in the place of the folder');
    expect(validate()).toMatchObject({ status: 0, stderr: '' });
  });

  test('leaves mistakes at their places', () => {
    const wrong = join(folder, 'wrong.yaml');
    writeFileSync(wrong, 'name: x\ndata: {}\n');
    const first = validate(wrong);
    expect(first).toMatchObject({ status: 2, stderr: expect.stringContaining('wrong.yaml:2:1') });
    expect(validate(wrong)).toEqual(first);
  });
});
