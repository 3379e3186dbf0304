import { lstatSync, mkdirSync, readdirSync, rmdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Diagnostic, UserError, warning } from '../base/diagnostics.ts';
import { anything, either, type Form, nothing, object, whole } from '../base/json-form.ts';
import { besideName, removeLeftovers, syncFolder } from '../base/files.ts';
import { type Checkpoint, loadCheckpoint, saveCheckpoint } from './checkpoint-file.ts';
import { type CheckpointOptions, createPace } from './checkpoint-schedule.ts';

/** Where a training puts its checkpoints, and takes the newest from. */
export interface Checkpoints<State> {
  /**
   * The newest one that is whole; says so of each that is not.
   *
   * @param misfit why one that is whole cannot be gone on from; then the one before it is used
   * @throws what `misfit` says of the newest, where it takes none: nothing of them is removed then
   */
  newest(misfit?: (checkpoint: Checkpoint<State>) => UserError | undefined): Checkpoint<State> | undefined;
  /** Whether one is to be written now. @param steps steps done so far */
  isDue(steps: number): boolean;
  /** Whether one at the end of an epoch that took so long would cost next to nothing. */
  affordsOneIn(ms: number): boolean;
  /**
   * Writes one, and drops those that are no longer kept. Never throws because of the disk: a training outlives it.
   *
   * @param isBest whether it ends the best epoch so far: it is kept until a better one is
   * @returns whether it was written
   */
  write(steps: number, take: () => Checkpoint<State>, isBest?: boolean): boolean;
}

interface Envelope<State> {
  /** Steps of the checkpoint of the best epoch so far. */
  readonly best: number | null;
  readonly state: State;
}

/** How a checkpoint's file is called; sorts by steps. */
const fileName = (steps: number) => `step-${String(steps).padStart(12, '0')}.ckpt`;
const isCheckpoint = (name: string) => /^step-\d{12}\.ckpt$/.test(name);

/**
 * Removes the checkpoints in a folder, and the folder where it holds nothing else.
 *
 * @throws the file system's own error
 */
export function removeCheckpoints(directory: string): void {
  // Never where a link leads.
  if (lstatSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) return;
  removeLeftovers(directory);
  const entries = readdirSync(directory, { withFileTypes: true });
  const ours = entries.filter((entry) => !entry.isDirectory() && isCheckpoint(entry.name));
  for (const { name } of ours) rmSync(join(directory, name), { force: true });
  if (ours.length === entries.length) rmdirSync(directory);
}

/** The steps of the newest file among the checkpoints of a run, whole or not; undefined where there is none. */
export function newestStep(directory: string): number | undefined {
  const name = filesIn(directory).at(-1);
  return name === undefined ? undefined : Number(name.slice(5, 17));
}

/** Whole files, oldest first. */
function filesIn(directory: string): string[] {
  try {
    const files = readdirSync(directory, { withFileTypes: true }).filter((entry) => entry.isFile());
    return files
      .map(({ name }) => name)
      .filter(isCheckpoint)
      .toSorted();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** The checkpoints of one run, in a folder of their own that no other process writes to. */
export class CheckpointFolder<State> implements Checkpoints<State> {
  readonly isDue: Checkpoints<State>['isDue'];
  readonly affordsOneIn: Checkpoints<State>['affordsOneIn'];
  readonly #directory: string;
  readonly #keep: number;
  readonly #took: (ms: number) => void;
  readonly #warn: (warning: Diagnostic) => void;
  readonly #form: Form<Envelope<State>>;
  #best: number | null = null;
  #hasWarned = false;

  /**
   * @param directory made when the first checkpoint is written
   * @param state what a state is; left out: whoever takes it proves it
   */
  constructor(
    directory: string,
    { keep, ...pace }: CheckpointOptions,
    warn: (warning: Diagnostic) => void,
    state: Form<State> = anything as Form<State>,
  ) {
    this.#form = object({ best: either(whole, nothing), state }) as Form<Envelope<State>>;
    const { isDue, affordsOneIn, took } = createPace(pace);
    [this.isDue, this.affordsOneIn, this.#took] = [isDue, affordsOneIn, took];
    [this.#directory, this.#keep, this.#warn] = [directory, keep, warn];
  }

  newest(
    misfit: (checkpoint: Checkpoint<State>) => UserError | undefined = () => undefined,
  ): Checkpoint<State> | undefined {
    const names = filesIn(this.#directory).toReversed();
    const misfits: { readonly path: string; readonly why: UserError }[] = [];
    for (const [i, name] of names.entries()) {
      const path = join(this.#directory, name);
      try {
        const {
          state: { best, state },
          arrays,
        } = loadCheckpoint(path, this.#form);
        const why = misfit({ state, arrays });
        if (why !== undefined) {
          misfits.push({ path, why });
          continue;
        }
        this.#best = best;
        for (const {
          path: newer,
          why: { message },
        } of misfits)
          this.#drop(newer, `${newer}: ${message}; the one before it is used`);
        return { state, arrays };
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        const { message } = error.diagnostics[0]!;
        this.#drop(
          path,
          `${message}; ${i + 1 < names.length ? 'the one before it is used' : 'there is none before it'}`,
        );
      }
    }
    if (misfits.length > 0) throw misfits[0]!.why;
    return undefined;
  }

  #drop(path: string, message: string): void {
    this.#warn(warning('damaged-checkpoint', message));
    rmSync(path, { force: true });
  }

  write(steps: number, take: () => Checkpoint<State>, isBest = false): boolean {
    const start = performance.now();
    try {
      const { state, arrays } = take();
      const best = isBest ? steps : this.#best;
      if (mkdirSync(this.#directory, { recursive: true }) !== undefined) syncFolder(dirname(this.#directory));
      const envelope: Envelope<State> = { best, state };
      saveCheckpoint(
        join(this.#directory, fileName(steps)),
        { state: envelope, arrays },
        join(this.#directory, besideName()),
      );
      this.#best = best;
      this.#dropOld();
      this.#hasWarned = false;
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === undefined) throw error;
      if (!this.#hasWarned)
        this.#warn(
          warning(
            'no-checkpoint',
            `no checkpoint can be written: ${(error as Error).message}`,
            'The training goes on, and tries again; make room there.',
          ),
        );
      this.#hasWarned = true;
      return false;
    } finally {
      this.#took(performance.now() - start);
    }
  }

  #dropOld(): void {
    for (const name of filesIn(this.#directory).slice(0, -this.#keep)) {
      if (this.#best === null || name !== fileName(this.#best)) rmSync(join(this.#directory, name), { force: true });
    }
  }
}
