import { bs as failure } from "./checks-359mGJ3h.js";
import { t as isWithin } from "./json-limits-CdfrAawc.js";
// src/datasets/parse-line.ts
/** Of one line: deeper and longer ones are no rows. */
const lineLimits = {
	depth: 20,
	holders: 1e6,
	values: 2e7
};
/** The way out of a list of rows. */
const oneRowOnEachLine = "Write one row on each line; of a list of rows `jq -c '.[]' FILE` makes such lines.";
/** What a line of JSON says. @param where what messages call it @throws UserError where it is none, or no row's */
function parseLine(text, where) {
	if (!isWithin(text, lineLimits)) throw failure("bad-json", `${where} holds more than a row can`);
	try {
		return JSON.parse(text);
	} catch (error) {
		throw failure("bad-json", `${where} is not JSON: ${error.message}`, /\bNaN\b|\bInfinity\b/.test(text) ? "JSON has no NaN and no Infinity: fill such values, or leave their rows out." : oneRowOnEachLine, error);
	}
}
export { parseLine as n, oneRowOnEachLine as t };
