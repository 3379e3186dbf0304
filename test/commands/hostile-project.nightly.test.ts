import { createHash } from 'node:crypto';
import { cpSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { StageCache } from '../../src/cache/stage-cache.ts';
import { type Drawn, drawnForm } from '../../src/stages/visualize.ts';
import { digitsPipeline, eventsOf, Rig } from '../rig.ts';
import { Outside, replaceByLink } from '../tracking/outside.ts';

const runId = 'b'.repeat(32);
let rig: Rig;
let outside: Outside;

beforeEach(() => {
  rig = new Rig();
  outside = new Outside(runId);
});

afterEach(() => {
  const [before, now] = outside.compared;
  expect(now).toEqual(before);
  rig.remove();
  outside.remove();
});

describe('a run that goes on', () => {
  const net = { epochs: 6, layers: '[flatten, dense 10]' };
  const checkpoints = '  checkpoint: { everySteps: 1 }\n';

  /** Kills a run after its first checkpoint. @returns its folder, and the record that it is unfinished */
  async function kill(text = digitsPipeline(net)): Promise<{ readonly run: string; readonly record: string }> {
    rig.writeDigits(300, 100);
    rig.write('p.yaml', text + checkpoints);
    const { child, ended } = rig.start(['run', 'p.yaml', '--json']);
    child.stdout.on('data', (text: string) => text.includes('"checkpoint-written"') && child.kill('SIGKILL'));
    await ended;
    const record = join(
      rig.folder,
      'runs',
      readdirSync(join(rig.folder, 'runs')).find((name) => name.startsWith('.unfinished-'))!,
    );
    return {
      run: join(rig.folder, 'runs', (JSON.parse(readFileSync(record, 'utf8')) as { directory: string }).directory),
      record,
    };
  }

  const sealed = (record: object) =>
    JSON.stringify({ ...record, sha256: createHash('sha256').update(JSON.stringify(record)).digest('hex') });

  function rewrite(record: string, directory: string): void {
    const { sha256: _, ...rest } = JSON.parse(readFileSync(record, 'utf8')) as Record<string, unknown>;
    writeFileSync(record, sealed({ ...rest, directory }));
  }

  test('takes a record of another form for damaged, and says so where it is its own', async () => {
    const { record } = await kill();
    const { sha256: _, ...whole } = JSON.parse(readFileSync(record, 'utf8')) as Record<string, unknown>;
    const { machine, ...without } = whole as { readonly machine: object };
    const others = [
      without,
      { directory: whole['directory'], file: 123 },
      { ...whole, file: 123 },
      { ...whole, server: 1 },
      { ...whole, training: 'x' },
      { ...whole, data: [1] },
      { ...whole, machine: { ...machine, environment: null } },
      { ...whole, mixture: [{}] },
    ];
    others.forEach((other, i) =>
      rig.write(`runs/.unfinished-000000000000000${i}-${'a'.repeat(32)}.json`, sealed(other)),
    );
    for (const [i, own] of others.entries()) {
      writeFileSync(record, sealed(own));
      const { stdout, stderr, code } = await rig.run(['run', 'p.yaml', '--json', ...(i === 1 ? ['--fresh'] : [])]);
      expect([code, stderr], JSON.stringify(own).slice(0, 200)).toEqual([0, '']);
      const told = eventsOf(stdout)
        .filter(({ type }) => type === 'diagnostic')
        .map(({ diagnostic }) => (diagnostic as { message: string }).message);
      expect(told.filter((message) => message.includes('is damaged: the interrupted run'))).toHaveLength(1);
    }
    expect((await rig.run(['clean'])).stderr).toBe('');
  }, 120_000);

  const leadsOut = expect.objectContaining({
    diagnostic: expect.objectContaining({
      code: 'unfinished-run-unusable',
      message: expect.stringContaining('leads out of'),
    }),
  });

  test('does so not where its record leads out of the store', async () => {
    const { run, record } = await kill();
    const elsewhere = join(outside.folder, '1', run.slice(-32));
    cpSync(run, elsewhere, { recursive: true });
    outside.remember();
    symlinkSync(outside.folder, join(rig.folder, 'outside'));
    for (const directory of [
      `../outside/1/${run.slice(-32)}`,
      elsewhere,
      '../outside',
      `1/../../outside/1/${run.slice(-32)}`,
    ]) {
      rewrite(record, directory);
      const events = eventsOf((await rig.run(['run', 'p.yaml', '--json'])).stdout);
      expect(events).toContainEqual(leadsOut);
      expect(events.some(({ type }) => type === 'training-resumed')).toBe(false);
      expect(events.at(-1)).toMatchObject({ status: 'FINISHED' });
    }
  }, 120_000);

  test('does so not through links, and a kept figure is written into the run alone', async () => {
    const { run } = await kill(digitsPipeline({ ...net, figures: '[confusionMatrix]' }));
    cpSync(run, join(outside.folder, 'run'), { recursive: true });
    outside.remember();
    replaceByLink(run, join(outside.folder, 'run'));
    const first = eventsOf((await rig.run(['run', 'p.yaml', '--json'])).stdout);
    expect(first).toContainEqual(leadsOut);
    expect(first.at(-1)).toMatchObject({ status: 'FINISHED' });

    const cache = new StageCache(join(rig.folder, '.layerline/cache/runs'), (warning) =>
      expect.unreachable(warning.message),
    );
    const { fingerprint } = cache.list('visualize')[0]!;
    const drawn = cache.find<Drawn>(fingerprint, drawnForm)!.outcome;
    cache.keep(fingerprint, runId, {
      ...drawn,
      figures: drawn.figures.map((figure) => ({ ...figure, name: `../../../../../..${outside.folder}/figure` })),
    });
    const again = await rig.run(['run', 'p.yaml']);
    expect(again.stdout).toMatch(
      /warning cache-damaged: the kept outcome of visualize cannot be used: .* figures\.0\.name cannot be what it is\n/,
    );
    expect(again.stderr).not.toMatch(/mistake in Layerline|\n +at /);
    expect(again.code).toBe(0);
  }, 120_000);
});
