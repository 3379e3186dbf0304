import { $a as listNames, Ao as tokensOf, D as checkSource, Fr as deafBins, Mi as readIdxFile, Na as shorten, Ni as readIdxSizes, Rr as spectrogramShape, S as Option, Ss as misuse, Wa as findTables, Xa as wayToMissing, _s as sizeOf, ao as showCount, b as Command, bs as failure, da as proveText, do as readWritten, ea as explainUnread, eo as nearest, f as showsColors, fa as shellWord, ga as openFile, gs as formatShape, h as printDiagnostics, oa as readText, ps as atOnce, rs as shareOf, so as showMeasure, uo as numbersMeant, v as makeVisible, vs as UserError, wo as TokenCounter, y as Argument } from "./checks-359mGJ3h.js";
import { t as readyAtOnce } from "./all-readers-CMhiQH8D.js";
import { r as csvFormat, v as timeEvidence } from "./csv-aXaL6f-a.js";
import { a as parquetFormat, i as orderRows, n as divideSeries, o as jsonlFormat, r as naiveForecasts } from "./read-tables-DxKH6xp5.js";
import { _ as listPictures, a as isTexts, g as listFiles, h as countFiles, v as listPngFiles, x as pictureFiles, y as listSubfolders } from "./picture-rows-mV9o_xa6.js";
import { t as formatOf } from "./picture-head-DbcYK8VE.js";
import { t as isWav } from "./read-wav-BpJaOEp5.js";
import { i as npzArrays, n as fileSource, r as npyArrays } from "./read-arrays-B7vkuqvT.js";
import { b as partsOf, l as proveFinite, m as arraysOf, p as arrayOf, s as numbersIn } from "./array-samples-QOZxvSoW.js";
import { i as wrongRate, n as headOf, r as recordingFiles } from "./read-pictures-DAgNlkOl.js";
import { c as glanceAt, f as readMask } from "./pieces-Cuf8rgso.js";
import { C as readAndKeep } from "./from-data-D-ljl90E.js";
import { A as timeOf, O as isDate, S as missingTexts, _ as labelsOfList, b as columnOf, g as labelsOfCell, h as isYes, i as isNamed, k as isNamedLikeTime, v as markWanted, w as placeIn } from "./given-values-DXROl_Cm.js";
import { n as parseLine } from "./parse-line-CpGHibUl.js";
import { j as CellScanner } from "./table-rows-CR7Qkpgj.js";
import { createRequire } from "node:module";
import { basename, dirname, extname, join, relative, resolve } from "node:path";
import { closeSync, existsSync, mkdirSync, readSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { constants as constants$1, gunzipSync } from "node:zlib";
// src/datasets/propose/array-names.ts
const words = [
	["train", "train|training|tr"],
	["validation", "val|valid|validation|dev"],
	["test", "test|testing|te"]
];
/** What arrays of a part are called where nothing is said. */
const usualParts = {
	train: "*_train",
	validation: "*_val",
	test: "*_test"
};
/** Finds the part of `x_train`, `train_images` or `X-test`. */
function nameArrays(arrays) {
	const found = new Map(words.map(([part, word]) => [part, patternOf(arrays, word)]));
	const [train, validation, test] = [
		found.get("train"),
		found.get("validation"),
		found.get("test")
	];
	const isValidationTest = test === void 0 && validation !== void 0;
	const held = test ?? validation;
	if (train === void 0 || held === void 0) return {
		names: arrays,
		isValidationTest: false
	};
	const parts = {
		train,
		test: held,
		validation: isValidationTest ? usualParts.validation : validation ?? usualParts.validation
	};
	const bases = new Set(arrays.flatMap((array) => {
		const base = baseOf(array, train);
		return base !== void 0 && arrays.includes(arrayOf(base, held)) ? [base] : [];
	}));
	if (bases.size < 2) return {
		names: arrays,
		isValidationTest: false
	};
	return {
		names: [...bases],
		parts,
		isValidationTest
	};
}
/** The pattern by which arrays of a part are called. @param word of the part, an alternative of a regular expression */
function patternOf(arrays, word) {
	for (const array of arrays) {
		const behind = new RegExp(`^.+?([_-](?:${word}))$`, "i").exec(array)?.[1];
		if (behind !== void 0) return `*${behind}`;
		const before = new RegExp(`^((?:${word})[_-]).+$`, "i").exec(array)?.[1];
		if (before !== void 0) return `${before}*`;
	}
}
/** What stands for the sign of a pattern. */
function baseOf(array, pattern) {
	const [before = "", behind = ""] = pattern.split("*");
	return array.startsWith(before) && array.endsWith(behind) && array.length > before.length + behind.length ? array.slice(before.length, array.length - behind.length) : void 0;
}
// src/datasets/propose/proposal.ts
/** Most frequent first; of equally frequent ones, in the order of their names. */
function byCount(counts) {
	return [...counts].map(([name, count]) => ({
		name,
		count
	})).sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}
/** Some classes with their counts, on one line. */
function showCounts(all) {
	const some = all.slice(0, 6).map(({ name, count }) => `${shorten(name, 30)}${Number.isFinite(Number(name)) ? ":" : ""} ${showCount(count)}`);
	return `${some.join(", ")}${all.length > some.length ? ", ..." : ""}`;
}
// src/datasets/propose/spread.ts
/** @param width how many numbers a sample has, each with a mean of its own */
function spreadOf(numbers, width = 1) {
	let [squares, distances, known] = [
		0,
		0,
		0
	];
	for (let column = 0; column < width; column++) {
		const own = [];
		for (let k = column; k < numbers.length; k += width) if (Number.isFinite(numbers[k])) own.push(numbers[k]);
		const mean = own.reduce((sum, one) => sum + one, 0) / own.length;
		for (const one of own) {
			squares += (one - mean) ** 2;
			distances += Math.abs(one - mean);
		}
		known += own.length;
	}
	return {
		deviation: Math.sqrt(squares / known),
		distance: distances / known
	};
}
// src/datasets/propose/propose-arrays.ts
/** Arrays of NumPy in one file. @throws UserError where they cannot be read, or do not show what is to be predicted */
function proposeNpz(wanted) {
	return proposeArrays(wanted, npzArrays(fileSource({ path: wanted.data })), "npz", {
		key: "file",
		value: wanted.written(wanted.data)
	});
}
/** Arrays of NumPy in a file each. @param paths of the files @throws UserError as proposeNpz */
function proposeNpy(wanted, paths) {
	const named = paths.map((path) => [basename(path, extname(path)), path]);
	return proposeArrays(wanted, npyArrays(new Map(named.map(([name, path]) => [name, fileSource({ path })]))), "npy", {
		key: "files",
		entries: named.map(([key, path]) => ({
			key,
			value: wanted.written(path)
		}))
	});
}
function proposeArrays({ data, targets }, file, source, place) {
	const named = nameArrays(file.names);
	const { found, left } = lookAt(file, named);
	const { target, because } = chooseTarget$1(basename(resolve(data)), found, targets);
	const input = chooseInput(file, found, target);
	const { task, entry } = taskOf$1(file, target, because);
	const { given, images, range } = givenOf(file, input);
	const { parts, isValidationTest } = named;
	const others = found.filter((one) => one !== target && one !== input).map((one) => `\`${shorten(one.name)}\` is left out: ${whyLeft(one, target)}`);
	const unusual = parts === void 0 ? [] : Object.entries(parts).filter(([part, name]) => usual$1[part] !== name && isThere(name));
	function isThere(name) {
		return file.names.includes(name.replace("*", () => target.name));
	}
	const hasValidation = target.parts.validation !== void 0;
	return {
		source,
		read: `all values of \`${shorten(input.name)}\` and \`${shorten(target.name)}\` in ${basename(resolve(data))}`,
		options: [
			place,
			{
				key: "inputs",
				value: [input.name],
				because: `${input.head.kind.name} of ${formatShape(input.head.shape)}, ${range}`
			},
			{
				key: "targets",
				entries: [entry]
			},
			...images ? [{
				key: "images",
				value: true,
				because: "uint8 of that shape are pictures: 0 to 255 become 0 to 1"
			}] : [],
			...unusual.length === 0 ? [] : [{
				key: "parts",
				value: Object.fromEntries(unusual),
				because: isValidationTest ? "no arrays are called test: those for validation are it" : "by their names"
			}],
			...parts === void 0 ? [{
				key: "test",
				value: .2,
				because: "share of the samples that is taken out for the test"
			}] : []
		],
		split: hasValidation ? [] : [{
			key: "validation",
			value: .15,
			because: "share of the others that validates after each epoch"
		}],
		task,
		given,
		samples: target.samples,
		notes: [...left, ...others]
	};
}
const usual$1 = usualParts;
/** All arrays that can be read, and why others cannot. @throws UserError where none can */
function lookAt(file, { names, parts }) {
	const found = [];
	const left = [];
	let trouble;
	for (const name of names) try {
		const of = parts === void 0 ? { all: name } : partsOf(name, file.names, parts);
		const heads = arraysOf(of).map((array) => file.head(array));
		const samples = heads.reduce((sum, { shape }) => sum + (shape[0] ?? 0), 0);
		if (samples > 0) found.push({
			name,
			parts: of,
			head: heads[0],
			samples
		});
		else left.push(`\`${shorten(name)}\` is left out: it has no samples`);
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
		trouble ??= error;
		left.push(`${error.message}: it is left out`);
	}
	if (found.length < 2 && trouble !== void 0) throw trouble;
	return {
		found,
		left
	};
}
const valuesOf = ({ head: { shape } }) => sizeOf(shape.slice(1));
function chooseTarget$1(data, found, [wanted, ...more]) {
	const names = found.map(({ name }) => name);
	if (more.length > 0) throw misuse("target-without-table", `--target names several columns, and ${data} is no table`, "Name one array.");
	if (wanted !== void 0) {
		const target = found.find(({ name }) => name === wanted);
		if (target !== void 0) return {
			target,
			because: "as --target says"
		};
		const guess = nearest(wanted, names);
		throw misuse("unknown-array", `${data} has no array \`${wanted}\``, `${guess === void 0 ? "" : `Did you mean \`${guess}\`? `}It has ${listNames(names)}.`);
	}
	const called = found.find(({ name }) => /^(y|targets?|labels?|class(es)?)$/i.test(name));
	if (called !== void 0) return {
		target: called,
		because: "by its name"
	};
	const single = found.filter((one) => valuesOf(one) === 1);
	if (single.length === 1 && found.length > 1) return {
		target: single[0],
		because: "it alone has one value for each sample"
	};
	throw failure("target-unclear", `${data} does not show which array is to be predicted: it has ${listNames(names)}`, found.length === 1 ? "Save what is right of each sample beside it, as `y`." : `Name it: --target ${single[0]?.name ?? names.at(-1) ?? "ARRAY"}.`);
}
/** The array to learn from: by its name, else the largest. */
function chooseInput(file, found, target) {
	const able = found.filter((one) => one !== target && isAble(one, target)).sort((a, b) => valuesOf(b) - valuesOf(a));
	const input = able.find(({ name }) => /^(x|data|images?|features?|inputs?|pictures?)$/i.test(name)) ?? able[0];
	if (input !== void 0) return input;
	throw failure("no-features", `beside ${file.called(arraysOf(target.parts)[0])} there is no array of numbers with as many samples (${showCount(target.samples)})`, "Give an array of what is learnt from, whose first axis counts the same samples.");
}
/** Whether an array holds numbers of the samples that another has. */
const isAble = ({ head, samples, parts }, target) => head.kind.numbers !== void 0 && samples === target.samples && Object.keys(parts).join() === Object.keys(target.parts).join();
function whyLeft(one, target) {
	if (isAble(one, target)) return "`inputs` takes several arrays, and the net below has one";
	if (one.head.kind.numbers === void 0) return "it holds texts";
	return `it has ${showCount(one.samples)} samples, and \`${shorten(target.name)}\` ${showCount(target.samples)}`;
}
/** Labels that whole numbers may be. */
const mostClasses$1 = 256;
/** Of so few different whole numbers each is a class, where ten samples have it. */
const fewValues$1 = 20;
function taskOf$1(file, { name, parts, head }, because) {
	const arrays = arraysOf(parts);
	const [, ...shape] = head.shape;
	const width = sizeOf(shape);
	if (width !== 1 && shape.length > 1) throw failure("unknown-data-kind", `${file.called(arrays[0])} has ${formatShape(shape)} values for each sample, for which no net is proposed`, "Write the file by hand: `npz` takes a label for each pixel, and any shape of numbers (docs/data.md).");
	const counts = /* @__PURE__ */ new Map();
	const numbers = [];
	for (const array of arrays) {
		const values = file.values(array);
		if (!isTexts(values)) proveFinite(file.called(array), values, width);
		for (const value of values) {
			if (typeof value === "number") numbers.push(value);
			if (counts.size <= mostClasses$1 || counts.has(String(value))) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1);
		}
	}
	if (counts.size < 2) throw failure("one-value-to-predict", `${file.called(arrays[0])} has one value alone, ${shorten([...counts.keys()][0])}`, "Name an array that differs from sample to sample: --target ARRAY.");
	if (width > 1 && counts.size === 2 && counts.has("0") && counts.has("1")) throw failure("unknown-data-kind", `${file.called(arrays[0])} has ${width} values of 0 and 1 for each sample, and labels are one for each`, "Of a single 1 in each row make its label: `y.argmax(axis=1)`. Several labels at once are learnt from tables: save it as CSV with a column for each.");
	const isText = numbers.length === 0;
	const isFew = counts.size <= fewValues$1 && numbers.length >= 10 * counts.size;
	const isDense = head.kind.isWhole === true && counts.size <= mostClasses$1 && isCounting(counts);
	const areClasses = width === 1 && numbers.every(Number.isInteger) && (isFew || isDense);
	if (!isText && !areClasses) return {
		task: {
			kind: "number",
			target: name,
			units: width,
			...spreadOf(numbers, width)
		},
		entry: {
			key: name,
			value: "number",
			because: `${because}; ${rangeOf(numbers)}`
		}
	};
	const classes = byCount(counts);
	return {
		task: {
			kind: "class",
			target: name,
			classes
		},
		entry: {
			key: name,
			value: "fromData",
			because: `${because}; ${classes.length} classes: ${showCounts(classes)}`
		}
	};
}
/** Whether the numbers are all of those from 0 or 1 on, up to the last. */
function isCounting(counts) {
	const first = counts.has("0") ? 0 : 1;
	return Array.from({ length: counts.size }, (_, k) => String(first + k)).every((label) => counts.has(label));
}
/** The least number that float32 holds with all its digits; engines take smaller ones for 0. */
const leastNormal = 2 ** -126;
function givenOf(file, { parts, head }) {
	let [least, most] = [Infinity, -Infinity];
	const [, ...shape] = head.shape;
	const farthest = new Float64Array(sizeOf(shape));
	for (const array of arraysOf(parts)) {
		const values = numbersIn(file, array);
		proveFinite(file.called(array), values, farthest.length);
		let place = 0;
		for (const value of values) {
			[least, most] = [Math.min(least, value), Math.max(most, value)];
			farthest[place] = Math.max(farthest[place], Math.abs(value));
			if (++place === farthest.length) place = 0;
		}
	}
	const sizes = farthest.reduce((seen, size) => size === 0 ? seen : farther(seen, size), {
		most: 0,
		least: Infinity
	});
	if (sizes.most > 0 && sizes.most < leastNormal) throw failure("unusable-number", `${file.called(arraysOf(parts)[0])}: its largest value is ${Number(sizes.most.toPrecision(2))}, and below ${leastNormal.toPrecision(2)} float32 has hardly any digits`, "Weights are float32: divide by what is usual.");
	const [height = 1, width = 1, channels = 1] = shape;
	const isPicture = shape.length === 3 && [1, 3].includes(channels);
	const images = head.kind.name === "uint8" && (shape.length === 2 ? most > 1 : isPicture);
	const range = rangeOf([least, most]);
	if (images || isPicture) return {
		images,
		range,
		given: {
			kind: "picture",
			shape: [
				height,
				width,
				channels
			],
			...!images && { sizes }
		}
	};
	return {
		images,
		range,
		given: {
			kind: "array",
			shape,
			sizes
		}
	};
}
const farther = ({ most, least }, size) => ({
	most: Math.max(most, size),
	least: Math.min(least, size)
});
function rangeOf(numbers) {
	const [least, most] = numbers.reduce(([low, high], one) => [Math.min(low, one), Math.max(high, one)], [Infinity, -Infinity]);
	return `${Number(least.toPrecision(6))} to ${Number(most.toPrecision(6))}`;
}
// src/datasets/propose/classed-folders.ts
const parts = {
	train: /^(train|training)$/i,
	test: /^(test|testing)$/i,
	other: /^(val|valid|validation|dev)$/i
};
/**
* Looks for a sub-folder of files of a sort for each class; undefined where none has any.
*
* @throws UserError where there is one class alone, or files cannot be listed
*/
function findClassedFolders({ data, written }, sort) {
	const { names } = listSubfolders(data, sort);
	const hasClasses = (name) => listSubfolders(join(data, name), sort).names.length > 1;
	const partOf = (pattern) => names.find((name) => pattern.test(name) && hasClasses(name));
	const [train, test] = [partOf(parts.train), partOf(parts.test)];
	const folder = train === void 0 ? data : join(data, train);
	const classes = classesIn(folder, sort);
	if (classes.length === 0) return void 0;
	const [, many] = sort.noun;
	if (classes.length === 1) throw failure("class-count", `${folder} has one sub-folder with ${many}, ${classes[0].name}: nothing can be told apart`, `Each class has a sub-folder of its own, named like it, with its ${many}.`);
	const counted = classes.map(({ name, paths }) => ({
		name,
		count: paths.length
	})).sort((a, b) => b.count - a.count);
	const whyUnused = (name) => {
		if (train === void 0) return "no folder `train` with the classes is beside it";
		if (!hasClasses(name)) return "it has no sub-folder for each class";
		return parts.test.test(name) ? `\`${test}\` is the test` : `validation takes a share of \`${train}\``;
	};
	return {
		options: [{
			key: "folder",
			value: written(folder),
			because: `a sub-folder for each of ${counted.length} classes: ${counted.slice(0, 6).map(({ name, count }) => `${name} ${showCount(count)}`).join(", ")}${counted.length > 6 ? ", ..." : ""}`
		}, ...listSubfolders(folder, sort).names.length === counted.length ? [] : [{
			key: "classes",
			value: classes.map(({ name }) => name),
			because: `the other sub-folders have no ${many}`
		}]],
		test: test === void 0 || train === void 0 ? {
			key: "test",
			value: .2,
			because: "share of each class that is taken out for the test"
		} : {
			key: "test",
			value: written(join(data, test)),
			because: "a folder of the same classes"
		},
		split: [{
			key: "validation",
			value: .15,
			because: "share of the others that is held back, to validate after each epoch"
		}],
		classes: counted,
		paths: classes.flatMap(({ paths }) => paths),
		samples: counted.reduce((sum, { count }) => sum + count, 0),
		notes: names.filter((name) => parts.test.test(name) || parts.other.test(name)).filter((name) => train === void 0 ? counted.every((one) => one.name !== name) : name !== test).map((name) => `\`${name}\` is left out: ${whyUnused(name)}`)
	};
}
/** The option that leaves out what cannot be used. @param looked how many files were looked at */
function skipping(failed, looked) {
	const [first] = failed;
	if (first === void 0) return [];
	const { message } = first.error.diagnostics[0];
	return [{
		key: "onError",
		value: "skip",
		because: `${failed.length} of ${looked} cannot be used: ${message}`
	}];
}
/** What is left to learn from without some files, as far as these are known: most frequent first. */
function without({ classes, samples }, failed) {
	const lost = /* @__PURE__ */ new Map();
	for (const path of failed) lost.set(basename(dirname(path)), (lost.get(basename(dirname(path))) ?? 0) + 1);
	return {
		classes: classes.map(({ name, count }) => ({
			name,
			count: count - (lost.get(name) ?? 0)
		})).sort((a, b) => b.count - a.count),
		samples: samples - failed.length
	};
}
/** Sub-folders with such files right in them. */
function classesIn(folder, sort) {
	return listSubfolders(folder, sort).names.flatMap((name) => {
		try {
			return [{
				name,
				paths: listFiles(join(folder, name), sort).pictures
			}];
		} catch (error) {
			if (error instanceof UserError && error.diagnostics[0].code === sort.codes.none) return [];
			throw error;
		}
	});
}
// src/datasets/propose/propose-pictures.ts
/** Pictures whose heads are looked at, spread over all. */
const mostLookedAt$1 = 400;
/** Some of many, spread over all. */
function spread(all, most) {
	if (all.length <= most) return all;
	return Array.from({ length: most }, (_, k) => all[Math.floor(k * all.length / most)]);
}
/** Longest side of what a net is given: more takes long on a processor, and shows little more. */
const longest$2 = 96;
/**
* Looks at the heads of pictures.
*
* @param factor what both sides have to be a multiple of
* @throws UserError where none of them can be used
*/
function lookAtPictures(paths, factor = 1) {
	const looked = spread(paths, mostLookedAt$1);
	const [heads, failed] = [[], []];
	for (const path of looked) try {
		const { head } = glanceAt(path);
		if (head.depth <= 8) heads.push(head);
		else failed.push({
			path,
			error: failure("sixteen-bit-picture", `${path} has ${head.depth} bits per channel`)
		});
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
		failed.push({
			path,
			error
		});
	}
	if (heads.length === 0) throw failed[0].error;
	const sizes = new Map(heads.map(({ shape: [height, width] }) => [`${width} x ${height}`, [height, width]]));
	const middle = (side) => heads.map(({ shape }) => shape[side]).sort((a, b) => a - b)[heads.length >> 1];
	const [height, width] = [middle(0), middle(1)];
	const greys = heads.filter(({ shape }) => shape[2] === 1).length;
	const channels = greys === heads.length ? 1 : 3;
	const shrink = Math.min(1, longest$2 / Math.max(height, width));
	const side = (length) => Math.max(factor, Math.round(length * shrink / factor) * factor);
	const fits = sizes.size === 1 && looked.length === paths.length && side(height) === height && side(width) === width;
	const seen = sizes.size === 1 ? `all are ${[...sizes.keys()][0]}` : sizesIn(heads);
	const read = looked.length === paths.length ? "the heads of all" : `the heads of ${showCount(looked.length)} of`;
	return {
		shape: [
			side(height),
			side(width),
			channels
		],
		read: `${read} ${showCount(paths.length)} pictures`,
		failed: looked.length === paths.length ? failed.map(({ path }) => path) : [],
		options: [
			...fits ? [] : [{
				key: "resize",
				value: {
					width: side(width),
					height: side(height)
				},
				because: factor === 1 ? seen : `${seen}; the net halves both twice`
			}],
			{
				key: "channels",
				value: channels,
				because: greys === 0 || channels === 1 ? `all are in ${channels === 1 ? "greys" : "colours"}` : `${showCount(greys)} of ${showCount(heads.length)} are in greys`
			},
			...skipping(failed, looked.length)
		]
	};
}
function sizesIn(heads) {
	const range = (side) => {
		const lengths = heads.map(({ shape }) => shape[side]);
		return `${Math.min(...lengths)} to ${Math.max(...lengths)}`;
	};
	return `they are ${range(1)} wide and ${range(0)} high`;
}
/** What is learnt from sub-folders that hold pictures. @throws UserError where none of them can be used */
function proposeImages(found) {
	const { shape, options, read, failed } = lookAtPictures(found.paths);
	const left = without(found, failed);
	return {
		source: "images",
		read,
		options: [
			...found.options,
			...options,
			found.test
		],
		split: found.split,
		task: {
			kind: "class",
			target: "label",
			classes: left.classes
		},
		given: {
			kind: "picture",
			shape
		},
		samples: left.samples,
		notes: found.notes
	};
}
// src/datasets/propose/propose-recordings.ts
/** Recordings whose heads are looked at, spread over all. */
const mostLookedAt = 400;
/** Seconds of a recording that a net is given at most: more takes long, and memory. */
const longest$1 = 10;
/** Windows of a spectrogram, at most. */
const mostFrames = 400;
/**
* What is learnt from sub-folders that hold recordings.
*
* @throws UserError where none of them can be used, or they differ in their rate
*/
function proposeAudio(found) {
	const looked = spread(found.paths, mostLookedAt);
	const [heard, failed] = [[], []];
	for (const path of looked) try {
		heard.push({
			path,
			...headOf(path)
		});
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
		failed.push({
			path,
			error
		});
	}
	if (heard.length === 0) throw failed[0].error;
	const counts = /* @__PURE__ */ new Map();
	for (const { head } of heard) counts.set(String(head.rate), (counts.get(String(head.rate)) ?? 0) + 1);
	const rate = Number(byCount(counts)[0].name);
	const differing = heard.filter(({ head }) => head.rate !== rate);
	if (differing.length > 0) throw wrongRate(differing, { sampleRate: rate }, {
		total: heard.length,
		from: ""
	});
	const seconds = secondsOf(heard);
	const windows = windowsOf(rate, seconds.value);
	const [frames, mels] = spectrogramShape({
		...windows,
		sampleRate: rate,
		seconds: seconds.value,
		minFrequency
	});
	const all = looked.length === found.paths.length;
	const left = without(found, all ? failed.map(({ path }) => path) : []);
	return {
		source: "audio",
		read: `the heads of ${all ? "all" : `${showCount(looked.length)} of`} ${showCount(found.paths.length)} recordings`,
		options: [
			...found.options,
			seconds,
			...rate === usual.rate ? [] : [{
				key: "sampleRate",
				value: rate,
				because: "all have it"
			}],
			...windowEntries(windows, {
				frames,
				rate
			}),
			...skipping(failed, looked.length),
			found.test
		],
		split: found.split,
		task: {
			kind: "class",
			target: "label",
			classes: left.classes
		},
		given: {
			kind: "spectrogram",
			shape: [frames, mels]
		},
		samples: left.samples,
		notes: found.notes
	};
}
/** As much as nine of ten recordings have, in tenths of a second. */
function secondsOf(heard) {
	const lengths = heard.map(({ head }) => head.count / head.rate).sort((a, b) => a - b);
	const tenths = (seconds) => Math.max(1, Math.ceil(10 * seconds - .01)) / 10;
	const [shortest, most] = [tenths(lengths[0]), tenths(lengths.at(-1))];
	const enough = tenths(lengths[Math.floor(.9 * (lengths.length - 1))]);
	const nine = enough < most ? `, nine of ten ${enough} at most` : "";
	const seen = shortest === most ? `all take ${most} at most` : `they take ${shortest} to ${most}${nine}`;
	return {
		key: "seconds",
		value: Math.min(longest$1, enough),
		because: enough > longest$1 ? `${seen}; more takes long to learn` : seen
	};
}
/** Samples per second, and the windows of 25 ms, 10 ms apart, that there are where nothing is said. */
const usual = {
	rate: 16e3,
	windows: {
		fftLength: 512,
		frameLength: 400,
		frameStep: 160,
		numMelBins: 64
	}
};
/** Bins that the net halves twice. */
const fewestBins = 8;
/** Where the lowest bin begins, in Hz, as where nothing is said. */
const minFrequency = 20;
/** Windows of 25 ms, as far apart as the usual ones, or so that they are not too many. */
function windowsOf(rate, seconds) {
	const frameLength = 2 * Math.max(2, Math.round(rate / 80));
	const windows = {
		fftLength: 2 ** Math.ceil(Math.log2(frameLength)),
		frameLength,
		frameStep: Math.max(1, Math.round(rate / 100), Math.ceil(rate * seconds / mostFrames)),
		numMelBins: rate < usual.rate ? 40 : usual.windows.numMelBins
	};
	while (windows.numMelBins > fewestBins && deafBins({
		...windows,
		sampleRate: rate,
		seconds,
		minFrequency
	}) > 0) windows.numMelBins--;
	return windows;
}
/** The options of windows that are not the usual ones. */
function windowEntries(windows, { frames, rate }) {
	const reasons = {
		fftLength: "a power of two that holds a window",
		frameLength: "25 ms",
		frameStep: `${Math.round(1e3 * windows.frameStep / rate)} ms, so ${frames} windows`,
		numMelBins: "fewer than usual, as there are no high frequencies"
	};
	return Object.keys(reasons).filter((key) => windows[key] !== usual.windows[key]).map((key) => ({
		key,
		value: windows[key],
		because: reasons[key]
	}));
}
// src/datasets/propose/propose-classes.ts
const sorts = [{
	sort: pictureFiles,
	propose: proposeImages
}, {
	sort: recordingFiles,
	propose: proposeAudio
}];
/**
* A folder with a sub-folder of pictures or of recordings for each class: of those that there are more of, where it
* has both, as recordings may have covers or plots beside them.
*
* @returns undefined where it has none
* @throws UserError where there is one class alone, or files cannot be listed or used
*/
function proposeClasses(wanted) {
	const isLone = (look) => "error" in look && look.error.diagnostics[0].code === "class-count";
	const [first, other] = sorts.flatMap((one) => lookFor(wanted, one)).sort((a, b) => Number(isLone(a)) - Number(isLone(b)) || b.count - a.count);
	if (first === void 0) return void 0;
	if ("error" in first) throw first.error;
	const proposal = first.propose(first.found);
	return other === void 0 ? proposal : {
		...proposal,
		notes: [...proposal.notes, leftOut(other, first.sort.noun[1])]
	};
}
function lookFor(wanted, one) {
	try {
		const found = findClassedFolders(wanted, one.sort);
		return found === void 0 ? [] : [{
			...one,
			found,
			count: found.paths.length
		}];
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
		return [{
			...one,
			error,
			count: countFiles(wanted.data, one.sort)
		}];
	}
}
function leftOut(look, taken) {
	const [one, many] = look.sort.noun;
	if ("error" in look) return `${many} are left out: ${look.error.diagnostics[0].message}`;
	return `${showCount(look.count)} ${look.count === 1 ? one : many} are left out: there are as many ${taken} or more`;
}
// src/datasets/propose/propose-idx.ts
/** The four files of a set, by what their names say; undefined where one is not there. */
function idxFilesIn(names) {
	const find = (part, what) => names.find((name) => part.test(name) && what.test(name));
	const [train, test] = [/train/i, /t10k|test/i];
	const [images, labels] = [/images|idx[34]/i, /labels|idx1/i];
	const [trainImages, trainLabels] = [find(train, images), find(train, labels)];
	const [testImages, testLabels] = [find(test, images), find(test, labels)];
	if (trainImages === void 0 || trainLabels === void 0 || testImages === void 0 || testLabels === void 0) return void 0;
	return {
		trainImages,
		trainLabels,
		testImages,
		testLabels
	};
}
/**
* Four files of idx in one folder.
*
* @param names of the files there
* @throws UserError where one is missing or damaged
*/
function proposeIdx({ data, written }, names) {
	const files = idxFilesIn(names);
	if (files === void 0) throw failure("unknown-data-kind", `${data} holds files in the idx format, but not the four that a set has`, "Images and labels to train on and to test are needed, such as train-images, train-labels, t10k-images and t10k-labels, unpacked.");
	const at = (key) => ({ path: join(data, files[key]) });
	const [count, height, width, channels = 1] = readIdxSizes(at("trainImages"), [3, 4]);
	const [tested] = readIdxSizes(at("testImages"), [3, 4]);
	const labels = readIdxFile(at("trainLabels"), [1]).data;
	const counts = /* @__PURE__ */ new Map();
	let most = 0;
	for (const label of labels) {
		counts.set(String(label), (counts.get(String(label)) ?? 0) + 1);
		most = Math.max(most, label);
	}
	if (counts.size < 2) throw failure("one-value-to-predict", `${files.trainLabels} holds one label alone, ${[...counts.keys()][0]}`, "There is nothing to tell apart: give labels that differ.");
	const classes = Array.from({ length: most + 1 }, (_, label) => String(label));
	return {
		source: "idx",
		read: `the heads of the images, and ${showCount(labels.length)} labels`,
		options: [...Object.entries(files).map(([key, name]) => ({
			key,
			value: written(join(data, name)),
			...key === "trainImages" && { because: `${showCount(count)} images of ${width} x ${height}` },
			...key === "testImages" && { because: `${showCount(tested)} images` }
		})), {
			key: "classes",
			value: classes,
			because: "the labels; name them as you like, label 0 first"
		}],
		split: [{
			key: "validation",
			value: .1,
			because: "share that is held back from training, to validate after each epoch"
		}],
		task: {
			kind: "class",
			target: "label",
			classes: byCount(counts)
		},
		given: {
			kind: "picture",
			shape: [
				height,
				width,
				channels
			]
		},
		samples: count + tested,
		notes: []
	};
}
// src/datasets/propose/propose-masks.ts
const called = {
	images: /^(images?|imgs?|pictures?|photos?|inputs?|x)$/i,
	masks: /^(masks?|annotations?|segmentations?|labels?|targets?|y)$/i
};
/** Masks that are read whole, spread over all. */
const mostRead = 200;
/** A folder with one of pictures and one of masks of the same names; undefined where it is none. */
function proposeMasks({ data, written }) {
	const { names } = listSubfolders(data);
	const [images, masks] = [called.images, called.masks].map((pattern) => names.filter((name) => pattern.test(name)));
	if (names.length !== 2 || images?.length !== 1 || masks?.length !== 1) return void 0;
	const folders = {
		images: join(data, images[0]),
		masks: join(data, masks[0])
	};
	const pictures = listPictures(folders.images).pictures;
	const maskPaths = listPngFiles(folders.masks).pictures;
	const stems = new Set(maskPaths.map(stemOf));
	if (!pictures.some((path) => stems.has(stemOf(path)))) return void 0;
	const { shape, options, read } = lookAtPictures(pictures, 4);
	const looked = spread(maskPaths, mostRead);
	const counts = /* @__PURE__ */ new Map();
	for (const path of looked) for (const value of readMask(path).values) counts.set(value, (counts.get(value) ?? 0) + 1);
	const some = looked.length === maskPaths.length ? "all masks" : `${looked.length} of the masks`;
	const values = [...counts.keys()].sort((a, b) => a - b);
	const nameOf = (value) => {
		if (value === 0) return "background";
		return values.length === 2 && values[0] === 0 ? "object" : `value_${value}`;
	};
	const classes = values.map((value) => ({
		name: nameOf(value),
		count: counts.get(value)
	}));
	return {
		source: "masks",
		read: `${read}, ${showCount(looked.length)} masks`,
		options: [
			{
				key: "images",
				value: written(folders.images),
				because: `${showCount(pictures.length)} pictures`
			},
			{
				key: "masks",
				value: written(folders.masks),
				because: `${showCount(maskPaths.length)} masks of the same names`
			},
			{
				key: "classes",
				value: Object.fromEntries(values.map((value) => [nameOf(value), value])),
				because: `the values in ${some}; name them as you like`
			},
			...options,
			{
				key: "test",
				value: .2,
				because: "share of the pictures that is the test"
			}
		],
		split: [{
			key: "validation",
			value: .15,
			because: "share of the others that is held back, to validate after each epoch"
		}],
		task: {
			kind: "pixels",
			classes: classes.sort((a, b) => b.count - a.count)
		},
		given: {
			kind: "picture",
			shape
		},
		samples: pictures.length,
		notes: []
	};
}
const stemOf = (path) => basename(path).replace(/\.\w+$/, "");
/** Looks at a column. @param decimal what stands before the decimals, where that is known */
function lookAtColumn(table, place, rows, decimal) {
	const numberIn = numberReader(decimal);
	const values = /* @__PURE__ */ new Map();
	let [gaps, numbers, dates, longest, least, most] = [
		0,
		0,
		0,
		0,
		Infinity,
		-Infinity
	];
	let [whole, counts, last] = [
		true,
		true,
		NaN
	];
	let gapAt;
	let stray;
	for (let row = 0; row < rows; row++) {
		const cell = table.cell(row, place).trim();
		if (missingTexts.has(cell)) {
			gapAt ??= table.spotOf(row);
			gaps++;
			continue;
		}
		if (values.size < 2e4 || values.has(cell)) values.set(cell, (values.get(cell) ?? 0) + 1);
		longest = Math.max(longest, cell.length);
		const number = numberIn(cell);
		if (number === void 0) {
			stray ??= cell;
			if (isDate(cell)) dates++;
			continue;
		}
		numbers++;
		[least, most] = [Math.min(least, number), Math.max(most, number)];
		whole &&= Number.isInteger(number);
		counts &&= Number.isNaN(last) || number === last + 1;
		last = number;
	}
	const count = rows - gaps;
	return {
		name: table.columns[place],
		count,
		gaps,
		values,
		whole,
		counts,
		least,
		most,
		longest,
		kind: kindOf({
			count,
			numbers,
			dates,
			different: values.size
		}),
		...gapAt !== void 0 && { gapAt },
		...stray !== void 0 && numbers > .5 * count && { stray }
	};
}
/** Reads the number of a cell; of two that it may mean where the sign before decimals is not known, the first. */
function numberReader(decimal) {
	if (decimal !== void 0) return (cell) => readWritten(cell, decimal);
	return (cell) => Number.isFinite(Number(cell)) ? Number(cell) : numbersMeant(cell)[0];
}
function kindOf(seen) {
	const { count, numbers, dates, different } = seen;
	if (count === 0) return "empty";
	if (different === 1) return "constant";
	if (numbers === count) return "numbers";
	return dates === count ? "dates" : "texts";
}
const named$1 = /(^|[_ .-])(id|uuid|guid|key|index|idx|nr|no|number|rownames?)$|[a-z](Id|ID|Key)$|^unnamed|^$/i;
/** Why a column says which row it is, and nothing else; undefined where it does not. */
function whyIdentifier({ name, kind, values, count, whole, counts, gaps }) {
	if (gaps > 0 || count < 3 || values.size < count || count >= 2e4) return void 0;
	if (kind === "numbers" && whole && counts) return "it counts the rows";
	if (named$1.test(name) && (kind === "texts" || whole)) return `it has another value in each row${name === "" ? "" : `, and is called \`${name}\``}`;
}
/** What a column holds, in words. */
function showFacts(facts) {
	const { kind, values, whole, least, most, gaps, gapAt, stray } = facts;
	const missing = gaps === 0 ? "" : `; ${showCount(gaps)} ${gaps === 1 ? "gap" : "gaps"}, the first in ${gapAt}`;
	if (kind === "numbers") return `${whole ? "whole numbers" : "numbers"}, ${showNumber(least)} to ${showNumber(most)}${missing}`;
	const some = byCount(values).slice(0, 3).map(({ name }) => shorten(name, 20)).join(", ");
	const more = values.size > 3 ? ", ..." : "";
	const odd = stray === void 0 ? "" : `; ${shorten(stray, 20)} is no number, as most of it are`;
	return `${`${showCount(values.size)}${values.size >= 2e4 ? " or more" : ""} texts`}: ${some}${more}${missing}${odd}`;
}
const showNumber = (value) => String(Number(value.toPrecision(6)));
/** Columns that have a line each. */
const mostShown = 60;
/**
* What a table is learnt from, and what is done to it.
*
* @param items the columns of the input
* @param all whether all rows were looked at
*/
function featureEntries(items, { used, all }) {
	const categories = used.filter(({ use }) => use.as === "categories");
	return [
		{
			key: "features",
			entries: [items.length > mostShown ? {
				key: "input",
				value: items.map(({ item }) => item),
				because: `${items.length} columns`
			} : {
				key: "input",
				items
			}]
		},
		...categories.length === 0 ? [] : [{
			key: "categories",
			because: "a 0 or 1 for each of their values",
			entries: categories.map(({ name }) => ({
				key: name,
				value: "fromData"
			}))
		}],
		...prepareOf(used, all)
	];
}
/** A column as it stands among those that are learnt from. */
function named(facts) {
	const { because } = facts.use;
	return {
		item: facts.name,
		because: `${showFacts(facts)}${because === "" ? "" : `; ${because}`}`
	};
}
/** What is done to gaps, and to texts that are too many. */
function prepareOf(used, all) {
	const has = (as) => used.some(({ use }) => use.as === as);
	const unseen = all ? [] : [...has("number") ? [{
		key: "numbers",
		value: { missing: "median" },
		because: "rows further down may have gaps"
	}] : [], ...has("categories") ? [{
		key: "texts",
		value: { missing: "mode" }
	}] : []];
	const entries = used.flatMap(({ name, gaps, use }) => {
		if (use.as === "words") {
			const words = { words: {
				length: use.words.length,
				vocabulary: use.words.vocabulary
			} };
			return [{
				key: name,
				value: gaps > 0 || !all ? [{ missing: "constant(-)" }, words] : words
			}];
		}
		if (use.as === "hash") return [{
			key: name,
			value: gaps > 0 || !all ? [{ missing: "mode" }, { hash: 64 }] : { hash: 64 }
		}];
		if (gaps === 0 || !all) return [];
		return [{
			key: name,
			value: { missing: use.as === "number" ? "median" : "mode" }
		}];
	});
	return entries.length + unseen.length === 0 ? [] : [{
		key: "prepare",
		because: has("words") ? "each word becomes a number, the most frequent ones of the rows trained on one of their own" : "fitted to the rows trained on: gaps take the median, of texts the most frequent one",
		entries: [...entries, ...unseen]
	}];
}
// src/datasets/propose/find-series.ts
/** Shares of the points in time that the test takes, and of the others those that validate. */
const seriesShares = {
	test: .2,
	validation: .15
};
/** Finds the time that the rows of a column of numbers come in; undefined where they do not come at even steps. */
function seriesIn(table, columns, target) {
	const others = columns.filter(({ name, gaps }) => name !== target && gaps === 0);
	for (const { name: time, kind, whole } of others) {
		if (kind !== "dates" && !(kind === "numbers" && whole && isNamedLikeTime(time))) continue;
		const found = orderBy(table, time, entitiesAmong(others, time));
		const series = found === void 0 ? void 0 : evenSeries(table, found, {
			time,
			target,
			isDate: kind === "dates"
		});
		if (series !== void 0) return series;
	}
}
/** Rows that an entity has at the least, on average. */
const rowsOfEntity = 20;
/** Columns that may say what a row is of, those of the fewest values first. */
const entitiesAmong = (columns, time) => columns.filter(({ name, kind, whole, values, count }) => name !== time && (kind === "texts" || kind === "numbers" && whole) && values.size * rowsOfEntity <= count).sort((a, b) => a.values.size - b.values.size).map(({ name }) => name);
/** Rows in their order, by the first column of entities of which none has a time twice. */
function orderBy(table, time, entities) {
	for (const entity of [void 0, ...entities]) try {
		const of = entity === void 0 ? {} : { entity };
		return {
			ordered: atOnce(orderRows(table, {
				time,
				...of
			})),
			...of
		};
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
	}
}
/** The steps from row to row, in the order of their lengths. */
function stepsOf({ rows, times, firsts }) {
	const begins = new Set(firsts);
	return Float64Array.from(rows.keys()).filter((k) => !begins.has(k)).map((k) => times[rows[k]] - times[rows[k - 1]]).sort();
}
/** How far steps may be from the usual one: months are of 28 to 31 days. */
const tolerance = .15;
/** The share of the steps that have to be even. */
const evenShare = .9;
function evenSeries(table, { ordered, entity }, { time, target, isDate }) {
	const steps = stepsOf(ordered);
	const usual = steps[steps.length >> 1] ?? 0;
	const even = steps.filter((step) => Math.abs(step - usual) <= tolerance * usual).length;
	if (!(usual > 0) || even < evenShare * steps.length) return void 0;
	const step = isDate ? stepNamed(usual) : { name: String(usual) };
	const points = new Set(ordered.times).size;
	const sizes = sizesFor(points, step.season);
	if (sizes === void 0) return void 0;
	let values;
	try {
		values = atOnce(columnOf(table, target, void 0));
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
		return;
	}
	const naive = naiveOf(table, {
		ordered,
		values
	}, sizes);
	if (naive === void 0) return void 0;
	const gaps = steps.filter((one) => one > 1.5 * usual).length;
	const series = ordered.firsts.length - 1;
	return {
		time,
		...entity !== void 0 && { entity },
		because: `${showCount(even)} of ${showCount(steps.length)} steps from row to row are ${step.name}` + (gaps === 0 ? ", and there is no gap" : `; ${showCount(gaps)} ${gaps === 1 ? "gap" : "gaps"}`) + (entity === void 0 ? "" : `; ${showCount(series)} series by \`${shorten(entity)}\``),
		...sizes,
		naive,
		isSmooth: isSmooth(ordered, values)
	};
}
const hour = 36e5;
const day = 24 * hour;
/** Steps by the longest that they may be, in milliseconds, with the season that data at such steps usually has. */
const namedSteps = [
	[
		hour / 6,
		hour / 6,
		"10 minutes",
		144,
		"a day"
	],
	[
		hour / 4,
		hour / 4,
		"15 minutes",
		96,
		"a day"
	],
	[
		hour / 2,
		hour / 2,
		"half an hour",
		48,
		"a day"
	],
	[
		hour,
		hour,
		"an hour",
		24,
		"a day"
	],
	[
		day,
		day,
		"a day",
		7,
		"a week"
	],
	[
		7 * day,
		7 * day,
		"a week",
		52,
		"a year"
	],
	[
		28 * day,
		31 * day,
		"a month",
		12,
		"a year"
	],
	[
		90 * day,
		92 * day,
		"a quarter",
		4,
		"a year"
	]
];
function stepNamed(usual) {
	const known = namedSteps.find(([least, most]) => usual >= least && usual <= most);
	if (known !== void 0) {
		const [, , name, rows, of] = known;
		return {
			name,
			season: {
				rows,
				because: `a guess: ${rows} steps of ${name} are ${of}`
			}
		};
	}
	if (usual >= 365 * day && usual <= 366 * day) return { name: "a year" };
	const [unit, name] = [
		[day, "days"],
		[hour, "hours"],
		[6e4, "minutes"],
		[1e3, "seconds"]
	].find(([one]) => usual >= one) ?? [1, "milliseconds"];
	return { name: `${Number((usual / unit).toPrecision(4))} ${name}` };
}
/** Rows that a window has without a season. */
const usualWindow = 12;
/** The longest windows of which each part has some; undefined where none fit. @param points in time */
function sizesFor(points, season) {
	const tested = shareOf(seriesShares.test, points);
	const least = Math.min(tested, shareOf(seriesShares.validation, points - tested));
	const fits = ({ window, horizon }) => window + horizon <= least / 1.5;
	const rows = season?.rows ?? 0;
	const seasons = season === void 0 || rows > 48 ? [] : [rows <= 12 ? 3 * rows : 2 * rows, rows];
	const next = rows <= 24 ? rows : 1;
	return [
		...seasons.map((window) => ({
			window,
			horizon: next,
			season
		})),
		...seasons.map((window) => ({
			window,
			horizon: 1,
			season
		})),
		...[
			usualWindow,
			6,
			3
		].map((window) => ({
			window,
			horizon: 1
		}))
	].find(fits);
}
/** What naive forecasts are off by in the test, the best first; undefined where a part has no window. */
function naiveOf(table, { ordered, values }, sizes) {
	const { window, horizon, season } = sizes;
	let starts;
	try {
		const options = {
			window,
			horizon,
			stride: 1,
			test: seriesShares.test
		};
		const division = {
			validation: seriesShares.validation,
			name: table.name
		};
		starts = divideSeries(ordered, options, division).windows.test;
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
		return;
	}
	const { rows } = ordered;
	const [first, ...more] = naiveForecasts({
		window,
		horizon,
		season: season?.rows,
		rows,
		columns: [values],
		starts
	}).map(({ name, values: forecast }) => {
		const of = forecast(0);
		const off = Float64Array.from(of, (value, k) => {
			const start = starts[Math.floor(k / horizon)];
			return value - values[rows[start + window + k % horizon]];
		});
		const mean = (one) => off.reduce((sum, by) => sum + one(by), 0) / off.length;
		return {
			name,
			distance: mean(Math.abs),
			deviation: Math.sqrt(mean((by) => by * by))
		};
	}).sort((a, b) => a.distance - b.distance);
	return first === void 0 ? void 0 : [first, ...more];
}
function isSmooth({ rows, firsts }, values) {
	const begins = new Set(firsts);
	let [sum, count] = [0, 0];
	for (const [k, row] of rows.entries()) {
		if (begins.has(k)) continue;
		sum += Math.abs(values[row] - values[rows[k - 1]]);
		count++;
	}
	return sum / count < spreadOf(values).distance / 2;
}
// src/datasets/propose/find-words.ts
/** More of each text says little more, and takes long. */
const longest = 200;
/** Words that an embedding has a row for. */
const mostWords = 1e4;
/** What `prepare` is told of a column of free texts; nothing where most have one word or two: those are names. */
function wordsOf({ values }) {
	const counter = new TokenCounter();
	const counts = [];
	for (const value of values.keys()) {
		let count = 0;
		for (const word of tokensOf(value, {
			kind: "words",
			lowerCase: true
		})) {
			counter.add(word);
			count++;
		}
		counts.push(count);
	}
	counts.sort((a, b) => a - b);
	const share = (part) => counts[Math.floor(part * (counts.length - 1))] ?? 0;
	if (share(.5) < 3) return {};
	const vocabulary = Math.min(mostWords, Math.max(100, 100 * Math.ceil(counter.size / 200)));
	return { words: {
		length: Math.min(longest, share(.9)),
		most: share(1),
		vocabulary
	} };
}
// src/datasets/propose/find-labels.ts
/** Blanks, slashes and hyphens stand within names as often. */
const separators = [
	";",
	"|",
	","
];
/** As many labels as a target may have, and characters of one. */
const mostLabels = 256;
const longestLabel = 100;
/** Rows that have a label, on average: words of a sentence come less often. */
const rowsOfLabel = 5;
/** How the cells of a column name several labels; undefined where they do not. */
function labelsIn({ kind, values, stray }) {
	if (kind !== "texts" || stray !== void 0) return void 0;
	const [rows, lists] = [rowsOf(values), rowsOf(values, isList$1)];
	if (2 * lists > rows) return { because: lists === rows ? "each cell is a list, as JSON has it" : `${showCount(lists)} of ${showCount(rows)} cells are lists, as JSON has them` };
	return separators.map((separator) => labelsBetween(values, separator)).find((found) => found !== void 0);
}
const isList$1 = (cell) => labelsOfCell(cell, void 0) !== void 0;
const rowsOf = (values, counts = () => true) => [...values].reduce((sum, [cell, count]) => sum + (counts(cell) ? count : 0), 0);
/**
* A sign stands between labels where cells have different numbers of them, and the same ones come again in other cells:
* of `Paris, France` all have two, and words of a text hardly come again.
*/
function labelsBetween(values, separator) {
	const labels = /* @__PURE__ */ new Set();
	let [named, several, single, rows] = [
		0,
		0,
		0,
		0
	];
	for (const [cell, count] of values) {
		const found = labelsOfCell(cell, separator) ?? [];
		if (new Set(found).size < found.length || found.some((label) => label.length > longestLabel)) return void 0;
		for (const label of found) labels.add(label);
		if (labels.size > mostLabels) return void 0;
		rows += count;
		named += count * found.length;
		if (found.length > 1) several += count;
		else single += count;
	}
	if (several < 3 || single === 0 || labels.size > values.size || named < rowsOfLabel * labels.size) return void 0;
	const list = [...values.keys()].find(isList$1);
	const odd = list === void 0 ? "" : `; \`${shorten(list)}\` is taken for labels with \`${separator}\` between, too`;
	return {
		separator,
		because: `\`${separator}\` stands between labels in ${showCount(several)} of ${showCount(rows)} cells${odd}`
	};
}
// src/datasets/propose/choose-target.ts
/** Words that columns to predict are called by, the last word of a name. */
const names$1 = new Set("target label labels class classes species y price preis prix outcome response output diagnosis survived churn quality tags genres topics".split(" "));
/** Values that classes may have where nothing but their number speaks for them. */
const fewValues = 20;
/**
* Chooses the column to predict.
*
* @param table what messages call it
* @param asked.wanted the columns that are asked for, if any
* @param asked.list the only column of lists
* @throws UserError where there is none of the name, or no column is more likely than all others
*/
function chooseTarget(table, columns, { wanted, list }) {
	const [first, ...others] = new Set(wanted);
	if (first !== void 0) {
		const find = (name) => columns.find((one) => one.name === name) ?? unknown(table, columns, name);
		return {
			columns: [find(first), ...others.map(find)],
			because: "as --target says"
		};
	}
	const able = columns.filter((one) => ["numbers", "texts"].includes(one.kind) && whyIdentifier(one) === void 0 && one.name.length <= 100);
	const called = columns.findLast((one) => names$1.has(lastWord(one.name)) && (able.includes(one) || one.kind === "constant"));
	if (called !== void 0 && called !== list) return {
		columns: [called],
		because: "by its name"
	};
	if (list !== void 0) return {
		columns: [list],
		because: "the only column of lists, which are labels to predict"
	};
	const last = columns.at(-1);
	const classes = able.filter(isLikeClasses);
	if (last !== void 0 && classes.includes(last)) return {
		columns: [last],
		because: `the last column, and it has ${showCount(last.values.size)} values alone`
	};
	if (last !== void 0 && able.includes(last) && labelsIn(last) !== void 0) return {
		columns: [last],
		because: "the last column, and it names several labels at once"
	};
	const likely = [...classes.filter(({ kind }) => kind === "texts"), ...last === void 0 || !able.includes(last) ? [] : [last]].map(({ name }) => name);
	throw failure("target-unclear", `${table} does not show which column is to be predicted: ` + (likely.length === 0 ? "none has few texts, or the name of a target" : `it may be ${listNames([...new Set(likely)])}`), `Name it: --target ${likely[0] ?? "COLUMN"}. The columns are ${listNames(columns.map(({ name }) => name))}.`);
}
function unknown(table, columns, wanted) {
	const known = columns.map(({ name }) => name);
	const parts = wanted.split(",").map((part) => part.trim());
	const guess = nearest(wanted, known);
	const meant = guess === void 0 ? "" : `Did you mean \`${guess}\`? `;
	throw misuse("unknown-column", `${table} has no column \`${wanted}\``, parts.length > 1 && parts.every((part) => known.includes(part)) ? `Name each of several labels: ${parts.map((part) => `--target ${part}`).join(" ")}.` : `${meant}It has ${listNames(known)}.`);
}
/** Of `SalePrice` and `median_price` it is `price`. */
const lastWord = (name) => name.replaceAll(/([a-z\d])([A-Z])/g, "$1 $2").split(/[^\p{L}\d]+/u).findLast((word) => word !== "")?.toLowerCase() ?? "";
/** Whether the values of a column are classes more likely than texts or measures. */
function isLikeClasses({ kind, values, whole, count }) {
	if (kind !== "texts" && !(kind === "numbers" && whole)) return false;
	return values.size > 1 && values.size <= fewValues && count >= (kind === "texts" ? 3 : 10) * values.size;
}
// src/datasets/propose/propose-series.ts
/** The columns that are learnt from beside the target. */
const besides = ({ time, entity }, used) => used.filter(({ name, use }) => name !== time && name !== entity && use.as !== "words");
/**
* Whether a number is rather forecast from what it was than told from the other columns of its row: there are none, or
* it hardly differs from row to row.
*/
function isForecast(series, used, data) {
	if (!/\.(csv|tsv|tab|jsonl|ndjson)(\.gz)?$|\.parquet$/i.test(data)) return false;
	return besides(series, used).length === 0 || series.isSmooth;
}
/** How to ask for a forecast where none is proposed. */
function askForSeries({ time, entity, because, window, horizon }, target) {
	const of = entity === void 0 ? "" : `, entity: ${shorten(entity)}`;
	return `\`${shorten(time)}\`: ${because}. To forecast \`${shorten(target)}\` from what it was before, take the source \`series\` with the same file: time: ${shorten(time)}${of}, window: ${window}, horizon: ${horizon} (docs/data.md)`;
}
/** The next values of a number, from what the columns were. */
function proposeForecast(series, shown) {
	const { data, written, form, entry, target, all, read, samples, notes } = shown;
	const { time, entity, because, window, horizon, season, naive } = series;
	const used = besides(series, shown.used);
	const items = [{
		item: target.name,
		because: "what it was before"
	}, ...used.map(named)];
	return {
		source: "series",
		read,
		options: [
			{
				key: "file",
				value: written(data)
			},
			...form,
			{
				key: "time",
				value: time,
				because
			},
			...entity === void 0 ? [] : [{
				key: "entity",
				value: entity,
				because: "no time comes twice in one"
			}],
			{
				key: "targets",
				entries: [{
					...entry,
					because: `as --target says; ${showFacts(target)}`
				}]
			},
			...featureEntries(items, {
				used,
				all
			}),
			{
				key: "window",
				value: window,
				because: "rows that a forecast is made from"
			},
			{
				key: "horizon",
				value: horizon,
				because: "rows behind them that are forecast"
			},
			...season === void 0 ? [] : [{
				key: "season",
				value: season.rows,
				because: season.because
			}],
			{
				key: "test",
				value: seriesShares.test,
				because: "share of the time, at its end, that is the test"
			}
		],
		split: [{
			key: "validation",
			value: seriesShares.validation,
			because: "share of the time before the test that validates after each epoch"
		}],
		task: {
			kind: "forecast",
			target: target.name,
			horizon,
			naive,
			...season !== void 0 && { season: season.rows }
		},
		given: { kind: "window" },
		samples,
		notes: [...notes.filter((note) => !note.startsWith(`\`${shorten(time)}\` `)), ...used.length === 0 ? [] : [`To tell \`${shorten(target.name)}\` from the other columns of its row instead, take the source of tables (csv, jsonl, parquet) and split: order: ${shorten(time)}`]]
	};
}
// src/datasets/propose/table-task.ts
/**
* What is predicted, by all rows of its columns.
*
* @throws UserError where a row has no value there, or all have the same
*/
function taskOf(table, { columns, because }) {
	const [facts, ...more] = columns;
	const [found, key] = [labelsIn(facts), facts.name];
	if (more.length > 0) {
		const names = columns.map(({ name }) => name);
		const target = [
			"labels",
			"several",
			"targets"
		].find((name) => !table.columns.includes(name)) ?? key;
		const task = labelsTask(table, target, marksIn(table, names));
		return {
			task,
			entry: {
				key: target,
				value: { columns: names },
				because: `${because}; ${showLabels(task)}`
			}
		};
	}
	if (found !== void 0) {
		const { separator } = found;
		const task = labelsTask(table, key, setsIn(table, key, separator));
		return {
			task,
			entry: {
				key,
				value: {
					labels: "fromData",
					...separator !== void 0 && { separator }
				},
				because: `${because}; ${found.because}; ${showLabels(task)}`
			}
		};
	}
	const task = ofOneColumn(table, facts);
	return {
		task,
		entry: {
			key,
			value: task.kind === "number" ? "number" : "fromData",
			because: `${because}; ${showTarget(task, facts)}`
		}
	};
}
/** Values of a column, up to which it may be one of classes. */
const mostClasses = 256;
function ofOneColumn(table, facts) {
	const target = facts.name;
	const said = `\`${shorten(target)}\` of ${table.name}`;
	const isNumber = facts.kind === "numbers" && !isLikeClasses(facts);
	const numberIn = numberReader(table.decimal);
	const counts = /* @__PURE__ */ new Map();
	const numbers = [];
	for (const cell of cellsOf(table, target)) if (isNumber) numbers.push(numberIn(cell) ?? NaN);
	else if (counts.size <= mostClasses || counts.has(cell)) counts.set(cell, (counts.get(cell) ?? 0) + 1);
	if ((isNumber ? new Set(numbers).size : counts.size) < 2) throw oneValue(said, `one value alone, ${shorten([...facts.values.keys()][0] ?? "")}`);
	if (isNumber) return {
		kind: "number",
		target,
		units: 1,
		...spreadOf(numbers)
	};
	if (counts.size > mostClasses) throw failure("no-list-in-data", `${said} has more than ${mostClasses} different texts: they are no classes`, "Name another column: --target COLUMN. Texts that answer others are said by hand, as `{ words: { length: 30 } }` in `targets`.");
	return {
		kind: "class",
		target,
		classes: byCount(counts)
	};
}
const oneValue = (said, what) => failure("one-value-to-predict", `${said} has ${what}`, "Name a column that differs from row to row: --target COLUMN.");
/**
* The cells of a column to predict.
*
* @param mayBeEmpty whether a cell in which nothing stands says something
* @throws UserError where one has no value
*/
function* cellsOf(table, column, mayBeEmpty = false) {
	const place = placeIn(table, column);
	for (let row = 0; row < table.count; row++) {
		const cell = table.cell(row, place).trim();
		if (missingTexts.has(cell) && !(mayBeEmpty && cell === "")) throw failure("target-without-value", `\`${shorten(column)}\` of ${table.name} has no value in ${table.spotOf(row)}: nothing can be learnt from such a row`, "Remove rows without it, or name another column with --target.");
		yield cell;
	}
}
/** The labels of each row that one column names. @throws UserError where a cell names none, and is not empty */
function setsIn(table, column, separator) {
	return Array.from(cellsOf(table, column, separator !== void 0), (cell) => labelsOfCell(cell, separator) ?? []);
}
/** The labels of each row that have a column of their own. @throws UserError where one holds anything but 0 and 1 */
function marksIn(table, columns) {
	const sets = Array.from({ length: table.count }, () => []);
	for (const column of columns) {
		let row = 0;
		for (const cell of cellsOf(table, column)) {
			const mark = isYes(cell);
			if (mark === void 0) throw failure("no-labels", `${table.name}, ${table.spotOf(row)}: ${shorten(column)} is '${shorten(cell)}', not ${markWanted}`, "Several columns with --target are several labels at once: write 0 and 1 in them, or true and false. Or name one column.");
			if (mark === 1) sets[row].push(column);
			row++;
		}
	}
	return sets;
}
function labelsTask(table, target, rows) {
	const counts = /* @__PURE__ */ new Map();
	const sets = /* @__PURE__ */ new Map();
	for (const named of rows) {
		const names = [...new Set(named)].sort();
		for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
		const key = JSON.stringify(names);
		const known = sets.get(key);
		if (known === void 0) sets.set(key, {
			names,
			count: 1
		});
		else known.count++;
	}
	const labels = byCount(counts);
	if (sets.size < 2) throw oneValue(`\`${shorten(target)}\` of ${table.name}`, "the same labels in each row");
	const set = [...sets.values()].reduce((most, one) => one.count > most.count ? one : most);
	return {
		kind: "labels",
		target,
		labels,
		rows: rows.length,
		set
	};
}
const showLabels = ({ labels }) => `${labels.length} labels: ${showCounts(labels)}`;
function showTarget(task, facts) {
	if (task.kind !== "class") return showFacts(facts);
	const number = facts.kind === "numbers" ? "; `number` would predict it as one" : "";
	return `${task.classes.length} classes: ${showCounts(task.classes)}${number}`;
}
// src/datasets/propose/propose-table.ts
/** Rows that all columns are looked at in; of wide tables fewer, but never less than a thousand. */
const mostRows$1 = 1e4;
const mostCells = 2e6;
/**
* What the columns of a table show.
*
* @throws UserError where it cannot be read, or does not show what is to be predicted, or nothing is left to learn from
*/
function proposeTable({ format, form, given, lists, data, targets: wanted, written }) {
	const targets = Object.fromEntries(lists.map((name) => [name, { labels: "fromData" }]));
	const { table } = atOnce(readAndKeep({
		file: data,
		targets,
		features: {},
		categories: {},
		test: .2,
		standardize: true,
		...given
	}, ".", format));
	const rows = Math.min(table.count, mostRows$1, Math.max(1e3, Math.floor(mostCells / table.columns.length)));
	const facts = table.columns.map((_, place) => lookAtColumn(table, place, rows, table.decimal));
	const [list, ...more] = facts.filter(({ name }) => lists.includes(name));
	const chosen = chooseTarget(table.name, facts, {
		wanted,
		...more.length === 0 && list !== void 0 && { list }
	});
	const { task, entry } = taskOf(table, chosen);
	const all = rows === table.count;
	const looked = facts.filter((one) => !chosen.columns.includes(one)).map((one) => ({
		...one,
		use: lists.includes(one.name) ? {
			as: "nothing",
			width: 0,
			because: `it holds lists, ${firstList(table, one.name)}`
		} : useOf(one, rows, chosen.columns, table)
	}));
	const sorted = task.kind === "number" ? looked : withWords(looked);
	const used = sorted.filter(({ use }) => use.as !== "nothing");
	const left = sorted.flatMap(({ name, use }) => use.as === "nothing" ? [`${calledColumn(table, name)} is left out: ${use.because}`] : []);
	const read = `${all ? "all" : `the first ${showCount(rows)} of`} ${showCount(table.count)} rows of ${table.name}`;
	const series = task.kind === "number" ? seriesIn(table, facts, task.target) : void 0;
	const known = {
		data,
		written,
		form,
		entry,
		read,
		all,
		samples: table.count
	};
	if (series !== void 0 && wanted.length > 0 && isForecast(series, used, data)) return proposeForecast(series, {
		...known,
		used,
		target: chosen.columns[0],
		notes: left
	});
	const [first] = chosen.columns;
	if (used.length === 0) throw failure("no-features", `${table.name} has no column to learn \`${first.name}\` from${left.length === 0 ? "" : `: ${left.join("; ")}`}`, "It needs a column of numbers, or of texts of which some are alike, beside the one to predict.");
	const words = used.find(({ use }) => use.words !== void 0)?.use.words;
	const order = task.kind === "number" ? orderOf(table, facts, first.name) : void 0;
	return {
		source: format.name,
		read,
		options: [
			{
				key: "file",
				value: written(data)
			},
			...form,
			{
				key: "targets",
				entries: [entry]
			},
			...featureEntries(used.map(named), {
				used,
				all
			}),
			{
				key: "test",
				value: .2,
				because: "share of the rows that is taken out for the test"
			}
		],
		split: [{
			key: "validation",
			value: .15,
			because: "share of the others that is held back, to validate after each epoch"
		}, ...order === void 0 ? [] : [{
			key: "order",
			value: order.by,
			because: order.because
		}]],
		task,
		given: words === void 0 ? {
			kind: "columns",
			width: used.reduce((sum, { use }) => sum + use.width, 0)
		} : {
			kind: "words",
			vocabulary: words.vocabulary
		},
		samples: table.count,
		notes: series === void 0 ? left : [...left, askForSeries(series, first.name)]
	};
}
/** Where the first list of a column is; its cells are as JSON has them. */
function firstList(table, name) {
	const place = table.placeOf(name);
	for (let row = 0; row < table.count; row++) if (table.cell(row, place).startsWith("[")) return `the first in ${table.spotOf(row)}`;
	return "none in the rows that are used";
}
const calledColumn = ({ columns }, name) => name === "" ? `column ${columns.indexOf(name) + 1}, which has no name,` : `\`${shorten(name)}\``;
/** Takes the words of free texts, where nothing else is there to learn from: their net is another one. */
function withWords(looked) {
	if (looked.some(({ use }) => use.as !== "nothing")) return looked;
	const free = looked.find(({ use }) => use.words !== void 0);
	return looked.map((one) => {
		if (one !== free) return one;
		const { length, most } = one.use.words;
		const because = `free texts of ${most} words at the most; the first ${length} are read`;
		return {
			...one,
			use: {
				...one.use,
				as: "words",
				because
			}
		};
	});
}
/** Texts that have a 0 or 1 each. */
const mostCategories = 64;
function useOf(facts, rows, targets, table) {
	const { kind, values, count, longest, name } = facts;
	const none = (because) => ({
		as: "nothing",
		width: 0,
		because
	});
	const refused = table.unreadable(name);
	if (refused !== void 0) return none(`it holds lists or objects: ${refused.diagnostics[0].message}`);
	if (kind === "empty") return none("it has no value");
	if (kind === "constant") return none(`its only value is ${shorten([...values.keys()][0])}`);
	if (name.length > 100) return none("its name has more than 100 characters");
	const identifier = whyIdentifier(facts);
	if (identifier !== void 0) return none(identifier);
	if (name === "") return none("nothing can name it in `features`");
	if (kind === "dates") return none("it holds dates; `prepare` makes numbers of them, as `[dateParts: [month, weekday]]`");
	if (count < .05 * rows) return none(`${showCount(facts.gaps)} of ${showCount(rows)} rows have no value there`);
	const same = targets.find((target) => isSame(table, facts, target, rows));
	if (same !== void 0) return none(`it says the same as \`${shorten(same.name)}\``);
	if (kind === "numbers") return {
		as: "number",
		width: 1,
		because: ""
	};
	if (count >= 20 && values.size > .9 * count || values.size >= 2e4) return {
		...none(`nearly each row has another text, such as ${shorten([...values.keys()][0], 30)}`),
		...wordsOf(facts)
	};
	if (values.size <= (rows < table.count ? mostCategories / 2 : mostCategories) && longest <= 100) return {
		as: "categories",
		width: values.size,
		because: ""
	};
	return {
		as: "hash",
		width: 64,
		because: `too many for a 0 or 1 each: in 64 buckets`
	};
}
/** Whether each value goes with one of the target, and the other way round: a code of it, or its copy. */
function isSame(table, { name, values }, target, rows) {
	if (values.size !== target.values.size) return false;
	const isCode = values.size <= rows / 5;
	const [place, other] = [table.placeOf(name), table.placeOf(target.name)];
	const [forth, back] = [/* @__PURE__ */ new Map(), /* @__PURE__ */ new Map()];
	for (let row = 0; row < rows; row++) {
		const [one, two] = [table.cell(row, place).trim(), table.cell(row, other).trim()];
		if (!isCode && one !== two) return false;
		if ((forth.get(one) ?? two) !== two || (back.get(two) ?? one) !== one) return false;
		forth.set(one, two);
		back.set(two, one);
	}
	return true;
}
/** What gives the order of time, where something does. */
function orderOf(table, facts, target) {
	const because = timeEvidence(table, [target]);
	if (because === void 0) return void 0;
	return {
		by: facts.find(({ name, kind, gaps, values }) => {
			const place = table.placeOf(name);
			if (kind !== "dates" || gaps > 0 || [...values.keys()].some((one) => timeOf(one) === void 0)) return false;
			for (let row = 0; row < table.count; row++) if (timeOf(table.cell(row, place).trim()) === void 0) return false;
			return true;
		})?.name ?? "time",
		because: `the last rows are the test: ${because}`
	};
}
// src/datasets/propose/propose-text.ts
/** Characters of a sequence, at most: what came before them says little of the next one. */
const mostSteps = 40;
/** A text, of which the next character is learnt. @throws UserError where it cannot be read, or is no text in UTF-8 */
function proposeText({ data, written }) {
	const { text } = readText({ path: data });
	const counts = /* @__PURE__ */ new Map();
	let length = 0;
	for (const character of text) {
		counts.set(character, (counts.get(character) ?? 0) + 1);
		length++;
	}
	const steps = Math.max(2, Math.min(mostSteps, Math.floor(length / 200)));
	const characters = byCount(counts);
	return {
		source: "text",
		read: `all ${showCount(length)} characters`,
		options: [
			{
				key: "file",
				value: written(data),
				because: `a text without columns: ${characters.length} different characters`
			},
			{
				key: "steps",
				value: steps,
				because: "characters of a sequence"
			},
			{
				key: "test",
				value: .1,
				because: "share of the text, at its end, that is the test"
			}
		],
		split: [{
			key: "validation",
			value: .1,
			because: "share of the sequences that is held back, to validate after each epoch"
		}],
		task: {
			kind: "character",
			characters
		},
		given: {
			kind: "text",
			characters: characters.length
		},
		samples: Math.floor(length / steps),
		notes: []
	};
}
// src/datasets/propose/list-columns.ts
/**
* The columns of which lines of JSON at the beginning of a file mostly hold lists of labels, as texts or whole numbers:
* an odd one among them is told by who reads it.
*/
function listColumnsIn({ bytes, whole }) {
	const lines = Buffer.from(bytes).toString("utf8").replace(/^\ufeff/, "").split("\n");
	const rows = (whole ? lines : lines.slice(0, -1)).filter((line) => line.trim() !== "").map(rowIn);
	return [...new Set(rows.flatMap((row) => Object.keys(row).filter((name) => Array.isArray(row[name]))))].filter((name) => {
		const values = rows.map((row) => row[name]).filter((value) => value !== void 0 && value !== null);
		return 2 * values.filter(areLabels).length > values.length;
	});
}
function rowIn(line) {
	try {
		const row = parseLine(line, "");
		return isNamed(row) ? row : {};
	} catch {
		return {};
	}
}
/** Lists of measures are none. */
const areLabels = (list) => labelsOfList(list)?.every((label) => !Number.isFinite(Number(label)) || Number.isInteger(Number(label))) === true;
// src/datasets/propose/read-start.ts
/** Bytes at the beginning of a file that its form is seen from. */
const startLength = 1 << 18;
/** Bytes that the beginning may unpack to: gzip makes a thousandth of zeros. */
const mostUnpacked = 3e8;
/** Reads the beginning of a file. @throws UserError where it is missing or cannot be read */
function readStart(path) {
	try {
		const file = openFile(path);
		try {
			const room = Buffer.alloc(262145);
			const read = readSync(file, room, 0, room.length, 0);
			const whole = read <= startLength;
			const bytes = room.subarray(0, Math.min(read, startLength));
			if (bytes[0] !== 31 || bytes[1] !== 139) return {
				bytes,
				whole
			};
			const unpacked = gunzipSync(bytes, {
				finishFlush: constants$1.Z_SYNC_FLUSH,
				maxOutputLength: mostUnpacked
			});
			return {
				bytes: unpacked.subarray(0, startLength),
				whole: whole && unpacked.length <= startLength
			};
		} finally {
			closeSync(file);
		}
	} catch (error) {
		if (/^(Z_|ERR_BUFFER)/.test(error.code ?? "")) return {
			bytes: Buffer.alloc(0),
			whole: false
		};
		throw explainUnread({ path }, error);
	}
}
// src/datasets/propose/sniff-csv.ts
/** In the order in which they are believed: commas stand in texts and numbers, too. */
const delimiters = [
	"	",
	";",
	"|",
	",",
	" "
];
/** Lines that are looked at. */
const mostRows = 200;
/** The form of a table; undefined where the lines are none, as those of a letter. */
function sniffCsv(start) {
	const { bytes, comment } = withoutComments(start);
	const [best] = delimiters.map((delimiter) => ({
		delimiter,
		...rowsIn(bytes, delimiter, start.whole)
	})).filter(({ width, rows, even }) => width > 1 && even >= .9 * rows.length).sort((a, b) => b.even / b.rows.length - a.even / a.rows.length);
	if (best === void 0) return void 0;
	const { delimiter, width, rows, even } = best;
	const fitting = rows.filter((row) => row.length === width);
	const decimal = decimalOf(fitting);
	return {
		delimiter,
		width,
		rows: rows.length,
		even,
		...comment !== void 0 && { comment },
		...decimal !== void 0 && { decimal },
		names: namesIn$1(fitting),
		numeric: fitting.length > 1 && fitting[0].some((_, place) => fitting.slice(1).every((row) => isNumber(row[place])))
	};
}
const lineFeed = 10;
/** What lies behind the mark of UTF-8 and lines that begin with `#`. */
function withoutComments({ bytes }) {
	let at = bytes[0] === 239 && bytes[1] === 187 && bytes[2] === 191 ? 3 : 0;
	let comment;
	while (bytes[at] === 35) {
		comment = "#";
		const end = bytes.indexOf(lineFeed, at);
		at = end < 0 ? bytes.length : end + 1;
	}
	return {
		bytes: bytes.subarray(at),
		comment
	};
}
/** The cells of the first rows, and the width that most of them have. */
function rowsIn(bytes, delimiter, whole) {
	const scanner = new CellScanner(bytes, delimiter);
	const rows = [];
	let row = [];
	for (let at = 0; at < bytes.length && rows.length < mostRows;) {
		const end = scanner.endOf(at);
		if (end > bytes.length || end === bytes.length && !whole) break;
		row.push(scanner.textAt(at).trim());
		const isLast = !scanner.isDelimiter(end);
		at = scanner.behind(end);
		if (!isLast && at < bytes.length) continue;
		if (!isLast) row.push("");
		if (row.length > 1 || row[0] !== "") rows.push(row);
		row = [];
	}
	const counts = /* @__PURE__ */ new Map();
	for (const { length } of rows) counts.set(length, (counts.get(length) ?? 0) + 1);
	const [width, even] = [...counts].reduce((most, one) => one[1] > most[1] ? one : most, [0, 0]);
	return {
		rows,
		width,
		even
	};
}
/** The sign before decimals, where cells show it: told where it is a comma, or where the other one may be one. */
function decimalOf(rows) {
	const shown = {
		".": [],
		",": []
	};
	let either;
	for (const cell of rows.slice(1).flat()) {
		const [point, comma] = [readWritten(cell, "."), readWritten(cell, ",")];
		if (point === void 0 && comma !== void 0) shown[","].push(cell);
		else if (point !== void 0 && comma === void 0) shown["."].push(cell);
		else if (point !== comma && cell.includes(",")) either ??= cell;
	}
	if (shown[","].length > 0 && shown["."].length === 0) return {
		mark: ",",
		because: `as in ${shown[","][0]}`
	};
	if (shown["."].length > 0 && shown[","].length === 0 && either !== void 0) return {
		mark: ".",
		because: `as in ${shown["."][0]}; ${either} has its thousands apart`
	};
}
const isNumber = (cell) => numbersMeant(cell).length > 0;
/** Whether the first row names the columns. */
function namesIn$1([first = [], ...rows]) {
	const valuesAt = (place) => rows.map((row) => row[place]).filter((cell) => !missingTexts.has(cell));
	const overNumbers = first.findIndex((cell, place) => {
		const values = valuesAt(place);
		return cell !== "" && !isNumber(cell) && values.length > 0 && values.every(isNumber);
	});
	if (overNumbers >= 0) return {
		are: true,
		because: `\`${first[overNumbers]}\` stands above numbers`
	};
	const number = first.find(isNumber);
	if (number !== void 0) return {
		are: false,
		because: `the first line holds ${number}, a number as those below`
	};
	const again = first.find((cell, place) => cell !== "" && valuesAt(place).includes(cell));
	if (again !== void 0) return {
		are: false,
		because: `\`${again}\` of the first line stands below it, too`
	};
	if (new Set(first).size < first.length) return {
		are: false,
		because: "the first line has a text twice"
	};
	return {
		are: true,
		because: "the texts of the first line stand nowhere below it"
	};
}
// src/datasets/propose/propose.ts
const isTableName = /\.(csv|tsv|tab)(\.gz)?$/i;
const beginsWith = ({ bytes }, text) => Buffer.from(bytes.subarray(0, text.length)).toString("latin1") === text;
const firstSign = ({ bytes }) => Buffer.from(bytes.subarray(0, 4096)).toString("utf8").trimStart()[0];
/** In the order in which they are tried: by their bytes, then by their names, then by what their lines look like. */
const kinds = [
	{
		fits: (_, start) => beginsWith(start, "PAR1"),
		propose: (wanted) => proposeTable(plain(wanted, parquetFormat))
	},
	{
		fits: (_, start) => beginsWith(start, "\0\0\b"),
		propose: (wanted) => proposeIdx({
			...wanted,
			data: dirname(wanted.data)
		}, namesIn(dirname(wanted.data)))
	},
	{
		fits: (name, start) => /\.npz$/i.test(name) && beginsWith(start, "PK"),
		propose: (wanted) => proposeNpz(wanted)
	},
	{
		fits: (_, start) => beginsWith(start, "NUMPY"),
		propose: (wanted) => proposeNpy({
			...wanted,
			data: dirname(wanted.data)
		}, npyFilesIn(dirname(wanted.data)))
	},
	{
		fits: (_, start) => beginsWith(start, "PK"),
		propose: ({ data }) => {
			throw /\.(xlsx|xlsm|ods)$/i.test(data) ? failure("unknown-data-kind", `${data} is a workbook of a spreadsheet`, "Save a sheet of it as CSV: one table, with the names of its columns in the first row.") : failure("unknown-data-kind", `${data} is an archive (zip)`, "Unpack it, and name its folder.");
		}
	},
	{
		fits: (name, start) => /\.json$/i.test(name) && firstSign(start) === "[",
		propose: ({ data }) => {
			throw failure("unknown-data-kind", `${data} is one list of JSON, and rows are read from lines`, "Write one row on each line of a .jsonl file, as `jq -c '.[]' FILE` prints them, or pandas' `to_json(FILE, orient='records', lines=True)`.");
		}
	},
	{
		fits: (_, { bytes }) => formatOf(bytes) !== void 0,
		propose: ({ data }) => {
			throw failure("unknown-data-kind", `${data} is a picture`, "Name the folder that has a sub-folder of pictures for each class.");
		}
	},
	{
		fits: (_, { bytes }) => isWav(bytes),
		propose: ({ data }) => {
			throw failure("unknown-data-kind", `${data} is a recording`, "Name the folder that has a sub-folder of recordings for each class.");
		}
	},
	{
		fits: (name, start) => !isTableName.test(name) && (/\.(jsonl|ndjson)(\.gz)?$/i.test(name) || firstSign(start) === "{"),
		propose: (wanted, _, start) => proposeTable({
			...plain(wanted, jsonlFormat),
			lists: listColumnsIn(start)
		})
	},
	{
		fits: (name) => isTableName.test(name),
		propose: proposeCsv
	},
	{
		fits: (_, start) => looksLikeTable(sniffCsv(start)),
		propose: proposeCsv
	},
	{
		fits: () => true,
		propose: (wanted) => proposeText(wanted)
	}
];
/** Lines that have to look like a table where the name does not say that they are one. */
const linesOfTable = 5;
/** Lines of prose may have as many blanks or commas each, but not under numbers alone. */
function looksLikeTable(form) {
	return form !== void 0 && form.rows >= linesOfTable && (form.numeric || !/[ ,]/.test(form.delimiter));
}
const plain = (wanted, format) => ({
	...wanted,
	format,
	form: [],
	given: {},
	lists: []
});
/** Sources whose target has a name. */
const withTarget = /* @__PURE__ */ new Set([
	"csv",
	"jsonl",
	"parquet",
	"series",
	"npz",
	"npy"
]);
/** Whether one says what is to be predicted of such data by its name. */
const takesTarget = ({ source }) => withTarget.has(source);
/**
* Looks at data and says how it can be learnt from.
*
* @throws UserError where there is none, it is of no kind that is known, or does not show what is to be predicted
*/
function propose(wanted) {
	const { data, targets } = wanted;
	const proposal = isFolder(data) ? proposeFolder(wanted) : proposeFiles(wanted);
	if (targets.length > 0 && !takesTarget(proposal)) throw misuse("target-without-table", `--target names a column, and ${data} is no table but \`${proposal.source}\``, "Leave --target out.");
	return proposal;
}
function isFolder(path) {
	try {
		return statSync(path).isDirectory();
	} catch {
		return false;
	}
}
/** One file, or several by a pattern, of which the first shows how all are written. */
function proposeFiles(wanted) {
	if (!/[*?]/.test(wanted.data) && !existsSync(wanted.data)) throw failure("data-file-missing", `${wanted.data} does not exist`, wayToMissing(wanted.data).replace("the folder of the pipeline file", "the folder you are in"));
	const [{ path } = { path: wanted.data }] = findTables(wanted.data, ".");
	const start = readStart(path);
	if (start.bytes.length === 0 && start.whole) throw failure("no-data", `${path} is empty`, "Name a file that holds data.");
	const name = basename(path);
	return kinds.find((one) => one.fits(name, start)).propose(wanted, name, start);
}
function proposeCsv(wanted, name, start) {
	const cut = start.bytes.lastIndexOf(10);
	proveText({ path: wanted.data }, start.whole || cut < 0 ? start.bytes : start.bytes.subarray(0, cut));
	const form = sniffCsv(start);
	if (form === void 0) throw failure("unknown-data-kind", `${name} is no table: its lines have no delimiter that makes columns of them`, "A table has a line for each sample, with the same number of cells in each: one to predict, and others.");
	const { delimiter, comment, decimal, names, width } = form;
	const usual = /\.(tsv|tab)(\.gz)?$/i.test(name) ? "	" : ",";
	const columns = names.are ? void 0 : Array.from({ length: width }, (_, k) => `column_${k + 1}`);
	return proposeTable({
		...wanted,
		format: csvFormat,
		lists: [],
		given: {
			...delimiter !== usual && { delimiter },
			...comment !== void 0 && { comment },
			...decimal !== void 0 && { decimal: decimal.mark },
			...columns !== void 0 && { columns }
		},
		form: formEntries(form, {
			usual,
			columns
		})
	});
}
function formEntries({ delimiter, comment, decimal, names, width, rows, even }, { usual, columns }) {
	return [
		...delimiter === usual ? [] : [{
			key: "delimiter",
			value: delimiter,
			because: `it makes ${width} cells of ${even} of the first ${rows} lines`
		}],
		...comment === void 0 ? [] : [{
			key: "comment",
			value: comment,
			because: "the first line begins with it"
		}],
		...decimal === void 0 ? [] : [{
			key: "decimal",
			value: decimal.mark,
			because: decimal.because
		}],
		...columns === void 0 ? [] : [{
			key: "columns",
			value: columns,
			because: `no line has their names: ${names.because}`
		}]
	];
}
function proposeFolder(wanted) {
	const { data } = wanted;
	const { beside } = listSubfolders(data);
	const names = namesIn(data);
	if (names.length === 0) throw failure("no-data", `the folder ${data} is empty`, "Name one that holds data.");
	if (idxFilesIn(names) !== void 0) return proposeIdx(wanted, names);
	const found = proposeMasks(wanted) ?? proposeClasses(wanted);
	if (found !== void 0) return found;
	for (const ending of [
		".csv",
		".tsv",
		".tab",
		".csv.gz",
		".tsv.gz",
		".jsonl",
		".ndjson",
		".jsonl.gz",
		".parquet"
	]) {
		const tables = names.filter((name) => name.toLowerCase().endsWith(ending));
		if (tables.length > 0) return proposeFiles({
			...wanted,
			data: join(data, tables.length === 1 ? tables[0] : `*${tables[0].slice(-ending.length)}`)
		});
	}
	const archives = names.filter((name) => /\.npz$/i.test(name));
	if (archives.length === 1) return proposeFiles({
		...wanted,
		data: join(data, archives[0])
	});
	if (archives.length === 0 && npyFilesIn(data).length > 0) return proposeNpy(wanted, npyFilesIn(data));
	const texts = names.filter((name) => [".txt", ".data"].includes(extname(name).toLowerCase()));
	if (texts.length === 1) return proposeFiles({
		...wanted,
		data: join(data, texts[0])
	});
	throw failure("unknown-data-kind", beside.length > 0 ? `${data} holds ${showCount(beside.length)} pictures, and no sub-folders that say what they show` : `${data} holds nothing that is known as data, but ${listNames(names)}`, "A folder has a sub-folder of pictures or recordings (WAV) for each class, folders `images` and `masks`, tables with the same columns, or the four files of idx; a single file can be named itself.");
}
const npyFilesIn = (folder) => namesIn(folder).filter((name) => /\.npy$/i.test(name)).map((name) => join(folder, name));
function namesIn(folder) {
	return readdirSync(folder).filter((name) => !name.startsWith(".")).sort();
}
// src/commands/starters.ts
/** The files that `pipeline init` writes; all learn from data that comes with the program, so that they run at once. */
const starters = {
	classifier: {
		about: "two dense layers",
		text: `model:
  layers: # each follows the one above; \`pipeline list layer\` shows all, \`pipeline plan FILE\` the shapes
    - flatten # 28 x 28 x 1 becomes 784
    - dense 128 relu
    - dropout 0.2
    - dense 10 # one output per class

train:
  optimizer: { adam: { learningRate: 0.001 } } # \`adam\` alone would be the same
  loss: softmaxCrossEntropy # on the outputs as they are: no softmax layer at the end
  batchSize: 100
  epochs: 3
`
	},
	images: {
		about: "convolutions over images, with a block",
		data: () => `data:
  source: mnist # your own pictures: \`{ images: { folder: PATH } }\`, in a sub-folder for each class
  split: { validation: 5000 } # held back from training, to validate after each epoch; or a share such as 0.1
`,
		text: `model:
  blocks: # layers to use several times, with parameters
    Unit:
      parameters: { filters: 16 }
      layers:
        - conv 3x3x$filters same nobias # kernel of 3 x 3, and how many filters
        - batchnorm
        - relu
        - maxpool 2x2
  layers: # each follows the one above; \`pipeline list layer\` shows all, \`pipeline plan FILE\` the shapes
    - Unit
    - Unit: { filters: 32 }
    - flatten
    - dropout 0.3
    - dense 10 # one output per class

train:
  optimizer: adam
  loss: softmaxCrossEntropy # on the outputs as they are: no softmax layer at the end
  batchSize: 100
  epochs: 3
`
	},
	sequence: {
		about: "a recurrent layer over the characters of a text, which guesses the next one",
		data: (pathTo) => `data:
  source:
    text:
      file: ${JSON.stringify(pathTo("LICENSE"))} # any text in UTF-8; this one is short
      steps: 32 # characters of a sequence
  split: { validation: 0.1 } # held back from training, to validate after each epoch
`,
		text: `model:
  layers: # each follows the one above; \`pipeline list layer\` shows all, \`pipeline plan FILE\` the shapes
    - embedding 76x24 # a vector of 24 values for each of the 76 characters of the text
    - lstm 96 sequences # reads the steps, and gives its output after each
    - dense 76 # at each step, one output per character

train:
  optimizer: { adam: { learningRate: 0.01 } }
  loss: softmaxCrossEntropy # on the outputs as they are: no softmax layer at the end
  batchSize: 16
  epochs: 15
`,
		metrics: "[accuracy, perplexity]"
	},
	regressor: {
		about: "a number out of the columns of a CSV file",
		data: (pathTo) => `data:
  source:
    csv:
      file: ${JSON.stringify(pathTo("pipelines/data/penguins.csv"))} \
# Palmer penguins (CC0); its first line names the columns
      targets: { body_mass_g: number } # what to predict; a list of classes instead of \`number\` makes a classifier
      categories: # columns of texts, each with its values; all others are numbers
        species: [Adelie, Chinstrap, Gentoo]
        island: [Biscoe, Dream, Torgersen]
        sex: [female, male]
      test: 0.2 # share of the rows that is taken out for the test
  split: { validation: 0.15 } # held back from training, to validate after each epoch
`,
		text: `model:
  layers: # each follows the one above; \`pipeline list layer\` shows all, \`pipeline plan FILE\` the shapes
    - dense 32 relu
    - dense 16 relu
    - dense 1 # one number

train:
  optimizer: { adam: { learningRate: 0.01 } }
  loss: meanSquaredError # or meanAbsoluteError, huberLoss: \`pipeline list loss\`
  batchSize: 16
  epochs: 60
`,
		metrics: "[meanAbsoluteError, r2Score]"
	}
};
const mnistData = `data:
  source: mnist # \`pipeline list dataset\` shows what else there is
  split: { validation: 5000 } # held back from training, to validate after each epoch; or a share such as 0.1
`;
/**
* The whole file.
*
* @param name of the pipeline
* @param schema where an editor finds the schema
* @param pathTo where a file of the program's is, from the folder of the written one
*/
function starterText(starter, name, schema, pathTo) {
	const { data, text, metrics = "[accuracy, f1]" } = starters[starter];
	return `# yaml-language-server: $schema=${schema}
# A pipeline of Layerline: \`pipeline validate FILE\` checks it, \`pipeline run FILE --smoke\` \
tries every stage in seconds,
# \`pipeline run FILE\` trains it. What is left out has a default: \`pipeline plan FILE --resolved\` shows all.
name: ${name}
seed: 42 # the only source of randomness: weights, split, order of the samples, dropout

${data?.(pathTo) ?? mnistData}
${text}
evaluate:
  metrics: ${metrics}

visualize: {} # all figures that fit the data, and a report
`;
}
// src/commands/proposed-net.ts
/** The sections `model` and `train` for what was seen in data: nets that learn in seconds to minutes. */
function proposedNet({ given, task, samples }) {
	const units = outputs(task);
	const { layers, batchSize, epochs, rate } = nets[given.kind](given, {
		units,
		samples,
		task
	});
	return `model:
  layers: # each follows the one above; \`pipeline list layer\` shows all, \`pipeline plan FILE\` the shapes
${layers.map((line) => `    ${line}`).join("\n")}

train:
  optimizer: { adam: { learningRate: ${rate} } }
  loss: ${losses[task.kind]}
  batchSize: ${batchSize}
  epochs: ${epochs} # at most
  earlyStopping: { monitor: val_loss, patience: ${Math.max(3, Math.round(epochs / 5))} } \
# ends with the weights of the best epoch
`;
}
const losses = {
	class: "softmaxCrossEntropy # on the outputs as they are: no softmax layer at the end",
	labels: "binaryCrossentropy # of the probability of each label",
	number: "meanSquaredError # of the standardized target; or meanAbsoluteError, huberLoss",
	forecast: "meanSquaredError # of the standardized values",
	pixels: "softmaxCrossEntropy # at each pixel, on the outputs as they are: no softmax layer at the end",
	character: "softmaxCrossEntropy # at each step, on the outputs as they are: no softmax layer at the end"
};
function outputs(task) {
	if (task.kind === "number") return task.units;
	if (task.kind === "labels") return task.labels.length;
	if (task.kind === "forecast") return task.horizon;
	return task.kind === "character" ? task.characters.length : task.classes.length;
}
/** By what they are given. */
const nets = {
	columns: (_, wish) => denseNet(wish),
	array: (given, wish) => {
		const { shape, sizes } = given.kind === "array" ? given : {
			shape: [],
			sizes: void 0
		};
		const net = denseNet(wish);
		return {
			...net,
			layers: [
				...shape.length > 1 ? ["- flatten"] : [],
				...standardizing(sizes, 5),
				...net.layers
			]
		};
	},
	picture: (given, wish) => {
		const { shape, sizes } = given.kind === "picture" ? given : {
			shape: [
				1,
				1,
				1
			],
			sizes: void 0
		};
		const net = wish.task.kind === "pixels" ? maskNet(wish) : pictureNet(shape, wish);
		const layers = standardizing(sizes && {
			...sizes,
			least: sizes.most
		}, 1.5);
		return {
			...net,
			layers: [...layers, ...net.layers]
		};
	},
	spectrogram: (given, wish) => soundNet(given.kind === "spectrogram" ? given.shape : [1, 1], wish),
	window: (_, wish) => forecastNet(wish),
	text: (_, wish) => textNet(wish),
	words: (given, wish) => wordsNet(given.kind === "words" ? given.vocabulary : 1, wish)
};
/** Sizes between which squares of numbers, and their means over batches, are far from all bounds of 32 bits. */
const [smallest, largest] = [.1, 1e6];
/** The least epsilon of batchNormalization, a power of ten: the square of what deviations have to be above. */
const leastEpsilon = -15;
/**
* For numbers that nothing has standardized: nets learn slowly from large ones and from small ones.
*
* @param most the size up to which they may stay as they are
*/
function standardizing(sizes, most) {
	if (sizes === void 0 || sizes.most === 0 || sizes.most <= most && sizes.least >= smallest) return [];
	const power = powerFor(sizes);
	const least = sizes.least * 10 ** power;
	const epsilon = least < smallest ? `, epsilon: 1.0e${Math.max(Math.floor(2 * Math.log10(least)) - 3, leastEpsilon)}` : "";
	return [...power === 0 ? [] : [`- rescaling 1.0e${power} # the largest number is ${sizes.most.toPrecision(2)}`], `- batchNormalization: { momentum: 0.9${epsilon} } # less the mean, by the deviation: nothing else does it`];
}
/** The power of ten that numbers are multiplied with first. */
const powerFor = ({ most }) => most > largest || most < smallest ? -Math.floor(Math.log10(most)) : 0;
/**
* What is to be known of numbers that lie so far apart that one net hardly learns from all of them.
*
* @returns undefined where they do not
*/
function farApart(given) {
	if (given.kind !== "array" || given.sizes.most === 0) return void 0;
	if (given.sizes.least * 10 ** powerFor(given.sizes) >= Math.sqrt(10 ** leastEpsilon)) return void 0;
	const [most, least] = [given.sizes.most, given.sizes.least].map((size) => Number(size.toPrecision(2)));
	return `numbers at one place of a sample go up to ${most}, at another up to ${least}: the smaller ones hardly count, unless you divide each place by what is usual there`;
}
/** Epochs of about as many steps as that, within bounds. */
const epochsOf = (steps, { samples }, batchSize, [least, most]) => Math.min(most, Math.max(least, Math.ceil(steps * batchSize / samples)));
/** The size that the first bound above the samples has. */
const bySamples = (samples, sizes) => sizes.find(([below]) => samples < below)[1];
function lastLayer({ units, task }) {
	if (task.kind === "labels") return `- dense ${units} sigmoid # for each label a probability of its own`;
	return `- dense ${units} # ${task.kind === "number" ? numbersOf(units) : "one output per class"}`;
}
const numbersOf = (units) => units === 1 ? "one number" : `${units} numbers`;
function denseNet(wish) {
	const { samples } = wish;
	const wide = bySamples(samples, [
		[1e3, 32],
		[1e4, 64],
		[Infinity, 128]
	]);
	const batchSize = bySamples(samples, [
		[1e3, 16],
		[5e3, 32],
		[5e4, 128],
		[Infinity, 256]
	]);
	return {
		layers: [
			`- dense ${wide} relu`,
			"- dropout 0.1",
			`- dense ${wide / 2} relu`,
			lastLayer(wish)
		],
		batchSize,
		epochs: epochsOf(4e3, wish, batchSize, [10, 80]),
		rate: samples < 5e3 ? .005 : .002
	};
}
function pictureNet([height, width], wish) {
	const { samples } = wish;
	const halvings = [
		2,
		4,
		8
	].filter((factor) => Math.min(height, width) / factor >= 4).length;
	const batchSize = bySamples(samples, [
		[1e3, 16],
		[1e4, 32],
		[Infinity, 100]
	]);
	return {
		layers: [
			...[
				16,
				32,
				64
			].slice(0, halvings).flatMap((filters) => [`- conv 3x3x${filters} same relu`, "- maxpool 2x2"]),
			"- flatten",
			...halvings === 0 ? ["- dense 64 relu"] : [],
			"- dropout 0.3",
			lastLayer(wish)
		],
		batchSize,
		epochs: epochsOf(1500, wish, batchSize, [3, 60]),
		rate: .001
	};
}
/** Looks for patterns, at their frequency, whenever they are. */
function soundNet([frames, mels], wish) {
	const batchSize = wish.samples < 2e3 ? 16 : 64;
	return {
		layers: [
			"- batchNormalization: { momentum: 0.9 } # decibels, -100 to 50, become numbers around 0",
			...[16, 32].flatMap((filters) => [`- conv 3x3x${filters} same relu`, "- maxpool 2x2"]),
			`- conv ${Math.max(1, Math.min(3, frames >> 2))}x${mels >> 2}x64 relu # over all frequencies`,
			"- globalMaxPooling2d # what was heard, whenever",
			"- dropout 0.3",
			lastLayer(wish)
		],
		batchSize,
		epochs: epochsOf(1500, wish, batchSize, [3, 60]),
		rate: .002
	};
}
/** A small U-Net (Ronneberger et al. 2015). */
function maskNet(wish) {
	const batchSize = wish.samples < 500 ? 8 : 16;
	return {
		layers: [
			"- { conv: { filters: 8, kernelSize: 3, padding: same, activation: relu }, name: wide }",
			"- maxpool 2x2",
			"- { conv: { filters: 16, kernelSize: 3, padding: same, activation: relu }, name: middle }",
			"- maxpool 2x2",
			"- conv 3x3x32 same relu",
			"- { upSampling2d: {}, name: up }",
			"- { concatenate: {}, from: [up, middle] } # what was there on the way down",
			"- conv 3x3x16 same relu",
			"- { upSampling2d: {}, name: top }",
			"- { concatenate: {}, from: [top, wide] }",
			"- conv 3x3x8 same relu",
			`- conv 1x1x${wish.units} # the classes of each pixel`
		],
		batchSize,
		epochs: epochsOf(1e3, wish, batchSize, [5, 40]),
		rate: .003
	};
}
/** The mean of the words' vectors (Joulin et al. 2017). */
function wordsNet(vocabulary, wish) {
	const batchSize = wish.samples < 5e3 ? 32 : 128;
	return {
		layers: [
			`- embedding: { inputDim: ${vocabulary}, outputDim: 32, maskZero: true } # a vector for each word; 0 is none`,
			"- globalAveragePooling1d # of the words that are there",
			"- dropout 0.3",
			lastLayer(wish)
		],
		batchSize,
		epochs: epochsOf(800, wish, batchSize, [5, 40]),
		rate: .01
	};
}
/** A weight for each row and step: hard to beat by nets with layers between (Zeng et al. 2023). */
function forecastNet(wish) {
	const batchSize = wish.samples < 5e3 ? 16 : 128;
	return {
		layers: ["- flatten # the rows of a window, one after the other", `- dense ${wish.units} # ${wish.units === 1 ? "the next value" : `the next ${wish.units} values`}`],
		batchSize,
		epochs: epochsOf(4e3, wish, batchSize, [5, 150]),
		rate: .003
	};
}
function textNet(wish) {
	const { units } = wish;
	const batchSize = wish.samples < 2e3 ? 16 : 64;
	return {
		layers: [
			`- embedding ${units}x24 # a vector of 24 values for each of the ${units} characters of the text`,
			"- lstm 96 sequences # reads the steps, and gives its output after each",
			`- dense ${units} # at each step, one output per character`
		],
		batchSize,
		epochs: epochsOf(1500, wish, batchSize, [2, 20]),
		rate: .01
	};
}
// src/commands/write-proposal.ts
/** Columns of a line. */
const widest = 120;
/** Notes that have a line each. */
const mostNotes = 12;
/**
* A file that learns what was seen in data; what it guesses stands in comments with its evidence.
*
* @param name of the pipeline
* @param schema where an editor finds the schema
*/
function writeProposal(proposal, name, schema) {
	const { source, read, options, split, task } = proposal;
	const apart = farApart(proposal.given);
	const notes = [...apart === void 0 ? [] : [apart], ...proposal.notes];
	const more = notes.length - mostNotes;
	return `# yaml-language-server: $schema=${schema}
${[`A pipeline of Layerline, guessed from ${read}: \`pipeline run FILE\` trains it, \`pipeline data FILE\` looks at all of the data, and \`pipeline plan FILE --resolved\` shows what is left out here.`, `To beat: ${baselineOf(task)}`].flatMap((text) => comment(text, "")).join("\n")}
name: ${name}
seed: 42 # the only source of randomness: weights, split, order of the samples, dropout

