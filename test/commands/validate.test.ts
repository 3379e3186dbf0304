import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { UserError } from '../../src/base/diagnostics.ts';
import { validateCommand } from '../../src/commands/validate.ts';

const folder = mkdtempSync(join(tmpdir(), 'validate-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.restoreAllMocks());

const good =
  'name: digits\ndata: { source: mnist }\nmodel: { layers: [flatten, dense 10] }\n' +
  'train: { optimizer: adam, loss: softmaxCrossEntropy, epochs: 1 }\n';
const write = (name: string, data: string | Uint8Array) => {
  writeFileSync(join(folder, name), data);
  return join(folder, name);
};

/** What is said of files of MNIST. */
const glanced =
  '   of data beyond 1 MB the head was looked at (train-images-idx3-ubyte, t10k-images-idx3-ubyte); ' +
  'all of it is checked when it is loaded\n';

async function validate(...args: string[]): Promise<{ out: string; error: UserError | undefined }> {
  let out = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true));
  const error = await validateCommand()
    .parseAsync(args, { from: 'user' })
    .then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
  if (error !== undefined && !(error instanceof UserError)) throw error;
  return { out, error };
}

test('a right file: no error, and how much of the data was read', async () => {
  const file = write('good.yaml', good);
  expect(await validate(file)).toEqual({ out: `ok ${file}\n${glanced}`, error: undefined });
  const { out, error } = await validate(file, '--json');
  const files = ['train-images-idx3-ubyte', 't10k-images-idx3-ubyte'].map((name) => expect.stringMatching(`${name}$`));
  expect([error, JSON.parse(out)]).toEqual([undefined, { severity: 'note', file, dataSeen: { files, more: 0 } }]);
});

test('without a file: the one that package.json names', async () => {
  expect((await validate()).out).toBe(`ok pipelines/mnist.yaml\n${glanced}`);
});

test('wrong files: all mistakes of all of them, exit code 2', async () => {
  const bad = write('bad.yaml', good.replace('adam', 'adem').replace('flatten', 'flaten'));
  const ok = write('good.yaml', good);
  const { out, error } = await validate(bad, ok, join(folder, 'goood.yaml'));
  expect(out).toBe(`ok ${ok}\n${glanced}`);
  expect(error?.exitCode).toBe(2);
  expect(error?.diagnostics.map(({ code }) => code)).toEqual(['unknown-layer', 'unknown-optimizer', 'no-file']);
  expect(error?.diagnostics[2]?.hint).toBe(`Did you mean ${ok}?`);
});

test('--json: one object per mistake and line, nothing left to print', async () => {
  const bad = write('bad.yaml', good.replace('epochs: 1', 'epochs: 0'));
  const { out, error } = await validate('--json', bad);
  expect(
    out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown),
  ).toEqual([
    {
      code: 'out-of-range',
      severity: 'error',
      message: '`epochs` must be a whole number from 1 to 1000000, not 0.',
      file: bad,
      line: 4,
      column: 62,
      endLine: 4,
      endColumn: 63,
      hint: null,
      related: [],
    },
  ]);
  expect(error).toMatchObject({ exitCode: 2, diagnostics: [] });
});

test.each([
  ['a folder', () => (mkdirSync(join(folder, 'sub'), { recursive: true }), join(folder, 'sub')), 'not-a-file'],
  ['a file below a file', () => join(write('good.yaml', good), 'x.yaml'), 'no-file'],
  ['an empty file', () => write('empty.yaml', ''), 'empty-file'],
  ['bytes that are not UTF-8', () => write('latin1.yaml', Uint8Array.of(0x61, 0x3a, 0xe9)), 'not-text'],
  ['UTF-16', () => write('utf16.yaml', Buffer.from('\ufeffname: x', 'utf16le')), 'not-text'],
  ['an image', () => write('image.yaml', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 0)), 'not-text'],
  ['zeros', () => write('zeros.yaml', 'name: a\0b'), 'not-text'],
])('%s', async (_, file, code) => {
  const { error } = await validate(file());
  expect(error?.diagnostics.map((diagnostic) => diagnostic.code)).toEqual([code]);
});

test.skipIf(process.getuid?.() === 0)('a file that may not be read', async () => {
  const file = write('secret.yaml', good);
  chmodSync(file, 0);
  expect((await validate(file)).error?.diagnostics[0]?.code).toBe('unreadable-file');
});
