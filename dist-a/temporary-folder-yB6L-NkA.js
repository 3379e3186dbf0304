import { dirname, join } from "node:path";
import { tmpdir } from "node:os";
import { lstatSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
// src/base/temporary-folder.ts
const abandonedAfter = 2592e6;
/**
* Makes a folder for a while, which its maker removes; those that killed processes of this user left behind a month ago
* go first.
*
* @param purpose what its name begins with, after `layerline-`
* @throws the file system's own error
*/
function temporaryFolder(purpose) {
	const prefix = join(tmpdir(), `layerline-${purpose}-`);
	const folder = mkdtempSync(prefix);
	try {
		removeAbandoned(prefix, statSync(folder));
	} catch {}
	return folder;
}
/** @param made the newest of them */
function removeAbandoned(prefix, { uid, mtimeMs: now }) {
	for (const name of readdirSync(dirname(prefix))) {
		const path = join(dirname(prefix), name);
		if (!path.startsWith(prefix)) continue;
		const entry = lstatSync(path);
		if (entry.isDirectory() && entry.uid === uid && now - entry.mtimeMs > abandonedAfter) rmSync(path, {
			recursive: true,
			force: true
		});
	}
}
export { temporaryFolder as t };
