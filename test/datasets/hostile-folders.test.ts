import { linkSync, mkdirSync, renameSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isMisfit } from '../../src/base/row.ts';
import { images } from '../../src/datasets/pictures/images.ts';
import { pairs } from '../../src/datasets/pictures/pairs.ts';
import { Rig } from '../rig.ts';
import { type Png, newPicture, png } from './png.ts';

let rig: Rig;
let drawn = 0;
beforeEach(() => {
  rig = new Rig();
  for (const name of ['cat', 'dog']) for (let i = 0; i < 4; i++) picture(`all/${name}/${i}.png`);
});
afterEach(() => rig.remove());

const picture = (path: string, given: Partial<Png> = {}) => rig.write(path, newPicture(given));
const rgb = { color: 2, rows: [[1, 2, 3, 4, 5, 6]] };
const rgba = (alpha: number) => ({ color: 6, rows: [[++drawn % 256, 2, 3, 255, 4, 5, 6, alpha]] });

const options = { folder: 'all', classes: [] as string[], test: 0.5 as number | string };
const described = (given: Partial<typeof options> = {}) => images.describe({ ...options, ...given }, rig.folder);

/** Problems of warnings, or of the mistake. */
function told(given: Partial<typeof options> = {}): readonly string[] {
  const spec = described(given);
  const found = isMisfit(spec) ? [spec] : (spec.warnings ?? []);
  for (const { hint } of found) expect(hint).toMatch(/\.$/);
  return found.map(({ problem }) => problem.replaceAll(`${rig.folder}/`, ''));
}

test('a folder in order has no warning', () => {
  expect(told()).toEqual([]);
});

test('what systems and tools leave behind is no data', async () => {
  for (const name of [
    '._0.png',
    '.DS_Store',
    'Thumbs.db',
    'desktop.ini',
    '.ipynb_checkpoints/0-checkpoint.png',
    '__MACOSX/._0.png',
    '.gitkeep',
    'Icon\r',
    'README.md',
    'LICENSE',
  ])
    rig.write(`all/cat/${name}`, '\0\x05\x16\x07');
  for (const name of [
    '__MACOSX/cat/._0.png',
    '.ipynb_checkpoints/x.png',
    '.DS_Store',
    '._cat',
    '._0.png',
    '@eaDir/0.png',
  ])
    rig.write(`all/${name}`, '');
  expect(told()).toEqual([]);
  const { spec } = await images.load(options, rig.folder, 1);
  expect(spec).toMatchObject({ targets: [{ classes: ['cat', 'dog'] }], count: { train: 4, test: 4 } });
});

test('classes and pictures may be called like what is written about data', async () => {
  const names = [
    'invoice',
    'letter',
    'notice',
    'readme',
    'README.md',
    'license',
    'licence',
    'copying',
    'citation',
    'notes.md',
  ];
  for (const name of names)
    for (const file of ['notice', 'ReadMe', 'license', 'a.md']) picture(`words/${name}/${file}.png`);
  renameSync(join(rig.folder, 'words/notice'), join(rig.folder, 'elsewhere'));
  symlinkSync('../elsewhere', join(rig.folder, 'words/notice'));
  rig.write('words/LICENSE', '');
  rig.write('words/letter/notice.txt', '');
  expect(told({ folder: 'words' })).toEqual([]);
  const { spec } = await images.load({ ...options, folder: 'words' }, rig.folder, 1);
  expect(spec).toMatchObject({ targets: [{ classes: names.toSorted() }], count: { train: 20, test: 20 } });
});

test('what is left out is told, of each folder', () => {
  for (let i = 0; i < 3; i++) picture(`all/cat/more/deep/${i}.png`);
  picture('all/cat/more/x.jpg');
  mkdirSync(join(rig.folder, 'all/cat/empty'));
  rig.write('all/dog/a.txt', '');
  rig.write('all/dog/b.TXT', '');
  rig.write('all/dog/no ending', '');
  picture('all/dog/.hidden.png');
  picture('all/a.png');
  picture('all/b.jpeg');
  rig.write('all/labels.csv', '');
  expect(told()).toEqual([
    'left out: all holds 2 pictures (such as a.png) beside the folders of its classes; ' +
      'all/cat holds 4 pictures in its sub-folder more; ' +
      'all/dog holds 1 hidden picture (such as .hidden.png) and 2 .txt files and 1 file without an ending',
  ]);
  for (let i = 0; i < 9; i++)
    for (let k = 0; k < 2; k++) picture(`all/${i}/sub/${picture(`all/${i}/${k}.png`) && k}.png`);
  expect(told()[0]).toMatch(/; and 9 more folders the like$/);
});

