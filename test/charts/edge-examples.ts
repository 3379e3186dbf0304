import type { ChartInput } from '../../src/charts/chart.ts';
import { inputOf, mnistExample } from './mnist-example.ts';

/** Texts that try to become markup, to break XML, or to break the layout. */
export const HOSTILE = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  `a"b'c&d]]>\u0000\u001b[31m\ud800`,
  'Очень длинное имя класса, которое не помещается нигде',
  `WWWWWWMMMMM${' wide'.repeat(40)}`,
  '\u202egnp.exe',
  '猫',
  '{{7*7}} ${alert(1)} datum.x',
];

/** Samples that are noise in colour, 8 x 8, with one mistake in `every`. */
function noise(classes: readonly string[], every: number, epochs: number): ChartInput {
  const count = 900;
  const labels = Uint8Array.from({ length: count }, (_, i) => i % classes.length);
  const predicted = labels.map((label, i) => (i % every === every - 1 ? (label + 1) % classes.length : label));
  const inputs = Uint8Array.from({ length: count * 8 * 8 * 3 }, (_, i) => Math.imul(i, 2654435761) >>> 24);
  return inputOf({ classes, labels, predicted, inputs, inputShape: [8, 8, 3], epochs });
}

/** 30 classes and a reference, all with hostile names. */
export function hostileExample(): ChartInput {
  const classes = Array.from({ length: 30 }, (_, i) => `${HOSTILE[i % HOSTILE.length]}${i < HOSTILE.length ? '' : i}`);
  return { ...noise(classes, 7, 60), reference: { label: HOSTILE.join(''), epochs: { loss: { 1: 0.3 }, accuracy: { 40: 0.97 } }, metrics: { test_accuracy: 0.95 } } };
}

const { reference: _, ...unreferenced } = mnistExample();

/** What charts must survive, by name. */
export const examples: Readonly<Record<string, () => ChartInput>> = {
  mnist: mnistExample,
  'one epoch': () => ({ ...mnistExample(), history: mnistExample().history.slice(0, 1) }),
  'diverged at once': () => ({ ...unreferenced, history: [{ loss: NaN, accuracy: 0.1, val_loss: Infinity, val_accuracy: 0.1 }] }),
  'diverged later': () => ({ ...unreferenced, history: [{ loss: 2.3 }, { loss: NaN }, { loss: -Infinity }, { loss: 2.2 }] }),
  'a loss of zero': () => ({ ...unreferenced, history: [{ loss: 1, accuracy: 1 }, { loss: 0, accuracy: 1 }] }),
  'two classes': () => noise(['no', 'yes'], 50, 3),
  'no mistakes': () => noise(['a', 'b', 'c'], Infinity, 3),
  'thirty hostile classes': hostileExample,
  'a hundred classes': () => noise(Array.from({ length: 100 }, (_, i) => `class ${i}`), 3, 3),
  'a class without samples': () => {
    const input = noise(['a', 'b'], 50, 3);
    return inputOf({ classes: ['a', 'b', 'never'], labels: input.test.labels, predicted: input.evaluation.predicted, inputs: input.test.inputs, inputShape: input.inputShape, epochs: 2 });
  },
  'no images': () => ({ ...noise(['a', 'b'], 5, 3), inputShape: [192] }),
};
