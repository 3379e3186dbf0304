import type { Emit } from '../base/events.ts';
import { printDiagnostics } from '../base/print-diagnostics.ts';
import { makeVisible } from '../base/visible-text.ts';

/** Says on stderr, beside what a command is asked for, what it waits for first: one line for each thing. */
export function tellProgress(): Emit {
  let last = '';
  const tell = (what: string): void => {
    if (what !== last) process.stderr.write(`${makeVisible(what)} ...\n`);
    last = what;
  };
  return (event) => {
    if (event.type === 'diagnostic')
      process.stderr.write(printDiagnostics([event.diagnostic], { color: false, cwd: process.cwd() }));
    if (event.type === 'engine-progress') tell(event.phase);
    if (event.type === 'fetch-progress') tell(`fetching ${event.url}`);
  };
}
