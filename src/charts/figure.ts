import type { OutputResult } from '../base/results.ts';
import type { ChartInput, Figure } from './chart.ts';
import { palette } from './palette.ts';
import { escape, FONT, printable } from './fit-text.ts';

/** What a chart has drawn: SVG elements in a box of `width` x `height`. */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly body: string;
}

/** A title that names the output where there are several. */
export function titleFor(title: string, { evaluation: { outputs } }: ChartInput, { name }: OutputResult): string {
  return outputs.length === 1 ? title : `${title}: ${name}`;
}

const MARGIN = 16;
const TITLE_HEIGHT = 44;

/** Frames a drawing with a margin and its title, as one accessible SVG image. */
export function drawFigure(title: string, caption: string, drawing: Drawing): Figure {
  const width = Math.ceil(drawing.width + 2 * MARGIN);
  const height = Math.ceil(drawing.height + TITLE_HEIGHT + 2 * MARGIN);
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${escape(`${title}. ${caption}`)}" ` +
      `width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${FONT}">`,
    `<text x="${MARGIN}" y="${MARGIN + 18}" font-size="18" font-weight="600" ` +
      `fill="${palette.ink.light}">${escape(title)}</text>`,
    `<g transform="translate(${MARGIN},${MARGIN + TITLE_HEIGHT})">${printable(drawing.body)}</g>`,
    '</svg>',
  ].join('');
  return { title, caption, width, svg };
}
