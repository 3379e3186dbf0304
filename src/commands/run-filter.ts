import { type Range, UserError, mistake } from '../base/diagnostics.ts';

/** What one part of a filter asks of a run: `val_accuracy > 0.98`. */
export interface Condition {
  readonly key: string;
  /** Where the key stands in the filter. */
  readonly range: Range;
  /** Of the value that a run has there; undefined where it has none. */
  readonly holds: (value: number | string | undefined) => boolean;
}

const operators = ['=', '!=', '>', '>=', '<', '<='] as const;
type Operator = (typeof operators)[number];

/** What people write for one of them. */
const meant: Readonly<Record<string, Operator>> = { '==': '=', '<>': '!=', '=>': '>=', '=<': '<=' };

const form = 'A filter is such as `val_accuracy > 0.98 and state = FINISHED`.';

/**
 * Reads a filter: `KEY OPERATOR VALUE`, several of them with `and` between.
 *
 * @param earlier what filters before this one ask for, which holds too
 * @throws UserError with the place
 */
export function readFilter(text: string, earlier: readonly Condition[] = []): readonly Condition[] {
  const source = { name: '--filter', text };
  const words = [...text.matchAll(/'[^']*'|"[^"]*"|[<>=!]+|[^\s<>=!]+/g)].map(([word], k, all) => ({
    word,
    range: { source, start: all[k]!.index, end: all[k]!.index + word.length },
  }));
  const end: Range = { source, start: text.length, end: text.length };
  const wrong = (message: string, range: Range, hint = form) =>
    new UserError(mistake('bad-filter', message, range, hint), 2);
  const open = words.find(({ word }) => /^(?:'[^']*|"[^"]*)$/.test(word));
  if (open !== undefined) throw wrong('The quotation mark is not closed.', { ...open.range, end: text.length });
  const conditions: Condition[] = [...earlier];
  for (let at = 0; ; at += 4) {
    const [key, operator, value, and] = words.slice(at, at + 4);
    if (key === undefined || /^[<>=!]/.test(key.word)) throw wrong('Expected the name of a column.', key?.range ?? end);
    if (!isOperator(operator?.word))
      throw wrong(
        'Expected one of = != > >= < <=.',
        operator?.range ?? end,
        operator !== undefined && Object.hasOwn(meant, operator.word)
          ? `Did you mean \`${meant[operator.word]}\`?`
          : form,
      );
    if (value === undefined || /^[<>=!]/.test(value.word)) throw wrong('Expected a value.', value?.range ?? end);
    const bare = unquoted(value.word);
    if (!['=', '!='].includes(operator!.word) && !isNumber(bare))
      throw wrong(`\`${operator!.word}\` compares numbers, and this is none.`, value.range);
    const name = unquoted(key.word);
    conditions.push({ key: name, range: key.range, holds: comparison(name, operator!.word as Operator, bare) });
    if (and === undefined) return conditions;
    if (and.word.toLowerCase() !== 'and')
      throw wrong('Expected `and`, or the end.', and.range, `${form} A value with blanks stands in quotes.`);
  }
}

const unquoted = (word: string) => word.replace(/^(['"])(.*)\1$/s, '$2');
const isOperator = (word: string | undefined) => operators.some((one) => one === word);
const isNumber = (text: string) => text.trim() !== '' && !Number.isNaN(Number(text));

function comparison(key: string, operator: Operator, wanted: string): Condition['holds'] {
  const number = Number(wanted);
  const equals = (value: number | string) => {
    // The table shows the beginning of an id.
    if (key === 'run') return wanted !== '' && String(value).startsWith(wanted.toLowerCase());
    return isNumber(wanted) && isNumber(String(value))
      ? Number(value) === number
      : String(value).toLowerCase() === wanted.toLowerCase();
  };
  const tests: Readonly<Record<Operator, (value: number | string) => boolean>> = {
    '=': equals,
    '!=': (value) => !equals(value),
    '>': (value) => Number(value) > number,
    '>=': (value) => Number(value) >= number,
    '<': (value) => Number(value) < number,
    '<=': (value) => Number(value) <= number,
  };
  return (value) => value !== undefined && value !== '' && tests[operator](value);
}
