import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The nearest package.json: by its name Node takes far longer to find it, and each command waits for that. */
function packageFile(folder: string): string {
  const path = join(folder, 'package.json');
  return existsSync(path) ? path : packageFile(dirname(folder));
}

const own = JSON.parse(readFileSync(packageFile(import.meta.dirname), 'utf8')) as { readonly version: string };

/** The version of Layerline. */
export const version = own.version;
