import { describe, expect, test } from 'vitest';
import { printDiagnostics } from '../../src/base/print-diagnostics.ts';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { quietSecondsOf } from '../processor-time.ts';

const head = 'name: x\ndata: { source: mnist }\n';
const tail = 'train: { optimizer: adam, loss: softmaxCrossEntropy, epochs: 1 }\n';

function fileOf(layers: readonly string[], blocks = ''): string {
  return `${head}model:\n${blocks}  layers:\n${layers.map((layer) => `  - ${layer}\n`).join('')}${tail}`;
}

function many(count: number, item: (i: number) => string): string[] {
  return Array.from({ length: count }, (_, i) => item(i));
}

/** Files within the size limit that are wrong, or only long, thousands of times; and what is said of them first. */
const files: Readonly<Record<string, readonly [text: string, code: string]>> = {
  'layers that are right': [fileOf([...many(20_000, () => 'relu'), 'flatten', 'dense 10']), 'too-many-layers'],
  'a wrong shape below all of them': [fileOf([...many(20_000, () => 'relu'), 'dense 10', 'lstm 3']), 'too-many-layers'],
  'as many layers as there may be, a wrong shape last': [
    fileOf([...many(1998, () => 'relu'), 'dense 10', 'lstm 3']),
    'shape-mismatch',
  ],
  'a circle through as many layers as there may be': [
    fileOf(['{ relu: , from: z }', ...many(1996, () => 'relu'), '{ relu: , name: z }', 'flatten', 'dense 10']),
    'layer-cycle',
  ],
  'inputs that nothing gives': [
    fileOf(['flatten', ...many(1900, (i) => `{ relu: , name: n${i}a, from: q${i}z }`), 'dense 10']),
    'unknown-layer-name',
  ],
  'shares of nothing': [
    fileOf(['flatten', ...many(1900, (i) => `{ share: q${i} }`), 'dense 10']),
    'unknown-layer-name',
  ],
  'unions that nothing fits': [
    fileOf([
      'flatten',
      ...many(1900, () => 'conv2d: { filters: 1, kernelSize: x, strides: x, dilationRate: x, inputs: x, padding: x }'),
    ]),
    'wrong-type',
  ],
  'options that are none': [
    fileOf([
      ...many(1900, (i) => `relu: { a${i}: 1, b${i}: 1, c${i}: 1, d${i}: 1, e${i}: 1, f${i}: 1 }`),
      'flatten',
      'dense 10',
    ]),
    'unknown-key',
  ],
  'keys beside a layer': [
    fileOf([`{ relu: , ${many(20_000, (i) => `k${i}: 1`).join(', ')} }`, 'flatten', 'dense 10']),
    'unknown-key',
  ],
  'words that mean nothing': [
    fileOf([...many(1900, (i) => `conv 3x3x4 ${many(9, (k) => `sme${i}_${k}`).join(' ')}`), 'flatten', 'dense 10']),
    'unknown-word',
  ],
  'words of one layer': [fileOf([`dense ${'a '.repeat(130_000)}`]), 'too-many-words'],
  'arguments of one layer': [fileOf([`dense(${'a,'.repeat(130_000)}a)`]), 'too-many-words'],
  'parameters and uses of them, misspelt': [
    fileOf(
      ['B'],
      `  blocks:\n    B:\n      parameters: { ${many(3000, (i) => `par${i}x: 1`).join(', ')} }\n` +
        `      layers: [ ${many(3000, (i) => `dense $prr${i}y`).join(', ')} ]\n`,
    ),
    'unknown-parameter',
  ],
  'arguments of a block, misspelt': [
    fileOf(
      [`B: { ${many(6000, (i) => `k${i}x: 1`).join(', ')} }`],
      `  blocks:\n    B: { parameters: { ${many(6000, (i) => `p${i}: `).join(', ')} }, layers: [relu] }\n`,
    ),
    'unused-parameter',
  ],
  'blocks and uses of them, misspelt': [
    fileOf(
      many(1900, (i) => `Blo${i}y`),
      `  blocks:\n${many(3000, (i) => `    Bla${i}: { layers: [relu] }\n`).join('')}`,
    ),
    'unused-block',
  ],
  'anchors and aliases of them, misspelt': [
    `name: x\nq: [ ${many(8000, (i) => `&anch${i} 1`).join(', ')}, ${many(8000, (i) => `*ancz${i}q`).join(' , ')} ]\n`,
    'unknown-alias',
  ],
  'two names of a hundred thousand letters': [
    `name: x\nq: [ &${'a'.repeat(100_000)} 1, *${'a'.repeat(99_999)}b ]\n`,
    'unknown-alias',
  ],
  'sections that are none': [many(25_000, (i) => `k${i}: 1\n`).join(''), 'missing-key'],
  'weights that are no numbers': [
    fileOf(['flatten', 'dense 10']).replace(
      'epochs: 1',
      `epochs: 1, classWeights: { ${many(15_000, (i) => `c${i}: x`).join(', ')} }`,
    ),
    'wrong-type',
  ],
  'a line that might hold secrets': [
    fileOf(['flatten', 'dense 10']).replace('epochs: 1', `epochs: 1, zz: '${'token'.repeat(40_000)}=x'`),
    'unknown-key',
  ],
};

describe('a file of which there is much', () => {
  test.each(Object.entries(files))('%s', async (_, [text, code]) => {
    expect(text.length).toBeLessThan(256 * 1024);
    const seconds = await quietSecondsOf(() => {
      const { diagnostics } = checkSource({ name: 'large.yaml', text });
      printDiagnostics(diagnostics, { color: false, cwd: '/' });
      expect(diagnostics.map((diagnostic) => diagnostic.code)).toContain(code);
      expect(diagnostics.length).toBeLessThanOrEqual(201);
    });
    // Each takes less than a second.
    expect(seconds).toBeLessThan(3);
  });
});
