/** Classes of TensorFlow.js whose windows move over volumes. */
export const volumeClasses: readonly string[] = ['Conv3D', 'Conv3DTranspose', 'MaxPooling3D', 'AveragePooling3D'];

/**
 * Why TensorFlow.js' backend wasm does not compute a saved net, as the end of a sentence; undefined: it does. Its
 * kernels for volumes (4.22.0) give wrong numbers without an error.
 *
 * @param topology as JSON has it
 */
export function wasmMisfit(topology: unknown): string | undefined {
  const text = JSON.stringify(topology);
  const found = volumeClasses.find((name) => text.includes(`"class_name":"${name}"`));
  return found === undefined ? undefined : `TensorFlow.js computes ${found} wrongly on wasm`;
}
