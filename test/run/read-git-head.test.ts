import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readGitHead } from '../../src/run/read-git-head.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'layerline-git-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const git = (place: string, ...args: string[]): string =>
  execFileSync(
    'git',
    ['-c', 'user.name=A', '-c', 'user.email=a@example.org', '-c', 'protocol.file.allow=always', ...args],
    { cwd: place, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] },
  ).trim();

/** What git itself says. */
const told = (place: string) => ({
  commit: git(place, 'rev-parse', 'HEAD'),
  branch: git(place, 'rev-parse', '--abbrev-ref', 'HEAD'),
});

function repository(name = 'repository', ...options: string[]): string {
  const place = join(folder, name);
  git(folder, 'init', '-q', '-b', 'feature/one', ...options, place);
  git(place, 'commit', '-q', '--allow-empty', '-m', name);
  return place;
}

test('says what git says: of a branch, packed or not, of a folder below, detached, of 64 digits', () => {
  const place = repository();
  expect(readGitHead(place)).toEqual(told(place));
  mkdirSync(join(place, 'deep/down'), { recursive: true });
  expect(readGitHead(join(place, 'deep/down'))).toEqual(told(place));
  git(place, 'pack-refs', '--all');
  expect(readGitHead(place)).toEqual(told(place));
  git(place, 'symbolic-ref', 'refs/heads/alias', 'refs/heads/feature/one');
  git(place, 'symbolic-ref', 'HEAD', 'refs/heads/alias');
  expect(readGitHead(place)?.commit).toBe(told(place).commit);
  git(place, 'checkout', '-q', '--detach');
  expect(readGitHead(place)).toEqual({ ...told(place), branch: 'HEAD' });
  const long = repository('long', '--object-format=sha256');
  expect(readGitHead(long)).toEqual(told(long));
});

test('says what git says of a worktree and of a submodule, whose .git is a file', () => {
  const place = repository();
  git(place, 'worktree', 'add', '-q', '-b', 'other', join(folder, 'tree'));
  git(join(folder, 'tree'), 'commit', '-q', '--allow-empty', '-m', 'two');
  expect(readGitHead(join(folder, 'tree'))).toEqual({ ...told(join(folder, 'tree')), branch: 'other' });
  git(place, 'pack-refs', '--all');
  expect(readGitHead(join(folder, 'tree'))).toEqual(told(join(folder, 'tree')));
  const inner = repository('inner');
  git(place, 'submodule', 'add', '-q', inner, 'sub');
  expect(readGitHead(join(place, 'sub'))).toEqual(told(join(place, 'sub')));
});

test('tells nothing where there is no repository, or no commit, and nothing of other files', () => {
  expect(readGitHead(folder)).toBeUndefined();
  const place = join(folder, 'new');
  git(folder, 'init', '-q', place);
  expect(readGitHead(place)).toBeUndefined();
  writeFileSync(join(folder, 'secret'), 'password');
  for (const head of ['ref: refs/heads/../../../secret', `ref: refs/heads/x`, 'password', 'ref: ../secret']) {
    writeFileSync(join(place, '.git/HEAD'), `${head}\n`);
    rmSync(join(place, '.git/refs/heads/x'), { force: true });
    symlinkSync(join(folder, 'secret'), join(place, '.git/refs/heads/x'));
    expect(readGitHead(place)).toBeUndefined();
  }
  rmSync(join(place, '.git/HEAD'));
  execFileSync('mkfifo', [join(place, '.git/HEAD')]);
  expect(readGitHead(place)).toBeUndefined();
});
