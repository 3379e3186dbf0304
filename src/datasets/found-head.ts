/** Gives bytes of a file, fewer where it ends. */
export type ReadAt = (offset: number, length: number) => Uint8Array;

/** What a reader of a format finds in the head of a picture, before it is turned. */
export interface FoundHead {
  readonly width: number;
  readonly height: number;
  /** 1 for greys, 3 for all else. */
  readonly channels: 1 | 3;
  /** EXIF's number, 1 to 8: from 5 on, width and height change places. */
  readonly orientation: number;
  /** Bits of a sample. */
  readonly depth: number;
  /** Whether pixels may say how opaque they are. */
  readonly alpha: boolean;
  /** Whether it has more than one picture: frames, or pages. */
  readonly several: boolean;
  /** Whether it is made for print: cyan, magenta, yellow, black. */
  readonly cmyk: boolean;
}

/** A damage of a picture, in words. */
export class Damage extends Error {}
