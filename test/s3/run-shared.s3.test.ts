import { afterAll, beforeAll, expect, test } from 'vitest';
import { SharedMachines, allStages, expectSame, filesWith, saidOfPlace, stagesOf } from '../shared-machines.ts';
import { type RealS3, startS3 } from './real-s3.ts';

const machines = new SharedMachines();
let s3: RealS3;
beforeAll(async () => {
  s3 = await startS3();
});
afterAll(async () => {
  machines.remove();
  await s3.stop();
});

const address = 's3://shared/team/cache';

test('a second machine trains nothing that the first has; what is damaged or cannot be had is told', async () => {
  const env = { ...s3.env, PIPELINE_CACHE_REMOTE: address, PIPELINE_CACHE_KEY: 'a key of the whole team' };
  const [one, two, three, four] = [machines.add(), machines.add(), machines.add(), machines.add()];
  const first = await one.run(['run', 'p.yaml', '--json'], env);
  expect(first).toMatchObject({ code: 0, stderr: '' });
  expect(saidOfPlace(first)).toEqual([]);
  const keys = (await s3.ask({ do: 'list' })) as readonly string[];
  expect(keys.map((key) => /^team\/cache\/outcomes\/(\w+)\/[0-9a-f]+$/.exec(key)?.[1])).toEqual(allStages.toSorted());
  expect((await two.run(['status', 'p.yaml'], env)).stdout).toContain(
    `train      kept   in ${address}: a run fetches it`,
  );
  const second = await two.run(['run', 'p.yaml', '--json'], env);
  expect(stagesOf(second, address)).toEqual({ fetched: allStages, run: [] });
  expectSame(first, second);

  // A bit that flipped: the stage runs, and what comes of it takes its place. A name that is another's is none.
  const train = keys.find((key) => key.includes('/train/'))!;
  const evaluate = keys.find((key) => key.includes('/evaluate/'))!;
  const bytes = Buffer.from((await s3.ask({ do: 'get', key: train })) as string, 'hex');
  const damaged = Buffer.from(bytes);
  damaged[bytes.length >> 1]! ^= 1;
  const metadata = { layerline: '1' };
  await s3.ask({ do: 'put', key: train, hex: damaged.toString('hex'), metadata });
  await s3.ask({ do: 'put', key: evaluate, hex: bytes.toString('hex'), metadata });
  const third = await three.run(['run', 'p.yaml', '--json'], env);
  expect(third.code).toBe(0);
  expect(saidOfPlace(third)).toEqual([['remote-signature', expect.stringContaining('was changed')]]);
  expectSame(first, third);

  // Wrong keys, another bucket, no keys: each a warning, and the run goes on.
  for (const [change, code] of [
    [{ AWS_SECRET_ACCESS_KEY: 'a-wrong-secret-of-no-one' }, 'remote-unreachable'],
    [{ PIPELINE_CACHE_REMOTE: 's3://no-such-bucket' }, 'remote-unreachable'],
    [{ AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }, 'remote-unreachable'],
    [{ AWS_ACCESS_KEY_ID: '' }, 'remote-not-set-up'],
  ] as const) {
    const ended = await four.run(['run', 'p.yaml', '--json', '--fresh'], { ...env, ...change });
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(saidOfPlace(ended)).toEqual([[code, expect.any(String)]]);
    expectSame(first, ended);
    expect(ended.stdout).not.toContain('a-wrong-secret-of-no-one');
  }
  for (const rig of [one, two, three, four])
    for (const secret of [s3.env['AWS_SECRET_ACCESS_KEY']!, 'a-wrong-secret-of-no-one', env.PIPELINE_CACHE_KEY])
      expect(filesWith(rig, secret)).toEqual([]);
});

test('a bucket that only the file names gets nothing, and a setting says that it is yours', async () => {
  const before = await s3.ask({ do: 'list' });
  const rig = machines.add('s3://shared/of-a-file');
  const untrusted = await rig.run(['run', 'p.yaml', '--json'], s3.env);
  expect(untrusted.code).toBe(0);
  expect(saidOfPlace(untrusted)).toEqual([['remote-not-set-up', expect.any(String)]]);
  expect(untrusted.stdout).toContain('PIPELINE_CACHE_REMOTE=s3://shared/of-a-file');
  expect(await s3.ask({ do: 'list' })).toEqual(before);
  const args = ['run', 'p.yaml', '--json', '--set', 'cache.remote=s3://shared/of-a-file'];
  expect(saidOfPlace(await rig.run(args, s3.env))).toEqual([]);
  expect(await s3.ask({ do: 'list' })).toContainEqual(expect.stringMatching(/^of-a-file\/outcomes\/train\//));
});
