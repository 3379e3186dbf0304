import { r as showProxy, t as ProxyError } from "./route-CGc3lBtM.js";
// src/base/explain-connection.ts
/** Puts an error of a request into words: of names, certificates, schemes and proxies. */
function explainConnection(error, { url, proxy, trust }) {
	const { code = "", message } = error;
	const { host, hostname } = url;
	if (proxy !== void 0 && isOfProxy(error, url)) return explainProxy(error, proxy, hostname);
	if (code === "ENOTFOUND" || code === "EAI_AGAIN") return {
		reason: `the host ${hostname} is not found`,
		hint: "Check the address and the network."
	};
	if (code === "CERT_HAS_EXPIRED" || code === "CERT_NOT_YET_VALID") return {
		reason: `the certificate of ${host} ${code === "CERT_HAS_EXPIRED" ? "has expired" : "is not valid yet"}`,
		hint: "Have it renewed; is this machine's clock right?"
	};
	if (code === "ERR_TLS_CERT_ALTNAME_INVALID") return {
		reason: `the certificate of ${host} is for another name: ${message.replace(/^.*altnames: ?/, "")}`,
		hint: "Write the address with a name that is in it."
	};
	if (/CERT|SIGNATURE/.test(code)) return {
		reason: `the certificate of ${host} is not trusted: ${message}`,
		hint: `Where it is your own, name its authority: ${trust}.`
	};
	if (url.protocol === "https:" && /wrong version number|packet length too long|ERR_SSL_(WRONG|PACKET)/i.test(`${code} ${message}`)) return {
		reason: `${host} does not speak TLS`,
		hint: `Where it is a plain http server: http://${host}.`
	};
	if (url.protocol === "http:" && (code.startsWith("HPE_") || message === "socket hang up")) return {
		reason: code.startsWith("HPE_") ? `${host} does not speak http` : "it hung up",
		hint: `Where it is an https server: https://${host}.`
	};
	return { reason: message || code };
}
/** Within a tunnel all is the server's; a plain request fails at the proxy that it is sent to. */
function isOfProxy(error, url) {
	return error instanceof ProxyError || url.protocol === "http:";
}
function explainProxy(error, proxy, hostname) {
	const named = `the proxy ${showProxy(proxy)}, which ${proxy.variable} names,`;
	const status = error instanceof ProxyError ? error.status : 0;
	if (status === 407) return proxyWantsPassword(proxy);
	const around = `set NO_PROXY=${hostname} where ${hostname} is to be reached without it`;
	if (status !== 0) return {
		reason: `${named} does not let it through: ${error.message}`,
		hint: `Ask who runs the proxy, or ${around}.`
	};
	return {
		reason: `${named} cannot be reached: ${error.message || error.code}`,
		hint: `Correct or unset ${proxy.variable}, or ${around}.`
	};
}
/** What a 407 means, in a tunnel or in plain. */
function proxyWantsPassword(proxy) {
	const { protocol, host, username } = proxy.url;
	const wants = username === "" ? "wants a user and a password" : "does not take the user and password that stand there";
	return {
		reason: `the proxy ${showProxy(proxy)}, which ${proxy.variable} names, ${wants} (407)`,
		hint: `Give them there, percent-encoded: ${proxy.variable}=${protocol}//USER:PASSWORD@${host}.`
	};
}
export { explainConnection as t };