test('pictures that cannot be read are counted, with the command that converts them', () => {
  for (const name of ['a.bmp', 'b.BMP', 'c.avif', 'd.heic', '._e.jpg', '.f.jpg']) rig.write(`all/dog/${name}`, '');
  const spec = described();
  expect(spec).toMatchObject({
    problem:
      `the folder ${rig.folder}/all/dog holds 2 .bmp files and 1 .avif file and 1 .heic file, ` +
      'such as a.bmp, which cannot be read',
  });
  expect(isMisfit(spec) && spec.hint).toContain(
    `mkdir -p NEW/dog && magick mogrify -path NEW/dog -format png ${rig.folder}/all/dog/*`,
  );
});

test('a class without pictures says where they are', () => {
  picture('all/eel/train/0.png');
  expect(told()).toEqual(['the folder all/eel holds no picture, but 1 picture in its sub-folder train']);
});

test.each<[string, () => unknown, Partial<typeof options>, string]>([
  ['an empty class', () => mkdirSync(join(rig.folder, 'all/eel')), {}, 'the folder all/eel holds no picture'],
  [
    'one class alone',
    () => rmSync(join(rig.folder, 'all/dog'), { recursive: true }),
    {},
    'all has 1 class; 2 to 256 can be learnt',
  ],
  [
    'pictures without classes',
    () => picture('flat/a.png'),
    { folder: 'flat' },
    'flat has 0 classes, and 1 picture (such as a.png) beside them; 2 to 256 can be learnt',
  ],
  ['a picture for the folder', () => {}, { folder: 'all/cat/0.png' }, 'the folder all/cat/0.png is not a folder'],
  [
    'a picture that is a folder',
    () => picture('all/cat/9.png/x.png'),
    {},
    'all/cat/9.png is not a file: it is a folder',
  ],
  [
    'classes of which the case differs',
    () => ['Cat', 'CAT '].map((name) => picture(`all/${name}/0.png`)),
    {},
    "the classes `CAT ` and `Cat` have names that differ in case, blanks or accents' coding alone",
  ],
  [
    'accents in two codings',
    () => ['\u00e9', 'e\u0301'].map((name) => picture(`all/${name}/0.png`)),
    {},
    "the classes `e\u0301` and `\u00e9` have names that differ in case, blanks or accents' coding alone",
  ],
  [
    'ten thousand classes',
    () => Array.from({ length: 10_001 }, (_, i) => mkdirSync(join(rig.folder, `many/${i}`), { recursive: true })),
    { folder: 'many' },
    'many has 10001 classes; 2 to 256 can be learnt',
  ],
  [
    'pictures of other sizes',
    () =>
      Array.from({ length: 4 }, (_, i) =>
        picture(`all/dog/x${i}.png`, {
          width: 1 + (i % 2) * 2,
          rows: [Array.from({ length: 1 + (i % 2) * 2 }, () => i)],
        }),
      ),
    {},
    '4 of 12 pictures are not 1 x 2 x 1, as the others are: all/dog/x0.png is 1 x 1 x 1, ' +
      'all/dog/x1.png is 1 x 3 x 1, all/dog/x2.png is 1 x 1 x 1 and 1 more (3 sizes in all)',
  ],
  [
    'a first picture of another size',
    () => picture('all/cat/+.png', { width: 1, rows: [[1]] }),
    {},
    '1 of 9 pictures are not 1 x 2 x 1, as the others are: all/cat/+.png is 1 x 1 x 1',
  ],
  [
    'colours among greys',
    () => picture('all/dog/9.png', rgb),
    {},
    '1 of 9 pictures are not 1 x 2 x 1, as the others are: all/dog/9.png is 1 x 2 x 3',
  ],
  [
    'another size in the test',
    () => {
      renameSync(join(rig.folder, 'all'), join(rig.folder, 'some'));
      for (const name of ['cat', 'dog']) picture(`held/${name}/0.png`, { width: 1, rows: [[1]] });
    },
    { folder: 'some', test: 'held' },
    '2 of 10 pictures are not 1 x 2 x 1, as the others are: held/cat/0.png is 1 x 1 x 1, held/dog/0.png is 1 x 1 x 1',
  ],
  [
    '16 bits',
    () => picture('all/dog/9.png', { depth: 16, rows: [[0, 1, 0, 2]] }),
    {},
    '1 of 9 files have 16 bits per channel: all/dog/9.png',
  ],
  [
    'a file that is cut short',
    () => rig.write('all/dog/9.png', png({ width: 2, depth: 8, color: 0, rows: [[1, 2]] }).subarray(0, -3)),
    {},
    'all/dog/9.png is damaged: it is cut short',
  ],
  [
    'several files that are none',
    () => ['7', '8', '9'].map((name) => rig.write(`all/dog/${name}.png`, '<!DOCTYPE html>')),
    {},
    'all/dog/7.png is not a PNG file, but a web page, such as a login or an error in its place; ' +
      '2 more cannot be used either: all/dog/8.png, all/dog/9.png',
  ],
  [
    'a link to nowhere',
    () => symlinkSync('nowhere.png', join(rig.folder, 'all/cat/9.png')),
    {},
    'the data file all/cat/9.png does not exist',
  ],
  [
    'a link to nowhere that is no picture',
    () => symlinkSync('nowhere', join(rig.folder, 'all/cat/more')),
    {},
    'left out: all/cat holds 1 link that cannot be followed (such as more)',
  ],
  [
    'a link to itself that is no picture',
    () => symlinkSync('more', join(rig.folder, 'all/cat/more')),
    {},
    'left out: all/cat holds 1 link that cannot be followed (such as more)',
  ],
  [
    'a link to nowhere that may be a class',
    () => symlinkSync('nowhere', join(rig.folder, 'all/eel')),
    {},
    'the link all/eel leads nowhere',
  ],
  [
    'a link to nowhere that is a picture beside the classes',
    () => symlinkSync('nowhere', join(rig.folder, 'all/a.png')),
    {},
    'left out: all holds 1 picture (such as a.png) beside the folders of its classes',
  ],
  [
    'a link to nowhere that is a picture of another format',
    () => symlinkSync('nowhere', join(rig.folder, 'all/cat/a.bmp')),
    {},
    'the folder all/cat holds 1 .bmp file, such as a.bmp, which cannot be read',
  ],
  [
    'more than is counted',
    () =>
      Array.from({ length: 101 }, (_, i) => {
        mkdirSync(join(rig.folder, `all/cat/more/${i}`), { recursive: true });
        for (let k = 0; k < 100; k++)
          linkSync(join(rig.folder, 'all/cat/0.png'), join(rig.folder, `all/cat/more/${i}/${k}.png`));
      }),
    {},
    'left out: all/cat holds at least 9900 pictures in its sub-folder more',
  ],
  [
    'a file without end',
    () => {
      truncateSync(rig.write('all/cat/9.png', ''), 1e12);
    },
    {},
    'all/cat/9.png has more than 256,000,000 bytes, the most that a file of data may have',
  ],
  [
    'a class that is another',
    () => symlinkSync('cat', join(rig.folder, 'all/eel')),
    {},
    '4 pictures are in two classes, byte for byte: all/eel/0.png is all/cat/0.png, ' +
      'all/eel/1.png is all/cat/1.png, all/eel/2.png is all/cat/2.png and 1 more',
  ],
  [
    'a link to the folder above',
    () => symlinkSync('..', join(rig.folder, 'all/cat/up')),
    {},
    'left out: all/cat holds 8 pictures in its sub-folder up',
  ],
])('%s', (_, prepare, given, message) => {
  prepare();
  expect(told(given)).toEqual([expect.stringContaining(message)]);
});

