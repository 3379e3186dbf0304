import { escape, fitText, fitTexts, textWidth } from '../fit-text.ts';
import { palette } from '../palette.ts';
import type { Axis } from './axis.ts';

/** A place in pixels. */
export type Point = readonly [x: number, y: number];

/** Tenths of a pixel are seen by nobody, and their digits would be most of the page. */
const short = (pixels: number) => String(Number(pixels.toFixed(1)));
const place = ([x, y]: Point) => `${short(x)} ${short(y)}`;

/** How a line is drawn. */
export interface Stroke {
  readonly color: string;
  readonly width: number;
  /** 1 where left out. */
  readonly opacity?: number;
  readonly dashed?: true;
}

/** Lines as one path; a line of fewer than two points is none. */
export function drawLines(lines: readonly (readonly Point[])[], { color, width, opacity = 1, dashed }: Stroke): string {
  const d = lines
    .filter((line) => line.length > 1)
    .map((line) => `M${line.map(place).join('L')}`)
    .join('');
  const more = `${opacity === 1 ? '' : ` stroke-opacity="${opacity}"`}${dashed ? ' stroke-dasharray="4 4"' : ''}`;
  return d === ''
    ? ''
    : `<path d="${d}" fill="none" stroke="${color}" stroke-width="${width}" stroke-linejoin="round"${more}/>`;
}

/** What lies between two lines over the same places; nothing of a single place. */
export function drawBand(
  upper: readonly Point[],
  lower: readonly Point[],
  { color, opacity }: { readonly color: string; readonly opacity: number },
): string {
  const d = `M${[...upper, ...lower.toReversed()].map(place).join('L')}Z`;
  return upper.length < 2 ? '' : `<path d="${d}" fill="${color}" fill-opacity="${opacity}" stroke="none"/>`;
}

/** Points as one path of lines without length, which have round ends: a tenth of the bytes of circles. */
export function drawDots(points: readonly Point[], { color, width, opacity = 1 }: Stroke): string {
  const d = points.map((point) => `M${place(point)}h0`).join('');
  const more = opacity === 1 ? '' : ` stroke-opacity="${opacity}"`;
  return d === ''
    ? ''
    : `<path d="${d}" fill="none" stroke="${color}" stroke-width="${width}" stroke-linecap="round"${more}/>`;
}

/** What is written, and how. */
export interface Label {
  readonly anchor?: 'middle' | 'end';
  readonly color?: string;
  readonly bold?: true;
  /** In the paper's colour around it, to be readable on top of lines. */
  readonly halo?: true;
}

/** A text of 12 pixels with its base line at a place. */
export function drawText(
  [x, y]: Point,
  text: string,
  { anchor, color = palette.muted.light, bold, halo }: Label = {},
): string {
  const more = `${anchor === undefined ? '' : ` text-anchor="${anchor}"`}${bold ? ' font-weight="600"' : ''}`;
  const at = `<text x="${short(x)}" y="${short(y)}" font-size="12"${more}`;
  const under = halo ? `${at} stroke="${palette.paper.light}" stroke-width="4" fill="none">${escape(text)}</text>` : '';
  return `${under}${at} fill="${color}">${escape(text)}</text>`;
}

/** Paths, each cut to its end where it is wider than `width`: that is what tells them apart, and what people know. */
export function fitPaths(paths: readonly string[], width: number): readonly string[] {
  const short = paths.map((path) => {
    if (textWidth(path, 12) <= width) return path;
    const parts = path.split('.');
    const ends = parts.map((_, i) => `…${parts.slice(i).join('.')}`).slice(1);
    return ends.find((end) => textWidth(end, 12) <= width) ?? path;
  });
  return fitTexts(new Set(short).size === new Set(paths).size ? short : paths, width, 12);
}

/** A plot's place: its corner, and how large it is. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Where a value of an upright axis lies in a box, which 1 is the top of. */
export const heightIn = ({ y, height }: Box, at: number): number => y + (1 - at) * height;

/** Lines across the box for the ticks of an upright axis, and their texts on its left. */
export function drawUpright(box: Box, axis: Axis): string {
  const lines = axis.ticks.map(({ at }): Point[] => [
    [box.x, heightIn(box, at)],
    [box.x + box.width, heightIn(box, at)],
  ]);
  const texts = axis.ticks.map(({ at, text }) =>
    drawText([box.x - 8, heightIn(box, at) + 4], fitText(text, 60, 12), { anchor: 'end' }),
  );
  return drawLines(lines, { color: palette.grid.light, width: 1 }) + texts.join('');
}

/**
 * The texts of a level axis below the box, each with the room that its neighbours leave, and none where they leave
 * none.
 */
export function drawLevel(box: Box, axis: Axis): string {
  const room = box.width / Math.max(1, axis.ticks.length) - 12;
  const texts = fitTexts(
    axis.ticks.map(({ text }) => text),
    Math.max(room, 36),
    12,
  );
  const every = Math.ceil(36 / Math.max(1, room));
  return axis.ticks
    .map(({ at }, i) =>
      i % every === 0
        ? drawText([box.x + at * box.width, box.y + box.height + 18], texts[i]!, { anchor: 'middle' })
        : '',
    )
    .join('');
}
