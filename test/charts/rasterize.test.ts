import { Resvg } from '@resvg/resvg-js';
import { decode } from 'fast-png';
import { expect, test } from 'vitest';
import { rasterize } from '../../src/charts/rasterize.ts';

const svg = (text: string): string =>
  '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="40">' +
  `<text x="5" y="25" font-size="18" font-family="Inter, sans-serif">${text}</text></svg>`;

test('writes a PNG on white paper, at twice the size', async () => {
  const png = await rasterize(svg('Hg'));
  expect([...png.subarray(0, 8)]).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const { width, height, data } = decode(png);
  expect([width, height]).toEqual([400, 80]);
  expect([...data.subarray(0, 4)]).toEqual([255, 255, 255, 255]);
  expect(await rasterize(svg('Hg'))).toEqual(png);
});

test.each(['Latin', 'Кириллица', 'Ελληνικά'])(
  'draws %s with the shipped font where the system has none',
  async (text) => {
    const bare = new Resvg(svg(text), { background: 'white', font: { loadSystemFonts: false } }).render();
    expect(inkOf(bare.pixels)).toBe(0);
    expect(inkOf(decode(await rasterize(svg(text))).data)).toBeGreaterThan(500);
  },
);

test('tells letters apart, so they are letters and not boxes', async () => {
  expect(await rasterize(svg('Ж'))).not.toEqual(await rasterize(svg('Я')));
});

function inkOf(data: ArrayLike<number>): number {
  let ink = 0;
  for (let i = 0; i < data.length; i += 4) if (data[i]! < 128) ink++;
  return ink;
}
