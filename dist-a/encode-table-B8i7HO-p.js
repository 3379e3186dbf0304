import { Bo as object, Cs as warning, Fo as flag, Gi as WrongOption, Go as text, Ho as optional, Io as hasForm, Ko as whole, Li as widthOf, Lo as list, Mo as anything, Na as shorten, Po as either, So as fillOf, To as tokenEncoder, Uo as record, Vo as oneOf, Wo as such, bs as failure, eo as nearest, fo as suggestNumber, ho as mapStep, ko as tokensForm, qi as inOption, zo as number } from "./checks-359mGJ3h.js";
import { A as timeOf, C as missingValues, E as readerOf, S as missingTexts, a as isTensor, b as columnOf, c as labelsIn, d as proveNames, i as isNamed, l as noNumber, m as writtenOf, n as columnsOf, o as kindOf, w as placeIn, x as crossedText } from "./given-values-DXROl_Cm.js";
// src/datasets/preparations/prepared-column.ts
const fittedMap = such(object({
	step: text(),
	fitted: list(anything)
}), ({ step, fitted }) => {
	const row = mapStep(step);
	return row !== void 0 && fitted.every((one) => hasForm(row.form, one));
});
const written = object({
	column: text(),
	cross: optional(list(text())),
	reads: oneOf("numbers", "dates", "categories", "hash"),
	categories: optional(list(text())),
	buckets: optional(such(whole, (count) => count > 1)),
	decimal: optional(oneOf(",")),
	fill: optional(number),
	tellsGaps: optional(flag),
	maps: list(fittedMap),
	oneHot: optional(such(whole, (count) => count > 0))
});
/** The form of a prepared column as the model keeps it. */
const preparedForm = such(written, (column) => {
	const { reads, categories, buckets, maps } = column;
	if (reads === "categories" && categories === void 0) return false;
	if (reads === "hash" && buckets === void 0) return false;
	let values = 1;
	for (const { step, fitted } of maps) {
		if (fitted.length !== values) return false;
		const row = mapStep(step);
		values = fitted.reduce((sum, one) => sum + (row.width?.(one) ?? 1), 0);
	}
	return true;
});
/** What each step makes of values: the same for rows that are trained on and for those that a model is asked about. */
function mapped(values, row, fitted) {
	return values.flatMap((value, i) => Array.from({ length: row.width?.(fitted[i]) ?? 1 }, (_, k) => (raw) => row.apply(value(raw), fitted[i], k)));
}
/** How the values of a prepared column are computed. */
function valuesOfColumn({ fill, tellsGaps, maps, oneHot = 0 }) {
	let values = [filled(fill)];
	for (const { step, fitted } of maps) values = mapped(values, mapStep(step), fitted);
	const codes = values.map(() => oneHot);
	if (tellsGaps === true) {
		values = [...values, (raw) => Number.isNaN(raw) ? 1 : 0];
		codes.push(0);
	}
	return {
		codes,
		at: (value, place) => values[place](value)
	};
}
const filled = (fill) => (raw) => fill !== void 0 && Number.isNaN(raw) ? fill : raw;
/**
* Fits the steps of a column, one after the other, each to what the one before gives.
*
* @param values of all rows as they are read; NaN where there is none
* @param rows those that are trained on
* @returns undefined where none of them has a value to fill gaps with
*/
function fitColumn(plan, values, rows) {
	const { column, reads, categories, buckets, gaps, constant, isOneHot } = plan;
	const given = Float64Array.from(rows, (row) => values[row]);
	const fill = gaps && (constant ?? fillOf(given.filter((value) => !Number.isNaN(value)), by(plan)));
	if (Number.isNaN(fill)) return void 0;
	let each = [filled(fill)];
	const maps = [];
	for (const { step, option } of plan.maps) {
		const row = mapStep(step);
		const fitted = each.map((value) => row.fit(given.map(value), option));
		maps.push({
			step,
			fitted
		});
		each = mapped(each, row, fitted);
	}
	return {
		column,
		reads,
		...categories && { categories },
		...buckets !== void 0 && { buckets },
		...fill !== void 0 && { fill },
		...gaps?.isTold && { tellsGaps: true },
		maps,
		...isOneHot && { oneHot: categoriesOf(plan) }
	};
}
/** Only of numbers and dates there is a mean. */
function by({ gaps, reads }) {
	if (typeof gaps?.by !== "string" || reads === "categories" || reads === "hash") return "mode";
	return gaps.by;
}
/** How many categories the indices are of that a column gives; 0 where it gives numbers. */
function categoriesOf({ categories, buckets, maps }) {
	const last = maps.at(-1);
	if (last === void 0) return categories?.length ?? buckets ?? 0;
	const row = mapStep(last.step);
	return row.categories?.(row.fit(/* @__PURE__ */ new Float64Array(), last.option)) ?? 0;
}
/** The codes of a column that is not fitted yet: see ColumnValues. */
function codesOf(plan) {
	const count = plan.maps.reduce((values, { step, option }) => {
		const row = mapStep(step);
		return row.width === void 0 ? values : values * row.width(row.fit(/* @__PURE__ */ new Float64Array(), option));
	}, 1);
	const codes = Array.from({ length: count }, () => plan.isOneHot ? categoriesOf(plan) : 0);
	return plan.gaps?.isTold === true ? [...codes, 0] : codes;
}
/** The first step that gives no finite number of a value; undefined where each does. */
function stepThatFails(column, value) {
	const fails = (maps) => {
		const { tellsGaps: _, ...plain } = column;
		const { codes, at } = valuesOfColumn({
			...plain,
			maps
		});
		return codes.some((_, place) => !isUsable(at(value, place)));
	};
	return column.maps.find((_, k) => fails(column.maps.slice(0, k + 1)))?.step;
}
/** Whether a value can be an input. */
const isUsable = (value) => Number.isFinite(Math.fround(value));
/** A number like those of a column: what its gaps are filled with, or the middle that a scale was fitted around. */
function usualOf({ fill, maps }) {
	const first = maps[0]?.fitted[0];
	if (fill !== void 0 || typeof first !== "object" || first === null) return fill ?? 1;
	const middle = "mean" in first ? first.mean : "center" in first && first.center;
	return typeof middle === "number" ? middle : 1;
}
// src/datasets/preparations/murmur-hash.ts
const rotated = (value, bits) => value << bits | value >>> 32 - bits;
/** The MurmurHash3 of a text in UTF-8, of 32 bits, with seed 0 (Appleby; `murmurhash3_32` of scikit-learn). */
function murmurHash(text) {
	const bytes = new TextEncoder().encode(text);
	const mixed = (word) => Math.imul(rotated(Math.imul(word, 3432918353), 15), 461845907);
	const whole = bytes.length & -4;
	let hash = 0;
	for (let at = 0; at < whole; at += 4) {
		const word = bytes[at] | bytes[at + 1] << 8 | bytes[at + 2] << 16 | bytes[at + 3] << 24;
		hash = Math.imul(rotated(hash ^ mixed(word), 13), 5) + 3864292196 | 0;
	}
	let rest = 0;
	for (let at = bytes.length - 1; at >= whole; at--) rest = rest << 8 | bytes[at];
	if (bytes.length > whole) hash ^= mixed(rest);
	hash ^= bytes.length;
	hash = Math.imul(hash ^ hash >>> 16, 2246822507);
	hash = Math.imul(hash ^ hash >>> 13, 3266489909);
	return (hash ^ hash >>> 16) >>> 0;
}
// src/datasets/prepare-cells.ts
/** Cells that are read without a pause. */
const part = 65536;
/**
* The values of a prepared column as it is read; NaN where a cell has none and gaps are filled.
*
* @param takesGaps whether they are
* @param missing takes down cells without a value where they are not
* @param wrong takes cells that are no such values, by their rows; left out: they are mistakes
* @throws UserError when a cell is none
*/
function* readPrepared(table, { column, reads, categories, buckets }, takesGaps, missing, wrong) {
	const place = placeIn(table, column);
	const empty = takesGaps || missing === void 0 ? /* @__PURE__ */ new Map() : missing;
	const given = takesGaps || missing !== void 0 ? empty : void 0;
	const values = reads === "numbers" || reads === "categories" ? yield* columnOf(table, column, categories, given, wrong) : yield* readTexts(table, column, readerFor(reads, buckets), given, wrong);
	if (!takesGaps || !empty.has(column)) return values;
	for (let row = empty.get(column).row; row < values.length; row++) {
		if (row % part === 0) yield;
		if (values[row] !== 0) continue;
		const cell = table.cell(row, place).trim();
		if (missingTexts.has(cell) && categories?.includes(cell) !== true) values[row] = NaN;
	}
	return values;
}
/** Reads a text as a date, or as a bucket of a hash; undefined where it is none. */
function readerFor(reads, buckets = 1) {
	if (reads === "dates") return timeOf;
	return (cell) => missingTexts.has(cell) ? void 0 : murmurHash(cell) % buckets;
}
function* readTexts(table, column, read, missing, wrong) {
	const place = placeIn(table, column);
	const valueOf = table.reader(place, read);
	const values = new Float64Array(table.count);
	for (let row = 0; row < values.length; row++) {
		if (row % part === 0) yield;
		const value = valueOf(row);
		if (value !== void 0) {
			values[row] = value;
			continue;
		}
		const cell = table.cell(row, place).trim();
		if (missing !== void 0 && missingTexts.has(cell)) missing.set(column, {
			row,
			cell,
			...missing.get(column),
			count: (missing.get(column)?.count ?? 0) + 1
		});
		else if (wrong !== void 0) wrong.set(row, cell);
		else throw noDate(`${table.name}, ${table.spotOf(row)}: ${shorten(column)}`, cell);
	}
	return values;
}
/** That a cell is no date. @param place of it */
function noDate(place, cell) {
	return failure("not-a-date", `${place} is ${cell === "" ? "empty" : `'${shorten(cell)}'`}, not a date`, "Write dates as 2024-12-31, or with the time as 2024-12-31T23:59.");
}
/**
* Reads a column, fits its steps to the rows trained on, and proves that they give a number of each row.
*
* @param trained rows of the first table
* @throws WrongOption where a cell is no value, or gives no number; UserError where one has none
*/
function* prepareColumn({ plan, path }, { tables, trained }) {
	const read = [];
	for (const table of tables) {
		const missing = /* @__PURE__ */ new Map();
		read.push(yield* inOption(path, () => readPrepared(table, plan, plan.gaps !== void 0, missing)));
		if (missing.size > 0) throw new WrongOption(path, missingValues(table, missing));
	}
	const fitted = fitPrepared({
		plan,
		path
	}, {
		table: tables[0],
		values: read[0],
		trained
	});
	const values = valuesOfColumn(fitted);
	for (const [k, table] of tables.entries()) yield* provePrepared(table, fitted, read[k], path);
	return {
		...values,
		fitted,
		tables: read
	};
}
/** Fits the steps of a column. @throws WrongOption where no row trained on has a value */
function fitPrepared({ plan, path }, given) {
	const { table, values, trained } = given;
	const fitted = fitColumn(plan, values, trained);
	if (fitted === void 0) throw new WrongOption(path, failure("missing-values", `${table.name}: none of the ${trained.length} rows trained on has a value in \`${shorten(plan.column)}\` to fill gaps with`, "Leave the column out of `features`, or name a value: `missing: constant(0)`."));
	const hasCommas = plan.reads === "numbers" && table.commas.has(plan.column);
	return {
		...fitted,
		...hasCommas && { decimal: "," }
	};
}
/** Proves that the steps of a column give a number of each row. @throws WrongOption where they do not */
function* provePrepared(table, fitted, values, path) {
	const { codes, at } = valuesOfColumn(fitted);
	for (let row = 0; row < values.length; row++) {
		if (row % part === 0) yield;
		for (let place = 0; place < codes.length; place++) {
			if (isUsable(at(values[row], place))) continue;
			const where = `${table.name}, ${table.spotOf(row)}`;
			const cell = table.cell(row, placeIn(table, fitted.column)).trim();
			throw new WrongOption(path, unusableValue(fitted, {
				value: values[row],
				cell
			}, where));
		}
	}
}
/** That a step gives no number of a value. */
function unusableValue(column, { value, cell }, where) {
	const step = stepThatFails(column, value) ?? "prepare";
	return failure("unusable-value", `${where}: ${shorten(column.column)} is '${shorten(cell)}', of which \`${step}\` makes no number`, step === "log" ? "A logarithm takes numbers above 0: an offset is added before, as with `log: 1`." : "Correct the value, or prepare the column in another way.");
}
// src/datasets/encode-table.ts
const standardizedForm = object({
	column: text(),
	mean: number,
	deviation: such(number, (value) => value > 0),
	decimal: optional(oneOf(","))
});
const codedForm = such(object({
	column: text(),
	categories: list(text()),
	cross: optional(list(text()))
}), (column) => !("reads" in column));
const columnForm = either(either(either(codedForm, standardizedForm), preparedForm), tokensForm);
const preparationForm = record(list(columnForm));
/** Whether a column was prepared by the steps of `prepare`. */
const hasSteps = (column) => "reads" in column;
/** Whether a column is of texts that become words or characters. */
const hasTokens = (column) => "tokens" in column;
function valuesOf(column) {
	if (hasSteps(column)) return valuesOfColumn(column);
	if ("categories" in column) return {
		codes: [column.categories.length],
		at: (value) => value
	};
	return {
		codes: [0],
		at: (value) => (value - column.mean) / column.deviation
	};
}
const widthOfAll = (columns) => columns.reduce((sum, one) => sum + (hasTokens(one) ? one.length : widthOf(valuesOf(one).codes)), 0);
/** Strange columns that are remembered as told: who asks a server may name others without end. */
const mostTold = 1e3;
/** The encoder of a model that learnt from a table. It needs nothing of Node. */
function tableEncoder({ options, inputs, targets, preparation, beside = [] }) {
	if (!hasForm(preparationForm, preparation) || inputs.some(({ name, shape }) => widthOfAll(preparation[name] ?? []) !== shape[0])) throw failure("model-damaged", "model.json does not say how the columns of its table were prepared", "Take it from the run again, or train the model anew.");
	const columns = new Map(inputs.flatMap(({ name }) => preparation[name]).map((one) => [one.column, one]));
	const taken = takenOf(columns);
	const names = [...taken.keys()];
	const known = /* @__PURE__ */ new Set([
		...names,
		...targets.flatMap(columnsOf),
		...beside
	]);
	const computed = new Map([...columns].flatMap(([name, one]) => hasTokens(one) ? [] : [[name, valuesOf(one)]]));
	const encoders = new Map([...columns].flatMap(([name, one]) => hasTokens(one) ? [[name, tokenEncoder(one)]] : []));
	const sides = inputs.map(({ name, shape }) => ({
		width: shape[0],
		given: preparation[name].map(({ column }) => ({
			column,
			computed: computed.get(column)
		}))
	}));
	const prepare = (valueOf) => sides.map(({ width, given }) => {
		const values = new Float32Array(width);
		let to = 0;
		for (const { column, computed: made } of given) {
			const value = valueOf(column);
			if (typeof value === "string" || made === void 0) {
				const numbers = encoders.get(column)(String(value));
				values.set(numbers, to);
				to += numbers.length;
				continue;
			}
			const { codes, at } = made;
			for (const [place, categories] of codes.entries()) {
				if (categories > 0) values[to + at(value, place)] = 1;
				else values[to] = at(value, place);
				to += categories || 1;
			}
		}
		return values;
	});
	const told = /* @__PURE__ */ new Set();
	const unused = (given, where) => {
		const some = told.size < mostTold ? given.filter((column) => !known.has(column) && !told.has(column)) : [];
		for (const column of some) told.add(column);
		if (some.length === 0) return {};
		const shown = some.slice(0, 10).map((column) => `\`${shorten(column)}\``).join(", ");
		const more = some.length > 10 ? ` and ${some.length - 10} more` : "";
		return { warning: warning("unused-columns", `${where} has columns that the model does not take: ${shown}${more}`) };
	};
	const takes = `rows with the columns ${shorten(names.join(", "), 500)} (CSV, lines of JSON)`;
	return {
		takes,
		columns,
		taken,
		prepare,
		unused,
		encode: (row, where) => {
			if (!isNamed(row) || isTensor(row)) throw failure("wrong-shape", `${where} is ${kindOf(row)}, not an object`, `The model takes ${takes}.`);
			proveNames(row, names, where);
			return {
				x: prepare((name) => {
					const column = columns.get(name);
					return hasTokens(column) ? textIn(column, givenFor(column, row, options), where) : valueIn(column, givenFor(column, row, options), {
						...options,
						values: computed.get(name),
						where
					});
				}),
				...labelsIn(row, targets, where),
				...unused(Object.keys(row), where)
			};
		}
	};
}
/** The columns that are made of others, with those. */
function crossesOf(columns) {
	return Object.fromEntries([...columns].flatMap((one) => "cross" in one && one.cross !== void 0 ? [[one.column, one.cross]] : []));
}
function takenOf(columns) {
	const crosses = crossesOf(columns.values());
	const names = [...columns.keys()].flatMap((name) => Object.hasOwn(crosses, name) ? crosses[name] : [name]);
	return new Map(names.map((name) => [name, columns.get(name)]));
}
/** What a row has for a column. */
function givenFor(column, row, { decimal }) {
	return "cross" in column && column.cross !== void 0 ? crossedText(column.cross.map((one) => writtenOf(row[one])), decimal) : row[column.column];
}
/** The text of a row that is none of a file's. @throws UserError where it has none */
function textIn(column, given, where) {
	if (typeof given === "object" && given !== null) throw failure("wrong-shape", `${where}: ${shorten(column.column)} is ${kindOf(given)}, not a text`);
	const cell = writtenOf(given);
	const read = textOfCell(column, cell);
	if (read === void 0) throw wrongValue(column, cell, where);
	return read;
}
/** The text of a cell, or the one that stands for it where it has no value; undefined where it has neither. */
const textOfCell = ({ gap }, cell) => missingTexts.has(cell) ? gap : cell;
/** A value of a row that is none of a file's: the number, or the index of the category. @throws UserError */
function valueIn(column, given, about) {
	const value = readValue(column, given, about.decimal);
	if (value !== void 0 && (!hasSteps(column) || givesNumbers(about.values, value))) return value;
	throw wrongValue(column, writtenOf(given), about.where);
}
/** A value as the column reads it; NaN where it has none, and gaps are filled; undefined where it is none. */
function readValue(column, given, decimal) {
	const cell = writtenOf(given);
	const isGap = hasSteps(column) && column.fill !== void 0 && missingTexts.has(cell);
	if (hasSteps(column) && (column.reads === "dates" || column.reads === "hash")) return readerFor(column.reads, column.buckets)(cell) ?? (isGap ? NaN : void 0);
	if ("categories" in column && column.categories !== void 0) {
		const index = column.categories.indexOf(cell);
		if (index >= 0) return index;
	} else if (typeof given === "number" || typeof given === "string" && !isGap) {
		const mark = "decimal" in column ? column.decimal : void 0;
		const value = typeof given === "number" ? given : readerOf(decimal ?? mark)(cell);
		if (value !== void 0 && isUsable(value)) return value;
	}
	return isGap ? NaN : void 0;
}
/** Whether the steps of a column give a number of each value that they make of one. */
function givesNumbers({ codes, at }, value) {
	return codes.every((_, place) => isUsable(at(value, place)));
}
/** That a value is none that the column takes. */
function wrongValue(column, cell, where) {
	const place = `${where}: ${shorten(column.column)}`;
	if (hasSteps(column)) {
		const value = readValue(column, cell, void 0);
		if (value !== void 0) return unusableValue(column, {
			value,
			cell
		}, where);
		if (column.reads === "dates" && !missingTexts.has(cell)) return noDate(place, cell);
	}
	if ("categories" in column && column.categories !== void 0 && !(hasSteps(column) && missingTexts.has(cell))) {
		const guess = cell === "" ? void 0 : nearest(cell, column.categories);
		return failure("unknown-category", `${place} is '${shorten(cell)}', which is none of ${shorten(column.categories.join(", "), 300)}`, guess === void 0 ? "The model knows no others." : `Did you mean \`${guess}\`?`);
	}
	if (missingTexts.has(cell)) return failure("missing-values", `${place} is ${cell === "" ? "empty" : `'${cell}'`}`, "The model learnt from rows without gaps: fill it.");
	if (/\d/.test(cell) && Math.abs(Number(cell)) > largest) return failure("number-too-large", `${place} is '${shorten(cell)}': the largest number is 3.4e38`);
	return noNumber(column.column, cell, where, "decimal" in column && column.decimal ? writeCommas : meant(cell));
}
/** Of float32. */
const largest = 34028234e31;
const meant = (cell) => cell.length > 40 ? void 0 : suggestNumber(cell);
const writeCommas = "A comma stands before the decimals of this column, as in the file that was trained on.";
export { tableEncoder as a, fitPrepared as c, readPrepared as d, murmurHash as f, valuesOfColumn as g, usualOf as h, hasTokens as i, prepareColumn as l, codesOf as m, givesNumbers as n, textOfCell as o, categoriesOf as p, hasSteps as r, wrongValue as s, crossesOf as t, provePrepared as u };
