import { a as meanInterval, n as isBound } from "./sample-intervals-Xvzy26hk.js";
import { Si as seedFor } from "./checks-359mGJ3h.js";
// src/base/repetitions.ts
/** The paths that repetitions and folds are told by. */
const seedPath = "seed";
const foldPath = "data.fold";
/**
* Mean, deviation and interval of each metric over the runs that finished. With folds, whose runs share most of what
* they are trained on, the interval is the wider one of `meanInterval`.
*/
function summarizeRepetitions({ space, trials }) {
	const folds = choicesOf(space[foldPath]);
	const finished = trials.filter(({ state }) => state === "finished");
	const names = [...new Set(finished.flatMap(({ metrics }) => Object.keys(metrics)))].filter((name) => !isBound(name));
	return {
		repeat: choicesOf(space["seed"]) ?? 1,
		...folds !== void 0 && { folds },
		finished: finished.length,
		metrics: names.flatMap((name) => {
			const numbers = finished.map(({ metrics }) => metrics[name]).filter((value) => Number.isFinite(value)).filter((value) => value !== void 0);
			if (numbers.length === 0) return [];
			return [{
				name,
				values: numbers,
				...meanInterval(numbers, folds === void 0 ? 0 : 1 / (folds - 1))
			}];
		})
	};
}
function choicesOf(distribution) {
	return distribution?.kind === "choice" ? distribution.choices.length : void 0;
}
/** What repetitions are, in words: `5 repetitions`, `5 folds`, `3 repetitions of 5 folds`. */
function describeRepetitions({ repeat, folds }) {
	if (folds === void 0) return `${repeat} repetitions`;
	return repeat === 1 ? `${folds} folds` : `${repeat} repetitions of ${folds} folds`;
}
// src/run/repetition-points.ts
/** Makes one training of a file that repeats itself. */
const onceSetting = "repeat=1";
/** The trainings of a pipeline; undefined where it is one. */
function repetitionSpace({ seed, repeat = 1, data: { folds = 1, fold } }) {
	const numbers = folds === 1 || fold !== void 0 ? [] : Array.from({ length: folds }, (_, k) => k + 1);
	if (repeat === 1 && numbers.length === 0) return void 0;
	return {
		seeds: Array.from({ length: repeat }, (_, k) => k === 0 ? seed : seedFor(seed, "repeat", k + 1)),
		folds: numbers
	};
}
/** How many trainings they are. */
const countTrainings = ({ seeds, folds }) => seeds.length * Math.max(1, folds.length);
/** The settings of each training, repetition by repetition, over those of the file. */
function settingsOfEach({ seeds, folds }) {
	const held = folds.length === 0 ? [[]] : folds.map((fold) => [`${foldPath}=${fold}`]);
	return seeds.flatMap((seed) => held.map((fold) => [
		onceSetting,
		`${seedPath}=${seed}`,
		...fold
	]));
}
export { describeRepetitions as a, summarizeRepetitions as c, settingsOfEach as i, onceSetting as n, foldPath as o, repetitionSpace as r, seedPath as s, countTrainings as t };
