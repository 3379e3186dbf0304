import { Ai as subsetOf, An as hideSecrets, Cs as warning, Ei as arraySource, Kt as targetingInput, Lt as datasetRow, Na as shorten, S as Option, Ss as misuse, Ut as isReconstruction, Wi as roomForIndices, _a as readFileWithin, _t as metricsOf, ao as showCount, at as gatesOf, b as Command, bs as failure, c as runsOption, f as showsColors, h as printDiagnostics, o as runArgument, ot as judge, r as jsonOption, rt as checkTraining, sa as readWhole, sn as namesIn, so as showMeasure, st as pace, u as trackingUriOption, ui as decoded, v as makeVisible, vs as UserError, vt as wantedValues, zi as isWholeText, zt as readyDataset } from "./checks-359mGJ3h.js";
import { i as showBounds, n as isBound, t as intervalMetrics } from "./sample-intervals-Xvzy26hk.js";
import { t as findModel } from "./find-model-Bck4tuWe.js";
import { n as findRun } from "./find-run-DG75tBTj.js";
import { n as loadEngine } from "./load-engine-Cr0z7l6P.js";
import { f as load, p as picturesIn, v as describePart, w as nameEngine } from "./train-outcome-BMKWouke.js";
import { t as readRecorded } from "./read-recorded-DXAcCb5d.js";
import { n as proveKinds, r as rowsOf, t as findInputs } from "./read-inputs-BG7QQc-U.js";
import { t as RowFaults } from "./row-faults-DvXPJQqo.js";
import { t as loadTrainedModel } from "./load-trained-model-DPwpEsdn.js";
import { l as evaluate, u as allMaskedInTest } from "./train-stage-9wCmGD-s.js";
import { d as recordEvaluation, n as visualize, r as writeFigures } from "./visualize-BKVeX_rC.js";
import { i as trialOf, n as otherData, r as sourceOf, t as checkRecorded } from "./check-recorded-C0rl0DF9.js";
import { o as limitData, r as runTags } from "./record-run-Dwebf2kU.js";
import { t as chooseTracker } from "./choose-tracker-DaboSSyX.js";
import { o as noArtifact } from "./sweep-tags-VhXVlYMh.js";
import { t as tellProgress } from "./tell-progress-BL0lu1_V.js";
import { t as untilInterrupted } from "./until-interrupted-DtruJtqg.js";
import { basename, dirname, join, relative } from "node:path";
import { setImmediate } from "node:timers/promises";
import { existsSync } from "node:fs";
import { createHash } from "node:crypto";
// src/models/held-out.ts
/** Kinds of wrong rows that are told of. */
const shown = 10;
/** Rows that are read in one go. */
const turn = 1e3;
/**
* Reads samples from another file or folder than those of a training, and prepares them as that was: nothing is fitted
* to them.
*
* @param source the data set of the training
* @throws UserError where a row cannot be read, or does not say what is right; the signal's reason when it is aborted
*/
async function readHeldOut({ type, options }, path, trained, signal) {
	await readyDataset(type, "rows");
	const reader = datasetRow(type).rows({
		options,
		...trained
	});
	const found = await findInputs([path], signal);
	proveKinds(reader, found);
	const asked = [];
	for (const row of rowsOf(reader, found)) {
		if (asked.push(await decoded(row)) % turn !== 0) continue;
		await setImmediate();
		signal.throwIfAborted();
	}
	const { rows, warnings } = reader.kind === "series" ? measurable(asked, path, trained) : {
		rows: reader.kind === "text" ? followed(asked) : asked,
		warnings: []
	};
	const faults = new RowFaults(shown, "Correct what is said of it, or leave the row out.");
	for (const row of rows) faults.add(row);
	if (faults.count > 0) throw new UserError(faults.diagnostics(), 1);
	for (const [k, target] of trained.targets.entries()) if (!isReconstruction(target)) proveLabels(reader, rows, k, target);
	const samples = {
		inputs: trained.inputs.map(({ dtype }, k) => dtype === "uint8" ? joined(new Uint8Array(sizeIn(rows, (row) => row.x[k])), rows, (row) => row.x[k]) : joined(new Float32Array(sizeIn(rows, (row) => row.x[k])), rows, (row) => row.x[k])),
		targets: trained.targets.map((target, k) => {
			if (isReconstruction(target)) return /* @__PURE__ */ new Float64Array();
			const size = sizeIn(rows, (row) => row.actual[k]);
			return joined(target.kind === "class" ? roomForIndices(target.classes.length, size) : new Float64Array(size), rows, (row) => row.actual[k]);
		}),
		count: rows.length,
		...baselinesOf(rows)
	};
	return {
		samples,
		files: found.map((input) => fileOf(input, samples)),
		warnings: [...asked.flatMap(({ warning: strange }) => strange ?? []), ...warnings]
	};
}
/**
* The windows of a series that can be measured: not those whose forecast comes after the last row, and none of an
* entity that is shorter than a window.
*
* @throws UserError where there is none
*/
function measurable(asked, path, { inputs, targets }) {
	const isShort = ({ fault }) => fault?.code === "series-too-short";
	const rows = asked.filter((row) => row.actual?.length !== 0 && !isShort(row));
	const [window, horizon] = [inputs[0].shape[0], targets[0].shape[0]];
	const takes = `a window of ${window} with its forecast of ${horizon} takes ${window + horizon} rows`;
	if (rows.length === 0) throw failure("series-too-short", `${path} has nothing that a forecast could be measured by: ${takes} one after the other`, "Give it more rows; `pipeline predict` forecasts what comes after the last one.");
	const kept = new Set(rows.map(({ place }) => place["entity"]));
	const left = [...new Set(asked.map(({ place }) => place["entity"]))].filter((entity) => !kept.has(entity));
	if (left.length === 0) return {
		rows,
		warnings: []
	};
	const one = shorten(String(left[0]));
	return {
		rows,
		warnings: [warning("short-entities", `${path}: ${left.length === 1 ? `\`${one}\` has` : `${left.length} entities, \`${one}\` the first, have`} too few rows, and ${left.length === 1 ? "is" : "are"} not measured: ${takes}`, "Give them more rows.")]
	};
}
/** The sequences of a text without the last one where nothing comes after it, unless it is the only one. */
function followed(asked) {
	const some = asked.filter(({ actual, fault }) => actual !== void 0 || fault !== void 0);
	return some.length === 0 ? asked : some;
}
/** What would be said of rows without a model, where it is known of each. */
function baselinesOf(rows) {
	const each = rows.flatMap(({ baselines }) => baselines === void 0 ? [] : [baselines]);
	if (each.length < rows.length || rows.length === 0) return {};
	return { baselines: each[0].map(({ name }, k) => ({
		name,
		values: (target) => Float64Array.from(each.flatMap((of) => [...of[k].values(target)]))
	})) };
}
function proveLabels(reader, rows, k, target) {
	const [first, ...more] = rows.filter(({ actual }) => actual?.[k] === void 0);
	if (first === void 0) return;
	const where = Object.entries(first.place).map(([key, value]) => key === "file" ? value : `${key} ${value}`).join(", ");
	const others = more.length === 0 ? "" : `, and so in ${more.length} more rows`;
	const names = isWholeText(target) ? [] : namesIn(target);
	const classes = names.length > 0 ? `, one of ${shorten(names.join(", "), 200)}` : "";
	throw failure("missing-label", `${where} does not say what \`${shorten(target.name)}\` is${others}`, `A model is measured by what is right${classes}: give it as ${labelPlaces(reader)}.`);
}
/** Where what is right can stand, of what a model may be asked by. */
function labelPlaces({ kind, files, folder, lines }) {
	const isTable = kind === "table" || kind === "series";
	return [
		...isTable || "csv" in files ? ["a column of that name"] : [],
		..."npz" in files ? ["an array of that name"] : [],
		...folder === void 0 ? [] : ["the name of the folder that a file lies in"],
		...kind === "text" ? ["the text that comes next"] : [],
		...isTable || kind === "text" || lines !== void 0 ? [] : ["a value of that name in lines of JSON"]
	].join(", or ");
}
function sizeIn(rows, part) {
	return rows.reduce((sum, row) => sum + part(row).length, 0);
}
function joined(all, rows, part) {
	let at = 0;
	for (const row of rows) {
		all.set(part(row), at);
		at += part(row).length;
	}
	return all;
}
/** A file by its bytes; a folder, which has none of its own, by what was read of it. */
function fileOf({ name, isFolder }, { inputs, targets }) {
	const parts = isFolder ? [...inputs, ...targets].map(({ buffer, byteOffset, byteLength }) => new Uint8Array(buffer, byteOffset, byteLength)) : [readWhole({ path: name })];
	const hash = createHash("sha256");
	for (const part of parts) hash.update(part);
	return {
		name: basename(name),
		sha256: hash.digest("hex"),
		bytes: parts.reduce((sum, { length }) => sum + length, 0)
	};
}
// src/run/evaluate-run.ts
/** The parts that data is divided into. */
const splits = [
	"test",
	"validation",
	"train"
];
/** Metrics as a setting over what a run recorded. */
const metricsSetting = (metrics) => `evaluate.metrics=[${metrics}]`;
/**
* Evaluates a trained model, and records that as a run of its own in the experiment of the one that trained it.
*
* @throws UserError where there is no such data, or the model is damaged: nothing is recorded then; the signal's reason
*/
async function evaluateRun(request) {
	const { folder, recorded, data, emit, metrics: chosen } = request;
	const settings = chosen === void 0 ? [] : [metricsSetting(chosen), "evaluate.require=null"];
	const own = data === void 0 ? await ownData(request, settings) : void 0;
	const pipeline = own?.pipeline ?? readRecorded(await sourceOf(recorded), settings).pipeline;
	const model = await loadTrainedModel(folder, emit, wantedValues(pipeline));
	try {
		if (data !== void 0) await proveMetrics(recorded, settings, model);
		return await evaluatePart(request, pipeline, model, own === void 0 ? await otherPart(pipeline, model, data, request) : ownPart(own, model, request));
	} finally {
		model.dispose();
	}
}
/** The data that the run names, as it divides it. */
async function ownData({ recorded, signal, split }, settings) {
	const { pipeline, source } = await checkRecorded(recorded, settings);
	const whole = await load({
		...pipeline.data,
		seed: pipeline.seed,
		folder: dirname(source.name),
		signal
	});
	const [changed] = Object.keys(recorded.tags).length === 0 ? [] : otherData(recorded.tags, whole.dataset.files);
	if (changed !== void 0) throw failure("other-data", `the run's data is no longer what it was trained on: ${changed}`, "Put the data back as it was; --data evaluates the model on other data.");
	const trial = trialOf(recorded.tags["pipeline.trial"]);
	const loaded = trial === void 0 ? whole : limitData(whole, trial, {
		batchSize: pipeline.train.batchSize,
		seed: pipeline.seed
	});
	if (split === "validation" && loaded.split.validation.length === 0) throw misuse("no-such-split", "The run held back no samples for validation.", "Evaluate --split test.");
	return {
		pipeline,
		loaded
	};
}
function ownPart({ loaded }, { signature, preparation }, { split }) {
	const { dataset } = loaded;
	if (JSON.stringify([dataset.spec.inputs, dataset.preparation]) !== JSON.stringify([signature.inputs, preparation])) throw failure("other-data", "the data that the model's pipeline names is not prepared as the model was trained on it", "Put the data back as it was; --data evaluates the model on other data.");
	const { name, spec, files } = dataset;
	if (split === "test") return {
		name,
		spec,
		files,
		samples: dataset.test
	};
	const rows = loaded.split[split];
	return {
		name,
		spec,
		files,
		rows,
		samples: subsetOf(dataset.train, rows)
	};
}
async function otherPart(pipeline, { signature, preparation, beside }, data, { emit, signal }) {
	const prepared = {
		...signature,
		...preparation && { preparation },
		...beside && { beside }
	};
	const { samples, files, warnings } = await readHeldOut(pipeline.data.source, data, prepared, signal);
	for (const diagnostic of warnings) emit({
		type: "diagnostic",
		diagnostic
	});
	const source = arraySource(samples);
	const learnt = signature.targets.some(isReconstruction) ? targetingInput(source, signature) : source;
	return {
		name: pipeline.data.source.type,
		spec: signature,
		files,
		samples: learnt
	};
}
/** What was asked for must measure something of the model, as the check of its own data would say. */
async function proveMetrics(recorded, settings, { signature: { targets } }) {
	const { pipeline, rangeOf } = readRecorded(await sourceOf(recorded), settings);
	const wrong = checkTraining(pipeline, {
		targets,
		validation: 1,
		stepsPerEpoch: 1
	}, rangeOf);
	if (wrong.length > 0) throw new UserError(wrong, 2);
}
const contexts = {
	test: "test",
	validation: "validation",
	train: "training"
};
const prefixes = {
	test: "test_",
	validation: "val_",
	train: "train_"
};
async function evaluatePart({ recorded, folder, split, data, tracker, emit, signal }, pipeline, model, part) {
	const { runId: of = folder, name } = recorded;
	const { name: file } = await sourceOf(recorded);
	const what = data === void 0 ? split : hideSecrets(data);
	const run = await tracker.start({
		experiment: recorded.experiment ?? pipeline.tracking.experiment ?? pipeline.name,
		runName: `${name} on ${what}`.slice(0, 250),
		startTime: Date.now(),
		tags: {
			...runTags(file, nameEngine(await loadEngine())),
			"pipeline.evaluates": of,
			"pipeline.evaluated": what,
			...recorded.runId === void 0 ? {} : { "mlflow.parentRunId": recorded.runId }
		}
	});
	const finish = async (status) => {
		for (const diagnostic of await run.finish(status, Date.now(), signal)) emit({
			type: "diagnostic",
			diagnostic
		});
	};
	try {
		const { name: dataset, spec, files, samples, rows } = part;
		run.inputs([describePart({
			name: dataset,
			spec,
			files
		}, {
			context: contexts[split],
			count: samples.count,
			...rows && { rows }
		})]);
		const measured = await evaluate({
			evaluator: model.evaluator,
			dataset: {
				spec,
				test: samples
			},
			metrics: metricsOf(pipeline),
			signal
		});
		const renamed = Object.entries(measured.metrics).map(([key, value]) => [key.replace(/^test_/, prefixes[split]), value]);
		const evaluation = {
			...measured,
			metrics: Object.fromEntries(renamed)
		};
		for (const diagnostic of allMaskedInTest(evaluation)) emit({
			type: "diagnostic",
			diagnostic
		});
		recordEvaluation(run, evaluation);
		const pictures = picturesIn({
			spec,
			test: samples
		});
		const drawn = await visualize({
			chartInput: {
				history: [],
				evaluation,
				seed: pipeline.seed,
				...pictures === void 0 ? {} : { pictures }
			},
			figures: pipeline.visualize.figures
		});
		writeFigures(drawn, run.artifactDirectory, (event) => {
			if (event.type === "artifact") run.artifact(event.path);
		});
		const gates = split === "test" ? gatesOf(pipeline.evaluate.require) : [];
		const { tags, failed } = judge(gates, {
			...evaluation.metrics,
			[pace]: evaluation.msPerSample
		});
		run.tags({
			...tags,
			...failed === void 0 ? {} : { "pipeline.error": failed.message }
		});
		await finish(failed === void 0 ? "FINISHED" : "FAILED");
		return {
			runId: run.serverRunId ?? run.runId,
			artifactDirectory: run.artifactDirectory,
			samples: samples.count,
			metrics: {
				...evaluation.metrics,
				...intervalMetrics(evaluation)
			},
			...failed === void 0 ? {} : { failed }
		};
	} catch (error) {
		await finish(signal.aborted ? "KILLED" : "FAILED");
		throw error;
	}
}
// src/commands/evaluate-model.ts
/** `pipeline evaluate`: measures a trained model. */
function evaluateCommand() {
	return new Command("evaluate").description("Measure a trained model on test samples, its own or others, and record it as a run of its own").addArgument(runArgument()).option("--data <path>", "other samples than those of the run: a CSV file, or a folder with one for each class").addOption(new Option("--split <part>", "which of its own samples (default: test)").choices(splits)).option("--metrics <names>", "what to measure, as in a file: accuracy,f1; without it, what the run did").addOption(jsonOption()).addOption(trackingUriOption("MLflow server that has the run (also MLFLOW_TRACKING_URI; default: the local store)")).addOption(runsOption()).action((reference, options) => untilInterrupted((signal) => run(reference, options, signal)));
}
async function run(reference, options, signal) {
	const { data, split, metrics, json, runs } = options;
	if (data !== void 0 && split !== void 0) throw misuse("split-of-other-data", "--split is a part of the own data of a run, and --data names other", "Keep one.");
	if (data !== void 0 && !existsSync(data)) throw misuse("data-file-missing", `${data} does not exist.`, "Check the path; it counts from here.");
	const warn = (warning) => process.stderr.write(printDiagnostics([warning], {
		color: showsColors(process.stderr),
		cwd: process.cwd()
	}));
	const trackingUri = options.trackingUri ?? process.env["MLFLOW_TRACKING_URI"];
	const model = await findModel(reference, {
		runs,
		trackingUri
	}, {
		warn,
		signal
	});
	const tracker = chooseTracker({
		uri: trackingUri,
		runsDirectory: runs,
		warn
	});
	const progress = tellProgress();
	const outcome = await evaluateRun({
		folder: model.folder,
		recorded: await recordOf(model, {
			runs,
			trackingUri
		}, {
			warn,
			signal
		}),
		split: split ?? "test",
		...data === void 0 ? {} : { data },
		...metrics === void 0 ? {} : { metrics },
		tracker,
		emit: (event) => event.type === "diagnostic" ? warn(event.diagnostic) : progress(event),
		signal
	}).catch((error) => {
		throw placedInOption(error, metrics ?? "");
	});
	const { runId, samples, artifactDirectory, failed } = outcome;
	if (json === true) {
		const told = {
			runId,
			evaluates: model.runId ?? model.folder,
			samples,
			metrics: outcome.metrics
		};
		process.stdout.write(`${JSON.stringify({
			...told,
			passed: failed === void 0
		})}\n`);
	} else {
		const inside = relative(".", artifactDirectory);
		const rows = Object.entries(outcome.metrics).filter(([name]) => !isBound(name)).map(([name, value]) => [makeVisible(name), `${showMeasure(value)}${showBounds(name, outcome.metrics)}`]);
		const width = Math.max(14, ...rows.map(([name]) => name.length));
		process.stdout.write([
			`${makeVisible(model.title)}, on ${showCount(samples)} samples`,
			"",
			...rows.map(([name, value]) => `${name.padEnd(width)} ${value}`),
			"",
			`recorded in    ${tracker.where} (run ${runId})`,
			`details        ${inside.startsWith("..") ? artifactDirectory : inside}/evaluation/evaluation.json`,
			""
		].join("\n"));
	}
	if (failed !== void 0) throw failed;
}
/** Mistakes in `--metrics`, which is read as a setting, at their place there. */
function placedInOption(error, metrics) {
	if (!(error instanceof UserError)) return error;
	const source = {
		name: "--metrics",
		text: metrics
	};
	const placed = error.diagnostics.map((diagnostic) => {
		const { range } = diagnostic;
		if (range?.source.text !== metricsSetting(metrics)) return diagnostic;
		const at = (offset) => Math.min(Math.max(0, offset - metricsSetting("").length + 1), metrics.length);
		return {
			...diagnostic,
			range: {
				source,
				start: at(range.start),
				end: at(range.end)
			}
		};
	});
	return new UserError(placed, error.exitCode);
}
/** What is known of the run that trained a model; of one that is none of a run's, what lies beside its folder. */
async function recordOf({ folder, runId, title }, place, watch) {
	if (runId !== void 0) return findRun(runId, place, watch);
	return {
		name: title,
		tags: {},
		artifact: async (path) => {
			try {
				return new TextDecoder().decode(readFileWithin(join(dirname(folder), path), 1e7));
			} catch (error) {
				throw noArtifact(title, path, error);
			}
		}
	};
}
export { evaluateCommand };
