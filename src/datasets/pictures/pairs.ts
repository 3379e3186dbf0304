import { failure } from '../../base/diagnostics.ts';
import { type Chosen, chosenFrom, isMisfit } from '../../base/row.ts';
import { permutation, randomIntegers, seedFor } from '../../base/seeds.ts';
import { type InParts, inTurns } from '../../base/turns.ts';
import { cifar10, cifar100 } from './cifar.ts';
import {
  type ClassTarget,
  type DatasetRow,
  type TargetValues,
  bytesOf,
  type DatasetSpec,
  type Samples,
  type TargetSpec,
  type DataMisfit,
  type UnfetchedDataset,
  defineDataset,
  isUnfetched,
  orMisfit,
} from '../dataset.ts';
import { type OptionPath, atOption } from '../wrong-option.ts';
import { fashionMnist } from './fashion-mnist.ts';
import { generatedFile, withinMemory } from '../generated.ts';
import { idx } from './idx.ts';
import { images } from './images.ts';
import { laterPictureRows } from './later-picture-rows.ts';
import { mnist } from './mnist.ts';
import { type labelledFaces, pairsFace } from './pairs-options.ts';

/** Data sets whose samples are one image and its class. */
const labelled = { mnist, fashionMnist, cifar10, cifar100, idx, images } as const satisfies Record<
  keyof typeof labelledFaces,
  DatasetRow
>;

/** Two images of a set with classes, and whether they show the same. */
export const pairs = defineDataset({
  ...pairsFace,
  describe: ({ of, ...options }, folder) => {
    const { row, options: given } = chosenSet(of);
    const single = within(row.describe(given, folder));
    if (isUnfetched(single))
      return { ...single, outline: { inputs: sides, targets: targetsOf(single.outline.targets![0]!, options) } };
    if (isMisfit(single)) return single;
    const whole = withinMemory(single);
    if (isMisfit(whole)) return whole;
    return orMisfit(() => {
      const {
        targets: [label],
        labels,
      } = single;
      const { train, test } = labels!();
      atOption(['source', 'pairs', 'of'], () =>
        [train, test].forEach((one) => provePairs(one, (label as ClassTarget).classes)),
      );
      return withinMemory(specOf(single, options));
    });
  },
  named: ({ of }) => {
    const { row, options: given } = chosenSet(of);
    return row.named(given);
  },
  files: ({ of }, folder) => {
    const { row, options: given } = chosenSet(of);
    return row.files(given, folder);
  },
  load: async ({ of, ...options }, folder, seed, signal) => {
    const { row, options: given } = chosenSet(of);
    const single = await row.load(given, folder, seed, signal);
    const [{ classes: names }] = single.spec.targets as readonly [ClassTarget];
    const part = (name: 'train' | 'test') =>
      inTurns(
        pairUp(single[name], {
          count: options[name],
          classes: options.classes,
          names,
          seed: seedFor(seed, 'data', 'pairs', name),
        }),
        signal,
      );
    const [train, test] = [await part('train'), await part('test')];
    return {
      name: 'pairs',
      spec: specOf(single.spec, options),
      train,
      test,
      files: [...single.files, await inTurns(generatedFile('pairs', [train, test]), signal)],
    };
  },
  ready: laterPictureRows.ready,
  rows: (trained) => {
    const { row, options: given } = chosenSet(trained.options.of);
    return row.rows({ ...trained, options: given });
  },
});

/** The images' options stand in `of`. */
function within<T extends DatasetSpec | UnfetchedDataset | DataMisfit>(described: T): T {
  const moved = <P extends { readonly path?: OptionPath }>(one: P): P =>
    one.path === undefined ? one : { ...one, path: ['source', 'pairs', 'of', ...one.path.slice(1)] };
  if (isMisfit(described)) return moved(described);
  return described.warnings === undefined ? described : { ...described, warnings: described.warnings.map(moved) };
}

function chosenSet(of: Chosen['options']): { readonly row: DatasetRow; readonly options: Chosen['options'] } {
  const { type, options } = chosenFrom(labelled, of);
  return { row: labelled[type as keyof typeof labelled], options };
}

