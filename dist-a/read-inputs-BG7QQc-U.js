import { $i as dataFileLimit, Na as shorten, Oa as statOf, Ss as misuse, Zi as unpacked, bs as failure, ca as decodeText, ea as explainUnread, sa as readWhole, vs as UserError, ya as tooLarge } from "./checks-359mGJ3h.js";
import { t as formatOf } from "./picture-head-DbcYK8VE.js";
import { n as parseLine, t as oneRowOnEachLine } from "./parse-line-CpGHibUl.js";
import { t as isWav } from "./read-wav-BpJaOEp5.js";
import { dirname } from "node:path";
import { existsSync } from "node:fs";
import { addAbortSignal } from "node:stream";
/**
* The files and folders that are named, by their paths or by patterns such as `digits/*.png`.
*
* @throws UserError when one is not there; the signal's reason when it is aborted
*/
async function findInputs(names, signal) {
	const found = [];
	const missing = [];
	for (const name of names) {
		if (name === "-") {
			if (!found.some((one) => one.bytes !== void 0)) found.push({
				name: "stdin",
				isFolder: false,
				bytes: await readStandardInput(signal)
			});
			continue;
		}
		const paths = existsSync(name) || !/[*?[{]/.test(name) ? [name] : await matching(name);
		for (const path of paths) {
			const about = statOf(path);
			if (about === void 0) missing.push(path);
			else found.push({
				name: path,
				isFolder: about.isDirectory()
			});
		}
		if (paths.length === 0) missing.push(name);
	}
	const [first, ...more] = missing;
	if (first !== void 0) throw misuse("no-such-input", `there is no ${shorten(first, 200)}${more.length === 0 ? "" : `, and ${more.length} more are missing`}`, "Name files, folders, patterns such as 'digits/*.png', or - for standard input.");
	return found;
}
async function matching(pattern) {
	const { glob } = await import("tinyglobby");
	return (await glob(pattern, {
		expandDirectories: false,
		dot: false,
		absolute: false
	})).sort();
}
async function readStandardInput(signal) {
	const chunks = [];
	let length = 0;
	for await (const chunk of addAbortSignal(signal, process.stdin)) {
		length += chunk.length;
		if (length > 256e6) throw explainUnread({ path: "stdin" }, tooLarge(dataFileLimit));
		chunks.push(chunk);
	}
	return Buffer.concat(chunks);
}
/** The name of a file without the ending that says that it is packed. */
const nameOfPacked = (name) => name.replace(/\.gz$/i, "");
/** Kinds of files that their names show, and what they are called. */
const endings = [
	[
		/\.(png|jpe?g|jpe|jfif|gif|webp|tiff?)$/i,
		"png",
		"a picture"
	],
	[
		/\.(wav|wave)$/i,
		"wav",
		"a recording"
	],
	[
		/\.npy$/i,
		"npy",
		"an array of numbers"
	],
	[
		/\.npz$/i,
		"npz",
		"an archive of arrays"
	],
	[
		/\.(csv|tsv|tab)$/i,
		"csv",
		"a table"
	],
	[
		/\.parquet$/i,
		"parquet",
		"a Parquet file"
	],
	[
		/\.(jsonl|ndjson|json)$/i,
		"json",
		"lines of JSON"
	]
];
/** Kinds that the first bytes show. */
const beginnings = [
	["PNG\r\n", "png"],
	["NUMPY", "npy"],
	["PK", "npz"],
	["\0\0\b", "idx"],
	["\0\0\b", "idx"]
];
/** @throws UserError where the name of an input shows that the model cannot read it */
function proveKinds(reader, inputs) {
	for (const { name, isFolder } of inputs) {
		const kind = endings.find(([ending]) => ending.test(nameOfPacked(name)));
		if (isFolder ? reader.folder === void 0 : kind !== void 0 && kindBy(reader, kind[1]) === void 0) throw misuse("wrong-input-kind", `${name} is ${isFolder ? "a folder" : kind[2]}, and the model takes ${reader.takes}`);
	}
}
/** What a file of a kind is read as; undefined where it cannot be. */
function kindBy(reader, kind) {
	if (kind === "json" || kind in reader.files) return kind;
	return kind === "csv" && "text" in reader.files ? "text" : void 0;
}
/** The rows of inputs, one after the other. What hinders all rows of a file is told of as one row that is none. */
function* rowsOf(reader, inputs) {
	for (const input of inputs) try {
		yield* rowsIn(reader, input);
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
		yield {
			place: { file: input.name },
			fault: error.diagnostics[0]
		};
	}
}
function rowsIn(reader, { name, isFolder, bytes: given }) {
	if (isFolder) return reader.folder(name);
	const bytes = unpacked({ path: name }, given ?? readWhole({ path: name }));
	const kind = kindOfFile(reader, name, bytes);
	if (kind === "json") return reader.lines?.(name, bytes) ?? linesOf(reader, name, bytes, given === void 0 ? dirname(name) : ".");
	const read = reader.files[kind];
	if (read === void 0) throw failure("wrong-input-kind", `${name} is no file that the model can read: it takes ${reader.takes}`);
	return read(name, bytes);
}
function kindOfFile(reader, name, bytes) {
	const ending = endings.find(([pattern]) => pattern.test(nameOfPacked(name)));
	if (ending !== void 0) return kindBy(reader, ending[1]) ?? ending[1];
	const begin = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 256)).toString("latin1");
	if ("png" in reader.files && formatOf(bytes) !== void 0) return "png";
	if ("wav" in reader.files && isWav(bytes)) return "wav";
	const shown = beginnings.find(([start]) => begin.startsWith(start));
	if (shown !== void 0) return shown[1];
	const [first] = Object.keys(reader.files);
	return first === void 0 || first !== "text" && /^(\xef\xbb\xbf)?\s*[[{"]/.test(begin) ? "json" : first;
}
/** Rows in lines of JSON. @param folder that paths in them count from */
function* linesOf(reader, name, bytes, folder) {
	let [line, rows] = [0, 0];
	for (const text of decodeText({ path: name }, bytes).split("\n")) {
		line++;
		if (text.trim() === "") continue;
		rows++;
		const place = {
			file: name,
			line
		};
		try {
			const where = `${name}, line ${line}`;
			const row = parseLine(text, where);
			if (reader.kind === "table" && Array.isArray(row)) throw failure("wrong-shape", `${where} is a list, not an object`, oneRowOnEachLine);
			yield {
				place,
				...reader.encode(row, where, folder)
			};
		} catch (error) {
			if (!(error instanceof UserError)) throw error;
			yield {
				place,
				fault: error.diagnostics[0]
			};
		}
	}
	if (rows === 0) throw failure("no-rows", `${name} has no rows`, "Write one row on each line.");
}
export { proveKinds as n, rowsOf as r, findInputs as t };
