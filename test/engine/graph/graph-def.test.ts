import { expect, test } from 'vitest';
import { savedModel, tensorAttribute } from '../../../src/engine/graph/graph-def.ts';
import { bytes, float, integer, message } from '../../../src/engine/graph/protobuf.ts';

const hex = (content: Uint8Array) => Buffer.from(content).toString('hex');

// The examples of protobuf.dev/programming-guides/encoding, and the rules for negative and fixed numbers there.
test.each<[string, Uint8Array, string]>([
  ['150 in field 1', integer(1, 150), '089601'],
  ['"testing" in field 2', bytes(2, 'testing'), '120774657374696e67'],
  ['a message with 150 in its field 1, in field 3', message(3, integer(1, 150)), '1a03089601'],
  ['-1', integer(1, -1), '08ffffffffffffffffff01'],
  ['2^40', integer(1, 2 ** 40), '08808080808020'],
  ['true in field 16', integer(16, true), '800101'],
  ['1.5 as float', float(5, 1.5), '2d0000c03f'],
  ['text outside of ASCII', bytes(1, 'é'), '0a02c3a9'],
])('%s', (_, actual, expected) => {
  expect(hex(actual)).toBe(expected);
});

test('a tensor of one value is written as one value, minus zero and other types by their bytes', () => {
  const size = (dtype: number, values: Float32Array | Int32Array | Uint8Array) => {
    const attribute = tensorAttribute(dtype, [values.length], values);
    return 'tensor' in attribute ? attribute.tensor.length : 0;
  };
  expect(size(1, new Float32Array(1000).fill(3))).toBeLessThan(20);
  expect(size(3, new Int32Array(1000).fill(-3))).toBeLessThan(25);
  expect(size(1, Float32Array.of(0, -0, 0, 0))).toBeGreaterThan(16);
  expect(size(10, new Uint8Array(1000))).toBeGreaterThan(1000);
});

test('a graph names its schema, tag and versions', () => {
  const content = savedModel([{ name: 'n', op: 'NoOp', inputs: ['^m'], attributes: { a: { i: [1, 2] } } }]);
  const attribute = '2a0b' + '0a0161' + '1206' + '0a04' + '18011802';
  const node = '0a1a' + '0a016e' + '12044e6f4f70' + '1a025e6d' + attribute;
  const versions = '2205' + '088913' + '100c';
  expect(hex(content)).toBe('0801' + '122e' + '0a07' + '22057365727665' + '1223' + node + versions);
});
