import { v as makeVisible } from "./checks-359mGJ3h.js";
// src/commands/progress-line.ts
/**
* Shows on a terminal what is waited for, and how much of it is done: a bar that moves, on a line of its own once it is
* full.
*/
function progressLine(write) {
	let full = "";
	return (what, fraction) => {
		if (fraction >= 1 && what === full) return;
		full = fraction >= 1 ? what : "";
		write(`\r\u001b[K${makeVisible(what)} ${drawBar(fraction)}${fraction >= 1 ? "\n" : ""}`);
	};
}
function drawBar(fraction) {
	const width = 30;
	const done = Math.round(Math.min(1, fraction) * width);
	return `${"█".repeat(done)}${"░".repeat(width - done)} ${String(Math.floor(Math.min(1, fraction) * 100)).padStart(3)} %`;
}
export { progressLine as t };
