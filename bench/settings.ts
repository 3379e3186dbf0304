/** How the bench was asked to run. */
export interface Settings {
  /** Names of works, as in works.ts. */
  readonly works: readonly string[];
  /** Times that what is compared runs, in turn. */
  readonly pairs: number;
  /** As little as proves that every part works; its figures mean nothing. */
  readonly quick: boolean;
  /** Share of the sizes of the part `data` that is measured: of rows and pictures. */
  readonly share: number;
  /** A folder to write into, gone at the end. */
  readonly scratch: string;
}
