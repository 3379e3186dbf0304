import { Bo as object, Cs as warning, F as parseYaml, Go as text, Ho as optional, I as expand, Io as hasForm, It as view, Ko as whole, Na as shorten, Qa as ownFolder, R as check, Ss as misuse, _a as readFileWithin, bs as failure, ja as writeFileAtomic, q as toValue, us as _Object_, v as makeVisible, vs as UserError, xs as mistake } from "./checks-359mGJ3h.js";
import { f as newestValue, m as readKeys } from "./open-journal-k_DVXt93.js";
import { a as openExecutor, i as onSchema, n as executors, r as needOf, t as chosenExecutor } from "./executors-C5xaghUW.js";
import { a as reasonToRetry, c as makePortable, n as whyFailed, o as JobSender, s as remoteOf, t as takeIn } from "./take-in-X-iykLe_.js";
import { t as claim } from "./claim-xMI5Bay-.js";
import { n as cacheFolder } from "./stage-cache-CfWlADlT.js";
import { n as nameRun } from "./run-pipeline-BmCqHi7f.js";
import { r as runTags, t as recordConfiguration } from "./record-run-Dwebf2kU.js";
import { g as runFolderAt } from "./run-folder-Dzo3EkAl.js";
import { r as repetitionSpace } from "./repetition-points-va1d00kb.js";
import { dirname, join, relative, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { existsSync } from "node:fs";
import { createHash } from "node:crypto";
// src/sweeps/read-on.ts
const schema = view(_Object_({ on: onSchema }, { additionalProperties: false }));
/**
* Reads what `--on` says: what `on` of a sweep file takes, as YAML of one line.
*
* @returns the executor, and where it stands for messages
* @throws UserError with every mistake, at its place
*/
function readOn(text) {
	const source = {
		name: "--on",
		text: `on: ${text}\n`
	};
	const parsed = parseYaml(source);
	const state = {
		tables: { executor: executors },
		diagnostics: [...parsed.diagnostics],
		used: /* @__PURE__ */ new Set(),
		written: /* @__PURE__ */ new Map(),
		reported: new Set(parsed.reported),
		incomplete: /* @__PURE__ */ new Map(),
		usages: /* @__PURE__ */ new Map()
	};
	if (parsed.root === void 0) throw new UserError(parsed.diagnostics, 2);
	const full = expand(parsed.root, schema, parsed.root.range, state);
	const found = [...state.diagnostics, ...check(full, schema, state)];
	if (found.length > 0) throw new UserError(found, 2);
	const { on } = toValue(full);
	return {
		on: chosenExecutor(on),
		range: {
			source,
			start: 4,
			end: 4 + text.length
		}
	};
}
// src/sweeps/transport/run-elsewhere.ts
/** What is noted of a run that was sent away, until it has ended. */
const note = object({
	place: text(),
	attempt: whole,
	after: optional(text()),
	lost: whole,
	memory: whole
});
/** Milliseconds between two looks at a job. */
const look = 500;
/**
* Runs a pipeline on another machine, and records here what it did, as the run that it is. The same command goes on
* with a job that is at work, and with a run that was stopped.
*
* @throws UserError where it cannot be sent, or another process is at it; the job runs on then
*/
async function runElsewhere(request) {
	const { checked, tracker, openExecutor } = request;
	const portable = await makePortable(checked);
	const store = resolve(tracker.runsDirectory);
	const key = createHash("sha256").update(JSON.stringify([
		resolve(checked.source.name),
		portable.part,
		request.need.cpu,
		tracker.server ?? null
	])).digest("hex").slice(0, 16);
	const folder = ownFolder(dirname(store), ".layerline", "sent", store.slice(dirname(store).length + 1), key);
	const claimed = claim(folder);
	if (claimed === void 0) throw failure("job-at-work", `another process waits for the job of ${checked.source.name}`, "Let it, or end it: the same command takes the job up again.");
	const executor = openExecutor(folder);
	try {
		return await new Elsewhere(request, portable, {
			executor,
			folder,
			key
		}).work();
	} finally {
		await executor.close();
		claimed.release();
	}
}
var Elsewhere = class {
	#request;
	#portable;
	#place;
	#noted;
	#note;
	/** The last line that was shown. */
	#shown;
	constructor(request, portable, place) {
		[this.#request, this.#portable, this.#place] = [
			request,
			portable,
			place
		];
		this.#noted = join(place.folder, "run.json");
	}
	async work() {
		if (this.#request.fresh) await this.#giveUp();
		const run = await this.#former() ?? await this.#begin();
		try {
			for (;;) {
				await this.#submit(run);
				const state = await this.#follow();
				const ended = await this.#ended(run, state);
				if (ended !== void 0) return await this.#close(run, ended);
			}
		} catch (error) {
			await run.finish("KILLED", Date.now());
			throw error;
		}
	}
	get #id() {
		return `run-${this.#place.key}-${this.#note.attempt}`;
	}
	#write(change) {
		this.#note = change;
		writeFileAtomic(this.#noted, JSON.stringify(change));
	}
	/** Stops what is under way of the same run. */
	async #giveUp() {
		const { executor, key } = this.#place;
		for (const { id } of (await executor.list(`run-${key}`)).filter(isOpen)) await executor.stop(id);
		const before = this.#read();
		if (before !== void 0) this.#write({
			...before,
			place: ""
		});
	}
	#read() {
		if (!existsSync(this.#noted)) return void 0;
		try {
			const told = JSON.parse(Buffer.from(readFileWithin(this.#noted, 65536)).toString());
			return hasForm(note, told) ? told : void 0;
		} catch {
			return;
		}
	}
	/** The run that was begun before, where it has not ended. */
	async #former() {
		const { tracker } = this.#request;
		const before = this.#read();
		if (before === void 0 || before.place === "") return void 0;
		const run = await tracker.reopen(runFolderAt(tracker.runsDirectory, before.place));
		this.#note = run && before;
		return run;
	}
	async #begin() {
		const { checked, tracker, name } = this.#request;
		const { pipeline, source } = checked;
		const own = Object.entries(runTags(source.name, "")).filter(([key]) => key.startsWith("mlflow."));
		const run = await tracker.start({
			experiment: pipeline.tracking.experiment ?? pipeline.name,
			runName: name ?? nameRun(checked, void 0, /* @__PURE__ */ new Date()),
			startTime: Date.now(),
			tags: Object.fromEntries(own)
		});
		recordConfiguration(run, checked);
		const attempt = (this.#read()?.attempt ?? 0) + 1;
		this.#write({
			place: relative(tracker.runsDirectory, run.directory),
			attempt,
			lost: 0,
			memory: 0
		});
		return run;
	}
	/** Starts the job of now, where it is not at work yet. */
	async #submit(run) {
		const { checked, sender, need, untilEpoch, json, name, signal } = this.#request;
		const { executor, key } = this.#place;
		if ((await executor.list(`run-${key}`)).some(({ id }) => id === this.#id)) return;
		const { pipeline } = checked;
		while (await executor.slots(need) <= 0) {
			if (signal.aborted) return;
			await setTimeout(look, void 0, { signal }).catch(() => void 0);
		}
		const part = {
			run: {
				id: run.runId,
				name: name ?? nameRun(checked, void 0, /* @__PURE__ */ new Date()),
				experiment: pipeline.tracking.experiment ?? pipeline.name
			},
			...untilEpoch !== void 0 && { untilEpoch },
			json,
			...this.#note.after !== void 0 && { after: this.#note.after }
		};
		await executor.submit(await sender.send(this.#portable, part, {
			id: this.#id,
			need
		}));
	}
	/** Shows what the job prints until it has ended, or is stopped. */
	async #follow() {
		const { signal } = this.#request;
		const { executor, key } = this.#place;
		for (;;) {
			if (signal.aborted) await executor.stop(this.#id);
			const state = (await executor.list(`run-${key}`)).find(({ id }) => id === this.#id);
			this.#show(await executor.logs(this.#id).catch(() => void 0) ?? "");
			if (state !== void 0 && !isOpen(state)) return state;
			if (signal.aborted) return {
				id: this.#id,
				state: "stopped"
			};
			await setTimeout(look, void 0, { signal }).catch(() => void 0);
		}
	}
	/** Shows what is new. Of a long output the beginning may be gone. */
	#show(log) {
		const whole = log.slice(0, log.lastIndexOf("\n") + 1);
		const before = this.#shown?.job === this.#id ? this.#shown.text : "";
		const tail = before.slice(-500);
		const at = whole.startsWith(before) ? before.length : whole.lastIndexOf(tail) + tail.length;
		if (whole.length > at) this.#request.show(whole.slice(at));
		this.#shown = {
			job: this.#id,
			text: whole
		};
	}
	/** @returns undefined where it is tried again */
	async #ended(run, state) {
		const { sender, tracker, warn, signal } = this.#request;
		const result = await sender.resultOf(this.#id);
		if (result !== void 0) {
			await takeIn(result, {
				store: sender.store,
				run,
				cache: cacheFolder(tracker.runsDirectory)
			});
			return this.#afterResult(result);
		}
		const end = { state: state.state === "failed" || state.state === "lost" ? state.state : "stopped" };
		const { exitCode } = state;
		const again = signal.aborted ? "stopped" : reasonToRetry(this.#note, {
			...end,
			...exitCode !== void 0 && { exitCode }
		});
		const reason = await whyFailed(this.#place.executor, state, {});
		const { attempt, lost, memory } = this.#note;
		this.#write({
			...this.#note,
			attempt: attempt + 1,
			lost: lost + (again === "lost" ? 1 : 0),
			memory: memory + (again === "memory" ? 1 : 0)
		});
		if (again === void 0) return {
			status: "FAILED",
			exitCode: exitCode ?? 1,
			reason
		};
		if (again === "stopped") return {
			status: "KILLED",
			exitCode: 130,
			reason
		};
		warn(warning("job-tried-again", `the job is sent once more: ${reason}`));
	}
	#afterResult({ status, exitCode, pausedAfter, error }) {
		const [after, attempt] = [this.#id, this.#note.attempt + 1];
		const ended = status === "FINISHED" || status === "KILLED" ? status : "FAILED";
		this.#write({
			...this.#note,
			attempt,
			after
		});
		return {
			status: ended,
			exitCode,
			...pausedAfter !== void 0 && { pausedAfter },
			...error !== void 0 && { reason: shorten(error.split("\n")[0], 300) }
		};
	}
	async #close(run, ended) {
		const { warn, signal } = this.#request;
		if (ended.status === "FAILED" && ended.reason !== void 0) run.tags({ "pipeline.error": ended.reason });
		for (const diagnostic of await run.finish(ended.status, Date.now(), signal)) warn(diagnostic);
		if (ended.status !== "KILLED") this.#write({
			...this.#note,
			place: ""
		});
		return {
			run,
			...ended
		};
	}
};
const isOpen = ({ state }) => state === "queued" || state === "running";
/** What is thrown of a job that failed. */
function jobFailed({ exitCode, reason }) {
	const message = `the job failed: ${reason ?? `it ended with exit code ${exitCode}`}`;
	return new UserError(mistake("job-failed", message), exitCode === 2 ? 2 : 1);
}
// src/commands/run-on.ts
/**
* Runs a file where `--on` says, and shows what it prints there.
*
* @returns how it ended, with the metrics of the run; one that failed is thrown
* @throws UserError where it was stopped, failed, or could not be sent
*/
async function runOn(sent) {
	const { checked, again, json, ...rest } = sent;
	const { on, range } = readOn(sent.on);
	if (repetitionSpace(checked.pipeline) !== void 0) throw misuse("on-repeats", "`--on` sends one training, and this pipeline is trained several times (`repeat`, `folds`)", "leave them out; a sweep over `seed` with `on` trains as many");
	const sender = await JobSender.open({
		on: on.type,
		range,
		program: process.argv[1],
		...remoteOf(checked)
	});
	let outcome;
	try {
		outcome = await runElsewhere({
			...rest,
			checked,
			json,
			sender,
			need: needOf(on, 1),
			openExecutor: (folder) => openExecutor(on, {
				folder,
				range
			}),
			show: (text) => void process.stdout.write(json ? text : visible(text))
		});
	} finally {
		await sender.close();
	}
	const { status, pausedAfter, run } = outcome;
	if (status === "FAILED") throw jobFailed(outcome);
	if (status === "KILLED" && pausedAfter === void 0) throw failure("interrupted", `the run ${run.runId} was stopped`, `Go on with: ${again}`);
	return {
		...outcome,
		metrics: metricsOf(run.directory)
	};
}
const visible = (text) => text.split("\n").map(makeVisible).join("\n");
/** The last value of each metric. */
function metricsOf(directory) {
	const metrics = join(directory, "metrics");
	const found = readKeys(metrics).flatMap((key) => {
		const value = newestValue(metrics, key);
		return value === void 0 || key.startsWith("system/") ? [] : [[key, value]];
	});
	return Object.fromEntries(found);
}
export { runOn };
