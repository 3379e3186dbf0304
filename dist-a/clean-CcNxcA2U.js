import { Ea as realPath, Na as shorten, Oa as statOf, b as Command, c as runsOption, f as showsColors, fa as shellWord, h as printDiagnostics, io as showBytes, no as duration, pa as hashesFolder, qa as fetchedFolder, r as jsonOption, to as byteSize, v as makeVisible, wa as isLeftover } from "./checks-359mGJ3h.js";
import { n as cacheFolder } from "./stage-cache-CfWlADlT.js";
import { m as packedFolder } from "./train-outcome-BMKWouke.js";
import { i as isClaimed, t as claim } from "./claim-xMI5Bay-.js";
import { t as closeOrphan } from "./orphans-UcMyd6Vw.js";
import { a as unfinishedIn, n as forget, t as checkpointsOf } from "./unfinished-runs-DOI-8iAC.js";
import { t as quantityOf } from "./option-values-_jrgiP3I.js";
import { basename, join, relative } from "node:path";
import { existsSync, readdirSync, rmSync, statSync } from "node:fs";
// src/cache/clean-cache.ts
/**
* What lies in `.layerline/`: outcomes of stages, samples that were packed, files that were fetched, hashes of files,
* and what killed processes left half-written.
*/
const keptKinds = [
	"outcomes",
	"packed",
	"fetched",
	"hashes",
	"leftovers"
];
/** A file that a kill left half-written is no one's any more after so many milliseconds. */
const abandoned = 36e5;
/**
* Removes what is kept, least recently used first, until the limits hold. Without limits all goes that can be made
* again; a fetched file goes by limits alone, as its address may be gone. Half-written files go when no one can be
* writing them any more. Touches nothing else.
*
* @throws the file system's own error
*/
function clean({ cache, data, packed, hashes, dryRun, ...limits }) {
	const now = Date.now();
	const cleaned = {
		removed: nothing(),
		left: nothing()
	};
	const all = limits.bytes === void 0 && limits.age === void 0;
	let stays = 0;
	for (const { kind, path, bytes, usedAt } of [
		cache,
		data,
		packed,
		hashes
	].flatMap(filesIn).toSorted((a, b) => b.usedAt - a.usedAt)) {
		const goes = kind === "leftovers" ? now - usedAt > abandoned : all && kind !== "fetched" || now - usedAt > (limits.age ?? Infinity) || stays + bytes > (limits.bytes ?? Infinity);
		if (goes && !dryRun) rmSync(path, { force: true });
		if (!goes) stays += bytes;
		const amount = cleaned[goes ? "removed" : "left"][kind];
		amount.files++;
		amount.bytes += bytes;
	}
	return cleaned;
}
function nothing() {
	const none = () => ({
		files: 0,
		bytes: 0
	});
	return {
		outcomes: none(),
		packed: none(),
		fetched: none(),
		hashes: none(),
		leftovers: none()
	};
}
function filesIn(folder) {
	if (statOf(folder)?.isDirectory() !== true) return [];
	return readdirSync(folder, {
		recursive: true,
		withFileTypes: true
	}).filter((entry) => entry.isFile()).flatMap(({ name, parentPath }) => {
		const kind = kindOf(name);
		const path = join(parentPath, name);
		const stat = kind === void 0 ? void 0 : statSync(path, { throwIfNoEntry: false });
		return stat === void 0 ? [] : [{
			kind,
			path,
			bytes: stat.size,
			usedAt: stat.mtimeMs
		}];
	});
}
/** undefined: nothing of ours. */
function kindOf(name) {
	if (isLeftover(name.replace(/^[0-9a-f]{64}(?=\.)/, ""))) return "leftovers";
	if (/^[0-9a-f]{64}\.(rows|index|cells)$/.test(name)) return "packed";
	if (name === "data.hashes") return "hashes";
	if (name.endsWith(".outcome")) return "outcomes";
	return /^[0-9a-f]{64}$/.test(name) ? "fetched" : void 0;
}
// src/run/abandoned-runs.ts
/** The abandoned runs of a store that no process is at. @throws the file system's own error */
function abandonedRuns(runsDirectory) {
	return unfinishedIn(runsDirectory).flatMap((place) => {
		if (typeof place.file !== "string") return [];
		const file = join(realPath(runsDirectory), place.file);
		if (existsSync(file) || existsSync(place.directory) && isClaimed(place.directory)) return [];
		return [{
			runId: basename(place.directory),
			file: relative("", file),
			bytes: bytesIn(checkpointsOf(place.directory)),
			place
		}];
	});
}
/**
* Removes the checkpoints of a run for good, and closes it as KILLED where it is still open.
*
* @returns whether it did: not where another process took the run up in this moment
* @throws UserError where the run's folder leads elsewhere; the file system's own error
*/
function giveUp({ place: { path, directory } }, warn) {
	if (existsSync(directory)) {
		closeOrphan(directory, warn);
		const claimed = claim(directory);
		if (claimed === void 0) return false;
		try {
			forget(path, directory);
		} finally {
			claimed.release();
		}
	} else forget(path, directory);
	return !existsSync(path);
}
function bytesIn(folder) {
	if (!existsSync(folder)) return 0;
	return readdirSync(folder).reduce((sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0), 0);
}
// src/commands/clean.ts
/**
* `pipeline clean`: removes what is kept in `.layerline/`, never a run; tells of checkpoints that no file leads to any
* more.
*/
function cleanCommand() {
	return new Command("clean").description("Remove what is kept in .layerline/: all outcomes of stages, packed samples and hashes; or, of them and of fetched data, what is over the limits, least recently used first. Runs stay").option("--max-size <size>", "let so much stay, such as 500MB or 2GB", quantityOf(byteSize)).option("--max-age <time>", "let stay what was used in so much time, such as 12h or 30d", quantityOf(duration)).option("--interrupted", "remove also the checkpoints of interrupted runs whose pipeline file is gone, which then never go on").option("--dry-run", "only say what would be removed").addOption(jsonOption()).addOption(runsOption("the local store, beside which outcomes are kept")).action(({ maxSize, maxAge, runs, json, dryRun = false, interrupted = false }) => {
		const cleaned = clean({
			cache: cacheFolder(runs),
			data: fetchedFolder(),
			packed: packedFolder(),
			hashes: hashesFolder(),
			dryRun,
			...maxSize === void 0 ? {} : { bytes: maxSize },
			...maxAge === void 0 ? {} : { age: maxAge * 1e3 }
		});
		const removed = dryRun ? "would remove" : "removed";
		const abandoned = abandonedRuns(runs).map((run) => ({
			run,
			goes: interrupted && (dryRun || giveUp(run, warn))
		}));
		if (json === true) {
			const told = abandoned.map(({ run: { runId, file, bytes: size }, goes }) => ({
				runId,
				file,
				bytes: size,
				removed: goes
			}));
			process.stdout.write(`${JSON.stringify({
				...cleaned,
				interrupted: told
			})}\n`);
			return;
		}
		process.stdout.write(`${removed} ${describe(cleaned.removed)}; ${describe(cleaned.left)} left\n`);
		for (const { run, goes } of abandoned) {
			const stay = `${checkpoints(run)} stay: it goes on if you run the file from where it is now; \`${giveUpCommand(runs)}\` gives it up for good`;
			process.stdout.write(`${makeVisible(goes ? `${removed} ${checkpoints(run)}` : stay)}\n`);
		}
	});
}
const checkpoints = ({ runId, file, bytes: size }) => `${showBytes(size)} of checkpoints of the interrupted run ${runId}, whose file ${shorten(file, 300)} is gone`;
const giveUpCommand = (runs) => `pipeline clean --interrupted${runs === "runs" ? "" : ` --runs ${shellWord(runs)}`}`;
function warn(warning) {
	process.stderr.write(printDiagnostics([warning], {
		color: showsColors(process.stderr),
		cwd: process.cwd()
	}));
}
const names = {
	outcomes: ["kept outcome", "kept outcomes"],
	packed: ["file of packed samples", "files of packed samples"],
	fetched: ["fetched file", "fetched files"],
	hashes: ["list of hashes", "lists of hashes"],
	leftovers: ["half-written file", "half-written files"]
};
/** `2 kept outcomes (3.1 MB), 1 fetched file (0.2 MB)`. */
function describe(amounts) {
	return keptKinds.filter((kind) => kind === "outcomes" || amounts[kind].files > 0).map((kind) => `${amounts[kind].files} ${names[kind][amounts[kind].files === 1 ? 0 : 1]} (${showBytes(amounts[kind].bytes)})`).join(", ");
}
export { cleanCommand };
