import type { KernelBackend, Tensor, TensorInfo } from '@tensorflow/tfjs';

/** An attribute of a TensorFlow op, as the addon takes it. */
export interface OpAttribute {
  readonly name: string;
  /** TF_AttrType or, for `TF_ATTR_TYPE`, the meaning of `value` as TF_DataType. */
  readonly type: number;
  readonly value: unknown;
}

/** The part of tfjs-node's backend that runs any TensorFlow op by name: public methods of its class. */
export interface NodeBackend extends KernelBackend {
  executeSingleOutput(name: string, attrs: readonly OpAttribute[], inputs: readonly TensorInfo[]): Tensor;
  executeMultipleOutputs(
    name: string,
    attrs: readonly OpAttribute[],
    inputs: readonly TensorInfo[],
    outputs: number,
  ): Tensor[];
  readonly binding: { readonly TF_ATTR_TYPE: number; readonly TF_FLOAT: number; readonly TF_INT32: number };
}
