import { Bo as object, Fo as flag, Go as text, Ho as optional, Io as hasForm, Ko as whole, Lo as list, Po as either, Vo as oneOf, Wo as such, zo as number } from "./checks-359mGJ3h.js";
import { l as plainPath } from "./run-folder-Dzo3EkAl.js";
// src/tracking/server/mlflow-answers.ts
/** The id of a run on a server: 32 hexadecimal digits; GitLab's server writes them with dashes. */
const serverRunId = text(/^([0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/);
/** The id of an experiment on a server: digits for MLflow's own stores, which take what fits this. */
const serverExperimentId = text(/^[a-zA-Z0-9][\w-]{0,63}$/);
/** A double in protobuf's JSON. */
const double = either(number, oneOf("NaN", "Infinity", "-Infinity"));
const tags = optional(list(object({
	key: text(),
	value: optional(text())
})));
const info = object({
	run_id: serverRunId,
	artifact_uri: text()
});
const value = {
	value: optional(double),
	timestamp: optional(number),
	step: optional(number)
};
const status = oneOf("RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED");
const dataset = object({
	name: text(),
	digest: text(),
	source_type: text(),
	source: text()
});
const version = object({
	version: text(/^[1-9]\d{0,9}$/),
	run_id: optional(text()),
	source: optional(text())
});
/** Milliseconds since 1970, within what a date can be. */
const time = such(number, (value) => Math.abs(value) <= 864e13);
const nothing = object({});
/** What is read of the answer to each call, and no more: a part of what MLflow's protocol says of it. */
const answers = partOfProtocol({
	getExperiment: object({ experiment: object({ name: text(/./) }) }),
	getExperimentByName: object({ experiment: object({
		experiment_id: serverExperimentId,
		lifecycle_stage: optional(text()),
		tags
	}) }),
	createExperiment: object({ experiment_id: serverExperimentId }),
	restoreExperiment: nothing,
	setExperimentTag: nothing,
	createRun: object({ run: object({ info }) }),
	searchRuns: object({
		runs: optional(list(object({
			info: object({
				run_id: serverRunId,
				artifact_uri: text(),
				run_name: optional(text()),
				experiment_id: optional(serverExperimentId),
				status: optional(status),
				start_time: optional(time),
				end_time: optional(time)
			}),
			data: optional(object({
				metrics: optional(list(object({
					key: text(),
					...value
				}))),
				params: tags,
				tags
			}))
		}))),
		next_page_token: optional(text())
	}),
	getRun: object({ run: object({
		info: object({
			run_id: serverRunId,
			run_name: optional(text()),
			lifecycle_stage: optional(text()),
			experiment_id: optional(serverExperimentId),
			artifact_uri: optional(text()),
			status: optional(status)
		}),
		data: optional(object({
			metrics: optional(list(object({
				key: text(),
				...value
			}))),
			params: tags,
			tags
		})),
		inputs: optional(object({ dataset_inputs: optional(list(object({ dataset }))) }))
	}) }),
	updateRun: nothing,
	logBatch: nothing,
	logInputs: nothing,
	getMetricHistory: object({
		metrics: optional(list(object(value))),
		next_page_token: optional(text())
	}),
	listArtifacts: object({
		root_uri: optional(text()),
		files: optional(list(object({
			path: text(),
			is_dir: optional(flag),
			file_size: optional(number)
		}))),
		next_page_token: optional(text())
	}),
	searchExperiments: object({
		experiments: optional(list(object({ experiment_id: serverExperimentId }))),
		next_page_token: optional(text())
	}),
	createRegisteredModel: nothing,
	createModelVersion: object({ model_version: version }),
	getModelVersion: object({ model_version: version }),
	setRegisteredModelAlias: nothing,
	getModelVersionByAlias: object({ model_version: version })
});
function partOfProtocol(table) {
	return table;
}
/** What is wrong with an answer, such as `without a proper run.info.run_id`; undefined where it is one. */
function faultOf(name, answer) {
	const place = answers[name](answer);
	return place === "" ? "with something that is not an object" : place && `without a proper ${place}`;
}
// src/tracking/server/journal-lines.ts
const pair = object({
	key: text(),
	value: text()
});
/** A data set that a run read. */
const input = object({
	name: text(),
	digest: text(),
	sourceType: text(),
	source: text(),
	schema: text(),
	profile: text(),
	context: oneOf("training", "validation", "test")
});
/** Kind of things -> one of them. */
const items = {
	params: pair,
	tags: pair,
	inputs: input,
	metrics: object({
		key: text(),
		value: double,
		step: whole,
		timestamp: whole
	}),
	artifacts: text(plainPath),
	status: object({
		status: oneOf("RUNNING", "FINISHED", "FAILED", "KILLED"),
		end_time: optional(whole)
	})
};
const entryOf = (item) => object({
	n: whole,
	items: list(item)
});
const entries = new Map(Object.entries(items).map(([kind, item]) => [kind, entryOf(item)]));
const refusals = new Map(Object.entries(items).map(([kind, item]) => [kind, object({
	items: list(item),
	reason: text(),
	cause: text()
})]));
/** What a server did not take, and why. */
const refusal = (value) => {
	const form = typeof value === "object" && value !== null && "kind" in value ? refusals.get(value.kind) : void 0;
	return form === void 0 ? "kind" : form(value);
};
const others = {
	done: object({
		done: list(whole),
		refused: optional(list(refusal))
	}),
	server: object({ server: object({
		runId: serverRunId,
		experimentId: serverExperimentId,
		artifactUri: text()
	}) }),
	destination: object({ destination: object({
		address: text(),
		experiment: object({
			name: text(),
			id: optional(serverExperimentId)
		}),
		run: object({
			run_name: text(),
			user_id: text(),
			start_time: whole
		}),
		key: text(/^[\w-]{1,64}$/)
	}) })
};
/**
* Whether something is what a line of a journal says. A journal may come from elsewhere: its checksums prove nothing of
* who wrote it.
*/
function isLine(value) {
	const entry = typeof value === "object" && value !== null && "kind" in value ? entries.get(value.kind) : void 0;
	if (entry !== void 0) return hasForm(entry, value);
	return Object.values(others).some((form) => hasForm(form, value));
}
export { serverRunId as i, isLine as n, faultOf as r, input as t };
