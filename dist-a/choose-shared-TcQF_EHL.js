import { Cs as warning, L as openRemoteStore, Ss as misuse, bs as failure, vs as UserError, ws as warningsOf, xa as besideName } from "./checks-359mGJ3h.js";
import { t as StageCache } from "./stage-cache-CfWlADlT.js";
import { dirname, join } from "node:path";
import { createHmac, timingSafeEqual } from "node:crypto";
import { copyFile, open, rm } from "node:fs/promises";
// src/cache/remote/sign-entry.ts
const magic = Buffer.from("LLSIGNED");
const signatureBytes = magic.length + 32;
/** The key that the environment has for signatures. @throws UserError where it is too short to prove anything */
function keyOf(env) {
	const key = env["PIPELINE_CACHE_KEY"]?.trim() || void 0;
	if (key !== void 0 && key.length < 16) throw misuse("remote-key", `PIPELINE_CACHE_KEY has ${key.length} characters, of at least 16`, "Set it to what `openssl rand -hex 32` prints, on all machines to the same.");
	return key;
}
/** Signs a file, which is no one else's yet, as what is to lie under a name. @throws the file system's own error */
async function sign(file, name, key) {
	const handle = await open(file, "r+");
	try {
		const { size } = await handle.stat();
		const signature = await signatureOf(handle, size, name, key);
		await handle.write(Buffer.concat([magic, signature]), 0, signatureBytes, size);
		await handle.sync();
	} finally {
		await handle.close();
	}
}
/**
* Takes the signature from a file that was fetched.
*
* @param key left out: it may have any signature, or none
* @throws UserError where it was not signed with the key; the file system's own error
*/
async function takeSignature(file, name, key) {
	const handle = await open(file, "r+");
	try {
		const { size } = await handle.stat();
		const end = Buffer.alloc(signatureBytes);
		const before = size - signatureBytes;
		if (before >= 0) await handle.read(end, 0, signatureBytes, before);
		const isSigned = before >= 0 && end.subarray(0, magic.length).equals(magic);
		if (key !== void 0) {
			if (!isSigned) throw unsigned(`${name} is not signed`);
			const signature = await signatureOf(handle, before, name, key);
			if (!timingSafeEqual(signature, end.subarray(magic.length))) throw unsigned(`${name} was changed, or signed with another key`);
		}
		if (isSigned) await handle.truncate(before);
	} finally {
		await handle.close();
	}
}
function unsigned(message) {
	return failure("remote-signature", message, "It is left there and not used; the stage runs. Give all machines the same PIPELINE_CACHE_KEY.");
}
async function signatureOf(handle, size, name, key) {
	const hmac = createHmac("sha256", key).update(`${name}\0`);
	const piece = Buffer.alloc(1 << 20);
	for (let at = 0; at < size;) {
		const { bytesRead } = await handle.read(piece, 0, Math.min(piece.length, size - at), at);
		if (bytesRead === 0) throw new Error(`the file was cut short at ${at} bytes`);
		hmac.update(piece.subarray(0, bytesRead));
		at += bytesRead;
	}
	return hmac.digest();
}
// src/run/shared-outcomes.ts
/** Bytes that an outcome may have: as many as can be read again. */
const longest = 2 ** 31;
const nameOf = ({ stage, hash }) => `outcomes/${stage}/${hash}`;
/**
* Outcomes of stages in a place that several machines reach. It never ends a run, and never holds one up: what cannot
* be fetched is made, and what cannot be sent is told.
*/
var SharedOutcomes = class {
	#store;
	#key;
	#warn;
	/** What is being sent, one after the other. */
	#sending = Promise.resolve();
	/** Outcomes that are not sent yet. */
	#left = 0;
	/** Damaged there: what comes of the stage takes their place. */
	#damaged = /* @__PURE__ */ new Set();
	/** Nothing is asked of it any more: it did not answer, or the user wants to go. */
	#isGivenUp = false;
	#told = /* @__PURE__ */ new Set();
	/** @param key with which all that lies there has to be signed; undefined: nothing need be */
	constructor(store, key, warn) {
		this.#store = store;
		this.#key = key;
		this.#warn = warn;
	}
	/** The address, without credentials. */
	get address() {
		return this.#store.address;
	}
	/** How many outcomes are not sent yet. */
	get left() {
		return this.#left;
	}
	/**
	* Fetches what is not kept here into the folder of kept outcomes, each proven before it lies there.
	*
	* @returns the stages whose outcomes were fetched
	*/
	async fetch(folder, wanted) {
		const fetched = /* @__PURE__ */ new Set();
		for (const one of wanted) if (await this.#fetchOne(folder, one)) fetched.add(one.fingerprint.stage);
		return fetched;
	}
	async #fetchOne(folder, { fingerprint, form }) {
		if (this.#isGivenUp) return false;
		let damagedHere;
		const cache = new StageCache(folder, (told) => damagedHere = told);
		if (cache.find(fingerprint, form) !== void 0) return false;
		const name = nameOf(fingerprint);
		try {
			const isFetched = await cache.take(fingerprint, form, async (file) => {
				if (!await this.#store.read(name, file, longest)) return false;
				await takeSignature(file, name, this.#key);
				return true;
			});
			if (isFetched && damagedHere !== void 0) this.#warn({
				...damagedHere,
				hint: `That of ${this.address} takes its place.`
			});
			return isFetched;
		} catch (error) {
			this.#tell(error, name, fingerprint.stage);
			return false;
		}
	}
	/** Whether something lies there under a fingerprint; nothing proves it before it is fetched. */
	async has(fingerprint) {
		if (this.#isGivenUp) return false;
		try {
			return await this.#store.has(nameOf(fingerprint));
		} catch (error) {
			this.#tell(error, nameOf(fingerprint), fingerprint.stage);
			return false;
		}
	}
	/**
	* Sends an outcome beside what goes on; see `end`.
	*
	* @param file it is kept in here; where there is none, that was told
	* @param replaces whether it takes the place of what lies there
	*/
	send(fingerprint, file, replaces) {
		this.#left++;
		this.#sending = this.#sending.then(async () => {
			try {
				if (!this.#isGivenUp) await this.#sendOne(nameOf(fingerprint), file, replaces);
			} catch (error) {
				if (!this.#isGivenUp) this.#tell(error, nameOf(fingerprint), fingerprint.stage);
			} finally {
				this.#left--;
			}
		});
	}
	async #sendOne(name, file, replaces) {
		if (!replaces && !this.#damaged.has(name) && await this.#store.has(name)) return;
		const aside = join(dirname(file), besideName());
		try {
			await copyFile(file, aside);
			if (this.#key !== void 0) await sign(aside, name, this.#key);
			await this.#store.write(name, aside);
		} catch (error) {
			if (error.code !== "ENOENT") throw error;
		} finally {
			await rm(aside, { force: true });
		}
	}
	/** Waits until all is sent. @param signal ends the wait, and what is not sent yet stays here */
	async end(signal) {
		const stop = () => {
			this.#isGivenUp = true;
			this.#store.close();
		};
		if (signal.aborted) stop();
		signal.addEventListener("abort", stop, { once: true });
		try {
			await this.#sending;
		} finally {
			signal.removeEventListener("abort", stop);
			await this.#store.close();
		}
	}
	/** Tells each cause once, whatever stages meet it. */
	#tell(error, name, stage) {
		const { code } = error;
		if (!(error instanceof UserError) && code === void 0) throw error;
		if ((error instanceof UserError ? error.diagnostics.map((one) => one.code) : []).some((one) => one === "cache-damaged" || one === "damaged-checkpoint")) {
			this.#damaged.add(name);
			const { message } = error;
			const hint = "The stage runs, and what comes of it takes its place there.";
			const why = message.replace(/^(the checkpoint )?\S*\.tmp /, "it ");
			this.#warn(warning("remote-damaged", `what ${this.address} keeps of ${stage} cannot be used: ${why}`, hint));
			return;
		}
		const [{ code: kind, message, hint }] = warningsOf(error, "cache-not-written");
		if (kind === "remote-unreachable") this.#isGivenUp = true;
		if (this.#told.has(kind)) return;
		this.#told.add(kind);
		this.#warn(warning(kind, message, [hint, "The run goes on without it."].filter(Boolean).join(" ")));
	}
};
// src/run/choose-shared.ts
/**
* Opens the place where outcomes are shared: the one that a setting names, else that of the environment, else that of
* the file.
*
* @returns undefined where there is none
* @throws UserError where the environment names none that is one, or too short a key
*/
async function chooseShared({ pipeline: { cache }, setsCache }, env, warn) {
	const ofFile = cache?.remote;
	const ofEnvironment = env["PIPELINE_CACHE_REMOTE"]?.trim() || void 0;
	const address = setsCache ? ofFile : ofEnvironment ?? ofFile;
	if (address === void 0) return void 0;
	return new SharedOutcomes(await openRemoteStore(address), keyOf(env), warn);
}
export { chooseShared as t };
