import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { shellWord } from '../src/base/shell-word.ts';

/**
 * What the environment says of a machine on which nobody has set the program up yet: what stands for npm there links
 * the packages of this checkout. The engine itself is that of any run.
 *
 * @param folder where its home is made
 */
export function bareMachine(folder: string): Readonly<Record<'HOME' | 'XDG_CACHE_HOME' | 'PATH', string>> {
  const [bin, home] = [join(folder, 'bin'), join(folder, 'home')];
  const cache = join(home, '.cache');
  for (const made of [bin, join(cache, 'layerline')]) mkdirSync(made, { recursive: true });
  const packages = join(import.meta.dirname, '../node_modules');
  writeFileSync(join(bin, 'npm'), `#!/bin/sh\nln -s ${shellWord(packages)} node_modules\n`);
  chmodSync(join(bin, 'npm'), 0o755);
  const engine = join(homedir(), '.cache/layerline/engine');
  if (existsSync(engine)) symlinkSync(engine, join(cache, 'layerline/engine'));
  return {
    HOME: home,
    XDG_CACHE_HOME: cache,
    PATH: [bin, dirname(process.execPath), process.env['PATH']].join(delimiter),
  };
}
