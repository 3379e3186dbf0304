import { type Estimate, verdict } from './estimate.ts';

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

/** 12,345 */
export const whole = (value: number): string => Math.round(value).toLocaleString('en-US');

/** 1.23 */
export const fixed = (value: number): string => value.toFixed(2);

/** A median with its interval: `1.21 (1.18 to 1.25)`. */
export function withInterval({ median, low, high }: Estimate, format = fixed): string {
  return `${format(median)} (${format(low)} to ${format(high)})`;
}

/** An aim, and what measurements say of it: `>= 1.25 kept`. */
export function aimCell(measured: Estimate, sign: '>=' | '<=', aim: number, unit = ''): string {
  return `${sign} ${aim}${unit} ${verdict(measured, sign, aim)}`;
}
