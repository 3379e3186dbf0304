import { Type } from 'typebox';
import { failure } from '../../base/diagnostics.ts';
import { pauses } from '../../base/turns.ts';
import type { BatchSource } from '../batch-source.ts';
import type { DatasetRow, DatasetSpec, InputSpec } from '../dataset.ts';
import { WrongOption } from '../wrong-option.ts';
import { withFittedWay } from './fitted-way.ts';
import type { Scale } from '../scale.ts';

const standardizeOption = Type.Optional(
  Type.Enum(['perChannel'], {
    description:
      'Each channel is standardized, behind its scale from 0 to 1: less its mean, over its standard deviation, both ' +
      'of all pixels of the pictures trained on, and kept with the model. Without it: pictures are from 0 to 1.',
  }),
);

/** Whether the options of a data set say that the channels of its pictures are to be standardized. */
export function standardizesChannels(options: object): boolean {
  return 'standardize' in options && options.standardize === 'perChannel';
}

/**
 * The row of a data set of pictures, whose channels may be standardized, too. Pictures are held, augmented and shown as
 * bytes all the same: standardization is an affine map in the step, where their scale is.
 *
 * @param type what the row is called
 */
export function withChannelScales(type: string, row: DatasetRow): DatasetRow {
  return withFittedWay(type, row, {
    option: 'standardize',
    schema: standardizeOption,
    isAsked: standardizesChannels,
    prove: provePictures,
    isFitted: ({ standardized }) => standardized !== undefined,
    unsaid: 'by what the channels of its pictures were standardized',
  });
}

/** Bytes [height, width, channels] that are greys or colours: bytes that are none have no scale. */
const isPicture = ({ shape, dtype, scale }: InputSpec) => shape.length === 3 && dtype === 'uint8' && scale !== 1;

/** @throws WrongOption where no input is pictures */
function provePictures({ inputs }: DatasetSpec, type: string): void {
  if (inputs.some(isPicture)) return;
  throw new WrongOption(
    ['source', type, 'standardize'],
    failure(
      'unusable-array',
      '`standardize: perChannel` is for pictures, and no input is pictures',
      'Say `images: true` where arrays are pictures (uint8, count x height x width, or with channels behind). ' +
        'What other numbers are standardized by, `batchNormalization` learns as the first layer.',
    ),
  );
}

/** Samples that are looked at together. */
const together = 256;

/**
 * Fits mean and standard deviation of each channel of the inputs that are pictures, in their unit from 0 to 1.
 *
 * @param rows the samples that are trained on
 * @returns the inputs with what they are standardized by @throws UserError as the source, and where none is pictures
 */
export async function fitChannels(
  { name, spec, train }: { readonly name: string; readonly spec: DatasetSpec; readonly train: BatchSource },
  rows: Uint32Array,
  signal?: AbortSignal,
): Promise<readonly InputSpec[]> {
  provePictures(spec, name);
  const pause = pauses(signal);
  const counts = spec.inputs.map((input) =>
    isPicture(input) ? new Float64Array(256 * input.shape.at(-1)!) : undefined,
  );
  for await (const { x } of train.batches({ rows: rows.toSorted(), size: together })) {
    for (const [k, into] of counts.entries()) if (into !== undefined) countValues(x[k]!, into);
    await pause();
  }
  return spec.inputs.map((input, k) => {
    const all = counts[k];
    if (all === undefined) return input;
    const standardized = Array.from({ length: all.length / 256 }, (_, channel) =>
      scaleOf(all.subarray(256 * channel, 256 * (channel + 1)), input.scale),
    );
    return { ...input, standardized };
  });
}

function countValues(values: ArrayLike<number>, into: Float64Array): void {
  const channels = into.length / 256;
  for (let i = 0; i < values.length; i += channels)
    for (let channel = 0; channel < channels; channel++) into[256 * channel + values[i + channel]!]!++;
}

/**
 * The scale of bytes of which it is known how often each value occurs: sums of whole numbers, so that neither order nor
 * batches change a bit of it. Deviation 1 where all are the same.
 */
function scaleOf(counts: Float64Array, unit: number): Scale {
  const sum = (of: (value: number) => number) => counts.reduce((all, count, value) => all + count * of(value), 0);
  const count = sum(() => 1);
  const mean = sum((value) => value) / count;
  const variance = sum((value) => (value - mean) ** 2) / count;
  return { mean: mean * unit, deviation: variance === 0 ? 1 : Math.sqrt(variance) * unit };
}
