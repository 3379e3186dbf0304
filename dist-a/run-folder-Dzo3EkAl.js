import { Da as removeLeftovers, ao as showCount, bs as failure, va as readWithin } from "./checks-359mGJ3h.js";
import { dirname, join, sep } from "node:path";
import { closeSync, constants, fstatSync, lstatSync, openSync, readdirSync, realpathSync, rmdirSync, statSync } from "node:fs";
// src/tracking/store/run-folder.ts
/** Whether something is the id of a run in a local store: 32 hexadecimal digits, as MLflow makes them. */
function isRunId(id) {
	return typeof id === "string" && /^[0-9a-f]{32}$/.test(id);
}
/** Whether something is the id of an experiment in a local store: decimal digits, as MLflow makes them. */
function isExperimentId(id) {
	return typeof id === "string" && /^\d{1,64}$/.test(id);
}
/** A path of plain names with `/` between them: it leads nowhere but down. */
const plainPath = /^(?:(?!\.{1,2}(?:\/|$))[^/\\\0]+(?:\/(?!$)|$))+$/;
/** The folder of an experiment, which need not be there. @throws UserError where it would lead out of the store */
function experimentFolder(runsDirectory, id) {
	if (!isExperimentId(id)) refuse(`the experiment '${String(id)}'`, runsDirectory);
	const directory = join(runsDirectory, id);
	proveFolder(directory);
	for (const part of ["tags", "datasets"]) proveWhole(join(directory, part));
	return directory;
}
/** The folder of a run, which need not be there. @throws UserError where the id is none */
function runFolder(experimentDirectory, id) {
	return join(experimentDirectory, isRunId(id) ? id : refuse(`the run '${String(id)}'`, experimentDirectory));
}
/**
* The folder of a run that a record names.
*
* @param place `EXPERIMENT/RUN`
* @throws UserError where it would lead out of the store
*/
function runFolderAt(runsDirectory, place) {
	const [experiment = "", run = "", ...more] = place.split(/[/\\]/);
	if (more.length > 0) refuse(`the run '${place}'`, runsDirectory);
	const directory = runFolder(experimentFolder(runsDirectory, experiment), run);
	proveWhole(directory);
	return directory;
}
/** The folder of a registered model, which need not be there. @throws UserError where it would lead out of the store */
function registeredFolder(runsDirectory, name) {
	const models = join(runsDirectory, "models");
	if (!plainPath.test(name) || name.includes("/")) refuse(`the model '${name}'`, models);
	proveFolder(models);
	const directory = join(models, name);
	proveWhole(directory);
	return directory;
}
/** Where an artifact lies, or is to be written. @throws UserError where it would lead out of `artifactDirectory` */
function artifactPath(artifactDirectory, path) {
	return join(artifactDirectory, plainPath.test(path) ? path : refuse(`the artifact '${path}'`, artifactDirectory));
}
/**
* The file of an artifact that is there.
*
* @throws UserError as above, or where it is none; the file system's own error
*/
function artifactFile(artifactDirectory, path) {
	const file = artifactPath(artifactDirectory, path);
	return statSync(file).isFile() && isInside(file, artifactDirectory) ? file : refuse(file, artifactDirectory);
}
/**
* Proves that a folder is one, where it is there, and that no link in it leads out of it: what lies there would be
* read, sent to a server, changed or removed. Nor is there anything that cannot be read to its end, such as a pipe.
*
* @throws UserError that names what leads out; the file system's own error
*/
function proveWhole(directory) {
	if (!proveFolder(directory)) return;
	for (const entry of readdirSync(directory, {
		recursive: true,
		withFileTypes: true
	})) {
		if (entry.isFile() || entry.isDirectory()) continue;
		const path = join(entry.parentPath, entry.name);
		if (!entry.isSymbolicLink()) throw leftAlone(`${path} is neither a file nor a folder`);
		if (!isInside(path, directory)) refuse(path, directory);
	}
}
/** @returns whether it is there */
function proveFolder(directory) {
	const entry = lstatSync(directory, { throwIfNoEntry: false });
	if (entry?.isSymbolicLink() === true) refuse(directory, dirname(directory));
	if (entry?.isDirectory() === false) throw leftAlone(`${directory} is no folder`);
	return entry !== void 0;
}
function isInside(path, directory) {
	try {
		return realpathSync(path).startsWith(`${realpathSync(directory)}${sep}`);
	} catch {
		return false;
	}
}
function refuse(what, where) {
	throw leftAlone(`${what} leads out of ${where}`);
}
function leftAlone(why) {
	return failure("leads-out", `${why}: it is left alone`, "a `runs/` from elsewhere may hold such things; where a link is yours, put what it points to in its place");
}
/** The folders in a folder, links left out; none where it is not there. @throws the file system's own error */
function foldersIn(directory) {
	try {
		return readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);
	} catch (error) {
		if (error.code === "ENOENT") return [];
		throw error;
	}
}
/**
* Opens a file of a store that is there: not where a link leads, and without waiting at a pipe.
*
* @param mode `constants.O_RDONLY`, or how it is written to
* @throws UserError where it is no file; the file system's own error
*/
function openOwnFile(path, mode) {
	let file;
	try {
		file = openSync(path, mode | constants.O_NOFOLLOW | constants.O_NONBLOCK);
	} catch (error) {
		if (error.code === "ELOOP") refuse(path, dirname(path));
		throw error;
	}
	if (fstatSync(file).isFile()) return file;
	closeSync(file);
	throw leftAlone(`${path} is no file`);
}
/** Bytes that a journal, or the values of a metric, may have: some million values. */
const longFile = 256e6;
/**
* The text of a file of a store.
*
* @param limit bytes that it may have; left out: far more than anything of one key
* @throws as openOwnFile; UserError where it has more
*/
function readOwnFile(path, limit = 1e6) {
	const file = openOwnFile(path, constants.O_RDONLY);
	try {
		return new TextDecoder("utf-8", { ignoreBOM: true }).decode(readWithin(file, limit));
	} catch (error) {
		if (error.code !== "EFBIG") throw error;
		throw failure("record-too-large", `${path} has more than ${showCount(limit)} bytes: it is left alone`, "neither this program nor MLflow writes so large a one: a `runs/` from elsewhere may hold anything", error);
	} finally {
		closeSync(file);
	}
}
/** The folders that a run has from its start. */
const runParts = [
	"params",
	"metrics",
	"tags",
	"artifacts"
];
/**
* Removes what was made of a run before its `meta.yaml`. A folder that holds anything else stays.
*
* @throws the file system's own error
*/
function removeHalfMade(directory) {
	if (!proveFolder(directory)) return;
	removeLeftovers(directory);
	for (const folder of [...runParts.map((part) => join(directory, part)), directory]) removeEmpty(folder);
}
/** Removes a folder that nothing is left in. */
function removeEmpty(folder) {
	try {
		rmdirSync(folder);
	} catch {}
}
export { runParts as _, isExperimentId as a, openOwnFile as c, readOwnFile as d, registeredFolder as f, runFolderAt as g, runFolder as h, foldersIn as i, plainPath as l, removeHalfMade as m, artifactPath as n, isRunId as o, removeEmpty as p, experimentFolder as r, longFile as s, artifactFile as t, proveWhole as u };
