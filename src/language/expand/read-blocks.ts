import { type Expansion, isNull } from './expansion.ts';
import { type Range, mistake } from '../../base/diagnostics.ts';
import type { Code } from '../../base/mistakes/mistakes.ts';
import { describeNode } from '../check/describe-schema.ts';
import { listNames, nearest } from '../../base/did-you-mean.ts';
import { mistakeLimit } from '../check/mistake-limit.ts';
import { faultsIn, referencesIn } from './block-parameters.ts';
import { shorten } from '../../base/shorten.ts';
import { type Entry, type ListNode, type MapNode, type Node, entryOf } from '../syntax/source-tree.ts';

/** A named list of layers with parameters, from `model.blocks`. */
export interface Block {
  readonly name: string;
  readonly keyRange: Range;
  /** Null where a use must give the value. */
  readonly parameters: ReadonlyMap<string, Node>;
  readonly layers: ListNode;
}

/** What a block may be called; layers start with a small letter, so no new layer can ever take a block's name. */
export const blockName = /^[A-Z][A-Za-z0-9]{0,49}$/;

/** Reports a mistake. */
export type Report = (code: Code, message: string, range: Range, hint?: string) => void;

/** Reports into an expansion. */
export function reporter({ diagnostics }: Expansion): Report {
  return (code, message, range, hint) => diagnostics.push(mistake(code, message, range, hint));
}

/** Reads `model.blocks`. A block with a mistake in its form is left out, but known: its uses are no mistakes. */
export function readBlocks(
  entry: Entry | undefined,
  report: Report,
): { readonly blocks: ReadonlyMap<string, Block>; readonly broken: ReadonlySet<string> } {
  const blocks = new Map<string, Block>();
  const broken = new Set<string>();
  if (entry === undefined || isNull(entry.value)) return { blocks, broken };
  if (entry.value.kind !== 'map')
    report(
      'wrong-type',
      `\`blocks\` must be a map of blocks, not ${describeNode(entry.value)}.`,
      entry.value.range,
      'Example: `blocks: { Residual: { parameters: { filters: 16 }, layers: [...] } }`.',
    );
  for (const { key, keyRange, value } of entry.value.kind === 'map' ? entry.value.entries : []) {
    const block = readBlock(key, keyRange, value, report);
    if (block === undefined) broken.add(key);
    else blocks.set(key, block);
  }
  return { blocks, broken };
}

function readBlock(name: string, keyRange: Range, value: Node, report: Report): Block | undefined {
  if (!blockName.test(name)) {
    const rest = name.slice(1).replaceAll(/[-_.\s]+(.)/g, (_, letter: string) => letter.toUpperCase());
    const better = `${name.charAt(0).toUpperCase()}${rest}`;
    const hint = blockName.test(better)
      ? `Write \`${better}\`: layers start with a small letter, blocks with a capital one.`
      : undefined;
    report(
      'bad-block-name',
      `The name of a block is up to 50 letters and digits, the first a capital letter; not \`${shorten(name)}\`.`,
      keyRange,
      hint,
    );
    return undefined;
  }
  if (value.kind !== 'map') {
    report(
      'wrong-type',
      `\`${name}\` must be a map with \`layers\`, not ${describeNode(value)}.`,
      isNull(value) ? keyRange : value.range,
      value.kind === 'list' ? 'Put the list under a key: `layers:`.' : undefined,
    );
    return undefined;
  }
  const known = ['parameters', 'layers'];
  for (const { key, keyRange: range } of value.entries.filter((one) => !known.includes(one.key))) {
    const guess = nearest(key, known);
    report(
      'unknown-key',
      `There is no \`${shorten(key)}\` in a block.`,
      range,
      guess === undefined ? `Known here: ${listNames(known)}.` : `Did you mean \`${guess}\`?`,
    );
  }
  const layers = readLayers(value, name, keyRange, report);
  const parameters = readParameters(entryOf(value, 'parameters'), report);
  if (layers === undefined || parameters === undefined) return undefined;
  checkReferences(name, parameters, layers, report);
  return { name, keyRange, parameters: new Map([...parameters].map(([key, one]) => [key, one.value])), layers };
}

/** The layers of a block or a repetition. */
export function readLayers(map: MapNode, owner: string, at: Range, report: Report): ListNode | undefined {
  const layers = entryOf(map, 'layers');
  if (layers?.value.kind === 'list' && layers.value.items.length > 0) return layers.value;
  if (layers === undefined && map.entries.some(({ key }) => nearest(key, ['layers']) !== undefined)) return undefined;
  if (layers === undefined)
    report(
      'missing-key',
      `\`layers\` is missing in \`${owner}\`.`,
      at,
      `Example: \`${owner}: { ..., layers: [conv 3x3x16 same, relu] }\`.`,
    );
  else
    report(
      'wrong-type',
      `\`layers\` must be a list of layers, at least one, not ${describeNode(layers.value)}.`,
      isNull(layers.value) ? layers.keyRange : layers.value.range,
    );
  return undefined;
}

