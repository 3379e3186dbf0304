import { bs as failure, io as showBytes } from "./checks-359mGJ3h.js";
import { crc32 } from "node:zlib";
// src/datasets/png-header.ts
const again = "Fetch or save it again.";
/** Bytes of a picture's values: a hundred times what nets learn from. */
const pictureLimit$1 = 1e8;
/**
* Samples of a pixel by the colour type, and the bits that one may have; types 0 and 4 are grey, 3 has indices, 4 and 6
* transparency.
*/
const kinds = {
	0: [1, [
		1,
		2,
		4,
		8,
		16
	]],
	2: [3, [8, 16]],
	3: [1, [
		1,
		2,
		4,
		8
	]],
	4: [2, [8, 16]],
	6: [4, [8, 16]]
};
/** The bytes that a PNG file begins with. */
const signature = [
	137,
	80,
	78,
	71,
	13,
	10,
	26,
	10
];
/** Whether bytes begin as those of a PNG file. */
function isPng(bytes) {
	return bytes.length >= 8 && signature.every((value, at) => bytes[at] === value);
}
/**
* A small file can claim any size, so it is compared before anything is unpacked.
*
* @throws UserError when the file is no PNG file, or too large
*/
function readHeader(path, bytes) {
	if (bytes.length === 0) throw failure("empty-picture", `${path} is empty`, again);
	if (!signature.slice(0, bytes.length).every((value, at) => bytes[at] === value)) {
		const [kind, hint] = kindOf(bytes);
		const called = formats.find(([ending]) => ending.test(path));
		if (called === void 0) throw failure("not-png", `${path} is not a PNG file${kind}`, hint);
		throw failure("not-a-picture", `${path} is not a ${called[1]} file${kind}`, hint);
	}
	const damaged = (what) => failure("damaged-picture", `${path} is damaged: ${what}`, again);
	if (bytes.length < 33) throw damaged(`it is cut short, after ${bytes.length} bytes`);
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	if (view.getUint32(8) !== 13 || asLatin1(bytes.subarray(12, 16)) !== "IHDR") throw damaged("it does not begin with a header (chunk IHDR)");
	if (crc32(bytes.subarray(12, 29)) !== view.getUint32(29)) throw damaged("the checksum of its header (chunk IHDR) is wrong");
	const [width, height, depth, colour, interlaced] = [
		view.getUint32(16),
		view.getUint32(20),
		bytes[24],
		bytes[25],
		bytes[28]
	];
	const [samples, depths] = kinds[colour] ?? [0, []];
	if (width === 0 || height === 0 || !depths.includes(depth) || bytes[26] !== 0 || bytes[27] !== 0 || interlaced > 1) throw damaged("its header is none of a PNG file");
	const header = {
		width,
		height,
		depth,
		samples,
		interlaced: interlaced === 1,
		indexed: colour === 3,
		alpha: samples % 2 === 0
	};
	const size = shapeOf(header).reduce((product, length) => product * length, Math.max(1, depth / 8));
	if (size > pictureLimit$1) throw failure("picture-too-large", `${path} is ${width} x ${height} pixels, ${showBytes(size)} of values: a picture may have ${showBytes(pictureLimit$1)}`, "Make the pictures smaller: all of a batch, and what the net makes of them, must be in memory.");
	return header;
}
/** What a pixel is read as: one grey value, or three of a colour. */
function shapeOf({ width, height, samples, indexed }) {
	return [
		height,
		width,
		samples <= 2 && !indexed ? 1 : 3
	];
}
/** Formats that names show, but for PNG. */
const formats = [
	[/\.(jpe?g|jpe|jfif)$/i, "JPEG"],
	[/\.webp$/i, "WebP"],
	[/\.tiff?$/i, "TIFF"],
	[/\.gif$/i, "GIF"]
];
const convert = "Its name does not make it one; convert it, such as with ImageMagick: `magick PICTURE NEW_FOLDER/NAME.png`.";
/** How files begin that are named .png and are none, what they are, and the way out. */
const impostors = [
	[
		/^\xff\xd8\xff/,
		"a JPEG file",
		convert
	],
	[
		/^GIF8/,
		"a GIF file",
		convert
	],
	[
		/^BM/,
		"a BMP file",
		convert
	],
	[
		/^RIFF[^]{4}WEBP/,
		"a WebP file",
		convert
	],
	[
		/^(II\*\0|MM\0\*)/,
		"a TIFF file",
		convert
	],
	[
		/^[^]{4}ftyp/,
		"an AVIF or HEIC file",
		convert
	],
	[
		/^P[1-7]\s/,
		"a Netpbm file",
		convert
	],
	[
		/^\0\x05\x16\x07/,
		"what macOS keeps about one",
		"Remove it: macOS writes one beside each file on disks of other systems."
	],
	[
		/^version https:\/\/git-lfs/,
		"what Git LFS puts in its place",
		"`git lfs pull` fetches it."
	],
	[
		/^\x89PNG/,
		"one that was changed on the way, as by a transfer as text",
		"Transfer it again, as binary."
	],
	[
		/^(\xef\xbb\xbf)?\s*<(!doctype html|html|head|body)/i,
		"a web page, such as a login or an error in its place",
		"Fetch it again; open it in a browser to see what was sent instead."
	],
	[
		/^(\xef\xbb\xbf)?\s*<(\?xml|svg)/i,
		"an SVG or XML file",
		convert
	],
	[
		/^PK\x03\x04/,
		"a ZIP archive",
		"Unpack it."
	],
	[
		/^\x1f\x8b/,
		"a gzip archive",
		"Unpack it."
	],
	[
		/^%PDF/,
		"a PDF file",
		convert
	]
];
function kindOf(bytes) {
	const begin = asLatin1(bytes.subarray(0, 256));
	const [, kind, hint] = impostors.find(([pattern]) => pattern.test(begin)) ?? [
		"",
		"",
		again
	];
	return [kind === "" ? "" : `, but ${kind}`, hint];
}
/** A character for each byte. */
function asLatin1(bytes) {
	return Reflect.apply(String.fromCharCode, void 0, bytes);
}
// src/datasets/found-head.ts
/** A damage of a picture, in words. */
var Damage = class extends Error {};
// src/datasets/photo-heads.ts
const cutShort = () => new Damage("it is cut short");
/** Bytes that must be there. */
function viewOf(readAt, offset, length) {
	const bytes = readAt(offset, length);
	if (bytes.length < length) throw cutShort();
	return new DataView(bytes.buffer, bytes.byteOffset, length);
}
const latin1 = (view, at, length) => String.fromCharCode(...Array.from({ length }, (_, k) => view.getUint8(at + k)));
const plain = {
	depth: 8,
	alpha: false,
	several: false,
	cmyk: false,
	orientation: 1
};
/** Segments before a JPEG file's size; cameras write ten, some of them profiles in parts. */
const mostSegments = 1e3;
/** The segments of a JPEG file's head: what each is, where what it holds begins, and how long that is. */
function* segmentsOf(readAt) {
	for (let [at, count] = [2, 0]; count < mostSegments; count++) {
		const start = viewOf(readAt, at, 4);
		if (start.getUint8(0) !== 255) throw new Damage("a segment of its head does not begin as one");
		const kind = start.getUint8(1);
		const length = start.getUint16(2);
		if (kind === 255) at++;
		else {
			yield {
				kind,
				at: at + 4,
				size: length - 2
			};
			at += 2 + length;
		}
	}
}
const scan = 218;
/** What a JPEG file says of itself (ITU-T T.81, B.2; EXIF 2.3, 4.5.2). @throws Damage where it is none */
function jpegHead(readAt) {
	let orientation = 1;
	for (const { kind, at, size } of segmentsOf(readAt)) {
		if (kind >= 192 && kind <= 207 && kind !== 196 && kind !== 200 && kind !== 204) {
			const frame = viewOf(readAt, at, 6);
			const samples = frame.getUint8(5);
			return {
				...plain,
				depth: frame.getUint8(0),
				height: frame.getUint16(1),
				width: frame.getUint16(3),
				channels: samples === 1 ? 1 : 3,
				cmyk: samples === 4,
				orientation
			};
		}
		if (kind === scan || kind === 217) break;
		if (kind === 225 && size >= 14 && latin1(viewOf(readAt, at, 6), 0, 6) === "Exif\0\0") orientation = orientationIn(shifted(readAt, at + 6));
	}
	throw new Damage("it has no frame (marker SOF)");
}
/** Whether a JPEG file has an end: in pixels, no byte follows ff but 0. */
function jpegEnds(bytes) {
	try {
		for (const { kind, at } of segmentsOf((offset, length) => bytes.subarray(offset, offset + length))) if (kind === scan) return bytes.includes(Buffer.from([255, 217]), at);
	} catch (error) {
		if (!(error instanceof Damage)) throw error;
	}
	return false;
}
const shifted = (readAt, by) => (offset, length) => readAt(by + offset, length);
/** The orientation that EXIF data says; 1 where it says none that there is. */
function orientationIn(readAt) {
	try {
		const said = tagsOf(readAt).tags.get(274) ?? 1;
		return said >= 1 && said <= 8 ? said : 1;
	} catch (error) {
		if (error instanceof Damage) return 1;
		throw error;
	}
}
/** The whole numbers in the first directory of a TIFF file, which EXIF data is too (TIFF 6.0, section 2). */
function tagsOf(readAt) {
	const head = viewOf(readAt, 0, 8);
	const little = head.getUint16(0) === 18761;
	const first = head.getUint32(4, little);
	const count = viewOf(readAt, first, 2).getUint16(0, little);
	const entries = viewOf(readAt, first + 2, 12 * count);
	const tags = /* @__PURE__ */ new Map();
	for (let at = 0; at < 12 * count; at += 12) {
		const [kind, values] = [entries.getUint16(at + 2, little), entries.getUint32(at + 4, little)];
		if (kind === 4) tags.set(entries.getUint16(at, little), entries.getUint32(at + 8, little));
		if (kind !== 3) continue;
		const value = values <= 2 ? entries.getUint16(at + 8, little) : viewOf(readAt, entries.getUint32(at + 8, little), 2).getUint16(0, little);
		tags.set(entries.getUint16(at, little), value);
	}
	const end = readAt(first + 2 + 12 * count, 4);
	return {
		tags,
		next: end.length < 4 ? 0 : new DataView(end.buffer, end.byteOffset, 4).getUint32(0, little)
	};
}
/** What a TIFF file says of its first page (TIFF 6.0, section 8). @throws Damage where it is cut short */
function tiffHead(readAt) {
	const { tags, next } = tagsOf(readAt);
	const kind = tags.get(262) ?? 1;
	const orientation = tags.get(274) ?? 1;
	return {
		...plain,
		width: tags.get(256) ?? 0,
		height: tags.get(257) ?? 0,
		depth: tags.get(258) ?? 1,
		channels: kind <= 1 ? 1 : 3,
		alpha: tags.has(338),
		cmyk: kind === 5,
		several: next !== 0,
		orientation: orientation >= 1 && orientation <= 8 ? orientation : 1
	};
}
/** What a WebP file says of itself (RFC 9649, 2.5 to 2.7). @throws Damage where it is cut short */
function webpHead(readAt) {
	const head = viewOf(readAt, 0, 30);
	const size = head.getUint32(4, true) + 8;
	if (readAt(size - 1, 1).length === 0) throw cutShort();
	const kind = latin1(head, 12, 4);
	if (kind === "VP8 ") return {
		...plain,
		width: head.getUint16(26, true) & 16383,
		height: head.getUint16(28, true) & 16383,
		channels: 3
	};
	if (kind === "VP8L") {
		const bits = head.getUint32(21, true);
		return {
			...plain,
			width: (bits & 16383) + 1,
			height: (bits >> 14 & 16383) + 1,
			channels: 3,
			alpha: (bits & 268435456) !== 0
		};
	}
	if (kind !== "VP8X") throw new Damage("it has no picture (chunk VP8)");
	const flags = head.getUint8(20);
	const three = (at) => head.getUint16(at, true) + (head.getUint8(at + 2) << 16) + 1;
	return {
		...plain,
		width: three(24),
		height: three(27),
		channels: 3,
		alpha: (flags & 16) !== 0,
		several: (flags & 2) !== 0,
		orientation: (flags & 8) === 0 ? 1 : webpOrientation(readAt, size)
	};
}
function webpOrientation(readAt, end) {
	for (let [at, count] = [12, 0]; at + 8 <= end && count < mostSegments; count++) {
		const chunk = viewOf(readAt, at, 8);
		const length = chunk.getUint32(4, true);
		if (latin1(chunk, 0, 4) === "EXIF") {
			const marked = length >= 6 && latin1(viewOf(readAt, at + 8, 6), 0, 6) === "Exif\0\0";
			return orientationIn(shifted(readAt, at + 8 + (marked ? 6 : 0)));
		}
		at += 8 + length + length % 2;
	}
	return 1;
}
/** Blocks of a GIF file that are passed over to see whether a second picture follows: 16 MB of it. */
const mostBlocks = 65536;
/** What a GIF file says of itself (GIF89a, 18 to 26). @throws Damage where it is cut short */
function gifHead(readAt) {
	const head = viewOf(readAt, 0, 13);
	const tableSize = (flags) => flags < 128 ? 0 : 3 * 2 ** ((flags & 7) + 1);
	const found = {
		...plain,
		width: head.getUint16(6, true),
		height: head.getUint16(8, true),
		channels: 3
	};
	let [at, frames, alpha] = [
		13 + tableSize(head.getUint8(10)),
		0,
		false
	];
	for (let blocks = 0; blocks < mostBlocks; blocks++) {
		const kind = viewOf(readAt, at, 1).getUint8(0);
		if (kind === 59) break;
		if (kind === 44) {
			if (++frames === 2) break;
			at += 11 + tableSize(viewOf(readAt, at, 10).getUint8(9));
		} else if (kind === 33) {
			const extension = viewOf(readAt, at, 4);
			if (extension.getUint8(1) === 249 && frames === 0) alpha = (extension.getUint8(3) & 1) === 1;
			at += 2;
		} else throw new Damage("a block of it does not begin as one");
		for (let length = 1; length > 0 && blocks < mostBlocks; blocks++) {
			length = viewOf(readAt, at, 1).getUint8(0);
			at += 1 + length;
		}
	}
	return {
		...found,
		alpha,
		several: frames > 1
	};
}
// src/datasets/picture-head.ts
/** How files begin, by their format. */
const beginnings = [
	["jpeg", /^\xff\xd8\xff/],
	["gif", /^GIF8[79]a/],
	["webp", /^RIFF[^]{4}WEBP/],
	["tiff", /^(II\*\0|MM\0\*)/]
];
const readers = {
	jpeg: jpegHead,
	gif: gifHead,
	webp: webpHead,
	tiff: tiffHead
};
/** The format that bytes show by how they begin; undefined where they show none that can be read. */
function formatOf(bytes) {
	if (isPng(bytes)) return "png";
	const begin = asLatin1(bytes.subarray(0, 12));
	return beginnings.find(([, pattern]) => pattern.test(begin))?.[0];
}
/** Bytes of a picture's values: a hundred times what nets learn from. */
const pictureLimit = 1e8;
/**
* What the head of a picture says. A small file can claim any size, so it is compared before anything is unpacked.
*
* @param path what messages call it
* @throws UserError when it is no picture that can be read, damaged, or too large
*/
function readHead(path, readAt) {
	const begin = readAt(0, 256);
	const format = formatOf(begin);
	if (format === void 0 || format === "png") {
		const png = readHeader(path, begin);
		const { depth, alpha } = png;
		return {
			format: "png",
			shape: shapeOf(png),
			depth,
			alpha,
			several: false,
			cmyk: false,
			png
		};
	}
	const { width, height, channels, orientation, ...rest } = found(path, format, readAt);
	const bytes = width * height * channels * Math.max(1, rest.depth / 8);
	if (bytes > pictureLimit) throw failure("picture-too-large", `${path} is ${width} x ${height} pixels, ${showBytes(bytes)} of values: a picture may have ${showBytes(pictureLimit)}`, "Make the pictures smaller: all of a batch, and what the net makes of them, must be in memory.");
	const [high, wide] = orientation > 4 ? [width, height] : [height, width];
	return {
		format,
		shape: [
			high,
			wide,
			channels
		],
		...rest
	};
}
function found(path, format, readAt) {
	try {
		const head = readers[format](readAt);
		if (head.width === 0 || head.height === 0) throw new Damage("it has no size");
		return head;
	} catch (error) {
		if (!(error instanceof Damage)) throw error;
		throw failure("damaged-picture", `${path} is damaged: ${error.message}`, "Fetch or save it again.", error);
	}
}
/** Reads a picture's head from its bytes. */
const within = (bytes) => (offset, length) => bytes.subarray(offset, offset + length);
export { Damage as a, readHeader as c, jpegEnds as i, shapeOf as l, readHead as n, asLatin1 as o, within as r, isPng as s, formatOf as t, signature as u };
