/** Prints a line. */
export function print(text = ''): void {
  process.stdout.write(`${text}\n`);
}

/** Prints a Markdown table, ready for README.md. */
export function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((title, i) => Math.max(title.length, 3, ...rows.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join(' | ')} |`;
  print(line(head));
  print(`|${widths.map((width, i) => (i === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`);
  for (const row of rows) print(line(row));
  print();
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** `12 to 15`. */
export function range(values: readonly number[], format: (value: number) => string): string {
  return `${format(Math.min(...values))} to ${format(Math.max(...values))}`;
}

/** 12,345 */
export const whole = (value: number): string => Math.round(value).toLocaleString('en-US');

/** 1.23 */
export const fixed = (value: number): string => value.toFixed(2);

/** An aim, and whether a value keeps it. */
export function verdict(value: number, sign: '>=' | '<=', aim: number, unit = ''): string {
  return `${sign} ${aim}${unit} ${(sign === '>=' ? value >= aim : value <= aim) ? 'kept' : 'MISSED'}`;
}
