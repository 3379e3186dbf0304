import { D as checkSource, Ja as locate, Lt as datasetRow, Mn as rememberSecrets, Na as shorten, bs as failure, vs as UserError, zt as readyDataset } from "./checks-359mGJ3h.js";
import { t as readRecorded } from "./read-recorded-DXAcCb5d.js";
import { E as AllowedKeys } from "./open-journal-k_DVXt93.js";
import { dirname, isAbsolute, relative, sep } from "node:path";
import { existsSync } from "node:fs";
// src/run/check-recorded.ts
/**
* Checks what a run trained, as its tracker has it. Whoever wrote that is not known: it is read by itself, data only
* from below the folder that one is in, and nothing is fetched.
*
* @param settings laid over it, such as `evaluate.metrics=[f1]`
* @throws UserError where it has a mistake, names data elsewhere or a trial that there is not, or the run has no record
* of it
*/
async function checkRecorded(run, settings = []) {
	trialOf(run.tags["pipeline.trial"]);
	const source = await sourceOf(run);
	const { pipeline, resolved } = readRecorded(source, settings);
	rememberSecrets(resolved);
	const { type, options } = pipeline.data.source;
	await readyDataset(type);
	for (const { path, url } of datasetRow(type).named(options).map((named) => locate(named, dirname(source.name)))) {
		if (url !== void 0 && !existsSync(path)) throw failure("data-not-fetched", `the run's data is at ${shorten(url, 200)}, which is not fetched`, "a record chooses no address: where you trust this one, `pipeline plan FILE` fetches what a file of yours names");
		if (url === void 0 && !isBelow(path)) throw failure("data-elsewhere", `the run's data is ${shorten(path, 200)}, which is not below the folder that you are in`, "a record chooses no file outside: where it is your own, stand in a folder above both the data and the pipeline file");
	}
	const { checked, diagnostics: found } = checkSource(source, settings);
	if (checked === void 0) throw new UserError(found, 2);
	return checked;
}
/** The text that a run has recorded, under the name of its file where that is below the folder that one is in. */
async function sourceOf({ artifact, tags }) {
	const file = tags["mlflow.source.name"];
	return {
		name: file !== void 0 && file.length <= longestName && isBelow(file) ? file : "pipeline.yaml",
		text: await artifact("config/resolved.yaml")
	};
}
const longestName = 500;
function isBelow(path) {
	const way = relative(".", path);
	return way.split(sep)[0] !== ".." && !isAbsolute(way) && !path.includes("\0");
}
/** What of the data that was read is not as a run recorded it, in words. */
function otherData(tags, files) {
	const keys = new AllowedKeys();
	return files.flatMap(({ name, sha256 }) => {
		const recorded = tags[keys.allow(`data.sha256.${name}`)];
		return recorded === sha256 ? [] : [`other data in ${name}: its SHA-256 was ${shorten(recorded ?? "not recorded", 200)}, it is ${sha256}`];
	});
}
/** The trial that a run was; undefined for one in earnest. @throws UserError where there is no such trial */
function trialOf(tag) {
	if (tag === void 0) return void 0;
	if (tag === "smoke") return { kind: "smoke" };
	const samples = /^overfit-([1-9]\d{0,8})$/.exec(tag)?.[1];
	if (samples === void 0) throw failure("unknown-trial", `the run's tag pipeline.trial is '${shorten(tag)}', and no trial is called so`, "correct the tag where the run is recorded: `smoke`, or `overfit-` and a number of samples");
	return {
		kind: "overfit",
		samples: Number(samples)
	};
}
export { trialOf as i, otherData as n, sourceOf as r, checkRecorded as t };
