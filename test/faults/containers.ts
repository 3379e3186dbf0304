import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { silence } from '../../src/base/heartbeat.ts';
import { inContainer, noContainers } from '../container.ts';
import { Rig, digitsPipeline } from '../rig.ts';
import type { Fault } from './fault.ts';
import { type Reference, problemsOf, runWhole } from './whole-run.ts';

/** Small, with everything that a state consists of. */
const layers = '[conv 3x3x8 same relu, batchNormalization, maxpool 2x2, flatten, dropout 0.3, dense 10]';
const text = `${digitsPipeline({ epochs: 6, batchSize: 25, layers })}  checkpoint: { everySteps: 5 }\n`;

/** Containers that are killed, and whose runs go on in others, which see of the one before its silence alone. */
export const containers: Fault = {
  title:
    '`kill -9` of a container at a random moment, the file run again in another PID namespace, under another ' +
    "host name or the same, every second time twice at once; the weights' SHA-256 and each metric compared",
  tries: { full: 200, reduced: 6 },
  async run(count, tell) {
    if (noContainers !== undefined) throw new Error(noContainers);
    const rig = new Rig();
    rig.writeDigits();
    rig.write('conv.yaml', text);
    const reference = await runWhole(rig, 'conv');
    const wrong: string[] = [];
    let [begun, ended, kills] = [0, 0, 0];
    const work = async (): Promise<void> => {
      for (let i = begun++; i < count; i = begun++) {
        const folder = `try-${i}`;
        const { moment, found } = await tryOnce(rig, reference, `${folder}/runs`, i);
        if (moment !== undefined) kills++;
        wrong.push(...found.map((line) => `try ${i}, killed after ${String(moment)} ms: ${line}`));
        if (found.length === 0) rmSync(join(rig.folder, folder), { recursive: true });
        if (++ended % 10 === 0) tell(`${ended} of ${count} tried, ${kills} kills, ${wrong.length} wrong`);
      }
    };
    // Most of the time of each is waiting for silence.
    await Promise.all(Array.from({ length: 4 }, work));
    if (wrong.length === 0) rig.remove();
    return wrong;
  },
};

/**
 * Runs a file in a container that is killed, and then to its end in another; in every second of these beside a third.
 */
async function tryOnce(
  rig: Rig,
  reference: Reference,
  runs: string,
  i: number,
): Promise<{ readonly moment: number | undefined; readonly found: readonly string[] }> {
  const start = (host: string) => rig.start(['run', 'conv.yaml', '--json', '--runs', runs], {}, inContainer(host));
  const first = start('first');
  const moment = Math.round(Math.random() * reference.ms);
  const timer = setTimeout(() => first.child.kill('SIGKILL'), moment);
  const { code: killed } = await first.ended;
  clearTimeout(timer);
  const hosts = [i % 2 === 0 ? 'second' : 'first', ...(i % 4 < 2 ? ['third'] : [])];
  const ends = await Promise.all(hosts.map((host) => start(host).ended));
  const failed = ends.filter(({ code }) => code !== 0).map(({ code, stderr }) => `exit code ${code}: ${stderr}`);
  const problems = () => [...new Set(ends.flatMap((end) => problemsOf(join(rig.folder, runs), end, reference)))];
  let found = failed.length > 0 ? failed : problems();
  if (found.length > 0 && failed.length === 0) {
    // Killed before the record of its run was there: that is closed by whoever comes when it was silent for long.
    await sleep(silence);
    await rig.run(['sync', '--runs', runs]);
    found = problems();
  }
  return { moment: killed === null ? moment : undefined, found };
}
