/**
 * The protocol buffer wire format, as far as a GraphDef needs it: fields are written, never read
 * (protobuf.dev/programming-guides/encoding).
 */

const VARINT = 0;
const BYTES = 2;
const FIXED32 = 5;

function varint(value: number): Buffer {
  const bytes: number[] = [];
  // Negative numbers take all ten bytes of a 64-bit varint.
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 0x7fn; rest >>= 7n) bytes.push(Number(rest & 0x7fn) | 0x80);
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

/** An integer, enum or boolean field. */
export function integer(field: number, value: number | boolean): Buffer {
  return Buffer.concat([varint((field << 3) | VARINT), varint(Number(value))]);
}

/** A float field. */
export function float(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([varint((field << 3) | FIXED32), bytes]);
}

/** A string or bytes field; a string's characters are bytes, as in TensorFlow's op attributes. */
export function bytes(field: number, value: string | Uint8Array): Buffer {
  const content = typeof value === 'string' ? Buffer.from(value, 'utf8') : value;
  return Buffer.concat([varint((field << 3) | BYTES), varint(content.length), content]);
}

/** A message field, out of its own fields. */
export function message(field: number, ...fields: readonly Uint8Array[]): Buffer {
  return bytes(field, Buffer.concat(fields));
}
