import { type UserError, failure } from '../../base/diagnostics.ts';
import { fitsPattern } from '../../base/name-pattern.ts';
import { numbersMeant } from '../../base/written-number.ts';
import { placeIn, readerOf } from './csv-cells.ts';
import { type WrittenCsvOptions, at } from './csv-options.ts';
import { firstValue } from './csv-rows.ts';
import type { Table } from './table.ts';
import { type OptionPath, WrongOption } from '../wrong-option.ts';
import { type Gaps, gapsOf } from '../preparations/gaps.ts';
import { murmurHash } from '../preparations/murmur-hash.ts';
import type { Stage } from '../preparations/preparation.ts';
import type { ColumnPlan, ReadAs } from '../preparations/prepared-column.ts';
import { preparations } from '../preparations/preparations.ts';
import { type GivenStep, stepsOf } from './prepare-options.ts';
import { isDate, timeOf } from './time.ts';

/** What `prepare` says of a column. */
export interface ColumnSteps {
  readonly steps: readonly GivenStep[];
  /** Of the entry. */
  readonly path: OptionPath;
  /** Whether its steps are a list, in which each has a place. */
  readonly isList: boolean;
}

/** Of the options of a table what its preparation depends on. */
type Preparing = Pick<WrittenCsvOptions, 'prepare' | 'targets' | 'categories'>;

/**
 * What `prepare` says of each column that is learnt from: the entry of its name, else that of the first pattern that
 * fits, else that of its type.
 *
 * @throws WrongOption where an entry is for no column
 */
export function stepsByColumn(
  { prepare = {}, targets, categories }: Preparing,
  table: Table,
  learnt: readonly string[],
): ReadonlyMap<string, ColumnSteps> {
  const found: ReadonlyMap<string, ColumnSteps>[] = [new Map(), new Map(), new Map()];
  const [named, matched, typed] = found as Map<string, ColumnSteps>[];
  for (const [key, given] of Object.entries(prepare)) {
    const entry = { steps: stepsOf(given), path: at('prepare', key), isList: Array.isArray(given) };
    if (table.placeOf(key) !== undefined) {
      if (!learnt.includes(key)) throw notLearnt(key, Object.hasOwn(targets, key), entry.path);
      named!.set(key, entry);
      continue;
    }
    const isType = key === 'numbers' || key === 'texts';
    if (!isType && !key.includes('*')) placeIn(table, key, ...entry.path);
    const columns = learnt.filter((column) => {
      if (!isType) return fitsPattern(column, key);
      return (Object.hasOwn(categories, column) ? 'texts' : typeOf(table, column)) === key;
    });
    if (columns.length === 0)
      throw new WrongOption(
        entry.path,
        failure(
          'nothing-to-prepare',
          `prepare: ${isType ? `no column that is learnt from holds ${key}` : `\`${key}\` fits no column`}`,
          `Learnt from are ${learnt.slice(0, 30).join(', ')}.`,
        ),
      );
    for (const column of columns) {
      const map = isType ? typed! : matched!;
      if (!map.has(column)) map.set(column, entry);
    }
  }
  return new Map([...typed!, ...matched!, ...named!]);
}

function notLearnt(column: string, isTarget: boolean, path: OptionPath): WrongOption {
  return new WrongOption(
    path,
    failure(
      'nothing-to-prepare',
      `prepare: \`${column}\` is ${isTarget ? 'a target' : 'not learnt from'}`,
      isTarget
        ? 'Targets that are numbers are standardized for training as `standardize` says; texts are cut as the target ' +
            'itself says, `{ words: { length: 20 } }`. Nothing else is done to them.'
        : 'Name a column of `features`.',
    ),
  );
}

/** What a column holds, by its first value. */
export function typeOf(table: Table, column: string): 'numbers' | 'texts' | 'dates' {
  const cell = firstValue(table, column);
  if (cell === undefined || readerOf(table.decimal)(cell) !== undefined || numbersMeant(cell).length > 0)
    return 'numbers';
  return isDate(cell) ? 'dates' : 'texts';
}

/** Whether a column's values have to be listed, for there is a 0 and 1 or an index for each. */
export function needsCategories({ steps }: ColumnSteps): boolean {
  const first = steps.find(({ step }) => step !== 'missing');
  return first !== undefined && ['oneHot', 'index'].includes(first.step);
}

/** What is needed to plan a column beside its steps. */
interface About {
  readonly table: Table;
  readonly categories: readonly string[] | undefined;
  readonly isStandardized: boolean;
}

