import { UserError, failure } from '../base/diagnostics.ts';
import { writeFileAtomic } from '../base/files.ts';

/** Writes a file where the user wants it. @throws UserError where that cannot be */
export function writeOut(file: string, content: string | Uint8Array): void {
  try {
    writeFileAtomic(file, content);
  } catch (error) {
    if (error instanceof UserError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    throw failure(
      'unwritable-file',
      `${file === '' ? 'a file without a name' : file} cannot be written: ${code ?? message}.`,
    );
  }
}
