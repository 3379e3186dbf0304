import { Bo as object, Go as text, Ko as whole, Lo as list, No as array, Si as seedFor, Wo as such, _s as sizeOf, ao as showCount, bi as permutation, dn as occurs, ja as writeFileAtomic, jn as hideSecretsIn, oo as showDuration, so as showMeasure } from "./checks-359mGJ3h.js";
import { n as artifactPath } from "./run-folder-Dzo3EkAl.js";
import { h as showSamplePlace, x as writeArtifact } from "./train-outcome-BMKWouke.js";
import { i as whereThere, r as isThere } from "./results-0nngyuh7.js";
import { r as sampleIntervals, t as intervalMetrics } from "./sample-intervals-Xvzy26hk.js";
import { n as palette, t as classPaints } from "./palette-BFDCOR0F.js";
import { a as drawTiles, c as titleFor, d as fitText, f as fitTexts, i as drawImage, l as FONT, o as verdict, p as textWidth, r as classedImages, s as drawFigure, t as trainingSamples, u as escape } from "./training-samples-BpN1eX6I.js";
import { t as rasterize } from "./rasterize-DbRa2_EG.js";
// src/stages/record-evaluation.ts
/** What evaluation found. */
function recordEvaluation(run, evaluation) {
	const { metrics, outputs } = evaluation;
	const timestamp = Date.now();
	const all = {
		...metrics,
		...intervalMetrics(evaluation)
	};
	run.metrics(Object.entries(all).map(([key, value]) => ({
		key,
		value,
		step: 0,
		timestamp
	})));
	writeArtifact(run, "evaluation/evaluation.json", JSON.stringify(hideSecretsIn({
		metrics,
		outputs: outputs.map(summaryOf)
	}), null, 1));
}
/** An output's result without what it says of each sample. */
function summaryOf(result) {
	const { kind, name, shape } = result;
	if (result.kind === "number") return {
		kind,
		name,
		shape
	};
	if (result.kind === "reconstruction") return {
		kind,
		name,
		shape,
		errors: quantilesOf(result.errors)
	};
	const { classes, several, tokens, confusion, perClass } = result;
	const told = confusion === void 0 ? perClass.filter(({ support }) => support > 0) : perClass;
	return {
		kind,
		name,
		shape,
		classes,
		...several && { several },
		...tokens && { tokens },
		...confusion && { confusion },
		perClass: told
	};
}
/** What errors are usual, and which are not: who looks for what is strange takes a bound from it. */
function quantilesOf(errors) {
	const sorted = errors.filter(Number.isFinite).sort();
	const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? null;
	return {
		median: at(.5),
		p90: at(.9),
		p99: at(.99),
		largest: at(1)
	};
}
// src/charts/augmented-samples.ts
const SIZE$4 = 96;
const GAP$2 = 10;
const ROW_TITLE$2 = 84;
/** Training samples picked by the seed, as they are and as epochs saw them. */
const augmentedSamples = {
	of: "run",
	needs: "`train.augment`, and pictures of bytes, or recordings",
	fits: ({ augmented }) => augmented !== void 0,
	async draw({ augmented }) {
		const given = augmented;
		const { epochs, samples } = given;
		const { noun } = given.pictures;
		const rows = ["as it is", ...epochs.map((epoch) => `epoch ${epoch}`)];
		const [height, width] = given.pictures.shape;
		const tall = Math.min(SIZE$4, Math.max(24, Math.ceil(SIZE$4 * height / width)));
		const titles = rows.map((title, row) => `<text y="${row * (tall + GAP$2) + tall / 2 + 4}" font-size="12" fill="${palette.muted.light}">${title}</text>`);
		const columns = Array.from({ length: samples }, (_, sample) => drawColumn(given, sample, tall));
		const shown = epochs.length === 1 ? "the epoch" : `${epochs.length} of the epochs`;
		return drawFigure(`Augmented training ${noun}s`, `${samples} training ${noun}${samples === 1 ? "" : "s"} picked at random, left alone and as ${shown} saw ${samples === 1 ? "it" : "them"}: what nobody can tell, no net can learn.`, {
			width: ROW_TITLE$2 + samples * 106 - GAP$2,
			height: rows.length * (tall + GAP$2) - GAP$2,
			body: `${titles.join("")}${(await Promise.all(columns)).join("")}`
		});
	}
};
async function drawColumn({ pictures, epochs }, sample, tall) {
	const first = sample * (epochs.length + 1);
	const x = ROW_TITLE$2 + sample * 106;
	return (await Promise.all(Array.from({ length: epochs.length + 1 }, async (_, row) => {
		const y = row * (tall + GAP$2);
		return `${await drawImage(pictures, first + row, {
			x,
			y: y - (SIZE$4 - tall) / 2,
			size: SIZE$4
		})}<rect ${`x="${x}" y="${y}" width="${SIZE$4}" height="${tall}"`} fill="none" stroke="${palette.grid.light}"/>`;
	}))).join("");
}
// src/charts/chart.ts
/** What has a class each: samples, or the pixels of masks and the characters or words of texts. */
function placeNoun({ shape, several, tokens }) {
	if (shape.length === 0 || several !== void 0) return "samples";
	return shape.length === 1 ? tokens ?? "characters" : "pixels";
}
/** A figure about an output that predicts classes. */
function defineClassChart({ fits, draw, ...rest }) {
	return {
		...rest,
		of: "output",
		fits: (input, result) => result.kind === "class" && fits(input, result),
		draw: (input, result) => draw(input, result)
	};
}
// src/charts/vega.ts
const { ink: ink$3, muted: muted$2, grid: grid$2 } = palette;
const CONFIG = {
	font: FONT,
	background: "transparent",
	padding: 0,
	aria: false,
	view: { stroke: null },
	axis: {
		labelFontSize: 12,
		labelColor: muted$2.light,
		labelPadding: 6,
		titleFontSize: 12,
		titleFontWeight: 400,
		titleColor: muted$2.light,
		titlePadding: 10,
		gridColor: grid$2.light,
		domainColor: grid$2.light,
		tickColor: grid$2.light,
		ticks: false
	},
	legend: {
		labelFontSize: 12,
		labelColor: ink$3.light,
		symbolSize: 90,
		labelLimit: 0
	},
	title: {
		anchor: "start",
		frame: "group",
		fontSize: 13,
		fontWeight: 600,
		color: ink$3.light,
		offset: 12
	},
	concat: { spacing: 40 }
};
/**
* How an axis writes its numbers: as people do where that is short, else with an exponent. An expression and no format,
* as Vega cuts that of an axis down to the digits that tell its ticks apart, which makes 70 a `7e+1`.
*/
const numberLabels = { labelExpr: "datum.value !== 0 && (abs(datum.value) >= 1e7 || abs(datum.value) < 1e-4) ? format(datum.value, '~e') : format(datum.value, ',.12~r')" };
/**
* Draws a Vega-Lite specification. Texts from outside belong into data or parameters, never into an expression.
*/
async function drawVega(spec) {
	const [vega, vegaLite] = await Promise.all([import("vega"), import("vega-lite")]);
	const { textMetrics } = vega;
	textMetrics.width = (item, text) => textWidth(String(text ?? ""), item.fontSize ?? 11);
	vega.resetSVGDefIds();
	const view = new vega.View(vega.parse(vegaLite.compile(spec, { config: CONFIG }).spec), { renderer: "none" });
	const svg = await view.toSVG();
	view.finalize();
	const [, width, height] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg);
	const body = svg.slice(svg.indexOf(">") + 1, svg.lastIndexOf("</svg>"));
	return {
		width: Number(width),
		height: Number(height),
		body
	};
}
// src/charts/confusion-matrix.ts
const { ink: ink$2, paper: paper$1, grid: grid$1, blue: blue$3, vermilion: vermilion$3 } = palette;
/** Which class is taken for which. */
const confusionMatrix = defineClassChart({
	needs: "two to 256 classes, one of them for each sample",
	fits: (_, { classes, several, confusion }) => several === void 0 && classes.length > 1 && confusion?.flat().some((count) => count > 0) === true,
	async draw(input, given) {
		const result = given.tokens === void 0 ? given : ofThoseThere(given);
		const { classes, confusion = [] } = result;
		const step = Math.max(12, Math.min(96, Math.floor(530 / classes.length)));
		const fontSize = Math.min(13, step * .36);
		const names = fitTexts(classes, 110, Math.min(12, step - 2));
		const upright = names.every((name) => textWidth(name, 12) < step - 4);
		const axis = {
			labelExpr: "names[datum.value]",
			labelOverlap: false,
			labelFontSize: Math.min(12, step - 2),
			labelLimit: 0,
			domain: false,
			grid: false
		};
		const drawing = await drawVega({
			params: [{
				name: "names",
				value: names
			}],
			data: { values: cells(confusion) },
			width: { step },
			height: { step },
			encoding: {
				x: {
					field: "predicted",
					type: "ordinal",
					axis: {
						...axis,
						title: "predicted",
						labelAngle: upright ? 0 : -50,
						orient: "bottom"
					}
				},
				y: {
					field: "actual",
					type: "ordinal",
					axis: {
						...axis,
						title: "actual",
						titlePadding: 22
					}
				}
			},
			layer: [{
				mark: {
					type: "rect",
					stroke: paper$1.light,
					strokeWidth: 1.5,
					cornerRadius: 2
				},
				encoding: {
					color: {
						field: "color",
						type: "nominal",
						scale: null
					},
					fillOpacity: {
						field: "opacity",
						type: "quantitative",
						scale: null
					}
				}
			}, {
				mark: {
					type: "text",
					fontSize
				},
				transform: [{ filter: "datum.count > 0" }],
				encoding: {
					text: {
						field: "count",
						type: "quantitative"
					},
					color: {
						field: "textColor",
						type: "nominal",
						scale: null
					}
				}
			}]
		});
		return drawFigure(titleFor("Confusion matrix", input, result), caption$4(result), drawing);
	}
});
/** A result of tokens without those that are nowhere: a vocabulary has room for more than its texts have. */
function ofThoseThere(result) {
	const { classes, confusion = [] } = result;
	const there = [...classes.keys()].filter((k) => occurs(confusion, k));
	return {
		...result,
		classes: there.map((k) => classes[k]),
		confusion: there.map((actual) => there.map((predicted) => confusion[actual][predicted]))
	};
}
function cells(confusion) {
	return confusion.flatMap((row, actual) => {
		const total = row.reduce((sum, count) => sum + count, 0);
		return row.map((count, predicted) => {
			const share = total === 0 ? 0 : count / total;
			const opacity = count === 0 ? .4 : .04 + .96 * Math.sqrt(share);
			return {
				actual,
				predicted,
				count,
				opacity,
				color: (count === 0 ? grid$1 : actual === predicted ? blue$3 : vermilion$3).light,
				textColor: (opacity > .75 ? paper$1 : ink$2).light
			};
		});
	});
}
function caption$4(result) {
	const { classes, confusion = [] } = result;
	const mistakes = confusion.flatMap((row, actual) => row.map((count, predicted) => ({
		count: actual === predicted ? 0 : count,
		actual,
		predicted
	})));
	const worst = mistakes.reduce((a, b) => b.count > a.count ? b : a);
	const total = mistakes.reduce((sum, { count }) => sum + count, 0);
	if (total === 0) return `All test ${placeNoun(result)} lie on the blue diagonal: no mistakes.`;
	const noun = placeNoun(result);
	const orange = total === 1 ? `the one test ${noun.slice(0, -1)} that is mistaken: ${classes[worst.actual]} is taken for ${classes[worst.predicted]}` : `one of the ${total} test ${noun} that are mistaken`;
	const most = worst.count === 1 ? "" : `; most often (${worst.count} times) ${classes[worst.actual]} is taken for ${classes[worst.predicted]}`;
	return `Blue is right, orange is ${orange}${total === 1 ? "" : `, and stronger is a larger share of the row${most}`}.`;
}
// src/charts/image-grid.ts
const COLUMNS$1 = 8;
/** Test samples picked by the seed, each with its label and the model's prediction. */
const imageGrid = defineClassChart({
	...classedImages,
	async draw(input, result) {
		const { pictures, seed } = input;
		const { noun } = pictures;
		const samples = [...permutation(result.actual.length, seedFor(seed, "imageGrid")).filter((sample) => result.there?.[sample] !== 0).subarray(0, 32)];
		const right = samples.filter((sample) => verdict(result, sample).right).length;
		const caption = `${samples.length} test ${noun}s picked at random: the model has ${right} right and ${samples.length - right} wrong (framed and crossed).`;
		return drawFigure(titleFor(`Test ${noun}s and predictions`, input, result), caption, await drawTiles(pictures, result, samples, COLUMNS$1));
	}
});
// src/charts/learning-curves.ts
const { ink: ink$1, paper, muted: muted$1, blue: blue$2, vermilion: vermilion$2 } = palette;
const WIDTH = 410;
const HEIGHT = 250;
/** Loss and accuracy per epoch, training beside validation, with published figures as points. */
const learningCurves = {
	of: "run",
	needs: "an epoch of training",
	fits: (input) => input.history.length > 0,
	async draw(input) {
		const metrics = trainingMetrics(input);
		const drawing = await drawVega({
			data: { values: [] },
			vconcat: pairs(metrics).map((row) => ({ hconcat: row.map((metric) => panel(metric, input)) })),
			resolve: { legend: {
				color: "shared",
				shape: "shared"
			} }
		});
		return drawFigure("Learning curves", caption$3(metrics, input), drawing);
	}
};
/** What training is judged by, of all outputs; two panels stand side by side. */
function trainingMetrics({ history }) {
	return [...new Set(history.flatMap((epoch) => Object.keys(epoch)))].filter((name) => !name.startsWith("val_") && /(^|_)(loss|accuracy|meanAbsoluteError)$/.test(name));
}
function pairs(metrics) {
	return Array.from({ length: Math.ceil(metrics.length / 2) }, (_, i) => metrics.slice(2 * i, 2 * i + 2));
}
/** Names the series apart from ours, whatever the user calls it. */
const publishedName = (reference) => `${fitText(reference?.label ?? "", 220, 12)} (published)`;
function trained(metric, { history }) {
	return Object.entries({
		[metric]: "training",
		[`val_${metric}`]: "validation"
	}).flatMap(([key, series]) => history.flatMap((epoch, i) => key in epoch ? [{
		epoch: i + 1,
		value: finite(epoch[key]),
		series,
		text: ""
	}] : []));
}
function published(metric, { reference }) {
	return Object.entries(reference?.epochs[metric] ?? {}).map(([epoch, value]) => ({
		epoch: Number(epoch),
		value: finite(value),
		series: publishedName(reference),
		text: String(value)
	}));
}
const finite = (value) => value !== void 0 && Number.isFinite(value) ? value : null;
function panel(metric, input) {
	const ours = trained(metric, input);
	const theirs = published(metric, input);
	const target = input.reference?.metrics[`test_${metric}`];
	const values = [...ours, ...theirs].flatMap((p) => p.value ?? []).concat(target ?? []);
	const last = lastEpoch(input);
	const { log, ticks, ...scale } = verticalScale(metric, values);
	const x = {
		field: "epoch",
		type: "quantitative",
		scale: {
			domain: horizontal(last),
			nice: false
		},
		axis: {
			title: "epoch",
			format: "d",
			tickMinStep: 1,
			grid: false
		}
	};
	const y = {
		field: "value",
		type: "quantitative",
		scale,
		axis: {
			title: null,
			...numberLabels,
			...ticks
		}
	};
	const color = {
		field: "series",
		type: "nominal",
		...series(input, [
			blue$2.light,
			vermilion$2.light,
			ink$1.light
		])
	};
	const shape = {
		field: "series",
		type: "nominal",
		...series(input, [
			"circle",
			"triangle-up",
			"diamond"
		])
	};
	const layer = [
		{
			data: { values: theirs },
			mark: {
				...POINT,
				filled: false,
				fill: paper.light,
				strokeWidth: 2.2,
				size: 150
			},
			encoding: {
				x,
				y,
				color,
				shape
			}
		},
		{
			data: { values: ours },
			mark: {
				type: "line",
				strokeWidth: 2.2
			},
			encoding: {
				x,
				y,
				color
			}
		},
		{
			data: { values: ours.filter((p) => p.value !== null) },
			mark: {
				...POINT,
				size: last > 40 ? 0 : 40
			},
			encoding: {
				x,
				y,
				color,
				shape
			}
		},
		...numbers$1(theirs, ours, last, {
			x,
			y
		}),
		...input.best === void 0 ? [] : bestLine(input.best, last, x)
	];
	if (target !== void 0) layer.unshift(...targetLine(target, `- -  ${fitText(input.reference.label, 220, 12)}, test: ${target}`, y));
	return {
		title: log ? `${metric} (logarithmic)` : metric,
		width: WIDTH,
		height: HEIGHT,
		layer
	};
}
const POINT = {
	type: "point",
	filled: true,
	opacity: 1
};
/**
* The published numbers beside their points, away from our line: first a halo in the paper's colour, to be readable on
* top of another.
*/
function numbers$1(points, ours, last, place) {
	const isAbove = ({ epoch, value }) => ours.some((own) => own.series === "training" && own.epoch === epoch && Number(own.value) < Number(value));
	const values = points.map((p) => ({
		...p,
		late: p.epoch > last / 2,
		above: isAbove(p)
	}));
	const [align, dx, dy] = [
		"datum.late ? 'right' : 'left'",
		"datum.late ? 6 : 11",
		"datum.late ? (datum.above ? -16 : 16) : 0"
	].map((expr) => ({ expr }));
	return [{
		color: paper.light,
		stroke: paper.light,
		strokeWidth: 4,
		strokeJoin: "round"
	}, { color: ink$1.light }].map((paint) => ({
		data: { values },
		mark: {
			type: "text",
			fontSize: 12,
			fontWeight: 600,
			baseline: "middle",
			align,
			dx,
			dy,
			...paint
		},
		encoding: {
			...place,
			text: {
				field: "text",
				type: "nominal"
			}
		}
	}));
}
/** The least and the greatest; a call takes not as many arguments as there may be epochs. */
function extent(values) {
	return values.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
}
/** Logarithmic where a loss spans more than a factor of ten; otherwise linear, with room above and below. */
function verticalScale(metric, values) {
	const [low, high] = values.length === 0 ? [0, 1] : extent(values);
	if (!metric.endsWith("accuracy") && low > 0 && high > 10 * low) {
		const domain = [low / 1.8, high * 1.3];
		return {
			log: true,
			type: "log",
			domain,
			nice: false,
			ticks: { values: roundNumbers(domain[0], domain[1]) }
		};
	}
	const room = (high - low) * .1 || Math.abs(high) * .1 || 1;
	return {
		log: false,
		type: "linear",
		domain: [low - room, high + room],
		nice: false,
		ticks: { tickCount: 6 }
	};
}
/** 1, 2 and 5 times the powers of ten between two numbers; the powers alone where that would be many. */
function roundNumbers(low, high) {
	const powers = Array.from({ length: 2 + Math.ceil(Math.log10(high / low)) }, (_, i) => Math.floor(Math.log10(low)) + i);
	const steps = powers.length > 5 ? [1] : [
		1,
		2,
		5
	];
	return powers.flatMap((power) => steps.map((step) => Number(`${step}e${power}`))).filter((value) => value >= low && value <= high);
}
const horizontal = (last) => [Math.max(.4, .9 - last / 40), .1 + last + last / 40];
function lastEpoch({ history, reference }) {
	const published = Object.values(reference?.epochs ?? {}).flatMap((epochs) => Object.keys(epochs).map(Number));
	return Math.max(history.length, ...published);
}
/** The same order of series for colours and shapes; only those that are there. */
function series({ history, reference }, [training, validation, published]) {
	const validated = history.some((epoch) => Object.keys(epoch).some((key) => key.startsWith("val_")));
	const rows = [
		["training", training],
		...validated ? [["validation", validation]] : [],
		...reference ? [[publishedName(reference), published]] : []
	];
	return {
		scale: {
			domain: rows.map(([name]) => name),
			range: rows.map(([, look]) => look)
		},
		legend: {
			title: null,
			orient: "top",
			symbolStrokeWidth: 2
		}
	};
}
/**
* A single published value that belongs to no epoch, as a dashed line; explained in the corner that learning curves
* leave free.
*/
function targetLine(value, text, y) {
	const data = { values: [{
		value,
		text
	}] };
	return [{
		data,
		mark: {
			type: "rule",
			color: muted$1.light,
			strokeDash: [4, 4]
		},
		encoding: { y }
	}, {
		data,
		mark: {
			type: "text",
			fontSize: 12,
			color: muted$1.light,
			align: "right",
			baseline: "bottom",
			x: 402,
			y: 242
		},
		encoding: { text: {
			field: "text",
			type: "nominal"
		} }
	}];
}
/** The epoch whose weights the model has. */
function bestLine(best, last, x) {
	const data = { values: [{
		epoch: best,
		text: `weights of epoch ${best}`
	}] };
	const isLate = best > last / 2;
	const text = {
		type: "text",
		fontSize: 12,
		align: isLate ? "right" : "left",
		baseline: "top",
		dx: isLate ? -6 : 6,
		y: 4
	};
	const halo = {
		stroke: paper.light,
		strokeWidth: 4,
		strokeJoin: "round"
	};
	return [{
		data,
		mark: {
			type: "rule",
			color: muted$1.light,
			strokeDash: [2, 3]
		},
		encoding: { x }
	}, ...[{
		color: paper.light,
		...halo
	}, { color: muted$1.light }].map((paint) => ({
		data,
		mark: {
			...text,
			...paint
		},
		encoding: {
			x,
			text: {
				field: "text",
				type: "nominal"
			}
		}
	}))];
}
function caption$3(metrics, { history, best }) {
	const after = (epoch) => metrics.map((metric) => {
		const values = history[epoch - 1];
		const validation = values[`val_${metric}`];
		const beside = validation === void 0 ? "" : ` (validation ${round(validation)})`;
		return `${metric} ${round(values[metric])}${beside}`;
	}).join(", ");
	const chosen = best === void 0 ? "" : `The model has the weights of epoch ${best}, the best: ${after(best)}. `;
	const ends = best === history.length ? "" : `After epoch ${history.length}: ${after(history.length)}.`;
	const lost = history.flatMap((epoch) => Object.values(epoch)).filter((value) => !Number.isFinite(value)).length;
	return `${chosen}${ends}${lost === 0 ? "" : ` Values that are not finite are not drawn (${lost}).`}`.trim();
}
const round = (value) => value === void 0 ? "unknown" : showMeasure(value);
// src/charts/masks.ts
const SAMPLES = 6;
const SIZE$3 = 120;
const GAP$1 = 14;
const ROW_TITLE$1 = 56;
const paints = classPaints.map((paint) => [
	1,
	3,
	5
].map((at) => parseInt(paint.slice(at, at + 2), 16)));
/** Pictures beside their masks, as they are and as the model says. */
const masks = defineClassChart({
	needs: "pictures with a class at each pixel",
	fits: ({ pictures }, { shape, actual, there }) => pictures !== void 0 && whereThere(actual, there).length > 0 && shape.length === 2 && String(shape) === String(pictures.shape.slice(0, 2)),
	async draw(input, result) {
		const { pictures, seed } = input;
		const [height, width] = result.shape;
		const tall = Math.min(SIZE$3, Math.max(24, Math.ceil(SIZE$3 * height / width)));
		const top = (row) => row * (tall + GAP$1);
		const samples = [...permutation(result.actual.length / placesOf(result), seedFor(seed, "masks")).subarray(0, SAMPLES)];
		const columns = await Promise.all(samples.map(async (sample, i) => {
			const x = ROW_TITLE$1 + i * 134;
			const below = (row) => ({
				x,
				y: top(row) - (SIZE$3 - tall) / 2,
				size: SIZE$3
			});
			return await drawImage(pictures, sample, below(0)) + await drawMask(result, result.actual, sample, below(1)) + await drawMask(result, result.predicted, sample, below(2));
		}));
		const titles = [
			"picture",
			"label",
			"model"
		].map((title, row) => `<text y="${top(row) + tall / 2}" font-size="13" fill="${palette.ink.light}">${title}</text>`);
		const [actual, predicted] = [whereThere(result.actual, result.there), whereThere(result.predicted, result.there)];
		let right = 0;
		actual.forEach((label, i) => right += Number(label === predicted[i]));
		const more = result.classes.length > paints.length ? ` Colours repeat after ${paints.length} classes.` : "";
		const caption = `${(100 * right / actual.length).toFixed(2)} % of the pixels of all test pictures are right.${more}`;
		const legend = drawLegend(result.classes, top(3));
		return drawFigure(titleFor("Masks", input, result), caption, {
			width: Math.max(ROW_TITLE$1 + samples.length * 134, legend.width),
			height: legend.bottom,
			body: titles.join("") + columns.join("") + legend.body
		});
	}
});
const placesOf = ({ shape }) => shape[0] * shape[1];
/**
* A swatch and its class, side by side below the masks, as many in a row as there are columns of pictures; the paint as
* rgb(), which no mode of the report changes, as in the masks.
*/
function drawLegend(classes, first) {
	const shown = Math.min(classes.length, paints.length);
	const room = Math.max(134, Math.floor(804 / shown)) - GAP$1 - 20;
	let [x, y, width] = [
		ROW_TITLE$1,
		first,
		0
	];
	const body = fitTexts(classes, room, 13).slice(0, shown).map((name, k) => {
		const swatch = `<rect x="${x}" y="${y}" width="14" height="14" fill="rgb(${paints[k].join(",")})" stroke="${palette.muted.light}"/>`;
		const text = `<text x="${x + 20}" y="${y + 12}" font-size="13" fill="${palette.ink.light}">${escape(name)}</text>`;
		x += Math.max(134, Math.ceil(20 + textWidth(name, 13) + GAP$1));
		width = Math.max(width, x);
		if ((k + 1) % SAMPLES === 0 && k + 1 < shown) [x, y] = [ROW_TITLE$1, y + 22];
		return swatch + text;
	}).join("");
	return {
		width,
		bottom: y + 20,
		body
	};
}
async function drawMask(result, classes, sample, box) {
	const places = placesOf(result);
	const values = Uint8Array.from([...classes.subarray(sample * places, (sample + 1) * places)].flatMap((index) => paints[index % paints.length]));
	return drawImage({
		shape: [...result.shape, 3],
		read: async () => values,
		areDrawings: async () => false
	}, 0, box);
}
// src/charts/misclassified.ts
const COLUMNS = 5;
/** The mistakes that the model was most sure of. */
const misclassified = defineClassChart({
	needs: `${classedImages.needs}, and mistakes`,
	fits: (input, result) => classedImages.fits(input, result) && mistakes(result).length > 0,
	async draw(input, result) {
		const all = mistakes(result);
		const shown = all.slice(0, 15);
		const caption = `${shown.length} of ${all.length} mistakes, the surest first: hard to read, mislabelled, or worth a closer look.`;
		return drawFigure(titleFor("Most confident mistakes", input, result), caption, await drawTiles(input.pictures, result, shown, COLUMNS));
	}
});
function mistakes({ actual, predicted, confidence, there }) {
	return [...actual.keys()].filter((sample) => actual[sample] !== predicted[sample] && there?.[sample] !== 0).sort((a, b) => confidence[b] - confidence[a] || a - b);
}
// src/charts/per-class-scores.ts
const { ink, muted, grid, blue: blue$1, vermilion: vermilion$1 } = palette;
/** Precision, recall and F1 of each class. */
const perClassScores = defineClassChart({
	needs: "classes, 256 at most",
	fits: (_, result) => result.confusion !== void 0 && result.perClass.some((__, k) => isThere(result, k)),
	async draw(input, result) {
		const { perClass } = result;
		const step = Math.max(16, Math.min(52, Math.floor(520 / perClass.length)));
		const present = perClass.map((scores, index) => ({
			...scores,
			index
		})).filter(({ index }) => isThere(result, index));
		const scores = present.flatMap(({ precision, recall, f1, index }) => Object.entries({
			precision,
			recall,
			F1: f1
		}).map(([score, value]) => ({
			index,
			score,
			value
		})));
		const low = Math.min(...scores.map((s) => s.value));
		const domain = [
			"precision",
			"recall",
			"F1"
		];
		const legend = {
			title: null,
			orient: "top"
		};
		const y = {
			field: "index",
			type: "ordinal",
			axis: {
				title: null,
				labelExpr: "names[datum.value]",
				labelOverlap: false,
				labelLimit: 0,
				domain: false,
				grid: true
			}
		};
		const x = {
			field: "value",
			type: "quantitative",
			scale: {
				domain: [low - (1 - low) * .1 - .002, 1],
				nice: false
			},
			axis: {
				title: null,
				tickCount: 6,
				format: "~g"
			}
		};
		const drawing = await drawVega({
			params: [{
				name: "names",
				value: fitTexts(perClass.map(({ name }) => name), 120, 12)
			}],
			width: 400,
			height: { step },
			layer: [
				{
					data: { values: present.map(({ precision, recall, index }) => ({
						index,
						value: Math.min(precision, recall),
						high: Math.max(precision, recall)
					})) },
					mark: {
						type: "rule",
						strokeWidth: 3,
						color: grid.light
					},
					encoding: {
						x,
						x2: { field: "high" },
						y
					}
				},
				{
					data: { values: scores },
					mark: {
						type: "point",
						filled: true,
						opacity: 1,
						size: 75
					},
					encoding: {
						x,
						y,
						color: {
							field: "score",
							type: "nominal",
							scale: {
								domain,
								range: [
									blue$1.light,
									vermilion$1.light,
									ink.light
								]
							},
							legend
						},
						shape: {
							field: "score",
							type: "nominal",
							scale: {
								domain,
								range: [
									"circle",
									"triangle-up",
									"diamond"
								]
							},
							legend
						}
					}
				},
				{
					data: { values: perClass.map(({ f1 }, index) => ({
						index,
						f1: isThere(result, index) ? f1.toFixed(4) : "–"
					})) },
					mark: {
						type: "text",
						align: "left",
						dx: 14,
						fontSize: 12,
						color: muted.light
					},
					encoding: {
						x: { value: 400 },
						y,
						text: {
							field: "f1",
							type: "nominal"
						}
					}
				},
				{
					data: { values: [{}] },
					mark: {
						type: "text",
						text: "F1",
						align: "left",
						dx: 14,
						fontSize: 12,
						color: muted.light,
						x: 400,
						y: -6
					}
				}
			]
		});
		return drawFigure(titleFor(`Scores per ${result.several === void 0 ? "class" : "label"}`, input, result), caption$2(present), drawing);
	}
});
function caption$2(perClass) {
	const [worst, best] = [perClass.reduce((a, b) => b.f1 < a.f1 ? b : a), perClass.reduce((a, b) => b.f1 > a.f1 ? b : a)];
	if (best.f1 === worst.f1) return `The number is F1${perClass.length === 1 ? "" : `, and that of all classes is ${best.f1.toFixed(4)}`}.`;
	return `The number is F1; best is ${best.name} (${best.f1.toFixed(4)}), hardest is ${worst.name} (${worst.f1.toFixed(4)}).`;
}
// src/charts/predicted-versus-actual.ts
const { blue, vermilion } = palette;
const SIZE$2 = 380;
/** More points than this only make the picture darker, and the report larger. */
const LIMIT = 2e3;
/** Numbers as the model says them over what they are. */
const predictedVersusActual = {
	of: "output",
	needs: "an output of numbers",
	fits: (_, given) => {
		if (given.kind !== "number") return false;
		const { actual, predicted } = counted(given);
		return actual.some(Number.isFinite) && predicted.some(Number.isFinite);
	},
	async draw(input, given) {
		const result = counted(given);
		const every = Math.ceil(result.actual.length / LIMIT);
		const points = [...result.actual.keys()].filter((i) => i % every === 0 && Number.isFinite(result.predicted[i])).map((i) => ({
			actual: result.actual[i],
			predicted: result.predicted[i]
		}));
		const [low, high] = points.flatMap(({ actual, predicted }) => [actual, predicted]).reduce(([least, most], value) => [Math.min(least, value), Math.max(most, value)], [Infinity, -Infinity]);
		const room = (high - low) * .04 || 1;
		const scale = {
			domain: [low - room, high + room],
			nice: false,
			zero: false
		};
		const axis = {
			...numberLabels,
			tickCount: 6
		};
		const drawing = await drawVega({
			width: SIZE$2,
			height: SIZE$2,
			layer: [{
				data: { values: [low - room, high + room].map((value) => ({
					actual: value,
					predicted: value
				})) },
				mark: {
					type: "line",
					color: vermilion.light,
					strokeWidth: 1.5
				},
				encoding: place(scale, axis)
			}, {
				data: { values: points },
				mark: {
					type: "point",
					filled: true,
					color: blue.light,
					opacity: .55,
					size: 36
				},
				encoding: place(scale, axis)
			}]
		});
		return drawFigure(titleFor("Predicted over actual", input, result), caption$1(result, points.length), drawing);
	}
};
function counted(result) {
	return {
		...result,
		actual: whereThere(result.actual, result.there),
		predicted: whereThere(result.predicted, result.there)
	};
}
function place(scale, axis) {
	return {
		x: {
			field: "actual",
			type: "quantitative",
			scale,
			axis: {
				...axis,
				title: "actual"
			}
		},
		y: {
			field: "predicted",
			type: "quantitative",
			scale,
			axis: {
				...axis,
				title: "predicted"
			}
		}
	};
}
function caption$1({ actual, predicted }, shown) {
	const errors = actual.map((value, i) => Math.abs(value - predicted[i])).sort();
	const median = errors[Math.floor(errors.length / 2)];
	return `${shown === actual.length ? "Each point is a test value" : `The points are ${shown} of ${actual.length} test values`}; on the line it is predicted exactly, and half of all are no further off than ${showMeasure(median)}.`;
}
// src/charts/reconstructions.ts
const SIZE$1 = 96;
const GAP = 12;
const ROW_TITLE = 60;
/** Pictures above what the model makes of them. */
const reconstructions = {
	of: "output",
	needs: "pictures that are to be learnt themselves (`targets: input`)",
	fits: ({ pictures }, result) => pictures !== void 0 && result.kind === "reconstruction" && String(result.shape) === String(pictures.shape),
	async draw(input, given) {
		const result = given;
		const pictures = input.pictures;
		const [height, width] = pictures.shape;
		const tall = Math.min(SIZE$1, Math.max(24, Math.ceil(SIZE$1 * height / width)));
		const top = (row) => row * (tall + GAP);
		const columns = await Promise.all(result.rows.map(async (sample, i) => {
			const x = ROW_TITLE + i * 108;
			const below = (row) => ({
				x,
				y: top(row) - (SIZE$1 - tall) / 2,
				size: SIZE$1
			});
			const pair = pairOf(pictures, result, i);
			const error = `<text x="${x + SIZE$1 / 2}" y="${top(2) + 8}" font-size="12" text-anchor="middle" fill="${palette.muted.light}">${showMeasure(result.errors[sample])}</text>`;
			return await drawImage(pair, 0, below(0)) + await drawImage(pair, 1, below(1)) + error;
		}));
		const titles = ["picture", "model"].map((title, row) => `<text y="${top(row) + tall / 2}" font-size="13" fill="${palette.ink.light}">${title}</text>`);
		const error = `<text y="${top(2) + 8}" font-size="13" fill="${palette.ink.light}">error</text>`;
		return drawFigure(titleFor("Pictures and their reconstructions", input, result), caption(result), {
			width: ROW_TITLE + result.rows.length * 108 - GAP,
			height: top(2) + 14,
			body: `${titles.join("")}${error}${columns.join("")}`
		});
	}
};
/** A test picture, and what the model makes of it. @param place among those that are shown */
function pairOf(pictures, { shape, rows, predicted }, place) {
	const size = sizeOf(shape);
	const made = Uint8Array.from(Uint8ClampedArray.from(predicted.subarray(place * size, (place + 1) * size), (v) => 255 * v));
	return {
		...pictures,
		shape,
		read: async (sample) => sample === 0 ? pictures.read(rows[place]) : made
	};
}
function caption({ errors, rows }) {
	const sorted = errors.toSorted();
	const at = (share) => showMeasure(sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]);
	return `${rows.length} test pictures, and what is left of each behind the narrowest place of the model. The mean squared error of half of all is below ${at(.5)}, that of 99 in 100 below ${at(.99)}.`;
}
// src/charts/sample-image.ts
const SIZE = 308;
// src/charts/charts.ts
/** Every figure by the name that users write, in the order of the report. */
const charts = {
	learningCurves,
	confusionMatrix,
	perClassScores,
	predictedVersusActual,
	masks,
	reconstructions,
	imageGrid,
	misclassified,
	sampleImage: defineClassChart({
		...classedImages,
		async draw(input, result) {
			const { pictures, seed } = input;
			const { noun } = pictures;
			const sample = (seedFor(seed, "sampleImage") - 1) % result.actual.length;
			const { label, prediction, percent, right } = verdict(result, sample);
			const { ink, grid, blue, vermilion } = palette;
			const body = await drawImage(pictures, sample, {
				x: 0,
				y: 0,
				size: SIZE
			}) + `<rect width="${SIZE}" height="${SIZE}" fill="none" stroke="${grid.light}"/><text y="336" font-size="14" fill="${ink.light}">Label: <tspan font-weight="600">${escape(fitText(label, 230, 14))}</tspan></text><text y="358" font-size="14" fill="${ink.light}">Prediction: <tspan font-weight="600" fill="${(right ? blue : vermilion).light}">${escape(fitText(prediction, 150, 14))}</tspan> (${percent})</text>`;
			const caption = `Test ${noun} ${sample} of ${result.actual.length}, picked at random: it is labelled ${label}, and the model ${right ? "agrees" : `says ${prediction}`}.`;
			return drawFigure(titleFor(`One test ${noun}`, input, result), caption, {
				width: SIZE,
				height: 364,
				body
			});
		}
	}),
	trainingSamples,
	augmentedSamples
};
// src/charts/own-svg.ts
/** One tag or one text; what neither fits is no SVG of ours. */
const token = /<(\/?)([a-z]+)((?: [\w:-]+="[^"<]*")*) ?(\/?)>|([^<]+)/y;
const plain = /^(?!.*url)[-+\w.,#%() ]*$/is;
const values = {
	xmlns: /^http:\/\/www\.w3\.org\/2000\/svg$/,
	"aria-label": /^/,
	href: /^data:image\/png;base64,[A-Za-z0-9+/]*={0,2}$/,
	style: /^image-rendering:pixelated$/,
	...Object.fromEntries([
		"role",
		"aria-hidden",
		"aria-roledescription",
		"class",
		"display",
		"opacity",
		"pointer-events",
		"transform",
		"fill",
		"fill-opacity",
		"stroke",
		"stroke-dasharray",
		"stroke-linecap",
		"stroke-linejoin",
		"stroke-miterlimit",
		"stroke-opacity",
		"stroke-width",
		"font-family",
		"font-size",
		"font-style",
		"font-weight",
		"text-anchor",
		"image-rendering",
		"viewBox",
		"width",
		"height",
		"x",
		"y",
		"x1",
		"x2",
		"y1",
		"y2",
		"dx",
		"dy",
		"cx",
		"cy",
		"r",
		"rx",
		"ry",
		"d"
	].map((name) => [name, plain]))
};
const attributes = new Map(Object.entries(values));
const elements = /* @__PURE__ */ new Set([
	"svg",
	"g",
	"text",
	"tspan",
	"path",
	"rect",
	"line",
	"circle",
	"image"
]);
/** Whether a text is one whole `<svg>` element of what our charts draw. */
function isOwnSvg(svg) {
	const open = [];
	for (let at = 0; at < svg.length; at = token.lastIndex) {
		token.lastIndex = at;
		const [, end, name, given = "", empty, characters] = token.exec(svg) ?? [];
		const isInside = open.length > 0;
		if (characters !== void 0 && isInside) continue;
		if (name === void 0 || !elements.has(name) || isInside !== at > 0) return false;
		if (at === 0 && name !== "svg") return false;
		if (end === "/" ? given !== "" || open.pop() !== name : ![...given.matchAll(/([\w:-]+)="([^"]*)"/g)].every(isAllowed)) return false;
		if (end === "" && empty === "") open.push(name);
		if (open.length === 0) return token.lastIndex === svg.length;
	}
	return false;
}
function isAllowed([, name, value]) {
	return attributes.get(name)?.test(value) === true;
}
// src/charts/report-table.ts
/** An HTML table whose first column names the row. Every cell is plain text and is escaped here. */
function renderTable(caption, columns, rows) {
	const kind = (i) => columns[i]?.number ? " class=\"number\"" : "";
	const head = columns.map(({ title }, i) => `<th scope="col"${kind(i)}>${escape(title)}</th>`).join("");
	const body = rows.map(([name = "", ...cells]) => {
		const others = cells.map((cell, i) => `<td${kind(i + 1)}>${escape(cell)}</td>`);
		return `<tr><th scope="row"${kind(0)}>${escape(name)}</th>${others.join("")}</tr>`;
	}).join("\n");
	return scroll(caption, `<table aria-label="${escape(caption)}"><thead><tr>${head}</tr></thead><tbody>\n${body}\n</tbody></table>`);
}
/** A box that scrolls sideways by itself, also by keyboard, so that the page never does. @param html trusted markup */
function scroll(label, html) {
	return `<div class="scroll" tabindex="0" role="region" aria-label="${escape(label)}">${html}</div>`;
}
/** A part of the report. @param html trusted markup, as the title is */
function section(title, html) {
	return `<section>\n<h2>${title}</h2>\n${html}\n</section>`;
}
// src/charts/report-classes.ts
/** A section for each output that says classes: the scores of each class or label. */
function classTables({ outputs }) {
	return outputs.flatMap((result) => {
		if (result.kind !== "class") return [];
		const [title, titles] = result.several === void 0 ? ["Class", "Classes"] : ["Label", "Labels"];
		const columns = [{ title }, ...[
			"Precision",
			"Recall",
			"F1",
			`Test ${placeNoun(result)}`
		].map((title) => ({
			title,
			number: true
		}))];
		const rows = mostFrequent(result).map(([k, c]) => [
			c.name,
			...[
				c.precision,
				c.recall,
				c.f1
			].map((score) => isThere(result, k) ? score.toFixed(4) : "–"),
			showCount(c.support)
		]);
		return [section(outputs.length === 1 ? titles : `${titles} of ${escape(result.name)}`, (result.confusion === void 0 && rows.length < result.perClass.length ? `<p class="note">The ${rows.length} most frequent of ${showCount(result.perClass.length)}.</p>` : "") + renderTable(`Scores of each ${title.toLowerCase()}`, columns, rows))];
	}).join("\n");
}
/** Classes that the report lists, where there are too many. */
const mostRows = 100;
/** The scores of classes with their places: all of some, of tokens those that are there, the most frequent of many. */
function mostFrequent(result) {
	const all = [...result.perClass.entries()];
	if (result.confusion === void 0) return all.sort(([, one], [, other]) => other.support - one.support).slice(0, mostRows);
	return result.tokens === void 0 ? all : all.filter(([k]) => isThere(result, k));
}
// src/charts/report-style.ts
const shades = Object.entries(palette);
const shadesOf = (of) => shades.map(([name, shade]) => `--${name}: ${shade[of]};`).join(" ");
/** Figures are drawn in light shades; in the page these are those of the reader's system. */
const ofFigures = shades.map(([name, { light }]) => `svg [fill="${light}"] { fill: var(--${name}) } svg [stroke="${light}"] { stroke: var(--${name}) }`);
/** The report's style sheet: one column on a phone, light or dark as the reader's system is. */
const REPORT_STYLE = `
:root { color-scheme: light dark; ${shadesOf("light")} --ground: #f5f7f9; }
@media (prefers-color-scheme: dark) {
  :root { ${shadesOf("dark")} --ground: #0f1216; }
  ${ofFigures.join("\n  ")}
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
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(10rem, 1fr)); gap: 0.7rem; margin: 1.5rem 0; }
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
// src/charts/report-page.ts
/**
* One HTML page that needs nothing else: no script, no address, no file.
*
* @param name plain text
* @param about trusted markup, below the name
* @param parts trusted markup
*/
function renderPage(name, about, parts) {
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
${parts.join("\n")}
</main>
</body>
</html>
`;
}
/** Facts with their names, in large letters. Both are plain text. */
function renderTiles(facts) {
	return `<dl class="tiles">\n${facts.map(([name, value]) => `<div><dt>${escape(name)}</dt><dd>${escape(value)}</dd></div>`).join("\n")}\n</dl>`;
}
/** Pixels of a figure's frame and padding. */
const around = 18;
/** Figures side by side, as many as there is room for. */
function renderFigures(figures) {
	return `<div class="figures">\n${figures.map(({ title, caption, width, svg }) => {
		const image = `<div style="min-width:${Math.round(.66 * width)}px;max-width:${width}px">${svg}</div>`;
		const text = `<figcaption>${escape(caption)}</figcaption>`;
		return `<figure style="flex:${width} 1 ${width + around}px">${scroll(title, image)}${text}</figure>`;
	}).join("\n")}\n</div>`;
}
// src/charts/report.ts
/** The whole run as one HTML page that needs nothing else: no script, no address, no file. */
function renderReport(input) {
	const about = `<p class="about">Run ${escape(input.run.name)}, started ${escape(input.run.startedAt)}</p>${keptStages(input)}${trialNote(input)}`;
	return renderPage(input.name, about, parts.map((part) => part(input)));
}
const parts = [
	tiles,
	figures,
	metricsTable,
	intervals,
	numbers,
	labels,
	comparison,
	({ evaluation }) => classTables(evaluation),
	epochs,
	layers,
	pipeline,
	provenance,
	tracking
];
function keptStages({ run: { kept } }) {
	return kept.map(({ stage, runId }) => `\n<p class="about">${stage}: kept from run <code>${escape(runId)}</code></p>`).join("");
}
function trialNote({ run: { trial } }) {
	return trial === void 0 ? "" : `\n<p class="trial">A trial with ${escape(trial)}.</p>`;
}
function tiles({ history, best, evaluation: { metrics }, parameters, run }) {
	return renderTiles([
		...testMetrics(metrics).slice(0, tileLimit).map(([name, value]) => [tileName(name), measure(value)]),
		["Test loss", measure(metrics["test_loss"])],
		["Epochs", showCount(history.length)],
		...best === void 0 ? [] : [["Best epoch", showCount(best)]],
		["Parameters", showCount(parameters)],
		[`${tileName(run.pace.samples)}/s`, showCount(run.pace.perSecond)],
		["Duration", showDuration(run.durationSeconds)],
		["Seed", String(run.seed)]
	]);
}
/** Metrics that have a tile of their own, beside the loss. */
const tileLimit = 3;
/** All but the loss: first what was asked for, then the loss of each output. */
function testMetrics(metrics) {
	const all = Object.entries(metrics).filter(([name]) => name !== "test_loss");
	return [...all.filter(([name]) => !name.endsWith("_loss")), ...all.filter(([name]) => name.endsWith("_loss"))];
}
/** A table of all, where not each has a tile. */
function metricsTable({ evaluation: { metrics } }) {
	const all = testMetrics(metrics);
	if (all.length <= tileLimit) return "";
	return section("Test metrics", renderTable("Metrics of the test samples", [{ title: "Metric" }, {
		title: "Value",
		number: true
	}], all.map(([name, value]) => [name, measure(value)])));
}
/** Where single metrics would lie on other test samples. */
function intervals({ evaluation }) {
	const found = Object.entries(sampleIntervals(evaluation));
	if (found.length === 0) return "";
	const rows = found.map(([name, { low, high }]) => [
		name,
		measure(evaluation.metrics[name]),
		`${measure(low)} to ${measure(high)}`
	]);
	const numeric = ["Value", "95 % interval"].map((title) => ({
		title,
		number: true
	}));
	const told = "By the bootstrap of the test samples: in 95 of 100 cases other samples like them would give a value between. What another training would give, `repeat` and `folds` tell.";
	return section("How sure", renderTable("Intervals of test metrics", [{ title: "Metric" }, ...numeric], rows) + `<p class="note">${escape(told)}</p>`);
}
/** What the numbers to be predicted were for training. */
function numbers({ numbers: targets = [] }) {
	if (targets.length === 0) return "";
	const asTheyAre = (why) => `as they are${why === null ? "" : `: ${why}`}`;
	const rows = targets.flatMap(({ name, scales, why }) => (scales ?? [null]).map((scale) => {
		return [
			name,
			scale === null ? asTheyAre(why) : "standardized",
			measure(scale?.mean),
			measure(scale?.deviation)
		];
	}));
	const columns = [
		{ title: "Target" },
		{ title: "Trained on" },
		...["Mean", "Deviation"].map((title) => ({
			title,
			number: true
		}))
	];
	const note = targets.some(({ scales }) => scales !== null) ? `<p class="note">The loss of a standardized target is of its standardized numbers: less the mean, divided by the standard deviation of the rows trained on. All else is in the unit of the data, what the saved model predicts too.</p>` : "";
	return section("Numbers to predict", `${renderTable("How numbers were standardized for training", columns, rows)}${note}`);
}
/** Suspect labels that the report shows of a target. */
const mostLabels = 20;
/** Labels that are likely wrong; nothing where none is. */
function labels({ suspects: all = [] }) {
	return all.filter(({ suspects }) => suspects > 0).map(({ target, samples, suspects, ranking }) => {
		const rows = ranking.slice(0, Math.min(suspects, mostLabels)).map(({ place, label, predicted, margin }, i) => [
			showCount(i + 1),
			showSamplePlace(place),
			label,
			predicted,
			measure(margin)
		]);
		const columns = [
			{
				title: "Rank",
				number: true
			},
			...[
				"Sample",
				"Label",
				"Model says"
			].map((title) => ({ title })),
			{
				title: "Margin",
				number: true
			}
		];
		const told = `${showCount(suspects)} of ${showCount(samples)} labels of ${target} are likely wrong: over the epochs, other classes had more of the model than the label. The margin is the logit of the label less the largest of the others, on average. All are in the artifact data/suspect-labels.csv.`;
		return section("Labels to look at", `<p class="note">${escape(told)}</p>${renderTable(`Suspect labels of ${target}`, columns, rows)}`);
	}).join("\n");
}
/** test_balancedAccuracy -> Test balanced accuracy. */
function tileName(metric) {
	const words = metric.replaceAll("_", " ").replaceAll(/(?<=[a-z0-9])[A-Z](?=[a-z]{2})/g, (letter) => ` ${letter.toLowerCase()}`).replace("IoU", " IoU");
	return words.charAt(0).toUpperCase() + words.slice(1);
}
function figures({ figures, leftOut }) {
	const missing = leftOut.length === 0 ? "" : `
<p class="note">Not drawn: ${leftOut.map(({ name, needs }) => escape(`${name} (needs ${needs})`)).join(", ")}.</p>`;
	return `${renderFigures(figures)}${missing}`;
}
function comparison({ reference, history, evaluation }) {
	if (reference === void 0) return "";
	const perEpoch = Object.entries(reference.epochs).flatMap(([metric, epochs]) => Object.entries(epochs).map(([epoch, theirs]) => ({
		what: `${metric}, epoch ${epoch}`,
		ours: history[Number(epoch) - 1]?.[metric],
		theirs
	})));
	const single = Object.entries(reference.metrics).map(([metric, theirs]) => ({
		what: metric,
		ours: evaluation.metrics[metric],
		theirs
	}));
	const rows = [...perEpoch, ...single].map(({ what, ours, theirs }) => [
		what,
		measure(ours),
		String(theirs),
		difference(ours, theirs)
	]);
	return section("Beside published numbers", renderTable("This run beside published numbers", [
		{ title: "Number" },
		{
			title: "This run",
			number: true
		},
		{
			title: reference.label,
			number: true
		},
		{
			title: "Difference",
			number: true
		}
	], rows));
}
function epochs({ history, best }) {
	const metrics = [...new Set(history.flatMap((epoch) => Object.keys(epoch)))];
	const columns = [{
		title: "Epoch",
		number: true
	}, ...metrics.map((title) => ({
		title,
		number: true
	}))];
	const rows = history.map((epoch, i) => [`${i + 1}${i + 1 === best ? " (best)" : ""}`, ...metrics.map((metric) => measure(epoch[metric]))]);
	const weights = best === void 0 ? "" : `; the model has the weights of epoch ${best}`;
	return section("Epochs", `<details><summary>${history.length} ${history.length === 1 ? "epoch" : "epochs"} as numbers${weights}</summary>${renderTable("Metrics of each epoch", columns, rows)}</details>`);
}
function layers({ layers, parameters }) {
	return section("Model", renderTable("Layers of the model", [
		{ title: "Layer" },
		{ title: "Type" },
		{ title: "Output shape" },
		{
			title: "Parameters",
			number: true
		}
	], [...layers.map((layer) => [
		layer.name,
		layer.type,
		layer.outputShape.join("\xA0×\xA0"),
		showCount(layer.parameters)
	]), [
		"total",
		"",
		"",
		showCount(parameters)
	]]));
}
function pipeline({ pipeline: { file, text, settings, resolved } }) {
	const written = code("Pipeline file", text);
	if (resolved === void 0) return section("Pipeline file", `<p class="note">${escape(file)}</p>${written}`);
	const set = settings.map((setting) => `<p>Set: <code>${escape(setting)}</code></p>`).join("");
	return section("Pipeline as it ran", `<p class="note">${escape(file)}, what it extends and what was set over it, with every default.</p>${set}${code("Pipeline as it ran", resolved)}<details><summary>The file alone, as it is written</summary>${written}</details>`);
}
function code(label, text) {
	return scroll(label, `<pre><code>${escape(text)}</code></pre>`);
}
function provenance({ versions, dataFiles, weightsSha256 }) {
	return section("Made from", `${renderTable("SHA-256 of weights and data files", [
		{ title: "File" },
		{
			title: "Size",
			number: true
		},
		{ title: "SHA-256" }
	], [[
		"weights",
		"",
		weightsSha256
	], ...dataFiles.map(({ name, bytes, sha256 }) => [
		name,
		`${showCount(bytes)} bytes`,
		sha256
	])])}<br>${renderTable("Versions", [{ title: "Software" }, { title: "Version" }], Object.entries(versions))}`);
}
function tracking({ tracking: { where, experimentId, runId, open } }) {
	return section("See it in MLflow", `<p>Run <code>${escape(runId)}</code> of experiment <code>${escape(experimentId)}</code>, for <code>${escape(where)}</code>.</p><p>Open it with <code>${escape(open)}</code></p>`);
}
/** What is missing is a dash. */
const measure = (value) => value === void 0 ? "–" : showMeasure(value);
function difference(ours, theirs) {
	if (ours === void 0 || !Number.isFinite(ours - theirs)) return "–";
	const apart = Number((ours - theirs).toPrecision(2));
	return apart === 0 ? "0" : `${apart < 0 ? "−" : "+"}${Math.abs(apart)}`;
}
// src/stages/visualize.ts
/** What is drawn has to be to be shown: a report is a page that runs in a browser. */
const drawnForm = object({
	figures: list(object({
		name: text(/^[\w-]+$/),
		title: text(),
		caption: text(),
		width: such(whole, (width) => width > 0),
		svg: such(text(), isOwnSvg),
		png: array(Uint8Array)
	})),
	leftOut: list(object({
		name: text(),
		needs: text()
	}))
});
/** Draws the figures. */
async function visualize({ chartInput, figures: wanted }) {
	const figures = [];
	const leftOut = [];
	const shown = hideSecretsIn(chartInput);
	for (const [name, chart] of Object.entries(charts)) {
		if (wanted !== void 0 && !wanted.includes(name)) continue;
		const drawn = await drawAll(name, chart, shown);
		if (drawn.length === 0) leftOut.push({
			name,
			needs: chart.needs
		});
		figures.push(...drawn);
	}
	return {
		figures,
		leftOut
	};
}
/** The figure, or one for each output where there are several. */
async function drawAll(name, chart, input) {
	const finished = async (figure, own) => ({
		...figure,
		name: own,
		png: await rasterize(figure.svg)
	});
	if (chart.of === "run") return chart.fits(input) ? [await finished(await chart.draw(input), name)] : [];
	const { outputs } = input.evaluation;
	const drawn = [];
	for (const [k, result] of outputs.entries()) {
		if (!chart.fits(input, result)) continue;
		const own = outputs.length === 1 ? name : `${name}-${/^[\w-]+$/.test(result.name) ? result.name : k + 1}`;
		drawn.push(await finished(await chart.draw(input, result), own));
	}
	return drawn;
}
/** Writes figures/NAME.png. */
function writeFigures({ figures }, artifactDirectory, emit) {
	for (const { name, png } of figures) write(`figures/${name}.png`, png, artifactDirectory, emit);
}
/** Writes figures/NAME.png and report.html: for each run anew, as the report names the run. */
function writeReport(drawn, report, artifactDirectory, emit) {
	writeFigures(drawn, artifactDirectory, emit);
	write("report.html", renderReport({
		...report,
		...drawn
	}), artifactDirectory, emit);
}
function write(path, data, artifactDirectory, emit) {
	writeFileAtomic(artifactPath(artifactDirectory, path), data);
	emit({
		type: "artifact",
		path
	});
}
export { renderFigures as a, REPORT_STYLE as c, recordEvaluation as d, writeReport as i, renderTable as l, visualize as n, renderPage as o, writeFigures as r, renderTiles as s, drawnForm as t, section as u };
