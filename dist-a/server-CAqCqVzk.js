import { An as hideSecrets, Bo as object, C as version, Go as text, Ho as optional, Io as hasForm, Lo as list, Na as shorten, Uo as record, _s as sizeOf, bs as failure, eo as nearest, gs as formatShape, ui as decoded, vs as UserError, w as explainOutOfMemory, zo as number } from "./checks-359mGJ3h.js";
import { t as isWithin } from "./json-limits-CdfrAawc.js";
import { i as isNamed, o as kindOf } from "./given-values-DXROl_Cm.js";
import "./served-model-C679OQT0.js";
import { n as isLoopback, r as namesLoopback, t as hasToken } from "./serve-DHlx--wQ.js";
import { setImmediate, setTimeout } from "node:timers/promises";
import { Server } from "node:net";
import { fastify } from "fastify";
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";
// src/models/serve/batcher.ts
/**
* Computes together what is asked for at the same time. There is no timer: what arrives while a batch is computed makes
* up the next one, so that a request that is alone waits for nobody.
*/
var Batcher = class {
	#options;
	#requests = [];
	#rows = 0;
	#isAtWork = false;
	constructor(options) {
		this.#options = options;
	}
	/** Rows that no batch has taken yet. */
	get rows() {
		return this.#rows;
	}
	/** Whether so many rows wait that no more are taken. */
	get isFull() {
		return this.#rows >= this.#options.queue;
	}
	/** The answers to all rows, in their order. Who finds it full is not to ask. @throws what computing them throws */
	ask(rows) {
		if (rows.length === 0) return Promise.resolve([]);
		return new Promise((resolve, reject) => {
			this.#requests.push({
				rows,
				answers: [],
				taken: 0,
				resolve,
				reject
			});
			this.#rows += rows.length;
			if (!this.#isAtWork) this.#work();
		});
	}
	async #work() {
		this.#isAtWork = true;
		while (this.#requests.length > 0) {
			await setImmediate();
			const taken = this.#take();
			const rows = taken.flatMap(({ request, from, to }) => request.rows.slice(from, to));
			this.#options.observe(rows.length);
			try {
				const answers = await this.#options.compute(rows);
				let next = 0;
				for (const { request, from, to } of taken) {
					for (let at = from; at < to; at++) request.answers.push(answers[next++]);
					if (request.answers.length === request.rows.length) request.resolve(request.answers);
				}
			} catch (error) {
				for (const { request } of taken) {
					request.reject(error);
					this.#forget(request);
				}
			}
		}
		this.#isAtWork = false;
	}
	/** The next rows, the first that came first; a request that is larger than a batch goes on in the next one. */
	#take() {
		const taken = [];
		let room = this.#options.batch;
		while (room > 0 && this.#requests.length > 0) {
			const request = this.#requests[0];
			const from = request.taken;
			const to = Math.min(request.rows.length, from + room);
			taken.push({
				request,
				from,
				to
			});
			request.taken = to;
			room -= to - from;
			this.#rows -= to - from;
			if (to === request.rows.length) this.#requests.shift();
		}
		return taken;
	}
	#forget(request) {
		const at = this.#requests.indexOf(request);
		if (at < 0) return;
		this.#requests.splice(at, 1);
		this.#rows -= request.rows.length - request.taken;
	}
};
// src/models/serve/read-tensors.ts
/**
* The values of one row of an input from lists within lists, as JSON has them.
*
* @param where what messages call it
* @throws UserError where it has another shape, or a value is none that the model takes
*/
function readTensor(given, { shape, indices }, where) {
	const values = new Float32Array(sizeOf(shape));
	if (fill(given, {
		shape,
		indices,
		values
	}, 0, 0) >= 0) return values;
	const found = shapeOf(given);
	if (String(found) === String(shape)) throw faultIn(given, shape, indices, where);
	throw failure("wrong-shape", `${where}: expected ${formatShape(shape)}, got ${found.length === 0 ? kindOf(given) : formatShape(found)}`);
}
/**
* The values of all rows of an input, one after the other, from one list.
*
* @throws UserError as readTensor
*/
function readFlat(given, count, input, where) {
	const shape = [count * sizeOf(input.shape)];
	if (given.length !== shape[0]) throw faultIn(given, shape, input.indices, where);
	const values = new Float32Array(shape[0]);
	if (fill(given, {
		shape,
		indices: input.indices,
		values
	}, 0, 0) >= 0) return values;
	throw faultIn(given, shape, input.indices, where);
}
/**
* Writes values in their order.
*
* @param depth the axis that `given` is a list along
* @param at where its values begin
* @returns where they end; -1: they are none that the model takes
*/
function fill(given, to, depth, at) {
	const { shape, indices, values } = to;
	if (depth === shape.length) {
		if (!isTaken(given, indices)) return -1;
		values[at] = given;
		return at + 1;
	}
	if (!Array.isArray(given) || given.length !== shape[depth]) return -1;
	let next = at;
	for (const one of given) {
		next = fill(one, to, depth + 1, next);
		if (next < 0) return -1;
	}
	return next;
}
function isTaken(given, indices) {
	return typeof given === "number" && Number.isFinite(Math.fround(given)) && (indices === void 0 || Number.isInteger(given) && given >= 0 && given < indices);
}
/** What is wrong in values that `fill` did not take: the first place of it. */
function faultIn(given, [length, ...rest], indices, where) {
	if (length === void 0) {
		const takes = indices === void 0 ? "finite numbers" : `whole numbers from 0 to ${indices - 1}`;
		const said = typeof given === "number" ? String(given) : kindOf(given);
		return failure("wrong-value", `${where} is ${shorten(said)}, and the model takes ${takes}`);
	}
	if (!Array.isArray(given) || given.length !== length) return failure("wrong-shape", `${where}: expected ${length} values, got ${Array.isArray(given) ? given.length : kindOf(given)}`);
	const values = new Float32Array(sizeOf(rest));
	const at = given.findIndex((one) => fill(one, {
		shape: rest,
		indices,
		values
	}, 0, 0) < 0);
	return faultIn(given[at], rest, indices, `${where}[${at}]`);
}
/** The shape as the first elements show it. */
function shapeOf(given) {
	const shape = [];
	let level = given;
	while (Array.isArray(level)) {
		const items = level;
		shape.push(items.length);
		[level] = items;
	}
	return shape;
}
// src/models/serve/refusal.ts
/** Why a request is not answered: nobody's fault but the request's, or the moment's. */
var Refusal = class extends Error {
	status;
	diagnostics;
	/** @param status of HTTP @param diagnostics what is wrong with which rows, where it is theirs */
	constructor(status, message, diagnostics = []) {
		super(message);
		this.status = status;
		this.diagnostics = diagnostics;
	}
};
/** MLflow's names. */
const errorCodes = {
	400: "BAD_REQUEST",
	401: "UNAUTHENTICATED",
	403: "PERMISSION_DENIED",
	404: "ENDPOINT_NOT_FOUND",
	413: "REQUEST_LIMIT_EXCEEDED",
	415: "BAD_REQUEST",
	503: "TEMPORARILY_UNAVAILABLE"
};
/** Answers with what is wrong, in the form of the protocol that was asked. */
function answerRefusal(request, reply, refusal) {
	const { status, message, diagnostics } = refusal;
	if (status === 503) reply.header("retry-after", "1");
	if (status === 401) reply.header("www-authenticate", "Bearer");
	const errors = diagnostics.map(({ code, message: what, hint }) => ({
		code,
		message: what,
		hint
	}));
	return reply.code(status).send(/^\/v2(\/|$)/.test(request.url) ? { error: message } : {
		error_code: errorCodes[status] ?? "INTERNAL_ERROR",
		message,
		...errors.length > 0 && { errors }
	});
}
/**
* What an error says to who asked: what is theirs, and nothing of this program's inside.
*
* @param report is told of the rest
*/
function refusalOf(thrown, report) {
	const error = explainOutOfMemory(thrown);
	if (error instanceof Refusal) return error;
	if (error instanceof UserError && error !== thrown) return new Refusal(503, error.message);
	if (error instanceof UserError) return new Refusal(400, error.diagnostics.map(({ message, hint }) => hint === void 0 ? message : `${message}. ${hint}`).join("\n"), error.diagnostics);
	const { statusCode: status = 500, code, message, stack } = error;
	if (code === "FST_ERR_CTP_BODY_TOO_LARGE") return new Refusal(413, "the body is larger than 16 MiB: send it in parts");
	if (code === "FST_ERR_CTP_INVALID_MEDIA_TYPE" || code === "FST_ERR_CTP_EMPTY_TYPE") return new Refusal(415, "Content-Type has to be application/json, text/csv, or image/png, jpeg, webp, tiff or gif");
	if (status < 500) return new Refusal(status, message);
	if (code === "ECONNRESET") return new Refusal(400, "the request was not sent to its end");
	report(hideSecrets(stack ?? message));
	return new Refusal(500, "the model could not answer: the server has said why");
}
// src/models/serve/read-invocation.ts
/** Rows of one request: more are to be sent in several. */
const mostRows = 1e4;
/** What a body may unpack to. */
const bodyLimits = {
	depth: 20,
	holders: 2e6,
	values: 1e7
};
/** JSON of a request. @throws Refusal where it is none, or more than a server can hold */
function parseJson(bytes) {
	let text;
	try {
		text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
	} catch {
		throw new Refusal(400, "the body is not UTF-8");
	}
	if (!isWithin(text, bodyLimits)) throw new Refusal(413, `the body holds too much: at most ${bodyLimits.depth} lists within each other, ${bodyLimits.holders} lists and ${bodyLimits.values} values`);
	try {
		return JSON.parse(text);
	} catch (error) {
		const hint = /\bNaN\b|\bInfinity\b/.test(text) ? ". JSON has no NaN and no Infinity: fill such values, or leave their rows out" : "";
		throw new Refusal(400, `the body is not JSON: ${shorten(error.message, 200)}${hint}`);
	}
}
/** What a body has to have one of, as in MLflow. */
const forms = {
	dataframe_records: (model, given) => recordsOf(model, given),
	dataframe_split: (model, given) => splitOf(model, given),
	inputs: (model, given) => inputsOf(model, given),
	instances: (model, given) => instancesOf(model, given)
};
const isForm = (key) => Object.hasOwn(forms, key);
/** The rows of a JSON body for `/invocations`. @throws Refusal which names the place in it */
function readInvocation(model, body) {
	const names = Object.keys(forms).map((name) => `\`${name}\``).join(", ");
	if (!isNamed(body)) throw new Refusal(400, `the body is ${kindOf(body)}, and not an object with one of ${names}`);
	const keys = Object.keys(body);
	const given = keys.filter(isForm);
	const other = keys.find((key) => !isForm(key) && key !== "params");
	if (other !== void 0) {
		const guess = nearest(other, Object.keys(forms));
		throw new Refusal(400, `the body has \`${shorten(other)}\`, which is unknown` + (guess === void 0 ? `: it takes one of ${names}` : `. Did you mean \`${guess}\`?`));
	}
	const [form, ...more] = given;
	if (form === void 0 || more.length > 0) throw new Refusal(400, `the body has to have exactly one of ${names}, and has ${form === void 0 ? "none" : given.map((key) => `\`${key}\``).join(" and ")}`);
	const { params } = body;
	if (params !== void 0 && params !== null && (!isNamed(params) || Object.keys(params).length > 0)) throw new Refusal(400, "params: the model takes none");
	return forms[form](model, body[form]);
}
/** What the rows of a list are, one by one. @throws Refusal which tells of the first that are none */
function readEach(given, where, read) {
	if (given.length > 1e4) throw new Refusal(413, `${where} has ${given.length} rows: send at most ${mostRows} in one request`);
	if (given.length === 0) throw new Refusal(400, `${where} has no rows`);
	const faults = [];
	const rows = [];
	for (const [k, row] of given.entries()) try {
		rows.push(read(row, `${where}[${k}]`));
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
		faults.push(error.diagnostics[0]);
		if (faults.length === mostTold) break;
	}
	if (faults.length > 0) throw wrongRows(faults);
	return rows;
}
/** Rows that are told of where they are wrong: explaining takes longer than reading, and some send nothing else. */
const mostTold = 5;
function wrongRows(faults) {
	const lines = faults.map(({ message, hint }) => hint === void 0 ? message : `${message}. ${hint}`);
	const rest = faults.length < mostTold ? [] : ["the rows behind that are not looked at"];
	return new Refusal(400, [...lines, ...rest].join("\n"), faults);
}
function recordsOf({ reader }, given) {
	return readEach(listOf(given, "dataframe_records"), "dataframe_records", (row, where) => ({ row: withoutLabels(reader.encode(row, where)) }));
}
function splitOf({ reader }, given) {
	const where = "dataframe_split";
	if (!isNamed(given)) throw new Refusal(400, `${where} is ${kindOf(given)}, not an object with \`columns\` and \`data\``);
	const columns = listOf(given["columns"], `${where}.columns`).map((name, k) => {
		if (typeof name === "string") return name;
		throw new Refusal(400, `${where}.columns[${k}] is ${kindOf(name)}, not a name`);
	});
	const seen = /* @__PURE__ */ new Set();
	const twice = columns.find((name) => seen.size === seen.add(name).size);
	if (twice !== void 0) throw new Refusal(400, `${where}.columns names \`${shorten(twice)}\` twice`);
	return readEach(listOf(given["data"], `${where}.data`), `${where}.data`, (row, place) => {
		const cells = listOf(row, place);
		if (cells.length !== columns.length) throw new Refusal(400, `${place} has ${cells.length} values for ${columns.length} columns`);
		return { row: withoutLabels(reader.encode(Object.fromEntries(columns.map((name, k) => [name, cells[k]])), place)) };
	});
}
/** What is right is nothing that a server is asked about. */
const withoutLabels = ({ x }) => ({
	place: {},
	x
});
function inputsOf({ signature: { inputs } }, given) {
	const [input, ...more] = inputs;
	if (!isNamed(given)) {
		const rows = listOf(given, "inputs");
		if (more.length > 0) throw severalInputs("inputs", inputs);
		return readEach(rows, "inputs", (row, where) => ({ tensors: [readTensor(row, input, where)] }));
	}
	proveNames(given, inputs, "inputs");
	const each = inputs.map((one) => {
		const where = `inputs.${one.name}`;
		return readEach(listOf(given[one.name], where), where, (row, place) => readTensor(row, one, place));
	});
	const uneven = each.findIndex(({ length }) => length !== each[0].length);
	if (uneven >= 0) throw new Refusal(400, `inputs.${inputs[uneven].name} has ${each[uneven].length} rows, and inputs.${input.name} ${each[0].length}`);
	return each[0].map((_, row) => ({ tensors: each.map((rows) => rows[row]) }));
}
function instancesOf({ signature: { inputs } }, given) {
	return readEach(listOf(given, "instances"), "instances", (row, where) => {
		if (!isNamed(row)) {
			if (inputs.length > 1) throw severalInputs(where, inputs);
			return { tensors: [readTensor(row, inputs[0], where)] };
		}
		proveNames(row, inputs, where);
		return { tensors: inputs.map((one) => readTensor(row[one.name], one, `${where}.${one.name}`)) };
	});
}
function proveNames(given, inputs, where) {
	const names = inputs.map(({ name }) => name);
	const missing = names.find((name) => !Object.hasOwn(given, name));
	if (missing !== void 0) throw new Refusal(400, `${where} has no \`${missing}\`, which the model takes; ${hasNames(given)}`);
	const strange = Object.keys(given).find((name) => !names.includes(name));
	if (strange !== void 0) throw new Refusal(400, `${where} has \`${shorten(strange)}\`; the model takes ${names.join(", ")}`);
}
function hasNames(given) {
	const names = Object.keys(given);
	return names.length === 0 ? "it has nothing" : `it has ${shorten(names.join(", "), 200)}`;
}
const severalInputs = (where, inputs) => new Refusal(400, `${where} has to name the model's inputs: ${inputs.map(({ name }) => name).join(", ")}`);
/** @throws Refusal where it is none */
function listOf(given, where) {
	if (Array.isArray(given)) return given;
	throw new Refusal(400, given === void 0 ? `${where} is missing` : `${where} is ${kindOf(given)}, not a list`);
}
/** The rows of a table as text. @throws Refusal which names the lines that are wrong */
async function readFile({ reader }, kind, bytes) {
	const read = reader.files[kind];
	if (read === void 0) throw new Refusal(415, `the model takes ${reader.takes}`);
	const faults = [];
	const rows = [];
	for (const given of read("the body", bytes)) {
		const row = await decoded(given);
		if (row.x === void 0) faults.push(row.fault);
		else rows.push({ row: withoutLabels(row) });
		if (faults.length === mostTold) break;
		if (rows.length > 1e4) throw new Refusal(413, `the body has more than ${mostRows} rows: send it in parts`);
	}
	if (faults.length > 0) throw wrongRows(faults);
	if (rows.length === 0) throw new Refusal(400, "the body has no rows");
	return rows;
}
// src/models/serve/invocations.ts
/** Media types of pictures that a body may be. */
const pictureTypes = [
	"png",
	"jpeg",
	"webp",
	"tiff",
	"gif"
].map((name) => `image/${name}`);
/** Media types of WAV files that a body may be. */
const recordingTypes = [
	"wav",
	"x-wav",
	"wave",
	"vnd.wave"
].map((name) => `audio/${name}`);
/** The routes of `mlflow models serve`. */
function addInvocations(app, { ready, ask, runId }) {
	for (const url of ["/ping", "/health"]) app.get(url, async (_, reply) => {
		ready();
		return reply.type("application/json").send("\n");
	});
	app.get("/version", async () => ({
		layerline: version,
		run_id: runId ?? null
	}));
	app.route({
		method: "POST",
		url: "/invocations",
		handler: async (request) => {
			const model = ready();
			const asked = await askedIn(model, request);
			const answers = await ask(asked);
			return { predictions: "tensors" in asked[0] ? outputsOf(model, answers) : answers };
		}
	});
}
async function askedIn(model, { headers, body }) {
	const type = headers["content-type"]?.split(";")[0].trim().toLowerCase();
	if (type === "text/csv") return readFile(model, "csv", body);
	if (type !== void 0 && pictureTypes.includes(type)) return readFile(model, "png", body);
	if (type !== void 0 && recordingTypes.includes(type)) return readFile(model, "wav", body);
	return readInvocation(model, body);
}
/** For each output, lists within lists: [rows, ...shape]. */
function outputsOf({ outputs }, answers) {
	return Object.fromEntries(outputs.map(({ name, shape }, k) => [name, answers.map((row) => nested(Array.from(row[k]), shape))]));
}
function nested(values, [length, ...rest]) {
	if (length === void 0) return values[0];
	if (rest.length === 0) return values;
	const each = values.length / length;
	return Array.from({ length }, (_, k) => nested(values.slice(k * each, (k + 1) * each), rest));
}
// src/models/serve/server-metrics.ts
/** @param waiting rows that wait at the moment */
function createMetrics(waiting) {
	const registry = new Registry();
	collectDefaultMetrics({ register: registry });
	const requests = new Counter({
		name: "pipeline_requests_total",
		help: "Requests that were answered, by route and status of HTTP.",
		labelNames: ["route", "code"],
		registers: [registry]
	});
	const seconds = new Histogram({
		name: "pipeline_request_duration_seconds",
		help: "Time from the head of a request to the end of its answer.",
		labelNames: ["route"],
		buckets: [
			.001,
			.0025,
			.005,
			.01,
			.025,
			.05,
			.1,
			.25,
			.5,
			1,
			2.5,
			5
		],
		registers: [registry]
	});
	const batches = new Histogram({
		name: "pipeline_batch_rows",
		help: "Rows that were computed together.",
		buckets: [
			1,
			2,
			4,
			8,
			16,
			32,
			64
		],
		registers: [registry]
	});
	registry.registerMetric(new Gauge({
		name: "pipeline_queue_rows",
		help: "Rows that wait to be computed.",
		registers: [],
		collect() {
			this.set(waiting());
		}
	}));
	return {
		request: (route, status, time) => {
			requests.inc({
				route,
				code: status
			});
			seconds.observe({ route }, time);
		},
		batch: (rows) => batches.observe(rows),
		text: () => registry.metrics(),
		contentType: registry.contentType
	};
}
// src/models/serve/open-inference.ts
/** The routes of the Open Inference Protocol, version 2, over HTTP. */
function addOpenInference(app, { ready, ask }) {
	/** @throws Refusal where a path names another model */
	const named = (params) => {
		const model = ready();
		const { name } = params;
		if (name === model.name) return model;
		throw new Refusal(404, `there is no model ${shorten(name)}: this server has ${model.name}`);
	};
	app.get("/v2", async () => ({
		name: "layerline",
		version,
		extensions: []
	}));
	app.get("/v2/health/live", async () => ({ live: true }));
	app.get("/v2/health/ready", async () => {
		ready();
		return { ready: true };
	});
	app.get("/v2/models/:name", async ({ params }) => {
		const { name, signature, outputs } = named(params);
		const described = ({ name: called, shape }) => ({
			name: called,
			datatype: "FP32",
			shape: [-1, ...shape]
		});
		return {
			name,
			platform: "layerline",
			inputs: signature.inputs.map(described),
			outputs: outputs.map(described)
		};
	});
	app.get("/v2/models/:name/ready", async ({ params }) => ({
		name: named(params).name,
		ready: true
	}));
	app.route({
		method: "POST",
		url: "/v2/models/:name/infer",
		handler: async ({ params, body }) => {
			const model = named(params);
			const { asked, wanted, id } = readInference(model, body);
			const answers = await ask(asked);
			return {
				model_name: model.name,
				...id !== void 0 && { id },
				outputs: model.outputs.flatMap(({ name, shape }, k) => wanted.has(name) ? [{
					name,
					datatype: "FP32",
					shape: [asked.length, ...shape],
					data: answers.flatMap((row) => Array.from(row[k]))
				}] : [])
			};
		}
	});
}
/** @throws Refusal or UserError which names the place in the body */
function readInference({ signature, outputs }, body) {
	if (!isNamed(body)) throw new Refusal(400, `the body is ${kindOf(body)}, and not an object with \`inputs\``);
	const { id } = body;
	if (id !== void 0 && typeof id !== "string") throw new Refusal(400, `id is ${kindOf(id)}, not a text`);
	const given = listOf(body["inputs"], "inputs");
	const names = signature.inputs.map(({ name }) => name);
	const tensors = /* @__PURE__ */ new Map();
	given.forEach((tensor, k) => {
		const where = `inputs[${k}]`;
		if (!isNamed(tensor)) throw new Refusal(400, `${where} is ${kindOf(tensor)}, not an object`);
		const { name } = tensor;
		const input = signature.inputs.find((one) => one.name === name);
		if (input === void 0 || tensors.has(input.name)) throw new Refusal(400, `${where}.name is ${typeof name === "string" ? shorten(name) : kindOf(name)}; the model takes each of ${names.join(", ")} once`);
		tensors.set(input.name, {
			rows: readTensorOf(tensor, input, where),
			where
		});
	});
	const missing = names.find((name) => !tensors.has(name));
	if (missing !== void 0) throw new Refusal(400, `inputs has no \`${missing}\`, which the model takes`);
	const each = names.map((name) => tensors.get(name));
	const [first] = each;
	const uneven = each.find(({ rows }) => rows.length !== first.rows.length);
	if (uneven !== void 0) throw new Refusal(400, `${uneven.where} has ${uneven.rows.length} rows, and ${first.where} ${first.rows.length}`);
	return {
		asked: first.rows.map((_, row) => ({ tensors: each.map(({ rows }) => rows[row]) })),
		wanted: wantedOf(body["outputs"], outputs),
		id
	};
}
function readTensorOf({ shape, datatype, data }, input, where) {
	if (datatype !== "FP32") throw new Refusal(400, `${where}.datatype is ${typeof datatype === "string" ? shorten(datatype) : kindOf(datatype)}, not FP32`);
	const [count, ...rest] = listOf(shape, `${where}.shape`);
	if (typeof count !== "number" || !Number.isInteger(count) || count < 1 || String(rest) !== String(input.shape)) throw new Refusal(400, `${where}.shape: expected ROWS x ${formatShape(input.shape)}, got ${shorten(JSON.stringify(shape))}`);
	if (count > 1e4) throw new Refusal(413, `${where} has ${count} rows: send at most ${mostRows} in one request`);
	const values = listOf(data, `${where}.data`);
	if (Array.isArray(values[0])) {
		if (values.length !== count) throw new Refusal(400, `${where}.data has ${values.length} rows, and its shape says ${count}`);
		return values.map((row, k) => readTensor(row, input, `${where}.data[${k}]`));
	}
	const all = readFlat(values, count, input, `${where}.data`);
	const size = all.length / count;
	return Array.from({ length: count }, (_, k) => all.subarray(k * size, (k + 1) * size));
}
function wantedOf(given, outputs) {
	const names = outputs.map(({ name }) => name);
	if (given === void 0) return new Set(names);
	return new Set(listOf(given, "outputs").map((one, k) => {
		const name = isNamed(one) ? one["name"] : void 0;
		if (typeof name === "string" && names.includes(name)) return name;
		throw new Refusal(400, `outputs[${k}].name is none of the model's: ${names.join(", ")}`);
	}));
}
// src/models/serve/try-page-files.ts
/** The page at `/`. */
const tryHtml = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Try a model</title>
<link rel="stylesheet" href="/try.css">
<script src="/try.js" defer><\/script>
<h1 id="name">Try a model</h1>
<p id="takes"></p>
<form id="access" hidden>
  <label>Token of this server <input id="token" type="password" autocomplete="off"></label>
  <button>Use it</button>
