import { Sa as createFile, Ta as makeFolder, va as readWithin, xa as besideName } from "./checks-359mGJ3h.js";
import { i as self, r as readOwner, t as isAlive } from "./owner-BDJCZksu.js";
import { basename, dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { closeSync, constants, fstatSync, openSync, readdirSync, rmSync, statSync } from "node:fs";
import { Worker } from "node:worker_threads";
// src/base/heartbeat.ts
/** Milliseconds between two signs of life. */
const beat = 2e3;
/**
* Signs of life that fail to come for so many milliseconds mean that there is no life: some beats, as a disk may be
* slow.
*/
const silence = 2e4;
const code = `
const { closeSync, fstatSync, futimesSync, openSync, readFileSync, writeSync } = require('node:fs');
const { parentPort } = require('node:worker_threads');
const contents = new Map();
parentPort.on('message', ({ file, content }) => {
  if (content === undefined) contents.delete(file);
  else contents.set(file, content);
});
setInterval(() => contents.forEach(beat), ${beat});
function beat(content, file) {
  try {
    const handle = openSync(file, 'r+');
    try {
      if (fstatSync(handle).size < 4096 && readFileSync(handle, 'utf8') === content) sign(handle, content);
    } finally {
      closeSync(handle);
    }
  } catch {
    // Taken over or removed: whoever writes next sees it. Or a disk in trouble, which may be better at the next beat.
  }
}
function sign(handle, content) {
  try {
    writeSync(handle, content, 0);
  } catch {
    futimesSync(handle, new Date(), new Date());
  }
}
`;
let worker;
/** Shows from now on that this process lives, by a file that it has made. */
function startBeating(file, content) {
	worker ??= startWorker();
	worker.postMessage({
		file,
		content
	}, []);
}
/** Ends that. */
function stopBeating(file) {
	worker?.postMessage({ file }, []);
}
function startWorker() {
	const started = new Worker(code, {
		eval: true,
		execArgv: [],
		env: {},
		resourceLimits: {
			maxOldGenerationSizeMb: 8,
			maxYoungGenerationSizeMb: 1
		}
	});
	started.on("error", () => void 0);
	started.unref();
	return started;
}
// src/base/claim.ts
/** Milliseconds that a claim may take to be written. */
const writing = 5e3;
/**
* Milliseconds after which what seems to be silent is looked at again: two beats and some. A clock may have been set,
* or a machine just woken up, with the beat still to come.
*/
const again = 4500;
/** Claims that were silent for too long at a first look, and when that was. */
const suspects = /* @__PURE__ */ new Map();
/** The files of this process's claims, by what they are on. */
const held = /* @__PURE__ */ new Map();
/**
* Claims a thing for this process, by a file `PATH.owner.N` that names it, and that it writes anew every two seconds. A
* claim whose process has ended is taken over by making the file of the next number, which only one process can; so a
* claim is never taken from a new owner. Whether a process has ended is seen at once in the same system and PID
* namespace; of one in another container or on another host, by its silence.
*
* @returns undefined while a process has it that lives, or may live
* @throws the file system's own error where the file cannot be written
*/
function claim(path) {
	makeFolder(dirname(path));
	const last = numbers(path).at(-1);
	if (last !== void 0 && isHeld(fileOf(path, last))) return void 0;
	const mine = fileOf(path, (last ?? 0n) + 1n);
	const content = JSON.stringify(self());
	if (!createFile(mine, content)) return void 0;
	const others = numbers(path).map((number) => fileOf(path, number)).filter((file) => file !== mine);
	if (others.some(isHeld)) {
		removeIfPossible(mine);
		return;
	}
	others.forEach(removeIfPossible);
	held.set(path, mine);
	startBeating(mine, content);
	return { release: () => {
		stopBeating(mine);
		if (isMine(path)) removeIfPossible(mine);
		held.delete(path);
	} };
}
/** Whether a process that lives, or may live, has claimed the thing. */
function isClaimed(path) {
	const last = numbers(path).at(-1);
	return last !== void 0 && isHeld(fileOf(path, last));
}
/**
* Whether this process still has what it claimed. One that was suspended (a closed lid, a paused container, SIGSTOP)
* seems to be dead, and may have been taken over: it has to ask before it writes.
*/
function isMine(path) {
	const file = held.get(path);
	try {
		return file !== void 0 && textOf(file) === JSON.stringify(self());
	} catch (error) {
		return !isAbsent(error) && error.code !== "EFBIG";
	}
}
/**
* Finds out whether the process that claimed the thing lives, however long that takes: some seconds where it is in
* another container or on another host.
*
* @param onWatch called once, where it takes long
*/
async function isAtWork(path, onWatch) {
	const [last] = numbers(path).slice(-1);
	if (last === void 0) return false;
	const file = fileOf(path, last);
	const seen = timeOf(file);
	let lives = judge(file);
	if (lives === void 0) onWatch();
	for (; lives === void 0; lives = judge(file)) {
		await setTimeout(200);
		if (timeOf(file) !== seen) return isClaimed(path);
	}
	return lives;
}
/**
* Waits until all that seemed silent may be looked at again.
*
* @param signal aborted to leave it at one look
* @returns whether anything did, and may be
*/
async function untilSecondLook(signal) {
	const last = [...suspects.values()].reduce((latest, { since }) => Math.max(latest, since), -Infinity);
	if (last === -Infinity) return false;
	return setTimeout(Math.max(0, last + again - performance.now()) + 20, true, { ...signal && { signal } }).catch(() => false);
}
/** The thing that a file is a claim on, or undefined for any other file. @param name without its folder */
function claimedBy(name) {
	return /^(.+)\.owner\.[1-9]\d*$/.exec(name)?.[1];
}
function fileOf(path, number) {
	return `${path}.owner.${number}`;
}
/**
* In their order. A file from elsewhere may have any, and where there is none above it, the claim could never be taken
* over.
*/
function numbers(path) {
	const start = `${basename(path)}.owner.`;
	return readdirSync(dirname(path)).filter((name) => name.startsWith(start)).map((name) => name.slice(start.length)).filter((end) => /^[1-9]\d*$/.test(end)).map(BigInt).sort((a, b) => a < b ? -1 : 1);
}
function isHeld(file) {
	return judge(file) !== false;
}
/** Whether the owner that a file names lives; undefined: time will tell. */
function judge(file) {
	const owner = readOwner(contentOf(file));
	const lives = owner === void 0 ? void 0 : isAlive(owner);
	if (lives !== void 0) return lives;
	const written = timeOf(file);
	if (written === void 0) return false;
	const age = Math.abs(timeNow(dirname(file)) - written);
	if (owner === void 0) return age > writing ? false : void 0;
	return age > 2e4 && isStillSilent(file, written) ? false : void 0;
}
function isStillSilent(file, written) {
	const before = suspects.get(file);
	if (before?.written === written) return performance.now() - before.since >= again;
	suspects.set(file, {
		written,
		since: performance.now()
	});
	return false;
}
/** @throws the file system's own error; one with the code EFBIG where it is none of a claim */
function textOf(file) {
	return opened(file, reading, (handle) => new TextDecoder().decode(readWithin(handle, 4096)));
}
function contentOf(file) {
	try {
		return textOf(file);
	} catch (error) {
		return ["EACCES", "EPERM"].includes(error.code ?? "") ? JSON.stringify(hiddenOwner) : "";
	}
}
/**
* When a file was written; undefined where it is gone. It is opened for that, as a network file system tells old times
* otherwise.
*/
function timeOf(file) {
	try {
		return opened(file, reading, (handle) => fstatSync(handle).mtimeMs);
	} catch (error) {
		if (isAbsent(error)) return void 0;
		return statSync(file, { throwIfNoEntry: false })?.mtimeMs;
	}
}
const hiddenOwner = {
	pid: 1,
	space: "hidden",
	started: "",
	nonce: ""
};
/** The time now, by the clock of whoever has the disk: that of a file which is made for it. */
function timeNow(folder) {
	const probe = join(folder, besideName());
	try {
		return opened(probe, "wx", (handle) => fstatSync(handle).mtimeMs);
	} catch {
		return Date.now();
	} finally {
		removeIfPossible(probe);
	}
}
function isAbsent(error) {
	return ["ENOENT", "ENOTDIR"].includes(error.code ?? "");
}
/** A pipe in the place of a file holds nobody up. */
const reading = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);
function opened(path, flags, look) {
	const handle = openSync(path, flags);
	try {
		return look(handle);
	} finally {
		closeSync(handle);
	}
}
function removeIfPossible(file) {
	try {
		rmSync(file, { force: true });
	} catch {}
}
/**
* Milliseconds since the last sign of life of the process that claimed a thing, where only its silence can tell;
* otherwise undefined.
*/
function silentFor(path) {
	const last = numbers(path).at(-1);
	if (last === void 0) return void 0;
	const file = fileOf(path, last);
	const written = judge(file) === void 0 ? timeOf(file) : void 0;
	return written === void 0 ? void 0 : Math.abs(timeNow(dirname(file)) - written);
}
export { isMine as a, silence as c, isClaimed as i, claimedBy as n, silentFor as o, isAtWork as r, untilSecondLook as s, claim as t };
