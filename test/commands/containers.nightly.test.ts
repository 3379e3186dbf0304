import { readFileSync, readdirSync, utimesSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { inContainer, noContainers, processIn } from '../container.ts';
import { runsIn } from '../faults/runs-in.ts';
import { type Ended, Rig, convolutional, digitsPipeline, eventsOf } from '../rig.ts';

const rig = new Rig();
const epochs = 30;
let whole: Record<string, unknown>;
beforeAll(async () => {
  if (noContainers !== undefined) return;
  rig.writeDigits(300, 100);
  rig.write('digits.yaml', `${digitsPipeline({ epochs, layers: convolutional })}  checkpoint: { everySteps: 4 }\n`);
  whole = last(await rig.run(['run', 'digits.yaml', '--json', '--runs', 'whole']));
}, 120_000);
afterAll(() => rig.remove());

const last = ({ stdout }: Ended) => eventsOf(stdout).at(-1)!;
const storeOf = (name: string) => join(rig.folder, name);
const statusOf = (run: string) => /^status: (\d)$/m.exec(readFileSync(join(run, 'meta.yaml'), 'utf8'))![1];
const stepsOf = (run: string) =>
  readFileSync(join(run, 'metrics/loss'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => Number(line.split(' ')[2]));
const each = Array.from({ length: epochs }, (_, epoch) => epoch + 1);
const beside = (store: string) =>
  readdirSync(storeOf(store), { recursive: true, encoding: 'utf8' }).filter((path) =>
    /\.unfinished-|\.owner\.|\/checkpoints$|\.tmp$/.test(path),
  );

/** Runs the file in a container until it has written so many checkpoints. */
async function startIn(host: string, store: string, checkpoints = 4) {
  const { child, ended } = rig.start(['run', 'digits.yaml', '--json', '--runs', store], {}, inContainer(host));
  let count = 0;
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (text: string) => {
      count += text.split('"checkpoint-written"').length - 1;
      if (count >= checkpoints) resolve();
    });
    void ended.then(({ stderr }) => reject(new Error(`it ended before: ${stderr}`)));
  });
  return { child, ended };
}

/** Makes the last sign of life of a process that gives none one of a minute ago. */
function age(store: string): void {
  const claims = beside(store).filter((path) => path.includes('.owner.'));
  expect(claims).toHaveLength(1);
  const minuteAgo = new Date(Date.now() - 60_000);
  utimesSync(join(storeOf(store), claims[0]!), minuteAgo, minuteAgo);
}

describe.skipIf(noContainers !== undefined)(
  `containers${noContainers === undefined ? '' : ` (${noContainers})`}`,
  () => {
    test('a run that was killed in one goes on in another, with another host name: same run, same bits', async () => {
      const { child, ended } = await startIn('first', 'moved');
      child.kill('SIGKILL');
      await ended;
      const resumed = await rig.run(['run', 'digits.yaml', '--json', '--runs', 'moved'], {}, inContainer('second'));
      const [run, ...others] = runsIn(storeOf('moved'));
      expect([resumed.code, others, statusOf(run!), stepsOf(run!), beside('moved')]).toEqual([0, [], '3', each, []]);
      expect(last(resumed)).toMatchObject({
        status: 'FINISHED',
        weightsSha256: whole['weightsSha256'],
        metrics: whole['metrics'],
      });
      const told = eventsOf(resumed.stdout)
        .filter(({ type }) => type === 'diagnostic')
        .map(({ diagnostic }) => diagnostic);
      expect(told).toMatchObject([
        {
          code: 'looks-for-life',
          message: expect.stringMatching(
            /^waiting up to 20 s for a sign of life of the run [0-9a-f]{32}, which may be at work in another container/,
          ),
        },
      ]);
    }, 120_000);

    test('a run that lives in another with the same host name is left alone: never two writers', async () => {
      const first = await startIn(hostname(), 'two', 1);
      const second = await rig.run(['run', 'digits.yaml', '--json', '--runs', 'two'], {}, inContainer(hostname()));
      const [one, other] = [last(await first.ended), last(second)];
      for (const ended of [one, other])
        expect(ended).toMatchObject({ status: 'FINISHED', weightsSha256: whole['weightsSha256'] });
      expect(one['runId']).not.toBe(other['runId']);
      expect(runsIn(storeOf('two')).map((run) => [statusOf(run), stepsOf(run)])).toEqual([
        ['3', each],
        ['3', each],
      ]);
      expect(beside('two')).toEqual([]);
    }, 120_000);

    test('`sync` closes a run that was killed in another once it was silent for long, and not before', async () => {
      const { child, ended } = await startIn('first', 'closed');
      child.kill('SIGKILL');
      await ended;
      const [run] = runsIn(storeOf('closed'));
      const early = await rig.run(['sync', '--runs', 'closed']);
      expect([early.code, early.stdout]).toEqual([1, '']);
      expect(early.stderr).toMatch(
        /1 run may still be at work in another container or on another host \(last sign of life [\d.]+ s ago\): left alone\n.*`pipeline sync` again in 20 s/,
      );
      expect(statusOf(run!)).toBe('1');
      age('closed');
      expect((await rig.run(['sync', '--runs', 'closed'])).stdout).toMatch(/its process is gone; marked KILLED/);
      expect(statusOf(run!)).toBe('5');
      const resumed = await rig.run(['run', 'digits.yaml', '--json', '--runs', 'closed']);
      expect(last(resumed)).toMatchObject({
        status: 'FINISHED',
        weightsSha256: whole['weightsSha256'],
        runId: run!.slice(-32),
      });
      expect([stepsOf(run!), beside('closed')]).toEqual([each, []]);
    }, 120_000);

    test.each(['while the other is at work', 'after the other has finished'])(
      'a process that was suspended and taken over ends without another word to the run: it wakes up %s',
      async (when) => {
        const store = `asleep-${when.split(' ')[0]!}`;
        const asleep = await startIn('first', store);
        const pid = processIn(asleep.child.pid!);
        process.kill(pid, 'SIGSTOP');
        age(store);
        const other = when.startsWith('while')
          ? await startIn('second', store, 2)
          : { ended: rig.run(['run', 'digits.yaml', '--json', '--runs', store], {}, inContainer('second')) };
        if (when.startsWith('after')) await other.ended;
        process.kill(pid, 'SIGCONT');
        const woken = await asleep.ended;
        expect([woken.code, woken.stderr]).toEqual([
          1,
          expect.stringMatching(
            /^error run-taken-over: the run [0-9a-f]{32} is no longer this process's.*\n.*Nothing is lost/,
          ),
        ]);
        expect(last(await other.ended)).toMatchObject({
          status: 'FINISHED',
          weightsSha256: whole['weightsSha256'],
          metrics: whole['metrics'],
        });
        const [run, ...others] = runsIn(storeOf(store));
        expect([others, statusOf(run!), stepsOf(run!), beside(store)]).toEqual([[], '3', each, []]);
        // Emptied by who goes on.
        expect(readFileSync(join(run!, 'tags/pipeline.error'), 'utf8')).toBe('');
      },
      120_000,
    );
  },
);
