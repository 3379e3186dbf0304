import { Type } from 'typebox';
import { failure } from '../../base/diagnostics.ts';
import { sizeOf } from '../../base/tensor-shape.ts';
import { pauses } from '../../base/turns.ts';
import { asTaken } from '../as-taken.ts';
import type { BatchSource } from '../batch-source.ts';
import type { DatasetRow, DatasetSpec, InputSpec } from '../dataset.ts';
import { WrongOption } from '../wrong-option.ts';
import { withFittedWay } from './fitted-way.ts';
import { type Whitening, encodeMatrix } from '../input-ways.ts';
import { symmetricEigen } from './symmetric-eigen.ts';

/** Values of an input that may be whitened: the model keeps a number for each two of them. */
const most = 128;

const whitenOption = Type.Optional(
  Type.Enum(['zca'], {
    description:
      'All values of an input are whitened together, after all else that is done to them: those of the rows trained ' +
      `on then have variance 1, and none correlates with another. For inputs of at most ${most} numbers. Without it: ` +
      'they are not.',
  }),
);

/** Whether the options of a data set say that its inputs are to be whitened. */
export function whitens(options: object): boolean {
  return 'whiten' in options && options.whiten === 'zca';
}

/**
 * The row of a data set of numbers, whose inputs may be whitened, too: a matrix in the step, where their scale is.
 *
 * @param type what the row is called
 */
export function withWhitening(type: string, row: DatasetRow): DatasetRow {
  return withFittedWay(type, row, {
    option: 'whiten',
    schema: whitenOption,
    isAsked: whitens,
    prove: proveSmall,
    isFitted: ({ whitened }) => whitened !== undefined,
    unsaid: 'by what its inputs were whitened',
  });
}

/** Indices are names, not numbers. */
const isOfNumbers = ({ indices }: InputSpec) => indices === undefined;

/** @throws WrongOption where no input can be whitened, or one is too large */
function proveSmall({ inputs }: DatasetSpec, type: string): void {
  const numbers = inputs.filter(isOfNumbers);
  const large = numbers.find(({ shape }) => sizeOf(shape) > most);
  if (numbers.length > 0 && large === undefined) return;
  throw new WrongOption(
    ['source', type, 'whiten'],
    failure(
      'not-whitenable',
      large === undefined
        ? '`whiten: zca` is for numbers, and all inputs are indices'
        : `\`whiten: zca\` is for inputs of at most ${most} numbers, and \`${large.name}\` has ${sizeOf(large.shape)}`,
      'Leave `whiten` out: `batchNormalization` as the first layer standardizes each number by itself.',
    ),
  );
}

/** Samples that are looked at together. */
const together = 256;

/**
 * Fits the whitening of each input of numbers to what the model would take without it.
 *
 * @param rows the samples that are trained on
 * @returns the inputs with it @throws UserError as the source, and where an input cannot be whitened
 */
export async function fitWhitening(
  { name, spec, train }: { readonly name: string; readonly spec: DatasetSpec; readonly train: BatchSource },
  rows: Uint32Array,
  signal?: AbortSignal,
): Promise<readonly InputSpec[]> {
  proveSmall(spec, name);
  const pause = pauses(signal);
  const each = async (take: (values: Float32Array, k: number) => void) => {
    for await (const { x } of train.batches({ rows: rows.toSorted(), size: together })) {
      for (const [k, input] of spec.inputs.entries()) if (isOfNumbers(input)) take(asTaken(x[k]!, input), k);
      await pause();
    }
  };
  const means = spec.inputs.map(({ shape }) => new Float64Array(sizeOf(shape)));
  await each((values, k) => {
    const mean = means[k]!;
    values.forEach((value, i) => (mean[i % mean.length]! += value / rows.length));
  });
  const covariances = means.map(({ length }) => new Float64Array(length ** 2));
  await each((values, k) => addProducts(covariances[k]!, values, means[k]!));
  return spec.inputs.map((input, k) =>
    isOfNumbers(input) ? { ...input, whitened: whiteningOf(means[k]!, covariances[k]!, rows.length) } : input,
  );
}

/** Adds the products of all two values of each sample, less their means. */
function addProducts(to: Float64Array, values: Float32Array, mean: Float64Array): void {
  const n = mean.length;
  const apart = new Float64Array(n);
  for (let from = 0; from < values.length; from += n) {
    for (let i = 0; i < n; i++) apart[i] = values[from + i]! - mean[i]!;
    for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) to[i * n + j]! += apart[i]! * apart[j]!;
  }
}

/** Variances that are less than this share of the largest are rounding. */
const least = 1e-9;

/**
 * ZCA (Bell and Sejnowski 1997), of standardized numbers ZCA-cor (Kessy, Lewin and Strimmer 2018): the whitening that
 * leaves each value nearest to itself, so that it has no signs or order to choose, as PCA has. Variances are those of
 * scikit-learn's PCA, over count - 1.
 */
function whiteningOf(mean: Float64Array, products: Float64Array, count: number): Whitening {
  const n = mean.length;
  const { values, vectors } = symmetricEigen(
    products.map((sum) => sum / Math.max(1, count - 1)),
    n,
  );
  const floor = least * Math.max(...values);
  const kept = Array.from(values.keys()).filter((k) => values[k]! > floor);
  const matrix = new Float32Array(n * n);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < n; j++)
      matrix[i * n + j] = kept.reduce(
        (sum, k) => sum + (vectors[i * n + k]! * vectors[j * n + k]!) / Math.sqrt(values[k]!),
        0,
      );
  return { mean: [...mean], matrix: encodeMatrix(matrix), directions: kept.length };
}
