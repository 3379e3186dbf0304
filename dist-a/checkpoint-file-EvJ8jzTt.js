import { Bo as object, Go as text, Io as hasForm, Ko as whole, Lo as list, Mo as anything, No as array, Po as either, Vo as oneOf, Wo as such, _a as readFileWithin, bs as failure, ga as openFile, ja as writeFileAtomic, ka as syncFolder } from "./checks-359mGJ3h.js";
import { t as isWithin } from "./json-limits-CdfrAawc.js";
import { dirname } from "node:path";
import { closeSync, fstatSync, readSync } from "node:fs";
import { createHash } from "node:crypto";
// src/checkpoints/checkpoint-file.ts
const magic = "LLCHECK1";
const hashBytes = 32;
/** Bytes that a file may have: as many as one buffer holds in all versions of Node. */
const longest = 2 ** 31 - 2;
/** Bytes of JSON: as many as a text may have in all versions of Node. */
const longestJson = 512e6;
/** Several times what the longest training leaves: a million epochs with two objects each. */
const jsonLimits = {
	depth: 256,
	holders: 2 ** 22,
	values: 2 ** 25
};
const padded = (bytes) => Math.ceil(bytes / 8) * 8;
/**
* Writes a checkpoint; after it returns, the file outlasts a kill and a loss of power. A kill half-way leaves what was
* there before.
*
* @param aside where it is written first, on the same disk; left out: beside it
* @returns SHA-256 of the content, in hexadecimal digits
* @throws the file system's own error
*/
function saveCheckpoint(path, { state, arrays }, aside) {
	const hash = createHash("sha256");
	let digest = "";
	function* pieces() {
		const hashed = (bytes) => {
			hash.update(bytes);
			return bytes;
		};
		yield hashed(headOf({
			state,
			arrays: arrays.map(describe)
		}));
		for (const { values: { buffer, byteOffset, byteLength } } of arrays) {
			yield hashed(new Uint8Array(buffer, byteOffset, byteLength));
			yield hashed(new Uint8Array(padded(byteLength) - byteLength));
		}
		const end = hash.digest();
		digest = end.toString("hex");
		yield end;
	}
	writeFileAtomic(path, pieces(), aside);
	syncFolder(dirname(path));
	return digest;
}
/** JSON that `parseBytes` takes. @throws an error with the code EFBIG where it would not */
function bytesOfJson(value) {
	try {
		const json = JSON.stringify(value);
		const bytes = Buffer.from(json);
		if (bytes.length <= longestJson && isWithin(json, jsonLimits)) return bytes;
	} catch (error) {
		if (!(error instanceof RangeError)) throw error;
	}
	throw Object.assign(/* @__PURE__ */ new Error("it is larger than any that can be read again"), { code: "EFBIG" });
}
/** JSON from a file that may come from elsewhere. @throws Error where it is none, or too much */
function parseBytes(bytes, most = longestJson, limits = jsonLimits) {
	if (bytes.length > most) throw new Error("it is too large");
	const json = new TextDecoder().decode(bytes);
	if (!isWithin(json, limits)) throw new Error("it unpacks to too much");
	return JSON.parse(json);
}
/** All that stands before the arrays. */
function headOf(header) {
	const json = bytesOfJson(header);
	const head = Buffer.alloc(padded(12 + json.length), " ");
	head.write(magic, "latin1");
	head.writeUInt32LE(head.length - 8 - 4, 8);
	json.copy(head, 12);
	return head;
}
const itemBytes = {
	float32: 4,
	float64: 8,
	int32: 4,
	uint8: 1
};
/** A shape of a tensor. */
const shapeForm = list(such(whole, (size) => size >= 0));
const anyArray = either(either(array(Float32Array), array(Float64Array)), either(array(Int32Array), array(Uint8Array)));
/** A tensor, where it is part of something else that was read. */
const namedArrayForm = such(object({
	name: text(),
	shape: shapeForm,
	values: anyArray
}), ({ shape, values }) => values.length === shape.reduce((product, size) => product * size, 1));
const bytesOf = (shape, dtype) => shape.reduce((product, size) => product * size, itemBytes[dtype]);
const headerForm = object({
	state: anything,
	arrays: list(such(object({
		name: text(),
		shape: shapeForm,
		dtype: oneOf("float32", "float64", "int32", "uint8"),
		bytes: whole
	}), ({ shape, dtype, bytes }) => bytes === bytesOf(shape, dtype)))
});
function describe(array) {
	const { name, shape } = array;
	const dtype = array.dtype ?? dtypeOf(array.values);
	return {
		name,
		shape,
		dtype,
		bytes: bytesOf(shape, dtype)
	};
}
/**
* Reads a checkpoint, and proves by its hash that it is as it was written, and by its form that this program wrote it:
* a hash is no secret, and the file may come from elsewhere.
*
* @param form of the state; left out: whoever reads it proves it
* @returns the state, and the arrays, which share one block of memory
* @throws UserError `damaged-checkpoint`; the file system's own error where there is none
*/
function loadCheckpoint(path, form = anything) {
	const file = readWhole(path);
	const end = file.length - hashBytes;
	if (end < 12 || file.toString("latin1", 0, 8) !== magic) throw damaged(path, "it is cut short, or no checkpoint of this version");
	if (!createHash("sha256").update(file.subarray(0, end)).digest().equals(file.subarray(end))) throw damaged(path, "its content does not have the SHA-256 that it was written with");
	try {
		const content = readContent(file.subarray(0, end));
		if (content !== void 0 && hasForm(form, content.state)) return {
			...content,
			state: content.state
		};
	} catch {}
	throw damaged(path, "it does not say what one of this program says");
}
function readWhole(path) {
	try {
		const { buffer, byteOffset, byteLength } = readFileWithin(path, longest);
		return Buffer.from(buffer, byteOffset, byteLength);
	} catch (error) {
		const { code, message } = error;
		throw [
			"EISDIR",
			"ENOTFILE",
			"EFBIG"
		].includes(code ?? "") ? damaged(path, message) : error;
	}
}
/** What stands before the hash; undefined where it is not what its header says. */
function readContent(file) {
	let offset = 12 + file.readUInt32LE(8);
	if (offset > file.length) return void 0;
	const header = parseBytes(file.subarray(12, offset));
	if (!hasForm(headerForm, header)) return void 0;
	if (header.arrays.reduce((sum, { bytes }) => sum + padded(bytes), offset) !== file.length) return void 0;
	const arrays = header.arrays.map(({ name, shape, dtype, bytes }) => {
		const values = valuesAt(file, offset, bytes, dtype);
		offset += padded(bytes);
		return {
			name,
			shape,
			values
		};
	});
	return {
		state: header.state,
		arrays
	};
}
/** Bytes of a header that is looked at only. */
const longestShort = 8e6;
/**
* Reads the state alone, without its arrays and without proof: for a look at many checkpoints, none of which is used.
*
* @throws Error where there is none, it is damaged at its beginning, or its state is not short
*/
function peekCheckpoint(path) {
	const handle = openFile(path);
	try {
		const start = Buffer.alloc(12);
		readSync(handle, start);
		if (start.toString("latin1", 0, 8) !== magic) throw damaged(path, "it is no checkpoint of this version");
		const header = Buffer.alloc(Math.min(start.readUInt32LE(8), fstatSync(handle).size, 8000001));
		readSync(handle, header);
		return parseBytes(header, longestShort, {
			depth: 16,
			holders: 1e5,
			values: 5e5
		}).state;
	} finally {
		closeSync(handle);
	}
}
function damaged(path, why) {
	return failure("damaged-checkpoint", `the checkpoint ${path} is damaged: ${why}`);
}
function dtypeOf(values) {
	if (values instanceof Float32Array) return "float32";
	if (values instanceof Float64Array) return "float64";
	return values instanceof Int32Array ? "int32" : "uint8";
}
function valuesAt(file, offset, bytes, dtype) {
	const at = file.byteOffset + offset;
	const isAligned = at % itemBytes[dtype] === 0;
	const buffer = isAligned ? file.buffer : file.buffer.slice(at, at + bytes);
	const start = isAligned ? at : 0;
	if (dtype === "uint8") return new Uint8Array(buffer, start, bytes);
	if (dtype === "float64") return new Float64Array(buffer, start, bytes / 8);
	return dtype === "float32" ? new Float32Array(buffer, start, bytes / 4) : new Int32Array(buffer, start, bytes / 4);
}
export { peekCheckpoint as a, parseBytes as i, loadCheckpoint as n, saveCheckpoint as o, namedArrayForm as r, bytesOfJson as t };
