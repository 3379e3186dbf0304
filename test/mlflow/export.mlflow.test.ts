import { execFile } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Rig, digitsPipeline, eventsOf } from '../rig.ts';
import { pythonProgram } from './setup.ts';

const rig = new Rig();
afterAll(() => rig.remove());

const files: Readonly<Record<string, string>> = {
  digits: digitsPipeline({ epochs: 1 }),
  penguins: readFileSync(join(import.meta.dirname, '../../pipelines/penguins.yaml'), 'utf8').replace(
    'epochs: 60',
    'epochs: 2',
  ),
};
const models: Record<string, string> = {};
beforeAll(async () => {
  rig.writeDigits();
  cpSync(join(import.meta.dirname, '../../pipelines/data'), join(rig.folder, 'data'), { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    rig.write(`${name}.yaml`, text);
    models[name] = (await rig.train(`${name}.yaml`)).model;
  }
});

/** How far MLflow is from the golden outputs, by their names; and what it says of the model. */
const judge = `
import json, struct, sys
import mlflow, numpy as np
def read(path):
    data = open(path, "rb").read()
    start = 8 + struct.unpack("<Q", data[:8])[0]
    parts = json.loads(data[8:start]).items()
    values = lambda part: np.frombuffer(data[start:][slice(*part["data_offsets"])], "<f4").reshape(part["shape"])
    return {name: values(part) for name, part in parts}
folder = sys.argv[1]
model = mlflow.pyfunc.load_model(folder)
inputs, outputs = (read(f"{folder}/golden/{name}.safetensors") for name in ("inputs", "outputs"))
found = model.predict(inputs if len(inputs) > 1 else next(iter(inputs.values())))
example = model.predict(model.input_example)
print(json.dumps({
    "far": {name: float(np.abs(found[name] - values).max() / np.abs(values).max()) for name, values in outputs.items()},
    "example": {name: float(np.abs(example[name] - values[:1]).max()) for name, values in outputs.items()},
    "flavors": sorted(model.metadata.flavors),
    "inputs": model.metadata.get_input_schema().to_dict(),
}))
`;

test.each(Object.keys(files))(
  "MLflow's pyfunc predicts the golden outputs of %s from the recorded folder",
  async (name) => {
    const { stdout } = await promisify(execFile)(pythonProgram, ['-c', judge, models[name]!]);
    const { far, example, flavors, inputs } = JSON.parse(stdout) as {
      far: Record<string, number>;
      example: Record<string, number>;
      flavors: string[];
      inputs: { name?: string }[];
    };
    expect(Object.keys(far)).toEqual(name === 'digits' ? ['label'] : ['species', 'body_mass_g']);
    for (const distance of Object.values(far)) expect(distance).toBeLessThan(1e-5);
    for (const distance of Object.values(example)) expect(distance).toBeLessThan(1e-2);
    expect(flavors).toEqual(['onnx', 'python_function']);
    expect(inputs.map((input) => input.name)).toEqual(name === 'digits' ? [undefined] : ['measures', 'origin']);
  },
);

const active = { VIRTUAL_ENV: join(dirname(pythonProgram), '..') };

test('verify-export proves it there, and gives MLflow no file that names other code', async () => {
  const { code, stdout } = await rig.run(['verify-export', models['digits']!, '--json'], active);
  expect(code).toBe(0);
  const rows = eventsOf(stdout);
  expect(rows.map(({ runtime, verdict }) => `${String(runtime)}: ${String(verdict)}`)).toEqual([
    'tfjs plain JavaScript: ok',
    'tfjs wasm: ok',
    'tfjs-node: ok',
    'ONNX Runtime: ok',
    'Python onnxruntime: ok',
    'Python Keras: not there',
    'Python mlflow.pyfunc: ok',
  ]);
  cpSync(models['digits']!, join(rig.folder, 'planted'), { recursive: true });
  const path = join(rig.folder, 'planted/MLmodel');
  writeFileSync(path, readFileSync(path, 'utf8').replace('loader_module: mlflow.onnx', 'loader_module: planted'));
  rig.write('planted/planted.py', `open(${JSON.stringify(join(rig.folder, 'was-run'))}, "w")`);
  const planted = await rig.run(['verify-export', 'planted', '--json'], active);
  expect(planted.code).toBe(1);
  expect(eventsOf(planted.stdout).at(-1)).toMatchObject({
    verdict: 'fails',
    reason: 'MLmodel is not as Layerline writes it',
  });
  expect(() => rig.read('was-run')).toThrow(/ENOENT/);
});
