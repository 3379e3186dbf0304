import { type Diagnostic, type Range, mistake } from '../../base/diagnostics.ts';
import { CHOICE } from '../../base/row.ts';
import { type CompactParts, splitCompactText, type Word } from '../syntax/compact-text.ts';
import { listNames } from '../../base/did-you-mean.ts';
import { type ExpandMap, type Expansion, isNull, report } from './expansion.ts';
import { type Named, type Use, type WrittenName, findRow, isBesideRow } from './find-row.ts';
import { type SchemaView, rowsOf } from '../schema/schema-view.ts';
import { shorten } from '../../base/shorten.ts';
import { showCount } from '../../base/quantities.ts';
import { type Entry, type MapNode, type Node, type ScalarNode, fromValue, rangeInside } from '../syntax/source-tree.ts';
import { unknownWord, wordBeside, wordOfInner, wrapsLayer } from './unknown-word.ts';
import { noRow, strayKey, unknownName } from './unknown-name.ts';

/** No row takes a quarter as many. */
const wordLimit = 50;

/**
 * The full form of a choice: a map whose one key beside the allowed others is a row's own name.
 *
 * @param expandMap what expands the row's options
 */
export function expandChoice(node: Node, schema: SchemaView, at: Range, state: Expansion, expandMap: ExpandMap): Node {
  if (node.kind === 'scalar' && typeof node.value === 'string')
    return expandText(node, node.value, schema, state, expandMap);
  return node.kind === 'map' ? expandChoiceMap(node, schema, at, state, expandMap) : node;
}

function expandText(node: ScalarNode, text: string, schema: SchemaView, state: Expansion, expandMap: ExpandMap): Node {
  const lead = text.length - text.trimStart().length;
  const parts = splitCompactText(text.trim());
  const rangeOf = ({ start, end }: Stretch) => rangeInside(node, lead + start, lead + end);
  const written = { text: parts.name.text, range: rangeOf(parts.name) };
  const refused = refuseText(parts, schema[CHOICE]!, rangeOf);
  if (refused !== undefined) return report(state, node, refused.code, refused.message, refused.range!);
  const named = findRow(rowsOf(schema, state.tables), written.text);
  if (named === undefined) return unknownName(state, node, schema, written);
  const value = expandWords(node, parts.words, { schema, state, named, written }, expandMap, rangeOf, []);
  return { kind: 'map', entries: [{ key: named.type, keyRange: written.range, value }], range: node.range };
}

type Stretch = Pick<Word, 'start' | 'end'>;

function refuseText(
  { name, words, unbalanced }: CompactParts,
  kind: string,
  rangeOf: (part: Stretch) => Range,
): Diagnostic | undefined {
  if (unbalanced !== undefined)
    return mistake(
      'unbalanced-parenthesis',
      `A parenthesis in this ${kind} has no counterpart.`,
      rangeOf({ start: unbalanced, end: unbalanced + 1 }),
    );
  if (words.length <= wordLimit) return undefined;
  return mistake(
    'too-many-words',
    `This ${kind} has ${showCount(words.length)} words; none takes so many.`,
    rangeOf(name),
  );
}

/** The options that the words of a compact text stand for. @param more those written otherwise */
function expandWords(
  node: ScalarNode,
  words: readonly Word[],
  use: Use,
  expandMap: ExpandMap,
  rangeOf: (part: Stretch) => Range,
  more: readonly Entry[],
): Node {
  const { schema, state, named, written } = use;
  const options = new OptionCollector(state, named, written);
  let clean = true;
  let inner: Node | undefined;
  let meant: readonly string[] | undefined = [];
  for (const [position, word] of words.entries()) {
    const range = rangeOf(word);
    const said = named.row.text?.word(word.text, position);
    if (said !== undefined) {
      const entries = Object.entries(said).map(([key, value]) => ({
        key,
        keyRange: range,
        value: fromValue(value, range),
      }));
      options.add(entries, word.text);
      inner = wrapsLayer(named.row) ? (entries.find(({ key }) => key === 'layer')?.value ?? inner) : undefined;
    } else {
      clean = false;
      const whole = inner === undefined ? wordBeside(use, words, position) : wordOfInner(use, words, position);
      if (whole !== undefined) {
        meant = undefined;
        state.diagnostics.push(
          mistake(
            'unknown-word',
            whole.problem,
            rangeOf({ start: word.start, end: inner === undefined ? word.end : words.at(-1)!.end }),
            whole.hint,
          ),
        );
        if (inner !== undefined) state.reported.add(inner);
        break;
      }
      const guess = unknownWord(use, node, { ...word, position }, { range, sets: (key) => options.sets(key) });
      const likely = guess === undefined ? undefined : named.row.text?.word(guess, position);
      meant = meant === undefined || likely === undefined ? undefined : [...meant, ...Object.keys(likely)];
    }
  }
  options.addMissing(more);
  const value = options.expanded(schema, { kind: 'map', entries: [], range: node.range }, expandMap);
  if (!clean) state.incomplete.set(value, meant);
  if (named.row.text !== undefined) state.usages.set(value, named.row.text.usage);
  return value;
}

