import { An as hideSecrets, Bo as object, Cs as warning, Dn as stringify, Ea as realPath, Go as text, Ho as optional, Io as hasForm, Ko as whole, Lo as list, Mo as anything, Na as shorten, Po as either, Qa as ownFolder, Ro as nothing, S as Option, Sa as createFile, Si as seedFor, Ss as misuse, T as checkAndFetch, Ta as makeFolder, Uo as record, Vo as oneOf, Za as withoutAddresses, _ as displayWidth, _n as isTrustedUri, ao as showCount, b as Command, ba as appendWhole, bs as failure, c as runsOption, d as canRedraw, fa as shellWord, h as printDiagnostics, ja as writeFileAtomic, jn as hideSecretsIn, ka as syncFolder, no as duration, oo as showDuration, p as diagnosticToJson, r as jsonOption, so as showMeasure, u as trackingUriOption, v as makeVisible, vs as UserError, y as Argument, zo as number } from "./checks-359mGJ3h.js";
import { c as silence, r as isAtWork, t as claim } from "./claim-xMI5Bay-.js";
import { n as nameRun, r as uiCommand } from "./run-pipeline-BmCqHi7f.js";
import { x as writeArtifact } from "./train-outcome-BMKWouke.js";
import { a as pointAt, c as valueOf, i as nearest, l as valuesIn, o as pointsIn, r as keyOfPoint, s as shortest, t as checkSweepFile } from "./check-sweep-DiIVuDes.js";
import { a as openExecutor, r as needOf } from "./executors-C5xaghUW.js";
import { t as pythonPath } from "./python-path-BR9g5JAZ.js";
import { i as startDialogue } from "./start-program-BEqJZGY_.js";
import { a as reasonToRetry, c as makePortable, i as progressOf, n as whyFailed, o as JobSender, r as follow, s as remoteOf, t as takeIn } from "./take-in-X-iykLe_.js";
import { n as cacheFolder } from "./stage-cache-CfWlADlT.js";
import { t as recordConfiguration } from "./record-run-Dwebf2kU.js";
import { i as editMeta, o as readMeta } from "./local-experiments-B-Mjh-jT.js";
import { g as readTexts, h as readRun, l as stateOf$1, u as statusNumber } from "./open-journal-k_DVXt93.js";
import { g as runFolderAt } from "./run-folder-Dzo3EkAl.js";
import { d as fitText, f as fitTexts, p as textWidth, s as drawFigure, u as escape } from "./training-samples-BpN1eX6I.js";
import { a as renderFigures, l as renderTable, o as renderPage, s as renderTiles, u as section } from "./visualize-BKVeX_rC.js";
import { n as palette } from "./palette-BFDCOR0F.js";
import { a as LocalRuns, i as sweepTags, r as sweepFingerprint } from "./sweep-tags-VhXVlYMh.js";
import { r as userName } from "./local-store-DqntMLxF.js";
import { t as chooseTracker } from "./choose-tracker-DaboSSyX.js";
import { t as tellProgress } from "./tell-progress-BL0lu1_V.js";
import { t as untilInterrupted } from "./until-interrupted-DtruJtqg.js";
import { basename, dirname, join, relative, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { closeSync, existsSync, fdatasyncSync, openSync, readFileSync, readdirSync, rmSync, truncateSync } from "node:fs";
import { crc32 } from "node:zlib";
import { createHash } from "node:crypto";
import { createInterface } from "node:readline";
// src/sweeps/best-file.ts
const beginning = "# The best of the sweep ";
/** Where the pipeline file of a sweep's best trial is written: beside the pipeline, so that its paths hold. */
function bestFile({ sweep: { name }, base: { source } }) {
	return join(dirname(source.name), `${name}.best.yaml`);
}
/**
* Writes the pipeline file of the best trial, ready to run, and keeps it with the parent run as `best.yaml`. A file of
* the user's in its place is left alone, with a warning.
*/
async function writeBest({ checked, settingsOf, emit }, parent, { number, score, values, runId }) {
	const { source, settings } = checked.base;
	const { goal, name } = checked.sweep;
	const { resolved } = await checkAndFetch(source, [...settings, ...settingsOf(values)]);
	const chosen = Object.entries(values).map(([path, value]) => `#   ${path}: ${hideSecrets(JSON.stringify(value))}`);
	const text = [
		`${beginning}${JSON.stringify(name)}: trial ${number}, ${goal.metric} ${score}, run ${runId}. It chose:`,
		...chosen,
		stringify(hideSecretsIn(resolved))
	].join("\n");
	writeArtifact(parent, "best.yaml", text);
	const path = bestFile(checked);
	try {
		if (existsSync(path) && !readFileSync(path, "utf8").startsWith(beginning)) throw new Error("it is not of this program");
		writeFileAtomic(path, text);
	} catch (error) {
		const message = `${path} is left as it is: ${error.message}`;
		const hint = `the best pipeline is ${join(parent.artifactDirectory, "best.yaml")}`;
		emit({
			type: "diagnostic",
			diagnostic: warning("best-file-kept", message, hint)
		});
	}
}
// src/sweeps/asha.ts
/**
* The epochs at the end of each rung: `from`, and so many times more from one to the next; the last is the whole
* training.
*
* @param epochs those of the pipeline
*/
function rungsOf({ from, factor }, epochs) {
	const rungs = [];
	for (let end = from; end < epochs; end *= factor) rungs.push(end);
	return [...rungs, epochs];
}
/**
* The trial that goes on next, by Algorithm 2 of Li et al., "A System for Massively Parallel Hyperparameter Tuning"
* (2020): from the highest rung down, one that is among the best 1/factor of those that ended the rung, and was not
* promoted yet. A trial counts in a rung by the goal's metric of the rung's last epoch, NaN after all others, equals by
* their numbers; one that finished before, as early stopping has it, counts in all rungs by its last epoch.
*
* @returns undefined where none does, and a new trial is begun instead
*/
function nextPromotion(trials, { rungs, factor, goal }) {
	for (let rung = rungs.length - 2; rung >= 0; rung--) {
		const ended = trials.filter((trial) => hasEnded(trial, rungs[rung]));
		const next = ranked(ended, rungs[rung], goal).slice(0, Math.floor(ended.length / factor)).find((trial) => waitsAt(trial, rungs, rung));
		if (next !== void 0) return {
			trial: next.number,
			rung: rung + 1
		};
	}
}
/**
* The trial that goes on where none is at work and none will be begun: the best of the highest rung, as long as no
* trial was trained to its end. So few trials may there be that none would ever be, and the sweep would have no model.
*/
function closingPromotion(trials, { rungs, goal }) {
	if (trials.some(({ state }) => state === "finished")) return void 0;
	for (let rung = rungs.length - 2; rung >= 0; rung--) {
		const [best] = ranked(trials.filter((trial) => waitsAt(trial, rungs, rung)), rungs[rung], goal);
		if (best !== void 0) return {
			trial: best.number,
			rung: rung + 1
		};
	}
}
const hasEnded = ({ state, curve }, epochs) => curve.length >= epochs || state === "finished";
/** Whether a trial has ended a rung, and neither gone on nor ended. */
function waitsAt({ state, curve }, rungs, rung) {
	return state === "paused" && curve.length >= rungs[rung] && curve.length < rungs[rung + 1];
}
function ranked(trials, epochs, { direction }) {
	const sign = direction === "minimize" ? 1 : -1;
	const cost = ({ curve }) => sign * (curve[Math.min(epochs, curve.length) - 1] ?? NaN);
	return trials.toSorted((one, other) => compare(cost(one), cost(other)) || one.number - other.number);
}
/** NaN is after all others. */
function compare(a, b) {
	if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
	return Number(a > b) - Number(a < b);
}
// src/sweeps/search/grid.ts
/** Every point. A space with a range of all numbers has no grid: who checks the file refuses it, none is suggested. */
const grid$1 = {
	doc: "Every combination of all values, in the order of the file, the last path fastest.",
	open: async ({ space }) => {
		const count = space.every(({ distribution }) => valuesIn(distribution) < Infinity) ? pointsIn(space) : 0;
		return {
			suggest: async (number) => number <= count ? pointAt(space, number - 1) : void 0,
			close: async () => {}
		};
	}
};
// src/sweeps/search/random.ts
/** Points that are drawn by seed, number and path, so that another path added changes no value of this one. */
const random = {
	doc: "Each trial drawn by its number from the whole space, none twice.",
	open: async ({ space, seed }) => ({
		suggest: async (number, before) => {
			const taken = new Set(before.map(({ values }) => keyOfPoint(space, values)));
			return drawNew({
				space,
				seed
			}, number, taken);
		},
		close: async () => {}
	})
};
/** How often a point is drawn that was there before: by then nearly all of a space is used up. */
const mostDraws = 64;
function drawNew({ space, seed }, number, taken) {
	const count = pointsIn(space);
	if (taken.size >= count) return void 0;
	for (let draw = 0; draw < mostDraws; draw++) {
		const point = Object.fromEntries(space.map(({ path, distribution }) => [path, valueAt(distribution, uniform(seed, number, draw, path))]));
		if (!taken.has(keyOfPoint(space, point))) return point;
	}
	const among = count - taken.size;
	return nthNew(space, taken, Math.min(among - 1, Math.floor(uniform(seed, number, mostDraws, "") * among)));
}
/** One of the points that are not taken, in the order of a grid. @param n 0 or more, undefined beyond the last one */
function nthNew(space, taken, n) {
	const count = pointsIn(space);
	let left = n;
	for (let index = 0; index < count; index++) {
		const point = pointAt(space, index);
		if (!taken.has(keyOfPoint(space, point)) && left-- === 0) return point;
	}
}
/** As many as `seedFor` tells apart. */
const seeds = 2 ** 31 - 1;
/** From 0 to 1: two seeds, since one alone would leave out most numbers of a wide range. */
function uniform(seed, number, draw, path) {
	const [coarse, fine] = [0, 1].map((part) => (seedFor(seed, "search", number, draw, path, part) - 1) / seeds);
	return coarse + fine / seeds;
}
/**
* The value at a share of a distribution. Under `log` equal ratios are equally likely; a whole number then has what
* lies nearest to it.
*/
function valueAt(distribution, share) {
	if (distribution.kind === "float") {
		const { low, high, log } = distribution;
		return shortest(distribution, log ? ratioAt(low, high, share) : low + share * (high - low));
	}
	if (distribution.kind === "int" && distribution.log) return nearest(distribution, ratioAt(distribution.low - .5, distribution.high + .5, share));
	const count = valuesIn(distribution);
	return valueOf(distribution, Math.min(count - 1, Math.floor(share * count)));
}
const ratioAt = (low, high, share) => Math.exp(Math.log(low) + share * (Math.log(high) - Math.log(low)));
// src/sweeps/search/optuna-program.ts
/**
* What Python is told. It prints one line of JSON: the version of Optuna, or what is missing; then, for each line that
* it is given, one that answers. Nothing is kept from one to the next: each names the space, the seed and the whole
* history. A value is a number: of a choice its index.
*
* A point that was tried before is left as a trial at work, which the sampler keeps away from, and it is asked again.
* Where only such points come, the answer is null.
*/
const optunaProgram = `
import json, signal, sys, warnings

out, sys.stdout = sys.stdout, sys.stderr
signal.signal(signal.SIGINT, signal.SIG_IGN)
warnings.simplefilter("ignore")


def say(**told):
    print(json.dumps(told), file=out, flush=True)


try:
    import optuna
    from optuna.distributions import CategoricalDistribution, FloatDistribution, IntDistribution
    from optuna.samplers import TPESampler
    from optuna.trial import TrialState, create_trial
except ImportError as error:
    say(missing=error.name or str(error))
    sys.exit()

optuna.logging.set_verbosity(optuna.logging.CRITICAL)
say(version=optuna.__version__)


def distribution(one):
    if one["kind"] == "choice":
        return CategoricalDistribution(list(range(one["count"])))
    if one["kind"] == "float":
        return FloatDistribution(one["low"], one["high"], log=one["log"])
    return IntDistribution(one["low"], one["high"], step=one["step"], log=one["log"])


def past(trial, space):
    state = TrialState[trial["state"]]
    score = trial.get("score")
    return create_trial(
        state=state,
        params=dict(zip(space, trial["values"])),
        distributions=space,
        value=score if state == TrialState.COMPLETE else None,
        intermediate_values={trial["epochs"]: score} if state == TrialState.PRUNED else {},
    )


for line in sys.stdin:
    asked = json.loads(line)
    space = {str(place): distribution(one) for place, one in enumerate(asked["space"])}
    sampler = TPESampler(seed=asked["seed"], multivariate=True, constant_liar=True)
    study = optuna.create_study(direction=asked["direction"], sampler=sampler)
    for trial in asked["history"]:
        study.add_trial(past(trial, space))
    taken = {tuple(trial["values"]) for trial in asked["history"]}
    found = None
    for _ in range(50):
        trial = study.ask(space)
        values = [trial.params[name] for name in space]
        if tuple(values) not in taken:
            found = values
            break
    say(values=found)
`;
// src/sweeps/search/optuna-child.ts
/** The first version whose sampler is told here what it takes. */
const leastVersion = 5;
const install = "pip install optuna";
const greeting = object({
	missing: optional(text()),
	version: optional(text())
});
/**
* Starts the Python that Optuna runs in.
*
* @param python a path or a name on the PATH
* @throws UserError `no-python` or `no-optuna`, with the command that installs it
*/
async function startOptuna(python) {
	let child;
	try {
		child = startDialogue(python, ["-c", optunaProgram]);
	} catch {
		throw failure("no-python", "`search: tpe` needs Python with Optuna, and there is no python3 on the PATH", `Install Python 3, then Optuna with: ${install}; or search by \`random\`.`);
	}
	let said = "";
	child.stderr.setEncoding("utf8").on("data", (part) => said = (said + part).slice(-1e4));
	child.stdin.on("error", () => void 0);
	const ended = new Promise((done) => {
		child.on("error", ({ message }) => {
			said += message;
			done(void 0);
		});
		child.on("close", () => done(void 0));
	});
	const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
	const listen = async () => {
		const next = await Promise.race([lines.next(), ended]);
		if (next === void 0 || next.done === true) {
			await ended;
			throw searchFailed(`its process ended: ${shorten(said.trim().split("\n").at(-1), 300) || "it says nothing"}`);
		}
		return parse(next.value);
	};
	const optuna = {
		ask: (request) => {
			child.stdin.write(`${JSON.stringify(request)}\n`);
			return listen();
		},
		close: async () => {
			child.kill("SIGKILL");
			await ended;
		}
	};
	try {
		expectOptuna(await listen());
		return optuna;
	} catch (error) {
		await optuna.close();
		throw error;
	}
}
function expectOptuna(told) {
	if (!hasForm(greeting, told)) throw nonsense(told);
	const { missing, version } = told;
	if (missing !== void 0) throw failure("no-optuna", `\`search: tpe\` needs Optuna, and this Python has no ${shorten(missing, 100)}`, `Install it with: ${install}`);
	if (version === void 0 || !(Number.parseInt(version, 10) >= leastVersion)) throw failure("no-optuna", `\`search: tpe\` needs Optuna ${leastVersion} or newer, and this Python has ${shorten(version ?? "none", 100)}`, `Install it with: ${install} --upgrade`);
}
/** That what Optuna's process answers is no answer. */
function nonsense(told) {
	return searchFailed(`it answers ${shorten(JSON.stringify(told) ?? "no JSON", 100)}`);
}
function searchFailed(why) {
	return failure("search-failed", `Optuna suggests nothing: ${why}`, "No trial is lost: give the same command again to go on.");
}
function parse(line) {
	try {
		return JSON.parse(line);
	} catch {
		return line;
	}
}
// src/sweeps/search/tpe.ts
/** The tree-structured Parzen estimator of Optuna, which is a program of Python: no other search takes its place. */
const tpe = {
	doc: "Points that are likelier among the better trials than among the others (Bergstra et al. 2011), by Optuna; needs Python with `pip install optuna`. The first ten are drawn.",
	open: (space) => openTpe(space, pythonPath())
};
const answer = object({ values: either(list(number), nothing) });
/** Opens the search. @param python see startOptuna @throws UserError `no-python` or `no-optuna` */
async function openTpe({ space, goal, seed }, python) {
	const optuna = await startOptuna(python);
	const [direction, told] = [goal.direction, space.map(({ distribution }) => describe$1(distribution))];
	return {
		suggest: async (number, before) => {
			const taken = new Set(before.map(({ values }) => keyOfPoint(space, values)));
			if (taken.size >= pointsIn(space)) return void 0;
			const request = {
				space: told,
				direction,
				seed: seedFor(seed, "tpe", number)
			};
			const said = await optuna.ask({
				...request,
				history: before.map((trial) => remember(space, trial))
			});
			if (!hasForm(answer, said)) throw nonsense(said);
			return said.values === null ? nthNew(space, taken, 0) : pointOf(space, said.values);
		},
		close: () => optuna.close()
	};
}
/** A distribution as Optuna is told of it, which takes no steps under `log`. */
function describe$1(distribution) {
	if (distribution.kind === "float") return distribution;
	const count = valuesIn(distribution);
	if (distribution.kind === "choice") return {
		kind: "choice",
		count
	};
	const { low, step, log } = distribution;
	return {
		kind: "int",
		low,
		high: low + (count - 1) * step,
		step: log ? 1 : step,
		log
	};
}
/**
* A trial as Optuna is told of it. One that waits at a rung, goes on after it or was stopped there counts by its score
* and its epochs, as Optuna has it of those that it prunes; one at work without a score is taken for a bad one, so that
* trials side by side are not alike; one that failed says nothing.
*/
function remember(space, { number, values, state, score = NaN, epochs }) {
	const numbers = space.map(({ path, distribution }) => numberOf(distribution, values[path]));
	const unknown = numbers.indexOf(void 0);
	if (unknown >= 0) throw failure("search-failed", `trial ${number} has a value of ${space[unknown].path} that is not in the space`, "Start the sweep anew: its space is another one.");
	if (state !== "failed" && Number.isFinite(score)) return {
		values: numbers,
		state: state === "finished" ? "COMPLETE" : "PRUNED",
		score,
		epochs
	};
	return {
		values: numbers,
		state: state === "queued" || state === "running" ? "RUNNING" : "FAIL"
	};
}
function numberOf(distribution, value) {
	if (distribution.kind === "choice") {
		const index = distribution.choices.findIndex((choice) => JSON.stringify(choice) === JSON.stringify(value));
		return index < 0 ? void 0 : index;
	}
	const { low, high } = distribution;
	return typeof value === "number" && value >= low && value <= high ? value : void 0;
}
function pointOf(space, numbers) {
	const values = space.map(({ path, distribution }, i) => [path, read$1(distribution, numbers[i])]);
	if (numbers.length !== space.length || values.some(([, value]) => value === void 0)) throw nonsense(numbers);
	return Object.fromEntries(values);
}
/** The value that a number of Optuna's stands for; undefined where it is none of the distribution. */
function read$1(distribution, value = NaN) {
	if (distribution.kind === "choice") return Number.isInteger(value) ? valueOf(distribution, value) : void 0;
	if (!(value >= distribution.low && value <= distribution.high)) return void 0;
	return distribution.kind === "int" ? nearest(distribution, value) : shortest(distribution, value);
}
// src/sweeps/searches.ts
/** Every way to search, by the name that files have for it. */
const searches = {
	grid: grid$1,
	random,
	tpe
};
// src/sweeps/settings-of.ts
/**
* The settings with which a trial's pipeline is read, one text `path=value` for each, as `--set` takes them: reading
* them gives the very values back.
*/
function settingsOf(values) {
	return Object.entries(values).map(([path, value]) => `${path}=${flow(value)}`);
}
/** A value as flow YAML, which JSON is but for -0. */
function flow(value) {
	if (Object.is(value, -0)) return "-0.0";
	if (Array.isArray(value)) return `[${value.map(flow).join(", ")}]`;
	if (typeof value === "object" && value !== null) return `{ ${Object.entries(value).map(([key, item]) => `${quoted(key)}: ${flow(item)}`).join(", ")} }`;
	return typeof value === "string" ? quoted(value) : String(value);
}
/** In double quotes; characters that are refused or folded in a file are written by their numbers. */
const quoted = (text) => JSON.stringify(text).replaceAll(/[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`);
// src/sweeps/transport/trial-sender.ts
/** The job whose state the run of a trial goes on from. */
const stateTag = "layerline.job";
/** Sends trials of a sweep to machines that reach nothing of this one, and records here what they did. */
var TrialSender = class {
	#request;
	#ready = /* @__PURE__ */ new Map();
	constructor(request) {
		this.#request = request;
	}
	/**
	* Brings the job of a trial to where its machine finds it.
	*
	* @param untilEpoch the epoch at whose end it pauses; left out: the whole training
	* @throws UserError where it cannot be sent
	*/
	async jobOf(trial, { id, need, untilEpoch }) {
		const { checked, portable } = await this.#readyFor(trial);
		const directory = this.#directoryOf(trial);
		const after = readTexts(join(directory, "tags"))[stateTag];
		const { pipeline } = checked;
		const runName = readMeta(join(directory, "meta.yaml"))?.["run_name"];
		const part = {
			run: {
				id: basename(directory),
				name: typeof runName === "string" ? runName : pipeline.name,
				experiment: pipeline.tracking.experiment ?? pipeline.name
			},
			...untilEpoch !== void 0 && { untilEpoch },
			json: true,
			...after !== void 0 && { after }
		};
		return this.#request.sender.send(portable, part, {
			id,
			need
		});
	}
	/**
	* Records what a job of a trial did, if it came to leave anything; once taken, it changes nothing.
	*
	* @throws UserError where the store cannot be read, or what is there is not what it has to be
	*/
	async takeIn(trial, id) {
		const { sender, tracker } = this.#request;
		const result = await sender.resultOf(id);
		const run = result && await tracker.reopen(this.#directoryOf(trial));
		if (run === void 0) return;
		recordConfiguration(run, (await this.#readyFor(trial)).checked);
		await takeIn(result, {
			store: sender.store,
			run,
			cache: cacheFolder(tracker.runsDirectory)
		});
		run.tags({ [stateTag]: id });
		const { status } = result;
		await run.finish(status === "FINISHED" || status === "KILLED" ? status : "FAILED", Date.now());
	}
	close() {
		return this.#request.sender.close();
	}
	#directoryOf({ run }) {
		return runFolderAt(this.#request.tracker.runsDirectory, run);
	}
	#readyFor({ number, values }) {
		const known = this.#ready.get(number) ?? this.#prepare(values);
		this.#ready.set(number, known);
		return known;
	}
	async #prepare(values) {
		const { checked, settingsOf } = this.#request;
		const { source, settings } = checked.base;
		const one = await checkAndFetch(source, [...settings, ...settingsOf(values)]);
		return {
			checked: one,
			portable: await makePortable(one)
		};
	}
};
// src/sweeps/choose-parts.ts
/** What a sweep of a file is put together of, by what the file says. @param program the main file of this one */
function chooseParts(program, waiting) {
	return {
		program,
		check: (file) => checkSweepFile(file, waiting),
		settingsOf,
		openSearch: ({ search, space, goal, seed }) => searches[search].open({
			space,
			goal,
			seed
		}),
		promotionsOf,
		openExecutor: (on, folder) => openExecutor(on, { folder }),
		openSender: async (checked, tracker) => {
			const { on } = checked.sweep;
			if (on.type === "local") return void 0;
			return new TrialSender({
				checked,
				sender: await JobSender.open({
					on: on.type,
					program,
					...remoteOf(checked.base)
				}),
				tracker,
				settingsOf
			});
		},
		needOf: ({ on, parallel }) => needOf(on, parallel)
	};
}
function promotionsOf({ sweep: { asha, goal }, base }) {
	if (asha === void 0) return void 0;
	const ladder = {
		rungs: rungsOf(asha, base.pipeline.train.epochs),
		factor: asha.factor,
		goal
	};
	return {
		rungs: ladder.rungs,
		next: (trials) => nextPromotion(trials, ladder),
		closing: (trials) => closingPromotion(trials, ladder)
	};
}
// src/base/rank-trials.ts
/** A number by which trials are put in order: the smaller, the better. @param score finite */
function loss(score, { direction }) {
	return direction === "maximize" ? -score : score;
}
/**
* The trials that count, best first; of equal ones the earlier. Those that were trained to their end come before all
* others, as they alone have a model. Failed trials and scores that are no finite number do not count.
*/
function rankTrials({ trials, goal }) {
	return trials.filter((trial) => trial.state !== "failed" && Number.isFinite(trial.score)).sort((one, other) => Number(other.state === "finished") - Number(one.state === "finished") || loss(one.score, goal) - loss(other.score, goal) || one.number - other.number);
}
const states = [
	"finished",
	"running",
	"paused",
	"queued",
	"stopped",
	"failed"
];
/** How many trials are in a state, of those states that there are. */
function countStates(trials) {
	return states.map((state) => [state, trials.filter((trial) => trial.state === state).length]).filter(([, count]) => count > 0);
}
// src/charts/sweep/show-value.ts
/** A value of a trial on one line, as a pipeline file has it: `adam`, `{ conv2d: { filters: 32 } }`. */
function showValue(value) {
	if (value === void 0) return "–";
	if (typeof value === "number" && Number.isFinite(value)) return String(value);
	return stringify(value, {
		collectionStyle: "flow",
		lineWidth: 0,
		aliasDuplicateObjects: false
	}).trimEnd().replaceAll(/\s*\n\s*/g, " ");
}
/** The same for where values are compared: of a number that is drawn from a range, four digits. */
function showRoughly(value, distribution) {
	return showValue(distribution?.kind === "float" && typeof value === "number" && Number.isFinite(value) ? Number(value.toPrecision(4)) : value);
}
// src/sweeps/describe-sweep.ts
const top$1 = 5;
const longestValue = 40;
/**
* A sweep for the terminal: how many trials there are, the best one's values as they are, and a table of the five best.
* Whatever names and values hold, the terminal shows it and obeys none of it.
*
* @returns lines, each with its end
*/
function describeSweep(record) {
	const { name, goal, space, trials, startTime, endTime } = record;
	const ranked = rankTrials(record);
	const counts = countStates(trials).map(([state, count]) => `${showCount(count)} ${state}`);
	const took = endTime === void 0 ? "" : `, ${showDuration(Math.max(0, endTime - startTime) / 1e3)}`;
	const head = `${name}: ${[`${showCount(trials.length)} ${trials.length === 1 ? "trial" : "trials"}`, ...counts].join(", ")}${took}`;
	const winner = ranked[0];
	if (winner === void 0) return inLines([
		head,
		`no trial has a ${goal.metric}`,
		...whyNone(record)
	]);
	const paths = Object.keys(space);
	const rows = [[
		"trial",
		goal.metric,
		"epochs",
		...paths
	], ...ranked.slice(0, top$1).map(({ number, score, epochs, values }) => [
		String(number),
		showMeasure(score),
		String(epochs),
		...paths.map((path) => shorten(showRoughly(values[path], space[path]), longestValue))
	])];
	return inLines([
		head,
		`best ${goal.metric}: ${showMeasure(winner.score)}, trial ${winner.number}`,
		...paths.map((path) => `  ${path}: ${showValue(winner.values[path])}`),
		"",
		...inColumns(rows.map((row) => row.map(makeVisible)))
	]);
}
/** The reason of the first failed trial, as that is what to mend. */
function whyNone({ trials }) {
	const failed = trials.find(({ reason }) => reason !== void 0);
	return failed === void 0 ? [] : [`trial ${failed.number} ${failed.state}: ${failed.reason}`];
}
const inLines = (lines) => lines.map((line) => `${makeVisible(line)}\n`).join("");
function inColumns(rows) {
	const widths = rows[0].map((_, k) => Math.max(...rows.map((row) => displayWidth(row[k]))));
	return rows.map((row) => row.map((word, k) => word + " ".repeat(widths[k] - displayWidth(word))).join("  ").trimEnd());
}
// src/sweeps/sweep-journal.ts
const trial = whole;
const step = {
	trial,
	rung: whole,
	attempt: whole
};
const kinds = {
	sweep: object({
		type: oneOf("sweep"),
		/** 12 hexadecimal digits. */
		id: text(/^[0-9a-f]{12}$/),
		name: text(),
		/** The sweep file, from the folder of the runs. */
		file: text(),
		/** Counted from 1: how many sweeps of this file there were. */
		generation: whole,
		/** All that decides what is suggested and trained; an edited file is seen by it. */
		identity: record(anything),
		/** Cores of each trial, the same for all: the bits depend on them. */
		cpu: number,
		/** Milliseconds since 1970. */
		startTime: number
	}),
	/** The run that all others are below, as `EXPERIMENT/RUN`. */
	parent: object({
		type: oneOf("parent"),
		run: text()
	}),
	suggested: object({
		type: oneOf("suggested"),
		trial,
		values: record(anything),
		at: number
	}),
	created: object({
		type: oneOf("created"),
		trial,
		run: text()
	}),
	promoted: object({
		type: oneOf("promoted"),
		trial,
		rung: whole,
		at: number
	}),
	/** Written before it is done: a job of that name is known, or is still to be started. */
	submitted: object({
		type: oneOf("submitted"),
		...step,
		at: number
	}),
	ended: object({
		type: oneOf("ended"),
		...step,
		state: oneOf("done", "failed", "stopped", "lost"),
		exitCode: optional(whole),
		reason: optional(text()),
		/** Why it is tried again; left out: it is not. */
		again: optional(oneOf("lost", "memory", "stopped")),
		seconds: number,
		at: number
	}),
	/** Failed trials that the user gave another attempt. */
	retried: object({
		type: oneOf("retried"),
		trials: list(trial),
		at: number
	}),
	/** The driver ended; it may go on. `at` is in seconds that drivers were at work so far, as everywhere here. */
	ending: object({
		type: oneOf("ending"),
		why: oneOf("done", "failures", "budget", "stopped", "interrupted"),
		endTime: number,
		at: number
	})
};
/** The journal of a sweep: every decision is in it before anything comes of it. */
var SweepJournal = class SweepJournal {
	#path;
	#file;
	#lines;
	constructor(path, lines) {
		this.#path = path;
		this.#file = openSync(path, "a");
		this.#lines = lines;
	}
	/**
	* Begins a journal, where there is none, or one without a whole first line.
	*
	* @throws the file system's own error
	*/
	static begin(path, head) {
		makeFolder(dirname(path));
		if (existsSync(path)) truncateSync(path);
		const journal = new SweepJournal(path, []);
		journal.add(head);
		syncFolder(dirname(path));
		return journal;
	}
	/**
	* Opens a journal to go on with it. What a kill left of a last line is cut off.
	*
	* @throws UserError where a line is damaged; the file system's own error
	*/
	static open(path) {
		const { lines, wholeBytes } = readJournal(path);
		truncateSync(path, wholeBytes);
		return new SweepJournal(path, [...lines]);
	}
	get lines() {
		return this.#lines;
	}
	/** Adds a line; it is on the disk when this returns. @throws UserError where it cannot be written */
	add(line) {
		const json = JSON.stringify(line);
		try {
			appendWhole(this.#file, `${checksum(json)} ${json}\n`);
			fdatasyncSync(this.#file);
		} catch (error) {
			throw failure("sweep-not-written", `${this.#path} cannot be written: ${error.message}`, "Make room there, and give the same command again: the sweep goes on.", error);
		}
		this.#lines.push(line);
	}
	close() {
		closeSync(this.#file);
	}
};
/** Bytes that a journal may have: hundred thousands of trials. */
const longest = 5e8;
/** Bytes of the first line: it holds the pipeline. */
const longestHead = 2e7;
/**
* Reads a journal, which another process may write.
*
* @returns wholeBytes without what a kill left of a last line
* @throws UserError that names the line where one is damaged; the file system's own error
*/
function readJournal(path) {
	const bytes = readFileSync(path);
	if (bytes.length > longest) throw damaged(path, 1, "it is longer than any journal");
	const wholeBytes = bytes.lastIndexOf(10) + 1;
	const lines = bytes.subarray(0, wholeBytes).toString().split("\n").slice(0, -1).map((line, index) => {
		const read = readLine(line);
		if (read === void 0) throw damaged(path, index + 1, "it is not as it was written");
		return read;
	});
	lines.forEach(({ type }, index) => {
		if (type === "sweep" !== (index === 0)) throw damaged(path, index + 1, "it stands in the wrong place");
	});
	return {
		lines,
		wholeBytes
	};
}
/** What a journal begins with, whatever is behind; undefined: that is damaged. */
function readHead(path) {
	const text = readFileSync(path).subarray(0, longestHead).toString();
	const head = readLine(text.slice(0, Math.max(0, text.indexOf("\n"))));
	return head?.type === "sweep" ? head : void 0;
}
function damaged(path, line, why) {
	return failure("sweep-journal-damaged", `line ${line} of ${path} is damaged: ${why}`, "Put the file back from a copy; or begin anew with `pipeline sweep FILE --fresh`, where what trials have trained is kept and taken without training it again.");
}
function readLine(line) {
	const json = line.slice(9);
	if (line[8] !== " " || line.slice(0, 8) !== checksum(json)) return void 0;
	try {
		const value = JSON.parse(json);
		return isLine(value) ? value : void 0;
	} catch {
		return;
	}
}
const typed = object({ type: oneOf(...Object.keys(kinds)) });
function isLine(value) {
	return hasForm(typed, value) && hasForm(kinds[value.type], value);
}
function checksum(json) {
	return crc32(json).toString(16).padStart(8, "0");
}
// src/sweeps/open-sweep.ts
/** Where the records of sweeps lie: beside the runs, as MLflow takes every folder among them for an experiment. */
function sweepsFolder(runsDirectory) {
	const store = resolve(runsDirectory);
	return ownFolder(dirname(store), ".layerline", "sweeps", basename(store));
}
/**
* Opens the sweep of a file: the one that was begun goes on, unless what decides its trials changed.
*
* @throws UserError where another process is at it, the file or its pipeline changed in mid-sweep, the journal is
*   damaged, or the disk cannot be written
*/
async function openSweep(request) {
	const { checked, runsDirectory, fresh, warn } = request;
	const root = sweepsFolder(runsDirectory);
	const file = fileFrom(runsDirectory, checked.source.name);
	makeFolder(root);
	const claimed = await claimSweep(join(root, keyOf(file)), checked.source.name, warn);
	try {
		const last = lastOf(root, file);
		const identity = identityOf(checked);
		if (last !== void 0 && !fresh) {
			const { lines } = readJournal(journalIn(last.folder));
			const [head] = lines;
			const changed = head?.type === "sweep" ? changesOf(head.identity, identity) : [];
			const end = lines.findLast(({ type }) => type === "ending");
			if (head?.type === "sweep" && changed.length === 0) return opened(SweepJournal.open(journalIn(last.folder)), {
				folder: last.folder,
				head
			}, claimed);
			if (changed.length > 0 && !(end?.type === "ending" && end.why === "done")) throw editedInMidSweep(checked.source.name, changed);
		}
		const generation = (last?.generation ?? 0) + 1;
		const id = hash([
			file,
			identity,
			generation
		]).slice(0, 12);
		const { name } = checked.sweep;
		const startTime = Date.now();
		const head = {
			type: "sweep",
			id,
			name,
			file,
			generation,
			identity,
			cpu: request.cpu,
			startTime
		};
		const folder = join(root, `${keyOf(file)}-${generation}`);
		return opened(SweepJournal.begin(journalIn(folder), head), {
			folder,
			head
		}, claimed);
	} catch (error) {
		claimed.release();
		throw error;
	}
}
function opened(journal, place, claimed) {
	const former = formerOf(place);
	return {
		...place,
		...former && { former },
		journal,
		close: () => {
			journal.close();
			claimed.release();
		}
	};
}
function formerOf({ folder, head: { generation } }) {
	const before = folder.replace(/\d+$/, String(generation - 1));
	const head = generation > 1 && existsSync(journalIn(before)) ? readHead(journalIn(before)) : void 0;
	return head && {
		folder: before,
		jobs: jobsOf(head)
	};
}
/**
* What the newest sweep of a file has done, and where it lies; undefined: there is none.
*
* @throws UserError where its journal is damaged
*/
function sweepOf(runsDirectory, file) {
	const last = lastOf(sweepsFolder(runsDirectory), fileFrom(runsDirectory, file));
	if (last === void 0) return void 0;
	const { lines } = readJournal(journalIn(last.folder));
	const [head] = lines;
	return head?.type === "sweep" ? {
		head,
		lines,
		folder: last.folder
	} : void 0;
}
/** The file of a claim on all sweeps of a file. */
function claimOf(runsDirectory, file) {
	return join(sweepsFolder(runsDirectory), keyOf(fileFrom(runsDirectory, file)));
}
/** The beginning of the ids of a sweep's jobs: executors take letters, digits, `_`, `.` and `-`. */
function jobsOf({ name, id }) {
	const plain = name.replaceAll(/[^\w.-]+/g, "-").replace(/^[^A-Za-z0-9]+/, "").slice(0, 60);
	return `${plain === "" ? "sweep" : plain}-${id}`;
}
const fileFrom = (runsDirectory, file) => relative(realPath(runsDirectory), realPath(file));
const keyOf = (file) => `file-${hash(file).slice(0, 12)}`;
const hash = (value) => createHash("sha256").update(JSON.stringify(value)).digest("hex");
async function claimSweep(path, file, warn) {
	const tell = () => warn(warning("looks-for-life", `waiting up to ${silence / 1e3} s for a sign of life of the process that was last at the sweep ${file}, which may be at work in another container or on another host`));
	for (;;) {
		const claimed = claim(path);
		if (claimed !== void 0) return claimed;
		if (await isAtWork(path, tell)) throw failure("sweep-at-work", `another process is at the sweep ${file}`, `Wait for it, or end it with \`pipeline sweep ${file} --stop\`: nothing of it is lost.`);
	}
}
/** A kill may leave the newest without a whole first line, and the one before the newest. */
function lastOf(root, file) {
	const beginning = `${keyOf(file)}-`;
	return (existsSync(root) ? readdirSync(root) : []).filter((name) => name.startsWith(beginning) && /^[1-9]\d{0,8}$/.test(name.slice(beginning.length))).map((name) => ({
		folder: join(root, name),
		generation: Number(name.slice(beginning.length))
	})).filter(({ folder }) => existsSync(journalIn(folder)) && readFileSync(journalIn(folder)).includes("\n")).toSorted((a, b) => b.generation - a.generation)[0];
}
const journalIn = (folder) => join(folder, "journal.jsonl");
/** What decides which trials a sweep has, and what each trains. How many, and where, may change while it goes on. */
function identityOf({ sweep, base }) {
	const { seed, goal, space, search, asha } = sweep;
	const { tracking: _, ...pipeline } = withoutAddresses(base.resolved);
	const own = {
		seed,
		goal,
		space: space.map(({ path, distribution }) => ({
			path,
			distribution
		})),
		search,
		asha: asha ?? null
	};
	return JSON.parse(JSON.stringify({
		sweep: own,
		pipeline
	}));
}
/** Paths of what differs, such as `pipeline.train.epochs`. */
function changesOf(before, now, path = "") {
	if (JSON.stringify(before) === JSON.stringify(now)) return [];
	const isMap = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
	if (!isMap(before) || !isMap(now)) return [path];
	const [a, b] = [before, now];
	return [.../* @__PURE__ */ new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) => changesOf(a[key], b[key], path === "" ? key : `${path}.${key}`));
}
function editedInMidSweep(file, changed) {
	const list = `${changed.slice(0, 3).map((path) => {
		const [whose, ...rest] = path.split(".");
		return whose === "sweep" ? `\`${rest.join(".")}\` of the sweep` : `\`${rest.join(".")}\` of the pipeline`;
	}).map((name) => shorten(name, 120)).join(", ")}${changed.length > 3 ? ", ..." : ""}`;
	return new UserError({
		code: "sweep-edited",
		severity: "error",
		message: `the sweep ${file} is under way, and ${list} changed since it began: its trials could not be compared`,
		hint: `Put it back as it was, and the sweep goes on; or begin anew with \`pipeline sweep ${file} --fresh\`.`
	}, 2);
}
/**
* The share of the variance of the trials' ranks between groups of like values: Kelley's epsilon squared of a one-way
* analysis (1935), which is the correlation ratio less what groups of so few explain by chance. Groups are the choices,
* or up to eight of equally many trials by the value. Ranks, as one loss of 1e6 would else be all the variance; groups,
* as the best value mostly lies between the bounds. Interactions count for none of their parameters.
*
* @returns undefined for fewer than `fewestTrials`
*/
function importances(record) {
	const epoch = record.rungs?.[0];
	const scored = epoch === void 0 ? rankTrials(record) : atEpoch(record, epoch);
	if (scored.length < 10) return void 0;
	const ranks = midRanks(scored.map(({ score }) => loss(score, record.goal)));
	return {
		parameters: Object.entries(record.space).map(([path, distribution]) => ({
			path,
			share: explained(groupsOf(scored, path, distribution), ranks)
		})).sort((one, other) => other.share - one.share),
		trials: scored.length,
		...epoch === void 0 ? {} : { epoch }
	};
}
/** Trials with what they had after the first rung: more epochs are better, whatever the values. */
function atEpoch({ trials, goal }, epoch) {
	return rankTrials({
		trials: trials.flatMap((trial) => {
			const score = trial.curve[epoch - 1];
			return score === void 0 ? [] : [{
				...trial,
				score
			}];
		}),
		goal
	});
}
/** The rank of each number, from 1; equal ones have the mean of theirs. */
function midRanks(numbers) {
	const sorted = [...numbers].sort((one, other) => one - other);
	const places = /* @__PURE__ */ new Map();
	sorted.forEach((number, i) => {
		const known = places.get(number);
		if (known === void 0) places.set(number, {
			first: i + 1,
			count: 1
		});
		else known.count++;
	});
	return numbers.map((number) => {
		const { first, count } = places.get(number);
		return first + (count - 1) / 2;
	});
}
const mostGroups = 8;
/** Trials that a group has at least, so that its mean says something. */
const fewestInGroup = 5;
/** The group of each trial. */
function groupsOf(trials, path, { kind }) {
	const values = trials.map(({ values }) => values[path]);
	const numbers = values.filter((value) => typeof value === "number" && Number.isFinite(value));
	if (kind === "choice" || numbers.length < values.length) return values.map((value) => JSON.stringify(value) ?? "undefined");
	const count = Math.max(3, Math.min(mostGroups, Math.floor(values.length / fewestInGroup)));
	if (new Set(numbers).size <= count) return numbers.map(String);
	return midRanks(numbers).map((rank) => String(Math.floor((rank - .5) / numbers.length * count)));
}
function explained(groups, ranks) {
	const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
	const squares = (numbers) => {
		const middle = mean(numbers);
		return numbers.reduce((sum, number) => sum + (number - middle) ** 2, 0);
	};
	const members = /* @__PURE__ */ new Map();
	groups.forEach((group, i) => {
		const known = members.get(group);
		if (known === void 0) members.set(group, [ranks[i]]);
		else known.push(ranks[i]);
	});
	const [trials, total] = [ranks.length, squares(ranks)];
	if (total === 0 || members.size < 2 || members.size >= trials) return 0;
	const within = [...members.values()].reduce((sum, group) => sum + squares(group), 0);
	return Math.max(0, 1 - within / total * ((trials - 1) / (trials - members.size)));
}
// src/charts/sweep/axis.ts
/** The axis of a parameter: its bounds, or a place for each choice. */
function parameterAxis(distribution) {
	if (distribution.kind === "choice") return choiceAxis(distribution.choices);
	return numberAxis(distribution.low, distribution.high, distribution.log);
}
function choiceAxis(choices) {
	const places = new Map(choices.map((choice, i) => [JSON.stringify(choice), (i + .5) / choices.length]));
	return {
		at: (value) => places.get(JSON.stringify(value)),
		ticks: choices.map((choice, i) => ({
			at: (i + .5) / choices.length,
			text: showValue(choice)
		}))
	};
}
/** An axis of numbers; what lies beyond its ends stands at them. */
function numberAxis(low, high, log = false) {
	const isLog = log && low > 0;
	const by = isLog ? Math.log10 : (value) => value / 2;
	const [from, span] = [by(low), by(high) - by(low)];
	const place = (value) => span > 0 ? Math.min(1, Math.max(0, (by(value) - from) / span)) : .5;
	return {
		at: (value) => typeof value === "number" && Number.isFinite(value) ? place(isLog ? Math.max(value, low) : value) : void 0,
		ticks: (isLog ? logTicks(low, high) : linearTicks(low, high)).map((value) => ({
			at: place(value),
			text: showTick(value)
		}))
	};
}
function linearTicks(low, high) {
	if (!(high > low)) return [low];
	const rough = high / 6 - low / 6;
	const power = 10 ** Math.floor(Math.log10(rough));
	const step = power * ([
		1,
		2,
		5,
		10
	].find((factor) => factor * power >= rough) ?? 10);
	const first = Math.ceil(low / step);
	const inside = Array.from({ length: 8 }, (_, i) => Number(((first + i) * step).toPrecision(12))).filter((tick) => tick <= high);
	return Number.isFinite(step) && inside.length > 1 ? inside : [low, high];
}
function logTicks(low, high) {
	const [first, last] = [Math.ceil(Math.log10(low) - 1e-9), Math.floor(Math.log10(high) + 1e-9)];
	const every = Math.max(1, Math.ceil((last - first) / 5));
	const powers = Array.from({ length: Math.max(0, Math.floor((last - first) / every) + 1) }, (_, i) => Number(`1e${first + i * every}`));
	return powers.length > 1 ? powers : [low, high];
}
function showTick(value) {
	const size = Math.abs(value);
	if (size !== 0 && (size >= 1e6 || size < 1e-4)) return Number(value.toPrecision(4)).toExponential().replace("e+", "e");
	return String(Number(value.toPrecision(6)));
}
/** How far behind the best a score may lie, in distances of the best from the worst of the better three quarters. */
const farthest = 3;
/**
* The axis of all scores; a few that are far worse than the others would press these into a line, and stand at its end.
*
* @param scores finite, at least one, in any order
*/
function goalAxis(scores, goal) {
	const losses = scores.map((score) => loss(score, goal)).sort((one, other) => one - other);
	const [best, worst] = [losses[0], losses.at(-1)];
	const most = losses[Math.floor(.75 * (losses.length - 1))];
	const limit = most > best ? Math.min(worst, best + farthest * (most - best)) : worst;
	const end = Number.isFinite(limit) ? limit : worst;
	const [low, high] = goal.direction === "maximize" ? [-end, -best] : [best, end];
	const room = (high / 2 - low / 2) * .1;
	return {
		...Number.isFinite(low - room) && Number.isFinite(high + room) ? numberAxis(low - room, high + room) : numberAxis(low, high),
		beyond: losses.filter((each) => each > end).length
	};
}
/** What the caption says of what lies beyond the axis. */
function tellBeyond({ beyond }) {
	return beyond === 0 ? "" : ` ${showCount(beyond)} far worse than the others ${beyond === 1 ? "is" : "are"} drawn at the edge.`;
}
// src/charts/sweep/marks.ts
/** Tenths of a pixel are seen by nobody, and their digits would be most of the page. */
const short = (pixels) => String(Number(pixels.toFixed(1)));
const place = ([x, y]) => `${short(x)} ${short(y)}`;
/** Lines as one path; a line of fewer than two points is none. */
function drawLines(lines, { color, width, opacity = 1, dashed }) {
	const d = lines.filter((line) => line.length > 1).map((line) => `M${line.map(place).join("L")}`).join("");
	const more = `${opacity === 1 ? "" : ` stroke-opacity="${opacity}"`}${dashed ? " stroke-dasharray=\"4 4\"" : ""}`;
	return d === "" ? "" : `<path d="${d}" fill="none" stroke="${color}" stroke-width="${width}" stroke-linejoin="round"${more}/>`;
}
/** Points as one path of lines without length, which have round ends: a tenth of the bytes of circles. */
function drawDots(points, { color, width, opacity = 1 }) {
	const d = points.map((point) => `M${place(point)}h0`).join("");
	const more = opacity === 1 ? "" : ` stroke-opacity="${opacity}"`;
	return d === "" ? "" : `<path d="${d}" fill="none" stroke="${color}" stroke-width="${width}" stroke-linecap="round"${more}/>`;
}
/** A text of 12 pixels with its base line at a place. */
function drawText([x, y], text, { anchor, color = palette.muted.light, bold, halo } = {}) {
	const more = `${anchor === void 0 ? "" : ` text-anchor="${anchor}"`}${bold ? " font-weight=\"600\"" : ""}`;
	const at = `<text x="${short(x)}" y="${short(y)}" font-size="12"${more}`;
	return `${halo ? `${at} stroke="${palette.paper.light}" stroke-width="4" fill="none">${escape(text)}</text>` : ""}${at} fill="${color}">${escape(text)}</text>`;
}
/** Paths, each cut to its end where it is wider than `width`: that is what tells them apart, and what people know. */
function fitPaths(paths, width) {
	const short = paths.map((path) => {
		if (textWidth(path, 12) <= width) return path;
		const parts = path.split(".");
		return parts.map((_, i) => `…${parts.slice(i).join(".")}`).slice(1).find((end) => textWidth(end, 12) <= width) ?? path;
	});
	return fitTexts(new Set(short).size === new Set(paths).size ? short : paths, width, 12);
}
/** Where a value of an upright axis lies in a box, which 1 is the top of. */
const heightIn = ({ y, height }, at) => y + (1 - at) * height;
/** Lines across the box for the ticks of an upright axis, and their texts on its left. */
function drawUpright(box, axis) {
	const lines = axis.ticks.map(({ at }) => [[box.x, heightIn(box, at)], [box.x + box.width, heightIn(box, at)]]);
	const texts = axis.ticks.map(({ at, text }) => drawText([box.x - 8, heightIn(box, at) + 4], fitText(text, 60, 12), { anchor: "end" }));
	return drawLines(lines, {
		color: palette.grid.light,
		width: 1
	}) + texts.join("");
}
/**
* The texts of a level axis below the box, each with the room that its neighbours leave, and none where they leave
* none.
*/
function drawLevel(box, axis) {
	const room = box.width / Math.max(1, axis.ticks.length) - 12;
	const texts = fitTexts(axis.ticks.map(({ text }) => text), Math.max(room, 36), 12);
	const every = Math.ceil(36 / Math.max(1, room));
	return axis.ticks.map(({ at }, i) => i % every === 0 ? drawText([box.x + at * box.width, box.y + box.height + 18], texts[i], { anchor: "middle" }) : "").join("");
}
// src/charts/sweep/some-of.ts
/** Trials that a figure draws a line or a point of, as more are a blot, and bytes. */
const mostDrawn = 300;
/** Of many trials some, evenly by their rank, the best and the worst among them; and what the caption says of it. */
function someOf(ranked) {
	if (ranked.length <= mostDrawn) return {
		drawn: ranked,
		tell: ""
	};
	const step = (ranked.length - 1) / 299;
	return {
		drawn: Array.from({ length: mostDrawn }, (_, i) => ranked[Math.round(i * step)]),
		tell: ` ${mostDrawn} of ${ranked.length} trials are drawn, evenly by rank.`
	};
}
// src/charts/sweep/parallel-coordinates.ts
const { ink: ink$2, muted: muted$2, blue: blue$2, vermilion: vermilion$2 } = palette;
const gap = 150;
const [left, top, height] = [
	100,
	34,
	300
];
/** Texts that an axis has room for. */
const mostTicks = 16;
const boxOf = (i) => ({
	x: left + i * gap,
	y: top,
	width: 0,
	height
});
/** Each trial as a line over all parameters to the goal. @param ranked best first, at least one */
function parallelCoordinates({ goal, space, trials }, ranked) {
	const { drawn, tell } = someOf(ranked);
	const scores = goalAxis(ranked.map(({ score }) => score), goal);
	const axes = [...Object.entries(space).map(([name, distribution]) => {
		const axis = parameterAxis(distribution);
		return {
			name,
			axis,
			of: ({ values }) => axis.at(values[name])
		};
	}), {
		name: goal.metric,
		axis: scores,
		of: ({ score }) => scores.at(score)
	}];
	const names = fitPaths(axes.map(({ name }) => name), 138);
	const lineOf = (trial) => axes.flatMap(({ of }, i) => {
		const at = of(trial);
		return at === void 0 ? [] : [[boxOf(i).x, heightIn(boxOf(i), at)]];
	});
	const lines = drawn.map(lineOf);
	const good = Math.max(1, Math.round(lines.length / 10));
	const body = [
		drawLines(lines.slice(good), {
			color: muted$2.light,
			width: 1,
			opacity: lines.length > 100 ? .22 : .4
		}),
		drawLines(lines.slice(1, good), {
			color: blue$2.light,
			width: 1.6,
			opacity: .8
		}),
		drawLines(lines.slice(0, 1), {
			color: vermilion$2.light,
			width: 2.6
		}),
		...axes.map(({ axis }, i) => drawAxis(axis, names[i], i, i === axes.length - 1))
	].join("");
	const without = trials.length - ranked.length;
	const caption = `Each line is a trial, from parameter to parameter to its ${goal.metric}: the best is the thick line, the best tenth is blue, the others are grey.${without === 0 ? "" : ` Left out: ${without} without a score.`}${tellBeyond(scores)}${tell}`;
	const drawing = {
		width: left + (axes.length - 1) * gap + 80,
		height: top + height + 10,
		body
	};
	return drawFigure("Parameters and goal", caption, drawing);
}
/** The goal's texts stand on the right, where no line is. */
function drawAxis({ ticks }, name, i, isGoal) {
	const { x } = boxOf(i);
	const every = Math.ceil(ticks.length / mostTicks);
	const shown = ticks.filter((_, k) => k % every === 0);
	const texts = fitTexts(shown.map(({ text }) => text), 90, 12);
	return [
		drawLines([[[x, top], [x, top + height]]], {
			color: muted$2.light,
			width: 1.4
		}),
		...shown.map(({ at }, k) => {
			const y = heightIn(boxOf(i), at) + 4;
			return isGoal ? drawText([x + 8, y], texts[k]) : drawText([x - 7, y], texts[k], {
				anchor: "end",
				color: ink$2.light,
				halo: true
			});
		}),
		drawText([x, 12], name, {
			anchor: "middle",
			color: ink$2.light,
			bold: true
		})
	].join("");
}
// src/charts/sweep/trial-curves.ts
const { muted: muted$1, ink: ink$1, blue: blue$1, vermilion: vermilion$1 } = palette;
/** Points of a curve that are drawn: as many as pixels would show. */
const mostPoints = 120;
/** The goal over the epochs, of sweeps with rungs and of others whose trials told of more than one epoch. */
function drawCurves(record, ranked) {
	const { goal, rungs = [] } = record;
	const trials = ranked.filter(({ curve }) => curve.some(Number.isFinite));
	const last = Math.max(...rungs, ...trials.map(({ curve }) => curve.length), 0);
	if (trials.length === 0 || last < 2) return [];
	const { drawn, tell } = someOf(trials);
	const axis = goalAxis(trials.flatMap(({ curve }) => curve.filter(Number.isFinite)), goal);
	const level = numberAxis(1, last);
	const whole = {
		...level,
		ticks: level.ticks.filter(({ text }) => /^\d+$/.test(text))
	};
	const box = {
		x: 70,
		y: rungs.length === 0 ? 10 : 44,
		width: 560,
		height: 280
	};
	const across = (epoch) => box.x + (level.at(epoch) ?? 0) * box.width;
	const lineOf = ({ curve }) => thinned(curve).flatMap(([epoch, score]) => {
		const at = axis.at(score);
		return at === void 0 ? [] : [[across(epoch), heightIn(box, at)]];
	});
	const isWhole = ({ curve }) => curve.length >= last;
	const [winner, ...others] = drawn;
	const ends = (some) => some.flatMap((trial) => lineOf(trial).slice(-1));
	const partial = others.filter((trial) => !isWhole(trial));
	const body = [
		drawUpright(box, axis),
		drawLevel(box, whole),
		...rungs.map((epochs, i) => drawRung(box, across(epochs), reached(record, epochs), i)),
		drawLines(partial.map(lineOf), {
			color: muted$1.light,
			width: 1,
			opacity: .5
		}),
		drawDots(ends(partial), {
			color: muted$1.light,
			width: 5,
			opacity: .7
		}),
		drawLines(others.filter(isWhole).map(lineOf), {
			color: blue$1.light,
			width: 1.4,
			opacity: .8
		}),
		drawLines([lineOf(winner)], {
			color: vermilion$1.light,
			width: 2.6
		}),
		drawDots(ends([winner]), {
			color: vermilion$1.light,
			width: 9
		}),
		drawText([box.x + box.width / 2, box.y + box.height + 38], "epoch", { anchor: "middle" })
	].join("");
	const caption = `${goal.metric} of each trial over its epochs: the best is the thick line, those trained to the end are blue, the others grey, with a point where they ended.${tellRungs(record)}${tellBeyond(axis)}${tell}`;
	const title = rungs.length === 0 ? "Curves of the trials" : "Rungs";
	return [drawFigure(title, caption, {
		width: 650,
		height: box.y + box.height + 46,
		body
	})];
}
function thinned(curve) {
	const every = Math.ceil(curve.length / mostPoints);
	return curve.map((score, i) => [i + 1, score]).filter(([epoch]) => epoch % every === 0 || epoch === 1 || epoch === curve.length);
}
const reached = ({ trials }, rung) => trials.filter(({ epochs }) => epochs >= rung).length;
/** Neighbours have their texts on two levels, as rungs at the start are near one another. */
function drawRung(box, x, count, i) {
	return drawLines([[[x, box.y], [x, box.y + box.height]]], {
		color: ink$1.light,
		width: 1,
		dashed: true
	}) + drawText([x, box.y - 8 - i % 2 * 16], showCount(count), {
		anchor: "middle",
		color: ink$1.light
	});
}
function tellRungs(record) {
	const { rungs, trials } = record;
	if (rungs === void 0 || rungs.length === 0) return "";
	const started = trials.filter(({ state }) => state !== "failed" && state !== "queued");
	const trained = started.reduce((sum, { epochs }) => sum + epochs, 0);
	const all = started.length * rungs.at(-1);
	const each = rungs.map((rung) => `${showCount(reached(record, rung))} reached ${rung}`);
	const saved = all > 0 ? ` Trained: ${showCount(trained)} epochs where all to the end would be ${showCount(all)}, ${Math.round(100 * Math.max(0, 1 - trained / all))} % saved.` : "";
	return ` Rungs are the dashed lines, with how many trials came to them (epochs: ${each.join(", ")}).${saved}`;
}
// src/charts/sweep/sweep-figures.ts
const { ink, muted, grid, blue, vermilion } = palette;
/** The figures of a sweep; none where no trial has a score. */
function sweepFigures(record) {
	const ranked = rankTrials(record);
	if (ranked.length === 0) return [];
	return [
		bestSoFar$1(record, ranked),
		...drawImportance(record),
		parallelCoordinates(record, ranked)
	].concat(drawCurves(record, ranked), slices(record, ranked));
}
const scoresOf = (ranked) => ranked.map(({ score }) => score);
function bestSoFar$1({ goal, trials }, ranked) {
	const axis = goalAxis(scoresOf(ranked), goal);
	const last = Math.max(...trials.map(({ number }) => number));
	const box = {
		x: 70,
		y: 10,
		width: 430,
		height: 260
	};
	const level = numberAxis(1, last);
	const whole = {
		...level,
		ticks: level.ticks.filter(({ text }) => /^\d+$/.test(text))
	};
	const at = (number, score) => [box.x + (level.at(number) ?? 0) * box.width, heightIn(box, axis.at(score) ?? 0)];
	const inOrder = [...ranked].sort((one, other) => one.number - other.number);
	const steps = [];
	let best;
	for (const { number, score } of inOrder) {
		if (best !== void 0) steps.push(at(number, best));
		if (best === void 0 || loss(score, goal) < loss(best, goal)) best = score;
		steps.push(at(number, best));
	}
	steps.push(at(last, best));
	const winner = ranked[0];
	const body = [
		drawUpright(box, axis),
		drawLevel(box, whole),
		drawDots(inOrder.map(({ number, score }) => at(number, score)), {
			color: muted.light,
			width: 6,
			opacity: .6
		}),
		drawLines([steps], {
			color: blue.light,
			width: 2.2
		}),
		drawDots([at(winner.number, winner.score)], {
			color: vermilion.light,
			width: 11
		}),
		drawText([box.x + box.width / 2, box.y + box.height + 38], "trial", { anchor: "middle" })
	].join("");
	const caption = `The line is the best ${goal.metric} up to each trial, the grey points are single trials, the large point is the best. A line that is level for long says that more trials help little.${tellBeyond(axis)}`;
	return drawFigure("Best so far", caption, {
		width: 520,
		height: 320,
		body
	});
}
function drawImportance(record) {
	const found = importances(record);
	if (found === void 0) return [];
	const { parameters, trials, epoch } = found;
	const names = fitPaths(parameters.map(({ path }) => path), 240);
	const left = Math.max(...names.map((name) => textWidth(name, 12))) + 14;
	const [room, row] = [260, 26];
	const body = parameters.map(({ share }, i) => {
		const y = i * row + row / 2;
		const length = Math.max(1.5, share * room);
		return drawText([left - 10, y + 4], names[i], {
			anchor: "end",
			color: ink.light
		}) + drawLines([[[left, y], [left + room, y]]], {
			color: grid.light,
			width: 14
		}) + drawLines([[[left, y], [left + length, y]]], {
			color: blue.light,
			width: 14
		}) + drawText([left + room + 44, y + 4], `${Math.round(100 * share)} %`, { anchor: "end" });
	});
	const caption = `How much of what makes trials better or worse each parameter alone explains, from ${trials} trials${epoch === void 0 ? "" : `, all as they were after ${epoch === 1 ? "the first epoch" : `epoch ${epoch}`}`}: the share of the variance of their ranks (epsilon squared). What parameters do only together counts for none; the shares need not come to 100 %.${trials < 30 ? " So few trials give it roughly." : ""}`;
	const drawing = {
		width: left + room + 50,
		height: parameters.length * row,
		body: body.join("")
	};
	return [drawFigure("Importance of each parameter", caption, drawing)];
}
function slices({ goal, space }, ranked) {
	const axis = goalAxis(scoresOf(ranked), goal);
	const { drawn: shown, tell } = someOf(ranked);
	const entries = Object.entries(space);
	const columns = Math.min(3, entries.length);
	const [width, height] = [230, 170];
	const names = fitPaths(entries.map(([path]) => path), width);
	const plots = entries.map(([path, distribution], i) => {
		const box = {
			x: 66 + i % columns * (width + 84),
			y: 24 + Math.floor(i / columns) * (height + 74),
			width,
			height
		};
		const level = parameterAxis(distribution);
		const places = shown.flatMap(({ values, score }) => {
			const at = level.at(values[path]);
			return at === void 0 ? [] : [[box.x + at * width, heightIn(box, axis.at(score) ?? 0)]];
		});
		return [
			drawText([box.x, box.y - 10], names[i], {
				color: ink.light,
				bold: true
			}),
			drawUpright(box, axis),
			drawLevel(box, level),
			drawDots(places.slice(1), {
				color: muted.light,
				width: 6,
				opacity: .55
			}),
			drawDots(places.slice(0, 1), {
				color: vermilion.light,
				width: 10
			})
		].join("");
	});
	const caption = `${goal.metric} of each trial over each parameter, the best as the large point. Good trials at an end of a parameter say that its range should be wider there.${tellBeyond(axis)}${tell}`;
	const drawing = {
		width: 66 + columns * (width + 84) - 66,
		height: 24 + Math.ceil(entries.length / columns) * (height + 74) - 44,
		body: plots.join("")
	};
	return drawFigure("Goal over each parameter", caption, drawing);
}
// src/charts/sweep/sweep-report.ts
/**
* A sweep as one HTML page that needs nothing else: no script, no address, no file. The same record gives the same
* bytes. Names, values and reasons are plain text and are escaped.
*/
function writeSweepReport(record) {
	const { name, id, search, goal, startTime } = record;
	const started = new Date(startTime).toISOString().slice(0, 16).replace("T", " ");
	const about = `<p class="about">Sweep <code>${escape(id)}</code> to ${goal.direction} ${escape(goal.metric)}, search ${escape(search)}, started ${started} UTC</p>`;
	const figures = sweepFigures(record);
	const ranked = rankTrials(record);
	return renderPage(name, about, [
		tiles(record, ranked),
		best(record, ranked),
		figures.length === 0 ? "" : renderFigures(figures) + tooFew(ranked),
		trialTable(record, ranked)
	]);
}
function tiles(record, ranked) {
	const { goal, trials, startTime, endTime } = record;
	const winner = ranked[0];
	const states = countStates(trials).map(([state, count]) => [state.charAt(0).toUpperCase() + state.slice(1), showCount(count)]);
	return renderTiles([
		[`Best ${goal.metric}`, winner === void 0 ? "–" : showMeasure(winner.score)],
		["Best trial", winner === void 0 ? "–" : String(winner.number)],
		["Trials", showCount(trials.length)],
		...states,
		["Time of trials", showDuration(trials.reduce((sum, { seconds }) => sum + seconds, 0))],
		["Wall time", endTime === void 0 ? "not ended" : showDuration(Math.max(0, endTime - startTime) / 1e3)]
	]);
}
function best({ goal, space, trials }, [winner]) {
	if (winner === void 0) {
		const told = trials.length === 0 ? "No trial has started yet." : `No trial has a ${goal.metric} that is a number, so there is nothing to draw.`;
		return section("Best values", `<p class="note">${escape(told)}</p>`);
	}
	const rows = Object.keys(space).map((path) => [path, showValue(winner.values[path])]);
	const run = winner.runId === void 0 ? "" : `, run <code>${escape(winner.runId)}</code>`;
	return section("Best values", `<p class="note">Trial ${winner.number} with ${escape(goal.metric)} ${showMeasure(winner.score)}, ${winner.state} after ${showCount(winner.epochs)} ${winner.epochs === 1 ? "epoch" : "epochs"}${run}.</p>` + renderTable("Values of the best trial", [{ title: "Parameter" }, { title: "Value" }], rows));
}
function tooFew(ranked) {
	if (ranked.length >= 10) return "";
	return `\n<p class="note">The importance of parameters is told from 10 trials with a score on.</p>`;
}
/** Rows that are seen at once, and those that the page has at all. */
const open = 20;
const mostRows = 1e3;
const longestCell = 80;
function trialTable({ goal, space, trials }, ranked) {
	const scored = new Set(ranked);
	const sorted = [...ranked, ...trials.filter((trial) => !scored.has(trial))];
	const columns = [
		{
			title: "Trial",
			number: true
		},
		{
			title: goal.metric,
			number: true
		},
		{ title: "State" },
		...Object.entries(space).map(([title, { kind }]) => kind === "choice" ? { title } : {
			title,
			number: true
		}),
		{
			title: "Epochs",
			number: true
		},
		{
			title: "Time",
			number: true
		}
	];
	const rows = sorted.slice(0, mostRows).map((trial) => [
		String(trial.number),
		trial.score === void 0 ? "–" : showMeasure(trial.score),
		trial.reason === void 0 ? trial.state : `${trial.state}: ${shorten(trial.reason, 160)}`,
		...Object.entries(space).map(([path, of]) => shorten(showRoughly(trial.values[path], of), longestCell)),
		showCount(trial.epochs),
		showDuration(trial.seconds)
	]);
	const rest = rows.slice(open);
	const folded = rest.length === 0 ? "" : `<details><summary>The other ${showCount(rest.length)}</summary>${renderTable("Further trials", columns, rest)}</details>`;
	const missing = sorted.length > mostRows ? `<p class="note">${showCount(sorted.length - mostRows)} more are left out; <code>pipeline runs</code> lists all.</p>` : "";
	return section("Trials", "<p class=\"note\">The best first, those without a score last.</p>" + renderTable("Trials, the best first", columns, rows.slice(0, open)) + folded + missing);
}
// src/sweeps/trial-runs.ts
/** The runs that an earlier driver made and may not have noted, by what their tag says. */
async function foundRuns({ tracker, id }) {
	const found = /* @__PURE__ */ new Map();
	for await (const run of new LocalRuns(tracker.runsDirectory).newestFirst()) {
		if (run.tag(sweepTags.sweep) !== id) continue;
		found.set(run.tag(sweepTags.trial) ?? "parent", `${run.experimentId}/${run.runId}`);
	}
	return found;
}
/** Makes the run that those of all trials are below. @throws UserError where it cannot be recorded */
async function startParent({ tracker, base, name, id, file }) {
	const { pipeline } = base;
	return tracker.start({
		experiment: pipeline.tracking.experiment ?? pipeline.name,
		runName: name,
		startTime: Date.now(),
		tags: {
			[sweepTags.sweep]: id,
			"mlflow.source.name": file,
			"mlflow.source.type": "LOCAL",
			"mlflow.user": userName()
		}
	});
}
/**
* Makes the run of a trial, for its job to take up.
*
* @returns its place, `EXPERIMENT/RUN`
* @throws UserError where it cannot be recorded
*/
async function createTrialRun({ tracker, base, name, id }, parent, { number, settings, values }) {
	const { pipeline, source } = base;
	const run = await tracker.start({
		experiment: pipeline.tracking.experiment ?? pipeline.name,
		runName: nameRun({
			pipeline: {
				...pipeline,
				name: `${name}-${number}`
			},
			settings
		}, void 0, /* @__PURE__ */ new Date()),
		startTime: Date.now(),
		tags: {
			[sweepTags.trial]: String(number),
			[sweepTags.sweep]: id,
			"mlflow.parentRunId": parent.serverRunId ?? parent.runId,
			"mlflow.source.name": source.name,
			"mlflow.source.type": "LOCAL",
			"mlflow.user": userName()
		}
	});
	run.params(Object.fromEntries(Object.entries(values).map(([path, value]) => [keyFor(path), textOf(value)])));
	await run.finish("KILLED", Date.now());
	return placeOf(tracker, run.directory);
}
/** Closes the run of a trial that failed, where its process did not. @param place `EXPERIMENT/RUN` */
async function closeFailed({ tracker }, place, reason) {
	const run = await tracker.reopen(runFolderAt(tracker.runsDirectory, place));
	run?.tags({ "pipeline.error": reason });
	await run?.finish("FAILED", Date.now());
}
/** The place of a run, `EXPERIMENT/RUN`. */
function placeOf({ runsDirectory }, directory) {
	return relative(runsDirectory, directory);
}
/** The key of a param for a path: MLflow takes no brackets. */
function keyFor(path) {
	return path.replaceAll(/\[(\d+)\]/g, ".$1");
}
const textOf = (value) => typeof value === "string" ? value : JSON.stringify(value);
/**
* Reads the run of a trial.
*
* @param place `EXPERIMENT/RUN`
* @throws UserError where it leads out of the store; the file system's own error
*/
function readTrial(runsDirectory, place, { metric }) {
	const directory = runFolderAt(runsDirectory, place);
	const recorded = readRun(directory);
	const texts = recorded.tags;
	const perEpoch = /* @__PURE__ */ new Map();
	const single = {};
	for (const { key, value, step } of ownMetrics(recorded.metrics)) if (step < 1) single[key] = value;
	else perEpoch.set(step, {
		...perEpoch.get(step),
		[key]: value
	});
	let epochs = 0;
	while (perEpoch.has(epochs + 1)) epochs++;
	const kept = Number(texts["best_epoch"] ?? epochs);
	const error = texts["pipeline.error"];
	return {
		runId: basename(directory),
		status: stateOf$1(readMeta(join(directory, "meta.yaml"))?.["status"]),
		metrics: {
			...perEpoch.get(kept),
			...single
		},
		curve: Array.from({ length: epochs }, (_, epoch) => perEpoch.get(epoch + 1)?.[metric] ?? NaN),
		epochs,
		missedGate: texts["pipeline.gates"] === "failed",
		...error === void 0 || error === "" ? {} : { error }
	};
}
const ownMetrics = (metrics) => metrics.filter(({ key }) => !key.startsWith("system/"));
// src/sweeps/parent-run.ts
/**
* Opens the run that those of all trials are below: the one that a driver before made, whether it came to note it or
* not, or a new one.
*
* @throws UserError where it is gone, or cannot be recorded
*/
async function openParent(place, journal, sweep) {
	const noted = journal.lines.find((line) => line.type === "parent");
	const where = noted?.type === "parent" ? noted.run : (await foundRuns(place)).get("parent");
	const run = where === void 0 ? await startParent(place) : await reopened(place, where);
	if (noted === void 0) journal.add({
		type: "parent",
		run: placeOf(place.tracker, run.directory)
	});
	run.tags({ [sweepTags.file]: sweepFingerprint(place.text) });
	const { space, search, goal, seed } = sweep;
	run.params({
		search,
		goal: `${goal.direction} ${goal.metric}`,
		seed: String(seed),
		...Object.fromEntries(space.map(({ path, distribution }) => [keyFor(path), JSON.stringify(distribution)]))
	});
	return run;
}
async function reopened({ tracker, file }, where) {
	const directory = runFolderAt(tracker.runsDirectory, where);
	const meta = join(directory, "meta.yaml");
	if (stateOf$1(readMeta(meta)?.["status"]) === "FINISHED") editMeta(meta, { status: statusNumber.KILLED });
	for (let looks = 0; existsSync(meta) && looks < 50; looks++) {
		const run = await tracker.reopen(directory);
		if (run !== void 0) return run;
		await setTimeout(200);
	}
	throw failure("sweep-run-gone", `the run ${where} of the sweep is no longer in ${tracker.runsDirectory}, or another process is at it`, `Put it back, or begin anew with \`pipeline sweep ${file} --fresh\`.`);
}
// src/sweeps/sweep-record.ts
/** A trial as the search, the promotion of rungs and the report see it. @param facts left out: it has no run yet */
function trialRecord(trial, facts, { metric }) {
	const state = stateOf(trial, facts);
	const score = state === "finished" || state === "paused" ? facts?.metrics[metric] : void 0;
	return {
		number: trial.number,
		values: trial.values,
		state,
		...score === void 0 ? {} : { score },
		metrics: facts?.metrics ?? {},
		curve: facts?.curve ?? [],
		epochs: facts?.epochs ?? 0,
		seconds: trial.seconds,
		...facts === void 0 ? {} : { runId: facts.runId },
		...state === "failed" && trial.reason !== void 0 ? { reason: trial.reason } : {}
	};
}
function stateOf({ phase, attempts }, facts) {
	if (phase === "failed") return "failed";
	if (phase === "at-work") return "running";
	if (phase === "waiting") return attempts === 0 ? "queued" : "stopped";
	return facts !== void 0 && hasFinished(facts) ? "finished" : "paused";
}
/** Whether a run came to its end; one that misses what `evaluate.require` says was trained all the same. */
function hasFinished({ status, missedGate }) {
	return status === "FINISHED" || status === "FAILED" && missedGate;
}
/**
* The best of the trials so far. One that goes on, or is to, is no worse than at the end of the rung before.
*
* @param progress of the same trials, in the same order
*/
function bestSoFar(trials, progress, rungs, goal) {
	return rankTrials({
		trials: trials.map((trial, i) => {
			const { rung } = progress[i];
			const score = trial.score ?? (rung === 0 ? void 0 : trial.curve[rungs[rung - 1] - 1]);
			return score === void 0 ? trial : {
				...trial,
				score
			};
		}),
		goal
	})[0];
}
/** All that is known of a sweep. */
function recordOf({ id, name, startTime }, { goal, search, space }, trials, { rungs, endTime }) {
	return {
		name,
		id,
		goal,
		search,
		space: Object.fromEntries(space.map(({ path, distribution }) => [path, distribution])),
		...rungs === void 0 ? {} : { rungs },
		trials,
		startTime,
		...endTime === void 0 ? {} : { endTime }
	};
}
// src/sweeps/sweep-driver.ts
/** The file by which another process asks the driver to stop. */
const stopFile = (folder) => join(folder, "stop");
/** How the parent run ends. */
const statusOf = {
	done: "FINISHED",
	budget: "FINISHED",
	failures: "FAILED",
	stopped: "KILLED",
	interrupted: "KILLED"
};
/** Milliseconds between two looks at the epochs of trials that run. */
const lookAtEpochs = 1e3;
/** One process's work at a sweep. */
var SweepDriver = class {
	#request;
	#opened;
	#executor;
	#place;
	#trials;
	#facts = /* @__PURE__ */ new Map();
	#start = performance.now();
	/** Seconds that drivers before this one were at work. */
	#before;
	#parent;
	/** Runs that earlier drivers made and did not note. */
	#found;
	#isExhausted = false;
	#looked = 0;
	#told = /* @__PURE__ */ new Map();
	constructor(request, opened, executor) {
		const { checked, tracker } = request;
		[this.#request, this.#opened, this.#executor] = [
			request,
			opened,
			executor
		];
		const { name, id } = opened.head;
		const { name: file, text } = checked.source;
		this.#place = {
			tracker,
			base: checked.base,
			name,
			id,
			file,
			text
		};
		this.#trials = progressOf(opened.journal.lines);
		this.#before = opened.journal.lines.reduce((most, line) => Math.max(most, "at" in line ? line.at : 0), 0);
	}
	/** Works until the sweep is done, or has to end. @throws UserError see runSweep */
	async run() {
		const { checked, emit, retryFailed } = this.#request;
		rmSync(stopFile(this.#opened.folder), { force: true });
		const parent = await openParent(this.#place, this.#opened.journal, checked.sweep);
		this.#parent = parent;
		for (const { number } of this.#trials) this.#read(number);
		const failed = this.#trials.filter(({ phase }) => phase === "failed").map(({ number }) => number);
		if (retryFailed === true && failed.length > 0) this.#note({
			type: "retried",
			trials: failed,
			at: this.#at
		});
		const { sweep } = checked;
		emit({
			type: "sweep-started",
			name: this.#place.name,
			id: this.#place.id,
			runId: parent.runId,
			trials: sweep.trials,
			begun: this.#trials.length,
			metric: sweep.goal.metric
		});
		let why;
		try {
			why = await this.#work();
			if (why !== "done") await this.#stopAll();
		} catch (error) {
			await parent.finish("KILLED", Date.now());
			throw error;
		}
		return this.#end(parent, why);
	}
	get #at() {
		return this.#before + (performance.now() - this.#start) / 1e3;
	}
	get #records() {
		const { goal } = this.#request.checked.sweep;
		return this.#trials.map((trial) => trialRecord(trial, this.#facts.get(trial.number), goal));
	}
	get #atWork() {
		return this.#trials.filter(({ phase }) => phase === "at-work");
	}
	#note(line) {
		this.#opened.journal.add(line);
		follow(this.#trials, line);
	}
	#read(number) {
		const { run } = this.#trials[number - 1];
		if (run === void 0) return void 0;
		const facts = readTrial(this.#place.tracker.runsDirectory, run, this.#request.checked.sweep.goal);
		this.#facts.set(number, facts);
		return facts;
	}
	async #foundRuns() {
		this.#found ??= await foundRuns(this.#place);
		return this.#found;
	}
	/** Until nothing is left to do, or something ends it. */
	async #work() {
		const { signal, pause, checked } = this.#request;
		const { failures, budget } = checked.sweep;
		const most = budget.time === void 0 ? Infinity : duration.read(budget.time);
		for (;;) {
			await this.#collect();
			if (signal.aborted) return "interrupted";
			if (existsSync(stopFile(this.#opened.folder))) return "stopped";
			if (this.#trials.filter(({ phase }) => phase === "failed").length > failures) return "failures";
			if (this.#at >= most) return "budget";
			await this.#startSome();
			if (this.#atWork.length === 0) return "done";
			this.#tellEpochs();
			await setTimeout(pause, void 0, { signal }).catch(() => void 0);
		}
	}
	/** Looks what became of the jobs. */
	async #collect() {
		const open = this.#atWork;
		if (open.length === 0) return;
		const jobs = new Map((await this.#executor.list(this.#jobs)).map((job) => [job.id, job]));
		for (const trial of open) {
			const job = jobs.get(this.#idOf(trial));
			if (job === void 0) await this.#executor.submit(await this.#jobOf(trial));
			else if (job.state !== "queued" && job.state !== "running") await this.#ended(trial, job);
		}
	}
	get #jobs() {
		return jobsOf(this.#opened.head);
	}
	#idOf({ number, rung, attempts }) {
		return `${this.#jobs}-${number}-${rung}-${attempts}`;
	}
	async #jobOf(trial) {
		const { checked, settingsOf, program, args, need, promotions, tracker, sender } = this.#request;
		const { source, settings } = checked.base;
		const rungs = promotions?.rungs ?? [];
		const untilEpoch = trial.rung < rungs.length - 1 ? rungs[trial.rung] : void 0;
		const until = untilEpoch === void 0 ? [] : ["--until-epoch", String(untilEpoch)];
		const { cpu } = this.#opened.head;
		const own = {
			id: this.#idOf(trial),
			need: {
				...need,
				cpu
			}
		};
		if (sender !== void 0) return sender.jobOf(trial, {
			...own,
			...untilEpoch !== void 0 && { untilEpoch }
		});
		return {
			...own,
			argv: [
				...program,
				"run",
				source.name,
				...[...settings, ...settingsOf(trial.values)].flatMap((setting) => ["--set", setting]),
				...until,
				"--json",
				"--runs",
				tracker.runsDirectory,
				...args,
				"--into",
				trial.run
			],
			env: {
				PIPELINE_CORES: String(Math.ceil(cpu)),
				TF_NUM_INTEROP_THREADS: String(Math.ceil(cpu))
			},
			cwd: process.cwd()
		};
	}
	async #ended(trial, job) {
		const { number, rung, attempts: attempt, seconds: before } = trial;
		const { promotions, emit, sender } = this.#request;
		await sender?.takeIn(trial, this.#idOf(trial));
		const facts = this.#read(number);
		const wanted = promotions?.rungs[rung] ?? Infinity;
		const isDone = hasFinished(facts) || job.state === "done" && facts.epochs >= wanted;
		if (isDone) await this.#expectGoal(facts);
		const step = {
			type: "ended",
			trial: number,
			rung,
			attempt
		};
		const at = this.#at;
		const seconds = Math.max(0, at - this.#submittedAt(number));
		const { exitCode } = job;
		let again;
		if (isDone) this.#note({
			...step,
			state: "done",
			seconds,
			at
		});
		else {
			const state = job.state === "stopped" || job.state === "lost" ? job.state : "failed";
			again = reasonToRetry(trial, {
				state,
				...exitCode === void 0 ? {} : { exitCode }
			});
			const reason = await whyFailed(this.#executor, job, facts);
			const code = exitCode === void 0 ? {} : { exitCode };
			this.#note({
				...step,
				state,
				...code,
				reason,
				...again === void 0 ? {} : { again },
				seconds,
				at
			});
			if (again === void 0 && facts.status !== "FAILED") await closeFailed(this.#place, trial.run, reason);
		}
		const { goal } = this.#request.checked.sweep;
		const record = trialRecord(this.#trials[number - 1], facts, goal);
		const best = bestSoFar(this.#records, this.#trials, promotions?.rungs ?? [], goal);
		if (isDone && best !== void 0) this.#tellBest(best);
		emit({
			type: "trial-ended",
			trial: number,
			state: record.state,
			...record.score === void 0 ? {} : { score: record.score },
			seconds: before + seconds,
			...record.reason === void 0 ? {} : { reason: record.reason },
			again: again !== void 0,
			...best === void 0 ? {} : { best: {
				trial: best.number,
				score: best.score
			} }
		});
	}
	#submittedAt(number) {
		const line = this.#opened.journal.lines.findLast((one) => one.type === "submitted" && one.trial === number);
		return line?.type === "submitted" ? line.at : this.#at;
	}
	/** @throws UserError where a trial that is done has no value of the metric that the sweep goes by */
	async #expectGoal({ metrics, runId }) {
		const { goal } = this.#request.checked.sweep;
		if (goal.metric in metrics) return;
		await this.#stopJobs(this.#atWork);
		const names = Object.keys(metrics).map((name) => `\`${name}\``);
		throw failure("goal-not-reported", `the run ${runId} reports no \`${goal.metric}\`, by which the sweep is to choose`, `It reports ${shorten(names.join(", "), 300)}: name one of these in \`goal\`, and begin anew with --fresh.`);
	}
	/** Starts what there is room for. */
	async #startSome() {
		const { checked, need, signal } = this.#request;
		while (this.#atWork.length < checked.sweep.parallel && !signal.aborted) {
			if (!this.#mayHaveNext) return;
			if (await this.#executor.slots({
				...need,
				cpu: this.#opened.head.cpu
			}) <= 0) return;
			const next = await this.#next();
			if (next === void 0) return;
			await this.#submit(next);
		}
	}
	/** Saves a look at the executor where nothing can be started. */
	get #mayHaveNext() {
		const { checked, promotions } = this.#request;
		const isOpen = !this.#isExhausted && this.#trials.length < checked.sweep.trials;
		return promotions !== void 0 || isOpen || this.#trials.some(({ phase }) => phase === "waiting");
	}
	/** The number of the trial whose job is started next. What is decided for it is noted. */
	async #next() {
		const { checked, promotions, searcher } = this.#request;
		const waiting = this.#trials.find(({ phase }) => phase === "waiting");
		if (waiting !== void 0) return waiting.number;
		const promoted = promotions?.next(this.#records);
		if (promoted !== void 0) return this.#promote(promoted);
		const number = this.#trials.length + 1;
		if (!this.#isExhausted && number <= checked.sweep.trials) {
			const values = await searcher.suggest(number, this.#records);
			if (values !== void 0) {
				this.#note({
					type: "suggested",
					trial: number,
					values,
					at: this.#at
				});
				return number;
			}
			this.#isExhausted = true;
		}
		if (this.#atWork.length > 0) return void 0;
		const last = promotions?.closing(this.#records);
		return last === void 0 ? void 0 : this.#promote(last);
	}
	#promote({ trial, rung }) {
		this.#note({
			type: "promoted",
			trial,
			rung,
			at: this.#at
		});
		return trial;
	}
	async #submit(number) {
		const run = this.#trials[number - 1].run ?? await this.#runOf(number);
		const attempt = this.#trials[number - 1].attempts + 1;
		const { rung, values } = this.#trials[number - 1];
		const step = {
			trial: number,
			rung,
			attempt,
			at: this.#at
		};
		this.#note({
			type: "submitted",
			...step
		});
		if (hasFinished(this.#read(number))) return this.#ended(this.#trials[number - 1], {
			id: "",
			state: "done"
		});
		this.#request.emit({
			type: "trial-started",
			trial: number,
			values,
			runId: basename(run),
			rung,
			attempt
		});
		await this.#executor.submit(await this.#jobOf(this.#trials[number - 1]));
	}
	async #runOf(number) {
		const { values } = this.#trials[number - 1];
		const { checked, settingsOf } = this.#request;
		const settings = [...checked.base.settings, ...settingsOf(values)];
		const run = (this.#trials.length === number ? (await this.#foundRuns()).get(String(number)) : void 0) ?? await createTrialRun(this.#place, this.#parent, {
			number,
			settings,
			values
		});
		this.#note({
			type: "created",
			trial: number,
			run
		});
		return run;
	}
	/** Tells of epochs that ended, now and then. */
	#tellEpochs() {
		if (performance.now() - this.#looked < lookAtEpochs) return;
		this.#looked = performance.now();
		for (const { number } of this.#atWork) {
			const { epochs, curve } = this.#read(number);
			if (epochs <= (this.#told.get(number) ?? 0)) continue;
			this.#told.set(number, epochs);
			this.#request.emit({
				type: "trial-progress",
				trial: number,
				epoch: epochs,
				score: curve[epochs - 1]
			});
		}
	}
	/** Records the best value so far with the parent run. */
	#tellBest({ number, score, runId }) {
		const step = this.#opened.journal.lines.filter((line) => line.type === "ended" && line.state === "done").length;
		const key = `best_${this.#request.checked.sweep.goal.metric}`;
		this.#parent.metrics([{
			key,
			value: score,
			step,
			timestamp: Date.now()
		}]);
		this.#parent.tags({
			[sweepTags.best]: runId,
			[sweepTags.bestTrial]: String(number)
		});
	}
	async #stopJobs(trials) {
		await Promise.all(trials.map((trial) => this.#executor.stop(this.#idOf(trial))));
	}
	async #stopAll() {
		const open = this.#atWork;
		await this.#stopJobs(open);
		const jobs = new Map((await this.#executor.list(this.#jobs)).map((job) => [job.id, job]));
		for (const trial of open) {
			const id = this.#idOf(trial);
			const job = jobs.get(id);
			const isOver = job !== void 0 && job.state !== "queued" && job.state !== "running";
			await this.#ended(trial, isOver ? job : {
				id,
				state: "stopped"
			});
		}
	}
	async #end(parent, why) {
		const { checked, promotions, emit, signal } = this.#request;
		const endTime = Date.now();
		const records = this.#records;
		const record = recordOf(this.#opened.head, checked.sweep, records, {
			rungs: promotions?.rungs,
			endTime
		});
		const [best] = rankTrials(record);
		writeArtifact(parent, "report.html", writeSweepReport(record));
		writeArtifact(parent, "sweep.json", `${JSON.stringify(record, null, 1)}\n`);
		if (best !== void 0) await writeBest(this.#request, parent, best);
		this.#note({
			type: "ending",
			why,
			endTime,
			at: this.#at
		});
		for (const diagnostic of await parent.finish(statusOf[why], endTime, signal)) emit({
			type: "diagnostic",
			diagnostic
		});
		const { runId } = parent;
		emit({
			type: "sweep-finished",
			why,
			runId,
			trials: records.length,
			failed: records.filter(({ state }) => state === "failed").length,
			...best === void 0 ? {} : { best: {
				trial: best.number,
				score: best.score,
				runId: best.runId,
				values: best.values
			} }
		});
		return {
			record,
			why,
			runId,
			artifactDirectory: parent.artifactDirectory,
			...best === void 0 ? {} : { best }
		};
	}
};
// src/sweeps/run-sweep.ts
/**
* Begins the sweep of a file, or goes on with it: with what its journal, the executor and the runs of its trials say,
* so that a driver that was killed at any moment loses no trial and doubles none.
*
* @throws UserError where another process is at it, its file changed in mid-sweep, its journal is damaged, no trial
*   reports the metric of its goal, or nothing can be recorded
*/
async function runSweep(request) {
	const { checked, tracker, need, fresh = false, emit } = request;
	const warn = (diagnostic) => emit({
		type: "diagnostic",
		diagnostic
	});
	const opened = await openSweep({
		checked,
		runsDirectory: tracker.runsDirectory,
		cpu: need.cpu,
		fresh,
		warn
	});
	try {
		const { former } = opened;
		if (former !== void 0) await stopJobs(request.openExecutor(jobsIn(former.folder)), former.jobs);
		const executor = request.openExecutor(jobsIn(opened.folder));
		try {
			return await new SweepDriver(request, opened, executor).run();
		} finally {
			await executor.close();
		}
	} finally {
		opened.close();
	}
}
/** Where an executor keeps what it has of the jobs of a sweep. */
const jobsIn = (folder) => join(folder, "jobs");
/** Stops all jobs of a sweep, and lets go of the executor. @param jobs the beginning of their ids */
async function stopJobs(executor, jobs) {
	try {
		const open = (await executor.list(jobs)).filter(({ state }) => state === "queued" || state === "running");
		await Promise.all(open.map(({ id }) => executor.stop(id)));
	} finally {
		await executor.close();
	}
}
// src/commands/sweep-view.ts
/** JSON where asked for; on a terminal lines of trials that ended over a table of those that run; else lines alone. */
function chooseSweepView(json) {
	const write = (text) => void process.stdout.write(text);
	if (json) return {
		emit: (event) => write(`${JSON.stringify(toJson(event))}\n`),
		close: async () => {}
	};
	return canRedraw(process.stdout) ? liveTable(write, process.stdout.columns) : {
		emit: lines(write),
		close: async () => {}
	};
}
function toJson(event) {
	if (event.type !== "diagnostic") return hideSecretsIn(event);
	return {
		type: "diagnostic",
		diagnostic: diagnosticToJson(event.diagnostic)
	};
}
/** `train.batchSize 50, optimizer adam`: the last part of each path tells enough. */
const describeValues = (values) => Object.entries(values).map(([path, value]) => `${path.split(".").at(-1)} ${shorten(JSON.stringify(value), 40)}`).join(", ");
function describe(event, metric) {
	switch (event.type) {
		case "sweep-started": {
			const begun = event.begun === 0 ? "" : `, goes on after ${event.begun}`;
			return `sweep ${event.id} of ${event.name}: ${event.trials} trials${begun} (run ${event.runId})`;
		}
		case "trial-started": {
			const attempt = event.attempt === 1 ? "" : `, attempt ${event.attempt}`;
			const rung = event.rung === 0 ? "" : `, rung ${event.rung}`;
			return `trial ${event.trial}${rung}${attempt}: ${describeValues(event.values)}`;
		}
		case "trial-ended": {
			const score = event.score === void 0 ? "" : `  ${metric} ${showMeasure(event.score)}`;
			const best = event.best === void 0 ? "" : `  best ${showMeasure(event.best.score)} (trial ${event.best.trial})`;
			const reason = event.reason === void 0 ? "" : `  ${event.reason}`;
			const state = event.again ? "goes on in another attempt" : event.state;
			return `trial ${event.trial} ${state}${score}  ${showDuration(event.seconds)}${reason}${best}`;
		}
		case "sweep-finished": return `${event.trials} trials, ${event.failed} failed`;
		default: return;
	}
}
function lines(write) {
	let metric = "";
	return (event) => {
		if (event.type === "diagnostic") return write(printDiagnostics([event.diagnostic], {
			color: false,
			cwd: process.cwd()
		}));
		if (event.type === "sweep-started") ({metric} = event);
		const line = describe(event, metric);
		if (line !== void 0) write(`${makeVisible(line)}\n`);
	};
}
/** Rows of trials that run, written anew below the lines of what happened. */
function liveTable(write, columns) {
	const running = /* @__PURE__ */ new Map();
	let drawn = 0;
	const log = lines(write);
	const clear = () => {
		if (drawn > 0) write(`\u001B[${drawn}A\u001B[0J`);
		drawn = 0;
	};
	const draw = () => {
		const rows = [...running].slice(0, 20).map(([trial, { values, epoch, score }]) => {
			const state = epoch === void 0 ? "starts" : `epoch ${epoch}  ${showMeasure(score)}`;
			return makeVisible(`  ${String(trial).padStart(4)}  ${state.padEnd(20)}  ${values}`).slice(0, columns - 1);
		});
		if (rows.length > 0) write(`${rows.join("\n")}\n`);
		drawn = rows.length;
	};
	return {
		emit: (event) => {
			clear();
			if (event.type === "trial-started") running.set(event.trial, { values: describeValues(event.values) });
			if (event.type === "trial-ended") running.delete(event.trial);
			if (event.type === "trial-progress") {
				const { epoch, score } = event;
				running.set(event.trial, {
					values: running.get(event.trial)?.values ?? "",
					epoch,
					score
				});
			}
			if (event.type !== "trial-started") log(event);
			draw();
		},
		close: async () => {
			running.clear();
			clear();
		}
	};
}
// src/commands/sweep.ts
/** `pipeline sweep`: trains a pipeline with many values, and tells which are the best. */
function sweepCommand(parts = ownParts()) {
	return new Command("sweep").description("Train a pipeline with many values of a space, and find the best; the same command goes on with it").addArgument(new Argument("<file>", "sweep file")).addOption(new Option("--retry <which>", "give the trials that failed another attempt").choices(["failed"]).conflicts(["stop", "fresh"])).addOption(new Option("--stop", "end the sweep that another terminal is at: nothing is lost, and it may go on").conflicts("fresh")).option("--fresh", "begin anew, though a sweep of the file is under way; what was trained alike is taken from it").addOption(jsonOption("print one JSON event per line")).addOption(trackingUriOption("MLflow server to record the trials on, besides the local store (also MLFLOW_TRACKING_URI)")).addOption(runsOption()).action((file, options) => (options.stop ? stop : run)(file, options, parts));
}
const ownParts = () => chooseParts(process.argv[1], {
	emit: tellProgress(),
	untilInterrupted
});
async function run(file, options, parts) {
	const view = chooseSweepView(options.json === true);
	const warn = (diagnostic) => view.emit({
		type: "diagnostic",
		diagnostic
	});
	try {
		const checked = await parts.check(file);
		checked.warnings.forEach(warn);
		const { sweep, base } = checked;
		const ofFile = base.pipeline.tracking.uri;
		const uri = options.trackingUri ?? process.env["MLFLOW_TRACKING_URI"] ?? ofFile;
		const isTrusted = uri !== ofFile || ofFile !== void 0 && isTrustedUri(ofFile);
		const tracker = chooseTracker({
			uri,
			isTrusted,
			runsDirectory: options.runs,
			warn
		});
		const sender = await parts.openSender?.(checked, tracker);
		const searcher = await parts.openSearch(sweep);
		try {
			const promotions = parts.promotionsOf(checked);
			const outcome = await untilInterrupted((signal) => runSweep({
				checked,
				settingsOf: parts.settingsOf,
				searcher,
				...sender === void 0 ? {} : { sender },
				...promotions === void 0 ? {} : { promotions },
				openExecutor: (folder) => parts.openExecutor(sweep.on, folder),
				need: parts.needOf(sweep),
				tracker,
				program: [process.execPath, parts.program],
				args: options.trackingUri === void 0 ? [] : ["--tracking-uri", options.trackingUri],
				fresh: options.fresh === true,
				retryFailed: options.retry === "failed",
				pause: sweep.on.type === "local" ? 20 : 1e3,
				emit: view.emit,
				signal
			}));
			await view.close();
			if (options.json !== true) process.stdout.write(whereToLook(outcome, bestFile(checked), tracker.runsDirectory));
			endAs(outcome, file, options);
		} finally {
			await searcher.close();
			await sender?.close();
		}
	} finally {
		await view.close();
	}
}
/** @throws UserError where the sweep is not done */
function endAs({ why, record }, file, options) {
	const { trials } = record;
	const failed = trials.filter(({ state }) => state === "failed").length;
	const again = commandOf(file, options);
	if (why === "failures") throw failure("sweep-failed", `${failed} of ${trials.length} trials failed, more than \`failures\` allows: the sweep ended`, `See why, then give them another attempt with: ${again} --retry failed`);
	if (why !== "interrupted" && why !== "stopped") return;
	const open = trials.filter(({ state }) => state === "stopped").length;
	const finished = trials.filter(({ state }) => state === "finished").length;
	throw failure("interrupted", `the sweep was ${why}: ${finished} trials are finished, ${open} go on from their checkpoints`, `Go on with: ${again}`);
}
function commandOf(file, { trackingUri, runs }) {
	return ["npx pipeline sweep", ...[
		file,
		...trackingUri === void 0 ? [] : ["--tracking-uri", trackingUri],
		...runs === "runs" ? [] : ["--runs", runs]
	].map(shellWord)].join(" ");
}
function whereToLook({ best, record, runId, artifactDirectory }, file, runs) {
	const inside = relative(".", artifactDirectory);
	const folder = inside.startsWith("..") ? artifactDirectory : inside;
	return [
		"",
		...[
			describeSweep(record),
			...best === void 0 ? [] : [`run the best   npx pipeline run ${shellWord(file)}`],
			`report         ${folder}/report.html`,
			`recorded in    ${relative(".", runs) || "."} (run ${runId})`,
			`compare runs   ${uiCommand(runs)}`
		],
		""
	].join("\n");
}
/** Ends the sweep that another process is at, or the jobs that one which was killed has left. */
async function stop(file, { runs, json }, parts) {
	const found = sweepOf(runs, file);
	if (found === void 0) throw misuse("no-sweep", `no sweep of ${file} was begun in ${runs}`, "name the folder of its runs with --runs");
	const tell = (text) => void (json === true || process.stdout.write(`${text}\n`));
	const claim = claimOf(runs, file);
	if (await isAtWork(claim, () => tell("waiting for a sign of life of its driver"))) {
		createFile(stopFile(found.folder), "");
		tell("stopping its trials ...");
		while (await isAtWork(claim, () => void 0)) await setTimeout(100);
	} else {
		const { sweep } = await parts.check(file);
		await stopJobs(parts.openExecutor(sweep.on, jobsIn(found.folder)), jobsOf(found.head));
	}
	tell(`The sweep is stopped. Go on with: npx pipeline sweep ${shellWord(file)}`);
}
export { sweepCommand };
