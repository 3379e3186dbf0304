import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { RunEvent } from '../../src/base/events.ts';
import { checkFile } from '../../src/plan/check-pipeline.ts';
import { runPipeline } from '../../src/run/run-pipeline.ts';
import { chooseTracker } from '../../src/tracking/choose-tracker.ts';
import { Rig } from '../rig.ts';
import { pipelinesFolder, shownPipelines } from '../shown-pipelines.ts';

const rig = new Rig();
afterAll(() => rig.remove());

// In this process: most of what the binary takes for a batch is its start, and other tests run it.
describe.each(shownPipelines)('pipelines/$file$missing', ({ file, settings, missing }) => {
  test.skipIf(missing !== '')('has a plan, and sends a batch through every stage, compiled', async () => {
    const checked = await checkFile(join(pipelinesFolder, file), settings);
    expect(checked.plan.parameters.trainable).toBeGreaterThan(0);
    const events: RunEvent[] = [];
    const warn = (warning: unknown) => expect.unreachable(JSON.stringify(warning));
    const { status, metrics } = await runPipeline({
      checked,
      trial: { kind: 'smoke' },
      tracker: chooseTracker({ runsDirectory: join(rig.folder, 'runs'), warn, env: {} }),
      signal: new AbortController().signal,
      emit: (event) => events.push(event),
    });
    const finished = events.flatMap((event) => (event.type === 'stage-finished' ? [event] : []));
    expect(finished.map(({ stage }) => stage)).toEqual(['load', 'train', 'evaluate', 'visualize']);
    expect(finished[1]!.summary).toMatch(/^1 epoch, compiled, /);
    expect(status).toBe('FINISHED');
    for (const value of Object.values(metrics)) expect(value).toEqual(expect.any(Number));
  });
});
