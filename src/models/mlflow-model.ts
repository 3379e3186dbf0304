import { stringify } from 'yaml';
import { onnxNames } from '../layers/onnx/onnx-model.ts';

/** What a model takes or gives, [rows, ...shape]. */
interface Part {
  readonly name: string;
  readonly shape: readonly number[];
}

/** What `MLmodel` says of a model. */
export interface MlflowFacts {
  readonly inputs: readonly Part[];
  readonly outputs: readonly Part[];
  /** 32 hexadecimal digits that belong to the model. */
  readonly uuid: string;
  /** Bytes of `model.onnx`. */
  readonly bytes: number;
}

const pythonVersion = '3.11.7';

/** As MLflow 3.17's `mlflow.onnx.save_model` writes it, but for the time: the same model gives the same text. */
export function writeMlmodel({ inputs, outputs, uuid, bytes }: MlflowFacts): string {
  const names = onnxNames(inputs, outputs);
  const specs = (parts: readonly Part[], named: readonly string[]) =>
    JSON.stringify(
      parts.map(({ shape: [, ...shape] }, k) => ({
        // As MLflow infers them: one array alone has no name.
        ...(parts === inputs && parts.length === 1 ? {} : { name: named[k] }),
        type: 'tensor',
        'tensor-spec': { dtype: 'float32', shape: [-1, ...shape] },
      })),
    );
  return stringify({
    flavors: {
      onnx: {
        code: null,
        data: 'model.onnx',
        onnx_session_options: null,
        onnx_version: '1.23.2',
        providers: ['CUDAExecutionProvider', 'CPUExecutionProvider'],
      },
      python_function: {
        data: 'model.onnx',
        env: { conda: 'conda.yaml', virtualenv: 'python_env.yaml' },
        loader_module: 'mlflow.onnx',
        python_version: pythonVersion,
      },
    },
    is_signature_from_type_hint: false,
    mlflow_version: '3.17.2',
    model_size_bytes: bytes,
    model_uuid: uuid,
    saved_input_example_info: {
      artifact_path: 'input_example.json',
      serving_input_path: 'serving_input_example.json',
      type: 'ndarray',
    },
    signature: { inputs: specs(inputs, names.inputs), outputs: specs(outputs, names.outputs), params: null },
    type_hint_from_example: false,
  });
}

/** A part with its values, row by row. */
interface Example extends Part {
  readonly values: ArrayLike<number>;
}

/**
 * What MLflow keeps beside a model: `MLmodel`, an example of its input, and what Python needs to compute it.
 *
 * @param inputs the first row of which is the example
 */
export function mlflowFiles({
  inputs,
  ...facts
}: Omit<MlflowFacts, 'inputs'> & { readonly inputs: readonly Example[] }): Record<string, string> {
  const names = onnxNames(inputs, facts.outputs).inputs;
  const rows = inputs.map(({ values, shape: [, ...shape] }) => [nested(values, shape, 0)]);
  const example = inputs.length === 1 ? rows[0] : Object.fromEntries(names.map((name, k) => [name, rows[k]]));
  // ONNX Runtime has the operators since 1.17, and onnx since 1.15.
  const packages = ['mlflow>=3', 'numpy', 'onnx>=1.15', 'onnxruntime>=1.17'];
  return {
    MLmodel: writeMlmodel({ inputs, ...facts }),
    'input_example.json': JSON.stringify(example),
    'serving_input_example.json': JSON.stringify({ inputs: example }),
    'requirements.txt': packages.join('\n'),
    'python_env.yaml': stringify({
      python: pythonVersion,
      build_dependencies: ['pip', 'setuptools', 'wheel'],
      dependencies: ['-r requirements.txt'],
    }),
    'conda.yaml': stringify({
      channels: ['conda-forge'],
      dependencies: [`python=${pythonVersion}`, 'pip', { pip: packages }],
      name: 'mlflow-env',
    }),
  };
}

/** Numbers as lists in lists. */
function nested(values: ArrayLike<number>, shape: readonly number[], at: number): unknown {
  const [size, ...rest] = shape;
  if (size === undefined) return values[at]!;
  const each = rest.reduce((product, one) => product * one, 1);
  return Array.from({ length: size }, (_, i) => nested(values, rest, at + i * each));
}
