import { InvalidArgumentError } from 'commander';
import type { Quantity } from '../base/quantities.ts';
import { suggestNumber } from '../base/written-number.ts';

/** Reads the value of an option that is a number with its unit. */
export function quantityOf({ read, expected, suggest }: Quantity): (text: string) => number {
  return (text) => {
    const value = read(text);
    if (!Number.isNaN(value)) return value;
    const meant = suggest(text);
    throw new InvalidArgumentError(
      `It must be ${expected}.${meant === undefined ? '' : ` Did you mean \`${meant}\`?`}`,
    );
  };
}

/** Reads the value of an option that is a whole number within bounds. */
export function wholeNumberFrom(least: number, most: number): (text: string) => number {
  return (text) => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    const hint = Number.isNaN(value) ? suggestNumber(text, true) : undefined;
    throw new InvalidArgumentError(
      `It must be a whole number from ${least} to ${most}.${hint === undefined ? '' : ` ${hint}`}`,
    );
  };
}
