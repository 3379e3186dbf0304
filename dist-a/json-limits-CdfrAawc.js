// src/base/json-limits.ts
/**
* Whether a JSON text from elsewhere is safe to be parsed: its length says little of the memory and the time that it
* takes. Of one that is none nothing is said.
*/
function isWithin(json, limits) {
	let [depth, holders, values] = [
		0,
		0,
		1
	];
	for (let at = 0; at < json.length; at++) {
		const code = json.charCodeAt(at);
		if (code === quote) at = endOfText(json, at);
		else if (code === comma) values++;
		else if (code === openList || code === openObject) {
			[depth, holders, values] = [
				depth + 1,
				holders + 1,
				values + 1
			];
			if (depth > limits.depth) return false;
		} else if (code === closeList || code === closeObject) depth--;
		if (holders > limits.holders || values > limits.values) return false;
	}
	return true;
}
const [quote, comma, openList, closeList, openObject, closeObject, backslash] = [
	34,
	44,
	91,
	93,
	123,
	125,
	92
];
/** Where the quote is that ends a text. */
function endOfText(json, start) {
	for (let end = json.indexOf("\"", start + 1); end !== -1; end = json.indexOf("\"", end + 1)) {
		let escapes = 0;
		while (json.charCodeAt(end - 1 - escapes) === backslash) escapes++;
		if (escapes % 2 === 0) return end;
	}
	return json.length;
}
export { isWithin as t };
