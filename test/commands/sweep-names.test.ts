import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Diagnostic } from '../../src/base/diagnostics.ts';
import { findRun } from '../../src/models/find-run.ts';
import { sweepFingerprint } from '../../src/tracking/sweep-tags.ts';
import { Rig } from '../rig.ts';
import { plantRun } from './plant-run.ts';

const rig = new Rig();
afterAll(() => rig.remove());

const id = (beginning: string) => beginning.padEnd(32, '0');
const text = 'sweep: ./p.yaml\n';

/** Plants a sweep of trials with these states: `3` finished, `4` failed, `5` killed. */
function plantSweep(
  beginning: string,
  file: string,
  { status = 3, best, trials }: { status?: number; best?: number; trials: readonly number[] },
): void {
  const minutes = Number.parseInt(beginning, 16);
  plantRun(rig, id(beginning), {
    name: `sweep ${beginning}`,
    status,
    minutes,
    tags: {
      'pipeline.layerline': '',
      'mlflow.source.name': file,
      'layerline.sweep': beginning,
      'layerline.sweep_sha256': sweepFingerprint(text),
      'layerline.best_trial': String(best ?? ''),
      // Another machine's, as a server has it.
      'layerline.best': best === undefined ? '' : id('9'),
    },
  });
  trials.forEach((state, k) =>
    plantRun(rig, id(`${beginning}${k + 1}`), {
      status: state,
      minutes: minutes + (k + 1) / 10,
      tags: {
        'mlflow.source.name': 'p.yaml',
        'mlflow.parentRunId': id(beginning),
        'layerline.sweep': beginning,
        'layerline.trial': String(k + 1),
      },
      metrics: { val_accuracy: [k / 10] },
    }),
  );
}

beforeAll(() => {
  for (const file of ['s.yaml', 'edited.yaml', 'open.yaml', 'none.yaml', 'failed.yaml', 'busy.yaml', 'other.yaml'])
    rig.write(file, text);
  rig.write('edited.yaml', `${text}trials: 9\n`);
  for (const file of ['p.yaml', 'q.yaml']) rig.write(file, 'name: p\n');
  plantRun(rig, id('1'), { minutes: 1, tags: { 'mlflow.source.name': 'q.yaml' } });
  plantSweep('a', 's.yaml', { best: 2, trials: [3, 3, 5] });
  plantSweep('b', 'edited.yaml', { best: 1, trials: [3] });
  plantSweep('c', 'open.yaml', { status: 5, best: 1, trials: [3, 5] });
  plantSweep('d', 'none.yaml', { status: 5, best: 1, trials: [5] });
  plantSweep('e', 'failed.yaml', { status: 4, trials: [4] });
  plantSweep('f', 'busy.yaml', { status: 1, trials: [1] });
});

const find = async (reference: string) => {
  const before = process.cwd();
  const warnings: string[] = [];
  const warn = ({ code, message, hint }: Diagnostic) => warnings.push(`${code}: ${message} ${hint}`);
  process.chdir(rig.folder);
  try {
    const place = { runs: 'runs', trackingUri: undefined };
    const { runId } = await findRun(reference, place, { warn, signal: new AbortController().signal });
    return { runId, warnings };
  } finally {
    process.chdir(before);
  }
};

test.each([
  ['its file', 's.yaml', 'a2', undefined],
  ['the id of its own run', id('a'), 'a2', undefined],
  ['the newest that is done', 'last', 'b1', undefined],
  ['before it the one before', 'last~1', 'a2', undefined],
  ['then the single run', 'last~2', '1', undefined],
  ['an edited file', 'edited.yaml', 'b1', /^sweep-file-edited: .*pipeline sweep edited\.yaml/],
  ['one that was interrupted', 'open.yaml', 'c1', /^sweep-under-way: .* was interrupted.*trial 1.*open\.yaml/],
])('a sweep, by %s, is the run of its best trial', async (_, reference, found, warned) => {
  const { runId, warnings } = await find(reference);
  expect(runId).toBe(id(found));
  expect(warnings).toEqual(warned === undefined ? [] : [expect.stringMatching(warned)]);
});

test.each([
  ['none.yaml', 'sweep-without-best', /was interrupted/, /pipeline sweep none\.yaml/],
  ['failed.yaml', 'sweep-without-best', /no trial/, /pipeline report e00000000000/],
  ['busy.yaml', 'sweep-without-best', /under way/, /wait/],
  ['other.yaml', 'unknown-run', /no sweep of other\.yaml/, /`pipeline sweep other\.yaml` makes one/],
  ['p.yaml', 'unknown-run', /no finished run of p\.yaml but trials of a sweep/, /name the sweep.*`busy\.yaml`/],
  ['best:s.yaml', 'unrecorded-metric', /followed by a metric/, /`s\.yaml`/],
  ['open.yml', 'unknown-run', /there is no file open\.yml/, /did you mean `open\.yaml`/],
])('%s is told what is wrong, and the way out', async (reference, code, message, hint) => {
  await expect(find(reference)).rejects.toMatchObject({
    diagnostics: [{ code, message: expect.stringMatching(message), hint: expect.stringMatching(hint) }],
  });
});

test('the report of a sweep is its own', async () => {
  rig.write(`runs/7/${id('a')}/artifacts/report.html`, 'of the sweep');
  const { code, stdout, stderr } = await rig.run(['report', 's.yaml', '--out', 'r.html']);
  expect(code, stderr).toBe(0);
  expect(stdout).toContain(id('a'));
  expect(rig.read('r.html')).toBe('of the sweep');
});

test('the report of a file that repeats itself is that of its repetitions, and the parent has no model', async () => {
  const parent = id('2a');
  rig.write('r.yaml', 'repeat: 2\n');
  plantRun(rig, parent, {
    minutes: 30,
    tags: { 'mlflow.source.name': 'r.yaml', 'pipeline.layerline': '', 'pipeline.repetitions': '2 repetitions' },
  });
  plantRun(rig, id('2b'), { minutes: 31, tags: { 'mlflow.source.name': 'r.yaml', 'mlflow.parentRunId': parent } });
  rig.write(`runs/7/${parent}/artifacts/report.html`, 'of all');
  const { stdout } = await rig.run(['report', 'r.yaml', '--out', 'all.html']);
  expect(stdout).toContain(parent);
  const { code, stderr } = await rig.run(['export', parent, '--to', 'npz']);
  expect(code).toBe(1);
  expect(stderr).toContain('is above 2 repetitions and has no model of its own');
});
