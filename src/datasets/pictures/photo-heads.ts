import { Damage, type FoundHead, type ReadAt } from '../found-head.ts';

const cutShort = () => new Damage('it is cut short');

/** Bytes that must be there. */
function viewOf(readAt: ReadAt, offset: number, length: number): DataView {
  const bytes = readAt(offset, length);
  if (bytes.length < length) throw cutShort();
  return new DataView(bytes.buffer, bytes.byteOffset, length);
}

const latin1 = (view: DataView, at: number, length: number) =>
  String.fromCharCode(...Array.from({ length }, (_, k) => view.getUint8(at + k)));

const plain = { depth: 8, alpha: false, several: false, cmyk: false, orientation: 1 } as const;

/** Segments before a JPEG file's size; cameras write ten, some of them profiles in parts. */
const mostSegments = 1000;

/** The segments of a JPEG file's head: what each is, where what it holds begins, and how long that is. */
function* segmentsOf(readAt: ReadAt): Generator<{ readonly kind: number; readonly at: number; readonly size: number }> {
  for (let [at, count] = [2, 0]; count < mostSegments; count++) {
    const start = viewOf(readAt, at, 4);
    if (start.getUint8(0) !== 0xff) throw new Damage('a segment of its head does not begin as one');
    const kind = start.getUint8(1);
    const length = start.getUint16(2);
    // Bytes that only fill stand before it.
    if (kind === 0xff) at++;
    else {
      yield { kind, at: at + 4, size: length - 2 };
      at += 2 + length;
    }
  }
}

const scan = 0xda;

/** What a JPEG file says of itself (ITU-T T.81, B.2; EXIF 2.3, 4.5.2). @throws Damage where it is none */
export function jpegHead(readAt: ReadAt): FoundHead {
  let orientation = 1;
  for (const { kind, at, size } of segmentsOf(readAt)) {
    if (kind >= 0xc0 && kind <= 0xcf && kind !== 0xc4 && kind !== 0xc8 && kind !== 0xcc) {
      const frame = viewOf(readAt, at, 6);
      const samples = frame.getUint8(5);
      return {
        ...plain,
        depth: frame.getUint8(0),
        height: frame.getUint16(1),
        width: frame.getUint16(3),
        channels: samples === 1 ? 1 : 3,
        cmyk: samples === 4,
        orientation,
      };
    }
    if (kind === scan || kind === 0xd9) break;
    if (kind === 0xe1 && size >= 14 && latin1(viewOf(readAt, at, 6), 0, 6) === 'Exif\0\0')
      orientation = orientationIn(shifted(readAt, at + 6));
  }
  throw new Damage('it has no frame (marker SOF)');
}

/** Whether a JPEG file has an end: in pixels, no byte follows ff but 0. */
export function jpegEnds(bytes: Buffer): boolean {
  try {
    for (const { kind, at } of segmentsOf((offset, length) => bytes.subarray(offset, offset + length)))
      if (kind === scan) return bytes.includes(Buffer.from([0xff, 0xd9]), at);
  } catch (error) {
    if (!(error instanceof Damage)) throw error;
  }
  return false;
}

const shifted =
  (readAt: ReadAt, by: number): ReadAt =>
  (offset, length) =>
    readAt(by + offset, length);

/** The orientation that EXIF data says; 1 where it says none that there is. */
function orientationIn(readAt: ReadAt): number {
  try {
    const said = tagsOf(readAt).tags.get(0x0112) ?? 1;
    return said >= 1 && said <= 8 ? said : 1;
  } catch (error) {
    // What is about a picture may be damaged where the picture is not.
    if (error instanceof Damage) return 1;
    throw error;
  }
}

/** The whole numbers in the first directory of a TIFF file, which EXIF data is too (TIFF 6.0, section 2). */
function tagsOf(readAt: ReadAt): { readonly tags: ReadonlyMap<number, number>; readonly next: number } {
  const head = viewOf(readAt, 0, 8);
  const little = head.getUint16(0) === 0x4949;
  const first = head.getUint32(4, little);
  const count = viewOf(readAt, first, 2).getUint16(0, little);
  const entries = viewOf(readAt, first + 2, 12 * count);
  const tags = new Map<number, number>();
  for (let at = 0; at < 12 * count; at += 12) {
    const [kind, values] = [entries.getUint16(at + 2, little), entries.getUint32(at + 4, little)];
    if (kind === 4) tags.set(entries.getUint16(at, little), entries.getUint32(at + 8, little));
    if (kind !== 3) continue;
    // Of three or more values, they stand elsewhere; all that are asked for have one value, or alike ones.
    const value =
      values <= 2
        ? entries.getUint16(at + 8, little)
        : viewOf(readAt, entries.getUint32(at + 8, little), 2).getUint16(0, little);
    tags.set(entries.getUint16(at, little), value);
  }
  const end = readAt(first + 2 + 12 * count, 4);
  const next = end.length < 4 ? 0 : new DataView(end.buffer, end.byteOffset, 4).getUint32(0, little);
  return { tags, next };
}

