import { type TObject, Type } from 'typebox';
import { isMisfit } from '../base/row.ts';
import { asScaled } from './as-taken.ts';
import type { BatchSource } from './batch-source.ts';
import {
  type DataMisfit,
  type Dataset,
  type DatasetRow,
  type DatasetSpec,
  type InputSpec,
  type NumberTarget,
  type Samples,
  type TargetSpec,
  isUnfetched,
} from './dataset.ts';

/** What `targets` says where the input itself is to be learnt. */
const word = 'input';

/** What the target is called: a model that has an output of its input's name could be no graph of named values. */
const name = 'reconstruction';

/** Whether the options of a data set say that its input is to be learnt. */
export function learnsInput(options: object): boolean {
  return 'targets' in options && options.targets === word;
}

/** Whether a target is the input of the data. */
export function isReconstruction(target: TargetSpec): boolean {
  return target.kind === 'number' && target.reconstructs !== undefined;
}

/** As the schema of a row lets them through. */
type Options = Parameters<DatasetRow['named']>[0];

/**
 * The row of a data set whose input may be learnt, too: `targets: input`. What it has of labels is then passed over,
 * and of a table all columns are learnt from.
 *
 * @param type what the row is called
 */
export function withReconstruction(type: string, row: DatasetRow): DatasetRow {
  const own = ownOf(row);
  const plain = (options: Options) => (learnsInput(options) ? own(options) : options);
  const { settle } = row;
  return {
    ...row,
    options: withWord(row.options),
    describe: (options, folder, division) => {
      const described = row.describe(plain(options), folder, division);
      if (!learnsInput(options) || isMisfit(described)) return described;
      if (isUnfetched(described)) return { ...described, outline: { inputs: described.outline.inputs } };
      return misfitOf(described, type) ?? reconstructionOf(described);
    },
    ...(settle && {
      settle: (options, folder, ...given) => {
        const settled = settle(plain(options), folder, ...given);
        return learnsInput(options) ? { ...settled, targets: word } : settled;
      },
    }),
    named: (options) => row.named(plain(options)),
    files: (options, folder) => row.files(plain(options), folder),
    load: async (options, folder, seed, signal, split) => {
      const loaded = await row.load(plain(options), folder, seed, signal, split);
      if (!learnsInput(options)) return loaded;
      const { spec, train, test } = loaded;
      return { ...loaded, spec: reconstructionOf(spec), train: withoutLabels(train), test: withoutLabels(test) };
    },
    // Of a row that is asked about, its input says what is right.
    rows: (trained) =>
      row.rows(learnsInput(trained.options) ? { ...trained, options: own(trained.options), targets: [] } : trained),
  };
}

/** The samples of a row whose input may be learnt, too: they are the same. */
export function piecesFor<O extends object, Rest extends readonly unknown[], Found>(
  row: DatasetRow,
  { open }: { open(options: O, ...rest: Rest): Found },
): { open(options: O, ...rest: Rest): Found } {
  const own = ownOf(row);
  return {
    open: (options, ...rest) => open(learnsInput(options) ? own(options) : options, ...rest),
  };
}

/** Takes the word out of options: what is left is the row's own. */
function ownOf({ options: { properties } }: DatasetRow): <O extends object>(options: O) => O {
  const { targets } = properties;
  const isOptional = targets === undefined || Type.IsOptional(targets);
  return (options) => ({ ...options, targets: isOptional ? undefined : {} });
}

/** The options, of which `targets` may be the word. */
function withWord({ properties }: TObject): TObject {
  const about =
    'The input itself is to be learnt, as the model takes it: an autoencoder. Its output has the shape of the input.';
  const { targets } = properties;
  if (targets === undefined) {
    const labels = `${about} Labels are passed over. Without it: the labels are to be predicted.`;
    return Type.Object({ ...properties, targets: Type.Optional(Type.Enum([word], { description: labels })) });
  }
  const {
    description,
    examples,
    default: usual,
  } = targets as {
    readonly description?: string;
    readonly examples?: unknown[];
    readonly default?: unknown;
  };
  const either = Type.Union([targets, Type.Enum([word])], {
    description: `${description} Or \`${word}\`: ${about.charAt(0).toLowerCase()}${about.slice(1)}`,
    ...(examples && { examples: [...examples, word] }),
    ...(usual !== undefined && { default: usual }),
  });
  return Type.Object({ ...properties, targets: Type.IsOptional(targets) ? Type.Optional(either) : either });
}

/** Why the input of data cannot be learnt. */
function misfitOf({ inputs: [input, ...more] }: DatasetSpec, type: string): DataMisfit | undefined {
  const misfit = (problem: string, hint: string): DataMisfit => ({
    code: 'not-reconstructable',
    problem,
    hint,
    path: ['source', type, 'targets'],
  });
  if (more.length > 0)
    return misfit(
      `\`targets: ${word}\` learns the one input that there is, but the data has ${1 + more.length}: ` +
        [input!, ...more].map((one) => `\`${one.name}\``).join(', '),
      'Name all columns in one input, or say what is to be predicted.',
    );
  if (input!.indices !== undefined)
    return misfit(
      `\`targets: ${word}\` learns numbers, but the input is indices, none of which is nearer to one than to another`,
      'Make 0 and 1 of them (`oneHot`, or `categories`), or say what is to be predicted.',
    );
  return undefined;
}

/** What data holds whose only target is its input. */
export function reconstructionOf(described: DatasetSpec): DatasetSpec {
  const { labels: _, warnings = [], ...spec } = described;
  const [{ shape, dtype, scale }] = spec.inputs as readonly [InputSpec];
  // The largest byte times a scale of 1/255 is 1 but for its rounding.
  const reconstructs = dtype === 'uint8' && Math.fround(255 * Math.fround(scale)) <= 1 ? 'shares' : 'numbers';
  const target: NumberTarget = { kind: 'number', name, shape, reconstructs };
  const about = warnings.filter(({ code }) => code !== 'class-without-samples');
  return { ...spec, targets: [target], ...(about.length > 0 && { warnings: about }) };
}

function withoutLabels(samples: Samples): Samples {
  return { ...samples, targets: [new Float64Array()] };
}

/** Data as it was read, with its input as its target. It is held once: batches have it twice. */
export function reconstructing(dataset: Dataset<BatchSource>): Dataset<BatchSource> {
  const spec = reconstructionOf(dataset.spec);
  return { ...dataset, spec, train: targetingInput(dataset.train, spec), test: targetingInput(dataset.test, spec) };
}

/** A source whose batches have their input as what is to be predicted, before anybody changes it. */
export function targetingInput(source: BatchSource, { inputs: [input] }: Pick<DatasetSpec, 'inputs'>): BatchSource {
  return {
    ...source,
    // Nobody needs them all: they would be eight times the data.
    labels: () => new Float64Array(),
    async *batches(wanted) {
      for await (const batch of source.batches(wanted))
        yield { ...batch, y: [Float64Array.from(asScaled(batch.x[0]!, input!.scale))] };
    },
  };
}
