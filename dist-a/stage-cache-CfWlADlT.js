import { Aa as touch, Bo as object, Cs as warning, Go as text, Ho as optional, Io as hasForm, Ko as whole, Lo as list, Qa as ownFolder, Ta as makeFolder, bs as failure, ja as writeFileAtomic, vs as UserError, xa as besideName } from "./checks-359mGJ3h.js";
import { a as peekCheckpoint, i as parseBytes, n as loadCheckpoint, o as saveCheckpoint, t as bytesOfJson } from "./checkpoint-file-EvJ8jzTt.js";
import { basename, dirname, join, relative, resolve } from "node:path";
import { readdirSync, renameSync, rmSync } from "node:fs";
// src/cache/pack-outcome.ts
/**
* Takes a value apart: plain objects and lists of texts, numbers, booleans, null and typed arrays. Every number comes
* back as it was, to the bit.
*
* @throws TypeError for anything else: it would not come back
*/
function pack(value) {
	const arrays = [];
	const visit = (inner) => {
		if (inner instanceof Float32Array || inner instanceof Float64Array || inner instanceof Int32Array || inner instanceof Uint8Array) return { $array: arrays.push({
			name: String(arrays.length),
			shape: [inner.length],
			values: inner
		}) - 1 };
		if (typeof inner === "number" && (!Number.isFinite(inner) || Object.is(inner, -0))) return { $number: Object.is(inner, -0) ? "-0" : String(inner) };
		if (Array.isArray(inner)) return inner.map(visit);
		if (typeof inner !== "object" || inner === null) return inner;
		const prototype = Object.getPrototypeOf(inner);
		if (prototype !== Object.prototype && prototype !== null) throw new TypeError(`a ${inner.constructor.name} cannot be kept`);
		return Object.fromEntries(Object.entries(inner).map(([key, member]) => [key, visit(member)]));
	};
	return {
		json: visit(value),
		arrays
	};
}
/** How deep a value may be: many times what any outcome is, and what anyone who walks through it has room for. */
const deepest = 200;
/**
* Puts a value together again. Its arrays are those of the packed one, not copies.
*
* @throws RangeError where it is too deep
*/
function unpack({ json, arrays }) {
	const values = arrays.map((array) => array.values);
	const visit = (inner, depth) => {
		if (depth > deepest) throw new RangeError("a value is too deep");
		if (Array.isArray(inner)) return inner.map((item) => visit(item, depth + 1));
		if (typeof inner !== "object" || inner === null) return inner;
		const { $array, $number } = inner;
		if (typeof $array === "number") return values[$array];
		if (typeof $number === "string") return Number($number);
		return Object.fromEntries(Object.entries(inner).map(([key, member]) => [key, visit(member, depth + 1)]));
	};
	return visit(json, 0);
}
// src/cache/stage-cache.ts
/**
* Where the cache of a local store lies: beside it, as MLflow takes every folder in a store for an experiment. Each
* store has its own, so that the runs which outcomes come from can be looked at there.
*
* @throws UserError where it would lead elsewhere
*/
function cacheFolder(runsDirectory) {
	const store = resolve(runsDirectory);
	return ownFolder(dirname(store), ".layerline", "cache", basename(store));
}
/**
* The outcomes of stages, each one file under its fingerprint: written aside and renamed, so that two processes see
* each other's whole entries or none, and need no lock. Nothing in it is the only copy of anything.
*/
var StageCache = class {
	#folder;
	#warn;
	#file;
	/** Why something was not kept, as it was told already. */
	#told = /* @__PURE__ */ new Set();
	/** @param file the pipeline file that outcomes are kept for */
	constructor(folder, warn, file) {
		this.#folder = folder;
		this.#file = file === void 0 ? void 0 : relative(folder, resolve(file));
		this.#warn = warn;
	}
	/**
	* The outcome that was kept under a fingerprint, proven by its hash and its form.
	*
	* @returns undefined where there is none, or a damaged one, which is warned of
	*/
	find(fingerprint, form) {
		try {
			const path = this.fileOf(fingerprint);
			const found = prove(path, fingerprint, form);
			touch(path);
			return found;
		} catch (error) {
			const { code } = error;
			if (code === "ENOENT" || code === "ENOTDIR") return void 0;
			if (code === void 0 && !(error instanceof UserError)) throw error;
			this.#warn(warning("cache-damaged", `the kept outcome of ${fingerprint.stage} cannot be used: ${error.message}`, "The stage runs again and replaces it."));
			return;
		}
	}
	/**
	* Takes an outcome that another machine has kept, proven as `find` does, and to be made of the very parts that are
	* asked for: a name says nothing of what lies under it.
	*
	* @param fetch puts it into a file; whether there is any
	* @returns whether it is kept here now
	* @throws UserError where it is none; what `fetch` throws; the file system's own error
	*/
	async take(fingerprint, form, fetch) {
		const path = this.fileOf(fingerprint);
		makeFolder(dirname(path));
		const aside = join(dirname(path), besideName());
		try {
			if (!await fetch(aside)) return false;
			const { fingerprint: proven } = prove(aside, fingerprint, form);
			if (JSON.stringify(proven.parts) !== JSON.stringify(fingerprint.parts)) throw failure("cache-damaged", "it says that it is made of something else than its name does");
			writeFileAtomic(join(this.#folder, ".gitignore"), "*\n");
			renameSync(aside, path);
			return true;
		} finally {
			rmSync(aside, { force: true });
		}
	}
	/** Whether an outcome was run with the pipeline file. */
	isOwn({ files = [] }) {
		return this.#file !== void 0 && files.includes(this.#file);
	}
	/**
	* Keeps an outcome, of what `pack` takes; where that fails, it is warned of, once for each reason.
	*
	* @param before files that it was kept for already
	*/
	keep(fingerprint, runId, outcome, before = []) {
		const { json, arrays } = pack(outcome);
		try {
			writeFileAtomic(join(this.#folder, ".gitignore"), "*\n");
			const values = bytesOfJson(json);
			const files = [...before, ...this.#file === void 0 ? [] : [this.#file]];
			const facts = {
				fingerprint,
				runId,
				createdAt: Date.now(),
				files
			};
			saveCheckpoint(this.fileOf(fingerprint), {
				state: facts,
				arrays: [...arrays, {
					name: "outcome",
					shape: [values.length],
					values
				}]
			});
		} catch (error) {
			const { code, message } = error;
			if (code === void 0 && !(error instanceof UserError)) throw error;
			if (this.#told.has(code ?? message)) return;
			this.#told.add(code ?? message);
			this.#warn(warning("cache-not-written", `outcomes of stages are not kept, that of ${fingerprint.stage} first: ${message}`, `The run goes on; the next one has to run these stages again. ${this.#wayOut(code)}`));
		}
	}
	#wayOut(code) {
		if (code === void 0) return "Mend what that names, and they are kept.";
		const folder = dirname(dirname(this.#folder));
		if (["ENOSPC", "EDQUOT"].includes(code)) return `Make room in ${folder}, and they are kept.`;
		return `Give this user a folder ${folder} to write in, and they are kept (in a container: a volume there).`;
	}
	/** Everything that is kept of a stage, newest first, without proof that it is whole. */
	list(stage) {
		return namesIn(join(this.#folder, stage)).flatMap((name) => {
			try {
				const facts = peekCheckpoint(join(ownFolder(this.#folder, stage), name));
				return isWhole(facts, stage, name) ? [facts] : [];
			} catch {
				return [];
			}
		}).toSorted((a, b) => b.createdAt - a.createdAt);
	}
	/** Where an outcome lies, or would. @throws UserError where the folder leads elsewhere */
	fileOf({ stage, hash }) {
		return join(ownFolder(this.#folder, stage), `${hash}${entryEnding}`);
	}
};
/** Reads an entry. @throws UserError where it is none; the file system's own error */
function prove(path, { stage, hash }, form) {
	const { state, arrays } = loadCheckpoint(path);
	if (!isWhole(state, stage, `${hash}.outcome`)) throw failure("cache-damaged", `${path} is no outcome of ${stage}`);
	const outcome = ifWhole(arrays);
	const fault = form(outcome);
	if (fault !== void 0) throw failure("cache-damaged", `${path} is no outcome of ${stage}${fault === "" ? "" : `: ${fault} cannot be what it is`}`);
	return {
		...state,
		outcome
	};
}
const entry = object({
	fingerprint: object({
		stage: text(),
		hash: text(),
		parts: list(list(text()))
	}),
	runId: text(/^[\w-]+$/),
	createdAt: whole,
	files: optional(list(text()))
});
/**
* Whether an entry is the one of its name: a flipped bit may have renamed anything in it, and a cache from elsewhere
* may hold anything.
*/
function isWhole(value, stage, name) {
	if (!hasForm(entry, value)) return false;
	const { createdAt, fingerprint: { hash, parts, stage: of } } = value;
	return of === stage && name === `${hash}.outcome` && parts.every((part) => part.length === 2) && Number.isFinite(new Date(createdAt).getTime());
}
/** What the arrays of an entry hold; undefined, which no outcome is, where it is none of ours. */
function ifWhole(arrays) {
	try {
		const json = arrays.at(-1)?.values;
		return json instanceof Uint8Array ? unpack({
			json: parseBytes(json),
			arrays: arrays.slice(0, -1)
		}) : void 0;
	} catch {
		return;
	}
}
/** How names of entries end. */
const entryEnding = ".outcome";
function namesIn(folder) {
	try {
		return readdirSync(folder).filter((name) => /^[0-9a-f]{64}$/.test(name.slice(0, -8)) && name.endsWith(".outcome"));
	} catch {
		return [];
	}
}
export { cacheFolder as n, entryEnding as r, StageCache as t };
