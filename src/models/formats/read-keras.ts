import { unzipSync } from 'fflate';
import { isWithin } from '../../base/json-limits.ts';
import { kerasClasses } from './keras-layers.ts';

/** Names of files in it, the only ones that are read; each once. */
const parts: ReadonlySet<string> = new Set(['metadata.json', 'config.json', 'model.weights.h5']);

/** Classes that are no layers. */
const others: ReadonlySet<string> = new Set(['Functional', '__keras_tensor__']);

/**
 * What in a `.keras` is of another program than this; undefined: nothing. Some objects that such a file can name run
 * code when Keras loads them, so one from elsewhere is not given to it.
 */
export function kerasMisfit(file: Uint8Array): string | undefined {
  const seen: string[] = [];
  try {
    const { 'config.json': config } = unzipSync(file, {
      filter: ({ name, originalSize }) => {
        seen.push(name);
        return name === 'config.json' && originalSize < 100e6;
      },
    });
    if (seen.length !== parts.size || !seen.every((name) => parts.has(name))) return 'it holds other files';
    const json = new TextDecoder().decode(config);
    if (!isWithin(json, { depth: 100, holders: 5e6, values: 5e7 })) return 'it holds more than any model';
    return misfitIn(JSON.parse(json));
  } catch (error) {
    return (error as Error).message;
  }
}

function misfitIn(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, inner] of Object.entries(value)) {
    if (key === 'registered_name') return 'it names what a program has registered';
    if (key === 'module' && !['keras.layers', 'keras.src.models.functional'].includes(inner as string))
      return `it names the module ${String(inner)}`;
    if (key === 'class_name' && !kerasClasses.has(inner as string) && !others.has(inner as string))
      return `it names the class ${String(inner)}`;
    const misfit = misfitIn(inner);
    if (misfit !== undefined) return misfit;
  }
  return undefined;
}
