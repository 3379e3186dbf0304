import { Bo as object, Go as text, Ho as optional, Ko as whole, Lo as list, No as array, Po as either, Uo as record, Vo as oneOf, Wo as such, dn as occurs, jo as anyNumber } from "./checks-359mGJ3h.js";
// src/base/results.ts
const metricsForm = record(anyNumber);
/** What a history has to say. */
const historyForm = such(list(metricsForm), (history) => history.every((epoch) => Object.hasOwn(epoch, "loss")));
/** The values of what counts, as many of each. @param there as a result has it */
function whereThere(values, there) {
	if (there === void 0) return values;
	const each = values.length / there.length;
	return values.filter((_, i) => there[Math.floor(i / each)] !== 0);
}
/** Whether the class or label of a score is there at all, in the truth or in the predictions. */
function isThere({ several, confusion, perClass }, k) {
	return several === void 0 && confusion !== void 0 ? occurs(confusion, k) : perClass[k].support > 0;
}
const count = such(whole, (value) => value >= 0);
const scoresOfClass = object({
	name: text(),
	precision: anyNumber,
	recall: anyNumber,
	f1: anyNumber,
	support: count
});
const classResult = such(object({
	kind: oneOf("class"),
	name: text(),
	shape: list(count),
	classes: list(text()),
	several: optional(list(text())),
	tokens: optional(oneOf("words", "characters")),
	confusion: optional(list(list(count))),
	perClass: list(scoresOfClass),
	actual: either(array(Uint8Array), array(Int32Array)),
	predicted: either(array(Uint8Array), array(Int32Array)),
	confidence: array(Float32Array),
	there: optional(array(Uint8Array))
}), ({ classes, several = classes, confusion, perClass, actual, predicted, confidence, there = actual }) => (confusion === void 0 ? classes.length > 256 : [confusion, ...confusion].every((rows) => rows.length === classes.length)) && perClass.length === several.length && [
	predicted,
	confidence,
	there
].every((values) => values.length === actual.length) && [actual, predicted].every((values) => values.every((label) => label >= 0 && label < classes.length)));
const numberResult = such(object({
	kind: oneOf("number"),
	name: text(),
	shape: list(count),
	actual: array(Float64Array),
	predicted: array(Float64Array),
	there: optional(array(Uint8Array))
}), ({ actual, predicted, there = actual }) => [predicted, there].every((values) => values.length === actual.length));
const reconstructionResult = such(object({
	kind: oneOf("reconstruction"),
	name: text(),
	shape: list(count),
	errors: array(Float64Array),
	rows: list(count),
	predicted: array(Float32Array)
}), ({ errors, rows, shape, predicted }) => rows.every((row) => row < errors.length) && predicted.length === shape.reduce((product, size) => product * size, rows.length));
/** What an evaluation has to say, whatever data it is of. */
const evaluationForm = object({
	metrics: metricsForm,
	outputs: list(either(classResult, either(numberResult, reconstructionResult))),
	msPerSample: optional(anyNumber)
});
export { whereThere as i, historyForm as n, isThere as r, evaluationForm as t };
