import { UserError } from '../../base/diagnostics.ts';
import { showCount } from '../../base/quantities.ts';
import { countFiles, pictureFiles } from '../pictures/list-pictures.ts';
import { recordingFiles } from '../audio/recordings.ts';
import { type ClassedFolders, findClassedFolders } from './classed-folders.ts';
import type { Proposal, Wanted } from './proposal.ts';
import { proposeImages } from './propose-pictures.ts';
import { proposeAudio } from './propose-recordings.ts';

const sorts = [
  { sort: pictureFiles, propose: proposeImages },
  { sort: recordingFiles, propose: proposeAudio },
];

/** What a folder has of one sort of files: classes of them, or why these are none. */
type Look = (typeof sorts)[number] &
  ({ readonly count: number; readonly found: ClassedFolders } | { readonly count: number; readonly error: UserError });

/**
 * A folder with a sub-folder of pictures or of recordings for each class: of those that there are more of, where it
 * has both, as recordings may have covers or plots beside them.
 *
 * @returns undefined where it has none
 * @throws UserError where there is one class alone, or files cannot be listed or used
 */
export function proposeClasses(wanted: Wanted): Proposal | undefined {
  const isLone = (look: Look) => 'error' in look && look.error.diagnostics[0]!.code === 'class-count';
  const [first, other] = sorts
    .flatMap((one) => lookFor(wanted, one))
    .sort((a, b) => Number(isLone(a)) - Number(isLone(b)) || b.count - a.count);
  if (first === undefined) return undefined;
  if ('error' in first) throw first.error;
  const proposal = first.propose(first.found);
  return other === undefined
    ? proposal
    : { ...proposal, notes: [...proposal.notes, leftOut(other, first.sort.noun[1])] };
}

function lookFor(wanted: Wanted, one: (typeof sorts)[number]): readonly Look[] {
  try {
    const found = findClassedFolders(wanted, one.sort);
    return found === undefined ? [] : [{ ...one, found, count: found.paths.length }];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [{ ...one, error, count: countFiles(wanted.data, one.sort) }];
  }
}

function leftOut(look: Look, taken: string): string {
  const [one, many] = look.sort.noun;
  if ('error' in look) return `${many} are left out: ${look.error.diagnostics[0]!.message}`;
  return `${showCount(look.count)} ${look.count === 1 ? one : many} are left out: there are as many ${taken} or more`;
}
