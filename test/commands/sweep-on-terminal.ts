import { chooseSweepView } from '../../src/commands/sweep-view.ts';
import type { SweepEvent } from '../../src/sweeps/sweep-events.ts';

// `tsx sweep-on-terminal.ts ROUNDS`: shows the first round of events, and the next one at each key.
const rounds = JSON.parse(process.argv[2] ?? '[]') as readonly (readonly SweepEvent[])[];
const view = chooseSweepView(false);
let shown = 0;
async function next(): Promise<void> {
  const round = rounds[shown++];
  round?.forEach(view.emit);
  if (round === undefined) await view.close();
}
// A key is not to be seen.
process.stdin.setRawMode(true);
process.stdin.on('data', () => void next());
await next();
