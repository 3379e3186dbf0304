import { execFile, spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { UserError } from '../../src/base/diagnostics.ts';
import { layers } from '../../src/layers/layers.ts';
import { exportFiles, writeExport } from '../../src/models/export-model.ts';
import { distanceOf } from '../../src/models/golden-distance.ts';
import { readGolden } from '../../src/models/golden.ts';
import type { Verified } from '../../src/models/prove-export.ts';
import { pythonProgram } from '../../src/models/runtimes/python-program.ts';
import { familyNets } from '../layers/family-nets.ts';
import { environment as mlflow } from '../mlflow/setup.ts';
import { installEnvironment, programOf } from '../python-environment.ts';
import { Rig } from '../rig.ts';
import { runHere } from '../training/run-file.ts';
import { environment as keras } from './setup.ts';

const nets = await familyNets();
const rig = new Rig();
afterAll(() => rig.remove());

/** By the title of a net: what each program makes of its golden rows. */
type Found = Pick<Verified, 'runtime' | 'worst' | 'tolerance' | 'verdict' | 'reason'>;
const found = new Map<string, Found[]>(nets.map(({ title }) => [title, []]));
const folders = new Map<string, string>();

/** Why a program may leave a net out. */
const leftOut: readonly RegExp[] = [
  /^the folder has no model\.onnx$/,
  /^TensorFlow\.js computes (Conv3D|Conv3DTranspose|MaxPooling3D|AveragePooling3D) wrongly on wasm$/,
  /has no equal in Keras [\d.]+: TensorFlow\.js takes pixels for points/,
];

beforeAll(async () => {
  for (const { title, data, text: pipeline } of nets) {
    rig.write('data.npz', data);
    const { error, directory } = await runHere(rig, pipeline);
    if (error !== undefined) throw error;
    folders.set(join(directory, 'artifacts/model'), title);
  }
  const program = ['--import', 'tsx', join(import.meta.dirname, '../models/verify-folders.ts'), ...folders.keys()];
  const { stdout } = await promisify(execFile)(process.execPath, program, { maxBuffer: 1e8 });
  for (const line of stdout.trim().split('\n')) {
    const { folder, ...row } = JSON.parse(line) as Verified & { readonly folder: string };
    found.get(folders.get(folder)!)!.push(row);
  }
  if (inject('kerasMissing') !== '') return;
  await installEnvironment(mlflow);
  const exported = new Map<string, string>();
  for (const [folder, title] of folders) {
    try {
      const { files } = await exportFiles(folder, 'keras', () => undefined);
      writeExport(join(rig.folder, 'keras', title), files);
      exported.set(join(rig.folder, 'keras', title), title);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      found.get(title)!.push({ runtime: 'Python Keras', verdict: 'not there', reason: error.message });
    }
  }
  const isOnnx = ([, title]: readonly [string, string]) => !/not in ONNX/.test(title);
  await askPython(programOf(keras, 'python'), 'Keras', exported);
  await askPython(programOf(keras, 'python'), 'onnxruntime', new Map([...folders].filter(isOnnx)));
  await askPython(programOf(mlflow, 'python'), 'mlflow', new Map([...folders].filter(isOnnx)));
}, 600_000);

/** One process for all. @param asked folders, and the titles of their nets */
async function askPython(python: string, runtime: string, asked: ReadonlyMap<string, string>): Promise<void> {
  const child = spawn(python, [join(import.meta.dirname, '../models/verify-folders.py'), runtime, ...asked.keys()]);
  child.stdin.end(pythonProgram);
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const lines = stdout.split('\n').filter((line) => line.startsWith('['));
  expect(lines.length, stderr).toBe(asked.size);
  for (const line of lines) {
    const [, folder, { missing, outputs = [] }] = JSON.parse(line) as [
      string,
      string,
      { readonly missing?: string; readonly outputs?: readonly string[] },
    ];
    const values = outputs.map((one) => new Float32Array(Uint8Array.from(Buffer.from(one, 'base64')).buffer));
    const { worst, tolerance, isWithin } = distanceOf(readGolden(folder).outputs, values);
    const verdict = isWithin ? ('ok' as const) : ('differs' as const);
    found.get(asked.get(folder)!)!.push({
      runtime: `Python ${runtime === 'mlflow' ? 'mlflow.pyfunc' : runtime}`,
      ...(missing === undefined ? { worst, tolerance, verdict } : { verdict: 'fails', reason: missing }),
    });
  }
}

describe.each(nets)('$title', ({ title }) => {
  test('every program that takes the trained net computes its golden rows', () => {
    const others = found.get(title)!.filter(({ verdict }) => verdict !== 'ok');
    const wrong = others.filter(
      ({ verdict, reason = '' }) => verdict !== 'not there' || !leftOut.some((one) => one.test(reason)),
    );
    expect(wrong).toEqual([]);
    expect(found.get(title)!.length - others.length).toBeGreaterThan(1);
  });
});

test('thirty nets and more have every layer that there is, and no program takes few of them', () => {
  expect(nets.length).toBeGreaterThanOrEqual(30);
  expect(new Set(nets.flatMap(({ types }) => types))).toEqual(new Set(Object.keys(layers)));
  const counts = new Map<string, number>();
  for (const { runtime, verdict } of [...found.values()].flat())
    if (verdict === 'ok') counts.set(runtime, (counts.get(runtime) ?? 0) + 1);
  expect(counts.size).toBe(inject('kerasMissing') === '' ? 7 : 4);
  for (const [runtime, count] of counts) expect(count, runtime).toBeGreaterThanOrEqual(30);
  process.stdout.write(tableOf([...counts.keys()]));
});

/** Worst differences from the golden rows, as shares of what they may be: the table of bench/README.md. */
function tableOf(runtimes: readonly string[]): string {
  const rows = nets.map(({ title }) => {
    const cells = runtimes.map((runtime) => {
      const { worst, tolerance } = found.get(title)!.find((row) => row.runtime === runtime) ?? {};
      return worst === undefined ? '-' : (worst / tolerance!).toFixed(2);
    });
    return [title, ...cells];
  });
  const all = [['', ...runtimes], ['---', ...runtimes.map(() => '---:')], ...rows];
  return `${all.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
}
