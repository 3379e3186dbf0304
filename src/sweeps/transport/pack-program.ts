import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { failure } from '../../base/diagnostics.ts';

/** The program as one file. */
export interface PackedProgram {
  /** A tar archive: `package.json`, `package-lock.json` where there is one, and `dist/`. */
  readonly tar: Uint8Array;
  readonly sha256: string;
}

/**
 * Packs the program that runs: what a machine without it needs beside Node and npm. The same files give the same bytes,
 * wherever and whenever they were written.
 *
 * @param main its main file, `.../dist/cli.js`
 * @throws UserError where that is not a built one
 */
export function packProgram(main: string): PackedProgram {
  const dist = main.endsWith('.js') ? dirname(realpathSync(main)) : undefined;
  const root = dist === undefined ? '' : dirname(dist);
  if (dist === undefined || !existsSync(join(root, 'package.json')))
    throw failure('program-not-packed', `${main} is no built Layerline`, 'Build it with `npm run build` first.');
  const built = readdirSync(dist, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !path.startsWith('dist/types/'));
  const beside = ['package.json', 'package-lock.json'].filter((name) => existsSync(join(root, name)));
  const members = [...beside, ...built.toSorted()].map((path) => member(path, readFileSync(join(root, path))));
  const tar = Buffer.concat([...members, Buffer.alloc(2 * block)]);
  return { tar, sha256: createHash('sha256').update(tar).digest('hex') };
}

const block = 512;

/** A file as POSIX.1-1988 has it (ustar). */
function member(path: string, content: Uint8Array): Buffer {
  if (Buffer.byteLength(path) > 100) throw new Error(`${path} is too long for an archive`);
  const octal = (value: number, digits: number) => `${value.toString(8).padStart(digits, '0')}\0`;
  const head = Buffer.alloc(block);
  head.write(path, 0);
  head.write(octal(0o644, 7), 100);
  head.write(octal(0, 7), 108);
  head.write(octal(0, 7), 116);
  head.write(octal(content.length, 11), 124);
  head.write(octal(0, 11), 136);
  head.write(' '.repeat(8), 148);
  head.write('0', 156);
  head.write('ustar\x0000', 257);
  const sum = head.reduce((total, byte) => total + byte, 0);
  head.write(`${octal(sum, 6)} `, 148);
  return Buffer.concat([head, content, Buffer.alloc((block - (content.length % block)) % block)]);
}
