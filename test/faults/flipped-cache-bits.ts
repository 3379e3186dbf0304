import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Ended, Rig, digitsPipeline, eventsOf } from '../rig.ts';
import type { Fault } from './fault.ts';

const cache = '.layerline/cache/runs';

/** One bit of one kept outcome: of any stage, anywhere in its file. */
export const flippedCacheBits: Fault = {
  title: 'a flipped bit in a kept outcome of a stage',
  tries: { full: 100, reduced: 10 },
  run: async (count, tell) => {
    const rig = new Rig();
    rig.writeDigits();
    rig.write('digits.yaml', digitsPipeline({ figures: '[confusionMatrix]' }));
    const run = () => rig.run(['run', 'digits.yaml', '--json']);
    const first = await run();
    const stages = readdirSync(join(rig.folder, cache)).filter((name) => !name.startsWith('.'));
    const wrong: string[] = [];
    for (let i = 0; i < count; i++) {
      const stage = stages[i % stages.length]!;
      const path = join(rig.folder, cache, stage, readdirSync(join(rig.folder, cache, stage))[0]!);
      const bytes = readFileSync(path);
      const bit = Math.floor(Math.random() * bytes.length * 8);
      bytes[bit >> 3]! ^= 1 << (bit & 7);
      writeFileSync(path, bytes);
      wrong.push(
        ...problemsOf(stage, first, await run()).map((line) => `${stage}, bit ${bit} of ${bytes.length * 8}: ${line}`),
      );
      if ((i + 1) % 10 === 0) tell(`${i + 1} of ${count} tried, ${wrong.length} wrong`);
    }
    rig.remove();
    return wrong;
  },
};

/** Whatever is not told, not made again, or has come out otherwise. */
function problemsOf(stage: string, first: Ended, now: Ended): string[] {
  const problems: string[] = [];
  if (now.code !== 0) return [`exit code ${now.code}: ${now.stderr}`];
  const events = eventsOf(now.stdout);
  const told = events.filter(
    ({ type, diagnostic }) => type === 'diagnostic' && (diagnostic as { code: string }).code === 'cache-damaged',
  );
  if (told.length !== 1) problems.push(`it is told of ${told.length} times`);
  if (!events.some((event) => event['type'] === 'stage-finished' && event['stage'] === stage))
    problems.push('the stage did not run again');
  const [before, after] = [eventsOf(first.stdout).at(-1)!, events.at(-1)!];
  for (const key of ['weightsSha256', 'metrics']) {
    if (JSON.stringify(before[key]) !== JSON.stringify(after[key])) problems.push(`${key} differ`);
  }
  return problems;
}
