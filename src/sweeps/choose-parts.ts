import type { Waiting } from '../plan/check-pipeline.ts';
import { sharedAddress } from '../run/shared-address.ts';
import { closingPromotion, nextPromotion, rungsOf } from './asha.ts';
import { checkSweepFile } from './check-sweep.ts';
import { needOf, openExecutor } from './executors.ts';
import { readOnOf } from './read-on.ts';
import { searches } from './searches.ts';
import { settingsOf } from './settings-of.ts';
import type { SweepParts } from './sweep-parts.ts';
import type { Promotions } from './sweep-request.ts';
import type { CheckedSweep } from './checked-sweep.ts';
import { JobSender } from './transport/job-sender.ts';
import { TrialSender } from './transport/trial-sender.ts';

/** What a sweep of a file is put together of, by what the file says. @param program the main file of this one */
export function chooseParts(program: string, waiting: Waiting): SweepParts {
  return {
    program,
    check: (file) => checkSweepFile(file, waiting),
    onOf: readOnOf,
    settingsOf,
    openSearch: ({ search, space, goal, seed }) => searches[search].open({ space, goal, seed }),
    promotionsOf,
    openExecutor: (on, folder) => openExecutor(on, { folder }),
    openSender: async (checked, tracker) => {
      const { on } = checked.sweep;
      if (on.type === 'local') return undefined;
      const sender = await JobSender.open({ on: on.type, program, shared: sharedAddress(checked.base, process.env) });
      return new TrialSender({ checked, sender, tracker, settingsOf });
    },
    needOf: ({ on, parallel }) => needOf(on, parallel),
  };
}

function promotionsOf({ sweep: { asha, goal }, base }: CheckedSweep): Promotions | undefined {
  if (asha === undefined) return undefined;
  const ladder = { rungs: rungsOf(asha, base.pipeline.train.epochs), factor: asha.factor, goal };
  return {
    rungs: ladder.rungs,
    next: (trials) => nextPromotion(trials, ladder),
    closing: (trials) => closingPromotion(trials, ladder),
  };
}
