/** Indices of classes, sample by sample or place by place: bytes where these tell all classes apart. */
export type ClassIndices = Uint8Array | Int32Array;

/** Classes of which all pairs can be counted and shown, and that a byte tells apart. */
export const fewClasses = 256;

/** Room for so many indices of so many classes, all 0. */
export function roomForIndices(classes: number, places: number): ClassIndices {
  return classes > fewClasses ? new Int32Array(places) : new Uint8Array(places);
}
