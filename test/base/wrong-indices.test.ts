import { expect, test } from 'vitest';

import { explainWrongIndex } from '../../src/base/wrong-indices.ts';

/** As TensorFlow 2.9's kernels and TensorFlow.js 4.22's backends say it; which of two kernels speaks is chance. */
const texts = [
  'Session fail to run with error: indices[1] = 7 is not in [0, 3)\n\t [[{{node step/GatherV2}}]]',
  'Session fail to run with error: indices[0,2] = 7 is not in [0, 3)',
  'Session fail to run with error: segment_ids[1] = 7 is out of range [0, 3)\n\t [[{{node step/UnsortedSegmentSum}}]]',
  'GatherV2: the index value 7 is not in [0, 2]',
];

test.each(texts)('%j is told as the index that a layer was given', (text) => {
  expect(explainWrongIndex(new Error(text))).toMatchObject({
    message: expect.stringContaining('was given 7, and knows those from 0 to below 3'),
  });
});

test('any other error is returned as it is', () => {
  const error = new Error('segment_ids[1] = 7 is odd');
  expect(explainWrongIndex(error)).toBe(error);
});
