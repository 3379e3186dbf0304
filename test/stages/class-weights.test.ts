import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadEngine } from '../../src/engine/load-engine.ts';
import { checkSource } from '../../src/plan/check-pipeline.ts';
import { graphOf } from '../../src/plan/plan-pipeline.ts';
import { load } from '../../src/stages/load.ts';
import { prepareTraining } from '../../src/stages/prepare-training.ts';
import { Rig } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

test('balanced counts the classes that occur, as sklearn.utils.class_weight.compute_class_weight does', async () => {
  rig.write('d.csv', `x,k\n${Array.from({ length: 27 }, (_, i) => `${i},${i < 20 ? 'A' : 'B'}`).join('\n')}\n`);
  rig.write('t.csv', 'x,k\n1,C\n2,C\n');
  const text = `name: t
data: { source: { csv: { file: d.csv, test: t.csv, targets: { k: [A, B, C] } } }, split: { validation: 0 } }
model: { layers: [dense 3] }
train: { optimizer: adam, loss: softmaxCrossEntropy, classWeights: balanced, batchSize: 8, epochs: 1 }
`;
  const { pipeline, plan } = checkSource({ name: join(rig.folder, 'p.yaml'), text }).checked!;
  const data = await load({ ...pipeline.data, seed: 1, folder: rig.folder });
  const { parts, dispose } = prepareTraining({
    engine: await loadEngine(),
    data,
    graph: graphOf(plan),
    ...pipeline.train,
    wanted: [],
    seed: 1,
    emit: () => {},
    signal: new AbortController().signal,
  });
  dispose();
  // compute_class_weight('balanced', classes=['A', 'B'], y=20 * ['A'] + 7 * ['B']); of C there is none to be weighed.
  expect(parts.outputs[0]!.classWeights).toEqual([0.675, 1.9285714285714286, 1]);
});
