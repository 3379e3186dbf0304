import { F as parseYaml, M as readPipeline, U as entryOf, bs as failure, vs as UserError } from "./checks-359mGJ3h.js";
// src/language/read-recorded.ts
/**
* Reads the pipeline that a run has recorded, by itself: whoever wrote it is not known.
*
* @param settings laid over it, such as `evaluate.metrics=[f1]`
* @throws UserError where it has a mistake, or leads to another file
*/
function readRecorded(source, settings = []) {
	const { root } = parseYaml(source);
	if (root !== void 0 && entryOf(root, "extends") !== void 0) throw failure("not-resolved", "the pipeline that the run has recorded extends another file", "none that this program recorded does: do not trust the run");
	const { pipeline, ...read } = readPipeline(source, settings);
	if (pipeline === void 0) throw new UserError(read.diagnostics, 2);
	return {
		...read,
		pipeline
	};
}
export { readRecorded as t };
