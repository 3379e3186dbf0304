/** Bytes up to which one after the other is sooner copied than all at once. */
const few = 64;

/**
 * Unpacks what Snappy has packed (google/snappy, format_description.txt).
 *
 * @param bytes takes all of it
 * @throws where it does not unpack to just as many bytes
 */
export function unpackSnappy(packed: Uint8Array, bytes: Uint8Array): void {
  let [at, length] = [0, 0];
  // How long it is, seven bits a byte: whether that is so shows itself.
  while (packed[at]! >= 0x80) at++;
  for (at++; at < packed.length;) {
    const tag = packed[at++]!;
    const [kind, upper] = [tag & 3, tag >> 2];
    if (kind === 0) {
      let size = upper + 1;
      if (upper >= 60) {
        size = 1;
        for (let k = 0; k < upper - 59; k++) size += packed[at++]! * 2 ** (8 * k);
      }
      // What is no number, where it ends too early, is not within either.
      if (!(at + size <= packed.length && length + size <= bytes.length)) throw wrong();
      if (size > few) bytes.set(packed.subarray(at, at + size), length);
      else for (let k = 0; k < size; k++) bytes[length + k] = packed[at + k]!;
      at += size;
      length += size;
      continue;
    }
    let [size, back] = [upper + 1, packed[at]!];
    if (kind === 1) [size, back] = [(upper & 7) + 4, back + (tag >> 5) * 2 ** 8];
    else back += packed[at + 1]! * 2 ** 8;
    if (kind === 3) back += packed[at + 2]! * 2 ** 16 + packed[at + 3]! * 2 ** 24;
    at += kind === 3 ? 4 : kind;
    if (!(back > 0 && back <= length && length + size <= bytes.length)) throw wrong();
    // What is copied may be what this very copy writes.
    for (const end = length + size; length < end; length++) bytes[length] = bytes[length - back]!;
  }
  if (length !== bytes.length) throw wrong();
}

const wrong = () => new Error('bytes that Snappy has packed are damaged');
