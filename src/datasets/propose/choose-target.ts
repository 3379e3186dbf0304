import { failure, misuse } from '../../base/diagnostics.ts';
import { listNames, nearest } from '../../base/did-you-mean.ts';
import { showCount } from '../../base/quantities.ts';
import { type ColumnFacts, whyIdentifier } from './column-facts.ts';
import { labelsIn } from './find-labels.ts';

/** What to predict, and why it is that. */
export interface ChosenTarget {
  /** One column, or several of which each is a label of its own. */
  readonly columns: readonly [ColumnFacts, ...ColumnFacts[]];
  readonly because: string;
}

/** Words that columns to predict are called by, the last word of a name. */
const names = new Set(
  (
    'target label labels class classes species y price preis prix outcome response output diagnosis ' +
    'survived churn quality tags genres topics'
  ).split(' '),
);

/** Values that classes may have where nothing but their number speaks for them. */
const fewValues = 20;

/**
 * Chooses the column to predict.
 *
 * @param table what messages call it
 * @param asked.wanted the columns that are asked for, if any
 * @param asked.list the only column of lists
 * @throws UserError where there is none of the name, or no column is more likely than all others
 */
export function chooseTarget(
  table: string,
  columns: readonly ColumnFacts[],
  { wanted, list }: { readonly wanted: readonly string[]; readonly list?: ColumnFacts },
): ChosenTarget {
  const [first, ...others] = new Set(wanted);
  if (first !== undefined) {
    const find = (name: string) => columns.find((one) => one.name === name) ?? unknown(table, columns, name);
    return { columns: [find(first), ...others.map(find)], because: 'as --target says' };
  }
  const able = columns.filter(
    (one) => ['numbers', 'texts'].includes(one.kind) && whyIdentifier(one) === undefined && one.name.length <= 100,
  );
  // Of rows that are sorted by it, the first ones may show one value alone; all are counted later.
  const called = columns.findLast(
    (one) => names.has(lastWord(one.name)) && (able.includes(one) || one.kind === 'constant'),
  );
  if (called !== undefined && called !== list) return { columns: [called], because: 'by its name' };
  if (list !== undefined) return { columns: [list], because: 'the only column of lists, which are labels to predict' };
  const last = columns.at(-1);
  const classes = able.filter(isLikeClasses);
  if (last !== undefined && classes.includes(last))
    return { columns: [last], because: `the last column, and it has ${showCount(last.values.size)} values alone` };
  if (last !== undefined && able.includes(last) && labelsIn(last) !== undefined)
    return { columns: [last], because: 'the last column, and it names several labels at once' };
  const texts = classes.filter(({ kind }) => kind === 'texts');
  const likely = [...texts, ...(last === undefined || !able.includes(last) ? [] : [last])].map(({ name }) => name);
  throw failure(
    'target-unclear',
    `${table} does not show which column is to be predicted: ` +
      (likely.length === 0
        ? 'none has few texts, or the name of a target'
        : `it may be ${listNames([...new Set(likely)])}`),
    `Name it: --target ${likely[0] ?? 'COLUMN'}. The columns are ${listNames(columns.map(({ name }) => name))}.`,
  );
}

function unknown(table: string, columns: readonly ColumnFacts[], wanted: string): never {
  const known = columns.map(({ name }) => name);
  const parts = wanted.split(',').map((part) => part.trim());
  const guess = nearest(wanted, known);
  const meant = guess === undefined ? '' : `Did you mean \`${guess}\`? `;
  throw misuse(
    'unknown-column',
    `${table} has no column \`${wanted}\``,
    parts.length > 1 && parts.every((part) => known.includes(part))
      ? `Name each of several labels: ${parts.map((part) => `--target ${part}`).join(' ')}.`
      : `${meant}It has ${listNames(known)}.`,
  );
}

/** Of `SalePrice` and `median_price` it is `price`. */
const lastWord = (name: string) =>
  name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .split(/[^\p{L}\d]+/u)
    .findLast((word) => word !== '')
    ?.toLowerCase() ?? '';

/** Whether the values of a column are classes more likely than texts or measures. */
export function isLikeClasses({ kind, values, whole, count }: ColumnFacts): boolean {
  if (kind !== 'texts' && !(kind === 'numbers' && whole)) return false;
  return values.size > 1 && values.size <= fewValues && count >= (kind === 'texts' ? 3 : 10) * values.size;
}
