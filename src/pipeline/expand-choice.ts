import type { Diagnostic, Range } from '../base/diagnostics.ts';
import { CHOICE, type Row, type Table } from '../base/row.ts';
import { leftOutReason } from '../layers/left-out.ts';
import { splitCompactText, type Word } from './compact-text.ts';
import { listNames, nearest } from '../base/did-you-mean.ts';
import { mistakeLimit } from './mistake-limit.ts';
import { type Expansion, expandMap, isNull, nearestIn } from './expand.ts';
import { ALSO, type SchemaView, rowsOf } from './schema-view.ts';
import { shorten } from '../base/shorten.ts';
import { type Entry, type MapNode, type Node, type ScalarNode, fromValue, rangeInside } from './source-tree.ts';
import { suggestWord } from './suggest-word.ts';

/** No row takes a quarter as many. */
const wordLimit = 50;

/** A row that a name stands for. */
interface Named {
  readonly type: string;
  readonly row: Row;
  /** Options that an alias stands for. */
  readonly preset: Readonly<Record<string, unknown>>;
}

/** A name where a row is chosen, and where it was written. */
interface WrittenName {
  readonly text: string;
  readonly range: Range;
}

/** An article and a noun for a member of a table: `an optimizer`. */
export function withArticle(noun: string): string {
  return `${/^[aeiou]/i.test(noun) ? 'an' : 'a'} ${noun}`;
}

/** The row that a name or an alias stands for. */
export function findRow(table: Table, name: string): Named | undefined {
  return indexOf(table).get(name);
}

/** All names and aliases of a table. */
export function namesOf(table: Table): readonly string[] {
  return [...indexOf(table).keys()];
}

const indices = new WeakMap<Table, ReadonlyMap<string, Named>>();

/** What each name and alias of a table stands for; names come before aliases. */
function indexOf(table: Table): ReadonlyMap<string, Named> {
  const known = indices.get(table);
  if (known !== undefined) return known;
  const index = new Map<string, Named>();
  for (const [type, row] of Object.entries(table)) {
    index.set(type, { type, row, preset: {} });
    for (const [alias, preset] of Object.entries(row.aliases ?? {})) if (!Object.hasOwn(table, alias) && !index.has(alias)) index.set(alias, { type, row, preset });
  }
  indices.set(table, index);
  return index;
}

/** The full form of a choice: a map whose one key beside the allowed others is a row's own name. */
export function expandChoice(node: Node, schema: SchemaView, at: Range, state: Expansion): Node {
  if (node.kind === 'scalar' && typeof node.value === 'string') return expandText(node, node.value, schema, state);
  return node.kind === 'map' ? expandChoiceMap(node, schema, at, state) : node;
}

function expandText(node: ScalarNode, text: string, schema: SchemaView, state: Expansion): Node {
  const kind = schema[CHOICE]!;
  const lead = text.length - text.trimStart().length;
  const { name, words, unbalanced } = splitCompactText(text.trim());
  const rangeOf = ({ start, end }: { start: number; end: number }) => rangeInside(node, lead + start, lead + end);
  if (unbalanced !== undefined) {
    return report(state, node, 'unbalanced-parenthesis', `A parenthesis in this ${kind} has no counterpart.`, rangeOf({ start: unbalanced, end: unbalanced + 1 }));
  }
  if (words.length > wordLimit) return report(state, node, 'too-many-words', `This ${kind} has ${words.length.toLocaleString('en')} words; none takes so many.`, rangeOf(name));
  const written = { text: name.text, range: rangeOf(name) };
  const named = findRow(rowsOf(schema, state.tables), name.text);
  if (named === undefined) return unknownName(state, node, schema, written);
  const options = new OptionCollector(state, named, written);
  let clean = true;
  for (const [position, word] of words.entries()) {
    const range = rangeOf(word);
    const said = named.row.text?.word(word.text, position);
    if (said !== undefined) options.add(Object.entries(said).map(([key, value]) => ({ key, keyRange: range, value: fromValue(value, range) })), word.text);
    else {
      clean = false;
      if (isBesideRow(schema, state, word.text)) {
        const meant = words[position + 1]?.text ?? 'NAME';
        state.diagnostics.push(fault('unknown-word', `\`${word.text}\` cannot stand in a compact text.`, range, `Write a map: \`{ ${named.type}: { ... }, ${word.text}: ${meant} }\`.`));
        break;
      }
      unknownWord(state, schema, { named, name: name.text, text: node }, { ...word, position }, range);
    }
  }
  const value = options.expanded(schema, { kind: 'map', entries: [], range: node.range });
  if (!clean) state.incomplete.add(value);
  if (named.row.text !== undefined) state.usages.set(value, named.row.text.usage);
  return { kind: 'map', entries: [{ key: named.type, keyRange: written.range, value }], range: node.range };
}