test('links out of the folder are followed', async () => {
  picture('elsewhere/0.png');
  symlinkSync(join(rig.folder, 'elsewhere/0.png'), join(rig.folder, 'all/cat/9.png'));
  expect(told()).toEqual([]);
  expect((await images.load(options, rig.folder, 1)).spec.count).toEqual({ train: 5, test: 4 });
});

test('pictures that are there more than once are told, with what they are copies of', () => {
  const same = { rows: [[9, 9]] };
  const large = {
    width: 100,
    rows: Array.from({ length: 100 }, (_, y) =>
      Array.from({ length: 100 }, (__, x) => (x * x * y + x + 7 * y * y) % 251),
    ),
  };
  for (const name of ['cat/8', 'cat/9']) picture(`all/${name}.png`, same);
  expect(told()).toEqual(['1 of 10 pictures are copies of others, byte for byte: all/cat/9.png is all/cat/8.png']);
  for (const name of ['cat', 'dog']) picture(`held/${name}/0.png`, same);
  expect(told({ test: 'held' })).toEqual([
    '2 of 2 test pictures are training pictures too, byte for byte: ' +
      'held/cat/0.png is all/cat/8.png, held/dog/0.png is all/cat/8.png',
    '1 picture is in two classes, byte for byte: held/dog/0.png is all/cat/8.png',
  ]);
  // As long as another, and the same at its beginning.
  for (const [name, last] of [
    ['cat/0', 1],
    ['cat/1', 1],
    ['dog/0', 2],
    ['dog/1', 3],
  ] as const)
    picture(`large/${name}.png`, { ...large, more: [['teXt', Buffer.concat([Buffer.alloc(5000), Buffer.of(last)])]] });
  expect(told({ folder: 'large' })).toEqual([
    expect.stringMatching(
      /^1 of 4 pictures are copies of others, byte for byte: large\/cat\/1.png is large\/cat\/0.png$/,
    ),
  ]);
});

