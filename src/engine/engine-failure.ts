import { failure, UserError } from '../base/diagnostics.ts';

/**
 * A failure to set the engine up: what happened, and the three ways on.
 *
 * @param fix what would mend it, as the start of a sentence: `Install a C++ compiler`
 */
export function engineFailure(code: string, message: string, fix: string, cause?: unknown): UserError {
  const hint = `${fix}, then run \`pipeline engine install\` again. Or set PIPELINE_ENGINE=stock to use an install of @tensorflow/tfjs-node that already works, or PIPELINE_ENGINE=wasm to train without a native engine, some 15 times slower.`;
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
      return engineFailure('engine-not-writable', `Cannot write the engine: ${error.message}`, `Give write access to ${folder}, or point XDG_CACHE_HOME at a folder that has it`, error);
    default:
      return error;
  }
}

/** No room for the engine under `folder`. */
export function diskFull(folder: string, cause?: unknown): UserError {
  return engineFailure('engine-disk-full', `No space left for the engine in ${folder}: it takes 1.2 GB while it is set up, 0.9 GB afterwards`, 'Free some space, or point XDG_CACHE_HOME at a larger disk', cause);
}
