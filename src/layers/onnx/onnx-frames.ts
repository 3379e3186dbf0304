import type { Sizes } from '../options.ts';
import type { Window } from '../window.ts';
import { activate } from './onnx-activations.ts';
import type { OnnxLayer, OnnxValue } from './onnx-layer.ts';
import type { OnnxSequence } from './onnx-recurrent.ts';
import { writeSteps } from './onnx-steps.ts';
import { type Kernel, bias, turnedKernel, windowAttributes } from './onnx-windows.ts';

interface Frames extends Kernel, OnnxSequence {
  readonly kernelSize: Sizes;
  readonly padding: Window['padding'];
  readonly recurrentActivation: string;
}

/** An LSTM that convolves films. What does not depend on the frame before is computed for all frames at once. */
export function convolveFrames(options: Frames, layer: OnnxLayer): OnnxValue {
  const { kernelSize: size, strides, padding, useBias } = options;
  const [steps, ...frame] = layer.input.shape as [number, ...number[]];
  const shape = layer.output.slice(-3);
  const [height, width, filters] = shape as [number, number, number];
  const frames = layer.gives(layer.reshaped(layer.last(), frame), frame);
  const all = layer.node(
    'Conv',
    [layer.first(frames), turnedKernel(layer, 2, 'kernel'), ...bias(layer, useBias)],
    windowAttributes(2, { size, strides, padding }, frame),
  );
  const recurrent = windowAttributes(2, { size, strides: 1, padding: 'same' }, shape);
  const outputs = writeSteps(
    {
      ...options,
      kind: 'lstm',
      steps,
      units: filters,
      read: { name: layer.reshaped(all, [steps, 4 * filters, height, width]), axis: 1 },
      times: (state) => layer.node('Conv', [state, turnedKernel(layer, 2, 'recurrent_kernel')], recurrent),
      apply: (activation, x) => layer.first(activate(layer, activation, layer.givesFirst(x, shape))),
    },
    layer,
  );
  if (!options.returnSequences) return layer.givesFirst(outputs.at(-1)!);
  const apart = outputs.map((output) => layer.node('Unsqueeze', [output, layer.ints([1])]));
  const film = layer.node('Concat', apart, { axis: { int: 1 } });
  return layer.gives(layer.node('Transpose', [film], { perm: { ints: [0, 1, 3, 4, 2] } }));
}
