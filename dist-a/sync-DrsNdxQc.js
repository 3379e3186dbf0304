import { Cs as warning, S as Option, b as Command, bn as plainAddress, bs as failure, c as runsOption, f as showsColors, h as printDiagnostics, oo as showDuration, u as trackingUriOption, v as makeVisible, xn as serverAddress } from "./checks-359mGJ3h.js";
import { s as untilSecondLook, t as claim } from "./claim-xMI5Bay-.js";
import { n as warnOfClearText, r as trackingPlace } from "./choose-tracker-DaboSSyX.js";
import { a as countBusy, c as surveyBacklog, i as tellAlike, n as describeWaiting, o as deliver, s as deliverBacklog, t as countWaiting } from "./earlier-runs-CmzWnNZL.js";
import { D as Journal, _ as MlflowClient, b as RequestError, i as journalPath, n as beginJournal } from "./open-journal-k_DVXt93.js";
import { o as readMeta, r as listExperiments } from "./local-experiments-B-Mjh-jT.js";
import { a as tellOfUnwritable, i as namesIn, n as closeOrphans, r as listSilences } from "./orphans-UcMyd6Vw.js";
import { a as again, o as tellOfRefusals } from "./local-store-DqntMLxF.js";
import { t as untilInterrupted } from "./until-interrupted-DtruJtqg.js";
import { basename, join } from "node:path";
import { existsSync } from "node:fs";
// src/tracking/server/deliver-again.ts
/**
* Sends a run to a server once more, all of it: into the run that the server has of it, or else into a new one.
*
* @param run its id, or the beginning of it
* @throws UserError where there is no such run, a process is at it, its files cannot be written, or it is for another
* server and this one does not take it
*/
async function deliverAgain(run, { runsDirectory, server, env, signal }) {
	const directory = findRun(run, runsDirectory);
	const claimed = writing(directory, () => claim(directory));
	if (claimed === void 0) throw failure("run-in-use", `the run ${basename(directory)} is being recorded, or delivered`, "wait for the process that is at it");
	try {
		const client = new MlflowClient(server, env);
		const known = await askFor(formerJournal(directory), client, directory, signal);
		const journal = writing(directory, () => beginJournal(directory, client.address, known));
		return (await deliver(journal, client, directory, signal)).done;
	} finally {
		claimed.release();
	}
}
/** @throws UserError where a run's files cannot be written */
function writing(directory, work) {
	try {
		return work();
	} catch (error) {
		const told = tellOfUnwritable(directory, error);
		throw told === void 0 ? error : failure(told.code, told.message, told.hint, error);
	}
}
/** What the journal of a run says, wherever it lies; one that cannot be read counts as none. */
function formerJournal(directory) {
	const path = [journalPath(directory), join(directory, "journal")].find((file) => existsSync(file));
	try {
		return path === void 0 ? {} : Journal.peek(path);
	} catch {
		return {};
	}
}
/**
* Asks a server for the run that an earlier journal is for: by its id, as its experiment may have another name by now.
* Where the run is for another server, it is made here before anything is changed: an address may be mistyped.
*
* @throws UserError where that failed
*/
async function askFor({ destination, server }, client, directory, signal) {
	if (destination === void 0) return {};
	const { key, experiment, address } = destination;
	try {
		const found = server === void 0 ? void 0 : await findOwn(client, server.runId, key, signal);
		if (found !== void 0) return {
			key,
			experiment,
			server: found
		};
		if (address === client.address) return server === void 0 ? {
			key,
			experiment
		} : { key };
		return {
			key,
			server: await client.findOrCreateRun({
				...destination,
				experiment: { name: experiment.name }
			}, true, signal)
		};
	} catch (error) {
		if (address === client.address) return {
			key,
			experiment,
			server
		};
		client.close();
		const wayOut = error instanceof RequestError && error.wayOut !== void 0 ? `${error.wayOut}; ` : "";
		throw failure("not-sent-again", `the run ${basename(directory)} is not sent to ${client.address}: ${error.message}`, `${wayOut}nothing is changed: what waits for another server waits as before`, error);
	}
}
/** The server's run of an id, where it has it, and it is the one of a journal. @throws RequestError */
async function findOwn(client, runId, key, signal) {
	try {
		return await client.findOwnRun(runId, key, signal);
	} catch (error) {
		if (error instanceof RequestError && error.code === "RESOURCE_DOES_NOT_EXIST") return void 0;
		throw error;
	}
}
function findRun(run, runsDirectory) {
	const all = listExperiments(runsDirectory).flatMap(({ directory }) => namesIn(directory).map((name) => join(directory, name)));
	const found = /^[0-9a-f]{1,32}$/.test(run) ? all.filter((path) => basename(path).startsWith(run) && readMeta(join(path, "meta.yaml"))?.run_id === basename(path)) : [];
	if (found.length === 1) return found[0];
	if (found.length > 1) throw failure("ambiguous-run", `${found.length} runs in ${runsDirectory} begin with ${run}`, "give more of the id");
	throw failure("unknown-run", `${runsDirectory} has no run ${run}`, "a run tells its id at its start, and the MLflow UI shows it; name the folder with --runs");
}
// src/commands/sync.ts
/** `pipeline sync`: delivers what tracking servers have missed. */
function syncCommand() {
	return new Command("sync").description("Deliver runs to an MLflow server that was down, close those that were killed, and tell what waits for others").addOption(new Option("--to <uri>", "the server to deliver to what waits for it (also MLFLOW_TRACKING_URI)").conflicts("trackingUri")).addOption(trackingUriOption("deliver what waits to this server, whichever it was for")).option("--again <run>", "send a run anew, all of it: what was refused, or is gone from the server (an id, or the beginning of one)").addOption(runsOption()).action((options) => untilInterrupted((signal) => sync(options, signal)));
}
async function sync({ to, trackingUri, again: run, runs }, signal) {
	const server = namedServer(trackingUri ?? to);
	let isInClear = false;
	if (server !== void 0) warnOfClearText(server, (warning) => {
		isInClear = true;
		warn(warning);
	});
	if (runs !== "runs" && !existsSync(runs)) throw failure("no-runs-folder", `there is no folder ${runs}`, "name the one that holds the runs: `pipeline sync --runs FOLDER`");
	const found = [];
	const note = (warning) => {
		found.push({ warning });
		if (["not-closed", "not-writable"].includes(warning.code)) process.exitCode ??= 1;
	};
	const told = /* @__PURE__ */ new Set();
	const withoutAny = [];
	const tell = (done) => {
		told.add(done.runId);
		if (done.delivered === 0 && done.waiting > 0) withoutAny.push(done);
		else write(describe(done, plainAddress(server.uri)));
		found.push(...done.undelivered.map((warning) => ({
			warning,
			runId: done.runId
		})));
		if (done.waiting > 0) process.exitCode ??= 1;
	};
	try {
		const close = () => closeOrphans(runs, note).forEach((directory) => write(`${directory}: its process is gone; marked KILLED`));
		close();
		if (await untilSecondLook(signal)) close();
		if (server !== void 0) {
			const backlog = {
				runsDirectory: runs,
				server,
				env: process.env,
				warn: note,
				signal
			};
			if (run !== void 0) tell(await deliverAgain(run, backlog));
			else for await (const done of deliverBacklog(backlog, trackingUri !== void 0)) tell(done);
		} else if (run !== void 0) throw failure("no-server", `no server is named that ${run} is to be sent to`, "name it: `pipeline sync --again RUN --to ADDRESS`, or set MLFLOW_TRACKING_URI");
		if (run === void 0 && !signal.aborted) found.push(...await findRest(runs, told, server));
	} finally {
		if (withoutAny.length === 1) write(describe(withoutAny[0], plainAddress(server.uri)));
		tellAlike(found).forEach(warn);
	}
	if (run === void 0 && !signal.aborted) await tellOfRest(runs, told, server, found.length === 0 && !isInClear);
}
/**
* The server that the user names in this command; what a journal names is not enough.
*
* @throws UserError for an address of none
*/
function namedServer(flag) {
	if (flag !== void 0) return serverAddress(flag, true);
	const variable = process.env["MLFLOW_TRACKING_URI"] ?? "";
	const { server } = variable === "" ? {} : trackingPlace(variable);
	return server === void 0 ? void 0 : serverAddress(server, true);
}
/** What is refused, or cannot be read, and was not told of yet. @param server undefined: no journal was opened */
async function findRest(runs, told, server) {
	const found = [];
	const named = server === void 0 ? void 0 : plainAddress(server.uri);
	for await (const { runId, address, refused, problem } of surveyBacklog(runs)) {
		if (problem !== void 0 && server === void 0) found.push({
			warning: problem,
			runId
		});
		if (refused.length === 0 || told.has(runId)) continue;
		const [{ cause }] = refused;
		const warnings = tellOfRefusals(refused.map((refusal) => ({
			...refusal,
			cause
		})), `\`${again(runId, address === named ? address : void 0)}\` sends the run anew`, address === named ? void 0 : address);
		found.push(...warnings.map((warning) => ({
			warning,
			runId
		})));
	}
	return found;
}
/** What waits, and was not told of yet. @param isNothing whether nothing was told of at all */
async function tellOfRest(runs, told, server, isNothing) {
	const [silences, busy] = [listSilences(runs), await countBusy(runs)];
	const rest = [
		...silences.length > 0 ? [describeSilences(silences)] : [],
		...busy.waiting > 0 ? [describeBusy(busy)] : [],
		...describeWaiting(await countWaiting(runs, told), server)
	];
	rest.forEach(warn);
	if (rest.length > 0) process.exitCode ??= 1;
	if (busy.runs > 0 && busy.waiting === 0) write(describeBusy(busy).message);
	else if (rest.length === 0 && isNothing && told.size === 0) write(`nothing in ${runs} waits for a server`);
}
function describeBusy({ runs, waiting }) {
	const [are, they] = runs === 1 ? ["is", "it"] : ["are", "them"];
	const wait = waiting === 0 ? "" : `; ${waiting} things of ${they} wait`;
	return warning("at-work", `${countRuns(runs)} ${are} being recorded or delivered by another process${wait}`, "run `pipeline sync` again when it has ended");
}
function countRuns(count) {
	return count === 1 ? "1 run" : `${count} runs`;
}
function describeSilences(silences) {
	const message = `${countRuns(silences.length)} may still be at work in another container or on another host (last sign of life ${showDuration(Math.min(...silences) / 1e3)} ago): left alone`;
	return warning("may-be-at-work", message, "run `pipeline sync` again in 20 s");
}
function write(line) {
	process.stdout.write(`${makeVisible(line)}\n`);
}
function warn(warning) {
	process.stderr.write(printDiagnostics([warning], {
		color: showsColors(process.stderr),
		cwd: process.cwd()
	}));
}
function describe({ runId, serverRunId, delivered, waiting }, address) {
	return `run ${runId}: ${delivered} things delivered to ${address}${serverRunId === void 0 || serverRunId === runId ? "" : ` as run ${serverRunId}`}${waiting === 0 ? "" : `; ${waiting} wait`}`;
}
export { syncCommand };
