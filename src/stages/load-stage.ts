import { dirname } from 'node:path';
import { failure, warning } from '../base/diagnostics.ts';
import { changesBetween } from '../cache/explain-changes.ts';
import { type DataHashes, machinePart, section } from '../cache/fingerprints.ts';
import { hashFiles } from '../cache/hash-files.ts';
import { withoutAddresses } from '../datasets/files/data-file.ts';
import { decoderVersions } from '../datasets/pictures/decode-photo.ts';
import { datasetRow } from '../datasets/datasets.ts';
import type { CheckedPipeline } from '../plan/check-pipeline.ts';
import { findingsOfCheck, findingsOfReading } from './data-findings.ts';
import { type DataRecord, dataRecordForm, describeData, recordData } from './data-record.ts';
import { type LoadedData, load } from './load.ts';
import type { Stage, StageContext } from './stage.ts';

/** Reads the data. What is kept of it is its record: the data itself is on the disk anyway. */
export const loadStage: Stage<'load', DataRecord> = {
  name: 'load',
  dependsOn: {
    layerline: machinePart('program', 'another version may read, compute or draw otherwise'),
    node: machinePart('node', 'Math.exp, Math.cos and sorting are those of its V8'),
    seed: section('seed', 'all randomness comes from it: split, first weights, order, dropout, images shown', {
      withoutPace: true,
    }),
    data: {
      ...section('data', 'what is learnt from, and how it is divided', {
        withoutPace: ['split'],
        withoutEffect: { memory: 'whether samples are in memory or on the disk' },
      }),
      value: ({ resolved }) => withoutAddresses(resolved['data']),
    },
    file: {
      reason: 'its bytes, as its name and its time tell nothing of them',
      value: ({ dataFiles }) => {
        const { [decoderKey]: _, ...files } = dataFiles;
        return files;
      },
    },
    decoder: {
      reason: 'what a JPEG file decodes to, or a picture is resized to, depends on it',
      value: ({ dataFiles: { [decoderKey]: versions } }) => (versions === undefined ? {} : { versions }),
    },
  },
  needs: [],
  usesEngine: false,
  form: () => dataRecordForm,
  run: async ({ data, checked }) => {
    const loaded = await data();
    return describeData(loaded, [...findingsOfCheck(checked), ...findingsOfReading(checked, loaded)]);
  },
  summarize: ({ summary }) => summary,
  record: (outcome, { run }) => recordData(run, outcome),
  estimate: ({ seconds }) => seconds.load,
};

/** What the versions of the decoder stand under, beside the files: no path of one begins so. */
const decoderKey = '(decoder)';

/**
 * SHA-256 of each data file of a pipeline, by its path, and the versions of what decodes them where that is another's.
 *
 * @param verify whether each file is read, though it seems not to have changed since an earlier run
 * @throws UserError when one of them cannot be read, or was read and is another than what was known of it
 */
export async function hashData(
  { pipeline, source: { name }, plan }: CheckedPipeline,
  verify = false,
): Promise<DataHashes> {
  const { type, options } = pipeline.data.source;
  const folder = dirname(name);
  const files = await hashFiles(datasetRow(type).files(options, folder), folder, { verify });
  if (plan.dataset.decoder === undefined) return files;
  return { ...files, [decoderKey]: await decoderVersions() };
}

/**
 * Reads the data of a pipeline, and warns of what is strange about it.
 *
 * @throws UserError when a file is missing, damaged, does not fit the others, or is no longer what it was when the run
 * began
 */
export async function loadData({
  checked,
  dataFiles,
  emit,
  signal,
  limit,
}: Pick<StageContext, 'checked' | 'dataFiles' | 'emit' | 'signal' | 'limit'>): Promise<LoadedData> {
  const {
    pipeline: { data, seed },
    source,
  } = checked;
  const loaded = await load({ ...data, seed, folder: dirname(source.name), signal });
  if (dataFiles !== undefined) {
    const changed = changesBetween(Object.entries(dataFiles), Object.entries(await hashData(checked))).map(
      ({ name }) => name,
    );
    if (changed.length > 0)
      throw failure(
        'data-changed-meanwhile',
        `${changed.slice(0, 3).join(', ')} changed while the run began: ` +
          'what was read is not what its outcome would be kept for',
        'Run the file again when nothing writes there any more.',
      );
  }
  for (const { code, message, hint } of findingsOfReading(checked, loaded))
    emit({ type: 'diagnostic', diagnostic: warning(code, message, hint) });
  return limit(loaded);
}
