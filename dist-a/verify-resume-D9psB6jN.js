import { E as checkFile, a as pipelineArgument, b as Command, bs as failure, l as setOption, n as defaultFile } from "./checks-359mGJ3h.js";
import { a as startProgram } from "./start-program-BEqJZGY_.js";
import { t as temporaryFolder } from "./temporary-folder-yB6L-NkA.js";
import { t as tellProgress } from "./tell-progress-BL0lu1_V.js";
import { t as untilInterrupted } from "./until-interrupted-DtruJtqg.js";
import { join } from "node:path";
import { tmpdir } from "node:os";
import { rmSync } from "node:fs";
import { randomInt } from "node:crypto";
import { createInterface } from "node:readline";
// src/run/prove-resume.ts
/** How often the run is killed. */
const kills = 5;
/**
* Proves that a run of a file which is killed (SIGKILL) at random steps, and goes on each time, ends with the weights
* of a run that is left alone. Both are real processes, recorded in a temporary folder, which is removed.
*
* @returns the SHA-256 that both ended with
* @throws UserError when they differ, or the run itself fails
*/
async function verifyResume({ program, file, settings, tell, signal }) {
	const folder = folderForRuns();
	const run = (place, more, stopAt) => {
		const args = [
			program,
			"run",
			file,
			...[...settings, ...more].flatMap((setting) => ["--set", setting]),
			"--json",
			"--tracking-uri",
			"",
			"--runs",
			join(folder, place, "runs")
		];
		return watch(startProgram(process.execPath, args, {
			cwd: process.cwd(),
			signal
		}), stopAt);
	};
	try {
		const whole = await run("whole", []);
		const weights = weightsOf(whole);
		tell(`left alone: ${whole.steps} steps, weights ${weights}`);
		const interval = `train.checkpoint={ everySteps: ${Math.max(1, Math.floor(whole.steps / 20))} }`;
		const targets = Array.from({ length: kills }, () => randomInt(whole.steps)).toSorted((a, b) => a - b);
		let ended;
		for (const target of [...targets, Infinity]) {
			ended = await run("killed", [interval], target);
			tell(`${ended.resumedFrom === void 0 ? "began" : `went on after step ${ended.resumedFrom}`}, ${ended.code === null ? `killed in step ${ended.steps + 1} or later` : `finished after step ${ended.steps}`}`);
			if (ended.code !== null) break;
		}
		const resumed = weightsOf(ended);
		if (resumed !== weights) throw failure("resume-differs", `the run that was killed ended with the weights ${resumed}, not with ${weights}`, "Please report this with your pipeline file.");
		return weights;
	} finally {
		rmSync(folder, {
			recursive: true,
			force: true
		});
	}
}
function folderForRuns() {
	try {
		return temporaryFolder("verify");
	} catch (error) {
		throw failure("no-temporary-folder", `the two runs cannot be recorded in ${tmpdir()}: ${error.message}`, "Make room there, or name another folder: TMPDIR=FOLDER.", error);
	}
}
/** @param stopAt the process is killed when it has done so many steps */
async function watch(child, stopAt = Infinity) {
	let [steps, stderr, weightsSha256] = [
		0,
		"",
		null
	];
	let resumedFrom;
	const ended = new Promise((done, fail) => child.on("error", fail).on("close", done));
	child.stderr.setEncoding("utf8").on("data", (text) => stderr += text);
	createInterface(child.stdout).on("line", (line) => {
		const event = JSON.parse(line);
		if (event.type === "training-resumed") [steps, resumedFrom] = [event.step, event.step];
		if (event.type === "run-finished") ({weightsSha256} = event);
		if (event.type === "progress") steps = (event.epoch - 1) * event.batches + event.batch;
		if ((event.type === "progress" || event.type === "stage-finished") && steps >= stopAt) child.kill("SIGKILL");
	});
	return {
		code: await ended,
		steps,
		resumedFrom,
		weightsSha256,
		stderr
	};
}
function weightsOf({ code, weightsSha256, stderr }) {
	if (code === 0 && weightsSha256 !== null) return weightsSha256;
	throw failure("run-failed", `the run itself fails:\n${stderr.trim()}`);
}
// src/commands/verify-resume.ts
/** `pipeline verify-resume`: proves that a run which is killed goes on to the same weights. */
function verifyResumeCommand() {
	return new Command("verify-resume").description("Train twice, once killing the process at random steps and going on each time, and compare the weights to the bit").addArgument(pipelineArgument()).addOption(setOption()).action(verify);
}
async function verify(given, { set }) {
	const file = given ?? defaultFile();
	await checkFile(file, set, { emit: tellProgress() });
	const weights = await untilInterrupted((signal) => verifyResume({
		program: process.argv[1],
		file,
		settings: set,
		signal,
		tell: (line) => void process.stdout.write(`${line}\n`)
	}));
	process.stdout.write(`the same to the bit: ${weights}\n`);
}
export { verifyResumeCommand };
