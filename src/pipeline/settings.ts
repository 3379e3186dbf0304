import type { Diagnostic, Range, Source } from '../base/diagnostics.ts';
import { CHOICE } from '../base/row.ts';
import { expandChoice, findRow } from './expand-choice.ts';
import { type Expansion, isNull } from './expand.ts';
import { nestingLimit } from './nesting.ts';
import { parseYaml } from './parse-yaml.ts';
import { type SchemaView, branchesFor, itemSchema, propertySchema, rowsOf } from './schema-view.ts';
import type { Entry, MapNode, Node } from './source-tree.ts';

/** One key or list position of a setting's path. */
interface Step {
  readonly key: string | number;
  readonly range: Range;
}

/** `train.epochs=3`, taken apart. */
interface Setting {
  readonly steps: readonly Step[];
  readonly value: Node;
}

/** What the arguments of `--set` are called in messages. */
const sourceName = '--set';

/**
 * Lays settings such as `train.epochs=3` or `model.layers[0]=conv 5x5x32` over a tree, one after the other. Values are
 * YAML, and stand in the tree as if they were written there; their place is the argument.
 */
export function applySettings(root: Node, settings: readonly string[], schema: SchemaView, state: Expansion): Node {
  if (root.kind !== 'map') return root;
  return settings.reduce<Node>((tree, text) => {
    const setting = readSetting({ name: sourceName, text }, state);
    return setting === undefined ? tree : new Setter(setting, state).set(tree, 0, schema);
  }, root);
}

/** Whether something stands in an argument of `--set`. @param file whatever it is called */
export function isOfSetting({ source }: Range, file: Source): boolean {
  return source !== file && source.name === sourceName;
}

function readSetting(source: Source, state: Expansion): Setting | undefined {
  const { text } = source;
  const match = /^[A-Za-z_][\w-]*(?:\.[\w-]+|\[\d+\])*(?==)/.exec(text);
  const whole = { source, start: 0, end: text.length };
  if (match === null) {
    const hint = 'Write `--set train.epochs=3`, or `--set \'model.layers[0]=conv 5x5x32\'`: keys joined by dots, list places counted from 0 in brackets.';
    state.diagnostics.push(mistake('bad-setting', `\`${text}\` is not PATH=VALUE.`, whole, hint));
    return undefined;
  }
  const from = match[0].length + 1;
  if (text.slice(from).trim() === '') {
    state.diagnostics.push(mistake('bad-setting', `\`${match[0]}\` has no value.`, whole, `Put it after the equals sign: \`${match[0]}=VALUE\`.`));
    return undefined;
  }
  const steps = [...match[0].matchAll(/[\w-]+/g)].map(({ 0: word, index }): Step => ({
    key: text[index - 1] === '[' ? Number(word) : word,
    range: { source, start: index, end: index + word.length },
  }));
  if (steps[0]!.key === 'extends') {
    state.diagnostics.push(mistake('bad-setting', '`extends` cannot be set from outside the file.', steps[0]!.range, 'Set what the base file would.'));
    return undefined;
  }
  if (steps.length > nestingLimit) {
    state.diagnostics.push(mistake('too-deep', `A path of ${steps.length.toLocaleString('en')} parts: there are at most ${nestingLimit} levels in a pipeline file.`, whole, 'Shorten the path.'));
    return undefined;
  }
  const parsed = parseYaml(source, from);
  state.diagnostics.push(...parsed.diagnostics);
  for (const node of parsed.reported) state.reported.add(node);
  return parsed.root === undefined ? undefined : { steps, value: parsed.root };
}

/** Replaces one value of a tree; what leads to it is made where it is missing. */
class Setter {
  private readonly setting: Setting;
  private readonly state: Expansion;

  constructor(setting: Setting, state: Expansion) {
    [this.setting, this.state] = [setting, state];
  }

  set(node: Node | undefined, depth: number, schema: SchemaView | undefined): Node {
    const step = this.setting.steps[depth];
    if (step === undefined) return this.setting.value;
    return typeof step.key === 'number' ? this.setItem(node, step.key, depth, schema) : this.setKey(node, step.key, depth, schema);
  }

