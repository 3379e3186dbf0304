import type { Binding, TensorMetadata } from '../private-parts.ts';

/**
 * Runs the ops of a function that is recorded. An op that was run before on inputs of the same shapes gives its earlier
 * results again: the values do not matter, and computing is most of what a trace takes.
 */
export class Execution {
  readonly #binding: Binding;
  readonly #results = new Map<string, readonly TensorMetadata[]>();

  readonly #reuses: boolean;

  /** @param reuses earlier results; else each op is computed */
  constructor(binding: Binding, reuses: boolean) {
    [this.#binding, this.#reuses] = [binding, reuses];
  }

  /** @param key equal for ops whose results have equal shapes; undefined where the values matter */
  run(key: string | undefined, ...call: Parameters<Binding['executeOp']>): TensorMetadata[] {
    const earlier = key === undefined ? undefined : this.#results.get(key);
    if (earlier !== undefined) return earlier.map((result) => this.#again(result));
    const results = this.#binding.executeOp(...call);
    if (key !== undefined && this.#reuses)
      this.#results.set(
        key,
        results.map((result) => this.#again(result)),
      );
    return results;
  }

  dispose(): void {
    for (const { id } of [...this.#results.values()].flat()) this.#binding.deleteTensor(id);
    this.#results.clear();
  }

  /** The same memory under another id. */
  #again(result: TensorMetadata): TensorMetadata {
    return { ...result, id: this.#binding.executeOp('Identity', [], [result.id], 1)[0]!.id };
  }
}
