import { r as __exportAll } from "./rolldown-runtime-C1I3wEg2.js";
import { Ar as cifarLayouts, Cr as readIdxDataset, Dr as cifar10Face, Er as cifar100Face, Gi as WrongOption, Ir as lengthOf, Ja as locate, Jr as withClassWarnings, Ki as atOption, Lr as melSpectrogram, Mr as audioFace, Na as shorten, Nr as proveSpectrogram, Oa as statOf, Or as cifar100Layout, Pr as bytesOfMaking, Qo as isMisfit, Rr as spectrogramShape, Si as seedFor, Sr as idx, Tr as labelledImages, Ts as laterPictureRows, Ur as classWarnings, Wr as constantTargets, Xi as readUnpacked, Ya as nameOf, Zi as unpacked, Zo as chosenFrom, _i as validationCount, _o as fitScale, _s as sizeOf, ai as splitSamples, ao as showCount, bi as permutation, br as mnistHashes, bs as failure, ci as withinMemory, di as defineDataset, ea as explainUnread, fa as shellWord, fi as isUnfetched, fr as pairsFace, ga as openFile, gi as testSize, gs as formatShape, hi as foldSize, hr as nearest, ii as chooseRows, jr as at$4, kr as cifar10Layout, li as bytesOf, mi as afterTest, mr as masksFace, ms as inTurns, oi as stratifiedBy, pi as orMisfit, pr as mnist, ps as atOnce, qi as inOption, ra as readBytes, rs as shareOf, sa as readWhole$1, si as generatedFile, vi as inFold, vs as UserError, wr as fashionFace, xi as randomIntegers, xr as describeIdx, yr as imagesFace } from "./checks-359mGJ3h.js";
import { n as pictureEncoder } from "./picture-file-DChOuqpQ.js";
import { T as provePoints, f as unknownLabel, s as labelOf$2, t as asked, w as placeIn } from "./given-values-DXROl_Cm.js";
import { S as warnOfLeftOut, _ as listPictures, b as namesInFolder, d as folderOfPaths, f as folderOfTable, g as listFiles, m as readPaths, p as listTable, t as pictureRows, v as listPngFiles, x as pictureFiles, y as listSubfolders } from "./picture-rows-mV9o_xa6.js";
import { n as readWavHead, r as signalIn, t as isWav } from "./read-wav-BpJaOEp5.js";
import { a as checkMasks, d as joinPictures, f as readMask, l as folderFile, m as withWarnings, n as inMemory, o as checkPictures, p as readPrepared, s as listPaths, u as fromPictures } from "./pieces-Cuf8rgso.js";
import { r as within$1 } from "./picture-head-DbcYK8VE.js";
import { a as proveOrder, c as settledTargets, n as inOrder } from "./from-data-D-ljl90E.js";
import { E as valuesOfTarget, S as rowsOfTarget, h as columnsOfTarget, v as isTextOption, w as targetSpec, x as proveTargets } from "./table-rows-CR7Qkpgj.js";
import { a as joinedValues } from "./array-samples-QOZxvSoW.js";
import { a as placing } from "./csv-aXaL6f-a.js";
import { basename, dirname, join, relative, resolve } from "node:path";
import { closeSync, existsSync, fstatSync, readSync } from "node:fs";
import { crc32 } from "node:zlib";
import { createHash } from "node:crypto";
// src/datasets/recordings.ts
/** Recordings of all formats that can be read. */
const recordingFiles = {
	dataset: "audio",
	wanted: /\.(wav|wave)$/i,
	all: /\.(wav|wave|mp3|flac|ogg|oga|opus|m4a|aac|aiff?|aifc|wma|au|snd|amr|caf|w64|rf64|webm)$/i,
	called: "WAV file",
	noun: ["recording", "recordings"],
	formats: "WAV",
	codes: {
		none: "no-recordings",
		foreign: "foreign-recordings",
		leftOut: "recordings-left-out"
	},
	convert: (folder, made) => `such as with ffmpeg: \`mkdir -p ${made} && for f in ${shellWord(folder)}/*; do ffmpeg -i "$f" ${made}/"$(basename "$f")".wav; done\``
};
/** Reads spectrograms from the bytes of WAV files. It throws a UserError where one cannot be used. */
function spectrogramReader(options) {
	const make = melSpectrogram(options);
	return function* (name, bytes) {
		const head = readWavHead(name, within$1(bytes), bytes.length);
		if (head.rate !== options.sampleRate) throw wrongRate([{
			path: name,
			head,
			mark: ""
		}], options, {
			total: 1,
			from: ""
		});
		return yield* make(yield* signalIn(name, bytes, head, lengthOf(options)));
	};
}
/** Recordings whose heads are looked at before a run, as check-pictures.ts does. */
const mostHeads = 4e3;
/**
* Looks at the heads of recordings.
*
* @param from the folder that paths in messages count from
* @throws UserError where some have another rate, or cannot be used and are not to be skipped
*/
function checkRecordings(paths, from, given) {
	const step = Math.ceil(paths.length / mostHeads);
	const seen = paths.filter((_, index) => index % step === 0);
	const heard = [];
	const failed = [];
	let largest = 0;
	for (const path of seen) try {
		const { size, ...head } = headOf(path);
		heard.push({
			path,
			...head
		});
		largest = Math.max(largest, size);
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
		failed.push({
			path,
			error
		});
	}
	const [first, ...more] = failed;
	if (first !== void 0 && (given.onError === "fail" || heard.length === 0)) {
		const { code, message, hint } = first.error.diagnostics[0];
		const others = listPaths(more.map(({ path }) => path), from);
		throw failure(code, more.length === 0 ? message : `${message}; ${more.length} more cannot be used either: ${others}`, hint, first.error);
	}
	const differing = heard.filter(({ head }) => head.rate !== given.sampleRate);
	if (differing.length > 0) throw new WrongOption(at$4("sampleRate"), wrongRate(differing, given, {
		total: heard.length,
		from
	}));
	return {
		skipped: new Set(failed.map(({ path }) => path)),
		heard,
		largest,
		warnings: [
			...warnOfLengths(heard, given),
			...warnOfSkipped("recordings-to-skip", failed, {
				from,
				total: seen.length
			}),
			...step === 1 ? [] : [sampled(seen.length, paths.length)]
		]
	};
}
/** Bytes of a file, in its middle, that are compared with others. */
const block$1 = 4096;
/** Reads the head of a recording. @throws UserError where it is none that can be read */
function headOf(path) {
	try {
		const file = openFile(path);
		try {
			const { size } = fstatSync(file);
			if (size > 256e6) throw Object.assign(/* @__PURE__ */ new Error("it is too large"), { code: "EFBIG" });
			const read = (offset, length) => {
				const bytes = Buffer.alloc(length);
				return bytes.subarray(0, readSync(file, bytes, 0, length, offset));
			};
			const mark = `${size} ${crc32(read(Math.floor(size / 2), block$1))}`;
			return {
				head: readWavHead(path, read, size),
				size,
				mark
			};
		} finally {
			closeSync(file);
		}
	} catch (error) {
		throw explainUnread({ path }, error);
	}
}
/**
* That recordings have another rate than all are to have.
*
* @param looked how many were, and the folder that names count from; empty: they are told as they are
*/
function wrongRate(differing, { sampleRate }, { total, from }) {
	const [{ path, head }] = differing;
	const name = from === "" ? path : relative(from, path);
	const isOnly = differing.length === total && differing.every((one) => one.head.rate === head.rate);
	const convert = `\`ffmpeg -i ${recordingFiles.wanted.test(name) ? shellWord(name) : "FILE"} -ar ${sampleRate} NEW.wav\` converts it.`;
	return failure("recording-rate", total === 1 ? `${name} has ${head.rate} samples per second, not ${sampleRate}` : `${differing.length} of ${total} recordings do not have ${sampleRate} samples per second: ${name} has ${head.rate}`, total > 1 && isOnly ? `\`sampleRate: ${head.rate}\` reads them as they are. ${convert}` : convert);
}
/** What is cut off or filled up is told, as the file does not show it. */
function warnOfLengths(heard, given) {
	const length = lengthOf(given);
	const seconds = ({ head: { count, rate } }) => Math.ceil(count / rate * 1e4) / 1e4;
	const sorted = heard.toSorted((a, b) => a.head.count - b.head.count);
	const [shortest, longest] = [sorted[0], sorted.at(-1)];
	const [shorter, longer] = [heard.filter(({ head }) => head.count < length - 1).length, heard.filter(({ head }) => head.count > length).length];
	const parts = [...longer === 0 ? [] : [`${longer} are longer and cut off (up to ${seconds(longest)} s)`], ...shorter === 0 ? [] : [`${shorter} are shorter and filled up with silence (down to ${seconds(shortest)} s)`]];
	if (parts.length === 0) return [];
	return [{
		code: "recording-lengths",
		problem: `of ${heard.length} recordings, ${given.seconds} s of each are read: ${parts.join(", ")}`,
		hint: longer === 0 ? "`seconds` says how much of each is read." : `\`seconds: ${seconds(longest)}\` reads all of the longest.`,
		path: at$4("seconds")
	}];
}
const sampled = (seen, all) => ({
	code: "recordings-sampled",
	problem: `the heads of ${showCount(seen)} of ${showCount(all)} recordings were looked at, spread over all of them`,
	hint: "The run reads all, and tells what is wrong with the others."
});
/** Counts and names recordings that are left out. */
function warnOfSkipped(code, skipped, { from, total }) {
	if (skipped.length === 0) return [];
	const [{ path, error }] = skipped;
	const reason = error.diagnostics[0].message.replace(path, "it").slice(0, 120);
	const paths = skipped.map((one) => one.path);
	return [{
		code,
		problem: `${skipped.length} of ${total} recordings ${code === "recordings-skipped" ? "were" : "will be"} skipped: ${listPaths(paths, from)} (${reason})`,
		hint: "Mend or remove them; `onError: fail` ends the run instead."
	}];
}
// src/datasets/audio-rows.ts
/** What a model is asked by that learnt from recordings: WAV files of their rate, or spectrograms as numbers. */
function audioRows(trained) {
	const { options, inputs, targets } = trained;
	const [input] = inputs;
	const [target] = targets;
	const spectrogram = spectrogramReader(options);
	const read = (name, bytes) => atOnce(spectrogram(name, bytes));
	const encode = pictureEncoder(trained, {
		isFile: isWav,
		decode: (bytes, _, name) => read(name, bytes)
	});
	const rowOf = (path, label) => asked({ file: path }, () => ({
		x: [read(path, readWhole$1({ path }))],
		...label !== void 0 && actualOf(target, label, path)
	}));
	return {
		kind: "arrays",
		takes: `WAV files at ${options.sampleRate} Hz, of which ${options.seconds} s are read, or spectrograms of ${formatShape(input.shape)}`,
		encode: (row, where, folder) => encode(row, where, folder === void 0 ? void 0 : (path) => readWhole$1({ path: resolve(folder, path) })),
		files: { *wav(name, bytes) {
			yield asked({ file: name }, () => ({ x: [read(name, bytes)] }));
		} },
		*folder(path) {
			const { names, beside } = listSubfolders(path, recordingFiles);
			const areClasses = names.some((name) => target.classes.includes(name));
			let found = 0;
			for (const [folder, label] of [...beside.length > 0 || names.length === 0 ? [[path, void 0]] : [], ...names.map((name) => [join(path, name), areClasses ? name : void 0])]) for (const file of recordingsIn(folder, folder === path)) {
				found++;
				yield rowOf(file, label);
			}
			if (found === 0) listFiles(path, recordingFiles);
		}
	};
}
function actualOf(target, label, path) {
	return target.classes.includes(label) ? { actual: [labelOf$2(target, label, path)] } : { fault: unknownLabel(target, label, path).diagnostics[0] };
}
/** @param isOnly whether it must have some */
function recordingsIn(folder, isOnly) {
	try {
		return listFiles(folder, recordingFiles).pictures;
	} catch (error) {
		if (!isOnly && error instanceof UserError && error.diagnostics[0].code === "no-recordings") return [];
		throw error;
	}
}
// src/datasets/class-folders.ts
/** Leads to an option of `images`. */
const at$3 = (...path) => [
	"source",
	"images",
	...path
];
/** Lists the files of each sub-folder. @throws UserError where there are none, or too many classes */
function listClasses({ folders, classes: chosen, test }, folder, sort = pictureFiles) {
	const atOf = (...option) => [
		"source",
		sort.dataset,
		...option
	];
	const tops = folders.map((top, k) => {
		const path = resolve(folder, top);
		const place = folders.length > 1 ? atOf("folder", k) : atOf("folder");
		return {
			path,
			...atOption(place, () => listSubfolders(path, sort))
		};
	});
	const path = tops.map((top) => top.path).join(" and ");
	const beside = tops.flatMap((top) => top.beside);
	const names = new Set(tops.flatMap((top) => top.names));
	const classes = chosen.length > 0 ? chosen : [...names].sort();
	const strange = classes.find((name) => name.startsWith(".") || /[/\\]/.test(name));
	if (strange !== void 0) throw new WrongOption(atOf("classes"), failure("unknown-class-folder", `classes: \`${strange}\` is not the name of a sub-folder`, `Name one that is directly in ${folders.join(" or ")}.`));
	if (classes.length < 2 || classes.length > 256) {
		const pictures = beside.length === 0 ? "" : `, and ${counted(beside, sort)} beside them`;
		throw failure("class-count", `${path} has ${classes.length} ${classes.length === 1 ? "class" : "classes"}${pictures}; 2 to 256 can be learnt`, classes.length > 256 ? "Name those to be learnt in `classes`." : `Each class has a sub-folder of its own, named like it, with its ${sort.noun[1]}.`);
	}
	const listingsIn = (from) => classes.map((name) => listFiles(join(from, name), sort));
	const isIn = (top, name) => top.names.includes(name) || top === tops[0] && !names.has(name);
	const train = atOption(atOf(chosen.length > 0 ? "classes" : "folder"), () => classes.map((name) => tops.flatMap((top) => isIn(top, name) ? [listFiles(join(top.path, name), sort)] : [])));
	const found = {
		classes,
		train: train.map((listings) => listings.flatMap(({ pictures }) => pictures)),
		listings: [...tops.map((top) => besideClasses(top.path, top.beside, sort)), ...train.flat()],
		tables: [],
		...tops.length > 1 && { sources: sourcesIn(folders, tops) }
	};
	if (typeof test === "number") return {
		...found,
		test
	};
	return atOption(atOf("test"), () => {
		const other = resolve(folder, test);
		const held = listSubfolders(other, sort);
		const unknown = chosen.length > 0 ? void 0 : held.names.find((name) => !classes.includes(name));
		if (unknown !== void 0) throw failure("class-folders-differ", `${other} has the sub-folder \`${unknown}\`, but there is none in ${path}`, "Both folders need the same classes.");
		const tested = listingsIn(other);
		return {
			...found,
			test: tested.map(({ pictures }) => pictures),
			listings: [
				...found.listings,
				besideClasses(other, held.beside, sort),
				...tested
			]
		};
	});
}
function sourcesIn(names, tops) {
	const places = new Map(tops.map(({ path }, place) => [path, place]));
	return {
		names,
		placeOf: (path) => places.get(dirname(dirname(path))) ?? names.length
	};
}
function besideClasses(folder, names, sort) {
	return {
		folder,
		pictures: [],
		leftOut: names.length === 0 ? [] : [`${counted(names, sort)} beside the folders of its classes`]
	};
}
function counted(names, { noun }) {
	return `${names.length} ${noun[Number(names.length > 1)]} (such as ${names[0]})`;
}
/** On other systems they are one folder, and mostly they were meant to be. */
function warnOfAlikeNames(classes) {
	const plain = (name) => name.normalize("NFKC").trim().toLowerCase();
	const known = /* @__PURE__ */ new Map();
	for (const name of classes) {
		const other = known.get(plain(name));
		if (other !== void 0) return [{
			code: "alike-classes",
			problem: `the classes \`${other}\` and \`${name}\` have names that differ in case, blanks or accents' coding alone`,
			hint: "Put what they hold into one folder if they are one class; otherwise give one another name."
		}];
		known.set(plain(name), name);
	}
	return [];
}
// src/datasets/class-shares.ts
/** How many samples train and test, of classes that were listed. @param fold that is the test, where none is given */
function countsOf$1({ train, test }, fold) {
	const total = (files) => files.reduce((sum, { length }) => sum + length, 0);
	if (typeof test !== "number") return {
		train: total(train),
		test: total(test)
	};
	if (fold !== void 0) {
		const held = foldSize(fold, total(train));
		return {
			train: total(train) - held,
			test: held
		};
	}
	const tested = train.reduce((sum, { length }) => sum + shareOf(test, length), 0);
	return {
		train: total(train) - tested,
		test: tested
	};
}
/** Gives the seed that a class of a data set is divided by. */
function seedOf(seed, dataset) {
	return (name) => seedFor(seed, "data", dataset, name);
}
/**
* Takes a share out of each class: a 1 for each sample that is taken.
*
* @param labels sample by sample
*/
function takeShare(labels, classes, share, seedOfClass) {
	const taken = new Uint8Array(labels.length);
	const byClass = classes.map(() => []);
	for (const [row, label] of labels.entries()) byClass[label].push(row);
	for (const [label, rows] of byClass.entries()) for (const at of permutation(rows.length, seedOfClass(classes[label])).subarray(0, shareOf(share, rows.length))) taken[rows[at]] = 1;
	return taken;
}
/** Takes a fold: a 1 for each sample that is in it. @param labels class after class */
function takeFold(labels, fold, { split, seed }) {
	return inFold(labels.length, fold, {
		labels: split.stratified ? labels : void 0,
		seed
	});
}
/** The classes of the samples that `load` will give. */
function labelsOf$1({ train, test }, { split, seed }) {
	const counts = train.map(({ length }) => length);
	if (typeof test === "number" && split?.fold !== void 0 && seed !== void 0) {
		const all = repeated(counts);
		const held = takeFold(all, split.fold, {
			split,
			seed
		});
		return {
			train: all.filter((_, row) => held[row] === 0),
			test: all.filter((_, row) => held[row] === 1)
		};
	}
	if (typeof test !== "number") return {
		train: repeated(counts),
		test: repeated(test.map(({ length }) => length))
	};
	const taken = counts.map((count) => shareOf(test, count));
	return {
		train: repeated(counts.map((count, label) => count - taken[label])),
		test: repeated(taken)
	};
}
/** Each index as often as is said. */
function repeated(counts) {
	return Uint8Array.from(counts.flatMap((count, label) => Array.from({ length: count }, () => label)));
}
/** Tells the class of each file. */
function classesOf({ classes, train, test }) {
	const known = /* @__PURE__ */ new Map();
	for (const part of [train, ...typeof test === "number" ? [] : [test]]) part.forEach((paths, label) => paths.forEach((path) => known.set(path, classes[label])));
	return (path) => known.get(path);
}
// src/datasets/find-copies.ts
const pictures = {
	nouns: ["picture", "pictures"],
	codes: {
		inTwo: "picture-in-two-classes",
		copied: "copied-pictures"
	}
};
/**
* Tells of files that are there more than once, such as pictures.
*
* @param held those of the test, where they have a folder of their own
* @param from the folder that paths in messages count from
* @param classOf the class of a file; the same of all where they have none
* @param sort what they are; left out: pictures
*/
function warnOfCopies(train, held, { from, classOf }, { nouns: [one, several], codes } = pictures) {
	const tested = new Set(held.map(({ path }) => path));
	const pairs = copiesAmong([...train, ...held]).flatMap((paths) => {
		const first = paths.find((path) => !tested.has(path)) ?? paths[0];
		return paths.filter((path) => path !== first).map((path) => [path, first]);
	});
	const leaked = pairs.filter(([copy, first]) => tested.has(copy) && !tested.has(first));
	const twofold = pairs.filter(([copy, first]) => classOf(copy) !== classOf(first));
	const copies = held.length > 0 ? [] : pairs.filter((pair) => !twofold.includes(pair));
	const tell = (code, some, what, hint) => {
		if (some.length === 0) return [];
		const shown = some.slice(0, 3).map((pair) => pair.map((path) => relative(from, path)).join(" is "));
		return [{
			code,
			problem: `${what(some.length)}, byte for byte: ${shown.join(", ")}${some.length > 3 ? ` and ${some.length - 3} more` : ""}`,
			hint
		}];
	};
	return [
		...tell("copied-into-test", leaked, (count) => `${count} of ${held.length} test ${several} are training ${several} too`, `A net knows what it was trained on: keep each ${one} in one of the folders.`),
		...tell(codes.inTwo, twofold, (count) => `${count} ${count === 1 ? `${one} is` : `${several} are`} in two classes`, "Keep each in the class that is right."),
		...tell(codes.copied, copies, (count) => `${count} of ${train.length} ${several} are copies of others`, "The test may hold what was trained on: keep one of each.")
	];
}
/** Paths of files that are equal, in groups. */
function copiesAmong(glances) {
	const marks = new Map(glances.map(({ path, mark }) => [path, mark]));
	return alike([...marks.keys()], (path) => marks.get(path)).flatMap((paths) => alike(paths, (path) => readBytes({ path }).file.sha256));
}
/** Groups of those that have one key. */
function alike(paths, keyOf) {
	const groups = /* @__PURE__ */ new Map();
	for (const path of paths) {
		const key = keyOf(path);
		const known = groups.get(key);
		if (known === void 0) groups.set(key, [path]);
		else known.push(path);
	}
	return [...groups.values()].filter(({ length }) => length > 1);
}
// src/datasets/list-classed.ts
/**
* Lists the files of each class, by sub-folders or by a table.
*
* @throws UserError where neither or both are named, and as listClasses and listTable
*/
function listClassed(given, folder, sort) {
	const { folder: top, table, classes, test, path = "file", label = "label" } = given;
	if (table !== void 0) {
		const base = folderOfPaths(top, sort);
		return listTable({
			table,
			path,
			label,
			classes,
			test,
			...base !== void 0 && { folder: base }
		}, folder, sort);
	}
	const stray = given.label === void 0 ? given.path && "path" : "label";
	if (top === void 0 || stray !== void 0) throw new WrongOption(["source", sort.dataset], failure("classes-and-table", stray === void 0 ? `${sort.dataset} has neither \`folder\` nor \`table\`` : `\`${stray}\` names a column, and there is no \`table\``, "Give `folder: FOLDER` with a sub-folder for each class, or `table: FILE.csv` with `path` and `label`."));
	return listClasses({
		folders: [top].flat(),
		classes,
		test
	}, folder, sort);
}
// src/datasets/audio.ts
/** Recordings of the user's with a class each. */
const audio = defineDataset({
	...audioFace,
	describe: (given, folder, division = {}) => orMisfit(() => {
		proveSpectrogram(given);
		return atOption(at$4(given.table === void 0 ? "folder" : "table"), () => {
			const { found, checked } = look$1(given, folder);
			const spec = withinMemory(specOf$5(given, found, checked, division.split?.fold));
			if (isMisfit(spec)) return spec;
			const trained = new Set(found.train.flat());
			const told = withWarnings({
				...spec,
				labels: () => labelsOf$1(found, division)
			}, [
				...warnOfLeftOut(found.listings, folder, recordingFiles),
				...warnOfAlikeNames(found.classes),
				...checked.warnings,
				...warnOfCopies(checked.heard.filter(({ path }) => trained.has(path)), checked.heard.filter(({ path }) => !trained.has(path)), {
					from: folder,
					classOf: classesOf(found)
				}, {
					nouns: recordingFiles.noun,
					codes: {
						inTwo: "recording-in-two-classes",
						copied: "copied-recordings"
					}
				})
			]);
			return withClassWarnings(told, division, {
				train: at$4("folder"),
				test: at$4("test")
			});
		});
	}),
	named: ({ folder, table, test }) => [
		...table === void 0 ? [] : [table],
		...[folder ?? folderOfTable(table ?? ".", void 0)].flat(),
		...typeof test === "number" ? [] : [test]
	],
	files: (given, folder) => {
		const found = listClassed(given, folder, recordingFiles);
		return [...found.tables, ...pathsOf(found)];
	},
	load: async (given, folder, seed, signal, split) => inTurns(read$1(given, folder, seed, split), signal),
	rows: audioRows
});
/** The recordings that the options name, and what their heads tell; without those that are to be skipped. */
function look$1(given, folder) {
	const listed = listClassed(given, folder, recordingFiles);
	const all = pathsOf(listed);
	const checked = checkRecordings(all, folder, given);
	const usable = (classes) => classes.map((paths) => paths.filter((path) => !checked.skipped.has(path)));
	const { train, test } = listed;
	return {
		found: {
			...listed,
			train: usable(train),
			test: typeof test === "number" ? test : usable(test)
		},
		checked,
		listed: all.length
	};
}
function pathsOf({ train, test }) {
	return [...train, ...typeof test === "number" ? [] : test].flat();
}
function specOf$5(given, found, { largest }, fold) {
	const count = countsOf$1(found, fold);
	if (count.test === 0) throw noTest$1(count.train);
	const spec = {
		inputs: [{
			name: "input",
			shape: spectrogramShape(given),
			dtype: "float32",
			scale: 1
		}],
		targets: [{
			kind: "class",
			name: "label",
			classes: found.classes,
			shape: []
		}],
		count,
		isSpectrogram: true,
		...typeof found.test === "number" && { drawsTest: true }
	};
	return {
		...spec,
		reading: bytesOf(spec) + 2 * largest + bytesOfMaking(given)
	};
}
const noTest$1 = (total) => new WrongOption(at$4("test"), failure("no-test-samples", `${total} recordings leave none for the test`, "Raise `test`, or add recordings."));
/** Reads all recordings, class after class, those of a test of its own last. */
function* read$1(given, folder, seed, split) {
	proveSpectrogram(given);
	const { found, checked, listed } = look$1(given, folder);
	const { classes, sources } = found;
	const spectrogram = spectrogramReader(given);
	const size = sizeOf(spectrogramShape(given));
	const wanted = pathsOf(found).length;
	const values = new Float32Array(wanted * size);
	const placed = [];
	const failed = [];
	for (const [second, part] of [found.train, typeof found.test === "number" ? [] : found.test].entries()) for (const [label, paths] of part.entries()) for (const path of paths) {
		yield;
		try {
			const { bytes, file } = readBytes({ path });
			values.set(yield* spectrogram(path, bytes), placed.length * size);
			const name = sources === void 0 ? `${classes[label]}/${basename(path)}` : relative(folder, path);
			placed.push({
				path,
				label,
				isTest: second === 1,
				file: {
					...file,
					name
				}
			});
		} catch (error) {
			const isOfRate = error instanceof UserError && error.diagnostics[0].code === "recording-rate";
			if (!(error instanceof UserError) || given.onError === "fail" || isOfRate) throw error;
			failed.push({
				path,
				error
			});
		}
	}
	const share = typeof found.test === "number" ? found.test : void 0;
	const labels = placed.map(({ label }) => label);
	const takeTest = (taken) => split?.fold === void 0 ? takeShare(labels, classes, taken, seedOf(seed, "audio")) : takeFold(Uint8Array.from(labels), split.fold, {
		split,
		seed
	});
	const isTest = share === void 0 ? Uint8Array.from(placed, (one) => Number(one.isTest)) : takeTest(share);
	const rows = {
		train: rowsOf(isTest, 0),
		test: rowsOf(isTest, 1)
	};
	const count = {
		train: rows.train.length,
		test: rows.test.length
	};
	if (count.train === 0 || count.test === 0) throw failed[0]?.error ?? noTest$1(placed.length);
	const part = function* (wantedRows) {
		const taken = new Float32Array(wantedRows.length * size);
		for (const [k, row] of wantedRows.entries()) {
			if (k % turn === 0) yield;
			taken.set(values.subarray(row * size, (row + 1) * size), k * size);
		}
		return {
			inputs: [taken],
			targets: [Uint8Array.from(wantedRows, (row) => labels[row])],
			count: wantedRows.length
		};
	};
	const placesOf = (some) => some.map((row) => sources.placeOf(placed[row].path));
	const filesOf = (rowsWanted) => rowsWanted.map(({ file }) => file);
	const hasOwn = share === void 0;
	return {
		name: "audio",
		spec: withWarnings({
			...specOf$5(given, found, checked, split?.fold),
			count
		}, warnOfSkipped("recordings-skipped", failed, {
			from: folder,
			total: listed
		})),
		train: yield* part(rows.train),
		test: yield* part(rows.test),
		...sources && { sources: {
			names: sources.names,
			train: placesOf(rows.train),
			test: placesOf(rows.test)
		} },
		files: [folderFile("recordings", filesOf(hasOwn ? placed.filter((one) => !one.isTest) : placed)), ...hasOwn ? [folderFile("test recordings", filesOf(placed.filter((one) => one.isTest)))] : []],
		origin: { place: (name, row) => ({ file: placed[rows[name][row]].file.name }) }
	};
}
/** Recordings that are copied without a pause. */
const turn = 256;
function rowsOf(isTest, part) {
	return Uint32Array.from(isTest.keys()).filter((row) => isTest[row] === part);
}
// src/datasets/tar-members.ts
/** Bytes of a header, and what the bytes of a file are filled up to (POSIX.1-1988, ustar). */
const block = 512;
/** Members that are looked at: those of published sets are few. */
const mostMembers = 1e4;
/**
* Looks into a tar archive in memory. Nothing is written, so that folders in names lead nowhere; links are not
* followed.
*
* @param place what messages call it
* @param wanted the last parts of the names of files
* @throws UserError when it is no such archive, is cut short or damaged, or a wanted file is a link or there twice
*/
function tarMembers(place, archive, wanted) {
	const called = nameOf(place);
	const names = [];
	const files = /* @__PURE__ */ new Map();
	let headers = 0;
	const damaged = (problem) => failure("damaged-tar", `${called} ${problem}`, "Get it again; `tar -tf` says whether it is whole.");
	for (let offset = 0; offset + block <= archive.length;) {
		const header = archive.subarray(offset, offset + block);
		if (header.every((byte) => byte === 0)) break;
		const size = octal(header, 124, 12);
		if (size === void 0 || checksum(header) !== octal(header, 148, 8)) throw offset === 0 ? failure("damaged-tar", `${called} is not a tar archive`, "Name the archive as it was published, such as cifar-10-binary.tar.gz.") : damaged(`is damaged: at byte ${offset} there should be the header of a file`);
		const name = text(header, 0, 100).split("/").at(-1);
		const begin = offset + block;
		if (begin + size > archive.length) throw damaged(`is cut short in the middle of ${name.slice(0, 60)}`);
		offset = begin + block * Math.ceil(size / block);
		if (++headers > 2 * mostMembers) throw damaged(`holds more than ${mostMembers} files`);
		if (isExtension(header[156])) continue;
		if (names.push(name) > mostMembers) throw damaged(`holds more than ${mostMembers} files`);
		if (wanted.has(name)) {
			if (!isFile(header[156])) throw damaged(`holds ${name} as a link or the like, not as a file`);
			if (files.has(name)) throw damaged(`holds ${name} twice`);
			files.set(name, archive.subarray(begin, begin + size));
		}
	}
	if (names.length === 0) throw damaged("holds no file");
	return {
		names,
		files
	};
}
/** The headers of pax (`x`, `g`), and the long names and links of GNU tar (`L`, `K`). */
const isExtension = (type) => [
	120,
	103,
	76,
	75
].includes(type);
/** `0`, in old archives the byte 0. */
const isFile = (type) => type === 48 || type === 0;
function text(header, from, length) {
	const bytes = header.subarray(from, from + length);
	const end = bytes.indexOf(0);
	return Buffer.from(end < 0 ? bytes : bytes.subarray(0, end)).toString("utf8");
}
function octal(header, from, length) {
	const digits = text(header, from, length).trim();
	return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : void 0;
}
/** The sum of the bytes of a header, those of the checksum itself as blanks. */
function checksum(header) {
	return header.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 32 : byte), 0);
}
// src/datasets/cifar-files.ts
const plane = 1024;
/** Bytes of a picture without its labels. */
const pixels = 3 * plane;
/** Bytes of a picture with its labels. */
function recordBytes({ labels }) {
	return Object.keys(labels).length + pixels;
}
/** Bytes of a file on this machine. @throws UserError where it is missing, or not fetched yet */
function sizeOfFile(place) {
	return look(place).size;
}
/**
* Looks at the files of a set: of a folder at their lengths and first bytes alone, while an archive is unpacked in
* memory.
*
* @throws UserError where one is missing, or cannot be what it should be
*/
function findCifar(layout, source) {
	return "folder" in source ? inFolder(layout, source.folder) : inArchive(layout, source.archive);
}
function partsOf({ train, test }) {
	return [...train.map((name) => ({
		name,
		part: "train"
	})), ...test.map((name) => ({
		name,
		part: "test"
	}))];
}
/** Paths of all files of a set in a folder. */
function pathsIn(layout, folder) {
	return partsOf(layout).map(({ name }) => resolve(folder, name));
}
function inFolder(layout, folder) {
	proveComplete(layout, folder, namesInFolder(folder));
	return { files: partsOf(layout).map(({ name, part }) => {
		const place = { path: join(folder, name) };
		const { size, begin } = look(place);
		return {
			name,
			part,
			count: countIn(layout, {
				name,
				size,
				begin
			}),
			read: () => readBytes(place)
		};
	}) };
}
function inArchive(layout, place) {
	const { bytes: packed, file } = readBytes(place);
	const archive = unpacked(place, packed);
	const parts = partsOf(layout);
	const { names, files } = tarMembers(place, archive, new Set(parts.map(({ name }) => name)));
	proveComplete(layout, nameOf(place), names);
	return {
		files: parts.map(({ name, part }) => {
			const bytes = files.get(name);
			return {
				name,
				part,
				count: countIn(layout, seen(name, bytes)),
				read: () => ({ bytes })
			};
		}),
		archive: {
			file,
			unpacked: archive.length
		}
	};
}
/** Its length and its first bytes. */
function look(place) {
	try {
		const handle = openFile(place.path);
		try {
			const begin = /* @__PURE__ */ new Uint8Array(16);
			return {
				size: fstatSync(handle).size,
				begin: begin.subarray(0, readSync(handle, begin))
			};
		} finally {
			closeSync(handle);
		}
	} catch (error) {
		throw explainUnread(place, error);
	}
}
/**
* @param names of what is there
* @throws UserError where a file of the set is not, with what seems to be there instead
*/
function proveComplete(layout, where, names) {
	const there = new Set(names);
	const missing = partsOf(layout).filter(({ name }) => !there.has(name));
	if (missing.length === 0) return;
	const { title, folder, archive } = layout;
	const foreign = Object.entries(layout.foreign).find(([, all]) => all.every((name) => there.has(name)));
	if (foreign !== void 0) throw failure("foreign-version", `${where} holds ${title} in its version for ${foreign[0]} (${foreign[1].join(", ")})`, `Fetch the binary version, ${archive.name}: ${archive.url}`);
	const other = cifarLayouts.find((one) => one !== layout && partsOf(one).every(({ name }) => there.has(name)));
	if (other !== void 0) throw failure("another-set", `${where} holds ${other.title}, not ${title}`, `Write \`${other.name}\` in place of \`${layout.name}\`, or name the folder of ${title}.`);
	const wayOut = () => {
		if (there.has(folder)) return `Did you mean \`${join(where, folder)}\`?`;
		if (there.has(archive.name)) return `Write \`archive: ${join(where, archive.name)}\`, or unpack it.`;
		return `${archive.name} has all of them, in ${folder}/: ${archive.url}`;
	};
	const shown = missing.map(({ name }) => name).join(", ");
	throw failure("set-incomplete", `${where} does not hold ${shown}`, wayOut());
}
function seen(name, bytes) {
	return {
		name,
		size: bytes.length,
		begin: bytes.subarray(0, 16)
	};
}
/** How many pictures a file of a set holds. @throws UserError where that is no whole number above 0 */
function countIn(layout, { name, size, begin }) {
	const record = recordBytes(layout);
	if (size > 0 && size % record === 0) return size / record;
	const { archive, title } = layout;
	const isPickle = begin[0] === 128 && begin[1] >= 2 && begin[1] <= 5;
	if (isPickle || Buffer.from(begin).toString("latin1").startsWith("MATLAB")) throw failure("foreign-version", `${name} is of the version of ${title} for ${isPickle ? "Python" : "Matlab"}`, `Fetch the binary version, ${archive.name}: ${archive.url}`);
	const other = cifarLayouts.find((one) => one !== layout && size > 0 && size % recordBytes(one) === 0);
	if (other !== void 0) throw failure("another-set", `${name} has the length of pictures of ${other.title}, not of ${title}`, `Write \`${other.name}\` in place of \`${layout.name}\`.`);
	const part = layout.test.includes(name) ? "test" : "train";
	throw failure("cifar-length", size === 0 ? `${name} is empty` : `${name} has ${showCount(size)} bytes, which are no whole number of pictures of ${showCount(record)} bytes`, `Get it again: as published it has ${showCount(layout.pictures[part] * record)} bytes.`);
}
/**
* Reads the pictures of a file, which has all reds, then all greens, then all blues of each, row by row.
*
* @param wanted the list of classes that is learnt
* @param into where they are written to, from the picture `first` on
* @returns what proves which file it was
* @throws UserError where a label has no class, or the file has become another since it was looked at
*/
function* readPictures(layout, one, { wanted, into: { images, labels }, first }) {
	const { bytes, file } = readWhole(layout, one);
	const record = recordBytes(layout);
	for (let picture = 0; picture < one.count; picture++) {
		labels[first + picture] = labelOf$1(layout, one, {
			bytes,
			picture,
			wanted
		});
		let from = (picture + 1) * record - pixels;
		const begin = (first + picture) * pixels;
		for (let to = begin; to < begin + pixels; to += 3, from++) {
			images[to] = bytes[from];
			images[to + 1] = bytes[from + plane];
			images[to + 2] = bytes[from + 2 * plane];
		}
		if (picture % 1e3 === 999) yield;
	}
	return file;
}
/** The labels of a file alone. @throws UserError as readPictures */
function readLabels(layout, one, wanted) {
	const { bytes } = readWhole(layout, one);
	return Uint8Array.from({ length: one.count }, (_, picture) => labelOf$1(layout, one, {
		bytes,
		picture,
		wanted
	}));
}
function readWhole(layout, one) {
	const found = one.read();
	const { bytes } = found;
	if (countIn(layout, seen(one.name, bytes)) !== one.count) throw failure("cifar-length", `${one.name} became another file while it was read`, "Run it again.");
	return found;
}
/** The label that is wanted of a picture; all of them are proven, as a damaged file shows in any. */
function labelOf$1(layout, { name }, { bytes, picture, wanted }) {
	let found = 0;
	let at = picture * recordBytes(layout);
	for (const [kind, classes] of Object.entries(layout.labels)) {
		const label = bytes[at++];
		if (label >= classes.length) throw failure("label-beyond-set", `${name}, picture ${showCount(picture + 1)}: the ${kind === "label" ? "" : `${kind} `}label is ${label}, and those of ${layout.title} are 0 to ${classes.length - 1}`, `The file is damaged, or of another kind: get it again (${layout.archive.url}).`);
		if (kind === wanted) found = label;
	}
	return found;
}
// src/datasets/cifar.ts
/** Small photographs of ten kinds of things. */
const cifar10 = defineDataset({
	...cifar10Face,
	...rowOf(cifar10Layout)
});
/** Small photographs of a hundred kinds of things. */
const cifar100 = defineDataset({
	...cifar100Face,
	...rowOf(cifar100Layout)
});
/** What the row of a set has beside its options. */
function rowOf(layout) {
	const { url, sha256 } = layout.archive;
	return {
		describe: (given, base, division = {}) => orMisfit(() => described(layout, given, base, division), {
			inputs: ["input"],
			targets: imagesOf(layout, given).targets
		}),
		named: ({ folder, archive = {
			url,
			sha256
		} }) => [folder ?? archive],
		files: (given, base) => {
			const source = sourceOf(layout, given, base);
			return "folder" in source ? pathsIn(layout, source.folder) : [source.archive.path];
		},
		load: (given, base, _, signal) => inTurns(inOption(at$2(layout, given), () => load$1(layout, given, base)), signal),
		rows: pictureRows
	};
}
function at$2({ name }, { folder, archive }) {
	if (folder === void 0 && archive === void 0) return ["source"];
	return [
		"source",
		name,
		folder === void 0 ? "archive" : "folder"
	];
}
/** @throws UserError where both a folder and an archive are named, or the address is none */
function sourceOf({ name, archive: published }, given, base) {
	const { folder, archive } = given;
	if (folder !== void 0 && archive !== void 0) throw failure("folder-and-archive", `\`${name}\` is to be read from a folder and from an archive`, "Leave one of `folder` and `archive` out.");
	if (folder !== void 0) return { folder: resolve(base, folder) };
	if (archive !== void 0) return { archive: locate(archive, base) };
	return { archive: locate({
		url: published.url,
		sha256: published.sha256
	}, base) };
}
/** The key of the list of classes that is learnt. */
const wantedOf = ({ labels = "label" }) => labels;
function imagesOf(layout, given) {
	return labelledImages([
		32,
		32,
		3
	], layout.labels[wantedOf(given)]);
}
/** Files that have no more bytes together are read when they are described. */
const readAtOnce = 1 << 20;
function described(layout, given, base, division) {
	const path = at$2(layout, given);
	const { source, isPublished } = atOption(path, () => publishedOr(layout, sourceOf(layout, given, base)));
	const labelsOf = (files) => {
		const of = (part) => joined(files.filter((file) => file.part === part).map((file) => readLabels(layout, file, wantedOf(given))));
		return atOption(path, () => ({
			train: of("train"),
			test: of("test")
		}));
	};
	if (isPublished) {
		const count = publishedCount(layout);
		return withinMemory({
			...specOf$4(layout, given, count),
			reading: layout.archive.bytes + 2 * (count.train + count.test) * pixels,
			labels: () => labelsOf(atOption(path, () => findCifar(layout, source)).files)
		});
	}
	const found = atOption(path, () => findCifar(layout, source));
	const { files } = found;
	const count = countsOf(files);
	const bounded = withinMemory({
		...specOf$4(layout, given, count),
		reading: readingOf(found),
		labels: () => labelsOf(files)
	});
	if ("code" in bounded || (count.train + count.test) * 3072 > readAtOnce) return bounded;
	return withClassWarnings(bounded, division, {
		train: path,
		test: path
	});
}
/**
* Whether an archive is the published one, so that what it holds is known without unpacking it: by the hash that it
* must have, or by its length, which makes that hash what it must have.
*/
function publishedOr({ archive: published }, source) {
	if ("folder" in source) return {
		source,
		isPublished: false
	};
	const { sha256 = published.sha256, ...place } = source.archive;
	const isPublished = sizeOfFile(source.archive) === published.bytes && sha256 === published.sha256;
	return isPublished ? {
		source: { archive: {
			...place,
			sha256
		} },
		isPublished
	} : {
		source,
		isPublished
	};
}
function publishedCount({ train, test, pictures }) {
	return {
		train: train.length * pictures.train,
		test: test.length * pictures.test
	};
}
function countsOf(files) {
	const of = (part) => files.reduce((sum, file) => file.part === part ? sum + file.count : sum, 0);
	return {
		train: of("train"),
		test: of("test")
	};
}
/** Bytes beside the samples while they are made: the longest file, or the archive and what it unpacks to, twice. */
function readingOf({ files, archive }) {
	if (archive !== void 0) return archive.file.bytes + 2 * archive.unpacked;
	return Math.max(...files.map(({ count }) => count)) * pixels;
}
function specOf$4(layout, given, count) {
	const { train, test } = publishedCount(layout);
	const spec = {
		...imagesOf(layout, given),
		count
	};
	if (count.train === train && count.test === test) return spec;
	const warning = {
		code: "not-as-published",
		problem: `${layout.title} has ${showCount(train)} pictures to train on and ${showCount(test)} for the test, and the files hold ${showCount(count.train)} and ${showCount(count.test)}`,
		hint: "Nothing is wrong where a part of it is meant; otherwise get the files again.",
		path: at$2(layout, given)
	};
	return {
		...spec,
		warnings: [warning]
	};
}
function* load$1(layout, given, base) {
	const { source } = publishedOr(layout, sourceOf(layout, given, base));
	const { files, archive } = findCifar(layout, source);
	const read = [];
	const part = function* (name) {
		const own = files.filter((file) => file.part === name);
		const count = countsOf(files)[name];
		const into = {
			images: new Uint8Array(count * pixels),
			labels: new Uint8Array(count)
		};
		let first = 0;
		for (const file of own) {
			yield;
			const proof = yield* readPictures(layout, file, {
				wanted: wantedOf(given),
				into,
				first
			});
			if (proof !== void 0) read.push(proof);
			first += file.count;
		}
		return {
			inputs: [into.images],
			targets: [into.labels],
			count
		};
	};
	const [train, test] = [yield* part("train"), yield* part("test")];
	return {
		name: layout.name,
		spec: specOf$4(layout, given, countsOf(files)),
		train,
		test,
		files: archive === void 0 ? read : [archive.file],
		origin: { place: (name, row) => placeOf(files.filter((file) => file.part === name), row) }
	};
}
/** The file that a sample is in, and where. */
function placeOf(files, row) {
	const [file, ...more] = files;
	return row < file.count ? {
		file: file.name,
		sample: row + 1
	} : placeOf(more, row - file.count);
}
function joined(parts) {
	return new Uint8Array(Buffer.concat(parts));
}
// src/datasets/fashion-mnist.ts
const classes = [
	"T-shirt/top",
	"Trouser",
	"Pullover",
	"Dress",
	"Coat",
	"Sandal",
	"Shirt",
	"Sneaker",
	"Bag",
	"Ankle boot"
];
/** Where Keras fetches the four files, byte for byte those of Xiao, Rasul and Vollgraf. */
const address = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/";
/** Their SHA-256, by Keras (keras/src/datasets/fashion_mnist.py) and TensorFlow Datasets (url_checksums). */
const published = {
	trainImages: ["train-images-idx3-ubyte", "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"],
	trainLabels: ["train-labels-idx1-ubyte", "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"],
	testImages: ["t10k-images-idx3-ubyte", "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"],
	testLabels: ["t10k-labels-idx1-ubyte", "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"]
};
/** Photographs of clothes: the whole of Fashion-MNIST, fetched once, or of one's own folder. */
const fashionMnist = defineDataset({
	...fashionFace,
	describe: (options, base, division) => orMisfit(() => {
		const found = proven(options, base);
		const spec = describeIdx(found.sources, classes, () => at$1(options), division);
		return isMisfit(spec) ? spec : withWarning(options, spec, found);
	}, {
		inputs: ["input"],
		targets: labelledImages([], classes).targets
	}),
	named: ({ folder }) => folder === void 0 ? keys.map(addressOf) : [folder],
	files: (options, base) => Object.values(sourcesOf(options, base)).map(({ path }) => path),
	load: (options, base, _, signal) => inTurns(load(options, base), signal),
	rows: pictureRows
});
function* load(options, base) {
	const found = proven(options, base);
	const dataset = yield* readIdxDataset("fashionMnist", found.sources, classes);
	return {
		...dataset,
		spec: withWarning(options, dataset.spec, found)
	};
}
const keys = [
	"trainImages",
	"trainLabels",
	"testImages",
	"testLabels"
];
const at$1 = ({ folder }) => folder === void 0 ? ["source"] : [
	"source",
	"fashionMnist",
	"folder"
];
function addressOf(key) {
	const [name, sha256] = published[key];
	return {
		url: `${address}${name}.gz`,
		sha256
	};
}
function sourcesOf({ folder }, base) {
	const placeOf = (key) => {
		if (folder === void 0) return locate(addressOf(key), base);
		const path = join(resolve(base, folder), published[key][0]);
		return { path: statOf(path)?.isDirectory() === false || !existsSync(`${path}.gz`) ? path : `${path}.gz` };
	};
	return {
		trainImages: placeOf("trainImages"),
		trainLabels: placeOf("trainLabels"),
		testImages: placeOf("testImages"),
		testLabels: placeOf("testLabels")
	};
}
function withWarning(options, spec, { isPublished }) {
	if (isPublished && [void 0, 1e4].includes(spec.count?.test)) return spec;
	return {
		...spec,
		warnings: [...spec.warnings ?? [], anotherSet(options, spec)]
	};
}
/** What files that are called alike hold may be another set, such as Kuzushiji-MNIST, of the same sizes even. */
function anotherSet({ folder }, { count }) {
	return {
		code: "not-as-published",
		problem: `Fashion-MNIST has 60,000 pictures to train on and 10,000 for the test, and ${folder} holds ${showCount(count.train)} and ${showCount(count.test)}, or begins with other labels`,
		hint: "Nothing is wrong where a part of it is meant; another set called alike (EMNIST, KMNIST) is read by `idx`.",
		path: at$1({ folder })
	};
}
/** The first labels of Fashion-MNIST: an ankle boot, two T-shirts, ... */
const firstLabels = [
	9,
	0,
	0,
	3,
	0,
	2,
	7,
	2,
	5,
	5
];
/** Bytes of the labels of all, and their header. */
const [labelsInFile, header] = [6e4, 8];
/** @throws UserError where a file is missing, or they are those of MNIST, which are called alike */
function proven(options, base) {
	const { folder } = options;
	const sources = sourcesOf(options, base);
	if (folder === void 0) return {
		sources,
		isPublished: true
	};
	return atOption(at$1(options), () => {
		const names = namesInFolder(resolve(base, folder));
		const missing = keys.filter((key) => !existsSync(sources[key].path)).map((key) => `${published[key][0]}${names.some((name) => name.endsWith(".gz")) ? ".gz" : ""}`);
		if (missing.length > 0) throw failure("set-incomplete", `${folder} does not hold ${missing.join(", ")}`, "Put all four files of Fashion-MNIST into one folder, named as they were published; without `folder` they are fetched. Files called otherwise: `idx`.");
		const { bytes } = readUnpacked(sources.trainLabels);
		if (createHash("sha256").update(bytes).digest("hex") === mnistHashes.trainLabels[1]) throw failure("another-set", `${folder} holds the digits of MNIST, whose files are called as those of Fashion-MNIST are`, "Name the folder of Fashion-MNIST; for digits write `source: mnist`.");
		const first = bytes.subarray(header, header + firstLabels.length);
		return {
			sources,
			isPublished: bytes.length === header + labelsInFile && firstLabels.every((label, k) => label === first[k])
		};
	});
}
// src/datasets/folder-target.ts
/**
* The one target that sub-folders of pictures can say, with its classes.
*
* @param targets what the options say @param tops the folders with the sub-folders
* @param folder that the path counts from
* @throws WrongOption where they say what no folder does, or numbers of which the names are none
*/
function settledFolder(targets, tops, folder) {
	const [[name, kind] = ["", "number"], ...more] = Object.entries(targets);
	if (Array.isArray(kind)) return [name, kind];
	const isOrdered = typeof kind === "object" && Object.keys(kind).join() === "ordinal";
	if (more.length > 0 || kind !== "fromData" && !isOrdered) throw new WrongOption(at$3("targets"), failure("targets-need-table", "a sub-folder says one class of its pictures, and `targets` asks for something else", "Name a table of paths with a column for each target: `table: FILE.csv`. Of folders in order: `targets: { quality: { ordinal: [bad, fair, good] } }`."));
	if (isOrdered && Array.isArray(kind.ordinal)) return [name, { ordinal: kind.ordinal }];
	const names = atOption(at$3("folder"), () => tops.flatMap((top) => listSubfolders(resolve(folder, top)).names));
	const classes = inOrder([...new Set(names)]);
	if (!isOrdered) return [name, classes];
	proveOrder(name, classes, at$3("targets", name));
	return [name, { ordinal: classes }];
}
// src/datasets/targeted-pictures.ts
/** The options with every list that is left to the table. @throws WrongOption where it cannot be read, or has none */
function settledTargeted(given, folder) {
	return {
		...given,
		targets: listed(given, folder).targets
	};
}
/** Paths of the tables, and of all pictures that they name. @throws WrongOption as settledTargeted */
function filesOfTargeted(given, folder) {
	const { table, test } = given;
	return [...[table, ...typeof test === "number" ? [] : [test]].map((name) => resolve(folder, name)), ...listed(given, folder).paths];
}
function listed(given, folder) {
	return atOnce(placing("images", list$2(given, folder)));
}
function* list$2(given, folder) {
	proveTargets(given.targets);
	const { path = "file", table, test } = given;
	const base = folderOfPaths(given.folder, pictureFiles);
	const options = {
		path,
		...base !== void 0 && { folder: base }
	};
	const open = (option, name) => atOption(at$3(option), () => readPaths(options, name, {
		folder,
		sort: pictureFiles
	}));
	const parts = [open("table", table), ...typeof test === "number" ? [] : [open("test", test)]];
	const tables = parts.map((one) => one.table);
	const targets = yield* settledTargets(tables, given.targets);
	const kinds = Object.entries(targets);
	const values = [];
	for (const [name, kind] of kinds) {
		const ofTables = [];
		for (const one of tables) ofTables.push(yield* placing("images", valuesIn(one, name, kind)));
		values.push(ofTables.reduce((all, more) => joinedValues(all, more)));
	}
	const numbers = kinds.filter(([, kind]) => kind === "number").map(([name]) => name);
	for (const [k, one] of tables.entries()) yield* inOption(at$3(k === 0 ? "table" : "test"), () => provePoints(one, tables, numbers));
	return {
		tables,
		paths: parts.flatMap((one) => one.paths),
		trained: tables[0].count,
		targets,
		specs: kinds.map(([name, kind]) => targetSpec(name, kind, void 0)),
		values
	};
}
/** @throws WrongOption where a cell is missing, or none that the target takes */
function* valuesIn(table, name, kind) {
	const path = at$3("targets", name);
	const missing = /* @__PURE__ */ new Map();
	for (const column of columnsOfTarget(name, kind)) placeIn(table, column, ...path);
	if (isTextOption(kind)) throw new WrongOption(path, failure("wrong-target", `\`${shorten(name)}\` is a text, which is no target of pictures`, "Texts are answers to rows of a table: `csv`, `jsonl` or `parquet`."));
	try {
		const values = yield* valuesOfTarget(table, name, kind, missing);
		const [first] = missing;
		if (first === void 0) return values;
		const [column, { count, row }] = first;
		throw failure("missing-label", `${table.name} has ${count} ${count === 1 ? "picture" : "pictures"} without a value of \`${shorten(column)}\`, the first on ${table.spotOf(row)}`, "Fill it, or remove the line: nothing is learnt of a picture of which nobody says what is right.");
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
		const { code, message, hint } = error.diagnostics[0];
		const isOfTables = hint?.includes("`prepare`") === true;
		throw new WrongOption(path, isOfTables ? failure(code, message, "Correct the cell, or remove its line.") : error);
	}
}
function check$2({ paths }, folder, given) {
	const checked = atOption(at$3("table"), () => checkPictures(paths, folder, given));
	return {
		checked,
		rows: Uint32Array.from(paths.keys()).filter((row) => !checked.skipped.has(paths[row]))
	};
}
function specOf$3({ specs, trained }, { checked, rows }, { test }, fold) {
	const drawsTest = typeof test === "number";
	const tested = drawsTest ? testSize(test, rows.length, fold) : rows.filter((row) => row >= trained).length;
	if (tested === 0 || tested === rows.length) throw new WrongOption(at$3("test"), failure("no-test-samples", `${rows.length} pictures leave none for the test`, "Raise `test`, or add pictures."));
	return fromPictures({
		...labelledImages(checked.shape, []),
		targets: specs,
		...checked.decoder && { decoder: checked.decoder },
		...drawsTest && { drawsTest: true },
		count: {
			train: rows.length - tested,
			test: tested
		}
	});
}
/** What pictures of a table hold, before any of them is read. @throws UserError as settledTargeted, and of heads */
function describeTargeted(given, folder, { split, seed }) {
	const all = listed(given, folder);
	const usable = check$2(all, folder, given);
	const spec = specOf$3(all, usable, given, split?.fold);
	const { paths, trained, specs, values } = all;
	const { glances, warnings } = usable.checked;
	const ofTable = new Set(paths.slice(0, trained));
	const rowOf = new Map(paths.map((path, row) => [path, row]));
	const classes = specs.flatMap((target, k) => target.kind === "class" ? [{
		target,
		all: values[k]
	}] : []);
	const copies = warnOfCopies(glances.filter(({ path }) => ofTable.has(path)), glances.filter(({ path }) => !ofTable.has(path)), {
		from: folder,
		classOf: (path) => classes.map((one) => rowsOfTarget(one.all, one.target, Uint32Array.of(rowOf.get(path))).join()).join(" ")
	});
	const strange = split === void 0 || seed === void 0 ? [] : partWarnings(all, usable, given, {
		split,
		seed
	});
	return withWarnings(spec, [
		...warnings,
		...copies,
		...strange
	]);
}
/** What is strange about the values of the parts that the pictures will be divided into. */
function partWarnings(all, { rows }, given, { split, seed }) {
	const { specs, values } = all;
	const { train, test } = divide$1(all, rows, given, {
		split,
		seed
	});
	const picked = { targets: specs.map((target, k) => rowsOfTarget(values[k], target, rowsAt(train))) };
	const left = afterTest(split, { ...typeof given.test === "number" && { drawsTest: true } });
	const wanted = validationCount(left, train.length);
	const parted = splitSamples({
		...picked,
		count: train.length
	}, specs, {
		...left,
		validation: wanted < train.length ? wanted : 0
	}, seed);
	const learnt = parted.train.map((place) => rowsAt(train)[place]);
	const fitted = specs.map((_, k) => {
		const numbers = values[k];
		return numbers instanceof Float64Array ? [fitScale(numbers, learnt)] : void 0;
	});
	return [...constantTargets(specs, fitted, learnt.length), ...classWarnings(specs, [
		{
			name: "training",
			targets: values,
			rows: learnt
		},
		{
			name: "validation",
			targets: values,
			rows: parted.validation.map((place) => rowsAt(train)[place])
		},
		{
			name: "test",
			targets: values,
			rows: rowsAt(test)
		}
	])].map((warning) => ({
		...warning,
		path: at$3("targets")
	}));
	function rowsAt(places) {
		return places.map((place) => rows[place]);
	}
}
/** Which pictures train and which test, by their places among the usable ones. */
function divide$1({ specs, values, trained }, rows, { test }, { split, seed }) {
	const labels = values[stratifiedBy(specs)];
	const isTest = typeof test === "number" ? chooseRows({
		count: rows.length,
		wanted: testSize(test, rows.length, split.fold),
		labels: labels && Uint8Array.from(rows, (row) => labels[row]),
		options: split,
		seed,
		purpose: "test"
	}) : Uint8Array.from(rows, (row) => Number(row >= trained));
	const places = Uint32Array.from(rows.keys());
	return {
		train: places.filter((place) => isTest[place] === 0),
		test: places.filter((place) => isTest[place] === 1)
	};
}
/** The pictures one by one, in the order of the tables. @throws UserError as describeTargeted */
function openTargeted(given, folder, seed, split = {
	validation: 0,
	stratified: true
}) {
	const all = listed(given, folder);
	const { checked, rows } = check$2(all, folder, given);
	const { specs, values, tables } = all;
	const paths = Array.from(rows, (row) => all.paths[row]);
	const valuesOf = (sample) => specs.map((target, k) => {
		const size = sizeOf(target.shape);
		const own = values[k].slice(rows[sample] * size, (rows[sample] + 1) * size);
		return own instanceof Uint8Array ? own : new Uint8Array(own.buffer);
	});
	return {
		name: "images",
		spec: specOf$3(all, {
			checked,
			rows
		}, given, split.fold),
		folder,
		paths: paths.map((path) => [path]),
		listed: all.paths.length,
		madeBy: {
			resize: given.resize,
			channels: given.channels,
			onError: given.onError,
			shape: checked.shape,
			targets: specs,
			values: specs.map((target, k) => [...rowsOfTarget(values[k], target, rows)])
		},
		place: (sample) => ({ file: relative(folder, paths[sample]) }),
		read: async (sample) => {
			const path = paths[sample];
			try {
				const { values: picture, file } = await readPrepared(path, checked.shape, given);
				return {
					values: [picture, ...valuesOf(sample)],
					files: [{
						...file,
						name: relative(folder, path)
					}]
				};
			} catch (error) {
				if (!(error instanceof UserError) || given.onError !== "skip") throw error;
				return {
					path,
					error
				};
			}
		},
		divide: (usable) => divide$1(all, usable.map((sample) => rows[sample]), given, {
			split,
			seed
		}),
		describeFiles: (usable, files) => [...tables.flatMap((table) => table.files), folderFile("images", [...usable].flatMap((sample) => files(sample)))]
	};
}
// src/datasets/images.ts
/** Pictures of the user's with a class each. */
const images = defineDataset({
	...imagesFace,
	describe: (given, folder, division = {}) => orMisfit(() => {
		if (isTargeted(given)) return describeTargeted(given, folder, division);
		return atOption(at$3(given.table === void 0 ? "folder" : "table"), () => {
			const listed = list$1(given, folder);
			const { checked, found } = check$1(listed, folder, given);
			const paths = new Set(listed.train.flat());
			const { shape, glances, warnings, decoder } = checked;
			const copies = warnOfCopies(glances.filter(({ path }) => paths.has(path)), glances.filter(({ path }) => !paths.has(path)), {
				from: folder,
				classOf: classesOf(listed)
			});
			const spec = withWarnings(specOf$2(found, shape, {
				decoder,
				target: targetOf(given, folder),
				fold: division.split?.fold
			}), [
				...warnOfLeftOut(found.listings, folder),
				...warnOfAlikeNames(found.classes),
				...warnings,
				...copies
			]);
			const labels = () => labelsOf$1(found, division);
			return withClassWarnings({
				...spec,
				labels
			}, division, {
				train: at$3("folder"),
				test: at$3("test")
			});
		});
	}),
	settle: (given, folder) => {
		if (given.targets === void 0) return given;
		if (isTargeted(given)) return settledTargeted(given, folder);
		const settled = ofFolder(given, folder);
		return settled === void 0 ? given : {
			...given,
			targets: Object.fromEntries([settled])
		};
	},
	named: ({ folder, table, test }) => [
		...table === void 0 ? [] : [table],
		...[folder ?? folderOfTable(table ?? ".", void 0)].flat(),
		...typeof test === "number" ? [] : [test]
	],
	files: (given, folder) => {
		if (isTargeted(given)) return filesOfTargeted(given, folder);
		const { train, test, tables } = list$1(given, folder);
		return [...tables, ...[...train, ...Array.isArray(test) ? test : []].flat()];
	},
	load: async (given, folder, seed, signal, split) => inMemory(imagePieces.open(given, folder, seed, split), signal),
	rows: (trained) => {
		const { table, path = "file", label = "label", targets } = trained.options;
		const columns = table === void 0 ? void 0 : {
			path,
			...targets === void 0 && { label }
		};
		return pictureRows(trained, trained.options, columns);
	}
});
/** The pictures, read one by one. */
const imagePieces = { open: open$1 };
/** Whether a table says what is to be predicted. @throws WrongOption where `label` or `classes` say it, too */
function isTargeted(given) {
	const { targets, table, label, classes } = given;
	if (targets === void 0) return false;
	if (label !== void 0 || classes.length > 0) throw new WrongOption(at$3("targets"), failure("targets-said-twice", `\`targets\` says what is to be predicted, and so does \`${label === void 0 ? "classes" : "label"}\``, "Keep one: `targets: { COLUMN: [a, b] }` lists classes, too."));
	return table !== void 0;
}
/** What sub-folders say, where `targets` says how. */
function ofFolder({ targets, folder: top }, folder) {
	return targets === void 0 || top === void 0 ? void 0 : settledFolder(targets, [top].flat(), folder);
}
function targetOf(given, folder) {
	const settled = ofFolder(given, folder);
	return settled && targetSpec(...settled, void 0);
}
function list$1(given, folder) {
	const target = targetOf(given, folder);
	return listClassed({
		...given,
		...target?.kind === "class" && { classes: target.classes }
	}, folder, pictureFiles);
}
/** Looks at the heads of pictures, and leaves out those that are to be skipped. */
function check$1(listed, folder, given) {
	const all = [...listed.train.flat(), ...typeof listed.test === "number" ? [] : listed.test.flat()];
	const checked = checkPictures(all, folder, given);
	const { skipped } = checked;
	if (skipped.size === 0) return {
		checked,
		found: listed
	};
	const left = (classes) => classes.map((paths) => paths.filter((path) => !skipped.has(path)));
	const { train, test } = listed;
	return {
		checked,
		found: {
			...listed,
			train: left(train),
			test: typeof test === "number" ? test : left(test)
		}
	};
}
const noTest = (total) => new WrongOption(at$3("test"), failure("no-test-samples", `${total} pictures leave none for the test`, "Raise `test`, or add pictures."));
/** @param target what `label` is instead, where the options say so */
function specOf$2(found, shape, { decoder, target, fold }) {
	const count = countsOf$1(found, fold);
	if (count.test === 0) throw noTest(count.train);
	return fromPictures({
		...labelledImages(shape, found.classes),
		...target && { targets: [target] },
		...decoder && { decoder },
		...typeof found.test === "number" && { drawsTest: true },
		count
	});
}
/** The pictures one by one, class after class, those of a test of its own last. */
function open$1(given, folder, seed, split) {
	if (isTargeted(given)) return openTargeted(given, folder, seed, split);
	const listed = list$1(given, folder);
	const { checked, found } = check$1(listed, folder, given);
	const { classes } = found;
	const own = typeof found.test === "number" ? [] : found.test;
	const placed = [found.train, own].flatMap((part, second) => part.flatMap((paths, label) => paths.map((path) => ({
		path,
		label,
		isTest: second === 1
	}))));
	const nameOf = (sample) => {
		const { path, label } = placed[sample];
		return found.sources === void 0 ? `${classes[label]}/${basename(path)}` : relative(folder, path);
	};
	const takeTest = (labels, share) => split?.fold === void 0 ? takeShare(labels, classes, share, seedOf(seed, "images")) : takeFold(Uint8Array.from(labels), split.fold, {
		split,
		seed
	});
	return {
		name: "images",
		spec: specOf$2(found, checked.shape, {
			decoder: checked.decoder,
			target: targetOf(given, folder),
			fold: split?.fold
		}),
		folder,
		paths: placed.map(({ path }) => [path]),
		listed: [...listed.train, ...typeof listed.test === "number" ? [] : listed.test].flat().length,
		madeBy: {
			resize: given.resize,
			channels: given.channels,
			onError: given.onError,
			shape: checked.shape,
			classes,
			labels: placed.map(labelOf)
		},
		...found.sources && { sources: {
			...found.sources,
			placeOf: (sample) => found.sources.placeOf(placed[sample].path)
		} },
		place: (sample) => ({ file: nameOf(sample) }),
		read: async (sample) => {
			const { path, label } = placed[sample];
			try {
				const { values, file } = await readPrepared(path, checked.shape, given);
				return {
					values: [values, Uint8Array.of(label)],
					files: [{
						...file,
						name: nameOf(sample)
					}]
				};
			} catch (error) {
				if (!(error instanceof UserError) || given.onError !== "skip") throw error;
				return {
					path,
					error
				};
			}
		},
		divide: (usable) => {
			const rows = Uint32Array.from(usable.keys());
			const isTest = typeof found.test === "number" ? takeTest(Array.from(usable, (sample) => placed[sample].label), found.test) : Uint8Array.from(usable, (sample) => Number(placed[sample].isTest));
			return {
				train: rows.filter((row) => isTest[row] === 0),
				test: rows.filter((row) => isTest[row] === 1)
			};
		},
		describeFiles: (usable, files) => {
			const of = (isTest) => [...usable].filter((sample) => placed[sample].isTest === isTest).flatMap((sample) => files(sample));
			return [folderFile("images", of(false)), ...own.length === 0 ? [] : [folderFile("test images", of(true))]];
		}
	};
}
const labelOf = ({ label }) => label;
// src/datasets/mask-pictures.ts
/** Leads to an option. */
const at = (option) => [
	"source",
	"masks",
	option
];
/** Pictures of the user's with a class at each pixel. */
const masks = defineDataset({
	...masksFace,
	describe: (given, folder, division = {}) => orMisfit(() => {
		const { found, checked } = check(list(given, folder), folder, given);
		const { shape, glances, warnings } = checked;
		const spec = withWarnings(specOf$1(given, checked, found.images.length, division.split?.fold), [
			...found.warnings,
			...warnings,
			...warnOfCopies(glances, [], {
				from: folder,
				classOf: () => ""
			})
		]);
		const some = found.masks.slice(0, Math.max(1, Math.floor(lookedAt / (shape[0] * shape[1] + eachMask))));
		const labels = some.map((path) => atOption(at("masks"), () => labelsOf(path, shape, given)));
		if (some.length < found.masks.length) return spec;
		const rows = divide(found.images, spec.count.test, division.split, division.seed ?? 0);
		const of = (part) => joinPictures(take(labels, part));
		return withClassWarnings({
			...spec,
			labels: () => ({
				train: of(rows.train),
				test: of(rows.test)
			})
		}, division, {
			train: at("classes"),
			test: at("classes")
		});
	}),
	named: (given) => [given.images, given.masks],
	files: (given, folder) => [...listPictures(resolve(folder, given.images)).pictures, ...listPngFiles(resolve(folder, given.masks)).pictures],
	load: async (given, folder, seed, signal, split) => inMemory(maskPieces.open(given, folder, seed, split), signal),
	rows: (trained) => pictureRows(trained, trained.options)
});
/** The pictures and their masks, read one by one. */
const maskPieces = { open };
/** The pictures one by one, each with its mask. */
function open(given, folder, seed, split) {
	const listed = list(given, folder);
	const { found, checked } = check(listed, folder, given);
	const { shape } = checked;
	const spec = specOf$1(given, checked, found.images.length, split?.fold);
	return {
		name: "masks",
		spec,
		folder,
		paths: found.images.map((path, row) => [path, found.masks[row]]),
		listed: listed.images.length,
		madeBy: {
			resize: given.resize,
			channels: given.channels,
			onError: given.onError,
			shape,
			classes: Object.values(given.classes)
		},
		place: (sample) => ({ file: basename(found.images[sample]) }),
		read: async (sample) => {
			const path = found.images[sample];
			const mask = labelsOf(found.masks[sample], shape, given);
			try {
				const { values, file } = await readPrepared(path, shape, given);
				return {
					values: [values, mask.values],
					files: [file, mask.file]
				};
			} catch (error) {
				if (!(error instanceof UserError) || given.onError !== "skip") throw error;
				return {
					path,
					error
				};
			}
		},
		divide: (usable) => {
			const all = divide(found.images, spec.count.test, split, seed);
			const rowOf = new Map([...usable].map((sample, row) => [sample, row]));
			const rows = (part) => part.filter((sample) => rowOf.has(sample)).map((sample) => rowOf.get(sample));
			return {
				train: rows(all.train),
				test: rows(all.test)
			};
		},
		describeFiles: (usable, files) => ["images", "masks"].map((name, k) => folderFile(name, Array.from(usable, (sample) => files(sample)[k])))
	};
}
/** Looks at the heads of pictures and masks, and leaves out pictures that are to be skipped. */
function check(listed, folder, given) {
	const checked = atOption(at("images"), () => checkPictures(listed.images, folder, given));
	const { skipped, shape, glances } = checked;
	const used = listed.images.map((path) => !skipped.has(path));
	const found = {
		...listed,
		images: listed.images.filter((_, row) => used[row]),
		masks: listed.masks.filter((_, row) => used[row])
	};
	const sizes = new Map(glances.map(({ path, head }) => [path, head.shape]));
	const ofMask = new Map(found.masks.map((path, row) => [path, sizes.get(found.images[row])]));
	atOption(at("masks"), () => checkMasks(found.masks, (path) => given.resize === void 0 ? shape : ofMask.get(path), folder));
	return {
		found,
		checked
	};
}
/** The classes of the pixels of a mask, brought to the size of the pictures. */
function labelsOf(path, shape, { resize, classes }) {
	const { size, ...mask } = readMask(path, resize === void 0 ? shape : void 0);
	return toClasses(path, {
		...mask,
		values: resize === void 0 ? mask.values : nearest(mask.values, size, resize)
	}, classes);
}
/** Pixels of masks that the check looks at: some hundredths of a second. What is beyond them, the run looks at. */
const lookedAt = 2 ** 24;
/** What opening a mask takes, in pixels. */
const eachMask = 2 ** 14;
/** Which pictures train, and which test. */
function divide(paths, test, split, seed) {
	if (split?.fold !== void 0) {
		const held = inFold(paths.length, split.fold, { seed });
		const rows = Uint32Array.from(paths.keys());
		return {
			train: rows.filter((row) => held[row] === 0),
			test: rows.filter((row) => held[row] === 1)
		};
	}
	const byTime = split?.order !== void 0;
	const order = byTime ? inTime(paths).toReversed() : permutation(paths.length, seedFor(seed, "data", "masks", "test"));
	const inOrder = (some) => byTime ? some.toReversed() : some.sort();
	return {
		train: inOrder(order.slice(test)),
		test: inOrder(order.slice(0, test))
	};
}
/** Where names are numbered, frame_10 comes after frame_2; indices of the paths. */
function inTime(paths) {
	const { compare } = new Intl.Collator("en", { numeric: true });
	return Uint32Array.from(paths.keys()).sort((a, b) => compare(basename(paths[a]), basename(paths[b])) || a - b);
}
/** @throws UserError when a picture has no mask */
function list(given, folder) {
	const images = atOption(at("images"), () => listPictures(resolve(folder, given.images)));
	const masks = atOption(at("masks"), () => listPngFiles(resolve(folder, given.masks)));
	const byStem = new Map(masks.pictures.map((path) => [stemOf(path), path]));
	const stems = /* @__PURE__ */ new Map();
	for (const path of images.pictures) {
		const other = stems.get(stemOf(path));
		if (other !== void 0) throw new WrongOption(at("images"), failure("repeated-picture", `${listPaths([other, path], folder)} would have one mask`, "Give each picture a name of its own, whatever its ending."));
		stems.set(stemOf(path), path);
	}
	const missing = images.pictures.filter((path) => !byStem.has(stemOf(path)));
	const extra = masks.pictures.filter((path) => !stems.has(stemOf(path)));
	if (missing.length > 0) {
		const name = basename(missing[0]);
		const stem = stemOf(name).toLowerCase();
		const alike = extra.map((path) => basename(path)).find((other) => other.toLowerCase().startsWith(stem) && !/^[a-z0-9]/i.test(other.slice(stem.length)));
		const would = alike === void 0 ? "" : `: ${join(given.masks, alike)} would be ${join(given.masks, `${stemOf(name)}.png`)}`;
		throw new WrongOption(at("masks"), failure("picture-without-mask", `${missing.length} of ${images.pictures.length} pictures have no mask in ${masks.folder}: ` + listPaths(missing, folder), `A mask has the name of its picture${would}.`));
	}
	const warnings = extra.length === 0 ? [] : [{
		code: "masks-left-out",
		problem: `left out: ${extra.length} of ${masks.pictures.length} masks belong to no picture: ` + listPaths(extra, folder),
		hint: "A mask has the name of its picture."
	}];
	return {
		images: images.pictures,
		masks: images.pictures.map((path) => byStem.get(stemOf(path))),
		warnings: [...warnOfLeftOut([images, masks], folder), ...warnings]
	};
}
const stemOf = (path) => basename(path).replace(/\.\w+$/, "");
/** Values of pixels become indices of classes. */
function toClasses(path, { values, file }, classes) {
	const indices = (/* @__PURE__ */ new Int16Array(256)).fill(-1);
	Object.values(classes).forEach((value, index) => indices[value] = index);
	const strange = values.find((value) => indices[value] < 0);
	if (strange !== void 0) throw new WrongOption(at("classes"), failure("mask-value-without-class", `${path} has the value ${strange}, which is no class`, "Name every value in `classes`."));
	return {
		values: values.map((value) => indices[value]),
		file
	};
}
function specOf$1({ classes, test: share }, { shape, decoder }, total, fold) {
	const test = testSize(share, total, fold);
	const names = Object.keys(classes);
	const twice = names.find((name, index) => names.slice(0, index).some((other) => classes[other] === classes[name]));
	if (twice !== void 0) throw new WrongOption([...at("classes"), twice], failure("repeated-class-value", `classes: \`${twice}\` has the value ${classes[twice]}, as another class does`, "Give each class a value of its own."));
	if (test === 0) throw new WrongOption(at("test"), failure("no-test-samples", `${total} ${total === 1 ? "picture leaves" : "pictures leave"} none for the test`, "Raise `test`, or add pictures."));
	return fromPictures({
		inputs: [{
			name: "input",
			shape,
			dtype: "uint8",
			scale: 1 / 255
		}],
		targets: [{
			kind: "class",
			name: "mask",
			classes: names,
			shape: shape.slice(0, 2)
		}],
		count: {
			train: total - test,
			test
		},
		drawsTest: true,
		...decoder && { decoder }
	});
}
function take(pictures, rows) {
	return Array.from(rows, (row) => pictures[row]);
}
// src/datasets/pairs.ts
/** Data sets whose samples are one image and its class. */
const labelled = {
	mnist,
	fashionMnist,
	cifar10,
	cifar100,
	idx,
	images
};
/** Two images of a set with classes, and whether they show the same. */
const pairs = defineDataset({
	...pairsFace,
	describe: ({ of, ...options }, folder) => {
		const { row, options: given } = chosenSet(of);
		const single = within(row.describe(given, folder));
		if (isUnfetched(single)) return {
			...single,
			outline: {
				inputs: sides,
				targets: targetsOf(single.outline.targets[0], options)
			}
		};
		if (isMisfit(single)) return single;
		const whole = withinMemory(single);
		if (isMisfit(whole)) return whole;
		return orMisfit(() => {
			const { targets: [label], labels } = single;
			const { train, test } = labels();
			atOption([
				"source",
				"pairs",
				"of"
			], () => [train, test].forEach((one) => provePairs(one, label.classes)));
			return withinMemory(specOf(single, options));
		});
	},
	named: ({ of }) => {
		const { row, options: given } = chosenSet(of);
		return row.named(given);
	},
	files: ({ of }, folder) => {
		const { row, options: given } = chosenSet(of);
		return row.files(given, folder);
	},
	load: async ({ of, ...options }, folder, seed, signal) => {
		const { row, options: given } = chosenSet(of);
		const single = await row.load(given, folder, seed, signal);
		const [{ classes: names }] = single.spec.targets;
		const part = (name) => inTurns(pairUp(single[name], {
			count: options[name],
			classes: options.classes,
			names,
			seed: seedFor(seed, "data", "pairs", name)
		}), signal);
		const [train, test] = [await part("train"), await part("test")];
		return {
			name: "pairs",
			spec: specOf(single.spec, options),
			train,
			test,
			files: [...single.files, await inTurns(generatedFile("pairs", [train, test]), signal)]
		};
	},
	ready: laterPictureRows.ready,
	rows: (trained) => {
		const { row, options: given } = chosenSet(trained.options.of);
		return row.rows({
			...trained,
			options: given
		});
	}
});
/** The images' options stand in `of`. */
function within(described) {
	const moved = (one) => one.path === void 0 ? one : {
		...one,
		path: [
			"source",
			"pairs",
			"of",
			...one.path.slice(1)
		]
	};
	if (isMisfit(described)) return moved(described);
	return described.warnings === void 0 ? described : {
		...described,
		warnings: described.warnings.map(moved)
	};
}
function chosenSet(of) {
	const { type, options } = chosenFrom(labelled, of);
	return {
		row: labelled[type],
		options
	};
}
const sides = ["left", "right"];
function specOf(single, { train, test, classes }) {
	const { inputs: [image], targets: [label], reading = 0, warnings, decoder } = single;
	return {
		inputs: sides.map((name) => ({
			...image,
			name
		})),
		targets: targetsOf(label, { classes }),
		count: {
			train,
			test
		},
		reading: bytesOf(single) + reading,
		...decoder && { decoder },
		...warnings === void 0 ? {} : { warnings }
	};
}
function targetsOf(label, { classes }) {
	return [{
		kind: "class",
		name: "same",
		classes: ["different", "same"],
		shape: []
	}, ...classes ? sides.map((side) => ({
		...label,
		name: `${side}Class`
	})) : []];
}
/** Every image stands on the left before one does so again; beside every second, another of its class. */
function* pairUp({ inputs: [images], targets: [labels], count: total }, { count, classes, names, seed }) {
	const size = images.length / total;
	provePairs(labels, names);
	const partnerOf = partners(labels, names, seed);
	const order = permutation(total, seedFor(seed, "left"));
	const [left, right] = [new Uint8Array(count * size), new Uint8Array(count * size)];
	const [same, leftClass, rightClass] = [
		new Uint8Array(count),
		new Uint8Array(count),
		new Uint8Array(count)
	];
	for (let pair = 0; pair < count; pair++) {
		if (pair % 256 === 0) yield;
		const alike = pair % 2 === 1;
		const first = order[pair % total];
		const second = partnerOf(first, alike);
		left.set(images.subarray(first * size, (first + 1) * size), pair * size);
		right.set(images.subarray(second * size, (second + 1) * size), pair * size);
		[same[pair], leftClass[pair], rightClass[pair]] = [
			Number(alike),
			labels[first],
			labels[second]
		];
	}
	return {
		inputs: [left, right],
		targets: classes ? [
			same,
			leftClass,
			rightClass
		] : [same],
		count
	};
}
/**
* Draws another sample of the same class, or one of the others. In the order of the classes, the samples of one class
* stand together: a draw passes over those that it must not give.
*/
function partners(labels, names, seed) {
	const random = randomIntegers(seed);
	const sorted = Uint32Array.from(labels.keys()).sort((a, b) => labels[a] - labels[b] || a - b);
	const places = new Uint32Array(sorted.length);
	const [starts, sizes] = [names.map(() => 0), names.map(() => 0)];
	sorted.forEach((row, place) => {
		places[row] = place;
		if (sizes[labels[row]]++ === 0) starts[labels[row]] = place;
	});
	return (row, alike) => {
		const [start, size] = [starts[labels[row]], sizes[labels[row]]];
		if (alike) {
			const drawn = start + random(size - 1);
			return sorted[drawn >= places[row] ? drawn + 1 : drawn];
		}
		const drawn = random(sorted.length - size);
		return sorted[drawn >= start ? drawn + size : drawn];
	};
}
/** @throws UserError when a class has nothing to be paired with */
function provePairs(labels, names) {
	const sizes = names.map(() => 0);
	for (const label of labels) sizes[label]++;
	const alone = sizes.findIndex((size) => size === 1 || size === labels.length);
	if (alone >= 0) throw failure("no-pairs", `the images give no pairs: ${sizes[alone] === 1 ? "only one is" : "all are"} of the class ${names[alone]}`, "At least two classes must have images, each two or more.");
}
// src/datasets/read-pictures.ts
var read_pictures_exports = /* @__PURE__ */ __exportAll({
	audio: () => audio,
	cifar10: () => cifar10,
	cifar100: () => cifar100,
	fashionMnist: () => fashionMnist,
	imagePieces: () => imagePieces,
	images: () => images,
	maskPieces: () => maskPieces,
	masks: () => masks,
	pairs: () => pairs
});
export { wrongRate as i, headOf as n, recordingFiles as r, read_pictures_exports as t };
