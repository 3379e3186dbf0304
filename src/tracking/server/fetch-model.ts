import { createWriteStream, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { failure } from '../../base/diagnostics.ts';
import { besideName, makeFolder, removeLeftovers, syncFolder } from '../../base/files.ts';
import { ownFolder } from '../../base/own-folder.ts';
import { showBytes } from '../../base/quantities.ts';
import { readFileWithin } from '../../base/read-file.ts';
import { artifactPath } from '../store/run-folder.ts';
import type { MlflowClient } from './mlflow-client.ts';

/** Bytes that a model may have, with all that is beside it. */
const mostBytes = 16e9;

/**
 * Fetches the model of a server's run into `.layerline/models/RUN/` of the folder that one works in, where it is not
 * there yet: whole, or not at all. What it is, its own hashes prove when it is loaded.
 *
 * @param runId as a server has it
 * @param weights the hash of the weights that the run has recorded; left out: nothing that is there is taken
 * @returns the folder of the model; undefined where the run has none
 * @throws RequestError; UserError where it is too large; the file system's own error
 */
export async function fetchModel(
  client: MlflowClient,
  runId: string,
  weights: string | undefined,
  signal: AbortSignal,
): Promise<string | undefined> {
  const models = ownFolder('.', '.layerline', 'models');
  const kept = join(models, runId);
  // A folder that comes with a project may hold any model under the run's id.
  if (weights !== undefined && weightsIn(kept) === weights) return join(kept, 'model');
  const files = await client.filesIn(runId, 'model', signal);
  if (!files.some(({ path }) => path === 'model/model.json')) return undefined;
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  if (bytes > mostBytes)
    throw failure(
      'model-too-large',
      `the model of the run ${runId} has ${showBytes(bytes)}, more than ${showBytes(mostBytes)}`,
      'Fetch it with MLflow, and name the folder that it is in.',
    );
  makeFolder(models);
  removeLeftovers(models, `.${runId}`);
  const aside = join(models, besideName(`.${runId}`));
  try {
    let left = mostBytes;
    for (const path of ['config/resolved.yaml', ...files.map((file) => file.path)]) {
      const target = artifactPath(aside, path);
      makeFolder(dirname(target));
      const counted = async function* () {
        for await (const piece of client.receiveArtifact(runId, path, left, signal)) {
          left -= piece.length;
          yield piece;
        }
      };
      await pipeline(counted, createWriteStream(target, { flags: 'wx', flush: true }), { signal });
    }
    rmSync(kept, { recursive: true, force: true });
    renameSync(aside, kept);
    syncFolder(models);
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error)) throw error;
    throw failure(
      'model-not-fetched',
      `the model of the run ${runId} cannot be written to ${models}: ${error.message}`,
      'Make it writable and make room there.',
      error,
    );
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
  return join(kept, 'model');
}

/** The hash of its weights that the model of a folder says, which its loading proves; undefined where there is none. */
function weightsIn(folder: string): string | undefined {
  try {
    const text = new TextDecoder().decode(readFileWithin(join(folder, 'model/model.json'), 100e6));
    return /"weightsSha256":\s*"([0-9a-f]{64})"/.exec(text)?.[1];
  } catch {
    return undefined;
  }
}
