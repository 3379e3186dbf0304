import { ao as showCount, bs as failure, ea as explainUnread, ga as openFile, hs as pauses, li as bytesOf, ra as readBytes, sa as readWhole, vs as UserError } from "./checks-359mGJ3h.js";
import { c as proveShape, d as withoutAlpha, i as shapeAfter, l as tooManyBits, n as decodePrepared, o as decodeAs, r as needsSharp, s as decodePicture, u as withEightBits } from "./prepare-picture-CBP5mDy-.js";
import { c as readHeader, i as jpegEnds, n as readHead, r as within, u as signature } from "./picture-head-DbcYK8VE.js";
import { relative } from "node:path";
import { closeSync, fstatSync, readSync } from "node:fs";
import { crc32 } from "node:zlib";
import { createHash } from "node:crypto";
// src/datasets/png-files.ts
/** Values of pictures of one shape, one after the other. */
function joinPictures(pictures) {
	const size = pictures[0].values.length;
	const all = new Uint8Array(pictures.length * size);
	pictures.forEach(({ values }, i) => all.set(values, i * size));
	return all;
}
/**
* The spec of data that is read from pictures: each of them, beside all that are joined, and what unpacking some left.
*/
function fromPictures(spec) {
	const bytes = bytesOf(spec);
	return {
		...spec,
		packs: "files",
		reading: bytes + Math.min(6 * bytes, unpacked)
	};
}
/**
* Measured with 1,000 to 20,000 pictures: the bytes of six copies that each picture takes on its way, collected now and
* then.
*/
const unpacked = 15e7;
/** The spec with what is strange about the pictures. */
function withWarnings(spec, warnings) {
	return warnings.length === 0 ? spec : {
		...spec,
		warnings
	};
}
/** One entry for a folder: its files may be thousands. */
function folderFile(name, files) {
	const hash = createHash("sha256").update(JSON.stringify(files.map((file) => [file.name, file.sha256])));
	return {
		name: `folder of ${name}`,
		sha256: hash.digest("hex"),
		bytes: files.reduce((sum, { bytes }) => sum + bytes, 0)
	};
}
/**
* Reads a picture, in greys or colours. An alpha channel of which all is opaque is dropped.
*
* @throws UserError when it is missing, damaged, of another shape, has transparency or 16 bits per channel
*/
function readPicture(path, shape) {
	const { bytes, file } = readBytes({ path });
	return {
		values: decodePicture(path, bytes, shape),
		file
	};
}
/**
* Reads a picture of any format, and prepares it.
*
* @param shape what it has to be then
* @throws UserError as readPicture
*/
async function readPrepared(path, shape, preparation) {
	const { bytes, file } = readBytes({ path });
	const head = readHead(path, within(bytes));
	proveShape(path, shapeAfter(head.shape, preparation), shape);
	return {
		values: await decodePrepared(path, bytes, head, preparation),
		file
	};
}
/**
* Reads a mask: of each pixel the grey value, or the index of its colour, as it is in the file.
*
* @param size what it has to be; left out: any
* @throws UserError when it is missing, damaged, of another size, or in colours without a palette
*/
function readMask(path, size) {
	const { bytes, file } = readBytes({ path });
	const { png, header } = decodeAs(path, bytes, size === void 0 ? [] : [size[0], size[1]]);
	if (header.samples > 2) throw failure("mask-with-channels", `${path} has ${header.samples} channels`, "A mask has one grey value, or one colour of a palette, for each class.");
	return {
		values: withoutAlpha(png.samples, header),
		file,
		size: [header.height, header.width]
	};
}
// src/datasets/glance-picture.ts
/** What is read of a file takes as long as its header alone, and is the whole of a small one. */
const block = Buffer.alloc(4096);
const tail = Buffer.alloc(12);
/** Bytes of the chunk that ends a file; it holds nothing. */
const ending = Buffer.from([
	0,
	0,
	0,
	0,
	73,
	69,
	78,
	68,
	174,
	66,
	96,
	130
]);
/**
* Looks at the beginning and the end of a picture.
*
* @param isMask whether it has to be a PNG file
* @throws UserError when it is missing, no picture, or too large
*/
function glanceAt(path, isMask = false) {
	try {
		const file = openFile(path);
		try {
			const { size } = fstatSync(file);
			if (size > 256e6) throw Object.assign(/* @__PURE__ */ new Error("it is too large"), { code: "EFBIG" });
			const begin = block.subarray(0, readSync(file, block, 0, block.length, 0));
			const end = size <= begin.length ? begin.subarray(-tail.length) : tail.subarray(0, readSync(file, tail, 0, tail.length, size - tail.length));
			if (isMask) readHeader(path, begin);
			const head = readHead(path, readerOf(file, begin));
			const mark = `${size} ${crc32(begin)}`;
			if (head.format !== "png") return {
				path,
				head,
				mark,
				ended: head.format !== "jpeg" || end.at(-2) === 255 && end.at(-1) === 217,
				alpha: head.alpha
			};
			const { transparent, animated } = chunksBefore(file);
			return {
				path,
				head: animated ? {
					...head,
					several: true
				} : head,
				mark,
				ended: end.equals(ending),
				alpha: head.alpha || transparent
			};
		} finally {
			closeSync(file);
		}
	} catch (error) {
		throw explainUnread({ path }, error);
	}
}
/** Bytes of an open file, in pieces of 64 KB where they are behind its first ones. */
function readerOf(file, begin) {
	let [piece, from] = [begin, 0];
	return (offset, length) => {
		if (offset >= from && offset + length <= from + piece.length) return piece.subarray(offset - from, offset - from + length);
		const fresh = Buffer.alloc(Math.max(length, 65536));
		[piece, from] = [fresh.subarray(0, readSync(file, fresh, 0, fresh.length, offset)), offset];
		return piece.subarray(0, length);
	};
}
/** Chunks that are looked at before the pixels; pictures have a few. */
const mostChunks = 1e3;
/**
* Whether a chunk before the pixels says how opaque they are, or that more pictures follow: others may hold its name as
* text, or be as long as they like.
*/
function chunksBefore(file) {
	const start = Buffer.alloc(8);
	let at = signature.length;
	let [transparent, animated] = [false, false];
	for (let count = 0; count < mostChunks && readSync(file, start, 0, start.length, at) === start.length; count++) {
		const type = start.toString("latin1", 4);
		if (type === "IDAT") break;
		transparent ||= type === "tRNS";
		animated ||= type === "acTL";
		at += start.readUInt32BE(0) + 12;
	}
	return {
		transparent,
		animated
	};
}
// src/datasets/check-pictures.ts
/**
* Pictures whose heads are looked at before a run: a tenth of a second of them, spread over all. The run itself looks
* at the others.
*/
const mostGlances = 4e3;
/**
* Holds pictures against each other by their heads: all of each is read only where a head promises trouble.
*
* @param from the folder that paths in messages count from
* @throws UserError when some are missing, no pictures or too large, or differ in what all must have
*/
function checkPictures(paths, from, treatment = {}) {
	const step = Math.ceil(paths.length / mostGlances);
	const seen = paths.filter((_, at) => at % step === 0);
	const { glances: found, failed } = glanceAtAll(seen, from, { skips: treatment.onError === "skip" });
	const { alike: glances, unusable } = readDoubtful(found, treatment);
	const skipped = [...failed, ...unusable];
	if (glances.length === 0) throw skipped[0].error;
	return {
		shape: commonShape(glances, from, treatment),
		glances,
		skipped: new Set(skipped.map(({ path }) => path)),
		...glances.some(({ head }) => needsSharp(head, treatment)) || treatment.resize !== void 0 ? { decoder: "sharp" } : {},
		warnings: [
			...warningsOf(glances, from),
			...skippedWarning("pictures-to-skip", skipped, {
				from,
				total: seen.length
			}),
			...step === 1 ? [] : [sampled(seen.length, paths.length)]
		]
	};
}
/** All that is strange about pictures by their heads. */
function warningsOf(glances, from) {
	const tell = (code, some, [what, hint], more) => some.length === 0 ? [] : [{
		code,
		problem: `${some.length} of ${glances.length} pictures ${what}: ${list(some, from, more)}`,
		hint
	}];
	const alpha = glances.filter((glance) => glance.alpha && glance.head.format === "png");
	return [
		...tell("mixed-alpha", alpha.length === glances.length ? [] : alpha, ["say how opaque they are (an alpha channel, a transparent colour)", "All of them are opaque, so that is dropped; see whether pictures of both kinds belong together."]),
		...tell("picture-name-lies", glances.filter(({ path, head }) => !endings[head.format].test(path)), ["are not what their names say", "They are read as what they are."], ({ head }) => ` is ${called[head.format]}`),
		...tell("several-frames", glances.filter(({ head }) => head.several), ["have several frames or pages, of which the first alone is read", "Save each frame as a picture if all count."]),
		...tell("print-colours", glances.filter(({ head }) => head.cmyk), ["are in CMYK, the colours of print, and are read in RGB", "Save them in RGB to choose how they look."])
	];
}
const endings = {
	png: /\.png$/i,
	jpeg: /\.(jpe?g|jpe|jfif)$/i,
	webp: /\.webp$/i,
	tiff: /\.tiff?$/i,
	gif: /\.gif$/i
};
const called = {
	png: "a PNG file",
	jpeg: "a JPEG file",
	webp: "a WebP file",
	tiff: "a TIFF file",
	gif: "a GIF file"
};
const sampled = (seen, all) => ({
	code: "pictures-sampled",
	problem: `the heads of ${showCount(seen)} of ${showCount(all)} pictures were looked at, spread over all of them`,
	hint: "The run reads all, and tells what is wrong with the others."
});
/** Counts and names pictures that are left out. */
function skippedWarning(code, skipped, { from, total }) {
	if (skipped.length === 0) return [];
	const reason = ({ path, error }) => ` (${error.diagnostics[0].message.replace(path, "it").slice(0, 120)})`;
	return [{
		code,
		problem: `${skipped.length} of ${total} pictures ${code === "pictures-skipped" ? "were" : "will be"} skipped: ` + list(skipped, from, reason),
		hint: "Mend or remove them; `onError: fail` ends the run instead."
	}];
}
/** Reads those whose heads promise trouble. @throws UserError where one has it, and none is to be skipped */
function readDoubtful(glances, { onError = "fail" }) {
	const unusable = [];
	return {
		alike: glances.filter((glance) => {
			try {
				if (!glance.ended || glance.alpha && glance.head.format === "png") proveReadable(glance);
				return true;
			} catch (error) {
				if (!(error instanceof UserError) || onError === "fail") throw error;
				unusable.push({
					path: glance.path,
					error
				});
				return false;
			}
		}),
		unusable
	};
}
/** Reads a PNG file, or looks for the end of a JPEG file. @throws UserError where it is damaged or has transparency */
function proveReadable({ path, head: { format, shape } }) {
	if (format === "png") readPicture(path, shape);
	else if (!jpegEnds(Buffer.from(readWhole({ path })))) throw failure("damaged-picture", `${path} is damaged: it is cut short`, "Fetch or save it again.");
}
/**
* Holds masks against the pictures, by their headers.
*
* @param sizeOf what the picture of a mask is; undefined where that is not known
* @throws UserError as checkPictures
*/
function checkMasks(paths, sizeOf, from) {
	const { glances } = glanceAtAll(paths, from, { areMasks: true });
	const differing = glances.filter(({ path, head: { shape } }) => {
		const [height, width] = sizeOf(path) ?? shape;
		return shape[0] !== height || shape[1] !== width;
	});
	if (differing.length > 0) {
		const wanted = new Set(differing.map(({ path }) => sizeOf(path).slice(0, 2).join(" x ")));
		const one = wanted.size === 1 ? ` ${[...wanted][0]}` : " of the sizes";
		const sizes = list(differing, from, ({ head: { shape } }) => ` is ${shape[0]} x ${shape[1]}`);
		throw failure("mask-size-differs", `${differing.length} of ${glances.length} masks are not${one}, as the pictures are: ${sizes}`, "A mask has a value for each pixel of its picture: save it in the same size.");
	}
	for (const { path, ended, head } of glances) if (!ended || head.shape[2] === 3 && !head.png.indexed) readMask(path, head.shape);
}
/** @throws UserError when some cannot be used, whatever the others are, and they are not to be skipped */
function glanceAtAll(paths, from, { areMasks = false, skips = false }) {
	const glances = [];
	const failed = [];
	for (const path of paths) try {
		glances.push(glanceAt(path, areMasks));
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
		failed.push({
			path,
			error
		});
	}
	const [first, ...more] = failed;
	if (first !== void 0 && !skips) {
		const { code, message, hint } = first.error.diagnostics[0];
		throw failure(code, more.length === 0 ? message : `${message}; ${more.length} more cannot be used either: ${list(more, from)}`, hint, first.error);
	}
	const deep = glances.filter(({ head }) => head.depth > 8);
	if (deep.length > 0 && !skips) throw failure("sixteen-bit-picture", `${deep.length} of ${glances.length} files have ${deep[0].head.depth} bits per channel: ${list(deep, from)}`, withEightBits);
	const tooDeep = deep.map(({ path, head }) => ({
		path,
		error: tooManyBits(path, head.depth)
	}));
	return {
		glances: glances.filter(({ head }) => head.depth <= 8),
		failed: [...failed, ...tooDeep]
	};
}
/** The shape that all have, prepared. @throws UserError when some have another */
function commonShape(glances, from, preparation) {
	const counts = /* @__PURE__ */ new Map();
	const shape = ({ head }) => shapeAfter(head.shape, preparation);
	const named = (glance) => shape(glance).join(" x ");
	for (const glance of glances) counts.set(named(glance), (counts.get(named(glance)) ?? 0) + 1);
	const [most] = [...counts].reduce((best, one) => one[1] > best[1] ? one : best);
	const usual = shape(glances.find((glance) => named(glance) === most));
	const differing = glances.filter((glance) => named(glance) !== most);
	if (differing.length === 0) return usual;
	const [height, width, channels] = usual;
	const hint = differing.some((glance) => shape(glance)[0] !== height || shape(glance)[1] !== width) ? `All must have one size: \`resize: { width: ${width}, height: ${height} }\` brings them to it.` : `All must be in greys, or all in colours: \`channels: ${channels}\` reads all ${channels === 1 ? "in greys" : "in colours"}.`;
	const shown = list(differing, from, (glance) => ` is ${named(glance)}`);
	const sizes = counts.size > 2 ? ` (${counts.size} sizes in all)` : "";
	throw failure("picture-shape-differs", `${differing.length} of ${glances.length} pictures are not ${most}, as the others are: ${shown}${sizes}`, hint);
}
function list(all, from, more = () => "") {
	return firstThree(all.map((one) => `${relative(from, one.path)}${more(one)}`));
}
/** The first three paths. @param from the folder that they count from */
function listPaths(paths, from) {
	return firstThree(paths.map((path) => relative(from, path)));
}
function firstThree(texts) {
	return texts.length > 3 ? `${texts.slice(0, 3).join(", ")} and ${texts.length - 3} more` : texts.join(", ");
}
// src/datasets/pieces.ts
/** Samples that are read beside each other. */
const together = 16;
/**
* Reads all samples in their order, some beside each other.
*
* @param take is given each that can be used
* @returns those that are left out
* @throws UserError as Pieces.read; the signal's reason once it is aborted
*/
async function readPieces({ paths, read }, take, signal) {
	const pause = pauses(signal);
	const skipped = /* @__PURE__ */ new Map();
	for (let from = 0; from < paths.length; from += together) {
		await pause();
		const some = paths.slice(from, from + together).map(async (_, k) => {
			try {
				return await read(from + k);
			} catch (error) {
				return { error };
			}
		});
		for (const [k, one] of (await Promise.all(some)).entries()) if ("values" in one) take(one, from + k);
		else if ("path" in one) skipped.set(from + k, one);
		else throw one.error;
	}
	return skipped;
}
/** Divides samples that were read. @param skipped why some are left out @throws UserError where a part has none */
function dividePieces(pieces, skipped) {
	const { spec, paths, folder, listed } = pieces;
	const usable = Uint32Array.from(paths.keys()).filter((sample) => !skipped.has(sample));
	const parts = pieces.divide(usable);
	const count = {
		train: parts.train.length,
		test: parts.test.length
	};
	if (count.train === 0 || count.test === 0) throw [...skipped.values()][0]?.error ?? failure("no-test-samples", `${usable.length} samples leave none to train on, or none for the test`, "Change `test`, or add pictures.");
	return {
		usable,
		parts,
		spec: withWarnings({
			...spec,
			count: {
				...spec.count,
				...count
			}
		}, skippedWarning("pictures-skipped", [...skipped.values()], {
			from: folder,
			total: listed
		}))
	};
}
/** Which of listed folders the samples are in, where several are listed. */
function sourcesOf({ sources }, { usable, parts }) {
	if (sources === void 0) return {};
	const places = (rows) => rows.map((row) => sources.placeOf(usable[row]));
	return { sources: {
		names: sources.names,
		train: places(parts.train),
		test: places(parts.test)
	} };
}
/** Reads all samples into memory. @throws UserError as readPieces, and where a part has none */
async function inMemory(pieces, signal) {
	if (pieces.whole !== void 0) return pieces.whole(signal);
	const read = /* @__PURE__ */ new Map();
	const divided = dividePieces(pieces, await readPieces(pieces, (piece, sample) => read.set(sample, piece), signal));
	const { usable, parts, spec } = divided;
	const samples = (rows) => {
		const [first, ...more] = Array.from(rows, (row) => read.get(usable[row]).values);
		const joined = first.map((_, k) => join$1([first, ...more].map((values) => values[k])));
		return {
			inputs: joined.slice(0, spec.inputs.length),
			targets: spec.targets.map(({ kind }, k) => {
				const bytes = joined[spec.inputs.length + k];
				return kind === "number" ? new Float64Array(bytes.buffer) : bytes;
			}),
			count: rows.length
		};
	};
	return {
		name: pieces.name,
		spec,
		train: samples(parts.train),
		test: samples(parts.test),
		...sourcesOf(pieces, divided),
		files: pieces.describeFiles(usable, (sample) => read.get(sample).files),
		origin: { place: (part, row) => pieces.place(usable[parts[part][row]]) }
	};
}
/** Bytes of one length, one after the other. */
function join$1(all) {
	const size = all[0].length;
	const joined = new Uint8Array(all.length * size);
	all.forEach((values, i) => joined.set(values, i * size));
	return joined;
}
export { checkMasks as a, glanceAt as c, joinPictures as d, readMask as f, sourcesOf as i, folderFile as l, withWarnings as m, inMemory as n, checkPictures as o, readPrepared as p, readPieces as r, listPaths as s, dividePieces as t, fromPictures as u };
