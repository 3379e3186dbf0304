import { An as hideSecrets, Ca as flushFiles, Cs as warning, Io as hasForm, Ko as whole, Ma as writeFileUnflushed, Na as shorten, Nn as userInfoOf, ao as showCount, ba as appendWhole, bn as plainAddress, bs as failure, ja as writeFileAtomic, kn as basicCredentials, xa as besideName } from "./checks-359mGJ3h.js";
import { c as openOwnFile, d as readOwnFile, i as foldersIn, l as plainPath, o as isRunId, s as longFile, t as artifactFile, u as proveWhole } from "./run-folder-Dzo3EkAl.js";
import { t as isWithin } from "./json-limits-CdfrAawc.js";
import { n as isLine, r as faultOf, t as input } from "./journal-lines-D6-FS7N0.js";
import { a as isMine, c as silence } from "./claim-xMI5Bay-.js";
import { a as metaText, i as editMeta, o as readMeta, s as writeMeta, t as experimentKind } from "./local-experiments-B-Mjh-jT.js";
import { t as explainConnection } from "./explain-connection-FZz9-zHo.js";
import { n as openRoute, t as ProxyError } from "./route-CGc3lBtM.js";
import { n as readText, t as piecesOf } from "./read-answer-DvUw8gQd.js";
import { basename, dirname, join, relative, sep } from "node:path";
import { closeSync, constants, createReadStream, existsSync, fdatasync, openSync, readFileSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { crc32 } from "node:zlib";
import { createHash, randomUUID } from "node:crypto";
import { promisify } from "node:util";
import * as http from "node:http";
// src/tracking/server/entry-kinds.ts
const mostMetrics = 500;
const mostValues$1 = 100;
/** Of one request. */
const mostBytes = 9e5;
/** Every kind. All but metrics may be told twice: the server keeps one. */
const entryKinds = {
	params: {
		what: "params",
		most: mostValues$1,
		send: async (params, run, { signal }) => logBatch(run, { params }, signal)
	},
	tags: {
		what: "tags",
		most: mostValues$1,
		send: async (tags, run, { signal }) => logBatch(run, { tags }, signal)
	},
	inputs: {
		what: "data set inputs",
		most: mostValues$1,
		send: async (datasets, { client, runId }, { signal }) => {
			await client.call("logInputs", {
				run_id: runId,
				datasets: datasets.map(datasetMessage)
			}, signal);
			return datasets.length;
		}
	},
	metrics: {
		what: "metric values",
		most: mostMetrics,
		send: async (metrics, run, { signal }, isDoubtful) => {
			const missing = isDoubtful ? await run.history.missing(metrics, signal) : metrics;
			return missing.length === 0 ? 0 : logBatch(run, { metrics: missing }, signal);
		}
	},
	artifacts: {
		what: "artifacts",
		most: 1,
		send: async ([path], { storeArtifact, directory }, upload) => {
			await storeArtifact(path, artifactFile(join(directory(), "artifacts"), path), upload);
			return 1;
		}
	},
	status: {
		what: "status",
		most: 1,
		send: async ([status], { client, runId }, { signal }) => {
			await client.call("updateRun", {
				run_id: runId,
				...status
			}, signal);
			return 1;
		}
	}
};
/** Whether an entry says that the run has finished. */
function saysFinished({ kind, items }) {
	return kind === "status" && items.some(({ status }) => status === "FINISHED");
}
/** Cuts things of one kind into pieces that one request may carry each. */
function splitItems(kind, items) {
	const pieces = [];
	let bytes = Infinity;
	for (const item of items) {
		const size = Buffer.byteLength(JSON.stringify(item));
		bytes += size;
		const last = pieces.at(-1);
		if (last !== void 0 && last.length < entryKinds[kind].most && bytes <= 9e5) last.push(item);
		else {
			pieces.push([item]);
			bytes = size;
		}
	}
	return pieces;
}
async function logBatch({ client, runId }, batch, signal) {
	await client.call("logBatch", {
		run_id: runId,
		...batch
	}, signal);
	return Object.values(batch).flat().length;
}
function datasetMessage({ context, sourceType, ...dataset }) {
	return {
		dataset: {
			...dataset,
			source_type: sourceType
		},
		tags: [{
			key: "mlflow.data.context",
			value: context
		}]
	};
}
// src/tracking/server/journal.ts
/**
* All that a run has for its server, in an append-only file: each line with its CRC-32, written before it is sent, and
* a line for what the server has taken. One process at a time has it open.
*/
var Journal = class Journal {
	/** Whether an earlier process may have sent things without noting it. */
	isReopened;
	/** How many lines are damaged, or say what no journal of ours would; what they held is not known. */
	damaged;
	#file;
	#path;
	#destination;
	#server;
	#all;
	#pending;
	#refused;
	#count;
	/** Lines that could not be written yet. */
	#unwritten = [];
	#isDirty = false;
	/** Whether its name outlasts a loss of power. */
	#isPlaced = true;
	constructor(path, { all, pending, refused, destination, server, damaged }, isReopened) {
		this.#path = path;
		this.#file = openOwnFile(path, constants.O_WRONLY | constants.O_APPEND);
		this.damaged = damaged;
		this.isReopened = isReopened;
		[this.#all, this.#pending, this.#refused, this.#destination, this.#server] = [
			all,
			pending,
			refused,
			destination,
			server
		];
		this.#count = all.reduce((most, { n }) => Math.max(most, n), 0);
	}
	/** Begins a journal. @throws the file system's own error */
	static begin(path, destination) {
		closeSync(openSync(path, "wx"));
		const journal = new Journal(path, {
			all: [],
			pending: [],
			refused: [],
			destination,
			server: void 0,
			damaged: 0
		}, false);
		writeLine(journal.#file, { destination });
		appendWhole(journal.#file, "\n");
		writeLine(journal.#file, { destination });
		[journal.#isDirty, journal.#isPlaced] = [true, false];
		return journal;
	}
	/** Opens a journal that another process left. @throws the file system's own error */
	static open(path) {
		const text = readOwnFile(path, longFile);
		const journal = new Journal(path, readContents(path, text), true);
		if (text !== "" && !text.endsWith("\n")) appendWhole(journal.#file, "\n");
		return journal;
	}
	/** What a journal holds that another process may have open. @throws the file system's own error */
	static peek(path) {
		return readContents(path, readOwnFile(path, longFile));
	}
	get path() {
		return this.#path;
	}
	/** undefined: its line is damaged. */
	get destination() {
		return this.#destination;
	}
	/** The server's run, once it is known. */
	get server() {
		return this.#server;
	}
	/** All that was added to it, in order. */
	get all() {
		return this.#all;
	}
	/** What is not delivered yet, in order. */
	get pending() {
		return this.#pending;
	}
	/** What the server will not take. */
	get refused() {
		return this.#refused;
	}
	/** What the server has taken, but for entries of which it refused something. */
	get taken() {
		const open = new Set(this.#pending);
		const refused = new Set(this.#refused.flatMap(({ kind, items }) => items.map((item) => `${kind} ${JSON.stringify(item)}`)));
		const isRefused = ({ kind, items }) => refused.size > 0 && items.some((item) => refused.has(`${kind} ${JSON.stringify(item)}`));
		return this.#all.filter((entry) => !open.has(entry) && !isRefused(entry));
	}
	/** What the server took is to be delivered again: it has lost it. */
	takeBack(entries) {
		const open = /* @__PURE__ */ new Set([...this.#pending, ...entries]);
		this.#pending = this.#all.filter((entry) => open.has(entry));
	}
	/** Adds things to deliver. Never throws: what the disk does not take is kept in memory and tried again. */
	append(kind, items) {
		const entry = {
			n: ++this.#count,
			kind,
			items
		};
		this.#all.push(entry);
		this.#pending.push(entry);
		this.#write(entry);
	}
	/** Notes which run the server has made. */
	noteServer(server) {
		this.#server = server;
		this.#write({ server });
	}
	/** Addresses all of it to another server. */
	redirect(destination) {
		[this.#destination, this.#server, this.#pending, this.#refused] = [
			destination,
			void 0,
			[...this.#all],
			[]
		];
		this.#write({ destination });
	}
	/** Notes that the server has taken what these entries hold, but for what it refused. */
	noteDone(entries, refused = []) {
		const done = new Set(entries);
		this.#pending = this.#pending.filter((entry) => !done.has(entry));
		this.#refused = [...this.#refused, ...refused];
		this.#write({
			done: entries.map(({ n }) => n),
			...refused.length === 0 ? {} : { refused }
		});
	}
	/** Resolves when all that was added is on the disk, where the disk takes it. */
	async flush() {
		if (!this.#isDirty) return;
		this.#isDirty = false;
		await promisify(fdatasync)(this.#file).catch(() => void 0);
		if (this.#isPlaced) return;
		this.#isPlaced = true;
		await flushFiles([dirname(this.#path)]).catch(() => void 0);
	}
	/** Moves the file. @throws the file system's own error */
	moveTo(path) {
		renameSync(this.#path, path);
		[this.#path, this.#isPlaced] = [path, false];
	}
	close() {
		closeSync(this.#file);
	}
	#write(line) {
		this.#unwritten.push(line);
		try {
			for (let next = this.#unwritten[0]; next !== void 0; next = this.#unwritten[0]) {
				writeLine(this.#file, next);
				this.#unwritten.shift();
			}
			this.#isDirty = true;
		} catch {}
	}
};
/** Lines that a journal may have: several of each epoch of the longest run. */
const mostLines = 5e6;
/** @throws UserError where it is too long: a journal may come from elsewhere */
function readContents(path, text) {
	let [destination, server] = [void 0, void 0];
	const [all, done, refused] = [
		[],
		/* @__PURE__ */ new Set(),
		[]
	];
	let damaged = text === "" || text.endsWith("\n") ? 0 : 1;
	let count = 0;
	for (let [start, end] = [0, text.indexOf("\n")]; end !== -1; [start, end] = [end + 1, text.indexOf("\n", end + 1)]) {
		if (++count > mostLines || done.size > mostLines) throw tooManyLines(path);
		if (end === start) continue;
		const line = end - start > longestLine ? void 0 : readLine(text.slice(start, end));
		if (line === void 0) damaged++;
		else if ("n" in line) all.push(line);
		else if ("done" in line) {
			line.done.forEach((n) => done.add(n));
			for (const refusal of line.refused ?? []) refused.push(refusal);
		} else if ("server" in line) ({server} = line);
		else {
			[destination, server] = [line.destination, void 0];
			done.clear();
			refused.length = 0;
		}
	}
	return {
		all,
		pending: all.filter(({ n }) => !done.has(n)),
		refused,
		destination,
		server,
		damaged
	};
}
function tooManyLines(path) {
	return failure("journal-too-long", `${path} has more than ${showCount(mostLines)} lines: it is left alone`, "this program writes no journal of so many: a `runs/` from elsewhere may hold anything");
}
function writeLine(file, line) {
	const json = JSON.stringify(line);
	appendWhole(file, `${checksum(json)} ${json}\n`);
}
/** Characters of a line: several times what one request may carry, with all of it refused. */
const longestLine = 4e6;
function readLine(text) {
	const json = text.slice(9);
	if (text[8] !== " " || text.slice(0, 8) !== checksum(json)) return void 0;
	if (!isWithin(json, {
		depth: 8,
		holders: 16 + json.length / 16,
		values: 64 + json.length / 4
	})) return void 0;
	try {
		const line = JSON.parse(json);
		return isLine(line) ? line : void 0;
	} catch {
		return;
	}
}
function checksum(json) {
	return crc32(json).toString(16).padStart(8, "0");
}
// src/tracking/store/allowed-keys.ts
const refused = /[^/\p{L}\p{N}_.\- :]/gu;
const longestKey = 235;
/**
* Turns keys into ones that MLflow takes and that can live beside each other as files of one folder. A key that is
* fine stays; any other gets a mark from its own hash, so that two different keys never become one.
*/
var AllowedKeys = class {
	#given = /* @__PURE__ */ new Map();
	#names = /* @__PURE__ */ new Set();
	#folders = /* @__PURE__ */ new Set();
	/** @param taken keys that files of the folder have already */
	constructor(taken = []) {
		for (const key of taken) {
			this.#given.set(key, key);
			this.#take(key);
		}
	}
	/** Whether `key` has been asked for before. */
	has(key) {
		return this.#given.has(key);
	}
	/** The key to write for `key`: always the same one. */
	allow(key) {
		const known = this.#given.get(key);
		if (known !== void 0) return known;
		const clean = cleanKey(key);
		const allowed = clean === key && hasRoom(key) && !this.#collides(key) ? key : `${cutBytes(clean.replaceAll("/", "."), longestKey)}-${mark(key)}`;
		this.#given.set(key, allowed);
		this.#take(allowed);
		return allowed;
	}
	#take(allowed) {
		this.#names.add(allowed);
		for (const folder of foldersOf(allowed)) this.#folders.add(folder);
	}
	#collides(key) {
		return this.#folders.has(key) || this.#names.has(key) || foldersOf(key).some((folder) => this.#names.has(folder));
	}
};
function cleanKey(key) {
	return key.replace(refused, "_").split("/").filter((segment) => segment !== "" && segment !== "." && segment !== "..").join("/").replace(/^\.\./, "__") || "_";
}
function hasRoom(key) {
	return key.length <= longestKey && key.split("/").every((segment) => Buffer.byteLength(segment) <= longestKey);
}
function cutBytes(text, bytes) {
	return Buffer.from(text).subarray(0, bytes).toString().replace(/\ufffd$/, "");
}
function foldersOf(key) {
	const segments = key.split("/");
	return segments.slice(1).map((_, i) => segments.slice(0, i + 1).join("/"));
}
function mark(key) {
	return createHash("sha256").update(key).digest("hex").slice(0, 8);
}
// src/tracking/store/metric-files.ts
/** Of limited lengths: where one is endless, a pattern runs out of room. */
const wholeLine = /(?<![^\n])(\d{1,20}) \S{1,40} (-?\d{1,20})\n/g;
/** Values that a run may have in all: of sixteen metrics, one in each epoch of the longest training. */
const mostValues = 16e6;
/** @throws UserError where a run has more values than any of this program, or of MLflow's that anyone compares */
function proveCount(values, directory) {
	if (values <= 16e6) return;
	throw failure("too-many-values", `${directory} has more than ${showCount(mostValues)} values: it is left alone`, "a `runs/` from elsewhere may hold anything");
}
/**
* The `metrics/` folder of a run: one file per key, one line per value. A reader sees whole lines only, and the same
* (key, timestamp, step, value) is written once: MLflow's own migration to SQLite fails on a second one.
*/
var MetricFiles = class {
	#directory;
	#aside;
	#newest = /* @__PURE__ */ new Map();
	/** @param aside path of a file outside `metrics/` to prepare new files in: each file inside is a key to MLflow */
	constructor(directory, aside) {
		this.#directory = directory;
		this.#aside = aside;
	}
	/**
	* Takes up what an earlier process wrote; a line that a loss of power cut or emptied is dropped. To be called before
	* anything is appended.
	*
	* @returns the steps that each key has a value of
	* @throws UserError where there is too much to be metrics of a run; the file system's own error
	*/
	recover() {
		const steps = /* @__PURE__ */ new Map();
		let count = 0;
		for (const entry of readdirSync(this.#directory, {
			recursive: true,
			withFileTypes: true
		})) {
			if (!entry.isFile()) continue;
			const path = join(entry.parentPath, entry.name);
			const text = readOwnFile(path, longFile);
			const ofKey = /* @__PURE__ */ new Set();
			let [length, timestamp, newest] = [
				0,
				-Infinity,
				/* @__PURE__ */ new Set()
			];
			for (const [line, time, step] of text.matchAll(wholeLine)) {
				proveCount(++count, this.#directory);
				length += line.length;
				ofKey.add(Number(step));
				if (Number(time) > timestamp) [timestamp, newest] = [Number(time), /* @__PURE__ */ new Set()];
				if (Number(time) === timestamp) newest.add(line);
			}
			if (length === 0) rmSync(path);
			else if (length < text.length) this.#create(path, text.match(wholeLine).join(""));
			if (length === 0) continue;
			const key = relative(this.#directory, path).split(sep).join("/");
			this.#newest.set(key, {
				timestamp,
				lines: newest
			});
			steps.set(key, ofKey);
		}
		return steps;
	}
	/**
	* Appends values, whose keys are MLflow's. May be called again with the same ones after it threw.
	*
	* @throws the file system's own error; no part of a line is left then
	*/
	append(metrics) {
		const byKey = /* @__PURE__ */ new Map();
		for (const metric of metrics) {
			const sameKey = byKey.get(metric.key);
			if (sameKey === void 0) byKey.set(metric.key, [metric]);
			else sameKey.push(metric);
		}
		for (const [key, ofKey] of byKey) this.#appendOneKey(key, ofKey);
	}
	#appendOneKey(key, metrics) {
		const path = join(this.#directory, key);
		const newest = this.#newest.get(key);
		const byLine = new Map(metrics.map((metric) => [metricLine(metric), metric.timestamp]));
		const latest = metrics.reduce((most, { timestamp }) => Math.max(most, timestamp), newest?.timestamp ?? -Infinity);
		if (newest !== void 0) {
			const isOlder = metrics.some(({ timestamp }) => timestamp < newest.timestamp);
			for (const line of isOlder ? readOwnFile(path, 256e6).match(wholeLine) ?? [] : newest.lines) byLine.delete(line);
		}
		if (byLine.size === 0) return;
		const text = [...byLine.keys()].join("");
		if (newest === void 0) this.#create(path, text);
		else this.#append(path, text);
		const before = newest?.timestamp === latest ? newest.lines : [];
		const added = [...byLine].filter(([, timestamp]) => timestamp === latest).map(([line]) => line);
		this.#newest.set(key, {
			timestamp: latest,
			lines: /* @__PURE__ */ new Set([...before, ...added])
		});
	}
	#append(path, text) {
		const file = openSync(path, "a");
		try {
			appendWhole(file, text);
		} finally {
			closeSync(file);
		}
	}
	#create(path, text) {
		writeFileAtomic(path, text, this.#aside);
	}
};
function metricLine({ timestamp, value, step }) {
	return `${timestamp} ${value} ${step}\n`;
}
// src/tracking/server/mlflow-connection.ts
/** Why a request did not do what it should. */
var RequestError = class extends Error {
	/** 0 where no answer came. */
	status;
	/** MLflow's `error_code`, or the system's code such as ECONNREFUSED; '' where there is none. */
	code;
	/** Seconds that the server asked to wait. */
	retryAfter;
	/** What the user can do about it, where that is known. */
	wayOut;
	constructor(message, { status = 0, code = "", retryAfter, wayOut } = {}) {
		super(message);
		this.name = "RequestError";
		this.status = status;
		this.code = code;
		this.retryAfter = retryAfter;
		this.wayOut = wayOut;
	}
	/**
	* Whether the server will never take this request, for what is in it; whatever else it answered may be otherwise
	* later.
	*/
	get isRefusal() {
		if (/Artifact serving is disabled/i.test(this.message)) return true;
		return this.status === 413 || refusals.has(this.code) && (this.status === 501 || this.status >= 400 && this.status < 500);
	}
	/** Whether the server wants to know who asks, or does not let him in. */
	get isForbidden() {
		return this.status === 401 || this.status === 403;
	}
	/** Whether nobody listens at the address. */
	get isUnheard() {
		return this.status === 0 && [
			"ECONNREFUSED",
			"ENOTFOUND",
			"EHOSTUNREACH",
			"ENETUNREACH"
		].includes(this.code);
	}
	/**
	* Whether a server is down or overloaded, or what stands before it says so (Cloudflare has 520 to 527); other answers
	* come from what may be none.
	*/
	get isOutage() {
		return !this.isRefusal && (this.status === 0 || this.status >= 500 || [
			408,
			425,
			429
		].includes(this.status));
	}
};
/** MLflow's code for what it does not have. */
const noSuchThing = "RESOURCE_DOES_NOT_EXIST";
/** MLflow's codes for what a request holds. A proxy, a login page or a wrong path answers without any of them. */
const refusals = /* @__PURE__ */ new Set([
	"BAD_REQUEST",
	"ENDPOINT_NOT_FOUND",
	"INVALID_PARAMETER_VALUE",
	"MALFORMED_REQUEST",
	"MAX_BLOCK_SIZE_EXCEEDED",
	"NOT_IMPLEMENTED",
	"RESOURCE_ALREADY_EXISTS"
]);
const defaultTimeoutSeconds = 120;
const connectTimeoutMs = 1e4;
const longestAnswer = 1 << 20;
const longestError = 4096;
const ofServer = [
	"MLFLOW_TRACKING_USERNAME",
	"MLFLOW_TRACKING_PASSWORD",
	"MLFLOW_TRACKING_TOKEN",
	"MLFLOW_TRACKING_CLIENT_CERT_PATH",
	"MLFLOW_TRACKING_SERVER_CERT_PATH",
	"MLFLOW_TRACKING_INSECURE_TLS",
	"MLFLOW_WORKSPACE"
];
/** The way to one MLflow server: address, credentials, TLS, keep-alive. Makes one attempt per request. */
var MlflowConnection = class {
	/** The server's address without credentials. */
	address;
	#uri;
	#route;
	#headers;
	#timeoutMs;
	/** Variables that are set and not heeded, as the address is not trusted. */
	#withheld;
	/** @throws UserError when a file that the environment names cannot be read */
	constructor({ uri, isTrusted }, env) {
		const own = isTrusted ? env : {};
		this.#withheld = isTrusted ? [] : ofServer.filter((name) => env[name]);
		this.#headers = authorization(uri, own);
		this.#uri = uri;
		this.address = plainAddress(uri);
		this.#timeoutMs = numberFrom(env, "MLFLOW_HTTP_REQUEST_TIMEOUT", defaultTimeoutSeconds) * 1e3;
		this.#route = openRoute(uri, {
			keepAlive: true,
			...uri.protocol === "https:" && tlsOptions(own)
		}, env);
	}
	/** Whether the server is on this machine, by its name. */
	get isLocal() {
		return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(this.#uri.hostname);
	}
	/** Whether credentials go to another machine without TLS. */
	get sendsInClear() {
		return "Authorization" in this.#headers && this.#uri.protocol === "http:" && !this.isLocal;
	}
	/**
	* Sends one request and reads the whole answer. A redirect is an answer like any other: nothing follows it.
	*
	* @throws RequestError when the answer is not 2xx, is too long, or when none came in time
	*/
	async send(request, signal) {
		const { longest = longestAnswer } = request;
		const response = await this.#open(request, signal, true);
		return readText(response, longest).catch((error) => {
			throw this.#noAnswer(error);
		});
	}
	/**
	* Sends one request, and gives the answer piece by piece, as long as it takes.
	*
	* @throws RequestError as `send`
	*/
	async *receive(request, signal) {
		const { longest = longestAnswer } = request;
		const response = await this.#open(request, signal, false);
		try {
			yield* piecesOf(response, longest);
		} catch (error) {
			throw this.#noAnswer(error);
		}
	}
	/** @param isShort whether all of the answer comes within the time that silence has */
	#open({ method, path, headers, body, longest = longestAnswer }, signal, isShort) {
		const options = {
			method,
			headers: {
				...this.#headers,
				...headers
			},
			...signal && { signal }
		};
		const url = new URL(this.address + path);
		return new Promise((done, failed) => {
			const request = this.#route.request(url, options, (response) => {
				const status = response.statusCode ?? 0;
				if (status >= 200 && status < 300) {
					done(response);
					return;
				}
				readText(response, longest).then((text) => failed(status === 407 ? this.#noAnswer(new ProxyError("", { status })) : this.#explain(errorFrom(status, text, response.headers, url))), (error) => failed(this.#noAnswer(error)));
			});
			request.on("error", (error) => failed(this.#noAnswer(error)));
			request.setTimeout(this.#timeoutMs, () => request.destroy(timedOut(`silent for ${this.#timeoutMs / 1e3} s`)));
			giveUpConnecting(request);
			if (isShort) giveUpReading(request, this.#timeoutMs);
			if (body === void 0 || typeof body === "string") request.end(body);
			else body.on("error", (error) => request.destroy(error)).pipe(request);
		});
	}
	#noAnswer(error) {
		const { reason, hint } = explainConnection(error, {
			url: this.#uri,
			proxy: this.#route.proxy,
			trust: "MLFLOW_TRACKING_SERVER_CERT_PATH=FILE.pem, or for a trial MLFLOW_TRACKING_INSECURE_TLS=true"
		});
		const wayOut = hint === void 0 ? "" : `; ${hint.charAt(0).toLowerCase()}${hint.slice(1, -1)}`;
		return this.#explain(new RequestError(`${this.address} did not answer (${reason})${wayOut}`, { code: error.code ?? "" }));
	}
	/** Says of an error what it may come from: that the environment's credentials stayed here. */
	#explain(error) {
		const isOfTrust = [401, 403].includes(error.status) || /CERT|SSL|TLS|SIGNATURE/.test(error.code);
		if (this.#withheld.length === 0 || !isOfTrust) return error;
		const message = `${error.message}; ${this.#withheld.join(", ")} did not count, as only the pipeline file names this address`;
		const { status, code, retryAfter } = error;
		return new RequestError(message, {
			status,
			code,
			retryAfter,
			wayOut: "if the address is yours, say so once: `pipeline run --trust-tracking`"
		});
	}
	/** Closes idle sockets. */
	close() {
		this.#route.close();
	}
};
/** A number from the environment, or the default where it is not set or no number. */
function numberFrom(env, name, otherwise) {
	const value = Number(env[name] || NaN);
	return Number.isFinite(value) && value >= 0 ? value : otherwise;
}
function giveUpConnecting(request) {
	const timer = setTimeout(() => request.destroy(timedOut("no connection within 10 s")), connectTimeoutMs);
	const stop = () => clearTimeout(timer);
	request.on("socket", (socket) => socket.connecting ? socket.once("connect", stop) : stop());
	request.on("close", stop);
}
function timedOut(message) {
	return Object.assign(new Error(message), { code: "ETIMEDOUT" });
}
/** Byte by byte, a server would never be silent: the whole answer has as long as silence has. */
function giveUpReading(request, timeoutMs) {
	let answer;
	let timer;
	const begin = () => {
		timer ??= setTimeout(() => {
			const late = timedOut(`its answer did not end within ${timeoutMs / 1e3} s`);
			answer?.destroy(late);
			request.destroy(late);
		}, timeoutMs);
	};
	request.on("finish", begin).on("response", (response) => {
		answer = response;
		begin();
	}).on("close", () => clearTimeout(timer));
}
function errorFrom(status, text, headers, asked) {
	const retryAfter = Number(headers["retry-after"] ?? NaN);
	const wait = Number.isFinite(retryAfter) ? retryAfter : void 0;
	if (headers.location !== void 0) return new RequestError(`it redirects to ${shorten(headers.location, 200)} (${status})`, {
		status,
		retryAfter: wait,
		wayOut: wayAround(headers.location, asked)
	});
	const wayOut = waysOut[status];
	try {
		const { error_code, message } = JSON.parse(text);
		const code = typeof error_code === "string" && /^[A-Z_]{1,64}$/.test(error_code) ? error_code : "";
		return new RequestError(`${typeof message === "string" && message.slice(0, 500) || http.STATUS_CODES[status] || "no reason given"} (${status}${code === "" ? "" : ` ${code}`})`, {
			status,
			code,
			retryAfter: wait,
			wayOut
		});
	} catch {
		return new RequestError(`${text.slice(0, longestError).replace(/<[^>]*>/g, " ").replace(/\s+/g, " ").trim().slice(0, 200) || http.STATUS_CODES[status] || "no reason given"} (${status})`, {
			status,
			retryAfter: wait,
			wayOut
		});
	}
}
const wantsCredentials = "set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN";
/** What a 413 comes from: MLflow itself has no such limit. */
const tooLarge = "a proxy in front of the server limits the size of requests: raise its limit (nginx: `client_max_body_size`)";
/** What to do about an answer, by its status. */
const waysOut = {
	401: wantsCredentials,
	413: tooLarge
};
/** What to do about an answer that is no MLflow server's. */
function notMlflow({ status }) {
	return `check the tracking URI and its path${status < 300 ? "; where it is a login page, give what it asks for (MLFLOW_TRACKING_TOKEN and the like), or an address that programs reach without it" : ""}`;
}
/** What to do about a redirect. */
function wayAround(location, asked) {
	const target = URL.canParse(location, asked.href) ? new URL(location, asked) : void 0;
	if (target !== void 0 && target.protocol === "https:" && asked.protocol === "http:" && target.hostname === asked.hostname && target.pathname === asked.pathname) return `the server is at ${target.origin}: begin the address with https://`;
	return "where that is a login page, it stands between here and the server: give what it asks for (MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD), or an address of the server that programs reach without it; else correct the address and its path";
}
function authorization(uri, env) {
	const workspace = env.MLFLOW_WORKSPACE ? { "X-MLFLOW-WORKSPACE": env.MLFLOW_WORKSPACE } : {};
	const own = userInfoOf(uri);
	const user = env.MLFLOW_TRACKING_USERNAME || own.user;
	const password = env.MLFLOW_TRACKING_USERNAME ? env.MLFLOW_TRACKING_PASSWORD ?? "" : own.password;
	if (user.length > 0) return {
		...workspace,
		Authorization: `Basic ${basicCredentials(user, password)}`
	};
	return env.MLFLOW_TRACKING_TOKEN ? {
		...workspace,
		Authorization: `Bearer ${env.MLFLOW_TRACKING_TOKEN.trim()}`
	} : workspace;
}
function tlsOptions(env) {
	const read = (name) => {
		const path = env[name];
		if (!path) return void 0;
		try {
			return readFileSync(path);
		} catch (error) {
			throw failure("tracker-certificate", `cannot read ${path}, which ${name} names: ${error.message}`, "correct the variable or unset it", error);
		}
	};
	const ca = read("MLFLOW_TRACKING_SERVER_CERT_PATH");
	const own = read("MLFLOW_TRACKING_CLIENT_CERT_PATH");
	const isInsecure = ["true", "1"].includes((env.MLFLOW_TRACKING_INSECURE_TLS ?? "").toLowerCase());
	return {
		...ca && { ca },
		...own && {
			cert: own,
			key: own
		},
		...isInsecure && { rejectUnauthorized: false }
	};
}
// src/tracking/server/mlflow-protocol.ts
/** Method and path of each call, below `/api/2.0`. */
const calls = {
	getExperiment: {
		method: "GET",
		path: "/mlflow/experiments/get"
	},
	getExperimentByName: {
		method: "GET",
		path: "/mlflow/experiments/get-by-name"
	},
	createExperiment: {
		method: "POST",
		path: "/mlflow/experiments/create"
	},
	restoreExperiment: {
		method: "POST",
		path: "/mlflow/experiments/restore"
	},
	setExperimentTag: {
		method: "POST",
		path: "/mlflow/experiments/set-experiment-tag"
	},
	createRun: {
		method: "POST",
		path: "/mlflow/runs/create"
	},
	searchRuns: {
		method: "POST",
		path: "/mlflow/runs/search"
	},
	getRun: {
		method: "GET",
		path: "/mlflow/runs/get"
	},
	updateRun: {
		method: "POST",
		path: "/mlflow/runs/update"
	},
	logBatch: {
		method: "POST",
		path: "/mlflow/runs/log-batch"
	},
	logInputs: {
		method: "POST",
		path: "/mlflow/runs/log-inputs"
	},
	getMetricHistory: {
		method: "GET",
		path: "/mlflow/metrics/get-history"
	},
	listArtifacts: {
		method: "GET",
		path: "/mlflow/artifacts/list"
	},
	searchExperiments: {
		method: "POST",
		path: "/mlflow/experiments/search"
	},
	createRegisteredModel: {
		method: "POST",
		path: "/mlflow/registered-models/create"
	},
	createModelVersion: {
		method: "POST",
		path: "/mlflow/model-versions/create"
	},
	getModelVersion: {
		method: "GET",
		path: "/mlflow/model-versions/get"
	},
	setRegisteredModelAlias: {
		method: "POST",
		path: "/mlflow/registered-models/alias"
	},
	getModelVersionByAlias: {
		method: "GET",
		path: "/mlflow/registered-models/alias"
	}
};
// src/tracking/server/retry.ts
/** How often and how long to try again; MLflow's own variables and defaults. */
var RetryPolicy = class {
	/** Tries after the first one. */
	retries;
	#factor;
	constructor(env) {
		this.retries = numberFrom(env, "MLFLOW_HTTP_REQUEST_MAX_RETRIES", 7);
		this.#factor = numberFrom(env, "MLFLOW_HTTP_REQUEST_BACKOFF_FACTOR", 2);
	}
	/**
	* Milliseconds to wait after a failure: doubling, with jitter so that many runs do not come back at once. A server
	* may ask for more, and not for less: one that says 0, or less, would be asked without a pause.
	*
	* @param failures how many in a row, from 1
	*/
	delay(error, failures, longest = 3e4) {
		const own = Math.min(this.#factor * 250 * 2 ** (failures - 1), longest) * (.75 + Math.random() / 2);
		return Math.max(own, Math.min((error.retryAfter ?? 0) * 1e3, longest));
	}
};
// src/tracking/server/mlflow-client.ts
/** The calls of MLflow's REST API that record a run, typed after its own protocol. */
var MlflowClient = class {
	/** The server's address without credentials. */
	address;
	isLocal;
	/** Whether the user named the server himself, or trusts it: what it says of files of this machine may be followed. */
	isTrusted;
	/** Whether credentials go to another machine without TLS. */
	sendsInClear;
	retry;
	#connection;
	constructor(server, env) {
		this.#connection = new MlflowConnection(server, env);
		this.address = this.#connection.address;
		this.isLocal = this.#connection.isLocal;
		this.isTrusted = server.isTrusted;
		this.sendsInClear = this.#connection.sendsInClear;
		this.retry = new RetryPolicy(env);
	}
	/**
	* One call, one attempt.
	*
	* @returns what is read of the answer: whoever answers may not be an MLflow server, so all of it is proven here
	* @throws RequestError
	*/
	async call(name, request, signal) {
		const { method, path } = calls[name];
		const longest = longestAnswers[name];
		const url = `/api/2.0${path}`;
		const answer = parseJson(method === "GET" ? await this.#connection.send({
			method,
			path: `${url}?${queryOf(request)}`,
			...longest
		}, signal) : await this.#connection.send({
			method,
			path: url,
			headers: { "Content-Type": "application/json" },
			body: JSON.stringify(request),
			...longest
		}, signal));
		const fault = answer === void 0 ? "with something that is not JSON" : faultOf(name, answer);
		if (fault === void 0) return answer;
		throw new RequestError(`${this.address} answered ${name} ${fault}: is it an MLflow server?`, { status: 200 });
	}
	/**
	* The run that a journal is for: made, once, even when the answer to an earlier try was lost.
	*
	* @param isDoubtful whether it may have been made already: then its key is looked for first
	* @throws RequestError
	*/
	async findOrCreateRun({ experiment: { name, id }, run, key }, isDoubtful, signal) {
		const experiment_id = id ?? await this.#findOrCreateExperiment(name, signal);
		const { info } = (isDoubtful ? await this.#findRun(experiment_id, key, signal) : void 0) ?? (await this.call("createRun", {
			...run,
			experiment_id,
			tags: [{
				key: "pipeline.run_key",
				value: publicKey(key)
			}]
		}, signal)).run;
		return {
			runId: info.run_id,
			experimentId: experiment_id,
			artifactUri: info.artifact_uri
		};
	}
	/**
	* The run that was made for a journal, if it was.
	*
	* @throws RequestError
	*/
	async findRun({ experiment: { name, id }, key }, signal) {
		const experiment_id = id ?? (await this.#findExperiment(name, signal))?.experiment_id;
		const info = experiment_id === void 0 ? void 0 : (await this.#findRun(experiment_id, key, signal))?.info;
		return info === void 0 ? void 0 : {
			runId: info.run_id,
			experimentId: experiment_id,
			artifactUri: info.artifact_uri
		};
	}
	/** Whether the server has a run of this id that is not deleted. @throws RequestError */
	async hasRun(runId, signal) {
		try {
			await this.storedRun(runId, signal);
			return true;
		} catch (error) {
			if (error instanceof RequestError && error.code === "RESOURCE_DOES_NOT_EXIST") return false;
			throw error;
		}
	}
	/** What the server has of a run. @throws RequestError, with the code `noSuchThing` for a run that is deleted, too */
	async storedRun(runId, signal) {
		const { run } = await this.call("getRun", { run_id: runId }, signal);
		if (run.info.lifecycle_stage === "deleted") throw new RequestError("the server no longer has the run", {
			status: 404,
			code: noSuchThing
		});
		return run;
	}
	/**
	* The run of an id, where the server says that it was made for a journal of this key.
	*
	* @returns undefined where it was not, or the server does not tell
	* @throws RequestError; with the code `noSuchThing` where there is no such run, or a deleted one
	*/
	async findOwnRun(runId, key, signal) {
		const { info, data } = await this.storedRun(runId, signal);
		const { experiment_id: experimentId, artifact_uri: artifactUri } = info;
		return info.run_id === runId && isOfKey(data?.tags, key) && experimentId !== void 0 && artifactUri !== void 0 ? {
			runId,
			experimentId,
			artifactUri
		} : void 0;
	}
	async #findRun(experimentId, key, signal) {
		const filter = `tags.\`${runKey}\` = '${publicKey(key)}'`;
		const { runs } = await this.call("searchRuns", {
			experiment_ids: [experimentId],
			filter,
			max_results: 1
		}, signal);
		return runs?.find(({ data }) => isOfKey(data?.tags, key));
	}
	/**
	* Stores a file through the server's artifact proxy.
	*
	* @param path `<experiment>/<run>/artifacts/...`, not encoded
	* @throws RequestError
	*/
	async putArtifact(path, file, { signal, onProgress }) {
		const encoded = path.split("/").map(encodeURIComponent).join("/");
		const headers = {
			"Content-Type": "application/octet-stream",
			"Content-Length": statSync(file).size
		};
		const body = createReadStream(file).on("data", onProgress);
		try {
			const answer = await this.#connection.send({
				method: "PUT",
				path: `/api/2.0/mlflow-artifacts/artifacts/${encoded}`,
				headers,
				body
			}, signal);
			if (!(answer === "" || faultOf("logBatch", parseJson(answer)) === void 0)) throw new RequestError(`${this.address} answered an artifact with something that is not JSON: is it an MLflow server?`, { status: 200 });
		} finally {
			body.destroy();
		}
	}
	/**
	* The artifacts of a run in one of its folders, and the folders there, by their paths.
	*
	* @param folder relative to the run's artifacts; '.' for these
	* @returns undefined where the server does not tell, or not of all
	* @throws RequestError
	*/
	async listArtifacts(runId, folder, signal) {
		try {
			const { root_uri, files = [], next_page_token } = await this.call("listArtifacts", {
				run_id: runId,
				...folder === "." ? {} : { path: folder }
			}, signal);
			return root_uri === void 0 || (next_page_token ?? "") !== "" ? void 0 : new Set(files.map(({ path }) => path));
		} catch (error) {
			if (error instanceof RequestError && error.code !== "" && error.status > 0 && error.code !== "RESOURCE_DOES_NOT_EXIST") return void 0;
			throw error;
		}
	}
	/** The text of an artifact, wherever the server keeps it: by the path that its UI takes. @throws RequestError */
	async getArtifact(runId, path, signal) {
		return this.#connection.send({
			method: "GET",
			path: `/get-artifact?${new URLSearchParams({
				run_id: runId,
				path
			}).toString()}`
		}, signal);
	}
	/**
	* The files of a run in one of its folders and the folders there.
	*
	* @returns paths relative to the run's artifacts, with the bytes of each as the server tells
	* @throws RequestError, also where there are more than any model has
	*/
	async filesIn(runId, folder, signal) {
		const found = [];
		const folders = [folder];
		for (let asked = 0; folders.length > 0; asked++) {
			const path = folders.pop();
			const { files = [] } = await this.call("listArtifacts", {
				run_id: runId,
				path
			}, signal);
			for (const file of files) {
				if (!plainPath.test(file.path) || !file.path.startsWith(`${path}/`)) throw new RequestError(`${this.address} names the file '${file.path}' in ${path}`, { status: 200 });
				if (file.is_dir === true) folders.push(file.path);
				else found.push({
					path: file.path,
					bytes: file.file_size ?? 0
				});
			}
			if (asked > mostFolders || found.length > mostFiles) throw new RequestError(`${this.address} has more files in ${folder} of the run than any model`, { status: 200 });
		}
		return found;
	}
	/** An artifact, piece by piece. @param longest bytes that it may have @throws RequestError */
	receiveArtifact(runId, path, longest, signal) {
		const query = new URLSearchParams({
			run_id: runId,
			path
		}).toString();
		return this.#connection.receive({
			method: "GET",
			path: `/get-artifact?${query}`,
			longest
		}, signal);
	}
	/** Closes idle sockets. */
	close() {
		this.#connection.close();
	}
	/** The name of an experiment. @throws RequestError */
	async experimentName(id, signal) {
		return (await this.call("getExperiment", { experiment_id: id }, signal)).experiment.name;
	}
	/** The id of an experiment, which is restored where it was deleted, and marked as model training. */
	async #findOrCreateExperiment(name, signal) {
		const found = await this.#findExperiment(name, signal) ?? await this.#createExperiment(name, signal);
		const { experiment_id } = found;
		if (found.lifecycle_stage === "deleted") await this.call("restoreExperiment", { experiment_id }, signal);
		if (!found.tags?.some(({ key }) => key === experimentKind.key)) await this.call("setExperimentTag", {
			experiment_id,
			...experimentKind
		}, signal);
		return experiment_id;
	}
	async #findExperiment(name, signal) {
		try {
			return (await this.call("getExperimentByName", { experiment_name: name }, signal)).experiment;
		} catch (error) {
			if (error instanceof RequestError && error.code === "RESOURCE_DOES_NOT_EXIST") return void 0;
			throw error;
		}
	}
	async #createExperiment(name, signal) {
		try {
			const { experiment_id } = await this.call("createExperiment", {
				name,
				tags: [experimentKind]
			}, signal);
			return {
				experiment_id,
				tags: [experimentKind]
			};
		} catch (error) {
			const found = error instanceof RequestError && error.code === "RESOURCE_ALREADY_EXISTS" ? await this.#findExperiment(name, signal) : void 0;
			if (found === void 0) throw error;
			return found;
		}
	}
};
const mostFolders = 100;
const mostFiles = 1e3;
function queryOf(request) {
	return new URLSearchParams(Object.entries(request).map(([key, value]) => [key, String(value)])).toString();
}
function parseJson(text) {
	try {
		return JSON.parse(text);
	} catch {
		return;
	}
}
/** Bytes of the answers that grow with a run; MLflow sends all values of a metric at once, 150 bytes each. */
const longestAnswers = {
	getRun: { longest: 8 << 20 },
	searchRuns: { longest: 8 << 20 },
	getMetricHistory: { longest: 32 << 20 }
};
/** The tag by which a run is found again. */
const runKey = "pipeline.run_key";
/**
* What a server, and whoever looks at it, gets to see of a journal's key: 32 hexadecimal digits, from which nobody
* comes back to the key. So no journal can be written for a run by those who only see it.
*/
function publicKey(key) {
	return createHash("sha256").update(key).digest("hex").slice(0, 32);
}
function isOfKey(tags, key) {
	return tags?.some((tag) => tag.key === "pipeline.run_key" && tag.value === publicKey(key)) ?? false;
}
/** A number as protobuf's JSON has it. */
function double(value) {
	return Number.isFinite(value) ? value : String(value);
}
// src/tracking/store/read-run.ts
/** Reads a run of the local store, ours or one that MLflow wrote. @throws the file system's own error */
function readRun(directory) {
	return {
		params: readTexts(join(directory, "params")),
		tags: readTexts(join(directory, "tags")),
		metrics: readMetrics(join(directory, "metrics"))
	};
}
/** The keys in a folder of keys; what one holds is in the file of its name. */
function readKeys(directory) {
	if (!existsSync(directory)) return [];
	return readdirSync(directory, {
		recursive: true,
		withFileTypes: true
	}).filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name).slice(directory.length + 1));
}
/** The data sets that a run read, as far as its files tell all of one. @throws the file system's own error */
function readInputs(directory, experimentDirectory) {
	const inputs = join(directory, "inputs");
	return (existsSync(inputs) ? readdirSync(inputs) : []).flatMap((id) => {
		const link = readMeta(join(inputs, id, "meta.yaml"));
		const datasets = join(experimentDirectory, "datasets");
		const dataset = foldersIn(datasets).find((name) => name === link?.source_id);
		const { name, digest, source_type: sourceType, source, schema, profile } = (dataset === void 0 ? void 0 : readMeta(join(datasets, dataset, "meta.yaml"), 1e6)) ?? {};
		const read = {
			name,
			digest,
			sourceType,
			source,
			schema,
			profile,
			context: (link?.tags)?.["mlflow.data.context"]
		};
		return hasForm(input, read) ? [read] : [];
	});
}
/** The texts of a folder of keys. @throws the file system's own error */
function readTexts(directory) {
	return Object.fromEntries(readKeys(directory).map((key) => [key, readOwnFile(join(directory, key))]));
}
const anyLine = /(?<![^\n])(\d{1,20}) (\S{1,40})(?: (-?\d{1,20}))?(?=\n)/g;
function readMetrics(directory) {
	const metrics = [];
	for (const key of readKeys(directory)) for (const metric of valuesOf(directory, key)) {
		metrics.push(metric);
		proveCount(metrics.length, directory);
	}
	return metrics;
}
function* valuesOf(directory, key) {
	for (const [, timestamp, value, step = 0] of readOwnFile(join(directory, key), longFile).matchAll(anyLine)) {
		const metric = {
			key,
			value: Number(value),
			step: Number(step),
			timestamp: Number(timestamp)
		};
		if (Number.isSafeInteger(metric.step) && Number.isSafeInteger(metric.timestamp)) yield metric;
	}
}
/** The value of a metric that MLflow shows of a run: that of its last step. @throws the file system's own error */
function newestValue(directory, key) {
	let newest;
	for (const metric of valuesOf(directory, key)) if (newest === void 0 || metric.step > newest.step || isLater(metric, newest)) newest = metric;
	return newest?.value;
}
const isLater = (one, other) => one.step === other.step && one.timestamp >= other.timestamp;
// src/tracking/store/write-reason.ts
const reasons = {
	EROFS: "the file system is read-only",
	EACCES: "you may not write there",
	EPERM: "you may not write there",
	ENOSPC: "no space is left",
	EDQUOT: "your quota of space is used up",
	ENOTDIR: "it is not a folder",
	EEXIST: "it is not a folder"
};
/** Why something could not be written, in words; the file system's own where there are none here. */
function reasonOf(error) {
	const { code, message } = error;
	return reasons[code ?? ""] ?? message;
}
// src/tracking/store/local-run.ts
const longestParam = 6e3;
const longestTag = 8e3;
const longestDigest = 36;
const longestDatasetName = 500;
/** How a `meta.yaml` spells a status; the protobuf numbers of MLflow's `RunStatus`. */
const statusNumber = {
	RUNNING: 1,
	FINISHED: 3,
	FAILED: 4,
	KILLED: 5
};
/** The state that a `meta.yaml` spells, as a number; of what spells none, that nothing is known to have ended it. */
function stateOf(status) {
	if (status === 2) return "SCHEDULED";
	return Object.entries(statusNumber).find(([, number]) => number === status)?.[0] ?? "RUNNING";
}
/** A run in a local store, laid out as MLflow's file store has it. */
var LocalRun = class {
	runId;
	experimentId;
	directory;
	artifactDirectory;
	#recorder;
	#warn;
	#metricFiles;
	#claim;
	#keys;
	/** Steps that an earlier process has recorded a value of, by key. */
	#recorded;
	#aside;
	/** Writes that failed: tried again before the next one, and at the end. */
	#waiting = [];
	/** Why the first of them failed last. */
	#reason = "";
	#hasWarned = false;
	/** Files on their way to the disk. */
	#flushing = /* @__PURE__ */ new Set();
	constructor({ runId, experimentId, directory, claim, recorder, resumed = false, warn }) {
		this.runId = runId;
		this.experimentId = experimentId;
		this.directory = directory;
		this.artifactDirectory = join(directory, "artifacts");
		this.#claim = claim;
		this.#recorder = recorder;
		this.#warn = warn;
		this.#aside = join(directory, besideName());
		this.#metricFiles = new MetricFiles(join(directory, "metrics"), this.#aside);
		this.#recorded = resumed ? this.#metricFiles.recover() : /* @__PURE__ */ new Map();
		this.#keys = {
			params: new AllowedKeys(readKeys(join(directory, "params"))),
			metrics: new AllowedKeys([...this.#recorded.keys()]),
			tags: new AllowedKeys(readKeys(join(directory, "tags")))
		};
	}
	get serverRunId() {
		return this.#recorder.runId;
	}
	ensureOurs() {
		if (isMine(this.directory)) return;
		const why = `it gave no sign of life for ${silence / 1e3} s, as when it is suspended, and another process took it over, to go on with it or to close it`;
		throw failure("run-taken-over", `the run ${this.runId} is no longer this process's: ${why}`, "Nothing is lost up to the last checkpoint: where no other process goes on with it, run the file again.");
	}
	params(params) {
		this.#values("params", params, longestParam);
	}
	tags(tags) {
		this.#values("tags", tags, longestTag);
	}
	metrics(metrics) {
		this.ensureOurs();
		const allowed = metrics.map((metric) => ({
			...metric,
			key: this.#allow("metrics", metric.key),
			step: Math.round(metric.step),
			timestamp: Math.round(metric.timestamp)
		})).filter(({ key, step }) => this.#recorded.get(key)?.has(step) !== true);
		if (allowed.length === 0) return;
		this.#write(allowed.length, "metric values", () => this.#metricFiles.append(allowed));
		this.#recorder.record("metrics", allowed.map((metric) => ({
			...metric,
			value: double(metric.value)
		})));
	}
	inputs(datasets) {
		this.ensureOurs();
		const allowed = datasets.map((dataset) => ({
			...dataset,
			name: dataset.name.slice(0, longestDatasetName),
			digest: dataset.digest.slice(0, longestDigest),
			source: hideSecrets(dataset.source)
		}));
		this.#write(allowed.length, "data set inputs", () => allowed.forEach((dataset) => this.#writeInput(dataset)));
		this.#recorder.record("inputs", allowed);
	}
	artifact(path) {
		this.ensureOurs();
		this.#recorder.record("artifacts", [path]);
	}
	async finish(status, endTime, signal) {
		if (!isMine(this.directory)) {
			await this.#recorder.finish("KILLED");
			return [];
		}
		const end_time = Math.round(endTime);
		if (status === "FINISHED") await this.#flushMetrics();
		this.#write(0, "the status", () => editMeta(join(this.directory, "meta.yaml"), {
			status: statusNumber[status],
			end_time
		}));
		this.#recorder.record("status", [{
			status,
			end_time
		}]);
		await Promise.all(this.#flushing);
		const undelivered = await this.#recorder.finish(status, signal);
		if (this.#waiting.length === 0) this.#claim.release();
		return [...this.#unwritten(), ...undelivered];
	}
	/** One warning of the cause, not one of each write. */
	#unwritten() {
		if (this.#waiting.length === 0) return [];
		const counts = /* @__PURE__ */ new Map();
		for (const { count, what } of this.#waiting) counts.set(what, (counts.get(what) ?? 0) + count);
		const list = [...counts].map(([what, count]) => count === 0 ? what : `${count} ${what}`);
		const all = [list.slice(0, -1).join(", "), list.at(-1)].filter(Boolean).join(" and ");
		return [warning("not-recorded", `${all} could not be written to ${this.directory}: ${this.#reason}`)];
	}
	#values(kind, values, longest) {
		this.ensureOurs();
		const cut = Object.entries(values).map(([key, value]) => [this.#allow(kind, hideSecrets(key)), hideSecrets(value)]).map(([key, value]) => [key, value.length > longest ? this.#cut(kind, key, value, longest) : value]);
		const files = cut.map(([key, value]) => ({
			path: join(this.directory, kind, key),
			value
		}));
		this.#write(files.length, kind, () => files.forEach(({ path, value }) => writeFileUnflushed(path, value, this.#aside)));
		this.#flush(files.map(({ path }) => path));
		this.#recorder.record(kind, cut.map(([key, value]) => ({
			key,
			value
		})));
	}
	#allow(kind, key) {
		const isNew = !this.#keys[kind].has(key);
		const allowed = this.#keys[kind].allow(key);
		if (isNew && allowed !== key) this.#warn(warning("tracking-key", `MLflow does not take '${key}' as a key of ${kind}; it is recorded as '${allowed}'`));
		return allowed;
	}
	#cut(kind, key, value, longest) {
		const path = `${kind}/${key}.txt`;
		this.#write(0, `the whole of '${key}'`, () => writeFileAtomic(join(this.artifactDirectory, path), value));
		this.#recorder.record("artifacts", [path]);
		this.#warn(warning("tracking-value", `'${key}' has ${value.length} characters, more than the ${longest} that MLflow keeps in ${kind}; the whole is the artifact ${path}`));
		return value.slice(0, longest).replace(/[\ud800-\udbff]$/, "");
	}
	#writeInput({ context, sourceType, ...dataset }) {
		const id = md5(dataset.name + dataset.digest);
		const path = join(dirname(this.directory), "datasets", id, "meta.yaml");
		const { name, digest, source, schema, profile } = dataset;
		if (!existsSync(path)) writeMeta(path, {
			name,
			digest,
			source_type: sourceType,
			source,
			schema,
			profile
		}, this.#aside);
		writeMeta(join(this.directory, "inputs", md5(id + this.runId), "meta.yaml"), {
			source_type: "DATASET",
			source_id: id,
			destination_type: "RUN",
			destination_id: this.runId,
			tags: { "mlflow.data.context": context }
		}, this.#aside);
	}
	async #flushMetrics() {
		const folder = join(this.directory, "metrics");
		await Promise.all([...this.#flushing, flushFiles(readKeys(folder).map((key) => join(folder, key))).catch((error) => this.#warnOnce(error))]);
	}
	#flush(paths) {
		const flushed = flushFiles(paths).catch((error) => this.#warnOnce(error)).finally(() => this.#flushing.delete(flushed));
		this.#flushing.add(flushed);
	}
	/**
	* A disk that is full or gone must not end hours of training: what cannot be written waits.
	*
	* @param count of how many things, by the name of many; 0 for one that `what` names
	*/
	#write(count, what, write) {
		this.#waiting.push({
			count,
			what,
			write
		});
		try {
			for (let next = this.#waiting[0]; next !== void 0; next = this.#waiting[0]) {
				next.write();
				this.#waiting.shift();
			}
		} catch (error) {
			this.#reason = reasonOf(error);
			this.#warnOnce(error);
		}
	}
	#warnOnce(error) {
		if (this.#hasWarned) return;
		this.#hasWarned = true;
		this.#warn(warning("tracking-write", `the run cannot be recorded in ${this.directory}: ${error.message}`, "make room there; what is missing is written as soon as it can be"));
	}
};
function md5(text) {
	return createHash("md5").update(text).digest("hex");
}
// src/tracking/server/open-journal.ts
/** Where the journal of a run lies until its server has everything: beside the run, so that one look finds them all. */
function journalPath(directory) {
	return `${directory}.journal`;
}
/** Adds things to a journal, in pieces that one request may carry each. */
function addTo(journal, kind, items) {
	for (const piece of splitItems(kind, items)) journal.append(kind, piece);
}
/** Closes a journal, and puts it away into the run's folder where all of it is delivered and nothing was refused. */
function closeJournal(journal, directory) {
	journal.close();
	try {
		if (journal.pending.length === 0 && journal.refused.length === 0 && existsSync(directory)) journal.moveTo(join(directory, "journal"));
	} catch {}
}
/**
* Opens the journal of a run that this process has claimed. What a killed process had recorded without the journal's
* line for it is added. One with damaged lines is made anew from the run's folder, so that nothing is trusted in
* halves: what the server has already is found out by asking it.
*
* @param directory the run's folder
* @returns undefined where the run was never meant for a server
* @throws UserError where it no longer says which server, or the run would lead out of its store; the file system's own
* error
*/
function openJournal(directory, warn) {
	proveWhole(directory);
	const path = journalPath(directory);
	const putAway = join(directory, "journal");
	if (!existsSync(path) && !existsSync(putAway)) return void 0;
	const journal = Journal.open(existsSync(path) ? path : putAway);
	if (journal.path !== path) journal.moveTo(path);
	if (journal.damaged === 0) {
		complete(journal, directory);
		return journal;
	}
	journal.close();
	warn(warning("journal-damaged", `${journal.damaged} lines of ${path} are damaged; what they held is taken from the run itself, and compared with what the server has`));
	return rebuild(directory, journal);
}
/**
* Adds what a run's folder holds and its journal does not: a process can be killed between the two writes. Artifacts
* are none of it: those that no line names may be halves of what was never recorded.
*/
function complete(journal, directory) {
	const told = (kind) => journal.all.flatMap((entry) => isOf(entry, kind) ? entry.items : []);
	const recorded = readItems(directory);
	for (const kind of ["tags", "params"]) {
		const last = new Map(told(kind).map(({ key, value }) => [key, value]));
		addTo(journal, kind, recorded[kind].filter(({ key, value }) => last.get(key) !== value));
	}
	const nameOf = ({ key, step, timestamp, value }) => `${timestamp} ${value} ${step} ${key}`;
	const values = new Set(told("metrics").map(nameOf));
	addTo(journal, "metrics", recorded.metrics.filter((metric) => !values.has(nameOf(metric))));
	const inputOf = ({ name, digest, context }) => JSON.stringify([
		name,
		digest,
		context
	]);
	const inputs = new Set(told("inputs").map(inputOf));
	addTo(journal, "inputs", recorded.inputs.filter((one) => !inputs.has(inputOf(one))));
	const [end] = recorded.end;
	if (end !== void 0 && told("status").at(-1)?.status !== end.status) addTo(journal, "status", [end]);
}
function isOf(entry, kind) {
	return entry.kind === kind;
}
/** What a run's folder holds, but for its artifacts. */
function readItems(directory) {
	const { params, tags, metrics } = readRun(directory);
	const pairs = (values) => Object.entries(values).map(([key, value]) => ({
		key,
		value
	}));
	const { status, end_time } = readMeta(join(directory, "meta.yaml")) ?? {};
	const ended = [
		"FINISHED",
		"FAILED",
		"KILLED"
	].find((key) => statusNumber[key] === status);
	return {
		tags: pairs(tags),
		params: pairs(params),
		inputs: readInputs(directory, dirname(directory)),
		metrics: metrics.map((metric) => ({
			...metric,
			value: double(metric.value)
		})),
		/** One, where it has ended. */
		end: ended === void 0 ? [] : [{
			status: ended,
			...hasForm(whole, end_time) ? { end_time } : {}
		}]
	};
}
/**
* Begins the journal of a run that is there already: all that it has recorded.
*
* @param known of the server's run: the key that it is found by, where it is looked for, and the run itself where it is
* known
* @throws UserError where the run would lead out of its store; the file system's own error
*/
function beginJournal(directory, address, known = {}) {
	const { run_name, user_id, start_time } = readMeta(join(directory, "meta.yaml")) ?? {};
	const name = metaText(readMeta(join(dirname(directory), "meta.yaml"))?.name);
	const run = {
		run_name: metaText(run_name),
		user_id: metaText(user_id),
		start_time: hasForm(whole, start_time) ? start_time : 0
	};
	const { key = randomUUID(), experiment = { name }, server } = known;
	return rebuild(directory, {
		destination: {
			address,
			experiment,
			run,
			key
		},
		server,
		path: journalPath(directory)
	});
}
function rebuild(directory, { destination, server, path }) {
	if (destination === void 0) throw lostDestination(directory);
	proveWhole(directory);
	const aside = `${path}.new`;
	rmSync(aside, { force: true });
	const journal = Journal.begin(aside, destination);
	if (server !== void 0) journal.noteServer(server);
	const { tags, params, inputs, metrics, end } = readItems(directory);
	addTo(journal, "tags", tags);
	addTo(journal, "params", params);
	addTo(journal, "inputs", inputs);
	addTo(journal, "metrics", metrics);
	addTo(journal, "artifacts", readKeys(join(directory, "artifacts")));
	addTo(journal, "status", end.length === 0 ? [{ status: "KILLED" }] : end);
	journal.close();
	const reopened = Journal.open(aside);
	reopened.moveTo(path);
	return reopened;
}
/** What to say of a journal that no longer tells where its run is to go. */
function lostDestination(directory) {
	return failure("journal-without-server", `${journalPath(directory)} is damaged: it no longer tells which server the run is for`, `the run itself is whole in the local store: \`pipeline sync --again ${basename(directory)} --to ADDRESS\` sends it anew`);
}
/** The run that a journal is for. @param name of its file, without the folder */
function runOfJournal(name) {
	const id = name.endsWith(".journal") ? name.slice(0, -8) : void 0;
	return isRunId(id) ? id : void 0;
}
export { saysFinished as A, tooLarge as C, Journal as D, AllowedKeys as E, entryKinds as O, notMlflow as S, mostValues as T, MlflowClient as _, lostDestination as a, RequestError as b, LocalRun as c, reasonOf as d, newestValue as f, readTexts as g, readRun as h, journalPath as i, mostBytes as k, stateOf as l, readKeys as m, beginJournal as n, openJournal as o, readInputs as p, closeJournal as r, runOfJournal as s, addTo as t, statusNumber as u, publicKey as v, MetricFiles as w, noSuchThing as x, runKey as y };
