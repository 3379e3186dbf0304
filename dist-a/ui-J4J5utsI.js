import { b as Command, bs as failure, c as runsOption } from "./checks-359mGJ3h.js";
import { i as editMeta, o as readMeta, r as listExperiments } from "./local-experiments-B-Mjh-jT.js";
import { d as readOwnFile, i as foldersIn, o as isRunId } from "./run-folder-Dzo3EkAl.js";
import { a as startProgram, r as programFolders, t as isProgram } from "./start-program-BEqJZGY_.js";
import { t as userCache } from "./user-cache-DpqCdVqX.js";
import { n as wholeNumberFrom } from "./option-values-_jrgiP3I.js";
import { t as untilInterrupted } from "./until-interrupted-DtruJtqg.js";
import { join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { statSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { get } from "node:http";
import { createServer } from "node:net";
import { once } from "node:events";
// src/tracking/store/complete-runs.ts
/**
* Gives runs that were recorded without it the key `run_uuid`: MLflow 2 lists no run of an experiment that holds one
* such. What cannot be written is left as it is, as MLflow 3 shows it all the same.
*/
function completeRuns(runsDirectory) {
	for (const { directory } of listExperiments(runsDirectory)) for (const run of foldersIn(directory).filter(isRunId)) {
		const path = join(directory, run, "meta.yaml");
		try {
			if (!/^run_uuid:/m.test(readOwnFile(path, 65536))) editMeta(path, { run_uuid: run });
		} catch {}
	}
}
// src/tracking/server/mlflow-server.ts
const testedVersion = "3.17.2";
const startLimitMs = 9e4;
/**
* Where an MLflow of the user's may be: MLFLOW_BIN, the PATH, then the folder that our own message names. Not the
* folder that the user stands in: what lies there is not his word.
*/
function findMlflow(env) {
	if (env.MLFLOW_BIN) {
		if (isProgram(env.MLFLOW_BIN)) return resolve(env.MLFLOW_BIN);
		throw failure("bad-mlflow-bin", `MLFLOW_BIN names '${env.MLFLOW_BIN}', which is no program`, "correct the variable or unset it");
	}
	const own = join(userCache(), "mlflow");
	const found = [...programFolders(env.PATH), join(own, "bin")].map((folder) => join(folder, "mlflow")).find(isProgram);
	if (found !== void 0) return found;
	const here = join(".venv", "bin", "mlflow");
	if (isProgram(here)) throw failure("mlflow-not-named", `MLflow is not on the PATH; ${here} is there, but a folder's own programs run only where you name them`, `name it: \`MLFLOW_BIN=${here} pipeline ui\`, or activate its environment`);
	throw failure("mlflow-not-found", "MLflow is not installed; its UI needs it (training does not)", `install it: \`python3 -m venv ${own} && ${own}/bin/pip install mlflow==${testedVersion}\`, then \`pipeline ui\` again; or set MLFLOW_BIN`);
}
/**
* Starts the MLflow UI on a local store, on this machine's loopback address alone.
*
* @param runsDirectory an existing local store
*/
function startMlflowServer(program, runsDirectory, port) {
	const address = `http://127.0.0.1:${port}`;
	const [store, artifacts] = [runsDirectory, "mlartifacts"].map((folder) => pathToFileURL(resolve(folder)).href);
	const args = [
		"server",
		"--backend-store-uri",
		store,
		"--artifacts-destination",
		artifacts,
		"--host",
		"127.0.0.1",
		"--port",
		String(port),
		"--workers",
		"1"
	];
	const env = {
		...process.env,
		MLFLOW_ALLOW_FILE_STORE: "true",
		MLFLOW_SERVER_ENABLE_JOB_EXECUTION: "false",
		MLFLOW_DISABLE_TELEMETRY: "true",
		DO_NOT_TRACK: "true"
	};
	const child = startProgram(program, args, {
		detached: true,
		env
	});
	const log = lastLines(child);
	const ended = new Promise((done) => child.once("error", () => done()).once("exit", () => done()));
	return {
		address,
		ready: untilHealthy(address, ended).then((problem) => {
			if (problem !== void 0) throw notStarted(`${program} ${problem}`, log());
		}),
		ended,
		stop: () => stopGroup(child, ended)
	};
}
/** @returns what went wrong, in words that follow the program's name */
async function untilHealthy(address, ended) {
	const hasEnded = ended.then(() => true);
	for (const start = performance.now(); performance.now() - start < startLimitMs;) {
		if (await Promise.race([hasEnded, setTimeout(200, false)])) return "ended at once";
		if (await isHealthy(address)) return void 0;
	}
	return `did not answer at ${address} within ${startLimitMs / 1e3} s`;
}
function notStarted(message, log) {
	return failure("mlflow-not-started", `${message}${log === "" ? "" : `:\n${log}`}`, `it was started as \`MLFLOW_ALLOW_FILE_STORE=true mlflow server --backend-store-uri RUNS --port PORT --workers 1\`; MLflow ${testedVersion} is known to work`);
}
async function stopGroup(child, ended) {
	if (child.pid === void 0) return;
	signalGroup(child.pid, "SIGTERM");
	await Promise.race([ended, setTimeout(5e3, void 0, { ref: false })]);
	signalGroup(child.pid, "SIGKILL");
	await ended;
}
function signalGroup(pid, signal) {
	try {
		process.kill(-pid, signal);
	} catch {}
}
function lastLines(child) {
	const lines = [];
	for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => {
		lines.push(...text.split("\n").filter((line) => line.trim() !== ""));
		lines.splice(0, lines.length - 12);
	});
	return () => lines.join("\n");
}
async function isHealthy(address) {
	return new Promise((done) => {
		const request = get(`${address}/health`, { timeout: 2e3 }, (response) => {
			response.resume();
			done(response.statusCode === 200);
		});
		request.on("error", () => done(false)).on("timeout", () => request.destroy());
	});
}
// src/tracking/store/moved-store.ts
/**
* Corrects the artifact addresses of a local store whose folder was moved: MLflow keeps them absolute, and shows no
* artifacts where they are wrong. Artifacts that are not in the store's folder are left alone.
*
* @returns how many experiments were corrected
* @throws the file system's own error
*/
function correctMovedStore(runsDirectory) {
	const moved = listExperiments(resolve(runsDirectory)).filter(({ id, directory }) => differs(readMeta(join(directory, "meta.yaml"))?.artifact_location, directory, id));
	for (const { directory } of moved) {
		const folders = foldersIn(directory);
		for (const entry of folders) correctEntry(join(directory, entry), "artifact_uri", entry);
		const models = join(directory, "models");
		for (const entry of folders.includes("models") ? foldersIn(models) : []) correctEntry(join(models, entry), "artifact_location", entry);
		editMeta(join(directory, "meta.yaml"), { artifact_location: pathToFileURL(directory).href });
	}
	return moved.length;
}
function correctEntry(directory, key, name) {
	const path = join(directory, "meta.yaml");
	const artifacts = join(directory, "artifacts");
	if (differs(readMeta(path)?.[key], artifacts, `${name}/artifacts`)) editMeta(path, { [key]: pathToFileURL(artifacts).href });
}
/** Whether an address names the same part of a store, but elsewhere. */
function differs(address, directory, end) {
	if (typeof address !== "string" || !/^(file:|\/|\.)/.test(address) || !address.endsWith(`/${end}`)) return false;
	return address !== pathToFileURL(directory).href && address !== directory;
}
// src/commands/ui.ts
const usualPort = 5e3;
/** `pipeline ui`: the real MLflow UI on the local store. */
function uiCommand() {
	return new Command("ui").description("Open the MLflow UI on the local store (needs an installed MLflow; training does not)").option("--port <number>", `port to serve on (default: ${usualPort}, or a free one)`, wholeNumberFrom(1, 65535)).addOption(runsOption()).action((options) => untilInterrupted((signal) => ui(options, signal), { isItsEnd: true }));
}
async function ui({ runs, port }, signal) {
	const newest = newestExperiment(runs);
	const program = findMlflow(process.env);
	if (correctMovedStore(runs) > 0) process.stdout.write(`${runs} was moved: its artifact addresses are corrected\n`);
	completeRuns(runs);
	const stop = once(signal, "abort");
	const server = startMlflowServer(program, runs, await freePort(port));
	try {
		if (!await Promise.race([server.ready.then(() => true), stop.then(() => false)])) return;
		process.stdout.write(`${server.address}/#/experiments/${newest}/runs?workflowType=machine_learning&compareRunsMode=CHART\nCtrl-C ends it
`);
		if (!await Promise.race([stop.then(() => true), server.ended.then(() => false)])) throw failure("mlflow-ended", `the MLflow server at ${server.address} ended by itself`, `look at it with: ${program} server --help`);
	} finally {
		await server.stop();
	}
}
/** The experiment that a run was last added to. */
function newestExperiment(runs) {
	const newest = listExperiments(runs).map(({ id, directory }) => ({
		id,
		time: statSync(directory).mtimeMs
	})).sort((a, b) => b.time - a.time)[0];
	if (newest === void 0) throw failure("no-runs", `there are no runs in ${join(runs, "/")} yet`, "train something first (`pipeline run`), or name the folder of the runs with --runs");
	return newest.id;
}
async function freePort(wanted) {
	const taken = await listenOnce(wanted ?? usualPort);
	if (typeof taken === "number") return taken;
	if (wanted !== void 0) throw failure("port-taken", `port ${wanted} cannot be used: ${taken.message}`, "give another --port, or none");
	return await listenOnce(0);
}
/** The port, once it was listened on, or why it cannot be. */
async function listenOnce(port) {
	return new Promise((done) => {
		const server = createServer().once("error", done);
		server.listen(port, "127.0.0.1", () => {
			const { port: opened } = server.address();
			server.close(() => done(opened));
		});
	});
}
export { uiCommand };
