import { r as __exportAll } from "./rolldown-runtime-C1I3wEg2.js";
import { ao as showCount } from "./checks-359mGJ3h.js";
import { n as palette } from "./palette-BFDCOR0F.js";
import { i as whereThere } from "./results-0nngyuh7.js";
// src/charts/fit-text.ts
/** The shipped font first, so that pictures come out alike everywhere; the report falls back to what the reader has. */
const FONT = "Inter, system-ui, Segoe UI, Roboto, Helvetica Neue, Arial, sans-serif";
const UNPRINTABLE = /[^\t\n\r\u{20}-\u{7e}\u{a0}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]|[\u{202a}-\u{202e}\u{2066}-\u{2069}]/gu;
/**
* The text with a box (one that our font has) for each character that XML forbids or that turns the reading direction.
*/
function printable(text) {
	return text.replace(UNPRINTABLE, "□");
}
const ENTITIES = {
	"&": "&amp;",
	"<": "&lt;",
	">": "&gt;",
	"\"": "&quot;",
	"'": "&#39;"
};
/** The text as content or attribute value of XML and HTML: whatever it holds, it stays text. */
function escape(text) {
	return printable(text).replace(/[&<>"']/g, (mark) => ENTITIES[mark]);
}
const WIDTHS = [
	[/[iljI!,.:;'|`\s\u00b7]/u, .28],
	[/[tfr()[\]/\\1{}-]/u, .38],
	[/[a-z0-9_"^?#$]/u, .585],
	[/[\p{Lu}&+<>=~*\u2026]/u, .7],
	[/[\u{c0}-\u{52f}]/u, .585]
];
const WIDE = {
	m: .88,
	w: .82,
	M: .9,
	W: 1.01,
	"@": .97,
	"%": .98,
	J: .57,
	L: .57,
	E: .6,
	F: .59
};
function charWidth(char) {
	return WIDE[char] ?? WIDTHS.find(([group]) => group.test(char))?.[1] ?? 1;
}
/** Width of a line of text in our font, in the unit of `size`; within about a tenth of the real one. */
function textWidth(text, size) {
	let em = 0;
	for (const char of text) em += charWidth(char);
	return em * size;
}
/**
* Texts on one line each, those that are wider than `width` cut so that what differs still does: most names differ at
* their end.
*/
function fitTexts(texts, width, size) {
	const lines = texts.map(onOneLine);
	return [
		(line) => keepEnd(line, width, size),
		(line) => fitText(`…${[...line].slice(placeOfDifference(line, lines)).join("")}`, width, size),
		(line, k) => fitText(`${k + 1} ${line}`, width, size)
	].reduce((short, way) => {
		const meant = /* @__PURE__ */ new Map();
		short.forEach((line, k) => meant.set(line, (meant.get(line) ?? /* @__PURE__ */ new Set()).add(texts[k])));
		return short.map((line, k) => meant.get(line).size > 1 ? way(lines[k], k) : line);
	}, lines.map((line) => fitText(line, width, size)));
}
/** The first characters, and as many of the last as there is room for. */
function keepEnd(line, width, size) {
	const characters = [...line];
	const head = `${characters.slice(0, 3).join("")}…`;
	let room = width / size - textWidth(head, 1);
	let from = characters.length;
	while (from > 3 && (room -= charWidth(characters[from - 1])) >= 0) from--;
	return fitText(head + characters.slice(from).join(""), width, size);
}
/** Before where a line parts from the one that it is alike for longest. */
function placeOfDifference(line, lines) {
	const characters = [...line];
	const alike = lines.filter((other) => other !== line).map((other) => {
		const others = [...other];
		return characters.findIndex((character, i) => character !== others[i]);
	});
	return Math.max(1, ...alike) - 1;
}
const onOneLine = (text) => printable(text).replace(/\s+/g, " ");
/** The text on one line, cut with an ellipsis where it is wider than `width`. */
function fitText(text, width, size) {
	const line = onOneLine(text);
	if (textWidth(line, size) <= width) return line;
	let room = width / size - charWidth("…");
	let cut = "";
	for (const char of line) {
		room -= charWidth(char);
		if (room < 0) break;
		cut += char;
	}
	return `${cut.trimEnd()}…`;
}
// src/charts/figure.ts
/** A title that names the output where there are several. */
function titleFor(title, { evaluation: { outputs } }, { name }) {
	return outputs.length === 1 ? title : `${title}: ${name}`;
}
const MARGIN = 16;
const TITLE_HEIGHT = 44;
/** Frames a drawing with a margin and its title, as one accessible SVG image. */
function drawFigure(title, caption, drawing) {
	const width = Math.ceil(drawing.width + 32);
	const height = Math.ceil(drawing.height + TITLE_HEIGHT + 32);
	return {
		title,
		caption,
		width,
		svg: [
			`<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${escape(`${title}. ${caption}`)}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${FONT}">`,
			`<text x="${MARGIN}" y="34" font-size="18" font-weight="600" fill="${palette.ink.light}">${escape(title)}</text>`,
			`<g transform="translate(${MARGIN},60)">${printable(drawing.body)}</g>`,
			"</svg>"
		].join("")
	};
}
// src/charts/image-tile.ts
const { ink, muted, grid, paper, vermilion } = palette;
/** Where names begin in those, after what they are. */
const NAME_AT = 46;
/** What figures of pictures with one class each need. */
const classedImages = {
	needs: "pictures or recordings with one class each",
	fits: ({ pictures }, { shape, actual, there }) => pictures !== void 0 && shape.length === 0 && whereThere(actual, there).length > 0
};
/** What to call the actual and the predicted class of a test sample, and how sure the model was. */
function verdict({ classes, actual, predicted, confidence }, sample) {
	const name = (index) => classes[index] ?? String(index);
	const percent = `${(confidence[sample] * 100).toFixed(1)} %`;
	return {
		label: name(actual[sample]),
		prediction: name(predicted[sample]),
		percent,
		right: actual[sample] === predicted[sample]
	};
}
/** One of some pictures as an SVG `<image>` element. */
async function drawImage(pictures, sample, box) {
	const { encode } = await import("fast-png");
	const [height, width, channels] = pictures.shape;
	const pixels = await pictures.read(sample);
	const png = encode({
		width,
		height,
		channels,
		data: channels === 1 && await pictures.areDrawings() ? pixels.map((value) => 255 - value) : pixels
	});
	return `<image x="${box.x}" y="${box.y}" width="${box.size}" height="${box.size}" image-rendering="optimizeSpeed" style="image-rendering:pixelated" href="data:image/png;base64,${Buffer.from(png).toString("base64")}"/>`;
}
/** Test samples in rows, each with its label and the model's prediction; wrong ones are framed and crossed. */
async function drawTiles(pictures, result, samples, columns) {
	const size = 100;
	const [across, down] = [118, 172];
	const named = {
		...result,
		classes: fitTexts(result.classes, 54, 12)
	};
	const tiles = await Promise.all(samples.map((sample, i) => drawTile(pictures, named, sample, {
		x: i % columns * across,
		y: Math.floor(i / columns) * down,
		size
	})));
	return {
		width: Math.min(columns, samples.length) * across - 18,
		height: Math.ceil(samples.length / columns) * down - 18,
		body: tiles.join("")
	};
}
async function drawTile(pictures, result, sample, box) {
	const { x, y, size } = box;
	const { label, prediction, percent, right } = verdict(result, sample);
	const frame = `<rect x="${x}" y="${y}" width="${size}" height="${size}" rx="2" fill="none" stroke="${right ? grid.light : vermilion.light}" stroke-width="${right ? 1 : 3}"/>`;
	const cross = right ? "" : `<circle cx="${x + size - 2}" cy="${y + 2}" r="9" fill="${vermilion.light}"/><path d="M${x + size - 6} ${y - 2}l8 8m0 -8l-8 8" stroke="${paper.light}" stroke-width="2" stroke-linecap="round"/>`;
	const color = (right ? ink : vermilion).light;
	return await drawImage(pictures, sample, box) + frame + cross + line(box, 18, "label", label, `font-weight="600" fill="${ink.light}"`) + line(box, 34, "model", prediction, `font-weight="600" fill="${color}"`) + line(box, 50, "sure", percent, `fill="${muted.light}"`);
}
function line({ x, y, size }, below, what, value, style) {
	return `<text x="${x}" y="${y + size + below}" font-size="12" fill="${muted.light}">${what}</text><text x="${x + NAME_AT}" y="${y + size + below}" font-size="12" ${style}>${escape(value)}</text>`;
}
// src/charts/training-samples.ts
var training_samples_exports = /* @__PURE__ */ __exportAll({
	drawSheet: () => drawSheet,
	trainingSamples: () => trainingSamples
});
const [SIZE, GAP, NAMES, ACROSS] = [
	72,
	8,
	116,
	8
];
const [LINE, CELL] = [22, 104];
/** Some training samples of each class. */
const trainingSamples = {
	of: "run",
	needs: "pictures of bytes, recordings, or a table",
	fits: ({ shown }) => shown !== void 0,
	draw: ({ shown }) => drawSheet(shown)
};
/** Draws samples as a sheet: pictures class by class, or the rows of a table. */
async function drawSheet(shown) {
	const { groups, classes, pictures, table } = shown;
	const samples = groups.reduce((sum, { rows }) => sum + rows.length, 0);
	const some = classes > groups.length ? `${groups.length} of the ${showCount(classes)} classes` : "each class";
	const columns = table === void 0 || table.more === 0 ? "" : ` ${showCount(table.more)} more columns are not shown.`;
	return drawFigure("Training samples", `${showCount(samples)} training samples picked at random${classes === 0 ? "" : ` from ${some}`}: what is wrong with data is often seen at once.${columns}`, pictures === void 0 ? drawRows(shown) : await drawPictures(shown, pictures));
}
async function drawPictures({ groups }, pictures) {
	const left = groups.some(({ name }) => name !== void 0) ? NAMES : 0;
	const names = fitTexts(groups.map(({ name = "" }) => name), NAMES - 12, 13);
	const parts = [];
	let line = 0;
	for (const [k, { rows, count }] of groups.entries()) {
		const y = line * (SIZE + GAP);
		if (left > 0) parts.push(text(0, y + SIZE / 2, names[k], `font-size="13" font-weight="600" fill="${palette.ink.light}"`), text(0, y + SIZE / 2 + 17, showCount(count), `font-size="12" fill="${palette.muted.light}"`));
		for (const [i, row] of rows.entries()) {
			const box = {
				x: left + i % ACROSS * (SIZE + GAP),
				y: y + Math.floor(i / ACROSS) * (SIZE + GAP),
				size: SIZE
			};
			parts.push(await drawImage(pictures, row, box));
		}
		line += Math.max(1, Math.ceil(rows.length / ACROSS));
	}
	return {
		width: left + Math.min(ACROSS, Math.max(1, ...groups.map(({ rows }) => rows.length))) * (SIZE + GAP) - GAP,
		height: line * (SIZE + GAP) - GAP,
		body: parts.join("")
	};
}
function drawRows({ table }) {
	const { columns, cells } = table;
	const heads = fitTexts(columns, CELL - 10, 12);
	const width = columns.length * CELL;
	const rule = (y) => `<path d="M0 ${y}H${width}" stroke="${palette.grid.light}"/>`;
	const line = (texts, y, style) => texts.map((cell, k) => text(k * CELL, y, fitText(cell, CELL - 10, 12), `font-size="12" ${style}`)).join("");
	const body = [line(heads, 14, `fill="${palette.muted.light}"`), ...cells.map((row, k) => rule((k + 1) * LINE) + line(row, (k + 1) * LINE + 15, `fill="${palette.ink.light}"`))].join("");
	return {
		width,
		height: (cells.length + 1) * LINE,
		body
	};
}
const text = (x, y, content, style) => `<text x="${x}" y="${y}" ${style}>${escape(content)}</text>`;
export { drawTiles as a, titleFor as c, fitText as d, fitTexts as f, drawImage as i, FONT as l, training_samples_exports as n, verdict as o, textWidth as p, classedImages as r, drawFigure as s, trainingSamples as t, escape as u };
