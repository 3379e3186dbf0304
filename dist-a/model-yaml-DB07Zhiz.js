import { C as version, Dn as stringify, jn as hideSecretsIn } from "./checks-359mGJ3h.js";
// src/models/model-yaml.ts
const key = "pipeline:\n";
/** The text of `model.yaml`: all that a model's folder has to say for itself, the pipeline last. */
function writeModelYaml({ engine, weightsSha256, files, preparation, resolved }) {
	const about = {
		format: 1,
		layerline: version,
		engine,
		weightsSha256,
		data: { files },
		...preparation
	};
	const lines = stringify(hideSecretsIn(resolved)).split("\n");
	return `${stringify(hideSecretsIn(about))}${key}${lines.map((line) => line === "" ? "" : `  ${line}`).join("\n")}`;
}
/**
* The pipeline in a `model.yaml`, with its lines where they are in the file.
*
* @returns undefined where the text is not one that `writeModelYaml` gives
*/
function pipelineIn({ name, text }) {
	const at = text.startsWith(key) ? 0 : text.indexOf(`\n${key}`) + 1;
	if (!text.startsWith(key, at)) return void 0;
	const [before, lines] = [text.slice(0, at + 10), text.slice(at + 10).split("\n")];
	if (lines.some((line) => line !== "" && !line.startsWith("  "))) return void 0;
	return {
		name,
		text: "\n".repeat(before.split("\n").length - 1) + lines.map((line) => line.slice(2)).join("\n")
	};
}
export { writeModelYaml as n, pipelineIn as t };
