import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { mistake, type Source, UserError } from '../base/diagnostics.ts';
import type { Code } from '../base/mistakes/mistakes.ts';
import { readFileWithin } from '../base/read-file.ts';
import { nearest } from '../base/did-you-mean.ts';
import { showCount } from '../base/quantities.ts';
import { sizeLimit } from './syntax/parse-yaml.ts';

/**
 * Reads a pipeline file.
 *
 * @throws UserError when it is missing, unreadable, no file or a very large one, or not UTF-8
 */
export function readSource(file: string): Source {
  let bytes: Uint8Array;
  try {
    // A character of UTF-8 has up to four bytes.
    bytes = readFileWithin(file, 4 * sizeLimit);
  } catch (error) {
    throw unreadable(file, error as NodeJS.ErrnoException);
  }
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
    throw unreadAs(file, 'not-text', 'The file is UTF-16.', 'Save it as UTF-8.');
  try {
    return { name: file, text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) };
  } catch {
    throw unreadAs(file, 'not-text', 'The file is not UTF-8 text.', 'A pipeline file is YAML, saved as UTF-8.');
  }
}

function unreadable(file: string, error: NodeJS.ErrnoException): UserError {
  switch (error.code) {
    case 'ENOENT':
    case 'ENOTDIR': {
      const guess = nearest(basename(file), namesIn(dirname(file)));
      return unreadAs(
        file,
        'no-file',
        'There is no such file.',
        guess === undefined
          ? 'The path counts from the folder you are in.'
          : `Did you mean ${join(dirname(file), guess)}?`,
      );
    }
    case 'EISDIR':
      return unreadAs(
        file,
        'not-a-file',
        'This is a folder, not a pipeline file.',
        namesIn(file).some((name) => /\.ya?ml$/.test(name)) ? `Name its files: ${join(file, '*.yaml')}` : undefined,
      );
    case 'ENOTFILE':
    case 'ENXIO':
      return unreadAs(
        file,
        'not-a-file',
        'This is a pipe, a socket or a device, not a pipeline file.',
        'Save its contents as a file, and name that.',
      );
    case 'EFBIG':
      return unreadAs(
        file,
        'file-too-large',
        `The file is far too large: a pipeline file may have ${showCount(sizeLimit)} characters.`,
        'Data belongs in files of its own; the pipeline file only names them.',
      );
    case 'EACCES':
    case 'EPERM':
      return unreadAs(
        file,
        'unreadable-file',
        'The file may not be read: permission denied.',
        'Change its permissions.',
      );
    case 'ELOOP':
      return unreadAs(
        file,
        'unreadable-file',
        'The links on the way to the file lead in a circle.',
        'Mend or remove them.',
      );
    default:
      return unreadAs(file, 'unreadable-file', `The file cannot be read: ${error.code ?? error.message}.`);
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function unreadAs(file: string, code: Code, message: string, hint?: string): UserError {
  const range = { source: { name: file, text: '' }, start: 0, end: 0 };
  return new UserError(mistake(code, message, range, hint), 2);
}
