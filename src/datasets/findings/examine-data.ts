import type { Code } from '../../base/mistakes/mistakes.ts';
import type { InParts } from '../../base/turns.ts';
import { areAlikeByChance, findAlike } from './alike-samples.ts';
import { listed } from './data-warnings.ts';
import { type Dataset, type DataWarning, type Origin, type SamplePlace, type TargetSpec } from '../dataset.ts';
import { firstRows } from '../batch-source.ts';
import { type SourceCounts, countSources } from '../listed-sources.ts';
import { isReconstruction } from '../reconstruction.ts';
import { sampleNoun } from './sample-noun.ts';
import { type SampleView, joined } from './sample-view.ts';
import type { Scale } from '../scale.ts';
import type { Split } from '../splits/split.ts';
import { type ColumnFacts, outliersIn, rangeOf, tellsClass, tellsNumber } from './study-column.ts';

/** Something about data that is rarely meant, and some of the places where it stands. */
export interface DataFinding extends DataWarning {
  readonly places: readonly SamplePlace[];
}

/** How many of something a part has. */
export interface PartCounts {
  readonly training: number;
  readonly validation: number;
  readonly test: number;
}

/** What data is, in numbers. */
export interface DataFacts {
  readonly samples: PartCounts;
  /** Left out where the data is read from one file or folder. */
  readonly sources?: readonly SourceCounts[];
  /** Values as they are held: of tables in their own unit where that is known, column by column. */
  readonly inputs: readonly (ColumnFacts & {
    readonly name: string;
    readonly shape: readonly number[];
    readonly columns: readonly (ColumnFacts & { readonly column: string })[];
  })[];
  readonly targets: readonly (
    | {
        readonly name: string;
        /** The classes have an order, and stand in it. */
        readonly ordinal?: true;
        /** These are labels of which a sample may have several at once. */
        readonly several?: true;
        readonly classes: readonly (PartCounts & { readonly name: string })[];
      }
    | (ColumnFacts & { readonly name: string })
  )[];
  /** Samples whose inputs another one before has too; null where nothing was looked for. */
  readonly alike: number | null;
}

/** What was found in data that was read. */
export interface Examined {
  readonly facts: DataFacts;
  readonly findings: readonly DataFinding[];
}

/** Columns that are told of one by one. */
const mostColumns = 200;
/** Places that are named of a finding. */
const mostPlaces = 3;

/** Data that is looked at, wherever its samples are. */
type LookedAt = Pick<Dataset, 'spec' | 'sources' | 'origin'> &
  Readonly<Record<'train' | 'test', { readonly count: number }>>;

/** Counts what data holds, and finds what is rarely meant: at most one finding of a kind. */
export function* examineData(dataset: LookedAt, split: Split, view: SampleView): InParts<Examined> {
  const { spec, test, origin } = dataset;
  const samples: PartCounts = {
    training: split.train.length,
    validation: split.validation.length,
    test: test.count,
  };
  const sources = dataset.sources && countSources(dataset.sources, split);
  // Before columns are read: what this takes is free again then, and columns may be held as long as the view is.
  const alike = origin === undefined ? undefined : yield* compareSamples(dataset, { split, origin, view });
  const studied = yield* studyInputs(dataset, view);
  // Of a target that is the input, the input tells all.
  const targets = spec.targets.flatMap((target, k) =>
    isReconstruction(target) ? [] : [targetFacts(target, k, { dataset, split, view })],
  );
  return {
    facts: { samples, ...(sources && { sources }), inputs: studied.inputs, targets, alike: alike?.count ?? null },
    findings: [
      ...(alike?.findings ?? []),
      ...(origin === undefined ? [] : singleSamples(dataset, origin, view)),
      ...studied.findings,
      ...untrainedSources(sources),
    ],
  };
}

/** Sources that nothing is learnt of. */
function untrainedSources(sources: readonly SourceCounts[] = []): readonly DataFinding[] {
  const some = sources.filter(({ training }) => training === 0).map(({ name }) => `\`${name.slice(0, 60)}\``);
  if (some.length === 0) return [];
  return [
    {
      code: 'source-not-trained',
      problem: `no sample that is trained on is of ${listed(some)}`,
      hint: 'All that are there validate or test: add samples to it, or change the split.',
      places: [],
    },
  ];
}

