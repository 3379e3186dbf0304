import { type Diagnostic, mistake } from '../base/diagnostics.ts';
import type { DatasetSpec } from '../datasets/dataset.ts';
import { datasetRow } from '../datasets/datasets.ts';
import { afterTest, validationCount } from '../datasets/splits/split.ts';
import { sharedWord } from '../datasets/texts/split-words.ts';
import type { RangeOf } from '../language/read-pipeline.ts';
import type { ShapeParts } from '../language/pipeline.ts';

/** What the options of the split say against each other, or against the kind of data: found before any is read. */
export function checkDivision({ split, source }: ShapeParts, rangeOf: RangeOf): readonly Diagnostic[] {
  if (split === undefined || source === undefined) return [];
  const { group, column, parts, order, fold } = split;
  const found: Diagnostic[] = [];
  const report = (option: string, code: 'split-conflict' | 'no-split-column', problem: string, hint: string) =>
    found.push(mistake(code, problem, rangeOf(['data', 'split', option]), hint));
  const ways = Object.entries({ order, column, group }).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  const last = ways.at(-1);
  if (last !== undefined && ways.length > 1)
    report(
      last,
      'split-conflict',
      `The rows are divided by ${ways.map((one) => `\`${one}\``).join(' and ')}: it can be one of them.`,
      'Keep the one that says what the model will meet: later rows, new groups, or the parts that a column names.',
    );
  if (fold !== undefined && order !== undefined)
    report(
      'order',
      'split-conflict',
      'With `folds`, each part of the samples is held back in turn, and what came later would be trained on.',
      'Leave one of them out; `repeat: 5` tells what the seed is worth.',
    );
  if (fold !== undefined && fold.number > fold.of)
    found.push(
      mistake(
        'split-conflict',
        `There is no fold ${fold.number} of ${fold.of}.`,
        rangeOf(['data', 'fold']),
        'They are counted from 1; without `fold`, there is a run of each.',
      ),
    );
  if (parts !== undefined && column === undefined)
    report('parts', 'split-conflict', '`parts` says what a column calls them, and there is no `column`.', 'Name it.');
  const word = parts && sharedWord(split);
  if (word !== undefined)
    report('parts', 'split-conflict', `\`${word}\` stands for two parts.`, 'Give each a word of its own.');
  if (datasetRow(source.type).order !== 'column')
    for (const [option, value] of Object.entries({ group, column }))
      if (value !== undefined)
        report(
          option,
          'no-split-column',
          `\`${source.type}\` has no columns to be divided by.`,
          `Leave \`${option}\` out, or name a folder or file of the test in the source.`,
        );
  return found;
}

/** How many samples validate, and why they cannot. */
export function checkSplit(
  { split, source }: ShapeParts,
  { count, drawsTest }: DatasetSpec,
  rangeOf: RangeOf,
): { readonly validation: number; readonly diagnostics: readonly Diagnostic[] } {
  if (split === undefined || count === undefined) return { validation: 0, diagnostics: [] };
  const misplaced = checkOrder(split.order, source!.type, rangeOf);
  const divided = drawsTest === true ? count.train + count.test : count.train;
  if (split.fold !== undefined && split.fold.of > divided)
    return { validation: 0, diagnostics: [tooManyFolds(split.fold.of, divided, rangeOf)] };
  const left = afterTest(split, { ...(drawsTest && { drawsTest }) });
  const validation = count.validation ?? validationCount(left, count.train);
  if (validation < count.train) return { validation, diagnostics: misplaced };
  const problem = `validation takes ${validation} of ${count.train} training samples: none is left to train on`;
  return {
    validation,
    diagnostics: [
      ...misplaced,
      mistake(
        'split-too-large',
        problem,
        rangeOf(['data', 'split', 'validation']),
        'Use a smaller number, or a fraction such as 0.1.',
      ),
    ],
  };
}

function tooManyFolds(folds: number, count: number, rangeOf: RangeOf): Diagnostic {
  return mistake(
    'too-many-folds',
    `There are ${count} samples for ${folds} folds: each needs one at least.`,
    rangeOf(['data', 'folds']),
    `Use \`folds: ${Math.max(2, count)}\` at most.`,
  );
}

function checkOrder(order: string | undefined, type: string, rangeOf: RangeOf): readonly Diagnostic[] {
  const { order: known } = datasetRow(type);
  if (order === undefined || known === 'column' || (known === 'time' && order === 'time')) return [];
  const problem =
    known === undefined
      ? `The samples of \`${type}\` stand in no order of time.`
      : `\`${type}\` has no columns to be sorted by.`;
  return [
    mistake(
      'no-order',
      problem,
      rangeOf(['data', 'split', 'order']),
      known === undefined ? 'Leave `order` out.' : '`order: time` takes the samples as they stand.',
    ),
  ];
}
