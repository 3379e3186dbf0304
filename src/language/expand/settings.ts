import { findRow, isBesideRow, namesOf } from './find-row.ts';
import { expandMap } from './expand-short-forms.ts';
import { type Expansion, isNull, nearestIn, report } from './expansion.ts';
import { type Range, type Source, mistake } from '../../base/diagnostics.ts';
import { CHOICE, type Table } from '../../base/row.ts';
import { shorten } from '../../base/shorten.ts';
import { showCount } from '../../base/quantities.ts';
import { type PlacedSetting, reportReplaced } from './placed-setting.ts';
import { blockName } from './read-blocks.ts';
import { expandChoice } from './expand-choice.ts';
import { nestingLimit } from '../syntax/nesting-limit.ts';
import { referencesIn } from './block-parameters.ts';
import { parseYaml } from '../syntax/parse-yaml.ts';
import { ALSO, type SchemaView, branchesFor, itemSchema, propertySchema, rowsOf } from '../schema/schema-view.ts';
import { type Entry, type MapNode, type Node, type ScalarNode, rangeInside } from '../syntax/source-tree.ts';

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
export function applySettings(
  root: Node,
  settings: readonly (string | PlacedSetting)[],
  schema: SchemaView,
  state: Expansion,
): Node {
  if (root.kind !== 'map') return root;
  const placed: PlacedSetting[] = [];
  const set = settings.reduce<Node>((tree, given) => {
    const before = state.diagnostics.length;
    const setting =
      typeof given === 'string' ? readSetting({ name: sourceName, text: given }, state) : readPlaced(given, state);
    if (setting === undefined) return tree;
    const next = new Setter(setting, state, repeatingIn(schema)).set(tree, 0, schema);
    if (typeof given !== 'string' && state.diagnostics.length === before) placed.push(given);
    return next;
  }, root);
  reportReplaced(set, placed, state);
  return set;
}

/** Whether something stands in an argument of `--set`. @param file whatever it is called */
export function isOfSetting({ source }: Range, file: Source): boolean {
  return source !== file && source.name === sourceName;
}

const pathPattern = /^[A-Za-z_][\w-]*(?:\.[\w-]+|\[\d+\])*(?==)/;

function readPlaced({ path, value }: PlacedSetting, state: Expansion): Setting | undefined {
  const text = String(path.value);
  if (!pathPattern.test(`${text}=`)) {
    const hint = 'Such as `train.batchSize` or `model.layers[0]`: keys joined by dots, list places counted from 0.';
    report(state, path, 'bad-path', `\`${shorten(text)}\` is no path of a pipeline file.`, path.range, hint);
    return undefined;
  }
  const steps = stepsOf(text, (start, end) => rangeInside(path, start, end));
  const before = state.diagnostics.length;
  refuseSteps(steps, path.range, state);
  if (state.diagnostics.length === before) return { steps, value };
  state.reported.add(path);
  return undefined;
}

const stepsOf = (path: string, rangeOf: (start: number, end: number) => Range): readonly Step[] =>
  [...path.matchAll(/[\w-]+/g)].map(({ 0: word, index }) => ({
    key: path[index - 1] === '[' ? Number(word) : word,
    range: rangeOf(index, index + word.length),
  }));

function readSetting(source: Source, state: Expansion): Setting | undefined {
  const { text } = source;
  const match = pathPattern.exec(text);
  const whole = { source, start: 0, end: text.length };
  if (match === null) {
    const hint =
      "Write `--set train.epochs=3`, or `--set 'model.layers[0]=conv 5x5x32'`: " +
      'keys joined by dots, list places counted from 0 in brackets.';
    state.diagnostics.push(mistake('bad-setting', `\`${text}\` is not PATH=VALUE.`, whole, hint));
    return undefined;
  }
  const from = match[0].length + 1;
  if (text.slice(from).trim() === '') {
    state.diagnostics.push(
      mistake(
        'setting-without-value',
        `\`${match[0]}\` has no value.`,
        whole,
        `Put it after the equals sign: \`${match[0]}=VALUE\`.`,
      ),
    );
    return undefined;
  }
  const steps = stepsOf(match[0], (start, end) => ({ source, start, end }));
  const before = state.diagnostics.length;
  refuseSteps(steps, whole, state);
  if (state.diagnostics.length > before) return undefined;
  const parsed = parseYaml(source, from);
  state.diagnostics.push(...parsed.diagnostics);
  for (const node of parsed.reported) state.reported.add(node);
  return parsed.root === undefined ? undefined : { steps, value: parsed.root };
}

