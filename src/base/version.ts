import { createRequire } from 'node:module';

const { version: own } = createRequire(import.meta.url)('layerline/package.json') as { version: string };

/** The version of Layerline. */
export const version = own;
