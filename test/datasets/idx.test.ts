import { afterEach, beforeEach, expect, test } from 'vitest';
import { isMisfit } from '../../src/base/row.ts';
import { idx } from '../../src/datasets/pictures/idx.ts';
import { Rig } from '../rig.ts';

let rig: Rig;
beforeEach(() => void (rig = new Rig()));
afterEach(() => rig.remove());

const options = { trainImages: 'a', trainLabels: 'b', testImages: 'c', testLabels: 'd', classes: ['x', 'y'] };

/** A file of zeros. */
function write(name: string, sizes: readonly number[]): void {
  const header = Buffer.alloc(4 + 4 * sizes.length);
  header.set([0, 0, 8, sizes.length]);
  sizes.forEach((size, i) => header.writeUInt32BE(size, 4 + 4 * i));
  rig.write(name, Buffer.concat([header, Buffer.alloc(sizes.reduce((product, size) => product * size, 1))]));
}

const whole = { a: [4, 2, 3], b: [4], c: [2, 2, 3], d: [2] };

test('files of nothing are refused, those of images before the run', async () => {
  const writeAll = (files: Readonly<Record<string, readonly number[]>>) =>
    Object.entries({ ...whole, ...files }).forEach(([name, sizes]) => write(name, sizes));
  writeAll({});
  expect((await idx.load(options, rig.folder, 1)).train.count).toBe(4);
  for (const [name, sizes] of [
    ['a', [0, 2, 3]],
    ['a', [4, 0, 3]],
    ['a', [4, 2, 0]],
    ['a', [4, 2, 3, 0]],
    ['c', [0, 2, 3]],
    ['c', [2, 0, 3]],
    ['b', [0]],
    ['d', [0]],
  ] as const) {
    writeAll({ [name]: sizes });
    const problem = `${name} is empty, or damaged: its header promises ${sizes.join(' x ')} values`;
    await expect(idx.load(options, rig.folder, 1)).rejects.toThrow(problem);
    const spec = idx.describe(options, rig.folder);
    if (sizes.length > 1) expect(isMisfit(spec) ? spec.problem : 'nothing').toContain(problem);
  }
});

test.each([
  [0x0d, 'floats of 32 bits'],
  [0x0b, 'whole numbers of 16 bits'],
])('numbers of type %s are told by what they are, and are no reason to fetch them again', (type, holds) => {
  for (const [name, sizes] of Object.entries(whole)) write(name, sizes);
  rig.write('a', Buffer.from([0, 0, type, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 63, 128, 0, 0]));
  expect(idx.describe(options, rig.folder)).toMatchObject({
    problem: `${rig.folder}/a is not an idx file of bytes: it holds ${holds}`,
    hint: expect.stringContaining('npz') as unknown,
  });
});
