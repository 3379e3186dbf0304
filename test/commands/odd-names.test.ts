import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { findInputs } from '../../src/models/read-inputs.ts';
import { Rig } from '../rig.ts';

const rig = new Rig();
afterAll(() => rig.remove());

const names = [
  ['below a file', 'file.txt/x'],
  ['too long for a name', 'x'.repeat(5000)],
] as const;

test.each(names)('a run, a file and an input that are called %s are not there', async (_, name) => {
  rig.write('file.txt', 'text');
  expect((await rig.run(['export', name, '--to', 'npz'])).stderr).toContain('error unknown-run');
  expect((await rig.run(['run', name])).stderr).toMatch(/error (no|unreadable)-file/);
  await expect(findInputs([join(rig.folder, name)], new AbortController().signal)).rejects.toThrow('there is no');
});