/** What a TIFF file says of its first page (TIFF 6.0, section 8). @throws Damage where it is cut short */
export function tiffHead(readAt: ReadAt): FoundHead {
  const { tags, next } = tagsOf(readAt);
  const kind = tags.get(262) ?? 1;
  const orientation = tags.get(274) ?? 1;
  return {
    ...plain,
    width: tags.get(256) ?? 0,
    height: tags.get(257) ?? 0,
    depth: tags.get(258) ?? 1,
    channels: kind <= 1 ? 1 : 3,
    alpha: tags.has(338),
    cmyk: kind === 5,
    several: next !== 0,
    orientation: orientation >= 1 && orientation <= 8 ? orientation : 1,
  };
}

/** What a WebP file says of itself (RFC 9649, 2.5 to 2.7). @throws Damage where it is cut short */
export function webpHead(readAt: ReadAt): FoundHead {
  const head = viewOf(readAt, 0, 30);
  const size = head.getUint32(4, true) + 8;
  if (readAt(size - 1, 1).length === 0) throw cutShort();
  const kind = latin1(head, 12, 4);
  if (kind === 'VP8 ')
    return {
      ...plain,
      width: head.getUint16(26, true) & 0x3fff,
      height: head.getUint16(28, true) & 0x3fff,
      channels: 3,
    };
  if (kind === 'VP8L') {
    const bits = head.getUint32(21, true);
    return {
      ...plain,
      width: (bits & 0x3fff) + 1,
      height: ((bits >> 14) & 0x3fff) + 1,
      channels: 3,
      alpha: (bits & 0x10000000) !== 0,
    };
  }
  if (kind !== 'VP8X') throw new Damage('it has no picture (chunk VP8)');
  const flags = head.getUint8(20);
  const three = (at: number) => head.getUint16(at, true) + (head.getUint8(at + 2) << 16) + 1;
  return {
    ...plain,
    width: three(24),
    height: three(27),
    channels: 3,
    alpha: (flags & 0x10) !== 0,
    several: (flags & 0x02) !== 0,
    orientation: (flags & 0x08) === 0 ? 1 : webpOrientation(readAt, size),
  };
}

function webpOrientation(readAt: ReadAt, end: number): number {
  for (let [at, count] = [12, 0]; at + 8 <= end && count < mostSegments; count++) {
    const chunk = viewOf(readAt, at, 8);
    const length = chunk.getUint32(4, true);
    if (latin1(chunk, 0, 4) === 'EXIF') {
      const marked = length >= 6 && latin1(viewOf(readAt, at + 8, 6), 0, 6) === 'Exif\0\0';
      return orientationIn(shifted(readAt, at + 8 + (marked ? 6 : 0)));
    }
    at += 8 + length + (length % 2);
  }
  return 1;
}

/** Blocks of a GIF file that are passed over to see whether a second picture follows: 16 MB of it. */
const mostBlocks = 65_536;

/** What a GIF file says of itself (GIF89a, 18 to 26). @throws Damage where it is cut short */
export function gifHead(readAt: ReadAt): FoundHead {
  const head = viewOf(readAt, 0, 13);
  const tableSize = (flags: number) => (flags < 0x80 ? 0 : 3 * 2 ** ((flags & 7) + 1));
  const found = {
    ...plain,
    width: head.getUint16(6, true),
    height: head.getUint16(8, true),
    channels: 3 as const,
  };
  let [at, frames, alpha] = [13 + tableSize(head.getUint8(10)), 0, false];
  for (let blocks = 0; blocks < mostBlocks; blocks++) {
    const kind = viewOf(readAt, at, 1).getUint8(0);
    if (kind === 0x3b) break;
    if (kind === 0x2c) {
      if (++frames === 2) break;
      at += 11 + tableSize(viewOf(readAt, at, 10).getUint8(9));
    } else if (kind === 0x21) {
      const extension = viewOf(readAt, at, 4);
      if (extension.getUint8(1) === 0xf9 && frames === 0) alpha = (extension.getUint8(3) & 1) === 1;
      at += 2;
    } else throw new Damage('a block of it does not begin as one');
    for (let length = 1; length > 0 && blocks < mostBlocks; blocks++) {
      length = viewOf(readAt, at, 1).getUint8(0);
      at += 1 + length;
    }
  }
  return { ...found, alpha, several: frames > 1 };
}
