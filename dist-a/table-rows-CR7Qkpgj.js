import { Aa as touch, Bo as object, Gi as WrongOption, Go as text, Ho as optional, Ia as formOf, Io as hasForm, Ko as whole, Lo as list, Na as shorten, Oo as tokenOptions, Pa as at, Qa as ownFolder, Ta as makeFolder, Ui as wholeText, Vo as oneOf, Xi as readUnpacked, Ya as nameOf, Yi as isPacked, _s as sizeOf, aa as readPart$1, bs as failure, da as proveText, ea as explainUnread, eo as nearest, ga as openFile, io as showBytes, la as isMarked, na as proveHash, ps as atOnce, ta as hashFile, ua as proveParts, vs as UserError, xa as besideName } from "./checks-359mGJ3h.js";
import { S as missingTexts, _ as labelsOfList, b as columnOf, c as labelsIn, g as labelsOfCell, h as isYes, i as isNamed, n as columnsOf, o as kindOf$1, u as proveGiven, v as markWanted, w as placeIn, x as crossedText, y as noOrYes } from "./given-values-DXROl_Cm.js";
import { a as tableEncoder, d as readPrepared, g as valuesOfColumn, i as hasTokens, n as givesNumbers, o as textOfCell, r as hasSteps, s as wrongValue, t as crossesOf } from "./encode-table-B8i7HO-p.js";
import { t as codeHash } from "./code-hash-4h4I2SSx.js";
import { n as parseLine } from "./parse-line-CpGHibUl.js";
import { join } from "node:path";
import { closeSync, fstatSync, fsyncSync, openSync, readSync, renameSync, rmSync, writeSync } from "node:fs";
import { isAscii, isUtf8 } from "node:buffer";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { createHash } from "node:crypto";
// src/datasets/csv-scanner.ts
const [lineFeed$2, carriageReturn, blank, quote$1] = [
	10,
	13,
	32,
	34
];
/** Finds where cells end in the bytes of a table, which are UTF-8: no byte of a character looks like another one. */
var CellScanner = class {
	bytes;
	buffer;
	encoding;
	delimiter;
	/** 1 for each byte that a cell without quotes may end at. */
	stops = /* @__PURE__ */ new Uint8Array(256);
	plain;
	constructor(bytes, delimiter) {
		this.bytes = bytes;
		this.buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
		this.encoding = isAscii(bytes) ? "latin1" : "utf8";
		this.delimiter = Buffer.from(delimiter);
		for (const byte of [
			lineFeed$2,
			carriageReturn,
			quote$1,
			this.delimiter[0]
		]) this.stops[byte] = 1;
		this.plain = {
			".": this.formOf("."),
			",": this.formOf(",")
		};
	}
	isQuoted(start) {
		return this.bytes[start] === quote$1;
	}
	/**
	* The place behind a cell; where a quote stands in a cell that none opens, that quote's; more than there are bytes
	* where a quote is not closed.
	*/
	endOf(start) {
		const { bytes, stops } = this;
		let [end, byte] = [start, bytes[start]];
		if (byte === quote$1) return this.endOfQuoted(start);
		const [delimiter] = this.delimiter;
		while (end < bytes.length && (stops[byte] === 0 || byte === delimiter && !this.isDelimiter(end))) byte = bytes[++end];
		return end;
	}
	/** What stands in a cell, without its quotes. */
	textAt(start) {
		const end = this.endOf(start);
		if (!this.isQuoted(start)) return this.buffer.toString(this.encoding, start, end);
		return this.buffer.toString(this.encoding, start + 1, end - 1).replaceAll("\"\"", "\"");
	}
	/** The place of the next cell, or of the next line. @param end of a cell */
	behind(end) {
		if (this.isDelimiter(end)) return end + this.delimiter.length;
		return this.bytes[end] === carriageReturn && this.bytes[end + 1] === lineFeed$2 ? end + 2 : end + 1;
	}
	/** The place of the line behind the one that a place is in, whatever stands there. */
	behindLine(at) {
		const { bytes } = this;
		let end = at;
		while (end < bytes.length && bytes[end] !== lineFeed$2 && bytes[end] !== carriageReturn) end++;
		return this.behind(end);
	}
	/** Whether the last line has an end, as all others do. */
	get endsInLine() {
		return this.bytes.at(-1) === lineFeed$2 || this.bytes.at(-1) === carriageReturn;
	}
	isDelimiter(at) {
		const { bytes, delimiter } = this;
		if (bytes[at] !== delimiter[0]) return false;
		for (let k = 1; k < delimiter.length; k++) if (bytes[at + k] !== delimiter[k]) return false;
		return true;
	}
	/**
	* What is wrong with the quotes of a cell, told where it begins: what a missing one lets run together ends anywhere.
	*/
	wrongQuote(start, end) {
		const next = this.bytes[end];
		if (next === lineFeed$2 || next === carriageReturn || end === this.bytes.length || this.isDelimiter(end)) return void 0;
		if (end > this.bytes.length) return {
			problem: "a quote that opens a cell has no end",
			hint: "Close it. A quote in a quoted cell is written twice."
		};
		if (!this.isQuoted(start)) return {
			problem: "a quote stands in a cell that does not begin with one",
			hint: "Put the whole cell in quotes, without blanks around them, and write a quote in it twice."
		};
		const lines = this.lineAt(end) - this.lineAt(start);
		return {
			problem: `a cell goes on behind its closing quote${lines === 0 ? "" : ` ${lines} ${lines === 1 ? "line" : "lines"} below`}`,
			hint: `${lines === 0 ? "" : "Is the quote that opens it closed? "}Nothing may stand behind the quote, blanks neither, and a quote in a quoted cell is written twice.`
		};
	}
	/** The line of a place, counted from 1. @param from where a line begins @param first its number */
	lineAt(place, from = 0, first = 1) {
		const { bytes } = this;
		let line = first;
		for (let at = from; at < place; at++) {
			const byte = bytes[at];
			if (byte === lineFeed$2 || byte === carriageReturn && bytes[at + 1] !== lineFeed$2) line++;
		}
		return line;
	}
	/** How its plain numbers are written; undefined where their characters stand between cells, too. */
	plainForm(decimal) {
		return this.plain[decimal];
	}
	formOf(decimal) {
		const [delimiter, ...more] = this.delimiter;
		const character = String.fromCharCode(delimiter);
		if (more.length > 0 || character === decimal || /[-+\deE]/.test(character)) return void 0;
		const ends = this.stops.slice();
		ends[quote$1] = 0;
		return {
			mark: decimal.charCodeAt(0),
			blank: delimiter === blank ? -1 : blank,
			ends
		};
	}
	endOfQuoted(start) {
		const { bytes } = this;
		for (let at = start + 1; at < bytes.length; at++) {
			if (bytes[at] !== quote$1) continue;
			if (bytes[at + 1] !== quote$1) return at + 1;
			at++;
		}
		return bytes.length + 1;
	}
};
// src/datasets/plain-number.ts
const [quote, plus, minus, zero, exponentSign] = [
	34,
	43,
	45,
	48,
	101
];
/** The powers of ten that are doubles. */
const tens = Float64Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));
/**
* The number of a cell, without a text made of it: to the bit what `Number` gives.
*
* @param from where the cell begins, perhaps with a quote; it must end within the bytes
* @returns NaN where it is none of at most 18 digits and a small exponent, or not certain: what it is, takes longer to
* say
*/
function plainNumber(bytes, from, form) {
	let at = bytes[from] === minus ? from + 1 : from;
	let whole = 0;
	const start = at;
	let byte = bytes[at];
	for (let digit = byte - zero; digit >>> 0 < 10; digit = byte - zero) {
		whole = Math.imul(whole, 10) + digit | 0;
		byte = bytes[++at];
	}
	let digits = at - start;
	let decimals = 0;
	if (byte === form.mark) {
		const point = at;
		byte = bytes[++at];
		for (let digit = byte - zero; digit >>> 0 < 10; digit = byte - zero) {
			whole = Math.imul(whole, 10) + digit | 0;
			byte = bytes[++at];
		}
		decimals = at - point - 1;
		digits = decimals === 0 ? 0 : digits + decimals;
	}
	if (digits === 0 || digits > 9 || form.ends[byte] === 0) return longNumber(bytes, from, form);
	const value = whole / tens[decimals];
	return start === from ? value : -value;
}
/** As plainNumber, of all that it may be. */
function longNumber(bytes, from, { mark, blank, ends }) {
	let at = from;
	const isQuoted = bytes[at] === quote;
	if (isQuoted) at++;
	while (bytes[at] === blank) at++;
	const sign = bytes[at];
	if (sign === minus || sign === plus) at++;
	let high = 0;
	let low = 0;
	let digits = 0;
	let decimals = 0;
	const start = at;
	for (let digit = bytes[at] - zero; digit >= 0 && digit <= 9; digit = bytes[++at] - zero) {
		if (digits < 9) high = high * 10 + digit;
		else low = low * 10 + digit;
		if (high !== 0) digits++;
	}
	if (bytes[at] === mark) {
		const point = at++;
		for (let digit = bytes[at] - zero; digit >= 0 && digit <= 9; digit = bytes[++at] - zero) {
			if (digits < 9) high = high * 10 + digit;
			else low = low * 10 + digit;
			if (high !== 0) digits++;
		}
		decimals = at - point - 1;
		if (decimals === 0) return NaN;
	}
	if (at === start || digits > 18) return NaN;
	let exponent = 0;
	if ((bytes[at] | 32) === exponentSign) {
		const direction = bytes[++at];
		if (direction === minus || direction === plus) at++;
		const first = at;
		for (let digit = bytes[at] - zero; digit >= 0 && digit <= 9 && at - first < 4; digit = bytes[++at] - zero) exponent = exponent * 10 + digit;
		if (at === first) return NaN;
		if (direction === minus) exponent = -exponent;
	}
	while (bytes[at] === blank) at++;
	if (isQuoted ? bytes[at] !== quote || bytes[at + 1] === quote : ends[bytes[at]] === 0) return NaN;
	const value = high === 0 ? 0 : scaled(digits <= 9 ? high : high * tens[digits - 9], low, exponent - decimals);
	return sign === minus ? -value : value;
}
/** The double nearest to (upper + lower) * 10 ** power, of whole numbers; NaN where it is not certain. */
function scaled(upper, lower, power) {
	const whole = upper + lower;
	const lost = lower - (whole - upper);
	if (power === 0) return whole;
	if (lost === 0 && power > 0) return power <= 15 ? whole * tens[power] : NaN;
	if (power > 0 || power < -22) return NaN;
	const divisor = tens[-power];
	const quotient = whole / divisor;
	return lost === 0 ? quotient : corrected(quotient, divisor, {
		whole,
		lost
	});
}
/** Splits a double into halves of 26 bits (Veltkamp). */
const splitter = 2 ** 27 + 1;
/**
* Adds to a quotient what is left of the division of a sum.
*
* @returns NaN where it lies so near the middle of two doubles that rounding may hide which is nearer
*/
function corrected(quotient, divisor, { whole, lost }) {
	const product = quotient * divisor;
	const [a, b] = [quotient * splitter, divisor * splitter];
	const [upperQ, upperD] = [a - (a - quotient), b - (b - divisor)];
	const [lowerQ, lowerD] = [quotient - upperQ, divisor - upperD];
	const rest = lowerQ * lowerD - (product - upperQ * upperD - lowerQ * upperD - upperQ * lowerD);
	const correction = (whole - product - rest + lost) / divisor;
	const doubt = quotient * 2 ** -83;
	const nearest = quotient + (correction - doubt);
	return nearest === quotient + (correction + doubt) ? nearest : NaN;
}
/**
* Whether a number can only be one with this mark before its decimals, as `0,5` and `12,50` show, where the other mark
* groups digits; false where it takes longer to say.
*/
function showsMark(bytes, from, { mark, ends }) {
	const isDigit = (byte) => byte !== void 0 && byte >= zero && byte <= zero + 9;
	let at = from;
	if (bytes[at] === quote || bytes[at] === minus) at++;
	const first = at;
	while (isDigit(bytes[at])) at++;
	const whole = at - first;
	if (bytes[at] !== mark) return false;
	const point = at++;
	while (isDigit(bytes[at])) at++;
	const decimals = at - point - 1;
	if (decimals === 0 || (bytes[from] === quote ? bytes[at] !== quote || bytes[at + 1] === quote : ends[bytes[at]] === 0)) return false;
	return decimals !== 3 || whole === 0 || whole > 3 || bytes[first] === zero;
}
// src/datasets/seen-cells.ts
const slots = 4096;
const longest = 64;
/** What cells were read as, by their bytes: most columns of texts have few different ones. */
var SeenCells = class {
	bytes;
	/** Who has read what a slot holds: 0 is nobody. */
	readers = new Uint32Array(slots);
	starts = new Uint32Array(slots);
	lengths = new Uint8Array(slots);
	values = new Float64Array(slots);
	constructor(bytes) {
		this.bytes = bytes;
	}
	/**
	* What a reader, numbered from 1, has said of the same bytes; asked again where another one took their slot, or it
	* said nothing.
	*/
	valueOf(reader, start, end, read) {
		const length = end - start;
		if (length > longest) return read();
		const { bytes } = this;
		let hash = length;
		for (let at = start; at < end; at++) hash = Math.imul(hash ^ bytes[at], 16777619);
		const slot = (hash ^ hash >>> 15) & 4095;
		if (this.readers[slot] === reader && this.lengths[slot] === length && this.areEqual(this.starts[slot], start, length)) return this.values[slot];
		const value = read();
		if (value !== void 0) {
			this.readers[slot] = reader;
			this.starts[slot] = start;
			this.lengths[slot] = length;
			this.values[slot] = value;
		}
		return value;
	}
	areEqual(one, other, length) {
		const { bytes } = this;
		for (let k = 0; k < length; k++) if (bytes[one + k] !== bytes[other + k]) return false;
		return true;
	}
};
/** Rows of them at a time: their bytes stay near the processor. */
const block = 1024;
/**
* A CSV file. Of its cells it keeps where they begin among the bytes: as texts they would take ten times the file.
*/
var CsvTable = class {
	name;
	files;
	decimal;
	columns;
	commas = /* @__PURE__ */ new Set();
	count;
	counted = "line";
	scanner;
	starts;
	/** Those of the first row. */
	first;
	/** Rows behind whose cells the file has an end of a line: a number has to end before the file does. */
	ended;
	places;
	seen;
	started = /* @__PURE__ */ new Map();
	readers = 0;
	constructor({ name, file, decimal, scanner, starts, width, named }) {
		[this.name, this.files, this.decimal, this.scanner, this.starts] = [
			name,
			[file],
			decimal,
			scanner,
			starts
		];
		this.columns = named ?? Array.from(starts.subarray(0, width), (start) => scanner.textAt(start).trim());
		this.first = named === void 0 ? width : 0;
		this.places = new Map(this.columns.map((column, at) => [column, at]));
		this.count = (starts.length - this.first) / width;
		this.ended = scanner.endsInLine ? this.count : this.count - 1;
	}
	get memory() {
		return this.scanner.bytes.length + this.starts.byteLength;
	}
	placeOf(column) {
		return this.places.get(column);
	}
	unreadable() {}
	cell(row, place) {
		return this.scanner.textAt(this.startOf(row, place));
	}
	sampleAt(row) {
		return {
			file: this.name,
			line: this.scanner.lineAt(this.startOf(row, 0))
		};
	}
	spotOf(row) {
		return `line ${this.scanner.lineAt(this.startOf(row, 0))}`;
	}
	numbers() {
		const lines = new Uint32Array(this.count);
		let [at, line] = [0, 1];
		for (let row = 0; row < lines.length; row++) {
			const start = this.startOf(row, 0);
			line = this.scanner.lineAt(start, at, line);
			[at, lines[row]] = [start, line];
		}
		return lines;
	}
	*startColumn(place) {
		const started = this.started.get(place) ?? (yield* this.startColumns(place));
		this.started.delete(place);
		return started;
	}
	readPlain(values, place, { from, to, decimal }) {
		const form = this.scanner.plainForm(decimal);
		if (form === void 0) return from;
		const { scanner: { bytes }, starts, first, columns: { length: width } } = this;
		const end = Math.min(to, this.ended);
		let row = from;
		for (; row < end; row++) {
			const value = plainNumber(bytes, starts[first + row * width + place], form);
			if (Number.isNaN(value)) break;
			values[row] = value;
		}
		return row;
	}
	shows(row, place, decimal) {
		const form = this.scanner.plainForm(decimal);
		return form !== void 0 && row < this.ended && showsMark(this.scanner.bytes, this.startOf(row, place), form);
	}
	reader(place, read) {
		const { scanner } = this;
		const reader = ++this.readers;
		const seen = this.seen ??= new SeenCells(scanner.bytes);
		return (row) => {
			const start = this.startOf(row, place);
			return seen.valueOf(reader, start, scanner.endOf(start), () => read(scanner.textAt(start).trim()));
		};
	}
	/**
	* Begins to read some columns that stand side by side: to get at their bytes takes as long as to read the numbers
	* there.
	*/
	*startColumns(place) {
		const first = place - place % 8;
		const places = Array.from({ length: Math.min(8, this.columns.length - first) }, (_, k) => first + k);
		const columns = places.map(() => ({
			values: new Float64Array(this.count),
			read: 0
		}));
		const decimal = this.decimal ?? ".";
		for (let from = 0; from < this.count; from += block) {
			const to = Math.min(from + block, this.count);
			for (const [k, column] of columns.entries()) if (column.read === from) column.read = this.readPlain(column.values, places[k], {
				from,
				to,
				decimal
			});
			yield;
		}
		this.started = new Map(places.map((one, k) => [one, columns[k]]));
		return columns[place - first];
	}
	startOf(row, place) {
		return this.starts[this.first + row * this.columns.length + place];
	}
};
/**
* Reads a CSV file (RFC 4180), which may be packed with gzip: quoted cells may hold the delimiter, quotes (doubled) and
* line ends; empty lines are passed over.
*
* @throws UserError when it is missing, has no rows, a row with another number of cells, a column twice, or quotes that
* RFC 4180 does not allow
*/
function* readCsv(place, form) {
	return yield* parseCsv({
		place,
		...readUnpacked(place)
	}, form);
}
/** As readCsv, of a file that was read and unpacked. */
function* parseCsv({ place, bytes, file }, form) {
	const { name } = file;
	const scanner = new CellScanner(bytes, form.delimiter);
	const cells = yield* findCells(name, scanner, {
		...form,
		from: proveText(place, bytes)
	});
	if (cells.starts.length <= (form.columns === void 0 ? cells.width : 0)) throw noRows$1(name, form);
	const table = new CsvTable({
		name,
		file,
		decimal: form.decimal,
		named: form.columns,
		scanner,
		...cells
	});
	proveNoneTwice(table);
	return table;
}
/** That a file has no rows. */
function noRows$1(name, { columns }) {
	return failure("no-rows", `${name} has no rows`, columns === void 0 ? "Its first line must name the columns, and a line for each sample follow." : "It needs a line for each sample.");
}
/** @throws UserError where a table has two columns of one name */
function proveNoneTwice(table) {
	const twice = table.columns.find((column, at) => table.placeOf(column) !== at);
	if (twice !== void 0) throw failure("duplicate-column", twice === "" ? `${table.name} has two columns without a name, column ${table.columns.indexOf("") + 1} and column ${table.columns.indexOf("", table.columns.indexOf("") + 1) + 1}` : `${table.name} has two columns named \`${twice.slice(0, 100)}\``, twice === "" ? "Name them in the first line of the file." : "Rename one.");
}
const mostColumns = 2 ** 18;
/**
* Where each cell begins, row by row; all rows have as many.
*
* @returns `end`, where the first row begins that is not among them
* @throws UserError as readCsv
*/
function* findCells(name, scanner, { columns, comment, delimiter, from, part }) {
	const { length } = scanner.bytes;
	const mark = comment === void 0 ? -1 : comment.charCodeAt(0);
	const reach = part?.isCut === true ? Math.max(2, Buffer.byteLength(delimiter)) : -1;
	const names = part === void 0 || part.names.length === 0 ? columns : part.names;
	const lineOf = (place) => (part?.lines ?? 0) + scanner.lineAt(place);
	let starts = /* @__PURE__ */ new Uint32Array(1024);
	let [count, first, width, pause, begin] = [
		0,
		0,
		names?.length ?? 0,
		0,
		from
	];
	for (let at = from; at < length;) {
		if (at >= pause) {
			pause = at + (1 << 18);
			yield;
		}
		if (count === first) begin = at;
		if (count === first && scanner.bytes[at] === mark) {
			at = scanner.behindLine(at);
			if (at + reach >= length && reach > 0) break;
			begin = at;
			continue;
		}
		if (count + 2 > starts.length) starts = withRoom(starts, Math.max(1.5 * starts.length, 1.05 * count * (length / at)));
		if (width === 0 && count > mostColumns) throw failure("too-many-columns", `${name} has more than ${mostColumns} columns`, "Is `delimiter` right? A line is a sample, a column one number of each.");
		starts[count++] = at;
		const end = scanner.endOf(at);
		if (reach > 0 && end + reach >= length) {
			count = first;
			break;
		}
		const isLast = !scanner.isDelimiter(end);
		const wrong = isLast ? scanner.wrongQuote(at, end) : void 0;
		if (wrong !== void 0) {
			const place = count - first - 1;
			const called = names?.[place] ?? (place < width ? scanner.textAt(starts[place]).trim() : void 0);
			const column = called === void 0 ? "" : `, in the column \`${shorten(called)}\``;
			throw failure("bad-quotes", `${name}, line ${lineOf(at)}: ${wrong.problem}${column}`, wrong.hint);
		}
		at = scanner.behind(end);
		if (!isLast) {
			if (at < length) continue;
			starts[count++] = at;
		}
		const cells = count - first;
		if (cells === 1 && end === starts[first]) count = first;
		else if (width === 0) width = cells;
		else if (cells !== width) throw failure("uneven-row", `${name}, line ${lineOf(starts[first])}: ${cells} cells instead of ${width}`, (columns === void 0 ? "" : `\`columns\` names ${width}. `) + "Is `delimiter` right? A cell that holds it must stand in quotes.");
		first = count;
		begin = at;
	}
	return {
		starts: starts.subarray(0, count),
		width,
		end: begin
	};
}
function withRoom(starts, size) {
	const more = new Uint32Array(Math.ceil(size));
	more.set(starts);
	return more;
}
// src/datasets/table-targets.ts
/** The columns that a target is read from. */
function columnsOfTarget(name, kind) {
	return typeof kind === "object" && "columns" in kind && kind.columns !== void 0 ? kind.columns : [name];
}
/** The columns that all targets are read from: nothing is learnt from them. */
function columnsOfTargets(targets) {
	return Object.entries(targets).flatMap(([name, kind]) => columnsOfTarget(name, kind));
}
/** The columns whose cells are lists of labels. */
function listColumns(targets) {
	return new Set(Object.entries(targets).flatMap(([name, kind]) => typeof kind === "object" && "labels" in kind && kind.labels !== void 0 ? [name] : []));
}
/** Whether a target is a text. */
function isTextOption(kind) {
	return typeof kind === "object" && !Array.isArray(kind) && ("words" in kind && kind.words !== void 0 || "characters" in kind && kind.characters !== void 0);
}
/** Whether the samples of a table can be packed: texts that are to be predicted have to fit in memory. */
const isPackable = ({ targets }) => !Object.values(targets).some(isTextOption);
/** What a target that is a text says of it, and what it stands for where it says nothing. */
function tokensOfOption(option) {
	const [kind, given] = "words" in option ? ["words", option.words] : ["characters", option.characters];
	return {
		kind,
		...tokenOptions(kind, given)
	};
}
/** What a target is; of a text without its vocabulary, which is not known yet. @param standardize see NumberTarget */
function targetSpec(name, kind, standardize) {
	if (kind === "number") return {
		kind: "number",
		name,
		shape: [1],
		...standardize === void 0 ? {} : { standardize }
	};
	if (Array.isArray(kind)) return {
		kind: "class",
		name,
		classes: kind,
		shape: []
	};
	if ("ordinal" in kind) return {
		kind: "class",
		name,
		classes: kind.ordinal,
		shape: [],
		ordinal: true
	};
	if (isTextOption(kind)) {
		const options = tokensOfOption(kind);
		return wholeText(name, options.kind, options);
	}
	const several = "columns" in kind ? {
		labels: kind.columns,
		columns: true
	} : {
		labels: kind.labels,
		...kind.separator === void 0 ? {} : { separator: kind.separator }
	};
	return {
		kind: "class",
		name,
		classes: noOrYes,
		shape: [several.labels.length],
		several
	};
}
/** Whether a target that is said by keys is one thing: classes in order, several labels, or a text. */
function saysOneThing(kind) {
	if (typeof kind !== "object" || Array.isArray(kind)) return true;
	return [
		"ordinal",
		"labels",
		"columns",
		"words",
		"characters"
	].filter((key) => kind[key] !== void 0).length === 1 && (kind.separator === void 0 || kind.labels !== void 0);
}
/**
* Proves that each target says one thing.
*
* @throws WrongOption where it says none, or two
*/
function proveTargets(targets) {
	for (const [name, kind] of Object.entries(targets)) if (!saysOneThing(kind)) throw new WrongOption(at("targets", name), failure("wrong-target", `\`${shorten(name)}\` has to say one of \`ordinal\`, \`labels\`, \`columns\`, \`words\` and \`characters\`, and says ${Object.keys(kind).map((key) => `\`${shorten(key)}\``).join(" and ") || "nothing"}`, "Classes in order are `{ ordinal: [low, middle, high] }`. Several labels at once stand in one column, `{ labels: fromData, separator: ; }`, or each in one of its own, `{ columns: [a, b] }`. A text is `{ words: { length: 20 } }`."));
}
/**
* The values of a target that is no text, row after row: numbers, indices of classes, or a 0 or 1 for each label.
*
* @param missing see columnOf
* @throws UserError when a cell is none of them
*/
function* valuesOfTarget(table, name, kind, missing) {
	if (kind === "number") return yield* columnOf(table, name, void 0, missing);
	if (Array.isArray(kind)) return Uint8Array.from(yield* columnOf(table, name, kind, missing));
	if ("ordinal" in kind) return Uint8Array.from(yield* columnOf(table, name, kind.ordinal, missing));
	return yield* "columns" in kind ? ofColumns(table, kind.columns, missing) : ofLists(table, name, kind, missing);
}
/** Some rows of a target. */
function rowsOfTarget(all, { shape }, rows) {
	const size = sizeOf(shape);
	const some = all instanceof Uint8Array ? new Uint8Array(rows.length * size) : new Float64Array(rows.length * size);
	for (let i = 0; i < rows.length; i++) for (let k = 0; k < size; k++) some[i * size + k] = all[rows[i] * size + k];
	return some;
}
/** Cells that are read without a pause. */
const part = 65536;
function* ofColumns(table, columns, missing) {
	const values = new Uint8Array(table.count * columns.length);
	for (const [k, column] of columns.entries()) {
		const read = table.reader(placeIn(table, column), isYes);
		for (let row = 0; row < table.count; row++) {
			if (row % part === 0) yield;
			const value = read(row);
			if (value !== void 0) values[row * columns.length + k] = value;
			else noteMissing(table, column, row, missing, markWanted);
		}
	}
	return values;
}
function* ofLists(table, column, { labels, separator }, missing) {
	const place = placeIn(table, column);
	const known = new Map(labels.map((label, k) => [label, k]));
	const values = new Uint8Array(table.count * labels.length);
	const seen = [];
	const read = table.reader(place, (cell) => {
		const named = labelsOfCell(cell, separator)?.map((label) => known.get(label));
		return named === void 0 || !named.every((one) => one !== void 0) ? void 0 : seen.push(named) - 1;
	});
	for (let row = 0; row < table.count; row++) {
		if (row % part === 0) yield;
		const found = read(row);
		if (found !== void 0) for (const k of seen[found]) values[row * labels.length + k] = 1;
		else {
			const cell = table.cell(row, place).trim();
			const strange = labelsOfCell(cell, separator)?.find((label) => !known.has(label));
			if (strange === void 0 || missingTexts.has(cell)) noteMissing(table, column, row, missing, listWanted, separatorIn(cell));
			else throw unknownLabelIn(`${table.name}, ${table.spotOf(row)}: ${shorten(column)}`, strange, labels);
		}
	}
	return values;
}
/** A cell without a value is taken down; any other that cannot be read is a mistake. */
function noteMissing(table, column, row, missing, wanted, hint) {
	const cell = table.cell(row, placeIn(table, column)).trim();
	if (missing !== void 0 && missingTexts.has(cell)) {
		missing.set(column, {
			row,
			cell,
			...missing.get(column),
			count: (missing.get(column)?.count ?? 0) + 1
		});
		return;
	}
	throw noLabels(`${table.name}, ${table.spotOf(row)}: ${shorten(column)}`, cell, wanted, hint);
}
/** That something says of no label whether the sample has it. @param wanted to follow "neither" */
function noLabels(place, cell, wanted, hint) {
	return failure("no-labels", `${place} is ${cell === "" ? "empty" : `'${shorten(cell)}'`}, not ${wanted}`, hint ?? "Correct the cell, or predict something else.");
}
/**
* The labels that a cell names, for who lists them.
*
* @throws UserError where it is no list
*/
function labelsNamed(where, cell, separator) {
	const labels = labelsOfCell(cell, separator);
	if (labels === void 0) throw noLabels(where, cell, listWanted, separatorIn(cell));
	return labels;
}
const listWanted = "a list of labels as JSON has it";
/** What may stand between the labels of a cell that is no list. */
function separatorIn(cell) {
	const sign = /[;|,/ ]/.exec(cell)?.[0];
	return sign === void 0 ? "Say in the target what stands between two labels, such as `separator: ;`." : `Say in the target what stands between two labels: \`separator: '${sign}'\`.`;
}
/** That a label is none of those listed. */
function unknownLabelIn(place, label, labels) {
	const guess = nearest(label, labels);
	return failure("unknown-category", `${place} has the label '${shorten(label)}', which is none of ${shorten(labels.join(", "), 300)}`, guess === void 0 ? "Name every label, or leave the list to the data: `labels: fromData`." : `Did you mean \`${guess}\`?`);
}
// src/datasets/crossed-table.ts
/**
* A table with its crosses behind its columns; the table itself where it has none.
*
* @throws WrongOption where a cross has the name of a column, or is made of what is no column or a target
*/
function withCrosses(table, { cross = {}, targets }) {
	const crosses = Object.entries(cross);
	if (crosses.length === 0) return table;
	for (const [name, columns] of crosses) {
		if (table.placeOf(name) !== void 0) throw wrongCross(at("cross", name), `${table.name} has a column \`${shorten(name)}\` already`);
		for (const [k, column] of columns.entries()) {
			const path = at("cross", name, k);
			if (columnsOfTargets(targets).includes(column)) throw wrongCross(path, `\`${shorten(column)}\` is a target`);
			if (Object.hasOwn(cross, column)) throw wrongCross(path, `\`${shorten(column)}\` is a cross itself`);
			placeIn(table, column, ...path);
		}
	}
	return new CrossedTable(table, cross);
}
const wrongCross = (path, problem) => new WrongOption(path, failure("wrong-cross", `cross: ${problem}`, "A cross has a name of its own and is made of columns of the file."));
/** A table with columns more, each of the texts of several others. */
var CrossedTable = class {
	columns;
	memory;
	own;
	/** The places of what each cross is made of. */
	crossed;
	constructor(own, crosses) {
		this.own = own;
		this.columns = [...own.columns, ...Object.keys(crosses)];
		this.crossed = Object.values(crosses).map((columns) => columns.map((column) => placeIn(own, column)));
		this.memory = own.memory;
	}
	get name() {
		return this.own.name;
	}
	get files() {
		return this.own.files;
	}
	get decimal() {
		return this.own.decimal;
	}
	get commas() {
		return this.own.commas;
	}
	get count() {
		return this.own.count;
	}
	get counted() {
		return this.own.counted;
	}
	placeOf(column) {
		const first = this.own.columns.length;
		const place = this.columns.indexOf(column, first);
		return place < first ? this.own.placeOf(column) : place;
	}
	unreadable(column) {
		return this.own.unreadable(column);
	}
	cell(row, place) {
		const places = this.crossed[place - this.own.columns.length];
		if (places === void 0) return this.own.cell(row, place);
		return crossedText(places.map((one) => this.own.cell(row, one).trim()), this.decimal);
	}
	sampleAt(row) {
		return this.own.sampleAt(row);
	}
	spotOf(row) {
		return this.own.spotOf(row);
	}
	numbers() {
		return this.own.numbers();
	}
	*startColumn(place) {
		if (place < this.own.columns.length) return yield* this.own.startColumn(place);
		return {
			values: new Float64Array(this.count),
			read: 0
		};
	}
	readPlain(values, place, rows) {
		return place < this.own.columns.length ? this.own.readPlain(values, place, rows) : rows.from;
	}
	shows(row, place, decimal) {
		return place < this.own.columns.length && this.own.shows(row, place, decimal);
	}
	reader(place, read) {
		if (place < this.own.columns.length) return this.own.reader(place, read);
		const known = /* @__PURE__ */ new Map();
		return (row) => {
			const cell = this.cell(row, place);
			if (known.has(cell)) return known.get(cell);
			const value = read(cell);
			if (known.size < mostKnown) known.set(cell, value);
			return value;
		};
	}
};
/** Texts whose values are remembered: a cross that is hashed may have as many as there are rows. */
const mostKnown = 1e4;
// node_modules/fzstd/esm/index.mjs
var ab = ArrayBuffer;
var u8 = Uint8Array;
var u16 = Uint16Array;
var i16 = Int16Array;
var i32 = Int32Array;
var slc = function(v, s, e) {
	if (u8.prototype.slice) return u8.prototype.slice.call(v, s, e);
	if (s == null || s < 0) s = 0;
	if (e == null || e > v.length) e = v.length;
	var n = new u8(e - s);
	n.set(v.subarray(s, e));
	return n;
};
var fill = function(v, n, s, e) {
	if (u8.prototype.fill) return u8.prototype.fill.call(v, n, s, e);
	if (s == null || s < 0) s = 0;
	if (e == null || e > v.length) e = v.length;
	for (; s < e; ++s) v[s] = n;
	return v;
};
var cpw = function(v, t, s, e) {
	if (u8.prototype.copyWithin) return u8.prototype.copyWithin.call(v, t, s, e);
	if (s == null || s < 0) s = 0;
	if (e == null || e > v.length) e = v.length;
	while (s < e) v[t++] = v[s++];
};
var ec = [
	"invalid zstd data",
	"window size too large (>2046MB)",
	"invalid block type",
	"FSE accuracy too high",
	"match distance too far back",
	"unexpected EOF"
];
var err = function(ind, msg, nt) {
	var e = new Error(msg || ec[ind]);
	e.code = ind;
	if (Error.captureStackTrace) Error.captureStackTrace(e, err);
	if (!nt) throw e;
	return e;
};
var rb = function(d, b, n) {
	var i = 0, o = 0;
	for (; i < n; ++i) o |= d[b++] << (i << 3);
	return o;
};
var b4 = function(d, b) {
	return (d[b] | d[b + 1] << 8 | d[b + 2] << 16 | d[b + 3] << 24) >>> 0;
};
var rzfh = function(dat, w) {
	var n3 = dat[0] | dat[1] << 8 | dat[2] << 16;
	if (n3 == 3126568 && dat[3] == 253) {
		var flg = dat[4];
		var ss = flg >> 5 & 1, cc = flg >> 2 & 1, df = flg & 3, fcf = flg >> 6;
		if (flg & 8) err(0);
		var bt = 6 - ss;
		var db = df == 3 ? 4 : df;
		var di = rb(dat, bt, db);
		bt += db;
		var fsb = fcf ? 1 << fcf : ss;
		var fss = rb(dat, bt, fsb) + (fcf == 1 && 256);
		var ws = fss;
		if (!ss) {
			var wb = 1 << 10 + (dat[5] >> 3);
			ws = wb + (wb >> 3) * (dat[5] & 7);
		}
		if (ws > 2145386496) err(1);
		var buf = new u8((w == 1 ? fss || ws : w ? 0 : ws) + 12);
		buf[0] = 1, buf[4] = 4, buf[8] = 8;
		return {
			b: bt + fsb,
			y: 0,
			l: 0,
			d: di,
			w: w && w != 1 ? w : buf.subarray(12),
			e: ws,
			o: new i32(buf.buffer, 0, 3),
			u: fss,
			c: cc,
			m: Math.min(131072, ws)
		};
	} else if ((n3 >> 4 | dat[3] << 20) == 25481893) return b4(dat, 4) + 8;
	err(0);
};
var msb = function(val) {
	var bits = 0;
	for (; 1 << bits <= val; ++bits);
	return bits - 1;
};
var rfse = function(dat, bt, mal) {
	var tpos = (bt << 3) + 4;
	var al = (dat[bt] & 15) + 5;
	if (al > mal) err(3);
	var sz = 1 << al;
	var probs = sz, sym = -1, re = -1, i = -1, ht = sz;
	var buf = new ab(512 + (sz << 2));
	var freq = new i16(buf, 0, 256);
	var dstate = new u16(buf, 0, 256);
	var nstate = new u16(buf, 512, sz);
	var bb1 = 512 + (sz << 1);
	var syms = new u8(buf, bb1, sz);
	var nbits = new u8(buf, bb1 + sz);
	while (sym < 255 && probs > 0) {
		var bits = msb(probs + 1);
		var cbt = tpos >> 3;
		var msk = (1 << bits + 1) - 1;
		var val = (dat[cbt] | dat[cbt + 1] << 8 | dat[cbt + 2] << 16) >> (tpos & 7) & msk;
		var msk1fb = (1 << bits) - 1;
		var msv = msk - probs - 1;
		var sval = val & msk1fb;
		if (sval < msv) tpos += bits, val = sval;
		else {
			tpos += bits + 1;
			if (val > msk1fb) val -= msv;
		}
		freq[++sym] = --val;
		if (val == -1) {
			probs += val;
			syms[--ht] = sym;
		} else probs -= val;
		if (!val) do {
			var rbt = tpos >> 3;
			re = (dat[rbt] | dat[rbt + 1] << 8) >> (tpos & 7) & 3;
			tpos += 2;
			sym += re;
		} while (re == 3);
	}
	if (sym > 255 || probs) err(0);
	var sympos = 0;
	var sstep = (sz >> 1) + (sz >> 3) + 3;
	var smask = sz - 1;
	for (var s = 0; s <= sym; ++s) {
		var sf = freq[s];
		if (sf < 1) {
			dstate[s] = -sf;
			continue;
		}
		for (i = 0; i < sf; ++i) {
			syms[sympos] = s;
			do
				sympos = sympos + sstep & smask;
			while (sympos >= ht);
		}
	}
	if (sympos) err(0);
	for (i = 0; i < sz; ++i) {
		var ns = dstate[syms[i]]++;
		var nb = nbits[i] = al - msb(ns);
		nstate[i] = (ns << nb) - sz;
	}
	return [tpos + 7 >> 3, {
		b: al,
		s: syms,
		n: nbits,
		t: nstate
	}];
};
var rhu = function(dat, bt) {
	var i = 0, wc = -1;
	var buf = new u8(292), hb = dat[bt];
	var hw = buf.subarray(0, 256);
	var rc = buf.subarray(256, 268);
	var ri = new u16(buf.buffer, 268);
	if (hb < 128) {
		var _a = rfse(dat, bt + 1, 6), ebt = _a[0], fdt = _a[1];
		bt += hb;
		var epos = ebt << 3;
		var lb = dat[bt];
		if (!lb) err(0);
		var st1 = 0, st2 = 0, btr1 = fdt.b, btr2 = btr1;
		var fpos = (++bt << 3) - 8 + msb(lb);
		for (;;) {
			fpos -= btr1;
			if (fpos < epos) break;
			var cbt = fpos >> 3;
			st1 += (dat[cbt] | dat[cbt + 1] << 8) >> (fpos & 7) & (1 << btr1) - 1;
			hw[++wc] = fdt.s[st1];
			fpos -= btr2;
			if (fpos < epos) break;
			cbt = fpos >> 3;
			st2 += (dat[cbt] | dat[cbt + 1] << 8) >> (fpos & 7) & (1 << btr2) - 1;
			hw[++wc] = fdt.s[st2];
			btr1 = fdt.n[st1];
			st1 = fdt.t[st1];
			btr2 = fdt.n[st2];
			st2 = fdt.t[st2];
		}
		if (++wc > 255) err(0);
	} else {
		wc = hb - 127;
		for (; i < wc; i += 2) {
			var byte = dat[++bt];
			hw[i] = byte >> 4;
			hw[i + 1] = byte & 15;
		}
		++bt;
	}
	var wes = 0;
	for (i = 0; i < wc; ++i) {
		var wt = hw[i];
		if (wt > 11) err(0);
		wes += wt && 1 << wt - 1;
	}
	var mb = msb(wes) + 1;
	var ts = 1 << mb;
	var rem = ts - wes;
	if (rem & rem - 1) err(0);
	hw[wc++] = msb(rem) + 1;
	for (i = 0; i < wc; ++i) {
		var wt = hw[i];
		++rc[hw[i] = wt && mb + 1 - wt];
	}
	var hbuf = new u8(ts << 1);
	var syms = hbuf.subarray(0, ts), nb = hbuf.subarray(ts);
	ri[mb] = 0;
	for (i = mb; i > 0; --i) {
		var pv = ri[i];
		fill(nb, i, pv, ri[i - 1] = pv + rc[i] * (1 << mb - i));
	}
	if (ri[0] != ts) err(0);
	for (i = 0; i < wc; ++i) {
		var bits = hw[i];
		if (bits) {
			var code = ri[bits];
			fill(syms, i, code, ri[bits] = code + (1 << mb - bits));
		}
	}
	return [bt, {
		n: nb,
		b: mb,
		s: syms
	}];
};
var dllt = (/*#__PURE__*/ rfse(/*#__PURE__*/ new u8([
	81,
	16,
	99,
	140,
	49,
	198,
	24,
	99,
	12,
	33,
	196,
	24,
	99,
	102,
	102,
	134,
	70,
	146,
	4
]), 0, 6))[1];
var dmlt = (/*#__PURE__*/ rfse(/*#__PURE__*/ new u8([
	33,
	20,
	196,
	24,
	99,
	140,
	33,
	132,
	16,
	66,
	8,
	33,
	132,
	16,
	66,
	8,
	33,
	68,
	68,
	68,
	68,
	68,
	68,
	68,
	68,
	36,
	9
]), 0, 6))[1];
var doct = (/*#__PURE__ */ rfse(/*#__PURE__*/ new u8([
	32,
	132,
	16,
	66,
	102,
	70,
	68,
	68,
	68,
	68,
	36,
	73,
	2
]), 0, 5))[1];
var b2bl = function(b, s) {
	var len = b.length, bl = new i32(len);
	for (var i = 0; i < len; ++i) {
		bl[i] = s;
		s += 1 << b[i];
	}
	return bl;
};
var llb = /*#__PURE__ */ new u8((/*#__PURE__ */ new i32([
	0,
	0,
	0,
	0,
	16843009,
	50528770,
	134678020,
	202050057,
	269422093
])).buffer, 0, 36);
var llbl = /*#__PURE__ */ b2bl(llb, 0);
var mlb = /*#__PURE__ */ new u8((/*#__PURE__ */ new i32([
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	16843009,
	50528770,
	117769220,
	185207048,
	252579084,
	16
])).buffer, 0, 53);
var mlbl = /*#__PURE__ */ b2bl(mlb, 3);
var dhu = function(dat, out, hu) {
	var len = dat.length, ss = out.length, lb = dat[len - 1], msk = (1 << hu.b) - 1, eb = -hu.b;
	if (!lb) err(0);
	var st = 0, btr = hu.b, pos = (len << 3) - 8 + msb(lb) - btr, i = -1;
	for (; pos > eb && i < ss;) {
		var cbt = pos >> 3;
		var val = (dat[cbt] | dat[cbt + 1] << 8 | dat[cbt + 2] << 16) >> (pos & 7);
		st = (st << btr | val) & msk;
		out[++i] = hu.s[st];
		pos -= btr = hu.n[st];
	}
	if (pos != eb || i + 1 != ss) err(0);
};
var dhu4 = function(dat, out, hu) {
	var bt = 6;
	var sz1 = out.length + 3 >> 2, sz2 = sz1 << 1, sz3 = sz1 + sz2;
	dhu(dat.subarray(bt, bt += dat[0] | dat[1] << 8), out.subarray(0, sz1), hu);
	dhu(dat.subarray(bt, bt += dat[2] | dat[3] << 8), out.subarray(sz1, sz2), hu);
	dhu(dat.subarray(bt, bt += dat[4] | dat[5] << 8), out.subarray(sz2, sz3), hu);
	dhu(dat.subarray(bt), out.subarray(sz3), hu);
};
var rzb = function(dat, st, out) {
	var _a;
	var bt = st.b;
	var b0 = dat[bt], btype = b0 >> 1 & 3;
	st.l = b0 & 1;
	var sz = b0 >> 3 | dat[bt + 1] << 5 | dat[bt + 2] << 13;
	var ebt = (bt += 3) + sz;
	if (btype == 1) {
		if (bt >= dat.length) return;
		st.b = bt + 1;
		if (out) {
			fill(out, dat[bt], st.y, st.y += sz);
			return out;
		}
		return fill(new u8(sz), dat[bt]);
	}
	if (ebt > dat.length) return;
	if (btype == 0) {
		st.b = ebt;
		if (out) {
			out.set(dat.subarray(bt, ebt), st.y);
			st.y += sz;
			return out;
		}
		return slc(dat, bt, ebt);
	}
	if (btype == 2) {
		var b3 = dat[bt], lbt = b3 & 3, sf = b3 >> 2 & 3;
		var lss = b3 >> 4, lcs = 0, s4 = 0;
		if (lbt < 2) {
			if (sf & 1) lss |= dat[++bt] << 4 | (sf & 2 && dat[++bt] << 12);
			else lss = b3 >> 3;
		} else {
			s4 = sf;
			if (sf < 2) lss |= (dat[++bt] & 63) << 4, lcs = dat[bt] >> 6 | dat[++bt] << 2;
			else if (sf == 2) lss |= dat[++bt] << 4 | (dat[++bt] & 3) << 12, lcs = dat[bt] >> 2 | dat[++bt] << 6;
			else lss |= dat[++bt] << 4 | (dat[++bt] & 63) << 12, lcs = dat[bt] >> 6 | dat[++bt] << 2 | dat[++bt] << 10;
		}
		++bt;
		var buf = out ? out.subarray(st.y, st.y + st.m) : new u8(st.m);
		var spl = buf.length - lss;
		if (lbt == 0) buf.set(dat.subarray(bt, bt += lss), spl);
		else if (lbt == 1) fill(buf, dat[bt++], spl);
		else {
			var hu = st.h;
			if (lbt == 2) {
				var hud = rhu(dat, bt);
				lcs += bt - (bt = hud[0]);
				st.h = hu = hud[1];
			} else if (!hu) err(0);
			(s4 ? dhu4 : dhu)(dat.subarray(bt, bt += lcs), buf.subarray(spl), hu);
		}
		var ns = dat[bt++];
		if (ns) {
			if (ns == 255) ns = (dat[bt++] | dat[bt++] << 8) + 32512;
			else if (ns > 127) ns = ns - 128 << 8 | dat[bt++];
			var scm = dat[bt++];
			if (scm & 3) err(0);
			var dts = [
				dmlt,
				doct,
				dllt
			];
			for (var i = 2; i > -1; --i) {
				var md = scm >> (i << 1) + 2 & 3;
				if (md == 1) {
					var rbuf = new u8([
						0,
						0,
						dat[bt++]
					]);
					dts[i] = {
						s: rbuf.subarray(2, 3),
						n: rbuf.subarray(0, 1),
						t: new u16(rbuf.buffer, 0, 1),
						b: 0
					};
				} else if (md == 2) _a = rfse(dat, bt, 9 - (i & 1)), bt = _a[0], dts[i] = _a[1];
				else if (md == 3) {
					if (!st.t) err(0);
					dts[i] = st.t[i];
				}
			}
			var _b = st.t = dts, mlt = _b[0], oct = _b[1], llt = _b[2];
			var lb = dat[ebt - 1];
			if (!lb) err(0);
			var spos = (ebt << 3) - 8 + msb(lb) - llt.b, cbt = spos >> 3, oubt = 0;
			var lst = (dat[cbt] | dat[cbt + 1] << 8) >> (spos & 7) & (1 << llt.b) - 1;
			cbt = (spos -= oct.b) >> 3;
			var ost = (dat[cbt] | dat[cbt + 1] << 8) >> (spos & 7) & (1 << oct.b) - 1;
			cbt = (spos -= mlt.b) >> 3;
			var mst = (dat[cbt] | dat[cbt + 1] << 8) >> (spos & 7) & (1 << mlt.b) - 1;
			for (++ns; --ns;) {
				var llc = llt.s[lst];
				var lbtr = llt.n[lst];
				var mlc = mlt.s[mst];
				var mbtr = mlt.n[mst];
				var ofc = oct.s[ost];
				var obtr = oct.n[ost];
				cbt = (spos -= ofc) >> 3;
				var ofp = 1 << ofc;
				var off = ofp + ((dat[cbt] | dat[cbt + 1] << 8 | dat[cbt + 2] << 16 | dat[cbt + 3] << 24) >>> (spos & 7) & ofp - 1);
				cbt = (spos -= mlb[mlc]) >> 3;
				var ml = mlbl[mlc] + ((dat[cbt] | dat[cbt + 1] << 8 | dat[cbt + 2] << 16) >> (spos & 7) & (1 << mlb[mlc]) - 1);
				cbt = (spos -= llb[llc]) >> 3;
				var ll = llbl[llc] + ((dat[cbt] | dat[cbt + 1] << 8 | dat[cbt + 2] << 16) >> (spos & 7) & (1 << llb[llc]) - 1);
				cbt = (spos -= lbtr) >> 3;
				lst = llt.t[lst] + ((dat[cbt] | dat[cbt + 1] << 8) >> (spos & 7) & (1 << lbtr) - 1);
				cbt = (spos -= mbtr) >> 3;
				mst = mlt.t[mst] + ((dat[cbt] | dat[cbt + 1] << 8) >> (spos & 7) & (1 << mbtr) - 1);
				cbt = (spos -= obtr) >> 3;
				ost = oct.t[ost] + ((dat[cbt] | dat[cbt + 1] << 8) >> (spos & 7) & (1 << obtr) - 1);
				if (off > 3) {
					st.o[2] = st.o[1];
					st.o[1] = st.o[0];
					st.o[0] = off -= 3;
				} else {
					var idx = off - (ll != 0);
					if (idx) {
						off = idx == 3 ? st.o[0] - 1 : st.o[idx];
						if (idx > 1) st.o[2] = st.o[1];
						st.o[1] = st.o[0];
						st.o[0] = off;
					} else off = st.o[0];
				}
				for (var i = 0; i < ll; ++i) buf[oubt + i] = buf[spl + i];
				oubt += ll, spl += ll;
				var stin = oubt - off;
				if (stin < 0) {
					var len = -stin;
					var bs = st.e + stin;
					if (len > ml) len = ml;
					for (var i = 0; i < len; ++i) buf[oubt + i] = st.w[bs + i];
					oubt += len, ml -= len, stin = 0;
				}
				for (var i = 0; i < ml; ++i) buf[oubt + i] = buf[stin + i];
				oubt += ml;
			}
			if (oubt != spl) while (spl < buf.length) buf[oubt++] = buf[spl++];
			else oubt = buf.length;
			if (out) st.y += oubt;
			else buf = slc(buf, 0, oubt);
		} else if (out) {
			st.y += lss;
			if (spl) for (var i = 0; i < lss; ++i) buf[i] = buf[spl + i];
		} else if (spl) buf = slc(buf, spl);
		st.b = ebt;
		return buf;
	}
	err(2);
};
var cct = function(bufs, ol) {
	if (bufs.length == 1) return bufs[0];
	var buf = new u8(ol);
	for (var i = 0, b = 0; i < bufs.length; ++i) {
		var chk = bufs[i];
		buf.set(chk, b);
		b += chk.length;
	}
	return buf;
};
/**
* Decompresses Zstandard data
* @param dat The input data
* @param buf The output buffer. If unspecified, the function will allocate
*            exactly enough memory to fit the decompressed data. If your
*            data has multiple frames and you know the output size, specifying
*            it will yield better performance.
* @returns The decompressed data
*/
function decompress(dat, buf) {
	var bufs = [], nb = +!buf;
	var bt = 0, ol = 0;
	for (; dat.length;) {
		var st = rzfh(dat, nb || buf);
		if (typeof st == "object") {
			if (nb) {
				buf = null;
				if (st.w.length == st.u) {
					bufs.push(buf = st.w);
					ol += st.u;
				}
			} else {
				bufs.push(buf);
				st.e = 0;
			}
			for (; !st.l;) {
				var blk = rzb(dat, st, buf);
				if (!blk) err(5);
				if (buf) st.e = st.y;
				else {
					bufs.push(blk);
					ol += blk.length;
					cpw(st.w, 0, blk.length);
					st.w.set(blk, st.w.length - blk.length);
				}
			}
			bt = st.b + st.c * 4;
		} else bt = st;
		dat = dat.subarray(bt);
	}
	return cct(bufs, ol);
}
// node_modules/hyparquet/src/wkb.js
/**
* WKB (Well-Known Binary) decoder for geometry objects.
*
* @param {DataReader} reader
* @returns {Geometry} geometry object
*/
function wkbToGeojson(reader) {
	const flags = getFlags(reader);
	if (flags.type === 1) return {
		type: "Point",
		coordinates: readPosition(reader, flags)
	};
	else if (flags.type === 2) return {
		type: "LineString",
		coordinates: readLine(reader, flags)
	};
	else if (flags.type === 3) return {
		type: "Polygon",
		coordinates: readPolygon(reader, flags)
	};
	else if (flags.type === 4) {
		const points = [];
		for (let i = 0; i < flags.count; i++) points.push(readPosition(reader, getFlags(reader)));
		return {
			type: "MultiPoint",
			coordinates: points
		};
	} else if (flags.type === 5) {
		const lines = [];
		for (let i = 0; i < flags.count; i++) lines.push(readLine(reader, getFlags(reader)));
		return {
			type: "MultiLineString",
			coordinates: lines
		};
	} else if (flags.type === 6) {
		const polygons = [];
		for (let i = 0; i < flags.count; i++) polygons.push(readPolygon(reader, getFlags(reader)));
		return {
			type: "MultiPolygon",
			coordinates: polygons
		};
	} else if (flags.type === 7) {
		const geometries = [];
		for (let i = 0; i < flags.count; i++) geometries.push(wkbToGeojson(reader));
		return {
			type: "GeometryCollection",
			geometries
		};
	} else throw new Error(`Unsupported geometry type: ${flags.type}`);
}
/**
* Extract ISO WKB flags and base geometry type.
*
* @param {DataReader} reader
* @returns {WkbFlags}
*/
function getFlags(reader) {
	const { view } = reader;
	const littleEndian = view.getUint8(reader.offset++) === 1;
	const rawType = view.getUint32(reader.offset, littleEndian);
	reader.offset += 4;
	const type = rawType % 1e3;
	const flags = Math.floor(rawType / 1e3);
	let count = 0;
	if (type > 1 && type <= 7) {
		count = view.getUint32(reader.offset, littleEndian);
		reader.offset += 4;
	}
	let dim = 2;
	if (flags) dim++;
	if (flags === 3) dim++;
	return {
		littleEndian,
		type,
		dim,
		count
	};
}
/**
* @param {DataReader} reader
* @param {WkbFlags} flags
* @returns {number[]}
*/
function readPosition(reader, flags) {
	const points = [];
	for (let i = 0; i < flags.dim; i++) {
		const coord = reader.view.getFloat64(reader.offset, flags.littleEndian);
		reader.offset += 8;
		points.push(coord);
	}
	return points;
}
/**
* @param {DataReader} reader
* @param {WkbFlags} flags
* @returns {number[][]}
*/
function readLine(reader, flags) {
	const points = [];
	for (let i = 0; i < flags.count; i++) points.push(readPosition(reader, flags));
	return points;
}
/**
* @param {DataReader} reader
* @param {WkbFlags} flags
* @returns {number[][][]}
*/
function readPolygon(reader, flags) {
	const { view } = reader;
	const rings = [];
	for (let r = 0; r < flags.count; r++) {
		const count = view.getUint32(reader.offset, flags.littleEndian);
		reader.offset += 4;
		rings.push(readLine(reader, {
			...flags,
			count
		}));
	}
	return rings;
}
/**
* @typedef {object} WkbFlags
* @property {boolean} littleEndian
* @property {number} type
* @property {number} dim
* @property {number} count
*/
/**
* @import {DataReader, Geometry} from '../src/types.js'
*/
// node_modules/hyparquet/src/convert.js
/**
* @import {ColumnDecoder, DecodedArray, Encoding, ParquetParsers} from '../src/types.js'
*/
const decoder$1 = new TextDecoder();
/**
* Default type parsers when no custom ones are given
* @type ParquetParsers
*/
const DEFAULT_PARSERS = {
	timestampFromMilliseconds(millis) {
		return new Date(Number(millis));
	},
	timestampFromMicroseconds(micros) {
		return new Date(Number(micros / 1000n));
	},
	timestampFromNanoseconds(nanos) {
		return new Date(Number(nanos / 1000000n));
	},
	dateFromDays(days) {
		return /* @__PURE__ */ new Date(days * 864e5);
	},
	stringFromBytes(bytes) {
		return bytes && decoder$1.decode(bytes);
	},
	jsonFromBytes(bytes) {
		return bytes && JSON.parse(decoder$1.decode(bytes));
	},
	geometryFromBytes(bytes) {
		return bytes && wkbToGeojson({
			view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
			offset: 0
		});
	},
	geographyFromBytes(bytes) {
		return bytes && wkbToGeojson({
			view: new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength),
			offset: 0
		});
	},
	uuidFromBytes(bytes) {
		if (!bytes) return void 0;
		const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
		return hex.slice(0, 8) + "-" + hex.slice(8, 12) + "-" + hex.slice(12, 16) + "-" + hex.slice(16, 20) + "-" + hex.slice(20, 32);
	}
};
/**
* @param {Uint8Array} bytes
* @returns {number}
*/
function parseDecimal(bytes) {
	if (!bytes.length) return 0;
	let value = 0n;
	for (const byte of bytes) value = value * 256n + BigInt(byte);
	const bits = bytes.length * 8;
	if (value >= 2n ** BigInt(bits - 1)) value -= 2n ** BigInt(bits);
	return Number(value);
}
/**
* @param {Uint8Array | undefined} bytes
* @returns {number | undefined}
*/
function parseFloat16(bytes) {
	if (!bytes) return void 0;
	const int16 = bytes[1] << 8 | bytes[0];
	const sign = int16 >> 15 ? -1 : 1;
	const exp = int16 >> 10 & 31;
	const frac = int16 & 1023;
	if (exp === 0) return sign * 2 ** -14 * (frac / 1024);
	if (exp === 31) return frac ? NaN : sign * Infinity;
	return sign * 2 ** (exp - 15) * (1 + frac / 1024);
}
// node_modules/hyparquet/src/constants.js
/** @type {import('../src/types.d.ts').ParquetType[]} */
const ParquetTypes = [
	"BOOLEAN",
	"INT32",
	"INT64",
	"INT96",
	"FLOAT",
	"DOUBLE",
	"BYTE_ARRAY",
	"FIXED_LEN_BYTE_ARRAY"
];
/** @type {import('../src/types.d.ts').Encoding[]} */
const Encodings = [
	"PLAIN",
	"GROUP_VAR_INT",
	"PLAIN_DICTIONARY",
	"RLE",
	"BIT_PACKED",
	"DELTA_BINARY_PACKED",
	"DELTA_LENGTH_BYTE_ARRAY",
	"DELTA_BYTE_ARRAY",
	"RLE_DICTIONARY",
	"BYTE_STREAM_SPLIT"
];
/** @type {import('../src/types.d.ts').FieldRepetitionType[]} */
const FieldRepetitionTypes = [
	"REQUIRED",
	"OPTIONAL",
	"REPEATED"
];
/** @type {import('../src/types.d.ts').ConvertedType[]} */
const ConvertedTypes = [
	"UTF8",
	"MAP",
	"MAP_KEY_VALUE",
	"LIST",
	"ENUM",
	"DECIMAL",
	"DATE",
	"TIME_MILLIS",
	"TIME_MICROS",
	"TIMESTAMP_MILLIS",
	"TIMESTAMP_MICROS",
	"UINT_8",
	"UINT_16",
	"UINT_32",
	"UINT_64",
	"INT_8",
	"INT_16",
	"INT_32",
	"INT_64",
	"JSON",
	"BSON",
	"INTERVAL"
];
/** @type {import('../src/types.d.ts').CompressionCodec[]} */
const CompressionCodecs = [
	"UNCOMPRESSED",
	"SNAPPY",
	"GZIP",
	"LZO",
	"BROTLI",
	"LZ4",
	"ZSTD",
	"LZ4_RAW"
];
/** @type {import('../src/types.d.ts').PageType[]} */
const PageTypes = [
	"DATA_PAGE",
	"INDEX_PAGE",
	"DICTIONARY_PAGE",
	"DATA_PAGE_V2"
];
/** @type {import('../src/types.d.ts').EdgeInterpolationAlgorithm[]} */
const EdgeInterpolationAlgorithms = [
	"SPHERICAL",
	"VINCENTY",
	"THOMAS",
	"ANDOYER",
	"KARNEY"
];
// node_modules/hyparquet/src/thrift.js
/**
* @import {DataReader, ThriftObject, ThriftType} from '../src/types.js'
*/
const STOP = 0;
const TRUE = 1;
const FALSE = 2;
const BYTE = 3;
const I16 = 4;
const I32 = 5;
const I64 = 6;
const DOUBLE = 7;
const BINARY = 8;
const LIST = 9;
const STRUCT = 12;
/**
* Parse TCompactProtocol
*
* @param {DataReader} reader
* @returns {{ [key: `field_${number}`]: any }}
*/
function deserializeTCompactProtocol(reader) {
	/** @type {ThriftObject} */
	const value = {};
	let fid = 0;
	while (true) {
		if (reader.offset >= reader.view.byteLength) throw new Error("thrift struct ended without STOP");
		const byte = reader.view.getUint8(reader.offset++);
		const type = byte & 15;
		if (type === STOP) break;
		const delta = byte >> 4;
		fid = delta ? fid + delta : readZigZag(reader);
		value[`field_${fid}`] = readElement(reader, type);
	}
	return value;
}
/**
* Read a single element based on its type
*
* @param {DataReader} reader
* @param {number} type
* @returns {ThriftType}
*/
function readElement(reader, type) {
	switch (type) {
		case TRUE: return true;
		case FALSE: return false;
		case BYTE: return reader.view.getInt8(reader.offset++);
		case I16:
		case I32: return readZigZag(reader);
		case I64: return readZigZagBigInt(reader);
		case DOUBLE: {
			const value = reader.view.getFloat64(reader.offset, true);
			reader.offset += 8;
			return value;
		}
		case BINARY: {
			const stringLength = readVarInt(reader);
			if (reader.offset + stringLength > reader.view.byteLength) throw new Error(`thrift binary length ${stringLength} exceeds remaining ${reader.view.byteLength - reader.offset} bytes`);
			const strBytes = new Uint8Array(reader.view.buffer, reader.view.byteOffset + reader.offset, stringLength);
			reader.offset += stringLength;
			return strBytes;
		}
		case LIST: {
			const byte = reader.view.getUint8(reader.offset++);
			const elemType = byte & 15;
			let listSize = byte >> 4;
			if (listSize === 15) listSize = readVarInt(reader);
			const boolType = elemType === TRUE || elemType === FALSE;
			const values = new Array(listSize);
			for (let i = 0; i < listSize; i++) values[i] = boolType ? readElement(reader, BYTE) === 1 : readElement(reader, elemType);
			return values;
		}
		case STRUCT: return deserializeTCompactProtocol(reader);
		default: throw new Error(`thrift unhandled type: ${type}`);
	}
}
/**
* Read varint aka Unsigned LEB128.
*
* @param {DataReader} reader
* @returns {number}
*/
function readVarInt(reader) {
	let result = 0;
	let shift = 0;
	while (true) {
		const byte = reader.view.getUint8(reader.offset++);
		result |= (byte & 127) << shift;
		if (!(byte & 128)) return result;
		shift += 7;
	}
}
/**
* Read a varint as a bigint.
*
* @param {DataReader} reader
* @returns {bigint}
*/
function readVarBigInt(reader) {
	let result = 0n;
	let shift = 0n;
	while (true) {
		const byte = reader.view.getUint8(reader.offset++);
		result |= BigInt(byte & 127) << shift;
		if (!(byte & 128)) return result;
		shift += 7n;
	}
}
/**
* Read a zigzag number.
* Zigzag folds positive and negative numbers into the positive number space.
*
* @param {DataReader} reader
* @returns {number}
*/
function readZigZag(reader) {
	const zigzag = readVarInt(reader);
	return zigzag >>> 1 ^ -(zigzag & 1);
}
/**
* Read a zigzag bigint.
*
* @param {DataReader} reader
* @returns {bigint}
*/
function readZigZagBigInt(reader) {
	const zigzag = readVarBigInt(reader);
	return zigzag >> 1n ^ -(zigzag & 1n);
}
// node_modules/hyparquet/src/delta.js
/**
* @import {DataReader} from '../src/types.js'
*/
/**
* @param {DataReader} reader
* @param {number} count number of values to read
* @param {Int32Array | BigInt64Array} output
*/
function deltaBinaryUnpack(reader, count, output) {
	if (output instanceof Int32Array) {
		deltaBinaryUnpackInt32(reader, count, output);
		return;
	}
	const blockSize = readVarInt(reader);
	const miniblockPerBlock = readVarInt(reader);
	readVarInt(reader);
	let value = readZigZagBigInt(reader);
	let outputIndex = 0;
	output[outputIndex++] = value;
	const valuesPerMiniblock = blockSize / miniblockPerBlock;
	while (outputIndex < count) {
		const minDelta = readZigZagBigInt(reader);
		const bitWidths = new Uint8Array(miniblockPerBlock);
		for (let i = 0; i < miniblockPerBlock; i++) bitWidths[i] = reader.view.getUint8(reader.offset++);
		for (let i = 0; i < miniblockPerBlock && outputIndex < count; i++) {
			const bitWidth = bitWidths[i];
			if (bitWidth) {
				let bitpackPos = 0;
				let miniblockCount = valuesPerMiniblock;
				const mask = (1n << BigInt(bitWidth)) - 1n;
				while (miniblockCount && outputIndex < count) {
					let bits = BigInt(reader.view.getUint32(reader.offset, true) >>> bitpackPos) & mask;
					bitpackPos += bitWidth;
					while (bitpackPos >= 32) {
						bitpackPos -= 32;
						reader.offset += 4;
						if (bitpackPos) bits |= BigInt(reader.view.getUint32(reader.offset, true)) << BigInt(bitWidth - bitpackPos) & mask;
					}
					const delta = minDelta + bits;
					value += delta;
					output[outputIndex++] = value;
					miniblockCount--;
				}
				if (miniblockCount) reader.offset += Math.ceil((miniblockCount * bitWidth + bitpackPos) / 8);
			} else for (let j = 0; j < valuesPerMiniblock && outputIndex < count; j++) {
				value += minDelta;
				output[outputIndex++] = value;
			}
		}
	}
}
/**
* Decode INT32 without BigInt arithmetic in the per-value loop.
*
* @param {DataReader} reader
* @param {number} count
* @param {Int32Array} output
*/
function deltaBinaryUnpackInt32(reader, count, output) {
	const blockSize = readVarInt(reader);
	const miniblockPerBlock = readVarInt(reader);
	readVarInt(reader);
	let value = readZigZag(reader);
	let outputIndex = 0;
	output[outputIndex++] = value;
	const valuesPerMiniblock = blockSize / miniblockPerBlock;
	const { view } = reader;
	while (outputIndex < count) {
		const minDelta = readZigZagInt33(reader);
		const bitWidthsOffset = reader.offset;
		let offset = bitWidthsOffset + miniblockPerBlock;
		for (let i = 0; i < miniblockPerBlock && outputIndex < count; i++) {
			const bitWidth = view.getUint8(bitWidthsOffset + i);
			const end = offset + valuesPerMiniblock * bitWidth / 8;
			let bitOffset = 0;
			for (let j = 0; j < valuesPerMiniblock && outputIndex < count; j++) {
				let residual = 0;
				let bitsRead = 0;
				while (bitsRead < bitWidth) {
					const bitsToRead = Math.min(8 - bitOffset, bitWidth - bitsRead);
					if (bitsRead < 32) residual |= (view.getUint8(offset) >>> bitOffset & (1 << bitsToRead) - 1) << bitsRead;
					bitsRead += bitsToRead;
					bitOffset += bitsToRead;
					if (bitOffset === 8) {
						bitOffset = 0;
						offset++;
					}
				}
				value = value + minDelta + residual | 0;
				output[outputIndex++] = value;
			}
			offset = end;
		}
		reader.offset = offset;
	}
}
/**
* Read a zigzag varint modulo 2^32. INT32 deltas can need 33 bits, which
* readZigZag truncates, but only the low 32 bits of the decoded value matter.
* readVarInt keeps the low 32 zigzag bits of a 5-byte varint; bit 32 is bit 4
* of the fifth byte. Reusing readVarInt keeps the caller's hot loop fast.
*
* @param {DataReader} reader
* @returns {number}
*/
function readZigZagInt33(reader) {
	const start = reader.offset;
	const low = readVarInt(reader);
	const high = reader.offset - start === 5 ? reader.view.getUint8(start + 4) >>> 4 & 1 : 0;
	return (low >>> 1 | high << 31) ^ -(low & 1);
}
// node_modules/hyparquet/src/encoding.js
/**
* @param {DataReader} reader
* @param {number} count
* @param {ParquetType} type
* @param {number | undefined} typeLength
* @returns {DecodedArray}
*/
function byteStreamSplit(reader, count, type, typeLength) {
	const width = byteWidth(type, typeLength);
	const bytes = new Uint8Array(count * width);
	for (let b = 0; b < width; b++) for (let i = 0; i < count; i++) bytes[i * width + b] = reader.view.getUint8(reader.offset++);
	if (type === "FLOAT") return new Float32Array(bytes.buffer);
	else if (type === "DOUBLE") return new Float64Array(bytes.buffer);
	else if (type === "INT32") return new Int32Array(bytes.buffer);
	else if (type === "INT64") return new BigInt64Array(bytes.buffer);
	else if (type === "FIXED_LEN_BYTE_ARRAY") {
		const split = new Array(count);
		for (let i = 0; i < count; i++) split[i] = bytes.subarray(i * width, (i + 1) * width);
		return split;
	}
	throw new Error(`parquet byte_stream_split unsupported type: ${type}`);
}
/**
* @param {ParquetType} type
* @param {number | undefined} typeLength
* @returns {number}
*/
function byteWidth(type, typeLength) {
	switch (type) {
		case "INT32":
		case "FLOAT": return 4;
		case "INT64":
		case "DOUBLE": return 8;
		case "FIXED_LEN_BYTE_ARRAY":
			if (!typeLength) throw new Error("parquet byteWidth missing type_length");
			return typeLength;
		default: throw new Error(`parquet unsupported type: ${type}`);
	}
}
// node_modules/hyparquet/src/snappy.js
/**
* The MIT License (MIT)
* Copyright (c) 2016 Zhipeng Jia
* https://github.com/zhipeng-jia/snappyjs
*/
const WORD_MASK = [
	0,
	255,
	65535,
	16777215,
	4294967295
];
/**
* Copy bytes from one array to another
*
* @param {Uint8Array} fromArray source array
* @param {number} fromPos source position
* @param {Uint8Array} toArray destination array
* @param {number} toPos destination position
* @param {number} length number of bytes to copy
*/
function copyBytes(fromArray, fromPos, toArray, toPos, length) {
	for (let i = 0; i < length; i++) toArray[toPos + i] = fromArray[fromPos + i];
}
/**
* Decompress snappy data.
* Accepts an output buffer to avoid allocating a new buffer for each call.
*
* @param {Uint8Array} input compressed data
* @param {Uint8Array} output output buffer
*/
function snappyUncompress(input, output) {
	const inputLength = input.byteLength;
	const outputLength = output.byteLength;
	let pos = 0;
	let outPos = 0;
	while (pos < inputLength) {
		const c = input[pos];
		pos++;
		if (c < 128) break;
	}
	if (outputLength && pos >= inputLength) throw new Error("invalid snappy length header");
	while (pos < inputLength) {
		const c = input[pos];
		let len = 0;
		pos++;
		if (pos >= inputLength) throw new Error("missing eof marker");
		if ((c & 3) === 0) {
			let len = (c >>> 2) + 1;
			if (len > 60) {
				if (pos + 3 >= inputLength) throw new Error("snappy error literal pos + 3 >= inputLength");
				const lengthSize = len - 60;
				len = input[pos] + (input[pos + 1] << 8) + (input[pos + 2] << 16) + (input[pos + 3] << 24);
				len = (len & WORD_MASK[lengthSize]) + 1;
				pos += lengthSize;
			}
			if (pos + len > inputLength) throw new Error("snappy error literal exceeds input length");
			copyBytes(input, pos, output, outPos, len);
			pos += len;
			outPos += len;
		} else {
			let offset = 0;
			switch (c & 3) {
				case 1:
					len = (c >>> 2 & 7) + 4;
					offset = input[pos] + (c >>> 5 << 8);
					pos++;
					break;
				case 2:
					if (inputLength <= pos + 1) throw new Error("snappy error end of input");
					len = (c >>> 2) + 1;
					offset = input[pos] + (input[pos + 1] << 8);
					pos += 2;
					break;
				case 3:
					if (inputLength <= pos + 3) throw new Error("snappy error end of input");
					len = (c >>> 2) + 1;
					offset = input[pos] + (input[pos + 1] << 8) + (input[pos + 2] << 16) + (input[pos + 3] << 24);
					pos += 4;
			}
			if (offset === 0 || isNaN(offset)) throw new Error(`invalid offset ${offset} pos ${pos} inputLength ${inputLength}`);
			if (offset > outPos) throw new Error("cannot copy from before start of buffer");
			copyBytes(output, outPos - offset, output, outPos, len);
			outPos += len;
		}
	}
	if (outPos !== outputLength) throw new Error("premature end of input");
}
// node_modules/hyparquet/src/column.js
/**
* Read a page header from a buffer, leaving the reader at the start of the page data.
*
* @param {DataReader} reader
* @returns {PageHeader}
*/
function parquetHeader(reader) {
	const header = deserializeTCompactProtocol(reader);
	return {
		type: PageTypes[header.field_1],
		uncompressed_page_size: header.field_2,
		compressed_page_size: header.field_3,
		crc: header.field_4,
		data_page_header: header.field_5 && {
			num_values: header.field_5.field_1,
			encoding: Encodings[header.field_5.field_2],
			definition_level_encoding: Encodings[header.field_5.field_3],
			repetition_level_encoding: Encodings[header.field_5.field_4],
			statistics: pageStatistics(header.field_5.field_5)
		},
		index_page_header: header.field_6,
		dictionary_page_header: header.field_7 && {
			num_values: header.field_7.field_1,
			encoding: Encodings[header.field_7.field_2],
			is_sorted: header.field_7.field_3
		},
		data_page_header_v2: header.field_8 && {
			num_values: header.field_8.field_1,
			num_nulls: header.field_8.field_2,
			num_rows: header.field_8.field_3,
			encoding: Encodings[header.field_8.field_4],
			definition_levels_byte_length: header.field_8.field_5,
			repetition_levels_byte_length: header.field_8.field_6,
			is_compressed: header.field_8.field_7 === void 0 ? true : header.field_8.field_7,
			statistics: pageStatistics(header.field_8.field_8)
		}
	};
}
/**
* @param {any} stats thrift Statistics struct
* @returns {Statistics | undefined}
*/
function pageStatistics(stats) {
	return stats && {
		max: stats.field_1,
		min: stats.field_2,
		null_count: stats.field_3,
		distinct_count: stats.field_4,
		max_value: stats.field_5,
		min_value: stats.field_6,
		is_max_value_exact: stats.field_7,
		is_min_value_exact: stats.field_8
	};
}
// node_modules/hyparquet/src/geoparquet.js
/**
* @param {SchemaElement[]} schema
* @param {KeyValue[] | undefined} key_value_metadata
* @returns {void}
*/
function markGeoColumns(schema, key_value_metadata) {
	/** @type {Map<string, LogicalType>} */
	const columns = /* @__PURE__ */ new Map();
	const geo = key_value_metadata?.find(({ key }) => key === "geo")?.value;
	const decodedColumns = (geo && JSON.parse(geo)?.columns) ?? {};
	for (const [name, column] of Object.entries(decodedColumns)) {
		if (column.encoding !== "WKB") continue;
		const type = column.edges === "spherical" ? "GEOGRAPHY" : "GEOMETRY";
		const id = column.crs?.id ?? column.crs?.ids?.[0];
		const crs = id ? `${id.authority}:${id.code.toString()}` : void 0;
		columns.set(name, {
			type,
			crs
		});
	}
	for (let i = 1; i < schema.length; i++) {
		const { logical_type, name, num_children, type } = schema[i];
		if (num_children) {
			i += num_children;
			continue;
		}
		if (type === "BYTE_ARRAY" && !logical_type) schema[i].logical_type = columns.get(name);
	}
}
/**
* @import {KeyValue, LogicalType, SchemaElement} from '../src/types.js'
*/
// node_modules/hyparquet/src/metadata.js
const decoder = new TextDecoder();
function decode(value) {
	return value && decoder.decode(value);
}
/**
* Read parquet metadata from a buffer synchronously.
*
* @param {ArrayBuffer | Uint8Array} arrayBuffer parquet file footer
* @param {MetadataOptions} options metadata parsing options
* @returns {FileMetaData} parquet metadata object
*/
function parquetMetadata(arrayBuffer, { parsers, geoparquet = true } = {}) {
	let view;
	if (arrayBuffer instanceof ArrayBuffer) view = new DataView(arrayBuffer);
	else if (arrayBuffer instanceof Uint8Array) view = new DataView(arrayBuffer.buffer, arrayBuffer.byteOffset, arrayBuffer.byteLength);
	else throw new Error("parquet expected ArrayBuffer or Uint8Array");
	const allParsers = {
		...DEFAULT_PARSERS,
		...parsers
	};
	if (view.byteLength < 8) throw new Error("parquet file is too short");
	if (view.getUint32(view.byteLength - 4, true) !== 827474256) throw new Error("parquet file invalid (footer != PAR1)");
	const metadataLengthOffset = view.byteLength - 8;
	const metadataLength = view.getUint32(metadataLengthOffset, true);
	if (metadataLength > view.byteLength - 8) throw new Error(`parquet metadata length ${metadataLength} exceeds available buffer ${view.byteLength - 8}`);
	const metadataOffset = metadataLengthOffset - metadataLength;
	const metadata = deserializeTCompactProtocol({
		view,
		offset: metadataOffset
	});
	const version = metadata.field_1;
	/** @type {SchemaElement[]} */
	const schema = metadata.field_2.map((field) => ({
		type: ParquetTypes[field.field_1],
		type_length: field.field_2,
		repetition_type: FieldRepetitionTypes[field.field_3],
		name: decode(field.field_4),
		num_children: field.field_5,
		converted_type: ConvertedTypes[field.field_6],
		scale: field.field_7,
		precision: field.field_8,
		field_id: field.field_9,
		logical_type: logicalType(field.field_10)
	}));
	const columnSchema = schema.filter((e) => e.type);
	const num_rows = metadata.field_3;
	const row_groups = metadata.field_4.map((rowGroup) => ({
		columns: rowGroup.field_1.map((column, columnIndex) => ({
			file_path: decode(column.field_1),
			file_offset: column.field_2,
			meta_data: column.field_3 && {
				type: ParquetTypes[column.field_3.field_1],
				encodings: column.field_3.field_2?.map((e) => Encodings[e]),
				path_in_schema: column.field_3.field_3.map(decode),
				codec: CompressionCodecs[column.field_3.field_4],
				num_values: column.field_3.field_5,
				total_uncompressed_size: column.field_3.field_6,
				total_compressed_size: column.field_3.field_7,
				key_value_metadata: column.field_3.field_8?.map((kv) => ({
					key: decode(kv.field_1),
					value: decode(kv.field_2)
				})),
				data_page_offset: column.field_3.field_9,
				index_page_offset: column.field_3.field_10,
				dictionary_page_offset: column.field_3.field_11,
				statistics: convertStats(column.field_3.field_12, columnSchema[columnIndex], allParsers),
				encoding_stats: column.field_3.field_13?.map((encodingStat) => ({
					page_type: PageTypes[encodingStat.field_1],
					encoding: Encodings[encodingStat.field_2],
					count: encodingStat.field_3
				})),
				bloom_filter_offset: column.field_3.field_14,
				bloom_filter_length: column.field_3.field_15,
				size_statistics: column.field_3.field_16 && {
					unencoded_byte_array_data_bytes: column.field_3.field_16.field_1,
					repetition_level_histogram: column.field_3.field_16.field_2,
					definition_level_histogram: column.field_3.field_16.field_3
				},
				geospatial_statistics: column.field_3.field_17 && {
					bbox: column.field_3.field_17.field_1 && {
						xmin: column.field_3.field_17.field_1.field_1,
						xmax: column.field_3.field_17.field_1.field_2,
						ymin: column.field_3.field_17.field_1.field_3,
						ymax: column.field_3.field_17.field_1.field_4,
						zmin: column.field_3.field_17.field_1.field_5,
						zmax: column.field_3.field_17.field_1.field_6,
						mmin: column.field_3.field_17.field_1.field_7,
						mmax: column.field_3.field_17.field_1.field_8
					},
					geospatial_types: column.field_3.field_17.field_2
				}
			},
			offset_index_offset: column.field_4,
			offset_index_length: column.field_5,
			column_index_offset: column.field_6,
			column_index_length: column.field_7,
			crypto_metadata: column.field_8,
			encrypted_column_metadata: column.field_9
		})),
		total_byte_size: rowGroup.field_2,
		num_rows: rowGroup.field_3,
		sorting_columns: rowGroup.field_4?.map((sortingColumn) => ({
			column_idx: sortingColumn.field_1,
			descending: sortingColumn.field_2,
			nulls_first: sortingColumn.field_3
		})),
		file_offset: rowGroup.field_5,
		total_compressed_size: rowGroup.field_6,
		ordinal: rowGroup.field_7
	}));
	/** @type {KeyValue[] | undefined} */
	const key_value_metadata = metadata.field_5?.map((kv) => ({
		key: decode(kv.field_1),
		value: decode(kv.field_2)
	}));
	const created_by = decode(metadata.field_6);
	if (geoparquet) markGeoColumns(schema, key_value_metadata);
	return {
		version,
		schema,
		num_rows,
		row_groups,
		key_value_metadata,
		created_by,
		metadata_length: metadataLength
	};
}
/**
* @param {any} logicalType
* @returns {LogicalType | undefined}
*/
function logicalType(logicalType) {
	if (logicalType?.field_1) return { type: "STRING" };
	if (logicalType?.field_2) return { type: "MAP" };
	if (logicalType?.field_3) return { type: "LIST" };
	if (logicalType?.field_4) return { type: "ENUM" };
	if (logicalType?.field_5) return {
		type: "DECIMAL",
		scale: logicalType.field_5.field_1,
		precision: logicalType.field_5.field_2
	};
	if (logicalType?.field_6) return { type: "DATE" };
	if (logicalType?.field_7) return {
		type: "TIME",
		isAdjustedToUTC: logicalType.field_7.field_1,
		unit: timeUnit$1(logicalType.field_7.field_2)
	};
	if (logicalType?.field_8) return {
		type: "TIMESTAMP",
		isAdjustedToUTC: logicalType.field_8.field_1,
		unit: timeUnit$1(logicalType.field_8.field_2)
	};
	if (logicalType?.field_10) return {
		type: "INTEGER",
		bitWidth: logicalType.field_10.field_1,
		isSigned: logicalType.field_10.field_2
	};
	if (logicalType?.field_11) return { type: "NULL" };
	if (logicalType?.field_12) return { type: "JSON" };
	if (logicalType?.field_13) return { type: "BSON" };
	if (logicalType?.field_14) return { type: "UUID" };
	if (logicalType?.field_15) return { type: "FLOAT16" };
	if (logicalType?.field_16) return {
		type: "VARIANT",
		specification_version: logicalType.field_16.field_1
	};
	if (logicalType?.field_17) return {
		type: "GEOMETRY",
		crs: decode(logicalType.field_17.field_1)
	};
	if (logicalType?.field_18) return {
		type: "GEOGRAPHY",
		crs: decode(logicalType.field_18.field_1),
		algorithm: EdgeInterpolationAlgorithms[logicalType.field_18.field_2]
	};
	return logicalType;
}
/**
* @param {any} unit
* @returns {TimeUnit}
*/
function timeUnit$1(unit) {
	if (unit.field_1) return "MILLIS";
	if (unit.field_2) return "MICROS";
	if (unit.field_3) return "NANOS";
	throw new Error("parquet time unit required");
}
/**
* Convert column statistics based on column type.
*
* @param {any} stats
* @param {SchemaElement} schema
* @param {ParquetParsers} parsers
* @returns {Statistics}
*/
function convertStats(stats, schema, parsers) {
	return stats && {
		max: convertMetadata(stats.field_1, schema, parsers),
		min: convertMetadata(stats.field_2, schema, parsers),
		null_count: stats.field_3,
		distinct_count: stats.field_4,
		max_value: convertMetadata(stats.field_5, schema, parsers),
		min_value: convertMetadata(stats.field_6, schema, parsers),
		is_max_value_exact: stats.field_7,
		is_min_value_exact: stats.field_8
	};
}
/**
* @param {Uint8Array | undefined} value
* @param {SchemaElement} schema
* @param {ParquetParsers} parsers
* @returns {MinMaxType | undefined}
*/
function convertMetadata(value, schema, parsers) {
	const { type, converted_type, logical_type } = schema;
	if (value === void 0) return value;
	if (type === "BOOLEAN") return value[0] === 1;
	if (type === "BYTE_ARRAY") return parsers.stringFromBytes(value);
	const view = new DataView(value.buffer, value.byteOffset, value.byteLength);
	if (type === "FLOAT" && view.byteLength === 4) return view.getFloat32(0, true);
	if (type === "DOUBLE" && view.byteLength === 8) return view.getFloat64(0, true);
	if (type === "INT32" && converted_type === "DECIMAL" && view.byteLength === 4) return view.getInt32(0, true) * 10 ** -(schema.scale || 0);
	if (type === "INT64" && converted_type === "DECIMAL" && view.byteLength === 8) return Number(view.getBigInt64(0, true)) * 10 ** -(schema.scale || 0);
	if (type === "INT32" && converted_type === "DATE") return parsers.dateFromDays(view.getInt32(0, true));
	if (type === "INT64" && converted_type === "TIMESTAMP_MILLIS") return parsers.timestampFromMilliseconds(view.getBigInt64(0, true));
	if (type === "INT64" && converted_type === "TIMESTAMP_MICROS") return parsers.timestampFromMicroseconds(view.getBigInt64(0, true));
	if (type === "INT64" && logical_type?.type === "TIMESTAMP" && logical_type?.unit === "NANOS") return parsers.timestampFromNanoseconds(view.getBigInt64(0, true));
	if (type === "INT64" && logical_type?.type === "TIMESTAMP" && logical_type?.unit === "MICROS") return parsers.timestampFromMicroseconds(view.getBigInt64(0, true));
	if (type === "INT64" && logical_type?.type === "TIMESTAMP") return parsers.timestampFromMilliseconds(view.getBigInt64(0, true));
	const unsigned = converted_type?.startsWith("UINT_") || logical_type?.type === "INTEGER" && !logical_type.isSigned;
	if (type === "INT32" && unsigned && view.byteLength === 4) return view.getUint32(0, true);
	if (type === "INT64" && unsigned && view.byteLength === 8) return view.getBigUint64(0, true);
	if (type === "INT32" && view.byteLength === 4) return view.getInt32(0, true);
	if (type === "INT64" && view.byteLength === 8) return view.getBigInt64(0, true);
	if (converted_type === "DECIMAL") return parseDecimal(value) * 10 ** -(schema.scale || 0);
	if (logical_type?.type === "FLOAT16") return parseFloat16(value);
	if (logical_type?.type === "UUID") return parsers.uuidFromBytes(value);
	if (type === "FIXED_LEN_BYTE_ARRAY") return value;
	return value;
}
// src/datasets/block-table.ts
/** What is known of a table whose cells lie on the disk. */
const blockFacts = object({
	columns: list(text()),
	counted: oneOf("line", "row"),
	/** Of each block its rows, its first segment, and how many columns it has: those that come later have none there. */
	blocks: list(object({
		count: whole,
		first: whole,
		width: whole
	})),
	/** Of columns that cannot be read, why. */
	unreadable: list(object({
		place: whole,
		problem: text(),
		hint: optional(text())
	})),
	/** The first whole number of a column that a double does not hold. */
	inexact: list(object({
		place: whole,
		row: whole,
		value: text()
	}))
});
/** A table whose cells lie on the disk, of which some segments are in memory: those that were asked for last. */
var BlockTable = class {
	name;
	files;
	decimal;
	columns;
	commas = /* @__PURE__ */ new Set();
	count;
	counted;
	given;
	places;
	/** The first row of each block, and the end of all. */
	firsts;
	/** By block and column, the one that was asked for last behind the others. */
	held = /* @__PURE__ */ new Map();
	taken = 0;
	lines;
	last = 0;
	constructor(given) {
		const { file, store, decimal } = given;
		const { columns, counted, blocks } = store.facts;
		[this.given, this.name, this.files, this.decimal] = [
			given,
			file.name,
			[file],
			decimal
		];
		[this.columns, this.counted] = [columns, counted];
		this.places = new Map(columns.map((column, at) => [column, at]));
		this.firsts = new Float64Array(blocks.length + 1);
		for (const [k, { count }] of blocks.entries()) this.firsts[k + 1] = this.firsts[k] + count;
		this.count = this.firsts[blocks.length];
	}
	get memory() {
		return this.given.store.memory + this.given.room;
	}
	placeOf(column) {
		return this.places.get(column);
	}
	unreadable(column) {
		const place = this.places.get(column);
		const found = this.given.store.facts.unreadable.find((one) => one.place === place);
		return found && failure("unreadable-column", found.problem, found.hint);
	}
	cell(row, place) {
		const k = this.blockOf(row);
		return this.segment(k, place).textAt(row - this.firsts[k]);
	}
	sampleAt(row) {
		const number = this.numberOf(row);
		return {
			file: this.name,
			...this.counted === "line" ? { line: number } : { sample: number }
		};
	}
	spotOf(row) {
		return `${this.counted} ${this.numberOf(row)}`;
	}
	numbers() {
		if (this.counted === "row") return Uint32Array.from({ length: this.count }, (_, row) => row + 1);
		const numbers = new Uint32Array(this.count);
		for (const k of this.given.store.facts.blocks.keys()) numbers.set(this.linesOf(k), this.firsts[k]);
		return numbers;
	}
	*startColumn(place) {
		this.proveExact(place);
		const values = new Float64Array(this.count);
		const decimal = this.decimal ?? ".";
		let read = 0;
		for (const k of this.given.store.facts.blocks.keys()) {
			yield;
			const [from, to] = [this.firsts[k], this.firsts[k + 1]];
			read = this.readPlain(values, place, {
				from,
				to,
				decimal
			});
			if (read < to) break;
		}
		return {
			values,
			read
		};
	}
	readPlain(values, place, { from, to, decimal }) {
		for (let row = from; row < to;) {
			const k = this.blockOf(row);
			const [first, end] = [this.firsts[k], Math.min(to, this.firsts[k + 1])];
			const rows = {
				from: row - first,
				to: end - first,
				decimal
			};
			row = first + this.segment(k, place).readPlain(values.subarray(first), rows);
			if (row < end) return row;
		}
		return to;
	}
	readWhole(values, place) {
		this.proveExact(place);
		if (this.commas.has(this.columns[place])) return false;
		return this.readPlain(values, place, {
			from: 0,
			to: this.count,
			decimal: this.decimal ?? "."
		}) === this.count;
	}
	shows(row, place, decimal) {
		const k = this.blockOf(row);
		return this.segment(k, place).shows(row - this.firsts[k], decimal);
	}
	reader(place, read) {
		let [block, of] = [-1, () => void 0];
		return (row) => {
			const k = this.blockOf(row);
			if (k !== block) [block, of] = [k, this.segment(k, place).reader(read)];
			return of(row - this.firsts[k]);
		};
	}
	segment(block, place) {
		const key = block * this.columns.length + place;
		const known = this.held.get(key);
		if (known !== void 0) {
			this.held.delete(key);
			this.held.set(key, known);
			return known;
		}
		const { store, decode, room } = this.given;
		const { count, first, width } = store.facts.blocks[block];
		const made = decode(place < width ? store.read(first + 1 + place) : void 0, count);
		this.taken += made.memory;
		for (const [other, { memory }] of this.held) {
			if (this.taken <= room) break;
			this.held.delete(other);
			this.taken -= memory;
		}
		this.held.set(key, made);
		return made;
	}
	numberOf(row) {
		if (this.counted === "row") return row + 1;
		const k = this.blockOf(row);
		return this.linesOf(k)[row - this.firsts[k]];
	}
	linesOf(block) {
		if (this.lines?.block !== block) this.lines = {
			block,
			of: new Uint32Array(this.given.store.read(this.given.store.facts.blocks[block].first).buffer)
		};
		return this.lines.of;
	}
	/** @throws UserError where a column has numbers that a double does not hold */
	proveExact(place) {
		const found = this.given.store.facts.inexact.find((one) => one.place === place);
		if (found !== void 0) throw inexact(this, found.row, found.value, this.columns[place]);
	}
	/** Rows are mostly asked for one after the other. */
	blockOf(row) {
		const { firsts } = this;
		if (row < firsts[this.last] || row >= firsts[this.last + 1]) this.last = blockAt(firsts, row);
		return this.last;
	}
};
/** The block that a row is in. @param firsts the first row of each */
function blockAt(firsts, row) {
	let [low, high] = [0, firsts.length - 1];
	while (high - low > 1) {
		const middle = low + high >> 1;
		if (firsts[middle] <= row) low = middle;
		else high = middle;
	}
	return low;
}
/** That a column has a whole number that a double does not hold. */
function inexact(table, row, value, column) {
	return failure("number-not-exact", `${table.name}, ${table.spotOf(row)}: ${shorten(column)} is ${value}, beyond the 2^53 up to which whole numbers are exact`, "An identifier is nothing to learn from: leave it out of `features`. Write a quantity as a float.");
}
// src/datasets/cell-store.ts
/** Bytes of a SHA-256 that prove a segment: chance has no part in it. */
const proofBytes = 16;
/** Three sizes and a SHA-256. */
const tailBytes = 56;
/** Bytes of facts: names of columns, and how many rows there are in each block. */
const mostFacts = 256e6;
/** Bytes that are written at a time. */
const chunk = 1 << 20;
/** Where cells are kept, below the folder one works in. @throws UserError where it would lead elsewhere */
const cellsFolder = () => ownFolder(".", ".layerline", "packed");
const cellsPath = (folder, key) => join(folder, `${key}.cells`);
/** What stands for the cells of a file. @param made what they are made of and how, as JSON has it */
function keyOfCells(made) {
	return createHash("sha256").update(JSON.stringify([
		"cells",
		made,
		codeHash()
	])).digest("hex");
}
/** Writes cells, segment by segment. */
var CellWriter = class {
	folder;
	key;
	aside;
	file;
	ends = [];
	proofs = [];
	waiting = [];
	bytes = 0;
	length = 0;
	/** @throws UserError where nothing can be written there */
	constructor(folder, key) {
		[this.folder, this.key, this.aside] = [
			folder,
			key,
			join(folder, besideName(key))
		];
		this.file = this.inFolder(() => {
			makeFolder(folder);
			return openSync(this.aside, "wx");
		});
	}
	/** Segments that were added. */
	get count() {
		return this.ends.length;
	}
	/** @param segment is its own until the file ends @throws UserError where the disk is full */
	add(segment) {
		this.length += segment.length;
		this.ends.push(this.length);
		this.proofs.push(proofOf(segment));
		this.waiting.push(segment);
		this.bytes += segment.length;
		if (this.bytes >= chunk) this.flush();
	}
	/** Nothing follows. @throws UserError as add */
	end(facts) {
		const parts = [
			bytesOf(Float64Array.from(this.ends)),
			Buffer.concat(this.proofs),
			Buffer.from(JSON.stringify(facts))
		];
		const tail = Buffer.concat([...parts, bytesOf(Float64Array.from(parts, ({ length }) => length))]);
		this.waiting.push(tail, createHash("sha256").update(tail).digest());
		this.flush();
		this.inFolder(() => {
			fsyncSync(this.file);
			renameSync(this.aside, cellsPath(this.folder, this.key));
		});
	}
	/** Whether it ended or not: takes away what was written aside. */
	close() {
		closeSync(this.file);
		rmSync(this.aside, { force: true });
	}
	flush() {
		const bytes = Buffer.concat(this.waiting);
		[this.waiting, this.bytes] = [[], 0];
		this.inFolder(() => {
			for (let done = 0; done < bytes.length;) done += writeSync(this.file, bytes, done);
		});
	}
	inFolder(work) {
		try {
			return work();
		} catch (error) {
			if (error instanceof UserError || error.code === void 0) throw error;
			throw failure("data-not-packed", `a table is larger than \`data.memory\` allows, and its cells cannot be kept in ${this.folder}: ` + error.message, "Make room there (`pipeline clean` removes what can be made again), or raise `data.memory`.", error);
		}
	}
};
/** A file stays open as long as anything reads of it: what `pipeline clean` removes can be read to its end then. */
const unused = new FinalizationRegistry(closeSync);
/** Cells that are kept. */
var CellStore = class CellStore {
	facts;
	path;
	file;
	ends;
	proofs;
	/** 1 for each segment that was proven: the file is this process' own view of it since. */
	proven;
	constructor(path, file, [ends, proofs, facts]) {
		[this.path, this.file, this.ends, this.proofs, this.facts] = [
			path,
			file,
			ends,
			proofs,
			facts
		];
		this.proven = new Uint8Array(ends.length);
		unused.register(this, file);
	}
	/** What is kept; undefined where there is nothing, or what there is, is damaged: it is made anew then. */
	static open(folder, key, form) {
		const path = cellsPath(folder, key);
		let file;
		try {
			file = openFile(path);
		} catch (error) {
			if (error.code === void 0) throw error;
			return;
		}
		const found = indexOf(file, form);
		if (found === void 0) {
			closeSync(file);
			return;
		}
		touch(path);
		return new CellStore(path, file, found);
	}
	/** Bytes that it takes in memory. */
	get memory() {
		return this.ends.byteLength + this.proofs.byteLength + this.proven.byteLength;
	}
	/** A segment, from byte 0 of its buffer. @throws UserError where it is not what was written */
	read(segment) {
		const from = segment === 0 ? 0 : this.ends[segment - 1];
		const bytes = readExactly(this.file, from, this.ends[segment] - from);
		const proof = this.proofs.subarray(segment * proofBytes, (segment + 1) * proofBytes);
		if (bytes === void 0 || this.proven[segment] === 0 && proofOf(bytes).compare(proof) !== 0) throw this.damaged();
		this.proven[segment] = 1;
		return bytes;
	}
	damaged() {
		try {
			rmSync(this.path, { force: true });
		} catch {}
		return failure("packed-data-damaged", `a part of ${this.path} is not what was written`, "Run the file again: the table is read anew. Where that happens more than once, look at the disk.");
	}
};
function indexOf(file, form) {
	const { size } = fstatSync(file);
	const tail = readExactly(file, size - tailBytes, tailBytes);
	if (tail === void 0) return void 0;
	const lengths = new Float64Array(tail.buffer, 0, 3);
	const total = lengths.reduce((sum, length) => sum + length, 0);
	const fits = lengths.every((length) => Number.isInteger(length) && length >= 0) && total <= size - tailBytes;
	const [ends = 0, proofs = 0, facts = 0] = lengths;
	if (!fits || facts > mostFacts || ends % 8 !== 0 || proofs !== ends / 8 * proofBytes) return void 0;
	const bytes = readExactly(file, size - tailBytes - total, total);
	if (bytes === void 0) return void 0;
	if (createHash("sha256").update(bytes).update(tail.subarray(0, 24)).digest().compare(tail.subarray(24)) !== 0) return void 0;
	const said = JSON.parse(Buffer.from(bytes.buffer, ends + proofs, facts).toString());
	const places = new Float64Array(bytes.buffer, 0, ends / 8);
	if (!hasForm(form, said) || (places.at(-1) ?? 0) !== size - tailBytes - total) return void 0;
	return [
		places,
		bytes.subarray(ends, ends + proofs),
		said
	];
}
/** Bytes from a place of a file on; undefined where it has not as many. */
function readExactly(file, from, length) {
	if (from < 0) return void 0;
	const bytes = new Uint8Array(length);
	for (let done = 0; done < length;) {
		const read = readSync(file, bytes, done, length - done, from + done);
		if (read === 0) return void 0;
		done += read;
	}
	return bytes;
}
const proofOf = (bytes) => createHash("sha256").update(bytes).digest().subarray(0, proofBytes);
const bytesOf = (values) => new Uint8Array(values.buffer);
// src/datasets/number-parts.ts
/** The numbers of a column, part after part, in the bytes that each part needs. */
var NumberParts = class {
	parts = [];
	/** The first row of each part, and the end of all. */
	firsts = [0];
	last = 0;
	get count() {
		return this.firsts.at(-1);
	}
	/** Bytes that they take; what parts have in common counts once. */
	get memory() {
		let [bytes, before] = [0, /* @__PURE__ */ new ArrayBuffer()];
		for (const { values, indices } of this.parts) {
			bytes += indices?.byteLength ?? 0;
			if (values.buffer !== before) bytes += values.byteLength;
			before = values.buffer;
		}
		return bytes;
	}
	add(part) {
		this.parts.push(part);
		this.firsts.push(this.count + (part.indices ?? part.values).length);
	}
	at(row) {
		const k = this.partOf(row);
		const { values, indices } = this.parts[k];
		const place = row - this.firsts[k];
		return values[indices === void 0 ? place : indices[place]];
	}
	/**
	* Reads numbers into values, by their rows.
	*
	* @returns the first row whose number is none of float32, or where it was to end
	*/
	read(values, from, to) {
		for (let row = from; row < to;) {
			const k = this.partOf(row);
			const end = Math.min(to, this.firsts[k + 1]);
			row = readPart(this.parts[k], values, this.firsts[k], {
				from: row,
				to: end
			});
			if (row < end) return row;
		}
		return to;
	}
	/** Rows are mostly asked for one after the other. */
	partOf(row) {
		if (row < this.firsts[this.last]) this.last = 0;
		while (row >= this.firsts[this.last + 1]) this.last++;
		return this.last;
	}
};
function readPart({ values, indices }, into, first, { from, to }) {
	for (let row = from; row < to; row++) {
		const value = values[indices === void 0 ? row - first : indices[row - first]];
		if (!Number.isFinite(Math.fround(value))) return row;
		into[row] = value;
	}
	return to;
}
// src/datasets/column-table.ts
/** What a code of a cell says: that it holds a number, or nothing; others are texts, by their places. */
const [isNumber, isMissing, firstText] = [
	0,
	1,
	2
];
/** Bytes that a table may take in memory: what a few bytes of a file promise may be far more. */
const mostBytes = 2e9;
/** Two lengths, before the cells of a column in bytes. */
const bytesOfCount = 8;
/** A column of a typed format: its cells are numbers, or texts of which each is held once. */
var TypedColumn = class TypedColumn {
	name;
	values = /* @__PURE__ */ new Float64Array(64);
	/** All cells, as long as each is one of many numbers that came together. */
	parts = new NumberParts();
	codes;
	texts = [];
	known = /* @__PURE__ */ new Map();
	length = 0;
	characters = 0;
	problem;
	large;
	constructor(name) {
		this.name = name;
	}
	/** Bytes that it takes. */
	get memory() {
		return (this.parts?.memory ?? 0) + this.values.byteLength + (this.codes?.byteLength ?? 0) + 2 * this.characters + 100 * this.texts.length;
	}
	/** Adds numbers, none of which is NaN. */
	addNumbers(part) {
		if (this.parts === void 0) {
			const numbers = new NumberParts();
			numbers.add(part);
			for (let row = 0; row < numbers.count; row++) this.add(numbers.at(row));
			return;
		}
		this.parts.add(part);
		this.length = this.parts.count;
	}
	add(cell) {
		if (this.parts !== void 0) this.takeApart(this.parts);
		const row = this.length++;
		if (row === this.values.length) this.enlarge(2 * row);
		if (typeof cell === "number" && !Number.isNaN(cell)) this.values[row] = cell;
		else this.addOther(row, cell);
	}
	/** Adds an empty cell in place of one that holds neither a number nor a text. @param because told where it is read */
	refuse(because) {
		this.problem ??= because;
		this.add(void 0);
	}
	/** Why it cannot be read, where a cell was refused. */
	get unreadable() {
		return this.problem;
	}
	/** Adds cells without a value until it has that many. */
	fillUp(count) {
		while (this.length < count) this.add(void 0);
	}
	/** Nothing follows: it has that many cells, and gives back room that nothing was written to. */
	end(count) {
		this.fillUp(count);
		if (this.parts !== void 0) return;
		this.values = this.values.slice(0, this.length);
		this.codes &&= this.codes.slice(0, this.length);
		this.known.clear();
	}
	textAt(row) {
		const code = this.codes?.[row] ?? isNumber;
		if (code === isNumber) return String(this.parts === void 0 ? this.values[row] : this.parts.at(row));
		return code === isMissing ? "" : this.texts[code - firstText];
	}
	/** Its numbers, to be read into: those that are read by readPlain may be 0 until then. */
	copy() {
		return this.parts === void 0 ? this.values.slice() : new Float64Array(this.length);
	}
	/** As readPlain of a table. */
	readPlain(values, { from, to }) {
		const { values: own, codes, parts } = this;
		if (parts !== void 0) return parts.read(values, from, to);
		let row = from;
		for (; row < to; row++) {
			const value = own[row];
			if (codes !== void 0 && codes[row] !== isNumber || !Number.isFinite(Math.fround(value))) break;
			values[row] = value;
		}
		return row;
	}
	shows() {
		return false;
	}
	reader(read) {
		const seen = [];
		return (row) => {
			const code = this.codes?.[row] ?? isNumber;
			if (code < firstText) return read(this.textAt(row));
			return seen[code] ??= read(this.textAt(row).trim());
		};
	}
	/** The first number that a double does not hold, and its row. */
	get tooLarge() {
		return this.large;
	}
	/** All cells, once it has ended, for `ofBytes`. */
	get bytes() {
		const { parts, codes, length } = this;
		const values = parts === void 0 ? this.values : Float64Array.from({ length }, (_, row) => parts.at(row));
		const texts = Buffer.from(JSON.stringify(this.texts));
		const numbers = [
			Uint32Array.of(length, codes === void 0 ? 0 : length),
			values,
			codes ?? /* @__PURE__ */ new Uint32Array()
		];
		return Buffer.concat([...numbers.map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength)), texts]);
	}
	/** A column of what `bytes` gave. @param bytes of a buffer of their own */
	static ofBytes(name, { buffer, length: end }) {
		const column = new TypedColumn(name);
		const [length = 0, coded = 0] = new Uint32Array(buffer, 0, 2);
		const texts = bytesOfCount + length * 8 + coded * 4;
		column.parts = void 0;
		column.length = length;
		column.values = new Float64Array(buffer, bytesOfCount, length);
		column.codes = coded === 0 ? void 0 : new Uint32Array(buffer, bytesOfCount + length * 8, coded);
		for (const text of JSON.parse(Buffer.from(buffer, texts, end - texts).toString())) {
			column.texts.push(text);
			column.characters += text.length;
		}
		return column;
	}
	/** From here on cells come one by one. */
	takeApart(parts) {
		this.parts = void 0;
		this.length = 0;
		for (let row = 0; row < parts.count; row++) this.add(parts.at(row));
	}
	addOther(row, cell) {
		this.codes ??= new Uint32Array(this.values.length);
		if (typeof cell !== "string" && typeof cell !== "bigint") {
			this.codes[row] = isMissing;
			return;
		}
		if (typeof cell === "bigint") this.large ??= {
			row,
			value: cell
		};
		const text = String(cell);
		let place = this.known.get(text);
		if (place === void 0) {
			place = this.texts.push(text) - 1;
			this.known.set(text, place);
			this.characters += text.length;
		}
		this.codes[row] = place + firstText;
	}
	enlarge(size) {
		const values = new Float64Array(size);
		values.set(this.values);
		this.values = values;
		if (this.codes === void 0) return;
		const codes = new Uint32Array(size);
		codes.set(this.codes);
		this.codes = codes;
	}
};
/** A table of a typed format. */
var ColumnTable = class {
	name;
	files;
	decimal = void 0;
	columns;
	commas = /* @__PURE__ */ new Set();
	count;
	counted;
	typed;
	places;
	lines;
	/** @param lines that rows stand in; left out: they stand in none, and are counted from 1 */
	constructor(file, typed, count, lines) {
		[this.name, this.files, this.typed, this.count, this.lines] = [
			file.name,
			[file],
			typed,
			count,
			lines
		];
		this.counted = lines === void 0 ? "row" : "line";
		this.columns = typed.map(({ name }) => name);
		this.places = new Map(this.columns.map((column, at) => [column, at]));
	}
	get memory() {
		return this.typed.reduce((sum, { memory }) => sum + memory, this.lines?.byteLength ?? 0);
	}
	placeOf(column) {
		return this.places.get(column);
	}
	unreadable(column) {
		const place = this.places.get(column);
		return place === void 0 ? void 0 : this.typed[place].unreadable;
	}
	cell(row, place) {
		return this.typed[place].textAt(row);
	}
	sampleAt(row) {
		const line = this.lines?.[row];
		return {
			file: this.name,
			...line === void 0 ? { sample: row + 1 } : { line }
		};
	}
	spotOf(row) {
		return `${this.counted} ${this.lines?.[row] ?? row + 1}`;
	}
	numbers() {
		return this.lines ?? Uint32Array.from({ length: this.count }, (_, row) => row + 1);
	}
	*startColumn(place) {
		yield;
		const column = this.exact(place);
		const values = column.copy();
		return {
			values,
			read: column.readPlain(values, {
				from: 0,
				to: this.count,
				decimal: "."
			})
		};
	}
	readPlain(values, place, rows) {
		return this.typed[place].readPlain(values, rows);
	}
	readWhole(values, place) {
		return this.exact(place).readPlain(values, {
			from: 0,
			to: this.count,
			decimal: "."
		}) === this.count;
	}
	shows() {
		return false;
	}
	reader(place, read) {
		return this.typed[place].reader(read);
	}
	/** @throws UserError where a column has numbers that a double does not hold */
	exact(place) {
		const column = this.typed[place];
		const { tooLarge } = column;
		if (tooLarge !== void 0) throw inexact(this, tooLarge.row, String(tooLarge.value), column.name);
		return column;
	}
};
/** @throws UserError where a table would have too many columns, or more cells than fit */
function proveCells(name, columns, rows) {
	if (columns > mostColumns) throw failure("too-many-columns", `${name} has more than ${mostColumns} columns`, "A row is a sample, a column one number of each.");
	if (columns * rows * 12 > mostBytes) throw tooMuch(name);
}
/** @throws UserError where the columns take more than a table may */
function proveFits(name, columns) {
	let bytes = 0;
	for (const { memory } of columns) bytes += memory;
	if (bytes > mostBytes) throw tooMuch(name);
}
function tooMuch(name) {
	return failure("data-file-too-large", `${name} would take more than ${mostBytes / 1e9} GB as a table`, "Give a part of it: fewer rows, or only the columns that are used.");
}
// src/datasets/file-blocks.ts
/** Bytes of a file that are in memory together, where a row has no more. */
const blockBytes = 8 << 20;
/** Bytes that a row may have. */
const longestRow = 1 << 28;
/**
* Reads a text block by block, none of which ends within a row.
*
* @param take says how many bytes of a block are whole rows; where it is none, it is shown a larger one
* @param size bytes of a block
* @throws UserError where it is no text in UTF-8, changes meanwhile or has too long a row; what `take` throws
*/
function* inTextBlocks(place, { sha256 }, take, size = blockBytes) {
	const file = opened(place);
	try {
		const hash = createHash("sha256");
		let bytes = Buffer.allocUnsafe(size);
		let [length, isFirst] = [0, true];
		for (let isCut = true; isCut;) {
			yield;
			const read = readSync(file, bytes, length, bytes.length - length, null);
			hash.update(bytes.subarray(length, length + read));
			length += read;
			if (read > 0 && length < bytes.length) continue;
			isCut = read > 0;
			const from = isFirst && isMarked(bytes) ? 3 : 0;
			const taken = from + (yield* take({
				bytes: bytes.subarray(from, length),
				isCut
			}));
			if (!isUtf8(bytes.subarray(from, taken))) provenText(place, file);
			isFirst &&= taken === from;
			if (taken > from) {
				bytes.copyWithin(0, taken, length);
				length -= taken;
			} else if (isCut && length === bytes.length) {
				if (2 * bytes.length > longestRow) throw tooLong(nameOf(place), longestRow);
				bytes = Buffer.concat([bytes], 2 * bytes.length);
			}
		}
		if (hash.digest("hex") !== sha256) throw changed(place);
		if (readPart$1(file, 0, 65536).includes(0)) provenText(place, file);
	} catch (error) {
		if (error instanceof UserError) provenText(place, file);
		throw error;
	} finally {
		closeSync(file);
	}
}
/** The file as messages and records know it, of which no more than a megabyte is in memory. @throws UserError */
function* fileOf(place) {
	try {
		const sha256 = yield* hashFile(place.path);
		proveHash(place, sha256);
		const file = openFile(place.path);
		try {
			return {
				name: nameOf(place),
				sha256,
				bytes: fstatSync(file).size
			};
		} finally {
			closeSync(file);
		}
	} catch (error) {
		throw explainUnread(place, error);
	}
}
/** Bytes in memory of a table for each of its file, with where its cells begin. */
const bytesOfByte = 3;
/** As sizeOf of a format of tables, of texts: what gzip has packed is read as a whole. */
function sizeOfText({ path }) {
	try {
		const file = openFile(path);
		try {
			if (isPacked(readPart$1(file, 0, 2))) return 0;
			const { size } = fstatSync(file);
			return size > 256e6 ? Infinity : bytesOfByte * size;
		} finally {
			closeSync(file);
		}
	} catch {
		return 0;
	}
}
/** That a file is no longer what it was a moment ago. */
const changed = (place) => failure("data-changed-meanwhile", `${place.path} changed while it was read`, "Run the file again when nothing writes there any more.");
function tooLong(name, most) {
	return failure("data-file-too-large", `${name} has a row of more than ${showBytes(most)}`, "Is a quote that opens a cell closed, and has the file line ends?");
}
function opened(place) {
	try {
		return openFile(place.path);
	} catch (error) {
		throw explainUnread(place, error);
	}
}
function provenText(place, file) {
	const length = fstatSync(file).size;
	proveParts(place, {
		length,
		part: (from, to) => readPart$1(file, from, to - from)
	});
}
// src/datasets/json-lines.ts
const lineFeed$1 = 10;
/**
* Reads lines of JSON.
*
* @param lists columns whose cells may be lists
* @throws UserError where one is no object of values alone
*/
function* parseLines({ place, bytes, file }, lists) {
	const rows = new LineRows(file.name, lists);
	yield* rows.take(bytes.subarray(proveText(place, bytes)));
	const { columns, lines } = rows.end();
	if (lines.length === 0) throw noRows(file.name);
	return new ColumnTable(file, columns, lines.length, lines);
}
/** That a file has no rows. */
const noRows = (name) => failure("no-rows", `${name} has no rows`, "Write one row on each line.");
/** Takes the rows of a file, some lines after others. */
var LineRows = class {
	name;
	lists;
	columns = /* @__PURE__ */ new Map();
	lines = [];
	line = 1;
	/** @param name of the file @param lists columns whose cells may be lists */
	constructor(name, lists) {
		[this.name, this.lists] = [name, lists];
	}
	/** @param bytes whole lines @throws UserError where one is no object of values alone */
	*take(bytes) {
		const { name: file, columns, lists, lines } = this;
		const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
		for (let at = 0; at < text.length; this.line++) {
			const found = text.indexOf(lineFeed$1, at);
			const end = found < 0 ? text.length : found;
			const where = `${file}, line ${this.line}`;
			const row = rowIn(text.toString("utf8", at, end), where);
			at = end + 1;
			if (row === void 0) continue;
			const count = lines.push(this.line);
			for (const [name, value] of Object.entries(row)) {
				let column = columns.get(name);
				if (column === void 0) {
					column = new TypedColumn(name);
					columns.set(name, column);
					proveCells(file, columns.size, count);
				}
				column.fillUp(count - 1);
				if (lists.has(name) && labelsOfList(value) !== void 0) column.add(JSON.stringify(value));
				else if (typeof value === "object" && value !== null) column.refuse(unreadable$1(value, name, where));
				else column.add(cellOf$1(value));
			}
			if (count % 4096 !== 0) continue;
			proveCells(file, columns.size, count);
			proveFits(file, columns.values());
			yield;
		}
	}
	/** The rows since the last end, in columns that stand where they stood before. */
	end() {
		const [columns, lines] = [[...this.columns.values()], Uint32Array.from(this.lines)];
		proveCells(this.name, columns.length, lines.length);
		for (const column of columns) {
			column.end(lines.length);
			this.columns.set(column.name, new TypedColumn(column.name));
		}
		this.lines = [];
		return {
			columns,
			lines
		};
	}
};
/** What a line holds; undefined where it is empty. */
function rowIn(text, where) {
	if (text.trim() === "") return void 0;
	const row = parseLine(text, where);
	if (!isNamed(row)) throw failure("wrong-shape", `${where} is ${kindOf$1(row)}, not an object`, "Write one row on each line, as `{...}`; of a list of rows `jq -c '.[]' FILE` makes such lines.");
	return row;
}
/** A value that is no list and no object, as a cell. */
function cellOf$1(value) {
	if (typeof value === "boolean") return String(value);
	return typeof value === "number" || typeof value === "string" ? value : void 0;
}
const unreadable$1 = (value, name, where) => failure("unreadable-column", `${where}: \`${shorten(name)}\` is ${kindOf$1(value)}, not a number or a text`, `${Array.isArray(value) ? "Lists may be labels to predict (`targets: { NAME: { labels: fromData } }`); give other values columns of their own" : "Give each of its values a column of its own"}, or name in \`features\` what is learnt from without it.`);
// src/datasets/cell-blocks.ts
const lineFeed = 10;
/**
* A CSV file as readCsv gives it, whose cells lie on the disk: column by column of some rows. What an earlier run has
* kept of the same bytes is taken, and the file not read.
*
* @throws UserError as readCsv, and where nothing can be kept
*/
function* csvInBlocks(place, form, how) {
	const { decimal, ...written } = form;
	const file = yield* fileOf(place);
	const store = yield* kept(file, ["csv", written], how, function* (writer) {
		const csv = new CsvBlocks(file.name, form, writer);
		yield* inTextBlocks(place, file, (block) => csv.take(block.bytes, block.isCut), how.size);
		return csv.end();
	});
	const { delimiter } = form;
	const table = new BlockTable({
		file,
		store,
		decimal,
		room: how.room,
		decode: (bytes, count) => segmentOf(file, bytes ?? /* @__PURE__ */ new Uint8Array(), count, {
			delimiter,
			decimal
		})
	});
	proveNoneTwice(table);
	return table;
}
/** Lines of JSON, as csvInBlocks. @param lists columns whose cells may be lists */
function* linesInBlocks(place, lists, how) {
	const file = yield* fileOf(place);
	return typedTable(file, yield* kept(file, ["jsonl", [...lists]], how, function* (writer) {
		const rows = new LineRows(file.name, lists);
		const typed = new TypedBlocks("line", writer);
		yield* inTextBlocks(place, file, function* ({ bytes, isCut }) {
			const taken = isCut ? bytes.lastIndexOf(lineFeed) + 1 : bytes.length;
			yield* rows.take(bytes.subarray(0, taken));
			const { columns, lines } = rows.end();
			if (lines.length > 0) typed.add(columns, lines);
			return taken;
		}, how.size);
		if (typed.count === 0) throw noRows(file.name);
		return typed.facts;
	}), how);
}
/** A table of typed cells that are kept. */
function typedTable(file, store, how) {
	const decode = (bytes, count) => {
		if (bytes !== void 0) return TypedColumn.ofBytes("", bytes);
		const empty = new TypedColumn("");
		empty.end(count);
		return empty;
	};
	return new BlockTable({
		file,
		store,
		decimal: void 0,
		room: how.room,
		decode
	});
}
/**
* Cells that are kept, or are kept now.
*
* @param form what they depend on beside the bytes of the file
* @throws UserError where nothing can be kept; what `write` throws
*/
function* kept({ name, sha256 }, form, { folder = cellsFolder(), size }, write) {
	const key = keyOfCells([
		name,
		sha256,
		form,
		size ?? null
	]);
	const found = CellStore.open(folder, key, blockFacts);
	if (found !== void 0) return found;
	const writer = new CellWriter(folder, key);
	try {
		writer.end(yield* write(writer));
	} finally {
		writer.close();
	}
	const store = CellStore.open(folder, key, blockFacts);
	if (store === void 0) throw new Error("cells that were just kept are not there");
	return store;
}
/** Takes the rows of a CSV file, some after others. */
var CsvBlocks = class {
	name;
	form;
	writer;
	blocks = [];
	names = [];
	lines = 0;
	constructor(name, form, writer) {
		[this.name, this.form, this.writer] = [
			name,
			form,
			writer
		];
	}
	/** @returns how many bytes are whole rows */
	*take(bytes, isCut) {
		const { name, form, lines } = this;
		const scanner = new CellScanner(bytes, form.delimiter);
		const part = {
			isCut,
			lines,
			names: this.names
		};
		const { starts, width, end } = yield* findCells(name, scanner, {
			...form,
			from: 0,
			part
		});
		const isNamed = this.names.length > 0;
		if (!isNamed && form.columns !== void 0) this.names = form.columns;
		else if (!isNamed && width > 0) this.names = Array.from(starts.subarray(0, width), (start) => scanner.textAt(start).trim());
		const rows = isNamed || form.columns !== void 0 ? starts : starts.subarray(width);
		if (rows.length > 0) yield* this.keep(scanner, rows, width);
		this.lines += scanner.lineAt(end) - 1;
		return end;
	}
	/** What is known once nothing follows. @throws UserError where there are no rows */
	end() {
		if (this.blocks.length === 0) throw noRows$1(this.name, this.form);
		return {
			columns: this.names,
			counted: "line",
			blocks: this.blocks,
			unreadable: [],
			inexact: []
		};
	}
	*keep(scanner, starts, width) {
		const { bytes } = scanner;
		const count = starts.length / width;
		this.blocks.push({
			count,
			first: this.writer.count,
			width
		});
		const lines = new Uint32Array(count);
		let [at, line] = [0, this.lines + 1];
		for (let row = 0; row < count; row++) {
			const start = starts[row * width];
			line = scanner.lineAt(start, at, line);
			[at, lines[row]] = [start, line];
		}
		this.writer.add(new Uint8Array(lines.buffer));
		const held = new Uint8Array(bytes.length + count);
		const gap = Buffer.byteLength(this.form.delimiter);
		for (let place = 0; place < width; place++) {
			if (place % 8 === 0) yield;
			let length = 0;
			for (let k = place; k < starts.length; k += width) {
				const start = starts[k];
				const end = place === width - 1 ? scanner.endOf(start) : starts[k + 1] - gap;
				for (let from = start; from < end; from++) held[length++] = bytes[from];
				held[length++] = lineFeed;
			}
			this.writer.add(held.slice(0, length));
		}
	}
};
/** Cells of CSV as they stand in the file, quotes and all, each with a line end behind it. */
function segmentOf(file, bytes, count, { delimiter, decimal }) {
	const scanner = new CellScanner(bytes, delimiter);
	const starts = new Uint32Array(count);
	for (let row = 0, at = 0; row < count; row++) {
		starts[row] = at;
		at = scanner.endOf(at) + 1;
	}
	const table = new CsvTable({
		name: file.name,
		file,
		decimal,
		scanner,
		starts,
		width: 1,
		named: [""]
	});
	return {
		memory: table.memory,
		textAt: (row) => table.cell(row, 0),
		readPlain: (values, rows) => table.readPlain(values, 0, rows),
		shows: (row, mark) => table.shows(row, 0, mark),
		reader: (read) => table.reader(0, read)
	};
}
/** Takes blocks of typed columns. */
var TypedBlocks = class {
	counted;
	writer;
	columns = [];
	blocks = [];
	unreadable = /* @__PURE__ */ new Map();
	inexact = /* @__PURE__ */ new Map();
	count = 0;
	constructor(counted, writer) {
		[this.counted, this.writer] = [counted, writer];
	}
	/** @param columns those of the blocks before, and some more @param lines of the rows, where they have some */
	add(columns, lines) {
		this.begin(lines);
		let width = 0;
		for (const column of columns) this.addColumn(column, width++);
		this.end(lines.length, width);
	}
	/** Begins a block. */
	begin(lines) {
		this.writer.add(new Uint8Array(lines.buffer));
	}
	addColumn(column, place) {
		if (place === this.columns.length) this.columns.push(column.name);
		const problem = column.unreadable?.diagnostics[0];
		if (problem !== void 0 && !this.unreadable.has(place)) {
			const { message, hint } = problem;
			this.unreadable.set(place, {
				place,
				problem: message,
				...hint !== void 0 && { hint }
			});
		}
		const { tooLarge } = column;
		if (tooLarge !== void 0 && !this.inexact.has(place)) this.inexact.set(place, {
			place,
			row: this.count + tooLarge.row,
			value: String(tooLarge.value)
		});
		this.writer.add(column.bytes);
	}
	/** Ends a block of so many rows. */
	end(count, width) {
		this.blocks.push({
			count,
			first: this.writer.count - width - 1,
			width
		});
		this.count += count;
	}
	get facts() {
		return {
			columns: this.columns,
			counted: this.counted,
			blocks: this.blocks,
			unreadable: [...this.unreadable.values()],
			inexact: [...this.inexact.values()]
		};
	}
};
// src/datasets/large-file.ts
/**
* Reads parts of a file that is larger than so many bytes.
*
* @param read is given the open file and its bytes, and need not close it
* @returns undefined of a smaller one, and of one that cannot be opened: reading it as a whole says why
*/
function* inLargeFile(path, bytes, read) {
	let file;
	try {
		file = openFile(path);
	} catch {
		return;
	}
	try {
		const { size } = fstatSync(file);
		return size <= bytes ? void 0 : yield* read(file, size);
	} finally {
		closeSync(file);
	}
}
// src/datasets/parquet-cells.ts
/** How a column is read; an error where its cells are no numbers, texts, dates or truth values. */
function cellReader(element, file) {
	const { type, type_length: length, repetition_type: repetition, num_children: children, name } = element;
	const kind = kindOf(element);
	const nested = repetition === "REPEATED" || children !== void 0 || type === void 0;
	if (nested || unreadable.has(kind)) return failure("unreadable-column", `${file}: the column \`${shorten(name)}\` holds ${nested ? "lists or objects" : kind}, not a number or a text`, "Name in `features` what is learnt from without it, or give each of its values a column of its own.");
	const cell = cellOf(element, kind);
	return {
		type,
		length,
		isOptional: repetition !== "REQUIRED",
		areNumbers: cell === Number || cell === wholeOf,
		cell
	};
}
const unreadable = /* @__PURE__ */ new Set([
	"BSON",
	"INTERVAL",
	"VARIANT",
	"GEOMETRY",
	"GEOGRAPHY",
	"LIST",
	"MAP",
	"MAP_KEY_VALUE"
]);
/** What values mean, by either of the two ways in which a file says so. */
function kindOf({ logical_type: logical, converted_type: converted }) {
	return logical?.type ?? converted ?? "";
}
function cellOf(element, kind) {
	const { type, scale = 0, converted_type: converted } = element;
	const time = timeUnit(element);
	if (time !== void 0) {
		const zone = element.logical_type?.type === "TIMESTAMP" && element.logical_type.isAdjustedToUTC ? "Z" : "";
		return (raw) => `${timeText(bigOf(raw), time)}${zone}`;
	}
	if (kind === "DATE") return (raw) => (/* @__PURE__ */ new Date(Number(raw) * 864e5)).toISOString().slice(0, -14);
	if (kind === "DECIMAL") {
		const digits = element.logical_type?.type === "DECIMAL" ? element.logical_type.scale ?? scale : scale;
		return (raw) => Number(`${raw instanceof Uint8Array ? parseDecimal(raw) : raw}e-${digits}`);
	}
	if (kind === "FLOAT16") return (raw) => parseFloat16(raw);
	if (kind === "UUID") return (raw) => Buffer.from(raw).toString("hex");
	if (type === "INT96") return (raw) => timeText(nanosecondsOf(bigOf(raw)), 9);
	if (type === "BOOLEAN") return String;
	if (type === "INT32" || type === "INT64") {
		const isUnsigned = converted?.startsWith("UINT") === true || element.logical_type?.type === "INTEGER" && !element.logical_type.isSigned;
		const beyond = type === "INT32" ? 2n ** 32n : 2n ** 64n;
		return isUnsigned ? (raw) => wholeOf(Number(raw) < 0 ? beyond + bigOf(raw) : raw) : wholeOf;
	}
	if (type === "FLOAT" || type === "DOUBLE") return Number;
	const decoder = new TextDecoder("utf-8", {
		fatal: true,
		ignoreBOM: true
	});
	return (raw) => decoder.decode(raw);
}
/** Decimals of the seconds that a time is counted in; undefined of what is no time. */
function timeUnit({ logical_type: logical, converted_type: converted }) {
	if (logical?.type === "TIMESTAMP") return {
		MILLIS: 3,
		MICROS: 6,
		NANOS: 9
	}[logical.unit];
	if (converted === "TIMESTAMP_MILLIS") return 3;
	return converted === "TIMESTAMP_MICROS" ? 6 : void 0;
}
/** A point in time as ISO 8601 has it, with decimals where it has some. */
function timeText(count, decimals) {
	const unit = 10n ** BigInt(decimals);
	const rest = (count % unit + unit) % unit;
	const text = (/* @__PURE__ */ new Date(Number((count - rest) / unit) * 1e3)).toISOString().replace(/\.000Z$/, "");
	return rest === 0n ? text : `${text}.${String(rest).padStart(decimals, "0").replace(/0+$/, "")}`;
}
const bigOf = (raw) => typeof raw === "bigint" ? raw : BigInt(Number(raw));
/** Nanoseconds since 1970 of a day (Julian, above) and the nanoseconds of it (64 bits). */
function nanosecondsOf(value) {
	return ((value >> 64n) - 2440588n) * 86400000000000n + (value & 18446744073709551615n);
}
function wholeOf(raw) {
	const value = Number(raw);
	return Number.isSafeInteger(value) ? value : bigOf(raw);
}
// src/datasets/parquet-pages.ts
/** What is thrown of a file that is not as Parquet is. @param problem as what follows `... cannot be read` */
const damaged = (problem) => new Error(problem);
/** Bytes that texts may have which begin as those before do. */
const mostShared = 256e6;
/** The cells of a dictionary. */
function dictionaryOf(bytes, count, reader) {
	const next = plain(bytes, reader);
	return Array.from({ length: Math.min(count, 8 * bytes.length) }, () => reader.cell(next()));
}
/** The cells of a page. @param dictionary of the pages before it */
function* cellsOf(page, reader, dictionary) {
	const { count } = page;
	let [levels, values] = [page.levels, page.bytes];
	if (levels === void 0 && reader.isOptional) {
		const length = viewOf$1(values).getUint32(0, true);
		[levels, values] = [values.subarray(4, 4 + length), values.subarray(4 + length)];
	}
	const present = reader.isOptional ? hybrid(levels ?? values, 1, count) : void 0;
	const some = present === void 0 ? count : present.reduce((sum, level) => sum + level, 0);
	const next = valuesOf({
		bytes: values,
		encoding: page.encoding,
		count: some
	}, reader, dictionary);
	for (let row = 0; row < count; row++) yield present === void 0 || present[row] === 1 ? next() : void 0;
}
/** Gives one value of a page after the other. */
function valuesOf({ bytes, encoding, count }, reader, dictionary) {
	const { type, cell } = reader;
	if (count === 0) return () => void 0;
	if (encoding.endsWith("_DICTIONARY")) {
		const indices = hybrid(bytes.subarray(1), bytes[0], count);
		let at = 0;
		return () => {
			const index = indices[at++];
			if (dictionary === void 0 || index >= dictionary.length) throw damaged("a value of it is in no dictionary");
			return dictionary[index];
		};
	}
	if (encoding === "PLAIN") {
		const next = plain(bytes, reader);
		return () => cell(next());
	}
	if (encoding === "RLE" && type === "BOOLEAN") {
		const flags = hybrid(bytes.subarray(4), 1, count);
		let at = 0;
		return () => cell(flags[at++] === 1);
	}
	const view = {
		view: viewOf$1(bytes),
		offset: 0
	};
	if (encoding === "BYTE_STREAM_SPLIT" && count * ({
		INT32: 4,
		FLOAT: 4,
		INT64: 8,
		DOUBLE: 8
	}[type] ?? Infinity) <= bytes.length) return each(byteStreamSplit(view, count, type, void 0), cell);
	if (encoding === "DELTA_BINARY_PACKED") {
		const numbers = type === "INT32" ? new Int32Array(count) : new BigInt64Array(count);
		deltaBinaryUnpack(view, count, numbers);
		return each(numbers, cell);
	}
	if (encoding === "DELTA_LENGTH_BYTE_ARRAY" || encoding === "DELTA_BYTE_ARRAY") {
		const shared = new Int32Array(count);
		if (encoding === "DELTA_BYTE_ARRAY") deltaBinaryUnpack(view, count, shared);
		const lengths = new Int32Array(count);
		deltaBinaryUnpack(view, count, lengths);
		const next = texts(bytes.subarray(view.offset), shared, lengths);
		return () => cell(next());
	}
	throw damaged(`values of ${type} as ${encoding} are not read`);
}
function each(values, cell) {
	let at = 0;
	return () => cell(values[at++]);
}
/** Texts that each begin with some bytes of the one before. */
function texts(bytes, shared, lengths) {
	let [k, at, sum] = [
		0,
		0,
		0
	];
	let before = /* @__PURE__ */ new Uint8Array();
	return () => {
		const [prefix, length] = [shared[k], lengths[k++]];
		sum += prefix;
		if (prefix < 0 || prefix > before.length || length < 0 || at + length > bytes.length || sum > mostShared) throw damaged("a text of it has another length than it says");
		const own = bytes.subarray(at, at + length);
		at += length;
		if (prefix === 0) before = new Uint8Array(own);
		else {
			const whole = new Uint8Array(prefix + length);
			whole.set(before.subarray(0, prefix));
			whole.set(own, prefix);
			before = whole;
		}
		return before;
	};
}
/** Gives one value after the other of those that stand in a row; beyond the end it throws. */
function plain(bytes, { type, length }) {
	const view = viewOf$1(bytes);
	let at = 0;
	const step = (size) => {
		at += size;
		return at - size;
	};
	const part = (size) => {
		const from = step(size);
		if (at > bytes.length) throw damaged("a value of it lies beyond its page");
		return bytes.subarray(from, at);
	};
	switch (type) {
		case "BOOLEAN": return () => {
			const bit = step(1);
			return (view.getUint8(bit >> 3) >> (bit & 7) & 1) === 1;
		};
		case "INT32": return () => view.getInt32(step(4), true);
		case "INT64": return () => view.getBigInt64(step(8), true);
		case "INT96": return () => view.getBigUint64(step(8), true) | BigInt(view.getInt32(step(4), true)) << 64n;
		case "FLOAT": return () => view.getFloat32(step(4), true);
		case "DOUBLE": return () => view.getFloat64(step(8), true);
		case "BYTE_ARRAY": return () => part(view.getUint32(step(4), true));
		case "FIXED_LEN_BYTE_ARRAY": return () => part(length ?? Number.POSITIVE_INFINITY);
	}
}
/**
* Numbers of a few bits, in runs of one number or packed (Parquet: RLE/bit-packing hybrid). hyparquet's own believes
* the length of a run, which may be two thousand million in a page of ten.
*/
function hybrid(bytes, width, count) {
	if (width > 32) throw damaged(`numbers of it have ${width} bits`);
	const numbers = new Uint32Array(count);
	const view = viewOf$1(bytes);
	let at = 0;
	const byte = () => {
		if (at >= bytes.length) throw damaged("numbers of it end too early");
		return bytes[at++];
	};
	if (width === 0) return numbers;
	for (let seen = 0; seen < count;) {
		let [head, shift] = [0, 0];
		for (let part = 128; part & 128; shift += 7) {
			part = byte();
			if (shift > 28) throw damaged("a run of it is too long");
			head += (part & 127) * 2 ** shift;
		}
		const run = Math.floor(head / 2);
		if (head % 2 === 0) {
			let value = 0;
			for (let k = 0; k < width; k += 8) value += byte() * 2 ** k;
			const end = Math.min(count, seen + run);
			numbers.fill(value, seen, end);
			seen = end;
			continue;
		}
		const end = Math.min(count, seen + 8 * run);
		const mask = 2 ** width;
		if (width <= 24) {
			const first = seen;
			const most = Math.floor((bytes.length - 4 - at) * 8 / width);
			for (const last = Math.min(end, first + most); seen < last; seen++) {
				const bit = (seen - first) * width;
				numbers[seen] = view.getUint32(at + (bit >>> 3), true) >>> (bit & 7) & mask - 1;
			}
			seen = first + Math.floor((seen - first) / 8) * 8;
			at += (seen - first) / 8 * width;
		}
		for (let [held, bits] = [0, 0]; seen < end;) {
			while (bits < width) {
				held += byte() * 2 ** bits;
				bits += 8;
			}
			numbers[seen++] = held % mask;
			held = Math.floor(held / mask);
			bits -= width;
		}
	}
	return numbers;
}
const viewOf$1 = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
// src/datasets/parquet-numbers.ts
/** How numbers stand one after the other. */
const kinds = {
	INT32: Int32Array,
	FLOAT: Float32Array,
	DOUBLE: Float64Array,
	INT64: BigInt64Array
};
/**
* The numbers of a page or a dictionary as they are stored, all at once.
*
* @returns undefined where they are anything else, or one of them is NaN or no number that a double holds
*/
function plainNumbers(bytes, count, { type, areNumbers }) {
	const Kind = areNumbers ? kinds[type] : void 0;
	if (Kind === void 0) return void 0;
	const size = Kind === Float64Array || Kind === BigInt64Array ? 8 : 4;
	if (count * size > bytes.length) return void 0;
	const values = new Kind(new Uint8Array(bytes.subarray(0, count * size)).buffer);
	if (values instanceof BigInt64Array) {
		const numbers = new Float64Array(count);
		for (let k = 0; k < count; k++) {
			numbers[k] = Number(values[k]);
			if (!Number.isSafeInteger(numbers[k])) return void 0;
		}
		return numbers;
	}
	for (let k = 0; k < count; k++) if (Number.isNaN(values[k])) return void 0;
	return values;
}
/**
* The cells of a page that are all numbers.
*
* @param dictionary of the pages before it, as plainNumbers has it
* @returns undefined where that cannot be told at once: cellsOf reads them one by one
*/
function partOf(page, reader, dictionary) {
	const { count, encoding } = page;
	const bytes = reader.areNumbers ? valuesBehindLevels(page, reader) : void 0;
	if (bytes === void 0 || count === 0) return void 0;
	if (encoding === "PLAIN") {
		const values = plainNumbers(bytes, count, reader);
		return values && { values };
	}
	if (!encoding.endsWith("_DICTIONARY") || dictionary === void 0) return void 0;
	const found = hybrid(bytes.subarray(1), bytes[0], count);
	let most = 0;
	for (let k = 0; k < count; k++) if (found[k] > most) most = found[k];
	if (most >= dictionary.length) return void 0;
	return {
		values: dictionary,
		indices: dictionary.length > 2 ** 16 ? found : new Uint16Array(found)
	};
}
/** The values of a page of which no cell is empty; undefined where one may be. */
function valuesBehindLevels({ bytes, levels, count }, { isOptional }) {
	if (!isOptional) return bytes;
	if (levels !== void 0) return areAllThere(levels, count) ? bytes : void 0;
	if (bytes.length < 4) return void 0;
	const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true);
	return areAllThere(bytes.subarray(4, 4 + length), count) ? bytes.subarray(4 + length) : void 0;
}
/** Whether one run says of all cells that they have a value. */
function areAllThere(levels, count) {
	let [head, at] = [0, 0];
	for (let part = 128; part & 128; at++) {
		if (at >= Math.min(5, levels.length)) return false;
		part = levels[at];
		head += (part & 127) * 2 ** (7 * at);
	}
	return head % 2 === 0 && head / 2 >= count && levels[at] === 1;
}
// src/datasets/read-parquet.ts
/** Rows that are read of a file, however many columns it has. */
const leastRows = 100;
/** Bytes of a footer: each of them may become an object of fifty. */
const mostFooter = 8e6;
/** Rows of a table whose cells lie on the disk. */
const mostRows = 2 ** 31;
/** Bytes of a page, unpacked: what writes pages makes them of one megabyte. */
const mostPage = 64e6;
/** Values of a page. */
const mostValues = 2 ** 24;
/** Bytes of the head of a page, each of which may become an object of fifty. */
const mostHead = 1e6;
/** Bytes that are read of a file for the head of a page: few have a hundred. */
const likelyHead = 16384;
/**
* Reads the bytes of a Parquet file. Nothing that it promises of itself is believed: sizes and counts are proven before
* memory is taken for them.
*
* @throws UserError where it is damaged or has no rows
*/
function* parseParquet({ bytes, file }) {
	const part = (from, to) => bytes.subarray(from, to);
	const { table } = yield* explained({
		length: bytes.length,
		part,
		mostHead,
		mostCells: Infinity
	}, file);
	return table;
}
/** As `readHead` of a format of tables: the first pages of each column. */
function* headOfParquet(place, bytes) {
	return yield* inLargeFile(place.path, bytes, (file, length) => {
		const part = (from, to) => readPart$1(file, from, to - from);
		return explained({
			length,
			part,
			mostHead: likelyHead,
			mostCells: bytes / Float64Array.BYTES_PER_ELEMENT
		}, {
			name: nameOf(place),
			sha256: "",
			bytes: length
		});
	});
}
const explained = (content, file) => withReason(tableOf(content, file), file);
function* withReason(work, file) {
	try {
		return yield* work;
	} catch (error) {
		if (error instanceof UserError || !(error instanceof Error)) throw error;
		throw failure("damaged-parquet", `${file.name} is no Parquet file that can be read: ${shorten(error.message, 200)}`, "Write it again, as pandas does with `to_parquet`.", error);
	}
}
function outlineOf({ length, part }, file) {
	const footer = length < 12 ? 0 : viewOf(part(length - 8, length)).getUint32(0, true);
	if (footer > mostFooter) throw damaged(`its footer of ${footer} bytes is longer than the ${mostFooter} it may have`);
	const { schema, row_groups: groups, num_rows: rows } = parquetMetadata(part(Math.max(0, length - 8 - footer), length), { geoparquet: false });
	const [root, ...elements] = schema;
	const found = columnsIn(elements, file.name);
	if (root?.num_children !== found.length) throw damaged("its schema does not say what its columns are");
	const leaves = found.reduce((sum, one) => sum + one.leaves, 0);
	const count = Number(rows);
	if (count === 0) throw failure("no-rows", `${file.name} has no rows`, "It needs a row for each sample.");
	if (groups.reduce((sum, group) => sum + group.num_rows, 0n) !== rows) throw damaged("the rows of its parts are not as many as those of the whole");
	if (groups.some(({ columns }) => columns.length !== leaves)) throw damaged(otherColumns);
	return {
		groups,
		found,
		leaves,
		count
	};
}
const otherColumns = "a part of it has other columns than the whole";
function* tableOf(content, file) {
	const { groups, found, count } = outlineOf(content, file);
	proveCells(file.name, found.length, count);
	const columns = found.map(({ column }) => column);
	const wanted = Math.min(count, Math.max(leastRows, Math.floor(content.mostCells / found.length)));
	let left = wanted;
	for (const group of groups) {
		if (left === 0) break;
		const inGroup = Number(group.num_rows);
		const taken = Math.min(left, inGroup);
		let place = 0;
		for (const { column, reader, leaves: own } of found) {
			const { meta_data: chunk } = group.columns[place] ?? {};
			place += own;
			if (reader === void 0) continue;
			if (chunk === void 0) throw damaged("it is encrypted");
			yield* readChunk(content, chunk, {
				column,
				reader,
				count: inGroup,
				wanted: taken
			});
		}
		left -= taken;
		proveFits(file.name, columns);
	}
	for (const column of columns) column.end(wanted);
	const table = new ColumnTable(file, columns, wanted);
	proveNoneTwice(table);
	return {
		table,
		share: wanted / count
	};
}
/**
* A Parquet file whose cells lie on the disk.
* A column of a group of rows is in memory at a time, and what an earlier run has kept of the same bytes is taken.
*
* @throws UserError as parseParquet, where a group of rows is too large, and where nothing can be kept
*/
function* parquetInBlocks(place, how) {
	const file = yield* fileOf(place);
	const table = typedTable(file, yield* kept(file, ["parquet"], how, function* (writer) {
		const opened = openFile(place.path);
		try {
			return yield* withReason(blocksOf(opened, file, writer), file);
		} finally {
			closeSync(opened);
		}
	}), how);
	proveNoneTwice(table);
	return table;
}
function* blocksOf(opened, file, writer) {
	const content = {
		length: file.bytes,
		part: (from, to) => readPart$1(opened, from, to - from),
		mostHead: mostHead / 4,
		mostCells: Infinity
	};
	const { groups, found, count } = outlineOf(content, file);
	proveCells(file.name, found.length, 0);
	if (count > mostRows) throw damaged(`it would have more than ${mostRows} rows`);
	const typed = new TypedBlocks("row", writer);
	for (const group of groups) {
		const inGroup = Number(group.num_rows);
		if (inGroup === 0) continue;
		proveCells(file.name, 1, inGroup);
		typed.begin(/* @__PURE__ */ new Uint32Array());
		for (const [place, { column: { name }, reader, refused, first }] of found.entries()) {
			const column = new TypedColumn(name);
			if (refused !== void 0) column.refuse(refused);
			const { meta_data: chunk } = group.columns[first] ?? {};
			if (reader !== void 0) {
				if (chunk === void 0) throw damaged("it is encrypted");
				yield* readChunk(content, chunk, {
					column,
					reader,
					count: inGroup,
					wanted: inGroup
				});
			}
			proveFits(file.name, [column]);
			column.end(inGroup);
			typed.addColumn(column, place);
		}
		typed.end(inGroup, found.length);
	}
	return typed.facts;
}
/** Bytes of a table in memory, as its footer says. */
function sizeOfParquet(place) {
	try {
		const opened = openFile(place.path);
		try {
			const length = fstatSync(opened).size;
			if (length > 256e6) return Infinity;
			const part = (from, to) => readPart$1(opened, from, to - from);
			const { found, count } = outlineOf({
				length,
				part
			}, {
				name: nameOf(place),
				sha256: "",
				bytes: length
			});
			return length + count * found.length * 12;
		} finally {
			closeSync(opened);
		}
	} catch {
		return 0;
	}
}
/** The columns that a schema tells of, where each element is followed by those within it. */
function columnsIn(elements, file) {
	const columns = [];
	let first = 0;
	for (let place = 0; place < elements.length;) {
		const element = elements[place];
		let leaves = 0;
		for (let open = 1; open > 0; place++) {
			const one = elements[place];
			if (one === void 0) throw damaged("its schema does not say what its columns are");
			if (one.type !== void 0) leaves++;
			open += (one.num_children ?? 0) - 1;
		}
		const reader = cellReader(element, file);
		const column = new TypedColumn(element.name);
		if (reader instanceof UserError) column.refuse(reader);
		columns.push({
			column,
			leaves,
			first,
			...reader instanceof UserError ? {
				refused: reader,
				reader: void 0
			} : { reader }
		});
		first += leaves;
	}
	return columns;
}
/** Reads the pages of a column in a group of rows. */
function* readChunk(content, chunk, { column, reader, count, wanted }) {
	const start = Number(chunk.dictionary_page_offset || chunk.data_page_offset);
	const length = Number(chunk.total_compressed_size);
	if (!(start >= 0) || !(length >= 0) || start + length > content.length) throw damaged(`the column \`${shorten(column.name)}\` lies beyond its end`);
	const part = (from, to) => content.part(start + from, start + Math.min(to, length));
	let dictionary;
	let numbers;
	for (let [at, read] = [0, 0]; read < wanted;) {
		const head = {
			view: viewOf(part(at, at + content.mostHead)),
			offset: 0
		};
		const header = parquetHeader(head);
		const { compressed_page_size: packed, uncompressed_page_size: size } = header;
		const from = at + head.offset;
		at = from + packed;
		if (!(packed >= 0) || at > length) throw damaged("a page of it lies beyond its end");
		if (!(size >= 0 && size <= mostPage)) throw damaged(`a page of it has ${size} bytes, more than ${mostPage}`);
		const body = part(from, at);
		const [v1, v2] = [header.data_page_header, header.data_page_header_v2];
		const page = v1 ?? v2;
		if (header.type === "DICTIONARY_PAGE") {
			const values = header.dictionary_page_header?.num_values ?? -1;
			proveValues(values, mostValues);
			const unpacked = unpack(body, size, chunk.codec);
			numbers = plainNumbers(unpacked, values, reader);
			dictionary = numbers === void 0 ? dictionaryOf(unpacked, values, reader) : void 0;
		} else if (page !== void 0 && (header.type === "DATA_PAGE" || header.type === "DATA_PAGE_V2")) {
			const values = page.num_values;
			proveValues(values, Math.min(mostValues, count - read));
			const found = v2 === void 0 ? {
				bytes: unpack(body, size, chunk.codec),
				encoding: page.encoding,
				count: values
			} : levelsApart(body, {
				size,
				codec: chunk.codec
			}, v2);
			let room = wanted - read;
			const many = values <= room ? partOf(found, reader, numbers) : void 0;
			dictionary ??= numbers && many === void 0 ? Array.from(numbers) : void 0;
			if (many !== void 0) column.addNumbers(many);
			else for (const cell of cellsOf(found, reader, dictionary)) {
				if (room-- === 0) break;
				column.add(cell);
			}
			read += values;
		}
		yield;
	}
}
function proveValues(count, most) {
	if (!(count >= 0 && count <= most)) throw damaged(`a page of it has ${count} values, where ${most} may be`);
}
/** A page of the second kind: what says which values are missing is not packed. */
function levelsApart(body, { size, codec }, head) {
	const { definition_levels_byte_length: length, repetition_levels_byte_length: others, is_compressed: packed } = head;
	if (others !== 0 || !(length >= 0 && length <= Math.min(size, body.length))) throw damaged("levels of a page");
	const rest = body.subarray(length);
	return {
		bytes: packed === false ? rest : unpack(rest, size - length, codec),
		levels: body.subarray(0, length),
		encoding: head.encoding,
		count: head.num_values
	};
}
/** @param size that it must have unpacked */
function unpack(packed, size, codec) {
	const bytes = unpackers[codec]?.(packed, size);
	if (bytes === void 0) throw damaged(`it is packed as ${codec}, which is not read; pandas writes others with \`compression='zstd'\``);
	if (bytes.length !== size) throw damaged(`a page of it has ${bytes.length} bytes instead of ${size}`);
	return bytes;
}
const unpackers = {
	UNCOMPRESSED: (packed) => packed,
	SNAPPY: (packed, size) => {
		const bytes = new Uint8Array(size);
		snappyUncompress(packed, bytes);
		return bytes;
	},
	GZIP: (packed, size) => gunzipSync(packed, { maxOutputLength: Math.max(size, 1) }),
	BROTLI: (packed, size) => brotliDecompressSync(packed, { maxOutputLength: Math.max(size, 1) }),
	ZSTD: (packed, size) => {
		const bytes = new Uint8Array(size);
		decompress(packed, bytes);
		return bytes;
	}
};
const viewOf = (bytes) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
// src/datasets/table-rows.ts
/** What a model is asked by that learnt from a table: columns by their names, prepared as they were for training. */
function tableRows(trained) {
	const { options, targets } = trained;
	const { takes, encode, columns, taken, prepare, unused } = tableEncoder(trained);
	const names = [...taken.keys()];
	const crosses = crossesOf(columns.values());
	return {
		kind: "table",
		takes,
		encode,
		files: tableFiles(options, rowsOf)
	};
	function* rowsOf(name, reading) {
		const file = atOnce(reading);
		proveGiven(file.columns, names, name);
		for (const column of names) placeIn(file, column);
		const table = Object.keys(crosses).length === 0 ? file : new CrossedTable(file, crosses);
		const { counted } = table;
		const numbers = table.numbers();
		const placed = (row) => `${name}, ${counted} ${numbers[row]}`;
		const { valueOf, faults } = readColumns(table, columns.values(), placed);
		const labels = targets.flatMap(columnsOf).flatMap((column) => {
			const place = table.placeOf(column);
			return place === void 0 ? [] : [{
				column,
				place
			}];
		});
		for (let row = 0; row < table.count; row++) {
			const place = {
				file: name,
				[counted]: numbers[row]
			};
			const more = row === 0 ? unused(file.columns, name) : {};
			const fault = faults.get(row);
			if (fault !== void 0) {
				yield {
					place,
					fault,
					...more
				};
				continue;
			}
			const said = Object.fromEntries(labels.map(({ column, place: at }) => [column, table.cell(row, at)]));
			yield {
				place,
				x: prepare((column) => valueOf(column, row)),
				...labelsIn(said, targets, placed(row)),
				...more
			};
		}
	}
}
/** The files that hold tables, with what makes rows of one that is read. */
function tableFiles(options, rowsOf) {
	return {
		csv: (name, bytes) => {
			const form = formOf(options, name);
			return withOneDelimiter(name, bytes, form.delimiter, () => rowsOf(name, parseCsv({
				place: { path: name },
				...asFile(name, bytes)
			}, form)));
		},
		parquet: (name, bytes) => rowsOf(name, parseParquet(asFile(name, bytes)))
	};
}
/** Signs between cells, of which one may stand where the file of the training had another. */
const delimiters = [
	",",
	";",
	"	",
	"|"
];
/** Bytes in which the first line ends, or nothing is said of its signs. */
const longestLine = 65536;
/** Reads rows. @throws UserError that names the sign between the cells, where that is why nothing can be read */
function* withOneDelimiter(name, bytes, delimiter, rows) {
	try {
		yield* rows();
	} catch (error) {
		const [line] = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, longestLine)).toString("utf8").split(/\r|\n/);
		const found = delimiters.find((sign) => line.includes(sign));
		if (!(error instanceof UserError) || line.includes(delimiter) || found === void 0) throw error;
		const shown = (sign) => sign === "	" ? "a tab" : `\`${sign}\``;
		throw failure("other-delimiter", `${name} has ${shown(found)} between its cells, and the table of the training ${shown(delimiter)}`, `Save it with ${shown(delimiter)} between them.`, error);
	}
}
/** What a table is parsed from that is none of a pipeline's files. */
const asFile = (name, bytes) => ({
	bytes,
	file: {
		name,
		sha256: "",
		bytes: bytes.length
	}
});
/**
* The values of columns as their steps take them, and what is wrong with rows that have none of a column, by rows.
*
* @param placed where a row stands, for messages
*/
function readColumns(table, columns, placed) {
	const read = /* @__PURE__ */ new Map();
	const faults = /* @__PURE__ */ new Map();
	for (const one of columns) {
		const { valueOf, wrong } = readColumn(table, one);
		read.set(one.column, valueOf);
		for (const [row, cell] of wrong) if (!faults.has(row)) faults.set(row, wrongValue(one, cell, placed(row)).diagnostics[0]);
	}
	return {
		valueOf: (column, row) => read.get(column)(row),
		faults
	};
}
/** The values of a column, and the cells that are none, by their rows. */
function readColumn(table, column) {
	const wrong = /* @__PURE__ */ new Map();
	if (hasTokens(column)) {
		const place = table.placeOf(column.column);
		const textOf = (row) => textOfCell(column, table.cell(row, place).trim());
		for (let row = 0; row < table.count; row++) if (textOf(row) === void 0) wrong.set(row, table.cell(row, place).trim());
		return {
			valueOf: (row) => textOf(row),
			wrong
		};
	}
	if (hasSteps(column)) {
		if (column.decimal === ",") table.commas.add(column.column);
		const values = atOnce(readPrepared(table, column, column.fill !== void 0, void 0, wrong));
		const place = table.placeOf(column.column);
		const steps = valuesOfColumn(column);
		for (let row = 0; row < values.length; row++) if (!wrong.has(row) && !givesNumbers(steps, values[row])) wrong.set(row, table.cell(row, place).trim());
		return {
			valueOf: (row) => values[row],
			wrong
		};
	}
	const isCoded = "categories" in column;
	if (!isCoded && column.decimal === ",") table.commas.add(column.column);
	const values = atOnce(columnOf(table, column.column, isCoded ? column.categories : void 0, void 0, wrong));
	return {
		valueOf: (row) => values[row],
		wrong
	};
}
export { tens as A, saysOneThing as C, mostColumns as D, valuesOfTarget as E, parseCsv as O, rowsOfTarget as S, tokensOfOption as T, isPackable as _, headOfParquet as a, listColumns as b, sizeOfParquet as c, linesInBlocks as d, parseLines as f, columnsOfTargets as g, columnsOfTarget as h, tableRows as i, CellScanner as j, readCsv as k, inLargeFile as l, withCrosses as m, readColumns as n, parquetInBlocks as o, sizeOfText as p, tableFiles as r, parseParquet as s, asFile as t, csvInBlocks as u, isTextOption as v, targetSpec as w, proveTargets as x, labelsNamed as y };
