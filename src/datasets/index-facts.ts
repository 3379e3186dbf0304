import type { Misfit } from '../base/row.ts';

/** Whether the values of an input can be read as indices, such as an embedding's. */
export interface IndexFacts {
  /** What they are instead of whole numbers. */
  readonly misfit?: Misfit;
  readonly smallest?: PlacedValue & { readonly hint: string };
  readonly largest?: PlacedValue;
}

/** A value, and where it stands; looked up when it is asked for, as lines are counted for it. */
interface PlacedValue {
  readonly value: number;
  readonly place: () => string;
}
