import { Ci as xoroshiro128plus, _s as sizeOf, so as showMeasure } from "./checks-359mGJ3h.js";
import "./results-0nngyuh7.js";
// src/base/statistics.ts
/**
* The interval of a mean by Student's t.
*
* @param values at least one
* @param overlap samples tested per sample trained on, where each value is of another part of the same samples: such
* values are not independent, and the interval is Nadeau and Bengio's (Machine Learning 52, 2003). Left out: they are.
*/
function meanInterval(values, overlap = 0) {
	const { length: count } = values;
	const mean = values.reduce((sum, value) => sum + value, 0) / count;
	if (count < 2) return {
		mean,
		deviation: NaN,
		low: NaN,
		high: NaN
	};
	const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
	const deviation = Math.sqrt(squares / (count - 1));
	const half = studentQuantile(count - 1) * deviation * Math.sqrt(1 / count + overlap);
	return {
		mean,
		deviation,
		low: mean - half,
		high: mean + half
	};
}
/** The 0.975 quantile of Student's t. @param freedom degrees of it, at least 1 */
function studentQuantile(freedom) {
	const known = quantiles[freedom - 1];
	if (known !== void 0) return known;
	const z = 1.959963984540054;
	return [
		(z ** 3 + z) / 4,
		(5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
		(3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
		(79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92160
	].reduce((sum, term, k) => sum + term / freedom ** (k + 1), z);
}
/** Those of 1 to 30 degrees of freedom, as test/base/statistics.py prints them by scipy. */
const quantiles = [
	12.706204736174694,
	4.302652729749462,
	3.182446305283708,
	2.776445105197793,
	2.570581835636314,
	2.446911851144969,
	2.364624251592785,
	2.306004135204166,
	2.262157162798204,
	2.228138851986274,
	2.200985160082949,
	2.178812829667228,
	2.160368656462793,
	2.14478668791782,
	2.131449545559776,
	2.119905299221254,
	2.109815577833317,
	2.100922040241038,
	2.093024054408309,
	2.085963447265864,
	2.079613844727684,
	2.073873067904027,
	2.068657610419046,
	2.063898561628024,
	2.059538552753291,
	2.055529438642872,
	2.05183051648029,
	2.048407141795246,
	2.045229642132702,
	2.042272456301237
];
/**
* The percentile bootstrap of a mean over samples, each drawn whole (Efron 1979): what other samples like these would
* give. Of many samples fewer draws are made: their percentiles are as near.
*
* @returns undefined of fewer than two samples, or where the mean is not finite
*/
function bootstrapInterval({ sums, counts }, seed) {
	const { length: samples } = sums;
	if (samples < 2) return void 0;
	const random = xoroshiro128plus(seed);
	const draws = Math.max(leastDraws, Math.min(mostDraws, Math.floor(mostWork / samples)));
	const means = Float64Array.from({ length: draws }, () => {
		let [sum, count] = [0, 0];
		for (let k = 0; k < samples; k++) {
			const sample = Math.floor((random.next() >>> 0) / 2 ** 32 * samples);
			sum += sums[sample];
			count += counts[sample];
		}
		return sum / count;
	}).sort();
	const at = (share) => means[Math.min(draws - 1, Math.floor(share * draws))];
	const [low, high] = [at(.025), at(.975)];
	return Number.isFinite(low) && Number.isFinite(high) ? {
		low,
		high
	} : void 0;
}
const [leastDraws, mostDraws] = [200, 1e3];
/** Samples that all draws take together: some hundredths of a second. */
const mostWork = 2e6;
// src/base/sample-intervals.ts
/** Draws of the bootstrap: any would do, and one gives every run the same interval again. */
const seed = 1;
/**
* Where accuracy and mean absolute error would lie on other test samples like these, by their bootstrap: what the
* sample of the test is worth, not what another training would give.
*
* @returns by the metric's name; none of metrics that are no mean over samples
*/
function sampleIntervals({ metrics, outputs }) {
	const found = {};
	for (const output of outputs) {
		const own = output.kind === "class" ? "accuracy" : "meanAbsoluteError";
		const name = outputs.length > 1 ? `${output.name}_${own}` : own;
		const metric = Object.keys(metrics).find((key) => key.replace(/^[a-z]+_/, "") === name);
		const scores = metric === void 0 ? void 0 : scoresOf(output);
		const interval = scores && bootstrapInterval(scores, seed);
		if (metric !== void 0 && interval !== void 0) found[metric] = interval;
	}
	return found;
}
/** The same as metrics: `test_accuracy_ci_low`, `test_accuracy_ci_high`. */
function intervalMetrics(evaluation) {
	return Object.fromEntries(Object.entries(sampleIntervals(evaluation)).flatMap(([name, { low, high }]) => [[`${name}${lowEnding}`, low], [`${name}${highEnding}`, high]]));
}
/** What a metric's name ends in where it is a bound of another. */
const [lowEnding, highEnding] = ["_ci_low", "_ci_high"];
/** Whether a metric is a bound of another. */
const isBound = (name) => name.endsWith(lowEnding) || name.endsWith(highEnding);
/** The interval of a metric, in words, behind its value; nothing where it has none. */
function showBounds(name, metrics) {
	const [low, high] = [metrics[name + lowEnding], metrics[name + highEnding]];
	return low === void 0 || high === void 0 ? "" : ` (95 %: ${showMeasure(low)} to ${showMeasure(high)})`;
}
function scoresOf(output) {
	if (output.kind === "reconstruction") return void 0;
	const { shape, actual, predicted, there } = output;
	const each = sizeOf(shape);
	const samples = Math.floor(actual.length / each);
	const [sums, counts] = [new Float64Array(samples), new Float64Array(samples)];
	for (let place = 0; place < samples * each; place++) {
		if (there?.[place] === 0) continue;
		const sample = Math.floor(place / each);
		const apart = output.kind === "class" ? Number(actual[place] === predicted[place]) : Math.abs(actual[place] - predicted[place]);
		sums[sample] += apart;
		counts[sample] += 1;
	}
	return {
		sums,
		counts
	};
}
export { meanInterval as a, showBounds as i, isBound as n, sampleIntervals as r, intervalMetrics as t };
