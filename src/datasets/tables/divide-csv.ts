import { failure } from '../../base/diagnostics.ts';
import type { InParts } from '../../base/turns.ts';
import { stratifiedBy } from '../splits/split-samples.ts';
import { type MissingCells, columnOf } from './csv-cells.ts';
import { targetsOf } from './csv-columns.ts';
import type { CsvTables } from './csv-files.ts';
import { type CsvOptions, at } from './csv-options.ts';
import { type Parts, divideRows } from './csv-rows.ts';
import type { ClassTarget, Division } from '../dataset.ts';
import { type Fold, testSize } from '../splits/split.ts';
import { inOption, WrongOption } from '../wrong-option.ts';

/** Which rows train, validate and test. @param missing see columnOf */
export function* divideTables(
  given: CsvOptions,
  { table, divided, other }: CsvTables,
  { split, seed }: Division,
  missing?: MissingCells,
): InParts<Parts> {
  const targets = targetsOf(given);
  const target = targets[stratifiedBy(targets)] as ClassTarget | undefined;
  const classes =
    target === undefined
      ? undefined
      : {
          target,
          labels: Uint8Array.from(
            yield* inOption(at('targets', target.name), () => columnOf(table, target.name, target.classes, missing)),
          ),
        };
  return yield* divideRows({
    table,
    divided,
    other,
    test: other === undefined && split.column === undefined ? testCount(given, { table, divided }, split.fold) : 0,
    split,
    classes,
    seed,
  });
}

/** Rows that are taken out for the test. */
export function testCount(
  { test }: CsvOptions,
  { table, divided }: Pick<CsvTables, 'table' | 'divided'>,
  fold?: Fold,
): number {
  const taken = testSize(Number(test), divided, fold);
  if (taken === 0)
    throw new WrongOption(
      at('test'),
      failure('no-test-samples', `${table.name} leaves no row for the test`, 'Raise `test`, or name a file.'),
    );
  return taken;
}
