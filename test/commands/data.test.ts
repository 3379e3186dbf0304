import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { Rig } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

const penguins = join(import.meta.dirname, '../../pipelines/data/penguins.csv');
const pipeline = `name: penguins
seed: 1
data:
  source:
    csv:
      file: p.csv
      targets: { species: [Adelie, Chinstrap, Gentoo] }
      features: { input: [bill_length_mm, bill_depth_mm, flipper_length_mm, body_mass_g] }
  split: { validation: 0.2 }
model:
  layers: [dense 3]
train: { epochs: 1, batchSize: 32, optimizer: adam, loss: softmaxCrossEntropy }
visualize: { figures: [] }
`;

const clean = readFileSync(penguins, 'utf8');
beforeEach(() => {
  rig.write('p.csv', clean);
  rig.write('p.yaml', pipeline);
});

test('what data holds is shown, with no finding in penguins', async () => {
  const { code, stdout, stderr } = await rig.run(['data', 'p.yaml', '--sheet', 'sheets/p.svg']);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toContain('samples   214 training, 53 validation, 66 test\n');
  expect(stdout).toMatch(/^ +bill_length_mm +32\.1 to 59\.6$/m);
  expect(stdout).toMatch(/^ +Gentoo +76 +19 +24$/m);
  expect(stdout).toMatch(/^findings {2}none$/m);
  const sheet = rig.read('sheets/p.svg');
  for (const species of ['Adelie', 'Chinstrap', 'Gentoo']) expect(sheet.split(`>${species}</text>`).length).toBe(4);
  const wrong = await rig.run(['data', 'p.yaml', '--sheet', 'p.pdf']);
  expect([wrong.code, wrong.stderr]).toEqual([2, expect.stringContaining('error sheet-format')]);
});

test('findings are warnings with their lines, for people and as JSON', async () => {
  const lines = clean.trimEnd().split('\n');
  rig.write('p.csv', `${[...lines, lines[19]!.replace('Adelie', 'Gentoo')].join('\n')}\n`);
  const shown = await rig.run(['data', 'p.yaml']);
  expect(shown.code).toBe(0);
  expect(shown.stdout).toContain('warning one-input-two-labels: 1 sample has the inputs of another');
  const { code, stdout } = await rig.run(['data', 'p.yaml', '--json']);
  expect(code).toBe(0);
  const told = JSON.parse(stdout) as {
    samples: object;
    findings: readonly { code: string; places: readonly object[] }[];
  };
  expect(told.samples).toEqual({ training: 215, validation: 53, test: 66 });
  const finding = told.findings.find((one) => one.code === 'one-input-two-labels')!;
  expect(finding).toMatchObject({ severity: 'warning' });
  expect(finding.places).toEqual(
    expect.arrayContaining([
      { file: 'p.csv', line: 20 },
      { file: 'p.csv', line: 335 },
    ]),
  );
});

test('what a run would refuse ends it with 1, a mistake of the file with 2', async () => {
  rig.write(
    'p.csv',
    clean.replace(/\n[^\n,]*,[^\n,]*,[\d.]+/, (start) => start.replace(/[\d.]+$/, '')),
  );
  const shown = await rig.run(['data', 'p.yaml']);
  expect([shown.code, shown.stdout]).toEqual([1, '']);
  expect(shown.stderr).toContain('error missing-values: ');
  expect(shown.stderr).toContain('line 2');
  const { code, stdout, stderr } = await rig.run(['data', 'p.yaml', '--json']);
  expect([code, stderr]).toEqual([1, '']);
  expect(JSON.parse(stdout)).toMatchObject({ findings: [{ code: 'missing-values', severity: 'error' }] });
  rig.write('p.yaml', pipeline.replace('adam', 'adma'));
  expect((await rig.run(['data', 'p.yaml'])).code).toBe(2);
});

test('a run tells each finding once and keeps all with the digests of its data', async () => {
  const lines = clean.trimEnd().split('\n');
  rig.write('p.csv', `${[...lines, lines[19]!.replace('Adelie', 'Gentoo')].join('\n')}\n`);
  const { code, stderr, stdout } = await rig.run(['run', 'p.yaml']);
  expect(code).toBe(0);
  expect(`${stdout}${stderr}`.match(/one-input-two-labels/g)).toHaveLength(1);
  const experiment = readdirSync(join(rig.folder, 'runs')).find((name) => /^\d{2,}/.test(name));
  const run = readdirSync(join(rig.folder, 'runs', experiment!)).find((name) => /^[0-9a-f]{32}$/.test(name));
  const kept = JSON.parse(rig.read(`runs/${experiment}/${run}/artifacts/data/findings.json`)) as object;
  expect(kept).toMatchObject({
    digests: { training: expect.stringMatching(/^[0-9a-f]{36}$/) as unknown },
    alike: 1,
    findings: [{ code: 'one-input-two-labels', severity: 'warning' }],
  });
});
