import { Check } from 'typebox/schema';
import { createRequire } from 'node:module';
import type { ErrorObject } from 'ajv';
import type { Expansion } from '../expand/expansion.ts';
import { type Diagnostic, mistake } from '../../base/diagnostics.ts';
import type { Code } from '../../base/mistakes/mistakes.ts';
import { CHOICE, EXPECTED, RANK } from '../../base/row.ts';
import { explainUnknownKey } from './unknown-key.ts';
import { nearest } from '../../base/did-you-mean.ts';
import { cutSchema, keepUsed } from './cut-schema.ts';
import { mistakeLimit } from './mistake-limit.ts';
import { describeNode, describeSchema } from './describe-schema.ts';
import { shorten } from '../../base/shorten.ts';
import { oneLine } from '../syntax/one-line.ts';
import { IN_BLOCK, QUANTITY, type SchemaView, branchesFor, takesOneKey } from '../schema/schema-view.ts';
import { type Node, type Path, keyRangeAt, nodesAlong, rangeAt, toValue } from '../syntax/source-tree.ts';
import { suggestValue } from './suggest-value.ts';

/** Loads ajv (once built, `dist/ajv.cjs`), which takes 30 ms: a file that is right has no need of it. */
const loadAjv = (): typeof import('ajv') => createRequire(import.meta.url)('ajv');

/** A fault that ajv found, at a place of the tree. */
interface Fault {
  readonly error: ErrorObject;
  readonly path: Path;
  readonly schema: SchemaView;
}

/**
 * Faults that are looked at: unions are compared with each of them. A place has a few, so far more mistakes are found
 * than are shown.
 */
const faultLimit = 10 * mistakeLimit;

/** Checks an expanded tree against its schema; one diagnostic for each place that does not fit. */
export function check(root: Node, schema: SchemaView, state: Expansion): readonly Diagnostic[] {
  const value = toValue(root);
  // That a file is right, or all of it that is not told of by now, an interpreter of schemas tells in less time than
  // ajv needs to compile one; what is wrong, ajv tells.
  if (Check(schema, value)) return [];
  if (state.reported.size > 0 && Check(schema, toValue(withoutReported(root, state.reported)))) return [];
  const { Ajv } = loadAjv();
  const ajv = new Ajv({
    allErrors: true,
    verbose: true,
    strict: true,
    allowUnionTypes: true,
    validateSchema: false,
    meta: false,
    inlineRefs: false,
    code: { optimize: false },
  });
  ajv.addVocabulary([CHOICE, EXPECTED, IN_BLOCK, QUANTITY, RANK]);
  const validate = ajv.compile(cutSchema(schema, value, state));
  if (validate(value)) return [];
  const faults = firstFaults(
    (validate.errors ?? []).map((error): Fault => ({
      error,
      path: pathOf(error),
      schema: error.parentSchema as SchemaView,
    })),
  );
  const misspelt = misspeltKeys(faults);
  const whole = keepUsed(schema, state, false);
  const open = oneForEachUnion(faults, root).filter(
    ({ error, path }) => !isReported(root, path, error, state) && !misspelt.has(missingId(error)),
  );
  const seen = new Set<string>();
  return open
    .filter(({ error, path }) => isNew(seen, error, path))
    .filter((fault, _, all) => !isSecondNumber(fault, all, root))
    .slice(0, mistakeLimit + 1)
    .map((fault) => ({
      ...explain(root, whole, fault, state),
      ...wayOfNumbers(fault, root, faults),
    }));
}

function withoutReported(node: Node, reported: ReadonlySet<Node>): Node {
  const isOpen = (inside: Node) => !reported.has(inside);
  if (node.kind === 'list')
    return { ...node, items: node.items.filter(isOpen).map((item) => withoutReported(item, reported)) };
  if (node.kind !== 'map') return node;
  const open = node.entries.filter(({ value }) => isOpen(value));
  return { ...node, entries: open.map((entry) => ({ ...entry, value: withoutReported(entry.value, reported) })) };
}

/** Whether a number stands in a list of texts, of which one before it is told of. */
const isSecondNumber = (fault: Fault, all: readonly Fault[], root: Node) =>
  isNumberForText(fault, root) && all.find((other) => isBeside(other, fault) && isNumberForText(other, root)) !== fault;

