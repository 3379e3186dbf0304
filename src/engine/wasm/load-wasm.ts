import { createRequire } from 'node:module';
import { failure } from '../../base/diagnostics.ts';
import { fuseBatchNormalization } from '../batch-normalization.ts';
import type { Engine, Tf } from '../tensorflow.ts';
import { createWasmNormalize } from './wasm-batch-normalization.ts';
import { registerConvolution } from './convolution-kernels.ts';
import { registerDepthwiseGradients } from './depthwise-gradients.ts';
import { registerIndexKernels } from './index-kernels.ts';
import { createWasmOps } from './wasm-ops.ts';
import { registerPoolingGradients } from './pooling-gradients.ts';
import { removeUnusableKernels } from './unusable-kernels.ts';

/** Loads TensorFlow.js with its WebAssembly backend, one thread of it: no native code, and some 15 times slower. */
export async function loadWasm(): Promise<Engine> {
  // CommonJS, as in load.ts.
  const require = createRequire(import.meta.url);
  const tf = require('@tensorflow/tfjs') as Tf;
  const { version_wasm: version } =
    require('@tensorflow/tfjs-backend-wasm') as typeof import('@tensorflow/tfjs-backend-wasm');
  await startBackend(tf);
  removeUnusableKernels(tf);
  registerIndexKernels(tf);
  registerDepthwiseGradients(tf);
  registerConvolution(tf);
  registerPoolingGradients(tf);
  fuseBatchNormalization(tf, createWasmNormalize(tf));
  const simd = await tf.env().getAsync('WASM_HAS_SIMD_SUPPORT');
  return { tf, kind: 'wasm', version: `tfjs-backend-wasm ${version}${simd ? ' (SIMD)' : ''}`, ops: createWasmOps(tf) };
}

/** Starts the backend, which is registered. @throws UserError where it does not start */
export async function startBackend(tf: Tf): Promise<void> {
  const events = ['uncaughtException', 'unhandledRejection'];
  const before = events.map((event) => process.rawListeners(event));
  if (!(await tf.setBackend('wasm')))
    throw failure(
      'wasm-not-started',
      'The wasm engine does not start',
      'Unset PIPELINE_ENGINE to train with the native engine.',
    );
  // Emscripten listens to them and throws again; what ends the process, and with which code, is this program's matter.
  events.forEach((event, k) => {
    for (const listener of process.rawListeners(event))
      if (!before[k]!.includes(listener)) process.off(event, listener as () => void);
  });
}
