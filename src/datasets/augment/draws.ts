/**
 * Random numbers for one picture and one augmentation: sfc32 (Chris Doty-Humphrey, PractRand), begun with what they are
 * for. Equal beginnings give equal numbers, whatever was drawn before; nothing is allocated on the way.
 */
export class Draws {
  private a = 0;
  private b = 0;
  private c = 0;
  private counter = 0;
  /** The second of two normal numbers that come together; NaN where it is used up. */
  private spare = NaN;

  /**
   * Begins anew. All are whole numbers of 32 bits.
   *
   * @param key of the epoch @param sample the place of the sample in the training set @param purpose what they are for
   */
  begin(key: number, sample: number, purpose: number): void {
    this.a = key | 0;
    this.b = sample | 0;
    this.c = purpose | 0;
    this.counter = 1;
    this.spare = NaN;
    // As its author has it: after as many rounds, what it began with is mixed.
    for (let round = 0; round < 15; round++) this.whole();
  }

  /** A whole number of 32 bits. */
  private whole(): number {
    const sum = (((this.a + this.b) | 0) + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return sum;
  }

  /** A number from 0 to below 1. */
  next(): number {
    return (this.whole() >>> 0) / 0x1_0000_0000;
  }

  /** A number between two. */
  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  /** A whole number from 0 to below another. */
  below(count: number): number {
    return Math.floor(count * this.next());
  }

  /** A number of the normal distribution of mean 0 and deviation 1 (Box and Muller 1958). */
  normal(): number {
    const { spare } = this;
    if (!Number.isNaN(spare)) {
      this.spare = NaN;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.next()));
    const angle = 2 * Math.PI * this.next();
    this.spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  /**
   * A number of the distribution Beta(alpha, alpha), as the share of one of two gammas; their logarithms, as small
   * alphas make both too small for a double.
   */
  beta(alpha: number): number {
    const first = this.logGamma(alpha);
    return 1 / (1 + Math.exp(this.logGamma(alpha) - first));
  }

  /** The logarithm of a number of the gamma distribution (Marsaglia and Tsang 2000). */
  private logGamma(shape: number): number {
    // Below 1 it is that of one more, times a power of a uniform number.
    const raised = shape < 1 ? Math.log(1 - this.next()) / shape : 0;
    const d = (shape < 1 ? shape + 1 : shape) - 1 / 3;
    for (;;) {
      const x = this.normal();
      const v = (1 + x / Math.sqrt(9 * d)) ** 3;
      if (v > 0 && Math.log(1 - this.next()) < (x * x) / 2 + d - d * v + d * Math.log(v))
        return raised + Math.log(d * v);
    }
  }
}
