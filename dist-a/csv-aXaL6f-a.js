import { Ao as tokensOf, Ba as standardizedIn, Bi as numbersOfText, Co as gapsOf, Fa as csvFace, Gi as WrongOption, Ha as namesOfFiles, Ia as formOf$1, Ji as glanceInto, Kr as listed, Li as widthOf, Na as shorten, Oo as tokenOptions, Pa as at, Qo as isMisfit, Ra as namedIn, To as tokenEncoder, Ua as placesAmong, Ui as wholeText, Ur as classWarnings, Wi as roomForIndices, Wr as constantTargets, Ya as nameOf, Yi as isPacked, _i as validationCount, _o as fitScale, _r as largeBytes, _s as sizeOf, aa as readPart, ao as showCount, bs as failure, ci as withinMemory, di as defineDataset, gi as testSize, gr as isLarge, ia as readInPieces, li as bytesOf, mi as afterTest, mo as stepsOf, ms as inTurns, oi as stratifiedBy, pi as orMisfit, ps as atOnce, qi as inOption, qr as testIsTrain, vr as wholeFor, wo as TokenCounter, xo as unscaled } from "./checks-359mGJ3h.js";
import { A as tens, C as saysOneThing, D as mostColumns, E as valuesOfTarget, O as parseCsv, S as rowsOfTarget, T as tokensOfOption, _ as isPackable, g as columnsOfTargets, h as columnsOfTarget, i as tableRows, j as CellScanner, k as readCsv, l as inLargeFile, p as sizeOfText, u as csvInBlocks, v as isTextOption, w as targetSpec } from "./table-rows-CR7Qkpgj.js";
import { A as timeOf, C as missingValues, D as isCalendarNumber, O as isDate, S as missingTexts, T as provePoints, b as columnOf, j as timeOfOther, k as isNamedLikeTime, w as placeIn } from "./given-values-DXROl_Cm.js";
import { C as readAndKeep, S as pathsOf, T as takeKept, _ as dividingColumns, b as proveDividing, d as stepsByColumn, f as divideRows, h as orderColumn, i as leavesList, l as cannotStand, m as holdsDates, o as settled, p as firstValue, r as isSettled, u as planColumn, w as readTables, x as unevenGroups, y as groupsOnBothSides } from "./from-data-D-ljl90E.js";
import { c as fitPrepared, d as readPrepared, l as prepareColumn, m as codesOf, p as categoriesOf, u as provePrepared } from "./encode-table-B8i7HO-p.js";
import { isAscii, isUtf8 } from "node:buffer";
// src/datasets/columns-beside.ts
/** Characters of names that are kept with a model: those of tables with thousands of columns are not. */
const mostCharacters = 1e5;
/**
* The columns of a table that nothing is made of, as `Dataset` has them.
*
* @param used the others, among them crosses
*/
function columnsBeside(table, used) {
	const known = new Set(used);
	let characters = 0;
	const beside = table.columns.filter((column) => !known.has(column) && (characters += column.length + 1) <= mostCharacters);
	return beside.length === 0 ? {} : { beside };
}
// src/datasets/prepare-texts.ts
/**
* What the steps of a column say of its texts; undefined where they make no words or characters of them.
*
* @param isListed whether the column is among `categories`
* @throws WrongOption where a step cannot stand there
*/
function planTexts(column, { steps, path, isList }, isListed) {
	const place = steps.findIndex(({ step }) => isTokenKind(step));
	if (place < 0) return void 0;
	const { step, option } = steps[place];
	const wrong = (k, problem) => new WrongOption(isList ? [...path, k] : path, cannotStand(steps[k].step, problem));
	if (isListed) throw wrong(place, `\`${column}\` is among \`categories\`, whose steps are oneHot and index`);
	if (place < steps.length - 1) throw wrong(place + 1, `nothing can be done with what \`${step}\` gives: it is for an \`embedding\``);
	let gap;
	for (const [k, before] of steps.slice(0, place).entries()) {
		if (before.step !== "missing") throw wrong(place, "it takes cells as they are, and has to be the first step but for `missing`");
		const gaps = gapsOf(String(before.option));
		if (gaps === void 0) continue;
		if (typeof gaps.by === "string") throw wrong(k, `of whole texts there is no ${gaps.isTold ? "mean" : gaps.by}: \`constant(-)\` takes an empty one`);
		gap = gaps.by.constant;
	}
	const kind = step === "words" ? step : "characters";
	return {
		plan: {
			column,
			kind,
			...tokenOptions(kind, option),
			...gap !== void 0 && { gap }
		},
		path
	};
}
const isTokenKind = (step) => step === "words" || step === "characters";
/** Cells that are read without a pause. */
const pause$1 = 4096;
/** Different tokens that are counted: they are held in memory. */
const mostDifferent = 2e6;
/** Whether the texts of any column are cut into tokens. */
const hasTexts = ({ prepare = {}, targets }) => Object.values(targets).some(isTextOption) || Object.values(prepare).some((steps) => stepsOf(steps).some(({ step }) => isTokenKind(step)));
/** Bytes that counting the tokens of tables takes at the most, by the bytes of their files. */
const memoryOfCounts = (bytes) => Math.min(mostDifferent, bytes / 4) * 120;
/**
* Proves that each cell of a column has a text, where nothing fills it.
*
* @param wrong what is said of cells that have none; left out: as of what is learnt from
* @throws WrongOption where one has none
*/
function* proveTexts({ plan: { column, kind, gap }, path }, table, wrong = (missing) => missingValues(table, missing, `[missing: constant(-), ${kind}: ...]`)) {
	if (gap !== void 0) return;
	const missing = /* @__PURE__ */ new Map();
	const place = placeIn(table, column);
	for (let row = 0; row < table.count; row++) {
		if (row % pause$1 === 0) yield;
		const cell = table.cell(row, place).trim();
		if (missingTexts.has(cell)) missing.set(column, {
			row,
			cell,
			...missing.get(column),
			count: (missing.get(column)?.count ?? 0) + 1
		});
	}
	if (missing.size > 0) throw new WrongOption(path, wrong(missing));
}
/** The texts of a column, row by row. @returns what gives that of a row */
function textsIn(table, { column, gap }) {
	const place = placeIn(table, column);
	return (row) => {
		const cell = table.cell(row, place).trim();
		return gap !== void 0 && missingTexts.has(cell) ? gap : cell;
	};
}
/**
* Chooses the vocabulary of a column.
*
* @param rows those that are trained on
* @throws WrongOption where their texts have nothing to learn from, or more different words than can be counted
*/
function* fitTexts({ plan, path }, table, rows) {
	const { column, kind, length, vocabulary, lowerCase, gap } = plan;
	const counter = new TokenCounter();
	const textOf = textsIn(table, plan);
	for (const [k, row] of rows.entries()) {
		if (k % pause$1 === 0) yield;
		let tokens = 0;
		for (const token of tokensOf(textOf(row), plan)) {
			if (tokens++ % pause$1 === 4095) yield;
			counter.add(token);
			if (counter.size > 2e6) throw new WrongOption(path, tooMany$1(`${table.name}: \`${shorten(column)}\``, kind));
		}
	}
	if (counter.size === 0) throw new WrongOption(path, failure("no-vocabulary", `${table.name}: the ${rows.length} texts of \`${shorten(column)}\` that are trained on have no ${kind}`, kind === "words" ? "Words are letters and digits of any script: take `characters`, or another column." : "Take another column."));
	return {
		column,
		tokens: kind,
		length,
		size: vocabulary,
		lowerCase,
		vocabulary: counter.vocabulary(vocabulary),
		...gap !== void 0 && { gap }
	};
}
const tooMany$1 = (where, kind) => failure("no-vocabulary", `${where} has more than ${showCount(mostDifferent)} different ${kind} in the rows trained on`, "They are no words of a language: take `characters`, or cut the texts into words before.");
/**
* Chooses the vocabulary of a column, and hands on the numbers of its texts.
*
* @param to left out: nothing is done with them
* @throws WrongOption where a text is missing, or as fitTexts
*/
function* encodeTexts(texts, { train, test, trained }, to) {
	for (const table of /* @__PURE__ */ new Set([train.table, test.table])) yield* proveTexts(texts, table);
	const fitted = yield* fitTexts(texts, train.table, trained);
	if (to === void 0) return fitted;
	const encode = tokenEncoder(fitted);
	for (const part of [{
		...train,
		taker: to.takers.train
	}, {
		...test,
		taker: to.takers.test
	}]) {
		const textOf = textsIn(part.table, fitted);
		for (const [k, row] of part.rows.entries()) {
			if (k % pause$1 === 0) yield;
			part.taker.putSome(k, to.place, encode(textOf(row)));
		}
	}
	return fitted;
}
// src/datasets/csv-columns.ts
/**
* The inputs and targets of a table, and the bytes that a row is held in.
*
* @throws WrongOption where a named column is not there
*/
function sidesOf(given, table, split) {
	const targets = targetsOf(given);
	for (const [name, kind] of Object.entries(given.targets)) for (const column of columnsOfTarget(name, kind)) placeIn(table, column, ...at("targets", name));
	const chosen = inputsOf(given, table, split);
	const inputs = chosen.map(({ name, features }) => ({
		name,
		shape: [widthOf(codeOf(features))],
		dtype: "float32",
		scale: 1,
		...indicesOf(features)
	}));
	const indexed = chosen.map(({ name, features }) => ({
		name,
		shape: [codeOf(features).length],
		dtype: "float32",
		scale: 1
	}));
	return {
		inputs,
		targets,
		held: bytesOf({
			inputs: indexed,
			targets,
			count: {
				train: 1,
				test: 0
			}
		})
	};
}
/** What is predicted, in the order of the options. */
function targetsOf({ targets, standardize }) {
	const wanted = (name) => standardize === true ? void 0 : standardize !== false && standardize.includes(name);
	return Object.entries(targets).map(([name, kind]) => targetSpec(name, kind, wanted(name)));
}
/** The columns that each input is made of. @throws WrongOption where they are not there, or there is none */
function inputsOf(given, table, split) {
	const { features, categories, targets, standardize, prepare = {} } = given;
	for (const name of Object.keys(categories)) placeIn(table, name, ...at("categories", name));
	proveDividing(given, table, split ?? {});
	const dividing = dividingColumns(split ?? {});
	const dates = datesOf(table, split);
	const predicted = new Set(columnsOfTargets(targets));
	const others = table.columns.filter((name) => !predicted.has(name) && !dividing.includes(name) && (Object.hasOwn(prepare, name) || !(dates.has(name) && (split !== void 0 || !Object.hasOwn(categories, name)))));
	const takesAll = Object.keys(features).length === 0;
	const unreadable = takesAll ? others.find((name) => table.unreadable(name) !== void 0) : void 0;
	if (unreadable !== void 0) throw new WrongOption(at("file"), table.unreadable(unreadable));
	const chosen = takesAll ? { input: others } : features;
	const learnt = new Set(Object.values(chosen).flat());
	if (learnt.size === 0) throw new WrongOption(at("targets"), failure("no-features", `${table.name} has no column to learn from: all are targets${dates.size === 0 ? "" : " or dates"}` + (dividing.length === 0 ? "" : " or divide the rows"), "Take one out of `targets`, or name the columns to learn from in `features`."));
	for (const [name, columns] of Object.entries(features)) for (const [k, column] of columns.entries()) placeIn(table, column, ...at("features", name, k));
	const steps = stepsByColumn(given, table, [...learnt]);
	const hindrance = (column) => {
		if (Object.hasOwn(categories, column)) return "is among `categories`";
		if (steps.get(column)?.steps.some(({ step }) => step !== "missing")) return "has other steps in `prepare`";
		if (learnt.has(column) || targets[column] === "number") return void 0;
		return predicted.has(column) ? "is a target of classes" : "is neither learnt from nor predicted";
	};
	for (const [k, column] of typeof standardize === "boolean" ? [] : standardize.entries()) {
		placeIn(table, column, ...at("standardize", k));
		const problem = hindrance(column);
		if (problem !== void 0) throw new WrongOption(at("standardize", k), failure("not-standardizable", `standardize: \`${column}\` ${problem}`, "Name columns of numbers that are in an input, or targets that are numbers."));
	}
	const isStandardized = standardizedIn(given);
	const feature = (column) => {
		const listed = Object.hasOwn(categories, column) ? categories[column] : void 0;
		const own = steps.get(column);
		if (own === void 0) return {
			column,
			...listed && { categories: listed }
		};
		const texts = planTexts(column, own, listed !== void 0);
		if (texts !== void 0) return {
			column,
			texts
		};
		return {
			column,
			prepared: {
				plan: planColumn(column, own, {
					table,
					categories: listed,
					isStandardized: isStandardized(column)
				}),
				path: own.path
			}
		};
	};
	return Object.entries(chosen).map(([name, columns]) => ({
		name,
		features: columns.map(feature)
	}));
}
/** What the columns of an input become in a batch. */
const codeOf = (features) => features.flatMap(({ categories, prepared, texts }) => {
	if (texts !== void 0) return Array.from({ length: texts.plan.length }, () => 0);
	return prepared === void 0 ? [categories?.length ?? 0] : codesOf(prepared.plan);
});
/** As codeOf, of an input that is held shorter than its shape; undefined of others. See Samples.coded. */
function heldCode(features) {
	const code = codeOf(features);
	return code.some((categories) => categories > 0) ? code : void 0;
}
/** How many indices there are, where an input is made of nothing else. */
function indicesOf(features) {
	const counts = features.map(({ prepared, texts }) => {
		if (texts !== void 0) return texts.plan.vocabulary;
		return prepared === void 0 || prepared.plan.isOneHot || prepared.plan.gaps?.isTold === true ? 0 : categoriesOf(prepared.plan);
	});
	if (counts.length === 0 || counts.some((count) => count === 0)) return {};
	return {
		indices: Math.max(...counts),
		...features.every(({ texts }) => texts !== void 0) && { padded: true }
	};
}
/** The columns of dates, which nothing is learnt from: the one that gives the order of the rows, or each that may. */
function datesOf(table, split) {
	if (split === void 0) return new Set(table.columns.filter((one) => isDate(firstValue(table, one) ?? "")));
	const column = orderColumn(table, split.order);
	return new Set(column !== void 0 && holdsDates(table, column) ? [column] : []);
}
// src/datasets/divide-csv.ts
/** Which rows train, validate and test. @param missing see columnOf */
function* divideTables(given, { table, divided, other }, { split, seed }, missing) {
	const targets = targetsOf(given);
	const target = targets[stratifiedBy(targets)];
	const classes = target === void 0 ? void 0 : {
		target,
		labels: Uint8Array.from(yield* inOption(at("targets", target.name), () => columnOf(table, target.name, target.classes, missing)))
	};
	return yield* divideRows({
		table,
		divided,
		other,
		test: other === void 0 && split.column === void 0 ? testCount(given, {
			table,
			divided
		}, split.fold) : 0,
		split,
		classes,
		seed
	});
}
/** Rows that are taken out for the test. */
function testCount({ test }, { table, divided }, fold) {
	const taken = testSize(Number(test), divided, fold);
	if (taken === 0) throw new WrongOption(at("test"), failure("no-test-samples", `${table.name} leaves no row for the test`, "Raise `test`, or name a file."));
	return taken;
}
// src/datasets/csv-findings.ts
/** What a column of numbers is, beside numbers. */
function* findInNumbers(table, column, { numbers, trained, isOnly }) {
	if (fitScale(numbers, trained).isConstant) yield ["constant-column", `${calledIn(table, column)} (${numbers[trained[0]]})`];
	else if (!isOnly && countsRows(column, numbers)) yield ["row-number-column", `${calledIn(table, column)} (${numbers[0]}, ${numbers[1]}, ... ${numbers.at(-1)})`];
}
/** The categories that no row trained on has. */
function* findInCategories(table, { column, categories }, { indices, trained }) {
	const seen = new Uint8Array(categories.length);
	for (const row of trained) seen[indices[row]] = 1;
	for (const [k, category] of categories.entries()) if (seen[k] === 0) yield ["category-without-samples", `\`${category.slice(0, 60)}\` of ${calledIn(table, column)}`];
}
/** One warning for each kind of finding. @param trained how many rows are trained on */
function warningsOf(findings, trained) {
	const path = [
		"source",
		"csv",
		"features"
	];
	const kinds = {
		"constant-column": (which, isOne) => ({
			problem: `${which} ${isOne ? "is" : "are"} constant in the ${trained} rows trained on`,
			hint: "Nothing can be learnt from it: leave it out of `features`.",
			path
		}),
		"row-number-column": (which, isOne) => ({
			problem: `${which} only ${isOne ? "counts" : "count"} the rows`,
			hint: "A new row has a number that was never trained on: leave it out of `features`; pandas writes none with `index=False`.",
			path
		}),
		"category-without-samples": (which, isOne) => ({
			problem: `none of the ${trained} rows trained on has the ${isOne ? "category" : "categories"} ${which}`,
			hint: "What is never seen in training is never learnt: add rows with it, or take it out of `categories` where it cannot occur.",
			path: [
				"source",
				"csv",
				"categories"
			]
		})
	};
	return Object.keys(kinds).flatMap((code) => {
		const which = findings.filter(([kind]) => kind === code).map(([, what]) => what);
		return which.length === 0 ? [] : [{
			code,
			...kinds[code](listed(which), which.length === 1)
		}];
	});
}
/** Rows by whose hash columns are chosen that all are read of. */
const glance = 64;
/** The targets among the columns that are learnt from, by name or by what stands in them. */
function* targetsAmong(table, features, targets) {
	const predicted = new Set(targets);
	const byStart = groupBy(targets, (target) => hashOf(table, target, glance));
	const byWhole = /* @__PURE__ */ new Map();
	const copies = [];
	for (const feature of features) {
		yield;
		const alike = predicted.has(feature) ? void 0 : byStart.get(hashOf(table, feature, glance));
		if (alike === void 0) continue;
		if (!byWhole.has(alike)) byWhole.set(alike, groupBy(alike, (target) => hashOf(table, target, table.count)));
		yield;
		const target = byWhole.get(alike).get(hashOf(table, feature, table.count))?.find((one) => everyRow(table, (row) => valueAt(table, row, feature) === valueAt(table, row, one)));
		if (target !== void 0 && !everyRow(table, (row) => valueAt(table, row, target) === valueAt(table, 0, target))) copies.push([feature, target]);
	}
	const named = features.filter((feature) => predicted.has(feature)).map((feature) => `\`${feature.slice(0, 60)}\``);
	const problems = [];
	if (named.length > 0) problems.push(`${listed(named)} ${named.length === 1 ? "is predicted from itself" : "are predicted from themselves"}`);
	const shown = copies.map(([feature, target]) => [calledIn(table, feature), `\`${target.slice(0, 60)}\``]);
	const [first, second] = shown;
	if (second !== void 0) problems.push(`${copies.length} columns that are learnt from are the same as one that is predicted in all ${table.count} rows: ` + listed(shown.map(([feature, target]) => `${feature} as ${target}`)));
	else if (first !== void 0) problems.push(`${first[0]} is the same as ${first[1]} in all ${table.count} rows, which is predicted from it`);
	return problems.map((problem) => ({
		code: "target-as-feature",
		problem,
		hint: "Nobody has it for a new row: leave it out of `features`.",
		path: [
			"source",
			"csv",
			"features"
		]
	}));
}
function groupBy(columns, key) {
	const groups = /* @__PURE__ */ new Map();
	for (const column of columns) {
		const own = key(column);
		const group = groups.get(own);
		if (group === void 0) groups.set(own, [column]);
		else group.push(column);
	}
	return groups;
}
function valueAt(table, row, column) {
	const cell = table.cell(row, table.placeOf(column)).trim();
	return cell === "" || Number.isNaN(Number(cell)) ? cell : String(Number(cell));
}
/** Columns that are equal in the first rows have it in common. */
function hashOf(table, column, rows) {
	let hash = 0;
	for (let row = 0; row < Math.min(rows, table.count); row++) {
		const value = valueAt(table, row, column);
		for (let k = 0; k < value.length; k++) hash = Math.imul(hash ^ value.charCodeAt(k), 16777619);
		hash = Math.imul(hash ^ 255, 16777619);
	}
	return hash;
}
/**
* pandas' index has no name, and keeps its numbers when rows are shuffled or taken out; quantities may count, too, and
* are called otherwise.
*/
function countsRows(column, numbers) {
	if (numbers.length < 3 || !numbers.every(Number.isInteger)) return false;
	if (/^(unnamed: ?\d+)?$/i.test(column)) return new Set(numbers).size === numbers.length;
	if (/^(index|idx|level_\d+)$/i.test(column)) return numbers.every((value) => value >= 0 && value <= 1.5 * numbers.length) && new Set(numbers).size === numbers.length;
	if (!/(^|[^a-z])(id|nr|no|row)\.?$|^(rowid|rownames|row[ _.-]?number|#)$/i.test(column.replaceAll(/([a-z])([A-Z])/g, "$1 $2"))) return false;
	return numbers.length >= 10 && numbers.every((value, row) => value === numbers[0] + row);
}
/**
* What speaks for rows in the order of time: dates that never go back or are the time of the rows by their name, a
* number named like a time that rises as clocks do, or windows that slide over a series.
*/
function timeEvidence(table, targets) {
	const dates = datesIn(table);
	const inOrder = dates.find(({ times }) => goesOneWay(times)) ?? (dates.length === 1 && isNamedLikeTime(dates[0].column) ? dates[0] : void 0);
	const range = (place) => `(${table.cell(0, place).trim()} to ${table.cell(table.count - 1, place).trim()})`;
	if (inOrder !== void 0) return `\`${inOrder.column}\` holds dates ${range(inOrder.place)}`;
	for (const [place, column] of table.columns.entries()) {
		const rises = targets.includes(column) ? void 0 : risesLikeTime(table, place);
		if (rises !== void 0) return `\`${column}\` ${rises} ${range(place)}`;
		for (const [later, between, before] of [[
			place - 2,
			place - 1,
			place
		], [
			place,
			place - 1,
			place - 2
		]]) if (place > 1 && slides(table, later, between) && slides(table, between, before)) return `\`${table.columns[later]}\` of each row is \`${table.columns[between]}\` of the one before: they are windows that slide over one series`;
	}
}
/** The columns of dates, less those of births, which rows are sorted by, but do not happen at. */
function datesIn(table) {
	return [...table.columns.entries()].flatMap(([place, column]) => {
		if (/birth|born|^dob$/i.test(column) || !isDate(table.cell(0, place).trim())) return [];
		const read = [
			timeOf,
			(cell) => timeOfOther(cell, "day"),
			(cell) => timeOfOther(cell, "month")
		].flatMap((reader) => timesOf(table, place, reader));
		const times = read.find(goesOneWay) ?? read[0];
		return times === void 0 ? [] : [{
			place,
			column,
			times
		}];
	});
}
/** The times of all rows; nothing where a cell cannot be read as one. */
function timesOf(table, place, reader) {
	const times = new Float64Array(table.count);
	return everyRow(table, (row) => {
		const time = reader(table.cell(row, place).trim());
		times[row] = time ?? NaN;
		return time !== void 0;
	}) ? [times] : [];
}
/** Whether times never fall or never rise, other than by chance. */
function goesOneWay(times) {
	let [rises, falls] = [0, 0];
	for (let row = 1; row < times.length; row++) if (times[row] > times[row - 1]) rises++;
	else if (times[row] < times[row - 1]) falls++;
	return Math.min(rises, falls) === 0 && rises + falls >= 5;
}
/**
* What a number called like a time does from row to row, where it never falls, and rises in nearly equal steps or looks
* like a date: what was sorted by a duration does neither.
*/
function risesLikeTime(table, place) {
	const column = table.columns[place];
	if (table.count < 10 || !isNamedLikeTime(column)) return void 0;
	const steps = new Float64Array(table.count - 1);
	let areDates = true;
	let before = NaN;
	for (let row = 0; row < table.count; row++) {
		const value = Number(table.cell(row, place).trim() || NaN);
		if (Number.isNaN(value) || value < before) return void 0;
		if (row > 0) steps[row - 1] = value - before;
		areDates &&= isCalendarNumber(value, column);
		before = value;
	}
	const median = steps.toSorted()[steps.length >> 1];
	const neverFalls = "never falls from row to row";
	if (areDates) return steps.filter((step) => step > 0).length >= 5 ? neverFalls : void 0;
	if (median <= 0 || steps.filter((step) => Math.abs(step - median) <= median / 4).length < .9 * steps.length) return void 0;
	return steps.every((step) => step === 1) ? "rises by 1 in each row, as a clock or a count of the rows does" : neverFalls;
}
/** Says that rows in the order of time are divided as if they had none. @param parts those that are drawn from them */
function timeAtRandom(evidence, parts) {
	return {
		code: "time-at-random",
		problem: `${evidence}, and the rows of ${parts.join(" and ")} are drawn at random: each then has neighbours in time that were trained on, which what is to come has not`,
		hint: "Set `data.split.order` to the column of the time, or to `time` where the rows stand in its order: the last ones are then held back.",
		path: ["split"]
	};
}
/** Whether a column has in each row what the other had in the row before. */
function slides(table, later, before) {
	if (table.count < 10) return false;
	const values = /* @__PURE__ */ new Set();
	return everyRow(table, (row) => {
		if (row > 0 && table.cell(row, later) !== table.cell(row - 1, before)) return false;
		if (values.size < 5) values.add(table.cell(row, before));
		return true;
	}) && values.size === 5;
}
/** Where the only dates go back, though the rows are said to stand in the order of time. */
function wrongOrder(table) {
	const [dates, ...more] = datesIn(table);
	if (dates === void 0 || more.length > 0 || timeOf(table.cell(0, dates.place).trim()) === void 0 || table.columns.some((_, place) => risesLikeTime(table, place) !== void 0)) return void 0;
	const { place, column, times } = dates;
	const row = times.findIndex((time, at) => at > 0 && time < times[at - 1]);
	if (row < 0) return void 0;
	return {
		code: "not-in-order",
		problem: `the rows are said to stand in the order of time, but ${table.name}, ${table.spotOf(row)}: \`${column}\` goes back from ${table.cell(row - 1, place).trim()} to ${table.cell(row, place).trim()}`,
		hint: `Where it is the time of the rows, \`order: ${column}\` sorts them.`,
		path: ["split", "order"]
	};
}
function everyRow({ count }, holds) {
	for (let row = 0; row < count; row++) if (!holds(row)) return false;
	return count > 2;
}
function calledIn({ columns }, column) {
	return column === "" ? `the nameless column ${columns.indexOf("") + 1}` : `\`${column.slice(0, 60)}\``;
}
// src/datasets/csv-indices.ts
/** @param before of another table's column of the same name */
function extremesOf(table, numbers, before) {
	const cell = (row) => ({
		table,
		row,
		value: numbers[row]
	});
	let [smallest, largest] = [0, 0];
	for (let row = 1; row < numbers.length; row++) {
		if (numbers[row] < numbers[smallest]) smallest = row;
		if (numbers[row] > numbers[largest]) largest = row;
	}
	const fraction = numbers.findIndex((value) => !Number.isInteger(value));
	return {
		fraction: before?.fraction ?? (fraction < 0 ? void 0 : cell(fraction)),
		smallest: before === void 0 || numbers[smallest] < before.smallest.value ? cell(smallest) : before.smallest,
		largest: before === void 0 || numbers[largest] > before.largest.value ? cell(largest) : before.largest
	};
}
/** What stands in the way of reading an input as indices, or the smallest and the largest of them. */
function indexFacts(features, extremes, isStandardized) {
	const names = (all) => `${listed(all.map(({ column }) => `\`${column.slice(0, 60)}\``))} ${all.length === 1 ? "is" : "are"}`;
	const changed = features.filter(({ prepared }) => prepared !== void 0 && (prepared.plan.isOneHot || prepared.plan.gaps?.isTold === true || prepared.plan.maps.length > 0) && (prepared.plan.isOneHot || categoriesOf(prepared.plan) === 0));
	if (changed.length > 0) return { misfit: {
		problem: `${names(changed)} made other values than indices by \`prepare\``,
		hint: "Let the step be `index`, or give the columns that hold indices an input of their own: `features`."
	} };
	const texts = features.filter((feature) => feature.texts !== void 0);
	if (texts.length > 0) return { misfit: {
		problem: `${names(texts)} in one input with columns that are none`,
		hint: "Give texts and other columns an input each: `features`."
	} };
	const coded = features.filter(({ categories }) => categories !== void 0);
	if (coded.length > 0) return { misfit: {
		problem: `${names(coded)} among \`categories\`, a 0 or 1 for each`,
		hint: "Give its numbers in the file, or an input of its own to the columns that hold indices: `features`."
	} };
	const standardized = features.filter(({ column, prepared }) => prepared === void 0 && isStandardized(column));
	if (standardized.length > 0) return { misfit: {
		problem: `${names(standardized)} standardized`,
		hint: "Set `standardize: false`, or list in it the columns that are to be standardized."
	} };
	const cells = features.map(({ column }) => ({
		column,
		...extremes.get(column)
	}));
	const placed = ({ table, row, value }, column) => `${table.name}, ${table.spotOf(row)}: ${column.slice(0, 60)} is ${value}`;
	const broken = cells.find(({ fraction }) => fraction !== void 0);
	if (broken !== void 0) return { misfit: {
		problem: placed(broken.fraction, broken.column),
		hint: numberThem
	} };
	const least = cells.reduce((one, other) => other.smallest.value < one.smallest.value ? other : one);
	const most = cells.reduce((one, other) => other.largest.value > one.largest.value ? other : one);
	return {
		smallest: {
			value: least.smallest.value,
			place: () => placed(least.smallest, least.column),
			hint: numberThem
		},
		largest: {
			value: most.largest.value,
			place: () => placed(most.largest, most.column)
		}
	};
}
const numberThem = "Indices are whole numbers from 0 on: number them in the file, or give the other columns an input of their own: `features`.";
// src/datasets/survey-prepared.ts
/**
* Reads a column that is prepared, and proves that its steps give a number of each row.
*
* @param fitted what was fitted to the first table, by column: the other one is proven by it
* @param trained left out: it is not known which rows train
*/
function* surveyPrepared(table, steps, about) {
	const { missing, trained, fitted } = about;
	const { plan, path } = steps;
	const read = yield* inOption(path, () => readPrepared(table, plan, plan.gaps !== void 0, missing));
	if (trained === void 0 || missing.has(plan.column)) return {
		values: read.map(orZero),
		gaps: /* @__PURE__ */ new Set()
	};
	const column = fitted.get(plan.column) ?? fitPrepared(steps, {
		table,
		values: read,
		trained
	});
	fitted.set(plan.column, column);
	yield* provePrepared(table, column, read, path);
	const gaps = /* @__PURE__ */ new Set();
	for (let row = 0; row < read.length; row++) {
		if (!Number.isNaN(read[row])) continue;
		gaps.add(row);
		read[row] = column.fill;
	}
	return {
		values: read,
		gaps
	};
}
const orZero = (value) => Number.isNaN(value) ? 0 : value;
/** What is strange about a column that is prepared: as of one that is not. */
function* findInPrepared(table, { column, reads, categories }, { values, gaps, trained, isOnly }) {
	const rows = trained.filter((row) => !gaps.has(row));
	if (categories !== void 0) yield* findInCategories(table, {
		column,
		categories
	}, {
		indices: values,
		trained: rows
	});
	else if (reads === "numbers" && rows.length > 0) yield* findInNumbers(table, column, {
		numbers: values,
		trained: rows,
		isOnly
	});
}
// src/datasets/text-targets.ts
/** Texts that are read without a pause. */
const pause = 4096;
function planned(name, option) {
	return {
		plan: {
			column: name,
			...tokensOfOption(option)
		},
		path: at("targets", name)
	};
}
function* fitted(name, { plan, path }, table, trained) {
	const { vocabulary } = yield* fitTexts({
		plan,
		path
	}, table, trained);
	return wholeText(name, plan.kind, plan, vocabulary);
}
/**
* Reads the targets that are texts, and chooses their vocabularies.
*
* @param tables the one that is trained on, then that of the test
* @param trained its rows that are trained on; left out: they are not known, and neither are the vocabularies
* @returns the targets as far as they are known then, and what is strange about them
* @throws WrongOption where a text is missing, or as fitTexts
*/
function* surveyTexts(targets, specs, tables, trained) {
	const found = [];
	const warnings = [];
	for (const spec of specs) {
		const option = targets[spec.name];
		if (!isTextOption(option)) {
			found.push(spec);
			continue;
		}
		const text = planned(spec.name, option);
		for (const table of tables) {
			yield* proveTexts(text, table, (missing) => unanswered(table, spec.name, missing));
			warnings.push(...yield* cutTexts(text, table));
		}
		found.push(trained === void 0 ? spec : yield* fitted(spec.name, text, tables[0], trained));
	}
	return {
		targets: found,
		warnings
	};
}
/** That rows do not say what is right. */
function unanswered(table, column, missing) {
	const { count, row } = missing.get(column);
	return failure("missing-label", `${table.name} has ${count} ${count === 1 ? "row" : "rows"} without a text in \`${shorten(column)}\`, the first on ${table.spotOf(row)}`, "Fill it, or remove the row: nothing is learnt of a text of which nobody says what comes out.");
}
function* cutTexts({ plan, path }, table) {
	const { column, kind, length } = plan;
	const textIn = textsIn(table, plan);
	let [longer, first] = [0, 0];
	for (let row = 0; row < table.count; row++) {
		if (row % pause === 0) yield;
		let tokens = 0;
		for (const _ of tokensOf(textIn(row), plan)) if (++tokens > length) break;
		if (tokens <= length) continue;
		if (longer === 0) first = row;
		longer++;
	}
	if (longer === 0) return [];
	return [{
		code: "answers-cut",
		problem: `${table.name}: ${showCount(longer)} of ${showCount(table.count)} texts of \`${shorten(column)}\`, which is to be predicted, have more than ${showCount(length)} ${kind}, the first on ${table.spotOf(first)}`,
		hint: "They are learnt without what is behind, and without their end: raise `length`.",
		path
	}];
}
/**
* Chooses the vocabulary of a target that is a text, and gives the numbers of both parts.
*
* @throws WrongOption as surveyTexts
*/
function* encodeTextTarget(name, option, { train, test, trained }) {
	const text = planned(name, option);
	for (const table of /* @__PURE__ */ new Set([train.table, test.table])) yield* proveTexts(text, table, (missing) => unanswered(table, name, missing));
	const spec = yield* fitted(name, text, train.table, trained);
	const numbers = function* ({ table, rows }) {
		const length = spec.shape[0];
		const all = roomForIndices(spec.classes.length, rows.length * length);
		const textIn = textsIn(table, text.plan);
		for (const [k, row] of rows.entries()) {
			if (k % pause === 0) yield;
			all.set(numbersOfText(spec, textIn(row)), k * length);
		}
		return all;
	};
	return {
		spec,
		train: yield* numbers(train),
		test: yield* numbers(test)
	};
}
// src/datasets/survey-csv.ts
/** Reads each cell that will be used, so that a wrong one is found before anything starts. */
function* survey(given, folder, division, format) {
	return yield* surveyTables(given, yield* readAndKeep(given, folder, format), division);
}
/** As `survey`, of tables that are read. */
function* surveyTables(given, tables, { split, seed }) {
	const { table, divided, other } = tables;
	const sides = sidesOf(given, table, split);
	const isShare = other === void 0 && split?.column === void 0;
	const test = other?.count ?? testSize(Number(given.test), divided, split?.fold);
	const counts = table.count + (other?.count ?? 0);
	const doubles = 2 * Math.min(8, table.columns.length) * Float64Array.BYTES_PER_ELEMENT;
	const labelled = sides.targets.reduce((sum, { shape: places }) => sum + sizeOf(places), 0);
	const classes = 6 * Uint32Array.BYTES_PER_ELEMENT + labelled;
	const counted = hasTexts(given) ? memoryOfCounts(table.memory) : 0;
	const reading = table.memory + (other?.memory ?? 0) + (doubles + classes) * counts + counted;
	const train = table.count - (other === void 0 ? test : 0);
	const drawsTest = isShare ? { drawsTest: true } : {};
	const all = {
		...sides,
		count: {
			train,
			test
		},
		reading,
		...drawsTest
	};
	const spec = isPackable(given) ? {
		...all,
		packs: "cells"
	} : withinMemory(all);
	if (isMisfit(spec)) return spec;
	const wanted = split === void 0 ? 0 : validationCount(afterTest(split, drawsTest), train);
	const parts = split === void 0 || seed === void 0 || isShare && test === 0 ? void 0 : yield* divideTables(given, tables, {
		seed,
		split: {
			...split,
			validation: wanted < train ? split.validation : 0
		}
	}, /* @__PURE__ */ new Map());
	const both = other === void 0 ? [table] : [table, other];
	const answers = yield* surveyTexts(given.targets, sides.targets, both, parts?.trained);
	const surveyed = {
		...spec,
		targets: answers.targets,
		...parts && { count: countsOf(parts) }
	};
	const findings = [];
	const extremes = /* @__PURE__ */ new Map();
	const inputs = inputsOf(given, table, split);
	const used = new Map(inputs.flatMap(({ features }) => features).map((feature) => [feature.column, feature]));
	if (split === void 0) {
		for (const column of datesOf(table, split)) if (isPlain(used.get(column))) used.delete(column);
	}
	const prepared = /* @__PURE__ */ new Map();
	const labels = [];
	const fitted = [];
	const fileOf = (one) => at(one === table ? "file" : "test");
	for (const one of both) {
		const missing = /* @__PURE__ */ new Map();
		const file = fileOf(one);
		for (const column of [...used.keys(), ...columnsOfTargets(given.targets)]) placeIn(one, column, ...file);
		for (const { column, categories, prepared: steps, texts } of used.values()) {
			if (texts !== void 0) {
				yield* proveTexts(texts, one);
				if (one === table && parts !== void 0) yield* fitTexts(texts, table, parts.trained);
				continue;
			}
			if (steps !== void 0) {
				const seen = yield* surveyPrepared(one, steps, {
					missing,
					trained: parts?.trained,
					fitted: prepared
				});
				if (!steps.plan.isOneHot) extremes.set(column, extremesOf(one, seen.values, extremes.get(column)));
				if (one === table && parts !== void 0) findings.push(...findInPrepared(table, steps.plan, {
					...seen,
					trained: parts.trained,
					isOnly: used.size === 1
				}));
				continue;
			}
			const numbers = yield* inOption(categories === void 0 ? file : at("categories", column), () => columnOf(one, column, categories, missing));
			if (categories === void 0) extremes.set(column, extremesOf(one, numbers, extremes.get(column)));
			if (one === table && parts !== void 0) findings.push(...categories === void 0 ? findInNumbers(table, column, {
				numbers,
				trained: parts.trained,
				isOnly: used.size === 1
			}) : findInCategories(table, {
				column,
				categories
			}, {
				indices: numbers,
				trained: parts.trained
			}));
		}
		const ofTable = [];
		for (const [target, kind] of Object.entries(given.targets)) {
			const column = isTextOption(kind) ? /* @__PURE__ */ new Uint8Array() : yield* inOption(kind === "number" ? file : at("targets", target), () => valuesOfTarget(one, target, kind, missing));
			if (one === table && parts !== void 0) fitted.push(column instanceof Float64Array ? [fitScale(column, parts.trained)] : void 0);
			ofTable.push(Uint8Array.from(column));
		}
		labels.push(ofTable);
		if (missing.size > 0) throw new WrongOption(file, missingValues(one, missing));
	}
	const ofNumbers = [...used.values()].flatMap(({ column, categories, prepared: steps, texts }) => categories === void 0 && texts === void 0 && (steps?.plan.reads ?? "numbers") === "numbers" ? [column] : []);
	const numbers = Object.keys(given.targets).filter((target) => given.targets[target] === "number");
	for (const one of both) yield* inOption(fileOf(one), () => provePoints(one, both, [...ofNumbers, ...numbers]));
	if (isShare) testCount(given, tables, split?.fold);
	const indices = (input) => indexFacts(inputs.find(({ name }) => name === input).features, extremes, standardizedIn(given));
	if (parts === void 0 || split === void 0) return {
		...surveyed,
		indexFacts: indices
	};
	const { order, group } = split;
	const predicted = columnsOfTargets(given.targets);
	const random = [...isShare ? ["the test"] : [], ...parts.split.validation.length > 0 && !parts.isValidationSaid ? ["validation"] : []];
	const evidence = order === void 0 && group === void 0 && random.length > 0 ? timeEvidence(table, predicted) : void 0;
	const backwards = typeof order !== "string" || orderColumn(table, order) !== void 0 ? void 0 : wrongOrder(table);
	const [trained, tested = trained] = labels;
	const warnings = [
		...other?.files.some(({ sha256 }) => table.files.some((one) => one.sha256 === sha256)) ? [{
			...testIsTrain(`${other.name}, the test, holds the rows that are trained on`),
			path: [
				"source",
				"csv",
				"test"
			]
		}] : [],
		...evidence === void 0 ? [] : [timeAtRandom(evidence, random)],
		...group === void 0 ? [] : yield* groupWarnings(group, parts, {
			test: isShare ? test : 0,
			split: afterTest(split, drawsTest)
		}),
		...backwards === void 0 ? [] : [backwards],
		...yield* targetsAmong(table, [...used.keys()], predicted),
		...warningsOf(findings, parts.trained.length),
		...answers.warnings,
		...sides.targets.flatMap((target, k) => constantTargets([target], [fitted[k]], parts.trained.length).map((warning) => ({
			...warning,
			path: at("targets", target.name)
		}))),
		...classWarnings(sides.targets, [
			{
				name: "training",
				targets: trained,
				rows: parts.trained
			},
			{
				name: "validation",
				targets: trained,
				rows: parts.split.validation.map((place) => parts.train.rows[place])
			},
			{
				name: "test",
				targets: tested,
				rows: parts.test.rows
			}
		]).map((warning) => ({
			...warning,
			path: [
				"source",
				"csv",
				"targets"
			]
		}))
	];
	return {
		...surveyed,
		indexFacts: indices,
		warnings
	};
}
function countsOf({ train, test, split }) {
	const count = {
		train: train.rows.length,
		test: test.rows.length
	};
	return split.validation.length === 0 ? count : {
		...count,
		validation: split.validation.length
	};
}
/** What is strange about parts that groups are divided into. @param asked.test rows that were to be drawn for it */
function* groupWarnings(group, { train, test, split: parted, trained, isValidationSaid }, asked) {
	const validation = parted.validation.map((place) => train.rows[place]);
	return [...yield* groupsOnBothSides(group, {
		table: train.table,
		rows: trained
	}, [{
		part: "validation",
		table: train.table,
		rows: validation
	}, {
		part: "test",
		...test
	}]), ...unevenGroups(group, [{
		part: "test",
		wanted: asked.test,
		rows: test.rows.length
	}, {
		part: "validation",
		wanted: isValidationSaid ? 0 : validationCount(asked.split, train.rows.length),
		rows: validation.length
	}])];
}
/** Whether a column is read as numbers because nothing else is said of it. */
const isPlain = (feature) => feature !== void 0 && feature.categories === void 0 && feature.prepared === void 0 && feature.texts === void 0;
// src/datasets/glance-table.ts
/** Bytes of the head of each of many files, at least. */
const leastHead = 16384;
/** Why a table has to be read as a whole, in words. */
function whyWhole(given) {
	return hasTexts(given) ? "its words or characters are counted" : "its head alone does not tell enough";
}
/**
* Reads the heads of large files.
*
* @returns undefined where that is not enough: the files are small, or something is taken from all rows
* @throws UserError of a mistake in the heads, which may be none once all is read
*/
function* headsOf(given, folder, format) {
	if (!isSettled(given) || hasTexts(given)) return void 0;
	const paths = pathsOf(given, folder);
	if (!paths.some(isLarge)) return void 0;
	const each = Math.max(leastHead, largeBytes / paths.length);
	let [seen, all] = [0, 0];
	return {
		tables: yield* readTables(given, folder, {
			...format,
			*read(place, options, room) {
				const { table, share } = (yield* format.readHead(place, each, options)) ?? {
					table: yield* format.read(place, options, room),
					share: 1
				};
				seen += table.count;
				all += table.count / share;
				return table;
			}
		}),
		inAll: (count) => Math.round(count * all / Math.max(1, seen))
	};
}
/**
* What the heads of large files tell of a table; how many rows it has is an estimate.
*
* @returns undefined as headsOf, and where they tell of something that all rows may have right
* @throws UserError as headsOf
*/
function* glanceAt(given, folder, split, format) {
	const heads = yield* headsOf(given, folder, format);
	if (heads === void 0 || !isSettled(given)) return void 0;
	const { tables, inAll } = heads;
	const spec = yield* surveyTables(given, tables, split === void 0 ? {} : { split });
	if (isMisfit(spec)) return void 0;
	const divided = inAll(tables.table.count);
	const tested = tables.other === void 0 ? testSize(Number(given.test), divided, split?.fold) : inAll(tables.other.count);
	return {
		...spec,
		count: {
			train: tables.other === void 0 ? divided - tested : divided,
			test: tested
		}
	};
}
// src/datasets/head-of-lines.ts
const lineFeed$1 = 10;
/** As `readHead` of a format of tables whose rows are lines. @param read reads lines */
function* headOfLines(place, bytes, read) {
	const head = yield* inLargeFile(place.path, bytes, function* (file, size) {
		yield;
		const begin = readPart(file, 0, bytes);
		return isPacked(begin) ? glanceInto(begin, readPart(file, size - 4, 4)) : {
			begin,
			length: size
		};
	});
	const end = head?.begin.subarray(0, bytes).lastIndexOf(lineFeed$1) ?? -1;
	if (head === void 0 || end < 0) return void 0;
	const lines = head.begin.subarray(0, end + 1);
	return {
		table: yield* read({
			place,
			bytes: lines,
			file: {
				name: nameOf(place),
				sha256: "",
				bytes: lines.length
			}
		}),
		share: lines.length / head.length
	};
}
// src/datasets/row-filler.ts
/** Columns that are written together. */
const together = 4;
/** Rows that are written at a time: they stay near the processor until all those columns are. */
const block$1 = 512;
/**
* Writes columns of numbers into rows, some of them at a time: one by one, each number would wait for the memory of its
* row.
*/
var RowFiller = class {
	to;
	width;
	rows;
	columns = [];
	places = [];
	/** @param to takes them, `width` numbers a row @param rows which of a column's numbers they are, in their order */
	constructor(to, width, rows) {
		[this.to, this.width, this.rows] = [
			to,
			width,
			rows
		];
	}
	put(place, numbers, { mean, deviation }) {
		const { rows } = this;
		const at = this.places.push(place) - 1;
		const column = this.columns[at] ??= new Float32Array(rows.length);
		for (let k = 0; k < rows.length; k++) column[k] = (numbers[rows[k]] - mean) / deviation;
		if (this.places.length === together) this.end();
	}
	putMade(place, numbers, make) {
		const { to, width, rows } = this;
		for (let k = 0; k < rows.length; k++) to[k * width + place] = make(numbers[rows[k]]);
	}
	putSome(sample, place, numbers) {
		this.to.set(numbers, sample * this.width + place);
	}
	end() {
		const { to, width, rows, columns, places } = this;
		for (let from = 0; from < rows.length; from += block$1) {
			const end = Math.min(from + block$1, rows.length);
			for (const [at, place] of places.entries()) {
				const column = columns[at];
				for (let k = from; k < end; k++) to[k * width + place] = column[k];
			}
		}
		places.length = 0;
	}
};
// src/datasets/row-sweep.ts
/** Rows that are read and written at a time: they stay near the processor until all columns are. */
const block = 1024;
/** Whether rows go from the first to the last. */
const areAscending = (rows) => rows.every((row, k) => k === 0 || row > rows[k - 1]);
/**
* Reads columns of plain numbers some rows at a time, and writes them into rows: column by column each number would
* wait for the memory of its row.
*
* @param held room for a number of each row of the table
*/
function* sweep(table, columns, { parts, width, held }) {
	const next = parts.map(() => 0);
	for (let first = 0; first < table.count; first += block) {
		yield;
		const range = {
			from: first,
			to: Math.min(first + block, table.count),
			decimal: table.decimal ?? "."
		};
		const ends = parts.map(({ rows }, part) => {
			let end = next[part];
			while (end < rows.length && rows[end] < range.to) end++;
			return end;
		});
		for (const { from, place, scale } of columns) {
			table.readPlain(held, from, range);
			for (const [part, { to, rows }] of parts.entries()) write({
				to,
				rows,
				width,
				place,
				from: next[part],
				end: ends[part]
			}, held, scale);
		}
		for (const [part, end] of ends.entries()) next[part] = end;
	}
}
function write({ to, rows, width, place, from, end }, held, { mean, deviation }) {
	for (let k = from; k < end; k++) to[k * width + place] = (held[rows[k]] - mean) / deviation;
}
// src/datasets/input-values.ts
/** The values of an input, and what was done to each of its columns. */
function* inputValues(given, features, parts) {
	const { train, test } = parts;
	const width = codeOf(features).length;
	const values = {
		train: new Float32Array(train.rows.length * width),
		test: new Float32Array(test.rows.length * width)
	};
	const takers = {
		train: new RowFiller(values.train, width, train.rows),
		test: new RowFiller(values.test, width, test.rows)
	};
	return {
		...values,
		...yield* fitInput(given, features, parts, {
			takers,
			values
		})
	};
}
/**
* Fits what is done to the columns of an input to the rows trained on.
*
* @param to left out: nothing is done with its numbers
* @throws UserError where a cell cannot be used
*/
function* fitInput(given, features, { train, test, trained }, to) {
	const prepared = [];
	const columns = [];
	const isStandardized = standardizedIn(given);
	const crossOf = (column) => given.cross !== void 0 && Object.hasOwn(given.cross, column) ? { cross: given.cross[column] } : {};
	const held = train.table.readWhole === void 0 ? void 0 : new Float64Array(train.table.count);
	const mayBeSwept = to?.values !== void 0 && train.table.isSwept === true && test.table === train.table && [train, test].every(({ rows }) => areAscending(rows));
	const swept = [];
	let place = 0;
	for (const feature of features) {
		const { column, categories, texts } = feature;
		if (texts !== void 0) {
			const fitted = yield* encodeTexts(texts, {
				train,
				test,
				trained
			}, to && {
				takers: to.takers,
				place
			});
			prepared.push(fitted);
			columns.push(...Array.from({ length: fitted.length }, () => ({ column })));
			place += fitted.length;
			continue;
		}
		if (feature.prepared !== void 0) {
			const { fitted, codes, at: valueAt, tables } = yield* prepareColumn(feature.prepared, {
				tables: test.table === train.table ? [train.table] : [train.table, test.table],
				trained
			});
			const [numbers, others = numbers] = tables;
			for (let part = 0; part < codes.length; part++) {
				to?.takers.train.putMade(place + part, numbers, (number) => valueAt(number, part));
				to?.takers.test.putMade(place + part, others, (number) => valueAt(number, part));
			}
			place += codes.length;
			prepared.push({
				...fitted,
				...crossOf(column)
			});
			columns.push(...codes.map(() => ({ column })));
			continue;
		}
		yield;
		const isWhole = held !== void 0 && categories === void 0 && train.table.readWhole?.(held, placeIn(train.table, column)) === true;
		const numbers = isWhole ? held : yield* columnOf(train.table, column, categories);
		const scale = categories === void 0 && isStandardized(column) ? fitScale(numbers, trained).scale : unscaled;
		if (isWhole && mayBeSwept) swept.push({
			from: placeIn(train.table, column),
			place,
			scale
		});
		else if (to !== void 0) {
			to.takers.train.put(place, numbers, scale);
			const others = test.table === train.table ? numbers : yield* columnOf(test.table, column, categories);
			to.takers.test.put(place, others, scale);
		}
		columns.push({
			column,
			...categories === void 0 && { scale }
		});
		const hasCommas = train.table.commas.has(column);
		prepared.push({
			column,
			...categories === void 0 ? scale : { categories },
			...hasCommas && { decimal: "," },
			...crossOf(column)
		});
		place++;
	}
	to?.takers.train.end();
	to?.takers.test.end();
	if (to?.values !== void 0 && held !== void 0 && swept.length > 0) yield* sweep(train.table, swept, {
		parts: [{
			to: to.values.train,
			rows: train.rows
		}, {
			to: to.values.test,
			rows: test.rows
		}],
		width: codeOf(features).length,
		held
	});
	return {
		prepared,
		columns
	};
}
// src/datasets/number-blocks.ts
/** What the form of a number says beside its decimals: that a minus stands before it; that the cell is empty. */
const [withMinus, isEmpty] = [16, 15];
/** Bits of a form, and what all of them are. */
const [formBits, allForms] = [5, 31];
/** Digits that do not fit 32 bits beside a form. */
const tooMany = 2 ** (32 - formBits);
/** Decimals that a form has room for. */
const mostDecimals = isEmpty - 1;
/** What digits are divided by, by the form: no branch on the sign, which nobody can foretell. */
const divisors = Float64Array.from({ length: allForms + 1 }, (_, form) => {
	return form < withMinus ? tens[form] : -tens[form - withMinus];
});
/**
* Numbers as they are written: the digits of each as one whole number, how many of them are decimals, and the sign. So
* most take 4 bytes, give back their text to the letter, and are the double nearest to it: up to 15 digits and a power
* of ten are exact, which leaves one rounding.
*/
var NumberBlocks = class {
	/** Cells of a row. */
	width;
	/** Rows that are written before they are kept. */
	room;
	/** Those rows, column after column: see write. */
	packed;
	/** Rows that are kept. */
	count = 0;
	wide = /* @__PURE__ */ new Map();
	blocks = [];
	constructor(width) {
		this.width = width;
		this.room = Math.min(4096, Math.max(16, Math.floor(2 ** 17 / width)));
		this.packed = new Uint32Array(this.room * width);
	}
	/** Bytes that they take. */
	get memory() {
		let bytes = this.packed.byteLength;
		for (const { packed, wide } of this.blocks) {
			bytes += packed.byteLength;
			for (const { digits, forms } of wide.values()) bytes += digits.byteLength + forms.byteLength;
		}
		return bytes;
	}
	/** Writes a number of digits that are more than 27 bits into a row that is not kept yet. */
	writeWide(row, column, digits, form) {
		let wide = this.wide.get(column);
		if (wide === void 0) {
			wide = {
				digits: new Float64Array(this.room),
				forms: new Uint8Array(this.room)
			};
			this.wide.set(column, wide);
		}
		wide.digits[row] = digits;
		wide.forms[row] = form;
	}
	/** Keeps the rows that were written. */
	keep(rows) {
		const { width, room, packed, wide } = this;
		for (const [column, { digits, forms }] of wide) for (let row = 0; row < rows; row++) {
			if (digits[row] !== 0) continue;
			const code = packed[column * room + row];
			digits[row] = code >>> formBits;
			forms[row] = code & allForms;
		}
		this.blocks.push({
			packed: rows === room ? packed : firstOf(packed, {
				width,
				room,
				rows
			}),
			rows,
			wide
		});
		this.packed = new Uint32Array(room * width);
		this.wide = /* @__PURE__ */ new Map();
		this.count += rows;
	}
	/** Nothing follows. */
	end() {
		this.packed = /* @__PURE__ */ new Uint32Array();
	}
	/**
	* Reads numbers of a column into values, by their rows.
	*
	* @returns the first row whose cell is empty, or where it was to end
	*/
	read(values, column, from, to) {
		let row = from;
		while (row < to) {
			const k = Math.floor(row / this.room);
			const { packed, rows, wide } = this.blocks[k];
			const first = k * this.room;
			const end = Math.min(to, first + rows);
			const long = wide.get(column);
			row = long === void 0 ? readPacked(values, row, end, packed.subarray(column * rows), first) : readWide(values, row, end, long, first);
			if (row < end) return row;
		}
		return row;
	}
	/** What a number is written with, as one number; undefined where that is more than 32 bits. */
	codeAt(row, column) {
		const { packed, rows, wide } = this.blocks[Math.floor(row / this.room)];
		return wide.has(column) ? void 0 : packed[column * rows + row % this.room];
	}
	/** The text of a number. @param mark what stands before its decimals */
	textAt(row, column, mark) {
		const long = this.blocks[Math.floor(row / this.room)].wide.get(column);
		const place = row % this.room;
		const code = this.codeAt(row, column) ?? long.forms[place];
		const decimals = code & isEmpty;
		if (decimals === isEmpty) return "";
		const digits = String(long === void 0 ? code >>> formBits : long.digits[place]).padStart(decimals + 1, "0");
		const point = digits.length - decimals;
		const text = decimals === 0 ? digits : `${digits.slice(0, point)}${mark}${digits.slice(point)}`;
		return (code & withMinus) === 0 ? text : `-${text}`;
	}
};
function firstOf(packed, { width, room, rows }) {
	const first = new Uint32Array(rows * width);
	for (let column = 0; column < width; column++) first.set(packed.subarray(column * room, column * room + rows), column * rows);
	return first;
}
function readPacked(values, from, to, packed, first) {
	for (let row = from; row < to; row++) {
		const code = packed[row - first];
		if ((code & isEmpty) === isEmpty) return row;
		values[row] = (code >>> formBits) / divisors[code & allForms];
	}
	return to;
}
function readWide(values, from, to, { digits, forms }, first) {
	for (let row = from; row < to; row++) {
		const form = forms[row - first];
		if ((form & isEmpty) === isEmpty) return row;
		values[row] = digits[row - first] / divisors[form];
	}
	return to;
}
/** A number of 32 bits of few digits. */
const packedOf = (digits, form) => digits << formBits | form;
/** The form of a number with so many decimals. @param sign 1 where a minus stands before it, else 0 */
const formOf = (decimals, sign) => sign << 4 | decimals;
/** The form of a cell that nothing stands in. */
const emptyForm = isEmpty;
/** Whether digits are too many for packedOf. */
const areMany = (digits) => digits >= tooMany;
// src/datasets/number-table.ts
/** Cells of a column that are read once where they are alike. */
const mostSeen = 4096;
/** A CSV file of nothing but numbers, each row in a line: of its cells it keeps the digits. */
var NumberTable = class {
	name;
	files;
	decimal;
	columns;
	commas = /* @__PURE__ */ new Set();
	count;
	counted = "line";
	isSwept = true;
	digits;
	mark;
	firstLine;
	places;
	constructor({ file, decimal, columns, numbers, firstLine }) {
		[this.name, this.files, this.decimal, this.columns] = [
			file.name,
			[file],
			decimal,
			columns
		];
		[this.digits, this.count, this.firstLine] = [
			numbers,
			numbers.count,
			firstLine
		];
		this.mark = decimal ?? ".";
		this.places = new Map(columns.map((column, at) => [column, at]));
	}
	get memory() {
		return this.digits.memory;
	}
	placeOf(column) {
		return this.places.get(column);
	}
	unreadable() {}
	cell(row, place) {
		return this.digits.textAt(row, place, this.mark);
	}
	sampleAt(row) {
		return {
			file: this.name,
			line: this.firstLine + row
		};
	}
	spotOf(row) {
		return `line ${this.firstLine + row}`;
	}
	numbers() {
		return Uint32Array.from({ length: this.count }, (_, row) => this.firstLine + row);
	}
	*startColumn(place) {
		yield;
		const values = new Float64Array(this.count);
		return {
			values,
			read: this.digits.read(values, place, 0, this.count)
		};
	}
	readPlain(values, place, { from, to, decimal }) {
		return decimal === this.mark ? this.digits.read(values, place, from, to) : from;
	}
	readWhole(values, place) {
		return this.commas.size === 0 && this.digits.read(values, place, 0, this.count) === this.count;
	}
	shows() {
		return false;
	}
	reader(place, read) {
		const seen = /* @__PURE__ */ new Map();
		return (row) => {
			const code = this.digits.codeAt(row, place);
			if (code === void 0) return read(this.cell(row, place));
			const known = seen.get(code);
			if (known !== void 0) return known;
			const value = read(this.cell(row, place));
			if (value !== void 0 && seen.size < mostSeen) seen.set(code, value);
			return value;
		};
	}
};
// src/datasets/read-numbers.ts
const [lineFeed, carriageReturn, minus, zero] = [
	10,
	13,
	45,
	48
];
/** Digits that are exact in a double, and those that are exact in 32 bits. */
const [mostDigits, fewDigits] = [15, 9];
/**
* Reads a CSV file of nothing but plain numbers and empty cells piece by piece, as a table that takes half of its bytes
* or less.
*
* @returns undefined where anything else stands in it, or anything is wrong: reading it as a whole says what
*/
function* readNumbers(place, form) {
	const { delimiter, decimal = ".", comment } = form;
	if (comment !== void 0 || delimiter === decimal || !/^[^-\d]$/.test(delimiter) || !isAscii(Buffer.from(delimiter))) return void 0;
	const rows = new NumberRows({
		...form,
		decimal
	});
	const read = yield* readInPieces(place.path, (piece) => rows.take(piece));
	const found = read === void 0 ? void 0 : rows.end();
	if (read === void 0 || found === void 0) return void 0;
	if (place.sha256 !== void 0 && place.sha256 !== read.sha256) return void 0;
	return new NumberTable({
		file: {
			name: nameOf(place),
			sha256: read.sha256,
			bytes: read.size
		},
		decimal: form.decimal,
		...found
	});
}
/** Takes the rows of a file as they come. */
var NumberRows = class {
	form;
	delimiter;
	mark;
	/** A line that has not ended yet, and what follows it; room for an end that the last line has not. */
	bytes = Buffer.allocUnsafe(2097153);
	length = 0;
	columns;
	numbers;
	firstLine = 1;
	/** Rows that are not kept yet. */
	written = 0;
	constructor(form) {
		this.form = form;
		this.delimiter = form.delimiter.charCodeAt(0);
		this.mark = form.decimal.charCodeAt(0);
	}
	/** @returns whether all lines that have ended are numbers */
	take(piece) {
		const { bytes, length } = this;
		if (piece.length === 0) return true;
		if (length + piece.length >= bytes.length) return false;
		bytes.set(piece, length);
		this.length += piece.length;
		return this.readLines(bytes.lastIndexOf(lineFeed, this.length - 1) + 1);
	}
	/** What was read, once nothing follows; undefined where it is no table. */
	end() {
		if (this.length > 0) {
			this.bytes[this.length++] = lineFeed;
			if (!this.readLines(this.length)) return void 0;
		}
		const { numbers, columns, firstLine } = this;
		if (numbers === void 0 || columns === void 0) return void 0;
		if (this.written > 0) numbers.keep(this.written);
		numbers.end();
		return numbers.count === 0 || new Set(columns).size < columns.length ? void 0 : {
			numbers,
			columns,
			firstLine
		};
	}
	readLines(end) {
		if (end === 0) return true;
		let at = 0;
		if (this.columns === void 0) {
			at = this.readNames(end);
			if (at === void 0) return false;
		}
		if (!this.readRows(at, end)) return false;
		this.bytes.copyWithin(0, end, this.length);
		this.length -= end;
		return true;
	}
	/** @returns where the first row begins; undefined where the names of the columns are nothing plain */
	readNames(end) {
		const { form, bytes } = this;
		let at = bytes[0] === 239 && bytes[1] === 187 && bytes[2] === 191 ? 3 : 0;
		let names = form.columns;
		if (names === void 0) {
			const scanner = new CellScanner(bytes.subarray(0, end), form.delimiter);
			const found = [];
			for (let isLast = false; !isLast;) {
				const stop = scanner.endOf(at);
				if (stop >= end || found.length > mostColumns) return void 0;
				isLast = !scanner.isDelimiter(stop);
				if (isLast && scanner.wrongQuote(at, stop) !== void 0) return void 0;
				if (bytes[stop] === carriageReturn && bytes[stop + 1] !== lineFeed) return void 0;
				found.push(scanner.textAt(at).trim());
				at = scanner.behind(stop);
			}
			const line = bytes.subarray(0, at);
			if (!isUtf8(line) || line.includes(0) || found.length === 1 && found[0] === "") return void 0;
			this.firstLine = scanner.lineAt(at);
			names = found;
		}
		this.columns = names;
		this.numbers = new NumberBlocks(names.length);
		return at;
	}
	readRows(from, end) {
		const { bytes, delimiter, mark } = this;
		const numbers = this.numbers;
		const { width, room } = numbers;
		let { packed } = numbers;
		let row = this.written;
		for (let at = from; at < end;) {
			for (let column = 0; column < width; column++) {
				let byte = bytes[at];
				const sign = (byte ^ minus) - 1 >>> 31;
				at += sign;
				byte = bytes[at];
				const start = at;
				let whole = 0;
				for (let digit = byte - zero; digit >>> 0 < 10; digit = byte - zero) {
					whole = Math.imul(whole, 10) + digit | 0;
					byte = bytes[++at];
				}
				let length = at - start;
				if (length > 1 && bytes[start] === zero) return false;
				let decimals = 0;
				if (byte === mark) {
					const point = at;
					byte = bytes[++at];
					for (let digit = byte - zero; digit >>> 0 < 10; digit = byte - zero) {
						whole = Math.imul(whole, 10) + digit | 0;
						byte = bytes[++at];
					}
					decimals = at - point - 1;
					if (length === 0 || decimals === 0 || decimals > mostDecimals) return false;
					length += decimals;
				} else if (length === 0) {
					if (sign === 1 || width === 1) return false;
					decimals = emptyForm;
				}
				if (length > mostDigits) return false;
				const form = formOf(decimals, sign);
				packed[column * room + row] = packedOf(whole, form);
				if (length > fewDigits || areMany(whole)) numbers.writeWide(row, column, length > fewDigits ? wholeOf(bytes, start, at) : whole, form);
				if (column < width - 1) {
					if (byte !== delimiter) return false;
				} else {
					if (byte === carriageReturn) byte = bytes[++at];
					if (byte !== lineFeed) return false;
				}
				at++;
			}
			if (++row < room) continue;
			numbers.keep(row);
			({packed} = numbers);
			row = 0;
		}
		this.written = row;
		return true;
	}
};
/** The digits of a number, whatever stands between them. */
function wholeOf(bytes, from, to) {
	let whole = 0;
	for (let at = from; at < to; at++) {
		const digit = bytes[at] - zero;
		if (digit >>> 0 < 10) whole = whole * 10 + digit;
	}
	return whole;
}
// src/datasets/csv.ts
/** CSV as a format of tables. */
const csvFormat = {
	name: "csv",
	*read(place, given, room) {
		const form = formOf$1(given, nameOf(place));
		if (room !== void 0) return yield* csvInBlocks(place, form, { room });
		return (yield* readNumbers(place, form)) ?? (yield* readCsv(place, form));
	},
	sizeOf: sizeOfText,
	readHead: (place, bytes, given) => headOfLines(place, bytes, (lines) => parseCsv(lines, formOf$1(given, nameOf(place))))
};
/** Numbers and classes from a table. */
const csv = defineDataset({
	...csvFace,
	...rowOfTable(csvFormat)
});
/** What the row of a data set that is a table has beside its options. */
function rowOfTable(format) {
	return {
		describe: (given, folder, division = {}) => placedIn(format.name, orMisfit(() => atOnce(surveySettled(given, folder, division, within(format, division.memory))), {
			inputs: Object.keys(given.features).length === 0 ? ["input"] : Object.keys(given.features),
			...outlined(given)
		})),
		settle: (given, folder, split, memory) => atOnce(placing(format.name, settled(given, folder, within(format, memory), split))),
		named: namedIn,
		files: pathsOf,
		load: (given, folder, seed, signal, split = {
			validation: 0,
			stratified: true
		}) => inTurns(placing(format.name, loadSettled(given, folder, {
			split,
			seed
		}, format)), signal),
		rows: tableRows
	};
}
/** A format whose tables may take so many bytes in memory. */
const within = (format, memory) => memory === void 0 ? format : {
	...format,
	memory
};
/** The targets, where no list of classes is left to the data. */
function outlined({ targets, standardize }) {
	const known = {};
	for (const [name, kind] of Object.entries(targets)) {
		if (!saysOneThing(kind) || leavesList(kind)) return {};
		known[name] = kind;
	}
	return { targets: targetsOf({
		targets: known,
		standardize
	}) };
}
function* surveySettled(given, folder, { glance = false, ...division }, format) {
	if (glance) {
		const glanced = yield* glanceAt(given, folder, division.split, format);
		if (glanced !== void 0) return glanced;
	}
	const settledOptions = yield* settled(given, folder, format, division.split);
	return wholeFor(yield* survey(settledOptions, folder, division, format), { glance }, whyWhole(given));
}
function* loadSettled(given, folder, division, format) {
	return yield* loadTable(yield* settled(given, folder, format, division.split), folder, division, format);
}
/** What is shared by tables names options by their paths in `csv`; in other formats they stand under another name. */
function placedIn(name, described) {
	const placed = (one) => one.path?.[1] === "csv" ? {
		...one,
		path: one.path.with(1, name)
	} : one;
	if ("code" in described) return placed(described);
	return described.warnings === void 0 ? described : {
		...described,
		warnings: described.warnings.map(placed)
	};
}
/** Work on a table, whose mistakes are placed in the same way. */
function* placing(name, work) {
	try {
		return yield* work;
	} catch (error) {
		throw error instanceof WrongOption && error.path[1] === "csv" ? new WrongOption(error.path.with(1, name), error) : error;
	}
}
function* loadTable(given, folder, division, format) {
	const tables = (yield* takeKept(given, folder, format)) ?? (yield* readTables(given, folder, format));
	const { table, other } = tables;
	const { split } = division;
	const sides = sidesOf(given, table, split);
	const parts = yield* divideTables(given, tables, division);
	const preparation = {};
	const origins = [];
	const [inputs, targets] = [[], []];
	for (const { name, features } of inputsOf(given, table, split)) {
		const { prepared, columns, ...values } = yield* inputValues(given, features, parts);
		preparation[name] = prepared;
		origins.push(columns);
		inputs.push(values);
	}
	const specs = [];
	for (const target of sides.targets) {
		const kind = given.targets[target.name];
		if (isTextOption(kind)) {
			const { spec: ofText, ...values } = yield* encodeTextTarget(target.name, kind, parts);
			specs.push(ofText);
			targets.push(values);
			continue;
		}
		const pick = function* ({ table: of, rows }) {
			return rowsOfTarget(yield* valuesOfTarget(of, target.name, kind), target, rows);
		};
		specs.push(target);
		targets.push({
			train: yield* pick(parts.train),
			test: yield* pick(parts.test)
		});
	}
	const coded = inputsOf(given, table, split).map(({ features }) => heldCode(features));
	const samples = (part) => ({
		inputs: inputs.map((values) => values[part]),
		targets: targets.map((values) => values[part]),
		count: parts[part].rows.length,
		coded
	});
	const used = [...columnsOfTargets(given.targets), ...origins.flat().map(({ column }) => column)];
	const count = {
		train: parts.train.rows.length,
		test: parts.test.rows.length
	};
	const packs = isPackable(given) ? { packs: "cells" } : {};
	const draws = other === void 0 && split.column === void 0 ? { drawsTest: true } : {};
	const spec = {
		...sides,
		...packs,
		...draws,
		targets: specs,
		count
	};
	return {
		name: format.name,
		spec,
		train: samples("train"),
		test: samples("test"),
		split: parts.split,
		...sourcesOfTable(given, tables, parts),
		preparation,
		...columnsBeside(table, [...used, ...Object.keys(given.cross ?? {})]),
		origin: {
			place: (part, row) => {
				const { table: of, rows } = parts[part];
				return of.sampleAt(rows[row]);
			},
			columns: origins,
			cells: cellsOfTable(parts.train, used)
		},
		files: [table, ...other === void 0 ? [] : [other]].flatMap(({ files }) => files)
	};
}
/** Which of several listed files the rows are of. */
function sourcesOfTable({ file }, { table, counts }, { train, test }) {
	if (counts.length === 1) return {};
	return { sources: {
		names: namesOfFiles(file),
		train: placesAmong(train.rows, counts),
		test: test.table === table ? placesAmong(test.rows, counts) : new Uint32Array(test.rows.length).fill(counts.length)
	} };
}
/** The cells of columns, each of them once. */
function cellsOfTable({ table, rows }, columns) {
	const names = [...new Set(columns)];
	return {
		columns: names,
		of: (row, count) => names.slice(0, count).map((name) => table.cell(rows[row], table.placeOf(name)).trim())
	};
}
export { inputsOf as C, columnsBeside as D, mostDifferent as E, heldCode as S, memoryOfCounts as T, findInNumbers as _, placing as a, divideTables as b, within as c, headOfLines as d, headsOf as f, findInCategories as g, surveyPrepared as h, placedIn as i, fitInput as l, findInPrepared as m, csv as n, rowOfTable as o, whyWhole as p, csvFormat as r, sourcesOfTable as s, cellsOfTable as t, inputValues as u, timeEvidence as v, sidesOf as w, codeOf as x, warningsOf as y };