/** Ranges of all inputs, and what is strange about single columns. */
function* studyInputs(
  { spec, train, origin }: LookedAt,
  view: SampleView,
): InParts<{ readonly inputs: DataFacts['inputs']; readonly findings: readonly DataFinding[] }> {
  const inputs: DataFacts['inputs'][number][] = [];
  const far: { readonly what: string; readonly places: readonly SamplePlace[] }[] = [];
  const telling: string[] = [];
  const all = origin?.columns?.flat() ?? [];
  const answers = spec.targets.map(({ shape }, k) =>
    all.length > 1 && !isReconstruction(spec.targets[k]!) && shape.length <= 1 && (shape[0] ?? 1) === 1
      ? view.answers(k)
      : undefined,
  );
  for (const [k, { name, shape }] of spec.inputs.entries()) {
    const columns: (ColumnFacts & { readonly column: string })[] = [];
    const named = origin?.columns?.[k];
    for (const [at, { column, scale }] of (named ?? []).entries()) {
      yield;
      const values = view.column(k, at);
      if (scale !== undefined && columns.length < mostColumns) {
        const { smallest, largest, missing } = rangeOf(values);
        columns.push({ column, smallest: inUnit(smallest, scale), largest: inUnit(largest, scale), missing });
      }
      if (spec.targets.some((target, t) => tells(values, target, answers[t])))
        telling.push(`\`${column.slice(0, 60)}\``);
      const rows = scale === undefined ? [] : outliersIn(values);
      if (rows.length > 0)
        far.push({
          what: `\`${column.slice(0, 60)}\` (${rows.length === 1 ? 'one row' : `${rows.length} rows`})`,
          places: rows.slice(0, mostPlaces).map((row) => placeIn(origin!, train.count, row)),
        });
    }
    inputs.push({ name, shape, ...(columns.length === 0 ? view.range(k) : wholeRange(columns)), columns });
    yield;
  }
  return {
    inputs,
    findings: [
      ...(far.length === 0
        ? []
        : [
            {
              code: 'outliers' as const,
              problem:
                `${listed(far.map(({ what }) => what))} ${far.length === 1 ? 'has a number' : 'have numbers'} ` +
                'ten times as far from the middle as all others: ' +
                listed(far.flatMap(({ places }) => places).map(showSamplePlace)),
              hint: 'A slip of the keyboard, another unit, or a number that stands for none: look at it.',
              places: far.flatMap(({ places }) => places).slice(0, mostPlaces),
            },
          ]),
      ...(telling.length === 0
        ? []
        : [
            {
              code: 'target-determined' as const,
              problem:
                `${listed(telling)} ${telling.length === 1 ? 'tells' : 'tell'} ` +
                'what is to be predicted in all rows',
              hint: 'Where nobody has it for a new row before the answer is known, leave it out of `features`.',
              places: [],
            },
          ]),
    ],
  };
}

/** A number of a column in its own unit, as exact as float32 holds it. */
function inUnit(value: number, { mean, deviation }: Scale): number {
  const own = value * deviation + mean;
  return Math.abs(own) < 1e-6 * deviation ? 0 : Number(own.toPrecision(6));
}

/** Whether a column gives a target away. */
function tells(values: Float64Array, target: TargetSpec, answers: Float64Array | undefined): boolean {
  if (answers === undefined) return false;
  return target.kind === 'number' ? tellsNumber(values, answers) : tellsClass(values, answers, target.classes.length);
}

function wholeRange(columns: readonly ColumnFacts[]): ColumnFacts {
  return columns.map(({ smallest, largest, missing }) => ({ smallest, largest, missing })).reduce(joined);
}

function targetFacts(
  target: TargetSpec,
  k: number,
  of: { readonly dataset: LookedAt; readonly split: Split; readonly view: SampleView },
): DataFacts['targets'][number] {
  const { dataset, split, view } = of;
  const { name } = target;
  if (target.kind === 'number') return { name, ...rangeOf(view.answers(k)) };
  const names = target.several?.labels ?? target.classes;
  const training = view.countClasses(k, 'train', split.train);
  const validation = view.countClasses(k, 'train', split.validation);
  const tested = view.countClasses(k, 'test', firstRows(dataset.test.count));
  return {
    name,
    ...(target.ordinal && { ordinal: true as const }),
    ...(target.several === undefined ? {} : { several: true as const }),
    // A vocabulary has room for more than a text has.
    classes: names
      .map((one, label) => ({
        name: one,
        training: training[label]!,
        validation: validation[label]!,
        test: tested[label]!,
      }))
      .filter((one) => target.tokens === undefined || one.training + one.validation + one.test > 0),
  };
}

