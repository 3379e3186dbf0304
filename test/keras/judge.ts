import { spawn } from 'node:child_process';
import { json, text } from 'node:stream/consumers';
import { join } from 'node:path';
import { pythonProgram } from './setup.ts';

/** An object of Keras: its class, by its name in the module of its kind, and what it is made with. */
export interface KerasObject {
  readonly kind: 'layer' | 'loss' | 'metric' | 'optimizer' | 'schedule' | 'callback' | 'regularizer' | 'constraint';
  readonly class: string;
  readonly options: Readonly<Record<string, unknown>>;
}

/** A layer of Keras; `spread` where it takes its inputs one by one, a lone one twice, `call` what it is called with beside them. */
export interface KerasLayer extends KerasObject {
  readonly spread?: true;
  readonly call?: Readonly<Record<string, unknown>>;
  /** Where its inputs come from: indices of layers above, or -1 for the first input of the case, -2 for the second, ...; left out: the one above. */
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
 * What Keras makes of each case, from one process for all of them: starting one takes seconds.
 * @throws Error with what Python said when it fails as a whole
 */
export async function judge<A>(cases: readonly object[]): Promise<readonly Answer<A>[]> {
  const python = spawn(pythonProgram, [join(import.meta.dirname, 'judge.py')], { stdio: ['pipe', 'pipe', 'pipe'] });
  python.stdin.on('error', () => undefined); // it ended early, and says why below
  python.stdin.end(JSON.stringify(cases));
  const said = text(python.stderr);
  return json(python.stdout).catch(async () => Promise.reject(new Error(await said))) as Promise<readonly Answer<A>[]>;
}

/** An answer, or why Keras has none. */
export type Answer<A> = A | { readonly error: string };

/** The answer. @throws Error with why Keras has none */
export function answered<A extends object>(answer: Answer<A> | undefined): A {
  if (answer === undefined || 'error' in answer) throw new Error(`Keras: ${answer?.error}`);
  return answer as A;
}
