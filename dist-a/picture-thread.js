import { _s as sizeOf, sa as readWhole, vs as UserError } from "./checks-359mGJ3h.js";
import { t as valuesOfFile } from "./picture-file-DChOuqpQ.js";
import { parentPort, workerData } from "node:worker_threads";
// src/datasets/picture-thread.ts
/** What read-ahead.ts starts: reads chunks in the order in which it is asked for them. */
const { paths, ...taken } = workerData;
let done = Promise.resolve();
parentPort.on("message", (chunk) => {
	done = done.then(async () => {
		const read = await readChunk(chunk);
		parentPort.postMessage(read, [read.values.buffer]);
	});
});
async function readChunk({ from, count }) {
	const each = sizeOf(taken.input.shape);
	const values = new Uint8Array(count * each);
	const faults = /* @__PURE__ */ new Map();
	for (let at = 0; at < count; at++) try {
		const path = paths[from + at];
		const read = valuesOfFile(readWhole({ path }), path, taken);
		values.set(typeof read === "function" ? await read() : read, at * each);
	} catch (error) {
		if (!(error instanceof UserError)) throw error;
		faults.set(at, error.diagnostics[0]);
	}
	return {
		from,
		values,
		faults
	};
}
export {};
