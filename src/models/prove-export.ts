import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { leftOutOf } from '../stages/golden-rows.ts';
import { distanceOf } from './golden-distance.ts';
import { readGolden } from './golden.ts';
import { NotThere, type Runtime } from './runtimes/runtime.ts';
import { runtimes as allRuntimes } from './runtimes/runtimes.ts';

/** What is compared. */
export interface Compared {
  /** How many golden rows there are. */
  readonly rows: number;
  /** Which others are not there, and why. */
  readonly leftOut: readonly string[];
}

/** What came of golden rows in one program. */
export interface Verified extends Compared {
  readonly runtime: string;
  /** Of the program, where it is there. */
  readonly version?: string;
  /** Largest difference, of the output where it is worst against its tolerance. */
  readonly worst?: number;
  readonly tolerance?: number;
  readonly verdict: 'ok' | 'differs' | 'fails' | 'not there';
  /** Why it fails, or what is not there. */
  readonly reason?: string;
}

/**
 * Lets every program that is there compute the golden rows of a model's folder, and tells of one after the other.
 *
 * @throws UserError where the rows are missing or damaged; the signal's reason when it is aborted
 */
export async function* verifyExport(
  folder: string,
  signal: AbortSignal,
  runtimes: readonly Runtime[] = allRuntimes,
): AsyncGenerator<Verified> {
  const golden = readGolden(folder);
  const compared: Compared = { rows: golden.rows.length, leftOut: leftOutOf(golden.rows) };
  for (const { name, reads, compute } of runtimes) {
    signal.throwIfAborted();
    if (!existsSync(join(folder, reads))) {
      yield { ...compared, runtime: name, verdict: 'not there', reason: `the folder has no ${reads}` };
      continue;
    }
    try {
      const { version, outputs } = await compute({ folder, golden, signal });
      const { worst, tolerance, isWithin } = distanceOf(golden.outputs, outputs);
      yield { ...compared, runtime: name, version, worst, tolerance, verdict: isWithin ? 'ok' : 'differs' };
    } catch (error) {
      signal.throwIfAborted();
      const verdict = error instanceof NotThere ? 'not there' : 'fails';
      yield { ...compared, runtime: name, verdict, reason: (error as Error).message.split('\n')[0]! };
    }
  }
}
