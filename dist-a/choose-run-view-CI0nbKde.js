import { d as canRedraw, f as showsColors, h as printDiagnostics, jn as hideSecretsIn, lo as showPace, oo as showDuration, p as diagnosticToJson, so as showMeasure, v as makeVisible } from "./checks-359mGJ3h.js";
import { t as progressLine } from "./progress-line-D0U7piEN.js";
import { t as stageNames } from "./stages-CqKQJf7n.js";
import { Listr } from "listr2";
// src/commands/show-json.ts
/** One JSON object per line, for programs. */
function showJson(write) {
	return {
		emit: (event) => {
			const shown = event.type === "diagnostic" ? {
				type: "diagnostic",
				diagnostic: diagnosticToJson(event.diagnostic)
			} : hideSecretsIn(event);
			write(`${JSON.stringify(shown)}\n`);
		},
		close: async () => {}
	};
}
// src/commands/run-view.ts
/** `run 1f2e... of mnist`, `smoke run 1f2e... of mnist`. */
function describeStart({ runId, name, trial }) {
	return `${trial === void 0 ? "" : `${trial} `}run ${runId} of ${name}`;
}
/** `epoch 3/15  loss 0.0412  accuracy 0.9871  val_loss ...  6543 images/s`. */
function describeEpoch({ epoch, epochs, metrics, samplesPerSecond, seconds }, samples) {
	const values = Object.entries(metrics).map(([name, value]) => `${name} ${showMeasure(value)}`);
	return [
		`epoch ${String(epoch).padStart(String(epochs).length)}/${epochs}`,
		...values,
		showPace(samplesPerSecond, samples),
		showDuration(seconds)
	].join("  ");
}
/** `epoch 3/15  batch 120/550  loss 0.0412  6543 images/s  1 min 20 s left`. */
function describeProgress({ epoch, epochs, batch, batches, loss, samplesPerSecond, etaSeconds }, samples) {
	return [
		`epoch ${epoch}/${epochs}`,
		`batch ${batch}/${batches}`,
		`loss ${showMeasure(loss)}`,
		showPace(samplesPerSecond, samples),
		`${showDuration(etaSeconds)} left`
	].join("  ");
}
/** `epoch 3/15  validation 1200/5000  1 min 20 s left`. */
function describeValidation({ epoch, epochs, done, count, etaSeconds }) {
	return [
		`epoch ${epoch}/${epochs}`,
		`validation ${done}/${count}`,
		`${showDuration(etaSeconds)} left`
	].join("  ");
}
/** `goes on in epoch 3, after batch 120 (step 1220)`. */
function describeResumed({ epoch, batch, step }) {
	return `goes on in epoch ${epoch}, after batch ${batch} (step ${step})`;
}
/** `2 epochs, compiled, ... (as in run 1f2e...)`. */
function describeSkipped({ summary, runId, from }) {
	return `${summary} (kept from run ${runId}${from === void 0 ? "" : ` in ${from}`})`;
}
// src/commands/show-lines.ts
/** A plain log, one line per thing that is worth keeping: no progress within an epoch. */
function showLines(write) {
	let phase = "";
	let samples = "samples";
	const describe = (event) => {
		switch (event.type) {
			case "engine-progress":
				if (event.phase === phase) return void 0;
				phase = event.phase;
				return `engine: ${phase}`;
			case "fetch-progress": return event.fraction === 0 ? `fetching ${event.url}` : void 0;
			case "run-started":
				samples = event.samples;
				return describeStart(event);
			case "step-chosen": return `step: ${event.step}`;
			case "training-resumed": return describeResumed(event);
			case "stage-started": return `${event.stage} ...`;
			case "stage-finished": return `${event.stage}: ${event.summary} (${showDuration(event.seconds)})`;
			case "stage-skipped": return `${event.stage}: ${describeSkipped(event)}`;
			case "epoch-finished": return `  ${describeEpoch(event, samples)}`;
			case "progress":
			case "validation-progress":
			case "checkpoint-written":
			case "artifact":
			case "run-finished": return;
		}
	};
	return {
		emit: (event) => {
			if (event.type === "diagnostic") return write(printDiagnostics([event.diagnostic], {
				color: false,
				cwd: process.cwd()
			}));
			const line = describe(event);
			if (line !== void 0) write(`${makeVisible(line)}\n`);
		},
		close: async () => {}
	};
}
// src/commands/show-tasks.ts
/** Live tasks on a terminal: the stages, what each is doing, what came of it. */
function showTasks(write, stageNames$1 = stageNames) {
	const stages = new Map(stageNames$1.map((name) => [name, { end: withResolvers() }]));
	const progress = progressLine(write);
	let current = "";
	let samples = "samples";
	let started;
	const start = () => {
		const tasks = stageNames$1.map((name) => ({
			title: name,
			task: async (_, task) => {
				stages.get(name).task = task;
				task.title = await stages.get(name).end.promise;
			}
		}));
		started = new Listr(tasks, {
			registerSignalListeners: false,
			rendererOptions: { collapseSubtasks: false }
		}).run().catch(() => void 0);
	};
	const say = (text) => {
		const task = stages.get(current)?.task;
		if (task !== void 0) task.output = makeVisible(text);
	};
	const settle = (name, title) => stages.get(name).end.resolve(makeVisible(title));
	return {
		emit: (event) => {
			switch (event.type) {
				case "engine-progress":
					progress(event.phase, event.fraction);
					break;
				case "fetch-progress":
					progress(event.url, event.fraction);
					break;
				case "run-started":
					samples = event.samples;
					write(`${makeVisible(describeStart(event))}\n`);
					start();
					break;
				case "step-chosen":
					say(`step: ${event.step}`);
					break;
				case "training-resumed":
					say(describeResumed(event));
					break;
				case "progress":
					say(describeProgress(event, samples));
					break;
				case "validation-progress":
					say(describeValidation(event));
					break;
				case "epoch-finished":
					say(describeEpoch(event, samples));
					break;
				case "stage-finished":
					settle(event.stage, `${event.stage}: ${event.summary} (${showDuration(event.seconds)})`);
					break;
				case "stage-skipped":
					settle(event.stage, `${event.stage}: ${describeSkipped(event)}`);
					break;
				case "diagnostic":
					write(printDiagnostics([event.diagnostic], {
						color: showsColors(process.stdout),
						cwd: process.cwd()
					}));
					break;
				case "stage-started": current = event.stage;
			}
		},
		close: async () => {
			for (const [name, { end }] of stages) end.reject(/* @__PURE__ */ new Error(`${name} stopped`));
			await started;
		}
	};
}
/** Promise.withResolvers, which Node 20 lacks. */
function withResolvers() {
	let settle;
	const promise = new Promise((resolve, reject) => {
		settle = {
			resolve,
			reject
		};
	});
	promise.catch(() => void 0);
	return {
		promise,
		...settle
	};
}
// src/commands/choose-run-view.ts
/** JSON where asked for, live tasks on a terminal, plain lines elsewhere (CI, a pipe, a log file). */
function chooseRunView(options) {
	const write = (text) => void process.stdout.write(text);
	if (options.json) return showJson(write);
	return canRedraw(process.stdout) ? showTasks(write) : showLines(write);
}
export { chooseRunView as t };
