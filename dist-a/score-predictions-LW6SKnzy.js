import { Ri as countsAt, Ut as isReconstruction, ao as showCount, so as showMeasure, zi as isWholeText } from "./checks-359mGJ3h.js";
// src/models/score-predictions.ts
/** Counts what is predicted right, of the rows that say what is. */
var Scores = class {
	targets;
	sums;
	constructor(targets) {
		this.targets = targets;
		this.sums = targets.map(() => ({
			score: 0,
			counted: 0
		}));
	}
	add({ values, actual, prediction }) {
		for (const [k, { name }] of this.targets.entries()) {
			const error = prediction?.error?.[name];
			if (error === void 0) continue;
			this.sums[k].score += error;
			this.sums[k].counted++;
		}
		if (values === void 0 || actual === void 0) return;
		for (const [k, target] of this.targets.entries()) {
			const [right, sum] = [actual[k], this.sums[k]];
			const { predicted, there } = values[k];
			if (right === void 0) continue;
			for (let i = 0; i < right.length; i++) {
				if (there?.[Math.floor(i * there.length / right.length)] === 0) continue;
				if (isWholeText(target) && !countsAt(right, i, right.length)) continue;
				sum.score += target.kind === "class" ? Number(predicted[i] === right[i]) : Math.abs(predicted[i] - right[i]);
				sum.counted++;
			}
		}
	}
	/** `label: accuracy 0.9593 (9593 of 10000)`: a line for each target of which something is known. */
	lines() {
		return this.targets.flatMap((target, k) => {
			const { kind, name } = target;
			const { score, counted } = this.sums[k];
			if (counted === 0) return [];
			const mean = showMeasure(score / counted);
			if (isReconstruction(target)) return [`${name}: mean squared error ${mean} (of ${showCount(counted)})`];
			return [kind === "class" ? `${name}: accuracy ${mean} (${showCount(score)} of ${showCount(counted)})` : `${name}: mean absolute error ${mean} (of ${showCount(counted)})`];
		});
	}
};
export { Scores };
