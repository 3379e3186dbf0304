import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Ended, Rig, digitsPipeline } from '../rig.ts';
import type { Fault } from './fault.ts';
import { type Reference, problemsOf, runWhole } from './whole-run.ts';

/** Small, as each is trained hundreds of times; together they have everything that a state consists of. */
const pipelines: Readonly<Record<string, string>> = {
  conv:
    digitsPipeline({
      figures: '[confusionMatrix]',
      epochs: 6,
      batchSize: 25,
      layers: '[conv 3x3x8 same relu, batchNormalization, maxpool 2x2, flatten, dropout 0.3, dense 10]',
    }) + '  checkpoint: { everySteps: 5 }\n',
  dense:
    digitsPipeline({
      figures: '[confusionMatrix]',
      epochs: 40,
      batchSize: 25,
      layers: '[flatten, dense 32 relu, { gaussianDropout: { rate: 0.2 } }, dense 10]',
    }) +
    '  schedule: { reduceOnPlateau: { patience: 2 } }\n  ema: { decay: 0.95 }\n' +
    '  earlyStopping: { patience: 4, minDelta: 0.01 }\n  clipNorm: 1\n' +
    '  checkpoint: { everySeconds: 0.05, keep: 3 }\n',
  mnist:
    'name: digits\nseed: 3\ndata: { source: mnist, split: { validation: 50000 } }\n' +
    'model: { layers: [flatten, dense 10] }\n' +
    'train: { optimizer: adam, loss: softmaxCrossEntropy, batchSize: 100, epochs: 4, schedule: cosine }\n',
};

/**
 * Processes killed at random moments of their whole life: set-up, load, steps, checkpoints, evaluation, figures, end.
 */
export const killResume: Fault = {
  title: "`kill -9` at a random moment, resumed until done, weights' SHA-256 compared",
  tries: { full: 200, reduced: 6 },
  run: async (count, tell) => {
    const rig = new Rig();
    rig.writeDigits();
    const references = new Map<string, Reference>();
    for (const [name, text] of Object.entries(pipelines)) {
      rig.write(`${name}.yaml`, text);
      references.set(name, await runWhole(rig, name));
    }
    const wrong: string[] = [];
    let kills = 0;
    for (let i = 0; i < count; i++) {
      const folder = `try-${i}`;
      const [name, reference] = [...references][i % references.size]!;
      const { moments, found } = await tryOnce(rig, name, reference, `${folder}/runs`);
      // It was over before the moment came: on a machine that is less busy than when the time was taken.
      if (moments.length === 0 && found.length === 0) i--;
      kills += moments.length;
      wrong.push(...found.map((line) => `${name}, killed after ${moments.join(' and ')} ms: ${line}`));
      if (found.length === 0) rmSync(join(rig.folder, folder), { recursive: true });
      if (moments.length > 0 && (i + 1) % 10 === 0)
        tell(`${i + 1} of ${count} tried, ${kills} kills, ${wrong.length} wrong`);
    }
    if (wrong.length === 0) rig.remove();
    return wrong;
  },
};

/** Runs a file, killing it once, or up to three times, and then to its end. */
async function tryOnce(
  rig: Rig,
  name: string,
  reference: Reference,
  runs: string,
): Promise<{ readonly moments: readonly number[]; readonly found: readonly string[] }> {
  const moments: number[] = [];
  let last: Ended;
  do {
    const isKilled = moments.length === 0 || (moments.length < 3 && Math.random() < 0.5);
    const { child, ended } = rig.start(['run', `${name}.yaml`, '--json', '--runs', runs]);
    const moment = Math.round(Math.random() * reference.ms);
    const timer = isKilled ? setTimeout(() => child.kill('SIGKILL'), moment) : undefined;
    last = await ended;
    clearTimeout(timer);
    if (last.code === null) moments.push(moment);
    else if (last.code !== 0) return { moments, found: [`exit code ${last.code}: ${last.stderr}`] };
  } while (last.code === null);
  return { moments, found: problemsOf(join(rig.folder, runs), last, reference) };
}
