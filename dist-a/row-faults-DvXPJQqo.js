import { r as __exportAll } from "./rolldown-runtime-C1I3wEg2.js";
import { Na as shorten, ao as showCount, xs as mistake } from "./checks-359mGJ3h.js";
// src/models/row-faults.ts
var row_faults_exports = /* @__PURE__ */ __exportAll({ RowFaults: () => RowFaults });
/** Other places that are named of a kind. */
const placesShown = 3;
/** What is wrong with rows, those of one kind as one: as many kinds as are asked for, and a count of the rest. */
var RowFaults = class {
	#kinds = /* @__PURE__ */ new Map();
	#most;
	#ofLabels;
	#count = 0;
	#untold = 0;
	/**
	* @param most kinds that are told
	* @param ofLabels what becomes of rows that can be used, but for what they say is right, as a sentence
	*/
	constructor(most, ofLabels = "") {
		this.#most = most;
		this.#ofLabels = ofLabels;
	}
	/** Rows with a fault. */
	get count() {
		return this.#count;
	}
	add({ place, fault, x }) {
		if (fault === void 0) return;
		this.#count++;
		const key = kindOf(fault, place);
		const kind = this.#kinds.get(key);
		if (kind !== void 0) {
			kind.count++;
			if (kind.others.length < placesShown) kind.others.push(placeOf(place, kind.file));
		} else if (this.#kinds.size < this.#most) {
			const hint = [fault.hint, x === void 0 ? "" : this.#ofLabels].filter(Boolean).join(" ");
			const first = hint === "" ? fault : {
				...fault,
				hint
			};
			this.#kinds.set(key, {
				first,
				file: place["file"],
				count: 1,
				others: []
			});
		} else this.#untold++;
	}
	/** In the order in which the first of each kind came. */
	diagnostics() {
		const told = [...this.#kinds.values()].map(({ first, count, others }) => {
			if (count === 1) return first;
			const more = count - 1 - others.length;
			const where = `${others.join(", ")}${more === 0 ? "" : ` and ${showCount(more)} more`}`;
			return {
				...first,
				message: `${first.message}; the same of ${showCount(count - 1)} more (${where})`
			};
		});
		if (this.#untold === 0) return told;
		const rows = `${showCount(this.#untold)} ${this.#untold === 1 ? "row" : "rows"}`;
		return [...told, mistake("rows-not-used", `${rows} more cannot be used either`)];
	}
};
/** Mistakes of which each value is a kind of its own: a class or category that the model lacks. */
const byValue = /* @__PURE__ */ new Set(["unknown-label", "unknown-category"]);
function kindOf({ code, message }, { file }) {
	const unplaced = (file === void 0 ? message : message.replaceAll(String(file), "")).replaceAll(/\b(?:line|row|index|character|word) \d+|\[\d+\]/g, "");
	return `${code} ${byValue.has(code) ? unplaced : unplaced.replace(/ is (?:'.*'|[^ ,]+),/, "")}`;
}
/** @param beside the file that was named already */
function placeOf(place, beside) {
	const parts = Object.entries(place).flatMap(([key, value]) => {
		if (key !== "file") return [`${key} ${value}`];
		return value === beside ? [] : [shorten(String(value), 200)];
	});
	return parts.length === 0 ? String(place["file"]) : parts.join(", ");
}
export { row_faults_exports as n, RowFaults as t };
