import type { OpAttribute } from '../node-backend.ts';
import type { Binding } from '../private-parts.ts';
import type { Attribute } from './graph-def.ts';
import { TraceRefusal } from './trace-refusal.ts';

/** An attribute of an eager call, as a node has it. */
export function attributeOf(binding: Binding, { type, value }: OpAttribute): Attribute {
  switch (type) {
    case binding.TF_ATTR_STRING:
      return { s: value as string };
    case binding.TF_ATTR_INT:
      return { i: value as number | number[] };
    case binding.TF_ATTR_FLOAT:
      return { f: value as number | number[] };
    case binding.TF_ATTR_BOOL:
      return { b: value as boolean | boolean[] };
    case binding.TF_ATTR_TYPE:
      return { type: value as number };
    case binding.TF_ATTR_SHAPE:
      return { shape: value as number[] };
    default:
      throw new TraceRefusal(`uses an op attribute of type ${type}`);
  }
}
