import { UserError } from '../../base/diagnostics.ts';
import { engineKind } from '../../engine/install/engine-site.ts';
import { loadEngine } from '../../engine/load-engine.ts';
import { loadStock } from '../../engine/load-stock.ts';
import type { Tf } from '../../engine/tensorflow.ts';
import { loadLayersModel, readModelFiles } from '../../layers/load-model.ts';
import { wasmMisfit } from '../../layers/volume-classes.ts';
import { type Computed, type GoldenRun, NotThere, type Runtime } from './runtime.ts';

/** TensorFlow.js on each of its backends, in the order in which they can be loaded into one process. */
export const tfjsRuntimes: readonly Runtime[] = [
  { name: 'tfjs plain JavaScript', reads: 'model.json', compute: (given) => computeBy(() => loadStock('cpu'), given) },
  {
    name: 'tfjs wasm',
    reads: 'model.json',
    compute: (given) => {
      const misfit = wasmMisfit(readModelFiles(given.folder).saved.description);
      if (misfit !== undefined) throw new NotThere(misfit);
      return computeBy(() => loadStock('wasm'), given);
    },
  },
  { name: 'tfjs-node', reads: 'model.json', compute: (given) => computeBy(loadNative, given) },
];

async function loadNative(): Promise<{ readonly tf: Tf; readonly version: string }> {
  if (engineKind() === 'wasm') throw new NotThere('PIPELINE_ENGINE asks for wasm');
  try {
    const { tf, version } = await loadEngine();
    return { tf, version: /tfjs-node (\S+)/.exec(version)?.[1] ?? version };
  } catch (error) {
    throw error instanceof UserError ? new NotThere(error.message) : error;
  }
}

async function computeBy(
  load: () => Promise<{ readonly tf: Tf; readonly version: string }>,
  { folder, golden }: GoldenRun,
): Promise<Computed> {
  const { tf, version } = await load();
  const model = await loadLayersModel(tf, folder).catch((error: Error) => {
    const other = /it cannot compute the layer .*/.exec(error.message);
    throw other === null ? error : new NotThere(other[0]);
  });
  try {
    let outputs: readonly Float32Array[] = [];
    tf.tidy(() => {
      const told = model.predict(
        golden.inputs.map(({ values, shape }) => tf.tensor(values as Float32Array, [...shape], 'float32')),
      );
      outputs = [told].flat().map((tensor) => tensor.dataSync<'float32'>());
    });
    return { version, outputs };
  } catch (error) {
    const missing = /Kernel '(\w+)' not registered for backend/.exec((error as Error).message);
    throw missing === null ? error : new NotThere(`it has no kernel ${missing[1]}`);
  } finally {
    model.dispose();
  }
}
