import { Na as shorten, _ as displayWidth, d as canRedraw, oo as showDuration, so as showMeasure, v as makeVisible } from "./checks-359mGJ3h.js";
import { n as isBound } from "./sample-intervals-Xvzy26hk.js";
// src/commands/runs-table.ts
/** Columns that stand before metrics and params; by their names, runs are filtered and sorted too. */
const ownColumns = {
	run: {
		value: ({ runId }) => runId,
		show: ({ runId }) => runId.slice(0, 8)
	},
	name: { value: ({ name }) => name },
	state: { value: ({ state }) => state },
	started: {
		value: ({ startTime }) => startTime,
		show: ({ startTime }) => localTime(startTime)
	},
	duration: {
		value: (run) => secondsOf(run),
		show: (run) => {
			const seconds = secondsOf(run);
			return seconds === void 0 ? "" : showDuration(seconds);
		}
	}
};
/** How long a run took; undefined while it goes on. */
function secondsOf({ startTime, endTime }) {
	return endTime === void 0 ? void 0 : Math.max(0, endTime - startTime) / 1e3;
}
/** A run as `--json` has it. */
function toJson(run) {
	const { runId, name, experimentId, state, startTime, endTime, metrics, params } = run;
	const time = (at) => at === void 0 ? null : new Date(at).toISOString();
	return {
		runId,
		name,
		experimentId,
		state,
		startTime: time(startTime),
		endTime: time(endTime),
		seconds: secondsOf(run) ?? null,
		file: run.tag("mlflow.source.name") ?? null,
		evaluates: run.tag("pipeline.evaluates") ?? null,
		metrics,
		params
	};
}
function localTime(at) {
	const time = new Date(at);
	const two = (value) => String(value).padStart(2, "0");
	return `${`${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`} ${two(time.getHours())}:${two(time.getMinutes())}`;
}
/**
* Runs as a table. In a terminal it is as wide as that: columns that find no room are left out, and told of.
*
* @param wanted metrics and params; left out: all metrics, but for those of the system and bounds of others, and the
* params that differ
*/
function runsTable(runs, wanted, stream, note) {
	const room = canRedraw(stream) ? stream.columns : Infinity;
	const columns = (wanted === void 0 ? [
		...Object.keys(ownColumns),
		...toldMetrics(runs),
		...differingParams(runs)
	] : ["run", ...wanted.filter((key) => key !== "run")]).map((name) => {
		const own = Object.hasOwn(ownColumns, name) ? ownColumns[name] : void 0;
		return {
			name,
			cells: runs.map((run) => own === void 0 ? cellOf(run, name) : ownCell(own, run, room))
		};
	});
	const widths = columns.map(({ name, cells }) => cells.reduce((most, { text }) => Math.max(most, displayWidth(text)), displayWidth(makeVisible(name))));
	let [count, width] = [0, -gap.length];
	while (count < columns.length && width + gap.length + widths[count] <= room) width += gap.length + widths[count++];
	if (count < columns.length) {
		const left = columns.slice(count).map(({ name }) => makeVisible(shorten(name)));
		const others = left.length > named ? ` and ${left.length - named} more` : "";
		note(`no room for ${left.slice(0, named).join(", ")}${others}: choose with --columns`);
	}
	const shown = columns.slice(0, count);
	const line = (cells) => `${cells.map(({ text, isNumber }, k) => {
		const blanks = " ".repeat(Math.max(0, widths[k] - displayWidth(text)));
		return isNumber ? blanks + text : text + blanks;
	}).join(gap).trimEnd()}\n`;
	return [line(shown.map(({ name, cells }) => ({
		text: makeVisible(name),
		isNumber: cells.every(({ text, isNumber }) => isNumber || text === "")
	}))), ...runs.map((_, row) => line(shown.map(({ cells }) => cells[row])))].join("");
}
const gap = "  ";
/** Columns without room that are named. */
const named = 6;
/** Columns of a terminal that a name, or a param, may take. */
const longestText = 32;
function ownCell({ value, show }, run, room) {
	const text = makeVisible(show === void 0 ? String(value(run) ?? "") : show(run));
	return {
		text: room === Infinity ? text : shorten(text, longestText),
		isNumber: false
	};
}
function cellOf(run, key) {
	const metric = run.metric(key);
	if (metric !== void 0) return {
		text: Number.isInteger(metric) ? String(metric) : showMeasure(metric),
		isNumber: true
	};
	const param = run.param(key) ?? "";
	return {
		text: shorten(makeVisible(param), longestText),
		isNumber: param !== "" && !Number.isNaN(Number(param))
	};
}
/** The metrics of runs, but for those of the system: what the test tells first, then validation, then the rest. */
function metricsIn(runs) {
	const names = [...new Set(runs.flatMap((run) => Object.keys(run.metrics)))].filter((name) => !name.startsWith("system/"));
	const rank = (name) => [
		"test_",
		"val_",
		""
	].findIndex((prefix) => name.startsWith(prefix));
	return names.sort((one, other) => rank(one) - rank(other) || (one < other ? -1 : 1));
}
/** But for how sure others are: `--columns` shows those. */
function toldMetrics(runs) {
	return metricsIn(runs).filter((name) => !isBound(name) && !name.endsWith("_std"));
}
function differingParams(runs) {
	const trained = runs.filter((run) => run.tag("pipeline.evaluates") === void 0);
	return [...new Set(trained.flatMap((run) => Object.keys(run.params)))].filter((name) => new Set(trained.map((run) => run.params[name])).size > 1);
}
export { toJson as i, ownColumns as n, runsTable as r, metricsIn as t };
