import { Oa as statOf, bs as failure } from "./checks-359mGJ3h.js";
import { i as repetitionsTag, n as findRun } from "./find-run-DG75tBTj.js";
import { join } from "node:path";
import { existsSync } from "node:fs";
// src/models/find-model.ts
/**
* Finds the model that a user means: a folder that holds one, or a run, see findRun. That of a server's run is fetched
* into `.layerline/models/RUN/`.
*
* @throws UserError where there is none, or no way to it
*/
async function findModel(reference, place, watch) {
	const folder = [
		".",
		"model",
		"artifacts/model"
	].map((below) => join(reference, below)).find((path) => existsSync(join(path, "model.json")));
	if (folder !== void 0) return {
		folder,
		title: reference,
		runId: void 0
	};
	if (statOf(reference)?.isDirectory() === true) throw failure("no-model", `${reference} holds no model`, "name the folder that model.json is in, or a run");
	const run = await findRun(reference, place, watch);
	const evaluated = run.tags["pipeline.evaluates"];
	if (evaluated !== void 0) throw failure("no-model", `the run ${run.runId} evaluates another and has no model`, `name that: ${evaluated}`);
	if (run.tags["pipeline.repetitions"] !== void 0) throw failure("no-model", `the run ${run.runId} is above ${run.tags[repetitionsTag]} and has no model of its own`, "name one of them: `pipeline runs` lists them");
	return {
		folder: await run.modelFolder(),
		title: `${run.name}, run ${run.runId}`,
		runId: run.runId
	};
}
export { findModel as t };
