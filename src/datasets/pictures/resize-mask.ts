import { Type } from 'typebox';
import { wholeNumber } from '../../base/numbers.ts';

const length = (what: string) => wholeNumber({ description: `${what} in pixels.`, minimum: 1, maximum: 4096 });

/** The option for the size of pictures that have masks: what is beside a picture has no class, so all is filled. */
export const maskResizeOption = Type.Optional(
  Type.Object(
    {
      width: length('Width'),
      height: length('Height'),
      fit: Type.Enum(['cover', 'fill'], {
        description: '`cover` fills the size and cuts off what is too long, on both sides alike; `fill` stretches.',
        default: 'cover',
      }),
    },
    {
      description:
        'The size that each picture is brought to, and its mask (to the nearest value). Without it: all must have one.',
      additionalProperties: false,
      examples: [{ width: 64, height: 64 }],
    },
  ),
);

/**
 * Brings a mask to another size as sharp does pictures, but so that each value is one of its own.
 *
 * @param size its height and width
 */
export function nearest(
  values: Uint8Array,
  [high, wide]: readonly [number, number],
  { width, height, fit }: { readonly width: number; readonly height: number; readonly fit: 'cover' | 'fill' },
): Uint8Array {
  const scales = [height / high, width / wide] as const;
  const most = Math.max(...scales);
  // Of a picture that is filled, what is cut off is as long on both sides.
  const from = (out: number, of: number, scale: number) =>
    Array.from({ length: out }, (_, at) =>
      Math.min(of - 1, Math.max(0, Math.floor((at + 0.5 - out / 2) / scale + of / 2))),
    );
  const rows = from(height, high, fit === 'fill' ? scales[0] : most);
  const columns = from(width, wide, fit === 'fill' ? scales[1] : most);
  const resized = new Uint8Array(height * width);
  rows.forEach((row, y) =>
    columns.forEach((column, x) => {
      resized[y * width + x] = values[row * wide + column]!;
    }),
  );
  return resized;
}
