import { c as silence, r as isAtWork, t as claim } from "./claim-xMI5Bay-.js";
import { Cs as warning, Da as removeLeftovers, Na as shorten, Ta as makeFolder, bs as failure, pn as addressWord, vs as UserError } from "./checks-359mGJ3h.js";
import { C as tooLarge, O as entryKinds, b as RequestError, c as LocalRun, d as reasonOf, o as openJournal, r as closeJournal, t as addTo, u as statusNumber } from "./open-journal-k_DVXt93.js";
import { i as editMeta, n as findOrCreateExperiment, o as readMeta, r as listExperiments, s as writeMeta } from "./local-experiments-B-Mjh-jT.js";
import { _ as runParts, h as runFolder, m as removeHalfMade, u as proveWhole } from "./run-folder-Dzo3EkAl.js";
import { basename, dirname, join, resolve } from "node:path";
import { userInfo } from "node:os";
import { setTimeout } from "node:timers/promises";
import { mkdirSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { randomUUID } from "node:crypto";
// src/tracking/server/undelivered.ts
/** What a server refused for good, and what still waits for it: one warning for each cause. */
function tellOfUndelivered({ address, isOfJournal = false, runId, refused, pending, isKnown, failure }) {
	const to = isOfJournal ? void 0 : address;
	const refusals = tellOfRefusals(refused, `nothing is lost: the local store has all of it; \`${again(runId, to)}\` sends the run anew`, isOfJournal ? address : void 0);
	if (pending.length === 0) return refusals;
	const why = failure?.message ?? `${address} did not take it in time`;
	const way = isKnown && failure instanceof RequestError && failure.code === "RESOURCE_DOES_NOT_EXIST" ? `\`${again(runId, to)}\` sends it anew` : `\`pipeline sync --to ${wordFor(to)}\` delivers it, and so does the next \`pipeline run\` that is recorded there`;
	const first = failure instanceof RequestError && failure.wayOut !== void 0 ? `${failure.wayOut}; ` : "";
	const ofMany = {
		cause: why,
		message: `not delivered yet: ${why}`
	};
	return [...refusals, {
		...warning("not-delivered", `not delivered yet: ${count(pending)}: ${why}`, `${first}nothing is lost: ${way}`),
		ofMany
	}];
}
/**
* One warning for each cause; where there are many, as a journal from elsewhere may say, the last is for the rest of
* them.
*
* @param address of the server, where the command does not name it
*/
function tellOfRefusals(refused, hint, address) {
	const server = address === void 0 ? "the server" : `the server at ${shorten(address, 200)}`;
	const causes = [...new Set(refused.map(({ cause }) => cause))].slice(0, mostCauses);
	return [...causes.map((one) => refused.filter(({ cause }) => cause === one)), refused.filter(({ cause }) => !causes.includes(cause))].filter(({ length }) => length > 0).map((alike) => {
		const { cause, reason: whole } = alike[0];
		const reason = shorten(whole, 600);
		const first = cause.startsWith("413 ") ? `${tooLarge}; ` : "";
		return {
			...warning("not-taken", `${server} does not take ${count(alike)}: ${reason}`, `${first}${hint}`),
			ofMany: {
				cause: `${server} ${cause}`,
				message: `${server} does not take all of each: ${reason}`
			}
		};
	});
}
/** The command that sends a run to a server once more. @param address undefined: only a journal names it */
function again(runId, address) {
	return `pipeline sync --again ${runId} --to ${wordFor(address)}`;
}
function wordFor(address) {
	return address === void 0 ? "ADDRESS" : addressWord(address);
}
const mostCauses = 3;
/** `tags (4), artifacts (a, b, c and 2 more), status`. */
function count(things) {
	return [...new Set(things.map(({ kind }) => kind))].map((kind) => {
		const items = things.filter((thing) => thing.kind === kind).flatMap((thing) => thing.items);
		const names = items.filter((item) => typeof item === "string");
		const { what } = entryKinds[kind];
		if (kind === "status") return what;
		return names.length === 0 ? `${what} (${items.length})` : `${what} (${names.slice(0, 3).map((name) => shorten(name, 100)).join(", ")}${names.length > 3 ? ` and ${names.length - 3} more` : ""})`;
	}).join(", ");
}
// src/tracking/server/journal-recorder.ts
const answering = {
	FINISHED: 3e4,
	FAILED: 3e4,
	KILLED: 5e3
};
const silent = 3e3;
/** Writes what a run records into its journal, from where it is delivered. */
var JournalRecorder = class {
	#journal;
	#directory;
	#delivery;
	/** @param directory the run's folder @param delivery left out: by `pipeline sync` */
	constructor(journal, directory, delivery) {
		this.#journal = journal;
		this.#directory = directory;
		this.#delivery = delivery;
	}
	get runId() {
		return this.#journal.server?.runId;
	}
	record(kind, items) {
		addTo(this.#journal, kind, items);
		this.#delivery?.wake();
	}
	async finish(status, signal) {
		const undelivered = await (this.#delivery?.finish({
			answering: answering[status],
			silent
		}, signal) ?? this.#keep());
		closeJournal(this.#journal, this.#directory());
		return undelivered;
	}
	async #keep() {
		await this.#journal.flush();
		const address = this.#journal.destination.address;
		const { refused, pending } = this.#journal;
		return tellOfUndelivered({
			address,
			isOfJournal: true,
			runId: basename(this.#directory()),
			refused,
			pending,
			isKnown: false,
			failure: /* @__PURE__ */ new Error(`the run was begun with the server at ${shorten(address, 200)}, which this run was not given`)
		});
	}
};
/** A run that goes on without its server: what it records is kept for `pipeline sync`. */
function keepForServer(directory, warn) {
	const journal = openJournal(directory, warn);
	return journal === void 0 ? void 0 : {
		experimentId: journal.server?.experimentId ?? basename(dirname(directory)),
		recorder: new JournalRecorder(journal, () => directory)
	};
}
// src/tracking/store/local-store.ts
const nobody = {
	record() {},
	finish: async () => []
};
/** The local tracking store: a folder that MLflow reads as it is, written without MLflow. */
var LocalStore = class {
	where;
	server = void 0;
	runsDirectory;
	#warn;
	#env;
	/**
	* @param directory `runs/`; made when the first run starts
	* @param env MLFLOW_EXPERIMENT_ID and _NAME go before the run's own
	*/
	constructor(directory, warn, env) {
		this.where = directory;
		this.runsDirectory = resolve(directory);
		this.#warn = warn;
		this.#env = env;
	}
	async start(run) {
		const id = this.#env.MLFLOW_EXPERIMENT_ID;
		const experiment = id ? this.#experimentById(id) : this.openExperiment(this.#env.MLFLOW_EXPERIMENT_NAME || run.experiment);
		return this.startRun(run, experiment);
	}
	async reopen(directory) {
		return this.reopenRun(directory, () => keepForServer(directory, this.#warn));
	}
	/**
	* Finds or makes an experiment.
	*
	* @throws UserError when the store cannot be written
	*/
	openExperiment(name) {
		return this.writing(() => {
			makeFolder(this.runsDirectory);
			return findOrCreateExperiment(this.runsDirectory, name);
		});
	}
	/**
	* Makes a run.
	*
	* @throws UserError when the store cannot be written; no part of the run is left then
	*/
	startRun(run, experiment, server) {
		const runId = server?.runId ?? run.runId ?? newRunId();
		const directory = runFolder(experiment.directory, runId);
		return this.writing(() => {
			const claimed = server?.claim ?? claim(directory);
			if (claimed === void 0) throw failure("run-taken", `another process records the run ${runId} in ${this.where}`, "start it again: it gets another id");
			try {
				makeRun(directory, run, runId, experiment.id);
			} catch (error) {
				claimed.release();
				throw error;
			}
			const recorded = new LocalRun({
				runId,
				experimentId: server?.experimentId ?? experiment.id,
				directory,
				claim: claimed,
				recorder: server?.recorder ?? nobody,
				warn: this.#warn
			});
			recorded.tags({
				...run.tags,
				"mlflow.runName": run.runName
			});
			return recorded;
		});
	}
	/**
	* Opens a run again.
	*
	* @param open gives whom it is recorded with besides; called once no other process can record it
	* @returns undefined while another process records it, and where one has finished it
	* @throws UserError when the store cannot be written
	*/
	async reopenRun(directory, open) {
		const status = () => readMeta(join(directory, "meta.yaml"))?.status;
		let isTold = false;
		const tell = () => {
			if (!isTold) this.#warn(warning("looks-for-life", `waiting up to ${silence / 1e3} s for a sign of life of the run ${basename(directory)}, which may be at work in another container or on another host`));
			isTold = true;
		};
		let claimed = this.writing(() => claim(directory));
		for (; claimed === void 0; claimed = this.writing(() => claim(directory))) {
			if (await isAtWork(directory, tell) && status() === statusNumber.RUNNING) return void 0;
			await setTimeout(200);
		}
		if (status() === statusNumber.FINISHED) {
			claimed.release();
			return;
		}
		return this.#goOn(directory, claimed, open);
	}
	#goOn(directory, claimed, open) {
		return this.writing(() => {
			try {
				proveWhole(directory);
				removeLeftovers(directory);
				const server = open();
				editMeta(join(directory, "meta.yaml"), {
					status: statusNumber.RUNNING,
					end_time: null
				});
				server?.recorder.record("status", [{ status: "RUNNING" }]);
				return new LocalRun({
					runId: basename(directory),
					experimentId: server?.experimentId ?? basename(dirname(directory)),
					directory,
					claim: claimed,
					recorder: server?.recorder ?? nobody,
					resumed: true,
					warn: this.#warn
				});
			} catch (error) {
				claimed.release();
				throw error;
			}
		});
	}
	#experimentById(id) {
		const found = listExperiments(this.runsDirectory).find((experiment) => experiment.id === id);
		if (found === void 0) throw failure("unknown-experiment", `${this.where} has no experiment ${id}, which MLFLOW_EXPERIMENT_ID names`, "correct the variable, or unset it and name the experiment in the pipeline file");
		return found;
	}
	/** Does something with the store's files. @throws UserError that says why they cannot be written */
	writing(write) {
		try {
			return write();
		} catch (error) {
			if (error instanceof UserError) throw error;
			throw failure("store-not-writable", `cannot record the run in ${this.where}: ${reasonOf(error)}`, "make it writable and make room there, or name another folder for the runs", error);
		}
	}
};
/** An id as MLflow gives them. */
function newRunId() {
	return randomUUID().replaceAll("-", "");
}
function makeRun(directory, run, runId, experimentId) {
	mkdirSync(directory);
	try {
		writeRun(directory, run, runId, experimentId);
	} catch (error) {
		removeHalfMade(directory);
		throw error;
	}
}
function writeRun(directory, run, runId, experimentId) {
	for (const part of runParts) mkdirSync(join(directory, part));
	writeMeta(join(directory, "meta.yaml"), {
		artifact_uri: pathToFileURL(join(directory, "artifacts")).href,
		deleted_time: null,
		end_time: null,
		entry_point_name: "",
		experiment_id: experimentId,
		lifecycle_stage: "active",
		run_id: runId,
		run_name: run.runName,
		run_uuid: runId,
		source_name: "",
		source_type: 4,
		source_version: "",
		start_time: Math.round(run.startTime),
		status: statusNumber.RUNNING,
		tags: [],
		user_id: run.tags["mlflow.user"] ?? userName()
	});
}
/** The name that MLflow shows as the run's user. */
function userName() {
	try {
		return userInfo().username;
	} catch {
		return "unknown";
	}
}
export { again as a, JournalRecorder as i, newRunId as n, tellOfRefusals as o, userName as r, tellOfUndelivered as s, LocalStore as t };
