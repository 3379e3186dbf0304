import { product } from './onnx-dense.ts';
import type { OnnxLayer, OnnxValue } from './onnx-layer.ts';

interface Attention {
  readonly numHeads: number;
  readonly keyDim: number;
  readonly valueDim: number | null;
  readonly useBias: boolean;
  readonly causal: boolean;
}

type Role = 'query' | 'value' | 'key';

/** Multi-head attention, without a mask but the causal one. */
export function attention(
  { numHeads, keyDim, valueDim, useBias, causal }: Attention,
  layer: OnnxLayer,
  roles: Readonly<Record<Role, OnnxValue>>,
): OnnxValue {
  const project = (part: Role | 'output', x: string) =>
    product(layer, x, 2, useBias ? [`${part}_kernel`, `${part}_bias`] : [`${part}_kernel`]);
  const turn = (x: string, perm: readonly number[]) => layer.node('Transpose', [x], { perm: { ints: perm } });
  const heads = (part: Role, size: number, x: string) => layer.reshaped(x, [roles[part].shape[0]!, numHeads, size]);
  const [query, key, value] = [
    layer.node('Mul', [project('query', layer.last(roles.query)), layer.floats(1 / Math.sqrt(keyDim))]),
    project('key', layer.last(roles.key)),
    project('value', layer.last(roles.value)),
  ];
  // [batch, heads, steps, others]
  const scores = layer.node('MatMul', [
    turn(heads('query', keyDim, query), [0, 2, 1, 3]),
    turn(heads('key', keyDim, key), [0, 2, 3, 1]),
  ]);
  const shares = layer.node('Softmax', [causal ? hideLater(layer, scores, roles) : scores], { axis: { int: 3 } });
  const size = valueDim ?? keyDim;
  const mixed = layer.node('MatMul', [shares, turn(heads('value', size, value), [0, 2, 1, 3])]);
  return layer.gives(
    project('output', layer.reshaped(turn(mixed, [0, 2, 1, 3]), [roles.query.shape[0]!, numHeads * size])),
  );
}

/** The scores of later steps so small that they get no share. */
function hideLater(layer: OnnxLayer, scores: string, roles: Readonly<Record<Role, OnnxValue>>): string {
  const [steps, others] = [roles.query.shape[0]!, roles.key.shape[0]!];
  const later = Float32Array.from({ length: steps * others }, (_, index) =>
    Number(index % others > Math.floor(index / others)),
  );
  const shape = [1, 1, steps, others];
  const seen = layer.floats(
    later.map((hidden) => 1 - hidden),
    shape,
  );
  const far = layer.floats(
    later.map((hidden) => -1e9 * hidden),
    shape,
  );
  return layer.node('Add', [layer.node('Mul', [scores, seen]), far]);
}
