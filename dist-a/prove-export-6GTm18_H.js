import { a as distanceOf, n as readGolden } from "./golden-BUwhSn9q.js";
import { Bo as object, Go as text, Ho as optional, Io as hasForm, Lo as list, _a as readFileWithin, vs as UserError } from "./checks-359mGJ3h.js";
import { t as pythonPath } from "./python-path-BR9g5JAZ.js";
import { a as startProgram } from "./start-program-BEqJZGY_.js";
import { t as isWithin } from "./json-limits-CdfrAawc.js";
import { r as kerasClasses } from "./keras-layers-Dm0WiqWf.js";
import { n as writeMlmodel } from "./mlflow-model-x4C6nMOO.js";
import { u as engineKind } from "./engine-status-CGKvgfDM.js";
import { n as loadEngine, r as startBackend } from "./load-engine-Cr0z7l6P.js";
import { t as loadLayersModel } from "./load-model-BqvIRzrC.js";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { existsSync, readFileSync, statSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { once } from "node:events";
import { unzipSync } from "fflate";
// src/models/runtimes/runtime.ts
/** That a program cannot be had here, or has not what the model takes. The message says what is missing. */
var NotThere = class extends Error {};
// src/models/runtimes/onnx-runtime.ts
/** ONNX Runtime for Node, native or, where that is not there, in WebAssembly. */
const onnxRuntime = {
	name: "ONNX Runtime",
	reads: "model.onnx",
	compute
};
async function compute({ folder, golden }) {
	const { runtime, version } = await load();
	runtime.env.wasm.numThreads = 1;
	const session = await runtime.InferenceSession.create(readFileWithin(join(folder, "model.onnx"), 2 ** 31));
	try {
		const feeds = golden.inputs.map(({ values, shape }, k) => [session.inputNames[k], new runtime.Tensor("float32", values, shape)]);
		const told = await session.run(Object.fromEntries(feeds));
		return {
			version,
			outputs: session.outputNames.map((name) => told[name].data)
		};
	} finally {
		await session.release();
	}
}
/**
* Looked for beside this program alone: what lies in the folder that the user stands in, which may be a project from
* elsewhere, is not run.
*/
async function load() {
	const require = createRequire(import.meta.url);
	for (const name of ["onnxruntime-node", "onnxruntime-web"]) {
		let path;
		try {
			path = require.resolve(name);
		} catch {
			continue;
		}
		const runtime = await import(pathToFileURL(path).href);
		return {
			runtime: runtime.default ?? runtime,
			version: `${name.slice(12)} ${versionAt(path, name)}`
		};
	}
	throw new NotThere("install onnxruntime-node beside layerline");
}
/** The version that the package says which a file lies in. */
function versionAt(path, name) {
	const folder = path.slice(0, path.lastIndexOf(join("node_modules", name))) || dirname(path);
	const { version } = JSON.parse(readFileSync(join(folder, "node_modules", name, "package.json"), "utf8"));
	return version;
}
// src/models/formats/read-keras.ts
/** Names of files in it, the only ones that are read; each once. */
const parts = /* @__PURE__ */ new Set([
	"metadata.json",
	"config.json",
	"model.weights.h5"
]);
/** Classes that are no layers. */
const others = /* @__PURE__ */ new Set(["Functional", "__keras_tensor__"]);
/**
* What in a `.keras` is of another program than this; undefined: nothing. Some objects that such a file can name run
* code when Keras loads them, so one from elsewhere is not given to it.
*/
function kerasMisfit(file) {
	const seen = [];
	try {
		const { "config.json": config } = unzipSync(file, { filter: ({ name, originalSize }) => {
			seen.push(name);
			return name === "config.json" && originalSize < 1e8;
		} });
		if (seen.length !== parts.size || !seen.every((name) => parts.has(name))) return "it holds other files";
		const json = new TextDecoder().decode(config);
		if (!isWithin(json, {
			depth: 100,
			holders: 5e6,
			values: 5e7
		})) return "it holds more than any model";
		return misfitIn(JSON.parse(json));
	} catch (error) {
		return error.message;
	}
}
function misfitIn(value) {
	if (typeof value !== "object" || value === null) return void 0;
	for (const [key, inner] of Object.entries(value)) {
		if (key === "registered_name") return "it names what a program has registered";
		if (key === "module" && !["keras.layers", "keras.src.models.functional"].includes(inner)) return `it names the module ${String(inner)}`;
		if (key === "class_name" && !kerasClasses.has(inner) && !others.has(inner)) return `it names the class ${String(inner)}`;
		const misfit = misfitIn(inner);
		if (misfit !== void 0) return misfit;
	}
}
// src/models/runtimes/python-program.ts
/**
* What Python is told: `sys.argv` names the program that computes, and the folder of the model. It prints one line of
* JSON: the version, and each output as base64 of float32; or what is missing.
*/
const pythonProgram = `
import base64, json, os, struct, sys

runtime, folder = sys.argv[1:]
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="")


def say(**told):
    print("\\n" + json.dumps(told), flush=True)


try:
    import numpy as np

    if runtime == "onnxruntime":
        import onnxruntime as library
    elif runtime == "Keras":
        import h5py
        import keras as library
    else:
        import mlflow.pyfunc
        import mlflow as library
        import onnxruntime
except ImportError as error:
    say(missing=f"Python has no {error.name or error}")
    sys.exit()

with open(os.path.join(folder, "golden", "inputs.safetensors"), "rb") as file:
    header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
    values = file.read()
inputs = {
    name: np.frombuffer(values[slice(*part["data_offsets"])], "<f4").reshape(part["shape"])
    for name, part in header.items()
}
given = list(inputs.values())
if runtime == "onnxruntime":
    session = library.InferenceSession(os.path.join(folder, "model.onnx"), providers=["CPUExecutionProvider"])
    found = session.run(None, dict(zip([one.name for one in session.get_inputs()], given)))
elif runtime == "Keras":
    model = library.saving.load_model(os.path.join(folder, "model.keras"))
    found = model.predict(given if len(given) > 1 else given[0], verbose=0)
else:
    model = library.pyfunc.load_model(folder)
    names = model.metadata.get_input_schema().input_names() if len(given) > 1 else []
    found = list(model.predict(dict(zip(names, given)) if len(given) > 1 else given[0]).values())
say(
    version=library.__version__,
    outputs=[
        base64.b64encode(np.asarray(one, "<f4").tobytes()).decode()
        for one in (found if isinstance(found, list) else [found])
    ],
)
`;
// src/models/runtimes/python-runtimes.ts
/** What Python has, each in a process of its own. */
const pythonRuntimes = [
	{
		name: "Python onnxruntime",
		reads: "model.onnx",
		compute: (given) => computeBy$1("onnxruntime", given)
	},
	{
		name: "Python Keras",
		reads: "model.keras",
		compute: (given) => {
			const misfit = kerasMisfit(readFileWithin(join(given.folder, "model.keras"), 4e9));
			if (misfit !== void 0) throw new Error(`model.keras is not as Layerline writes it: ${misfit}`);
			return computeBy$1("Keras", given);
		}
	},
	{
		name: "Python mlflow.pyfunc",
		reads: "MLmodel",
		compute: (given) => {
			if (!isOurMlmodel(given)) throw new Error("MLmodel is not as Layerline writes it");
			return computeBy$1("mlflow", given);
		}
	}
];
/** MLflow runs the code that an MLmodel names: only what says to the letter what ours says is given to it. */
function isOurMlmodel({ folder, golden: { inputs, outputs } }) {
	const said = Buffer.from(readFileWithin(join(folder, "MLmodel"), 1e6)).toString();
	const uuid = /^model_uuid: ([0-9a-f]{32})$/m.exec(said)?.[1];
	const { size } = statSync(join(folder, "model.onnx"));
	return uuid !== void 0 && writeMlmodel({
		inputs,
		outputs,
		uuid,
		bytes: size
	}) === said;
}
const answer = object({
	missing: optional(text()),
	version: optional(text()),
	outputs: optional(list(text(/^[A-Za-z0-9+/=]*$/)))
});
async function computeBy$1(name, { folder, signal }) {
	const { stdout, stderr } = await run([
		"-c",
		pythonProgram,
		name,
		resolve(folder)
	], signal);
	const told = parse(stdout.trim().split("\n").at(-1));
	if (!hasForm(answer, told)) throw new Error(stderr.trim().split("\n").at(-1)?.slice(0, 300) || "it says nothing");
	if (told.missing !== void 0) throw new NotThere(told.missing);
	return {
		version: told.version ?? "",
		outputs: (told.outputs ?? []).map((values) => {
			const bytes = Uint8Array.from(Buffer.from(values, "base64"));
			return new Float32Array(bytes.buffer, 0, Math.floor(bytes.length / 4));
		})
	};
}
async function run(args, signal) {
	let child;
	try {
		child = startProgram(pythonPath(), args, { signal });
	} catch {
		throw new NotThere("there is no python3 on the PATH");
	}
	let [stdout, stderr] = ["", ""];
	child.stdout.setEncoding("utf8").on("data", (part) => stdout += part);
	child.stderr.setEncoding("utf8").on("data", (part) => stderr = (stderr + part).slice(-1e4));
	await once(child, "close");
	return {
		stdout,
		stderr
	};
}
function parse(line) {
	try {
		return JSON.parse(line);
	} catch {
		return;
	}
}
// src/engine/load-stock.ts
/**
* TensorFlow.js as pages load it, with nothing of it replaced: to be called before an engine is loaded, which replaces
* kernels.
*
* @param backend the one that computes from now on
*/
async function loadStock(backend) {
	const require = createRequire(import.meta.url);
	const tf = require("@tensorflow/tfjs");
	if (backend === "wasm") {
		const { version_wasm: version } = require("@tensorflow/tfjs-backend-wasm");
		await startBackend(tf);
		return {
			tf,
			version
		};
	}
	tf.env().set("PROD", true);
	await tf.setBackend("cpu");
	return {
		tf,
		version: tf.version["tfjs-core"]
	};
}
// src/models/runtimes/tfjs-runtimes.ts
/** TensorFlow.js on each of its backends, in the order in which they can be loaded into one process. */
const tfjsRuntimes = [
	{
		name: "tfjs plain JavaScript",
		reads: "model.json",
		compute: (given) => computeBy(() => loadStock("cpu"), given)
	},
	{
		name: "tfjs wasm",
		reads: "model.json",
		compute: (given) => computeBy(() => loadStock("wasm"), given)
	},
	{
		name: "tfjs-node",
		reads: "model.json",
		compute: (given) => computeBy(loadNative, given)
	}
];
async function loadNative() {
	if (engineKind() === "wasm") throw new NotThere("PIPELINE_ENGINE asks for wasm");
	try {
		const { tf, version } = await loadEngine();
		return {
			tf,
			version: /tfjs-node (\S+)/.exec(version)?.[1] ?? version
		};
	} catch (error) {
		throw error instanceof UserError ? new NotThere(error.message) : error;
	}
}
async function computeBy(load, { folder, golden }) {
	const { tf, version } = await load();
	const model = await loadLayersModel(tf, folder).catch((error) => {
		const other = /it cannot compute the layer .*/.exec(error.message);
		throw other === null ? error : new NotThere(other[0]);
	});
	try {
		let outputs = [];
		tf.tidy(() => {
			outputs = [model.predict(golden.inputs.map(({ values, shape }) => tf.tensor(values, [...shape], "float32")))].flat().map((tensor) => tensor.dataSync());
		});
		return {
			version,
			outputs
		};
	} catch (error) {
		const missing = /Kernel '(\w+)' not registered for backend/.exec(error.message);
		throw missing === null ? error : new NotThere(`it has no kernel ${missing[1]}`);
	} finally {
		model.dispose();
	}
}
// src/models/runtimes/runtimes.ts
/** Every program that models are proven in. */
const runtimes = [
	...tfjsRuntimes,
	onnxRuntime,
	...pythonRuntimes
];
// src/models/prove-export.ts
/**
* Lets every program that is there compute the golden rows of a model's folder, and tells of one after the other.
*
* @throws UserError where the rows are missing or damaged; the signal's reason when it is aborted
*/
async function* verifyExport(folder, signal, runtimes$1 = runtimes) {
	const golden = readGolden(folder);
	for (const { name, reads, compute } of runtimes$1) {
		signal.throwIfAborted();
		if (!existsSync(join(folder, reads))) {
			yield {
				runtime: name,
				verdict: "not there",
				reason: `the folder has no ${reads}`
			};
			continue;
		}
		try {
			const { version, outputs } = await compute({
				folder,
				golden,
				signal
			});
			const { worst, tolerance, isWithin } = distanceOf(golden.outputs, outputs);
			yield {
				runtime: name,
				version,
				worst,
				tolerance,
				verdict: isWithin ? "ok" : "differs"
			};
		} catch (error) {
			signal.throwIfAborted();
			yield {
				runtime: name,
				verdict: error instanceof NotThere ? "not there" : "fails",
				reason: error.message.split("\n")[0]
			};
		}
	}
}
export { verifyExport };