function expandChoiceMap(node: MapNode, schema: SchemaView, at: Range, state: Expansion, expandMap: ExpandMap): Node {
  const kind = schema[CHOICE]!;
  const table = rowsOf(schema, state.tables);
  const isBeside = ({ key }: Entry) => isBesideRow(schema, state, key);
  const others = node.entries.filter((entry) => !isBeside(entry));
  const chosen = others.filter(({ key }) => findRow(table, key) !== undefined);
  const [entry, second] = chosen;
  if (entry === undefined) return noRow(state, node, schema, others, at);
  if (second !== undefined) {
    return report(
      state,
      node,
      'several-names',
      `This names ${chosen.length} of what must be one ${kind}: ${listNames(chosen.map(({ key }) => key))}.`,
      second.keyRange,
      kind === 'layer'
        ? `Give \`${second.key}\` a list item of its own: \`- ${second.key}: ...\`.`
        : 'Keep one of them.',
    );
  }
  const named = findRow(table, entry.key)!;
  state.used.add(`${kind}/${named.type}`);
  const allowed = Object.keys(schema.properties ?? {}).filter((key) => !Object.hasOwn(table, key));
  const misplaced = others.filter((other) => other !== entry && strayKey(state, other, entry, named, allowed));
  const value = expandOptions(state, entry, named, schema, misplaced, expandMap);
  return { ...node, entries: [{ key: named.type, keyRange: entry.keyRange, value }, ...node.entries.filter(isBeside)] };
}

/** @param misplaced options that were written beside the row's name; taken along so that they are not missed too */
function expandOptions(
  state: Expansion,
  entry: Entry,
  named: Named,
  schema: SchemaView,
  misplaced: readonly Entry[],
  expandMap: ExpandMap,
): Node {
  const { value } = entry;
  const written = { text: entry.key, range: entry.keyRange };
  if (value.kind === 'scalar' && !isNull(value) && !state.reported.has(value)) {
    const { row } = named;
    if (row.text === undefined || typeof value.value === 'boolean') {
      return report(
        state,
        value,
        'wrong-type',
        `\`${entry.key}\` takes its options as a map, not the bare value \`${shorten(String(value.value))}\`.`,
        value.range,
        `Name each option: \`${entry.key}: { ... }\`.`,
      );
    }
    // The words of a compact text, whose name is the key.
    const lead = entry.key.length + 1;
    const parts = splitCompactText(`${entry.key} ${value.value}`);
    const rangeOf = ({ start, end }: Stretch) =>
      start < lead ? entry.keyRange : rangeInside(value, start - lead, end - lead);
    const refused = refuseText(parts, schema[CHOICE]!, rangeOf);
    if (refused !== undefined) return report(state, value, refused.code, refused.message, refused.range!);
    return expandWords(value, parts.words, { schema, state, named, written }, expandMap, rangeOf, misplaced);
  }
  if (value.kind === 'list' || state.reported.has(value)) return value;
  const options = new OptionCollector(state, named, written);
  const map: MapNode = value.kind === 'map' ? value : { kind: 'map', entries: [], range: value.range };
  options.add(map.entries);
  options.addMissing(misplaced);
  return options.expanded(schema, map, expandMap);
}

/** Gathers the options of one row from an alias, words and keys; each may say an option only once. */
class OptionCollector {
  private readonly state: Expansion;
  private readonly named: Named;
  private readonly written: WrittenName;
  private readonly entries = new Map<string, { entry: Entry; word: string }>();

  constructor(state: Expansion, named: Named, written: WrittenName) {
    [this.state, this.named, this.written] = [state, named, written];
    this.add(
      Object.entries(named.preset).map(([key, value]) => ({
        key,
        keyRange: written.range,
        value: fromValue(value, written.range),
      })),
      written.text,
    );
  }

  add(entries: readonly Entry[], word?: string): void {
    for (const entry of entries) {
      const earlier = this.entries.get(entry.key);
      if (earlier === undefined) this.entries.set(entry.key, { entry, word: word ?? entry.key });
      else {
        this.state.diagnostics.push({
          ...mistake(
            'repeated-option',
            `\`${shorten(word ?? entry.key)}\` sets \`${entry.key}\`, which \`${earlier.word}\` sets already.`,
            entry.keyRange,
            'Keep one of the two.',
          ),
          related: [{ message: 'the first one', range: earlier.entry.keyRange }],
        });
      }
    }
  }

  sets(key: string): boolean {
    return this.entries.has(key);
  }

  /** Options in the wrong place, which is a mistake that is told already. */
  addMissing(entries: readonly Entry[]): void {
    this.add(entries.filter(({ key }) => !this.entries.has(key)));
  }

  expanded(schema: SchemaView, map: MapNode, expandMap: ExpandMap): Node {
    this.state.used.add(`${schema[CHOICE]}/${this.named.type}`);
    const filled: MapNode = { ...map, entries: [...this.entries.values()].map(({ entry }) => entry) };
    return expandMap(filled, schema.properties?.[this.named.type] ?? {}, this.written.range, this.state);
  }
}
