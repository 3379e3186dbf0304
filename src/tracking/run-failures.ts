import { type UserError, failure } from '../base/diagnostics.ts';

/** There is no run of an id. */
export function unknownRun(runId: string, where: string): UserError {
  return failure(
    'unknown-run',
    `${where} has no run ${runId}`,
    '`pipeline runs` lists those that there are; name the server with --tracking-uri, or the folder with --runs',
  );
}

/** A run lacks a file. */
export function noArtifact(runId: string, path: string, error: Error): UserError {
  return failure(
    'no-artifact',
    `the run ${runId} has no artifact ${path}: ${error.message}`,
    'only runs of this program that recorded it can be used so',
    error,
  );
}
