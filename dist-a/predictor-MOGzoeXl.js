import { r as __exportAll } from "./rolldown-runtime-C1I3wEg2.js";
import { Hi as tokensIn, Lt as datasetRow, Vi as textOf, _s as sizeOf, qt as asScaled, ui as decoded, zi as isWholeText, zt as readyDataset } from "./checks-359mGJ3h.js";
import { m as noLabels } from "./model-outputs-BxqrQy2e.js";
import { t as loadTrainedModel } from "./load-trained-model-DPwpEsdn.js";
import { setImmediate } from "node:timers/promises";
// src/models/prediction.ts
/**
* What the outputs of a model say of one row of a batch: in words, and as numbers. It needs nothing of Node.
*
* @param outputs in the order of the targets; of classes with their confidence and probabilities
* @param at the place of the row, and the rows of the batch
*/
function predictionOf(targets, outputs, at) {
	const said = targets.map((target, k) => ({
		target,
		...saidOf(target, outputs[k], at)
	}));
	const of = (value) => Object.fromEntries(said.flatMap((one) => {
		const found = value(one);
		return found === void 0 ? [] : [[one.target.name, found]];
	}));
	return {
		prediction: {
			predicted: of(({ predicted }) => predicted),
			confidence: of(({ confidence }) => confidence),
			probabilities: of(({ probabilities }) => probabilities)
		},
		values: said.map(({ values }) => values)
	};
}
/** What one output says of one row of a batch. */
function saidOf(target, output, { row, count }) {
	const part = (values) => {
		const each = values.length / count;
		return values.slice(row * each, (row + 1) * each);
	};
	const there = output.there && part(output.there);
	const predicted = part(output.predicted);
	const values = {
		predicted,
		...there && { there }
	};
	const whereThere = (said) => (at) => there === void 0 || there[Math.floor(at * there.length / predicted.length)] !== 0 ? said(at) : null;
	const { shape } = target;
	if (target.kind === "number") {
		const at = whereThere((place) => predicted[place]);
		return {
			values,
			predicted: sizeOf(shape) === 1 ? at(0) : nested(shape, at)
		};
	}
	const { classes, several } = target;
	if (several !== void 0) {
		if (there?.[0] === 0) return {
			values,
			predicted: null
		};
		const sure = part(output.probabilities);
		return {
			values,
			predicted: several.labels.filter((_, k) => predicted[k] === 1),
			probabilities: Object.fromEntries(several.labels.map((name, k) => [name, sure[2 * k + 1]]))
		};
	}
	const confidence = part(output.confidence);
	if (isWholeText(target)) {
		const counted = Math.min(tokensIn(predicted, there) + 1, predicted.length);
		const sure = confidence.subarray(0, counted).reduce((all, one, k) => all * (there?.[k] === 0 ? 1 : one), 1);
		return {
			values,
			predicted: textOf(target, predicted, there),
			confidence: sure
		};
	}
	const said = {
		values,
		predicted: nested(shape, whereThere((place) => classes[predicted[place]])),
		confidence: nested(shape, whereThere((place) => confidence[place]))
	};
	if (shape.length > 0) return said;
	const probabilities = part(output.probabilities);
	return {
		...said,
		probabilities: Object.fromEntries(classes.map((name, k) => [name, probabilities[k]]))
	};
}
/** Lists within lists of a shape; what stands in them by its place, the last dimension fastest. */
function nested(shape, at, first = 0) {
	const [length, ...rest] = shape;
	if (length === void 0) return at(first);
	const each = sizeOf(rest);
	return Array.from({ length }, (_, k) => nested(rest, at, first + k * each));
}
/**
* What is said of a row, with how far it is from its input where that is to be learnt. It needs nothing of Node.
*
* @param x its first input
*/
function withErrors({ inputs, targets }, x, said) {
	const k = targets.findIndex((target) => target.kind === "number" && target.reconstructs !== void 0);
	if (k < 0) return said;
	const actual = asScaled(x, inputs[0].scale);
	const { predicted, there } = said.values[k];
	const isThere = (i) => there?.[Math.floor(i * there.length / actual.length)] !== 0;
	const counted = Array.from(actual.keys()).filter(isThere);
	const error = counted.reduce((sum, i) => sum + (predicted[i] - actual[i]) ** 2, 0) / counted.length;
	return {
		...said,
		prediction: {
			...said.prediction,
			error: { [targets[k].name]: error }
		}
	};
}
// src/models/predictor.ts
var predictor_exports = /* @__PURE__ */ __exportAll({ loadPredictor: () => loadPredictor });
/**
* Loads the model that a finished run has recorded, to ask it about rows.
*
* @param batches sizes of batches; left out: those that the run evaluated in, for the same bits
* @throws UserError as loadTrainedModel
*/
async function loadPredictor(folder, emit, batches) {
	const { evaluator, pipeline, signature, preparation, beside, dispose } = await loadTrainedModel(folder, emit, ["probabilities"], batches);
	const { inputs, targets } = signature;
	const { type, options } = pipeline.data.source;
	await readyDataset(type, "rows");
	const prepared = {
		...signature,
		...preparation && { preparation },
		...beside && { beside }
	};
	const reader = readerOf(() => datasetRow(type).rows({
		options,
		...prepared
	}));
	function readerOf(make) {
		try {
			return make();
		} catch (error) {
			dispose();
			throw error;
		}
	}
	const predictBatch = (rows) => {
		const count = rows.length;
		const x = inputs.map(({ dtype, shape }, k) => {
			const size = sizeOf(shape);
			const all = dtype === "uint8" ? new Uint8Array(count * size) : new Float32Array(count * size);
			rows.forEach((values, row) => all.set(values[k], row * size));
			return all;
		});
		const { outputs } = evaluator.evaluate({
			x,
			y: noLabels(targets, count),
			count
		});
		return rows.map(([values], row) => withErrors(signature, values, predictionOf(targets, outputs, {
			row,
			count
		})));
	};
	return {
		pipeline,
		signature,
		...preparation && { preparation },
		reader,
		dispose,
		async *predict(rows, signal) {
			let waiting = [];
			let usable = [];
			const flush = function* () {
				const predictions = usable.length === 0 ? [] : predictBatch(usable);
				let next = 0;
				for (const row of waiting) yield row.x === void 0 ? row : {
					...row,
					...predictions[next++]
				};
				[waiting, usable] = [[], []];
			};
			for (const given of rows) {
				const row = await decoded(given);
				waiting.push(row);
				if (row.x !== void 0) usable.push(row.x);
				if (usable.length < evaluator.evaluationBatch) continue;
				yield* flush();
				await setImmediate();
				signal?.throwIfAborted();
			}
			yield* flush();
		}
	};
}
export { predictor_exports as n, loadPredictor as t };
