import { showCount } from '../base/quantities.ts';
import type { Figure, Pictures, RunChart, ShownSamples } from './chart.ts';
import { drawFigure } from './figure.ts';
import { escape, fitText, fitTexts } from './fit-text.ts';
import { drawImage } from './image-tile.ts';
import { palette } from './palette.ts';

const [SIZE, GAP, NAMES, ACROSS] = [72, 8, 116, 8];
const [LINE, CELL] = [22, 104];

/** Some training samples of each class. */
export const trainingSamples: RunChart = {
  of: 'run',
  needs: 'pictures of bytes, recordings, or a table',
  fits: ({ shown }) => shown !== undefined,
  draw: ({ shown }) => drawSheet(shown!),
};

/** Draws samples as a sheet: pictures class by class, or the rows of a table. */
export async function drawSheet(shown: ShownSamples): Promise<Figure> {
  const { groups, classes, pictures, table } = shown;
  const samples = groups.reduce((sum, { rows }) => sum + rows.length, 0);
  const some = classes > groups.length ? `${groups.length} of the ${showCount(classes)} classes` : 'each class';
  const columns =
    table === undefined || table.more === 0 ? '' : ` ${showCount(table.more)} more columns are not shown.`;
  const caption =
    `${showCount(samples)} training samples picked at random${classes === 0 ? '' : ` from ${some}`}: ` +
    `what is wrong with data is often seen at once.${columns}`;
  const drawing = pictures === undefined ? drawRows(shown) : await drawPictures(shown, pictures);
  return drawFigure('Training samples', caption, drawing);
}

async function drawPictures({ groups }: ShownSamples, pictures: Pictures) {
  const left = groups.some(({ name }) => name !== undefined) ? NAMES : 0;
  const names = fitTexts(
    groups.map(({ name = '' }) => name),
    NAMES - 12,
    13,
  );
  const parts: string[] = [];
  let line = 0;
  for (const [k, { rows, count }] of groups.entries()) {
    const y = line * (SIZE + GAP);
    if (left > 0)
      parts.push(
        text(0, y + SIZE / 2, names[k]!, `font-size="13" font-weight="600" fill="${palette.ink.light}"`),
        text(0, y + SIZE / 2 + 17, showCount(count), `font-size="12" fill="${palette.muted.light}"`),
      );
    for (const [i, row] of rows.entries()) {
      const box = { x: left + (i % ACROSS) * (SIZE + GAP), y: y + Math.floor(i / ACROSS) * (SIZE + GAP), size: SIZE };
      parts.push(await drawImage(pictures, row, box));
    }
    line += Math.max(1, Math.ceil(rows.length / ACROSS));
  }
  const across = Math.min(ACROSS, Math.max(1, ...groups.map(({ rows }) => rows.length)));
  return { width: left + across * (SIZE + GAP) - GAP, height: line * (SIZE + GAP) - GAP, body: parts.join('') };
}

function drawRows({ table }: ShownSamples) {
  const { columns, cells } = table!;
  const heads = fitTexts(columns, CELL - 10, 12);
  const width = columns.length * CELL;
  const rule = (y: number) => `<path d="M0 ${y}H${width}" stroke="${palette.grid.light}"/>`;
  const line = (texts: readonly string[], y: number, style: string) =>
    texts.map((cell, k) => text(k * CELL, y, fitText(cell, CELL - 10, 12), `font-size="12" ${style}`)).join('');
  const body = [
    line(heads, 14, `fill="${palette.muted.light}"`),
    ...cells.map((row, k) => rule((k + 1) * LINE) + line(row, (k + 1) * LINE + 15, `fill="${palette.ink.light}"`)),
  ].join('');
  return { width, height: (cells.length + 1) * LINE, body };
}

const text = (x: number, y: number, content: string, style: string) =>
  `<text x="${x}" y="${y}" ${style}>${escape(content)}</text>`;
