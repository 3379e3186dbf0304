const slots = 4096;
const longest = 64;

/** What cells were read as, by their bytes: most columns of texts have few different ones. */
export class SeenCells {
  private readonly bytes: Uint8Array;
  /** Who has read what a slot holds: 0 is nobody. */
  private readonly readers = new Uint32Array(slots);
  private readonly starts = new Uint32Array(slots);
  private readonly lengths = new Uint8Array(slots);
  private readonly values = new Float64Array(slots);

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /**
   * What a reader, numbered from 1, has said of the same bytes; asked again where another one took their slot, or it
   * said nothing.
   */
  valueOf(reader: number, start: number, end: number, read: () => number | undefined): number | undefined {
    const length = end - start;
    if (length > longest) return read();
    const { bytes } = this;
    let hash = length;
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, 16_777_619);
    const slot = (hash ^ (hash >>> 15)) & (slots - 1);
    if (
      this.readers[slot] === reader &&
      this.lengths[slot] === length &&
      this.areEqual(this.starts[slot]!, start, length)
    )
      return this.values[slot];
    const value = read();
    if (value !== undefined) {
      this.readers[slot] = reader;
      this.starts[slot] = start;
      this.lengths[slot] = length;
      this.values[slot] = value;
    }
    return value;
  }

  private areEqual(one: number, other: number, length: number): boolean {
    const { bytes } = this;
    for (let k = 0; k < length; k++) if (bytes[one + k] !== bytes[other + k]) return false;
    return true;
  }
}
