import { showCount } from '../base/quantities.ts';
import { type ClassResult, type ClassScore, type Evaluation, isThere } from '../base/results.ts';
import { placeNoun } from './chart.ts';
import { escape } from './fit-text.ts';
import { renderTable, section } from './report-table.ts';

/** A section for each output that says classes: the scores of each class or label. */
export function classTables({ outputs }: Evaluation): string {
  return outputs
    .flatMap((result) => {
      if (result.kind !== 'class') return [];
      const [title, titles] = result.several === undefined ? ['Class', 'Classes'] : ['Label', 'Labels'];
      const columns = [
        { title },
        ...['Precision', 'Recall', 'F1', `Test ${placeNoun(result)}`].map((title) => ({
          title,
          number: true as const,
        })),
      ];
      const rows = mostFrequent(result).map(([k, c]) => [
        c.name,
        ...[c.precision, c.recall, c.f1].map((score) => (isThere(result, k) ? score.toFixed(4) : '–')),
        showCount(c.support),
      ]);
      return [
        section(
          outputs.length === 1 ? titles : `${titles} of ${escape(result.name)}`,
          (result.confusion === undefined && rows.length < result.perClass.length
            ? `<p class="note">The ${rows.length} most frequent of ${showCount(result.perClass.length)}.</p>`
            : '') + renderTable(`Scores of each ${title.toLowerCase()}`, columns, rows),
        ),
      ];
    })
    .join('\n');
}

/** Classes that the report lists, where there are too many. */
const mostRows = 100;

/** The scores of classes with their places: all of some, of tokens those that are there, the most frequent of many. */
function mostFrequent(result: ClassResult): readonly (readonly [number, ClassScore])[] {
  const all = [...result.perClass.entries()];
  if (result.confusion === undefined)
    return all.sort(([, one], [, other]) => other.support - one.support).slice(0, mostRows);
  return result.tokens === undefined ? all : all.filter(([k]) => isThere(result, k));
}
