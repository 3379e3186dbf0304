import { Cn as trustUri, Cs as warning, E as checkFile, S as Option, Ss as misuse, T as checkAndFetch, _n as isTrustedUri, a as pipelineArgument, ao as showCount, b as Command, bs as failure, c as runsOption, fa as shellWord, l as setOption, n as defaultFile, r as jsonOption, so as showMeasure, ts as largestWhole, u as trackingUriOption, v as makeVisible, vs as UserError, x as InvalidArgumentError, xn as serverAddress } from "./checks-359mGJ3h.js";
import { t as chooseRunView } from "./choose-run-view-CI0nbKde.js";
import { t as stageNames } from "./stages-CqKQJf7n.js";
import { i as showBounds, n as isBound } from "./sample-intervals-Xvzy26hk.js";
import { r as uiCommand, t as runPipeline } from "./run-pipeline-BmCqHi7f.js";
import { n as cacheFolder } from "./stage-cache-CfWlADlT.js";
import { a as describeRepetitions, c as summarizeRepetitions, i as settingsOfEach, r as repetitionSpace, s as seedPath, t as countTrainings } from "./repetition-points-va1d00kb.js";
import { t as chooseShared } from "./choose-shared-TcQF_EHL.js";
import { i as describeTrial } from "./record-run-Dwebf2kU.js";
import { t as chooseTracker } from "./choose-tracker-DaboSSyX.js";
import { r as tendEarlierRuns } from "./earlier-runs-CmzWnNZL.js";
import { u as escape } from "./training-samples-BpN1eX6I.js";
import { c as REPORT_STYLE, l as renderTable, u as section } from "./visualize-BKVeX_rC.js";
import { i as repetitionsTag } from "./find-run-DG75tBTj.js";
import { o as keyOf } from "./unfinished-runs-DOI-8iAC.js";
import { r as userName } from "./local-store-DqntMLxF.js";
import { x as writeArtifact } from "./train-outcome-BMKWouke.js";
import { n as wholeNumberFrom } from "./option-values-_jrgiP3I.js";
import { t as untilInterrupted } from "./until-interrupted-DtruJtqg.js";
import { relative } from "node:path";
// src/charts/repetitions-report.ts
/** Repetitions and folds of a pipeline as one HTML page that needs nothing else. */
function renderRepetitionsReport(record) {
	return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(record.name)} · report</title>
