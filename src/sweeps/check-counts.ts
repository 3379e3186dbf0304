import { type Diagnostic, mistake } from '../base/diagnostics.ts';
import { showCount } from '../base/quantities.ts';
import type { Distribution } from '../base/sweep-results.ts';
import { type Node, entryOf, keyRangeAt, rangeAt, toValue } from '../language/syntax/source-tree.ts';
import type { PlacedParameter } from './check-corners.ts';
import { pointsIn } from './search/points.ts';
import { trialLimit } from './sweep-schema.ts';

/**
 * Whether numbers of trials, points and epochs fit each other.
 *
 * @param root the sweep in full form, right by itself @param epochs of the pipeline; left out: not known
 */
export function checkCounts(
  root: Node,
  space: readonly PlacedParameter[],
  epochs: number | undefined,
): readonly Diagnostic[] {
  const search = valueOf(root, 'search');
  const ranges = space.filter(({ distribution: { kind } }) => kind === 'float');
  const grid = search === 'grid' ? ranges.map(overRange) : [];
  return [...grid, ...checkTrials(root, { space, isGrid: search === 'grid' }), ...checkRungs(root, space, epochs)];
}

const valueOf = (root: Node, key: string) => {
  const node = entryOf(root, key)?.value;
  return node === undefined ? undefined : toValue(node);
};

function overRange({ path, distribution, written }: PlacedParameter): Diagnostic {
  const { low, high, log } = distribution as Extract<Distribution, { kind: 'float' }>;
  const values = [0, 1, 2, 3, 4].map((k) =>
    Number((log ? low * (high / low) ** (k / 4) : low + (k / 4) * (high - low)).toPrecision(3)),
  );
  return mistake(
    'grid-over-range',
    `A grid has no end over \`${String(path.value)}\`, a range of real numbers.`,
    written.range,
    `Write a list, such as \`[${values.join(', ')}]\`, or take \`search: random\`.`,
  );
}

function checkTrials(
  root: Node,
  { space, isGrid }: { readonly space: readonly PlacedParameter[]; readonly isGrid: boolean },
): readonly Diagnostic[] {
  const points = pointsIn(space);
  const trials = valueOf(root, 'trials');
  if (typeof trials === 'number') {
    if (trials <= points) return [];
    const way = isGrid ? ' or leave it out' : ', or `search: grid`, which takes all of them';
    const has = points === 1 ? 'one point' : `${showCount(points)} points`;
    const message = `There are ${showCount(trials)} trials, and the space has ${has}.`;
    return [mistake('too-many-trials', message, rangeAt(root, ['trials']), `Write \`trials: ${points}\`${way}.`)];
  }
  if (!isGrid)
    return [
      mistake(
        'missing-key',
        '`trials` is missing: how many combinations are tried.',
        keyRangeAt(root, ['space']),
        'Example: `trials: 20`.',
      ),
    ];
  if (points <= trialLimit || points === Infinity) return [];
  return [
    mistake(
      'too-many-trials',
      `The grid has ${showCount(points)} points; a sweep has at most ${showCount(trialLimit)} trials.`,
      keyRangeAt(root, ['space']),
      'Shorten the lists, or take `search: random` with a number of `trials`.',
    ),
  ];
}

function checkRungs(root: Node, space: readonly PlacedParameter[], epochs: number | undefined): readonly Diagnostic[] {
  const asha = entryOf(root, 'asha')?.value;
  if (asha === undefined) return [];
  const varied = space.find(({ path }) => path.value === 'train.epochs');
  if (varied !== undefined)
    return [
      mistake(
        'bad-rungs',
        'With `asha` the epochs of a trial are what it earns: they are not in the space.',
        varied.path.range,
        'Take `train.epochs` out, or `asha`.',
      ),
    ];
  const from = valueOf(asha, 'from');
  if (epochs === undefined || typeof from !== 'number' || from < epochs) return [];
  const message = `The first rung has ${from} ${from === 1 ? 'epoch' : 'epochs'}, and all of the training ${epochs}.`;
  const way = epochs > 1 ? `Begin with less, such as \`from: ${Math.max(1, Math.floor(epochs / 9))}\`` : 'Train longer';
  return [mistake('bad-rungs', message, rangeAt(root, ['asha', 'from']), `${way}, or leave \`asha\` out.`)];
}
