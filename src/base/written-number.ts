/** What stands before the decimals of a number; the other one may group its digits. */
export type DecimalMark = '.' | ',';

const patterns: Readonly<Record<DecimalMark, RegExp>> = { '.': patternOf('.', ','), ',': patternOf(',', '.') };

/** More characters than any double has. */
const longest = 1100;

/** Digits in threes, if in any groups, all with one sign between them: a first group of zeros is none. */
function patternOf(decimal: DecimalMark, group: DecimalMark): RegExp {
  return new RegExp(
    `^[+-]?(?=[${decimal}]?\\d)(?:(?!0)\\d{1,3}(?:(?<sign>[${group}_' ])\\d{3})(?:\\k<sign>\\d{3})*|\\d*)` +
      `(?:[${decimal}]\\d+)?(?:e[+-]?\\d+)?$`,
    'i',
  );
}

/**
 * The number that a text is where this stands before its decimals; undefined where it is none. Digits may be grouped:
 * `1.234,5`, `1 000`.
 */
export function readWritten(text: string, decimal: DecimalMark): number | undefined {
  if (text.length > longest) return undefined;
  // Blanks of many widths group digits, and minus signs and apostrophes come from word processors.
  const plain = text.trim().replaceAll(/\s/g, ' ').replaceAll('\u2019', "'").replace('\u2212', '-');
  const group = patterns[decimal].exec(plain);
  if (group === null) return undefined;
  const sign = group.groups!['sign'];
  const value = Number((sign === undefined ? plain : plain.replaceAll(sign, '')).replace(decimal, '.'));
  return Number.isFinite(value) ? value : undefined;
}

/** All numbers that people may mean by a text: two by `1,234`, none where it is no number. */
export function numbersMeant(text: string): readonly number[] {
  const meant = ([',', '.'] as const).map((decimal) => readWritten(text, decimal));
  return [...new Set(meant)].filter((value) => value !== undefined);
}

/** All numbers that people may mean by a share in percent. */
export function sharesMeant(text: string): readonly number[] {
  const share = /^(.*\d)\s*%\s*$/s.exec(text);
  // A hundredth of a double would show its rounding: 1.1 / 100.
  return share === null ? [] : numbersMeant(share[1]!).map((value) => Number((value / 100).toPrecision(15)));
}

/**
 * The way to write the number that a text means: of two that it may mean, both.
 *
 * @param whole whether only whole ones fit
 */
export function suggestNumber(text: string, whole = false): string | undefined {
  const meant = whole ? numbersMeant(text).filter(Number.isInteger) : [...numbersMeant(text), ...sharesMeant(text)];
  return meant.length === 0
    ? undefined
    : `Write ${meant.join(' or ')}${meant.length > 1 ? ', whichever is meant' : ''}.`;
}
