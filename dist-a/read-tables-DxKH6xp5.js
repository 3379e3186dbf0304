import { r as __exportAll } from "./rolldown-runtime-C1I3wEg2.js";
import { C as inputsOf, D as columnsBeside, E as mostDifferent, S as heldCode, T as memoryOfCounts, _ as findInNumbers, a as placing, b as divideTables, c as within, d as headOfLines, f as headsOf, g as findInCategories, h as surveyPrepared, i as placedIn, l as fitInput, m as findInPrepared, n as csv, o as rowOfTable, p as whyWhole, r as csvFormat, s as sourcesOfTable, t as cellsOfTable, u as inputValues, w as sidesOf, x as codeOf, y as warningsOf } from "./csv-aXaL6f-a.js";
import { E as valuesOfTarget, S as rowsOfTarget, _ as isPackable, a as headOfParquet, b as listColumns, c as sizeOfParquet, d as linesInBlocks, f as parseLines, g as columnsOfTargets, n as readColumns, o as parquetInBlocks, p as sizeOfText, r as tableFiles, s as parseParquet, t as asFile, v as isTextOption } from "./table-rows-CR7Qkpgj.js";
import { Ao as tokensOf, Cs as warning, Di as firstRows, Do as tokenNumbers, Eo as tokenNames, Gi as WrongOption, Ja as locate, La as jsonlFace, Na as shorten, Oo as tokenOptions, Pa as at, Qi as bytesOfText, Qo as isMisfit, Ra as namedIn, Wi as roomForIndices, Xi as readUnpacked, Ya as nameOf$1, _i as validationCount, _s as sizeOf, ai as splitSamples, ao as showCount, bs as failure, ca as decodeText, ci as withinMemory, di as defineDataset, dr as seriesFace, li as bytesOf, lr as textFace, ms as inTurns, oa as readText, pi as orMisfit, ps as atOnce, qi as inOption, ra as readBytes, rs as shareOf, ur as naiveNames, vr as wholeFor, vs as UserError, wo as TokenCounter, za as parquetFace } from "./checks-359mGJ3h.js";
import { C as missingValues, T as provePoints, b as columnOf, i as isNamed, t as asked, u as proveGiven, w as placeIn } from "./given-values-DXROl_Cm.js";
import { C as readAndKeep, S as pathsOf, T as takeKept, g as timesIn, o as settled, r as isSettled, s as settledIn, v as groupsIn, w as readTables } from "./from-data-D-ljl90E.js";
import { n as textEncoder, r as seriesEncoder } from "./encode-text-yWUQkf3h.js";
import { n as parseLine } from "./parse-line-CpGHibUl.js";
import { closeSync, openSync, readSync, rmSync, writeSync } from "node:fs";
// src/datasets/jsonl.ts
/** Lines of JSON as a format of tables. */
const jsonlFormat = {
	name: "jsonl",
	read: (place, { targets }, room) => room === void 0 ? readLines(place, listColumns(targets)) : linesInBlocks(place, listColumns(targets), { room }),
	sizeOf: sizeOfText,
	readHead: (place, bytes, { targets }) => headOfLines(place, bytes, (lines) => parseLines(lines, listColumns(targets)))
};
/** A table in lines of JSON. */
const jsonl = defineDataset({
	...jsonlFace,
	...rowOfTable(jsonlFormat)
});
function* readLines(place, lists) {
	return yield* parseLines({
		place,
		...readUnpacked(place)
	}, lists);
}
// src/datasets/parquet.ts
/** Parquet as a format of tables. */
const parquetFormat = {
	name: "parquet",
	read: (place, _, room) => room === void 0 ? parseParquet(readBytes(place)) : parquetInBlocks(place, { room }),
	sizeOf: sizeOfParquet,
	readHead: headOfParquet
};
/** A table in a Parquet file. */
const parquet = defineDataset({
	...parquetFace,
	...rowOfTable(parquetFormat)
});
// src/datasets/series-time.ts
/** How many times as much as is usual has to lie between two rows to be a gap: months and years differ by less. */
const gap = 1.5;
/**
* Brings the rows of a table into the order of time.
*
* @throws WrongOption where a cell is no time, a row is of no entity, or two rows of one entity have the same time
*/
function* orderRows(table, { time, entity }) {
	const times = yield* timesIn(table, time, at("time"));
	const entities = entity === void 0 ? new Uint32Array(table.count) : yield* groupsIn(table, entity, at("entity"));
	yield;
	const rows = Uint32Array.from({ length: table.count }, (_, row) => row);
	rows.sort((a, b) => entities[a] - entities[b] || times[a] - times[b] || a - b);
	yield;
	const firsts = [];
	for (const [k, row] of rows.entries()) if (k === 0 || entities[row] !== entities[rows[k - 1]]) firsts.push(k);
	firsts.push(rows.length);
	proveOnce(table, {
		rows,
		times,
		entities
	}, {
		time,
		entity
	});
	const ordered = {
		rows,
		times,
		firsts
	};
	return {
		...ordered,
		warnings: [...movedRows(table, times, entities, time), ...gapsIn(table, ordered, time)]
	};
}
/** The cell of a row that says its time, for messages. */
function timeOfRow(table, row, time) {
	return shorten(table.cell(row, table.placeOf(time)).trim());
}
function proveOnce(table, { rows, times, entities }, { time, entity }) {
	const isTwice = (k) => k > 0 && entities[rows[k]] === entities[rows[k - 1]] && times[rows[k]] === times[rows[k - 1]];
	const twice = rows.filter((_, k) => isTwice(k)).length;
	if (twice === 0) return;
	const first = Array.from(rows.keys()).find(isTwice);
	const [one, other] = [rows[first - 1], rows[first]];
	const of = entity === void 0 ? "" : ` of \`${shorten(table.cell(other, table.placeOf(entity)).trim())}\``;
	throw new WrongOption(at("time"), failure("duplicate-time", `${table.name}, ${table.spotOf(other)}: ${shorten(time)} is '${timeOfRow(table, other, time)}'${of}, as on ${table.spotOf(one)}${twice === 1 ? "" : `, and so in ${twice - 1} more rows`}`, entity === void 0 ? "Remove one of the two; where they are of different things, say which column tells them apart: `entity`." : "Remove one of the two."));
}
/** Rows that stand behind a later one of their entity. */
function movedRows(table, times, entities, time) {
	const latest = /* @__PURE__ */ new Map();
	let [count, moved, before] = [
		0,
		0,
		0
	];
	for (let row = 0; row < times.length; row++) {
		const last = latest.get(entities[row]);
		if (last !== void 0 && times[row] < times[last]) {
			if (count === 0) [moved, before] = [row, last];
			count++;
		} else latest.set(entities[row], row);
	}
	if (count === 0) return [];
	return [{
		code: "unordered-times",
		problem: `${count} of ${times.length} rows stand behind later ones; the first is ${table.spotOf(moved)} of ${table.name}, ${timeOfRow(table, moved, time)} behind ${timeOfRow(table, before, time)} (${table.spotOf(before)})`,
		hint: `They are taken in the order of \`${shorten(time)}\`.`,
		path: at("time")
	}];
}
/** Places where more time passes than usual. */
function gapsIn(table, { rows, times, firsts }, time) {
	const begins = new Set(firsts);
	const apart = (k) => times[rows[k]] - times[rows[k - 1]];
	const inside = Uint32Array.from(rows.keys()).filter((k) => !begins.has(k));
	const steps = Float64Array.from(inside, apart).sort();
	const usual = steps[Math.floor(steps.length / 2)];
	const gaps = inside.filter((k) => apart(k) > gap * usual);
	const [first] = gaps;
	if (first === void 0) return [];
	const [before, behind] = [rows[first - 1], rows[first]];
	return [{
		code: "gaps-in-time",
		problem: `${gaps.length === 1 ? "one gap" : `${gaps.length} gaps`} in the time of ${table.name}, where more than ${gap} times the usual lies between two rows: ${gaps.length === 1 ? "" : "the first "}between ${timeOfRow(table, before, time)} (${table.spotOf(before)}) and ${timeOfRow(table, behind, time)} (${table.spotOf(behind)})`,
		hint: "A window counts rows, and reaches over them: add the missing rows, and fill their cells by `prepare`.",
		path: at("time")
	}];
}
// src/datasets/series-windows.ts
/**
* Divides rows at points in time, the same for all entities, and finds the windows of each part: none reaches over such
* a point, nor over two entities.
*
* @param name of the table, for messages
* @throws WrongOption where a part that is to have windows has none
*/
function divideSeries(ordered, options, { validation, name }) {
	const { rows, times, firsts } = ordered;
	const points = Float64Array.from(new Set(times)).sort();
	const tested = shareOf(options.test, points.length);
	const validated = Math.min(validationCount({ validation }, points.length - tested), points.length - tested);
	const sizes = {
		train: points.length - tested - validated,
		validation: validated,
		test: tested
	};
	const ends = [
		sizes.train,
		sizes.train + sizes.validation,
		points.length
	];
	const timeOf = (place) => times[rows[place]];
	/** The first place from `first` on whose time is not below that of a point. */
	const placeOf = (point, first, end) => {
		if (point === points.length) return end;
		let [low, high] = [first, end];
		while (low < high) {
			const middle = low + high >> 1;
			if (timeOf(middle) < points[point]) low = middle + 1;
			else high = middle;
		}
		return low;
	};
	const found = {
		train: [],
		validation: [],
		test: []
	};
	const longest = {
		train: 0,
		validation: 0,
		test: 0
	};
	const trained = [];
	let [left, firstLeft] = [0, 0];
	for (let k = 0; k + 1 < firsts.length; k++) {
		const [first, end] = [firsts[k], firsts[k + 1]];
		let [from, windows] = [first, 0];
		for (const [which, part] of partNames.entries()) {
			const to = placeOf(ends[which], from, end);
			longest[part] = Math.max(longest[part], to - from);
			if (part === "train") for (let place = from; place < to; place++) trained.push(rows[place]);
			for (const start of startsIn(from, to, options)) {
				found[part].push(start);
				windows++;
			}
			from = to;
		}
		if (windows === 0 && left++ === 0) firstLeft = first;
	}
	for (const part of partNames) if (found[part].length === 0 && (part !== "validation" || validation > 0)) throw tooShort(name, part, {
		options,
		points: sizes[part],
		longest: longest[part]
	});
	return {
		windows: {
			train: Uint32Array.from(found.train),
			validation: Uint32Array.from(found.validation),
			test: Uint32Array.from(found.test)
		},
		trained: Uint32Array.from(trained).sort(),
		left: {
			count: left,
			first: firstLeft
		}
	};
}
const partNames = [
	"train",
	"validation",
	"test"
];
/** The first places of the windows between two, that have all of their forecast there. */
function* startsIn(from, to, { window, horizon, stride }) {
	for (let start = from; start + window + horizon <= to; start += stride) yield start;
}
const paths = {
	train: at("window"),
	validation: ["split", "validation"],
	test: at("test")
};
function tooShort(name, part, given) {
	const { options: { window, horizon }, points, longest } = given;
	const called = {
		train: "the training part",
		validation: "the validation part",
		test: "the test"
	}[part];
	return new WrongOption(paths[part], failure("series-too-short", `${name}: ${called} has ${points} ${points === 1 ? "point" : "points"} in time and no more than ${longest} ${longest === 1 ? "row" : "rows"} one after the other, and a window of ${window} with its forecast of ${horizon} takes ${window + horizon}`, part === "train" ? "No window reaches over what divides the parts: take a smaller `window` or `horizon`, or add rows." : `No window reaches over what divides the parts: raise \`${part}\`, or take a smaller \`window\`.`));
}
const [lastValue, seasonBefore] = naiveNames;
/** What needs no model: the last value of a window as its forecast, and the value one season before each. */
function naiveForecasts({ window, horizon, season, rows, columns, starts }) {
	const forecast = (back) => (target) => {
		const values = new Float64Array(starts.length * horizon);
		for (const [k, start] of starts.entries()) for (let step = 0; step < horizon; step++) values[k * horizon + step] = columns[target][rows[start + window + step - back(step)]];
		return values;
	};
	return [{
		name: lastValue,
		values: forecast((step) => step + 1)
	}, ...season === void 0 ? [] : [{
		name: seasonBefore,
		values: forecast((step) => season * Math.ceil((step + 1) / season))
	}]];
}
// src/datasets/series-rows.ts
/**
* What a model is asked by that learnt from a series: of a file, the windows that training would make of it, and of
* each entity the one that ends with its last row, whose forecast is of what nobody knows yet.
*/
function seriesRows(trained) {
	const { options, targets } = trained;
	const { takes, encode, columns, prepare, unused, window, joined } = seriesEncoder(trained);
	const { time, entity, horizon, stride, season } = options;
	const ofTime = [time, ...entity === void 0 ? [] : [entity]];
	return {
		kind: "series",
		takes,
		encode,
		files: tableFiles(options, rowsOf),
		lines: (name, bytes) => areRows(name, bytes) ? rowsOf(name, parseLines({
			place: { path: name },
			...asFile(name, bytes)
		}, /* @__PURE__ */ new Set())) : void 0
	};
	function* rowsOf(name, reading) {
		const table = atOnce(reading);
		proveGiven(table.columns, [.../* @__PURE__ */ new Set([...ofTime, ...columns.keys()])], name);
		const { rows, firsts, warnings } = atOnce(orderRows(table, {
			time,
			entity
		}));
		const { valueOf, faults } = readColumns(table, columns.values(), (row) => `${name}, ${table.spotOf(row)}`);
		const known = targets.map((target) => knownOf(table, target.name));
		const placeOf = (at) => {
			const row = rows[at];
			return {
				file: name,
				[table.counted]: table.sampleAt(row).line,
				...entity === void 0 ? {} : { entity: table.cell(row, table.placeOf(entity)).trim() },
				time: timeOfRow(table, row, time)
			};
		};
		const windowAt = (start) => {
			const some = rows.subarray(start, start + window);
			const place = placeOf(start + window - 1);
			const wrong = some.find((row) => faults.has(row));
			if (wrong !== void 0) return {
				place,
				fault: faults.get(wrong)
			};
			const each = Array.from(some, (row) => prepare((column) => valueOf(column, row)));
			return {
				place,
				x: joined(each)
			};
		};
		let more = toldOf([...warnings.map(({ code, problem, hint }) => warning(code, problem, hint)), ...Object.values(unused(table.columns.filter((column) => !ofTime.includes(column)), name))]);
		for (let k = 0; k + 1 < firsts.length; k++) {
			const [first, end] = [firsts[k], firsts[k + 1]];
			if (end - first < window) {
				yield {
					place: placeOf(end - 1),
					fault: tooShort(table, rows.subarray(first, end), name),
					...more
				};
				more = {};
				continue;
			}
			for (const start of startsIn(first, end, {
				window,
				horizon,
				stride
			})) {
				const behind = rows.subarray(start + window, start + window + horizon);
				yield {
					...windowAt(start),
					actual: known.map((target) => hasAll(behind)(target) ? Float64Array.from(behind, (row) => target.values[row]) : void 0),
					...known.every(hasAll(rows.subarray(start, start + window))) && { baselines: naiveForecasts({
						window,
						horizon,
						season,
						rows,
						columns: known.map(({ values }) => values),
						starts: Uint32Array.of(start)
					}) },
					...more
				};
				more = {};
			}
			yield {
				...windowAt(end - window),
				actual: [],
				...more
			};
			more = {};
		}
	}
	function tooShort(table, rows, name) {
		const of = entity === void 0 ? "" : ` of \`${shorten(table.cell(rows[0], table.placeOf(entity)).trim())}\``;
		return failure("series-too-short", `${name} has ${rows.length} ${rows.length === 1 ? "row" : "rows"}${of}, and a window takes ${window}`, `The model takes ${takes}: give it those before, too.`).diagnostics[0];
	}
}
/** All that is strange about a file, as one warning. */
function toldOf(strange) {
	const [first] = strange;
	if (first === void 0) return {};
	return { warning: {
		...first,
		message: strange.map(({ message }) => message).join("; ")
	} };
}
/** Whether lines of JSON are rows of a table, by the first of them: a window has a list of values for each column. */
function areRows(name, bytes) {
	const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
	for (let [at, line] = [0, 1]; at < text.length; line++) {
		const found = text.indexOf(lineFeed, at);
		const end = found < 0 ? text.length : found;
		const first = text.toString("utf8", at, end);
		at = end + 1;
		if (first.trim() === "") continue;
		const row = parseLine(first, `${name}, line ${line}`);
		return isNamed(row) && !Object.values(row).some((value) => Array.isArray(value));
	}
	return false;
}
const lineFeed = 10;
/** What a table says of a target; undefined where it has no such column. */
function knownOf(table, target) {
	if (table.placeOf(target) === void 0) return void 0;
	const wrong = /* @__PURE__ */ new Map();
	return {
		values: atOnce(columnOf(table, target, void 0, void 0, wrong)),
		wrong
	};
}
/** Whether a target is known of each of some rows. */
const hasAll = (rows) => (target) => target !== void 0 && !rows.some((row) => target.wrong.has(row));
// src/datasets/series.ts
/** The tables of a series: of any format, by the names of their files. */
const format = {
	name: "series",
	read: (place, given, room) => formatOf(place).read(place, given, room),
	sizeOf: (place) => formatOf(place).sizeOf(place),
	readHead: (place, bytes, given) => formatOf(place).readHead(place, bytes, given)
};
function formatOf(place) {
	const name = nameOf$1(place);
	if (/\.parquet$/i.test(name)) return parquetFormat;
	return /\.(jsonl|ndjson)(\.gz)?$/i.test(name) ? jsonlFormat : csvFormat;
}
/** Windows of a table whose rows come one after the other in time. */
const series = defineDataset({
	...seriesFace,
	describe: (given, folder, division = {}) => placedIn(format.name, orMisfit(() => atOnce(survey$1(given, folder, division)), {
		inputs: Object.keys(given.features).length === 0 ? ["input"] : Object.keys(given.features),
		targets: targetsOf(given)
	})),
	settle: (given, folder) => atOnce(placing(format.name, settle(given, folder))),
	named: namedIn,
	files: pathsOf,
	load: (given, folder, _, signal, split) => inTurns(placing(format.name, loadSeries(given, folder, split)), signal),
	rows: seriesRows
});
function* settle(given, folder) {
	if (isSettled(given)) return given;
	const tables = yield* readAndKeep(given, folder, format);
	const { categories } = yield* settledIn(withFeatures(given, tables.table), tables);
	return {
		...given,
		categories
	};
}
/** The options with the columns that each input is made of. */
function withFeatures(given, table) {
	const { features, time, entity, prepare = {}, targets } = given;
	placeIn(table, time, ...at("time"));
	if (entity !== void 0) placeIn(table, entity, ...at("entity"));
	for (const [option, column] of Object.entries({
		time,
		entity
	})) if (column !== void 0 && (Object.hasOwn(targets, column) || option === "entity" && column === time)) throw new WrongOption(at(option), failure("column-of-the-series", `\`${shorten(column)}\` is the column of ${option === "time" ? "times" : "entities"}, and ` + (column === time && option === "entity" ? "that of times" : "a target"), "Name another column here."));
	if (Object.keys(features).length > 0) return given;
	const input = table.columns.filter((name) => name !== entity && (name !== time || Object.hasOwn(prepare, name)));
	return {
		...given,
		features: { input }
	};
}
const targetsOf = ({ targets, horizon }) => Object.keys(targets).map((name) => ({
	kind: "number",
	name,
	shape: [horizon]
}));
function* divide(written, tables, split) {
	const { table } = tables;
	if (split?.fold !== void 0) throw new WrongOption(["folds"], failure("split-conflict", "a series is divided at points in time, and folds would train on what comes after their test", "Leave `folds` out; `repeat: 5` tells what the seed is worth."));
	const full = withFeatures(written, table);
	const { categories } = yield* settledIn(full, tables);
	const given = {
		...full,
		categories
	};
	const { window, horizon, season } = given;
	if (season !== void 0 && season > window) throw new WrongOption(at("season"), failure("season-beyond-window", `a season of ${season} rows is longer than a window of ${window}`, `What was one season before is not among its rows: take a \`window\` of ${season} at least, or no \`season\`.`));
	const sides = sidesOf(given, table, {});
	const ordered = yield* orderRows(table, given);
	const divided = divideSeries(ordered, given, {
		validation: split?.validation ?? 0,
		name: table.name
	});
	const { train, validation, test } = divided.windows;
	const held = inputsOf(given, table, {}).reduce((sum, { features }) => sum + codeOf(features).length, 0);
	const targets = sides.targets.map((target) => ({
		...target,
		shape: [horizon]
	}));
	return {
		given,
		table,
		ordered,
		divided,
		spec: {
			inputs: sides.inputs.map((input) => ({
				...input,
				shape: [window, ...input.shape]
			})),
			targets,
			held: bytesOf({
				inputs: [{
					name: "",
					shape: [window, held],
					dtype: "float32",
					scale: 1
				}],
				targets,
				count: {
					train: 1,
					test: 0
				}
			}),
			count: {
				train: train.length + validation.length,
				test: test.length,
				...split !== void 0 && { validation: validation.length }
			}
		}
	};
}
/** Reads each cell that will be used, so that a wrong one is found before anything starts. */
function* survey$1(given, folder, { split, glance = false }) {
	const heads = glance ? yield* headsOf(given, folder, format) : void 0;
	const glanced = heads && (yield* surveyRows(given, heads.tables, split));
	if (heads !== void 0 && glanced !== void 0 && !isMisfit(glanced)) {
		const { warnings: _, count, ...spec } = glanced;
		return {
			...spec,
			count: mapCounts(count, heads.inAll)
		};
	}
	const described = yield* surveyRows(given, yield* readAndKeep(given, folder, format), split);
	return wholeFor(described, { glance }, whyWhole(given));
}
function mapCounts({ train, test, validation }, change) {
	return {
		train: change(train),
		test: change(test),
		...validation !== void 0 && { validation: change(validation) }
	};
}
function* surveyRows(written, tables, split) {
	const { table } = tables;
	const { given, ordered, divided, spec } = yield* divide(written, tables, split);
	const inputs = inputsOf(given, table, {});
	const used = new Map(inputs.flatMap(({ features }) => features).map((feature) => [feature.column, feature]));
	const reading = table.memory + table.count * 12 * (used.size + Object.keys(given.targets).length);
	const fitting = withinMemory({
		...spec,
		reading
	});
	if (isMisfit(fitting)) return fitting;
	const { trained, left } = divided;
	const missing = /* @__PURE__ */ new Map();
	const findings = [];
	const fitted = /* @__PURE__ */ new Map();
	const isOnly = used.size === 1;
	for (const { column, categories, prepared, texts } of used.values()) {
		if (texts !== void 0) throw new WrongOption(texts.path, failure("wrong-preparation", `\`${shorten(column)}\`: a series is of numbers and categories, not of words and characters`, "Leave the column out of `features`, or take a table (`csv`) to learn from texts."));
		if (prepared !== void 0) {
			const seen = yield* surveyPrepared(table, prepared, {
				missing,
				trained,
				fitted
			});
			findings.push(...findInPrepared(table, prepared.plan, {
				...seen,
				trained,
				isOnly
			}));
			continue;
		}
		const numbers = yield* inOption(categories === void 0 ? at("file") : at("categories", column), () => columnOf(table, column, categories, missing));
		findings.push(...categories === void 0 ? findInNumbers(table, column, {
			numbers,
			trained,
			isOnly
		}) : findInCategories(table, {
			column,
			categories
		}, {
			indices: numbers,
			trained
		}));
	}
	for (const target of Object.keys(given.targets)) yield* inOption(at("file"), () => columnOf(table, target, void 0, missing));
	if (missing.size > 0) throw new WrongOption(at("file"), missingValues(table, missing));
	const ofNumbers = [...used.values()].flatMap(({ column, categories, prepared }) => categories === void 0 && (prepared?.plan.reads ?? "numbers") === "numbers" ? [column] : []);
	yield* inOption(at("file"), () => provePoints(table, [table], [...ofNumbers, ...Object.keys(given.targets)]));
	if (split === void 0) return fitting;
	return {
		...fitting,
		warnings: [
			...ordered.warnings,
			...left.count === 0 ? [] : [shortEntities(given, table, {
				count: left.count,
				row: ordered.rows[left.first]
			})],
			...warningsOf(findings, trained.length)
		]
	};
}
function shortEntities({ entity, window, horizon }, table, { count, row }) {
	const name = shorten(table.cell(row, table.placeOf(entity)).trim());
	return {
		code: "short-entities",
		problem: `${count === 1 ? "one entity has" : `${count} entities have`} no ${window + horizon} rows one after the other in any part, and no window: \`${name}\` (${table.spotOf(row)})${count === 1 ? "" : " is the first"}`,
		hint: "Nothing is learnt from them: take a smaller `window`, or give them more rows.",
		path: at("entity")
	};
}
function* loadSeries(written, folder, split) {
	const tables = (yield* takeKept(written, folder, format)) ?? (yield* readTables(written, folder, format));
	const { table } = tables;
	const { given, ordered, divided, spec } = yield* divide(written, tables, split);
	const { windows, trained } = divided;
	const parts = {
		train: {
			table,
			rows: Uint32Array.from({ length: table.count }, (_, row) => row)
		},
		test: {
			table,
			rows: /* @__PURE__ */ new Uint32Array()
		},
		split: {
			train: /* @__PURE__ */ new Uint32Array(),
			validation: /* @__PURE__ */ new Uint32Array()
		},
		isValidationSaid: false,
		trained
	};
	const preparation = {};
	const inputs = [];
	for (const { name, features } of inputsOf(given, table, {})) {
		const { prepared, train } = yield* inputValues(given, features, parts);
		preparation[name] = prepared;
		inputs.push({
			rows: train,
			code: codeOf(features)
		});
	}
	const columns = [];
	for (const target of Object.keys(given.targets)) columns.push(yield* columnOf(table, target, void 0));
	const { window, horizon, season } = given;
	const { rows } = ordered;
	const samples = function* (starts) {
		const held = [];
		for (const { rows: values, code } of inputs) held.push(yield* windowsOf(values, code.length, {
			starts,
			rows,
			window
		}));
		return {
			inputs: held,
			targets: columns.map((column) => {
				const behind = new Float64Array(starts.length * horizon);
				for (const [k, start] of starts.entries()) for (let step = 0; step < horizon; step++) behind[k * horizon + step] = column[rows[start + window + step]];
				return behind;
			}),
			count: starts.length,
			coded: inputs.map(({ code }) => code.some((categories) => categories > 0) ? Array.from({ length: window }, () => code).flat() : void 0),
			baselines: naiveForecasts({
				window,
				horizon,
				season,
				rows,
				columns,
				starts
			})
		};
	};
	const { train, validation, test } = windows;
	return {
		name: format.name,
		spec,
		train: yield* samples(joinedRows(train, validation)),
		test: yield* samples(test),
		split: {
			train: Uint32Array.from(train.keys()),
			validation: Uint32Array.from(validation.keys(), (k) => train.length + k)
		},
		preparation,
		...columnsBeside(table, [...Object.keys(given.targets), ...inputsOf(given, table, {}).flatMap(({ features }) => features.map(({ column }) => column))]),
		files: table.files
	};
}
/** Windows that are copied without a pause. */
const pause$1 = 4096;
/** The values of windows, one after the other. @param width values of a row */
function* windowsOf(values, width, { starts, rows, window }) {
	const copied = new Float32Array(starts.length * window * width);
	let to = 0;
	for (const [k, start] of starts.entries()) {
		if (k % pause$1 === 0) yield;
		for (let place = start; place < start + window; place++) {
			const row = rows[place];
			copied.set(values.subarray(row * width, (row + 1) * width), to);
			to += width;
		}
	}
	return copied;
}
function joinedRows(one, other) {
	const all = new Uint32Array(one.length + other.length);
	all.set(one);
	all.set(other, one.length);
	return all;
}
// src/datasets/column-spill.ts
/** Numbers that are written at a time. */
const together$1 = 65536;
/** Samples whose numbers are written together, where they come sample by sample. */
const someSamples = 1024;
const float = Float32Array.BYTES_PER_ELEMENT;
/**
* The numbers of an input in a file, column after column, so that they are never in memory together. They are read back
* in rows.
*/
var ColumnSpill = class {
	file;
	from;
	width;
	rows;
	waiting;
	/**
	* @param file open for reading and writing
	* @param from its byte where they begin
	* @param width numbers of a row
	* @param rows which of a column's numbers they are, in their order
	*/
	constructor(file, from, width, rows) {
		[this.file, this.from, this.width, this.rows] = [
			file,
			from,
			width,
			rows
		];
	}
	/** Bytes that all of them take. */
	get bytes() {
		return this.rows.length * this.width * float;
	}
	put(place, numbers, { mean, deviation }) {
		this.putMade(place, numbers, (number) => (number - mean) / deviation);
	}
	putMade(place, numbers, make) {
		const { rows } = this;
		for (let from = 0; from < rows.length; from += together$1) {
			const some = new Float32Array(Math.min(together$1, rows.length - from));
			for (let k = 0; k < some.length; k++) some[k] = make(numbers[rows[from + k]]);
			this.write(place, from, some);
		}
	}
	putSome(sample, place, numbers) {
		if (this.waiting?.place !== place || this.waiting.count === someSamples) this.end();
		this.waiting ??= {
			place,
			width: numbers.length,
			first: sample,
			numbers: new Float32Array(numbers.length * someSamples),
			count: 0
		};
		const { waiting } = this;
		for (let k = 0; k < numbers.length; k++) waiting.numbers[k * someSamples + waiting.count] = numbers[k];
		waiting.count++;
	}
	end() {
		const { waiting } = this;
		this.waiting = void 0;
		if (waiting === void 0) return;
		const { place, width, first, numbers, count } = waiting;
		for (let k = 0; k < width; k++) this.write(place + k, first, numbers.subarray(k * someSamples, k * someSamples + count));
	}
	/** Some samples, as many numbers each as a row has. @throws the file system's own error */
	readRows(first, count) {
		const { width } = this;
		const rows = new Float32Array(count * width);
		const column = new Float32Array(count);
		for (let place = 0; place < width; place++) {
			const bytes = new Uint8Array(column.buffer);
			for (let done = 0; done < bytes.length;) {
				const read = readSync(this.file, bytes, done, bytes.length - done, this.byteOf(place, first) + done);
				if (read === 0) throw Object.assign(/* @__PURE__ */ new Error("a file that was just written ends too soon"), { code: "EIO" });
				done += read;
			}
			for (let k = 0; k < count; k++) rows[k * width + place] = column[k];
		}
		return rows;
	}
	byteOf(place, sample) {
		return this.from + (place * this.rows.length + sample) * float;
	}
	write(place, sample, numbers) {
		const bytes = new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);
		for (let done = 0; done < bytes.length;) done += writeSync(this.file, bytes, done, bytes.length - done, this.byteOf(place, sample) + done);
	}
};
// src/datasets/table-pieces.ts
/** CSV whose samples may be more than memory holds. */
const csvPieces = tablePieces(csvFormat);
/** Lines of JSON whose samples may be more than memory holds. */
const jsonlPieces = tablePieces(jsonlFormat);
/** Parquet whose samples may be more than memory holds. */
const parquetPieces = tablePieces(parquetFormat);
/** Tables of a format whose samples may be more than memory holds. */
function tablePieces(format) {
	return { open: (given, folder, seed, split = {
		validation: 0,
		stratified: true
	}, memory) => placing(format.name, openTable(given, folder, {
		split,
		seed
	}, within(format, memory))) };
}
function* openTable(written, folder, division, format) {
	const given = yield* settled(written, folder, format, division.split);
	const { table, other } = yield* readAndKeep(given, folder, format);
	return {
		spec: {
			...sidesOf(given, table, division.split),
			...isPackable(given) && { packs: "cells" },
			count: {
				train: table.count,
				test: other?.count ?? 0
			}
		},
		pieces: () => placing(format.name, piecesOfTable(given, folder, division, format))
	};
}
function* piecesOfTable(given, folder, division, format) {
	const tables = (yield* takeKept(given, folder, format)) ?? (yield* readTables(given, folder, format));
	const { table, other } = tables;
	const parts = yield* divideTables(given, tables, division);
	const sides = sidesOf(given, table, division.split);
	const inputs = inputsOf(given, table, division.split);
	const preparation = {};
	const origins = [];
	for (const { name, features } of inputs) {
		const { prepared, columns } = yield* fitInput(given, features, parts);
		preparation[name] = prepared;
		origins.push(columns);
	}
	const { sources } = sourcesOfTable(given, tables, parts);
	const used = [...columnsOfTargets(given.targets), ...origins.flat().map(({ column }) => column)];
	const files = [table, ...other === void 0 ? [] : [other]].flatMap((one) => one.files);
	const own = pathsOf(given, folder);
	const rows = {
		train: parts.train.rows,
		test: parts.test.rows
	};
	const [trained, total] = [rows.train.length, rows.train.length + rows.test.length];
	const again = {
		given,
		folder,
		format
	};
	return {
		name: format.name,
		spec: {
			...sides,
			packs: "cells",
			...other === void 0 && division.split.column === void 0 && { drawsTest: true },
			count: {
				train: trained,
				test: rows.test.length
			}
		},
		folder,
		paths: Array.from({ length: total }, () => own),
		listed: total,
		madeBy: [given, division],
		...sources && { sources: {
			names: sources.names,
			placeOf: (sample) => sample < trained ? sources.train[sample] : sources.test[sample - trained]
		} },
		place: placeAgain(again, rows, files),
		coded: inputs.map(({ features }) => heldCode(features)),
		about: {
			preparation,
			...columnsBeside(table, [...used, ...Object.keys(given.cross ?? {})])
		},
		origin: {
			place: (part, row) => parts[part].table.sampleAt(rows[part][row]),
			columns: origins,
			cells: cellsOfTable(parts.train, used)
		},
		...reading({
			given,
			inputs,
			targets: sides.targets,
			parts
		}, files),
		divide: () => ({
			train: firstRows(trained),
			test: firstRows(rows.test.length).map((row) => row + trained)
		}),
		describeFiles: () => files,
		split: parts.split
	};
}
/** Bytes of samples that are read at a time. */
const together = 8e6;
/**
* Reads samples: column after column is written to a file, as none but a column at a time has to fit in memory, and
* rows are read from there.
*/
function reading({ given, inputs, targets, parts }, files) {
	const widths = inputs.map(({ features }) => codeOf(features).length);
	const trained = parts.train.rows.length;
	const last = trained + parts.test.rows.length - 1;
	const each = Math.max(64, Math.floor(together / widths.reduce((sum, width) => sum + 4 * width, 1)));
	let spills;
	let answers = [];
	let block;
	const blockOf = (part, row) => {
		if (block?.part === part && row >= block.first && row < block.first + block.count) return block;
		if (spills === void 0) throw new Error("samples of a table are read before that has begun");
		const first = row - row % each;
		const count = Math.min(each, parts[part].rows.length - first);
		block = {
			part,
			first,
			count,
			inputs: spills.map((spill) => spill[part].readRows(first, count))
		};
		return block;
	};
	return {
		begin: async (scratch, signal) => {
			const file = openSync(scratch, "wx+");
			const end = () => {
				[spills, answers, block] = [
					void 0,
					[],
					void 0
				];
				closeSync(file);
				rmSync(scratch, { force: true });
			};
			try {
				spills = await inTurns(spillInputs({
					given,
					inputs,
					parts
				}, file), signal);
				answers = await inTurns(answersOf({
					given,
					targets,
					parts
				}), signal);
				return end;
			} catch (error) {
				end();
				throw error;
			}
		},
		read: async (sample) => {
			const [part, row] = sample < trained ? ["train", sample] : ["test", sample - trained];
			const found = blockOf(part, row);
			return {
				values: [...found.inputs.map((rows, k) => bytesAt(rows, widths[k], row - found.first)), ...answers.map((answer, k) => bytesAt(answer[part], sizeOf(targets[k].shape), row))],
				files: sample === last ? files : []
			};
		}
	};
}
/** The bytes of a row of so many values. */
function bytesAt(values, width, row) {
	const bytes = width * values.BYTES_PER_ELEMENT;
	return new Uint8Array(values.buffer, values.byteOffset + row * bytes, bytes);
}
function* spillInputs({ given, inputs, parts }, file) {
	const spills = [];
	let from = 0;
	for (const { features } of inputs) {
		const width = codeOf(features).length;
		const train = new ColumnSpill(file, from, width, parts.train.rows);
		const test = new ColumnSpill(file, from + train.bytes, width, parts.test.rows);
		from += train.bytes + test.bytes;
		const takers = {
			train,
			test
		};
		yield* fitInput(given, features, parts, { takers });
		spills.push(takers);
	}
	return spills;
}
function* answersOf({ given, targets, parts }) {
	const answers = [];
	for (const target of targets) {
		const kind = given.targets[target.name];
		if (isTextOption(kind)) throw new Error("a text that is to be predicted is packed");
		const all = yield* valuesOfTarget(parts.train.table, target.name, kind);
		const train = rowsOfTarget(all, target, parts.train.rows);
		const others = parts.test.table !== parts.train.table ? yield* valuesOfTarget(parts.test.table, target.name, kind) : all;
		answers.push({
			train,
			test: rowsOfTarget(others, target, parts.test.rows)
		});
	}
	return answers;
}
/**
* Where samples stand, once the table was let go of: it is read once more when that is asked, seldom and of few.
*
* @param rows of the tables, part by part
*/
function placeAgain({ given, folder, format }, rows, files) {
	let read;
	const trained = rows.train.length;
	const hashes = files.map(({ sha256 }) => sha256).join();
	const tablesAgain = () => {
		try {
			const tables = atOnce(readTables(given, folder, format));
			const { table, other } = tables;
			return [...table.files, ...other?.files ?? []].map(({ sha256 }) => sha256).join() === hashes ? tables : "changed";
		} catch (error) {
			if (error instanceof UserError) return "changed";
			throw error;
		}
	};
	return (sample) => {
		read ??= tablesAgain();
		if (read === "changed") return {
			file: files[0].name,
			sample: sample + 1
		};
		const { table, other = table } = read;
		return sample < trained ? table.sampleAt(rows.train[sample]) : other.sampleAt(rows.test[sample - trained]);
	};
}
// src/datasets/text-rows.ts
/** What a model is asked by that learnt from a text: sequences of as many pieces as it was trained on. */
function textRows(trained) {
	const { takes, encode, steps, of, cut, numberOf, indicesOf } = textEncoder(trained);
	const one = of === "words" ? "word" : "character";
	const [target] = trained.targets;
	const classes = target?.kind === "class" ? target.classes.length : 0;
	return {
		kind: "text",
		takes,
		encode,
		files: { *text(name, bytes) {
			const pieces = cut(decodeText({ path: name }, bytes));
			if (pieces.length < steps) throw failure("text-too-short", `${name} is too short: expected ${steps} ${of} or more, got ${pieces.length}`, `The model takes ${takes}.`);
			const left = pieces.length % steps;
			const leftOut = left < 2 ? {} : { warning: leavesOut(`${name}: its last ${left} ${of}`, steps) };
			for (let first = 0; first + steps <= pieces.length; first += steps) {
				const where = `${name}, from ${one} ${first + 1} on`;
				const row = asked({
					file: name,
					[one]: first + 1
				}, () => {
					const x = [indicesOf(pieces.slice(first, first + steps), where)];
					const next = pieces.slice(first + 1, first + 1 + steps).flatMap((piece) => numberOf(piece) ?? []);
					if (next.length < steps) return { x };
					const actual = roomForIndices(classes, steps);
					actual.set(next);
					return {
						x,
						actual: [actual]
					};
				});
				yield first === 0 ? {
					...row,
					...leftOut
				} : row;
			}
		} }
	};
}
function leavesOut(what, steps) {
	return warning("text-left-out", `${what} are fewer than the ${steps} of a sequence, and are left out`, "The model takes as many as it was trained on: begin the text later, or add to its end.");
}
// src/datasets/text-words.ts
/** Words that are read without a pause. */
const pause = 16384;
/**
* Cuts a text into words and chooses the vocabulary, from the sequences that are trained on alone.
*
* @param division left out, or in part: from all that may be trained on
* @throws UserError where there are too few words to learn from, or too many different ones
*/
function* surveyWords({ steps, test, words: given }, { text, file }, { split: options, seed } = {}) {
	const { vocabulary: size, lowerCase } = tokenOptions("words", {
		length: steps,
		...given
	});
	const { places, different } = yield* cut(text, lowerCase, file.name);
	const first = places.length - shareOf(test, places.length);
	const count = {
		train: Math.floor(Math.max(0, first - 1) / steps),
		test: Math.floor(Math.max(0, places.length - first - 1) / steps)
	};
	if (count.train === 0 || count.test === 0) throw failure("text-too-short", `${file.name} is too short: ${places.length} words make ${count.train} sequences of ${steps} to train on and ${count.test} for the test`, "Use a longer text, a smaller `steps`, or another `test`. Words are letters and digits of any script.");
	const targets = (classes) => [{
		kind: "class",
		name: "next",
		classes,
		shape: [steps],
		tokens: "words"
	}];
	const split = options === void 0 || seed === void 0 || validationCount(options, count.train) >= count.train ? void 0 : splitSamples({
		targets: [],
		count: count.train
	}, targets([]), options, seed);
	const times = new Uint32Array(different.length);
	for (let k = 0; k < (split?.train.length ?? count.train); k++) {
		if (k % pause === 0) yield;
		const from = (split?.train[k] ?? k) * steps;
		for (let at = from; at < from + steps; at++) times[places[at]]++;
	}
	const counter = new TokenCounter();
	for (const [place, word] of different.entries()) if (times[place] > 0) counter.add(word, times[place]);
	if (counter.size < 2) throw failure("no-vocabulary", `${file.name} has ${counter.size === 0 ? "no word" : "the same word again and again"} in what is trained on`, "Is it the right file? Words are letters and digits of any script, and 100 of them at most.");
	const column = {
		column: "input",
		tokens: "words",
		length: steps,
		size,
		lowerCase,
		vocabulary: counter.vocabulary(size)
	};
	const held = bytesOfText(text, file);
	return {
		spec: {
			inputs: [{
				name: "input",
				shape: [steps],
				dtype: "float32",
				scale: 1,
				indices: size,
				padded: true
			}],
			targets: targets(tokenNames(column)),
			count,
			reading: 3 * held + 8 * places.length + memoryOfCounts(held)
		},
		column,
		places,
		different,
		first,
		...split && { split }
	};
}
/** @throws UserError as surveyWords */
function* loadWords(options, read, division) {
	const { spec, column, places, different, first, split } = yield* surveyWords(options, read, division);
	const numberOf = tokenNumbers(column);
	const numbers = Int32Array.from(different, numberOf);
	yield;
	const part = (from, count) => {
		const whole = places.subarray(from, from + count * options.steps + 1);
		const targets = roomForIndices(column.size, whole.length - 1);
		whole.subarray(1).forEach((place, k) => targets[k] = numbers[place]);
		return {
			inputs: [Float32Array.from(whole.subarray(0, -1), (place) => numbers[place])],
			targets: [targets],
			count
		};
	};
	return {
		name: "text",
		spec,
		preparation: { words: column },
		files: [read.file],
		train: part(0, spec.count.train),
		test: part(first, spec.count.test),
		...split && { split }
	};
}
function* cut(text, lowerCase, name) {
	const known = /* @__PURE__ */ new Map();
	let places = /* @__PURE__ */ new Uint32Array(4096);
	let count = 0;
	for (const word of tokensOf(text, {
		kind: "words",
		lowerCase
	})) {
		if (count % pause === 0) yield;
		if (count === places.length) {
			const longer = new Uint32Array(2 * count);
			longer.set(places);
			places = longer;
		}
		let place = known.get(word);
		if (place === void 0) known.set(word, place = known.size);
		places[count++] = place;
		if (known.size > 2e6) throw failure("no-vocabulary", `${name} has more than ${showCount(mostDifferent)} different words`, "They are no words of a language: leave out `words`, or cut the text into words before.");
	}
	return {
		places: places.subarray(0, count),
		different: [...known.keys()]
	};
}
// src/datasets/text-windows.ts
/** A text, character by character or word by word. */
const text = defineDataset({
	...textFace,
	describe: (options, folder, division = {}) => {
		const { words } = options;
		const read = function* () {
			const found = readText(locate(options.file, folder));
			return (words === void 0 ? yield* survey(options, found) : yield* surveyWords({
				...options,
				words
			}, found, division)).spec;
		};
		const described = orMisfit(() => atOnce(inOption([
			"source",
			"text",
			"file"
		], read)), { inputs: ["input"] });
		const why = words === void 0 ? "its different characters are counted" : "its words are counted";
		return wholeFor(described, { glance: division.glance ?? false }, why);
	},
	named: ({ file }) => [file],
	files: ({ file }, folder) => [locate(file, folder).path],
	load: (options, folder, seed, signal, split) => {
		const { words } = options;
		return inTurns(words === void 0 ? loadText(options, folder) : loadWords({
			...options,
			words
		}, readText(locate(options.file, folder)), split && {
			split,
			seed
		}), signal);
	},
	rows: textRows
});
function* loadText(options, folder) {
	const read = readText(locate(options.file, folder));
	const { spec, characters, length, first } = yield* survey(options, read);
	const index = new Map(characters.map((character, k) => [character, k]));
	const indices = new Uint8Array(length);
	let place = 0;
	for (const character of read.text) {
		if (place % part === 0) yield;
		indices[place++] = index.get(character);
	}
	return {
		name: "text",
		spec,
		preparation: { characters },
		files: [read.file],
		train: sequences(indices.subarray(0, first), options.steps, spec.count.train),
		test: sequences(indices.subarray(first), options.steps, spec.count.test)
	};
}
/** Characters that are read without a pause. */
const part = 1 << 18;
function* survey({ steps, test }, { text: whole, file }) {
	const seen = /* @__PURE__ */ new Uint8Array(1114112);
	let length = 0;
	for (let i = 0; i < whole.length; length++) {
		if (length % part === 0) yield;
		const code = whole.codePointAt(i);
		seen[code] = 1;
		i += code > 65535 ? 2 : 1;
	}
	const characters = [];
	for (let code = seen.indexOf(1); code >= 0; code = seen.indexOf(1, code + 1)) characters.push(String.fromCodePoint(code));
	const first = length - shareOf(test, length);
	const count = {
		train: Math.floor(Math.max(0, first - 1) / steps),
		test: Math.floor(Math.max(0, length - first - 1) / steps)
	};
	if (count.train === 0 || count.test === 0) throw failure("text-too-short", `${file.name} is too short: ${length} characters make ${count.train} sequences of ${steps} to train on and ${count.test} for the test`, "Use a longer text, a smaller `steps`, or another `test`.");
	if (characters.length < 2 || characters.length > 256) throw failure("character-count", `${file.name} has ${characters.length} different characters; 2 to 256 can be learnt`, characters.length < 2 ? "Is it the right file?" : "Write it in fewer: lower case, without rare signs.");
	return {
		spec: {
			inputs: [{
				name: "input",
				shape: [steps],
				dtype: "uint8",
				scale: 1,
				indices: characters.length
			}],
			targets: [{
				kind: "class",
				name: "next",
				classes: characters.map(nameOf),
				shape: [steps]
			}],
			count,
			reading: bytesOfText(whole, file) + length
		},
		characters,
		length,
		first
	};
}
/** What cannot be seen has a name of several letters, which no character has. */
function nameOf(character) {
	const code = character.codePointAt(0).toString(16).toUpperCase().padStart(4, "0");
	return {
		" ": "space",
		"\n": "newline",
		"	": "tab"
	}[character] ?? (/[\p{C}\p{M}\p{Z}]/u.test(character) ? `U+${code}` : character);
}
function sequences(indices, steps, count) {
	return {
		inputs: [indices.slice(0, count * steps)],
		targets: [indices.slice(1, count * steps + 1)],
		count
	};
}
// src/datasets/read-tables.ts
var read_tables_exports = /* @__PURE__ */ __exportAll({
	csv: () => csv,
	csvPieces: () => csvPieces,
	jsonl: () => jsonl,
	jsonlPieces: () => jsonlPieces,
	parquet: () => parquet,
	parquetPieces: () => parquetPieces,
	series: () => series,
	text: () => text
});
export { parquetFormat as a, orderRows as i, divideSeries as n, jsonlFormat as o, naiveForecasts as r, read_tables_exports as t };
