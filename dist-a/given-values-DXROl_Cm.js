import { Bi as numbersOfText, Gi as WrongOption, Na as shorten, _s as sizeOf, bs as failure, do as readWritten, eo as nearest, fo as suggestNumber, gs as formatShape, uo as numbersMeant, vs as UserError, zi as isWholeText } from "./checks-359mGJ3h.js";
// src/datasets/time.ts
/**
* The milliseconds of a date as ISO 8601 and databases write it (`2024-12-31`, `2024-12-31 23:59:59.5+01:00`,
* `2024/12`); undefined where a text is none.
*/
function timeOf(text) {
	const [, year, month, day, hours = "00:00", seconds = "00", zone = "Z"] = /^(\d{4})[-/](\d{2})(?:[-/](\d{2})(?:[T ](\d{1,2}:\d{2})(?::(\d{2}(?:\.\d{1,9})?))?(Z|[+-]\d{2}:?\d{2})?)?)?$/.exec(text) ?? [];
	if (year === void 0 || day === void 0 && (Number(year) < 1800 || Number(year) > 2200)) return void 0;
	const offset = zone.replace(/^([+-]\d{2})(\d{2})$/, "$1:$2");
	const time = Date.parse(`${year}-${month}-${day ?? "01"}T${hours.padStart(5, "0")}:${seconds.slice(0, 6)}${offset}`);
	return Number.isNaN(time) ? void 0 : time;
}
const otherForm = /^(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})(?: (\d{1,2}):(\d{2})(?::(\d{2}))?(?: ([AP])M)?)?$/i;
/** The milliseconds of a date that begins with its day, or with its month; undefined where a text is none. */
function timeOfOther(text, first) {
	const [, one, , two, year, hours = "0", minutes = "0", seconds = "0", half] = otherForm.exec(text) ?? [];
	if (year === void 0) return void 0;
	const [day, month] = first === "day" ? [Number(one), Number(two)] : [Number(two), Number(one)];
	if (day < 1 || day > 31 || month < 1 || month > 12) return void 0;
	const hour = half === void 0 ? Number(hours) : Number(hours) % 12 + (half.toUpperCase() === "P" ? 12 : 0);
	return Date.UTC(Number(year) < 100 ? 2e3 + Number(year) - (Number(year) < 70 ? 0 : 100) : Number(year), month - 1, day, hour, Number(minutes), Number(seconds));
}
/** Whether a text looks like a date, though it may not say which: `31.12.2024` is one, and `01/02/2024` one of two. */
function isDate(text) {
	return timeOf(text) !== void 0 || timeOfOther(text, "day") !== void 0 || timeOfOther(text, "month") !== void 0;
}
const named = new RegExp(`^(t|ts|ds|(${[
	"date",
	"datetime",
	"day",
	"hour",
	"minute",
	"month",
	"second",
	"time",
	"timestamp",
	"week",
	"year"
].join("|")})([ _.(\\[-]+(s|sec|secs|ms|us|ns|min|h|hr|hrs|utc|gmt|time|stamp|step|index)[)\\]]?)?)\$`, "i");
/**
* Whether a column is called like a time and nothing else: `date`, `Year`, `time_s`; years of experience are none, nor
* is the year of a model.
*/
function isNamedLikeTime(name) {
	return named.test(name);
}
/**
* Whether a number looks like a year, a day written as 20241231, or the seconds (or a thousandth, millionth ... of one)
* since 1970.
*/
function isCalendarNumber(value, column) {
	if (!Number.isInteger(value)) return false;
	if (/^year/i.test(column)) return value >= 1800 && value <= 2200;
	return [
		1,
		1e3,
		1e6,
		1e9
	].some((unit) => value > 3e8 * unit && value < 42e8 * unit) || /^(1[89]|2[01])\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$/.test(String(value));
}
// src/datasets/csv-cells.ts
/**
* The place of a column.
*
* @param path of the option that names it; left out: whoever reads the table knows which named that
* @throws UserError when there is none of the name, or it holds lists or objects
*/
function placeIn(table, column, ...path) {
	const placed = (problem) => path.length === 0 ? problem : new WrongOption(path, problem);
	const place = table.placeOf(column);
	const unreadable = table.unreadable(column);
	if (unreadable !== void 0) throw placed(unreadable);
	if (place !== void 0) return place;
	const { columns, name } = table;
	const guess = nearest(column, columns);
	const list = `It has ${columns.slice(0, 30).map((one) => one.slice(0, 100)).join(", ")}.${columns.length === 1 ? " Is `delimiter` right?" : ""}`;
	throw placed(failure("unknown-column", `${name} has no column \`${column}\``, guess === void 0 ? list : `Did you mean \`${guess}\`? ${list}`));
}
/** What pandas takes for no value, and the question mark of older collections. */
const missingTexts = /* @__PURE__ */ new Set([
	"",
	"?",
	"#N/A",
	"#N/A N/A",
	"#NA",
	"-1.#IND",
	"-1.#QNAN",
	"-NaN",
	"-nan",
	"1.#IND",
	"1.#QNAN",
	"<NA>",
	"N/A",
	"NA",
	"NULL",
	"NaN",
	"None",
	"n/a",
	"nan",
	"null"
]);
/**
* What a cross of columns holds of a row: their texts with ` x ` between, or nothing where one is missing. Numbers are
* written one way, `3.0` and `3,0` as 3, as lines of JSON have them; what begins with a zero, such as 007, is a text,
* and `1,234` too where nothing says what its comma is.
*
* @param decimal what stands before the decimals, where that is said
*/
function crossedText(cells, decimal) {
	if (cells.some((cell) => missingTexts.has(cell))) return "";
	return cells.map((cell) => writtenOneWay(cell, decimal)).join(" x ");
}
function writtenOneWay(cell, decimal) {
	const mark = /^-?(?:0|[1-9]\d{0,14})([.,])\d{0,15}$/.exec(cell)?.[1];
	const isUnclear = decimal === void 0 && /^-?[1-9]\d{0,2},\d{3}$/.test(cell);
	return mark === void 0 || isUnclear || (decimal ?? mark) !== mark ? cell : String(Number(cell.replace(",", ".")));
}
/** Cells that are read without a pause. */
const part = 65536;
/**
* The numbers of a column; of one with categories or classes, their indices.
*
* @param missing takes down cells without a value, which are 0 then; left out: they are mistakes, too
* @param wrong takes cells that are none of them, by their rows, which are 0 then; left out: they are mistakes
* @throws UserError when a cell is none of them
*/
function* columnOf(table, column, members, missing, wrong) {
	const place = placeIn(table, column);
	const known = members && new Map(members.map((member, index) => [member, index]));
	let decimal = table.decimal ?? (table.commas.has(column) ? "," : void 0);
	let read = table.reader(place, known === void 0 ? readerOf(decimal) : (cell) => known.get(cell));
	const { values, read: start } = known === void 0 ? yield* table.startColumn(place) : {
		values: new Float64Array(table.count),
		read: 0
	};
	for (let row = decimal === "," && table.decimal === void 0 ? 0 : start, pause = row; row < values.length;) {
		if (row >= pause) {
			pause = row + part;
			yield;
		}
		if (known === void 0) row = table.readPlain(values, place, {
			from: row,
			to: Math.min(pause, values.length),
			decimal: decimal ?? "."
		});
		if (row === pause || row === values.length) continue;
		const value = read(row);
		if (value !== void 0) values[row++] = value;
		else {
			const cell = table.cell(row, place).trim();
			if (missing !== void 0 && missingTexts.has(cell)) missing.set(column, {
				row,
				cell,
				...missing.get(column),
				count: (missing.get(column)?.count ?? 0) + 1
			});
			else if (known === void 0 && decimal === void 0 && cell.includes(",")) {
				decimal = yield* decimalOf(table, column, row, wrong === void 0 ? void 0 : ".");
				if (decimal === ",") table.commas.add(column);
				read = table.reader(place, readerOf(decimal));
				missing?.delete(column);
				wrong?.clear();
				[row, pause] = [-1, 0];
			} else if (wrong !== void 0) wrong.set(row, cell);
			else throw wrongCell(`${table.name}, ${table.spotOf(row)}: ${column}`, cell, members);
			row++;
		}
	}
	return values;
}
/**
* Proves what was read as numbers with a decimal point where other columns, or the other table, have decimal commas:
* there `1.234` is 1234 as likely, unless a cell of the column shows which.
*
* @param table of these @param tables all
* @throws UserError when none does
*/
function* provePoints(table, tables, columns) {
	if (tables.every(({ commas }) => commas.size === 0)) return;
	for (const column of columns.filter((one) => table.decimal === void 0 && !table.commas.has(one))) {
		const place = placeIn(table, column);
		for (let row = 0; row < table.count; row++) {
			if (row % part === 0) yield;
			if (table.shows(row, place, ".") || !/^[-+]?[1-9]\d{0,2}(\.\d{3})+$/.test(table.cell(row, place).trim())) continue;
			yield* decimalOf(table, column, row);
			break;
		}
	}
}
/**
* Says of cells without a value how many there are, and where.
*
* @param steps of `prepare` that fill those of the first column
*/
function missingValues(table, missing, steps = "{ missing: median }") {
	const total = [...missing.values()].reduce((sum, one) => sum + one.count, 0);
	const told = [...missing].slice(0, 10).map(([column, { count: some, row, cell }]) => `${shorten(column)} ${some} (the first on ${table.spotOf(row)}${cell === "" ? "" : `, \`${cell}\``})`);
	const more = missing.size > told.length ? ` and ${missing.size - told.length} more columns` : "";
	const [first] = missing.keys();
	return failure("missing-values", `${table.name} has ${total} missing ${total === 1 ? "value" : "values"} in ${table.count} rows: ${told.join(", ")}${more}`, `Fill them here, as with \`prepare: { ${shorten(first)}: ${steps} }\`, or in the file, as pandas does with \`df['${shorten(first)}'].fillna(...)\`; remove their rows (\`df.dropna()\`); or leave out the columns: \`features\` names those that are learnt from.`);
}
/** Reads a number as a cell has it, where a column shows or says what stands before the decimals. */
function readerOf(decimal) {
	return decimal === void 0 ? numberOf : (cell) => fitting(readWritten(cell, decimal));
}
function numberOf(cell) {
	return cell === "" ? void 0 : fitting(Number(cell));
}
/** @returns undefined where it is none that a float32 can be */
function fitting(value) {
	return value !== void 0 && Number.isFinite(Math.fround(value)) ? value : void 0;
}
/**
* What stands before the decimals in a column that has commas. Of each sign, a cell must show what it means: `0,5` and
* `1.234,5` do, `1,234` alone may be two numbers.
*
* @param row of the first comma
* @param inDoubt what is taken then; left out: nothing
* @throws UserError when the cells do not show it, or contradict each other
*/
function* decimalOf(table, column, row, inDoubt) {
	const place = table.placeOf(column);
	const possible = /* @__PURE__ */ new Set([".", ","]);
	const [clear, unclear] = [/* @__PURE__ */ new Set(), /* @__PURE__ */ new Set()];
	for (let at = 0; at < table.count; at++) {
		if (at % part === 0) yield;
		const shown = [".", ","].find((mark) => table.shows(at, place, mark));
		if (shown !== void 0) {
			possible.delete(shown === "." ? "," : ".");
			clear.add(shown);
			continue;
		}
		const cell = table.cell(at, place).trim();
		const readable = [",", "."].filter((decimal) => readWritten(cell, decimal) !== void 0);
		if (readable.length === 0) continue;
		for (const mark of [".", ","]) {
			if (!readable.includes(mark)) possible.delete(mark);
			if (cell.includes(mark)) (readable.length === 1 ? clear : unclear).add(mark);
		}
	}
	const [only, other] = possible;
	if (only !== void 0 && [...unclear].every((mark) => clear.has(mark)) && (other === void 0 || unclear.size === 0)) return only;
	if (inDoubt !== void 0) return inDoubt;
	const cell = table.cell(row, place).trim();
	const meant = numbersMeant(cell);
	const which = meant.length === 2 ? `which may be ${meant.join(" or ")}, and` : "and";
	throw failure("ambiguous-decimals", `${table.name}, ${table.spotOf(row)}: ${column} is '${cell.slice(0, 40)}', ${which} ${whyUnclear(only, other)}`, "Say it in the source: `decimal: ','` or `decimal: '.'`.");
}
/** What the other cells say of the decimals. @param only what may stand before them @param other of two that may */
function whyUnclear(only, other) {
	if (only === void 0) return "other cells of the column have another sign before the decimals";
	if (other !== void 0) return "the other cells of the column do not show what stands before the decimals";
	const [group, number] = only === "," ? [".", "1.234,5"] : [",", "1,234.5"];
	return `though \`${only}\` stands before the decimals of other cells, none shows that \`${group}\` groups digits, as \`${number}\` would`;
}
function wrongCell(place, cell, members) {
	const shown = cell === "" ? "empty" : `'${cell.slice(0, 40)}'`;
	if (members !== void 0) {
		const guess = cell === "" ? void 0 : nearest(cell, members);
		const hint = guess === void 0 ? "Name every value." : `Did you mean \`${shorten(cell)}\` by the \`${guess}\` of the list? Name every value as it stands in the column.`;
		return failure("unknown-category", `${place} is ${cell === "" ? "''" : shown}, which is none of ${members.slice(0, 20).join(", ")}`, hint);
	}
	if (cell.length < 400 && /^[^a-z]*(e[+-]?\d+)?$/i.test(cell) && [Number(cell), ...numbersMeant(cell)].some((value) => Math.abs(value) > 3e38)) return failure("number-too-large", `${place} is ${shown}: the largest number is 3.4e38`, "Write the column in a larger unit.");
	return failure("not-a-number", `${place} is ${shown}, not a number`, hintForNumber(cell));
}
/** What to do about a cell that is no number. */
function hintForNumber(cell) {
	if (isDate(cell)) return "Nothing is learnt from a date as it is: leave its column out of `features`, which names those that are learnt from, or take what matters of it, as with `prepare: { COLUMN: { dateParts: [month] } }`.";
	return (cell.length > 40 ? void 0 : suggestNumber(cell)) ?? "Remove the row or fill the cell; a column of texts belongs in `categories`, or is made numbers by `prepare`.";
}
// src/datasets/several-labels.ts
/** What one label can be, as classes. */
const noOrYes = ["no", "yes"];
/** The labels that a cell names; undefined where it is no list of them. */
function labelsOfCell(cell, separator) {
	if (separator !== void 0) return cell.split(separator).map((one) => one.trim()).filter((one) => one !== "");
	if (!cell.startsWith("[")) return void 0;
	try {
		return labelsOfList(JSON.parse(cell));
	} catch {
		return;
	}
}
/** The labels of a list as JSON has it; undefined where it holds something else. */
function labelsOfList(list) {
	if (!Array.isArray(list)) return void 0;
	const labels = [];
	for (const one of list) {
		if (typeof one !== "string" && typeof one !== "number" && typeof one !== "boolean") return void 0;
		labels.push(String(one).trim());
	}
	return labels;
}
/** What a cell of a label's own column has to be, to follow "not". */
const markWanted = "a 0 or 1, nor true or false";
/** Whether a cell of a label's own column says that the sample has it; undefined where it says neither. */
function isYes(cell) {
	if (/^(1(\.0*)?|true)$/i.test(cell)) return 1;
	return /^(0(\.0*)?|false)$/i.test(cell) ? 0 : void 0;
}
// src/datasets/given-values.ts
/** Whether something has names: what `{...}` is in JSON. */
function isNamed(value) {
	return typeof value === "object" && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}
