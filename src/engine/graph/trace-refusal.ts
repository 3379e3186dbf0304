/** A function that cannot become a graph; the caller computes it eagerly and says why. */
export class TraceRefusal extends Error {
  /** Completes the sentence "it is not compiled, because it ..." */
  readonly reason: string;

  constructor(reason: string, options?: ErrorOptions) {
    super(`the function cannot be compiled: it ${reason}`, options);
    this.name = 'TraceRefusal';
    this.reason = reason;
  }
}
