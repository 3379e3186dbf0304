import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { encode } from 'fast-png';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isMisfit } from '../../src/base/row.ts';
import { decoded } from '../../src/datasets/dataset.ts';
import { images } from '../../src/datasets/pictures/images.ts';
import { masks } from '../../src/datasets/pictures/mask-pictures.ts';
import { Rig } from '../rig.ts';
import { animated, photos, pixels } from './photos.ts';

let rig: Rig;
beforeEach(async () => {
  rig = new Rig();
  for (const [name, sizes] of Object.entries({ cat: [20, 24, 30], dog: [16, 40, 50] }))
    for (const [k, size] of sizes.entries()) rig.write(`all/${name}/${k}.jpg`, await photo(size, size + 4));
});
afterEach(() => rig.remove());

const photo = (width: number, height: number, channels: 1 | 3 = 3) =>
  sharp(pixels(width, height, channels), { raw: { width, height, channels } })
    .jpeg()
    .toBuffer();

const resize = { width: 8, height: 6, fit: 'cover' as const };
const base = { folder: 'all', classes: [], test: 0.34, onError: 'fail' as const };
type Given = Parameters<typeof images.load>[0];
const load = (given: Given = {}) => images.load({ ...base, resize, ...given }, rig.folder, 1);

/** What the check says: its mistake, or its warnings. */
function told(given: Given = {}): readonly string[] {
  const spec = images.describe({ ...base, resize, ...given }, rig.folder);
  return isMisfit(spec) ? [`${spec.problem} ${spec.hint}`] : (spec.warnings ?? []).map(({ problem }) => problem);
}

test('photos of any size and format are brought to one, which the check tells before', async () => {
  rig.write('all/dog/grey.tif', await photos['grey.tif']!());
  rig.write('all/dog/3.webp', await photos['lossy.webp']!());
  rig.write('all/cat/3.gif', await photos['colours.gif']!());
  rig.write('all/cat/4.PNG', await photos['colours.png']!());
  expect(told()[0]).toContain(
    '1 of 10 pictures are not 6 x 8 x 3, as the others are: all/dog/grey.tif is 6 x 8 x 1 ' +
      'All must be in greys, or all in colours: `channels: 3` reads all in colours.',
  );
  for (const channels of [1, 3] as const) {
    expect(told({ channels })).toEqual([]);
    const { spec, train, test: tested } = await load({ channels });
    expect(spec.inputs[0]!.shape).toEqual([6, 8, channels]);
    expect([train.count, tested.count]).toEqual([8, 2]);
    expect(train.inputs[0]!.length).toBe(8 * 48 * channels);
  }
  expect(told({ resize: undefined, channels: 3 })[0]).toMatch(
    /pictures are not .* `resize: \{ width: \d+, height: \d+ \}` brings/,
  );
});

test('PNG files of one size are read by our own decoder, and sharp has no part in them', async () => {
  for (const name of ['cat', 'dog']) {
    rmSync(join(rig.folder, 'all', name), { recursive: true });
    for (let k = 0; k < 3; k++)
      rig.write(`all/${name}/${k}.png`, encode({ width: 2, height: 1, channels: 1, data: Uint8Array.of(k, 9) }));
  }
  const { spec, train } = await load({ resize: undefined });
  expect(spec.decoder).toBeUndefined();
  expect((await load({ resize: undefined, channels: 3 })).train.inputs[0]!.slice(0, 3)).toEqual(
    new Uint8Array(3).fill(train.inputs[0]![0]!),
  );
  expect((await load()).spec.decoder).toBe('sharp');
});

test('what is unlike its name, has several frames or the colours of print is told, and read', async () => {
  rig.write('all/cat/lies.png', await photo(20, 20));
  rig.write('all/cat/moves.gif', await animated('gif'));
  rig.write('all/dog/moves.webp', await animated('webp'));
  rig.write(
    'all/dog/print.jpg',
    await sharp(await photo(9, 9))
      .toColourspace('cmyk')
      .jpeg()
      .toBuffer(),
  );
  expect(told()).toEqual([
    '1 of 10 pictures are not what their names say: all/cat/lies.png is a JPEG file',
    '2 of 10 pictures have several frames or pages, of which the first alone is read: ' +
      'all/cat/moves.gif, all/dog/moves.webp',
    '1 of 10 pictures are in CMYK, the colours of print, and are read in RGB: all/dog/print.jpg',
  ]);
  const { train, test: tested } = await load();
  expect(train.count + tested.count).toBe(10);
});

