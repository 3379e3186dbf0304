import { Ss as misuse, b as Command, c as runsOption, f as showsColors, h as printDiagnostics, o as runArgument, r as jsonOption, u as trackingUriOption, v as makeVisible } from "./checks-359mGJ3h.js";
import { a as openRuns, n as findRun, o as aliasMisfit, s as modelNameMisfit } from "./find-run-DG75tBTj.js";
import { t as untilInterrupted } from "./until-interrupted-DtruJtqg.js";
// src/commands/register.ts
/** `pipeline register`: gives the model of a run a name in MLflow's registry. */
function registerCommand() {
	return new Command("register").description("Register the model of a run in MLflow's registry, as the next version of a name").addArgument(runArgument()).requiredOption("--name <name>", "what the model is called there").option("--alias <alias>", "what the version is called besides, such as champion: models:/NAME@champion").addOption(jsonOption()).addOption(trackingUriOption("MLflow server that has the run (also MLFLOW_TRACKING_URI; default: the local store)")).addOption(runsOption()).action((reference, options) => untilInterrupted((signal) => register(reference, options, signal)));
}
async function register(reference, { name, alias, json, trackingUri, runs }, signal) {
	const misfit = modelNameMisfit(name) ?? (alias === void 0 ? void 0 : aliasMisfit(alias));
	if (misfit !== void 0) throw misuse("bad-model-name", misfit.problem, misfit.hint);
	const warn = (warning) => process.stderr.write(printDiagnostics([warning], {
		color: showsColors(process.stderr),
		cwd: process.cwd()
	}));
	const place = {
		runs,
		trackingUri: trackingUri ?? process.env["MLFLOW_TRACKING_URI"]
	};
	const run = await findRun(reference, place, {
		warn,
		signal
	});
	const version = await openRuns(place.runs, place.trackingUri, {
		warn: () => void 0,
		signal
	}).register(run.runId, name, alias);
	const { runId } = run;
	process.stdout.write(json === true ? `${JSON.stringify({
		name,
		version: Number(version),
		alias: alias ?? null,
		runId
	})}\n` : `models:/${name}/${version}${alias === void 0 ? "" : `, models:/${name}@${alias}`}: ${makeVisible(run.name)}, run ${runId} in ${run.where}\n`);
}
export { registerCommand };
