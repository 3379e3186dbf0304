import { csvText } from '../../base/csv-cell.ts';
import { type Form, list, number, object, optional, such, text, whole } from '../../base/json-form.ts';
import type { SamplePlace } from '../dataset.ts';

/** A training sample whose label the training worked against. */
export interface SuspectLabel {
  readonly place: SamplePlace;
  /** In the training samples, counted from 0. */
  readonly row: number;
  /** Classes by their names: what it is labelled, and what the trained model says. */
  readonly label: string;
  readonly predicted: string;
  /** The mean of its margins over the epochs, see labelMargins. */
  readonly margin: number;
}

/** What a training tells of the labels of a target. */
export interface SuspectLabels {
  readonly target: string;
  /** How many samples were trained on. */
  readonly samples: number;
  /** How many of the first of the ranking are likely mislabelled. */
  readonly suspects: number;
  /** Those, and the ones that come next to them, the most suspect first; empty where none is suspect. */
  readonly ranking: readonly SuspectLabel[];
}

const count = such(whole, (value) => value >= 0);

/** What a kept one has to say. */
export const suspectLabelsForm: Form<readonly SuspectLabels[]> = list(
  such(
    object({
      target: text(),
      samples: count,
      suspects: count,
      ranking: list(
        object({
          place: object({ file: text(), line: optional(count), sample: optional(count) }),
          row: count,
          label: text(),
          predicted: text(),
          margin: number,
        }),
      ),
    }) as Form<SuspectLabels>,
    ({ suspects, ranking, samples }) => suspects <= ranking.length && ranking.length <= samples,
  ),
);

/** The rankings as a CSV file; names that a spreadsheet would compute are texts. */
export function suspectsAsCsv(all: readonly SuspectLabels[]): string {
  const rows = all.flatMap(({ target, suspects, ranking }) =>
    ranking.map(({ place, label, predicted, margin }, i) => [
      csvText(target),
      String(i + 1),
      i < suspects ? 'yes' : 'no',
      csvText(place.file),
      String(place.line ?? ''),
      String(place.sample ?? ''),
      csvText(label),
      csvText(predicted),
      String(Number(margin.toPrecision(6))),
    ]),
  );
  const head = ['target', 'rank', 'suspect', 'file', 'line', 'sample', 'label', 'predicted', 'margin'];
  return [head, ...rows].map((cells) => `${cells.join(',')}\n`).join('');
}
