import { Ea as realPath, Oa as statOf, Ta as makeFolder, _a as readFileWithin, bs as failure, ja as writeFileAtomic, ka as syncFolder, vs as UserError, xa as besideName } from "./checks-359mGJ3h.js";
import { c as maskMisfit, r as modelFiles } from "./save-model-wTVDVX2-.js";
import { t as onnxMisfit } from "./onnx-model-B18sXMkj.js";
import { n as readTrainedModel, r as scalesOf, t as loadTrainedModel } from "./load-trained-model-DPwpEsdn.js";
import { l as weightsOf, n as readGolden, r as sha256Of, t as goldenFiles } from "./golden-BUwhSn9q.js";
import { dirname, join } from "node:path";
import { existsSync, readdirSync, renameSync, rmSync } from "node:fs";
// src/models/formats/formats.ts
/** Each loads what makes it when it is asked for. */
const formats = {
	tfjs: {
		doc: "TensorFlow.js: model.json and weights.bin, for browsers and Node",
		files: async ({ graph }) => {
			refuseMasks(graph);
			return {};
		},
		load: (folder) => `const model = await tf.loadLayersModel(${js(`${folder}/model.json`)});`
	},
	onnx: {
		doc: "ONNX: model.onnx, for ONNX Runtime in any language",
		files: async ({ pipeline: { name }, graph, saved, metadata: { targets } }) => {
			refuseOnnx(graph);
			const { writeOnnx } = await import("./onnx-BeguXvSz.js");
			return { "model.onnx": writeOnnx({
				name,
				graph,
				saved,
				targets,
				scales: scalesOf(targets)
			}) };
		},
		load: (folder) => `session = onnxruntime.InferenceSession(${python(`${folder}/model.onnx`)})`
	},
	keras: {
		doc: "Keras 3: model.keras, for Python",
		files: async ({ saved }) => {
			const { writeKeras } = await import("./keras-B0g15pk9.js");
			return { "model.keras": await writeKeras(saved) };
		},
		load: (folder) => `model = keras.saving.load_model(${python(`${folder}/model.keras`)})  # Keras 3`
	},
	safetensors: {
		isPassive: true,
		doc: "the weights alone, by their names: safetensors",
		files: async ({ saved }) => {
			const { writeSafetensors } = await import("./golden-BUwhSn9q.js").then((n) => n.o);
			return { "weights.safetensors": writeSafetensors(weightsOf(saved)) };
		},
		load: (folder) => `weights = safetensors.numpy.load_file(${python(`${folder}/weights.safetensors`)})`
	},
	npz: {
		isPassive: true,
		doc: "the weights alone, by their names: NumPy",
		files: async ({ saved }) => {
			const { writeNpz } = await import("./npz-DYIhiy6M.js");
			return { "weights.npz": writeNpz(weightsOf(saved)) };
		},
		load: (folder) => `weights = numpy.load(${python(`${folder}/weights.npz`)})`
	}
};
/** @throws UserError `not-exportable` where a layer has no counterpart */
function refuseOnnx({ layers }) {
	const misfit = onnxMisfit(layers);
	if (misfit === void 0) return;
	const { name, type } = layers[misfit.layer];
	throw failure("not-exportable", `the layer ${name} (${type}) cannot be exported to ONNX, as ${misfit.reason}`, "Export to `tfjs`, which has all layers, or change the layer and train again.");
}
/** @throws UserError `not-exportable` where a layer reads a mask as TensorFlow.js does not */
function refuseMasks({ layers }) {
	const misfit = maskMisfit({ layers });
	if (misfit === void 0) return;
	const { name, type } = layers[misfit.layer];
	throw failure("not-exportable", `the layer ${name} (${type}) cannot be exported to TensorFlow.js, as ${misfit.reason}`, "Export to `keras`, or change the layer and train again.");
}
const js = (text) => JSON.stringify(text);
const python = js;
// src/models/export-model.ts
/**
* Makes the files of a model in a format, with the golden rows that prove them and `model.yaml`, where the model has
* them.
*
* @param folder of the model
* @throws UserError where it is damaged, or the format has no equal of a layer
*/
async function exportFiles(folder, to, emit) {
	const model = readTrainedModel(folder);
	const kept = await proveModel(folder, emit);
	const made = await formats[to].files(model);
	const own = to === "tfjs" ? copyOf(folder, modelFiles) : made;
	return {
		name: model.pipeline.name,
		files: {
			...own,
			...copyOf(folder, kept)
		}
	};
}
/**
* Proves by their hash that the weights are those that were trained.
*
* @returns the files that say more of the model, where it has them: versions before recorded none
* @throws UserError where they are not
*/
async function proveModel(folder, emit) {
	if (!existsSync(join(folder, "golden"))) {
		(await loadTrainedModel(folder, emit)).dispose();
		return [];
	}
	const { sha256 } = readGolden(folder);
	for (const name of modelFiles) if (sha256[name] !== sha256Of(readFileWithin(join(folder, name), 4e9))) throw failure("model-damaged", `${join(folder, name)} does not have the SHA-256 that golden/golden.json says`, "Take the whole folder from the run again.");
	return [...goldenFiles.map((name) => `golden/${name}`), "model.yaml"];
}
/** Files of a folder, as they are. */
function copyOf(folder, names) {
	return Object.fromEntries(names.map((name) => [name, readFileWithin(join(folder, name), 4e9)]));
}
/**
* Writes a folder as a whole: it is made under another name, and there is none of its own before all of it is on the
* disk.
*
* @returns whether it was written; false: it is there, with the same content
* @throws UserError `export-exists` where something else is there, `export-not-written` where it cannot be written
*/
function writeExport(path, files) {
	const folder = realPath(path);
	const aside = join(dirname(folder), besideName());
	try {
		const about = statOf(folder);
		if (about !== void 0 && !about.isDirectory()) throw failure("export-exists", `${path} is no folder, but a file`, "Name a folder by `--out`.");
		const there = about === void 0 ? [] : readdirSync(folder);
		if (there.length > 0) {
			if (isSame(folder, there, files)) return false;
			throw failure("export-exists", `${path} is there, and holds something else`, "Name another folder by `--out`, or remove it.");
		}
		makeFolder(aside);
		placeFolder(aside, folder, files);
		return true;
	} catch (error) {
		if (error instanceof UserError) throw error;
		throw failure("export-not-written", `${path} cannot be written: ${error.message}`, "Name a folder that can be made by `--out`, and make room for it.", error);
	}
}
function placeFolder(aside, folder, files) {
	try {
		for (const [name, bytes] of Object.entries(files)) writeFileAtomic(join(aside, name), bytes);
		syncFolder(aside);
		renameSync(aside, folder);
		syncFolder(dirname(folder));
	} catch (error) {
		rmSync(aside, {
			recursive: true,
			force: true
		});
		throw error;
	}
}
function isSame(folder, there, files) {
	const names = Object.keys(files);
	const tops = new Set(names.map((name) => name.split("/")[0]));
	if (there.length !== tops.size || !there.every((name) => tops.has(name))) return false;
	return names.every((name) => {
		try {
			return Buffer.from(readFileWithin(join(folder, name), files[name].length)).equals(files[name]);
		} catch {
			return false;
		}
	});
}
/** The folder that a model is exported to where none is named, such as `digits-onnx`. */
function exportFolder(name, to) {
	return `${name.replaceAll(/[^\p{L}\p{N}._-]+/gu, "-").replace(/^[.-]+/, "") || "model"}-${to}`;
}
export { writeExport as a, proveModel as i, exportFiles as n, formats as o, exportFolder as r, copyOf as t };
