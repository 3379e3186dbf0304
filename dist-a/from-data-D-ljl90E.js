import { $i as dataFileLimit, Br as wordsFor, Co as gapsOf, Di as firstRows, Ga as listOfFiles, Gi as WrongOption, Ki as atOption, Na as shorten, Pa as at, Vr as allowedMemory, Wa as findTables, ai as splitSamples, bs as failure, do as readWritten, eo as nearest, go as preparations, ii as chooseRows, ki as rowsOf, mi as afterTest, mo as stepsOf, po as fitsPattern, qi as inOption, ta as hashFile, uo as numbersMeant, yi as saidBeforeFolds, zr as partNames } from "./checks-359mGJ3h.js";
import { A as timeOf, E as readerOf, O as isDate, S as missingTexts, b as columnOf, w as placeIn } from "./given-values-DXROl_Cm.js";
import { b as listColumns, g as columnsOfTargets, h as columnsOfTarget, m as withCrosses, x as proveTargets, y as labelsNamed } from "./table-rows-CR7Qkpgj.js";
import { f as murmurHash } from "./encode-table-B8i7HO-p.js";
// src/datasets/joined-table.ts
/** Tables of the same columns as one, row after row. */
var JoinedTable = class {
	name;
	files;
	decimal;
	columns;
	commas = /* @__PURE__ */ new Set();
	count;
	counted;
	parts;
	/** The first row of each part, and the end of all. */
	firsts;
	last = 0;
	/** @throws UserError where their columns differ */
	constructor(parts) {
		const [first, ...others] = parts;
		for (const other of others) proveSame(first, other);
		this.name = `${first.name} and ${others.length} more`;
		[this.parts, this.columns, this.decimal] = [
			parts,
			first.columns,
			first.decimal
		];
		this.counted = first.counted;
		this.files = parts.flatMap(({ files }) => files);
		const firsts = [0];
		for (const { count } of parts) firsts.push(firsts.at(-1) + count);
		this.firsts = firsts;
		this.count = firsts.at(-1);
	}
	get memory() {
		return this.parts.reduce((sum, { memory }) => sum + memory, 0);
	}
	placeOf(column) {
		return this.parts[0].placeOf(column);
	}
	unreadable(column) {
		for (const part of this.parts) {
			const problem = part.unreadable(column);
			if (problem !== void 0) return problem;
		}
	}
	cell(row, place) {
		const k = this.partOf(row);
		return this.parts[k].cell(row - this.firsts[k], place);
	}
	sampleAt(row) {
		const k = this.partOf(row);
		return this.parts[k].sampleAt(row - this.firsts[k]);
	}
	spotOf(row) {
		const k = this.partOf(row);
		const { name } = this.parts[k];
		return `${this.parts[k].spotOf(row - this.firsts[k])} of ${name}`;
	}
	numbers() {
		const numbers = new Uint32Array(this.count);
		for (const [k, part] of this.parts.entries()) numbers.set(part.numbers(), this.firsts[k]);
		return numbers;
	}
	*startColumn(place) {
		const values = new Float64Array(this.count);
		let read = 0;
		for (const [k, part] of this.parts.entries()) {
			const start = yield* part.startColumn(place);
			values.set(start.values, this.firsts[k]);
			if (read === this.firsts[k]) read += start.read;
		}
		return {
			values,
			read
		};
	}
	readPlain(values, place, { from, to, decimal }) {
		for (let row = from; row < to;) {
			const k = this.partOf(row);
			const [first, end] = [this.firsts[k], Math.min(to, this.firsts[k + 1])];
			const rows = {
				from: row - first,
				to: end - first,
				decimal
			};
			row = first + this.parts[k].readPlain(values.subarray(first), place, rows);
			if (row < end) return row;
		}
		return to;
	}
	shows(row, place, decimal) {
		const k = this.partOf(row);
		return this.parts[k].shows(row - this.firsts[k], place, decimal);
	}
	reader(place, read) {
		const readers = this.parts.map((part) => part.reader(place, read));
		return (row) => {
			const k = this.partOf(row);
			return readers[k](row - this.firsts[k]);
		};
	}
	/** Rows are mostly asked for one after the other. */
	partOf(row) {
		const { firsts } = this;
		if (row < firsts[this.last]) this.last = 0;
		while (row >= firsts[this.last + 1]) this.last++;
		return this.last;
	}
};
function proveSame(first, other) {
	const at = first.columns.findIndex((column, k) => column !== other.columns[k]);
	if (at < 0 && first.columns.length === other.columns.length) return;
	const [one, its] = [first, other].map(({ columns }) => columns[at < 0 ? first.columns.length : at]);
	const called = (column) => column === void 0 ? "none" : `\`${shorten(column)}\``;
	throw failure("columns-differ", `${other.name} has other columns than ${first.name}: column ${(at < 0 ? first.columns.length : at) + 1} is ${called(its)} instead of ${called(one)}`, "Files of one table need the same columns, in the same order.");
}
// src/datasets/csv-files.ts
/** Bytes that the files of one table may take together. */
const mostBytes = 4 * dataFileLimit;
/** Reads the files. @throws WrongOption where one cannot be read, or their columns differ */
function* readTables(given, folder, format) {
	const roomFor = roomsIn(given, folder, format);
	const open = function* (option, files) {
		return yield* inOption(at(option), function* () {
			const [first, ...more] = findTables(files, folder);
			const parts = [yield* format.read(first, given, roomFor(first))];
			for (const place of more) {
				parts.push(yield* format.read(place, given, roomFor(place)));
				if (parts.reduce((sum, { memory }) => sum + memory, 0) > mostBytes) throw failure("data-file-too-large", `the first ${parts.length} of ${more.length + 1} files take more than ${mostBytes / 1e6} MB`, "Name fewer files.");
			}
			const counts = listOfFiles(files).map(() => 0);
			for (const [k, { listed }] of [first, ...more].entries()) counts[listed] += parts[k].count;
			return {
				table: parts.length === 1 ? parts[0] : new JoinedTable(parts),
				counts
			};
		});
	};
	const { file, validation, test } = given;
	const { table: main, counts } = yield* open("file", file);
	const table = validation === void 0 ? main : yield* inOption(at("validation"), function* () {
		return new JoinedTable([main, (yield* open("validation", validation)).table]);
	});
	const other = typeof test === "number" ? void 0 : (yield* open("test", test)).table;
	if (!(other === void 0 || other.columns.length === table.columns.length && other.columns.every((column, at) => column === table.columns[at]))) throw new WrongOption(at("test"), failure("columns-differ", `${other.name} has other columns than ${table.name}`, "Both need the same, in the same order."));
	return {
		table: withCrosses(table, given),
		divided: main.count,
		counts,
		other: other && withCrosses(other, given)
	};
}
/** Bytes that cells of tables on the disk take in memory at most: more would not make them faster. */
const mostRoom = 64e6;
/** Tables whose cells lie on the disk: each holds a file open. */
const mostOnDisk = 256;
/**
* How much memory the cells of a file's table may take, where all tables do not fit in half of what is allowed: the
* rest is for what is made of them. The largest ones lie on the disk then.
*/
function roomsIn({ file, validation, test }, folder, { sizeOf, memory = allowedMemory(void 0) }) {
	const options = [
		file,
		...validation === void 0 ? [] : [validation],
		...typeof test === "number" ? [] : [test]
	];
	let places;
	try {
		places = options.flatMap((one) => findTables(one, folder));
	} catch {
		return () => void 0;
	}
	const sizes = new Map(places.map((place) => [place.path, sizeOf(place)]));
	const all = [...sizes.values()].toSorted((a, b) => b - a);
	if (all.reduce((sum, size) => sum + size, 0) <= memory / 2) return () => void 0;
	const large = all.slice(0, mostOnDisk).filter((size) => size > memory / 1e3);
	const room = Math.min(mostRoom, memory / 8) / large.length;
	return ({ path }) => sizes.get(path) >= (large.at(-1) ?? Infinity) ? room : void 0;
}
/** What the last check has read, until a run takes it or another check reads something else. */
let kept;
/** Reads the files, or takes what was read of them, and keeps what they hold for the run that follows a check. */
function* readAndKeep(given, folder, format) {
	const tables = (yield* takeKept(given, folder, format)) ?? (yield* readTables(given, folder, format));
	kept = {
		source: sourceOf(given, folder, format),
		...tables
	};
	return tables;
}
/** What tables are read from, and how. */
function sourceOf(given, folder, { name }) {
	const { delimiter, decimal, columns, comment } = given;
	const { validation, test, cross } = given;
	const form = [
		name,
		delimiter,
		decimal,
		columns,
		comment,
		cross,
		name === "csv" ? [] : [...listColumns(given.targets)]
	];
	return JSON.stringify([
		...form,
		pathsOf(given, folder),
		validation ?? null,
		typeof test === "number" ? null : test
	]);
}
/** The paths of all files of a table, then those of the validation and the test. @throws UserError as findTables */
function pathsOf({ file, validation, test }, folder) {
	return [
		file,
		...validation === void 0 ? [] : [validation],
		...typeof test === "number" ? [] : [test]
	].flatMap((one) => findTables(one, folder).map(({ path }) => path));
}
/** What the check has read, where the files still hold it to the last byte. */
function* takeKept(given, folder, format) {
	const taken = kept;
	kept = void 0;
	if (taken === void 0) return void 0;
	const files = [taken.table, ...taken.other === void 0 ? [] : [taken.other]].flatMap((table) => table.files);
	try {
		if (taken.source !== sourceOf(given, folder, format)) return void 0;
		for (const [k, path] of pathsOf(given, folder).entries()) if ((yield* hashFile(path)) !== files[k].sha256) return void 0;
	} catch {
		return;
	}
	return taken;
}
// src/datasets/split-columns.ts
/** Cells that are read without a pause. */
const pause = 65536;
const groupPath = ["split", "group"];
const columnPath = ["split", "column"];
/** The columns that say how rows are divided. Nothing is learnt from them. */
function dividingColumns({ group, column }) {
	return [group, column].filter((one) => one !== void 0);
}
/**
* Proves that the columns that rows are divided by are there, and for nothing else.
*
* @throws WrongOption where one is not, or is to be learnt from or predicted
*/
function proveDividing({ features, categories, targets }, table, { group, column }) {
	for (const [one, path] of [[group, groupPath], [column, columnPath]]) {
		if (one === void 0) continue;
		placeIn(table, one, ...path);
		const uses = [
			...Object.entries(targets).flatMap(([name, kind]) => columnsOfTarget(name, kind).includes(one) ? [at("targets", name)] : []),
			...Object.entries(features).flatMap(([name, columns]) => columns.includes(one) ? [at("features", name, columns.indexOf(one))] : []),
			...Object.hasOwn(categories, one) ? [at("categories", one)] : []
		];
		if (uses.length > 0) throw new WrongOption(uses[0], failure("dividing-column", `\`${shorten(one)}\` says how the rows are divided, so it is neither learnt from nor predicted`, "Take it out here. Where the model needs it, give it to the file twice, under another name."));
	}
}
/**
* The group of each row, as numbers from 0 in the order in which groups come.
*
* @param path of the option that names the column
* @throws WrongOption where a row has none
*/
function* groupsIn(table, column, path = groupPath) {
	const known = /* @__PURE__ */ new Map();
	const read = table.reader(placeIn(table, column, ...path), (cell) => {
		if (missingTexts.has(cell)) return void 0;
		const group = known.get(cell) ?? known.size;
		known.set(cell, group);
		return group;
	});
	const groups = new Uint32Array(table.count);
	for (let row = 0; row < groups.length; row++) {
		if (row % pause === 0) yield;
		const group = read(row);
		if (group === void 0) throw new WrongOption(path, withoutPart(table, row, column, "is of no group"));
		groups[row] = group;
	}
	return groups;
}
/**
* The rows of each part, by the column that says it.
*
* @param count rows that are divided, from the first on
* @param hasTest whether the test is among them
* @throws WrongOption where the column says something else of a row, or has none of a part that needs some
*/
function* partsIn(table, { column, ...split }, { count, hasTest }) {
	const places = new Map(partNames.flatMap((part, place) => wordsFor(part, split).map((word) => [word, place])));
	const read = table.reader(placeIn(table, column, ...columnPath), (cell) => places.get(cell));
	const rows = [
		[],
		[],
		[]
	];
	for (let row = 0; row < count; row++) {
		if (row % pause === 0) yield;
		const place = read(row);
		if (place === void 0) throw new WrongOption(columnPath, unknownPart(table, row, column, [...places.keys()]));
		rows[place].push(row);
	}
	const [train, validation, test] = rows.map((one) => Uint32Array.from(one));
	const said = {
		train,
		validation,
		test
	};
	for (const part of partNames) {
		const isNeeded = part === "train" || part === "test" && hasTest || split.parts?.[part] !== void 0;
		if (said[part].length === 0 && isNeeded) throw noRows(table, column, part, split);
	}
	if (!hasTest && test.length > 0) throw new WrongOption(columnPath, failure("split-conflict", `${table.name}, ${table.spotOf(test[0])}: ${column} says ${wordsFor("test", split).join(", ")}, but \`test\` names files of its own`, "Take `test` out of the source, or the rows out of the file."));
	return said;
}
function noRows(table, column, part, split) {
	const own = split.parts?.[part];
	return new WrongOption(own === void 0 ? columnPath : [
		"split",
		"parts",
		part
	], failure("no-rows-for-part", `no row of ${table.name} is for ${part === "train" ? "training" : part}: \`${column}\` never says ${wordsFor(part, split).join(" or ")}`, `Give rows to it, or say in \`parts\` what they are called: \`parts: { ${part}: ... }\`.`));
}
function unknownPart(table, row, column, words) {
	const cell = table.cell(row, table.placeOf(column)).trim();
	if (missingTexts.has(cell)) return withoutPart(table, row, column, "is in no part");
	return failure("unknown-part", `${table.name}, ${table.spotOf(row)}: ${column} is '${cell.slice(0, 40)}', none of ${words.join(", ")}`, "Correct it, or say in `parts` which part it is: `parts: { validation: dev }`.");
}
function withoutPart(table, row, column, problem) {
	const cell = table.cell(row, table.placeOf(column)).trim();
	return failure("row-in-no-part", `${table.name}, ${table.spotOf(row)}: ${column} ${cell === "" ? "is empty" : `is '${cell}'`}: the row ${problem}`, "Fill the cell, or remove the row.");
}
/** Warnings of parts that have groups that are trained on: only those of files of their own can. */
function* groupsOnBothSides(column, { table, rows }, held) {
	const trained = yield* namesIn(column, table, rows);
	const warnings = [];
	for (const one of held) {
		const names = [...yield* namesIn(column, one.table, one.rows)];
		const shared = names.filter((name) => trained.has(name));
		if (shared.length > 0) warnings.push({
			code: "group-on-both-sides",
			problem: `${shared.length} of ${names.length} values of \`${column}\` in the ${one.part} are trained on, too, such as '${shorten(shared[0])}'`,
			hint: `The ${one.part} then says little of new groups: move their rows to one side.`,
			path: groupPath
		});
	}
	return warnings;
}
function* namesIn(column, table, rows) {
	const place = placeIn(table, column, ...groupPath);
	const names = /* @__PURE__ */ new Set();
	for (const [k, row] of rows.entries()) {
		if (k % pause === 0) yield;
		names.add(table.cell(row, place).trim());
	}
	return names;
}
/** A warning for each part that is far from what it was to have, as groups are not divided. */
function unevenGroups(column, parts) {
	return parts.filter(({ wanted, rows }) => wanted > 0 && (rows > 2 * wanted || 2 * rows < wanted)).map(({ part, wanted, rows }) => ({
		code: "uneven-groups",
		problem: `the ${part} has ${rows} rows instead of ${wanted}, as no group of \`${column}\` is on both sides`,
		hint: "Its groups are few or large: another column may divide them better, or `column` say which row is where.",
		path: groupPath
	}));
}
// src/datasets/csv-rows.ts
/**
* Divides the rows of a table by the seed, by time, or by what a column says of them.
*
* @throws UserError when nothing is left to train on, a cell of the order is no time, or one of the other columns says
* no part or group
*/
function* divideRows(given) {
	const { table, divided, other, split, classes } = given;
	const rows = yield* inOrder$1(table, split.order);
	const groups = split.group === void 0 ? void 0 : yield* groupsIn(table, split.group);
	const { column, ...ofParts } = split;
	const said = column === void 0 ? void 0 : yield* partsIn(table, {
		...ofParts,
		column
	}, {
		count: divided,
		hasTest: other === void 0
	});
	const held = new Uint8Array(table.count).fill(1, divided);
	for (const row of said?.validation ?? []) held[row] = 1;
	const isValidationSaid = held.includes(1);
	const left = other === void 0 && column === void 0 ? afterTest(split, { drawsTest: true }) : split;
	if (isValidationSaid && left.fold !== void 0) throw saidBeforeFolds();
	if (split.group !== void 0) proveGroups(given, groups.subarray(0, divided), { isValidationSaid });
	const tested = new Uint8Array(table.count);
	for (const row of said?.test ?? (other === void 0 ? testRows(given, rows, groups, isValidationSaid) : [])) tested[row] = 1;
	const train = rowsOf(rows, (row) => tested[row] === 0);
	const targets = classes === void 0 ? [] : [classes.target];
	const labels = classes === void 0 ? [] : [Uint8Array.from(train, (row) => classes.labels[row])];
	const places = (wanted) => Uint32Array.from(train.keys()).filter((place) => held[train[place]] === wanted);
	const parted = isValidationSaid ? {
		train: places(0),
		validation: places(1)
	} : atOption(["split", "validation"], () => splitSamples({
		targets: labels,
		count: train.length
	}, targets, left, given.seed, groups && train.map((row) => groups[row])));
	return {
		train: {
			table,
			rows: train
		},
		test: other === void 0 ? {
			table,
			rows: rowsOf(rows, (row) => tested[row] === 1)
		} : {
			table: other,
			rows: firstRows(other.count)
		},
		split: parted,
		isValidationSaid,
		trained: parted.train.map((place) => train[place])
	};
}
/** The rows that the test draws. @param rows all of them, in their order */
function testRows({ divided, test, split, classes, seed }, rows, groups, isValidationSaid) {
	const among = rowsOf(rows, (row) => row < divided);
	const chosen = chooseRows({
		count: among.length,
		wanted: test,
		labels: classes && Uint8Array.from(among, (row) => classes.labels[row]),
		options: split,
		...groups && { groups: {
			of: among.map((row) => groups[row]),
			left: isValidationSaid || split.validation === 0 ? 1 : 2
		} },
		seed,
		purpose: "test"
	});
	return rowsOf(among, (_, place) => chosen[place] === 1);
}
/** @throws WrongOption where there are fewer groups than parts that are drawn from them */
function proveGroups({ table, other, split }, groups, { isValidationSaid }) {
	const parts = [
		"training",
		...isValidationSaid || split.validation === 0 ? [] : ["validation"],
		...other === void 0 ? ["test"] : []
	];
	const { size } = new Set(groups);
	if (size >= parts.length) return;
	throw new WrongOption(["split", "group"], failure("too-few-groups", `${table.name} has ${size} ${size === 1 ? "group" : "groups"} in \`${shorten(split.group)}\`: too few for ${parts.join(" and ")}, as no group is in two of them`, size === 1 ? "All rows belong together: name another column, or divide without `group`." : "Give some part files of its own, set `validation` to 0, or divide without `group`."));
}
/**
* The column that gives the order of time; undefined where the rows stand in it.
*
* @throws UserError when there is none of the name
*/
function orderColumn({ columns, name }, order) {
	if (order === void 0 || columns.includes(order)) return order;
	if (order === "time") return void 0;
	const guess = nearest(order, columns);
	throw new WrongOption(["split", "order"], failure("unknown-column", `${name} has no column \`${order}\``, (guess === void 0 ? "" : `Did you mean \`${guess}\`? `) + "`time` takes the rows as they stand; a column sorts them."));
}
/** Whether a column is meant to hold dates: `12/31/2024` and `May 5` are, though they do not say when. */
function holdsDates(table, column) {
	const cell = firstValue(table, column);
	return cell !== void 0 && Number.isNaN(Number(cell)) && (isDate(cell) || /[a-z/:]|.-/i.test(cell));
}
/** The first cell of a column that has a value. */
function firstValue(table, column) {
	const place = table.placeOf(column);
	for (let row = 0; row < table.count; row++) {
		const cell = table.cell(row, place).trim();
		if (!missingTexts.has(cell)) return cell;
	}
}
function* inOrder$1(table, order) {
	const rows = firstRows(table.count);
	const column = orderColumn(table, order);
	if (column === void 0) return rows;
	const times = yield* timesIn(table, column, ["split", "order"]);
	yield;
	return rows.sort((a, b) => times[a] - times[b] || a - b);
}
/**
* The time of each row: the milliseconds of dates, or numbers as they are.
*
* @param path of the option that names the column
* @throws WrongOption where a cell is none
*/
function* timesIn(table, column, path) {
	return holdsDates(table, column) ? yield* datesIn(table, column, path) : yield* inOption(path, () => columnOf(table, column, void 0));
}
function* datesIn(table, column, path) {
	const times = new Float64Array(table.count);
	for (let row = 0; row < times.length; row++) {
		if (row % 65536 === 0) yield;
		const cell = table.cell(row, table.placeOf(column)).trim();
		const time = timeOf(cell);
		if (time === void 0) throw new WrongOption(path, failure("not-a-date", `${table.name}, ${table.spotOf(row)}: ${column} is ${cell === "" ? "empty" : `'${cell.slice(0, 40)}'`}, not a date, and gives the order of the rows`, `${cell === "" ? "Remove the row or fill the cell. " : ""}Write dates as 2024-12-31, or with the time as 2024-12-31T23:59.`));
		times[row] = time;
	}
	return times;
}
// src/datasets/prepare-table.ts
/**
* What `prepare` says of each column that is learnt from: the entry of its name, else that of the first pattern that
* fits, else that of its type.
*
* @throws WrongOption where an entry is for no column
*/
function stepsByColumn({ prepare = {}, targets, categories }, table, learnt) {
	const [named, matched, typed] = [
		/* @__PURE__ */ new Map(),
		/* @__PURE__ */ new Map(),
		/* @__PURE__ */ new Map()
	];
	for (const [key, given] of Object.entries(prepare)) {
		const entry = {
			steps: stepsOf(given),
			path: at("prepare", key),
			isList: Array.isArray(given)
		};
		if (table.placeOf(key) !== void 0) {
			if (!learnt.includes(key)) throw notLearnt(key, Object.hasOwn(targets, key), entry.path);
			named.set(key, entry);
			continue;
		}
		const isType = key === "numbers" || key === "texts";
		if (!isType && !key.includes("*")) placeIn(table, key, ...entry.path);
		const columns = learnt.filter((column) => {
			if (!isType) return fitsPattern(column, key);
			return (Object.hasOwn(categories, column) ? "texts" : typeOf(table, column)) === key;
		});
		if (columns.length === 0) throw new WrongOption(entry.path, failure("nothing-to-prepare", `prepare: ${isType ? `no column that is learnt from holds ${key}` : `\`${key}\` fits no column`}`, `Learnt from are ${learnt.slice(0, 30).join(", ")}.`));
		for (const column of columns) {
			const map = isType ? typed : matched;
			if (!map.has(column)) map.set(column, entry);
		}
	}
	return new Map([
		...typed,
		...matched,
		...named
	]);
}
function notLearnt(column, isTarget, path) {
	return new WrongOption(path, failure("nothing-to-prepare", `prepare: \`${column}\` is ${isTarget ? "a target" : "not learnt from"}`, isTarget ? "Targets that are numbers are standardized for training as `standardize` says; texts are cut as the target itself says, `{ words: { length: 20 } }`. Nothing else is done to them." : "Name a column of `features`."));
}
/** What a column holds, by its first value. */
function typeOf(table, column) {
	const cell = firstValue(table, column);
	if (cell === void 0 || readerOf(table.decimal)(cell) !== void 0 || numbersMeant(cell).length > 0) return "numbers";
	return isDate(cell) ? "dates" : "texts";
}
/** Whether a column's values have to be listed, for there is a 0 and 1 or an index for each. */
function needsCategories({ steps }) {
	const first = steps.find(({ step }) => step !== "missing");
	return first !== void 0 && ["oneHot", "index"].includes(first.step);
}
/** Makes of the steps of a column what is done with it. @throws WrongOption where a step cannot stand there */
function planColumn(column, given, about) {
	const { table, categories } = about;
	let stage = "cells";
	let reads = categories === void 0 ? "numbers" : "categories";
	let gaps;
	let [buckets, isOneHot] = [void 0, false];
	const maps = [];
	for (const [k, one] of given.steps.entries()) {
		const { step, option } = one;
		const path = given.isList ? [...given.path, k] : given.path;
		const row = preparations[step];
		const problem = row.problem?.(option) ?? whyNot(column, {
			step,
			stage,
			takes: row.takes,
			isListed: categories !== void 0,
			kind: row.kind
		});
		if (problem !== void 0) throw new WrongOption(path, cannotStand(step, problem));
		if (row.kind === "missing") gaps = bothGaps(gaps, gapsOf(String(option)));
		else if (row.kind === "hash") [reads, buckets] = ["hash", Number(option)];
		else if (row.kind === "map") {
			if (stage === "cells") reads = row.reads ?? "numbers";
			maps.push(one);
		} else isOneHot = row.kind === "oneHot";
		stage = row.gives;
	}
	if (stage === "cells" && categories === void 0 && about.isStandardized) maps.push({
		step: "standardize",
		option: true
	});
	if (stage === "categories" || stage === "cells" && categories !== void 0) isOneHot = true;
	const plan = {
		column,
		reads,
		...reads === "categories" && categories && { categories },
		...buckets !== void 0 && { buckets },
		maps,
		isOneHot
	};
	if (gaps === void 0) return plan;
	if ((reads === "categories" || reads === "hash") && given.steps.some(({ step, option }) => step === "missing" && ["mean", "median"].includes(String(option)))) throw new WrongOption(given.path, cannotStand("missing", `\`${column}\` has texts, of which there is no mean`));
	const constant = typeof gaps.by === "string" ? void 0 : constantOf(table, plan, gaps.by.constant, given.path);
	return {
		...plan,
		gaps,
		...constant !== void 0 && { constant }
	};
}
function bothGaps(one, other) {
	if (one === void 0 || other === void 0) return other ?? one;
	return {
		by: other.isTold ? one.by : other.by,
		isTold: one.isTold || other.isTold
	};
}
/** Why a step cannot stand where it does. */
function whyNot(column, given) {
	const { step, stage, takes, isListed, kind } = given;
	if (!takes.includes(stage)) {
		if (step === "missing") return "it comes first: the other steps know no gaps";
		if (stage === "done") return "nothing can be done with what the step before gives";
		if (takes.length === 1) return "it takes cells as they are, and has to be the first step but for `missing`";
		return stage === "numbers" ? "it takes categories, and the step before gives numbers" : "it takes numbers";
	}
	if (stage === "cells" && isListed && (kind === "map" || kind === "hash")) return `\`${column}\` is among \`categories\`, whose steps are oneHot and index`;
}
/** That a step of `prepare` cannot stand where it does. */
const cannotStand = (step, problem) => failure("wrong-preparation", `${step}: ${problem}`);
function constantOf(table, { column, reads, categories, buckets }, written, path) {
	const value = {
		numbers: () => readerOf(table.decimal ?? ".")(written),
		dates: () => timeOf(written),
		hash: () => murmurHash(written) % buckets,
		categories: () => {
			const place = categories.indexOf(written);
			return place < 0 ? void 0 : place;
		}
	}[reads]();
	if (value === void 0) throw new WrongOption(path, cannotStand("missing", `constant(${written}) is none of the values of \`${column}\`, which has ${reads}`));
	return value;
}
// src/datasets/from-data.ts
/** The word that leaves a list of classes or categories to the data. */
const fromData = "fromData";
/** As many values as a list of classes or categories may have: an index of them is a byte. */
const mostValues = 256;
/** As long as a name of a class may be. */
const longestValue = 100;
/**
* Options in which every list stands: those that are left to the data are taken from it, so that shapes are known, and
* a value that comes later is a mistake.
*
* @param split names the columns that are not learnt from
* @throws WrongOption where the data has too few or too many values for a list
*/
function* settled(given, folder, format, split = {}) {
	proveTargets(given.targets);
	return isSettled(given) ? given : yield* settledIn(given, yield* readAndKeep(given, folder, format), split);
}
/** The same where the tables are read already. @throws WrongOption as settled */
function* settledIn(given, { table, other }, split = {}) {
	if (isSettled(given)) return given;
	const { targets, categories, cross = {} } = given;
	const tables = other === void 0 ? [table] : [table, other];
	proveDividing(given, table, split);
	const dividing = dividingColumns(split);
	const learnt = learntFrom(given, table).filter((column) => !dividing.includes(column));
	const steps = stepsByColumn(given, table, learnt);
	const ofCategories = [];
	for (const [name, values] of Object.entries(categories)) {
		const more = constantsOf(steps.get(name));
		ofCategories.push([name, values === "fromData" ? yield* valuesIn(tables, name, at("categories", name), more) : values]);
	}
	for (const [column, one] of steps) if (needsCategories(one) && !Object.hasOwn(categories, column)) ofCategories.push([column, yield* valuesIn(tables, column, one.path, constantsOf(one))]);
	for (const column of Object.keys(cross)) if (learnt.includes(column) && !steps.has(column) && !Object.hasOwn(categories, column)) ofCategories.push([column, yield* valuesIn(tables, column, at("cross", column))]);
	return {
		...given,
		targets: yield* settledTargets(tables, targets),
		categories: Object.fromEntries(ofCategories)
	};
}
/** Targets with every list that is left to the data. @throws WrongOption as settled */
function* settledTargets(tables, targets) {
	const all = [];
	for (const [name, kind] of Object.entries(targets)) all.push([name, yield* settledTarget(tables, name, kind)]);
	return Object.fromEntries(all);
}
/** Whether no list is left to the data. */
function isSettled(given) {
	const { prepare = {}, cross = {} } = given;
	const takesLists = Object.values(prepare).some((steps) => /"(oneHot|index)"/.test(JSON.stringify(steps)));
	return hasLists(given) && !takesLists && Object.keys(cross).length === 0;
}
function hasLists(given) {
	return !Object.values(given.targets).some(leavesList) && !Object.values(given.categories).includes("fromData");
}
/** Whether a target leaves its list to the data. */
function leavesList(kind) {
	return kind === "fromData" || typeof kind === "object" && !Array.isArray(kind) && [kind.labels, kind.ordinal].includes("fromData");
}
function* settledTarget(tables, name, kind) {
	if (!leavesList(kind)) return kind;
	const path = at("targets", name);
	if (typeof kind !== "object") return yield* valuesIn(tables, name, path);
	if (kind.ordinal === "fromData") {
		const values = yield* valuesIn(tables, name, path);
		proveOrder(name, values, path, tables[0].decimal);
		return { ordinal: values };
	}
	const { separator } = kind;
	return {
		labels: yield* valuesIn(tables, name, path, [], (cell, where) => atOption(path, () => labelsNamed(where(), cell, separator))),
		...separator === void 0 ? {} : { separator }
	};
}
/**
* Proves that values have an order of their own, which numbers have.
*
* @param name what is predicted @param values sorted, numbers by their size @param path of the option that says so
* @param decimal what stands before the decimals, where that is said
* @throws WrongOption where they have none
*/
function proveOrder(name, values, path, decimal) {
	const numbers = numbersOf(values, decimal);
	const some = shorten(values.map((value) => value.includes(",") ? `'${value}'` : value).join(", "), 200);
	if (numbers === void 0) {
		const isNone = (value) => decimal === void 0 ? numbersMeant(value).length === 0 : readWritten(value, decimal) === void 0;
		const text = values.find(isNone);
		const list = `List them from the lowest to the highest, \`{ ordinal: [LOWEST, ..., HIGHEST] }\`; they are ${some}.`;
		const unclear = values.find((value) => value.includes(",")) ?? "";
		throw new WrongOption(path, text === void 0 ? failure("unknown-order", `\`${shorten(name)}\` has numbers that may be read in two ways, such as '${shorten(unclear)}'`, `Say in the source what stands before the decimals, \`decimal: ','\` or \`decimal: '.'\`. ${list}`) : failure("unknown-order", numbersMeant(text).length === 0 ? `\`${shorten(name)}\` has texts, such as '${shorten(text)}', and no data says which of them is more` : `\`${shorten(name)}\` has '${shorten(text)}', which is no number where \`decimal\` is '${decimal}'`, list));
	}
	const twice = values.find((value, k) => numbers.get(value) === numbers.get(values[k + 1] ?? ""));
	if (twice === void 0) return;
	throw new WrongOption(path, failure("unknown-order", `\`${shorten(name)}\` has the number ${numbers.get(twice)} written in two ways, which would be two classes`, `Write it one way in the file; the values are ${some}.`));
}
/**
* The numbers that values are; undefined where one is none, or what stands before the decimals is not known and decides
* on their order, as of `20` and `1,000`.
*/
function numbersOf(values, decimal) {
	const plain = readAll(values, plainNumber);
	if (plain !== void 0 && decimal !== ",") return plain;
	const [first, second] = (decimal === void 0 ? [",", "."] : [decimal]).flatMap((mark) => readAll(values, (value) => readWritten(value, mark)) ?? []);
	if (first === void 0 || second === void 0) return first;
	const order = sorted(values, first);
	return sorted(values, second).every((value, k) => value === order[k]) ? first : void 0;
}
function readAll(values, read) {
	const numbers = /* @__PURE__ */ new Map();
	for (const value of values) {
		const number = read(value);
		if (number === void 0) return void 0;
		numbers.set(value, number);
	}
	return numbers;
}
const sorted = (values, numbers) => values.toSorted((a, b) => (numbers === void 0 ? 0 : numbers.get(a) - numbers.get(b)) || (a < b ? -1 : 1));
const plainNumber = (value) => Number.isFinite(Number(value)) ? Number(value) : void 0;
/** The columns that are learnt from, but for dates that only a pattern names. */
function learntFrom({ features, targets, prepare = {} }, table) {
	const named = new Set(Object.values(features).flat());
	if (named.size > 0) return [...named].filter((column) => table.placeOf(column) !== void 0);
	const predicted = new Set(columnsOfTargets(targets));
	return table.columns.filter((column) => !predicted.has(column) && (Object.hasOwn(prepare, column) || typeOf(table, column) !== "dates"));
}
/** What gaps are filled with that may be no value of the column. */
function constantsOf(given) {
	return (given?.steps ?? []).flatMap(({ step, option }) => {
		const by = step === "missing" ? gapsOf(String(option))?.by : void 0;
		return typeof by === "object" ? [by.constant] : [];
	});
}
/** Cells that are read without a pause. */
const part = 65536;
/** The values of a column, numbers by their size, others by their code points. */
function* valuesIn(tables, column, path, more = [], valuesOf = (cell) => [cell]) {
	const values = new Set(more);
	for (const table of tables) {
		const place = placeIn(table, column, ...path);
		let [longest, row] = [0, 0];
		const where = () => `${table.name}, ${table.spotOf(row)}: ${shorten(column)}`;
		const read = table.reader(place, (cell) => {
			for (const value of missingTexts.has(cell) ? [] : valuesOf(cell, where)) {
				values.add(value);
				longest = Math.max(longest, value.length);
			}
			return 0;
		});
		for (row = 0; row < table.count; row++) {
			if (row % part === 0) yield;
			read(row);
			if (values.size > mostValues || longest > longestValue) throw new WrongOption(path, failure("no-list-in-data", `${table.name} has ${values.size > mostValues ? `more than ${mostValues} values` : "a long text"} in \`${column}\`, so they are no list`, path[2] === "targets" ? "Predict a number as such, and a text that answers another as `{ words: { length: 30 } }`." : "Learn from a number as such; of texts `prepare` takes `hash: 64`, of whole sentences `words: { length: 30 }`."));
		}
	}
	if (values.size < 2) throw new WrongOption(path, failure("no-list-in-data", `${tables[0].name} has ${values.size === 0 ? "no value" : "one value alone"} in \`${column}\``, "There is nothing to tell apart: leave the column out, or list its values by hand."));
	return inOrder([...values], tables[0].decimal);
}
/** Values in an order that their names give: numbers by their size, others by their code points. */
function inOrder(values, decimal) {
	return sorted(values, numbersOf(values, decimal));
}
export { readAndKeep as C, pathsOf as S, takeKept as T, dividingColumns as _, proveOrder as a, proveDividing as b, settledTargets as c, stepsByColumn as d, divideRows as f, timesIn as g, orderColumn as h, leavesList as i, cannotStand as l, holdsDates as m, inOrder as n, settled as o, firstValue as p, isSettled as r, settledIn as s, fromData as t, planColumn as u, groupsIn as v, readTables as w, unevenGroups as x, groupsOnBothSides as y };
