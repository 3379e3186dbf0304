import { $i as dataFileLimit, Aa as touch, An as hideSecrets, Cs as warning, Ja as locate, Ka as addressesIn, bs as failure, ja as writeFileAtomic, ra as readBytes, vs as UserError } from "./checks-359mGJ3h.js";
import { t as explainConnection } from "./explain-connection-FZz9-zHo.js";
import { n as openRoute } from "./route-CGc3lBtM.js";
import { dirname, join } from "node:path";
import { existsSync } from "node:fs";
import { createHash } from "node:crypto";
import { STATUS_CODES } from "node:http";
// src/datasets/download-file.ts
/** Milliseconds without a byte after which a server is given up. */
const patience = 3e4;
/** An address may lead to another one so many times. */
const mostRedirects = 5;
/**
* Fetches a file into memory, through the proxy that the environment names. Certificates are Node's affair.
*
* @param url an https: address
* @throws UserError when it does not come, or is larger than a file of data may be; the signal's reason when it is
* aborted
*/
async function download(url, watch) {
	let arrived = 0;
	const way = [];
	try {
		const response = await follow(new URL(url), watch, way);
		const length = Number(response.headers["content-length"] ?? NaN);
		const chunks = [];
		let told = 0;
		if (length > 256e6) response.destroy(tooLarge(url));
		for await (const chunk of response) {
			arrived += chunk.length;
			if (arrived > 256e6) throw tooLarge(url);
			chunks.push(chunk);
			const fraction = Math.floor(100 * arrived / length) / 100;
			if (fraction > told && fraction < 1) watch.onFraction(told = fraction);
		}
		return Buffer.concat(chunks);
	} catch (error) {
		watch.signal?.throwIfAborted();
		throw error.code === void 0 ? error : explain(url, way.at(-1), error, arrived);
	} finally {
		for (const { route } of way) route.close();
	}
}
/** The answer at the end of all redirects. @param way takes each address that is asked */
async function follow(url, watch, way) {
	const hop = {
		url,
		route: openRoute(url)
	};
	way.push(hop);
	const response = await ask(hop, watch);
	const { statusCode = 0, headers: { location } } = response;
	if (statusCode === 200) return response;
	response.destroy();
	const first = way[0].url.href;
	if (![
		301,
		302,
		303,
		307,
		308
	].includes(statusCode) || location === void 0) throw notFetchable(first, `${way.length === 1 ? "the server" : `${url.href}, which it is redirected to,`} answers ${statusCode} (${STATUS_CODES[statusCode] ?? "unknown"})`, statusCode === 404 ? "Check the address." : "Is the address open to everyone? Otherwise try again later.");
	const next = URL.canParse(location, url.href) ? new URL(location, url) : void 0;
	if (next?.protocol !== "https:" || next.username !== "" || next.password !== "") throw notFetchable(first, `it is redirected to ${next?.href ?? location}, which is not a plain https address`, "Find an address that stays with https.");
	if (way.length > mostRedirects) throw notFetchable(first, `it is redirected more than ${mostRedirects} times, last to ${next.href}`, "Find the address of the file itself.");
	return follow(next, watch, way);
}
function ask({ url, route }, { signal, silence = patience }) {
	return new Promise((done, failed) => {
		let answer;
		const request = route.request(url, {
			timeout: silence,
			headers: { "user-agent": "layerline" },
			...signal && { signal }
		}, (response) => done(answer = response));
		request.on("timeout", () => (answer ?? request).destroy(Object.assign(/* @__PURE__ */ new Error(`it was silent for ${silence / 1e3} s`), { code: "ETIMEDOUT" })));
		request.on("error", failed);
		request.end();
	});
}
function explain(first, { url, route: { proxy } }, error, arrived) {
	const { reason, hint } = explainConnection(error, {
		url,
		proxy,
		trust: "NODE_EXTRA_CA_CERTS=FILE.pem"
	});
	const redirected = url.href === first ? "" : ` (it is redirected to ${url.href})`;
	if (hint !== void 0) return notFetchable(first, `${reason}${redirected}`, hint);
	return notFetchable(first, `the connection failed${arrived === 0 ? "" : ` after ${arrived} bytes`}: ${reason === "aborted" ? "it was closed too early" : reason}${redirected}`, "Run it again once the network and the server are well; nothing of it was kept.");
}
function tooLarge(url) {
	return failure("data-file-too-large", `${url} has more than ${dataFileLimit} bytes, which are the most`, "Give a part of it.");
}
function notFetchable(url, reason, hint) {
	return failure("data-not-fetchable", `${url} cannot be fetched: ${reason}`, hint);
}
// src/datasets/fetch-files.ts
/**
* Fetches the files of a data set that have addresses and are not kept yet, or no longer as they were. A file is
* written once all of it is there and has the hash that it must have.
*
* @param files as the row of the data set names them; others than those with addresses are passed over
* @throws UserError when one does not come, is another, or cannot be kept; the signal's reason when it is aborted
*/
async function fetchFiles(files, fetching) {
	for (const { address } of addressesIn(files)) {
		const place = locate(address, ".");
		if (place.url !== void 0 && !isKept(place, fetching)) await fetchFile({
			...place,
			url: place.url
		}, fetching);
	}
}
function isKept(place, { emit }) {
	try {
		readBytes(place);
		touch(place.path);
		return true;
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
		if (existsSync(place.path)) emit({
			type: "diagnostic",
			diagnostic: warning("kept-copy-damaged", error.message, "It is fetched again.")
		});
		return false;
	}
}
async function fetchFile({ path, url, sha256 }, { emit, signal }) {
	const onFraction = (fraction) => emit({
		type: "fetch-progress",
		url: hideSecrets(url),
		fraction
	});
	onFraction(0);
	const bytes = await download(url, {
		onFraction,
		...signal && { signal }
	});
	const found = createHash("sha256").update(bytes).digest("hex");
	if (found !== sha256) throw failure("data-hash-mismatch", `${url} is another file: its SHA-256 is ${found} instead of ${sha256}`, "Where it was replaced rightly, look at it and write its new `sha256`.");
	try {
		writeFileAtomic(join(dirname(path), ".gitignore"), "*\n");
		writeFileAtomic(path, bytes);
	} catch (error) {
		throw failure("data-not-kept", `${url} cannot be kept: ${error.message}`, "Make `.layerline/data` writable, and room there.", error);
	}
	onFraction(1);
}
export { fetchFiles };
