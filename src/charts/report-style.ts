import { palette } from './palette.ts';
import { FONT } from './fit-text.ts';

const shades = Object.entries(palette);
const shadesOf = (of: 'light' | 'dark') => shades.map(([name, shade]) => `--${name}: ${shade[of]};`).join(' ');
/** Figures are drawn in light shades; in the page these are those of the reader's system. */
const ofFigures = shades.map(
  ([name, { light }]) =>
    `svg [fill="${light}"] { fill: var(--${name}) } svg [stroke="${light}"] { stroke: var(--${name}) }`,
);

/*
 * Where not all tiles fit in one row, none may stand alone in a second one. Below the width of all of them the last
 * term is far above any other, so that a tile takes the share of half of them, or 10rem where that is more.
 */
const tileColumns =
  'grid-template-columns: repeat(auto-fit, minmax(max(10rem, ' +
  'min((100% - (var(--half) - 1) * 0.7rem) / var(--half) - 1px, ' +
  '(var(--all) * 10.7rem - 0.7rem - 100%) * 999)), 1fr))';

/** The report's style sheet: one column on a phone, light or dark as the reader's system is. */
export const REPORT_STYLE = `
:root { color-scheme: light dark; ${shadesOf('light')} --ground: #f5f7f9; }
@media (prefers-color-scheme: dark) {
  :root { ${shadesOf('dark')} --ground: #0f1216; }
  ${ofFigures.join('\n  ')}
}
@media print { :root { --ground: white } figure, section { break-inside: avoid } }
* { box-sizing: border-box }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.55 ${FONT}; }
main { max-width: 82rem; margin: 0 auto; padding: 2rem clamp(0.8rem, 3vw, 2.5rem) 3rem; overflow-wrap: anywhere; }
h1 { font-size: clamp(1.5rem, 4vw, 2.1rem); line-height: 1.2; margin: 0; letter-spacing: -0.015em; }
h2 { font-size: 1.15rem; margin: 0 0 0.7rem; }
p { margin: 0.3rem 0; }
.about, figcaption, .note { color: var(--muted); }
.trial { border: 1px solid var(--vermilion); border-left-width: 6px; border-radius: 10px; \
background: var(--paper); padding: 0.6rem 1rem; margin-top: 1rem; }
.tiles { display: grid; ${tileColumns}; gap: 0.7rem; margin: 1.5rem 0; }
.tiles > div, figure, section { background: var(--paper); border: 1px solid var(--grid); border-radius: 10px; }
.tiles > div { padding: 0.8rem 1rem; }
.tiles dt { color: var(--muted); font-size: 0.85rem; }
.tiles dd { margin: 0; font-size: 1.35rem; font-weight: 600; line-height: 1.3; \
font-variant-numeric: tabular-nums; white-space: nowrap; }
.figures { display: flex; flex-wrap: wrap; gap: 1rem; }
section + .figures { margin-top: 1rem; }
figure { margin: 0; padding: 0.5rem; min-width: 0; max-width: 100%; }
.scroll { overflow-x: auto; }
.scroll:focus-visible { outline: 2px solid var(--blue); outline-offset: 2px; }
figure svg { display: block; width: 100%; height: auto; margin: 0 auto; }
figcaption { padding: 0.2rem 1rem 0.6rem; max-width: 60rem; }
section { padding: 1.1rem 1.2rem 1.2rem; margin-top: 1rem; min-width: 0; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; overflow-wrap: normal; }
th, td { text-align: left; padding: 0.4rem 1.2rem 0.4rem 0; border-top: 1px solid var(--grid); \
vertical-align: top; max-width: 38rem; overflow-wrap: break-word; }
thead th { border-top: 0; color: var(--muted); font-weight: 500; vertical-align: bottom; }
tbody th { font-weight: 600; }
.number { text-align: right; }
td.number { white-space: nowrap; }
th:last-child, td:last-child { padding-right: 0; }
code, pre { font: 0.87em/1.55 ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
pre { margin: 0; white-space: pre; overflow-wrap: normal; tab-size: 2; }
pre code { font-size: inherit; }
summary { cursor: pointer; font-weight: 600; }
details > .scroll, .scroll + details { margin-top: 0.7rem; }
`;
