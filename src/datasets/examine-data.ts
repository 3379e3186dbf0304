import type { Code } from '../base/mistakes/mistakes.ts';
import type { InParts } from '../base/turns.ts';
import { areAlikeByChance, cellsOf, findAlike } from './alike-samples.ts';
import { listed } from './data-warnings.ts';
import {
  type Dataset,
  type DataWarning,
  type Origin,
  type SamplePlace,
  type Samples,
  type TargetSpec,
  sampleNoun,
} from './dataset.ts';
import { firstRows } from './batch-source.ts';
import type { Scale } from './scale.ts';
import type { Split } from './split.ts';
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
  /** Values as they are held: of tables in their own unit where that is known, column by column. */
  readonly inputs: readonly (ColumnFacts & {
    readonly name: string;
    readonly shape: readonly number[];
    readonly columns: readonly (ColumnFacts & { readonly column: string })[];
  })[];
  readonly targets: readonly (
    | {
        readonly name: string;
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

/** Counts what data holds, and finds what is rarely meant: at most one finding of a kind. */
export function* examineData(dataset: Dataset, split: Split): InParts<Examined> {
  const { spec, train, test, origin } = dataset;
  const samples: PartCounts = {
    training: split.train.length,
    validation: split.validation.length,
    test: test.count,
  };
  const studied = yield* studyInputs(dataset);
  const targets = spec.targets.map((target, k) => targetFacts(target, k, dataset, split));
  const alike = origin === undefined ? undefined : yield* compareSamples(dataset, split, origin);
  return {
    facts: { samples, inputs: studied.inputs, targets, alike: alike?.count ?? null },
    findings: [
      ...(alike?.findings ?? []),
      ...(origin === undefined ? [] : singleSamples(spec.targets, train, test, origin)),
      ...studied.findings,
    ],
  };
}

/** Ranges of all inputs, and what is strange about single columns. */
function* studyInputs({
  spec,
  train,
  test,
  origin,
}: Dataset): InParts<{ readonly inputs: DataFacts['inputs']; readonly findings: readonly DataFinding[] }> {
  const inputs: DataFacts['inputs'][number][] = [];
  const far: { readonly what: string; readonly places: readonly SamplePlace[] }[] = [];
  const telling: string[] = [];
  const all = origin?.columns?.flat() ?? [];
  const count = [train.count, test.count] as const;
  const answers = spec.targets.map(({ shape }, k) =>
    all.length > 1 && shape.length <= 1 && (shape[0] ?? 1) === 1
      ? columnOf({ mine: train.targets[k]!, others: test.targets[k]!, count, at: 0, width: 1 })
      : undefined,
  );
  for (const [k, { name, shape }] of spec.inputs.entries()) {
    const columns: (ColumnFacts & { readonly column: string })[] = [];
    const named = origin?.columns?.[k];
    const [mine, others] = [train.inputs[k]!, test.inputs[k]!];
    for (const [at, { column, scale }] of (named ?? []).entries()) {
      yield;
      const values = columnOf({ mine, others, count, at, width: named!.length });
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
    const range = joined(rangeOf(mine), rangeOf(others));
    inputs.push({ name, shape, ...(columns.length === 0 ? range : wholeRange(columns)), columns });
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
                'ten times as far from the middle as any other: ' +
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

/** A column of all samples, those for training first. */
function columnOf(of: {
  readonly mine: ArrayLike<number>;
  readonly others: ArrayLike<number>;
  readonly count: readonly [number, number];
  readonly at: number;
  readonly width: number;
}): Float64Array {
  const { mine, others, count, at, width } = of;
  const values = new Float64Array(count[0] + count[1]);
  for (let row = 0; row < count[0]; row++) values[row] = mine[row * width + at]!;
  for (let row = 0; row < count[1]; row++) values[count[0] + row] = others[row * width + at]!;
  return values;
}

/** Whether a column gives a target away. */
function tells(values: Float64Array, target: TargetSpec, answers: Float64Array | undefined): boolean {
  if (answers === undefined) return false;
  return target.kind === 'number' ? tellsNumber(values, answers) : tellsClass(values, answers, target.classes.length);
}

function joined(one: ColumnFacts, other: ColumnFacts): ColumnFacts {
  const known = [one, other].filter(({ smallest }) => !Number.isNaN(smallest));
  return {
    smallest: known.length === 0 ? Number.NaN : Math.min(...known.map(({ smallest }) => smallest)),
    largest: known.length === 0 ? Number.NaN : Math.max(...known.map(({ largest }) => largest)),
    missing: one.missing + other.missing,
  };
}

function wholeRange(columns: readonly ColumnFacts[]): ColumnFacts {
  return columns.map(({ smallest, largest, missing }) => ({ smallest, largest, missing })).reduce(joined);
}

function targetFacts(
  target: TargetSpec,
  k: number,
  { train, test }: Dataset,
  split: Split,
): DataFacts['targets'][number] {
  const { name } = target;
  const [mine, others] = [train.targets[k]!, test.targets[k]!];
  if (target.kind === 'number') return { name, ...joined(rangeOf(mine), rangeOf(others)) };
  const size = target.shape.reduce((product, length) => product * length, 1);
  const names = target.several?.labels ?? target.classes;
  const count = (labels: ArrayLike<number>, rows: Uint32Array) => {
    const counts = new Float64Array(names.length);
    for (const row of rows)
      for (let i = row * size; i < (row + 1) * size; i++)
        if (target.several === undefined) counts[labels[i]!]!++;
        else counts[i % size]! += labels[i]!;
    return counts;
  };
  const training = count(mine, split.train);
  const validation = count(mine, split.validation);
  const tested = count(others, firstRows(test.count));
  return {
    name,
    ...(target.several === undefined ? {} : { several: true as const }),
    classes: names.map((one, label) => ({
      name: one,
      training: training[label]!,
      validation: validation[label]!,
      test: tested[label]!,
    })),
  };
}

/** Classes that a single sample has, wherever it is. */
function singleSamples(
  targets: readonly TargetSpec[],
  train: Samples,
  test: Samples,
  origin: Origin,
): readonly DataFinding[] {
  const found: { readonly what: string; readonly place: SamplePlace }[] = [];
  for (const [k, target] of targets.entries()) {
    if (target.kind !== 'class' || target.shape.length > 0) continue;
    const counts = new Uint32Array(target.classes.length);
    const last = new Uint32Array(target.classes.length);
    const labelOf = (sample: number) =>
      sample < train.count ? train.targets[k]![sample]! : test.targets[k]![sample - train.count]!;
    for (let sample = 0; sample < train.count + test.count; sample++) {
      counts[labelOf(sample)]!++;
      last[labelOf(sample)] = sample;
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
  { spec, train, test }: Dataset,
  split: Split,
  origin: Origin,
): InParts<{ readonly count: number; readonly findings: readonly DataFinding[] } | undefined> {
  const cells = cellsOf(train, test);
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
      ...(haveOneAnswer(spec.targets, train, test, [sample, first]) ? [] : [twofold]),
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

/** Whether two samples have the same classes; numbers that were measured twice may differ. */
function haveOneAnswer(
  targets: readonly TargetSpec[],
  train: Samples,
  test: Samples,
  pair: readonly [number, number],
): boolean {
  return targets.every((target, k) => {
    if (target.kind === 'number') return true;
    const size = target.shape.reduce((product, length) => product * length, 1);
    const from = (sample: number) =>
      sample < train.count
        ? ([train.targets[k]!, sample * size] as const)
        : ([test.targets[k]!, (sample - train.count) * size] as const);
    const [[mine, at], [others, to]] = [from(pair[0]), from(pair[1])];
    for (let i = 0; i < size; i++) if (mine[at + i] !== others[to + i]) return false;
    return true;
  });
}

function placeIn(origin: Origin, trained: number, sample: number): SamplePlace {
  return sample < trained ? origin.place('train', sample) : origin.place('test', sample - trained);
}

/** A place in words: `data.csv, line 7`. */
export function showSamplePlace({ file, line, sample }: SamplePlace): string {
  if (line !== undefined) return `${file}, line ${line}`;
  return sample === undefined ? file : `${file}, sample ${sample}`;
}
