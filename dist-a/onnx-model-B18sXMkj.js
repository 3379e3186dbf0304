import { Fn as layerRow, Pn as maskOrigins, Qn as OnnxLayer, Qo as isMisfit } from "./checks-359mGJ3h.js";
// src/layers/onnx/onnx-graph.ts
/** Nodes in the order that they are computed in, and what they are computed with. */
var OnnxGraph = class {
	nodes = [];
	tensors = [];
	#taken;
	#constants = /* @__PURE__ */ new Map();
	/** @param names those of its inputs and outputs, which no other value may have */
	constructor(names) {
		this.#taken = new Set(names);
	}
	/**
	* Adds a node.
	*
	* @param where the layer that it is of, for its name
	* @param output which of its outputs is wanted
	* @returns the name of that output
	*/
	add(where, op, inputs, attributes = {}, output = 0) {
		const name = this.name(`${where}/${op}`);
		this.nodes.push({
			name,
			op,
			inputs,
			outputs: [...Array.from({ length: output }, () => ""), name],
			attributes
		});
		return name;
	}
	/** Numbers of the graph's own, once for all that need the same. @returns their name */
	constant(values, shape) {
		const key = values.length > 64 ? void 0 : `${values.constructor.name} ${shape.join()} ${values.join()}`;
		const known = key === void 0 ? void 0 : this.#constants.get(key);
		if (known !== void 0) return known;
		const name = this.name("constant");
		this.tensors.push({
			name,
			shape,
			values
		});
		if (key !== void 0) this.#constants.set(key, name);
		return name;
	}
	/** A weight, which several layers may share: made where it is not there yet. @returns its name */
	weight(key, make) {
		const known = this.#constants.get(key);
		if (known !== void 0) return known;
		const name = this.name(key);
		this.tensors.push({
			name,
			...make()
		});
		this.#constants.set(key, name);
		return name;
	}
	/** A name that no value has yet. */
	name(wanted) {
		let name = wanted;
		for (let count = 2; this.#taken.has(name); count++) name = `${wanted}_${count}`;
		this.#taken.add(name);
		return name;
	}
};
// src/layers/onnx/onnx-model.ts
/** Bytes of weights that a file holds: protobuf has no more than 2^31 - 1, of which nodes and names take a little. */
const largest = 2 ** 31 - 2 ** 24;
/** The first layer that has no counterpart in ONNX; undefined: all have one. */
function onnxMisfit(layers) {
	const origins = maskOrigins(layers);
	let bytes = 0;
	for (const [layer, { type, options, parameters }] of layers.entries()) {
		const reason = layerRow(type).noOnnx?.(options);
		if (reason !== void 0) return {
			layer,
			reason
		};
		if (origins[layer].includes(layer)) return {
			layer,
			reason: "it makes a mask, and ONNX knows none"
		};
		bytes += 4 * ((parameters?.trainable ?? 0) + (parameters?.nonTrainable ?? 0));
		if (bytes > largest) return {
			layer,
			reason: "with its weights there are more than the 2 GB that an ONNX file holds"
		};
	}
}
/**
* Names of a net's inputs and outputs in ONNX: those of inputs and targets, where an output that is called as an input
* gets `_` at its end, as ONNX has one room for all names.
*/
function onnxNames(inputs, targets) {
	const taken = new Set([...inputs, ...targets].map(({ name }) => name));
	const given = inputs.map(({ name }) => name);
	return {
		inputs: given,
		outputs: targets.map(({ name }) => {
			let free = name;
			if (given.includes(name)) while (taken.has(free)) free += "_";
			taken.add(free);
			return free;
		})
	};
}
/**
* The net that computes what the saved model computes: inputs are scaled already, and outputs in their own unit.
*
* @throws Error where onnxMisfit names a layer
*/
function onnxNet({ graph: net, saved, targets, scales = [] }) {
	const misfit = onnxMisfit(net.layers);
	if (misfit !== void 0) throw new Error(`layer ${net.layers[misfit.layer].name} cannot be exported, as ${misfit.reason}`);
	const names = onnxNames(net.inputs, targets);
	const graph = new OnnxGraph([...names.inputs, ...names.outputs]);
	const weights = savedWeights(saved);
	const given = net.inputs.map(({ shape }, k) => ({
		shape,
		names: { last: names.inputs[k] }
	}));
	const values = [];
	for (const { type, name, options, inputs: sources, shares } of net.layers) {
		const inputs = sources.map((from) => from < 0 ? given[-1 - from] : values[from]);
		const shapes = inputs.map(({ shape }) => shape);
		const row = layerRow(type);
		const output = fitting(row.outputShape(shapes[0], options, shapes));
		const owner = shares === void 0 ? name : net.layers[shares].name;
		values.push(row.onnx(options, new OnnxLayer({
			graph,
			name,
			inputs,
			output,
			owner,
			saved: weights
		})));
	}
	const outputs = net.outputs.map((index, k) => {
		const { shape } = values[index];
		const end = new OnnxLayer({
			graph,
			name: "output",
			inputs: [values[index]],
			output: shape,
			owner: "",
			saved: weights
		});
		const name = names.outputs[k];
		graph.nodes.push({
			name: graph.name(`${name}/Identity`),
			op: "Identity",
			inputs: [inOwnUnit(end, scales[k] ?? null)],
			outputs: [name],
			attributes: {}
		});
		return {
			name,
			shape
		};
	});
	return {
		inputs: net.inputs.map(({ shape }, k) => ({
			name: names.inputs[k],
			shape
		})),
		outputs,
		graph
	};
}
/** Undoes what was done to numbers that a net has learnt, as the end of the saved model does. */
function inOwnUnit(end, scales) {
	if (scales === null) return end.last();
	const each = (values) => end.floats(Float32Array.from(values), [values.length]);
	const multiplied = end.node("Mul", [end.last(), each(scales.map(({ deviation }) => deviation))]);
	return end.node("Add", [multiplied, each(scales.map(({ mean }) => mean))]);
}
function fitting(shape) {
	if (isMisfit(shape)) throw new Error(shape.problem);
	return shape;
}
/** The weights of a saved model, by the names that TensorFlow.js gave them: LAYER/WEIGHT. */
function savedWeights({ description, weights }) {
	const [{ weights: specs }] = description["weightsManifest"];
	let at = 0;
	return new Map(specs.map(({ name, shape }) => {
		const size = shape.reduce((product, length) => product * length, 1);
		const bytes = new Uint8Array(weights.subarray(at, at += 4 * size));
		return [name, {
			shape,
			values: new Float32Array(bytes.buffer)
		}];
	}));
}
export { onnxNames as n, onnxNet as r, onnxMisfit as t };