/** Whether a key stands beside a row's name, such as a layer's `from`. */
function isBesideRow(schema: SchemaView, state: Expansion, key: string): boolean {
  return schema.properties !== undefined && Object.hasOwn(schema.properties, key) && !Object.hasOwn(rowsOf(schema, state.tables), key);
}

function expandChoiceMap(node: MapNode, schema: SchemaView, at: Range, state: Expansion): Node {
  const kind = schema[CHOICE]!;
  const table = rowsOf(schema, state.tables);
  const isBeside = ({ key }: Entry) => isBesideRow(schema, state, key);
  const others = node.entries.filter((entry) => !isBeside(entry));
  const chosen = others.filter(({ key }) => findRow(table, key) !== undefined);
  const [entry, second] = chosen;
  if (entry === undefined) return noRow(state, node, schema, others, at);
  if (second !== undefined) {
    return report(state, node, 'several-names', `This names ${chosen.length} of what must be one ${kind}: ${listNames(chosen.map(({ key }) => key))}.`, second.keyRange, kind === 'layer' ? `Give \`${second.key}\` a list item of its own: \`- ${second.key}: ...\`.` : 'Keep one of them.');
  }
  const named = findRow(table, entry.key)!;
  state.used.add(`${kind}/${named.type}`);
  const allowed = Object.keys(schema.properties ?? {}).filter((key) => !Object.hasOwn(table, key));
  const misplaced = others.filter((other) => other !== entry && strayKey(state, other, entry.key, named, allowed));
  const value = expandOptions(state, entry, named, schema, misplaced);
  return { ...node, entries: [{ key: named.type, keyRange: entry.keyRange, value }, ...node.entries.filter(isBeside)] };
}

/** @param misplaced options that were written beside the row's name; taken along so that they are not missed too */
function expandOptions(state: Expansion, entry: Entry, named: Named, schema: SchemaView, misplaced: readonly Entry[]): Node {
  const { value } = entry;
  if (value.kind === 'scalar' && !isNull(value) && !state.reported.has(value)) {
    const hint = named.row.text?.word(String(value.value).split(' ')[0]!, 0) === undefined ? `Name each option: \`${entry.key}: { ... }\`.` : `Write it as one text, \`${entry.key} ${shorten(String(value.value))}\`, or name each option: \`${entry.key}: { ... }\`.`;
    return report(state, value, 'wrong-type', `\`${entry.key}\` takes its options as a map, not the bare value \`${shorten(String(value.value))}\`.`, value.range, hint);
  }
  if (value.kind === 'list' || state.reported.has(value)) return value;
  const options = new OptionCollector(state, named, { text: entry.key, range: entry.keyRange });
  const map: MapNode = value.kind === 'map' ? value : { kind: 'map', entries: [], range: value.range };
  options.add([...map.entries, ...misplaced]);
  return options.expanded(schema, map);
}

/** Gathers the options of one row from an alias, words and keys; each may say an option only once. */
class OptionCollector {
  private readonly state: Expansion;
  private readonly named: Named;
  private readonly written: WrittenName;
  private readonly entries = new Map<string, { entry: Entry; word: string }>();

  constructor(state: Expansion, named: Named, written: WrittenName) {
    [this.state, this.named, this.written] = [state, named, written];
    this.add(Object.entries(named.preset).map(([key, value]) => ({ key, keyRange: written.range, value: fromValue(value, written.range) })), written.text);
  }

  add(entries: readonly Entry[], word?: string): void {
    for (const entry of entries) {
      const earlier = this.entries.get(entry.key);
      if (earlier === undefined) this.entries.set(entry.key, { entry, word: word ?? entry.key });
      else {
        this.state.diagnostics.push({
          ...fault('repeated-option', `\`${shorten(word ?? entry.key)}\` sets \`${entry.key}\`, which \`${earlier.word}\` sets already.`, entry.keyRange, 'Keep one of the two.'),
          related: [{ message: 'the first one', range: earlier.entry.keyRange }],
        });
      }
    }
  }

  expanded(schema: SchemaView, map: MapNode): Node {
    this.state.used.add(`${schema[CHOICE]}/${this.named.type}`);
    const filled: MapNode = { ...map, entries: [...this.entries.values()].map(({ entry }) => entry) };
    return expandMap(filled, schema.properties?.[this.named.type] ?? {}, this.written.range, this.state);
  }
}

function noRow(state: Expansion, node: MapNode, schema: SchemaView, others: readonly Entry[], at: Range): Node {
  const [first] = others;
  if (first !== undefined) return unknownName(state, node, schema, { text: first.key, range: first.keyRange });
  const range = node.entries[0]?.keyRange ?? (node.range.start < node.range.end ? node.range : at);
  return report(state, node, 'missing-name', `This names no ${schema[CHOICE]}.`, range, `Known: ${listNames(namesOf(rowsOf(schema, state.tables)))}.`);
}

