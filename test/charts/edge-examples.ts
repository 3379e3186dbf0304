import type { ChartInput } from '../../src/charts/chart.ts';
import { classesIn, inputOf, mnistExample, picturesOf } from './mnist-example.ts';

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

/** Samples that are noise in colour, 8 x 8, with one mistake in `every`. @param named classes, which may be more */
function noise(classes: readonly string[], every: number, epochs: number, named = classes): ChartInput {
  const count = 900;
  const labels = Uint8Array.from({ length: count }, (_, i) => i % classes.length);
  const predicted = labels.map((label, i) => (i % every === every - 1 ? (label + 1) % classes.length : label));
  const inputs = Uint8Array.from({ length: count * 8 * 8 * 3 }, (_, i) => Math.imul(i, 2654435761) >>> 24);
  return inputOf({ classes: named, labels, predicted, inputs, inputShape: [8, 8, 3], epochs });
}

/** 30 classes and a reference, all with hostile names. */
export function hostileExample(): ChartInput {
  const classes = Array.from({ length: 30 }, (_, i) => `${HOSTILE[i % HOSTILE.length]}${i < HOSTILE.length ? '' : i}`);
  return {
    ...noise(classes, 7, 60),
    reference: {
      label: HOSTILE.join(''),
      epochs: { loss: { 1: 0.3 }, accuracy: { 40: 0.97 } },
      metrics: { test_accuracy: 0.95 },
    },
  };
}

const { reference: _, ...unreferenced } = mnistExample();

function noImages({ pictures: __, ...rest }: ChartInput): ChartInput {
  return rest;
}

/** A thousand prices, some of which are missed, and one of which is not a number. */
export function numbersExample(): ChartInput {
  const actual = Float64Array.from({ length: 1000 }, (_, i) => 100 + ((i * 37) % 400));
  const predicted = actual.map((value, i) => (i === 5 ? NaN : value + ((i * 7919) % 61) - 30));
  const history = [1, 2, 3].map((epoch) => ({
    loss: 900 / epoch,
    meanAbsoluteError: 40 / epoch,
    val_loss: 1000 / epoch,
    val_meanAbsoluteError: 45 / epoch,
  }));
  return {
    history,
    evaluation: {
      metrics: { test_loss: 300, test_meanAbsoluteError: 15 },
      outputs: [{ kind: 'number', name: 'price', shape: [1], actual, predicted }],
    },
    seed: 42,
  };
}

/** Ten pictures, half of each of which is of one class; the borders are mistaken. */
export function masksExample(): ChartInput {
  const values = Uint8Array.from({ length: 10 * 16 * 16 }, (_, i) => Math.imul(i, 2654435761) >>> 24);
  const actual = values.map((_, i) => Number(i % 16 >= 8));
  const predicted = values.map((_, i) => Number(i % 16 >= 7));
  const input = inputOf({
    classes: ['nothing', 'thing'],
    labels: actual,
    predicted,
    inputs: values,
    inputShape: [16, 16, 1],
    epochs: 3,
  });
  return {
    ...input,
    evaluation: { ...input.evaluation, outputs: [{ ...classesIn(input), name: 'mask', shape: [16, 16] }] },
  };
}

/** Twenty pictures, of eight of which it is kept what a model makes of them, some of it beyond black and white. */
function reconstructionExample(): ChartInput {
  const values = Uint8Array.from({ length: 20 * 12 * 16 }, (_, i) => Math.imul(i, 2654435761) >>> 24);
  const [shape, rows] = [
    [12, 16, 1],
    [0, 2, 5, 7, 10, 12, 15, 17],
  ];
  return {
    history: [{ loss: 0.3, meanAbsoluteError: 0.2 }],
    evaluation: {
      metrics: { test_loss: 0.3 },
      outputs: [
        {
          kind: 'reconstruction',
          name: 'reconstruction',
          shape,
          errors: Float64Array.from({ length: 20 }, (_, i) => i / 100),
          rows,
          predicted: Float32Array.from({ length: 8 * 12 * 16 }, (_, i) => ((i % 192) - 8) / 170),
        },
      ],
    },
    pictures: picturesOf(values, shape),
    seed: 42,
  };
}

/** The same with training pictures that were augmented: of each sample one more than epochs. */
function augmented(input: ChartInput, samples: number, epochs: readonly number[]): ChartInput {
  return { ...input, augmented: { pictures: input.pictures!, samples, epochs } };
}

/** The same with pictures of hostile classes shown, of which one has none. */
function shown(input: ChartInput): ChartInput {
  const groups = HOSTILE.map((name, k) => ({ name, count: 1000 * k, rows: k === 0 ? [] : [k, k + 9, k + 18] }));
  return { ...input, shown: { groups, classes: 30, pictures: input.pictures! } };
}

