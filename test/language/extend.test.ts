import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { diagnosticToJson } from '../../src/base/print-diagnostics.ts';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { readSource } from '../../src/language/read-source.ts';
import { Rig } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

const base = `name: base
seed: 1
data: { source: mnist, split: { validation: 5000, stratified: false } }
model:
  layers:
    - flatten
    - dense 10
train:
  optimizer: { adam: { learningRate: 0.1, beta1: 0.8 } }
  loss: softmaxCrossEntropy
  epochs: 15
evaluate:
  metrics: [accuracy]
`;
rig.write('shared/base.yaml', base);

const check = (text: string, file = 'child.yaml') => checkSource(readSource(rig.write(file, text)));
const found = (text: string, file?: string) =>
  check(text, file)
    .diagnostics.map(diagnosticToJson)
    .map((d) => `${d.code} ${d.file!.slice(rig.folder.length + 1)}:${d.line}:${d.column}-${d.endLine}:${d.endColumn}`);

test('maps merge; lists, scalars and another row replace', () => {
  const { checked, diagnostics } = check(`extends: ./shared/base.yaml
name: child
data: { split: { validation: 100 } }
train: { optimizer: { adam: { learningRate: 0.2 } }, epochs: 2 }
evaluate: { metrics: [precision] }
visualize:
`);
  expect(diagnostics).toEqual([]);
  expect(checked!.resolved).not.toHaveProperty('extends');
  expect(checked!.pipeline).toMatchObject({
    name: 'child',
    seed: 1,
    data: { split: { validation: 100, stratified: false } },
    train: { optimizer: { type: 'adam', options: { learningRate: 0.2, beta1: 0.8 } }, epochs: 2 },
    evaluate: { metrics: [{ type: 'precision' }] },
  });
  expect(checked!.pipeline.layers).toHaveLength(2);
  const other = check(
    'extends: shared/base.yaml\ntrain: { optimizer: { sgd: { learningRate: 0.5 } } }\n' +
      'model: { layers: [flatten, dense 20 relu, dense 10] }\n',
  ).checked!.pipeline;
  expect(other.train.optimizer).toMatchObject({ type: 'sgd', options: { learningRate: 0.5 } });
  expect(other.layers).toHaveLength(3);
});

test.each([
  ['adam 0.25', '{ adam: { beta1: 0.5 } }', { learningRate: 0.25, beta1: 0.5, beta2: 0.999 }],
  ['adam(0.25)', '{ adam: { beta1: 0.5 } }', { learningRate: 0.25, beta1: 0.5 }],
  ['{ adam: 0.25 }', '{ adam: { beta1: 0.5 } }', { learningRate: 0.25, beta1: 0.5 }],
  ['adam 0.25', '{ adam: { learningRate: 0.5 } }', { learningRate: 0.5, beta1: 0.9 }],
  ['adam 0.25', '{ adam: 0.5 }', { learningRate: 0.5 }],
  ['adam 0.25', 'adam', { learningRate: 0.001 }],
  ['sgd 0.25', '{ adam: { beta1: 0.5 } }', { learningRate: 0.001, beta1: 0.5 }],
])('a base with the compact text %s takes %s over it', (below, above, options) => {
  rig.write('compact.yaml', base.replace(/optimizer: .*/, `optimizer: ${below}`));
  const { checked, diagnostics } = check(`extends: ./compact.yaml\ntrain: { optimizer: ${above} }\n`);
  expect(diagnostics).toEqual([]);
  expect(checked!.pipeline.train.optimizer).toMatchObject({ type: 'adam', options });
});

test('layers that replace those of the base need not use its blocks', () => {
  rig.write(
    'blocks.yaml',
    base.replace('  layers:\n', '  blocks: { One: { layers: [dense 4 relu] } }\n  layers:\n    - One\n'),
  );
  expect(found('extends: ./blocks.yaml\nmodel: { layers: [flatten, dense 10] }\n')).toEqual([]);
  expect(found('extends: ./blocks.yaml\nmodel: { blocks: { Two: { layers: [relu] } } }\n')).toEqual([
    'unused-block child.yaml:2:20-2:23',
  ]);
  expect(
    found(base.replace('  layers:\n', '  blocks: { One: { layers: [dense 4 relu] } }\n  layers:\n'), 'own.yaml'),
  ).toEqual(['unused-block own.yaml:5:13-5:16']);
});

