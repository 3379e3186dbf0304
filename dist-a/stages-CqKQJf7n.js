import { Bo as object, Cs as warning, Fn as layerRow, Si as seedFor, Ut as isReconstruction, Wo as such, _s as sizeOf, _t as metricsOf, bi as permutation, it as augmentedBatches, so as showMeasure } from "./checks-359mGJ3h.js";
import { t as evaluationForm } from "./results-0nngyuh7.js";
import { t as intervalMetrics } from "./sample-intervals-Xvzy26hk.js";
import { b as section, h as loadStage, l as evaluate, r as trainStage, t as bestEpoch, u as allMaskedInTest, y as machinePart } from "./train-stage-9wCmGD-s.js";
import { n as loadEngine } from "./load-engine-Cr0z7l6P.js";
import { n as goldenRows, t as goldenForm } from "./golden-rows-CDS4KybN.js";
import { d as recordEvaluation, n as visualize, t as drawnForm } from "./visualize-BKVeX_rC.js";
import { p as picturesIn } from "./train-outcome-BMKWouke.js";
// src/stages/evaluate-stage.ts
const withGolden = object({ golden: goldenForm });
/** Measures the model on the test split. */
const evaluateStage = {
	name: "evaluate",
	dependsOn: { evaluate: section("evaluate", "what is measured", { withoutEffect: { require: "what a run must reach" } }) },
	needs: [loadStage, trainStage],
	usesEngine: true,
	form: (checked) => {
		const form = such(evaluationForm, isOf(checked));
		const golden = such(withGolden, isGoldenOf(checked));
		return (value) => form(value) ?? golden(value);
	},
	run: async ({ checked: { pipeline, plan }, live, data, signal, outcomeOf }) => {
		const { dataset } = await data();
		const { evaluator, model } = live.trained;
		const evaluation = await evaluate({
			evaluator,
			dataset,
			metrics: metricsOf(pipeline),
			signal
		});
		const { tf } = await loadEngine();
		const { scales } = outcomeOf(trainStage);
		const readsIndices = plan.layers.some(({ type, options }) => layerRow(type).readsIndices?.(options) !== void 0);
		const { seed } = pipeline;
		return {
			...evaluation,
			golden: await goldenRows({
				tf,
				model,
				scales,
				dataset,
				evaluation,
				readsIndices,
				seed
			})
		};
	},
	summarize: ({ metrics }) => Object.entries(metrics).map(([name, value]) => `${name} ${showMeasure(value)}`).join(", "),
	record: (evaluation, { run, emit, result }) => {
		for (const diagnostic of allMaskedInTest(evaluation)) emit({
			type: "diagnostic",
			diagnostic
		});
		Object.assign(result.metrics, evaluation.metrics, intervalMetrics(evaluation));
		recordEvaluation(run, evaluation);
	},
	estimate: ({ seconds, samples }) => samples.test * seconds.evaluation
};
/** Whether golden rows are of a pipeline's inputs and targets. */
function isGoldenOf({ plan: { dataset } }) {
	const namesOf = (parts) => JSON.stringify(parts.map(({ name }) => name));
	return ({ golden: { inputs, outputs, labels } }) => namesOf(inputs) === namesOf(dataset.inputs) && inputs.every(({ shape }, k) => String(shape.slice(1)) === String(dataset.inputs[k].shape)) && [outputs, labels].every((parts) => namesOf(parts) === namesOf(dataset.targets));
}
/** Whether an evaluation is of a pipeline's targets and its test samples. */
function isOf({ plan: { dataset, samples } }) {
	const { targets } = dataset;
	return ({ outputs }) => outputs.length === targets.length && outputs.every((output, k) => {
		const { name, shape } = targets[k];
		const kind = isReconstruction(targets[k]) ? "reconstruction" : targets[k].kind;
		return output.kind === kind && output.name === name && String(output.shape) === String(shape) && (output.kind === "reconstruction" ? output.errors.length === samples.test : output.actual.length === samples.test * sizeOf(shape)) && JSON.stringify(namesOf(output)) === JSON.stringify(namesOf(targets[k]));
	});
}
/** Classes, and the labels of which there may be several at once. */
function namesOf(of) {
	if (of.kind !== "class") return [];
	return [of.classes, of.several && "labels" in of.several ? of.several.labels : of.several];
}
// src/stages/augmented-pictures.ts
/** How many are shown at most. */
const [mostSamples, mostEpochs] = [6, 5];
/**
* Some of the training pictures, as they are and as epochs of the training saw them; undefined where nothing is
* augmented or there are no pictures of bytes.
*
* @param trained how many epochs there were
*/
function augmentedIn({ dataset: { spec, train }, split }, { seed, train: { augment } }, trained) {
	if (augment === void 0) return void 0;
	const columns = Math.min(mostEpochs, trained);
	const epochs = Array.from({ length: columns }, (_, i) => 1 + Math.round((trained - 1) * i / Math.max(1, columns - 1)));
	const samples = permutation(split.train.length, seedFor(seed, "augmentedSamples")).slice(0, mostSamples).map((i) => split.train[i]);
	const shown = {
		count: samples.length * (epochs.length + 1),
		labels: (target) => train.labels(target),
		async *batches({ rows }) {
			for (const row of rows) {
				const wanted = {
					rows: samples.subarray(Math.floor(row / (epochs.length + 1))).subarray(0, 1),
					size: 1
				};
				const epoch = epochs[row % (epochs.length + 1) - 1];
				yield* epoch === void 0 ? train.batches(wanted) : augmentedBatches(train, wanted, {
					augment,
					inputs: spec.inputs,
					seed,
					epoch,
					partners: split.train
				});
			}
		}
	};
	const pictures = picturesIn({
		spec,
		test: shown
	});
	const asTheyAre = picturesIn({
		spec,
		test: train
	});
	if (pictures === void 0 || asTheyAre === void 0) return void 0;
	return {
		pictures: {
			...pictures,
			areDrawings: asTheyAre.areDrawings
		},
		samples: samples.length,
		epochs
	};
}
// src/stages/visualize-stage.ts
/** Draws the figures. */
const visualizeStage = {
	name: "visualize",
	dependsOn: {
		visualize: section("visualize", "what is drawn"),
		drawing: machinePart("drawing", "another version may draw otherwise")
	},
	needs: [loadStage],
	usesEngine: false,
	form: () => drawnForm,
	run: async ({ checked: { pipeline }, data, outcomeOf }) => {
		const { figures, reference } = pipeline.visualize;
		const loaded = await data();
		const pictures = picturesIn(loaded.dataset);
		const trained = outcomeOf(trainStage);
		const augmented = augmentedIn(loaded, pipeline, trained.history.length);
		const chartInput = {
			history: trained.history,
			...bestEpoch(pipeline, trained),
			evaluation: outcomeOf(evaluateStage),
			seed: pipeline.seed,
			...pictures === void 0 ? {} : { pictures },
			...augmented === void 0 ? {} : { augmented },
			...loaded.shown === void 0 ? {} : { shown: loaded.shown },
			...reference === void 0 ? {} : { reference }
		};
		return visualize({
			chartInput,
			figures
		});
	},
	summarize: ({ figures: { length } }) => `${length} ${length === 1 ? "figure" : "figures"} and report.html`,
	record: ({ leftOut }, { checked, emit }) => {
		if (checked.pipeline.visualize.figures === void 0) return;
		for (const { name, needs } of leftOut) emit({
			type: "diagnostic",
			diagnostic: warning("figure-left-out", `${name} is left out: it needs ${needs}`)
		});
	},
	estimate: ({ seconds }) => seconds.visualize
};
/** All stages, in the order in which they run. */
const stages = [
	loadStage,
	trainStage,
	evaluateStage,
	visualizeStage
];
/** Their names, in that order. */
const stageNames = stages.map(({ name }) => name);
/** The stages before one. */
function stagesBefore(all, { name }) {
	return all.slice(0, all.findIndex((stage) => stage.name === name));
}
export { evaluateStage as a, visualizeStage as i, stages as n, stagesBefore as r, stageNames as t };
