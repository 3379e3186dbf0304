import { unzlibSync } from 'fflate';

/*
 * What PNG files take of node:zlib, where there is none: rolldown puts it in that place in the code for packages of
 * models.
 */

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  return value;
});

/** As node:zlib has it (PNG specification, annex D). */
export function crc32(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) value = table[(value ^ byte) & 0xff]! ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

/** As node:zlib has it, errors among it. */
export function inflateSync(packed: Uint8Array, { maxOutputLength }: { readonly maxOutputLength: number }): Uint8Array {
  let bytes: Uint8Array;
  try {
    // What does not fit is left out: a byte more shows that there was some.
    bytes = unzlibSync(packed, { out: new Uint8Array(maxOutputLength + 1) });
  } catch (error) {
    throw Object.assign(new Error('damaged', { cause: error }), { code: 'Z_DATA_ERROR' });
  }
  if (bytes.length > maxOutputLength) throw Object.assign(new Error('too large'), { code: 'ERR_BUFFER_TOO_LARGE' });
  return bytes;
}
