import { Bo as object, Dn as stringify, E as checkFile, Fo as flag, Go as text, Ho as optional, Io as hasForm, Ko as whole, Lo as list, Mo as anything, Ta as makeFolder, Uo as record, Wo as such, _a as readFileWithin, bs as failure, ja as writeFileAtomic, ms as inTurns, ta as hashFile, vs as UserError, xa as besideName } from "./checks-359mGJ3h.js";
import { t as isWithin } from "./json-limits-CdfrAawc.js";
import { t as userCache } from "./user-cache-DpqCdVqX.js";
import { n as cacheFolder } from "./stage-cache-CfWlADlT.js";
import { t as runPipeline } from "./run-pipeline-BmCqHi7f.js";
import { r as userName, t as LocalStore } from "./local-store-DqntMLxF.js";
import { i as foldersIn, l as plainPath } from "./run-folder-Dzo3EkAl.js";
import { t as temporaryFolder } from "./temporary-folder-yB6L-NkA.js";
import { basename, dirname, join, relative, sep } from "node:path";
import { copyFileSync, existsSync, linkSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
// src/sweeps/transport/held-files.ts
/** Form of HeldFile: its path leads nowhere but down. */
const heldFile = object({
	path: text(plainPath),
	sha256: text(/^[0-9a-f]{64}$/),
	bytes: such(whole, (bytes) => bytes >= 0)
});
/** The regular files below some folders, by their hashes. @param folder paths count from @param inside left out: all */
async function filesBelow(folder, inside = "") {
	const files = [];
	const entries = readdirSync(join(folder, inside), {
		recursive: true,
		withFileTypes: true
	});
	for (const entry of entries.filter((one) => one.isFile())) {
		const path = join(entry.parentPath, entry.name);
		files.push(await heldAs(relative(folder, path).split(sep).join("/"), path));
	}
	return files.toSorted((a, b) => a.path < b.path ? -1 : 1);
}
/**
* A file of this machine; a large one that has not changed since it was hashed is not read again.
*
* @param path where it is to lie
* @throws the file system's own error
*/
async function heldAs(path, file) {
	return {
		path,
		sha256: await inTurns(hashFile(file)),
		bytes: statSync(file).size
	};
}
const hashOf = (file) => inTurns(hashFile(file, { anew: true }));
/**
* Brings a file to the store, under its hash, where it is not there yet. A copy is made and proven first: what changes
* meanwhile would stand under a hash that is not its own for ever.
*
* @throws UserError where it is no longer what it was, or the store takes it not
*/
async function pushFile(store, file, { sha256 }) {
	if (await store.has(`data/${sha256}`)) return;
	const folder = temporaryFolder("push");
	try {
		const copy = join(folder, "file");
		copyFileSync(file, copy);
		if (await hashOf(copy) !== sha256) throw failure("data-changed-meanwhile", `${file} changed while it was brought to ${store.address}`, "Give the same command again when nothing writes there any more.");
		await store.write(`data/${sha256}`, copy);
	} finally {
		rmSync(folder, {
			recursive: true,
			force: true
		});
	}
}
/**
* Brings a file from the store to its place, proven by its hash.
*
* @throws UserError `job-file-missing` where it is not there, `job-file-damaged` where it is another one
*/
async function pullFile(store, held, target) {
	makeFolder(dirname(target));
	const aside = join(dirname(target), besideName());
	try {
		if (!await store.read(`data/${held.sha256}`, aside, held.bytes)) throw failure("job-file-missing", `${store.address} does not hold data/${held.sha256}`, again);
		if (await hashOf(aside) !== held.sha256) throw damaged(store, held.sha256);
		renameSync(aside, target);
	} finally {
		rmSync(aside, { force: true });
	}
}
const again = "Give the command again that sent the job: what is not there is brought again.";
function damaged({ address }, sha256) {
	return failure("job-file-damaged", `what ${address} holds as data/${sha256} has another hash: it did not arrive whole, or was changed`, "Remove it there, and give the command again that sent the job.");
}
/**
* As pullFile, by way of this machine's cache: the next job on the machine finds it there. It is read, and never
* written to.
*
* @param cache a folder
*/
async function pullKept(store, held, { cache, target }) {
	const kept = join(cache, held.sha256);
	if (!await isWhole(kept, held)) await pullFile(store, held, kept);
	mkdirSync(dirname(target), { recursive: true });
	try {
		linkSync(kept, target);
	} catch {
		copyFileSync(kept, target);
	}
}
async function isWhole(path, { sha256, bytes }) {
	const stat = statSync(path, { throwIfNoEntry: false });
	return stat?.isFile() === true && stat.size === bytes && await hashOf(path) === sha256;
}
// src/sweeps/transport/job-manifest.ts
const sha256 = text(/^[0-9a-f]{64}$/);
const path = text(plainPath);
/** Form of JobManifest. */
const jobManifest = object({
	version: such(whole, (version) => version === 1),
	/** Version and SHA-256 of the packed program. */
	program: object({
		version: text(),
		sha256
	}),
	/** The folder that the command was given in, and the pipeline file from there, both below that of the job. */
	folder: optional(path),
	file: path,
	/** In full form; `tracking` says nothing of a server. */
	resolved: record(anything),
	/** What the report shows: the file as written, and what was set over it. */
	text: text(),
	settings: list(text()),
	/** What the pipeline reads, from the folder of the job. */
	data: list(heldFile),
	run: object({
		id: text(/^[0-9a-f]{32}$/),
		name: text(),
		experiment: text()
	}),
	untilEpoch: optional(such(whole, (epoch) => epoch >= 1)),
	/** Whether its output is events as JSON. */
	json: flag,
	/** The job whose state it takes up. */
	after: optional(text(/^[A-Za-z0-9][\w.-]{0,199}$/))
});
/** Bytes that a manifest or a result may have: a line for each of a million files. */
const longestManifest = 256 << 20;
/** Form of JobResult. */
const jobResult = object({
	/** Of the manifest that it was started with. */
	manifest: sha256,
	/** As the command itself would end. */
	exitCode: such(whole, (code) => code >= 0 && code < 256),
	/** The run's folder, `EXPERIMENT/RUN`; left out: it was not begun. */
	place: optional(text(/^\d{1,64}\/[0-9a-f]{32}$/)),
	status: optional(text(/^(FINISHED|FAILED|KILLED)$/)),
	pausedAfter: optional(whole),
	/** What ended it. */
	error: optional(text()),
	/** The local store of the job and its kept outcomes, from the folder that the command works in. */
	files: list(heldFile)
});
/** Where the result of a job lies: ids of jobs may have more characters than names of the store. */
function resultName(id) {
	return `jobs/${createHash("sha256").update(id).digest("hex")}`;
}
// src/sweeps/transport/work-at-job.ts
/** Limits of a manifest or a result as JSON. */
const limits = {
	depth: 200,
	holders: 5e6,
	values: 2e7
};
/** Reads the manifest of a job. @throws UserError where it is not there, or none of this version's */
async function readManifest(store, sha256, folder) {
	const file = join(folder, "manifest.json");
	const bytes = longestManifest;
	if (!/^[0-9a-f]{64}$/.test(sha256)) throw notUnderstood(store, "its hash is none");
	await pullFile(store, {
		sha256,
		bytes
	}, file);
	const told = parse(file);
	if (!hasForm(jobManifest, told)) throw notUnderstood(store, `\`${jobManifest(told)}\` is not what it has to be`);
	return told;
}
/** What a job left; undefined: nothing yet. @throws UserError where the store cannot be read, or it is none */
async function readResult(store, id, folder) {
	const file = join(folder, `${createHash("sha256").update(id).digest("hex")}.json`);
	if (!await store.read(resultName(id), file, 268435456)) return void 0;
	const told = parse(file);
	if (!hasForm(jobResult, told)) throw notUnderstood(store, `the result of ${id} is none`);
	return told;
}
function parse(file) {
	const json = Buffer.from(readFileWithin(file, longestManifest)).toString();
	try {
		return isWithin(json, limits) ? JSON.parse(json) : void 0;
	} catch {
		return;
	}
}
const notUnderstood = ({ address }, why) => failure("job-damaged", `${address} holds no job that this version understands: ${why}`, "Send it again.");
/** Where the pipeline file of a job and all that it reads are, once `bringJob` has ended. */
const homeOf = ({ folder, manifest }) => join(folder, manifest.folder ?? "");
/** The local store of a job. */
const storeName = "runs";
/**
* Brings what a job needs: its file, its data by way of this machine's cache, and the state that an earlier job left.
*
* @throws UserError where something is not there, or not what it has to be
*/
async function bringJob(job) {
	const { manifest, store, folder } = job;
	makeFolder(homeOf(job));
	const cache = join(userCache(), "data");
	for (const held of manifest.data) await pullKept(store, held, {
		cache,
		target: join(folder, held.path)
	});
	const file = join(folder, manifest.file);
	makeFolder(dirname(file));
	writeFileSync(file, stringify(manifest.resolved));
	if (manifest.after === void 0) return;
	const before = await readResult(store, manifest.after, folder);
	if (before === void 0) throw notUnderstood(store, `the job ${manifest.after} left nothing to go on from`);
	for (const held of before.files) await pullFile(store, held, join(homeOf(job), held.path));
}
/**
* Runs a job whose files are there, in a process that works in its folder (`homeOf`), and leaves in the store what came
* of it: the record, the model, or the checkpoint of a run that goes on.
*
* @returns how its command ends
* @throws UserError where the store takes nothing
*/
async function workAtJob(job, { emit, signal }) {
	const { store, id, sha256, folder } = job;
	let outcome;
	let thrown;
	try {
		outcome = await runJob(job, emit, signal);
		thrown = "error" in outcome ? outcome.error : void 0;
	} catch (error) {
		thrown = error;
	}
	const exitCode = codeOf(outcome, thrown, signal);
	const kept = [storeName, relative(".", cacheFolder(storeName))].filter((inside) => existsSync(join(homeOf(job), inside)));
	const files = (await Promise.all(kept.map((inside) => filesBelow(homeOf(job), inside)))).flat();
	for (const held of files) await pushFile(store, join(homeOf(job), held.path), held);
	const error = thrown instanceof Error ? thrown.message : void 0;
	const result = {
		manifest: sha256,
		exitCode,
		...outcome && {
			place: `${basename(dirname(outcome.directory))}/${outcome.runId}`,
			status: outcome.status
		},
		...outcome?.pausedAfter !== void 0 && { pausedAfter: outcome.pausedAfter },
		...error !== void 0 && { error },
		files
	};
	const written = join(folder, "result.json");
	writeFileAtomic(written, JSON.stringify(result));
	await store.write(resultName(id), written);
	return {
		exitCode,
		thrown
	};
}
function codeOf(outcome, thrown, signal) {
	if (outcome?.status === "FINISHED" || outcome?.pausedAfter !== void 0) return 0;
	if (signal.aborted) return 130;
	return thrown instanceof UserError ? thrown.exitCode : 1;
}
async function runJob(job, emit, signal) {
	const { manifest, folder } = job;
	const { text, settings, run, untilEpoch } = manifest;
	const file = relative(homeOf(job), join(folder, manifest.file));
	const checked = await checkFile(file, [], { emit });
	const warn = (diagnostic) => emit({
		type: "diagnostic",
		diagnostic
	});
	const tracker = new LocalStore(storeName, warn, {});
	const begun = foldersIn(storeName).find((experiment) => existsSync(join(storeName, experiment, run.id)));
	let into = begun && `${begun}/${run.id}`;
	if (into === void 0) {
		const made = await tracker.start({
			experiment: run.experiment,
			runName: run.name,
			runId: run.id,
			startTime: Date.now(),
			tags: { "mlflow.user": userName() }
		});
		await made.finish("KILLED", Date.now());
		into = relative(tracker.runsDirectory, made.directory);
	}
	return runPipeline({
		checked: {
			...checked,
			source: {
				...checked.source,
				text
			},
			settings
		},
		name: run.name,
		into,
		...untilEpoch !== void 0 && { untilEpoch },
		tracker,
		cache: cacheFolder(storeName),
		emit,
		signal
	});
}
export { workAtJob as a, pushFile as c, readResult as i, homeOf as n, heldAs as o, readManifest as r, pullFile as s, bringJob as t };
