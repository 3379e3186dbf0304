import type { Expansion } from '../expand/expansion.ts';
import { type Diagnostic, mistake } from '../../base/diagnostics.ts';
import type { Code } from '../../base/mistakes/mistakes.ts';
import { CHOICE } from '../../base/row.ts';
import { explainUnknownKey } from './unknown-key.ts';
import { nearest } from '../../base/did-you-mean.ts';
import { keepUsed } from './cut-schema.ts';
import { type Fault, faultsIn, fits } from './find-faults.ts';
import { mistakeLimit } from './mistake-limit.ts';
import { describeNode, describeSchema } from './describe-schema.ts';
import { shorten } from '../../base/shorten.ts';
import { oneLine } from '../syntax/one-line.ts';
import { type SchemaView, branchesFor, takesOneKey } from '../schema/schema-view.ts';
import { type Node, type Path, keyRangeAt, nodesAlong, rangeAt, toValue } from '../syntax/source-tree.ts';
import { suggestValue } from './suggest-value.ts';

/**
 * Faults that are looked at: unions are compared with each of them. A place has a few, so far more mistakes are found
 * than are shown.
 */
const faultLimit = 10 * mistakeLimit;

/** Checks an expanded tree against its schema; one diagnostic for each place that does not fit. */
export function check(root: Node, schema: SchemaView, state: Expansion): readonly Diagnostic[] {
  const value = toValue(root);
  if (fits(schema, value)) return [];
  const faults = firstFaults(Array.from(faultsIn(keepUsed(schema, state, true), value)));
  const misspelt = misspeltKeys(faults);
  const whole = keepUsed(schema, state, false);
  const open = oneForEachUnion(faults, root).filter(
    (fault) => !isReported(root, fault, state) && !misspelt.has(missingId(fault)),
  );
  const seen = new Set<string>();
  return open
    .filter((fault) => isNew(seen, fault))
    .filter((fault, _, all) => !isSecondNumber(fault, all, root))
    .slice(0, mistakeLimit + 1)
    .map((fault) => ({
      ...explain(root, whole, fault, state),
      ...wayOfNumbers(fault, root, faults),
    }));
}

/** Whether a number stands in a list of texts, of which one before it is told of. */
const isSecondNumber = (fault: Fault, all: readonly Fault[], root: Node) =>
  isNumberForText(fault, root) && all.find((other) => isBeside(other, fault) && isNumberForText(other, root)) !== fault;

function isNumberForText({ keyword, path, schema }: Fault, root: Node): boolean {
  const node = rangeNode(root, path);
  const isItem = typeof path.at(-1) === 'number' && keyword === 'type' && schema.type === 'string';
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
  const union = faults.find((one) => one.keyword === 'anyOf' && isBeside({ ...one, path: [...one.path, 0] }, fault));
  const takesData = JSON.stringify(union?.schema.anyOf ?? []).includes('"fromData"');
  return {
    hint:
      `Put them in quotes: \`[${shorten(quoted.join(', '), 80)}]\`` +
      (takesData ? `; or write \`${String(path.at(-2))}: fromData\`, which takes those of the data.` : '.'),
  };
}

/** No more than the limit, and the unions that the last of them is in, which come after what is in them. */
function firstFaults(faults: readonly Fault[]): readonly Fault[] {
  const last = faults[faultLimit - 1];
  return last === undefined
    ? faults
    : faults.filter(({ union }, i) => i < faultLimit || last.within.some((branch) => branch.union === union));
}

/** Required keys that are there, misspelt: the complaint about the spelling is enough. */
function misspeltKeys(faults: readonly Fault[]): ReadonlySet<string | undefined> {
  const unknown = faults.filter(({ keyword }) => keyword === 'additionalProperties');
  return new Set(
    unknown.map(({ path, schema, key }) => {
      const known = Object.keys(schema.properties ?? {});
      return JSON.stringify([...path, nearest(key!, known)]);
    }),
  );
}

function missingId({ keyword, path, key }: Fault): string | undefined {
  return keyword === 'required' ? JSON.stringify([...path, key]) : undefined;
}

/**
 * Faults are there of every branch of a union, and of the union. The one branch that the value's kind fits says more,
 * if there is one.
 */
function oneForEachUnion(faults: readonly Fault[], root: Node): readonly Fault[] {
  const unions = faults.filter(({ keyword }) => keyword === 'anyOf');
  return unions.reduce((left, union) => {
    const node = rangeNode(root, union.path);
    const fitting = node === undefined || isNameForOption(node, union.schema) ? [] : branchesFor(union.schema, node);
    const told =
      fitting.length === 1
        ? union.schema.anyOf!.findIndex((branch) => branchesFor(branch, node!).includes(fitting[0]!))
        : -1;
    const branchOf = ({ within }: Fault) => within.find((one) => one.union === union.union)?.branch;
    const isTold = left.some((fault) => branchOf(fault) === told);
    return left.filter((fault) => (fault === union ? !isTold : [undefined, told].includes(branchOf(fault))));
  }, faults);
}

/** Whether a text stands where a name does, alone or with an option: of either kind it may be the misspelt one. */
function isNameForOption(node: Node, { anyOf = [] }: SchemaView): boolean {
  return node.kind === 'scalar' && typeof node.value === 'string' && anyOf.some(takesOneKey);
}

function isBelow(path: Path, above: Path): boolean {
  return above.every((step, i) => path[i] === step);
}

function isReported(root: Node, { keyword, path }: Fault, state: Expansion): boolean {
  const along = nodesAlong(root, path).map(({ node }) => node);
  return (
    along.some((node) => state.reported.has(node)) || (keyword === 'required' && state.incomplete.has(along.at(-1)!))
  );
}

/** Several keywords fail for one value (minimum and pattern, say); their message is the same. */
function isNew(seen: Set<string>, { path, key = '' }: Fault): boolean {
  const id = JSON.stringify([path, key]);
  return !seen.has(id) && seen.add(id) !== undefined;
}

function explain(root: Node, schema: SchemaView, fault: Fault, state: Expansion): Diagnostic {
  const { keyword, path, schema: wanted, key, item } = fault;
  if (keyword === 'required') return explainMissing(root, path, wanted, key!, state);
  if (keyword === 'additionalProperties') return explainUnknownKey(root, schema, path, wanted, key!);
  if (keyword === 'uniqueItems')
    return mistake(
      'repeated-item',
      `${nameOf(path)} holds an item twice.`,
      rangeAt(root, [...path, item!]),
      'Remove one of the two.',
    );
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
  const described = about?.[CHOICE] === undefined ? about?.description : undefined;
  const meaning = described ?? `It must be ${describeSchema(about ?? {})}.`;
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
  if (['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'].includes(keyword)) return 'out-of-range';
  if (keyword === 'enum' || keyword === 'const') return 'not-one-of';
  if (['minItems', 'maxItems', 'minProperties'].includes(keyword)) return 'wrong-length';
  return ['pattern', 'minLength', 'maxLength'].includes(keyword) ? 'bad-text' : 'wrong-type';
}

function rangeNode(root: Node, path: Path): Node | undefined {
  const along = nodesAlong(root, path);
  return along.length === path.length + 1 ? along.at(-1)!.node : undefined;
}
