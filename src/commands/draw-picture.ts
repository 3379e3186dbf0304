import type { PictureShape } from '../datasets/pictures/png-header.ts';

/** Characters from dark to bright. */
const shades = [' ', '░', '▒', '▓', '█'];

/** Columns that a picture takes at most. */
const widest = 56;

/**
 * A picture in characters, each two of its pixels above each other.
 *
 * @param colors whether the terminal has all of them; else greys in five shades
 */
export function drawPicture(values: Uint8Array, shape: PictureShape, colors: boolean): readonly string[] {
  const [height, width, channels] = shape;
  const step = Math.max(1, Math.ceil(width / widest));
  /** The mean of a channel over the pixels that a point stands for. */
  const pointAt = (y: number, x: number, channel: number): number => {
    let [sum, count] = [0, 0];
    for (let row = y * step; row < Math.min(height, (y + 1) * step); row++)
      for (let column = x * step; column < Math.min(width, (x + 1) * step); column++, count++)
        sum += values[(row * width + column) * channels + Math.min(channel, channels - 1)]!;
    return count === 0 ? 0 : Math.round(sum / count);
  };
  const colorAt = (y: number, x: number) => [0, 1, 2].map((channel) => pointAt(y, x, channel));
  const brightness = (color: readonly number[]) => color.reduce((sum, one) => sum + one, 0) / (3 * 256);
  const [rows, columns] = [Math.ceil(height / step / 2), Math.ceil(width / step)];
  return Array.from({ length: rows }, (_, row) => {
    const cells = Array.from({ length: columns }, (__, x) => {
      const [above, below] = [colorAt(2 * row, x), colorAt(2 * row + 1, x)];
      return colors
        ? `\u001b[38;2;${above.join(';')};48;2;${below.join(';')}m▀`
        : shades[Math.floor(((brightness(above) + brightness(below)) / 2) * shades.length)]!;
    });
    return colors ? `${cells.join('')}\u001b[0m` : cells.join('').trimEnd();
  });
}

/** A share of 1 as a bar of at most 30 characters. */
export function drawShare(share: number): string {
  return '█'.repeat(Math.round(share * 30));
}