function isNumberForText({ error, path, schema }: Fault, root: Node): boolean {
  const node = rangeNode(root, path);
  const isItem = typeof path.at(-1) === 'number' && error.keyword === 'type' && schema.type === 'string';
  return isItem && node?.kind === 'scalar' && typeof node.value === 'number';
}

const isBeside = ({ path: one }: Fault, { path: other }: Fault) =>
  one.length === other.length && isBelow(one, other.slice(0, -1));

/** What to do about several numbers in a list of texts, such as classes. */
function wayOfNumbers(fault: Fault, root: Node, faults: readonly Fault[]): { readonly hint?: string } {
  const { path } = fault;
  const list = rangeNode(root, path.slice(0, -1));
  if (!isNumberForText(fault, root) || list?.kind !== 'list' || list.items.length < 2) return {};
  const quoted = list.items.map((item) => `'${item.range.source.text.slice(item.range.start, item.range.end)}'`);
  const union = faults.find(
    (one) => one.error.keyword === 'anyOf' && isBeside({ ...one, path: [...one.path, 0] }, fault),
  );
  const takesData = JSON.stringify(union?.schema.anyOf ?? []).includes('"fromData"');
  return {
    hint:
      `Put them in quotes: \`[${shorten(quoted.join(', '), 80)}]\`` +
      (takesData ? `; or write \`${String(path.at(-2))}: fromData\`, which takes those of the data.` : '.'),
  };
}

/** No more than the limit, and the unions that the last of them is in: ajv reports those after what is in them. */
function firstFaults(faults: readonly Fault[]): readonly Fault[] {
  const last = faults[faultLimit - 1];
  return last === undefined
    ? faults
    : faults.filter(({ error, path }, i) => i < faultLimit || (error.keyword === 'anyOf' && isBelow(last.path, path)));
}

/** Required keys that are there, misspelt: the complaint about the spelling is enough. */
function misspeltKeys(faults: readonly Fault[]): ReadonlySet<string | undefined> {
  const unknown = faults.filter(({ error }) => error.keyword === 'additionalProperties');
  return new Set(
    unknown.map(({ error: { instancePath, params }, schema }) => {
      const known = Object.keys(schema.properties ?? {});
      return `${instancePath}/${nearest(params.additionalProperty as string, known)}`;
    }),
  );
}

function missingId({ keyword, instancePath, params }: ErrorObject): string | undefined {
  return keyword === 'required' ? `${instancePath}/${params.missingProperty}` : undefined;
}

/**
 * ajv reports every branch of a union, and the union. The one branch that the value's kind fits says more, if there is
 * one.
 */
function oneForEachUnion(faults: readonly Fault[], root: Node): readonly Fault[] {
  const unions = faults.filter(({ error }) => error.keyword === 'anyOf');
  return unions.reduce((left, union) => {
    const node = rangeNode(root, union.path);
    const fitting = node === undefined || isNameForOption(node, union.schema) ? [] : branchesFor(union.schema, node);
    // What is below the union but not of its own schema lies in a choice, which is written once and referred to.
    const isShared = (fault: Fault) => !fault.error.schemaPath.startsWith(`${union.error.schemaPath}/`);
    const isBranch = (fault: Fault) => fault !== union && isBelow(fault.path, union.path);
    const inFitting = (fault: Fault) =>
      fitting.length === 1 &&
      (isShared(fault)
        ? fitting[0]![CHOICE] !== undefined
        : isWithin(fault.error, union, union.schema.anyOf!.indexOf(fitting[0]!)));
    return left.filter((fault) =>
      fault === union
        ? !left.some((other) => isBranch(other) && inFitting(other))
        : !isBranch(fault) || inFitting(fault),
    );
  }, faults);
}

/** Whether a text stands where a name does, alone or with an option: of either kind it may be the misspelt one. */
function isNameForOption(node: Node, { anyOf = [] }: SchemaView): boolean {
  return node.kind === 'scalar' && typeof node.value === 'string' && anyOf.some(takesOneKey);
}

function isBelow(path: Path, above: Path): boolean {
  return above.every((step, i) => path[i] === step);
}

function isWithin(error: ErrorObject, union: Fault, branch: number): boolean {
  return branch >= 0 && error.schemaPath.startsWith(`${union.error.schemaPath}/${branch}/`);
}

