import { $n as registerOwnLayer, Gn as groupNormalization, Io as hasForm, Jn as maskedMerge, Kn as dotProduct, Mo as anything, Un as categoryEncoding, Uo as record, Wn as resizing, Xn as averageOfPresent, Yn as positionEmbedding, Zn as multiHeadAttention, _a as readFileWithin, bs as failure, qn as subtraction, vs as UserError } from "./checks-359mGJ3h.js";
import { t as isWithin } from "./json-limits-CdfrAawc.js";
import { d as allPresent, f as maskOfInput, m as zeroAbsent, p as onlyHere, r as modelFiles, t as descriptionMisfit } from "./save-model-wTVDVX2-.js";
import { join } from "node:path";
// src/layers/custom-layers.ts
const registering = (layer) => (tf) => registerOwnLayer(layer, tf);
/** Registers every layer that saved models may hold and plain TensorFlow.js does not have. */
const registrations = [
	registering(averageOfPresent),
	registering(maskOfInput),
	registering(allPresent),
	registering(zeroAbsent),
	registering(onlyHere),
	registering(maskedMerge),
	registering(subtraction),
	registering(dotProduct),
	registering(groupNormalization),
	registering(multiHeadAttention),
	registering(positionEmbedding),
	registering(resizing),
	registering(categoryEncoding)
];
/**
* Makes TensorFlow.js know Layerline's own layers, and its own `gelu_new` by the name that it reads, so that
* `loadLayersModel` loads models that hold them: in Node and, as `layerline/layers`, which needs nothing of Node, in
* browsers.
*
* @param tf `@tensorflow/tfjs`, or `@tensorflow/tfjs-node`
*/
function registerLayers(tf) {
	for (const register of registrations) register(tf);
	const { classNameMap } = tf.serialization.SerializationMap.getMap();
	classNameMap["geluNew"] ??= classNameMap["gelu_new"];
}
// src/layers/load-model.ts
/**
* Loads the model of a run in Node, with any TensorFlow.js: the plain one reads no files there, and neither knows
* Layerline's own layers. Reads `model.json` and `weights.bin` of the folder, and no other file, whatever they say.
*
* @param tf `@tensorflow/tfjs`, or `@tensorflow/tfjs-node`
* @param folder `artifacts/model` of the run
* @throws UserError where there is no model (code `no-model`), or it is damaged or another program's (`model-damaged`)
*/
async function loadLayersModel(tf, folder) {
	const { saved, metadata, path } = readModelFiles(folder);
	registerLayers(tf);
	const { weightsManifest, ...rest } = saved.description;
	const weightData = saved.weights.slice().buffer;
	try {
		return await tf.loadLayersModel(tf.io.fromMemory({
			...rest,
			...metadata === void 0 ? {} : { userDefinedMetadata: metadata },
			weightSpecs: weightsManifest[0].weights,
			weightData
		}));
	} catch (error) {
		throw damaged(path, `TensorFlow.js cannot make a model of it: ${error.message.slice(0, 500)}`, error);
	}
}
/** Reads `model.json` and `weights.bin` of a folder. @throws UserError as loadLayersModel */
function readModelFiles(folder) {
	const [weightsPath, path] = modelFiles.map((file) => join(folder, file));
	const { userDefinedMetadata, ...description } = parse(path, read(path, 1e8));
	if (userDefinedMetadata !== void 0 && !hasForm(record(anything), userDefinedMetadata)) throw damaged(path, "what it says of the data is no object");
	const weights = read(weightsPath, 4e9);
	const misfit = descriptionMisfit({
		description,
		weights
	});
	if (misfit !== void 0) throw damaged(path, misfit);
	return {
		saved: {
			description,
			weights
		},
		path,
		...userDefinedMetadata === void 0 ? {} : { metadata: userDefinedMetadata }
	};
}
/** @param limit bytes: a description has some hundred for each layer */
function read(path, limit) {
	try {
		return readFileWithin(path, limit);
	} catch (error) {
		throw failure("no-model", `${path} cannot be read: ${error.message}`, "Name the folder `artifacts/model` of a run that has trained.", error);
	}
}
function parse(path, bytes) {
	let description;
	try {
		const json = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
		if (!isWithin(json, {
			depth: 100,
			holders: 5e6,
			values: 5e7
		})) throw damaged(path, "it holds more than any model");
		description = JSON.parse(json);
	} catch (error) {
		if (error instanceof UserError) throw error;
		throw damaged(path, bytes.length === 0 ? "it is empty" : `it is not JSON, or not all of it: ${error.message}`, error);
	}
	if (!hasForm(record(anything), description)) throw damaged(path, "it is no object");
	return description;
}
const damaged = (path, what, cause) => failure("model-damaged", `${path} does not describe a model of Layerline: ${what}`, "Take both files, model.json and weights.bin, from the run again: they belong together. Models of other programs are loaded by `tf.loadLayersModel` or `tf.loadGraphModel`.", cause);
export { readModelFiles as n, loadLayersModel as t };