/** Says what no path may be. @param whole where all of it is written */
function refuseSteps(steps: readonly Step[], whole: Range, { diagnostics }: Expansion): void {
  if (steps[0]!.key === 'extends')
    diagnostics.push(
      mistake(
        'setting-of-extends',
        '`extends` cannot be set from outside the file.',
        steps[0]!.range,
        'Set what the base file would.',
      ),
    );
  else if (steps.length > nestingLimit)
    diagnostics.push(
      mistake(
        'setting-too-deep',
        `A path of ${showCount(steps.length)} parts: there are at most ${nestingLimit} levels in a pipeline file.`,
        whole,
        'Shorten the path.',
      ),
    );
}

/** The form of a layer that is a repetition, of which its schema tells editors alone. */
function repeatingIn(schema: SchemaView): SchemaView {
  const layers = propertySchema(propertySchema(schema, 'model') ?? {}, 'layers');
  const forms = (layers === undefined ? undefined : itemSchema(layers, 0))?.[ALSO] ?? [];
  return forms.find((form) => propertySchema(form, 'repeat') !== undefined) ?? {};
}

/** Replaces one value of a tree; what leads to it is made where it is missing. */
class Setter {
  private readonly setting: Setting;
  private readonly state: Expansion;
  private readonly repeating: SchemaView;

  constructor(setting: Setting, state: Expansion, repeating: SchemaView) {
    [this.setting, this.state, this.repeating] = [setting, state, repeating];
  }

  set(node: Node | undefined, depth: number, schema: SchemaView | undefined): Node {
    const step = this.setting.steps[depth];
    if (step === undefined) return this.setting.value;
    return typeof step.key === 'number'
      ? this.setItem(node, step.key, depth, schema)
      : this.setKey(node, depth, schema);
  }

  private setItem(node: Node | undefined, index: number, depth: number, schema: SchemaView | undefined): Node {
    const { range } = this.setting.steps[depth]!;
    if (
      (node === undefined || isNull(node)) &&
      schema !== undefined &&
      [schema, ...(schema.anyOf ?? [])].some(({ type }) => type === 'array')
    )
      return this.setItem({ kind: 'list', items: [], range }, index, depth, schema);
    const count = node?.kind === 'list' ? node.items.length : 0;
    if (node?.kind !== 'list' || index > count) {
      const places = count === 1 ? 'one item, `[0]`' : `${count} items, \`[0]\` to \`[${count - 1}]\``;
      this.state.diagnostics.push(
        node?.kind === 'list'
          ? mistake(
              'setting-beyond-list',
              `There is no \`[${index}]\`: the list ${count === 0 ? 'is empty' : `has ${places}`}.`,
              range,
              `\`[${count}]\` adds one.`,
            )
          : mistake('setting-of-no-list', `\`${this.pathTo(depth)}\` is not a list.`, range),
      );
      const nothing: Node = { kind: 'scalar', value: null, range };
      this.state.reported.add(nothing);
      return node ?? nothing;
    }
    const branch = schema === undefined ? undefined : branchesFor(schema, node)[0];
    const items = [...node.items];
    items[index] = this.set(items[index], depth + 1, branch === undefined ? undefined : itemSchema(branch, index));
    return { ...node, items };
  }

  private setKey(node: Node | undefined, depth: number, schema: SchemaView | undefined): Node {
    const { key, range } = this.step(depth);
    if (node?.kind === 'list') {
      this.state.diagnostics.push(
        mistake(
          'setting-into-list',
          `\`${this.pathTo(depth)}\` is a list.`,
          range,
          `Name a place in it: \`${this.pathTo(depth)}${/^\d+$/.test(key) ? `[${key}]` : `[0].${key}`}\`.`,
        ),
      );
      return node;
    }
    const empty: MapNode = { kind: 'map', entries: [], range };
    const chosen =
      schema === undefined
        ? undefined
        : [schema, ...(schema.anyOf ?? [])].find((branch) => branch[CHOICE] !== undefined);
    if (chosen !== undefined) return this.setInChoice(node, depth, chosen, empty);
    const branch = schema === undefined ? undefined : branchesFor(schema, empty)[0];
    return this.setEntry(node?.kind === 'map' ? node : empty, key, depth, branch);
  }

