import { An as hideSecrets, C as version, Cs as warning, Dn as stringify, F as parseYaml, Na as shorten, Ss as misuse, U as entryOf, at as gatesOf, bs as failure, fa as shellWord, ja as writeFileAtomic, jn as hideSecretsIn, ka as syncFolder, nt as graphOf, ot as judge, q as toValue, st as pace, vs as UserError, w as explainOutOfMemory } from "./checks-359mGJ3h.js";
import { C as threadsPerOp, S as countTowers, T as explainWrongIndex } from "./model-outputs-BxqrQy2e.js";
import { t as thisMachine } from "./machine-identity-DpxOBmBa.js";
import { T as sampleNoun, w as nameEngine } from "./train-outcome-BMKWouke.js";
import { t as ensureEngine } from "./install-engine-D7lb-jNC.js";
import { n as loadEngine } from "./load-engine-Cr0z7l6P.js";
import { _ as fingerprintsOf, d as recordEvent, f as Paused, h as loadStage, m as loadData, p as hashData, r as trainStage, t as bestEpoch } from "./train-stage-9wCmGD-s.js";
import { a as evaluateStage, i as visualizeStage, n as stages, r as stagesBefore } from "./stages-CqKQJf7n.js";
import { n as checkForecast, r as watchBudget } from "./budget-CVyfdoAX.js";
import { t as checkMemory } from "./check-memory-Cg7kXcbT.js";
import { t as StageCache } from "./stage-cache-CfWlADlT.js";
import { t as originOf } from "./freshness-BrsFECPt.js";
import { i as writeReport } from "./visualize-BKVeX_rC.js";
import { t as onnxMisfit } from "./onnx-model-B18sXMkj.js";
import { i as writeGolden, l as weightsOf, r as sha256Of, s as writeSafetensors } from "./golden-BUwhSn9q.js";
import { t as mlflowFiles } from "./mlflow-model-x4C6nMOO.js";
import { n as writeModelYaml } from "./model-yaml-DB07Zhiz.js";
import { a as forTrial, c as overfitFailure, i as describeTrial, l as hideInFile, n as recordSummary, o as limitData, r as runTags, s as nameTrial, t as recordConfiguration } from "./record-run-Dwebf2kU.js";
import { i as openTrial, r as openRun } from "./unfinished-runs-DOI-8iAC.js";
import { basename, join, relative } from "node:path";
import { setTimeout } from "node:timers/promises";
import { readFileSync } from "node:fs";
// src/base/ui-command.ts
/** The command that opens a local store, from the folder that one is in. */
function uiCommand(runsDirectory) {
	const folder = relative(".", runsDirectory) || ".";
	return `npx pipeline ui${folder === "runs" ? "" : ` --runs ${shellWord(folder)}`}`;
}
// src/run/kept-outcomes.ts
/** For a run that neither takes nor keeps anything. */
const nothingKept = {
	found: () => void 0,
	beginning: () => void 0,
	cameFrom: () => void 0,
	keep: () => {}
};
/** Looks up what need not be done again, here and then where other machines keep theirs. */
async function findOutcomes(request) {
	const { stages, checked, dataFiles, folder, force, shared, emit } = request;
	const cache = new StageCache(folder, (diagnostic) => emit({
		type: "diagnostic",
		diagnostic
	}), checked.source.name);
	const origin = originOf(checked, dataFiles);
	const fingerprints = fingerprintsOf(stages, origin);
	const send = (fingerprint, replaces) => shared?.send(fingerprint, cache.fileOf(fingerprint), replaces);
	let own = fingerprints;
	const [found, beginnings] = [/* @__PURE__ */ new Map(), /* @__PURE__ */ new Map()];
	const findIn = (map) => (stage) => map.get(stage);
	const asked = stages.filter(({ name }) => !isForced(stages, name, force));
	const wanted = asked.map((stage) => ({
		fingerprint: fingerprints.get(stage.name),
		form: stage.form(checked)
	}));
	const fetched = await shared?.fetch(folder, wanted) ?? /* @__PURE__ */ new Set();
	for (const stage of asked) {
		const fingerprint = fingerprints.get(stage.name);
		const entry = cache.find(fingerprint, stage.form(checked));
		if (entry !== void 0) found.set(stage, entry);
		const begun = entry ? void 0 : stage.beginning?.(checked, fingerprint, cache.list(stage.name));
		const beginning = begun && cache.find(begun.entry.fingerprint, stage.form(checked));
		if (beginning !== void 0) beginnings.set(stage, beginning);
	}
	for (const [{ name }] of found) if (!fetched.has(name)) send(fingerprints.get(name), false);
	for (const stage of stages.slice(-1)) {
		const [fingerprint, entry] = [fingerprints.get(stage.name), found.get(stage)];
		if (entry !== void 0 && !cache.isOwn(entry)) cache.keep(fingerprint, entry.runId, entry.outcome, entry.files);
	}
	return {
		found: findIn(found),
		beginning: findIn(beginnings),
		cameFrom: ({ name }) => fetched.has(name) ? shared?.address : void 0,
		keep: (stage, runId, outcome) => {
			const step = stage.ranAs?.(outcome);
			if (step !== void 0) own = fingerprintsOf(stages, {
				...origin,
				step
			});
			if (found.has(stage) && stage.revive === void 0 || stage.isWhole?.(outcome) === false) return;
			const fingerprint = own.get(stage.name);
			cache.keep(fingerprint, runId, outcome);
			send(fingerprint, isForced(stages, stage.name, force));
		}
	};
}
/** For a training that more than one machine did: what comes of it would be taken for that of one. */
function keepBefore(training, stages, kept) {
	const before = stagesBefore(stages, training);
	return {
		...kept,
		keep: (stage, ...what) => {
			if (before.includes(stage)) kept.keep(stage, ...what);
		}
	};
}
/** Whether a stage has to run, whatever is kept of it. */
function isForced(stages, stage, force) {
	const names = stages.map(({ name }) => name);
	return force !== void 0 && names.indexOf(stage) >= names.indexOf(force);
}
// src/models/record-model.ts
/**
* What a run records beside `model.json` and `weights.bin`, so that the folder alone is enough for whoever uses the
* model, wherever it is copied. The same model gives the same bytes.
*/
async function recordModelFormats(run, recorded) {
	const { checked: { resolved }, trained: { engine, weightsSha256, model }, golden, files, preparation } = recorded;
	const folder = join(run.artifactDirectory, "model");
	const sha256 = {
		"weights.bin": sha256Of(model.weights),
		"model.json": sha256Of(readFileSync(join(folder, "model.json")))
	};
	const content = {
		"weights.safetensors": writeSafetensors(weightsOf(model)),
		"model.yaml": writeModelYaml({
			engine,
			weightsSha256,
			files,
			preparation,
			resolved
		}),
		...Object.fromEntries(Object.entries(writeGolden(golden, {
			engine,
			sha256
		})).map(([name, bytes]) => [`golden/${name}`, bytes])),
		...await onnxFiles(recorded)
	};
	for (const [path, bytes] of Object.entries(content)) {
		writeFileAtomic(join(folder, path), bytes);
		run.artifact(`model/${path}`);
	}
	syncFolder(folder);
}
/** As many bytes of weights as fit into a file of ONNX, which has at most 2 GiB. */
const mostWeights = 2e9;
/** `model.onnx` with what MLflow loads it by; none where the net has no graph in ONNX, which `plan` tells. */
async function onnxFiles({ checked: { pipeline, plan }, trained: { model: saved, scales, weightsSha256 }, golden: { inputs, outputs } }) {
	if (onnxMisfit(plan.layers) !== void 0 || saved.weights.length > mostWeights) return {};
	const { writeOnnx } = await import("./onnx-BeguXvSz.js");
	const onnx = writeOnnx({
		name: pipeline.name,
		graph: graphOf(plan),
		saved,
		targets: plan.dataset.targets,
		scales
	});
	return {
		"model.onnx": onnx,
		...mlflowFiles({
			inputs,
			outputs,
			uuid: weightsSha256.slice(0, 32),
			bytes: onnx.length
		})
	};
}
// src/run/report-facts.ts
/** The report's contents, but for its figures. */
function reportFacts({ checked, trial, run, startTime, where, open, files, trained, evaluation, kept }) {
	const { pipeline, plan, source, settings, resolved } = checked;
	const { reference } = pipeline.visualize;
	return hideSecretsIn({
		name: pipeline.name,
		run: {
			name: run.runId,
			...trial === void 0 ? {} : { trial: describeTrial(trial) },
			startedAt: `${new Date(startTime).toISOString().slice(0, 16).replace("T", " ")} UTC`,
			durationSeconds: (Date.now() - startTime) / 1e3,
			pace: {
				perSecond: trained.samplesPerSecond,
				samples: sampleNoun(plan.dataset)
			},
			seed: pipeline.seed,
			kept
		},
		history: trained.history,
		...bestEpoch(pipeline, trained),
		evaluation,
		numbers: plan.dataset.targets.flatMap(({ kind, name }, k) => kind === "number" ? [{
			name,
			scales: trained.scales[k] ?? null,
			why: plan.asTheyAre[k] ?? null
		}] : []),
		suspects: trained.suspects ?? [],
		...reference === void 0 ? {} : { reference },
		layers: plan.layers.map(({ name, type, outputShape, parameters }) => ({
			name,
			type,
			outputShape,
			parameters: parameters.trainable + parameters.nonTrainable
		})),
		parameters: plan.parameters.trainable + plan.parameters.nonTrainable,
		pipeline: {
			file: basename(source.name),
			text: hideInFile(source.text),
			settings,
			...ranAsWritten(checked) ? {} : { resolved: stringify(hideSecretsIn(resolved)) }
		},
		weightsSha256: trained.weightsSha256,
		dataFiles: files,
		versions: {
			layerline: version,
			engine: trained.engine,
			node: process.version
		},
		tracking: {
			where,
			experimentId: run.experimentId,
			runId: run.runId,
			open
		}
	});
}
/** Whether the file alone, but for defaults, says what ran. */
function ranAsWritten({ source, settings }) {
	return settings.length === 0 && entryOf(parseYaml(source).root, "extends") === void 0;
}
// src/run/run-stages.ts
/** Runs the stages one after the other, or takes what is kept of them, and records what comes out. */
async function runStages(input, stages) {
	const startTime = Date.now();
	recordConfiguration(input.run, input.checked);
	const done = {
		outcomes: /* @__PURE__ */ new Map(),
		taken: /* @__PURE__ */ new Map()
	};
	const context = contextOf(input, done);
	try {
		for (const [i, stage] of stages.entries()) {
			await runStage(stage, stages.slice(i + 1), input.kept, context, done);
			const needed = new Set(stages.slice(i + 1).flatMap(({ needs }) => needs));
			for (const past of stages.filter((one) => !needed.has(one))) past.free?.(context.live);
		}
	} finally {
		for (const stage of stages) stage.free?.(context.live);
	}
	input.signal.throwIfAborted();
	await report(input, context, startTime, done.taken);
}
/** Runs a stage and keeps what comes out, or takes what is kept, and records it. */
async function runStage(stage, later, kept, context, { outcomes, taken }) {
	const { checked, run, emit, signal } = context;
	const { name } = stage;
	signal.throwIfAborted();
	const entry = kept.found(stage);
	const isNeeded = later.some((one) => one.needs.includes(stage) && kept.found(one) === void 0);
	const isTaken = entry !== void 0 && (!isNeeded || await stage.revive?.(entry.outcome, context) === true);
	let outcome;
	if (isTaken) {
		({outcome} = entry);
		taken.set(stage, entry.runId);
		const from = kept.cameFrom(stage);
		const summary = stage.summarize(outcome, checked);
		emit({
			type: "stage-skipped",
			stage: name,
			runId: entry.runId,
			summary,
			...from !== void 0 && { from }
		});
	} else {
		emit({
			type: "stage-started",
			stage: name
		});
		const start = performance.now();
		outcome = await stage.run(context, kept.beginning(stage)?.outcome);
		emit({
			type: "stage-finished",
			stage: name,
			seconds: (performance.now() - start) / 1e3,
			summary: stage.summarize(outcome, checked)
		});
		kept.keep(stage, run.runId, outcome);
	}
	outcomes.set(stage, outcome);
	stage.record(outcome, context, isTaken);
}
function contextOf({ checked, trial, dataFiles, run, checkpoints, untilEpoch, emit, signal, result }, { outcomes }) {
	const { pipeline: { seed, train: { batchSize } } } = checked;
	const context = {
		checked,
		run,
		checkpoints: trial === void 0 ? checkpoints : void 0,
		untilEpoch,
		dataFiles,
		emit,
		signal,
		limit: (data) => trial === void 0 ? data : limitData(data, trial, {
			batchSize,
			seed
		}),
		data: once(() => loadData(context)),
		live: {},
		result,
		outcomeOf: (stage) => outcomes.get(stage)
	};
	return context;
}
/**
* The report and the summary of a run whose stages are done.
*
* @throws UserError where a gate, or what a trial was for, is missed
*/
async function report({ checked, trial, run, where, open, emit }, { data, outcomeOf }, startTime, taken) {
	const [trained, evaluation] = [outcomeOf(trainStage), outcomeOf(evaluateStage)];
	const kept = [...taken].map(([{ name }, runId]) => ({
		stage: name,
		runId
	}));
	const { files, preparation } = outcomeOf(loadStage);
	await recordModelFormats(run, {
		checked,
		trained,
		golden: evaluation.golden,
		files,
		preparation
	});
	writeReport(outcomeOf(visualizeStage), reportFacts({
		checked,
		trial,
		run,
		startTime,
		where,
		open,
		files,
		trained,
		evaluation,
		kept
	}), run.artifactDirectory, emit);
	const { best } = bestEpoch(checked.pipeline, trained);
	recordSummary(run, {
		evaluation,
		trained,
		trial,
		best,
		kept,
		samples: sampleNoun(checked.plan.dataset)
	});
	if (trial === void 0) {
		const gates = gatesOf(checked.pipeline.evaluate.require);
		const { tags, failed } = judge(gates, {
			...evaluation.metrics,
			[pace]: evaluation.msPerSample
		});
		run.tags(tags);
		if (failed !== void 0) throw failed;
		return;
	}
	const missed = overfitFailure(trial, trained.history, (await data()).split.train.length);
	if (missed !== void 0) throw missed;
}
/** Does the work when it is first asked for, and never again. */
function once(work) {
	let done;
	return () => done ??= work();
}
/**
* What a run is called where nobody named it: by what sets it apart from others of its experiment, `mnist epochs=3`; by
* its time where nothing was set.
*/
function nameRun({ pipeline: { name }, settings }, trial, time) {
	const telling = settings.filter((setting) => !/^tracking\b|^repeat=/.test(setting)).map((setting) => withoutAddress(hideSecrets(setting)).replaceAll(/\s+/g, " "));
	const lastKey = (setting) => setting.slice(0, setting.indexOf("=")).replace(/^.*\./, "");
	const short = telling.map((setting) => {
		const isAlone = telling.filter((other) => lastKey(other) === lastKey(setting)).length === 1;
		return shorten(isAlone ? lastKey(setting) + setting.slice(setting.indexOf("=")) : setting, 60);
	});
	const when = short.length > 0 ? [] : [time.toISOString().slice(0, 19).replaceAll(":", "")];
	return shorten([
		name,
		...trial === void 0 ? [] : [nameTrial(trial)],
		...short,
		...when
	].join(" "), 250);
}
/**
* A setting with its value left out where that holds an address, however YAML spells it: its query may be the key to
* it.
*/
function withoutAddress(setting) {
	const from = setting.indexOf("=") + 1;
	const { root } = parseYaml({
		name: "",
		text: setting
	}, from);
	const texts = [setting, ...root === void 0 ? [] : [JSON.stringify(toValue(root))]];
	return root === void 0 || texts.some((text) => text.includes("://")) ? `${setting.slice(0, from)}...` : setting;
}
// src/run/run-pipeline.ts
/**
* Runs the stages of a checked pipeline, but for those whose outcome is kept, and records them; a run of the file that
* was interrupted goes on. A failure or an abort ends the run's record as FAILED or KILLED before it is told.
*
* @param stages in their order
* @throws UserError when the run cannot start: no engine, no place to record it
*/
async function runPipeline(request, stages$1 = stages) {
	const { trial, untilEpoch, tracker, into, signal: stop } = request;
	if (untilEpoch !== void 0) expectEpoch(untilEpoch, trial);
	const checked = trial === void 0 ? request.checked : forTrial(request.checked, trial);
	const dataFiles = trial === void 0 ? await unlessAborted(hashData(checked, request.verifyData), stop) : void 0;
	const kept = await unlessAborted(keptFor(request, stages$1, checked, dataFiles), stop);
	const machine = thisMachine(version, opThreadsOf(checked));
	const { signal, watch } = await limitsOf(request, checked, kept);
	const start = startOf(request, checked, await engineFor(stages$1, kept, checked, request.emit, signal));
	const fresh = request.fresh === true || isForced(stages$1, trainStage.name, request.force);
	const opened = await unlessAborted(dataFiles === void 0 ? openTrial(tracker, start) : openRun({
		checked,
		dataFiles,
		tracker,
		into,
		start,
		machine,
		fresh,
		emit: request.emit
	}), signal);
	if (request.parentRunId !== void 0) opened.run.tags({ "mlflow.parentRunId": request.parentRunId });
	const { emit, checkpoint } = listenersOf(opened.run, request.emit, watch);
	emit(startedEvent(opened.run, checked, trial));
	const result = {
		metrics: {},
		weightsSha256: null,
		samplesPerSecond: null,
		step: null
	};
	return {
		...await endOf(runStages({
			checked,
			trial,
			dataFiles,
			kept: opened.mixture.length === 0 ? kept : keepBefore(trainStage, stages$1, kept),
			run: opened.run,
			checkpoints: opened.checkpoints,
			untilEpoch,
			where: tracker.where,
			open: uiCommand(tracker.runsDirectory),
			emit,
			signal,
			result
		}, stages$1), opened, {
			emit,
			result,
			stop
		}),
		...checkpoint()
	};
}
function expectEpoch(untilEpoch, trial) {
	if (trial !== void 0) throw misuse("until-epoch", "a trial is over soon, and cannot pause");
	if (Number.isInteger(untilEpoch) && untilEpoch >= 1) return;
	throw misuse("until-epoch", `a run pauses at the end of an epoch, counted from 1, not of ${untilEpoch}`);
}
/** What a run can take of earlier ones. */
async function keptFor({ cache, shared, force, emit }, stages, checked, dataFiles) {
	if (cache === void 0 || dataFiles === void 0) return nothingKept;
	return findOutcomes({
		stages,
		checked,
		dataFiles,
		folder: cache,
		force,
		...shared && { shared },
		emit
	});
}
const opThreadsOf = ({ pipeline: { train }, plan }) => threadsPerOp(countTowers({
	...train,
	graph: plan
}));
/** The name of the engine that a run has what it has from, which is started where a stage that has to run needs it. */
async function engineFor(stages, kept, checked, emit, signal) {
	const trained = kept.found(trainStage);
	const isAsked = stages.some((stage) => stage.usesEngine && kept.found(stage) === void 0);
	if (trained !== void 0 && !isAsked) return trained.outcome.engine;
	return nameEngine(await unlessAborted(startEngine(opThreadsOf(checked), emit), signal));
}
function startOf({ trial, name }, checked, engine) {
	const { pipeline, source } = checked;
	return {
		experiment: pipeline.tracking.experiment ?? pipeline.name,
		runName: name ?? nameRun(checked, trial, /* @__PURE__ */ new Date()),
		startTime: Date.now(),
		tags: {
			...runTags(source.name, engine),
			...trial === void 0 ? {} : { "pipeline.trial": nameTrial(trial) }
		}
	};
}
function startedEvent({ runId, experimentId }, { pipeline, source, plan }, trial) {
	return {
		type: "run-started",
		name: pipeline.name,
		file: source.name,
		runId,
		experimentId,
		samples: sampleNoun(plan.dataset),
		...trial === void 0 ? {} : { trial: nameTrial(trial) }
	};
}
/**
* What an event of the stages goes through: the record, the user's view, the budget; and the newest checkpoint that
* they told of.
*/
function listenersOf(run, tell, watch) {
	let checkpoint;
	return {
		emit: (event) => {
			recordEvent(run, event);
			if (event.type === "checkpoint-written" || event.type === "training-resumed") checkpoint = event;
			tell(event);
			watch(event);
		},
		checkpoint: () => checkpoint === void 0 ? {} : { checkpoint }
	};
}
/** Waits for the stages, and ends the run's record by how they ended. */
async function endOf(work, { run, close }, { emit, result, stop }) {
	const { runId, experimentId, directory, artifactDirectory } = run;
	let status = "FINISHED";
	let failed;
	let paused;
	try {
		await work;
		run.ensureOurs();
	} catch (error) {
		if (error instanceof Paused) paused = error;
		else failed = { error: explain(error, directory) };
		status = stop.aborted || paused !== void 0 ? "KILLED" : "FAILED";
		if (failed?.error instanceof UserError && !isTakenOver(failed.error)) run.tags({ "pipeline.error": failed.error.message });
	}
	for (const diagnostic of await finish(run, status, stop)) emit({
		type: "diagnostic",
		diagnostic
	});
	const { serverRunId = runId } = run;
	const finished = {
		type: "run-finished",
		status,
		runId,
		...serverRunId === runId ? {} : { serverRunId },
		experimentId,
		...result,
		...paused === void 0 ? {} : {
			metrics: paused.metrics,
			pausedAfter: paused.epoch
		}
	};
	emit(finished);
	if (!isTakenOver(failed?.error)) close(status, failed?.error);
	return {
		...finished,
		directory,
		artifactDirectory,
		...failed
	};
}
/** Whether another process goes on with the run: then nothing of it is this one's to write or to remove. */
function isTakenOver(error) {
	return error instanceof UserError && error.diagnostics[0]?.code === "run-taken-over";
}
/** Says of an error of the file system or of memory what it means for the run; anything else is returned as it is. */
function explain(error, directory) {
	if (!(error instanceof Error) || !("syscall" in error)) return explainWrongIndex(explainOutOfMemory(error));
	return failure("run-not-written", `the run cannot be written to ${directory}: ${error.message}`, "Make it writable and make room there, then run the file again: it goes on with what is done.", error);
}
async function startEngine(opThreads, emit) {
	await ensureEngine({ emit });
	return loadEngine(opThreads);
}
/** Lets a training start if it is within its limits. @returns what watches them while it goes on, see signalOf */
async function limitsOf({ trial, emit, signal: stop }, checked, kept) {
	if (kept.found(trainStage) !== void 0) return signalOf(stop, void 0);
	const budget = trial === void 0 ? checked.pipeline.budget : void 0;
	if (budget !== void 0) await unlessAborted(checkForecast(budget, {
		checked,
		emit,
		signal: stop
	}), stop);
	checkMemory(checked.plan.memory, emit);
	return signalOf(stop, budget);
}
/** What ends the stages: the user, or a run that breaks its budget. */
function signalOf(stop, budget) {
	if (budget === void 0) return {
		signal: stop,
		watch: () => void 0
	};
	const broken = new AbortController();
	const watch = watchBudget(budget, performance.now());
	return {
		signal: AbortSignal.any([stop, broken.signal]),
		watch: (event) => {
			const problem = watch(event);
			if (problem !== void 0) broken.abort(problem);
		}
	};
}
/** Milliseconds that a killed run may still take to deliver: Ctrl-C is answered within a second. */
const grace = 600;
async function finish(run, status, stop) {
	if (status !== "KILLED" || !stop.aborted) return run.finish(status, Date.now(), stop);
	const delivered = run.finish(status, Date.now());
	const late = warning("not-delivered", "the server did not take everything in time", "nothing is lost: `pipeline sync` says how it gets there, and the next `pipeline run` delivers it");
	return Promise.race([delivered, setTimeout(grace, [late], { ref: false })]);
}
/** Waits for something that cannot be stopped itself. @throws the signal's reason when that comes first */
async function unlessAborted(work, signal) {
	signal.throwIfAborted();
	const aborted = new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason), { once: true }));
	return Promise.race([work, aborted]);
}
export { nameRun as n, uiCommand as r, runPipeline as t };