data:
  source:
    ${source}:
${linesOf(options, "      ").join("\n")}
${[...notes.slice(0, mostNotes), ...more > 0 ? [`${more} more are left out for the same reasons`] : []].flatMap((note) => comment(note, "      ")).map((line) => `${line}\n`).join("")}${split.length === 0 ? "" : `  split:\n${linesOf(split, "    ").join("\n")}\n`}
${proposedNet(proposal)}
evaluate:
${comment(metricsNote(task), "  ").map((line) => `${line}\n`).join("")}  metrics: ${metricsOf(task)}

visualize: {} # all figures that fit the data, and a report
`;
}
/** The scores of who learns nothing, in words. */
function baselineOf(task) {
	if (task.kind === "number") return `a mean absolute error of ${showMeasure(task.distance)} and a root mean squared error of ${showMeasure(task.deviation)}: the mean distance and the standard deviation of \`${shown(task.target)}\` from its mean, which is what one says who has learnt nothing`;
	if (task.kind === "labels") return labelsBaseline(task);
	if (task.kind === "forecast") return naiveBaseline(task);
	const classes = task.kind === "character" ? task.characters : task.classes;
	const { name, count } = classes[0];
	const all = totalOf(classes);
	const label = name.trim() === "" ? "a blank" : `\`${shown(name)}\``;
	const what = {
		class: "samples",
		pixels: "pixels",
		character: "characters"
	}[task.kind];
	return `an accuracy of ${showMeasure(count / all)}: ${label} is right for ${showCount(count)} of ${showCount(all)} ${what}` + (isUnbalanced(task) ? `, and a macro F1 of ${showMeasure(2 * count / (all + count) / classes.length)}` : "");
}
function naiveBaseline({ naive, target, season = 0, horizon }) {
	const [{ name, distance, deviation }, ...more] = naive;
	const said = (which) => which === "last_value" ? "the last value of the window" : `what it was ${season} rows before`;
	return `a mean absolute error of ${showMeasure(distance)} and a root mean squared error of ${showMeasure(deviation)} in the test: who takes ${said(name)} for the next ${horizon === 1 ? "value" : `${horizon} values`} of \`${shown(target)}\`` + more.map((one) => `; with ${said(one.name)} they are ${showMeasure(one.distance)} and ${showMeasure(one.deviation)}`).join("");
}
function labelsBaseline({ labels, rows, set }) {
	const right = labels.reduce((sum, { count }) => sum + Math.max(count, rows - count), 0);
	const most = set.names.length === 0 ? "none of them" : set.names.map((name) => `\`${shown(name)}\``).join(", ");
	return `an accuracy of ${showMeasure(right / (rows * labels.length))}: who says of each of ${labels.length} labels what most samples have, yes or no, is right so often; and a subset accuracy of ${showMeasure(set.count / rows)}: ${showCount(set.count)} of ${showCount(rows)} samples have the most frequent set, ${most}`;
}
const totalOf = (classes) => classes.reduce((sum, { count }) => sum + count, 0);
/** Whether the largest class has three times the samples of the smallest one: accuracy hardly tells of that then. */
const isUnbalanced = (task) => task.kind === "class" && task.classes[0].count >= 3 * task.classes.at(-1).count;
function metricsOf(task) {
	if (task.kind === "number") return "[meanAbsoluteError, rootMeanSquaredError, r2Score]";
	if (task.kind === "forecast") return "[meanAbsoluteError, rootMeanSquaredError]";
	if (task.kind === "labels") return "[accuracy, subsetAccuracy, f1]";
	if (task.kind === "pixels") return "[accuracy, meanIoU]";
	if (task.kind === "character") return "[accuracy, perplexity]";
	return isUnbalanced(task) ? "[accuracy, { f1: { mean: macro } }, balancedAccuracy]" : "[accuracy, f1]";
}
function metricsNote(task) {
	if (task.kind === "class" && isUnbalanced(task)) {
		const [most, least] = [task.classes[0], task.classes.at(-1)];
		return `\`${shown(most.name)}\` has ${showCount(most.count)} samples and \`${shown(least.name)}\` ${showCount(least.count)}: in macro F1 and balanced accuracy each class counts the same`;
	}
	if (task.kind === "forecast") return `in the unit of \`${shown(task.target)}\`; each is told of the naive forecasts, too, such as _last_value`;
	if (task.kind === "labels") return "accuracy is the share of the labels that are right, subsetAccuracy that of the samples of which all are; f1 is the mean over the labels, and 0 for who never says one";
	return task.kind === "number" ? `in the unit of \`${shown(task.target)}\`; r2Score is 0 for the mean` : "";
}
const shown = (text) => makeVisible(shorten(text));
/** Words that YAML, or a reader of an older one, takes for something else than a text. */
const reserved = /^(true|false|null|yes|no|on|off|y|n)$/i;
/** A value on one line. */
function flow(value) {
	if (typeof value === "string") return word(value);
	if (typeof value !== "object") return String(value);
	if (isList(value)) return `[${value.map(flow).join(", ")}]`;
	return `{ ${Object.entries(value).map(([key, one]) => `${word(key)}: ${flow(one)}`).join(", ")} }`;
}
const isList = (value) => Array.isArray(value);
function word(text) {
	if (/^[A-Za-z_][\w./-]*$/.test(text) && !reserved.test(text)) return text;
	return JSON.stringify(text).replaceAll(/[\u007f-\u00a0\u00ad\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g, (one) => `\\u${one.codePointAt(0).toString(16).padStart(4, "0")}`);
}
function linesOf(entries, indent) {
	return entries.flatMap((entry) => {
		const { key, because } = entry;
		const head = `${indent}${word(key)}:`;
		if ("entries" in entry) return [...withComment(head, because, indent), ...linesOf(entry.entries, `${indent}  `)];
		if ("items" in entry) return [...withComment(head, because, indent), ...itemLines(entry.items, `${indent}  `)];
		const { value } = entry;
		const line = `${head} ${flow(value)}`;
		if (line.length <= widest || typeof value !== "object" || !isList(value)) return withComment(line, because, indent);
		return [...withComment(head, because, indent), ...wrapped(value.map(flow), `${indent}  `)];
	});
}
const itemLines = (items, indent) => items.flatMap(({ item, because }) => withComment(`${indent}- ${word(item)}`, because, indent));
/** A list over several lines. */
function wrapped(values, indent) {
	const lines = [];
	for (const [k, value] of values.entries()) {
		const text = k === values.length - 1 ? value : `${value},`;
		const last = lines.at(-1);
		if (last === void 0 || `${indent}  ${last} ${text}`.length > widest) lines.push(text);
		else lines[lines.length - 1] = `${last} ${text}`;
	}
	return [
		`${indent}[`,
		...lines.map((line) => `${indent}  ${line}`),
		`${indent}]`
	];
}
/** A line with what its guess rests on behind it, or above it where that is too long. */
function withComment(line, because, indent) {
	if (because === void 0 || because === "") return [line];
	const full = `${line} # ${makeVisible(because)}`;
	return full.length <= widest ? [full] : [...comment(because, indent), line];
}
function comment(text, indent) {
	const lines = [];
	for (const one of text === "" ? [] : makeVisible(text).split(" ")) {
		const last = lines.at(-1);
		if (last === void 0 || `${indent}# ${last} ${one}`.length > widest) lines.push(one);
		else lines[lines.length - 1] = `${last} ${one}`;
	}
	return lines.map((line) => `${indent}# ${line}`);
}
// src/commands/init.ts
const names = Object.keys(starters);
/** `pipeline init`: a file to begin with. */
function initCommand() {
	return new Command("init").description("Write a commented pipeline file that runs at once, for your own data with --data. " + names.map((name) => `${name}: ${starters[name].about}.`).join(" ") + " sweep: many runs of the pipeline file beside it.").addArgument(new Argument("[kind]", "what the pipeline does; none with --data").choices([...names, "sweep"]).argParser((value) => value).default("classifier")).argument("[file]", "the file to write; never one that exists", "pipeline.yaml").addOption(new Option("--data <path>", "look at your own data, and write a file for it: a table (CSV, lines of JSON, Parquet), a folder of pictures or recordings (WAV) with a sub-folder for each class, pictures and masks, idx files, arrays of NumPy, a text")).addOption(new Option("--target <column>", "the column of the table (or the array) to predict, several times for labels that have columns of 0 and 1; without it, the likeliest one").argParser((value, before) => [...before ?? [], value])).action((kind, file, own, command) => {
		if (own.data !== void 0) return initFromData(own.data, own.target ?? [], command.args);
		if (own.target !== void 0) throw misuse("target-without-table", "--target names a column, and there is no table.", "Name it: --data FILE.");
		const [starter, path] = extname(kind) === "" ? [kind, file] : ["classifier", kind];
		if (starter === "sweep") return initSweep(command.args[1] ?? "sweep.yaml");
		const known = checkKind(starter);
		checkName(path);
		const folder = dirname(path);
		write(path, starterText(known, nameFor(path), schemaFrom(folder), (one) => pathFrom(folder, one)));
		process.stdout.write(`wrote ${path}\nnext: npx pipeline run ${shellWord(path)} --smoke\n`);
	});
}
/** Writes a sweep of the pipeline file that lies beside it. */
async function initSweep(file) {
	checkName(file);
	if (existsSync(file)) throw exists(file);
	const { sweepText } = await import("./sweep-starter-GMp2vDtj.js");
	write(file, await sweepText(file, schemaFrom(dirname(file), "sweep")));
	process.stdout.write(`wrote ${makeVisible(file)}\nnext: npx pipeline sweep ${shellWord(file)}\n`);
}
/** Looks at data, and writes what can be learnt from it. */
function initFromData(data, targets, words) {
	const [file = "pipeline.yaml", second] = words;
	if (second !== void 0 || [...names, "sweep"].includes(file)) throw misuse("kind-and-data", `\`${file}\` is a kind of starter, and --data names data.`, "Leave the kind out.");
	checkName(file);
	if (existsSync(file)) throw exists(file);
	const folder = resolve(dirname(file));
	const proposal = propose({
		data,
		targets,
		written: (path) => relative(folder, resolve(path)) || "."
	});
	const text = writeProposal(proposal, nameFor(file), schemaFrom(folder));
	readyAtOnce();
	const { diagnostics } = checkSource({
		name: file,
		text
	});
	const errors = diagnostics.filter(({ severity }) => severity === "error");
	if (errors.length > 0) throw new UserError(errors.map((error) => ofProposal(error, takesTarget(proposal))), 1);
	write(file, text);
	process.stderr.write(printDiagnostics(diagnostics, {
		color: showsColors(process.stderr),
		cwd: process.cwd()
	}));
	const apart = farApart(proposal.given);
	process.stdout.write(`looked at ${makeVisible(proposal.read)}\n${apart === void 0 ? "" : `note: ${apart}\n`}wrote ${makeVisible(file)}\nto beat: ${baselineOf(proposal.task)}\nnext: npx pipeline run ${shellWord(file)}\n`);
}
/** A mistake of a file that stays unwritten: its lines are shown as a proposal's, and the data has to be mended. */
function ofProposal({ range, hint, ...mistake }, hasTargets) {
	const way = `Nothing was written: mend the data${hasTargets ? ", or name another target with --target" : ""}.`;
	return {
		...mistake,
		...range && { range: inProposal(range) },
		hint: hint === void 0 ? way : `${hint} ${way}`
	};
}
const inProposal = ({ source, ...range }) => ({
	...range,
	source: {
		...source,
		name: `${source.name} (proposed)`
	}
});
function checkKind(kind) {
	if (Object.hasOwn(starters, kind)) return kind;
	const guess = nearest(kind, [...names, "sweep"]);
	throw misuse("unknown-starter", `There is no starter \`${kind}\`.`, guess === void 0 ? `Known: ${names.join(", ")}, sweep.` : `Did you mean \`${guess}\`?`);
}
function checkName(file) {
	if (![".yaml", ".yml"].includes(extname(file))) throw misuse("not-a-pipeline-file", `\`${file}\` is not the name of a YAML file.`, `Write ${file.slice(0, file.length - extname(file).length)}.yaml.`);
}
const exists = (file) => failure("file-exists", `${file} exists already; nothing was written.`, "Give another name: pipeline init KIND FILE.");
/** The name of the pipeline that a file holds. */
function nameFor(file) {
	const name = basename(file, extname(file)).replaceAll(/[^\w .-]/g, "-") || "pipeline";
	return /^(?!(?:true|false|null)$)[A-Za-z]/i.test(name) ? name : `pipeline-${name}`;
}
/** Writes a file that is not there yet. */
function write(file, text) {
	try {
		mkdirSync(dirname(file), { recursive: true });
		writeFileSync(file, text, { flag: "wx" });
	} catch (error) {
		const { code, message, syscall } = error;
		if (code === "EEXIST" && syscall === "open") throw exists(file);
		throw failure("unwritable-file", `${file} cannot be written: ${code ?? message}.`);
	}
}
/**
* Where an editor finds the schema; its name ends at the first space for the YAML language server, unless it is a URL.
*/
function schemaFrom(folder, kind = "pipeline") {
	const path = pathFrom(folder, `schemas/${kind}.schema.json`);
	return /\s/.test(path) ? pathToFileURL(resolve(folder, path)).href : path;
}
/** Where a file of the program's is, from a folder. */
function pathFrom(folder, file) {
	const root = dirname(createRequire(import.meta.url).resolve("layerline/package.json"));
	const path = relative(resolve(folder), join(root, file));
	return path.startsWith(".") ? path : `./${path}`;
}
export { initCommand };
