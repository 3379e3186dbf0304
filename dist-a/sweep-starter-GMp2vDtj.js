import { $a as listNames, P as readSource, bs as failure, k as glanceAtSource, vs as UserError } from "./checks-359mGJ3h.js";
import { dirname, join } from "node:path";
import { readdirSync } from "node:fs";
// src/commands/sweep-starter.ts
/**
* A commented sweep of the pipeline file in the same folder.
*
* @param file the sweep's @param schema where an editor finds the schema
* @throws UserError when there is no pipeline file, when it is not clear which one is meant, or when it is wrong
*/
async function sweepText(file, schema) {
	const folder = dirname(file);
	const name = await pipelineIn(folder);
	const { checked, diagnostics } = await glanceAtSource(readSource(join(folder, name)));
	const errors = diagnostics.filter(({ severity }) => severity === "error");
	if (errors.length > 0) throw new UserError(errors, 2);
	return textFor(name, schema, checked);
}
/** pipeline.yaml, or the only file that is a pipeline. */
async function pipelineIn(folder) {
	const found = namesIn(folder).filter((name) => /\.ya?ml$/.test(name));
	const first = found.find((name) => /^pipeline\.ya?ml$/.test(name));
	if (first !== void 0) return first;
	const pipelines = found.filter((name) => {
		try {
			return /^(?:extends|model)\s*:/m.test(readSource(join(folder, name)).text);
		} catch {
			return false;
		}
	});
	const [only, second] = pipelines;
	if (only === void 0) throw failure("no-pipeline-beside", `There is no pipeline file in ${folder} to be swept.`, "Write one first: `pipeline init`.");
	if (second === void 0) return only;
	throw failure("no-pipeline-beside", `There are several pipeline files in ${folder}: ${listNames(pipelines)}.`, "Give the sweep a folder of its own beside a copy, or call the one that is meant pipeline.yaml.");
}
function namesIn(folder) {
	try {
		return readdirSync(folder).sort();
	} catch {
		return [];
	}
}
function textFor(name, schema, checked) {
	const [target, ...others] = checked?.plan.dataset.targets ?? [];
	const goal = target?.kind === "class" && others.length === 0 ? "maximize val_accuracy" : "minimize val_loss";
	const { batchSize = 100, epochs = 1 } = checked?.pipeline.train ?? {};
	const sizes = [.../* @__PURE__ */ new Set([
		Math.ceil(batchSize / 2),
		batchSize,
		batchSize * 2
	])];
	const asha = epochs > 2 ? "asha" : "# asha";
	return `# yaml-language-server: $schema=${schema}
# A sweep of Layerline: many runs of one pipeline file. \`pipeline validate FILE\` checks it, \`pipeline sweep FILE\`
# starts it, and goes on with it where it was stopped.
sweep: ${JSON.stringify(`./${name}`)} # counts from the folder of this file
seed: 7 # what the values of the trials are drawn by
goal: ${goal} # a metric of validation; the test measures what was chosen

space: # paths as \`--set\` takes them; a list of any values, or a range
  train.optimizer.learningRate: log 1e-4..1e-2
  train.batchSize: [${sizes.join(", ")}]
  # model.layers[0].units: int 16..128 step 16 # places of lists count from 0
  # model.layers[1]: [relu, tanh] # whole layers, in short or long form

search: random # or grid: all points; or tpe: near those that did well, which needs Python and Optuna
trials: 20
${asha}: { from: 1, factor: 3 } # one of three goes on from a rung to the next, which is three times as long
failures: 5 # failed trials that are allowed
parallel: 1 # trials at once
budget: { time: 2h }
on: local # or \`{ ray: { url: "http://head:8265" }, cpu: 2 }\`, \`{ slurm: { partition: cpu } }\`
`;
}
export { sweepText };
