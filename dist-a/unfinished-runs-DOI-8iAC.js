import { i as isClaimed, o as silentFor } from "./claim-xMI5Bay-.js";
import { Bo as object, Cs as warning, Ea as realPath, Go as text, Ho as optional, Io as hasForm, Lo as list, Mo as anything, Na as shorten, Po as either, Ro as nothing, Uo as record, Za as withoutAddresses, bs as failure, fa as shellWord, ja as writeFileAtomic, ka as syncFolder, vs as UserError, xa as besideName, yn as oneSpelling } from "./checks-359mGJ3h.js";
import { c as removeCheckpoints, r as trainStage, s as newestStep, v as keysWithoutEffect, x as sectionsFor } from "./train-stage-9wCmGD-s.js";
import { u as statusNumber } from "./open-journal-k_DVXt93.js";
import { o as readMeta } from "./local-experiments-B-Mjh-jT.js";
import { d as readOwnFile, g as runFolderAt } from "./run-folder-Dzo3EkAl.js";
import { n as stages, r as stagesBefore } from "./stages-CqKQJf7n.js";
import { basename, dirname, join, relative, resolve } from "node:path";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { createHash } from "node:crypto";
// src/run/run-key.ts
/** The same for each run of a file with the same settings that is recorded in the same place, however that is spelt. */
function keyOf(place) {
	return keyFor(place, serverOf(place.tracker));
}
/** The server of a tracker, however it is spelt; null: the local store alone. */
function serverOf({ server }) {
	return typeof server === "string" ? oneSpelling(server) : null;
}
/** As versions before had it. */
function formerKeysOf(place) {
	const { checked: { source, settings }, tracker } = place;
	return [keyFor(place, tracker.server ?? null), shortHash([
		resolve(source.name),
		settings,
		tracker.where
	])];
}
function keyFor(place, server) {
	return shortHash([
		fileOf(place),
		place.checked.settings.toSorted(),
		server
	]);
}
function shortHash(value) {
	return createHash("sha256").update(JSON.stringify(value)).digest("hex").slice(0, 16);
}
/** The pipeline file, from the folder of all runs: they move together, and no link changes the way. */
function fileOf({ checked: { source }, tracker }) {
	return relative(realPath(tracker.runsDirectory), realPath(source.name));
}
// src/run/unfinished-record.ts
const form = object({
	directory: text(),
	file: optional(text()),
	server: optional(either(text(), nothing)),
	training: record(anything),
	data: record(text()),
	machine: object({
		program: text(),
		node: text(),
		engine: text(),
		processor: text(),
		threads: text(),
		environment: record(text()),
		drawing: text()
	}),
	mixture: optional(list(text()))
});
const recordName = /^\.unfinished-([0-9a-f]{16})-[0-9a-f]{32}\.json$/;
/** A record's place. */
function recordPath(runsDirectory, key, runId) {
	return join(runsDirectory, `.unfinished-${key}-${runId}.json`);
}
/** The places of all records beside the runs, with the key that each has in its name. */
function recordsIn(runsDirectory) {
	return namesIn(runsDirectory).flatMap((name) => {
		const key = recordName.exec(name)?.[1];
		return key === void 0 ? [] : [{
			path: join(runsDirectory, name),
			key
		}];
	});
}
/** The text of a record. */
function sealed(record) {
	return JSON.stringify({
		...record,
		sha256: digestOf(record)
	});
}
/** undefined: it is gone, or damaged. */
function readRecord(path) {
	try {
		const { sha256, ...record } = JSON.parse(readOwnFile(path));
		return hasForm(form, record) && sha256 === digestOf(record) ? record : void 0;
	} catch {
		return;
	}
}
/** The runs in a store that have not finished, but for those whose record is damaged or leads out of it. */
function unfinishedIn(runsDirectory) {
	return recordsIn(runsDirectory).flatMap(({ path }) => {
		const record = readRecord(path);
		const directory = record === void 0 ? void 0 : folderOf(runsDirectory, record);
		return typeof directory === "string" ? [{
			path,
			directory,
			file: record.file
		}] : [];
	});
}
/** The folder of a run, or why it is left alone: the record of it may come from elsewhere. */
function folderOf(runsDirectory, { directory }) {
	try {
		return runFolderAt(runsDirectory, directory);
	} catch (error) {
		return error;
	}
}
function digestOf(record) {
	return createHash("sha256").update(JSON.stringify(record)).digest("hex");
}
function namesIn(directory) {
	try {
		return readdirSync(directory);
	} catch {
		return [];
	}
}
// src/run/unfinished-runs.ts
/**
* Opens the run of a file: one that was interrupted goes on, if the file still trains the same and no other process is
* at it; otherwise that one is closed as KILLED, and a new one starts.
*
* @throws UserError when there is no place to record it, or the data of an interrupted one changed
*/
async function openRun(request) {
	const { tracker, into, start, emit } = request;
	const { here, elsewhere } = recordsFor(request);
	const own = into === void 0 ? here : here.filter((path) => readRecord(path)?.directory === into);
	for (const path of own) {
		const resumed = await resume(request, path);
		if (resumed !== void 0) return resumed;
	}
	if (!request.fresh && into === void 0) for (const record of elsewhere) tellOfOther(request, record);
	const run = into === void 0 ? await tracker.start(start) : await takeUp(tracker, into, start);
	try {
		const path = remember(request, run, []);
		for (const folder of [
			run.directory,
			dirname(run.directory),
			tracker.runsDirectory
		]) syncFolder(folder);
		return opened(run, path);
	} catch (error) {
		if (error.code === void 0) throw error;
		emit({
			type: "diagnostic",
			diagnostic: warning("not-resumable", `the run could not go on after an interruption: ${error.message}`)
		});
		return opened(run, pathOf(request, run));
	}
}
/** Begins a run that was made before. @throws UserError where another process is at it, or it has finished */
async function takeUp(tracker, place, { tags }) {
	const run = await tracker.reopen(runFolderAt(tracker.runsDirectory, place));
	if (run === void 0) throw failure("run-taken", `the run ${basename(place)} has finished, or another process is at it`);
	run.tags(tags);
	return run;
}
/** A run that is not kept: a trial is over soon. @throws UserError when there is no place to record it */
async function openTrial(tracker, start) {
	const run = await tracker.start(start);
	return opened(run, join(run.directory, "unfinished.json"));
}
/** @returns the record's path */
function remember(request, run, mixture) {
	const { checked, dataFiles, machine, tracker } = request;
	const record = {
		directory: relative(tracker.runsDirectory, run.directory),
		file: fileOf(request),
		server: tracker.server ?? null,
		training: trainingOf(checked),
		data: dataFiles,
		machine,
		mixture
	};
	const path = pathOf(request, run);
	writeFileAtomic(path, sealed(record), join(run.directory, besideName()));
	return path;
}
/**
* The records of runs that may go on. First those of the file with what is set over it now, by their names. Then those
* that train the same from the same data where the file was renamed or moved since, or the same is set in other words.
*
* @returns apart those that are recorded for another server than is named now, or for none
*/
function recordsFor(request) {
	const { checked, dataFiles, tracker } = request;
	const [own, others, elsewhere] = [
		[],
		[],
		[]
	];
	const keys = /* @__PURE__ */ new Set([keyOf(request), ...formerKeysOf(request)]);
	const isTheSame = ({ file, training, data }) => (file === void 0 || file === fileOf(request) || !existsSync(join(realPath(tracker.runsDirectory), file))) && [...changes(training, trainingOf(checked)), ...changes(data, dataFiles)].length === 0;
	for (const { path, key } of recordsIn(tracker.runsDirectory)) {
		if (keys.has(key)) {
			own.push(path);
			continue;
		}
		const record = readRecord(path);
		if (record === void 0 || !isTheSame(record)) continue;
		if (record.server === void 0 || serverOf(record) === serverOf(tracker)) others.push(path);
		else elsewhere.push(record);
	}
	return {
		here: [...own, ...others],
		elsewhere
	};
}
/**
* Says of an interrupted run that is recorded elsewhere how it goes on: a new one starts, and that one's checkpoints
* stay.
*/
function tellOfOther({ tracker, emit }, record) {
	const directory = folderOf(tracker.runsDirectory, record);
	if (typeof directory !== "string" || hasEnded(directory)) return;
	if (isClaimed(directory) && (silentFor(directory) ?? 0) < 2e4) return;
	const isLocal = typeof record.server !== "string";
	const uri = isLocal ? shellWord(relative(".", tracker.runsDirectory) || ".") : "ADDRESS";
	const place = isLocal ? "here alone" : `on ${shorten(record.server, 200)}`;
	const article = isLocal ? "a" : "another";
	const why = `it is recorded ${place}, and ${tracker.server === void 0 ? "no" : article} server is named now`;
	const message = `the run ${basename(directory)}, which was interrupted, is not gone on with: ${why}`;
	emit({
		type: "diagnostic",
		diagnostic: warning("interrupted-elsewhere", message, `To go on with that one, give the same command --tracking-uri ${uri}`)
	});
}
async function resume(request, path) {
	const { checked, dataFiles, tracker, start, machine, fresh, emit } = request;
	const tell = (code, message) => emit({
		type: "diagnostic",
		diagnostic: warning(code, message)
	});
	const before = readRecord(path);
	if (before === void 0) {
		if (existsSync(path)) tell("unfinished-record-damaged", `${path} is damaged: the interrupted run that it names cannot go on`);
		rmSync(path, { force: true });
		return;
	}
	const directory = folderOf(tracker.runsDirectory, before);
	if (typeof directory !== "string") {
		tell("unfinished-run-unusable", `the interrupted run that ${path} names cannot go on: ${directory.message}`);
		return;
	}
	if (hasEnded(directory)) {
		forget(path, directory);
		return;
	}
	const run = await tracker.reopen(directory);
	if (run === void 0) return void 0;
	const [changed, files] = [changes(before.training, trainingOf(checked)), changes(before.data, dataFiles)];
	if (fresh || changed.length > 0 || files.length > 0) {
		await run.finish("KILLED", Date.now());
		if (!fresh && changed.length === 0 && existsSync(checkpointsOf(directory))) throw failure("data-changed", `${listed(files)} changed since the run ${run.runId} was interrupted: it cannot go on`, "Put the data back as it was, and it goes on; or use `pipeline run --fresh` to start over.");
		if (!fresh) tell("started-over", `the run ${run.runId}, which was interrupted, is not gone on with: ${listed([...changed, ...files])} changed since`);
		forget(path, directory);
		return;
	}
	const mixture = mixtureOf(before, machine, newestStep(checkpointsOf(directory)));
	const tags = Object.entries(start.tags).filter(([key]) => key.startsWith("pipeline.") || key === "mlflow.source.name");
	run.tags({
		...Object.fromEntries(tags),
		...mixture.length === 0 ? {} : { "pipeline.machine_changes": mixture.join("; ") }
	});
	if (mixture.length > 0) tell("other-machine", `the run ${run.runId} is trained by more than one machine (${listed(mixture, "; ")}): the outcome may differ in its last bits from that of a run without interruption, and is not kept for later runs`);
	return opened(run, rememberAgain(request, run, mixture, path), mixture);
}
/**
* What the parts of a training that was interrupted have been done with.
*
* @param step of its newest checkpoint; undefined where it has none, and all is done anew
*/
function mixtureOf({ machine: before, mixture = [] }, machine, step) {
	if (step === void 0) return [];
	const changed = changes({
		...before,
		drawing: ""
	}, {
		...machine,
		drawing: ""
	}).map((path) => `${path} ${valueAt(before, path)} -> ${valueAt(machine, path)}`);
	return changed.length === 0 ? mixture : [...mixture, `from step ${step} on: ${changed.join(", ")}`];
}
function valueAt(machine, path) {
	const [key, ...rest] = path.split(".");
	const value = machine[key];
	return (typeof value === "object" ? value[rest.join(".")] : value) ?? "none";
}
/** The record of a run that goes on, under the names and on the machine of now. @returns its path */
function rememberAgain(request, run, mixture, before) {
	try {
		const path = remember(request, run, mixture);
		if (path !== before) rmSync(before, { force: true });
		return path;
	} catch {
		return before;
	}
}
/** The first few. */
function listed(names, separator = ", ") {
	return `${names.slice(0, 3).join(separator)}${names.length > 3 ? `${separator}...` : ""}`;
}
function opened(run, path, mixture = []) {
	const checkpoints = checkpointsOf(run.directory);
	return {
		run,
		checkpoints,
		mixture,
		close: (status, error) => {
			if (!(status === "KILLED" || status === "FAILED" && existsSync(checkpoints) && !isOfNumbers(error))) forget(path, run.directory);
		}
	};
}
/** Where the checkpoints of a run are. */
const checkpointsOf = (directory) => join(directory, "checkpoints");
/**
* Gives up that a run may go on. On a disk that can no longer be written it stays, and the next run of the file finds
* that it finished.
*/
function forget(path, directory) {
	try {
		if (existsSync(directory)) syncFolder(directory);
		removeCheckpoints(checkpointsOf(directory));
		rmSync(path, { force: true });
	} catch {}
}
function isOfNumbers(error) {
	return error instanceof UserError && error.diagnostics.some(({ code }) => ["loss-not-finite", "gate-failed"].includes(code));
}
function pathOf(request, { runId }) {
	return recordPath(request.tracker.runsDirectory, keyOf(request), runId);
}
/** The part of the full form that training depends on, and where it is recorded. */
function trainingOf({ resolved }) {
	const told = withoutAddresses(resolved);
	const { uri: _, ...tracking } = told["tracking"] ?? {};
	const upToTraining = [...stagesBefore(stages, trainStage), trainStage];
	return {
		name: told["name"],
		tracking,
		...sectionsFor(upToTraining, told, keysWithoutEffect)
	};
}
/** Paths of what differs, such as `train.epochs`. */
function changes(before, now, path = "") {
	if (JSON.stringify(before) === JSON.stringify(now)) return [];
	if (![before, now].every((value) => typeof value === "object" && value !== null && !Array.isArray(value))) return [path];
	const [a, b] = [before, now];
	return [.../* @__PURE__ */ new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) => changes(a[key], b[key], path === "" ? key : `${path}.${key}`));
}
/**
* Whether a run finished, or was deleted: the record of it was about to go when its process was killed, or has nothing
* to tell.
*/
function hasEnded(directory) {
	const meta = readMeta(join(directory, "meta.yaml"));
	return meta?.["lifecycle_stage"] !== "active" || meta["status"] === statusNumber.FINISHED;
}
export { unfinishedIn as a, openTrial as i, forget as n, keyOf as o, openRun as r, checkpointsOf as t };
