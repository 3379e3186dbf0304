import { relative } from 'node:path';
import { shellWord } from './shell-word.ts';

/** The command that opens a local store, from the folder that one is in. */
export function uiCommand(runsDirectory: string): string {
  const folder = relative('.', runsDirectory) || '.';
  return `npx pipeline ui${folder === 'runs' ? '' : ` --runs ${shellWord(folder)}`}`;
}