test('an alpha channel of which all is opaque is dropped; one that only some have is told', async () => {
  for (const name of ['cat', 'dog']) for (let i = 0; i < 3; i++) picture(`opaque/${name}/${i}.png`, rgba(255));
  expect(told({ folder: 'opaque' })).toEqual([]);
  const {
    train: {
      inputs: [values],
    },
  } = await images.load({ ...options, folder: 'opaque' }, rig.folder, 1);
  expect([...values!.subarray(1, 6)]).toEqual([2, 3, 4, 5, 6]);
  picture('opaque/cat/9.png', rgb);
  expect(told({ folder: 'opaque' })).toEqual([
    '6 of 7 pictures say how opaque they are (an alpha channel, a transparent colour): ' +
      'opaque/cat/0.png, opaque/cat/1.png, opaque/cat/2.png and 3 more',
  ]);
  picture('opaque/cat/0.png', rgba(254));
  expect(told({ folder: 'opaque' })).toEqual(['opaque/cat/0.png has transparency: 1 of its 2 pixels are not opaque']);
});

test('a link to nowhere does not matter beside the classes that are chosen', () => {
  symlinkSync('nowhere', join(rig.folder, 'all/eel'));
  expect(told({ classes: ['cat', 'dog'] })).toEqual([]);
  expect(told({ classes: ['cat', 'eel'] })).toEqual(['the link all/eel leads nowhere']);
});

test('of pictures that all have an alpha channel, each must be opaque', () => {
  for (const name of ['cat', 'dog'])
    for (let i = 0; i < 3; i++) picture(`alpha/${name}/${i}.png`, rgba(name === 'dog' && i === 2 ? 254 : 255));
  expect(told({ folder: 'alpha' })).toEqual(['alpha/dog/2.png has transparency: 1 of its 2 pixels are not opaque']);
});

test('a transparent colour counts where a pixel has it', () => {
  const keyed = (key: number) => ({ color: 2, rows: [[++drawn % 256, 2, 3, 4, 5, 6]], alphas: [0, 4, 0, 5, 0, key] });
  for (const name of ['cat', 'dog']) for (let i = 0; i < 3; i++) picture(`keyed/${name}/${i}.png`, keyed(7));
  expect(told({ folder: 'keyed' })).toEqual([]);
  picture('keyed/cat/0.png', keyed(6));
  expect(told({ folder: 'keyed' })).toEqual(['keyed/cat/0.png has transparency: 1 of its 2 pixels are not opaque']);
});

test('names that are not in UTF-8 are told, with the way to rename them', () => {
  const folder = Buffer.from(`${rig.folder}/all/cat/`);
  writeFileSync(Buffer.concat([folder, Buffer.from([0x63, 0x61, 0x66, 0xe9]), Buffer.from('.png')]), '');
  expect(told()).toEqual(['the folder all/cat holds 1 name that is not in UTF-8, such as caf\ufffd.png']);
});

test('of many sub-folders and kinds of files, some are named', () => {
  for (const ending of ['txt', 'json', 'xml', 'yaml', 'csv']) rig.write(`all/cat/a.${ending}`, '');
  rig.write('all/cat/b.xml', '');
  for (let i = 0; i < 9; i++) picture(`all/cat/s${i}/0.png`);
  expect(told()).toEqual([
    'left out: all/cat holds 9 pictures in 9 sub-folders (such as s0) and 2 .xml files and 1 .csv file ' +
      'and 1 .json file and 2 other files',
  ]);
});

test('pairs tell of what their images tell', () => {
  picture('all/cat/more/0.png');
  expect(pairs.describe({ of: { images: options }, train: 2, test: 2, classes: false }, rig.folder)).toMatchObject({
    warnings: [{ problem: 'left out: all/cat holds 1 picture in its sub-folder more' }],
  });
});
