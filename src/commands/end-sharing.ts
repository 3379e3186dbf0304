import { showCount } from '../base/quantities.ts';
import type { SharedOutcomes } from '../run/shared-outcomes.ts';

/** Milliseconds after which it is said what is waited for. */
const patience = 300;

/** Waits until what is shared is sent, and says so on stderr where that takes a while. */
export async function endSharing(shared: SharedOutcomes | undefined, signal: AbortSignal): Promise<void> {
  if (shared === undefined) return;
  const timer = setTimeout(() => {
    const what = shared.left === 1 ? 'the outcome of a stage' : `the outcomes of ${showCount(shared.left)} stages`;
    process.stderr.write(`sending ${what} to ${shared.address} (Ctrl-C: they stay here)\n`);
  }, patience);
  try {
    await shared.end(signal);
  } finally {
    clearTimeout(timer);
  }
}
