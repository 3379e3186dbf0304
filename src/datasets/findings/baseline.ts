/** What naive forecasts of a series are called, in the order in which they are told. */
export const naiveNames = ['last_value', 'season_before'] as const;

/** What would be said of samples without a model, such as that nothing changes: it shows what a model adds. */
export interface Baseline {
  /** As metrics have it behind their names: `last_value`. */
  readonly name: string;
  /** For a target of numbers by its place in the spec: `count` times its shape, in its own unit. */
  readonly values: (target: number) => Float64Array;
}

/** What a model of some samples has to beat. */
export interface WithBaselines {
  /** Left out: nothing is known. */
  readonly baselines?: readonly Baseline[];
}
