import type { Scalar } from '@tensorflow/tfjs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { sizeOf } from '../../src/base/tensor-shape.ts';
import { isMisfit } from '../../src/base/row.ts';
import type { Engine } from '../../src/engine/tensorflow.ts';
import { loadEngine } from '../../src/engine/load-engine.ts';
import { type PrivateParts, privateParts } from '../../src/engine/private-parts.ts';
import { type Model, buildModel } from '../../src/layers/build-model.ts';
import { layerRow, layers } from '../../src/layers/layers.ts';
import { checkFile } from '../../src/plan/check-pipeline.ts';
import { graphOf } from '../../src/plan/plan-pipeline.ts';
import { activationNames } from '../../src/layers/activations.ts';
import { draws, oneIn } from '../draws.ts';
import { type Sizes, arbitraryInputs } from './arbitrary-inputs.ts';
import { arbitraryOptions } from './arbitrary-options.ts';
import { exampleLayer } from './row-examples.ts';

let engine: Engine;
let parts: PrivateParts;
beforeAll(async () => {
  engine = await loadEngine();
  parts = privateParts(engine.tf);
});

/** Ops whose result shares the memory of their input. */
const views = new Set(['Reshape', 'Squeeze', 'ExpandDims', 'Identity']);

/** What a layer or a net takes: shapes, and whether they are indices, which no gradient reaches. */
interface Inputs {
  readonly shapes: readonly Sizes[];
  readonly indices: boolean;
}

/**
 * Bytes that training keeps for each sample: of what the ops of a step of so many samples made on the way forth, those
 * that ops on the way back read, and the output. Weights and constants are the same for any number of samples.
 */
function keptBytes(model: Model, given: Inputs): number {
  const [two, four] = [2, 4].map((batch) => keptInBatch(model, given, batch)) as [number, number];
  return (four - two) / 2;
}

function keptInBatch(model: Model, { shapes, indices }: Inputs, batch: number): number {
  const { tf } = engine;
  const inputs = shapes.map((shape) => tf.variable(tf.randomUniform([batch, ...shape], 0.05, 0.95, 'float32', 7)));
  const [owners, bytes, kept] = [new Map<number, number>(), new Map<number, number>(), new Set<number>()];
  const ownerOf = (id: number) => owners.get(id) ?? id;
  let back = false;
  const executeOp: PrivateParts['binding']['executeOp'] = (name, attributes, ids, outputs) => {
    const results = parts.binding.executeOp(name, attributes, ids, outputs);
    if (back) for (const id of ids) kept.add(ownerOf(id));
    else if (views.has(name)) owners.set(results[0]!.id, ownerOf(ids[0]!));
    else
      for (const { id, shape, dtype } of results)
        bytes.set(id, sizeOf(shape) * (dtype === parts.binding.TF_BOOL ? 1 : 4));
    return results;
  };
  const forward = () => {
    const outputs = model.forward(inputs, { step: tf.scalar(1, 'int32') });
    for (const output of outputs) kept.add(ownerOf(parts.idOf(output)));
    const sum = tf.addN(outputs.map((output) => tf.mean(output))) as Scalar;
    back = true;
    return sum;
  };
  const by = [...model.trainable, ...(indices ? [] : inputs)];
  tf.tidy(() => parts.intercept({ executeOp }, () => (by.length === 0 ? forward() : tf.variableGrads(forward, by))));
  tf.dispose(inputs);
  return [...kept].reduce((sum, id) => sum + (bytes.get(id) ?? 0), 0);
}

function layerModel(type: string, options: Readonly<Record<string, unknown>>, shapes: readonly Sizes[]): Model {
  const inputs = shapes.map((shape, index) => ({ name: `input_${index}`, shape }));
  return buildModel(
    engine,
    { inputs, layers: [{ type, name: 'layer', options, inputs: shapes.map((_, index) => -1 - index) }], outputs: [0] },
    1,
  );
}

/** What is planned for a layer, in bytes; undefined where it does not fit. */
function plannedBytes(
  type: string,
  options: Readonly<Record<string, unknown>>,
  shapes: readonly Sizes[],
): number | undefined {
  const row = layerRow(type);
  const output = row.outputShape(shapes[0]!, options, shapes);
  return isMisfit(output) ? undefined : 4 * (row.activations?.(shapes[0]!, output, options, shapes) ?? sizeOf(output));
}

