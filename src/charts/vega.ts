import type { Config, TopLevelSpec } from 'vega-lite';
import type { Drawing } from './figure.ts';
import { palette } from './palette.ts';
import { FONT, textWidth } from './fit-text.ts';

const { ink, muted, grid } = palette;

const CONFIG: Config = {
  font: FONT,
  background: 'transparent',
  padding: 0,
  aria: false,
  view: { stroke: null },
  axis: {
    labelFontSize: 12,
    labelColor: muted.light,
    labelPadding: 6,
    titleFontSize: 12,
    titleFontWeight: 400,
    titleColor: muted.light,
    titlePadding: 10,
    gridColor: grid.light,
    domainColor: grid.light,
    tickColor: grid.light,
    ticks: false,
  },
  legend: { labelFontSize: 12, labelColor: ink.light, symbolSize: 90, labelLimit: 0 },
  title: { anchor: 'start', frame: 'group', fontSize: 13, fontWeight: 600, color: ink.light, offset: 12 },
  concat: { spacing: 40 },
};

/** One plot inside a specification. */
export type View = Extract<TopLevelSpec, { hconcat: unknown }>['hconcat'][number];

/** One of the marks drawn on top of one another in a plot. */
export type Layer = Extract<View, { layer: unknown }>['layer'][number];

/** Vega exports it, and its types leave it out. */
interface TextMetrics {
  width: (item: { fontSize?: number }, text: unknown) => number;
}

/**
 * How an axis writes its numbers: as people do where that is short, else with an exponent. An expression and no format,
 * as Vega cuts that of an axis down to the digits that tell its ticks apart, which makes 70 a `7e+1`.
 */
export const numberLabels = {
  labelExpr:
    "datum.value !== 0 && (abs(datum.value) >= 1e7 || abs(datum.value) < 1e-4) ? format(datum.value, '~e') : " +
    "format(datum.value, ',.12~r')",
} as const;

/**
 * Draws a Vega-Lite specification. Texts from outside belong into data or parameters, never into an expression.
 */
export async function drawVega(spec: TopLevelSpec): Promise<Drawing> {
  const [vega, vegaLite] = await Promise.all([import('vega'), import('vega-lite')]);
  // Without a canvas Vega guesses 0.8 em per character, which is half as wide again as the font is.
  const { textMetrics } = vega as { textMetrics?: TextMetrics };
  textMetrics!.width = (item, text) =>
    textWidth(String((text as string | number | undefined) ?? ''), item.fontSize ?? 11);
  // Ids inside the SVG count up over the life of the process; the same input has to give the same bytes.
  vega.resetSVGDefIds();
  const view = new vega.View(vega.parse(vegaLite.compile(spec, { config: CONFIG }).spec), { renderer: 'none' });
  const svg = await view.toSVG();
  view.finalize();
  const [, width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg)!;
  const body = svg.slice(svg.indexOf('>') + 1, svg.lastIndexOf('</svg>'));
  return { width: Number(width), height: Number(height), body };
}