test('what cannot be used ends the run with its name, or is skipped, counted and named', async () => {
  const whole = await photo(40, 40);
  rig.write('all/cat/a-cut.jpg', whole.subarray(0, 200));
  expect(told()).toEqual([expect.stringMatching(/all\/cat\/a-cut\.jpg is damaged: it is cut short/)]);
  rig.write('all/dog/page.jpg', '<!doctype html>');
  rig.write('all/dog/empty.webp', '');
  // Damage that no head shows.
  const broken = Buffer.from(await sharp(whole).tiff({ compression: 'deflate' }).toBuffer());
  rig.write('all/cat/broken.tif', broken.fill(255, 8, 60));
  rig.write(
    'all/cat/glass.webp',
    await sharp(pixels(9, 9, 4).fill(100), { raw: { width: 9, height: 9, channels: 4 } })
      .webp()
      .toBuffer(),
  );
  expect(told({ onError: 'skip' })).toEqual([
    expect.stringMatching(
      /^3 of 11 pictures will be skipped: all\/dog\/empty\.webp \(it is empty\), all\/dog\/page\.jpg \(it is not a JPEG file, but a web page.*\), all\/cat\/a-cut\.jpg \(it is damaged: it is cut short\)$/,
    ),
  ]);
  const { spec, train, test: tested } = await load({ onError: 'skip' });
  expect(spec.warnings!.map(({ problem }) => problem)).toEqual([
    expect.stringMatching(
      /^2 of 11 pictures were skipped: all\/cat\/broken\.tif \(it is damaged: .*all\/cat\/glass\.webp \(it has transparency/,
    ),
  ]);
  expect(train.count + tested.count).toBe(6);
  expect(spec.count).toEqual({ train: train.count, test: tested.count });
});

test('a head that claims more pixels than one may have is refused before anything is decoded', async () => {
  const bomb = Buffer.from(await photo(16, 16));
  const frame = bomb.indexOf(Buffer.from([0xff, 0xc0]));
  bomb.writeUInt16BE(60_000, frame + 5);
  bomb.writeUInt16BE(60_000, frame + 7);
  rig.write('all/cat/bomb.jpg', bomb);
  expect(told()[0]).toMatch(/all\/cat\/bomb\.jpg is 60000 x 60000 pixels, 10\.\d+ GB of values/);
});

describe('a table', () => {
  beforeEach(() =>
    rig.write(
      'all/labels.csv',
      ['id,file,species', ...['cat', 'dog'].flatMap((name) => [0, 1, 2].map((k) => `${k},${name}/${k}.jpg,${name}`))]
        .map((line) => `${line}\n`)
        .join(''),
    ),
  );
  const given = { folder: undefined, table: 'all/labels.csv', path: 'file', label: 'species' };

  test('of paths and labels gives the same samples as folders', async () => {
    const { files: _, origin: place, ...folders } = await load();
    const { files: __, origin: other, ...table } = await load(given);
    for (const part of ['train', 'test'] as const)
      for (let row = 0; row < folders[part].count; row++)
        expect(other!.place(part, row).file.split('/').slice(-2)).toEqual(
          place!.place(part, row).file.split('/').slice(-2),
        );
    expect(table).toEqual(folders);
    expect(images.files({ ...base, ...given }, rig.folder)[0]).toBe(join(rig.folder, 'all/labels.csv'));
    expect(images.named({ ...base, ...given })).toEqual(['all/labels.csv', 'all']);
  });

  test.each<[string, string, Given, string]>([
    ['outside', '1,../../etc/passwd,cat', {}, 'labels.csv, line 8 names ../../etc/passwd, which is not below'],
    ['absolute', '1,/etc/passwd,cat', {}, 'line 8 names /etc/passwd, which is not below'],
    ['twice', '1,cat/0.jpg,dog', {}, 'line 8 names cat/0.jpg again, as line 2 does'],
    ['missing', '1,cat/9.jpg,cat', {}, 'line 8 names cat/9.jpg, which does not exist below'],
    ['no label', '1,cat/9.jpg,', {}, 'line 8 has no label'],
    ['no column', '', { label: 'specie' }, 'labels.csv has no column `specie` Did you mean `species`?'],
    ['one class', '', { label: 'species', classes: ['cat'] }, 'has 1 class in its column `species`'],
    ['no table', '', { folder: 'all', table: undefined }, '`species` names'],
  ])('with a mistake is told: %s', (_, line, more, message) => {
    rig.write('all/labels.csv', `${rig.read('all/labels.csv')}${line}\n`);
    const said = told({ ...given, ...more })[0]!;
    expect(
      _ === 'no table' ? said.includes('`label` names a column, and there is no `table`') : said.includes(message),
      said,
    ).toBe(true);
  });
});

test('a trained model is asked by photos, prepared as those that it learnt from', async () => {
  const { spec, train } = await load({ channels: 3 });
  const reader = images.rows({ options: { ...base, resize, channels: 3 }, ...spec });
  const rows = await Promise.all([...reader.folder!(join(rig.folder, 'all'))].map(decoded));
  expect(rows.map(({ fault }) => fault)).toEqual(Array(6).fill(undefined));
  const known = new Set(
    Array.from({ length: train.count }, (_, k) => String(train.inputs[0]!.slice(144 * k, 144 * (k + 1)))),
  );
  expect(rows.filter(({ x }) => known.has(String(x![0]))).length).toBe(4);
  expect(rows.map(({ actual }) => actual![0]![0])).toEqual([0, 0, 0, 1, 1, 1]);
  const bytes = await photo(30, 31, 1);
  const [row] = await Promise.all([...reader.files.png!('the body', bytes)].map(decoded));
  const named = await decoded({ place: {}, ...reader.encode({ input: bytes }, 'rows[0]') });
  expect(row!.x![0]!.length).toBe(144);
  expect(named.x).toEqual(row!.x);
  const [cut] = await Promise.all([...reader.files.png!('the body', bytes.subarray(0, 300))].map(decoded));
  expect(cut!.fault!.message).toMatch(/^the body is damaged/);
});

test('masks belong to photos of any format and size, turned as these are shown', async () => {
  for (let k = 0; k < 4; k++) {
    rig.write(
      `photos/${k}.jpg`,
      await sharp(await photo(24, 16))
        .withMetadata({ orientation: 6 })
        .toBuffer(),
    );
    const data = Uint8Array.from({ length: 24 * 16 }, (_, at) => (at % 16 < 8 ? 1 : 0));
    rig.write(`masks/${k}.png`, encode({ width: 16, height: 24, channels: 1, data }));
  }
  const options = {
    images: 'photos',
    masks: 'masks',
    classes: { no: 0, yes: 1 },
    test: 0.25,
    onError: 'fail' as const,
  };
  for (const small of [undefined, { width: 8, height: 12, fit: 'cover' }, { width: 8, height: 8, fit: 'fill' }]) {
    const given = { ...options, ...(small && { resize: small }) };
    const spec = masks.describe(given, rig.folder);
    if (isMisfit(spec)) throw new Error(spec.problem);
    const { train } = await masks.load(given, rig.folder, 1);
    const { width, height } = small ?? { width: 16, height: 24 };
    expect(spec.inputs[0]!.shape).toEqual([height, width, 3]);
    expect(Array.from(train.targets[0]!.subarray(0, width))).toEqual(
      Array.from({ length: width }, (_, at) => Number(at < width / 2)),
    );
  }
  symlinkSync('0.jpg', join(rig.folder, 'photos/0.webp'));
  await expect(masks.load(options, rig.folder, 1)).rejects.toThrow('photos/0.jpg, photos/0.webp would have one mask');
});