  /** Where a row is chosen: the row, what stands beside it, or one of its options. */
  private setInChoice(node: Node | undefined, depth: number, schema: SchemaView, empty: MapNode): Node {
    const { key, range } = this.step(depth);
    const table = rowsOf(schema, this.state.tables);
    const isBeside = isBesideRow(schema, this.state, key);
    const used = isBesideRow(schema, this.state, 'from') ? usedIn(node, table) : undefined;
    if (used !== undefined) return this.setInUse(used, depth, schema, isBeside);
    const map = node?.kind === 'map' ? node : empty;
    const chosen = map.entries.find((entry) => findRow(table, entry.key) !== undefined);
    const text = node !== undefined && isText(node) ? node : undefined;
    const present = findRow(table, chosen?.key ?? firstWord(text));
    const options = Object.keys(present?.row.options.properties ?? {});
    // `activation` is a layer too, but who sets it of a layer that has such an option means that; so does
    // `momentum=0.9` of the optimizer of that name.
    const isLast = depth === this.setting.steps.length - 1 && this.setting.value.kind !== 'map';
    const isOwn = options.includes(key) && (isLast || findRow(table, key)?.type !== present?.type);
    const wanted = isOwn ? undefined : findRow(table, key)?.type;
    if (wanted !== undefined && wanted !== present?.type)
      return this.setEntry({ ...map, entries: map.entries.filter((entry) => entry !== chosen) }, key, depth, schema);
    // A name that no row has is told by the check.
    if (present === undefined) return text ?? this.setEntry(map, key, depth, schema);
    const compact = text ?? (chosen !== undefined && isText(chosen.value) ? chosen.value : undefined);
    if (compact !== undefined && referencesIn(compact).length > 0)
      return this.setBesideParameters(text ?? map, compact, depth, isBeside ? schema : undefined);
    const full = compact === undefined ? map : expandChoice(text ?? map, schema, range, this.state, expandMap);
    const own = full.kind === 'map' ? full.entries.find((entry) => findRow(table, entry.key) !== undefined) : undefined;
    if (full.kind !== 'map' || own === undefined) return full;
    const guess = options.includes(key)
      ? key
      : nearestIn(this.state, key, [...options, ...namesOf(table), ...Object.keys(schema.properties ?? {})]);
    const isOption =
      !isBeside &&
      wanted === undefined &&
      (guess === undefined || options.includes(guess)) &&
      (own.value.kind === 'map' || isNull(own.value));
    return isOption
      ? this.setInside(full, own, depth, propertySchema(schema, present.type))
      : this.setEntry(full, key, depth, schema);
  }

  /** An option of what a map names, whose name the path leaves out. */
  private setInside(map: MapNode, entry: Entry, depth: number, schema: SchemaView | undefined): Node {
    const value = this.setKey(isNull(entry.value) ? undefined : entry.value, depth, schema);
    return { ...map, entries: map.entries.map((one) => (one === entry ? { ...entry, value } : one)) };
  }

  /** Of the use of a block, or a repetition: another in its place, what stands beside it, or what it takes. */
  private setInUse({ map, entry }: Used, depth: number, schema: SchemaView, isBeside: boolean): Node {
    const { key } = this.step(depth);
    const replaces =
      key !== entry.key &&
      (key === 'repeat' || blockName.test(key) || findRow(rowsOf(schema, this.state.tables), key) !== undefined);
    if (replaces)
      return this.setEntry(
        { ...map, entries: map.entries.filter((one) => one !== entry) },
        key,
        depth,
        key === 'repeat' ? this.repeating : schema,
      );
    if (key === entry.key) return this.setEntry(map, key, depth, entry.key === 'repeat' ? this.repeating : undefined);
    return isBeside || entry.key === 'share'
      ? this.setEntry(map, key, depth, schema)
      : this.setInside(
          map,
          entry,
          depth,
          entry.key === 'repeat' ? propertySchema(this.repeating, 'repeat') : undefined,
        );
  }

