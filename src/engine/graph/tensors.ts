import type { Variable } from '@tensorflow/tfjs';
import type { Binding, PrivateParts } from '../private-parts.ts';
import { TraceRefusal } from './trace-refusal.ts';

/** The TF_DataType of a tfjs type. */
export function typeNumber(binding: Binding, dtype: string): number {
  switch (dtype) {
    case 'float32':
      return binding.TF_FLOAT;
    case 'int32':
      return binding.TF_INT32;
    case 'bool':
      return binding.TF_BOOL;
    case 'uint8':
      return binding.TF_UINT8;
    default:
      throw new TraceRefusal(`works on tensors of ${dtype}`);
  }
}

/** Gives the variable a tensor of its own with the same values, which shares its id with nothing else. */
export function renew(parts: PrivateParts, variable: Variable): void {
  const copy = parts.wrap(parts.binding.executeOp('DeepCopy', [], [parts.idOf(variable)], 1)[0]!);
  variable.assign(copy);
  copy.dispose();
}
