import { $a as listNames, Dn as stringify, E as checkFile, It as view, Pn as maskOrigins, a as pipelineArgument, ao as showCount, b as Command, co as showMemory, g as showPlace, gs as formatShape, io as showBytes, jn as hideSecretsIn, l as setOption, m as placeToJson, n as defaultFile, oo as showDuration, r as jsonOption, xt as augmentationRow, z as oneLine } from "./checks-359mGJ3h.js";
import { g as whyEager, u as engineKind } from "./engine-status-CGKvgfDM.js";
import { c as maskMisfit } from "./save-model-wTVDVX2-.js";
import { t as onnxMisfit } from "./onnx-model-B18sXMkj.js";
import { a as describeRepetitions, r as repetitionSpace, t as countTrainings } from "./repetition-points-va1d00kb.js";
import { i as forecastRun, n as describeMemory, o as findCalibration, r as totalMemory } from "./check-memory-Cg7kXcbT.js";
import { r as trainStage } from "./train-stage-9wCmGD-s.js";
import { t as tellProgress } from "./tell-progress-BL0lu1_V.js";
import { t as untilInterrupted } from "./until-interrupted-DtruJtqg.js";
// src/commands/plan.ts
/** `pipeline plan`: what a file will do, before TensorFlow loads. */
function planCommand() {
	return new Command("plan").description("Show the layers, shapes, parameters, operations, memory and time of a pipeline, without running it").addArgument(pipelineArgument()).addOption(setOption()).option("--calibrate", "measure first what its stages take on this machine: reads the data and trains for seconds; kept for later").option("--resolved", "print the file in full form with every default instead").addOption(jsonOption("print the plan as JSON")).action(async (file, options) => {
		const checked = await checkFile(file ?? defaultFile(), options.set, { emit: tellProgress() });
		const calibration = options.calibrate === true ? await calibrateAloud(checked) : findCalibration(checked);
		const forecast = calibration === void 0 ? void 0 : forecastRun(checked, calibration);
		if (options.resolved) process.stdout.write(stringify(hideSecretsIn(checked.resolved)));
		else if (options.json) process.stdout.write(`${JSON.stringify(hideSecretsIn(planForPrograms(checked, forecast)))}\n`);
		else process.stdout.write(describePlan(checked, forecast));
	});
}
async function calibrateAloud(checked) {
	const { calibrateAndKeep } = await import("./budget-CVyfdoAX.js").then((n) => n.t);
	return untilInterrupted((signal) => calibrateAndKeep({
		checked,
		emit: tellProgress(),
		signal
	}));
}
/** How steps will be computed, as far as file and engine decide it; a run says what became of it. */
function plannedStep(wanted) {
	const why = wanted === "eager" ? "as the file asks" : whyEager(engineKind());
	return why === void 0 ? "compiled" : `eager (${why})`;
}
/** The plan for programs. */
function planForPrograms(checked, forecast) {
	const { augment = [] } = checked.pipeline.train;
	const space = repetitionSpace(checked.pipeline);
	return {
		...checked.plan,
		augment,
		export: exportsOf(checked),
		forecast: forecast ?? null,
		...space && { trainings: countTrainings(space) }
	};
}
/** The plan as text for people. */
function describePlan(checked, forecast) {
	const { plan, pipeline } = checked;
	const { train } = pipeline;
	const { parameters, flops, activations, memory, samples, stepsPerEpoch } = plan;
	return [
		...layerTable(plan),
		"",
		`parameters  ${showCount(parameters.trainable)} trainable, ${showCount(parameters.nonTrainable)} not`,
		`FLOPs       ${showCount(flops)} per sample and forward pass; a training step costs about three times that per sample`,
		`activations ${showBytes(activations)} per sample, kept for the way back`,
		`memory      about ${showBytes(totalMemory(memory))} at its peak: ${describeMemory(memory)}`,
		`samples     ${showCount(samples.train)} training, ${showCount(samples.validation)} validation, ${showCount(samples.test)} test; ${showCount(stepsPerEpoch)} ${stepsPerEpoch === 1 ? "step" : "steps"} per epoch`,
		...maskedOutputs(plan),
		...describeNumbers(plan),
		...describeAugment(train.augment),
		`export      ${describeExport(checked)}`,
		`step        ${plannedStep(train.step)}`,
		`forecast    ${describeForecast(forecast, train.epochs)}`,
		...describeTrainings(checked, forecast),
		""
	].join("\n");
}
/** How many trainings there are, of which all above is one, and how long they take one after the other. */
function describeTrainings({ pipeline, plan: { dataset } }, forecast) {
	const space = repetitionSpace(pipeline);
	if (space === void 0) return [];
	const count = countTrainings(space);
	const { length: folds } = space.folds;
	const what = describeRepetitions({
		repeat: space.seeds.length,
		...folds > 0 && { folds }
	});
	const turns = dataset.drawsTest === true ? ", each the test once" : ", each validates once";
	const time = forecast === void 0 ? "" : `, one after the other about ${showDuration(count * forecast.total)}`;
	return [`trainings   ${count} such (${what}${folds > 0 ? turns : ""})${time}`];
}
/** Which outputs count in part, and why. */
function maskedOutputs({ dataset: { targets }, layers, outputs }) {
	const origins = maskOrigins(layers);
	return outputs.flatMap((output, k) => {
		const names = origins[output].map((origin) => layers[origin].name);
		const masks = `${listNames(names)} ${names.length === 1 ? "masks" : "mask"}`;
		return names.length === 0 ? [] : [`loss        and metrics of \`${targets[k].name}\` leave out what ${masks}`];
	});
}
/** How the targets that are numbers will be trained on. */
function describeNumbers({ dataset: { targets }, asTheyAre }) {
	const told = targets.flatMap(({ kind, name }, k) => {
		if (kind !== "number") return [];
		return [asTheyAre[k] === null ? `${name} standardized for training, told in its own unit` : `${name} as it is: ${asTheyAre[k]}`];
	});
	return told.length === 0 ? [] : [`numbers     ${told.join("; ")}`];
}
/** What training pictures are changed by: what the file says of each beyond defaults. */
function describeAugment(augment = []) {
	const told = augment.map(({ type, options }) => {
		const { properties = {} } = view(augmentationRow(type).options);
		const set = Object.entries(options).filter(([key, value]) => value !== properties[key]?.default);
		return set.length === 0 ? type : `${type} ${oneLine(Object.fromEntries(set))}`;
	});
	return told.length === 0 ? [] : [`augment     ${told.join(", ")}; in training alone`];
}
/** What the trained model can be exported to, beside what every one can; and what keeps it from the rest. */
function exportsOf(checked) {
	const told = misfitsOf(checked).map(({ format, layer, reason }) => {
		if (layer === void 0) return [format, { possible: true }];
		const { name, type } = checked.plan.layers[layer];
		const { file, line, column } = placeToJson(checked.pipeline.layers[layer].range);
		return [format, {
			possible: false,
			layer: name,
			type,
			file,
			line,
			column,
			reason
		}];
	});
	return Object.fromEntries(told);
}
function describeExport(checked) {
	return misfitsOf(checked).flatMap(({ format, layer, reason }) => {
		if (layer === void 0) return format === "onnx" ? [format] : [];
		const { name, type } = checked.plan.layers[layer];
		const place = showPlace(checked.pipeline.layers[layer].range, process.cwd());
		return [`${format} no (${name.startsWith(type) ? name : `${type} \`${name}\``}, layer ${layer + 1}, ${place}): ${reason}`];
	}).join("; ");
}
function misfitsOf({ plan: { layers } }) {
	return [{
		format: "onnx",
		...onnxMisfit(layers)
	}, {
		format: "tfjs",
		...maskMisfit({ layers })
	}];
}
function layerTable({ dataset, layers, parameters, flops, activations }) {
	const rows = [
		[
			"layer",
			"type",
			"output shape",
			"parameters",
			"FLOPs",
			"activations"
		],
		...dataset.inputs.map(({ name, shape }) => [
			name,
			"",
			formatShape(shape),
			"",
			"",
			""
		]),
		...layers.map((layer) => [
			layer.name,
			layer.type,
			formatShape(layer.outputShape),
			showCount(layer.parameters.trainable + layer.parameters.nonTrainable),
			showCount(layer.flops),
			showBytes(layer.activations)
		]),
		[
			"total",
			"",
			"",
			showCount(parameters.trainable + parameters.nonTrainable),
			showCount(flops),
			showBytes(activations)
		]
	];
	const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
	const lines = rows.map((row) => row.map((cell, column) => column < 3 ? cell.padEnd(widths[column]) : cell.padStart(widths[column])).join("  ").trimEnd());
	const rule = "-".repeat(widths.reduce((sum, width) => sum + width + 2, -2));
	return [
		lines[0],
		rule,
		...lines.slice(1, -1),
		rule,
		lines.at(-1)
	];
}
function describeForecast(forecast, epochs) {
	if (forecast === void 0) return "not calibrated on this machine: `pipeline plan --calibrate` takes some seconds";
	const { total, stages, epoch, memory, measuredAt } = forecast;
	const inEpochs = ` (${epochs} ${epochs === 1 ? "epoch" : "epochs"} of ${showDuration(epoch)})`;
	const each = Object.entries(stages).map(([name, seconds]) => `${name} ${showDuration(seconds)}${name === trainStage.name ? inEpochs : ""}`);
	return `about ${showDuration(total)} and ${showMemory(memory)}: ${each.join(", ")}; measured ${measuredAt.slice(0, 16).replace("T", " ")} UTC`;
}
export { planCommand };
