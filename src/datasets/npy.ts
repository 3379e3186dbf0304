import { failure } from '../base/diagnostics.ts';
import { sizeOf } from '../base/tensor-shape.ts';
import type { Tensor } from './given-values.ts';

type Kind = (bytes: ArrayBuffer) => Tensor['values'];

/** Kinds of numbers, as NumPy writes them; `|` and `<` are the order of their bytes. */
const kinds: Readonly<Record<string, Kind>> = {
  '|b1': (bytes) => new Uint8Array(bytes),
  '|u1': (bytes) => new Uint8Array(bytes),
  '|i1': (bytes) => new Int8Array(bytes),
  '<u2': (bytes) => new Uint16Array(bytes),
  '<i2': (bytes) => new Int16Array(bytes),
  '<u4': (bytes) => new Uint32Array(bytes),
  '<i4': (bytes) => new Int32Array(bytes),
  '<i8': (bytes) => Float64Array.from(new BigInt64Array(bytes), Number),
  '<f4': (bytes) => new Float32Array(bytes),
  '<f8': (bytes) => new Float64Array(bytes),
};

const sizes = /\d+$/;

/**
 * Reads a .npy file (numpy.lib.format, versions 1 to 3).
 *
 * @throws UserError when it is damaged, or holds anything but numbers in C order
 */
export function parseNpy(name: string, bytes: Uint8Array): Tensor {
  const bad = (what: string, hint = 'Save it anew with numpy.save.') =>
    failure('bad-npy', `${name} is no array that can be read: ${what}`, hint);
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const version = buffer[6] ?? 0;
  const start = version === 1 ? 10 : 12;
  if (!buffer.toString('latin1', 0, 6).startsWith('\x93NUMPY') || buffer.length < start || version < 1 || version > 3)
    throw bad('it is no .npy file');
  const end = start + (version === 1 ? buffer.readUInt16LE(8) : buffer.readUInt32LE(8));
  const header = buffer.toString('latin1', start, Math.min(end, start + 10_000));
  const descr = /'descr': '([^']*)'/.exec(header)?.[1];
  const shape = /'shape': \(([\d, ]*)\)/.exec(header)?.[1];
  if (descr === undefined || shape === undefined || end > buffer.length) throw bad('its header is damaged');
  const read = kinds[descr];
  if (read === undefined) throw bad(`its values are ${descr}`, "Save it as uint8 or float32: `a.astype('float32')`.");
  if (!/'fortran_order': False/.test(header)) throw bad('it is in Fortran order', 'Save `numpy.ascontiguousarray(a)`.');
  const dimensions = shape.split(',').flatMap((one) => (one.trim() === '' ? [] : [Number(one)]));
  const length = sizeOf(dimensions) * Number(sizes.exec(descr)![0]);
  if (length !== buffer.length - end)
    throw bad(`its header promises ${length} bytes of values, it has ${buffer.length - end}`);
  return { shape: dimensions, values: read(bytes.slice(end).buffer) };
}
