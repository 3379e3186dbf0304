import { parseDocument, visit } from 'yaml';
import { hideSecrets } from '../../base/secrets.ts';

/**
 * The text of a YAML file without its secrets: a value that holds one is written anew, as its quotes and escapes, or
 * the lines that it is folded over, may be anywhere in the middle of a password.
 */
export function hideInFile(text: string): string {
  const values: { readonly start: number; readonly end: number; readonly shown: string }[] = [];
  visit(parseDocument(text, { version: '1.2', schema: 'core', uniqueKeys: false, logLevel: 'silent' }), {
    Scalar: (_, { value, range }) => {
      if (typeof value !== 'string' || !range || hideSecrets(value) === value) return;
      const [start, end] = range;
      values.push({
        start,
        end,
        shown: JSON.stringify(hideSecrets(value)) + (text.slice(start, end).endsWith('\n') ? '\n' : ''),
      });
    },
  });
  const without = values
    .toSorted((a, b) => b.start - a.start)
    .reduce((rest, { start, end, shown }) => rest.slice(0, start) + shown + rest.slice(end), text);
  // Comments.
  return hideSecrets(without);
}
