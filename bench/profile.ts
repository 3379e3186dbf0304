import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { prepare } from './data.ts';
import { peersPython } from './peers-environment.ts';
import { bareLoop, eventsOf, measure } from './processes.ts';
import type { Settings } from './settings.ts';
import { fixed, print, printTable } from './table.ts';
import { works } from './works.ts';

/** Kinds of ops that take less than this share of a step are told as one. */
const leastShare = 0.01;

/** Where the time of each work's compiled step goes, op by op. */
export async function benchProfile({ works: keys, scratch }: Settings): Promise<void> {
  for (const key of keys) {
    const work = works[key]!;
    const { pipelineFile, batchSize } = prepare(scratch, work, { images: work.quickImages, epochs: 1, heldBack: 500 });
    const folder = join(scratch, `${key}-graph`);
    mkdirSync(folder);
    const { threadsPerOp, towers } = eventsOf(
      await measure(scratch, [...bareLoop, pipelineFile, folder]),
      'bare-loop',
    )[0] as unknown as { threadsPerOp: number; towers: number };
    const profile = await measure(scratch, [peersPython, 'bench/peers/graph_profile.py', folder, String(threadsPerOp)]);
    const [{ step, sum }] = eventsOf(profile, 'profile') as unknown as readonly [{ step: number; sum: number }];
    const ops = eventsOf(profile, 'op') as unknown as readonly { op: string; count: number; milliseconds: number }[];
    const [large, small] = [
      ops.filter(({ milliseconds }) => milliseconds >= leastShare * sum),
      ops.filter(({ milliseconds }) => milliseconds < leastShare * sum),
    ];
    print(
      `## ${key}: where a step goes, batch ${batchSize}, ${towers} ${towers === 1 ? 'tower' : 'towers'}, ` +
        `threads of each op: ${threadsPerOp}\n`,
    );
    const all = [
      ...large,
      {
        op: 'all others',
        count: small.reduce((total, { count }) => total + count, 0),
        milliseconds: small.reduce((total, { milliseconds }) => total + milliseconds, 0),
      },
    ];
    printTable(
      ['op', 'how many', 'ms', 'share'],
      all.map(({ op, count, milliseconds }) => [
        op,
        String(count),
        fixed(milliseconds),
        `${Math.round((100 * milliseconds) / sum)} %`,
      ]),
    );
    const inTowers = towers === 1 ? '' : `, in ${towers} towers at least ${fixed(sum / towers)} ms`;
    print(`all ops one after the other ${fixed(sum)} ms${inTowers}; the step ${fixed(step)} ms\n`);
  }
}
