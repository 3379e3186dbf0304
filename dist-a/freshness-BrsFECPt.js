import { C as nearestTo, S as changesBetween, _ as fingerprintsOf, g as dependencyOf, p as hashData } from "./train-stage-9wCmGD-s.js";
import { t as thisMachine } from "./machine-identity-DpxOBmBa.js";
import { t as StageCache } from "./stage-cache-CfWlADlT.js";
import { f as expectedStep } from "./engine-status-CGKvgfDM.js";
import { C as threadsPerOp, S as countTowers } from "./model-outputs-BxqrQy2e.js";
import { n as stages } from "./stages-CqKQJf7n.js";
import { C as version } from "./checks-359mGJ3h.js";
// src/run/freshness.ts
/** What a run of a pipeline is made from, if its steps run as they are expected to. */
function originOf({ resolved, pipeline: { train }, plan }, dataFiles) {
	return {
		resolved,
		dataFiles,
		machine: thisMachine(version, threadsPerOp(countTowers({
			...train,
			graph: plan
		}))),
		step: expectedStep(train.step)
	};
}
/**
* Says for each stage whether its kept outcome can be used, and what stands against it.
*
* @param shared what other machines keep is asked for too
*/
async function stageStatus(checked, folder, stages$1 = stages, shared) {
	const fingerprints = fingerprintsOf(stages$1, originOf(checked, await hashData(checked)));
	const found = statusHere(checked, folder, stages$1, fingerprints);
	if (shared === void 0) return found;
	const all = [];
	for (const one of found) {
		const isThere = !one.fresh && await shared.has(fingerprints.get(one.stage));
		all.push(isThere ? {
			...one,
			keptIn: shared.address
		} : one);
	}
	return all;
}
function statusHere(checked, folder, stages, fingerprints) {
	const own = ownEntries(stages, new StageCache(folder, () => void 0, checked.source.name));
	let above;
	return stages.map((stage) => {
		let problem;
		const cache = new StageCache(folder, (warning) => problem = warning);
		const fingerprint = fingerprints.get(stage.name);
		const common = {
			stage: stage.name,
			fingerprint: fingerprint.hash
		};
		const kept = cache.find(fingerprint, stage.form(checked));
		const entries = own.get(stage);
		const related = entries.filter((entry) => entry.fingerprint.parts.some(([, value]) => value === above));
		const beginning = stage.beginning?.(checked, fingerprint, cache.list(stage.name));
		const nearest = kept ?? beginning?.entry ?? nearestTo(fingerprint, related.length > 0 ? related : entries)?.entry;
		above = nearest?.fingerprint.hash;
		if (kept !== void 0) return {
			...common,
			fresh: true,
			run: runOf(kept),
			changes: []
		};
		const changes = nearest === void 0 ? [] : changesBetween(nearest.fingerprint.parts, fingerprint.parts);
		return {
			...common,
			fresh: false,
			...nearest === void 0 ? {} : { run: runOf(nearest) },
			changes: changes.map((change) => ({
				...change,
				reason: dependencyOf(stages, change.name)?.reason
			})),
			...problem === void 0 ? {} : { problem: problem.message },
			...beginning === void 0 ? {} : { epochsKept: beginning.epochs }
		};
	});
}
/** What is kept of each stage that the pipeline file was run with: of its runs, and what these took of others. */
function ownEntries(stages, cache) {
	const own = /* @__PURE__ */ new Map();
	let above = /* @__PURE__ */ new Set();
	for (const stage of stages.toReversed()) {
		const entries = cache.list(stage.name).filter((entry) => cache.isOwn(entry) || above.has(entry.fingerprint.hash));
		own.set(stage, entries);
		above = new Set(entries.flatMap(({ fingerprint: { parts } }) => parts[0]?.[1] ?? []));
	}
	return own;
}
const runOf = ({ runId, createdAt }) => ({
	runId,
	createdAt: new Date(createdAt).toISOString()
});
export { stageStatus as n, originOf as t };
