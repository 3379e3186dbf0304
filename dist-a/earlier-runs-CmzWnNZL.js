import { a as isMine, i as isClaimed, n as claimedBy, o as silentFor, s as untilSecondLook, t as claim } from "./claim-xMI5Bay-.js";
import { Cs as warning, Na as shorten, bn as plainAddress, pn as addressWord, vs as UserError, yn as oneSpelling, ys as asWarning } from "./checks-359mGJ3h.js";
import { i as Delivery } from "./choose-tracker-DaboSSyX.js";
import { D as Journal, _ as MlflowClient, a as lostDestination, b as RequestError, i as journalPath, o as openJournal, r as closeJournal, s as runOfJournal } from "./open-journal-k_DVXt93.js";
import { r as listExperiments } from "./local-experiments-B-Mjh-jT.js";
import { a as tellOfUnwritable, i as namesIn, n as closeOrphans } from "./orphans-UcMyd6Vw.js";
import { basename, join } from "node:path";
import { setImmediate, setTimeout } from "node:timers/promises";
import { existsSync, rmSync } from "node:fs";
// src/tracking/server/deliver-backlog.ts
const patienceMs = 3e4;
/**
* The folders of the runs whose servers do not have all of them.
*
* @param areClaimed those that a process is at, or those that none is
*/
function listJournals(runsDirectory, areClaimed) {
	return listExperiments(runsDirectory).flatMap(({ directory }) => {
		const names = namesIn(directory);
		const waiting = names.map(runOfJournal).filter((id) => id !== void 0);
		const owned = new Set(names.map(claimedBy));
		return waiting.map((id) => join(directory, id)).filter((run) => (owned.has(run.slice(-32)) && seemsClaimed(run)) === areClaimed);
	});
}
function seemsClaimed(run) {
	try {
		return isClaimed(run);
	} catch {
		return false;
	}
}
/** What earlier runs left, looked at without a claim or a request. Hundreds may wait: other work goes on in between. */
async function* surveyBacklog(runsDirectory) {
	for (const directory of listJournals(runsDirectory, false)) {
		await setImmediate();
		const left = lookAt(directory);
		if (left !== void 0) yield left;
	}
}
/**
* How many runs other processes record or deliver for a server now. Of those whose process cannot be seen,
* `listSilences` tells.
*/
async function countBusy(runsDirectory) {
	let [runs, waiting] = [0, 0];
	for (const directory of listJournals(runsDirectory, true)) {
		await setImmediate();
		const left = silentFor(directory) === void 0 ? lookAt(directory) : void 0;
		if (left === void 0) continue;
		runs++;
		waiting += left.waiting;
	}
	return {
		runs,
		waiting
	};
}
/**
* Delivers to a server what earlier runs left for it, one run at a time; when it does not answer, it is asked once.
*
* @param all whether what waits for other servers goes there too
*/
async function* deliverBacklog(backlog, all = false) {
	const { runsDirectory, server, env, warn, signal } = backlog;
	const isForIt = (address) => oneSpelling(address) === oneSpelling(plainAddress(server.uri));
	let silence;
	for await (const left of surveyBacklog(runsDirectory)) {
		if (signal.aborted) return;
		const { runId, directory, serverRunId, waiting, refused } = left;
		if (left.address !== void 0 && !all && !isForIt(left.address)) continue;
		if (waiting === 0 && refused.length > 0) continue;
		if (silence !== void 0 && left.address !== void 0) {
			yield {
				runId,
				serverRunId,
				waiting,
				delivered: 0,
				undelivered: silence
			};
			continue;
		}
		let claimed;
		try {
			claimed = claim(directory);
			if (claimed === void 0) continue;
			const journal = openJournal(directory, warn);
			if (journal === void 0) continue;
			if (!all && !isForIt(journal.destination.address)) {
				journal.close();
				continue;
			}
			const { done, hasAnswered } = await deliver(journal, new MlflowClient(server, env), directory, signal);
			silence = hasAnswered ? void 0 : done.undelivered.filter(({ code }) => code === "not-delivered");
			yield done;
		} catch (error) {
			const problem = problemOf(directory, error);
			if (waiting === 0 && problem.code === "not-writable") continue;
			warn(problem);
			yield {
				runId,
				serverRunId,
				waiting,
				delivered: 0,
				undelivered: []
			};
		} finally {
			claimed?.release();
		}
	}
}
/** Delivers the journal of a run that this process has claimed, and puts it away where all is done. */
async function deliver(journal, client, directory, signal) {
	if (!existsSync(join(directory, "meta.yaml"))) return closeGhost(journal, client, directory, signal);
	if (journal.pending.length === 0 && journal.destination.address === client.address) {
		closeJournal(journal, directory);
		return {
			done: {
				...about(journal, directory),
				delivered: 0,
				undelivered: []
			},
			hasAnswered: true
		};
	}
	const delivery = new Delivery(client, journal, () => directory, () => isMine(directory));
	const undelivered = await delivery.finish({
		answering: patienceMs,
		silent: patienceMs
	}, signal);
	closeJournal(journal, directory);
	return {
		done: {
			...about(journal, directory),
			delivered: delivery.taken,
			undelivered
		},
		hasAnswered: delivery.hasAnswered
	};
}
function lookAt(directory) {
	try {
		const { destination, server, pending, refused } = Journal.peek(journalPath(directory));
		const problem = destination === void 0 ? { problem: problemOf(directory, lostDestination(directory)) } : {};
		return {
			runId: basename(directory),
			directory,
			address: destination?.address,
			serverRunId: server?.runId,
			waiting: countItems({ pending }),
			refused,
			...problem
		};
	} catch (error) {
		if (error.code === "ENOENT") return void 0;
		return {
			runId: basename(directory),
			directory,
			address: void 0,
			serverRunId: void 0,
			waiting: 1,
			refused: [],
			problem: problemOf(directory, error)
		};
	}
}
function problemOf(directory, error) {
	const [first] = error instanceof UserError ? error.diagnostics : [];
	if (first !== void 0) return asWarning(first);
	return tellOfUnwritable(directory, error) ?? warning("not-delivered", error.message);
}
/** A process was killed before the run was in the local store: the server may have it, RUNNING for ever. */
async function closeGhost(journal, client, directory, signal) {
	try {
		const run = await client.findRun(journal.destination, signal);
		if (run !== void 0) await closeOn(client, run.runId, signal);
		rmSync(journal.path, { force: true });
		return {
			done: {
				...about(journal, directory),
				delivered: run === void 0 ? 0 : 1,
				waiting: 0,
				undelivered: []
			},
			hasAnswered: true
		};
	} catch (error) {
		const why = error.message;
		const told = {
			...warning("not-delivered", `the status of a run that never began is not delivered yet: ${why}`),
			ofMany: {
				cause: why,
				message: `not delivered yet: ${why}`
			}
		};
		return {
			done: {
				...about(journal, directory),
				delivered: 0,
				waiting: 1,
				undelivered: [told]
			},
			hasAnswered: false
		};
	} finally {
		journal.close();
		client.close();
	}
}
/** @throws RequestError, also where the server says that it took the status and has another */
async function closeOn(client, runId, signal) {
	const status = "KILLED";
	await client.call("updateRun", {
		run_id: runId,
		status,
		end_time: Date.now()
	}, signal);
	const { info } = await client.storedRun(runId, signal);
	if ((info.status ?? status) !== status) throw new RequestError(`${client.address} answered as if it took this, and does not have it`, { status: 200 });
}
function about(journal, directory) {
	return {
		runId: basename(directory),
		serverRunId: journal.server?.runId,
		waiting: countItems(journal)
	};
}
function countItems({ pending }) {
	return pending.reduce((sum, { items }) => sum + items.length, 0);
}
// src/commands/tell-alike.ts
const anyRunId = /[0-9a-f]{32}/;
/** Warnings about runs, those of one cause as one: of how many runs it is so, and three of them. */
function tellAlike(found) {
	const groups = /* @__PURE__ */ new Map();
	for (const { warning, runId = anyRunId.exec(warning.message)?.[0] } of found) {
		const cause = causeOf(warning);
		const group = groups.get(cause) ?? groups.set(cause, /* @__PURE__ */ new Map()).get(cause);
		const key = runId ?? warning.message;
		if (!group.has(key)) group.set(key, warning);
	}
	return [...groups.values()].map(tellGroup);
}
/** @param group run, or the message where none is named -> its warning */
function tellGroup(group) {
	const [[run, { ofMany, ...first }], ...others] = [...group];
	const named = others.map(([key]) => key).filter((key) => anyRunId.test(key));
	const isNamed = first.message.includes(run);
	if (others.length === 0) return isNamed ? first : {
		...first,
		message: `run ${run}: ${first.message}`
	};
	const message = ofMany === void 0 ? `${first.message}; the same of ${others.length} more${named.length === 0 ? "" : ` (${firstOf(named)})`}` : `${group.size} runs (${firstOf([run, ...named])}): ${ofMany.message}`;
	return {
		...first,
		message,
		...first.hint === void 0 ? {} : { hint: first.hint.replaceAll(run, "RUN") }
	};
}
/** Three of them. */
function firstOf(names) {
	return `${names.slice(0, 3).map((name) => shorten(name, 200)).join(", ")}${names.length > 3 ? ` and ${names.length - 3} more` : ""}`;
}
function causeOf({ code, message, ofMany }) {
	return JSON.stringify([code, ofMany?.cause ?? message.replaceAll(/[0-9a-f]{32}/g, "").replaceAll(/\d+/g, "")]);
}
// src/commands/earlier-runs.ts
/** @param server of this run: nothing goes to any other */
function tendEarlierRuns(runsDirectory, server, warn) {
	const stop = new AbortController();
	let working;
	const work = async () => {
		const found = [];
		const told = /* @__PURE__ */ new Set();
		const note = (warning) => void found.push({ warning });
		try {
			try {
				closeOrphans(runsDirectory, note);
				if (server !== void 0) {
					for await (const { runId, waiting, undelivered } of deliverBacklog({
						runsDirectory,
						server,
						env: process.env,
						warn: note,
						signal: stop.signal
					})) if (waiting > 0 && undelivered.length === 0) told.add(runId);
				}
			} finally {
				tellAlike(found).forEach(warn);
			}
			if (await untilSecondLook(stop.signal)) closeOrphans(runsDirectory, () => void 0);
			describeWaiting(await countWaiting(runsDirectory, told), server).forEach(warn);
		} catch (error) {
			warn(warning("earlier-runs", `earlier runs could not be tended: ${error.message}`));
		}
	};
	return {
		begin: () => {
			working ??= work();
		},
		end: async (patienceMs) => {
			await Promise.race([working, setTimeout(patienceMs, void 0, { ref: false })]);
			stop.abort();
			await working;
		}
	};
}
/**
* How many runs wait for which server, by the address that their journals have.
*
* @param told ids of runs that do not count
*/
async function countWaiting(runsDirectory, told = /* @__PURE__ */ new Set()) {
	const counts = /* @__PURE__ */ new Map();
	for await (const { runId, address, waiting } of surveyBacklog(runsDirectory)) if (address !== void 0 && waiting > 0 && !told.has(runId)) counts.set(address, (counts.get(address) ?? 0) + 1);
	return counts;
}
/**
* Says how what waits for servers gets there: one line for each, or for all where there are many.
*
* @param counts address -> how many runs
* @param server that this command names: no other stands in one to be copied, as a journal may come from elsewhere
*/
function describeWaiting(counts, server) {
	const named = server === void 0 ? void 0 : plainAddress(server.uri);
	if (counts.size <= mostServers) return [...counts].map(([address, count]) => waiting(count, shorten(address, 200), address === named ? addressWord(address) : "ADDRESS"));
	return [waiting([...counts.values()].reduce((all, count) => all + count, 0), `${counts.size} servers (${firstOf([...counts.keys()])})`, "ADDRESS")];
}
const mostServers = 3;
function waiting(count, where, to) {
	const message = `${count} earlier ${count === 1 ? "run waits" : "runs wait"} for ${where}: \`pipeline sync --to ${to}\` delivers ${count === 1 ? "it" : "them"}`;
	return warning("not-delivered", message);
}
export { countBusy as a, surveyBacklog as c, tellAlike as i, describeWaiting as n, deliver as o, tendEarlierRuns as r, deliverBacklog as s, countWaiting as t };
