import { Dn as stringify } from "./checks-359mGJ3h.js";
import { n as onnxNames } from "./onnx-model-B18sXMkj.js";
// src/models/mlflow-model.ts
const pythonVersion = "3.11.7";
/** As MLflow 3.17's `mlflow.onnx.save_model` writes it, but for the time: the same model gives the same text. */
function writeMlmodel({ inputs, outputs, uuid, bytes }) {
	const names = onnxNames(inputs, outputs);
	const specs = (parts, named) => JSON.stringify(parts.map(({ shape: [, ...shape] }, k) => ({
		...parts === inputs && parts.length === 1 ? {} : { name: named[k] },
		type: "tensor",
		"tensor-spec": {
			dtype: "float32",
			shape: [-1, ...shape]
		}
	})));
	return stringify({
		flavors: {
			onnx: {
				code: null,
				data: "model.onnx",
				onnx_session_options: null,
				onnx_version: "1.23.2",
				providers: ["CUDAExecutionProvider", "CPUExecutionProvider"]
			},
			python_function: {
				data: "model.onnx",
				env: {
					conda: "conda.yaml",
					virtualenv: "python_env.yaml"
				},
				loader_module: "mlflow.onnx",
				python_version: pythonVersion
			}
		},
		is_signature_from_type_hint: false,
		mlflow_version: "3.17.2",
		model_size_bytes: bytes,
		model_uuid: uuid,
		saved_input_example_info: {
			artifact_path: "input_example.json",
			serving_input_path: "serving_input_example.json",
			type: "ndarray"
		},
		signature: {
			inputs: specs(inputs, names.inputs),
			outputs: specs(outputs, names.outputs),
			params: null
		},
		type_hint_from_example: false
	});
}
/**
* What MLflow keeps beside a model: `MLmodel`, an example of its input, and what Python needs to compute it.
*
* @param inputs the first row of which is the example
*/
function mlflowFiles({ inputs, ...facts }) {
	const names = onnxNames(inputs, facts.outputs).inputs;
	const rows = inputs.map(({ values, shape: [, ...shape] }) => [nested(values, shape, 0)]);
	const example = inputs.length === 1 ? rows[0] : Object.fromEntries(names.map((name, k) => [name, rows[k]]));
	const packages = [
		"mlflow>=3",
		"numpy",
		"onnx>=1.15",
		"onnxruntime>=1.17"
	];
	return {
		MLmodel: writeMlmodel({
			inputs,
			...facts
		}),
		"input_example.json": JSON.stringify(example),
		"serving_input_example.json": JSON.stringify({ inputs: example }),
		"requirements.txt": packages.join("\n"),
		"python_env.yaml": stringify({
			python: pythonVersion,
			build_dependencies: [
				"pip",
				"setuptools",
				"wheel"
			],
			dependencies: ["-r requirements.txt"]
		}),
		"conda.yaml": stringify({
			channels: ["conda-forge"],
			dependencies: [
				`python=${pythonVersion}`,
				"pip",
				{ pip: packages }
			],
			name: "mlflow-env"
		})
	};
}
/** Numbers as lists in lists. */
function nested(values, shape, at) {
	const [size, ...rest] = shape;
	if (size === void 0) return values[at];
	const each = rest.reduce((product, one) => product * one, 1);
	return Array.from({ length: size }, (_, i) => nested(values, rest, at + i * each));
}
export { writeMlmodel as n, mlflowFiles as t };
