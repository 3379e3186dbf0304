import type { Sizes } from '../options.ts';
import type { Window } from '../window.ts';
import { activate } from './onnx-activations.ts';
import type { OnnxLayer, OnnxValue } from './onnx-layer.ts';
import type { OnnxSequence } from './onnx-recurrent.ts';
import { type Kernel, bias, turnedKernel, windowAttributes } from './onnx-windows.ts';

interface Frames extends Kernel, OnnxSequence {
  readonly kernelSize: Sizes;
  readonly padding: Window['padding'];
  readonly recurrentActivation: string;
}

/**
 * An LSTM that convolves films, frame after frame: ONNX has no operator of its own for it. What does not depend on the
 * frame before is computed for all of them at once.
 */
export function convolveFrames(options: Frames, layer: OnnxLayer): OnnxValue {
  const { kernelSize: size, strides, padding, useBias, goBackwards, returnSequences } = options;
  const [steps, ...frame] = layer.input.shape as [number, ...number[]];
  const shape = layer.output.slice(-3);
  const [height, width, filters] = shape as [number, number, number];
  const frames = layer.gives(layer.reshaped(layer.last(), frame), frame);
  const all = layer.node(
    'Conv',
    [layer.first(frames), turnedKernel(layer, 2, 'kernel'), ...bias(layer, useBias)],
    windowAttributes(2, { size, strides, padding }, frame),
  );
  const films = layer.reshaped(all, [steps, 4 * filters, height, width]);
  const recurrent = windowAttributes(2, { size, strides: 1, padding: 'same' }, shape);
  const apply = (activation: string, x: string) => layer.first(activate(layer, activation, layer.givesFirst(x, shape)));
  const times = (a: string, b: string) => layer.node('Mul', [a, b]);
  let state: { readonly output: string; readonly carry: string } | undefined;
  const outputs = Array.from({ length: steps }, (_, index) => {
    const step = goBackwards ? steps - 1 - index : index;
    const read = layer.node('Gather', [films, layer.ints([step], [])], { axis: { int: 1 } });
    const summed =
      state === undefined
        ? read
        : layer.node('Add', [
            read,
            layer.node('Conv', [state.output, turnedKernel(layer, 2, 'recurrent_kernel')], recurrent),
          ]);
    const gate = (place: number, activation: string) => {
      const [from, to] = [layer.ints([place * filters]), layer.ints([(place + 1) * filters])];
      return apply(activation, layer.node('Slice', [summed, from, to, layer.ints([1])]));
    };
    const taken = times(gate(0, options.recurrentActivation), gate(2, options.activation));
    const carry =
      state === undefined
        ? taken
        : layer.node('Add', [times(gate(1, options.recurrentActivation), state.carry), taken]);
    state = { carry, output: times(gate(3, options.recurrentActivation), apply(options.activation, carry)) };
    return state.output;
  });
  if (!returnSequences) return layer.givesFirst(outputs.at(-1)!);
  const apart = outputs.map((output) => layer.node('Unsqueeze', [output, layer.ints([1])]));
  const film = layer.node('Concat', apart, { axis: { int: 1 } });
  return layer.gives(layer.node('Transpose', [film], { perm: { ints: [0, 1, 3, 4, 2] } }));
}
