import { type Split, afterTest, validationCount } from '../splits/split.ts';
import { splitSamples } from '../splits/split-samples.ts';
import { firstRows } from '../batch-source.ts';
import { type SampleView, countIn } from './sample-view.ts';
import type { Fitted } from '../scale.ts';
import type {
  ClassTarget,
  DataWarning,
  DatasetSpec,
  Division,
  Labels,
  Samples,
  TargetSpec,
  TargetValues,
} from '../dataset.ts';
import type { OptionPath } from '../wrong-option.ts';

/** Some of the samples, and what is to be predicted of them. */
export interface LabelledPart {
  readonly name: 'training' | 'validation' | 'test';
  /** For each target of the spec. */
  readonly targets: readonly TargetValues[];
  readonly rows: Uint32Array;
}

/** What is strange about data that was read and divided, with its evidence. */
export function dataWarnings(
  { spec: { targets }, test }: { readonly spec: DatasetSpec; readonly test: { readonly count: number } },
  split: Split,
  view: SampleView,
): readonly DataWarning[] {
  const rows = (part: LabelledPart['name']) =>
    part === 'test' ? firstRows(test.count) : split[part === 'training' ? 'train' : part];
  return [
    ...absentClasses(
      targets,
      (['training', 'validation', 'test'] as const).map((name) => ({
        name,
        count: rows(name).length,
        classes: (target) => view.countClasses(target, name === 'test' ? 'test' : 'train', rows(name)),
      })),
    ),
    ...(view.testIsTrain() ? [testIsTrain('the test samples are the training samples')] : []),
  ];
}

function partsOf(
  train: Pick<Samples, 'targets'>,
  test: Pick<Samples, 'targets' | 'count'>,
  split: Split,
): readonly LabelledPart[] {
  return [
    { name: 'training', targets: train.targets, rows: split.train },
    { name: 'validation', targets: train.targets, rows: split.validation },
    { name: 'test', targets: test.targets, rows: Uint32Array.from({ length: test.count }, (_, row) => row) },
  ];
}

/**
 * The spec with a warning for each part that will have no sample of a class; as it is, where its labels or the division
 * are not known.
 *
 * @param paths lead to the option that says what the samples of a part are
 */
export function withClassWarnings(
  spec: DatasetSpec,
  { split, seed }: Partial<Division>,
  paths: Readonly<Record<'train' | 'test', OptionPath>>,
): DatasetSpec {
  const { targets, count, labels, warnings = [] } = spec;
  if (labels === undefined || count === undefined || split === undefined || seed === undefined) return spec;
  const known = labels();
  const part = (name: 'train' | 'test') => ({ targets: [known[name]], count: count[name] });
  // A split that leaves none to train on is a mistake of its own.
  const left = afterTest(split, spec);
  const wanted = validationCount(left, count.train);
  const validation = wanted < count.train ? wanted : 0;
  if (split.stratified && split.order === undefined && surelyHaveAll(targets[0]!, known, validation)) return spec;
  const parts = partsOf(
    part('train'),
    part('test'),
    splitSamples(part('train'), targets, { ...left, validation }, seed),
  );
  const absent = parts.flatMap((one) =>
    classWarnings(targets, [one]).map((warning) => ({
      ...warning,
      path: paths[one.name === 'test' ? 'test' : 'train'],
    })),
  );
  return absent.length === 0 ? spec : { ...spec, warnings: [...warnings, ...absent] };
}

/**
 * Whether each part has some of each class, whichever are drawn for it: drawing 60,000 takes a third of what `validate`
 * has.
 */
function surelyHaveAll(target: TargetSpec, { train, test }: Labels, validation: number): boolean {
  if (target.kind !== 'class' || target.shape.length > 0) return false;
  const countsOf = (labels: Uint8Array) => {
    const counts = new Uint32Array(target.classes.length);
    // An iterator takes ten times as long, which `validate` would wait for.
    for (let k = 0; k < labels.length; k++) counts[labels[k]!]!++;
    return counts;
  };
  const held = (count: number) => (validation * count) / train.length;
  return (
    countsOf(test).every((count) => count > 0) &&
    countsOf(train).every((count) => count > Math.ceil(held(count)) && (validation === 0 || held(count) >= 1))
  );
}