const sides = ['left', 'right'];

function specOf(
  single: DatasetSpec,
  { train, test, classes }: { readonly train: number; readonly test: number; readonly classes: boolean },
): DatasetSpec {
  const {
    inputs: [image],
    targets: [label],
    reading = 0,
    warnings,
    decoder,
  } = single;
  return {
    inputs: sides.map((name) => ({ ...image!, name })),
    targets: targetsOf(label!, { classes }),
    count: { train, test },
    reading: bytesOf(single) + reading,
    ...(decoder && { decoder }),
    ...(warnings === undefined ? {} : { warnings }),
  };
}

function targetsOf(label: TargetSpec, { classes }: { readonly classes: boolean }): readonly TargetSpec[] {
  const same: TargetSpec = { kind: 'class', name: 'same', classes: ['different', 'same'], shape: [] };
  return [same, ...(classes ? sides.map((side) => ({ ...label, name: `${side}Class` })) : [])];
}

interface Pairing {
  readonly count: number;
  readonly classes: boolean;
  /** Of the classes. */
  readonly names: readonly string[];
  readonly seed: number;
}

/** Every image stands on the left before one does so again; beside every second, another of its class. */
function* pairUp(
  { inputs: [images], targets: [labels], count: total }: Samples,
  { count, classes, names, seed }: Pairing,
): InParts<Samples> {
  const size = images!.length / total;
  provePairs(labels!, names);
  const partnerOf = partners(labels!, names, seed);
  const order = permutation(total, seedFor(seed, 'left'));
  const [left, right] = [new Uint8Array(count * size), new Uint8Array(count * size)];
  const [same, leftClass, rightClass] = [new Uint8Array(count), new Uint8Array(count), new Uint8Array(count)];
  for (let pair = 0; pair < count; pair++) {
    if (pair % 256 === 0) yield;
    const alike = pair % 2 === 1;
    const first = order[pair % total]!;
    const second = partnerOf(first, alike);
    left.set(images!.subarray(first * size, (first + 1) * size), pair * size);
    right.set(images!.subarray(second * size, (second + 1) * size), pair * size);
    [same[pair], leftClass[pair], rightClass[pair]] = [Number(alike), labels![first]!, labels![second]!];
  }
  return { inputs: [left, right], targets: classes ? [same, leftClass, rightClass] : [same], count };
}

/**
 * Draws another sample of the same class, or one of the others. In the order of the classes, the samples of one class
 * stand together: a draw passes over those that it must not give.
 */
function partners(
  labels: TargetValues,
  names: readonly string[],
  seed: number,
): (row: number, alike: boolean) => number {
  const random = randomIntegers(seed);
  const sorted = Uint32Array.from(labels.keys()).sort((a, b) => labels[a]! - labels[b]! || a - b);
  const places = new Uint32Array(sorted.length);
  const [starts, sizes] = [names.map(() => 0), names.map(() => 0)];
  sorted.forEach((row, place) => {
    places[row] = place;
    if (sizes[labels[row]!]!++ === 0) starts[labels[row]!] = place;
  });
  return (row, alike) => {
    const [start, size] = [starts[labels[row]!]!, sizes[labels[row]!]!];
    if (alike) {
      const drawn = start + random(size - 1);
      return sorted[drawn >= places[row]! ? drawn + 1 : drawn]!;
    }
    const drawn = random(sorted.length - size);
    return sorted[drawn >= start ? drawn + size : drawn]!;
  };
}

/** @throws UserError when a class has nothing to be paired with */
function provePairs(labels: TargetValues, names: readonly string[]): void {
  const sizes = names.map(() => 0);
  for (const label of labels) sizes[label]!++;
  const alone = sizes.findIndex((size) => size === 1 || size === labels.length);
  if (alone >= 0)
    throw failure(
      'no-pairs',
      `the images give no pairs: ${sizes[alone] === 1 ? 'only one is' : 'all are'} of the class ${names[alone]}`,
      'At least two classes must have images, each two or more.',
    );
}
