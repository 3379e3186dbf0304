import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Rig } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

const hostile = '=1+1<b>';
const penguins = readFileSync(join(import.meta.dirname, '../../pipelines/data/penguins.csv'), 'utf8').replaceAll(
  'Adelie',
  hostile,
);
const lines = penguins.trimEnd().split('\n');
/** Lines of the file, counted from 1, that get another species. */
const wrong = new Set([11, 51, 101, 171, 231, 301]);
const flipped = lines.map((line, i) => {
  if (!wrong.has(i + 1)) return line;
  return line.includes('Gentoo') ? line.replace('Gentoo', 'Chinstrap') : line.replace(/=1\+1<b>|Chinstrap/, 'Gentoo');
});

const pipeline = (file: string) => `name: penguins
seed: 1
data:
  source:
    csv:
      file: ${file}
      targets: { species: ['${hostile}', Chinstrap, Gentoo] }
      features: { input: [bill_length_mm, bill_depth_mm, flipper_length_mm, body_mass_g] }
  split: { validation: 0 }
model:
  layers: [dense 16 relu, dense 3]
visualize: { figures: [] }
train: { epochs: 15, batchSize: 16, optimizer: { adam: { learningRate: 0.01 } }, loss: softmaxCrossEntropy }
`;

interface Told {
  readonly type: string;
  readonly artifactDirectory?: string;
  readonly diagnostic?: { readonly code: string; readonly message: string };
}

async function run(name: string, csv: readonly string[]) {
  rig.write(`${name}.csv`, `${csv.join('\n')}\n`);
  rig.write(`${name}.yaml`, pipeline(`${name}.csv`));
  const { code, stdout, stderr } = await rig.run(['run', `${name}.yaml`, '--json']);
  expect([code, stderr.replaceAll(/^.*absl.*\n/gm, '')]).toEqual([0, '']);
  const events = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Told);
  return events.flatMap(({ diagnostic }) => diagnostic ?? []).filter(({ code: one }) => one === 'suspect-labels');
}

let told: Awaited<ReturnType<typeof run>>;
beforeAll(async () => {
  told = await run('wrong', flipped);
}, 240_000);

interface Labels {
  readonly watched: boolean;
  readonly labels: readonly {
    readonly target: string;
    readonly suspects: number;
    readonly ranking: readonly { readonly place: { readonly file: string; readonly line: number } }[];
  }[];
}

test('a run warns of labels that its training worked against, and data --run shows them with their lines', async () => {
  expect(told).toHaveLength(1);
  const { code, stdout } = await rig.run(['data', '--run', 'last', '--json']);
  expect(code).toBe(0);
  const { watched, labels } = JSON.parse(stdout) as Labels;
  expect([watched, labels.length, labels[0]!.target]).toEqual([true, 1, 'species']);
  const [{ suspects, ranking }] = labels as [Labels['labels'][number]];
  const places = ranking.map(({ place }) => place).slice(0, suspects);
  expect(places.every(({ file, line }) => file === 'wrong.csv' && wrong.has(line))).toBe(true);
  expect(told[0]!.message).toContain(`wrong.csv, line ${places[0]!.line} (`);
  const shown = await rig.run(['data', '--run', 'wrong.yaml']);
  expect(shown.stdout).toMatch(/^labels {4}\d of \d+ of species are likely wrong$/m);
  expect(shown.stdout).toContain(`          wrong.csv, line ${places[0]!.line}: `);
});

test('the table of them holds no formula, and the report no markup of the data', () => {
  const csv = readdirSync(join(rig.folder, 'runs'), { recursive: true, encoding: 'utf8' }).find((path) =>
    path.endsWith('suspect-labels.csv'),
  )!;
  const folder = join('runs', csv, '../..');
  const table = rig.read(join(folder, 'data/suspect-labels.csv'));
  expect(table).toMatch(/^target,rank,suspect,file,line,sample,label,predicted,margin\nspecies,1,yes,wrong\.csv,\d+,,/);
  expect(table).toContain("'=1+1<b>");
  expect(table).not.toMatch(/(^|,)=/m);
  const report = rig.read(join(folder, 'report.html'));
  expect(report).toContain('<h2>Labels to look at</h2>');
  expect(report).toContain('=1+1&lt;b&gt;');
  expect(report).not.toContain('=1+1<b>');
});

test('nothing is told of penguins as they are', async () => {
  expect(await run('clean', lines)).toEqual([]);
  const { stdout } = await rig.run(['data', '--run', 'last']);
  expect(stdout).toBe('labels    none is suspect\n');
}, 240_000);

test('a run and a file together are refused', async () => {
  const { code, stderr } = await rig.run(['data', 'clean.yaml', '--run', 'last']);
  expect([code, stderr]).toEqual([2, expect.stringContaining('data-of-run')]);
});
