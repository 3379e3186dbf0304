import type { DatasetRow } from '../dataset.ts';
import { Later } from '../deferred.ts';

/** What reads the pictures that a model is asked about. */
export const pictureReader = new Later(() => import('./picture-rows.ts'));

/** What a model is asked by whose inputs are pictures, where all else of its data set is read by little code. */
export const laterPictureRows: Required<Pick<DatasetRow, 'ready' | 'rows'>> = {
  ready: async (what) => {
    if (what === 'rows') await pictureReader.ready();
  },
  rows: (trained) => pictureReader.now.pictureRows(trained),
};
