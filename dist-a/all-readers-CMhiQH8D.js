import { Es as pictureReader, cr as readers } from "./checks-359mGJ3h.js";
import { n as picture_rows_exports } from "./picture-rows-mV9o_xa6.js";
import { t as read_arrays_exports } from "./read-arrays-B7vkuqvT.js";
import { t as read_pictures_exports } from "./read-pictures-DAgNlkOl.js";
import { t as read_tables_exports } from "./read-tables-DxKH6xp5.js";
// src/datasets/all-readers.ts
/** Makes every data set ready without waiting, for programs that check files: all that reads them comes with this. */
function readyAtOnce() {
	readers.tables.take(read_tables_exports);
	readers.arrays.take(read_arrays_exports);
	readers.pictures.take(read_pictures_exports);
	pictureReader.take(picture_rows_exports);
}
export { readyAtOnce as t };