function unknownName(state: Expansion, node: Node, schema: SchemaView, name: WrittenName): Node {
  const kind = schema[CHOICE]!;
  const elsewhere = findRow(state.tables[kind]!, name.text) !== undefined;
  const message = name.text === '' ? `This names no ${kind}.` : elsewhere ? `\`${name.text}\` cannot stand here.` : `There is no ${kind} \`${shorten(name.text)}\`.`;
  // Nobody sees the hints beyond the limit, and thousands of them take seconds.
  const hint = state.diagnostics.length > mistakeLimit ? undefined : hintForName(state, schema, name.text, elsewhere);
  return report(state, node, `unknown-${kind.replaceAll(' ', '-')}`, message, name.range, hint);
}

function hintForName(state: Expansion, schema: SchemaView, text: string, elsewhere: boolean): string {
  const names = namesOf(rowsOf(schema, state.tables));
  const forms = (schema[ALSO] ?? []).flatMap(({ required = [] }) => required);
  const guess = elsewhere ? undefined : nearest(text, [...names, ...forms]);
  return leftOutReason(schema[CHOICE]!, text) ?? (guess === undefined ? `Known: ${listNames(names)}.` : `Did you mean \`${guess}\`?`);
}

/** A compact text under way: the row it names, by the name as written. */
interface TextUse {
  readonly named: Named;
  readonly name: string;
  readonly text: ScalarNode;
}

function unknownWord(state: Expansion, schema: SchemaView, { named, name, text: node }: TextUse, word: Word & { position: number }, range: Range): void {
  const kind = schema[CHOICE]!;
  const message = word.text === '' ? `An argument of \`${name}\` is missing.` : `\`${shorten(word.text)}\` means nothing to \`${name}\`.`;
  const lines = node.range.source.text.slice(node.range.start, node.range.end).includes('\n');
  if (lines && findRow(rowsOf(schema, state.tables), word.text) !== undefined) {
    state.diagnostics.push(fault('unknown-word', message, range, `\`${word.text}\` is ${withArticle(kind)} itself: begin its line with \`- \`.`));
    return;
  }
  const { text } = named.row;
  const [parameter] = /\$[A-Za-z_]\w*/.exec(word.text) ?? [];
  if (parameter !== undefined) {
    state.diagnostics.push(fault('unknown-word', message, range, `Only a block has parameters such as \`${parameter}\`.`));
    return;
  }
  const guess = state.diagnostics.length > mistakeLimit ? undefined : word.position === 0 && word.text.startsWith('(') ? `${name}${word.text}` : suggestWord(named.row, word.text, word.position, state.tables);
  const usage = text === undefined ? `\`${name}\` stands alone; options go into the full form, \`${named.type}: { ... }\`.` : `Usage: ${text.usage}.`;
  const hint = guess === undefined ? usage : `Did you mean \`${guess}\`? ${usage}`;
  state.diagnostics.push(fault('unknown-word', message, range, hint));
}

/** What other libraries call the keys beside a layer. */
const besideElsewhere: ReadonlyMap<string, string> = new Map([['inputs', 'from'], ['input', 'from'], ['id', 'name']]);

/** Reports a key beside a row's name that is not allowed there. @returns whether it is an option that should be indented */
function strayKey(state: Expansion, stray: Entry, name: string, named: Named, beside: readonly string[]): boolean {
  if (Object.hasOwn(named.row.options.properties, stray.key)) {
    state.diagnostics.push(fault('unknown-key', `\`${stray.key}\` stands beside \`${name}\`, but is an option of it.`, stray.keyRange, `Indent \`${stray.key}\` further than \`${name}\`.`));
    return true;
  }
  const guess = beside.find((key) => key === besideElsewhere.get(stray.key)) ?? nearestIn(state, stray.key, [...beside, ...Object.keys(named.row.options.properties)]);
  const allowed = beside.length === 0 ? `Nothing may stand beside \`${name}\`.` : `Beside \`${name}\` may stand ${listNames(beside)}.`;
  state.diagnostics.push(fault('unknown-key', `\`${shorten(stray.key)}\` is not known beside \`${name}\`.`, stray.keyRange, guess === undefined ? allowed : `Did you mean \`${guess}\`? ${allowed}`));
  return false;
}

function report(state: Expansion, node: Node, code: string, message: string, range: Range, hint?: string): Node {
  state.diagnostics.push(fault(code, message, range, hint));
  state.reported.add(node);
  return node;
}

function fault(code: string, message: string, range: Range, hint?: string): Diagnostic {
  return { code, severity: 'error', message, range, ...(hint === undefined ? {} : { hint }) };
}
