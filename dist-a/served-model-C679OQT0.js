import { _s as sizeOf, bs as failure, vs as UserError, ys as asWarning } from "./checks-359mGJ3h.js";
import { n as loadEngine } from "./load-engine-Cr0z7l6P.js";
import { t as loadLayersModel } from "./load-model-BqvIRzrC.js";
import { a as distanceOf, n as readGolden } from "./golden-BUwhSn9q.js";
import { t as loadPredictor } from "./predictor-MOGzoeXl.js";
/** Sizes that batches of rows are filled up to. */
const batchSizes = [
	64,
	8,
	1
];
/**
* Loads a model, and proves by its golden rows that it computes here what it did when it was trained.
*
* @param warn is told where it has none
* @throws UserError as loadTrainedModel, and `golden-differs`
*/
async function loadServedModel(folder, { emit, warn }) {
	const predictor = await loadPredictor(folder, emit, batchSizes);
	const { signature, reader } = predictor;
	const { tf } = await loadEngine();
	const model = await loadLayersModel(tf, folder);
	const outputs = model.outputs.map(({ shape }, k) => ({
		name: signature.targets[k].name,
		shape: shape.slice(1)
	}));
	const run = (inputs, count) => tf.tidy(() => {
		const given = inputs.map((values, k) => tf.tensor(values, [count, ...signature.inputs[k].shape]));
		return [model.apply(given.length === 1 ? given[0] : given)].flat().map((tensor) => Float32Array.from(tensor.dataSync()));
	});
	const answerTensors = (rows) => {
		const inputs = signature.inputs.map(({ shape }, k) => {
			const all = new Float32Array(rows.length * sizeOf(shape));
			rows.forEach((values, row) => all.set(values[k], row * sizeOf(shape)));
			return all;
		});
		const told = run(inputs, rows.length);
		return rows.map((_, row) => told.map((all) => partOf(all, row, rows.length)));
	};
	const answerRows = async (rows) => {
		const answers = [];
		for await (const { prediction } of predictor.predict(rows)) answers.push(prediction);
		return answers;
	};
	try {
		proveGolden(folder, run, warn);
		const x = signature.inputs.map(({ dtype, shape }) => dtype === "uint8" ? new Uint8Array(sizeOf(shape)) : new Float32Array(sizeOf(shape)));
		for (const size of batchSizes) await answerRows(Array.from({ length: size }, () => ({
			place: {},
			x
		})));
	} catch (error) {
		predictor.dispose();
		throw error;
	}
	return {
		name: predictor.pipeline.name,
		preparation: predictor.preparation,
		reader,
		signature,
		outputs,
		answer: async (asked) => {
			const tensors = asked.flatMap((one) => "tensors" in one ? [one.tensors] : []);
			const rows = asked.flatMap((one) => "row" in one ? [one.row] : []);
			const ofTensors = tensors.length === 0 ? [] : answerTensors(tensors);
			const ofRows = rows.length === 0 ? [] : await answerRows(rows);
			let [tensor, row] = [0, 0];
			return asked.map((one) => "tensors" in one ? ofTensors[tensor++] : ofRows[row++]);
		},
		dispose: () => {
			predictor.dispose();
			model.dispose();
		}
	};
}
const partOf = (all, row, count) => all.subarray(row * all.length / count, (row + 1) * all.length / count);
function proveGolden(folder, run, warn) {
	let golden;
	try {
		golden = readGolden(folder);
	} catch (error) {
		if (!(error instanceof UserError) || error.diagnostics[0].code !== "no-golden") throw error;
		warn(asWarning(error.diagnostics[0]));
		return;
	}
	const inputs = golden.inputs.map(({ values }) => Float32Array.from(values));
	const { worst, tolerance, isWithin } = distanceOf(golden.outputs, run(inputs, golden.inputs[0].shape[0]));
	if (isWithin) return;
	throw failure("golden-differs", `the model in ${folder} does not compute here what it did when it was trained: its golden rows differ by ${worst.toPrecision(2)}, and may by ${tolerance.toPrecision(2)}`, "Take the folder from the run again; `pipeline engine` says which engine computes here.");
}
export { loadServedModel };
