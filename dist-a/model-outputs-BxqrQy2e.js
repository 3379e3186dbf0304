import { At as epsilon, Bn as savedModel, Ct as absentOf, Dt as scoreOf, Et as sampleLosses, Fn as layerRow, Ln as traceFunction, Ot as lossRow, Pi as batchSizesOf, Rn as stateNode, Si as seedFor, Tt as rowsThere, Vn as TraceRefusal, Xt as decodeMatrix, Yt as channelWays, Zo as chosenFrom, _s as sizeOf, ar as initializers, bo as standardized$1, bs as failure, er as buildRegularizer, ir as buildInitializer, nr as buildConstraint, pt as evaluationBatchOf, rr as constraints, tr as regularizers, vs as UserError, w as explainOutOfMemory, wt as predictions, yo as inOwnUnit, zi as isWholeText, zn as typeNumber } from "./checks-359mGJ3h.js";
import { i as putWeights } from "./save-model-wTVDVX2-.js";
import { g as whyEager } from "./engine-status-CGKvgfDM.js";
import { i as privateParts } from "./load-engine-Cr0z7l6P.js";
import { t as temporaryFolder } from "./temporary-folder-yB6L-NkA.js";
import { join } from "node:path";
import { availableParallelism, tmpdir } from "node:os";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
// src/base/wrong-indices.ts
/**
* What TensorFlow, and TensorFlow.js' other backends, say of an index that a table does not have. Reading a table and
* adding up its gradient run side by side, and the one that comes first is the one that speaks.
*/
const outside = /(?:indices|segment_ids)\[[^\]]*\] = (-?\d+) is (?:not in|out of range) \[0, (\d+)\)|the index value (-?\d+) is not in \[0, (-?\d+)\]/;
/**
* Says of an error in which a layer read an index that it does not have that it was; anything else is returned as it
* is.
*/
function explainWrongIndex(error) {
	if (!(error instanceof Error) || error instanceof UserError) return error;
	const [, index, count, other, last] = outside.exec(error.message) ?? [];
	const given = index ?? other;
	if (given === void 0) return error;
	const known = count ?? String(Number(last) + 1);
	return failure("index-out-of-range", `a layer that reads indices, such as an embedding, was given ${given}, and knows those from 0 to below ${known}`, "Make its table larger (`inputDim`), or correct what it reads.", error);
}
// src/base/cores.ts
/**
* Cores that a run computes with: all that this process may use, unless PIPELINE_CORES says how many. Runs beside each
* other share a machine by it, and give the same bits on machines with more cores.
*/
function coresToUse() {
	const asked = Number(process.env["PIPELINE_CORES"]);
	return Number.isInteger(asked) && asked >= 1 && asked <= 1024 ? asked : availableParallelism();
}
// src/training/split-batch.ts
/** Fewer samples than this are not worth ops of their own (measured: bench/README.md). */
const leastSamples = 16;
/**
* How many parts of a batch are computed side by side, a thread for each: as many as there are cores, where samples do
* not depend on each other.
*/
function countTowers({ graph: { layers }, batchSize, step }) {
	if (step === "eager" || layers.some(({ type, options }) => layerRow(type).mixesSamples?.(options))) return 1;
	return Math.max(1, Math.min(coresToUse(), Math.floor(batchSize / leastSamples)));
}
/** Threads of each op, so that the towers keep all cores busy. */
function threadsPerOp(towers) {
	return Math.ceil(coresToUse() / towers);
}
// src/training/label-margins.ts
/** Whether the labels of an output are watched: each sample has one class, of its own alone, and it no order. */
function isWatched({ target }, mixed = false) {
	return target.kind === "class" && target.shape.length === 0 && target.ordinal !== true && !mixed;
}
/**
* The margin of each sample, [batch]: the logit of its label less the largest of the others. Where the output is of
* probabilities, their logarithms stand for logits, which differ from them by what all classes share. Averaged over the
* epochs it is the area under the margin (Pleiss, Zhang, Elenberg, Weinberger: Identifying Mislabeled Data using the
* Area Under the Margin Ranking, 2020): what samples alike to a mislabelled one teach works against its label.
*
* @param output [batch, units], as the loss takes it @param y classes, int32 [batch]
*/
function labelMargins(tf, { probabilities, threshold = 0 }, output, y, classes) {
	const areShares = probabilities === "output" || probabilities === "shares";
	if (output.shape[1] === 1) {
		const single = tf.squeeze(output, [1]);
		const odds = areShares ? logOfOdds(tf, single) : tf.sub(single, threshold);
		return tf.mul(odds, tf.sub(tf.mul(tf.cast(y, "float32"), 2), 1));
	}
	const logits = areShares ? tf.log(tf.clipByValue(output, epsilon, 1)) : output;
	const own = tf.oneHot(y, classes, 1, 0, "float32");
	const others = tf.max(tf.sub(logits, tf.mul(own, 1e30)), -1);
	return tf.sub(tf.sum(tf.mul(logits, own), -1), others);
}
function logOfOdds(tf, share) {
	const inside = tf.clipByValue(share, epsilon, 1 - epsilon);
	return tf.sub(tf.log(inside), tf.log(tf.sub(1, inside)));
}
/** What one margin counts at most: a net that runs away for a step does not outweigh all others. */
const largest = 1e4;
/**
* Adds the margins of a batch to the sums of its samples.
*
* @param sums of each output by row; undefined where it is not watched
* @param rows of the batch, in its order
*/
function addMargins(sums, margins, rows) {
	for (const [k, sum] of sums.entries()) {
		const told = margins[k];
		if (sum === void 0 || told === void 0) continue;
		for (let i = 0; i < rows.length; i++) sum[rows[i]] += Math.max(-1e4, Math.min(largest, told[i]));
	}
}
/** Epochs that it takes to tell a wrong label from one that is not learnt yet. */
const fewestEpochs = 3;
/** Samples of a class that it takes to tell what is usual in it. */
const fewestSamples = 20;
/**
* How far a suspect is below the usual margin, of all and of its class, in standard deviations; and how far those are
* that have to be there before anything is told, and how many: two, and one of 500, as some of any data are merely
* hard. Chosen so that nothing is told of clean MNIST, digits and penguins.
*/
const [far, veryFar, share] = [
	4,
	5,
	500
];
/**
* Ranks the labels of samples by the sums of their margins: suspect ones first, which are negative and far below those
* of all and those of their class, as a rare class may be learnt late as a whole.
*
* @param sums of the margins of all samples @param labels theirs @param trained the rows that were trained on
*/
function rankLabels(sums, labels, trained, epochs) {
	const rows = trained.toSorted((a, b) => sums[a] - sums[b] || a - b);
	if (epochs < fewestEpochs || rows.length < fewestSamples) return {
		suspects: 0,
		rows
	};
	const usual = usualOf(sums, rows);
	const usualIn = /* @__PURE__ */ new Map();
	for (const label of new Set(rows.map((row) => labels[row]))) {
		const members = rows.filter((row) => labels[row] === label);
		if (members.length >= fewestSamples) usualIn.set(label, usualOf(sums, members));
	}
	const isBelow = (row, deviations) => {
		const own = usualIn.get(labels[row]);
		return own !== void 0 && sums[row] < 0 && [usual, own].every(({ median, deviation }) => sums[row] < median - deviations * deviation);
	};
	if (rows.filter((row) => isBelow(row, veryFar)).length < Math.max(2, rows.length / share)) return {
		suspects: 0,
		rows
	};
	const suspects = rows.filter((row) => isBelow(row, far));
	return {
		suspects: suspects.length,
		rows: Uint32Array.from([...suspects, ...rows.filter((row) => !isBelow(row, far))])
	};
}
/** @param rows by their sums, the smallest first */
function usualOf(sums, rows) {
	const median = sums[rows[rows.length >> 1]];
	const apart = Float64Array.from(rows, (row) => Math.abs(sums[row] - median)).toSorted();
	return {
		median,
		deviation: 1.4826 * apart[apart.length >> 1]
	};
}
// src/layers/build-context.ts
/** Makes the context of one layer. */
function createBuildContext({ tf, ops, name, seed, step }) {
	const uniform = (shape, purpose, shared = false) => {
		const { step: number, rows, use } = step();
		const own = use === 0 ? purpose : `${purpose} of use ${use + 1}`;
		const seeds = tf.stack([tf.scalar(seed(own), "int32"), number]);
		const perSample = shape[0] / (rows?.count ?? 1);
		if (rows === void 0 || shared) return ops.statelessUniform([...shape], seeds);
		const whole = ops.statelessUniform([rows.total * perSample, ...shape.slice(1)], seeds);
		return tf.slice(whole, [rows.first * perSample], [shape[0]]);
	};
	const weightArguments = (options, weight) => {
		const chosen = (what) => options[`${weight}${what}`];
		const [initializer, regularizer, constraint] = [
			chosen("Initializer"),
			chosen("Regularizer"),
			chosen("Constraint")
		];
		return [
			[`${weight}Initializer`, initializer && buildInitializer(tf, chosenFrom(initializers, initializer), seed(weight))],
			[`${weight}Regularizer`, regularizer && buildRegularizer(tf, chosenFrom(regularizers, regularizer))],
			[`${weight}Constraint`, constraint && buildConstraint(tf, chosenFrom(constraints, constraint))]
		];
	};
	return {
		tf,
		name,
		uniform,
		weights: (options, ...names) => Object.fromEntries(names.flatMap((weight) => weightArguments(options, weight))),
		normal: (shape, purpose) => tf.tidy(() => {
			const radius = tf.sqrt(tf.mul(-2, tf.log(tf.sub(1, uniform(shape, `${purpose} radius`)))));
			return tf.mul(radius, tf.cos(tf.mul(2 * Math.PI, uniform(shape, `${purpose} angle`))));
		}),
		within: (part) => createBuildContext({
			tf,
			ops,
			name: `${name}_${part}`,
			seed: (purpose) => seed(`${part} ${purpose}`),
			step
		})
	};
}
// src/layers/build-model.ts
/** Makes the model of a pipeline; each layer draws its first weights from a seed of its own under the root seed. */
function buildModel({ tf, ops }, graph, rootSeed) {
	let step;
	const built = [];
	for (const { type, name, options, shares } of graph.layers) {
		const seed = (purpose) => seedFor(rootSeed, name, purpose);
		const row = layerRow(type);
		built.push(shares === void 0 ? Object.assign(row.build(options, createBuildContext({
			tf,
			ops,
			name,
			seed,
			step: () => step
		})), { supportsMasking: row.mask !== void 0 }) : built[shares]);
	}
	const own = [...new Set(built)];
	const symbolic = graph.inputs.map(({ name, shape }) => tf.input({
		shape: [...shape],
		name
	}));
	const layersModel = tf.model({
		inputs: symbolic,
		outputs: connectAll(graph, built, symbolic)
	});
	const order = poolFirst(graph).map((index) => built[index]);
	const uses = order.map((layer, index) => order.slice(0, index).filter((other) => other === layer).length);
	const trainable = layersModel.trainableWeights.map(variableOf);
	const constrained = layersModel.trainableWeights.flatMap(({ constraint }, index) => constraint === null ? [] : [{
		constraint,
		variable: trainable[index]
	}]);
	const answer = (inputs, training) => computeAll(graph, order, inputs, (place, given, mask) => {
		step = training && {
			...training,
			use: uses[place]
		};
		return order[place].apply(given, {
			training: training !== void 0,
			...mask === null ? {} : { mask }
		});
	});
	return {
		layersModel,
		graph,
		trainable,
		variables: layersModel.weights.map(variableOf),
		penalties: () => own.flatMap((layer) => layer.calculateLosses()),
		constrain: () => {
			for (const { constraint, variable } of constrained) tf.tidy(() => variable.assign(constraint.apply(variable)));
		},
		answer,
		forward: (inputs, training) => answer(inputs, training).map(({ values }) => values),
		weightsSha256: () => {
			const hash = createHash("sha256");
			for (const layer of own) for (const weight of layer.weights) {
				const tensor = weight.read();
				hash.update(JSON.stringify([layer.name, tensor.shape]));
				hash.update(new Uint8Array(tensor.dataSync().slice().buffer));
			}
			return hash.digest("hex");
		},
		dispose: () => layersModel.dispose()
	};
}
/** Joins layers into a graph of TensorFlow.js; gives its outputs. */
function connectAll({ layers: graph, outputs }, layers, given) {
	const values = [];
	for (const [index, { inputs }] of graph.entries()) {
		const taken = inputs.map((from) => from < 0 ? given[-1 - from] : values[from]);
		values.push(layers[index].apply(taken.length === 1 ? taken[0] : taken));
	}
	return outputs.map((index) => values[index]);
}
/**
* Computes layers in the places of a graph; gives its outputs. Masks go along with values through layers that know
* them.
*/
function computeAll({ layers: graph, outputs }, layers, given, apply) {
	const values = [];
	const masks = [];
	for (const [index, { inputs }] of graph.entries()) {
		const taken = inputs.map((from) => from < 0 ? given[-1 - from] : values[from]);
		const masked = inputs.map((from) => masks[from] ?? null);
		const layer = layers[index];
		const [argument, mask] = taken.length === 1 ? [taken[0], masked[0]] : [taken, masked.some((one) => one !== null) ? masked : null];
		values.push(apply(index, argument, mask));
		masks.push(layer.supportsMasking ? layer.computeMask(argument, mask) : null);
	}
	return outputs.map((index) => ({
		values: values[index],
		mask: masks[index] ?? null
	}));
}
/**
* Which layer to compute in each place: an increasing function of each value gives the same after max pooling as before
* it, on a quarter of the values, so the two change places. Gradients agree too, as relu's is 0 where a window has no
* positive value.
*/
function poolFirst({ layers, outputs }) {
	const order = layers.map((_, index) => index);
	for (const [index, layer] of layers.entries()) {
		if (!layerRow(layer.type).increasing?.(layer.options)) continue;
		const users = layers.flatMap(({ inputs }, user) => inputs.includes(index) ? [user] : []);
		const [user] = users;
		if (user === void 0 || users.length > 1 || outputs.includes(index) || !layerRow(layers[user].type).takesMaximum) continue;
		order[index] = user;
		order[user] = index;
	}
	return order;
}
/** The variable behind a layer's weight, which the Layers API keeps protected but gradients need. */
function variableOf(weight) {
	return weight.read();
}
// src/engine/graph/loaded-graph.ts
/**
* Hands the bodies to TensorFlow; the variables have no values yet.
*
* @throws TraceRefusal when it does not take them; UserError when what is around does not let it: no room for the file
* that it reads them from, or no memory. To compute the same op by op would give other bits.
*/
function loadGraph(parts, state, bodies) {
	const graph = savedModel([...stateNodes(parts, state), ...bodies.flatMap(({ nodes }) => nodes.map(addedInOrder))]);
	const directory = inTemporaryFolder(() => temporaryFolder("graph"));
	const file = join(directory, "saved_model.pb");
	try {
		inTemporaryFolder(() => writeFileSync(file, graph));
		return {
			id: loadFile(parts, directory),
			state,
			bodies: bodies.length
		};
	} catch (error) {
		if (!(error instanceof TraceRefusal) || inTemporaryFolder(() => readFileSync(file)).equals(graph)) throw error;
		throw notWritten(`${file} was changed meanwhile`, error);
	} finally {
		rmSync(directory, {
			recursive: true,
			force: true
		});
	}
}
/**
* TensorFlow makes one AddN of additions that follow each other, and AddN begins with an input that nothing else holds
* at the moment: which one that is changes with each run, and the bits of the sum with it. It leaves alone what it has
* marked as rewritten (kAddOpsRewriteTag of grappler/optimizers/arithmetic_optimizer.cc; kernels/aggregate_ops.cc).
*/
function addedInOrder(node) {
	if (node.op !== "Add" && node.op !== "AddV2") return node;
	return {
		...node,
		attributes: {
			...node.attributes,
			_grappler_ArithmeticOptimizer_AddOpsRewriteStage: { b: true }
		}
	};
}
function loadFile({ binding }, directory) {
	try {
		return binding.loadSavedModel(directory, "serve");
	} catch (error) {
		const known = explainOutOfMemory(error);
		if (known instanceof UserError) throw known;
		if (/too many open files/i.test(String(error))) throw failure("graph-not-loaded", `TensorFlow cannot take up the compiled step: ${firstLine(error)}`, "Let a process have more files open: `ulimit -n 4096`.", error);
		throw new TraceRefusal(`makes a graph that TensorFlow does not take (${firstLine(error)})`, { cause: error });
	}
}
function inTemporaryFolder(work) {
	try {
		return work();
	} catch (error) {
		throw notWritten(error.message, error);
	}
}
function notWritten(why, cause) {
	return failure("graph-not-written", `the compiled step cannot be written for TensorFlow in ${tmpdir()}: ${why}`, "It takes some megabytes for a moment: make room there, or name another folder, TMPDIR=FOLDER.", cause);
}
/** For each variable: the resource, how to read it, and how to write it. */
function stateNodes({ binding }, state) {
	const nodes = state.flatMap((variable, index) => {
		const name = stateNode(index);
		const type = { type: typeNumber(binding, variable.dtype) };
		const shape = { shape: variable.shape };
		return [
			{
				name,
				op: "VarHandleOp",
				inputs: [],
				attributes: {
					dtype: type,
					shape,
					shared_name: { s: name }
				}
			},
			{
				name: `${name}/read`,
				op: "ReadVariableOp",
				inputs: [name],
				attributes: { dtype: type }
			},
			{
				name: `${name}/value`,
				op: "Placeholder",
				inputs: [],
				attributes: {
					dtype: type,
					shape
				}
			},
			{
				name: `${name}/copy`,
				op: "DeepCopy",
				inputs: [`${name}/value`],
				attributes: { T: type }
			},
			{
				name: `${name}/write`,
				op: "AssignVariableOp",
				inputs: [name, `${name}/copy`],
				attributes: { dtype: type }
			}
		];
	});
	const writes = state.map((_, index) => `^${stateNode(index)}/write`);
	const bool = { type: binding.TF_BOOL };
	const written = [
		{
			name: "state/all",
			op: "NoOp",
			inputs: writes,
			attributes: {}
		},
		{
			name: "state/flag",
			op: "Placeholder",
			inputs: [],
			attributes: {
				dtype: bool,
				shape: { shape: [] }
			}
		},
		{
			name: "state/written",
			op: "Identity",
			inputs: ["state/flag", "^state/all"],
			attributes: { T: bool }
		}
	];
	return [...nodes, ...written];
}
/** The values of all variables, as tensors of the addon that the caller has to delete. */
function readState({ binding }, graph) {
	const reads = graph.state.map((_, index) => `${stateNode(index)}/read:0`);
	return reads.length === 0 ? [] : binding.runSavedModel(graph.id, [], "", reads.join(","));
}
/** Sets all variables; the tensors stay the caller's. */
function writeState({ binding }, graph, ids) {
	const flag = binding.createTensor([], binding.TF_BOOL, Uint8Array.of(1));
	const feeds = ["state/flag:0", ...ids.map((_, index) => `${stateNode(index)}/value:0`)];
	const [written] = binding.runSavedModel(graph.id, [flag, ...ids], feeds.join(","), "state/written:0");
	for (const id of [flag, written.id]) binding.deleteTensor(id);
}
/**
* Makes ready to run one body, again and again.
*
* @param load gives the graph that holds the body
* @param name of the function, for messages
* @returns throws UserError when TensorFlow gives up: `graph-run`, or what it means
*/
function bodyRunner({ binding }, load, name, { feeds, fetches }) {
	const known = new Set(feeds.map((input) => input.name));
	const nodesOf = (ends) => ends.map(({ node }) => `${node}:0`).join(",");
	const [fed, fetched] = [nodesOf(feeds), nodesOf(fetches)];
	const types = feeds.map(({ dtype }) => typeNumber(binding, dtype));
	return (feed) => {
		const values = feeds.map((input) => checkedValues(name, input, feed[input.name]));
		for (const input of Object.keys(feed)) if (!known.has(input)) throw new Error(`${name} has no input ${input}`);
		const { id } = load();
		const ids = feeds.map(({ shape }, k) => binding.createTensor(shape, types[k], values[k]));
		try {
			const results = binding.runSavedModel(id, ids, fed, fetched);
			return Object.fromEntries(results.map((result, k) => {
				const output = binding.tensorDataSync(result.id);
				binding.deleteTensor(result.id);
				return [fetches[k].name, output];
			}));
		} catch (error) {
			const known = explainWrongIndex(explainOutOfMemory(error));
			throw known instanceof UserError ? known : failure("graph-run", `TensorFlow stopped in ${name}: ${firstLine(error)}`, "`--set train.step=eager` runs the same computation op by op.", error);
		} finally {
			for (const one of ids) binding.deleteTensor(one);
		}
	};
}
const ARRAYS = {
	float32: Float32Array,
	int32: Int32Array,
	uint8: Uint8Array
};
/** TensorFlow takes a tensor of any shape for a placeholder, so everything is looked at here. */
function checkedValues(name, input, given) {
	const expected = ARRAYS[input.dtype];
	const values = typeof given === "number" ? expected.of(given) : given;
	const what = `input ${input.name} of ${name}`;
	if (values === void 0) throw new Error(`${what} is missing`);
	if (!(values instanceof expected)) throw new Error(`${what} takes ${expected.name}, not ${values.constructor.name}`);
	const size = input.shape.reduce((product, extent) => product * extent, 1);
	if (values.length !== size) throw new Error(`${what} has shape [${input.shape.join(", ")}] and takes ${size} values, not ${values.length}`);
	return values;
}
function firstLine(error) {
	return (error instanceof Error ? error.message : String(error)).split("\n")[0];
}
// src/engine/graph/session.ts
/**
* Creates a session over all variables that its functions read or change: weights, moving averages, optimizer slots.
* @throws TraceRefusal where the engine is another than the tfjs-node this is written for, such as wasm
*/
function createGraphSession({ tf }, { state }) {
	const parts = partsOrRefusal(tf);
	const bodies = [];
	const names = /* @__PURE__ */ new Set();
	let loaded;
	let disposed = false;
	const load = () => {
		if (disposed) throw new Error("the session is disposed");
		if (loaded?.bodies !== bodies.length) loaded = replaceGraph(parts, loaded, loadGraph(parts, state, bodies));
		return loaded;
	};
	return {
		compile: (name, fn, inputs) => {
			if (names.has(name)) throw new Error(`a function named ${name} is compiled already`);
			names.add(name);
			let proved = false;
			const trace = (own, prefix) => {
				const body = traceFunction({
					tf,
					parts,
					prefix,
					fn,
					inputs: own,
					state,
					proved
				});
				proved = true;
				bodies.push(body);
				return body;
			};
			return compiledFunction(name, inputs, trace, load, parts);
		},
		load: () => void load(),
		pull: () => {
			if (loaded === void 0) return;
			readState(parts, loaded).forEach((metadata, index) => {
				const value = parts.wrap(metadata);
				state[index].assign(value);
				value.dispose();
			});
		},
		push: () => {
			if (loaded !== void 0) writeState(parts, loaded, idsOf(parts, state));
		},
		dispose: () => {
			if (loaded !== void 0) parts.binding.deleteSavedModel(loaded.id);
			loaded = void 0;
			disposed = true;
		}
	};
}
function idsOf(parts, state) {
	return state.map((variable) => parts.idOf(variable));
}
/** Gives a new graph its state: from the graph before it, which goes, or else from the variables. */
function replaceGraph(parts, before, next) {
	if (before === void 0) writeState(parts, next, idsOf(parts, next.state));
	else {
		const ids = readState(parts, before).map(({ id }) => id);
		writeState(parts, next, ids);
		for (const id of ids) parts.binding.deleteTensor(id);
		parts.binding.deleteSavedModel(before.id);
	}
	return next;
}
function partsOrRefusal(tf) {
	try {
		return privateParts(tf);
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
		throw new TraceRefusal(`needs what this engine does not have: ${error.message}`, { cause: error });
	}
}
function compiledFunction(name, inputs, trace, load, parts) {
	const bodies = /* @__PURE__ */ new Map();
	const prepare = (shapes) => {
		for (const input of Object.keys(shapes)) if (!(input in inputs)) throw new Error(`${name} has no input ${input}`);
		const own = Object.fromEntries(Object.entries(inputs).map(([input, spec]) => [input, {
			...spec,
			shape: shapes[input] ?? spec.shape
		}]));
		const key = JSON.stringify(Object.values(own).map(({ shape }) => shape));
		const run = bodies.get(key) ?? bodyRunner(parts, load, name, trace(own, `${name}/${bodies.size}`));
		bodies.set(key, run);
		return run;
	};
	prepare({});
	return {
		prepare,
		run: (feed, shapes = {}) => prepare(shapes)(feed)
	};
}
// src/engine/wasm/rehearse.ts
/**
* Runs a step for nothing, so that what the wasm backend cannot compute is known before training starts. The
* variables hold afterwards what they held before.
*
* @param state all variables that the step changes
* @throws UserError `missing-kernel`
*/
function rehearse(tf, state, step) {
	const before = state.map((variable) => tf.clone(variable));
	try {
		step();
	} catch (error) {
		const limit = error instanceof Error ? limitOf(error.message) : void 0;
		if (limit === void 0) throw error;
		throw failure("missing-kernel", `the wasm engine cannot train this pipeline: ${limit}`, "Unset PIPELINE_ENGINE to train it with the native engine.", error);
	} finally {
		state.forEach((variable, k) => variable.assign(before[k]));
		tf.dispose(before);
	}
}
/** What the backend lacks, from the words that it refuses with; undefined for any other error. */
function limitOf(message) {
	const kernel = /^Kernel '(\w+)' not registered for backend/.exec(message)?.[1];
	if (kernel !== void 0) return `it has no ${kernel} kernel that works`;
	return /wasm backend/i.test(message) ? message.split("\n")[0] : void 0;
}
// src/training/feed.ts
/** What goes into a step, by its name there; numbers that are standardized for training, standardized. */
function feedOf({ x, y, count, mixed }, { outputs, mixed: mixes = false }) {
	const learnt = y.map((values, k) => values instanceof Int32Array ? values : standardized$1(values, outputs[k]?.scales));
	return Object.fromEntries([
		...x.map((values, k) => [`x${k}`, values]),
		...learnt.map((values, k) => [`y${k}`, values]),
		...mixes ? Object.entries(mixed === void 0 ? whole(learnt[0], count) : named(mixed)) : []
	]);
}
const named = ({ other, share }) => ({
	other0: other,
	share0: share
});
/** Labels of one class each, where they might be of two. */
function whole(labels, count) {
	return named({
		other: Int32Array.from(labels),
		share: new Float32Array(count).fill(1)
	});
}
/** Kinds and shapes of what goes into a step of so many samples. */
function specsOf({ inputs, outputs, mixed = false }, count) {
	const x = inputs.map(({ dtype, shape }, k) => [`x${k}`, {
		dtype,
		shape: [count, ...shape]
	}]);
	const y = outputs.map(({ target: { kind, shape } }, k) => [`y${k}`, {
		dtype: kind === "class" ? "int32" : "float32",
		shape: [count, ...shape]
	}]);
	const more = [["other0", {
		dtype: "int32",
		shape: [count]
	}], ["share0", {
		dtype: "float32",
		shape: [count]
	}]];
	return Object.fromEntries([
		...x,
		...y,
		...mixed ? more : []
	]);
}
/** The tensors of a batch, as an eager step takes them. */
function tensorsOf({ engine: { tf }, ...sides }, batch) {
	const feed = feedOf(batch, sides);
	return Object.fromEntries(Object.entries(specsOf(sides, batch.count)).map(([name, { dtype, shape }]) => [name, dtype === "int32" ? tf.tensor(feed[name], [...shape], "int32") : tf.tensor(Float32Array.from(feed[name]), [...shape], "float32")]));
}
/** A batch of one sample of zeros. */
function emptySample({ inputs, outputs }) {
	return {
		x: inputs.map(({ dtype, shape }) => dtype === "uint8" ? new Uint8Array(sizeOf(shape)) : new Float32Array(sizeOf(shape))),
		y: noLabels(outputs.map(({ target }) => target), 1),
		count: 1
	};
}
/**
* What stands for the labels of so many samples where there are none: a loss is then told, and means nothing. Of texts
* any token, as what is behind their end would not count.
*/
function noLabels(targets, count) {
	return targets.map((target) => {
		const size = count * sizeOf(target.shape);
		return target.kind === "class" ? new Int32Array(size).fill(isWholeText(target) ? 1 : 0) : new Float64Array(size);
	});
}
// src/training/fill-batch.ts
/**
* Which sizes of evaluation batches to compile: the largest, and each that would be filled up to more than twice its
* size. A body of its own takes longer to compile than a larger one to run.
*/
function sizesToCompile(counts) {
	const sizes = [];
	for (const count of [...counts].sort((a, b) => b - a)) if (sizes.length === 0 || 2 * count < sizes.at(-1)) sizes.push(count);
	return sizes;
}
/** The batch with zeros for the samples that it lacks. */
function fillBatch({ x, y, count }, size) {
	if (count === size) return {
		x,
		y,
		count
	};
	const fill = (values) => {
		const filled = new values.constructor(values.length / count * size);
		filled.set(values);
		return filled;
	};
	return {
		x: x.map(fill),
		y: y.map(fill),
		count: size
	};
}
// src/training/run-step.ts
/**
* Makes a step part of a session's graph, once for each size of batch.
*
* @param name of its nodes
* @param counts sizes that are compiled at once; others are when they come
* @param scalars what goes in beside the batch
* @returns gives what runs the step for batches of so many samples
* @throws TraceRefusal where a graph would compute something else
*/
function compileStep(session, parts, { name, step }, counts, scalars = {}) {
	const compiled = session.compile(name, step, {
		...specsOf(parts, counts[0] ?? 1),
		...scalars
	});
	const known = /* @__PURE__ */ new Map();
	const ofCount = (count) => {
		const run = known.get(count) ?? compiled.prepare(Object.fromEntries(Object.entries(specsOf(parts, count)).map(([input, { shape }]) => [input, shape])));
		known.set(count, run);
		return run;
	};
	counts.forEach(ofCount);
	return ofCount;
}
/** Runs a step op by op. @param more what goes in beside the batch */
function runEagerly(parts, step, batch, more = () => ({})) {
	return parts.engine.tf.tidy(() => {
		const outputs = step({
			...tensorsOf(parts, batch),
			...more()
		});
		return Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => {
			const values = tensor.dataSync();
			tensor.dispose();
			return [name, values];
		}));
	});
}
/** That a step has to be compiled, and cannot be. @param why completes "it cannot be compiled: ..." */
function notCompiled(why) {
	return failure("not-compiled", `the step cannot be compiled: ${why}`, "Use `step: auto`, which runs such a step eagerly and says so.");
}
// src/training/taken-input.ts
/** Raw values [batch, ...shape] of an input as the model takes them, as asTaken has it. It needs nothing of Node. */
function takenInput(tf, input, raw) {
	const taken = standardized(tf, input, raw);
	if (input.whitened === void 0) return taken;
	const { mean, matrix } = input.whitened;
	const n = mean.length;
	const apart = tf.sub(tf.reshape(taken, [-1, n]), tf.tensor1d([...mean]));
	return tf.reshape(tf.matMul(apart, tf.tensor2d(decodeMatrix(matrix), [n, n])), raw.shape);
}
function standardized(tf, input, raw) {
	const ways = channelWays(input);
	if (ways === void 0) return input.scale === 1 ? raw : tf.mul(raw, input.scale);
	return tf.add(tf.mul(raw, tf.tensor1d(ways.factors)), tf.tensor1d(ways.offsets));
}
// src/training/step.ts
/**
* One step of training.
*
* In: `x0`, `x1`, ... [batch, ...shape of the input] raw values; `y0`, `y1`, ... [batch, ...shape of the target],
* classes as int32; where they are mixed also `other0` int32 and `share0`, as MixedLabels has them; `learningRate`
* scalar; `step` int32 scalar.
* Out: `loss` scalar, the weighted sum over the outputs of the batch's mean, with the penalties of regularizers, as in
* Keras; of each output `loss0`, its own mean, `score0`, as scoreOf has it, and under a mask `absent0`, as absentOf has
* it: the mean is that of all places of the batch that are there, and 0 where none is; where isWatched, without a mask,
* `margin0` [batch], as labelMargins has it.
*/
function trainingStep({ engine, model, inputs, outputs, optimizer, towers = 1, mixed }) {
	const { tf } = engine;
	return (given) => {
		const total = given["x0"].shape[0];
		const told = {};
		const tell = (name, value) => (told[name] ??= []).push(tf.keep(value));
		const sumsOf = ({ values, rows }) => {
			const answers = model.answer(scaled(tf, inputs, values), {
				step: given["step"],
				rows
			});
			return outputs.map((output, k) => {
				const [{ values: predicted }, y, there] = [
					answers[k],
					values[`y${k}`],
					rowsThere(tf, answers[k], output.target, values[`y${k}`])
				];
				tell(`score${k}`, scoreOf(tf, output, predicted, y, there));
				if (there !== void 0) tell(`absent${k}`, absentOf(tf, predicted, output, there));
				else if (output.target.kind === "class" && isWatched(output, mixed)) tell(`margin${k}`, labelMargins(tf, output.loss.row, predicted, y, output.target.classes.length));
				return {
					loss: tf.sum(sampleLosses(engine, output, predicted, y, true, there, mixedIn(values, k))),
					...there && { there: tf.sum(there) }
				};
			});
		};
		const lossOf = () => {
			const parts = split(tf, given, total, towers).map(sumsOf);
			const means = outputs.map((output, k) => {
				const there = parts.flatMap((part) => part[k].there ?? []);
				const divisor = there.length === 0 ? total : tf.maximum(tf.addN(there), 1);
				const mean = tf.div(tf.addN(parts.map((part) => part[k].loss)), divisor);
				if (outputs.length > 1) tell(`loss${k}`, mean);
				return weighted(tf, output, mean);
			});
			return penalized(tf, means.reduce((all, mean) => tf.add(all, mean)), model);
		};
		const { value, grads } = tf.variableGrads(lossOf, [...model.trainable]);
		optimizer.apply(model.trainable.map((variable) => grads[variable.name]), given["learningRate"]);
		model.constrain();
		const all = Object.entries(told).map(([name, parts]) => [name, name.startsWith("margin") ? tf.concat(parts) : tf.addN(parts)]);
		tf.dispose(told);
		return {
			loss: value,
			...Object.fromEntries(all)
		};
	};
}
/**
* A batch in equal parts, but for one sample more in the first ones: one for each core, as one op in each of two
* threads takes less time than two threads in each op.
*/
function split(tf, given, total, towers) {
	const values = Object.entries(given).filter(([name]) => /^(x|y|other|share)\d+$/.test(name));
	const parts = Math.min(towers, total);
	if (parts === 1) return [{
		values: Object.fromEntries(values),
		rows: {
			first: 0,
			count: total,
			total
		}
	}];
	return Array.from({ length: parts }, (_, part, first = Math.ceil(total * part / parts)) => {
		const count = Math.ceil(total * (part + 1) / parts) - first;
		return {
			values: Object.fromEntries(values.map(([name, tensor]) => [name, tf.slice(tensor, [first], [count])])),
			rows: {
				first,
				count,
				total
			}
		};
	});
}
/** The other classes of labels that are of two, and the shares of the first. */
function mixedIn(values, output) {
	const [other, share] = [values[`other${output}`], values[`share${output}`]];
	return other === void 0 || share === void 0 ? void 0 : {
		other,
		share
	};
}
/** What the model takes: raw values, scaled and standardized. */
function scaled(tf, inputs, given) {
	return inputs.map((input, k) => takenInput(tf, input, given[`x${k}`]));
}
function weighted(tf, { weight }, loss) {
	return weight === 1 ? loss : tf.mul(loss, weight);
}
/** A loss with what the regularizers of the weights add to it. */
function penalized(tf, loss, model) {
	return model.penalties().reduce((sum, penalty) => tf.add(sum, penalty), loss);
}
/**
* The model at work without training.
*
* In: `x0`, ..., `y0`, ... as for trainingStep. Out: `loss` [batch], the weighted sum over the outputs without a mask,
* with the penalties of regularizers; of each output what `predictions` gives, as `predicted0`, and, where there are
* several or it has a mask, `loss0` [batch], as sampleLosses has it; under a mask `there0` int32 [batch * places], as
* rowsThere has it.
*/
function evaluationStep({ engine, model, inputs, outputs, towers = 1, wanted = [] }) {
	const { tf } = engine;
	const evaluate = ({ values }) => {
		const answers = model.answer(scaled(tf, inputs, values));
		const there = answers.map((answer, k) => rowsThere(tf, answer, outputs[k].target, values[`y${k}`]));
		const losses = outputs.map((output, k) => sampleLosses(engine, output, answers[k].values, values[`y${k}`], false, there[k]));
		const whole = outputs.flatMap((output, k) => there[k] === void 0 ? [weighted(tf, output, losses[k])] : []);
		const sum = whole.length === 0 ? tf.zerosLike(losses[0]) : whole.reduce((all, loss) => tf.add(all, loss));
		const told = outputs.flatMap((output, k) => [
			...outputs.length > 1 || there[k] !== void 0 ? [[`loss${k}`, losses[k]]] : [],
			...there[k] === void 0 ? [] : [[`there${k}`, tf.cast(there[k], "int32")]],
			...Object.entries(predictions(tf, output, answers[k].values, wanted)).map(([name, value]) => [`${name}${k}`, value])
		]);
		return {
			loss: penalized(tf, sum, model),
			...Object.fromEntries(told)
		};
	};
	return (given) => {
		const parts = split(tf, given, given["x0"].shape[0], towers).map(evaluate);
		return Object.fromEntries(Object.keys(parts[0]).map((name) => [name, tf.concat(parts.map((part) => part[name]))]));
	};
}
// src/training/evaluator.ts
/**
* The sizes for a model that is trained in batches of `batchSize`.
*
* @param splits samples of each split that it evaluates, one after the other
*/
function evaluationSizes({ layersModel }, batchSize, splits) {
	const outputs = layersModel.layers.reduce((sum, { outputShape }) => sum + outputShape.slice(1).reduce((product, size) => product * size, 4), 0);
	const evaluationBatch = evaluationBatchOf(batchSize, outputs);
	return {
		evaluationBatch,
		sizes: sizesToCompile([...new Set(splits.flatMap((rows) => batchSizesOf(rows, evaluationBatch)))])
	};
}
/**
* Evaluates by a graph that holds nothing else, or op by op.
*
* @param rows how many samples come, one batch after the other, as far as it is known: their batches are compiled at
* once
* @param kind how the steps of the model's training ran: its own evaluation then has the same bits
* @throws UserError where a graph would compute something else, there is no room or no memory for it, or the engine
* lacks a kernel
*/
function createEvaluator(parts, sizes, rows, kind) {
	if (kind === "eager" || whyEager(parts.engine.kind) !== void 0) {
		const evaluator = eagerEvaluator(parts, sizes.evaluationBatch);
		if (whyEager(parts.engine.kind) !== void 0) rehearse(parts.engine.tf, [], () => void evaluator.evaluate(emptySample(parts)));
		return {
			...evaluator,
			dispose: () => {}
		};
	}
	const session = createGraphSession(parts.engine, { state: parts.model.variables });
	try {
		const evaluator = compileEvaluator(session, parts, sizes, batchSizesOf(rows, sizes.evaluationBatch));
		session.load();
		return {
			...evaluator,
			dispose: () => session.dispose()
		};
	} catch (error) {
		session.dispose();
		throw error instanceof TraceRefusal ? notCompiled(`it ${error.reason}`) : error;
	}
}
/**
* Evaluates as a part of a session's graph, with the weights that it has.
*
* @param counts samples of the batches that are compiled at once
* @throws TraceRefusal
*/
function compileEvaluator(session, parts, { evaluationBatch, sizes }, counts) {
	const sizeFor = (count) => sizes.findLast((size) => size >= count) ?? count;
	const run = compileStep(session, parts, {
		name: "evaluate",
		step: evaluationStep(parts)
	}, [...new Set(counts.map(sizeFor))]);
	return {
		lossWeights: parts.outputs.map(({ weight }) => weight),
		evaluationBatch,
		evaluate: (batch) => {
			const size = sizeFor(batch.count);
			const results = Object.entries(run(size)(feedOf(fillBatch(batch, size), parts)));
			return batchEvaluation(parts, Object.fromEntries(results.map(([name, values]) => [name, values.slice(0, values.length / size * batch.count)])));
		}
	};
}
/** Evaluates op by op: the reference for all other ways. */
function eagerEvaluator(parts, evaluationBatch) {
	const step = evaluationStep({
		...parts,
		towers: 1
	});
	return {
		lossWeights: parts.outputs.map(({ weight }) => weight),
		evaluationBatch,
		evaluate: (batch) => batchEvaluation(parts, runEagerly(parts, step, batch))
	};
}
function batchEvaluation({ outputs }, told) {
	const each = outputs.map(({ scales }, k) => {
		const [loss, confidence, probabilities, ranks] = [
			"loss",
			"confidence",
			"probabilities",
			"ranks"
		].map((name) => told[`${name}${k}`]);
		const there = told[`there${k}`];
		const predicted = told[`predicted${k}`];
		return {
			predicted: predicted instanceof Float32Array ? inOwnUnit(predicted, scales) : predicted,
			...there && { there },
			...loss && { loss },
			...confidence && { confidence },
			...probabilities && { probabilities },
			...ranks && { ranks }
		};
	});
	return {
		loss: told["loss"],
		outputs: each
	};
}
// src/training/restore-evaluator.ts
/**
* Lets a saved model evaluate, to the bits that its training would: no more of it is built than that takes.
*
* @throws UserError `model-damaged` where what was saved does not give the weights that it says; else as
* createEvaluator
*/
function restoreEvaluator({ model: saved, weightsSha256, step: ran }, { graph, seed, batchSize, step, samples: { validation, test }, batches, from, ...parts }) {
	const model = buildModel(parts.engine, graph, seed);
	try {
		const scales = parts.outputs.map((output) => output.scales ?? null);
		if (!putWeights(parts.engine.tf, model, saved, scales) || model.weightsSha256() !== weightsSha256) throw failure("model-damaged", `${from} does not give the weights that it says`, "Take `config` and `model` from the run again: they belong together.");
		const evaluator = createEvaluator({
			...parts,
			model,
			towers: countTowers({
				graph,
				batchSize,
				step
			})
		}, batches === void 0 ? evaluationSizes(model, batchSize, [validation, test]) : {
			evaluationBatch: batches[0],
			sizes: batches
		}, batches === void 0 ? test : batches[0], kindOf(ran));
		return {
			model,
			evaluator,
			dispose: () => {
				evaluator.dispose();
				model.dispose();
			}
		};
	} catch (error) {
		model.dispose();
		throw error;
	}
}
function kindOf(step) {
	return step.startsWith("eager") ? "eager" : "compiled";
}
// src/training/model-outputs.ts
/**
* The outputs of a model, in the order of the data's targets.
*
* @param scales of each target, those of its components; null or left out where it is not standardized
*/
function modelOutputs(targets, given, scales) {
	return targets.map((target, k) => {
		const { loss, weight } = optionsOf(target, given);
		const own = scales[k] ?? null;
		return {
			target,
			loss: {
				row: lossRow(loss.type),
				options: loss.options
			},
			weight,
			...own === null ? {} : { scales: own }
		};
	});
}
/** What the pipeline says of the output that predicts a target. */
function optionsOf({ name }, given) {
	return given.find(({ target }) => target === void 0 || target === name);
}
export { threadsPerOp as C, countTowers as S, explainWrongIndex as T, createGraphSession as _, eagerEvaluator as a, isWatched as b, trainingStep as c, runEagerly as d, emptySample as f, rehearse as g, tensorsOf as h, compileEvaluator as i, compileStep as l, noLabels as m, optionsOf as n, evaluationSizes as o, feedOf as p, restoreEvaluator as r, scaled as s, modelOutputs as t, notCompiled as u, buildModel as v, coresToUse as w, rankLabels as x, addMargins as y };
