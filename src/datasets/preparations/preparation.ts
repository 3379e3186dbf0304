import type { TSchema } from 'typebox';
import type { Form } from '../../base/json-form.ts';

/**
 * What a column is between two steps: cells as the file has them, numbers, indices of categories, or values that no
 * step takes any more.
 */
export type Stage = 'cells' | 'numbers' | 'categories' | 'done';

interface AnyStep {
  /** One sentence for the schema and the guide. */
  readonly doc: string;
  /** YAML of one use. */
  readonly example: string;
  /** What may stand behind the step's name; left out: the name stands alone. */
  readonly option?: TSchema & { readonly examples?: readonly unknown[] };
  /** What the name alone stands for; left out: the option has to be written. */
  readonly plain?: unknown;
  /** What is wrong with an option that its schema lets pass. */
  readonly problem?: (option: unknown) => string | undefined;
  readonly takes: readonly Stage[];
  readonly gives: Stage;
}

/** A step that computes with numbers: each value becomes one or several. */
export interface MapStep<Fitted = unknown> extends AnyStep {
  readonly kind: 'map';
  /** What the cells have to be, where it is the first step; left out: numbers. */
  readonly reads?: 'dates';
  /** Of what `fit` gives, as the model keeps it. */
  readonly form: Form<Fitted>;
  /** @param values of the rows trained on, without gaps */
  fit(values: Float64Array, option: unknown): Fitted;
  /** How many values each becomes, in their order; left out: one. */
  width?(fitted: Fitted): number;
  /** How many categories it gives indices of; left out: it gives numbers. */
  categories?(fitted: Fitted): number;
  /** @param k which of the values that it becomes @returns no finite number where it takes none such */
  apply(value: number, fitted: Fitted, k: number): number;
}

/** A step that says how cells are read, or how indices of categories are given: its work is the column's. */
export interface CellStep extends AnyStep {
  readonly kind: 'missing' | 'hash' | 'oneHot' | 'index' | 'words' | 'characters';
}

/** A step of `prepare`: everything the program knows of it. Its key in the table is the name users write. */
export type PreparationStep = MapStep | CellStep;

/** Types a step, and forgets for the table what it fits. */
export function defineMap<Fitted>(step: MapStep<Fitted>): MapStep {
  return step;
}
