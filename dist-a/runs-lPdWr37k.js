import { S as Option, Ss as misuse, b as Command, c as runsOption, eo as nearest, f as showsColors, h as printDiagnostics, in as moreIsBetter, r as jsonOption, ts as largestWhole, u as trackingUriOption, vs as UserError, xs as mistake } from "./checks-359mGJ3h.js";
import { a as openRuns, r as isOfFile } from "./find-run-DG75tBTj.js";
import { n as wholeNumberFrom } from "./option-values-_jrgiP3I.js";
import { i as toJson, n as ownColumns, r as runsTable } from "./runs-table-B-1bGW6D.js";
import { t as untilInterrupted } from "./until-interrupted-DtruJtqg.js";
import { existsSync } from "node:fs";
// src/commands/run-filter.ts
const operators = [
	"=",
	"!=",
	">",
	">=",
	"<",
	"<="
];
/** What people write for one of them. */
const meant = {
	"==": "=",
	"<>": "!=",
	"=>": ">=",
	"=<": "<="
};
const form = "A filter is such as `val_accuracy > 0.98 and state = FINISHED`.";
/** Reads a filter: `KEY OPERATOR VALUE`, several of them with `and` between. @throws UserError with the place */
function readFilter(text) {
	const source = {
		name: "--filter",
		text
	};
	const words = [...text.matchAll(/'[^']*'|"[^"]*"|[<>=!]+|[^\s<>=!]+/g)].map(([word], k, all) => ({
		word,
		range: {
			source,
			start: all[k].index,
			end: all[k].index + word.length
		}
	}));
	const end = {
		source,
		start: text.length,
		end: text.length
	};
	const wrong = (message, range, hint = form) => new UserError(mistake("bad-filter", message, range, hint), 2);
	const conditions = [];
	for (let at = 0;; at += 4) {
		const [key, operator, value, and] = words.slice(at, at + 4);
		if (key === void 0 || /^[<>=!]/.test(key.word)) throw wrong("Expected the name of a column.", key?.range ?? end);
		if (!isOperator(operator?.word)) throw wrong("Expected one of = != > >= < <=.", operator?.range ?? end, operator !== void 0 && Object.hasOwn(meant, operator.word) ? `Did you mean \`${meant[operator.word]}\`?` : form);
		if (value === void 0 || /^[<>=!]/.test(value.word)) throw wrong("Expected a value.", value?.range ?? end);
		const bare = value.word.replace(/^(['"])(.*)\1$/s, "$2");
		if (!["=", "!="].includes(operator.word) && !isNumber(bare)) throw wrong(`\`${operator.word}\` compares numbers, and this is none.`, value.range);
		conditions.push({
			key: key.word,
			range: key.range,
			holds: comparison(operator.word, bare)
		});
		if (and === void 0) return conditions;
		if (and.word.toLowerCase() !== "and") throw wrong("Expected `and`, or the end.", and.range, `${form} A value with blanks stands in quotes.`);
	}
}
const isOperator = (word) => operators.some((one) => one === word);
const isNumber = (text) => text.trim() !== "" && !Number.isNaN(Number(text));
function comparison(operator, wanted) {
	const number = Number(wanted);
	const equals = (value) => isNumber(wanted) && isNumber(String(value)) ? Number(value) === number : String(value).toLowerCase() === wanted.toLowerCase();
	const tests = {
		"=": equals,
		"!=": (value) => !equals(value),
		">": (value) => Number(value) > number,
		">=": (value) => Number(value) >= number,
		"<": (value) => Number(value) < number,
		"<=": (value) => Number(value) <= number
	};
	return (value) => value !== void 0 && value !== "" && tests[operator](value);
}
// src/commands/runs.ts
/** `pipeline runs`: what was trained, and what came of it. */
function runsCommand() {
	return new Command("runs").description("List runs, the newest first, with their metrics and with what was set differently").argument("[file]", "pipeline file whose runs are listed; without it, all runs").option("--sort <key>", "sort by a metric, the best first, or by another column").addOption(new Option("--filter <condition>", "only some: 'val_accuracy > 0.98 and state = FINISHED'; a key is a metric, a param or a column").argParser(readFilter)).addOption(new Option("--columns <keys>", "what to show, with commas between; without it, all metrics and the params that differ").argParser((text) => text.split(",").map((key) => key.trim()))).addOption(new Option("--limit <count>", "how many to list").argParser(wholeNumberFrom(1, largestWhole)).default(50)).addOption(jsonOption()).addOption(trackingUriOption("MLflow server to list runs of (also MLFLOW_TRACKING_URI; default: the local store)")).addOption(runsOption()).action((file, options) => untilInterrupted((signal) => list(file, options, signal)));
}
async function list(file, { sort, filter = [], columns, limit, json, trackingUri, runs }, signal) {
	const warn = (warning) => process.stderr.write(printDiagnostics([warning], {
		color: showsColors(process.stderr),
		cwd: process.cwd()
	}));
	const recorded = openRuns(runs, trackingUri ?? process.env["MLFLOW_TRACKING_URI"], {
		warn,
		signal
	});
	const all = [];
	for await (const run of recorded.newestFirst()) if (file === void 0 || isOfFile(run, file)) all.push(run);
	if (all.length === 0) {
		if (file !== void 0 && !existsSync(file)) throw misuse("unreadable-file", `There is no file ${file}.`, "Name a pipeline file, or none for all runs.");
		process.stdout.write(json === true ? `${JSON.stringify({
			runs: [],
			count: 0
		})}\n` : `no runs${file === void 0 ? "" : ` of ${file}`} in ${recorded.where}\n`);
		return;
	}
	for (const { key, range } of filter) proveKey(key, all, (message, hint) => new UserError(mistake("unknown-run-key", message, range, hint), 2));
	for (const key of [...columns ?? [], ...sort === void 0 ? [] : [sort]]) proveKey(key, all, (message, hint) => misuse("unknown-run-key", message, hint));
	const found = all.filter((run) => filter.every(({ key, holds }) => holds(valueOf(run, key))));
	const shown = (sort === void 0 ? found : sortedBy(sort, found)).slice(0, limit);
	process.stdout.write(json === true ? `${JSON.stringify({
		runs: shown.map(toJson),
		count: found.length
	})}\n` : runsTable(shown, columns, process.stdout, (note) => process.stderr.write(`${note}\n`)));
	if (shown.length < found.length) process.stderr.write(`the first ${shown.length} of ${found.length} runs; --limit ${found.length} lists all\n`);
}
/** What a run has under a key: one of the table's own columns, else a metric, else a param. */
function valueOf(run, key) {
	return Object.hasOwn(ownColumns, key) ? ownColumns[key].value(run) : run.metric(key) ?? run.param(key);
}
function proveKey(key, runs, wrong) {
	if (Object.hasOwn(ownColumns, key) || runs.some((run) => valueOf(run, key) !== void 0)) return;
	const known = new Set(Object.keys(ownColumns));
	for (const run of runs.slice(0, 1e3)) for (const name of [...Object.keys(run.metrics), ...Object.keys(run.params)]) known.add(name);
	const guess = nearest(key, known);
	throw wrong(`No run has \`${key}\`.`, guess === void 0 ? "Name a metric, a param, or a column that `pipeline runs` shows." : `Did you mean \`${guess}\`?`);
}
/** Those without a value last; metrics the best first, everything else in ascending order. */
function sortedBy(key, runs) {
	const sign = !Object.hasOwn(ownColumns, key) && runs.some((run) => run.metric(key) !== void 0) && moreIsBetter(key) ? -1 : 1;
	const keyed = runs.map((run) => ({
		run,
		value: valueOf(run, key)
	}));
	const isThere = (value) => value !== void 0 && value !== "" && !Number.isNaN(value);
	const there = keyed.filter(({ value }) => isThere(value));
	const areNumbers = there.every(({ value }) => !Number.isNaN(Number(value)));
	there.sort(({ value: one }, { value: other }) => areNumbers ? sign * (Number(one) - Number(other)) : String(one).localeCompare(String(other), "en", { numeric: true }));
	return [...there, ...keyed.filter(({ value }) => !isThere(value))].map(({ run }) => run);
}
export { runsCommand };
