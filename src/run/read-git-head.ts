import { readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** What a repository's HEAD is. */
export interface GitHead {
  /** The hash, in hexadecimal digits. */
  readonly commit: string;
  /** `HEAD` where no branch is checked out, as git has it. */
  readonly branch: string;
}

/**
 * The commit and the branch that a folder is at, read from the repository's files: git itself runs what the
 * repository's own configuration names, and that may be anyone's. Undefined where there is no repository, or no commit
 * yet.
 */
export function readGitHead(folder: string): GitHead | undefined {
  const git = gitFolder(resolve(folder));
  if (git === undefined) return undefined;
  // Of a worktree, the branches are in the folder of the whole repository.
  const shared = resolve(git, readSmall(join(git, 'commondir')) ?? '.');
  const head = readSmall(join(git, 'HEAD'));
  const commit = commitOf(head, [git, shared]);
  if (commit === undefined) return undefined;
  return { commit, branch: branchName.exec(head!)?.[1] ?? 'HEAD' };
}

// Nothing else is looked up, and so nothing else is told: what is no such name, or no hash, may be any file's content.
const branchName = /^ref: refs\/heads\/((?!.*\.\.)[^\s\0\\:?*[~^]+)$/;
const hash = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

/** `.git` of a folder or of one above it; a worktree and a submodule have a file there, which names the folder. */
function gitFolder(folder: string): string | undefined {
  const here = join(folder, '.git');
  if (readSmall(join(here, 'HEAD')) !== undefined) return here;
  const named = /^gitdir: (.+)$/.exec(readSmall(here) ?? '')?.[1];
  if (named !== undefined) return resolve(folder, named);
  return dirname(folder) === folder ? undefined : gitFolder(dirname(folder));
}

/** @param places where the file of a branch may be */
function commitOf(head: string | undefined, places: readonly string[], depth = 0): string | undefined {
  if (head === undefined || hash.test(head)) return head;
  const name = branchName.exec(head)?.[1];
  // A branch may be another name of one.
  if (name === undefined || depth > 5) return undefined;
  const loose = places.map((place) => readSmall(join(place, 'refs/heads', name))).find((text) => text !== undefined);
  if (loose !== undefined) return commitOf(loose, places, depth + 1);
  const packed = readSmall(join(places.at(-1)!, 'packed-refs'))
    ?.split('\n')
    .find((line) => line.endsWith(` refs/heads/${name}`));
  return packed === undefined ? undefined : commitOf(packed.split(' ')[0], places, depth + 1);
}

/** Refs of a large repository take some megabytes. */
const limit = 64e6;

/** The text of a plain file, without the end of its last line; undefined where there is none, or it cannot be read. */
function readSmall(path: string): string | undefined {
  try {
    const stat = statSync(path);
    return stat.isFile() && stat.size <= limit ? readFileSync(path, 'utf8').trimEnd() : undefined;
  } catch {
    return undefined;
  }
}
