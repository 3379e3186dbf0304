import { r as __exportAll } from "./rolldown-runtime-C1I3wEg2.js";
import { n as palette } from "./palette-BFDCOR0F.js";
import { createRequire } from "node:module";
// src/charts/rasterize.ts
var rasterize_exports = /* @__PURE__ */ __exportAll({ rasterize: () => rasterize });
const require = createRequire(import.meta.url);
const FONT_FILES = ["400Regular/Inter_400Regular.ttf", "600SemiBold/Inter_600SemiBold.ttf"];
const BEYOND_INTER = /[\u{530}-\u{1cff}\u{2c00}-\u{10ffff}]/u;
/**
* Draws an SVG figure on white paper.
*
* @param scale pixels per unit of the figure; 2 is sharp on the screens of today
* @returns the bytes of a PNG file, the same on every machine
*/
async function rasterize(svg, scale = 2) {
	const { Resvg } = await import("@resvg/resvg-js");
	return new Resvg(svg, {
		background: palette.paper.light,
		fitTo: {
			mode: "zoom",
			value: scale
		},
		imageRendering: 1,
		font: {
			fontFiles: FONT_FILES.map((file) => require.resolve(`@expo-google-fonts/inter/${file}`)),
			loadSystemFonts: BEYOND_INTER.test(svg),
			defaultFontFamily: "Inter"
		}
	}).render().asPng();
}
export { rasterize_exports as n, rasterize as t };
