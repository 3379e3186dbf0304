import { C as version, Lt as datasetRow, Na as shorten, Ot as lossRow, Pn as maskOrigins, S as Option, Ss as misuse, b as Command, bs as failure, c as runsOption, f as showsColors, fa as shellWord, h as printDiagnostics, io as showBytes, kt as classRuleOf, u as trackingUriOption, v as makeVisible, y as Argument, zi as isWholeText, zt as readyDataset } from "./checks-359mGJ3h.js";
import { a as writeExport, i as proveModel, r as exportFolder, t as copyOf } from "./export-model-AoT436bl.js";
import { t as findModel } from "./find-model-Bck4tuWe.js";
import { c as maskMisfit, l as withExplicitMasks, u as withoutExplicitMasks } from "./save-model-wTVDVX2-.js";
import { n as optionsOf } from "./model-outputs-BxqrQy2e.js";
import { n as readTrainedModel } from "./load-trained-model-DPwpEsdn.js";
import { n as readGolden } from "./golden-BUwhSn9q.js";
import { a as tableEncoder, h as usualOf, i as hasTokens, r as hasSteps } from "./encode-table-B8i7HO-p.js";
import { r as seriesEncoder, t as readsWords } from "./encode-text-yWUQkf3h.js";
import { a as openRuns } from "./find-run-DG75tBTj.js";
import { t as tellProgress } from "./tell-progress-BL0lu1_V.js";
import { t as untilInterrupted } from "./until-interrupted-DtruJtqg.js";
import { createRequire } from "node:module";
import { dirname, isAbsolute, join } from "node:path";
import { readFileSync } from "node:fs";
// src/models/package/package-types.ts
/** The declarations of a package: names and classes are literal, so that who misspells one is told by the compiler. */
function declarationsOf(typed) {
	return [
		...inputOf(typed),
		"",
		"/** What the model says of an input, in the unit of the data; of the input itself, as the model takes it. */",
		`export interface Prediction ${objectOf(predictionOf(typed.targets))}`,
		"",
		"/**",
		" * What the model says. It is loaded with the first call, and computes on the backend of TensorFlow.js.",
		" *",
		" * @throws TypeError where the input cannot be used: it says what is wrong with it",
		" */",
		"export declare function predict(input: Input): Promise<Prediction>;",
		"",
		"/** The same of many, in their order: faster than one after the other. */",
		"export declare function predictAll(inputs: readonly Input[]): Promise<readonly Prediction[]>;",
		""
	].join("\n");
}
function inputOf({ kind, ...trained }) {
	const { inputs } = trained;
	if (kind === "text") return [`/** A text of ${inputs[0].shape[0]} ${readsWords(trained) ? "words" : "characters"}. */`, "export type Input = string;"];
	if (kind === "table") {
		const { taken } = tableEncoder({
			...trained,
			options: {}
		});
		return ["/** A row, each column in the unit of the data. */", `export interface Input ${objectOf([...taken].map(([name, one]) => [name, typeOfColumn(one)]))}`];
	}
	if (kind === "series") {
		const { columns, window } = seriesEncoder({
			...trained,
			options: {}
		});
		const members = [...columns.values()].map((one) => [one.column, listsOf(1, typeOfColumn(one))]);
		return [`/** A window of ${window} rows: so many values for each column, the oldest first, in the unit of the data. */`, `export interface Input ${objectOf(members)}`];
	}
	const [input] = inputs;
	if (kind === "arrays") return [
		`/** Numbers, as lists within lists or all in one array: ${inputs.map(({ name, shape }) => `\`${name}\` ${shape.join(" x ")}`).join(", ").replaceAll("*/", "")}. */`,
		"export type Numbers = readonly unknown[] | Uint8Array | Float32Array | Float64Array;",
		"",
		inputs.length === 1 ? "export type Input = Numbers;" : `export interface Input ${objectOf(inputs.map(({ name }) => [name, "Numbers"]))}`
	];
	const picture = [
		"/** A canvas' `getImageData` gives such; of pictures in greys all three colours are alike. */",
		"export interface CanvasPixels {",
		"  readonly width: number;",
		"  readonly height: number;",
		"  readonly data: Uint8ClampedArray;",
		"}",
		"",
		"/**",
		` * A picture of ${input.shape.join(" x ")} (height, width, channels): the content of a PNG file;`,
		" * the path of one, in Node; what a canvas gives; or its bytes, row by row, from 0 to 255.",
		" */",
		"export type Picture = Uint8Array | CanvasPixels | string;",
		""
	];
	if (inputs.length === 1) return [...picture, "export type Input = Picture;"];
	return [...picture, `export interface Input ${objectOf(inputs.map(({ name }) => [name, "Picture"]))}`];
}
/** What a row may have in a column: null where a gap is filled. */
function typeOfColumn(column) {
	if (column === void 0) return "string | number";
	if (hasTokens(column)) return column.gap === void 0 ? "string" : "string | null";
	const values = "categories" in column && column.categories !== void 0 ? union(column.categories) : void 0;
	if (!hasSteps(column)) return values ?? "number";
	const type = values ?? (column.reads === "numbers" ? "number" : "string");
	return column.fill === void 0 ? type : `${type} | null`;
}
/** How sure the model is, by what is told of each target. */
const sureOf = (target) => {
	if (target.kind === "number") return void 0;
	return target.shape.length === 0 || target.several !== void 0 ? "probabilities" : "confidence";
};
function predictionOf(targets) {
	const said = targets.map((target) => {
		if (target.kind === "class" && target.several !== void 0) return [target.name, listsOf(1, union(target.several.labels))];
		if (isWholeText(target)) return [target.name, "string"];
		if (target.kind === "class") return [target.name, listsOf(target.shape.length, target.classes.length > 256 ? "string" : union(target.classes))];
		return [target.name, listsOf(String(target.shape) === "1" ? 0 : target.shape.length, "number")];
	});
	const sure = ["confidence", "probabilities"].flatMap((key) => {
		const some = targets.filter((target) => sureOf(target) === key);
		if (some.length === 0) return [];
		return [[key, objectOf(some.map((target) => {
			if (key === "confidence") return [target.name, listsOf(isWholeText(target) ? 0 : target.shape.length, "number")];
			const classes = target.kind === "class" ? target.several?.labels ?? target.classes : [];
			return [target.name, objectOf(classes.map((name) => [name, "number"]), "    ")];
		}), "  ")]];
	});
	const errors = targets.filter((target) => target.kind === "number" && target.reconstructs !== void 0).map(({ name }) => [name, "number"]);
	return [
		...said,
		...sure,
		...errors.length === 0 ? [] : [["error", objectOf(errors, "  ")]]
	];
}
function listsOf(depth, type) {
	let lists = type.includes(" | ") && depth > 0 ? `(${type})` : type;
	for (let level = 0; level < depth; level++) lists = level === 0 ? `readonly ${lists}[]` : `readonly (${lists})[]`;
	return lists;
}
function objectOf(members, indent = "") {
	return `{\n${members.map(([name, type]) => `${indent}  readonly ${keyOf(name)}: ${type};\n`).join("")}${indent}}`;
}
const union = (texts) => texts.map(literal).join(" | ") || "never";
/** Names are the data's: whatever they hold, they end no text of the program. */
const keyOf = (name) => isIdentifier(name) ? name : literal(name);
const literal = (text) => /^[\w .,:+()-]*$/.test(text) ? `'${text}'` : quoted(text);
/** A text as a program has it. */
const quoted = (text) => JSON.stringify(text).replaceAll("\u2028", String.raw`\u2028`).replaceAll("\u2029", String.raw`\u2029`);
/** Whether a program can write a name without quotation marks. */
const isIdentifier = (name) => /^[A-Za-z_$][\w$]*$/.test(name);
/** What the modules of a package import. */
const tfjs = "@tensorflow/tfjs";
// src/models/package/package-readme.ts
/** How to use a package, and where it comes from. Names of the data stand in code alone, where they are no markup. */
function readmeOf(about) {
	const { name, runId, metrics, targets } = about;
	const measured = Object.entries(metrics).map(([key, value]) => `| \`${key}\` | ${round(value)} |`);
	const asked = targets.map((target) => {
		const sure = sureOf(target);
		const told = `told${memberOf(target.name)};`;
		return sure === void 0 ? told : `${told} // and told.${sure}${memberOf(target.name)}`;
	});
	return `# ${name}

A trained model${runId === void 0 ? "" : `, of the run ${runId}`}, made a package by Layerline.
${measured.length === 0 ? "" : `\n| on the test split | |\n|---|---|\n${measured.join("\n")}\n`}
\`\`\`ts
import { predict } from '${name}';

const told = await predict(${exampleOf(about)});
${asked.join("\n")}
\`\`\`

It is asynchronous, as weights, WebAssembly and graphics cards are. \`predictAll\` takes many at once. An input that
cannot be used is a \`TypeError\` that says why. The types name every column and class: with another model, a program
that does not fit it any more fails when it is compiled.

\`\`\`ts
${declarationsOf(about).trimEnd()}
\`\`\`

## In Node and in a browser

It needs \`${tfjs}\` and nothing native, and runs on the backend that is set there: in Node plain
JavaScript. WebAssembly is several times faster:

\`\`\`sh
npm install ${tfjs}-backend-wasm
\`\`\`

\`\`\`js
import * as tf from '${tfjs}';
import '${tfjs}-backend-wasm';

await tf.setBackend('wasm'); // before the first predict
\`\`\`

All is in modules, the weights too, so that bundlers need no rules for it. In a page without a bundler:

\`\`\`html
<script type="importmap">
{ "imports": {
  "${tfjs}": "/node_modules/${tfjs}/dist/tf.fesm.min.js",
  "${name}": "/node_modules/${name}/index.js"
} }
<\/script>
\`\`\`

\`npm test\` computes the rows in \`golden/\` again, which the run computed when it had trained the model.
`;
}
/** An input that the model takes. */
function exampleOf({ kind, ...trained }) {
	const { inputs } = trained;
	if (kind === "text") return `'...' /* ${inputs[0].shape[0]} ${readsWords(trained) ? "words" : "characters"} */`;
	if (kind === "pictures") {
		const pictures = inputs.map(({ name }) => `${quoted(name)}: ${quoted(`${name}.png`)}`);
		return inputs.length === 1 ? "'picture.png'" : `{ ${pictures.join(", ")} }`;
	}
	if (kind === "arrays") {
		const arrays = inputs.map(({ name, shape }) => [name, `new Float32Array(${shape.join(" * ")})`]);
		return inputs.length === 1 ? arrays[0][1] : `{ ${arrays.map(([name, array]) => `${quoted(name)}: ${array}`).join(", ")} }`;
	}
	if (kind === "series") {
		const { columns, window } = seriesEncoder({
			...trained,
			options: {}
		});
		return `{\n${[...columns.values()].map((one) => `  ${quoted(one.column)}: [${exampleIn(one)} /* and ${window - 1} more, the oldest first */],`).join("\n")}\n}`;
	}
	const { taken } = tableEncoder({
		...trained,
		options: {}
	});
	return `{\n${[...taken].map(([name, one]) => `  ${quoted(name)}: ${exampleIn(one)},`).join("\n")}\n}`;
}
function exampleIn(column) {
	if (column === void 0) return quoted("...");
	if ("categories" in column && column.categories !== void 0) return quoted(column.categories[0] ?? "");
	if (hasTokens(column)) return quoted("...");
	if (!hasSteps(column)) return "mean" in column ? round(column.mean) : "0";
	if (column.reads === "dates") return quoted("2024-12-31");
	return column.reads === "hash" ? quoted("...") : round(usualOf(column));
}
const memberOf = (name) => isIdentifier(name) ? `.${name}` : `[${quoted(name)}]`;
const round = (value) => String(Number(value.toPrecision(4)));
// src/models/package/package-model.ts
/** What a text of weights may be made from: JavaScript's are at most half a gigabyte. */
const mostBytes = 256e6;
/**
* Makes an npm package of a trained model.
*
* @param folder of the model
* @throws UserError where it is damaged, or cannot be made one
*/
async function packageModel(folder, packaging, emit) {
	const { name } = packaging;
	if (name !== void 0 && !isPackageName(name)) throw misuse("bad-package-name", `'${shorten(name)}' is no name of an npm package`, "Name it in small letters, digits, `-`, `_` and `.`, such as `penguin-species` or `@me/penguin-species`.");
	const model = readTrainedModel(folder);
	readGolden(folder);
	const golden = (await proveModel(folder, emit)).filter((file) => file.startsWith("golden/"));
	await readyDataset(model.pipeline.data.source.type, "rows");
	const facts = factsOf(model);
	const called = name ?? packageName(model.pipeline.name);
	const { weights } = model.saved;
	const text = {
		"package.json": `${JSON.stringify(manifestOf(called, model, packaging), null, 2)}\n`,
		"README.md": readmeOf({
			...facts,
			...packaging,
			name: called
		}),
		"index.js": "import { model } from './model.js';\n\nexport const { predict, predictAll } = model;\n",
		"index.d.ts": declarationsOf(facts),
		"model.js": modelModule(facts),
		"test.js": testModule,
		"weights.js": `export const weights =\n  '${Buffer.from(weights).toString("base64")}';\n`
	};
	const dist = join(dirname(createRequire(import.meta.url).resolve("layerline/package.json")), "dist");
	return {
		name: called,
		pipeline: model.pipeline.name,
		files: {
			...Object.fromEntries(Object.entries(text).map(([file, content]) => [file, Buffer.from(content)])),
			"packaged.js": readFileSync(join(dist, "packaged.js")),
			"THIRD-PARTY-LICENSES.txt": Buffer.concat([readFileSync(join(dist, "../LICENSE")), readFileSync(join(dist, "PACKAGED-LICENSES.txt"))]),
			...copyOf(folder, golden)
		}
	};
}
/** Versions before wrote nets with masks otherwise. */
const topologyOf = (topology, graph) => ({
	...topology,
	config: withExplicitMasks(withoutExplicitMasks(topology.config), graph)
});
/** What the package has to know. @throws UserError where it cannot be made one */
function factsOf({ pipeline, saved, graph, metadata }) {
	const { inputs, targets, preparation } = metadata;
	const origins = maskOrigins(graph.layers);
	const masked = graph.outputs.find((layer) => origins[layer].length > 0);
	if (masked !== void 0) throw notPackageable(`what a mask leaves out is left out of its output \`${graph.layers[masked].name}\`, and plain TensorFlow.js does not tell it`, `Take \`pipeline export\`, or train it without the mask of ${origins[masked].map((layer) => `\`${graph.layers[layer].name}\``).join(", ")}.`);
	const misfit = maskMisfit(graph);
	if (misfit !== void 0) throw notPackageable(`its layer \`${graph.layers[misfit.layer].name}\` reads a mask: ${misfit.reason}`, "Take `pipeline export --to keras`, or train it without the mask.");
	const clash = targets.find(({ name }) => targets.some((other) => sureOf(other) === name));
	if (clash !== void 0) throw notPackageable(`it predicts \`${clash.name}\`, which is what a prediction calls how sure it is`, "Give the column of the data another name, and train the model anew.");
	if (saved.weights.length > mostBytes) throw notPackageable(`its weights are ${Math.round(saved.weights.length / 1e6)} MB, and a package holds ${mostBytes / 1e6} MB`, "Take `pipeline export --to tfjs`, whose weights are a file of their own.");
	const { type, options } = pipeline.data.source;
	const { kind } = datasetRow(type).rows({
		options,
		inputs,
		targets,
		...preparation && { preparation }
	});
	const { decimal } = options;
	const [{ weights: weightSpecs }] = saved.description["weightsManifest"];
	return {
		kind,
		options: decimal === void 0 ? {} : { decimal },
		inputs,
		targets,
		...preparation && { preparation },
		rules: targets.map((target) => {
			if (target.kind === "number") return null;
			return classRuleOf(target, lossRow(optionsOf(target, pipeline.train.outputs).loss.type));
		}),
		topology: topologyOf(saved.description["modelTopology"], graph),
		weightSpecs
	};
}
const notPackageable = (why, hint) => failure("not-packageable", `the model cannot be made a package: ${why}`, hint);
function manifestOf(name, { metadata }, { runId }) {
	return {
		name,
		version: "1.0.0",
		description: `A trained model that predicts ${metadata.targets.map((target) => target.name).join(", ")}`,
		license: "UNLICENSED",
		type: "module",
		exports: {
			".": {
				types: "./index.d.ts",
				default: "./index.js"
			},
			"./package.json": "./package.json"
		},
		files: [
			"*.js",
			"index.d.ts",
			"golden",
			"THIRD-PARTY-LICENSES.txt"
		],
		sideEffects: false,
		engines: { node: ">=20.19" },
		scripts: { test: "node --test test.js" },
		dependencies: { "@tensorflow/tfjs": "^4.22.0" },
		peerDependencies: { "@tensorflow/tfjs-backend-wasm": "^4.22.0" },
		peerDependenciesMeta: { "@tensorflow/tfjs-backend-wasm": { optional: true } },
		layerline: {
			version,
			...runId === void 0 ? {} : { run: runId },
			weightsSha256: metadata.weightsSha256
		}
	};
}
/** JSON as a text, which is parsed faster than the same as a program, and is none whatever it holds. */
function modelModule(facts) {
	return `import * as tf from '${tfjs}';
import { packagedModel } from './packaged.js';

const facts = JSON.parse(
  ${quoted(JSON.stringify(facts))},
);

export const model = packagedModel(tf, facts, async () => (await import('./weights.js')).weights);
`;
}
const testModule = `import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import * as tf from '${tfjs}';
import { model } from './model.js';

// Else TensorFlow.js advertises its package for Node on the terminal.
tf.enableProdMode();

const read = (name) => readFile(new URL(\`./golden/\${name}.safetensors\`, import.meta.url));
const golden = { inputs: await read('inputs'), outputs: await read('outputs') };

async function loadWasm() {
  try {
    return await import('@tensorflow/tfjs-backend-wasm');
  } catch {
    return undefined;
  }
}

for (const backend of ['cpu', 'wasm']) {
  test(\`the golden rows of the run, on \${backend}\`, async (t) => {
    if (backend === 'wasm' && (await loadWasm()) === undefined)
      return t.skip('@tensorflow/tfjs-backend-wasm is not installed');
    assert.ok(await tf.setBackend(backend));
    const { worst, tolerance } = await model.replay(golden);
    assert.ok(worst <= tolerance, \`off by \${worst}, which may be \${tolerance}\`);
    t.diagnostic(\`worst difference \${worst.toExponential(1)}, tolerance \${tolerance.toExponential(1)}\`);
  });
}
`;
/** Whether npm takes a name for a new package (validate-npm-package-name). */
function isPackageName(name) {
	return name.length <= 214 && /^(?:@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*$/.test(name) && !["node_modules", "favicon.ico"].includes(name);
}
/** A name that npm takes, like that of a pipeline. */
function packageName(pipeline) {
	const plain = pipeline.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase().replaceAll(/[^a-z0-9._-]+/g, "-").replace(/^[._-]+/, "").slice(0, 100).replace(/[._-]+$/, "");
	return isPackageName(plain) ? plain : "trained-model";
}
// src/commands/package.ts
/** `pipeline package`: a trained model as an npm package. */
function packageCommand() {
	return new Command("package").description("Make an npm package of a trained model, with types, for Node and browsers").addArgument(new Argument("<run>", "the run, or a folder that holds a model")).option("--out <folder>", "the folder to make; without it, one named after the pipeline").addOption(new Option("--name <name>", "of the package; without it, one like that of the pipeline")).addOption(trackingUriOption("MLflow server that has the run (also MLFLOW_TRACKING_URI; default: the local store)")).addOption(runsOption()).action(run);
}
async function run(reference, { out, name, trackingUri, runs }) {
	const tell = (line) => void process.stdout.write(`${makeVisible(line)}\n`);
	const warn = (warning) => process.stderr.write(printDiagnostics([warning], {
		color: showsColors(process.stderr),
		cwd: process.cwd()
	}));
	const place = {
		runs,
		trackingUri: trackingUri ?? process.env["MLFLOW_TRACKING_URI"]
	};
	const { found, metrics } = await untilInterrupted(async (signal) => {
		const model = await findModel(reference, place, {
			warn,
			signal
		});
		return {
			found: model,
			metrics: await testMetrics(model.runId, place, {
				warn,
				signal
			})
		};
	});
	const made = await packageModel(found.folder, {
		name,
		runId: found.runId,
		metrics
	}, tellProgress());
	const folder = out ?? exportFolder(made.pipeline, "package");
	const isNew = writeExport(folder, made.files);
	tell(`${found.title} ${isNew ? "packaged as" : "is packaged already, as"} ${made.name} in ${folder}`);
	const width = Math.max(...Object.keys(made.files).map((file) => file.length));
	for (const [file, { length }] of Object.entries(made.files)) tell(`  ${file.padEnd(width)}  ${showBytes(length)}`);
	tell(`install it  npm install ${shellWord(isAbsolute(folder) || folder.startsWith(".") ? folder : `./${folder}`)}`);
	tell(`use it      import { predict } from '${made.name}';`);
}
/** What a run measured on its test split. */
async function testMetrics(runId, { runs, trackingUri }, watch) {
	if (runId === void 0) return {};
	const tested = (await (await openRuns(runs, trackingUri, watch).fetch(runId)).metrics()).filter(({ key }) => /^test_[\w/]+$/.test(key));
	return Object.fromEntries(tested.map(({ key, value }) => [key, value]));
}
export { packageCommand };