<style>${REPORT_STYLE}</style>
</head>
<body>
<main>
<header>
<h1>${escape(record.name)}</h1>
<p class="about">${escape(describeRepetitions(summarizeRepetitions(record)))}</p>
</header>
${repetitionsSection(record)}
</main>
</body>
</html>
`;
}
/** What repetitions say of each metric, and each of their values. */
function repetitionsSection(record) {
	const { folds, finished, metrics } = summarizeRepetitions(record);
	const numeric = [
		"Mean",
		"Std. deviation",
		"95 % low",
		"95 % high"
	].map((title) => ({
		title,
		number: true
	}));
	const rows = metrics.map(({ name, mean, deviation, low, high }) => [name, ...[
		mean,
		deviation,
		low,
		high
	].map(measure)]);
	const how = folds === void 0 ? "The interval is Student's t over the runs." : "Runs of folds share most of what they are trained on: the interval is Nadeau and Bengio's, wider than Student's t alone.";
	const missing = record.trials.length - finished;
	const left = missing === 0 ? "" : ` ${missing} of ${record.trials.length} did not finish and are not in it.`;
	return [section("Over all runs", renderTable("Mean and interval of each metric", [{ title: "Metric" }, ...numeric], rows) + `<p class="note">${escape(how + left)}</p>`), section("Each run", eachRun(record))].join("\n");
}
function eachRun({ space, trials }) {
	const paths = Object.keys(space);
	const metrics = [...new Set(trials.flatMap((trial) => Object.keys(trial.metrics)))].filter((name) => !isBound(name));
	const columns = [
		{ title: "Run" },
		...[...paths, ...metrics].map((title) => ({
			title,
			number: true
		})),
		{ title: "MLflow run" }
	];
	return renderTable("Values of each run", columns, trials.map((trial) => [
		String(trial.number),
		...paths.map((path) => String(trial.values[path])),
		...metrics.map((name) => measure(trial.metrics[name] ?? NaN)),
		endOf(trial)
	]));
}
const endOf = ({ state, reason, runId = "–" }) => state === "finished" ? runId : `${state}${reason === void 0 ? "" : `: ${reason}`}`;
/** What is missing is a dash. */
const measure = (value) => Number.isFinite(value) ? showMeasure(value) : "–";
// src/sweeps/run-repetitions.ts
/**
* Trains a pipeline with each seed and fold, one after the other, each as a run below a parent run. One that fails does
* not end the others. What an earlier command did is kept, and a run that was interrupted goes on, as of any file.
*
* @throws UserError when the parent cannot be recorded, or a run not even start
*/
async function runRepetitions(request) {
	const { checked, space, tracker, emit, signal } = request;
	const { pipeline, source, settings, plan } = checked;
	const what = describeRepetitions({
		repeat: space.seeds.length,
		...space.folds.length > 0 && { folds: space.folds.length }
	});
	const startTime = Date.now();
	const parent = await tracker.start({
		experiment: pipeline.tracking.experiment ?? pipeline.name,
		runName: request.name ?? `${pipeline.name} ${what}`,
		startTime,
		tags: {
			"mlflow.source.name": source.name,
			"mlflow.source.type": "LOCAL",
			"mlflow.user": userName(),
			[repetitionsTag]: what
		}
	});
	const trials = [];
	const points = settingsOfEach(space);
	let [status, error] = ["FINISHED", void 0];
	const finish = async () => {
		for (const diagnostic of await parent.finish(status, Date.now(), signal)) emit({
			type: "diagnostic",
			diagnostic
		});
	};
	try {
		for (const [k, point] of points.entries()) {
			signal.throwIfAborted();
			const one = await checkAndFetch(source, [...settings, ...point], { emit });
			const outcome = await request.train(one, parent.runId, `${k + 1} of ${points.length}: ${point.slice(space.seeds.length > 1 ? 1 : 2).join(" ")}`);
			trials.push(trialOf$1(k + 1, one, outcome));
			if (outcome.status === "KILLED") {
				status = "KILLED";
				break;
			}
			if ("error" in outcome) [status, error] = ["FAILED", error ?? outcome.error];
		}
	} catch (reason) {
		status = signal.aborted ? "KILLED" : "FAILED";
		if (!signal.aborted) {
			await finish();
			throw reason;
		}
	}
	const record = {
		name: pipeline.name,
		id: keyOf({
			checked,
			tracker
		}).slice(0, 12),
		goal: {
			direction: "minimize",
			metric: goalOf(plan.samples.validation)
		},
		search: "grid",
		space: distributionsOf(space),
		trials,
		startTime,
		endTime: Date.now()
	};
	const summary = summarizeRepetitions(record);
	const metrics = summaryMetrics(summary);
	const timestamp = Date.now();
	parent.metrics(Object.entries(metrics).map(([key, value]) => ({
		key,
		value,
		step: 0,
		timestamp
	})));
	parent.tags({ "mlflow.note.content": noteOf(summary) });
	writeArtifact(parent, "report.html", renderRepetitionsReport(record));
	writeArtifact(parent, "repetitions.json", JSON.stringify(record, null, 1));
	await finish();
	const { runId, serverRunId, artifactDirectory } = parent;
	return {
		status,
		record,
		summary,
		runId,
		...serverRunId === void 0 ? {} : { serverRunId },
		artifactDirectory,
		...error === void 0 ? {} : { error }
	};
}
const goalOf = (validation) => validation > 0 ? "val_loss" : "loss";
/** A run that missed a bound of `evaluate.require` has trained: to leave it out would flatter the mean. */
function trialOf$1(number, { pipeline, plan }, outcome) {
	const { status, metrics, runId, error } = outcome;
	const reason = error instanceof UserError ? error.diagnostics[0] : void 0;
	const { fold } = pipeline.data;
	const score = metrics[goalOf(plan.samples.validation)];
	return {
		number,
		values: {
			[seedPath]: pipeline.seed,
			...fold !== void 0 && { ["data.fold"]: fold }
		},
		state: stateOf(status, reason?.code === "gate-failed"),
		...score !== void 0 && { score },
		metrics,
		curve: [],
		epochs: pipeline.train.epochs,
		seconds: 0,
		runId,
		...reason !== void 0 && { reason: reason.message }
	};
}
function stateOf(status, missedGate) {
	if (status === "KILLED") return "stopped";
	return status === "FINISHED" || missedGate ? "finished" : "failed";
}
function distributionsOf({ seeds, folds }) {
	return {
		...seeds.length > 1 && { ["seed"]: {
			kind: "choice",
			choices: seeds
		} },
		...folds.length > 0 && { ["data.fold"]: {
			kind: "choice",
			choices: folds
		} }
	};
}
/** What the parent run records: `test_accuracy_mean`, `_std`, `_ci_low`, `_ci_high`; only the mean of a single run. */
function summaryMetrics({ metrics }) {
	return Object.fromEntries(metrics.flatMap(({ name, mean, deviation, low, high }) => [
		[`${name}_mean`, mean],
		[`${name}_std`, deviation],
		[`${name}_ci_low`, low],
		[`${name}_ci_high`, high]
	]).filter(([, value]) => Number.isFinite(value)));
}
function noteOf(summary) {
	const show = (value) => Number.isFinite(value) ? showMeasure(value) : "–";
	return [
		`${describeRepetitions(summary)}, ${summary.finished} finished`,
		"",
		"| metric | mean | standard deviation | 95 % interval |",
		"|---|---|---|---|",
		...summary.metrics.map(({ name, mean, deviation, low, high }) => `| ${name} | ${show(mean)} | ${show(deviation)} | ${show(low)} to ${show(high)} |`),
		"",
		"The whole report: `report.html` under Artifacts."
	].join("\n");
}
/** What ends a command whose repetitions did not all finish; undefined where all did. @param again how to go on */
function unfinishedRepetitions(outcome, count, again) {
	const { status, summary, error } = outcome;
	if (status === "FINISHED") return void 0;
	if (status === "KILLED") return failure("interrupted", `the trainings were interrupted: ${summary.finished} of ${count} are done, and kept`, `Go on with: ${again}`);
	return error;
}
// src/commands/run-repeated.ts
/** Trains a file with each seed and fold, each shown as a run of its own, and tells what all of them say. */
async function runRepeated({ space, json, request, listen, whereRecorded, again }) {
	const { checked, tracker, name, emit: _, ...rest } = request;
	const outcome = await runRepetitions({
		checked,
		space,
		tracker,
		...name !== void 0 && { name },
		emit: request.emit,
		signal: request.signal,
		train: async (one, parentRunId, place) => {
			if (!json) process.stdout.write(`\ntraining ${place}\n`);
			const view = chooseRunView({ json });
			const emit = (event) => {
				listen(event);
				view.emit(event);
			};
			try {
				const signal = AbortSignal.any([request.signal]);
				return await runPipeline({
					...rest,
					tracker,
					checked: one,
					parentRunId,
					emit,
					signal
				});
			} finally {
				await view.close();
			}
		}
	});
	const { status, runId, summary, artifactDirectory } = outcome;
	if (json) process.stdout.write(`${JSON.stringify(toJson(outcome))}\n`);
	else {
		const inside = relative(".", artifactDirectory);
		const folder = inside.startsWith("..") ? artifactDirectory : inside;
		process.stdout.write([
			"",
			...summary.metrics.length === 0 ? [] : [...tableOf(summary), ""],
			`${describeRepetitions(summary)}, ${summary.finished} of ${countTrainings(space)} finished`,
			...failuresOf(outcome),
			"",
			`recorded in    ${whereRecorded({
				runId,
				...outcome.serverRunId && { serverRunId: outcome.serverRunId }
			})}`,
			`report         ${folder}/report.html`,
			`compare runs   ${uiCommand(tracker.runsDirectory)}`,
			""
		].join("\n"));
	}
	if (status !== "FINISHED") throw unfinishedRepetitions(outcome, countTrainings(space), again);
}
/** Why single runs failed, or missed what is required. */
function failuresOf({ record: { space, trials } }) {
	return trials.flatMap(({ values, reason }) => {
		const which = Object.keys(space).map((path) => `${path}=${String(values[path])}`);
		return reason === void 0 ? [] : [makeVisible(`${which.join(" ")}: ${reason}`)];
	});
}
function toJson({ status, runId, summary: { metrics, ...rest } }) {
	return {
		type: "repetitions-finished",
		status,
		runId,
		...rest,
		metrics: Object.fromEntries(metrics.map(({ name, values, mean, deviation, low, high }) => [name, {
			values,
			mean,
			deviation,
			low,
			high
		}]))
	};
}
/** Mean, deviation and interval of what validation and test say. */
function tableOf({ metrics }) {
	const show = (value) => Number.isFinite(value) ? showMeasure(value) : "–";
	const table = [[
		"metric",
		"mean",
		"deviation",
		"95 % interval"
	], ...metrics.filter(({ name }) => /^(test|val)_/.test(name)).map(({ name, mean, deviation, low, high }) => [
		makeVisible(name),
		show(mean),
		show(deviation),
		Number.isFinite(low) ? `${show(low)} to ${show(high)}` : "–"
	])];
	const widths = table[0].map((_, column) => Math.max(14, ...table.map((row) => row[column].length)));
	return table.map((row) => row.map((cell, column) => cell.padEnd(widths[column])).join(" ").trimEnd());
}
// src/commands/end-sharing.ts
/** Milliseconds after which it is said what is waited for. */
const patience = 300;
/** Waits until what is shared is sent, and says so on stderr where that takes a while. */
async function endSharing(shared, signal) {
	if (shared === void 0) return;
	const timer = setTimeout(() => {
		const what = shared.left === 1 ? "the outcome of a stage" : `the outcomes of ${showCount(shared.left)} stages`;
		process.stderr.write(`sending ${what} to ${shared.address} (Ctrl-C: they stay here)\n`);
	}, patience);
	try {
		await shared.end(signal);
	} finally {
		clearTimeout(timer);
	}
}
// src/commands/run.ts
/** `pipeline run`: trains what a file declares. */
function runCommand() {
	return new Command("run").description("Check a pipeline file, train its model, evaluate it, draw figures and a report, record all of it").addArgument(pipelineArgument()).addOption(setOption()).addOption(new Option("--smoke", "try every stage with one batch, in seconds").conflicts("overfit")).addOption(new Option("--overfit <samples>", "train on so many samples until the loss is zero, which a sound model reaches").argParser(wholeNumberFrom(1, largestWhole))).addOption(new Option("--until-epoch <epoch>", "pause at the end of that epoch, with a checkpoint: the same command goes on, with a later epoch or without").argParser(wholeNumberFrom(1, largestWhole)).conflicts(["smoke", "overfit"])).addOption(new Option("--name <name>", "what the run is called in the tracker; without it, what was set: `mnist epochs=3`").argParser(runName)).addOption(new Option("--on <where>", "run it on other machines, as `on` of a sweep says it: slurm, or \"{ ray: { url: http://head:8265 }, cpu: 2 }\"").conflicts([
		"smoke",
		"overfit",
		"force",
		"verifyData",
		"into"
	])).addOption(new Option("--into <run>", "the run of the local store that a sweep made for it").hideHelp()).option("--fresh", "start over: do not go on with an interrupted run of the file, and take nothing that is kept").addOption(new Option("--force [stage]", "run all stages, or those from one of them on, whatever is kept of them").argParser(stageNamed).preset(stageNames[0])).addOption(new Option("--verify-data", "read all files of data and compare them with what earlier runs found, though they seem not to have changed").conflicts(["smoke", "overfit"])).addOption(jsonOption("print one JSON event per line")).addOption(trackingUriOption("MLflow server to record the run on, besides the local store (also MLFLOW_TRACKING_URI)")).option("--trust-tracking", "give the server that the file's tracking.uri names your credentials, from now on: it is yours").addOption(runsOption()).action(run);
}
async function run(file, options) {
	const view = chooseRunView({ json: options.json === true });
	try {
		const checked = await checkFile(file ?? defaultFile(), options.set, {
			emit: view.emit,
			untilInterrupted
		});
		await untilInterrupted((signal) => runChecked(checked, {
			file,
			options,
			view,
			signal
		}));
	} finally {
		await view.close();
	}
}
async function runChecked(checked, { file, options, view, signal }) {
	for (const diagnostic of checked.warnings) view.emit({
		type: "diagnostic",
		diagnostic
	});
	const warn = (diagnostic) => view.emit({
		type: "diagnostic",
		diagnostic
	});
	const named = nameTracker(options, checked, warn);
	const tracker = chooseTracker({
		...named,
		runsDirectory: options.runs,
		warn
	});
	const server = tracker.server === void 0 ? void 0 : serverAddress(named.uri, named.isTrusted);
	const earlier = tendEarlierRuns(tracker.runsDirectory, server, warn);
	const undelivered = /* @__PURE__ */ new Set();
	if (options.on !== void 0) return send(options.on, {
		checked,
		file,
		options,
		signal,
		tracker,
		warn,
		undelivered
	});
	let finished;
	const listen = (event) => {
		if (event.type === "run-started") earlier.begin();
		if (event.type === "diagnostic") undelivered.add(event.diagnostic.code);
	};
	const emit = (event) => {
		if (event.type === "run-finished") finished = event;
		else view.emit(event);
		listen(event);
	};
	const force = options.force ?? (options.fresh === true ? stageNames[0] : void 0);
	const { trial } = trialOf(options);
	const shared = trial === void 0 ? await chooseShared(checked, process.env, warn) : void 0;
	const request = {
		checked,
		...options.name === void 0 ? {} : { name: options.name },
		...options.untilEpoch === void 0 ? {} : { untilEpoch: options.untilEpoch },
		...options.into === void 0 ? {} : { into: options.into },
		tracker,
		fresh: options.fresh === true,
		cache: cacheFolder(options.runs),
		...shared && { shared },
		...force === void 0 ? {} : { force },
		verifyData: options.verifyData === true,
		emit,
		signal
	};
	const space = repetitionSpace(checked.pipeline);
	if (space !== void 0 && trial === void 0) try {
		return await runRepeated({
			space,
			json: options.json === true,
			request,
			listen,
			whereRecorded: (run) => whereRecorded(tracker, undelivered)(run),
			again: goOn(file, options)
		});
	} finally {
		await earlier.end(signal.aborted ? 0 : 5e3);
		await endSharing(shared, signal);
		await view.close();
	}
	if (space !== void 0) warn(triedOnce(countTrainings(space)));
	let outcome;
	try {
		outcome = await runPipeline({
			...request,
			...trial && { trial }
		});
	} finally {
		await endSharing(shared, signal);
	}
	await earlier.end(signal.aborted ? 0 : 5e3);
	if (finished !== void 0) view.emit(finished);
	await view.close();
	const recorded = whereRecorded(tracker, undelivered);
	if (outcome.pausedAfter !== void 0) {
		if (options.json !== true) process.stdout.write(pausedLines(outcome, recorded(outcome), checked, goOn(file, options)));
		return;
	}
	if (outcome.status === "KILLED") throw interrupted(outcome, file, options);
	if ("error" in outcome) throw outcome.error;
	if (options.json !== true) process.stdout.write(whereToLook(outcome, recorded, tracker.runsDirectory, options));
}
/** Runs it on other machines. */
async function send(on, { checked, file, options, tracker, undelivered, ...rest }) {
	const again = goOn(file, options);
	const { runOn } = await import("./run-on-B-5NEO7u.js");
	const { run, metrics, pausedAfter } = await runOn({
		...rest,
		checked,
		on,
		tracker,
		...options.name === void 0 ? {} : { name: options.name },
		...options.untilEpoch === void 0 ? {} : { untilEpoch: options.untilEpoch },
		fresh: options.fresh === true,
		json: options.json === true,
		again
	});
	if (options.json === true) return;
	const recorded = whereRecorded(tracker, undelivered);
	const { runId, serverRunId, artifactDirectory } = run;
	const ids = {
		runId,
		...serverRunId === void 0 ? {} : { serverRunId }
	};
	const lines = pausedAfter === void 0 ? whereToLook({
		metrics,
		artifactDirectory,
		...ids
	}, recorded, tracker.runsDirectory, options) : pausedLines({
		pausedAfter,
		metrics
	}, recorded(ids), checked, again);
	process.stdout.write(lines);
}
/** What a run that paused has come to, and how it goes on. */
function pausedLines({ pausedAfter, metrics }, recorded, { pipeline: { train } }, command) {
	const lines = [
		["paused", `after epoch ${pausedAfter} of ${train.epochs}`],
		...Object.entries(metrics).map(([name, value]) => [makeVisible(name), showMeasure(value)]),
		["recorded in", recorded],
		["go on with", command]
	];
	const width = Math.max(14, ...lines.map(([name]) => name.length));
	return [
		"",
		...lines.map(([name, value]) => `${name.padEnd(width)} ${value}`),
		""
	].join("\n");
}
/** Where the run is to be recorded, and whether the user said so himself, or trusts who did. */
function nameTracker({ trackingUri, trustTracking }, { pipeline, setsTracking }, warn) {
	const ofFile = pipeline.tracking.uri;
	const own = trackingUri ?? (setsTracking ? ofFile : void 0) ?? process.env["MLFLOW_TRACKING_URI"];
	if (trustTracking === true) {
		if (ofFile === void 0) throw misuse("no-tracking-uri", "--trust-tracking is about the address that the file names, and it names none", "name it under `tracking: { uri: ... }`, or leave the flag out");
		trustUri(ofFile, warn);
	}
	if (own !== void 0) return {
		uri: own,
		isTrusted: true
	};
	return {
		uri: ofFile,
		isTrusted: ofFile !== void 0 && (trustTracking === true || isTrustedUri(ofFile))
	};
}
/** Names a server only where it has the whole run, which it may have under another id. */
function whereRecorded({ where, server, runsDirectory }, undelivered) {
	const here = relative(".", runsDirectory) || ".";
	if (server === void 0) return ({ runId }) => `${where} (run ${runId})`;
	const as = ({ serverRunId }) => serverRunId === void 0 ? "" : ` (run ${serverRunId})`;
	if (undelivered.has("not-delivered")) return (run) => `${here} (run ${run.runId}); ${where}${as(run)} does not have all of it yet`;
	if (undelivered.has("not-taken")) return (run) => `${here} (run ${run.runId}); ${where}${as(run)} did not take all of it`;
	return ({ runId, serverRunId = runId }) => `${where} (run ${serverRunId})${serverRunId === runId ? "" : `, ${here} (run ${runId})`}`;
}
/** Says where the run goes on, and how. */
function interrupted({ checkpoint }, file, options) {
	if (options.smoke === true || options.overfit !== void 0) return failure("interrupted", "the trial was interrupted");
	const where = checkpoint === void 0 ? "" : `; it goes on in epoch ${checkpoint.epoch}, after step ${checkpoint.step}`;
	return failure("interrupted", `the run was interrupted${where}`, `Go on with: ${goOn(file, options)}`);
}
/** The command that goes on. */
function goOn(file, { set, runs, trackingUri, on }) {
	const uri = trackingUri === void 0 ? [] : ["--tracking-uri", trackingUri];
	return `npx pipeline run ${[
		...file === void 0 ? [] : [file],
		...set.flatMap((setting) => ["--set", setting]),
		...uri,
		...runs === "runs" ? [] : ["--runs", runs],
		...on === void 0 ? [] : ["--on", on]
	].map(shellWord).join(" ")}`;
}
/** A trial of a file that repeats itself. */
function triedOnce(trainings) {
	return warning("tried-once", `one of the ${trainings} trainings of \`repeat\` and \`folds\` is tried`);
}
function trialOf({ smoke, overfit }) {
	if (overfit !== void 0) return { trial: {
		kind: "overfit",
		samples: overfit
	} };
	return smoke === true ? { trial: { kind: "smoke" } } : {};
}
function stageNamed(text) {
	const stage = stageNames.find((name) => name === text);
	if (stage === void 0) throw new InvalidArgumentError(`It is one of ${stageNames.join(", ")}; a file is named before it: pipeline run FILE --force.`);
	return stage;
}
function runName(text) {
	if (text.trim() === "" || text.length > 250) throw new InvalidArgumentError(`It must have 1 to 250 characters, and not blanks alone.`);
	return text;
}
function whereToLook(outcome, recorded, runsDirectory, options) {
	const { trial } = trialOf(options);
	const { metrics, artifactDirectory } = outcome;
	const inside = relative(".", artifactDirectory);
	const folder = inside.startsWith("..") ? artifactDirectory : inside;
	const values = ["test_loss", ...Object.keys(metrics).filter((name) => name.startsWith("test_") && name !== "test_loss" && !isBound(name))];
	const width = Math.max(14, ...values.map((name) => name.length));
	return [
		"",
		...values.filter((name) => name in metrics).map((name) => `${makeVisible(name).padEnd(width)} ${showMeasure(metrics[name])}${showBounds(name, metrics)}`),
		"",
		...trial === void 0 ? [] : [`trial          ${describeTrial(trial)}`],
		`recorded in    ${recorded(outcome)}`,
		`report         ${folder}/report.html`,
		`model          ${folder}/model/model.json`,
		`compare runs   ${uiCommand(runsDirectory)}`,
		""
	].join("\n");
}
export { runCommand };
