import { Ft as rowsOf, H as namesOf, It as view, J as pipelineSchema, Jo as EXPECTED, Mt as EITHER, Pt as QUANTITY, Y as tables, Yo as RANK, b as Command, es as largestReal, qo as CHOICE, y as Argument } from "./checks-359mGJ3h.js";
import { n as executors } from "./executors-C5xaghUW.js";
import { t as sweepSchema } from "./sweep-schema-B8R-Zbf2.js";
// src/language/schema/published-schema.ts
/**
* The schema for editors and other checkers: accepts what users may write (compact texts, aliases, nothing where a
* default stands) where the full form's schema accepts only what that is expanded to. JSON Schema draft-07, without
* keywords of our own.
*/
function publishSchema(schema, tables) {
	const definitions = {};
	return {
		$schema: "http://json-schema.org/draft-07/schema#",
		...new Publisher(tables, definitions).publishSection(schema),
		if: { required: ["extends"] },
		else: needs(schema),
		definitions
	};
}
/** What a file without a base must say: the required keys of the sections. */
function needs({ properties = {}, required = [], [EITHER]: either }) {
	const needed = neededOf({
		properties,
		required
	});
	const inside = Object.entries(properties).filter(([, section]) => isSection(section)).map(([key, section]) => [key, needs(section)]).filter(([, one]) => Object.keys(one).length > 0);
	return {
		...needed.length === 0 ? {} : {
			type: "object",
			required: needed
		},
		...either === void 0 ? {} : { oneOf: either.map((key) => ({ required: [key] })) },
		...inside.length === 0 ? {} : { properties: Object.fromEntries(inside) }
	};
}
function neededOf({ properties, required = [] }) {
	return required.filter((key) => properties?.[key]?.default === void 0);
}
/** A map of keys of its own, part of which a base file may give. */
function isSection(schema) {
	return schema.type === "object" && schema["x-choice"] === void 0 && schema.properties !== void 0 && schema.patternProperties === void 0;
}
var Publisher = class {
	tables;
	definitions;
	/** What may be chosen, for each definition of a table. */
	choices = /* @__PURE__ */ new Map();
	constructor(tables, definitions) {
		[this.tables, this.definitions] = [tables, definitions];
	}
	/** A section without what it needs. */
	publishSection(schema) {
		const { required: _, ...published } = this.publish({
			...schema,
			properties: {}
		});
		const sections = Object.entries(schema.properties ?? {}).map(([key, part]) => [key, isSection(part) ? this.publishSection(part) : this.publishAt(key, part, schema)]);
		return {
			...published,
			type: ["object", "null"],
			properties: Object.fromEntries(sections)
		};
	}
	publish(schema) {
		if (schema["x-choice"] !== void 0) return this.refer(schema, schema[CHOICE]);
		const { [EXPECTED]: _, [QUANTITY]: ___, [RANK]: ____, [EITHER]: _____, properties, required: __, patternProperties, anyOf, items, ...rest } = schema;
		const needed = neededOf(schema);
		return {
			...rest,
			...schema.type === "object" && needed.length === 0 ? { type: ["object", "null"] } : {},
			...properties === void 0 ? {} : { properties: this.publishAll(properties, schema) },
			...patternProperties === void 0 ? {} : { patternProperties: this.publishAll(patternProperties, schema) },
			...needed.length === 0 ? {} : { required: needed },
			...anyOf === void 0 ? {} : { anyOf: anyOf.map((branch) => this.publish(branch)) },
			...items === void 0 ? {} : { items: Array.isArray(items) ? items.map((item) => this.publish(item)) : this.publish(items) }
		};
	}
	publishAll(schemas, owner) {
		return Object.fromEntries(Object.entries(schemas).map(([key, schema]) => [key, this.publishAt(key, schema, owner)]));
	}
	publishAt(key, schema, { required = [] }) {
		const published = this.publish(schema);
		return required.includes(key) ? published : orNull(published);
	}
	/** Each table is written out once; what differs from place to place is beside the reference. */
	refer(schema, kind) {
		const name = this.nameOf(schema, kind);
		if (this.definitions[name] === void 0) {
			this.definitions[name] = {};
			this.definitions[name] = this.choice(schema, name);
		}
		const { description, examples, default: value } = schema;
		return {
			$ref: `#/definitions/${name}`,
			...description === void 0 ? {} : { description },
			...examples === void 0 ? {} : { examples },
			...value === void 0 ? {} : { default: value }
		};
	}
	/** The table's name, and a number where a place takes only some of its rows. */
	nameOf(schema, kind) {
		const plain = kind.replaceAll(/ (\w)/g, (_, letter) => letter.toUpperCase());
		const keys = Object.keys(schema.properties ?? {}).join();
		const known = this.choices.get(kind) ?? [];
		if (!known.includes(keys)) this.choices.set(kind, [...known, keys]);
		const index = this.choices.get(kind).indexOf(keys);
		return `${plain}${schema["x-in-block"] === true ? "InBlock" : ""}${index === 0 ? "" : index + 1}`;
	}
	choice(schema, definition) {
		const table = rowsOf(schema, this.tables);
		const properties = {};
		for (const [name, row] of Object.entries(table)) {
			const published = orText(this.publish(schema.properties[name]), row);
			const full = schema["x-in-block"] === true ? withoutTypes(published) : published;
			this.definitions[`${definition}.${name}`] = full;
			properties[name] = { $ref: `#/definitions/${definition}.${name}` };
			for (const [alias, preset] of Object.entries(row.aliases ?? {})) properties[alias] = withoutOptions(full, Object.keys(preset), properties[name]);
		}
		const beside = Object.fromEntries(Object.entries(schema.properties).filter(([key]) => !Object.hasOwn(table, key)).map(([key, one]) => [key, orNull(this.publish(one))]));
		const exactlyOne = Object.keys(beside).length === 0 ? {
			minProperties: 1,
			maxProperties: 1
		} : { oneOf: Object.keys(properties).map((name) => ({ required: [name] })) };
		return { anyOf: [
			{
				type: "object",
				properties: {
					...properties,
					...beside
				},
				additionalProperties: false,
				...exactlyOne
			},
			...(schema["x-also"] ?? []).map((form) => this.publish(form)),
			...texts(table)
		] };
	}
};
/** A schema that null fits too, which stands for nothing. */
function orNull(published) {
	const { type, enum: values, anyOf, $ref, description, examples, ...rest } = published;
	const about = {
		...description === void 0 ? {} : { description },
		...examples === void 0 ? {} : { examples }
	};
	const nothing = { type: "null" };
	if (anyOf !== void 0) return {
		...published,
		anyOf: [...anyOf, nothing]
	};
	if ($ref !== void 0) return {
		...rest,
		...about,
		anyOf: [{ $ref }, nothing]
	};
	if (values !== void 0) return {
		...published,
		enum: [...values, null]
	};
	return typeof type === "string" ? {
		...published,
		type: [type, "null"]
	} : published;
}
/** A row whose options may be the words of its compact text. */
function orText(published, { text }) {
	return text === void 0 ? published : {
		...published,
		type: [
			published["type"],
			"string",
			"number"
		].flat(),
		minimum: -largestReal,
		maximum: largestReal
	};
}
/** Options in a block: any value may be a parameter, so only their names are checked. */
function withoutTypes(full) {
	const bare = ({ description, examples, default: value }) => ({
		...description === void 0 ? {} : { description },
		...examples === void 0 ? {} : { examples },
		...value === void 0 ? {} : { default: value }
	});
	return {
		...full,
		properties: Object.fromEntries(Object.entries(full["properties"] ?? {}).map(([key, option]) => [key, bare(option)]))
	};
}
/** The schema of an alias: what it stands for cannot be said again. */
function withoutOptions(full, preset, same) {
	if (preset.length === 0) return same;
	const { properties, required, ...rest } = full;
	const left = required?.filter((key) => !preset.includes(key)) ?? [];
	return {
		...rest,
		type: [...[rest.type].flat().filter((kind) => kind !== "null"), ...left.length === 0 ? ["null"] : []],
		properties: Object.fromEntries(Object.entries(properties ?? {}).filter(([key]) => !preset.includes(key))),
		...left.length === 0 ? {} : { required: left }
	};
}
/** Names that may stand alone, for completion, and names that words may follow. */
function texts(table) {
	const alone = namesOf(table).filter((name) => needsNothing(table, name));
	const withWords = Object.entries(table).filter(([, row]) => row.text !== void 0);
	const names = withWords.flatMap(([name, row]) => [name, ...Object.keys(row.aliases ?? {})]);
	return [...alone.length === 0 ? [] : [{ enum: alone }], ...names.length === 0 ? [] : [{
		type: "string",
		pattern: `^\\s*(${names.join("|")})[\\s(]`,
		description: withWords.map(([, row]) => row.text.usage).join("\n")
	}]];
}
function needsNothing(table, name) {
	const row = table[name] ?? Object.values(table).find(({ aliases }) => aliases !== void 0 && Object.hasOwn(aliases, name));
	const preset = table[name] === void 0 ? Object.keys(row.aliases[name]) : [];
	const { properties, required } = row.options;
	return (required ?? []).every((key) => preset.includes(key) || properties?.[key]?.default !== void 0);
}
// src/commands/schema.ts
/** `pipeline schema`: the JSON Schema of pipeline files, or of sweep files, for editors. */
function schemaCommand() {
	return new Command("schema").description("Print the JSON Schema of pipeline files, or of sweep files, for editors").addArgument(new Argument("[kind]", "of which files").choices(["pipeline", "sweep"]).default("pipeline")).action((kind) => {
		process.stdout.write(kind === "sweep" ? sweepSchemaText() : schemaText());
	});
}
/** The published schema, as schemas/pipeline.schema.json holds it. */
function schemaText() {
	return `${JSON.stringify(publishSchema(view(pipelineSchema), tables), null, 2)}\n`;
}
/** The published schema of sweep files, as schemas/sweep.schema.json holds it. */
function sweepSchemaText() {
	const { if: _, else: needed, ...rest } = publishSchema(view(sweepSchema), { executor: executors });
	return `${JSON.stringify({
		...rest,
		allOf: [needed]
	}, null, 2)}\n`;
}
export { schemaCommand };
