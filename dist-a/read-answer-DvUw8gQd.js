// src/tracking/server/read-answer.ts
/** The whole text of an answer. @param longest bytes that it may have @throws Error where it has more */
async function readText(response, longest) {
	const chunks = [];
	for await (const chunk of piecesOf(response, longest)) chunks.push(chunk);
	return Buffer.concat(chunks).toString();
}
/** An answer piece by piece. @param longest bytes that it may have @throws Error where it has more */
async function* piecesOf(response, longest) {
	let length = 0;
	for await (const chunk of response) {
		length += chunk.length;
		if (length > longest) throw new Error(`its answer is longer than ${Math.floor(longest / 1024)} kB`);
		yield chunk;
	}
}
export { readText as n, piecesOf as t };
