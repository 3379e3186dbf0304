import { hasForm, list, object, oneOf, record, such, whole } from '../../base/json-form.ts';
import { isWithin } from '../../base/json-limits.ts';
import { sizeOf } from '../../base/tensor-shape.ts';
import { type Tensor, bytesOf, valuesOf } from './tensor.ts';

/*
 * https://github.com/huggingface/safetensors: length of the header (uint64, little endian), header (JSON: type, shape
 * and place of each tensor by its name), the tensors one after the other.
 */

const names = { float32: 'F32', int32: 'I32', bool: 'BOOL' } as const;

/** A file of tensors. @param tensors of different names */
export function writeSafetensors(tensors: readonly Tensor[]): Uint8Array {
  let end = 0;
  const header = tensors.map((tensor) => {
    const start = end;
    end += tensor.values.byteLength;
    return [tensor.name, { dtype: names[tensor.dtype], shape: tensor.shape, data_offsets: [start, end] }] as const;
  });
  const json = Buffer.from(JSON.stringify(Object.fromEntries(header)));
  // The tensors begin at a multiple of 8, so that a reader can use them where they lie.
  const padded = Math.ceil(json.length / 8) * 8;
  const file = Buffer.alloc(8 + padded + end, ' ');
  file.writeBigUInt64LE(BigInt(padded));
  json.copy(file, 8);
  let at = 8 + padded;
  for (const tensor of tensors) {
    file.set(bytesOf(tensor), at);
    at += tensor.values.byteLength;
  }
  return file;
}

const size = such(whole, (value) => value >= 0);
const headerForm = record(
  object({
    dtype: oneOf('F32', 'I32', 'BOOL'),
    shape: list(size),
    data_offsets: such(list(size), (at) => at.length === 2),
  }),
);

/** The tensors of a file, which may come from elsewhere; undefined: it is not what `writeSafetensors` gives. */
export function readSafetensors(file: Uint8Array): readonly Tensor[] | undefined {
  const { buffer, byteOffset, length } = file;
  if (length < 8) return undefined;
  const start = 8 + Number(new DataView(buffer, byteOffset).getBigUint64(0, true));
  if (start > length) return undefined;
  const header = parse(file.subarray(8, start));
  if (!hasForm(headerForm, header)) return undefined;
  let end = 0;
  const tensors: Tensor[] = [];
  for (const [name, { dtype, shape, data_offsets: at }] of Object.entries(header)) {
    const bytes = sizeOf(shape) * (dtype === 'BOOL' ? 1 : 4);
    if (at[0] !== end || at[1] !== end + bytes || start + at[1] > length) return undefined;
    end += bytes;
    const type = ({ F32: 'float32', I32: 'int32', BOOL: 'bool' } as const)[dtype];
    tensors.push({ name, shape, dtype: type, values: valuesOf(file.slice(start + at[0], start + at[1]), type) });
  }
  return start + end === length ? tensors : undefined;
}

function parse(bytes: Uint8Array): unknown {
  const json = new TextDecoder().decode(bytes);
  try {
    return isWithin(json, { depth: 8, holders: 1e6, values: 1e7 }) ? JSON.parse(json) : undefined;
  } catch {
    return undefined;
  }
}
