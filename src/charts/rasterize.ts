import { createRequire } from 'node:module';
import { palette } from './palette.ts';

const require = createRequire(import.meta.url);

// A fresh machine may have no font at all, and two machines rarely have the same.
const FONT_FILES = ['400Regular/Inter_400Regular.ttf', '600SemiBold/Inter_600SemiBold.ttf'];

// What Inter has letters for: Latin, Greek, Cyrillic, punctuation and signs. Only other scripts need the system's
// fonts.
const BEYOND_INTER = /[\u{530}-\u{1cff}\u{2c00}-\u{10ffff}]/u;

/**
 * Draws an SVG figure on white paper.
 *
 * @param scale pixels per unit of the figure; 2 is sharp on the screens of today
 * @returns the bytes of a PNG file, the same on every machine
 */
export async function rasterize(svg: string, scale = 2): Promise<Uint8Array> {
  const { Resvg } = await import('@resvg/resvg-js');
  const picture = new Resvg(svg, {
    background: palette.paper.light,
    fitTo: { mode: 'zoom', value: scale },
    imageRendering: 1,
    font: {
      fontFiles: FONT_FILES.map((file) => require.resolve(`@expo-google-fonts/inter/${file}`)),
      loadSystemFonts: BEYOND_INTER.test(svg),
      defaultFontFamily: 'Inter',
    },
  });
  return picture.render().asPng();
}
