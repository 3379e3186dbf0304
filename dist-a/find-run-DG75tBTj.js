import { Cs as warning, Da as removeLeftovers, Ea as realPath, Io as hasForm, Na as shorten, Oa as statOf, Qa as ownFolder, Ss as misuse, Ta as makeFolder, _a as readFileWithin, bs as failure, eo as nearest, fa as shellWord, in as moreIsBetter, io as showBytes, ka as syncFolder, xa as besideName, xn as serverAddress } from "./checks-359mGJ3h.js";
import { a as readHistory, n as warnOfClearText, r as trackingPlace } from "./choose-tracker-DaboSSyX.js";
import { S as notMlflow, T as mostValues, _ as MlflowClient, b as RequestError } from "./open-journal-k_DVXt93.js";
import { a as LocalRuns, c as unknownRun, i as sweepTags, l as unknownVersion, n as isTrialOfSweep, o as noArtifact, r as sweepFingerprint, s as noModel, t as isSweep } from "./sweep-tags-VhXVlYMh.js";
import { n as artifactPath } from "./run-folder-Dzo3EkAl.js";
import { i as serverRunId } from "./journal-lines-D6-FS7N0.js";
import { dirname, join } from "node:path";
import { createWriteStream, renameSync, rmSync } from "node:fs";
import { pipeline } from "node:stream/promises";
// src/tracking/registered-model.ts
/** `models:/NAME/3` and `models:/NAME@ALIAS`, as MLflow writes them; undefined for anything else. */
function parseModelUri(uri) {
	const [, name, alias, version] = /^models:\/{1,3}([^/:@]+)(?:@([\w-]{1,255})|\/([1-9]\d{0,9}))$/.exec(uri) ?? [];
	if (name === void 0) return void 0;
	return alias === void 0 ? {
		name,
		version
	} : {
		name,
		alias
	};
}
/** What of a name is none that MLflow's stores take, and that `models:/NAME` can hold. */
function modelNameMisfit(name) {
	if (/^(?=\S)[^/\\:@%"'\p{Cc}]{1,200}$/u.test(name) && !/^\.{1,2}$|\s$/.test(name)) return void 0;
	return {
		problem: `'${name.slice(0, 100)}' cannot be the name of a registered model`,
		hint: "It has 1 to 200 characters, none of them / \\ : @ % or a quotation mark."
	};
}
/** The same of an alias. */
function aliasMisfit(alias) {
	if (/^[\w-]{1,255}$/.test(alias) && !/^(v\d+|latest)$/i.test(alias)) return void 0;
	return {
		problem: `'${alias.slice(0, 100)}' cannot be an alias`,
		hint: "It has letters, digits, _ and -; MLflow keeps `latest`, and such as `v3`, for itself."
	};
}
// src/tracking/server/fetch-model.ts
/** Bytes that a model may have, with all that is beside it. */
const mostBytes = 16e9;
/**
* Fetches the model of a server's run into `.layerline/models/RUN/` of the folder that one works in, where it is not
* there yet: whole, or not at all. What it is, its own hashes prove when it is loaded.
*
* @param runId as a server has it
* @param weights the hash of the weights that the run has recorded; left out: nothing that is there is taken
* @returns the folder of the model; undefined where the run has none
* @throws RequestError; UserError where it is too large; the file system's own error
*/
async function fetchModel(client, runId, weights, signal) {
	const models = ownFolder(".", ".layerline", "models");
	const kept = join(models, runId);
	if (weights !== void 0 && weightsIn(kept) === weights) return join(kept, "model");
	const files = await client.filesIn(runId, "model", signal);
	if (!files.some(({ path }) => path === "model/model.json")) return void 0;
	const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
	if (bytes > mostBytes) throw failure("model-too-large", `the model of the run ${runId} has ${showBytes(bytes)}, more than ${showBytes(mostBytes)}`, "Fetch it with MLflow, and name the folder that it is in.");
	makeFolder(models);
	removeLeftovers(models, `.${runId}`);
	const aside = join(models, besideName(`.${runId}`));
	try {
		let left = mostBytes;
		for (const path of ["config/resolved.yaml", ...files.map((file) => file.path)]) {
			const target = artifactPath(aside, path);
			makeFolder(dirname(target));
			const counted = async function* () {
				for await (const piece of client.receiveArtifact(runId, path, left, signal)) {
					left -= piece.length;
					yield piece;
				}
			};
			await pipeline(counted, createWriteStream(target, {
				flags: "wx",
				flush: true
			}), { signal });
		}
		rmSync(kept, {
			recursive: true,
			force: true
		});
		renameSync(aside, kept);
		syncFolder(models);
	} catch (error) {
		if (!(error instanceof Error) || !("syscall" in error)) throw error;
		throw failure("model-not-fetched", `the model of the run ${runId} cannot be written to ${models}: ${error.message}`, "Make it writable and make room there.", error);
	} finally {
		rmSync(aside, {
			recursive: true,
			force: true
		});
	}
	return join(kept, "model");
}
/** The hash of its weights that the model of a folder says, which its loading proves; undefined where there is none. */
function weightsIn(folder) {
	try {
		const text = new TextDecoder().decode(readFileWithin(join(folder, "model/model.json"), 1e8));
		return /"weightsSha256":\s*"([0-9a-f]{64})"/.exec(text)?.[1];
	} catch {
		return;
	}
}
// src/tracking/server/server-runs.ts
/** Runs of an answer: each may have a hundred kilobytes of tags. */
const runsOfPage = 50;
/** Pages of a list: a server that gives ever more of them has no end. */
const mostPages = 1e3;
/** The runs of an MLflow server. */
var ServerRuns = class {
	where;
	#client;
	#signal;
	constructor(client, signal) {
		[this.#client, this.#signal, this.where] = [
			client,
			signal,
			client.address
		];
	}
	async *newestFirst() {
		const experiment_ids = await this.#asked("the runs", () => this.#experiments());
		if (experiment_ids.length === 0) return;
		for (let [token, page] = ["", 0]; page < mostPages; page++) {
			const { runs = [], next_page_token: next = "" } = await this.#asked("the runs", () => this.#client.call("searchRuns", {
				experiment_ids,
				max_results: runsOfPage,
				order_by: ["attributes.start_time DESC"],
				...token === "" ? {} : { page_token: token }
			}, this.#signal));
			for (const run of runs) yield listed$1(run);
			if (next === "" || next === token || runs.length === 0) return;
			token = next;
		}
	}
	async fetch(runId) {
		const { info, data } = await this.#run(runId);
		const experiment = info.experiment_id;
		const tags = Object.fromEntries((data?.tags ?? []).map(({ key, value }) => [key, value ?? ""]));
		return {
			runId,
			where: this.where,
			name: info.run_name ?? runId,
			state: info.status ?? "RUNNING",
			experiment: experiment === void 0 ? "" : await this.#asked("the run", () => this.#client.experimentName(experiment, this.#signal)),
			tags,
			metrics: () => this.#asked("the run", () => this.#epochs(runId, data?.metrics ?? []), () => unknownRun(runId, this.where)),
			artifact: (path) => this.#artifact(runId, path),
			modelFolder: () => this.#modelFolder(runId, info.status, tags["pipeline.weights_sha256"])
		};
	}
	async registered(name, { version, alias }) {
		const { model_version } = await this.#asked("the registered model", () => alias === void 0 ? this.#client.call("getModelVersion", {
			name,
			version
		}, this.#signal) : this.#client.call("getModelVersionByAlias", {
			name,
			alias
		}, this.#signal), () => unknownVersion(`${this.where} has no model ${name}${alias === void 0 ? `/${version}` : `@${alias}`}`));
		const { run_id: runId, version: found, source = "" } = model_version;
		if (hasForm(serverRunId, runId)) return runId;
		throw unknownVersion(`version ${found} of ${name} is not of a run: it is of ${shorten(source, 200)}`);
	}
	async register(runId, name, alias) {
		const { info } = await this.#run(runId);
		if ((await this.#asked("the model", () => this.#client.listArtifacts(runId, "model", this.#signal)))?.has("model/model.json") !== true) throw noModel(runId, info.status ?? "RUNNING");
		const source = `${info.artifact_uri ?? `runs:/${runId}`}/model`;
		const call = this.#client.call.bind(this.#client);
		return this.#asked("the registry", async () => {
			try {
				await call("createRegisteredModel", { name }, this.#signal);
			} catch (error) {
				if (!(error instanceof RequestError) || error.code !== "RESOURCE_ALREADY_EXISTS") throw error;
			}
			const { version } = (await call("createModelVersion", {
				name,
				source,
				run_id: runId
			}, this.#signal)).model_version;
			if (alias !== void 0) await call("setRegisteredModelAlias", {
				name,
				alias,
				version
			}, this.#signal);
			return version;
		});
	}
	#run(runId) {
		return this.#asked("the run", async () => (await this.#client.call("getRun", { run_id: runId }, this.#signal)).run, () => unknownRun(runId, this.where));
	}
	async #experiments() {
		const ids = [];
		for (let [token, page] = ["", 0]; page < mostPages; page++) {
			const { experiments = [], next_page_token: next = "" } = await this.#client.call("searchExperiments", {
				max_results: 1e3,
				...token === "" ? {} : { page_token: token }
			}, this.#signal);
			ids.push(...experiments.map(({ experiment_id }) => experiment_id));
			if (next === "" || next === token || experiments.length === 0) break;
			token = next;
		}
		return ids;
	}
	async #epochs(runId, newest) {
		const metrics = [];
		for (const { key, step = 0 } of newest) {
			if (step === 0) continue;
			for (const metric of await readHistory(this.#client, runId, key, this.#signal)) metrics.push({
				...metric,
				value: Number(metric.value)
			});
			if (metrics.length > 16e6) throw new RequestError(`${this.where} answered getMetricHistory with more than ${mostValues} values of one run: is it an MLflow server?`, { status: 200 });
		}
		return metrics;
	}
	async #artifact(runId, path) {
		try {
			return await this.#client.getArtifact(runId, path, this.#signal);
		} catch (error) {
			this.#signal.throwIfAborted();
			throw noArtifact(runId, path, error);
		}
	}
	async #modelFolder(runId, state = "RUNNING", weights) {
		const folder = await this.#asked("the model", () => fetchModel(this.#client, runId, weights, this.#signal));
		if (folder === void 0) throw noModel(runId, state);
		return folder;
	}
	/** What a server answers, or why it does not. @param unknown what is thrown where it has no such thing */
	async #asked(what, ask, unknown) {
		try {
			return await ask();
		} catch (error) {
			this.#signal.throwIfAborted();
			if (!(error instanceof RequestError)) throw error;
			throw error.code === "RESOURCE_DOES_NOT_EXIST" && unknown !== void 0 ? unknown() : notReadable(what, this.where, error);
		}
	}
};
function notReadable(what, where, error) {
	return failure("run-not-readable", `cannot read ${what} from ${where}: ${error.message}`, error.wayOut ?? (error.isOutage ? "check the tracking URI, and whether the server is up" : notMlflow(error)), error);
}
function listed$1({ info, data = {} }) {
	const texts = (pairs = []) => Object.fromEntries(pairs.map(({ key, value = "" }) => [key, value]));
	const [params, tags] = [texts(data.params), texts(data.tags)];
	const metrics = Object.fromEntries((data.metrics ?? []).map(({ key, value = 0 }) => [key, Number(value)]));
	const of = (values, key) => Object.hasOwn(values, key) ? values[key] : void 0;
	return {
		runId: info.run_id,
		name: info.run_name ?? "",
		experimentId: info.experiment_id ?? "",
		state: info.status ?? "RUNNING",
		startTime: info.start_time ?? 0,
		endTime: info.end_time,
		metrics,
		params,
		metric: (key) => of(metrics, key),
		param: (key) => of(params, key),
		tag: (key) => of(tags, key)
	};
}
// src/tracking/open-runs.ts
/**
* The runs that are recorded in a place.
*
* @param uri of an MLflow server, as the user named it; undefined or empty: the local store
* @throws UserError for a URI that is neither a server's nor a folder's
*/
function openRuns(runsDirectory, uri, { warn, signal }) {
	const place = uri === void 0 || uri === "" ? { folder: runsDirectory } : trackingPlace(uri);
	if (place.folder !== void 0) return new LocalRuns(place.folder);
	const server = serverAddress(place.server, true);
	warnOfClearText(server, warn);
	return new ServerRuns(new MlflowClient(server, process.env), signal);
}
// src/models/best-of-sweep.ts
/** Bytes of a sweep file that are read. */
const longestFile = 1e7;
/**
* The run of the best trial of a sweep. It is found by its number: a server has it under another id.
*
* @param file the sweep file, where the sweep was named by it
* @throws UserError where no trial was trained to its end yet, or the best one's run is gone
*/
async function bestOfSweep(sweep, recorded, { warn }, file) {
	const best = sweep.tag(sweepTags.bestTrial);
	const run = best === void 0 ? void 0 : await trialOf(sweep, recorded, best);
	if (best !== void 0 && run === void 0) throw failure("sweep-without-best", `the run of trial ${shorten(best, 20)}, the best of its sweep, is not in ${recorded.where}`, "it may be deleted: `pipeline runs` lists the others");
	if (run === void 0 || !isTrained(run)) throw noneTrained$1(sweep);
	if (sweep.state === "RUNNING" || sweep.state === "KILLED") warn(warning("sweep-under-way", `the sweep ${shorten(sweep.name)} ${sweep.state === "RUNNING" ? "is under way" : "was interrupted"}: this is its best so far, trial ${best}, run ${run.runId}`, sweep.state === "RUNNING" ? "it may find a better one: wait for its end" : goOn(sweep)));
	const known = sweep.tag(sweepTags.file);
	if (file !== void 0 && known !== void 0 && known !== fingerprintOf(file)) warn(warning("sweep-file-edited", `${file} was edited since its sweep, and trial ${best} is the best of the sweep as it was`, `\`pipeline sweep ${shellWord(file)}\` searches by what it says now`));
	return run.runId;
}
async function trialOf(sweep, recorded, number) {
	const id = sweep.tag(sweepTags.sweep);
	for await (const run of recorded.newestFirst()) if (run.tag(sweepTags.trial) === number && run.tag(sweepTags.sweep) === id) return run;
}
/** Whether a trial came to its end; one that missed what `evaluate.require` says did, too. */
function isTrained(run) {
	return run.state === "FINISHED" || run.state === "FAILED" && run.tag("pipeline.gates") === "failed";
}
function noneTrained$1(sweep) {
	const under = `the sweep ${shorten(sweep.name)} has no trial that is trained to its end`;
	if (sweep.state === "RUNNING") return failure("sweep-without-best", `${under} yet: it is under way`, "wait for one; `pipeline runs` names runs of earlier sweeps");
	if (sweep.state === "KILLED") return failure("sweep-without-best", `${under}: it was interrupted`, goOn(sweep));
	return failure("sweep-without-best", under, `see why in its report: \`pipeline report ${sweep.runId.slice(0, 12)}\``);
}
function goOn(sweep) {
	return `go on with it: \`pipeline sweep ${shellWord(shorten(sweep.tag("mlflow.source.name") ?? "FILE", 200))}\``;
}
function fingerprintOf(file) {
	const text = textOf(file);
	return text === void 0 ? void 0 : sweepFingerprint(text);
}
/** Whether a file says that it is a sweep. */
function saysSweep(file) {
	return /^"?sweep"?\s*:/m.test(textOf(file) ?? "");
}
function textOf(file) {
	try {
		return new TextDecoder().decode(readFileWithin(file, longestFile));
	} catch {
		return;
	}
}
// src/models/find-run.ts
/**
* Finds the run that a user means: by its id or a beginning of it, as `last` or `last~2`, as `best:METRIC`, by its
* pipeline file, or as a version of a registered model, `models:/NAME/3` or `models:/NAME@ALIAS`. A sweep, by its file
* or by the id of its own run, is the run of its best trial.
*
* @throws UserError where there is none, which names those that are near, or no way to it
*/
async function findRun(reference, { runs, trackingUri }, watch) {
	const recorded = openRuns(runs, trackingUri, watch);
	const found = await recorded.fetch(await runIdOf(reference, recorded));
	const tagged = {
		...found,
		tag: tagOf(found)
	};
	if (!isSweep(tagged)) return found;
	const file = isFile(reference) ? reference : void 0;
	return recorded.fetch(await bestOfSweep(tagged, recorded, watch, file));
}
/**
* Finds the run whose report a user means, as findRun does; of a sweep its own, which all trials are below, and of a
* pipeline file that repeats itself that of all its repetitions.
*
* @throws UserError see findRun
*/
async function findReported(reference, { runs, trackingUri }, watch) {
	const recorded = openRuns(runs, trackingUri, watch);
	const found = await recorded.fetch(await runIdOf(reference, recorded));
	const parentId = found.tags["mlflow.parentRunId"];
	if (parentId === void 0 || parentId === "" || !isFile(reference)) return found;
	for await (const run of recorded.newestFirst()) if (run.runId === parentId) return run.tag("pipeline.repetitions") === void 0 ? found : recorded.fetch(parentId);
	return found;
}
/** What the run above repetitions and folds says of them. */
const repetitionsTag = "pipeline.repetitions";
const isFile = (reference) => statOf(reference)?.isFile() === true;
const tagOf = ({ tags }) => (key) => Object.hasOwn(tags, key) ? tags[key] : void 0;
const wholeId = /^[0-9a-f]{32}$|^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
async function runIdOf(reference, recorded) {
	if (wholeId.test(reference)) return reference;
	if (reference.startsWith("models:")) {
		const model = parseModelUri(reference);
		if (model === void 0) throw misuse("bad-model-uri", `'${shorten(reference, 200)}' names no version of a registered model`, "write it as models:/NAME/3 or models:/NAME@ALIAS");
		return recorded.registered(model.name, model);
	}
	const [isLast, back = "0"] = /^last(?:~(\d{1,6}))?$/.exec(reference) ?? [];
	if (isLast !== void 0) return (await trainedRun(recorded, Number(back))).runId;
	const [, metric] = /^best:(.+)$/s.exec(reference) ?? [];
	if (metric !== void 0) return (await bestRun(recorded, metric)).runId;
	const kind = statOf(reference);
	if (isFile(reference)) return (await runOfFile(recorded, reference)).runId;
	if (kind !== void 0) throw failure("unknown-run", `${shorten(reference, 200)} is a folder, and no run`, "name the run by its id: `pipeline runs`");
	return (await runBeginning(recorded, reference)).runId;
}
/** Whether a run has a model that its numbers tell of: none that was a try, or evaluated another. */
function hasTrained(run) {
	return run.state === "FINISHED" && run.tag("pipeline.layerline") !== void 0 && ["pipeline.evaluates", "pipeline.trial"].every((key) => run.tag(key) === void 0);
}
/** Whether a run is of a pipeline file, whose name it recorded from the folder that it was started in. */
function isOfFile(run, file) {
	const source = run.tag("mlflow.source.name");
	return source !== void 0 && !source.includes("\0") && realPath(source) === realPath(file);
}
async function* trained(recorded) {
	for await (const run of recorded.newestFirst()) if (hasTrained(run)) yield run;
}
/** Runs that were trained on their own, and finished sweeps that have a best trial. */
async function* topLevel(recorded) {
	for await (const run of recorded.newestFirst()) if (isSweep(run) ? run.state === "FINISHED" && run.tag(sweepTags.bestTrial) !== void 0 : hasTrained(run) && !isTrialOfSweep(run)) yield run;
}
async function trainedRun(recorded, back) {
	let seen = 0;
	for await (const run of topLevel(recorded)) if (seen++ === back) return run;
	if (seen === 0) throw noneTrained(recorded);
	throw failure("unknown-run", `${recorded.where} has ${seen} finished ${seen === 1 ? "run" : "runs"}, so there is no last~${back}`, `the first one is ${seen === 1 ? "`last`" : `\`last~${seen - 1}\``}`);
}
async function bestRun(recorded, metric) {
	if (isFile(metric)) throw misuse("unrecorded-metric", `\`best:\` is followed by a metric, and ${shorten(metric, 200)} is a file`, `a sweep file alone is the run of its best trial: \`${shorten(metric, 200)}\``);
	const more = moreIsBetter(metric);
	let [newest, best] = [void 0, void 0];
	let bestValue = NaN;
	const names = /* @__PURE__ */ new Set();
	for await (const run of trained(recorded)) {
		newest ??= run;
		if (run.experimentId !== newest.experimentId) continue;
		const value = run.metric(metric);
		if (value === void 0) for (const name of Object.keys(run.metrics)) names.add(name);
		if (value === void 0 || Number.isNaN(value)) continue;
		if (best === void 0 || (more ? value > bestValue : value < bestValue)) [best, bestValue] = [run, value];
	}
	if (best !== void 0) return best;
	if (newest === void 0) throw noneTrained(recorded);
	const guess = nearest(metric, names);
	throw failure("unrecorded-metric", `no finished run of the experiment of the newest one, ${newest.runId}, has a value of \`${shorten(metric, 100)}\``, guess === void 0 ? "`pipeline runs` shows what they have" : `did you mean \`best:${guess}\`?`);
}
/** Of a sweep file its newest sweep, however far it is. */
async function runOfFile(recorded, file) {
	const files = /* @__PURE__ */ new Set();
	const [swept, sweeps] = [/* @__PURE__ */ new Set(), /* @__PURE__ */ new Map()];
	for await (const run of recorded.newestFirst()) {
		const isOne = isOfFile(run, file);
		const sweep = run.tag(sweepTags.sweep) ?? "";
		if (isTrialOfSweep(run)) {
			if (isOne) swept.add(sweep);
			continue;
		}
		if (!isSweep(run) && !hasTrained(run)) continue;
		if (isOne) return run;
		const name = run.tag("mlflow.source.name") ?? "";
		files.add(name);
		if (isSweep(run)) sweeps.set(sweep, name);
	}
	const sweepFile = [...swept].map((sweep) => sweeps.get(sweep)).find((name) => name !== void 0);
	if (sweepFile !== void 0) throw failure("unknown-run", `${recorded.where} has no finished run of ${file} but trials of a sweep`, `name the sweep, for its best trial: \`${shorten(sweepFile, 200)}\``);
	const guess = nearest(file, files);
	const isSweepFile = saysSweep(file);
	const makes = `\`pipeline ${isSweepFile ? "sweep" : "run"} ${file}\` makes one`;
	throw failure("unknown-run", `${recorded.where} has no ${isSweepFile ? "sweep" : "finished run"} of ${file}`, guess === void 0 ? `${makes}; name another store with --runs, or a server with --tracking-uri` : `${makes}; or did you mean \`${shorten(guess, 200)}\`?`);
}
async function runBeginning(recorded, beginning) {
	const [found, others] = [[], []];
	const isId = /^[0-9a-f][0-9a-f-]*$/.test(beginning);
	for await (const run of recorded.newestFirst()) (isId && run.runId.startsWith(beginning) ? found : others).push(run);
	const [one, ...more] = found;
	if (one !== void 0 && more.length === 0) return one;
	if (one !== void 0) throw failure("ambiguous-run", `${found.length} runs begin with ${beginning}`, `give more of it: ${listed(found)}`);
	throw unknownReference(beginning, recorded.where, others);
}
function unknownReference(reference, where, runs) {
	const files = new Set(runs.flatMap((run) => run.tag("mlflow.source.name") ?? []));
	const file = /\.(ya?ml|json)$/.test(reference) ? nearest(reference, files) : void 0;
	if (file !== void 0) return failure("unknown-run", `there is no file ${shorten(reference, 200)}, and no run of that name`, `did you mean \`${shorten(file, 200)}\`?`);
	const named = new Map(runs.map((run) => [run.name, run]));
	const near = named.get(nearest(reference, named.keys()) ?? "") ?? nearestId(reference, runs);
	const forms = "a run is named by its id, as `last`, `best:METRIC`, by its pipeline or sweep file, or as `models:/NAME/VERSION`";
	const message = `${where} has no run ${shorten(reference, 200)}`;
	if (near !== void 0) return failure("unknown-run", message, `did you mean ${listed([near])}?`);
	if (runs.length === 0) return failure("unknown-run", message, `there is none yet; ${forms}`);
	const own = runs.filter((run) => !isTrialOfSweep(run));
	return failure("unknown-run", message, `${forms}; the newest: ${listed(own.length === 0 ? runs : own)}`);
}
function nearestId(reference, runs) {
	if (!/^[0-9a-f]{6,}$/.test(reference)) return void 0;
	const ids = new Map(runs.map((run) => [run.runId.slice(0, reference.length), run]));
	return ids.get(nearest(reference, ids.keys()) ?? "");
}
/** The first few, with what tells people which they are. */
function listed(runs) {
	const shown = runs.slice(0, 5).map(({ runId, name }) => `${runId.slice(0, 12)} (${shorten(name)})`);
	return [...shown, ...runs.length > shown.length ? ["..."] : []].join(", ");
}
function noneTrained({ where }) {
	return failure("unknown-run", `${where} has no finished run`, "`pipeline runs` lists those that there are; trials, and runs that evaluate another, do not count");
}
export { openRuns as a, repetitionsTag as i, findRun as n, aliasMisfit as o, isOfFile as r, modelNameMisfit as s, findReported as t };
