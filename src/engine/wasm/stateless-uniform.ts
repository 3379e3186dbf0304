/** Four words of 32 bits. */
type Block = [number, number, number, number];

// Salmon, Moraes, Dror and Shaw: Parallel Random Numbers: As Easy as 1, 2, 3 (SC 2011), table 2 and section 4.3.
const [multiplierA, multiplierB, weylA, weylB, rounds] = [0xd2511f53, 0xcd9e8d57, 0x9e3779b9, 0xbb67ae85, 10];

/** Upper 32 bits of the product of two words. */
function multiplyHigh(a: number, b: number): number {
  const [aLow, aHigh, bLow, bHigh] = [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16];
  const middle = aHigh * bLow + ((aLow * bLow) >>> 16);
  const carry = aLow * bHigh + (middle & 0xffff);
  return aHigh * bHigh + Math.floor(middle / 0x10000) + Math.floor(carry / 0x10000);
}

/** Philox4x32-10: the counter enciphered under the key, in place. */
function encipher(block: Block, keyA: number, keyB: number): void {
  for (let round = 0; round < rounds; round++) {
    const [a, b, c, d] = block;
    block[0] = (multiplyHigh(multiplierB, c) ^ b ^ keyA) >>> 0;
    block[1] = Math.imul(multiplierB, c) >>> 0;
    block[2] = (multiplyHigh(multiplierA, a) ^ d ^ keyB) >>> 0;
    block[3] = Math.imul(multiplierA, a) >>> 0;
    keyA = (keyA + weylA) >>> 0;
    keyB = (keyB + weylB) >>> 0;
  }
}

/**
 * Uniform random numbers in [0, 1) from two seeds alone: bit for bit those of TensorFlow's StatelessRandomUniform on a
 * CPU (tensorflow/core/kernels/stateless_random_ops.cc, GenerateKey; lib/random/random_distributions.h, Uint32ToFloat).
 */
export function statelessUniform(count: number, seedA: number, seedB: number): Float32Array {
  const high = (seed: number): number => (seed < 0 ? 0xffffffff : 0);
  const key: Block = [seedA >>> 0, high(seedA), seedB >>> 0, high(seedB)];
  encipher(key, 0x3ec8f720, 0x02461e29);
  const [keyA, keyB, counterC, counterD] = key;
  const values = new Float32Array(count);
  for (let start = 0; start < count; start += 4) {
    const block: Block = [start / 4, 0, counterC, counterD];
    encipher(block, keyA, keyB);
    for (let k = 0; k < 4 && start + k < count; k++) values[start + k] = (block[k]! & 0x7fffff) / 0x800000;
  }
  return values;
}
