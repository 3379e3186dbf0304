import { r as __exportAll } from "./rolldown-runtime-C1I3wEg2.js";
import { $a as listNames, $t as measuredAs, A as inOrder, F as parseYaml, G as rangeAt, I as expand, It as view, J as pipelineSchema, K as rangeInside, N as readBase, Na as shorten, O as checkWith, P as readSource, Qo as isMisfit, R as check, T as checkAndFetch, U as entryOf, W as keyRangeAt, an as labelOf, ao as showCount, en as monitorNames, eo as nearest$1, gt as oncePerPlace, in as moreIsBetter, j as limit, k as glanceAtSource, lt as epochMetrics, mt as explainOdd, nn as monitoredMetrics, q as toValue, tt as report, vs as UserError, xs as mistake, ys as asWarning, z as oneLine } from "./checks-359mGJ3h.js";
import { r as repetitionSpace } from "./repetition-points-va1d00kb.js";
import { n as trialLimit, r as readRange, t as sweepSchema } from "./sweep-schema-B8R-Zbf2.js";
import { n as executors, t as chosenExecutor } from "./executors-C5xaghUW.js";
import { basename, dirname, extname, isAbsolute, join } from "node:path";
// src/sweeps/check-corners.ts
/**
* Reads and plans the pipeline at the corners of a space: all bounds low, all high, and every value of every list at
* least once. As many plans as the longest list has values, or three.
*/
async function checkCorners({ file, base, space }) {
	const found = [];
	const seen = /* @__PURE__ */ new Set();
	const add = (one) => {
		const id = JSON.stringify([
			one.range?.start,
			one.range?.end,
			one.code
		]);
		if (!seen.has(id)) found.push(one);
		seen.add(id);
	};
	const count = Math.max(3, ...space.map(({ values }) => values.length));
	for (let corner = 0; corner < count; corner++) {
		const settings = space.map((parameter) => ({
			path: parameter.path,
			value: valueAt(parameter, corner)
		}));
		const diagnostics = await checkWith(base, settings);
		const here = diagnostics.filter(({ range }) => range?.source === file);
		for (const one of here) add(withWay(one, space));
		if (here.every(({ severity }) => severity === "warning") && diagnostics.some(isError$1)) add(await together(base, settings, diagnostics.find(isError$1)));
	}
	return found;
}
const isError$1 = ({ severity }) => severity === "error";
/** Of a range of real numbers also one that is none of its bounds, which may be whole. */
function valueAt({ distribution, values, written }, corner) {
	if (distribution.kind !== "float" || corner % 3 !== 2) return values[corner % values.length];
	const { low, high } = distribution;
	return {
		kind: "scalar",
		value: [
			.5,
			.4375,
			.3127
		].map((share) => low + share * (high - low)).find((value) => !Number.isInteger(value)) ?? low,
		range: written.range
	};
}
/** A range of real numbers where whole ones are wanted has a way out of its own. */
function withWay(one, space) {
	const parameter = space.find(({ written: { range }, distribution: { kind } }) => kind === "float" && range.start === one.range.start && range.end === one.range.end);
	if (parameter?.distribution.kind !== "float" || one.code !== "wrong-type") return one;
	const { low, high, log } = parameter.distribution;
	const range = `int ${log ? "log " : ""}${Math.ceil(low)}..${Math.floor(high)}`;
	return {
		...one,
		hint: `Write \`${range}\`, which takes whole numbers alone.`
	};
}
/** What values that are right one by one do together: told at the last of those that it takes. */
async function together(base, settings, error) {
	let needed = settings;
	for (const one of settings) {
		const without = needed.filter((other) => other !== one);
		if (without.length > 0 && (await checkWith(base, without)).some(isError$1)) needed = without;
	}
	const show = ({ path, value }) => `\`${String(path.value)}: ${shorten(oneLine(toValue(value)))}\``;
	const last = needed.at(-1);
	return {
		...mistake("impossible-trial", `With ${needed.map(show).join(" and ")}: ${error.message}`, last.value.range, error.hint ?? "Take the value out, or give what belongs together as one list of whole values."),
		related: [
			...needed.slice(0, -1).map((one) => ({
				message: `with ${show(one)}`,
				range: one.value.range
			})),
			...error.range === void 0 ? [] : [{
				message: "it is wrong here",
				range: error.range
			}],
			...error.related ?? []
		]
	};
}
// src/sweeps/check-goal.ts
/** Takes `maximize val_accuracy` apart; a metric's short name becomes what epochs call it. */
function toGoal(text) {
	const [direction, metric] = text.trim().split(/\s+/);
	return {
		direction: direction === "minimize" ? "minimize" : "maximize",
		metric: measuredAs(metric)
	};
}
/**
* Whether every trial reports the metric of a goal, of validation.
*
* @param written the goal as the file has it @param base left out: its data has to be fetched first
*/
function checkGoal(written, base) {
	const { direction, metric } = toGoal(String(written.value));
	const text = String(written.value).trimEnd();
	const range = rangeInside(written, text.search(/\S+$/), text.length);
	const refuse = (problem, hint) => [mistake("bad-goal", problem, range, hint)];
	const targets = base?.plan.dataset.targets ?? [];
	const measured = Object.keys(epochMetrics({
		loss: 0,
		outputs: targets.map((target) => ({
			target,
			loss: 0,
			score: 0
		}))
	}));
	const reported = base === void 0 ? [] : reportedBy(base, measured);
	if (metric.startsWith("test_")) return refuse(`\`${metric}\` is of the test samples: what is chosen by them is not tested any more.`, `Choose by validation: \`${reported.find((name) => name === metric.replace("test_", "val_")) ?? "val_loss"}\`.`);
	if (base === void 0) return [];
	if (reported.includes(metric)) {
		if (base.plan.samples.validation === 0) return refuse(`No epoch reports \`${metric}\`: the split leaves no sample for validation.`, `Raise \`data.split.validation\` in ${base.source.name}.`);
		if (moreIsBetter(metric) === (direction === "maximize")) return [];
		const other = direction === "maximize" ? "minimize" : "maximize";
		const problem = `To ${direction} \`${metric}\` makes the model worse.`;
		return [asWarning(mistake("unlikely-goal", problem, written.range, `Write \`${other} ${metric}\`.`))];
	}
	const known = monitorNames(measured, targets);
	if (measured.includes(metric)) return refuse(`\`${metric}\` is of the training samples, which the model may learn by heart.`, `Choose by validation: \`val_${metric}\`.`);
	if (known.includes(metric)) return refuse(`No epoch reports \`${metric}\` in ${base.source.name}.`, `\`train.earlyStopping: { monitor: ${metric} }\` there has it measured; reported are ${listNames(reported)}.`);
	const ofEach = reported.filter((name) => targets.some((target) => name === metric.replace(/^val_|^/, `val_${target.name}_`)));
	const guess = nearest$1(metric, [...reported, ...known.filter((name) => name.startsWith("val_"))]);
	const hint = guess === void 0 ? "" : `Did you mean \`${guess}\`? `;
	return refuse(`No epoch reports \`${metric}\`.`, ofEach.length > 0 ? `Name the output: ${listNames(ofEach)}.` : `${hint}Reported are ${listNames(reported)}.`);
}
/** What each epoch tells of the validation samples. */
function reportedBy({ pipeline, plan }, measured) {
	const waited = monitoredMetrics(pipeline.train, plan.dataset.targets).map(({ metric, output }) => `val_${output === void 0 ? "" : `${output}_`}${labelOf(metric)}`);
	return [.../* @__PURE__ */ new Set([...measured.map((name) => `val_${name}`), ...waited])];
}
// src/sweeps/search/points.ts
/** How many values a distribution has; Infinity where it has all numbers of a range. */
function valuesIn(distribution) {
	switch (distribution.kind) {
		case "choice": return distribution.choices.length;
		case "float": return distribution.low < distribution.high ? Infinity : 1;
		case "int": return Math.floor((distribution.high - distribution.low) / distribution.step) + 1;
	}
}
/** How many points a space has; Infinity where a range has all numbers, or there are more than can be said. */
function pointsIn(space) {
	return space.reduce((product, { distribution }) => product * valuesIn(distribution), 1);
}
/** One of the values of a distribution that has only so many. @param index 0 or more, below `valuesIn` */
function valueOf$1(distribution, index) {
	if (distribution.kind === "choice") return distribution.choices[index];
	return distribution.kind === "int" ? distribution.low + index * distribution.step : distribution.low;
}
/** One of the points of a space that has only so many, the last path fastest. @param index below `pointsIn` */
function pointAt(space, index) {
	let rest = index;
	const values = space.toReversed().map(({ path, distribution }) => {
		const count = valuesIn(distribution);
		const value = valueOf$1(distribution, rest % count);
		rest = Math.floor(rest / count);
		return [path, value];
	});
	return Object.fromEntries(values.toReversed());
}
/** What is equal for equal points alone, whatever the order in which they name their paths. */
function keyOfPoint(space, values) {
	return JSON.stringify(space.map(({ path }) => values[path] ?? null));
}
/** The whole number of a range that is nearest. */
function nearest(range, value) {
	const index = Math.round((value - range.low) / range.step);
	return range.low + Math.min(valuesIn(range) - 1, Math.max(0, index)) * range.step;
}
/**
* A number of a range in as few digits as tell a millionth of it: runs are called by what was set, and more digits say
* nothing of a learning rate.
*/
function shortest({ low, high, log }, value) {
	const places = Math.min(100, Math.max(0, Math.ceil(6 - Math.log10(high - low))));
	const short = Number(log ? value.toPrecision(6) : value.toFixed(places));
	return Math.min(high, Math.max(low, short));
}
// src/sweeps/check-counts.ts
/**
* Whether numbers of trials, points and epochs fit each other.
*
* @param root the sweep in full form, right by itself @param epochs of the pipeline; left out: not known
*/
function checkCounts(root, space, epochs) {
	const search = valueOf(root, "search");
	const ranges = space.filter(({ distribution: { kind } }) => kind === "float");
	return [
		...search === "grid" ? ranges.map(overRange) : [],
		...checkTrials(root, {
			space,
			isGrid: search === "grid"
		}),
		...checkRungs(root, space, epochs)
	];
}
const valueOf = (root, key) => {
	const node = entryOf(root, key)?.value;
	return node === void 0 ? void 0 : toValue(node);
};
function overRange({ path, distribution, written }) {
	const { low, high, log } = distribution;
	const values = [
		0,
		1,
		2,
		3,
		4
	].map((k) => Number((log ? low * (high / low) ** (k / 4) : low + k / 4 * (high - low)).toPrecision(3)));
	return mistake("grid-over-range", `A grid has no end over \`${String(path.value)}\`, a range of real numbers.`, written.range, `Write a list, such as \`[${values.join(", ")}]\`, or take \`search: random\`.`);
}
function checkTrials(root, { space, isGrid }) {
	const points = pointsIn(space);
	const trials = valueOf(root, "trials");
	if (typeof trials === "number") {
		if (trials <= points) return [];
		const way = isGrid ? " or leave it out" : ", or `search: grid`, which takes all of them";
		const has = points === 1 ? "one point" : `${showCount(points)} points`;
		const message = `There are ${showCount(trials)} trials, and the space has ${has}.`;
		return [mistake("too-many-trials", message, rangeAt(root, ["trials"]), `Write \`trials: ${points}\`${way}.`)];
	}
	if (!isGrid) return [mistake("missing-key", "`trials` is missing: how many combinations are tried.", keyRangeAt(root, ["space"]), "Example: `trials: 20`.")];
	if (points <= 1e4 || points === Infinity) return [];
	return [mistake("too-many-trials", `The grid has ${showCount(points)} points; a sweep has at most ${showCount(trialLimit)} trials.`, keyRangeAt(root, ["space"]), "Shorten the lists, or take `search: random` with a number of `trials`.")];
}
function checkRungs(root, space, epochs) {
	const asha = entryOf(root, "asha")?.value;
	if (asha === void 0) return [];
	const varied = space.find(({ path }) => path.value === "train.epochs");
	if (varied !== void 0) return [mistake("bad-rungs", "With `asha` the epochs of a trial are what it earns: they are not in the space.", varied.path.range, "Take `train.epochs` out, or `asha`.")];
	const from = valueOf(asha, "from");
	if (epochs === void 0 || typeof from !== "number" || from < epochs) return [];
	const message = `The first rung has ${from} ${from === 1 ? "epoch" : "epochs"}, and all of the training ${epochs}.`;
	const way = epochs > 1 ? `Begin with less, such as \`from: ${Math.max(1, Math.floor(epochs / 9))}\`` : "Train longer";
	return [mistake("bad-rungs", message, rangeAt(root, ["asha", "from"]), `${way}, or leave \`asha\` out.`)];
}
// src/sweeps/to-sweep.ts
/** The sweep that a checked full form says. @param name what its runs are called by */
function toSweep(resolved, name, space) {
	const { goal, trials = pointsIn(space), failures = trials, budget = {}, on, ...rest } = resolved;
	return {
		name,
		seed: rest.seed,
		goal: toGoal(goal),
		space: space.map(({ path, distribution }) => ({
			path: String(path.value),
			distribution,
			range: path.range
		})),
		search: rest.search,
		trials,
		...rest.asha && { asha: rest.asha },
		failures,
		parallel: rest.parallel,
		budget,
		on: chosenExecutor(on)
	};
}
// src/sweeps/check-sweep.ts
var check_sweep_exports = /* @__PURE__ */ __exportAll({ glanceAtSweep: () => glanceAtSweep });
/**
* Checks a sweep file, the pipeline that it varies, and that every value fits there; fetches the data that the
* pipeline names by addresses.
*
* @throws UserError with every mistake, exit code 2; or when data cannot be fetched, exit code 1
*/
async function checkSweepFile(file, waiting) {
	const { sweep, diagnostics } = await examine(readSource(file), async (base) => {
		const checked = await checkAndFetch(base, [], waiting);
		return {
			checked,
			diagnostics: checked.warnings
		};
	});
	if (sweep === void 0) throw new UserError(diagnostics, 2);
	return sweep;
}
/** As checkSweepFile, but nothing is fetched, and of large data the head is looked at. */
function glanceAtSweep(source) {
	return examine(source, glanceAtSource);
}
/** @param checkBase all mistakes of the pipeline, told or thrown */
async function examine(source, checkBase) {
	const parsed = parseYaml(source);
	if (parsed.root === void 0) return { diagnostics: parsed.diagnostics };
	const { root } = parsed;
	if (![
		"sweep",
		"space",
		"goal"
	].some((key) => entryOf(root, key) !== void 0)) return { diagnostics: [...parsed.diagnostics, notASweep(root)] };
	const state = {
		tables: { executor: executors },
		diagnostics: [...parsed.diagnostics],
		used: /* @__PURE__ */ new Set(),
		written: /* @__PURE__ */ new Map(),
		reported: new Set(parsed.reported),
		incomplete: /* @__PURE__ */ new Map(),
		usages: /* @__PURE__ */ new Map()
	};
	const schema = view(sweepSchema);
	const space = readSpace(root, state);
	const full = expand(root, schema, {
		...root.range,
		end: root.range.start
	}, state);
	const own = [...check(full, schema, state)];
	const base = await readPipelineOf(root, source, checkBase);
	const rest = "code" in base ? [base] : await checkBeside({
		source,
		root,
		full,
		space
	}, base, own);
	const found = [
		...state.diagnostics,
		...own,
		...rest
	];
	const diagnostics = limit(explainOdd(inOrder(oncePerPlace(found, ({ message }) => message), source)));
	const seen = "code" in base ? void 0 : base.seen;
	const told = {
		diagnostics,
		...seen && { seen }
	};
	if ("code" in base || base.checked === void 0 || diagnostics.some(isError)) return told;
	const name = basename(source.name, extname(source.name));
	const sweep = toSweep(toValue(full), name, space);
	return {
		...told,
		sweep: {
			source,
			sweep,
			base: base.checked,
			warnings: diagnostics
		}
	};
}
const isError = ({ severity }) => severity === "error";
function notASweep(root) {
	return mistake("not-a-sweep", "This is no sweep: it has no key `sweep`, which names the pipeline file.", {
		...root.range,
		end: root.range.start
	}, "`pipeline run FILE` runs a pipeline file; `pipeline init sweep` writes a sweep to start from.");
}
/** The parameters that are written rightly. */
function readSpace(root, state) {
	const space = entryOf(root, "space")?.value;
	if (space?.kind !== "map") return [];
	return space.entries.flatMap(({ key, keyRange, value: written }) => {
		if (state.reported.has(written)) return [];
		const path = {
			kind: "scalar",
			value: key,
			range: keyRange
		};
		if (written.kind === "list") {
			const distribution = {
				kind: "choice",
				choices: written.items.map(toValue)
			};
			return written.items.length === 0 ? [] : [{
				path,
				distribution,
				values: written.items,
				written
			}];
		}
		if (written.kind !== "scalar" || typeof written.value !== "string") return [];
		const range = readRange(written.value);
		if (isMisfit(range)) {
			report(state, written, "bad-distribution", range.problem, written.range, range.hint);
			return [];
		}
		const { distribution, low, high } = range;
		const bound = (value, [start, end]) => ({
			kind: "scalar",
			value,
			range: rangeInside(written, start, end)
		});
		return [{
			path,
			distribution,
			values: [bound(distribution.low, low), bound(distribution.high, high)],
			written
		}];
	});
}
/** @returns why there is none */
async function readPipelineOf(root, source, checkBase) {
	const named = entryOf(root, "sweep")?.value;
	const path = named?.kind === "scalar" ? named.value : void 0;
	if (named === void 0 || typeof path !== "string" || path === "") return {
		source,
		diagnostics: []
	};
	const base = readBase(isAbsolute(path) ? path : join(dirname(source.name), path), path, named.range);
	if ("code" in base) return base;
	const refuse = (message) => mistake("no-pipeline-to-sweep", message, named.range, "Name the pipeline file whose values are to be varied.");
	let found;
	try {
		found = await checkBase(base);
	} catch (error) {
		if (!(error instanceof UserError) || error.exitCode !== 2) throw error;
		found = { diagnostics: error.diagnostics };
	}
	if (found.diagnostics.some(({ code }) => code === "is-a-sweep")) return refuse(`\`${path}\` is itself a sweep.`);
	if (found.diagnostics.some(isError) && !hasSections(base)) return refuse(`\`${path}\` is no pipeline file: it has none of its sections.`);
	return {
		source: base,
		...found
	};
}
function hasSections(base) {
	const { root } = parseYaml(base);
	return root === void 0 || Object.keys(pipelineSchema.properties).some((key) => entryOf(root, key) !== void 0);
}
/** That the pipeline is trained more than once by itself, so that a trial would be several runs. */
function repeating(root, { checked }) {
	if (checked === void 0 || repetitionSpace(checked.pipeline) === void 0) return [];
	return [mistake("sweep-repeats", "The pipeline is trained several times by itself (`repeat`, `folds`), and a trial of a sweep is one training.", entryOf(root, "sweep").value.range, "Leave both out of it, and repeat the best one; or vary `seed` in the space: `seed: [1, 2, 3]`.")];
}
/** What the sweep and its pipeline say together. @param own mistakes of the sweep by itself */
async function checkBeside({ source, root, full, space }, base, own) {
	if (base.diagnostics.some(isError) || base.source === source) return base.diagnostics;
	const corners = space.length === 0 ? [] : await checkCorners({
		file: source,
		base: base.source,
		space
	});
	const goal = entryOf(root, "goal")?.value;
	const isRight = ({ range }) => !own.some((one) => one.range?.start === range.start);
	const checkedGoal = goal?.kind === "scalar" && typeof goal.value === "string" && isRight(goal) ? checkGoal(goal, base.checked) : [];
	const written = entryOf(root, "space")?.value;
	const isWhole = written?.kind === "map" && written.entries.length === space.length;
	return [
		...base.diagnostics,
		...repeating(root, base),
		...corners,
		...checkedGoal,
		...own.length === 0 && isWhole ? checkCounts(full, space, base.checked?.pipeline.train.epochs) : []
	];
}
export { pointAt as a, valueOf$1 as c, nearest as i, valuesIn as l, check_sweep_exports as n, pointsIn as o, keyOfPoint as r, shortest as s, checkSweepFile as t };
