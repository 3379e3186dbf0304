import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');
const textOf = (path: string) => readFileSync(join(root, path), 'utf8');

test('every package whose code is in dist/ has the text of its licence there', () => {
  const code = readdirSync(join(root, 'dist'))
    .filter((name) => /\.c?js$/.test(name))
    .map((name) => textOf(`dist/${name}`))
    .join('\n');
  // The bundler names the file that each piece of code is from.
  const packages = new Set(
    [...code.matchAll(/^\/\/ node_modules\/((?:@[^/\n]+\/)?[^/\n]+)\//gm)].map(([, name]) => name!),
  );
  expect(packages.size).toBeGreaterThanOrEqual(7);
  const texts = ['THIRD-PARTY', 'PACKAGED', 'AJV'].map((part) => textOf(`dist/${part}-LICENSES.txt`)).join('\n');
  for (const name of packages) {
    const license = readdirSync(join(root, 'node_modules', name)).find((file) => /^licen[cs]e/i.test(file))!;
    expect(texts, name).toContain(textOf(`node_modules/${name}/${license}`));
    expect(texts, name).toMatch(new RegExp(`^${name.replaceAll(/[/@.-]/g, String.raw`\$&`)} \\d`, 'm'));
  }
});

// Versions 6 of tar write where an archive leads them. tfjs-node's install script, which never runs, is what asks for
// it.
test('the lock file has no tar before 7, and names no registry', () => {
  const lock = JSON.parse(textOf('package-lock.json')) as {
    packages: Record<string, { version?: string; resolved?: string }>;
  };
  const versions = Object.entries(lock.packages)
    .filter(([path]) => path.endsWith('node_modules/tar'))
    .map(([, { version }]) => version!);
  expect(versions.length).toBeGreaterThan(0);
  for (const version of versions) expect(Number(version.split('.')[0])).toBeGreaterThanOrEqual(7);
  expect(Object.values(lock.packages).filter(({ resolved }) => resolved !== undefined)).toEqual([]);
});
