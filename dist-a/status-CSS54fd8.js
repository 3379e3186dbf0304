import { E as checkFile, a as pipelineArgument, b as Command, c as runsOption, l as setOption, n as defaultFile, r as jsonOption, v as makeVisible } from "./checks-359mGJ3h.js";
import { n as cacheFolder } from "./stage-cache-CfWlADlT.js";
import { g as dependencyOf } from "./train-stage-9wCmGD-s.js";
import { n as stages } from "./stages-CqKQJf7n.js";
import { t as chooseShared } from "./choose-shared-TcQF_EHL.js";
import { i as settingsOfEach, n as onceSetting, r as repetitionSpace } from "./repetition-points-va1d00kb.js";
import { n as stageStatus } from "./freshness-BrsFECPt.js";
import { t as tellProgress } from "./tell-progress-BL0lu1_V.js";
// src/commands/status.ts
/** `pipeline status`: what a run would skip, and why not the rest. */
function statusCommand() {
	return new Command("status").description("Show which stages a run would skip, and why it would run the others").addArgument(pipelineArgument()).addOption(setOption()).addOption(jsonOption()).addOption(runsOption()).action(async (named, { runs, json, set }) => {
		const file = named ?? defaultFile();
		const emit = tellProgress();
		const checked = await checkFile(file, set, { emit });
		const space = repetitionSpace(checked.pipeline);
		const warn = (diagnostic) => emit({
			type: "diagnostic",
			diagnostic
		});
		const statusOf = async (one) => {
			const shared = await chooseShared(one, process.env, warn);
			return stageStatus(one, cacheFolder(runs), stages, shared);
		};
		if (space === void 0) {
			const stages = await statusOf(checked);
			process.stdout.write(json === true ? `${JSON.stringify({
				file,
				stages
			})}\n` : describeStatus(stages));
			return;
		}
		for (const settings of settingsOfEach(space)) {
			const stages = await statusOf(await checkFile(file, [...set, ...settings], { emit: tellProgress() }));
			const told = settings.filter((setting) => setting !== onceSetting);
			process.stdout.write(json === true ? `${JSON.stringify({
				file,
				settings: told,
				stages
			})}\n` : `${told.join(" ")}\n${describeStatus(stages)}`);
		}
	});
}
/** What a run would skip, and why not the rest, for people. @param table all stages */
function describeStatus(found, table = stages) {
	return found.map((one) => describe(one, table)).join("");
}
function describe(status, table) {
	const { stage, fresh, run, changes, problem, keptIn, epochsKept } = status;
	const title = stage.padEnd(11);
	if (fresh) return `${title}fresh  as in run ${run.runId} of ${run.createdAt.slice(0, 16).replace("T", " ")} UTC\n`;
	if (keptIn !== void 0) return `${title}kept   in ${makeVisible(keptIn)}: a run fetches it\n`;
	const lines = problem === void 0 ? changes.map((change) => describeChange(change, table)) : [problem];
	return `${title}runs   ${[
		...run === void 0 && problem === void 0 ? ["nothing is kept of it"] : lines.slice(0, shown),
		...lines.length > shown ? [`and ${lines.length - shown} more differences`] : [],
		...epochsKept === void 0 ? [] : [`goes on after epoch ${epochsKept} of run ${run.runId}`]
	].map(makeVisible).join(`\n${" ".repeat(18)}`)}\n`;
}
/** Differences that are told of one stage; a model may have changed in hundreds. */
const shown = 8;
function describeChange({ name, before, now, reason }, table) {
	if (reason === void 0) return `${name.replace("stage ", "")} changed`;
	const why = dependencyOf(table, name)?.section === void 0 ? ` (${reason})` : "";
	if (before === void 0) return `${name} is new: ${valueText(now)}${why}`;
	if (now === void 0) return `${name} is gone: it was ${valueText(before)}${why}`;
	return `${name}: ${valueText(before)} -> ${valueText(now)}${why}`;
}
/** What kept outcomes say may come from elsewhere: not all of it need be JSON. */
function textOf(json) {
	try {
		return json.startsWith("\"") ? JSON.parse(json) : json;
	} catch {
		return json;
	}
}
/** A value as it is written; of a hash, as much as tells it apart. */
function valueText(json) {
	const text = textOf(json);
	if (/^[0-9a-f]{64}$/.test(text)) return text.slice(0, 8);
	return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
export { statusCommand };
