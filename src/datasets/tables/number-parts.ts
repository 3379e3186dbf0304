/** Numbers, none of which is NaN. */
export interface Numbers {
  readonly values: Float64Array | Float32Array | Int32Array;
  /** Whether each rounds to one of float32. */
  readonly fit: boolean;
}

/** Numbers of some rows: each its own, or the one that its index names among those that are there. */
export interface NumberPart extends Numbers {
  readonly indices?: Uint16Array | Uint32Array;
}

/** What rounds to no number of float32: its largest, and half of what would follow. */
export const leastTooLarge = (2 - 2 ** -24) * 2 ** 127;

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
    const k = this.partOf(row);
    const { values, indices } = this.parts[k]!;
    const place = row - this.firsts[k]!;
    return values[indices === undefined ? place : indices[place]!]!;
  }

  /**
   * Reads numbers into values, by their rows.
   *
   * @returns the first row whose number is none of float32, or where it was to end
   */
  read(values: Float64Array, from: number, to: number): number {
    for (let row = from; row < to;) {
      const k = this.partOf(row);
      const end = Math.min(to, this.firsts[k + 1]!);
      const rows = { from: row, to: this.parts[k]!.fit ? end : this.firstMisfit(k, row, end) };
      readPart(this.parts[k]!, values, this.firsts[k]!, rows);
      row = rows.to;
      if (row < end) return row;
    }
    return to;
  }

  /** The first row of a part whose number is none of float32, or where it was to end. */
  private firstMisfit(part: number, from: number, to: number): number {
    const { values, indices } = this.parts[part]!;
    const first = this.firsts[part]!;
    for (let row = from; row < to; row++)
      if (!(Math.abs(values[indices === undefined ? row - first : indices[row - first]!]!) < leastTooLarge)) return row;
    return to;
  }

  /** Rows are mostly asked for one after the other. */
  private partOf(row: number): number {
    if (row < this.firsts[this.last]!) this.last = 0;
    while (row >= this.firsts[this.last + 1]!) this.last++;
    return this.last;
  }
}

function readPart(
  { values, indices }: NumberPart,
  into: Float64Array,
  first: number,
  { from, to }: { readonly from: number; readonly to: number },
): void {
  if (indices === undefined) for (let row = from; row < to; row++) into[row] = values[row - first]!;
  else for (let row = from; row < to; row++) into[row] = values[indices[row - first]!]!;
}
