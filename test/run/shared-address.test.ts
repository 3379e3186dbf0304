import { expect, test } from 'vitest';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { sharedAddress } from '../../src/run/shared-address.ts';

const pipeline = `name: p
data: { source: mnist }
model: { layers: [flatten, dense 10] }
train: { epochs: 1, optimizer: adam, loss: softmaxCrossEntropy }
`;

/** @param file whether the file names a place @param set whether a setting does @param env what the environment says */
function chosen(file: boolean, set: boolean, env?: string) {
  const text = file ? `${pipeline}cache: { remote: file:///of/file }\n` : pipeline;
  const settings = set ? ['cache.remote=file:///of/setting'] : [];
  const { checked, diagnostics } = checkSource({ name: 'p.yaml', text }, settings);
  expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  return sharedAddress(checked!, { PIPELINE_CACHE_REMOTE: env });
}

const ofEnvironment = 'file:///of/environment';

test.each([
  ['nothing', false, false, undefined, undefined],
  ['blanks of the environment', false, false, ' \n', undefined],
  ['the file', true, false, undefined, { address: 'file:///of/file', isNamed: false }],
  ['the file, and blanks', true, false, '', { address: 'file:///of/file', isNamed: false }],
  ['the environment', false, false, ` ${ofEnvironment}\n`, { address: ofEnvironment, isNamed: true }],
  ['environment and file', true, false, ofEnvironment, { address: ofEnvironment, isNamed: true }],
  ['a setting', false, true, undefined, { address: 'file:///of/setting', isNamed: true }],
  ['setting and file', true, true, undefined, { address: 'file:///of/setting', isNamed: true }],
  ['all three', true, true, ofEnvironment, { address: 'file:///of/setting', isNamed: true }],
])('%s: a setting comes first, then the environment, then the file', (_, file, set, env, expected) => {
  expect(chosen(file, set, env)).toEqual(expected);
});
