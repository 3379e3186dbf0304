import { h as printDiagnostics, v as makeVisible } from "./checks-359mGJ3h.js";
// src/commands/tell-progress.ts
/** Says on stderr, beside what a command is asked for, what it waits for first: one line for each thing. */
function tellProgress() {
	let last = "";
	const tell = (what) => {
		if (what !== last) process.stderr.write(`${makeVisible(what)} ...\n`);
		last = what;
	};
	return (event) => {
		if (event.type === "diagnostic") process.stderr.write(printDiagnostics([event.diagnostic], {
			color: false,
			cwd: process.cwd()
		}));
		if (event.type === "engine-progress") tell(event.phase);
		if (event.type === "fetch-progress") tell(`fetching ${event.url}`);
	};
}
export { tellProgress as t };
