// src/commands/until-interrupted.ts
/** What asks a process to end. */
const asked = ["SIGINT", "SIGTERM"];
/**
* Does work that the first Ctrl-C ends in order: it aborts the signal, and the process ends with 130. The second ends
* the process at once. Work hears of it only between two pieces, so what is long and in one piece, as the check of a
* file, stands outside: there the process just ends.
*
* @param options.isItsEnd the work has no other end: it is none that failed, and the end of the terminal is one, too
*/
async function untilInterrupted(work, { isItsEnd = false } = {}) {
	const stop = new AbortController();
	const listener = () => {
		if (stop.signal.aborted) process.exit(130);
		if (!isItsEnd) process.exitCode = 130;
		stop.abort();
	};
	const signals = isItsEnd ? [...asked, "SIGHUP"] : asked;
	for (const signal of signals) process.on(signal, listener);
	try {
		return await work(stop.signal);
	} finally {
		for (const signal of signals) process.off(signal, listener);
	}
}
export { untilInterrupted as t };
