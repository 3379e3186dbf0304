import { type Diagnostic, mistake } from '../base/diagnostics.ts';
import type { Code } from '../base/mistakes/mistakes.ts';
import { showCount } from '../base/quantities.ts';
import { shorten } from '../base/shorten.ts';
import type { AskedRow } from '../datasets/dataset.ts';

/** Faults of one kind: the first, and where the others are. */
interface Kind {
  readonly first: Diagnostic;
  readonly file: string | number | undefined;
  count: number;
  readonly others: string[];
}

/** Other places that are named of a kind. */
const placesShown = 3;

/** What is wrong with rows, those of one kind as one: as many kinds as are asked for, and a count of the rest. */
export class RowFaults {
  readonly #kinds = new Map<string, Kind>();
  readonly #most: number;
  readonly #ofLabels: string;
  #count = 0;
  #untold = 0;

  /**
   * @param most kinds that are told
   * @param ofLabels what becomes of rows that can be used, but for what they say is right, as a sentence
   */
  constructor(most: number, ofLabels = '') {
    this.#most = most;
    this.#ofLabels = ofLabels;
  }

  /** Rows with a fault. */
  get count(): number {
    return this.#count;
  }

  add({ place, fault, x }: AskedRow): void {
    if (fault === undefined) return;
    this.#count++;
    const key = kindOf(fault, place);
    const kind = this.#kinds.get(key);
    if (kind !== undefined) {
      kind.count++;
      if (kind.others.length < placesShown) kind.others.push(placeOf(place, kind.file));
    } else if (this.#kinds.size < this.#most) {
      const hint = [fault.hint, x === undefined ? '' : this.#ofLabels].filter(Boolean).join(' ');
      const first = hint === '' ? fault : { ...fault, hint };
      this.#kinds.set(key, { first, file: place['file'], count: 1, others: [] });
    } else this.#untold++;
  }

  /** In the order in which the first of each kind came. */
  diagnostics(): readonly Diagnostic[] {
    const told = [...this.#kinds.values()].map(({ first, count, others }): Diagnostic => {
      if (count === 1) return first;
      const more = count - 1 - others.length;
      const where = `${others.join(', ')}${more === 0 ? '' : ` and ${showCount(more)} more`}`;
      return { ...first, message: `${first.message}; the same of ${showCount(count - 1)} more (${where})` };
    });
    if (this.#untold === 0) return told;
    const rows = `${showCount(this.#untold)} ${this.#untold === 1 ? 'row' : 'rows'}`;
    return [...told, mistake('rows-not-used', `${rows} more cannot be used either`)];
  }
}

/** Mistakes of which each value is a kind of its own: a class or category that the model lacks. */
const byValue: ReadonlySet<string> = new Set<Code>(['unknown-label', 'unknown-category']);

function kindOf({ code, message }: Diagnostic, { file }: AskedRow['place']): string {
  const named = file === undefined ? message : message.replaceAll(String(file), '');
  const unplaced = named.replaceAll(/\b(?:line|row|index|character|word) \d+|\[\d+\]/g, '');
  return `${code} ${byValue.has(code) ? unplaced : unplaced.replace(/ is (?:'.*'|[^ ,]+),/, '')}`;
}

/** @param beside the file that was named already */
function placeOf(place: AskedRow['place'], beside: string | number | undefined): string {
  const parts = Object.entries(place).flatMap(([key, value]) => {
    if (key !== 'file') return [`${key} ${value}`];
    return value === beside ? [] : [shorten(String(value), 200)];
  });
  return parts.length === 0 ? String(place['file']) : parts.join(', ');
}
