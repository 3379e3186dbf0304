import type { Range } from '../../base/diagnostics.ts';
import { listNames, nearest } from '../../base/did-you-mean.ts';
import { shorten } from '../../base/shorten.ts';
import { describeNode } from '../check/describe-schema.ts';
import type { Entry, Node } from '../syntax/source-tree.ts';
import { substitute } from './block-parameters.ts';
import { type Expansion, isNull, nearestIn } from './expansion.ts';
import { type Block, reporter } from './read-blocks.ts';

/** Uses of blocks inside each other. */
const depthLimit = 32;

/** The blocks of a model. */
export interface KnownBlocks {
  readonly blocks: ReadonlyMap<string, Block>;
  /** Those left out for a mistake in their form. */
  readonly broken: ReadonlySet<string>;
  /** Those that some layer uses; one that was meant is added. */
  readonly used: Set<string>;
}

/**
 * The layers of a block with the parameters of one use filled in; undefined where the use has a mistake, which is told.
 *
 * @param stack names of the blocks around
 */
export function fillIn(
  { key: name, keyRange, value }: Entry,
  stack: readonly string[],
  { blocks, broken, used }: KnownBlocks,
  state: Expansion,
): readonly Node[] | undefined {
  const report = reporter(state);
  const block = blocks.get(name);
  if (block === undefined) {
    const meant = nearest(name, blocks.keys());
    if (meant !== undefined) used.add(meant);
    if (!broken.has(name))
      report('unknown-block', `There is no block \`${shorten(name)}\`.`, keyRange, `Did you mean \`${meant}\`?`);
    return undefined;
  }
  if (stack.includes(name)) {
    const way = [...stack.slice(stack.indexOf(name)), name];
    report(
      'block-cycle',
      way.length === 2
        ? `The block \`${name}\` uses itself.`
        : `These blocks use each other: ${way.map((one) => `\`${one}\``).join(' -> ')}.`,
      keyRange,
      'Use `repeat` to stack layers.',
    );
    return undefined;
  }
  if (stack.length >= depthLimit) {
    report('blocks-too-deep', `More than ${depthLimit} blocks use each other.`, keyRange);
    return undefined;
  }
  const values = readArguments(block, keyRange, value, state);
  if (values === undefined) return undefined;
  let whole = true;
  const items = block.layers.items.map((item) =>
    substitute(item, values, {
      collection: ({ name: parameter, range }, given) => {
        whole = false;
        report(
          'parameter-in-text',
          `\`$${parameter}\` stands inside a text, but its value is ${describeNode(given)}.`,
          given.range.start < given.range.end ? given.range : range,
          'Give a number or a text.',
        );
      },
      arithmetic: (written, problem, range) =>
        report(
          'arithmetic-without-value',
          `\`${shorten(written)}\` has no value in this use of \`${name}\`: ${problem}.`,
          range,
        ),
      unknown: (text) => state.reported.add(text),
    }),
  );
  return whole ? items : undefined;
}

function readArguments(
  { name, parameters }: Block,
  keyRange: Range,
  value: Node,
  state: Expansion,
): ReadonlyMap<string, Node> | undefined {
  const report = reporter(state);
  const known = [...parameters.keys()];
  if (value.kind !== 'map' && !isNull(value)) {
    report(
      'wrong-type',
      `\`${name}\` takes its parameters as a map.`,
      value.range,
      known.length === 0
        ? `It has none: write \`- ${name}\`.`
        : `Write \`- ${name}: { ${known.map((key) => `${key}: ...`).join(', ')} }\`.`,
    );
    return undefined;
  }
  const given = new Map((value.kind === 'map' ? value.entries : []).map((entry) => [entry.key, entry]));
  const unknown = [...given.values()].filter(({ key }) => !parameters.has(key));
  const meant = new Set<string | undefined>();
  for (const { key, keyRange: range } of unknown) {
    const guess = nearestIn(state, key, known);
    const list = known.length === 0 ? 'It has none.' : `It has ${listNames(known)}.`;
    meant.add(guess);
    report(
      'unknown-parameter',
      `\`${name}\` has no parameter \`${shorten(key)}\`.`,
      range,
      guess === undefined ? list : `Did you mean \`${guess}\`?`,
    );
  }
  const values = new Map(known.map((key) => [key, given.get(key)?.value ?? parameters.get(key)!]));
  const missing = known.filter((key) => isNull(values.get(key)!) && !meant.has(key));
  for (const key of missing)
    report(
      'missing-parameter',
      `\`${name}\` needs a value for \`${key}\`.`,
      given.get(key)?.keyRange ?? keyRange,
      `Write \`- ${name}: { ${key}: ... }\`, or give it a default in \`blocks\`.`,
    );
  return missing.length > 0 || unknown.length > 0 ? undefined : values;
}
