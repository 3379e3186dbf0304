import { UserError, failure } from '../../base/diagnostics.ts';
import { showCount } from '../../base/quantities.ts';
import { shorten } from '../../base/shorten.ts';
import { sizeOf } from '../../base/tensor-shape.ts';
import type { Numbers, Tensor } from '../given-values.ts';

/** How the values of an array lie in a file, one after the other. */
interface Kind {
  /** What NumPy calls it: `float32`, `<U8`. */
  readonly name: string;
  /** Bytes of a value. */
  readonly bytes: number;
  /** What is read of them, in the order of bytes of this machine; left out: they are texts. */
  readonly numbers?: (bytes: Uint8Array<ArrayBuffer>) => Numbers;
  /** Whether texts are in UCS-4, and not in bytes. */
  readonly isUnicode?: boolean;
  /** Whether its values are whole. */
  readonly isWhole?: true;
}

/** What the header of a .npy file says. */
export interface NpyHead {
  readonly kind: Kind;
  readonly shape: readonly number[];
  /** Bytes before the values. */
  readonly start: number;
  /** Bytes of the values. */
  readonly length: number;
  /** Whether the first axis moves first. */
  readonly isFortran: boolean;
  /** Whether the bytes of a value have to be turned round. */
  readonly isSwapped: boolean;
}

const plain = (name: string, bytes: number, numbers: NonNullable<Kind['numbers']>): Kind => ({ name, bytes, numbers });
const whole = (name: string, bytes: number, numbers: NonNullable<Kind['numbers']>): Kind => ({
  ...plain(name, bytes, numbers),
  isWhole: true,
});

type Of<V> = new (buffer: ArrayBuffer, offset: number, length: number) => V;

const as =
  <V extends Numbers>(type: Of<V>, size: number) =>
  ({ buffer, byteOffset, length }: Uint8Array<ArrayBuffer>): V =>
    new type(buffer, byteOffset, length / size);

const kinds: Readonly<Record<string, Kind>> = {
  b1: whole('bool', 1, (bytes) => bytes.map((value) => (value === 0 ? 0 : 1))),
  u1: whole('uint8', 1, (bytes) => bytes),
  i1: whole('int8', 1, as(Int8Array, 1)),
  u2: whole('uint16', 2, as(Uint16Array, 2)),
  i2: whole('int16', 2, as(Int16Array, 2)),
  u4: whole('uint32', 4, as(Uint32Array, 4)),
  i4: whole('int32', 4, as(Int32Array, 4)),
  u8: whole('uint64', 8, (bytes) => halvesOf(as(Uint32Array, 4)(bytes), as(Uint32Array, 4)(bytes))),
  i8: whole('int64', 8, (bytes) => halvesOf(as(Uint32Array, 4)(bytes), as(Int32Array, 4)(bytes))),
  f2: plain('float16', 2, (bytes) => halfFloats(as(Uint16Array, 2)(bytes))),
  f4: plain('float32', 4, as(Float32Array, 4)),
  f8: plain('float64', 8, as(Float64Array, 8)),
};

/** Numbers of 64 bits; beyond 2^53 the nearest double. @param high has the upper halves at odd places */
function halvesOf(low: Uint32Array, high: Uint32Array | Int32Array): Float64Array {
  return Float64Array.from({ length: low.length / 2 }, (_, i) => high[2 * i + 1]! * 2 ** 32 + low[2 * i]!);
}

/** IEEE 754 binary16. */
function halfFloats(bits: Uint16Array): Float32Array {
  return Float32Array.from(bits, (half) => {
    const [sign, exponent, fraction] = [half >> 15 === 0 ? 1 : -1, (half >> 10) & 31, half & 1023];
    if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN;
    return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  });
}

/** As many bytes as NumPy reads of a header. */
const longestHeader = 10_000;

/** Bytes in which the header of any file ends. */
export const npyHeadLength = longestHeader + 12;

/** Dimensions that NumPy's arrays may have. */
const mostDimensions = 64;

