/** A fault that is made on purpose, many times. */
export interface Fault {
  /** What is done and what is looked at: the row's text in README.md. */
  readonly title: string;
  /** How often it is tried for the table, and in CI. */
  readonly tries: { readonly full: number; readonly reduced: number };
  /**
   * Makes the fault so many times.
   *
   * @param tell told of progress, one line each
   * @returns what was lost or wrong, one line each; none where all went well
   */
  run(count: number, tell: (line: string) => void): Promise<readonly string[]>;
}
