import { pictureReader } from './pictures/later-picture-rows.ts';
import * as pictureRows from './pictures/picture-rows.ts';
import * as arrays from './read-arrays.ts';
import * as pictures from './read-pictures.ts';
import * as tables from './read-tables.ts';
import { readers } from './readers.ts';

/** Makes every data set ready without waiting, for programs that check files: all that reads them comes with this. */
export function readyAtOnce(): void {
  readers.tables.take(tables);
  readers.arrays.take(arrays);
  readers.pictures.take(pictures);
  pictureReader.take(pictureRows);
}
