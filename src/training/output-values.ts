import type { Misfit } from '../base/row.ts';
import { type Values, describeValues } from '../layers/values.ts';

/** What the model's output is, as far as a loss cares. */
export interface OutputFacts {
  /** Shape of one sample's output. */
  readonly shape: readonly number[];
  /** Number of classes of the labels. */
  readonly classes: number;
  /** What its values are. */
  readonly values: Values;
  /** The name of the layer that gives it. */
  readonly layer: string;
}

/** What a loss takes outputs for. */
interface Kind {
  /** To follow "takes". */
  readonly words: string;
  fits(values: Values): boolean;
  /** The way out. */
  hint(values: Values): string;
}

const within = ({ low, high }: Values, least: number, most: number) => low >= least && high <= most;
const without = ({ by }: Values) => (by === undefined ? 'End with a layer without activation' : `Remove the ${by}`);

function withoutConstant({ by }: Values, classes: number | undefined): string {
  if (by !== 'softmax' && by !== 'logSoftmax') return 'Remove what makes it so.';
  return classes === undefined
    ? `Remove the ${by}.`
    : `Use \`sigmoid\` with \`loss: binaryCrossentropy\`, or as many units as classes: \`dense ${classes} ${by}\`.`;
}

function withoutLogits(values: Values): string {
  if (values.distribution === true) return `${without(values)}, or use \`loss: categoricalCrossentropy\`.`;
  return `${without(values)}${within(values, 0, 1) ? ', or use `loss: binaryCrossentropy`' : ''}.`;
}

/** All that losses take; a row names its own. */
const kinds = {
  logits: {
    words: 'logits, which lie below and above 0',
    fits: ({ low, high }) => low < 0 && high > 0,
    hint: withoutLogits,
  },
  /** Only their differences count. */
  softmaxLogits: {
    words: 'logits, which lie below and above 0',
    fits: ({ low, high, distribution, by }) =>
      by === 'logSoftmax' ||
      (low < 0 && high > 0) ||
      (distribution !== true && by === undefined && high - low === Infinity),
    hint: withoutLogits,
  },
  scores: {
    words: 'scores, which lie below and above 0',
    fits: ({ low, high }) => low < 0 && high > 0,
    hint: (values) => `${without(values)}, or end with \`tanh\`.`,
  },
  distribution: {
    words: 'probabilities that add up to 1',
    fits: ({ distribution }) => distribution === true,
    hint: (values) =>
      within(values, 0, 1)
        ? 'Use `loss: binaryCrossentropy`, or end with `softmax` instead.'
        : `Use \`loss: softmaxCrossEntropy\`${values.by === undefined ? '' : ` without the ${values.by}`}, ` +
          'or end with `softmax`.',
  },
  probabilities: {
    words: 'probabilities',
    fits: (values) => within(values, 0, 1),
    hint: ({ by }) =>
      `Use \`loss: sigmoidCrossEntropy\`${by === undefined ? '' : ` without the ${by}`}, or end with \`sigmoid\`.`,
  },
  positive: {
    words: 'the logarithm of outputs, which must lie above 0',
    fits: ({ low, high }) => low >= 0 && high > 0,
    hint: () => 'End with `softplus`.',
  },
  amounts: {
    words: 'amounts above 0, and all below for 0',
    fits: ({ high }) => high > 0,
    hint: (values) => `${without(values)}.`,
  },
  anything: {
    words: 'numbers',
    fits: () => true,
    hint: () => '',
  },
} satisfies Record<string, Kind>;

/** The name of what a loss takes. */
export type Takes = keyof typeof kinds;

/** Says why a loss cannot learn from such values. @param classes left out: it learns numbers */
export function wrongValues(
  loss: string,
  { takes, threshold }: { readonly takes: Takes; readonly threshold?: number },
  { layer, shape, values }: Pick<OutputFacts, 'layer' | 'shape' | 'values'>,
  classes?: number,
): Misfit | undefined {
  const given = `\`${layer}\` gives ${describeValues(values)}`;
  const { low, high, distribution, by } = values;
  if (low === high)
    return {
      problem:
        `\`${layer}\` always gives ${low}${by === undefined ? '' : ` (${by})`}, whatever its input is: ` +
        'nothing can be learned',
      hint: withoutConstant(values, classes),
    };
  if (classes !== undefined && (distribution === true ? high < 1 : by === 'logSoftmax' && high < 0)) {
    const most = Number((distribution === true ? high : Math.exp(high)).toPrecision(3));
    return {
      problem:
        `\`${layer}\` is a ${by} of values from 0 to 1, which makes no class more probable than ${most}: ` +
        `${loss} hardly learns`,
      hint: `Remove the activation below which the ${by} stands, or the ${by} itself.`,
    };
  }
  const kind: Kind = kinds[takes];
  if (!kind.fits(values)) return { problem: `${loss} takes ${kind.words}, but ${given}`, hint: kind.hint(values) };
  if (classes === undefined) return undefined;
  const single = shape.length === 1 && shape[0] === 1 && threshold !== undefined;
  if (single && !(low < threshold && high > threshold))
    return {
      problem: `${loss} tells two classes apart at ${threshold}, but ${given}: always the same class`,
      hint: `${without(values)}.`,
    };
  if (takes === 'anything' && high <= 0)
    return { problem: `${loss} takes 1 for the class and 0 for the others, but ${given}`, hint: `${without(values)}.` };
  return undefined;
}