function isReported(root: Node, path: Path, error: ErrorObject, state: Expansion): boolean {
  const along = nodesAlong(root, path).map(({ node }) => node);
  return (
    along.some((node) => state.reported.has(node)) ||
    (error.keyword === 'required' && state.incomplete.has(along.at(-1)!))
  );
}

/** Several keywords fail for one value (minimum and multipleOf, say); their message is the same. */
function isNew(seen: Set<string>, { keyword, instancePath, params }: ErrorObject, path: Path): boolean {
  const named = new Map([
    ['required', params.missingProperty],
    ['additionalProperties', params.additionalProperty],
  ]);
  const id = JSON.stringify([instancePath, path.length, named.get(keyword) ?? '']);
  return !seen.has(id) && seen.add(id) !== undefined;
}

function explain(root: Node, schema: SchemaView, { error, path, schema: wanted }: Fault, state: Expansion): Diagnostic {
  const { keyword, params } = error;
  if (keyword === 'required') return explainMissing(root, path, wanted, params.missingProperty as string, state);
  if (keyword === 'additionalProperties')
    return explainUnknownKey({ root, schema, tables: state.tables }, path, wanted, params.additionalProperty as string);
  if (keyword === 'uniqueItems') {
    const second = Math.max(params.i as number, params.j as number);
    return mistake(
      'repeated-item',
      `${nameOf(path)} holds an item twice.`,
      rangeAt(root, [...path, second]),
      'Remove one of the two.',
    );
  }
  const node = rangeNode(root, path)!;
  if (node.kind === 'scalar' && node.value === null) {
    const way =
      wanted.default === undefined ? undefined : `Write \`${oneLine(wanted.default)}\`, which it is by default.`;
    return mistake(
      codeOf(keyword),
      `${nameOf(path)} has no value; it must be ${describeSchema(wanted)}.`,
      keyRangeAt(root, path),
      way,
    );
  }
  return mistake(
    isNameForOption(node, wanted) ? 'not-one-of' : codeOf(keyword),
    `${nameOf(path)} must be ${describeSchema(wanted)}, not ${describeNode(node)}.`,
    node.range,
    suggestValue(node, wanted) ?? (wanted.type === 'object' ? exampleOf(path.at(-1), wanted) : undefined),
  );
}

/** How a value is written, where its schema has an example. */
function exampleOf(key: string | number | undefined, { examples: [example] = [] }: SchemaView): string | undefined {
  return example === undefined || typeof key !== 'string' ? undefined : `Example: \`${key}: ${oneLine(example)}\`.`;
}

function explainMissing(root: Node, path: Path, schema: SchemaView, key: string, { usages }: Expansion): Diagnostic {
  const about = schema.properties?.[key];
  const where = path.length === 0 ? '' : ` in ${nameOf(path)}`;
  const usage = usages.get(nodesAlong(root, path).at(-1)!.node);
  const meaning = about?.description ?? `It must be ${describeSchema(about ?? {})}.`;
  const example = exampleOf(key, about ?? {});
  const hint =
    usage !== undefined ? `Usage: ${usage}.` : [meaning, ...(example === undefined ? [] : [example])].join(' ');
  return mistake('missing-key', `\`${key}\` is missing${where}.`, keyRangeAt(root, path), hint);
}

/** What to call the value at a path: its key, with list positions. */
function nameOf(path: Path): string {
  const lastKey = path.findLastIndex((step) => typeof step === 'string');
  if (lastKey < 0) return 'The file';
  return `\`${path[lastKey]}${path
    .slice(lastKey + 1)
    .map((index) => `[${index}]`)
    .join('')}\``;
}

function codeOf(keyword: string): Code {
  if (['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'].includes(keyword))
    return 'out-of-range';
  if (keyword === 'enum' || keyword === 'const') return 'not-one-of';
  if (['minItems', 'maxItems', 'additionalItems', 'minProperties'].includes(keyword)) return 'wrong-length';
  return ['pattern', 'minLength', 'maxLength'].includes(keyword) ? 'bad-text' : 'wrong-type';
}

function rangeNode(root: Node, path: Path): Node | undefined {
  const along = nodesAlong(root, path);
  return along.length === path.length + 1 ? along.at(-1)!.node : undefined;
}

function pathOf({ instancePath }: ErrorObject): Path {
  return instancePath
    .split('/')
    .slice(1)
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step.replaceAll('~1', '/').replaceAll('~0', '~')));
}
