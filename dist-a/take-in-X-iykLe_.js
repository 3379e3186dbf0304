import { Bo as object, C as version, Go as text, Io as hasForm, L as openRemoteStore, Lt as datasetRow, Na as shorten, Qa as ownFolder, Ss as misuse, Ta as makeFolder, bs as failure, jn as hideSecretsIn, vs as UserError, xs as mistake } from "./checks-359mGJ3h.js";
import { n as artifactPath } from "./run-folder-Dzo3EkAl.js";
import { h as readRun, p as readInputs } from "./open-journal-k_DVXt93.js";
import { t as temporaryFolder } from "./temporary-folder-yB6L-NkA.js";
import "./stage-cache-CfWlADlT.js";
import { l as hideInFile } from "./record-run-Dwebf2kU.js";
import { c as pushFile, i as readResult, o as heldAs, s as pullFile } from "./work-at-job-lP7Xyfmp.js";
import { basename, dirname, isAbsolute, join, normalize, relative, resolve, sep } from "node:path";
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { createHash } from "node:crypto";
// src/sweeps/transport/make-manifest.ts
/** Folders that paths may lead up from the one that the command is given in. */
const mostUp = 20;
/** What stands for a folder of this machine that relative paths lead up to. */
const above = "above";
/**
* Makes a pipeline one that runs elsewhere: files lie below one folder as they lie from here, what a whole path or a
* `file:` address names lies in `outside/`, and what was fetched goes along.
*
* @throws UserError where an address of data holds a secret, paths lead too far up, or a file cannot be read
*/
async function makePortable(checked) {
	const { pipeline, source, settings } = checked;
	const { type, options } = pipeline.data.source;
	const { tracking, ...rest } = checked.resolved;
	expectNoSecrets(rest["data"], checked);
	const base = baseOf(source.name);
	const home = dirname(resolve(source.name));
	const named = datasetRow(type).named(options);
	const files = named.length === 0 ? [] : datasetRow(type).files(options, home);
	const outside = outsideOf(named);
	const ups = [resolve(source.name), ...files.filter((file) => aliasOf(file, outside) === void 0)].map((file) => (relative(base, file).match(/^(?:\.\.[/\\])+/)?.[0].length ?? 0) / 3);
	const up = Math.max(0, ...ups);
	if (up > mostUp || ups.some((one) => !Number.isInteger(one))) throw misuse("job-path-too-far", `a path of ${source.name} leads more than ${mostUp} folders up`);
	const folder = Array(up).fill(above).join("/");
	const placed = (file) => aliasOf(file, outside) ?? slashed(join(folder, relative(base, file)));
	const file = placed(resolve(source.name));
	const whole = outside.map(({ option, alias }) => ({
		json: JSON.stringify(option),
		word: typeof option === "string" ? option : option.url,
		way: slashed(relative(dirname(file), alias))
	}));
	const withAliases = (text) => whole.reduce((all, { word, way }) => all.replaceAll(word, way), text);
	const roundabout = named.flatMap((option) => {
		if (typeof option !== "string" || isAbsolute(option)) return [];
		const way = slashed(relative(dirname(file), placed(resolve(home, option))));
		return way === slashed(normalize(option)).replace(/\/$/, "") ? [] : [{
			json: JSON.stringify(option),
			way
		}];
	});
	const data = [];
	const sources = /* @__PURE__ */ new Map();
	for (const path of files) {
		const held = await heldFrom(placed(path), path);
		if (sources.has(held.path)) continue;
		sources.set(held.path, path);
		data.push(held);
	}
	const { experiment } = tracking ?? {};
	return {
		part: {
			version: 1,
			...folder !== "" && { folder },
			file,
			resolved: {
				...rest,
				data: renameIn(rest["data"], [...whole, ...roundabout]),
				...experiment !== void 0 && { tracking: { experiment } }
			},
			text: withAliases(hideInFile(source.text)),
			settings: settings.map((setting) => withAliases(hideSecretsIn(setting))),
			data
		},
		sources
	};
}
async function heldFrom(place, path) {
	try {
		return await heldAs(place, path);
	} catch (error) {
		throw failure("data-file-unreadable", `the data file ${path} cannot be read: ${error.message}`);
	}
}
function expectNoSecrets(data, { source }) {
	if (JSON.stringify(hideSecretsIn(data)) === JSON.stringify(data)) return;
	throw new UserError(mistake("job-with-secret", "An address of the data holds a password or a token, and no secret goes to another machine.", {
		source,
		start: 0,
		end: 0
	}, "Name the file that was fetched by its path: it goes along by its hash."), 2);
}
/** The folder that paths are told from: this one, but for a file elsewhere that is named by its whole path. */
function baseOf(file) {
	const isInside = !relative(".", file).startsWith("..");
	return isAbsolute(file) && !isInside ? dirname(file) : resolve(".");
}
function outsideOf(named) {
	return named.flatMap((option, index) => {
		const path = wholePath(option);
		return path === void 0 ? [] : [{
			option,
			path,
			alias: `outside/${index + 1}/${basename(path)}`
		}];
	});
}
function wholePath(option) {
	if (typeof option === "string") return isAbsolute(option) ? resolve(option) : void 0;
	return option.url.startsWith("file:") ? fileURLToPath(option.url) : void 0;
}
function aliasOf(file, outside) {
	for (const { path, alias } of outside) {
		if (file === path) return alias;
		if (file.startsWith(join(path, sep))) return slashed(join(alias, relative(path, file)));
	}
}
/** Puts the job's names in the place of options. */
function renameIn(value, renamed) {
	const found = renamed.find(({ json }) => json === JSON.stringify(value));
	if (found !== void 0) return found.way;
	if (Array.isArray(value)) return value.map((item) => renameIn(item, renamed));
	if (typeof value !== "object" || value === null) return value;
	return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, renameIn(inner, renamed)]));
}
const slashed = (path) => path.split(sep).join("/");
/** The program that a job is run by. */
function programOf(sha256) {
	return {
		version,
		sha256
	};
}
// src/sweeps/transport/pack-program.ts
/**
* Packs the program that runs: what a machine without it needs beside Node and npm. The same files give the same bytes,
* wherever and whenever they were written.
*
* @param main its main file, `.../dist/cli.js`
* @throws UserError where that is not a built one
*/
function packProgram(main) {
	const dist = main.endsWith(".js") ? dirname(realpathSync(main)) : void 0;
	const root = dist === void 0 ? "" : dirname(dist);
	if (dist === void 0 || !existsSync(join(root, "package.json"))) throw failure("program-not-packed", `${main} is no built Layerline`, "Build it with `npm run build` first.");
	const built = readdirSync(dist, {
		recursive: true,
		withFileTypes: true
	}).filter((entry) => entry.isFile()).map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/")).filter((path) => !path.startsWith("dist/types/"));
	const members = [...["package.json", "package-lock.json"].filter((name) => existsSync(join(root, name))), ...built.toSorted()].map((path) => member(path, readFileSync(join(root, path))));
	const tar = Buffer.concat([...members, Buffer.alloc(2 * block)]);
	return {
		tar,
		sha256: createHash("sha256").update(tar).digest("hex")
	};
}
const block = 512;
/** A file as POSIX.1-1988 has it (ustar). */
function member(path, content) {
	if (Buffer.byteLength(path) > 100) throw new Error(`${path} is too long for an archive`);
	const octal = (value, digits) => `${value.toString(8).padStart(digits, "0")}\0`;
	const head = Buffer.alloc(block);
	head.write(path, 0);
	head.write(octal(420, 7), 100);
	head.write(octal(0, 7), 108);
	head.write(octal(0, 7), 116);
	head.write(octal(content.length, 11), 124);
	head.write(octal(0, 11), 136);
	head.write(" ".repeat(8), 148);
	head.write("0", 156);
	head.write("ustar\x0000", 257);
	const sum = head.reduce((total, byte) => total + byte, 0);
	head.write(`${octal(sum, 6)} `, 148);
	return Buffer.concat([
		head,
		content,
		Buffer.alloc((block - content.length % block) % block)
	]);
}
// src/sweeps/transport/worker-script.ts
/**
* The command of a job on a machine that may not have this program: it sets the program up once for all jobs of the
* user there, under its hash, and starts it. POSIX sh, and nothing of ours.
*
* @param args of the program
*/
function workerCommand({ sha256, archive }, args) {
	return [
		"/bin/sh",
		"-c",
		script,
		"layerline",
		sha256,
		archive,
		...args
	];
}
const script = `
hash=$1 archive=$2
shift 2
fail() { printf 'error %s: %s\\n' "$1" "$2"; exit 64; }
node -e 'const [a, b] = process.versions.node.split(".").map(Number);
process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' \
2>/dev/null || fail worker-without-node "$(hostname) has no Node of 20.19 or later: \
put it on the PATH that jobs have there"
case \${XDG_CACHE_HOME-} in /*) cache=$XDG_CACHE_HOME ;; *) cache=\${HOME:?it is not set, and has to be}/.cache ;; esac
home=$cache/layerline/engines
place=$home/$hash
set_up() {
  aside=$home/$hash.$$.tmp
  rm -rf "$aside"
  mkdir "$aside" || return 1
  printf 'setting up Layerline on %s\\n' "$(hostname)"
  node -e 'const { createHash } = require("node:crypto"); const { readFileSync } = require("node:fs");
process.exit(createHash("sha256").update(readFileSync(process.argv[1])).digest("hex") === process.argv[2] ? 0 : 1)' \
"$archive" "$hash" 2>/dev/null || fault="its archive did not arrive whole"
  [ -z "$fault" ] || return 1
  tar -xf "$archive" -C "$aside" 2>"$aside/said" || return 1
  if [ -e "$aside/package-lock.json" ]; then how=ci; else how=install; fi
  (cd "$aside" && npm "$how" --omit=dev --ignore-scripts --no-audit --no-fund --loglevel=error) >"$aside/said" 2>&1 ||
    return 1
  rm -f "$aside/said"
  mv "$aside" "$place"
}
if [ ! -e "$place/package.json" ]; then
  mkdir -p "$home" || fail worker-without-room "$home cannot be made on $(hostname)"
  until mkdir "$place.lock" 2>/dev/null; do
    [ -w "$home" ] || fail worker-without-room "$home cannot be written on $(hostname)"
    read -r pid where 2>/dev/null <"$place.lock/owner" || pid=
    if [ -n "$pid" ] && [ "$where" = "$(hostname)" ] && ! kill -0 "$pid" 2>/dev/null; then rm -rf "$place.lock"
    elif [ -n "$(find "$place.lock" -prune -mmin +30 2>/dev/null)" ]; then rm -rf "$place.lock"
    else sleep 1; fi
  done
  printf '%s %s\\n' "$$" "$(hostname)" >"$place.lock/owner"
  fault=
  if [ ! -e "$place/package.json" ] && ! set_up; then
    [ -n "$fault" ] || fault=$(grep -v '^ *$' "$aside/said" 2>/dev/null | tail -n 1)
    case $fault in
      *ENOSPC* | *'o space left'*)
        code=worker-without-room
        fault="make room in $home, or name another place in XDG_CACHE_HOME" ;;
      *) code=worker-not-set-up fault=\${fault:-it cannot be unpacked in $home} ;;
    esac
    rm -rf "$aside" "$place.lock"
    fail "$code" "Layerline cannot be set up on $(hostname): $fault"
  fi
  rm -rf "$place.lock"
fi
exec node "$place/dist/cli.js" "$@"`;
// src/sweeps/transport/job-sender.ts
/** Brings what jobs need to a place that all machines reach, and gives the commands by which they find it. */
var JobSender = class JobSender {
	store;
	#program;
	#isProgramThere = false;
	/** Pipelines whose data is there. */
	#sent = /* @__PURE__ */ new WeakSet();
	constructor(store, program) {
		[this.store, this.#program] = [store, program];
	}
	/** @throws UserError where there is no place that the machines reach, or it is none */
	static async open({ remote, on, range, program }) {
		const hint = "Name a folder that all of them reach in the pipeline file: `cache: { remote: file:///FOLDER }`.";
		const refused = (message) => new UserError(mistake("executor-without-store", message, range, hint), 2);
		if (remote === void 0 && on === "ray") throw refused("The nodes of Ray share nothing with this machine: what they work at has to lie where both reach it.");
		if (remote !== void 0 && !/^file:/i.test(remote)) throw refused("Jobs go by way of a folder, and `cache: { remote }` names none.");
		const store = await openRemoteStore(remote ?? sharedFolder(), range);
		return new JobSender(store, packProgram(program));
	}
	/**
	* Brings a job to the store, what lacks there of program and data first.
	*
	* @returns the job for an executor
	* @throws UserError where the store takes it not, or data changed since it was hashed
	*/
	async send(portable, part, { id, need }) {
		const { sha256 } = this.#program;
		const manifest = {
			...portable.part,
			...part,
			program: programOf(sha256)
		};
		if (!this.#isProgramThere) await this.#push(this.#program.tar, sha256);
		this.#isProgramThere = true;
		if (!this.#sent.has(portable)) for (const held of manifest.data) await pushFile(this.store, portable.sources.get(held.path), held);
		this.#sent.add(portable);
		const json = JSON.stringify(manifest);
		const hash = createHash("sha256").update(json).digest("hex");
		await this.#push(json, hash);
		const { address } = this.store;
		return {
			id,
			argv: workerCommand({
				sha256,
				archive: this.#archive(sha256)
			}, [
				"work",
				address,
				hash,
				id
			]),
			env: {
				PIPELINE_CORES: String(Math.ceil(need.cpu)),
				TF_NUM_INTEROP_THREADS: String(Math.ceil(need.cpu))
			},
			need
		};
	}
	/** What a job left; undefined: it did not come to that. @throws UserError where the store cannot be read */
	async resultOf(id) {
		const folder = temporaryFolder("result");
		try {
			return await readResult(this.store, id, folder);
		} finally {
			rmSync(folder, {
				recursive: true,
				force: true
			});
		}
	}
	close() {
		return this.store.close();
	}
	/** Where a shell finds the packed program. */
	#archive(sha256) {
		return join(fileURLToPath(this.store.address), "data", sha256);
	}
	async #push(content, sha256) {
		const folder = temporaryFolder("push");
		try {
			const file = join(folder, "file");
			writeFileSync(file, content);
			await pushFile(this.store, file, { sha256 });
		} finally {
			rmSync(folder, {
				recursive: true,
				force: true
			});
		}
	}
};
const withRemote = object({ cache: object({ remote: text() }) });
/** The place that the full form of a pipeline names for all machines, where it names one. */
function remoteOf({ resolved }) {
	return hasForm(withRemote, resolved) ? { remote: resolved.cache.remote } : {};
}
/** A folder of the project: machines of one cluster share the file system that it is on. */
function sharedFolder() {
	const folder = ownFolder(process.cwd(), ".layerline", "remote");
	makeFolder(folder);
	return pathToFileURL(folder).href;
}
// src/sweeps/trial-progress.ts
/** Trials as a journal has them, in their order. */
function progressOf(lines) {
	const trials = [];
	lines.forEach((line) => follow(trials, line));
	return trials;
}
/** Takes one more line of the journal into account. @param trials changed by it */
function follow(trials, line) {
	const change = (number, changed) => {
		const trial = trials[number - 1];
		if (trial !== void 0) trials[number - 1] = {
			...trial,
			...changed(trial)
		};
	};
	if (line.type === "suggested") trials[line.trial - 1] = {
		number: line.trial,
		values: line.values,
		rung: 0,
		attempts: 0,
		phase: "waiting",
		lost: 0,
		memory: 0,
		seconds: 0
	};
	else if (line.type === "created") change(line.trial, () => ({ run: line.run }));
	else if (line.type === "promoted") change(line.trial, () => ({
		rung: line.rung,
		attempts: 0,
		phase: "waiting",
		lost: 0,
		memory: 0
	}));
	else if (line.type === "submitted") change(line.trial, () => ({
		attempts: line.attempt,
		phase: "at-work"
	}));
	else if (line.type === "ended") change(line.trial, (trial) => afterEnd(trial, line));
	else if (line.type === "retried") for (const number of line.trials) change(number, () => ({
		phase: "waiting",
		lost: 0,
		memory: 0
	}));
}
function afterEnd(trial, { state, again, reason, seconds }) {
	const passed = { seconds: trial.seconds + seconds };
	if (state === "done") return {
		...passed,
		phase: "done"
	};
	if (again === void 0) return {
		...passed,
		phase: "failed",
		...reason === void 0 ? {} : { reason }
	};
	return {
		...passed,
		phase: "waiting",
		lost: trial.lost + (again === "lost" ? 1 : 0),
		memory: trial.memory + (again === "memory" ? 1 : 0)
	};
}
/** Attempts at a rung whose machine may be lost: after the last of them the trial has failed. */
const mostLost = 3;
/**
* Why a trial whose job ended without success gets another attempt; undefined: it does not. A mistake in its values
* would be one again; what was killed for memory may have had bad company, once; machines are lost three times at most.
*/
function reasonToRetry({ lost, memory }, { state, exitCode }) {
	if (state === "stopped") return "stopped";
	if (state === "lost" || exitCode === 130 || exitCode === 143) return lost + 1 < mostLost ? "lost" : void 0;
	if (exitCode === 137 || exitCode === 134) return memory < 1 ? "memory" : void 0;
}
// src/sweeps/why-failed.ts
/** Why a job ended without a result, in one line: what its run says, else what it printed, else its executor. */
async function whyFailed(executor, { id, reason }, { error }) {
	if (error !== void 0) return shorten(error.split("\n")[0], 300);
	const logs = await executor.logs(id).catch(() => void 0);
	const told = /(?:^|\s)error [a-z-]+: (.+)$/m.exec(logs ?? "")?.[1];
	return shorten(told ?? reason ?? "it ended without a result", 300);
}
// src/sweeps/transport/take-in.ts
/** Tags that a run has from who began it. */
const ownTags = /^mlflow\.(source\.|user$|runName$|parentRunId$)|^layerline\.(sweep|trial|best)/;
/**
* Records what a job did as the run that was begun for it here: metrics, tags, data sets and artifacts, so that a
* server has them once. Params and the configuration are those that it was begun with. What an earlier job of the run
* left is passed over; the run is not ended.
*
* @param cache folder of kept outcomes, to which the job's are added
* @throws UserError where the store cannot be read, or a file of it is not what it has to be
*/
async function takeIn({ place, files }, { store, run, cache }) {
	const folder = temporaryFolder("result");
	try {
		const isNeeded = ({ path }) => !/\/checkpoints\/|^runs\/\.|\/config\//.test(path);
		for (const held of files.filter(isNeeded)) await pullFile(store, held, join(folder, held.path));
		if (place !== void 0 && existsSync(join(folder, "runs", place, "meta.yaml"))) record(run, join(folder, "runs", place), files, `runs/${place}/artifacts/`);
		for (const { path } of files.filter(isOutcome)) {
			const target = join(cache, basename(dirname(path)), basename(path));
			if (existsSync(target)) continue;
			mkdirSync(dirname(target), { recursive: true });
			copyFileSync(join(folder, path), target);
		}
	} finally {
		rmSync(folder, {
			recursive: true,
			force: true
		});
	}
}
const isOutcome = ({ path }) => /^\.layerline\/cache\/runs\/[a-z-]+\/[0-9a-f]{64}\./.test(path) && path.endsWith(".outcome");
function record(run, directory, files, artifacts) {
	const { tags, metrics } = readRun(directory);
	run.metrics(metrics);
	run.inputs(readInputs(directory, dirname(directory)));
	const inside = files.filter(({ path }) => path.startsWith(artifacts) && !/\/config\//.test(path));
	for (const { path } of inside) {
		const name = path.slice(artifacts.length);
		const target = artifactPath(run.artifactDirectory, name);
		mkdirSync(dirname(target), { recursive: true });
		copyFileSync(join(directory, "artifacts", name), target);
		run.artifact(name);
	}
	run.tags(Object.fromEntries(Object.entries(tags).filter(([key]) => !ownTags.test(key))));
}
export { reasonToRetry as a, makePortable as c, progressOf as i, whyFailed as n, JobSender as o, follow as r, remoteOf as s, takeIn as t };
