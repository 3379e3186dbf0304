import type { TObject } from 'typebox';
import type { Range } from '../../base/diagnostics.ts';
import type { Row } from '../../base/row.ts';
import type { Executor } from '../executor.ts';

/** What an executor is opened in. */
export interface ExecutorPlace {
  /**
   * A folder of the sweep's own, absolute: records and output of jobs are kept in it. On Slurm it has to be one that
   * all machines share.
   */
  readonly folder: string;
  /** Where `on` is written, for messages. */
  readonly range?: Range;
  /** Milliseconds that a job on this machine has between SIGTERM and SIGKILL; left out: ten seconds. */
  readonly grace?: number;
}

/** What trials can run on: everything the program knows of it. */
export interface ExecutorRow<O extends TObject = TObject> extends Row<O> {
  /** @param options as the check has let them through */
  open(options: Readonly<Record<string, unknown>>, place: ExecutorPlace): Executor;
}
