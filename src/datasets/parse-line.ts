import { failure } from '../base/diagnostics.ts';
import { isWithin } from '../base/json-limits.ts';

/** Of one line: deeper and longer ones are no rows. */
const lineLimits = { depth: 20, holders: 1e6, values: 2e7 };

/** The way out of a list of rows. */
export const oneRowOnEachLine = "Write one row on each line; of a list of rows `jq -c '.[]' FILE` makes such lines.";

/** What a line of JSON says. @param where what messages call it @throws UserError where it is none, or no row's */
export function parseLine(text: string, where: string): unknown {
  if (!isWithin(text, lineLimits)) throw failure('bad-json', `${where} holds more than a row can`);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw failure(
      'bad-json',
      `${where} is not JSON: ${(error as Error).message}`,
      /\bNaN\b|\bInfinity\b/.test(text)
        ? 'JSON has no NaN and no Infinity: fill such values, or leave their rows out.'
        : oneRowOnEachLine,
      error,
    );
  }
}
