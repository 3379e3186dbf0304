import { failure } from '../../base/diagnostics.ts';
import { shorten } from '../../base/shorten.ts';
import { missingTexts } from '../tables/csv-cells.ts';
import { type TokenKind, tokensOf } from '../preparations/tokens.ts';
import type { Table } from '../tables/table.ts';
import type { ColumnFacts } from './column-facts.ts';
import { type Entry, type Flow, type Proposal, type Wanted, sharesOfRows } from './proposal.ts';
import { answersIn } from './table-task.ts';

/** What a table has shown. */
interface Shown extends Pick<Wanted, 'data' | 'written'>, Pick<Proposal, 'source' | 'read'> {
  readonly form: readonly Entry[];
  readonly facts: readonly ColumnFacts[];
  /** What is predicted, and why it is that. */
  readonly target: ColumnFacts;
  readonly because: string;
  /** Rows that are looked at. */
  readonly rows: number;
}

/** Whether nearly each row has another text: an answer, as classes come again. */
export const isFree = ({ kind, values, count }: ColumnFacts) =>
  kind === 'texts' && count >= 20 && values.size > 0.9 * count;

/** Tokens that are read of a text, or said of it, at the most; room for the end of an answer comes on top. */
const longest = 100;

/** Characters up to which a text is read or said letter by letter. */
const fewCharacters = 40;

/** Numbers that tokens have at the most. */
const mostNumbers = { words: 10_000, characters: 256 };

interface Tokens {
  readonly kind: TokenKind;
  readonly lowerCase: boolean;
  readonly rows: readonly (readonly string[])[];
  readonly most: number;
  readonly vocabulary: number;
}

function tokensIn(texts: readonly string[], kind: TokenKind): Tokens {
  const lowerCase = kind === 'words' || texts.every((text) => text === text.toLowerCase());
  const rows = texts.map((text) => [...tokensOf(text, { kind, lowerCase })].slice(0, longest));
  const most = rows.reduce((length, row) => Math.max(length, row.length), 1);
  // 0 and 1 are no tokens.
  const vocabulary = Math.min(mostNumbers[kind], new Set(rows.flat()).size + 2);
  return { kind, lowerCase, rows, most, vocabulary };
}

/** As `prepare` and `targets` say it. */
const written = ({ kind, lowerCase, vocabulary }: Tokens, length: number): Flow => ({
  [kind]: { length, vocabulary, ...(!lowerCase && { lowerCase }) },
});

const hasWords = (texts: readonly string[]) => texts.filter((text) => / \S+ /.test(text)).length > texts.length / 2;

/**
 * A text that answers that of another column.
 *
 * @throws UserError where a row has no answer, or no column has texts that are answered
 */
export function proposeAnswers(table: Table, shown: Shown): Proposal {
  const { source, read, data, form, facts, target, because, rows } = shown;
  const asked = facts.find((one) => one !== target && isFree(one));
  if (asked === undefined)
    throw failure(
      'no-features',
      `\`${shorten(target.name)}\` of ${table.name} has another text in nearly each row, which is learnt from a text ` +
        'that it answers alone, and no other column has such texts',
      'Name another column to predict: --target COLUMN.',
    );
  const place = table.placeOf(asked.name)!;
  const questions = Array.from({ length: rows }, (_, row) => table.cell(row, place).trim()).map((cell) =>
    missingTexts.has(cell) ? '-' : cell,
  );
  const answers = answersIn(table, target.name).slice(0, rows);
  const question = tokensIn(questions, hasWords(questions) ? 'words' : 'characters');
  const answer = tokensIn(answers, target.longest <= fewCharacters ? 'characters' : 'words');
  const even = answer.rows.filter((row, k) => row.length === question.rows[k]!.length).length;
  const isEven = even >= 0.95 * rows;
  const length = Math.max(answer.most, isEven ? question.most : 0) + 1;
  const [unit, few] = [answer.kind, `${question.most} ${question.kind} at the most`];
  return {
    source,
    read,
    options: [
      { key: 'file', value: shown.written(data) },
      ...form,
      {
        key: 'targets',
        because: `${because}; texts that answer \`${shorten(asked.name)}\`, of ${answer.most} ${unit} at the most`,
        entries: [{ key: target.name, value: written(answer, length), because: 'the length has room for the end' }],
      },
      { key: 'features', value: { input: [asked.name] }, because: `texts of ${few}` },
      {
        key: 'prepare',
        entries: [
          {
            key: asked.name,
            value:
              asked.gaps > 0 || rows < table.count
                ? [{ missing: 'constant(-)' }, written(question, isEven ? length : question.most)]
                : written(question, isEven ? length : question.most),
          },
        ],
      },
      ...sharesOfRows.options,
    ],
    split: sharesOfRows.split,
    task: {
      kind: 'answer',
      target: target.name,
      tokens: unit,
      length,
      vocabulary: answer.vocabulary,
      ...rightByPlace(answer.rows),
    },
    given: { kind: 'question', length: question.most, vocabulary: question.vocabulary, isEven },
    samples: table.count,
    notes: [
      ...(isEven
        ? [`In ${even} of ${rows} rows question and answer have as many ${unit}: the net answers one by one`]
        : []),
      ...(answer.kind === 'words' ? ['Answers are learnt in small letters, without signs between words'] : []),
      'All places of an answer are said at once: it can be learnt where the question tells what stands at each, as ' +
        'of dates, codes and fixed phrases; free answers, such as replies, hardly beat that score',
      ...facts
        .filter((one) => one !== target && one !== asked && one.name !== '')
        .map(({ name }) => `\`${shorten(name)}\` is left out: an answer is learnt from one text`),
    ],
  };
}

/** Tokens and ends, and those that are right where each place has the one that is most frequent there. */
function rightByPlace(rows: readonly (readonly string[])[]): { readonly all: number; readonly right: number } {
  const places: Map<string | undefined, number>[] = [];
  for (const row of rows)
    for (let k = 0; k <= row.length; k++) {
      const counts = (places[k] ??= new Map<string | undefined, number>());
      counts.set(row[k], (counts.get(row[k]) ?? 0) + 1);
    }
  return {
    all: rows.reduce((sum, row) => sum + row.length + 1, 0),
    right: places.reduce((sum, counts) => sum + Math.max(...counts.values()), 0),
  };
}
