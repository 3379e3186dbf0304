import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Diagnostic, failure, UserError, warning } from '../../base/diagnostics.ts';
import type { Code } from '../../base/mistakes/mistakes.ts';

/**
 * A failure to set the engine up: what happened, and the three ways on.
 *
 * @param fix what would mend it, as the start of a sentence: `Install a C++ compiler`
 */
export function engineFailure(code: Code, message: string, fix: string, cause?: unknown): UserError {
  const hint =
    `${fix}, then run \`pipeline engine install\` again. ` +
    'Or set PIPELINE_ENGINE=stock to use an install of @tensorflow/tfjs-node that already works, ' +
    'or PIPELINE_ENGINE=wasm to train without a native engine, some 15 times slower.';
  return failure(code, message, hint, cause);
}

/** Turns an error of the file system under the cache into an engine failure; anything else is returned as it is. */
export function explainFileError(error: unknown, folder: string): unknown {
  if (error instanceof UserError || !(error instanceof Error) || !('code' in error)) return error;
  switch (error.code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return diskFull(folder, error);
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
    case 'ENOTDIR':
    case 'EEXIST':
      return engineFailure(
        'engine-not-writable',
        `Cannot write the engine: ${error.message}`,
        `Give write access to ${folder}, or point XDG_CACHE_HOME at a folder that has it`,
        error,
      );
    default:
      return error;
  }
}

/** No room for the engine under `folder`. */
export function diskFull(folder: string, cause?: unknown): UserError {
  return engineFailure(
    'engine-disk-full',
    `No space left for the engine in ${folder}: it takes 1.2 GB while it is set up, 0.9 GB afterwards`,
    'Free some space, or point XDG_CACHE_HOME at a larger disk',
    cause,
  );
}

/** A file of an engine is not what it was when it was set up. @param isOwn whether it is this user's to set up again */
export function engineDamaged(file: string, isOwn: boolean): Diagnostic {
  const hint = isOwn
    ? 'It is set up again now.'
    : 'Another one is looked for. Who set this one up mends it with `pipeline engine install`.';
  return warning('engine-damaged', `the engine is damaged: ${file} is not the file that was set up`, hint);
}

/** Another user's engine is there but hidden from this one, who cannot set one up. @param problem why not */
export function unreadableEngine(entry: string, problem: UserError): UserError {
  const message =
    `${ownerOf(entry)} set the engine up in ${entry}, which this user cannot read; ` +
    `and no other can be set up: ${problem.diagnostics[0]!.message}`;
  const hint =
    'Set it up where both can read it, with XDG_CACHE_HOME=/opt/cache for `pipeline engine install` ' +
    'and for what runs later (in a Dockerfile: `ENV XDG_CACHE_HOME=/opt/cache`). ' +
    'Or let this user into the folders above it (`chmod a+rx`).';
  return failure('engine-not-readable', message, hint, problem);
}

/** Who owns the nearest folder that this user can see. */
function ownerOf(path: string): string {
  const uid = statOf(path)?.uid;
  if (uid === undefined) return ownerOf(dirname(path));
  return uid === 0 ? 'root' : `the user with the number ${uid}`;
}

function statOf(path: string): { readonly uid: number } | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
