import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Rig, digitsPipeline } from '../rig.ts';

const rig = new Rig();
beforeAll(() => rig.writeDigits(200, 100));
afterAll(() => rig.remove());

const secrets = ['pass-in-file', 'pass-in-setting', 'pass-in-option', 'token-in-environment', 'pass-in-environment'];
const environment = { MLFLOW_TRACKING_TOKEN: 'token-in-environment', MLFLOW_TRACKING_PASSWORD: 'pass-in-environment' };
// Nobody listens there: all that is for the server stays in the journal.
const server = (user: string) => `http://${user}@127.0.0.1:9/ml`;

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
}

function expectNone(texts: readonly string[]): void {
  for (const text of texts)
    for (const secret of secrets) expect(text.includes(secret), `${secret} in ${text.slice(0, 200)}`).toBe(false);
}

test('no secret is printed or written, whichever way it came', async () => {
  rig.write(
    'secret.yaml',
    `${digitsPipeline({ epochs: 1, layers: '[flatten, dense 10]' })}# see ${server('ada:pass-in-file')}\n` +
      `tracking: { uri: "${server('ada:pass-in-file')}" }\n`,
  );
  rig.write('wrong.yaml', `${digitsPipeline()}tracking: { urii: "${server('ada:pass-in-file')}" }\n`);
  const set = ['--set', `tracking.uri=${server('ada:pass-in-setting')}`];
  const ends = await Promise.all([
    rig.run(['run', 'secret.yaml', '--json', '--runs', 'store', ...set], environment),
    rig.run(['run', 'secret.yaml', '--runs', 'store', '--tracking-uri', server('ada:pass-in-option')], environment),
    rig.run(['run', 'secret.yaml', '--runs', 'store', '--tracking-uri', `mysql://${secrets[2]}@host`], environment),
    rig.run(['plan', 'secret.yaml', '--resolved', ...set], environment),
    rig.run(['validate', 'wrong.yaml', '--json'], environment),
    rig.run(['validate', 'wrong.yaml'], environment),
  ]);
  expect(ends.map(({ code }) => code)).toEqual([0, 0, 2, 0, 2, 2]);
  const synced = await rig.run(
    ['sync', '--runs', 'store', '--tracking-uri', server('ada:pass-in-option')],
    environment,
  );
  expect(synced.code).toBe(1);
  expectNone([...ends, synced].flatMap(({ stdout, stderr }) => [stdout, stderr]));
  // All but the files that they were written into.
  const files = filesBelow(rig.folder).filter(
    (file) => ![join(rig.folder, 'secret.yaml'), join(rig.folder, 'wrong.yaml')].includes(file),
  );
  expect(files.some((file) => file.endsWith('.journal'))).toBe(true);
  expectNone(files.map((file) => readFileSync(file, 'latin1')));
}, 90_000);

test('names from a file never become paths outside the store', async () => {
  rig.write(
    'inside.yaml',
    digitsPipeline({ epochs: 1, layers: '[flatten, dense 10]' }).replace('name: digits', 'name: ../../outside') +
      'tracking: { experiment: ../../../outside/of/it }\n',
  );
  const before = new Set(filesBelow(rig.folder));
  const { code, stderr } = await rig.run(['run', 'inside.yaml', '--json', '--runs', 'a/b/inside']);
  expect([code, stderr]).toEqual([0, '']);
  const made = filesBelow(rig.folder).filter((file) => !before.has(file));
  expect(made.length).toBeGreaterThan(30);
  // The cache lies beside the store.
  const [store, cache] = [join(rig.folder, 'a/b/inside/'), join(rig.folder, 'a/b/.layerline/cache/inside/')];
  expect(made.filter((file) => !file.startsWith(store) && !file.startsWith(cache))).toEqual([]);
  expect(existsSync(join(rig.folder, '../outside'))).toBe(false);
}, 60_000);