/** As absentClasses, of labels in memory. */
export function classWarnings(targets: readonly TargetSpec[], parts: readonly LabelledPart[]): readonly DataWarning[] {
  return absentClasses(
    targets,
    parts.map(({ name, rows, targets: values }) => ({
      name,
      count: rows.length,
      classes: (target) => countIn(values[target]!, targets[target]!, rows),
    })),
  );
}

interface CountedPart {
  readonly name: LabelledPart['name'];
  readonly count: number;
  /** How often each class of a target is there. */
  readonly classes: (target: number) => ArrayLike<number>;
}

/** A warning for each part that has no sample of a class. Of texts none: in most of them, some characters are rare. */
function absentClasses(targets: readonly TargetSpec[], parts: readonly CountedPart[]): readonly DataWarning[] {
  return targets.flatMap((target, index) => {
    if (target.kind === 'number' || (target.several === undefined && target.shape.length === 1)) return [];
    const names = target.several?.labels ?? target.classes;
    return parts
      .filter(({ count }) => count > 0)
      .flatMap(({ name, count, classes }): DataWarning[] => {
        const seen = classes(index);
        const missing = names.filter((_, k) => seen[k] === 0);
        if (missing.length === 0) return [];
        const isOne = target.shape.length === 0;
        const none =
          count === 1
            ? `the only ${name} sample ${isOne ? 'is not of' : 'does not have'}`
            : `none of the ${count} ${name} samples ${isOne ? 'is of' : 'has'}`;
        const problem =
          `${none} the ${nounOf(target, missing.length)} ` +
          `${listed(missing.map((one) => `\`${one.slice(0, 60)}\``))} of \`${target.name}\``;
        return [{ code: 'class-without-samples', problem, hint: consequences[name] }];
      });
  });
}

function nounOf({ several }: ClassTarget, count: number): string {
  if (several !== undefined) return count === 1 ? 'label' : 'labels';
  return count === 1 ? 'class' : 'classes';
}

const consequences = {
  training: 'What is never seen in training is never learnt: add samples of it, or take it out of the classes.',
  validation: 'Validation says nothing of it: add samples of it, or hold back more.',
  test:
    'The test says nothing of it, and metrics that need it are no numbers: ' +
    'add samples of it, or make the test larger.',
};

/** A warning for each target of which all numbers that are trained on are the same. @param fitted see LoadedData */
export function constantTargets(
  targets: readonly TargetSpec[],
  fitted: readonly (readonly Fitted[] | undefined)[],
  trained: number,
): readonly DataWarning[] {
  return targets.flatMap(({ name }, k) => {
    if (fitted[k]?.every(({ isConstant }) => isConstant) !== true) return [];
    const values = fitted[k].map(({ scale: { mean } }) => mean).join(', ');
    return [
      {
        code: 'constant-target',
        problem: `\`${name}\`, which is to be predicted, is the same (${values}) in all ${trained} samples trained on`,
        hint: 'Nothing can be learnt but that number; it is trained on less its mean, not divided by a deviation.',
      },
    ];
  });
}

/** Says that what is trained on is tested on. */
export function testIsTrain(problem: string): DataWarning {
  return {
    code: 'test-is-train',
    problem,
    hint:
      'The test then says how well they were learnt by heart, and nothing of new ones: ' +
      'name another file, or a share.',
  };
}

/** A few names, and how many more there are. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5);
  const more = names.length - shown.length;
  const last = more > 0 ? `${more} more` : shown.pop()!;
  return shown.length === 0 ? last : `${shown.join(', ')} and ${last}`;
}