/**
 * What the beginning of a .npy file says (numpy.lib.format, versions 1 to 3).
 *
 * @param name what messages call it
 * @param begin npyHeadLength bytes, or all of them
 * @throws UserError when it is damaged, or holds anything but numbers or texts
 */
export function readNpyHead(name: string, begin: Uint8Array): NpyHead {
  const buffer = Buffer.from(begin.buffer, begin.byteOffset, begin.byteLength);
  const version = buffer[6] ?? 0;
  const from = version === 1 ? 10 : 12;
  if (buffer.toString('latin1', 0, 6) !== '\x93NUMPY' || buffer.length < from || version < 1 || version > 3)
    throw bad(name, 'it is no .npy file');
  const said = version === 1 ? buffer.readUInt16LE(8) : buffer.readUInt32LE(8);
  const start = from + said;
  if (said > longestHeader || start > buffer.length) throw bad(name, 'its header is damaged');
  const header = buffer.toString('latin1', from, start);
  const descr = valueOf(header, 'descr', String.raw`'([^']*)'|"([^"]*)"|(\[)`);
  const order = valueOf(header, 'fortran_order', '(True|False)');
  const axes = valueOf(header, 'shape', String.raw`\(([\dL, ]*)\)`);
  if (descr === undefined || order === undefined || axes === undefined) throw bad(name, 'its header is damaged');
  const shape = axes.split(',').flatMap((one) => (one.trim() === '' ? [] : [Number(one.replace('L', ''))]));
  const kind = kindOf(name, descr);
  const length = sizeOf(shape) * kind.bytes;
  if (shape.length > mostDimensions || !Number.isSafeInteger(length)) throw bad(name, 'its header is damaged');
  return { kind, shape, start, length, isFortran: order === 'True', isSwapped: descr.startsWith('>') };
}

/** What a key of the header has; a header is a dictionary of Python's as it writes one. */
function valueOf(header: string, key: string, value: string): string | undefined {
  const found = new RegExp(String.raw`['"]${key}['"]\s*:\s*(?:${value})`).exec(header);
  return found?.slice(1).find((part) => part !== undefined);
}

function kindOf(name: string, descr: string): Kind {
  const [, type = descr, size = ''] = /^[<>=|]?([a-zA-Z])(\d*)/.exec(descr) ?? [];
  const known = kinds[type + size];
  if (known !== undefined) return known;
  if (/^[US]$/.test(type) && Number(size) > 0)
    return { name: descr, bytes: Number(size) * (type === 'U' ? 4 : 1), isUnicode: type === 'U' };
  if (type === 'O')
    throw bad(
      name,
      'it holds objects of Python, which only running a program gives back, and none is run here',
      "Save numbers or texts: `a.astype('float32')`, `a.astype(str)`; rows of different lengths filled up to one.",
    );
  if (descr === '[') throw bad(name, 'its values are structures', "Save each field as an array: `a['field']`.");
  const hint =
    type === 'c'
      ? 'Save its parts: `numpy.stack([a.real, a.imag], -1)`.'
      : "Save it as numbers: `a.astype('float32')`.";
  throw bad(name, `its values are ${shorten(descr)}`, hint);
}

function bad(name: string, what: string, hint = 'Save it anew with numpy.save.'): UserError {
  return failure('bad-npy', `${name} is no array that can be read: ${what}`, hint);
}

/** @throws UserError when a file has more or fewer bytes than its header promises */
export function proveLength(name: string, { start, length }: NpyHead, bytes: number): void {
  if (start + length !== bytes)
    throw bad(name, `its header promises ${length} bytes of values, it has ${Math.max(0, bytes - start)}`);
}

/** Where the first axis moves first, a sample lies scattered over the whole array. */
export const isScattered = ({ isFortran, shape }: NpyHead) => isFortran && shape.length > 1;

/** What the head of some samples of an array would be, had they no other bytes before them. */
export function headOfSome(head: NpyHead, count: number): NpyHead {
  const [all, ...rest] = head.shape as [number, ...number[]];
  return { ...head, start: 0, length: (head.length / all) * count, shape: [count, ...rest] };
}

