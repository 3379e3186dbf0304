import { once } from 'node:events';
import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { list, hasForm, object, optional, text } from '../../base/json-form.ts';
import { pythonPath } from '../../base/python-path.ts';
import { readFileWithin } from '../../base/read-file.ts';
import { startProgram } from '../../base/start-program.ts';
import { kerasMisfit } from '../formats/read-keras.ts';
import { writeMlmodel } from '../mlflow-model.ts';
import { pythonProgram } from './python-program.ts';
import { type Computed, type GoldenRun, NotThere, type Runtime } from './runtime.ts';

/** What Python has, each in a process of its own. */
export const pythonRuntimes: readonly Runtime[] = [
  {
    name: 'Python onnxruntime',
    reads: 'model.onnx',
    compute: (given) => computeBy('onnxruntime', given),
  },
  {
    name: 'Python Keras',
    reads: 'model.keras',
    compute: (given) => {
      const misfit = kerasMisfit(readFileWithin(join(given.folder, 'model.keras'), 4e9));
      if (misfit !== undefined) throw new Error(`model.keras is not as Layerline writes it: ${misfit}`);
      return computeBy('Keras', given);
    },
  },
  {
    name: 'Python mlflow.pyfunc',
    reads: 'MLmodel',
    compute: (given) => {
      if (!isOurMlmodel(given)) throw new Error('MLmodel is not as Layerline writes it');
      return computeBy('mlflow', given);
    },
  },
];

/** MLflow runs the code that an MLmodel names: only what says to the letter what ours says is given to it. */
function isOurMlmodel({ folder, golden: { inputs, outputs } }: GoldenRun): boolean {
  const said = Buffer.from(readFileWithin(join(folder, 'MLmodel'), 1e6)).toString();
  const uuid = /^model_uuid: ([0-9a-f]{32})$/m.exec(said)?.[1];
  const { size } = statSync(join(folder, 'model.onnx'));
  return uuid !== undefined && writeMlmodel({ inputs, outputs, uuid, bytes: size }) === said;
}

const answer = object({
  missing: optional(text()),
  version: optional(text()),
  outputs: optional(list(text(/^[A-Za-z0-9+/=]*$/))),
});

async function computeBy(name: string, { folder, signal }: GoldenRun): Promise<Computed> {
  const { stdout, stderr } = await run(['-c', pythonProgram, name, resolve(folder)], signal);
  const told = parse(stdout.trim().split('\n').at(-1)!);
  if (!hasForm(answer, told)) throw new Error(stderr.trim().split('\n').at(-1)?.slice(0, 300) || 'it says nothing');
  if (told.missing !== undefined) throw new NotThere(told.missing);
  return {
    version: told.version ?? '',
    outputs: (told.outputs ?? []).map((values) => {
      const bytes = Uint8Array.from(Buffer.from(values, 'base64'));
      return new Float32Array(bytes.buffer, 0, Math.floor(bytes.length / 4));
    }),
  };
}

async function run(
  args: readonly string[],
  signal: AbortSignal,
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  let child: ReturnType<typeof startProgram>;
  try {
    child = startProgram(pythonPath(), args, { signal });
  } catch {
    throw new NotThere('there is no python3 on the PATH');
  }
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (part: string) => (stdout += part));
  child.stderr.setEncoding('utf8').on('data', (part: string) => (stderr = (stderr + part).slice(-10_000)));
  await once(child, 'close');
  return { stdout, stderr };
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