/** Makes of the steps of a column what is done with it. @throws WrongOption where a step cannot stand there */
export function planColumn(column: string, given: ColumnSteps, about: About): ColumnPlan {
  const { table, categories } = about;
  let stage: Stage = 'cells';
  let reads: ReadAs = categories === undefined ? 'numbers' : 'categories';
  let gaps: Gaps | undefined;
  let [buckets, isOneHot]: [number | undefined, boolean] = [undefined, false];
  const maps: GivenStep[] = [];
  for (const [k, one] of given.steps.entries()) {
    const { step, option } = one;
    const path = given.isList ? [...given.path, k] : given.path;
    const row = preparations[step]!;
    const problem =
      row.problem?.(option) ??
      whyNot(column, { step, stage, takes: row.takes, isListed: categories !== undefined, kind: row.kind });
    if (problem !== undefined) throw new WrongOption(path, cannotStand(step, problem));
    if (row.kind === 'missing') gaps = bothGaps(gaps, gapsOf(String(option)));
    else if (row.kind === 'hash') [reads, buckets] = ['hash', Number(option)];
    else if (row.kind === 'map') {
      if (stage === 'cells') reads = row.reads ?? 'numbers';
      maps.push(one);
    } else isOneHot = row.kind === 'oneHot';
    stage = row.gives;
  }
  if (stage === 'cells' && categories === undefined && about.isStandardized)
    maps.push({ step: 'standardize', option: true });
  if (stage === 'categories' || (stage === 'cells' && categories !== undefined)) isOneHot = true;
  const plan = {
    column,
    reads,
    ...(reads === 'categories' && categories && { categories }),
    ...(buckets !== undefined && { buckets }),
    maps,
    isOneHot,
  };
  if (gaps === undefined) return plan;
  const isText = reads === 'categories' || reads === 'hash';
  if (
    isText &&
    given.steps.some(({ step, option }) => step === 'missing' && ['mean', 'median'].includes(String(option)))
  )
    throw new WrongOption(given.path, cannotStand('missing', `\`${column}\` has texts, of which there is no mean`));
  const constant = typeof gaps.by === 'string' ? undefined : constantOf(table, plan, gaps.by.constant, given.path);
  return { ...plan, gaps, ...(constant !== undefined && { constant }) };
}

function bothGaps(one: Gaps | undefined, other: Gaps | undefined): Gaps | undefined {
  if (one === undefined || other === undefined) return other ?? one;
  // What only tells leaves the filling to the other.
  return { by: other.isTold ? one.by : other.by, isTold: one.isTold || other.isTold };
}

/** Why a step cannot stand where it does. */
function whyNot(
  column: string,
  given: {
    readonly step: string;
    readonly stage: Stage;
    readonly takes: readonly Stage[];
    readonly isListed: boolean;
    readonly kind: string;
  },
): string | undefined {
  const { step, stage, takes, isListed, kind } = given;
  if (!takes.includes(stage)) {
    if (step === 'missing') return 'it comes first: the other steps know no gaps';
    if (stage === 'done') return 'nothing can be done with what the step before gives';
    if (takes.length === 1) return 'it takes cells as they are, and has to be the first step but for `missing`';
    return stage === 'numbers' ? 'it takes categories, and the step before gives numbers' : 'it takes numbers';
  }
  if (stage === 'cells' && isListed && (kind === 'map' || kind === 'hash'))
    return `\`${column}\` is among \`categories\`, whose steps are oneHot and index`;
  return undefined;
}

/** That a step of `prepare` cannot stand where it does. */
export const cannotStand = (step: string, problem: string): UserError =>
  failure('wrong-preparation', `${step}: ${problem}`);

function constantOf(
  table: Table,
  { column, reads, categories, buckets }: ColumnPlan,
  written: string,
  path: OptionPath,
): number {
  const read: Readonly<Record<ReadAs, () => number | undefined>> = {
    numbers: () => readerOf(table.decimal ?? '.')(written),
    dates: () => timeOf(written),
    hash: () => murmurHash(written) % buckets!,
    categories: () => {
      const place = categories!.indexOf(written);
      return place < 0 ? undefined : place;
    },
  };
  const value = read[reads]();
  if (value === undefined)
    throw new WrongOption(
      path,
      cannotStand('missing', `constant(${written}) is none of the values of \`${column}\`, which has ${reads}`),
    );
  return value;
}
