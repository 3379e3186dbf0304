import { bs as failure } from "./checks-359mGJ3h.js";
import { u as withoutExplicitMasks } from "./save-model-wTVDVX2-.js";
import { a as translateLayer, i as kerasVersion, n as NoEqual, t as Counter } from "./keras-layers-Dm0WiqWf.js";
import { writeZip } from "./npz-DYIhiy6M.js";
import { l as weightsOf } from "./golden-BUwhSn9q.js";
// src/models/formats/keras.ts
/**
* A model as `keras.saving.load_model` of Keras 3 reads it: a zip of what the net is and of its weights. What matters
* to training alone (initializers, regularizers, constraints) is left out.
*
* @throws UserError `not-exportable` where Keras has no equal of a layer
*/
async function writeKeras(saved) {
	const { config } = saved.description["modelTopology"];
	const net = withoutExplicitMasks(config);
	const weights = weightsOf(saved);
	const hasMasks = net.layers.some(({ class_name, config: own }) => class_name === "Masking" || own["mask_zero"] === true);
	const layers = net.layers.map((layer) => ({
		layer,
		keras: translated(layer, weights, hasMasks)
	}));
	const places = (all) => {
		const own = all.map(([name, use, output]) => [
			name,
			use,
			output
		]);
		return own.length === 1 ? own[0] : own;
	};
	const described = {
		module: "keras.src.models.functional",
		class_name: "Functional",
		config: {
			name: net.name,
			trainable: true,
			layers: layers.map(({ layer: { name, inbound_nodes: uses }, keras }) => ({
				module: "keras.layers",
				class_name: keras.class_name,
				config: keras.config,
				name,
				inbound_nodes: uses.map((inputs) => callOf(inputs, keras))
			})),
			input_layers: places(net.input_layers),
			output_layers: places(net.output_layers)
		}
	};
	const json = (value) => Buffer.from(JSON.stringify(value));
	return writeZip({
		"metadata.json": json({ keras_version: kerasVersion }),
		"config.json": json(described),
		"model.weights.h5": await writeWeights(layers.map(({ keras }) => keras))
	});
}
function translated({ name, class_name, config }, weights, hasMasks) {
	if (class_name === "InputLayer") {
		const { batch_input_shape: shape, dtype } = config;
		return {
			class_name,
			config: {
				name,
				batch_shape: shape,
				dtype
			},
			weights: {}
		};
	}
	try {
		if (hasMasks && class_name === "LayerlinePositionEmbedding") throw new NoEqual("what adds positions there loses the masks of the net");
		return translateLayer({
			class_name,
			config
		}, weights.filter((weight) => weight.name.startsWith(`${name}/`)));
	} catch (error) {
		if (!(error instanceof NoEqual)) throw error;
		throw failure("not-exportable", `the layer ${name} has no equal in Keras ${kerasVersion}: ${error.message}`, "Export to `tfjs`, which has all layers, or change the layer and train again.");
	}
}
const merges = /* @__PURE__ */ new Set([
	"Add",
	"Subtract",
	"Multiply",
	"Average",
	"Maximum",
	"Minimum",
	"Concatenate",
	"Dot"
]);
function callOf(inputs, { class_name, call = {} }) {
	const tensors = inputs.map(([layer, use, output]) => ({
		class_name: "__keras_tensor__",
		config: {
			shape: [null],
			dtype: "float32",
			keras_history: [
				layer,
				use,
				output
			]
		}
	}));
	if (merges.has(class_name)) return {
		args: [tensors],
		kwargs: call
	};
	return {
		args: class_name === "MultiHeadAttention" && tensors.length === 1 ? [...tensors, ...tensors] : tensors,
		kwargs: call
	};
}
/** The weights in HDF5, layer by layer under the names of their classes. */
async function writeWeights(layers) {
	const { File, ready } = await import("h5wasm");
	const { FS } = await ready;
	const path = "model.weights.h5";
	const { now } = Date;
	try {
		Date.now = () => 0;
		const file = new File(path, "w");
		fill(file, layers);
		file.close();
		return FS.readFile(path);
	} finally {
		Date.now = now;
		FS.unlink(path);
	}
}
/** @throws Error where HDF5 has no memory left */
function fill(file, layers) {
	const counted = new Counter();
	const made = /* @__PURE__ */ new Set();
	const group = (way) => {
		const parts = way.split("/");
		for (const [i] of parts.entries()) {
			const name = parts.slice(0, i + 1).join("/");
			if (!made.has(name)) file.create_group(name);
			made.add(name);
		}
		return way;
	};
	for (const { class_name, weights } of layers) {
		const own = `layers/${counted.name(class_name)}`;
		group(`${own}/vars`);
		for (const [way, tensors] of Object.entries(weights)) {
			const vars = group([
				own,
				...way === "" ? [] : [way],
				"vars"
			].join("/"));
			for (const [i, { values, shape }] of tensors.entries()) file.create_dataset({
				name: `${vars}/${i}`,
				data: values,
				shape: [...shape],
				dtype: "<f"
			});
		}
	}
	group("vars");
}
export { writeKeras };
