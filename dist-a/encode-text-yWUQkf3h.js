import { Ao as tokensOf, Bo as object, Do as tokenNumbers, Go as text, Io as hasForm, Lo as list, Na as shorten, bs as failure, ko as tokensForm } from "./checks-359mGJ3h.js";
import { a as isTensor, d as proveNames, i as isNamed, o as kindOf } from "./given-values-DXROl_Cm.js";
import { a as tableEncoder } from "./encode-table-B8i7HO-p.js";
// src/datasets/encode-series.ts
/**
* The encoder of a model that learnt from a series. A window is an object with a list of values for each column, the
* oldest first. It needs nothing of Node.
*/
function seriesEncoder(trained) {
	const { inputs } = trained;
	const window = inputs[0].shape[0];
	const table = tableEncoder({
		...trained,
		inputs: inputs.map((one) => ({
			...one,
			shape: one.shape.slice(1)
		}))
	});
	const names = [...table.columns.keys()];
	const takes = `${window} rows in the order of time, with the columns ${shorten(names.join(", "), 500)} (CSV; in JSON a list of ${window} values for each column)`;
	const joined = (rows) => inputs.map(({ shape }, k) => {
		const values = new Float32Array(window * shape[1]);
		for (const [at, row] of rows.entries()) values.set(row[k], at * shape[1]);
		return values;
	});
	return {
		...table,
		takes,
		window,
		joined,
		encode: (row, where) => {
			if (!isNamed(row) || isTensor(row)) throw failure("wrong-shape", `${where} is ${kindOf(row)}, not an object`, `The model takes ${takes}.`);
			proveNames(row, names, where);
			const lists = names.map((name) => [name, listOf(row[name], `${where}: ${shorten(name)}`, window)]);
			const rows = Array.from({ length: window }, (_, at) => table.encode(Object.fromEntries(lists.map(([name, values]) => [name, values[at]])), `${where}, value ${at + 1} of ${window}`).x);
			return {
				x: joined(rows),
				...table.unused(Object.keys(row), where)
			};
		}
	};
}
function listOf(given, where, window) {
	if (Array.isArray(given) && given.length === window) return given;
	throw failure("wrong-shape", `${where} is ${Array.isArray(given) ? `a list of ${given.length}` : kindOf(given)}, not a list of ${window} values`, `Give one value for each row of the window of ${window}, the oldest first.`);
}
// src/datasets/encode-text.ts
const charactersForm = object({ characters: list(text()) });
const wordsForm = object({ words: tokensForm });
/** Whether a model reads texts word by word. */
const readsWords = ({ preparation }) => preparation !== void 0 && "words" in preparation;
/** The encoder of a model that learnt from a text. It needs nothing of Node. */
function textEncoder(trained) {
	const [input] = trained.inputs;
	const steps = input.shape[0];
	const alphabet = readsWords(trained) ? wordsOf(trained, input) : charactersOf(trained, input);
	const takes = `text in sequences of ${steps} ${alphabet.of}`;
	return {
		...alphabet,
		takes,
		steps,
		encode: (row, where) => {
			const parts = isNamed(row) ? row : { [input.name]: row };
			proveNames(parts, [input.name], where);
			const given = parts[input.name];
			if (typeof given !== "string") throw failure("wrong-shape", `${where} is ${kindOf(given)}, not a text`, `The model takes ${takes}.`);
			const pieces = alphabet.cut(given);
			if (pieces.length !== steps) throw failure("wrong-shape", `${where}: expected ${steps} ${alphabet.of}, got ${pieces.length}`, "Give it as many as it was trained on; a file of text is cut into such sequences.");
			return { x: [alphabet.indicesOf(pieces, where)] };
		}
	};
}
function charactersOf({ preparation }, { indices }) {
	if (!hasForm(charactersForm, preparation) || preparation.characters.length !== indices) throw damaged("characters");
	const index = new Map(preparation.characters.map((character, k) => [character, k]));
	const indexOf = (character, where) => {
		const known = index.get(character);
		if (known !== void 0) return known;
		throw failure("unknown-category", `${where}: the character ${JSON.stringify(character)} stands nowhere in the text that the model was trained on`, `It knows ${shorten(JSON.stringify(preparation.characters.join("")), 300)}.`);
	};
	return {
		of: "characters",
		cut: (given) => [...given],
		numberOf: (character) => index.get(character),
		indicesOf: (characters, where) => Uint8Array.from(characters, (character) => indexOf(character, where))
	};
}
function wordsOf({ preparation }, { indices }) {
	if (!hasForm(wordsForm, preparation) || preparation.words.size !== indices) throw damaged("words");
	const { lowerCase } = preparation.words;
	const numberOf = tokenNumbers(preparation.words);
	return {
		of: "words",
		cut: (given) => [...tokensOf(given, {
			kind: "words",
			lowerCase
		})],
		numberOf,
		indicesOf: (words) => Float32Array.from(words, numberOf)
	};
}
const damaged = (what) => failure("model-damaged", `model.json does not say which ${what} the model knows`, "Take it from the run again, or train the model anew.");
export { textEncoder as n, seriesEncoder as r, readsWords as t };
