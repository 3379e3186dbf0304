import { join } from "node:path";
import { readFileSync, readdirSync } from "node:fs";
import { createHash } from "node:crypto";
// src/base/code-hash.ts
let known;
/** SHA-256 of this program's own code: the version stays the same while someone works on it. */
function codeHash() {
	return known ??= hashCode();
}
function hashCode() {
	const folder = import.meta.filename.endsWith(".ts") ? join(import.meta.dirname, "..") : import.meta.dirname;
	const hash = createHash("sha256");
	for (const file of readdirSync(folder, {
		recursive: true,
		encoding: "utf8"
	}).filter((name) => /\.(ts|js)$/.test(name)).toSorted((a, b) => a < b ? -1 : 1)) hash.update(JSON.stringify(file)).update(readFileSync(join(folder, file)));
	return hash.digest("hex");
}
export { codeHash as t };