function readParameters(entry: Entry | undefined, report: Report): ReadonlyMap<string, Entry> | undefined {
  if (entry === undefined || isNull(entry.value)) return new Map();
  if (entry.value.kind !== 'map') {
    report(
      'wrong-type',
      `\`parameters\` must be a map of names and default values, not ${describeNode(entry.value)}.`,
      entry.value.range,
      'Example: `parameters: { filters: 16, stride: 1 }`; a name without value must be given by each use.',
    );
    return undefined;
  }
  const wrong = entry.value.entries.filter(({ key }) => !/^[A-Za-z_]\w*$/.test(key));
  for (const { key, keyRange } of wrong)
    report(
      'bad-parameter-name',
      `The name of a parameter is letters, digits and \`_\`; not \`${shorten(key)}\`.`,
      keyRange,
    );
  const calculated = entry.value.entries.filter(
    ({ value }) => value.kind === 'scalar' && typeof value.value === 'string' && value.value.includes('${'),
  );
  for (const { value } of calculated)
    report(
      'arithmetic-in-default',
      'A default value holds no arithmetic.',
      value.range,
      'Write the number, and calculate where it is used.',
    );
  return wrong.length > 0 || calculated.length > 0
    ? undefined
    : new Map(entry.value.entries.map((one) => [one.key, one]));
}

const arithmeticHint =
  'Between `${` and `}` stand whole numbers, names of parameters, `+`, `-`, `*`, `/` and parentheses: ' +
  '`conv 1x1x${4*filters}`.';

function checkReferences(
  block: string,
  parameters: ReadonlyMap<string, Entry>,
  layers: ListNode,
  report: Report,
): void {
  const faults = faultsIn(layers);
  for (const { problem, range } of faults) report('bad-arithmetic', `${problem}.`, range, arithmeticHint);
  const references = referencesIn(layers);
  const used = new Set(references.map(({ name }) => name));
  const unknown = references.filter(({ name }) => !parameters.has(name));
  // Nobody sees the hints beyond the limit, and thousands of them take seconds.
  const unused = [...parameters.values()].filter(({ key }) => !used.has(key));
  const last = unused.length === 1 ? unused[0]!.key : undefined;
  const guesses = new Map(
    unknown.slice(0, mistakeLimit).map(({ name }) => [name, nearest(name, parameters.keys()) ?? last]),
  );
  const meant = new Set(guesses.values());
  for (const { name, range } of unknown) {
    const guess = guesses.get(name);
    const hint = guess === undefined ? `Add it: \`parameters: { ${name}: DEFAULT }\`.` : `Did you mean \`$${guess}\`?`;
    report('unknown-parameter', `\`${block}\` has no parameter \`${shorten(name)}\`.`, range, hint);
  }
  // What cannot be read may use it, and a name that is like no other may mean it.
  for (const { key, keyRange } of faults.length > 0 || meant.has(undefined) ? [] : unused) {
    if (!meant.has(key))
      report(
        'unused-parameter',
        `No layer of \`${block}\` uses the parameter \`${key}\`.`,
        keyRange,
        `Write \`$${key}\` where it belongs, or remove it.`,
      );
  }
  for (const { name, range } of [...parameters.values()].flatMap(({ value }) => referencesIn(value))) {
    report('parameter-in-default', `A default value cannot use a parameter: \`$${shorten(name)}\`.`, range);
  }
}

/** What `repeat` says: how often, at most `limit` times, and what; undefined where it has a mistake. */
export function readRepeat(
  { keyRange, value }: Entry,
  limit: number,
  report: Report,
): { readonly times: number; readonly items: readonly Node[] } | undefined {
  if (value.kind !== 'map') {
    report(
      'wrong-type',
      `\`repeat\` must be a map with \`times\` and \`layers\`, not ${describeNode(value)}.`,
      isNull(value) ? keyRange : value.range,
      'Example: `repeat: { times: 3, layers: [conv 3x3x16 same, relu] }`.',
    );
    return undefined;
  }
  const stray = value.entries.find(({ key }) => key !== 'times' && key !== 'layers');
  if (stray !== undefined) {
    const guess = nearest(stray.key, ['times', 'layers']);
    report(
      'unknown-key',
      `There is no \`${shorten(stray.key)}\` in \`repeat\`.`,
      stray.keyRange,
      guess === undefined ? 'Known here: `times`, `layers`.' : `Did you mean \`${guess}\`?`,
    );
    return undefined;
  }
  const times = entryOf(value, 'times');
  const count = times?.value.kind === 'scalar' ? times.value.value : undefined;
  const fits = typeof count === 'number' && Number.isInteger(count) && count >= 1 && count <= limit;
  if (times === undefined)
    report(
      'missing-key',
      '`times` is missing in `repeat`.',
      keyRange,
      'How often the layers stand one after the other. Example: `times: 3`.',
    );
  else if (!fits)
    report(
      typeof count === 'number' ? 'out-of-range' : 'wrong-type',
      `\`times\` must be a whole number from 1 to ${limit}, not ${describeNode(times.value)}.`,
      isNull(times.value) ? times.keyRange : times.value.range,
    );
  const layers = readLayers(value, 'repeat', keyRange, report);
  return fits && layers !== undefined ? { times: count, items: layers.items } : undefined;
}
