import { fo as suggestNumber, x as InvalidArgumentError } from "./checks-359mGJ3h.js";
// src/commands/option-values.ts
/** Reads the value of an option that is a number with its unit. */
function quantityOf({ read, expected, suggest }) {
	return (text) => {
		const value = read(text);
		if (!Number.isNaN(value)) return value;
		const meant = suggest(text);
		throw new InvalidArgumentError(`It must be ${expected}.${meant === void 0 ? "" : ` Did you mean \`${meant}\`?`}`);
	};
}
/** Reads the value of an option that is a whole number within bounds. */
function wholeNumberFrom(least, most) {
	return (text) => {
		const value = text.trim() === "" ? NaN : Number(text);
		if (Number.isInteger(value) && value >= least && value <= most) return value;
		const hint = Number.isNaN(value) ? suggestNumber(text, true) : void 0;
		throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.${hint === void 0 ? "" : ` ${hint}`}`);
	};
}
export { wholeNumberFrom as n, quantityOf as t };
