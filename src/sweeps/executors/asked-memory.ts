import { byteSize } from '../../base/quantities.ts';

/** What a size of memory must match: as everywhere here, or as Kubernetes and Ray write it: `4Gi`. */
export const memoryPattern = `${byteSize.pattern}|^\\d+(?:\\.\\d+)? ?[KMGT]i$`;

/** A size of memory that matches, in whole bytes. */
export function askedMemory(text: string): number {
  return Math.ceil(byteSize.read(text.replace(/i$/, 'iB')));
}
