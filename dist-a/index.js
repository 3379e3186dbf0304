import { t as readyAtOnce } from "./all-readers-CMhiQH8D.js";
import { D as checkSource, E as checkFile, bs as failure, ui as decoded, vs as UserError } from "./checks-359mGJ3h.js";
import { t as loadLayersModel } from "./load-model-BqvIRzrC.js";
import { t as asked } from "./given-values-DXROl_Cm.js";
import { t as findModel } from "./find-model-Bck4tuWe.js";
import { t as runPipeline } from "./run-pipeline-BmCqHi7f.js";
import { t as chooseTracker } from "./choose-tracker-DaboSSyX.js";
// src/models/model-for-programs.ts
/** Rows that are named one by one where they cannot be used. */
const mostNamed = 20;
/**
* Loads a trained model, to ask it what `pipeline predict` would.
*
* @param reference the run that trained it, as all commands name one, or a folder that holds a model
* @throws UserError where there is none, or it is damaged
*/
async function loadModel(reference, options = {}) {
	const { runs = "runs", trackingUri = process.env["MLFLOW_TRACKING_URI"], warn = () => void 0, emit, signal = new AbortController().signal } = options;
	const { folder } = await findModel(reference, {
		runs,
		trackingUri
	}, {
		warn,
		signal
	});
	const { loadPredictor } = await import("./predictor-MOGzoeXl.js").then((n) => n.n);
	const { signature, reader, predict, dispose } = await loadPredictor(folder, emit);
	let isDisposed = false;
	return {
		signature,
		predict: async (rows, asking = {}) => {
			if (isDisposed) throw new Error("the model is disposed");
			if (!Array.isArray(rows)) throw failure("wrong-shape", "predict takes a list of rows", `The model takes ${reader.takes}.`);
			const given = [];
			for (const [k, row] of rows.entries()) given.push(await decoded(asked({ row: k }, () => reader.encode(row, `rows[${k}]`, "."))));
			const faults = given.flatMap(({ x, fault }) => x === void 0 ? [fault] : []);
			if (faults.length > 0) throw new UserError(faults.slice(0, mostNamed), 1);
			for (const { warning } of given) if (warning !== void 0) warn(warning);
			const predictions = [];
			for await (const { prediction } of predict(given, asking.signal)) predictions.push(prediction);
			return predictions;
		},
		dispose: () => {
			if (!isDisposed) dispose();
			isDisposed = true;
		}
	};
}
// src/index.ts
readyAtOnce();
export { UserError, checkFile, checkSource, chooseTracker, loadLayersModel, loadModel, runPipeline };