  /**
   * Words such as `$filters` have no value before the block is used.
   *
   * @param schema of what stands beside the text; left out: the text itself would have to change
   */
  private setBesideParameters(
    node: MapNode | ScalarNode,
    text: ScalarNode,
    depth: number,
    schema: SchemaView | undefined,
  ): Node {
    const map = node.kind === 'map' ? node : besideName(node);
    if (schema !== undefined && map !== undefined) return this.setEntry(map, this.step(depth).key, depth, schema);
    const path = this.pathTo(depth);
    this.state.diagnostics.push(
      mistake(
        'setting-into-parameters',
        `\`${shorten(String(text.value))}\` has parameters of its block in it, ` +
          'so its options cannot be set one by one.',
        this.step(depth).range,
        `Set the whole of it: \`--set '${path}=...'\`, or a parameter of the block.`,
      ),
    );
    return node;
  }

  private setEntry(map: MapNode, key: string, depth: number, branch: SchemaView | undefined): Node {
    const table = branch?.[CHOICE] === undefined ? {} : rowsOf(branch, this.state.tables);
    const name = findRow(table, key)?.type ?? key;
    const old = map.entries.find(
      (entry) => entry.key === key || (findRow(table, entry.key)?.type ?? entry.key) === name,
    );
    const value = this.set(old?.value, depth + 1, branch === undefined ? undefined : propertySchema(branch, name));
    const last = depth === this.setting.steps.length - 1;
    const entry: Entry = {
      key: old?.key ?? key,
      keyRange: old === undefined || last ? this.setting.steps[depth]!.range : old.keyRange,
      value,
    };
    return {
      ...map,
      entries: old === undefined ? [...map.entries, entry] : map.entries.map((one) => (one === old ? entry : one)),
    };
  }

  /** The step at a depth where a key is set. */
  private step(depth: number): { readonly key: string; readonly range: Range } {
    const { key, range } = this.setting.steps[depth]!;
    return { key: String(key), range };
  }

  private pathTo(depth: number): string {
    const { source, start } = this.setting.steps[depth]!.range;
    return source.text.slice(this.setting.steps[0]!.range.start, start - 1);
  }
}

/** What a list item uses that is no layer. */
interface Used {
  readonly map: MapNode;
  readonly entry: Entry;
}

function usedIn(node: Node | undefined, table: Table): Used | undefined {
  const isUse = (key: string) => key === 'repeat' || (blockName.test(key) && findRow(table, key) === undefined);
  if (node?.kind === 'map') {
    const hasRow = node.entries.some(({ key }) => findRow(table, key) !== undefined);
    const entry = node.entries.find(({ key }) => isUse(key) || (key === 'share' && !hasRow));
    return entry && { map: node, entry };
  }
  if (node === undefined || !isText(node) || !isUse(String(node.value).trim())) return undefined;
  const map = besideName(node)!;
  return { map, entry: map.entries[0]! };
}

const isText = (node: Node): node is ScalarNode => node.kind === 'scalar' && !isNull(node);

const firstWord = (text: ScalarNode | undefined) =>
  String(text?.value ?? '')
    .trim()
    .split(/[\s(]/)[0]!;

/** A compact text as a map, the name apart from the words; undefined where these stand in parentheses. */
function besideName(text: ScalarNode): MapNode | undefined {
  const written = String(text.value);
  const lead = written.length - written.trimStart().length;
  const name = firstWord(text);
  const rest = written.slice(lead + name.length);
  if (rest.startsWith('(')) return undefined;
  const start = lead + name.length + rest.length - rest.trimStart().length;
  const range = rangeInside(text, lead, lead + name.length);
  const value: Node =
    rest.trim() === ''
      ? { kind: 'scalar', value: null, range }
      : { kind: 'scalar', value: rest.trim(), range: rangeInside(text, start, start + rest.trim().length) };
  return { kind: 'map', entries: [{ key: name, keyRange: range, value }], range: text.range };
}
