import { r as __exportAll } from "./rolldown-runtime-C1I3wEg2.js";
import { $i as dataFileLimit, Di as firstRows, Ga as listOfFiles, Gi as WrongOption, Ha as namesOfFiles, Ja as locate, Jr as withClassWarnings, Ki as atOption, Na as shorten, Oa as statOf, Ti as npzFace, Ua as placesAmong, Wa as findTables, Ya as nameOf, _s as sizeOf, ao as showCount, bs as failure, ci as withinMemory, di as defineDataset, ea as explainUnread, eo as nearest, ga as openFile, gs as formatShape, ii as chooseRows, ms as inTurns, na as proveHash, oi as stratifiedBy, pi as orMisfit, ra as readBytes, ta as hashFile, vs as UserError, wi as npyFace } from "./checks-359mGJ3h.js";
import { a as isTexts, c as parseNpy, i as isScattered, l as proveLength, o as npyHeadLength, r as headOfSome, s as npyValues, t as pictureRows, u as readNpyHead } from "./picture-rows-mV9o_xa6.js";
import { _ as heldAs, a as joinedValues, c as numbersOf, d as readPart, f as rowsOf, g as findArrays, h as bytesIn, i as inputOf, m as arraysOf, n as classesIn, o as labelsOf, p as arrayOf, r as finderOf$1, s as numbersIn, t as asNumbers, u as readLabels, v as inputValues, x as specOf, y as isBytes } from "./array-samples-QOZxvSoW.js";
import { S as missingTexts, f as unknownLabel, l as noNumber, p as valuesOf, r as fits, t as asked } from "./given-values-DXROl_Cm.js";
import { n as pictureEncoder } from "./picture-file-DChOuqpQ.js";
import { a as proveOrder } from "./from-data-D-ljl90E.js";
import { closeSync, fstatSync, readSync } from "node:fs";
import { constants as constants$1, crc32, createInflateRaw, inflateRawSync } from "node:zlib";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
// src/datasets/zip-members.ts
/** Bytes of the record that ends a zip, without and with the longest comment. */
const endLength = 22;
const longestEnd = 65557;
/** Bytes that a directory may have: enough for some ten thousand names. */
const mostDirectory = 1e6;
/** Bytes that a member may unpack to. */
const mostUnpacked = 1e9;
/** Stands for a number that does not fit, and follows in the extra field (APPNOTE 4.5.3). */
const beyond = 4294967295;
function bad(name, what, hint = "Save it anew with numpy.savez.") {
	return failure("bad-npz", `${name} is no archive that can be read: ${what}`, hint);
}
const damaged = (name) => bad(name, "its directory is damaged, or its end is missing", "Get or save it again.");
const bufferOf = ({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength);
/**
* The members of a zip by their names, as its directory at the end says (PKWARE's APPNOTE, with zip64).
*
* @throws UserError when there is none, it does not hold what it says, or a member is twice or in a folder
*/
function readDirectory(source) {
	const { name, size } = source;
	const { at, length, count } = findDirectory(source);
	if (length > mostDirectory) throw bad(name, `its directory has more than ${showCount(mostDirectory)} bytes`, "Give an archive of few arrays.");
	if (at + length > size) throw damaged(name);
	const directory = bufferOf(source.read(at, length));
	const members = /* @__PURE__ */ new Map();
	let place = 0;
	for (let k = 0; k < count; k++) {
		if (place + 46 > length || directory.readUInt32LE(place) !== 33639248) throw damaged(name);
		const [names, extras, comment] = [
			28,
			30,
			32
		].map((field) => directory.readUInt16LE(place + field));
		const end = place + 46 + names + extras;
		if (end + comment > length) throw damaged(name);
		const member = memberAt(source, directory.subarray(place, end), names);
		if (members.has(member.name)) throw bad(name, `\`${shorten(member.name)}\` is in it twice`);
		members.set(member.name, member);
		place = end + comment;
	}
	if (place !== length) throw damaged(name);
	return members;
}
function memberAt({ name, size }, entry, names) {
	const flags = entry.readUInt16LE(8);
	const method = entry.readUInt16LE(10);
	const called = entry.toString((flags & 2048) === 0 ? "latin1" : "utf8", 46, 46 + names);
	if (/[/\\]/.test(called)) throw bad(name, `\`${shorten(called)}\` in it is in a folder`, "Name arrays without `/` and `\\`.");
	if ((flags & 1) !== 0) throw bad(name, `\`${shorten(called)}\` in it is encrypted`);
	if (method !== 0 && method !== 8) throw bad(name, `\`${shorten(called)}\` in it is packed by method ${method}`, "Pack it as numpy.savez_compressed.");
	const [unpacked, packed, at] = wideFields([
		24,
		20,
		42
	].map((field) => entry.readUInt32LE(field)), entry.subarray(46 + names));
	if (!(at + packed <= size) || method === 0 && packed !== unpacked) throw damaged(name);
	return {
		name: called,
		packed,
		size: unpacked,
		isDeflated: method === 8,
		crc: entry.readUInt32LE(16),
		at
	};
}
/** Numbers that are too large for their place are in the extra field, in their order; NaN where they are not. */
function wideFields(values, extra) {
	let wide = Buffer.alloc(0);
	for (let place = 0; place + 4 <= extra.length; place += 4 + extra.readUInt16LE(place + 2)) if (extra.readUInt16LE(place) === 1) wide = extra.subarray(place + 4, place + 4 + extra.readUInt16LE(place + 2));
	let next = 0;
	return values.map((value) => {
		if (value !== beyond) return value;
		next += 8;
		return next > wide.length ? NaN : Number(wide.readBigUInt64LE(next - 8));
	});
}
/** Where the directory of a zip is, and how many members it has. */
function findDirectory(source) {
	const { name, size } = source;
	const from = Math.max(0, size - longestEnd);
	const tail = bufferOf(source.read(from, size - from));
	let end = tail.length - endLength;
	const isEnd = () => tail.readUInt32LE(end) === 101010256 && end + endLength + tail.readUInt16LE(end + 20) === tail.length;
	while (end >= 0 && !isEnd()) end--;
	if (end < 0) throw bad(name, tail.length > 0 && from === 0 && tail.toString("latin1", 0, 2) !== "PK" ? "it is no zip file" : "its directory is missing", "A .npz file is what numpy.savez writes; get or save it again.");
	const count = tail.readUInt16LE(end + 10);
	const [length, at] = [tail.readUInt32LE(end + 12), tail.readUInt32LE(end + 16)];
	if (count !== 65535 && length !== beyond && at !== beyond) return {
		at,
		length,
		count
	};
	const locator = bufferOf(source.read(Math.max(0, from + end - 20), 20));
	if (locator.length < 20 || locator.readUInt32LE(0) !== 117853008) throw damaged(name);
	const wide = bufferOf(source.read(Number(locator.readBigUInt64LE(8)), 56));
	if (wide.length < 56 || wide.readUInt32LE(0) !== 101075792) throw damaged(name);
	return {
		count: Number(wide.readBigUInt64LE(32)),
		length: Number(wide.readBigUInt64LE(40)),
		at: Number(wide.readBigUInt64LE(48))
	};
}
/** Where the bytes of a member begin. @throws UserError where its own header is not that of the directory */
function startOf(source, { name, at, packed }) {
	const head = bufferOf(source.read(at, 30));
	if (head.length < 30 || head.readUInt32LE(0) !== 67324752) throw damaged(source.name);
	const names = head.readUInt16LE(26);
	const start = at + 30 + names + head.readUInt16LE(28);
	const called = bufferOf(source.read(at + 30, names));
	if (!called.equals(Buffer.from(name, "utf8")) && !called.equals(Buffer.from(name, "latin1"))) throw bad(source.name, `\`${shorten(name)}\` has another name in front of its bytes`);
	if (start + packed > source.size) throw damaged(source.name);
	return start;
}
/**
* The beginning of a member.
*
* @param length bytes that are wanted, at least; there may be more, and fewer where it ends
*/
function beginningOf(source, member, length) {
	const part = source.read(startOf(source, member), Math.min(member.packed, length));
	if (!member.isDeflated) return part;
	return inflated$1(source.name, member, () => inflateRawSync(part, {
		finishFlush: constants$1.Z_SYNC_FLUSH,
		maxOutputLength: 2e3 * length
	}));
}
/**
* What a member unpacks to.
*
* @throws UserError when it is damaged, or has more or fewer bytes than the directory says, or too many
*/
function unpackMember(source, member) {
	const { name, packed, size, crc, isDeflated } = member;
	if (size > 1e9) throw failure("data-file-too-large", `\`${shorten(name)}\` in ${source.name} unpacks to more than ${showCount(mostUnpacked)} bytes, the most that an array may have`, "Give a part of it.");
	const part = source.read(startOf(source, member), packed);
	const bytes = isDeflated ? inflated$1(source.name, member, () => inflateRawSync(part, { maxOutputLength: Math.max(1, size) })) : part;
	if (bytes.length !== size || crc32(bytes) !== crc) throw damagedMember(source.name, name);
	return bytes;
}
/** That a member is not what the directory says. */
function damagedMember(file, name) {
	return bad(file, `\`${shorten(name)}\` in it is damaged: it does not unpack to what the directory says`, "Get or save it again; `unzip -t` says what is whole.");
}
function inflated$1(file, { name }, inflate) {
	try {
		return inflate();
	} catch (error) {
		if (error.code === void 0) throw error;
		throw damagedMember(file, name);
	}
}
// src/datasets/zip-stream.ts
/** Bytes that are read at a time. */
const together$2 = 1 << 20;
/** Bytes of a source from one place to another, a megabyte at a time; fewer where it ends before. */
function* bytesBetween(source, from, to) {
	for (let at = from; at < to; at += together$2) {
		const some = source.read(at, Math.min(together$2, to - at));
		if (some.length === 0) return;
		yield some;
	}
}
/**
* What a member unpacks to, part by part, however large it is.
*
* @throws UserError when it is damaged, or has more or fewer bytes than the directory says: the last of all
*/
async function* streamMember(source, member) {
	const { name, packed, size, crc, isDeflated } = member;
	const start = startOf(source, member);
	const stored = bytesBetween(source, start, start + packed);
	let [found, length] = [0, 0];
	for await (const some of isDeflated ? inflated(stored, () => damagedMember(source.name, name)) : stored) {
		length += some.length;
		if (length > size) break;
		found = crc32(some, found);
		yield some;
	}
	if (length !== size || found !== crc) throw damagedMember(source.name, name);
}
async function* inflated(packed, damaged) {
	const inflate = createInflateRaw({ chunkSize: together$2 });
	pipeline(Readable.from(packed), inflate).catch(() => {});
	try {
		for await (const some of inflate) yield some;
	} catch (error) {
		if (error instanceof UserError || error.code === void 0) throw error;
		throw damaged();
	}
}
// src/datasets/array-files.ts
/** Bytes up to which an array is read as a whole. */
const together$1 = 16e6;
/** @param read gives bytes of the values from a place on; left out: none can be read by themselves */
function* partsOf(called, head, of) {
	const { whole, read } = of;
	const [count = 1] = head.shape;
	if (read === void 0 || isScattered(head) || head.length <= together$1) {
		yield {
			values: whole(),
			before: 0
		};
		return;
	}
	const each = head.length / count;
	const samples = Math.max(1, Math.floor(together$1 / each));
	for (let before = 0; before < count; before += samples) {
		const some = headOfSome(head, Math.min(samples, count - before));
		yield {
			values: npyValues(called, some, read(head.start + before * each, some.length)),
			before
		};
	}
}
/** A file that is read where it lies, whenever bytes of it are asked for. @throws UserError where it cannot be read */
function fileSource(place) {
	const opened = (read) => {
		try {
			const file = openFile(place.path);
			try {
				return read(file);
			} finally {
				closeSync(file);
			}
		} catch (error) {
			throw explainUnread(place, error);
		}
	};
	const size = opened((file) => fstatSync(file).size);
	return {
		name: nameOf(place),
		size,
		read: (at, length) => {
			if (!(at < size)) return /* @__PURE__ */ new Uint8Array(0);
			const bytes = new Uint8Array(Math.min(length, size - at));
			return bytes.subarray(0, opened((file) => readSync(file, bytes, 0, bytes.length, at)));
		}
	};
}
/** Bytes in memory. */
function memorySource(name, bytes) {
	return {
		name,
		size: bytes.length,
		read: (at, length) => bytes.subarray(at, at + length)
	};
}
/** The arrays of an .npz file. @throws UserError where it is none, or damaged */
function npzArrays(source) {
	const members = new Map([...readDirectory(source)].flatMap(([name, member]) => name.endsWith(".npy") ? [[name.slice(0, -4), member]] : []));
	const names = [...members.keys()];
	const called = (array) => `\`${shorten(array)}\` of ${source.name}`;
	const memberOf = (array) => members.get(array) ?? unknown(source.name, array, names);
	const head = (array) => {
		const member = memberOf(array);
		const found = readNpyHead(called(array), beginningOf(source, member, npyHeadLength));
		proveLength(called(array), found, member.size);
		return found;
	};
	return {
		names,
		called,
		head,
		values: (array) => npyValues(called(array), head(array), unpackMember(source, memberOf(array))),
		parts: (array) => {
			const member = memberOf(array);
			return partsOf(called(array), head(array), {
				whole: () => npyValues(called(array), head(array), unpackMember(source, member)),
				...!member.isDeflated && { read: (from, length) => source.read(startOf(source, member) + from, length) }
			});
		},
		async *stream(array) {
			let before = head(array).start;
			for await (const some of streamMember(source, memberOf(array))) {
				const own = some.subarray(Math.min(before, some.length));
				before -= some.length - own.length;
				if (own.length > 0) yield own;
			}
		},
		isLong: source.size > 256e6 || [...members.values()].some(({ size }) => size > 1e9)
	};
}
/** Arrays that are a .npy file each. @param sources by the names of the arrays */
function npyArrays(sources) {
	const names = [...sources.keys()];
	const sourceOf = (array) => sources.get(array) ?? unknown("`files`", array, names);
	const called = (array) => sourceOf(array).name;
	const head = (array) => {
		const source = sourceOf(array);
		const found = readNpyHead(source.name, source.read(0, npyHeadLength));
		proveLength(source.name, found, source.size);
		return found;
	};
	return {
		names,
		called,
		head,
		values: (array) => {
			const source = sourceOf(array);
			return npyValues(source.name, head(array), source.read(0, source.size));
		},
		parts: (array) => {
			const source = sourceOf(array);
			return partsOf(source.name, head(array), {
				whole: () => npyValues(source.name, head(array), source.read(0, source.size)),
				read: (from, length) => source.read(from, length)
			});
		},
		async *stream(array) {
			const [source, { start, length }] = [sourceOf(array), head(array)];
			let given = 0;
			for (const some of bytesBetween(source, start, start + length)) {
				given += some.length;
				yield some;
			}
			proveLength(source.name, head(array), start + given);
		},
		isLong: [...sources.values()].some(({ size }) => size > dataFileLimit)
	};
}
function unknown(where, array, names) {
	const meant = nearest(array, names);
	const shown = names.slice(0, 20).map((name) => `\`${shorten(name)}\``);
	throw failure("unknown-array", `${where} has no array \`${shorten(array)}\``, meant === void 0 ? `It has ${shown.length === 0 ? "none" : shown.join(", ")}${names.length > shown.length ? ", ..." : ""}.` : `Did you mean \`${shorten(meant)}\`?`);
}
// src/datasets/joined-arrays.ts
/**
* Files with arrays of the same names as one: of each array the samples of all, file after file.
*
* @param path of the option that lists them
* @throws WrongOption of `head` and `values`, where what they hold under a name cannot be one array
*/
function joinedArrays(files, path) {
	const [first, ...others] = files;
	const known = /* @__PURE__ */ new Map();
	const look = (array) => {
		const found = known.get(array);
		if (found !== void 0) return found;
		const mine = first.head(array);
		let [count, length] = [mine.shape[0], mine.length];
		for (const other of others) {
			const its = other.head(array);
			if (!areAlike(mine, its)) throw new WrongOption(path, failure("arrays-differ", `${first.called(array)} is ${mine.kind.name} of ${formatShape(mine.shape)}, but ${other.called(array)} ${its.kind.name} of ${formatShape(its.shape)}`, "Files that are listed together need arrays of one kind, and the same sizes behind the first."));
			count += its.shape[0];
			length += its.length;
		}
		const all = {
			...mine,
			length,
			shape: mine.shape.with(0, count)
		};
		known.set(array, all);
		return all;
	};
	return {
		files,
		names: first.names.filter((name) => others.every(({ names }) => names.includes(name))),
		called: (array) => `${first.called(array)} and ${others.length} more`,
		head: look,
		values: (array) => joined(files.map((file) => file.values(array)), sizeOf(look(array).shape)),
		*parts(array) {
			let first = 0;
			for (const file of files) {
				for (const { values, before } of file.parts(array)) yield {
					values,
					before: first + before
				};
				first += countIn(file, array);
			}
		},
		async *stream(array) {
			for (const file of files) yield* file.stream(array);
		},
		isLong: files.some(({ isLong }) => isLong)
	};
}
/** Texts may be of any length, as those of parts may; numbers are of one kind. */
function areAlike(one, other) {
	return (one.kind.name === other.kind.name || [one, other].every(({ kind }) => heldAs(kind) === "texts")) && String(one.shape.slice(1)) === String(other.shape.slice(1));
}
function joined(each, size) {
	const numbers = each.flatMap((values) => isTexts(values) ? [] : [values]);
	if (numbers.length === 0) return each.flatMap((values) => isTexts(values) ? values : []);
	const all = new numbers[0].constructor(size);
	let at = 0;
	for (const values of numbers) {
		all.set(values, at);
		at += values.length;
	}
	return all;
}
/** The files that arrays lie in. */
const filesOf = (file) => file.files ?? [file];
/** How many samples an array has. @throws UserError as `head` */
const countIn = (file, array) => file.head(array).shape[0];
/** Where a sample of an array stands. @param row counted from 0 */
function spotIn(file, array, row) {
	let left = row;
	for (const one of file.files ?? []) {
		const count = countIn(one, array);
		if (left < count) return {
			file: one.called(array),
			sample: left + 1
		};
		left -= count;
	}
	return {
		file: file.called(array),
		sample: left + 1
	};
}
/** Which files samples of a joined array are of, by the place that each file has. */
function filesAmong(file, array, { rows, places }) {
	const counts = filesOf(file).map((one) => countIn(one, array));
	return placesAmong(rows, counts).map((k) => places[k]);
}
// src/datasets/array-pieces.ts
/** The arrays of all that is learnt or predicted, one after the other. */
const arraysIn = ({ inputs, targets }) => [...inputs, ...targets].flatMap(arraysOf);
/**
* What arrays hold, with whether they are packed where memory does not hold them.
*
* @throws WrongOption where they would have to be, and cannot
*/
function packable({ file, spec, found, at }) {
	const scattered = (array) => filesOf(file).find((one) => isScattered(one.head(array)));
	const of = [...found.inputs, ...found.targets].findIndex((one) => arraysOf(one).some(scattered));
	if (of < 0) return {
		...spec,
		packs: "rows",
		...file.isLong && { isLong: true }
	};
	if (!file.isLong && !("code" in withinMemory(spec))) return spec;
	const array = arraysIn(found).find(scattered);
	const { inputs, targets } = found;
	throw new WrongOption(of < inputs.length ? at("inputs", of) : at("targets", targets[of - inputs.length].name), failure("data-not-packable", `${scattered(array).called(array)} is too large to be read as a whole, and lies in Fortran's order, so that no sample can be read by itself`, "Save it sample by sample: `numpy.ascontiguousarray(a)`."));
}
/** Bytes of the files that are made samples at a time. */
const together = 4e6;
/** As they follow each other. */
const partNames = [
	"all",
	"train",
	"validation",
	"test"
];
/** All samples in their order. @throws UserError where a value cannot be used, or an array is damaged */
async function* chunksOf({ file: all, spec, found, at }) {
	let before = 0;
	for (const [part, file] of partNames.flatMap((name) => filesOf(all).map((one) => [name, one]))) {
		if (found.counts[part] === void 0) continue;
		const count = countIn(file, found.inputs[0][part]);
		const arraysOfPart = (some) => some.map((one) => one[part]);
		const [inputs, targets] = [arraysOfPart(found.inputs), arraysOfPart(found.targets)];
		const each = [...inputs, ...targets].reduce((sum, array) => sum + file.head(array).length / count, 0);
		const samples = Math.max(1, Math.floor(together / each));
		const x = inputs.map((array, k) => converted(valuesIn(file, array, samples), (values, first) => atOption(at("inputs", k), () => {
			const called = file.called(array);
			const size = sizeOf(spec.inputs[k].shape);
			return inputOf(called, asNumbers(called, values), {
				size,
				bytes: isBytes(file.head(array)),
				before: first
			});
		})));
		const y = targets.map((array, k) => converted(valuesIn(file, array, samples), (values, first) => {
			const [called, target] = [file.called(array), spec.targets[k]];
			return atOption(at("targets", target.name), () => target.kind === "class" ? labelsOf(called, values, target, first) : numbersOf(called, asNumbers(called, values), sizeOf(target.shape), first));
		}));
		for (let from = 0; from < count; from += samples) yield {
			first: before + from,
			count: Math.min(samples, count - from),
			inputs: await nextOf(x),
			targets: await nextOf(y)
		};
		before += count;
	}
}
/** The next of each, one after the other, so that the first that cannot be used is told. */
async function nextOf(all) {
	const found = [];
	for (const one of all) {
		const { done, value } = await one.next();
		if (done !== true) found.push(value);
	}
	return found;
}
/** What becomes of values. @param convert is told how many samples come before */
async function* converted(all, convert) {
	for await (const { values, before } of all) yield convert(values, before);
}
/** The values of an array, so many samples at a time. */
async function* valuesIn(file, array, samples) {
	const head = file.head(array);
	const each = headOfSome(head, 1).length;
	let before = 0;
	for await (const bytes of ofSize(file.stream(array), samples * each)) {
		const some = bytes.length / each;
		yield {
			before,
			values: npyValues(file.called(array), headOfSome(head, some), bytes)
		};
		before += some;
	}
}
/** Bytes in parts of one size, the last one smaller: it is given once all came to a good end. */
async function* ofSize(bytes, size) {
	let whole;
	let [next, filled] = [new Uint8Array(size), 0];
	for await (const some of bytes) for (let from = 0; from < some.length;) {
		const taken = some.subarray(from, from + size - filled);
		next.set(taken, filled);
		filled += taken.length;
		from += taken.length;
		if (filled < size) continue;
		if (whole !== void 0) yield whole;
		[whole, next, filled] = [
			next,
			new Uint8Array(size),
			0
		];
	}
	if (whole !== void 0) yield whole;
	if (filled > 0) yield next.subarray(0, filled);
}
/** Finds the samples that are asked for one after the other; of one before them, it begins anew. */
function inOrder(chunks) {
	let turn = Promise.resolve(void 0);
	let left;
	const find = async (current, sample) => {
		if (current !== void 0 && sample < current.first) {
			await left?.return();
			left = void 0;
		} else if (current !== void 0 && sample < current.first + current.count) return current;
		left ??= chunks();
		for (let next = await left.next(); next.done !== true; next = await left.next()) if (sample < next.value.first + next.value.count) return next.value;
		throw new Error(`no array has sample ${sample}`);
	};
	return (sample) => {
		const found = turn.then((current) => find(current, sample));
		turn = found;
		return found;
	};
}
/** The samples of arrays, one by one, in the order that they lie in: those for training, validation, the test. */
function openArrays(opened, { name, folder, places, listed, madeBy, divide, whole }) {
	const { file, found } = opened;
	const spec = packable(opened);
	const { all, train = 0, validation, test = 0 } = found.counts;
	const total = all ?? train + (validation ?? 0) + test;
	const own = places.map(({ place }) => place.path);
	const [input] = found.inputs;
	const chunkOf = inOrder(() => chunksOf({
		...opened,
		spec
	}));
	const trained = train + (validation ?? 0);
	const sources = partNames.flatMap((part) => {
		const count = found.counts[part];
		if (count === void 0 || listed === void 0) return [];
		return [...filesAmong(file, input[part], {
			rows: firstRows(count),
			places: listed.places
		})];
	});
	return {
		name,
		spec,
		folder,
		paths: Array.from({ length: total }, () => own),
		listed: total,
		madeBy: [madeBy, places.map(({ array, place }) => [array, place.sha256 ?? null])],
		...listed && { sources: {
			names: listed.names,
			placeOf: (sample) => sources[sample]
		} },
		place: (sample) => {
			if (all !== void 0) return spotIn(file, input.all, sample);
			if (sample >= trained) return spotIn(file, input.test, sample - trained);
			const isSecond = sample >= train;
			return spotIn(file, input[isSecond ? "validation" : "train"], isSecond ? sample - train : sample);
		},
		read: async (sample) => {
			const { first, count, inputs, targets } = await chunkOf(sample);
			return {
				values: [...inputs, ...targets].map(({ buffer, byteOffset, byteLength }) => {
					const bytes = new Uint8Array(buffer, byteOffset, byteLength);
					const each = bytes.length / count;
					return bytes.subarray((sample - first) * each, (sample - first + 1) * each);
				}),
				files: sample === total - 1 ? await proveFiles(places.map(({ place }) => place)) : []
			};
		},
		divide: () => all !== void 0 ? divide() : {
			train: firstRows(trained),
			test: firstRows(test).map((row) => row + trained)
		},
		describeFiles: (usable, files) => files(usable.at(-1)),
		...validation !== void 0 && { split: splitAt(train, trained) },
		whole
	};
}
/** The first of so many rows train, the others validate. */
function splitAt(trained, count) {
	const rows = firstRows(count);
	return {
		train: rows.slice(0, trained),
		validation: rows.slice(trained)
	};
}
/** What proves which files are there. @throws UserError where one is not what it must be, or cannot be read */
async function proveFiles(places) {
	const files = [];
	for (const place of places) try {
		const sha256 = await inTurns(hashFile(place.path));
		proveHash(place, sha256);
		files.push({
			name: nameOf(place),
			sha256,
			bytes: Number(statOf(place.path)?.size ?? 0)
		});
	} catch (error) {
		throw explainUnread(place, error);
	}
	return files;
}
// src/datasets/array-rows.ts
/** What a model is asked by that learnt from arrays: others of the same shape, and pictures where those were some. */
function arrayRows(trained) {
	const { options, inputs, targets } = trained;
	const [input] = inputs;
	const arrays = function* (name, bytes) {
		const file = npzArrays(memorySource(name, bytes));
		yield* samplesOf(name, {
			inputs: inputs.map((one, k) => tensorOf(file, askedArray(file, options.inputs[k], options), one)),
			targets: targets.map((target) => actualOf(file, askedArray(file, target.name, options), target)),
			specs: inputs
		});
	};
	if (inputs.length === 1 && options.images) {
		const reader = pictureRows(trained);
		return {
			...reader,
			files: {
				...reader.files,
				npz: arrays
			}
		};
	}
	const encode = pictureEncoder({
		inputs,
		targets
	}, {
		isFile: () => false,
		decode: () => /* @__PURE__ */ new Uint8Array(0)
	});
	return {
		kind: "arrays",
		takes: `arrays of ${inputs.map(({ name, shape }) => (inputs.length === 1 ? "" : `${name} of `) + formatShape(shape)).join(", ")} for each sample`,
		encode: (row, where) => encode(row, where),
		files: {
			npz: arrays,
			...inputs.length === 1 && { *npy(name, bytes) {
				const tensor = parseNpy(name, bytes);
				yield* samplesOf(name, {
					inputs: [proven(fits(tensor.shape, input.shape) && !fits(tensor.shape.slice(1), input.shape) ? {
						...tensor,
						shape: [1, ...tensor.shape]
					} : tensor, input, name)],
					targets: [],
					specs: inputs
				});
			} }
		}
	};
}
/** The array of a file that stands for one of the training: it is called so, or as the test's was. */
function askedArray(file, name, { parts }) {
	const tested = arrayOf(name, parts.test);
	return !file.names.includes(name) && file.names.includes(tested) ? tested : name;
}
function tensorOf(file, array, input) {
	const { shape } = file.head(array);
	return proven({
		shape,
		values: numbersIn(file, array)
	}, input, file.called(array));
}
/** @throws UserError where an array is not samples of the shape that the model takes */
function proven(tensor, { shape }, called) {
	const [, ...each] = tensor.shape;
	if (tensor.shape.length > 0 && fits(each, shape)) return tensor;
	throw failure("wrong-shape", `${called}: expected COUNT x ${formatShape(shape)}, got ${formatShape(tensor.shape)}`, "Give it samples of the shape that the model was trained on.");
}
/** What is right of each sample, where a file says it. @throws UserError where it says something else of them */
function actualOf(file, array, target) {
	if (!file.names.includes(array)) return void 0;
	const [called, { shape }] = [file.called(array), file.head(array)];
	const [count = 0, ...each] = shape;
	const size = sizeOf(target.shape);
	if (sizeOf(each) !== size) throw failure("wrong-shape", `${called}: expected COUNT x ${formatShape(target.shape)}, got ${formatShape(shape)}`, "Give it what is right of each sample in the shape that the model was trained on.");
	if (target.kind === "class") {
		const values = file.values(array);
		const find = finderOf$1(target.classes);
		return {
			count,
			of: (index) => {
				const said = Array.from({ length: size }, (_, i) => values[index * size + i]);
				const labels = said.flatMap((one) => find(one) ?? []);
				if (labels.length === size) return Uint8Array.from(labels);
				const strange = String(said.find((one) => find(one) === void 0));
				if (size === 1 && missingTexts.has(strange)) return void 0;
				throw unknownLabel(target, strange, `${called}, index ${index}`, isTexts(values) ? "" : numbered);
			}
		};
	}
	const values = numbersIn(file, array);
	return {
		count,
		of: (index) => {
			const said = Float64Array.from(values.subarray(index * size, (index + 1) * size));
			const wrong = said.find((value) => !Number.isFinite(value));
			if (wrong === void 0) return said;
			if (size === 1 && Number.isNaN(wrong)) return void 0;
			throw noNumber(target.name, String(wrong), `${called}, index ${index}`);
		}
	};
}
const numbered = " Numbers stand for them from 0 on, unless all their names are numbers.";
function* samplesOf(file, given) {
	const [count] = given.inputs[0].shape;
	const sizes = given.inputs.map(({ shape }) => sizeOf(shape.slice(1)));
	if (given.inputs.some(({ shape }) => shape[0] !== count) || given.targets.some((told) => told !== void 0 && told.count !== count)) throw failure("arrays-differ", `${file}: its arrays have different numbers of samples`, "Save those of one set.");
	for (let index = 0; index < count; index++) yield asked({
		file,
		index
	}, () => ({
		x: given.specs.map((spec, k) => {
			const { values, shape } = given.inputs[k];
			const own = values.subarray(index * sizes[k], (index + 1) * sizes[k]);
			return valuesOf({
				shape: shape.slice(1),
				values: own
			}, spec, `${file}[${index}]`);
		}),
		...toldOf(given.targets, index)
	}));
}
function toldOf(targets, index) {
	if (targets.every((told) => told === void 0)) return {};
	let fault;
	return {
		actual: targets.map((told) => {
			try {
				return told?.of(index);
			} catch (error) {
				if (!(error instanceof UserError)) throw error;
				fault ??= error.diagnostics[0];
				return;
			}
		}),
		...fault && { fault }
	};
}
// src/datasets/arrays.ts
const ofNpz = {
	named: ({ file }) => listOfFiles(file),
	places: ({ file }, folder) => findTables(file, folder).map((place) => ({
		array: "",
		place,
		listed: place.listed
	}))
};
const ofNpy = {
	named: ({ files }) => Object.values(files),
	places: ({ files }, folder) => Object.entries(files).map(([array, file]) => ({
		array,
		place: locate(file, folder),
		listed: 0
	}))
};
/** Arrays of NumPy in one file. */
const npz = defineDataset({
	...npzFace,
	...rowOfArrays("npz", ofNpz)
});
/** Arrays of NumPy in a file each. */
const npy = defineDataset({
	...npyFace,
	...rowOfArrays("npy", ofNpy)
});
/** The samples of `npz`, one by one. */
const npzPieces = piecesOfArrays("npz", ofNpz);
/** The samples of `npy`, one by one. */
const npyPieces = piecesOfArrays("npy", ofNpy);
/** Finds the arrays that options name. */
function finderOf(name, { named, places }) {
	const at = (...path) => [
		"source",
		name,
		...path
	];
	const pathOf = (array) => name === "npz" ? at("file") : at("files", array);
	const joined = (sources, given) => {
		if (name === "npy") return npyArrays(new Map(sources.map(({ array, source }) => [array, source])));
		const [first, second, ...more] = sources.map(({ source }) => atOption(at("file"), () => npzArrays(source)));
		if (second === void 0) return first;
		const files = [
			first,
			second,
			...more
		];
		for (const file of files) findArrays(file, given, at);
		return joinedArrays(files, at("file"));
	};
	const look = (given, folder) => joined(atOption(at(name === "npz" ? "file" : "files"), () => places(given, folder)).map(({ array, place }) => ({
		array,
		source: atOption(pathOf(array), () => fileSource(place))
	})), given);
	/** Left out where one is listed: nothing is told of sources then. */
	const listedIn = (given, found) => {
		const names = namesOfFiles(named(given));
		if (name === "npy" || names.length < 2) return void 0;
		return {
			names,
			places: found.map(({ listed }) => listed)
		};
	};
	return {
		at,
		pathOf,
		joined,
		look,
		listedIn
	};
}
function rowOfArrays(name, files) {
	const { named, places } = files;
	const { at, pathOf, joined, look, listedIn } = finderOf(name, files);
	return {
		describe: (given, folder, division = {}) => orMisfit(() => described(look(given, folder), given, {
			division,
			at
		}), { inputs: given.inputs.length === 1 ? ["input"] : given.inputs }),
		settle: (given, folder) => {
			if (!Object.values(given.targets).some(leavesArrayList)) return given;
			const file = look(given, folder);
			return {
				...given,
				targets: settledTargets(file, given, findArrays(file, given, at), at)
			};
		},
		named,
		files: (given, folder) => places(given, folder).map(({ place }) => place.path),
		load: (given, folder, seed, signal, split = {
			validation: 0,
			stratified: true
		}) => {
			const work = function* () {
				const read = [];
				const sources = [];
				const wanted = places(given, folder);
				for (const { array, place } of wanted) {
					yield;
					const { bytes, file } = atOption(pathOf(array), () => readBytes(place));
					read.push(file);
					sources.push({
						array,
						source: memorySource(nameOf(place), bytes)
					});
				}
				const arrays = joined(sources, given);
				const found = findArrays(arrays, given, at);
				const settled = {
					...given,
					targets: settledTargets(arrays, given, found, at)
				};
				const listed = listedIn(given, wanted);
				return {
					name,
					files: read,
					...yield* loadArrays(arrays, settled, {
						found,
						division: {
							split,
							seed
						},
						at,
						...listed && { listed }
					})
				};
			};
			return inTurns(work(), signal);
		},
		rows: arrayRows
	};
}
function piecesOfArrays(name, files) {
	const { at, look, listedIn } = finderOf(name, files);
	const row = rowOfArrays(name, files);
	return { open: (given, folder, seed, split = {
		validation: 0,
		stratified: true
	}) => {
		const file = look(given, folder);
		const found = findArrays(file, given, at);
		const { inputs, images, parts } = given;
		const targets = settledTargets(file, given, found, at);
		const spec = provenTest(specOf(file, {
			...given,
			targets
		}, found, {
			at,
			fold: split.fold
		}), at);
		const k = stratifiedBy(spec.targets);
		const places = files.places(given, folder);
		const listed = listedIn(given, places);
		return openArrays({
			file,
			spec,
			found,
			at
		}, {
			name,
			folder,
			places,
			...listed && { listed },
			madeBy: {
				inputs,
				targets,
				images,
				parts
			},
			divide: () => {
				const target = spec.targets[k];
				return divided(target?.kind === "class" ? readLabels(file, found.targets[k].all, target, at) : void 0, spec, {
					split,
					seed
				});
			},
			whole: async (signal) => row.load(given, folder, seed, signal, split)
		});
	} };
}
function settledTargets(file, { targets }, found, at) {
	return Object.fromEntries(found.targets.map((one) => {
		const target = targets[one.name];
		if (!leavesArrayList(target)) return [one.name, target];
		const path = at("targets", one.name);
		const classes = atOption(path, () => classesIn(file, one));
		if (target === "fromData") return [one.name, classes];
		proveOrder(one.name, classes, path);
		return [one.name, { ordinal: classes }];
	}));
}
/** Whether a target leaves its classes to the data. */
function leavesArrayList(target) {
	return target === "fromData" || typeof target === "object" && "ordinal" in target && target.ordinal === "fromData";
}
function described(file, given, { division, at }) {
	const found = findArrays(file, given, at);
	const settled = {
		...given,
		targets: settledTargets(file, given, found, at)
	};
	const spec = provenTest(specOf(file, settled, found, {
		at,
		fold: division.split?.fold
	}), at);
	const bounded = {
		...packable({
			file,
			spec,
			found,
			at
		}),
		reading: 2 * bytesIn(file, found) + 4 * inputValues(file, found),
		indexFacts: (input) => indexFactsOf(file, found, spec.inputs.findIndex(({ name }) => name === input))
	};
	const { split, seed } = division;
	const [target, ...more] = spec.targets;
	if (split === void 0 || seed === void 0) return bounded;
	if (target?.kind !== "class" || target.shape.length > 0 || more.length > 0) return bounded;
	const [of] = found.targets;
	const read = (array) => atOption(at("targets", target.name), () => labelsOf(file.called(array), file.values(array), target));
	if (of.validation !== void 0) {
		for (const array of [
			of.train,
			of.validation,
			of.test
		]) read(array);
		return bounded;
	}
	const labels = labelsIn(of.all === void 0 ? [read(of.train), read(of.test)] : read(of.all), spec, {
		split,
		seed
	});
	const path = at("targets", target.name);
	return withClassWarnings({
		...bounded,
		labels: () => labels
	}, division, {
		train: path,
		test: path
	});
}
/** @throws WrongOption where no sample is for the test */
function provenTest(spec, at) {
	if (spec.count.test > 0) return spec;
	throw new WrongOption(at("test"), failure("no-test-samples", `${spec.count.train} samples leave none for the test`, "Raise `test`."));
}
/** @param labels of training and test, or of all that is to be divided */
function labelsIn(labels, spec, division) {
	if (!(labels instanceof Uint8Array)) return {
		train: labels[0],
		test: labels[1]
	};
	const { train, test } = divided(labels, spec, division);
	return {
		train: rowsOf(labels, 1, train),
		test: rowsOf(labels, 1, test)
	};
}
/** Which samples are for the test, where no arrays are. @param labels of the first target of one class per sample */
function divided(labels, { count }, { split, seed }) {
	const { train, test } = count;
	const chosen = chooseRows({
		count: train + test,
		wanted: test,
		labels,
		options: split,
		seed,
		purpose: "test"
	});
	const rows = Uint32Array.from({ length: train + test }, (_, row) => row);
	return {
		train: rows.filter((row) => chosen[row] === 0),
		test: rows.filter((row) => chosen[row] === 1)
	};
}
function* loadArrays(file, given, { found, division, at, listed }) {
	const spec = packable({
		file,
		spec: provenTest(specOf(file, given, found, {
			at,
			fold: division.split.fold
		}), at),
		found,
		at
	});
	const part = (name) => readPart(file, spec, {
		found,
		part: name,
		at
	});
	const samples = ({ inputs, targets }, count) => ({
		inputs,
		targets,
		count
	});
	const { counts } = found;
	const [input] = found.inputs;
	const among = (array, rows) => filesAmong(file, array, {
		rows,
		places: listed.places
	});
	if (counts.all === void 0) {
		const first = yield* part("train");
		const validation = counts.validation === void 0 ? void 0 : yield* part("validation");
		return {
			spec,
			train: samples(validation === void 0 ? first : joinedParts(first, validation), spec.count.train),
			test: samples(yield* part("test"), spec.count.test),
			...validation && { split: splitAt(counts.train, spec.count.train) },
			...listed && { sources: {
				names: listed.names,
				train: Uint32Array.from([...among(input.train, firstRows(counts.train)), ...validation === void 0 ? [] : among(input.validation, firstRows(counts.validation))]),
				test: among(input.test, firstRows(counts.test))
			} },
			origin: { place: (name, row) => {
				const isSecond = name === "train" && row >= counts.train;
				const array = input[isSecond ? "validation" : name];
				return spotIn(file, array, isSecond ? row - counts.train : row);
			} }
		};
	}
	const all = yield* part("all");
	const labels = all.targets[stratifiedBy(spec.targets)];
	const rows = divided(labels instanceof Uint8Array ? labels : void 0, spec, division);
	const pick = (name) => samples({
		inputs: all.inputs.map((values, k) => rowsOf(values, sizeOf(spec.inputs[k].shape), rows[name])),
		targets: all.targets.map((values, k) => rowsOf(values, sizeOf(spec.targets[k].shape), rows[name]))
	}, rows[name].length);
	return {
		spec,
		train: pick("train"),
		test: pick("test"),
		...listed && { sources: {
			names: listed.names,
			train: among(input.all, rows.train),
			test: among(input.all, rows.test)
		} },
		origin: { place: (name, row) => spotIn(file, input.all, rows[name][row]) }
	};
}
function joinedParts(one, other) {
	return {
		inputs: one.inputs.map((values, k) => joinedValues(values, other.inputs[k])),
		targets: one.targets.map((values, k) => joinedValues(values, other.targets[k]))
	};
}
/** What reading an input as indices depends on: its values, which are read for it. */
function indexFactsOf(file, { inputs }, place) {
	let [low, high] = [];
	for (const array of arraysOf(inputs[place])) {
		const { kind, shape } = file.head(array);
		if (kind.isWhole !== true) return { misfit: {
			problem: `${file.called(array)} is ${kind.name}`,
			hint: `${numberThem}, and save integers.`
		} };
		const size = sizeOf(shape.slice(1));
		for (const { values, before } of file.parts(array)) {
			if (isTexts(values)) return {};
			for (let i = 0; i < values.length; i++) {
				const value = values[i];
				const here = () => `${file.called(array)}, sample ${before + Math.floor(i / size) + 1}: a value is ${value}`;
				if (low === void 0 || value < low.value) low = {
					value,
					place: here
				};
				if (high === void 0 || value > high.value) high = {
					value,
					place: here
				};
			}
		}
	}
	return {
		...low && { smallest: {
			...low,
			hint: `${numberThem}.`
		} },
		...high && { largest: high }
	};
}
const numberThem = "Indices are whole numbers from 0 on: number them in the array";
// src/datasets/read-arrays.ts
var read_arrays_exports = /* @__PURE__ */ __exportAll({
	npy: () => npy,
	npyPieces: () => npyPieces,
	npz: () => npz,
	npzPieces: () => npzPieces
});
export { npzArrays as i, fileSource as n, npyArrays as r, read_arrays_exports as t };