/**
 * The values of a file, in C order: the last axis moves first.
 *
 * @param bytes all of the file
 * @throws UserError when it has more or fewer than its header promises, or a text is none
 */
export function npyValues(name: string, head: NpyHead, bytes: Uint8Array): Numbers | readonly string[] {
  proveLength(name, head, bytes.length);
  const { kind, shape, start, isFortran, isSwapped } = head;
  // What gunzip and files give may be a Buffer, whose `slice` copies nothing.
  const values = new Uint8Array(bytes.buffer, bytes.byteOffset + start, bytes.length - start);
  if (kind.numbers === undefined) {
    if (values.length / kind.bytes > mostTexts)
      throw failure(
        'data-file-too-large',
        `${name} holds ${showCount(values.length / kind.bytes)} texts, more than the ` +
          `${showCount(mostTexts)} that are read`,
        "Save labels as whole numbers, and name the classes in the file's `targets`.",
      );
    const texts = textsOf(head, values);
    if (!isFortran) return texts;
    const turned: string[] = [];
    inFortranOrder(shape, (k, from) => (turned[k] = texts[from]!));
    return turned;
  }
  const turned = isSwapped && kind.bytes > 1;
  const isAligned = values.byteOffset % kind.bytes === 0;
  const own = turned || !isAligned || !(values.buffer instanceof ArrayBuffer) ? Uint8Array.from(values) : values;
  if (turned) swap(own, kind.bytes);
  const numbers = kind.numbers(own as Uint8Array<ArrayBuffer>);
  return isFortran && shape.length > 1 ? inRows(numbers, shape) : numbers;
}

function swap(bytes: Uint8Array, size: number): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (size === 2) buffer.swap16();
  else if (size === 4) buffer.swap32();
  else buffer.swap64();
}

/** Texts that an array may hold: each is an object of its own. */
const mostTexts = 10_000_000;

/** Texts of a fixed length, in UCS-4 or bytes; zeros at the end fill them up. */
function textsOf({ kind, length, isSwapped }: NpyHead, values: Uint8Array): readonly string[] {
  const utf8 = new TextDecoder();
  const view = new DataView(values.buffer, values.byteOffset, values.byteLength);
  return Array.from({ length: length / kind.bytes }, (_, i) => {
    const at = i * kind.bytes;
    if (kind.isUnicode !== true) return utf8.decode(values.subarray(at, at + kind.bytes)).replace(/\0+$/, '');
    let text = '';
    for (let place = at; place < at + kind.bytes; place += 4) {
      const code = view.getUint32(place, !isSwapped);
      text += String.fromCodePoint(code > 0x10ffff ? 0xfffd : code);
    }
    return text.replace(/\0+$/, '');
  });
}

/** Visits each place of C order, with the one where that value lies with the first axis moving first. */
function inFortranOrder(shape: readonly number[], visit: (place: number, from: number) => void): void {
  const steps = shape.map((_, axis) => sizeOf(shape.slice(0, axis)));
  const at = shape.map(() => 0);
  let from = 0;
  for (let k = 0; k < sizeOf(shape); k++) {
    visit(k, from);
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += steps[axis]!;
      if (++at[axis]! < shape[axis]!) break;
      from -= steps[axis]! * shape[axis]!;
      at[axis] = 0;
    }
  }
}

function inRows(values: Numbers, shape: readonly number[]): Numbers {
  const turned = values.slice();
  inFortranOrder(shape, (k, from) => (turned[k] = values[from]!));
  return turned;
}

/** Reads a .npy file of numbers. @throws UserError when it is damaged, or holds anything else */
export function parseNpy(name: string, bytes: Uint8Array): Tensor {
  const head = readNpyHead(name, bytes);
  const values = npyValues(name, head, bytes);
  if (isTexts(values))
    throw bad(name, `its values are ${head.kind.name}`, "Save it as numbers: `a.astype('float32')`.");
  return { shape: head.shape, values };
}

/** Whether the values of an array are texts. */
export const isTexts = (values: Numbers | readonly string[]): values is readonly string[] => Array.isArray(values);
