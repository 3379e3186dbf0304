import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Rig, digitsPipeline } from '../rig.ts';

let rig: Rig;
beforeEach(() => {
  rig = new Rig();
});
afterEach(() => rig.remove());

const stampOf = (path: string) => {
  const { dev, ino, size, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
  return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
};

test('other bytes under the same size and times are found with --verify-data, and taken from then on', async () => {
  rig.writeDigits(1600, 200);
  rig.write('p.yaml', digitsPipeline({ epochs: 1 }));
  const [images, list] = [join(rig.folder, 'data/train-images'), '.layerline/hashes/data.hashes'];
  // What has just been written is not taken for sound.
  await setTimeout(2600);
  const run = async (...more: readonly string[]) => {
    const { code, stdout, stderr } = await rig.run(['run', 'p.yaml', '--json', ...more]);
    return { code, stderr, stages: stdout.match(/"stage-(started|skipped)","stage":"train"/g) ?? [] };
  };
  const [trained, kept] = [['"stage-started","stage":"train"'], ['"stage-skipped","stage":"train"']];
  expect(await run()).toEqual({ code: 0, stderr: '', stages: trained });
  expect(rig.read(list)).toContain('train-images');
  expect(await run('--verify-data')).toEqual({ code: 0, stderr: '', stages: kept });
  // As a failing disk would: other bytes, and nothing else.
  const before = stampOf(images);
  writeFileSync(images, readFileSync(images).with(5000, 77));
  await setTimeout(2600);
  const body = rig.read(list).slice(65).replace(before, stampOf(images));
  rig.write(list, `${createHash('sha256').update(body).digest('hex')}\n${body}`);
  expect(await run()).toEqual({ code: 0, stderr: '', stages: kept });
  const found = await run('--verify-data');
  expect(found).toMatchObject({ code: 1, stages: [] });
  expect(found.stderr).toContain(`error data-changed-unseen: ${images} holds other bytes than when it was hashed last`);
  expect(await run('--verify-data')).toEqual({ code: 0, stderr: '', stages: trained });
  const { code, stderr } = await rig.run(['run', 'p.yaml', '--smoke', '--verify-data']);
  expect([code, stderr]).toEqual([2, expect.stringContaining("'--verify-data' cannot be used with option '--smoke'")]);
});

test('a large file is read without its hash being kept where .layerline is a link, which a run tells', async () => {
  mkdirSync(join(rig.folder, 'elsewhere'));
  symlinkSync(join(rig.folder, 'elsewhere'), join(rig.folder, '.layerline'));
  rig.write('d.csv', `a,b,y\n${'0.25,1.5,yes\n0.75,2.5,no\n'.repeat(50_000)}`);
  rig.write(
    'p.yaml',
    `name: p
data: { source: { csv: { file: d.csv, targets: { y: [no, yes] } } } }
model: { layers: [dense 2] }
train: { optimizer: adam, loss: softmaxCrossEntropy, epochs: 1 }
`,
  );
  expect(await rig.run(['plan', 'p.yaml'])).toMatchObject({ code: 0 });
  const { code, stderr } = await rig.run(['run', 'p.yaml']);
  expect([code, stderr]).toEqual([1, expect.stringContaining('error own-folder-is-link')]);
});

test('clean bears a file in the place of the folder of hashes', async () => {
  rig.write('.layerline/hashes', 'x');
  expect(await rig.run(['clean'])).toMatchObject({ code: 0, stderr: '' });
});
