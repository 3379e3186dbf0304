import type { Figure } from './chart.ts';
import { escape } from './fit-text.ts';
import { REPORT_STYLE } from './report-style.ts';
import { scroll } from './report-table.ts';

/**
 * One HTML page that needs nothing else: no script, no address, no file.
 *
 * @param name plain text
 * @param about trusted markup, below the name
 * @param parts trusted markup
 */
export function renderPage(name: string, about: string, parts: readonly string[]): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(name)} · report</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
<main>
<header>
<h1>${escape(name)}</h1>
${about}
</header>
${parts.join('\n')}
</main>
</body>
</html>
`;
}

/** Facts with their names, in large letters: in one row, or two that are as long. Both are plain text. */
export function renderTiles(facts: readonly (readonly [name: string, value: string])[]): string {
  const each = facts.map(([name, value]) => `<div><dt>${escape(name)}</dt><dd>${escape(value)}</dd></div>`);
  const [all, half] = [facts.length, Math.ceil(facts.length / 2)];
  return `<dl class="tiles" style="--all:${all};--half:${half}">\n${each.join('\n')}\n</dl>`;
}

/** Pixels of a figure's frame and padding. */
const around = 18;

/** Figures side by side, as many as there is room for. */
export function renderFigures(figures: readonly Figure[]): string {
  const each = figures.map(({ title, caption, width, svg }) => {
    // In its natural width, so that the titles of all are alike. Where there is no room, down to two thirds of it:
    // below, a figure scrolls by itself, as its text would get too small.
    const image = `<div style="min-width:${Math.round(0.66 * width)}px;max-width:${width}px">${svg}</div>`;
    const text = `<figcaption>${escape(caption)}</figcaption>`;
    return `<figure style="flex:${width} 1 ${width + around}px">${scroll(title, image)}${text}</figure>`;
  });
  return `<div class="figures">\n${each.join('\n')}\n</div>`;
}