test('options without the name above them are told what takes them', () => {
  const told = (text: string) =>
    check(`extends: ./shared/base.yaml\n${text}`).diagnostics.map(({ message, hint }) => `${message} ${hint}`);
  expect(told('train: { optimizer: { beta1: 0.1 } }')).toEqual([
    '`beta1` stands beside `adam`, but is an option of it. Write `adam: { beta1: ... }`.',
  ]);
  expect(
    check(base.replace(/optimizer: .*/, 'optimizer: { beta1: 0.1 }')).diagnostics.map(
      ({ message, hint }) => `${message} ${hint}`,
    ),
  ).toEqual([
    '`beta1` is no optimizer, but an option of `lion`, `adam`, `adamW`, `adamax`, `nadam`. ' +
      'Options stand below the name: `{ NAME: { beta1: ... } }`.',
  ]);
  expect(told('data: { source: { file: x.csv, targets: { y: number } } }')).toEqual([
    '`file` is no data set, but an option of `csv`, `jsonl`, `parquet`, `npz`, `series`. ' +
      'Options stand below the name: `{ NAME: { file: ... } }`.',
  ]);
});

test('a base has a base, each path counted from its own file', () => {
  rig.write('shared/middle.yaml', 'extends: base.yaml\nseed: 2\n');
  expect(check('extends: shared/middle.yaml\nname: child\n').checked!.pipeline).toMatchObject({
    name: 'child',
    seed: 2,
  });
});

test('each mistake is placed in the file it stands in', () => {
  rig.write('shared/wrong.yaml', base.replace('seed: 1', 'sed: 1').replace('dense 10', 'dens 10'));
  expect(found('extends: shared/wrong.yaml\ntrain: { epochs: 0 }\n')).toEqual([
    'out-of-range child.yaml:2:18-2:19',
    'unknown-key shared/wrong.yaml:2:1-2:4',
    'unknown-layer shared/wrong.yaml:7:7-7:11',
  ]);
});

test('a shape conflict of a layer in the base, and of the loss in the file', () => {
  rig.write('shared/shapes.yaml', base.replace('dense 10', 'conv 3x3x3'));
  expect(found('extends: shared/shapes.yaml\n')).toEqual(['shape-mismatch shared/shapes.yaml:7:7-7:17']);
  expect(found('extends: shared/base.yaml\nmodel: { layers: [flatten, dense 7] }\n')).toEqual([
    'loss-misfit shared/base.yaml:10:9-10:28',
  ]);
});

test('what cannot be a base', () => {
  rig.write('notes.txt', 'name: x');
  rig.write('list.yaml', '- name: x\n');
  rig.write('broken.yaml', 'name: [\n');
  mkdirSync(join(rig.folder, 'folder.yaml'), { recursive: true });
  rig.write('big.yaml', '#'.repeat(2_000_000));
  rig.write('a.yaml', 'extends: b.yaml\n');
  rig.write('b.yaml', 'extends: a.yaml\n');
  for (let i = 0; i < 12; i++) rig.write(`chain${i}.yaml`, `extends: chain${i + 1}.yaml\n`);
  expect(found('extends: shared/bas.yaml\n')).toEqual(['no-file child.yaml:1:10-1:25']);
  expect(check('extends: shared/bas.yaml\n').diagnostics[0]!.hint).toContain('shared/base.yaml');
  expect(found('extends: notes.txt\n')).toEqual(['not-a-pipeline-file child.yaml:1:10-1:19']);
  expect(found('extends: /etc/passwd\n')).toEqual(['not-a-pipeline-file child.yaml:1:10-1:21']);
  expect(found('extends: https://example.org/base.yaml\n')).toEqual(['no-file child.yaml:1:10-1:39']);
  expect(found('extends: [a.yaml]\n')).toEqual(['wrong-type child.yaml:1:10-1:18']);
  expect(found('extends: list.yaml\n')).toEqual(['wrong-type list.yaml:1:1-1:10']);
  expect(found('extends: broken.yaml\n')).toEqual(['yaml-syntax broken.yaml:1:7-1:8']);
  expect(found('extends: folder.yaml\n')).toEqual(['not-a-file child.yaml:1:10-1:21']);
  expect(found('extends: big.yaml\n')).toEqual(['file-too-large child.yaml:1:10-1:18']);
  expect(found('extends: child.yaml\n')).toEqual(['extends-cycle child.yaml:1:10-1:20']);
  expect(found('extends: a.yaml\n')).toEqual(['extends-cycle b.yaml:1:10-1:16']);
  expect(found('extends: chain0.yaml\n')).toEqual(['extends-too-deep chain7.yaml:1:10-1:21']);
});

test('without its base, a file is still checked for all it says itself', () => {
  expect(found('extends: nothing.yaml\nsed: 1\nmodel: { layers: [relu, dens 3] }\n')).toEqual([
    'no-file child.yaml:1:10-1:22',
    'unknown-key child.yaml:2:1-2:4',
    'unknown-layer child.yaml:3:25-3:29',
  ]);
});
