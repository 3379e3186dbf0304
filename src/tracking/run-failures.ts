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

/** A run has no model. @param state how far it is */
export function noModel(runId: string, state: string): UserError {
  const isUnderWay = ['RUNNING', 'SCHEDULED'].includes(state);
  return failure(
    'no-model',
    `the run ${runId} has no model: it is ${state}`,
    isUnderWay ? 'Wait for its end, or name another: `pipeline runs`.' : 'Name another: `pipeline runs` lists them.',
  );
}

/** There is no such registered model, version or alias. @param known those that there are */
export function unknownVersion(message: string, known: readonly string[] = []): UserError {
  return failure(
    'unknown-model-version',
    message,
    known.length === 0
      ? '`pipeline register RUN --name NAME` registers the model of a run'
      : `there ${known.length === 1 ? 'is' : 'are'} ${known.slice(0, 10).join(', ')}`,
  );
}
