import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { asUser, noOtherUser, stranger } from '../other-user.ts';
import { Rig } from '../rig.ts';
import { newPicture } from './png.ts';

let rig: Rig;
beforeEach(() => {
  rig = new Rig();
});
afterEach(() => rig.remove());

const pipeline = (classes: number) =>
  'name: t\nseed: 1\ndata: { source: { images: { folder: all, test: 0.25 } } }\nmodel: { layers: [flatten, ' +
  `dense ${classes}] }\ntrain: { optimizer: adam, loss: softmaxCrossEntropy, batchSize: 4, epochs: 1 }\n` +
  'visualize: { figures: [] }\n';

test('odd names, and pictures of one pixel, are trained on', async () => {
  const names = ['-rf', 'a\nb', '\u00fc \u65e5\u672c', 'x.y.', '$(touch pwned)', "it's", '\u{1f408}', '\u202etac'];
  const files = ['-a.png', 'b\nc.PNG', '\u00e9.png', 'a.b.png', "q'.png", ' .png'];
  const paths = names.flatMap((name) => files.map((file) => `all/${name}/${file}`));
  for (const [k, path] of paths.entries())
    rig.write(path, newPicture({ width: 1, rows: [[k]], more: [['teXt', Buffer.from(String(k))]] }));
  rig.write('p.yaml', pipeline(names.length));
  const { code, stdout, stderr } = await rig.run(['run', 'p.yaml']);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(stdout).toContain('8 test samples');
}, 60_000);

test.skipIf(noOtherUser !== undefined)(
  'what may not be read is told with the way out',
  async () => {
    for (const name of ['cat', 'dog']) for (let i = 0; i < 4; i++) rig.write(`all/${name}/${i}.png`, newPicture());
    rig.write('p.yaml', pipeline(2));
    chmodSync(rig.folder, 0o755);
    const validate = async () => (await rig.run(['validate', 'p.yaml'], {}, asUser(stranger))).stderr;
    chmodSync(join(rig.folder, 'all/cat/2.png'), 0);
    expect(await validate()).toMatch(
      /all\/cat\/2\.png cannot be read: EACCES[^]*help: Give yourself the right to read it/,
    );
    chmodSync(join(rig.folder, 'all/dog'), 0);
    expect(await validate()).toMatch(/all\/dog cannot be read: EACCES[^]*help: Give yourself the right to read it/);
  },
  60_000,
);
