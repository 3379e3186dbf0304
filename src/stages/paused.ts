/**
 * Ends a training at the end of an epoch, to go on when it is run again: no failure, and nothing that the stages after
 * it could use.
 */
export class Paused extends Error {
  /** How many epochs are trained. */
  readonly epoch: number;
  /** Of the last of these. */
  readonly metrics: Readonly<Record<string, number>>;

  constructor(epoch: number, metrics: Readonly<Record<string, number>>) {
    super(`the training paused after epoch ${epoch}`);
    [this.epoch, this.metrics] = [epoch, metrics];
  }
}
