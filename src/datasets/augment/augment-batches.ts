import type { Chosen } from '../../base/row.ts';
import { seedFor } from '../../base/seeds.ts';
import { sizeOf } from '../../base/tensor-shape.ts';
import type { BatchSource, WantedBatches } from '../batch-source.ts';
import type { Batch } from '../batches.ts';
import type { InputSpec, Values } from '../dataset.ts';
import type { AugmentationRow, Canvas } from './augmentation.ts';
import { augmentationRow } from './augmentations.ts';
import { Draws } from './draws.ts';

/** What is done to the samples of an epoch. */
export interface Augmenting {
  readonly augment: readonly Chosen[];
  readonly inputs: readonly InputSpec[];
  readonly seed: number;
  /** Counted from 1. */
  readonly epoch: number;
  /** The samples that others are mixed with: all that are trained on. */
  readonly partners: Uint32Array;
}

/** Whether an input is pictures [height, width, channels]: what augmentations change. */
export function isOfPictures({ shape, indices }: InputSpec): boolean {
  return shape.length === 3 && indices === undefined;
}

/**
 * Batches of a source with augmented samples. What becomes of a sample depends on seed, epoch and its place in the
 * source alone, not on the batches that it and others come in.
 */
export async function* augmentedBatches(
  source: BatchSource,
  wanted: WantedBatches,
  augmenting: Augmenting,
): AsyncGenerator<Batch> {
  const { augment, inputs, seed, epoch, partners } = augmenting;
  const key = seedFor(seed, 'augment', epoch);
  const acting = augment.flatMap(({ type, options }, place) =>
    epoch >= (options['from'] as number) && epoch <= ((options['until'] as number | undefined) ?? Infinity)
      ? [{ row: augmentationRow(type), options, probability: options['probability'] as number, place }]
      : [],
  );
  const pictures = inputs.flatMap((input, place) =>
    isOfPictures(input) ? [new PictureAugmenter(input.shape, place, acting, key)] : [],
  );
  const mixes = acting.some(({ row }) => row.changes === 'labels');
  const others = mixes ? partnersOf(wanted.rows, partners, key) : wanted.rows;
  const partnerBatches = mixes ? source.batches({ ...wanted, rows: others })[Symbol.asyncIterator]() : undefined;
  let first = (wanted.from ?? 0) * wanted.size;
  try {
    for await (const batch of source.batches(wanted)) {
      const next = await partnerBatches?.next();
      const partner = next === undefined || next.done === true ? undefined : next.value;
      const kept = new Float32Array(batch.count).fill(1);
      for (const augmenter of pictures)
        augmenter.change(
          batch,
          { rows: wanted.rows.subarray(first, first + batch.count), kept },
          partner && { batch: partner, rows: others.subarray(first, first + batch.count) },
        );
      yield partner === undefined ? batch : mixed(batch, partner, kept);
      first += batch.count;
    }
  } finally {
    await partnerBatches?.return?.();
  }
}

/** For each row the one that it is mixed with, where it is. */
function partnersOf(rows: Uint32Array, partners: Uint32Array, key: number): Uint32Array {
  const draws = new Draws();
  return rows.map((row) => {
    draws.begin(key, row, -1);
    return partners[draws.below(partners.length)]!;
  });
}

/** A batch whose labels are of two classes each; the first is that of the larger share. */
function mixed({ y, ...batch }: Batch, partner: Batch, kept: Float32Array): Batch {
  const [own, others] = [y[0]!, partner.y[0]!];
  return {
    ...batch,
    y: [Int32Array.from(own, (label, i) => (kept[i]! < 0.5 ? others[i]! : label))],
    mixed: {
      other: Int32Array.from(others, (label, i) => (kept[i]! < 0.5 ? own[i]! : label)),
      share: kept.map((share) => Math.max(share, 1 - share)),
    },
  };
}

/** An augmentation that acts in the epoch, and its place in the list. */
interface Acting {
  readonly row: AugmentationRow;
  readonly options: Readonly<Record<string, unknown>>;
  readonly probability: number;
  readonly place: number;
}

type WorkingCanvas = { -readonly [Key in keyof Canvas]: Canvas[Key] };

/** Augments the pictures of one input. Its arrays are made once, and used for one picture after the other. */
class PictureAugmenter {
  private readonly size: number;
  private readonly input: number;
  private readonly acting: readonly Acting[];
  private readonly key: number;
  private readonly own: WorkingCanvas;
  private readonly other: WorkingCanvas;
  private readonly ownDraws = new Draws();
  private readonly otherDraws = new Draws();

  /** @param shape [height, width, channels] @param input its place among the inputs @param key of the epoch */
  constructor(shape: readonly number[], input: number, acting: readonly Acting[], key: number) {
    [this.size, this.input, this.acting, this.key] = [sizeOf(shape), input, acting, key];
    const [height, width, channels] = shape as readonly [number, number, number];
    const room = () => new Float32Array(this.size);
    const canvas = () => ({ height, width, channels, from: room(), to: room(), partner: room(), kept: 1 });
    [this.own, this.other] = [canvas(), canvas()];
  }

  /**
   * Changes the pictures of a batch where they lie.
   *
   * @param of the places of its samples in the source, and how much of each label is kept, which is written
   * @param partner the samples that they are mixed with
   */
  change(
    batch: Batch,
    { rows, kept }: { readonly rows: Uint32Array; readonly kept: Float32Array },
    partner: { readonly batch: Batch; readonly rows: Uint32Array } | undefined,
  ): void {
    const values = batch.x[this.input]!;
    // Rounds to whole numbers within 0 to 255; a plain array of bytes would keep the lowest eight bits.
    const bounded =
      values instanceof Uint8Array ? new Uint8ClampedArray(values.buffer, values.byteOffset, values.length) : values;
    for (let i = 0; i < batch.count; i++) {
      read(values, i * this.size, this.own.from);
      this.own.kept = 1;
      let isChanged = false;
      for (const { row, options, probability, place } of this.acting) {
        this.ownDraws.begin(this.key, rows[i]!, this.purpose(place));
        if (this.ownDraws.next() >= probability) continue;
        if (row.changes === 'labels') this.readPartner(partner!.batch, i, partner!.rows[i]!);
        row.apply(this.own, options, this.ownDraws);
        swap(this.own);
        isChanged = true;
      }
      if (isChanged) bounded.set(this.own.from, i * this.size);
      kept[i] = this.own.kept;
    }
  }

  /** What the augmentations above the first one that mixes make of a partner, as they would for itself. */
  private readPartner(batch: Batch, index: number, sample: number): void {
    const { other, otherDraws } = this;
    read(batch.x[this.input]!, index * this.size, other.from);
    for (const { row, options, probability, place } of this.acting) {
      if (row.changes === 'labels') break;
      otherDraws.begin(this.key, sample, this.purpose(place));
      if (otherDraws.next() >= probability) continue;
      row.apply(other, options, otherDraws);
      swap(other);
    }
    this.own.partner = other.from;
  }

  private purpose(place: number): number {
    return (this.input << 16) | place;
  }
}

function read(from: Values, first: number, to: Float32Array): void {
  for (let i = 0; i < to.length; i++) to[i] = from[first + i]!;
}

function swap(canvas: Canvas): void {
  const { from } = canvas;
  canvas.from = canvas.to;
  canvas.to = from;
}
