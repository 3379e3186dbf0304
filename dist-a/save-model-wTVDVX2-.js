import { Bo as object, Go as text, Hn as layerOfClass, In as layers, Io as hasForm, Jn as maskedMerge, Ko as whole, Lo as list, Mo as anything, Na as shorten, No as array, Pn as maskOrigins, Uo as record, Vo as oneOf, Wo as such, Xn as averageOfPresent, Zo as chosenFrom, ja as writeFileAtomic, ka as syncFolder, sr as presence } from "./checks-359mGJ3h.js";
import { join } from "node:path";
// src/layers/mask-layers.ts
/** The mask of its input as numbers, 1 where something is there; it has none itself. Saved models hold it. */
const maskOfInput = {
	className: "LayerlineMask",
	outputShape: ([input]) => input.slice(0, -1),
	compute: ({ tf, inputs: [input], masks: [mask], options: { isThere } }) => {
		const sizes = input.shape.slice(0, -1);
		return isThere && mask != null ? presence(tf, mask, sizes) : tf.ones(sizes);
	}
};
/** Its input, with a mask by which all steps are there. */
const allPresent = {
	className: "LayerlineAllPresent",
	outputShape: ([input]) => input,
	mask: ({ tf, inputs: [input] }) => tf.ones(input.shape.slice(0, 2), "bool"),
	compute: ({ inputs: [input] }) => input
};
/**
* Its first input, 0 where its second, a mask as numbers, is; with that mask. What ran backwards has its steps the
* other way round, and Keras' mask of it has not.
*/
const zeroAbsent = {
	className: "LayerlineZeroAbsent",
	outputShape: ([input]) => input,
	mask: ({ tf, inputs: [, there] }) => tf.greater(there, 0),
	compute: ({ tf, inputs: [input, there], options: { isBackwards } }) => tf.mul(input, tf.expandDims(isBackwards ? tf.reverse(there, 1) : there, -1))
};
/** A layer that cannot be written such that TensorFlow.js computes the same: it is loaded by none. */
const onlyHere = {
	className: "LayerlineOnlyHere",
	outputShape: (_, { config: { name }, reason }) => ({ problem: `it cannot compute the layer ${String(name)}: ${reason}` }),
	compute: ({ options: { reason } }) => {
		throw new Error(reason);
	}
};
// src/layers/explicit-masks.ts
const merges = /* @__PURE__ */ new Set([
	"add",
	"multiply",
	"average",
	"maximum",
	"minimum",
	"concatenate"
]);
const recurrent = /* @__PURE__ */ new Set([
	"simpleRNN",
	"gru",
	"lstm",
	"rnn",
	"bidirectional"
]);
/** What of each step's layer asks for a mask. */
const readsWithin = /* @__PURE__ */ new Set([
	...recurrent,
	"softmax",
	"convLstm2d",
	"globalAveragePooling1d",
	"multiHeadAttention",
	"timeDistributed"
]);
/** The first layer of a net that a saved model cannot hold such that plain TensorFlow.js computes the same. */
function maskMisfit({ layers: layers$1 }) {
	const origins = maskOrigins(layers$1);
	if (origins.every(({ length }) => length === 0)) return void 0;
	for (const [layer, { type, options, inputs }] of layers$1.entries()) {
		const isMasked = inputs.some((from) => (origins[from] ?? []).length > 0);
		if (type === "convLstm2d") return {
			layer,
			reason: "TensorFlow.js takes the mask of a net with convLstm2d for one of each place"
		};
		if (type === "batchNormalization" && isMasked && options["axis"] !== -1) return {
			layer,
			reason: "below a mask TensorFlow.js normalizes along the last axis alone, written as -1"
		};
		if (type !== "timeDistributed") continue;
		const inner = chosenFrom(layers, options["layer"]).type;
		if (readsWithin.has(inner)) return {
			layer,
			reason: `TensorFlow.js hands the mask of all steps to the ${inner} of each`
		};
	}
}
/**
* The net such that plain TensorFlow.js (4.22.0) computes below masks what it computes here. Its models hand a layer
* the mask of its first input alone, and one without a mask that of whatever had one before it. So what reads masks
* takes them as inputs of its own, and what is no class of ours gets one of ones where there is none. A net with a
* misfit is loaded by none, as it would compute something else in silence.
*
* @param graph what the net was made of
*/
function withExplicitMasks(net, graph) {
	const origins = maskOrigins(graph.layers);
	if (origins.every(({ length }) => length === 0)) return net;
	const uses = usesOf(graph);
	const misfit = maskMisfit(graph);
	if (misfit !== void 0) return withMisfit(net, graph.layers[misfit.layer].type, misfit, uses);
	const names = new Set(net.layers.map(({ name }) => name));
	const free = (name) => names.has(name) ? free(`${name}_`) : name;
	const made = (base, layer, options, inbound) => {
		const name = free(base);
		names.add(name);
		const config = {
			name,
			trainable: true,
			options
		};
		return {
			name,
			class_name: layer.className,
			config,
			inbound_nodes: inbound
		};
	};
	/** What others take in place of a layer. */
	const ends = /* @__PURE__ */ new Map();
	const written = net.layers.flatMap((layer) => {
		const places = uses.get(layer.name) ?? [];
		if (places.length === 0) return [layer];
		const { type, options } = graph.layers[places[0]];
		const given = places.map((place) => graph.layers[place].inputs.map((from) => (origins[from] ?? []).length > 0));
		const isMasked = given.flat().includes(true);
		const masks = () => layer.inbound_nodes.map((inputs, use) => inputs.map((input, k) => made(`${layer.name}_mask_${use}_${k}`, maskOfInput, { isThere: given[use][k] }, [[input]])));
		const asking = (class_name, own) => {
			const asked = masks();
			return [...asked.flat(), {
				...layer,
				class_name,
				config: {
					name: layer.name,
					trainable: layer.config["trainable"],
					...own,
					masks: given[0].length
				},
				inbound_nodes: layer.inbound_nodes.map((inputs, use) => [...inputs, ...asked[use].map(outputOf)])
			}];
		};
		if (isMasked && merges.has(type)) {
			const axis = type === "concatenate" ? { axis: layer.config["axis"] } : {};
			return asking(maskedMerge.className, { options: {
				merge: type,
				...axis
			} });
		}
		if (isMasked && type === "globalAveragePooling1d") return asking(averageOfPresent.className, { options: {} });
		if (type === "multiHeadAttention") return isMasked ? asking(layer.class_name, { options: layer.config["options"] }) : [{
			...layer,
			config: {
				...layer.config,
				masks: 0
			}
		}];
		if (!recurrent.has(type)) return [layer];
		const below = layer.inbound_nodes.map(([input], use) => given[use][0] ? void 0 : made(`${layer.name}_steps_${use}`, allPresent, {}, [[input]]));
		const ran = {
			...layer,
			inbound_nodes: layer.inbound_nodes.map((inputs, use) => below[use] ? [outputOf(below[use])] : inputs)
		};
		const before = below.filter((one) => one !== void 0);
		const inner = type === "bidirectional" ? chosenFrom(layers, options["layer"]) : void 0;
		if (!isMasked || inner?.options["returnSequences"] !== true) return [...before, ran];
		const asked = masks().map(([mask]) => mask);
		const zeroed = made(`${layer.name}_present`, zeroAbsent, { isBackwards: inner.options["goBackwards"] === true }, asked.map((mask, use) => [[
			layer.name,
			use,
			0,
			{}
		], outputOf(mask)]));
		ends.set(layer.name, zeroed.name);
		return [
			...before,
			ran,
			...asked,
			zeroed
		];
	});
	const placed = (user, [from, ...rest]) => ends.get(from) === user ? [from, ...rest] : [ends.get(from) ?? from, ...rest];
	return {
		...net,
		layers: written.map((layer) => ({
			...layer,
			inbound_nodes: layer.inbound_nodes.map((inputs) => inputs.map((input) => placed(layer.name, input)))
		})),
		output_layers: net.output_layers.map((output) => placed("", output))
	};
}
function withMisfit(net, type, { layer: place, reason }, uses) {
	const layers = net.layers.map((layer) => {
		if (uses.get(layer.name)?.includes(place) !== true) return layer;
		const { class_name, config } = layer;
		const { name, trainable } = config;
		return {
			...layer,
			class_name: onlyHere.className,
			config: {
				name,
				trainable,
				options: {
					reason: `(${type}) ${reason}`,
					class_name,
					config
				}
			}
		};
	});
	return {
		...net,
		layers
	};
}
const outputOf = ({ name }) => [
	name,
	0,
	0,
	{}
];
/** Of each layer of TensorFlow.js, the places of the graph where it is used, in their order. */
function usesOf({ layers }) {
	const uses = /* @__PURE__ */ new Map();
	const nameOf = (place) => {
		const { name, shares } = layers[place];
		return shares === void 0 ? name : nameOf(shares);
	};
	for (const place of layers.keys()) uses.set(nameOf(place), [...uses.get(nameOf(place)) ?? [], place]);
	return uses;
}
const classOf = {
	add: "Add",
	multiply: "Multiply",
	average: "Average",
	maximum: "Maximum",
	minimum: "Minimum",
	concatenate: "Concatenate"
};
/** The net as it was before, for programs whose layers read masks as ours do. */
function withoutExplicitMasks(net) {
	const helpers = new Map(net.layers.filter(({ class_name }) => [allPresent, zeroAbsent].some(({ className }) => className === class_name)).map((layer) => [layer.name, layer]));
	const source = (place) => {
		const helper = helpers.get(place[0]);
		return helper === void 0 ? place : source(helper.inbound_nodes[place[1]][0]);
	};
	const layers = net.layers.flatMap((layer) => {
		if (helpers.has(layer.name) || layer.class_name === maskOfInput.className) return [];
		const { masks = 0, ...config } = layer.config;
		const inbound = layer.inbound_nodes.map((all) => all.slice(0, all.length - masks).map(source));
		return [{
			...layer,
			...original({
				...layer,
				config
			}),
			inbound_nodes: inbound
		}];
	});
	return {
		...net,
		layers,
		output_layers: net.output_layers.map(source)
	};
}
function original({ class_name, config }) {
	const { options, ...rest } = config;
	if (class_name === onlyHere.className) return options;
	if (class_name === averageOfPresent.className) return {
		class_name: "GlobalAveragePooling1D",
		config: rest
	};
	if (class_name !== maskedMerge.className) return {
		class_name,
		config
	};
	const { merge, ...own } = options;
	return {
		class_name: classOf[merge],
		config: {
			...rest,
			...own
		}
	};
}
// src/layers/saved-elsewhere.ts
/**
* The net such that plain TensorFlow.js (4.22.0), which has none of our mends, loads it and computes the same:
*
* - batch normalization of another axis than the last stands between two `Permute` that bring its channels there and
*   back: the kernels of its CPU, WebGL and wasm count through the weights along the last axis, without a word;
* - that of volumes stands between two `Reshape`, as it is refused there;
* - a convolution or pooling of volumes with `same` whose strides are larger than its window is `valid`, which is the
*   same there: the padding comes out negative elsewhere, and the values wrong without a word;
* - softmax of steps with a mask is an activation: its layer takes the mask for one of the last axis, and fails;
* - what reads masks takes them as inputs, in classes of ours, which `layerline/layers` registers;
* - the first weights of recurrent cells are zeros: matrices at right angles and identities are refused where a weight
*   is no square, though all weights are given.
*
* Batch normalization of what has a mask is kept as it is: `Permute` and `Reshape` lose it.
*
* @param model the one that was saved: it knows the shapes
* @param graph what it was made of
*/
function savedElsewhere(net, model, graph) {
	const origins = maskOrigins(graph.layers);
	const hasMasks = origins.some(({ length }) => length > 0);
	const masked = new Set(graph.layers.filter((_, at) => origins[at].length > 0).map(({ name }) => name));
	const names = new Set(net.layers.map(({ name }) => name));
	const free = (name) => names.has(name) ? free(`${name}_`) : name;
	/** What the layers of a name that others take are called. */
	const ends = /* @__PURE__ */ new Map();
	const written = net.layers.map(({ inbound_nodes, ...layer }) => {
		const shape = [model.getLayer(layer.name).getInputAt(0)].flat()[0].shape.slice(1);
		const own = mended(layer, shape, hasMasks);
		const named = (masked.has(layer.name) ? [own] : around(own, shape)).map(({ name, config, ...part }) => {
			const called = name === layer.name ? name : free(name);
			return {
				...part,
				name: called,
				config: {
					...config,
					name: called
				}
			};
		});
		ends.set(layer.name, named.at(-1).name);
		return named.map((part, at) => ({
			...part,
			inbound_nodes: at === 0 ? inbound_nodes : inbound_nodes.map((_, use) => [[
				named[at - 1].name,
				use,
				0,
				{}
			]])
		}));
	});
	const placed = ([layer, ...rest]) => [ends.get(layer), ...rest];
	const layers = written.flatMap(([first, ...more]) => [{
		...first,
		inbound_nodes: first.inbound_nodes.map((inputs) => inputs.map(placed))
	}, ...more]);
	return withExplicitMasks({
		...net,
		layers,
		output_layers: net.output_layers.map(placed)
	}, graph);
}
/** Layers whose windows move over volumes. */
const volumeClasses = /* @__PURE__ */ new Set([
	"Conv3D",
	"Conv3DTranspose",
	"MaxPooling3D",
	"AveragePooling3D"
]);
function mended(layer, shape, hasMasks) {
	const { class_name, config } = layer;
	if (class_name === "Softmax" && hasMasks) {
		const { name, trainable } = config;
		return {
			...layer,
			class_name: "Activation",
			config: {
				name,
				trainable,
				activation: "softmax"
			}
		};
	}
	if (class_name === "RNN") return {
		...layer,
		config: withoutDraws(config)
	};
	if (!volumeClasses.has(class_name)) return layer;
	const [kernel, strides] = [config["kernel_size"] ?? config["pool_size"], config["strides"]];
	const padding = kernel.map((size, axis) => {
		const stride = strides[axis];
		return size - (class_name === "Conv3DTranspose" ? stride : shape[axis] % stride || stride);
	});
	return Math.max(...padding) <= 0 && Math.min(...padding) < 0 && config["padding"] === "same" ? {
		...layer,
		config: {
			...config,
			padding: "valid"
		}
	} : layer;
}
/** As it is drawn by zeros alone. */
function withoutDraws(config) {
	const zeros = {
		class_name: "Zeros",
		config: {}
	};
	return JSON.parse(JSON.stringify(config, (key, value) => key.endsWith("_initializer") ? zeros : value));
}
/** A layer, and those before and after it that it needs elsewhere. @param shape of its input, without the batch */
function around(layer, shape) {
	if (layer.class_name !== "BatchNormalization") return [layer];
	const rank = shape.length + 1;
	const axis = (Number(layer.config["axis"]) + rank) % rank;
	const order = shape.map((_, at) => at + 1);
	order.push(...order.splice(axis - 1, 1));
	const back = order.map((_, at) => order.indexOf(at + 1) + 1);
	const moved = order.map((one) => shape[one - 1]);
	const part = (end, class_name, config) => ({
		name: `${layer.name}_${end}`,
		class_name,
		config: {
			...config,
			trainable: true
		}
	});
	const [isLast, isVolume] = [axis === rank - 1, rank > 4];
	return [
		...isLast ? [] : [part("channels_last", "Permute", { dims: order })],
		...isVolume ? [part("flat", "Reshape", { target_shape: [moved.slice(0, -2).reduce(product), ...moved.slice(-2)] })] : [],
		isLast ? layer : {
			...layer,
			config: {
				...layer.config,
				axis: -1
			}
		},
		...isVolume ? [part("volume", "Reshape", { target_shape: moved })] : [],
		...isLast ? [] : [part("channels_back", "Permute", { dims: back })]
	];
}
const product = (one, other) => one * other;
// src/layers/saved-topology.ts
const isIndex = (value) => Number.isSafeInteger(value) && value >= 0;
const place = such(list(anything), ([layer, use, output]) => typeof layer === "string" && isIndex(use) && isIndex(output));
/** TensorFlow.js keeps layers under their names in plain objects. */
const name = text(/^(?!__proto__$)/);
/** An object of these keys alone: TensorFlow.js reads others too, and some of them in two spellings. */
const only = (form, ...keys) => such(form, (value) => Object.keys(value).every((key) => keys.includes(key)));
const layer = only(object({
	name,
	class_name: text(),
	config: record(anything),
	inbound_nodes: list(such(list(place), ({ length }) => length > 0))
}), "name", "class_name", "config", "inbound_nodes");
const net = only(object({
	name: text(),
	layers: list(layer),
	input_layers: list(place),
	output_layers: list(place)
}), "name", "layers", "input_layers", "output_layers");
const topology = only(object({
	class_name: oneOf("Model", "Functional"),
	config: net,
	keras_version: anything,
	backend: anything
}), "class_name", "config", "keras_version", "backend");
/** What is wrong with the layers of a saved model; undefined: TensorFlow.js comes to an end with them. */
function topologyMisfit(value) {
	const fault = topology(value);
	if (fault !== void 0) return `\`${["modelTopology", fault].filter(Boolean).join(".")}\` is not as Layerline writes it`;
	const { layers } = value.config;
	const nested = layers.find(({ config }) => /"inbound_?nodes":/i.test(JSON.stringify(config)));
	if (nested !== void 0) return `its layer ${JSON.stringify(nested.name)} is a model of its own`;
	const dangling = withoutInputs(layers);
	return dangling === void 0 ? void 0 : `what its layer ${JSON.stringify(dangling)} takes is nowhere made`;
}
/** The first layer that waits for another for ever, as TensorFlow.js would. */
function withoutInputs(layers) {
	const made = new Map(layers.map((one) => [one.name, Number(one.class_name === "InputLayer")]));
	let waiting = layers.flatMap((one) => one.inbound_nodes.map((inputs) => ({
		user: one.name,
		inputs
	})));
	for (let before = Number.POSITIVE_INFINITY; waiting.length < before;) {
		before = waiting.length;
		waiting = waiting.filter(({ user, inputs }) => {
			if (inputs.some(([from, use]) => (made.get(from) ?? 0) <= use)) return true;
			made.set(user, made.get(user) + 1);
			return false;
		});
	}
	return waiting[0]?.user;
}
// src/layers/save-model.ts
/** The files of a model in TensorFlow.js' format, in the order they are written: the one that names the others last. */
const modelFiles = ["weights.bin", "model.json"];
const spec = object({
	name: text(),
	shape: list(such(whole, (size) => size >= 0)),
	dtype: oneOf("float32", "int32", "bool")
});
const manifest = list(object({
	paths: list(text()),
	weights: list(spec)
}));
const parts = /* @__PURE__ */ new Set([
	"modelTopology",
	"format",
	"generatedBy",
	"convertedBy",
	"weightsManifest"
]);
/** What the files of a model have to say: who loads them is led to no other file, and finds all weights in this one. */
const savedModelForm = such(object({
	description: record(anything),
	weights: array(Uint8Array)
}), (saved) => descriptionMisfit(saved) === void 0 && Object.keys(saved.description).every((key) => parts.has(key)));
/**
* What is wrong with a description of a model, or with its weights; undefined: nothing, as far as TensorFlow.js is not
* asked.
*/
function descriptionMisfit({ description: { format, modelTopology, weightsManifest }, weights }) {
	if (format !== "layers-model") return `its format is ${shorten(JSON.stringify(format) ?? "missing")}, not "layers-model"`;
	const strange = topologyMisfit(modelTopology);
	if (strange !== void 0) return strange;
	if (!hasForm(manifest, weightsManifest)) return `\`${["weightsManifest", manifest(weightsManifest)].filter(Boolean).join(".")}\` is not as Layerline writes it`;
	const [{ paths, weights: specs } = {
		paths: [],
		weights: []
	}, ...more] = weightsManifest;
	if (more.length > 0 || paths.join("/") !== "weights.bin") return `its weights are in ${shorten(JSON.stringify(weightsManifest.flatMap((one) => one.paths)))}, not in weights.bin alone`;
	const bytes = specs.reduce((sum, { shape, dtype }) => sum + shape.reduce((product, size) => product * size, dtype === "bool" ? 1 : 4), 0);
	return bytes === weights.length ? void 0 : `it promises ${bytes} bytes of weights, and weights.bin has ${weights.length}`;
}
/**
* The model in the format that tf.loadLayersModel reads.
*
* @param scales of each output that gives standardized numbers: those of the saved one are in their own unit
*/
async function saveModel(tf, model, scales = []) {
	let saved;
	const told = inOwnUnits(tf, model.layersModel, scales);
	await told.save(tf.io.withSaveHandler(async (artifacts) => {
		const { weightData, weightSpecs, modelTopology, ...rest } = artifacts;
		const { config, ...topology } = modelTopology;
		saved = {
			description: JSON.parse(JSON.stringify({
				modelTopology: {
					...topology,
					config: savedElsewhere(config, told, model.graph)
				},
				...rest,
				weightsManifest: [{
					paths: ["weights.bin"],
					weights: weightSpecs
				}]
			})),
			weights: new Uint8Array(tf.io.CompositeArrayBuffer.join(weightData))
		};
		return { modelArtifactsInfo: {
			dateSaved: /* @__PURE__ */ new Date(),
			modelTopologyType: "JSON"
		} };
	}));
	return saved;
}
/**
* Gives a model the weights of a saved one that was made of the same layers.
*
* @param scales as saveModel was told
* @returns whether they fit it; where they do not, it may have some of them
*/
function putWeights(tf, model, { description, weights }, scales) {
	const [{ weights: specs }] = description["weightsManifest"];
	const own = inOwnUnits(tf, model.layersModel, scales).weights.map((weight) => weight.read());
	if (!(specs.length === own.length && specs.every(({ shape, dtype }, i) => dtype === own[i].dtype && String(shape) === String(own[i].shape)))) return false;
	let at = 0;
	for (const variable of own) {
		const bytes = weights.slice(at, at += variable.size * (variable.dtype === "bool" ? 1 : 4));
		const values = variable.dtype === "bool" ? bytes : new (variable.dtype === "int32" ? Int32Array : Float32Array)(bytes.buffer, 0, variable.size);
		const tensor = tf.tensor(values, variable.shape, variable.dtype);
		variable.assign(tensor);
		tensor.dispose();
	}
	return true;
}
/** What an output says in its own unit. @param scale as saveModel is told, of this output */
function inOwnUnit(tf, output, scale) {
	if (scale === null) return output;
	return tf.add(tf.mul(output, scale.map(({ deviation }) => deviation)), scale.map(({ mean }) => mean));
}
/**
* A model that multiplies and adds at its end what was divided by and taken from the numbers that it has learnt: the
* one that is saved.
*
* @param scales as saveModel is told
*/
function inOwnUnits(tf, model, scales) {
	if (scales.every((each) => each === null)) return model;
	const names = new Set(model.layers.map(({ name }) => name));
	const outputs = model.outputs.map((output, k) => {
		const own = scales[k] ?? null;
		if (own === null) return output;
		let name = `${model.outputNames[k]}_in_own_unit`;
		while (names.has(name)) name += "_";
		names.add(name);
		const each = (values) => values.length === 1 ? values[0] : values;
		const scale = each(own.map(({ deviation }) => deviation));
		const offset = each(own.map(({ mean }) => mean));
		return layerOfClass(tf, "Rescaling", {
			name,
			scale,
			offset
		}).apply(output);
	});
	return tf.model({
		name: model.name,
		inputs: model.inputs,
		outputs
	});
}
/**
* Writes the files of a model. TensorFlow.js' own file handler writes in place, the description before the weights: a
* kill leaves a mixed pair. They outlast a loss of power: the checkpoints that they come from are removed when the run
* has finished.
*
* @param metadata what `getUserDefinedMetadata` gives of the loaded model
*/
function writeModel(folder, { description, weights }, metadata) {
	writeFileAtomic(join(folder, "weights.bin"), weights);
	writeFileAtomic(join(folder, "model.json"), JSON.stringify({
		...description,
		userDefinedMetadata: metadata
	}, null, 1));
	syncFolder(folder);
}
export { saveModel as a, maskMisfit as c, allPresent as d, maskOfInput as f, putWeights as i, withExplicitMasks as l, zeroAbsent as m, inOwnUnit as n, savedModelForm as o, onlyHere as p, modelFiles as r, writeModel as s, descriptionMisfit as t, withoutExplicitMasks as u };