</form>
<section id="picture" hidden>
  <canvas id="canvas" aria-label="Draw here, or drop a picture"></canvas>
  <p>
    Draw, or drop a picture, or <label>choose one <input id="file" type="file" accept="image/*"></label>
    <label><input id="invert" type="checkbox"> invert it</label>
    <button id="clear" type="button">Clear</button>
  </p>
</section>
<section id="recording" hidden>
  <label>A recording (WAV), chosen or dropped here <input id="sound" type="file" accept=".wav,audio/wav"></label>
</section>
<form id="table" hidden></form>
<form id="other" hidden>
  <label>A row as JSON <textarea id="row" rows="6" spellcheck="false"></textarea></label>
  <button>Predict</button>
</form>
<p id="problem" role="alert"></p>
<section id="answer" aria-live="polite"></section>
</html>
`;
/** Its style. */
const tryStyle = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 40rem; margin: 2rem auto; padding: 0 1rem }
canvas { width: 280px; border: 1px solid #888; image-rendering: pixelated; touch-action: none; cursor: crosshair }
canvas.over { border-color: #06c }
label { display: inline-block; margin: 0 1rem .5rem 0 }
#table label { display: grid; grid-template-columns: 16rem 1fr; margin: 0 0 .5rem }
textarea { display: block; width: 100%; font-family: monospace }
#problem { color: #c22; white-space: pre-wrap }
.bar { display: grid; grid-template-columns: 10rem 1fr 4rem; gap: .5rem; align-items: center }
.bar meter { width: 100% }
`;
/** Its script. Whatever a model or a server says is put in as text. */
const tryScript = `'use strict';
const at = (id) => document.getElementById(id);
let [model, token, turn] = [undefined, '', 0];

async function ask(path, body) {
  const headers = token === '' ? {} : { authorization: 'Bearer ' + token };
  const sent = body === undefined ? { headers } : {
    method: 'POST',
    headers: { ...headers, 'content-type': body instanceof Blob ? body.type : 'application/json' },
    body: body instanceof Blob ? body : JSON.stringify(body),
  };
  const answer = await fetch(path, sent);
  at('access').hidden = answer.status !== 401;
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.message);
  return said;
}

function show(error) {
  at('problem').textContent = error === undefined ? '' : error.message;
}

async function predict(row) {
  const mine = ++turn;
  try {
    const { predictions: [said] } = await ask(
      '/invocations', row instanceof Blob ? row : { dataframe_records: [row] });
    if (mine !== turn) return;
    show();
    const each = Object.entries(said.predicted).flatMap(([target, value]) => shown(target, value, said));
    at('answer').replaceChildren(...each);
  } catch (error) {
    if (mine !== turn) return;
    show(error);
    at('answer').replaceChildren();
  }
}

function element(tag, text, more) {
  return Object.assign(document.createElement(tag), text === undefined ? {} : { textContent: text }, more);
}

function shown(target, value, { probabilities }) {
  const text = typeof value === 'object' ? JSON.stringify(value).slice(0, 2000) : value;
  const title = element('h2', target + ': ' + text);
  const all = Object.entries(probabilities[target] ?? {}).sort((a, b) => b[1] - a[1]).slice(0, 10);
  return [title, ...all.map(([name, share]) => {
    const bar = element('div', undefined, { className: 'bar' });
    const percent = (100 * share).toFixed(1) + ' %';
    bar.append(element('span', name), element('meter', undefined, { value: share }), element('span', percent));
    return bar;
  })];
}

function preparePicture({ shape: [height, width, channels], input }) {
  const canvas = Object.assign(at('canvas'), { height, width });
  const pen = canvas.getContext('2d', { willReadFrequently: true });
  const clear = () => {
    pen.fillStyle = 'black';
    pen.fillRect(0, 0, width, height);
    at('answer').replaceChildren();
  };
  const send = () => {
    const { data } = pen.getImageData(0, 0, width, height);
    const sign = (value) => (at('invert').checked ? 255 - value : value);
    const pixel = (i) => {
      const colours = [0, 1, 2].map((k) => sign(data[i + k]));
      const grey = Math.round(0.299 * colours[0] + 0.587 * colours[1] + 0.114 * colours[2]);
      const values = channels < 3 ? [grey] : colours;
      return channels % 2 === 0 ? [...values, 255] : values;
    };
    const line = (y) => Array.from({ length: width }, (_, x) => pixel(4 * (y * width + x)));
    const rows = Array.from({ length: height }, (_, y) => line(y));
    return predict({ [input]: rows });
  };
  const put = async (file) => {
    // The server prepares it as those that the model learnt from; what is shown here is stretched.
    const isSent = model.anySize && !at('invert').checked;
    if (isSent) predict(file);
    try {
      const picture = await createImageBitmap(file);
      clear();
      pen.imageSmoothingQuality = 'high';
      pen.drawImage(picture, 0, 0, width, height);
      if (!isSent) await send();
    } catch {
      if (isSent) return;
      show(new Error('this is no picture that the browser can read'));
    }
  };
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * width, ((event.clientY - box.top) / box.height) * height];
  };
  let last;
  canvas.onpointerdown = (event) => {
    canvas.setPointerCapture(event.pointerId);
    last = place(event);
    draw(event);
  };
  const draw = (event) => {
    if (last === undefined) return;
    const next = place(event);
    Object.assign(pen, { strokeStyle: 'white', lineWidth: Math.max(width, height) / 13, lineCap: 'round' });
    pen.beginPath();
    pen.moveTo(...last);
    pen.lineTo(...next);
    pen.stroke();
    last = next;
  };
  canvas.onpointermove = draw;
  canvas.onpointerup = () => {
    last = undefined;
    send();
  };
  canvas.ondragover = (event) => {
    event.preventDefault();
    canvas.classList.add('over');
  };
  canvas.ondragleave = () => canvas.classList.remove('over');
  canvas.ondrop = (event) => {
    event.preventDefault();
    canvas.classList.remove('over');
    if (event.dataTransfer.files.length > 0) put(event.dataTransfer.files[0]);
  };
  at('file').onchange = () => at('file').files.length > 0 && put(at('file').files[0]);
  at('invert').onchange = send;
  at('clear').onclick = clear;
  clear();
}

function prepareTable({ columns }) {
  const fields = columns.map(({ column, categories, mean, isText }) => {
    const value = Number((mean ?? 0).toPrecision(4));
    const input = isText ? { type: 'text' } : { type: 'number', step: 'any', required: true, value };
    const field = categories === undefined
      ? element('input', undefined, input)
      : element('select');
    for (const name of categories ?? []) field.append(element('option', name, { value: name }));
    return [column, field];
  });
  at('table').replaceChildren(
    ...fields.map(([column, field]) => {
      const label = element('label', column);
      label.append(field);
      return label;
    }),
    element('button', 'Predict'),
  );
  at('table').onsubmit = (event) => {
    event.preventDefault();
    predict(Object.fromEntries(fields.map(([column, field]) =>
      [column, field.type === 'number' ? field.valueAsNumber : field.value])));
  };
}

function prepareRecording() {
  const send = (files) => files.length > 0 && predict(new Blob([files[0]], { type: 'audio/wav' }));
  at('sound').onchange = () => {
    send(at('sound').files);
    // The same file can be chosen once more.
    at('sound').value = '';
  };
  at('recording').ondragover = (event) => event.preventDefault();
  at('recording').ondrop = (event) => {
    event.preventDefault();
    send(event.dataTransfer.files);
  };
}

function prepareOther() {
  at('other').onsubmit = (event) => {
    event.preventDefault();
    try {
      predict(JSON.parse(at('row').value));
    } catch (error) {
      show(error);
    }
  };
}

const prepare = { picture: preparePicture, recording: prepareRecording, table: prepareTable, other: prepareOther };

async function begin() {
  try {
    model = await ask('/try.json');
    show();
    at('name').textContent = document.title = model.name;
    at('takes').textContent = (model.run === null ? '' : 'Run ' + model.run + '. ') + 'It takes ' + model.takes + '.';
    prepare[model.kind](model);
    at(model.kind).hidden = false;
  } catch (error) {
    show(error);
  }
}

at('access').onsubmit = (event) => {
  event.preventDefault();
  token = at('token').value.trim();
  begin();
};
begin();
`;
// src/models/serve/try-page.ts
/** What may be loaded: files of this server, and nothing else; who shows the page within another is not obeyed. */
const securityHeaders = {
	"content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
	"x-content-type-options": "nosniff",
	"referrer-policy": "no-referrer",
	"cache-control": "no-store"
};
const files = {
	"/": ["text/html; charset=utf-8", tryHtml],
	"/try.js": ["text/javascript; charset=utf-8", tryScript],
	"/try.css": ["text/css; charset=utf-8", tryStyle]
};
/** The page's files, which say nothing of the model: a browser cannot send a token for them. */
const pageRoutes = Object.keys(files);
/** A page on which a person tries the model, and what it has to know. */
function addTryPage(app, { ready, runId }) {
	for (const [url, [type, content]] of Object.entries(files)) app.get(url, async (_, reply) => reply.headers(securityHeaders).type(type).send(content));
	app.get("/try.json", async () => ({
		...describe(ready()),
		run: runId ?? null
	}));
}
const columnsForm = record(list(object({
	column: text(),
	cross: optional(list(text())),
	categories: optional(list(text())),
	mean: optional(number),
	fill: optional(number),
	reads: optional(text()),
	tokens: optional(text())
})));
/** What the page shows a form for. */
function describe({ name, reader, signature: { inputs }, preparation }) {
	const [input, ...more] = inputs;
	const about = {
		name,
		takes: reader.takes,
		input: input.name
	};
	if ("png" in reader.files && more.length === 0) {
		const { anySize = false } = reader;
		return {
			...about,
			kind: "picture",
			shape: input.shape,
			anySize
		};
	}
	if ("wav" in reader.files) return {
		...about,
		kind: "recording"
	};
	if (reader.kind === "table" && hasForm(columnsForm, preparation)) {
		const prepared = Object.values(preparation).flat();
		const own = new Set(prepared.map(({ column }) => column));
		const crossed = new Set(prepared.flatMap(({ cross = [] }) => cross.filter((column) => !own.has(column))));
		const columns = prepared.filter(({ cross }) => cross === void 0).map(({ column, categories, mean, fill, reads, tokens }) => ({
			column,
			categories,
			mean: mean ?? (reads === "numbers" ? fill : void 0),
			isText: reads === "dates" || reads === "hash" || tokens !== void 0
		}));
		const texts = [...crossed].map((column) => ({
			column,
			isText: true
		}));
		return {
			...about,
			kind: "table",
			columns: [...columns, ...texts]
		};
	}
	return {
		...about,
		kind: "other"
	};
}
// src/models/serve/server.ts
/** Bytes of one body. */
const bodyLimit = 16777216;
/** Rows that may wait: at some thousand a second they are a second's work. */
const queueLimit = 1024;
/** Milliseconds that an open connection has at the end to send what it has begun to. */
const grace = 1e3;
/** Milliseconds after which the end does not wait for clients any longer. */
const longestEnd = 3e4;
/** Routes of probes and browsers, which have no token. */
const openRoutes = /* @__PURE__ */ new Set([
	"/ping",
	"/health",
	"/v2/health/live",
	"/v2/health/ready",
	...pageRoutes
]);
/** Starts a server for one model. @throws UserError where it cannot listen */
async function startServer(options) {
	const { host, port, token, runId, report } = options;
	let model;
	let [isClosing, answered] = [false, 0];
	const metrics = createMetrics(() => batcher.rows);
	const batcher = new Batcher({
		compute: (asked) => model.answer(asked),
		batch: 64,
		queue: queueLimit,
		observe: metrics.batch
	});
	const app = fastify({
		bodyLimit,
		requestTimeout: 6e4,
		keepAliveTimeout: 5e3,
		routerOptions: { maxParamLength: 500 },
		return503OnClosing: false,
		exposeHeadRoutes: false
	});
	/** @throws Refusal before there is a model */
	const ready = () => {
		if (model !== void 0) return model;
		throw new Refusal(503, "the model is not ready yet");
	};
	const refuseWhenFull = () => {
		if (batcher.isFull) throw new Refusal(503, `${batcher.rows} rows wait already`);
	};
	app.addHook("onRequest", async (request) => {
		const { url } = request.routeOptions;
		if (isLoopback(host) && token === void 0 && !namesLoopback(request.headers.host)) throw new Refusal(403, "this server answers to localhost alone; `pipeline serve --host` lets it answer others");
		if (token !== void 0 && !openRoutes.has(url) && !hasToken(request.headers.authorization, token)) throw new Refusal(401, "send the token of this server: `Authorization: Bearer TOKEN`");
		if (request.method !== "POST") return;
		ready();
		refuseWhenFull();
	});
	app.addHook("onSend", async (_, reply, payload) => {
		if (isClosing) reply.header("connection", "close");
		else if (reply.statusCode === 413) reply.removeHeader("connection");
		return payload;
	});
	app.addHook("onResponse", async (request, reply) => {
		answered++;
		metrics.request(request.routeOptions.url ?? "none", reply.statusCode, reply.elapsedTime / 1e3);
	});
	app.setErrorHandler((error, request, reply) => answerRefusal(request, reply, refusalOf(error, report)));
	app.setNotFoundHandler((request, reply) => answerRefusal(request, reply, noSuchRoute(request.method)));
	app.removeAllContentTypeParsers();
	app.addContentTypeParser("application/json", { parseAs: "buffer" }, async (_, body) => parseJson(body));
	for (const type of [
		"text/csv",
		...pictureTypes,
		...recordingTypes
	]) app.addContentTypeParser(type, { parseAs: "buffer" }, async (_, body) => body);
	const ask = async (asked) => {
		refuseWhenFull();
		return batcher.ask(asked);
	};
	const serving = {
		ready,
		ask,
		runId
	};
	addInvocations(app, serving);
	addOpenInference(app, serving);
	addTryPage(app, serving);
	app.get("/metrics", async (_, reply) => reply.type(metrics.contentType).send(await metrics.text()));
	await listen(app, host, port);
	return {
		address: addressOf(app, host),
		serve: (loaded) => model = loaded,
		close: async () => {
			isClosing = true;
			const ended = new Promise((resolve) => Server.prototype.close.call(app.server, () => resolve(true)));
			await Promise.race([ended, setTimeout(grace, false, { ref: false })]);
			app.server.closeIdleConnections();
			if (!await Promise.race([ended, setTimeout(longestEnd, false, { ref: false })])) app.server.closeAllConnections();
			await ended;
			return answered;
		}
	};
}
function noSuchRoute(method) {
	return new Refusal(404, `there is no such route for ${method}: POST to /invocations; GET / has a page to try it`);
}
async function listen(app, host, port) {
	try {
		await app.listen({
			port,
			host: host === "localhost" ? "127.0.0.1" : host
		});
	} catch (error) {
		const { code, message } = error;
		if (code === "EADDRINUSE") throw failure("port-taken", `port ${port} is in use`, "Give another by --port; with 0 a free one is taken.", error);
		if (code === "EACCES") throw failure("port-taken", `port ${port} may not be used by this user`, "Give one from 1024 on by --port.", error);
		if (![
			"EADDRNOTAVAIL",
			"ENOTFOUND",
			"EAI_AGAIN",
			"EINVAL",
			"EAFNOSUPPORT"
		].includes(code ?? "")) throw error;
		throw failure("host-not-here", `--host ${host} is no address of this machine: ${message}`, "Give an address of one of its networks, or 0.0.0.0 for all of them.", error);
	}
}
function addressOf(app, host) {
	const { port } = app.server.address();
	return `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
}
export { startServer };
