import type { ColumnFacts } from './column-facts.ts';
import { showFacts } from './column-facts.ts';
import type { FoundWords } from './find-words.ts';
import type { Entry, Item } from './proposal.ts';

/** What a column is learnt from as, the values that it becomes, and why it is none. */
export interface Use {
  readonly as: 'number' | 'categories' | 'hash' | 'words' | 'nothing';
  readonly width: number;
  readonly because: string;
  /** Of free texts: their words, as `prepare` is told of them. */
  readonly words?: FoundWords;
}

/** A column, and what is made of it. */
export type Looked = ColumnFacts & { readonly use: Use };

/** Buckets that texts are put into of which there are many. */
export const buckets = 64;

/** Columns that have a line each. */
const mostShown = 60;

/**
 * What a table is learnt from, and what is done to it.
 *
 * @param items the columns of the input
 * @param all whether all rows were looked at
 */
export function featureEntries(
  items: readonly Item[],
  { used, all }: { readonly used: readonly Looked[]; readonly all: boolean },
): readonly Entry[] {
  const words = used.find(({ use }) => use.as === 'words')?.name;
  const [texts, more] = [items.filter(({ item }) => item === words), items.filter(({ item }) => item !== words)];
  // Words are of another kind than what stands beside them.
  const inputs =
    texts.length === 0 || more.length === 0
      ? [{ key: 'input', items }]
      : [
          { key: 'freeText', items: texts },
          { key: 'otherColumns', items: more },
        ];
  const categories = used.filter(({ use }) => use.as === 'categories');
  return [
    {
      key: 'features',
      entries: inputs.map(({ key, items }) =>
        items.length > mostShown
          ? { key, value: items.map(({ item }) => item), because: `${items.length} columns` }
          : { key, items },
      ),
    },
    ...(categories.length === 0
      ? []
      : [
          {
            key: 'categories',
            because: 'a 0 or 1 for each of their values',
            entries: categories.map(({ name }) => ({ key: name, value: 'fromData' })),
          },
        ]),
    ...prepareOf(used, all),
  ];
}

/** A column as it stands among those that are learnt from. */
export function named(facts: Looked): Item {
  const { because } = facts.use;
  return { item: facts.name, because: `${showFacts(facts)}${because === '' ? '' : `; ${because}`}` };
}

/** What is done to gaps, and to texts that are too many. */
function prepareOf(used: readonly Looked[], all: boolean): readonly Entry[] {
  const has = (as: Use['as']) => used.some(({ use }) => use.as === as);
  // What no row has shown may still come.
  const unseen: readonly Entry[] = all
    ? []
    : [
        ...(has('number')
          ? [{ key: 'numbers', value: { missing: 'median' }, because: 'rows further down may have gaps' }]
          : []),
        ...(has('categories') ? [{ key: 'texts', value: { missing: 'mode' } }] : []),
      ];
  const entries = used.flatMap(({ name, gaps, use }): readonly Entry[] => {
    if (use.as === 'words') {
      const words = { words: { length: use.words!.length, vocabulary: use.words!.vocabulary } };
      return [{ key: name, value: gaps > 0 || !all ? [{ missing: 'constant(-)' }, words] : words }];
    }
    if (use.as === 'hash')
      return [{ key: name, value: gaps > 0 || !all ? [{ missing: 'mode' }, { hash: buckets }] : { hash: buckets } }];
    if (gaps === 0 || !all) return [];
    return [{ key: name, value: { missing: use.as === 'number' ? 'median' : 'mode' } }];
  });
  return entries.length + unseen.length === 0
    ? []
    : [
        {
          key: 'prepare',
          because: has('words')
            ? 'each word becomes a number, the most frequent ones of the rows trained on one of their own'
            : 'fitted to the rows trained on: gaps take the median, of texts the most frequent one',
          entries: [...entries, ...unseen],
        },
      ];
}
