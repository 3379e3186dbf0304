import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export const pipelinesFolder = join(import.meta.dirname, '../pipelines');

/** Where Debian's package dataset-fashion-mnist puts the four files of Fashion-MNIST. */
const fashionFolder = '/usr/share/datasets/fashion-mnist';

/** Without them pipelines/fashion.yaml would have to fetch 31 MB from where they were published. */
export const hasFashion = ['train-images-idx3', 'train-labels-idx1', 't10k-images-idx3', 't10k-labels-idx1'].every(
  (name) => existsSync(join(fashionFolder, `${name}-ubyte.gz`)),
);

/** What has pipelines/fashion.yaml read them there. */
export const fashionSettings = [`data.source.fashionMnist.folder=${fashionFolder}`] as const;

interface ShownPipeline {
  readonly file: string;
  /** What tells where its data is. */
  readonly settings: readonly string[];
  /** What its data is in, where it is not here; else empty. */
  readonly missing: '' | ' (dataset-fashion-mnist of Debian is not here)';
}

/** The files of pipelines/ that are of one run. */
export const shownPipelines: readonly ShownPipeline[] = readdirSync(pipelinesFolder)
  .filter((file) => file.endsWith('.yaml') && !file.endsWith('-sweep.yaml'))
  .map((file) => {
    if (file !== 'fashion.yaml') return { file, settings: [], missing: '' };
    return {
      file,
      settings: fashionSettings,
      missing: hasFashion ? '' : ' (dataset-fashion-mnist of Debian is not here)',
    };
  });

/** Those whose data is here. */
export const readyPipelines = shownPipelines.filter(({ missing }) => missing === '');
