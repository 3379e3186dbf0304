import type { InputSpec, Values } from '../dataset.ts';
import { proveTaken } from './encode-picture.ts';
import { readHead, within } from './picture-head.ts';
import { type Preparation, decodeNow, decodePrepared, needsSharp, shapeAfter } from './prepare-picture.ts';

/** Values that are being waited for, once they are asked for. */
export type Later = () => Promise<Values>;

/** How the pictures of a model come into the shape of its input. */
export interface TakenPictures {
  readonly input: InputSpec;
  /** What was done to the files that it was trained on. */
  readonly preparation: Preparation;
}

/**
 * The values of a picture's file as a model takes them; later where another decoder gives them.
 *
 * @param name what messages call it
 * @throws UserError where it cannot be taken
 */
export function valuesOfFile(bytes: Uint8Array, name: string, { input, preparation }: TakenPictures): Values | Later {
  const head = readHead(name, within(bytes));
  proveTaken(shapeAfter(head.shape, preparation), input, name);
  if (!needsSharp(head, preparation)) return decodeNow(name, bytes, head, preparation);
  return async () => decodePrepared(name, bytes, head, preparation);
}
