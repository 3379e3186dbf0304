import { shorten } from '../../base/shorten.ts';
import { type ColumnFacts, showFacts } from './column-facts.ts';
import { type Looked, featureEntries, named } from './feature-entries.ts';
import { type FoundSeries, seriesShares } from './find-series.ts';
import type { Entry, Proposal, Wanted } from './proposal.ts';

/** What a table has shown. */
interface Shown extends Pick<Wanted, 'data' | 'written'>, Pick<Proposal, 'read' | 'samples' | 'notes'> {
  readonly form: readonly Entry[];
  /** The target as it stands in the file, and its column. */
  readonly entry: Entry;
  readonly target: ColumnFacts;
  readonly used: readonly Looked[];
  /** Whether all rows were looked at. */
  readonly all: boolean;
}

/** The columns that are learnt from beside the target. */
const besides = ({ time, entity }: FoundSeries, used: readonly Looked[]) =>
  used.filter(({ name, use }) => name !== time && name !== entity && use.as !== 'words');

/**
 * Whether a number is rather forecast from what it was than told from the other columns of its row: there are none, or
 * it hardly differs from row to row.
 */
export function isForecast(series: FoundSeries, used: readonly Looked[], data: string): boolean {
  // `series` knows the formats of tables by the names of their files.
  if (!/\.(csv|tsv|tab|jsonl|ndjson)(\.gz)?$|\.parquet$/i.test(data)) return false;
  return besides(series, used).length === 0 || series.isSmooth;
}

/** How to ask for a forecast where none is proposed. */
export function askForSeries({ time, entity, because, window, horizon }: FoundSeries, target: string): string {
  const of = entity === undefined ? '' : `, entity: ${shorten(entity)}`;
  return (
    `\`${shorten(time)}\`: ${because}. To forecast \`${shorten(target)}\` from what it was before, take the source ` +
    `\`series\` with the same file: time: ${shorten(time)}${of}, ` +
    `window: ${window}, horizon: ${horizon} (docs/data.md)`
  );
}

/** The next values of a number, from what the columns were. */
export function proposeForecast(series: FoundSeries, shown: Shown): Proposal {
  const { data, written, form, entry, target, all, read, samples, notes } = shown;
  const { time, entity, because, window, horizon, season, naive } = series;
  const used = besides(series, shown.used);
  const items = [{ item: target.name, because: 'what it was before' }, ...used.map(named)];
  return {
    source: 'series',
    read,
    options: [
      { key: 'file', value: written(data) },
      ...form,
      { key: 'time', value: time, because },
      ...(entity === undefined ? [] : [{ key: 'entity', value: entity, because: 'no time comes twice in one' }]),
      { key: 'targets', entries: [{ ...entry, because: `as --target says; ${showFacts(target)}` }] },
      ...featureEntries(items, { used, all }),
      { key: 'window', value: window, because: 'rows that a forecast is made from' },
      { key: 'horizon', value: horizon, because: 'rows behind them that are forecast' },
      ...(season === undefined ? [] : [{ key: 'season', value: season.rows, because: season.because }]),
      { key: 'test', value: seriesShares.test, because: 'share of the time, at its end, that is the test' },
    ],
    split: [
      {
        key: 'validation',
        value: seriesShares.validation,
        because: 'share of the time before the test that validates after each epoch',
      },
    ],
    task: {
      kind: 'forecast',
      target: target.name,
      horizon,
      naive,
      ...(season !== undefined && { season: season.rows }),
    },
    given: { kind: 'window' },
    samples,
    notes: [
      ...notes.filter((note) => !note.startsWith(`\`${shorten(time)}\` `)),
      ...(used.length === 0
        ? []
        : [
            `To tell \`${shorten(target.name)}\` from the other columns of its row instead, take the source ` +
              `of tables (csv, jsonl, parquet) and split: order: ${shorten(time)}`,
          ]),
    ],
  };
}