const sizes = (axes: number, max: number) =>
  fc.array(fc.integer({ min: 2, max }), { minLength: axes, maxLength: axes });
const oneShape = fc.oneof(sizes(1, 12), sizes(2, 8), sizes(3, 9), sizes(4, 6)).map((shape): Sizes[] => [shape]);

/** These keep less of the first step, which begins with zeros; with two steps a third. */
const loops = new Set(['simpleRNN', 'gru', 'lstm', 'rnn', 'bidirectional', 'timeDistributed']);

describe.each(Object.entries(layers))('%s', (type, row) => {
  test('keeps what is planned, within a twentieth', () => {
    // Without a formula of its own it is the size of the output, which another test holds; loops take long.
    const most = draws(row.activations === undefined || loops.has(type) ? 20 : 60);
    const anyInputs = row.merges === 'optional' ? fc.oneof(oneShape, arbitraryInputs) : oneShape;
    const ratios: number[] = [];
    fc.assert(
      fc.property(
        arbitraryOptions(row.options),
        row.merges === true ? arbitraryInputs : anyInputs,
        (options, shapes) => {
          const planned = ratios.length === most ? undefined : plannedBytes(type, options, shapes);
          if (planned === undefined) return;
          const model = layerModel(type, options, shapes);
          const kept = keptBytes(model, { shapes, indices: row.readsIndices?.(options) !== undefined });
          model.dispose();
          const about = JSON.stringify({ options, shapes, planned, kept });
          expect(kept, about).toBeLessThanOrEqual(planned * 1.05);
          expect(kept, about).toBeGreaterThanOrEqual(planned * (loops.has(type) ? 0.6 : 0.95));
          ratios.push(planned === 0 ? 1 : kept / planned);
        },
      ),
      { numRuns: 200, endOnFailure: true },
    );
    expect(ratios.length).toBeGreaterThan(0);
    expect(ratios.toSorted((a, b) => a - b)[Math.floor(ratios.length / 2)]).toBeGreaterThan(0.85);
  });
});

// Gates are the states' way more often, and take as much longer: of some functions.
const inGates = oneIn(3, activationNames);

test.each(activationNames)(
  '%s keeps what is planned, to the byte: after a layer, in it, and in the gates and states of loops',
  (activation) => {
    const cases = [
      ['activation', { activation }, [5]],
      ['dense', { activation }, [5]],
      ['simpleRNN', { activation }, [20, 5]],
      ['gru', { activation, recurrentActivation: activation }, [20, 5]],
      ['lstm', { activation, recurrentActivation: activation }, [20, 5]],
    ] as const;
    for (const [type, changed, shape] of inGates.includes(activation) ? cases : cases.slice(0, 3)) {
      const { options } = exampleLayer(layers[type], changed);
      const model = layerModel(type, options, [shape]);
      const [kept, planned] = [
        keptBytes(model, { shapes: [shape], indices: false }),
        plannedBytes(type, options, [shape])!,
      ];
      model.dispose();
      if (shape.length === 1) expect(kept).toBe(planned);
      else expect(Math.abs(kept / planned - 1), type).toBeLessThan(1 / 20);
    }
  },
);

/**
 * Outputs that the layer below does not read on its way back are planned all the same, such as what relu takes: half at
 * most.
 */
test.each(['mnist', 'resnet20', 'unet', 'two-branch', 'siamese', 'penguins', 'transformer', 'char-lstm'])(
  'all of %s keeps no more than planned, and no less than half',
  async (name) => {
    const { plan } = await checkFile(`pipelines/${name}.yaml`);
    const model = buildModel(engine, graphOf(plan), 1);
    const { inputs } = plan.dataset;
    const kept = keptBytes(model, {
      shapes: inputs.map(({ shape }) => shape),
      indices: inputs.some((input) => input.indices !== undefined),
    });
    model.dispose();
    expect(kept).toBeLessThanOrEqual(plan.activations);
    expect(kept).toBeGreaterThan(plan.activations / 2);
  },
);
