import { type Diagnostic, UserError, failure } from '../../base/diagnostics.ts';
import { formatShape, sizeOf } from '../../base/tensor-shape.ts';
import { type ArrayFile, memorySource, npzArrays } from './array-files.ts';
import { type ArrayOptions, arrayOf } from './array-parts.ts';
import { finderOf, numbersIn } from './array-samples.ts';
import { missingTexts } from '../tables/csv-cells.ts';
import type { AskedRow, InputSpec, RowReader, TargetSpec, TargetValues, TrainedOn } from '../dataset.ts';
import { pictureEncoder } from '../pictures/encode-picture.ts';
import { type Tensor, asked, fits, noNumber, unknownLabel, valuesOf } from '../given-values.ts';
import { isTexts, parseNpy } from './npy.ts';
import { pictureRows } from '../pictures/picture-rows.ts';

/** What a model is asked by that learnt from arrays: others of the same shape, and pictures where those were some. */
export function arrayRows(trained: TrainedOn<ArrayOptions>): RowReader {
  const { options, inputs, targets } = trained;
  const [input] = inputs as [InputSpec];
  const arrays = function* (name: string, bytes: Uint8Array): Generator<AskedRow> {
    const file = npzArrays(memorySource(name, bytes));
    yield* samplesOf(name, {
      inputs: inputs.map((one, k) => tensorOf(file, askedArray(file, options.inputs[k]!, options), one)),
      targets: targets.map((target) => actualOf(file, askedArray(file, target.name, options), target)),
      specs: inputs,
    });
  };
  if (inputs.length === 1 && options.images) {
    const reader = pictureRows(trained);
    return { ...reader, files: { ...reader.files, npz: arrays } };
  }
  const encode = pictureEncoder({ inputs, targets }, { isFile: () => false, decode: () => new Uint8Array(0) });
  const shapes = inputs.map(({ name, shape }) => (inputs.length === 1 ? '' : `${name} of `) + formatShape(shape));
  return {
    kind: 'arrays',
    takes: `arrays of ${shapes.join(', ')} for each sample`,
    encode: (row, where) => encode(row, where),
    files: {
      npz: arrays,
      ...(inputs.length === 1 && {
        *npy(name: string, bytes: Uint8Array) {
          const tensor = parseNpy(name, bytes);
          const one = fits(tensor.shape, input.shape) && !fits(tensor.shape.slice(1), input.shape);
          const all = one ? { ...tensor, shape: [1, ...tensor.shape] } : tensor;
          yield* samplesOf(name, { inputs: [proven(all, input, name)], targets: [], specs: inputs });
        },
      }),
    },
  };
}

/** The array of a file that stands for one of the training: it is called so, or as the test's was. */
function askedArray(file: ArrayFile, name: string, { parts }: ArrayOptions): string {
  const tested = arrayOf(name, parts.test);
  return !file.names.includes(name) && file.names.includes(tested) ? tested : name;
}

function tensorOf(file: ArrayFile, array: string, input: InputSpec): Tensor {
  const { shape } = file.head(array);
  const values = numbersIn(file, array);
  return proven({ shape, values }, input, file.called(array));
}

/** @throws UserError where an array is not samples of the shape that the model takes */
function proven(tensor: Tensor, { shape }: InputSpec, called: string): Tensor {
  const [, ...each] = tensor.shape;
  if (tensor.shape.length > 0 && fits(each, shape)) return tensor;
  throw failure(
    'wrong-shape',
    `${called}: expected COUNT x ${formatShape(shape)}, got ${formatShape(tensor.shape)}`,
    'Give it samples of the shape that the model was trained on.',
  );
}

/** What is right of each sample, where a file says it. @throws UserError where it says something else of them */
function actualOf(file: ArrayFile, array: string, target: TargetSpec): Told | undefined {
  if (!file.names.includes(array)) return undefined;
  const [called, { shape }] = [file.called(array), file.head(array)];
  const [count = 0, ...each] = shape;
  const size = sizeOf(target.shape);
  if (sizeOf(each) !== size)
    throw failure(
      'wrong-shape',
      `${called}: expected COUNT x ${formatShape(target.shape)}, got ${formatShape(shape)}`,
      'Give it what is right of each sample in the shape that the model was trained on.',
    );
  if (target.kind === 'class') {
    const values = file.values(array);
    const find = finderOf(target.classes);
    return {
      count,
      of: (index) => {
        const said = Array.from({ length: size }, (_, i) => values[index * size + i]!);
        const labels = said.flatMap((one) => find(one) ?? []);
        if (labels.length === size) return Uint8Array.from(labels);
        const strange = String(said.find((one) => find(one) === undefined));
        if (size === 1 && missingTexts.has(strange)) return undefined;
        throw unknownLabel(target, strange, `${called}, index ${index}`, isTexts(values) ? '' : numbered);
      },
    };
  }
  const values = numbersIn(file, array);
  return {
    count,
    of: (index) => {
      const said = Float64Array.from(values.subarray(index * size, (index + 1) * size));
      const wrong = said.find((value) => !Number.isFinite(value));
      if (wrong === undefined) return said;
      if (size === 1 && Number.isNaN(wrong)) return undefined;
      throw noNumber(target.name, String(wrong), `${called}, index ${index}`);
    },
  };
}

const numbered = ' Numbers stand for them from 0 on, unless all their names are numbers.';

/** What a file says is right of its samples. */
interface Told {
  readonly count: number;
  /** Of one of them; undefined where it says nothing. @throws UserError where its label is no class, or no number */
  readonly of: (index: number) => TargetValues | undefined;
}

function* samplesOf(
  file: string,
  given: {
    readonly inputs: readonly Tensor[];
    readonly targets: readonly (Told | undefined)[];
    readonly specs: readonly InputSpec[];
  },
): Generator<AskedRow> {
  const [count] = given.inputs[0]!.shape as [number];
  const sizes = given.inputs.map(({ shape }) => sizeOf(shape.slice(1)));
  const uneven =
    given.inputs.some(({ shape }) => shape[0] !== count) ||
    given.targets.some((told) => told !== undefined && told.count !== count);
  if (uneven)
    throw failure('arrays-differ', `${file}: its arrays have different numbers of samples`, 'Save those of one set.');
  for (let index = 0; index < count; index++)
    yield asked({ file, index }, () => ({
      x: given.specs.map((spec, k) => {
        const { values, shape } = given.inputs[k]!;
        const own = values.subarray(index * sizes[k]!, (index + 1) * sizes[k]!);
        return valuesOf({ shape: shape.slice(1), values: own }, spec, `${file}[${index}]`);
      }),
      ...toldOf(given.targets, index),
    }));
}

function toldOf(targets: readonly (Told | undefined)[], index: number): Pick<AskedRow, 'actual' | 'fault'> {
  if (targets.every((told) => told === undefined)) return {};
  let fault: Diagnostic | undefined;
  const actual = targets.map((told) => {
    try {
      return told?.of(index);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      fault ??= error.diagnostics[0]!;
      return undefined;
    }
  });
  return { actual, ...(fault && { fault }) };
}
