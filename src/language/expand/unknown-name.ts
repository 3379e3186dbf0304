import { mistake, type Range } from '../../base/diagnostics.ts';
import { listNames, nearest } from '../../base/did-you-mean.ts';
import { type Row, type Table, CHOICE, unknownIn } from '../../base/row.ts';
import { shorten } from '../../base/shorten.ts';
import { otherwise } from '../../layers/layers-elsewhere.ts';
import { leftOutReason } from '../../layers/unsupported.ts';
import { lossesElsewhere } from '../../training/losses-elsewhere.ts';
import { mistakeLimit } from '../check/mistake-limit.ts';
import { type SchemaView, ALSO, rowsOf } from '../schema/schema-view.ts';
import type { Entry, MapNode, Node, ScalarNode } from '../syntax/source-tree.ts';
import { type Expansion, isNull, nearestIn, report } from './expansion.ts';
import { type Named, type WrittenName, findRow, namesOf, withArticle } from './find-row.ts';
import { textAsKey } from './unknown-word.ts';

/** Reports a map that names no row, with what was most likely meant. */
export function noRow(state: Expansion, node: MapNode, schema: SchemaView, others: readonly Entry[], at: Range): Node {
  const [first] = others;
  const text =
    first === undefined || others.length > 1
      ? undefined
      : textAsKey(node, first, (name) => findRow(rowsOf(schema, state.tables), name)?.row.text !== undefined);
  if (text !== undefined)
    return report(
      state,
      node,
      unknownIn(schema[CHOICE]!),
      `\`${shorten(first!.key)}\` is no ${schema[CHOICE]!}: only its name is the key.`,
      first!.keyRange,
      text,
    );
  const meant = others.find(
    ({ value }) =>
      value.kind === 'scalar' &&
      typeof value.value === 'string' &&
      findRow(rowsOf(schema, state.tables), value.value) !== undefined,
  );
  if (meant !== undefined) {
    const kind = schema[CHOICE]!;
    const name = (meant.value as ScalarNode).value as string;
    const message = `\`${shorten(meant.key)}\` is no ${kind}: the name of ${withArticle(kind)} is the key.`;
    return report(state, node, unknownIn(kind), message, meant.keyRange, `Write \`{ ${name}: { ... } }\`.`);
  }
  const takers = first === undefined ? [] : takersOf(others, rowsOf(schema, state.tables));
  if (first !== undefined && takers.length > 0) {
    const kind = schema[CHOICE]!;
    const message = `\`${first.key}\` is no ${kind}, but an option of ${listNames(takers)}.`;
    const name = takers.length === 1 ? takers[0] : 'NAME';
    const hint = `Options stand below the name: \`{ ${name}: { ${first.key}: ... } }\`.`;
    return report(state, node, unknownIn(kind), message, first.keyRange, hint);
  }
  if (first !== undefined) return unknownName(state, node, schema, { text: first.key, range: first.keyRange });
  const range = node.entries[0]?.keyRange ?? (node.range.start < node.range.end ? node.range : at);
  return report(
    state,
    node,
    'missing-name',
    `This names no ${schema[CHOICE]}.`,
    range,
    `Known: ${listNames(namesOf(rowsOf(schema, state.tables)))}.`,
  );
}

/** The rows that have an option of the first key, or of as many of the keys as one has. */
function takersOf(entries: readonly Entry[], table: Table): readonly string[] {
  const matches = ({ options }: Row) => entries.filter(({ key }) => Object.hasOwn(options.properties, key)).length;
  const takers = Object.entries(table).filter(([, { options }]) => Object.hasOwn(options.properties, entries[0]!.key));
  const most = Math.max(...takers.map(([, row]) => matches(row)));
  return takers.filter(([, row]) => matches(row) === most).map(([type]) => type);
}

/** Reports a name that no row has, with what was most likely meant. */
export function unknownName(state: Expansion, node: Node, schema: SchemaView, name: WrittenName): Node {
  const kind = schema[CHOICE]!;
  const elsewhere = findRow(state.tables[kind]!, name.text) !== undefined;
  const problem = elsewhere ? `\`${name.text}\` cannot stand here.` : `There is no ${kind} \`${shorten(name.text)}\`.`;
  const message = name.text === '' ? `This names no ${kind}.` : problem;
  // Nobody sees the hints beyond the limit, and thousands of them take seconds.
  const hint = state.diagnostics.length > mistakeLimit ? undefined : hintForName(state, schema, name.text, elsewhere);
  const code = name.text === '' ? 'missing-name' : unknownIn(kind);
  return report(state, node, code, message, name.range, hint);
}

function hintForName(state: Expansion, schema: SchemaView, text: string, elsewhere: boolean): string {
  const names = namesOf(rowsOf(schema, state.tables));
  const forms = (schema[ALSO] ?? []).flatMap(({ required = [] }) => required);
  const translated =
    schema[CHOICE] === 'loss' && Object.hasOwn(lossesElsewhere, text.toLowerCase())
      ? lossesElsewhere[text.toLowerCase()]
      : undefined;
  const guess = elsewhere ? undefined : (translated ?? nearest(text, [...names, ...forms]));
  const said =
    schema[CHOICE] === 'layer' && !names.includes(text) && Object.hasOwn(otherwise, text.toLowerCase())
      ? otherwise[text.toLowerCase()]
      : undefined;
  if (forms.includes(text))
    return `It is the key of a map: \`- ${text}: ${text === 'share' ? 'NAME' : '{ times: 3, layers: [...] }'}\`.`;
  return (
    leftOutReason(schema[CHOICE]!, text) ??
    said ??
    (guess === undefined ? `Known: ${listNames(names)}.` : `Did you mean \`${guess}\`?`)
  );
}

/** What other libraries call the keys beside a layer. */
const besideElsewhere: ReadonlyMap<string, string> = new Map([
  ['inputs', 'from'],
  ['input', 'from'],
  ['id', 'name'],
]);

/**
 * Reports a key beside a row's name that is not allowed there.
 *
 * @returns whether it is an option that should be indented
 */
export function strayKey(
  state: Expansion,
  stray: Entry,
  { key: name, keyRange, value }: Entry,
  named: Named,
  beside: readonly string[],
): boolean {
  if (Object.hasOwn(named.row.options.properties, stray.key)) {
    const hint =
      value.kind === 'map' || isNull(value)
        ? `Indent \`${stray.key}\` further than \`${name}\`.`
        : `Say it in the text, or name each option: \`${name}: { ${stray.key}: ... }\`.`;
    state.diagnostics.push(
      mistake(
        'misplaced-option',
        `\`${stray.key}\` stands beside \`${name}\`, but is an option of it.`,
        stray.keyRange,
        stray.keyRange.source === keyRange.source ? hint : `Write \`${name}: { ${stray.key}: ... }\`.`,
      ),
    );
    return true;
  }
  const guess =
    beside.find((key) => key === besideElsewhere.get(stray.key)) ??
    nearestIn(state, stray.key, [...beside, ...Object.keys(named.row.options.properties), name]);
  const allowed =
    beside.length === 0
      ? `Nothing may stand beside \`${name}\`.`
      : `Beside \`${name}\` may stand ${listNames(beside)}.`;
  state.diagnostics.push(
    mistake(
      'unknown-key',
      `\`${shorten(stray.key)}\` is not known beside \`${name}\`.`,
      stray.keyRange,
      guess === undefined ? allowed : `Did you mean \`${guess}\`? ${allowed}`,
    ),
  );
  return false;
}
