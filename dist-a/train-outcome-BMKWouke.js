import { $r as rangeOf, Aa as touch, Bo as object, Bt as tableOf, Da as removeLeftovers, Di as firstRows, Ei as arraySource, Fi as expand, Fn as layerRow, Go as text, Gr as dataWarnings, Gt as reconstructing, Ho as optional, Hr as arePacked, Ht as whitens, Ii as gatherRows, Ko as whole, Kr as listed, Lo as list, Lt as datasetRow, Mo as anything, Na as shorten, Oi as gatherLabels, Po as either, Qa as ownFolder, Qr as outliersIn, Qt as standardizesChannels, Ro as nothing, Rt as piecesOf, Si as seedFor, Ta as makeFolder, Uo as record, Ut as isReconstruction, Va as countSources, Vo as oneOf, Vr as allowedMemory, Vt as fitWhitening, Wo as such, Wr as constantTargets, Wt as learnsInput, Xr as joined, Yr as countIn, Zr as viewOf, Zt as fitChannels, _s as sizeOf, ai as splitSamples, ao as showCount, bi as permutation, bs as failure, ei as tellsClass, ga as openFile, io as showBytes, ja as writeFileAtomic, jn as hideSecretsIn, jo as anyNumber, lo as showPace, mi as afterTest, ms as inTurns, ni as areAlikeByChance, ri as findAlike, so as showMeasure, ta as hashFile, ti as tellsNumber, ut as newTally, vo as fitTarget, vs as UserError, xa as besideName, zo as number } from "./checks-359mGJ3h.js";
import { t as codeHash } from "./code-hash-4h4I2SSx.js";
import { a as decoderVersions } from "./prepare-picture-CBP5mDy-.js";
import { i as sourcesOf, n as inMemory, r as readPieces, t as dividePieces } from "./pieces-Cuf8rgso.js";
import { a as saveModel, o as savedModelForm, r as modelFiles, s as writeModel } from "./save-model-wTVDVX2-.js";
import { t as claim } from "./claim-xMI5Bay-.js";
import { t as input } from "./journal-lines-D6-FS7N0.js";
import { n as loadCheckpoint, o as saveCheckpoint, r as namedArrayForm } from "./checkpoint-file-EvJ8jzTt.js";
import { n as historyForm } from "./results-0nngyuh7.js";
import { n as csvText } from "./csv-cell-l8gyTKRU.js";
import { basename, join, relative } from "node:path";
import { setTimeout } from "node:timers/promises";
import { closeSync, fsyncSync, openSync, read, readSync, renameSync, rmSync, statSync, statfsSync, writeSync } from "node:fs";
import { createHash } from "node:crypto";
import { promisify } from "node:util";
// src/datasets/sample-noun.ts
/**
* Images where a sample is one of them, bytes [height, width, channels]; a text, a row of a table or a pair of images
* is a sample.
*/
function sampleNoun({ inputs: [input, ...more], isSpectrogram }) {
	if (isSpectrogram === true) return "recordings";
	return more.length === 0 && input.shape.length === 3 && input.dtype === "uint8" ? "images" : "samples";
}
// src/engine/tensorflow.ts
/** Kind and version, such as `native: TensorFlow 2.21.0, tfjs-node 4.22.0`. */
function nameEngine({ kind, version }) {
	return `${kind}: ${version}`;
}
// src/stages/large-numbers.ts
/**
* Optimizers move a weight by about the learning rate at each step: from here on that is thousands of steps and more.
*/
const large = 1e3;
/**
* A warning for each target whose numbers are trained on as they are, though they are so large that a net hardly gets
* there. Silent where it has a way: a layer that brings them to their unit, a bias that begins near them.
*/
function warnOfLargeNumbers({ dataset: { targets }, layers, outputs, asTheyAre }, fitted) {
	return targets.flatMap(({ name }, k) => {
		const size = (fitted[k]?.map(({ scale: { mean, deviation } }) => Math.abs(mean) + deviation) ?? []).reduce((most, scale) => Math.max(most, scale), 0);
		if ((asTheyAre[k] ?? null) === null || size < large || hasWayTo(size, layers[outputs[k]])) return [];
		return [{
			code: "large-numbers",
			problem: `\`${name}\` is trained on as it is: ${asTheyAre[k]}. Its numbers are about ${showCount(Number(size.toPrecision(1)))}, and weights take very long to get there`,
			hint: "End with a layer without activation under `loss: meanSquaredError`, so that they are standardized; or with `rescaling` by about their size; or have them in thousands or millions in the data."
		}];
	});
}
function hasWayTo(size, { type, options }) {
	const { constant } = options["biasInitializer"] ?? {};
	return layerRow(type).setsUnit === true || Math.abs(constant?.value ?? 0) > size / 10;
}
// src/stages/data-findings.ts
/** Who is told one of these knows of the others. */
const covered = {
	"copied-pictures": ["alike-samples"],
	"copied-into-test": ["sample-on-both-sides"],
	"picture-in-two-classes": ["one-input-two-labels"],
	"target-as-feature": ["target-determined"],
	"test-is-train": ["sample-on-both-sides"]
};
/** What the check of a pipeline has told about its data. */
function findingsOfCheck({ plan: { dataset } }) {
	return (dataset.warnings ?? []).map(asFinding);
}
/** What reading the data tells beyond that: no kind that the check has told already. */
function findingsOfReading(checked, { warnings, fitted }) {
	const found = [...warnings, ...warnOfLargeNumbers(checked.plan, fitted)];
	const told = checked.warnings.map(({ code }) => code);
	const known = /* @__PURE__ */ new Set([...told, ...[...told, ...found.map(({ code }) => code)].flatMap((code) => covered[code] ?? [])]);
	return found.filter(({ code }) => !known.has(code)).map(asFinding);
}
function asFinding({ code, problem, hint, places = [] }) {
	return {
		code,
		severity: "warning",
		message: `${problem}.`,
		...hint === void 0 ? {} : { hint },
		places
	};
}
// src/tracking/write-artifact.ts
/** Writes a text among the artifacts of a run. @param path below them */
function writeArtifact(run, path, text) {
	writeFileAtomic(join(run.artifactDirectory, path), text);
	run.artifact(path);
}
// src/stages/data-record.ts
/** What a record of data has to say. */
const dataRecordForm = object({
	summary: text(),
	files: list(object({
		name: text(),
		sha256: text(/^[0-9a-f]{64}$/),
		bytes: whole
	})),
	inputs: list(such(input, ({ digest }) => /^[0-9a-f]{36}$/.test(digest))),
	preparation: record(anything),
	examined: record(anything)
});
/** What is recorded of data. @param findings all that is told of it */
function describeData({ dataset, split, facts }, findings) {
	const files = hideSecretsIn(dataset.files.map(({ name, sha256, bytes }) => ({
		name,
		sha256,
		bytes
	})));
	const part = (context, count, rows) => describePart(dataset, {
		context,
		count,
		...rows === void 0 ? {} : { rows }
	});
	const inputs = [
		part("training", split.train.length, split.train),
		...split.validation.length === 0 ? [] : [part("validation", split.validation.length, split.validation)],
		part("test", dataset.test.count)
	];
	return {
		summary: `${dataset.name}: ${split.train.length} training, ${split.validation.length} validation, ${dataset.test.count} test samples${describeSources(facts)}${describeWays(dataset.spec.inputs)}`,
		files,
		preparation: {
			inputs: dataset.spec.inputs,
			targets: dataset.spec.targets,
			samples: {
				train: split.train.length,
				validation: split.validation.length,
				test: dataset.test.count
			},
			...dataset.preparation === void 0 ? {} : { preparation: dataset.preparation },
			...dataset.beside === void 0 ? {} : { beside: dataset.beside }
		},
		inputs,
		examined: hideSecretsIn({
			digests: Object.fromEntries(inputs.map(({ context, digest }) => [context, digest])),
			...facts,
			findings
		})
	};
}
/** How many samples of each listed file or folder are trained on; nothing where one is listed. */
function describeSources({ sources = [] }) {
	const some = sources.slice(0, mostSources).map(({ name, training }) => `${training} of ${shorten(name)}`);
	const more = sources.length - some.length;
	if (some.length === 0) return "";
	return `; trained on ${some.join(", ")}${more === 0 ? "" : ` and those of ${more} more`}`;
}
/** Files and folders that a line has room for. */
const mostSources = 4;
/** What inputs are standardized and whitened by; nothing where they are not. */
const describeWays = (inputs) => describeChannels(inputs) + describeWhitening(inputs);
/** By what the channels of pictures are standardized; nothing where they are not. */
function describeChannels(inputs) {
	const some = inputs.filter(({ standardized }) => standardized !== void 0);
	return some.map(({ name, standardized }) => {
		const numbers = (of) => standardized.map((scale) => of(scale).toFixed(4)).join(", ");
		return `${some.length > 1 ? `${name}: ` : ""}mean ${numbers(({ mean }) => mean)}, deviation ${numbers(({ deviation }) => deviation)}`;
	}).map((text) => `; channels by ${text}`).join("");
}
/** In how many directions inputs are whitened; nothing where they are not. */
function describeWhitening(inputs) {
	const each = inputs.flatMap(({ name, whitened }) => whitened === void 0 ? [] : [`${name} by ${whitened.directions} directions of ${whitened.mean.length}`]);
	return each.length === 0 ? "" : `; whitened: ${each.join(", ")}`;
}
/** Some samples of a data set, as MLflow's dataset inputs have them. @param part.rows left out: all of them */
function describePart({ name, files: read, spec }, { context, count, rows = /* @__PURE__ */ new Uint32Array() }) {
	const files = hideSecretsIn(read.map((file) => ({
		name: file.name,
		sha256: file.sha256,
		bytes: file.bytes
	})));
	const { inputs, targets } = hideSecretsIn({
		inputs: spec.inputs.map((one) => {
			const { whitened: _, ...input } = one;
			return input;
		}),
		targets: spec.targets
	});
	return {
		name,
		digest: createHash("sha256").update(JSON.stringify(files)).update(context).update(rows).digest("hex").slice(0, 36),
		sourceType: "local",
		source: JSON.stringify({ files }),
		schema: JSON.stringify({
			inputs,
			targets
		}),
		profile: JSON.stringify({ samples: count }),
		context
	};
}
/**
* What a model predicts, with what its numbers were standardized by for training: in the model that is saved they are
* in their own unit.
*/
function describeTargets(targets, scales) {
	return targets.map((target, k) => scales[k] ? {
		...target,
		standardized: scales[k]
	} : target);
}
/** The data, as MLflow's dataset inputs have it, the hash of each file, and what was found in them. */
function recordData(run, { files, inputs, examined }) {
	run.inputs(inputs);
	writeArtifact(run, "data/findings.json", `${JSON.stringify(examined, null, 2)}\n`);
	run.tags(Object.fromEntries(files.map(({ name, sha256 }) => [`data.sha256.${name}`, sha256])));
}
// src/datasets/examine-data.ts
/** Columns that are told of one by one. */
const mostColumns$2 = 200;
/** Places that are named of a finding. */
const mostPlaces = 3;
/** Counts what data holds, and finds what is rarely meant: at most one finding of a kind. */
function* examineData(dataset, split, view) {
	const { spec, test, origin } = dataset;
	const samples = {
		training: split.train.length,
		validation: split.validation.length,
		test: test.count
	};
	const sources = dataset.sources && countSources(dataset.sources, split);
	const studied = yield* studyInputs(dataset, view);
	const targets = spec.targets.flatMap((target, k) => isReconstruction(target) ? [] : [targetFacts(target, k, {
		dataset,
		split,
		view
	})]);
	const alike = origin === void 0 ? void 0 : yield* compareSamples(dataset, {
		split,
		origin,
		view
	});
	return {
		facts: {
			samples,
			...sources && { sources },
			inputs: studied.inputs,
			targets,
			alike: alike?.count ?? null
		},
		findings: [
			...alike?.findings ?? [],
			...origin === void 0 ? [] : singleSamples(dataset, origin, view),
			...studied.findings,
			...untrainedSources(sources)
		]
	};
}
/** Sources that nothing is learnt of. */
function untrainedSources(sources = []) {
	const some = sources.filter(({ training }) => training === 0).map(({ name }) => `\`${name.slice(0, 60)}\``);
	if (some.length === 0) return [];
	return [{
		code: "source-not-trained",
		problem: `no sample that is trained on is of ${listed(some)}`,
		hint: "All that are there validate or test: add samples to it, or change the split.",
		places: []
	}];
}
/** Ranges of all inputs, and what is strange about single columns. */
function* studyInputs({ spec, train, origin }, view) {
	const inputs = [];
	const far = [];
	const telling = [];
	const all = origin?.columns?.flat() ?? [];
	const answers = spec.targets.map(({ shape }, k) => all.length > 1 && !isReconstruction(spec.targets[k]) && shape.length <= 1 && (shape[0] ?? 1) === 1 ? view.answers(k) : void 0);
	for (const [k, { name, shape }] of spec.inputs.entries()) {
		const columns = [];
		const named = origin?.columns?.[k];
		for (const [at, { column, scale }] of (named ?? []).entries()) {
			yield;
			const values = view.column(k, at);
			if (scale !== void 0 && columns.length < mostColumns$2) {
				const { smallest, largest, missing } = rangeOf(values);
				columns.push({
					column,
					smallest: inUnit(smallest, scale),
					largest: inUnit(largest, scale),
					missing
				});
			}
			if (spec.targets.some((target, t) => tells(values, target, answers[t]))) telling.push(`\`${column.slice(0, 60)}\``);
			const rows = scale === void 0 ? [] : outliersIn(values);
			if (rows.length > 0) far.push({
				what: `\`${column.slice(0, 60)}\` (${rows.length === 1 ? "one row" : `${rows.length} rows`})`,
				places: rows.slice(0, mostPlaces).map((row) => placeIn(origin, train.count, row))
			});
		}
		inputs.push({
			name,
			shape,
			...columns.length === 0 ? view.range(k) : wholeRange(columns),
			columns
		});
		yield;
	}
	return {
		inputs,
		findings: [...far.length === 0 ? [] : [{
			code: "outliers",
			problem: `${listed(far.map(({ what }) => what))} ${far.length === 1 ? "has a number" : "have numbers"} ten times as far from the middle as any other: ` + listed(far.flatMap(({ places }) => places).map(showSamplePlace)),
			hint: "A slip of the keyboard, another unit, or a number that stands for none: look at it.",
			places: far.flatMap(({ places }) => places).slice(0, mostPlaces)
		}], ...telling.length === 0 ? [] : [{
			code: "target-determined",
			problem: `${listed(telling)} ${telling.length === 1 ? "tells" : "tell"} what is to be predicted in all rows`,
			hint: "Where nobody has it for a new row before the answer is known, leave it out of `features`.",
			places: []
		}]]
	};
}
/** A number of a column in its own unit, as exact as float32 holds it. */
function inUnit(value, { mean, deviation }) {
	const own = value * deviation + mean;
	return Math.abs(own) < 1e-6 * deviation ? 0 : Number(own.toPrecision(6));
}
/** Whether a column gives a target away. */
function tells(values, target, answers) {
	if (answers === void 0) return false;
	return target.kind === "number" ? tellsNumber(values, answers) : tellsClass(values, answers, target.classes.length);
}
function wholeRange(columns) {
	return columns.map(({ smallest, largest, missing }) => ({
		smallest,
		largest,
		missing
	})).reduce(joined);
}
function targetFacts(target, k, of) {
	const { dataset, split, view } = of;
	const { name } = target;
	if (target.kind === "number") return {
		name,
		...rangeOf(view.answers(k))
	};
	const names = target.several?.labels ?? target.classes;
	const training = view.countClasses(k, "train", split.train);
	const validation = view.countClasses(k, "train", split.validation);
	const tested = view.countClasses(k, "test", firstRows(dataset.test.count));
	return {
		name,
		...target.ordinal && { ordinal: true },
		...target.several === void 0 ? {} : { several: true },
		classes: names.map((one, label) => ({
			name: one,
			training: training[label],
			validation: validation[label],
			test: tested[label]
		})).filter((one) => target.tokens === void 0 || one.training + one.validation + one.test > 0)
	};
}
/** Classes that a single sample has, wherever it is. */
function singleSamples({ spec: { targets }, train, test }, origin, view) {
	const found = [];
	for (const [k, target] of targets.entries()) {
		if (target.kind !== "class" || target.shape.length > 0) continue;
		const counts = new Uint32Array(target.classes.length);
		const last = new Uint32Array(target.classes.length);
		const labels = view.answers(k);
		for (let sample = 0; sample < train.count + test.count; sample++) {
			counts[labels[sample]]++;
			last[labels[sample]] = sample;
		}
		for (const [label, name] of target.classes.entries()) if (counts[label] === 1) found.push({
			what: `\`${name.slice(0, 60)}\` of \`${target.name}\``,
			place: placeIn(origin, train.count, last[label])
		});
	}
	if (found.length === 0) return [];
	const places = found.slice(0, mostPlaces).map(({ place }) => place);
	return [{
		code: "class-of-one-sample",
		problem: `${found.length === 1 ? "a single sample is" : "single samples are"} all there is of ${listed(found.map(({ what }) => what))}: ${listed(places.map(showSamplePlace))}`,
		hint: "It can be learnt or tested, never both: add samples of it, or take it out of the classes.",
		places
	}];
}
function* compareSamples({ spec, train, test }, of) {
	const { split, origin, view } = of;
	const { cells } = view;
	const order = new Uint32Array(split.train.length + split.validation.length + test.count);
	order.set(split.train);
	order.set(split.validation, split.train.length);
	order.set(firstRows(test.count).map((row) => row + train.count), split.train.length + split.validation.length);
	const firsts = yield* findAlike(cells, order);
	if (firsts === void 0) return void 0;
	const isTrained = new Uint8Array(cells.count);
	for (const row of split.train) isTrained[row] = 1;
	const none = () => ({
		count: 0,
		some: []
	});
	const [copied, leaked, twofold] = [
		none(),
		none(),
		none()
	];
	let count = 0;
	for (const sample of order) {
		const first = firsts[sample];
		if (first === sample) continue;
		count++;
		const kinds = [...view.haveOneAnswer(sample, first) ? [] : [twofold], ...isTrained[first] === 1 && isTrained[sample] === 0 ? [leaked] : []];
		for (const kind of kinds.length === 0 ? [copied] : kinds) if (++kind.count <= mostPlaces) kind.some.push([sample, first]);
	}
	const noun = sampleNoun(spec);
	const isTable = spec.inputs.every(({ shape }) => shape.length === 1);
	const held = split.validation.length + test.count;
	const kinds = [
		[
			isTable && copied.count * 10 >= split.train.length ? none() : copied,
			"alike-samples",
			`${copied.count} of ${cells.count} ${noun} ${copied.count === 1 ? "is a copy" : "are copies"} of others`,
			"They count more than the rest: where nothing speaks for that, keep one of each."
		],
		[
			leaked,
			"sample-on-both-sides",
			`${leaked.count} of ${held} ${noun} for validation and test ${leaked.count === 1 ? "is" : "are"} trained on, too`,
			"What is known by heart says nothing of new ones: keep each on one side."
		],
		[
			twofold,
			"one-input-two-labels",
			`${twofold.count} ${twofold.count === 1 ? `${noun.slice(0, -1)} has` : `${noun} have`} the inputs of another, and another label`,
			"At most one of the two is right: mend the labels, or add what tells them apart."
		]
	];
	const findings = [];
	if (count === 0 || isTable && (yield* areAlikeByChance(cells, count))) return {
		count,
		findings
	};
	for (const [{ some }, code, problem, hint] of kinds) {
		if (some.length === 0) continue;
		const pairs = some.map((pair) => pair.map((sample) => placeIn(origin, train.count, sample)));
		findings.push({
			code,
			problem: `${problem}: ${listed(pairs.map((pair) => pair.map(showSamplePlace).join(" is ")))}`,
			hint,
			places: pairs.flat()
		});
	}
	return {
		count,
		findings
	};
}
function placeIn(origin, trained, sample) {
	return sample < trained ? origin.place("train", sample) : origin.place("test", sample - trained);
}
/** A place in words: `data.csv, line 7`. */
function showSamplePlace({ file, line, sample }) {
	if (line !== void 0) return `${file}, line ${line}`;
	return sample === void 0 ? file : `${file}, sample ${sample}`;
}
/** See RowLayout. */
function layoutOf({ inputs, targets }, coded) {
	const parts = inputs.map(({ shape, dtype }, k) => (coded?.[k]?.length ?? sizeOf(shape)) * (dtype === "uint8" ? 1 : 4));
	const layouts = targets.map((target) => {
		const size = sizeOf(target.shape);
		if (target.kind === "number") return {
			width: size,
			dtype: "float64"
		};
		if (target.shape.length === 0 || target.several !== void 0) return {
			width: size,
			dtype: target.classes.length > 256 ? "int32" : "uint8"
		};
		return {
			part: parts.push(size) - 1,
			width: target.classes.length,
			dtype: "int32"
		};
	});
	return {
		parts,
		inputs: inputs.map(({ dtype }) => dtype),
		targets: layouts,
		bytes: parts.reduce((sum, bytes) => sum + bytes, 0),
		...coded && { coded }
	};
}
/** The values of an input of some samples. @param bytes begin where four of them do */
function asInput(bytes, dtype) {
	return dtype === "uint8" ? bytes : new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
}
const arrayOf = {
	uint8: Uint8Array,
	float64: Float64Array,
	int32: Int32Array
};
/** What the index has of a target, of so many samples. */
const roomFor = ({ width, dtype }, count) => new arrayOf[dtype](count * width);
const stateForm = object({
	ranges: list(object({
		smallest: number,
		largest: number
	})),
	skipped: list(object({
		sample: whole,
		why: text()
	})),
	files: list(object({
		name: text(),
		sha256: text(/^[0-9a-f]{64}$/),
		bytes: whole
	}))
});
/** Where packed samples are kept, below the folder one works in. @throws UserError where it would lead elsewhere */
function packedFolder() {
	return ownFolder(".", ".layerline", "packed");
}
/** Where samples are packed, by their key. */
const rowsPath = (folder, key) => join(folder, `${key}.rows`);
const indexPath = (folder, key) => join(folder, `${key}.index`);
/** The proof of some bytes. */
function proofOf(bytes) {
	return createHash("sha256").update(bytes).digest().subarray(0, 16);
}
/** Writes the index, once the rows are whole. @throws the file system's own error */
function writeIndex(folder, key, { proofs, labels, ...state }) {
	const arrays = [proofs, ...labels].map((values, k) => ({
		name: String(k),
		shape: [values.length],
		values
	}));
	saveCheckpoint(indexPath(folder, key), {
		state,
		arrays
	}, join(folder, besideName(key)));
}
/** The index of whole rows; undefined where there is none, or what there is, is damaged: it is packed anew then. */
function readIndex(folder, key, layout) {
	try {
		const { state, arrays } = loadCheckpoint(indexPath(folder, key), stateForm);
		const [proofs, ...labels] = arrays.map(({ values }) => values);
		if (!(proofs instanceof Uint8Array)) return void 0;
		const count = proofs.length / (16 * layout.parts.length);
		const known = layout.targets.flatMap(({ width, dtype }, k) => {
			const values = labels[k];
			return values instanceof arrayOf[dtype] && values.length === count * width ? [values] : [];
		});
		if (!(known.length === layout.targets.length) || statSync(rowsPath(folder, key)).size !== count * layout.bytes) return void 0;
		[rowsPath(folder, key), indexPath(folder, key)].forEach(touch);
		return {
			...state,
			proofs,
			labels: known
		};
	} catch (error) {
		if (error instanceof UserError || error.code === "ENOENT") return void 0;
		throw error;
	}
}
/** That a packed sample is not what was packed; it is forgotten, so that the next run packs anew. */
function damagedRow(folder, key, what) {
	try {
		rmSync(indexPath(folder, key), { force: true });
	} catch {}
	return failure("packed-data-damaged", `${what} in ${rowsPath(folder, key)} is not what was packed`, "Run the file again: the data is packed anew. Where that happens more than once, look at the disk.");
}
// src/cache/pack-samples.ts
/**
* Finds samples packed by an earlier run, or packs them: each is decoded once for all runs on the same files. Another
* process that packs them is waited for.
*
* @param folder see packedFolder
* @throws UserError where one cannot be read, a file changes meanwhile, or there is no room; the signal's reason
*/
async function packSamples(pieces, folder, signal) {
	const layout = layoutOf(pieces.spec, pieces.coded);
	const hashes = /* @__PURE__ */ new Map();
	for (const path of pathsIn(pieces)) hashes.set(path, await inTurns(hashFile(path), signal));
	const key = await keyOf(pieces, hashes);
	for (;;) {
		const index = inFolder(folder, () => readIndex(folder, key, layout));
		if (index !== void 0) return {
			key,
			layout,
			index
		};
		const mine = inFolder(folder, () => claim(join(folder, key)));
		if (mine === void 0) {
			await setTimeout(200);
			signal?.throwIfAborted();
			continue;
		}
		try {
			return {
				key,
				layout,
				index: readIndex(folder, key, layout) ?? await write(pieces, {
					folder,
					key,
					layout,
					hashes,
					signal
				})
			};
		} finally {
			mine.release();
		}
	}
}
function pathsIn({ paths }) {
	const all = /* @__PURE__ */ new Set();
	for (const own of paths) for (const path of own) all.add(path);
	return all;
}
/** What the values depend on: files, what is done to them, and what does it. */
async function keyOf({ name, paths, folder, madeBy, spec }, hashes) {
	const decoder = spec.decoder === void 0 ? null : await decoderVersions();
	const hash = createHash("sha256").update(JSON.stringify([
		name,
		madeBy,
		decoder,
		codeHash()
	]));
	for (const [sample, own] of paths.entries()) {
		if (own === paths[sample - 1]) continue;
		for (const path of own) hash.update(JSON.stringify([relative(folder, path), hashes.get(path)]));
	}
	return hash.digest("hex");
}
/** Bytes that are written at a time. */
const chunk = 1 << 20;
async function write(pieces, { folder, key, layout, hashes, signal }) {
	proveRoom(folder, (pieces.begin === void 0 ? 1 : 2) * pieces.paths.length * layout.bytes);
	inFolder(folder, () => removeLeftovers(folder, key));
	const aside = join(folder, besideName(key));
	const file = inFolder(folder, () => openSync(aside, "wx"));
	let end;
	try {
		end = await beginIn(folder, pieces, key, signal);
		const index = new IndexMaker(pieces, layout);
		let [waiting, bytes] = [[], 0];
		const flush = () => {
			inFolder(folder, () => writeWhole(file, Buffer.concat(waiting)));
			[waiting, bytes] = [[], 0];
		};
		const skipped = await readPieces(pieces, (piece, sample) => {
			piece.files.forEach(({ sha256 }, k) => proveSame(pieces.paths[sample][k], sha256, hashes));
			const row = index.add(piece.values, piece.files);
			waiting.push(...row);
			bytes += layout.bytes;
			if (bytes >= chunk) flush();
		}, signal);
		flush();
		const whole = index.whole(pieces, [...skipped].map(([sample, { error }]) => ({
			sample,
			why: reasonOf(error, pieces.paths[sample])
		})));
		inFolder(folder, () => {
			fsyncSync(file);
			renameSync(aside, rowsPath(folder, key));
			writeIndex(folder, key, whole);
		});
		return whole;
	} finally {
		end?.();
		closeSync(file);
		rmSync(aside, { force: true });
	}
}
/** Lets samples get ready to be read. @throws UserError where that cannot be, or the file system refuses */
async function beginIn(folder, pieces, key, signal) {
	try {
		return await pieces.begin?.(join(folder, besideName(key)), signal);
	} catch (error) {
		if (error instanceof UserError || error.code === void 0) throw error;
		throw unpackable(folder, error.message, error);
	}
}
/** Why a sample is skipped, without the paths of its files: a later run may find them elsewhere. */
function reasonOf({ diagnostics: [first] }, [path, ...others]) {
	const reason = first.message.replaceAll(path, "it");
	return others.reduce((text, other) => text.replaceAll(other, basename(other)), reason);
}
/** What becomes the index, sample by sample. */
var IndexMaker = class {
	#layout;
	#proofs;
	#labels;
	/** The bytes of those. */
	#held;
	#ranges;
	#files = [];
	#count = 0;
	constructor({ paths: { length } }, layout) {
		this.#layout = layout;
		this.#proofs = new Uint8Array(length * layout.parts.length * 16);
		this.#labels = layout.targets.map((target) => roomFor(target, length));
		this.#held = this.#labels.map(({ buffer }) => new Uint8Array(buffer));
		this.#ranges = layout.inputs.map(() => rangeOf([]));
	}
	/** @param values see Piece @returns those of its row */
	add(values, files) {
		const { inputs, targets, parts } = this.#layout;
		const row = this.#count++;
		this.#files.push(files);
		const answers = values.slice(inputs.length);
		const inRow = [...values.slice(0, inputs.length), ...answers.filter((_, k) => targets[k].part !== void 0)];
		inRow.forEach((part, k) => this.#proofs.set(proofOf(part), (row * parts.length + k) * 16));
		inputs.forEach((dtype, k) => {
			this.#ranges[k] = joined(this.#ranges[k], rangeOf(asInput(values[k], dtype)));
		});
		targets.forEach(({ part, width }, k) => {
			const own = answers[k];
			if (part === void 0) this.#held[k].set(own, row * own.length);
			else for (const label of own) this.#labels[k][row * width + label]++;
		});
		return inRow;
	}
	whole({ paths, describeFiles }, skipped) {
		const { parts, targets } = this.#layout;
		const out = new Set(skipped.map(({ sample }) => sample));
		const usable = Uint32Array.from(paths.keys()).filter((sample) => !out.has(sample));
		const rowOf = new Uint32Array(paths.length);
		usable.forEach((sample, row) => rowOf[sample] = row);
		return {
			proofs: this.#proofs.slice(0, this.#count * parts.length * 16),
			labels: this.#labels.map((labels, k) => labels.slice(0, this.#count * targets[k].width)),
			ranges: this.#ranges.map(({ smallest, largest }) => ({
				smallest,
				largest
			})),
			skipped,
			files: describeFiles(usable, (sample) => this.#files[rowOf[sample]])
		};
	}
};
function proveSame(path, sha256, hashes) {
	if (hashes.get(path) !== sha256) throw failure("data-changed-meanwhile", `${path} changed while the data was packed`, "Run the file again when nothing writes there any more.");
}
/** @throws UserError where the disk has surely no room for so many bytes */
function proveRoom(folder, bytes) {
	const { bavail, bsize } = inFolder(folder, () => {
		makeFolder(folder);
		return statfsSync(folder);
	});
	if (bavail * bsize < bytes) throw unpackable(folder, `${showBytes(bavail * bsize)} are free, it takes ${showBytes(bytes)}`);
}
/** @throws UserError where the file system refuses */
function inFolder(folder, work) {
	try {
		return work();
	} catch (error) {
		if (error instanceof UserError || error.code === void 0) throw error;
		throw unpackable(folder, error.message, error);
	}
}
function unpackable(folder, why, cause) {
	return failure("data-not-packed", `the data is larger than \`data.memory\`, and cannot be packed in ${folder}: ${why}`, "Make room there (`pipeline clean` removes what can be made again), or raise `data.memory`.", cause);
}
function writeWhole(file, bytes) {
	for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done);
}
/** Bytes that packed samples take in memory beside the batches. */
function bytesOfIndex(spec, count) {
	const { parts, targets } = layoutOf(spec);
	const labels = targets.reduce((sum, target) => sum + roomFor(target, 1).byteLength, 0);
	return count * (parts.length * 16 + labels + bytesOfNames[spec.packs ?? "files"]);
}
/** Estimates, not measured: paths, and what is known of a file while it is hashed and packed; where it stands. */
const bytesOfNames = {
	files: 800,
	rows: 100,
	cells: 60
};
/** @throws UserError where not even what is known of the samples fits */
function proveMemory(spec, count, memory) {
	const least = bytesOfIndex(spec, count);
	if (least > memory) throw failure("data-memory-too-small", `data.memory is ${showBytes(memory)}, and what is known of ${showCount(count)} samples takes ${showBytes(least)}`, "Raise it.");
}
// src/cache/packed-source.ts
const readAt = promisify(read);
/** Batches that are read ahead of the step: one that is being read while one waits. */
const mostAhead = 2;
/**
* Some packed samples as a source. The batches that are next are read while the step works, in the order that they are
* asked for in, by threads of Node's own; each row is proven before it is given.
*
* @param rows of the packed ones, in the order of the source
* @throws UserError where they are gone
*/
function packedSource(packed, rows) {
	const { layout, index, room } = packed;
	openRows(packed);
	return {
		count: rows.length,
		labels: (target, some) => {
			const asked = some === void 0 ? rows : some.map((row) => rows[row]);
			const { part, width } = layout.targets[target];
			const known = index.labels[target];
			return part === void 0 ? gatherLabels(known, asked, known.length / width) : placesOf$1(packed, asked, part);
		},
		async *batches({ rows: wanted, size, from = 0 }) {
			let next = from * size;
			const labels = layout.parts.slice(layout.inputs.length).reduce((sum, bytes) => sum + bytes, 0);
			const each = (2 * layout.bytes + 4 * labels) * Math.min(size, wanted.length);
			const ahead = Math.max(0, Math.min(mostAhead, Math.floor(room / each) - 1));
			const file = openRows(packed);
			const coming = [];
			const ask = () => {
				if (next >= wanted.length) return;
				const batch = readBatch(packed, file, wanted.subarray(next, next + size).map((row) => rows[row]));
				batch.catch(() => {});
				coming.push(batch);
				next += size;
			};
			try {
				for (let k = 0; k < Math.max(1, ahead); k++) ask();
				for (let batch = coming.shift(); batch !== void 0; batch = coming.shift()) {
					const given = await batch;
					if (ahead > 0) ask();
					yield given;
					if (ahead === 0) ask();
				}
			} finally {
				await Promise.allSettled(coming);
			}
		}
	};
}
/**
* Files of rows. Each stays open as long as anything reads of it: what `pipeline clean` removes meanwhile can be read
* to the end then.
*/
const opened = /* @__PURE__ */ new WeakMap();
const unused = new FinalizationRegistry(closeSync);
/** The open file of the rows. @throws UserError where it is gone */
function openRows(packed) {
	const { folder, key } = packed;
	const known = opened.get(packed);
	if (known !== void 0) return known;
	try {
		const file = openFile(rowsPath(folder, key));
		opened.set(packed, file);
		unused.register(packed, file);
		return file;
	} catch (error) {
		if (error.code !== "ENOENT") throw error;
		throw damagedRow(folder, key, "what should be");
	}
}
async function readBatch(packed, file, rows) {
	const { layout } = packed;
	const { bytes } = layout;
	const all = Buffer.allocUnsafeSlow(rows.length * bytes);
	const [failed] = (await Promise.allSettled(runsIn(rows).map(async ({ from, length }) => {
		for (let done = 0; done < length * bytes;) {
			const at = from * bytes + done;
			const { bytesRead } = await readAt(file, all, at, length * bytes - done, rows[from] * bytes + done);
			if (bytesRead === 0) throw notRead(packed, rows[from], "it ends before");
			done += bytesRead;
		}
	}))).flatMap((one) => one.status === "rejected" ? [one.reason] : []);
	if (failed !== void 0) throw notReadAt(packed, rows[0], failed);
	const parts = layout.parts.map((size) => new Uint8Array(rows.length * size));
	rows.forEach((row, i) => {
		let at = i * bytes;
		for (const [k, size] of layout.parts.entries()) {
			const values = all.subarray(at, at + size);
			prove(packed, row, k, values);
			parts[k].set(values, i * size);
			at += size;
		}
	});
	const y = layout.targets.map(({ part, width }, k) => {
		if (part !== void 0) return Int32Array.from(parts[part]);
		const labels = packed.index.labels[k];
		const room = rows.length * width;
		return gatherRows(labels, rows, labels instanceof Float64Array ? new Float64Array(room) : new Int32Array(room));
	});
	return {
		x: layout.inputs.map((dtype, k) => {
			const [values, code] = [asInput(parts[k], dtype), layout.coded?.[k]];
			return code === void 0 ? values : expand(code, values, firstRows(rows.length));
		}),
		y,
		count: rows.length
	};
}
/** That a row cannot be read. */
const notRead = ({ folder, key }, row, why) => damagedRow(folder, key, `sample ${row + 1} (${why})`);
/** What an error of reading tells the user: a disk that fails is no fault of this program. */
const notReadAt = (packed, row, error) => error instanceof UserError ? error : notRead(packed, row, error.code ?? error.message);
/** Rows that follow each other in the file, too: validation and test are read in few pieces. */
function runsIn(rows) {
	const runs = [];
	for (let i = 0; i < rows.length; i++) if (i > 0 && rows[i] === rows[i - 1] + 1) runs.at(-1).length++;
	else runs.push({
		from: i,
		length: 1
	});
	return runs;
}
function prove({ folder, key, layout, index }, row, part, values) {
	const at = (row * layout.parts.length + part) * 16;
	if (!proofOf(values).equals(index.proofs.subarray(at, at + 16))) throw damagedRow(folder, key, `sample ${row + 1}`);
}
/** A target at places, of some rows. */
function placesOf$1(packed, rows, part) {
	const { layout } = packed;
	const size = layout.parts[part];
	const before = layout.parts.slice(0, part).reduce((sum, bytes) => sum + bytes, 0);
	const all = new Uint8Array(rows.length * size);
	const file = openRows(packed);
	for (const [i, row] of rows.entries()) {
		const values = all.subarray(i * size, (i + 1) * size);
		try {
			readSync(file, values, 0, size, row * layout.bytes + before);
		} catch (error) {
			throw notReadAt(packed, row, error);
		}
		prove(packed, row, part, values);
	}
	return all;
}
// src/cache/packed-view.ts
/**
* Looks at packed samples by their index: inputs are the same where their SHA-256 are.
*
* @param spec what they hold
*/
function viewOfPacked(packed, parts, { targets }) {
	const { layout, index } = packed;
	const { proofs, labels, ranges } = index;
	const each = layout.parts.length * 16;
	const [trained, count] = [parts.train.length, parts.train.length + parts.test.length];
	const rowOf = (sample) => sample < trained ? parts.train[sample] : parts.test[sample - trained];
	const words = new DataView(proofs.buffer, proofs.byteOffset, proofs.byteLength);
	const areAlike = (one, other, from, to) => {
		const [mine, others] = [rowOf(one) * each, rowOf(other) * each];
		for (let at = from; at < to; at++) if (proofs[mine + at] !== proofs[others + at]) return false;
		return true;
	};
	const inputs = layout.inputs.length * 16;
	const areEqual = (one, other) => areAlike(one, other, 0, inputs);
	const isSame = (k, one, other) => {
		const { part, width } = layout.targets[k];
		if (part !== void 0) return true;
		const [values, mine, others] = [
			labels[k],
			rowOf(one) * width,
			rowOf(other) * width
		];
		for (let at = 0; at < width; at++) if (values[mine + at] !== values[others + at]) return false;
		return true;
	};
	const haveOneAnswer = (one, other) => areAlike(one, other, inputs, each) && targets.every(({ kind }, k) => kind === "number" || isSame(k, one, other));
	const { width, differences } = comparing(packed);
	return {
		cells: {
			count,
			width,
			areEqual,
			differences: (one, other, most) => areEqual(one, other) ? 0 : differences(rowOf(one), rowOf(other), most),
			hash: (sample) => words.getUint32(rowOf(sample) * each)
		},
		range: (input) => ({
			...ranges[input],
			missing: 0
		}),
		column: columnsOf(packed, count, rowOf),
		answers: (target) => gatherRows(labels[target], Uint32Array.from({ length: count }, (_, sample) => rowOf(sample)), new Float64Array(count * layout.targets[target].width)),
		countClasses: (target, part, rows) => {
			const [values, { part: atPlaces, width: classes }] = [labels[target], layout.targets[target]];
			const asked = rows.map((row) => parts[part][row]);
			if (atPlaces === void 0) return countIn(values, targets[target], asked);
			const counts = new Float64Array(classes);
			for (const row of asked) for (let k = 0; k < classes; k++) counts[k] += values[row * classes + k];
			return counts;
		},
		haveOneAnswer,
		testIsTrain: () => 2 * trained === count && Array.from({ length: trained }, (_, row) => row).every((row) => areEqual(row, trained + row) && haveOneAnswer(row, trained + row) && targets.every((_, k) => isSame(k, row, trained + row)))
	};
}
/** Bytes of rows that are read at a time. */
const block = 1 << 20;
/** Reads rows, and gives the bytes of one that lies near the one before at once. */
function readingRows(packed) {
	const { bytes } = packed.layout;
	const together = Math.max(1, Math.floor(block / bytes));
	let near;
	return (row) => {
		const from = row - row % together;
		if (near?.from !== from) {
			const values = new Uint8Array(together * bytes);
			readSync(openRows(packed), values, 0, values.length, from * bytes);
			near = {
				from,
				values
			};
		}
		return near.values.subarray((row - from) * bytes, (row - from + 1) * bytes);
	};
}
/** Columns that are read together at most, as all rows are read for them. */
const mostColumns$1 = 32;
/** The columns of inputs of float32, as those of tables are: no others are asked for, and these one after the other. */
function columnsOf(packed, count, rowOf) {
	const { layout, room } = packed;
	const most = Math.max(1, Math.min(mostColumns$1, Math.floor(room / (16 * count))));
	let read;
	return (input, at) => {
		if (read?.input === input && at >= read.first && at < read.first + read.columns.length) return read.columns[at - read.first];
		const before = layout.parts.slice(0, input).reduce((sum, bytes) => sum + bytes, 0);
		const some = Math.min(most, layout.parts[input] / 4 - at);
		read = void 0;
		const columns = Array.from({ length: some }, () => new Float64Array(count));
		const bytesOf = readingRows(packed);
		for (let sample = 0; sample < count; sample++) {
			const { buffer, byteOffset } = bytesOf(rowOf(sample));
			const values = new Float32Array(buffer, byteOffset + before + 4 * at, some);
			for (let k = 0; k < some; k++) columns[k][sample] = values[k];
		}
		read = {
			input,
			first: at,
			columns
		};
		return columns[0];
	};
}
/**
* Counts by how many values rows differ: one is held while it is compared with others in about the order that they lie
* in, as is done of rows with few values. They are not proven: the worst is a finding too many.
*/
function comparing(packed) {
	const { parts, inputs } = packed.layout;
	const steps = parts.slice(0, inputs.length).map((size) => size % 4 === 0 ? 4 : 1);
	let held;
	const valuesOf = readingRows(packed);
	return {
		width: steps.reduce((sum, step, k) => sum + parts[k] / step, 0),
		differences: (one, other, most) => {
			if (held?.row !== one) held = {
				row: one,
				values: valuesOf(one).slice()
			};
			const [mine, others] = [held.values, valuesOf(other)];
			let [found, at] = [0, 0];
			for (const [k, step] of steps.entries()) for (const end = at + parts[k]; at < end; at += step) {
				let isOther = false;
				for (let i = at; i < at + step; i++) isOther ||= mine[i] !== others[i];
				if (isOther && ++found === most) return found;
			}
			return found;
		}
	};
}
// src/stages/load-packed.ts
/**
* Gives samples that are more than memory may hold: packed on the disk, and read in batches.
*
* @param memory bytes that they may take of it
* @param folder where they are packed; left out: in `.layerline/packed`
* @throws UserError as packSamples, and where memory does not even hold what is known of them
*/
async function loadPacked(pieces, memory, signal, folder = packedFolder()) {
	const total = pieces.paths.length;
	proveMemory(pieces.spec, total, memory);
	const packed = await packSamples(pieces, folder, signal);
	const { index } = packed;
	const skipped = new Map(index.skipped.map(({ sample, why }) => [sample, {
		path: pieces.paths[sample][0],
		error: failure("damaged-picture", why)
	}]));
	const divided = dividePieces(pieces, skipped);
	const { usable, parts, spec } = divided;
	const rows = {
		...packed,
		folder,
		room: memory - bytesOfIndex(spec, total)
	};
	return {
		dataset: {
			name: pieces.name,
			spec,
			train: packedSource(rows, parts.train),
			test: packedSource(rows, parts.test),
			...sourcesOf(pieces, divided),
			files: index.files,
			...pieces.split && { split: pieces.split },
			...pieces.about,
			origin: placesOf(pieces.place, usable, parts)
		},
		view: viewOfPacked(rows, parts, spec),
		...pieces.origin && { origin: pieces.origin }
	};
}
/** Of their place alone: what knows more than that may hold much of memory, and is let go of. */
function placesOf(place, usable, parts) {
	return { place: (part, row) => place(usable[parts[part][row]]) };
}
// src/stages/pictures.ts
/**
* The test samples as pictures: where all inputs are bytes of one shape, [height, width, 1 or 3], of which several
* stand side by side; or where they are spectrograms.
*/
function picturesIn({ spec: { inputs, isSpectrogram }, test }) {
	if (isSpectrogram === true) return spectrogramsIn(inputs[0], test);
	const { shape } = inputs[0];
	if (shape.length !== 3 || ![1, 3].includes(shape[2]) || inputs.some((input) => input.dtype !== "uint8" || String(input.shape) !== String(shape))) return void 0;
	const [height, width, channels] = shape;
	let drawings;
	return {
		noun: inputs.length === 1 ? "image" : "sample",
		areDrawings: () => drawings ??= haveEmptyGround(test),
		shape: [
			height,
			width * inputs.length,
			channels
		],
		read: async (sample) => {
			const images = [];
			for await (const { x } of test.batches({
				rows: Uint32Array.of(sample),
				size: 1
			})) images.push(...x);
			return sideBySide(images, width * channels);
		}
	};
}
/** Spectrograms [frames, mels, 1] as one draws them: time runs to the right, low frequencies are at the bottom. */
function spectrogramsIn({ shape: [frames, mels] }, test) {
	const [width, height] = [frames, mels];
	return {
		noun: "recording",
		areDrawings: async () => false,
		shape: [
			height,
			width,
			1
		],
		read: async (sample) => {
			const picture = new Uint8Array(height * width);
			for await (const { x } of test.batches({
				rows: Uint32Array.of(sample),
				size: 1
			})) {
				const [decibels] = x;
				const { smallest: low, largest: high } = rangeOf(decibels);
				const unit = high > low ? 255 / (high - low) : 0;
				for (let at = 0; at < picture.length; at++) {
					const [row, frame] = [Math.floor(at / width), at % width];
					picture[at] = Math.round((decibels[frame * height + (height - 1 - row)] - low) * unit);
				}
			}
			return picture;
		}
	};
}
/** Pictures that are looked at for their ground, and the share of black pixels that makes it an empty one. */
const [looked, emptyShare] = [32, .4];
/** Whether so much of some pictures is black that all of them are drawings: MNIST has 0.8, photographs next to none. */
async function haveEmptyGround(test) {
	const size = Math.min(looked, test.count);
	const rows = Uint32Array.from({ length: size }, (_, k) => Math.floor(k * test.count / size));
	let [black, all] = [0, 0];
	for await (const { x } of test.batches({
		rows,
		size: Math.max(1, size)
	})) for (const values of x) for (const value of values) {
		all++;
		if (value === 0) black++;
	}
	return black > emptyShare * all;
}
/** @param row values of a row of each */
function sideBySide(images, row) {
	const picture = new Uint8Array(images.length * images[0].length);
	images.forEach((image, k) => {
		for (let at = 0; at < image.length; at += row) picture.set(image.subarray(at, at + row), at * images.length + k * row);
	});
	return picture;
}
// src/stages/shown-samples.ts
/** How much is shown at most. */
const [mostClasses, picturesOfClass, rowsOfClass, withoutClasses, mostColumns] = [
	20,
	8,
	3,
	16,
	8
];
/** Characters of a cell that are held: no more of it can be seen. */
const longestCell = 100;
/**
* Some samples that are trained on, of each class where a sample has one, drawn by the seed; undefined where they are
* neither pictures of bytes nor rows of a table.
*/
function shownIn({ spec, train, origin }, { train: trained }, seed) {
	const pictures = picturesIn({
		spec,
		test: train
	});
	if (pictures === void 0 && origin?.cells === void 0) return void 0;
	const order = permutation(trained.length, seedFor(seed, "shownSamples")).map((place) => trained[place]);
	const k = spec.targets.findIndex(({ kind, shape }) => kind === "class" && shape.length === 0);
	const target = spec.targets[k];
	const names = target?.kind === "class" ? target.classes : void 0;
	const labels = names && train.labels(k);
	const ofEach = pictures === void 0 ? rowsOfClass : picturesOfClass;
	const groups = (names?.slice(0, mostClasses) ?? [void 0]).map((name, label) => {
		const rows = labels === void 0 ? order : order.filter((row) => labels[row] === label);
		return {
			...name !== void 0 && { name },
			count: rows.length,
			rows: Array.from(rows.slice(0, name === void 0 ? withoutClasses : ofEach))
		};
	});
	const all = {
		groups,
		classes: names?.length ?? 0
	};
	if (pictures !== void 0) return {
		...all,
		pictures
	};
	const columns = origin.cells.columns.slice(0, mostColumns);
	const cells = groups.flatMap(({ rows }) => rows).map((row) => origin.cells.of(row, columns.length).map((cell) => cell.slice(0, longestCell)));
	return {
		...all,
		table: {
			columns,
			more: origin.cells.columns.length - columns.length,
			cells
		}
	};
}
// src/stages/load.ts
/**
* Reads the data, checks each file, divides the training samples.
*
* @throws UserError when a file is missing, damaged, or does not fit the others; the signal's reason when it is aborted
*/
async function load({ source, split, seed, folder, memory, signal }) {
	const { dataset: whole, view, ...read } = await readData({
		source,
		split,
		seed,
		folder,
		memory,
		signal
	});
	const { spec, train } = whole;
	const divided = whole.split ?? splitSamples(stratifiable(spec, train), spec.targets, afterTest(split, spec), seed);
	const dataset = await withFittedInputs(whole, source.options, divided.train, signal);
	const fitted = fitTargets({
		dataset,
		split: divided
	});
	const looked = {
		...dataset,
		...read
	};
	const shown = shownIn(looked, divided, seed);
	const { facts, findings } = await inTurns(examineData(looked, divided, view), signal);
	return {
		dataset,
		split: divided,
		fitted,
		facts,
		...shown && { shown },
		warnings: [
			...dataWarnings(dataset, divided, view),
			...constantTargets(dataset.spec.targets, fitted, divided.train.length),
			...findings
		]
	};
}
/** What its inputs are standardized and whitened by, where the options say so, by the rows that are trained on. */
async function withFittedInputs(dataset, options, rows, signal) {
	let fitted = dataset;
	const having = (inputs) => ({
		...fitted,
		spec: {
			...fitted.spec,
			inputs
		}
	});
	if (standardizesChannels(options)) fitted = having(await fitChannels(fitted, rows, signal));
	if (whitens(options)) fitted = having(await fitWhitening(fitted, rows, signal));
	return fitted;
}
async function readData(input) {
	const read = await readSamples(input);
	if (!learnsInput(input.source.options)) return read;
	return {
		...read,
		dataset: reconstructing(read.dataset),
		view: {
			...read.view,
			haveOneAnswer: () => true
		}
	};
}
async function readSamples({ source, split, seed, folder, memory, signal }) {
	const pieces = piecesOf(source.type)?.open(source.options, folder, seed, split);
	if (pieces !== void 0 && arePacked(pieces.spec, memory)) return loadPacked(pieces, allowedMemory(memory), signal);
	const table = await inTurns(openTable({
		source,
		split,
		seed,
		folder,
		memory
	}), signal);
	if (table !== void 0 && arePacked(table.spec, memory)) return loadPacked(await inTurns(table.pieces(), signal), allowedMemory(memory), signal);
	const { origin, ...whole } = pieces === void 0 ? await datasetRow(source.type).load(source.options, folder, seed, signal, split) : await inMemory(pieces, signal);
	return {
		dataset: {
			...whole,
			train: arraySource(whole.train),
			test: arraySource(whole.test)
		},
		view: viewOf(whole),
		...origin && { origin }
	};
}
function* openTable({ source, split, seed, folder, memory }) {
	const maker = tableOf(source.type);
	if (maker === void 0) return void 0;
	return yield* maker.open(source.options, folder, seed, split, allowedMemory(memory));
}
/** What a split by classes asks: of masks it knows none, and they may be more than memory holds. */
function stratifiable({ targets }, train) {
	const none = /* @__PURE__ */ new Uint8Array();
	return {
		count: train.count,
		targets: targets.map(({ shape }, k) => shape.length === 0 ? train.labels(k) : none)
	};
}
/** See LoadedData.fitted. */
function fitTargets({ dataset: { train, spec }, split }) {
	return spec.targets.map((target, k) => target.kind === "number" && !isReconstruction(target) ? fitTarget(train.labels(k), target.shape, split.train) : void 0);
}
// src/stages/training-state.ts
const count$1 = such(whole, (value) => value >= 0);
const measured = (value) => value === null ? void 0 : number(value);
/** What a checkpoint of a training has to say: it may come from elsewhere. */
const trainingStateForm = object({
	progress: object({
		finished: such(list(object({
			epoch: count$1,
			metrics: such(record(measured), (metrics) => Object.hasOwn(metrics, "loss")),
			samplesPerSecond: measured,
			seconds: number
		})), (finished) => finished.every(({ epoch }, i) => epoch === i + 1)),
		trainingMs: number,
		ranAs: optional(list(oneOf("compiled", "eager"))),
		now: object({
			batch: count$1,
			tally: object({
				seen: count$1,
				loss: measured,
				losses: list(measured),
				scores: list(measured),
				absent: optional(list(count$1))
			}),
			ms: number
		})
	}),
	data: text(/^[0-9a-f]{64}$/)
});
/** The beginning of an epoch. */
function newEpoch() {
	return {
		batch: 0,
		tally: newTally(),
		ms: 0
	};
}
// src/datasets/suspect-labels.ts
const count = such(whole, (value) => value >= 0);
/** What a kept one has to say. */
const suspectLabelsForm = list(such(object({
	target: text(),
	samples: count,
	suspects: count,
	ranking: list(object({
		place: object({
			file: text(),
			line: optional(count),
			sample: optional(count)
		}),
		row: count,
		label: text(),
		predicted: text(),
		margin: number
	}))
}), ({ suspects, ranking, samples }) => suspects <= ranking.length && ranking.length <= samples));
/** The rankings as a CSV file; names that a spreadsheet would compute are texts. */
function suspectsAsCsv(all) {
	return [[
		"target",
		"rank",
		"suspect",
		"file",
		"line",
		"sample",
		"label",
		"predicted",
		"margin"
	], ...all.flatMap(({ target, suspects, ranking }) => ranking.map(({ place, label, predicted, margin }, i) => [
		csvText(target),
		String(i + 1),
		i < suspects ? "yes" : "no",
		csvText(place.file),
		String(place.line ?? ""),
		String(place.sample ?? ""),
		csvText(label),
		csvText(predicted),
		String(Number(margin.toPrecision(6)))
	]))].map((cells) => `${cells.join(",")}\n`).join("");
}
// src/stages/train-outcome.ts
/** What is kept of a training has to say. */
const trainOutcomeForm = such(object({
	history: historyForm,
	epoch: whole,
	weightsSha256: text(/^[0-9a-f]{64}$/),
	scales: list(either(nothing, list(object({
		mean: number,
		deviation: number
	})))),
	samplesPerSecond: anyNumber,
	ranAs: text(),
	step: text(),
	engine: text(),
	model: savedModelForm,
	suspects: optional(suspectLabelsForm),
	end: optional(object({
		state: trainingStateForm,
		arrays: list(namedArrayForm)
	}))
}), ({ history, epoch, end }) => {
	return epoch >= 1 && epoch <= history.length && (end === void 0 || end.state.progress.finished.length === history.length);
});
/** What is kept of a training. */
async function outcomeOfTraining(engine, { model, step, history, epoch, weightsSha256, scales, samplesPerSecond, ranAs }, checkpoints, suspects) {
	const newest = checkpoints?.newest();
	const end = newest?.state.progress.finished.length === history.length ? { end: newest } : {};
	return {
		history,
		epoch,
		weightsSha256,
		scales,
		samplesPerSecond,
		ranAs,
		step,
		engine: nameEngine(engine),
		model: await saveModel(engine.tf, model, scales),
		suspects,
		...end
	};
}
/** One line for people: epochs, step, loss, pace. */
function describeTraining({ history, epoch, step, samplesPerSecond }, samples) {
	return `${`${history.length} ${history.length === 1 ? "epoch" : "epochs"}`}${epoch < history.length ? ` (best: ${epoch})` : ""}, ${step}, loss ${showMeasure(history[epoch - 1]["loss"])}, ${showPace(samplesPerSecond, samples)}`;
}
/** The trained model. */
function recordModel(run, model, metadata) {
	writeModel(join(run.artifactDirectory, "model"), model, hideSecretsIn(metadata));
	for (const file of modelFiles) run.artifact(`model/${file}`);
	run.tags({ "pipeline.weights_sha256": String(metadata["weightsSha256"]) });
}
/** The ranking of suspect labels where there is one: for people as CSV, for programs as JSON. */
function recordSuspects(run, suspects) {
	const told = hideSecretsIn(suspects);
	if (told.length > 0) run.tags({ [suspectsTag]: String(told.reduce((sum, { suspects: count }) => sum + count, 0)) });
	if (told.every(({ ranking }) => ranking.length === 0)) return;
	writeArtifact(run, "data/suspect-labels.csv", suspectsAsCsv(told));
	writeArtifact(run, suspectsFile, `${JSON.stringify(told)}\n`);
}
/** How many labels are suspect; of a run that watched none, there is no such tag. */
const suspectsTag = "pipeline.suspect_labels";
/** The artifact that has them for programs. */
const suspectsFile = "data/suspect-labels.json";
export { findingsOfReading as C, findingsOfCheck as S, sampleNoun as T, describeData as _, suspectsFile as a, recordData as b, suspectLabelsForm as c, fitTargets as d, load as f, dataRecordForm as g, showSamplePlace as h, recordSuspects as i, newEpoch as l, packedFolder as m, outcomeOfTraining as n, suspectsTag as o, picturesIn as p, recordModel as r, trainOutcomeForm as s, describeTraining as t, trainingStateForm as u, describePart as v, nameEngine as w, writeArtifact as x, describeTargets as y };
