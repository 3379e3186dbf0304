import { expect, test } from 'vitest';
import { classPaints } from '../../src/charts/palette.ts';

/** L*, a* and b* of a colour (CIE 1976, D65). */
function lab(paint: string): readonly [number, number, number] {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const value = parseInt(paint.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  const f = (t: number) => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const x = f((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
  const y = f(0.2126729 * r + 0.7151522 * g + 0.072175 * b);
  const z = f((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

// About 2.3 can just be told apart (Mahy et al. 1994); the bounds are what this palette keeps, rounded down.
test.each([
  [6, 50],
  [12, 25],
  [21, 20],
])('of the first %d paints of classes, each two differ by %d', (count, least) => {
  expect(classPaints.length).toBeGreaterThanOrEqual(count);
  const colours = classPaints.slice(0, count).map(lab);
  const differences = colours.flatMap((one, i) =>
    colours.slice(i + 1).map((other) => Math.hypot(...one.map((value, k) => value - other[k]!))),
  );
  expect(Math.min(...differences)).toBeGreaterThan(least);
});
