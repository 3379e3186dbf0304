import v8 from 'node:v8';
import vm from 'node:vm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunEvent } from '../../src/base/events.ts';
import type { Engine } from '../../src/engine/tensorflow.ts';
import { loadEngine } from '../../src/engine/load-engine.ts';
import { Rig, digitsPipeline } from '../rig.ts';
import { runHere } from '../training/run-file.ts';

const rig = new Rig();
let engine: Engine;
beforeAll(async () => {
  rig.writeDigits(300, 100);
  engine = await loadEngine();
});
afterAll(() => rig.remove());

v8.setFlagsFromString('--expose-gc');
const collectGarbage = vm.runInNewContext('gc') as () => void;

/** What the engine holds: tensors, on both sides of the addon, variables, sessions. */
function held() {
  const { tf } = engine;
  const native = tf.backend() as unknown as { getNumOfTFTensors(): number; getNumOfSavedModels(): number };
  return {
    tensors: tf.memory().numTensors,
    native: native.getNumOfTFTensors(),
    variables: Object.keys(tf.engine().registeredVariables).length,
    sessions: native.getNumOfSavedModels(),
  };
}

const layers = '[flatten, dense 32 relu, dropout 0.2, dense 10]';

describe.each(['compiled', 'eager'])('step: %s', (step) => {
  test('over 100 epochs neither the tensors nor the resident memory grow', async () => {
    const holdings: object[] = [];
    const resident: number[] = [];
    const text = `${digitsPipeline({ epochs: 100, layers })}  step: ${step}\n`;
    const { status } = await runHere(rig, text, (event) => {
      if (event.type !== 'epoch-finished') return;
      holdings.push(held());
      if (event.epoch % 20 !== 0) return;
      collectGarbage();
      resident.push(process.memoryUsage().rss / 2 ** 20);
    });
    expect(status).toBe('FINISHED');
    expect(holdings).toEqual(Array.from({ length: 100 }, () => holdings[0]));
    // One kept batch in floats per step, 0.2 MB, would be 64 MB; 1 to 10 were seen, as the allocator keeps what it
    // likes.
    expect(resident.length).toBe(5);
    expect(resident.at(-1)! - resident[0]!).toBeLessThan(32);
  });
});

describe('a run leaves nothing in the process', () => {
  const digits = digitsPipeline({ layers });
  const diverging = digitsPipeline({ layers, train: '{ sgd: { learningRate: 1e30 } }' });
  const is = (type: RunEvent['type'], stage?: string) => (event: RunEvent) =>
    event.type === type && (stage === undefined || ('stage' in event && event.stage === stage));

  test.each<[string, string, string]>([
    ['compiled, with all its figures', digitsPipeline({ layers, figures: true }), 'FINISHED'],
    ['eager', `${digits}  step: eager\n`, 'FINISHED'],
    [
      'with convolutions, pooling and batch normalization',
      digitsPipeline({ epochs: 1, layers: '[conv 3x3x4 same, batchnorm, relu, maxpool 2x2, flatten, dense 10]' }),
      'FINISHED',
    ],
    ['whose loss becomes NaN', diverging, 'FAILED'],
    ['eager, whose loss becomes NaN', `${diverging}  step: eager\n`, 'FAILED'],
  ])('%s', async (_, text, expected) => {
    const before = held();
    for (let k = 0; k < 2; k++) {
      expect((await runHere(rig, text)).status).toBe(expected);
      expect(held()).toEqual(before);
    }
  });

  test.each<[string, (event: RunEvent) => boolean]>([
    ['load', is('stage-started', 'load')],
    ['the start of training', is('stage-started', 'train')],
    ['the choice of the step', is('step-chosen')],
    ['training', is('progress')],
    ['an epoch', is('epoch-finished')],
    ['the end of training', is('stage-finished', 'train')],
    ['the start of evaluation', is('stage-started', 'evaluate')],
    ['the end of evaluation', is('stage-finished', 'evaluate')],
    ['drawing', is('stage-started', 'visualize')],
  ])('stopped at %s', async (_, when) => {
    const before = held();
    const { status } = await runHere(rig, digits, (event, stop) => {
      if (when(event)) stop();
    });
    expect(status).toBe('KILLED');
    expect(held()).toEqual(before);
  });
});
