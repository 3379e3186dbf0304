import { r as __exportAll } from "./rolldown-runtime-C1I3wEg2.js";
import { Gi as WrongOption, Ia as formOf, Ki as atOption, Na as shorten, Xa as wayToMissing, _s as sizeOf, ao as showCount, bs as failure, eo as nearest, fa as shellWord, gs as formatShape, ji as parseIdx, ps as atOnce, sa as readWhole, vs as UserError } from "./checks-359mGJ3h.js";
import { O as parseCsv, k as readCsv, t as asFile } from "./table-rows-CR7Qkpgj.js";
import { c as labelsIn, f as unknownLabel, n as columnsOf, p as valuesOf, r as fits, s as labelOf, t as asked, u as proveGiven } from "./given-values-DXROl_Cm.js";
import { n as pictureEncoder, t as valuesOfFile } from "./picture-file-DChOuqpQ.js";
import { s as isPng$1, t as formatOf } from "./picture-head-DbcYK8VE.js";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import { existsSync, lstatSync, readdirSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
// src/datasets/list-pictures.ts
/** What systems and tools leave in folders: no data. */
const litter = /^(\._.*|__MACOSX|(eh)?Thumbs\.db|desktop\.ini|@eaDir|Icon\r)$/is;
/** What people write about data. They are words that a class or a picture may be called, too. */
const aboutData = /^((readme|licen[cs]e|copying|notice|citation)(\..*)?|.*\.md)$/is;
const isPng = /\.png$/i;
/** Pictures of all formats that can be read. */
const pictureFiles = {
	dataset: "images",
	wanted: /\.(png|jpe?g|jpe|jfif|gif|webp|tiff?)$/i,
	all: /\.(png|jpe?g|jpe|jfif|gif|webp|tiff?|bmp|avif|hei[cf]|jp2|jxl|tga|p[bgpn]m|svg|psd|exr|dcm)$/i,
	called: "picture",
	noun: ["picture", "pictures"],
	formats: "PNG, JPEG, WebP, TIFF and GIF",
	codes: {
		none: "no-pictures",
		foreign: "foreign-pictures",
		leftOut: "pictures-left-out"
	},
	convert: (folder, made) => `such as with ImageMagick: \`mkdir -p ${made} && magick mogrify -path ${made} -format png ${shellWord(folder)}/*\``
};
/**
* What is in a folder but for litter, in the order of the names.
*
* @throws UserError when it is none, or cannot be read
*/
function entriesOf(folder, { all }) {
	try {
		const entries = readdirSync(folder, { withFileTypes: true });
		const unread = entries.filter(({ name }) => name.includes("�") && lstatSync(join(folder, name), { throwIfNoEntry: false }) === void 0);
		if (unread.length > 0) throw failure("file-name-encoding", `the folder ${folder} holds ${unread.length} ${unread.length === 1 ? "name that is" : "names that are"} not in UTF-8, such as ${unread[0].name}`, `Rename what has them: \`convmv -f latin1 -t utf8 ${shellWord(folder)}\` shows what they would be called.`);
		return entries.filter((entry) => !isLitter(entry, all) && (!isHidden(entry.name) || all.test(entry.name))).sort((a, b) => a.name < b.name ? -1 : 1);
	} catch (error) {
		if (error instanceof UserError) throw error;
		const { code, message } = error;
		if (code === "ENOENT" && lstatSync(folder, { throwIfNoEntry: false }) !== void 0) throw failure("dead-data-link", `the link ${folder} leads nowhere`, "Mend or remove it.", error);
		if (code !== "ENOENT" && code !== "ENOTDIR") throw failure("data-file-unreadable", `the folder ${folder} cannot be read: ${message}`, "Give yourself the right to read it, or name another one.", error);
		const [problem, hint] = code === "ENOENT" ? ["does not exist", wayToMissing(folder)] : ["is not a folder", checkPath];
		throw failure("data-folder-missing", `the folder ${folder} ${problem}`, hint, error);
	}
}
/**
* Names of what is in a folder but for litter and hidden things, in their order.
*
* @throws UserError when it is none, or cannot be read
*/
function namesInFolder(folder) {
	return entriesOf(folder, pictureFiles).map(({ name }) => name);
}
const checkPath = "Check the path; it counts from the folder of the pipeline file.";
/**
* Names of the sub-folders, those that links lead to or led to among them, and of the files of a sort beside them.
*
* @throws UserError when there is no such folder
*/
function listSubfolders(path, sort = pictureFiles) {
	const entries = entriesOf(path, sort);
	const isOne = (name) => sort.all.test(name);
	const names = entries.filter((entry) => isFolder(path, entry) ?? !isOne(entry.name)).map(({ name }) => name).filter((name) => !isHidden(name));
	return {
		names,
		beside: entries.map(({ name }) => name).filter((name) => isOne(name) && !names.includes(name))
	};
}
/** Undefined for a link that cannot be followed: it leads nowhere, in a circle, or where one may not go. */
function isFolder(parent, entry) {
	if (!entry.isSymbolicLink()) return entry.isDirectory();
	try {
		return statSync(join(parent, entry.name)).isDirectory();
	} catch {
		return;
	}
}
function isLitter(entry, all) {
	return litter.test(entry.name) || entry.isFile() && !all.test(entry.name) && aboutData.test(entry.name);
}
function isHidden(name) {
	return name.startsWith(".");
}
/** Lists the PNG files of a folder. @throws UserError when it has none, has pictures of other formats, or is none */
function listPngFiles(folder) {
	return listFiles(folder, {
		...pictureFiles,
		wanted: isPng,
		called: "PNG file",
		formats: "PNG"
	});
}
/**
* Lists the pictures of a folder.
*
* @throws UserError when it has none, has pictures of formats that cannot be read, or is none
*/
function listPictures(folder) {
	return listFiles(folder, pictureFiles);
}
/** Lists the files of a sort that are in a folder. @throws UserError as listPictures */
function listFiles(folder, sort) {
	const { wanted, all, called, noun, formats, codes } = sort;
	const entries = entriesOf(folder, sort);
	const [folders, dead] = [/* @__PURE__ */ new Set(), /* @__PURE__ */ new Set()];
	for (const entry of entries.filter(({ name }) => !wanted.test(name))) {
		const found = isFolder(folder, entry);
		if (found === true) folders.add(entry);
		else if (found === void 0 && !all.test(entry.name)) dead.add(entry);
	}
	const [hidden, files] = [true, false].map((isUnseen) => entries.filter((entry) => !folders.has(entry) && !dead.has(entry) && isHidden(entry.name) === isUnseen).map(({ name }) => name));
	const pictures = files.filter((name) => wanted.test(name)).map((name) => join(folder, name));
	const others = byEnding(files.filter((name) => !all.test(name)));
	const below = insideOf(folder, [...folders].map(({ name }) => name), sort);
	const unseen = hidden.length === 0 ? [] : [`${hidden.length} hidden ${noun[Number(hidden.length > 1)]} (such as ${hidden[0]})`];
	const links = dead.size === 0 ? [] : [`${dead.size} ${dead.size === 1 ? "link" : "links"} that cannot be followed (such as ${[...dead][0].name})`];
	const leftOut = [
		...below,
		...unseen,
		...links,
		...others
	];
	const foreign = files.filter((name) => all.test(name) && !wanted.test(name));
	if (foreign.length > 0) {
		const made = `NEW/${shellWord(basename(folder))}`;
		const hint = `Only ${formats} files can be read. Convert all into a new folder, ${sort.convert(folder, made)}, and name that one.`;
		throw failure(codes.foreign, `the folder ${folder} holds ${pictures.length === 0 ? `no ${called}, but ` : ""}${byEnding(foreign).join(" and ")}, such as ${foreign[0]}, which cannot be read`, hint);
	}
	if (pictures.length === 0) throw failure(codes.none, `the folder ${folder} holds no ${called}${leftOut.length === 0 ? "" : `, but ${leftOut.join(" and ")}`}`, below.length > 0 ? `${capital(noun[1])} are read right from it: move them there, or name the folder in which they are.` : `Put ${noun[1]} there: ${formats} files.`);
	return {
		folder,
		pictures,
		leftOut
	};
}
/** How many files of each ending; of more than three endings, the most frequent. */
function byEnding(names) {
	const counts = /* @__PURE__ */ new Map();
	for (const name of names) {
		const ending = /\.\w{1,8}$/.exec(name)?.[0].toLowerCase() ?? "";
		counts.set(ending, (counts.get(ending) ?? 0) + 1);
	}
	const sorted = [...counts].sort((a, b) => b[1] - a[1]);
	const others = sorted.slice(3).reduce((sum, [, count]) => sum + count, 0);
	return [...sorted.slice(0, 3).map(([ending, count]) => {
		const files = count === 1 ? "file" : "files";
		return ending === "" ? `${count} ${files} without an ending` : `${count} ${ending} ${files}`;
	}), ...others === 0 ? [] : [`${others} other ${others === 1 ? "file" : "files"}`]];
}
const capital = (noun) => noun.charAt(0).toUpperCase() + noun.slice(1);
/** The files of a sort that sub-folders hold, as words; none where they have none. */
function insideOf(folder, names, sort) {
	const left = { entries: mostCounted };
	const found = names.map((name) => ({
		name,
		count: countBelow(join(folder, name), left, sort)
	})).filter(({ count }) => count !== 0);
	if (found.length === 0) return [];
	const count = found.reduce((sum, one) => sum + one.count, 0);
	const where = found.length === 1 ? `its sub-folder ${found[0].name}` : `${found.length} sub-folders (such as ${found[0].name})`;
	if (Number.isNaN(count)) return [`what cannot be listed in ${where}`];
	return [`${left.entries > 0 ? "" : "at least "}${count} ${sort.noun[Number(count > 1)]} in ${where}`];
}
/** Entries that are gone through for a word of a warning: a folder may have a whole disk below it. */
const mostCounted = 1e4;
/** How many files of a sort lie anywhere below a folder, of the first entries; 0 where it cannot be read. */
const countFiles = (folder, sort) => countBelow(folder, { entries: mostCounted }, sort) || 0;
/** Links are not followed here, as one may lead to a folder above; NaN where a folder cannot be read. */
function countBelow(folder, left, sort) {
	try {
		let count = 0;
		for (const entry of left.entries > 0 ? entriesOf(folder, sort) : []) {
			if (left.entries-- <= 0) break;
			count += entry.isDirectory() ? countBelow(join(folder, entry.name), left, sort) : Number(sort.all.test(entry.name));
		}
		return count;
	} catch {
		return NaN;
	}
}
/** Says what is left out of folders. @param from the folder that paths count from */
function warnOfLeftOut(listings, from, { codes, noun } = pictureFiles) {
	const some = listings.filter(({ leftOut }) => leftOut.length > 0);
	if (some.length === 0) return [];
	const shown = some.slice(0, 3).map(({ folder, leftOut }) => `${relative(from, folder) || "."} holds ${leftOut.join(" and ")}`);
	const more = some.length - shown.length;
	return [{
		code: codes.leftOut,
		problem: `left out: ${shown.join("; ")}${more === 0 ? "" : `; and ${more} more ${more === 1 ? "folder" : "folders"} the like`}`,
		hint: `${capital(noun[1])} are files right in their folder: move these there, or out of it.`
	}];
}
// src/datasets/picture-table.ts
/** The folder that paths in a table count from, as the options name it. */
function folderOfTable(table, folder) {
	return folder ?? dirname(table);
}
/** The folder that paths in a table count from. @throws WrongOption where the options list several */
function folderOfPaths(folder, { dataset }) {
	if (folder === void 0 || typeof folder === "string") return folder;
	throw new WrongOption([
		"source",
		dataset,
		"folder"
	], failure("classes-and-table", "paths in a `table` count from one folder, and `folder` is a list", "Name the one that all files are below; several can be learnt from by their sub-folders, without a table."));
}
/**
* Lists the files that a table names, by their labels.
*
* @throws UserError where the table cannot be read, names a file outside its folder, or has too few classes
*/
function listTable(given, folder, sort = pictureFiles) {
	const { classes: chosen, test } = given;
	const at = (option) => [
		"source",
		sort.dataset,
		option
	];
	const tableRows = (name) => rowsOf(given, name, {
		folder,
		sort
	});
	const trained = atOption(at("table"), () => tableRows(given.table));
	const classes = chosen.length > 0 ? chosen : [...new Set(trained.map(({ label }) => label))].sort((a, b) => a < b ? -1 : 1);
	if (classes.length < 2 || classes.length > 256) throw new WrongOption(at("label"), failure("class-count", `${given.table} has ${classes.length} ${classes.length === 1 ? "class" : "classes"} in its column \`${shorten(given.label)}\`; 2 to 256 can be learnt`, classes.length > 256 ? "Name those to be learnt in `classes`." : `Each ${sort.noun[0]} has a label.`));
	const absent = classes.find((name) => trained.every(({ label }) => label !== name));
	if (absent !== void 0) throw new WrongOption(at("classes"), failure("unknown-class-folder", `classes: no ${sort.noun[0]} of ${given.table} has the label \`${shorten(absent)}\``, "Name labels that are in its column."));
	const byClass = (rows) => classes.map((name) => rows.filter(({ label }) => label === name).map(({ path }) => path));
	const found = {
		classes,
		train: byClass(trained),
		tables: [resolve(folder, given.table)]
	};
	const leftOut = (table, rows) => {
		const others = rows.filter(({ label }) => !classes.includes(label)).length;
		return {
			folder: resolve(folder, table),
			pictures: [],
			leftOut: others === 0 ? [] : [`${others} of other classes`]
		};
	};
	const listings = [leftOut(given.table, trained)];
	if (typeof test === "number") return {
		...found,
		test,
		listings
	};
	return atOption(at("test"), () => {
		const tested = tableRows(test);
		const unknown = chosen.length > 0 ? void 0 : tested.find(({ label }) => !classes.includes(label));
		if (unknown !== void 0) throw failure("class-folders-differ", `${test} has the label \`${shorten(unknown.label)}\`, but there is none in ${given.table}`, "Both tables need the same classes.");
		return {
			...found,
			test: byClass(tested),
			listings: [...listings, leftOut(test, tested)],
			tables: [...found.tables, resolve(folder, test)]
		};
	});
}
/** The files of a table, in its order, each with its label. */
function rowsOf(given, name, { folder, sort }) {
	const { table, paths } = readPaths(given, name, {
		folder,
		sort
	});
	const labels = table.placeOf(given.label);
	return paths.map((path, row) => ({
		path,
		label: table.cell(row, labels).trim()
	}));
}
/**
* The file that a table names.
*
* @param written what stands in the table @param base the folder that it counts from
* @param where names the line, for messages
* @throws UserError where it is not below that folder
*/
function pathBelow(base, written, where) {
	const path = resolve(base, written);
	const way = relative(base, path);
	if (written.includes("\0") || way === "" || way.split(sep)[0] === ".." || resolve(base, way) !== path) throw failure("picture-path-outside", `${where()} names ${shorten(written)}, which is not below ${base}`, "Paths count from the folder of the table; `folder` names another one.");
	return path;
}
/**
* Reads a table, and the paths of its files, row after row.
*
* @param name its path @param place.folder the folder that this counts from
* @throws UserError where it cannot be read, leaves a path out, or names a file twice, or one that is not there or is
* outside its folder
*/
function readPaths(given, name, { folder, sort: { dataset, noun } }) {
	const table = atOnce(readCsv({ path: resolve(folder, name) }, formOf({}, name)));
	const place = columnIn(table, given.path, [
		"source",
		dataset,
		"path"
	]);
	const label = given.label === void 0 ? place : columnIn(table, given.label, [
		"source",
		dataset,
		"label"
	]);
	const base = resolve(folder, folderOfTable(name, given.folder));
	const seen = /* @__PURE__ */ new Map();
	return {
		table,
		paths: Array.from({ length: table.count }, (_, row) => {
			const written = table.cell(row, place).trim();
			const where = () => `${name}, ${table.spotOf(row)}`;
			if (written === "" || table.cell(row, label).trim() === "") throw failure("missing-label", `${where()} has no ${written === "" ? "path" : "label"}`, "Fill it, or remove the line.");
			const path = pathBelow(base, written, where);
			const first = seen.get(path);
			if (first !== void 0) throw failure("repeated-picture", `${where()} names ${shorten(written)} again, as ${table.spotOf(first)} does`, `Keep one line for each ${noun[0]}.`);
			seen.set(path, row);
			if (!existsSync(path)) throw failure("data-file-missing", `${where()} names ${shorten(written)}, which does not exist below ${base}`, "Paths count from the folder of the table; `folder` names another one.");
			return path;
		})
	};
}
function columnIn(table, name, option) {
	const place = table.placeOf(name);
	if (place !== void 0) return place;
	const guess = nearest(name, table.columns);
	throw new WrongOption(option, failure("unknown-column", `${table.name} has no column \`${shorten(name)}\``, guess === void 0 ? `It has ${shorten(table.columns.join(", "), 200)}.` : `Did you mean \`${guess}\`?`));
}
// src/datasets/asked-table.ts
/**
* The pictures that a table names, row by row, with what it says is right of them. Paths count from its folder.
*
* @param name its path
* @throws UserError where it cannot be read, or has no column of paths
*/
function* tableOfPictures(name, bytes, { path, targets, label, read }) {
	const table = atOnce(parseCsv({
		place: { path: name },
		...asFile(name, bytes)
	}, formOf({}, name)));
	proveGiven(table.columns, [path], name);
	const place = table.placeOf(path);
	const columns = targets.flatMap((target) => columnsOf(target).flatMap((column) => {
		const found = table.placeOf(label ?? column);
		return found === void 0 ? [] : [[column, found]];
	}));
	const numbers = table.numbers();
	for (let row = 0; row < table.count; row++) {
		const where = `${name}, line ${numbers[row]}`;
		yield asked({
			file: name,
			line: numbers[row]
		}, () => ({
			...read(pathBelow(dirname(name), table.cell(row, place).trim(), () => where)),
			...labelsIn(Object.fromEntries(columns.map(([column, at]) => [column, table.cell(row, at).trim()])), targets, where)
		}));
	}
}
// src/datasets/npy.ts
const plain = (name, bytes, numbers) => ({
	name,
	bytes,
	numbers
});
const whole = (name, bytes, numbers) => ({
	...plain(name, bytes, numbers),
	isWhole: true
});
const as = (type, size) => ({ buffer, byteOffset, length }) => new type(buffer, byteOffset, length / size);
const kinds = {
	b1: whole("bool", 1, (bytes) => bytes.map((value) => value === 0 ? 0 : 1)),
	u1: whole("uint8", 1, (bytes) => bytes),
	i1: whole("int8", 1, as(Int8Array, 1)),
	u2: whole("uint16", 2, as(Uint16Array, 2)),
	i2: whole("int16", 2, as(Int16Array, 2)),
	u4: whole("uint32", 4, as(Uint32Array, 4)),
	i4: whole("int32", 4, as(Int32Array, 4)),
	u8: whole("uint64", 8, (bytes) => halvesOf(as(Uint32Array, 4)(bytes), as(Uint32Array, 4)(bytes))),
	i8: whole("int64", 8, (bytes) => halvesOf(as(Uint32Array, 4)(bytes), as(Int32Array, 4)(bytes))),
	f2: plain("float16", 2, (bytes) => halfFloats(as(Uint16Array, 2)(bytes))),
	f4: plain("float32", 4, as(Float32Array, 4)),
	f8: plain("float64", 8, as(Float64Array, 8))
};
/** Numbers of 64 bits; beyond 2^53 the nearest double. @param high has the upper halves at odd places */
function halvesOf(low, high) {
	return Float64Array.from({ length: low.length / 2 }, (_, i) => high[2 * i + 1] * 2 ** 32 + low[2 * i]);
}
/** IEEE 754 binary16. */
function halfFloats(bits) {
	return Float32Array.from(bits, (half) => {
		const [sign, exponent, fraction] = [
			half >> 15 === 0 ? 1 : -1,
			half >> 10 & 31,
			half & 1023
		];
		if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
		return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
	});
}
/** As many bytes as NumPy reads of a header. */
const longestHeader = 1e4;
/** Bytes in which the header of any file ends. */
const npyHeadLength = 10012;
/** Dimensions that NumPy's arrays may have. */
const mostDimensions = 64;
/**
* What the beginning of a .npy file says (numpy.lib.format, versions 1 to 3).
*
* @param name what messages call it
* @param begin npyHeadLength bytes, or all of them
* @throws UserError when it is damaged, or holds anything but numbers or texts
*/
function readNpyHead(name, begin) {
	const buffer = Buffer.from(begin.buffer, begin.byteOffset, begin.byteLength);
	const version = buffer[6] ?? 0;
	const from = version === 1 ? 10 : 12;
	if (buffer.toString("latin1", 0, 6) !== "NUMPY" || buffer.length < from || version < 1 || version > 3) throw bad(name, "it is no .npy file");
	const said = version === 1 ? buffer.readUInt16LE(8) : buffer.readUInt32LE(8);
	const start = from + said;
	if (said > longestHeader || start > buffer.length) throw bad(name, "its header is damaged");
	const header = buffer.toString("latin1", from, start);
	const descr = valueOf(header, "descr", String.raw`'([^']*)'|"([^"]*)"|(\[)`);
	const order = valueOf(header, "fortran_order", "(True|False)");
	const axes = valueOf(header, "shape", String.raw`\(([\dL, ]*)\)`);
	if (descr === void 0 || order === void 0 || axes === void 0) throw bad(name, "its header is damaged");
	const shape = axes.split(",").flatMap((one) => one.trim() === "" ? [] : [Number(one.replace("L", ""))]);
	const kind = kindOf(name, descr);
	const length = sizeOf(shape) * kind.bytes;
	if (shape.length > mostDimensions || !Number.isSafeInteger(length)) throw bad(name, "its header is damaged");
	return {
		kind,
		shape,
		start,
		length,
		isFortran: order === "True",
		isSwapped: descr.startsWith(">")
	};
}
/** What a key of the header has; a header is a dictionary of Python's as it writes one. */
function valueOf(header, key, value) {
	return new RegExp(String.raw`['"]${key}['"]\s*:\s*(?:${value})`).exec(header)?.slice(1).find((part) => part !== void 0);
}
function kindOf(name, descr) {
	const [, type = descr, size = ""] = /^[<>=|]?([a-zA-Z])(\d*)/.exec(descr) ?? [];
	const known = kinds[type + size];
	if (known !== void 0) return known;
	if (/^[US]$/.test(type) && Number(size) > 0) return {
		name: descr,
		bytes: Number(size) * (type === "U" ? 4 : 1),
		isUnicode: type === "U"
	};
	if (type === "O") throw bad(name, "it holds objects of Python, which only running a program gives back, and none is run here", "Save numbers or texts: `a.astype('float32')`, `a.astype(str)`; rows of different lengths filled up to one.");
	if (descr === "[") throw bad(name, "its values are structures", "Save each field as an array: `a['field']`.");
	const hint = type === "c" ? "Save its parts: `numpy.stack([a.real, a.imag], -1)`." : "Save it as numbers: `a.astype('float32')`.";
	throw bad(name, `its values are ${shorten(descr)}`, hint);
}
function bad(name, what, hint = "Save it anew with numpy.save.") {
	return failure("bad-npy", `${name} is no array that can be read: ${what}`, hint);
}
/** @throws UserError when a file has more or fewer bytes than its header promises */
function proveLength(name, { start, length }, bytes) {
	if (start + length !== bytes) throw bad(name, `its header promises ${length} bytes of values, it has ${Math.max(0, bytes - start)}`);
}
/** Where the first axis moves first, a sample lies scattered over the whole array. */
const isScattered = ({ isFortran, shape }) => isFortran && shape.length > 1;
/** What the head of some samples of an array would be, had they no other bytes before them. */
function headOfSome(head, count) {
	const [all, ...rest] = head.shape;
	return {
		...head,
		start: 0,
		length: head.length / all * count,
		shape: [count, ...rest]
	};
}
/**
* The values of a file, in C order: the last axis moves first.
*
* @param bytes all of the file
* @throws UserError when it has more or fewer than its header promises, or a text is none
*/
function npyValues(name, head, bytes) {
	proveLength(name, head, bytes.length);
	const { kind, shape, start, isFortran, isSwapped } = head;
	const values = new Uint8Array(bytes.buffer, bytes.byteOffset + start, bytes.length - start);
	if (kind.numbers === void 0) {
		if (values.length / kind.bytes > mostTexts) throw failure("data-file-too-large", `${name} holds ${showCount(values.length / kind.bytes)} texts, more than the ${showCount(mostTexts)} that are read`, "Save labels as whole numbers, and name the classes in the file's `targets`.");
		const texts = textsOf(head, values);
		if (!isFortran) return texts;
		const turned = [];
		inFortranOrder(shape, (k, from) => turned[k] = texts[from]);
		return turned;
	}
	const turned = isSwapped && kind.bytes > 1;
	const isAligned = values.byteOffset % kind.bytes === 0;
	const own = turned || !isAligned || !(values.buffer instanceof ArrayBuffer) ? Uint8Array.from(values) : values;
	if (turned) swap(own, kind.bytes);
	const numbers = kind.numbers(own);
	return isFortran && shape.length > 1 ? inRows(numbers, shape) : numbers;
}
function swap(bytes, size) {
	const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	if (size === 2) buffer.swap16();
	else if (size === 4) buffer.swap32();
	else buffer.swap64();
}
/** Texts that an array may hold: each is an object of its own. */
const mostTexts = 1e7;
/** Texts of a fixed length, in UCS-4 or bytes; zeros at the end fill them up. */
function textsOf({ kind, length, isSwapped }, values) {
	const utf8 = new TextDecoder();
	const view = new DataView(values.buffer, values.byteOffset, values.byteLength);
	return Array.from({ length: length / kind.bytes }, (_, i) => {
		const at = i * kind.bytes;
		if (kind.isUnicode !== true) return utf8.decode(values.subarray(at, at + kind.bytes)).replace(/\0+$/, "");
		let text = "";
		for (let place = at; place < at + kind.bytes; place += 4) {
			const code = view.getUint32(place, !isSwapped);
			text += String.fromCodePoint(code > 1114111 ? 65533 : code);
		}
		return text.replace(/\0+$/, "");
	});
}
/** Visits each place of C order, with the one where that value lies with the first axis moving first. */
function inFortranOrder(shape, visit) {
	const steps = shape.map((_, axis) => sizeOf(shape.slice(0, axis)));
	const at = shape.map(() => 0);
	let from = 0;
	for (let k = 0; k < sizeOf(shape); k++) {
		visit(k, from);
		for (let axis = shape.length - 1; axis >= 0; axis--) {
			from += steps[axis];
			if (++at[axis] < shape[axis]) break;
			from -= steps[axis] * shape[axis];
			at[axis] = 0;
		}
	}
}
function inRows(values, shape) {
	const turned = values.slice();
	inFortranOrder(shape, (k, from) => turned[k] = values[from]);
	return turned;
}
/** Reads a .npy file of numbers. @throws UserError when it is damaged, or holds anything else */
function parseNpy(name, bytes) {
	const head = readNpyHead(name, bytes);
	const values = npyValues(name, head, bytes);
	if (isTexts(values)) throw bad(name, `its values are ${head.kind.name}`, "Save it as numbers: `a.astype('float32')`.");
	return {
		shape: head.shape,
		values
	};
}
/** Whether the values of an array are texts. */
const isTexts = (values) => Array.isArray(values);
// src/datasets/read-ahead.ts
/** Files from which on a thread is worth its start, of some 50 ms. */
const leastFiles = 1e3;
/** Files that are asked for at once, and bytes of their values. */
const [mostFiles, mostBytes] = [256, 16e6];
/** Chunks that are read ahead: more files than a batch of most nets has. */
const ahead = 4;
/**
* Reads many pictures ahead of who asks for them, in the order of their paths.
*
* @returns undefined where they are few, or there is no second file to start a thread from: a program that was bundled
* into one has none
*/
function readAhead(paths, { input, preparation }) {
	const thread = new URL("picture-thread.js", import.meta.url);
	if (paths.length < leastFiles || !existsSync(fileURLToPath(thread))) return void 0;
	const each = sizeOf(input.shape);
	const size = Math.max(1, Math.min(mostFiles, Math.floor(mostBytes / each)));
	const worker = new Worker(thread, { workerData: {
		paths,
		input,
		preparation
	} });
	const chunks = /* @__PURE__ */ new Map();
	const asked = [];
	worker.on("message", (chunk) => asked.shift().answer(chunk));
	worker.on("error", (error) => asked.forEach(({ fail }) => fail(error)));
	const ask = (from) => {
		const chunk = new Promise((answer, fail) => asked.push({
			answer,
			fail
		}));
		chunk.catch(() => void 0);
		chunks.set(from, chunk);
		const order = {
			from,
			count: Math.min(size, paths.length - from)
		};
		worker.postMessage(order, []);
	};
	return {
		async values(place) {
			const from = place - place % size;
			for (const known of chunks.keys()) if (known < from) chunks.delete(known);
			for (let next = from; next <= from + ahead * size && next < paths.length; next += size) if (!chunks.has(next)) ask(next);
			const { values, faults } = await chunks.get(from);
			const fault = faults.get(place - from);
			if (fault !== void 0) throw new UserError([fault], 1);
			return values.subarray((place - from) * each, (place - from + 1) * each);
		},
		close: () => void worker.terminate()
	};
}
// src/datasets/picture-rows.ts
var picture_rows_exports = /* @__PURE__ */ __exportAll({ pictureRows: () => pictureRows });
/**
* What a model is asked by whose inputs are pictures: each a file, or its values as numbers.
*
* @param preparation what was done to the files that it was trained on
* @param columns those of a table of pictures, where it was trained on one
*/
function pictureRows({ inputs, targets }, preparation = {}, columns) {
	const names = inputs.map(({ name }) => name);
	const [input] = inputs;
	const isOne = inputs.length === 1;
	const size = formatShape(input.shape);
	const taken = preparation.resize === void 0 ? `of ${size} (${formats})` : `(${formats}), brought to ${size}`;
	const labelled = targets.length === 1 ? classOf(targets[0]) : void 0;
	const decode = (bytes, one, name) => valuesOfFile(bytes, name, {
		input: one,
		preparation
	});
	const encoder = pictureEncoder({
		inputs,
		targets
	}, {
		isFile: (bytes, { shape }) => isPng$1(bytes) || bytes.length !== sizeOf(shape) && formatOf(bytes) !== void 0,
		decode
	});
	const encode = (row, where, folder) => {
		const { x, ...labels } = encoder(row, where, folder === void 0 ? void 0 : (path) => readWhole({ path: resolve(folder, path) }));
		return {
			...settled(x),
			...labels
		};
	};
	if (!isOne) return {
		kind: "pictures",
		takes: `pictures ${taken} for each of ${names.join(" and ")}, in lines of JSON`,
		encode,
		files: {}
	};
	const file = (path, folder, later) => asked({ file: path }, () => {
		return {
			...settled([later ?? decode(readWhole({ path }), input, path)]),
			...folder !== void 0 && fromFolder(path, folder)
		};
	});
	const fromFolder = (path, name) => labelled.classes.includes(name) ? { actual: [labelOf(labelled, name, path)] } : { fault: unknownLabel(labelled, name, path).diagnostics[0] };
	const slices = function* (file, { shape, values }) {
		const [count = 0, ...each] = shape;
		if (!fits(each, input.shape)) throw failure("wrong-shape", `${file}: expected COUNT x ${size}, got ${formatShape(shape)}`, "Give pictures of the shape that the model was trained on.");
		const length = sizeOf(each);
		for (let index = 0; index < count; index++) yield asked({
			file,
			index
		}, () => {
			const picture = {
				shape: each,
				values: values.subarray(index * length, (index + 1) * length)
			};
			return { x: [valuesOf(picture, input, `${file}[${index}]`)] };
		});
	};
	return {
		kind: "pictures",
		takes: `pictures ${taken}`,
		anySize: preparation.resize !== void 0,
		encode,
		files: {
			*png(name, bytes) {
				yield asked({ file: name }, () => settled([decode(bytes, input, name)]));
			},
			*npy(name, bytes) {
				const tensor = parseNpy(name, bytes);
				if (fits(tensor.shape, input.shape)) yield asked({ file: name }, () => ({ x: [valuesOf(tensor, input, name)] }));
				else yield* slices(name, tensor);
			},
			*idx(name, bytes) {
				const { sizes, data } = parseIdx({ path: name }, bytes, [3, 4]);
				yield* slices(name, {
					shape: sizes,
					values: data
				});
			},
			...columns && { csv: (name, bytes) => tableOfPictures(name, bytes, {
				...columns,
				targets,
				read: (path) => settled([decode(readWhole({ path }), input, path)])
			}) }
		},
		*folder(path) {
			const { names: below, beside } = listSubfolders(path);
			const areClasses = labelled !== void 0 && below.some((name) => labelled.classes.includes(name));
			const found = [...beside.length > 0 || below.length === 0 ? [[path, void 0]] : [], ...below.map((name) => [join(path, name), areClasses ? name : void 0])].flatMap(([folder, label]) => picturesIn(folder, folder === path).map((picture) => ({
				picture,
				label
			})));
			if (found.length === 0) listPictures(path);
			const thread = readAhead(found.map(({ picture }) => picture), {
				input,
				preparation
			});
			try {
				for (const [at, { picture, label }] of found.entries()) yield file(picture, label, thread && (() => thread.values(at)));
			} finally {
				thread?.close();
			}
		}
	};
}
const formats = "PNG, JPEG, WebP, TIFF or GIF";
function settled(x) {
	const now = x.filter((one) => typeof one !== "function");
	if (now.length === x.length) return { x: now };
	return { decode: () => Promise.all(x.map(async (one) => typeof one === "function" ? one() : one)) };
}
/** @param isOnly whether it must have some */
function picturesIn(folder, isOnly) {
	try {
		return listPictures(folder).pictures;
	} catch (error) {
		if (!isOnly && error instanceof UserError && error.diagnostics[0].code === "no-pictures") return [];
		throw error;
	}
}
const classOf = (target) => target.kind === "class" && target.shape.length === 0 ? target : void 0;
export { warnOfLeftOut as S, listPictures as _, isTexts as a, namesInFolder as b, parseNpy as c, folderOfPaths as d, folderOfTable as f, listFiles as g, countFiles as h, isScattered as i, proveLength as l, readPaths as m, picture_rows_exports as n, npyHeadLength as o, listTable as p, headOfSome as r, npyValues as s, pictureRows as t, readNpyHead as u, listPngFiles as v, pictureFiles as x, listSubfolders as y };
