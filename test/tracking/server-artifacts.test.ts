import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MlflowClient } from '../../src/tracking/server/mlflow-client.ts';
import { artifactWay } from '../../src/tracking/server/server-artifacts.ts';
import { serverAddress } from '../../src/tracking/server/server-address.ts';
import { noOtherUser, stranger } from '../other-user.ts';

const runId = 'a'.repeat(32);
const end = `1/${runId}/artifacts`;
const upload = { signal: new AbortController().signal, onProgress: () => undefined };
const clientOf = (address: string, isTrusted = true) => new MlflowClient(serverAddress(address, isTrusted), {});
const [local, far] = [clientOf('http://127.0.0.1:1'), clientOf('https://mlflow.example.org')];

let root: string;
/** Of this program's own run. */
let artifacts: string;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'layerline-artifacts-')));
  artifacts = join(root, 'project/runs/7', 'b'.repeat(32), 'artifacts');
  mkdirSync(join(artifacts, 'model'), { recursive: true });
  writeFileSync(join(artifacts, 'model/a.txt'), 'a');
  mkdirSync(join(root, 'precious'));
  writeFileSync(join(root, 'precious/a.txt'), 'precious');
});

afterEach(() => rmSync(root, { recursive: true }));

const send = (artifactUri: string, client = local) =>
  artifactWay(client, { runId, experimentId: '1', artifactUri })('model/a.txt', join(artifacts, 'model/a.txt'), upload);

const contents = () => readdirSync(root, { recursive: true, encoding: 'utf8' }).sort();

/** Nothing is made or changed. */
async function expectRefused(artifactUri: string, why: RegExp | string, client = local): Promise<void> {
  const before = contents();
  await expect(send(artifactUri, client)).rejects.toThrow(why);
  expect(contents()).toEqual(before);
  expect(readFileSync(join(root, 'precious/a.txt'), 'utf8')).toBe('precious');
}

test('a server with a database has no folder yet, one with files has all: an artifact is copied, twice', async () => {
  for (const store of ['mlruns', 'with space ü', 'project/mlruns']) {
    for (const uri of [
      join(root, store, end),
      pathToFileURL(join(root, store, end)).href,
      `file://${join(root, store, end)}`,
    ]) {
      writeFileSync(join(artifacts, 'model/a.txt'), uri);
      await send(uri);
      expect(readFileSync(join(root, store, end, 'model/a.txt'), 'utf8')).toBe(uri);
      expect(readdirSync(join(root, store, end, 'model'))).toEqual(['a.txt']);
    }
  }
});

test('a server on another machine shares a store where the folder of its experiment is here', async () => {
  const uri = join(root, 'shared', end);
  await expectRefused(uri, 'no folder of this machine', far);
  mkdirSync(join(root, 'shared'));
  await expectRefused(uri, 'no folder of this machine', far);
  mkdirSync(join(root, 'shared/1'));
  await send(uri, far);
  expect(readFileSync(join(uri, 'model/a.txt'), 'utf8')).toBe('a');
});

test('no link is followed, whatever level it is at', async () => {
  const directory = join(root, 'up/mlruns', end);
  for (const path of [
    'up',
    'up/mlruns',
    'up/mlruns/1',
    `up/mlruns/1/${runId}`,
    `up/mlruns/${end}`,
    `up/mlruns/${end}/model`,
  ]) {
    for (const target of [join(root, 'precious'), join(root, 'nowhere')]) {
      const link = join(root, path);
      mkdirSync(dirname(link), { recursive: true });
      symlinkSync(target, link);
      await expectRefused(directory, 'cannot be reached from here (a link is on the way there)');
      rmSync(join(root, 'up'), { recursive: true });
    }
  }
  mkdirSync(join(directory, 'model'), { recursive: true });
  symlinkSync(join(root, 'precious/a.txt'), join(directory, 'model/a.txt'));
  await expectRefused(directory, 'is no file');
});

test.each([
  `ROOT/%2e%2e/mlruns/${end}`,
  `ROOT/%2E./mlruns/${end}`,
  `ROOT/../mlruns/${end}`,
  `ROOT/./mlruns/${end}`,
  `ROOT//mlruns/${end}`,
  `/ROOT/mlruns/${end}`,
  `ROOT/mlruns/${end}/`,
  `ROOT/mlruns/%00/${end}`,
  `ROOT/mlruns%2F/${end}`,
  `ROOT/mlruns?/${end}`,
  `ROOT/mlruns#/${end}`,
  `ROOT\\..\\mlruns/${end}`,
  `ROOT/ml\truns/${end}`,
  `ROOT/mlruns/${end} `,
])('%j is no path as it seems', async (path) => {
  await expectRefused(`file://${path.replace('ROOT', root)}`, 'cannot be reached from here;');
});

test.each(['ROOT/../mlruns/', 'ROOT/./mlruns/', 'ROOT//mlruns/', '/ROOT/mlruns/', 'ROOT/mlruns/\0/', 'mlruns/', ''])(
  '%j before a run is no place for it',
  async (path) => {
    await expectRefused(`${path.replace('ROOT', root)}${end}`, 'cannot be reached from here;');
  },
);

test("what is not there, the system's, hidden or another user's is left alone", async () => {
  await expectRefused(join(root, 'not/there', end), `${join(root, 'not')} is not there`);
  await expectRefused(join(root, 'precious/a.txt', end), 'ENOTDIR');
  await expectRefused(join(root, '.ssh', end), 'no store begins in a hidden folder');
  for (const path of ['/etc/mlruns', '/usr/mlruns', '/mlruns', '/usr/lib/mlruns'])
    await expectRefused(join(path, end), `is the system's`);
  await expect(send(join(root, 'mlruns', end), clientOf('http://127.0.0.1:1', false))).rejects.toThrow(
    'cannot be reached from here;',
  );
});

test.skipIf(noOtherUser !== undefined)("root makes nothing in another user's folder", async () => {
  for (const path of ['home', `home/mlruns/1`]) {
    mkdirSync(join(root, path), { recursive: true });
    chmodSync(join(root, path), 0o777);
    chownSync(join(root, path), stranger, stranger);
    await expectRefused(join(root, 'home/mlruns', end), `${join(root, path)} is another user's`);
  }
});

test("runs of this program are no server's, but where the server's store is the same", async () => {
  const runs = join(root, 'project/runs');
  for (const path of ['', '7', `1/${runId}`]) {
    mkdirSync(join(runs, path), { recursive: true });
    await expectRefused(join(runs, end), `${runs} are the runs of this program`);
  }
  const tag = join(runs, '1', runId, 'tags/pipeline.run_key');
  mkdirSync(dirname(tag));
  writeFileSync(tag, 'key');
  await send(join(runs, end));
  expect(existsSync(join(runs, end, 'model/a.txt'))).toBe(true);
  await artifactWay(local, { runId: 'b'.repeat(32), experimentId: '7', artifactUri: artifacts })(
    'model/a.txt',
    join(artifacts, 'model/a.txt'),
    upload,
  );
  expect(readFileSync(join(artifacts, 'model/a.txt'), 'utf8')).toBe('a');
});
