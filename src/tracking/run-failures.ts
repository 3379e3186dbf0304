import { type UserError, failure } from '../base/diagnostics.ts';
import { shellWord } from '../base/shell-word.ts';
import { shorten } from '../base/shorten.ts';

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

/**
 * A run has no model.
 *
 * @param state how far it is
 * @param file the pipeline file that it is of; left out: it is of no run of this machine's
 */
export function noModel(runId: string, state: string, file?: string): UserError {
  const isUnderWay = ['RUNNING', 'SCHEDULED'].includes(state);
  const goesOn =
    file === undefined || !(isUnderWay || state === 'KILLED')
      ? ''
      : `${isUnderWay ? 'If it was interrupted' : 'Where it can go on'}, ` +
        `\`pipeline run ${shellWord(shorten(file, 200))}\` goes on with it. `;
  return failure(
    'no-model',
    `the run ${runId} has no model: it is ${state}`,
    isUnderWay
      ? `${goesOn}Wait for its end, or name another: \`pipeline runs\`.`
      : `${goesOn}Name another: \`pipeline runs\` lists them.`,
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
