import { Gi as WrongOption, Ki as atOption, Na as shorten, _s as sizeOf, ao as showCount, bs as failure, es as largestReal, gi as testSize, gs as formatShape, yi as saidBeforeFolds } from "./checks-359mGJ3h.js";
import { a as isTexts } from "./picture-rows-mV9o_xa6.js";
// src/datasets/array-parts.ts
/** The arrays of all parts, one after the other. */
const arraysOf = ({ all, train, validation, test }) => [
	all,
	train,
	validation,
	test
].filter((array) => array !== void 0);
const partNames = [
	"train",
	"validation",
	"test"
];
/** The arrays that a name stands for: those of the parts where there are any, otherwise the one that is called so. */
function partsOf(name, names, parts) {
	const found = partNames.flatMap((part) => {
		const array = arrayOf(name, parts[part]);
		return array !== name && names.includes(array) ? [[part, array]] : [];
	});
	return found.length === 0 ? { all: name } : Object.fromEntries(found);
}
/** @param pattern of the names of a part, in which `*` stands for that of the array */
const arrayOf = (name, pattern) => pattern.replace("*", () => name);
/**
* Finds the arrays, and proves by their heads that they belong together.
*
* @throws WrongOption where one is missing, or they have different numbers of samples
*/
function findArrays(file, { inputs, targets, parts }, at) {
	const all = [...inputs.map((name, k) => ({
		name,
		path: at("inputs", k)
	})), ...Object.keys(targets).map((name) => ({
		name,
		path: at("targets", name)
	}))];
	const twice = all.find(({ name }, k) => all.findIndex((other) => other.name === name) < k);
	if (twice !== void 0) throw new WrongOption(twice.path, failure("unusable-array", `\`${twice.name}\` is learnt from, so it is not predicted`, "Take it out of one."));
	const counts = {};
	const [first] = all;
	let usual;
	const found = all.map(({ name, path }) => {
		const of = partsOf(name, file.names, parts);
		for (const [part, array] of Object.entries(of)) {
			const [count, ...each] = atOption(path, () => file.head(array)).shape;
			if (count === void 0 || count === 0 || each.includes(0)) throw new WrongOption(path, failure("unusable-array", `${file.called(array)} has no ${each.includes(0) ? "values" : "samples"}`, "The first axis of an array counts the samples, the others their values."));
			const other = counts[part] ??= {
				count,
				array
			};
			if (other.count !== count) throw new WrongOption(path, failure("arrays-differ", `${file.called(other.array)} has ${other.count} samples, but ${file.called(array)} ${count}`, "The first axis of each counts the same samples."));
		}
		const kinds = Object.keys(of).join(" and ");
		usual ??= kinds;
		if (kinds !== usual) throw new WrongOption(path, failure("arrays-differ", `\`${first.name}\` has arrays for ${wordsOf(usual)}, but \`${name}\` for ${wordsOf(kinds)}`, "All need the same parts: `parts` says how arrays of a part are called."));
		return {
			name,
			...of
		};
	});
	const [{ all: whole, train, test } = {}] = found;
	if (whole === void 0 && (train === void 0 || test === void 0)) throw new WrongOption(at("parts"), failure("unknown-array", `there is an array of \`${first.name}\` for ${usual}, and none for ${train === void 0 ? "train" : "test"}`, `It would be called \`${arrayOf(first.name, parts[train === void 0 ? "train" : "test"])}\`; \`parts\` says how arrays of a part are called.`));
	return {
		inputs: found.slice(0, inputs.length),
		targets: found.slice(inputs.length),
		counts: Object.fromEntries(Object.entries(counts).map(([part, { count }]) => [part, count]))
	};
}
const wordsOf = (kinds) => kinds === "all" ? "all samples" : kinds;
/** The shape that all parts of an array have. @throws UserError where they differ */
function commonHead(file, parts) {
	const [first, ...others] = arraysOf(parts);
	const head = file.head(first);
	for (const other of others) {
		const { shape, kind } = file.head(other);
		if (String(shape.slice(1)) !== String(head.shape.slice(1)) || heldAs(kind) !== heldAs(head.kind)) throw failure("arrays-differ", `${file.called(first)} is ${head.kind.name} of ${formatShape(head.shape)}, but ${file.called(other)} ${kind.name} of ${formatShape(shape)}`, "All parts need one kind, and the same sizes behind the first.");
	}
	return head;
}
/** What values are held as: parts may differ in what is brought to one kind anyway, as texts of other lengths. */
const heldAs = ({ name, numbers }) => {
	if (numbers === void 0) return "texts";
	return name === "uint8" || name === "bool" ? "bytes" : "numbers";
};
/** What samples made of the arrays are. @throws WrongOption where an array cannot be what it is named for */
function specOf(file, given, found, { at, fold }) {
	const isPicture = found.inputs.map((one, k) => atOption(at("inputs", k), () => pictureShape(commonHead(file, one))));
	if (given.images && isPicture.every((shape) => shape === void 0)) throw new WrongOption(at("images"), failure("unusable-array", `no input is pictures: ${found.inputs.map((one) => describe(file, one)).join(", ")}`, "Pictures are uint8 of count x height x width, or with 1 or 3 channels behind. Leave `images` out of others."));
	const inputs = found.inputs.map((one, k) => {
		const head = commonHead(file, one);
		const name = found.inputs.length === 1 ? "input" : one.name;
		const picture = given.images ? isPicture[k] : void 0;
		if (picture !== void 0) return {
			name,
			shape: picture,
			dtype: "uint8",
			scale: 1 / 255
		};
		if (head.kind.numbers === void 0) throw new WrongOption(at("inputs", k), failure("unusable-array", `${file.called(first(one))} holds texts, and nothing is learnt from those`, "Number what they say: `numpy.unique(a, return_inverse=True)[1]`."));
		const [, ...rest] = head.shape;
		return {
			name,
			shape: rest.length === 0 ? [1] : rest,
			dtype: isBytes(head) ? "uint8" : "float32",
			scale: 1
		};
	});
	const targets = found.targets.map((one) => atOption(at("targets", one.name), () => targetSpec(file, one, given.targets[one.name])));
	if (fold !== void 0 && found.counts.validation !== void 0) throw saidBeforeFolds();
	const drawsTest = found.counts.all === void 0 ? {} : { drawsTest: true };
	return {
		inputs,
		targets,
		count: countsOf(found, given.test, fold),
		...drawsTest
	};
}
const first = ({ all, train }) => all ?? train;
/** Whether an array is held as bytes. */
const isBytes = ({ kind }) => heldAs(kind) === "bytes";
function describe(file, one) {
	const { kind, shape } = file.head(first(one));
	return `${file.called(first(one))} is ${kind.name} of ${formatShape(shape)}`;
}
function pictureShape({ kind, shape: [, height, width, channels = 1, ...more] }) {
	return kind.name === "uint8" && width !== void 0 && more.length === 0 && [1, 3].includes(channels) ? [
		height,
		width,
		channels
	] : void 0;
}
function targetSpec(file, one, target) {
	const { name } = one;
	const head = commonHead(file, one);
	const [, ...rest] = head.shape;
	if (target === "number") {
		if (head.kind.numbers === void 0) throw failure("unusable-array", `${file.called(first(one))} holds texts, not numbers`, `They may be classes: \`${name}: fromData\`.`);
		return {
			kind: "number",
			name,
			shape: rest.length === 0 ? [1] : rest
		};
	}
	const shape = rest.at(-1) === 1 ? rest.slice(0, -1) : rest;
	if (shape.length !== 0 && shape.length !== 2) throw failure("unusable-array", `${file.called(first(one))} is ${formatShape(head.shape)}, and labels are one for each sample, or each pixel`, "Of a 0 or 1 for each class make one label: `a.argmax(axis=1)`. Several numbers are `number`.");
	const isOrdered = typeof target === "object" && "ordinal" in target;
	if (isOrdered && shape.length > 0) throw failure("unusable-array", `${file.called(first(one))} is ${formatShape(head.shape)}, and classes in order are one for each sample`, `Of one for each pixel no order is learnt: list them as such, \`${name}: fromData\`.`);
	const classes = isOrdered ? target.ordinal : target;
	return {
		kind: "class",
		name,
		classes: classes === "fromData" ? [] : classes,
		shape,
		...isOrdered && { ordinal: true }
	};
}
function countsOf({ counts }, share, fold) {
	const { all, train = 0, validation, test = 0 } = counts;
	if (all !== void 0) {
		const tested = testSize(share, all, fold);
		return {
			train: all - tested,
			test: tested
		};
	}
	return {
		train: train + (validation ?? 0),
		test,
		...validation === void 0 ? {} : { validation }
	};
}
/** Bytes of the values of all arrays, as they lie in the files. */
function bytesIn(file, { inputs, targets }) {
	return [...inputs, ...targets].flatMap(arraysOf).reduce((sum, array) => sum + sizeOf(file.head(array).shape) * file.head(array).kind.bytes, 0);
}
/** Values of all inputs. */
function inputValues(file, { inputs }) {
	return inputs.flatMap(arraysOf).reduce((sum, array) => sum + sizeOf(file.head(array).shape), 0);
}
// src/datasets/array-samples.ts
/** Labels of as many classes fit a byte. */
const mostClasses = 256;
/** As long as a name of a class may be. */
const longestName = 100;
/**
* The classes that arrays of labels hold: whole numbers by their size, texts by their code points.
*
* @throws UserError where they are no list of classes
*/
function classesIn(file, { name, ...parts }) {
	const numbers = /* @__PURE__ */ new Set();
	const texts = /* @__PURE__ */ new Set();
	for (const array of arraysOf(parts)) {
		for (const { values } of file.parts(array)) if (isTexts(values)) for (const text of values) texts.add(text);
		else for (const value of values) if (numbers.size <= mostClasses) numbers.add(value);
		const broken = [...numbers].find((value) => !Number.isSafeInteger(value));
		const long = [...texts].find((text) => text.length > longestName || text === "");
		const count = numbers.size + texts.size;
		if (broken === void 0 && long === void 0 && count <= mostClasses) continue;
		throw noList(broken === void 0 && long === void 0 ? `${file.called(array)} has more than ${mostClasses} values` : `${file.called(array)} holds ${broken ?? (long === "" ? "an empty text" : "a long text")}`, texts.size > 0 ? "Labels are short texts, of few classes." : `Predict it as such: \`${name}: number\`.`);
	}
	if (numbers.size + texts.size < 2) throw noList(`\`${name}\` has one value alone`, "There is nothing to tell apart: look at how it was made.");
	return [...[...numbers].sort((a, b) => a - b).map(String), ...[...texts].sort((a, b) => a < b ? -1 : 1)];
}
const noList = (what, hint) => failure("no-list-in-array", `${what}, so it is no list of classes`, hint);
/** Gives the place of a label among the classes; undefined where it has none. */
function finderOf(classes) {
	const places = new Map(classes.map((name, place) => [name, place]));
	const areNumbers = classes.every((name) => name.trim() !== "" && Number.isFinite(Number(name)));
	const numbers = new Map(classes.flatMap((name, place) => [Number(name), Math.fround(Number(name))].map((number) => [number, place])));
	return (label) => {
		if (typeof label === "string") return places.get(label);
		if (areNumbers) return numbers.get(label);
		return Number.isInteger(label) && label >= 0 && label < classes.length ? label : void 0;
	};
}
/**
* Labels as indices of classes.
*
* @param called what messages call the array @param before samples that come before these
* @throws UserError where one is no class
*/
function labelsOf(called, values, { classes, shape }, before = 0) {
	const find = finderOf(classes);
	const labels = new Uint8Array(values.length);
	const size = sizeOf(shape);
	for (let i = 0; i < labels.length; i++) {
		const label = find(values[i]);
		if (label === void 0) {
			const [said, names] = [shorten(String(values[i])), shorten(classes.join(", "), 200)];
			let more = 0;
			for (let j = i + 1; j < values.length; j++) if (find(values[j]) === void 0) more++;
			throw failure("label-without-class", `${called}, sample ${before + Math.floor(i / size) + 1}: the label ${said} is none of the ${classes.length} classes${more === 0 ? "" : `, and ${showCount(more)} more labels are none`}`, `Name every class: ${names} are known. Numbers count from 0 on, unless all names are numbers.`);
		}
		labels[i] = label;
	}
	return labels;
}
/** Numbers to predict. @param before see labelsOf @throws UserError where one is none */
function numbersOf(called, values, size, before = 0) {
	proveFinite(called, values, size, before);
	return values instanceof Float64Array ? values : Float64Array.from(values);
}
/**
* Values to learn from.
*
* @param before see labelsOf
* @throws UserError where one is no number, or beyond what 32 bits hold
*/
function inputOf(called, values, { size, bytes, before = 0 }) {
	if (bytes && values instanceof Uint8Array) return values;
	proveFinite(called, values, size, before);
	return values instanceof Float32Array ? values : Float32Array.from(values);
}
/**
* Proves that values are numbers that 32 bits hold.
*
* @param called what messages call the array @param size values of a sample @param before see labelsOf
* @throws UserError where one is none
*/
function proveFinite(called, values, size, before = 0) {
	const wrong = values.findIndex((value) => !(Math.abs(value) <= largestReal));
	if (wrong < 0) return;
	const value = values[wrong];
	throw failure("unusable-number", `${called}, sample ${before + Math.floor(wrong / size) + 1}: one of its values is ${value}`, Number.isNaN(value) ? "Fill it, as with `numpy.nan_to_num(a, nan=0)`, or leave the sample out." : "Weights are float32: divide by what is usual, or leave the sample out.");
}
/** The labels of one array. @throws WrongOption where one is no class */
function readLabels(file, array, target, at) {
	return atOption(at("targets", target.name), () => labelsOf(file.called(array), file.values(array), target));
}
/**
* The values of the arrays of a part.
*
* @throws WrongOption where one cannot be used
*/
function* readPart(file, { inputs, targets }, { found, part, at }) {
	const x = [];
	const y = [];
	for (const [k, one] of found.inputs.entries()) {
		yield;
		const array = one[part];
		const bytes = isBytes(file.head(array));
		x.push(atOption(at("inputs", k), () => inputOf(file.called(array), numbersIn(file, array), {
			size: sizeOf(inputs[k].shape),
			bytes
		})));
	}
	for (const [k, target] of targets.entries()) {
		yield;
		const array = found.targets[k][part];
		y.push(target.kind === "class" ? readLabels(file, array, target, at) : atOption(at("targets", target.name), () => numbersOf(file.called(array), numbersIn(file, array), sizeOf(target.shape))));
	}
	return {
		inputs: x,
		targets: y
	};
}
/** @throws UserError where an array holds texts */
function numbersIn(file, array) {
	return asNumbers(file.called(array), file.values(array));
}
/** @throws UserError where they are texts */
function asNumbers(called, values) {
	if (isTexts(values)) throw failure("unusable-array", `${called} holds texts`, "Save it as numbers.");
	return values;
}
/** Values of some rows, one after the other. */
function rowsOf(values, size, rows) {
	const some = values.slice(0, rows.length * size);
	rows.forEach((row, k) => some.set(values.subarray(row * size, (row + 1) * size), k * size));
	return some;
}
/** The values of two parts, one after the other. */
function joinedValues(one, other) {
	const all = new one.constructor(one.length + other.length);
	all.set(one);
	all.set(other, one.length);
	return all;
}
export { heldAs as _, joinedValues as a, partsOf as b, numbersOf as c, readPart as d, rowsOf as f, findArrays as g, bytesIn as h, inputOf as i, proveFinite as l, arraysOf as m, classesIn as n, labelsOf as o, arrayOf as p, finderOf as r, numbersIn as s, asNumbers as t, readLabels as u, inputValues as v, specOf as x, isBytes as y };