/** Whether something is numbers with their shape. */
function isTensor(value) {
	return isNamed(value) && Array.isArray(value["shape"]) && ArrayBuffer.isView(value["values"]);
}
/** What something is, for messages. */
function kindOf(value) {
	if (value === null) return "null";
	if (Array.isArray(value)) return "a list";
	if (isTensor(value)) return `an array of ${formatShape(value.shape)}`;
	if (ArrayBuffer.isView(value)) return `an array of ${value.byteLength} bytes`;
	return {
		string: "a text",
		number: "a number",
		boolean: "true or false",
		object: "an object"
	}[typeof value] ?? "nothing";
}
/**
* What a row has of the names that it must have.
*
* @throws UserError when some lack
*/
function proveNames(row, wanted, where) {
	proveGiven(Object.keys(row), wanted, where);
}
/** As proveNames. @param given the names that a row, or all of a table, has */
function proveGiven(given, wanted, where) {
	const there = new Set(given);
	const missing = wanted.filter((name) => !there.has(name));
	if (missing.length === 0) return;
	throw lacking(missing, given, {
		known: new Set(wanted),
		where
	});
}
function lacking(missing, given, { known, where }) {
	const others = given.filter((name) => !known.has(name));
	const slips = missing.flatMap((name) => {
		const other = nearest(name, others);
		return other === void 0 ? [] : [`Is \`${shorten(other)}\` the \`${shorten(name)}\`? `];
	});
	const named = missing.slice(0, 10).map((name) => `\`${shorten(name)}\``).join(", ");
	const more = missing.length > 10 ? ` and ${missing.length - 10} more` : "";
	const has = given.length === 0 ? "nothing" : given.slice(0, 30).map((name) => shorten(name)).join(", ");
	return failure("missing-input", `${where} has no ${named}${more}, which the model takes`, `${slips[0] ?? ""}It has ${has}.`);
}
/** A value as a cell would have it; what it is, where none could. */
function writtenOf(value) {
	if (value === null || value === void 0) return "";
	return typeof value === "object" ? kindOf(value) : String(value).trim();
}
/** A row, or why it is none. */
function asked(place, read) {
	try {
		return {
			place,
			...read()
		};
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
		return {
			place,
			fault: error.diagnostics[0]
		};
	}
}
/** What a row says is right, for each target of which it says something. */
function labelsIn(row, targets, where) {
	const given = targets.map((target) => saidOf(target, row));
	if (given.every((one) => one === void 0)) return {};
	let fault;
	return {
		actual: targets.map((target, k) => {
			try {
				return given[k] === void 0 ? void 0 : labelOf(target, given[k].said, where);
			} catch (error) {
				if (!(error instanceof UserError)) throw error;
				fault ??= error.diagnostics[0];
				return;
			}
		}),
		...fault && { fault }
	};
}
/** The columns that say what a target is. */
function columnsOf(target) {
	return target.kind === "class" && target.several?.columns === true ? target.several.labels : [target.name];
}
/** What a row says of a target; undefined where it has none of its columns, or not all. */
function saidOf(target, row) {
	const columns = columnsOf(target);
	if (!columns.every((column) => Object.hasOwn(row, column))) return void 0;
	const [first, ...more] = columns.map((column) => row[column]);
	return { said: more.length === 0 ? first : [first, ...more] };
}
/** A 0 or 1 for each label that a row says something of. */
function labelMarks(name, { labels, separator, columns }, given, where) {
	if (columns === true) {
		const marks = given.map((one, k) => {
			const cell = writtenOf(one);
			const mark = isYes(cell);
			if (mark === void 0 && !missingTexts.has(cell)) throw failure("no-labels", `${where}: ${shorten(labels[k])} is '${shorten(cell)}', not ${markWanted}`);
			return mark;
		});
		return marks.every((mark) => mark !== void 0) ? Uint8Array.from(marks) : void 0;
	}
	const cell = writtenOf(given);
	if (!Array.isArray(given) && missingTexts.has(cell) && !labels.includes(cell) && !(cell === "" && separator !== void 0)) return void 0;
	const found = Array.isArray(given) ? labelsOfList(given) : labelsOfCell(cell, separator);
	if (found === void 0) throw failure("no-labels", `${where}: ${shorten(name)} is '${shorten(cell)}', not a list of labels`);
	const strange = found.find((label) => !labels.includes(label));
	if (strange !== void 0) throw unknownLabel({
		name,
		classes: labels
	}, strange, where);
	return Uint8Array.from(labels, (label) => Number(found.includes(label)));
}
/**
* What a row, or its folder, says that a target is.
*
* @returns undefined where it says nothing, as an empty cell does; of targets with places a row's word does not count
* @throws UserError where it is no class of the model's, or no number
*/
function labelOf(target, given, where) {
	if (target.kind === "class" && target.several !== void 0) return labelMarks(target.name, target.several, given, where);
	const said = writtenOf(given);
	if (isWholeText(target)) {
		if (missingTexts.has(said)) return void 0;
		if (typeof given === "object") throw failure("wrong-shape", `${where}: ${shorten(target.name)} is ${kindOf(given)}, not a text`);
		return numbersOfText(target, said);
	}
	if (missingTexts.has(said) || sizeOf(target.shape) !== 1) return void 0;
	if (target.kind === "class") {
		const label = target.classes.indexOf(said);
		if (label < 0) throw unknownLabel(target, said, where);
		return Uint8Array.of(label);
	}
	const value = Number(said);
	if (!Number.isFinite(value)) throw noNumber(target.name, said, where);
	return Float64Array.of(value);
}
/** That a label is none of the classes. @param more of how labels are written, with a blank before it */
function unknownLabel({ name, classes }, said, where, more = "") {
	const guess = Number.isNaN(Number(said)) ? nearest(said, classes) : void 0;
	return failure("unknown-label", `${where}: ${shorten(name)} is '${shorten(said)}', a label that training did not have`, `${guess === void 0 ? "" : `Did you mean \`${guess}\`? `}The classes are ${shorten(classes.join(", "), 300)}.${more}`);
}
/** That a value is no number. */
function noNumber(name, said, where, hint) {
	return failure("not-a-number", `${where}: ${shorten(name)} is '${shorten(said)}', not a number`, hint);
}
/** Whether values of a shape are those of another, of which a last axis of 1 may be left out. */
function fits(found, shape) {
	return [shape, ...shape.at(-1) === 1 ? [shape.slice(0, -1)] : []].some((one) => String(one) === String(found));
}
/**
* The values of an input: lists within lists as JSON has them, an array of as many numbers, or numbers with their
* shape. A last axis of 1 may be left out.
*
* @throws UserError when they are of another shape, or none that the input takes
*/
function valuesOf(given, { shape, dtype, indices }, where) {
	const size = sizeOf(shape);
	const found = shapeIn(given, size);
	if (found !== size && !(typeof found === "object" && fits(found, shape))) throw failure("wrong-shape", `${where}: expected ${formatShape(shape)}, got ${typeof found === "object" ? formatShape(found) : kindOf(given)}`, "Give it the shape of the rows that the model was trained on.");
	const numbers = numbersIn(given);
	if (dtype === "uint8" && indices === void 0 && numbers instanceof Uint8Array) return numbers;
	const values = dtype === "uint8" ? new Uint8Array(size) : new Float32Array(size);
	for (let i = 0; i < size; i++) {
		const value = numbers[i];
		if (typeof value !== "number" || (dtype === "uint8" ? !Number.isInteger(value) || value < 0 || value > 255 : !Number.isFinite(Math.fround(value))) || indices !== void 0 && value >= indices) throw failure("wrong-value", `${where}: ${formatPlace(i, shape)} is ${shorten(writtenOf(value))}, and the model takes ${takenOf(dtype, indices)}`, dtype === "uint8" && indices === void 0 && typeof value === "number" && value > 0 && value < 1 ? "Values of 0 to 1 are to be multiplied by 255: the model scales bytes itself." : void 0);
		values[i] = value;
	}
	return values;
}
function takenOf(dtype, indices) {
	if (indices !== void 0) return `whole numbers from 0 to ${indices - 1}`;
	return dtype === "uint8" ? "whole numbers from 0 to 255" : "finite numbers";
}
function formatPlace(i, shape) {
	let rest = i;
	return shape.toReversed().map((size) => {
		const at = rest % size;
		rest = Math.floor(rest / size);
		return `[${at}]`;
	}).toReversed().join("");
}
/** The shape of what was given; as a number its size, where it shows none; undefined where it has none. */
function shapeIn(given, size) {
	if (isTensor(given)) return given.values.length === sizeOf(given.shape) ? given.shape : void 0;
	if (ArrayBuffer.isView(given)) return "length" in given && given.length === size ? size : [given.length];
	const shape = [];
	for (let level = given; Array.isArray(level); level = level[0]) shape.push(level.length);
	if (shape.length === 0) return void 0;
	const isEven = (list, depth) => list.length === shape[depth] && (depth === shape.length - 1 ? list.every((one) => !Array.isArray(one)) : list.every((one) => Array.isArray(one) && isEven(one, depth + 1)));
	return isEven(given, 0) ? shape : void 0;
}
function numbersIn(given) {
	if (isTensor(given)) return given.values;
	return Array.isArray(given) ? given.flat(Infinity) : given;
}
export { timeOf as A, missingValues as C, isCalendarNumber as D, readerOf as E, isDate as O, missingTexts as S, provePoints as T, labelsOfList as _, isTensor as a, columnOf as b, labelsIn as c, proveNames as d, unknownLabel as f, labelsOfCell as g, isYes as h, isNamed as i, timeOfOther as j, isNamedLikeTime as k, noNumber as l, writtenOf as m, columnsOf as n, kindOf as o, valuesOf as p, fits as r, labelOf as s, asked as t, proveGiven as u, markWanted as v, placeIn as w, crossedText as x, noOrYes as y };
