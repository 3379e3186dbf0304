import { join } from 'node:path';
import { writeFileAtomic } from '../base/files.ts';
import type { TrackedRun } from './tracker.ts';

/** Writes a text among the artifacts of a run. @param path below them */
export function writeArtifact(run: TrackedRun, path: string, text: string): void {
  writeFileAtomic(join(run.artifactDirectory, path), text);
  run.artifact(path);
}
