import { Ta as makeFolder, _a as readFileWithin, bs as failure, ja as writeFileAtomic, xa as besideName } from "./checks-359mGJ3h.js";
import { d as readOwnFile, f as registeredFolder, h as runFolder, i as foldersIn, l as plainPath, o as isRunId, p as removeEmpty, t as artifactFile, u as proveWhole } from "./run-folder-Dzo3EkAl.js";
import { f as newestValue, g as readTexts, h as readRun, l as stateOf, m as readKeys } from "./open-journal-k_DVXt93.js";
import { a as metaText, i as editMeta, o as readMeta, r as listExperiments, s as writeMeta } from "./local-experiments-B-Mjh-jT.js";
import { join, resolve } from "node:path";
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { createHash } from "node:crypto";
// src/tracking/run-failures.ts
/** There is no run of an id. */
function unknownRun(runId, where) {
	return failure("unknown-run", `${where} has no run ${runId}`, "`pipeline runs` lists those that there are; name the server with --tracking-uri, or the folder with --runs");
}
/** A run lacks a file. */
function noArtifact(runId, path, error) {
	return failure("no-artifact", `the run ${runId} has no artifact ${path}: ${error.message}`, "only runs of this program that recorded it can be used so", error);
}
/** A run has no model. @param state how far it is */
function noModel(runId, state) {
	const isUnderWay = ["RUNNING", "SCHEDULED"].includes(state);
	return failure("no-model", `the run ${runId} has no model: it is ${state}`, isUnderWay ? "Wait for its end, or name another: `pipeline runs`." : "Name another: `pipeline runs` lists them.");
}
/** There is no such registered model, version or alias. @param known those that there are */
function unknownVersion(message, known = []) {
	return failure("unknown-model-version", message, known.length === 0 ? "`pipeline register RUN --name NAME` registers the model of a run" : `there ${known.length === 1 ? "is" : "are"} ${known.slice(0, 10).join(", ")}`);
}
// src/tracking/store/local-registry.ts
/** The registry of a local store, in `models/` of it, as MLflow's file store keeps and reads it. */
var LocalRegistry = class {
	#runsDirectory;
	constructor(runsDirectory) {
		this.#runsDirectory = runsDirectory;
	}
	/** The id of the run that a version is of. @throws UserError where there is none */
	runOf(name, { version, alias }) {
		const folder = registeredFolder(this.#runsDirectory, name);
		if (!existsSync(join(folder, "meta.yaml"))) {
			const known = foldersIn(join(this.#runsDirectory, "models"));
			throw unknownVersion(`${this.#runsDirectory} has no registered model ${name}`, known);
		}
		const pointed = alias === void 0 ? void 0 : this.#aliases(folder).get(alias);
		if (alias !== void 0 && pointed === void 0) throw unknownVersion(`the model ${name} has no alias ${alias}`, [...this.#aliases(folder).keys()]);
		const meta = readMeta(join(folder, `version-${Number(version ?? pointed)}`, "meta.yaml"));
		if (meta === void 0) throw unknownVersion(`the model ${name} has no version ${version ?? pointed}`, versionsIn(folder).map(String));
		return metaText(meta["run_id"]);
	}
	/**
	* Registers the model of a run, as the next version of that name, which is made where it is not there.
	*
	* @param source address of the folder of the model
	* @returns the version
	* @throws the file system's own error
	*/
	register(name, runId, source, alias) {
		const folder = registeredFolder(this.#runsDirectory, name);
		const now = Date.now();
		const times = {
			creation_timestamp: now,
			last_updated_timestamp: now
		};
		const path = join(folder, "meta.yaml");
		if (existsSync(path)) editMeta(path, { last_updated_timestamp: now });
		else {
			makeFolder(folder);
			writeMeta(path, {
				...times,
				deployment_job_id: null,
				deployment_job_state: null,
				description: null,
				name
			});
		}
		const aside = join(folder, besideName());
		for (let version = Math.max(0, ...versionsIn(folder)) + 1;; version++) {
			mkdirSync(aside);
			writeMeta(join(aside, "meta.yaml"), {
				...times,
				current_stage: "None",
				deployment_job_state: null,
				description: null,
				model_id: null,
				name,
				run_id: runId,
				run_link: null,
				source,
				status: "READY",
				status_message: null,
				storage_location: source,
				user_id: null,
				version
			});
			try {
				renameSync(aside, join(folder, `version-${version}`));
			} catch (error) {
				rmSync(join(aside, "meta.yaml"));
				removeEmpty(aside);
				if (["ENOTEMPTY", "EEXIST"].includes(error.code ?? "")) continue;
				throw error;
			}
			if (alias !== void 0) writeFileAtomic(join(folder, "aliases", alias), String(version), aside);
			return String(version);
		}
	}
	#aliases(folder) {
		const aliases = join(folder, "aliases");
		if (!foldersIn(folder).includes("aliases")) return /* @__PURE__ */ new Map();
		return new Map(readKeys(aliases).flatMap((alias) => {
			const version = readOwnFile(join(aliases, alias), 100).trim();
			return /^[1-9]\d{0,9}$/.test(version) ? [[alias, version]] : [];
		}));
	}
};
function versionsIn(folder) {
	return foldersIn(folder).map((name) => Number(/^version-([1-9]\d{0,9})$/.exec(name)?.[1])).filter((version) => !Number.isNaN(version));
}
// src/tracking/store/local-runs.ts
const longestArtifact = 1e7;
/** The runs of a local store, ours and those that MLflow wrote there. */
var LocalRuns = class {
	where;
	constructor(runsDirectory) {
		this.where = runsDirectory;
	}
	async *newestFirst() {
		yield* listExperiments(this.where).flatMap(({ id, directory }) => foldersIn(directory).filter(isRunId).flatMap((runId) => StoredRun.in(join(directory, runId), runId, id))).sort((one, other) => other.startTime - one.startTime || (one.runId < other.runId ? 1 : -1));
	}
	async registered(name, version) {
		return new LocalRegistry(this.where).runOf(name, version);
	}
	async register(runId, name, alias) {
		const { modelFolder } = await this.fetch(runId);
		const source = pathToFileURL(resolve(await modelFolder())).href;
		try {
			return new LocalRegistry(this.where).register(name, runId, source, alias);
		} catch (error) {
			if (!(error instanceof Error) || !("syscall" in error)) throw error;
			throw failure("not-registered", `the model cannot be registered in ${this.where}: ${error.message}`, "Make it writable and make room there.", error);
		}
	}
	async fetch(runId) {
		const found = (isRunId(runId) ? listExperiments(this.where) : []).map((experiment) => ({
			experiment: experiment.name,
			directory: runFolder(experiment.directory, runId)
		})).find(({ directory }) => readMeta(join(directory, "meta.yaml")) !== void 0);
		if (found === void 0) throw unknownRun(runId, this.where);
		const { experiment, directory } = found;
		proveWhole(directory);
		const meta = readMeta(join(directory, "meta.yaml"));
		const artifacts = join(directory, "artifacts");
		return {
			runId,
			where: this.where,
			name: metaText(meta["run_name"]),
			state: stateOf(meta["status"]),
			experiment,
			tags: readTexts(join(directory, "tags")),
			metrics: async () => readRun(directory).metrics,
			artifact: async (path) => {
				try {
					return new TextDecoder().decode(readFileWithin(artifactFile(artifacts, path), longestArtifact));
				} catch (error) {
					throw noArtifact(runId, path, error);
				}
			},
			modelFolder: async () => {
				if (!existsSync(join(artifacts, "model/model.json"))) throw noModel(runId, stateOf(meta["status"]));
				return join(artifacts, "model");
			}
		};
	}
};
/** A run whose files are read one by one: a list of ten thousand runs asks for few of them. */
var StoredRun = class StoredRun {
	runId;
	name;
	experimentId;
	state;
	startTime;
	endTime;
	#directory;
	#parts;
	#metrics;
	#params;
	/** The run of a folder, or none where it holds none, or one that is deleted. */
	static in(directory, runId, experimentId) {
		const meta = readMeta(join(directory, "meta.yaml"));
		if (meta === void 0 || meta["lifecycle_stage"] === "deleted") return [];
		return [new StoredRun(directory, runId, experimentId, meta)];
	}
	constructor(directory, runId, experimentId, meta) {
		[this.#directory, this.runId, this.experimentId] = [
			directory,
			runId,
			experimentId
		];
		this.name = metaText(meta["run_name"]);
		this.state = stateOf(meta["status"]);
		this.startTime = timeIn(meta["start_time"]) ?? 0;
		this.endTime = timeIn(meta["end_time"]);
	}
	get metrics() {
		return this.#metrics ??= this.#all("metrics", (folder, key) => newestValue(folder, key));
	}
	get params() {
		return this.#params ??= this.#all("params", (folder, key) => readOwnFile(join(folder, key)));
	}
	metric(key) {
		return this.#metrics === void 0 ? this.#one("metrics", key, newestValue) : this.#metrics[key];
	}
	param(key) {
		return this.#one("params", key, (folder) => readOwnFile(join(folder, key)));
	}
	tag(key) {
		return this.#one("tags", key, (folder) => readOwnFile(join(folder, key)));
	}
	#all(part, read) {
		const folder = this.#folder(part);
		if (folder === void 0) return {};
		return Object.fromEntries(readKeys(folder).flatMap((key) => {
			const value = read(folder, key);
			return value === void 0 ? [] : [[key, value]];
		}));
	}
	#one(part, key, read) {
		const folder = this.#folder(part);
		if (folder === void 0 || !plainPath.test(key)) return void 0;
		if (key.includes("/") && !readKeys(folder).includes(key)) return void 0;
		try {
			return read(folder, key);
		} catch (error) {
			if (["ENOENT", "ENAMETOOLONG"].includes(error.code ?? "")) return void 0;
			throw error;
		}
	}
	/** The folder of a part, where it is one and no link. */
	#folder(part) {
		this.#parts ??= foldersIn(this.#directory);
		return this.#parts.includes(part) ? join(this.#directory, part) : void 0;
	}
};
function timeIn(value) {
	return typeof value === "number" && Number.isSafeInteger(value) && Math.abs(value) <= 864e13 ? value : void 0;
}
// src/tracking/sweep-tags.ts
/** Tags by which the runs of a sweep are known, in every tracker. */
const sweepTags = {
	/** The sweep that a run is of: its parent run, or one of its trials. */
	sweep: "layerline.sweep",
	/** The number of a trial; its parent has none. */
	trial: "layerline.trial",
	/** Of the parent: the best trial so far, by the id of its run in the local store, and by its number. */
	best: "layerline.best",
	bestTrial: "layerline.best_trial",
	/** Of the parent: the fingerprint of the sweep file, see sweepFingerprint. */
	file: "layerline.sweep_sha256"
};
/** Whether a run is the one that the trials of a sweep are below. */
function isSweep(run) {
	return run.tag(sweepTags.sweep) !== void 0 && !isTrialOfSweep(run);
}
/** Whether a run is a trial of a sweep. */
function isTrialOfSweep(run) {
	return run.tag(sweepTags.trial) !== void 0;
}
/** What a sweep file is known by, to tell whether it was edited since. */
function sweepFingerprint(text) {
	return createHash("sha256").update(text).digest("hex");
}
export { LocalRuns as a, unknownRun as c, sweepTags as i, unknownVersion as l, isTrialOfSweep as n, noArtifact as o, sweepFingerprint as r, noModel as s, isSweep as t };
