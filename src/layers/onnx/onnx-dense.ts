import { activate } from './onnx-activations.ts';
import type { OnnxLayer, OnnxValue } from './onnx-layer.ts';

/** The product with a kernel [inputs, units], and the bias. */
export function product(layer: OnnxLayer, x: string, axes: number, names: readonly [kernel: string, bias?: string]) {
  const [kernel, bias] = names.map((name) => layer.weight(name!));
  if (axes === 1 && bias !== undefined) return layer.node('Gemm', [x, kernel!, bias]);
  const whole = layer.node('MatMul', [x, kernel!]);
  return bias === undefined ? whole : layer.node('Add', [whole, bias]);
}

/** A fully connected layer. */
export function dense(
  { useBias, activation }: { readonly useBias: boolean; readonly activation: string },
  layer: OnnxLayer,
): OnnxValue {
  const names = ['kernel', ...(useBias ? ['bias'] : [])] as const;
  return activate(
    layer,
    activation,
    layer.gives(product(layer, layer.last(), layer.input.shape.length, names as readonly [string, string?])),
  );
}
