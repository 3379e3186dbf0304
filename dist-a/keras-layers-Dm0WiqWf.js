// src/models/formats/keras-layers.ts
/** That Keras has no equal of a layer; the message says why. */
var NoEqual = class extends Error {};
/** The version that all of this is written for. */
const kerasVersion = "3.15.1";
const training = /_(initializer|regularizer|constraint)$/;
/** Options that Keras 3 no longer has. */
const gone = /* @__PURE__ */ new Set([
	"implementation",
	"input_length",
	"batch_input_shape"
]);
/** Options but for those that matter to training alone. */
function ownOptions(config) {
	const kept = Object.entries(config).filter(([key]) => !training.test(key) && !gone.has(key));
	return Object.fromEntries(kept.map(([key, value]) => [key, key.endsWith("activation") ? activationOf(value) : value]));
}
function activationOf(name) {
	if (name === "hard_sigmoid") throw new NoEqual("hardSigmoid is 0.2 x + 0.5 within 0..1 here, and relu6(x + 3) / 6 in Keras 3");
	if (name === "gelu_new") throw new NoEqual("Keras names only the exact gelu, not its approximation by tanh");
	return name;
}
const named = (name, change = (config) => config) => (config, weights) => ({
	class_name: name,
	config: ownOptions(change(config)),
	weights: { "": weights }
});
/** A layer of our own, whose options are in an object of theirs. */
const ours = (translate) => ({ options, ...config }, weights) => translate({
	...config,
	...options
}, weights);
const refused = (reason) => () => {
	throw new NoEqual(reason);
};
/** Which gates, in the order of the kernels, the recurrent activation is of. */
const gates = {
	LSTM: [
		true,
		true,
		false,
		true
	],
	GRU: [
		true,
		true,
		false
	],
	ConvLSTM2D: [
		true,
		true,
		false,
		true
	]
};
/**
* A recurrent layer or its cell. Where its gates have 0.2 x + 0.5, Keras' relu6(x + 3) / 6 gives the same of 1.2 x:
* their weights are multiplied.
*/
function recurrent(name, path) {
	return (config, weights) => {
		const own = gates[name.replace(/Cell$/, "")];
		if (!(own !== void 0 && config["recurrent_activation"] === "hard_sigmoid")) return {
			class_name: name,
			config: ownOptions(config),
			weights: { [path]: weights }
		};
		const { recurrent_activation: gate, ...options } = config;
		return {
			class_name: name,
			config: {
				...ownOptions(options),
				recurrent_activation: gate
			},
			weights: { [path]: weights.map((weight) => scaleGates(weight, own)) }
		};
	};
}
function scaleGates(weight, own) {
	const width = weight.shape.at(-1);
	const values = Float32Array.from(weight.values, (value, i) => own[Math.floor(i % width * own.length / width)] ? value * 1.2 : value);
	return {
		...weight,
		values
	};
}
/** The weights of an object inside another one. */
function below(path, { weights }) {
	return Object.fromEntries(Object.entries(weights).map(([way, own]) => [way === "" ? path : `${path}/${way}`, own]));
}
const described = ({ class_name, config }) => ({
	module: "keras.layers",
	class_name,
	config
});
const rnnOptions = /* @__PURE__ */ new Set([
	"name",
	"trainable",
	"return_sequences",
	"return_state",
	"go_backwards",
	"stateful",
	"unroll"
]);
/** Its cells one after the other, counted by their class. */
const stacked = ({ cell, ...config }, weights) => {
	const { cells = [cell], name } = cell.config;
	const isStack = cell.class_name === "StackedRNNCells";
	let at = 0;
	const counted = new Counter();
	const parts = cells.map((one) => {
		const taken = one.config["use_bias"] === false ? 2 : 3;
		const part = translateLayer(one, weights.slice(at, at += taken));
		return {
			part,
			path: isStack ? `cell/cells/${counted.name(part.class_name)}` : "cell"
		};
	});
	const inner = parts.map(({ part }) => described(part));
	return {
		class_name: "RNN",
		config: {
			...Object.fromEntries(Object.entries(config).filter(([key]) => rnnOptions.has(key))),
			cell: isStack ? {
				module: "keras.layers",
				class_name: "StackedRNNCells",
				config: {
					name,
					cells: inner
				}
			} : inner[0]
		},
		weights: Object.assign({}, ...parts.map(({ part, path }) => below(path, part)))
	};
};
const bothWays = ({ layer, ...config }, weights) => {
	const forward = layer;
	const isBackwards = forward.config["go_backwards"] === true;
	const half = weights.length / 2;
	const halves = [translateLayer(forward, weights.slice(0, half)), translateLayer({
		...forward,
		config: {
			...forward.config,
			name: `${String(forward.config["name"])}_back`,
			go_backwards: !isBackwards
		}
	}, weights.slice(half))];
	return {
		class_name: "Bidirectional",
		config: {
			...ownOptions(config),
			layer: described(halves[0]),
			backward_layer: described(halves[1])
		},
		weights: {
			...below("forward_layer", halves[0]),
			...below("backward_layer", halves[1])
		}
	};
};
const eachStep = ({ layer, ...config }, weights) => {
	const inner = translateLayer(layer, weights);
	return {
		class_name: "TimeDistributed",
		config: {
			...ownOptions(config),
			layer: described(inner)
		},
		weights: below("layer", inner)
	};
};
/** In Keras the kernels have an axis for the heads. */
const attention = ({ causal, ...config }, weights) => {
	const heads = config["num_heads"];
	const parts = [
		"query",
		"key",
		"value",
		"output"
	].map((part) => {
		const shaped = weights.filter(({ name }) => name.split("/").at(-1).startsWith(`${part}_`)).map((weight) => {
			const { shape } = weight;
			const width = shape.at(-1);
			if (part !== "output") return {
				...weight,
				shape: [
					...shape.slice(0, -1),
					heads,
					width / heads
				]
			};
			return shape.length === 1 ? weight : {
				...weight,
				shape: [
					heads,
					shape[0] / heads,
					width
				]
			};
		});
		return [`${part}_dense`, shaped];
	});
	return {
		class_name: "MultiHeadAttention",
		config: ownOptions(config),
		weights: Object.fromEntries(parts),
		...causal === true ? { call: { use_causal_mask: true } } : {}
	};
};
/** Keras has none: what it adds is the bias of a layer that multiplies by ones. */
const positions = (config, [embeddings]) => {
	const { shape, values } = embeddings;
	if (shape.length !== 2) throw new NoEqual(`Keras has no layer that adds vectors of ${shape.length} axes`);
	return {
		class_name: "EinsumDense",
		config: {
			...ownOptions(config),
			equation: "abc,bc->abc",
			output_shape: shape,
			bias_axes: "bc"
		},
		weights: { "": [{
			...embeddings,
			values: new Float32Array(values.length).fill(1)
		}, embeddings] }
	};
};
const resizing = refused("TensorFlow.js takes pixels for points when it resizes, Keras for squares");
const sameInBoth = "InputLayer Dense Flatten Reshape Permute RepeatVector Masking Embedding Conv1D Conv2D Conv3D Conv2DTranspose Conv3DTranspose DepthwiseConv2D MaxPooling1D MaxPooling2D MaxPooling3D AveragePooling1D AveragePooling2D AveragePooling3D GlobalMaxPooling1D GlobalMaxPooling2D GlobalAveragePooling1D GlobalAveragePooling2D ZeroPadding2D Cropping2D BatchNormalization LayerNormalization Activation ReLU PReLU ELU Softmax Dropout GaussianDropout AlphaDropout Rescaling Add Multiply Average Maximum Minimum Concatenate".split(" ");
const translations = {
	...Object.fromEntries(sameInBoth.map((name) => [name, named(name)])),
	SeparableConv2D: (config, weights) => named("SeparableConv2D", (given) => ({
		...given,
		depth_multiplier: weights[0].shape.at(-1)
	}))(config, weights),
	SpatialDropout1D: named("SpatialDropout1D", ({ name, rate }) => ({
		name,
		rate
	})),
	GaussianNoise: named("GaussianNoise", ({ stddev, ...config }) => ({
		...config,
		stddev: Math.min(1, stddev)
	})),
	UpSampling2D: (config, weights) => config["interpolation"] === "bilinear" ? resizing(config, weights) : named("UpSampling2D")(config, weights),
	LeakyReLU: named("LeakyReLU", ({ alpha, ...config }) => ({
		...config,
		negative_slope: alpha
	})),
	ThresholdedReLU: named("ReLU", ({ theta, ...config }) => ({
		...config,
		threshold: theta
	})),
	SimpleRNN: recurrent("SimpleRNN", "cell"),
	GRU: recurrent("GRU", "cell"),
	LSTM: recurrent("LSTM", "cell"),
	ConvLSTM2D: recurrent("ConvLSTM2D", "cell"),
	SimpleRNNCell: recurrent("SimpleRNNCell", ""),
	GRUCell: recurrent("GRUCell", ""),
	LSTMCell: recurrent("LSTMCell", ""),
	RNN: stacked,
	Bidirectional: bothWays,
	TimeDistributed: eachStep,
	LayerlineGroupNormalization: ours(named("GroupNormalization")),
	LayerlineSubtract: ours(named("Subtract")),
	LayerlineDot: ours(named("Dot")),
	LayerlineCategoryEncoding: ours(named("CategoryEncoding")),
	LayerlineMultiHeadAttention: ours(attention),
	LayerlinePositionEmbedding: ours(positions),
	LayerlineResizing: resizing
};
/** Every class that an export names: one in a file that names others is of another program. */
const kerasClasses = new Set(Object.keys(translations).filter((name) => !name.startsWith("Layerline")).concat("StackedRNNCells", "Subtract", "Dot", "GroupNormalization", "CategoryEncoding", "MultiHeadAttention", "EinsumDense"));
/**
* A layer in Keras 3.
*
* @param weights its own, in the order of `model.json`
* @throws NoEqual
*/
function translateLayer({ class_name, config }, weights) {
	const translate = Object.hasOwn(translations, class_name) ? translations[class_name] : void 0;
	if (translate === void 0) throw new NoEqual(`Keras has no layer ${class_name}`);
	return translate(config, weights);
}
/** Counts objects by their class, as Keras does for the places of weights. */
var Counter = class {
	seen = /* @__PURE__ */ new Map();
	/** `lstm_cell`, `lstm_cell_1`, ... */
	name(className) {
		const name = className.replaceAll(/(.)([A-Z][a-z]+)/g, "$1_$2").replaceAll(/([a-z])([A-Z])/g, "$1_$2").toLowerCase();
		const count = this.seen.get(name) ?? 0;
		this.seen.set(name, count + 1);
		return count === 0 ? name : `${name}_${count}`;
	}
};
export { translateLayer as a, kerasVersion as i, NoEqual as n, kerasClasses as r, Counter as t };
