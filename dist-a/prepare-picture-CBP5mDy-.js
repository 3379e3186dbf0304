import { bs as failure, vs as UserError } from "./checks-359mGJ3h.js";
import { c as readHeader, l as shapeOf, o as asLatin1 } from "./picture-head-DbcYK8VE.js";
import { crc32, inflateSync } from "node:zlib";
// src/datasets/decode-png.ts
/** Bytes of the chunks that are small: 256 colours, and how opaque each is. */
const mostBytes = {
	PLTE: 768,
	tRNS: 256
};
/**
* Decodes a PNG file, in the memory that its header promises: a few bytes can unpack to gigabytes. Of texts, profiles
* and further frames, which may do so too, nothing is unpacked.
*
* @throws Error that says what is wrong with the file
*/
function decodePng(bytes, header) {
	const chunks = chunksOf(bytes);
	const [palette = /* @__PURE__ */ new Uint8Array()] = chunks.get("PLTE") ?? [];
	if (palette.length % 3 !== 0 || header.indexed && palette.length === 0) throw new Error(palette.length === 0 ? "it has no palette (chunk PLTE)" : "its palette (chunk PLTE) ends within a colour");
	if (!chunks.has("IDAT")) throw new Error("it has no pixels (chunk IDAT)");
	const transparency = chunks.get("tRNS")?.[0];
	if (transparency !== void 0 && !header.indexed && !header.alpha && transparency.length !== 2 * header.samples) throw new Error("its transparency (chunk tRNS) does not fit its colours");
	return {
		samples: samplesOf(unpack(joined(chunks.get("IDAT")), packedBytes(header)), header),
		palette,
		...transparency === void 0 ? {} : { transparency }
	};
}
/** Chunks that a file may have: with the largest picture in pieces of a kilobyte. */
const mostChunks = 1e5;
/**
* The contents of the chunks, by their type (PNG specification, 5.3).
*
* @throws Error when one is damaged, they are too many, or the file is cut short
*/
function chunksOf(bytes) {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	const chunks = /* @__PURE__ */ new Map();
	let count = 0;
	for (let at = 8; !chunks.has("IEND");) {
		if (++count > mostChunks) throw new Error(`it has more than ${mostChunks} chunks`);
		if (at === bytes.length) throw new Error("it is cut short: its end (chunk IEND) is missing");
		const end = at + 8 + (at + 8 <= bytes.length ? view.getUint32(at) : 0);
		if (end + 4 > bytes.length) throw new Error("it is cut short");
		const type = asLatin1(bytes.subarray(at + 4, at + 8));
		if (crc32(bytes.subarray(at + 4, end)) !== view.getUint32(end)) throw new Error(`the checksum of its chunk ${JSON.stringify(type)} is wrong`);
		if (end - at - 8 > (mostBytes[type] ?? Infinity)) throw new Error(`its chunk ${type} is too large`);
		const known = chunks.get(type);
		if (known === void 0) chunks.set(type, [bytes.subarray(at + 8, end)]);
		else known.push(bytes.subarray(at + 8, end));
		at = end + 4;
	}
	return chunks;
}
function joined(parts) {
	const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
	let at = 0;
	for (const part of parts) {
		all.set(part, at);
		at += part.length;
	}
	return all;
}
/** Bytes that zlib's buffers have at least. */
const leastChunk = 64;
function unpack(packed, size) {
	let pixels;
	try {
		pixels = inflateSync(packed, {
			maxOutputLength: size,
			chunkSize: Math.max(leastChunk, size + 1)
		});
	} catch (error) {
		const { code } = error;
		if (code === "ERR_BUFFER_TOO_LARGE") throw new Error("it unpacks to more pixels than its header says", { cause: error });
		if (code === void 0 || !code.startsWith("Z_")) throw error;
		throw new Error(code === "Z_BUF_ERROR" ? "its pixels end too early" : "its pixels cannot be unpacked", { cause: error });
	}
	if (pixels.length < size) throw new Error("it has fewer pixels than its header says");
	return pixels;
}
/** Where the seven passes of an interlaced picture begin, and how far apart their pixels are: x, y, dx, dy (8.2). */
const adam7 = [
	[
		0,
		0,
		8,
		8
	],
	[
		4,
		0,
		8,
		8
	],
	[
		0,
		4,
		4,
		8
	],
	[
		2,
		0,
		4,
		4
	],
	[
		0,
		2,
		2,
		4
	],
	[
		1,
		0,
		2,
		2
	],
	[
		0,
		1,
		1,
		2
	]
];
/** The passes that have pixels. */
function passesOf({ width, height, interlaced }) {
	return (interlaced ? adam7 : [[
		0,
		0,
		1,
		1
	]]).map(([x, y, dx, dy]) => ({
		x,
		y,
		dx,
		dy,
		columns: Math.ceil((width - x) / dx),
		rows: Math.ceil((height - y) / dy)
	})).filter(({ columns, rows }) => columns > 0 && rows > 0);
}
/** Each row of a pass begins at a byte of its own. */
function rowBytes({ columns }, { samples, depth }) {
	return Math.ceil(columns * samples * depth / 8);
}
/** Bytes of the pixels, unpacked: before each row, the one that names its filter. */
function packedBytes(header) {
	return passesOf(header).reduce((sum, pass) => sum + pass.rows * (1 + rowBytes(pass, header)), 0);
}
function samplesOf(pixels, header) {
	const { width, height, samples, depth } = header;
	const all = new Uint8Array(width * height * samples);
	let at = 0;
	for (const pass of passesOf(header)) {
		const length = rowBytes(pass, header);
		let above = new Uint8Array(length);
		for (let y = pass.y; y < height; y += pass.dy) {
			const row = pixels.subarray(at + 1, at + 1 + length);
			unfilter(pixels[at], row, above, Math.max(1, samples * depth / 8));
			if (depth === 8 && pass.dx === 1) all.set(row, y * width * samples);
			else for (let k = 0; k < pass.columns * samples; k++) {
				const pixel = Math.floor(k / samples);
				const bit = k * depth;
				all[(y * width + pass.x + pixel * pass.dx) * samples + (k - pixel * samples)] = row[bit >> 3] >> 8 - depth - (bit & 7) & (1 << depth) - 1;
			}
			[above, at] = [row, at + 1 + length];
		}
	}
	return all;
}
/** Turns what a row has instead of its bytes into them (9.2). @param step from a byte to that of the pixel before */
function unfilter(filter, row, above, step) {
	if (filter > 4) throw new Error(`a row of its pixels names the filter ${filter}: there are 0 to 4`);
	if (filter === 0) return;
	const { length } = row;
	if (filter === 1) for (let i = step; i < length; i++) row[i] += row[i - step];
	else if (filter === 2) for (let i = 0; i < length; i++) row[i] += above[i];
	else for (let i = 0; i < length; i++) {
		const [left, corner] = i < step ? [0, 0] : [row[i - step], above[i - step]];
		row[i] += filter === 3 ? left + above[i] >> 1 : paeth(left, above[i], corner);
	}
}
/** Whichever of them is nearest to left + up - corner (9.4). */
function paeth(left, up, corner) {
	const [toLeft, toUp, toCorner] = [
		Math.abs(up - corner),
		Math.abs(left - corner),
		Math.abs(left + up - 2 * corner)
	];
	if (toLeft <= toUp && toLeft <= toCorner) return left;
	return toUp <= toCorner ? up : corner;
}
// src/datasets/decode-picture.ts
/**
* The greys or colours of a PNG file. An alpha channel of which all is opaque is dropped.
*
* @param path what messages call it
* @throws UserError when it is damaged, of another shape, has transparency or 16 bits per channel
*/
function decodePicture(path, bytes, shape) {
	const { png, header } = decodeAs(path, bytes, shape);
	const { samples, palette } = png;
	const seen = seeThrough(png, header);
	if (seen > 0) throw transparent(path, seen, header.width * header.height);
	if (!header.indexed) {
		const scale = 255 / (2 ** header.depth - 1);
		const opaque = withoutAlpha(samples, header);
		return scale === 1 ? opaque : opaque.map((value) => value * scale);
	}
	const values = new Uint8Array(samples.length * 3);
	samples.forEach((index, at) => values.set(palette.subarray(3 * index, 3 * index + 3), at * 3));
	return values;
}
/** That a picture has transparency. @param seen how many of its pixels are not opaque */
function transparent(path, seen, pixels) {
	return failure("transparent-picture", `${path} has transparency: ${seen} of its ${pixels} pixels are not opaque`, "Say what is behind them, such as with ImageMagick, into a new folder: `magick mogrify -path NEW -background white -alpha remove -alpha off FOLDER/*.png`.");
}
/** Pixels that are not opaque (PNG specification, 11.3.1.1 and 12.4). */
function seeThrough({ samples, transparency = /* @__PURE__ */ new Uint8Array() }, { samples: each, depth, alpha, indexed }) {
	let count = 0;
	if (indexed) for (const index of samples) count += Number((transparency[index] ?? 255) < 255);
	else if (alpha) for (let at = each - 1; at < samples.length; at += each) count += Number(samples[at] < 2 ** depth - 1);
	else if (transparency.length > 0) for (let at = 0; at < samples.length; at += each) {
		let alike = 0;
		while (alike < each && samples[at + alike] === (transparency[2 * alike] << 8 | transparency[2 * alike + 1])) alike++;
		count += Number(alike === each);
	}
	return count;
}
/** Samples without how opaque each is. A loop, as `filter` takes four times as long as all the rest of reading. */
function withoutAlpha(samples, { samples: each, alpha }) {
	if (!alpha) return samples;
	const kept = new Uint8Array(samples.length / each * (each - 1));
	for (let from = 0, to = 0; from < samples.length; from++) if (from % each < each - 1) kept[to++] = samples[from];
	return kept;
}
/** @throws UserError where a picture has another shape than the others */
function proveShape(path, shape, wanted) {
	if (String(shape) !== String(wanted)) throw failure("picture-shape-differs", `${path} is ${shape.join(" x ")}, not ${wanted.join(" x ")} as the others`, "All pictures and masks must have one size; all pictures must be in greys, or all in colours.");
}
/** A PNG file in the shape that it has to have, as far as that is given. @throws UserError as decodePicture */
function decodeAs(path, bytes, wanted) {
	const header = readHeader(path, bytes);
	proveShape(path, shapeOf(header).slice(0, wanted.length), wanted);
	if (header.depth === 16) throw tooManyBits(path, header.depth);
	try {
		return {
			png: decodePng(bytes, header),
			header
		};
	} catch (error) {
		throw failure("damaged-picture", `${path} is damaged: ${error.message}`, "Fetch or save it again.", error);
	}
}
/** That a picture has more than 8 bits per channel. */
function tooManyBits(path, depth) {
	return failure("sixteen-bit-picture", `${path} has ${depth} bits per channel`, withEightBits);
}
/** The way out for pictures of 16 bits per channel. */
const withEightBits = "Save it with 8, such as with ImageMagick, into a new folder: `magick mogrify -path NEW -depth 8 FOLDER/*.png`.";
// src/datasets/decode-photo.ts
let opened;
/** Loads sharp when the first picture needs it. @throws UserError when this machine has none */
async function openSharp() {
	opened ??= import("sharp").then(({ default: sharp }) => {
		sharp.cache(false);
		sharp.concurrency(1);
		return sharp;
	}, (error) => {
		opened = void 0;
		throw failure("decoder-missing", `sharp, which decodes and resizes pictures, cannot be loaded: ${error.message.split("\n")[0]}`, "Install it for this machine: `npm install --include=optional sharp`; PNG files of one size need none.", error);
	});
	return opened;
}
/** What bears on what a picture decodes to: sharp, and the libraries inside it, with their versions. */
async function decoderVersions() {
	const { versions } = await openSharp();
	return [
		"sharp",
		"vips",
		"mozjpeg",
		"webp",
		"tiff",
		"lcms",
		"highway"
	].map((name) => `${name} ${versions[name] ?? "of the system"}`).join(", ");
}
/**
* The colours of a picture that is no PNG file, turned as it says, of its first frame or page: red, green and blue of
* each pixel.
*
* @param path what messages call it
* @param resize left out: as large as it is
* @throws UserError when it is damaged, or has transparency
*/
async function decodePhoto(path, bytes, { shape: [height, width] }, resize) {
	const sharp = await openSharp();
	const size = {
		width,
		height,
		...resize
	};
	const picture = sharp(bytes, {
		failOn: "error",
		limitInputPixels: width * height
	}).autoOrient();
	if (resize !== void 0) picture.resize(resize);
	try {
		const { data, info } = await picture.toColourspace("srgb").raw().toBuffer({ resolveWithObject: true });
		if (info.width !== size.width || info.height !== size.height) throw new Error(`it is ${info.height} x ${info.width}, and its head says ${size.height} x ${size.width}`);
		return opaque(path, bytesOf(data), info.channels);
	} catch (error) {
		if (!(error instanceof Error) || error instanceof UserError) throw error;
		const [problem] = error.message.split("\n");
		throw failure("damaged-picture", `${path} is damaged: ${problem}`, "Fetch or save it again.", error);
	}
}
const bytesOf = ({ buffer, byteOffset, length }) => new Uint8Array(buffer, byteOffset, length);
/** Without how opaque each pixel is. @throws UserError where one is not */
function opaque(path, values, channels) {
	if (channels === 3) return values;
	const pixels = values.length / channels;
	const colours = new Uint8Array(3 * pixels);
	let seen = 0;
	for (let at = 0; at < pixels; at++) {
		for (let k = 0; k < 3; k++) colours[3 * at + k] = values[channels * at + k];
		seen += Number(values[channels * at + 3] < 255);
	}
	if (seen > 0) throw transparent(path, seen, pixels);
	return colours;
}
/** Brings pixels to another size, in as many channels as they have. */
async function resizePixels(values, [height, width, channels], resize) {
	const { data, info } = await (await openSharp())(values, { raw: {
		width,
		height,
		channels
	} }).resize(resize).raw().toBuffer({ resolveWithObject: true });
	if (info.channels === channels) return bytesOf(data);
	return Uint8Array.from({ length: data.length / info.channels }, (_, at) => data[at * info.channels]);
}
// src/datasets/prepare-picture.ts
/** What a picture of a shape is after it. */
function shapeAfter([height, width, channels], { resize, channels: wanted }) {
	return [
		resize?.height ?? height,
		resize?.width ?? width,
		wanted ?? channels
	];
}
/** Whether sharp has a part in it: our own decoder reads PNG files. */
function needsSharp({ format, shape }, { resize }) {
	return format !== "png" || isResized(shape, resize);
}
function isResized([height, width], resize) {
	return resize !== void 0 && (resize.height !== height || resize.width !== width);
}
/**
* The values of a picture, prepared.
*
* @param path what messages call it
* @param head what the bytes say
* @throws UserError when it is damaged, has transparency, or more than 8 bits per channel
*/
async function decodePrepared(path, bytes, head, preparation) {
	if (!needsSharp(head, preparation)) return decodeNow(path, bytes, head, preparation);
	const { shape, format, depth } = head;
	const resize = isResized(shape, preparation.resize) ? preparation.resize : void 0;
	const [, , channels] = shapeAfter(shape, preparation);
	if (format !== "png") {
		if (depth > 8) throw tooManyBits(path, depth);
		return inChannels(await decodePhoto(path, bytes, head, resize), 3, channels);
	}
	return inChannels(await resizePixels(decodePicture(path, bytes, shape), shape, resize), shape[2], channels);
}
/** As decodePrepared, of a PNG file that keeps its size. */
function decodeNow(path, bytes, { shape }, preparation) {
	return inChannels(decodePicture(path, bytes, shape), shape[2], shapeAfter(shape, preparation)[2]);
}
/** Greys as colours, or colours as greys: ITU-R BT.601's luma, rounded as Pillow does. */
function inChannels(values, from, to) {
	if (from === to) return values;
	if (from === 1) {
		const colours = new Uint8Array(3 * values.length);
		for (let at = 0; at < colours.length; at++) colours[at] = values[Math.floor(at / 3)];
		return colours;
	}
	const greys = new Uint8Array(values.length / 3);
	for (let at = 0; at < greys.length; at++) {
		const [red, green, blue] = [
			values[3 * at],
			values[3 * at + 1],
			values[3 * at + 2]
		];
		greys[at] = red * 19595 + green * 38470 + blue * 7471 + 32768 >> 16;
	}
	return greys;
}
export { decoderVersions as a, proveShape as c, withoutAlpha as d, shapeAfter as i, tooManyBits as l, decodePrepared as n, decodeAs as o, needsSharp as r, decodePicture as s, decodeNow as t, withEightBits as u };
