import { type Source, UserError, failure } from '../base/diagnostics.ts';
import { type ReadResult, readPipeline } from './read-pipeline.ts';
import { parseYaml } from './syntax/parse-yaml.ts';
import { entryOf } from './syntax/source-tree.ts';

/** A pipeline as a run has recorded it. */
export type RecordedPipeline = ReadResult & { readonly pipeline: NonNullable<ReadResult['pipeline']> };

/**
 * Reads the pipeline that a run has recorded, by itself: whoever wrote it is not known.
 *
 * @param settings laid over it, such as `evaluate.metrics=[f1]`
 * @throws UserError where it has a mistake, or leads to another file
 */
export function readRecorded(source: Source, settings: readonly string[] = []): RecordedPipeline {
  const { root } = parseYaml(source);
  if (root !== undefined && entryOf(root, 'extends') !== undefined)
    throw failure(
      'not-resolved',
      'the pipeline that the run has recorded extends another file',
      'none that this program recorded does: do not trust the run',
    );
  const { pipeline, ...read } = readPipeline(source, settings);
  // With a mistake in it, too, the data would be looked at.
  if (pipeline === undefined) throw new UserError(read.diagnostics, 2);
  return { ...read, pipeline };
}
