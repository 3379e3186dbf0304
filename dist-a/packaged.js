// src/base/diagnostics.ts
/**
* Ends the command with diagnostics instead of a stack trace. Thrown where a mistake of the user's, or a failure
* of the world around the program, makes going on pointless; caught in program.ts alone.
*/
var UserError = class extends Error {
	diagnostics;
	exitCode;
	constructor(diagnostics, exitCode, options) {
		const list = Array.isArray(diagnostics) ? diagnostics : [diagnostics];
		super(list.map((d) => d.message).join("\n"), options);
		this.name = "UserError";
		this.diagnostics = list;
		this.exitCode = exitCode;
	}
};
/** A mistake. @param range where it is in a file or an argument @param hint the way out, as one sentence */
function mistake(code, message, range, hint) {
	return {
		code,
		severity: "error",
		message,
		...range === void 0 ? {} : { range },
		...hint === void 0 ? {} : { hint }
	};
}
/** A warning that is not about a place in the file. */
function warning(code, message, hint) {
	return asWarning(mistake(code, message, void 0, hint));
}
/** The same, where the work goes on in spite of it. */
function asWarning(diagnostic) {
	return {
		...diagnostic,
		severity: "warning"
	};
}
/** A failure at run time that is not about a place in the file: exit code 1. */
function failure(code, message, hint, cause) {
	return new UserError(mistake(code, message, void 0, hint), 1, { cause });
}
// src/base/tensor-shape.ts
/** Number of values in one sample. */
function sizeOf(shape) {
	return shape.reduce((product, size) => product * size, 1);
}
/** A shape as people write it: 28 x 28 x 1. */
function formatShape(shape) {
	return shape.length === 0 ? "scalar" : shape.join(" x ");
}
// node_modules/fflate/esm/browser.js
var u8 = Uint8Array;
var u16 = Uint16Array;
var i32 = Int32Array;
var fleb = new u8([
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	0,
	1,
	1,
	1,
	1,
	2,
	2,
	2,
	2,
	3,
	3,
	3,
	3,
	4,
	4,
	4,
	4,
	5,
	5,
	5,
	5,
	0,
	0,
	0,
	0
]);
var fdeb = new u8([
	0,
	0,
	0,
	0,
	1,
	1,
	2,
	2,
	3,
	3,
	4,
	4,
	5,
	5,
	6,
	6,
	7,
	7,
	8,
	8,
	9,
	9,
	10,
	10,
	11,
	11,
	12,
	12,
	13,
	13,
	0,
	0
]);
var clim = new u8([
	16,
	17,
	18,
	0,
	8,
	7,
	9,
	6,
	10,
	5,
	11,
	4,
	12,
	3,
	13,
	2,
	14,
	1,
	15
]);
var freb = function(eb, start) {
	var b = new u16(31);
	for (var i = 0; i < 31; ++i) b[i] = start += 1 << eb[i - 1];
	var r = new i32(b[30]);
	for (var i = 1; i < 30; ++i) for (var j = b[i]; j < b[i + 1]; ++j) r[j] = j - b[i] << 5 | i;
	return {
		b,
		r
	};
};
var _a = freb(fleb, 2);
var fl = _a.b;
var revfl = _a.r;
fl[28] = 258, revfl[258] = 28;
var _b = freb(fdeb, 0);
var fd = _b.b;
_b.r;
var rev = new u16(32768);
for (var i = 0; i < 32768; ++i) {
	var x = (i & 43690) >> 1 | (i & 21845) << 1;
	x = (x & 52428) >> 2 | (x & 13107) << 2;
	x = (x & 61680) >> 4 | (x & 3855) << 4;
	rev[i] = ((x & 65280) >> 8 | (x & 255) << 8) >> 1;
}
var hMap = (function(cd, mb, r) {
	var s = cd.length;
	var i = 0;
	var l = new u16(mb);
	for (; i < s; ++i) if (cd[i]) ++l[cd[i] - 1];
	var le = new u16(mb);
	for (i = 1; i < mb; ++i) le[i] = le[i - 1] + l[i - 1] << 1;
	var co;
	if (r) {
		co = new u16(1 << mb);
		var rvb = 15 - mb;
		for (i = 0; i < s; ++i) if (cd[i]) {
			var sv = i << 4 | cd[i];
			var r_1 = mb - cd[i];
			var v = le[cd[i] - 1]++ << r_1;
			for (var m = v | (1 << r_1) - 1; v <= m; ++v) co[rev[v] >> rvb] = sv;
		}
	} else {
		co = new u16(s);
		for (i = 0; i < s; ++i) if (cd[i]) co[i] = rev[le[cd[i] - 1]++] >> 15 - cd[i];
	}
	return co;
});
var flt = new u8(288);
for (var i = 0; i < 144; ++i) flt[i] = 8;
for (var i = 144; i < 256; ++i) flt[i] = 9;
for (var i = 256; i < 280; ++i) flt[i] = 7;
for (var i = 280; i < 288; ++i) flt[i] = 8;
var fdt = new u8(32);
for (var i = 0; i < 32; ++i) fdt[i] = 5;
var flrm = /*#__PURE__*/ hMap(flt, 9, 1);
var fdrm = /*#__PURE__*/ hMap(fdt, 5, 1);
var max = function(a) {
	var m = a[0];
	for (var i = 1; i < a.length; ++i) if (a[i] > m) m = a[i];
	return m;
};
var bits = function(d, p, m) {
	var o = p / 8 | 0;
	return (d[o] | d[o + 1] << 8) >> (p & 7) & m;
};
var bits16 = function(d, p) {
	var o = p / 8 | 0;
	return (d[o] | d[o + 1] << 8 | d[o + 2] << 16) >> (p & 7);
};
var shft = function(p) {
	return (p + 7) / 8 | 0;
};
var slc = function(v, s, e) {
	if (s == null || s < 0) s = 0;
	if (e == null || e > v.length) e = v.length;
	return new u8(v.subarray(s, e));
};
var ec = [
	"unexpected EOF",
	"invalid block type",
	"invalid length/literal",
	"invalid distance",
	"stream finished",
	"no stream handler",
	,
	"no callback",
	"invalid UTF-8 data",
	"extra field too long",
	"date not in range 1980-2099",
	"filename too long",
	"stream finishing",
	"invalid zip data"
];
var err = function(ind, msg, nt) {
	var e = new Error(msg || ec[ind]);
	e.code = ind;
	if (Error.captureStackTrace) Error.captureStackTrace(e, err);
	if (!nt) throw e;
	return e;
};
var inflt = function(dat, st, buf, dict) {
	var sl = dat.length, dl = dict ? dict.length : 0;
	if (!sl || st.f && !st.l) return buf || new u8(0);
	var noBuf = !buf;
	var resize = noBuf || st.i != 2;
	var noSt = st.i;
	if (noBuf) buf = new u8(sl * 3);
	var cbuf = function(l) {
		var bl = buf.length;
		if (l > bl) {
			var nbuf = new u8(Math.max(bl * 2, l));
			nbuf.set(buf);
			buf = nbuf;
		}
	};
	var final = st.f || 0, pos = st.p || 0, bt = st.b || 0, lm = st.l, dm = st.d, lbt = st.m, dbt = st.n;
	var tbts = sl * 8;
	do {
		if (!lm) {
			final = bits(dat, pos, 1);
			var type = bits(dat, pos + 1, 3);
			pos += 3;
			if (!type) {
				var s = shft(pos) + 4, l = dat[s - 4] | dat[s - 3] << 8, t = s + l;
				if (t > sl) {
					if (noSt) err(0);
					break;
				}
				if (resize) cbuf(bt + l);
				buf.set(dat.subarray(s, t), bt);
				st.b = bt += l, st.p = pos = t * 8, st.f = final;
				continue;
			} else if (type == 1) lm = flrm, dm = fdrm, lbt = 9, dbt = 5;
			else if (type == 2) {
				var hLit = bits(dat, pos, 31) + 257, hcLen = bits(dat, pos + 10, 15) + 4;
				var tl = hLit + bits(dat, pos + 5, 31) + 1;
				pos += 14;
				var ldt = new u8(tl);
				var clt = new u8(19);
				for (var i = 0; i < hcLen; ++i) clt[clim[i]] = bits(dat, pos + i * 3, 7);
				pos += hcLen * 3;
				var clb = max(clt), clbmsk = (1 << clb) - 1;
				var clm = hMap(clt, clb, 1);
				for (var i = 0; i < tl;) {
					var r = clm[bits(dat, pos, clbmsk)];
					pos += r & 15;
					var s = r >> 4;
					if (s < 16) ldt[i++] = s;
					else {
						var c = 0, n = 0;
						if (s == 16) n = 3 + bits(dat, pos, 3), pos += 2, c = ldt[i - 1];
						else if (s == 17) n = 3 + bits(dat, pos, 7), pos += 3;
						else if (s == 18) n = 11 + bits(dat, pos, 127), pos += 7;
						while (n--) ldt[i++] = c;
					}
				}
				var lt = ldt.subarray(0, hLit), dt = ldt.subarray(hLit);
				lbt = max(lt);
				dbt = max(dt);
				lm = hMap(lt, lbt, 1);
				dm = hMap(dt, dbt, 1);
			} else err(1);
			if (pos > tbts) {
				if (noSt) err(0);
				break;
			}
		}
		if (resize) cbuf(bt + 131072);
		var lms = (1 << lbt) - 1, dms = (1 << dbt) - 1;
		var lpos = pos;
		for (;; lpos = pos) {
			var c = lm[bits16(dat, pos) & lms], sym = c >> 4;
			pos += c & 15;
			if (pos > tbts) {
				if (noSt) err(0);
				break;
			}
			if (!c) err(2);
			if (sym < 256) buf[bt++] = sym;
			else if (sym == 256) {
				lpos = pos, lm = null;
				break;
			} else {
				var add = sym - 254;
				if (sym > 264) {
					var i = sym - 257, b = fleb[i];
					add = bits(dat, pos, (1 << b) - 1) + fl[i];
					pos += b;
				}
				var d = dm[bits16(dat, pos) & dms], dsym = d >> 4;
				if (!d) err(3);
				pos += d & 15;
				var dt = fd[dsym];
				if (dsym > 3) {
					var b = fdeb[dsym];
					dt += bits16(dat, pos) & (1 << b) - 1, pos += b;
				}
				if (pos > tbts) {
					if (noSt) err(0);
					break;
				}
				if (resize) cbuf(bt + 131072);
				var end = bt + add;
				if (bt < dt) {
					var shift = dl - dt, dend = Math.min(dt, end);
					if (shift + bt < 0) err(3);
					for (; bt < dend; ++bt) buf[bt] = dict[shift + bt];
				}
				for (; bt < end; ++bt) buf[bt] = buf[bt - dt];
			}
		}
		st.l = lm, st.p = lpos, st.b = bt, st.f = final;
		if (lm) final = 1, st.m = lbt, st.d = dm, st.n = dbt;
	} while (!final);
	return bt != buf.length && noBuf ? slc(buf, 0, bt) : buf.subarray(0, bt);
};
var et = /*#__PURE__*/ new u8(0);
var zls = function(d, dict) {
	if ((d[0] & 15) != 8 || d[0] >> 4 > 7 || (d[0] << 8 | d[1]) % 31) err(6, "invalid zlib data");
	if ((d[1] >> 5 & 1) == +!dict) err(6, "invalid zlib data: " + (d[1] & 32 ? "need" : "unexpected") + " dictionary");
	return (d[1] >> 3 & 4) + 2;
};
function unzlibSync(data, opts) {
	return inflt(data.subarray(zls(data, opts && opts.dictionary), -4), { i: 2 }, opts && opts.out, opts && opts.dictionary);
}
var td = typeof TextDecoder != "undefined" && /*#__PURE__*/ new TextDecoder();
try {
	td.decode(et, { stream: true });
} catch (e) {}
// src/datasets/zlib-anywhere.ts
const table = Uint32Array.from({ length: 256 }, (_, byte) => {
	let value = byte;
	for (let bit = 0; bit < 8; bit++) value = value & 1 ? 3988292384 ^ value >>> 1 : value >>> 1;
	return value;
});
/** As node:zlib has it (PNG specification, annex D). */
function crc32(bytes) {
	let value = 4294967295;
	for (const byte of bytes) value = table[(value ^ byte) & 255] ^ value >>> 8;
	return (value ^ 4294967295) >>> 0;
}
/** As node:zlib has it, errors among it. */
function inflateSync(packed, { maxOutputLength }) {
	let bytes;
	try {
		bytes = unzlibSync(packed, { out: new Uint8Array(maxOutputLength + 1) });
	} catch (error) {
		throw Object.assign(new Error("damaged", { cause: error }), { code: "Z_DATA_ERROR" });
	}
	if (bytes.length > maxOutputLength) throw Object.assign(/* @__PURE__ */ new Error("too large"), { code: "ERR_BUFFER_TOO_LARGE" });
	return bytes;
}
// src/base/written-number.ts
const patterns = {
	".": patternOf(".", ","),
	",": patternOf(",", ".")
};
/** More characters than any double has. */
const longest = 1100;
/** Digits in threes, if in any groups, all with one sign between them: a first group of zeros is none. */
function patternOf(decimal, group) {
	return new RegExp(`^[+-]?(?=[${decimal}]?\\d)(?:(?!0)\\d{1,3}(?:(?<sign>[${group}_' ])\\d{3})(?:\\k<sign>\\d{3})*|\\d*)(?:[${decimal}]\\d+)?(?:e[+-]?\\d+)?$`, "i");
}
/**
* The number that a text is where this stands before its decimals; undefined where it is none. Digits may be grouped:
* `1.234,5`, `1 000`.
*/
function readWritten(text, decimal) {
	if (text.length > longest) return void 0;
	const plain = text.trim().replaceAll(/\s/g, " ").replaceAll("’", "'").replace("−", "-");
	const group = patterns[decimal].exec(plain);
	if (group === null) return void 0;
	const sign = group.groups["sign"];
	const value = Number((sign === void 0 ? plain : plain.replaceAll(sign, "")).replace(decimal, "."));
	return Number.isFinite(value) ? value : void 0;
}
/** All numbers that people may mean by a text: two by `1,234`, none where it is no number. */
function numbersMeant(text) {
	const meant = [",", "."].map((decimal) => readWritten(text, decimal));
	return [...new Set(meant)].filter((value) => value !== void 0);
}
/** All numbers that people may mean by a share in percent. */
function sharesMeant(text) {
	const share = /^(.*\d)\s*%\s*$/s.exec(text);
	return share === null ? [] : numbersMeant(share[1]).map((value) => Number((value / 100).toPrecision(15)));
}
/**
* The way to write the number that a text means: of two that it may mean, both.
*
* @param whole whether only whole ones fit
*/
function suggestNumber(text, whole = false) {
	const meant = whole ? numbersMeant(text).filter(Number.isInteger) : [...numbersMeant(text), ...sharesMeant(text)];
	return meant.length === 0 ? void 0 : `Write ${meant.join(" or ")}${meant.length > 1 ? ", whichever is meant" : ""}.`;
}
// src/base/quantities.ts
/**
* @param several whether units follow each other, the largest first: `1h30m`
* @param bare the unit that a number without one likely has
*/
function defineQuantity(units, example, { several, bare }) {
	const number = "\\d+(?:\\.\\d+)?";
	const namesOf = ({ name, or }) => or === void 0 ? [name] : [or, name];
	const patternOf = (unit) => namesOf(unit).map(inAnyCase).join("|");
	const pattern = several ? `^(?=\\d)(?!.* $)${units.map((unit) => `(?:${number} ?(?:${patternOf(unit)}) ?)?`).join("")}$` : `^${number} ?(?:${units.map(patternOf).join("|")})$`;
	const whole = new RegExp(pattern);
	const unitOf = (word) => word === "" ? units.find(({ name }) => name === bare) : units.find((unit) => [...namesOf(unit), ...unit.also].some((name) => name.toLowerCase() === word.toLowerCase()));
	return {
		pattern,
		expected: example,
		read: (text) => {
			if (!whole.test(text)) return NaN;
			return [...text.matchAll(new RegExp(`(${number}) ?([a-zA-Z]+)`, "g"))].reduce((sum, [, value, unit]) => sum + Number(value) * unitOf(unit).factor, 0);
		},
		suggest: (text) => {
			const better = [...text.matchAll(/(\d[\d.,]*(?<=\d))\s*([a-zA-Z]*)\.?/g)].map(([, value, word]) => ({
				meant: /^[\d.]+$/.test(value) ? [value] : numbersMeant(value),
				unit: unitOf(word)
			})).map(({ meant, unit }) => `${meant.length === 1 ? meant[0] : "?"}${unit?.name ?? "?"}`).join("");
			return /^[\d\s.,a-zA-Z]*$/.test(text) && whole.test(better) ? better : void 0;
		}
	};
}
/** A pattern of a word in capitals, small letters, or both. */
function inAnyCase(word) {
	return word.replaceAll(/[a-z]/gi, (letter) => `[${letter.toUpperCase()}${letter.toLowerCase()}]`);
}
defineQuantity([
	{
		name: "w",
		factor: 604800,
		also: ["week", "weeks"]
	},
	{
		name: "d",
		factor: 86400,
		also: ["day", "days"]
	},
	{
		name: "h",
		factor: 3600,
		also: [
			"hr",
			"hrs",
			"hour",
			"hours"
		]
	},
	{
		name: "m",
		factor: 60,
		or: "min",
		also: [
			"mins",
			"minute",
			"minutes"
		]
	},
	{
		name: "s",
		factor: 1,
		also: [
			"sec",
			"secs",
			"second",
			"seconds"
		]
	},
	{
		name: "ms",
		factor: .001,
		also: [
			"msec",
			"millisecond",
			"milliseconds"
		]
	}
], "a time such as `90s`, `10m` or `1h30m`", {
	several: true,
	bare: "s"
});
defineQuantity([
	{
		name: "B",
		factor: 1,
		also: ["byte", "bytes"]
	},
	{
		name: "KB",
		factor: 1e3,
		also: [
			"k",
			"kilobyte",
			"kilobytes"
		]
	},
	{
		name: "MB",
		factor: 1e6,
		also: [
			"m",
			"megs",
			"megabyte",
			"megabytes"
		]
	},
	{
		name: "GB",
		factor: 1e9,
		also: [
			"g",
			"gigs",
			"gigabyte",
			"gigabytes"
		]
	},
	{
		name: "TB",
		factor: 0xe8d4a51000,
		also: [
			"t",
			"terabyte",
			"terabytes"
		]
	},
	{
		name: "PB",
		factor: 0x38d7ea4c68000,
		also: ["petabyte", "petabytes"]
	},
	{
		name: "EB",
		factor: 0xde0b6b3a7640000,
		also: ["exabyte", "exabytes"]
	},
	{
		name: "KiB",
		factor: 1024,
		also: [
			"ki",
			"kibibyte",
			"kibibytes"
		]
	},
	{
		name: "MiB",
		factor: 2 ** 20,
		also: [
			"mi",
			"mebibyte",
			"mebibytes"
		]
	},
	{
		name: "GiB",
		factor: 2 ** 30,
		also: [
			"gi",
			"gibibyte",
			"gibibytes"
		]
	},
	{
		name: "TiB",
		factor: 2 ** 40,
		also: [
			"ti",
			"tebibyte",
			"tebibytes"
		]
	}
], "a size such as `2GB` or `500KB`", { several: false });
const sizeUnits = [
	"B",
	"kB",
	"MB",
	"GB",
	"TB",
	"PB",
	"EB"
];
/** A size: `40 B`, `50.2 kB`, `107.3 MB`, `81.6 GB`, `252.6 TB`. */
function showBytes(bytes) {
	if (bytes < 1e3) return `${bytes} B`;
	const step = sizeUnits.findIndex((_, k) => bytes < 999.95 * 1e3 ** k);
	const [factor, unit] = step === -1 ? [0xde0b6b3a7640000, "EB"] : [1e3 ** step, sizeUnits[step]];
	return `${(bytes / factor).toFixed(1)} ${unit}`;
}
// src/datasets/png-header.ts
const again = "Fetch or save it again.";
/** Bytes of a picture's values: a hundred times what nets learn from. */
const pictureLimit = 1e8;
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
		const [kind, hint] = kindOf$1(bytes);
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
	if (size > pictureLimit) throw failure("picture-too-large", `${path} is ${width} x ${height} pixels, ${showBytes(size)} of values: a picture may have ${showBytes(pictureLimit)}`, "Make the pictures smaller: all of a batch, and what the net makes of them, must be in memory.");
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
function kindOf$1(bytes) {
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
		samples: samplesOf(unpack(joined$1(chunks.get("IDAT")), packedBytes(header)), header),
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
function joined$1(parts) {
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
// src/base/did-you-mean.ts
/** Longer ones are no slip of a finger, and take long to compare. */
const lengthLimit = 120;
/** Names that a wrong one is compared with: a file may hold tens of thousands. */
const knownLimit = 1e3;
/**
* The known name that a wrong one was most likely meant to be; undefined when none of the first thousand is near.
* Case, `_`, `-` and spaces do not count: `learning_rate` is `learningRate`.
*/
function nearest$1(wrong, known) {
	if (wrong.length > lengthLimit) return void 0;
	const plain = simplify(wrong);
	let compared = 0;
	let best;
	let bestDistance = Infinity;
	const rank = (distance, name) => distance + Math.min(editDistance(wrong, name), 100) / 1e3;
	for (const name of known) {
		if (++compared > knownLimit) break;
		const other = simplify(name);
		const prefix = plain.length >= 3 && other.startsWith(plain);
		const initials = plain.length >= 2 && plain === initialsOf(name);
		const inside = prefix || initials || Math.min(plain.length, other.length) >= 4 && (other.includes(plain) || plain.includes(other));
		const limit = Math.max(1, Math.floor(Math.max(plain.length, other.length) / 3));
		if (!inside && Math.abs(plain.length - other.length) > limit) continue;
		let distance = 0;
		if (other !== plain) distance = prefix || initials ? .5 : Math.min(editDistance(plain, other), inside ? 2 : Infinity);
		if (!inside && (distance > limit || distance >= plain.length)) continue;
		if (rank(distance, name) < bestDistance) [best, bestDistance] = [name, rank(distance, name)];
	}
	return best;
}
/** Insertions, deletions, substitutions and swaps of neighbours between two words (optimal string alignment). */
function editDistance(a, b) {
	if (Math.abs(a.length - b.length) > 20) return Infinity;
	let [beforeLast, last] = [[], Array.from({ length: b.length + 1 }, (_, j) => j)];
	for (let i = 1; i <= a.length; i++) {
		const row = [i];
		for (let j = 1; j <= b.length; j++) {
			const same = a[i - 1] === b[j - 1] ? 0 : 1;
			row[j] = Math.min(row[j - 1] + 1, last[j] + 1, last[j - 1] + same);
			if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
		}
		[beforeLast, last] = [last, row];
	}
	return last[b.length];
}
const initialsOf = (name) => name.replaceAll(/(?<=.)[^A-Z]/g, "").toLowerCase();
const simplify = (name) => name.toLowerCase().replaceAll(/[-_\s]/g, "");
// src/base/shorten.ts
/** A text of the user's, or of a file from elsewhere, for the middle of a message: the beginning of a long one. */
function shorten(text, longest = 40) {
	return text.length > longest ? `${text.slice(0, longest - 3).replace(/[\ud800-\udbff]$/, "")}...` : text;
}
// node_modules/typebox/build/system/memory/metrics.mjs
/** TypeBox instantiation metrics */
const Metrics = {
	assign: 0,
	create: 0,
	clone: 0,
	discard: 0,
	update: 0
};
// node_modules/typebox/build/guard/guard.mjs
/** Returns true if this value is an array */
function IsArray(value) {
	return Array.isArray(value);
}
/** Returns true if this value is null */
function IsNull(value) {
	return IsEqual(value, null);
}
/** Returns true if this value is an object but not an array */
function IsObjectNotArray(value) {
	return IsObject(value) && !IsArray(value);
}
/** Returns true if this value is an object */
function IsObject(value) {
	return IsEqual(typeof value, "object") && !IsNull(value);
}
function IsEqual(left, right) {
	return left === right;
}
/** Returns true if the PropertyKey is Unsafe (ref: prototype-pollution). */
function IsUnsafePropertyKey(key) {
	return IsEqual(key, "__proto__") || IsEqual(key, "constructor") || IsEqual(key, "prototype");
}
/** Returns true if this value has this property key */
function HasPropertyKey(value, key) {
	return IsUnsafePropertyKey(key) ? Object.prototype.hasOwnProperty.call(value, key) : key in value;
}
/** Returns property keys for this object via `Object.getOwnPropertyNames({ ... })` */
function Keys$1(value) {
	return Object.getOwnPropertyNames(value);
}
/** Returns the property keys for this object via `Object.getOwnPropertySymbols({ ... })` */
function Symbols(value) {
	return Object.getOwnPropertySymbols(value);
}
// node_modules/typebox/build/system/settings/settings.mjs
const settings = {
	immutableTypes: false,
	maxErrors: 8,
	maxParseErrors: 1,
	maxInstantiationCount: 128,
	useAcceleration: true,
	exactOptionalPropertyTypes: false,
	enumerableKind: false,
	correctiveParse: false,
	unionPrioritySort: true
};
/** Gets current system settings */
function Get() {
	return settings;
}
// node_modules/typebox/build/system/memory/keys.mjs
/** Returns the own string and symbol keys of the given object. */
function Keys(value) {
	return [...Keys$1(value), ...Symbols(value)];
}
// node_modules/typebox/build/system/memory/finalize.mjs
function Freeze(value, seen) {
	if (seen.has(value)) return;
	seen.add(value);
	for (const key of Keys(value)) {
		const descriptor = Object.getOwnPropertyDescriptor(value, key);
		if (!descriptor || !("value" in descriptor)) continue;
		if (IsObject(descriptor.value)) Freeze(descriptor.value, seen);
	}
	Object.freeze(value);
}
/** Finalizes a type. Will recursively freeze if `immutableTypes` is true, otherwise no action. */
function Finalize(value) {
	if (!Get().immutableTypes) return value;
	Freeze(value, /* @__PURE__ */ new WeakSet());
	return value;
}
// node_modules/typebox/build/system/memory/create.mjs
function WithEnumerable$1(left, right) {
	return {
		...left,
		...right
	};
}
function WithHidden$1(left, right) {
	for (const key of Object.keys(right)) Object.defineProperty(left, key, {
		configurable: true,
		writable: true,
		enumerable: false,
		value: right[key]
	});
	return left;
}
/** Creates an object with hidden, enumerable, and optional property sets. */
function Create(hidden, enumerable, options = {}) {
	Metrics.create += 1;
	const withEnumerable = WithEnumerable$1(enumerable, options);
	return Finalize(Get().enumerableKind ? WithEnumerable$1(withEnumerable, hidden) : WithHidden$1(withEnumerable, hidden));
}
// node_modules/typebox/build/system/memory/update.mjs
function WithCurrent(current, hiddenKeys, enumerableKeys, result) {
	for (const key of Keys(current)) {
		if (IsUnsafePropertyKey(key) || hiddenKeys.includes(key) || enumerableKeys.includes(key)) continue;
		const descriptor = Object.getOwnPropertyDescriptor(current, key);
		Object.defineProperty(result, key, descriptor);
	}
}
function WithHidden(hidden, keys, result) {
	const enumerableKind = Get().enumerableKind;
	for (const key of keys) {
		if (IsUnsafePropertyKey(key)) continue;
		Object.defineProperty(result, key, {
			configurable: true,
			writable: true,
			enumerable: enumerableKind,
			value: hidden[key]
		});
	}
}
function WithEnumerable(enumerable, keys, result) {
	for (const key of keys) {
		if (IsUnsafePropertyKey(key)) continue;
		Object.defineProperty(result, key, {
			configurable: true,
			enumerable: true,
			writable: true,
			value: enumerable[key]
		});
	}
}
/** Updates an existing type with additional hidden and enumerable properties while preserving property configuration. */
function Update(current, hidden, enumerable) {
	Metrics.update += 1;
	const result = {}, hiddenKeys = Keys(hidden), enumerableKeys = Keys(enumerable);
	WithCurrent(current, hiddenKeys, enumerableKeys, result);
	WithHidden(hidden, hiddenKeys, result);
	WithEnumerable(enumerable, enumerableKeys, result);
	return Finalize(result);
}
// node_modules/typebox/build/type/types/schema.mjs
function IsSchema(value) {
	return IsObject(value);
}
// node_modules/typebox/build/type/engine/optional/instantiate_add.mjs
function AddOptionalAction(type, options) {
	return Update(type, { "~optional": true }, options);
}
// node_modules/typebox/build/type/types/array.mjs
/** Creates an Array type. */
function _Array_(items, options) {
	return Create({ "~kind": "Array" }, {
		type: "array",
		items
	}, options);
}
// node_modules/typebox/build/type/action/_add_optional.mjs
/** Applies an AddOptional action to a type. */
function AddOptional(type, options = {}) {
	return AddOptionalAction(type, options);
}
// node_modules/typebox/build/type/types/_optional.mjs
/** Applies an Optional modifier to the given type. */
function Optional(type) {
	return AddOptional(type);
}
/** Returns true if the given value is TOptional */
function IsOptional(value) {
	return IsSchema(value) && HasPropertyKey(value, "~optional");
}
// node_modules/typebox/build/type/types/properties.mjs
/** Creates a RequiredArray derived from the given TProperties value. */
function RequiredArray(properties) {
	return Keys$1(properties).filter((key) => !IsOptional(properties[key]));
}
// node_modules/typebox/build/type/types/object.mjs
/** Creates an Object type. */
function _Object_(properties, options = {}) {
	const requiredKeys = RequiredArray(properties);
	return Create({ "~kind": "Object" }, {
		type: "object",
		...requiredKeys.length > 0 ? { required: requiredKeys } : {},
		properties
	}, options);
}
// node_modules/typebox/build/type/types/unsafe.mjs
/** Creates a Unsafe type. */
function Unsafe(schema) {
	return Update(schema, { ["~unsafe"]: null }, {});
}
// node_modules/typebox/build/type/engine/enum/typescript_enum_to_enum_values.mjs
function IsTypeScriptEnumLike(value) {
	return IsObjectNotArray(value);
}
function TypeScriptEnumToEnumValues(type) {
	return Keys$1(type).filter((key) => isNaN(key)).reduce((result, key) => [...result, type[key]], []);
}
// node_modules/typebox/build/type/types/enum.mjs
/** Creates an Enum type. */
function Enum(value, options) {
	return Create({ "~kind": "Enum" }, { enum: IsTypeScriptEnumLike(value) ? TypeScriptEnumToEnumValues(value) : value }, options);
}
// node_modules/typebox/build/type/types/boolean.mjs
/** Creates a Boolean type. */
function Boolean$1(options) {
	return Create({ "~kind": "Boolean" }, { type: "boolean" }, options);
}
// node_modules/typebox/build/type/types/integer.mjs
/** Creates a Integer type. */
function Integer(options) {
	return Create({ "~kind": "Integer" }, { type: "integer" }, options);
}
// node_modules/typebox/build/type/types/null.mjs
/** Creates a Null type. */
function Null(options) {
	return Create({ "~kind": "Null" }, { type: "null" }, options);
}
// node_modules/typebox/build/type/types/number.mjs
/** Creates a Number type. */
function Number$1(options) {
	return Create({ "~kind": "Number" }, { type: "number" }, options);
}
// node_modules/typebox/build/type/types/string.mjs
/** Creates a String type. */
function String$1(options) {
	return Create({ "~kind": "String" }, { type: "string" }, options);
}
// node_modules/typebox/build/type/types/union.mjs
/** Creates a Union type. */
function Union(anyOf, options = {}) {
	return Create({ "~kind": "Union" }, { anyOf }, options);
}
// src/base/row.ts
/** Tells a misfit from a result. */
function isMisfit(value) {
	return typeof value === "object" && value !== null && "problem" in value;
}
/**
* The keyword that marks, in our schemas, a place where one row of a table is chosen. The value is the table's name.
*/
const CHOICE = "x-choice";
/** The keyword that tells, of the constraint of a weight, how many axes the weight has. */
const RANK = "x-rank";
/** Keyword with which a schema says in words what it expects: `a name of ...`. */
const EXPECTED = "x-expected";
/**
* Schema of a place where exactly one row is chosen, in full form: `{ adam: { learningRate: 0.001 } }`.
* Compact texts (`adam`) are expanded to it before the check.
*
* @param tableName what messages call a member, such as `optimizer`
* @param beside keys allowed beside the row's name, such as a layer's `name`
*/
function choice(tableName, table, about, beside = {}) {
	return _Object_({
		...beside,
		...schemasOf(table)
	}, {
		...closed,
		...about,
		[CHOICE]: tableName
	});
}
const rowSchemas = /* @__PURE__ */ new WeakMap();
/** The schema of each row, made once: hundreds of options choose an initializer. */
function schemasOf(table) {
	const known = rowSchemas.get(table);
	if (known !== void 0) return known;
	const made = Object.fromEntries(Object.entries(table).map(([name, row]) => [name, Optional(_Object_(row.options.properties, {
		...closed,
		description: `${row.doc}\n\nExample: ${row.example}`
	}))]));
	rowSchemas.set(table, made);
	return made;
}
const closed = { additionalProperties: false };
// src/base/json-form.ts
/** Whether a value has a form. */
function hasForm(form, value) {
	return form(value) === void 0;
}
/** A text. @param pattern all of which it has to match */
function text(pattern) {
	return (value) => typeof value === "string" && pattern?.test(value) !== false ? void 0 : "";
}
/** A number; JSON has no others than finite ones, but for those that are too large for one. */
const number = (value) => Number.isFinite(value) ? void 0 : "";
/** A whole number that is exact. */
const whole = (value) => Number.isSafeInteger(value) ? void 0 : "";
/** True or false. */
const flag = (value) => typeof value === "boolean" ? void 0 : "";
/** One of some texts. */
function oneOf(...texts) {
	return (value) => texts.includes(value) ? void 0 : "";
}
/** Of one form or another. */
function either(one, other) {
	return (value) => one(value) === void 0 ? void 0 : other(value);
}
/** May be left out. */
function optional$1(form) {
	return (value) => value === void 0 ? void 0 : form(value);
}
/** Anything. */
const anything = () => void 0;
/** Of a form, and such that more is true of it. */
function such(form, holds) {
	return (value) => form(value) ?? (holds(value) ? void 0 : "");
}
/** An object of any names, whose values are of one form. */
function record(form) {
	return (value) => {
		if (typeof value !== "object" || value === null || Array.isArray(value)) return "";
		for (const [key, inner] of Object.entries(value)) {
			const fault = form(inner);
			if (fault !== void 0) return below(key, fault);
		}
	};
}
/** A list. */
function list(item) {
	return (value) => {
		if (!Array.isArray(value)) return "";
		for (let i = 0; i < value.length; i++) {
			const fault = item(value[i]);
			if (fault !== void 0) return below(String(i), fault);
		}
	};
}
/** An object, which may have other parts besides. */
function object(parts) {
	const forms = Object.entries(parts);
	return (value) => {
		if (typeof value !== "object" || value === null || Array.isArray(value)) return "";
		for (const [key, form] of forms) {
			const fault = form(value[key]);
			if (fault !== void 0) return below(key, fault);
		}
	};
}
function below(key, place) {
	return place === "" ? key : `${key}.${place}`;
}
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
new RegExp(`^(t|ts|ds|(${[
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
// src/datasets/csv-cells.ts
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
// src/datasets/several-labels.ts
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
/** Room for so many indices of so many classes, all 0. */
function roomForIndices(classes, places) {
	return classes > 256 ? new Int32Array(places) : new Uint8Array(places);
}
// src/base/numbers.ts
/** The largest whole number that a file may hold: to TensorFlow, sizes and places in tensors are numbers of 32 bits. */
const largestWhole = 2 ** 31 - 1;
/** The largest number that a file may hold: the weights are float32, in which a larger one is infinite. */
const largestReal = 34028234663852886e22;
/** Schema of a whole number; every one in a pipeline file is made here, so that none sizes memory without a limit. */
function wholeNumber(about = {}) {
	const { minimum = -largestWhole, maximum = largestWhole } = about;
	return Integer({
		...about,
		minimum,
		maximum
	});
}
/** Schema of a number; every one in a pipeline file is made here. */
function realNumber(about = {}) {
	const lower = about.minimum === void 0 && about.exclusiveMinimum === void 0 ? { minimum: -34028234663852886e22 } : {};
	const upper = about.maximum === void 0 && about.exclusiveMaximum === void 0 ? { maximum: largestReal } : {};
	return Number$1({
		...about,
		...lower,
		...upper
	});
}
/** What tokens are numbered from, as in Keras' TextVectorization: 0 stands behind the last one of a text. */
const first = 2;
/** How many tokens get a number, and whether letters are made small: `most` is what the tokens are called. */
const vocabularyOptions = (most, vocabulary) => ({
	vocabulary: Optional(wholeNumber({
		description: `How many numbers there are (${vocabulary} where it is left out), 0 and 1 among them: the rows that an \`embedding\` needs. The most frequent ${most} of what is trained on get them; all others are 1.`,
		minimum: 3,
		maximum: 1e5
	})),
	lowerCase: Optional(Boolean$1({ description: `Whether capital and small letters are the same (so where it is left out).` }))
});
const options = (most, vocabulary) => _Object_({
	length: wholeNumber({
		description: `How many ${most} of a text are read: what is behind is cut off, and shorter texts are filled up with 0.`,
		minimum: 1,
		maximum: 1e4
	}),
	...vocabularyOptions(most, vocabulary)
}, { additionalProperties: false });
const words = {
	kind: "words",
	doc: "The words of a text as numbers, for an `embedding`: runs of letters, marks and digits of any script, in small letters. The most frequent ones of the rows trained on have a number from 2 on; 1 is any other, 0 is behind the last, which `maskZero` leaves out (TextVectorization).",
	example: "words: { length: 20, vocabulary: 1000 }",
	option: options("words", 1e4),
	takes: ["cells"],
	gives: "done"
};
const characters = {
	kind: "characters",
	doc: "The same of characters, blanks and all others among them: for short texts as names or codes, and for scripts without blanks between words (TextVectorization, split: character).",
	example: "characters: { length: 40, vocabulary: 60 }",
	option: options("characters", 256),
	takes: ["cells"],
	gives: "done"
};
options("words", 1e4), options("characters", 256);
/** The steps that make tokens of texts. */
const texts = {
	words,
	characters
};
/** A column of texts as the model keeps it: each becomes `length` numbers below `size`. */
const tokensForm = such(object({
	column: text(),
	tokens: oneOf("words", "characters"),
	length: such(whole, (length) => length > 0),
	size: such(whole, (size) => size > first),
	lowerCase: flag,
	/** From number 2 on. */
	vocabulary: list(text()),
	/** The text that a cell without a value is taken for; left out: it is a mistake. */
	gap: optional$1(text())
}), ({ vocabulary, size }) => vocabulary.length <= size - first);
/**
* The tokens of a text, in their order, one after the other, as a text may be as long as its file. Accents are one
* character with their letter where there is one (NFC). Words are found by the classes of Unicode, not by
* Intl.Segmenter, whose dictionaries differ between versions of Node and browsers: a model would read other words than
* it learnt.
*/
function* tokensOf(given, { kind, lowerCase }) {
	const plain = (lowerCase ? given.toLowerCase() : given).normalize("NFC");
	if (kind === "characters") yield* plain;
	else yield* wordsIn(plain);
}
/** Letter by letter: an expression for all of a word runs out of its stack where one is millions of letters long. */
function* wordsIn(plain) {
	let start = -1;
	for (let at = 0; at < plain.length;) {
		const point = plain.codePointAt(at);
		if (isInWord(point)) start = start < 0 ? at : start;
		else if (start >= 0) {
			yield plain.slice(start, at);
			start = -1;
		}
		at += point > 65535 ? 2 : 1;
	}
	if (start >= 0) yield plain.slice(start);
}
const letter = /^[\p{L}\p{M}\p{N}]$/u;
/** Of each code point of 16 bits that was asked about: 1 is in a word, 2 is not. */
const seen = /* @__PURE__ */ new Uint8Array(65536);
function isInWord(point) {
	if (point > 65535) return letter.test(String.fromCodePoint(point));
	seen[point] ||= letter.test(String.fromCharCode(point)) ? 1 : 2;
	return seen[point] === 1;
}
/** Gives the number of a token. It needs nothing of Node. */
function tokenNumbers({ vocabulary }) {
	const numbers = new Map(vocabulary.map((token, k) => [token, k + first]));
	return (token) => numbers.get(token) ?? 1;
}
/** Gives the numbers of texts: `length` for each. It needs nothing of Node. */
function tokenEncoder(column) {
	const { length, lowerCase, tokens: kind } = column;
	const numberOf = tokenNumbers(column);
	return (given) => {
		const values = new Float32Array(length);
		let to = 0;
		for (const token of tokensOf(given, {
			kind,
			lowerCase
		})) {
			values[to++] = numberOf(token);
			if (to === length) break;
		}
		return values;
	};
}
// src/datasets/whole-texts.ts
/** Whether a target is a whole text. */
function isWholeText(target) {
	return target.kind === "class" && target.wholeText !== void 0 && target.tokens !== void 0;
}
const known = /* @__PURE__ */ new WeakMap();
/** The numbers of a text, of the target's shape: what is behind its length is cut off. It needs nothing of Node. */
function numbersOfText(target, given) {
	let numberOf = known.get(target);
	if (numberOf === void 0) {
		numberOf = tokenNumbers({ vocabulary: target.classes.slice(2) });
		known.set(target, numberOf);
	}
	const length = target.shape[0];
	const numbers = roomForIndices(target.classes.length, length);
	let to = 0;
	for (const token of tokensOf(given, {
		kind: target.tokens,
		lowerCase: target.wholeText.lowerCase
	})) {
		numbers[to++] = numberOf(token);
		if (to === length) break;
	}
	return numbers;
}
/**
* How many numbers of a text are tokens: those before the first 0.
*
* @param there 0 for each that a mask leaves out, which ends it too
*/
function tokensIn(numbers, there) {
	let count = 0;
	while (count < numbers.length && numbers[count] !== 0 && there?.[count] !== 0) count++;
	return count;
}
/** The text that numbers stand for: words with a blank between, characters one after the other. */
function textOf({ classes, tokens }, numbers, there) {
	return Array.from({ length: tokensIn(numbers, there) }, (_, k) => classes[numbers[k]]).join(tokens === "words" ? " " : "");
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
		const other = nearest$1(name, others);
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
/** What a row says is right, for each target of which it says something. */
function labelsIn(row, targets, where) {
	const given = targets.map((target) => saidOf$1(target, row));
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
function saidOf$1(target, row) {
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
	const guess = Number.isNaN(Number(said)) ? nearest$1(said, classes) : void 0;
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
function valuesOf$2(given, { shape, dtype, indices }, where) {
	const size = sizeOf(shape);
	const found = shapeIn(given, size);
	if (found !== size && !(typeof found === "object" && fits(found, shape))) throw failure("wrong-shape", `${where}: expected ${formatShape(shape)}, got ${typeof found === "object" ? formatShape(found) : kindOf(given)}`, "Give it the shape of the rows that the model was trained on.");
	const numbers = numbersIn(given);
	if (dtype === "uint8" && indices === void 0 && numbers instanceof Uint8Array) return numbers;
	const values = dtype === "uint8" ? new Uint8Array(size) : new Float32Array(size);
	for (let i = 0; i < size; i++) {
		const value = numbers[i];
		if (typeof value !== "number" || (dtype === "uint8" ? !Number.isInteger(value) || value < 0 || value > 255 : !Number.isFinite(Math.fround(value))) || indices !== void 0 && value >= indices) throw failure("wrong-value", `${where}: ${formatPlace(i, shape)} is ${shorten(writtenOf(value))}, and the model takes ${takenOf$1(dtype, indices)}`, dtype === "uint8" && indices === void 0 && typeof value === "number" && value > 0 && value < 1 ? "Values of 0 to 1 are to be multiplied by 255: the model scales bytes itself." : void 0);
		values[i] = value;
	}
	return values;
}
function takenOf$1(dtype, indices) {
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
// src/datasets/encode-picture.ts
const pngAlone = {
	isFile: isPng,
	decode: (...given) => pictureFrom(...given)
};
/**
* The encoder of a model that learnt from pictures. By itself it needs nothing of Node, and reads PNG files alone.
*
* @param files what else reads them
*/
function pictureEncoder({ inputs, targets }, files = pngAlone) {
	const names = inputs.map(({ name }) => name);
	const [input] = inputs;
	const isOne = inputs.length === 1;
	return (row, where, read) => {
		const parts = isNamed(row) && !isTensor(row) && !isImageData(row) ? row : { [input.name]: row };
		if (!isOne && parts !== row) throw failure("missing-input", `${where} is ${kindOf(row)}, not an object with ${names.map((name) => `\`${name}\``).join(" and ")}`, "Give a picture for each: { \"left\": \"a.png\", \"right\": \"b.png\" }.");
		proveNames(parts, names, where);
		return {
			x: inputs.map((input) => pictureOf(parts[input.name], {
				input,
				where: isOne ? where : `${where}: ${input.name}`,
				read,
				files
			})),
			...labelsIn(parts, targets, where)
		};
	};
}
function pictureOf(given, { input, where, read, files }) {
	if (typeof given === "string" && read !== void 0) return files.decode(read(given), input, `${where}: ${given.split(/[\\/]/).at(-1)}`);
	if (isImageData(given)) return valuesOf$2(pixelsOf(given, input, where), input, where);
	if (given instanceof Uint8Array && files.isFile(given, input)) return files.decode(given, input, where);
	return valuesOf$2(given, input, where);
}
function isImageData(value) {
	if (!isNamed(value)) return false;
	const { width, height, data } = value;
	return data instanceof Uint8ClampedArray && data.length === 4 * Number(width) * Number(height);
}
/** As a file of it would be read. @throws UserError where it has transparency, or colours where there are greys */
function pixelsOf({ width, height, data }, { shape }, where) {
	const channels = shape[2] === 1 ? 1 : 3;
	const values = new Uint8Array(width * height * channels);
	for (let pixel = 0; pixel < width * height; pixel++) {
		const [red, green, blue] = [
			data[4 * pixel],
			data[4 * pixel + 1],
			data[4 * pixel + 2]
		];
		if (data[4 * pixel + 3] !== 255) throw failure("transparent-picture", `${where} has transparency: not all of its pixels are opaque`, "Fill the canvas with what is behind the picture, such as white, before it is drawn.");
		if (channels === 1 && (red !== green || green !== blue)) throw failure("wrong-shape", `${where} has colours, and the model takes greys`, "Make it grey before.");
		values.set([
			red,
			green,
			blue
		].slice(0, channels), pixel * channels);
	}
	return {
		shape: [
			height,
			width,
			channels
		],
		values
	};
}
/** The values of a PNG file. @throws UserError where it is none, or of another shape */
function pictureFrom(bytes, input, name) {
	const shape = shapeOf(readHeader(name, bytes));
	proveTaken(shape, input, name);
	return decodePicture(name, bytes, shape);
}
/** @throws UserError where a picture is not of the shape that the model takes */
function proveTaken(found, { shape }, name) {
	if (String(found) === String(shape)) return;
	const [height, width, channels] = shape;
	const colours = channels === 1 ? "-colorspace Gray " : "-define png:color-type=2 ";
	throw failure("wrong-shape", `${name} is ${formatShape(found)}, and the model takes ${formatShape(shape)}`, `Make it as the pictures were that it was trained on, such as with ImageMagick: \`magick PICTURE -resize '${width}x${height}!' ${colours}NEW.png\`.`);
}
// src/datasets/preparations/quantiles.ts
/**
* A quantile of sorted numbers, between two of them by a straight line, to the bits of numpy's `percentile`.
*
* @param share from 0 to 1
*/
function quantileOf(sorted, share) {
	const place = share * (sorted.length - 1);
	const below = Math.min(Math.floor(place), sorted.length - 1);
	const [a, b] = [sorted[below], sorted[Math.min(below + 1, sorted.length - 1)]];
	const part = place - below;
	return part < .5 ? a + (b - a) * part : b - (b - a) * (1 - part);
}
/**
* Where a number stands among rising ones, from 0 to 1, between two of them by a straight line. Of several that are
* equal to it, the middle.
*/
function shareBelow(quantiles, value) {
	const last = quantiles.length - 1;
	if (last === 0) return 0;
	const at = (first) => {
		if (first < 0) return 0;
		if (first >= last) return 1;
		const [a, b] = [quantiles[first], quantiles[first + 1]];
		return (first + (value - a) / (b - a)) / last;
	};
	const upper = at(countWhere(quantiles, (one) => one <= value) - 1);
	const less = countWhere(quantiles, (one) => one < value);
	return (upper + (less <= last && quantiles[less] === value ? less / last : at(less - 1))) / 2;
}
/** How many numbers from the first on are such; behind one that is not, none is. */
function countWhere(numbers, holds) {
	let [from, to] = [0, numbers.length];
	while (from < to) {
		const middle = from + to >> 1;
		if (holds(numbers[middle])) from = middle + 1;
		else to = middle;
	}
	return from;
}
/** The number that a share of the standard normal distribution is below: AS 241 (Wichura 1988), exact to a double. */
function normalQuantile(share) {
	const q = share - .5;
	if (Math.abs(q) <= .425) {
		const r = .180625 - q * q;
		return polynomial(middle.over, r) / polynomial(middle.under, r) * q;
	}
	const r = Math.sqrt(-Math.log(q <= 0 ? share : 1 - share));
	const [{ over, under }, from] = r <= 5 ? [flank, 1.6] : [tail, 5];
	const x = polynomial(over, r - from) / polynomial(under, r - from);
	return q < 0 ? -x : x;
}
/** Coefficients from the highest power down. */
const polynomial = (coefficients, x) => coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);
const middle = {
	over: [
		2509.0809287301227,
		33430.57558358813,
		67265.7709270087,
		45921.95393154987,
		13731.69376550946,
		1971.5909503065513,
		133.14166789178438,
		3.3871328727963665
	],
	under: [
		5226.495278852854,
		28729.085735721943,
		39307.89580009271,
		21213.794301586597,
		5394.196021424751,
		687.1870074920579,
		42.31333070160091,
		1
	]
};
const flank = {
	over: [
		.0007745450142783414,
		.022723844989269184,
		.2417807251774506,
		1.2704582524523684,
		3.6478483247632045,
		5.769497221460691,
		4.630337846156546,
		1.4234371107496835
	],
	under: [
		1.0507500716444169e-9,
		.0005475938084995345,
		.015198666563616457,
		.14810397642748008,
		.6897673349851,
		1.6763848301838038,
		2.053191626637759,
		1
	]
};
const tail = {
	over: [
		2.0103343992922881e-7,
		27115555687434876e-21,
		.0012426609473880784,
		.026532189526576124,
		.29656057182850487,
		1.7848265399172913,
		5.463784911164114,
		6.657904643501103
	],
	under: [
		20442631033899397e-31,
		1.421511758316446e-7,
		18463183175100548e-21,
		.0007868691311456133,
		.014875361290850615,
		.1369298809227358,
		.599832206555888,
		1
	]
};
/** The step for cells without a value. */
const gaps = { missing: {
	kind: "missing",
	doc: "What a cell without a value is taken for: the `mean`, `median` or `mode` (the most frequent value) of the rows trained on, or `constant(0)`, as SimpleImputer does; `indicator` takes the mean (of texts the mode), and gives one more value, 1 where there was none. It comes first; `error`, as without it, refuses the file.",
	example: "missing: median",
	option: String$1({
		description: "By what gaps are filled.",
		pattern: "^(mean|median|mode|indicator|error|constant\\(.{1,100}\\))$",
		examples: ["median"],
		[EXPECTED]: "mean, median, mode, indicator, error or constant(VALUE)"
	}),
	takes: ["cells"],
	gives: "cells"
} };
// src/datasets/preparations/preparation.ts
/** Types a step, and forgets for the table what it fits. */
function defineMap(step) {
	return step;
}
// src/datasets/preparations/encoders.ts
const bucketize = defineMap({
	kind: "map",
	doc: "Which of the ranges between some bounds a value is in: a category, which becomes 0 and 1 for each, or its number with `index` behind. A bound belongs to the range above it.",
	example: "bucketize: [18, 30, 65]",
	option: _Array_(realNumber(), {
		description: "The bounds, rising.",
		examples: [[
			18,
			30,
			65
		]],
		minItems: 1,
		maxItems: 255
	}),
	problem: (option) => {
		const bounds = option;
		const wrong = bounds.findIndex((bound, k) => k > 0 && bound <= bounds[k - 1]);
		return wrong < 0 ? void 0 : `${bounds[wrong]} is not above ${bounds[wrong - 1]}`;
	},
	takes: ["cells", "numbers"],
	gives: "categories",
	form: object({ bounds: list(number) }),
	fit: (_, option) => ({ bounds: option }),
	categories: ({ bounds }) => bounds.length + 1,
	apply: (value, { bounds }) => {
		if (Number.isNaN(value)) return value;
		let bucket = 0;
		while (bucket < bounds.length && value >= bounds[bucket]) bucket++;
		return bucket;
	}
});
/** The parts of a date by their names, from a date in UTC; counted as pandas counts them. */
const parts$1 = {
	year: (date) => date.getUTCFullYear(),
	month: (date) => date.getUTCMonth() + 1,
	day: (date) => date.getUTCDate(),
	dayOfYear: (date) => (Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()) - Date.UTC(date.getUTCFullYear(), 0, 1)) / 864e5 + 1,
	weekday: (date) => (date.getUTCDay() + 6) % 7,
	hour: (date) => date.getUTCHours(),
	minute: (date) => date.getUTCMinutes()
};
const partNames = [
	"year",
	"month",
	"day",
	"dayOfYear",
	"weekday",
	"hour",
	"minute"
];
const dateParts = defineMap({
	kind: "map",
	doc: "The parts of a date as numbers, one for each: month and day count from 1, weekdays from 0, which is Monday. Times with a zone are those of UTC.",
	example: "dateParts: [year, month, weekday]",
	option: _Array_(Enum([...partNames]), {
		description: "Which parts.",
		examples: [[
			"year",
			"month",
			"weekday"
		]],
		minItems: 1,
		uniqueItems: true
	}),
	takes: ["cells"],
	gives: "numbers",
	reads: "dates",
	form: object({ parts: such(list(oneOf(...partNames)), ({ length }) => length > 0) }),
	fit: (_, option) => ({ parts: option }),
	width: ({ parts: chosen }) => chosen.length,
	apply: (value, { parts: chosen }, k) => parts$1[chosen[k]](new Date(value))
});
const cyclic = defineMap({
	kind: "map",
	doc: "Sine and cosine of a value that begins anew after a period, so that the end is near the beginning.",
	example: "cyclic: 24",
	option: realNumber({
		description: "After how much it begins anew: 12 months, 24 hours.",
		examples: [24],
		exclusiveMinimum: 0
	}),
	takes: ["cells", "numbers"],
	gives: "numbers",
	form: object({ period: such(number, (value) => value > 0) }),
	fit: (_, option) => ({ period: option }),
	width: () => 2,
	apply: (value, { period }, k) => (k === 0 ? Math.sin : Math.cos)(2 * Math.PI * value / period)
});
/** The steps that make numbers of what is none, or categories of numbers. */
const encoders$1 = {
	oneHot: {
		kind: "oneHot",
		doc: "A 0 or 1 for each value of the column, 256 at most (OneHotEncoder). The values are those of `categories`, else those of the data.",
		example: "oneHot",
		plain: true,
		takes: ["cells", "categories"],
		gives: "done"
	},
	index: {
		kind: "index",
		doc: "The place of the value among those of the column, from 0: for an `embedding` (OrdinalEncoder). The values are those that `oneHot` has.",
		example: "index",
		plain: true,
		takes: ["cells", "categories"],
		gives: "done"
	},
	hash: {
		kind: "hash",
		doc: "Puts each text into one of so many buckets by its MurmurHash3, new texts too: a category, which becomes 0 and 1 for each, or its number with `index` behind. For columns of more values than can be listed.",
		example: "hash: 64",
		option: wholeNumber({
			description: "The buckets.",
			examples: [64],
			minimum: 2,
			maximum: 65536
		}),
		takes: ["cells"],
		gives: "categories"
	},
	bucketize,
	dateParts,
	cyclic
};
// src/datasets/scale.ts
/**
* Fits the scale of a column to some of its rows, as scikit-learn's StandardScaler does: by the corrected two-pass
* algorithm, and with deviation 1 where the variance is within its rounding (`_is_constant_feature`).
*/
function fitScale(numbers, rows) {
	let sum = 0;
	for (let k = 0; k < rows.length; k++) sum += numbers[rows[k]];
	const mean = sum / rows.length;
	let [apart, squares] = [0, 0];
	for (let k = 0; k < rows.length; k++) {
		const difference = numbers[rows[k]] - mean;
		apart += difference;
		squares += difference * difference;
	}
	const variance = (squares - apart * apart / rows.length) / rows.length;
	const rounding = rows.length * Number.EPSILON;
	const isConstant = variance <= rounding * variance + (rounding * mean) ** 2;
	return {
		scale: isConstant ? {
			mean: mean + apart / rows.length,
			deviation: 1
		} : {
			mean,
			deviation: Math.sqrt(variance)
		},
		isConstant
	};
}
// src/datasets/preparations/scalers.ts
const takes = ["cells", "numbers"];
const pair = (description, limits = {}) => _Array_(realNumber(limits), {
	description,
	minItems: 2,
	maxItems: 2
});
const rises = (option) => {
	const [low, high] = option;
	return low < high ? void 0 : `${low} is not below ${high}`;
};
/** What a column is divided by: 1 where that is rounding alone, as in scikit-learn. */
const orOne = (scale) => scale < 10 * Number.EPSILON ? 1 : scale;
const divisor = such(number, (value) => value > 0);
const standardize = defineMap({
	kind: "map",
	doc: "Takes the mean away and divides by the standard deviation (StandardScaler).",
	example: "standardize",
	plain: true,
	takes,
	gives: "numbers",
	form: object({
		mean: number,
		deviation: divisor
	}),
	fit: (values) => {
		return { ...fitScale(values, Uint32Array.from(values, (_, row) => row)).scale };
	},
	apply: (value, { mean, deviation }) => (value - mean) / deviation
});
const minmax = defineMap({
	kind: "map",
	doc: "Moves the smallest value to 0 and the largest to 1, or to the two that are named (MinMaxScaler, feature_range).",
	example: "minmax: [-1, 1]",
	option: pair("What the smallest and the largest value become."),
	plain: [0, 1],
	problem: rises,
	takes,
	gives: "numbers",
	form: object({
		scale: number,
		shift: number
	}),
	fit: (values, option) => {
		const [low, high] = option;
		let [smallest, largest] = [Infinity, -Infinity];
		for (let k = 0; k < values.length; k++) {
			smallest = Math.min(smallest, values[k]);
			largest = Math.max(largest, values[k]);
		}
		const scale = (high - low) / orOne(largest - smallest);
		return {
			scale,
			shift: low - smallest * scale
		};
	},
	apply: (value, { scale, shift }) => value * scale + shift
});
const robust = defineMap({
	kind: "map",
	doc: "Takes the median away and divides by the distance of two percentiles, which outliers hardly change (RobustScaler, quantile_range).",
	example: "robust: [10, 90]",
	option: pair("The two percentiles.", {
		minimum: 0,
		maximum: 100
	}),
	plain: [25, 75],
	problem: rises,
	takes,
	gives: "numbers",
	form: object({
		center: number,
		scale: divisor
	}),
	fit: (values, option) => {
		const [low, high] = option;
		const sorted = values.toSorted();
		const scale = orOne(quantileOf(sorted, high / 100) - quantileOf(sorted, low / 100));
		return {
			center: quantileOf(sorted, .5),
			scale
		};
	},
	apply: (value, { center, scale }) => (value - center) / scale
});
const log = defineMap({
	kind: "map",
	doc: "The natural logarithm, of the value and an offset where one is named: `log: 1` takes 0, too.",
	example: "log: 1",
	option: realNumber({ description: "What is added before." }),
	plain: 0,
	takes,
	gives: "numbers",
	form: object({ offset: number }),
	fit: (_, option) => ({ offset: option }),
	apply: (value, { offset }) => Math.log(value + offset)
});
/** As many as scikit-learn keeps. */
const mostQuantiles = 1e3;
/** How near a value is to an end to count as it, and how near a share may come to 0 and 1 (BOUNDS_THRESHOLD). */
const nearEnd = 1e-7;
const [least, most] = [nearEnd - Number.EPSILON, 1 - (nearEnd - Number.EPSILON)].map(normalQuantile);
const quantile = defineMap({
	kind: "map",
	doc: "Where the value stands among those trained on, from 0 to 1; with `normal` as far from 0 as that is in the standard normal distribution (QuantileTransformer, output_distribution).",
	example: "quantile: normal",
	option: Enum(["uniform", "normal"], { description: "How the values lie then." }),
	plain: "uniform",
	takes,
	gives: "numbers",
	form: object({
		quantiles: such(list(number), ({ length }) => length > 0),
		isNormal: flag
	}),
	fit: (values, option) => {
		const sorted = values.toSorted();
		const count = Math.min(mostQuantiles, sorted.length);
		return {
			quantiles: Array.from({ length: count }, (_, k) => quantileOf(sorted, count === 1 ? 0 : k / (count - 1))),
			isNormal: option === "normal"
		};
	},
	apply: (value, { quantiles, isNormal }) => {
		const [first, last] = [quantiles[0], quantiles.at(-1)];
		const near = isNormal ? nearEnd : 0;
		if (!isNormal || value - near >= first && value + near <= last) {
			const share = endOf(value, first, last) ?? shareBelow(quantiles, value);
			return isNormal ? Math.min(Math.max(normalQuantile(share), least), most) : share;
		}
		return value - near < first ? least : most;
	}
});
/** The share of a value that is an end: of both it is the first. */
function endOf(value, first, last) {
	if (value === first) return 0;
	return value === last ? 1 : void 0;
}
/** The steps that bring numbers to where nets learn from them. */
const scalers = {
	standardize,
	minmax,
	robust,
	log,
	quantile
};
// src/datasets/preparations/preparations.ts
/** The steps of `prepare`, by the names that users write. */
const preparations = {
	...gaps,
	...scalers,
	...encoders$1,
	...texts
};
/** A step that computes with numbers, by its name; undefined where there is none. */
function mapStep(name) {
	const step = Object.hasOwn(preparations, name) ? preparations[name] : void 0;
	return step?.kind === "map" ? step : void 0;
}
// src/datasets/preparations/prepared-column.ts
const fittedMap = such(object({
	step: text(),
	fitted: list(anything)
}), ({ step, fitted }) => {
	const row = mapStep(step);
	return row !== void 0 && fitted.every((one) => hasForm(row.form, one));
});
/** The form of a prepared column as the model keeps it. */
const preparedForm = such(object({
	column: text(),
	cross: optional$1(list(text())),
	reads: oneOf("numbers", "dates", "categories", "hash"),
	categories: optional$1(list(text())),
	buckets: optional$1(such(whole, (count) => count > 1)),
	decimal: optional$1(oneOf(",")),
	fill: optional$1(number),
	tellsGaps: optional$1(flag),
	maps: list(fittedMap),
	oneHot: optional$1(such(whole, (count) => count > 0))
}), (column) => {
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
/** Reads a text as a date, or as a bucket of a hash; undefined where it is none. */
function readerFor(reads, buckets = 1) {
	if (reads === "dates") return timeOf;
	return (cell) => missingTexts.has(cell) ? void 0 : murmurHash(cell) % buckets;
}
/** That a cell is no date. @param place of it */
function noDate(place, cell) {
	return failure("not-a-date", `${place} is ${cell === "" ? "empty" : `'${shorten(cell)}'`}, not a date`, "Write dates as 2024-12-31, or with the time as 2024-12-31T23:59.");
}
/** That a step gives no number of a value. */
function unusableValue(column, { value, cell }, where) {
	const step = stepThatFails(column, value) ?? "prepare";
	return failure("unusable-value", `${where}: ${shorten(column.column)} is '${shorten(cell)}', of which \`${step}\` makes no number`, step === "log" ? "A logarithm takes numbers above 0: an offset is added before, as with `log: 1`." : "Correct the value, or prepare the column in another way.");
}
// src/datasets/batches.ts
/** Values of an input that is coded so, once they are no longer. */
function widthOf(code) {
	return code.reduce((sum, categories) => sum + (categories || 1), 0);
}
// src/datasets/encode-table.ts
const standardizedForm = object({
	column: text(),
	mean: number,
	deviation: such(number, (value) => value > 0),
	decimal: optional$1(oneOf(","))
});
const preparationForm = record(list(either(either(either(such(object({
	column: text(),
	categories: list(text()),
	cross: optional$1(list(text()))
}), (column) => !("reads" in column)), standardizedForm), preparedForm), tokensForm)));
/** Whether a column was prepared by the steps of `prepare`. */
const hasSteps = (column) => "reads" in column;
/** Whether a column is of texts that become words or characters. */
const hasTokens = (column) => "tokens" in column;
function valuesOf$1(column) {
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
const widthOfAll = (columns) => columns.reduce((sum, one) => sum + (hasTokens(one) ? one.length : widthOf(valuesOf$1(one).codes)), 0);
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
	const computed = new Map([...columns].flatMap(([name, one]) => hasTokens(one) ? [] : [[name, valuesOf$1(one)]]));
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
		return { warning: warning("unused-columns", `${where} has columns that the model does not take: ${some.slice(0, 10).map((column) => `\`${shorten(column)}\``).join(", ")}${some.length > 10 ? ` and ${some.length - 10} more` : ""}`) };
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
		const guess = cell === "" ? void 0 : nearest$1(cell, column.categories);
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
// src/datasets/encode-series.ts
/**
* The encoder of a model that learnt from a series. A window is an object with a list of values for each column, the
* oldest first. It needs nothing of Node.
*/
function seriesEncoder(trained) {
	const { inputs } = trained;
	const window = inputs[0].shape[0];
	const table = tableEncoder({
		...trained,
		inputs: inputs.map((one) => ({
			...one,
			shape: one.shape.slice(1)
		}))
	});
	const names = [...table.columns.keys()];
	const takes = `${window} rows in the order of time, with the columns ${shorten(names.join(", "), 500)} (CSV; in JSON a list of ${window} values for each column)`;
	const joined = (rows) => inputs.map(({ shape }, k) => {
		const values = new Float32Array(window * shape[1]);
		for (const [at, row] of rows.entries()) values.set(row[k], at * shape[1]);
		return values;
	});
	return {
		...table,
		takes,
		window,
		joined,
		encode: (row, where) => {
			if (!isNamed(row) || isTensor(row)) throw failure("wrong-shape", `${where} is ${kindOf(row)}, not an object`, `The model takes ${takes}.`);
			proveNames(row, names, where);
			const lists = names.map((name) => [name, listOf(row[name], `${where}: ${shorten(name)}`, window)]);
			const rows = Array.from({ length: window }, (_, at) => table.encode(Object.fromEntries(lists.map(([name, values]) => [name, values[at]])), `${where}, value ${at + 1} of ${window}`).x);
			return {
				x: joined(rows),
				...table.unused(Object.keys(row), where)
			};
		}
	};
}
function listOf(given, where, window) {
	if (Array.isArray(given) && given.length === window) return given;
	throw failure("wrong-shape", `${where} is ${Array.isArray(given) ? `a list of ${given.length}` : kindOf(given)}, not a list of ${window} values`, `Give one value for each row of the window of ${window}, the oldest first.`);
}
// src/datasets/encode-text.ts
const charactersForm = object({ characters: list(text()) });
const wordsForm = object({ words: tokensForm });
/** Whether a model reads texts word by word. */
const readsWords = ({ preparation }) => preparation !== void 0 && "words" in preparation;
/** The encoder of a model that learnt from a text. It needs nothing of Node. */
function textEncoder(trained) {
	const [input] = trained.inputs;
	const steps = input.shape[0];
	const alphabet = readsWords(trained) ? wordsOf(trained, input) : charactersOf(trained, input);
	const takes = `text in sequences of ${steps} ${alphabet.of}`;
	return {
		...alphabet,
		takes,
		steps,
		encode: (row, where) => {
			const parts = isNamed(row) ? row : { [input.name]: row };
			proveNames(parts, [input.name], where);
			const given = parts[input.name];
			if (typeof given !== "string") throw failure("wrong-shape", `${where} is ${kindOf(given)}, not a text`, `The model takes ${takes}.`);
			const pieces = alphabet.cut(given);
			if (pieces.length !== steps) throw failure("wrong-shape", `${where}: expected ${steps} ${alphabet.of}, got ${pieces.length}`, "Give it as many as it was trained on; a file of text is cut into such sequences.");
			return { x: [alphabet.indicesOf(pieces, where)] };
		}
	};
}
function charactersOf({ preparation }, { indices }) {
	if (!hasForm(charactersForm, preparation) || preparation.characters.length !== indices) throw damaged("characters");
	const index = new Map(preparation.characters.map((character, k) => [character, k]));
	const indexOf = (character, where) => {
		const known = index.get(character);
		if (known !== void 0) return known;
		throw failure("unknown-category", `${where}: the character ${JSON.stringify(character)} stands nowhere in the text that the model was trained on`, `It knows ${shorten(JSON.stringify(preparation.characters.join("")), 300)}.`);
	};
	return {
		of: "characters",
		cut: (given) => [...given],
		numberOf: (character) => index.get(character),
		indicesOf: (characters, where) => Uint8Array.from(characters, (character) => indexOf(character, where))
	};
}
function wordsOf({ preparation }, { indices }) {
	if (!hasForm(wordsForm, preparation) || preparation.words.size !== indices) throw damaged("words");
	const { lowerCase } = preparation.words;
	const numberOf = tokenNumbers(preparation.words);
	return {
		of: "words",
		cut: (given) => [...tokensOf(given, {
			kind: "words",
			lowerCase
		})],
		numberOf,
		indicesOf: (words) => Float32Array.from(words, numberOf)
	};
}
const damaged = (what) => failure("model-damaged", `model.json does not say which ${what} the model knows`, "Take it from the run again, or train the model anew.");
// src/layers/layer.ts
/** Types a row; checks its options against its functions, and forgets them for the table. */
function defineLayer(row) {
	return row;
}
/** The misfit of a layer that needs another number of dimensions. */
function wrongRank(layer, wanted, input) {
	return {
		problem: `${layer} needs an input of ${wanted}, but the layer above gives ${formatShape(input)}`,
		...input.length === 1 ? { hint: "Put this layer above `flatten`, or remove it." } : {}
	};
}
// src/layers/padding-masks.ts
/** The masks as calls of TensorFlow.js have them: a lone one without a list. */
function listed(masks) {
	return [masks].flat().map((mask) => mask ?? null);
}
/**
* 1 and 0 in these sizes, the first axes of the values: what is there in part is there, and of what is not there no
* part is.
*/
function presence(tf, mask, sizes) {
	const numbers = tf.cast(mask, "float32");
	if (mask.rank === sizes.length) return numbers;
	if (mask.rank > sizes.length) return tf.max(numbers, Array.from({ length: mask.rank - sizes.length }, (_, index) => sizes.length + index));
	return tf.mul(tf.reshape(numbers, sizes.map((_, axis) => mask.shape[axis] ?? 1)), tf.ones([...sizes]));
}
/** The same with a last axis of 1: it multiplies the values. */
function presenceIn(tf, mask, values) {
	return tf.expandDims(presence(tf, mask, values.shape.slice(0, -1)), -1);
}
/**
* The mask of values that are laid over each other, last axes together, as Keras 3 has it: what any of them has is
* there, and all where one has no mask.
*/
function eitherMask(tf, inputs, masks) {
	const known = masks.filter((mask) => mask !== null);
	if (known.length === 0 || known.length < inputs.length) return null;
	const rank = Math.max(...inputs.map((input) => input.rank));
	const laid = (mask, index) => {
		const axes = Array.from({ length: rank - inputs[index].rank }, () => 1);
		return axes.length === 0 ? mask : tf.reshape(mask, mask.shape.toSpliced(1, 0, ...axes));
	};
	return tf.tidy(() => known.map(laid).reduce((either, mask) => tf.logicalOr(either, mask)));
}
/** The mask of values side by side, as Keras 3 has it: a step is there where any of its values is. */
function joinedMask(tf, inputs, masks, axis) {
	if (masks.every((mask) => mask === null)) return null;
	return tf.tidy(() => {
		const whole = inputs.map((input, index) => {
			const mask = masks[index];
			return mask == null ? tf.ones(input.shape) : tf.mul(presenceIn(tf, mask, input), tf.ones(input.shape));
		});
		return tf.greater(tf.max(tf.concat(whole, axis), -1), 0);
	});
}
// node_modules/pure-rand/lib/esm/generator/xoroshiro128plus.js
const jumps = [
	3639956645,
	3750757012,
	1261568508,
	386426335
];
var XoroShiro128Plus = class XoroShiro128Plus {
	constructor(s01, s00, s11, s10) {
		this.s01 = s01;
		this.s00 = s00;
		this.s11 = s11;
		this.s10 = s10;
	}
	clone() {
		return new XoroShiro128Plus(this.s01, this.s00, this.s11, this.s10);
	}
	next() {
		const out = this.s00 + this.s10 | 0;
		const a0 = this.s10 ^ this.s00;
		const a1 = this.s11 ^ this.s01;
		const s00 = this.s00;
		const s01 = this.s01;
		this.s00 = s00 << 24 ^ s01 >>> 8 ^ a0 ^ a0 << 16;
		this.s01 = s01 << 24 ^ s00 >>> 8 ^ a1 ^ (a1 << 16 | a0 >>> 16);
		this.s10 = a1 << 5 ^ a0 >>> 27;
		this.s11 = a0 << 5 ^ a1 >>> 27;
		return out;
	}
	jump() {
		let ns01 = 0;
		let ns00 = 0;
		let ns11 = 0;
		let ns10 = 0;
		let s01 = this.s01;
		let s00 = this.s00;
		let s11 = this.s11;
		let s10 = this.s10;
		for (let i = 0; i !== 4; ++i) {
			const ji = jumps[i];
			for (let mask = 1; mask; mask <<= 1) {
				if (ji & mask) {
					ns01 ^= s01;
					ns00 ^= s00;
					ns11 ^= s11;
					ns10 ^= s10;
				}
				const a0 = s10 ^ s00;
				const a1 = s11 ^ s01;
				const s00_ = s00;
				const s01_ = s01;
				s00 = s00_ << 24 ^ s01_ >>> 8 ^ a0 ^ a0 << 16;
				s01 = s01_ << 24 ^ s00_ >>> 8 ^ a1 ^ (a1 << 16 | a0 >>> 16);
				s10 = a1 << 5 ^ a0 >>> 27;
				s11 = a0 << 5 ^ a1 >>> 27;
			}
		}
		this.s01 = ns01;
		this.s00 = ns00;
		this.s11 = ns11;
		this.s10 = ns10;
	}
	getState() {
		return [
			this.s01,
			this.s00,
			this.s11,
			this.s10
		];
	}
};
function xoroshiro128plus(seed) {
	return new XoroShiro128Plus(-1, ~seed, seed | 0, 0);
}
// node_modules/pure-rand/lib/esm/distribution/uniformFloat64.js
const scale26 = 1.4901161193847656e-8;
const scale53 = 11102230246251565e-32;
const mask1 = 67108863;
const mask2 = 134217727;
/**
* Uniformly generate random 64-bit floating point values between 0 (included) and 1 (excluded)
*
* @remarks Generated values are multiples of 2**-53, providing 53 bits of randomness.
*
* @param rng - Instance of RandomGenerator to extract random values from
*
* @public
*/
function uniformFloat64(rng) {
	const value1 = rng.next() & mask1;
	const value2 = rng.next() & mask2;
	return value1 * scale26 + value2 * scale53;
}
// src/layers/weights/orthogonal.ts
/**
* A matrix with orthonormal rows (or columns, where there are more rows than columns), times gain: random normal
* vectors, made orthogonal one after the other by the modified Gram-Schmidt process, which gives the distribution of
* the QR decomposition with a positive diagonal that Saxe et al. (2014) start from.
*
* @returns rows * columns values, row by row
*/
function orthogonalMatrix([rows, columns], gain, seed) {
	const [count, length] = rows <= columns ? [rows, columns] : [columns, rows];
	const random = xoroshiro128plus(seed);
	const normal = () => Math.sqrt(-2 * Math.log(1 - uniformFloat64(random))) * Math.cos(2 * Math.PI * uniformFloat64(random));
	const vectors = [];
	while (vectors.length < count) {
		const vector = Float64Array.from({ length }, normal);
		for (const other of vectors) {
			const along = dot$1(vector, other);
			other.forEach((value, i) => vector[i] -= along * value);
		}
		const size = Math.sqrt(dot$1(vector, vector));
		if (size > 1e-6) vectors.push(vector.map((value) => value / size));
	}
	return Float32Array.from({ length: rows * columns }, (_, i) => {
		const [row, column] = [Math.floor(i / columns), i % columns];
		return gain * (rows <= columns ? vectors[row][column] : vectors[column][row]);
	});
}
function dot$1(a, b) {
	return a.reduce((sum, value, i) => sum + value * b[i], 0);
}
// src/layers/weights/initializers.ts
function defineInitializer(row) {
	return row;
}
/** Compact text of numbers by position: `normal(0.01)` is stddev, `uniform(-1, 1)` is minval, maxval. */
function positional(usage, ...names) {
	return {
		usage,
		word: (word, position) => {
			const name = names[position];
			return name !== void 0 && word !== "" && Number.isFinite(Number(word)) ? { [name]: Number(word) } : void 0;
		}
	};
}
const normalOptions = _Object_({
	mean: realNumber({
		description: "Mean of the distribution.",
		default: 0
	}),
	stddev: realNumber({
		description: "Standard deviation of the distribution.",
		default: .05,
		minimum: 0
	})
});
const none = _Object_({});
/** All initializers. */
const initializers = {
	zeros: defineInitializer({
		doc: "All weights 0.",
		example: "biasInitializer: zeros",
		options: none,
		build: (tf) => tf.initializers.zeros()
	}),
	ones: defineInitializer({
		doc: "All weights 1.",
		example: "gammaInitializer: ones",
		options: none,
		build: (tf) => tf.initializers.ones()
	}),
	constant: defineInitializer({
		doc: "All weights the same value.",
		example: "biasInitializer: { constant: { value: 0.1 } }",
		options: _Object_({ value: realNumber({ description: "The value of every weight." }) }),
		text: positional("constant(VALUE)", "value"),
		build: (tf, options) => tf.initializers.constant(options)
	}),
	randomNormal: defineInitializer({
		doc: "Normal distribution.",
		example: "kernelInitializer: { randomNormal: { stddev: 0.01 } }",
		options: normalOptions,
		aliases: { normal: {} },
		text: positional("normal(STDDEV)", "stddev"),
		build: (tf, options, seed) => tf.initializers.randomNormal({
			...options,
			seed
		})
	}),
	truncatedNormal: defineInitializer({
		doc: "Normal distribution without the values further than two standard deviations from the mean.",
		example: "kernelInitializer: { truncatedNormal: { stddev: 0.01 } }",
		options: normalOptions,
		text: positional("truncatedNormal(STDDEV)", "stddev"),
		build: (tf, options, seed) => tf.initializers.truncatedNormal({
			...options,
			seed
		})
	}),
	randomUniform: defineInitializer({
		doc: "Uniform distribution between minval and maxval.",
		example: "kernelInitializer: { randomUniform: { minval: -0.05, maxval: 0.05 } }",
		options: _Object_({
			minval: realNumber({
				description: "Lower end.",
				default: -.05
			}),
			maxval: realNumber({
				description: "Upper end.",
				default: .05
			})
		}),
		aliases: { uniform: {} },
		text: positional("uniform(MINVAL, MAXVAL)", "minval", "maxval"),
		build: (tf, options, seed) => tf.initializers.randomUniform({
			...options,
			seed
		})
	}),
	glorotNormal: defineInitializer({
		doc: "Truncated normal with variance 2 / (fanIn + fanOut) (Glorot and Bengio 2010). The Layers API takes it for kernels where nothing is said.",
		example: "kernelInitializer: glorotNormal",
		options: none,
		build: (tf, _, seed) => tf.initializers.glorotNormal({ seed })
	}),
	glorotUniform: defineInitializer({
		doc: "Uniform with limit sqrt(6 / (fanIn + fanOut)) (Glorot and Bengio 2010); also called Xavier.",
		example: "kernelInitializer: glorotUniform",
		options: none,
		aliases: {
			xavier: {},
			glorot: {}
		},
		build: (tf, _, seed) => tf.initializers.glorotUniform({ seed })
	}),
	heNormal: defineInitializer({
		doc: "Truncated normal with variance 2 / fanIn (He et al. 2015); made for relu.",
		example: "kernelInitializer: heNormal",
		options: none,
		aliases: { he: {} },
		build: (tf, _, seed) => tf.initializers.heNormal({ seed })
	}),
	heUniform: defineInitializer({
		doc: "Uniform with limit sqrt(6 / fanIn) (He et al. 2015); made for relu.",
		example: "kernelInitializer: heUniform",
		options: none,
		build: (tf, _, seed) => tf.initializers.heUniform({ seed })
	}),
	leCunNormal: defineInitializer({
		doc: "Truncated normal with variance 1 / fanIn (LeCun et al. 1998); made for selu.",
		example: "kernelInitializer: leCunNormal",
		options: none,
		aliases: { lecun: {} },
		build: (tf, _, seed) => tf.initializers.leCunNormal({ seed })
	}),
	leCunUniform: defineInitializer({
		doc: "Uniform with limit sqrt(3 / fanIn) (LeCun et al. 1998).",
		example: "kernelInitializer: leCunUniform",
		options: none,
		build: (tf, _, seed) => tf.initializers.leCunUniform({ seed })
	}),
	orthogonal: defineInitializer({
		doc: "A random matrix whose rows or columns are at right angles (Saxe et al. 2014); made for recurrent layers. A kernel with more dimensions counts as a matrix with the last one as columns.",
		example: "recurrentInitializer: orthogonal",
		options: _Object_({ gain: realNumber({
			description: "Length of each row or column.",
			default: 1
		}) }),
		text: positional("orthogonal(GAIN)", "gain"),
		build: (tf, { gain }, seed) => {
			const initializer = tf.initializers.orthogonal({
				gain,
				seed
			});
			initializer.apply = (shape) => tf.tensor(orthogonalMatrix([rowsOf(shape), shape.at(-1)], gain, seed), shape);
			return initializer;
		}
	}),
	varianceScaling: defineInitializer({
		doc: "The family that Glorot, He and LeCun belong to: a distribution with variance scale / n, where n counts inputs, outputs or their mean.",
		example: "kernelInitializer: { varianceScaling: { scale: 2, mode: fanIn } }",
		options: _Object_({
			scale: realNumber({
				description: "Factor of the variance.",
				default: 1,
				exclusiveMinimum: 0
			}),
			mode: Enum([
				"fanIn",
				"fanOut",
				"fanAvg"
			], {
				description: "What n is: inputs, outputs, or the mean of both.",
				default: "fanIn"
			}),
			distribution: Enum(["normal", "uniform"], {
				description: "The distribution; `normal` is without the values further than two standard deviations from the mean.",
				default: "normal"
			})
		}),
		build: (tf, options, seed) => tf.initializers.varianceScaling({
			...options,
			seed
		})
	}),
	identity: defineInitializer({
		doc: "Ones on the diagonal, zeros elsewhere (Le et al. 2015); made for recurrent layers. A kernel with more dimensions counts as a matrix with the last one as columns.",
		example: "recurrentInitializer: identity",
		options: _Object_({ gain: realNumber({
			description: "Value on the diagonal.",
			default: 1
		}) }),
		text: positional("identity(GAIN)", "gain"),
		build: (tf, { gain }) => {
			const initializer = tf.initializers.identity({ gain });
			initializer.apply = (shape) => tf.tidy(() => tf.reshape(tf.mul(tf.eye(rowsOf(shape), shape.at(-1)), gain), shape));
			return initializer;
		}
	})
};
/** Rows of a kernel that counts as a matrix. */
function rowsOf(shape) {
	return shape.slice(0, -1).reduce((product, size) => product * size, 1);
}
// src/layers/weights/constraints.ts
function defineConstraint(row) {
	return row;
}
const axis = wholeNumber({
	description: "Axis of the weight along which norms are taken: 0 gives each unit of a dense layer one norm. It must be an axis that the weight has.",
	default: 0,
	minimum: 0,
	maximum: 4
});
function axisMisfit({ axis: along }, { name, rank }) {
	if (along < rank) return void 0;
	return {
		option: "axis",
		problem: `the constraint is along axis ${along}, but the ${name} has ${rank === 1 ? "one axis" : `${rank} axes`}`,
		hint: rank === 1 ? "Use axis 0." : `Use an axis from 0 to ${rank - 1}.`
	};
}
/** All constraints. */
const constraints = {
	maxNorm: defineConstraint({
		doc: "Scales weights down whose norm is larger than maxValue (Srivastava et al. 2014).",
		example: "kernelConstraint: { maxNorm: { maxValue: 2 } }",
		options: _Object_({
			maxValue: realNumber({
				description: "Largest norm.",
				default: 2,
				minimum: 0
			}),
			axis
		}),
		text: positional("maxNorm(MAXVALUE)", "maxValue"),
		misfit: axisMisfit,
		build: (tf, options) => tf.constraints.maxNorm(options)
	}),
	minMaxNorm: defineConstraint({
		doc: "Scales weights so that their norm comes to lie between minValue and maxValue.",
		example: "kernelConstraint: { minMaxNorm: { minValue: 0.5, maxValue: 1.5 } }",
		options: _Object_({
			minValue: realNumber({
				description: "Smallest norm.",
				default: 0,
				minimum: 0
			}),
			maxValue: realNumber({
				description: "Largest norm.",
				default: 1,
				minimum: 0
			}),
			axis,
			rate: realNumber({
				description: "How far weights are moved at each update; 1 is all the way.",
				default: 1,
				minimum: 0,
				maximum: 1
			})
		}),
		text: positional("minMaxNorm(MINVALUE, MAXVALUE)", "minValue", "maxValue"),
		misfit: (options, weight) => options.minValue <= options.maxValue ? axisMisfit(options, weight) : {
			option: "minValue",
			problem: `minMaxNorm has a minValue of ${options.minValue}, above its maxValue of ${options.maxValue}`,
			hint: "Swap the two."
		},
		build: (tf, options) => tf.constraints.minMaxNorm(options)
	}),
	nonNeg: defineConstraint({
		doc: "Sets negative weights to 0.",
		example: "kernelConstraint: nonNeg",
		options: _Object_({}),
		build: (tf) => tf.constraints.nonNeg()
	}),
	unitNorm: defineConstraint({
		doc: "Scales weights so that their norm is 1.",
		example: "kernelConstraint: unitNorm",
		options: _Object_({ axis }),
		misfit: axisMisfit,
		build: (tf, options) => tf.constraints.unitNorm(options)
	})
};
// src/layers/weights/regularizers.ts
function defineRegularizer(row) {
	return row;
}
const factor = (what) => realNumber({
	description: `Factor of ${what}.`,
	default: .01,
	minimum: 0
});
/** All regularizers. */
const regularizers = {
	l1: defineRegularizer({
		doc: "Adds l1 times the sum of the absolute weights to the loss; makes weights zero (Tibshirani 1996).",
		example: "kernelRegularizer: { l1: { l1: 0.01 } }",
		options: _Object_({ l1: factor("the sum of the absolute weights") }),
		text: positional("l1(FACTOR)", "l1"),
		build: (tf, options) => tf.regularizers.l1(options)
	}),
	l2: defineRegularizer({
		doc: "Adds l2 times the sum of the squared weights to the loss; keeps weights small (Hoerl and Kennard 1970).",
		example: "kernelRegularizer: { l2: { l2: 0.001 } }",
		options: _Object_({ l2: factor("the sum of the squared weights") }),
		text: positional("l2(FACTOR)", "l2"),
		build: (tf, options) => tf.regularizers.l2(options)
	}),
	l1l2: defineRegularizer({
		doc: "Adds both penalties, l1 and l2, to the loss (Zou and Hastie 2005).",
		example: "kernelRegularizer: { l1l2: { l1: 0.001, l2: 0.01 } }",
		options: _Object_({
			l1: factor("the sum of the absolute weights"),
			l2: factor("the sum of the squared weights")
		}),
		text: positional("l1l2(L1, L2)", "l1", "l2"),
		build: (tf, options) => tf.regularizers.l1l2(options)
	})
};
// src/layers/options.ts
/** `useBias`. */
const useBiasOption = Boolean$1({
	description: "Whether a bias is added.",
	default: true
});
const optional = (chosen, description, more = {}) => Union([chosen({ description }), Null()], {
	description: `${description} null for none.`,
	default: null,
	...more
});
/**
* Initializer, regularizer and constraint of one weight.
*
* @param rank how many axes it has; left out where that depends on the input
*/
function weightOptions(name, what, fallback, rank) {
	return {
		[`${name}Initializer`]: choice("initializer", initializers, {
			description: `First values of the ${what}.`,
			default: fallback
		}),
		[`${name}Regularizer`]: optional((about) => choice("regularizer", regularizers, about), `Penalty on the ${what}, added to the loss.`),
		[`${name}Constraint`]: optional((about) => choice("constraint", constraints, about), `What the ${what} is brought back into after each update.`, rank === void 0 ? {} : { [RANK]: rank })
	};
}
// src/layers/custom-layer.ts
/** By TensorFlow.js' own class of layers, as a program may have loaded more than one TensorFlow.js; then by layer. */
const classes = /* @__PURE__ */ new WeakMap();
/** Makes TensorFlow.js know the class, so that it loads models that hold it. */
function registerOwnLayer(layer, tf) {
	const ofTf = classes.get(tf.layers.Layer) ?? /* @__PURE__ */ new Map();
	const known = ofTf.get(layer);
	if (known !== void 0) return known;
	const made = makeClass(layer, tf);
	tf.serialization.registerClass(made);
	classes.set(tf.layers.Layer, ofTf.set(layer, made));
	return made;
}
function makeClass(layer, tf) {
	return class extends tf.layers.Layer {
		static className = layer.className;
		#options;
		#parts;
		#masks;
		#weights = {};
		constructor({ options, masks, ...rest }, parts = {}) {
			super(rest);
			[this.#options, this.#parts, this.#masks] = [
				options,
				parts,
				masks
			];
			this.supportsMasking = layer.mask !== void 0;
		}
		computeOutputShape(shapes) {
			const shape = layer.outputShape(this.#values(samples(shapes)), this.#options);
			if (isMisfit(shape)) throw new Error(shape.problem);
			return [eachOf(shapes)[0][0], ...shape];
		}
		build(shapes) {
			this.computeOutputShape(shapes);
			const add = ([name, shape]) => {
				const { initializer, regularizer, constraint } = this.#parts.weights?.[name] ?? { initializer: tf.initializers.zeros() };
				return [name, this.addWeight(name, [...shape], "float32", initializer, regularizer, true, constraint)];
			};
			this.#weights = Object.fromEntries(Object.entries(layer.weights?.(this.#values(samples(shapes)), this.#options) ?? {}).map(add));
			super.build(shapes);
		}
		call(inputs, kwargs) {
			const weights = Object.fromEntries(Object.entries(this.#weights).map(([name, weight]) => [name, weight.read()]));
			const random = kwargs["training"] === true && this.#parts.uniform !== void 0 ? { uniform: this.#parts.uniform } : {};
			const all = [inputs].flat();
			const values = this.#values(all);
			const masks = this.#masks === void 0 ? listed(kwargs["mask"]) : values.map((_, index) => all[values.length + index] ?? null);
			return tf.tidy(() => layer.compute({
				tf,
				inputs: values,
				weights,
				options: this.#options,
				masks,
				...random
			}));
		}
		computeMask(inputs, masks) {
			const [values, given] = [this.#values([inputs].flat()), this.#values(listed(masks))];
			return layer.mask?.({
				tf,
				inputs: values,
				masks: given,
				options: this.#options
			}) ?? null;
		}
		getConfig() {
			return {
				...super.getConfig(),
				options: this.#options,
				...this.#masks === void 0 ? {} : { masks: this.#masks }
			};
		}
		/** Of what comes in, that which is no mask. */
		#values(all) {
			return all.slice(0, all.length - (this.#masks ?? 0));
		}
	};
}
function eachOf(shapes) {
	return Array.isArray(shapes[0]) ? shapes : [shapes];
}
/** Shapes without the batch. */
function samples(shapes) {
	return eachOf(shapes).map((shape) => shape.slice(1));
}
/** Of a layer that leaves values as they are without training alone, or draws lines between neighbours. */
const disturbed = ([input]) => {
	const { whole: _, ...rest } = input;
	return rest;
};
const by = ({ by: name }) => name === void 0 ? {} : { by: name };
/** Sums, differences, products of whole numbers are some, and a choice among them. */
const wholeOf = (all) => all.every(({ whole }) => whole === true) ? { whole: true } : {};
function shared(all) {
	return all.every((one) => one.by === all[0].by) ? by(all[0]) : {};
}
const total = (values) => values.reduce((sum, value) => sum + value, 0);
/** Values added up. */
function added(all) {
	return {
		low: total(all.map(({ low }) => low)),
		high: total(all.map(({ high }) => high)),
		...wholeOf(all),
		...shared(all)
	};
}
/** The mean of values of one shape: a mean of distributions is one. */
function averaged(all, shapes = []) {
	const { low, high, ...rest } = disturbed([added(all)]);
	const still = all.every(({ distribution }) => distribution === true) && shapes.every((shape) => String(shape) === String(shapes[0]));
	return {
		low: low / all.length,
		high: high / all.length,
		...rest,
		...still ? { distribution: true } : {}
	};
}
/** Values multiplied with each other; one that comes twice is a square, which is never negative. */
function multiplied(all) {
	const { low, high } = [...new Set(all)].map((one) => powerOf(one, all.filter((other) => other === one).length)).reduce(product$1);
	return {
		low,
		high,
		...wholeOf(all),
		...shared(all)
	};
}
function product$1(a, b) {
	const corners = [a.low, a.high].flatMap((x) => [b.low, b.high].map((y) => times(x, y)));
	return {
		low: Math.min(...corners),
		high: Math.max(...corners)
	};
}
function powerOf(base, exponent) {
	const { low, high } = Array.from({ length: exponent }, () => base).reduce(product$1);
	return exponent % 2 === 0 ? {
		low: Math.max(0, low),
		high
	} : {
		low,
		high
	};
}
/** 0 times anything is 0, however large. */
const times = (x, y) => x === 0 || y === 0 ? 0 : x * y;
/** The largest of values, or the smallest. */
function extreme(of, all) {
	return {
		low: Math[of](...all.map(({ low }) => low)),
		high: Math[of](...all.map(({ high }) => high)),
		...wholeOf(all),
		...shared(all)
	};
}
// src/layers/window.ts
/** Inputs that windows move over, by the number of axes they move along. */
const inputForms = {
	1: "[steps, channels]",
	2: "[height, width, channels]",
	3: "[depth, height, width, channels]"
};
// src/layers/noise.ts
const rate = realNumber({
	description: "Share of the values that are dropped.",
	minimum: 0,
	exclusiveMaximum: 1
});
const noiseShape = Unsafe(Union([_Array_(Union([wholeNumber({ minimum: 1 }), Null()]), { minItems: 2 }), Null()], {
	description: "Shape of the mask, the batch first: 1 shares the mask along an axis, null takes the size of the input. null instead of a list masks each value by itself.",
	default: null
}));
/** A mask of 0 and 1, with the share `dropped` of zeros. @param shared one for all samples */
function keepMask({ tf, uniform }, shape, dropped, purpose, shared = false) {
	return tf.cast(tf.greaterEqual(uniform(shape, purpose, shared), dropped), "float32");
}
_Object_({
	rate,
	noiseShape
}), _Object_({ rate }), _Object_({ rate }), _Object_({ stddev: realNumber({
	description: "Standard deviation of the noise.",
	minimum: 0
}) }), _Object_({ rate: realNumber({
	description: "The noise is as strong as that of dropout with this rate.",
	minimum: 0,
	exclusiveMaximum: 1
}) }), _Object_({
	rate,
	noiseShape
});
// src/layers/attention.ts
const parts = [
	"query",
	"key",
	"value",
	"output"
];
/** Query, value and key: those that are left out are the one before. */
function roles([query, value = query, key = value]) {
	return {
		query,
		value,
		key
	};
}
/**
* Vaswani et al. 2017. TensorFlow.js has a class of this name in its source, but not in what it publishes for Node; it
* makes its weights at the first call, all with one seed, and takes values beside its input, which no saved model
* holds. Kernels are matrices with the heads side by side: [features, numHeads * keyDim].
*/
const multiHeadAttention = {
	className: "LayerlineMultiHeadAttention",
	outputShape: (inputs, { outputShape, causal }) => misfit(inputs, causal) ?? [inputs[0][0], outputShape ?? inputs[0][1]],
	weights: (inputs, { numHeads, keyDim, valueDim, outputShape, useBias }) => {
		const { query, value, key } = roles(inputs);
		const [keys, values, out] = [
			numHeads * keyDim,
			numHeads * (valueDim ?? keyDim),
			outputShape ?? query[1]
		];
		const kernels = {
			query: [query[1], keys],
			key: [key[1], keys],
			value: [value[1], values],
			output: [values, out]
		};
		return Object.fromEntries(parts.flatMap((part) => [[`${part}_kernel`, kernels[part]], ...useBias ? [[`${part}_bias`, [kernels[part][1]]]] : []]));
	},
	mask: ({ masks: [mask] }) => mask,
	compute: (given) => {
		const { tf, inputs, weights, options } = given;
		const project = (part, x) => {
			const [batch, steps, features] = x.shape;
			const kernel = weights[`${part}_kernel`];
			const flat = tf.matMul(tf.reshape(x, [batch * steps, features]), kernel);
			const bias = weights[`${part}_bias`];
			return tf.reshape(bias === void 0 ? flat : tf.add(flat, bias), [
				batch,
				steps,
				kernel.shape[1]
			]);
		};
		const heads = (x) => tf.transpose(tf.reshape(x, [
			x.shape[0],
			x.shape[1],
			options.numHeads,
			-1
		]), [
			0,
			2,
			1,
			3
		]);
		const { query, value, key } = roles(inputs);
		const scores = tf.matMul(heads(tf.mul(project("query", query), 1 / Math.sqrt(options.keyDim))), heads(project("key", key)), false, true);
		const mixed = tf.transpose(tf.matMul(dropShares(given, sharesOf$1(given, scores)), heads(project("value", value))), [
			0,
			2,
			1,
			3
		]);
		return project("output", tf.reshape(mixed, [
			mixed.shape[0],
			mixed.shape[1],
			-1
		]));
	}
};
/**
* How much each step takes of each other: nothing of one that is not there. One that sees none takes of all alike, or
* nothing where shares are dropped, as in Keras 3.
*/
function sharesOf$1({ tf, masks, options }, scores) {
	const [batch, , steps, others] = scores.shape;
	const causal = options.causal ? [earlier(tf, steps, others)] : [];
	const { query, value, key } = roles(masks);
	const absent = [...query === null ? [] : [tf.reshape(presence(tf, query, [batch, steps]), [
		batch,
		1,
		steps,
		1
	])], ...[value, key].flatMap((mask) => mask === null ? [] : [tf.reshape(presence(tf, mask, [batch, others]), [
		batch,
		1,
		1,
		others
	])])];
	if (causal.length + absent.length === 0) return tf.softmax(scores);
	const seen = [...causal, ...absent].reduce((all, one) => tf.mul(all, one));
	const shares = tf.softmax(tf.add(tf.mul(scores, seen), tf.mul(tf.sub(1, seen), -1e9)));
	return absent.length === 0 || options.dropout === 0 ? shares : tf.mul(shares, seen);
}
/** 1 where a step would look at itself or an earlier one, else 0. */
function earlier(tf, steps, others) {
	const values = Float32Array.from({ length: steps * others }, (_, index) => index % others > Math.floor(index / others) ? 0 : 1);
	return tf.tensor(values, [
		1,
		1,
		steps,
		others
	]);
}
function dropShares({ tf, options, uniform }, shares) {
	if (uniform === void 0 || options.dropout === 0) return shares;
	return tf.mul(shares, tf.div(keepMask({
		tf,
		uniform
	}, shares.shape, options.dropout, "mask"), 1 - options.dropout));
}
function misfit(inputs, causal) {
	if (inputs.length > 3) return {
		problem: `multiHeadAttention takes a query, a value and a key, but gets ${inputs.length} inputs`,
		hint: "Name them in this order: `from: [query, value, key]`."
	};
	const wrong = inputs.find((shape) => shape.length !== 2);
	if (wrong !== void 0) return wrongRank("multiHeadAttention", "[steps, features]", wrong);
	const { query, value, key } = roles(inputs);
	if (value[0] !== key[0]) return {
		problem: `multiHeadAttention needs a value and a key of as many steps, but gets ${formatShape(value)} and ${formatShape(key)}`,
		hint: "Take both from the same layer."
	};
	return causal && query[0] !== key[0] ? {
		problem: `multiHeadAttention cannot be causal between ${query[0]} and ${key[0]} steps`,
		hint: "Set `causal: false`."
	} : void 0;
}
_Object_({
	numHeads: wholeNumber({
		description: "In how many ways steps are compared.",
		minimum: 1
	}),
	keyDim: wholeNumber({
		description: "Features of query and key in each head.",
		minimum: 1
	}),
	valueDim: Union([wholeNumber({ minimum: 1 }), Null()], {
		description: "Features of the value in each head; null takes keyDim.",
		default: null
	}),
	outputShape: Union([wholeNumber({ minimum: 1 }), Null()], {
		description: "Features of the output; null takes those of the query.",
		default: null
	}),
	dropout: realNumber({
		description: "In training, share of the attention that is set to 0. Seeded.",
		default: 0,
		minimum: 0,
		exclusiveMaximum: 1
	}),
	causal: Boolean$1({
		description: "Whether a step looks at itself and earlier ones alone.",
		default: false
	}),
	useBias: useBiasOption,
	...weightOptions("kernel", "four kernels", "glorotUniform", 2),
	...weightOptions("bias", "four biases", "zeros", 1)
});
// src/layers/average-present.ts
/**
* The mean of the steps that are there; 0 where none is, of which Keras makes no number.
*
* @param input [batch, steps, channels] @param mask [batch, steps] @returns [batch, channels]
*/
function averagePresent(tf, input, mask) {
	const there = presenceIn(tf, mask, input);
	return tf.div(tf.sum(tf.mul(input, there), 1), tf.maximum(tf.sum(there, 1), 1));
}
/** What saved models hold of `globalAveragePooling1d` where there are masks: TensorFlow.js' own passes over them. */
const averageOfPresent = {
	className: "LayerlineAveragePresent",
	outputShape: ([steps]) => steps.slice(-1),
	compute: ({ tf, inputs: [input], masks: [mask] }) => mask == null ? tf.mean(input, 1) : averagePresent(tf, input, mask)
};
/** Learned positions, as in BERT (Devlin et al. 2019). TensorFlow.js has no such layer. */
const positionEmbedding = {
	className: "LayerlinePositionEmbedding",
	outputShape: ([input]) => input.length === 2 ? input : wrongRank("positionEmbedding", "[steps, features]", input),
	weights: ([input]) => ({ embeddings: input }),
	mask: ({ masks: [mask] }) => mask,
	compute: ({ tf, inputs, weights }) => tf.add(inputs[0], weights["embeddings"])
};
_Object_({
	inputDim: wholeNumber({
		description: "Rows of the table: the largest number of the input, plus 1.",
		minimum: 1
	}),
	outputDim: wholeNumber({
		description: "Length of a row.",
		minimum: 1
	}),
	...weightOptions("embeddings", "table [inputDim, outputDim]", "randomUniform", 2),
	maskZero: Boolean$1({
		description: "Whether 0 stands for a step that is not there: layers below that know masks leave it out, and so do loss and metrics of an output that the mask reaches, as in Keras 3.",
		default: false
	})
}), _Object_(weightOptions("embeddings", "table [steps, features]", "randomUniform", 2));
// src/layers/mask-layers.ts
/** The mask of its input as numbers, 1 where something is there; it has none itself. Saved models hold it. */
const maskOfInput = {
	className: "LayerlineMask",
	outputShape: ([input]) => input.slice(0, -1),
	compute: ({ tf, inputs: [input], masks: [mask], options: { isThere } }) => {
		const sizes = input.shape.slice(0, -1);
		return isThere && mask != null ? presence(tf, mask, sizes) : tf.ones(sizes);
	}
};
/** Its input, with a mask by which all steps are there. */
const allPresent = {
	className: "LayerlineAllPresent",
	outputShape: ([input]) => input,
	mask: ({ tf, inputs: [input] }) => tf.ones(input.shape.slice(0, 2), "bool"),
	compute: ({ inputs: [input] }) => input
};
/**
* Its first input, 0 where its second, a mask as numbers, is; with that mask. What ran backwards has its steps the
* other way round, and Keras' mask of it has not.
*/
const zeroAbsent = {
	className: "LayerlineZeroAbsent",
	outputShape: ([input]) => input,
	mask: ({ tf, inputs: [, there] }) => tf.greater(there, 0),
	compute: ({ tf, inputs: [input, there], options: { isBackwards } }) => tf.mul(input, tf.expandDims(isBackwards ? tf.reverse(there, 1) : there, -1))
};
/** A layer that cannot be written such that TensorFlow.js computes the same: it is loaded by none. */
const onlyHere = {
	className: "LayerlineOnlyHere",
	outputShape: (_, { config: { name }, reason }) => ({ problem: `it cannot compute the layer ${String(name)}: ${reason}` }),
	compute: ({ options: { reason } }) => {
		throw new Error(reason);
	}
};
// src/layers/masked-merge.ts
/**
* What inputs give when each is laid over the others, as Merge of TensorFlow.js and of Keras have it: last axes
* together, and a size of 1 as often as the others need it.
*/
function broadcast(name, inputs) {
	const rank = Math.max(...inputs.map((shape) => shape.length));
	const sizes = Array.from({ length: rank }, (_, axis) => new Set(inputs.map((shape) => shape.at(axis - rank) ?? 1).filter((size) => size !== 1)));
	if (sizes.every(({ size }) => size <= 1)) return sizes.map(([size = 1]) => size);
	return {
		problem: `${name} needs inputs of one shape, but gets ${inputs.map(formatShape).join(" and ")}`,
		hint: "A 1x1 convolution or a dense layer brings a branch to the shape of the other; an axis of 1 fits every size."
	};
}
/** The inputs with as many axes, each of the size that comes out, where they are not so already. */
function stretch(tf, inputs) {
	const shape = [inputs[0].shape[0], ...broadcast("this layer", inputs.map((input) => input.shape.slice(1)))];
	return inputs.map((input) => {
		if (String(input.shape) === String(shape)) return input;
		const axes = Array.from({ length: shape.length - input.rank }, () => 1);
		return tf.add(tf.reshape(input, input.shape.toSpliced(1, 0, ...axes)), tf.zeros(shape));
	});
}
/** Masked, as Keras 3 has it: a value that is not there leaves the others as they are; 0 where none is. */
function product(tf, inputs, masks) {
	const there = inputs.map((input, index) => masks[index] && presenceIn(tf, masks[index], input));
	const result = inputs.map((input, index) => there[index] ? tf.add(tf.mul(input, there[index]), tf.sub(1, there[index])) : input).reduce((all, factor) => tf.mul(all, factor));
	return there.every((one) => one != null) ? tf.mul(result, there.reduce((all, one) => tf.maximum(all, one))) : result;
}
/** Masked, as Keras 3 has it: a value that is not there is not the largest, or smallest. */
function extremeOf(tf, choose, inputs, masks) {
	const either = (first, second, there) => tf.add(tf.mul(first, there), tf.mul(second, tf.sub(1, there)));
	let output = inputs[0];
	let known = masks[0] && presenceIn(tf, masks[0], output);
	for (const [index, input] of inputs.entries()) {
		if (index === 0) continue;
		const mask = masks[index] && presenceIn(tf, masks[index], input);
		const given = mask ? either(input, output, mask) : input;
		const before = known ? either(output, given, known) : output;
		known = known && mask ? tf.maximum(known, mask) : null;
		output = choose(before, given);
	}
	return output;
}
/**
* What saved models hold of layers that merge where one of the inputs has a mask: those of TensorFlow.js compute
* without masks, and give some that do not fit.
*/
const maskedMerge = {
	className: "LayerlineMaskedMerge",
	outputShape: (inputs, { merge, axis }) => merge === "concatenate" ? inputs[0].with(axis - 1, inputs.reduce((sum, shape) => sum + shape[axis - 1], 0)) : broadcast(merge, inputs),
	mask: ({ tf, inputs, masks, options: { merge, axis } }) => merge === "concatenate" ? joinedMask(tf, inputs, masks, axis) : eitherMask(tf, inputs, masks),
	compute: ({ tf, inputs, masks, options: { merge, axis } }) => {
		if (merge === "concatenate") return tf.concat([...inputs], axis);
		const whole = stretch(tf, inputs);
		if (merge === "multiply") return product(tf, whole, masks);
		if (merge === "maximum" || merge === "minimum") return extremeOf(tf, tf[merge], whole, masks);
		const sum = whole.reduce((all, one) => tf.add(all, one));
		return merge === "add" ? sum : tf.div(sum, whole.length);
	}
};
// src/layers/onnx/onnx-merge.ts
/** The inputs with as many axes: those that lack some get axes of 1 below the batch. */
function level(layer) {
	const rank = layer.output.length;
	return layer.inputs.map((input) => {
		if (input.shape.length === rank) return input;
		const shape = [...Array.from({ length: rank - input.shape.length }, () => 1), ...input.shape];
		return layer.gives(layer.reshaped(layer.last(input), shape), shape);
	});
}
/** One value of several, place by place, where smaller inputs are laid over larger ones. */
const elementwise = (op) => (_, layer) => layer.each(level(layer), ([first, ...others]) => op === "Mul" || op === "Sub" ? others.reduce((all, other) => layer.node(op, [all, other]), first) : layer.node(op, [first, ...others]));
// src/layers/merge.ts
function exactlyTwo(name, inputs) {
	return inputs.length === 2 ? void 0 : {
		problem: `${name} takes two inputs, but gets ${inputs.length}`,
		hint: "Merge two at a time."
	};
}
const laidOver = "Smaller inputs are laid over larger ones from the last axis on: an axis of 1, or none, fits every size.";
/** The gradients of these two forget that a smaller input is there several times. */
const stretches = (name) => name === "maximum" || name === "minimum";
/** Where all inputs have a mask, so has what is made of their values. */
const masksAll = (_, given) => given.every(Boolean);
/**
* Sums need none of their terms on the way back; else what the first inputs come to is kept before the next is taken,
* and where an input is stretched, that.
*/
function elementwiseValues(name, output, inputs) {
	if (name === "add" || name === "average") return sizeOf(output);
	if (stretches(name)) return sizeOf(output) * (inputs.length - 1 + inputs.filter((shape) => String(shape) !== String(output)).length);
	return inputs.slice(1).reduce((sum, _, index) => sum + sizeOf(broadcast(name, inputs.slice(0, index + 2))), 0);
}
const merged = {
	add: added,
	average: averaged,
	multiply: multiplied,
	maximum: (inputs) => extreme("max", inputs),
	minimum: (inputs) => extreme("min", inputs)
};
const onnxOps = {
	add: "Sum",
	average: "Mean",
	multiply: "Mul",
	maximum: "Max",
	minimum: "Min"
};
function defineElementwise(name, doc) {
	return defineLayer({
		doc: `${doc} ${laidOver}`,
		example: `{ ${name}: {}, from: [a, b] }`,
		options: _Object_({}),
		merges: true,
		outputShape: (_, __, inputs) => broadcast(name, inputs),
		flops: (_, output) => sizeOf(output),
		activations: (_, output, __, inputs) => elementwiseValues(name, output, inputs),
		mask: masksAll,
		values: (inputs, _, { inputs: shapes }) => merged[name](inputs, shapes),
		onnx: elementwise(onnxOps[name]),
		build: (_, { tf, name: layerName }) => {
			const layer = tf.layers[name]({ name: layerName });
			layer.computeMask = (inputs, masks) => eitherMask(tf, inputs, listed(masks));
			if (name === "add" || name === "average") return layer;
			const call = layer.call.bind(layer);
			layer.call = (inputs, { mask }) => tf.tidy(() => {
				if (mask == null) return call(stretches(name) ? stretch(tf, inputs) : inputs, {});
				const whole = stretch(tf, inputs);
				return name === "multiply" ? product(tf, whole, listed(mask)) : extremeOf(tf, tf[name], whole, listed(mask));
			});
			return layer;
		}
	});
}
/** TensorFlow.js has no such layer. */
const subtraction = {
	className: "LayerlineSubtract",
	outputShape: (inputs) => exactlyTwo("subtract", inputs) ?? broadcast("subtract", inputs),
	mask: ({ tf, inputs, masks }) => eitherMask(tf, inputs, masks),
	compute: ({ tf, inputs }) => {
		const [first, second] = stretch(tf, inputs);
		return tf.sub(first, second);
	}
};
/**
* Which axis of a sample a number means: axes count from 1, or from the last one as -1. Undefined where there is none.
*/
function sampleAxis(axis, input) {
	const index = axis < 0 ? input.length + axis : axis - 1;
	return index >= 0 && index < input.length ? index : void 0;
}
/** The misfit of an axis that a sample does not have. */
function noAxis(layer, axis, input) {
	return {
		problem: `${layer} works along axis ${axis}, which an input of ${formatShape(input)} does not have`,
		hint: input.length === 1 ? "Its only axis is 1, or -1." : `Axes count from 1 to ${input.length}, or from the last one as -1 to -${input.length}.`
	};
}
const axisForms = "Axes count from 1, the batch not among them, or from the last one as -1.";
function dotAxes(axes, inputs) {
	const named = typeof axes === "number" ? [axes, axes] : axes;
	const places = [];
	for (const [index, input] of inputs.entries()) {
		if (input.length > 2) return {
			problem: `dot takes inputs of [features] or [steps, features], but gets ${formatShape(input)}`,
			hint: "Put a `reshape` or `flatten` above it."
		};
		const place = sampleAxis(named[index], input);
		if (place === void 0) return noAxis("dot", named[index], input);
		places.push(place);
	}
	const [a, b] = inputs.map((input, index) => input[places[index]]);
	return a === b ? places : {
		problem: `dot needs axes of one size, but gets ${a} of ${formatShape(inputs[0])} and ${b} of ${formatShape(inputs[1])}`,
		hint: "Choose other `axes`."
	};
}
/**
* The product along one axis of each of two inputs, for each sample. TensorFlow.js' own layer gives other sizes than it
* says for some axes.
*/
const dotProduct = {
	className: "LayerlineDot",
	outputShape: (inputs, { axes }) => {
		const misfit = exactlyTwo("dot", inputs);
		if (misfit !== void 0) return misfit;
		const places = dotAxes(axes, inputs);
		if (isMisfit(places)) return places;
		const left = inputs.flatMap((input, index) => input.filter((_, axis) => axis !== places[index]));
		return left.length === 0 ? [1] : left;
	},
	mask: () => null,
	compute: ({ tf, inputs, options }) => {
		const shapes = inputs.map(({ shape }) => shape.slice(1));
		const places = dotAxes(options.axes, shapes);
		const [a, b] = inputs.map((input, index) => {
			const axis = places[index] + 1;
			const scaled = options.normalize ? tf.div(input, tf.sqrt(tf.maximum(tf.sum(tf.square(input), axis, true), 1e-12))) : input;
			let matrix = scaled;
			if (scaled.rank === 2) matrix = tf.expandDims(scaled, 1);
			else if (axis === 1) matrix = tf.transpose(scaled, [
				0,
				2,
				1
			]);
			return matrix;
		});
		return tf.reshape(tf.matMul(a, b, false, true), [inputs[0].shape[0], ...dotProduct.outputShape(shapes, options)]);
	}
};
defineElementwise("add", "The sum of its inputs."), _Object_({}), defineElementwise("multiply", "The product of its inputs."), defineElementwise("average", "The mean of its inputs."), defineElementwise("maximum", "The largest of its inputs, value by value."), defineElementwise("minimum", "The smallest of its inputs, value by value."), _Object_({ axis: wholeNumber({
	description: `The axis. ${axisForms}`,
	default: -1,
	not: { const: 0 }
}) }), _Object_({
	axes: Union([wholeNumber(), _Array_(wholeNumber(), {
		minItems: 2,
		maxItems: 2
	})], { description: `One axis for both, or one of each. ${axisForms}` }),
	normalize: Boolean$1({
		description: "Whether inputs are scaled to norm 1 along the axis first, which makes the result the cosine of their angle.",
		default: false
	})
});
// src/layers/normalization.ts
const epsilon$1 = realNumber({
	description: "Added to the variance against division by zero.",
	default: .001,
	exclusiveMinimum: 0
});
const scaling = (rank) => ({
	epsilon: epsilon$1,
	center: Boolean$1({
		description: "Whether beta is added.",
		default: true
	}),
	scale: Boolean$1({
		description: "Whether the result is multiplied by gamma.",
		default: true
	}),
	...weightOptions("beta", "beta", "zeros", rank),
	...weightOptions("gamma", "gamma", "ones", rank)
});
/**
* Wu and He 2018: each group of channels of each sample is brought to mean 0 and variance 1. TensorFlow.js has no such
* layer.
*/
const groupNormalization = {
	className: "LayerlineGroupNormalization",
	outputShape: ([input], { groups }) => input.at(-1) % groups === 0 ? input : {
		problem: `groupNormalization cannot divide the ${input.at(-1)} channels of ${formatShape(input)} into ${groups} groups`,
		hint: "Use a number of groups that divides the channels."
	},
	weights: ([input], { center, scale }) => ({
		...scale ? { gamma: [input.at(-1)] } : {},
		...center ? { beta: [input.at(-1)] } : {}
	}),
	mask: ({ masks: [mask] }) => mask,
	compute: ({ tf, inputs, weights, options }) => {
		const input = inputs[0];
		const channels = input.shape.at(-1);
		const grouped = tf.reshape(input, [
			input.shape[0],
			-1,
			options.groups,
			channels / options.groups
		]);
		const { mean, variance } = tf.moments(grouped, [1, 3], true);
		const normalized = tf.reshape(tf.mul(tf.sub(grouped, mean), tf.rsqrt(tf.add(variance, options.epsilon))), input.shape);
		const scaled = weights["gamma"] === void 0 ? normalized : tf.mul(normalized, weights["gamma"]);
		return weights["beta"] === void 0 ? scaled : tf.add(scaled, weights["beta"]);
	}
};
_Object_({
	axis: wholeNumber({
		description: "The axis of the channels. Axes count from 1, the batch not among them, or from the last one as -1.",
		default: -1,
		not: { const: 0 }
	}),
	momentum: realNumber({
		description: "Weight of the past in the moving averages.",
		default: .99,
		minimum: 0,
		maximum: 1
	}),
	...scaling(1),
	movingMeanInitializer: weightOptions("movingMean", "moving mean", "zeros").movingMeanInitializer,
	movingVarianceInitializer: weightOptions("movingVariance", "moving variance", "ones").movingVarianceInitializer
}), _Object_({
	axis: Union([wholeNumber({ not: { const: 0 } }), _Array_(wholeNumber({ not: { const: 0 } }), { minItems: 1 })], {
		description: "The axis, or several. Axes count from 1, the batch not among them, or from the last one as -1.",
		default: -1
	}),
	...scaling()
}), _Object_({
	groups: wholeNumber({
		description: "Number of groups; it divides the channels.",
		default: 32,
		minimum: 1
	}),
	...scaling(1)
});
// src/layers/preprocessing.ts
const height = wholeNumber({
	description: "Height of the output.",
	minimum: 1
});
const width = wholeNumber({
	description: "Width of the output.",
	minimum: 1
});
/** TensorFlow.js' own layer says a shape without batch, and aligns corners. */
const resizing = {
	className: "LayerlineResizing",
	outputShape: ([input], options) => input.length === 3 ? [
		options.height,
		options.width,
		input[2]
	] : wrongRank("resizing", inputForms[2], input),
	compute: ({ tf, inputs, options }) => {
		return (options.interpolation === "bilinear" ? tf.image.resizeBilinear : tf.image.resizeNearestNeighbor)(inputs[0], [options.height, options.width]);
	}
};
/** TensorFlow.js' own layer changes the shape of the layer above, and reads its values in JavaScript. */
const categoryEncoding = {
	className: "LayerlineCategoryEncoding",
	outputShape: ([input], { numTokens, outputMode }) => {
		if (input.length !== 1) return wrongRank("categoryEncoding", "[numbers]", input);
		if (outputMode !== "oneHot" || input[0] === 1) return [numTokens];
		return {
			problem: `categoryEncoding with oneHot takes one number per sample, but gets ${input[0]}`,
			hint: "Use multiHot or count."
		};
	},
	compute: ({ tf, inputs, options }) => {
		const marks = tf.oneHot(tf.cast(inputs[0], "int32"), options.numTokens, 1, 0, "float32");
		return options.outputMode === "count" ? tf.sum(marks, 1) : tf.max(marks, 1);
	}
};
_Object_({
	scale: realNumber({ description: "What values are multiplied with." }),
	offset: realNumber({
		description: "What is added to them then.",
		default: 0
	})
}), _Object_({
	height,
	width,
	interpolation: Enum(["bilinear", "nearest"], {
		description: "`nearest` takes a neighbour, `bilinear` draws lines between neighbours.",
		default: "bilinear"
	})
}), _Object_({
	height,
	width
}), _Object_({
	numTokens: wholeNumber({
		description: "How many numbers there are: the largest, plus 1.",
		minimum: 2
	}),
	outputMode: Enum([
		"multiHot",
		"oneHot",
		"count"
	], {
		description: "`multiHot` marks each number that occurs with 1, `oneHot` the only one, `count` says how often each occurs.",
		default: "multiHot"
	})
});
// src/layers/custom-layers.ts
const registering = (layer) => (tf) => registerOwnLayer(layer, tf);
/** Registers every layer that saved models may hold and plain TensorFlow.js does not have. */
const registrations = [
	registering(averageOfPresent),
	registering(maskOfInput),
	registering(allPresent),
	registering(zeroAbsent),
	registering(onlyHere),
	registering(maskedMerge),
	registering(subtraction),
	registering(dotProduct),
	registering(groupNormalization),
	registering(multiHeadAttention),
	registering(positionEmbedding),
	registering(resizing),
	registering(categoryEncoding)
];
/**
* Makes TensorFlow.js know Layerline's own layers, and its own `gelu_new` by the name that it reads, so that
* `loadLayersModel` loads models that hold them: in Node and, as `layerline/layers`, which needs nothing of Node, in
* browsers.
*
* @param tf `@tensorflow/tfjs`, or `@tensorflow/tfjs-node`
*/
function registerLayers(tf) {
	for (const register of registrations) register(tf);
	const { classNameMap } = tf.serialization.SerializationMap.getMap();
	classNameMap["geluNew"] ??= classNameMap["gelu_new"];
}
// src/training/class-rule.ts
/** Keras' epsilon: what probabilities are clipped to before a logarithm. */
const epsilon = 1e-7;
/** Outputs as shares that add up to 1: negative ones count as 0, and all alike where none is positive. */
function sharesOf(tf, output) {
	if (output.shape[1] === 1) return tf.clipByValue(output, 0, 1);
	const positive = tf.add(tf.relu(output), epsilon);
	return tf.div(positive, tf.sum(positive, -1, true));
}
/** Class probabilities from the model's output, [batch, units]; of the second class where there is one unit. */
const probabilitiesBy = {
	softmax: (tf, output) => tf.softmax(output),
	output: (_, output) => output,
	sigmoid: (tf, output) => sharesOf(tf, tf.sigmoid(output)),
	shares: sharesOf,
	/** Scores are no probabilities; their softmax orders the classes the same, a single one against its negative. */
	scores: (tf, output) => output.shape[1] === 1 ? tf.sigmoid(tf.mul(output, 2)) : tf.softmax(output)
};
/** The class that the output stands for, int32 [batch]; of classes in order the number of units above the threshold. */
function predictedClasses(tf, { threshold, ordinal }, output) {
	if (ordinal === true) return tf.sum(tf.cast(tf.greater(output, threshold), "int32"), -1);
	return output.shape[1] === 1 && threshold !== void 0 ? tf.cast(tf.greater(tf.squeeze(output, [1]), threshold), "int32") : tf.argMax(output, -1);
}
/**
* Probabilities of all classes, [batch, classes], also where one unit stands for two. Of classes in order they are the
* differences of those of being beyond each, from the surest on, as nothing keeps a unit from being above the one
* before it: so the class that is predicted is the median of what they say.
*/
function classProbabilities(tf, rule, output) {
	const { probabilities: by, threshold, ordinal } = rule;
	if (ordinal === true) {
		const [batch, units] = output.shape;
		const single = probabilitiesBy[by](tf, tf.reshape(output, [batch * units, 1]));
		const beyond = tf.topk(tf.reshape(single, [batch, units]), units).values;
		const reached = tf.concat([tf.ones([batch, 1]), beyond], 1);
		return tf.sub(reached, tf.concat([beyond, tf.zeros([batch, 1])], 1));
	}
	const probabilities = probabilitiesBy[by](tf, output);
	return output.shape[1] === 1 && threshold !== void 0 ? tf.concat([tf.sub(1, probabilities), probabilities], 1) : probabilities;
}
/**
* The probability of the class that is predicted, [batch].
*
* @param said what predictedClasses and classProbabilities gave
*/
function confidenceOf(tf, { ordinal }, { predicted, probabilities }) {
	return ordinal === true ? tf.sum(tf.mul(probabilities, tf.oneHot(predicted, probabilities.shape[1], 1, 0, "float32")), -1) : tf.max(probabilities, -1);
}
// src/datasets/input-ways.ts
/** Undoes encodeMatrix. It needs nothing of Node. */
function decodeMatrix(text) {
	const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
	const view = new DataView(bytes.buffer);
	return Float32Array.from({ length: Math.floor(bytes.length / 4) }, (_, i) => view.getFloat32(4 * i, true));
}
// src/datasets/as-taken.ts
/** Raw values as they are scaled on the way into a model, in float32, as TensorFlow does. It needs nothing of Node. */
function asScaled(values, scale) {
	const factor = Math.fround(scale);
	return Float32Array.from(values, (value) => value * factor);
}
/**
* What scale and standardization come to: the factor of each channel, and what is added then, in float32. Undefined
* where nothing is standardized.
*/
function channelWays({ scale, standardized }) {
	return standardized && {
		factors: Float32Array.from(standardized, ({ deviation }) => scale / deviation),
		offsets: Float32Array.from(standardized, ({ mean, deviation }) => -mean / deviation)
	};
}
// src/training/taken-input.ts
/** Raw values [batch, ...shape] of an input as the model takes them, as asTaken has it. It needs nothing of Node. */
function takenInput(tf, input, raw) {
	const taken = standardized(tf, input, raw);
	if (input.whitened === void 0) return taken;
	const { mean, matrix } = input.whitened;
	const n = mean.length;
	const apart = tf.sub(tf.reshape(taken, [-1, n]), tf.tensor1d([...mean]));
	return tf.reshape(tf.matMul(apart, tf.tensor2d(decodeMatrix(matrix), [n, n])), raw.shape);
}
function standardized(tf, input, raw) {
	const ways = channelWays(input);
	if (ways === void 0) return input.scale === 1 ? raw : tf.mul(raw, input.scale);
	return tf.add(tf.mul(raw, tf.tensor1d(ways.factors)), tf.tensor1d(ways.offsets));
}
// src/base/json-limits.ts
/**
* Whether a JSON text from elsewhere is safe to be parsed: its length says little of the memory and the time that it
* takes. Of one that is none nothing is said.
*/
function isWithin(json, limits) {
	let [depth, holders, values] = [
		0,
		0,
		1
	];
	for (let at = 0; at < json.length; at++) {
		const code = json.charCodeAt(at);
		if (code === quote) at = endOfText(json, at);
		else if (code === comma) values++;
		else if (code === openList || code === openObject) {
			[depth, holders, values] = [
				depth + 1,
				holders + 1,
				values + 1
			];
			if (depth > limits.depth) return false;
		} else if (code === closeList || code === closeObject) depth--;
		if (holders > limits.holders || values > limits.values) return false;
	}
	return true;
}
const [quote, comma, openList, closeList, openObject, closeObject, backslash] = [
	34,
	44,
	91,
	93,
	123,
	125,
	92
];
/** Where the quote is that ends a text. */
function endOfText(json, start) {
	for (let end = json.indexOf("\"", start + 1); end !== -1; end = json.indexOf("\"", end + 1)) {
		let escapes = 0;
		while (json.charCodeAt(end - 1 - escapes) === backslash) escapes++;
		if (escapes % 2 === 0) return end;
	}
	return json.length;
}
// src/models/formats/tensor.ts
/** Numbers from bytes of their own. */
function valuesOf({ buffer, byteOffset, byteLength }, dtype) {
	if (dtype === "bool") return new Uint8Array(buffer, byteOffset, byteLength);
	return new (dtype === "int32" ? Int32Array : Float32Array)(buffer, byteOffset, byteLength / 4);
}
// src/models/formats/safetensors.ts
const size = such(whole, (value) => value >= 0);
const headerForm = record(object({
	dtype: oneOf("F32", "I32", "BOOL"),
	shape: list(size),
	data_offsets: such(list(size), (at) => at.length === 2)
}));
/** The tensors of a file, which may come from elsewhere; undefined: it is not what `writeSafetensors` gives. */
function readSafetensors(file) {
	const { buffer, byteOffset, length } = file;
	if (length < 8) return void 0;
	const start = 8 + Number(new DataView(buffer, byteOffset).getBigUint64(0, true));
	if (start > length) return void 0;
	const header = parse(file.subarray(8, start));
	if (!hasForm(headerForm, header)) return void 0;
	let end = 0;
	const tensors = [];
	for (const [name, { dtype, shape, data_offsets: at }] of Object.entries(header)) {
		const bytes = sizeOf(shape) * (dtype === "BOOL" ? 1 : 4);
		if (at[0] !== end || at[1] !== end + bytes || start + at[1] > length) return void 0;
		end += bytes;
		const type = {
			F32: "float32",
			I32: "int32",
			BOOL: "bool"
		}[dtype];
		tensors.push({
			name,
			shape,
			dtype: type,
			values: valuesOf(file.slice(start + at[0], start + at[1]), type)
		});
	}
	return start + end === length ? tensors : void 0;
}
function parse(bytes) {
	const json = new TextDecoder().decode(bytes);
	try {
		return isWithin(json, {
			depth: 8,
			holders: 1e6,
			values: 1e7
		}) ? JSON.parse(json) : void 0;
	} catch {
		return;
	}
}
// src/models/golden-distance.ts
/**
* How far another program may be from an output: by rounding, which grows with the numbers that are added. Of the worst
* seen in other runtimes (wasm, 2.1e-6 of the largest number) five times.
*/
const tolerance = {
	rtol: 1e-5,
	atol: 1e-6
};
/** The largest number of an output that is one. */
function scaleOf(values) {
	let largest = 0;
	for (let i = 0; i < values.length; i++) if (Number.isFinite(values[i])) largest = Math.max(largest, Math.abs(values[i]));
	return largest;
}
/** Compares what another program made of golden rows, in the order of the model's outputs. */
function distanceOf(expected, found) {
	return expected.map(({ values }, k) => {
		const allowed = tolerance.rtol * scaleOf(values) + tolerance.atol;
		const worst = differenceOf(values, found[k] ?? []);
		return {
			worst,
			tolerance: allowed,
			isWithin: worst <= allowed
		};
	}).toSorted((a, b) => b.worst / b.tolerance - a.worst / a.tolerance)[0];
}
function differenceOf(expected, found) {
	if (expected.length !== found.length) return Number.POSITIVE_INFINITY;
	let worst = 0;
	for (let i = 0; i < expected.length; i++) {
		const [one, other] = [expected[i], found[i]];
		if (Object.is(one, other)) continue;
		const difference = Math.abs(one - other);
		worst = Math.max(worst, Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference);
	}
	return worst;
}
// src/models/prediction.ts
/**
* What the outputs of a model say of one row of a batch: in words, and as numbers. It needs nothing of Node.
*
* @param outputs in the order of the targets; of classes with their confidence and probabilities
* @param at the place of the row, and the rows of the batch
*/
function predictionOf(targets, outputs, at) {
	const said = targets.map((target, k) => ({
		target,
		...saidOf(target, outputs[k], at)
	}));
	const of = (value) => Object.fromEntries(said.flatMap((one) => {
		const found = value(one);
		return found === void 0 ? [] : [[one.target.name, found]];
	}));
	return {
		prediction: {
			predicted: of(({ predicted }) => predicted),
			confidence: of(({ confidence }) => confidence),
			probabilities: of(({ probabilities }) => probabilities)
		},
		values: said.map(({ values }) => values)
	};
}
/** What one output says of one row of a batch. */
function saidOf(target, output, { row, count }) {
	const part = (values) => {
		const each = values.length / count;
		return values.slice(row * each, (row + 1) * each);
	};
	const there = output.there && part(output.there);
	const predicted = part(output.predicted);
	const values = {
		predicted,
		...there && { there }
	};
	const whereThere = (said) => (at) => there === void 0 || there[Math.floor(at * there.length / predicted.length)] !== 0 ? said(at) : null;
	const { shape } = target;
	if (target.kind === "number") {
		const at = whereThere((place) => predicted[place]);
		return {
			values,
			predicted: sizeOf(shape) === 1 ? at(0) : nested(shape, at)
		};
	}
	const { classes, several } = target;
	if (several !== void 0) {
		if (there?.[0] === 0) return {
			values,
			predicted: null
		};
		const sure = part(output.probabilities);
		return {
			values,
			predicted: several.labels.filter((_, k) => predicted[k] === 1),
			probabilities: Object.fromEntries(several.labels.map((name, k) => [name, sure[2 * k + 1]]))
		};
	}
	const confidence = part(output.confidence);
	if (isWholeText(target)) {
		const counted = Math.min(tokensIn(predicted, there) + 1, predicted.length);
		const sure = confidence.subarray(0, counted).reduce((all, one, k) => all * (there?.[k] === 0 ? 1 : one), 1);
		return {
			values,
			predicted: textOf(target, predicted, there),
			confidence: sure
		};
	}
	const said = {
		values,
		predicted: nested(shape, whereThere((place) => classes[predicted[place]])),
		confidence: nested(shape, whereThere((place) => confidence[place]))
	};
	if (shape.length > 0) return said;
	const probabilities = part(output.probabilities);
	return {
		...said,
		probabilities: Object.fromEntries(classes.map((name, k) => [name, probabilities[k]]))
	};
}
/** Lists within lists of a shape; what stands in them by its place, the last dimension fastest. */
function nested(shape, at, first = 0) {
	const [length, ...rest] = shape;
	if (length === void 0) return at(first);
	const each = sizeOf(rest);
	return Array.from({ length }, (_, k) => nested(rest, at, first + k * each));
}
/**
* What is said of a row, with how far it is from its input where that is to be learnt. It needs nothing of Node.
*
* @param x its first input
*/
function withErrors({ inputs, targets }, x, said) {
	const k = targets.findIndex((target) => target.kind === "number" && target.reconstructs !== void 0);
	if (k < 0) return said;
	const actual = asScaled(x, inputs[0].scale);
	const { predicted, there } = said.values[k];
	const isThere = (i) => there?.[Math.floor(i * there.length / actual.length)] !== 0;
	const counted = Array.from(actual.keys()).filter(isThere);
	const error = counted.reduce((sum, i) => sum + (predicted[i] - actual[i]) ** 2, 0) / counted.length;
	return {
		...said,
		prediction: {
			...said.prediction,
			error: { [targets[k].name]: error }
		}
	};
}
// src/models/package/packaged-model.ts
/** Rows that are computed at a time. */
const batchSize = 64;
/**
* The model of a package, which is loaded when it is first asked. This file is bundled, and lies in every package: it
* needs nothing of Node.
*
* @param tf computes on the backend that its user has chosen
* @param weights gives the content of `weights.bin`, base64
*/
function packagedModel(tf, facts, weights) {
	const { inputs, targets, rules } = facts;
	const encode = encoderOf(facts);
	let loading;
	const loaded = async () => {
		loading ??= load(tf, facts, weights);
		try {
			return await loading;
		} catch (error) {
			loading = void 0;
			throw error;
		}
	};
	const tellBatch = async (rows) => {
		const model = await loaded();
		const count = rows.length;
		const tensors = tf.tidy(() => {
			const x = inputs.map((input, k) => {
				const { shape } = input;
				const size = sizeOf(shape);
				const all = new Float32Array(count * size);
				rows.forEach((values, row) => all.set(values[k], row * size));
				return takenInput(tf, input, tf.tensor(all, [count, ...shape]));
			});
			return [model.predict(x)].flat().map((output, k) => partsOf(tf, output, targets[k], rules[k] ?? null));
		});
		const outputs = await Promise.all(tensors.map(read));
		return rows.map((_, row) => {
			const { predicted, confidence, probabilities, error } = withErrors(facts, rows[row][0], predictionOf(targets, outputs, {
				row,
				count
			})).prediction;
			const sure = Object.entries(confidence).filter(([name]) => !Object.hasOwn(probabilities, name));
			return {
				...predicted,
				...sure.length > 0 && { confidence: Object.fromEntries(sure) },
				...Object.keys(probabilities).length > 0 && { probabilities },
				...error && { error }
			};
		});
	};
	const predictRows = async (rows, nameOf) => {
		const encoded = rows.map((row, k) => encode(row, nameOf(k)));
		const told = [];
		for (let from = 0; from < rows.length; from += batchSize) told.push(...await tellBatch(encoded.slice(from, from + batchSize)));
		return told;
	};
	return {
		predict: async (row) => (await predictRows([row], () => "the input"))[0],
		predictAll: (rows) => predictRows(rows, (k) => `inputs[${k}]`),
		replay: async (files) => {
			const model = await loaded();
			const [given, expected] = [readSafetensors(files.inputs), readSafetensors(files.outputs)];
			if (given === void 0 || expected === void 0) throw new Error("the golden rows are damaged");
			const found = tf.tidy(() => [model.predict(given.map(({ values, shape }) => tf.tensor(values, [...shape], "float32")))].flat());
			const outputs = await Promise.all(found.map((tensor) => tensor.data()));
			for (const tensor of found) tensor.dispose();
			return distanceOf(expected, outputs);
		}
	};
}
/** What makes inputs of rows. It throws a TypeError where a row cannot be used. */
function encoderOf({ kind, ...trained }) {
	const encode = encoders[kind](trained);
	return (row, where) => {
		try {
			return encode(row, where).x;
		} catch (error) {
			if (!(error instanceof UserError)) throw error;
			const { message, hint } = error.diagnostics[0];
			throw new TypeError(hint === void 0 ? message : `${message}. ${hint}`, { cause: error });
		}
	};
}
const encoders = {
	table: (trained) => tableEncoder(trained).encode,
	series: (trained) => seriesEncoder(trained).encode,
	text: (trained) => textEncoder(trained).encode,
	arrays: (trained) => (row, where) => pictureEncoder(trained)(row, where),
	pictures: (trained) => {
		const encode = pictureEncoder(trained);
		const fs = globalThis.process?.getBuiltinModule?.("node:fs");
		return (row, where) => encode(row, where, fs && ((path) => fs.readFileSync(path)));
	}
};
async function load(tf, { topology, weightSpecs }, weights) {
	await tf.ready();
	registerLayers(tf);
	const bytes = Uint8Array.from(atob(await weights()), (character) => character.charCodeAt(0));
	return tf.loadLayersModel(tf.io.fromMemory({
		modelTopology: topology,
		weightSpecs: [...weightSpecs],
		weightData: bytes.buffer
	}));
}
function partsOf(tf, output, target, rule) {
	if (rule === null) return { predicted: output };
	const units = target.kind === "class" && target.several !== void 0 ? 1 : output.shape.at(-1);
	const rows = tf.reshape(output, [output.size / units, units]);
	const probabilities = classProbabilities(tf, rule, rows);
	const predicted = predictedClasses(tf, rule, rows);
	return {
		predicted,
		confidence: confidenceOf(tf, rule, {
			predicted,
			probabilities
		}),
		probabilities
	};
}
async function read({ predicted, confidence, probabilities }) {
	const tensors = [predicted, ...confidence && probabilities ? [confidence, probabilities] : []];
	const [said, ...sure] = await Promise.all(tensors.map((tensor) => tensor.data()));
	for (const tensor of tensors) tensor.dispose();
	if (sure.length === 0) return { predicted: Float64Array.from(said) };
	return {
		predicted: Int32Array.from(said),
		confidence: sure[0],
		probabilities: sure[1]
	};
}
export { packagedModel };
