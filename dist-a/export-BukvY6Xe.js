import { S as Option, b as Command, c as runsOption, f as showsColors, h as printDiagnostics, i as modelArgument, io as showBytes, u as trackingUriOption, v as makeVisible } from "./checks-359mGJ3h.js";
import { t as findModel } from "./find-model-Bck4tuWe.js";
import { a as writeExport, n as exportFiles, o as formats, r as exportFolder } from "./export-model-AoT436bl.js";
import { t as tellProgress } from "./tell-progress-BL0lu1_V.js";
import { t as untilInterrupted } from "./until-interrupted-DtruJtqg.js";
// src/commands/export.ts
/** `pipeline export`: a trained model in another format. */
function exportCommand() {
	const names = Object.entries(formats).map(([name, { doc }]) => `${name} (${doc})`);
	return new Command("export").description("Write a trained model in the format of another program").addArgument(modelArgument()).addOption(new Option("--to <format>", `one of ${names.join("; ")}`).choices(Object.keys(formats)).makeOptionMandatory()).option("--out <folder>", "the folder to make; without it, one named after the pipeline and the format").addOption(trackingUriOption("MLflow server that has the run (also MLFLOW_TRACKING_URI; default: the local store)")).addOption(runsOption()).action(run);
}
async function run(reference, { to, out, trackingUri, runs }) {
	const tell = (line) => void process.stdout.write(`${makeVisible(line)}\n`);
	const warn = (warning) => process.stderr.write(printDiagnostics([warning], {
		color: showsColors(process.stderr),
		cwd: process.cwd()
	}));
	const place = {
		runs,
		trackingUri: trackingUri ?? process.env["MLFLOW_TRACKING_URI"]
	};
	const found = await untilInterrupted((signal) => findModel(reference, place, {
		warn,
		signal
	}));
	const { name, files } = await exportFiles(found.folder, to, tellProgress());
	const folder = out ?? exportFolder(name, to);
	const isNew = writeExport(folder, files);
	tell(`${found.title} ${isNew ? "exported to" : "is exported already, in"} ${folder}`);
	const width = Math.max(...Object.keys(files).map((file) => file.length));
	for (const [file, { length }] of Object.entries(files)) tell(`  ${file.padEnd(width)}  ${showBytes(length)}`);
	const format = formats[to];
	tell(`load it   ${format.load(folder)}`);
	if (files["golden/golden.json"] !== void 0 && format.isPassive !== true) tell(`prove it  npx pipeline verify-export ${folder}`);
}
export { exportCommand };
