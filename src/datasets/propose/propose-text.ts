import { showCount } from '../../base/quantities.ts';
import { readText } from '../files/read-bytes.ts';
import { type Proposal, type Wanted, byCount } from './proposal.ts';

/** Characters of a sequence, at most: what came before them says little of the next one. */
const mostSteps = 40;

/** A text, of which the next character is learnt. @throws UserError where it cannot be read, or is no text in UTF-8 */
export function proposeText({ data, written }: Wanted): Proposal {
  const { text } = readText({ path: data });
  const counts = new Map<string, number>();
  let length = 0;
  for (const character of text) {
    counts.set(character, (counts.get(character) ?? 0) + 1);
    length++;
  }
  // The test is a tenth, and needs some sequences.
  const steps = Math.max(2, Math.min(mostSteps, Math.floor(length / 200)));
  const characters = byCount(counts);
  return {
    source: 'text',
    read: `all ${showCount(length)} characters`,
    options: [
      {
        key: 'file',
        value: written(data),
        because: `a text without columns: ${characters.length} different characters`,
      },
      { key: 'steps', value: steps, because: 'characters of a sequence' },
      { key: 'test', value: 0.1, because: 'share of the text, at its end, that is the test' },
    ],
    split: [
      {
        key: 'validation',
        value: 0.1,
        because: 'share of the sequences that is held back, to validate after each epoch',
      },
    ],
    task: { kind: 'character', characters },
    given: { kind: 'text', characters: characters.length },
    samples: Math.floor(length / steps),
    notes: [],
  };
}
