import { UserError, failure } from './diagnostics.ts';

/** What TensorFlow (its status 8 is RESOURCE_EXHAUSTED) and Node say where they get no more memory. */
const outOfMemory =
  /Invalid TF_Status: 8\b|resource.?exhausted|\bOOM\b|out of memory|allocation failed|cannot allocate memory/i;

/** Says of an error in which the memory was over that it was; anything else is returned as it is. */
export function explainOutOfMemory(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof UserError || !outOfMemory.test(error.message)) return error;
  const [line = ''] = error.message.replace(/^Invalid TF_Status: 8\s*(Message: )?/, '').split('\n');
  return failure(
    'out-of-memory',
    `the memory was over: ${line}`,
    'End what else takes memory, give the machine or container more, ' +
      'or train a smaller model or in smaller batches; `pipeline plan FILE` shows what takes it.',
    error,
  );
}
