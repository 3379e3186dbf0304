import { b as Command, c as runsOption, f as showsColors, h as printDiagnostics, o as runArgument, u as trackingUriOption, v as makeVisible } from "./checks-359mGJ3h.js";
import { t as findReported } from "./find-run-DG75tBTj.js";
import { t as untilInterrupted } from "./until-interrupted-DtruJtqg.js";
import { t as writeOut } from "./write-out-BUhnOPa6.js";
// src/commands/write-report.ts
/** `pipeline report`: the report of a run as a file of one's own. */
function reportCommand() {
	return new Command("report").description("Write the report of a run, of a sweep or of repetitions as one HTML file").addArgument(runArgument()).option("--out <file>", "the file to write; without it, report-ID.html").addOption(trackingUriOption("MLflow server that has the run (also MLFLOW_TRACKING_URI; default: the local store)")).addOption(runsOption()).action((reference, options) => untilInterrupted((signal) => report(reference, options, signal)));
}
async function report(reference, { out, trackingUri, runs }, signal) {
	const warn = (warning) => process.stderr.write(printDiagnostics([warning], {
		color: showsColors(process.stderr),
		cwd: process.cwd()
	}));
	const place = {
		runs,
		trackingUri: trackingUri ?? process.env["MLFLOW_TRACKING_URI"]
	};
	const run = await findReported(reference, place, {
		warn,
		signal
	});
	const file = out ?? `report-${run.runId.slice(0, 8)}.html`;
	writeOut(file, await run.artifact("report.html"));
	process.stdout.write(`${file}: ${makeVisible(run.name)}, run ${run.runId} in ${run.where}\n`);
}
export { reportCommand };
