import type { OnnxLayer, OnnxValue } from './onnx-layer.ts';

/** Writes the nodes of an activation. @param axis that softmax is taken along @returns what they give */
type Write = (layer: OnnxLayer, x: string, axis: number) => string;

const plain =
  (op: string, attributes: Parameters<OnnxLayer['node']>[2] = {}): Write =>
  (layer, x) =>
    layer.node(op, [x], attributes);

/** The activations of TensorFlow.js in operators of ONNX. */
const writers: Readonly<Record<string, Write>> = {
  elu: plain('Elu'),
  gelu: plain('Gelu'),
  gelu_new: plain('Gelu', { approximate: { text: 'tanh' } }),
  hardSigmoid: plain('HardSigmoid', { alpha: { float: 0.2 }, beta: { float: 0.5 } }),
  linear: (_, x) => x,
  logSoftmax: (layer, x, axis) => layer.node('LogSoftmax', [x], { axis: { int: axis } }),
  mish: plain('Mish'),
  relu: plain('Relu'),
  relu6: (layer, x) => layer.node('Clip', [x, layer.floats(0), layer.floats(6)]),
  selu: plain('Selu'),
  sigmoid: plain('Sigmoid'),
  softmax: (layer, x, axis) => layer.node('Softmax', [x], { axis: { int: axis } }),
  softplus: plain('Softplus'),
  softsign: plain('Softsign'),
  swish: (layer, x) => layer.node('Mul', [x, layer.node('Sigmoid', [x])]),
  tanh: plain('Tanh'),
};

/** What an activation makes of a value. */
export function activate(layer: OnnxLayer, activation: string, value: OnnxValue): OnnxValue {
  if (activation === 'linear') return value;
  return layer.each(
    [value],
    ([x], axisOf) => writers[activation]!(layer, x!, axisOf(value.shape.length - 1)),
    value.shape,
  );
}
