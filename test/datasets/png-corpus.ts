import { deflateSync } from 'node:zlib';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { png } from './png.ts';

/** A kind of PNG file: what a pixel is, and how it is written. */
export interface Kind {
  readonly name: string;
  readonly color: number;
  readonly depth: number;
  readonly interlaced: boolean;
  /** Whether transparency of the picture is in a chunk of its own. */
  readonly chunk: boolean;
}

const samplesOf: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 };

const colors: readonly (readonly [color: number, what: string, depths: readonly number[]])[] = [
  [0, 'grey', [1, 2, 4, 8, 16]],
  [2, 'RGB', [8, 16]],
  [3, 'palette', [1, 2, 4, 8]],
  [4, 'grey and alpha', [8, 16]],
  [6, 'RGBA', [8, 16]],
];

/** All kinds that there are. */
export const kinds: readonly Kind[] = colors.flatMap(([color, what, depths]) =>
  depths.flatMap((depth) =>
    [false, true].flatMap((interlaced) =>
      (color < 4 ? [false, true] : [false]).map((chunk) => ({
        name: `${what} ${depth}${chunk ? ' tRNS' : ''}${interlaced ? ' interlaced' : ''}`,
        color,
        depth,
        interlaced,
        chunk,
      })),
    ),
  ),
);

/** Where passes begin, and how far apart their pixels are: x, y, dx, dy (PNG specification, 8.2). */
export const adam7 = [
  [0, 0, 8, 8],
  [4, 0, 8, 8],
  [0, 4, 4, 8],
  [2, 0, 4, 4],
  [0, 2, 2, 4],
  [1, 0, 2, 2],
  [0, 1, 1, 2],
] as const;

/**
 * Files of a kind, of all sizes from 1 x 1 to 9 x 9, with each filter; half of those with transparency are opaque all
 * the same.
 */
export function filesOf({ color, depth, interlaced, chunk }: Kind): readonly Buffer[] {
  const random = xoroshiro128plus(1000 * color + 10 * depth + 2 * Number(interlaced) + Number(chunk));
  const draw = (below: number) => (random.next() >>> 0) % below;
  return Array.from({ length: 81 }, (_, i) => {
    const [width, height, opaque] = [1 + (i % 9), 1 + Math.floor(i / 9), i % 2 === 0];
    const each = samplesOf[color]!;
    const most = 2 ** depth;
    // Value 0 is the transparent one; a picture without it is opaque.
    const sample = (k: number) => {
      if (color >= 4 && k === each - 1 && (opaque || draw(3) > 0)) return most - 1;
      return chunk && opaque ? 1 + draw(most - 1) : draw(most);
    };
    const pixels = Array.from({ length: width * height }, () => Array.from({ length: each }, (__, k) => sample(k)));
    const lines = (interlaced ? adam7 : [[0, 0, 1, 1] as const]).flatMap(([x0, y0, dx, dy]) => {
      let above: number[] | undefined;
      return Array.from({ length: Math.max(0, Math.ceil((height - y0) / dy)) }, (__, row) => {
        const values = Array.from(
          { length: Math.max(0, Math.ceil((width - x0) / dx)) },
          (___, column) => pixels[(y0 + row * dy) * width + x0 + column * dx]!,
        ).flat();
        const bits = values.map((value) => value.toString(2).padStart(depth, '0')).join('');
        const bytes = (bits.match(/.{1,8}/g) ?? []).map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2));
        const filtered =
          bytes.length === 0
            ? []
            : filter(draw(5), bytes, above ?? bytes.map(() => 0), Math.max(1, (each * depth) / 8));
        above = bytes;
        return filtered;
      });
    });
    const palette = color === 3 ? { palette: Array.from({ length: 3 * Math.min(256, most) }, () => draw(256)) } : {};
    const alphas = chunk ? { alphas: color === 3 ? [draw(255)] : Array.from({ length: 2 * each }, () => 0) } : {};
    return png({
      width,
      height,
      depth,
      color,
      ...(interlaced ? { interlaced: true } : {}),
      rows: [],
      packed: deflateSync(Buffer.from(lines.flat())),
      ...palette,
      ...alphas,
    });
  });
}

/** A row as the filter writes it (9.2). */
function filter(type: number, row: readonly number[], above: readonly number[], step: number): number[] {
  return [
    type,
    ...row.map((byte, i) => {
      const [left, up, corner] = [row[i - step] ?? 0, above[i]!, above[i - step] ?? 0];
      const nearest = [left, up, corner].toSorted(
        (a, b) => Math.abs(left + up - corner - a) - Math.abs(left + up - corner - b),
      )[0]!;
      return (byte - [0, left, up, Math.floor((left + up) / 2), nearest][type]!) & 255;
    }),
  ];
}
