import { bs as failure, fa as shellWord, io as showBytes, vs as UserError } from "./checks-359mGJ3h.js";
import { a as layout, l as noexecMount, m as packageFolder, t as engineStatus, u as engineKind, x as engineFailure } from "./engine-status-CGKvgfDM.js";
import nodeModule, { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { totalmem } from "node:os";
import { readFileSync, readlinkSync, realpathSync } from "node:fs";
import util from "node:util";
// src/base/available-memory.ts
/**
* Bytes of memory that this process may come to have, what it has now among them: the least of what the machine has
* free, and of what the control groups leave that it is in (containers, systemd). What others use does not count as
* there, but for caches of files. Node's own `constrainedMemory` sees one group alone.
*/
function availableMemory() {
	if (process.platform !== "linux") return totalmem();
	const own = kilobytes(read$1("/proc/self/status"), "VmRSS");
	const machine = read$1("/proc/meminfo");
	const free = kilobytes(machine, "MemAvailable") + kilobytes(machine, "SwapFree") + own;
	const limits = [
		totalmem(),
		free,
		...controlGroups().flatMap((folder) => leftBy(folder, own))
	];
	return Math.max(0, Math.min(...limits.filter((limit) => limit > 0)));
}
/**
* Bytes of address space that `ulimit -v` lets this process have, which counts what is reserved, used or not; Infinity
* without a limit.
*/
function addressSpaceLimit() {
	return Number(/^Max address space +(\d+)/m.exec(read$1("/proc/self/limits"))?.[1] ?? Infinity);
}
/**
* The folders of this process's group and of all above it that can be seen here, of both versions of control groups.
*/
function controlGroups() {
	const groups = read$1("/proc/self/cgroup").split("\n").map((line) => /^\d+:([^:]*):(.*)$/.exec(line)).filter((match) => match !== null);
	return read$1("/proc/self/mountinfo").split("\n").flatMap((line) => {
		const [, root, mount, type, options] = /^\S+ \S+ \S+ (\S+) (\S+) .* - (cgroup2?) \S+ (\S+)$/.exec(line) ?? [];
		if (!(type === "cgroup2" || type === "cgroup" && options.split(",").includes("memory"))) return [];
		const path = groups.find(([, controllers]) => type === "cgroup2" ? controllers === "" : controllers.split(",").includes("memory"))?.[2] ?? "/";
		const below = relative(root, path);
		let folder = below.startsWith("..") ? mount : join(mount, below);
		const folders = [folder];
		for (; folder !== mount && folder.startsWith(mount); folder = dirname(folder)) folders.push(dirname(folder));
		return folders;
	});
}
/** What the limits of a group leave for this process; none where it has no limit. */
function leftBy(folder, own) {
	const stat = read$1(join(folder, "memory.stat"));
	const number = (name) => Number.parseInt(read$1(join(folder, name)), 10);
	const kept = (name) => Number(new RegExp(`^${name} (\\d+)$`, "m").exec(stat)?.[1] ?? NaN);
	const limits = [
		number("memory.max"),
		number("memory.high"),
		number("memory.limit_in_bytes"),
		kept("hierarchical_memory_limit")
	].filter((limit) => limit > 0 && limit < totalmem());
	if (limits.length === 0) return [];
	const used = [number("memory.current"), number("memory.usage_in_bytes")].find(Number.isFinite) ?? 0;
	const cached = [kept("total_inactive_file"), kept("inactive_file")].find(Number.isFinite) ?? 0;
	return [Math.max(1, Math.min(...limits) - Math.max(0, used - cached - own))];
}
function kilobytes(text, name) {
	return 1024 * Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, "m").exec(text)?.[1] ?? 0);
}
function read$1(path) {
	try {
		return readFileSync(path, "utf8");
	} catch {
		return "";
	}
}
// src/engine/check-process.ts
/**
* Bytes of address space, measured with runs of small nets under `ulimit -v`. Most of it is reserved and never used: by
* V8 for code, by the threads for stacks and by malloc for each of them.
*/
const addressSpaceNeeds = {
	/** With less, TensorFlow is not mapped, or a thread of Node ends the process. */
	start: 26e8,
	/** What a run takes to its end, its data, weights and activations apart. */
	run: 33e8
};
const withoutTensorflow = "Or set PIPELINE_ENGINE=wasm to train without a native engine, some 15 times slower.";
/**
* Refuses to load TensorFlow where it would end the process, which says nothing then that helps.
*
* @throws UserError that names what is missing
*/
function checkProcess() {
	const limit = addressSpaceLimit();
	if (limit < addressSpaceNeeds.start) throw failure("engine-address-space", `TensorFlow does not load: it reserves about ${showBytes(addressSpaceNeeds.run)} of address space, more than \`ulimit -v ${limit / 1024}\` allows`, `Raise the limit: \`ulimit -v unlimited\`. ${withoutTensorflow}`);
	if (process.platform === "linux" && !hasProc()) throw failure("engine-without-proc", "TensorFlow does not load: it looks itself up in /proc/self/exe, which is not there", `Mount it: \`mount -t proc proc /proc\`. ${withoutTensorflow}`);
}
/** TensorFlow does not come into memory. @param reason what the system said */
function noMemory(reason, cause) {
	return failure("engine-out-of-memory", `TensorFlow does not load: there is not enough memory (${reason})`, `Raise the limit if there is one (\`ulimit -v unlimited\`), or give the machine or container more memory. ${withoutTensorflow}`, cause);
}
function hasProc() {
	try {
		readlinkSync("/proc/self/exe");
		return true;
	} catch {
		return false;
	}
}
// src/engine/private-parts.ts
const CALLS = [
	"createTensor",
	"deleteTensor",
	"tensorDataSync",
	"executeOp",
	"loadSavedModel",
	"deleteSavedModel",
	"runSavedModel"
];
/** tensorflow/c/tf_datatype.h and tf_attrtype.h; the graph's protobuf uses the same numbers for types. */
const NUMBERS = {
	TF_FLOAT: 1,
	TF_INT32: 3,
	TF_UINT8: 4,
	TF_STRING: 7,
	TF_BOOL: 10,
	TF_ATTR_STRING: 0,
	TF_ATTR_INT: 1,
	TF_ATTR_FLOAT: 2,
	TF_ATTR_BOOL: 3,
	TF_ATTR_TYPE: 4,
	TF_ATTR_SHAPE: 5
};
/**
* The private parts of the tfjs-node that runs, all of them reached from here alone. They are tfjs-node 4.22.0's;
* whether this one has them is tried out, not read off its version.
* @throws UserError `engine-parts` naming the part that is missing or does something else
*/
function privateParts(tf) {
	const backend = tf.backend();
	const parts = {
		binding: backend.binding,
		idOf: (tensor) => backend.getInputTensorIds([tensor])[0],
		wrap: (metadata) => backend.createOutputTensor(metadata),
		intercept: (replaced, body) => {
			const original = backend.binding;
			backend.binding = Object.create(original, Object.getOwnPropertyDescriptors(replaced));
			try {
				return body();
			} finally {
				backend.binding = original;
			}
		}
	};
	const problem = missingPart(backend) ?? tf.tidy(() => misbehaviour(tf, parts));
	if (problem !== void 0) throw failure("engine-parts", `this tfjs-node is not as it has to be: ${problem}`, "Install @tensorflow/tfjs-node 4.22.0, or train with step: eager.");
	return parts;
}
function missingPart(backend) {
	const binding = backend.binding;
	if (binding === void 0) return "its backend has no binding";
	for (const call of CALLS) if (typeof binding[call] !== "function") return `the addon has no ${call}`;
	for (const [name, value] of Object.entries(NUMBERS)) {
		const found = binding[name];
		if (found !== value) return `${name} is ${found}, not ${value}`;
	}
	for (const method of ["getInputTensorIds", "createOutputTensor"]) if (typeof backend[method] !== "function") return `its backend has no ${method}`;
}
/**
* Adds 1 and 2 with the addon covered: every op has to pass through the cover, and its numbers have to be ours to wrap.
*/
function misbehaviour(tf, parts) {
	const { binding } = parts;
	const seen = [];
	const one = parts.idOf(tf.scalar(1));
	const sum = parts.intercept({ executeOp: (name, ...rest) => (seen.push(name), binding.executeOp(name, ...rest)) }, () => tf.add(tf.scalar(1), tf.scalar(2)));
	if (binding.tensorDataSync(one)[0] !== 1) return "tensor ids do not lead to the values";
	if (seen.length !== 1 || sum.dataSync()[0] !== 3) return "ops do not pass through its binding";
	return parts.wrap(binding.executeOp("AddV2", [], [one, one], 1)[0]).dataSync()[0] === 2 ? void 0 : "it does not wrap tensors of the addon";
}
// src/engine/batch-normalization.ts
/**
* Lets batch normalization train by TensorFlow's fused op and its gradient (3 times the eager training of a residual
* net, 2.6 times the compiled). The results agree with the stock layer's to 5e-6; without scale or center, and on
* another axis than the last, the stock layer does not train at all. Inference stays stock but for volumes, which the
* stock layer refuses. `there` in the call's arguments, 1 and 0 in the input's shape, says which values count, as the
* mask of Keras does.
*
* @param normalize another engine's way to do the same
*/
function fuseBatchNormalization(tf, normalize = createNormalize(tf)) {
	const prototype = Object.getPrototypeOf(tf.layers.batchNormalization({}));
	const stock = prototype.call;
	const trainOnPresent = (image, there, gamma, beta, layer) => {
		const count = tf.add(tf.sum(there, [
			0,
			1,
			2
		]), 1e-7);
		const mean = tf.div(tf.sum(tf.mul(image, there), [
			0,
			1,
			2
		]), count);
		const centred = tf.sub(image, mean);
		const variance = tf.div(tf.sum(tf.mul(tf.square(centred), there), [
			0,
			1,
			2
		]), count);
		move(tf, layer.movingMean, mean, layer.momentum);
		move(tf, layer.movingVariance, variance, layer.momentum);
		return tf.add(tf.mul(centred, tf.mul(tf.rsqrt(tf.add(variance, layer.epsilon)), gamma)), beta);
	};
	const trainOn = (image, gamma, beta, layer) => {
		const { output, mean, variance } = normalize(image, gamma, beta, layer.epsilon);
		move(tf, layer.movingMean, mean, layer.momentum);
		move(tf, layer.movingVariance, variance, layer.momentum);
		return output;
	};
	prototype.call = function(inputs, kwargs) {
		const training = kwargs["training"] === true;
		const input = Array.isArray(inputs) ? inputs[0] : inputs;
		if (!training && input.rank <= 4) return stock.call(this, inputs, kwargs);
		return tf.tidy(() => {
			const { rank } = input;
			const order = [...Array(rank).keys()];
			order.push(...order.splice(this.axis, 1));
			const last = this.axis === -1 || this.axis === rank - 1;
			const channelsLast = last ? input : tf.transpose(input, order);
			const channels = channelsLast.shape.at(-1);
			const gamma = this.gamma?.read() ?? tf.ones([channels]);
			const beta = this.beta?.read() ?? tf.zeros([channels]);
			const image = rank === 4 ? channelsLast : tf.reshape(channelsLast, [
				-1,
				1,
				1,
				channels
			]);
			const there = kwargs["there"];
			const train = () => there === void 0 ? trainOn(image, gamma, beta, this) : trainOnPresent(image, tf.reshape(last ? there : tf.transpose(there, order), image.shape), gamma, beta, this);
			const output = training ? train() : tf.batchNorm(image, this.movingMean.read(), this.movingVariance.read(), beta, gamma, this.epsilon);
			const shaped = rank === 4 ? output : tf.reshape(output, channelsLast.shape);
			return last ? shaped : tf.transpose(shaped, order.map((_, axis) => order.indexOf(axis)));
		});
	};
}
/** As the stock layer does it: the average moves by (1 - momentum) of its distance to the batch's value. */
function move(tf, average, value, momentum) {
	const before = average.read();
	average.write(tf.sub(before, tf.mul(tf.sub(before, value), 1 - momentum)));
}
function createNormalize(tf) {
	const backend = tf.backend();
	const { TF_ATTR_TYPE, TF_ATTR_STRING, TF_ATTR_FLOAT, TF_ATTR_BOOL, TF_FLOAT } = privateParts(tf).binding;
	const attributes = (epsilon) => [
		{
			name: "T",
			type: TF_ATTR_TYPE,
			value: TF_FLOAT
		},
		{
			name: "U",
			type: TF_ATTR_TYPE,
			value: TF_FLOAT
		},
		{
			name: "epsilon",
			type: TF_ATTR_FLOAT,
			value: epsilon
		},
		{
			name: "data_format",
			type: TF_ATTR_STRING,
			value: "NHWC"
		},
		{
			name: "is_training",
			type: TF_ATTR_BOOL,
			value: true
		}
	];
	return (input, gamma, beta, epsilon) => {
		const none = tf.tensor1d([]);
		let statistics;
		const output = tf.customGrad((x, scale, offset, save) => {
			const inputs = [
				x,
				scale,
				offset,
				none,
				none
			];
			const [y, mean, , reserve1, variance, reserve3] = backend.executeMultipleOutputs("FusedBatchNormV3", attributes(epsilon), inputs, 6);
			statistics = {
				mean: tf.keep(mean),
				variance: tf.keep(tf.clone(variance))
			};
			save([
				x,
				scale,
				reserve1,
				variance,
				reserve3
			]);
			return {
				value: y,
				gradFunc: (dy, saved) => backend.executeMultipleOutputs("FusedBatchNormGradV3", attributes(epsilon), [dy, ...saved], 5).slice(0, 3)
			};
		})(input, gamma, beta);
		const { mean, variance } = statistics;
		const owned = {
			output,
			mean: tf.clone(mean),
			variance: tf.clone(variance)
		};
		tf.dispose([mean, variance]);
		return owned;
	};
}
// src/engine/pointwise-gradient.ts
/**
* Keeps oneDNN from writing past its own memory: its gradient of a 1x1 filter with strides does so where there are
* fewer input channels than its vectors hold (8 or 16; https://github.com/uxlfoundation/oneDNN/issues/6035), which
* ends the process at some later moment. A 1x1 filter sees only every stride-th pixel, so the same gradient comes from
* those pixels with stride 1.
*/
function repairPointwiseGradient(tf) {
	for (const kernelName of ["Conv2DBackpropFilter", "DepthwiseConv2dNativeBackpropFilter"]) {
		const stock = tf.getKernel(kernelName, "tensorflow");
		const kernelFunc = (call) => {
			const { filterShape, strides } = call.attrs;
			const [down, across] = typeof strides === "number" ? [strides, strides] : strides;
			if (filterShape[0] * filterShape[1] > 1 || down * across === 1) return stock.kernelFunc(call);
			const x = call.inputs["x"];
			const seen = tf.avgPool(x, 1, [down, across], "valid");
			const gradient = stock.kernelFunc({
				...call,
				inputs: {
					...call.inputs,
					x: seen
				},
				attrs: {
					...call.attrs,
					strides: [1, 1]
				}
			});
			seen.dispose();
			return gradient;
		};
		tf.unregisterKernel(kernelName, "tensorflow");
		tf.registerKernel({
			...stock,
			kernelFunc
		});
	}
}
// src/engine/unstack-gradient.ts
/**
* TensorFlow.js' gradient of `unstack` fails where there is one slice: it takes the lone gradient for a list. Sequences
* of one step need it.
*/
function repairUnstackGradient(tf) {
	tf.unregisterGradient("Unpack");
	tf.registerGradient({
		kernelName: "Unpack",
		gradFunc: (dy, _, attributes) => ({ value: () => tf.stack([dy].flat(), attributes["axis"]) })
	});
}
// src/engine/native-ops.ts
/**
* The computations that TensorFlow does better in one op of its own than TensorFlow.js does in several, and, where
* TensorFlow.js itself calls the slow form, the override of it. Each computes the same function as the stock form.
*/
function createOps(tf) {
	const backend = tf.backend();
	const { TF_ATTR_TYPE, TF_FLOAT, TF_INT32 } = backend.binding;
	const type = (name, value) => ({
		name,
		type: TF_ATTR_TYPE,
		value
	});
	const setGradient = (kernelName, compute) => {
		tf.unregisterGradient(kernelName);
		tf.registerGradient({
			kernelName,
			outputsToSave: [true],
			gradFunc: (dy, [y]) => ({ x: () => compute(dy, y) })
		});
	};
	const oneOp = (name, ...inputs) => backend.executeSingleOutput(name, [type("T", TF_FLOAT)], inputs);
	setGradient("Relu", (dy, y) => oneOp("ReluGrad", dy, y));
	setGradient("Sigmoid", (dy, y) => oneOp("SigmoidGrad", y, dy));
	setGradient("Tanh", (dy, y) => oneOp("TanhGrad", y, dy));
	fuseBatchNormalization(tf);
	repairUnstackGradient(tf);
	repairPointwiseGradient(tf);
	const crossEntropy = tf.customGrad((logits, labels, save) => {
		const [losses, gradient] = backend.executeMultipleOutputs("SoftmaxCrossEntropyWithLogits", [type("T", TF_FLOAT)], [logits, labels], 2);
		save([gradient]);
		return {
			value: losses,
			gradFunc: (dy, saved) => [tf.mul(tf.expandDims(dy, 1), saved[0]), tf.zerosLike(saved[0])]
		};
	});
	return {
		softmaxCrossEntropy: (logits, labels) => crossEntropy(logits, labels),
		statelessUniform: (shape, seed) => backend.executeSingleOutput("StatelessRandomUniform", [
			type("dtype", TF_FLOAT),
			type("T", TF_INT32),
			type("Tseed", TF_INT32)
		], [tf.tensor1d(shape, "int32"), seed])
	};
}
// src/engine/wasm/wasm-batch-normalization.ts
/** Batch normalization with its gradient written out (Ioffe and Szegedy 2015, section 3). */
function createWasmNormalize(tf) {
	const batch = [
		0,
		1,
		2
	];
	return (input, gamma, beta, epsilon) => {
		const mean = tf.mean(input, batch);
		const variance = tf.mean(tf.squaredDifference(input, mean), batch);
		return {
			output: tf.customGrad((x, scale, offset, save) => {
				const inverse = tf.rsqrt(tf.add(variance, epsilon));
				const standard = tf.mul(tf.sub(x, mean), inverse);
				save([standard, tf.mul(inverse, scale)]);
				return {
					value: tf.add(tf.mul(standard, scale), offset),
					gradFunc: (dy, [unit, slope]) => {
						const count = dy.size / dy.shape[3];
						const offsetGradient = tf.sum(dy, batch);
						const scaleGradient = tf.sum(tf.mul(dy, unit), batch);
						const centered = tf.sub(dy, tf.div(tf.add(offsetGradient, tf.mul(unit, scaleGradient)), count));
						return [
							tf.mul(centered, slope),
							scaleGradient,
							offsetGradient
						];
					}
				};
			})(input, gamma, beta),
			mean,
			variance
		};
	};
}
// src/engine/wasm/replace-kernel.ts
/** Gives the wasm backend a kernel, in place of its own where it has one. */
function replaceKernel(tf, kernelName, compute) {
	if (tf.getKernel(kernelName, "wasm") !== void 0) tf.unregisterKernel(kernelName, "wasm");
	tf.registerKernel({
		kernelName,
		backendName: "wasm",
		kernelFunc: ({ inputs, attrs, backend }) => tf.tidy(() => compute(inputs, attrs, backend))
	});
}
// src/engine/wasm/convolution-kernels.ts
/** Mends the convolutions of the wasm backend, and gives them their gradients. */
function registerConvolution(tf) {
	for (const name of [
		"Conv2D",
		"FusedConv2D",
		"DepthwiseConv2dNative",
		"FusedDepthwiseConv2D"
	]) cropInput(tf, name);
	replaceKernel(tf, "Conv2DBackpropFilter", ({ x, dy }, attributes) => {
		const { filterShape } = attributes;
		return filterGradient(tf, x, dy, filterShape, convolutionAttributes(attributes));
	});
	replaceKernel(tf, "Conv2DBackpropInput", ({ dy, filter }, attributes) => {
		const { inputShape } = attributes;
		return inputGradient(tf, dy, filter, inputShape, convolutionAttributes(attributes));
	});
}
function convolutionAttributes(attributes) {
	return attributes;
}
/**
* The stock kernels give zeros, without an error, for padding `same` with a stride that leaves rows or columns over at
* the end; without those they compute.
*/
function cropInput(tf, name) {
	const stock = tf.getKernel(name, "wasm").kernelFunc;
	replaceKernel(tf, name, (inputs, attrs, backend) => {
		const { x, filter } = inputs;
		const attributes = convolutionAttributes(attrs);
		const cropped = attributes.pad === "same" ? reachedPart(tf, x, filter.shape, attributes) : x;
		return stock({
			inputs: {
				...inputs,
				x: cropped
			},
			attrs,
			backend
		});
	});
}
/** The input without the rows and columns that no window reaches. */
function reachedPart(tf, x, filterShape, { strides, dilations, pad }) {
	const info = tf.backend_util.computeConv2DInfo(x.shape, filterShape, strides, dilations ?? 1, pad);
	const rows = (info.outHeight - 1) * info.strideHeight + info.effectiveFilterHeight - info.padInfo.top;
	const columns = (info.outWidth - 1) * info.strideWidth + info.effectiveFilterWidth - info.padInfo.left;
	const [, height, width] = x.shape;
	return rows < height || columns < width ? tf.slice(x, [
		0,
		0,
		0,
		0
	], [
		-1,
		Math.min(rows, height),
		Math.min(columns, width),
		-1
	]) : x;
}
/**
* dfilter[i, j, c, f] = sum over n, h, w of x[n, h * stride + i - top, w * stride + j - left, c] * dy[n, h, w, f]: a
* convolution of x with dy as the kernel, where the channels c are the samples and the samples n the channels. The
* stride sets the kernel's values apart, which is a dilation.
*/
function filterGradient(tf, x, dy, filterShape, attributes) {
	const { padInfo: { top, left }, outHeight, outWidth, strideHeight, strideWidth } = tf.backend_util.computeConv2DInfo(x.shape, filterShape, attributes.strides, 1, attributes.pad);
	const part = reachedPart(tf, x, filterShape, attributes);
	const bottom = (outHeight - 1) * strideHeight + filterShape[0] - top - part.shape[1];
	const right = (outWidth - 1) * strideWidth + filterShape[1] - left - part.shape[2];
	const images = tf.transpose(part, [
		3,
		1,
		2,
		0
	]);
	const kernel = tf.transpose(dy, [
		1,
		2,
		0,
		3
	]);
	const gradient = tf.conv2d(images, kernel, 1, [
		[0, 0],
		[top, bottom],
		[left, right],
		[0, 0]
	], "NHWC", [strideHeight, strideWidth]);
	return tf.transpose(gradient, [
		1,
		2,
		0,
		3
	]);
}
/**
* dx[n, h, w, c] = sum over i, j, f of dy[n, (h + top - i) / stride, (w + left - j) / stride, f] * filter[i, j, c, f],
* where the stride divides: a convolution of dy, set apart by zeros, with the filter turned by 180 degrees. The stock
* kernel computes the same many times slower.
*/
function inputGradient(tf, dy, filter, inputShape, { strides, pad }) {
	const { padInfo: { top, left }, strideHeight, strideWidth } = tf.backend_util.computeConv2DInfo(inputShape, filter.shape, strides, 1, pad);
	const [, height, width] = inputShape;
	const [filterHeight, filterWidth] = filter.shape;
	const apart = setApart(tf, dy, strideHeight, strideWidth);
	const [, rows, columns] = apart.shape;
	const turned = tf.transpose(tf.reverse(filter, [0, 1]), [
		0,
		1,
		3,
		2
	]);
	return tf.conv2d(apart, turned, 1, [
		[0, 0],
		[filterHeight - 1 - top, height - rows + top],
		[filterWidth - 1 - left, width - columns + left],
		[0, 0]
	]);
}
/**
* Puts stride - 1 zeros between neighbours: [batch, (height - 1) * strideHeight + 1, (width - 1) * strideWidth + 1,
* channels].
*/
function setApart(tf, dy, strideHeight, strideWidth) {
	if (strideHeight === 1 && strideWidth === 1) return dy;
	const [batch, height, width, channels] = dy.shape;
	const cells = tf.pad(tf.reshape(dy, [
		batch * height,
		1,
		width,
		1,
		channels
	]), [
		[0, 0],
		[0, strideHeight - 1],
		[0, 0],
		[0, strideWidth - 1],
		[0, 0]
	]);
	const image = tf.reshape(cells, [
		batch,
		height * strideHeight,
		width * strideWidth,
		channels
	]);
	return tf.slice(image, [
		0,
		0,
		0,
		0
	], [
		batch,
		(height - 1) * strideHeight + 1,
		(width - 1) * strideWidth + 1,
		channels
	]);
}
// src/engine/wasm/depthwise-gradients.ts
/** The gradients of a depthwise convolution, which the wasm backend lacks, in plain loops. Layout NHWC. */
function registerDepthwiseGradients(tf) {
	replaceKernel(tf, "DepthwiseConv2dNativeBackpropFilter", ({ x, dy }, attributes, backend) => {
		const { filterShape } = attributes;
		const { result, values: [dfilter, xs, dys] } = open(backend, filterShape, x, dy);
		const [, , channels, multiplier] = filterShape;
		forEachProduct(tf, x.shape, filterShape, attributes, (input, output, filter) => {
			for (let k = 0; k < channels * multiplier; k++) dfilter[filter + k] += xs[input + Math.floor(k / multiplier)] * dys[output + k];
		});
		return result;
	});
	replaceKernel(tf, "DepthwiseConv2dNativeBackpropInput", ({ dy, filter }, attributes, backend) => {
		const { inputShape } = attributes;
		const { result, values: [dx, dys, filters] } = open(backend, inputShape, dy, filter);
		const [, , channels, multiplier] = filter.shape;
		forEachProduct(tf, inputShape, filter.shape, attributes, (input, output, weights) => {
			for (let k = 0; k < channels * multiplier; k++) dx[input + Math.floor(k / multiplier)] += dys[output + k] * filters[weights + k];
		});
		return result;
	});
}
/** A result of zeros, with views of it and of two inputs. */
function open(backend, shape, a, b) {
	const result = backend.makeOutput(shape, "float32");
	const values = [
		result,
		a,
		b
	].map((tensor) => backend.typedArrayFromHeap(tensor));
	values[0].fill(0);
	return {
		result,
		values
	};
}
/** Visits each cell of the input under each cell of the filter, for every output. */
function forEachProduct(tf, inputShape, filterShape, attributes, visit) {
	const { strides, dilations, pad } = attributes;
	const info = tf.backend_util.computeConv2DInfo(inputShape, filterShape, strides, dilations ?? 1, pad, void 0, true);
	const [batch, height, width, channels] = inputShape;
	let output = 0;
	for (let sample = 0; sample < batch; sample++) for (let row = 0; row < info.outHeight; row++) for (let column = 0; column < info.outWidth; column++, output += info.outChannels) for (let cell = 0; cell < info.filterHeight * info.filterWidth; cell++) {
		const y = row * info.strideHeight - info.padInfo.top + Math.floor(cell / info.filterWidth) * info.dilationHeight;
		const x = column * info.strideWidth - info.padInfo.left + cell % info.filterWidth * info.dilationWidth;
		if (y >= 0 && y < height && x >= 0 && x < width) visit(((sample * height + y) * width + x) * channels, output, cell * info.outChannels);
	}
}
// src/engine/wasm/index-kernels.ts
/** Kernels that go by whole numbers: one-hot encoding, and the sum of segments, which is the gradient of gathering. */
function registerIndexKernels(tf) {
	replaceKernel(tf, "OneHot", ({ indices }, attributes, backend) => {
		const { dtype, depth, onValue, offValue } = attributes;
		const output = backend.makeOutput([...indices.shape, depth], dtype);
		const [values, places] = [backend.typedArrayFromHeap(output), backend.typedArrayFromHeap(indices)];
		values.fill(offValue);
		for (let k = 0; k < places.length; k++) if (places[k] >= 0 && places[k] < depth) values[k * depth + places[k]] = onValue;
		return output;
	});
	replaceKernel(tf, "UnsortedSegmentSum", ({ x, segmentIds }, attributes, backend) => {
		const { numSegments } = attributes;
		const inner = x.shape.slice(segmentIds.shape.length);
		const output = backend.makeOutput([numSegments, ...inner], x.dtype);
		const [sums, values, segments] = [
			output,
			x,
			segmentIds
		].map((tensor) => backend.typedArrayFromHeap(tensor));
		const size = inner.reduce((product, extent) => product * extent, 1);
		sums.fill(0);
		for (const [k, segment] of segments.entries()) {
			if (segment < 0 || segment >= numSegments) continue;
			for (let i = 0; i < size; i++) sums[segment * size + i] += values[k * size + i];
		}
		return output;
	});
}
// src/engine/wasm/stateless-uniform.ts
const [multiplierA, multiplierB, weylA, weylB, rounds] = [
	3528531795,
	3449720151,
	2654435769,
	3144134277,
	10
];
/** Upper 32 bits of the product of two words. */
function multiplyHigh(a, b) {
	const [aLow, aHigh, bLow, bHigh] = [
		a & 65535,
		a >>> 16,
		b & 65535,
		b >>> 16
	];
	const middle = aHigh * bLow + (aLow * bLow >>> 16);
	const carry = aLow * bHigh + (middle & 65535);
	return aHigh * bHigh + Math.floor(middle / 65536) + Math.floor(carry / 65536);
}
/** Philox4x32-10: the counter enciphered under the key, in place. */
function encipher(block, keyA, keyB) {
	for (let round = 0; round < rounds; round++) {
		const [a, b, c, d] = block;
		block[0] = (multiplyHigh(multiplierB, c) ^ b ^ keyA) >>> 0;
		block[1] = Math.imul(multiplierB, c) >>> 0;
		block[2] = (multiplyHigh(multiplierA, a) ^ d ^ keyB) >>> 0;
		block[3] = Math.imul(multiplierA, a) >>> 0;
		keyA = keyA + weylA >>> 0;
		keyB = keyB + weylB >>> 0;
	}
}
/**
* Uniform random numbers in [0, 1) from two seeds alone: bit for bit those of TensorFlow's StatelessRandomUniform on a
* CPU (tensorflow/core/kernels/stateless_random_ops.cc, GenerateKey; lib/random/random_distributions.h, Uint32ToFloat).
*/
function statelessUniform(count, seedA, seedB) {
	const high = (seed) => seed < 0 ? 4294967295 : 0;
	const key = [
		seedA >>> 0,
		high(seedA),
		seedB >>> 0,
		high(seedB)
	];
	encipher(key, 1053357856, 38149673);
	const [keyA, keyB, counterC, counterD] = key;
	const values = new Float32Array(count);
	for (let start = 0; start < count; start += 4) {
		const block = [
			start / 4,
			0,
			counterC,
			counterD
		];
		encipher(block, keyA, keyB);
		for (let k = 0; k < 4 && start + k < count; k++) values[start + k] = (block[k] & 8388607) / 8388608;
	}
	return values;
}
// src/engine/wasm/wasm-ops.ts
/** The engine's own computations where there is no TensorFlow: the same functions, made of TensorFlow.js' ops. */
function createWasmOps(tf) {
	repairUnstackGradient(tf);
	const crossEntropy = tf.customGrad((logits, labels, save) => {
		const shifted = tf.sub(logits, tf.max(logits, -1, true));
		const logProbabilities = tf.sub(shifted, tf.log(tf.sum(tf.exp(shifted), -1, true)));
		save([tf.sub(tf.exp(logProbabilities), labels)]);
		return {
			value: tf.neg(tf.sum(tf.mul(labels, logProbabilities), -1)),
			gradFunc: (dy, saved) => [tf.mul(tf.expandDims(dy, 1), saved[0]), tf.zerosLike(saved[0])]
		};
	});
	return {
		softmaxCrossEntropy: (logits, labels) => crossEntropy(logits, labels),
		statelessUniform: (shape, seed) => {
			const [a, b] = seed.dataSync();
			return tf.tensor(statelessUniform(tf.util.sizeFromShape(shape), a, b), shape);
		}
	};
}
// src/engine/wasm/pooling-gradients.ts
/**
* The gradients of pooling, in plain loops. Stock max pooling passes nothing on to a maximum below 0, and takes longer;
* stock average pooling divides by the whole window where the border cuts it.
*/
function registerPoolingGradients(tf) {
	for (const [name, spread] of [["MaxPoolGrad", spreadToMaximum], ["AvgPoolGrad", spreadEvenly]]) replaceKernel(tf, name, ({ dy, input }, attributes, backend) => {
		const shape = input.shape;
		const output = backend.makeOutput(shape, "float32");
		const [dx, gradients, x] = [
			output,
			dy,
			input
		].map((tensor) => backend.typedArrayFromHeap(tensor));
		dx.fill(0);
		const windows = windowsOf(tf, shape, attributes);
		const [batch, height, width, channels] = shape;
		for (let sample = 0; sample < batch; sample++) {
			const [first, firstResult] = [sample * height * width * channels, sample * windows.length * channels];
			for (const { cells, result } of windows) for (let channel = 0; channel < channels; channel++) spread(cells, gradients[firstResult + result + channel], first + channel, dx, x);
		}
		return output;
	});
}
const spreadToMaximum = (cells, gradient, first, dx, x) => {
	let largest = first + cells[0];
	for (let k = 1; k < cells.length; k++) {
		const cell = first + cells[k];
		if (x[cell] > x[largest]) largest = cell;
	}
	dx[largest] += gradient;
};
const spreadEvenly = (cells, gradient, first, dx) => {
	for (const cell of cells) dx[first + cell] += gradient / cells.length;
};
/** The windows of one image, row by row. */
function windowsOf(tf, shape, attributes) {
	const { filterSize, strides, pad } = attributes;
	const pooling = tf.backend_util.computePool2DInfo(shape, filterSize, strides, 1, pad);
	const [, height, width, channels] = shape;
	const rowsOf = windowsOfAxis(height, pooling.outHeight, pooling.filterHeight, pooling.strideHeight, pooling.padInfo.top);
	const columnsOf = windowsOfAxis(width, pooling.outWidth, pooling.filterWidth, pooling.strideWidth, pooling.padInfo.left);
	return rowsOf.flatMap((rows) => columnsOf.map((columns) => rows.flatMap((row) => columns.map((column) => (row * width + column) * channels)))).map((cells, k) => ({
		cells,
		result: k * channels
	}));
}
/** The indices of an axis that each window along it covers. */
function windowsOfAxis(size, windows, window, stride, before) {
	const covered = (start) => Array.from({ length: window }, (_, k) => start + k).filter((index) => index >= 0 && index < size);
	return Array.from({ length: windows }, (_, k) => covered(k * stride - before));
}
// src/engine/wasm/unusable-kernels.ts
/**
* Kernels of the wasm backend 4.22.0 that give wrong numbers without an error: the input gradient of convolution with
* a kernel of 1 or sides of several lengths, padding `same` with a stride above the kernel, maxima below 0, means at
* the border.
*/
const unusableKernels = [
	"Conv3D",
	"Conv3DBackpropFilterV2",
	"Conv3DBackpropInputV2",
	"MaxPool3D",
	"MaxPool3DGrad",
	"AvgPool3D",
	"AvgPool3DGrad"
];
/** Takes them away, so that a pipeline that needs one is refused before it trains. */
function removeUnusableKernels(tf) {
	for (const name of unusableKernels) tf.unregisterKernel(name, "wasm");
}
// src/engine/wasm/load-wasm.ts
/** Loads TensorFlow.js with its WebAssembly backend, one thread of it: no native code, and some 15 times slower. */
async function loadWasm() {
	const require = createRequire(import.meta.url);
	const tf = require("@tensorflow/tfjs");
	const { version_wasm: version } = require("@tensorflow/tfjs-backend-wasm");
	await startBackend(tf);
	removeUnusableKernels(tf);
	registerIndexKernels(tf);
	registerDepthwiseGradients(tf);
	registerConvolution(tf);
	registerPoolingGradients(tf);
	fuseBatchNormalization(tf, createWasmNormalize(tf));
	return {
		tf,
		kind: "wasm",
		version: `tfjs-backend-wasm ${version}${await tf.env().getAsync("WASM_HAS_SIMD_SUPPORT") ? " (SIMD)" : ""}`,
		ops: createWasmOps(tf)
	};
}
/** Starts the backend, which is registered. @throws UserError where it does not start */
async function startBackend(tf) {
	const events = ["uncaughtException", "unhandledRejection"];
	const before = events.map((event) => process.rawListeners(event));
	if (!await tf.setBackend("wasm")) throw failure("wasm-not-started", "The wasm engine does not start", "Unset PIPELINE_ENGINE to train with the native engine.");
	events.forEach((event, k) => {
		for (const listener of process.rawListeners(event)) if (!before[k].includes(listener)) process.off(event, listener);
	});
}
// src/engine/load-engine.ts
let loaded;
/**
* Loads TensorFlow into this process, once. Prints nothing.
*
* @param threadsPerOp left out: as many as there are cores; TF_NUM_INTRAOP_THREADS goes before it
* @throws UserError when the engine is not set up (see `ensureEngine`) or does not load.
*/
function loadEngine(threadsPerOp) {
	if (threadsPerOp !== void 0) process.env["TF_NUM_INTRAOP_THREADS"] ??= String(threadsPerOp);
	loaded ??= load().catch((error) => {
		loaded = void 0;
		throw error;
	});
	return loaded;
}
async function load() {
	const kind = engineKind();
	if (kind === "wasm") return loadWasm();
	const tf = await importTfjsNode(kind);
	const { binding } = tf.backend();
	return {
		tf,
		kind,
		version: `TensorFlow ${binding.TF_Version}, tfjs-node ${tf.version["tfjs-node"]}`,
		ops: createOps(tf)
	};
}
/** Imports tfjs-node with its native addon. @throws UserError when it does not load. */
async function importTfjsNode(kind) {
	checkProcess();
	const level = process.env["TF_CPP_MIN_LOG_LEVEL"] ??= "2";
	restoreRemovedNodeFunctions();
	const { noDeprecation } = process;
	Object.assign(process, { noDeprecation: true });
	try {
		const require = createRequire(import.meta.url);
		if (kind === "stock") return require("@tensorflow/tfjs-node");
		const folder = readyFolder();
		if (Number(level) >= 2) require(join(folder, layout.quietLoad));
		return withAddon(join(folder, layout.addon), () => require("@tensorflow/tfjs-node"));
	} catch (error) {
		if (error instanceof UserError) throw error;
		const reason = error instanceof Error ? error.message.split("\n")[0] : String(error);
		const mount = /failed to map segment/i.test(reason) ? noexecMount(kind === "stock" ? packageFolder("@tensorflow/tfjs-node") : engineStatus().folder) : void 0;
		if (mount !== void 0) throw notExecutable(mount, kind, error);
		if (/failed to map segment|cannot (allocate|apply additional) memory/i.test(reason)) throw noMemory(reason, error);
		const message = kind === "stock" ? `PIPELINE_ENGINE=stock, but the installed @tensorflow/tfjs-node does not load: ${reason}` : `The engine does not load: ${reason}`;
		throw engineFailure("engine-load", message, kind === "stock" ? "Unset PIPELINE_ENGINE" : `Mend what that names (the engine lies in ${engineStatus().folder})`, error);
	} finally {
		Object.assign(process, { noDeprecation });
	}
}
function notExecutable(mount, kind, cause) {
	const message = `TensorFlow does not load: ${mount} is mounted with the option noexec, which keeps libraries from being loaded from there`;
	return engineFailure("engine-noexec", message, kind === "stock" ? `Mount it without (\`mount -o remount,exec ${shellWord(mount)}\`)` : "Set XDG_CACHE_HOME=FOLDER, to one that is on another mount", cause);
}
function readyFolder() {
	const { state, folder } = engineStatus();
	if (state !== "missing") return folder;
	throw failure("engine-missing", "The engine is not set up", "Run `pipeline engine install`.");
}
/**
* tfjs-node asks node-pre-gyp for the path of its addon. Here it gets another answer, so that node_modules, which may
* be another user's or read-only, need not have a link to it.
*/
function withAddon(addon, load) {
	const require = createRequire(join(realpathSync(packageFolder("@tensorflow/tfjs-node")), "package.json"));
	const path = require.resolve("@mapbox/node-pre-gyp");
	const before = require.cache[path];
	require.cache[path] = Object.assign(new nodeModule(path), {
		filename: path,
		loaded: true,
		exports: { find: () => addon }
	});
	try {
		return load();
	} finally {
		if (before === void 0) delete require.cache[path];
		else require.cache[path] = before;
	}
}
/** tfjs-node calls two functions that Node 22 warns about and Node 23 and later no longer have. */
function restoreRemovedNodeFunctions() {
	Object.assign(util, {
		isNullOrUndefined: (value) => value === null || value === void 0,
		isArray: Array.isArray
	});
}
export { addressSpaceNeeds as a, privateParts as i, loadEngine as n, addressSpaceLimit as o, startBackend as r, availableMemory as s, importTfjsNode as t };
