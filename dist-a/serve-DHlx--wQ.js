import { Ss as misuse, ao as showCount, b as Command, c as runsOption, f as showsColors, h as printDiagnostics, i as modelArgument, u as trackingUriOption, v as makeVisible } from "./checks-359mGJ3h.js";
import { t as findModel } from "./find-model-Bck4tuWe.js";
import { n as wholeNumberFrom } from "./option-values-_jrgiP3I.js";
import { t as tellProgress } from "./tell-progress-BL0lu1_V.js";
import { t as untilInterrupted } from "./until-interrupted-DtruJtqg.js";
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
// src/models/serve/token.ts
const hashOf = (text) => createHash("sha256").update(text).digest();
/**
* Whether an `Authorization` header has the token. How long it takes tells nothing of the token.
*
* @param header as it came; undefined: none
*/
function hasToken(header, token) {
	const [, given = ""] = /^Bearer +(.+)$/is.exec(header ?? "") ?? [];
	return timingSafeEqual(hashOf(given.trim()), hashOf(token));
}
/** Whether only this machine reaches an address. */
function isLoopback(host) {
	return host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);
}
/**
* Whether a `Host` header names this machine itself: a page of the web can make a name of its own lead here, and would
* then be taken for a page of this server.
*/
function namesLoopback(header) {
	const [, host] = /^(\[[^\]]*\]|[^:]*)(?::\d+)?$/.exec(header ?? "") ?? [];
	return host !== void 0 && isLoopback(host.replace(/^\[(.*)\]$/, "$1").toLowerCase());
}
// src/commands/serve.ts
/** `pipeline serve`: a trained model that answers over HTTP. */
function serveCommand() {
	return new Command("serve").description("Let a trained model answer over HTTP: MLflow's /invocations, Open Inference's /v2, and a page to try it at /").addArgument(modelArgument()).option("--port <number>", "port to serve on; 0 for a free one", wholeNumberFrom(0, 65535), 5001).option("--host <address>", "address to listen on; others than this machine itself need a token", "127.0.0.1").addOption(trackingUriOption("MLflow server that has the run (also MLFLOW_TRACKING_URI; default: the local store)")).addOption(runsOption()).action((run, options) => untilInterrupted((signal) => serve(run, options, signal), { isItsEnd: true }));
}
async function serve(run, { host, port, runs, trackingUri }, signal) {
	const tell = (line) => void process.stdout.write(`${makeVisible(line)}\n`);
	const warn = (warning) => process.stderr.write(printDiagnostics([warning], {
		color: showsColors(process.stderr),
		cwd: process.cwd()
	}));
	const { token, isNew } = tokenFor(host);
	const uri = trackingUri ?? process.env["MLFLOW_TRACKING_URI"];
	const { folder, title, runId } = await findModel(run, {
		runs,
		trackingUri: uri
	}, {
		warn,
		signal
	});
	const { startServer } = await import("./server-CAqCqVzk.js");
	const { loadServedModel } = await import("./served-model-C679OQT0.js");
	const report = (text) => void process.stderr.write(`This is a mistake in Layerline: ${makeVisible(text)}\n`);
	const server = await startServer({
		host,
		port,
		token,
		runId,
		report
	});
	let model;
	try {
		tell(title);
		model = await loadServedModel(folder, {
			emit: tellProgress(),
			warn
		});
		server.serve(model);
		if (isNew) tell(`token: ${token}`);
		tell(`${server.address} is ready: POST /invocations, or open it in a browser. Ctrl-C ends it`);
		if (!signal.aborted) await once(signal, "abort");
	} finally {
		const answered = await server.close();
		model?.dispose();
		if (model !== void 0) tell(`${showCount(answered)} ${answered === 1 ? "request" : "requests"} answered`);
	}
}
/** What requests have to bring. @throws UserError where the environment has one that is none */
function tokenFor(host) {
	const given = process.env["PIPELINE_SERVE_TOKEN"];
	if (given !== void 0 && given !== "") {
		if (/^[!-~]{16,}$/.test(given)) return {
			token: given,
			isNew: false
		};
		throw misuse("weak-token", "PIPELINE_SERVE_TOKEN has to be 16 characters or more, without spaces and without letters beyond ASCII", "Make one with: openssl rand -hex 24");
	}
	return isLoopback(host) ? {
		token: void 0,
		isNew: false
	} : {
		token: randomBytes(24).toString("hex"),
		isNew: true
	};
}
export { isLoopback as n, namesLoopback as r, serveCommand, hasToken as t };
