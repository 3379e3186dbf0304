import { r as __exportAll } from "./rolldown-runtime-C1I3wEg2.js";
import { Bo as object, Go as text, Io as hasForm, Ko as whole, Lo as list, Uo as record, Vo as oneOf, Wo as such, _a as readFileWithin, _s as sizeOf, bs as failure, zo as number } from "./checks-359mGJ3h.js";
import { i as parseBytes } from "./checkpoint-file-EvJ8jzTt.js";
import { r as isOfTest } from "./golden-rows-CDS4KybN.js";
import { t as isWithin } from "./json-limits-CdfrAawc.js";
import { join } from "node:path";
import { createHash } from "node:crypto";
// src/models/formats/tensor.ts
/** The weights of a saved model by their names there, such as `conv2d/kernel`, in their order. */
function weightsOf({ description, weights }) {
	const [manifest] = description["weightsManifest"];
	let at = 0;
	return manifest.weights.map(({ name, shape, dtype }) => {
		const size = shape.reduce((product, one) => product * one, 1);
		return {
			name,
			shape,
			dtype,
			values: valuesOf(weights.slice(at, at += size * (dtype === "bool" ? 1 : 4)), dtype)
		};
	});
}
/** Numbers from bytes of their own. */
function valuesOf({ buffer, byteOffset, byteLength }, dtype) {
	if (dtype === "bool") return new Uint8Array(buffer, byteOffset, byteLength);
	return new (dtype === "int32" ? Int32Array : Float32Array)(buffer, byteOffset, byteLength / 4);
}
/** The bytes of a tensor, little endian as all machines are that this runs on. */
function bytesOf({ values: { buffer, byteOffset, byteLength } }) {
	return new Uint8Array(buffer, byteOffset, byteLength);
}
// src/models/formats/safetensors.ts
var safetensors_exports = /* @__PURE__ */ __exportAll({ writeSafetensors: () => writeSafetensors });
const names = {
	float32: "F32",
	int32: "I32",
	bool: "BOOL"
};
/** A file of tensors. @param tensors of different names */
function writeSafetensors(tensors) {
	let end = 0;
	const header = tensors.map((tensor) => {
		const start = end;
		end += tensor.values.byteLength;
		return [tensor.name, {
			dtype: names[tensor.dtype],
			shape: tensor.shape,
			data_offsets: [start, end]
		}];
	});
	const json = Buffer.from(JSON.stringify(Object.fromEntries(header)));
	const padded = Math.ceil(json.length / 8) * 8;
	const file = Buffer.alloc(8 + padded + end, " ");
	file.writeBigUInt64LE(BigInt(padded));
	json.copy(file, 8);
	let at = 8 + padded;
	for (const tensor of tensors) {
		file.set(bytesOf(tensor), at);
		at += tensor.values.byteLength;
	}
	return file;
}
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
// src/models/golden.ts
/** The folder beside a model, and its files: the one that names the others last. */
const goldenFiles = [
	"inputs.safetensors",
	"outputs.safetensors",
	"golden.json"
];
/** The content of the folder `golden`. */
function writeGolden(golden, { engine, sha256 }) {
	const { rows, labels } = golden;
	const tensors = (arrays) => arrays.map(({ name, shape, values }) => ({
		name,
		shape,
		dtype: "float32",
		values
	}));
	const [inputs, outputs] = [tensors(golden.inputs), tensors(golden.outputs)];
	const files = {
		"inputs.safetensors": writeSafetensors(inputs),
		"outputs.safetensors": writeSafetensors(outputs)
	};
	const own = Object.entries(files).map(([name, bytes]) => [name, sha256Of(bytes)]);
	const tested = rows.filter(isOfTest).length;
	const about = {
		format: 1,
		engine,
		sha256: {
			...sha256,
			...Object.fromEntries(own)
		},
		rows,
		labels: Object.fromEntries(labels.map(({ name, shape: [, ...shape], values }) => [name, rows.map((_, row) => row < tested ? labelOf(values.slice(row * sizeOf(shape), (row + 1) * sizeOf(shape)), shape) : null)])),
		inputs: inputs.map(({ name, shape }) => ({
			name,
			shape
		})),
		outputs: outputs.map(({ name, shape, values }) => ({
			name,
			shape,
			scale: scaleOf(values)
		})),
		tolerance
	};
	const lines = Object.entries(about).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`);
	return {
		...files,
		"golden.json": Buffer.from(`{\n${lines.join(",\n")}\n}\n`)
	};
}
/** SHA-256 in hexadecimal digits. */
function sha256Of(bytes) {
	return createHash("sha256").update(bytes).digest("hex");
}
const labelOf = (values, shape) => shape.length === 0 ? values[0] : Array.from(values);
const sha256 = text(/^[0-9a-f]{64}$/);
const tensorForm = object({
	name: text(),
	shape: list(number)
});
const goldenForm = object({
	format: such(number, (value) => value === 1),
	sha256: record(sha256),
	inputs: list(tensorForm),
	outputs: list(tensorForm)
});
/**
* The golden rows of a model's folder, proven by their SHA-256.
*
* @throws UserError `no-golden` where there are none, `golden-damaged` where they are not as they were written
*/
function readGolden(folder) {
	const path = join(folder, "golden");
	const [inputs, outputs, about] = goldenFiles.map((name) => readPart(path, name));
	const said = parseGolden(about);
	if (!hasForm(goldenForm, said)) throw damaged(path, "golden.json is not as it was written");
	const tensors = [["inputs", inputs], ["outputs", outputs]].map(([part, bytes]) => {
		const file = `${part}.safetensors`;
		if (said.sha256[file] !== sha256Of(bytes)) throw damaged(path, `${file} does not have the SHA-256 that golden.json says`);
		const read = readSafetensors(bytes) ?? [];
		if (!(read.length === said[part].length && read.every(({ name, shape, dtype }, k) => {
			const { name: called, shape: expected } = said[part][k];
			return dtype === "float32" && name === called && String(shape) === String(expected);
		}))) throw damaged(path, `${file} does not hold what golden.json says`);
		return read;
	});
	return {
		sha256: said.sha256,
		inputs: tensors[0],
		outputs: tensors[1]
	};
}
function readPart(folder, name) {
	const path = join(folder, name);
	try {
		return readFileWithin(path, 2e9);
	} catch (error) {
		const { code, message } = error;
		if (code !== "ENOENT") throw damaged(folder, `${name} cannot be read: ${message}`);
		if (name !== "inputs.safetensors") throw damaged(folder, `${name} is missing`);
		throw failure("no-golden", `${folder} has no golden rows`, "Runs record them beside their model: run the pipeline again, or name the folder of one that has.");
	}
}
function parseGolden(bytes) {
	try {
		return parseBytes(bytes, 5e8, {
			depth: 8,
			holders: 1e6,
			values: 5e7
		});
	} catch {
		return;
	}
}
const damaged = (folder, what) => failure("golden-damaged", `the golden rows in ${folder} are damaged: ${what}`, "Take the folder from the run again.");
export { distanceOf as a, bytesOf as c, writeGolden as i, weightsOf as l, readGolden as n, safetensors_exports as o, sha256Of as r, writeSafetensors as s, goldenFiles as t };
