import { isAbsolute, join } from "node:path";
import { homedir } from "node:os";
// src/base/user-cache.ts
/** This program's folder in the per-user cache; the XDG specification has relative paths ignored. */
function userCache() {
	const base = process.env["XDG_CACHE_HOME"] ?? "";
	return join(isAbsolute(base) ? base : join(home(), ".cache"), "layerline");
}
/** A user that is a number without a name may have no home: then it is one that nobody can make, as Debian has it. */
function home() {
	try {
		return homedir();
	} catch {
		return "/nonexistent";
	}
}
export { userCache as t };
