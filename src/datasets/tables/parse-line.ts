import { failure } from '../../base/diagnostics.ts';
import { explainJson } from '../../base/json-fault.ts';
import { isWithin } from '../../base/json-limits.ts';

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
    const { message, hint } = explainJson(text);
    throw failure(
      'bad-json',
      `${where} is not JSON: ${message}`,
      hint === undefined ? oneRowOnEachLine : `${hint}.`,
      error,
    );
  }
}
