import { basename, delimiter, dirname, isAbsolute, join, resolve } from "node:path";
import { accessSync, constants, realpathSync, statSync } from "node:fs";
import { execFileSync, spawn } from "node:child_process";
// src/base/start-program.ts
/**
* Starts a program: the one place where it is done, so that nothing of the folder that the user stands in becomes code.
* It is not looked for there, and does not work there: it works in the folder that it lies in itself, since whoever can
* put a file there can replace the program too.
*
* @param command a path, which is the user's word, or a name on the PATH
* @throws ENOENT where there is no such program
*/
function startProgram(command, args, options = {}) {
	const program = findProgram(command);
	return spawn(program, args, {
		...surroundings(program, options),
		stdio: [
			"ignore",
			"pipe",
			"pipe"
		]
	});
}
/** Starts a program that is also written to, in the same way. @throws ENOENT where there is no such program */
function startDialogue(command, args, options = {}) {
	const program = findProgram(command);
	return spawn(program, args, {
		...surroundings(program, options),
		stdio: [
			"pipe",
			"pipe",
			"pipe"
		]
	});
}
function surroundings(program, { env, cwd, detached, signal }) {
	return {
		cwd: cwd ?? dirname(program),
		env: environment(env),
		detached: detached ?? false,
		...signal === void 0 ? {} : {
			signal,
			killSignal: "SIGKILL"
		}
	};
}
/** What a short program of the system prints. @throws Error where it is not there, or fails */
function outputOf(command, args, env) {
	const program = findProgram(command);
	const more = {
		PATH: programFolders().join(delimiter),
		...env
	};
	return execFileSync(program, args, {
		cwd: dirname(program),
		encoding: "utf8",
		env: more,
		stdio: [
			"ignore",
			"pipe",
			"ignore"
		]
	}).trim();
}
/**
* The folders of the PATH that programs are taken from: not the current one, however it is named, nor the
* `node_modules/.bin` of it and of all above it, which npx puts before the user's own.
*/
function programFolders(path = process.env["PATH"] ?? "/usr/local/bin:/usr/bin:/bin") {
	return path.split(delimiter).filter((folder) => isAbsolute(folder) && !isBin(folder) && realPath(folder) !== realPath("."));
}
/** Whether a path leads to a program that this user may run. */
function isProgram(path) {
	try {
		accessSync(path, constants.X_OK);
		return statSync(path).isFile();
	} catch {
		return false;
	}
}
function findProgram(command) {
	const found = isAbsolute(command) || command.includes("/") ? resolve(command) : programFolders().map((folder) => join(folder, command)).find(isProgram);
	if (found !== void 0 && isProgram(found)) return found;
	throw Object.assign(/* @__PURE__ */ new Error(`there is no program ${command}`), { code: "ENOENT" });
}
const isBin = (folder) => basename(folder) === ".bin" && basename(dirname(folder)) === "node_modules";
function realPath(path) {
	try {
		return realpathSync.native(path);
	} catch {
		return resolve(path);
	}
}
/**
* Python takes code from where PYTHONPATH, PYTHONHOME or PYTHONSTARTUP lead, and with `-m` from the folder that it
* works in.
*/
function environment(env = process.env) {
	const own = Object.entries(env).filter(([name]) => !name.startsWith("PYTHON"));
	return {
		...Object.fromEntries(own),
		PATH: programFolders(env["PATH"]).join(delimiter),
		PYTHONSAFEPATH: "1"
	};
}
export { startProgram as a, startDialogue as i, outputOf as n, programFolders as r, isProgram as t };
