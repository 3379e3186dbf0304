import { afterAll, describe, expect, test } from 'vitest';
import { shortDoc } from '../../src/commands/list.ts';
import { kinds, membersOf } from '../../src/language/schema/catalogue.ts';
import { tables } from '../../src/language/schema/pipeline-schema.ts';
import { Rig } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

test('every table and the figures are listed, each member with doc and example', async () => {
  const { stdout, code } = await rig.run(['list']);
  expect(code).toBe(0);
  for (const kind of [...Object.keys(tables).map((name) => name.replace(' ', '')), 'figure'])
    expect(stdout).toMatch(new RegExp(`^${kind} `, 'm'));
  for (const member of kinds.flatMap(membersOf)) {
    expect(member.doc).not.toBe('');
    expect(member.example).toContain(member.kind === 'cell' ? '' : member.name);
    for (const { type, description } of member.options)
      expect(`${type} ${description}`).not.toMatch(/undefined|\[object/);
  }
});

test('a layer is shown by any of its names, with every option', async () => {
  const { stdout } = await rig.run(['list', 'layer', 'conv']);
  expect(stdout).toContain('conv2d (layer)');
  expect(stdout).toContain('Other names\n  conv\n');
  expect(stdout).toContain('conv HEIGHTxWIDTHxFILTERS');
  expect(stdout).toContain('filters: a whole number >= 1; required\n      Number of output channels.');
  expect(stdout).toContain('padding: one of `valid`, `same`; default valid');
  expect(stdout).toContain('Example\n  conv2d: {');
  expect(stdout.split('\n').every((line) => line.length <= 100 || line.startsWith('  conv '))).toBe(true);
});

test('an option that may be left out is told from one that must be given', async () => {
  const { stdout } = await rig.run(['list', 'schedule', 'cosine']);
  expect(stdout).toContain('  epochs: a number > 0; optional\n');
});

test('a short description is a whole sentence, names in it or not', () => {
  expect(shortDoc('Less for what is right already (Lin et al. 2017). And more.')).toBe(
    'Less for what is right already (Lin et al. 2017).',
  );
  expect(shortDoc('The mean; of all.')).toBe('The mean.');
});

test('--json gives the same as data', async () => {
  const member = JSON.parse((await rig.run(['list', 'optimizer', 'adam', '--json'])).stdout) as {
    name: string;
    options: { name: string; default?: unknown }[];
  };
  expect(member.name).toBe('adam');
  expect(member.options.find(({ name }) => name === 'beta1')?.default).toBe(0.9);
  expect((JSON.parse((await rig.run(['list', '--json'])).stdout) as Record<string, string[]>)['dataset']).toContain(
    'mnist',
  );
});

describe('a wrong name', () => {
  test.each([
    [['list', 'optimisers'], 'Did you mean `optimizer`?'],
    [['list', 'layers'], 'Did you mean `layer`?'],
    [['list', 'dense'], 'pipeline list layer dense'],
    [['list', 'layer', 'covn'], 'Did you mean `conv`?'],
    [['list', 'figure', 'confusion'], 'Did you mean `confusionMatrix`?'],
  ])('%j: %s', async (args, hint) => {
    const { code, stderr, stdout } = await rig.run(args);
    expect(code).toBe(2);
    expect(stderr).toContain(hint);
    expect(stdout).toBe('');
  });
});
