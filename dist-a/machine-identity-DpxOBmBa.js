import { t as codeHash } from "./code-hash-4h4I2SSx.js";
import { w as coresToUse } from "./model-outputs-BxqrQy2e.js";
import { h as packageVersion, t as engineStatus } from "./engine-status-CGKvgfDM.js";
import { basename } from "node:path";
import { cpus } from "node:os";
// src/cache/machine-identity.ts
/**
* Looks at this machine, without loading TensorFlow.
*
* @param threadsPerOp what TensorFlow is told where the environment does not say otherwise
* @throws UserError when PIPELINE_ENGINE names none, or there is none for this machine
*/
function thisMachine(version, threadsPerOp) {
	const { kind, folder, bytes } = engineStatus();
	const versions = (...names) => names.map((name) => `${name.replace(/^@[^/]*\//, "")} ${packageVersion(name)}`).join(", ");
	const native = kind === "native" ? basename(folder) : `${bytes} bytes`;
	const binding = kind === "wasm" ? "@tensorflow/tfjs-backend-wasm" : "@tensorflow/tfjs-node";
	return {
		program: `${version}, code ${codeHash().slice(0, 8)}`,
		node: process.version,
		engine: `${kind} (${native}), ${versions("@tensorflow/tfjs", binding)}`,
		processor: `${process.arch}, ${cpus()[0]?.model.trim() ?? "unknown"}`,
		threads: `${coresToUse()} cores, ${process.env[opThreads] ?? threadsPerOp} threads per op`,
		environment: Object.fromEntries(changesNumbers.flatMap((name) => process.env[name] === void 0 ? [] : [[name, process.env[name]]])),
		drawing: versions("vega", "vega-lite", "@resvg/resvg-js", "fast-png", "@expo-google-fonts/inter")
	};
}
const opThreads = "TF_NUM_INTRAOP_THREADS";
/**
* The variables by which libtensorflow and the oneDNN and Eigen inside it compute otherwise on a CPU, from its code and
* the strings of the library. By name, never by their beginning: others call their tokens `TF_...`, Terraform before
* all. What those read for GPUs, logging, profiling or sizes of caches changes no number; the threads of an op are told
* by themselves.
*/
const changesNumbers = [
	"OMP_NUM_THREADS",
	"TENSORFLOW_USE_CUSTOM_CONTRACTION_KERNEL",
	"TF_DETERMINISTIC_OPS",
	"TF_ENABLE_ONEDNN_OPTS",
	"TF_ENABLE_ONEDNN_SPMM",
	"TF_ENABLE_ZENDNN_OPTS",
	"TF_NUM_INTEROP_THREADS",
	"TF_ONEDNN_ASSUME_FROZEN_WEIGHTS",
	"TF_ONEDNN_THREADPOOL_USE_CALLER_THREAD",
	"TF_OVERRIDE_GLOBAL_THREADPOOL",
	"TF_SET_ONEDNN_FPMATH_MODE",
	"TF_USE_DEEP_CONV2D",
	"TF_USE_EIGEN_PARALLEL_FOR_IN_WORK_SHARDER",
	"TF_XLA_FLAGS",
	"XLA_FLAGS",
	...[
		"CPU_ISA_HINTS",
		"DEFAULT_FPMATH_MODE",
		"MAX_CPU_ISA"
	].flatMap((name) => [`DNNL_${name}`, `ONEDNN_${name}`])
].toSorted();
export { thisMachine as t };
