import { createHash } from 'node:crypto';
import { relative, resolve } from 'node:path';
import { realPath } from '../base/files.ts';
import { oneSpelling } from '../tracking/server/server-address.ts';
import type { Tracker } from '../tracking/tracker.ts';
import type { CheckedPipeline } from '../plan/check-pipeline.ts';

/** What a run is of, and where it is recorded. */
interface Place {
  readonly checked: Pick<CheckedPipeline, 'source' | 'settings'>;
  readonly tracker: Pick<Tracker, 'runsDirectory' | 'server' | 'where'>;
}

/** The same for each run of a file with the same settings that is recorded in the same place, however that is spelt. */
export function keyOf(place: Place): string {
  return keyFor(place, serverOf(place.tracker));
}

/** The server of a tracker, however it is spelt; null: the local store alone. */
export function serverOf({ server }: { readonly server?: string | null | undefined }): string | null {
  return typeof server === 'string' ? oneSpelling(server) : null;
}

/** As versions before had it. */
export function formerKeysOf(place: Place): readonly string[] {
  const {
    checked: { source, settings },
    tracker,
  } = place;
  return [keyFor(place, tracker.server ?? null), shortHash([resolve(source.name), settings, tracker.where])];
}

function keyFor(place: Place, server: string | null): string {
  return shortHash([fileOf(place), place.checked.settings.toSorted(), server]);
}

function shortHash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16);
}

/** The pipeline file, from the folder of all runs: they move together, and no link changes the way. */
export function fileOf({ checked: { source }, tracker }: Place): string {
  return relative(realPath(tracker.runsDirectory), realPath(source.name));
}
