import { type ClassIndices, roomForIndices } from '../../base/class-indices.ts';
import { type UserError, failure } from '../../base/diagnostics.ts';
import { showCount } from '../../base/quantities.ts';
import { shorten } from '../../base/shorten.ts';
import type { InParts } from '../../base/turns.ts';
import type { MissingCells } from './csv-cells.ts';
import { type CsvOptions, type TextOption, at } from './csv-options.ts';
import type { Parts } from './csv-rows.ts';
import type { DataWarning, TargetSpec } from '../dataset.ts';
import type { OptionPath } from '../wrong-option.ts';
import { tokensOf } from '../preparations/tokens.ts';
import { type TokenPlan, fitTexts, proveTexts, textsIn } from './prepare-texts.ts';
import type { Table } from './table.ts';
import { isTextOption, tokensOfOption } from './table-targets.ts';
import { numbersOfText, wholeText, type WholeText } from '../texts/whole-texts.ts';

/** Texts that are read without a pause. */
const pause = 1 << 12;

interface Planned {
  readonly plan: TokenPlan;
  readonly path: OptionPath;
}

function planned(name: string, option: TextOption): Planned {
  return { plan: { column: name, ...tokensOfOption(option) }, path: at('targets', name) };
}

function* fitted(name: string, { plan, path }: Planned, table: Table, trained: Uint32Array): InParts<WholeText> {
  const { vocabulary } = yield* fitTexts({ plan, path }, table, trained);
  return wholeText(name, plan.kind, plan, vocabulary);
}

/**
 * Reads the targets that are texts, and chooses their vocabularies.
 *
 * @param tables the one that is trained on, then that of the test
 * @param trained its rows that are trained on; left out: they are not known, and neither are the vocabularies
 * @returns the targets as far as they are known then, and what is strange about them
 * @throws WrongOption where a text is missing, or as fitTexts
 */
export function* surveyTexts(
  targets: CsvOptions['targets'],
  specs: readonly TargetSpec[],
  tables: readonly Table[],
  trained: Uint32Array | undefined,
): InParts<{ readonly targets: readonly TargetSpec[]; readonly warnings: readonly DataWarning[] }> {
  const found: TargetSpec[] = [];
  const warnings: DataWarning[] = [];
  for (const spec of specs) {
    const option = targets[spec.name]!;
    if (!isTextOption(option)) {
      found.push(spec);
      continue;
    }
    const text = planned(spec.name, option);
    for (const table of tables) {
      yield* proveTexts(text, table, (missing) => unanswered(table, spec.name, missing));
      warnings.push(...(yield* cutTexts(text, table)));
    }
    found.push(trained === undefined ? spec : yield* fitted(spec.name, text, tables[0]!, trained));
  }
  return { targets: found, warnings };
}

/** That rows do not say what is right. */
function unanswered(table: Table, column: string, missing: MissingCells): UserError {
  const { count, row } = missing.get(column)!;
  return failure(
    'missing-label',
    `${table.name} has ${count} ${count === 1 ? 'row' : 'rows'} without a text in \`${shorten(column)}\`, ` +
      `the first on ${table.spotOf(row)}`,
    'Fill it, or remove the row: nothing is learnt of a text of which nobody says what comes out.',
  );
}

function* cutTexts({ plan, path }: Planned, table: Table): InParts<readonly DataWarning[]> {
  const { column, kind, length } = plan;
  const textIn = textsIn(table, plan);
  let [longer, first] = [0, 0];
  for (let row = 0; row < table.count; row++) {
    if (row % pause === 0) yield;
    let tokens = 0;
    for (const _ of tokensOf(textIn(row), plan)) if (++tokens > length) break;
    if (tokens <= length) continue;
    if (longer === 0) first = row;
    longer++;
  }
  if (longer === 0) return [];
  const warning = {
    code: 'answers-cut' as const,
    problem:
      `${table.name}: ${showCount(longer)} of ${showCount(table.count)} texts of \`${shorten(column)}\`, which is to ` +
      `be predicted, have more than ${showCount(length)} ${kind}, the first on ${table.spotOf(first)}`,
    hint: 'They are learnt without what is behind, and without their end: raise `length`.',
    path,
  };
  return [warning];
}

/**
 * Chooses the vocabulary of a target that is a text, and gives the numbers of both parts.
 *
 * @throws WrongOption as surveyTexts
 */
export function* encodeTextTarget(
  name: string,
  option: TextOption,
  { train, test, trained }: Pick<Parts, 'train' | 'test' | 'trained'>,
): InParts<{ readonly spec: WholeText; readonly train: ClassIndices; readonly test: ClassIndices }> {
  const text = planned(name, option);
  for (const table of new Set([train.table, test.table]))
    yield* proveTexts(text, table, (missing) => unanswered(table, name, missing));
  const spec = yield* fitted(name, text, train.table, trained);
  const numbers = function* ({ table, rows }: Parts['train']): InParts<ClassIndices> {
    const length = spec.shape[0]!;
    const all = roomForIndices(spec.classes.length, rows.length * length);
    const textIn = textsIn(table, text.plan);
    for (const [k, row] of rows.entries()) {
      if (k % pause === 0) yield;
      all.set(numbersOfText(spec, textIn(row)), k * length);
    }
    return all;
  };
  return { spec, train: yield* numbers(train), test: yield* numbers(test) };
}
