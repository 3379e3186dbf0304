import { randomInt } from 'node:crypto';
import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { failure } from '../base/diagnostics.ts';
import type { RunEvent } from '../base/events.ts';
import { startProgram } from '../base/start-program.ts';
import { temporaryFolder } from '../base/temporary-folder.ts';

/** What is to be proved. */
export interface VerifyRequest {
  /** The program's own main file, which children are started of. */
  readonly program: string;
  readonly file: string;
  readonly settings: readonly string[];
  /** Told as things happen, one line each. */
  readonly tell: (line: string) => void;
  /** Aborted when the user wants it to end. */
  readonly signal: AbortSignal;
}

/** How often the run is killed. */
const kills = 5;

/**
 * Proves that a run of a file which is killed (SIGKILL) at random steps, and goes on each time, ends with the weights
 * of a run that is left alone. Both are real processes, recorded in a temporary folder, which is removed.
 *
 * @returns the SHA-256 that both ended with
 * @throws UserError when they differ, or the run itself fails
 */
export async function verifyResume({ program, file, settings, tell, signal }: VerifyRequest): Promise<string> {
  const folder = folderForRuns();
  // Each in a folder of its own, so that no outcome of one is used by the other.
  const run = (place: string, more: readonly string[], stopAt?: number) => {
    const set = [...settings, ...more].flatMap((setting) => ['--set', setting]);
    // An empty address keeps the file's own server out of it. It works where this process does: data is found from
    // there.
    const args = [program, 'run', file, ...set, '--json', '--tracking-uri', '', '--runs', join(folder, place, 'runs')];
    return watch(startProgram(process.execPath, args, { cwd: process.cwd(), signal }), stopAt);
  };
  try {
    const whole = await run('whole', []);
    const weights = weightsOf(whole);
    tell(`left alone: ${whole.steps} steps, weights ${weights}`);
    const interval = `train.checkpoint={ everySteps: ${Math.max(1, Math.floor(whole.steps / 20))} }`;
    const targets = Array.from({ length: kills }, () => randomInt(whole.steps)).toSorted((a, b) => a - b);
    let ended: Watched | undefined;
    for (const target of [...targets, Infinity]) {
      ended = await run('killed', [interval], target);
      const from = ended.resumedFrom === undefined ? 'began' : `went on after step ${ended.resumedFrom}`;
      const to =
        ended.code === null ? `killed in step ${ended.steps + 1} or later` : `finished after step ${ended.steps}`;
      tell(`${from}, ${to}`);
      if (ended.code !== null) break;
    }
    const resumed = weightsOf(ended!);
    if (resumed !== weights)
      throw failure(
        'resume-differs',
        `the run that was killed ended with the weights ${resumed}, not with ${weights}`,
        'Please report this with your pipeline file.',
      );
    return weights;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function folderForRuns(): string {
  try {
    return temporaryFolder('verify');
  } catch (error) {
    throw failure(
      'no-temporary-folder',
      `the two runs cannot be recorded in ${tmpdir()}: ${(error as Error).message}`,
      'Make room there, or name another folder: TMPDIR=FOLDER.',
      error,
    );
  }
}

/** A run, as its events told it. */
interface Watched {
  /** null: killed. */
  readonly code: number | null;
  /** Steps done when it last said so. */
  readonly steps: number;
  readonly resumedFrom: number | undefined;
  readonly weightsSha256: string | null;
  readonly stderr: string;
}

/** @param stopAt the process is killed when it has done so many steps */
async function watch(child: ReturnType<typeof startProgram>, stopAt = Infinity): Promise<Watched> {
  let [steps, stderr, weightsSha256] = [0, '', null as string | null];
  let resumedFrom: number | undefined;
  const ended = new Promise<number | null>((done, fail) => child.on('error', fail).on('close', done));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  createInterface(child.stdout).on('line', (line) => {
    const event = JSON.parse(line) as RunEvent;
    if (event.type === 'training-resumed') [steps, resumedFrom] = [event.step, event.step];
    if (event.type === 'run-finished') ({ weightsSha256 } = event);
    if (event.type === 'progress') steps = (event.epoch - 1) * event.batches + event.batch;
    if ((event.type === 'progress' || event.type === 'stage-finished') && steps >= stopAt) child.kill('SIGKILL');
  });
  return { code: await ended, steps, resumedFrom, weightsSha256, stderr };
}

function weightsOf({ code, weightsSha256, stderr }: Watched): string {
  if (code === 0 && weightsSha256 !== null) return weightsSha256;
  throw failure('run-failed', `the run itself fails:\n${stderr.trim()}`);
}
