import { Bo as object, Go as text, Ho as optional, Io as hasForm, Ko as whole, Po as either, Wo as such } from "./checks-359mGJ3h.js";
import { n as outputOf } from "./start-program-BEqJZGY_.js";
import { hostname } from "node:os";
import { readFileSync, readlinkSync } from "node:fs";
import { randomUUID } from "node:crypto";
// src/base/owner.ts
const pid = such(whole, (number) => number > 0);
const form = either(object({
	pid,
	space: text(),
	started: text(),
	nonce: text()
}), such(object({
	pid,
	host: text(),
	started: optional(text())
}), (owner) => !("space" in owner)));
let own;
/** This process. */
function self() {
	own ??= {
		pid: process.pid,
		space: spaceOf() ?? randomUUID(),
		started: startOf("self") ?? "",
		nonce: randomUUID()
	};
	return own;
}
/** What a claim says of its owner; undefined for anything that is none. */
function readOwner(content) {
	try {
		const owner = JSON.parse(content);
		return hasForm(form, owner) ? owner : void 0;
	} catch {
		return;
	}
}
/**
* Whether a process lives; undefined where that cannot be seen from here: it is in another container, or on another
* host.
*/
function isAlive(owner) {
	const boot = bootOf();
	if (!("space" in owner ? owner.space === self().space : owner.host === hostname() && !(process.platform === "linux" && boot === void 0))) return void 0;
	try {
		process.kill(owner.pid, 0);
	} catch (error) {
		if (error.code === "ESRCH") return false;
	}
	const started = "space" in owner || boot === void 0 ? owner.started : owner.started?.replace(`${boot} `, "");
	const now = startOf(owner.pid);
	if (now === void 0 || started === void 0 || started === "") return "space" in owner ? void 0 : true;
	return now === started;
}
/**
* Whether the number of a process, of this very space, means another one now. Of one that has ended and of which
* nobody has taken note it does not: the system gives a number again when that, and its group, are gone.
*/
function isReused({ pid, started }) {
	const now = ifTold(() => statOf(pid)?.[19]) ?? startOf(pid);
	return now !== void 0 && now !== "" && now !== started;
}
function bootOf() {
	return ifTold(() => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim() || void 0);
}
function spaceOf() {
	switch (process.platform) {
		case "linux": {
			const boot = bootOf();
			return boot === void 0 ? void 0 : ifTold(() => `${boot} ${readlinkSync("/proc/self/ns/pid")}`);
		}
		case "darwin": return ifTold(() => outputOf("/usr/sbin/sysctl", ["-n", "kern.bootsessionuuid"], {}));
		default: return hostname();
	}
}
/**
* When a process started; undefined where the system does not tell. One that only waits to be taken note of has no
* start any more.
*/
function startOf(pid) {
	if (process.platform !== "linux") {
		const number = String(pid === "self" ? process.pid : pid);
		return ifTold(() => outputOf("/bin/ps", [
			"-o",
			"lstart=",
			"-p",
			number
		], {
			LC_ALL: "C",
			TZ: "UTC"
		}));
	}
	return ifTold(() => {
		const fields = statOf(pid);
		return fields?.[0] === "Z" || fields?.[0] === "X" ? "ended" : fields?.[19];
	});
}
/**
* What proc(5) says of a process from field 3 on: its state; the ticks from the boot to its start are field 22. The
* name in field 2 may hold blanks and parentheses. @throws where there is none, or no such file system
*/
function statOf(pid) {
	if (pid !== "self" && readlinkSync("/proc/self") !== String(process.pid)) return void 0;
	return readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\)/s, "").trim().split(" ");
}
function ifTold(read) {
	try {
		return read();
	} catch {
		return;
	}
}
export { self as i, isReused as n, readOwner as r, isAlive as t };
