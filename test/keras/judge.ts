import { connect } from 'node:net';
import { json } from 'node:stream/consumers';
import { inject } from 'vitest';

/** An object of Keras: its class, by its name in the module of its kind, and what it is made with. */
export interface KerasObject {
  readonly kind: 'layer' | 'loss' | 'metric' | 'optimizer' | 'schedule' | 'callback' | 'regularizer' | 'constraint';
  readonly class: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/**
 * A layer of Keras; `spread` where it takes its inputs one by one, a lone one twice, `call` what it is called with
 * beside them.
 */
export interface KerasLayer extends KerasObject {
  readonly spread?: true;
  readonly call?: Readonly<Record<string, unknown>>;
  /**
   * Where its inputs come from: indices of layers above, or -1 for the first input of the case, -2 for the second, ...;
   * left out: the one above.
   */
  readonly from?: readonly number[];
}

/** Float32 values on their way to and from Python. */
export interface WireArray {
  readonly shape: readonly number[];
  readonly data: string;
}

/** Values of a tensor for Python. */
export function toWire(values: Float32Array, shape: readonly number[]): WireArray {
  return { shape, data: Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64') };
}

/** Values of a tensor from Python. */
export function fromWire({ data }: WireArray): Float32Array {
  return new Float32Array(new Uint8Array(Buffer.from(data, 'base64')).buffer);
}

/**
 * What Keras makes of each case, from a process that the set-up started for all files: starting one takes seconds.
 * @throws Error where that process has ended; the set-up says what Python said
 */
export async function judge<A>(cases: readonly object[]): Promise<readonly Answer<A>[]> {
  const judges = inject('kerasJudges');
  const path = judges[Number(process.env['VITEST_POOL_ID']) % judges.length]!;
  const socket = connect({ path, allowHalfOpen: true });
  socket.end(JSON.stringify(cases));
  return json(socket) as Promise<readonly Answer<A>[]>;
}

/** An answer, or why Keras has none. */
export type Answer<A> = A | { readonly error: string };

/** The answer. @throws Error with why Keras has none */
export function answered<A extends object>(answer: Answer<A> | undefined): A {
  if (answer === undefined || 'error' in answer) throw new Error(`Keras: ${answer?.error}`);
  return answer as A;
}
