import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

let known: string | undefined;

/** SHA-256 of this program's own code: the version stays the same while someone works on it. */
export function codeHash(): string {
  return (known ??= hashCode());
}

function hashCode(): string {
  const folder = import.meta.filename.endsWith('.ts') ? join(import.meta.dirname, '..') : import.meta.dirname;
  const hash = createHash('sha256');
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|c?js)$/.test(name))
    .toSorted((a, b) => (a < b ? -1 : 1))) {
    hash.update(JSON.stringify(file)).update(readFileSync(join(folder, file)));
  }
  return hash.digest('hex');
}
