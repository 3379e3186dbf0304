import { t as userCache } from "./user-cache-DpqCdVqX.js";
import { C as version, Cs as warning, Ea as realPath, bs as failure, io as showBytes } from "./checks-359mGJ3h.js";
import { C as threadsPerOp, S as countTowers } from "./model-outputs-BxqrQy2e.js";
import { u as engineKind } from "./engine-status-CGKvgfDM.js";
import { t as thisMachine } from "./machine-identity-DpxOBmBa.js";
import { a as addressSpaceNeeds, o as addressSpaceLimit, s as availableMemory } from "./load-engine-Cr0z7l6P.js";
import { n as epochSeconds, x as sectionsFor } from "./train-stage-9wCmGD-s.js";
import { n as stages } from "./stages-CqKQJf7n.js";
import { dirname, join } from "node:path";
import { readFileSync } from "node:fs";
import { createHash } from "node:crypto";
// src/run/calibrations.ts
/** The calibration of a pipeline on this machine, if one is kept. */
function findCalibration(checked) {
	try {
		return JSON.parse(readFileSync(calibrationFile(checked), "utf8"));
	} catch {
		return;
	}
}
/**
* Where the calibration of a pipeline on this machine is kept: in the user's cache. How many epochs it trains and how
* it splits its samples does not matter. To be asked for before TensorFlow is loaded, which changes the environment.
*/
function calibrationFile({ resolved, source, pipeline, plan }) {
	const machine = thisMachine(version, threadsPerOp(countTowers({
		...pipeline.train,
		graph: plan
	})));
	const sections = sectionsFor(stages, resolved, ({ withoutPace = [] }) => withoutPace);
	const key = JSON.stringify([
		machine,
		realPath(dirname(source.name)),
		sections
	]);
	return join(userCache(), "calibrations", `${createHash("sha256").update(key).digest("hex").slice(0, 32)}.json`);
}
// src/run/forecast.ts
/** Works out what a run takes. */
function forecastRun(checked, calibration) {
	const { seconds, memory, measuredAt } = calibration;
	const estimates = stages.map((stage) => [stage.name, stage.estimate(calibration, checked)]);
	return {
		stages: Object.fromEntries(estimates),
		epoch: epochSeconds(calibration, checked),
		total: estimates.reduce((sum, [, estimate]) => sum + estimate, seconds.start),
		memory: memory + checked.plan.memory.checkpoints,
		measuredAt
	};
}
// src/plan/check-memory.ts
/**
* Refuses a run whose data, and what is surely there of its weights at a time, are more than the memory there is; where
* all that is expected is more, it is a warning.
*
* @throws UserError when it cannot run
*/
function checkMemory(memory, emit, limits = limitsHere()) {
	const there = `the ${showLimit(limits.memory)} of memory there is`;
	check(memory, {
		limit: limits.memory,
		there,
		atLeast: 0,
		end: "the system would kill it then",
		more: "give the machine or container more memory"
	}, emit);
	if (limits.addressSpace < addressSpaceNeeds.start) return;
	const allowed = `the ${showBytes(limits.addressSpace)} of address space that \`ulimit -v ${limits.addressSpace / 1024}\` allows`;
	check({
		...memory,
		runtime: addressSpaceNeeds.run
	}, {
		limit: limits.addressSpace,
		there: allowed,
		atLeast: addressSpaceNeeds.start,
		end: "it would break off then",
		more: "raise the limit (`ulimit -v unlimited`)"
	}, emit);
}
function check(memory, { limit, there, atLeast, end, more }, emit) {
	const parts = describeMemory(memory);
	if (atLeast + memory.data + memory.weights / 2 > limit) throw failure("not-enough-memory", `the run needs more than ${there}: ${parts}`, `Train a smaller model, whose parameters \`pipeline plan FILE\` shows layer by layer, or ${more}.`);
	const total = totalMemory(memory);
	if (total <= limit) return;
	const message = `the run may need more than ${there}, and ${end}: about ${showBytes(total)}, ${parts}`;
	emit({
		type: "diagnostic",
		diagnostic: warning("memory-may-not-suffice", message, wayOut(memory, limit, more))
	});
}
/** Only what would make it fit. */
function wayOut(memory, limit, more) {
	const sentence = more.charAt(0).toUpperCase() + more.slice(1);
	if (memory.runtime > limit) return `TensorFlow and this program alone take about ${showBytes(memory.runtime)}: ${more}.`;
	if (totalMemory(memory) - memory.activations < limit) return `Make \`train.batchSize\` smaller, or ${more}.`;
	return memory.runtime + memory.data + memory.reading > limit ? `${sentence}, or train on less data.` : `${sentence}, or train a smaller model.`;
}
function limitsHere() {
	return {
		memory: availableMemory(),
		addressSpace: engineKind() === "wasm" ? Infinity : addressSpaceLimit()
	};
}
/** A limit as it was likely typed: `300 MiB (314.6 MB)`. */
function showLimit(bytes) {
	const unit = [["GiB", 2 ** 30], ["MiB", 2 ** 20]].find(([, size]) => bytes >= size && bytes % size === 0);
	return unit === void 0 ? showBytes(bytes) : `${bytes / unit[1]} ${unit[0]} (${showBytes(bytes)})`;
}
/** All that a process is expected to take at its peak, in bytes. */
function totalMemory({ runtime, data, reading, weights, activations, checkpoints }) {
	return runtime + data + reading + weights + activations + checkpoints;
}
/** Its parts in words. */
function describeMemory({ runtime, data, reading, weights, activations, checkpoints }) {
	return [
		`TensorFlow and this program ${showBytes(runtime)}`,
		`data ${showBytes(data)}`,
		`reading it ${showBytes(reading)}`,
		`weights with gradients and optimizer ${showBytes(weights)}`,
		`activations of a batch and their gradients ${showBytes(activations)}`,
		`copies for checkpoints ${showBytes(checkpoints)}`
	].join(", ");
}
export { calibrationFile as a, forecastRun as i, describeMemory as n, findCalibration as o, totalMemory as r, checkMemory as t };
