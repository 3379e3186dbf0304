import type { Scale } from './scale.ts';

/** What is done to the values of an input on their way into the model, in this order: in the step, not in memory. */
export interface InputWays {
  /** What each value is multiplied with, such as 1/255. */
  readonly scale: number;
  /** By what each channel (last axis) is standardized then, fitted to the rows trained on. Left out: by nothing. */
  readonly standardized?: readonly Scale[];
  /** How all values of a sample are whitened then, fitted to the rows trained on. Left out: not at all. */
  readonly whitened?: Whitening;
}

/** A linear map of n values, after which those of the rows trained on have variance 1 and do not correlate. */
export interface Whitening {
  /** What is taken from each value. */
  readonly mean: readonly number[];
  /** What the rest is multiplied with: n x n float32, symmetric, base64 of its bytes, the lowest of each first. */
  readonly matrix: string;
  /** In how many directions the values vary; in the others they become 0. */
  readonly directions: number;
}

/** Numbers of a whitening as a text. */
export function encodeMatrix(values: Float32Array): string {
  const bytes = new DataView(new ArrayBuffer(4 * values.length));
  values.forEach((value, i) => bytes.setFloat32(4 * i, value, true));
  let text = '';
  for (const byte of new Uint8Array(bytes.buffer)) text += String.fromCharCode(byte);
  return btoa(text);
}

/** Undoes encodeMatrix. It needs nothing of Node. */
export function decodeMatrix(text: string): Float32Array {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  return Float32Array.from({ length: Math.floor(bytes.length / 4) }, (_, i) => view.getFloat32(4 * i, true));
}
