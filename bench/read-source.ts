// Reads a source once, and tells what that took.
// usage: read-source.js JSON, where JSON is { type, options } of a source, and { memory, stage } as SourceToRead says
import { load } from '../src/stages/load.ts';
import { datasetRow, readyDataset } from '../src/datasets/datasets.ts';
import type { SourceToRead } from './source-to-read.ts';

const { type, options, memory, stage = false } = JSON.parse(process.argv[2]!) as SourceToRead;
await readyDataset(type);
const split = { validation: 0.1, stratified: true };
const [start, before] = [performance.now(), process.cpuUsage()];
const count = stage ? await ofStage() : await ofRow();
const { user, system } = process.cpuUsage(before);
process.stdout.write(
  `${JSON.stringify({
    type: 'source-read',
    count,
    seconds: (performance.now() - start) / 1000,
    cpuSeconds: (user + system) / 1e6,
  })}\n`,
);

async function ofRow(): Promise<number> {
  const { train, test } = await datasetRow(type).load(options, process.cwd(), 1, undefined, split);
  return train.count + test.count;
}

async function ofStage(): Promise<number> {
  const { dataset } = await load({ source: { type, options }, split, seed: 1, folder: process.cwd(), memory });
  return dataset.train.count + dataset.test.count;
}
