import { Bo as object, Fo as flag, Go as text, Ho as optional, Io as hasForm, Ko as whole, Lo as list, Mo as anything, Po as either, Uo as record, Vo as oneOf, Wo as such, Xt as decodeMatrix, _a as readFileWithin, _s as sizeOf, bs as failure, ht as checkShapes, nt as graphOf, vt as wantedValues, zo as number } from "./checks-359mGJ3h.js";
import { t as ensureEngine } from "./install-engine-D7lb-jNC.js";
import { n as loadEngine } from "./load-engine-Cr0z7l6P.js";
import { n as readModelFiles } from "./load-model-BqvIRzrC.js";
import { t as readRecorded } from "./read-recorded-DXAcCb5d.js";
import { C as threadsPerOp, S as countTowers, r as restoreEvaluator, t as modelOutputs } from "./model-outputs-BxqrQy2e.js";
import { t as pipelineIn } from "./model-yaml-DB07Zhiz.js";
import { join } from "node:path";
import { existsSync } from "node:fs";
// src/models/load-trained-model.ts
const size = such(whole, (value) => value > 0);
const shape = list(size);
const count = such(whole, (value) => value >= 0);
/** Whether a whitening is one of so many values, with all of its numbers. */
function isWhitening({ mean, matrix }, values) {
	if (mean.length !== values || matrix.length !== 4 * Math.ceil(4 * values ** 2 / 3)) return false;
	const numbers = decodeMatrix(matrix);
	return numbers.length === values ** 2 && numbers.every(Number.isFinite);
}
const scalesForm = list(object({
	mean: number,
	deviation: such(number, (value) => value > 0)
}));
/** Of bytes that are 0 to 1: 256 values have no smaller deviation but 0, for which 1 stands. */
const channelsForm = list(object({
	mean: such(number, (value) => value >= 0 && value <= 1),
	deviation: such(number, (value) => value > 1e-9 && value <= 1)
}));
const inputForm = such(object({
	name: text(),
	shape,
	dtype: oneOf("uint8", "float32"),
	scale: number,
	standardized: optional(channelsForm),
	whitened: optional(object({
		mean: list(number),
		matrix: text(/^[A-Za-z0-9+/]*={0,2}$/),
		directions: such(whole, (of) => of >= 0)
	})),
	indices: optional(size),
	padded: optional((value) => value === true ? void 0 : "")
}), ({ shape: own, standardized, whitened }) => (standardized === void 0 || standardized.length === own.at(-1)) && (whitened === void 0 || isWhitening(whitened, sizeOf(own))));
const classForm = such(object({
	kind: oneOf("class"),
	name: text(),
	classes: list(text()),
	shape,
	ordinal: optional((value) => value === true ? void 0 : ""),
	tokens: optional(oneOf("words", "characters")),
	wholeText: optional(object({ lowerCase: flag })),
	several: optional(object({
		labels: list(text()),
		separator: optional(text()),
		columns: optional((value) => value === true ? void 0 : "")
	}))
}), ({ wholeText, tokens, shape: places }) => wholeText === void 0 || tokens !== void 0 && places.length === 1);
const numberForm = object({
	kind: oneOf("number"),
	name: text(),
	shape,
	standardize: optional((value) => typeof value === "boolean" ? void 0 : ""),
	reconstructs: optional(oneOf("shares", "numbers")),
	standardized: optional(scalesForm)
});
/** What `model.json` says beside the model, as far as its evaluation depends on it; see recordModel. */
const metadataForm = object({
	inputs: such(list(inputForm), ({ length }) => length > 0),
	targets: such(list(either(classForm, numberForm)), ({ length }) => length > 0),
	preparation: optional(record(anything)),
	beside: optional(list(text())),
	weightsSha256: text(/^[0-9a-f]{64}$/),
	step: text(/^(compiled|eager)/),
	samples: object({
		train: count,
		validation: count,
		test: count
	})
});
/**
* Reads the files of a model, and proves that they belong together as far as that can be told without TensorFlow.
*
* @throws UserError as loadTrainedModel
*/
function readTrainedModel(path) {
	const { pipeline, rangeOf } = readRecorded(readPipelineOf(path));
	const { saved, metadata } = readModelFiles(path);
	if (!hasForm(metadataForm, metadata)) throw mismatch(path, `\`userDefinedMetadata.${metadataForm(metadata)}\` of model.json is not as it was written`);
	const { inputs, targets } = metadata;
	const { dataset, layers, outputs, asTheyAre } = checkShapes({
		layers: pipeline.layers,
		complete: true,
		outputs: pipeline.train.outputs,
		allOutputs: true
	}, ".", rangeOf, {
		inputs,
		targets
	});
	if (dataset === void 0 || layers === void 0 || outputs === void 0 || asTheyAre === void 0) throw mismatch(path, "the layers of its pipeline do not fit the inputs and targets of model.json");
	return {
		pipeline,
		saved,
		graph: graphOf({
			dataset,
			layers,
			outputs,
			asTheyAre
		}),
		metadata
	};
}
/**
* Loads the model that a finished run has recorded, to evaluate it to the bits that the run would. Reads three files
* of its folder, `model.yaml`, `model.json` and `weights.bin`, and no data; where there is no `model.yaml`, as versions
* before made none, the run's `config/resolved.yaml`.
*
* @param path the folder of the model: `artifacts/model` of the run, or a copy of it
* @param wanted what is told of all classes; left out: what the metrics of the pipeline take
* @param batches sizes of batches, the largest first; left out: those that the run evaluated in, for the same bits
* @throws UserError where the folder is none of a run that has trained, or what is in it is damaged or does not belong
* together
*/
async function loadTrainedModel(path, emit = () => {}, wanted, batches) {
	const { pipeline, saved, graph, metadata } = readTrainedModel(path);
	const { inputs, targets, preparation, beside, weightsSha256, step, samples } = metadata;
	await ensureEngine({ emit });
	const engine = await loadEngine(threadsPerOp(countTowers({
		...pipeline.train,
		graph
	})));
	const { evaluator, dispose } = restoreEvaluator({
		model: saved,
		weightsSha256,
		step
	}, {
		engine,
		graph,
		seed: pipeline.seed,
		inputs,
		outputs: modelOutputs(targets, pipeline.train.outputs, scalesOf(targets)),
		wanted: wanted ?? wantedValues(pipeline),
		batchSize: pipeline.train.batchSize,
		step: pipeline.train.step,
		samples,
		...batches && { batches },
		from: path
	});
	return {
		pipeline,
		evaluator,
		signature: {
			inputs,
			targets
		},
		...preparation === void 0 ? {} : { preparation },
		...beside === void 0 ? {} : { beside },
		dispose
	};
}
/** What the numbers of each target were standardized by; null where they were not. */
function scalesOf(targets) {
	return targets.map((target) => target.kind === "number" ? target.standardized ?? null : null);
}
/** The pipeline that trained a model. @throws UserError where it cannot be read, or is not as it was written */
function readPipelineOf(folder) {
	const name = join(folder, "model.yaml");
	if (!existsSync(name)) {
		const recorded = join(folder, "../config/resolved.yaml");
		return {
			name: recorded,
			text: readText(recorded)
		};
	}
	const source = pipelineIn({
		name,
		text: readText(name)
	});
	if (source === void 0) throw mismatch(folder, "model.yaml is not as it was written");
	return source;
}
function readText(path) {
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(readFileWithin(path, 1e8));
	} catch (error) {
		throw failure("no-model", `${path} cannot be read: ${error.message}`, "Name the folder `artifacts/model` of a run that has trained.", error);
	}
}
function mismatch(path, what) {
	return failure("model-damaged", `${path} does not hold the model of its run: ${what}`, "Take `config` and `model` from the run again: they belong together.");
}
export { readTrainedModel as n, scalesOf as r, loadTrainedModel as t };
