import { createRequire } from 'node:module';
import type { Tf } from './tensorflow.ts';
import { startBackend } from './wasm/load-wasm.ts';

/**
 * TensorFlow.js as pages load it, with nothing of it replaced: to be called before an engine is loaded, which replaces
 * kernels.
 *
 * @param backend the one that computes from now on
 */
export async function loadStock(backend: 'cpu' | 'wasm'): Promise<{ readonly tf: Tf; readonly version: string }> {
  // CommonJS, as in load-engine.ts.
  const require = createRequire(import.meta.url);
  const tf = require('@tensorflow/tfjs') as Tf;
  if (backend === 'wasm') {
    const { version_wasm: version } =
      require('@tensorflow/tfjs-backend-wasm') as typeof import('@tensorflow/tfjs-backend-wasm');
    await startBackend(tf);
    return { tf, version };
  }
  // Else it advertises tfjs-node on the terminal.
  tf.env().set('PROD', true);
  await tf.setBackend('cpu');
  return { tf, version: tf.version['tfjs-core'] };
}
