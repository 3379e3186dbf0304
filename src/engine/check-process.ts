import { readlinkSync } from 'node:fs';
import { addressSpaceLimit } from '../base/available-memory.ts';
import { failure, type UserError } from '../base/diagnostics.ts';
import { showBytes } from '../base/quantities.ts';

/**
 * Bytes of address space, measured with runs of small nets under `ulimit -v`. Most of it is reserved and never used: by
 * V8 for code, by the threads for stacks and by malloc for each of them.
 */
export const addressSpaceNeeds = {
  /** With less, TensorFlow is not mapped, or a thread of Node ends the process. */
  start: 2.6e9,
  /** What a run takes to its end, its data, weights and activations apart. */
  run: 3.3e9,
} as const;

const withoutTensorflow = 'Or set PIPELINE_ENGINE=wasm to train without a native engine, some 15 times slower.';

/**
 * Refuses to load TensorFlow where it would end the process, which says nothing then that helps.
 *
 * @throws UserError that names what is missing
 */
export function checkProcess(): void {
  const limit = addressSpaceLimit();
  if (limit < addressSpaceNeeds.start) {
    throw failure(
      'engine-address-space',
      `TensorFlow does not load: it reserves about ${showBytes(addressSpaceNeeds.run)} of address space, ` +
        `more than \`ulimit -v ${limit / 1024}\` allows`,
      `Raise the limit: \`ulimit -v unlimited\`. ${withoutTensorflow}`,
    );
  }
  if (process.platform === 'linux' && !hasProc()) {
    throw failure(
      'engine-without-proc',
      'TensorFlow does not load: it looks itself up in /proc/self/exe, which is not there',
      `Mount it: \`mount -t proc proc /proc\`. ${withoutTensorflow}`,
    );
  }
}

/** TensorFlow does not come into memory. @param reason what the system said */
export function noMemory(reason: string, cause: unknown): UserError {
  return failure(
    'engine-out-of-memory',
    `TensorFlow does not load: there is not enough memory (${reason})`,
    'Raise the limit if there is one (`ulimit -v unlimited`), ' +
      `or give the machine or container more memory. ${withoutTensorflow}`,
    cause,
  );
}

function hasProc(): boolean {
  try {
    readlinkSync('/proc/self/exe');
    return true;
  } catch {
    return false;
  }
}
