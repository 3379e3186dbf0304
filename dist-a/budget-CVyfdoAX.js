import { r as __exportAll } from "./rolldown-runtime-C1I3wEg2.js";
import { Ai as subsetOf, Cs as warning, Di as firstRows, _t as metricsOf, bs as failure, co as showMemory, ja as writeFileAtomic, lo as showPace, no as duration, nt as graphOf, oo as showDuration, to as byteSize, vt as wantedValues } from "./checks-359mGJ3h.js";
import { t as ensureEngine } from "./install-engine-D7lb-jNC.js";
import { n as loadEngine } from "./load-engine-Cr0z7l6P.js";
import { a as trainingBatches, l as evaluate, o as prepareTraining } from "./train-stage-9wCmGD-s.js";
import { f as load, p as picturesIn } from "./train-outcome-BMKWouke.js";
import { C as threadsPerOp, S as countTowers } from "./model-outputs-BxqrQy2e.js";
import { n as visualize } from "./visualize-BKVeX_rC.js";
import { a as calibrationFile, i as forecastRun, o as findCalibration } from "./check-memory-Cg7kXcbT.js";
import { dirname } from "node:path";
import { setImmediate } from "node:timers/promises";
// src/run/calibrate.ts
/** Milliseconds of training that are measured: enough for hundreds of steps of a small net. */
const window = 2e3;
/** Steps that are measured at least, and evaluation batches at most. */
const [leastSteps, mostBatches] = [10, 4];
/**
* Measures what a pipeline's stages take on this machine: reads its data, trains it for two seconds, evaluates a part
* of the test samples and draws the figures. Nothing of it is kept.
*
* @throws UserError when a stage fails; the signal's reason when it is aborted
*/
async function calibrate({ checked, emit, signal }) {
	const { pipeline, plan, source } = checked;
	const tell = (fraction) => emit({
		type: "engine-progress",
		phase: "measuring the pace of this machine",
		fraction
	});
	await ensureEngine({ emit });
	tell(0);
	const [engine, start] = await timed(() => loadEngine(threadsPerOp(countTowers({
		...pipeline.train,
		graph: plan
	}))));
	const [data, loading] = await timed(() => load({
		...pipeline.data,
		seed: pipeline.seed,
		folder: dirname(source.name),
		signal
	}));
	tell(.2);
	const wanted = wantedValues(pipeline);
	const [training, prepare] = await timed(async () => prepareTraining({
		...pipeline.train,
		engine,
		data,
		graph: graphOf(plan),
		wanted,
		seed: pipeline.seed,
		emit,
		signal
	}));
	try {
		const step = await measureSteps(training, checked, data, signal);
		tell(.6);
		const rest = await measureRest(training, checked, data, signal);
		tell(1);
		const { train, test } = data.dataset;
		const memory = process.resourceUsage().maxRSS * 1024;
		return {
			measuredAt: (/* @__PURE__ */ new Date()).toISOString(),
			seconds: {
				start,
				load: loading,
				prepare,
				step,
				...rest
			},
			samples: {
				train: train.count,
				test: test.count
			},
			memory
		};
	} finally {
		training.dispose();
	}
}
/** Seconds of a training step. */
async function measureSteps({ trainer, rates }, { pipeline: { train, seed } }, data, signal) {
	const rate = rates([]);
	let [steps, start] = [-5, performance.now()];
	for (;;) for await (const batch of trainingBatches({
		...train,
		data,
		seed
	}, 1, 0)) {
		trainer.train(batch, rate(0), 0);
		if (++steps === 0) start = performance.now();
		await setImmediate();
		signal.throwIfAborted();
		const elapsed = performance.now() - start;
		if (steps >= leastSteps && elapsed >= window) return elapsed / steps / 1e3;
	}
}
/** Seconds of evaluation for one sample, and of the visualize stage. */
async function measureRest({ trainer: { evaluator } }, { pipeline }, { dataset }, signal) {
	const count = Math.min(dataset.test.count, mostBatches * evaluator.evaluationBatch);
	const test = subsetOf(dataset.test, firstRows(count));
	const measure = () => timed(() => evaluate({
		evaluator,
		dataset: {
			...dataset,
			test
		},
		metrics: metricsOf(pipeline),
		signal
	}));
	await measure();
	const [evaluation, evaluating] = await measure();
	const values = {
		loss: 1,
		accuracy: .5,
		val_loss: 1,
		val_accuracy: .5
	};
	const pictures = picturesIn({
		...dataset,
		test
	});
	const { figures, reference } = pipeline.visualize;
	const chartInput = {
		history: [values, values],
		evaluation,
		seed: pipeline.seed,
		...pictures === void 0 ? {} : { pictures },
		...reference === void 0 ? {} : { reference }
	};
	const [, drawing] = await timed(() => visualize({
		chartInput,
		figures
	}));
	return {
		evaluation: evaluating / test.count,
		visualize: drawing
	};
}
async function timed(work) {
	const start = performance.now();
	return [await work(), (performance.now() - start) / 1e3];
}
// src/run/budget.ts
var budget_exports = /* @__PURE__ */ __exportAll({ calibrateAndKeep: () => calibrateAndKeep });
/** Measures a pipeline and keeps that in the user's cache; where it cannot be kept, says so and goes on. */
async function calibrateAndKeep(request) {
	const file = calibrationFile(request.checked);
	const calibration = await calibrate(request);
	try {
		writeFileAtomic(file, JSON.stringify(calibration));
	} catch (error) {
		request.emit({
			type: "diagnostic",
			diagnostic: warning("calibration-not-kept", `what was measured cannot be kept: ${error.message}`)
		});
	}
	return calibration;
}
/**
* Lets a run start if its forecast is within its budget; measures the pace of the machine first where that was not
* done.
*
* @throws UserError when the forecast is above the budget
*/
async function checkForecast(budget, request) {
	const { checked } = request;
	const refusal = forecastRefusal(budget, checked, forecastRun(checked, findCalibration(checked) ?? await calibrateAndKeep(request)));
	if (refusal !== void 0) throw refusal;
}
/** Why a run is not to start; undefined where its forecast is within the budget. */
function forecastRefusal(budget, { pipeline, plan }, forecast) {
	const time = duration.read(budget.time ?? "");
	if (forecast.total > time) {
		const { epochs } = pipeline.train;
		const fit = Math.floor((time - forecast.total) / forecast.epoch) + epochs;
		const message = `the run would take about ${showDuration(forecast.total)}, more than its budget.time of ${budget.time}: ${epochs} epochs of ${showDuration(forecast.epoch)}, ${showDuration(forecast.total - epochs * forecast.epoch)} for the rest`;
		const way = fit >= 1 ? `${fit} ${fit === 1 ? "epoch fits" : "epochs fit"}: train.epochs: ${fit}. Or raise the budget.` : "Not one epoch fits: raise the budget, or train a smaller model or less data.";
		return failure("over-budget", message, way);
	}
	const memory = byteSize.read(budget.memory ?? "");
	if (forecast.memory > memory) {
		const { batchSize } = pipeline.train;
		const fit = Math.floor(batchSize * (1 - (forecast.memory - memory) / plan.memory.activations));
		const message = `the run would take about ${showMemory(forecast.memory)}, more than its budget.memory of ${budget.memory}`;
		return failure("over-budget", message, fit >= 1 ? `Batches of ${fit} should fit: train.batchSize: ${fit}. Or raise the budget.` : `No batch is small enough: TensorFlow, the data and the weights alone take about ${showMemory(forecast.memory - plan.memory.activations)}. Raise the budget.`);
	}
}
/**
* Share of the training after which its own pace counts for more than the forecast, and how far above the budget it may
* point.
*/
const [telling, tolerance] = [.1, 1.1];
/**
* Watches a run's events; gives what breaks the budget, from the first progress on that does. Time is counted from
* `start`.
*
* @param start as performance.now() has it
*/
function watchBudget(budget, start) {
	const [time, memory] = [duration.read(budget.time ?? ""), byteSize.read(budget.memory ?? "")];
	const goesOn = "Raise the budget and run the file again: it goes on from its last checkpoint.";
	let samples = "samples";
	return (event) => {
		if (event.type === "run-started") samples = event.samples;
		if (event.type !== "progress") return void 0;
		const resident = process.memoryUsage.rss();
		const where = `in epoch ${event.epoch} of ${event.epochs}`;
		if (resident > memory) return failure("budget-exceeded", `training was stopped ${where}: it takes ${showMemory(resident)} of memory, more than its budget.memory of ${budget.memory}`, goesOn);
		const elapsed = (performance.now() - start) / 1e3;
		if (elapsed > time) return failure("budget-exceeded", `training was stopped ${where}: ${showDuration(elapsed)} have passed, its budget.time is ${budget.time}`, goesOn);
		if ((event.epoch - 1 + event.batch / event.batches) / event.epochs < telling || elapsed + event.etaSeconds <= tolerance * time) return void 0;
		return failure("budget-exceeded", `training was stopped ${where}: at its pace of ${showPace(event.samplesPerSecond, samples)} the run would take about ${showDuration(elapsed + event.etaSeconds)}, more than its budget.time of ${budget.time}`, goesOn);
	};
}
export { checkForecast as n, watchBudget as r, budget_exports as t };
