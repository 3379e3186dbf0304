import { statOf } from '../base/files.ts';

/** How much of large files a check reads. */
export interface Glance {
  /** Whether heads will do where they tell shapes and kinds, as all is read before it is used. Left out: no. */
  readonly glance?: boolean;
}

/** Files of more bytes are not read for a glance where their heads will do. */
export const largeBytes = 1e6;

/** Whether a file has more bytes than a glance takes in. */
export function isLarge(path: string): boolean {
  return (statOf(path)?.size ?? 0) > largeBytes;
}

/** What was described for a glance that took reading all, with the reason. @param why in words that follow a comma */
export function wholeFor<D extends object>(described: D, { glance = false }: Glance, why: string): D {
  return glance && !('problem' in described) ? { ...described, wholeFor: why } : described;
}
