import { randomIntegers } from '../../src/base/seeds.ts';

/** A part of a word: noise or a voice, through two formants that move. */
interface Sound {
  readonly seconds: number;
  /** 0 for a whisper, 1 for a voice. */
  readonly voiced: number;
  /** Hz of the first two formants, where it begins and where it ends. */
  readonly from: readonly [number, number];
  readonly to: readonly [number, number];
  readonly loud: number;
}

const vowel = (seconds: number, from: readonly [number, number], to = from): Sound => ({
  seconds,
  voiced: 1,
  from,
  to,
  loud: 1,
});
const hiss = (seconds: number, hertz: number): Sound => ({
  seconds,
  voiced: 0,
  from: [hertz, 1.3 * hertz],
  to: [hertz, 1.3 * hertz],
  loud: 0.4,
});
const pause = (seconds: number): Sound => ({ seconds, voiced: 0, from: [500, 1500], to: [500, 1500], loud: 0 });

/** Made-up words, of which two differ in their beginning alone. */
export const words: Readonly<Record<string, readonly Sound[]>> = {
  sa: [hiss(0.12, 2600), vowel(0.25, [700, 1200])],
  ka: [pause(0.05), hiss(0.03, 1500), vowel(0.25, [700, 1200])],
  miu: [vowel(0.1, [280, 1000]), vowel(0.3, [300, 2200], [320, 900])],
};

/**
 * A word as somebody says it: at a pitch, a pace and a level of its own, with silence before and after it, over a noise
 * of the room.
 *
 * @param rate samples per second @param seed of all that differs
 * @returns values from -1 to 1
 */
export function spoken(word: string, rate: number, seed: number): number[] {
  const draw = randomIntegers(seed);
  const between = (low: number, high: number) => low + ((high - low) * draw(10_001)) / 10_000;
  const [pitch, pace, level, tract] = [
    between(90, 240),
    between(0.75, 1.4),
    10 ** between(-1.7, 0),
    between(0.88, 1.14),
  ];
  const values: number[] = [];
  const silence = () => {
    for (let k = Math.round(between(0.02, 0.5) * rate); k > 0; k--) values.push(0);
  };
  silence();
  for (const sound of words[word]!) {
    const count = Math.round(sound.seconds * pace * rate);
    const states = [
      [0, 0],
      [0, 0],
    ] as const satisfies readonly [number, number][];
    const filters: [number, number][] = states.map(([a, b]) => [a, b]);
    for (let k = 0; k < count; k++) {
      const share = k / count;
      const noise = between(-1, 1);
      // A pulse for each opening of the glottis.
      const beats = (t: number) => Math.floor((t * pitch * (1 + 0.05 * share)) / rate);
      const source = sound.voiced * (beats(k + 1) > beats(k) ? 6 : 0.05 * noise) + (1 - sound.voiced) * noise;
      let heard = 0;
      filters.forEach((filter, at) => {
        const hertz = Math.min(0.45 * rate, tract * (sound.from[at]! + (sound.to[at]! - sound.from[at]!) * share));
        // A resonance of two poles, 90 Hz wide.
        const radius = Math.exp((-Math.PI * 90) / rate);
        const value =
          (1 - radius) * source +
          2 * radius * Math.cos((2 * Math.PI * hertz) / rate) * filter[0] -
          radius ** 2 * filter[1];
        filter[1] = filter[0];
        filter[0] = value;
        heard += value / (at + 1);
      });
      const swell = Math.min(1, (8 * k) / count, (8 * (count - k)) / count);
      values.push(sound.loud * swell * heard);
    }
  }
  silence();
  const most = values.reduce((all, value) => Math.max(all, Math.abs(value)), 1e-9);
  return values.map((value) => level * ((0.9 * value) / most) + between(-0.003, 0.003));
}
