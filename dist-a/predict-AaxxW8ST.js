import { Ea as realPath, Na as shorten, Ss as misuse, Ut as isReconstruction, Vi as textOf, _ as displayWidth, ao as showCount, b as Command, bs as failure, c as runsOption, f as showsColors, h as printDiagnostics, i as modelArgument, ja as writeFileAtomic, u as trackingUriOption, v as makeVisible, vs as UserError, zi as isWholeText } from "./checks-359mGJ3h.js";
import { t as findModel } from "./find-model-Bck4tuWe.js";
import { n as proveKinds, r as rowsOf, t as findInputs } from "./read-inputs-BG7QQc-U.js";
import { t as csvCell } from "./csv-cell-l8gyTKRU.js";
import { t as tellProgress } from "./tell-progress-BL0lu1_V.js";
import { t as untilInterrupted } from "./until-interrupted-DtruJtqg.js";
import { extname } from "node:path";
import { setImmediate } from "node:timers/promises";
// src/models/write-predictions.ts
/** A predicted row as a line of JSON: its place, the prediction, and what is right where that is known. */
function lineOf(row, targets) {
	const { place, prediction } = row;
	const right = actualOf(row, targets);
	return JSON.stringify({
		...place,
		...prediction,
		...right === void 0 ? {} : { actual: right }
	});
}
/** What is right, in the terms of the data; undefined where nothing is known. */
function actualOf({ actual }, targets) {
	const known = targets.flatMap((target, k) => {
		const values = actual?.[k];
		if (values === void 0) return [];
		if (target.kind === "class" && target.several !== void 0) return [[target.name, target.several.labels.filter((_, label) => values[label] === 1)]];
		if (isWholeText(target)) return [[target.name, textOf(target, values)]];
		const said = Array.from(values, (value) => target.kind === "class" ? target.classes[value] : value);
		return [[target.name, said.length === 1 ? said[0] : said]];
	});
	return known.length === 0 ? void 0 : Object.fromEntries(known);
}
/**
* A predicted row as one of a table: its place, and for each target `NAME`, of classes `NAME_confidence` and
* `NAME_probability_CLASS` for each, of the input itself `NAME_error`, and `NAME_actual` where it is known. Lists stand
* there as JSON.
*/
function cellsOf$1(row, targets) {
	const { predicted, confidence, probabilities, error = {} } = row.prediction;
	const right = actualOf(row, targets);
	const cell = (said) => said === void 0 || said === null || typeof said !== "object" ? said ?? null : JSON.stringify(said);
	return new Map([...placeCells(row, targets), ...targets.flatMap(({ name }) => [
		[name, cell(predicted[name])],
		...name in error ? [[`${name}_error`, error[name]]] : [],
		...name in confidence ? [[`${name}_confidence`, cell(confidence[name])]] : [],
		...Object.entries(probabilities[name] ?? {}).map(([key, value]) => [`${name}_probability_${key}`, value]),
		...right !== void 0 && name in right ? [[`${name}_actual`, cell(right[name])]] : []
	])]);
}
/** Where a row stands; a column that is called like a target is `row_NAME`. */
function placeCells({ place }, targets) {
	return Object.entries(place).map(([key, value]) => [targets.some(({ name }) => name === key) ? `row_${key}` : key, value]);
}
const writers = {
	".jsonl": (targets) => {
		const lines = [];
		return {
			add: (row) => void lines.push(`${lineOf(row, targets)}\n`),
			content: async () => lines.join("")
		};
	},
	".csv": (targets) => {
		const rows = [];
		return {
			add: (row) => void rows.push(cellsOf$1(row, targets)),
			content: async () => {
				const columns = columnsOf(rows);
				return [columns, ...rows.map((row) => columns.map((column) => row.get(column) ?? ""))].map((line) => `${line.map((value) => csvCell(String(value))).join(",")}\n`).join("");
			}
		};
	},
	".parquet": (targets) => {
		const rows = [];
		const places = /* @__PURE__ */ new Set();
		return {
			add: (row) => {
				for (const [name] of placeCells(row, targets)) places.add(name);
				rows.push(cellsOf$1(row, targets));
			},
			content: async () => {
				const { parquetWriteBuffer } = await import("hyparquet-writer");
				const columnData = columnsOf(rows).map((name) => {
					const data = rows.map((row) => row.get(name) ?? null);
					if (data.some((value) => typeof value === "string")) return {
						name,
						data,
						type: "STRING"
					};
					return {
						name,
						data,
						type: places.has(name) ? "INT32" : "DOUBLE"
					};
				});
				return new Uint8Array(parquetWriteBuffer({ columnData }));
			}
		};
	}
};
/** All columns that rows have, in the order in which they came. */
function columnsOf(rows) {
	const columns = /* @__PURE__ */ new Set();
	for (const row of rows) for (const column of row.keys()) columns.add(column);
	return [...columns];
}
/**
* Proves the name of a file of predictions, in the format that it ends in.
*
* @param inputs paths that it must not be
* @throws UserError where there is no such format, or it would take the place of an input
*/
function predictionFile(path, inputs) {
	const format = writers[extname(path).toLowerCase()];
	if (format === void 0) throw misuse("bad-output-name", `--out ${path} does not end in ${Object.keys(writers).join(" or ")}`, "Its ending says the format.");
	if (inputs.some((input) => realPath(input) === realPath(path))) throw misuse("bad-output-name", `--out ${path} is one of the inputs`, "Name another file.");
	return (targets) => {
		const writer = format(targets);
		return {
			add: (row) => writer.add(row),
			write: async () => {
				const content = await writer.content();
				try {
					writeFileAtomic(path, content);
				} catch (error) {
					throw failure("unwritable-output", `${path} cannot be written: ${error.message}`, void 0, error);
				}
			}
		};
	};
}
// src/commands/draw-picture.ts
/** Characters from dark to bright. */
const shades = [
	" ",
	"░",
	"▒",
	"▓",
	"█"
];
/** Columns that a picture takes at most. */
const widest = 56;
/**
* A picture in characters, each two of its pixels above each other.
*
* @param colors whether the terminal has all of them; else greys in five shades
*/
function drawPicture(values, shape, colors) {
	const [height, width, channels] = shape;
	const step = Math.max(1, Math.ceil(width / widest));
	/** The mean of a channel over the pixels that a point stands for. */
	const pointAt = (y, x, channel) => {
		let [sum, count] = [0, 0];
		for (let row = y * step; row < Math.min(height, (y + 1) * step); row++) for (let column = x * step; column < Math.min(width, (x + 1) * step); column++, count++) sum += values[(row * width + column) * channels + Math.min(channel, channels - 1)];
		return count === 0 ? 0 : Math.round(sum / count);
	};
	const colorAt = (y, x) => [
		0,
		1,
		2
	].map((channel) => pointAt(y, x, channel));
	const brightness = (color) => color.reduce((sum, one) => sum + one, 0) / 768;
	const [rows, columns] = [Math.ceil(height / step / 2), Math.ceil(width / step)];
	return Array.from({ length: rows }, (_, row) => {
		const cells = Array.from({ length: columns }, (__, x) => {
			const [above, below] = [colorAt(2 * row, x), colorAt(2 * row + 1, x)];
			return colors ? `\u001b[38;2;${above.join(";")};48;2;${below.join(";")}m▀` : shades[Math.floor((brightness(above) + brightness(below)) / 2 * shades.length)];
		});
		return colors ? `${cells.join("")}\u001b[0m` : cells.join("").trimEnd();
	});
}
/** A share of 1 as a bar of at most 30 characters. */
function drawShare(share) {
	return "█".repeat(Math.round(share * 30));
}
// src/commands/show-predictions.ts
/** Characters that are written at once. */
const block = 65536;
/** A line of JSON for each row. */
function showLinesOfJson({ targets }, stream) {
	let text = "";
	let isUnread = false;
	stream.once("error", () => isUnread = true);
	const flush = async () => {
		if (!stream.write(text)) await setImmediate();
		text = "";
	};
	return {
		show: async (row) => {
			text += `${lineOf(row, targets)}\n`;
			if (text.length > block) await flush();
		},
		close: flush,
		isUnread: () => isUnread
	};
}
/** Rows that are aligned together. */
const together = 200;
/** Aligned rows for people; of a single picture, what it shows and the classes that it may be. */
function showTable({ inputs, targets }, stream) {
	let waiting = [];
	let widths = [];
	const print = (lines) => void stream.write(lines.map((line) => `${line}\n`).join(""));
	const head = headOf(targets);
	const flush = () => {
		const rows = waiting.map((row) => cellsOf(row, targets));
		waiting = [];
		const isNew = head.some((_, k) => (widths[k] ?? 0) === 0 && rows.some((row) => row[k] !== ""));
		widths = head.map((name, k) => {
			const widest = Math.max(widths[k] ?? 0, ...rows.map((row) => displayWidth(row[k])));
			return widest === 0 ? 0 : Math.max(widest, displayWidth(name));
		});
		const lineOfCells = (row) => row.flatMap((cell, k) => widths[k] === 0 ? [] : [padded(cell, widths[k])]).join("  ").trimEnd();
		print([...isNew ? [head] : [], ...rows].map(lineOfCells));
	};
	return {
		show: async (row) => {
			waiting.push(row);
			if (waiting.length === together) flush();
		},
		close: async () => {
			const [only, ...more] = waiting;
			const picture = only === void 0 || more.length > 0 || widths.length > 0 ? void 0 : pictureOf(only, inputs);
			if (picture !== void 0) print([...[picture, ...madeOf(only, picture, targets)].flatMap((one) => [...drawPicture(...one, stream.hasColors(2 ** 24)), ""]), ...topClasses(only, targets)]);
			if (waiting.length > 0) flush();
		},
		isUnread: () => false
	};
}
function padded(cell, width) {
	return cell + " ".repeat(width - displayWidth(cell));
}
const isOneOfMany = (target) => target.kind === "class" && target.shape.length === 0;
function headOf(targets) {
	return ["input", ...targets.flatMap((target) => isReconstruction(target) ? [`error of ${target.name}`] : [
		makeVisible(target.name),
		...isOneOfMany(target) ? [
			"p",
			"second",
			"p"
		] : [],
		"actual"
	])];
}
function cellsOf(row, targets) {
	const { predicted, probabilities, error } = row.prediction;
	const right = actualOf(row, targets);
	return [placeOf(row), ...targets.flatMap((target) => {
		const { name } = target;
		if (isReconstruction(target)) return [showSaid(error[name])];
		const show = isWholeText(target) ? showText : showSaid;
		const actual = right === void 0 || !Object.hasOwn(right, name) ? "" : show(right[name]);
		if (!isOneOfMany(target)) return [show(predicted[name]), actual];
		const [first, second] = ranked(probabilities[name]);
		return [
			showSaid(predicted[name]),
			percent(probabilities[name][predicted[name]] ?? first[1]),
			...second === void 0 ? ["", ""] : [makeVisible(second[0]), percent(second[1])],
			actual
		];
	})];
}
/** `digits/7.png`, `penguins.csv:3`, `digits.npy[2]`. */
function placeOf({ place }) {
	const { file, ...within } = place;
	const more = Object.entries(within).map(([key, value]) => key === "index" ? `[${value}]` : `:${value}`);
	return makeVisible(`${file}${more.join("")}`);
}
function ranked(probabilities) {
	return Object.entries(probabilities).sort((a, b) => b[1] - a[1]);
}
const percent = (share) => `${(100 * share).toFixed(1)} %`.padStart(7);
function showSaid(said) {
	if (said === null) return "-";
	if (typeof said === "number") return String(Number(said.toPrecision(6)));
	if (typeof said === "string") return makeVisible(said);
	if (said.length === 0) return "-";
	const all = leavesOf(said);
	if (typeof said[0] !== "object" || said[0] === null) return shorten(all.map((one) => showSaid(one)).join(" "), 60);
	return sharesOf(all);
}
/** A text as an answer, which may be long, and may be empty. */
const showText = (said) => said === "" ? "\"\"" : shorten(showSaid(said), 60);
const leavesOf = (said) => Array.isArray(said) ? said.flatMap(leavesOf) : [said];
/** Of classes at places in two directions or more, how much each takes. */
function sharesOf(all) {
	const counts = /* @__PURE__ */ new Map();
	for (const one of all) counts.set(String(one), (counts.get(String(one)) ?? 0) + 1);
	return [...counts].sort((a, b) => b[1] - a[1]).slice(0, 4).map(([name, count]) => `${makeVisible(name)} ${percent(count / all.length).trim()}`).join(", ");
}
/** The pixels of a row whose only input is a picture. */
function pictureOf({ x }, [input, ...more]) {
	const [values] = x;
	const { shape } = input;
	if (more.length > 0 || shape.length !== 3 || !(values instanceof Uint8Array)) return void 0;
	return [values, shape];
}
/** What the model makes of a picture that it is to give again. */
function madeOf({ values }, [, shape], targets) {
	return targets.flatMap((target, k) => isReconstruction(target) ? [[Uint8Array.from(Uint8ClampedArray.from(values[k].predicted, (value) => 255 * value)), shape]] : []);
}
/** Classes that bars are drawn for. */
const mostBars = 5;
function topClasses({ prediction }, targets) {
	return targets.filter(isOneOfMany).flatMap(({ name }) => {
		const top = ranked(prediction.probabilities[name]).slice(0, mostBars).map(([key, share]) => [makeVisible(key), share]);
		const width = Math.max(...top.map(([key]) => displayWidth(key)));
		return [...top.map(([key, share]) => `${padded(key, width)} ${percent(share)}  ${drawShare(share)}`.trimEnd()), ""];
	});
}
// src/commands/predict.ts
/** `pipeline predict`: what a trained model says of rows of the user's. */
function predictCommand() {
	return new Command("predict").description("Ask a trained model about pictures, tables or texts, prepared as its run prepared them: rows on a terminal, lines of JSON into a pipe").addArgument(modelArgument()).argument("<inputs...>", "files (pictures, CSV, lines of JSON, .npy, text), folders, patterns such as \"digits/*.png\", or - for standard input").option("--out <file>", "write the predictions there instead, in the format of its ending: .csv, .jsonl or .parquet").addOption(trackingUriOption("MLflow server that has the run (also MLFLOW_TRACKING_URI; default: the local store)")).addOption(runsOption()).action(predict);
}
/** Kinds of rows that cannot be used are named one by one up to so many. */
const mostNamed = 20;
async function predict(run, names, options) {
	const warn = (warning) => process.stderr.write(printDiagnostics([warning], {
		color: showsColors(process.stderr),
		cwd: process.cwd()
	}));
	await untilInterrupted(async (signal) => {
		const inputs = await findInputs(names, signal);
		const open = options.out === void 0 ? void 0 : predictionFile(options.out, inputs.map(({ name }) => name));
		const trackingUri = options.trackingUri ?? process.env["MLFLOW_TRACKING_URI"];
		const { folder } = await findModel(run, {
			runs: options.runs,
			trackingUri
		}, {
			warn,
			signal
		});
		const { loadPredictor } = await import("./predictor-MOGzoeXl.js").then((n) => n.n);
		const { RowFaults } = await import("./row-faults-DvXPJQqo.js").then((n) => n.n);
		const { Scores } = await import("./score-predictions-LW6SKnzy.js");
		const predictor = await loadPredictor(folder, tellProgress());
		const { targets } = predictor.signature;
		proveKinds(predictor.reader, inputs);
		const file = open?.(targets);
		const { stdout } = process;
		const show = stdout.isTTY ? showTable : showLinesOfJson;
		const view = file === void 0 ? show(predictor.signature, stdout) : void 0;
		const scores = new Scores(targets);
		const faults = new RowFaults(mostNamed, "The row is predicted, and left out of what is measured.");
		let predicted = 0;
		for await (const row of predictor.predict(rowsOf(predictor.reader, inputs), signal)) {
			if (row.warning !== void 0) warn(row.warning);
			faults.add(row);
			if (row.prediction === void 0) continue;
			predicted++;
			scores.add(row);
			file?.add(row);
			await view?.show(row);
			if (view?.isUnread() === true) break;
		}
		await view?.close();
		predictor.dispose();
		if (predicted > 0) await file?.write();
		const told = [...scores.lines(), ...file === void 0 || predicted === 0 ? [] : [`${counted(predicted)} written to ${options.out}`]];
		const stream = file !== void 0 || stdout.isTTY ? stdout : process.stderr;
		for (const line of told) stream.write(`${makeVisible(line)}\n`);
		if (faults.count > 0) throw new UserError(faults.diagnostics(), 1);
	});
}
const counted = (rows) => `${showCount(rows)} ${rows === 1 ? "row" : "rows"}`;
export { predictCommand };
