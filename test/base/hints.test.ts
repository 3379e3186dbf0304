import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../src');
const sources = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));

/** Commands in backquotes, as messages and hints name them; in templates the quotes are escaped. */
function commandsIn(text: string): string[] {
  return [...text.matchAll(/\\?`([a-z][\w.-]* [^`\n]*?)\\?`/g)].map((match) => match[1]!);
}

/** What overwrites or removes files that are there: in place, by force, by a redirection; `> 0.98` compares. */
const destroys =
  /^(sudo |npx )?(rm|mogrify|mv|dd|truncate|shred|unlink|rmdir|git (clean|reset|checkout))\b|\bsed -i|\s-rf?\b|\s>\s*(?!\d)[\w./]|--overwrite\b|\bfind .*-delete/;

test('no message advises what destroys', () => {
  const found = sources.flatMap((file) =>
    commandsIn(readFileSync(join(root, file), 'utf8'))
      .filter((command) => destroys.test(command))
      .map((command) => `${file}: ${command}`),
  );
  expect(found).toEqual([]);
});

test('what destroys is known as such', () => {
  const text =
    "'Convert: \\`mogrify -format png *.jpg\\`.' '`iconv -f latin1 -t utf-8 OLD > NEW`' '`rm -rf runs`' " +
    "'`cp -f a b` `sed -i s/a/b/ x`'";
  expect(commandsIn(text).filter((command) => destroys.test(command))).toHaveLength(4);
});
