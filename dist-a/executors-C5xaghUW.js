import { An as hideSecrets, Bo as object, Go as text, Ho as optional, Io as hasForm, Jo as EXPECTED, Ko as whole$1, Lo as list, Mo as anything, Na as shorten, Po as either, Ro as nothing, Sa as createFile, Ta as makeFolder, Uo as record, Wo as such, Xo as choice, Zo as chosenFrom, _a as readFileWithin, bs as failure, ds as Optional, fa as shellWord, ga as openFile, is as wholeNumber, ja as writeFileAtomic, jo as anyNumber, no as duration, ns as realNumber, ss as String$1, to as byteSize, us as _Object_, v as makeVisible, vs as UserError, xs as mistake, zo as number } from "./checks-359mGJ3h.js";
import { i as self, n as isReused, r as readOwner, t as isAlive } from "./owner-BDJCZksu.js";
import { a as startProgram } from "./start-program-BEqJZGY_.js";
import { t as isWithin } from "./json-limits-CdfrAawc.js";
import { n as openRoute } from "./route-CGc3lBtM.js";
import { n as readText } from "./read-answer-DvUw8gQd.js";
import { join } from "node:path";
import { availableParallelism, constants, homedir } from "node:os";
import { setTimeout } from "node:timers/promises";
import { closeSync, fstatSync, readSync, readdirSync } from "node:fs";
import { once } from "node:events";
// src/sweeps/executors/asked-memory.ts
/** What a size of memory must match: as everywhere here, or as Kubernetes and Ray write it: `4Gi`. */
const memoryPattern = `${byteSize.pattern}|^\\d+(?:\\.\\d+)? ?[KMGT]i$`;
/** A size of memory that matches, in whole bytes. */
function askedMemory(text) {
	return Math.ceil(byteSize.read(text.replace(/i$/, "iB")));
}
// src/sweeps/executors/job-folders.ts
/** Names as jobs have them: they become names of folders, of Ray's and of Slurm's jobs. */
const jobId = /^[A-Za-z0-9][\w.-]{0,199}$/;
/** Bytes of a log that are read, from its end. */
const longestLog = 1 << 20;
/** @throws Error where it cannot be one: who makes the ids is to blame */
function expectId(id) {
	if (!jobId.test(id)) throw new Error(`'${id}' cannot be the id of a job`);
}
/** Whether a job is one of a sweep's. @param sweep the beginning of its jobs' ids, without the dash */
function belongsTo(id, sweep) {
	return jobId.test(id) && id.startsWith(`${sweep}-`);
}
/**
* What a shell does for a job whose folder is `$folder`, once it has made `$mine`: it takes the job by a link, which
* only one can make, runs it, and says by a rename how it ended. A signal to all of the group ends the program, and not
* the shell.
*
* @param other what is done where another has taken it: `exit 0`, unless a condition holds
*/
function takeAndRun(other) {
	return `
ln "$mine" "$folder/claim" 2>/dev/null || ${other}
rm -f "$mine"
exec >>"$folder/log" 2>&1
trap : TERM INT HUP
cd "$work" && [ ! -e "$folder/stopping" ] && "$@"
echo "$?" >"$folder/exit.$$" && mv "$folder/exit.$$" "$folder/exit"
`;
}
/** The folders that the jobs of an executor have, each called as the job: who has taken it, its output, its end. */
var JobFolders = class {
	#folder;
	constructor(folder) {
		this.#folder = folder;
	}
	pathOf(id) {
		expectId(id);
		return join(this.#folder, id);
	}
	/** Makes the folder of a job, with one to work in. @returns its path @throws the file system's own error */
	make(id) {
		const folder = this.pathOf(id);
		makeFolder(join(folder, "work"));
		return folder;
	}
	/** Every job that has a folder. @param sweep left out: of all sweeps */
	ids(sweep) {
		try {
			return readdirSync(this.#folder, { withFileTypes: true }).filter((entry) => entry.isDirectory() && jobId.test(entry.name)).map(({ name }) => name).filter((id) => sweep === void 0 || belongsTo(id, sweep));
		} catch (error) {
			if (error.code === "ENOENT") return [];
			throw error;
		}
	}
	/** A small file of a job's; undefined where there is none. */
	read(id, name) {
		try {
			return Buffer.from(readFileWithin(join(this.pathOf(id), name), 4096)).toString();
		} catch {
			return;
		}
	}
	/** Notes that a job is to be stopped, so that its end is known for that. @throws the file system's own error */
	markStopping(id) {
		createFile(join(this.pathOf(id), "stopping"), "");
	}
	isStopping(id) {
		return this.read(id, "stopping") !== void 0;
	}
	/** How a job ended by its own record; undefined where it has none. */
	endOf(id) {
		const code = /^(\d{1,3})\n$/.exec(this.read(id, "exit") ?? "")?.[1];
		return code === void 0 ? void 0 : endedWith(id, Number(code), this.isStopping(id));
	}
	/** The end of what a job printed; undefined where nothing is kept of it. */
	logOf(id) {
		let file;
		try {
			file = openFile(join(this.pathOf(id), "log"));
		} catch {
			return;
		}
		try {
			const { size } = fstatSync(file);
			const bytes = Buffer.alloc(Math.min(size, longestLog));
			const length = readSync(file, bytes, 0, bytes.length, size - bytes.length);
			return bytes.subarray(0, length).toString();
		} finally {
			closeSync(file);
		}
	}
};
/** How a job stands that ended by itself, or by a signal. @param code as a shell has it: 128 and more for signals */
function endedWith(id, code, isStopped) {
	if (isStopped) return {
		id,
		state: "stopped",
		exitCode: code
	};
	if (code === 0) return {
		id,
		state: "done",
		exitCode: 0
	};
	const signal = Object.entries(constants.signals).find(([, number]) => number === code - 128)?.[0];
	return {
		id,
		state: "failed",
		exitCode: code,
		reason: signal === void 0 ? `it ended with exit code ${code}` : `it was killed by ${signal}`
	};
}
/** The machine that the sweep is started on. */
const local = {
	doc: "This machine: each trial is a process of its own, which runs on where the sweep itself is killed. Without `cpu`, trials that run at once share the cores evenly.",
	example: "on: local",
	options: _Object_({}),
	open: (_, place) => new LocalExecutor(place)
};
const script$1 = `
folder=$1 space=$2 cpu=$3 work=$4
shift 4
field() { shift 21; printf %s "$1"; }
if read -r stat 2>/dev/null </proc/$$/stat; then started=$(field $stat)
else started=$(LC_ALL=C TZ=UTC /bin/ps -o lstart= -p $$ | sed 's/^ *//; s/ *$//'); fi
mine=$folder/claim.$$
printf '{"pid":%s,"space":"%s","started":"%s","nonce":"job","cpu":%s}' $$ "$space" "$started" "$cpu" >"$mine" || exit 1
${takeAndRun("{ rm -f \"$mine\"; exit 0; }")}`;
const withCpu = object({ cpu: such(number, (cpu) => cpu > 0) });
/** Milliseconds that all of a killed group may take to be gone. */
const vanishing = 2e3;
var LocalExecutor = class {
	#place;
	#jobs;
	/** Those that have ended: nothing changes of them. */
	#ended = /* @__PURE__ */ new Map();
	constructor(place) {
		this.#place = place;
		this.#jobs = new JobFolders(place.folder);
	}
	/** @throws UserError where this machine has fewer cores */
	async slots({ cpu }) {
		const cores = availableParallelism();
		if (cpu > cores) {
			const message = `a trial asks for ${cpu} cores, and this machine has ${cores}`;
			throw new UserError(mistake("job-too-large", message, this.#place.range, "Write a smaller `cpu`."), 2);
		}
		const used = (await Promise.all(this.#jobs.ids().map((id) => this.#stateOf(id)))).filter((state) => state?.state === "running").reduce((sum, state) => sum + this.#cpuOf(state.id), 0);
		return Math.max(0, Math.floor((cores - used) / cpu));
	}
	/** @throws UserError where the process cannot be started */
	async submit({ id, argv, env, cwd, need }) {
		try {
			if (this.#jobs.read(id, "claim") !== void 0) return;
			const folder = this.#jobs.make(id);
			const args = [
				folder,
				self().space,
				String(need.cpu),
				cwd ?? `${folder}/work`,
				...argv
			];
			const child = startProgram("/bin/sh", [
				"-c",
				script$1,
				"sh",
				...args
			], {
				env: {
					...process.env,
					...env
				},
				cwd: folder,
				detached: true
			});
			let said = "";
			child.stderr.setEncoding("utf8").on("data", (text) => said = (said + text).slice(-500));
			child.stdout.resume();
			const refused = new Promise((_, reject) => child.once("error", reject));
			await Promise.race([refused, Promise.all([once(child.stdout, "end"), once(child.stderr, "end")])]);
			child.unref();
			if (this.#jobs.read(id, "claim") === void 0) throw new Error(said.trim() || "its shell ended");
		} catch (error) {
			throw failure("job-not-started", `cannot start the trial ${id}: ${error.message}`, void 0, error);
		}
	}
	async list(sweep) {
		return (await Promise.all(this.#jobs.ids(sweep).map((id) => this.#stateOf(id)))).filter((state) => state !== void 0);
	}
	async stop(id) {
		const owner = this.#ownerOf(id);
		if (owner === void 0 || (await this.#stateOf(id))?.state !== "running") return;
		this.#jobs.markStopping(id);
		signalGroup(owner, "SIGTERM");
		await until(() => isAlive(owner) === false, this.#place.grace ?? 1e4);
		await endGroup(owner);
	}
	async logs(id) {
		return this.#jobs.logOf(id);
	}
	async close() {}
	/** @returns undefined where the job was never started */
	async #stateOf(id) {
		const known = this.#ended.get(id);
		if (known !== void 0) return known;
		const owner = this.#ownerOf(id);
		if (owner === void 0) return void 0;
		const isNear = owner.space === self().space;
		if (this.#jobs.endOf(id) === void 0 && isNear && isAlive(owner) !== false) return {
			id,
			state: "running"
		};
		const state = this.#jobs.endOf(id) ?? await this.#lost(id, owner, isNear);
		this.#ended.set(id, state);
		return state;
	}
	/** A job without a shell that could say how it ended: what is left of it is killed, as another attempt comes. */
	async #lost(id, owner, isNear) {
		if (isNear) await endGroup(owner);
		if (this.#jobs.isStopping(id)) return {
			id,
			state: "stopped"
		};
		return {
			id,
			state: "lost",
			reason: isNear ? "its process was killed from outside" : "the machine was started anew, or the job was started on another one"
		};
	}
	#ownerOf(id) {
		const owner = readOwner(this.#jobs.read(id, "claim") ?? "");
		return owner !== void 0 && "space" in owner ? owner : void 0;
	}
	#cpuOf(id) {
		const claim = JSON.parse(this.#jobs.read(id, "claim") ?? "{}");
		return hasForm(withCpu, claim) ? claim.cpu : 1;
	}
};
function signalGroup({ pid }, signal) {
	try {
		return process.kill(-pid, signal);
	} catch {
		return false;
	}
}
/** Kills all of a job that is left, where the number of its group cannot be that of another one by now. */
async function endGroup(owner) {
	if (isAlive(owner) === false && isReused(owner)) return;
	if (signalGroup(owner, "SIGKILL")) await until(() => !signalGroup(owner, 0), vanishing);
}
async function until(holds, longest) {
	const start = performance.now();
	for (let pause = 5; !holds() && performance.now() - start < longest; pause = Math.min(2 * pause, 200)) await setTimeout(pause);
}
// src/sweeps/executors/ray-connection.ts
/** Bytes that an answer may have: a cluster tells of all jobs that it has had. */
const longest$1 = 64 << 20;
const limits = {
	depth: 30,
	holders: 1e6,
	values: 1e7
};
/** Milliseconds of silence, and of a whole answer. */
const [silence, whole] = [15e3, 6e4];
/** Milliseconds from one attempt to the next: a head that is busy, or just started, is none that is gone. */
const pauses = [500, 2e3];
/** The way to the dashboard of one Ray cluster, which its Jobs API is a part of. */
var RayConnection = class {
	address;
	#range;
	#route;
	#token;
	/** Whether there is a token that this address is not given. */
	#isWithheld;
	/**
	* @param range where the address is written
	* @throws UserError where the address is none, or the file of the token cannot be read
	*/
	constructor(url, range, env = process.env) {
		this.#range = range;
		const target = URL.canParse(url) ? new URL(url) : void 0;
		if (target === void 0 || !/^https?:$/.test(target.protocol) || target.username + target.password !== "") throw this.#told("executor-refused", `'${hideSecrets(url)}' is no address of Ray`, "Write http://HOST:8265.");
		this.address = `${target.origin}${target.pathname.replace(/\/+$/, "")}`;
		const isOwn = isNamed(target, env);
		const token = this.#tokenOf(env);
		this.#token = isOwn ? token : void 0;
		this.#isWithheld = token !== void 0 && !isOwn;
		this.#route = openRoute(target, { keepAlive: true }, env);
	}
	/** Asks for something, several times where nothing answers. @throws UserError where Ray cannot be reached */
	async get(path) {
		for (const pause of pauses) {
			const answer = await this.#send("GET", path).catch(() => void 0);
			if (answer !== void 0 && answer.status <= 500) return this.#checked(answer);
			await setTimeout(pause);
		}
		return this.#checked(await this.#sendOrTell("GET", path));
	}
	/** Asks once. @throws UserError where Ray cannot be reached: it may have done it */
	async post(path, body) {
		return this.#checked(await this.#sendOrTell("POST", path, JSON.stringify(body ?? {})));
	}
	/** What an answer says as JSON. @throws UserError where it says none, or too much */
	parse({ text }) {
		try {
			const said = isWithin(text, limits) ? JSON.parse(text) : void 0;
			if (said !== void 0) return said;
		} catch {}
		throw this.notUnderstood(text);
	}
	/** What is thrown of an answer that is none of Ray's. */
	notUnderstood(text) {
		const said = lastLine(text);
		const message = `${this.address} does not answer as Ray does${said === "" ? "" : `: ${said}`}`;
		return this.#told("executor-refused", message, "Give the address of the dashboard, as http://HOST:8265.");
	}
	/** What is thrown where Ray does not do what it was asked for. */
	refused(what, { status, text }) {
		return this.#told("executor-refused", `Ray at ${this.address} ${what}: ${lastLine(text) || `it says ${status}`}`);
	}
	close() {
		this.#route.close();
	}
	#checked(answer) {
		const { status, text } = answer;
		if (status === 401 || status === 403) {
			const hint = this.#isWithheld ? `The token goes only to the cluster that you name yourself: set RAY_ADDRESS=${this.address}.` : `Set RAY_AUTH_TOKEN, and RAY_ADDRESS=${this.address}.`;
			throw this.#told("executor-refused", `Ray at ${this.address} wants a token`, hint);
		}
		if (status >= 200 && status < 300 || status === 404 || status === 500) return answer;
		if (status > 500) throw this.#unreachable(`it answers ${status}`);
		throw this.notUnderstood(text || `it says ${status}`);
	}
	async #sendOrTell(method, path, body) {
		try {
			return await this.#send(method, path, body);
		} catch (error) {
			const { message, code } = error;
			throw this.#unreachable(message || code || "nothing answers");
		}
	}
	#unreachable(reason) {
		const said = hideSecrets(makeVisible(shorten(reason, 200)));
		const message = `Ray cannot be reached at ${this.address}: ${said}`;
		return this.#told("executor-unreachable", message, "Start it, or correct `url`. Trials that run go on; the same command takes them up again.");
	}
	#told(code, message, hint) {
		return new UserError(mistake(code, message, this.#range, hint), 1);
	}
	#send(method, path, body) {
		const headers = {
			...body !== void 0 && {
				"content-type": "application/json",
				"content-length": Buffer.byteLength(body)
			},
			...this.#token !== void 0 && { authorization: `Bearer ${this.#token}` }
		};
		return new Promise((done, failed) => {
			const answered = (response) => {
				readText(response, longest$1).then((text) => done({
					status: response.statusCode ?? 0,
					text
				}), failed);
			};
			const options = {
				method,
				headers,
				timeout: silence,
				signal: AbortSignal.timeout(whole)
			};
			const request = this.#route.request(new URL(this.address + path), options, answered);
			request.on("timeout", () => request.destroy(/* @__PURE__ */ new Error(`it was silent for ${silence / 1e3} s`)));
			request.on("error", failed);
			request.end(body);
		});
	}
	/** As Ray itself looks for it. */
	#tokenOf(env) {
		const own = env["RAY_AUTH_TOKEN"]?.trim();
		if (own) return own;
		const named = env["RAY_AUTH_TOKEN_PATH"];
		try {
			const path = named || join(homedir(), ".ray", "auth_token");
			return Buffer.from(readFileWithin(path, 4096)).toString().trim() || void 0;
		} catch (error) {
			if (!named) return void 0;
			const message = `the file that RAY_AUTH_TOKEN_PATH names cannot be read: ${error.message}`;
			throw this.#told("executor-refused", message);
		}
	}
};
/** Whether the environment names the cluster as the user's, as Ray's own programs read it, or it is on this machine. */
function isNamed(target, env) {
	if (/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(target.hostname)) return true;
	return [env["RAY_API_SERVER_ADDRESS"], env["RAY_ADDRESS"]].some((address) => address !== void 0 && URL.canParse(address) && new URL(address).origin === target.origin);
}
/** A traceback says what was wrong in its last line. */
function lastLine(text) {
	const line = text.trim().split("\n").at(-1) ?? "";
	return hideSecrets(makeVisible(shorten(line.trim(), 200)));
}
/** A Ray cluster, through its Jobs API. */
const ray = {
	doc: "A Ray cluster, through its Jobs API: as many trials at once as its nodes have room for. The token of the cluster is taken from RAY_AUTH_TOKEN.",
	example: "on: { ray: { url: \"http://head:8265\" }, cpu: 2, memory: 4Gi }",
	options: _Object_({ url: String$1({
		description: "Address of the dashboard of the head.",
		examples: ["http://head:8265"],
		pattern: "^https?://[^\\s@/?#]+(/[^\\s@?#]*)?$",
		[EXPECTED]: "an address such as `http://head:8265`"
	}) }),
	open: ({ url }, { range }) => new RayExecutor(new RayConnection(String(url), range), range)
};
const maybe = (form) => optional(either(form, nothing));
/** What Ray says of a job; it says more. */
const jobForm = object({
	submission_id: text(),
	status: text(),
	message: maybe(text()),
	error_type: maybe(text()),
	driver_exit_code: maybe(whole$1),
	metadata: maybe(record(anything))
});
const nodesForm = object({ data: object({ result: object({ result: list(anything) }) }) });
const nodeForm = object({
	state: text(),
	resources_total: record(anyNumber)
});
const needForm = object({ cpu: such(number, (cpu) => cpu > 0) });
const logsForm = object({ logs: text() });
/** Where the need of a job is kept in what Ray knows of it. */
const needKey = "layerline-need";
/** Milliseconds that a stop may take: Ray kills what does not heed SIGTERM after three seconds. */
const stopping$1 = 6e4;
var RayExecutor = class {
	#ray;
	#range;
	/** Jobs that this process knows to be there: a head that was started anew has forgotten them. */
	#known = /* @__PURE__ */ new Set();
	constructor(connection, range) {
		this.#ray = connection;
		this.#range = range;
	}
	/**
	* Ray's queue is none: what waits is handed to a node, and lost with it. So no more is submitted than runs at once.
	*
	* @throws UserError where no node is large enough
	*/
	async slots(need) {
		const [answer, jobs] = [await this.#ray.get("/api/v0/nodes?limit=10000"), await this.#jobs()];
		const told = this.#ray.parse(answer);
		if (!hasForm(nodesForm, told)) throw this.#ray.notUnderstood(answer.text);
		const nodes = told.data.result.result;
		const alive = nodes.filter((node) => hasForm(nodeForm, node)).filter(({ state }) => state === "ALIVE");
		const room = alive.reduce((sum, node) => sum + jobsThatFit(node.resources_total, need), 0);
		if (room === 0 && nodes.length > 0 && alive.length === nodes.length) {
			const message = `no node of Ray at ${this.#ray.address} has room for a trial of ${showNeed(need)}`;
			throw new UserError(mistake("job-too-large", message, this.#range, "Ask for less, or start a node that has so much."), 2);
		}
		const used = jobs.filter(({ status }) => status === "PENDING" || status === "RUNNING").reduce((sum, job) => sum + Math.ceil(cpuOf(job) / need.cpu), 0);
		return Math.max(0, room - used);
	}
	/** @throws UserError where Ray does not take the job, or cannot be reached: then it may have taken it */
	async submit(job) {
		expectId(job.id);
		if (await this.#job(job.id) === void 0) {
			const answer = await this.#ray.post("/api/jobs/", asRayHasIt(job));
			if (answer.status >= 300 && await this.#job(job.id) === void 0) throw this.#ray.refused(`does not take the trial ${job.id}`, answer);
		}
		this.#known.add(job.id);
	}
	async list(sweep) {
		const jobs = (await this.#jobs()).filter((job) => belongsTo(job.submission_id, sweep));
		const states = jobs.map(stateOf);
		for (const { id } of states) this.#known.add(id);
		const forgotten = [...this.#known].filter((id) => belongsTo(id, sweep) && !jobs.some((job) => job.submission_id === id));
		const reason = "Ray has forgotten it: its head was started anew";
		return [...states, ...forgotten.map((id) => ({
			id,
			state: "lost",
			reason
		}))];
	}
	async stop(id) {
		const start = performance.now();
		for (let asked = false; performance.now() - start < stopping$1; asked = true) {
			const job = await this.#job(id);
			if (job === void 0 || !isInFlight(job)) return;
			if (!asked) await this.#ray.post(`/api/jobs/${id}/stop`);
			await setTimeout(300);
		}
		const message = `Ray at ${this.#ray.address} did not stop the trial ${id} within ${stopping$1 / 1e3} s`;
		throw failure("executor-refused", message);
	}
	async logs(id) {
		expectId(id);
		const answer = await this.#ray.get(`/api/jobs/${id}/logs`);
		if (answer.status >= 300) return void 0;
		const told = this.#ray.parse(answer);
		return hasForm(logsForm, told) ? told.logs.slice(-1048576) : void 0;
	}
	async close() {
		this.#ray.close();
	}
	async #job(id) {
		expectId(id);
		const answer = await this.#ray.get(`/api/jobs/${id}`);
		if (answer.status === 404) return void 0;
		if (answer.status >= 300) throw this.#ray.refused(`does not tell of the trial ${id}`, answer);
		const told = this.#ray.parse(answer);
		if (!hasForm(jobForm, told)) throw this.#ray.notUnderstood(answer.text);
		return told;
	}
	/** All jobs that were submitted: others on the cluster have no id of such a kind, or another. */
	async #jobs() {
		const answer = await this.#ray.get("/api/jobs/");
		if (answer.status === 404) throw this.#ray.notUnderstood(answer.text);
		if (answer.status >= 300) throw this.#ray.refused("does not tell of its jobs", answer);
		const told = this.#ray.parse(answer);
		if (!Array.isArray(told)) throw this.#ray.notUnderstood(answer.text);
		return told.filter((job) => hasForm(jobForm, job));
	}
};
function asRayHasIt({ id, argv, env, cwd, need }) {
	return {
		submission_id: id,
		entrypoint: `cd ${cwd === void 0 ? "\"$(mktemp -d)\"" : shellWord(cwd)} && exec ${argv.map(shellWord).join(" ")}`,
		runtime_env: { env_vars: env },
		metadata: { [needKey]: JSON.stringify(need) },
		entrypoint_num_cpus: need.cpu,
		...need.gpu !== void 0 && { entrypoint_num_gpus: need.gpu },
		...need.memory !== void 0 && { entrypoint_memory: askedMemory(need.memory) }
	};
}
function isInFlight({ status }) {
	return status === "PENDING" || status === "RUNNING";
}
function stateOf(job) {
	const { submission_id: id, status, error_type: type, driver_exit_code: code, message } = job;
	switch (status) {
		case "PENDING": return {
			id,
			state: "queued"
		};
		case "RUNNING": return {
			id,
			state: "running"
		};
		case "SUCCEEDED": return {
			id,
			state: "done",
			exitCode: 0
		};
		case "STOPPED": return {
			id,
			state: "stopped"
		};
		default:
			if (typeof code === "number" && (type ?? ownFault) === ownFault && code !== 0) return endedWith(id, code < 0 ? 128 - code : code, false);
			return {
				id,
				state: "lost",
				reason: hideSecrets(makeVisible(shorten([type, message].filter(Boolean).join(": "), 300))) || `Ray says ${makeVisible(shorten(status))}`
			};
	}
}
/** Ray's word for a job that failed by itself; all others are about its machine, or about Ray. */
const ownFault = "JOB_ENTRYPOINT_COMMAND_ERROR";
/** How many such jobs a node runs at once. */
function jobsThatFit(total, { cpu, memory, gpu }) {
	const wanted = [
		["CPU", cpu],
		["memory", memory === void 0 ? 0 : askedMemory(memory)],
		["GPU", gpu ?? 0]
	];
	return Math.min(...wanted.filter(([, amount]) => amount > 0).map(([name, amount]) => Math.floor((total[name] ?? 0) / amount)));
}
/** Cores of a job of ours; those of others are not known. */
function cpuOf({ metadata }) {
	const written = metadata?.[needKey];
	try {
		const need = typeof written === "string" ? JSON.parse(written) : void 0;
		return hasForm(needForm, need) ? need.cpu : 0;
	} catch {
		return 0;
	}
}
function showNeed({ cpu, memory, gpu }) {
	return [
		`${cpu} CPUs`,
		...gpu === void 0 ? [] : [`${gpu} GPUs`],
		...memory === void 0 ? [] : [memory]
	].join(", ");
}
// src/sweeps/executors/slurm.ts
const word = {
	pattern: "^[\\w][\\w.,@+-]{0,99}$",
	[EXPECTED]: "a name as Slurm has them"
};
/** A Slurm cluster, through its commands. */
const slurm = {
	doc: "A Slurm cluster, through sbatch, squeue and scancel, from a machine that has them. The folder of the sweep has to be one that all machines share.",
	example: "on: { slurm: { partition: cpu, time: 2h }, cpu: 2, memory: 4Gi }",
	options: _Object_({
		partition: Optional(String$1({
			description: "The partition; left out: the cluster's own choice.",
			examples: ["cpu"],
			...word
		})),
		account: Optional(String$1({
			description: "The account that pays, where the cluster wants one.",
			examples: ["lab"],
			...word
		})),
		time: Optional(String$1({
			description: "Time that a trial may take at most; left out: the partition's own limit.",
			examples: ["2h"],
			pattern: duration.pattern,
			[EXPECTED]: duration.expected
		}))
	}),
	open: (options, { folder, range }) => new SlurmExecutor(options, new JobFolders(folder), range)
};
const script = `
folder=$1 work=$2
shift 2
[ ! -e "$folder/exit" ] || exit 0
mine=$folder/claim.$SLURM_JOB_ID
printf %s "$SLURM_JOB_ID" >"$mine" || exit 1
${takeAndRun("[ \"$(cat \"$folder/claim\")\" = \"$SLURM_JOB_ID\" ] || { rm -f \"$mine\"; exit 0; }")}`;
const queued = /* @__PURE__ */ new Set([
	"PENDING",
	"REQUEUED",
	"REQUEUE_FED",
	"REQUEUE_HOLD",
	"SPECIAL_EXIT",
	"CONFIGURING",
	"RESIZING"
]);
const running = /* @__PURE__ */ new Set([
	"RUNNING",
	"COMPLETING",
	"SUSPENDED",
	"STOPPED",
	"SIGNALING",
	"STAGE_OUT"
]);
/** Milliseconds after which the record of a job that has left the queue does not come: a shared folder lags behind. */
const lag = 1e4;
/** Milliseconds that a stop may take: a cluster waits for half a minute, or what it was told, before it kills. */
const stopping = 12e4;
/** Characters that a command may print: those that wait in the queue of one user. */
const longest = 32 << 20;
var SlurmExecutor = class {
	#options;
	#jobs;
	#range;
	/** Jobs that have left the queue without a record, and since when. */
	#missing = /* @__PURE__ */ new Map();
	constructor(options, jobs, range) {
		this.#options = options;
		this.#jobs = jobs;
		this.#range = range;
	}
	/** Slurm queues safely. */
	async slots() {
		return Infinity;
	}
	/** @throws UserError where Slurm does not take the job, or cannot be reached */
	async submit(job) {
		const { id, env, cwd, argv } = job;
		expectId(id);
		if (this.#isKnown(id) || (await this.#queue()).some(({ name }) => name === id)) return;
		const folder = this.#make(id);
		const command = [
			"/bin/sh",
			"-c",
			script,
			"sh",
			folder,
			cwd ?? `${folder}/work`,
			...argv
		].map(shellWord).join(" ");
		const args = [
			...this.#asked(job),
			`--output=${asIs(folder)}`,
			`--wrap=exec ${command}`
		];
		const number = await this.#run("sbatch", args, {
			...process.env,
			...env
		});
		writeFileAtomic(`${folder}/submitted`, number.trim());
	}
	async list(sweep) {
		const queue = await this.#queue();
		const names = queue.map(({ name }) => name).filter((name) => belongsTo(name, sweep));
		const states = [.../* @__PURE__ */ new Set([...this.#jobs.ids(sweep), ...names])].map((id) => this.#stateOf(id, queue.filter(({ name }) => name === id)));
		const held = queue.filter(({ name, reason }) => names.includes(name) && isHeldForGood(reason));
		if (held.length > 0) await this.#run("scancel", held.map(({ number }) => number));
		return states.filter((state) => state !== void 0);
	}
	async stop(id) {
		const start = performance.now();
		for (let asked = false; performance.now() - start < stopping; asked = true) {
			const active = (await this.#queue()).filter(({ name, state }) => name === id && isActive(state));
			if (active.length === 0) return;
			if (!asked) {
				this.#make(id);
				this.#jobs.markStopping(id);
				await this.#run("scancel", active.map(({ number }) => number));
			}
			await setTimeout(300);
		}
		throw failure("executor-refused", `Slurm did not stop the trial ${id} within ${stopping / 1e3} s`);
	}
	async logs(id) {
		return this.#jobs.logOf(id);
	}
	async close() {}
	/** Whether it was submitted, or has run. */
	#isKnown(id) {
		return [
			"exit",
			"claim",
			"submitted"
		].some((name) => this.#jobs.read(id, name) !== void 0);
	}
	#make(id) {
		try {
			return this.#jobs.make(id);
		} catch (error) {
			throw failure("job-not-started", `no folder for the trial ${id}: ${error.message}`, void 0, error);
		}
	}
	#asked({ id, need: { cpu, memory, gpu } }) {
		const { partition, account, time } = this.#options;
		return [
			"--parsable",
			`--job-name=${id}`,
			"--requeue",
			"--open-mode=append",
			"--nodes=1",
			"--ntasks=1",
			`--cpus-per-task=${Math.ceil(cpu)}`,
			...memory === void 0 ? [] : [`--mem=${Math.ceil(askedMemory(memory) / 2 ** 20)}M`],
			...gpu === void 0 ? [] : [`--gres=gpu:${gpu}`],
			...partition === void 0 ? [] : [`--partition=${partition}`],
			...account === void 0 ? [] : [`--account=${account}`],
			...time === void 0 ? [] : [`--time=${Math.ceil(duration.read(time) / 60)}`]
		];
	}
	/** @returns undefined where it was never submitted */
	#stateOf(id, entries) {
		const end = this.#jobs.endOf(id);
		const claim = this.#jobs.read(id, "claim");
		const entry = entries.find(({ number }) => number === claim) ?? entries.find(({ state }) => isActive(state)) ?? entries[0];
		if (end !== void 0) return withReasonOf(entry, end);
		if (entry === void 0 && !this.#isKnown(id)) return void 0;
		const { state = "gone", reason = "" } = entry ?? {};
		if (isHeldForGood(reason) || state === "FAILED" && reason === "JobLaunchFailure" && claim === void 0) return {
			id,
			state: "lost",
			reason: "its machine could not start it"
		};
		if (isActive(state)) {
			this.#missing.delete(id);
			const waits = queued.has(state);
			return {
				id,
				state: waits ? "queued" : "running",
				...waits && { reason: makeVisible(shorten(reason)) }
			};
		}
		if (this.#jobs.isStopping(id) || state.startsWith("CANCELLED")) return {
			id,
			state: "stopped"
		};
		const told = byLimit(id, state);
		if (told !== void 0) return told;
		if (/^(NODE_FAIL|BOOT_FAIL|PREEMPTED)$/.test(state)) return {
			id,
			state: "lost",
			reason: `Slurm says ${state} of it`
		};
		const since = this.#missing.get(id) ?? performance.now();
		this.#missing.set(id, since);
		if (performance.now() - since < lag) return {
			id,
			state: "running"
		};
		return {
			id,
			state: "lost",
			reason: "it has left the queue of Slurm without a record of its end"
		};
	}
	/** All jobs of this user that Slurm knows of, those too that ended a while ago. */
	async #queue() {
		return (await this.#run("squeue", [
			"--me",
			"--states=all",
			"--noheader",
			"--format=%A|%T|%r|%j"
		])).split("\n").flatMap((line) => {
			const [, number, state, reason, name] = /^(\d+)\|([A-Z_]+)\|([^|]*)\|(.*)$/.exec(line.trim()) ?? [];
			return name === void 0 ? [] : [{
				number,
				state,
				reason,
				name
			}];
		});
	}
	/** What a command of Slurm's prints. @throws UserError where it is not there, or fails */
	async #run(command, args, env = process.env) {
		let child;
		try {
			child = startProgram(command, args, { env: withoutDefaults(env) });
		} catch {
			throw this.#told("executor-unreachable", `there is no ${command} on the PATH`, "Run the sweep on a machine of the cluster that has the commands of Slurm.");
		}
		let [said, complaint] = ["", ""];
		child.stdout.setEncoding("utf8").on("data", (text) => {
			said += text;
			if (said.length > longest) child.kill();
		});
		child.stderr.setEncoding("utf8").on("data", (text) => complaint = (complaint + text).slice(-2e3));
		const [code] = await once(child, "close");
		if (code === 0) return said;
		const line = complaint.trim().split("\n").at(-1)?.trim() || `it ended with ${code}`;
		const shown = hideSecrets(makeVisible(shorten(line, 300)));
		if (/unable to contact|connect failure|connection refused|timed out|munge/i.test(complaint)) throw this.#told("executor-unreachable", `Slurm cannot be reached: ${shown}`, "Try again when it is up.");
		throw this.#told("executor-refused", `Slurm refuses: ${command}: ${shown}`);
	}
	#told(code, message, hint) {
		return new UserError(mistake(code, message, this.#range, hint), 1);
	}
};
/** The log in a folder, as Slurm is told of it: a backslash makes it take no `%j` in the path for the job's number. */
function asIs(folder) {
	return `${folder.replaceAll("\\", "\\\\")}/\\log`;
}
/** What is told of a job that Slurm ended for a limit. */
function byLimit(id, state) {
	if (state === "TIMEOUT" || state === "DEADLINE") return {
		id,
		state: "failed",
		reason: "it took longer than its time limit"
	};
	if (state === "OUT_OF_MEMORY") return {
		id,
		state: "failed",
		exitCode: 137,
		reason: "it took more memory than it asked for"
	};
}
/** A job's own record knows the signal, and Slurm what it was for: a moment later, once it has tidied up. */
function withReasonOf(entry, end) {
	if (entry === void 0 || end.state !== "failed" || (end.exitCode ?? 0) < 128) return end;
	if (isActive(entry.state)) return {
		id: end.id,
		state: "running"
	};
	return byLimit(end.id, entry.state) ?? end;
}
function isActive(state) {
	return queued.has(state) || running.has(state);
}
/** `launch failed requeued held`; what a person holds is let go of by a person. */
function isHeldForGood(reason) {
	return /launch.failed.requeued.held/i.test(reason);
}
/** Users' own defaults, such as another form of what squeue prints, are for their eyes. */
function withoutDefaults(env) {
	return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(SQUEUE|SBATCH|SCANCEL)_/.test(name)));
}
// src/sweeps/executors.ts
/** All that trials can run on. */
const executors = {
	local,
	ray,
	slurm
};
/** What a trial asks its machine for: beside the executor, whichever it is. */
const needs = {
	cpu: Optional(wholeNumber({
		description: "Cores of a trial, which are the threads that it computes with. Left out: on this machine an even share, elsewhere one.",
		examples: [2],
		minimum: 1,
		maximum: 1024
	})),
	memory: Optional(String$1({
		description: "Memory of a trial: by it Ray and Slurm choose the machine.",
		examples: ["4Gi"],
		pattern: memoryPattern,
		[EXPECTED]: "a size such as `4Gi` or `512MB`"
	})),
	gpu: Optional(realNumber({
		description: "GPUs of a trial.",
		examples: [1],
		exclusiveMinimum: 0
	}))
};
/** The schema of `on`, in full form: `{ ray: { url: ... }, cpu: 2, memory: 4Gi }`. */
const onSchema = choice("executor", executors, {
	description: "Where trials run: this machine, a Ray cluster or a Slurm cluster.",
	default: { local: {} },
	examples: ["local", {
		ray: { url: "http://head:8265" },
		cpu: 2,
		memory: "4Gi"
	}]
}, needs);
/** Takes a checked `on` apart: the options are those of the executor, and what a trial asks for. */
function chosenExecutor(on) {
	const { type, options } = chosenFrom(executors, on);
	const beside = Object.entries(on).filter(([key]) => key !== type);
	return {
		type,
		options: {
			...Object.fromEntries(beside),
			...options
		}
	};
}
/**
* What each trial asks its machine for.
*
* @param on as chosenExecutor gives it
* @param parallel trials at once, which share the cores of this machine
*/
function needOf({ type, options }, parallel) {
	const { cpu, memory, gpu } = options;
	const share = type === "local" ? Math.max(1, Math.floor(availableParallelism() / parallel)) : 1;
	return {
		cpu: cpu ?? share,
		...memory !== void 0 && { memory },
		...gpu !== void 0 && { gpu }
	};
}
/** Opens the executor that `on` chooses. @throws UserError where its options name none that there can be */
function openExecutor({ type, options }, place) {
	return executors[type].open(options, place);
}
export { openExecutor as a, onSchema as i, executors as n, needOf as r, chosenExecutor as t };
