import { benchChecks } from './data-checks.ts';
import { benchPictures } from './data-pictures.ts';
import { benchTables } from './data-tables.ts';
import type { Settings } from './settings.ts';

/** What users' own data takes: to be read, checked and streamed. */
export async function benchData(settings: Settings): Promise<void> {
  await benchTables(settings);
  await benchPictures(settings);
  await benchChecks(settings);
}
