import type { Chosen } from '../base/row.ts';
import type { TrialValues } from '../base/sweep-results.ts';
import type { Executor, Resources } from './executor.ts';
import type { Searcher } from './searcher.ts';
import type { Promotions } from './sweep-request.ts';
import type { CheckedSweep, Sweep } from './checked-sweep.ts';
import type { Tracker } from '../tracking/tracker.ts';
import type { TrialSender } from './transport/trial-sender.ts';

/** What the command puts a sweep together of. */
export interface SweepParts {
  /** The program's own main file, which trials are started of. */
  readonly program: string;
  /** @throws UserError with every mistake of the file */
  check(file: string): Promise<CheckedSweep>;
  /** Where the trials of a file run, which may have mistakes otherwise. @throws UserError with every mistake of that */
  onOf(file: string): Chosen;
  settingsOf(values: TrialValues): readonly string[];
  openSearch(sweep: Sweep): Promise<Searcher>;
  /** undefined: every trial is trained to its end. */
  promotionsOf(checked: CheckedSweep): Promotions | undefined;
  /** @param folder of the sweep's own */
  openExecutor(on: Chosen, folder: string): Executor;
  /** undefined: the machines read and write what this one does. @throws UserError where nothing can be sent */
  openSender?(checked: CheckedSweep, tracker: Tracker): Promise<TrialSender | undefined>;
  needOf(sweep: Sweep): Resources;
}
