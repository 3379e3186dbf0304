import type { Range } from '../../base/diagnostics.ts';
import { type ArithmeticFault, type Expression, evaluate, isFault, namesIn, parseArithmetic } from './arithmetic.ts';
import type { Entry, Node, Piece, ScalarNode } from '../syntax/source-tree.ts';
import { rangeInside } from '../syntax/source-tree.ts';

/** A parameter's name in a text, as `$name` or in `${...}`. */
interface Reference {
  readonly name: string;
  readonly range: Range;
}

/** A stretch of a text that is written out: `$name`, `${4*name}`. */
interface Placeholder {
  readonly text: string;
  readonly start: number;
  /** Where what is between the braces begins. */
  readonly inner: number;
  readonly end: number;
  readonly expression: Expression | ArithmeticFault;
}

/** What filling in finds. */
interface Trouble {
  /** A list or map in the middle of a text. */
  readonly collection: (reference: Reference, value: Node) => void;
  /** Arithmetic that has no value. */
  readonly arithmetic: (written: string, problem: string, range: Range) => void;
  /** A text with a name that no parameter has, or arithmetic without value. */
  readonly unknown: (text: Node) => void;
}

function placeholdersIn(text: string): readonly Placeholder[] {
  return [...text.matchAll(/\$(?:([A-Za-z_]\w*)|\{([^}]*)(\}?))/g)].map(
    ({ 0: written, 1: name, 2: arithmetic, 3: close, index }) => {
      const inner = index + (name === undefined ? 2 : 1);
      const expression =
        close === ''
          ? { problem: 'This brace is never closed', start: -1, end: 0 }
          : parseArithmetic(name ?? arithmetic!);
      return { text: written, start: index, inner, end: index + written.length, expression };
    },
  );
}

function* textsIn(node: Node): Iterable<ScalarNode & { readonly value: string }> {
  if (node.kind === 'list') for (const item of node.items) yield* textsIn(item);
  else if (node.kind === 'map') for (const { value } of node.entries) yield* textsIn(value);
  else if (typeof node.value === 'string') yield { ...node, value: node.value };
}

/** Every name of a parameter in the texts of a tree. */
export function referencesIn(node: Node): readonly Reference[] {
  return [...textsIn(node)].flatMap((text) =>
    placeholdersIn(text.value).flatMap(({ expression, start, inner, end, text: written }) => {
      if (isFault(expression)) return [];
      if (!written.startsWith('${')) return [{ name: written.slice(1), range: rangeInside(text, start, end) }];
      return namesIn(expression).map((one) => ({
        name: one.name,
        range: rangeInside(text, inner + one.start, inner + one.end),
      }));
    }),
  );
}

/** Arithmetic in the texts of a tree that is not written rightly. */
export function faultsIn(node: Node): readonly { readonly problem: string; readonly range: Range }[] {
  return [...textsIn(node)].flatMap((text) =>
    placeholdersIn(text.value).flatMap(({ expression, start, inner, end }) => {
      if (!isFault(expression)) return [];
      const { problem, start: from, end: to } = expression;
      return [
        { problem, range: from < to ? rangeInside(text, inner + from, inner + to) : rangeInside(text, start, end) },
      ];
    }),
  );
}

/**
 * A tree with each `$name` and `${4*name}` replaced by its value. A value that is a text's whole is put in its place,
 * whatever it is; in the middle of a text (`conv 3x3x$filters`) it becomes a part of it. Unknown names stay.
 *
 * @param values of all parameters that are known @param trouble told of what cannot be filled in
 */
export function substitute(node: Node, values: ReadonlyMap<string, Node>, trouble: Trouble): Node {
  if (node.kind === 'list') return { ...node, items: node.items.map((item) => substitute(item, values, trouble)) };
  if (node.kind === 'map')
    return {
      ...node,
      entries: node.entries.map((entry): Entry => ({ ...entry, value: substitute(entry.value, values, trouble) })),
    };
  if (typeof node.value !== 'string' || !node.value.includes('$')) return node;
  const pieces: Piece[] = [];
  let [result, done, whole] = ['', 0, true];
  const add = (part: string, start: number, end: number) => {
    pieces.push({ start: result.length, end: result.length + part.length, range: rangeInside(node, start, end) });
    result += part;
  };
  for (const placeholder of placeholdersIn(node.value)) {
    const { text, start, end } = placeholder;
    const value = valueOf(node, placeholder, values, trouble);
    if (value === undefined) {
      whole = false;
      continue;
    }
    if (start === 0 && end === node.value.length) return value;
    if (value.kind !== 'scalar')
      trouble.collection({ name: text.slice(1), range: rangeInside(node, start, end) }, value);
    if (start > done) add(node.value.slice(done, start), done, start);
    add(value.kind === 'scalar' ? String(value.value) : text, start, end);
    done = end;
  }
  if (done > 0 && done < node.value.length) add(node.value.slice(done), done, node.value.length);
  const filled: Node = done === 0 ? node : { ...node, value: result, pieces };
  if (!whole) trouble.unknown(filled);
  return filled;
}

function valueOf(
  node: ScalarNode,
  { text, start, inner, end, expression }: Placeholder,
  values: ReadonlyMap<string, Node>,
  { arithmetic }: Trouble,
): Node | undefined {
  if (isFault(expression)) return undefined;
  if (expression.kind === 'name') return values.get(expression.name);
  if (namesIn(expression).some(({ name }) => !values.has(name))) return undefined;
  const number = evaluate(expression, (name) => {
    const value = values.get(name)!;
    return value.kind === 'scalar' && Number.isInteger(value.value) ? (value.value as number) : undefined;
  });
  if (!isFault(number)) return { kind: 'scalar', value: number, range: rangeInside(node, start, end) };
  arithmetic(text, number.problem, rangeInside(node, inner + number.start, inner + number.end));
  return undefined;
}
