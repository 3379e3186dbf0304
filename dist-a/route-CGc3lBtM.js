import { An as hideSecrets, Nn as userInfoOf, bs as failure, kn as basicCredentials } from "./checks-359mGJ3h.js";
import * as http from "node:http";
import { BlockList, isIP } from "node:net";
import * as https from "node:https";
// src/base/proxies.ts
/**
* The proxy that the environment names for an address, as curl and Python's requests read it: HTTPS_PROXY or HTTP_PROXY
* by its scheme, else ALL_PROXY, small letters before large ones. NO_PROXY counts for localhost too: nothing is left
* out by itself.
*
* @returns undefined where the way is direct
* @throws UserError when the variable holds no http or https proxy
*/
function proxyFor(target, env) {
	const variable = [`${target.protocol.slice(0, -1)}_PROXY`.toUpperCase(), "ALL_PROXY"].flatMap((name) => [name.toLowerCase(), name]).find((name) => env[name]);
	if (variable === void 0 || isExcepted(target, env["no_proxy"] || env["NO_PROXY"] || "")) return void 0;
	const text = env[variable];
	const address = text.includes("://") ? text : `http://${text}`;
	const url = URL.canParse(address) ? new URL(address) : void 0;
	if (url === void 0 || !["http:", "https:"].includes(url.protocol)) throw failure("proxy", `${variable} names '${hideSecrets(address)}', which is no http proxy`, `Give it as ${variable}=http://HOST:PORT, or unset it.`);
	return {
		url,
		variable
	};
}
/**
* Whether NO_PROXY takes an address out: `*`, a host with all below it, an IP address, a network such as 10.0.0.0/8,
* each with a port or without.
*/
function isExcepted({ hostname, port, protocol }, exceptions) {
	const host = hostname.replace(/^\[|\]$/g, "").toLowerCase();
	const ownPort = port || (protocol === "https:" ? "443" : "80");
	return exceptions.toLowerCase().split(/[\s,]+/).filter((word) => word !== "").some((word) => {
		const [, name, only] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(word) ?? [
			void 0,
			word,
			void 0
		];
		if (only !== void 0 && only !== ownPort) return false;
		const bare = name.replace(/^\[|\]$/g, "");
		if (bare === "*") return true;
		if (isIP(host) !== 0) return isWithin(host, bare);
		const domain = bare.replace(/^\*?\./, "").replace(/\.$/, "");
		return domain !== "" && (host === domain || host.endsWith(`.${domain}`));
	});
}
/** @param network `10.1.2.3`, `10.0.0.0/8`, `fd00::/8` */
function isWithin(address, network) {
	const [base = "", bits, ...rest] = network.split("/");
	const version = isIP(base);
	const widest = version === 4 ? 32 : 128;
	const width = bits === void 0 ? widest : Number(bits);
	if (version === 0 || rest.length > 0 || !Number.isInteger(width) || width < 0 || width > widest) return false;
	const list = new BlockList();
	list.addSubnet(base, width, version === 4 ? "ipv4" : "ipv6");
	return list.check(address, isIP(address) === 4 ? "ipv4" : "ipv6");
}
/** A proxy's address as it may be shown. */
function showProxy({ url }) {
	return url.origin;
}
// src/base/route.ts
/** A proxy that does not let a request through. */
var ProxyError = class extends Error {
	code;
	/** What the proxy answered; 0 where it did not. */
	status;
	constructor(message, { code = "EPROXY", status = 0 } = {}) {
		super(message);
		this.code = code;
		this.status = status;
	}
};
/**
* Opens the way to a server. What is sent to an https server goes through the proxy unread, in a tunnel; what is sent
* to an http server, the proxy reads.
*
* @param options keep-alive, and the server's TLS; a proxy's certificate is always Node's affair. Left out: as Node's
* own requests
* @throws UserError when a variable names no proxy
*/
function openRoute(target, options, env = process.env) {
	const proxy = proxyFor(target, env);
	const isTls = target.protocol === "https:";
	const own = proxy !== void 0 && isTls ? new TunnelAgent(proxy, options ?? {}) : options && (isTls ? new https.Agent(options) : new http.Agent(options));
	const agent = own ?? (isTls ? https.globalAgent : http.globalAgent);
	const close = () => own?.destroy();
	if (isTls || proxy === void 0) return {
		proxy,
		request: (url, given, onResponse) => withOutcome((isTls ? https : http).request(url, {
			...given,
			agent
		}, onResponse)),
		close
	};
	return {
		proxy,
		request: (url, given, onResponse) => {
			const headers = {
				...given.headers,
				host: url.host,
				...proxyAuthorization(proxy)
			};
			return withOutcome(throughProxy(proxy).request({
				...given,
				...placeOf(proxy),
				path: `${url.origin}${url.pathname}${url.search}`,
				headers,
				...proxy.url.protocol === "http:" && { agent }
			}, onResponse));
		},
		close
	};
}
/** Sees to it that a request has an answer or an error: one that is answered with 101, Node closes without a word. */
function withOutcome(request) {
	let hasOutcome = false;
	const note = () => void (hasOutcome = true);
	return request.on("response", note).on("error", note).on("close", () => {
		if (!hasOutcome) request.emit("error", Object.assign(/* @__PURE__ */ new Error("it closed the connection without an answer"), { code: "ECONNRESET" }));
	});
}
/** Milliseconds that a proxy may take to open a tunnel. */
const patience = 1e4;
/** Reaches an https server through a tunnel, one for each kept connection. */
var TunnelAgent = class extends https.Agent {
	#proxy;
	/** Tunnels that are being opened. */
	#opening = /* @__PURE__ */ new Set();
	constructor(proxy, options) {
		super(options);
		this.#proxy = proxy;
	}
	createConnection(options, callback) {
		const { host, port } = options;
		const authority = `${host?.includes(":") === true ? `[${host}]` : host}:${port}`;
		const failed = callback;
		const request = throughProxy(this.#proxy).request({
			...placeOf(this.#proxy),
			method: "CONNECT",
			path: authority,
			agent: false,
			timeout: patience,
			headers: {
				host: authority,
				...proxyAuthorization(this.#proxy)
			}
		});
		this.#opening.add(request);
		request.on("connect", ({ statusCode = 0, statusMessage = "" }, socket) => {
			if (statusCode >= 200 && statusCode < 300) {
				socket.setTimeout(0);
				callback(null, super.createConnection({
					...options,
					socket
				}));
				return;
			}
			socket.destroy();
			failed(new ProxyError(`it answers ${statusCode}${statusMessage === "" ? "" : ` (${statusMessage})`}`, { status: statusCode }));
		});
		request.on("timeout", () => request.destroy(Object.assign(/* @__PURE__ */ new Error(`it was silent for ${patience / 1e3} s`), { code: "ETIMEDOUT" })));
		request.on("error", ({ message, code = "" }) => failed(new ProxyError(message || code, { code })));
		request.on("close", () => this.#opening.delete(request));
		request.end();
	}
	destroy() {
		for (const request of this.#opening) request.destroy();
		super.destroy();
	}
};
function throughProxy({ url }) {
	return url.protocol === "https:" ? https : http;
}
function placeOf({ url }) {
	return {
		host: url.hostname.replace(/^\[|\]$/g, ""),
		port: url.port || (url.protocol === "https:" ? "443" : "80")
	};
}
/** For the proxy alone: it is in no request that goes through a tunnel. */
function proxyAuthorization({ url }) {
	const { user, password } = userInfoOf(url);
	return user.length + password.length === 0 ? {} : { "proxy-authorization": `Basic ${basicCredentials(user, password)}` };
}
export { openRoute as n, showProxy as r, ProxyError as t };
