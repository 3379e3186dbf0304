import { defineConfig } from 'rolldown';

/** Node 20 does not run TypeScript: the bench is bundled to a place that git and npm know to leave alone. */
export default defineConfig({
  input: { run: 'bench/run.ts', 'bare-loop': 'bench/bare-loop.ts' },
  platform: 'node',
  external: (id) => !id.startsWith('.') && !id.startsWith('/'),
  output: { dir: 'node_modules/.cache/layerline-bench', format: 'esm', cleanDir: true },
});
