import sharp, { type Sharp } from 'sharp';

/** A smooth picture with a mark in one corner, so that each way of turning it is another picture. */
export function pixels(width: number, height: number, channels: 1 | 3 | 4): Buffer {
  return Buffer.from(
    Array.from({ length: width * height * channels }, (_, at) => {
      const [x, y, k] = [Math.floor(at / channels) % width, Math.floor(at / channels / width), at % channels];
      if (k === 3) return 255;
      const isMark = x < width / 4 && y < height / 4;
      return isMark ? 240 - 40 * k : Math.round((160 * x) / width + (80 * y) / height) / (k + 1);
    }),
  );
}

const made = (channels: 1 | 3, width = 24, height = 16): Sharp =>
  sharp(pixels(width, height, channels), { raw: { width, height, channels } });

/** Pictures of each kind that sharp can write, by their names. */
export const photos: Readonly<Record<string, () => Promise<Buffer>>> = {
  ...Object.fromEntries(
    [1, 2, 3, 4, 5, 6, 7, 8].map((orientation) => [
      `turned-${orientation}.jpg`,
      () => made(3).withMetadata({ orientation }).jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer(),
    ]),
  ),
  'grey.jpg': () => made(1).toColourspace('b-w').jpeg({ quality: 95 }).toBuffer(),
  'progressive.jpeg': () => made(3).jpeg({ progressive: true, quality: 95 }).toBuffer(),
  'lossy.webp': () => made(3).webp({ quality: 95 }).toBuffer(),
  'lossless.webp': () => made(3).webp({ lossless: true }).toBuffer(),
  'turned-6.webp': () => made(3).withMetadata({ orientation: 6 }).webp({ lossless: true }).toBuffer(),
  'plain.tiff': () => made(3).tiff({ compression: 'lzw' }).toBuffer(),
  'grey.tif': () => made(1).toColourspace('b-w').tiff({ compression: 'deflate' }).toBuffer(),
  'turned-8.tif': () => made(3).withMetadata({ orientation: 8 }).tiff({ compression: 'none' }).toBuffer(),
  'colours.gif': () => made(3).gif({ dither: 0 }).toBuffer(),
  'colours.png': () => made(3).png().toBuffer(),
};

/** Two frames, one above the other, as sharp takes them. */
export const animated = (format: 'gif' | 'webp'): Promise<Buffer> => {
  const frames = sharp(Buffer.concat([Buffer.alloc(8 * 6 * 3, 200), Buffer.alloc(8 * 6 * 3, 20)]), {
    raw: { width: 8, height: 12, channels: 3, pageHeight: 6 },
  });
  return format === 'gif' ? frames.gif().toBuffer() : frames.webp({ lossless: true }).toBuffer();
};
