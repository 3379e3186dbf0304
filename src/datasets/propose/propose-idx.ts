import { join } from 'node:path';
import { failure } from '../../base/diagnostics.ts';
import { showCount } from '../../base/quantities.ts';
import { readIdxFile, readIdxSizes } from '../pictures/idx-files.ts';
import { type Proposal, type Wanted, byCount } from './proposal.ts';

/** The four files of a set, by what their names say; undefined where one is not there. */
export function idxFilesIn(
  names: readonly string[],
): Readonly<Record<'trainImages' | 'trainLabels' | 'testImages' | 'testLabels', string>> | undefined {
  const find = (part: RegExp, what: RegExp) => names.find((name) => part.test(name) && what.test(name));
  const [train, test] = [/train/i, /t10k|test/i];
  const [images, labels] = [/images|idx[34]/i, /labels|idx1/i];
  const [trainImages, trainLabels] = [find(train, images), find(train, labels)];
  const [testImages, testLabels] = [find(test, images), find(test, labels)];
  if (trainImages === undefined || trainLabels === undefined || testImages === undefined || testLabels === undefined)
    return undefined;
  return { trainImages, trainLabels, testImages, testLabels };
}

/**
 * Four files of idx in one folder.
 *
 * @param names of the files there
 * @throws UserError where one is missing or damaged
 */
export function proposeIdx({ data, written }: Wanted, names: readonly string[]): Proposal {
  const files = idxFilesIn(names);
  if (files === undefined)
    throw failure(
      'unknown-data-kind',
      `${data} holds files in the idx format, but not the four that a set has`,
      'Images and labels to train on and to test are needed, such as train-images, train-labels, t10k-images and ' +
        't10k-labels, unpacked.',
    );
  const at = (key: keyof typeof files) => ({ path: join(data, files[key]) });
  const [count, height, width, channels = 1] = readIdxSizes(at('trainImages'), [3, 4]);
  const [tested] = readIdxSizes(at('testImages'), [3, 4]);
  const labels = readIdxFile(at('trainLabels'), [1]).data;
  const counts = new Map<string, number>();
  let most = 0;
  for (const label of labels) {
    counts.set(String(label), (counts.get(String(label)) ?? 0) + 1);
    most = Math.max(most, label);
  }
  if (counts.size < 2)
    throw failure(
      'one-value-to-predict',
      `${files.trainLabels} holds one label alone, ${[...counts.keys()][0]!}`,
      'There is nothing to tell apart: give labels that differ.',
    );
  const classes = Array.from({ length: most + 1 }, (_, label) => String(label));
  return {
    source: 'idx',
    read: `the heads of the images, and ${showCount(labels.length)} labels`,
    options: [
      ...Object.entries(files).map(([key, name]) => ({
        key,
        value: written(join(data, name)),
        ...(key === 'trainImages' && { because: `${showCount(count!)} images of ${width} x ${height}` }),
        ...(key === 'testImages' && { because: `${showCount(tested!)} images` }),
      })),
      { key: 'classes', value: classes, because: 'the labels; name them as you like, label 0 first' },
    ],
    split: [
      { key: 'validation', value: 0.1, because: 'share that is held back from training, to validate after each epoch' },
    ],
    task: { kind: 'class', target: 'label', classes: byCount(counts) },
    given: { kind: 'picture', shape: [height!, width!, channels] },
    samples: count! + tested!,
    notes: [],
  };
}
