import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import sharp from 'sharp';
import { stringify } from 'yaml';
import { randomIntegers } from '../src/base/seeds.ts';
import { estimate } from './estimate.ts';
import { type Measured, bestThroughput, eventsOf, inTurn, measure, pipelineRun } from './processes.ts';
import type { Settings } from './settings.ts';
import { folderOptions, readSourceCommand, readTold } from './source-to-read.ts';
import { aimCell, fixed, print, printTable, whole, withInterval } from './table.ts';

/** Of the whole size. */
const mostPictures = 100_000;
const [side, classes] = [64, 10];
/** Pictures of the run that shows what a process takes without data. */
const fewPictures = 200;

/** Pictures that are more than memory may hold, beside the same ones in memory. */
export async function benchPictures({ pairs, share, scratch, quick }: Settings): Promise<void> {
  const count = Math.round(share * mostPictures);
  const bytes = count * side * side * 3;
  const budget = Math.ceil(bytes / 4e6);
  const [folder, few, work] = ['pictures', 'few-pictures', 'work'].map((name) => join(scratch, name)) as [
    string,
    string,
    string,
  ];
  mkdirSync(work);
  await writePictures(folder, count);
  await writePictures(few, fewPictures);
  const epochs = quick ? 2 : 4;
  const file = (name: string, of: string, memory: string) => {
    const path = join(scratch, `${name}.yaml`);
    writeFileSync(path, stringify(pipelineOf(of, memory, epochs)));
    return pipelineRun(path, scratch, resolve('dist'));
  };
  const source = { type: 'images', options: folderOptions(folder), stage: true };
  print(
    `## ${whole(count)} JPEG files of ${side} x ${side}: ${whole(bytes / 1e6)} MB in memory, ` +
      `\`data.memory: ${budget}MB\`, ${pairs} pairs each\n`,
  );
  const packing: Measured[] = [];
  for (let k = 0; k < Math.min(pairs, 3); k++) {
    rmSync(join(work, '.layerline'), { recursive: true, force: true });
    packing.push(await measure(scratch, readSourceCommand({ ...source, memory: `${budget}MB` }), {}, work));
  }
  const packed = await measure(scratch, readSourceCommand({ ...source, memory: `${budget}MB` }), {}, work);
  const { base } = await inTurn(scratch, 3, { base: file('few', few, '1GB') }, work);
  const { streamed, held } = await inTurn(
    scratch,
    pairs,
    { streamed: file('streamed', folder, `${budget}MB`), held: file('held', folder, '4GB') },
    work,
  );
  const speeds = (runs: readonly Measured[]) => runs.map((run) => bestThroughput(run));
  const ratio = estimate(speeds(streamed).map((speed, pair) => speed / speeds(held)[pair]!));
  const first = (runs: readonly Measured[]) =>
    estimate(runs.map((run) => Number(eventsOf(run, 'epoch-finished')[0]!['samplesPerSecond'])));
  const least = estimate(base.map(({ peakMegabytes }) => peakMegabytes)).median;
  const beyond = (runs: readonly Measured[]) => estimate(runs.map(({ peakMegabytes }) => peakMegabytes - least));
  const resident = estimate(streamed.map(({ peakMegabytes }) => (peakMegabytes - least) / budget));
  const busy = (runs: readonly { readonly cpuSeconds: number; readonly seconds: number }[]) =>
    estimate(runs.map(({ cpuSeconds, seconds }) => cpuSeconds / seconds));
  printTable(
    ['', 'packing, once', 'streamed', 'in memory', 'streamed / in memory', 'aim'],
    [
      [
        'load stage, s',
        withInterval(estimate(packing.map((run) => readTold(run).seconds))),
        fixed(readTold(packed).seconds),
        withInterval(estimate(held.map(loadSeconds))),
        '',
        '',
      ],
      [
        'processor seconds a second',
        withInterval(busy(packing.map(readTold))),
        withInterval(busy(streamed)),
        withInterval(busy(held)),
        '',
        '',
      ],
      ['first epoch, pictures/s', '', withInterval(first(streamed), whole), withInterval(first(held), whole), '', ''],
      [
        'best later epoch, pictures/s',
        '',
        withInterval(estimate(speeds(streamed)), whole),
        withInterval(estimate(speeds(held)), whole),
        withInterval(ratio),
        aimCell(ratio, '>=', 0.9),
      ],
      [
        `peak memory beyond ${fewPictures} pictures, MB`,
        '',
        withInterval(beyond(streamed), whole),
        withInterval(beyond(held), whole),
        '',
        '',
      ],
      ['the same over `data.memory`', '', withInterval(resident), '', '', aimCell(resident, '<=', 1)],
    ],
  );
}

const loadSeconds = (run: Measured): number =>
  Number(eventsOf(run, 'stage-finished').find((event) => event['stage'] === 'load')!['seconds']);

function pipelineOf(folder: string, memory: string, epochs: number): object {
  return {
    name: 'pictures',
    seed: 1,
    data: { source: { images: { folder } }, split: { validation: 0.05 }, memory },
    model: {
      layers: ['conv 3x3x8/2 relu', 'maxpool 2x2', 'conv 3x3x16 relu', 'maxpool 2x2', 'flatten', `dense ${classes}`],
    },
    train: { optimizer: 'adam', loss: 'softmaxCrossEntropy', batchSize: 100, epochs },
    visualize: { figures: [] },
  };
}

/** Writes pictures of soft colours, the same each time: as many of each class as of any other. */
export async function writePictures(folder: string, count: number): Promise<void> {
  for (let k = 0; k < classes; k++) mkdirSync(join(folder, `class-${k}`), { recursive: true });
  const draw = randomIntegers(1);
  const small = 8;
  for (let done = 0; done < count;) {
    const some = Array.from({ length: Math.min(64, count - done) }, (_, k) => {
      const number = done + k;
      const label = number % classes;
      // Classes differ in their colours, so that there is something to learn.
      const pixels = Uint8Array.from(
        { length: small * small * 3 },
        (__, i) => (i % 3 === label % 3 ? 20 * label : 0) + draw(56),
      );
      return { path: join(folder, `class-${label}`, `${String(number).padStart(6, '0')}.jpg`), pixels };
    });
    await Promise.all(
      some.map(({ path, pixels }) =>
        sharp(pixels, { raw: { width: small, height: small, channels: 3 } })
          .resize(side, side)
          .jpeg({ quality: 90 })
          .toFile(path),
      ),
    );
    done += some.length;
  }
}
