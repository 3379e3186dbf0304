import { Type } from 'typebox';
import type { Canvas } from './augmentation.ts';
import { fillValueOption } from './augmentation.ts';

/** What stands beyond the edges of a picture. */
export interface Filling {
  readonly fillMode: 'constant' | 'nearest' | 'reflect';
  readonly fillValue: number;
}

/** Options of what moves pictures. */
export const fillingOptions = {
  fillMode: Type.Enum(['constant', 'nearest', 'reflect'], {
    description:
      'What comes in from beyond the edges: `constant` the fillValue, `nearest` the values of the edge, ' +
      '`reflect` the picture mirrored at its edges.',
    default: 'constant',
  }),
  fillValue: fillValueOption,
};

/** The place that one beyond the edges of an axis stands for; -1 where it is the constant. */
function placeIn(size: number, at: number, mode: Filling['fillMode']): number {
  if (at >= 0 && at < size) return at;
  if (mode === 'constant') return -1;
  if (mode === 'nearest') return at < 0 ? 0 : size - 1;
  const period = 2 * size;
  const folded = ((at % period) + period) % period;
  return folded < size ? folded : period - 1 - folded;
}

/** Moves a picture by whole places, down and to the right: its values stay the same to the bit. */
export function move(canvas: Canvas, down: number, right: number, { fillMode, fillValue }: Filling): void {
  const { height, width, channels, from, to } = canvas;
  let at = 0;
  for (let y = 0; y < height; y++) {
    const row = placeIn(height, y - down, fillMode);
    for (let x = 0; x < width; x++) {
      const column = row < 0 ? -1 : placeIn(width, x - right, fillMode);
      const source = (row * width + column) * channels;
      for (let c = 0; c < channels; c++) to[at++] = column < 0 ? fillValue : from[source + c]!;
    }
  }
}

/**
 * Draws a picture anew about its middle, by bilinear interpolation: the place (y, x) from the middle takes what stood
 * at (yy * y + yx * x, xy * y + xx * x) from it. Beyond the edges stands the filling, which is interpolated with too,
 * as scipy.ndimage.affine_transform has it with `grid-constant`, `nearest` and `reflect` at order 1.
 */
export function transform(
  canvas: Canvas,
  yy: number,
  yx: number,
  xy: number,
  xx: number,
  { fillMode, fillValue }: Filling,
): void {
  const { height, width, channels, from, to } = canvas;
  const middleY = (height - 1) / 2;
  const middleX = (width - 1) / 2;
  let at = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const sourceY = middleY + yy * (y - middleY) + yx * (x - middleX);
      const sourceX = middleX + xy * (y - middleY) + xx * (x - middleX);
      const top = Math.floor(sourceY);
      const left = Math.floor(sourceX);
      const below = sourceY - top;
      const beside = sourceX - left;
      if (top >= 0 && top < height - 1 && left >= 0 && left < width - 1) {
        let first = (top * width + left) * channels;
        for (const end = first + channels; first < end; first++) {
          const upper = from[first]! + (from[first + channels]! - from[first]!) * beside;
          const next = first + width * channels;
          const lower = from[next]! + (from[next + channels]! - from[next]!) * beside;
          to[at++] = upper + (lower - upper) * below;
        }
        continue;
      }
      const row = placeIn(height, top, fillMode);
      const nextRow = placeIn(height, top + 1, fillMode);
      const column = placeIn(width, left, fillMode);
      const nextColumn = placeIn(width, left + 1, fillMode);
      for (let c = 0; c < channels; c++) {
        const a = row < 0 || column < 0 ? fillValue : from[(row * width + column) * channels + c]!;
        const b = row < 0 || nextColumn < 0 ? fillValue : from[(row * width + nextColumn) * channels + c]!;
        const d = nextRow < 0 || column < 0 ? fillValue : from[(nextRow * width + column) * channels + c]!;
        const e = nextRow < 0 || nextColumn < 0 ? fillValue : from[(nextRow * width + nextColumn) * channels + c]!;
        const upper = a + (b - a) * beside;
        const lower = d + (e - d) * beside;
        to[at++] = upper + (lower - upper) * below;
      }
    }
  }
}
