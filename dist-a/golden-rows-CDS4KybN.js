import { Bo as object, Ci as xoroshiro128plus, Jt as asTaken, Lo as list, Pn as maskOrigins, Si as seedFor, Ut as isReconstruction, Vo as oneOf, Wo as such, _s as sizeOf, or as uniformFloat64 } from "./checks-359mGJ3h.js";
import { r as namedArrayForm } from "./checkpoint-file-EvJ8jzTt.js";
import { n as inOwnUnit } from "./save-model-wTVDVX2-.js";
/** What golden rows have to say. */
const goldenForm = such(object({
	rows: list(oneOf(...[
		"test",
		"least sure",
		"normal",
		"zeros",
		"ones"
	])),
	inputs: list(namedArrayForm),
	outputs: list(namedArrayForm),
	labels: list(namedArrayForm)
}), ({ rows, inputs, outputs, labels }) => [...inputs, ...outputs].every(({ shape, values }) => shape[0] === rows.length && values instanceof Float32Array) && labels.every(({ shape }) => shape[0] === rows.filter(isOfTest).length));
/**
* Eight rows of the test split, the four more that the model is least sure of, two of normal numbers, zeros and ones;
* fewer of the test split where it has no more, and of the others where they could be no indices.
*/
async function goldenRows(given) {
	const { tf, model, scales, seed, dataset: { spec, test }, evaluation, readsIndices } = given;
	const first = Math.min(8, test.count);
	const picked = [...Array(first).keys(), ...leastSure(evaluation, test.count, first)];
	const random = normalNumbers(seedFor(seed, "golden"));
	const made = madeRows(!readsIndices || spec.inputs.every(({ indices }) => indices !== void 0), model.graph, picked.length > 0);
	const rows = [...picked.map((_, i) => i < first ? "test" : "least sure"), ...made];
	const batch = await firstOf(test, picked);
	const inputs = spec.inputs.map((input, k) => {
		const values = new Float32Array(rows.length * sizeOf(input.shape));
		if (batch !== void 0) values.set(asTaken(batch.x[k], input));
		values.set(made.flatMap((row) => madeValues(row, input, random)), picked.length * sizeOf(input.shape));
		return {
			name: input.name,
			shape: [rows.length, ...input.shape],
			values
		};
	});
	const outputs = [];
	tf.tidy(() => {
		const tensors = inputs.map(({ values, shape }) => tf.tensor(values, [...shape]));
		for (const [k, told] of model.forward(tensors).entries()) {
			const tensor = inOwnUnit(tf, told, scales[k] ?? null);
			outputs.push({
				name: spec.targets[k].name,
				shape: tensor.shape,
				values: Float32Array.from(tensor.dataSync())
			});
		}
	});
	return {
		rows,
		inputs,
		outputs,
		labels: spec.targets.map((target, k) => {
			const values = isReconstruction(target) ? batch?.y[k] : test.labels(k, Uint32Array.from(picked));
			return {
				name: target.name,
				shape: [picked.length, ...target.shape],
				values: values ?? /* @__PURE__ */ new Float64Array()
			};
		})
	};
}
/**
* The rows that are no samples. Of zeros, and of ones, no step may be there: where their mean is taken it is 0 here and
* no number in Keras, so that they would prove nothing.
*/
function madeRows(takesAnyNumber, { layers }, hasSamples) {
	const origins = maskOrigins(layers);
	if (layers.some(({ type, inputs }) => type === "globalAveragePooling1d" && (origins[inputs[0]] ?? []).length > 0) && (takesAnyNumber || hasSamples)) return takesAnyNumber ? ["normal", "normal"] : [];
	return takesAnyNumber ? [
		"normal",
		"normal",
		"zeros",
		"ones"
	] : ["zeros"];
}
async function firstOf(source, rows) {
	for await (const batch of source.batches({
		rows: Uint32Array.from(rows),
		size: rows.length
	})) return batch;
}
/** Whether a row is of the test split. */
function isOfTest(row) {
	return row === "test" || row === "least sure";
}
/**
* The four rows whose class has the least probability, at any place of any output; ties, and models of numbers alone,
* by the order of the rows. For two classes those are the ones with the smallest margin; for more nearly so, and the
* probabilities of all classes of all samples need not be in memory.
*/
function leastSure({ outputs }, count, from) {
	const sure = new Float64Array(count).fill(1);
	for (const output of outputs) {
		if (output.kind !== "class") continue;
		const places = output.confidence.length / count;
		output.confidence.forEach((value, i) => {
			const row = Math.floor(i / places);
			sure[row] = Math.min(sure[row], value);
		});
	}
	return Array.from({ length: count - from }, (_, i) => from + i).toSorted((a, b) => sure[a] - sure[b]).slice(0, 4);
}
/** A row that no data set has; of indices, such that are there. */
function madeValues(row, { shape, indices }, random) {
	const one = indices === void 0 ? 1 : Math.min(1, indices - 1);
	const value = () => {
		if (row === "zeros") return 0;
		if (row === "ones") return one;
		const drawn = random();
		return indices === void 0 ? drawn : Math.floor(Math.abs(drawn) * indices) % indices;
	};
	return Array.from({ length: sizeOf(shape) }, value);
}
/** Standard normal numbers, by Box and Muller (1958). */
function normalNumbers(seed) {
	const random = xoroshiro128plus(seed);
	return () => Math.sqrt(-2 * Math.log(1 - uniformFloat64(random))) * Math.cos(2 * Math.PI * uniformFloat64(random));
}
export { goldenRows as n, isOfTest as r, goldenForm as t };
