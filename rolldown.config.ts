import { chmodSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { defineConfig } from 'rolldown';

// Packages that are light but made of hundreds of small files are bundled, since reading those files is most of what
// `pipeline validate` would wait for. The rest stays outside and loads when it is needed.
const bundled = ['typebox', 'yaml', 'ajv', 'commander', 'pure-rand', 'fast-deep-equal', 'fast-uri', 'json-schema-traverse', 'require-from-string'];

export default defineConfig({
  input: { cli: 'src/cli.ts', index: 'src/index.ts' },
  platform: 'node',
  external: (id) => !id.startsWith('.') && !isAbsolute(id) && !bundled.some((name) => id === name || id.startsWith(`${name}/`)),
  // Of yaml the modules that browsers get: the same code, but without a function around each file, which Node would compile twice.
  resolve: { alias: { yaml: join(import.meta.dirname, 'node_modules/yaml/browser/dist/index.js') } },
  // `npx pipeline` makes its link, and the file behind it executable, once; each build writes the file anew.
  plugins: [{ name: 'executable', writeBundle: () => chmodSync(join(import.meta.dirname, 'dist/cli.js'), 0o755) }],
  output: { dir: 'dist', format: 'esm', cleanDir: true },
});
