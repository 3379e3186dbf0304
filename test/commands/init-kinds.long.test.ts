import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { writeNpz } from '../../src/models/formats/npz.ts';
import { spoken, words } from '../datasets/speech.ts';
import { tone, writeWav } from '../datasets/wav.ts';
import { Rig, eventsOf } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

/** Writes a file for data, and runs it as it is: what it says is to be beaten, and its scores of the test. */
async function tried(data: string, ...more: readonly string[]) {
  const file = `${data}.yaml`;
  const written = await rig.run(['init', '--data', data, ...more, file]);
  // That recordings are filled up with silence is told each time.
  expect([written.code, written.stderr.replace(/^.* warning recording-lengths: [^]*$/, '')]).toEqual([0, '']);
  const { code, stdout, stderr } = await rig.run(['run', file, '--json']);
  expect(code, stderr).toBe(0);
  const text = rig.read(file).replaceAll('\n# ', ' ');
  const beat = (what: string) => Number(new RegExp(`${what} of ([\\d.]+)`).exec(text)![1]);
  return { beat, scores: eventsOf(stdout).at(-1)!['metrics'] as Record<string, number> };
}

test('months of CO2: the forecast beats the naive ones, which are told alike by file and run', async () => {
  rig.write('co2.csv', readFileSync(join(import.meta.dirname, '../../pipelines/data/co2.csv')));
  const { beat, scores } = await tried('co2.csv', '--target', 'co2');
  expect(scores['test_meanAbsoluteError_season_before']).toBeCloseTo(beat('mean absolute error'), 2);
  expect(scores['test_meanAbsoluteError']).toBeLessThan(0.5 * beat('mean absolute error'));
});

test('questions with several labels: the intents of a bank, and what they are about', async () => {
  const [, ...lines] = readFileSync(join(import.meta.dirname, '../../pipelines/data/banking.csv'), 'utf8')
    .trim()
    .split('\n');
  const rows = lines.map((line) => {
    const [text, intent] = [line.slice(0, line.lastIndexOf(',')), line.slice(line.lastIndexOf(',') + 1).trim()];
    const tags = [intent, ...['card', 'money'].filter((word) => text.toLowerCase().includes(word) && word !== intent)];
    return JSON.stringify({ text: text.replaceAll('"', ''), tags });
  });
  rig.write('banking.jsonl', rows.join('\n'));
  const { beat, scores } = await tried('banking.jsonl');
  expect(scores['test_accuracy']).toBeGreaterThan(beat('an accuracy') + 0.05);
  expect(scores['test_subsetAccuracy']).toBeGreaterThan(beat('subset accuracy') + 0.3);
});

test('a text beside another column, and a text that answers a text', async () => {
  const [, ...lines] = readFileSync(join(import.meta.dirname, '../../pipelines/data/banking.csv'), 'utf8')
    .trim()
    .split('\n');
  const rows = lines.map((line, k) => line.replace(/,([^,]+)$/, `,${(k * 7919) % 31},$1`));
  rig.write('bank-day.csv', `text,day,intent\n${rows.join('\n')}\n`);
  const bank = await tried('bank-day.csv');
  expect(rig.read('bank-day.csv.yaml')).toContain('from: [pooledWords, otherColumns]');
  expect(bank.scores['test_accuracy']).toBeGreaterThan(bank.beat('accuracy') + 0.5);

  const dates = Array.from({ length: 400 }, (_, k) => {
    const day = new Date(Date.UTC(2000, 0, 1 + ((k * 7919) % 9000)));
    const month = day.toLocaleString('en', { month: 'long', timeZone: 'UTC' });
    return `${day.getUTCDate()} ${month} ${day.getUTCFullYear()},${day.toISOString().slice(0, 10)} at noon`;
  });
  rig.write('dates.csv', `said,iso\n${dates.join('\n')}\n`);
  const answers = await tried('dates.csv', '--target', 'iso');
  expect(answers.scores['test_accuracy']).toBeGreaterThan(answers.beat('accuracy') + 0.15);
});

test('arrays of large numbers', async () => {
  const part = (name: string, count: number, from: number) => [
    {
      name: `x_${name}`,
      dtype: 'float32' as const,
      shape: [count, 3],
      values: Float32Array.from({ length: 3 * count }, (_, k) => {
        const row = Math.floor(k / 3) + from;
        return 1000 + ((k * 7919) % 101) + (row % 3 === k % 3 ? 60 : 0);
      }),
    },
    {
      name: `y_${name}`,
      dtype: 'int32' as const,
      shape: [count],
      values: Int32Array.from({ length: count }, (_, k) => (k + from) % 3),
    },
  ];
  rig.write('set.npz', writeNpz([...part('train', 400, 0), ...part('test', 100, 400)]));
  const { beat, scores } = await tried('set.npz');
  expect(scores['test_accuracy']).toBeGreaterThan(beat('an accuracy') + 0.2);
});

test('recordings of three words at three pitches, of other lengths than a second', async () => {
  for (const [k, hertz] of [300, 700, 1600].entries())
    for (let i = 0; i < 24; i++) {
      const seconds = 0.3 + (i % 5) / 50;
      rig.write(`sounds/${'abc'[k]}/${i}.wav`, writeWav(tone(hertz + 8 * i, seconds, { rate: 8000 }), { rate: 8000 }));
    }
  const { beat, scores } = await tried('sounds');
  expect(rig.read('sounds.yaml')).toContain('seconds: 0.4 # they take 0.3 to 0.4');
  expect(scores['test_accuracy']).toBeGreaterThan(beat('an accuracy') + 0.5);
});

test('words that differ in pitch, pace and level, with silence around them', async () => {
  for (const [k, word] of Object.keys(words).entries())
    for (let i = 0; i < 24; i++)
      rig.write(`words/${word}/${i}.wav`, writeWav(spoken(word, 8000, 1000 * k + i + 1), { rate: 8000 }));
  const { beat, scores } = await tried('words');
  expect(scores['test_accuracy']).toBeGreaterThan(beat('an accuracy') + 0.4);
});
