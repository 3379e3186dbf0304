import { b as Command, bs as failure, c as runsOption, f as showsColors, h as printDiagnostics, i as modelArgument, r as jsonOption, u as trackingUriOption, v as makeVisible } from "./checks-359mGJ3h.js";
import { t as findModel } from "./find-model-Bck4tuWe.js";
import { t as untilInterrupted } from "./until-interrupted-DtruJtqg.js";
import { join } from "node:path";
import { existsSync } from "node:fs";
// src/commands/verify-export.ts
/** `pipeline verify-export`: whether other programs compute what was trained. */
function verifyExportCommand() {
	return new Command("verify-export").description("Prove that other programs compute of a model what it computed when it was trained").addArgument(modelArgument()).addOption(jsonOption("print one JSON object for each program")).addOption(trackingUriOption("MLflow server that has the run (also MLFLOW_TRACKING_URI; default: the local store)")).addOption(runsOption()).action(run);
}
async function run(reference, { json, trackingUri, runs }) {
	const tell = (line) => void process.stdout.write(`${makeVisible(line)}\n`);
	const warn = (warning) => process.stderr.write(printDiagnostics([warning], {
		color: showsColors(process.stderr),
		cwd: process.cwd()
	}));
	const place = {
		runs,
		trackingUri: trackingUri ?? process.env["MLFLOW_TRACKING_URI"]
	};
	const { verifyExport } = await import("./prove-export-6GTm18_H.js");
	const rows = [];
	await untilInterrupted(async (signal) => {
		const folder = existsSync(join(reference, "golden")) ? reference : (await findModel(reference, place, {
			warn,
			signal
		})).folder;
		for await (const row of verifyExport(folder, signal)) {
			rows.push(row);
			tell(json === true ? JSON.stringify(row) : describe(row));
		}
	});
	const wrong = rows.filter(({ verdict }) => verdict === "differs" || verdict === "fails");
	if (wrong.length > 0) throw failure("export-differs", `${reference} is not computed rightly by ${wrong.map(({ runtime }) => runtime).join(", ")}`, "Export the model again. Where it differs still, please report it with your pipeline file.");
	if (rows.every(({ verdict }) => verdict === "not there")) throw failure("nothing-verified", `nothing is here that could compute ${reference}`, "Install what one of the lines names, or verify the run itself.");
}
function describe({ runtime, version, worst, tolerance, verdict, reason }) {
	const program = [runtime, version].filter((text) => text !== void 0).join(" ");
	const found = worst === void 0 || tolerance === void 0 ? reason ?? "" : `worst difference ${worst.toExponential(1)}, tolerance ${tolerance.toExponential(1)}`;
	return `${program.padEnd(32)}  ${verdict.padEnd(9)}  ${found}`;
}
export { verifyExportCommand };
