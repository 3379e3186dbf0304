import { makeVisible } from '../base/visible-text.ts';

/**
 * Shows on a terminal what is waited for, and how much of it is done: a bar that moves, on a line of its own once it is
 * full.
 */
export function progressLine(write: (text: string) => void): (what: string, fraction: number) => void {
  let full = '';
  return (what, fraction) => {
    // Whoever polls may tell more than once that all is done.
    if (fraction >= 1 && what === full) return;
    full = fraction >= 1 ? what : '';
    write(`\r\u001b[K${makeVisible(what)} ${drawBar(fraction)}${fraction >= 1 ? '\n' : ''}`);
  };
}

function drawBar(fraction: number): string {
  const width = 30;
  const done = Math.round(Math.min(1, fraction) * width);
  return (
    `${'█'.repeat(done)}${'░'.repeat(width - done)} ` +
    `${String(Math.floor(Math.min(1, fraction) * 100)).padStart(3)} %`
  );
}
