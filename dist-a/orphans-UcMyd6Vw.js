import { i as isClaimed, n as claimedBy, o as silentFor, t as claim } from "./claim-xMI5Bay-.js";
import { Cs as warning, Da as removeLeftovers, ws as warningsOf, xa as besideName } from "./checks-359mGJ3h.js";
import { D as Journal, d as reasonOf, i as journalPath, m as readKeys, o as openJournal, r as closeJournal, s as runOfJournal, t as addTo, u as statusNumber, w as MetricFiles } from "./open-journal-k_DVXt93.js";
import { i as editMeta, o as readMeta, r as listExperiments } from "./local-experiments-B-Mjh-jT.js";
import { h as runFolder, m as removeHalfMade, o as isRunId, u as proveWhole } from "./run-folder-Dzo3EkAl.js";
import { basename, dirname, join } from "node:path";
import { existsSync, readdirSync, statSync } from "node:fs";
// src/tracking/store/unwritable.ts
/**
* Says of a run that nothing can be done for it, as its files cannot be written; undefined for any other error.
*
* @param directory the run's folder
*/
function tellOfUnwritable(directory, error) {
	const { code = "", path = dirname(directory) } = error;
	if (![
		"EACCES",
		"EPERM",
		"EROFS",
		"ENOSPC",
		"EDQUOT"
	].includes(code)) return void 0;
	const reason = reasonOf(error);
	const where = claimedBy(basename(path)) === void 0 ? path : dirname(path);
	const wayOut = ["ENOSPC", "EDQUOT"].includes(code) ? "make room there, and run `pipeline sync`" : "make it writable, or run `pipeline sync` as a user who may write there";
	return {
		...warning("not-writable", `the run ${basename(directory)} is left as it is: ${where}: ${reason}`, `nothing is lost: ${wayOut}`),
		ofMany: {
			cause: reason,
			message: `left as they are in ${dirname(dirname(directory))}: ${reason}`
		}
	};
}
// src/tracking/server/orphans.ts
/**
* Closes the runs whose process ended without a word: KILLED, at their last sign of life. Their servers are told by
* whoever delivers their journals.
*
* @returns the folders of the runs that were closed
* @throws UserError where the store cannot be read
*/
function closeOrphans(runsDirectory, warn) {
	/** One that cannot be read keeps none of the others open. */
	const attempt = (work, run) => {
		try {
			return work();
		} catch (error) {
			const told = run === void 0 ? void 0 : tellOfUnwritable(run, error);
			(told === void 0 ? warningsOf(error, "not-closed") : [told]).forEach(warn);
			return;
		}
	};
	return listExperiments(runsDirectory, warn).flatMap(({ directory }) => {
		const names = attempt(() => readdirSync(directory)) ?? [];
		for (const name of names) adoptJournal(directory, name);
		return [...new Set(names.map(claimedBy).filter(isRunId))].map((id) => runFolder(directory, id)).filter((run) => attempt(() => !isClaimed(run) && closeOrphan(run, warn), run) === true);
	});
}
/** The names in an experiment's folder; none where it cannot be listed, which `closeOrphans` tells. */
function namesIn(directory) {
	try {
		return readdirSync(directory);
	} catch {
		return [];
	}
}
/** Of each run whose process cannot be seen, and may be at work: milliseconds since its last sign of life. */
function listSilences(runsDirectory) {
	return listExperiments(runsDirectory).flatMap(({ directory }) => {
		return [...new Set(namesIn(directory).map(claimedBy).filter(isRunId))].map((id) => silenceOf(runFolder(directory, id))).filter((silence) => silence !== void 0);
	});
}
function silenceOf(directory) {
	try {
		return silentFor(directory);
	} catch {
		return;
	}
}
function adoptJournal(experiment, name) {
	const key = runOfJournal(name);
	if (key === void 0 || existsSync(join(experiment, key)) || isClaimed(join(experiment, key))) return;
	try {
		const journal = Journal.open(join(experiment, name));
		const { server } = journal;
		const directory = runFolder(experiment, isRunId(server?.runId) ? server.runId : key);
		if (existsSync(join(directory, "meta.yaml")) && !existsSync(journalPath(directory))) journal.moveTo(journalPath(directory));
		journal.close();
	} catch {}
}
/**
* Closes one run, if its process is gone and it is still open.
*
* @returns whether it did
* @throws UserError where it is not whole; the file system's own error
*/
function closeOrphan(directory, warn) {
	const claimed = claim(directory);
	if (claimed === void 0) return false;
	try {
		proveWhole(directory);
		const meta = join(directory, "meta.yaml");
		if (!existsSync(meta)) removeHalfMade(directory);
		if (readMeta(meta)?.status !== statusNumber.RUNNING) {
			const journal = openJournal(directory, warn);
			if (journal !== void 0) closeJournal(journal, directory);
			return false;
		}
		new MetricFiles(join(directory, "metrics"), join(directory, besideName())).recover();
		const end_time = lastSign(directory);
		removeLeftovers(directory);
		editMeta(meta, {
			status: statusNumber.KILLED,
			end_time
		});
		const journal = openJournal(directory, warn);
		if (journal !== void 0) {
			addTo(journal, "status", [{
				status: "KILLED",
				end_time
			}]);
			closeJournal(journal, directory);
		}
		return true;
	} finally {
		claimed.release();
	}
}
/** Milliseconds since 1970 of the last thing that a run wrote. */
function lastSign(directory) {
	const metrics = join(directory, "metrics");
	const written = [
		join(directory, "meta.yaml"),
		journalPath(directory),
		...readKeys(metrics).map((key) => join(metrics, key))
	];
	return Math.round(Math.max(...written.map((path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0)));
}
export { tellOfUnwritable as a, namesIn as i, closeOrphans as n, listSilences as r, closeOrphan as t };
