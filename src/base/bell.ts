/** Waits for a while, or until it rings. */
export class Bell {
  #hasRung = false;
  #wake: () => void = () => {};

  /** Ends a wait; where nobody waits, the next one. */
  ring(): void {
    this.#hasRung = true;
    this.#wake();
  }

  /** @param longest in milliseconds */
  async wait(longest: number): Promise<void> {
    if (!this.#hasRung)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, longest);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    this.#hasRung = false;
  }
}
