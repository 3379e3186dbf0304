import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { errorsPage } from '../../src/base/mistakes/errors-page.ts';

/** Pages that are made of tables of the program, by their names in docs/. `npm run docs` writes them. */
const pages: Readonly<Record<string, () => string>> = { 'errors.md': errorsPage };

test.each(Object.entries(pages))('docs/%s is what the tables say', async (name, page) => {
  await expect(page()).toMatchFileSnapshot(fileURLToPath(new URL(`../../docs/${name}`, import.meta.url)));
});
