import { Jo as EXPECTED, Pt as QUANTITY, Qo as isMisfit, as as mapOf, cs as Enum, ds as Optional, es as largestReal, fs as _Array_, is as wholeNumber, ls as Unknown, os as Union, ro as quantities, ss as String, ts as largestWhole, us as _Object_ } from "./checks-359mGJ3h.js";
import { i as onSchema } from "./executors-C5xaghUW.js";
// src/sweeps/distribution-text.ts
const number = "[-+]?(?:\\d+(?:\\.\\d+)?|\\.\\d+)(?:[eE][-+]?\\d+)?";
/** What a range is written like, as JSON Schema has it. */
const rangePattern = `^\\s*(?:int\\s+)?(?:log\\s+)?${number}\\s*\\.\\.\\s*${number}(?:\\s+step\\s+\\d+)?\\s*$`;
const whole = new RegExp(`^\\s*(?<int>int\\s+)?(?<log>log\\s+)?(?<low>${number})\\s*\\.\\.\\s*(?<high>${number})(?:\\s+step\\s+(?<step>\\d+))?\\s*$`, "d");
/** How ranges are written, for messages. */
const usage = "A range is `0.1..0.5`, `log 1e-5..1e-1`, `int 16..128 step 16` or `int log 1..1024`; or give a list.";
/** Reads a range of numbers: `log 1e-5..1e-1`. @returns why it is none, to follow the text */
function readRange(text) {
	const match = whole.exec(text);
	if (match === null) {
		const meant = meantBy(text);
		return {
			problem: `\`${text}\` is no range of numbers.`,
			hint: meant === void 0 ? usage : `Did you mean \`${meant}\`? ${usage}`
		};
	}
	const { low: lowText, high: highText, step: stepText } = match.groups;
	const [low, high, step] = [
		Number(lowText),
		Number(highText),
		Number(stepText ?? 1)
	];
	const [isInt, log] = [match.groups["int"] !== void 0, match.groups["log"] !== void 0];
	const misfit = misfitOf({
		text,
		low,
		high,
		log
	}) ?? (isInt ? misfitOfWhole({
		low,
		high,
		step,
		log,
		stepText
	}) : void 0);
	if (misfit !== void 0) return misfit;
	if (!isInt && stepText !== void 0) return {
		problem: "Only `int` has steps.",
		hint: Number.isInteger(low) && Number.isInteger(high) ? `Write \`int ${text.trim()}\`.` : "Write a list of the numbers."
	};
	return {
		distribution: isInt ? {
			kind: "int",
			low,
			high,
			step,
			log
		} : {
			kind: "float",
			low,
			high,
			log
		},
		low: match.indices.groups["low"],
		high: match.indices.groups["high"]
	};
}
function misfitOf({ text, low, high, log }) {
	if (Math.abs(low) > 34028234663852886e22 || Math.abs(high) > 34028234663852886e22) return {
		problem: `A bound of \`${text}\` is too large.`,
		hint: `A number is at most ${largestReal.toPrecision(2)}.`
	};
	if (low > high) return {
		problem: `\`${text}\` begins above its end.`,
		hint: `Write \`${text.replace(/\S+\.\.\S+/, `${high}..${low}`)}\`.`
	};
	if (low === high) return {
		problem: `\`${text}\` holds one number alone.`,
		hint: `Write it as a list, \`[${low}]\`, or in the pipeline.`
	};
	if (log && low <= 0) return {
		problem: `The logarithm of ${low} is none: a range with \`log\` begins above 0.`,
		hint: "Begin with a small number such as `1e-6`, or leave `log` out."
	};
}
function misfitOfWhole({ low, high, step, log, stepText }) {
	const wrong = [low, high].find((bound) => !Number.isInteger(bound));
	if (wrong !== void 0) return {
		problem: `\`int\` goes between whole numbers, and ${wrong} is none.`,
		hint: "Leave `int` out, or round it."
	};
	const large = [low, high].find((bound) => Math.abs(bound) > largestWhole);
	if (large !== void 0) return {
		problem: `${large} is too large.`,
		hint: `A whole number is at most ${largestWhole}.`
	};
	if (log && stepText !== void 0) return {
		problem: "A range with `log` has no steps.",
		hint: "Leave one of the two out, or write a list."
	};
	if (step < 1) return {
		problem: "A step is at least 1.",
		hint: "Write `step 1`, or leave it out."
	};
	const last = low + Math.floor((high - low) / step) * step;
	if (last === high) return void 0;
	return {
		problem: `Steps of ${step} from ${low} do not come to ${high}.`,
		hint: last === low ? "Take a smaller step." : `Write \`int ${low}..${last} step ${step}\`, or end with ${last + step}.`
	};
}
/** The range that was likely meant. */
function meantBy(text) {
	const apart = text.replaceAll(/(\d)\s*(?:-|–|…|,|:|\.{2,})\s*(?=[\d.])/g, "$1 ");
	const words = [...apart.matchAll(/[a-z]{2,}/gi)].map(([word]) => word.toLowerCase());
	const [low, high, step, ...more] = [...apart.matchAll(new RegExp(number, "g"))].map(([one]) => one);
	if (low === void 0 || high === void 0 || more.length > 0) return void 0;
	if (!words.every((word) => /int|log|uniform|float|real|range|step|from|to|and/.test(word))) return void 0;
	const says = (part) => words.some((word) => word.includes(part));
	const meant = `${says("int") ? "int " : ""}${says("log") ? "log " : ""}${low}..${high}`;
	const whole = step === void 0 ? meant : `${meant} step ${step}`;
	return isMisfit(readRange(whole)) ? void 0 : whole;
}
// src/sweeps/sweep-schema.ts
const closed = { additionalProperties: false };
/** Most paths of a space. */
const pathLimit = 50;
/** Most trials of a sweep. */
const trialLimit = 1e4;
/** Schema of a sweep file in full form. */
const sweepSchema = _Object_({
	sweep: String({
		description: "The pipeline file whose values are varied; the path counts from the folder of this file.",
		examples: ["./mnist.yaml"],
		minLength: 1
	}),
	seed: wholeNumber({
		description: "What the values of the trials are drawn by. What a trial draws, the seed of the pipeline says.",
		examples: [7],
		default: 42,
		minimum: 0,
		maximum: 4294967295
	}),
	goal: String({
		description: "Which metric of validation is to be as large or as small as it gets. The test stays out of it: it measures what was chosen.",
		examples: ["maximize val_accuracy", "minimize val_loss"],
		pattern: "^\\s*(?:maximize|minimize)\\s+\\S+\\s*$",
		[EXPECTED]: "a direction and a metric, such as `maximize val_accuracy`"
	}),
	space: mapOf(Union([String({ pattern: rangePattern }), _Array_(Unknown(), {
		minItems: 1,
		maxItems: 100,
		uniqueItems: true,
		[EXPECTED]: `a list of 1 to 100 values`
	})], {
		description: "A range, such as `log 1e-5..1e-1`, `0.1..0.5`, `int 16..128 step 16` or `int log 1..1024`, or a list of any values.",
		examples: [
			"log 1e-5..1e-1",
			"int 16..128 step 16",
			[
				50,
				100,
				200
			]
		],
		[EXPECTED]: `a range such as \`log 1e-5..1e-1\`, or a list of 1 to 100 values`
	}), {
		...closed,
		description: "What is varied: paths of the pipeline, as `--set` takes them, and the values of each.",
		examples: [{
			"train.optimizer.learningRate": "log 1e-4..1e-2",
			"train.batchSize": [50, 100]
		}],
		minProperties: 1,
		maxProperties: pathLimit
	}),
	search: Enum([
		"grid",
		"random",
		"tpe"
	], {
		description: "How values are chosen. grid: all combinations; random: by chance; tpe: near those that did well, by Optuna, which needs Python.",
		examples: ["tpe"],
		default: "random"
	}),
	trials: Optional(wholeNumber({
		description: "How many combinations are tried; of a grid without it, all.",
		examples: [60],
		minimum: 1,
		maximum: trialLimit
	})),
	asha: Optional(_Object_({
		from: wholeNumber({
			description: "Epochs of the first rung; less than the pipeline has.",
			examples: [1],
			default: 1,
			minimum: 1
		}),
		factor: wholeNumber({
			description: "One of so many trials goes on from a rung to the next, which is as many times as long.",
			examples: [3],
			default: 3,
			minimum: 2,
			maximum: 1e3
		})
	}, {
		...closed,
		description: "Trains most trials for a few epochs, and only the best of them on (ASHA, Li et al. 2020).",
		examples: [{
			from: 1,
			factor: 3
		}]
	})),
	failures: Optional(wholeNumber({
		description: "Failed trials that are allowed; one more ends the sweep. Without it, all may fail.",
		examples: [10],
		minimum: 0
	})),
	parallel: wholeNumber({
		description: "Trials at once.",
		examples: [2],
		default: 1,
		minimum: 1,
		maximum: 1e3
	}),
	budget: Optional(_Object_({ time: Optional(String({
		description: "Wall time of the whole sweep; no trial begins after it.",
		examples: ["2h"],
		pattern: quantities.duration.pattern,
		[EXPECTED]: quantities.duration.expected,
		[QUANTITY]: "duration"
	})) }, {
		...closed,
		description: "What the sweep may take.",
		examples: [{ time: "2h" }]
	})),
	on: onSchema
}, {
	...closed,
	title: "Layerline sweep",
	description: "Many runs of one pipeline file, with values that vary."
});
export { trialLimit as n, readRange as r, sweepSchema as t };
