import { $a as listNames, $o as unknownIn, B as describeSchema, H as namesOf, It as view, Ss as misuse, V as findRow, Y as tables, b as Command, eo as nearest, et as chartDocs, r as jsonOption, y as Argument, z as oneLine } from "./checks-359mGJ3h.js";
// src/language/schema/catalogue.ts
/** What can be listed, as one word each: `layer`, `optimizer`, `dataset`, ... */
const kinds = [...Object.keys(tables).map((kind) => kind.replaceAll(" ", "")), "figure"];
/** All members of a kind, in the order of the documentation. */
function membersOf(kind) {
	if (kind === "figure") return Object.entries(chartDocs).map(([name, doc]) => ({
		kind,
		name,
		doc,
		aliases: {},
		options: [],
		example: `visualize: { figures: [${name}] }`
	}));
	return Object.entries(tableOf(kind)).map(([name, row]) => describeRow(kind, name, row));
}
/** The member that a name or an alias stands for. */
function memberOf(kind, name) {
	if (kind === "figure") return membersOf(kind).find((member) => member.name === name);
	const found = findRow(tableOf(kind), name);
	return found === void 0 ? void 0 : describeRow(kind, found.type, found.row);
}
/** The nearest name of a kind. */
function nearestMember(kind, name) {
	return nearest(name, kind === "figure" ? Object.keys(chartDocs) : namesOf(tableOf(kind)));
}
/** The code of a name that no member of a kind has. */
function unknownMember(kind) {
	return unknownIn(Object.keys(tables).find((name) => name.replaceAll(" ", "") === kind) ?? kind);
}
function tableOf(kind) {
	return Object.entries(tables).find(([name]) => name.replaceAll(" ", "") === kind)[1];
}
function describeRow(kind, name, row) {
	const { properties = {}, required = [] } = view(row.options);
	const options = Object.entries(properties).map(([option, schema]) => describeOption$1(option, schema, required.includes(option)));
	return {
		kind,
		name,
		doc: row.doc,
		aliases: row.aliases ?? {},
		...row.text === void 0 ? {} : { usage: row.text.usage },
		options,
		example: row.example
	};
}
function describeOption$1(name, schema, required) {
	const without = required ? {} : { optional: true };
	return {
		name,
		type: describeSchema(schema),
		...schema.default === void 0 ? without : { default: schema.default },
		description: schema.description ?? ""
	};
}
// src/commands/list.ts
/** `pipeline list`: what a pipeline file can name, and the documentation of each. */
function listCommand() {
	return new Command("list").description("List what a pipeline file can name (layers, optimizers, losses, ...), or show the options and an example of one").addArgument(kindArgument()).argument("[name]", "a member, or an alias of one, such as conv").addOption(jsonOption("print JSON")).action((kind, name, { json }) => {
		process.stdout.write(json === true ? `${JSON.stringify(valueOf(kind, name))}\n` : textOf(kind, name));
	});
}
/** Completed, but checked in our own words. */
function kindArgument() {
	return new Argument("[kind]", "what to list").choices(kinds).argParser((value) => value);
}
function valueOf(kind, name) {
	if (kind === void 0) return Object.fromEntries(kinds.map((one) => [one, membersOf(one).map((member) => member.name)]));
	return name === void 0 ? membersOf(checkKind(kind)) : findMember(checkKind(kind), name);
}
function textOf(kind, name) {
	if (kind === void 0) return `${table(kinds.map((one) => [one, membersOf(one).map((member) => member.name).join(", ")]))}\nMore: pipeline list KIND, pipeline list KIND NAME\n`;
	const known = checkKind(kind);
	if (name !== void 0) return describeMember(findMember(known, name));
	return table(membersOf(known).map((member) => [[member.name, ...Object.keys(member.aliases)].join(", "), shortDoc(member.doc)]));
}
/** One member as text for people. */
function describeMember({ kind, name, doc, aliases, usage, options, example }) {
	const others = Object.entries(aliases).map(([alias, preset]) => Object.keys(preset).length === 0 ? alias : `${alias} (${Object.entries(preset).map(([key, value]) => `${key}: ${oneLine(value)}`).join(", ")})`);
	return [
		`${name} (${kind})`,
		...wrap(doc, "  "),
		...others.length === 0 ? [] : [
			"",
			"Other names",
			...wrap(others.join(", "), "  ")
		],
		...usage === void 0 ? [] : [
			"",
			"Compact",
			`  ${usage}`
		],
		...options.length === 0 ? [] : [
			"",
			"Options",
			...options.flatMap(describeOption)
		],
		"",
		"Example",
		...example.split("\n").map((line) => `  ${line}`),
		""
	].join("\n");
}
function describeOption({ name, type, description, ...rest }) {
	const without = rest.optional === true ? "optional" : "required";
	return [...wrap(`${name}: ${type}; ${"default" in rest ? `default ${oneLine(rest.default)}` : without}`, "  "), ...wrap(description, "      ")];
}
function checkKind(kind) {
	if (kinds.includes(kind)) return kind;
	throw misuse("unknown-kind", `There is no kind \`${kind}\`.`, hintForKind(kind));
}
function hintForKind(kind) {
	const owner = kinds.find((one) => memberOf(one, kind) !== void 0);
	if (owner !== void 0) return `\`${kind}\` is a member of ${owner}: pipeline list ${owner} ${kind}`;
	const guess = nearest(kind.replace(/(?<=.)e?s$/, ""), kinds) ?? nearest(kind, kinds);
	return guess === void 0 ? `Known: ${listNames(kinds)}.` : `Did you mean \`${guess}\`?`;
}
function findMember(kind, name) {
	const member = memberOf(kind, name);
	if (member !== void 0) return member;
	const guess = nearestMember(kind, name);
	throw misuse(unknownMember(kind), `There is no ${kind} \`${name}\`.`, guess === void 0 ? `pipeline list ${kind} shows all.` : `Did you mean \`${guess}\`?`);
}
/** Widest line of text for people. */
const width = 100;
/** Two columns, the second broken into lines. */
function table(rows) {
	const lead = Math.min(Math.max(...rows.map(([left]) => left.length)), 24) + 2;
	return rows.map(([left, right]) => {
		const lines = wrap(right, " ".repeat(lead));
		return left.length >= lead ? [left, ...lines].join("\n") : [`${left.padEnd(lead)}${lines[0].trimStart()}`, ...lines.slice(1)].join("\n");
	}).join("\n") + "\n";
}
function wrap(text, indent) {
	const lines = [];
	for (const word of text.split(/\s+/)) {
		const last = lines.at(-1);
		if (last !== void 0 && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
		else lines.push(`${indent}${word}`);
	}
	return lines;
}
/** The first sentence of a description, or what of it stands before a semicolon. */
function shortDoc(text) {
	return /^.*?(?<! al)[.;](?=\s|$)/s.exec(text)?.[0].replace(/;$/, ".") ?? text;
}
export { listCommand };
