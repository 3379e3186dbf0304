import { cutToWidth, displayWidth, makeVisible } from '../base/visible-text.ts';

/**
 * Shows on a terminal what is waited for, and how much of it is done: a bar that moves, on a line of its own once it is
 * full.
 *
 * @param columns of the terminal at the moment; undefined where that is none
 */
export function progressLine(
  write: (text: string) => void,
  columns: () => number | undefined = () => process.stdout.columns,
): (what: string, fraction: number) => void {
  let full = '';
  return (what, fraction) => {
    // Whoever polls may tell more than once that all is done.
    if (fraction >= 1 && what === full) return;
    full = fraction >= 1 ? what : '';
    write(`\r\u001b[K${fitted(makeVisible(what), fraction, columns() ?? Infinity)}${fraction >= 1 ? '\n' : ''}`);
  };
}

/** On one line, as what a terminal breaks cannot be written over. */
function fitted(what: string, fraction: number, columns: number): string {
  const width = Math.max(1, Math.min(30, Math.floor(columns / 3)));
  // A blank, the bar, the percents, and the last column, which some terminals break a line behind.
  const room = Math.max(0, Math.min(displayWidth(what), columns - width - 8));
  const text = cutToWidth(what.trimEnd(), room);
  return `${text}${' '.repeat(room - displayWidth(text))} ${drawBar(fraction, width)}`;
}

function drawBar(fraction: number, width: number): string {
  const done = Math.round(Math.min(1, fraction) * width);
  return (
    `${'█'.repeat(done)}${'░'.repeat(width - done)} ` +
    `${String(Math.floor(Math.min(1, fraction) * 100)).padStart(3)} %`
  );
}
