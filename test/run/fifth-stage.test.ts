import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { RunEvent } from '../../src/base/events.ts';
import { object, whole } from '../../src/base/json-form.ts';
import { section } from '../../src/cache/fingerprints.ts';
import { showJson } from '../../src/commands/show-json.ts';
import { showLines } from '../../src/commands/show-lines.ts';
import { showTasks } from '../../src/commands/show-tasks.ts';
import { describeStatus } from '../../src/commands/status.ts';
import { checkFile } from '../../src/plan/check-pipeline.ts';
import { stageStatus } from '../../src/run/freshness.ts';
import { type RunOutcome, runPipeline } from '../../src/run/run-pipeline.ts';
import { loadStage } from '../../src/stages/load-stage.ts';
import type { Stage } from '../../src/stages/stage.ts';
import { stageNames, stages } from '../../src/stages/stages.ts';
import { chooseTracker } from '../../src/tracking/choose-tracker.ts';
import { Rig, digitsPipeline } from '../rig.ts';

/** Counts the test samples. All that adding a stage takes is this, and its line in the table. */
const countStage: Stage<'count', { readonly rows: number }> = {
  name: 'count',
  dependsOn: { tracking: section('tracking', 'what it is counted for') },
  needs: [loadStage],
  usesEngine: false,
  form: () => object({ rows: whole }),
  run: async ({ data }) => ({ rows: (await data()).dataset.test.count }),
  summarize: ({ rows }) => `${rows} rows`,
  record: ({ rows }, { run, result }) => {
    run.metrics([{ key: 'counted_rows', value: rows, step: 0, timestamp: Date.now() }]);
    result.metrics['counted_rows'] = rows;
  },
  estimate: () => 0,
};
const table = [...stages, countStage];
const names = [...stageNames, 'count'];

const rig = new Rig();
const cache = join(rig.folder, 'cache');
beforeAll(() => {
  rig.writeDigits(200, 100);
  rig.write(
    'digits.yaml',
    `${digitsPipeline({ epochs: 1, layers: '[flatten, dense 10]' })}tracking: { experiment: a }\n`,
  );
});
afterAll(() => rig.remove());

const check = (...settings: readonly string[]) => checkFile(join(rig.folder, 'digits.yaml'), settings);

async function run(...settings: readonly string[]): Promise<{ outcome: RunOutcome; events: readonly RunEvent[] }> {
  const checked = await check(...settings);
  const events: RunEvent[] = [];
  const emit = (event: RunEvent) => void events.push(event);
  const { signal } = new AbortController();
  const tracker = chooseTracker({ runsDirectory: join(rig.folder, 'runs'), warn: () => {}, env: {} });
  return { outcome: await runPipeline({ checked, tracker, cache, emit, signal }, table), events };
}

const stagesOf = (events: readonly RunEvent[], type: 'stage-finished' | 'stage-skipped') =>
  events.flatMap((event) => (event.type === type ? [event.stage] : []));

async function shownBy(
  view: (write: (text: string) => void, names: readonly string[]) => ReturnType<typeof showLines>,
  events: readonly RunEvent[],
): Promise<string> {
  let shown = '';
  const write = (text: string | Uint8Array) => ((shown += String(text)), true);
  // Live tasks are drawn there, whatever a view is given to write with.
  const stdout = vi.spyOn(process.stdout, 'write').mockImplementation(write);
  const { emit, close } = view(write, names);
  for (const event of events) emit(event);
  await close();
  stdout.mockRestore();
  return shown;
}

test('a stage as one more line of the table runs, is recorded, kept, skipped, shown and run again', async () => {
  expect(describeStatus(await stageStatus(await check(), cache, table), table)).toContain(
    'count      runs   nothing is kept of it\n',
  );

  const first = await run();
  expect(first.outcome).toMatchObject({ status: 'FINISHED', metrics: { counted_rows: 100 } });
  expect(stagesOf(first.events, 'stage-finished')).toEqual(names);
  expect(readFileSync(join(first.outcome.directory, 'metrics/counted_rows'), 'utf8')).toMatch(/^\d+ 100 0\n$/);
  expect(readFileSync(join(first.outcome.directory, 'metrics/system/seconds_count'), 'utf8')).toMatch(
    /^\d+ [\d.]+ 0\n$/,
  );
  const { runId } = first.outcome;

  const second = await run();
  expect(second.outcome).toMatchObject({ status: 'FINISHED', metrics: first.outcome.metrics });
  expect(stagesOf(second.events, 'stage-skipped')).toEqual(names);
  expect(second.events).toContainEqual({ type: 'stage-skipped', stage: 'count', runId, summary: '100 rows' });
  expect(readFileSync(join(second.outcome.directory, 'tags/pipeline.cached.count'), 'utf8')).toBe(runId);
  expect(readFileSync(join(second.outcome.artifactDirectory, 'report.html'), 'utf8')).toContain(
    `count: kept from run <code>${runId}</code>`,
  );
  expect(describeStatus(await stageStatus(await check(), cache, table), table)).toMatch(
    new RegExp(`^count {6}fresh {2}as in run ${runId} of `, 'm'),
  );

  for (const [events, summary] of [
    [first.events, '100 rows ('],
    [second.events, `100 rows (kept from run ${runId})`],
  ] as const) {
    for (const view of [showLines, showTasks]) expect(await shownBy(view, events)).toContain(`count: ${summary}`);
    expect(await shownBy(showJson, events)).toMatch(/"type":"stage-(finished|skipped)","stage":"count",.*"100 rows"/);
  }

  // What it alone depends on makes it alone run again, with the data that it needs.
  const other = await run('tracking.experiment=b');
  expect(stagesOf(other.events, 'stage-skipped')).toEqual(['train', 'evaluate', 'visualize']);
  expect(stagesOf(other.events, 'stage-finished')).toEqual(['load', 'count']);
  const [change] = (await stageStatus(await check('tracking.experiment=c'), cache, table)).at(-1)!.changes;
  expect(change).toMatchObject({ name: 'tracking.experiment', now: '"c"', reason: 'what it is counted for' });
}, 120_000);
