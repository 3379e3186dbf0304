import { Na as shorten, b as Command, bs as failure, c as runsOption, f as showsColors, h as printDiagnostics, nt as graphOf, o as runArgument, u as trackingUriOption, v as makeVisible, vt as wantedValues } from "./checks-359mGJ3h.js";
import { i as trialOf, n as otherData, t as checkRecorded } from "./check-recorded-C0rl0DF9.js";
import { t as ensureEngine } from "./install-engine-D7lb-jNC.js";
import { n as loadEngine } from "./load-engine-Cr0z7l6P.js";
import { f as load } from "./train-outcome-BMKWouke.js";
import { C as threadsPerOp, S as countTowers } from "./model-outputs-BxqrQy2e.js";
import { i as train } from "./train-stage-9wCmGD-s.js";
import { a as forTrial, o as limitData, r as runTags } from "./record-run-Dwebf2kU.js";
import { n as findRun } from "./find-run-DG75tBTj.js";
import { t as tellProgress } from "./tell-progress-BL0lu1_V.js";
import { t as untilInterrupted } from "./until-interrupted-DtruJtqg.js";
import { dirname } from "node:path";
// src/run/replay-run.ts
/** Tags of a run that its numbers depend on. */
const versions = [
	"pipeline.layerline",
	"pipeline.engine",
	"pipeline.node",
	"pipeline.platform"
];
/**
* Trains once more what a run trained, from what its tracker has of it, and compares each epoch. Other versions and
* other data are told of first.
*
* @throws UserError that names the first epoch that differs, or why the run cannot be replayed
*/
async function replay({ run, checked: whole, tell, emit, signal }) {
	const trial = trialOf(run.tags["pipeline.trial"]);
	const checked = trial === void 0 ? whole : forTrial(whole, trial);
	const { source: { name: source }, pipeline, plan } = checked;
	await ensureEngine({ emit });
	const engine = await loadEngine(threadsPerOp(countTowers({
		...pipeline.train,
		graph: plan
	})));
	const now = runTags(source, `${engine.kind}: ${engine.version}`);
	for (const key of versions) if (run.tags[key] !== now[key]) tell(`another ${key.replace("pipeline.", "")}: it was ${shorten(run.tags[key] ?? "not recorded", 200)}, it is ${now[key]}`);
	const loaded = await load({
		...pipeline.data,
		seed: pipeline.seed,
		folder: dirname(source),
		signal
	});
	for (const line of otherData(run.tags, loaded.dataset.files)) tell(line);
	const data = trial === void 0 ? loaded : limitData(loaded, trial, {
		batchSize: pipeline.train.batchSize,
		seed: pipeline.seed
	});
	const epochs = epochsOf(await run.metrics());
	if (epochs.size === 0) throw failure("nothing-recorded", "the run has no epoch that could be compared", "replay a run that trained for an epoch at least");
	const weights = await retrain({
		checked,
		epochs,
		tell,
		signal
	}, {
		engine,
		data
	});
	const recorded = run.tags["pipeline.weights_sha256"];
	if (weights === void 0 || recorded === void 0) tell(`${count(epochs.size)} the same; the run has no weights to compare, as it did not finish its training`);
	else if (weights !== recorded) throw failure("replay-differs", `${count(epochs.size)} the same, but the weights are not: their SHA-256 was ${shorten(recorded, 200)}, it is ${weights}`);
	else tell(`${count(epochs.size)} the same to the bit, and so are the weights: ${weights}`);
}
/** @returns the SHA-256 of the weights; undefined where the run ended before its training did */
async function retrain({ checked: { pipeline, plan }, epochs, tell, signal }, parts) {
	const stop = new AbortController();
	const last = [...epochs.keys()].reduce((most, epoch) => Math.max(most, epoch), 0);
	let [different, isPast] = [void 0, false];
	const emit = (event) => {
		if (event.type === "progress" && event.epoch > last) isPast = true;
		if (event.type === "epoch-finished" && event.epoch <= last) {
			different = compare(event.epoch, event.metrics, epochs.get(event.epoch));
			if (different === void 0) tell(`epoch ${event.epoch} of ${last} is the same`);
		}
		if (isPast || different !== void 0) stop.abort();
	};
	const wanted = wantedValues(pipeline);
	try {
		const trained = await train({
			...parts,
			graph: graphOf(plan),
			...pipeline.train,
			wanted,
			seed: pipeline.seed,
			emit,
			signal: AbortSignal.any([signal, stop.signal])
		});
		trained.dispose();
		if (different !== void 0) throw different;
		return trained.weightsSha256;
	} catch (error) {
		if (different !== void 0) throw different;
		if (isPast && !signal.aborted) return void 0;
		throw error;
	}
}
function compare(epoch, now, recorded) {
	const keys = Object.keys(now).filter((key) => !Object.is(recorded?.get(key), now[key]));
	if (keys.length === 0) return void 0;
	const differences = keys.map((key) => `${key} was ${recorded?.get(key) ?? "not recorded"}, is ${now[key]}`);
	return failure("replay-differs", `epoch ${epoch} is the first that differs: ${differences.join("; ")}`, "what is told of above may be why; so may another processor, or another number of threads");
}
/** Metrics of each epoch, by their step. */
function epochsOf(metrics) {
	const epochs = /* @__PURE__ */ new Map();
	for (const { key, step, value } of metrics.filter(({ step }) => step > 0)) {
		if (!epochs.has(step)) epochs.set(step, /* @__PURE__ */ new Map());
		epochs.get(step).set(key, value);
	}
	return epochs;
}
function count(epochs) {
	return epochs === 1 ? "the one epoch is" : `all ${epochs} epochs are`;
}
// src/commands/replay.ts
/** `pipeline replay`: trains a recorded run again and compares. */
function replayCommand() {
	return new Command("replay").description("Train a recorded run again, from what the tracker has of it, and name the first epoch that differs").addArgument(runArgument()).addOption(trackingUriOption("MLflow server that has the run (also MLFLOW_TRACKING_URI; default: the local store)")).addOption(runsOption()).action(run);
}
async function run(reference, { trackingUri, runs }) {
	const tell = (line) => void process.stdout.write(`${makeVisible(line)}\n`);
	const warn = (warning) => process.stderr.write(printDiagnostics([warning], {
		color: showsColors(process.stderr),
		cwd: process.cwd()
	}));
	const uri = trackingUri ?? process.env["MLFLOW_TRACKING_URI"];
	const found = await untilInterrupted((signal) => findRun(reference, {
		runs,
		trackingUri: uri
	}, {
		warn,
		signal
	}));
	tell(`${shorten(found.name, 250)}, run ${found.runId} in ${found.where}`);
	const checked = await checkRecorded(found);
	await untilInterrupted((signal) => replay({
		run: found,
		checked,
		tell,
		emit: tellProgress(),
		signal
	}));
}
export { replayCommand };
