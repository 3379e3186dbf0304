import { existsSync, readdirSync, readFileSync, truncateSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Rig, convolutional, digitsPipeline, eventsOf } from '../rig.ts';

const rig = new Rig();
beforeAll(() => rig.writeDigits());
afterAll(() => rig.remove());

/** The run's folder in a store that holds one run. */
function onlyRun(store: string): string {
  const experiment = readdirSync(join(rig.folder, store)).find((name) => /^[1-9]\d*$/.test(name));
  const run = readdirSync(join(rig.folder, store, experiment!)).find((name) => /^[0-9a-f]{32}$/.test(name));
  return join(rig.folder, store, experiment!, run!);
}

const last = (stdout: string) => eventsOf(stdout).at(-1)!;

describe('a run', () => {
  test('trains, records and tells it in events; the same file gives the same weights to the bit', async () => {
    const text = digitsPipeline({ layers: convolutional, figures: true });
    rig.write('digits.yaml', text);
    const { code, stdout, stderr } = await rig.run(['run', 'digits.yaml', '--json', '--runs', 'first']);
    expect([code, stderr]).toEqual([0, '']);
    const types = eventsOf(stdout).map((event) => event['type']);
    expect(types.filter((type) => type === 'stage-finished')).toHaveLength(4);
    expect(types.filter((type) => type === 'epoch-finished')).toHaveLength(2);
    expect(last(stdout)).toMatchObject({
      type: 'run-finished',
      status: 'FINISHED',
      step: 'compiled',
      runId: expect.stringMatching(/^[0-9a-f]{32}$/),
      weightsSha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(Object.keys(last(stdout)['metrics'] as object).toSorted()).toEqual([
      'accuracy',
      'loss',
      'test_accuracy',
      'test_accuracy_ci_high',
      'test_accuracy_ci_low',
      'test_loss',
      'val_accuracy',
      'val_loss',
    ]);

    const run = onlyRun('first');
    expect(readFileSync(join(run, 'meta.yaml'), 'utf8')).toMatch(/^status: 3$/m);
    expect(readFileSync(join(run, 'artifacts/config/pipeline.yaml'), 'utf8')).toBe(text);
    for (const file of [
      'model/model.json',
      'model/weights.bin',
      'report.html',
      'figures/learningCurves.png',
      'config/resolved.yaml',
    ]) {
      expect(existsSync(join(run, 'artifacts', file)), file).toBe(true);
    }
    expect(readFileSync(join(run, 'metrics/val_accuracy'), 'utf8').trim().split('\n')).toHaveLength(2);

    const again = await rig.run(['run', join(run, 'artifacts/config/pipeline.yaml'), '--json', '--runs', 'second']);
    expect(again.code).toBe(2); // its data paths count from the folder of the file

    rig.write('resolved.yaml', readFileSync(join(run, 'artifacts/config/resolved.yaml')));
    const twin = await rig.run(['run', 'resolved.yaml', '--json', '--runs', 'second']);
    expect(last(twin.stdout)['weightsSha256']).toBe(last(stdout)['weightsSha256']);
  }, 60_000);

  test('plain output names what came out and where', async () => {
    rig.write('digits.yaml', digitsPipeline({ epochs: 1 }));
    const { code, stdout } = await rig.run(['run', 'digits.yaml', '--runs', 'plain']);
    expect(code).toBe(0);
    expect(stdout).toContain('step: compiled');
    expect(stdout).toMatch(
      /epoch 1\/1 {2}loss \S+ {2}accuracy \S+ {2}val_loss \S+ {2}val_accuracy \S+ {2}\d+ images\/s/,
    );
    expect(stdout).toMatch(/report +plain\/\d+\/[0-9a-f]{32}\/artifacts\/report\.html/);
    expect(stdout).not.toContain('\u001b');
  }, 30_000);

  test('Ctrl-C in mid-epoch ends it within a second, as KILLED, with exit code 130', async () => {
    rig.write('long.yaml', digitsPipeline({ epochs: 100_000, layers: convolutional, batchSize: 600 }));
    const { child, ended } = rig.start(['run', 'long.yaml', '--json', '--runs', 'killed']);
    await new Promise<void>((resolve) =>
      child.stdout.on('data', (text: string) => text.includes('"progress"') && resolve()),
    );
    const pressed = performance.now();
    child.kill('SIGINT');
    const { code, stdout, stderr } = await ended;
    expect(performance.now() - pressed).toBeLessThan(1000);
    expect(code).toBe(130);
    expect(last(stdout)).toMatchObject({ type: 'run-finished', status: 'KILLED', weightsSha256: null });
    expect(readFileSync(join(onlyRun('killed'), 'meta.yaml'), 'utf8')).toMatch(/^status: 5$/m);
    expect(stderr).not.toMatch(/\bat .*:\d+/);
  }, 30_000);

  test('compiled and eager steps learn the same', async () => {
    rig.write(
      'eager.yaml',
      `${digitsPipeline({ layers: convolutional, train: '{ sgd: { learningRate: 0.1 } }' })}  step: eager\n`,
    );
    rig.write(
      'compiled.yaml',
      `${digitsPipeline({ layers: convolutional, train: '{ sgd: { learningRate: 0.1 } }' })}  step: compiled\n`,
    );
    const [eager, compiled] = [
      await rig.run(['run', 'eager.yaml', '--json']),
      await rig.run(['run', 'compiled.yaml', '--json']),
    ];
    expect(last(eager.stdout)['step']).toBe('eager (as the file asks)');
    expect(last(compiled.stdout)['step']).toBe('compiled');
    const loss = ({ stdout }: { stdout: string }) => (last(stdout)['metrics'] as Record<string, number>)['test_loss']!;
    expect(loss(compiled)).toBeCloseTo(loss(eager), 4);
  }, 60_000);
});

describe('a run that cannot be', () => {
  const fails = async (args: readonly string[], code: number, ...said: readonly RegExp[]) => {
    const ended = await rig.run(args);
    expect(ended.code, ended.stderr).toBe(code);
    for (const text of said) expect(ended.stderr).toMatch(text);
    expect(ended.stderr).not.toMatch(/\n\s+at .*:\d+:\d+/);
    return ended;
  };

  test('missing file, no file, unknown flag, unknown command', async () => {
    await fails(['run', 'digit.yaml'], 2, /digit\.yaml/, /Did you mean digits\.yaml/);
    await fails(['run'], 2, /no pipeline file is given/, /package\.json/, /pipeline init/);
    await fails(['run', 'digits.yaml', '--epoch', '3'], 2, /unknown option '--epoch'/);
    await fails(['vaildate', 'digits.yaml'], 2, /unknown command 'vaildate'/, /Did you mean validate/);
  });

  test('damaged data: cut short, wrong format, missing, labels that do not fit', async () => {
    const other = new Rig();
    other.writeDigits(50, 20);
    const text = digitsPipeline().replace('validation: 100', 'validation: 10');
    other.write('p.yaml', text);
    truncateSync(join(other.folder, 'data/train-images'), 5000);
    const cut = await other.run(['run', 'p.yaml']);
    expect([cut.code, cut.stderr]).toEqual([
      2,
      expect.stringMatching(
        /p\.yaml:4:\d+ error idx-length: .*train-images is cut short: its header promises 39216 bytes, it has 5000/,
      ),
    ]);
    other.writeDigits(50, 20);
    other.write('data/train-labels', 'no labels at all');
    const wrong = await other.run(['run', 'p.yaml']);
    expect([wrong.code, wrong.stderr]).toEqual([
      2,
      expect.stringMatching(/p\.yaml:4:\d+ error not-idx: .*train-labels is not an idx file/),
    ]);
    other.write('p.yaml', text.replace('data/t10k-images', 'data/t10k-image'));
    const missing = await other.run(['run', 'p.yaml']);
    expect([missing.code, missing.stderr]).toEqual([
      2,
      expect.stringMatching(/p\.yaml:4:\d+ error data-file-missing: .*t10k-image does not exist/),
    ]);
    other.remove();
  }, 30_000);

  test('a loss that is no longer a number ends the run as FAILED', async () => {
    rig.write('nan.yaml', digitsPipeline({ layers: convolutional, train: '{ sgd: { learningRate: 1e30 } }' }));
    await fails(
      ['run', 'nan.yaml', '--runs', 'failed'],
      1,
      /the loss became (NaN|Infinity) in epoch 1, batch \d/,
      /learningRate/,
    );
    expect(readFileSync(join(onlyRun('failed'), 'meta.yaml'), 'utf8')).toMatch(/^status: 4$/m);
  }, 30_000);

  test('a store that is a file; a tracker that nobody answers ends nothing', async () => {
    rig.write('digits.yaml', digitsPipeline({ epochs: 1 }));
    rig.write('taken', 'a file');
    await fails(['run', 'digits.yaml', '--runs', 'taken'], 1, /taken/);
    const port = await new Promise<number>((resolve) => {
      const server = createServer().listen(0, '127.0.0.1', () => {
        const { port: free } = server.address() as { port: number };
        server.close(() => resolve(free));
      });
    });
    const ended = await rig.run([
      'run',
      'digits.yaml',
      '--tracking-uri',
      `http://user:secret@127.0.0.1:${port}`,
      '--runs',
      'undelivered',
    ]);
    expect(ended.code).toBe(0);
    expect(ended.stdout).toMatch(new RegExp(`warning tracker-unreachable: .*127\\.0\\.0\\.1:${port} did not answer`));
    expect(ended.stdout).toMatch(
      /warning not-delivered: not delivered yet: .*metric values \(\d+\).*\n.*pipeline sync --to http:\/\/127/,
    );
    expect(ended.stderr + ended.stdout).not.toContain('secret');
    expect(ended.stdout).toMatch(
      new RegExp(
        `recorded in {4}undelivered \\(run [0-9a-f]{32}\\); http://127\\.0\\.0\\.1:${port} does not have all of it yet`,
      ),
    );
    const sync = await rig.run(['sync', '--runs', 'undelivered', '--to', `http://127.0.0.1:${port}`]);
    expect([sync.code, sync.stdout]).toEqual([
      1,
      expect.stringMatching(/^run [0-9a-f]{32}: 0 things delivered to http.*; \d+ wait\n$/),
    ]);
    expect(sync.stderr).toMatch(/ECONNREFUSED/);
    const earlier = await rig.run(['run', 'digits.yaml', '--smoke', '--json', '--runs', 'undelivered']);
    expect(earlier.stdout).toMatch(/1 earlier run waits for http:\/\/127\.0\.0\.1/);
    expect(last(earlier.stdout)['type']).toBe('run-finished');
  }, 60_000);
});
