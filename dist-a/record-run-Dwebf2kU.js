import { Ai as subsetOf, An as hideSecrets, C as version, Di as firstRows, Dn as stringify, En as parseDocument, On as visit, Si as seedFor, bi as permutation, bs as failure, jn as hideSecretsIn, so as showMeasure } from "./checks-359mGJ3h.js";
import { r as userName } from "./local-store-DqntMLxF.js";
import { d as fitTargets, x as writeArtifact } from "./train-outcome-BMKWouke.js";
import { r as trainStage } from "./train-stage-9wCmGD-s.js";
import { dirname, join, resolve } from "node:path";
import { readFileSync, statSync } from "node:fs";
// src/language/syntax/hide-in-file.ts
/**
* The text of a YAML file without its secrets: a value that holds one is written anew, as its quotes and escapes, or
* the lines that it is folded over, may be anywhere in the middle of a password.
*/
function hideInFile(text) {
	const values = [];
	visit(parseDocument(text, {
		version: "1.2",
		schema: "core",
		uniqueKeys: false,
		logLevel: "silent"
	}), { Scalar: (_, { value, range }) => {
		if (typeof value !== "string" || !range || hideSecrets(value) === value) return;
		const [start, end] = range;
		values.push({
			start,
			end,
			shown: JSON.stringify(hideSecrets(value)) + (text.slice(start, end).endsWith("\n") ? "\n" : "")
		});
	} });
	const without = values.toSorted((a, b) => b.start - a.start).reduce((rest, { start, end, shown }) => rest.slice(0, start) + shown + rest.slice(end), text);
	return hideSecrets(without);
}
// src/run/written-params.ts
/**
* The params of a run: what was set, and the few values that always tell. All others are at their defaults, and stand
* in `config/resolved.yaml`: among fifty of them nobody sees what two runs differ in.
*/
function paramsOf({ pipeline, given, plan }) {
	const { data, model, train, budget } = given;
	const { seed, data: { source, split }, train: { optimizer, outputs, schedule, epochs, batchSize } } = pipeline;
	const { parameters } = plan;
	const training = Object.entries(train).filter(([key]) => !apart.has(key) && (key in pipeline.train || !leftOutByTrials.has(key)));
	const { learningRate } = optimizer.options;
	return {
		seed: String(seed),
		"data.source": source.type,
		...Object.fromEntries(Object.entries(optionsOf(data?.source, source.type)).map(([key, value]) => [`data.${key}`, textOf(value)])),
		...flatten("data.split", {
			...data?.split,
			validation: split.validation
		}),
		...split.fold && {
			"data.folds": String(split.fold.of),
			"data.fold": String(split.fold.number)
		},
		optimizer: optimizer.type,
		...flatten("", optionsOf(train["optimizer"], optimizer.type)),
		...learningRate === void 0 ? {} : flatten("", { learningRate }),
		...Object.assign({}, ...outputs.map(({ target, loss }) => {
			const { loss: form = train["loss"], ...rest } = target === void 0 ? {} : train.outputs?.[target] ?? {};
			const prefix = target === void 0 ? "loss" : `outputs.${target}.loss`;
			return {
				[prefix]: loss.type,
				...flatten(prefix, optionsOf(form, loss.type)),
				...flatten(`outputs.${target}`, rest)
			};
		})),
		...schedule === void 0 ? {} : {
			schedule: schedule.type,
			...flatten("schedule", optionsOf(train["schedule"], schedule.type))
		},
		...flatten("", {
			...Object.fromEntries(training),
			epochs,
			batchSize
		}),
		...flatten("budget", budget ?? {}),
		layers: String(plan.layers.length),
		parameters: String(parameters.trainable + parameters.nonTrainable),
		...Object.assign({}, ...pipeline.layers.map(({ name, type }, i) => ({
			[`model.${name}`]: type,
			...flatten(`model.${name}`, optionsOf(model.layers[i], type))
		})))
	};
}
/**
* What is told otherwise; and checkpoints, which change nothing of what comes out and may be others when a run goes on:
* a param may not.
*/
const apart = /* @__PURE__ */ new Set([
	"optimizer",
	"loss",
	"outputs",
	"schedule",
	"checkpoint"
]);
const leftOutByTrials = /* @__PURE__ */ new Set([
	"earlyStopping",
	"ema",
	"augment",
	"sampling"
]);
/** The options of a choice in full form: `{ adam: { learningRate: 0.1 } }`. */
function optionsOf(form, type) {
	return form?.[type] ?? {};
}
/** `{ a: { b: 1 } }` -> `a.b: 1`. */
function flatten(prefix, value) {
	const entries = Object.entries(value).map(([key, inner]) => {
		const name = prefix === "" ? key : `${prefix}.${key}`;
		return typeof inner === "object" && inner !== null && !Array.isArray(inner) && Object.keys(inner).length > 0 ? flatten(name, inner) : { [name]: textOf(inner) };
	});
	return Object.assign({}, ...entries);
}
function textOf(value) {
	return typeof value === "object" && value !== null ? JSON.stringify(hideSecretsIn(value)) : String(value);
}
// src/run/read-git-head.ts
/**
* The commit and the branch that a folder is at, read from the repository's files: git itself runs what the
* repository's own configuration names, and that may be anyone's. Undefined where there is no repository, or no commit
* yet.
*/
function readGitHead(folder) {
	const git = gitFolder(resolve(folder));
	if (git === void 0) return void 0;
	const shared = resolve(git, readSmall(join(git, "commondir")) ?? ".");
	const head = readSmall(join(git, "HEAD"));
	const commit = commitOf(head, [git, shared]);
	if (commit === void 0) return void 0;
	return {
		commit,
		branch: branchName.exec(head)?.[1] ?? "HEAD"
	};
}
const branchName = /^ref: refs\/heads\/((?!.*\.\.)[^\s\0\\:?*[~^]+)$/;
const hash = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
/** `.git` of a folder or of one above it; a worktree and a submodule have a file there, which names the folder. */
function gitFolder(folder) {
	const here = join(folder, ".git");
	if (readSmall(join(here, "HEAD")) !== void 0) return here;
	const named = /^gitdir: (.+)$/.exec(readSmall(here) ?? "")?.[1];
	if (named !== void 0) return resolve(folder, named);
	return dirname(folder) === folder ? void 0 : gitFolder(dirname(folder));
}
/** @param places where the file of a branch may be */
function commitOf(head, places, depth = 0) {
	if (head === void 0 || hash.test(head)) return head;
	const name = branchName.exec(head)?.[1];
	if (name === void 0 || depth > 5) return void 0;
	const loose = places.map((place) => readSmall(join(place, "refs/heads", name))).find((text) => text !== void 0);
	if (loose !== void 0) return commitOf(loose, places, depth + 1);
	const packed = readSmall(join(places.at(-1), "packed-refs"))?.split("\n").find((line) => line.endsWith(` refs/heads/${name}`));
	return packed === void 0 ? void 0 : commitOf(packed.split(" ")[0], places, depth + 1);
}
/** Refs of a large repository take some megabytes. */
const limit = 64e6;
/** The text of a plain file, without the end of its last line; undefined where there is none, or it cannot be read. */
function readSmall(path) {
	try {
		const stat = statSync(path);
		return stat.isFile() && stat.size <= limit ? readFileSync(path, "utf8").trimEnd() : void 0;
	} catch {
		return;
	}
}
// src/run/trial.ts
/** Below this, a loss that has 0 as its smallest value counts as zero: every sample is predicted with 99 % and more. */
const zeroLoss = .01;
/** Epochs that learning by heart may take. */
const overfitEpochs = 500;
/** How a run's tags and name call it. */
function nameTrial(trial) {
	return trial.kind === "smoke" ? "smoke" : `overfit-${trial.samples}`;
}
/** What a trial is, for people who look at what came of it. */
function describeTrial(trial) {
	if (trial.kind === "smoke") return "one batch of each part for one epoch (--smoke): its numbers say nothing of the model";
	return `${trial.samples} training ${trial.samples === 1 ? "sample" : "samples"}, which the test is of too (--overfit): its numbers say nothing of other samples`;
}
/** The pipeline as its trial trains it. */
function forTrial(checked, trial) {
	const { pipeline } = checked;
	if (trial.kind === "smoke") return {
		...checked,
		pipeline: {
			...pipeline,
			train: {
				...pipeline.train,
				epochs: 1
			}
		}
	};
	const overEpochs = trainStage.dependsOn["train"]?.section?.overEpochs ?? [];
	const train = { ...pipeline.train };
	for (const option of [
		...overEpochs,
		"augment",
		"sampling"
	]) Reflect.deleteProperty(train, option);
	return {
		...checked,
		pipeline: {
			...pipeline,
			train: {
				...train,
				epochs: overfitEpochs,
				batchSize: Math.min(train.batchSize, trial.samples),
				endsAtLoss: zeroLoss
			}
		}
	};
}
/** The data as a trial sees it: one batch of each part; or a few training samples, which are the test too. */
function limitData({ dataset, split, fitted, ...rest }, trial, { batchSize, seed }) {
	if (trial.kind === "smoke") {
		const test = subsetOf(dataset.test, firstRows(Math.min(batchSize, dataset.test.count)));
		return {
			...rest,
			fitted,
			dataset: {
				...dataset,
				test
			},
			split: {
				train: split.train.slice(0, batchSize),
				validation: split.validation.slice(0, batchSize)
			}
		};
	}
	const rows = permutation(split.train.length, seedFor(seed, "data", "overfit")).slice(0, trial.samples).map((i) => split.train[i]);
	const limited = {
		...rest,
		fitted,
		dataset: {
			...dataset,
			test: subsetOf(dataset.train, rows)
		},
		split: {
			train: rows,
			validation: /* @__PURE__ */ new Uint32Array()
		}
	};
	return {
		...limited,
		fitted: fitTargets(limited)
	};
}
/** The end of a run that was to learn its samples by heart and did not; undefined where it did. */
function overfitFailure(trial, history, samples) {
	const loss = history.at(-1)["loss"];
	if (trial.kind === "smoke" || loss <= zeroLoss) return void 0;
	const problem = `after ${history.length} epochs the loss on ${samples} ${samples === 1 ? "sample" : "samples"} is still ${loss.toPrecision(3)}: the model does not learn them by heart`;
	return failure("not-overfitted", problem, "Look for a learning rate that is too small or too large, a missing activation, labels that do not belong to their samples; take out dropout, noise, regularizers and label smoothing for this trial.");
}
// src/run/record-run.ts
/** What a run is tagged with from its first moment, by MLflow's names where it has one. @param engine see nameEngine */
function runTags(file, engine) {
	return {
		"mlflow.source.name": file,
		"mlflow.source.type": "LOCAL",
		"mlflow.user": userName(),
		...gitTags(dirname(file)),
		"pipeline.layerline": version,
		"pipeline.engine": engine,
		"pipeline.node": process.version,
		"pipeline.platform": `${process.platform} ${process.arch}`
	};
}
function gitTags(folder) {
	const head = readGitHead(folder);
	return head === void 0 ? {} : {
		"mlflow.source.git.commit": head.commit,
		"mlflow.source.git.branch": head.branch
	};
}
/** The file as written, what was set over it, the file as resolved, and what was set of it as params. */
function recordConfiguration(run, checked) {
	const { source, settings, resolved } = checked;
	writeArtifact(run, "config/pipeline.yaml", hideInFile(source.text));
	writeArtifact(run, "config/resolved.yaml", stringify(hideSecretsIn(resolved)));
	if (settings.length > 0) run.tags({ "pipeline.set": settings.join("\n") });
	run.params(paramsOf(checked));
}
/** A table for the run's page in the MLflow UI. */
function recordSummary(run, { evaluation, trained: { history, epoch, samplesPerSecond }, trial, best, kept, samples }) {
	const table = Object.entries({
		...history[epoch - 1],
		...evaluation.metrics,
		[`${samples}/s`]: Math.round(samplesPerSecond)
	}).map(([name, value]) => `| ${name} | ${Number.isInteger(value) ? value : showMeasure(value)} |`);
	const tried = trial === void 0 ? [] : [`a trial with ${describeTrial(trial)}`];
	const chosen = best === void 0 ? [] : [`weights and values of epoch ${best} of ${history.length}, the best`];
	const taken = kept.map(({ stage, runId }) => `${stage}: kept from run \`${runId}\``);
	run.tags({ "mlflow.note.content": [
		"| metric | value |",
		"|---|---|",
		...table,
		"",
		...[
			...tried,
			...chosen,
			...taken
		].map((line) => `- ${line}`),
		"",
		"The whole report: `report.html` under Artifacts."
	].join("\n") });
}
export { forTrial as a, overfitFailure as c, describeTrial as i, hideInFile as l, recordSummary as n, limitData as o, runTags as r, nameTrial as s, recordConfiguration as t };
