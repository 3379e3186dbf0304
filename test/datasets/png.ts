import { crc32, deflateSync } from 'node:zlib';

/** What a PNG file holds. */
export interface Png {
  readonly width: number;
  /** Left out: as many as there are rows. */
  readonly height?: number;
  readonly depth: number;
  /** 0 grey, 2 RGB, 3 palette, 6 RGBA. */
  readonly color: number;
  readonly interlaced?: true;
  /** Bytes of each row; of an interlaced picture, those of the passes. */
  readonly rows: readonly (readonly number[])[];
  /** Instead of the rows: the pixels as they stand in the file. */
  readonly packed?: Uint8Array;
  readonly palette?: readonly number[];
  readonly alphas?: readonly number[];
  /** Chunks before the pixels. */
  readonly more?: readonly (readonly [type: string, data: Uint8Array])[];
}

/** A PNG file by the specification (w3.org/TR/png-3). */
export function png({
  width,
  height,
  depth,
  color,
  interlaced,
  rows,
  packed,
  palette,
  alphas,
  more = [],
}: Png): Buffer {
  const size = Buffer.alloc(8);
  size.writeUInt32BE(width);
  size.writeUInt32BE(height ?? rows.length, 4);
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', [...size, depth, color, 0, 0, Number(interlaced === true)]),
    ...(palette === undefined ? [] : [chunk('PLTE', palette)]),
    ...(alphas === undefined ? [] : [chunk('tRNS', alphas)]),
    ...more.map(([type, data]) => chunk(type, data)),
    chunk('IDAT', packed ?? deflateSync(Buffer.from(rows.flatMap((row) => [0, ...row])))),
    chunk('IEND', []),
  ]);
}

function chunk(type: string, data: readonly number[] | Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type), Buffer.from(data)]);
  const [length, crc] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length - 4);
  crc.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, crc]);
}

let drawn = 0;

/** A picture like no other: 2 x 1 in greys, or what is given. */
export const newPicture = (given: Partial<Png> = {}): Buffer =>
  png({ width: 2, depth: 8, color: 0, rows: [[++drawn % 256, drawn >> 8]], ...given });
