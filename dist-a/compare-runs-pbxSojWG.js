import { Na as shorten, S as Option, Ss as misuse, _ as displayWidth, b as Command, c as runsOption, d as canRedraw, f as showsColors, h as printDiagnostics, in as moreIsBetter, r as jsonOption, s as runNames, so as showMeasure, u as trackingUriOption, v as makeVisible, y as Argument } from "./checks-359mGJ3h.js";
import { a as openRuns, n as findRun } from "./find-run-DG75tBTj.js";
import { i as toJson, n as ownColumns, t as metricsIn } from "./runs-table-B-1bGW6D.js";
import { t as untilInterrupted } from "./until-interrupted-DtruJtqg.js";
// src/commands/compare-runs.ts
/** `pipeline compare`: what is different between runs. */
function compareCommand() {
	return new Command("compare").description("Compare runs: their metrics, the best marked, and what was different: settings, data, versions").addArgument(new Argument("<runs...>", `two or more, each ${runNames}`)).addOption(new Option("--all", "show what is the same, too")).addOption(jsonOption()).addOption(trackingUriOption("MLflow server that has the runs (also MLFLOW_TRACKING_URI; default: the local store)")).addOption(runsOption()).action((references, options) => untilInterrupted((signal) => compare(references, options, signal)));
}
async function compare(references, { all, json, trackingUri, runs }, signal) {
	if (references.length < 2) throw misuse("one-run", "One run is compared with nothing.", "Name another: `pipeline compare last~1 last`.");
	const warn = (warning) => process.stderr.write(printDiagnostics([warning], {
		color: showsColors(process.stderr),
		cwd: process.cwd()
	}));
	const place = {
		runs,
		trackingUri: trackingUri ?? process.env["MLFLOW_TRACKING_URI"]
	};
	const compared = [];
	for (const reference of references) compared.push(await found(reference, place, {
		warn,
		signal
	}));
	const [params, tags] = [keysOf(compared, ({ run }) => run.params), keysOf(compared, ({ tags: each }) => told(each))];
	const different = {
		params: params.filter((key) => isDifferent(compared, ({ run }) => run.params[key])),
		tags: tags.filter((key) => isDifferent(compared, (one) => one.tags[key]))
	};
	if (json === true) {
		process.stdout.write(`${JSON.stringify({
			runs: compared.map(({ run }) => toJson(run)),
			different
		})}\n`);
		return;
	}
	const shown = all === true ? {
		params,
		tags
	} : different;
	const listed = compared.map(({ run }) => run);
	process.stdout.write(inTable([
		...Object.entries(ownColumns).map(([key, { value, show }]) => [key, ...listed.map((run) => show === void 0 ? String(value(run) ?? "") : show(run))]),
		[],
		...metricsIn(listed).map((key) => [key, ...measures(key, listed)]),
		[],
		...shown.params.map((key) => [key, ...listed.map((run) => run.params[key] ?? "")]),
		[],
		...shown.tags.map((key) => [key, ...compared.map((one) => withoutEnd(one.tags[key] ?? ""))])
	]));
	const [sameParams, sameTags] = [params.length - shown.params.length, tags.length - shown.tags.length];
	if (sameParams + sameTags > 0) process.stderr.write(`the same in all: ${sameParams} settings, ${sameTags} facts of data and versions; --all shows them\n`);
}
async function found(reference, place, watch) {
	const { runId, tags, where } = await findRun(reference, place, watch);
	const recorded = openRuns(place.runs, place.trackingUri, {
		warn: () => void 0,
		signal: watch.signal
	});
	for await (const run of recorded.newestFirst()) if (run.runId === runId) return {
		run,
		tags
	};
	throw misuse("unknown-run", `${where} lists no run ${shorten(runId)}`, "It may be deleted: `pipeline runs` lists.");
}
/** Tags that tell of data and versions, the bits of the weights among them. */
function told(tags) {
	const unsaid = /^(mlflow\.(note|log|runName|source\.type)|pipeline\.(cached|evaluates|trial))/;
	return Object.fromEntries(Object.entries(tags).filter(([key]) => !unsaid.test(key)));
}
/** Of a SHA-256 what people compare. */
const withoutEnd = (value) => /^[0-9a-f]{64}$/.test(value) ? value.slice(0, 12) : value;
function keysOf(compared, of) {
	return [...new Set(compared.flatMap((one) => Object.keys(of(one))))].sort();
}
function isDifferent(compared, of) {
	return new Set(compared.map(of)).size > 1;
}
/** A metric of each run; behind the best, where they differ, a star. */
function measures(key, runs) {
	const values = runs.map((run) => run.metric(key));
	const numbers = values.filter((value) => value !== void 0).filter(Number.isFinite);
	const best = moreIsBetter(key) ? Math.max(...numbers) : Math.min(...numbers);
	const isChoice = new Set(numbers).size > 1;
	return values.map((value) => {
		if (value === void 0) return "";
		return `${Number.isInteger(value) ? String(value) : showMeasure(value)}${isChoice && value === best ? " *" : ""}`;
	});
}
/** Columns that values of a run may take. */
const longestValue = 40;
/** A line for each key, a column for each run; parts, which an empty row ends, have a blank line between them. */
function inTable(rows) {
	const room = canRedraw(process.stdout) ? longestValue : Infinity;
	const visible = rows.map((row) => row.map((word) => shorten(makeVisible(word), room)));
	const count = Math.max(...visible.map((row) => row.length));
	const widths = Array.from({ length: count }, (_, k) => Math.max(...visible.map((row) => displayWidth(row[k] ?? ""))));
	return visible.filter((row, at) => row.length > 0 || (visible[at - 1]?.length ?? 0) > 0).map((row) => row.map((word, k) => word + " ".repeat(widths[k] - displayWidth(word))).join("  ").trimEnd()).join("\n").trimEnd().concat("\n");
}
export { compareCommand };