  private setItem(node: Node | undefined, index: number, depth: number, schema: SchemaView | undefined): Node {
    const { range } = this.setting.steps[depth]!;
    const count = node?.kind === 'list' ? node.items.length : 0;
    if (node?.kind !== 'list' || index > count) {
      const problem = node?.kind === 'list' ? count === 0 ? `There is no \`[${index}]\`: the list is empty.` : `There is no \`[${index}]\`: the list has ${count} items, \`[0]\` to \`[${count - 1}]\`.` : `\`${this.pathTo(depth)}\` is not a list.`;
      this.state.diagnostics.push(mistake('bad-setting', problem, range, node?.kind === 'list' ? `\`[${count}]\` adds one.` : undefined));
      const nothing: Node = { kind: 'scalar', value: null, range };
      this.state.reported.add(nothing);
      return node ?? nothing;
    }
    const branch = schema === undefined ? undefined : branchesFor(schema, node)[0];
    const items = [...node.items];
    items[index] = this.set(items[index], depth + 1, branch === undefined ? undefined : itemSchema(branch, index));
    return { ...node, items };
  }

  private setKey(node: Node | undefined, key: string, depth: number, schema: SchemaView | undefined): Node {
    const { range } = this.setting.steps[depth]!;
    if (node?.kind === 'list') {
      this.state.diagnostics.push(mistake('bad-setting', `\`${this.pathTo(depth)}\` is a list.`, range, `Name a place in it: \`${this.pathTo(depth)}${/^\d+$/.test(key) ? `[${key}]` : `[0].${key}`}\`.`));
      return node;
    }
    const empty: MapNode = { kind: 'map', entries: [], range };
    const chosen = schema === undefined ? undefined : [schema, ...(schema.anyOf ?? [])].find((branch) => branch[CHOICE] !== undefined);
    const map = chosen === undefined ? node : this.asMap(node, key, chosen, range);
    const branch = chosen ?? (schema === undefined ? undefined : branchesFor(schema, empty)[0]);
    return this.setEntry(map?.kind === 'map' ? map : empty, key, depth, branch);
  }

  private setEntry(map: MapNode, key: string, depth: number, branch: SchemaView | undefined): Node {
    const table = branch?.[CHOICE] === undefined ? {} : rowsOf(branch, this.state.tables);
    const name = findRow(table, key)?.type ?? key;
    const old = map.entries.find((entry) => entry.key === key || (findRow(table, entry.key)?.type ?? entry.key) === name);
    const value = this.set(old?.value, depth + 1, branch === undefined ? undefined : propertySchema(branch, name));
    const last = depth === this.setting.steps.length - 1;
    const entry: Entry = { key: old?.key ?? key, keyRange: old === undefined || last ? this.setting.steps[depth]!.range : old.keyRange, value };
    return { ...map, entries: old === undefined ? [...map.entries, entry] : map.entries.map((one) => (one === old ? entry : one)) };
  }

  /** What stands where a row is chosen, as a map that the key fits into: `adam` as `{ adam: ... }`; nothing where another row is wanted. */
  private asMap(node: Node | undefined, key: string, schema: SchemaView, at: Range): Node | undefined {
    const table = rowsOf(schema, this.state.tables);
    const wanted = findRow(table, key)?.type;
    const isText = (one: Node) => one.kind === 'scalar' && !isNull(one);
    const compact = node !== undefined && (isText(node) || (node.kind === 'map' && node.entries.some((entry) => findRow(table, entry.key) !== undefined && isText(entry.value))));
    const full = compact ? expandChoice(node, schema, at, this.state) : node;
    if (full?.kind !== 'map') return undefined;
    if (wanted === undefined) return full;
    const present = full.entries.find((entry) => findRow(table, entry.key) !== undefined);
    if (present === undefined || findRow(table, present.key)!.type === wanted) return full;
    return { ...full, entries: full.entries.filter((entry) => entry !== present) };
  }

  private pathTo(depth: number): string {
    const { source, start } = this.setting.steps[depth]!.range;
    return source.text.slice(0, start - 1);
  }
}

function mistake(code: string, message: string, range: Range, hint?: string): Diagnostic {
  return { code, severity: 'error', message, range, ...(hint === undefined ? {} : { hint }) };
}