/** The same with rows of a table shown. */
function rowsShown(input: ChartInput): ChartInput {
  const table = { columns: HOSTILE, more: 1200, cells: [HOSTILE, HOSTILE.toReversed()] };
  return { ...input, shown: { groups: [{ count: 900, rows: [0, 5] }], classes: 0, table } };
}

/** Pictures with a stripe of each of so many classes. */
export function stripesExample(count: number): ChartInput {
  const values = Uint8Array.from({ length: 10 * 16 * 2 * count }, (_, i) => Math.imul(i, 2654435761) >>> 24);
  const actual = values.map((_, i) => Math.floor((i % (2 * count)) / 2));
  const predicted = actual.map((label, i) => (i % 11 === 0 ? (label + 1) % count : label));
  const classes = Array.from({ length: count }, (_, k) => `class ${k}`);
  const input = inputOf({
    classes,
    labels: actual,
    predicted,
    inputs: values,
    inputShape: [16, 2 * count, 1],
    epochs: 3,
  });
  return {
    ...input,
    evaluation: { ...input.evaluation, outputs: [{ ...classesIn(input), name: 'mask', shape: [16, 2 * count] }] },
  };
}

/** The same, of which a mask leaves these places there. */
function masked({ evaluation, ...input }: ChartInput, isThere: (place: number) => boolean): ChartInput {
  const outputs = evaluation.outputs.flatMap((output) =>
    output.kind === 'reconstruction'
      ? []
      : [{ ...output, there: Uint8Array.from(output.actual, (_value, place) => Number(isThere(place))) }],
  );
  const confusion = (classes: readonly string[]) => classes.map(() => classes.map(() => 0));
  return {
    ...input,
    evaluation: {
      ...evaluation,
      outputs: outputs.map((output) =>
        output.kind === 'class' && !output.there.includes(1)
          ? { ...output, confusion: confusion(output.classes) }
          : output,
      ),
    },
  };
}

/** What charts must survive, by name. */
export const examples: Readonly<Record<string, () => ChartInput>> = {
  mnist: mnistExample,
  'one epoch': () => ({ ...mnistExample(), history: mnistExample().history.slice(0, 1) }),
  'diverged at once': () => ({
    ...unreferenced,
    history: [{ loss: NaN, accuracy: 0.1, val_loss: Infinity, val_accuracy: 0.1 }],
  }),
  'diverged later': () => ({
    ...unreferenced,
    history: [{ loss: 2.3 }, { loss: NaN }, { loss: -Infinity }, { loss: 2.2 }],
  }),
  'the first epoch is the best': () => ({ ...unreferenced, best: 1 }),
  'the last of two is the best': () => ({ ...unreferenced, history: unreferenced.history.slice(0, 2), best: 2 }),
  'a loss of zero': () => ({
    ...unreferenced,
    history: [
      { loss: 1, accuracy: 1 },
      { loss: 0, accuracy: 1 },
    ],
  }),
  'two classes, augmented': () => augmented(noise(['no', 'yes'], 50, 3), 6, [1, 2, 3]),
  'no mistakes, one picture augmented': () => augmented(noise(['a', 'b', 'c'], Infinity, 3), 1, [1]),
  'classes shown': () => shown(noise(['a', 'b'], 5, 3)),
  'rows shown': () => rowsShown(numbersExample()),
  'thirty hostile classes': hostileExample,
  'a hundred classes': () =>
    noise(
      Array.from({ length: 100 }, (_, i) => `class ${i}`),
      3,
      3,
    ),
  'a class without samples': () => noise(['a', 'b'], 50, 2, ['a', 'b', 'never']),
  'no images': () => noImages(noise(['a', 'b'], 5, 3)),
  'pictures made again': reconstructionExample,
  numbers: numbersExample,
  'numbers all alike': () => ({
    ...numbersExample(),
    evaluation: {
      metrics: {},
      outputs: [
        {
          kind: 'number',
          name: 'price',
          shape: [1],
          actual: new Float64Array(9).fill(3),
          predicted: new Float64Array(9).fill(3),
        },
      ],
    },
  }),
  masks: masksExample,
  'masks of twelve classes': () => stripesExample(12),
  'every second place masked': () =>
    masked(
      {
        ...masksExample(),
        evaluation: {
          metrics: {},
          outputs: [...masksExample().evaluation.outputs, ...numbersExample().evaluation.outputs],
        },
      },
      (place) => place % 2 === 0,
    ),
  'pictures, most of which are masked': () => masked(noise(['a', 'b', 'c'], 2, 3), (place) => place % 100 === 1),
  'all pictures masked': () => masked(noise(['a', 'b', 'c'], 2, 3), () => false),
  'all pixels masked': () => masked(masksExample(), () => false),
  'all numbers masked': () => masked(numbersExample(), () => false),
  'several outputs': () => ({
    ...masksExample(),
    evaluation: {
      metrics: {},
      outputs: [...masksExample().evaluation.outputs, ...numbersExample().evaluation.outputs],
    },
  }),
};
