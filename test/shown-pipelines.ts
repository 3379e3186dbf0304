import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

export const pipelinesFolder = join(import.meta.dirname, '../pipelines');

/** Where Debian's package dataset-fashion-mnist puts the four files of Fashion-MNIST. */
const fashionFolder = '/usr/share/datasets/fashion-mnist';

/** Without them pipelines/fashion.yaml would have to fetch 31 MB from where they were published. */
export const hasFashion = existsSync(fashionFolder);

/** What has pipelines/fashion.yaml read them there. */
export const fashionSettings = [`data.source.fashionMnist.folder=${fashionFolder}`] as const;

/** The files of pipelines/ that are of one run and whose data is here, with the settings that tell where it is. */
export const shownPipelines: readonly { readonly file: string; readonly settings: readonly string[] }[] = readdirSync(
  pipelinesFolder,
)
  .filter((file) => file.endsWith('.yaml') && !file.endsWith('-sweep.yaml'))
  .filter((file) => file !== 'fashion.yaml' || hasFashion)
  .map((file) => ({ file, settings: file === 'fashion.yaml' ? fashionSettings : [] }));
