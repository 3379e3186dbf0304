import { C as findingsOfReading, S as findingsOfCheck, T as sampleNoun, _ as describeData, b as recordData, f as load, g as dataRecordForm, h as showSamplePlace, i as recordSuspects, l as newEpoch, n as outcomeOfTraining, r as recordModel, s as trainOutcomeForm, t as describeTraining, u as trainingStateForm, y as describeTargets } from "./train-outcome-BMKWouke.js";
import { $ as createPace, Bo as object, Cs as warning, Da as removeLeftovers, Di as firstRows, Ea as realPath, Ko as whole, Kr as listed, Lt as datasetRow, Mo as anything, Pi as batchSizesOf, Po as either, Q as withClipping, Ro as nothing, Si as seedFor, St as mixesLabels, Ut as isReconstruction, Vn as TraceRefusal, Wi as roomForIndices, Wo as such, X as withAverages, Z as judge, Za as withoutAddresses, _i as validationCount, _s as sizeOf, ao as showCount, bi as permutation, bs as failure, bt as optimizerRow, cn as SummedNumbers, ct as addStep, dt as scoreName, ft as tallied, it as augmentedBatches, jn as hideSecretsIn, ka as syncFolder, ln as labelScores, lt as epochMetrics, ma as hashesHere, mi as afterTest, ms as inTurns, nn as monitoredMetrics, nt as graphOf, oi as stratifiedBy, on as measure, rn as monitorsOf, ta as hashFile, tn as monitoredMetric, un as classScores, vs as UserError, vt as wantedValues, xa as besideName, xo as unscaled, yt as scheduleRow } from "./checks-359mGJ3h.js";
import { n as loadCheckpoint, o as saveCheckpoint } from "./checkpoint-file-EvJ8jzTt.js";
import { n as loadEngine } from "./load-engine-Cr0z7l6P.js";
import { S as countTowers, _ as createGraphSession, a as eagerEvaluator, b as isWatched, c as trainingStep, d as runEagerly, f as emptySample, g as rehearse, h as tensorsOf, i as compileEvaluator, l as compileStep, n as optionsOf, o as evaluationSizes, p as feedOf, r as restoreEvaluator, s as scaled, t as modelOutputs, u as notCompiled, v as buildModel, x as rankLabels, y as addMargins } from "./model-outputs-BxqrQy2e.js";
import { a as decoderVersions } from "./prepare-picture-CBP5mDy-.js";
import { g as whyEager } from "./engine-status-CGKvgfDM.js";
import { i as whereThere } from "./results-0nngyuh7.js";
import { basename, dirname, isAbsolute, join, relative } from "node:path";
import { setImmediate } from "node:timers/promises";
import { lstatSync, mkdirSync, readdirSync, rmSync, rmdirSync } from "node:fs";
import { createHash } from "node:crypto";
// src/cache/explain-changes.ts
/** What differs between two lists of parts, in the order of the second. */
function changesBetween(before, now) {
	const [old, current] = [new Map(before), new Map(now)];
	return [.../* @__PURE__ */ new Set([...current.keys(), ...old.keys()])].filter((name) => old.get(name) !== current.get(name)).map((name) => ({
		name,
		before: old.get(name),
		now: current.get(name)
	}));
}
/** The kept outcome with the fewest differences, and those; the newest of several. */
function nearestTo({ parts }, entries) {
	return entries.map((entry) => ({
		entry,
		changes: changesBetween(entry.fingerprint.parts, parts)
	})).toSorted((a, b) => a.changes.length - b.changes.length)[0];
}
// src/cache/fingerprints.ts
/** A section of the pipeline file as what a stage depends on; its name is that of the section. */
function section(key, reason, marks = {}) {
	return {
		reason,
		value: ({ resolved }) => resolved[key],
		section: marks
	};
}
/** What the machine brings, as what a stage depends on. */
function machinePart(key, reason) {
	return {
		reason,
		value: ({ machine }) => machine[key]
	};
}
/** The sections of a full form that stages depend on, without the options that a mark names. */
function sectionsFor(stages, resolved, without) {
	const sections = stages.flatMap(({ dependsOn }) => Object.entries(dependsOn));
	return Object.fromEntries(sections.flatMap(([name, { section: marks }]) => {
		const left = marks && without(marks);
		if (left === void 0 || left === true || !(name in resolved)) return [];
		const value = resolved[name];
		return [[name, typeof value === "object" && value !== null ? withoutKeys(value, left) : value]];
	}));
}
/** The keys of a section's options that change no outcome. */
const keysWithoutEffect = ({ withoutEffect = {} }) => Object.keys(withoutEffect);
function withoutKeys(value, keys) {
	return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
}
/** The fingerprint of every stage, each after what it is made from. */
function fingerprintsOf(stages, origin) {
	const fingerprints = /* @__PURE__ */ new Map();
	let before = [];
	for (const { name: stage, dependsOn } of stages) {
		const parts = [...before, ...Object.entries(dependsOn).flatMap(([name, { value, section: marks = {} }]) => partsOf([name], value(origin)).filter(([path]) => !keysWithoutEffect(marks).some((key) => isWithin(path, `${name}.${key}`))))];
		const hash = createHash("sha256").update(JSON.stringify([stage, parts])).digest("hex");
		fingerprints.set(stage, {
			stage,
			hash,
			parts
		});
		before = [[`stage ${stage}`, hash]];
	}
	return fingerprints;
}
const isWithin = (path, name) => path === name || path.startsWith(`${name}.`);
/** What a part is of; undefined for the stage before. */
function dependencyOf(stages, part) {
	const name = part.split(/[.[]/)[0];
	return stages.find(({ dependsOn }) => Object.hasOwn(dependsOn, name))?.dependsOn[name];
}
/**
* The leaves of a tree, each with its path; items of a list that have names under those, and their order as a part of
* its own.
*/
function partsOf(path, value) {
	if (Array.isArray(value) && value.length > 0 && value.every(isNamed)) return [[pathText(path), JSON.stringify(value.map(({ name }) => name))], ...value.flatMap(({ name, ...rest }) => partsOf([...path, name], rest))];
	if (typeof value !== "object" || value === null || Array.isArray(value)) return [[pathText(path), JSON.stringify(hideSecretsIn(value) ?? null)]];
	const entries = Object.entries(value);
	if (entries.length === 0) return path.length === 1 ? [] : [[pathText(path), "{}"]];
	return entries.flatMap(([key, inner]) => partsOf([...path, key], inner));
}
function isNamed(item) {
	return typeof item === "object" && item !== null && "name" in item && typeof item.name === "string";
}
/** `train.optimizer.adam`; a key that holds a dot or a bracket is quoted. */
function pathText([first, ...rest]) {
	return [first, ...rest.map((key) => /[.["]/.test(key) ? `[${JSON.stringify(key)}]` : `.${key}`)].join("");
}
// src/cache/hash-files.ts
/**
* SHA-256 of files, small ones read to their last byte: a time or a size would not tell of a flipped bit. Of a large
* one that has not changed since an earlier run hashed it, the hash is kept.
*
* @param folder files in it are named by their paths from there, others by their own names and those of their folders
* @throws UserError when one cannot be read, or was read and is another than what was known of it
*/
async function hashFiles(paths, folder, { verify = false, known = hashesHere() } = {}) {
	const hashes = /* @__PURE__ */ new Map();
	for (const path of paths) {
		const name = inFolder(folder, path) ?? join(basename(dirname(path)), basename(path));
		hashes.set(hashes.has(name) ? `${name} (${hashes.size + 1})` : name, await hashOne(path, {
			known,
			anew: verify
		}));
	}
	known.save();
	const others = known.takeContradicted(paths);
	if (others.length > 0) throw changedUnseen(others);
	return Object.fromEntries(hashes);
}
function changedUnseen(paths) {
	const [many, more] = [paths.length > 1, paths.length - 3];
	return failure("data-changed-unseen", `${paths.slice(0, 3).join(", ")}${more > 0 ? ` and ${showCount(more)} more` : ""} ${many ? "hold" : "holds"} other bytes than when ${many ? "they were" : "it was"} hashed last, though size and times are the same`, `A disk that fails does that, or a clock that was set back. Compare ${many ? "them" : "it"} with a copy; the next run takes what is there now.`);
}
/** The path of a file from a folder, also where either is spelt by way of links; undefined where it is not in it. */
function inFolder(folder, path) {
	const isInside = (way) => !way.startsWith("..") && !isAbsolute(way);
	const asWritten = relative(folder, path);
	return isInside(asWritten) ? asWritten : [relative(realPath(folder), join(realPath(dirname(path)), basename(path)))].find(isInside);
}
async function hashOne(path, how) {
	try {
		return await inTurns(hashFile(path, how));
	} catch (error) {
		throw failure("data-file-unreadable", `the data file ${path} cannot be read: ${error.message}`, void 0, error);
	}
}
// src/stages/load-stage.ts
/** Reads the data. What is kept of it is its record: the data itself is on the disk anyway. */
const loadStage = {
	name: "load",
	dependsOn: {
		layerline: machinePart("program", "another version may read, compute or draw otherwise"),
		node: machinePart("node", "Math.exp, Math.cos and sorting are those of its V8"),
		seed: section("seed", "all randomness comes from it: split, first weights, order, dropout, images shown", { withoutPace: true }),
		data: {
			...section("data", "what is learnt from, and how it is divided", {
				withoutPace: ["split"],
				withoutEffect: { memory: "whether samples are in memory or on the disk" }
			}),
			value: ({ resolved }) => withoutAddresses(resolved["data"])
		},
		file: {
			reason: "its bytes, as its name and its time tell nothing of them",
			value: ({ dataFiles }) => {
				const { [decoderKey]: _, ...files } = dataFiles;
				return files;
			}
		},
		decoder: {
			reason: "what a JPEG file decodes to, or a picture is resized to, depends on it",
			value: ({ dataFiles: { [decoderKey]: versions } }) => versions === void 0 ? {} : { versions }
		}
	},
	needs: [],
	usesEngine: false,
	form: () => dataRecordForm,
	run: async ({ data, checked }) => {
		const loaded = await data();
		return describeData(loaded, [...findingsOfCheck(checked), ...findingsOfReading(checked, loaded)]);
	},
	summarize: ({ summary }) => summary,
	record: (outcome, { run }) => recordData(run, outcome),
	estimate: ({ seconds }) => seconds.load
};
/** What the versions of the decoder stand under, beside the files: no path of one begins so. */
const decoderKey = "(decoder)";
/**
* SHA-256 of each data file of a pipeline, by its path, and the versions of what decodes them where that is another's.
*
* @param verify whether each file is read, though it seems not to have changed since an earlier run
* @throws UserError when one of them cannot be read, or was read and is another than what was known of it
*/
async function hashData({ pipeline, source: { name }, plan }, verify = false) {
	const { type, options } = pipeline.data.source;
	const folder = dirname(name);
	const files = await hashFiles(datasetRow(type).files(options, folder), folder, { verify });
	if (plan.dataset.decoder === void 0) return files;
	return {
		...files,
		[decoderKey]: await decoderVersions()
	};
}
/**
* Reads the data of a pipeline, and warns of what is strange about it.
*
* @throws UserError when a file is missing, damaged, does not fit the others, or is no longer what it was when the run
* began
*/
async function loadData({ checked, dataFiles, emit, signal, limit }) {
	const { pipeline: { data, seed }, source } = checked;
	const loaded = await load({
		...data,
		seed,
		folder: dirname(source.name),
		signal
	});
	if (dataFiles !== void 0) {
		const changed = changesBetween(Object.entries(dataFiles), Object.entries(await hashData(checked))).map(({ name }) => name);
		if (changed.length > 0) throw failure("data-changed-meanwhile", `${changed.slice(0, 3).join(", ")} changed while the run began: what was read is not what its outcome would be kept for`, "Run the file again when nothing writes there any more.");
	}
	for (const { code, message, hint } of findingsOfReading(checked, loaded)) emit({
		type: "diagnostic",
		diagnostic: warning(code, message, hint)
	});
	return limit(loaded);
}
// src/stages/paused.ts
/**
* Ends a training at the end of an epoch, to go on when it is run again: no failure, and nothing that the stages after
* it could use.
*/
var Paused = class extends Error {
	/** How many epochs are trained. */
	epoch;
	/** Of the last of these. */
	metrics;
	constructor(epoch, metrics) {
		super(`the training paused after epoch ${epoch}`);
		[this.epoch, this.metrics] = [epoch, metrics];
	}
};
// src/stages/record-event.ts
/** What the tracker keeps of the events; the rest is for whoever looks on. */
function recordEvent(run, event) {
	const timestamp = Date.now();
	const metrics = (values, step) => run.metrics(Object.entries(values).map(([key, value]) => ({
		key,
		value,
		step,
		timestamp
	})));
	switch (event.type) {
		case "epoch-finished":
			metrics({
				...event.metrics,
				"system/samples_per_second": event.samplesPerSecond
			}, event.epoch);
			break;
		case "stage-finished":
			metrics({ [`system/seconds_${event.stage}`]: event.seconds }, 0);
			break;
		case "stage-skipped":
			run.tags({ [`pipeline.cached.${event.stage}`]: event.runId });
			break;
		case "step-chosen":
			run.tags({ "pipeline.step": event.step });
			break;
		case "training-resumed":
			run.tags({ "pipeline.error": "" });
			break;
		case "artifact": run.artifact(event.path);
	}
}
// src/stages/nan-monitors.ts
/** Says, the first time, that what early stopping or a schedule waits for is NaN, and why. */
function nanMonitors(input, history) {
	return monitorsOf(input).filter((name) => isFirstNaN(history, name)).map((name) => {
		const only = onlyClass(input, name);
		const why = only === void 0 ? "" : `: all validation samples are of the class \`${only}\``;
		return warning("monitor-is-nan", `${name} is NaN after epoch ${history.length}${why}; epochs without a value are passed over, neither better nor worse`, only === void 0 ? "Monitor val_loss, which is always a number." : "Give validation samples of each class: raise `data.split.validation`, or monitor val_loss.");
	});
}
/** Whether a number of the last epoch is NaN, and of none before. */
function isFirstNaN(history, name) {
	return history.findIndex((epoch) => Number.isNaN(epoch[name])) === history.length - 1 && history.length > 0;
}
/** The class that all validation samples are of, where there is but one. */
function onlyClass({ data: { dataset, split } }, name) {
	const output = monitoredMetric(name, dataset.spec.targets)?.output;
	const index = dataset.spec.targets.findIndex((target) => output === void 0 || target.name === output);
	const target = dataset.spec.targets[index];
	if (target.kind === "number" || target.several !== void 0) return void 0;
	const found = /* @__PURE__ */ new Set();
	for (const row of split.validation) {
		for (const label of new Set(dataset.train.labels(index, Uint32Array.of(row)))) found.add(label);
		if (found.size > 1) return void 0;
	}
	return found.size === 1 ? target.classes[[...found][0]] : void 0;
}
// src/stages/all-masked.ts
/** Says, the first time, that masks leave nothing of an output in what an epoch trains on or is validated by. */
function allMaskedIn(history, targets) {
	return targets.flatMap((target) => {
		const score = `${targets.length > 1 ? `${target.name}_` : ""}${scoreName(target)}`;
		return [["training", ""], ["validation", "val_"]].flatMap(([part, prefix]) => isFirstNaN(history, `${prefix}${score}`) ? [nothingLeft(part, target.name)] : []);
	});
}
/** Says that masks leave nothing of an output in the test samples. */
function allMaskedInTest({ outputs }) {
	return outputs.flatMap((output) => output.kind !== "reconstruction" && output.there?.every((one) => one === 0) === true ? [nothingLeft("test", output.name)] : []);
}
function nothingLeft(part, target) {
	return warning("all-masked", `masks leave out all of \`${target}\` in the ${part} samples: its loss there is 0, and its other numbers are none (NaN)`, "Masked are steps of index 0 (`maskZero`), and those that have nothing but the value of `masking`: see what the samples hold.");
}
// src/stages/judge-reconstruction.ts
/** Samples of which all is kept that is said of them: a row of pictures. */
const shown = 8;
/** Follows what is said of inputs batch by batch, and keeps of each sample its error alone. */
var ReconstructionJudge = class {
	#size;
	#errors;
	#summed = new SummedNumbers();
	#rows;
	#predicted;
	/** @param rows samples that will come */
	constructor({ shape }, rows) {
		this.#size = sizeOf(shape);
		this.#errors = new Float64Array(rows);
		const count = Math.min(shown, rows);
		this.#rows = Array.from({ length: count }, (_, k) => Math.floor(k * rows / count));
		this.#predicted = new Float32Array(count * this.#size);
	}
	/** @param done samples of the batches before */
	add({ predicted, there }, actual, done) {
		const size = this.#size;
		const each = there === void 0 ? 1 : predicted.length / there.length;
		for (let sample = 0; sample * size < predicted.length; sample++) {
			let [sum, counted] = [0, 0];
			for (let i = sample * size; i < (sample + 1) * size; i++) {
				if (there?.[Math.floor(i / each)] === 0) continue;
				this.#summed.add(predicted[i], actual[i]);
				sum += (predicted[i] - actual[i]) ** 2;
				counted++;
			}
			this.#errors[done + sample] = sum / counted;
			const place = this.#rows.indexOf(done + sample);
			if (place >= 0) this.#predicted.set(predicted.subarray(sample * size, (sample + 1) * size), place * size);
		}
	}
	judged() {
		return {
			errors: this.#errors,
			rows: this.#rows,
			predicted: this.#predicted,
			sums: this.#summed.sums()
		};
	}
};
// src/stages/evaluate-rows.ts
/**
* Lets the model say what it makes of these rows.
*
* @param tell told after each batch how many are done
* @throws the signal's reason when it is aborted
*/
async function evaluateRows(evaluator, { targets, source, rows }, signal, tell) {
	const collectors = targets.map((target) => new Collector(target, rows.length));
	let [loss, done] = [0, 0];
	for await (const batch of source.batches({
		rows,
		size: evaluator.evaluationBatch
	})) {
		const result = evaluator.evaluate(batch);
		loss += sum(result.loss);
		collectors.forEach((collector, k) => collector.add({
			loss: result.loss,
			...result.outputs[k]
		}, {
			actual: batch.y[k],
			done,
			count: batch.count
		}));
		done += batch.count;
		tell?.(done);
		await setImmediate();
		signal.throwIfAborted();
	}
	const outputs = collectors.map((collector) => collector.judged());
	return {
		loss: outputs.map(({ there, loss: own }, k) => there === void 0 ? 0 : evaluator.lossWeights[k] * own).reduce((all, own) => all + own, loss / rows.length),
		outputs
	};
}
/** Gathers what one output says of batch after batch. */
var Collector = class {
	target;
	rows;
	actual;
	predicted;
	confidence;
	ofClasses = {
		probabilities: /* @__PURE__ */ new Float32Array(),
		ranks: /* @__PURE__ */ new Float32Array()
	};
	judge;
	there;
	/** Places that the loss is of. */
	places = 0;
	loss = 0;
	constructor(target, rows) {
		this.judge = isReconstruction(target) ? new ReconstructionJudge(target, rows) : void 0;
		const places = this.judge === void 0 ? rows * sizeOf(target.shape) : 0;
		const room = () => target.kind === "class" ? roomForIndices(target.classes.length, places) : new Float64Array(places);
		[this.target, this.rows, this.actual, this.predicted] = [
			target,
			rows,
			room(),
			room()
		];
		this.confidence = new Float32Array(target.kind === "class" ? places : 0);
	}
	add(output, { actual, done, count }) {
		const { loss, there, predicted, confidence, ...given } = output;
		const size = sizeOf(this.target.shape);
		this.loss += sum(loss);
		this.places += there === void 0 ? count : there.reduce((all, one) => all + one, 0);
		if (this.judge !== void 0) {
			this.judge.add(output, actual, done);
			return;
		}
		if (there !== void 0) {
			this.there ??= new Uint8Array(this.actual.length);
			const each = predicted.length / there.length;
			for (let i = 0; i < predicted.length; i++) this.there[done * size + i] = there[Math.floor(i / each)];
		}
		this.actual.set(actual, done * size);
		this.predicted.set(predicted, done * size);
		if (confidence !== void 0) this.confidence.set(confidence, done * size);
		for (const name of ["probabilities", "ranks"]) {
			const values = given[name];
			if (values === void 0) continue;
			const each = values.length / count;
			if (done === 0) this.ofClasses[name] = new Float32Array(this.rows * each);
			this.ofClasses[name].set(values, done * each);
		}
	}
	judged() {
		const { target, actual, predicted, confidence, there, ofClasses } = this;
		const apart = target.kind === "class" ? (i) => Number(predicted[i] === actual[i]) : (i) => Math.abs(predicted[i] - actual[i]);
		let [score, counted] = [0, 0];
		for (let i = 0; i < actual.length; i++) {
			if (there?.[i] === 0) continue;
			score += apart(i);
			counted++;
		}
		const reconstruction = this.judge?.judged();
		if (reconstruction !== void 0) [score, counted] = [reconstruction.sums.absolute, reconstruction.sums.count];
		return {
			target,
			loss: this.loss / Math.max(1, this.places),
			score: score / counted,
			...reconstruction && { reconstruction },
			actual,
			predicted,
			confidence,
			...there && { there },
			...ofClasses
		};
	}
};
function sum(values) {
	return values.reduce((all, value) => all + value, 0);
}
// src/stages/evaluate.ts
/** Measures the model on the test split. */
async function evaluate({ evaluator, dataset, metrics, signal }) {
	const { spec, test } = dataset;
	const rows = firstRows(test.count);
	const start = performance.now();
	const judged = await evaluateRows(evaluator, {
		targets: spec.targets,
		source: test,
		rows
	}, signal);
	const msPerSample = (performance.now() - start) / rows.length;
	const results = judged.outputs.map(resultOf);
	const naive = (test.baselines ?? []).flatMap(({ name, values: forecast }) => judged.outputs.flatMap(({ target, actual }, k) => metrics.flatMap((metric) => {
		if (target.kind !== "number" || isReconstruction(target)) return [];
		const outcome = {
			kind: "number",
			actual,
			predicted: forecast(k)
		};
		return Object.entries(measure(metric, outcome)).map(([key, value]) => [`${judged.outputs.length > 1 ? `${target.name}_` : ""}${key}_${name}`, value]);
	})));
	const losses = Object.entries(epochMetrics(judged)).filter(([name]) => name.endsWith("loss"));
	const several = results.length > 1;
	const values = judged.outputs.flatMap((output, k) => {
		const outcome = outcomeOf(output, results[k]);
		return metrics.flatMap((metric) => Object.entries(measure(metric, outcome)).map(([name, value]) => [`${several ? `${output.target.name}_` : ""}${name}`, value]));
	});
	return {
		metrics: Object.fromEntries([
			...losses,
			...values,
			...naive
		].map(([name, value]) => [`test_${name}`, value])),
		outputs: results,
		msPerSample
	};
}
function resultOf({ target, actual, predicted, confidence, there, reconstruction }) {
	const { name, shape } = target;
	if (reconstruction !== void 0) {
		const { sums: _, ...kept } = reconstruction;
		return {
			kind: "reconstruction",
			name,
			shape,
			...kept
		};
	}
	if (target.kind === "number") return {
		kind: "number",
		name,
		shape,
		actual,
		predicted,
		...there && { there }
	};
	const { classes, several, tokens } = target;
	const labels = {
		actual,
		predicted
	};
	const counted = {
		actual: whereThere(labels.actual, there),
		predicted: whereThere(labels.predicted, there)
	};
	const confusion = confusionOf(classes.length, counted);
	const names = several?.labels ?? classes;
	const perClass = (several === void 0 ? classScores(confusion) : labelScores({
		labels: several.labels,
		...counted
	})).map((scores, k) => ({
		name: names[k],
		...scores
	}));
	return {
		kind: "class",
		name,
		shape,
		classes,
		...several && { several: several.labels },
		...tokens && { tokens },
		..."hits" in confusion ? {} : { confusion },
		perClass,
		...labels,
		confidence,
		...there && { there }
	};
}
/** How often each class is taken for each; of more than 256, whose pairs would be millions, what that sums up to. */
function confusionOf(classes, { actual, predicted }) {
	if (classes <= 256) {
		const confusion = Array.from({ length: classes }, () => Array.from({ length: classes }, () => 0));
		predicted.forEach((label, i) => confusion[actual[i]][label]++);
		return confusion;
	}
	const counts = {
		support: new Float64Array(classes),
		predicted: new Float64Array(classes),
		hits: new Float64Array(classes)
	};
	predicted.forEach((label, i) => {
		counts.support[actual[i]]++;
		counts.predicted[label]++;
		if (actual[i] === label) counts.hits[label]++;
	});
	return counts;
}
/** What metrics are computed from. */
function outcomeOfOutput(output) {
	return outcomeOf(output, resultOf(output));
}
function outcomeOf({ target, probabilities, ranks, reconstruction }, result) {
	if (result.kind === "reconstruction") return {
		kind: "number",
		sums: reconstruction.sums
	};
	const counted = (values) => whereThere(values, result.there);
	if (result.kind === "number") return {
		kind: "number",
		actual: counted(result.actual),
		predicted: counted(result.predicted)
	};
	return {
		kind: "class",
		classes: result.classes,
		confusion: result.confusion ?? confusionOf(result.classes.length, {
			actual: counted(result.actual),
			predicted: counted(result.predicted)
		}),
		labels: counted(result.actual),
		probabilities: counted(probabilities),
		ranks: counted(ranks),
		...target.kind === "class" && target.ordinal && { ordinal: true },
		...result.several && { several: {
			labels: result.several,
			actual: counted(result.actual),
			predicted: counted(result.predicted)
		} }
	};
}
// src/checkpoints/checkpoint-folder.ts
/** How a checkpoint's file is called; sorts by steps. */
const fileName = (steps) => `step-${String(steps).padStart(12, "0")}.ckpt`;
const isCheckpoint = (name) => /^step-\d{12}\.ckpt$/.test(name);
/**
* Removes the checkpoints in a folder, and the folder where it holds nothing else.
*
* @throws the file system's own error
*/
function removeCheckpoints(directory) {
	if (lstatSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) return;
	removeLeftovers(directory);
	const entries = readdirSync(directory, { withFileTypes: true });
	const ours = entries.filter((entry) => !entry.isDirectory() && isCheckpoint(entry.name));
	for (const { name } of ours) rmSync(join(directory, name), { force: true });
	if (ours.length === entries.length) rmdirSync(directory);
}
/** The steps of the newest file among the checkpoints of a run, whole or not; undefined where there is none. */
function newestStep(directory) {
	const name = filesIn(directory).at(-1);
	return name === void 0 ? void 0 : Number(name.slice(5, 17));
}
/** Whole files, oldest first. */
function filesIn(directory) {
	try {
		return readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isFile()).map(({ name }) => name).filter(isCheckpoint).toSorted();
	} catch (error) {
		if (error.code === "ENOENT") return [];
		throw error;
	}
}
/** The checkpoints of one run, in a folder of their own that no other process writes to. */
var CheckpointFolder = class {
	isDue;
	affordsOneIn;
	#directory;
	#keep;
	#took;
	#warn;
	#form;
	#best = null;
	#hasWarned = false;
	/**
	* @param directory made when the first checkpoint is written
	* @param state what a state is; left out: whoever takes it proves it
	*/
	constructor(directory, { keep, ...pace }, warn, state = anything) {
		this.#form = object({
			best: either(whole, nothing),
			state
		});
		const { isDue, affordsOneIn, took } = createPace(pace);
		[this.isDue, this.affordsOneIn, this.#took] = [
			isDue,
			affordsOneIn,
			took
		];
		[this.#directory, this.#keep, this.#warn] = [
			directory,
			keep,
			warn
		];
	}
	newest(misfit = () => void 0) {
		const names = filesIn(this.#directory).toReversed();
		const misfits = [];
		for (const [i, name] of names.entries()) {
			const path = join(this.#directory, name);
			try {
				const { state: { best, state }, arrays } = loadCheckpoint(path, this.#form);
				const why = misfit({
					state,
					arrays
				});
				if (why !== void 0) {
					misfits.push({
						path,
						why
					});
					continue;
				}
				this.#best = best;
				for (const { path: newer, why: { message } } of misfits) this.#drop(newer, `${newer}: ${message}; the one before it is used`);
				return {
					state,
					arrays
				};
			} catch (error) {
				if (!(error instanceof UserError)) throw error;
				const { message } = error.diagnostics[0];
				this.#drop(path, `${message}; ${i + 1 < names.length ? "the one before it is used" : "there is none before it"}`);
			}
		}
		if (misfits.length > 0) throw misfits[0].why;
	}
	#drop(path, message) {
		this.#warn(warning("damaged-checkpoint", message));
		rmSync(path, { force: true });
	}
	write(steps, take, isBest = false) {
		const start = performance.now();
		try {
			const { state, arrays } = take();
			const best = isBest ? steps : this.#best;
			if (mkdirSync(this.#directory, { recursive: true }) !== void 0) syncFolder(dirname(this.#directory));
			const envelope = {
				best,
				state
			};
			saveCheckpoint(join(this.#directory, fileName(steps)), {
				state: envelope,
				arrays
			}, join(this.#directory, besideName()));
			this.#best = best;
			this.#dropOld();
			this.#hasWarned = false;
			return true;
		} catch (error) {
			if (error.code === void 0) throw error;
			if (!this.#hasWarned) this.#warn(warning("no-checkpoint", `no checkpoint can be written: ${error.message}`, "The training goes on, and tries again; make room there."));
			this.#hasWarned = true;
			return false;
		} finally {
			this.#took(performance.now() - start);
		}
	}
	#dropOld() {
		for (const name of filesIn(this.#directory).slice(0, -this.#keep)) if (this.#best === null || name !== fileName(this.#best)) rmSync(join(this.#directory, name), { force: true });
	}
};
// src/stages/continue-training.ts
/**
* A training that goes on from the end of another.
*
* @param own where it keeps its own checkpoints; left out: nowhere
* @param run whose they are
* @param emit told where that end cannot be gone on from, and the training begins anew; left out: it is thrown
*/
function startingFrom(end, own, run, emit) {
	return {
		newest: (misfit) => {
			const newest = own?.newest(misfit);
			const why = newest !== void 0 || end === void 0 ? void 0 : misfit?.(end);
			if (why === void 0) return newest ?? end;
			if (emit === void 0) throw why;
			emit({
				type: "diagnostic",
				diagnostic: cannotBeUsed("it does not fit what is trained", "The training begins anew.")
			});
		},
		isDue: (steps) => own?.isDue(steps) ?? false,
		affordsOneIn: (ms) => own?.affordsOneIn(ms) ?? false,
		write: (steps, take, isBest) => {
			run?.ensureOurs();
			return own?.write(steps, take, isBest) ?? false;
		}
	};
}
/** That a kept training is of no use, and what is done instead. */
function cannotBeUsed(why, hint) {
	return warning("cache-damaged", `the kept outcome of train cannot be used: ${why}`, hint);
}
// src/stages/find-suspects.ts
/** Rows that a ranking has at most. */
const mostRanked = 1e3;
/**
* Ranks the labels of a training by their margins; the data is read once more for the places of those that are suspect,
* as what knows them all was let go of.
*/
async function findSuspects({ margins, history, evaluator }, context) {
	const data = await context.data();
	const { dataset: { spec, train }, split } = data;
	const found = [];
	let places;
	for (const [k, target] of spec.targets.entries()) {
		const sums = margins[k];
		if (sums === void 0 || target.kind !== "class") continue;
		const labels = train.labels(k);
		const { suspects, rows } = rankLabels(sums, labels, split.train, history.length);
		const told = {
			target: target.name,
			samples: split.train.length,
			suspects
		};
		if (suspects === 0) {
			found.push({
				...told,
				ranking: []
			});
			continue;
		}
		const shown = rows.subarray(0, Math.min(mostRanked, Math.max(suspects, Math.ceil(rows.length / 100))));
		const judged = await evaluateRows(evaluator, {
			targets: spec.targets,
			source: train,
			rows: shown
		}, context.signal);
		places = await placesOf(shown, data, context);
		found.push({
			...told,
			suspects: Math.min(suspects, shown.length),
			ranking: Array.from(shown, (row, i) => ({
				place: places.get(row),
				row,
				label: target.classes[labels[row]],
				predicted: target.classes[judged.outputs[k].predicted[i]],
				margin: sums[row] / history.length
			}))
		});
	}
	return found;
}
/** Where these training samples stand; where that cannot be told any more, their numbers in the data set. */
async function placesOf(rows, { dataset }, { checked, signal, emit }) {
	const { pipeline, source } = checked;
	const { type, options } = pipeline.data.source;
	if (dataset.origin !== void 0) return placesBy(dataset.origin, rows);
	try {
		const again = await datasetRow(type).load(options, dirname(source.name), pipeline.seed, signal, pipeline.data.split);
		const hashes = ({ files }) => files.map(({ sha256 }) => sha256).join();
		if (again.origin !== void 0 && hashes(again) === hashes(dataset)) return placesBy(again.origin, rows);
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
	}
	emit({
		type: "diagnostic",
		diagnostic: warning("data-changed-meanwhile", "the data is no longer what was trained on: suspect labels are told by the numbers of their samples")
	});
	return new Map(Array.from(rows, (row) => [row, {
		file: dataset.name,
		sample: row + 1
	}]));
}
/** In the order of the file, in which lines are counted on. */
function placesBy(origin, rows) {
	return new Map(Array.from(rows.toSorted((a, b) => a - b), (row) => [row, origin.place("train", row)]));
}
/** That labels are likely wrong; none where none is. */
function suspectWarnings(all, { plan }) {
	return all.flatMap(({ target, samples, suspects, ranking }) => {
		if (suspects === 0) return [];
		const some = ranking.slice(0, Math.min(3, suspects)).map(({ place, label, predicted }) => `${showSamplePlace(place)} (${label}${says(label, predicted)})`);
		const of = plan.dataset.targets.length === 1 ? "" : ` of \`${target}\``;
		return [warning("suspect-labels", `${showCount(suspects)} of ${showCount(samples)} labels${of} ${suspects === 1 ? "is" : "are"} likely wrong: ${listed(some)}${suspects > 3 ? " and others" : ""}.`, "data/suspect-labels.csv ranks them, and so does `pipeline data --run`: mend what is wrong, or leave it out.")];
	});
}
const says = (label, predicted) => label === predicted ? "" : `, the model says ${predicted}`;
// src/training/trainer.ts
/**
* Chooses how steps are run: compiled into one TensorFlow graph, unless the file asks for the other or the step cannot
* be traced.
*
* @throws UserError when what is around does not let them be compiled, such as a full disk: other bits would come of it
*/
function createTrainer(parts, sizes, wanted) {
	const eagerOnly = whyEager(parts.engine.kind);
	if (wanted === "eager") return eagerTrainer(parts, sizes, "as the file asks");
	if (eagerOnly !== void 0 && wanted === "auto") return eagerTrainer(parts, sizes, eagerOnly);
	if (eagerOnly !== void 0) throw notCompiled(eagerOnly);
	try {
		return compiledTrainer(parts, sizes);
	} catch (error) {
		if (!(error instanceof TraceRefusal)) throw error;
		if (wanted === "auto") return eagerTrainer(parts, sizes, `the step ${error.reason}`);
		throw notCompiled(`it ${error.reason}`);
	}
}
/** Labels are mixed in training alone. */
function ofEvaluation(parts) {
	return {
		...parts,
		mixed: false
	};
}
function stepResult({ outputs }, told) {
	const scores = outputs.map(({ scales = [unscaled] }, k) => {
		let sum = 0;
		for (const [i, score] of told[`score${k}`].entries()) sum += score * scales[i % scales.length].deviation;
		return sum;
	});
	return {
		loss: told["loss"][0],
		losses: outputs.flatMap((_, k) => told[`loss${k}`]?.[0] ?? []),
		scores,
		absent: outputs.map((_, k) => told[`absent${k}`]?.[0] ?? 0),
		margins: outputs.map((_, k) => told[`margin${k}`])
	};
}
/** Runs steps as one TensorFlow graph each, in one session, where weights and optimizer live until they are pulled. */
function compiledTrainer(parts, sizes) {
	const session = createGraphSession(parts.engine, { state: [...parts.model.variables, ...parts.optimizer.slots] });
	try {
		const step = {
			name: "train",
			step: trainingStep(parts)
		};
		const train = compileStep(session, parts, step, sizes.train, {
			learningRate: {
				dtype: "float32",
				shape: []
			},
			step: {
				dtype: "int32",
				shape: []
			}
		});
		const evaluator = compileEvaluator(session, ofEvaluation(parts), sizes, sizes.sizes);
		session.load();
		return {
			step: "compiled",
			kind: "compiled",
			evaluator,
			train: (batch, learningRate, number) => stepResult(parts, train(batch.count)({
				...feedOf(batch, parts),
				learningRate,
				step: number
			})),
			pull: () => session.pull(),
			push: () => session.push(),
			dispose: () => session.dispose()
		};
	} catch (error) {
		session.dispose();
		throw error;
	}
}
/** Runs each step op by op: the reference for all other ways. */
function eagerTrainer(parts, { evaluationBatch }, why) {
	const { tf } = parts.engine;
	const train = trainingStep({
		...parts,
		towers: 1
	});
	const trainer = {
		step: `eager (${why})`,
		kind: "eager",
		evaluator: eagerEvaluator(ofEvaluation(parts), evaluationBatch),
		train: (batch, learningRate, step) => stepResult(parts, runEagerly(parts, train, batch, () => ({
			learningRate: tf.scalar(learningRate),
			step: tf.scalar(step, "int32")
		}))),
		pull: () => {},
		push: () => {},
		dispose: () => {}
	};
	if (whyEager(parts.engine.kind) !== void 0) {
		const sample = emptySample(parts);
		rehearse(tf, [...parts.model.variables, ...parts.optimizer.slots], () => {
			trainer.train(sample, 0, 0);
			trainer.evaluator.evaluate(sample);
		});
	}
	return trainer;
}
// src/training/snapshot.ts
/** Keeps the values of these variables, once it is told to. */
function createSnapshot(tf, variables) {
	let kept = [];
	const dispose = () => {
		for (const tensor of kept) tensor.dispose();
		kept = [];
	};
	const put = (values) => {
		dispose();
		kept = values;
	};
	return {
		get values() {
			return kept;
		},
		put,
		take: () => put(variables.map((variable) => tf.clone(variable))),
		restore: () => kept.forEach((tensor, i) => variables[i].assign(tensor)),
		dispose
	};
}
// src/stages/prepare-training.ts
/** Builds the model, its optimizer and what runs their steps. */
function prepareTraining(input) {
	const { engine, data, graph, optimizer, ema, seed } = input;
	const { tf } = engine;
	const { inputs } = data.dataset.spec;
	const model = buildModel(engine, graph, seed);
	const plain = withClipping(tf, optimizerRow(optimizer.type).create(tf, model.trainable, optimizer.options), input);
	const averaging = ema === void 0 ? void 0 : withAverages(tf, plain, model.trainable, ema.decay);
	const optimizing = averaging ?? plain;
	const parts = {
		engine,
		model,
		inputs,
		outputs: outputsOf(input),
		optimizer: optimizing,
		wanted: input.wanted,
		towers: countTowers(input),
		mixed: mixesLabels(input.augment)
	};
	const trainer = createTrainer(parts, batchSizes(input, model), input.step);
	const variables = [...model.variables, ...optimizing.slots];
	const state = createSnapshot(tf, variables);
	const best = createSnapshot(tf, model.variables);
	return {
		parts,
		model,
		trainer,
		best,
		/** All that steps change: the model's, then the optimizer's. */
		variables,
		/** Of each output, the sum of the margins of each sample so far, by its row; undefined where none are gathered. */
		margins: parts.outputs.map((output) => isWatched(output, parts.mixed) && input.sampling === void 0 ? new Float32Array(data.dataset.train.count) : void 0),
		/** Model and optimizer as they were when this process began the epoch. */
		epochStart: state,
		rates: (history) => ratesOf(input, history),
		/** Lets the model and its averages change places, where there are averages. */
		swapAverages: () => {
			if (averaging === void 0) return;
			trainer.pull();
			averaging.swap();
			trainer.push();
		},
		dispose: () => {
			trainer.dispose();
			for (const held of [
				state,
				best,
				...optimizing.slots,
				model
			]) held.dispose();
		}
	};
}
function batchSizes({ data: { dataset, split }, batchSize }, model) {
	return {
		...evaluationSizes(model, batchSize, [split.validation.length, dataset.test.count]),
		train: batchSizesOf(split.train.length, batchSize)
	};
}
function ratesOf({ optimizer, schedule, epochs, batchSize, data }, history) {
	const learningRate = optimizer.options["learningRate"];
	if (schedule === void 0) return () => learningRate;
	return scheduleRow(schedule.type).rates(schedule.options, {
		learningRate,
		epochs,
		stepsPerEpoch: Math.ceil(data.split.train.length / batchSize)
	}, history);
}
/** The outputs in the order of the data's targets. */
function outputsOf({ outputs: given, data, graph: { standardized = [] } }) {
	const { targets } = data.dataset.spec;
	const scales = targets.map((_, k) => standardized[k] === true ? data.fitted[k].map(({ scale }) => scale) : void 0);
	return modelOutputs(targets, given, scales).map((output, k) => {
		const { target } = output;
		const { classWeights } = optionsOf(target, given);
		return classWeights === void 0 || target.kind === "number" ? output : {
			...output,
			classWeights: weightsOf(classWeights, target, data, k)
		};
	});
}
/**
* The weight of each class; `balanced` gives classes that occur equal sums, as sklearn.utils.class_weight has it:
* samples / (classes * samples of the class).
*/
function weightsOf(given, { classes, shape }, { dataset, split }, index) {
	if (given !== "balanced") return classes.map((name) => given[name] ?? 1);
	const counts = classes.map(() => 0);
	const size = sizeOf(shape);
	for (let first = 0; first < split.train.length; first += 1024) for (const label of dataset.train.labels(index, split.train.subarray(first, first + 1024))) counts[label]++;
	const occurring = counts.filter((count) => count > 0).length;
	return counts.map((count) => count === 0 ? 1 : split.train.length * size / (occurring * count));
}
// src/stages/revive-model.ts
/**
* The model of a kept training, to be evaluated: what is kept of it has to give the weights that it says, or it is of
* no use.
*
* @returns undefined where it cannot be used, which is warned of
*/
function reviveModel(kept, input) {
	const { data: { dataset, split }, emit } = input;
	try {
		return restoreEvaluator(kept, {
			...input,
			inputs: dataset.spec.inputs,
			outputs: outputsOf(input),
			from: "the kept outcome of train",
			samples: {
				validation: split.validation.length,
				test: dataset.test.count
			}
		});
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
	}
	emit({
		type: "diagnostic",
		diagnostic: cannotBeUsed("it does not give the weights that it says", "The stage runs again and replaces it.")
	});
}
// src/training/non-finite.ts
/** What helps, mostly. */
const nonFiniteHint = "Try a smaller learningRate, clipNorm, or smaller first weights.";
/**
* Where numbers first stop being finite when a batch passes through the model, op by op: completes the sentence
* "the first values that are not finite are ...".
*
* @param step the number of the training step that the batch belongs to, with the variables as they were before it;
* left out for a batch that is only evaluated
*/
function findNonFinite({ engine, model, inputs }, batch, step) {
	const { tf } = engine;
	const { layers } = model.layersModel;
	const broken = layers.find((layer) => layer.weights.some((weight) => !isFinite(weight.read())));
	if (broken !== void 0) return `weights of ${broken.name}, since the step before`;
	let first;
	const watched = layers.map((layer) => {
		const call = layer.call.bind(layer);
		layer.call = (inputs, options) => {
			const output = call(inputs, options);
			if (first === void 0 && ![output].flat().every(isFinite)) first = layer.name;
			return output;
		};
		return layer;
	});
	try {
		tf.tidy(() => {
			const values = scaled(tf, inputs, tensorsOf({
				engine,
				inputs,
				outputs: []
			}, batch));
			model.forward(values, step === void 0 ? void 0 : { step: tf.scalar(step, "int32") });
		});
	} finally {
		for (const layer of watched) Reflect.deleteProperty(layer, "call");
	}
	return first === void 0 ? "those of the loss itself" : `outputs of ${first}`;
}
function isFinite(tensor) {
	return tensor.dataSync().every((value) => Number.isFinite(value));
}
// src/stages/epoch-order.ts
/**
* The training samples of an epoch in its own order, as many as there are: each once; or, where the file says how they
* are sampled, equally many of each class that occurs, or the share of each source that it says, but for one. They
* depend on seed and epoch alone, so that a run that goes on in the middle of an epoch takes those that it would have
* taken.
*
* @param epoch counted from 1 @returns their rows
*/
function epochOrder({ data, seed, sampling }, epoch) {
	const { train } = data.split;
	const rows = sampling === void 0 ? train : inShares(train, groupsOf(data.dataset, sampling), {
		from: (group, round) => seedFor(seed, "data", "sampling", epoch, group, round),
		first: seedFor(seed, "data", "sampling", epoch)
	});
	return permutation(rows.length, seedFor(seed, "data", "order", epoch)).map((i) => rows[i]);
}
function groupsOf({ spec, train, sources }, sampling) {
	if (sampling === "balanced") return {
		of: train.labels(stratifiedBy(spec.targets)),
		weight: () => 1
	};
	const { names, train: of } = sources;
	return {
		of,
		weight: (place) => sampling[names[place]]
	};
}
/**
* As many rows as are given, of each group its share: those of a group that is short of it come all before one of them
* comes again, those of one that has more are drawn.
*/
function inShares(rows, { of, weight }, seeds) {
	const byGroup = /* @__PURE__ */ new Map();
	for (const row of rows) {
		const known = byGroup.get(of[row]);
		if (known === void 0) byGroup.set(of[row], [row]);
		else known.push(row);
	}
	const groups = [...byGroup].toSorted(([a], [b]) => a - b);
	const sum = groups.reduce((all, [group]) => all + weight(group), 0);
	const taken = new Uint32Array(rows.length);
	let [count, before] = [0, 0];
	for (const [turn, place] of permutation(groups.length, seeds.first).entries()) {
		const [group, own] = groups[place];
		before += weight(group);
		const end = turn === groups.length - 1 ? rows.length : Math.floor(before * rows.length / sum + 1e-9);
		for (let round = 0; count < end; round++) for (const i of permutation(own.length, seeds.from(group, round)).subarray(0, end - count)) taken[count++] = own[i];
	}
	return taken;
}
// src/stages/training-batches.ts
/**
* The training batches of an epoch in its own order, augmented where the file asks for it.
*
* @param epoch counted from 1 @param first the batch to begin with, counted from 0 @param rows what epochOrder gives
*/
function trainingBatches(input, epoch, first, rows = epochOrder(input, epoch)) {
	const { data: { dataset, split }, batchSize, seed, augment } = input;
	const wanted = {
		rows,
		size: batchSize,
		from: first
	};
	return augment === void 0 ? dataset.train.batches(wanted) : augmentedBatches(dataset.train, wanted, {
		augment,
		inputs: dataset.spec.inputs,
		seed,
		epoch,
		partners: split.train
	});
}
// src/stages/training-progress.ts
/** Steps that were taken so far. */
function stepsOf({ data: { split }, batchSize }, { finished, now }) {
	return finished.length * Math.ceil(split.train.length / batchSize) + now.batch;
}
/** Training samples per second so far; validation is not counted. */
function paceOf({ data: { split } }, { finished, trainingMs, now }) {
	return (finished.length * split.train.length + now.tally.seen) * 1e3 / (trainingMs + now.ms);
}
/**
* Seconds to the end of the last epoch, validation counted as long as it took so far.
*
* @param validated samples of the validation under way, and the milliseconds that these took
*/
function secondsLeft(input, progress, validated = {
	done: 0,
	ms: 0
}) {
	const { data: { split }, epochs } = input;
	const { finished, trainingMs, now } = progress;
	const pace = paceOf(input, progress);
	const before = finished.reduce((sum, { seconds }) => sum + seconds, 0) - trainingMs / 1e3;
	const count = split.validation.length;
	const [measured, took] = [finished.length * count + validated.done, before + validated.ms / 1e3];
	const each = measured === 0 ? 1 / (3 * pace) : Math.max(0, took) / measured;
	return ((epochs - finished.length) * split.train.length - now.tally.seen) / pace + ((epochs - finished.length) * count - validated.done) * each;
}
/**
* Writes a checkpoint of a training between two steps, with its weights in the model and their averages in the
* optimizer.
*
* @returns whether it was written
*/
function keepProgress(input, training, progress, isBest = false) {
	const { checkpoints, emit } = input;
	if (checkpoints === void 0) return false;
	const steps = stepsOf(input, progress);
	const start = performance.now();
	const written = checkpoints.write(steps, () => {
		training.trainer.pull();
		const named = (kind, tensors) => tensors.map((tensor, i) => ({
			name: `${kind}/${i}`,
			shape: tensor.shape,
			dtype: tensor.dtype === "bool" ? "uint8" : tensor.dtype,
			get values() {
				return tensor.dataSync();
			}
		}));
		return {
			state: {
				progress,
				data: digestOf(input.data, training)
			},
			arrays: [
				...named("variables", training.variables),
				...named("best", training.best.values),
				...gathered(training)
			]
		};
	}, isBest);
	if (written) emit({
		type: "checkpoint-written",
		epoch: progress.finished.length + 1,
		batch: progress.now.batch,
		step: steps,
		seconds: (performance.now() - start) / 1e3
	});
	return written;
}
/** What was gathered of the labels of each sample. */
function gathered({ margins }) {
	return margins.flatMap((sums, k) => sums === void 0 ? [] : [{
		name: `margins/${k}`,
		shape: [sums.length],
		values: sums
	}]);
}
/**
* Takes up a training where its newest checkpoint left it, or begins it.
*
* @throws UserError when the checkpoint belongs to other data or another model
*/
function resumeProgress(input, training) {
	const checkpoint = input.checkpoints?.newest((found) => misfitOf(input, training, found));
	const { kind } = training.trainer;
	if (checkpoint === void 0) return {
		finished: [],
		trainingMs: 0,
		ranAs: [kind],
		now: newEpoch()
	};
	const { ranAs = [kind], ...progress } = withNaN(checkpoint.state.progress);
	restoreVariables(input, training, checkpoint);
	const { epochs, emit } = input;
	const resumed = {
		...progress,
		ranAs: [.../* @__PURE__ */ new Set([...ranAs, kind])]
	};
	if (!ranAs.includes(kind)) emit({
		type: "diagnostic",
		diagnostic: otherStep(ranAs, training.trainer.step)
	});
	emit({
		type: "training-resumed",
		epoch: progress.finished.length + 1,
		batch: progress.now.batch,
		step: stepsOf(input, resumed)
	});
	for (const epoch of progress.finished) emit({
		type: "epoch-finished",
		epochs,
		...epoch
	});
	return resumed;
}
function otherStep(before, now) {
	const message = `the steps so far ran ${before.join(" and ")}, those from here on run ${now}: the outcome may differ in its last bits from that of a run without interruption`;
	return warning("other-step", message);
}
const startOver = "Use `pipeline run --fresh` to start over.";
function withNaN(progress) {
	const told = (values) => Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value ?? NaN]));
	return {
		...progress,
		finished: progress.finished.map((epoch) => ({
			...epoch,
			metrics: told(epoch.metrics)
		}))
	};
}
/** Why a training cannot go on from a checkpoint; undefined where it can. */
function misfitOf(input, training, { state, arrays }) {
	const { variables, model } = training;
	if (state.data !== digestOf(input.data, training)) return failure("data-changed", "the data is no longer what the interrupted run was trained on: it cannot go on", startOver);
	const { finished, now: { batch, tally } } = state.progress;
	const outputs = batch === 0 ? 0 : input.outputs.length;
	const isOnTheWay = finished.length <= input.epochs && batch <= Math.ceil(input.data.split.train.length / input.batchSize);
	const isTallied = [tally.losses, tally.scores].every(({ length }) => length === outputs) && tally.seen === Math.min(batch * input.batchSize, input.data.split.train.length);
	const [values, best] = [arraysOf("variables", arrays), arraysOf("best", arrays)];
	const fits = (kept, expected) => kept.length === expected.length && kept.every((array, i) => isOf(array, expected[i]));
	const isGathered = arraysOf("margins", arrays).every((one) => gathered(training).some(({ name, shape }) => name === one.name && String(shape) === String(one.shape)));
	if (isOnTheWay && isTallied && isGathered && fits(values, variables) && (best.length === 0 || fits(best, model.variables))) return void 0;
	return failure("checkpoint-misfit", "the checkpoint is of another model or optimizer", startOver);
}
function isOf({ shape, values }, { shape: expected, dtype }) {
	return String(shape) === String(expected) && values instanceof (dtype === "float32" ? Float32Array : dtype === "bool" ? Uint8Array : Int32Array);
}
function arraysOf(kind, arrays) {
	return arrays.filter(({ name }) => name.startsWith(`${kind}/`));
}
function restoreVariables({ engine: { tf } }, { variables, best, model, trainer, margins }, { arrays }) {
	const [values, bestValues] = [arraysOf("variables", arrays), arraysOf("best", arrays)];
	const toTensor = (array, { dtype }) => tf.tensor(array.values, [...array.shape], dtype);
	values.forEach((array, i) => {
		const tensor = toTensor(array, variables[i]);
		variables[i].assign(tensor);
		tensor.dispose();
	});
	if (bestValues.length > 0) best.put(bestValues.map((array, i) => toTensor(array, model.variables[i])));
	for (const k of margins.keys()) {
		const kept = arrays.find(({ name }) => name === `margins/${k}`)?.values;
		margins[k] = kept === void 0 ? void 0 : Float32Array.from(kept);
	}
	trainer.push();
}
function digestOf({ dataset, split }, { parts: { outputs } }) {
	const hash = createHash("sha256").update(JSON.stringify(dataset.files.map(({ sha256 }) => sha256)));
	for (const { scales } of outputs) if (scales !== void 0) hash.update(JSON.stringify(scales));
	return hash.update(split.train).update("|").update(split.validation).digest("hex");
}
/**
* Trains the epoch under way to its end, in an order of its own.
*
* @param progress kept up to date after each step
* @throws UserError when the loss is no longer a number; the signal's reason when it is aborted
*/
async function trainEpoch(input, training, progress, rates) {
	const { data: { split }, batchSize, epochs, emit, checkpoints } = input;
	const { trainer, epochStart, margins, parts: { outputs } } = training;
	const targets = outputs.map(({ target }) => target);
	const { now } = progress;
	const first = now.batch;
	trainer.pull();
	epochStart.take();
	const batches = Math.ceil(split.train.length / batchSize);
	const epoch = progress.finished.length + 1;
	const rows = epochOrder(input, epoch);
	let paused = performance.now();
	const start = paused - now.ms;
	for await (const samples of trainingBatches(input, epoch, first, rows)) {
		const step = stepsOf(input, progress);
		const result = trainer.train(samples, rates(step), step);
		if (!Number.isFinite(result.loss)) throw await notFinite$1(input, training, {
			epoch,
			first,
			failed: now.batch,
			rates
		}, result.loss);
		addMargins(margins, result.margins, rows.subarray(now.batch * batchSize).subarray(0, samples.count));
		now.batch++;
		addStep(now.tally, result, samples.count);
		now.ms = performance.now() - start;
		if (now.batch < batches && checkpoints?.isDue(step + 1) === true) keepProgress(input, training, progress);
		if (performance.now() - paused < 100 && now.batch < batches) continue;
		const samplesPerSecond = paceOf(input, progress);
		emit({
			type: "progress",
			epoch,
			epochs,
			batch: now.batch,
			batches,
			loss: tallied(now.tally, targets)["loss"],
			samplesPerSecond,
			etaSeconds: secondsLeft(input, progress)
		});
		await setImmediate();
		input.signal.throwIfAborted();
		paused = performance.now();
	}
	epochStart.dispose();
}
/** Goes back to where the epoch began, which the step that failed has overwritten, and repeats it up to that step. */
async function notFinite$1(input, { trainer, epochStart, parts }, { epoch, first, failed, rates }, loss) {
	const { data: { split }, batchSize } = input;
	const before = (epoch - 1) * Math.ceil(split.train.length / batchSize);
	epochStart.restore();
	trainer.push();
	let [where, batch] = ["", first];
	for await (const samples of trainingBatches(input, epoch, first)) {
		if (batch === failed) {
			trainer.pull();
			where = findNonFinite(parts, samples, before + batch);
			break;
		}
		trainer.train(samples, rates(before + batch), before + batch);
		batch++;
	}
	const message = `the loss became ${loss} in epoch ${epoch}, batch ${failed + 1} (step ${before + failed + 1}): training cannot go on; the first values that are not finite are ${where}`;
	return failure("loss-not-finite", message, nonFiniteHint);
}
// src/stages/train.ts
/**
* Trains the model from its first weights, or from its newest checkpoint: the outcome is the same to the bit.
*
* @throws UserError when the loss is no longer a number; the signal's reason when it is aborted; Paused, with a
*   checkpoint, at the end of the epoch that it pauses at
*/
async function train(input) {
	const training = prepareTraining(input);
	const { model, trainer, dispose } = training;
	try {
		input.emit({
			type: "step-chosen",
			step: trainer.step
		});
		const trained = await runEpochs(input, training);
		trainer.pull();
		return {
			model,
			evaluator: trainer.evaluator,
			step: trainer.step,
			...trained,
			weightsSha256: model.weightsSha256(),
			scales: training.parts.outputs.map(({ scales }) => scales ?? null),
			margins: training.margins,
			dispose
		};
	} catch (error) {
		dispose();
		throw error;
	}
}
async function runEpochs(input, training) {
	const { data: { split }, epochs, earlyStopping, signal, untilEpoch = epochs } = input;
	const progress = resumeProgress(input, training);
	try {
		while (progress.finished.length < epochs && !hasEnded(input, historyOf(progress))) {
			if (progress.finished.length >= untilEpoch) pauseHere(input, training, progress);
			await runEpoch(input, training, progress);
		}
	} catch (error) {
		if (signal.aborted) keepProgress(input, training, progress);
		throw error;
	}
	training.swapAverages();
	const history = historyOf(progress);
	const best = earlyStopping?.restoreBestWeights === true ? judge(history, earlyStopping).best : 0;
	if (best > 0) restoreBest(training);
	const samplesPerSecond = history.length * split.train.length * 1e3 / progress.trainingMs;
	return {
		history,
		epoch: best > 0 ? best : history.length,
		samplesPerSecond,
		ranAs: progress.ranAs.join(" and ")
	};
}
/** @throws Paused; UserError where no checkpoint can be written, without which it could not go on */
function pauseHere(input, training, progress) {
	const { epoch, metrics } = progress.finished.at(-1);
	if (!keepProgress(input, training, progress, isBest(input, historyOf(progress)))) throw failure("run-not-written", `the run cannot pause after epoch ${epoch}: no checkpoint can be written`, "Make room there, and run the file again.");
	throw new Paused(epoch, metrics);
}
const historyOf = ({ finished }) => finished.map(({ metrics }) => metrics);
function hasEnded({ earlyStopping, endsAtLoss = -Infinity }, history) {
	return earlyStopping !== void 0 && judge(history, earlyStopping).stop || (history.at(-1)?.["loss"] ?? Infinity) <= endsAtLoss;
}
async function runEpoch(input, training, progress) {
	const { data: { split }, epochs, schedule, batchSize, earlyStopping, emit } = input;
	const start = performance.now() - progress.now.ms;
	const epoch = progress.finished.length + 1;
	const rates = training.rates(historyOf(progress));
	await trainEpoch(input, training, progress, rates);
	const { tally, ms } = progress.now;
	training.swapAverages();
	try {
		const measured = await validate(input, training, progress);
		const lastStep = epoch * Math.ceil(split.train.length / batchSize) - 1;
		const metrics = {
			...tallied(tally, training.parts.outputs.map(({ target }) => target)),
			...measured,
			...schedule === void 0 ? {} : { learning_rate: rates(lastStep) }
		};
		progress.finished.push({
			epoch,
			metrics,
			samplesPerSecond: split.train.length * 1e3 / ms,
			seconds: (performance.now() - start) / 1e3
		});
		progress.trainingMs += ms;
		progress.now = newEpoch();
		if (earlyStopping?.restoreBestWeights === true && judge(historyOf(progress), earlyStopping).best === epoch) keepBest(training);
	} finally {
		training.swapAverages();
	}
	emit({
		type: "epoch-finished",
		epochs,
		...progress.finished.at(-1)
	});
	const history = historyOf(progress);
	for (const diagnostic of [...allMaskedIn(history, input.data.dataset.spec.targets), ...nanMonitors(input, history)]) emit({
		type: "diagnostic",
		diagnostic
	});
	keepEpoch(input, training, progress, performance.now() - start);
}
/**
* Writes a checkpoint at the end of an epoch: when one is due, for the best epoch so far where that costs next to
* nothing, and after the last.
*/
function keepEpoch(input, training, progress, ms) {
	const { checkpoints, epochs, untilEpoch = epochs } = input;
	if (checkpoints === void 0) return;
	const history = historyOf(progress);
	const best = isBest(input, history);
	const isLast = history.length === epochs || hasEnded(input, history);
	if (!isLast && history.length >= untilEpoch) return;
	if (isLast || checkpoints.isDue(stepsOf(input, progress)) || best && checkpoints.affordsOneIn(ms)) keepProgress(input, training, progress, best);
}
/** Whether the last epoch so far is the best. */
function isBest({ data: { split }, earlyStopping }, history) {
	const monitor = earlyStopping ?? {
		monitor: split.validation.length > 0 ? "val_loss" : "loss",
		mode: "min",
		minDelta: 0,
		patience: 0,
		restoreBestWeights: false
	};
	return judge(history, monitor).best === history.length;
}
function keepBest({ trainer, best }) {
	trainer.pull();
	best.take();
}
function restoreBest({ trainer, best }) {
	best.restore();
	trainer.push();
}
async function validate(input, training, progress) {
	const { data: { dataset, split }, epochs, emit, signal } = input;
	const count = split.validation.length;
	if (count === 0) return {};
	const epoch = progress.finished.length + 1;
	const start = performance.now();
	let told = start;
	const tell = (done) => {
		const now = performance.now();
		if (now - told < 100) return;
		told = now;
		emit({
			type: "validation-progress",
			epoch,
			epochs,
			done,
			count,
			etaSeconds: secondsLeft(input, progress, {
				done,
				ms: now - start
			})
		});
	};
	const judged = await evaluateRows(training.trainer.evaluator, {
		targets: dataset.spec.targets,
		source: dataset.train,
		rows: split.validation
	}, signal, tell);
	if (!Number.isFinite(judged.loss)) throw await notFinite(input, training, judged.loss, epoch);
	const waitedFor = monitoredMetrics(input, dataset.spec.targets).flatMap(({ metric, output }) => {
		const judgedOutput = judged.outputs.find(({ target }) => output === void 0 || target.name === output);
		return Object.entries(measure(metric, outcomeOfOutput(judgedOutput))).map(([name, value]) => [`${output === void 0 ? "" : `${output}_`}${name}`, value]);
	});
	return Object.fromEntries([...Object.entries(epochMetrics(judged)), ...waitedFor].map(([name, value]) => [`val_${name}`, value]));
}
async function notFinite({ data: { dataset, split } }, { trainer, parts }, loss, epoch) {
	trainer.pull();
	let where = "";
	const wanted = {
		rows: split.validation,
		size: trainer.evaluator.evaluationBatch
	};
	for await (const batch of dataset.train.batches(wanted)) {
		const { loss, outputs } = trainer.evaluator.evaluate(batch);
		if ([loss, ...outputs.flatMap((output) => output.loss ?? [])].every((values) => values.every(Number.isFinite))) continue;
		where = findNonFinite(parts, batch);
		break;
	}
	return failure("loss-not-finite", `the validation loss became ${loss} after epoch ${epoch}: training cannot go on; the first values that are not finite are ${where}`, nonFiniteHint);
}
// src/stages/train-stage.ts
/** Trains the model. */
const trainStage = {
	name: "train",
	dependsOn: {
		engine: machinePart("engine", "its kernels add in an order of their own"),
		processor: machinePart("processor", "kernels are chosen by what it can do"),
		threads: machinePart("threads", "sums are divided among threads, and rounding goes with the division"),
		environment: machinePart("environment", "TensorFlow reads it, and chooses kernels and threads by it"),
		model: section("model", "what is trained"),
		step: {
			reason: "op by op, sums are added in another order than in one graph",
			value: ({ step }) => step
		},
		train: section("train", "how it is trained", {
			withoutEffect: { checkpoint: "how often a training is kept while it goes on" },
			withoutPace: [
				"epochs",
				"schedule",
				"earlyStopping",
				"checkpoint"
			],
			overEpochs: [
				"schedule",
				"earlyStopping",
				"ema"
			]
		})
	},
	needs: [loadStage],
	usesEngine: true,
	form: ({ pipeline, plan: { dataset } }) => such(trainOutcomeForm, ({ history, scales }) => history.length <= pipeline.train.epochs && scales.length === dataset.targets.length),
	run: async (context, beginning) => {
		const checkpoints = checkpointsOf(context, beginning);
		const trained = await train({
			...await trainInput(context),
			...context.untilEpoch === void 0 ? {} : { untilEpoch: context.untilEpoch },
			...checkpoints === void 0 ? {} : { checkpoints }
		});
		context.live.trained = trained;
		const suspects = context.checkpoints === void 0 ? [] : await findSuspects(trained, context);
		return outcomeOfTraining(await loadEngine(), trained, checkpoints, suspects);
	},
	summarize: (outcome, { plan }) => describeTraining(outcome, sampleNoun(plan.dataset)),
	record: (outcome, context, taken) => {
		const { checked: { pipeline, plan }, run } = context;
		const { history, epoch, weightsSha256, samplesPerSecond, step, end } = outcome;
		Object.assign(context.result, {
			metrics: { ...history[epoch - 1] },
			weightsSha256,
			samplesPerSecond,
			step
		});
		if (taken) {
			recordEvent(run, {
				type: "step-chosen",
				step
			});
			const { epochs } = pipeline.train;
			for (const finished of end?.state.progress.finished ?? []) recordEvent(run, {
				type: "epoch-finished",
				epochs,
				...finished
			});
		}
		const { best } = bestEpoch(pipeline, outcome);
		if (best !== void 0) run.tags({ best_epoch: String(best) });
		const { suspects = [] } = outcome;
		recordSuspects(run, suspects);
		for (const diagnostic of suspectWarnings(suspects, context.checked)) context.emit({
			type: "diagnostic",
			diagnostic
		});
		recordModel(run, outcome.model, {
			pipeline: pipeline.name,
			seed: pipeline.seed,
			weightsSha256,
			step,
			...context.outcomeOf(loadStage).preparation,
			targets: describeTargets(plan.dataset.targets, outcome.scales)
		});
	},
	estimate: (calibration, checked) => calibration.seconds.prepare + checked.pipeline.train.epochs * epochSeconds(calibration, checked),
	revive: async (outcome, context) => {
		context.live.trained = reviveModel(outcome, await trainInput(context));
		return context.live.trained !== void 0;
	},
	free: (live) => {
		live.trained?.dispose();
		live.trained = void 0;
	},
	ranAs: ({ ranAs }) => ranAs,
	isWhole: ({ end }) => end !== void 0,
	beginning: ({ pipeline }, fingerprint, entries) => shorterTraining(pipeline, fingerprint, entries)
};
/** Seconds that an epoch will take, with its validation. */
function epochSeconds({ seconds, samples }, { pipeline: { data, train: options }, plan: { dataset } }) {
	const validation = dataset.count?.validation ?? validationCount(afterTest(data.split, dataset), samples.train);
	return Math.ceil((samples.train - validation) / options.batchSize) * seconds.step + validation * seconds.evaluation;
}
/** The epoch whose weights the model has, where early stopping chose it. */
function bestEpoch({ train: { earlyStopping } }, { history, epoch }) {
	return earlyStopping?.restoreBestWeights === true && judge(history, earlyStopping).best === epoch ? { best: epoch } : {};
}
async function trainInput({ checked: { pipeline, plan }, emit, signal, data }) {
	return {
		engine: await loadEngine(),
		data: await data(),
		graph: graphOf(plan),
		...pipeline.train,
		wanted: wantedValues(pipeline),
		seed: pipeline.seed,
		emit,
		signal
	};
}
/** The checkpoints of the run; before its first, the end of a shorter training where one is kept. */
function checkpointsOf({ checked: { pipeline }, run, checkpoints: path, emit }, shorter) {
	if (path === void 0) return void 0;
	const folder = new CheckpointFolder(path, pipeline.train.checkpoint, (diagnostic) => emit({
		type: "diagnostic",
		diagnostic
	}), trainingStateForm);
	return startingFrom(shorter?.end, folder, run, emit);
}
/**
* The longest kept training that the pipeline's begins with: nothing differs but the number of epochs, and nothing in
* it looks ahead to that number.
*/
function shorterTraining({ train: { schedule, earlyStopping } }, { parts }, entries) {
	if (earlyStopping !== void 0) return void 0;
	if (schedule !== void 0 && scheduleRow(schedule.type).dependsOnEpochs(schedule.options)) return void 0;
	const entry = entries.filter(({ fingerprint }) => {
		const [change, ...others] = changesBetween(fingerprint.parts, parts);
		return change?.name === "train.epochs" && others.length === 0 && Number(change.before) < Number(change.now);
	}).toSorted((a, b) => epochsOf(b) - epochsOf(a))[0];
	return entry && {
		entry,
		epochs: epochsOf(entry)
	};
}
const epochsOf = ({ fingerprint }) => Number(new Map(fingerprint.parts).get("train.epochs"));
export { nearestTo as C, changesBetween as S, fingerprintsOf as _, trainingBatches as a, section as b, removeCheckpoints as c, recordEvent as d, Paused as f, dependencyOf as g, loadStage as h, train as i, evaluate as l, loadData as m, epochSeconds as n, prepareTraining as o, hashData as p, trainStage as r, newestStep as s, bestEpoch as t, allMaskedInTest as u, keysWithoutEffect as v, sectionsFor as x, machinePart as y };
