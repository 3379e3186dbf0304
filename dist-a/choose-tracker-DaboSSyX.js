import { Cs as warning, Mn as rememberSecrets, Sn as showAddress, Ss as misuse, bs as failure, fa as shellWord, fn as addressMisfit, gn as isHostName, hn as isForServer, mn as bareAddress, vn as misspelt, wn as wrongUri, xa as besideName, xn as serverAddress, yn as oneSpelling } from "./checks-359mGJ3h.js";
import { i as JournalRecorder, n as newRunId, r as userName, s as tellOfUndelivered, t as LocalStore } from "./local-store-DqntMLxF.js";
import { A as saysFinished, D as Journal, O as entryKinds, S as notMlflow, _ as MlflowClient, b as RequestError, i as journalPath, n as beginJournal, o as openJournal, v as publicKey, x as noSuchThing, y as runKey } from "./open-journal-k_DVXt93.js";
import { a as isMine, t as claim } from "./claim-xMI5Bay-.js";
import { a as isExperimentId, h as runFolder, l as plainPath, n as artifactPath, o as isRunId } from "./run-folder-Dzo3EkAl.js";
import { basename, dirname, join, posix, sep } from "node:path";
import { homedir } from "node:os";
import { setTimeout as setTimeout$1 } from "node:timers/promises";
import { constants as constants$1, existsSync, lstatSync, realpathSync, rmSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { copyFile, mkdir, rename, rm } from "node:fs/promises";
import { setMaxListeners } from "node:events";
// src/tracking/server/metric-history.ts
/**
* The metric values of one run that its server has. A value that was sent without an answer may be there or not, and a
* server that keeps its runs in files would store a second one.
*/
var MetricHistory = class {
	#client;
	#runId;
	#stored = /* @__PURE__ */ new Map();
	constructor(client, runId) {
		this.#client = client;
		this.#runId = runId;
	}
	/** Those of `metrics` that the server does not have. @throws RequestError */
	async missing(metrics, signal) {
		const unknown = new Set(metrics.map(({ key }) => key).filter((key) => !this.#stored.has(key)));
		const latest = unknown.size === 0 ? /* @__PURE__ */ new Map() : latestOf(await this.#client.storedRun(this.#runId, signal));
		for (const key of unknown) this.#stored.set(key, new Set(await this.#read(key, latest.get(key), signal)));
		return metrics.filter((metric) => !this.#stored.get(metric.key).has(identity(metric)));
	}
	/** To be called when something was sent that is not noted here. */
	forget() {
		this.#stored.clear();
	}
	async #read(key, latest, signal) {
		if (latest === void 0) return [];
		const history = await readHistory(this.#client, this.#runId, key, signal);
		if (history.some(({ step, timestamp }) => step === latest.step && timestamp === latest.timestamp)) return history.map(identity);
		throw new RequestError(`${this.#client.address} answered getMetricHistory without the latest value of its run`, { status: 200 });
	}
};
/** The latest value of each metric of a run: of the largest step, then of the largest timestamp. */
function latestOf({ data }) {
	return new Map(data?.metrics?.map(({ key, value = 0, timestamp = 0, step = 0 }) => [key, {
		key,
		value,
		timestamp,
		step
	}]));
}
const mostOfOne = 1e6;
/** All values of one metric, in the server's order. @throws RequestError */
async function readHistory(client, runId, key, signal) {
	const all = [];
	const tokens = /* @__PURE__ */ new Set();
	for (let token = "";;) {
		const { metrics = [], next_page_token: next = "" } = await client.call("getMetricHistory", {
			run_id: runId,
			metric_key: key,
			...token === "" ? {} : { page_token: token }
		}, signal);
		if (all.length + metrics.length > mostOfOne) throw new RequestError(`${client.address} answered getMetricHistory with more than ${mostOfOne} values: is it an MLflow server?`, { status: 200 });
		for (const { value = 0, timestamp = 0, step = 0 } of metrics) all.push({
			key,
			value,
			timestamp,
			step
		});
		if (next === "") return all;
		if (metrics.length === 0 || tokens.has(next)) throw new RequestError(`${client.address} answered getMetricHistory with pages that lead nowhere: is it an MLflow server?`, { status: 200 });
		tokens.add(next);
		token = next;
	}
}
/** Equal where MLflow holds two values for the same one. */
function identity({ value, timestamp, step }) {
	const number = Number(value);
	return `${timestamp} ${step} ${Math.min(Math.max(number, -Number.MAX_VALUE), Number.MAX_VALUE) + 0}`;
}
// src/tracking/server/confirm-taken.ts
/** The code of what a server said it took, and does not have. */
const notKept = "NOT_KEPT";
/**
* Asks the server for the run, and looks for what it was sent: MLflow answers most requests with `{}`, as anything in
* its place may.
*
* @throws RequestError where the run, or something of what was sent, is not there
*/
async function confirmTaken(kind, items, open, signal) {
	const run = await open.client.storedRun(open.runId, signal);
	if (await isKept[kind](items, run, open, signal)) return;
	throw new RequestError(`${open.client.address} answered as if it took this, and does not have it`, {
		status: 200,
		code: notKept
	});
}
const isKept = {
	params: (params, { data }) => {
		const kept = new Set(data?.params?.map(({ key }) => key));
		return params.every(({ key }) => kept.has(key));
	},
	tags: (tags, { data }) => {
		if (data?.tags === void 0) return true;
		const kept = new Map(data?.tags?.map(({ key, value = "" }) => [key, value]));
		return [...new Map(tags.map(({ key, value }) => [key, value]))].every(([key, value]) => isSameTag(value, kept.get(key)));
	},
	inputs: (datasets, { inputs }) => {
		if (inputs === void 0) return true;
		const kept = inputs.dataset_inputs ?? [];
		return datasets.every(({ name, digest }) => kept.some(({ dataset }) => dataset.name === name && dataset.digest === digest));
	},
	metrics: async (metrics, run, { history }, signal) => {
		const latest = latestOf(run);
		const others = lastOf(metrics).map((last) => ({
			last,
			kept: latest.get(last.key)
		})).filter(({ last, kept }) => kept === void 0 || identity(last) !== identity(kept));
		if (others.some(({ last, kept }) => kept === void 0 || isBefore(kept, last))) return false;
		if (others.length === 0) return true;
		history.forget();
		return (await history.missing(others.map(({ last }) => last), signal)).length === 0;
	},
	artifacts: (paths, _run, { client, runId }, signal) => areListed(paths, (folder) => client.listArtifacts(runId, folder, signal)),
	status: (statuses, { info }) => info.status === statuses.at(-1).status
};
async function areListed(paths, list) {
	for (const path of paths) {
		const listed = await list(posix.dirname(path));
		if (listed !== void 0 && !listed.has(path) && !/%[0-9a-f]{2}/i.test(path)) return false;
	}
	return true;
}
const mostCompared = 1e5;
/**
* Asks the server for all of a run: what it took once it may have lost, as when it was restored from a backup.
*
* @param entries what the server took
* @returns those of which something is not there
* @throws RequestError
*/
async function findLost(entries, open, signal) {
	const { client, runId, history } = open;
	history.forget();
	const run = await client.storedRun(runId, signal);
	const counts = /* @__PURE__ */ new Map();
	for (const { key } of itemsOf(entries, "metrics")) counts.set(key, (counts.get(key) ?? 0) + 1);
	const folders = /* @__PURE__ */ new Map();
	const list = (folder) => folders.get(folder) ?? folders.set(folder, client.listArtifacts(runId, folder, signal)).get(folder);
	const isStillKept = {
		...isKept,
		tags: (tags, { data }) => data?.tags === void 0 || tags.every(({ key }) => data.tags.some((tag) => tag.key === key)),
		metrics: async (metrics) => (await history.missing(metrics.filter(({ key }) => counts.get(key) <= mostCompared), signal)).length === 0,
		artifacts: (paths) => areListed(paths, list),
		status: () => true
	};
	const stays = ({ kind, items }) => isStillKept[kind](items, run, open, signal);
	const lost = [];
	for (const entry of entries) if (!await stays(entry)) lost.push(entry);
	return lost;
}
function itemsOf(entries, kind) {
	return entries.flatMap((entry) => entry.kind === kind ? entry.items : []);
}
function lastOf(metrics) {
	const last = /* @__PURE__ */ new Map();
	for (const metric of metrics) {
		const other = last.get(metric.key);
		if (other === void 0 || !isBefore(metric, other)) last.set(metric.key, metric);
	}
	return [...last.values()];
}
function isBefore(one, other) {
	return one.step < other.step || one.step === other.step && one.timestamp < other.timestamp;
}
/** Whether a server has the value of a tag; long ones it may cut. */
function isSameTag(value, kept) {
	return kept === value || kept !== void 0 && kept.length >= 250 && value.startsWith(kept);
}
// src/tracking/server/request-failures.ts
/** What an answer comes to whose parts are not what MLflow's are. */
function wrongShape(address) {
	return new RequestError(`${address} answered with something that is not MLflow's`, { status: 200 });
}
/** Whether an error is a mistake of this program's own. */
function isMistake(error) {
	return error instanceof RangeError || error instanceof ReferenceError || error instanceof SyntaxError;
}
/** The same for failures of one cause, whose messages may each name their own key or file. */
function causeOf(error) {
	if (error instanceof RequestError) return `${error.status} ${error.code || error.message}`;
	return error.code ?? error.message;
}
// src/tracking/server/server-artifacts.ts
/**
* The way to a run's artifacts, by the `artifact_uri` that the server gave it.
*
* @returns a function that throws a plain Error where this program has no way there
*/
function artifactWay(client, run) {
	const { artifactUri } = run;
	const proxied = /^mlflow-artifacts:(?:\/\/)?\/([^/].*)$/.exec(artifactUri)?.[1];
	const root = proxied === void 0 ? void 0 : decoded(() => decodeURIComponent(proxied));
	if (root !== void 0 && plainPath.test(root)) return (path, file, upload) => client.putArtifact(`${root}/${path}`, file, upload);
	const directory = artifactUri.startsWith("file:///") ? pathOfUri(artifactUri) : artifactUri;
	const isHere = client.isTrusted && directory !== void 0 && isOfRun(directory, run);
	return async (path, file) => {
		const why = isHere ? await copyInto({
			directory,
			isLocal: client.isLocal
		}, path, file) : "no folder of this machine";
		if (why !== void 0) throw new Error(`the server keeps artifacts in ${artifactUri}, which cannot be reached from here${isHere ? ` (${why})` : ""}; start it with --serve-artifacts to send them through it`);
	};
}
function decoded(decode) {
	try {
		return decode();
	} catch {
		return;
	}
}
/** @returns undefined where it is another than it seems: dots written as %2e lead up, what is behind a ? is left out */
function pathOfUri(uri) {
	const path = decoded(() => fileURLToPath(uri));
	return path === decoded(() => decodeURIComponent(uri.slice(7))) ? path : void 0;
}
function isOfRun(directory, { experimentId, runId }) {
	return directory.startsWith("/") && plainPath.test(directory.slice(1)) && directory.endsWith(`/${experimentId}/${runId}/artifacts`);
}
/** @returns why nothing may be written there, where that is so @throws the file system's own error */
async function copyInto(place, path, file) {
	const copy = artifactPath(place.directory, path);
	const folder = dirname(copy);
	const own = file.endsWith(`/${path}`) ? realpathSync(file.slice(0, -path.length - 1)) : void 0;
	if (own === place.directory) return void 0;
	const why = whyNotIn(place, folder) ?? whyNotBeside(place, own);
	if (why !== void 0) return why;
	await mkdir(folder, { recursive: true });
	if (realpathSync(folder) !== folder) return linked;
	if (lstatSync(copy, { throwIfNoEntry: false })?.isFile() === false) return `${copy} is no file`;
	const aside = join(folder, besideName());
	try {
		await copyFile(file, aside, constants$1.COPYFILE_EXCL);
		await rename(aside, copy);
	} finally {
		await rm(aside, { force: true });
	}
}
const linked = "a link is on the way there";
/** Folders of the system, of Linux and macOS: nobody keeps artifacts there. */
const systemFolder = /^\/($|(bin|boot|dev|etc|lib\w*|proc|run|sbin|sys|usr|Library|System)(\/|$))/;
/**
* MLflow 3.17 keeps a run's folder from the start where its store is of files. Beside a database, the first artifact
* makes all: the store, the experiment's folder, the run's.
*/
function whyNotIn({ directory, isLocal }, folder) {
	const existing = lastThere(folder);
	if (decoded(() => realpathSync(existing)) !== existing) return linked;
	const experiment = dirname(dirname(directory));
	const store = dirname(experiment);
	const isThere = isWithin(existing, experiment);
	if (!isThere && !isLocal) return "no folder of this machine";
	if (!isWithin(existing, dirname(store))) return `${dirname(store)} is not there`;
	if (systemFolder.test(existing)) return `${existing} is the system's`;
	if (!isThere && directory.includes("/.")) return "no store begins in a hidden folder";
	const me = process.geteuid?.();
	if (me !== void 0 && statSync(existing).uid !== me && (me === 0 || !isThere)) return `${existing} is another user's`;
}
/**
* Runs of this program's own that are no one else's to write to.
*
* @param own where the artifact is in the local store
*/
function whyNotBeside({ directory }, own) {
	if (own === void 0) return void 0;
	const [run, experiment] = [dirname(own), dirname(dirname(own))];
	if (!isRunId(basename(run)) || !isExperimentId(basename(experiment))) return void 0;
	const runs = dirname(experiment);
	const isServers = existsSync(join(dirname(directory), "tags", runKey));
	if (isWithin(runs, directory) || isWithin(directory, runs) && !isServers) return `${runs} are the runs of this program`;
}
function lastThere(path) {
	return lstatSync(path, { throwIfNoEntry: false }) === void 0 ? lastThere(dirname(path)) : path;
}
function isWithin(path, folder) {
	return path === folder || path.startsWith(`${folder}${sep}`);
}
// src/tracking/server/delivery.ts
const flushDelayMs = 1e3;
const mostRefusals = 20;
/**
* Delivers a journal in the background: in order, one request at a time, in batches, again when it failed. Never
* throws.
*/
var Delivery = class {
	/** What came of the first try to reach the server: undefined where it has the run. */
	firstTry;
	#client;
	#journal;
	#directory;
	#isOurs;
	/** What may have been sent already, without an answer. */
	#doubtful;
	/** What the server would not take for the time being, though it is well. */
	#waiting = /* @__PURE__ */ new Set();
	#finishing = new AbortController();
	#givingUp = new AbortController();
	#deadline;
	#timer;
	#sending;
	#run;
	#lastFailure;
	#taken = 0;
	#refusals = 0;
	#hasAnswered = false;
	#tellFirstTry;
	/**
	* @param directory the run's folder; asked for when the first artifact is sent: a new run's is known later than the
	* run
	* @param isOurs asked before each request: another process may have taken the run over while this one was suspended
	*/
	constructor(client, journal, directory, isOurs) {
		this.#client = client;
		this.#journal = journal;
		this.#directory = directory;
		this.#isOurs = isOurs;
		this.#doubtful = new Set(journal.pending);
		setMaxListeners(0, this.#givingUp.signal);
		this.firstTry = new Promise((tell) => this.#tellFirstTry = tell);
		this.#start();
	}
	/** How many things the server has taken. */
	get taken() {
		return this.#taken;
	}
	/** Whether the server has answered as one that is well. */
	get hasAnswered() {
		return this.#hasAnswered;
	}
	/** To be called after something was added to the journal. */
	wake() {
		if (this.#sending === void 0) this.#timer ??= setTimeout(() => this.#start(), flushDelayMs).unref();
	}
	/**
	* Waits until all is delivered, or until nothing was for so long; where nobody listens, one more try.
	*
	* @param patience milliseconds; `silent` for a server that never answered
	* @param signal aborted to wait no longer
	* @returns what is not delivered, and why
	*/
	async finish(patience, signal) {
		const stop = () => this.#givingUp.abort();
		signal?.addEventListener("abort", stop);
		if (signal?.aborted === true) stop();
		this.#deadline = setTimeout(() => this.#givingUp.abort(), this.#run === void 0 ? patience.silent : patience.answering);
		this.#finishing.abort();
		clearTimeout(this.#timer);
		this.#waiting.clear();
		await this.#sending;
		await this.#sendAll();
		clearTimeout(this.#deadline);
		signal?.removeEventListener("abort", stop);
		await this.#journal.flush();
		this.#client.close();
		const { refused, pending, server } = this.#journal;
		const [runId, isKnown] = [basename(this.#directory()), server !== void 0];
		return tellOfUndelivered({
			address: this.#client.address,
			runId,
			refused,
			pending,
			isKnown,
			failure: this.#lastFailure
		});
	}
	#start() {
		clearTimeout(this.#timer);
		this.#timer = void 0;
		this.#sending ??= this.#sendAll().finally(() => this.#sending = void 0);
	}
	async #sendAll() {
		if (this.#run === void 0 && await this.#attempt((isDoubtful) => this.#open(isDoubtful || this.#journal.isReopened)) !== "sent") this.#givingUp.abort();
		let checks = 0;
		for (let batch = this.#nextBatch(); batch.length > 0 && !this.#givingUp.signal.aborted; batch = this.#nextBatch()) {
			await this.#journal.flush();
			if (saysFinished(batch[0]) && await this.#takeBackLost(checks++)) continue;
			const refused = await this.#deliver(batch[0].kind, batch.flatMap(({ items }) => items), batch.some((entry) => this.#doubtful.has(entry)));
			if (refused !== "waits") this.#journal.noteDone(batch, refused);
			else for (const entry of batch) {
				this.#waiting.add(entry);
				this.#doubtful.add(entry);
			}
		}
	}
	/** Whether the run is not whole on the server: what it took earlier and no longer has is to be delivered again. */
	async #takeBackLost(checks) {
		let lost = [];
		await this.#attempt(async () => lost = await findLost(this.#journal.taken, this.#run, this.#givingUp.signal), this.#client.retry.retries);
		if (lost.length === 0) return this.#givingUp.signal.aborted;
		this.#lastFailure = new RequestError(`${this.#client.address} has lost what it took`, {
			status: 200,
			code: notKept
		});
		this.#journal.takeBack(lost);
		for (const entry of lost) this.#doubtful.add(entry);
		if (checks > 0) for (const entry of lost) this.#waiting.add(entry);
		return true;
	}
	/** Entries of one kind that one request may carry; at least one, where there are any. */
	#nextBatch() {
		const open = this.#journal.pending.filter((entry) => !this.#waiting.has(entry) && !(this.#waiting.size > 0 && saysFinished(entry)));
		const kind = open[0]?.kind;
		if (kind === void 0) return [];
		let [items, bytes] = [0, 0];
		const end = open.findIndex((entry) => {
			items += entry.items.length;
			bytes += Buffer.byteLength(JSON.stringify(entry.items));
			return entry.kind !== kind || items > entryKinds[kind].most || bytes > 9e5;
		});
		return end === -1 ? open : open.slice(0, Math.max(1, end));
	}
	/** @returns what was refused of it */
	async #deliver(kind, items, isDoubtful) {
		const { send } = entryKinds[kind];
		const upload = {
			signal: this.#givingUp.signal,
			onProgress: () => this.#deadline?.refresh()
		};
		const tries = [...this.#waiting].some((entry) => entry.kind === kind) ? 0 : this.#client.retry.retries;
		const outcome = await this.#attempt(async (isRepeated) => {
			const count = await send(items, this.#run, upload, isDoubtful || isRepeated);
			if (count > 0) await confirmTaken(kind, items, this.#run, upload.signal);
			this.#taken += count;
			this.#hasAnswered = true;
		}, tries);
		if (outcome !== "refused") return outcome === "sent" ? [] : "waits";
		const error = this.#lastFailure;
		if (items.length > 1 && error instanceof RequestError && error.code === "INVALID_PARAMETER_VALUE" && this.#refusals < mostRefusals) return this.#deliverHalves(kind, items, isDoubtful);
		this.#refusals++;
		return [{
			kind,
			items,
			reason: error.message,
			cause: causeOf(error)
		}];
	}
	async #deliverHalves(kind, items, isDoubtful) {
		const half = Math.ceil(items.length / 2);
		const [first, second] = [await this.#deliver(kind, items.slice(0, half), isDoubtful), await this.#deliver(kind, items.slice(half), isDoubtful)];
		return first === "waits" || second === "waits" ? "waits" : [...first, ...second];
	}
	async #open(isDoubtful) {
		const { signal } = this.#givingUp;
		const { server: known, isReopened } = this.#journal;
		const wanted = this.#journal.destination;
		const isElsewhere = oneSpelling(this.#client.address) !== oneSpelling(wanted.address);
		const experiment = isElsewhere ? { name: wanted.experiment.name } : wanted.experiment;
		const destination = {
			...wanted,
			experiment,
			address: this.#client.address
		};
		let server = known !== void 0 && (isReopened || isElsewhere) ? await this.#proven(known.runId, isElsewhere) : known;
		if (server === void 0) {
			server = await this.#client.findOrCreateRun(destination, isDoubtful, signal);
			if (known === void 0 ? isElsewhere : server.runId !== known.runId) {
				this.#journal.redirect(destination);
				for (const entry of this.#journal.pending) this.#doubtful.add(entry);
			}
			this.#journal.noteServer(server);
		}
		const storeArtifact = artifactWay(this.#client, server);
		const [client, { runId }] = [this.#client, server];
		this.#run = {
			client,
			runId,
			storeArtifact,
			directory: this.#directory,
			history: new MetricHistory(client, runId)
		};
	}
	/** What the server says of the run that the journal names; undefined: that it is not this journal's. */
	async #proven(runId, isElsewhere) {
		try {
			return await this.#client.findOwnRun(runId, this.#journal.destination.key, this.#givingUp.signal);
		} catch (error) {
			if (!(error instanceof RequestError) || error.code !== "RESOURCE_DOES_NOT_EXIST") throw error;
			this.#hasAnswered = true;
			if (isElsewhere) return void 0;
			throw new RequestError("the server no longer has the run", {
				status: 404,
				code: noSuchThing
			});
		}
	}
	/** @param tries how often a server that is well is asked again for one thing before others have their turn */
	async #attempt(work, tries = Infinity) {
		const { signal } = this.#givingUp;
		const so = {
			failures: 0,
			well: 0,
			isLast: false
		};
		while (!signal.aborted) {
			if (!this.#isOurs()) {
				this.#givingUp.abort();
				break;
			}
			so.isLast = this.#finishing.signal.aborted;
			try {
				await work(so.failures > 0);
				this.#deadline?.refresh();
				this.#tellFirstTry(void 0);
				return "sent";
			} catch (error) {
				if (signal.aborted) break;
				this.#lastFailure = error instanceof TypeError ? wrongShape(this.#client.address) : error;
				this.#tellFirstTry(this.#lastFailure);
				this.#run?.history.forget();
				so.failures++;
				const outcome = await this.#judge(this.#lastFailure, so, tries);
				if (outcome !== void 0) return outcome;
			}
		}
		return "waits";
	}
	/** What a failure comes to; undefined, after a while: another try. */
	async #judge(error, so, tries) {
		if (isMistake(error)) return "waits";
		if (!(error instanceof RequestError) || this.#run === void 0 && error.isRefusal) return "refused";
		let problem = error;
		const mayBeOfOne = error.isRefusal || error.isForbidden || error.code === "RESOURCE_DOES_NOT_EXIST" || error.code === "NOT_KEPT" || error.status > 0 && so.failures > tries;
		if (this.#run !== void 0 && mayBeOfOne) {
			const fault = await this.#findFault(this.#run.runId);
			if (fault === void 0 && ++so.well > 1) return error.isRefusal ? "refused" : "waits";
			if (fault === void 0) return void 0;
			this.#lastFailure = problem = fault;
		}
		if (so.isLast && this.#isFinal(problem)) this.#givingUp.abort();
		else await this.#pause(problem, so.failures);
	}
	/** Why the server takes nothing at all of the run; undefined: it has the run, and is well. */
	async #findFault(runId) {
		try {
			const isThere = await this.#client.hasRun(runId, this.#givingUp.signal);
			this.#hasAnswered = true;
			if (isThere) return void 0;
			return new RequestError("the server no longer has the run", {
				status: 404,
				code: noSuchThing
			});
		} catch (error) {
			return error instanceof RequestError ? error : new RequestError(error.message);
		}
	}
	/** Whether no later try by this process is worth waiting for. */
	#isFinal(error) {
		if (error.isForbidden || error.code === "RESOURCE_DOES_NOT_EXIST") return true;
		return this.#run === void 0 && (error.isUnheard || !error.isOutage);
	}
	async #pause(error, failures) {
		const isLast = this.#finishing.signal.aborted;
		const wait = this.#client.retry.delay(error, failures, isLast ? 2e3 : 3e4);
		await setTimeout$1(wait, void 0, { signal: isLast ? this.#givingUp.signal : this.#finishing.signal }).catch(() => void 0);
	}
};
// src/tracking/server/server-tracker.ts
const startLimitMs = 5e3;
/** An MLflow server. Every run is in the local store first, where a journal keeps what the server does not have yet. */
var ServerTracker = class {
	where;
	server;
	runsDirectory;
	#server;
	#store;
	#env;
	#warn;
	constructor(server, store, env, warn) {
		this.#server = server;
		this.#store = store;
		this.runsDirectory = store.runsDirectory;
		this.#env = env;
		this.#warn = warn;
		this.where = this.server = new MlflowClient(server, env).address;
	}
	async start(run) {
		const id = this.#env.MLFLOW_EXPERIMENT_ID;
		const name = id ? await this.#experimentName(id, run.experiment) : this.#env.MLFLOW_EXPERIMENT_NAME || run.experiment;
		const experiment = this.#store.openExperiment(name);
		const key = newRunId();
		const keyFolder = runFolder(experiment.directory, publicKey(key));
		const keyClaim = this.#store.writing(() => claim(keyFolder));
		const journal = this.#store.writing(() => Journal.begin(journalPath(keyFolder), {
			address: this.where,
			experiment: {
				name,
				...id ? { id } : {}
			},
			run: {
				run_name: run.runName,
				user_id: run.tags["mlflow.user"] ?? userName(),
				start_time: Math.round(run.startTime)
			},
			key
		}));
		return this.#startRun(run, experiment, journal, keyClaim);
	}
	async #startRun(run, experiment, journal, keyClaim) {
		let directory = "";
		const isOurs = () => isMine(directory === "" ? runFolder(experiment.directory, publicKey(journal.destination.key)) : directory);
		const delivery = new Delivery(new MlflowClient(this.#server, this.#env), journal, () => directory, isOurs);
		const silent = new RequestError(`${this.where} did not answer within ${startLimitMs / 1e3} s`);
		const problem = await Promise.race([delivery.firstTry, setTimeout$1(startLimitMs, silent, { ref: false })]);
		try {
			if (problem !== void 0 && !mayComeBack(problem)) throw notReached(this.where, problem);
			const experimentId = journal.server?.experimentId ?? experiment.id;
			const runId = freeId(experiment.directory, journal.server?.runId) ?? publicKey(journal.destination.key);
			directory = runFolder(experiment.directory, runId);
			const isKey = journal.path === journalPath(directory);
			const started = this.#store.startRun(run, experiment, {
				runId,
				experimentId,
				recorder: new JournalRecorder(journal, () => directory, delivery),
				...isKey ? { claim: keyClaim } : {}
			});
			if (!isKey) {
				journal.moveTo(journalPath(directory));
				keyClaim.release();
			}
			if (problem !== void 0) this.#warn(warning("tracker-unreachable", `the MLflow server cannot be told of the run yet: ${problem.message}`, `training goes on; what the server misses is delivered as soon as it answers, by this run, a later one that is recorded there, or \`pipeline sync --to ${shellWord(this.where)}\``));
			return started;
		} catch (error) {
			await delivery.finish({
				answering: 0,
				silent: 0
			}, AbortSignal.abort());
			journal.close();
			rmSync(journal.path, { force: true });
			keyClaim.release();
			if (journal.server !== void 0) await new MlflowClient(this.#server, this.#env).call("updateRun", {
				run_id: journal.server.runId,
				status: "FAILED",
				end_time: Date.now()
			}).catch(() => void 0);
			throw error;
		}
	}
	async reopen(directory) {
		return this.#store.reopenRun(directory, () => {
			const journal = openJournal(directory, this.#warn) ?? beginJournal(directory, this.where);
			const delivery = new Delivery(new MlflowClient(this.#server, this.#env), journal, () => directory, () => isMine(directory));
			return {
				experimentId: journal.server?.experimentId ?? basename(dirname(directory)),
				recorder: new JournalRecorder(journal, () => directory, delivery)
			};
		});
	}
	async #experimentName(id, otherwise) {
		const client = new MlflowClient(this.#server, this.#env);
		try {
			return await client.experimentName(id, AbortSignal.timeout(startLimitMs));
		} catch (error) {
			if (error instanceof Error && mayComeBack(error)) return otherwise;
			throw notReached(this.where, error);
		} finally {
			client.close();
		}
	}
};
/**
* The server's id of a run, where the run can have it here too: so people find it there. Another one has it where
* servers give one twice.
*/
function freeId(experiment, id) {
	if (!isRunId(id)) return void 0;
	const directory = runFolder(experiment, id);
	return existsSync(directory) || existsSync(journalPath(directory)) ? void 0 : id;
}
function mayComeBack(problem) {
	return problem instanceof RequestError && problem.isOutage;
}
function notReached(address, error) {
	if (!(error instanceof RequestError)) return error;
	if (error.status === 401) return failure("tracker-login", `the MLflow server at ${address} wants to know who you are: ${error.message}`, error.wayOut, error);
	if (error.status === 403) return failure("tracker-forbidden", `the MLflow server at ${address} does not let you in: ${error.message}`, error.wayOut ?? "ask its keeper for the right; where it says 'Invalid Host header', start it with --allowed-hosts", error);
	return failure("tracker-refused", `the MLflow server at ${address} did not start the run: ${error.message}`, error.wayOut ?? notMlflow(error), error);
}
// src/tracking/tracking-place.ts
/**
* Reads a tracking URI, of whichever flag, variable or program. A folder of any name can be one; so what looks like
* anything else is refused, as its runs would lie where nobody looks for them.
*
* @throws UserError with the way out, for what is neither
*/
function trackingPlace(uri) {
	rememberSecrets(uri);
	const bare = bareAddress(uri);
	if (isForServer(bare) || isHostName(bare) && !existsSync(uri)) {
		const misfit = addressMisfit(uri);
		if (misfit !== void 0) throw misspelt(uri, isHostName(bare) || /^[\w-]+:\d+$/.test(bare) ? orFolder(misfit, bare) : misfit);
		return { server: uri };
	}
	if (isForeign(bare)) throw wrongUri(uri, bare);
	if (bare !== uri) throw neither(uri, {
		problem: "there is a space or a quotation mark before or after it",
		hint: bare === "" ? "Write it as http://HOST:PORT, or name a folder." : `Did you mean '${showAddress(bare)}'?`
	});
	if (/\p{Cc}/u.test(uri)) throw neither(uri, {
		problem: "it holds a control character, such as a line break or a tab",
		hint: "Remove it."
	});
	if (/^(~|\$)/.test(uri)) throw neither(uri, {
		problem: "no shell has replaced what it begins with",
		hint: `Write the folder in full${inFull(uri)}; one of just this name is \`./${uri}\`.`
	});
	const odd = /^-|[\\*?"<>|]/.exec(uri);
	if (odd !== null && !/^(file:|\.{0,2}\/)/i.test(uri) && !existsSync(uri)) {
		const meaning = odd[0] === "\\" ? "is no / between the parts of a path" : "means something else in commands";
		throw neither(uri, {
			problem: `\`${odd[0]}\` in it ${meaning}`,
			hint: `Write another name; a new folder of just this one is \`./${showAddress(uri)}\`.`
		});
	}
	return { folder: /^file:/i.test(uri) ? folderOf(uri) : uri };
}
/**
* MLflow's own names for what is spoken neither here nor by a folder: databases, Databricks, Unity Catalog, object
* stores.
*/
function isForeign(bare) {
	return /^(databricks|databricks-uc|uc)$/i.test(bare) || /^[a-z][a-z0-9+.-]*:/i.test(bare) && !/^file:/i.test(bare);
}
function orFolder({ problem, hint = "" }, bare) {
	return {
		problem,
		hint: `${hint} A new folder of this name: \`./${bare}\`.`
	};
}
function folderOf(uri) {
	const encode = "Write % as %25, # as %23, ? as %3F in it, or give the path alone.";
	const [, host, path = ""] = /^file:(?:\/\/([^/]*))?(.*)$/is.exec(uri);
	if (host !== void 0 && host !== "" && host.toLowerCase() !== "localhost") throw wrongUri(uri);
	if (path === "") throw neither(uri, {
		problem: "it names no folder",
		hint: "Write it as file:///PATH, or give the path alone."
	});
	if (/[?#]/.test(path)) throw neither(uri, {
		problem: "it holds a ? or #, which end the path of an address",
		hint: encode
	});
	try {
		const folder = decodeURIComponent(path);
		if (!/\p{Cc}/u.test(folder)) return folder;
	} catch {
		throw neither(uri, {
			problem: "a % in it does not begin the code of a character",
			hint: encode
		});
	}
	throw neither(uri, {
		problem: "it holds a control character, such as a line break or a tab",
		hint: "Remove it."
	});
}
/** The folder that a shell would have made of it. */
function inFull(uri) {
	return /^(~|\$HOME)\//.test(uri) ? `: \`${homedir()}${uri.slice(uri.indexOf("/"))}\`` : "";
}
function neither(uri, { problem, hint }) {
	return misuse("tracking-uri", `'${showAddress(uri)}' is neither the address of a server nor a folder: ${problem}`, hint);
}
// src/tracking/choose-tracker.ts
/**
* The tracker for a tracking URI.
*
* @throws UserError for a URI that is neither a server's nor a folder's
*/
function chooseTracker({ uri, isTrusted = true, runsDirectory, warn, env = process.env }) {
	if (uri === void 0 || uri === "") return new LocalStore(runsDirectory, warn, env);
	const { server, folder } = trackingPlace(uri);
	if (server !== void 0) {
		const address = serverAddress(server, isTrusted);
		warnOfClearText(address, warn, env);
		return new ServerTracker(address, new LocalStore(runsDirectory, warn, env), env, warn);
	}
	if (!isTrusted) throw wrongUri(uri);
	return new LocalStore(folder, warn, env);
}
/** Says once of a command that a password would go over a network in clear. */
function warnOfClearText(address, warn, env = process.env) {
	const client = new MlflowClient(address, env);
	if (!client.sendsInClear) return;
	const message = `your credentials go to ${client.address} in clear: whoever is on the way can read them`;
	warn(warning("credentials-in-clear", message, "give an address that begins with https://"));
}
export { readHistory as a, Delivery as i, warnOfClearText as n, trackingPlace as r, chooseTracker as t };