/** Classes that a single sample has, wherever it is. */
function singleSamples(
  { spec: { targets }, train, test }: LookedAt,
  origin: Origin,
  view: SampleView,
): readonly DataFinding[] {
  const found: { readonly what: string; readonly place: SamplePlace }[] = [];
  for (const [k, target] of targets.entries()) {
    if (target.kind !== 'class' || target.shape.length > 0) continue;
    const counts = new Uint32Array(target.classes.length);
    const last = new Uint32Array(target.classes.length);
    const labels = view.answers(k);
    for (let sample = 0; sample < train.count + test.count; sample++) {
      counts[labels[sample]!]!++;
      last[labels[sample]!] = sample;
    }
    for (const [label, name] of target.classes.entries())
      if (counts[label] === 1)
        found.push({
          what: `\`${name.slice(0, 60)}\` of \`${target.name}\``,
          place: placeIn(origin, train.count, last[label]!),
        });
  }
  if (found.length === 0) return [];
  const places = found.slice(0, mostPlaces).map(({ place }) => place);
  return [
    {
      code: 'class-of-one-sample',
      problem:
        `${found.length === 1 ? 'a single sample is' : 'single samples are'} all there is of ` +
        `${listed(found.map(({ what }) => what))}: ${listed(places.map(showSamplePlace))}`,
      hint: 'It can be learnt or tested, never both: add samples of it, or take it out of the classes.',
      places,
    },
  ];
}

/** Samples that are like one before them, and how many. */
interface Alike {
  count: number;
  readonly some: (readonly [sample: number, first: number])[];
}

function* compareSamples(
  { spec, train, test }: LookedAt,
  of: { readonly split: Split; readonly origin: Origin; readonly view: SampleView },
): InParts<{ readonly count: number; readonly findings: readonly DataFinding[] } | undefined> {
  const { split, origin, view } = of;
  const { cells } = view;
  const order = new Uint32Array(split.train.length + split.validation.length + test.count);
  order.set(split.train);
  order.set(split.validation, split.train.length);
  order.set(
    firstRows(test.count).map((row) => row + train.count),
    split.train.length + split.validation.length,
  );
  const firsts = yield* findAlike(cells, order);
  if (firsts === undefined) return undefined;
  const isTrained = new Uint8Array(cells.count);
  for (const row of split.train) isTrained[row] = 1;
  const none = (): Alike => ({ count: 0, some: [] });
  const [copied, leaked, twofold] = [none(), none(), none()];
  let count = 0;
  for (const sample of order) {
    const first = firsts[sample]!;
    if (first === sample) continue;
    count++;
    const kinds = [
      ...(view.haveOneAnswer(sample, first) ? [] : [twofold]),
      ...(isTrained[first] === 1 && isTrained[sample] === 0 ? [leaked] : []),
    ];
    for (const kind of kinds.length === 0 ? [copied] : kinds)
      if (++kind.count <= mostPlaces) kind.some.push([sample, first]);
  }
  const noun = sampleNoun(spec);
  const isTable = spec.inputs.every(({ shape }) => shape.length === 1);
  const held = split.validation.length + test.count;
  const kinds: readonly (readonly [Alike, Code, string, string])[] = [
    [
      isTable && copied.count * 10 >= split.train.length ? none() : copied,
      'alike-samples',
      `${copied.count} of ${cells.count} ${noun} ${copied.count === 1 ? 'is a copy' : 'are copies'} of others`,
      'They count more than the rest: where nothing speaks for that, keep one of each.',
    ],
    [
      leaked,
      'sample-on-both-sides',
      `${leaked.count} of ${held} ${noun} for validation and test ${leaked.count === 1 ? 'is' : 'are'} trained on, too`,
      'What is known by heart says nothing of new ones: keep each on one side.',
    ],
    [
      twofold,
      'one-input-two-labels',
      `${twofold.count} ${twofold.count === 1 ? `${noun.slice(0, -1)} has` : `${noun} have`} ` +
        'the inputs of another, and another label',
      'At most one of the two is right: mend the labels, or add what tells them apart.',
    ],
  ];
  const findings: DataFinding[] = [];
  if (count === 0 || (isTable && (yield* areAlikeByChance(cells, count)))) return { count, findings };
  for (const [{ some }, code, problem, hint] of kinds) {
    if (some.length === 0) continue;
    const pairs = some.map((pair) => pair.map((sample) => placeIn(origin, train.count, sample)));
    findings.push({
      code,
      problem: `${problem}: ${listed(pairs.map((pair) => pair.map(showSamplePlace).join(' is ')))}`,
      hint,
      places: pairs.flat(),
    });
  }
  return { count, findings };
}

function placeIn(origin: Origin, trained: number, sample: number): SamplePlace {
  return sample < trained ? origin.place('train', sample) : origin.place('test', sample - trained);
}

/** A place in words: `data.csv, line 7`. */
export function showSamplePlace({ file, line, sample }: SamplePlace): string {
  if (line !== undefined) return `${file}, line ${line}`;
  return sample === undefined ? file : `${file}, sample ${sample}`;
}
