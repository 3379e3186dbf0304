import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type StarterName, starterText, starters } from '../../src/commands/starters.ts';
import { Rig } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

describe.each(Object.keys(starters))('pipeline init %s', (kind) => {
  test('writes a file in which nothing is wrong, and which names the schema that is there', async () => {
    const { code, stdout } = await rig.run(['init', kind, `files/${kind}.yaml`]);
    expect(code).toBe(0);
    expect(stdout).toContain(`wrote files/${kind}.yaml`);
    const { stdout: said, stderr } = await rig.run(['validate', `files/${kind}.yaml`]);
    expect([said.split('\n')[0], stderr]).toEqual([`ok files/${kind}.yaml`, '']);
    const [, schema] = /\$schema=(\S+)/.exec(rig.read(`files/${kind}.yaml`))!;
    expect(existsSync(schema!.startsWith('file:') ? new URL(schema!) : join(rig.folder, 'files', schema!))).toBe(true);
  });

  test('what it writes fits the width of a screen, but for the way to files of the program', () => {
    const lines = starterText(kind as StarterName, kind, 'schema.json', (file) => file).split('\n');
    expect(lines.filter((line) => line.length > 120)).toEqual([]);
  });

  test('never writes over a file', async () => {
    rig.write(`mine-${kind}.yaml`, 'mine');
    const { code, stderr } = await rig.run(['init', kind, `mine-${kind}.yaml`]);
    expect(code).toBe(1);
    expect(stderr).toContain('exists already');
    expect(rig.read(`mine-${kind}.yaml`)).toBe('mine');
  });
});

test('without a kind, and without a file', async () => {
  expect((await rig.run(['init', 'digits.yaml'])).code).toBe(0);
  expect(rig.read('digits.yaml')).toContain('name: digits');
  expect((await rig.run(['init'])).code).toBe(0);
  expect(rig.read('pipeline.yaml')).toContain('dense 128 relu');
});

test.each([
  [['init', 'imags'], 'Did you mean `images`?'],
  [['init', 'images', 'net.json'], 'Write net.yaml.'],
  [['init', 'images', `${dirname('x')}/pipeline.yaml/x.yaml`], 'cannot be written'],
])('%j', async (args, said) => {
  rig.write('pipeline.yaml', 'a file, not a folder');
  const { stderr, code } = await rig.run(args);
  expect(code).toBeGreaterThan(0);
  expect(stderr).toContain(said);
});

describe('completion', () => {
  const ofBash = rig.run(['completion', 'bash']);
  /** What bash offers after these words. */
  const offers = async (...words: string[]): Promise<string[]> => {
    const script =
      `${(await ofBash).stdout}\nCOMP_WORDS=(pipeline "$@"); COMP_CWORD=${words.length}; _pipeline; ` +
      `printf '%s\\n' "\${COMPREPLY[@]}"`;
    return execFileSync('bash', ['-c', script, 'bash', ...words], { encoding: 'utf8', cwd: rig.folder })
      .trim()
      .split('\n');
  };

  test('bash completes commands, options, kinds and files', async () => {
    rig.write('nets/a.yaml', '');
    rig.write('nets/b.txt', '');
    expect(await offers('va')).toEqual(['validate']);
    expect(await offers('run', '--tr')).toEqual(['--tracking-uri', '--trust-tracking']);
    expect(await offers('list', 'opt')).toEqual(['optimizer']);
    expect(await offers('init', '')).toEqual([...Object.keys(starters), 'sweep']);
    expect(await offers('completion', 'f')).toEqual(['fish']);
    expect(await offers('run', 'nets/')).toEqual(['nets/a.yaml']);
    expect(await offers('run', '--json', 'ne')).toEqual(['nets']);
  });

  test.each(['zsh', 'fish'])('%s names every command and its options', async (shell) => {
    const { stdout } = await rig.run(['completion', shell]);
    for (const word of ['validate', 'completion', 'tracking-uri', 'classifier', 'optimizer'])
      expect(stdout).toContain(word);
    expect(stdout).not.toMatch(/undefined|\[object/);
  });

  test('another shell is refused', async () => {
    expect((await rig.run(['completion', 'tcsh'])).code).toBe(2);
  });
});

test('names the next command as a shell takes it', async () => {
  expect((await rig.run(['init', 'classifier', "it's mine.yaml"])).stdout).toBe(
    "wrote it's mine.yaml\nnext: npx pipeline run 'it'\\''s mine.yaml' --smoke\n",
  );
});
