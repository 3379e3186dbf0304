/** Numbers of some rows: each its own, or the one that its index names among those that are there. */
export interface NumberPart {
  readonly values: Float64Array | Float32Array | Int32Array;
  readonly indices?: Uint16Array | Uint32Array;
}

/** The numbers of a column, part after part, in the bytes that each part needs. */
export class NumberParts {
  private readonly parts: NumberPart[] = [];
  /** The first row of each part, and the end of all. */
  private readonly firsts = [0];
  private last = 0;

  get count(): number {
    return this.firsts.at(-1)!;
  }

  /** Bytes that they take; what parts have in common counts once. */
  get memory(): number {
    let [bytes, before] = [0, new ArrayBuffer() as ArrayBufferLike];
    for (const { values, indices } of this.parts) {
      bytes += indices?.byteLength ?? 0;
      if (values.buffer !== before) bytes += values.byteLength;
      before = values.buffer;
    }
    return bytes;
  }

  add(part: NumberPart): void {
    this.parts.push(part);
    this.firsts.push(this.count + (part.indices ?? part.values).length);
  }

  at(row: number): number {
    // Rows are mostly asked for one after the other.
    if (row < this.firsts[this.last]!) this.last = 0;
    while (row >= this.firsts[this.last + 1]!) this.last++;
    const { values, indices } = this.parts[this.last]!;
    const place = row - this.firsts[this.last]!;
    return values[indices === undefined ? place : indices[place]!]!;
  }

  /**
   * Reads numbers into values, by their rows.
   *
   * @returns the first row whose number is none of float32, or where it was to end
   */
  read(values: Float64Array, from: number, to: number): number {
    for (const [k, part] of this.parts.entries()) {
      const [first, end] = [this.firsts[k]!, Math.min(to, this.firsts[k + 1]!)];
      if (end <= from || first >= to) continue;
      const read = readPart(part, values, first, { from: Math.max(from, first), to: end });
      if (read < end) return read;
    }
    return to;
  }
}

function readPart(
  { values, indices }: NumberPart,
  into: Float64Array,
  first: number,
  { from, to }: { readonly from: number; readonly to: number },
): number {
  for (let row = from; row < to; row++) {
    const value = values[indices === undefined ? row - first : indices[row - first]!]!;
    if (!Number.isFinite(Math.fround(value))) return row;
    into[row] = value;
  }
  return to;
}
