import { c as bytesOf } from "./golden-BUwhSn9q.js";
import { zipSync } from "fflate";
// src/models/formats/npz.ts
/** What `numpy.load` reads: an .npy of each tensor in a zip. */
function writeNpz(tensors) {
	return writeZip(Object.fromEntries(tensors.map((tensor) => [`${tensor.name}.npy`, npyOf(tensor)])));
}
/** A zip of files as they are, the same bytes at any time. */
function writeZip(files) {
	return zipSync(files, {
		level: 0,
		mtime: new Date(1980, 0, 1)
	});
}
const descriptors = {
	float32: "<f4",
	int32: "<i4",
	bool: "|b1"
};
/** https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html, version 1.0 */
function npyOf(tensor) {
	const { shape, dtype } = tensor;
	const tuple = `(${shape.join(", ")}${shape.length === 1 ? "," : ""})`;
	const said = `{'descr': '${descriptors[dtype]}', 'fortran_order': False, 'shape': ${tuple}, }`;
	const header = said.padEnd(Math.ceil((said.length + 11) / 64) * 64 - 11);
	const start = Buffer.alloc(10);
	start.write("NUMPY\0", "latin1");
	start.writeUInt16LE(header.length + 1, 8);
	return Buffer.concat([
		start,
		Buffer.from(`${header}\n`, "latin1"),
		bytesOf(tensor)
	]);
}
export { writeNpz, writeZip };
