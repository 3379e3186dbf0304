import { Tn as parse, bs as failure, ja as writeFileAtomic, ws as warningsOf, xa as besideName } from "./checks-359mGJ3h.js";
import { a as isExperimentId, d as readOwnFile, i as foldersIn, r as experimentFolder } from "./run-folder-Dzo3EkAl.js";
import { join } from "node:path";
import { existsSync, readdirSync, renameSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { createHash } from "node:crypto";
// src/tracking/store/meta-yaml.ts
/**
* Reads a `meta.yaml`, ours or one that MLflow wrote.
*
* @param limit bytes that it may have
* @returns undefined when the file is missing, a link, too large, or not a map: MLflow passes over such a folder too
*/
function readMeta(path, limit) {
	try {
		const meta = parseMeta(path, limit);
		return typeof meta === "object" && meta !== null && !Array.isArray(meta) ? meta : void 0;
	} catch {
		return;
	}
}
/** A value as text; '' for what has none: in a file from elsewhere a map may stand in the place of a name. */
function metaText(value) {
	return typeof value === "string" || typeof value === "number" ? String(value) : "";
}
/**
* Writes a `meta.yaml` whole or not at all: a cut one breaks the list of its whole experiment in MLflow.
*
* @param aside see writeFileAtomic
*/
function writeMeta(path, meta, aside) {
	writeFileAtomic(path, Object.entries(meta).map(([key, value]) => `${key}: ${yamlScalar(value)}\n`).join(""), aside);
}
/** Changes keys of a `meta.yaml` and leaves the others as they are now: the UI may have renamed the run meanwhile. */
function editMeta(path, changes) {
	writeMeta(path, {
		...parseMeta(path),
		...changes
	});
}
function parseMeta(path, limit = 65536) {
	const text = readOwnFile(path, limit);
	return parseOwn(text) ?? parse(text, {
		uniqueKeys: false,
		maxAliasCount: 0,
		prettyErrors: false
	});
}
const ownLine = /^([a-z]\w*): (null|-?\d{1,15}|"(?:[^"\\]|\\[^/])*"|\[\])$/;
/** What was written by `writeMeta` and has no maps in it: YAML's parser takes twenty times as long for it. */
function parseOwn(text) {
	const meta = {};
	for (const line of text.trimEnd().split("\n")) {
		const [, key, value] = ownLine.exec(line) ?? [];
		if (key === void 0) return void 0;
		try {
			meta[key] = JSON.parse(value);
		} catch {
			return;
		}
	}
	return meta;
}
function yamlScalar(value) {
	const wellFormed = typeof value === "string" ? Buffer.from(value).toString() : value;
	return JSON.stringify(wellFormed).replace(/[\x7f-\xa0\u2028\u2029\ufeff\ufffe\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
// src/tracking/store/local-experiments.ts
/** Makes the MLflow UI (3.x) open an experiment as model training; without it, it opens as GenAI. */
const experimentKind = {
	key: "mlflow.experimentKind",
	value: "custom_model_development"
};
/**
* The experiments of a local store that are not deleted, in no order.
*
* @param warn is told of those that are left out, as they would lead out of the store
* @throws UserError where the store cannot be read
*/
function listExperiments(runsDirectory, warn) {
	try {
		return readFolder(runsDirectory, warn).map(({ id, name, directory }) => ({
			id,
			name,
			directory
		}));
	} catch (error) {
		throw failure("store-not-readable", `the runs in ${runsDirectory} cannot be read: ${error.message}`, "name the folder of the runs with --runs", error);
	}
}
/**
* Finds an experiment by its name, or makes it. A deleted one of that name comes back with its runs, as on a server:
* a second one of the same name could never be migrated to a database.
*
* Two processes may do this at once: the id follows from the name, so both make the same one.
*
* @throws the file system's own error
*/
function findOrCreateExperiment(runsDirectory, name) {
	const found = readFolder(runsDirectory).find((experiment) => experiment.name === name) ?? restoreDeleted(runsDirectory, name);
	if (found !== void 0) {
		const tag = join(found.directory, "tags", experimentKind.key);
		if (!existsSync(tag)) writeKind(found.directory);
		return found;
	}
	const id = freeId(runsDirectory, name);
	const directory = experimentFolder(runsDirectory, id);
	const now = Date.now();
	writeKind(directory);
	writeMeta(join(directory, "meta.yaml"), {
		artifact_location: pathToFileURL(directory).href,
		creation_time: now,
		experiment_id: id,
		last_update_time: now,
		lifecycle_stage: "active",
		name
	});
	return {
		id,
		name,
		directory
	};
}
function writeKind(directory) {
	writeFileAtomic(join(directory, "tags", experimentKind.key), experimentKind.value, join(directory, besideName()));
}
function readFolder(directory, warn) {
	if (!existsSync(directory)) return [];
	return readdirSync(directory).filter(isExperimentId).flatMap((id) => {
		try {
			const path = join(experimentFolder(directory, id), "meta.yaml");
			const meta = readMeta(path);
			if (meta === void 0 && existsSync(path)) throw failure("unreadable-experiment", `${path} cannot be read: the runs beside it are left out`);
			return meta === void 0 ? [] : [{
				id,
				name: metaText(meta.name),
				directory: join(directory, id),
				meta
			}];
		} catch (error) {
			warningsOf(error, "unreadable-experiment").forEach((warning) => warn?.(warning));
			return [];
		}
	});
}
function restoreDeleted(runsDirectory, name) {
	const deleted = (foldersIn(runsDirectory).includes(".trash") ? readFolder(join(runsDirectory, ".trash")) : []).find((experiment) => experiment.name === name);
	if (deleted === void 0) return void 0;
	const directory = join(runsDirectory, deleted.id);
	renameSync(deleted.directory, directory);
	for (const entry of foldersIn(directory)) {
		const path = join(directory, entry, "meta.yaml");
		if (readMeta(path)?.lifecycle_stage === "deleted") editMeta(path, {
			lifecycle_stage: "active",
			deleted_time: null
		});
	}
	editMeta(join(directory, "meta.yaml"), {
		lifecycle_stage: "active",
		last_update_time: Date.now()
	});
	return {
		id: deleted.id,
		name,
		directory
	};
}
function freeId(runsDirectory, name) {
	for (let attempt = 0;; attempt++) {
		const digest = createHash("sha256").update(JSON.stringify([name, attempt])).digest();
		const id = String(10n ** 17n + digest.readBigUInt64LE(0) % (9n * 10n ** 17n));
		if (![runsDirectory, join(runsDirectory, ".trash")].some((folder) => {
			const meta = readMeta(join(folder, id, "meta.yaml"));
			return meta !== void 0 && meta.name !== name;
		})) return id;
	}
}
export { metaText as a, editMeta as i, findOrCreateExperiment as n, readMeta as o, listExperiments as r, writeMeta as s, experimentKind as t };
